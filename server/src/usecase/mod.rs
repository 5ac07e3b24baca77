//! One function is one use case is one transaction. SQL stands here, in plain sight, and nowhere else.

pub mod activity;
pub mod attendance;
pub mod audit;
pub mod booking;
pub mod centre;
pub mod club;
pub mod family;
pub mod figures;
pub mod house;
pub mod idempotency;
pub mod inbox;
pub mod people;
pub mod person;
pub mod place_list;
pub mod sign_in;
pub mod sign_up;

use std::{cell::Cell, sync::Arc};

use domain::{
    booking::Channel,
    id::{PersonId, SessionId},
    permission::Actor,
    problem::Problem,
};

use crate::db::{Fault, Row};

/// Sorts rows by a time in one of their columns. Asked to sort, the database would look for the rows in that order, and
/// read all bookings of a centre for a handful.
fn by_start(rows: &mut [Row], column: usize) -> Result<(), Fault> {
    for row in rows.iter() {
        row.get::<i64>(column)?;
    }
    rows.sort_by_key(|row| row.get::<i64>(column).unwrap_or_default());
    Ok(())
}

/// Who calls, when, and with what at hand. No use case runs without one.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who acts.
    pub actor: Actor,
    /// The session they act in.
    pub session: Option<SessionId>,
    /// Milliseconds UTC.
    pub now_ms: i64,
    /// The centres, as far as they are known.
    pub centres: Arc<centre::Centres>,
    /// How the person for whom staff act reached the house, as far as they said so.
    pub channel: Option<Channel>,
    /// An entry of the audit log was written: whatever changes something must leave one.
    pub noted: Cell<bool>,
}

impl Call {
    /// A call by somebody.
    pub fn new(
        (actor, session): (Actor, Option<SessionId>),
        now_ms: i64,
        centres: &Arc<centre::Centres>,
    ) -> Self {
        Self {
            actor,
            session,
            now_ms,
            centres: Arc::clone(centres),
            channel: None,
            noted: Cell::default(),
        }
    }

    /// For somebody who reached the house by a channel.
    pub fn by(self, channel: Option<Channel>) -> Self {
        Self { channel, ..self }
    }

    /// Nothing was there to be changed, so there is nothing to be noted.
    pub fn unchanged(&self) {
        self.noted.set(true);
    }

    /// A call by nobody: what happens by itself, and what is the same for everybody.
    pub fn nobody(now_ms: i64, centres: &Arc<centre::Centres>) -> Self {
        Self::new(Default::default(), now_ms, centres)
    }

    /// Seconds UTC.
    pub fn now(&self) -> i64 {
        self.now_ms / 1000
    }

    /// The person who acts.
    ///
    /// # Errors
    /// For a visitor.
    pub fn person(&self) -> Result<&PersonId, Problem> {
        self.actor.person.as_ref().ok_or(Problem::NotSignedIn)
    }

    /// Refuses what the actor may not do: visitors are asked to sign in.
    ///
    /// # Errors
    /// Unless `may`.
    pub fn need(&self, may: bool) -> Result<(), Problem> {
        match (may, &self.actor.person) {
            (true, _) => Ok(()),
            (false, None) => Err(Problem::NotSignedIn),
            (false, Some(_)) => Err(Problem::NotAllowed),
        }
    }
}
