//! Booking refusals: the rule that a booking violates, with its figures.

use serde::{Deserialize, Serialize};

use crate::{
    centre::{availability::Why, rules::Who},
    language::Name,
    time::{Date, LocalTime, Slot},
};

/// Why a room cannot be booked like that, with the figures that a person needs to understand it.
/// Its sentence is made by [`crate::text`].
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the sentences in the catalogue explain the figures"
)]
pub enum Refusal {
    /// Nobody books this room: one just comes.
    DropIn,
    /// Only staff use this room.
    StaffOnly,
    /// Only some people may book this room.
    NotForYou { who: Who },
    /// The end is not after the start.
    EndBeforeStart,
    /// The clocks go forward over this time: it does not exist.
    NoSuchTime { at: LocalTime },
    /// The start has passed.
    Past { now: LocalTime },
    /// Starts or ends off the step, in minutes.
    OffStep { step: u16 },
    /// Shorter than allowed, in minutes.
    TooShort { shortest: u16, asked: i64 },
    /// Longer than allowed, in minutes.
    TooLong { longest: u16, asked: i64 },
    /// Later than one may book.
    TooFarAhead { days: u16, last: Date },
    /// Sooner than one may book, in minutes.
    TooSoon { notice: u16 },
    /// The house or the room is not open then.
    OutsideHours { date: Date, open: Vec<Opening> },
    /// The room is out of use.
    Closed { reason: Name, until: LocalTime },
    /// Somebody has it, set-up and clearing away included.
    Taken {
        from: LocalTime,
        until: LocalTime,
        buffer: u16,
    },
    /// Somebody else decides whether they take it.
    Held { until: LocalTime },
    /// Another date of the same series stands there.
    OwnDate { at: LocalTime },
    /// More people than fit.
    TooManyPeople { most: u16, asked: u16 },
    /// Fewer people than the room is for.
    TooFewPeople { fewest: u16, asked: u16 },
    /// As many bookings to come as one may have.
    OpenBookings { most: u16, have: u16 },
    /// As long in one week as one may have this room, in minutes.
    WeekQuota { most: u16, have: i64, asked: i64 },
    /// As many bookings to come as the members of one household may have together.
    HouseholdBookings { most: u16, have: u16 },
    /// As long in one week as the members of one household may have this room together, in minutes.
    HouseholdWeek { most: u16, have: i64, asked: i64 },
    /// As long in one month as one may have this room, in minutes.
    MonthQuota { most: u16, have: i64, asked: i64 },
    /// Nobody came as often as the house bears; the day from which one may book again.
    NoShows { have: u16, until: Date },
    /// Nobody is checked in that long before the start.
    CheckInTooEarly { from: LocalTime },
    /// Too late to cancel, in minutes before the start.
    CancelTooLate { notice: u16, deadline: LocalTime },
    /// The time to undo is over, in minutes after booking.
    UndoTooLate { minutes: u16 },
    /// As many slots as one may wait for at once.
    Waits { most: u16 },
    /// Nobody has it: there is nothing to wait for.
    NotTaken,
    /// They have it themselves.
    Yours,
    /// It was kept for them once, and they did not take it.
    OfferedBefore,
    /// Nothing can be done with a booking that has ended like this.
    Over,
    /// It is so already.
    NothingChanged,
    /// Fewer places than people hold.
    PlacesHeld { held: u16 },
}

impl Refusal {
    /// A clash, as people are told of it; `buffer` is how many minutes around a booking the room takes.
    pub fn clash(why: Why, buffer: u16) -> Self {
        match why {
            Why::Closed { reason, until } => Self::Closed { reason, until },
            Why::Taken { slot } => Self::Taken {
                from: slot.start(),
                until: slot.end(),
                buffer,
            },
            Why::Held { until, .. } => Self::Held { until },
        }
    }

    /// What of a slot breaks the rule, where the rule is about a time of the day: `now` is the house's.
    pub fn breaks(&self, slot: Slot, now: LocalTime) -> Option<Slot> {
        let before = |moment: LocalTime| Slot::new(slot.start(), moment.min(slot.end()));
        match self {
            Self::Past { now } => before(*now),
            Self::TooSoon { notice } => before(now.plus(i64::from(*notice))),
            Self::TooLong { longest, .. } => {
                Slot::new(slot.start().plus(i64::from(*longest)), slot.end())
            }
            Self::OutsideHours { open, .. } => {
                // The first minute that is not open, up to the next opening.
                let mut from = slot.start();
                for opening in open {
                    if opening.from <= from {
                        from = from.max(opening.until);
                    } else {
                        return Slot::new(from, opening.from.min(slot.end()));
                    }
                }
                Slot::new(from, slot.end())
            }
            Self::Taken {
                from,
                until,
                buffer,
            } => {
                let theirs = Slot::new(*from, *until)?.padded(*buffer, *buffer);
                theirs.and(slot)
            }
            Self::OffStep { .. }
            | Self::TooShort { .. }
            | Self::Held { .. }
            | Self::NoSuchTime { .. } => Some(slot),
            _ => None,
        }
    }

    /// True where others have the room, now or soon: one can wait for it.
    pub fn can_be_waited_for(&self) -> bool {
        matches!(self, Self::Taken { .. } | Self::Held { .. })
    }
}

/// A stretch of a day's opening, on the wire.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Opening.
    pub from: LocalTime,
    /// Closing.
    pub until: LocalTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(clock: &str) -> LocalTime {
        LocalTime::parse(&format!("2026-11-26T{clock}")).unwrap()
    }

    #[test]
    fn a_rule_is_broken_where_it_lies() {
        let slot = Slot::new(at("10:00"), at("13:00")).unwrap();
        let lies = |refusal: Refusal| {
            let piece = refusal.breaks(slot, at("09:30"));
            piece.map(|piece| format!("{}-{}", piece.start().clock(), piece.end().clock()))
        };
        let opening = |from: &str, until: &str| Opening {
            from: at(from),
            until: at(until),
        };
        let date = slot.start().date();
        let outside = |open| lies(Refusal::OutsideHours { date, open });
        assert_eq!(outside(vec![]), Some("10:00-13:00".to_owned()));
        let morning = vec![opening("08:00", "12:00"), opening("14:00", "20:00")];
        assert_eq!(outside(morning), Some("12:00-13:00".to_owned()));
        let late = vec![opening("10:30", "20:00")];
        assert_eq!(outside(late), Some("10:00-10:30".to_owned()));
        let taken = Refusal::Taken {
            from: at("12:00"),
            until: at("14:00"),
            buffer: 15,
        };
        assert_eq!(lies(taken), Some("11:45-13:00".to_owned()));
        let long = Refusal::TooLong {
            longest: 120,
            asked: 180,
        };
        assert_eq!(lies(long), Some("12:00-13:00".to_owned()));
        assert_eq!(
            lies(Refusal::TooSoon { notice: 60 }),
            Some("10:00-10:30".to_owned())
        );
        assert_eq!(lies(Refusal::OpenBookings { most: 3, have: 3 }), None);
    }
}
