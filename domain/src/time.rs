//! Civil time at a centre. Rules know nothing but the clock on the centre's wall; the server turns it
//! into UTC, so that neither the rules nor the app need a table of time zones.

use std::fmt;

use chrono::{Datelike, NaiveDate};

/// Minutes in a civil day.
pub const DAY: i64 = 24 * 60;

/// A day of the week, Monday first (ISO 8601).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Self; 7] = [
        Self::Mon,
        Self::Tue,
        Self::Wed,
        Self::Thu,
        Self::Fri,
        Self::Sat,
        Self::Sun,
    ];
}

/// A day in the calendar that exists: 30 February cannot be built.
///
/// ```
/// use domain::time::Date;
///
/// assert_eq!(Date::new(2027, 2, 30), None);
/// let day = Date::parse("2026-11-26").unwrap();
/// assert_eq!(day.monday().to_string(), "2026-11-23");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// The day, or `None` where the calendar has none. Years 1900 to 2200, so that arithmetic cannot overflow.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        (1900..=2200)
            .contains(&year)
            .then(|| NaiveDate::from_ymd_opt(year, month, day))
            .flatten()
            .map(Self)
    }

    /// Days since 1 January 1970.
    pub fn days(self) -> i64 {
        i64::from(self.0.num_days_from_ce()) - EPOCH_FROM_CE
    }

    /// The day that is `days` after 1 January 1970, kept within 1900 to 2200.
    pub fn from_days(days: i64) -> Self {
        let days = days.clamp(-25_567, 84_370) + EPOCH_FROM_CE;
        let day = i32::try_from(days)
            .ok()
            .and_then(NaiveDate::from_num_days_from_ce_opt);
        Self(day.unwrap_or(NaiveDate::MIN))
    }

    /// `days` later (earlier when negative).
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self::from_days(self.days().saturating_add(days))
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        Weekday::ALL[self.0.weekday().num_days_from_monday() as usize]
    }

    /// The Monday of this day's ISO week.
    #[must_use]
    pub fn monday(self) -> Self {
        self.plus(-i64::from(self.0.weekday().num_days_from_monday()))
    }

    /// The first and the last day of its month.
    pub fn month(self) -> (Self, Self) {
        let (year, month, on) = self.ymd();
        let first = self.plus(1 - i64::from(on));
        let next = match month {
            12 => Self::new(year + 1, 1, 1),
            _ => Self::new(year, month + 1, 1),
        };
        (first, next.map_or(self, |next| next.plus(-1)))
    }

    /// The same day of the month after or before; its last day where that month is shorter.
    ///
    /// ```
    /// use domain::time::Date;
    ///
    /// let day = |text| Date::parse(text).unwrap();
    /// assert_eq!(day("2024-02-10").month(), (day("2024-02-01"), day("2024-02-29")));
    /// assert_eq!(day("2026-12-31").month_beside(true), day("2027-01-31"));
    /// assert_eq!(day("2026-03-31").month_beside(false), day("2026-02-28"));
    /// ```
    #[must_use]
    pub fn month_beside(self, after: bool) -> Self {
        let (first, last) = self.month();
        let other = match after {
            true => last.plus(1),
            false => first.plus(-1).month().0,
        };
        let on = i64::from(self.ymd().2) - 1;
        other.plus(on).min(other.month().1)
    }

    /// Year, month (1 to 12) and day of the month (1 to 31).
    pub fn ymd(self) -> (i32, u32, u32) {
        (self.0.year(), self.0.month(), self.0.day())
    }

    /// The moment `minute` minutes after this day's midnight.
    pub fn at(self, minute: i64) -> LocalTime {
        LocalTime(self.days() * DAY + minute)
    }

    /// The whole day, midnight to midnight.
    pub fn whole(self) -> Slot {
        Slot {
            start: self.at(0),
            end: self.at(DAY),
        }
    }

    /// Reads `2026-11-26` (ISO 8601).
    pub fn parse(text: &str) -> Option<Self> {
        let (y, m, d) = (text.get(0..4)?, text.get(5..7)?, text.get(8..10)?);
        let dashes = text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
        (text.len() == 10 && dashes).then_some(())?;
        Self::new(number(y)? as i32, number(m)?, number(d)?)
    }
}

