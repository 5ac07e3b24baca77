//! Contexts, the whole route table, and what surrounds every page.

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    hooks::use_location,
    path,
};

use crate::components::live;
use crate::{
    components::{icon::Icon, nav::Nav, notice::Skeleton},
    pages::{Later, acting_bar, later, map::MapPage},
    prefs::{self, lang},
    store::Store,
};

/// The app.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <Frame/>
        </Router>
    }
}

#[component]
fn Frame() -> impl IntoView {
    let t = lang();
    let store = Store::provide();
    let path = use_location().pathname;
    // After a change of page the focus goes to its heading, so that keys and screen readers start there.
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path) {
            store.went();
            store.moved.set(true);
            request_animation_frame(|| {
                prefs::focus("main h1");
                window().scroll_to_with_x_and_y(0.0, 0.0);
            });
        }
        path
    });
    let acting = Memo::new(move |_| store.acting().is_some());
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
        <Nav/>
        {live(move || acting.get().then(acting_bar))}
        <Routes fallback=|| view! { <NotFound/> }>
            <Route path=path!("/") view=MapPage/>
            <Route path=path!("/calendar") view=|| later(Later::Calendar)/>
            <Route path=path!("/activities") view=|| later(Later::Activities)/>
            <Route path=path!("/activities/:centre/:activity") view=|| later(Later::Activity)/>
            <Route path=path!("/check-in/:centre/:session") view=|| guarded(Later::CheckIn)/>
            <Route path=path!("/clubs") view=|| later(Later::Clubs)/>
            <Route path=path!("/publish") view=|| guarded(Later::Publish)/>
            <Route path=path!("/family") view=|| guarded(Later::Family)/>
            <Route path=path!("/inbox") view=|| guarded(Later::Inbox)/>
            <Route path=path!("/book") view=|| later(Later::Book)/>
            <Route path=path!("/bookings/:centre/:booking") view=|| guarded(Later::Booking)/>
            <Route path=path!("/me") view=|| later(Later::Me)/>
            <Route path=path!("/house") view=|| guarded(Later::House)/>
            <Route path=path!("/people/:centre/:person") view=|| guarded(Later::Person)/>
            <Route path=path!("/log") view=|| guarded(Later::Log)/>
            <Route path=path!("/figures") view=|| guarded(Later::Figures)/>
            <Route path=path!("/sign-in") view=|| later(Later::SignIn)/>
            <Route path=path!("/first-manager") view=|| later(Later::FirstManager)/>
        </Routes>
        <div class="hidden" role="status" aria-live="polite">{move || store.spoken.get()}</div>
        <div class="done" role="status" aria-live="polite">{live(done)}</div>
    }
}

/// A page for people who have signed in; others are asked to, and come back here.
fn guarded(page: Later) -> AnyView {
    let (t, store) = (lang(), Store::get());
    let known = Memo::new(move |_| {
        store
            .me
            .with(|me| me.as_ref().map(|me| me.profile.is_some()))
    });
    let location = use_location();
    let body = move || match known.get() {
        None => {
            view! { <main class="page form-page" id="main"><Skeleton lines=6/></main> }.into_any()
        }
        Some(true) => later(page),
        Some(false) => {
            let here = format!(
                "{}{}",
                location.pathname.get_untracked(),
                store.view.get_untracked().query()
            );
            prefs::keep("next", &here);
            view! {
                <main class="page form-page" id="main">
                    <h1 tabindex="-1">{t.problem_not_signed_in()}</h1>
                    <p><a class="button primary" href="/sign-in">{t.sign_in()}</a></p>
                </main>
            }
            .into_any()
        }
    };
    view! { {live(body)} }.into_any()
}

#[component]
fn NotFound() -> impl IntoView {
    let t = lang();
    view! {
        <main class="page form-page" id="main">
            <h1 tabindex="-1">{t.not_found_title()}</h1>
            <p>{t.problem_not_found()}</p>
            <p><a class="button primary" href="/">{t.to_map()}</a></p>
        </main>
    }
    .into_any()
}
