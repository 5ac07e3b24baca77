//! Signing in by phone number and one-time code; in the demo, by one tap.

use domain::{
    api::{AskCode, ListDemoAccounts, Me, SendCode, SignIn, SignInDemo, UseCode, UseDemo},
    person::Role,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::components::live;
use crate::{
    api::{self, Key},
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// The page. Whoever was sent here goes back to where they came from.
#[component]
pub fn SignInPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let navigate = use_navigate();
    let enter = Callback::new(move |me: Me| {
        store.me.set(Some(me));
        let next = prefs::kept("next");
        prefs::keep("next", "");
        let next = if next.starts_with('/') {
            next
        } else {
            "/me".to_owned()
        };
        store.say(t.signed_in());
        navigate(
            &next,
            NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            },
        );
    });
    let accounts = query(
        || Some(()),
        || 0,
        None,
        |()| async { api::get::<ListDemoAccounts>(&()).await },
    );
    let demo = Action::new_local(move |role: &Role| {
        let body = UseDemo { role: *role };
        async move {
            let done = api::send::<SignInDemo>(&(), &body, &Key::new()).await;
            done.map(|me| enter.run(me))
        }
    });
    let demo_problem = move || Some(demo.value().get()?.err()?.text);
    let accounts = move || {
        let accounts = accounts
            .get()?
            .ok()
            .filter(|accounts| !accounts.is_empty())?;
        Some(view! {
            <section class="demo" aria-labelledby="demo-title">
                <h2 id="demo-title">{t.demo_accounts()}</h2>
                <div class="demo-list">
                    {accounts.iter().cloned().map(|account| view! {
                        <button class="button" on:click=move |_| { demo.dispatch(account.role); }>
                            <strong>{account.role.word(t)}</strong><span>{account.name}</span>
                        </button>
                    }).collect_view()}
                </div>
                <p class="refusal" role="alert">{live(demo_problem)}</p>
            </section>
        })
    };
    view! {
        <main class="page form-page" id="main">
            <h1 tabindex="-1">{t.sign_in()}</h1>
            <ByPhone enter/>
            {live(accounts)}
        </main>
    }
    .into_any()
}

#[component]
fn ByPhone(enter: Callback<Me>) -> impl IntoView {
    let t = lang();
    let phone = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let key = StoredValue::new(Key::new());
    let ask = Action::new_local(move |(): &()| {
        let body = AskCode {
            phone: phone.get_untracked(),
        };
        async move {
            key.set_value(Key::new());
            let sent = api::send::<SendCode>(&(), &body, &Key::new()).await;
            if sent.is_ok() {
                request_animation_frame(|| prefs::focus("#code"));
            }
            sent
        }
    });
    let sign_in = Action::new_local(move |(): &()| {
        let body = UseCode {
            phone: phone.get_untracked(),
            code: code.get_untracked(),
        };
        async move {
            let done = api::send::<SignIn>(&(), &body, &key.get_value()).await;
            done.map(|me| enter.run(me))
        }
    });
    let sent = move || ask.value().get().and_then(Result::ok);
    let ask_problem = move || Some(ask.value().get()?.err()?.text);
    let sign_in_problem = move || Some(sign_in.value().get()?.err()?.text);
    let (asking, entering) = (ask.pending(), sign_in.pending());
    let second = move || {
        let sent = sent()?;
        let minutes = t.minutes(i64::from(sent.seconds / 60));
        let demo = sent
            .demo_code
            .map(|code| view! { <p class="verdict">{t.demo_code(&code)}</p> });
        Some(view! {
            <form class="form" on:submit=move |event| { event.prevent_default(); sign_in.dispatch(()); }>
                <p role="status">{t.code_sent(&minutes)}</p>
                {demo}
                <label class="field">
                    <span>{t.code()}</span>
                    <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="6" required
                        prop:value=move || code.get() on:input=move |event| code.set(event_target_value(&event))/>
                </label>
                <p class="refusal" role="alert">{live(sign_in_problem)}</p>
                <button class="button primary wide" disabled=entering>{t.sign_in()}</button>
            </form>
        })
    };
    view! {
        <form class="form" on:submit=move |event| { event.prevent_default(); ask.dispatch(()); }>
            <label class="field">
                <span>{t.phone()}</span>
                <input name="phone" type="tel" inputmode="tel" autocomplete="tel" required
                    prop:value=move || phone.get() on:input=move |event| phone.set(event_target_value(&event))/>
                <small>{t.phone_use()}</small>
            </label>
            <p class="refusal" role="alert">{live(ask_problem)}</p>
            <button class="button wide" class:primary=move || sent().is_none() disabled=asking>
                {move || if sent().is_some() { t.send_code_again() } else { t.send_code() }}
            </button>
        </form>
        {live(second)}
    }
}
