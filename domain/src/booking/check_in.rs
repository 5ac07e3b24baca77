//! Check-in of a booking: until when a room waits for its people, and no-shows.

use serde::{Deserialize, Serialize};

use super::{Booking, BookingState, refusal::Refusal};
use crate::{centre::rules::Rules, time::Date};

/// For how long before its start somebody can check in, in seconds: those who come early need not wait at the door.
pub const EARLY: i64 = 30 * 60;

/// What is noted of the people of a booking.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// They are here.
    Here,
    /// Nobody came: the room goes to others.
    Nobody,
    /// Neither is known: a note is taken back.
    Unknown,
}

/// Until when the people of a confirmed booking are waited for, when it stands `since`, all in seconds UTC: those who book
/// what has begun have as long as others. None where no rule asks for a check-in, or it would end before.
pub fn deadline((start, end): (i64, i64), since: i64, rules: &Rules) -> Option<i64> {
    let by = start.max(since) + i64::from(rules.grace) * 60;
    (rules.grace > 0 && by < end).then_some(by)
}

impl Booking {
    /// Whether its people can check in at `now`, in seconds UTC. A club's session has its own sheet.
    ///
    /// # Errors
    /// Too early, or over.
    pub fn may_be_checked_in(&self, now: i64) -> Result<(), Refusal> {
        let stands = matches!(self.state, BookingState::Confirmed | BookingState::Released);
        if !stands || self.title.is_some() || now >= self.end.utc() {
            return Err(Refusal::Over);
        }
        let from = self.start.utc() - EARLY;
        if now < from {
            return Err(Refusal::CheckInTooEarly {
                from: self.start.local.plus(-EARLY / 60),
            });
        }
        Ok(())
    }

    /// Whether its people can give the rest of it to others at `now`, in seconds UTC.
    ///
    /// # Errors
    /// Where it is not going on.
    pub fn may_be_finished(&self, now: i64) -> Result<(), Refusal> {
        let goes_on = (self.start.utc()..self.end.utc() - 60).contains(&now);
        match self.state == BookingState::Confirmed && self.title.is_none() && goes_on {
            true => Ok(()),
            false => Err(Refusal::Over),
        }
    }

    /// Whether staff can say at `now`, in seconds UTC, that nobody came: from its start until a day after its end.
    ///
    /// # Errors
    /// Where it does not stand, or at another time.
    pub fn may_be_missed(&self, now: i64) -> Result<(), Refusal> {
        let near = (self.start.utc()..self.end.utc() + 86_400).contains(&now);
        match self.state == BookingState::Confirmed && self.title.is_none() && near {
            true => Ok(()),
            false => Err(Refusal::Over),
        }
    }

    /// Whether it counts against its person that nobody came.
    pub fn is_no_show(&self) -> bool {
        self.state == BookingState::Released && self.check_in.excused != Some(true)
    }
}

/// When they end who finish at `now`, in seconds UTC: with the minute that runs, and one after the start at the earliest.
pub fn finished_at(start: i64, now: i64) -> i64 {
    let ends = now + (-now).rem_euclid(60);
    ends.max(start + 60)
}

/// How many no-shows count on `today` by the rules, and, where they are as many as the house bears, the day from which fewer of
/// them count.
pub fn count_no_shows(no_shows: &[Date], today: Date, rules: &Rules) -> (u16, Option<Date>) {
    let days = i64::from(rules.no_show_days);
    let counts = |date: &&Date| date.plus(days) > today;
    let mut counted: Vec<Date> = no_shows.iter().filter(counts).copied().collect();
    counted.sort_unstable();
    let most = usize::from(rules.no_shows);
    let over = counted.len().checked_sub(most).filter(|_| most > 0);
    let last = over.and_then(|at| counted.get(at));
    let have = u16::try_from(counted.len()).unwrap_or(u16::MAX);
    (have, last.map(|date| date.plus(days)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::house;

    fn rules(grace: u16) -> Rules {
        Rules {
            grace,
            no_shows: 3,
            no_show_days: 60,
            ..house().rules
        }
    }

    #[test]
    fn a_room_waits_from_its_start_or_from_when_it_was_booked() {
        let hour = (36_000, 39_600);
        assert_eq!(deadline(hour, 0, &rules(15)), Some(36_900));
        assert_eq!(deadline(hour, 36_600, &rules(15)), Some(37_500));
        assert_eq!(deadline(hour, 0, &rules(0)), None);
        assert_eq!(deadline(hour, 0, &rules(60)), None, "it would be over");
    }

    #[test]
    fn whoever_finishes_pays_the_minute_that_runs() {
        assert_eq!(finished_at(36_000, 36_000), 36_060);
        assert_eq!(finished_at(36_000, 37_801), 37_860);
        assert_eq!(finished_at(36_000, 37_860), 37_860);
    }

    #[test]
    fn old_no_shows_count_no_more() {
        let day = |days| Date::new(2026, 11, 26).unwrap().plus(days);
        let all = [day(-60), day(-59), day(-1)];
        assert_eq!(count_no_shows(&all, day(0), &rules(15)), (2, None));
        // The house bears two of the four that count: the third last must be over.
        let many = [day(-5), day(-40), day(-20), day(-50)];
        assert_eq!(
            count_no_shows(&many, day(0), &rules(15)),
            (4, Some(day(20)))
        );
        assert_eq!(count_no_shows(&[], day(0), &rules(15)), (0, None));
    }
}
