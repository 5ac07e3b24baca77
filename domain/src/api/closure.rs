//! Closures, and what a change does to bookings.

use serde::{Deserialize, Serialize};

use crate::{
    booking::Booking,
    centre::consequence::{HitDecision, Outside, Place},
    id::{ConsequenceId, RoomId, SignUpId},
    language::Name,
    time::{LocalTime, Stamp},
};

/// Rooms to be put out of use.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewClosure {
    /// The rooms, at least one.
    pub rooms: Vec<RoomId>,
    /// From when on the wall; what has passed of it does not matter.
    pub start: LocalTime,
    /// Until when on the wall, later than now, at most [`LONGEST_DAYS`](crate::centre::closure::LONGEST_DAYS) after the start.
    pub end: LocalTime,
    /// Why, 1 to 200 characters, read by everybody.
    pub reason: String,
    /// What is decided about each booking that it hits.
    #[serde(default)]
    pub decisions: Vec<HitDecision>,
    /// Only tell what it hits.
    #[serde(default)]
    pub preview: bool,
}

/// What a planned change hits, and whether it was made.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consequences {
    /// All bookings that it hits, in order of start.
    pub hits: Vec<HitCard>,
    /// How many bookings go where they are sent.
    #[serde(default)]
    pub goes: u16,
    /// How many of the people of those read no messages on a device and must be told by word of mouth.
    #[serde(default)]
    pub to_tell: u16,
    /// How many requests for the floor that they go to are declined with it.
    #[serde(default)]
    pub rivals: u16,
    /// Who loses a place, where fewer are left than are held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub displaced: Vec<Displaced>,
    /// The change, if it was made; nothing where it was only looked at or something is undecided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
}

/// Somebody who loses a place and stands in line again.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Displaced {
    /// Their sign-up.
    pub id: SignUpId,
    /// Who.
    pub name: String,
    /// When the session is, or the first of a course.
    pub start: LocalTime,
}

/// A change that was made.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Its id.
    pub id: ConsequenceId,
    /// Until when it can be undone.
    pub undo_until: Stamp,
    /// The revision of the centre's description that it made; zero where it changed none.
    #[serde(default)]
    pub revision: i64,
}

/// A booking that a planned change hits.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HitCard {
    /// The booking.
    pub booking: Booking,
    /// Why it cannot stay, or not go where it was sent.
    pub why: Outside,
    /// Where it was sent, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Place>,
    /// Where it could go, the best first.
    pub places: Vec<Place>,
    /// It goes on now.
    pub begun: bool,
    /// How many people are signed up, where it is a session.
    pub signed_up: u16,
    /// How many of those whom it concerns read no messages on a device and must be told by word of mouth.
    pub to_tell: u16,
}

/// Rooms out of use, now or later, by one act.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosureCard {
    /// The act.
    pub id: ConsequenceId,
    /// The rooms.
    pub rooms: Vec<RoomId>,
    /// From when.
    pub start: Stamp,
    /// Until when.
    pub end: Stamp,
    /// Why.
    pub reason: Name,
    /// Who closed them, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Until when it can be undone, with all that it did to bookings; nothing once that is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo_until: Option<Stamp>,
}
