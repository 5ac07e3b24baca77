//! Signing up, and answering offers.

use serde::{Deserialize, Serialize};

use crate::{
    id::{ActivitySessionId, PersonId},
    person::behalf::Behalf,
};

/// Wants places.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewSignUp {
    /// The session; none for a whole course.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<ActivitySessionId>,
    /// Who: oneself and members of one's household.
    pub people: Vec<PersonId>,
    /// Rather wait than not be on the list.
    #[serde(default)]
    pub wait: bool,
    /// The version of the text by which the guardian agrees to what is stored about the children.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<u16>,
    /// For a household that called or came by, by staff: its guardian.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<Behalf>,
}

/// The answer to an offer.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Yes or no.
    pub accept: bool,
}
