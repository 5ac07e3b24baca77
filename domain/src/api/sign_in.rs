//! Signing in by a one-time code.

use serde::{Deserialize, Serialize};

use crate::person::permission::Role;

/// Wants a code.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AskCode {
    /// The phone number as typed.
    pub phone: String,
    /// What for: a code serves for nothing else.
    #[serde(default)]
    pub purpose: CodePurpose,
}

/// What a code is for.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodePurpose {
    /// Signing in: its holder tells it to nobody.
    #[default]
    SignIn,
    /// Setting a number on a record or correcting one: its holder tells it to the desk.
    Record,
}

/// A code is on its way.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeSent {
    /// How long it can be used, in seconds.
    pub seconds: u32,
    /// The code itself, in the demo only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demo_code: Option<String>,
}

/// Uses a code.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UseCode {
    /// The phone number as typed.
    pub phone: String,
    /// The six digits.
    pub code: String,
}

/// That somebody holds a number.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// A secret, to be sent with what needs it.
    pub proof: String,
}

/// An account of the demo.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// Its role.
    pub role: Role,
    /// The person's name.
    pub name: String,
}

/// Chooses an account of the demo.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UseDemo {
    /// Its role.
    pub role: Role,
}

/// Claims a new deployment.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// The secret of the printed link.
    pub secret: String,
    /// The manager's phone number.
    pub phone: String,
    /// The manager's name.
    pub name: String,
}
