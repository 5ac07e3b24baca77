//! Series of bookings: the dates of a recurrence, each decided by the rules as if those before it were booked, before any is saved.

use serde::{Deserialize, Serialize};

use super::{
    admission::{Admission, Ask, History, Own, Situation},
    refusal::Refusal,
};
use crate::{
    centre::availability::Timeline,
    id::{BookingId, RoomId},
    recurrence::Recurrence,
    time::{Date, LocalTime, Slot},
};

/// A date of a series that is another than the rest.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// The date, as the recurrence has it.
    pub on: Date,
    /// Where and when instead; none where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Place>,
}

/// A room and a time on the wall of its centre.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The room.
    pub room: RoomId,
    /// Start.
    pub start: LocalTime,
    /// End.
    pub end: LocalTime,
}

/// One date of a series as it is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The date, as the recurrence has it.
    pub on: Date,
    /// The room.
    pub room: RoomId,
    /// The time; none where the end is not after the start.
    pub slot: Option<Slot>,
}

/// The dates that are wanted, in order: those of the recurrence, with its exceptions.
pub fn want(
    rule: &Recurrence,
    first: Slot,
    room: &RoomId,
    exceptions: &[Exception],
) -> Vec<Wanted> {
    let date = |on: Date| {
        let shift = (on.days() - first.start().date().days()) * crate::time::DAY;
        let usual = || Wanted {
            on,
            room: room.clone(),
            slot: Some(first.shifted(shift)),
        };
        let Some(exception) = exceptions.iter().find(|one| one.on == on) else {
            return Some(usual());
        };
        exception.instead.as_ref().map(|place| Wanted {
            on,
            room: place.room.clone(),
            slot: Slot::new(place.start, place.end),
        })
    };
    let dates = rule.dates(first.start().date());
    dates.into_iter().filter_map(date).collect()
}

/// Whether the dates of a series count in the quotas of whoever has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotas {
    /// A person's own.
    Counted,
    /// A club's sessions.
    Free,
}

/// Most alternatives of a date.
pub const MOST_ALTERNATIVES: usize = 3;

/// For how many dates alternatives are looked for: a series of which more cannot be had is better begun anew.
pub const MOST_MENDED: usize = 40;

impl Refusal {
    /// Whether another time or room on the same day could help.
    pub fn is_of_place(&self) -> bool {
        matches!(
            self,
            Self::Taken { .. }
                | Self::Held { .. }
                | Self::OwnDate { .. }
                | Self::Closed { .. }
                | Self::OutsideHours { .. }
                | Self::NoSuchTime { .. }
                | Self::TooManyPeople { .. }
        )
    }
}

/// A date of a series that can be had.
struct Had {
    room: RoomId,
    start: LocalTime,
    /// With the time to set up and to clear away.
    padded: Slot,
}

