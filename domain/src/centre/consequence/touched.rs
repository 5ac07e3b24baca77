//! Which bookings a planned change could hit at all, so that a house with many of them need not look at each.

use std::collections::{BTreeMap, BTreeSet};

use super::premises::{Premises, Standing};
use crate::{
    centre::{
        Centre,
        hours::{Hours, open_slots},
        room::Room,
    },
    id::RoomId,
    language::Name,
    time::{DAY, Date, Slot},
};

/// Which bookings a change could leave outside that stood inside before. [`super::hits`] finds none among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touched {
    /// All of them: the wall's clock is another.
    All,
    /// Those in these rooms that meet one of these slots.
    Rooms(BTreeMap<RoomId, Vec<Slot>>),
}

impl Touched {
    /// True where the change could hit a booking.
    pub fn meets(&self, booking: &Standing) -> bool {
        match self {
            Self::All => true,
            Self::Rooms(rooms) => rooms
                .get(&booking.room)
                .is_some_and(|slots| slots.iter().any(|slot| slot.overlaps(booking.after))),
        }
    }
}

/// What a change could hit within whole days.
pub fn find_touched(before: Premises<'_>, after: Premises<'_>, range: Slot) -> Touched {
    if before.centre.zone != after.centre.zone {
        return Touched::All;
    }
    let ids = |centre: &Centre| {
        let all = centre.rooms.iter().map(|room| room.id.clone());
        all.collect::<BTreeSet<_>>()
    };
    let mut rooms = BTreeMap::new();
    for id in &ids(before.centre) | &ids(after.centre) {
        let slots = match (before.centre.room(&id), after.centre.room(&id)) {
            (Some(was), Some(is)) if is_like(before.centre, after.centre, (was, is)) => {
                find_other_hours((before.centre, was), (after.centre, is), range)
            }
            _ => vec![range],
        };
        rooms.insert(id, slots);
    }
    for closure in after.closures {
        if before.closures.contains(closure) {
            continue;
        }
        for room in after.centre.sharing(&closure.room) {
            rooms
                .entry(room.clone())
                .or_default()
                .extend(closure.slot());
        }
    }
    rooms.retain(|_, slots| !slots.is_empty());
    Touched::Rooms(rooms)
}

/// True where nothing about a room but its hours, and what is out of use, can stand against a booking that it did not stand against.
fn is_like(before: &Centre, after: &Centre, (was, is): (&Room, &Room)) -> bool {
    was.use_mode == is.use_mode
        && was.people.most == is.people.most
        && before.sharing(&was.id) == after.sharing(&is.id)
}

/// The days on which a room has other hours than before, in stretches.
fn find_other_hours(before: (&Centre, &Room), after: (&Centre, &Room), range: Slot) -> Vec<Slot> {
    let (was, is) = (take_hours(before), take_hours(after));
    if was == is {
        return Vec::new();
    }
    let mut stretches: Vec<Slot> = Vec::new();
    let first = range.start().date();
    let last = range.end().plus(-1).date();
    for day in 0..=last.days() - first.days() {
        let date = first.plus(day);
        if describe_day(was, date) == describe_day(is, date) {
            continue;
        }
        match stretches.last_mut() {
            Some(last) if last.end() == date.at(0) => {
                *last = Slot::lasting(last.start(), last.minutes() + DAY);
            }
            _ => stretches.push(date.whole()),
        }
    }
    stretches
}

type RoomHours<'a> = (&'a Hours, Option<&'a Hours>);

fn take_hours<'a>((centre, room): (&'a Centre, &'a Room)) -> RoomHours<'a> {
    (&centre.hours, room.hours.as_ref())
}

/// When a room is open on a day, and what is said of that day where it is not.
fn describe_day((centre, room): RoomHours<'_>, date: Date) -> (Vec<Slot>, Option<&Name>) {
    let special = centre
        .special(date)
        .or_else(|| room.and_then(|room| room.special(date)));
    (
        open_slots(centre, room, date.whole()),
        special.map(|day| &day.name),
    )
}
