//! The desk: the day, people whom staff look up, and their records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    api::{closure::Made, household::NewMember},
    booking::{Booking, waitlist::Wait},
    id::{ActivityId, ActivitySessionId, PersonId, RoomId},
    language::Name,
    message::Letter,
    person::{household::Member, search::PersonRow},
    sign_up::SignUp,
    time::{Date, Stamp},
};

/// The day of the house.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// When this was so.
    pub now: Stamp,
    /// All bookings of the day that are confirmed or requested, in order of start.
    pub bookings: Vec<Booking>,
    /// All requests that wait for a decision or whose decision can still be taken back, on whatever day, the soonest first.
    pub requests: Vec<Booking>,
    /// How often those who ask used rooms here in the last [`ATTENDANCE_DAYS`](crate::person::ATTENDANCE_DAYS) days.
    #[serde(default)]
    pub used: BTreeMap<PersonId, u16>,
    /// How often nobody came to a booking of theirs, of those that count by the rules.
    #[serde(default)]
    pub no_shows: BTreeMap<PersonId, u16>,
    /// Bookings to which nobody came, and why, as their people say: staff have not answered.
    #[serde(default)]
    pub explained: Vec<Booking>,
    /// The sessions of the day, in order of start.
    pub sessions: Vec<DeskSession>,
    /// What people without a device of their own must be told by word of mouth, the oldest first.
    pub to_tell: Vec<ToTell>,
}

/// A session as staff see it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskSession {
    /// The session.
    pub session: ActivitySessionId,
    /// The activity.
    pub activity: ActivityId,
    /// Its name.
    pub title: Name,
    /// The room.
    pub room: RoomId,
    /// Start.
    pub start: Stamp,
    /// End.
    pub end: Stamp,
    /// Places.
    pub places: u16,
    /// Places that somebody has.
    pub signed_up: u16,
    /// People in line.
    pub waiting: u16,
    /// Who came, walk-ins included.
    pub came: u16,
    /// Who has a place and did not come: noted as away, or not noted on a sheet that was used.
    pub missed: u16,
}

/// A letter for somebody who will not see it on a device.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToTell {
    /// The letter.
    pub letter: Letter,
    /// To whom.
    pub person: PersonRow,
}

/// Whom staff look for.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// A number, the end of one, or a part of a name, of at most 40 characters: see
    /// [`crate::person::search::is_enough_to_look_for`].
    pub text: String,
}

/// Somebody who called or came by.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCaller {
    /// Name, 1 to 40 characters.
    pub name: String,
    /// Their number; empty when they have none.
    #[serde(default)]
    pub phone: String,
    /// Birth date, if it is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Date>,
    /// Who comes with them: children, a parent without a number. Those who are there already are not added again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub family: Vec<NewMember>,
}

/// A corrected record.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonChange {
    /// Name, 1 to 40 characters.
    pub name: String,
    /// Their number, when there was none; a number by which somebody signs in is theirs to change.
    #[serde(default)]
    pub phone: String,
    /// Birth date; none where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Date>,
    /// A [`Proof`](super::Proof) of the new number, or, where the record is its holder's own, of their number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// What staff of a centre see of somebody: who they are, and what they have there.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCard {
    /// They themselves.
    pub person: PersonRow,
    /// Their birth date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Date>,
    /// The centre's staff may correct name and birth date; else its holder shows the code of their number first.
    pub kept_by_staff: bool,
    /// The record can be given its first number.
    pub may_set_number: bool,
    /// Their household, they themselves first.
    pub family: Vec<Member>,
    /// Their bookings to come, then the last past ones.
    pub bookings: Vec<Booking>,
    /// The slots that they wait for.
    #[serde(default)]
    pub waits: Vec<Wait>,
    /// The sign-ups of their household, those to come first.
    pub sign_ups: Vec<SignUp>,
    /// To how many sessions they came in the last [`crate::person::ATTENDANCE_DAYS`] days.
    pub came: u16,
    /// How many they missed.
    pub missed: u16,
    /// How often nobody came to a booking of theirs, of those that count by the rules.
    #[serde(default)]
    pub no_shows: u16,
}

/// Two records of one person to be made one.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleMerge {
    /// The record that goes.
    pub other: PersonId,
    /// What goes over, as it was seen; nothing to look first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<MergedCounts>,
}

/// What goes from one record to another.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedCounts {
    /// Bookings.
    pub bookings: u32,
    /// Sign-ups.
    pub sign_ups: u32,
    /// Sessions to which they came or not.
    pub attended: u32,
    /// Members of their household.
    pub relatives: u32,
    /// The birth date, where the other record has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Date>,
}

/// Two records made one, or what that would do.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// The record that goes.
    pub gone: PersonRow,
    /// What goes over.
    pub counts: MergedCounts,
    /// The act, if it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
}

/// What is looked for in the log.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogQuery {
    /// A name, a room, an activity, a reason, an act, or a day of the year: 1 to 60 characters.
    pub text: String,
    /// Which page of what is found, the newest first.
    #[serde(default)]
    pub page: u16,
}

/// A line of a story.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryLine {
    /// When.
    pub at: Stamp,
    /// Who did what, for whom, by which way, in the person's language.
    pub words: String,
}
