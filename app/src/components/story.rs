//! History: what happened to a booking or an activity, line by line, for staff.

use std::sync::Arc;

use domain::api::{Endpoint, StoryLine};
use leptos::prelude::*;

use crate::{
    api,
    components::{live, once::once},
    prefs::lang,
    query::query,
    store::Store,
};

/// Folded until somebody asks.
pub fn story<E>(path: E::Path) -> AnyView
where
    E: Endpoint<Body = (), Reply = Vec<StoryLine>> + 'static,
    E::Path: Clone + PartialEq + Send + Sync + 'static,
{
    let t = lang();
    let store = Store::get();
    let open = RwSignal::new(false);
    let path = StoredValue::new(path);
    let lines = query(
        move || open.get().then(|| path.get_value()),
        move || store.version(),
        None,
        |path| async move { api::get::<E>(&path).await },
    );
    let row = move |line: StoryLine| {
        let when = t.moment_seen(line.at.local, store.today());
        view! { <li><time>{when}</time><div>{line.words}</div></li> }
    };
    let list = move |all: Memo<Arc<Vec<StoryLine>>>| {
        view! { <ol class="plain log story"><For each=move || all.with(|all| all.to_vec()) key=|line| format!("{line:?}") children=row/></ol> }
            .into_any()
    };
    let body = move || open.get().then(|| once(lines, 3, list));
    view! {
        <details class="manage" on:toggle=move |event| {
            use wasm_bindgen::JsCast;
            let target = event.current_target().and_then(|one| one.dyn_into::<web_sys::Element>().ok());
            open.set(target.is_some_and(|one| one.has_attribute("open")));
        }>
            <summary>{t.story()}</summary>
            {live(body)}
        </details>
    }
    .into_any()
}
