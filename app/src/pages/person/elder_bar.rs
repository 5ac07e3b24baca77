//! Elder view: the bar above every page that reads its text aloud (Web Speech API) and leads back to the plain view.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlElement, SpeechSynthesis, SpeechSynthesisUtterance};

use crate::{
    components::live,
    prefs::{self, lang},
    store::Store,
};

/// What is read, one after the other: not what is pressed. A room of the plan has its state as its label.
const READ: &str = ":is(h1, h2, h3, p, li, dt, dd, th, td, legend, .way-in, .row, [data-room])";

/// A little slower than people who are in a hurry speak.
const RATE: f32 = 0.9;

/// The bar.
#[component]
pub fn ElderBar() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let reading = RwSignal::new(false);
    let failed = RwSignal::new(false);
    let stop = move || {
        if let Some(voice) = voice() {
            voice.cancel();
        }
        reading.try_set(false);
    };
    // Another page is another text.
    Effect::new(move |before: Option<String>| {
        let path = store.router.path();
        if before.is_some_and(|before| before != path) {
            stop();
            failed.set(false);
        }
        path
    });
    on_cleanup(stop);
    let press = move |_| {
        if reading.get_untracked() {
            return stop();
        }
        let Some(voice) = voice() else { return };
        failed.set(false);
        reading.set(true);
        let ended = move |fault: bool| {
            // What was stopped by hand has not failed; of what failed each sentence says so.
            if reading.try_get_untracked() == Some(true) {
                failed.try_set(fault);
                reading.try_set(false);
            }
        };
        if read(&voice, ended).is_none() {
            reading.set(false);
        }
    };
    let word = move || match reading.get() {
        true => t.read_stop(),
        false => t.read_aloud(),
    };
    view! {
        {voice().map(|_| view! { <button class="button" on:click=press>{word}</button> })}
        <button class="button" on:click=|_| prefs::switch_elder()>{t.elder_end()}</button>
        <p role="status">{live(move || failed.get().then(|| t.read_failed()))}</p>
    }
}

/// The voice of the device; some browsers have none.
fn voice() -> Option<SpeechSynthesis> {
    let voice = js_sys::Reflect::get(&window(), &"speechSynthesis".into()).ok()?;
    voice.dyn_into().ok()
}

/// Reads the page. `ended` is called when all of it was read, or with true when that failed; nothing is read of an empty page.
fn read(voice: &SpeechSynthesis, ended: impl Fn(bool) + Copy + 'static) -> Option<()> {
    let texts = texts_of_page();
    let tag = lang().tag();
    let mut last = None;
    let failed = Closure::<dyn Fn()>::new(move || ended(true)).into_js_value();
    let done = Closure::<dyn Fn()>::new(move || ended(false)).into_js_value();
    voice.cancel();
    for text in &texts {
        let spoken = SpeechSynthesisUtterance::new_with_text(text).ok()?;
        spoken.set_lang(tag);
        spoken.set_rate(RATE);
        spoken.set_onerror(Some(failed.unchecked_ref()));
        last = Some(spoken.clone());
        voice.speak(&spoken);
    }
    last?.set_onend(Some(done.unchecked_ref()));
    Some(())
}

/// The text of the page, or of the dialog that lies over it, a heading, sentence or row each.
fn texts_of_page() -> Vec<String> {
    let whole = ["dialog[open]", "main"]
        .into_iter()
        .find_map(|one| document().query_selector(one).ok().flatten());
    let Some(all) = whole.and_then(|whole| whole.query_selector_all(READ).ok()) else {
        return Vec::new();
    };
    let mut texts = Vec::new();
    for at in 0..all.length() {
        let Some(one) = all
            .item(at)
            .and_then(|one| one.dyn_into::<web_sys::Element>().ok())
        else {
            continue;
        };
        // What stands inside of another is read with it, and what is not shown is not read.
        let outer = one
            .parent_element()
            .and_then(|parent| parent.closest(READ).ok().flatten());
        if outer.is_some() || one.get_client_rects().length() == 0 {
            continue;
        }
        let label = one.get_attribute("aria-label");
        let text = label.or_else(|| Some(one.dyn_into::<HtmlElement>().ok()?.inner_text()));
        let text = text.unwrap_or_default();
        let words: Vec<_> = text.split_whitespace().collect();
        if !words.is_empty() {
            texts.push(words.join(" "));
        }
    }
    texts
}
