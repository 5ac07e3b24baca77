//! States of a case.

use serde::{Deserialize, Serialize};

macro_rules! states {
    ($($(#[$doc:meta])* $state:ident $code:literal)*) => {
        /// Where a case stands.
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum CaseState {
            $($(#[$doc])* $state,)*
        }

        impl CaseState {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$state),*];

            /// Its name in the database.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$state => $code,)*
                }
            }

            /// The state of that name.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

states! {
    /// Nobody has taken it yet.
    Received "received"
    /// Somebody answers for it.
    Accepted "accepted"
    /// It is being worked on.
    InWork "in_work"
    /// It cannot go on before somebody does something.
    Waiting "waiting"
    /// The house says that it is done.
    Done "done"
    /// Whoever asked says so as well.
    Confirmed "confirmed"
    /// The house says why it will not be done.
    Declined "declined"
    /// Whoever asked does not want it any more.
    Withdrawn "withdrawn"
    /// It is the same as another, and goes on there.
    Joined "joined"
}

impl CaseState {
    /// Whether the house still has to do something.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Received | Self::Accepted | Self::InWork | Self::Waiting
        )
    }
}
