//! Push messages to the devices of a person (RFC 8030), and webhooks of a centre.

use serde::{Deserialize, Serialize};

use crate::{
    id::{HookId, PushId},
    message::{NewsKind, QuietHours},
};

/// How somebody gets push messages.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushSettings {
    /// The public key of the house (RFC 8292), as a browser wants it: base64url.
    pub key: String,
    /// The devices that get them.
    pub devices: Vec<PushDevice>,
    /// The kinds of news that are not told.
    pub off: Vec<NewsKind>,
    /// When nothing is told but what must be answered before they end.
    pub quiet: QuietHours,
}

/// A device that gets push messages.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushDevice {
    /// Its id.
    pub id: PushId,
    /// Browser and system, as far as it said so.
    pub device: String,
    /// Where messages to it go, by which it knows itself.
    pub endpoint: String,
    /// Since when, seconds UTC.
    pub since: i64,
}

/// The subscription of a browser (W3C Push API), its keys in base64url.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPush {
    /// Where messages go: an `https` address of at most 1,000 characters.
    pub endpoint: String,
    /// Its public key (P-256, uncompressed).
    pub p256dh: String,
    /// Its secret of 16 bytes.
    pub auth: String,
}

/// What is told, and when not.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushChange {
    /// The kinds of news that are not told.
    pub off: Vec<NewsKind>,
    /// When nothing is told.
    pub quiet: QuietHours,
}

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

/// An address that is to be told.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewHook {
    /// An `https` address of at most 500 characters.
    pub url: String,
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
