//! Opening hours: weekly hours per season, and single days that differ (holidays, make-up working days 调休).

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    language::{Name, fold},
    time::{DAY, Date, Slot, Weekday, clock, parse_clock, serde_as_text},
};

/// The open stretches of one day, in minutes after midnight: ascending, not touching, at most until 24:00.
/// Written `09:00-12:00 14:00-18:00`, or `closed`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayHours(Vec<(i64, i64)>);

impl DayHours {
    /// A day without opening.
    pub const CLOSED: &'static Self = &Self(Vec::new());

    /// Reads `09:00-12:00 14:00-18:00` or `closed`. Nothing where spans overlap, run backwards or leave the day.
    ///
    /// ```
    /// use domain::centre::hours::DayHours;
    ///
    /// let hours = DayHours::parse("09:00-12:00 14:00-18:00").unwrap();
    /// assert_eq!(hours.spans(), [(540, 720), (840, 1080)]);
    /// assert!(DayHours::parse("closed").unwrap().spans().is_empty());
    /// assert!(DayHours::parse("18:00-09:00").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        if text.trim() == "closed" {
            return Some(Self::default());
        }
        let mut spans = Vec::new();
        for part in text.split_whitespace() {
            let (open, close) = part.split_once('-')?;
            let (open, close) = (parse_clock(open)?, parse_clock(close)?);
            let after_last = spans.last().is_none_or(|(_, last)| *last < open);
            (open < close && close <= DAY && after_last).then(|| spans.push((open, close)))?;
        }
        (!spans.is_empty()).then_some(Self(spans))
    }

    /// Reads what a person typed, in full-width or half-width signs: `9：00至12:00、14–18`, `0900-1700`, `9am - 5pm`, `上午9点到下午5点半`;
    /// nothing typed is closed.
    ///
    /// ```
    /// use domain::centre::hours::DayHours;
    ///
    /// let read = |text| DayHours::read_typed(text).map(|hours| hours.to_string());
    /// assert_eq!(read("9：00至12:00，14–18").as_deref(), Some("09:00-12:00 14:00-18:00"));
    /// assert_eq!(read("9am - 5:30 pm").as_deref(), Some("09:00-17:30"));
    /// assert_eq!(read("上午9点到下午5点半").as_deref(), Some("09:00-17:30"));
    /// assert_eq!(read("下午2点到晚上12点").as_deref(), Some("14:00-24:00"));
    /// assert_eq!(read("0900 - 1700").as_deref(), Some("09:00-17:00"));
    /// assert_eq!(read("休").as_deref(), Some("closed"));
    /// assert_eq!(read("morning"), None);
    /// ```
    pub fn read_typed(text: &str) -> Option<Self> {
        let mut plain = fold(text.trim());
        for (typed, meant) in [
            (&["–", "—", "～", "~", "至", "到"][..], "-"),
            (&["，", ",", "、", "；", ";"][..], " "),
            (&[" am"][..], "am"),
            (&[" pm"][..], "pm"),
            (&[" -", "- "][..], "-"),
        ] {
            for typed in typed {
                // Once for each space: as many as people type.
                while plain.contains(typed) {
                    plain = plain.replace(typed, meant);
                }
            }
        }
        if ["", "休", "休息", "closed", "-"].contains(&plain.as_str()) {
            return Some(Self::default());
        }
        let mut spans = Vec::new();
        for span in plain.split_whitespace() {
            let (open, close) = span.split_once('-')?;
            let (open, close) = (read_clock(open)?, read_clock(close)?);
            spans.push(format!("{}-{}", clock(open), clock(close)));
        }
        Self::parse(&spans.join(" "))
    }

    /// Opening and closing minutes.
    pub fn spans(&self) -> &[(i64, i64)] {
        &self.0
    }

    /// The stretches that both are open.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut both = Vec::new();
        for a in &self.0 {
            for b in &other.0 {
                let (open, close) = (a.0.max(b.0), a.1.min(b.1));
                if open < close {
                    both.push((open, close));
                }
            }
        }
        Self(both)
    }
}

