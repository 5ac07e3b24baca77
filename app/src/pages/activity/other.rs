//! Name and text of an activity in the other language: fields that one opens where they are wanted.

use domain::{api::OtherWords, language::Lang};
use leptos::prelude::*;

use crate::prefs::lang;

/// What is typed in the other language; none where that is nothing.
pub fn other_words(title: &str, about: &str) -> Option<OtherWords> {
    let typed = !title.trim().is_empty() || !about.trim().is_empty();
    typed.then(|| OtherWords {
        title: title.to_owned(),
        about: about.to_owned(),
    })
}

/// The other language than one, and what it is called in itself.
pub fn other_language(than: Lang) -> (Lang, &'static str) {
    let mut all = Lang::ALL.into_iter();
    all.find(|(one, _)| *one != than).unwrap_or(Lang::ALL[0])
}

/// The fields beside those in the language `than`: what is typed, and where it goes.
#[component]
pub fn OtherLanguage(
    than: Lang,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] about: Signal<String>,
    set_title: Callback<String>,
    set_about: Callback<String>,
) -> impl IntoView {
    let t = lang();
    let (other, name) = other_language(than);
    // What there is is seen, also where it comes later; nothing is folded away under a finger.
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if title.with(|text| !text.is_empty()) || about.with(|text| !text.is_empty()) {
            open.set(true);
        }
    });
    view! {
        <details class="other-language" prop:open=move || open.get()>
            <summary>{t.other_language(name)}</summary>
            <label class="field">
                <span>{t.other_title(name)}</span>
                <input name="other-title" data-field="other_title" lang=other.tag() maxlength="60" prop:value=move || title.get() on:input=move |event| set_title.run(event_target_value(&event))/>
            </label>
            <label class="field">
                <span>{t.other_about(name)}</span>
                <textarea name="other-about" data-field="other_about" lang=other.tag() rows="3" maxlength="1000" prop:value=move || about.get() on:input=move |event| set_about.run(event_target_value(&event))></textarea>
            </label>
        </details>
    }
}
