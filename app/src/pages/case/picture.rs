//! Pictures that go with a case: chosen or taken, made small on the device, sent in pieces with their progress, and gone on with where
//! the network went.

use domain::{
    api::{MOST_PIECE, PicturePiece, SendPicture},
    case::MOST_PICTURES,
    id::{CentreId, PictureId},
};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, CanvasRenderingContext2d, File, HtmlCanvasElement, HtmlInputElement, ImageBitmap,
};

use crate::{api, components::live, prefs::lang};

/// The longest side of what is sent, in pixels.
const LONGEST: f64 = 1_600.0;

/// The quality of what is sent, of 1.
const QUALITY: f64 = 0.82;

/// Pictures that were chosen.
#[derive(Clone, Copy)]
pub struct Pictures {
    all: RwSignal<Vec<Picked>>,
    centre: Signal<Option<CentreId>>,
}

/// One of them.
#[derive(Clone, PartialEq)]
struct Picked {
    /// The name of its upload.
    upload: String,
    /// A picture of it, as an address.
    shown: String,
    /// Its bytes, in base64 when they are sent.
    bytes: StoredValue<Vec<u8>>,
    /// How much has arrived, of 100.
    percent: u32,
    /// Why it did not arrive, and whether it may when it is sent again.
    fault: Option<(String, bool)>,
    id: Option<PictureId>,
}

impl Pictures {
    /// None yet.
    pub fn new(centre: Signal<Option<CentreId>>) -> Self {
        Self {
            all: RwSignal::new(Vec::new()),
            centre,
        }
    }

    /// Those that arrived; none while one is on its way or could not be sent.
    pub fn ready(self) -> Option<Vec<PictureId>> {
        self.all
            .with_untracked(|all| all.iter().map(|one| one.id.clone()).collect())
    }

    /// They went with what was sent.
    pub fn clear(self) {
        self.all.try_set(Vec::new());
    }

    fn set(self, upload: &str, change: impl FnOnce(&mut Picked)) {
        self.all.try_update(|all| {
            if let Some(one) = all.iter_mut().find(|one| one.upload == upload) {
                change(one);
            }
        });
    }

    fn add(self, files: Vec<File>) {
        for file in files {
            leptos::task::spawn_local(async move {
                if self.all.with_untracked(Vec::len) >= MOST_PICTURES {
                    return;
                }
                let Some(bytes) = shrink(&file).await else {
                    return;
                };
                let url = web_sys::Url::create_object_url_with_blob(&file).unwrap_or_default();
                let picked = Picked {
                    upload: api::new_key(),
                    shown: url,
                    bytes: StoredValue::new(bytes),
                    percent: 0,
                    fault: None,
                    id: None,
                };
                let upload = picked.upload.clone();
                if self.all.try_update(|all| all.push(picked)).is_some() {
                    self.send(upload).await;
                }
            });
        }
    }

    /// Sends what has not arrived, from where it stopped.
    async fn send(self, upload: String) {
        self.set(&upload, |one| one.fault = None);
        let found = self.all.try_with_untracked(|all| {
            all.iter()
                .find(|one| one.upload == upload)
                .map(|one| one.bytes)
        });
        let (Some(Some(bytes)), Some(centre)) = (found, self.centre.get_untracked()) else {
            return;
        };
        let Some(bytes) = bytes.try_get_value() else {
            return;
        };
        let size = bytes.len();
        let mut from = 0;
        // First how much of it is there already.
        let mut until = 0;
        loop {
            let piece = PicturePiece {
                upload: upload.clone(),
                size: u32::try_from(size).unwrap_or(u32::MAX),
                from: u32::try_from(from).unwrap_or(u32::MAX),
                bytes: encode(&bytes[from..until]),
            };
            let sent = match api::send::<SendPicture>(&centre, &piece).await {
                Ok(sent) => sent,
                Err(trouble) => {
                    let words = match trouble.passing {
                        true => lang().picture_failed().to_owned(),
                        false => trouble.text,
                    };
                    self.set(&upload, |one| one.fault = Some((words, trouble.passing)));
                    return;
                }
            };
            if sent.picture.is_some() {
                self.set(&upload, |one| {
                    one.percent = 100;
                    one.id = sent.picture;
                });
                return;
            }
            from = (sent.have as usize).min(size);
            until = (from + MOST_PIECE as usize).min(size);
            let percent = u32::try_from(from * 100 / size.max(1)).unwrap_or_default();
            self.set(&upload, |one| one.percent = percent);
        }
    }

