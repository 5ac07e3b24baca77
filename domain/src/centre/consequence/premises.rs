//! A centre with what is out of use in it, and what stands against a booking there.

use serde::{Deserialize, Serialize};

use crate::{
    centre::{Centre, closure::Closure, hours::open_slots, room::UseMode},
    id::{BookingId, RoomId},
    language::Name,
    time::{DAY, LocalTime, Slot},
};

/// A booking to come, as far as a change of its centre concerns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub booking: BookingId,
    /// Its room, after the change.
    pub room: RoomId,
    /// Its time on the wall before the change.
    pub before: Slot,
    /// Its time on the wall after the change: another where the zone is another, or where it is moved.
    pub after: Slot,
    /// How many people, after the change.
    pub people: u16,
}

/// Why a booking would stand outside. Its sentence is made by [`crate::text`].
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the sentences in the catalogue explain the figures"
)]
pub enum Outside {
    /// Its room is gone.
    RoomGone,
    /// Its room is no longer booked.
    NotBooked,
    /// The house or the room is closed on that day.
    Closed { reason: Name },
    /// The room, or what shares floor with it, is out of use.
    OutOfUse { reason: Name, until: LocalTime },
    /// The house or the room is not open all the time.
    OutsideHours,
    /// Fewer people may be in the room.
    TooMany { most: u16 },
    /// It would be at another time on the wall.
    OtherTime { was: LocalTime, is: LocalTime },
    /// Somebody else has the room, set-up and clearing away included.
    Taken { from: LocalTime, until: LocalTime },
    /// The clocks go forward over that time: it does not exist.
    NoSuchTime { at: LocalTime },
}

/// A centre with what is out of use in it, as it is or as it would be.
#[derive(Clone, Copy, Debug)]
pub struct Premises<'a> {
    /// The centre.
    pub centre: &'a Centre,
    /// What is out of use.
    pub closures: &'a [Closure],
}

impl Premises<'_> {
    /// Why a booking does not fit, the weightiest first; nothing where it does.
    pub fn outside(self, room: &RoomId, slot: Slot, people: u16) -> Option<Outside> {
        self.all_outside(room, slot, people).into_iter().next()
    }

    /// All that stands against a booking: one reason that people know of must not hide another.
    pub(super) fn all_outside(self, room: &RoomId, slot: Slot, people: u16) -> Vec<Outside> {
        let centre = self.centre;
        let Some(room) = centre.room(room) else {
            return vec![Outside::RoomGone];
        };
        let mut all = Vec::new();
        if room.use_mode == UseMode::DropIn {
            all.push(Outside::NotBooked);
        }
        let sharing = centre.sharing(&room.id);
        let meets = |one: &&Closure| {
            sharing.contains(&&one.room) && one.slot().is_some_and(|closed| closed.overlaps(slot))
        };
        let closed = self.closures.iter().filter(meets);
        all.extend(closed.map(|closure| Outside::OutOfUse {
            reason: closure.reason.clone(),
            until: closure.end,
        }));
        let first = slot.start().date();
        let days = slot.end().date().days() - first.days() + 1;
        let open = open_slots(
            &centre.hours,
            room.hours.as_ref(),
            Slot::lasting(first.at(0), days * DAY),
        );
        if !open.iter().any(|open| open.covers(slot)) {
            let hours = room.hours.as_ref().unwrap_or(&centre.hours);
            let special = centre.hours.special(first).or(hours.special(first));
            all.push(match special {
                Some(day) => Outside::Closed {
                    reason: day.name.clone(),
                },
                None => Outside::OutsideHours,
            });
        }
        if people > room.people.most {
            all.push(Outside::TooMany {
                most: room.people.most,
            });
        }
        all
    }
}