impl fmt::Display for DayHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("closed");
        }
        for (i, (open, close)) in self.0.iter().enumerate() {
            let gap = if i > 0 { " " } else { "" };
            write!(f, "{gap}{}-{}", clock(*open), clock(*close))?;
        }
        Ok(())
    }
}

/// A time of day as people type it: `9`, `9:30`, `0930`, `9am`, `下午5点半`, in minutes after midnight, at most 24:00.
fn read_clock(typed: &str) -> Option<i64> {
    let has = |words: &[&str]| words.iter().any(|word| typed.contains(word));
    let (morning, evening) = (has(&["am", "上午", "早"]), has(&["pm", "下午", "晚"]));
    let mut plain = typed.replace("点半", ":30").replace('点', ":");
    plain.retain(|c| c.is_ascii_digit() || c == ':');
    let rest: String = typed
        .chars()
        .filter(|c| !c.is_ascii_digit() && !":ampm上午下早晚上点半分".contains(*c))
        .collect();
    if !rest.is_empty() {
        return None;
    }
    let plain = plain.trim_end_matches(':');
    let (hour, minute) = match (plain.split_once(':'), plain.len()) {
        (Some((hour, minute)), _) => (hour, minute),
        (None, 3 | 4) => plain.split_at(plain.len() - 2),
        (None, _) => (plain, "0"),
    };
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match (morning, evening) {
        (_, true) if hour < 12 => hour + 12,
        // Midnight, not noon.
        (_, true) if hour == 12 && typed.contains('晚') => 24,
        (true, _) if hour == 12 => 0,
        _ => hour,
    };
    let at = hour * 60 + minute;
    (minute < 60 && at <= DAY).then_some(at)
}

/// The hours of every weekday, Monday first. Written `Mon-Fri 09:00-12:00 14:00-18:00; Sat 09:00-12:00`;
/// a day that is not named is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WeekHours([DayHours; 7]);

const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl WeekHours {
    /// The hours of the seven weekdays, Monday first.
    pub fn new(days: [DayHours; 7]) -> Self {
        Self(days)
    }

    /// The hours of the seven weekdays, Monday first.
    pub fn days(&self) -> &[DayHours; 7] {
        &self.0
    }

    /// The hours of that weekday.
    pub fn on(&self, day: Weekday) -> &DayHours {
        &self.0[day as usize]
    }

    /// Reads the written form.
    pub fn parse(text: &str) -> Option<Self> {
        let mut week = Self::default();
        for rule in text
            .split(';')
            .map(str::trim)
            .filter(|rule| !rule.is_empty())
        {
            let (days, hours) = rule.split_once(' ')?;
            let hours = DayHours::parse(hours)?;
            for part in days.split(',') {
                let (first, last) = part.split_once('-').unwrap_or((part, part));
                let find = |name: &str| NAMES.iter().position(|n| *n == name);
                for day in find(first)?..=find(last)? {
                    week.0[day] = hours.clone();
                }
            }
        }
        Some(week)
    }
}

impl fmt::Display for WeekHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut day = 0;
        while day < 7 {
            let same = (day..7).take_while(|d| self.0[*d] == self.0[day]).count();
            let last = day + same - 1;
            if day > 0 {
                f.write_str("; ")?;
            }
            f.write_str(NAMES[day])?;
            if last > day {
                write!(f, "-{}", NAMES[last])?;
            }
            write!(f, " {}", self.0[day])?;
            day = last + 1;
        }
        Ok(())
    }
}

/// A day of any year, `05-01`; 29 February stands for the end of February.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay(u32, u32);

impl MonthDay {
    /// The first and the last day of the year.
    pub const YEAR: (Self, Self) = (Self(1, 1), Self(12, 31));

    /// Reads `05-01`.
    pub fn parse(text: &str) -> Option<Self> {
        let (month, day) = text.split_once('-')?;
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        NaiveDate::from_ymd_opt(2024, month, day).map(|_| Self(month, day))
    }
}

