//! Calendar feeds (RFC 5545): addresses to which a person's own calendar subscribes.

use serde::{Deserialize, Serialize};

use crate::{
    id::{CentreId, ClubId, FeedId, RoomId},
    language::Name,
};

/// What a feed shows.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedKind {
    /// One's bookings and the places of oneself and those one speaks for.
    Mine,
    /// What takes a room; of bookings without a public name only that it is taken.
    Room(CentreId, RoomId),
    /// The sessions of a club.
    Club(CentreId, ClubId),
    /// The activities of a centre.
    Centre(CentreId),
}

impl FeedKind {
    /// Its name in the database.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Room(..) => "room",
            Self::Club(..) => "club",
            Self::Centre(_) => "centre",
        }
    }

    /// Its centre, and its room or club; both empty where it has none.
    pub fn parts(&self) -> (&str, &str) {
        match self {
            Self::Mine => ("", ""),
            Self::Room(centre, room) => (centre.as_str(), room.as_str()),
            Self::Club(centre, club) => (centre.as_str(), club.as_str()),
            Self::Centre(centre) => (centre.as_str(), ""),
        }
    }

    /// The feed of that name in the database.
    pub fn from_parts(code: &str, centre: &str, subject: &str) -> Option<Self> {
        Some(match code {
            "mine" => Self::Mine,
            "room" => Self::Room(centre.into(), subject.into()),
            "club" => Self::Club(centre.into(), subject.into()),
            "centre" => Self::Centre(centre.into()),
            _ => return None,
        })
    }
}

/// A feed that somebody made.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// Its id.
    pub id: FeedId,
    /// What it shows.
    pub kind: FeedKind,
    /// What its room, club or centre is called; none where there is none, or it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Its address below the house's: whoever knows it reads the feed.
    pub path: String,
}
