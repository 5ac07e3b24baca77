//! Refusals by rule, room and hour of the week: what people wanted and could not have.

use serde::{Deserialize, Serialize};

use crate::{figures::rule::Rule, id::RoomId, time::LocalTime};

/// How many hours a week has.
pub const WEEK: usize = 7 * 24;

/// The room and the hour that somebody wanted.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WantedAt {
    /// The room.
    pub room: RoomId,
    /// The hour of the week: 0 is Monday's first, 167 Sunday's last.
    pub hour: u8,
}

impl WantedAt {
    /// What is wanted by whoever wants a room from a time on.
    pub fn of(room: RoomId, start: LocalTime) -> Self {
        let hour = start.date().weekday() as u32 * 24
            + u32::try_from(start.minute_of_day() / 60).unwrap_or_default();
        Self {
            room,
            hour: u8::try_from(hour).unwrap_or_default(),
        }
    }
}

/// How often a rule stood against people who wanted a room at an hour of the week.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The rule.
    pub rule: Rule,
    /// What was wanted.
    #[serde(flatten)]
    pub at: WantedAt,
    /// How often.
    pub count: u32,
}

/// How often somebody was refused, in each hour of the week.
pub fn refused_hours(refused: &[Refused]) -> Vec<u32> {
    let mut hours = vec![0; WEEK];
    for one in refused {
        if let Some(count) = hours.get_mut(usize::from(one.at.hour)) {
            *count += one.count;
        }
    }
    hours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_of_the_week_is_counted_from_monday() {
        let at = |text| WantedAt::of("hall".into(), LocalTime::parse(text).unwrap()).hour;
        // 23 November 2026 is a Monday.
        assert_eq!(at("2026-11-23T00:00"), 0);
        assert_eq!(at("2026-11-29T23:59"), 167);
        let refused = |hour, count| Refused {
            rule: Rule::Taken,
            at: WantedAt {
                room: "hall".into(),
                hour,
            },
            count,
        };
        let hours = refused_hours(&[refused(3, 2), refused(3, 5), refused(200, 1)]);
        assert_eq!((hours[3], hours.iter().sum::<u32>()), (7, 7));
    }
}
