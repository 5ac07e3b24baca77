//! Attendance: the sheet that organisers and staff check people in with.

use serde::{Deserialize, Serialize};

use crate::{
    id::{ActivityId, ActivitySessionId, PersonId},
    language::Name,
    time::Stamp,
};

/// For how long before and after a session those who run it see its sheet, in seconds: names and numbers are there for
/// the day, not for ever. Staff see it at any time.
pub const NEAR: i64 = 24 * 3600;

/// For how long before the start people are checked in without a question, in seconds.
pub const EARLY: i64 = 2 * 3600;

/// What is noted of somebody on the sheet.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// They are here.
    Here,
    /// They did not come.
    Away,
    /// A child that was here and has been picked up.
    PickedUp,
}

impl Mark {
    const ALL: [Self; 3] = [Self::Here, Self::Away, Self::PickedUp];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Away => "away",
            Self::PickedUp => "picked_up",
        }
    }

    /// The mark of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.code() == code)
    }

    /// True when they came.
    pub fn came(self) -> bool {
        self != Self::Away
    }
}

/// How many of those who had a place did not come: whoever was noted as away and, once the session is over and its sheet
/// was used, whoever was not noted at all. A sheet that nobody used says nothing.
pub fn missed(signed_up: u16, away: u16, noted: u16, over: bool) -> u16 {
    match over && noted > 0 {
        true => away + signed_up.saturating_sub(noted),
        false => away,
    }
}

impl Sheet {
    /// True when whoever walks in now would overtake somebody, or there is no place left.
    pub fn is_full(&self) -> bool {
        self.waiting > 0 || self.rows.len() >= usize::from(self.places)
    }
}

/// The sheet of a session, for those who run it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The session.
    pub session: ActivitySessionId,
    /// The activity.
    pub activity: ActivityId,
    /// Its name.
    pub title: Name,
    /// Start.
    pub start: Stamp,
    /// End.
    pub end: Stamp,
    /// How many places there are.
    pub places: u16,
    /// How many wait in line.
    #[serde(default)]
    pub waiting: u16,
    /// The activity is for children alone: nobody comes without a guardian on record.
    #[serde(default)]
    pub children: bool,
    /// Children are picked up afterwards.
    pub pick_up: bool,
    /// Everybody who has a place or walked in, in the order of asking.
    pub rows: Vec<SheetRow>,
}

/// Somebody on the sheet.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetRow {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their number, or that of the guardian who signed them up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The guardian who signed them up, for those who do not sign in by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian: Option<String>,
    /// They came without having signed up.
    #[serde(default)]
    pub walk_in: bool,
    /// What is noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// When that was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marked: Option<Stamp>,
    /// Who fetched the child, as it was told to whoever noted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched_by: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unused_sheet_says_nothing() {
        assert_eq!(missed(12, 0, 0, true), 0);
        assert_eq!(missed(12, 1, 9, false), 1, "they may still come");
        assert_eq!(missed(12, 1, 9, true), 4);
        assert_eq!(missed(2, 0, 3, true), 0, "places were given up since");
    }
}
