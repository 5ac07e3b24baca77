//! Clubs: membership, making, describing and closing them, and who organises them.

use serde::{Deserialize, Serialize};

use crate::{
    centre::room::Purpose,
    id::{CentreId, ClubId, PersonId},
    language::Name,
};

/// A club that one belongs to.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyClub {
    /// The centre.
    pub centre: CentreId,
    /// The club.
    pub club: ClubId,
    /// Its name.
    pub name: Name,
    /// One organises it.
    pub organises: bool,
}

/// What a club is.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClubTerms {
    /// Its name, 1 to 60 characters in each language.
    pub name: Name,
    /// What it does, at most 500 characters.
    pub about: Name,
    /// Its kind.
    pub kind: Purpose,
}

/// A club described anew.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClubChange {
    /// As it was when the form was opened: where somebody changed it since, nothing is done.
    pub before: ClubTerms,
    /// As it is to be.
    pub after: ClubTerms,
}

/// Somebody by their number, to organise a club.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOrganiser {
    /// Their number, known or not: they organise it once they sign in with it.
    pub phone: String,
    /// Their name, needed where the number is not known.
    #[serde(default)]
    pub name: String,
}

/// Somebody who organises a club.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organiser {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// A club is closed.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClubEnd {
    /// Its sessions to come are called off for this reason, 1 to 200 characters; without one they take place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel: Option<String>,
}
