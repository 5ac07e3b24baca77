//! Sessions: where one is signed in, and signing out.

use domain::api::{ListSessions, SignOut, SignOutEverywhere};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live, notice::Notice},
    offline::is_at_work,
    prefs::{self, lang},
    query::query,
    store::{Store, local_date},
};

/// The devices, and signing out of this one or of all.
#[component]
pub fn Sessions() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let sessions = query(
        || Some(()),
        move || store.version(),
        None,
        |()| async { api::get::<ListSessions>(&()).await },
    );
    let leave = Act::new();
    // How many acts would be dropped, where somebody was told.
    let dropped = RwSignal::new(None::<usize>);
    let press = move |everywhere: bool| {
        let told = dropped.get_untracked();
        leave.run(async move {
            let waiting = match is_at_work() {
                true => api::outbox().await.unwrap_or_default(),
                false => String::new(),
            };
            let count = waiting.matches("\"state\":\"waiting\"").count();
            if count > 0 && told != Some(count) {
                dropped.try_set(Some(count));
                return Ok(None);
            }
            match everywhere {
                true => api::send::<SignOutEverywhere>(&(), &()).await?,
                false => api::send::<SignOut>(&(), &()).await?,
            }
            prefs::forget_kept();
            store.load_me();
            Ok(Some(t.signed_out().to_owned()))
        });
    };
    let list =
        move || {
            let sessions = match sessions.get()? {
                Ok(sessions) => sessions,
                Err(problem) => return Some(view! { <Notice problem/> }.into_any()),
            };
            Some(sessions.iter().map(|one| {
            let since = local_date(one.since);
            view! {
                <li>
                    <span>{one.device.clone()}</span>
                    <span class="quiet">{t.since(&t.date_seen(since, store.today()))}</span>
                    {one.here.then(|| view! { <span class="tag">{t.this_device()}</span> })}
                </li>
            }
        }).collect_view().into_any())
        };
    let warned = move || {
        let count = dropped.get()?;
        Some(view! { <p class="warn" role="alert">{t.outbox_leave(count)}</p> })
    };
    let leave_words = move || match dropped.get() {
        Some(_) => t.outbox_leave_yes(),
        None => t.sign_out(),
    };
    view! {
        <section aria-labelledby="sessions">
            <h2 id="sessions">{t.sessions()}</h2>
            <ul class="plain">{live(list)}</ul>
            {leave.refusal()}
            {live(warned)}
            <div class="actions">
                <button class="button" aria-disabled=leave.disabled() on:click=move |_| press(false)>{leave_words}</button>
                <button class="button" aria-disabled=leave.disabled() on:click=move |_| press(true)>{t.sign_out_everywhere()}</button>
            </div>
        </section>
    }
}
