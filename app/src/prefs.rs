//! What the person set on this device: language, theme, elder view. The server reads the same cookies, so that the page
//! it draws looks like the app that follows.

use domain::text::Lang;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

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

/// Changes the theme.
pub fn set_theme(theme: &str) {
    set_cookie("theme", theme);
    if let Some(root) = root() {
        let _ = if theme.is_empty() {
            root.remove_attribute("data-theme")
        } else {
            root.set_attribute("data-theme", theme)
        };
    }
}

/// Large letters and targets 长辈版.
pub fn elder() -> bool {
    root().is_some_and(|root| root.has_attribute("data-elder"))
}

/// Switches the elder view.
pub fn set_elder(on: bool) {
    set_cookie("elder", if on { "1" } else { "" });
    if let Some(root) = root() {
        let _ = if on {
            root.set_attribute("data-elder", "")
        } else {
            root.remove_attribute("data-elder")
        };
    }
}

/// Keeps a text until this tab closes.
pub fn keep(name: &str, text: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(name, text);
    }
}

/// The kept text.
pub fn kept(name: &str) -> String {
    let storage = window().session_storage().ok().flatten();
    storage
        .and_then(|storage| storage.get_item(name).ok().flatten())
        .unwrap_or_default()
}

/// Opens what the device shares links with, for this page without what one has chosen on it; where there is nothing,
/// copies the link. True when it was shared.
pub fn share(title: &str) -> bool {
    let navigator = window().navigator();
    let location = window().location();
    let href = format!(
        "{}{}",
        location.origin().unwrap_or_default(),
        location.pathname().unwrap_or_default()
    );
    let share = js_sys::Reflect::get(&navigator, &"share".into()).ok();
    if let Some(share) = share.and_then(|share| share.dyn_into::<js_sys::Function>().ok()) {
        let data = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&data, &"title".into(), &title.into());
        let _ = js_sys::Reflect::set(&data, &"url".into(), &href.into());
        return share.call1(&navigator, &data).is_ok();
    }
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).unwrap_or_default();
    let write = js_sys::Reflect::get(&clipboard, &"writeText".into()).ok();
    if let Some(write) = write.and_then(|write| write.dyn_into::<js_sys::Function>().ok()) {
        let _ = write.call1(&clipboard, &href.into());
    }
    false
}

/// Moves the focus to the first match.
pub fn focus(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector)
        && let Some(element) = element.dyn_ref::<web_sys::HtmlElement>()
    {
        let _ = element.focus();
    }
}
