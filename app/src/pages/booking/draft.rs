//! Booking form, its draft: what is chosen, what takes the rooms then, and what the rules say to it.

use std::sync::Arc;

use domain::{
    api::{CentreView, CountRefusal, GetHouseholdUse, GetOccupancy, ListMyBookings, NewRefusal},
    booking::admission::{Ask, History},
    centre::{
        availability::{Occupied, Timeline, availability},
        room::{Purpose, Room},
    },
    figures::{Rule, refused::WantedAt},
    id::RoomId,
    time::{DAY, Date, LocalTime, Slot},
    view::{LENGTH, View},
};
use leptos::prelude::*;

use super::{
    ask::{Asker, Verdict, history, verdict},
    claims::Claims,
    series::Base,
};
use crate::{
    api::{self, Trouble},
    pages::{
        calendar::model::bookable,
        desk::acting::of_whom,
        map::model::{bounds, next_start},
    },
    prefs::{self},
    query::{Loaded, query},
    store::Store,
};

/// Days that are asked for at once, so that another day can be offered.
const DAYS: u16 = 17;

/// Where the typed note stays while one signs in.
pub(super) const NOTE: &str = "book-note";

/// A change of the view in the address.
pub(super) type Edit = Box<dyn Fn(&mut View)>;

/// What all rooms do, once that is known.
pub type Lines = Option<Arc<Vec<Timeline>>>;

/// What is chosen, and what the rules say of it.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) centre: StoredValue<Arc<CentreView>>,
    /// Where none is chosen, the first: what is asked of the rooms needs its step.
    pub(super) room: Memo<Option<Room>>,
    /// A room is chosen.
    pub(super) has_room: Memo<bool>,
    pub(super) day: Memo<Date>,
    pub(super) start: Memo<i64>,
    pub(super) length: Memo<i64>,
    pub(super) people: Memo<u16>,
    pub(super) purpose: Memo<Option<Purpose>>,
    pub(super) slot: Memo<Slot>,
    pub(super) note: RwSignal<String>,
    pub(super) occupied: Memo<Option<Trouble>>,
    pub(super) lines: Memo<Lines>,
    pub(super) verdict: Memo<Option<Verdict>>,
    /// What counts of those for whom it is.
    pub(super) history: Memo<Arc<History>>,
    /// What is kept for them, and what they wait for.
    pub(super) claims: Claims,
    /// Something was chosen here: only what people asked for is counted when it is refused.
    pub(super) asked: StoredValue<bool>,
}

impl Draft {
    pub(super) fn new(centre: &Arc<CentreView>) -> Self {
        let store = Store::get();
        let of = centre.clone();
        let room = Memo::new(move |_| {
            let named = store
                .view
                .with(|view| view.room.clone())
                .and_then(|id| of.centre.room(&id).cloned());
            named.or_else(|| bookable(&of.centre).next().cloned())
        });
        let has_room = Memo::new(move |_| store.view.with(|view| view.room.is_some()));
        // Where nobody chose a time, the next one that can be had when the form was opened: nothing moves by itself.
        let of = centre.clone();
        let opened = StoredValue::new(None::<(RoomId, LocalTime)>);
        let suggested = Memo::new(move |_| {
            let named = store
                .view
                .with(|view| view.day.is_some() || view.at.is_some());
            let room = room.get().filter(|_| !named)?;
            let kept = opened.get_value().filter(|(id, _)| *id == room.id);
            let start = match kept {
                Some((_, start)) => start,
                None => next_start(&of.centre, &room, of.local(store.clock.get_untracked())),
            };
            opened.set_value(Some((room.id, start)));
            Some(start)
        });
        let of = centre.clone();
        let day = Memo::new(move |_| match suggested.get() {
            Some(start) => start.date(),
            None => store.day(&of),
        });
        let of = centre.clone();
        let start = Memo::new(move |_| {
            let named = store.view.with(|view| view.at);
            let suggested = suggested.get().map(LocalTime::minute_of_day);
            named
                .or(suggested)
                .unwrap_or_else(|| bounds(&of.centre, day.get()).0)
        });
        let length = Memo::new(move |_| store.view.with(|view| view.length).unwrap_or(LENGTH));
        let of = centre.clone();
        let people = Memo::new(move |_| {
            let fewest = room
                .get()
                .map_or(1, |room| of.centre.rules_of(&room).fewest_people);
            match store.view.with(|view| view.needs.people) {
                0 => fewest,
                people => people,
            }
        });
        let purpose = Memo::new(move |_| store.view.with(|view| view.needs.purpose));
        let slot = Memo::new(move |_| Slot::lasting(day.get().at(start.get()), length.get()));
        let claims = Claims::new(centre);
        let (occupied, lines) = ask_occupancy(centre, day, move |one| claims.is_own(one));
        let history = ask_history(centre);
        let verdict = judge(
            centre,
            (lines, history),
            Memo::new(move |_| {
                let room = room.get().filter(|_| has_room.get())?;
                Some(Ask {
                    room: room.id,
                    slot: slot.get(),
                    people: people.get(),
                    purpose: purpose.get(),
                })
            }),
        );
        Self {
            centre: StoredValue::new(centre.clone()),
            room,
            has_room,
            day,
            start,
            length,
            people,
            purpose,
            slot,
            note: RwSignal::new(prefs::take_kept(NOTE)),
            occupied,
            lines,
            verdict,
            history,
            claims,
            asked: StoredValue::new(false),
        }
    }

