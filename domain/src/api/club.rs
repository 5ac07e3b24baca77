//! Club membership.

use serde::{Deserialize, Serialize};

use crate::{
    id::{CentreId, ClubId},
    language::Name,
};

/// A club that one belongs to.
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
