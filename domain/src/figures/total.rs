//! Totals of a period: what took place, who was reached, by which way, how crowded it was.

use serde::{Deserialize, Serialize};

use super::count::{Count, SMALL, Use};
use crate::{
    person::{age::age_on, behalf::Channel},
    time::Date,
};

/// What happened in a period, in numbers.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Bookings by people for themselves.
    pub bookings: u32,
    /// Sessions of activities.
    pub sessions: u32,
    /// Visits: the people of bookings, and who came to sessions.
    pub visits: u32,
    /// How much of the time in which rooms were open they were used.
    pub used: Use,
    /// How many different people had a booking or came to a session.
    pub reached: Count,
    /// How many of those for the first time at this centre.
    pub first_timers: Count,
    /// People reached by age, in bands in which nobody stands alone.
    pub ages: Vec<(AgeBand, u32)>,
    /// Of how many people reached the age is not known.
    pub age_unknown: Count,
    /// By which way bookings and sign-ups came.
    pub channels: Vec<(Channel, u32)>,
    /// Bookings to which nobody came, and that were not excused.
    pub no_shows: Count,
    /// Requests that were decided.
    pub decided: u32,
    /// How long half of them waited at most, in minutes.
    pub waited: Option<u32>,
    /// How often a rule stood against somebody.
    pub refused: u32,
    /// How often because somebody had the room.
    pub taken: u32,
}

/// A line of the totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in Totals")]
pub enum Total {
    Bookings,
    Sessions,
    Visits,
    Use,
    Reached,
    FirstTimers,
    NoShows,
    Decided,
    Waited,
    Refused,
}

/// What stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotalValue {
    /// A number.
    Number(u32),
    /// A number that is not told.
    Few,
    /// A share in percent.
    Percent(u32),
    /// A time in minutes.
    Minutes(u32),
    /// There was nothing to count.
    Nothing,
}

impl From<Count> for TotalValue {
    fn from(count: Count) -> Self {
        count.told().map_or(Self::Few, Self::Number)
    }
}

impl Totals {
    /// All lines, in the order in which they are shown.
    pub fn lines(&self) -> [(Total, TotalValue); 10] {
        let percent = self
            .used
            .percent()
            .map_or(TotalValue::Nothing, TotalValue::Percent);
        let waited = self.waited.map_or(TotalValue::Nothing, TotalValue::Minutes);
        [
            (Total::Bookings, TotalValue::Number(self.bookings)),
            (Total::Sessions, TotalValue::Number(self.sessions)),
            (Total::Visits, TotalValue::Number(self.visits)),
            (Total::Use, percent),
            (Total::Reached, self.reached.into()),
            (Total::FirstTimers, self.first_timers.into()),
            (Total::NoShows, self.no_shows.into()),
            (Total::Decided, TotalValue::Number(self.decided)),
            (Total::Waited, waited),
            (Total::Refused, TotalValue::Number(self.refused)),
        ]
    }

    /// Bookings and sessions together.
    pub fn held(&self) -> u32 {
        self.bookings.saturating_add(self.sessions)
    }
}

/// From an age up to another, not included; without one everybody older.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeBand {
    /// From this age on.
    pub from: u8,
    /// Up to this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<u8>,
}

/// Where one band of ages ends and the next begins: children, adolescents, adults, the old, the very old.
const BORDERS: [u8; 6] = [0, 14, 18, 35, 60, 70];

/// People by age on a day. A band in which fewer than [`SMALL`] would stand is joined with a neighbour: the difference to the sum
/// would tell of them.
pub fn age_bands(births: &[Date], on: Date) -> Vec<(AgeBand, u32)> {
    let ends = BORDERS.iter().skip(1).copied().map(Some).chain([None]);
    let mut bands: Vec<(AgeBand, u32)> = BORDERS
        .iter()
        .zip(ends)
        .map(|(from, to)| (AgeBand { from: *from, to }, 0))
        .collect();
    for birth in births {
        let age = age_on(*birth, on);
        let band = bands.iter_mut().rev().find(|(band, _)| band.from <= age);
        if let Some((_, count)) = band {
            *count += 1;
        }
    }
    while bands.len() > 1 {
        let Some(at) = bands
            .iter()
            .position(|(_, count)| (1..SMALL).contains(count))
        else {
            break;
        };
        let first = at.min(bands.len() - 2);
        let (next, more) = bands.remove(first + 1);
        if let Some((band, count)) = bands.get_mut(first) {
            band.to = next.to;
            *count += more;
        }
    }
    bands.retain(|(_, count)| *count >= SMALL);
    // One band of all is no news.
    if bands.len() < 2 {
        bands.clear();
    }
    bands
}

