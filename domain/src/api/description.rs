//! Editing a centre's description, its history, and new centres from a file.

use serde::{Deserialize, Serialize};

use crate::{
    centre::{
        consequence::HitDecision,
        edit::{Edit, Part},
        start::Start,
    },
    time::Stamp,
};

/// A change of a centre's description.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CentreChange {
    /// What changes.
    pub edit: Edit,
    /// What is decided about each booking that it hits.
    #[serde(default)]
    pub decisions: Vec<HitDecision>,
    /// Only tell what it hits.
    #[serde(default)]
    pub preview: bool,
}

/// A new centre.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewCentre {
    /// As a TOML file describes it.
    File(String),
    /// From a few words, with a plain plan.
    Start(Start),
}

/// A centre's description as it was or is.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionCard {
    /// Its number, counting up.
    pub revision: i64,
    /// When it was made, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Stamp>,
    /// Who made it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Where it differs from the one before; nothing for the first that is known.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// An earlier one that is just the same: somebody went back to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<i64>,
    /// It is the present one.
    pub is_now: bool,
}
