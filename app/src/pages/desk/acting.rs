//! The bar above every page that says for whom staff act, and how to end it.

use domain::{
    api::{Endpoint, GetPerson, PersonCard},
    id::{CentreId, PersonId},
    page::Page,
    person::behalf::Behalf,
    view::View,
};
use leptos::prelude::*;

use crate::{
    api::{self, Trouble},
    components::live,
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
    let seen = StoredValue::new(None::<PersonId>);
    let card = query(
        move || acting.get(),
        move || store.version(),
        None,
        move |(centre, behalf)| {
            let path = (centre, behalf.person);
            // Another person is looked at anew.
            let again = seen.get_value().as_ref() == Some(&path.1);
            seen.set_value(Some(path.1.clone()));
            let opened = StoredValue::new(again);
            api::look::<GetPerson>(path, opened)
        },
    );
    // The buttons of all pages name the person.
    Effect::new(move |_| {
        let card = card.get().and_then(Result::ok);
        store
            .caller
            .set(card.map(|card| card.person.called().to_owned()));
    });
    on_cleanup(move || {
        store.caller.try_set(None);
    });
    let bar = move || {
        let (centre, behalf) = acting.get()?;
        // For whom is said before it is known what they are called: nothing is done for somebody unawares.
        let words = match card.get() {
            Some(Ok(card)) => t.acting_for(card.person.called(), behalf.channel.word(t)),
            Some(Err(problem)) if !problem.passing => problem.text,
            _ => t.acting_for(t.the_caller(), behalf.channel.word(t)),
        };
        let record = store.href(Page::Record(centre.clone(), behalf.person.clone()));
        let end = View::at_centre(Some(centre)).address(&Page::Desk);
        Some(view! {
            <aside class="acting" aria-label=t.act_for()>
                <a href=record>{words}</a>
                <a class="button" href=end>{t.acting_end()}</a>
            </aside>
        })
    };
    view! { {live(bar)} }
}
