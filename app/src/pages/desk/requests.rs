//! Approvals: the requests that wait for a decision, one card for those that want the same floor. A card stays where it is
//! while somebody points at it, and a decision can be taken back for some seconds.

use std::sync::Arc;

use domain::{
    api::{CentreView, Desk},
    id::BookingId,
};
use leptos::prelude::*;
use web_sys::PointerEvent;

use super::{applicant::Applicant, pile::Pile};
use crate::{
    components::{
        live,
        notice::{Notice, Skeleton},
    },
    prefs::lang,
    query::Loaded,
    store::Store,
};

/// After the last touch, cards stay where they are for this long, in milliseconds.
const AT_REST: f64 = 5000.0;

/// The section.
#[component]
pub fn Requests(centre: Arc<CentreView>, desk: Memo<Loaded<Desk>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let pile = RwSignal::new(Pile::default());
    let pointed = StoredValue::new(false);
    let touched = StoredValue::new(0.0f64);
    Effect::new(move |_| {
        store.clock.track();
        let Some(Ok(desk)) = desk.get() else { return };
        let rests = !pointed.get_value() && js_sys::Date::now() - touched.get_value() > AT_REST;
        let mut now = pile.get_untracked();
        now.update(&centre, &desk.requests);
        now.used.clone_from(&desk.used);
        now.no_shows.clone_from(&desk.no_shows);
        if rests {
            now.tidy(&desk.requests);
        }
        if pile.with_untracked(|before| *before != now) {
            pile.set(now);
        }
    });
    let enter = move |event: PointerEvent| {
        touched.set_value(js_sys::Date::now());
        pointed.set_value(event.pointer_type() == "mouse");
    };
    let leave = move |_: PointerEvent| pointed.set_value(false);
    let touch = move |_: PointerEvent| touched.set_value(js_sys::Date::now());
    let none = Memo::new(move |_| pile.with(|pile| pile.cards.is_empty()));
    let waits = move || match desk.get() {
        None => view! { <Skeleton lines=3/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(_)) => none
            .get()
            .then(|| view! { <p class="empty">{t.no_requests()}</p> })
            .into_any(),
    };
    view! {
        <section aria-labelledby="requests" on:pointerenter=enter on:pointerleave=leave on:pointerdown=touch>
            <h2 id="requests">{t.requests()}</h2>
            {live(waits)}
            <div class="cards requests">
                <For
                    each=move || pile.with(|pile| pile.cards.clone())
                    key=|card| card.first().cloned()
                    children=move |card| view! { <Card first=card.first().cloned().unwrap_or_default() pile/> }
                />
            </div>
        </section>
    }
}

/// One card: the floor that is wanted, and who wants it.
#[component]
fn Card(first: BookingId, pile: RwSignal<Pile>) -> impl IntoView {
    let t = lang();
    let id = first.clone();
    let rows = Memo::new(move |_| pile.with(|pile| pile.list_asks(&id)));
    // A request that somebody moves says so at once: nobody approves what the card no longer describes.
    let of = first.clone();
    let wanted = Memo::new(move |_| {
        pile.with(|pile| {
            pile.known
                .get(&of)
                .map(|one| (one.room_name.clone(), one.slot()))
        })
    });
    let head = move || {
        let (room, slot) = wanted.get()?;
        Some(view! {
            <h3>{room.get(t).to_owned()}</h3>
            <p><time>{t.slot(slot)}</time></p>
        })
    };
    // Also once one of them is decided: nothing slides under a finger that presses twice.
    let rivals = move || {
        let count = rows.with(Vec::len);
        (count > 1).then(|| view! { <p class="warn">{t.rivals(count)}</p> })
    };
    view! {
        <article class="card request">
            {live(head)}
            {live(rivals)}
            <ul class="plain applicants">
                <For each=move || rows.get() key=|ids| ids.first().cloned() children=move |ids| {
                    let first = ids.first().cloned();
                    let ids = Memo::new(move |_| {
                        let now = rows.with(|rows| rows.iter().find(|ids| ids.first() == first.as_ref()).cloned());
                        now.unwrap_or_default()
                    });
                    view! { <Applicant ids pile/> }
                }/>
            </ul>
        </article>
    }
}
