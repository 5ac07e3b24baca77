//! Signing up: the rules, the waitlist, and offers. Places are counted on the place list that owns them: the one of a
//! session, or the one of a whole course.

pub mod admission;
pub mod refusal;
pub mod waitlist;

use serde::{Deserialize, Serialize};

use crate::{
    id::{ActivityId, ActivitySessionId, CentreId, PersonId, SignUpId},
    language::Name,
    person::behalf::Channel,
    time::Stamp,
};

/// Where a sign-up stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUpState {
    /// The place is theirs.
    Confirmed,
    /// In line for a place.
    Waitlisted,
    /// A place is held for them until the offer's deadline.
    Offered,
    /// Taken back within ten minutes.
    Undone,
    /// Called off by them.
    Withdrawn,
    /// They did not want the place that was offered.
    Declined,
    /// Several offers went unanswered.
    Passed,
}

impl SignUpState {
    /// All states.
    pub const ALL: [Self; 7] = [
        Self::Confirmed,
        Self::Waitlisted,
        Self::Offered,
        Self::Undone,
        Self::Withdrawn,
        Self::Declined,
        Self::Passed,
    ];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Waitlisted => "waitlisted",
            Self::Offered => "offered",
            Self::Undone => "undone",
            Self::Withdrawn => "withdrawn",
            Self::Declined => "declined",
            Self::Passed => "passed",
        }
    }

    /// The state of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// True while it holds a place.
    pub fn holds(self) -> bool {
        matches!(self, Self::Confirmed | Self::Offered)
    }

    /// True while it holds a place or waits for one.
    pub fn is_live(self) -> bool {
        self.holds() || self == Self::Waitlisted
    }
}