impl Situation<'_> {
    /// Decides about the dates of a series in order, each as if those before it were booked. `find` gives the timeline of a room
    /// over all of them, `skipped` the moment of a slot that the clocks skip. Sessions of an activity count in no quotas.
    pub fn decide_series<'a>(
        &self,
        wanted: &[Wanted],
        (ask, quotas): (&Ask, Quotas),
        find: impl Fn(&RoomId) -> Option<&'a Timeline>,
        skipped: impl Fn(Slot) -> Option<LocalTime>,
    ) -> Vec<Result<Admission, Refusal>> {
        let mut history: History = self.history.clone();
        let mut had: Vec<Had> = Vec::new();
        let mut decided = Vec::with_capacity(wanted.len());
        for one in wanted {
            let alone = || {
                let slot = one.slot.ok_or(Refusal::EndBeforeStart)?;
                if let Some(at) = skipped(slot) {
                    return Err(Refusal::NoSuchTime { at });
                }
                let room = self.centre.room(&one.room).ok_or(Refusal::StaffOnly)?;
                let line = find(&one.room).ok_or(Refusal::StaffOnly)?;
                let ask = Ask {
                    room: one.room.clone(),
                    slot,
                    ..ask.clone()
                };
                let situation = Situation {
                    history: &history,
                    ..*self
                };
                let admission = situation.decide(room, line, &ask)?;
                let rules = self.centre.rules_of(room);
                let had_here = Had {
                    room: one.room.clone(),
                    start: slot.start(),
                    padded: slot.padded(rules.buffer_before, rules.buffer_after),
                };
                self.clash_with(&had, &had_here).map_or(Ok(()), Err)?;
                Ok((admission, slot, had_here))
            };
            decided.push(alone().map(|(admission, slot, had_here)| {
                had.push(had_here);
                if quotas == Quotas::Counted {
                    history.own.push(Own {
                        booking: BookingId::default(),
                        room: one.room.clone(),
                        slot,
                    });
                }
                admission
            }));
        }
        decided
    }

    /// What of the series itself stands against another date of it.
    fn clash_with(&self, had: &[Had], wanted: &Had) -> Option<Refusal> {
        let mut at_once = had
            .iter()
            .filter(|other| other.padded.overlaps(wanted.padded))
            .peekable();
        at_once.peek()?;
        let sharing = self.centre.sharing(&wanted.room);
        let other = at_once.find(|other| sharing.contains(&&other.room))?;
        Some(Refusal::OwnDate { at: other.start })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        centre::availability::availability, person::permission::Actor, samples::house, time::DAY,
    };

    fn at(text: &str) -> LocalTime {
        LocalTime::parse(text).unwrap()
    }

    fn decide(rule: &str, exceptions: &[Exception]) -> Vec<Result<Admission, Refusal>> {
        let mut centre = house();
        centre.rules.open_bookings = 3;
        centre.rules.ahead_days = 60;
        let actor = Actor {
            person: Some("me".into()),
            roles: Vec::new(),
        };
        let history = History::default();
        let situation = Situation {
            centre: &centre,
            actor: &actor,
            history: &history,
            now: at("2026-11-23T08:00"),
        };
        let first = Slot::lasting(at("2026-11-23T18:00"), 60);
        let lines = availability(
            &centre,
            &[],
            Slot::lasting(at("2026-11-22T00:00"), 90 * DAY),
        );
        let rule = Recurrence::parse(rule).unwrap();
        let wanted = want(&rule, first, &"study".into(), exceptions);
        let ask = Ask {
            room: "study".into(),
            slot: first,
            people: 2,
            purpose: None,
        };
        situation.decide_series(
            &wanted,
            (&ask, Quotas::Counted),
            |room| lines.iter().find(|line| line.room == *room),
            |_| None,
        )
    }

    #[test]
    fn each_date_counts_in_the_quotas_of_those_after_it() {
        let decided = decide("FREQ=WEEKLY;BYDAY=MO;COUNT=4", &[]);
        assert!(decided[..3].iter().all(Result::is_ok), "{decided:?}");
        assert_eq!(decided[3], Err(Refusal::OpenBookings { most: 3, have: 3 }));
        // What is left out counts nowhere.
        let left_out = Exception {
            on: Date::parse("2026-11-30").unwrap(),
            instead: None,
        };
        let decided = decide("FREQ=WEEKLY;BYDAY=MO;COUNT=4", &[left_out]);
        assert_eq!(decided.len(), 3);
        assert!(decided.iter().all(Result::is_ok));
    }

    #[test]
    fn dates_of_a_series_stand_in_each_others_way() {
        let moved = Exception {
            on: Date::parse("2026-11-30").unwrap(),
            instead: Some(Place {
                room: "study".into(),
                start: at("2026-11-23T18:30"),
                end: at("2026-11-23T19:30"),
            }),
        };
        let decided = decide("FREQ=WEEKLY;BYDAY=MO;COUNT=2", &[moved]);
        assert!(decided[0].is_ok());
        assert!(
            matches!(decided[1], Err(Refusal::OwnDate { .. })),
            "{decided:?}"
        );
    }
}
