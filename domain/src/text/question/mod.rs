//! Natural-language question for a room: a small parser of day, time, length, people and equipment, Chinese and English.

mod words;

use words::{
    DAYS, DIGITS, FILLERS, MONTHS, NEGATIONS, NUMBERS, PARTS, PEOPLE, PHRASES, PURPOSES, Part,
    SHORT_DAYS, THINGS, WEEKDAYS,
};

use crate::{
    centre::room::{Equipment, Needs, Purpose},
    language::{Lang, fold},
    time::{DAY, Date, LocalTime, Slot, Weekday},
};

/// How long a room is wanted for when nobody said so, in minutes.
const USUAL: i64 = 60;

/// The most letters of a question that are read.
pub const MOST_ASKED: usize = 200;

/// What somebody on the phone wants, as far as they said it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The day.
    pub date: Option<Date>,
    /// Minutes after midnight.
    pub at: Option<i64>,
    /// For how long, in minutes.
    pub length: Option<i64>,
    /// The time is the usual one of a part of the day that was named: "in the morning".
    pub about: bool,
    /// How many people, and what must be there.
    pub needs: Needs,
    /// The rooms that were named.
    pub named: Vec<String>,
    /// The words that mean none of these.
    pub rest: String,
}

impl Question {
    /// Reads a question that is asked on `today` in a house whose rooms have these `names`: what is the name of a room is nothing
    /// else.
    pub fn parse(text: &str, today: Date, names: &[&str]) -> Self {
        let mut names: Vec<String> = names.iter().map(|name| fold(name)).collect();
        names.retain(|name| name.chars().count() > 1);
        // The longest first: a hall is not one of its halves.
        names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
        let letters = fold(text).chars().take(MOST_ASKED).collect();
        let mut reader = Reader {
            letters,
            at: 0,
            today,
            found: Self::default(),
            part: None,
            names,
            negated: false,
            length_ends: None,
            rest: String::new(),
        };
        reader.read();
        reader.found
    }

    /// True where nothing of it was understood.
    pub fn is_empty(&self) -> bool {
        let Self {
            date,
            at,
            length,
            needs,
            named,
            ..
        } = self;
        let no_time = date.is_none() && at.is_none() && length.is_none();
        no_time && needs.is_empty() && named.is_empty()
    }

    /// When it is about, asked at `now`: without a day the next time that it is so late, without a time the next whole `step`
    /// of minutes, on another day when the house opens; without a length one hour. `opens` tells the minute at which it does.
    pub fn slot(&self, now: LocalTime, step: i64, opens: impl Fn(Date) -> Option<i64>) -> Slot {
        let today = now.date();
        let step = step.max(1);
        let soon = (now.minute_of_day() + step - 1) / step * step;
        let (date, at) = match (self.date, self.at) {
            (Some(date), Some(at)) => (date, at),
            (None, Some(at)) if at < now.minute_of_day() => (today.plus(1), at),
            (None, Some(at)) => (today, at),
            (Some(date), None) if date != today => {
                (date, opens(date).unwrap_or(Part::Morning.usual()))
            }
            (_, None) => (today, soon),
        };
        // Nobody means before it opens by "in the morning".
        let at = match opens(date) {
            Some(opens) if self.about => at.max(opens),
            _ => at,
        };
        Slot::lasting(date.at(at), self.length.unwrap_or(USUAL).clamp(1, DAY))
    }
}

struct Reader {
    letters: Vec<char>,
    at: usize,
    today: Date,
    found: Question,
    part: Option<Part>,
    names: Vec<String>,
    /// The next thing is not wanted.
    negated: bool,
    /// Where a length was read last: minutes right after hours belong to them.
    length_ends: Option<usize>,
    rest: String,
}

