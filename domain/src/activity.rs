//! Activities and their sessions, as everybody sees them. A session has a booking of its room, and stands or falls with it.

use serde::{Deserialize, Serialize};

use crate::{
    booking::BookingState,
    id::{ActivityId, ActivitySessionId, BookingId, CentreId, ClubId, RoomId},
    room::Purpose,
    text::Name,
    time::{Date, LocalTime, Slot, Stamp},
};

/// From this age on, in years, a person agrees for themselves to what is stored about them; below it a guardian does
/// (Personal Information Protection Law of the PRC, article 31).
pub const AGE_OF_CONSENT: u8 = 14;

/// The most weeks that one act publishes.
pub const MOST_WEEKS: u16 = 26;

/// The most places of an activity.
pub const MOST_PLACES: u16 = 500;

/// For whom an activity is: ages in whole years, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// From this age on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_age: Option<u8>,
    /// Up to this age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_age: Option<u8>,
}

impl Audience {
    /// True for everybody.
    pub fn is_open(self) -> bool {
        self == Self::default()
    }

    /// True when somebody of that age may come.
    pub fn takes(self, age: u8) -> bool {
        self.from_age.is_none_or(|from| age >= from) && self.to_age.is_none_or(|to| age <= to)
    }

    /// True when no age can be meant by it.
    pub fn is_empty(self) -> bool {
        matches!((self.from_age, self.to_age), (Some(from), Some(to)) if from > to)
    }
}

/// What one signs up for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Each session by itself.
    #[default]
    Session,
    /// All sessions together: all dates or none.
    Course,
}

impl Per {
    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Course => "course",
        }
    }

    /// The one of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Session, Self::Course]
            .into_iter()
            .find(|per| per.code() == code)
    }
}

/// An activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Its id.
    pub id: ActivityId,
    /// The centre.
    pub centre: CentreId,
    /// The club that invites, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub club: Option<ClubRef>,
    /// Its name.
    pub title: Name,
    /// What it is, in a few sentences.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Its kind.
    pub kind: Purpose,
    /// For whom.
    #[serde(default)]
    pub audience: Audience,
    /// What it costs, in fen (a hundredth of a yuan); 0 for nothing.
    #[serde(default)]
    pub fee: u32,
    /// What one signs up for.
    pub per: Per,
    /// Children are picked up afterwards.
    #[serde(default)]
    pub pick_up: bool,
    /// Its sessions in order, from today on.
    pub sessions: Vec<Session>,
}

/// A club in passing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClubRef {
    /// Its id.
    pub id: ClubId,
    /// Its name.
    pub name: Name,
}

/// One date of an activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: ActivitySessionId,
    /// The booking of its room.
    pub booking: BookingId,
    /// The room.
    pub room: RoomId,
    /// Start.
    pub start: Stamp,
    /// End.
    pub end: Stamp,
    /// Where the booking stands, and with it the session.
    pub state: BookingState,
    /// Why it was cancelled.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// How many places there are.
    pub places: u16,
    /// How many of them are taken, or held for somebody who was offered one.
    pub taken: u16,
    /// How many people wait.
    pub waiting: u16,
}

impl Session {
    /// How many places are left. Whoever waits comes before whoever is new.
    pub fn left(&self) -> u16 {
        if self.waiting > 0 {
            0
        } else {
            self.places.saturating_sub(self.taken)
        }
    }

    /// Its time.
    pub fn slot(&self) -> Slot {
        Slot::lasting(
            self.start.local,
            self.end.local.minutes() - self.start.local.minutes(),
        )
    }

    /// True when it takes place, as far as is known.
    pub fn is_on(&self) -> bool {
        self.state == BookingState::Confirmed
    }
}

impl Activity {
    /// The next session that takes place and has not ended.
    pub fn next(&self, now: LocalTime) -> Option<&Session> {
        self.sessions
            .iter()
            .find(|one| one.is_on() && one.end.local > now)
    }

