//! Settings: public holidays from a file, read in the browser.

use domain::centre::holiday::{Holiday, Unreadable, read};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::{components::live, prefs::lang};

/// Reads the file that was chosen as text, at most so many bytes of it.
pub(super) fn read_file(
    event: &leptos::ev::Event,
    most: f64,
    then: impl FnOnce(Option<String>) + 'static,
) {
    let input = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(input) = input else { return };
    let file = input.files().and_then(|files| files.get(0));
    // The same file can be chosen again after it was mended.
    input.set_value("");
    let Some(file) = file else { return };
    if file.size() > most {
        then(None);
        return;
    }
    leptos::task::spawn_local(async move {
        let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
        then(text.ok().and_then(|text| text.as_string()));
    });
}

/// The field for a file; `add` takes its days and says how many were new, or what it cannot read.
pub(super) fn draw(
    add: impl Fn(Vec<Holiday>) -> Result<usize, String> + Copy + Send + Sync + 'static,
) -> AnyView {
    let t = lang();
    let said = RwSignal::new(None::<Result<String, String>>);
    let choose = move |event: leptos::ev::Event| {
        read_file(
            &event,
            domain::centre::holiday::MOST_BYTES as f64,
            move |text| {
                let days = match text {
                    Some(text) => read(&text),
                    None => Err(Unreadable::TooLarge {
                        most: domain::centre::holiday::MOST_BYTES,
                    }),
                };
                said.try_set(Some(match days {
                    Ok(days) => match add(days) {
                        Ok(added) => Ok(t.holidays_added(added)),
                        Err(typed) => Err(t.cannot_read(&typed)),
                    },
                    Err(Unreadable::TooLarge { .. }) => Err(t.holidays_too_large().to_owned()),
                    Err(Unreadable::Unknown) => Err(t.holidays_unknown().to_owned()),
                    Err(Unreadable::Empty) => Err(t.holidays_empty().to_owned()),
                }));
            },
        );
    };
    let words = move || {
        Some(match said.get()? {
            Ok(words) => view! { <p class="verdict" role="status">{words}</p> }.into_any(),
            Err(words) => view! { <p class="refusal" role="alert">{words}</p> }.into_any(),
        })
    };
    view! {
        <label class="field">
            <span>{t.holidays_file()}</span>
            <input type="file" name="holidays" accept=".ics,.json,text/calendar,application/json" on:change=choose/>
        </label>
        <p class="quiet">{t.holidays_how()}</p>
        {live(words)}
    }
    .into_any()
}
