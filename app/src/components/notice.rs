//! What went wrong, and what to do about it.

use leptos::prelude::*;

use crate::{
    api::Trouble,
    prefs::{self, lang},
    store::Store,
};

/// A problem with a button to try again.
#[component]
pub fn Notice(problem: Trouble) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let outdated = problem.outdated;
    let press = move |_| match outdated {
        true => prefs::reload(),
        false => store.retry(),
    };
    let label = if outdated {
        t.load_again()
    } else {
        t.try_again()
    };
    view! {
        <div class="notice" role="alert">
            <p>{problem.text}</p>
            <button class="button" on:click=press>{label}</button>
        </div>
    }
}

/// The shape of what is on its way.
#[component]
pub fn Skeleton(#[prop(default = 4)] lines: usize) -> impl IntoView {
    view! {
        <div class="skeleton" role="status" aria-label=lang().loading()>
            {(0..lines).map(|_| view! { <div class="bone"></div> }).collect_view()}
        </div>
    }
}
