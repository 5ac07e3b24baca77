//! Room sheet: what a tapped room is, its day, what comes next, and Book.

use std::sync::Arc;

use domain::{
    api::{CentreView, ListMyBookings},
    booking::{Booking, BookingState},
    centre::{
        availability::{Occupation, Timeline},
        room::{Needs, Room, UseMode},
    },
    id::{CentreId, RoomId},
    page::Page,
    time::Slot,
    view::{
        LENGTH, Span, View,
        column::{Column, blocks},
    },
};
use leptos::{either::Either, prelude::*};

use crate::{
    api,
    components::{
        live,
        strip::{Day, Strip},
    },
    pages::map::{
        model::{bounds, coming, next_step, whereabouts},
        shown::{Shown, look_of},
    },
    prefs::lang,
    query::query,
    store::Store,
};

/// The slot that *Book* asks for: the one of the scrubber, or the next step where the map follows the clock.
fn asked(centre: &CentreView, room: &Room, shown: Shown, store: Store) -> Slot {
    let (day, now) = (store.day(centre), store.now(centre));
    let view = shown.view.get();
    if view.is_now(day, now) {
        let (at, length) = next_step(&centre.centre, room, now);
        let next = Slot::lasting(day.at(at), length);
        let step = i64::from(centre.centre.rules_of(room).step.max(1));
        let free = shown.timelines.with(|lines| {
            let line = lines.iter().find(|line| line.room == room.id)?;
            first_free(line, next, step)
        });
        return free.unwrap_or(next);
    }
    let slot = shown.slot.get();
    Slot::lasting(slot.start(), view.length.unwrap_or(LENGTH))
}

/// The first slot of that length, on whole steps, at which nothing is in the way on the same day.
fn first_free(line: &Timeline, wanted: Slot, step: i64) -> Option<Slot> {
    let mut slot = wanted;
    while slot.start().date() == wanted.start().date() {
        if line.is_free(slot) {
            return Some(slot);
        }
        slot = Slot::lasting(slot.start().plus(step), slot.minutes());
    }
    None
}

/// What the sheet of a room says below its name.
#[component]
pub(crate) fn RoomDetail(centre: Arc<CentreView>, room: Room, shown: Shown) -> impl IntoView {
    let store = Store::get();
    let of = room.clone();
    let state = move || {
        look_of(&of, shown).map(|look| {
            view! { <p class=format!("state {}", look.class)><i aria-hidden="true">{look.glyph}</i>{look.detail}</p> }
        })
    };
    let (slot_of, room_of) = (centre.clone(), room.clone());
    let slot = Memo::new(move |_| asked(&slot_of, &room_of, shown, store));
    let bookable = matches!(room.use_mode, UseMode::SelfService | UseMode::Approval);
    view! {
        <div role="status">{live(state)}</div>
        {bookable.then(|| view! { <Yours centre=centre.centre.id.clone() room=room.id.clone()/> })}
        {bookable.then(|| view! { <Choose centre=centre.clone() room=room.clone() shown when=slot/> })}
        <Next centre=centre.clone() room=room.clone() shown/>
        <Facts centre room/>
    }
}

/// The way to one's own booking of the room for whoever stands at its door.
#[component]
fn Yours(centre: CentreId, room: RoomId) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let signed_in = move || (store.signed_in() == Some(true)).then_some(());
    let mine = query(
        signed_in,
        move || store.version(),
        None,
        |()| async { api::get::<ListMyBookings>(&()).await },
    );
    let link = move || {
        let (now, mine) = (store.clock.get(), mine.get()?.ok()?);
        let asked = |one: &&Booking| {
            (&one.centre, &one.room) == (&centre, &room)
                && one.check_in.at.is_none()
                && one.may_be_checked_in(now).is_ok()
        };
        let one = mine.iter().find(asked)?;
        let page = Page::Booking(one.centre.clone(), one.id.clone());
        let span = t.span(one.slot());
        let words = match one.state {
            BookingState::Released => t.yours_released(&span),
            _ => t.yours_now(&span),
        };
        Some(view! { <a class="button" href=store.href(page)>{words}</a> })
    };
    view! { <div>{live(link)}</div> }
}

