//! Activities and their sessions, as everybody sees them. A session has a booking of its room, and stands or falls with it.

pub mod attendance;

use serde::{Deserialize, Serialize};

use crate::{
    booking::BookingState,
    centre::room::Purpose,
    id::{ActivityId, ActivitySessionId, BookingId, CentreId, ClubId, RoomId},
    language::{Name, fold},
    time::{Date, LocalTime, Slot, Stamp},
};

/// The most places of an activity.
pub const MOST_PLACES: u16 = 500;

/// For whom an activity is: ages in whole years, both included.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    #[serde(default, skip_serializing_if = "Name::is_empty")]
    pub about: Name,
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

impl Activity {
    /// Its weekly pattern: the weekdays (in order, by a date of each) and the minute of the day, where all its dates that are on
    /// begin at one time of day and at least two of them are a week apart.
    pub fn pattern(&self) -> Option<(Vec<Date>, i64)> {
        let on: Vec<LocalTime> = self
            .sessions
            .iter()
            .filter(|one| one.state.is_live())
            .map(|one| one.start.local)
            .collect();
        let minute = on.first()?.minute_of_day();
        let same = on.iter().all(|start| start.minute_of_day() == minute);
        let weekly = on
            .iter()
            .any(|start| on.contains(&start.plus(7 * crate::time::DAY)));
        if !same || !weekly {
            return None;
        }
        let mut days: Vec<Date> = Vec::new();
        for date in on.iter().map(|start| start.date()) {
            if !days.iter().any(|day| day.weekday() == date.weekday()) {
                days.push(date);
            }
        }
        days.sort_by_key(|day| day.weekday());
        Some((days, minute))
    }
}

/// A club in passing.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClubRef {
    /// Its id.
    pub id: ClubId,
    /// Its name.
    pub name: Name,
}

/// One date of an activity.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// How many of the places that are left can be had by whoever is new: none while somebody waits for them.
pub fn left_for_new(left: u16, waiting: u16) -> u16 {
    match waiting {
        0 => left,
        _ => 0,
    }
}

impl Session {
    /// How many places are left. Whoever waits comes before whoever is new.
    pub fn left(&self) -> u16 {
        left_for_new(self.places.saturating_sub(self.taken), self.waiting)
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

impl Session {
    /// The class of its tag in the style sheet: whether it takes place, and has places.
    pub fn level(&self) -> &'static str {
        match self.left() {
            _ if !self.is_on() => "t-requested",
            0 => "t-full",
            _ => "t-confirmed",
        }
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
        let search = fold(search.trim());
        let names = [Some(&self.title), self.club.as_ref().map(|club| &club.name)];
        search.is_empty() || names.into_iter().flatten().any(|name| name.has(&search))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn what_repeats_is_said_once() {
        use crate::{language::Lang, time::Stamp};
        let at = |text: &str| Stamp {
            local: LocalTime::parse(text).unwrap(),
            offset: 480,
        };
        let session = |start: &str| Session {
            id: "s".into(),
            booking: "b".into(),
            room: "hall".into(),
            start: at(start),
            end: at(start),
            state: BookingState::Confirmed,
            reason: String::new(),
            places: 10,
            taken: 0,
            waiting: 0,
        };
        let of = |starts: &[&str]| Activity {
            id: "a".into(),
            centre: "house".into(),
            club: None,
            title: Name::new("舞", "Dance"),
            about: Name::default(),
            kind: Purpose::Dance,
            audience: Audience::default(),
            fee: 0,
            per: Per::Session,
            pick_up: false,
            sessions: starts.iter().map(|start| session(start)).collect(),
        };
        let twice = of(&[
            "2026-11-25T09:30",
            "2026-11-28T09:30",
            "2026-12-02T09:30",
            "2026-12-05T09:30",
        ]);
        let (days, minute) = twice.pattern().unwrap();
        assert_eq!(Lang::Zh.pattern(&days, minute), "每周三、周六 09:30");
        assert_eq!(Lang::En.pattern(&days, minute), "every Wed, Sat 09:30");
        assert_eq!(
            of(&["2026-11-25T09:30", "2026-12-02T10:00"]).pattern(),
            None
        );
        assert_eq!(
            of(&["2026-11-25T09:30", "2026-11-26T09:30"]).pattern(),
            None
        );
    }
}
