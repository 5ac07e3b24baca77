//! The signed-in person.

use serde::{Deserialize, Serialize};

use crate::{
    id::SessionId,
    language::Lang,
    person::{
        Profile,
        permission::Actor,
        second_factor::SecondFactor,
        token::{Scope, Token},
    },
    time::Date,
};

/// Who is signed in.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The person; nobody for a visitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// Who that is to the rules.
    pub actor: Actor,
    /// This is the demo.
    #[serde(default)]
    pub demo: bool,
    /// How many letters nobody has looked at.
    #[serde(default)]
    pub unread: u32,
    /// How it stands with the second factor.
    #[serde(default)]
    pub second: SecondFactor,
    /// The house requires one of all who run it.
    #[serde(default)]
    pub second_required: bool,
}

/// What an app on the phone needs to make codes (RFC 6238).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorSetup {
    /// The secret, to be typed (RFC 4648, base 32).
    pub secret: String,
    /// It as an address that such apps open.
    pub address: String,
    /// That as a code to be scanned, an SVG.
    pub qr: String,
}

/// A code of the second factor.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondCode {
    /// Six digits; blanks between them do not matter.
    pub code: String,
}

/// Whether a second factor is required of all who run a house.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredFactor {
    /// It is.
    pub required: bool,
}

/// Changes of one's profile.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MyChange {
    /// Name, 1 to 40 characters.
    pub name: String,
    /// Language.
    pub lang: Lang,
    /// Birth date; none leaves it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Date>,
}

/// Somewhere one is signed in.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionCard {
    /// Its id.
    pub id: SessionId,
    /// This very one.
    pub here: bool,
    /// Browser and system, as far as it said so.
    pub device: String,
    /// Since when, seconds UTC.
    pub since: i64,
}

/// A token that somebody makes for a program of theirs.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewToken {
    /// What it is called, 1 to 40 characters.
    pub name: String,
    /// What it is for; at least one.
    pub scopes: Vec<Scope>,
    /// For how many days it holds, 1 to 366.
    pub days: u16,
}

/// A token that was made.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenMade {
    /// It as it is listed.
    pub token: Token,
    /// What its program sends: `Authorization: Bearer …`. It is told this once.
    pub secret: String,
}