    /// The button, and what was chosen.
    pub fn draw(self) -> AnyView {
        let t = lang();
        let choose = move |event: leptos::ev::Event| {
            let input: HtmlInputElement = event_target(&event);
            let files = input.files();
            let files = files.map_or_else(Vec::new, |files| {
                (0..files.length()).filter_map(|i| files.get(i)).collect()
            });
            // The same one can be chosen again.
            input.set_value("");
            self.add(files);
        };
        let names = move || {
            self.all
                .with(|all| all.iter().map(|one| one.upload.clone()).collect::<Vec<_>>())
        };
        view! {
            <div class="pictures">
                <For each=names key=|name| name.clone() children=move |name| self.draw_one(name)/>
                <label class="button picture-add">
                    <input type="file" accept="image/*" multiple class="hidden" name="pictures" on:change=choose/>
                    {t.picture_add()}
                </label>
            </div>
            <p class="quiet">{t.picture_about()}</p>
        }
        .into_any()
    }

    fn draw_one(self, name: String) -> AnyView {
        let t = lang();
        let name = StoredValue::new(name);
        let one = Memo::new(move |_| {
            self.all.with(|all| {
                all.iter()
                    .find(|one| name.with_value(|name| one.upload == *name))
                    .cloned()
            })
        });
        let shown = one.with_untracked(|one| one.as_ref().map(|one| one.shown.clone()));
        let state = move || {
            let one = one.get()?;
            Some(match (one.id.is_some(), one.fault) {
                (true, _) => ().into_any(),
                (false, None) => {
                    view! { <progress max="100" value=one.percent aria-label=t.picture_sending(one.percent)></progress> }.into_any()
                }
                (false, Some((words, false))) => view! { <p class="refusal">{words}</p> }.into_any(),
                (false, Some((words, true))) => view! {
                    <p class="refusal">{words}</p>
                    <button type="button" class="button" on:click=move |_| {
                        leptos::task::spawn_local(self.send(name.get_value()));
                    }>{t.picture_again()}</button>
                }
                .into_any(),
            })
        };
        let remove = move |_| {
            self.all
                .update(|all| all.retain(|one| name.with_value(|name| one.upload != *name)));
        };
        view! {
            <figure class="picture">
                <img src=shown alt=t.picture_before()/>
                <div role="status">{live(state)}</div>
                <button type="button" class="button quiet-button" on:click=remove>{t.picture_remove()}</button>
            </figure>
        }
        .into_any()
    }
}

/// Bytes in base64 (RFC 4648), by the browser's own function for it.
fn encode(bytes: &[u8]) -> String {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    window().btoa(&text).unwrap_or_default()
}

/// A photo made small, as JPEG; what the browser cannot read is sent as it is, and the house says what it is.
async fn shrink(file: &File) -> Option<Vec<u8>> {
    match draw_small(file).await {
        Ok(bytes) => Some(bytes),
        Err(_) => read(file).await.ok(),
    }
}

async fn draw_small(file: &File) -> Result<Vec<u8>, JsValue> {
    let bitmap = JsFuture::from(window().create_image_bitmap_with_blob(file)?).await?;
    let bitmap: ImageBitmap = bitmap.dyn_into()?;
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (LONGEST / width.max(height)).min(1.0);
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    canvas.set_width((width * scale) as u32);
    canvas.set_height((height * scale) as u32);
    let pen = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let pen: CanvasRenderingContext2d = pen.dyn_into()?;
    pen.draw_image_with_image_bitmap_and_dw_and_dh(
        &bitmap,
        0.0,
        0.0,
        width * scale,
        height * scale,
    )?;
    let made = js_sys::Promise::new(&mut |resolve, _| {
        let _ =
            canvas.to_blob_with_type_and_encoder_options(&resolve, "image/jpeg", &QUALITY.into());
    });
    let blob: Blob = JsFuture::from(made).await?.dyn_into()?;
    read(&blob).await
}

async fn read(blob: &Blob) -> Result<Vec<u8>, JsValue> {
    let buffer = JsFuture::from(blob.array_buffer()).await?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}
