//! Recurrence rules (RFC 5545, section 3.3.10), as far as a house needs them: every so many days, on weekdays of every so many weeks,
//! by date or by weekday of every so many months, until a day or for so many dates.
//!
//! The text form is that of the norm, on the wire, in the database and in calendar files alike.

use std::fmt;

use crate::time::{Date, Weekday, serde_as_text};

/// The most dates of a recurrence.
pub const MOST_DATES: u16 = 400;

/// How far a recurrence reaches from its first day, in days: ten years.
const REACH: i64 = 3_660;

/// The most days, weeks or months from one date to the next.
pub const MOST_EVERY: u16 = 99;

/// A rule by which dates follow each other.
///
/// ```
/// use domain::{recurrence::Recurrence, time::Date};
///
/// let day = |text| Date::parse(text).unwrap();
/// let rule = Recurrence::parse("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3").unwrap();
/// // 25 November 2026 is a Wednesday.
/// assert_eq!(rule.dates(day("2026-11-25")), ["2026-11-25", "2026-11-30", "2026-12-02"].map(day));
/// assert_eq!(rule.to_string(), "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// Which days.
    pub pattern: Pattern,
    /// Of every so many days, weeks or months: 1 to [`MOST_EVERY`].
    pub every: u16,
    /// When it ends.
    pub end: End,
}

/// Which days a recurrence falls on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Each day.
    Days,
    /// These weekdays, in their order, at least one. Weeks begin on Monday.
    Weekdays(Vec<Weekday>),
    /// This day of the month, 1 to 31; months without it are left out.
    MonthDay(u8),
    /// The first to fourth of this weekday in the month, or the last (-1).
    MonthWeekday(i8, Weekday),
}

/// When a recurrence ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// After so many dates, 1 to [`MOST_DATES`].
    Count(u16),
    /// With this day.
    Until(Date),
}

impl Weekday {
    /// Its two letters in RFC 5545.
    fn code(self) -> &'static str {
        match self {
            Self::Mon => "MO",
            Self::Tue => "TU",
            Self::Wed => "WE",
            Self::Thu => "TH",
            Self::Fri => "FR",
            Self::Sat => "SA",
            Self::Sun => "SU",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|day| day.code() == code)
    }
}

/// Which one of its weekday a day is in its month: 1 to 4, or -1 for a fifth, which is the last.
pub fn nth_in_month(day: Date) -> i8 {
    match (day.ymd().2 - 1) / 7 + 1 {
        nth @ 1..=4 => i8::try_from(nth).unwrap_or(1),
        _ => -1,
    }
}

impl Recurrence {
    /// Its dates from `first` on, at most [`MOST_DATES`] and within ten years. `first` is one of them where it fits the pattern;
    /// weeks and months are counted from those of `first`.
    pub fn dates(&self, first: Date) -> Vec<Date> {
        let (most, last) = match self.end {
            End::Count(count) => (count.min(MOST_DATES), first.plus(REACH)),
            End::Until(day) => (MOST_DATES, day.min(first.plus(REACH))),
        };
        let every = i64::from(self.every.max(1));
        // The days of one day, week or month after another; those before the first are left out below.
        let round = |n: i64| -> Vec<Date> {
            match &self.pattern {
                Pattern::Days => vec![first.plus(n * every)],
                Pattern::Weekdays(days) => {
                    let monday = first.monday().plus(n * every * 7);
                    days.iter().map(|day| monday.plus(*day as i64)).collect()
                }
                Pattern::MonthDay(day) => month_after(first, n * every)
                    .and_then(|(year, month)| Date::new(year, month, u32::from(*day)))
                    .into_iter()
                    .collect(),
                Pattern::MonthWeekday(nth, weekday) => month_after(first, n * every)
                    .and_then(|(year, month)| find_nth(year, month, *nth, *weekday))
                    .into_iter()
                    .collect(),
            }
        };
        // A round is a day at least.
        (0..=REACH)
            .take_while(|n| {
                begin_of(&self.pattern, first, n * every).is_some_and(|day| day <= last)
            })
            .flat_map(round)
            .filter(|day| (first..=last).contains(day))
            .take(usize::from(most))
            .collect()
    }

