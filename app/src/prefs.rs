//! What the person set on this device: language, theme, elder view. The server reads the same cookies, so that the page
//! it draws looks like the app that follows.

use domain::{
    id::{CentreId, is_slug},
    language::Lang,
};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};

/// The language of the page: a change loads the page anew, and the URL loses nothing.
pub fn lang() -> Lang {
    Lang::choose(
        &root()
            .and_then(|root| root.get_attribute("lang"))
            .unwrap_or_default(),
    )
}

fn root() -> Option<web_sys::Element> {
    document().document_element()
}

fn set_cookie(name: &str, value: &str) {
    let _ = js_sys::Reflect::set(
        &document(),
        &"cookie".into(),
        &format!("{name}={value}; Path=/; SameSite=Lax; Max-Age=31536000").into(),
    );
}

/// Speaks another language from now on.
pub fn set_lang(lang: Lang) {
    set_cookie("lang", lang.tag());
    let _ = window().location().reload();
}

/// `light`, `dark`, or nothing for what the device says.
pub fn theme() -> String {
    root()
        .and_then(|root| root.get_attribute("data-theme"))
        .unwrap_or_default()
}

/// The paper of both themes, as in the style sheet and the page.
const LIGHT: &str = "#faf6ee";
const DARK: &str = "#1b1816";

/// Changes the theme.
pub fn set_theme(theme: &str) {
    set_cookie("theme", theme);
    show_theme(theme);
}

/// Shows a theme here, without remembering it.
pub fn show_theme(theme: &str) {
    if let Some(root) = root() {
        let _ = if theme.is_empty() {
            root.remove_attribute("data-theme")
        } else {
            root.set_attribute("data-theme", theme)
        };
    }
    // The bar of the browser is of the same colour.
    let Ok(metas) = document().query_selector_all("meta[name=theme-color]") else {
        return;
    };
    for at in 0..metas.length() {
        let meta = metas
            .item(at)
            .and_then(|meta| meta.dyn_into::<web_sys::Element>().ok());
        let dark = match (theme, at) {
            ("", at) => at == 1,
            (theme, _) => theme == "dark",
        };
        if let Some(meta) = meta {
            let _ = meta.set_attribute("content", if dark { DARK } else { LIGHT });
        }
    }
}

/// Large letters and targets 长辈版.
pub fn elder() -> bool {
    root().is_some_and(|root| root.has_attribute("data-elder"))
}

/// Shows the view that was switched to last, also in a page that was kept before.
pub fn follow_elder() {
    if let Some(root) = root() {
        let _ = match read_cookie("elder").as_deref() {
            Some("1") => root.set_attribute("data-elder", ""),
            _ => root.remove_attribute("data-elder"),
        };
    }
}

/// Switches the elder view; the page is loaded anew in it, and the URL loses nothing.
pub fn switch_elder() {
    set_cookie("elder", if elder() { "" } else { "1" });
    reload();
}

fn read_cookie(name: &str) -> Option<String> {
    let cookies = document()
        .dyn_ref::<web_sys::HtmlDocument>()
        .and_then(|document| document.cookie().ok())?;
    let mut cookies = cookies.split("; ");
    cookies.find_map(|cookie| Some(cookie.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
}

/// Whether `/` leads to the call bar: whoever speaks to the device turns that off (WCAG 2.1.4).
pub fn slash() -> bool {
    read_cookie("slash").as_deref() != Some("off")
}

/// Switches it.
pub fn set_slash(on: bool) {
    set_cookie("slash", if on { "" } else { "off" });
}

/// The centre that was last looked at on this device.
pub fn last_centre() -> Option<CentreId> {
    let value = read_cookie("centre")?;
    is_slug(&value).then(|| CentreId::new(value))
}

/// Keeps the centre for the next time; the server draws the front page of it.
pub fn set_last_centre(centre: &CentreId) {
    if last_centre().as_ref() != Some(centre) {
        set_cookie("centre", centre.as_str());
    }
}

/// Asks for the styles of what is opened later, which the map's page only names.
pub fn want_later_styles() {
    if let Ok(Some(link)) = document().query_selector("link[rel=later]") {
        let _ = link.set_attribute("rel", "stylesheet");
        // Where they do not come, whatever is opened next asks again.
        let again = Closure::once_into_js(|event: web_sys::Event| {
            let link = event
                .target()
                .and_then(|one| one.dyn_into::<web_sys::Element>().ok());
            if let Some(link) = link {
                let _ = link.set_attribute("rel", "later");
            }
        });
        let _ = link.add_event_listener_with_callback("error", again.unchecked_ref());
    }
}

/// Loads the page anew, with whatever build the server has now.
pub fn reload() {
    let _ = window().location().reload();
}

/// True when the device has a network, as far as it knows.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Keeps a text until this tab closes.
pub fn keep(name: &str, text: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(name, text);
    }
}

/// The kept text, which is kept no longer.
pub fn take_kept(name: &str) -> String {
    let text = kept(name);
    keep(name, "");
    text
}

/// Forgets all that was kept: the next person at this device finds nothing of the last.
pub fn forget_kept() {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.clear();
    }
}

