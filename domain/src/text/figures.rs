//! Words of figures: periods, totals, and the sentence that says them.

use crate::{
    figures::{
        Figures,
        period::{Length, Period},
        total::{AgeBand, PartOfDay, Total, TotalValue, change, peak},
    },
    language::Lang,
    text::catalogue,
    time::{Date, clock},
};

catalogue! { KEYS:
    length_weeks "四周" "Four weeks"
    length_month "月" "Month"
    length_quarter "季" "Quarter"
    length_year "年" "Year"
    period_label "哪段时间" "Which time"
    period_from "从" "From"
    period_until "到" "Until"
    period_before "前一段" "The one before"
    period_after "后一段" "The one after"
    period_month(year: i32, month: u32, name: &str) "{year}年{month}月" "{name} {year}"
    period_quarter(year: i32, quarter: u32) "{year}年第{quarter}季度" "Q{quarter} {year}"
    period_year(year: i32) "{year}年" "{year}"
    period_weeks(from: &str, until: &str) "{from} 至 {until}" "{from} to {until}"
    period_same_days(period: &str) "{period}同期" "{period}, same days"
    period_so_far(period: &str) "{period}（到今天）" "{period} (so far)"
    total_bookings "个人和小组预约" "Bookings"
    total_sessions "活动场次" "Sessions"
    total_visits "人次" "Visits"
    total_use "开放时间里的使用率" "Use of the open time"
    total_reached "服务到的人" "People reached"
    total_first_timers "其中第一次来" "First-timers among them"
    total_no_shows "约了没来" "No-shows"
    total_decided "审批的申请" "Requests decided"
    total_waited "一半申请在多久内答复" "Half of them answered within"
    total_refused "没办成" "Not possible"
    totals_title "总数" "Totals"
    totals_label "项目" "What"
    totals_now "这段时间" "This time"
    ages_title "年龄" "Ages"
    ages_label "岁数" "Years of age"
    ages_people "人数" "People"
    ages_unknown(count: &str) "另有 {count} 人没有登记生日。" "The birth date of {count} is not known."
    age_from_to(from: u8, to: u8) "{from}–{to} 岁" "{from}–{to}"
    age_from(from: u8) "{from} 岁以上" "{from} and older"
    ways_title "从哪里来" "By which way"
    part_morning "上午" "morning"
    part_afternoon "下午" "afternoon"
    part_evening "晚上" "evening"
    sentence_held(period: &str, held: &str, visits: &str) "{period}：{held} 场，{visits} 人次" "{period}: {held} held, {visits} visits"
    sentence_more(before: &str, percent: i32) "比{before}多 {percent}%" "{percent}% more than {before}"
    sentence_fewer(before: &str, percent: i32) "比{before}少 {percent}%" "{percent}% fewer than {before}"
    sentence_same(before: &str) "和{before}一样多" "as many as {before}"
    sentence_was(visits: u32, before: &str) "{before}是 {visits} 人次" "{visits} visits in {before}" / "one visit in {before}"
    sentence_peak(day: &str, part: &str) "{day}{part}最挤" "{day} {part} was fullest"
    sentence_taken(times: u32) "{times} 次没约到" "{times} times in all somebody could not get a room" / "once somebody could not get a room"
    figure_refused "什么时候、哪个房间没办成" "When and which room could not be had"
    figure_refused_about "一格是一周里的一个小时：想约而没办成的次数，不管什么原因。" "A cell is an hour of the week: how often somebody wanted a room and could not have it."
    figure_plan "房间用得多不多" "How much each room is used"
    figure_plan_about "开放时间里用了百分之几；颜色越浓，用得越多。" "The share of the open time in percent; the stronger the colour, the more it is used."
    district_title "各中心并列" "All centres side by side"
    district_open "看这段时间的总数" "Show their totals of this time"
    whole_file "全部下载（XLSX）" "All as XLSX"
    print_report "打印报告" "Print the report"
    report_of(centre: &str) "{centre} · 工作报告" "{centre} · report"
}

/// Months as English calls them.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Lang {
    /// `3,180`: digits in groups of three.
    pub fn grouped(self, number: u32) -> String {
        let digits = number.to_string();
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text
    }

    /// The weekday and the clock of an hour of the week, 0 to 167.
    pub fn hour_of_week(self, hour: u8) -> (&'static str, String) {
        let monday = Date::from_days(0).monday();
        let (day, hour) = (i64::from(hour) / 24, i64::from(hour) % 24);
        (self.weekday(monday.plus(day)), clock(hour * 60))
    }

    /// What stands in a line of totals.
    pub fn told_total(self, told: TotalValue) -> String {
        match told {
            TotalValue::Number(number) => self.grouped(number),
            TotalValue::Few => self.figure_few().to_owned(),
            TotalValue::Percent(share) => format!("{share}%"),
            TotalValue::Minutes(minutes) => self.minutes(i64::from(minutes)),
            TotalValue::Nothing => "–".to_owned(),
        }
    }
}

impl Length {
    /// Its word.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Weeks => lang.length_weeks(),
            Self::Month => lang.length_month(),
            Self::Quarter => lang.length_quarter(),
            Self::Year => lang.length_year(),
        }
    }
}