impl Reader {
    fn read(&mut self) {
        while self.at < self.letters.len() {
            let here = self.at;
            let understood = self.take_name()
                || self.take_words(&PHRASES).is_some()
                || self.take_negation()
                || self.take_day()
                || self.take_part()
                || self.take_half_hour()
                || self.take_number()
                || self.take_thing()
                || self.take_words(&FILLERS).is_some();
            if !understood {
                self.at = here;
                self.leave();
            }
        }
        // 下午 by itself means a time of its own.
        if let (None, Some(part)) = (self.found.at, self.part) {
            self.found.at = Some(part.usual());
            self.found.about = part == Part::Morning;
        }
        self.found.rest = self.rest.split_whitespace().collect::<Vec<_>>().join(" ");
    }

    /// What is not understood is left: an English word as a whole, a sign by itself.
    fn leave(&mut self) {
        let Some(first) = self.letters.get(self.at).copied() else {
            return;
        };
        let mut end = self.at + 1;
        if is_latin(first) {
            while self.letters.get(end).copied().is_some_and(is_latin) {
                end += 1;
            }
        }
        let word: String = self.letters[self.at..end].iter().collect();
        let apart = first.is_whitespace() || is_pause(first);
        self.rest.push_str(if apart { " " } else { &word });
        if is_latin(first) {
            self.rest.push(' ');
        }
        self.at = end;
    }

    /// The name of a room, which may contain a time or a day.
    fn take_name(&mut self) -> bool {
        let names = std::mem::take(&mut self.names);
        let name = names.iter().find(|name| self.take(name)).cloned();
        self.names = names;
        let is_name = name.is_some();
        self.found.named.extend(name);
        is_name
    }

    fn take_negation(&mut self) -> bool {
        let negated = self.take_words(&NEGATIONS).is_some();
        self.negated |= negated;
        negated
    }

    fn take_day(&mut self) -> bool {
        for (word, days, part) in SHORT_DAYS {
            if self.take(word) {
                self.found.date = Some(self.today.plus(days));
                self.set_part(part);
                return true;
            }
        }
        for (word, days) in DAYS {
            if self.take(word) {
                self.found.date = Some(self.today.plus(days));
                if word == "tonight" {
                    self.set_part(Part::Evening);
                }
                return true;
            }
        }
        self.take_day_of_month() || self.take_weekday()
    }

    /// 下个月28号.
    fn take_day_of_month(&mut self) -> bool {
        let here = self.at;
        let months = match () {
            () if self.take("下个月") || self.take("下月") => 1,
            () if self.take("这个月") || self.take("本月") => 0,
            () => return false,
        };
        let day = self.number().filter(|_| self.take("号") || self.take("日"));
        let (year, month, _) = self.today.ymd();
        let (year, month) = if month + months > 12 {
            (year + 1, 1)
        } else {
            (year, month + months)
        };
        let day = day.and_then(|day| Date::new(year, month, u32::try_from(day).ok()?));
        if day.is_none() {
            self.at = here;
            return false;
        }
        self.found.date = day;
        true
    }

    /// A part of the day is said of a time as well that was said before it: 六点半晚上, 8:30 tonight.
    fn set_part(&mut self, part: Part) {
        self.part = Some(part);
        if let Some(at) = self.found.at {
            self.found.at = Some(hour_in(at, Some(part)));
        }
    }

    /// 周六, 下周六, next friday.
    fn take_weekday(&mut self) -> bool {
        let here = self.at;
        let weeks = match () {
            () if self.take("下下") => Some(2),
            () if self.take("next week ")
                || self.take("下个")
                || self.take("下")
                || self.take("next ") =>
            {
                Some(1)
            }
            () if self.take("这个") || self.take("这") || self.take("本") || self.take("this ") => {
                Some(0)
            }
            () => None,
        };
        let named = WEEKDAYS.iter().find(|(word, _)| self.take(word));
        let day = named.map(|(_, day)| *day).or_else(|| {
            // 周6; the signs stand in the table.
            let begun = self.take("星期") || self.take("周") || self.take("礼拜");
            let digit = self.letters.get(self.at).filter(|_| begun)?.to_digit(10)?;
            self.at += 1;
            (1..=7).contains(&digit).then(|| digit as usize - 1)
        });
        let Some(day) = day else {
            self.at = here;
            return false;
        };
        let wanted = Weekday::ALL[day];
        let date = match weeks {
            // The next one, today included.
            None => (0..7)
                .map(|days| self.today.plus(days))
                .find(|date| date.weekday() == wanted),
            Some(weeks) => (0..7)
                .map(|days| self.today.monday().plus(weeks * 7 + days))
                .find(|date| date.weekday() == wanted),
        };
        self.found.date = date;
        true
    }

