//! Due times: by when a house wants to have done a case, in its opening hours.

use serde::{Deserialize, Serialize};

use crate::{
    centre::hours::{Hours, open_slots},
    time::{DAY, LocalTime, Slot},
};

/// How soon a case is to be done.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Within two hours in which the house is open.
    Hours,
    /// By the same time of the next day.
    Day,
    /// Within seven days.
    Week,
    /// Within fifteen days.
    Fortnight,
}

/// How far ahead an open day is looked for, in days.
const FARTHEST: i64 = 60;

impl Urgency {
    /// All, the most urgent first.
    pub const ALL: [Self; 4] = [Self::Hours, Self::Day, Self::Week, Self::Fortnight];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Day => "day",
            Self::Week => "week",
            Self::Fortnight => "fortnight",
        }
    }

    /// The urgency of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// By when what came at `from` is to be done. What would be due while the house is closed is due when it has next been open:
    /// two hours are counted while it is, days end at the latest when it closes.
    pub fn due(self, hours: &Hours, from: LocalTime) -> LocalTime {
        let days = match self {
            Self::Hours => return after_open_minutes(hours, from, 120),
            Self::Day => 1,
            Self::Week => 7,
            Self::Fortnight => 15,
        };
        let wanted = from.plus(days * DAY);
        let range = Slot::lasting(wanted.date().at(0), FARTHEST * DAY);
        let Some(open) = open_slots(hours, None, range)
            .into_iter()
            .find(|slot| slot.end() >= wanted || slot.start().date() > wanted.date())
        else {
            return wanted;
        };
        match wanted.date() == open.start().date() {
            true => wanted.max(open.start()),
            // The day that was meant is over or closed: the next one, at the same time as far as it is open.
            false => {
                let same = open.start().date().at(0);
                let same = same.plus(wanted.minute_of_day());
                same.clamp(open.start(), open.end())
            }
        }
    }
}

/// When the house has been open for so many minutes.
fn after_open_minutes(hours: &Hours, from: LocalTime, minutes: i64) -> LocalTime {
    let mut left = minutes;
    for open in open_slots(hours, None, Slot::lasting(from, FARTHEST * DAY)) {
        if open.minutes() >= left {
            return open.start().plus(left);
        }
        left -= open.minutes();
    }
    from.plus(minutes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::house;

    fn at(text: &str) -> LocalTime {
        LocalTime::parse(text).unwrap()
    }

    #[test]
    fn hours_are_counted_while_the_house_is_open() {
        let hours = house().hours;
        let day = at("2026-11-23T00:00").date();
        let open = open_slots(&hours, None, Slot::lasting(day.at(0), 2 * DAY));
        let (first, next) = (open[0], open[1]);
        let noon = first.start().plus(60);
        assert_eq!(
            Urgency::Hours.due(&hours, noon),
            noon.plus(120),
            "while it is open"
        );
        let late = first.end().plus(-30);
        assert_eq!(
            Urgency::Hours.due(&hours, late),
            next.start().plus(90),
            "the rest on the next day"
        );
        assert_eq!(
            Urgency::Day.due(&hours, noon),
            noon.plus(DAY),
            "at the same time tomorrow"
        );
    }

    proptest! {
        #[test]
        fn nothing_is_due_while_the_house_is_closed(start in 29_900_000i64..30_100_000) {
            let hours = house().hours;
            let from = LocalTime::from_minutes(start);
            let mut last = from;
            for urgency in Urgency::ALL {
                let due = urgency.due(&hours, from);
                prop_assert!(due >= last, "{urgency:?}");
                last = due;
                let around = Slot::lasting(due.plus(-1), 2);
                let open = open_slots(&hours, None, around);
                prop_assert!(!open.is_empty(), "{urgency:?} {due}");
            }
        }
    }
}
