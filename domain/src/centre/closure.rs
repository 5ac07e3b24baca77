//! Closures: rooms that are out of use for a time, with the reason that everybody reads.

use serde::{Deserialize, Serialize};

use crate::{
    centre::availability::{Occupation, Occupied},
    id::RoomId,
    language::Name,
    time::{LocalTime, Slot, Stamp},
};

/// The longest closure, in days: a year and some more.
pub const LONGEST_DAYS: i64 = 400;

/// A room that is out of use for a time.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    /// The room; what shares floor with it is out of use as well.
    pub room: RoomId,
    /// From when on the wall.
    pub start: LocalTime,
    /// Until when on the wall.
    pub end: LocalTime,
    /// Why, as people read it.
    pub reason: Name,
}

impl Closure {
    /// When; nothing where it ends before it starts.
    pub fn slot(&self) -> Option<Slot> {
        Slot::new(self.start, self.end)
    }

    /// As what takes a room. Its stamps are the wall's: nothing is counted with them.
    pub fn occupied(&self) -> Occupied {
        let stamp = |local| Stamp { local, offset: 0 };
        Occupied {
            room: self.room.clone(),
            start: stamp(self.start),
            end: stamp(self.end),
            before: 0,
            after: 0,
            by: Occupation::Closed,
            title: Some(self.reason.clone()),
            activity: None,
            left: None,
        }
    }
}
