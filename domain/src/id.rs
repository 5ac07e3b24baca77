//! Identifiers. Centres, floors and rooms are named by people in the centre file (`lecture-hall`);
//! persons, bookings and sessions get time-ordered random ids from the server.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Wraps a text that is already known to name something, or is about to be looked up.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as it stands in URLs, files and the database.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                let sound = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
                if sound { Ok(Self(text)) } else { Err("an id of 1 to 64 plain characters") }
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        /// Looked up by its text: both hash and compare alike.
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

id! {
    /// A centre, unique in the deployment.
    CentreId
    /// A floor, unique in its centre.
    FloorId
    /// A room or a part of one, unique in its centre.
    RoomId
    /// A person, shared by all centres of a deployment.
    PersonId
    /// A booking.
    BookingId
    /// A series of bookings.
    SeriesId
    /// Somebody's place in line for a slot.
    WaitId
    /// One signed-in browser of a person.
    SessionId
    /// A personal access token.
    TokenId
    /// A device that gets push messages.
    PushId
    /// A webhook of a centre.
    HookId
    /// A club, unique in its centre.
    ClubId
    /// An activity.
    ActivityId
    /// One date of an activity.
    ActivitySessionId
    /// Somebody's place on a list, or in line for one.
    SignUpId
    /// A calendar feed.
    FeedId
    /// A letter in somebody's inbox.
    LetterId
    /// A case: what somebody wants of a centre.
    CaseId
    /// A picture of a case.
    PictureId
    /// What was done to a centre in one act, with its consequences.
    ConsequenceId
}

/// True when `text` can name a centre, floor or room: 1 to 40 of `a-z`, `0-9` and `-`.
pub fn is_slug(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
