//! Periods of figures: a month, a quarter, a year, or the four weeks up to a day.

use std::fmt;

use crate::time::{DAY, Date, Slot};

/// Over how many days figures are taken where nobody chose otherwise.
pub const WEEKS: i64 = 28;

/// For which time figures are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// The four weeks up to a day.
    Weeks(Date),
    /// A month of a year, from 1 on.
    Month(i32, u32),
    /// A quarter of a year, from 1 on.
    Quarter(i32, u32),
    /// A year.
    Year(i32),
}

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Four weeks.
    Weeks,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// Twelve.
    Year,
}

impl Length {
    /// All of them, the shortest first.
    pub const ALL: [Self; 4] = [Self::Weeks, Self::Month, Self::Quarter, Self::Year];
}

impl Period {
    /// The period of that length in which a day is.
    pub fn of(length: Length, day: Date) -> Self {
        let (year, month, _) = day.ymd();
        match length {
            Length::Weeks => Self::Weeks(day),
            Length::Month => Self::Month(year, month),
            Length::Quarter => Self::Quarter(year, (month - 1) / 3 + 1),
            Length::Year => Self::Year(year),
        }
    }

    /// Reads `2026-11-26`, `2026-11`, `2026-Q4` or `2026`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(day) = Date::parse(text) {
            return Some(Self::Weeks(day));
        }
        let (year, rest) = text
            .split_once('-')
            .map_or((text, None), |(y, r)| (y, Some(r)));
        let is_number =
            |text: &str, digits| text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
        let year: i32 = year.parse().ok().filter(|_| is_number(year, 4))?;
        let period = match rest {
            None => Self::Year(year),
            Some(rest) => match rest.strip_prefix('Q') {
                Some(quarter) => {
                    Self::Quarter(year, quarter.parse().ok().filter(|q| (1..=4).contains(q))?)
                }
                None => Self::Month(year, rest.parse().ok().filter(|_| is_number(rest, 2))?),
            },
        };
        // A month that is not there, or a year out of range, has no first day.
        period.bounds().map(|_| period)
    }

    fn bounds(self) -> Option<(Date, Date)> {
        let months = |year: i32, first: u32, count: u32| {
            let start = Date::new(year, first, 1)?;
            let next = first + count;
            let end = if next > 12 {
                Date::new(year + 1, next - 12, 1)
            } else {
                Date::new(year, next, 1)
            };
            Some((start, end?.plus(-1)))
        };
        match self {
            Self::Weeks(until) => Some((until.plus(1 - WEEKS), until)),
            Self::Month(year, month) => months(year, month, 1),
            Self::Quarter(year, quarter) => months(year, quarter * 3 - 2, 3),
            Self::Year(year) => months(year, 1, 12),
        }
    }

    /// Its first and its last day.
    pub fn days(self) -> (Date, Date) {
        // Only such as have days are built by `parse` and `of`; the others are read as a day.
        let never = Date::from_days(0);
        self.bounds().unwrap_or((never, never))
    }

    /// Its time on the wall.
    pub fn slot(self) -> Slot {
        let (from, until) = self.days();
        Slot::lasting(from.at(0), (until.days() - from.days() + 1) * DAY)
    }

    /// How long it is.
    pub fn length(self) -> Length {
        match self {
            Self::Weeks(_) => Length::Weeks,
            Self::Month(..) => Length::Month,
            Self::Quarter(..) => Length::Quarter,
            Self::Year(_) => Length::Year,
        }
    }

    /// The one just before.
    #[must_use]
    pub fn before(self) -> Self {
        Self::of(self.length(), self.days().0.plus(-1))
    }

    /// The one just after.
    #[must_use]
    pub fn after(self) -> Self {
        let (_, until) = self.days();
        match self {
            Self::Weeks(_) => Self::Weeks(until.plus(WEEKS)),
            other => Self::of(other.length(), until.plus(1)),
        }
    }

    /// The same one a year before; of four weeks the ones that began on the same weekday.
    #[must_use]
    pub fn year_before(self) -> Self {
        match self {
            Self::Weeks(until) => Self::Weeks(until.plus(-364)),
            Self::Month(year, month) => Self::Month(year - 1, month),
            Self::Quarter(year, quarter) => Self::Quarter(year - 1, quarter),
            Self::Year(year) => Self::Year(year - 1),
        }
    }
}

impl Period {
    /// The period as it is counted on a day: what has not been yet is no figure. Four weeks end that day at the latest; others are
    /// counted as far as they are over.
    #[must_use]
    pub fn up_to(self, today: Date) -> Self {
        match self {
            Self::Weeks(until) => Self::Weeks(until.min(today)),
            other => other,
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weeks(until) => write!(f, "{until}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Quarter(year, quarter) => write!(f, "{year:04}-Q{quarter}"),
            Self::Year(year) => write!(f, "{year:04}"),
        }
    }
}

crate::time::serde_as_text! {
    Period "a period like 2026-11, 2026-Q4, 2026, or the four weeks up to 2026-11-26"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn days(text: &str) -> String {
        let (from, until) = Period::parse(text).unwrap().days();
        format!("{from} {until}")
    }

    #[test]
    fn periods_have_their_first_and_last_days() {
        assert_eq!(days("2026-11-26"), "2026-10-30 2026-11-26");
        assert_eq!(days("2028-02"), "2028-02-01 2028-02-29");
        assert_eq!(days("2026-Q4"), "2026-10-01 2026-12-31");
        assert_eq!(days("2026"), "2026-01-01 2026-12-31");
        for nonsense in [
            "2026-13",
            "2026-Q5",
            "2026-Q0",
            "26",
            "2026-1",
            "x",
            "",
            "9999",
            "2026-11-31",
            "+026",
        ] {
            assert_eq!(Period::parse(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn each_has_neighbours_and_one_a_year_before() {
        let told = |text: &str| {
            let one = Period::parse(text).unwrap();
            [one.before(), one.after(), one.year_before()]
                .map(|one| one.to_string())
                .join(" ")
        };
        assert_eq!(told("2026-01"), "2025-12 2026-02 2025-01");
        assert_eq!(told("2026-Q4"), "2026-Q3 2027-Q1 2025-Q4");
        assert_eq!(told("2026"), "2025 2027 2025");
        assert_eq!(told("2026-11-26"), "2026-10-29 2026-12-24 2025-11-27");
    }

    proptest! {
        #[test]
        fn nothing_is_between_a_period_and_the_next(day in 20_000i64..30_000, length in 0usize..4) {
            let one = Period::of(Length::ALL[length], Date::from_days(day));
            prop_assert_eq!(Period::parse(&one.to_string()), Some(one));
            prop_assert_eq!(one.before().days().1, one.days().0.plus(-1));
            prop_assert_eq!(one.after().days().0, one.days().1.plus(1));
            prop_assert_eq!(one.slot().start(), one.days().0.at(0));
        }
    }
}
