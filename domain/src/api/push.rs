//! Push messages to the devices of a person (RFC 8030).

use serde::{Deserialize, Serialize};

use crate::{
    id::PushId,
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