    fn take_part(&mut self) -> bool {
        let part = PARTS.iter().find(|(word, _)| self.take(word));
        if let Some((_, part)) = part {
            self.set_part(*part);
        }
        part.is_some()
    }

    /// 半小时, half an hour, an hour.
    fn take_half_hour(&mut self) -> bool {
        let minutes = match () {
            () if self.take("半个小时") || self.take("半小时") || self.take("half an hour") => {
                30
            }
            () if self.take("an hour and a half") => 90,
            () if self.take("an hour") => 60,
            () => return false,
        };
        self.set_length(minutes);
        true
    }

    fn set_length(&mut self, minutes: i64) {
        let before = self.length_ends.take();
        // 1小时30分钟: what follows at once belongs to it.
        let more = before.filter(|_| minutes < 60).and(self.found.length);
        let length = Some(minutes + more.unwrap_or(0));
        self.found.length = length.filter(|length| (1..=DAY).contains(length));
        self.length_ends = Some(self.at);
    }

    /// All that begins with a number, or with the name of a month.
    fn take_number(&mut self) -> bool {
        let here = self.at;
        if let Some(month) = self.month() {
            self.skip_spaces();
            if let Some(day) = self.number().and_then(|day| self.date_of(None, month, day)) {
                self.found.date = Some(day);
                let _ = self.take_ordinal();
                self.take_year();
                return true;
            }
            self.at = here;
        }
        let half_past = self.take("half past ");
        let before = self.at;
        // Minutes that stand apart from hours are a length of their own.
        let apart = |end: usize| {
            self.letters
                .get(end..before)
                .is_none_or(|between| between.iter().any(|c| !c.is_whitespace()))
        };
        if self.length_ends.is_some_and(apart) {
            self.length_ends = None;
        }
        let Some(number) = self.number() else {
            self.at = here;
            return false;
        };
        let written: String = self.letters[before..self.at].iter().collect();
        if half_past {
            self.set_time(number * 60 + 30, false);
            return true;
        }
        self.take_rest_of(number, &written) || {
            self.at = here;
            false
        }
    }

    fn take_rest_of(&mut self, number: i64, written: &str) -> bool {
        self.take_range_of(number, written)
            || self.take_date_of(number, written)
            || self.take_decimal_hours_of(number)
            || self.take_time_of(number, written)
            || self.take_length_of(number)
            || self.take_people_of(number)
            || self.take_hour_after_at(number, written)
    }

    /// 2026-12-03, 12月3日, 12-03, 3号, 3 dec.
    fn take_date_of(&mut self, number: i64, written: &str) -> bool {
        let here = self.at;
        if self.take("年") || number > 31 && (self.take("-") || self.take("/")) {
            let month = self.number();
            let _ = self.take("月") || self.take("-") || self.take("/");
            let day = self.number();
            let _ = self.take("日") || self.take("号");
            let date = month
                .zip(day)
                .and_then(|(m, d)| self.date_of(Some(number), m, d));
            if date.is_some() {
                self.found.date = date;
                return true;
            }
        }
        self.at = here;
        let month_named = self.take("月");
        // A bare 12-03 or 12/3 is a day only where nothing else was said: it may be hours, or people.
        let nothing = self.found.date.is_none() && self.found.at.is_none() && self.part.is_none();
        if (month_named || nothing && (self.take("/") || self.take("-")))
            && let Some(day) = self.number()
        {
            let day_named = self.take("日") || self.take("号");
            let next = self.letters.get(self.at);
            let is_time = next.is_some_and(|c| matches!(c, ':' | '点' | '：'));
            let date = self.date_of(None, number, day);
            if date.is_some() && !is_time && (month_named || day_named || self.ends_word()) {
                self.found.date = date;
                return true;
            }
        }
        self.at = here;
        let is_room = |one: &Self| {
            ["室", "厅", "教室", "会议", "活动", "房", "楼", "人", "桌"]
                .iter()
                .any(|word| one.is_next(word))
        };
        if (self.take("号") || self.take("日")) && !is_room(self) {
            // The next day of that number.
            let date = (0..62)
                .map(|days| self.today.plus(days))
                .find(|date| i64::from(date.ymd().2) == number);
            self.found.date = date;
            return date.is_some();
        }
        self.at = here;
        let ordinal = self.take_ordinal();
        let after = self.at;
        self.skip_spaces();
        if let Some(month) = self.month()
            && let Some(date) = self.date_of(None, month, number)
        {
            self.found.date = Some(date);
            self.take_year();
            return true;
        }
        if ordinal && !written.is_empty() {
            self.at = after;
            let days = (0..62).map(|days| self.today.plus(days));
            self.found.date = days
                .into_iter()
                .find(|date| i64::from(date.ymd().2) == number);
            return self.found.date.is_some();
        }
        self.at = here;
        false
    }