impl MonthDay {
    /// Reads what a person typed: `4/30`, `4.30`, `4月30日`.
    ///
    /// ```
    /// use domain::centre::hours::MonthDay;
    ///
    /// assert_eq!(MonthDay::read_typed("4月30日").unwrap().to_string(), "04-30");
    /// assert_eq!(MonthDay::read_typed(" 4/30 ").unwrap().to_string(), "04-30");
    /// assert!(MonthDay::read_typed("April").is_none());
    /// ```
    pub fn read_typed(text: &str) -> Option<Self> {
        let plain = fold(text.trim());
        let plain = plain
            .replace(['月', '/', '.'], "-")
            .replace(['日', '号'], "");
        Self::parse(plain.trim_end_matches('-'))
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.0, self.1)
    }
}

serde_as_text! {
    DayHours "hours like 09:00-12:00 14:00-18:00, or closed"
    WeekHours "hours like Mon-Fri 09:00-18:00; Sat 09:00-12:00"
    MonthDay "a day like 05-01"
}

/// A part of the year with its own weekly hours, first and last day included. It may run over the new year.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// First day.
    pub from: MonthDay,
    /// Last day.
    pub to: MonthDay,
    /// Hours of its weekdays.
    pub week: WeekHours,
}

impl Season {
    fn has(&self, day: MonthDay) -> bool {
        if self.from <= self.to {
            self.from <= day && day <= self.to
        } else {
            self.from <= day || day <= self.to
        }
    }
}

/// A day whose hours differ from its weekday's.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialDay {
    /// The day.
    pub date: Date,
    /// Its hours instead of the season's.
    pub open: DayHours,
    /// Why, as people know it ("New Year's Day").
    pub name: Name,
}

/// When a centre, or one of its rooms, is open.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// Seasons; the first that has the day counts. Outside all seasons it is closed.
    pub season: Vec<Season>,
    /// Single days that differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub special: Vec<SpecialDay>,
}

impl Hours {
    /// The hours of a day.
    pub fn on(&self, date: Date) -> &DayHours {
        if let Some(special) = self.special.iter().find(|special| special.date == date) {
            return &special.open;
        }
        let (_, month, day) = date.ymd();
        let season = self
            .season
            .iter()
            .find(|season| season.has(MonthDay(month, day)));
        season.map_or(DayHours::CLOSED, |season| season.week.on(date.weekday()))
    }

    /// The stretches of a year that so many seasons hold in: none, where the house is closed all the time, or several, of which
    /// the first counts.
    pub fn stretches(&self, wanted: impl Fn(usize) -> bool) -> Vec<(MonthDay, MonthDay)> {
        let mut found: Vec<(MonthDay, MonthDay)> = Vec::new();
        let mut goes_on = false;
        let first = NaiveDate::from_ymd_opt(2024, 1, 1);
        for date in first
            .into_iter()
            .flat_map(|first| first.iter_days().take(366))
        {
            let day = MonthDay(date.month(), date.day());
            let is_wanted = wanted(self.season.iter().filter(|season| season.has(day)).count());
            match found.last_mut().filter(|_| goes_on) {
                Some(last) if is_wanted => last.1 = day,
                _ if is_wanted => found.push((day, day)),
                _ => {}
            }
            goes_on = is_wanted;
        }
        found
    }

    /// The holiday or other special day on that date.
    pub fn special(&self, date: Date) -> Option<&SpecialDay> {
        self.special.iter().find(|special| special.date == date)
    }
}

