//! Booking a room, and deciding about requests.

use serde::{Deserialize, Serialize};

use crate::{
    booking::{Booking, check_in::Presence},
    centre::{consequence::HitDecision, room::Purpose},
    figures::{Rule, refused::WantedAt},
    id::{RoomId, SignUpId},
    person::behalf::Behalf,
    time::{Date, LocalTime},
};

/// Wants a room.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewBooking {
    /// The room.
    pub room: RoomId,
    /// Start on the centre's wall clock.
    pub start: LocalTime,
    /// End on the centre's wall clock.
    pub end: LocalTime,
    /// How many people.
    pub people: u16,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// A word to the staff, at most 200 characters.
    #[serde(default)]
    pub note: String,
    /// For somebody else, by staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<Behalf>,
    /// The revision of the centre that the form was filled in by.
    #[serde(default)]
    pub revision: i64,
}

/// A booking as staff change it: what is as it was stays so.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingChange {
    /// Which dates of its series, or sessions of its activity, change with it, by as much.
    #[serde(default)]
    pub along: Along,
    /// The room.
    pub room: RoomId,
    /// Start on the centre's wall clock.
    pub start: LocalTime,
    /// End on the centre's wall clock.
    pub end: LocalTime,
    /// How many people; of a session how many places.
    pub people: u16,
    /// A word to the staff, at most 200 characters.
    #[serde(default)]
    pub note: String,
    /// As it was when the form was opened: where somebody changed it since, nothing is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<BookingSeen>,
    /// What is decided about each booking that cannot go where it is sent.
    #[serde(default)]
    pub decisions: Vec<HitDecision>,
    /// Who loses a place, where fewer are left than are held: as staff saw it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub displaced: Vec<SignUpId>,
    /// Only tell what it does.
    #[serde(default)]
    pub preview: bool,
}

/// What staff saw of a booking when they began to change it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingSeen {
    /// The room.
    pub room: RoomId,
    /// Start on the wall.
    pub start: LocalTime,
    /// End on the wall.
    pub end: LocalTime,
    /// How many people.
    pub people: u16,
    /// The word to the staff.
    pub note: String,
}

impl BookingSeen {
    /// What is seen of a booking.
    pub fn of(booking: &Booking) -> Self {
        Self {
            room: booking.room.clone(),
            start: booking.start.local,
            end: booking.end.local,
            people: booking.people,
            note: booking.note.clone(),
        }
    }
}

/// Which dates of a series, or sessions of an activity, change together.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Along {
    /// This one alone.
    #[default]
    One,
    /// This one and all after it.
    Following,
    /// This one and those after it up to a day.
    Until(Date),
    /// All that have not begun.
    All,
}

/// Why a booking is called off, and which others of its series with it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// At most 200 characters; may be empty.
    #[serde(default)]
    pub reason: String,
    /// Which dates of its series.
    #[serde(default)]
    pub along: Along,
}

/// Why something is called off.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Reason {
    /// At most 200 characters; may be empty.
    #[serde(default)]
    pub reason: String,
}

/// A rule that stood against somebody before they could ask.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRefusal {
    /// The rule.
    pub rule: Rule,
    /// What they wanted.
    pub at: WantedAt,
}

/// What is noted of the people of a booking.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPresence {
    /// Whether they came.
    pub presence: Presence,
}

/// Whether the people of a booking have finished.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finish {
    /// They have; or else they take the rest of their time back.
    pub finished: bool,
}

/// What staff say to why nobody came.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excuse {
    /// It does not count; or else it does.
    pub excused: bool,
    /// As it was when staff looked: where somebody else answered since, or the person wrote otherwise, nothing is done.
    #[serde(default)]
    pub seen: AbsenceSeen,
}

/// What staff saw of an absence before they answered.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceSeen {
    /// Why, as its person said.
    #[serde(default)]
    pub explanation: String,
    /// What staff had said.
    #[serde(default)]
    pub excused: Option<bool>,
}

impl AbsenceSeen {
    /// What is seen of a booking.
    pub fn of(booking: &Booking) -> Self {
        Self {
            explanation: booking.check_in.explanation.clone(),
            excused: booking.check_in.excused,
        }
    }
}

/// What staff decide.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// Yes or no.
    pub approve: bool,
    /// Why not, 1 to 200 characters; may be empty when approving.
    #[serde(default)]
    pub reason: String,
    /// Which dates of its series, or sessions of its activity, are decided alike: those that wait.
    #[serde(default)]
    pub along: Along,
    /// How many of them wait, as staff saw it: where it is another number, nothing is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<u16>,
}
