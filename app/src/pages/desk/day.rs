//! The people of a day: its sessions, and who is expected.

use std::sync::Arc;

use domain::{
    api::{CentreView, CheckInBooking, Desk, DeskSession, NewPresence},
    booking::{Booking, BookingState, check_in::Presence},
    page::Page,
    time::Slot,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live},
    prefs::lang,
    store::Store,
};

/// The sessions of the day: who signed up, who came, who did not.
#[component]
pub fn SessionList(centre: Arc<CentreView>, desk: Memo<Arc<Desk>>) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let row = move |one: DeskSession| {
        let room = centre.centre.room(&one.room);
        let room = room.map(|room| room.name.get(t).to_owned());
        let slot = Slot::lasting(
            one.start.local,
            one.end.local.minutes() - one.start.local.minutes(),
        );
        let counts = [
            Some(t.session_counts(one.signed_up, one.places)),
            (one.waiting > 0).then(|| t.session_waiting(one.waiting)),
            (one.came > 0).then(|| t.session_came(one.came)),
            (one.missed > 0).then(|| t.session_missed(one.missed)),
        ];
        let counts = counts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let sheet = store.href(Page::Attendance(
            centre.centre.id.clone(),
            one.session.clone(),
        ));
        view! {
            <li>
                <a class="row" href=sheet>
                    <span class="row-name"><time>{t.span(slot)}</time>" "<span lang=t.tongue_of(one.title.get(t))>{one.title.get(t).to_owned()}</span></span>
                    <span class="row-where">{room}</span>
                    <span>{counts}</span>
                </a>
            </li>
        }
    };
    view! {
        <section aria-labelledby="day-sessions">
            <h2 id="day-sessions">{t.house_sessions()}</h2>
            <Show when=move || desk.with(|desk| desk.sessions.is_empty())><p class="empty">{t.no_sessions_today()}</p></Show>
            <ul class="rows session-rows">
                <For each=move || desk.with(|desk| desk.sessions.clone()) key=|one| format!("{one:?}") children=row/>
            </ul>
        </section>
    }
}

/// Somebody who is expected, with a button to check them in at their time.
#[component]
fn ExpectedRow(first: Booking, desk: Memo<Arc<Desk>>) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let href = store.href(Page::Booking(first.centre.clone(), first.id.clone()));
    let path = (first.centre.clone(), first.id.clone());
    let id = first.id.clone();
    let one = Memo::new(move |before: Option<&Booking>| {
        let now = desk.with(|desk| desk.bookings.iter().find(|one| one.id == id).cloned());
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let name = Memo::new(move |_| {
        one.with(|one| {
            let title = one.title.as_ref().map(|title| title.get(t));
            title.unwrap_or(&one.beneficiary).to_owned()
        })
    });
    let people = Memo::new(move |_| one.with(|one| desk.with(|desk| expected_people(desk, one))));
    let act = Act::new();
    let came = Memo::new(move |_| one.with(|one| one.check_in.at.is_some()));
    let asked = Memo::new(move |_| {
        let now = store.clock.get();
        one.with(|one| one.may_be_checked_in(now).is_ok() && one.state == BookingState::Confirmed)
    });
    let path = StoredValue::new(path);
    let press = move |_| {
        if came.get_untracked() {
            return;
        }
        let path = path.get_value();
        act.run(async move {
            let presence = Presence::Here;
            api::send::<CheckInBooking>(&path, &NewPresence { presence }).await?;
            Ok(Some(t.booking_here().to_owned()))
        });
    };
    // Once pressed the button stays where it is: a slow second tap takes nothing back.
    let button = move || {
        asked.get().then(|| {
            let words = move || if came.get() { t.booking_here() } else { t.came_button() };
            let label = move || t.button_of(words(), &name.get());
            view! {
                <button class="button" aria-label=label aria-disabled=move || (came.get() || act.pending()).to_string() on:click=press>{words}</button>
            }
        })
    };
    view! {
        <li class="expected-row">
            <a class="row" href=href>
                <span class="row-name"><time>{move || one.with(|one| t.span(one.slot()))}</time>" "{name}</span>
                <span class="row-where">{move || one.with(|one| one.room_name.get(t).to_owned())}" · "{move || t.people(people.get())}</span>
                <span class=move || format!("tag t-{}", one.with(|one| one.state.code()))>{move || one.with(|one| one.word(t))}</span>
            </a>
            {live(button)}
            {act.refusal()}
        </li>
    }
}

/// How many people are expected to a booking: of a session those who signed up.
pub fn expected_people(desk: &Desk, booking: &Booking) -> u16 {
    let session = desk.sessions.iter().find(|one| {
        booking.title.is_some() && (&one.room, &one.start) == (&booking.room, &booking.start)
    });
    session.map_or(booking.people, |one| one.signed_up)
}

/// Who is expected, in order of time.
#[component]
pub fn Expected(desk: Memo<Arc<Desk>>) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let row = move |one: Booking| view! { <ExpectedRow first=one desk/> };
    // What ends while one looks goes to the others that are over.
    let parted = Memo::new(move |_| {
        let now = store.clock.get();
        desk.with(|desk| {
            let all = desk.bookings.iter().cloned();
            all.partition::<Vec<_>, _>(|one| one.end.utc() <= now)
        })
    });
    let heading = move || {
        let centre = store.centre.get_untracked().and_then(Result::ok);
        let day = centre.map(|centre| (store.day(&centre), store.now(&centre).date()));
        match day {
            Some((day, today)) if day != today => t.expected_on(&t.date(day)),
            _ => t.expected().to_owned(),
        }
    };
    let over = move || parted.with(|(over, _)| over.clone());
    let rows = move || parted.with(|(_, rows)| rows.clone());
    view! {
        <section class="expected" aria-labelledby="expected">
            <h2 id="expected">{heading}</h2>
            <Show when=move || desk.with(|desk| desk.bookings.is_empty())><p class="empty">{t.nobody_expected()}</p></Show>
            <ul class="rows"><For each=rows key=|one| one.id.clone() children=row/></ul>
            <Show when=move || parted.with(|(over, _)| !over.is_empty())>
                <details>
                    <summary>{move || t.over_by_now(parted.with(|(over, _)| over.len()))}</summary>
                    <ul class="rows"><For each=over key=|one| one.id.clone() children=row/></ul>
                </details>
            </Show>
        </section>
    }
}
