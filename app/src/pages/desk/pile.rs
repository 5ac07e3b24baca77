//! The requests that wait, as cards that keep their places while they are known anew.

use std::collections::BTreeMap;

use domain::{
    api::CentreView,
    booking::{Booking, BookingState, group_rivals},
    id::{BookingId, PersonId},
};

/// The requests as they are known by their id, and the cards in the order in which they are shown.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Pile {
    pub(super) known: BTreeMap<BookingId, Booking>,
    pub(super) used: BTreeMap<PersonId, u16>,
    pub(super) no_shows: BTreeMap<PersonId, u16>,
    pub(super) cards: Vec<Vec<BookingId>>,
}

impl Pile {
    /// Takes in what the server says. Cards keep their places and what is over stays on them; what is new comes last, and
    /// requests that turn out to be rivals of a card join it.
    pub(super) fn update(&mut self, centre: &CentreView, requests: &[Booking]) {
        for group in group_rivals(&centre.centre, requests) {
            let ids: Vec<BookingId> = group.iter().map(|one| one.id.clone()).collect();
            let card = self
                .cards
                .iter_mut()
                .find(|card| card.iter().any(|id| ids.contains(id)));
            match card {
                Some(card) => {
                    let new: Vec<_> = ids.into_iter().filter(|id| !card.contains(id)).collect();
                    card.extend(new);
                }
                None => self.cards.push(ids),
            }
        }
        let is_there = |id: &BookingId| requests.iter().any(|one| one.id == *id);
        for (id, one) in &mut self.known {
            if !is_there(id) && one.state == BookingState::Requested {
                // Decided elsewhere, or withdrawn: which of them is not known here.
                one.state = BookingState::Undone;
            }
            one.decision_until = None;
        }
        for one in requests {
            self.known.insert(one.id.clone(), one.clone());
        }
    }

    /// The requests of a card, those that were asked for together beside each other.
    pub(super) fn list_asks(&self, first: &BookingId) -> Vec<Vec<BookingId>> {
        let card = self.cards.iter().find(|card| card.first() == Some(first));
        let mut asks: Vec<Vec<BookingId>> = Vec::new();
        for id in card.into_iter().flatten() {
            let Some(one) = self.known.get(id) else {
                continue;
            };
            let is_with = |ask: &&mut Vec<BookingId>| {
                let other = ask.first().and_then(|id| self.known.get(id));
                other.is_some_and(|other| one.is_asked_with(other))
            };
            match asks.iter_mut().find(is_with) {
                Some(ask) => ask.push(id.clone()),
                None => asks.push(vec![id.clone()]),
            }
        }
        asks
    }

    /// The one that stands for those that were asked for together: the first that waits, else what was decided last.
    pub(super) fn find_lead(&self, ids: &[BookingId]) -> Option<&Booking> {
        let known = || ids.iter().filter_map(|id| self.known.get(id));
        let waits = known().find(|one| one.state == BookingState::Requested);
        waits.or_else(|| known().max_by_key(|one| one.decision_until))
    }

    /// Takes in what became of one, and of those that were asked for and decided with it.
    pub(super) fn decide(&mut self, ids: &[BookingId], before: &Booking, now: Booking) {
        for id in ids {
            let Some(one) = self.known.get_mut(id) else {
                continue;
            };
            if (one.state, one.decision_until) == (before.state, before.decision_until) {
                (one.state, one.decision_until) = (now.state, now.decision_until);
            }
        }
        self.known.insert(now.id.clone(), now);
    }

    /// Puts away the cards on which nothing waits and nothing can be taken back.
    pub(super) fn tidy(&mut self, requests: &[Booking]) {
        self.cards.retain(|card| {
            card.iter()
                .any(|id| requests.iter().any(|one| one.id == *id))
        });
        let cards = &self.cards;
        self.known
            .retain(|id, _| cards.iter().any(|card| card.contains(id)));
    }
}
