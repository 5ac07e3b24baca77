//! What is said of series: recurrences, the dates of a series, and what can be done with several at once.

use crate::{
    booking::admission::Admission,
    language::Lang,
    recurrence::{Pattern, Recurrence},
    text::catalogue,
    time::Weekday,
};

catalogue! { KEYS:
    repeat "重复" "Repeats"
    repeat_none "不重复，只约这一次" "Just once"
    repeat_days "按天" "By days"
    repeat_weeks "按周，选星期几" "By weeks, on weekdays"
    repeat_every "每隔多久" "How often"
    repeat_on "星期几" "On which weekdays"
    repeat_ends "到什么时候" "Until when"
    repeat_by_count "共几次" "Number of dates"
    repeat_by_day "到哪一天" "Up to a day"
    repeat_count "次数" "How many"
    more_often "密一点" "More often"
    less_often "疏一点" "Less often"
    every_n_days(count: u16) "每 {count} 天" "every {count} days"
    every_n_weeks(count: u16) "每 {count} 周" "every {count} weeks"
    every_n_months(count: u16) "每 {count} 个月" "every {count} months"
    weekly_on(days: &str) "每{days}" "every {days}"
    weeks_on(weeks: &str, days: &str) "{weeks}的{days}" "{weeks} on {days}"
    day_of_month(months: &str, day: u8) "{months} {day} 日" "{months} on day {day}"
    nth_weekday(months: &str, nth: &str, day: &str) "{months}{nth}{day}" "{months} on the {nth} {day}"
    each_week "每周" "every week"
    each_month "每月" "every month"
    nth_1 "第一个" "first"
    nth_2 "第二个" "second"
    nth_3 "第三个" "third"
    nth_4 "第四个" "fourth"
    nth_last "最后一个" "last"

    series_sign_in "登录后就能看到每一次能不能约。" "Sign in to see which dates can be had."
    series_fine(count: usize) "{count} 次都可以约。" "All {count} dates can be had." / "The date can be had."
    series_bad(bad: usize, count: usize) "{count} 次里有 {bad} 次约不了：逐次换一换，或者跳过。" "{bad} of {count} dates cannot be had: change or skip them."
    series_nothing "这样一次也没有。" "There is no such date."
    skip_bad(count: usize) "约不了的 {count} 次都跳过" "Skip the {count} that cannot be had" / "Skip the one that cannot be had"
    all_in_room(count: usize, room: &str) "改到{room}，{count} 次都行" "{room} instead, all {count} dates" / "{room} instead"
    more_too_far(count: usize) "后面还有 {count} 次也太远，现在还不能约。" "{count} more dates lie too far ahead as well." / "One more date lies too far ahead as well."
    cancel_chosen "取消选中的几次" "Call the chosen dates off"
    series_booked_now(count: usize) "{count} 次都约好了" "All {count} dates are booked" / "The date is booked"
    skip_date "跳过" "Skip"
    skip_date_of(day: &str) "跳过 {day}" "Skip {day}"
    skipped "跳过了" "Skipped"
    keep_date "不跳过" "Keep"
    keep_date_of(day: &str) "不跳过 {day}" "Keep {day}"
    change_date "改" "Change"
    change_date_of(day: &str) "改 {day} 这一次" "Change {day}"
    date_as_usual "改回原样" "As the others"
    date_fine "可以约" "Free"
    date_asks "要审批" "To be approved"
    book_series(count: usize) "预约这 {count} 次" "Book these {count} dates" / "Book this date"
    book_series_for(count: usize, name: &str) "为{name}预约这 {count} 次" "Book these {count} dates for {name}" / "Book this date for {name}"
    ask_series(count: usize) "申请这 {count} 次" "Request these {count} dates" / "Request this date"
    ask_series_for(count: usize, name: &str) "为{name}申请这 {count} 次" "Request these {count} dates for {name}" / "Request this date for {name}"
    series_looking "正在逐次查看" "Looking at each date"
    series_unsettled "先处理约不了的日期" "Settle the dates above first"
    series_overtaken "情况有变，一次也没约。请再看看下面。" "Something changed: nothing was booked. Please look again."
    series_booked(count: usize) "{count} 次都提交好了" "All {count} dates are in" / "The date is in"
    series_of(rule: &str, nth: usize, count: usize) "{rule}，第 {nth} 次，共 {count} 次" "{rule}, date {nth} of {count}"
    series_title "整个系列" "The whole series"
    all_dates(count: usize) "全部 {count} 次" "All {count} dates" / "Its one date"
    undo_series "撤销整个系列" "Undo the whole series"
    cancel_which "取消哪几次" "Which dates"
    along_one "只这一次" "This date alone"
    along_following "这一次和以后各次" "This one and all after it"
    along_all "还没开始的全部" "All that have not begun"
    subscribe "订阅到我的日历" "Subscribe in my calendar"
    feeds "日历订阅" "Calendar subscriptions"
    feeds_about "手机自带的日历可以跟着更新：改期、取消都会自己变。点“加到手机日历”没有反应时，复制链接，粘贴到日历的“订阅”里。" "The calendar of your phone can follow: what is moved or called off changes there by itself. If nothing happens when you tap, copy the link into your calendar’s ‘subscribe’."
    feed_secret "知道这个链接的人都能看到这些安排；在“我的”里随时可以停用。" "Whoever knows this link sees these dates; stop it at any time under Me."
    feed_to_phone "加到手机日历" "Add to my calendar"
    copy_link "复制链接" "Copy the link"
    feed_revoke "停用" "Stop"
    feed_revoke_sure "停用后，用这个链接的日历都不再更新。" "Calendars that use this link are no longer updated."
    feed_revoked "已停用" "Stopped"
    feed_mine_row "我的预约和报名" "My bookings and sign-ups"
    feed_room_row(name: &str) "{name}的安排" "What is on in {name}"
    feed_club_row(name: &str) "{name}的活动" "Sessions of {name}"
    feed_centre_row(name: &str) "{name}的全部活动" "All activities at {name}"
    feed_mine "邻里 · 我的" "Linli · mine"
    decide_dates(count: usize) "一共申请 {count} 次" "{count} dates are asked for"
    decide_all(count: usize) "{count} 次都批准" "Approve all {count}"
    decline_all(count: usize) "{count} 次都不批准" "Decline all {count}"
    decide_each "逐次决定" "Decide one by one"
}

