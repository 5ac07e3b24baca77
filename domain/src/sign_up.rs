//! Signing up: the rules, the waitlist, and offers. Places are counted on the place list that owns them: the one of a
//! session, or the one of a whole course.

use serde::{Deserialize, Serialize};

use crate::{
    activity::{AGE_OF_CONSENT, Audience, age_on},
    booking::{Channel, UNDO_MINUTES},
    id::{ActivityId, ActivitySessionId, CentreId, PersonId, SignUpId},
    text::Name,
    time::{DAY, Date, LocalTime, Slot, Stamp},
};

/// Where a sign-up stands.
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

/// Why somebody cannot be signed up like that, with its figures. Its sentence is made by [`crate::text`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the sentences in the catalogue explain the figures"
)]
pub enum SignUpRefusal {
    /// Sign-up ended when the session began.
    Begun { at: LocalTime },
    /// Nobody is away from what has not begun.
    NotYet { at: LocalTime },
    /// The session or activity is called off, or its room is not confirmed yet.
    NotOn,
    /// Fewer places than people, and they would rather not wait.
    Full { left: u16, asked: u16 },
    /// Younger than the audience.
    TooYoung { name: String, from_age: u8, age: u8 },
    /// Older than the audience.
    TooOld { name: String, to_age: u8, age: u8 },
    /// The audience has ages and the person's is not known.
    NoBirthDate { name: String },
    /// One person has one place.
    Already { name: String },
    /// They are somewhere else then.
    Clash {
        name: String,
        what: Name,
        from: LocalTime,
        until: LocalTime,
    },
    /// A child's guardian has not agreed.
    ConsentNeeded { name: String },
    /// The offer's deadline is over, or there is none.
    OfferOver,
    /// The time to undo is over, in minutes after signing up.
    UndoTooLate { minutes: u16 },
    /// Nothing can be done with a sign-up that has ended.
    Over,
}

/// What is known of a person who is to be signed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Their name.
    pub name: String,
    /// Their birth date, if it is known.
    pub birth: Option<Date>,
    /// They are on the list already.
    pub already: bool,
    /// What they have at other times: confirmed bookings, and places.
    pub busy: Vec<(Slot, Name)>,
    /// Their guardian has agreed.
    pub consent: bool,
}

/// What is asked of everybody on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// For whom.
    pub audience: Audience,
    /// The sessions that the place is for; never empty.
    pub sessions: Vec<Slot>,
}

/// Decides whether somebody may be on the list. Whether there is a place for them is another question.
///
/// # Errors
/// The first rule that stands against it.
pub fn admit(terms: &Terms, candidate: &Candidate, now: LocalTime) -> Result<(), SignUpRefusal> {
    let name = || candidate.name.clone();
    let Some(first) = terms.sessions.first() else {
        return Err(SignUpRefusal::NotOn);
    };
    if first.start() <= now {
        return Err(SignUpRefusal::Begun { at: first.start() });
    }
    if candidate.already {
        return Err(SignUpRefusal::Already { name: name() });
    }
    let age = candidate
        .birth
        .map(|birth| age_on(birth, first.start().date()));
    match age {
        None if !terms.audience.is_open() => {
            return Err(SignUpRefusal::NoBirthDate { name: name() });
        }
        Some(age) if !terms.audience.takes(age) => {
            return Err(match (terms.audience.from_age, terms.audience.to_age) {
                (Some(from_age), _) if age < from_age => SignUpRefusal::TooYoung {
                    name: name(),
                    from_age,
                    age,
                },
                (_, to_age) => SignUpRefusal::TooOld {
                    name: name(),
                    to_age: to_age.unwrap_or_default(),
                    age,
                },
            });
        }
        _ => {}
    }
    if needs_consent(candidate.birth, now.date()) && !candidate.consent {
        return Err(SignUpRefusal::ConsentNeeded { name: name() });
    }
    let clash = terms
        .sessions
        .iter()
        .find_map(|slot| candidate.busy.iter().find(|(busy, _)| busy.overlaps(*slot)));
    match clash {
        Some((slot, what)) => Err(SignUpRefusal::Clash {
            name: name(),
            what: what.clone(),
            from: slot.start(),
            until: slot.end(),
        }),
        None => Ok(()),
    }
}

