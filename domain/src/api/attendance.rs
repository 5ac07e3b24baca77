//! Attendance: who came, and who walked in.

use serde::{Deserialize, Serialize};

use crate::{activity::attendance::Mark, id::PersonId};

/// A note on a sheet.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMark {
    /// Who.
    pub person: PersonId,
    /// What; none takes the former note back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// Who fetched the child, 1 to 40 characters; needed for [`Mark::PickedUp`], not read else.
    #[serde(default)]
    pub fetched_by: String,
}

/// Somebody who came without having signed up.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalkIn {
    /// Name, 1 to 40 characters.
    pub name: String,
    /// Their number; empty when they have none or do not say.
    #[serde(default)]
    pub phone: String,
    /// Somebody whom the centre knows, found by staff; then name and number are not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// For a child: the version of the text that was read to the guardian, who agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<u16>,
    /// They come in although all places are taken, or before those who wait.
    #[serde(default)]
    pub overtake: bool,
}