/// The day of the room, the time that is chosen on it, and the ways on.
#[component]
fn Choose(centre: Arc<CentreView>, room: Room, shown: Shown, when: Memo<Slot>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let (id, step) = (
        room.id.clone(),
        i64::from(centre.centre.rules_of(&room).step.max(1)),
    );
    let day_of = centre.clone();
    let day = Memo::new(move |_| {
        let date = when.get().start().date();
        let now = store.now(&day_of);
        let column = Column {
            room: id.clone(),
            day: date,
        };
        let blocks = shown.timelines.with(|lines| {
            let line = lines.iter().find(|line| line.room == id);
            line.map(|line| blocks(&column, line, now))
                .unwrap_or_default()
        });
        Day {
            bounds: bounds(&day_of.centre, date),
            blocks,
            step,
        }
    });
    let choice = Memo::new(move |_| {
        let slot = when.get();
        let start = slot.start().minute_of_day();
        (start, start + slot.minutes())
    });
    let pick = Callback::new(move |at: i64| {
        let view = View {
            at: Some(at),
            length: Some(when.get_untracked().minutes()),
            ..store.view.get_untracked()
        };
        store.go(&Page::Map, &view, true);
    });
    let (book_of, week_of) = (room.id.clone(), room.id.clone());
    let book = move |_| {
        let (slot, view) = (when.get_untracked(), shown.view.get_untracked());
        let needs = Needs {
            people: view.needs.people,
            purpose: view.needs.purpose,
            ..Needs::default()
        };
        let view = View {
            day: Some(slot.start().date()),
            at: Some(slot.start().minute_of_day()),
            length: Some(slot.minutes()),
            room: Some(book_of.clone()),
            needs,
            ..store.here.get_untracked()
        };
        store.go(&Page::Book, &view, false);
    };
    let week = move |_| {
        let view = View {
            day: store.view.with_untracked(|view| view.day),
            room: Some(week_of.clone()),
            span: Span::Week,
            ..store.here.get_untracked()
        };
        store.go(&Page::Calendar, &view, false);
    };
    let (free_of, asks) = (room.id.clone(), room.use_mode == UseMode::Approval);
    let label = move || {
        let slot = when.get();
        let free = shown.timelines.with(|lines| {
            let line = lines.iter().find(|line| line.room == free_of);
            line.is_some_and(|line| line.is_free(slot))
        });
        let now = store.now(&centre);
        let time = match slot.start().date() == now.date() {
            true => t.span(slot),
            false => t.slot(slot),
        };
        match (free, asks) {
            (false, _) => t.book_other_time().to_owned(),
            (true, true) => t.ask_at(&time),
            (true, false) => t.book_at(&time),
        }
    };
    view! {
        <p class="detail-time">{move || t.slot(when.get())}</p>
        <Strip day choice pick/>
        <div class="detail-do">
            <button class="button primary" on:click=book>{label}</button>
            <button class="button" on:click=week>{t.see_week()}</button>
        </div>
    }
}

/// What takes the room next.
#[component]
fn Next(centre: Arc<CentreView>, room: Room, shown: Shown) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let next = move || {
        let week = shown.week.get()?;
        let slot = shown.slot.get();
        let coming = coming(&centre.centre, &week.taken, &room, slot);
        if coming.is_empty() {
            return Some(Either::Left(
                view! { <p class="quiet">{t.nothing_comes()}</p> },
            ));
        }
        let row = |(when, index): (Slot, usize)| {
            let one = &week.taken[index];
            let what = match (&one.title, one.by) {
                (Some(title), _) => title.get(t).to_owned(),
                (None, Occupation::Requested) => t.state_requested().to_owned(),
                (None, Occupation::Held { .. }) => t.state_held().to_owned(),
                (None, _) => t.booked().to_owned(),
            };
            let same_day = when.start().date() == slot.start().date();
            let time = if same_day { t.span(when) } else { t.slot(when) };
            let what = match one.left {
                Some(0) => format!("{what} · {}", t.full()),
                Some(left) => format!("{what} · {}", t.left(left)),
                None => what,
            };
            let what = match &one.activity {
                Some(activity) => {
                    let page = Page::Activity(centre.centre.id.clone(), activity.clone());
                    view! { <a href=store.href(page)>{what}</a> }.into_any()
                }
                None => view! { <span>{what}</span> }.into_any(),
            };
            view! { <li><time>{time}</time>{what}</li> }
        };
        Some(Either::Right(
            view! { <ul class="coming">{coming.into_iter().map(row).collect_view()}</ul> },
        ))
    };
    view! { {live(next)} }
}

/// Where the room is, how many it holds, what is in it, and the rooms that it is joined from.
#[component]
fn Facts(centre: Arc<CentreView>, room: Room) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let wholes = centre.centre.wholes(&room.id);
    let parts = room
        .parts
        .iter()
        .filter_map(|part| centre.centre.room(part));
    let related: Vec<_> = wholes
        .chain(parts)
        .map(|other| {
            let (id, name) = (other.id.clone(), other.name.get(t).to_owned());
            let open = move |_| {
                let view = View {
                    room: Some(id.clone()),
                    ..store.view.get_untracked()
                };
                store.go(&Page::Map, &view, false);
            };
            view! { <button class="chip" on:click=open>{name}</button> }
        })
        .collect();
    let related = (!related.is_empty()).then(
        || view! { <div class="related"><span class="quiet">{t.divisible()}</span>{related}</div> },
    );
    let equipment: Vec<_> = room
        .equipment
        .iter()
        .map(|(one, count)| match count {
            1 => one.word(t).to_owned(),
            count => format!("{} × {count}", one.word(t)),
        })
        .collect();
    let aliases: Vec<_> = room.aliases.iter().map(|name| name.get(t)).collect();
    let aliases = (!aliases.is_empty())
        .then(|| view! { <p class="quiet">{t.also_called(&aliases.join(t.comma()))}</p> });
    let about = room
        .about
        .as_ref()
        .map(|about| view! { <p>{about.get(t).to_owned()}</p> });
    let capacity = match room.people.comfortable == room.people.most {
        true => t.capacity(&t.people(room.people.most)),
        false => t.capacity_range(room.people.comfortable, &t.people(room.people.most)),
    };
    view! {
        {about}
        {aliases}
        <p class="facts">
            <span>{whereabouts(&centre.centre, &room, t)}</span>
            <span>{capacity}</span>
            <span>{t.square_metres(room.outline.area().round() as u32)}</span>
            <span>{room.use_mode.word(t)}</span>
        </p>
        <p class="quiet">{equipment.join(t.comma())}</p>
        {related}
    }
}
