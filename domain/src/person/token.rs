//! Personal access tokens: what a program may do in somebody's name, and until when.

use serde::{Deserialize, Serialize};

use crate::id::TokenId;

/// The longest that a token can hold, in days.
pub const MOST_TOKEN_DAYS: u16 = 366;

/// The most tokens of one person.
pub const MOST_TOKENS: usize = 20;

/// What a token is for. Without [`Scope::Staff`] it has none of its person's roles.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Reading.
    Read,
    /// Changing something.
    Write,
    /// Both also as staff, where its person is that.
    Staff,
}

impl Scope {
    /// All.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Staff];

    /// Its name on the wire and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Staff => "staff",
        }
    }

    /// The scope of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A token as its person sees it: its secret is told once, when it is made.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What its person calls it.
    pub name: String,
    /// What it is for.
    pub scopes: Vec<Scope>,
    /// When it was made, seconds UTC.
    pub made: i64,
    /// Until when it holds, seconds UTC.
    pub until: i64,
    /// The day on which it was last used, seconds UTC of its begin; none where it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<i64>,
}
