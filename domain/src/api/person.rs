//! The signed-in person.

use serde::{Deserialize, Serialize};

use crate::{
    id::SessionId,
    language::Lang,
    person::{Profile, permission::Actor},
    time::Date,
};

/// Who is signed in.
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
}

/// Changes of one's profile.
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
