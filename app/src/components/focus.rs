//! Focus management: where what has the focus goes away, what stands nearest gets it, so that keys and screen readers go on from
//! there and not from the top of the page.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit};

thread_local! {
    /// What had the focus last, and what it stood in, the nearest first.
    static LAST: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
}

/// What can have the focus.
const FOCUSABLE: &str = "button, a[href], input, select, textarea, [tabindex=\"0\"]";

/// Keeps the focus from now on.
pub fn keep() {
    let focused = window_event_listener(leptos::ev::focusin, |event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let chain = std::iter::successors(target, |one| one.parent_element());
        LAST.set(chain.collect());
    });
    // For as long as the page is open.
    std::mem::forget(focused);
    let changed = Closure::<dyn Fn()>::new(restore).into_js_value();
    let options = MutationObserverInit::new();
    options.set_child_list(true);
    options.set_subtree(true);
    if let (Ok(observer), Some(body)) = (
        MutationObserver::new(changed.unchecked_ref()),
        document().body(),
    ) {
        let _ = observer.observe_with_options(&body, &options);
    }
}

fn restore() {
    let lost = LAST.with_borrow(|last| last.first().is_some_and(|one| !one.is_connected()));
    let nowhere = document()
        .active_element()
        .is_none_or(|at| at.tag_name() == "BODY");
    if !lost || !nowhere {
        return;
    }
    let last = LAST.take();
    // A whole page that went has another whose heading gets the focus.
    let is_within = |one: &&Element| matches!(one.closest("main, .outbox"), Ok(Some(_)));
    let around = last.iter().filter(|one| one.is_connected());
    let mut around = around.take_while(is_within);
    let next = around.find_map(|one| one.query_selector(FOCUSABLE).ok().flatten());
    if let Some(next) = next.and_then(|one| one.dyn_into::<HtmlElement>().ok()) {
        let _ = next.focus();
    }
}
