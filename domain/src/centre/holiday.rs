//! Public holidays and make-up working days (调休), read from the files that governments and others publish: iCalendar (RFC 5545)
//! with one all-day event a day or a stretch, and JSON with a list of `days`.

use serde::{Deserialize, Serialize};

use crate::time::Date;

/// A day that a file of holidays names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    /// The day.
    pub date: Date,
    /// What it is called, at most 40 characters.
    pub name: String,
    /// People work on it in exchange for another.
    pub works: bool,
}

/// Why nothing was read.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreadable {
    /// Larger than any such file, in bytes.
    TooLarge {
        /// The most.
        most: usize,
    },
    /// Neither iCalendar nor JSON with days.
    Unknown,
    /// No day stands in it.
    Empty,
}

/// The largest file that is read, in bytes: such files have some kilobytes.
pub const MOST_BYTES: usize = 1024 * 1024;

/// The most days that one file names.
const MOST_DAYS: usize = 2000;

/// The longest event, in days.
const LONGEST: i64 = 60;

/// The days that a file names, in order, each once.
///
/// # Errors
/// Where it cannot be read as such a file.
///
/// ```
/// use domain::centre::holiday::read;
///
/// let file = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270101\r\nSUMMARY:元旦 休\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
/// let days = read(file).unwrap();
/// assert_eq!((days[0].date.to_string().as_str(), days[0].works), ("2027-01-01", false));
/// ```
pub fn read(text: &str) -> Result<Vec<Holiday>, Unreadable> {
    if text.len() > MOST_BYTES {
        return Err(Unreadable::TooLarge { most: MOST_BYTES });
    }
    let text = text.trim_start_matches('\u{feff}').trim();
    let mut days = match text.starts_with('{') {
        true => read_json(text)?,
        false if text.starts_with("BEGIN:VCALENDAR") => read_calendar(text),
        false => return Err(Unreadable::Unknown),
    };
    days.sort();
    // Of two events on a day the one that says that people work on it counts.
    days.sort_by_key(|day| (day.date, !day.works));
    days.dedup_by(|later, first| later.date == first.date);
    days.truncate(MOST_DAYS);
    match days.is_empty() {
        true => Err(Unreadable::Empty),
        false => Ok(days),
    }
}

#[derive(Deserialize)]
struct Year {
    days: Vec<Day>,
}

#[derive(Deserialize)]
struct Day {
    name: String,
    date: String,
    #[serde(rename = "isOffDay")]
    off: bool,
}

fn read_json(text: &str) -> Result<Vec<Holiday>, Unreadable> {
    let year: Year = serde_json::from_str(text).map_err(|_| Unreadable::Unknown)?;
    let days = year.days.into_iter().filter_map(|day| {
        Some(Holiday {
            date: Date::parse(&day.date)?,
            name: shorten(&day.name),
            works: !day.off,
        })
    });
    Ok(days.collect())
}

/// A name without what could not stand in a list.
fn shorten(name: &str) -> String {
    let sound = name.chars().filter(|c| !c.is_control());
    let short: String = sound.take(40).collect();
    short.trim().to_owned()
}

/// The lines of a calendar, those that were folded put together again (RFC 5545, 3.1).
fn unfold(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split('\n').map(|line| line.trim_end_matches('\r')) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// A date as `20270101`, or the day of `20270101T000000`. A moment in UTC is no holiday: which day it is depends on the place.
fn read_date(value: &str) -> Option<Date> {
    let value = value.trim();
    if value.ends_with('Z') {
        return None;
    }
    let digits = value.get(..8)?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = digits.split_at(4);
    let (month, day) = rest.split_at(2);
    Date::parse(&format!("{year}-{month}-{day}"))
}

/// A text value (RFC 5545, 3.3.11).
fn read_text(value: &str) -> String {
    let mut text = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') | None => text.push(' '),
                Some(other) => text.push(other),
            },
            c => text.push(c),
        }
    }
    shorten(&text)
}

fn read_calendar(text: &str) -> Vec<Holiday> {
    let mut days = Vec::new();
    let (mut from, mut until, mut name) = (None, None, String::new());
    for line in unfold(text) {
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        match key.split(';').next().unwrap_or_default() {
            "BEGIN" if value == "VEVENT" => (from, until, name) = (None, None, String::new()),
            "DTSTART" => from = read_date(value),
            "DTEND" => until = read_date(value),
            "SUMMARY" => name = read_text(value),
            "END" if value == "VEVENT" => {
                let Some(first) = from else { continue };
                // The end of an all-day event is the day after its last.
                let length = until.map_or(1, |until: Date| until.days() - first.days());
                let works = is_working(&name);
                for day in 0..length.clamp(1, LONGEST) {
                    days.push(Holiday {
                        date: first.plus(day),
                        name: name.clone(),
                        works,
                    });
                }
            }
            _ => {}
        }
        if days.len() > MOST_DAYS {
            break;
        }
    }
    // Where a file marks both the days on which people work and those on which they do not, what it marks neither way is an
    // observance: people work as ever.
    let marked = |marks: fn(&Holiday) -> bool| days.iter().any(marks);
    if marked(|day| day.works) && marked(|day| is_off(&day.name)) {
        days.retain(|day| day.works || is_off(&day.name));
    }
    days
}

