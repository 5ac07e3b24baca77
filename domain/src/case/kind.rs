//! Kinds of cases, and what each of them asks for: declared here and nowhere else.

use serde::{Deserialize, Serialize};

use super::due::Urgency;
use crate::person::permission::Role;

/// A kind of case.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// An everyday matter 办事: papers, benefits, questions.
    #[default]
    Matter,
    /// The house does it for somebody who cannot come 代办.
    Errand,
    /// Somebody of the house comes home to them 上门.
    Visit,
    /// Something is broken or in the way 随手拍.
    Report,
    /// What could be better 意见.
    Suggestion,
    /// A letter to whoever answers for the house 信访.
    Petition,
}

/// What a kind asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// It needs a place.
    pub place: bool,
    /// The person must agree that the house acts for them.
    pub agreement: bool,
    /// It may come without a name.
    pub nameless: bool,
    /// Everybody sees that it is known, and where it stands: without names, and in the words of the house.
    pub public: bool,
    /// Who reads it at least. Where it may be sent to somebody higher, whoever sends it chooses.
    pub reader: Role,
    /// How soon it is to be done, unless somebody says otherwise.
    pub urgency: Urgency,
}

const MATTER: Terms = Terms {
    place: false,
    agreement: false,
    nameless: false,
    public: false,
    reader: Role::Staff,
    urgency: Urgency::Day,
};

impl CaseKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Matter,
        Self::Errand,
        Self::Visit,
        Self::Report,
        Self::Suggestion,
        Self::Petition,
    ];

    /// What it asks for.
    pub fn terms(self) -> Terms {
        match self {
            Self::Matter => MATTER,
            Self::Errand => Terms {
                place: true,
                agreement: true,
                urgency: Urgency::Week,
                ..MATTER
            },
            Self::Visit => Terms {
                place: true,
                agreement: true,
                urgency: Urgency::Week,
                ..MATTER
            },
            Self::Report => Terms {
                place: true,
                public: true,
                urgency: Urgency::Week,
                ..MATTER
            },
            Self::Suggestion => Terms {
                nameless: true,
                urgency: Urgency::Fortnight,
                ..MATTER
            },
            Self::Petition => Terms {
                nameless: true,
                reader: Role::Manager,
                urgency: Urgency::Fortnight,
                ..MATTER
            },
        }
    }

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Matter => "matter",
            Self::Errand => "errand",
            Self::Visit => "visit",
            Self::Report => "report",
            Self::Suggestion => "suggestion",
            Self::Petition => "petition",
        }
    }

    /// The kind of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether the house goes out for it.
    pub fn goes_out(self) -> bool {
        matches!(self, Self::Errand | Self::Visit | Self::Report)
    }
}
