//! Sign-up refusals: the rule that a sign-up violates, with its figures.

use serde::{Deserialize, Serialize};

use crate::{language::Name, time::LocalTime};

/// Why somebody cannot be signed up like that, with its figures. Its sentence is made by [`crate::text`].
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the sentences in the catalogue explain the figures"
)]
pub enum SignUpRefusal {
    /// Sign-up ended when the session began.
    Begun { at: LocalTime },
    /// Nobody is away from what has not begun.
    NotYet { at: LocalTime },
    /// The session or activity is called off, or its room is not confirmed yet.
    NotOn,
    /// Fewer places than people, and they would rather not wait.
    Full { left: u16, asked: u16 },
    /// Younger than the audience.
    TooYoung { name: String, from_age: u8, age: u8 },
    /// Older than the audience.
    TooOld { name: String, to_age: u8, age: u8 },
    /// The audience has ages and the person's is not known.
    NoBirthDate { name: String },
    /// One person has one place.
    Already { name: String },
    /// They are somewhere else then.
    Clash {
        name: String,
        what: Name,
        from: LocalTime,
        until: LocalTime,
    },
    /// A child's guardian has not agreed.
    ConsentNeeded { name: String },
    /// A child comes without anybody who speaks for it.
    GuardianNeeded { name: String },
    /// All places are taken, or others wait: whoever walks in would overtake them.
    SheetFull { places: u16, waiting: u16 },
    /// The offer's deadline is over, or there is none.
    OfferOver,
    /// The time to undo is over, in minutes after signing up.
    UndoTooLate { minutes: u16 },
    /// Nothing can be done with a sign-up that has ended.
    Over,
}
