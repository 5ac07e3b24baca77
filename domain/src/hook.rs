//! Webhooks: addresses of other systems that a centre tells of what happens in it.

use serde::{Deserialize, Serialize};

use crate::id::HookId;

/// An address that a centre tells of what happens in it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// Its id.
    pub id: HookId,
    /// The address.
    pub url: String,
    /// What its requests are signed with (Standard Webhooks: `whsec_…`).
    pub secret: String,
    /// Since when, seconds UTC.
    pub since: i64,
    /// What became of the last request; none where there was none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Outcome>,
    /// Since when none was accepted, seconds UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<i64>,
    /// It failed for so long that nothing is sent any more.
    pub off: bool,
}

/// What became of a request that the house sent.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was accepted.
    Accepted,
    /// It was answered otherwise: by this status.
    Answered(u16),
    /// Nobody answered in time, or there is no such address.
    Unreachable,
    /// The address lies inside of the house's own network, where nothing is sent.
    Internal,
    /// The address is not one of https.
    Insecure,
}

impl Outcome {
    /// As the database has it: a status, or a word.
    pub fn code(self) -> String {
        match self {
            Self::Accepted => "accepted".to_owned(),
            Self::Answered(status) => status.to_string(),
            Self::Unreachable => "unreachable".to_owned(),
            Self::Internal => "internal".to_owned(),
            Self::Insecure => "insecure".to_owned(),
        }
    }

    /// Reads it.
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "accepted" => Self::Accepted,
            "unreachable" => Self::Unreachable,
            "internal" => Self::Internal,
            "insecure" => Self::Insecure,
            status => Self::Answered(status.parse().ok()?),
        })
    }
}

/// What a webhook is sent: what happened at a centre, in order. Nobody’s name stands in it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookBody {
    /// The centre.
    pub centre: String,
    /// What happened; nothing in the first request, which only says that the address is known.
    pub events: Vec<HookEvent>,
}

/// Something that happened.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookEvent {
    /// Its id: whoever gets it twice knows it by that.
    pub id: String,
    /// What: the act as the audit log calls it.
    pub act: String,
    /// When, milliseconds UTC.
    pub at: i64,
    /// The page that shows what it is about.
    pub page: String,
}
