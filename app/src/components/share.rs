//! Sharing a link: as the device does, else through the clipboard, else by hand.

use leptos::prelude::*;

use crate::{
    components::live,
    prefs::{self, Shared},
    store::Store,
};

/// A button that shares a page of Linli, with words that say what it is about.
#[component]
pub fn Share(
    /// What it is about.
    words: String,
    /// The address, from its path on.
    address: String,
) -> impl IntoView {
    let t = prefs::lang();
    let store = Store::get();
    let by_hand = RwSignal::new(None);
    let press = move |_| match prefs::share(&words, &address) {
        Shared::ByDevice => {}
        Shared::ByClipboard => store.done(t.link_copied()),
        Shared::Not(link) => by_hand.set(Some(link)),
    };
    let link = move || {
        by_hand
            .get()
            .map(|link| view! { <p class="link-by-hand"><bdi>{link}</bdi></p> })
    };
    view! {
        <button type="button" class="button" on:click=press>{t.share()}</button>
        {live(link)}
    }
}
