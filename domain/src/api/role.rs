//! Roles: who runs a centre, since when and until when.

use serde::{Deserialize, Serialize};

use crate::{
    id::PersonId,
    person::{
        Phone,
        permission::{Reach, Role},
    },
    time::Date,
};

/// Somebody with a role at a centre.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleHolder {
    /// The person.
    pub person: PersonId,
    /// Their name; empty until they give one.
    pub name: String,
    /// Their number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// The role.
    pub role: Role,
    /// Where it holds.
    pub reach: Reach,
    /// The last day of it; nothing where it has no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// How many sessions to come they publish by themselves, for no club: without the role staff run them.
    #[serde(default)]
    pub runs: u32,
    /// They have set up a second factor.
    #[serde(default)]
    pub second_factor: bool,
    /// They have signed in at some time.
    pub signed_in: bool,
}

impl RoleHolder {
    /// The name, or the number of somebody who has not given one.
    pub fn called(&self) -> &str {
        let phone = self.phone.as_ref().map_or("", Phone::as_str);
        match self.name.as_str() {
            "" => phone,
            name => name,
        }
    }
}

/// A role for whoever has a number: somebody known, or somebody who will sign in with it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRole {
    /// The number.
    pub phone: String,
    /// The name for a number that is not known yet, 1 to 40 characters.
    pub name: String,
    /// The role, its reach and its end.
    #[serde(flatten)]
    pub terms: RoleTerms,
}

/// A role, where it holds, and until when.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleTerms {
    /// The role; not that of a resident, which everybody has who signs in.
    pub role: Role,
    /// Where it holds.
    pub reach: Reach,
    /// The last day of it, from today on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}
