//! Webhooks of a centre.

use serde::{Deserialize, Serialize};

/// An address that is to be told.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewHook {
    /// An `https` address of at most 500 characters.
    pub url: String,
}