/// Whether the name of an event says that nobody works on that day.
fn is_off(name: &str) -> bool {
    name.trim_end_matches([')', '）', ' ']).ends_with('休')
}

/// Whether the name of an event says that people work on that day.
fn is_working(name: &str) -> bool {
    ["班", "调休上", "workday", "working day"]
        .iter()
        .any(|word| name.to_lowercase().contains(word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn on(text: &str) -> Vec<(String, String, bool)> {
        let days = read(text).unwrap().into_iter();
        days.map(|day| (day.date.to_string(), day.name, day.works))
            .collect()
    }

    fn event(lines: &str) -> String {
        format!("BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR")
    }

    #[test]
    fn calendars_with_stretches_folds_zones_and_make_up_days() {
        let stretch = event(
            "DTSTART;VALUE=DATE:20270206\nDTEND;VALUE=DATE:20270209\nSUMMARY:春节\\, 第\n  1天",
        );
        let days = on(&stretch);
        assert_eq!(days.len(), 3);
        assert_eq!(days[2], ("2027-02-08".into(), "春节, 第 1天".into(), false));
        let zoned = event(
            "DTSTART;TZID=Asia/Shanghai:20270214T000000\nDTEND;TZID=Asia/Shanghai:20270215T000000\nSUMMARY:春节 补班",
        );
        assert_eq!(
            on(&zoned),
            [("2027-02-14".into(), "春节 补班".into(), true)]
        );
        let backwards = event("DTSTART:20270214\nDTEND:20260101\nSUMMARY:x");
        assert_eq!(on(&backwards).len(), 1);
        // A moment in UTC is another day elsewhere: nobody's house is closed on a guess.
        let moment = event("DTSTART:20270213T160000Z\nSUMMARY:春节");
        assert_eq!(read(&moment), Err(Unreadable::Empty));
    }

    #[test]
    fn a_day_that_is_worked_is_told_from_a_holiday_and_from_an_observance() {
        let of = |names: &[(&str, &str)]| {
            let events = names.iter().map(|(day, name)| {
                format!("BEGIN:VEVENT\nDTSTART;VALUE=DATE:{day}\nSUMMARY:{name}\nEND:VEVENT\n")
            });
            let text = format!(
                "BEGIN:VCALENDAR\n{}END:VCALENDAR",
                events.collect::<String>()
            );
            on(&text)
                .into_iter()
                .map(|(day, _, works)| (day, works))
                .collect::<Vec<_>>()
        };
        let english = of(&[("20270501", "International Workers' Day")]);
        assert_eq!(english, [("2027-05-01".to_owned(), false)]);
        let kingdom = of(&[
            ("20270503", "Early May bank holiday"),
            ("20271225", "Christmas Day"),
        ]);
        assert_eq!(kingdom.len(), 2, "each is a holiday, whatever it is called");
        let marked = of(&[
            ("20270214", "情人节"),
            ("20270214", "春节（班）"),
            ("20270217", "春节（休）"),
            ("20270312", "植树节"),
        ]);
        assert_eq!(
            marked,
            [
                ("2027-02-14".to_owned(), true),
                ("2027-02-17".to_owned(), false)
            ]
        );
    }

    #[test]
    fn lists_of_days() {
        let text = r#"{"year":2027,"days":[{"name":"国庆节","date":"2027-10-01","isOffDay":true},
            {"name":"国庆节","date":"2027-10-09","isOffDay":false},{"name":"x","date":"2027-13-40","isOffDay":true}]}"#;
        let days = on(text);
        assert_eq!(days.len(), 2);
        assert!(days[1].2);
    }

    #[test]
    fn what_is_no_such_file_is_refused() {
        assert_eq!(read(""), Err(Unreadable::Unknown));
        assert_eq!(read("<html>"), Err(Unreadable::Unknown));
        assert_eq!(read("{\"a\":1}"), Err(Unreadable::Unknown));
        assert_eq!(
            read("BEGIN:VCALENDAR\nEND:VCALENDAR"),
            Err(Unreadable::Empty)
        );
        let garbage = "x".repeat(10 * 1024 * 1024);
        assert!(matches!(read(&garbage), Err(Unreadable::TooLarge { .. })));
    }

    proptest! {
        #[test]
        fn no_file_brings_it_down(text in "(BEGIN:VCALENDAR\n)?([A-Z]{0,8}[;:=]?[ -~\n\u{4e00}-\u{4e20}]{0,40}){0,20}") {
            if let Ok(days) = read(&text) {
                prop_assert!(!days.is_empty() && days.len() <= MOST_DAYS);
                prop_assert!(days.windows(2).all(|pair| pair[0].date < pair[1].date));
            }
        }
    }
}
