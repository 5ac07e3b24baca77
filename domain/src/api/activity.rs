//! Publishing and changing activities.

use serde::{Deserialize, Serialize};

use crate::{
    activity::{Audience, Per},
    booking::series::Exception,
    centre::room::Purpose,
    id::{ClubId, RoomId},
    language::Lang,
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
    /// The language of both; none where they are for readers of any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    /// Both in the other language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<OtherWords>,
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

/// Name and text of an activity in another language; what is left empty is read in the first.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherWords {
    /// Its name, at most 60 characters.
    #[serde(default)]
    pub title: String,
    /// What it is, at most 1,000 characters.
    #[serde(default)]
    pub about: String,
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
    /// The language of both. None leaves a name in two languages alone where one of them is the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    /// Both in the other language; none where there is nothing in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<OtherWords>,
    /// How many places; not fewer than are taken.
    pub places: u16,
}
