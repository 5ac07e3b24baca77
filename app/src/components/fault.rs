//! Field faults: the fields that a refusal is about are marked, described by its sentence, and the first gets the focus.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlElement};

/// The attribute that marks a field (WAI-ARIA 1.2), and the style sheet with it.
const MARK: &str = "aria-invalid";

/// Marks the fields of these names in the form of the button that was pressed, until one types into them. `sentence` is the id of the
/// element that says what is wrong. Whoever went on to another form meanwhile keeps the focus there.
pub(super) fn mark(pressed: &Element, names: &[String], sentence: &str) {
    let form = pressed
        .closest("form, article, section, main")
        .ok()
        .flatten();
    // Safari does not focus a button that is clicked.
    let form = form.or_else(|| document().query_selector("main").ok().flatten());
    let Some(form) = form else { return };
    let focus = document().active_element();
    let is_here = focus.is_none_or(|at| form.contains(Some(&at)) || at.tag_name() == "BODY");
    let found = names.iter().filter_map(|name| find(&form, name));
    for (number, field) in found.enumerate() {
        unfold(&field);
        let _ = field.set_attribute(MARK, "true");
        let _ = field.set_attribute("aria-describedby", sentence);
        clear_once_typed(&field);
        if number == 0 && is_here {
            let _ = field.focus();
        }
    }
}

/// A field by its name, by the end of its name (`caller-phone`), or by the name that the server has for it.
fn find(form: &Element, name: &str) -> Option<HtmlElement> {
    let selector = format!("[name=\"{name}\"], [name$=\"-{name}\"], [data-field=\"{name}\"]");
    let field = form.query_selector(&selector).ok()??;
    field.dyn_into().ok()
}

/// What is folded away cannot be seen, nor have the focus.
fn unfold(field: &Element) {
    while let Ok(Some(folded)) = field.closest("details:not([open])") {
        if folded.set_attribute("open", "").is_err() {
            return;
        }
    }
}

fn clear_once_typed(field: &HtmlElement) {
    let of = field.clone();
    let clear = Closure::once_into_js(move || {
        let _ = of.remove_attribute(MARK);
        let _ = of.remove_attribute("aria-describedby");
    });
    let once = web_sys::AddEventListenerOptions::new();
    once.set_once(true);
    let _ = field.add_event_listener_with_callback_and_add_event_listener_options(
        "input",
        clear.unchecked_ref(),
        &once,
    );
}
