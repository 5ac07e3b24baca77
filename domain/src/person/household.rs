//! Families: people who are signed up together, and the children whose guardians speak for them.

use serde::{Deserialize, Serialize};

use crate::{id::PersonId, person::age::needs_consent, time::Date};

/// The version of the text that guardians agree to. A new text gets a new number; the old ones stay in the catalogue,
/// because what somebody agreed to must stay readable.
pub const CONSENT_VERSION: u16 = 2;

/// The most members of a household.
pub const MOST_MEMBERS: usize = 12;

/// A household as one of its members sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    /// Its members, oneself first.
    pub members: Vec<Member>,
    /// The code by which another adult joins; nobody else can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Members who do not sign in and were removed in the last day: they can be taken back until they are erased.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Member>,
}

/// Somebody in a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their birth date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Date>,
    /// They sign in by themselves.
    pub signs_in: bool,
}

impl Member {
    /// True when a guardian agrees for them.
    pub fn is_child(&self, today: Date) -> bool {
        needs_consent(self.birth, today)
    }
}
