//! The bar above every page that says for whom staff act, and how to end it.

use domain::{api::GetPerson, view::View};
use leptos::prelude::*;

use crate::components::live;
use crate::{api, prefs::lang, query::query, store::Store};

/// The bar.
#[component]
pub fn ActingBar() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let acting = Memo::new(move |_| store.centre_id.get().zip(store.acting()));
    let card = query(
        move || acting.get(),
        || 0,
        None,
        |(centre, behalf)| async move { api::get::<GetPerson>(&(centre, behalf.person)).await },
    );
    let bar = move || {
        let (centre, behalf) = acting.get()?;
        let words = match card.get()? {
            Ok(card) => t.acting_for(card.person.called(), behalf.channel.word(t)),
            Err(problem) => problem.text,
        };
        let here = View {
            centre: Some(centre.clone()),
            behalf: Some(behalf.clone()),
            ..View::default()
        };
        let record = format!("/people/{centre}/{}{}", behalf.person, here.query());
        let end = View {
            centre: Some(centre),
            ..View::default()
        };
        Some(view! {
            <aside class="acting" aria-label=t.act_for()>
                <a href=record>{words}</a>
                <a class="button" href=format!("/house{}", end.query())>{t.acting_end()}</a>
            </aside>
        })
    };
    view! { {live(bar)} }
}
