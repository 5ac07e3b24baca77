//! Staff timeline: the day with names; a gap is booked, a block is opened or moved.

use std::sync::Arc;

use domain::{
    api::{CentreView, Desk},
    booking::BookingState,
    centre::{
        availability::{Occupation, Occupied},
        room::Room,
    },
    id::RoomId,
    page::Page,
    view::{Span, View, column::Column},
};
use leptos::prelude::*;

use crate::{
    components::{
        live,
        notice::{Notice, Skeleton},
    },
    pages::{
        calendar::{
            ChoiceBar,
            grid::{Grid, Label, Named, Shown},
            model::bookable,
            mover::{Mover, Moving},
        },
        map::plan::Plan,
    },
    prefs::{self, lang},
    store::Store,
};

/// The plan beside the timeline.
#[component]
pub fn DayOfRooms(centre: Arc<CentreView>, desk: Memo<Arc<Desk>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let open = Callback::new(move |room: RoomId| {
        let view = View {
            room: Some(room),
            span: Span::Week,
            ..store.view.get_untracked()
        };
        store.go(&Page::Calendar, &view, false);
    });
    let (week, timelines) = store.lines_of_week(&centre);
    let of = centre.clone();
    let day = Memo::new(move |_| store.day(&of));
    let of = centre.clone();
    let slot = Memo::new(move |_| {
        let view = store.view.get();
        view.slot(store.day(&of), store.now(&of))
    });
    let of = centre.clone();
    let floor = Memo::new(move |_| {
        store
            .view
            .with(|view| view.floor_of(&of.centre).map(|floor| floor.id.clone()))
    });
    let there = Memo::new(move |_| store.week.get().map(|week| week.map(drop)));
    let label: Label = Arc::new(move |one: &Occupied| desk.with(|desk| named(desk, one)));
    let choice = RwSignal::new(None);
    let mover = Mover::new(propose(centre.centre.id.clone()));
    let shown_day = centre.clone();
    let body = move || {
        match there.get() {
            None => return view! { <Skeleton lines=6/> }.into_any(),
            Some(Err(problem)) => return view! { <Notice problem/> }.into_any(),
            Some(Ok(())) => {}
        }
        let day = day.get();
        choice.set(None);
        let column = |room: &Room| {
            let column = Column {
                room: room.id.clone(),
                day,
            };
            (column, room.name.get(t).to_owned())
        };
        let shown = Shown {
            centre: shown_day.clone(),
            week,
            timelines,
            columns: bookable(&shown_day.centre).map(column).collect(),
            first: 0,
        };
        let plan = floor.get().map(|floor| view! { <Plan centre=shown_day.clone() floor timelines when=slot view=store.view open in_page=true/> });
        let label = label.clone();
        // The hour that runs is in sight.
        if !prefs::elder() {
            request_animation_frame(|| prefs::reveal(".today .now-line"));
        }
        view! {
            <div class="house-plan"><Floors centre=shown_day.clone()/>{plan}</div>
            <p id="move-hint" class="hidden">{t.move_hint()}</p>
            <div class="calendar" role="region" tabindex="0" aria-label=t.timeline()>
                <Grid shown choice=Some(choice) label=Some(label) mover=Some(mover)/>
            </div>
        }
        .into_any()
    };
    let is_chosen = Memo::new(move |_| choice.with(Option::is_some));
    let bar = move || {
        let is_chosen = is_chosen.get();
        is_chosen.then(|| view! { <ChoiceBar centre=centre.clone() lines=timelines choice/> })
    };
    view! {
        <section class="today" aria-label=t.house_today()>
            {live(body)}
            {live(bar)}
        </section>
    }
}

/// Which floor the plan shows, where there are several.
#[component]
fn Floors(centre: Arc<CentreView>) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let floors = &centre.centre.floors;
    let chips = floors.iter().filter(|_| floors.len() > 1).map(|floor| {
        let (id, of, own) = (floor.id.clone(), centre.clone(), floor.id.clone());
        let choose = move |_| {
            let view = View {
                floor: Some(id.clone()),
                ..store.view.get_untracked()
            };
            store.go(&Page::Desk, &view, true);
        };
        let chosen = move || {
            let shown = store.view.with(|view| view.floor_of(&of.centre).map(|one| one.id.clone()));
            (shown.as_ref() == Some(&own)).to_string()
        };
        view! { <button class="chip" aria-pressed=chosen on:click=choose>{floor.name.get(t).to_owned()}</button> }
    });
    let chips = chips.collect_view();
    view! { <div class="floors" role="group" aria-label=t.floors()>{chips}</div> }
}

/// The booking behind a block; where several people asked for the same time, only how many they are.
fn named(desk: &Desk, one: &Occupied) -> Option<Named> {
    let mut found = desk.bookings.iter().filter(|booking| {
        let requested = booking.state == BookingState::Requested;
        booking.state.is_live()
            && booking.room == one.room
            && (&booking.start, &booking.end) == (&one.start, &one.end)
            && requested == (one.by == Occupation::Requested)
    });
    let (first, more) = (found.next()?, found.count());
    if more > 0 {
        let count = u16::try_from(more + 1).unwrap_or(u16::MAX);
        return Some(Named {
            who: Some(lang().requests_here(count)),
            booking: None,
        });
    }
    let private = first.title.is_none();
    Some(Named {
        who: private.then(|| first.beneficiary.clone()),
        booking: Some(first.id.clone()),
    })
}

/// Where a block was let go the booking is proposed to go: its page shows what that would do before anything is saved.
fn propose(centre: domain::id::CentreId) -> Callback<Moving> {
    let store = Store::get();
    Callback::new(move |moving: Moving| {
        let (room, start, minutes) = moving.target();
        let view = View {
            room: Some(room),
            day: Some(start.date()),
            at: Some(start.minute_of_day()),
            length: Some(minutes),
            ..store.here.get_untracked()
        };
        store.go(&Page::Booking(centre.clone(), moving.booking), &view, false);
    })
}