    fn take_ordinal(&mut self) -> bool {
        ["st", "nd", "rd", "th"].iter().any(|end| self.take(end))
    }

    /// The year after `3 dec`: this one or the next.
    fn take_year(&mut self) {
        let here = self.at;
        self.skip_spaces();
        let year = i64::from(self.today.ymd().0);
        if !self
            .number()
            .is_some_and(|number| (year..year + 3).contains(&number))
            || !self.ends_word()
        {
            self.at = here;
        }
    }

    /// Two numbers: 12-15人 are so many people at most, 2-3小时 so long, 8-10 of a day that was said its hours, 2-4pm as well.
    fn take_range_of(&mut self, number: i64, written: &str) -> bool {
        let here = self.at;
        self.skip_spaces();
        let dashes = ["-", "–", "~", "到", "至", "to "];
        if !dashes.iter().any(|dash| self.take(dash)) {
            self.at = here;
            return false;
        }
        self.skip_spaces();
        let second = self.at;
        let Some(last) = self.number() else {
            self.at = here;
            return false;
        };
        let padded = written.starts_with('0') || self.letters.get(second) == Some(&'0');
        if self.take_people_of(last) || self.take_length_of(last) {
            return true;
        }
        let mut part = self.part;
        let clock = match () {
            () if self.take("pm") || self.take(" pm") => {
                part = Some(Part::Afternoon);
                true
            }
            () if self.take("am") || self.take(" am") => {
                part = Some(Part::Morning);
                true
            }
            () if self.is_next(":") || self.is_next("：") => false,
            () => self.take("点"),
        };
        // 12-03 is a day where none was said; 10-12 of a day are its hours.
        let said = self.found.date.is_some() || self.part.is_some();
        let hours = (0..=24).contains(&number) && (0..=24).contains(&last) && number != last;
        if hours && self.found.at.is_none() && (clock || said && !padded && self.ends_word()) {
            let half = if clock && self.take("半") { 30 } else { 0 };
            let start = hour_in(number * 60, part);
            let mut end = hour_in(last * 60 + half, part);
            if end <= start {
                end += DAY / 2;
            }
            // 11-1 in the afternoon begins before noon.
            let start = if end - start > DAY / 2 && number < 12 {
                number * 60
            } else {
                start
            };
            if end > start && end <= DAY {
                self.found.at = Some(start);
                self.found.length = Some(end - start);
                return true;
            }
        }
        self.at = here;
        false
    }

    /// 一点五小时, which is no time.
    fn take_decimal_hours_of(&mut self, number: i64) -> bool {
        let here = self.at;
        let half = (self.take("点五") || self.take("点5")) && {
            let _ = self.take("个");
            self.take("小时") || self.take("钟头")
        };
        match half {
            true => self.set_length(number * 60 + 30),
            false => self.at = here,
        }
        half
    }