/// By how many percent a number differs from a former one; none where that was nothing.
pub fn change(now: u32, before: u32) -> Option<i32> {
    let difference = i64::from(now) - i64::from(before);
    let percent = (difference * 100).checked_div(i64::from(before))?;
    i32::try_from(percent).ok()
}

/// A part of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartOfDay {
    /// Until noon.
    Morning,
    /// Until five.
    Afternoon,
    /// From five on.
    Evening,
}

/// The part of the week in which the largest share of what was open was used, by the weekday from Monday on; none where nothing was.
pub fn peak(hours: &[Use]) -> Option<(usize, PartOfDay)> {
    let parts = [
        (PartOfDay::Morning, 0..12),
        (PartOfDay::Afternoon, 12..17),
        (PartOfDay::Evening, 17..24),
    ];
    let all = (0..7).flat_map(|day| {
        parts
            .iter()
            .map(move |(part, hours)| (day, *part, hours.clone()))
    });
    let shares = all.filter_map(|(day, part, range)| {
        let of = range.filter_map(|hour| hours.get(day * 24 + hour));
        let sum = of.fold(Use::default(), |sum, one| Use {
            used: sum.used + one.used,
            open: sum.open + one.open,
        });
        let share = (u64::from(sum.used) * 10_000).checked_div(u64::from(sum.open))?;
        (share > 0).then_some((share, day, part))
    });
    // Of equals the first.
    let most = shares.reduce(|best, one| if one.0 > best.0 { one } else { best })?;
    Some((most.1, most.2))
}

/// The middle of some lengths.
pub fn median(mut all: Vec<u32>) -> Option<u32> {
    all.sort_unstable();
    all.get(all.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn born(years: i32) -> Date {
        Date::new(2026 - years, 1, 1).unwrap()
    }

    fn today() -> Date {
        Date::parse("2026-11-26").unwrap()
    }

    #[test]
    fn nobody_stands_alone_in_a_band_of_ages() {
        let mut births = vec![born(8); 6];
        births.extend([
            born(15),
            born(16),
            born(40),
            born(40),
            born(41),
            born(42),
            born(43),
        ]);
        births.extend([born(72); 3]);
        let bands = age_bands(&births, today());
        let told: Vec<_> = bands
            .iter()
            .map(|(band, count)| (band.from, band.to, *count))
            .collect();
        // Two of fifteen and sixteen join the adults, three very old ones the old.
        assert_eq!(told, [(0, Some(14), 6), (14, None, 10)]);
        assert_eq!(age_bands(&[born(8)], today()), []);
    }

    #[test]
    fn changes_are_told_in_percent() {
        assert_eq!(change(108, 100), Some(8));
        assert_eq!(change(50, 100), Some(-50));
        assert_eq!(change(3, 0), None);
        assert_eq!(median(vec![5, 1, 9]), Some(5));
        assert_eq!(median(vec![]), None);
    }

    #[test]
    fn the_fullest_part_of_the_week_is_found() {
        let mut hours = vec![Use { used: 10, open: 60 }; 7 * 24];
        hours[5 * 24 + 19].used = 60;
        assert_eq!(peak(&hours), Some((5, PartOfDay::Evening)));
        assert_eq!(peak(&vec![Use::default(); 168]), None);
    }

    proptest! {
        #[test]
        fn all_who_are_told_of_are_in_a_band_of_five_or_more(ages in proptest::collection::vec(0i32..100, 0..60)) {
            let births: Vec<_> = ages.iter().map(|age| born(*age)).collect();
            let bands = age_bands(&births, today());
            let sum: u32 = bands.iter().map(|(_, count)| *count).sum();
            prop_assert!(bands.iter().all(|(_, count)| *count >= SMALL));
            prop_assert!(bands.is_empty() || bands.len() > 1 && sum as usize == births.len());
        }
    }
}
