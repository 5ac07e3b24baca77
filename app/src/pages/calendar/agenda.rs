//! Calendar, its agenda: two weeks as a list of what takes the rooms, day by day.

use std::sync::Arc;

use domain::{
    activity::{Activity, Session},
    api::{CentreView, GetOccupancy, ListActivities, ListMyBookings},
    booking::Booking,
    centre::availability::{Occupation, Occupied},
    id::{ClubId, RoomId},
    page::Page,
    time::{Date, Slot},
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

/// How many days it shows.
const SHOWN: u16 = 14;

/// What stands in it.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    slot: Slot,
    what: String,
    room: String,
    page: Option<Page>,
}

/// The two weeks from a day on, of some rooms, of a club, or of what one has oneself.
#[component]
pub fn Agenda(
    centre: Arc<CentreView>,
    day: Memo<Date>,
    rooms: Memo<Vec<RoomId>>,
    mine: Memo<bool>,
    club: Memo<Option<ClubId>>,
) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let until = move || day.get().plus(i64::from(SHOWN));
    let id = StoredValue::new(centre.centre.id.clone());
    let version = store.version_in(move || Some((day.get(), until())));
    let taken = query(
        move || (!mine.get() && club.with(Option::is_none)).then(|| day.get()),
        move || version.get(),
        None,
        move |day| async move { api::get::<GetOccupancy>(&(id.get_value(), day, SHOWN)).await },
    );
    let own = query(
        move || mine.get().then_some(()),
        move || store.version(),
        None,
        |()| async { api::get::<ListMyBookings>(&()).await },
    );
    let sessions = query(
        move || club.get().map(|_| ()),
        move || store.version(),
        None,
        move |()| async move { api::get::<ListActivities>(&id.get_value()).await },
    );
    let of = centre.clone();
    let entries = Memo::new(move |_| {
        let mut entries: Vec<Entry> = match (mine.get(), club.get()) {
            (_, Some(club)) => {
                let all = sessions.get()?.ok()?;
                let is_theirs = |one: &&Activity| one.club.as_ref().is_some_and(|of| of.id == club);
                let theirs = all.iter().filter(is_theirs);
                theirs.flat_map(|one| of_activity(&of, one)).collect()
            }
            (true, None) => {
                let all = own.get()?.ok()?;
                let here = |one: &&Booking| one.centre == of.centre.id && one.state.is_live();
                all.iter().filter(here).map(of_booking).collect()
            }
            (false, None) => {
                let all = taken.get()?.ok()?;
                // Of a whole house it lists what has a name; of a floor or a room, all.
                let whole = store
                    .view
                    .with(|view| view.room.is_none() && view.floor.is_none());
                let named = |one: &Occupied| {
                    let is_shown = rooms.with(|rooms| rooms.contains(&one.room))
                        && (!whole || one.title.is_some());
                    let room = of.centre.room(&one.room).filter(|_| is_shown)?;
                    of_occupied(&of, one, room.name.get(t))
                };
                all.taken.iter().filter_map(named).collect()
            }
        };
        let (from, until) = (day.get().at(0), until().at(0));
        entries.retain(|one| one.slot.end() > from && one.slot.start() < until);
        entries.sort_by(|one, other| (one.slot, &one.room).cmp(&(other.slot, &other.room)));
        Some(entries)
    });
    let days = move || {
        let mut days: Vec<(Date, Vec<Entry>)> = Vec::new();
        for entry in entries.get().unwrap_or_default() {
            let on = entry.slot.start().date().max(day.get());
            match days.last_mut() {
                Some((last, all)) if *last == on => all.push(entry),
                _ => days.push((on, vec![entry])),
            }
        }
        days
    };
    let of = centre;
    let section = move |(on, all): (Date, Vec<Entry>)| {
        let special = of.centre.hours.special(on);
        let special = special.map(|one| format!(" · {}", one.name.get(t)));
        let entry = |one: Entry| {
            let what = match one.page {
                Some(page) => view! { <a href=store.href(page)>{one.what}</a> }.into_any(),
                None => view! { <span>{one.what}</span> }.into_any(),
            };
            view! { <li><time>{t.span(one.slot)}</time>{what}<span class="quiet">{one.room}</span></li> }
        };
        let head = format!("agenda-{on}");
        let labelled = head.clone();
        view! {
            <section aria-labelledby=labelled>
                <h2 id=head>{t.date(on)}{special}</h2>
                <ul class="coming">{all.into_iter().map(entry).collect_view()}</ul>
            </section>
        }
    };
    let problem = move || {
        let failed = match (mine.get(), club.get()) {
            (_, Some(_)) => sessions.get().and_then(Result::err),
            (true, None) => own.get().and_then(Result::err),
            (false, None) => taken.get().and_then(Result::err),
        };
        if let Some(problem) = failed {
            return view! { <Notice problem/> }.into_any();
        }
        match entries.with(|all| all.as_ref().map(Vec::is_empty)) {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(true) => {
                let words = match club.with(Option::is_some) {
                    true => t.agenda_club_none(),
                    false => t.nothing_comes(),
                };
                view! { <p class="empty">{words}</p> }.into_any()
            }
            Some(false) => ().into_any(),
        }
    };
    view! {
        <div class="agenda">
            {live(problem)}
            <For each=days key=|day| format!("{day:?}") children=section/>
        </div>
    }
}

/// The sessions of an activity that take place.
fn of_activity(centre: &CentreView, one: &Activity) -> Vec<Entry> {
    let t = lang();
    let entry = |session: &Session| Entry {
        slot: session.slot(),
        what: one.title.get(t).to_owned(),
        room: centre
            .centre
            .room(&session.room)
            .map(|room| room.name.get(t).to_owned())
            .unwrap_or_default(),
        page: Some(Page::Activity(one.centre.clone(), one.id.clone())),
    };
    let on = one.sessions.iter().filter(|session| session.is_on());
    on.map(entry).collect()
}

fn of_booking(one: &Booking) -> Entry {
    let t = lang();
    Entry {
        slot: one.slot(),
        what: format!("{} · {}", one.room_name.get(t), one.word(t)),
        room: String::new(),
        page: Some(Page::Booking(one.centre.clone(), one.id.clone())),
    }
}

fn of_occupied(centre: &CentreView, one: &Occupied, room: &str) -> Option<Entry> {
    let t = lang();
    let what = match (&one.title, one.by) {
        (Some(title), Occupation::Closed) => {
            format!("{} · {}", t.state_closed(), title.get(t))
        }
        (Some(title), _) => title.get(t).to_owned(),
        (None, Occupation::Requested) => t.state_requested().to_owned(),
        (None, Occupation::Held { .. }) => return None,
        (None, Occupation::Closed) => t.state_closed().to_owned(),
        (None, Occupation::Booked) => t.booked().to_owned(),
    };
    let activity = one.activity.clone();
    Some(Entry {
        slot: one.slot()?,
        what,
        room: room.to_owned(),
        page: activity.map(|id| Page::Activity(centre.centre.id.clone(), id)),
    })
}
