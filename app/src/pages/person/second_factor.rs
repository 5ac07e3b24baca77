//! Second factor: set up with an app on the phone, given after signing in, removed.

use domain::{
    api::{
        GetSecondFactor, GiveSecondFactor, Me, RemoveSecondFactor, SecondCode, SecondFactorSetup,
        SetSecondFactor,
    },
    page::Page,
    person::second_factor::SecondFactor,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{
        act::Act,
        live,
        notice::{Notice, Skeleton},
    },
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// The card: what is asked, or what stands.
#[component]
pub fn SecondFactorCard() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let stands = Memo::new(move |_| {
        store
            .me
            .with(|me| me.as_ref().map(|me| (me.second, me.second_required)))
            .unwrap_or_default()
    });
    let setting_up = RwSignal::new(false);
    let body = move || {
        let (stands, required) = stands.get();
        let setup = move || {
            let done = Callback::new(move |me| {
                setting_up.try_set(false);
                take(store, me);
            });
            view! { <Setup done/> }.into_any()
        };
        match stands {
            SecondFactor::NotAsked => ().into_any(),
            SecondFactor::Due => view! {
                <h2 id="second">{t.second_due()}</h2>
                <p>{t.second_due_about()}</p>
                <Code confirm=t.second_confirm() send=give/>
                <p class="quiet">{t.second_lost()}</p>
            }
            .into_any(),
            SecondFactor::Wanted => view! {
                <h2 id="second">{t.second_title()}</h2>
                <p>{t.second_wanted_about()}</p>
                {setup()}
            }
            .into_any(),
            SecondFactor::Unset | SecondFactor::Given => {
                let is_set = stands == SecondFactor::Given;
                let (about, start) = match is_set {
                    true => (t.second_given_about(), t.second_another()),
                    false => (t.second_unset_about(), t.second_start()),
                };
                let toggle = move |_| setting_up.update(|open| *open = !*open);
                view! {
                    <h2 id="second">{t.second_title()}</h2>
                    <p>{about}</p>
                    <div class="actions">
                        <button class="button" aria-expanded=move || setting_up.get().to_string() on:click=toggle>{start}</button>
                        {(is_set && !required).then(|| view! { <Remove/> })}
                    </div>
                    {live(move || setting_up.get().then(setup))}
                }
                .into_any()
            }
        }
    };
    view! { <section class="card" aria-labelledby="second">{live(body)}</section> }
}

/// Takes in who one is now, and goes where one wanted to go before.
fn take(store: Store, me: Me) {
    store.me.set(Some(me));
    let next = prefs::kept("next");
    let here = untrack(|| store.router.page.get());
    if next.starts_with('/') && here == Some(Page::Me) {
        prefs::keep("next", "");
        store.router.go(&next, true);
    }
}

type Sent = std::pin::Pin<Box<dyn Future<Output = Result<(), api::Trouble>>>>;

fn give(store: Store, code: SecondCode) -> Sent {
    Box::pin(async move {
        let me = api::send::<GiveSecondFactor>(&(), &code).await?;
        take(store, me);
        Ok(())
    })
}

/// The field for the six digits. The last one is enough: nobody looks for a button then.
#[component]
fn Code(confirm: &'static str, send: fn(Store, SecondCode) -> Sent) -> impl IntoView {
    let act = Act::new();
    let store = Store::get();
    // It is the only thing that is asked.
    request_animation_frame(|| prefs::focus("#second ~ form input[name=code]"));
    let send = move |code: String| {
        act.run(async move {
            send(store, SecondCode { code }).await?;
            Ok(None)
        });
    };
    draw_code(act, confirm, send)
}

fn draw_code(act: Act, confirm: &'static str, send: impl Fn(String) + Copy + 'static) -> AnyView {
    let t = lang();
    let code = RwSignal::new(String::new());
    let type_code = move |event| {
        let typed = event_target_value(&event);
        let digits = typed.bytes().filter(u8::is_ascii_digit).count();
        code.set(typed.clone());
        if digits == 6 {
            send(typed);
        }
    };
    view! {
        <form class="form" on:submit=move |event| { event.prevent_default(); send(code.get_untracked()); }>
            <label class="field">
                <span>{t.second_code()}</span>
                <input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="7" required
                    prop:value=move || code.get() on:input=type_code/>
            </label>
            {act.refusal()}
            <button class="button primary" aria-disabled=act.disabled()>{confirm}</button>
        </form>
    }
    .into_any()
}

/// The secret to scan, open or type, and the first code of it.
#[component]
fn Setup(done: Callback<Me>) -> impl IntoView {
    let t = lang();
    let setup = query(
        || Some(()),
        || 0,
        None,
        |()| async { api::get::<GetSecondFactor>(&()).await },
    );
    let act = Act::new();
    let send = move |code: String| {
        act.run(async move {
            let me = api::send::<SetSecondFactor>(&(), &SecondCode { code }).await?;
            done.try_run(me);
            Ok(Some(t.second_set().to_owned()))
        });
    };
    let body = move || match setup.get() {
        None => view! { <Skeleton lines=6/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(setup)) => {
            let SecondFactorSetup {
                secret,
                address,
                qr,
            } = (*setup).clone();
            let groups: Vec<&str> = secret
                .as_bytes()
                .chunks(4)
                .filter_map(|four| std::str::from_utf8(four).ok())
                .collect();
            let groups = groups.join(" ");
            view! {
                <p>{t.second_step_scan()}</p>
                <div class="qr" role="img" aria-label=t.second_step_scan() inner_html=qr></div>
                <p>{t.second_step_open()}" "<a href=address>{t.second_open()}</a></p>
                <p>{t.second_step_type()}" "<bdi class="secret">{groups}</bdi></p>
                <p>{t.second_step_code()}</p>
                {draw_code(act, t.second_confirm(), send)}
            }
            .into_any()
        }
    };
    live(body)
}

#[component]
fn Remove() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let act = Act::new();
    let asking = RwSignal::new(false);
    let press = move |_| {
        act.run(async move {
            let me = api::send::<RemoveSecondFactor>(&(), &()).await?;
            store.me.set(Some(me));
            Ok(Some(t.second_removed().to_owned()))
        });
    };
    let body = move || {
        match asking.get() {
        false => view! { <button class="button" on:click=move |_| asking.set(true)>{t.second_remove()}</button> }
            .into_any(),
        true => view! {
            <p class="ask">{t.second_remove_sure()}</p>
            <button class="button" on:click=move |_| asking.set(false)>{t.back()}</button>
            <button class="button danger" aria-disabled=act.disabled() on:click=press>{t.second_remove_yes()}</button>
        }
        .into_any(),
    }
    };
    view! { {live(body)}{act.refusal()} }
}
