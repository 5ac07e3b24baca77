//! People and what they are at a centre.

use serde::{Deserialize, Serialize};

use crate::{
    booking::Booking, household::Member, id::PersonId, sign_up::SignUp, text::Lang, time::Date,
};

/// What somebody is at a centre. Each may do all that the ones before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Anyone who has signed in 居民.
    Resident,
    /// Runs a club 组织者.
    Organiser,
    /// Runs the house day by day 工作人员.
    Staff,
    /// Answers for the house 负责人.
    Manager,
}

impl Role {
    /// All roles, least first.
    pub const ALL: [Self; 4] = [Self::Resident, Self::Organiser, Self::Staff, Self::Manager];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Organiser => "organiser",
            Self::Staff => "staff",
            Self::Manager => "manager",
        }
    }

    /// The role of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// A phone number of mainland China's mobile networks, or with `+` one from abroad (E.164).
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
}

/// What a signed-in person sees and changes of themselves.
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

/// Somebody whom staff look for, with just enough to tell them from others of that name.
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

/// What staff of a centre see of somebody: who they are, and what they have there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCard {
    /// They themselves.
    pub person: PersonRow,
    /// Their birth date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Date>,
    /// Staff keep this record: name and birth date are theirs to correct. Else only what is missing can be added.
    pub kept_by_staff: bool,
    /// Their household, they themselves first.
    pub family: Vec<Member>,
    /// Their bookings to come, then the last past ones.
    pub bookings: Vec<Booking>,
    /// The sign-ups of their household, those to come first.
    pub sign_ups: Vec<SignUp>,
    /// To how many sessions they came in the last [`ATTENDANCE_DAYS`] days.
    pub came: u16,
    /// How many they missed.
    pub missed: u16,
}

/// The fewest characters by which people are looked for.
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
        false => text.chars().count() >= FEWEST_LOOKED_FOR,
    }
}

/// True when a text is a part of a phone number rather than of a name.
pub fn is_number(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_digit() || " -+".contains(c))
}

/// Over how many days staff see whether somebody came: what is longer ago is nobody's business.
pub const ATTENDANCE_DAYS: i64 = 90;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_finds_nobody() {
        for text in ["", " 王 ", "222", "22 2", "+1"] {
            assert!(!is_enough_to_look_for(text), "{text}");
        }
        for text in ["王大", "2222", "138-0"] {
            assert!(is_enough_to_look_for(text), "{text}");
        }
    }

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
