//! Consequences: which bookings a planned change of a centre would leave outside of its rooms, hours and rules, and what is
//! decided about each. The import asks here; whoever edits a centre elsewhere asks the same.

use serde::{Deserialize, Serialize};

use crate::{
    centre::{Centre, hours::open_slots, room::UseMode},
    id::{BookingId, RoomId},
    language::Name,
    time::{DAY, LocalTime, Slot},
};

/// A booking to come, as far as a change of its centre concerns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub booking: BookingId,
    /// Its room.
    pub room: RoomId,
    /// Its time on the wall before the change.
    pub before: Slot,
    /// Its time on the wall after the change: another where the zone is another.
    pub after: Slot,
    /// How many people.
    pub people: u16,
}

/// Why a booking would stand outside. Its sentence is made by [`crate::text`].
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The house or the room is not open all the time.
    OutsideHours,
    /// Fewer people may be in the room.
    TooMany { most: u16 },
    /// It would be at another time on the wall.
    OtherTime { was: LocalTime, is: LocalTime },
}

/// A booking that a change hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which.
    pub booking: Standing,
    /// Why.
    pub why: Outside,
}

/// What is decided about a booking that a change hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HitDecision {
    /// The booking.
    pub id: BookingId,
    /// What becomes of it.
    #[serde(flatten)]
    pub what: Remedy,
}

/// What becomes of a booking that a change hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Remedy {
    /// It stands as it is.
    Keep,
    /// It goes to another room or time; its people are told.
    Move {
        /// The room.
        room: RoomId,
        /// The start on the wall; it lasts as long as before.
        start: LocalTime,
    },
    /// It is cancelled; its people are told why.
    Cancel {
        /// Why, 1 to 200 characters.
        reason: String,
    },
}

/// Why a booking does not fit into a centre; nothing where it does.
pub fn outside(centre: &Centre, room: &RoomId, slot: Slot, people: u16) -> Option<Outside> {
    let Some(room) = centre.room(room) else {
        return Some(Outside::RoomGone);
    };
    if room.use_mode == UseMode::DropIn {
        return Some(Outside::NotBooked);
    }
    let first = slot.start().date();
    let days = slot.end().date().days() - first.days() + 1;
    let open = open_slots(
        &centre.hours,
        room.hours.as_ref(),
        Slot::lasting(first.at(0), days * DAY),
    );
    let fits = |open: &Slot| open.start() <= slot.start() && slot.end() <= open.end();
    if !open.iter().any(fits) {
        let hours = room.hours.as_ref().unwrap_or(&centre.hours);
        let special = centre.hours.special(first).or(hours.special(first));
        return Some(match special {
            Some(day) => Outside::Closed {
                reason: day.name.clone(),
            },
            None => Outside::OutsideHours,
        });
    }
    (people > room.people.most).then_some(Outside::TooMany {
        most: room.people.most,
    })
}

/// The bookings that stand inside of the centre before a change and would stand outside after it.
pub fn hits(before: &Centre, after: &Centre, bookings: &[Standing]) -> Vec<Hit> {
    let hit = |one: &Standing| {
        if one.before != one.after {
            return Some(Outside::OtherTime {
                was: one.before.start(),
                is: one.after.start(),
            });
        }
        let why = outside(after, &one.room, one.after, one.people)?;
        // What was decided before need not be decided again.
        let was = outside(before, &one.room, one.before, one.people);
        (was.as_ref() != Some(&why)).then_some(why)
    };
    let hits = bookings.iter().filter_map(|one| {
        Some(Hit {
            booking: one.clone(),
            why: hit(one)?,
        })
    });
    hits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{house, slot};

    fn standing(id: &str, room: &str, slot: Slot, people: u16) -> Standing {
        Standing {
            booking: id.into(),
            room: room.into(),
            before: slot,
            after: slot,
            people,
        }
    }

    #[test]
    fn each_booking_is_named_with_what_stands_against_it() {
        let before = house();
        let evening = slot(18 * 60, 20 * 60);
        let room = before.rooms[0].id.clone();
        let bookings = [standing("b1", room.as_str(), evening, 2)];
        assert!(hits(&before, &before, &bookings).is_empty());
        let mut after = before.clone();
        after.rooms.retain(|one| one.id != room);
        let found = hits(&before, &after, &bookings);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].why, Outside::RoomGone);
        // Decided once, it is not asked again.
        assert!(hits(&after, &after, &bookings).is_empty());
    }

    #[test]
    fn a_decision_is_written_as_people_write_files() {
        #[derive(Deserialize)]
        struct File {
            booking: Vec<HitDecision>,
        }
        let text = "[[booking]]\nid = \"b1\"\ndecision = \"keep\"\n\
            [[booking]]\nid = \"b2\"\ndecision = \"cancel\"\nreason = \"水管抢修\"\n\
            [[booking]]\nid = \"b3\"\ndecision = \"move\"\nroom = \"legal\"\nstart = \"2026-11-27T10:00\"\n";
        let file: File = toml::from_str(text).unwrap();
        assert_eq!(file.booking.len(), 3);
        assert!(
            matches!(&file.booking[2].what, Remedy::Move { room, .. } if room.as_str() == "legal")
        );
    }
}