impl Period {
    /// What it is called.
    pub fn words(self, lang: Lang) -> String {
        match self {
            Self::Weeks(_) => {
                let (from, until) = self.days();
                lang.period_weeks(&lang.full_date(from), &lang.full_date(until))
            }
            Self::Month(year, month) => {
                let name = MONTHS.get(month as usize - 1).copied().unwrap_or_default();
                lang.period_month(year, month, name)
            }
            Self::Quarter(year, quarter) => lang.period_quarter(year, quarter),
            Self::Year(year) => lang.period_year(year),
        }
    }

    /// What it is called on a day, where it may not be over.
    pub fn words_on(self, lang: Lang, today: Date) -> String {
        let words = self.words(lang);
        match self.days().1 > today {
            true => lang.period_so_far(&words),
            false => words,
        }
    }
}

impl Total {
    /// Its word.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Bookings => lang.total_bookings(),
            Self::Sessions => lang.total_sessions(),
            Self::Visits => lang.total_visits(),
            Self::Use => lang.total_use(),
            Self::Reached => lang.total_reached(),
            Self::FirstTimers => lang.total_first_timers(),
            Self::NoShows => lang.total_no_shows(),
            Self::Decided => lang.total_decided(),
            Self::Waited => lang.total_waited(),
            Self::Refused => lang.total_refused(),
        }
    }
}

impl AgeBand {
    /// Its words, with the last age of it.
    pub fn words(self, lang: Lang) -> String {
        match self.to {
            Some(to) => lang.age_from_to(self.from, to - 1),
            None => lang.age_from(self.from),
        }
    }
}

impl PartOfDay {
    /// Its word.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Morning => lang.part_morning(),
            Self::Afternoon => lang.part_afternoon(),
            Self::Evening => lang.part_evening(),
        }
    }
}

/// From how many visits on a change is told in percent.
const LEAST_COMPARED: u32 = 50;

/// Up to how many percent.
const MOST_PERCENT: i32 = 300;

impl Figures {
    /// What their time is called.
    pub fn period_words(&self, lang: Lang) -> String {
        self.period.words_on(lang, self.until)
    }

    /// What a time is called that they are compared with: it is counted over as many days as theirs.
    pub fn other_words(&self, other: Period, lang: Lang) -> String {
        let words = other.words(lang);
        match self.period.days().1 > self.until {
            true => lang.period_same_days(&words),
            false => words,
        }
    }

    /// What they say, in one sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        let period = self.period_words(lang);
        let (held, visits) = (self.totals.held(), self.totals.visits);
        let mut parts =
            vec![lang.sentence_held(&period, &lang.grouped(held), &lang.grouped(visits))];
        let before = self.other_words(self.period.before(), lang);
        let was = self.before.visits;
        parts.extend(change(visits, was).map(|percent| match percent {
            // A share of next to nothing says nothing, and a large one less than the number.
            _ if was < LEAST_COMPARED || percent > MOST_PERCENT => lang.sentence_was(was, &before),
            0 => lang.sentence_same(&before),
            1.. => lang.sentence_more(&before, percent),
            _ => lang.sentence_fewer(&before, -percent),
        }));
        let monday = Date::from_days(0).monday();
        let mut last = Vec::new();
        last.extend(peak(&self.hours).map(|(day, part)| {
            let day = lang.weekday(monday.plus(i64::try_from(day).unwrap_or_default()));
            lang.sentence_peak(day, part.word(lang))
        }));
        if self.totals.taken > 0 {
            last.push(lang.sentence_taken(self.totals.taken));
        }
        let [comma, pause, end] = match lang {
            Lang::Zh => ["，", "；", "。"],
            Lang::En => [", ", "; ", "."],
        };
        let mut said = vec![parts.join(comma)];
        said.extend(last);
        said.join(pause) + end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::{Use, total::Totals};

    #[test]
    fn figures_open_with_a_sentence() {
        let mut hours = vec![Use { used: 10, open: 60 }; 168];
        hours[5 * 24 + 19].used = 60;
        let totals = |bookings, visits, taken| Totals {
            bookings,
            visits,
            taken,
            ..Totals::default()
        };
        let figures = Figures {
            period: Period::Month(2026, 10),
            until: Date::parse("2026-10-31").unwrap(),
            totals: totals(412, 3180, 40),
            before: totals(400, 2944, 0),
            year_before: None,
            hours,
            rooms: Vec::new(),
            activities: Vec::new(),
            refused: Vec::new(),
            refusals: Vec::new(),
        };
        let today = Date::parse("2026-11-26").unwrap();
        assert_eq!(
            figures.sentence(Lang::Zh),
            "2026年10月：412 场，3,180 人次，比2026年9月多 8%；周六晚上最挤；40 次没约到。"
        );
        assert_eq!(
            figures.sentence(Lang::En),
            "October 2026: 412 held, 3,180 visits, 8% more than September 2026; Sat evening was fullest; \
             40 times in all somebody could not get a room."
        );
        let little = Figures {
            before: totals(2, 3, 0),
            ..figures
        };
        assert!(
            little
                .sentence(Lang::Zh)
                .starts_with("2026年10月：412 场，3,180 人次，2026年9月是 3 人次；")
        );
        let so_far = Figures {
            until: Date::parse("2026-10-12").unwrap(),
            before: totals(400, 2944, 0),
            ..little
        };
        assert!(
            so_far
                .sentence(Lang::Zh)
                .starts_with("2026年10月（到今天）：412 场，3,180 人次，比2026年9月同期多 8%；")
        );
        assert_eq!(
            Period::Quarter(2026, 4).words_on(Lang::Zh, today),
            "2026年第4季度（到今天）"
        );
    }
}
