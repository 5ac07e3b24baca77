//! Bodies and replies about slots that are held or waited for.

use serde::{Deserialize, Serialize};

use crate::{
    id::RoomId,
    person::behalf::Behalf,
    time::{LocalTime, Stamp},
};

/// A slot that is to be held, or waited for.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedSlot {
    /// The room.
    pub room: RoomId,
    /// Start, on the centre's wall.
    pub start: LocalTime,
    /// End.
    pub end: LocalTime,
    /// How many people, at least 1.
    pub people: u16,
    /// The person for whom staff act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<Behalf>,
}

/// What became of a wish to hold a slot.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Until when it is held; none where it is not: it cannot be booked at once, or was held for them a while ago.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Stamp>,
}
