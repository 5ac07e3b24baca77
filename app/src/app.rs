//! Contexts, the whole route table, and what surrounds every page.

use domain::page::Page;
use leptos::prelude::*;

use crate::{
    components::{focus, icon::Icon, live, nav::Nav, notice::Skeleton},
    offline,
    pages::{Everyones, Later, acting_bar, elder_bar, later, map::MapPage, outbox},
    prefs::{self, lang},
    query, router,
    start::{self, part},
    store::Store,
};

/// The app.
#[component]
pub fn App() -> impl IntoView {
    Store::provide();
    part(|| view! { <Frame/> })
}

/// What surrounds every page.
#[component]
fn Frame() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    name_page(store);
    // After a change of page the focus goes to its heading, so that keys and screen readers start there.
    Effect::new(move |before: Option<String>| {
        let path = store.router.path();
        if before.is_some_and(|before| before != path) {
            store.went();
            focus_heading(document().active_element(), FRAMES);
            router::scroll();
        }
        path
    });
    start::later(focus::keep);
    start::later(move || offline::prepare(store));
    let acting = Memo::new(move |_| store.acting().is_some());
    let has_kept = Memo::new(move |_| store.kept.get() > 0);
    // What is shown may be old: says from when it is.
    let stale = move || {
        let since = query::stale_since().filter(|since| *since > 0)?;
        let centre = store.centre.get_untracked()?.ok()?;
        let (at, now) = (centre.local(since), centre.local(store.clock.get()));
        Some(match at.date() == now.date() {
            true => t.stale_since(&at.clock()),
            false => t.stale_since(&t.moment(at)),
        })
    };
    let done = move || {
        let words = store.done.get();
        (!words.is_empty()).then(|| {
            view! {
                <p>{words}</p>
                <button class="round" aria-label=t.close() on:click=move |_| store.done.set(String::new())><Icon icon=Icon::Close/></button>
            }
        })
    };
    view! {
        <a class="skip" href="#main">{t.skip()}</a>
        {part(|| view! { <Nav/> })}
        <div class="stale" role="status" aria-live="polite">{live(stale)}</div>
        {live(move || acting.get().then(acting_bar))}
        {prefs::elder().then(|| view! { <div class="elder-bar">{elder_bar()}</div> })}
        {live(move || has_kept.get().then(outbox))}
        {part(|| view! { <Pages/> })}
        <div class="hidden" role="status" aria-live="polite">{move || store.spoken.get()}</div>
        <div class="done" role="status" aria-live="polite">{live(done)}</div>
    }
}

/// How many frames a heading may take until it is there: some two seconds.
const FRAMES: u32 = 120;

/// Moves the focus to the heading of a page as soon as it is there, unless it has gone on from `pressed` meanwhile.
fn focus_heading(pressed: Option<web_sys::Element>, frames: u32) {
    request_animation_frame(move || {
        let focused = document().active_element();
        let went_on = focused != pressed && focused.is_some_and(|one| one.tag_name() != "BODY");
        if went_on || prefs::focus_without_scroll("main h1") || frames == 0 {
            return;
        }
        focus_heading(pressed, frames - 1);
    });
}

/// Keeps the title of the document: what the page is about, or else what kind of page it is.
fn name_page(store: Store) {
    Effect::new(move |before: Option<String>| {
        let (t, path) = (lang(), store.router.path());
        if before.is_some_and(|before| before != path) {
            store.about.set(None);
        }
        let page = store.router.page.get();
        let kind = page
            .as_ref()
            .map_or(t.not_found_title(), |page| t.page(page));
        let about = store.about.get();
        let name = about.as_deref().unwrap_or(kind);
        document().set_title(&format!("{name} · {}", t.app_name()));
        path
    });
}

/// The page at the address.
#[component]
fn Pages() -> impl IntoView {
    let store = Store::get();
    // Another activity is a page of the same kind, which follows the address by itself.
    let kind = Memo::new(move |_| {
        if store.view.with(|view| view.wall) {
            return Some(Some(Later::Everyones(Everyones::Wall)));
        }
        store.router.page.with(|page| page.as_ref().map(Later::of))
    });
    let body = move || match kind.get() {
        None => view! { <NotFound/> }.into_any(),
        Some(None) => part(|| view! { <MapPage/> }),
        Some(Some(page)) if page.needs_account() => guarded(page),
        Some(Some(page)) => later(page),
    };
    view! { {live(body)} }.into_any()
}

/// A page for people who have signed in; others are asked to, and come back here.
fn guarded(page: Later) -> AnyView {
    let (t, store) = (lang(), Store::get());
    let known = Memo::new(move |_| store.signed_in());
    let body = move || match known.get() {
        None => {
            view! { <main class="page form-page" id="main"><Skeleton lines=6/></main> }.into_any()
        }
        Some(true) => later(page),
        Some(false) => {
            let asked = store.router.page.get_untracked().unwrap_or(Page::Me);
            let next = store.view.get_untracked().address(&asked);
            let press = move |_| prefs::keep("next", &next);
            view! {
                <main class="page form-page" id="main">
                    <h1 tabindex="-1">{t.problem_not_signed_in()}</h1>
                    <p><a class="button primary" href=store.href(Page::SignIn) on:click=press>{t.sign_in()}</a></p>
                </main>
            }
            .into_any()
        }
    };
    view! { {live(body)} }.into_any()
}

#[component]
fn NotFound() -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    view! {
        <main class="page form-page" id="main">
            <h1 tabindex="-1">{t.not_found_title()}</h1>
            <p>{t.problem_not_found()}</p>
            <p><a class="button primary" href=store.href(Page::Map)>{t.to_map()}</a></p>
        </main>
    }
    .into_any()
}
