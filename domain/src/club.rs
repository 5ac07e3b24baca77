//! Clubs: who they are, and what they do in the house.

use serde::{Deserialize, Serialize};

use crate::{
    centre::room::Purpose,
    id::{CentreId, ClubId},
    language::Name,
};

/// A club as everybody sees it. Members are counted, never named.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Club {
    /// Its id, unique in the centre.
    pub id: ClubId,
    /// The centre.
    pub centre: CentreId,
    /// Its name.
    pub name: Name,
    /// What it does, in a few sentences.
    pub about: Name,
    /// Its kind.
    pub kind: Purpose,
    /// The names of those who organise it.
    pub organisers: Vec<String>,
    /// How many members it has.
    pub members: u32,
}
