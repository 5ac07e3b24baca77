//! Claims of whoever has the booking form open: the slot that is held for them, and those they wait for.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{
    api::{CentreView, ListMyWaits, WantedSlot},
    booking::waitlist::{Wait, WaitState},
    centre::availability::{Occupation, Occupied},
    id::RoomId,
    time::{Slot, Stamp},
};
use leptos::prelude::*;

use crate::{pages::desk::acting::of_whom, query::query, store::Store};

/// What one holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) room: RoomId,
    pub(super) slot: Slot,
    /// Until when.
    pub(super) until: Stamp,
}

/// What the server is to hold, and what it was told last.
#[derive(Debug, Default)]
struct Told {
    wanted: Option<(WantedSlot, bool)>,
    last: Option<(WantedSlot, bool)>,
    /// The server holds what it was told.
    held: bool,
    busy: bool,
}

/// What the server is told of one form, one thing after the other: it outlives the form, so that the last of it is let go.
#[derive(Debug, Default)]
pub(super) struct Line(Mutex<Told>);

impl Line {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is wanted from now on; the slot with whether it is free for others to see.
    pub(super) fn want(&self, wanted: Option<(WantedSlot, bool)>) {
        self.told().wanted = wanted;
    }

    /// True for whoever is to tell the server: nobody does yet.
    pub(super) fn begin(&self) -> bool {
        !std::mem::replace(&mut self.told().busy, true)
    }

    /// What the server is to be told next; nothing once it is told, or holds it already.
    pub(super) fn next(&self) -> Option<Option<(WantedSlot, bool)>> {
        let mut told = self.told();
        let same = |one: &Option<(WantedSlot, bool)>, other: &Option<(WantedSlot, bool)>| {
            one.as_ref().map(|one| &one.0) == other.as_ref().map(|other| &other.0)
        };
        let holds = told.held && same(&told.wanted, &told.last);
        let nothing = told.wanted.is_none() && !told.held;
        if told.wanted == told.last || holds || nothing {
            let wanted = told.wanted.clone();
            told.last = wanted;
            told.busy = false;
            return None;
        }
        let wanted = told.wanted.clone();
        told.last.clone_from(&wanted);
        Some(wanted)
    }

    /// What came of it.
    pub(super) fn note_held(&self, held: bool) {
        self.told().held = held;
    }

    /// Nothing is held any more.
    pub(super) fn forget(&self) {
        let mut told = self.told();
        (told.wanted, told.last, told.held) = (None, None, false);
    }
}

/// How many of the slots that were asked for last count as one's own: the page learns later than the server what is let go.
const RECENT: usize = 3;

/// What is kept for whoever has the form open, and what they wait for.
#[derive(Clone, Copy)]
pub(super) struct Claims {
    pub(super) held: RwSignal<Option<Held>>,
    recent: RwSignal<Vec<(RoomId, Slot)>>,
    pub(super) waits: Memo<Arc<Vec<Wait>>>,
    pub(super) line: StoredValue<Arc<Line>>,
}

impl Claims {
    pub(super) fn new(centre: &Arc<CentreView>) -> Self {
        let store = Store::get();
        let of = centre.centre.id.clone();
        let here = of.clone();
        let mine = query(
            move || (store.signed_in() == Some(true)).then(|| store.acting()),
            move || store.version(),
            None,
            move |acting| of_whom::<ListMyWaits>(of.clone(), acting, |card| card.waits),
        );
        let waits = Memo::new(move |_| {
            let mine = mine.get().and_then(Result::ok).unwrap_or_default();
            let mine = mine.iter().filter(|wait| wait.centre == here);
            Arc::new(mine.cloned().collect::<Vec<_>>())
        });
        Self {
            held: RwSignal::new(None),
            recent: RwSignal::new(Vec::new()),
            waits,
            line: StoredValue::new(Arc::default()),
        }
    }

    /// It is about to be held: others are told at once, and this page as well.
    pub(super) fn note_asked(self, room: &RoomId, slot: Slot) {
        self.recent.try_update(|recent| {
            recent.retain(|one| *one != (room.clone(), slot));
            recent.push((room.clone(), slot));
            if recent.len() > RECENT {
                recent.remove(0);
            }
        });
    }

    /// Until when the server holds it; where it does not, somebody else may.
    pub(super) fn note_held(self, room: &RoomId, slot: Slot, until: Option<Stamp>) {
        if until.is_none() {
            self.recent
                .try_update(|recent| recent.retain(|one| *one != (room.clone(), slot)));
        }
        self.held.try_set(until.map(|until| Held {
            room: room.clone(),
            slot,
            until,
        }));
    }

    /// Whether it is kept for them: it does not stand against what they choose.
    pub(super) fn is_own(self, one: &Occupied) -> bool {
        if !matches!(one.by, Occupation::Held { .. }) {
            return false;
        }
        let is_it = |(room, slot): &(RoomId, Slot)| *room == one.room && Some(*slot) == one.slot();
        let held = self.recent.with(|recent| recent.iter().any(is_it));
        held || self.waits.with(|waits| {
            let offered = |wait: &Wait| {
                wait.state == WaitState::Offered
                    && wait.room == one.room
                    && Some(wait.slot()) == one.slot()
            };
            waits.iter().any(offered)
        })
    }
}
