//! Bookings: states, deadlines, and what may still be done with one.

pub mod admission;
pub mod alternative;
pub mod check_in;
pub mod refusal;
pub mod series;
pub mod waitlist;

use serde::{Deserialize, Serialize};

use crate::{
    booking::refusal::Refusal,
    centre::{Centre, room::Purpose, rules::Rules},
    id::{BookingId, CentreId, PersonId, RoomId, SeriesId},
    language::Name,
    person::behalf::Channel,
    time::{Slot, Stamp},
};

/// Most characters of a note or a reason.
pub const MOST_TEXT: u16 = 200;

/// How long a booking can be undone without a trace, in minutes.
pub const UNDO_MINUTES: u16 = 10;

/// Where a booking stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingState {
    /// Staff have not decided.
    Requested,
    /// It stands.
    Confirmed,
    /// Taken back within ten minutes; it counts nowhere.
    Undone,
    /// Called off.
    Cancelled,
    /// Staff said no.
    Declined,
    /// Nobody came: the room went to others.
    Released,
    /// Staff had not decided when it was to begin.
    Lapsed,
}

impl BookingState {
    const ALL: [Self; 7] = [
        Self::Requested,
        Self::Confirmed,
        Self::Undone,
        Self::Cancelled,
        Self::Declined,
        Self::Released,
        Self::Lapsed,
    ];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Confirmed => "confirmed",
            Self::Undone => "undone",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
            Self::Released => "released",
            Self::Lapsed => "lapsed",
        }
    }

    /// The state of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// True while it takes the room or may come to take it.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Requested | Self::Confirmed)
    }
}

/// What is known of whether the people of a booking came.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckIn {
    /// Until when they are waited for; then the room goes to others. None where it waits for as long as it is booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Stamp>,
    /// When they checked in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Stamp>,
    /// When it was to end, where they finished earlier and gave the rest to others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_end: Option<Stamp>,
    /// Why nobody came, as its person says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub explanation: String,
    /// Whether staff let the explanation count; none while they have not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excused: Option<bool>,
}

impl CheckIn {
    /// True where there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A booking as the person it is for, or staff, see it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// The centre.
    pub centre: CentreId,
    /// The centre's name, so that lists over several centres need no second question.
    pub centre_name: Name,
    /// The room.
    pub room: RoomId,
    /// The room's name.
    pub room_name: Name,
    /// Start.
    pub start: Stamp,
    /// End.
    pub end: Stamp,
    /// How many people.
    pub people: u16,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// What they wrote to the staff.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The public name of a club's session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Name>,
    /// The series that it is a date of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<SeriesId>,
    /// Where it stands.
    pub state: BookingState,
    /// Why it was cancelled or declined.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The person for whom it is.
    pub person: PersonId,
    /// For whom it is.
    pub beneficiary: String,
    /// Their number, told to staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The way it came.
    pub channel: Channel,
    /// Who made it.
    pub made_by: PersonId,
    /// Their name, when it is somebody else than the person it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by_name: Option<String>,
    /// When it was made.
    pub made: Stamp,
    /// Until when it can be undone.
    pub undo_until: Stamp,
    /// Until when staff can take their decision back, in seconds UTC; then letters go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_until: Option<i64>,
    /// Until when it can be cancelled.
    pub cancel_until: Stamp,
    /// Until when whoever called it off can change their mind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restore_until: Option<Stamp>,
    /// Whether its people came.
    #[serde(default, skip_serializing_if = "CheckIn::is_empty")]
    pub check_in: CheckIn,
}

impl Booking {
    /// Its time. The server never stores an empty one; should it come over the wire, it lasts a minute.
    pub fn slot(&self) -> Slot {
        Slot::lasting(
            self.start.local,
            self.end.local.minutes() - self.start.local.minutes(),
        )
    }
}

/// Until when what was made at `made` can be undone, both in seconds UTC: ten minutes, up to the next full minute, as it is
/// shown. Durations are counted on UTC: a change of clocks makes them neither longer nor shorter.
pub fn undo_until(made: i64) -> i64 {
    let ends = made + i64::from(UNDO_MINUTES) * 60;
    ends + (-ends).rem_euclid(60)
}

/// Until when a booking that starts at `start` can be cancelled, both in seconds UTC. A request, which takes nothing from
/// anybody, can be withdrawn until it starts.
pub fn cancel_until(state: BookingState, start: i64, rules: &Rules) -> i64 {
    match state {
        BookingState::Requested => start,
        _ => start - i64::from(rules.cancel_notice) * 60,
    }
}

impl Booking {
    /// Whether it can still be undone at `now`, in seconds UTC.
    ///
    /// # Errors
    /// When it has ended, or ten minutes are over.
    pub fn may_be_undone(&self, now: i64) -> Result<(), Refusal> {
        if !self.state.is_live() {
            return Err(Refusal::Over);
        }
        if now > self.undo_until.utc() {
            return Err(Refusal::UndoTooLate {
                minutes: UNDO_MINUTES,
            });
        }
        Ok(())
    }

