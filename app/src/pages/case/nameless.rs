//! What was sent without a name, for whoever has its link. What opens it stands behind the `#` of the address: it is sent to no server
//! but in the body of the question.

use std::sync::Arc;

use domain::{
    api::{AnswerNameless, NamelessStep, NewStep, ReadNameless, Secret},
    case::{Case, step::Side},
    id::CentreId,
    page::Page,
};
use leptos::prelude::*;

use super::{
    one,
    step::{self, OF_ASKER, Send},
};
use crate::{
    api::{self, Trouble},
    components::{live, once::once},
    prefs::{self, Shared, lang},
    query::query,
    store::Store,
};

/// Hands what opens it to the page, which puts it into its own address and keeps it nowhere else: others may use this browser after.
pub fn keep(centre: &CentreId, secret: &str) {
    prefs::keep("nameless", &format!("{centre} {secret}"));
}

/// What opens the case of this page, from its address, or from the form that was just sent.
fn find_secret(centre: &CentreId) -> String {
    let hash = window().location().hash().unwrap_or_default();
    let hash = hash.trim_start_matches('#');
    if !hash.is_empty() {
        return hash.to_owned();
    }
    let kept = prefs::take_kept("nameless");
    let found = kept
        .split_once(' ')
        .filter(|(of, _)| *of == centre.as_str());
    let secret = found.map_or_else(String::new, |(_, secret)| secret.to_owned());
    if !secret.is_empty()
        && let Ok(history) = window().history()
    {
        let state = history.state().unwrap_or_default();
        let _ = history.replace_state_with_url(&state, "", Some(&format!("#{secret}")));
    }
    secret
}

/// The page.
#[component]
pub fn NamelessPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let key = Memo::new(move |_| {
        let centre = store.centre_id.get()?;
        let secret = find_secret(&centre);
        Some((centre, secret))
    });
    let case = query(
        move || key.get().filter(|(_, secret)| !secret.is_empty()),
        move || store.version(),
        None,
        |(centre, secret): (CentreId, String)| async move {
            api::send::<ReadNameless>(&centre, &Secret { secret }).await
        },
    );
    let body = move || {
        let lost = key.get().is_some_and(|(_, secret)| secret.is_empty());
        match lost {
            true => view! { <p class="empty">{t.case_nameless_lost()}</p> }.into_any(),
            false => once(case, 6, move |case| draw(case, key)),
        }
    };
    view! {
        <main class="page form-page case-page" id="main">
            <h1 tabindex="-1">{t.case_nameless_title()}</h1>
            {live(body)}
        </main>
    }
    .into_any()
}

fn draw(case: Memo<Arc<Case>>, key: Memo<Option<(CentreId, String)>>) -> AnyView {
    let t = lang();
    let send: Send = Callback::new(move |new: NewStep| {
        let key = key.get_untracked();
        Box::pin(async move {
            let (centre, secret) = key.ok_or_else(Trouble::outdated)?;
            let step = NamelessStep {
                secret,
                step: new.step,
                words: new.words,
            };
            api::send::<AnswerNameless>(&centre, &step).await.map(drop)
        }) as _
    });
    let link = Memo::new(move |_| {
        let store = Store::get();
        let (_, secret) = key.get()?;
        let address = store.here.with(|here| here.address(&Page::Nameless));
        Some(format!("{address}#{secret}"))
    });
    let by_hand = RwSignal::new(None::<String>);
    let copy = move |_| {
        let Some(address) = link.get_untracked() else {
            return;
        };
        match prefs::copy_link(&address) {
            Shared::Not(href) => by_hand.set(Some(href)),
            _ => Store::get().done(t.case_nameless_copied()),
        }
    };
    let shown = move || {
        by_hand
            .get()
            .map(|href| view! { <p class="link-by-hand"><bdi>{href}</bdi></p> })
    };
    view! {
        <div class="card">
            <p><strong>{t.case_nameless_link()}</strong></p>
            <p class="quiet">{t.case_nameless_about()}</p>
            <div class="actions">
                <a class="button" href=move || link.get()>{t.case_nameless_link()}</a>
                <button class="button" on:click=copy>{t.case_nameless_copy()}</button>
            </div>
            {live(shown)}
        </div>
        {one::draw(case, false)}
        {step::steps(case, Side::Asker, (OF_ASKER, &[]), (send, false))}
    }
    .into_any()
}
