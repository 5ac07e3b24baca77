//! Booking a room, and deciding about requests.

use serde::{Deserialize, Serialize};

use crate::{centre::room::Purpose, id::RoomId, person::behalf::Behalf, time::LocalTime};

/// Wants a room.
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

/// Why something is called off.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Reason {
    /// At most 200 characters; may be empty.
    #[serde(default)]
    pub reason: String,
}

/// What staff decide.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// Yes or no.
    pub approve: bool,
    /// Why not, 1 to 200 characters; may be empty when approving.
    #[serde(default)]
    pub reason: String,
}
