//! Admission to a place list: who may be on it, and whether there is a place.

use super::{SignUpState, refusal::SignUpRefusal};
use crate::{
    activity::{Audience, left_for_new},
    booking::UNDO_MINUTES,
    language::Name,
    person::age::{age_on, needs_consent},
    time::{Date, LocalTime, Slot, Stamp},
};

/// What is known of a person who is to be signed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Their name.
    pub name: String,
    /// Their birth date, if it is known.
    pub birth: Option<Date>,
    /// They are on the list already.
    pub already: bool,
    /// What they have at other times: confirmed bookings, and places.
    pub busy: Vec<(Slot, Name)>,
    /// Their guardian has agreed.
    pub consent: bool,
}

/// What is asked of everybody on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// For whom.
    pub audience: Audience,
    /// The sessions that the place is for; never empty.
    pub sessions: Vec<Slot>,
}

/// Decides whether somebody may be on the list. Whether there is a place for them is another question.
///
/// # Errors
/// The first rule that stands against it.
pub fn admit(terms: &Terms, candidate: &Candidate, now: LocalTime) -> Result<(), SignUpRefusal> {
    let name = || candidate.name.clone();
    let Some(first) = terms.sessions.first() else {
        return Err(SignUpRefusal::NotOn);
    };
    if first.start() <= now {
        return Err(SignUpRefusal::Begun { at: first.start() });
    }
    if candidate.already {
        return Err(SignUpRefusal::Already { name: name() });
    }
    let age = candidate
        .birth
        .map(|birth| age_on(birth, first.start().date()));
    match age {
        None if !terms.audience.is_open() => {
            return Err(SignUpRefusal::NoBirthDate { name: name() });
        }
        Some(age) if !terms.audience.takes(age) => {
            return Err(match (terms.audience.from_age, terms.audience.to_age) {
                (Some(from_age), _) if age < from_age => SignUpRefusal::TooYoung {
                    name: name(),
                    from_age,
                    age,
                },
                (_, to_age) => SignUpRefusal::TooOld {
                    name: name(),
                    to_age: to_age.unwrap_or_default(),
                    age,
                },
            });
        }
        _ => {}
    }
    if needs_consent(candidate.birth, now.date()) && !candidate.consent {
        return Err(SignUpRefusal::ConsentNeeded { name: name() });
    }
    let clash = terms
        .sessions
        .iter()
        .find_map(|slot| candidate.busy.iter().find(|(busy, _)| busy.overlaps(*slot)));
    match clash {
        Some((slot, what)) => Err(SignUpRefusal::Clash {
            name: name(),
            what: what.clone(),
            from: slot.start(),
            until: slot.end(),
        }),
        None => Ok(()),
    }
}

/// What becomes of people who may be on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placing {
    /// Everybody has a place.
    Confirmed,
    /// Everybody waits.
    Waitlisted,
}

/// Places a party: all of it or none. Nobody overtakes those who wait.
///
/// ```
/// use domain::sign_up::admission::{Placing, place};
///
/// assert_eq!(place(3, 0, 2, false), Ok(Placing::Confirmed));
/// // A place is left, but somebody waits for more of them.
/// assert_eq!(place(1, 2, 1, true), Ok(Placing::Waitlisted));
/// assert!(place(1, 0, 2, false).is_err());
/// ```
///
/// # Errors
/// When there are too few places and they would rather not wait.
pub fn place(left: u16, waiting: u16, party: u16, wait: bool) -> Result<Placing, SignUpRefusal> {
    let left = left_for_new(left, waiting);
    match (party <= left, wait) {
        (true, _) => Ok(Placing::Confirmed),
        (false, true) => Ok(Placing::Waitlisted),
        (false, false) => Err(SignUpRefusal::Full { left, asked: party }),
    }
}

/// Whether a sign-up that can be undone `until` then still can at `now`, in seconds UTC.
///
/// # Errors
/// When it has ended, or ten minutes are over.
pub fn undo(state: SignUpState, until: Stamp, now: i64) -> Result<(), SignUpRefusal> {
    if !state.is_live() {
        return Err(SignUpRefusal::Over);
    }
    if now > until.utc() {
        return Err(SignUpRefusal::UndoTooLate {
            minutes: UNDO_MINUTES,
        });
    }
    Ok(())
}

/// Whether somebody can still withdraw: until the session ends for those who wait, until it begins for the others.
///
/// # Errors
/// When it has ended or begun.
pub fn withdraw(state: SignUpState, start: LocalTime, now: LocalTime) -> Result<(), SignUpRefusal> {
    if !state.is_live() {
        return Err(SignUpRefusal::Over);
    }
    if start <= now && state.holds() {
        return Err(SignUpRefusal::Begun { at: start });
    }
    Ok(())
}
