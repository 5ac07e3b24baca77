//! Problems: the only error on the wire. A refusal of a rule carries its figures, bad input its fields; faults of the environment
//! say only what the person can do. Causes go to the log.

use serde::{Deserialize, Serialize};

use crate::{
    booking::refusal::Refusal,
    case::step::CaseRefusal,
    centre::validate::CentreFault,
    person::{merge::Unmergeable, permission::Role, token::Scope},
    sign_up::refusal::SignUpRefusal,
    time::Date,
};

/// What went wrong, with all that a sentence in the person's language needs. The cause goes to the log, never here.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// A rule of the house stands against it.
    Refused {
        /// Which, with its figures.
        refusal: Refusal,
        /// The centre's rules changed since the form was opened.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        changed: bool,
        /// Of several dates, the one that it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        date: Option<Date>,
    },
    /// Somebody cannot be signed up.
    NotSignedUp {
        /// The rule, with its figures.
        refusal: SignUpRefusal,
    },
    /// A case cannot be sent, or a step of it not be taken.
    NoStep {
        /// The rule, with its figures.
        refusal: CaseRefusal,
    },
    /// Two records are not made one.
    NotMerged {
        /// Why.
        why: Unmergeable,
    },
    /// Some fields cannot be read or meant.
    Invalid {
        /// Which, and why.
        fields: Vec<FieldFault>,
    },
    /// One must sign in first.
    NotSignedIn,
    /// Not for this person.
    NotAllowed,
    /// The token is not one of ours, or holds no longer.
    BadToken,
    /// No token serves for this, or this one is not for it.
    BeyondToken {
        /// What it would have to be for; none where only people act themselves.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        need: Option<Scope>,
    },
    /// There is no such thing, or it is not theirs to know.
    NotFound,
    /// The thing is not in the state it was thought to be: somebody was faster.
    Overtaken,
    /// The code is not the one that was sent.
    WrongCode {
        /// How many more tries there are.
        tries_left: u8,
    },
    /// The code is right and was used before: the next one serves.
    CodeUsed,
    /// The code is too old, used up, or was never sent.
    CodeExpired,
    /// Only with the code that is sent to the number: by it its holder agrees.
    ProofNeeded,
    /// They have another role there: it is changed, not given beside it.
    RoleHeld {
        /// The role.
        role: Role,
    },
    /// Somebody must answer for the house: name another manager first.
    LastManager,
    /// Nobody changes their own role: another manager does.
    OwnRole,
    /// Whoever runs the house needs a second factor: it is set up first, and not removed.
    SecondFactorRequired,
    /// A link that works once was used, or another was made since.
    LinkUsed,
    /// The description of a centre is at fault.
    BadCentre {
        /// Where, and how.
        faults: Vec<CentreFault>,
    },
    /// Too many in too short a time.
    TooMany {
        /// Seconds to wait.
        wait: u32,
    },
    /// The request is larger than anything people send.
    TooLarge,
    /// The request did not come from Linli's own pages.
    ForeignOrigin,
    /// A write came without its idempotency key, or the key was used for something else.
    BadKey,
    /// The address is there, but not for this method.
    BadMethod,
    /// More work waits than can be done; try again in a moment.
    Overloaded,
    /// No code can be sent: the house has no sender, or it fails.
    CodeNotSent,
    /// The database is locked, full or gone; nothing was changed.
    Unavailable,
    /// No answer came after a change was asked for: it may be done or not. The same request again does it once.
    Unknown,
    /// The server found something that cannot be: a defect, which is written down.
    Defect,
}

/// A problem as it goes over the wire.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// The problem.
    pub problem: Problem,
    /// Its sentence in the language of the request.
    pub message: String,
    /// The names of the request's fields that it is about, so that a form can point at them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// What the app reads of a [`Reported`]: the sentence says it all, and need not be made from its figures twice.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Message {
    /// The sentence.
    pub message: String,
    /// The fields that it is about.
    #[serde(default)]
    pub fields: Vec<String>,
}

/// A field that cannot be read or meant.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFault {
    /// The field's name in the request.
    pub field: String,
    /// What is wrong with it.
    pub fault: TextFault,
}

/// What can be wrong with a field.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextFault {
    /// Nothing is there.
    Missing,
    /// Longer than this many characters.
    TooLong {
        /// The most.
        most: u16,
    },
    /// Control characters are in it.
    ControlCharacters,
    /// Not of the right form.
    Unreadable,
    /// Outside of what can be meant.
    OutOfRange,
    /// It is somebody else's.
    Theirs,
    /// A number of a country to which this house sends no texts.
    Abroad,
    /// Not a picture that can be shown: JPEG, PNG or WebP, of at most 40 million points.
    NoPicture,
}

