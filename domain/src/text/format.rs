//! Formatting of times, lengths and counts.

use crate::{
    centre::hours::DayHours,
    language::Lang,
    page::Page,
    time::{Date, LocalTime, Slot, Weekday},
};

const WEEKDAYS: [(&str, &str); 7] = [
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
    ("周日", "Sun"),
];

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl Lang {
    /// What a page is called where it is about nothing in particular.
    pub fn page(self, page: &Page) -> &'static str {
        match page {
            Page::Map => self.map_title(),
            Page::Calendar => self.calendar_title(),
            Page::Activities | Page::Activity(..) => self.activities_title(),
            Page::Attendance(..) => self.check_in(),
            Page::Clubs => self.clubs(),
            Page::Publish => self.publish(),
            Page::Household => self.family(),
            Page::Messages => self.inbox(),
            Page::Book => self.book_title(),
            Page::Booking(..) => self.booking_title(),
            Page::Me => self.me_title(),
            Page::Desk | Page::Record(..) => self.house_title(),
            Page::Closures => self.closures_title(),
            Page::Roles => self.roles_title(),
            Page::Settings => self.settings_title(),
            Page::Audit => self.log_title(),
            Page::Figures => self.figures_title(),
            Page::SignIn => self.sign_in(),
            Page::Cases => self.cases_title(),
            Page::Case(..) => self.case_page(),
            Page::Nameless => self.case_nameless_title(),
            Page::Queue => self.queue_title(),
            Page::FirstManager => self.first_manager(),
        }
    }

    /// `周四` or `Thu`.
    pub fn weekday(self, date: Date) -> &'static str {
        self.name_weekday(date.weekday())
    }

    /// `周四` or `Thu`, of a day of the week.
    pub fn name_weekday(self, day: Weekday) -> &'static str {
        let (zh, en) = WEEKDAYS[day as usize];
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// `每周三、周六 9:30`, `every day 9:30`: what repeats, by a date of each weekday.
    pub fn pattern(self, days: &[Date], minute: i64) -> String {
        let time = crate::time::clock(minute);
        let names: Vec<&str> = days.iter().map(|day| self.weekday(*day)).collect();
        match days.len() {
            7 => format!("{} {time}", self.every_day()),
            _ => format!("{} {time}", self.every_week(&names.join(self.comma()))),
        }
    }

    /// `11月26日` or `26 Nov`.
    pub fn day(self, date: Date) -> String {
        let (_, month, day) = date.ymd();
        match self {
            Self::Zh => format!("{month}月{day}日"),
            Self::En => format!("{day} {}", MONTHS[month as usize - 1]),
        }
    }

    /// `周四 11月26日` or `Thu 26 Nov`.
    pub fn date(self, date: Date) -> String {
        format!("{} {}", self.weekday(date), self.day(date))
    }

    /// `周四 2025年11月27日` or `Thu 27 Nov 2025`: as [`Self::date`], with the year where it is not that of `today`.
    pub fn date_seen(self, date: Date, today: Date) -> String {
        match date.ymd().0 == today.ymd().0 {
            true => self.date(date),
            false => self.full_date(date),
        }
    }

    /// `周四 2025年11月27日` or `Thu 27 Nov 2025`.
    pub fn full_date(self, date: Date) -> String {
        let (year, ..) = date.ymd();
        let words = self.day(date);
        let weekday = self.weekday(date);
        match self {
            Self::Zh => format!("{weekday} {year}年{words}"),
            Self::En => format!("{weekday} {words} {year}"),
        }
    }

    /// As [`Self::moment`], with the year where it is not that of `today`.
    pub fn moment_seen(self, at: LocalTime, today: Date) -> String {
        format!("{} {}", self.date_seen(at.date(), today), at.clock())
    }

    /// As [`Self::slot`], with the year where it is not that of `today`.
    pub fn slot_seen(self, slot: Slot, today: Date) -> String {
        let date = self.date_seen(slot.start().date(), today);
        format!("{date} {}", self.span(slot))
    }

    /// `周四 11月26日 18:00`.
    pub fn moment(self, at: LocalTime) -> String {
        format!("{} {}", self.date(at.date()), at.clock())
    }

    /// `18:00–20:00`; a slot that ends at midnight ends at 24:00.
    pub fn span(self, slot: Slot) -> String {
        let end = slot.end();
        let midnight = end.minute_of_day() == 0 && end.date() != slot.start().date();
        let end = if midnight {
            "24:00".to_owned()
        } else {
            end.clock()
        };
        format!("{}–{end}", slot.start().clock())
    }

    /// `周四 11月26日 18:00–20:00`.
    pub fn slot(self, slot: Slot) -> String {
        format!("{} {}", self.date(slot.start().date()), self.span(slot))
    }

    /// `09:00–12:00, 14:00–18:00`, or that it is closed.
    pub fn day_hours(self, hours: &DayHours) -> String {
        let clock = crate::time::clock;
        let spans = hours
            .spans()
            .iter()
            .map(|(open, close)| format!("{}–{}", clock(*open), clock(*close)));
        let spans: Vec<_> = spans.collect();
        if spans.is_empty() {
            self.closed_today().to_owned()
        } else {
            spans.join(self.comma())
        }
    }

    /// `1 小时 30 分钟` or `1 h 30 min`; days from two days on.
    pub fn minutes(self, minutes: i64) -> String {
        match (self, minutes / 1440) {
            (Self::Zh, days @ 2..) if minutes % 1440 == 0 => format!("{days} 天"),
            (Self::En, days @ 2..) if minutes % 1440 == 0 => format!("{days} days"),
            _ => self.hours(minutes),
        }
    }

    /// `48 小时` or `48 hours`: a sum of many times, which no days went by in.
    pub fn hours(self, minutes: i64) -> String {
        match (self, minutes / 60, minutes % 60) {
            (Self::Zh, 0, rest) => format!("{rest} 分钟"),
            (Self::Zh, hours, 0) => format!("{hours} 小时"),
            (Self::Zh, hours, rest) => format!("{hours} 小时 {rest} 分钟"),
            (Self::En, 0, rest) => format!("{rest} min"),
            (Self::En, 1, 0) => "1 hour".to_owned(),
            (Self::En, hours, 0) => format!("{hours} hours"),
            (Self::En, hours, rest) => format!("{hours} h {rest} min"),
        }
    }

    /// `3 人` or `3 people`.
    pub fn people(self, count: u16) -> String {
        match (self, count) {
            (Self::Zh, _) => format!("{count} 人"),
            (Self::En, 1) => "1 person".to_owned(),
            (Self::En, _) => format!("{count} people"),
        }
    }

    /// `3 个预约` or `3 bookings`.
    pub fn bookings(self, count: u16) -> String {
        match (self, count) {
            (Self::Zh, _) => format!("{count} 个预约"),
            (Self::En, 1) => "1 booking".to_owned(),
            (Self::En, _) => format!("{count} bookings"),
        }
    }

    /// The language of a text that people typed, where it is not this one: for the `lang` of its element (WCAG 3.1.2), so that it is
    /// read aloud by a voice that can. Told by its letters: Chinese ones, or Latin ones alone.
    pub fn tongue_of(self, text: &str) -> Option<&'static str> {
        let is_han = |c| matches!(c, '\u{3400}'..='\u{9fff}');
        let tongue = match text.contains(is_han) {
            true => Self::Zh,
            false if text.contains(|c: char| c.is_ascii_alphabetic()) => Self::En,
            false => return None,
        };
        (tongue != self).then(|| tongue.tag())
    }

    /// A day relative to today: "today", "tomorrow", else nothing.
    pub fn relative_day(self, date: Date, today: Date) -> Option<&'static str> {
        match date.days() - today.days() {
            -1 => Some(self.yesterday()),
            0 => Some(self.today()),
            1 => Some(self.tomorrow()),
            _ => None,
        }
    }

    /// What stands between the items of a list.
    pub fn comma(self) -> &'static str {
        match self {
            Self::Zh => "、",
            Self::En => ", ",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn another_year_is_named_and_this_one_is_not() {
        let today = date("2026-11-27");
        let seen = |lang: Lang, day: &str| lang.date_seen(date(day), today);
        assert_eq!(seen(Lang::Zh, "2026-11-26"), "周四 11月26日");
        assert_eq!(seen(Lang::Zh, "2025-11-27"), "周四 2025年11月27日");
        assert_eq!(seen(Lang::En, "2025-11-27"), "Thu 27 Nov 2025");
        let evening = Slot::lasting(date("2025-11-27").at(18 * 60), 120);
        let told = Lang::En.slot_seen(evening, today);
        assert_eq!(told, "Thu 27 Nov 2025 18:00–20:00");
        let at = Lang::Zh.moment_seen(date("2025-11-27").at(60), today);
        assert_eq!(at, "周四 2025年11月27日 01:00");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(Lang::En.show_rooms(1), "Show 1 room");
        assert_eq!(Lang::En.show_rooms(2), "Show 2 rooms");
        assert_eq!(Lang::En.people(1), "1 person");
        assert_eq!(Lang::En.used_before(1), "used a room once in three months");
        assert_eq!(Lang::Zh.show_rooms(1), "查看 1 个房间");
    }

    #[test]
    fn what_people_wrote_names_its_tongue_where_it_is_another() {
        assert_eq!(Lang::En.tongue_of("书法 beginners"), Some("zh-CN"));
        assert_eq!(Lang::Zh.tongue_of("Calligraphy"), Some("en"));
        assert_eq!(Lang::Zh.tongue_of("书法"), None);
        assert_eq!(Lang::Zh.tongue_of("2026"), None);
    }

    #[test]
    fn a_sum_of_hours_is_no_number_of_days() {
        assert_eq!(Lang::Zh.minutes(2880), "2 天");
        assert_eq!(Lang::Zh.hours(2880), "48 小时");
        assert_eq!(Lang::En.hours(2910), "48 h 30 min");
        assert_eq!(Lang::En.hours(60), "1 hour");
    }
}
