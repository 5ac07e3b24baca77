//! Rules that can stand against somebody, as figures tell them apart.

use serde::{Deserialize, Serialize};

use crate::{booking::refusal::Refusal, sign_up::refusal::SignUpRefusal};

macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident $code:literal)*) => {
        /// A rule that can stand against somebody, as figures tell them apart.
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Rule {
            $($(#[$doc])* $rule,)*
        }

        impl Rule {
            /// All rules.
            pub const ALL: &[Self] = &[$(Self::$rule),*];

            /// Its name in the database.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$rule => $code,)*
                }
            }

            /// The rule of that name.
            pub fn from_code(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$rule),)*
                    _ => None,
                }
            }
        }
    };
}

rules! {
    /// Somebody has the room then.
    Taken "taken"
    /// The house or the room is not open then.
    Hours "hours"
    /// The room is out of use.
    Closed "closed"
    /// Too short, too long, or off the step.
    Length "length"
    /// Too late, too soon or too far ahead.
    Ahead "ahead"
    /// Too few or too many people for the room.
    People "people"
    /// As much as one person may have.
    Quota "quota"
    /// The room is not for them.
    WhoMayBook "who_may_book"
    /// No place is left.
    Full "full"
    /// Too young or too old, or the age is not known.
    Age "age"
    /// They have a place, or something else at that time.
    Already "already"
    /// A guardian has not agreed.
    Consent "consent"
    /// Called off, ended, or its time is over.
    Over "over"
}

impl Rule {
    /// True for a rule about the person, not about the room or the time: when and where it stood against somebody tells who that was.
    pub fn is_about_person(self) -> bool {
        matches!(
            self,
            Self::Quota | Self::WhoMayBook | Self::Age | Self::Already | Self::Consent
        )
    }
}

impl Refusal {
    /// The rule that it counts for.
    pub fn rule(&self) -> Rule {
        match self {
            Self::DropIn | Self::StaffOnly | Self::NotForYou { .. } => Rule::WhoMayBook,
            Self::EndBeforeStart
            | Self::OffStep { .. }
            | Self::TooShort { .. }
            | Self::TooLong { .. } => Rule::Length,
            Self::NoSuchTime { .. } | Self::OutsideHours { .. } => Rule::Hours,
            Self::Past { .. } | Self::TooFarAhead { .. } | Self::TooSoon { .. } => Rule::Ahead,
            Self::Closed { .. } => Rule::Closed,
            Self::Taken { .. } | Self::Held { .. } | Self::OwnDate { .. } => Rule::Taken,
            Self::TooManyPeople { .. } | Self::TooFewPeople { .. } => Rule::People,
            Self::OpenBookings { .. }
            | Self::WeekQuota { .. }
            | Self::HouseholdBookings { .. }
            | Self::HouseholdWeek { .. }
            | Self::MonthQuota { .. }
            | Self::NoShows { .. }
            | Self::Waits { .. } => Rule::Quota,
            Self::CancelTooLate { .. }
            | Self::CheckInTooEarly { .. }
            | Self::UndoTooLate { .. }
            | Self::Over
            | Self::NotTaken
            | Self::Yours
            | Self::OfferedBefore
            | Self::NothingChanged
            | Self::PlacesHeld { .. } => Rule::Over,
        }
    }
}

impl SignUpRefusal {
    /// The rule that it counts for.
    pub fn rule(&self) -> Rule {
        match self {
            Self::Full { .. } | Self::SheetFull { .. } => Rule::Full,
            Self::TooYoung { .. } | Self::TooOld { .. } | Self::NoBirthDate { .. } => Rule::Age,
            Self::Already { .. } | Self::Clash { .. } => Rule::Already,
            Self::ConsentNeeded { .. } | Self::GuardianNeeded { .. } => Rule::Consent,
            Self::Begun { .. }
            | Self::NotYet { .. }
            | Self::NotOn
            | Self::OfferOver
            | Self::UndoTooLate { .. }
            | Self::Over => Rule::Over,
        }
    }
}
