//! The first steps of a new house: hours, colleagues, the first club.

use domain::{
    api::{CentreView, ListClubs, ListRoles},
    id::CentreId,
    page::Page,
};
use leptos::prelude::*;

use crate::{
    api,
    components::live,
    prefs::lang,
    query::{Loaded, query},
    store::Store,
};

/// What is still to be done, as long as there is no club.
#[component]
pub(super) fn Steps(centre: CentreView) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let id = StoredValue::new(centre.centre.id.clone());
    let key = move || Some(id.get_value());
    let version = move || store.version();
    let clubs: Memo<Loaded<_>> = query(key, version, None, |id: CentreId| async move {
        api::get::<ListClubs>(&id).await
    });
    let roles = query(key, version, None, |id: CentreId| async move {
        api::get::<ListRoles>(&id).await
    });
    let changed = Memo::new(move |_| {
        let now = store.centre.get().and_then(Result::ok);
        now.is_some_and(|now| now.revision > 1)
    });
    let body = move || {
        let clubs = clubs.get()?.ok()?;
        if !clubs.is_empty() {
            return None;
        }
        let colleagues = roles.get()?.ok()?.len() > 1;
        let step = |done: bool, what: AnyView| {
            let mark = if done { "✓" } else { "" };
            view! { <li><span class="step-mark" aria-hidden="true">{mark}</span><span>{what}</span>{done.then(|| view! { <span class="tag">{t.step_done()}</span> })}</li> }
        };
        let link = |page: Page, words: &'static str| {
            view! { <a href=store.href(page)>{words}</a> }.into_any()
        };
        Some(view! {
            <section class="card" aria-labelledby="steps">
                <h2 id="steps">{t.first_steps()}</h2>
                <ol class="plain steps">
                    {step(true, t.step_centre().into_any())}
                    {step(changed.get(), t.step_hours().into_any())}
                    {step(colleagues, link(Page::Roles, t.step_colleagues()))}
                    {step(false, link(Page::Clubs, t.step_club()))}
                </ol>
            </section>
        })
    };
    view! { {live(body)} }
}