/// Days from 1 January of the year 1 to 1 January 1970, as chrono counts them.
const EPOCH_FROM_CE: i64 = 719_163;

fn number(digits: &str) -> Option<u32> {
    digits
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| digits.parse().ok())
        .flatten()
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = self.ymd();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

/// Reads `18:00` as minutes after midnight; `24:00` is the end of the day.
pub fn parse_clock(text: &str) -> Option<i64> {
    let (h, m) = text.split_once(':')?;
    ((1..=2).contains(&h.len()) && m.len() == 2).then_some(())?;
    let (h, m) = (number(h)?, number(m)?);
    (m < 60 && (h < 24 || (h == 24 && m == 0))).then_some(i64::from(h * 60 + m))
}

/// `1080` minutes after midnight as `18:00`. The end of the day is `24:00`, so that a closing time stays readable.
pub fn clock(minute: i64) -> String {
    let minute = minute.clamp(0, DAY);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A minute on the clock of a centre's wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime(i64);

impl LocalTime {
    /// From minutes since 1970-01-01 00:00 on that wall clock, kept within 1900 to 2200.
    pub fn from_minutes(minutes: i64) -> Self {
        let date = Date::from_days(minutes.div_euclid(DAY));
        date.at(minutes.rem_euclid(DAY))
    }

    /// Minutes since 1970-01-01 00:00 on that wall clock.
    pub fn minutes(self) -> i64 {
        self.0
    }

    /// The day.
    pub fn date(self) -> Date {
        Date::from_days(self.0.div_euclid(DAY))
    }

    /// Minutes after midnight, 0 to 1439.
    pub fn minute_of_day(self) -> i64 {
        self.0.rem_euclid(DAY)
    }

    /// `minutes` later (earlier when negative).
    #[must_use]
    pub fn plus(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes))
    }

    /// `18:00`.
    pub fn clock(self) -> String {
        clock(self.minute_of_day())
    }

    /// Reads `2026-11-26T18:00`; seconds and an offset may follow and are dropped, since the wall clock is what counts.
    pub fn parse(text: &str) -> Option<Self> {
        let date = Date::parse(text.get(0..10)?)?;
        let minute = parse_clock(text.get(11..16)?).filter(|m| *m < DAY)?;
        let rest = text.get(16..)?;
        let known = |b: u8| b.is_ascii_digit() || matches!(b, b':' | b'+' | b'-' | b'Z' | b'.');
        (text.get(10..11) == Some("T") && rest.len() <= 16 && rest.bytes().all(known))
            .then(|| date.at(minute))
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{}", self.date(), self.clock())
    }
}

/// A moment as it goes over the wire: the wall clock with its offset from UTC (RFC 3339).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// What the clock on the wall says.
    pub local: LocalTime,
    /// Minutes east of UTC.
    pub offset: i16,
}

impl Stamp {
    /// Seconds since 1970 in UTC.
    pub fn utc(self) -> i64 {
        (self.local.0 - i64::from(self.offset)) * 60
    }

    /// Reads an RFC 3339 time; without an offset it is taken as UTC.
    pub fn parse(text: &str) -> Option<Self> {
        let local = LocalTime::parse(text)?;
        let tail = text.get(16..)?;
        let offset = match tail.find(['+', '-']) {
            Some(at) => {
                let minutes = parse_clock(&tail[at + 1..])?;
                if tail[at..].starts_with('-') {
                    -minutes
                } else {
                    minutes
                }
            }
            None => 0,
        };
        Some(Self {
            local,
            offset: i16::try_from(offset).ok()?,
        })
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.offset < 0 { '-' } else { '+' };
        write!(
            f,
            "{}:00{sign}{}",
            self.local,
            clock(i64::from(self.offset.abs()))
        )
    }
}

/// A half-open stretch of civil time: `start` belongs to it, `end` does not. Never empty.
///
/// ```
/// use domain::time::{LocalTime, Slot};
///
/// let at = |text| LocalTime::parse(text).unwrap();
/// let class = Slot::new(at("2026-11-26T18:00"), at("2026-11-26T20:00")).unwrap();
/// let next = Slot::lasting(at("2026-11-26T20:00"), 60);
/// assert!(!class.overlaps(next), "one ends as the other begins");
/// assert_eq!(Slot::new(class.end(), class.start()), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    start: LocalTime,
    end: LocalTime,
}