    /// Whether what was called off can still stand again at `now`, in seconds UTC.
    ///
    /// # Errors
    /// When somebody else ended it, or ten minutes are over.
    pub fn may_be_restored(&self, now: i64) -> Result<(), Refusal> {
        match &self.restore_until {
            None => Err(Refusal::Over),
            Some(until) if now > until.utc() => Err(Refusal::UndoTooLate {
                minutes: UNDO_MINUTES,
            }),
            Some(_) => Ok(()),
        }
    }

    /// Whether it can still be cancelled at `now`, in seconds UTC. `late` people (staff) may until its end.
    ///
    /// # Errors
    /// When it has ended or the deadline is over.
    pub fn may_be_cancelled(&self, notice: u16, late: bool, now: i64) -> Result<(), Refusal> {
        if !self.state.is_live() || now >= self.end.utc() {
            return Err(Refusal::Over);
        }
        if now > self.cancel_until.utc() && !late {
            return Err(Refusal::CancelTooLate {
                notice,
                deadline: self.cancel_until.local,
            });
        }
        Ok(())
    }
}

/// How long before its start staff are reminded of a request that waits, in seconds.
pub const REMINDED_BEFORE: i64 = 24 * 3_600;

/// How long a request has waited at least when staff are reminded of it, in seconds.
pub const REMINDED_AFTER: i64 = 2 * 3_600;

/// How long a decision of staff can be taken back before letters go and rivals are declined, in seconds.
pub const DECISION_HELD: i64 = 10;

impl Booking {
    /// True where both were asked for in one act: dates of one series, or sessions that were published together.
    pub fn is_asked_with(&self, other: &Self) -> bool {
        match (&self.series, &other.series) {
            (Some(one), Some(other)) => one == other,
            (None, None) => {
                let published = |one: &Self| (one.title.clone(), one.person.clone(), one.made);
                self.title.is_some() && published(self) == published(other)
            }
            _ => false,
        }
    }
}

/// Requests in groups of those that stand in each other's way, or were asked for together, in the order of their first.
pub fn group_rivals<'a>(centre: &Centre, requests: &'a [Booking]) -> Vec<Vec<&'a Booking>> {
    let mut groups: Vec<Vec<&Booking>> = Vec::new();
    for request in requests {
        let sharing = centre.sharing(&request.room);
        let (rivals, others): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| {
            group.iter().any(|other| {
                request.is_asked_with(other)
                    || sharing.contains(&&other.room) && other.slot().overlaps(request.slot())
            })
        });
        let mut joined: Vec<&Booking> = rivals.into_iter().flatten().collect();
        joined.push(request);
        groups = others;
        groups.push(joined);
    }
    groups.sort_by_key(|group| {
        let first = group.first().map(|one| &one.id);
        requests.iter().position(|one| Some(&one.id) == first)
    });
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::house;

    #[test]
    fn ten_minutes_are_ten_minutes_up_to_the_next_full_one() {
        assert_eq!(undo_until(0), 600);
        assert_eq!(undo_until(1), 660);
        assert_eq!(undo_until(-1), 600);
    }

    fn asked(id: &str, room: &str, from: &str, until: &str) -> Booking {
        let at = |clock: &str| format!("2026-11-23T{clock}+08:00");
        let (start, end, made) = (at(from), at(until), at("08:00"));
        let named = |what: &str| format!("{what} = {{ zh = \"{room}\", en = \"{room}\" }}");
        let text = format!(
            "id = \"{id}\"\ncentre = \"house\"\n{}\nroom = \"{room}\"\n{}\nstart = \"{start}\"\nend = \"{end}\"\npeople = 2\n\
             state = \"requested\"\nperson = \"p\"\nbeneficiary = \"p\"\nchannel = \"app\"\nmade_by = \"p\"\nmade = \"{made}\"\n\
             undo_until = \"{made}\"\ncancel_until = \"{made}\"\n",
            named("centre_name"),
            named("room_name"),
        );
        toml::from_str(&text).unwrap()
    }

    #[test]
    fn those_who_want_the_same_floor_stand_on_one_card() {
        let requests = [
            asked("half", "hall-a", "18:00", "19:00"),
            asked("study", "study", "18:00", "19:00"),
            asked("other-half", "hall-b", "18:30", "19:30"),
            asked("later", "hall-a", "19:00", "20:00"),
        ];
        let groups = |requests: &[Booking]| {
            let groups = group_rivals(&house(), requests).into_iter();
            groups
                .map(|group| group.iter().map(|one| one.id.to_string()).collect())
                .collect::<Vec<Vec<String>>>()
        };
        assert_eq!(groups(&requests).len(), 4);
        // The whole hall is in the way of three of them, and joins their cards to one in the place of the first.
        let mut more = requests.to_vec();
        more.push(asked("whole", "hall", "18:00", "20:00"));
        assert_eq!(
            groups(&more),
            [vec!["half", "other-half", "later", "whole"], vec!["study"]]
        );
    }

    #[test]
    fn a_deadline_is_a_duration_whatever_the_clocks_do() {
        let rules = crate::centre::rules::Rules {
            cancel_notice: 24 * 60,
            ..house().rules
        };
        // 28 March 2027, 10:00 in Dublin, the morning after the clocks went forward.
        let start = 1_806_224_400;
        assert_eq!(
            cancel_until(BookingState::Confirmed, start, &rules),
            start - 86_400
        );
        assert_eq!(cancel_until(BookingState::Requested, start, &rules), start);
    }
}
