//! Offline: installs the service worker, and asks once for what is wanted where there is no network: the rooms of this week and the
//! next, and what one has booked. It keeps the answers, and the acts that wait to be sent (`public/sw.js`).

use std::time::Duration;

use domain::api::{
    Endpoint, GetCentre, GetMe, GetOccupancy, ListCentres, ListMyBookings, ListMySignUps,
    ListMyWaits,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::ServiceWorkerContainer;

use crate::{
    api, query,
    store::{Store, WEEK},
};

/// What is first looked at is not to wait for it.
const SETTLED: Duration = Duration::from_secs(4);

/// How long a service worker that was just installed takes until answers pass through it.
const AT_WORK: Duration = Duration::from_secs(1);

/// Says how old the page is, where it is one of old; then gets ready for the next time.
pub fn prepare(store: Store) {
    let root = document().document_element();
    let kept = root.and_then(|root| root.get_attribute("data-kept"));
    let old: Option<i64> = kept.and_then(|at| at.parse().ok());
    if let Some(at) = old.filter(|at| *at > 0) {
        query::note_old(at);
    }
    set_timeout(
        move || {
            leptos::task::spawn_local(async move {
                // Browsers without it, or of a house without https, are as good as before.
                if old.is_some() || install().await.is_some() {
                    set_timeout(move || leptos::task::spawn_local(keep(store)), AT_WORK);
                }
            });
        },
        if old.is_some() { AT_WORK } else { SETTLED },
    );
}

async fn install() -> Option<()> {
    let navigator = window().navigator();
    let workers = js_sys::Reflect::get(&navigator, &"serviceWorker".into()).ok()?;
    let workers: ServiceWorkerContainer = workers.dyn_into().ok()?;
    JsFuture::from(workers.register("/sw.js")).await.ok()?;
    // Only one that is at work keeps anything.
    JsFuture::from(workers.ready().ok()?).await.ok()?;
    Some(())
}

/// Whether the service worker answers for this page.
pub fn is_at_work() -> bool {
    let navigator = window().navigator();
    let workers = js_sys::Reflect::get(&navigator, &"serviceWorker".into());
    let controller =
        workers.and_then(|workers| js_sys::Reflect::get(&workers, &"controller".into()));
    controller.is_ok_and(|one| one.is_object())
}

/// What is not kept now is kept the next time.
async fn keep(store: Store) {
    // What one left waiting is shown.
    if api::touch_outbox().await {
        store.kept.update(|count| *count += 1);
    }
    for url in wanted(store) {
        if api::touch(url).await.is_err() {
            return;
        }
    }
}

/// What is asked for; the tickets of one's bookings come with their list.
fn wanted(store: Store) -> Vec<String> {
    let mut all = vec![ListCentres::url(&())];
    if let Some(Ok(centre)) = untrack(|| store.centre.get()) {
        let (id, clock) = (&centre.centre.id, store.clock.get_untracked());
        let monday = centre.local(clock).date().monday();
        all.push(GetCentre::url(id));
        all.extend(
            [monday, monday.plus(7)].map(|from| GetOccupancy::url(&(id.clone(), from, WEEK))),
        );
    }
    if untrack(|| store.signed_in()) == Some(true) {
        all.extend([
            GetMe::url(&()),
            ListMyBookings::url(&()),
            ListMySignUps::url(&()),
            ListMyWaits::url(&()),
        ]);
    }
    all
}