    /// True when a search text is part of its name or of its club's.
    pub fn is_called(&self, search: &str) -> bool {
        let search = search.trim().to_lowercase();
        let names = [Some(&self.title), self.club.as_ref().map(|club| &club.name)];
        search.is_empty()
            || names.into_iter().flatten().any(|name| {
                name.zh.to_lowercase().contains(&search) || name.en.to_lowercase().contains(&search)
            })
    }
}

/// Whole years on a day. Whoever was born on 29 February has a birthday on 1 March in other years (Civil Code of the
/// PRC, article 1259: a term begins on the day itself).
pub fn age_on(birth: Date, day: Date) -> u8 {
    let ((year, month, date), (now_year, now_month, now_date)) = (birth.ymd(), day.ymd());
    let had_birthday = (now_month, now_date) >= (month, date);
    let years = now_year - year - i32::from(!had_birthday);
    u8::try_from(years.max(0)).unwrap_or(u8::MAX)
}

/// A price in fen, from yuan as people write them: `12`, `12.5` or `12.50`.
pub fn fen(yuan: &str) -> Option<u32> {
    let yuan = yuan.trim();
    let (whole, rest) = yuan.split_once('.').unwrap_or((yuan, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(rest) || rest.len() > 2 {
        return None;
    }
    let rest: u32 = format!("{rest:0<2}").parse().ok()?;
    whole
        .parse::<u32>()
        .ok()?
        .checked_mul(100)?
        .checked_add(rest)
}

/// A price in yuan, from fen: `12` or `12.50`.
pub fn yuan(fen: u32) -> String {
    match fen % 100 {
        0 => (fen / 100).to_string(),
        rest => format!("{}.{rest:02}", fen / 100),
    }
}

/// The dates of a weekly activity.
pub fn weekly(first: Slot, weeks: u16) -> impl Iterator<Item = Slot> {
    (0..i64::from(weeks.max(1))).map(move |week| first.shifted(week * 7 * crate::time::DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn a_price_is_read_as_people_write_it() {
        let read = ["0", "12", "12.5", " 12.50 ", "0.05"].map(fen);
        assert_eq!(read, [Some(0), Some(1200), Some(1250), Some(1250), Some(5)]);
        for text in ["", ".", "12.", "12.505", "-1", "1e3", "四", "99999999999"] {
            assert_eq!(fen(text), None, "{text}");
        }
        for price in [0, 5, 1200, 1250] {
            assert_eq!(fen(&yuan(price)), Some(price));
        }
    }

    #[test]
    fn an_age_changes_on_the_birthday() {
        let born = day("2014-11-26");
        assert_eq!(age_on(born, day("2026-11-25")), 11);
        assert_eq!(age_on(born, day("2026-11-26")), 12);
        assert_eq!(age_on(day("2020-02-29"), day("2026-02-28")), 5);
        assert_eq!(age_on(day("2020-02-29"), day("2026-03-01")), 6);
        assert_eq!(age_on(day("2027-01-01"), day("2026-11-26")), 0);
    }

    #[test]
    fn both_ages_of_an_audience_are_included() {
        let six_to_twelve = Audience {
            from_age: Some(6),
            to_age: Some(12),
        };
        assert!(six_to_twelve.takes(6) && six_to_twelve.takes(12));
        assert!(!six_to_twelve.takes(5) && !six_to_twelve.takes(13));
        assert!(Audience::default().takes(0) && Audience::default().is_open());
        let nobody = Audience {
            from_age: Some(9),
            to_age: Some(8),
        };
        assert!(nobody.is_empty() && !six_to_twelve.is_empty());
    }

    #[test]
    fn weeks_keep_day_and_time() {
        let first = Slot::lasting(LocalTime::parse("2026-11-26T18:00").unwrap(), 90);
        let all: Vec<_> = weekly(first, 3)
            .map(|slot| slot.start().to_string())
            .collect();
        assert_eq!(
            all,
            ["2026-11-26T18:00", "2026-12-03T18:00", "2026-12-10T18:00"]
        );
    }
}
