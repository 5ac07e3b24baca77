//! The inbox: offers, changes, cancellations, approvals.

use domain::{
    api::{ListLetters, ReadLetters},
    message::{Letter, News},
    view::View,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{
        live,
        notice::{Notice, Skeleton},
    },
    prefs::lang,
    query::query,
    store::Store,
};

/// The page. What it shows counts as read from then on.
#[component]
pub fn MessagesPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let letters = query(
        || Some(()),
        move || store.version(),
        None,
        |()| async { api::get::<ListLetters>(&()).await },
    );
    Effect::new(move |_| {
        let shown = letters.get().and_then(Result::ok);
        let newest = shown.and_then(|all| {
            let unread = all.iter().any(|one| one.unread);
            all.first().filter(|_| unread).map(|one| one.id.clone())
        });
        if newest.is_some() {
            leptos::task::spawn_local(async move {
                // Should it fail, they stay unread and are marked the next time.
                if api::send::<ReadLetters>(&(), &newest).await.is_ok() {
                    store.load_me();
                }
            });
        }
    });
    let body = move || match letters.get() {
        None => view! { <Skeleton lines=6/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(all)) if all.is_empty() => {
            view! { <p class="empty">{t.no_letters()}</p> }.into_any()
        }
        Some(Ok(all)) => {
            let rows = all.iter().cloned().map(row);
            view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any()
        }
    };
    view! {
        <main class="page form-page" id="main">
            <h1 tabindex="-1">{t.inbox()}</h1>
            {live(body)}
        </main>
    }
    .into_any()
}

fn row(letter: Letter) -> AnyView {
    let t = lang();
    let class = match (letter.unread, &letter.news) {
        (true, News::Offer { .. }) => "row letter unread offer",
        (true, _) => "row letter unread",
        (false, _) => "row letter",
    };
    // The page is one of the centre that wrote, whichever is looked at.
    let view = View::at_centre(Some(letter.centre.clone()));
    let href = view.address(&letter.news.page(&letter.centre));
    view! {
        <li>
            <a class=class href=href>
                <span>{letter.news.sentence(t)}</span>
                <time class="quiet">{t.moment_seen(letter.sent.local, Store::get().today())}</time>
            </a>
        </li>
    }
    .into_any()
}
