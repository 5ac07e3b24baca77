//! Counts of figures: small numbers of people are not told, and shares of time.

use serde::{Deserialize, Serialize};

/// Fewer people than this are told as "fewer than": a small number could tell who it was.
pub const SMALL: u32 = 5;

/// How much of the time in which rooms were open they were used, in minutes.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// Used while open.
    pub used: u32,
    /// Open.
    pub open: u32,
}

impl Use {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            used: self.used + other.used,
            open: self.open + other.open,
        }
    }

    /// The share in percent; none while nothing is open.
    pub fn percent(self) -> Option<u32> {
        (self.open > 0).then(|| (u64::from(self.used) * 100 / u64::from(self.open)) as u32)
    }
}

/// A number of people. A small one is not told: it could say who they were.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// From one to fewer than [`SMALL`].
    Few,
    /// Nobody, or so many.
    People(u32),
}

impl Default for Count {
    fn default() -> Self {
        Self::People(0)
    }
}

impl From<u32> for Count {
    fn from(count: u32) -> Self {
        match count {
            1..SMALL => Self::Few,
            count => Self::People(count),
        }
    }
}

impl Count {
    /// The number, where it is told.
    pub fn told(self) -> Option<u32> {
        match self {
            Self::Few => None,
            Self::People(count) => Some(count),
        }
    }
}