/// The open slots of every day that touches `range`, in order. `room` narrows the `centre`'s hours.
pub fn open_slots(centre: &Hours, room: Option<&Hours>, range: Slot) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut date = range.start().date();
    while date.at(0) < range.end() {
        let day = centre.on(date);
        let narrowed = room.map(|room| day.and(room.on(date)));
        for (open, close) in narrowed.as_ref().unwrap_or(day).spans() {
            let whole = Slot::new(date.at(*open), date.at(*close));
            let Some(slot) = whole.and_then(|slot| slot.and(range)) else {
                continue;
            };
            // A house that closes at midnight and opens at midnight is open through.
            match slots.last_mut() {
                Some(last) if last.end() == slot.start() => {
                    *last = Slot::lasting(last.start(), last.minutes() + slot.minutes());
                }
                _ => slots.push(slot),
            }
        }
        let next = date.plus(1);
        if next == date {
            // The last day there is: a range that runs beyond it ends here.
            break;
        }
        date = next;
    }
    slots
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn season(from: &str, to: &str, week: &str) -> Season {
        Season {
            from: MonthDay::parse(from).unwrap(),
            to: MonthDay::parse(to).unwrap(),
            week: WeekHours::parse(week).unwrap(),
        }
    }

    #[test]
    fn stretches_without_a_season_and_with_two_are_named() {
        let hours = Hours {
            season: vec![
                season("05-01", "09-30", "Mon 09:00-12:00"),
                season("09-15", "03-31", "Mon 09:00-12:00"),
            ],
            special: Vec::new(),
        };
        let shown = |all: Vec<(MonthDay, MonthDay)>| {
            let shown = all.iter().map(|(from, to)| format!("{from} {to}"));
            shown.collect::<Vec<_>>()
        };
        assert_eq!(shown(hours.stretches(|count| count == 0)), ["04-01 04-30"]);
        assert_eq!(shown(hours.stretches(|count| count > 1)), ["09-15 09-30"]);
    }

    fn two_seasons() -> Hours {
        Hours {
            season: vec![
                season("05-01", "09-30", "Mon-Sun 10:00-23:00"),
                season(
                    "10-01",
                    "04-30",
                    "Mon-Fri 10:00-12:00 14:00-22:30; Sat,Sun 12:00-20:00",
                ),
            ],
            special: vec![SpecialDay {
                date: Date::parse("2027-01-01").unwrap(),
                open: DayHours::default(),
                name: Name::new("元旦", "New Year's Day"),
            }],
        }
    }

    #[test]
    fn seasons_wrap_the_new_year_and_special_days_win() {
        let hours = two_seasons();
        let on = |day: &str| hours.on(Date::parse(day).unwrap()).to_string();
        assert_eq!(on("2026-07-05"), "10:00-23:00");
        assert_eq!(on("2026-12-31"), "10:00-12:00 14:00-22:30");
        assert_eq!(on("2027-01-01"), "closed");
        assert_eq!(on("2027-01-02"), "12:00-20:00");
    }

    #[test]
    fn nonsense_hours_are_refused() {
        for text in [
            "",
            "12:00-10:00",
            "09:00-12:00 11:00-13:00",
            "9-12",
            "23:00-25:00",
        ] {
            assert_eq!(DayHours::parse(text), None, "{text}");
        }
        for text in ["Monday 09:00-12:00", "Fri-Mon 09:00-12:00 x", "Mon"] {
            assert_eq!(WeekHours::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_last_day_there_is_has_an_end() {
        let last = Date::parse("2200-12-31").unwrap();
        let range = Slot::lasting(last.plus(-2).at(0), 30 * DAY);
        assert_eq!(open_slots(&two_seasons(), None, range).len(), 6);
    }

    proptest! {
        #[test]
        fn week_hours_survive_their_text(days in prop::collection::vec((0i64..12, 1i64..12), 7)) {
            let week = WeekHours(std::array::from_fn(|i| {
                let (open, length) = days[i];
                DayHours(vec![(open * 60, (open + length) * 60)])
            }));
            prop_assert_eq!(WeekHours::parse(&week.to_string()), Some(week));
        }

        #[test]
        fn open_slots_are_in_order_apart_and_open(start in 29_900_000i64..30_100_000, length in 1i64..40_000) {
            let hours = two_seasons();
            let range = Slot::lasting(crate::time::LocalTime::from_minutes(start), length);
            let slots = open_slots(&hours, None, range);
            for pair in slots.windows(2) {
                prop_assert!(pair[0].end() < pair[1].start());
            }
            for slot in slots {
                prop_assert!(range.covers(slot));
                let minute = slot.start().minute_of_day();
                let day = hours.on(slot.start().date());
                prop_assert!(day.spans().iter().any(|(open, close)| *open <= minute && minute < *close));
            }
        }
    }
}