/// True when a guardian must agree to what is stored about somebody.
pub fn needs_consent(birth: Option<Date>, today: Date) -> bool {
    birth.is_some_and(|birth| age_on(birth, today) < AGE_OF_CONSENT)
}

/// What becomes of people who may be on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placing {
    /// Everybody has a place.
    Confirmed,
    /// Everybody waits.
    Waitlisted,
}

/// Places a party: all of it or none. Nobody overtakes those who wait.
///
/// # Errors
/// When there are too few places and they would rather not wait.
pub fn place(left: u16, waiting: u16, party: u16, wait: bool) -> Result<Placing, SignUpRefusal> {
    let left = if waiting > 0 { 0 } else { left };
    match (party <= left, wait) {
        (true, _) => Ok(Placing::Confirmed),
        (false, true) => Ok(Placing::Waitlisted),
        (false, false) => Err(SignUpRefusal::Full { left, asked: party }),
    }
}

/// How often an offer may go unanswered before the place in line is lost.
pub const MOST_PASSES: u16 = 3;

/// Somebody in line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The act in which they signed up: a family is offered places together.
    pub party: i64,
    /// How many offers they let pass.
    pub passes: u16,
}

/// The parties that are offered places now: `left` places, `line` in order of asking. Whoever let an offer pass comes
/// after those who did not; a party that does not fit is left out, keeps its place, and smaller ones behind it come first.
pub fn promote(left: u16, line: &[Waiting]) -> Vec<i64> {
    let mut parties: Vec<(u16, i64, u16)> = Vec::new();
    for one in line {
        match parties.iter_mut().find(|party| party.1 == one.party) {
            Some(party) => (party.0, party.2) = (party.0.max(one.passes), party.2 + 1),
            None => parties.push((one.passes, one.party, 1)),
        }
    }
    // Stable: those with as many passes stay in order of asking.
    parties.sort_by_key(|party| party.0);
    let mut left = left;
    let mut offered = Vec::new();
    for (_, party, size) in parties {
        if left == 0 {
            break;
        }
        if size <= left {
            left -= size;
            offered.push(party);
        }
    }
    offered
}

/// When people can be expected to read a message, in minutes after midnight.
pub const WAKING: (i64, i64) = (8 * 60, 21 * 60);

/// How long an offer stands, in waking minutes.
pub const OFFER: i64 = 120;

/// Until when an offer made at `now` stands: two hours that lie between 8:00 and 21:00, but never beyond the start.
pub fn offer_until(now: LocalTime, start: LocalTime) -> LocalTime {
    let (wake, sleep) = WAKING;
    let mut left = OFFER;
    let mut at = now;
    loop {
        let minute = at.minute_of_day();
        if minute < wake {
            at = at.plus(wake - minute);
        } else if minute >= sleep {
            at = at.plus(DAY - minute + wake);
        } else if minute + left <= sleep {
            return at.plus(left).min(start);
        } else {
            left -= sleep - minute;
            at = at.plus(DAY - minute + wake);
        }
    }
}

/// Whether a sign-up can still be undone.
///
/// # Errors
/// When it has ended, or ten minutes are over.
pub fn undo(state: SignUpState, made: LocalTime, now: LocalTime) -> Result<(), SignUpRefusal> {
    if !state.is_live() {
        return Err(SignUpRefusal::Over);
    }
    if now > made.plus(i64::from(UNDO_MINUTES)) {
        return Err(SignUpRefusal::UndoTooLate {
            minutes: UNDO_MINUTES,
        });
    }
    Ok(())
}

/// Whether somebody can still withdraw: until the session ends for those who wait, until it begins for the others.
///
/// # Errors
/// When it has ended or begun.
pub fn withdraw(state: SignUpState, start: LocalTime, now: LocalTime) -> Result<(), SignUpRefusal> {
    if !state.is_live() {
        return Err(SignUpRefusal::Over);
    }
    if start <= now && state.holds() {
        return Err(SignUpRefusal::Begun { at: start });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