impl Lang {
    /// `每周一、周三`, `every 2 weeks on Tue`, `每月第二个周三`.
    pub fn recurrence(self, rule: &Recurrence) -> String {
        let day = |weekday: Weekday| self.name_weekday(weekday);
        let months = match rule.every {
            1 => self.each_month().to_owned(),
            every => self.every_n_months(every),
        };
        match &rule.pattern {
            Pattern::Days if rule.every == 1 => self.every_day().to_owned(),
            Pattern::Days => self.every_n_days(rule.every),
            Pattern::Weekdays(days) => {
                let days: Vec<_> = days.iter().map(|one| day(*one)).collect();
                let days = days.join(self.comma());
                match rule.every {
                    1 => self.weekly_on(&days),
                    every => self.weeks_on(&self.every_n_weeks(every), &days),
                }
            }
            Pattern::MonthDay(day) => self.day_of_month(&months, *day),
            Pattern::MonthWeekday(nth, weekday) => {
                self.nth_weekday(&months, self.nth(*nth), day(*weekday))
            }
        }
    }

    /// `第二个`, `last`.
    pub fn nth(self, nth: i8) -> &'static str {
        match nth {
            1 => self.nth_1(),
            2 => self.nth_2(),
            3 => self.nth_3(),
            4 => self.nth_4(),
            _ => self.nth_last(),
        }
    }
}

impl Admission {
    /// What it says at a date of a series.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Confirmed => lang.date_fine(),
            Self::Requested => lang.date_asks(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_said_as_people_say_it() {
        let said = |rule: &str| {
            let rule = Recurrence::parse(rule).unwrap();
            (Lang::Zh.recurrence(&rule), Lang::En.recurrence(&rule))
        };
        let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        assert_eq!(said("FREQ=DAILY;COUNT=3"), both("每天", "every day"));
        assert_eq!(
            said("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3"),
            both("每周一、周三", "every Mon, Wed")
        );
        assert_eq!(
            said("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=3"),
            both("每 2 周的周二", "every 2 weeks on Tue")
        );
        assert_eq!(
            said("FREQ=MONTHLY;BYDAY=2WE;COUNT=3"),
            both("每月第二个周三", "every month on the second Wed")
        );
        assert_eq!(
            said("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15;COUNT=3"),
            both("每 3 个月 15 日", "every 3 months on day 15")
        );
    }
}
