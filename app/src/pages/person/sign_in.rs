//! Signing in by phone number and one-time code; in the demo, by one tap.

use domain::{
    api::{
        AskCode, CodePurpose, CodeSent, ListDemoAccounts, Me, SendCode, SignIn, SignInDemo,
        UseCode, UseDemo,
    },
    page::Page,
    person::permission::Role,
    view::View,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live, notice::Notice},
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// The page. Whoever was sent here goes back to where they came from.
#[component]
pub fn SignInPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let accounts = query(
        || Some(()),
        || 0,
        None,
        |()| async { api::get::<ListDemoAccounts>(&()).await },
    );
    let demo = Act::new();
    let choose = move |role: Role| {
        demo.run(async move {
            let me = api::send::<SignInDemo>(&(), &UseDemo { role }).await?;
            enter(store, me);
            Ok(None)
        });
    };
    let accounts = move || {
        let accounts = match accounts.get()? {
            Ok(accounts) if accounts.is_empty() => return None,
            Ok(accounts) => accounts,
            Err(problem) => return Some(view! { <Notice problem/> }.into_any()),
        };
        Some(view! {
            <section class="demo" aria-labelledby="demo-title">
                <h2 id="demo-title">{t.demo_accounts()}</h2>
                <div class="demo-list">
                    {accounts.iter().cloned().map(|account| view! {
                        <button class="button" data-role=account.role.code() on:click=move |_| choose(account.role)>
                            <strong>{account.role.word(t)}</strong><span>{account.name}</span>
                        </button>
                    }).collect_view()}
                </div>
                {demo.refusal()}
            </section>
        }.into_any())
    };
    let came = prefs::kept("next").starts_with('/');
    view! {
        <main class="page form-page" id="main">
            <h1 tabindex="-1">{t.sign_in()}</h1>
            {came.then(|| view! { <p>{t.sign_in_why()}</p> })}
            <ByPhone/>
            {live(accounts)}
        </main>
    }
    .into_any()
}

/// Somebody has signed in: they go back to where they came from, unless they have gone elsewhere meanwhile.
fn enter(store: Store, me: Me) {
    let one_more = me.second.withholds();
    store.me.set(Some(me));
    store.say(lang().signed_in());
    // What they left waiting is looked for.
    store.kept.update(|count| *count += 1);
    if untrack(|| store.router.page.get()) != Some(Page::SignIn) {
        return;
    }
    // The card that asks for the second code goes on from there.
    if one_more {
        let me = store.here.get_untracked().address(&Page::Me);
        store.router.go(&me, true);
        return;
    }
    let next = prefs::kept("next");
    prefs::keep("next", "");
    let next = match next.starts_with('/') {
        true => next,
        // Whoever works at another centre than the one that was looked at last finds the desk of theirs.
        false => match store.works_elsewhere() {
            Some(centre) => View::at_centre(Some(centre)).address(&Page::Me),
            None => store.here.get_untracked().address(&Page::Me),
        },
    };
    store.router.go(&next, true);
}

#[component]
fn ByPhone() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let phone = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let sent = RwSignal::new(None::<CodeSent>);
    let (ask, sign_in) = (Act::new(), Act::new());
    let ask_code = move || {
        let body = AskCode {
            phone: phone.get_untracked(),
            purpose: CodePurpose::SignIn,
        };
        ask.run(async move {
            let reply = api::send::<SendCode>(&(), &body).await?;
            sent.try_set(Some(reply));
            request_animation_frame(|| prefs::focus("#code"));
            Ok(None)
        });
    };
    let use_code = move || {
        let body = UseCode {
            phone: phone.get_untracked(),
            code: code.get_untracked(),
        };
        sign_in.run(async move {
            let me = api::send::<SignIn>(&(), &body).await?;
            enter(store, me);
            Ok(None)
        });
    };
    // The last digit is enough: nobody looks for a button then.
    let type_code = move |event| {
        let typed = event_target_value(&event);
        let whole = typed.len() == 6 && typed.bytes().all(|one| one.is_ascii_digit());
        code.set(typed);
        if whole {
            use_code();
        }
    };
    let second = move || {
        let sent = sent.get()?;
        let minutes = t.minutes(i64::from(sent.seconds / 60));
        let demo = sent
            .demo_code
            .map(|code| view! { <p class="verdict">{t.demo_code(&code)}</p> });
        Some(view! {
            <form class="form" on:submit=move |event| { event.prevent_default(); use_code(); }>
                <p role="status">{t.code_sent(&minutes)}</p>
                {demo}
                <label class="field">
                    <span>{t.code()}</span>
                    <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="6" required
                        prop:value=move || code.get() on:input=type_code/>
                </label>
                {sign_in.refusal()}
                <button class="button primary wide" aria-disabled=sign_in.disabled()>{t.sign_in()}</button>
                <button type="button" class="chip" aria-disabled=ask.disabled() on:click=move |_| ask_code()>{t.send_code_again()}</button>
            </form>
        })
    };
    view! {
        <form class="form" on:submit=move |event| { event.prevent_default(); ask_code(); }>
            <label class="field">
                <span>{t.phone()}</span>
                <input name="phone" type="tel" inputmode="tel" autocomplete="tel" required
                    prop:value=move || phone.get() on:input=move |event| phone.set(event_target_value(&event))/>
                <small>{t.phone_use()}</small>
            </label>
            {ask.refusal()}
            <Show when=move || sent.with(Option::is_none)>
                <button class="button primary wide" aria-disabled=ask.disabled()>{t.send_code()}</button>
            </Show>
        </form>
        {live(second)}
    }
}
