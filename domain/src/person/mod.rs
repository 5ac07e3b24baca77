//! People and what they are at a centre.

pub mod age;
pub mod behalf;
pub mod household;
pub mod merge;
pub mod permission;
pub mod search;
pub mod second_factor;
pub mod token;

use serde::{Deserialize, Serialize};

use crate::{id::PersonId, language::Lang, time::Date};

/// A phone number of mainland China's mobile networks, or with `+` one from abroad (E.164).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Reads a number as people write it, with spaces and hyphens. `+86` is dropped, so that one person stays one.
    pub fn parse(text: &str) -> Option<Self> {
        let kept: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '\u{a0}'))
            .collect();
        let number = kept.strip_prefix("+86").unwrap_or(&kept);
        let digits = number.strip_prefix('+').unwrap_or(number);
        let foreign =
            number.starts_with('+') && (7..=15).contains(&digits.len()) && !digits.starts_with('0');
        let home = number.len() == 11
            && number.starts_with('1')
            && !matches!(number.as_bytes()[1], b'0'..=b'2');
        let sound = digits.bytes().all(|b| b.is_ascii_digit()) && (foreign || home);
        sound.then(|| Self(number.to_owned()))
    }

    /// The number without spaces.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True when it is one of a country with this calling code (ITU-T E.164), as `353`.
    pub fn is_of(&self, country: &str) -> bool {
        match self.0.strip_prefix('+') {
            Some(abroad) => abroad.starts_with(country),
            None => country == "86",
        }
    }

    /// A number as those see it who did not name it themselves: its last four digits.
    pub fn masked(number: &str) -> String {
        let kept = number.len().saturating_sub(4);
        format!("•••• {}", number.get(kept..).unwrap_or_default())
    }
}

/// What a signed-in person sees and changes of themselves.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Their id.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their number.
    pub phone: Option<Phone>,
    /// The language for messages to them.
    pub lang: Lang,
    /// Their birth date, if they told it: activities may have an age limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Date>,
}

/// Over how many days staff see whether somebody came: what is longer ago is nobody's business.
pub const ATTENDANCE_DAYS: i64 = 90;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_in_many_spellings() {
        for text in [
            "138 0000 0001",
            "138-0000-0001",
            "+86 138 0000 0001",
            "13800000001",
        ] {
            assert_eq!(
                Phone::parse(text).unwrap().as_str(),
                "13800000001",
                "{text}"
            );
        }
        assert!(Phone::parse("+353 1 555 0100").is_some());
        for text in [
            "",
            "1380000000",
            "+1",
            "10000000000",
            "1380000000a",
            "+0123456789",
            "１３８０００００００１",
        ] {
            assert_eq!(Phone::parse(text), None, "{text}");
        }
    }
}