    /// 18:30, 六点半, 6点40, 6pm; with what follows as its end: 六点到八点.
    fn take_time_of(&mut self, number: i64, written: &str) -> bool {
        let Some((minute, exact)) = self.time_of(number, written) else {
            return false;
        };
        self.set_time(minute, exact);
        let here = self.at;
        self.skip_spaces();
        let to = ["到", "至", "-", "–", "~", "to ", "till ", "until "];
        if to.iter().any(|word| self.take(word)) {
            self.skip_spaces();
            let part = PARTS.iter().find(|(word, _)| self.take(word));
            let part = part.map(|(_, part)| *part).or(self.part);
            let before = self.at;
            if let (Some(end), Some(start)) = (self.number(), self.found.at) {
                let written: String = self.letters[before..self.at].iter().collect();
                let (end, exact) = self.time_of(end, &written).unwrap_or((end * 60, false));
                let mut end = if exact { end } else { hour_in(end, part) };
                if end <= start && end + DAY / 2 > start && !exact {
                    end += DAY / 2;
                }
                if end > start && end <= DAY {
                    self.found.length = Some(end - start);
                    return true;
                }
            }
        }
        self.at = here;
        true
    }

    /// The minute of the day that begins with a number, and whether it needs no part of the day to be understood.
    fn time_of(&mut self, hour: i64, written: &str) -> Option<(i64, bool)> {
        let here = self.at;
        if !(0..=24).contains(&hour) {
            return None;
        }
        let digits = self.letters.get(self.at + 1..self.at + 3);
        let dotted =
            digits.is_some_and(|two| two.iter().all(char::is_ascii_digit)) && self.is_next(".");
        if self.take(":") || self.take("：") || dotted && self.take(".") {
            let minute = self.number().filter(|minute| (0..60).contains(minute));
            if let Some(minute) = minute {
                return Some(self.with_half_of_day(hour * 60 + minute, written));
            }
        } else if self.take("点") || self.take("时") && !self.is_next("间") {
            let _ = self.take("钟");
            let minute = match () {
                () if self.take("半") => 30,
                () if self.take("一刻") => 15,
                () if self.take("三刻") => 45,
                () if self.take("整") => 0,
                () => self.minutes_after(),
            };
            return Some((hour * 60 + minute, hour > 12));
        } else if self.take(" am") || self.take("am") {
            return Some((hour % 12 * 60, true));
        } else if self.take(" pm") || self.take("pm") {
            return Some((hour % 12 * 60 + DAY / 2, true));
        } else if self.take(" o'clock") || self.take(" o’clock") {
            return Some((hour * 60, hour > 12));
        }
        self.at = here;
        None
    }

    /// 06:30 is in the morning, 18:30 in the evening, 6:30 as it is said.
    fn with_half_of_day(&mut self, minute: i64, written: &str) -> (i64, bool) {
        match () {
            () if self.take("am") || self.take(" am") => (minute % (DAY / 2), true),
            () if self.take("pm") || self.take(" pm") => (minute % (DAY / 2) + DAY / 2, true),
            () => (minute, minute >= 13 * 60 || written.starts_with('0')),
        }
    }

    /// 六点四十, 六点四十分; but not the 12 of 六点 12人.
    fn minutes_after(&mut self) -> i64 {
        let here = self.at;
        let minutes = self.number().filter(|minutes| (0..60).contains(minutes));
        let minutes = minutes.filter(|_| self.take("分") || self.ends_word() && !self.counts());
        if minutes.is_none() {
            self.at = here;
        }
        minutes.unwrap_or(0)
    }

    /// Whether what was just read is counted: people, hours.
    fn counts(&mut self) -> bool {
        let here = self.at;
        let counts = self.take_people_of(1) || self.take_length_of(1);
        self.at = here;
        counts
    }

    fn set_time(&mut self, minute: i64, exact: bool) {
        let minute = if exact {
            minute
        } else {
            hour_in(minute, self.part)
        };
        self.found.at = (0..DAY).contains(&minute).then_some(minute);
    }