    /// Reads the text form: the parts that this module knows, in any order.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut freq, mut every, mut end) = (None, 1, None);
        let (mut by_day, mut by_month_day) = (None, None);
        for part in text.split(';') {
            match part.split_once('=')? {
                ("FREQ", value) if freq.is_none() => freq = Some(value),
                ("INTERVAL", value) => {
                    every = value
                        .parse()
                        .ok()
                        .filter(|n| (1..=MOST_EVERY).contains(n))?;
                }
                ("COUNT", value) if end.is_none() => {
                    let count = value.parse().ok();
                    end = Some(End::Count(count.filter(|n| (1..=MOST_DATES).contains(n))?));
                }
                ("UNTIL", value) if end.is_none() => end = Some(End::Until(read_day(value)?)),
                ("BYDAY", value) if by_day.is_none() => by_day = Some(value),
                ("BYMONTHDAY", value) if by_month_day.is_none() => by_month_day = Some(value),
                ("WKST", "MO") => {}
                _ => return None,
            }
        }
        let pattern = match (freq?, by_day, by_month_day) {
            ("DAILY", None, None) => Pattern::Days,
            ("WEEKLY", Some(days), None) => {
                let days: Option<Vec<_>> = days.split(',').map(Weekday::from_code).collect();
                let mut days = days?;
                days.sort_unstable();
                days.dedup();
                Pattern::Weekdays(days)
            }
            ("MONTHLY", None, Some(day)) => {
                let day = day.parse().ok();
                Pattern::MonthDay(day.filter(|day| (1..=31).contains(day))?)
            }
            ("MONTHLY", Some(day), None) => {
                let (nth, weekday) = day.split_at_checked(day.len().checked_sub(2)?)?;
                let nth = nth.parse().ok();
                let nth = nth.filter(|nth| matches!(nth, 1..=4 | -1))?;
                Pattern::MonthWeekday(nth, Weekday::from_code(weekday)?)
            }
            _ => return None,
        };
        Some(Self {
            pattern,
            every,
            end: end?,
        })
    }
}

/// The first day that the round `after` units behind that of `first` could hold; none beyond the calendar.
fn begin_of(pattern: &Pattern, first: Date, after: i64) -> Option<Date> {
    match pattern {
        Pattern::Days => Some(first.plus(after)),
        Pattern::Weekdays(_) => Some(first.monday().plus(after * 7)),
        Pattern::MonthDay(_) | Pattern::MonthWeekday(..) => {
            let (year, month) = month_after(first, after)?;
            Date::new(year, month, 1)
        }
    }
}

/// Year and month so many months after that of a day.
fn month_after(day: Date, months: i64) -> Option<(i32, u32)> {
    let (year, month, _) = day.ymd();
    let count = i64::from(year) * 12 + i64::from(month) - 1 + months;
    Some((
        i32::try_from(count.div_euclid(12)).ok()?,
        u32::try_from(count.rem_euclid(12)).ok()? + 1,
    ))
}

fn find_nth(year: i32, month: u32, nth: i8, weekday: Weekday) -> Option<Date> {
    let first = Date::new(year, month, 1)?;
    let ahead = (weekday as i64 - first.weekday() as i64).rem_euclid(7);
    let day = first.plus(ahead);
    if nth > 0 {
        return Some(day.plus(7 * (i64::from(nth) - 1)));
    }
    let fifth = day.plus(28);
    match fifth.ymd().1 == month {
        true => Some(fifth),
        false => Some(day.plus(21)),
    }
}

/// A day without dashes: `20261126`.
fn read_day(text: &str) -> Option<Date> {
    let sound = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = text.parse().ok().filter(|_| sound)?;
    let year = i32::try_from(number / 10_000).ok()?;
    Date::new(year, number / 100 % 100, number % 100)
}

impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (freq, by) = match &self.pattern {
            Pattern::Days => ("DAILY", String::new()),
            Pattern::Weekdays(days) => {
                let days: Vec<_> = days.iter().map(|day| day.code()).collect();
                ("WEEKLY", format!(";BYDAY={}", days.join(",")))
            }
            Pattern::MonthDay(day) => ("MONTHLY", format!(";BYMONTHDAY={day}")),
            Pattern::MonthWeekday(nth, day) => ("MONTHLY", format!(";BYDAY={nth}{}", day.code())),
        };
        write!(f, "FREQ={freq}")?;
        if self.every > 1 {
            write!(f, ";INTERVAL={}", self.every)?;
        }
        f.write_str(&by)?;
        match self.end {
            End::Count(count) => write!(f, ";COUNT={count}"),
            End::Until(day) => {
                let (year, month, day) = day.ymd();
                write!(f, ";UNTIL={year:04}{month:02}{day:02}")
            }
        }
    }
}

