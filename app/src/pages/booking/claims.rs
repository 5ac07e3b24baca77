//! Claims of whoever has the booking form open: the slot that is held for them, and those they wait for.

use std::sync::Arc;

use domain::{
    api::{CentreView, ListMyWaits},
    booking::waitlist::{Wait, WaitState},
    centre::availability::{Occupation, Occupied},
    id::RoomId,
    time::{Slot, Stamp},
};
use leptos::prelude::*;

use crate::{pages::desk::acting::of_whom, query::query, store::Store};

/// What one holds, or is about to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) room: RoomId,
    pub(super) slot: Slot,
    /// Until when; none as long as the server has not said so.
    pub(super) until: Option<Stamp>,
}

/// What is kept for whoever has the form open, and what they wait for.
#[derive(Clone, Copy)]
pub(super) struct Claims {
    pub(super) held: RwSignal<Option<Held>>,
    pub(super) waits: Memo<Arc<Vec<Wait>>>,
}

impl Claims {
    pub(super) fn new(centre: &Arc<CentreView>) -> Self {
        let store = Store::get();
        let of = centre.centre.id.clone();
        let mine = query(
            move || (store.signed_in() == Some(true)).then(|| store.acting()),
            move || store.version(),
            None,
            move |acting| of_whom::<ListMyWaits>(of.clone(), acting, |card| card.waits),
        );
        let waits = Memo::new(move |_| mine.get().and_then(Result::ok).unwrap_or_default());
        Self {
            held: RwSignal::new(None),
            waits,
        }
    }

    /// Whether it is kept for them: it does not stand against what they choose.
    pub(super) fn is_own(self, one: &Occupied) -> bool {
        if !matches!(one.by, Occupation::Held { .. }) {
            return false;
        }
        let held = self.held.with(|held| {
            let held = held.as_ref();
            held.is_some_and(|held| held.room == one.room && Some(held.slot) == one.slot())
        });
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