    /// 两小时, 两个半小时, 1.5h, 90分钟.
    fn take_length_of(&mut self, number: i64) -> bool {
        let here = self.at;
        let tenths = match self.take(".") {
            true => self.number().filter(|tenth| (1..=9).contains(tenth)),
            false => None,
        };
        if tenths.is_none() {
            self.at = here;
        }
        self.skip_spaces();
        let half = self.take("个半");
        if !half {
            let _ = self.take("个");
        }
        let hours = ["小时", "钟头", "hours", "hour", "hrs", "hr", "h"];
        if hours.iter().any(|unit| self.take(unit)) {
            let more = if half || self.take("半") {
                30
            } else {
                tenths.unwrap_or(0) * 6
            };
            self.length_ends = None;
            self.set_length(number * 60 + more);
            return true;
        }
        let minutes = ["分钟", "minutes", "minute", "mins", "min", "分"];
        if !half && tenths.is_none() && minutes.iter().any(|unit| self.take(unit)) {
            self.set_length(number);
            return true;
        }
        self.at = here;
        false
    }

    /// 12人, 十来个人, 12 people.
    fn take_people_of(&mut self, number: i64) -> bool {
        let here = self.at;
        self.skip_spaces();
        let _ = self.take("来") || self.take("多") || self.take("几");
        let _ = self.take("个");
        if PEOPLE.iter().any(|unit| self.take(unit)) {
            self.found.needs.people = u16::try_from(number).unwrap_or(u16::MAX);
            return true;
        }
        self.at = here;
        false
    }

    /// `at 6`, `1830`.
    fn take_hour_after_at(&mut self, number: i64, written: &str) -> bool {
        let begins = self.at - written.chars().count();
        let before: String = self.letters[..begins].iter().collect();
        let before = before.trim_end();
        if before.ends_with("party of") || before.ends_with("group of") {
            self.found.needs.people = u16::try_from(number).unwrap_or(u16::MAX);
            return true;
        }
        if before.ends_with("at") && (0..24).contains(&number) {
            self.set_time(number * 60, number > 12);
            return true;
        }
        let (hour, minute) = (number / 100, number % 100);
        if written.len() == 4 && hour < 24 && minute < 60 && self.ends_word() {
            self.set_time(hour * 60 + minute, true);
            return true;
        }
        false
    }

    fn take_thing(&mut self) -> bool {
        let words = |one: &Equipment| [one.word(Lang::Zh), one.word(Lang::En)];
        for (word, one) in THINGS.iter().copied().chain(
            Equipment::ALL
                .iter()
                .flat_map(|one| words(one).map(|word| (word, *one))),
        ) {
            if self.take(&fold(word)) {
                let wanted = !std::mem::take(&mut self.negated);
                if wanted && !self.found.needs.equipment.contains(&one) {
                    self.found.needs.equipment.push(one);
                }
                let _ = self.take("仪") || self.take("机") || self.take("s");
                return true;
            }
        }
        let words = |one: &Purpose| [one.word(Lang::Zh), one.word(Lang::En)];
        for (word, one) in PURPOSES.iter().copied().chain(
            Purpose::ALL
                .iter()
                .flat_map(|one| words(one).map(|word| (word, *one))),
        ) {
            // 舞蹈室 is a room.
            let here = self.at;
            if self.take(&fold(word)) {
                if self.is_next("室")
                    || self.is_next("厅")
                    || self.is_next("房")
                    || self.is_next("教室")
                {
                    self.at = here;
                    return false;
                }
                self.found.needs.purpose = Some(one);
                return true;
            }
        }
        false
    }

    fn take_words(&mut self, words: &[&str]) -> Option<()> {
        words.iter().any(|word| self.take(word)).then_some(())
    }

    /// Takes a word that stands here; an English one as a whole only.
    fn take(&mut self, word: &str) -> bool {
        let end = self.at + word.chars().count();
        let here = self.letters.get(self.at..end);
        let same = here.is_some_and(|here| here.iter().copied().eq(word.chars()));
        if !same || word.is_empty() {
            return false;
        }
        let edge = |first: Option<&char>, second: Option<&char>| {
            let is_letter = |one: Option<&char>| one.is_some_and(char::is_ascii_alphabetic);
            !(is_letter(first) && is_letter(second))
        };
        let before = self.at.checked_sub(1).and_then(|at| self.letters.get(at));
        let whole = edge(before, self.letters.get(self.at))
            && edge(self.letters.get(end - 1), self.letters.get(end));
        if whole {
            self.at = end;
        }
        whole
    }