serde_as_text! {
    Recurrence "a recurrence like FREQ=WEEKLY;BYDAY=MO;COUNT=12"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn dates(rule: &str, first: &str) -> Vec<String> {
        let rule = Recurrence::parse(rule).unwrap();
        let dates = rule.dates(day(first));
        dates.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_holiday_class_runs_on_workdays() {
        // 22 January 2027 is a Friday.
        assert_eq!(
            dates(
                "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20270126",
                "2027-01-22"
            ),
            ["2027-01-22", "2027-01-25", "2027-01-26"]
        );
    }

    #[test]
    fn months_without_the_day_are_left_out() {
        assert_eq!(
            dates("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", "2026-12-31"),
            ["2026-12-31", "2027-01-31", "2027-03-31"]
        );
        // The last Friday, also where it is the fifth.
        assert_eq!(
            dates("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", "2026-11-27"),
            ["2026-11-27", "2026-12-25", "2027-01-29"]
        );
        assert_eq!(
            dates(
                "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30;COUNT=3",
                "2027-02-01"
            ),
            Vec::<String>::new()
        );
    }

    #[test]
    fn weeks_are_counted_from_the_first() {
        // From a Friday, every second week on Monday: not the Monday next.
        assert_eq!(
            dates("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=2", "2026-11-27"),
            ["2026-12-07", "2026-12-21"]
        );
    }

    #[test]
    fn a_day_knows_which_one_of_its_weekday_it_is() {
        assert_eq!(nth_in_month(day("2026-11-01")), 1);
        assert_eq!(nth_in_month(day("2026-11-28")), 4);
        assert_eq!(nth_in_month(day("2026-11-29")), -1);
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in [
            "",
            "FREQ=WEEKLY;COUNT=3",
            "FREQ=WEEKLY;BYDAY=MO",
            "FREQ=WEEKLY;BYDAY=XX;COUNT=3",
            "FREQ=HOURLY;COUNT=3",
            "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;COUNT=401",
            "FREQ=DAILY;INTERVAL=0;COUNT=2",
            "FREQ=DAILY;UNTIL=20260230",
            "FREQ=DAILY;COUNT=2;UNTIL=20270101",
            "FREQ=MONTHLY;BYDAY=5MO;COUNT=2",
            "FREQ=MONTHLY;BYDAY=二;COUNT=2",
            "FREQ=MONTHLY;BYMONTHDAY=32;COUNT=2",
        ] {
            assert_eq!(Recurrence::parse(text), None, "{text}");
        }
    }

    fn any_rule() -> impl Strategy<Value = Recurrence> {
        let weekday = || (0usize..7).prop_map(|at| Weekday::ALL[at]);
        let pattern = prop_oneof![
            Just(Pattern::Days),
            proptest::collection::btree_set(weekday(), 1..=7)
                .prop_map(|days| Pattern::Weekdays(days.into_iter().collect())),
            (1u8..=31).prop_map(Pattern::MonthDay),
            (prop_oneof![1i8..=4, Just(-1)], weekday())
                .prop_map(|(nth, day)| Pattern::MonthWeekday(nth, day)),
        ];
        let end = prop_oneof![
            (1u16..=60).prop_map(End::Count),
            (21_000i64..22_000).prop_map(|days| End::Until(Date::from_days(days))),
        ];
        (pattern, 1u16..=5, end).prop_map(|(pattern, every, end)| Recurrence {
            pattern,
            every,
            end,
        })
    }

    proptest! {
        #[test]
        fn every_rule_survives_its_text(rule in any_rule()) {
            prop_assert_eq!(Recurrence::parse(&rule.to_string()), Some(rule));
        }

        #[test]
        fn text_of_any_kind_is_read_or_refused(text in "(FREQ|COUNT|BYDAY|UNTIL|=|;|,|[0-9A-Z]){0,12}") {
            let _ = Recurrence::parse(&text);
        }

        /// The well-known crate for the norm finds the same dates.
        #[test]
        fn the_dates_are_those_of_the_norm(rule in any_rule(), first in 20_400i64..21_000) {
            let first = Date::from_days(first);
            let (year, month, day) = first.ymd();
            // The oracle wants the end on the clock of the start.
            let text = match rule.end {
                End::Until(_) => format!("{rule}T090000Z"),
                End::Count(_) => rule.to_string(),
            };
            let set: rrule::RRuleSet = format!("DTSTART:{year:04}{month:02}{day:02}T090000Z\nRRULE:{text}")
                .parse()
                .unwrap();
            let last = first.plus(REACH);
            let expected: Vec<_> = set
                .all(MOST_DATES)
                .dates
                .iter()
                .filter_map(|at| Date::parse(&at.format("%Y-%m-%d").to_string()))
                .filter(|day| *day <= last)
                .collect();
            prop_assert_eq!(rule.dates(first), expected);
        }
    }
}
