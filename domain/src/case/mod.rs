//! Cases 事项: what somebody wants of a centre, in their own words, from the first word to the answer.

pub mod due;
pub mod kind;
pub mod state;
pub mod step;

use serde::{Deserialize, Serialize};

pub use self::state::CaseState;
use self::{
    due::Urgency,
    kind::CaseKind,
    step::{StepName, WaitsFor},
};
use crate::{
    id::{CaseId, CentreId, PersonId, PictureId, RoomId},
    person::{behalf::Channel, permission::Role},
    time::Stamp,
};

/// The most characters of what somebody says in a case.
pub const MOST_WORDS: u16 = 1_000;

/// The most characters of its title.
pub const MOST_TITLE: u16 = 60;

/// The most characters of a place in words.
pub const MOST_PLACE: u16 = 100;

/// The most pictures of a case.
pub const MOST_PICTURES: usize = 8;

/// How many cases somebody may have that nobody has looked at: more are not read any sooner.
pub const MOST_RECEIVED: u16 = 10;

/// For how many days the person may say that it is not done after all.
pub const REOPENED_DAYS: i64 = 30;

/// A case, as far as its reader may see it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// What the queue shows of it.
    #[serde(flatten)]
    pub row: CaseRow,
    /// In the words of whoever asked.
    pub words: String,
    /// Who may read it in the house.
    pub reader: Role,
    /// How it reached the house.
    pub channel: Channel,
    /// Why it waits.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// How to reach whoever asked; told to the house alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The record of whoever asked; told to the house alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// It was sent without a name.
    pub nameless: bool,
    /// They agreed that the house acts for them.
    pub agreed: bool,
    /// Its pictures.
    pub pictures: Vec<CasePicture>,
    /// What happened, the first entry first.
    pub story: Vec<Entry>,
    /// What it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<CaseLink>,
    /// Its parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<CaseLink>,
    /// How often it was changed: whoever changes it names what they saw.
    pub revision: u32,
}

/// Another case by its number.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseLink {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: u32,
    /// Where it stands.
    pub state: CaseState,
    /// What it is about.
    pub title: String,
}

/// What a list shows of a case.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRow {
    /// Its id.
    pub id: CaseId,
    /// The centre.
    pub centre: CentreId,
    /// Its number, counted up at each centre: what people say on the phone.
    pub number: u32,
    /// What kind of case.
    pub kind: CaseKind,
    /// Where it stands.
    pub state: CaseState,
    /// What it is about: as the house calls it, else the first words.
    pub title: String,
    /// Where, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// In which room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// How soon.
    pub urgency: Urgency,
    /// When it came.
    pub received: Stamp,
    /// By when the house wants to have done it; none where it is over, or waits for others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Stamp>,
    /// When somebody comes, or it is mended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Stamp>,
    /// For whom it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<WaitsFor>,
    /// Who asked; told to the house alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who answers for it; told to the house alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// How many others want to hear of it.
    pub followers: u32,
    /// The reader asked, or it is for them.
    pub mine: bool,
    /// The reader wants to hear of it.
    pub follows: bool,
}

/// A picture of a case.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasePicture {
    /// Its id.
    pub id: PictureId,
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
    /// The house took it: what it looks like now.
    pub by_house: bool,
}

/// What happened in a case.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Stamp,
    /// What.
    pub step: StepName,
    /// What was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// The house did it, and not whoever asked.
    pub by_house: bool,
    /// Who; told to the house alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Whoever asked sees it.
    pub shown: bool,
}

/// Which cases a queue shows.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pile {
    /// What the house has to do, by due time.
    #[default]
    Open,
    /// What waits for others.
    Waiting,
    /// What is planned for a day: the route of whoever goes out.
    Planned,
    /// What is over, the last first.
    Over,
}

impl Pile {
    /// All.
    pub const ALL: [Self; 4] = [Self::Open, Self::Waiting, Self::Planned, Self::Over];
}

/// How many cases a house has.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseCounts {
    /// To be done.
    pub open: u32,
    /// Of those, late.
    pub late: u32,
    /// That wait for others.
    pub waiting: u32,
}