    fn is_next(&self, word: &str) -> bool {
        let end = self.at + word.chars().count();
        let here = self.letters.get(self.at..end);
        here.is_some_and(|here| here.iter().copied().eq(word.chars()))
    }

    fn ends_word(&self) -> bool {
        let next = self.letters.get(self.at);
        next.is_none_or(|c| c.is_whitespace() || is_pause(*c) || !c.is_ascii_alphanumeric())
    }

    fn skip_spaces(&mut self) {
        while self.letters.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
    }

    fn month(&mut self) -> Option<i64> {
        let here = self.at;
        let word: String = self.letters[self.at..]
            .iter()
            .take_while(|c| c.is_ascii_alphabetic())
            .collect();
        let long = ["sept", "june", "july"].contains(&word.as_str());
        let full = [
            "january",
            "february",
            "march",
            "april",
            "august",
            "september",
            "october",
            "november",
            "december",
        ]
        .contains(&word.as_str());
        let month = MONTHS
            .iter()
            .position(|month| *month == word || (long || full) && word.starts_with(month))?;
        self.at = here + word.len();
        let _ = self.take(".");
        i64::try_from(month + 1).ok()
    }

    /// A day of a month; without a year the next one.
    fn date_of(&self, year: Option<i64>, month: i64, day: i64) -> Option<Date> {
        let (month, day) = (u32::try_from(month).ok()?, u32::try_from(day).ok()?);
        let this = self.today.ymd().0;
        match year {
            Some(year) => Date::new(i32::try_from(year).ok()?, month, day),
            None => [this, this + 1]
                .into_iter()
                .filter_map(|year| Date::new(year, month, day))
                .find(|date| *date >= self.today),
        }
    }

    /// A number in digits up to 9999, in Chinese signs, or an English word up to twenty.
    fn number(&mut self) -> Option<i64> {
        let here = self.at;
        let mut value = 0i64;
        while let Some(digit) = self.letters.get(self.at).and_then(|c| c.to_digit(10)) {
            value = value * 10 + i64::from(digit);
            self.at += 1;
            if self.at - here > 4 {
                self.at = here;
                return None;
            }
        }
        if self.at > here {
            return Some(value);
        }
        for (value, word) in (1i64..).zip(NUMBERS) {
            if self.take(word) {
                return Some(value);
            }
        }
        let (mut total, mut unit, mut any) = (0i64, None::<i64>, false);
        while let Some(sign) = self.letters.get(self.at).copied() {
            match sign {
                '十' => total += unit.take().unwrap_or(1) * 10,
                '百' => total += unit.take().unwrap_or(1) * 100,
                _ => match DIGITS.iter().find(|(digit, _)| *digit == sign) {
                    Some((_, value)) => unit = Some(*value),
                    None => break,
                },
            }
            any = true;
            self.at += 1;
        }
        any.then(|| total + unit.unwrap_or(0))
    }
}

/// What a time of twelve hours means in a part of the day; without one by day, as houses are open then.
fn hour_in(minute: i64, part: Option<Part>) -> i64 {
    let half = DAY / 2;
    match part {
        Some(Part::Morning) => minute % DAY,
        Some(Part::Noon) if minute < 10 * 60 => minute + half,
        Some(Part::Afternoon | Part::Evening) if minute < half => minute + half,
        None if minute < 8 * 60 => minute + half,
        _ => minute,
    }
}

fn is_latin(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '\''
}

fn is_pause(letter: char) -> bool {
    matches!(
        letter,
        ',' | '，' | '。' | '.' | ';' | '；' | '、' | '?' | '？' | '!' | '！' | '·'
    )
}

#[cfg(test)]
mod tests;
