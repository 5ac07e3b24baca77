//! The page behind the link that a new server prints: its first manager.

use domain::{
    api::{Claim, ClaimHouse},
    page::Page,
};
use leptos::prelude::*;

use crate::{api, components::act::Act, prefs::lang, store::Store};

/// The page.
#[component]
pub fn FirstManagerPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let (phone, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let claim = Act::new();
    let send = move || {
        let query = window().location().search().unwrap_or_default();
        let query = web_sys::UrlSearchParams::new_with_str(&query).ok();
        let secret = query.and_then(|query| query.get("key"));
        let body = Claim {
            secret: secret.unwrap_or_default(),
            phone: phone.get_untracked(),
            name: name.get_untracked(),
        };
        claim.run(async move {
            let me = api::send::<ClaimHouse>(&(), &body).await?;
            store.me.set(Some(me));
            // The house is where a manager begins; where there is none yet, they make one.
            let page = match untrack(|| store.has_no_centre()) {
                true => Page::Settings,
                false => Page::Desk,
            };
            store.go(&page, &store.here.get_untracked(), true);
            Ok(None)
        });
    };
    view! {
        <main class="page form-page" id="main">
            <h1 tabindex="-1">{t.first_manager()}</h1>
            <p>{t.first_manager_about()}</p>
            <form class="form" on:submit=move |event| { event.prevent_default(); send(); }>
                <label class="field">
                    <span>{t.your_name()}</span>
                    <input name="name" required autocomplete="name" prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event))/>
                </label>
                <label class="field">
                    <span>{t.phone()}</span>
                    <input name="phone" type="tel" required autocomplete="tel" prop:value=move || phone.get() on:input=move |event| phone.set(event_target_value(&event))/>
                </label>
                {claim.refusal()}
                <button class="button primary wide" aria-disabled=claim.disabled()>{t.take_over()}</button>
            </form>
        </main>
    }
    .into_any()
}
