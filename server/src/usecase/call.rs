//! Context of a use case: actor, session, time, centres, channel.

use std::{cell::Cell, sync::Arc};

use domain::{
    id::{PersonId, SessionId},
    person::{behalf::Channel, permission::Actor},
    problem::Problem,
};

use crate::{
    db::{Fault, Row},
    usecase::centre::known::Centres,
};

/// Sorts rows by their column `starts_at`. Asked to sort, the database would look for the rows in that order, and
/// read all bookings of a centre for a handful.
pub(crate) fn by_start(rows: &mut [Row]) -> Result<(), Fault> {
    for row in rows.iter() {
        row.get::<i64>("starts_at")?;
    }
    rows.sort_by_key(|row| row.get::<i64>("starts_at").unwrap_or_default());
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
    pub centres: Arc<Centres>,
    /// How the person for whom staff act reached the house, as far as they said so.
    pub channel: Option<Channel>,
    /// What is asked for stands on the page already, as it was a moment ago.
    pub again: bool,
    /// An entry of the audit log was written: whatever changes something must leave one.
    pub noted: Cell<bool>,
}

impl Call {
    /// A call by somebody.
    pub fn new(
        (actor, session): (Actor, Option<SessionId>),
        now_ms: i64,
        centres: &Arc<Centres>,
    ) -> Self {
        Self {
            actor,
            session,
            now_ms,
            centres: Arc::clone(centres),
            channel: None,
            again: false,
            noted: Cell::default(),
        }
    }

    /// For somebody who reached the house by a channel.
    #[must_use]
    pub fn by(self, channel: Option<Channel>) -> Self {
        Self { channel, ..self }
    }

    /// Nothing was there to be changed, so there is nothing to be noted.
    pub fn unchanged(&self) {
        self.noted.set(true);
    }

    /// A call by nobody: what happens by itself, and what is the same for everybody.
    pub fn nobody(now_ms: i64, centres: &Arc<Centres>) -> Self {
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
