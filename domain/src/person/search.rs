//! Finding people: how much must be typed, and what a row tells.

use serde::{Deserialize, Serialize};

use crate::id::PersonId;

/// Somebody whom staff look for, with just enough to tell them from others of that name.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The year in which they were born.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<i32>,
    /// Of a child: what its guardian is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian: Option<String>,
}

impl PersonRow {
    /// What to call them: their number where they gave no name.
    pub fn called(&self) -> &str {
        match (self.name.as_str(), &self.phone) {
            ("", Some(phone)) => phone,
            (name, _) => name,
        }
    }
}

/// The fewest letters by which people are looked for; of a script whose signs are syllables or words, like Chinese, one is enough.
pub const FEWEST_LOOKED_FOR: usize = 2;

/// The fewest digits by which people are looked for, when it is a number.
pub const FEWEST_DIGITS: usize = 4;

/// The most people that are found at once; who is not among them is looked for by more letters.
pub const MOST_FOUND: usize = 20;

/// True when enough is typed to look for somebody.
pub fn is_enough_to_look_for(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match is_number(text) {
        true => digits >= FEWEST_DIGITS,
        false => {
            let is_word = |c: char| ('\u{2e80}'..='\u{9fff}').contains(&c);
            text.chars().count() >= FEWEST_LOOKED_FOR || text.chars().any(is_word)
        }
    }
}

/// True when a text is a part of a phone number rather than of a name.
pub fn is_number(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_digit() || " -+".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_finds_nobody() {
        for text in ["", " w ", "é", "222", "22 2", "+1"] {
            assert!(!is_enough_to_look_for(text), "{text}");
        }
        for text in ["王", "王大", "wg", "2222", "138-0"] {
            assert!(is_enough_to_look_for(text), "{text}");
        }
    }
}
