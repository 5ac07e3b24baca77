//! The page behind the link that a new server prints: its first manager.

use domain::api::{Claim, ClaimHouse};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use crate::components::live;
use crate::{
    api::{self, Key},
    prefs::lang,
    store::Store,
};

/// The page.
#[component]
pub fn FirstManagerPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let navigate = use_navigate();
    let query = use_query_map();
    let (phone, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let claim = Action::new_local(move |(): &()| {
        let secret = query
            .with_untracked(|query| query.get("key"))
            .unwrap_or_default();
        let body = Claim {
            secret,
            phone: phone.get_untracked(),
            name: name.get_untracked(),
        };
        let navigate = navigate.clone();
        async move {
            let done = api::send::<ClaimHouse>(&(), &body, &Key::new()).await;
            done.map(|me| {
                store.me.set(Some(me));
                navigate(
                    "/me",
                    NavigateOptions {
                        replace: true,
                        ..NavigateOptions::default()
                    },
                );
            })
        }
    });
    let problem = move || Some(claim.value().get()?.err()?.text);
    let pending = claim.pending();
    view! {
        <main class="page form-page" id="main">
            <h1 tabindex="-1">{t.first_manager()}</h1>
            <p>{t.first_manager_about()}</p>
            <form class="form" on:submit=move |event| { event.prevent_default(); claim.dispatch(()); }>
                <label class="field">
                    <span>{t.your_name()}</span>
                    <input name="name" required autocomplete="name" prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event))/>
                </label>
                <label class="field">
                    <span>{t.phone()}</span>
                    <input name="phone" type="tel" required autocomplete="tel" prop:value=move || phone.get() on:input=move |event| phone.set(event_target_value(&event))/>
                </label>
                <p class="refusal" role="alert">{live(problem)}</p>
                <button class="button primary wide" disabled=pending>{t.take_over()}</button>
            </form>
        </main>
    }
    .into_any()
}