impl Problem {
    /// One field that is wrong.
    pub fn field(field: &str, fault: TextFault) -> Self {
        Self::Invalid {
            fields: vec![FieldFault {
                field: field.to_owned(),
                fault,
            }],
        }
    }

    /// The names of the request's fields that it is about.
    pub fn fields(&self) -> Vec<String> {
        match self {
            Self::Invalid { fields } => fields.iter().map(|one| one.field.clone()).collect(),
            Self::WrongCode { .. } | Self::CodeUsed | Self::CodeExpired => vec!["code".to_owned()],
            _ => Vec::new(),
        }
    }

    /// The HTTP status it travels with (RFC 9110).
    pub fn status(&self) -> u16 {
        match self {
            Self::Refused { .. }
            | Self::NotSignedUp { .. }
            | Self::NoStep { .. }
            | Self::NotMerged { .. }
            | Self::Overtaken
            | Self::RoleHeld { .. }
            | Self::LastManager
            | Self::OwnRole
            | Self::SecondFactorRequired
            | Self::LinkUsed => 409,
            Self::Invalid { .. } | Self::BadCentre { .. } => 422,
            Self::NotSignedIn | Self::BadToken => 401,
            Self::NotAllowed
            | Self::BeyondToken { .. }
            | Self::ForeignOrigin
            | Self::ProofNeeded => 403,
            Self::NotFound => 404,
            Self::BadMethod => 405,
            Self::WrongCode { .. } | Self::CodeUsed | Self::CodeExpired | Self::BadKey => 400,
            Self::TooMany { .. } => 429,
            Self::TooLarge => 413,
            Self::Overloaded | Self::CodeNotSent | Self::Unavailable | Self::Unknown => 503,
            Self::Defect => 500,
        }
    }

    /// True when the same request may succeed a moment later without any change.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Overloaded | Self::Unavailable | Self::Unknown)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused {
            refusal,
            changed: false,
            date: None,
        }
    }
}

impl From<CaseRefusal> for Problem {
    fn from(refusal: CaseRefusal) -> Self {
        Self::NoStep { refusal }
    }
}

impl From<SignUpRefusal> for Problem {
    fn from(refusal: SignUpRefusal) -> Self {
        Self::NotSignedUp { refusal }
    }
}

/// Reads a text that a person typed: white space around it goes, line breaks stay.
///
/// # Errors
/// When it is longer than `most` characters, has control characters, or is empty where `needed`.
pub fn typed(field: &str, text: &str, most: u16, needed: bool) -> Result<String, Problem> {
    let text = text.trim();
    let fault = if text.is_empty() && needed {
        TextFault::Missing
    } else if text.chars().count() > usize::from(most) {
        TextFault::TooLong { most }
    } else if text.chars().any(is_hidden) {
        TextFault::ControlCharacters
    } else {
        return Ok(text.to_owned());
    };
    Err(Problem::field(field, fault))
}

/// Control characters, those that nobody sees, and those that turn the direction of what follows (UAX #9), with which names can
/// lie. Joiners stay: Uyghur and other scripts are written with them.
fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200b}' | '\u{2060}' | '\u{180e}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_texts_are_kept_or_refused_by_name() {
        assert_eq!(typed("note", "  两行\n字 ", 10, true).unwrap(), "两行\n字");
        assert_eq!(typed("note", "   ", 10, false).unwrap(), "");
        let fault = |text: &str| match typed("note", text, 3, true) {
            Err(Problem::Invalid { fields }) => fields[0].fault,
            other => panic!("{other:?}"),
        };
        assert_eq!(fault(" "), TextFault::Missing);
        assert_eq!(fault("四个字长"), TextFault::TooLong { most: 3 });
        assert_eq!(fault("a\u{7}"), TextFault::ControlCharacters);
        for lie in [
            "a\u{202e}b",
            "a\u{2066}b",
            "a\u{2060}b",
            "a\u{200b}b",
            "a\u{180e}b",
            "\u{feff}a",
        ] {
            assert_eq!(fault(lie), TextFault::ControlCharacters, "{lie:?}");
        }
        let joined = "نا\u{200c}ن";
        assert_eq!(typed("note", joined, 10, true).unwrap(), joined);
    }
}
