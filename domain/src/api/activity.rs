//! Publishing and changing activities.

use serde::{Deserialize, Serialize};

use crate::{
    activity::{Audience, Per},
    booking::series::Exception,
    centre::room::Purpose,
    id::{ClubId, RoomId},
    recurrence::Recurrence,
    time::LocalTime,
};

/// An activity to be published. A field that nobody knows is refused: it may be one that older programs send.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewActivity {
    /// The club that invites; none for the organiser alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub club: Option<ClubId>,
    /// Its name, 1 to 60 characters.
    pub title: String,
    /// What it is, at most 1,000 characters.
    #[serde(default)]
    pub about: String,
    /// Its kind.
    pub kind: Purpose,
    /// The room.
    pub room: RoomId,
    /// Start of the first session on the centre's wall clock.
    pub start: LocalTime,
    /// End of the first session.
    pub end: LocalTime,
    /// The dates, where it takes place more than once: at most 400.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Recurrence>,
    /// Dates of it that are otherwise, or left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
    /// For whom.
    #[serde(default)]
    pub audience: Audience,
    /// What it costs, in fen.
    #[serde(default)]
    pub fee: u32,
    /// How many places.
    pub places: u16,
    /// What one signs up for.
    #[serde(default)]
    pub per: Per,
    /// Children are picked up afterwards.
    #[serde(default)]
    pub pick_up: bool,
}

/// Changes of an activity.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActivityChange {
    /// Its name, 1 to 60 characters.
    pub title: String,
    /// What it is, at most 1,000 characters.
    #[serde(default)]
    pub about: String,
    /// How many places; not fewer than are taken.
    pub places: u16,
}
