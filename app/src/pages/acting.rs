//! The bar above every page that says for whom staff act, and how to end it.

use domain::{
    api::{Behalf, Endpoint, GetPerson},
    id::CentreId,
    person::PersonCard,
    view::View,
};
use leptos::prelude::*;

use crate::components::live;
use crate::{
    api::{self, Trouble},
    prefs::lang,
    query::query,
    store::Store,
};

/// What somebody asks of themselves, or staff of the record of the person for whom they act.
pub async fn of_whom<E: Endpoint<Path = (), Body = ()>>(
    centre: CentreId,
    acting: Option<Behalf>,
    of_record: fn(PersonCard) -> E::Reply,
) -> Result<E::Reply, Trouble> {
    match acting {
        None => api::get::<E>(&()).await,
        Some(behalf) => {
            let card = api::get::<GetPerson>(&(centre, behalf.person)).await;
            card.map(of_record)
        }
    }
}

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