    /// What the dates of a series have in common.
    pub(super) fn base(self) -> Base {
        Base {
            centre: self.centre,
            room: self.room,
            slot: self.slot,
            people: self.people,
            purpose: self.purpose,
            of_activity: false,
        }
    }

    pub(super) fn step(self) -> i64 {
        let rules = |room: Room| {
            self.centre
                .with_value(|centre| centre.centre.rules_of(&room).step)
        };
        i64::from(self.room.get_untracked().map_or(30, rules)).max(1)
    }
}

/// What all rooms do on the days around the chosen one, without what `is_own`, and why that is not known.
pub fn ask_occupancy(
    centre: &Arc<CentreView>,
    day: Memo<Date>,
    is_own: impl Fn(&Occupied) -> bool + Send + Sync + 'static,
) -> (Memo<Option<Trouble>>, Memo<Lines>) {
    let store = Store::get();
    // From the day before: what ends at midnight may stand against what begins then.
    let from = move || day.get().plus(-1);
    let version = store.version_in(move || Some((from(), from().plus(i64::from(DAYS)))));
    let id = centre.centre.id.clone();
    let taken: Memo<Loaded<_>> = query(
        move || Some(from()),
        move || version.get(),
        None,
        move |from| {
            let id = id.clone();
            async move { api::get::<GetOccupancy>(&(id, from, DAYS)).await }
        },
    );
    let of = centre.clone();
    let lines = Memo::new(move |_| {
        let week = taken.get()?.ok()?;
        let range = Slot::lasting(week.from.at(0), i64::from(week.days) * DAY);
        let others = week.taken.iter().filter(|one| !is_own(one)).cloned();
        let others: Vec<_> = others.collect();
        Some(Arc::new(availability(&of.centre, &others, range)))
    });
    (Memo::new(move |_| taken.get()?.err()), lines)
}

/// What counts of those for whom it is booked: of oneself, or of whoever staff act for.
pub fn ask_history(centre: &Arc<CentreView>) -> Memo<Arc<History>> {
    let store = Store::get();
    let of = centre.centre.id.clone();
    let id = of.clone();
    let mine = query(
        move || (store.signed_in() == Some(true)).then(|| store.acting()),
        move || store.version(),
        None,
        move |acting| of_whom::<ListMyBookings>(of.clone(), acting, |card| card.bookings),
    );
    let counts = centre.centre.rules.count_households();
    let of = StoredValue::new(centre.centre.id.clone());
    let household = query(
        move || {
            let asks = counts && store.signed_in() == Some(true) && store.acting().is_none();
            asks.then(|| of.get_value())
        },
        move || store.version(),
        None,
        |centre| async move { api::get::<GetHouseholdUse>(&centre).await },
    );
    Memo::new(move |_| {
        let mine = mine.get().and_then(Result::ok);
        let household = household.get().and_then(Result::ok).unwrap_or_default();
        let history = mine.map(|mine| history(&mine, &household, &id));
        Arc::new(history.unwrap_or_default())
    })
}

/// What the rules say of `ask`, with the bookings of whoever it is for.
fn judge(
    centre: &Arc<CentreView>,
    (lines, mine): (Memo<Lines>, Memo<Arc<History>>),
    ask: Memo<Option<Ask>>,
) -> Memo<Option<Verdict>> {
    let store = Store::get();
    let of = centre.clone();
    // Rules change by the minute at most.
    let now = store.minute(&of);
    Memo::new(move |_| {
        let lines = lines.get()?;
        let mine = mine.get();
        let asker = Asker {
            actor: store.actor(),
            acts: store.acting().is_some(),
        };
        verdict(&of.centre, (&lines, &mine), &asker, now.get(), &ask.get()?)
    })
}

/// Tells the server which rule stood against people who did not come to ask: it is never asked, and would count it.
pub(super) fn count_refusals(
    draft: Draft,
    centre: StoredValue<domain::id::CentreId>,
    refused_there: StoredValue<bool>,
) {
    let store = Store::get();
    let counted = StoredValue::new(Vec::new());
    Effect::new(move |_| {
        let rule = draft.verdict.with(|verdict| {
            let refusal = verdict.as_ref()?.decided.as_ref().err()?;
            Some(refusal.rule())
        });
        let known = store.me.with(Option::is_some);
        let at = draft.room.with_untracked(|room| {
            let room = room.as_ref()?.id.clone();
            Some(WantedAt::of(room, draft.slot.get_untracked().start()))
        });
        let new = |rule: &Rule| counted.with_value(|told| !told.contains(rule));
        let rule = rule.filter(|rule| known && draft.asked.get_value() && new(rule));
        let Some((rule, at)) = rule.zip(at) else {
            return;
        };
        counted.update_value(|told| told.push(rule));
        if refused_there.get_value() {
            refused_there.set_value(false);
            return;
        }
        // The page may be gone before the task begins.
        let id = centre.get_value();
        leptos::task::spawn_local(async move {
            // A count that is lost on the way is lost.
            let _ = api::send::<CountRefusal>(&id, &NewRefusal { rule, at }).await;
        });
    });
}