impl Slot {
    /// The slot, or `None` when the end is not after the start.
    pub fn new(start: LocalTime, end: LocalTime) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// A slot of `minutes` (at least one) from `start`.
    pub fn lasting(start: LocalTime, minutes: i64) -> Self {
        Self {
            start,
            end: start.plus(minutes.max(1)),
        }
    }

    /// The first minute.
    pub fn start(self) -> LocalTime {
        self.start
    }

    /// The first minute after it.
    pub fn end(self) -> LocalTime {
        self.end
    }

    /// Length in minutes, at least one.
    pub fn minutes(self) -> i64 {
        self.end.0 - self.start.0
    }

    /// True when the two share a minute; touching slots do not.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// True when `moment` lies in it.
    pub fn contains(self, moment: LocalTime) -> bool {
        self.start <= moment && moment < self.end
    }

    /// True when all of `other` lies in it.
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// What the two share.
    pub fn and(self, other: Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end))
    }

    /// Longer by `before` and `after` minutes (not negative).
    #[must_use]
    pub fn padded(self, before: u16, after: u16) -> Self {
        Self {
            start: self.start.plus(-i64::from(before)),
            end: self.end.plus(i64::from(after)),
        }
    }

    /// The same length, `minutes` later.
    #[must_use]
    pub fn shifted(self, minutes: i64) -> Self {
        Self {
            start: self.start.plus(minutes),
            end: self.end.plus(minutes),
        }
    }
}

/// Text forms double as the wire forms, through the types' own `Display` and `parse`.
macro_rules! serde_as_text {
    ($($name:ident $what:literal)*) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'_, str> as serde::Deserialize>::deserialize(d)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom($what))
            }
        }
        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $what })
            }
        }
    )*};
}
pub(crate) use serde_as_text;

serde_as_text! {
    Date "a date like 2026-11-26"
    LocalTime "a time like 2026-11-26T18:00"
    Stamp "a time like 2026-11-26T18:00:00+08:00"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_slot() -> impl Strategy<Value = Slot> {
        (29_000_000i64..31_000_000, 1i64..5_000)
            .prop_map(|(start, length)| Slot::lasting(LocalTime::from_minutes(start), length))
    }

    proptest! {
        #[test]
        fn every_day_survives_its_text(days in -25_000i64..84_000) {
            let date = Date::from_days(days);
            prop_assert_eq!(date.days(), days);
            prop_assert_eq!(Date::parse(&date.to_string()), Some(date));
            prop_assert_eq!(date.monday().weekday(), Weekday::Mon);
        }

        #[test]
        fn every_moment_survives_its_text(minutes in -30_000_000i64..100_000_000, offset in -720i16..840) {
            let local = LocalTime::from_minutes(minutes);
            let stamp = Stamp { local, offset };
            prop_assert_eq!(LocalTime::parse(&local.to_string()), Some(local));
            prop_assert_eq!(Stamp::parse(&stamp.to_string()), Some(stamp));
        }

        #[test]
        fn text_of_any_kind_is_read_or_refused(text in ".{0,30}") {
            let _ = (Date::parse(&text), LocalTime::parse(&text), Stamp::parse(&text), parse_clock(&text));
        }

        #[test]
        fn overlap_is_symmetric_and_means_a_shared_minute(a in any_slot(), b in any_slot()) {
            prop_assert_eq!(a.overlaps(b), b.overlaps(a));
            prop_assert_eq!(a.overlaps(b), a.and(b).is_some());
            prop_assert!(a.overlaps(a) && a.covers(a));
            prop_assert!(!a.overlaps(a.shifted(a.minutes())), "touching slots do not overlap");
        }
    }

    #[test]
    fn days_that_do_not_exist_cannot_be_built() {
        assert_eq!(Date::parse("2026-02-30"), None);
        assert_eq!(Date::parse("2026-1-01"), None);
        assert_eq!(LocalTime::parse("2026-11-26T24:00"), None);
        assert_eq!(
            Stamp::parse("2026-11-26T18:00:00+08:00").map(Stamp::utc),
            Some(1_795_687_200)
        );
        let start = LocalTime::parse("2026-11-26T18:00").unwrap();
        assert_eq!(Slot::new(start, start), None);
    }
}
