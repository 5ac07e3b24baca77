//! Waitlist of a slot that is taken, and holds: who may have it next, and how long somebody who decides keeps it.

use serde::{Deserialize, Serialize};

use crate::{
    id::{CentreId, PersonId, RoomId, WaitId},
    language::Name,
    time::{Slot, Stamp},
};

/// How long a slot is held for whoever has the form open, in seconds.
pub const HELD: i64 = 300;

/// For how long, in seconds, a slot that somebody let go is not held for them anew: nobody keeps others out by opening the form again.
pub const HELD_AGAIN: i64 = 1_800;

/// How often somebody may hold slots in [`HELD_AGAIN`].
pub const MOST_HOLDS: i64 = 60;

/// For how many slots to come one may wait.
pub const MOST_WAITS: u16 = 10;

/// Where somebody who waits for a slot stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitState {
    /// In line.
    Waiting,
    /// The slot is kept for them until a deadline.
    Offered,
    /// They booked it.
    Taken,
    /// They left the line.
    Left,
    /// They let the offer pass.
    Passed,
    /// The slot began, and nobody had given it up.
    Over,
}

impl WaitState {
    const ALL: [Self; 6] = [
        Self::Waiting,
        Self::Offered,
        Self::Taken,
        Self::Left,
        Self::Passed,
        Self::Over,
    ];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Offered => "offered",
            Self::Taken => "taken",
            Self::Left => "left",
            Self::Passed => "passed",
            Self::Over => "over",
        }
    }

    /// The state of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Somebody's place in line for a slot.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Its id.
    pub id: WaitId,
    /// The centre.
    pub centre: CentreId,
    /// The centre's name.
    pub centre_name: Name,
    /// The room.
    pub room: RoomId,
    /// The room's name.
    pub room_name: Name,
    /// Start of the slot.
    pub start: Stamp,
    /// Its end.
    pub end: Stamp,
    /// How many people.
    pub people: u16,
    /// For whom it is.
    pub person: PersonId,
    /// Where it stands.
    pub state: WaitState,
    /// How many others are before them for a time that overlaps.
    pub ahead: u16,
    /// Until when the slot is kept for them, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Stamp>,
}

impl Wait {
    /// Its time. The server never stores an empty one; should it come over the wire, it lasts a minute.
    pub fn slot(&self) -> Slot {
        Slot::lasting(
            self.start.local,
            self.end.local.minutes() - self.start.local.minutes(),
        )
    }
}
