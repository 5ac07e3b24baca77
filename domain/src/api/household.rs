//! Households: members and the code to join.

use serde::{Deserialize, Serialize};

use crate::time::Date;

/// Somebody new in one's household.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMember {
    /// Name, 1 to 40 characters.
    pub name: String,
    /// Birth date.
    pub birth: Date,
}

/// Joins a household.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinCode {
    /// The twelve digits; spaces are left out.
    pub code: String,
}
