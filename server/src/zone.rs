//! Between a centre's wall clock and UTC. Only the server has a table of time zones.

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use domain::time::{LocalTime, Slot, Stamp};

/// A centre's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(Tz);

impl Zone {
    /// The zone of that IANA name.
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// Seconds UTC of a wall-clock time. A time that comes twice is the first of both; none when clocks skip it.
    pub fn utc(self, local: LocalTime) -> Option<i64> {
        match self.0.from_local_datetime(&naive(local)) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Some(at.timestamp()),
            MappedLocalTime::None => None,
        }
    }

    /// Seconds UTC of a wall-clock time; of the next that exists when clocks skip it.
    pub fn utc_or_next(self, local: LocalTime) -> i64 {
        let tries = (0..=6).map(|n| local.plus(n * 30));
        tries
            .into_iter()
            .find_map(|at| self.utc(at))
            .unwrap_or_else(|| naive(local).and_utc().timestamp())
    }

    /// The wall clock at a moment in seconds UTC.
    pub fn stamp(self, utc: i64) -> Stamp {
        let offset = self.offset(utc);
        Stamp {
            local: LocalTime::from_minutes(utc.div_euclid(60) + i64::from(offset)),
            offset,
        }
    }

    /// UTC seconds of both ends.
    pub fn range(self, slot: Slot) -> (i64, i64) {
        (self.utc_or_next(slot.start()), self.utc_or_next(slot.end()))
    }

    /// Minutes east of UTC at a moment in seconds UTC.
    pub fn offset(self, utc: i64) -> i16 {
        let at = DateTime::<Utc>::from_timestamp(utc, 0).unwrap_or_default();
        let seconds = self
            .0
            .offset_from_utc_datetime(&at.naive_utc())
            .fix()
            .local_minus_utc();
        i16::try_from(seconds / 60).unwrap_or_default()
    }

    /// The next change of the offset within a year: when (seconds UTC), and the offset from then on.
    pub fn next_change(self, utc: i64) -> Option<(i64, i16)> {
        const DAY: i64 = 86_400;
        let now = self.offset(utc);
        let day = (1..=366)
            .map(|n| utc + n * DAY)
            .find(|at| self.offset(*at) != now)?;
        let (mut before, mut after) = (day - DAY, day);
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            if self.offset(middle) == now {
                before = middle;
            } else {
                after = middle;
            }
        }
        Some((after, self.offset(after)))
    }
}

fn naive(local: LocalTime) -> NaiveDateTime {
    DateTime::<Utc>::from_timestamp(local.minutes() * 60, 0)
        .unwrap_or_default()
        .naive_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> LocalTime {
        LocalTime::parse(text).unwrap()
    }

    #[test]
    fn times_that_clocks_skip_do_not_exist_and_twice_is_the_first() {
        let dublin = Zone::parse("Europe/Dublin").unwrap();
        assert_eq!(dublin.utc(local("2027-03-28T01:30")), None);
        assert_eq!(
            dublin.utc_or_next(local("2027-03-28T01:30")),
            dublin.utc(local("2027-03-28T02:00")).unwrap()
        );
        let twice = dublin.utc(local("2026-10-25T01:30")).unwrap();
        assert_eq!(dublin.stamp(twice).to_string(), "2026-10-25T01:30:00+01:00");
        let next = dublin
            .next_change(dublin.utc(local("2026-11-22T12:00")).unwrap())
            .unwrap();
        assert_eq!(
            (dublin.stamp(next.0).to_string(), next.1),
            ("2027-03-28T02:00:00+01:00".into(), 60)
        );
    }

    #[test]
    fn china_has_one_time() {
        let zone = Zone::parse("Asia/Shanghai").unwrap();
        assert_eq!(zone.next_change(1_795_000_000), None);
        assert_eq!(
            zone.stamp(zone.utc(local("2026-11-26T18:00")).unwrap())
                .utc(),
            1_795_687_200
        );
        assert_eq!(Zone::parse("Mars/Olympus"), None);
    }
}
