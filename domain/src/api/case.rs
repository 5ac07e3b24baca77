//! Bodies and replies about cases and their pictures.

use serde::{Deserialize, Serialize};

use crate::{
    case::{CaseCounts, CaseRow, Pile, due::Urgency, kind::CaseKind, step::Step},
    id::{CaseId, PersonId, PictureId, RoomId},
    person::behalf::Behalf,
    time::Date,
};

/// What somebody wants of a centre.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCase {
    /// Of which kind.
    pub kind: CaseKind,
    /// In their own words, 1 to 1,000 characters.
    pub words: String,
    /// Where, in words, at most 100 characters; needed where the kind says so and no room is named.
    #[serde(default)]
    pub place: String,
    /// The room that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// They agree that the house acts for them.
    #[serde(default)]
    pub agreed: bool,
    /// Only whoever answers for the house is to read it.
    #[serde(default)]
    pub to_manager: bool,
    /// How soon, where staff take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// Pictures that were sent before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<PictureId>,
    /// The case that it is a part of; by staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<CaseId>,
    /// The person for whom staff act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<Behalf>,
}

/// A step of a case.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewStep {
    /// Which.
    pub step: Step,
    /// What is said, at most 1,000 characters; needed where the step says so.
    #[serde(default)]
    pub words: String,
    /// Pictures that were sent before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<PictureId>,
    /// The revision that was seen: where somebody changed the case since, nothing is done. None where that does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
}

/// Which cases staff want to see.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseQuery {
    /// Which pile.
    #[serde(default)]
    pub pile: Pile,
    /// Of one kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CaseKind>,
    /// Of what is planned, for which day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// The one with this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Of somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// After this mark of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Mark>,
}

/// Where a page of cases ends.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What the pile is ordered by.
    pub at: i64,
    /// The last case of the page.
    pub id: CaseId,
}

/// A page of cases.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasePage {
    /// In the order of the pile.
    pub cases: Vec<CaseRow>,
    /// Where the next page begins, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Mark>,
    /// How many there are.
    pub counts: CaseCounts,
}

/// Somebody wants to hear of a report, or no more.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Following {
    /// Whether they do.
    pub follows: bool,
}

/// Somebody who works at a centre.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
}

/// What somebody sends without a name.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewNameless {
    /// Of which kind: one that may come without a name.
    pub kind: CaseKind,
    /// In their own words, 1 to 1,000 characters.
    pub words: String,
    /// Only whoever answers for the house is to read it.
    #[serde(default)]
    pub to_manager: bool,
    /// What opens it again, made at random on the device: 22 to 43 characters of `A-Z a-z 0-9 - _`. Sent twice it is one case.
    pub secret: String,
}

/// What opens a case without a name.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// As it was sent with it.
    pub secret: String,
}

/// A step of whoever sent it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamelessStep {
    /// What opens it.
    pub secret: String,
    /// The step.
    pub step: Step,
    /// What is said.
    #[serde(default)]
    pub words: String,
}

/// The most bytes of a piece of a picture, before it is written in base64.
pub const MOST_PIECE: u32 = 96 * 1024;

/// The most bytes of a picture as it is sent. The app makes pictures smaller before.
pub const MOST_PICTURE: u32 = 6 * 1024 * 1024;

/// A piece of a picture. Whoever was interrupted asks with an empty piece how much has arrived, and goes on there.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PicturePiece {
    /// A random name of the upload: 16 to 64 characters.
    pub upload: String,
    /// How many bytes the picture has.
    pub size: u32,
    /// The byte at which the piece begins.
    pub from: u32,
    /// The bytes (base64, RFC 4648).
    pub bytes: String,
}

/// What became of a piece.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureSent {
    /// How many bytes have arrived.
    pub have: u32,
    /// The picture, once all of it has, and it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureId>,
}
