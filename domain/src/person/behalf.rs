//! Acting for somebody: for whom, and by which way they reached the centre.

use serde::{Deserialize, Serialize};

use crate::id::PersonId;

/// The way an act reached the house.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The person's own phone or computer.
    App,
    /// At the desk.
    Desk,
    /// By phone.
    Phone,
    /// At a home visit.
    Visit,
}

impl Channel {
    /// All ways.
    pub const ALL: [Self; 4] = [Self::App, Self::Desk, Self::Phone, Self::Visit];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Desk => "desk",
            Self::Phone => "phone",
            Self::Visit => "visit",
        }
    }

    /// The channel of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }
}

/// For whom staff act, and how that person reached the house.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behalf {
    /// The person.
    pub person: PersonId,
    /// The way.
    pub channel: Channel,
}