/// The kept text.
pub fn kept(name: &str) -> String {
    let storage = window().session_storage().ok().flatten();
    storage
        .and_then(|storage| storage.get_item(name).ok().flatten())
        .unwrap_or_default()
}

/// What became of something that was to be shared.
pub enum Shared {
    /// The device asks with whom.
    ByDevice,
    /// It is in the clipboard.
    ByClipboard,
    /// This browser can do neither (not over HTTPS, or an old one): the link, to be taken by hand.
    Not(String),
}

/// Opens what the device shares links with; where there is nothing, copies words and link.
pub fn share(words: &str, address: &str) -> Shared {
    let navigator = window().navigator();
    let origin = window().location().origin().unwrap_or_default();
    let href = format!("{origin}{address}");
    if let Some(share) = find_function(&navigator, "share") {
        let data = js_sys::Object::new();
        for (key, value) in [("title", words), ("text", words), ("url", &href)] {
            let _ = js_sys::Reflect::set(&data, &key.into(), &value.into());
        }
        if share.call1(&navigator, &data).is_ok() {
            return Shared::ByDevice;
        }
    }
    match copy(&format!("{words}\n{href}")) {
        true => Shared::ByClipboard,
        false => Shared::Not(href),
    }
}

/// Copies the whole link to an address.
pub fn copy_link(address: &str) -> Shared {
    let origin = window().location().origin().unwrap_or_default();
    let href = format!("{origin}{address}");
    match copy(&href) {
        true => Shared::ByClipboard,
        false => Shared::Not(href),
    }
}

/// Puts a text into the clipboard, where the browser has one.
fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).unwrap_or_default();
    let write = find_function(&clipboard, "writeText");
    write.is_some_and(|write| write.call1(&clipboard, &text.into()).is_ok())
}

fn find_function(of: &wasm_bindgen::JsValue, name: &str) -> Option<js_sys::Function> {
    let found = js_sys::Reflect::get(of, &name.into()).ok()?;
    found.dyn_into().ok()
}

/// How long somebody is silent who has stopped typing.
pub const TYPED: std::time::Duration = std::time::Duration::from_millis(250);

/// What stands in a field that searches while one types; nothing while the letters of a syllable are being put together (pinyin): they
/// are no words yet. To be asked at `input` and at `compositionend`.
pub fn searched(event: &web_sys::Event) -> Option<String> {
    let is_composing = event
        .dyn_ref::<web_sys::InputEvent>()
        .is_some_and(web_sys::InputEvent::is_composing);
    (!is_composing).then(|| event_target_value(event))
}

/// Scrolls the first match sideways to one of the elements in it.
pub fn scroll_to(outer: &str, inner: &str) {
    let find = |selector: &str| document().query_selector(selector).ok().flatten();
    if let (Some(outer), Some(inner)) = (find(outer), find(inner)) {
        let (there, here) = (
            inner.get_bounding_client_rect(),
            outer.get_bounding_client_rect(),
        );
        // The column of hours stays in sight.
        let by = there.left() - here.left() - HOURS;
        outer.set_scroll_left(outer.scroll_left() + by as i32);
    }
}

/// Scrolls the first match into sight, as little as needed.
pub fn reveal(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// How wide the column of hours is, in pixels.
const HOURS: f64 = 58.0;

/// Moves the focus to the first match.
pub fn focus(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector) {
        // Rooms on the plan are SVG elements, which are focused by the same method (SVG 2, HTMLOrSVGElement).
        let _ = element.unchecked_ref::<web_sys::HtmlElement>().focus();
    }
}

/// Moves the focus to the first match, and leaves the page where it is. True when there was one.
pub fn focus_without_scroll(selector: &str) -> bool {
    let found = document().query_selector(selector).ok().flatten();
    let found = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    found.is_some_and(|element| element.focus_with_options(&options).is_ok())
}