/// A sign-up as the people it is for see it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUp {
    /// Its id.
    pub id: SignUpId,
    /// The centre.
    pub centre: CentreId,
    /// The activity.
    pub activity: ActivityId,
    /// The activity's name.
    pub title: Name,
    /// The session; none for a whole course.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<ActivitySessionId>,
    /// The first session that it is for and has not ended, else the last.
    pub start: Stamp,
    /// Its end.
    pub end: Stamp,
    /// The room's name.
    pub room_name: Name,
    /// For whom.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Where it stands.
    pub state: SignUpState,
    /// Place in line, from 1, while waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u16>,
    /// Until when an offer can be taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer_until: Option<Stamp>,
    /// The session is called off.
    #[serde(default)]
    pub called_off: bool,
    /// The way it came.
    pub channel: Channel,
    /// When it was made.
    pub made: Stamp,
    /// Until when it can be undone.
    pub undo_until: Stamp,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{admission::*, refusal::*, waitlist::*};
    use crate::{
        activity::Audience,
        language::Name,
        time::{DAY, Date, LocalTime, Slot},
    };

    fn at(text: &str) -> LocalTime {
        LocalTime::parse(text).unwrap()
    }

    fn candidate(birth: &str) -> Candidate {
        Candidate {
            name: "小满".to_owned(),
            birth: Date::parse(birth),
            already: false,
            busy: Vec::new(),
            consent: true,
        }
    }

    fn terms() -> Terms {
        Terms {
            audience: Audience {
                from_age: Some(6),
                to_age: Some(12),
            },
            sessions: vec![Slot::lasting(at("2026-11-26T16:30"), 120)],
        }
    }

    #[test]
    fn ages_count_on_the_day_of_the_session() {
        let now = at("2026-11-22T12:00");
        let admit = |birth| admit(&terms(), &candidate(birth), now);
        assert_eq!(admit("2020-11-26"), Ok(()), "six on the day");
        assert_eq!(
            admit("2020-11-27"),
            Err(SignUpRefusal::TooYoung {
                name: "小满".to_owned(),
                from_age: 6,
                age: 5
            })
        );
        assert_eq!(admit("2013-11-27"), Ok(()), "twelve for one day more");
        assert!(matches!(
            admit("2013-11-26"),
            Err(SignUpRefusal::TooOld { age: 13, .. })
        ));
        assert!(matches!(admit(""), Err(SignUpRefusal::NoBirthDate { .. })));
    }

    #[test]
    fn other_rules_stand_in_the_way() {
        let now = at("2026-11-22T12:00");
        let child = candidate("2018-01-01");
        let already = Candidate {
            already: true,
            ..child.clone()
        };
        assert!(matches!(
            admit(&terms(), &already, now),
            Err(SignUpRefusal::Already { .. })
        ));
        let alone = Candidate {
            consent: false,
            ..child.clone()
        };
        assert!(matches!(
            admit(&terms(), &alone, now),
            Err(SignUpRefusal::ConsentNeeded { .. })
        ));
        let busy = |from: &str| Candidate {
            busy: vec![(Slot::lasting(at(from), 60), Name::new("合唱", "Choir"))],
            ..child.clone()
        };
        assert!(matches!(
            admit(&terms(), &busy("2026-11-26T18:00"), now),
            Err(SignUpRefusal::Clash { .. })
        ));
        assert_eq!(
            admit(&terms(), &busy("2026-11-26T18:30"), now),
            Ok(()),
            "one after the other"
        );
        assert_eq!(
            admit(&terms(), &child, at("2026-11-26T16:30")),
            Err(SignUpRefusal::Begun {
                at: at("2026-11-26T16:30")
            })
        );
    }

    #[test]
    fn a_party_has_places_together_or_none() {
        assert_eq!(place(3, 0, 3, false), Ok(Placing::Confirmed));
        assert_eq!(place(2, 0, 3, true), Ok(Placing::Waitlisted));
        assert_eq!(
            place(2, 0, 3, false),
            Err(SignUpRefusal::Full { left: 2, asked: 3 })
        );
        assert_eq!(
            place(2, 1, 1, true),
            Ok(Placing::Waitlisted),
            "nobody overtakes"
        );
    }

    #[test]
    fn offers_go_in_order_to_parties_that_fit() {
        let line = |all: &[(i64, u16)]| -> Vec<Waiting> {
            all.iter()
                .map(|&(party, passes)| Waiting { party, passes })
                .collect()
        };
        assert_eq!(promote(1, &line(&[(1, 0), (2, 0)])), [1]);
        assert_eq!(
            promote(1, &line(&[(1, 0), (1, 0), (2, 0)])),
            [2],
            "one place is none for two"
        );
        assert_eq!(promote(3, &line(&[(1, 0), (1, 0), (2, 0), (3, 0)])), [1, 2]);
        assert_eq!(
            promote(1, &line(&[(1, 1), (2, 0)])),
            [2],
            "whoever let one pass comes later"
        );
        assert_eq!(promote(0, &line(&[(1, 0)])), Vec::<i64>::new());
    }

    #[test]
    fn an_offer_sleeps_at_night() {
        let start = at("2026-11-26T18:00");
        let until = |now| offer_until(at(now), start).to_string();
        assert_eq!(until("2026-11-22T12:00"), "2026-11-22T14:00");
        assert_eq!(until("2026-11-22T20:00"), "2026-11-23T09:00");
        assert_eq!(until("2026-11-22T23:30"), "2026-11-23T10:00");
        assert_eq!(until("2026-11-23T05:00"), "2026-11-23T10:00");
        assert_eq!(
            until("2026-11-26T17:00"),
            "2026-11-26T18:00",
            "not beyond the start"
        );
    }

    proptest! {
        #[test]
        fn an_offer_has_two_waking_hours(minute in 0..40_000i64) {
            let now = at("2026-01-01T00:00").plus(minute);
            let until = offer_until(now, now.plus(100_000));
            let awake = (now.minutes()..until.minutes()).filter(|m| {
                let of_day = m.rem_euclid(DAY);
                (WAKING.0..WAKING.1).contains(&of_day)
            });
            prop_assert_eq!(awake.count(), 120);
        }

        #[test]
        fn no_more_is_offered_than_is_left(left in 0..20u16, line in proptest::collection::vec((0..8i64, 0..3u16), 0..30)) {
            let line: Vec<Waiting> = line.into_iter().map(|(party, passes)| Waiting { party, passes }).collect();
            let offered = promote(left, &line);
            let people = line.iter().filter(|one| offered.contains(&one.party)).count();
            prop_assert!(people <= usize::from(left));
            // Nobody who would fit in what is then left stays behind.
            let rest = usize::from(left) - people;
            for one in line.iter().filter(|one| !offered.contains(&one.party)) {
                let size = line.iter().filter(|other| other.party == one.party).count();
                prop_assert!(size > rest);
            }
        }
    }
}
