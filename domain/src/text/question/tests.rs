//! Questions as people say them, and what they mean.

use proptest::prelude::*;

use super::*;

/// Thursday.
fn today() -> Date {
    Date::parse("2026-11-26").unwrap()
}

/// The question as `day time length people equipment purpose | rest`, with `-` for what was not said.
fn read(text: &str) -> String {
    let question = Question::parse(text, today(), &["六点半小课堂", "舞蹈室", "2号会议室"]);
    let or = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let needs = &question.needs;
    let things: Vec<_> = needs.equipment.iter().map(|one| one.code()).collect();
    [
        or(question.date.map(|date| date.to_string()[5..].to_owned())),
        or(question.at.map(crate::time::clock)),
        or(question.length.map(|length| length.to_string())),
        or((needs.people > 0).then(|| needs.people.to_string())),
        or((!things.is_empty()).then(|| things.join("+"))),
        or(needs.purpose.map(Purpose::code)),
        format!(
            "| {}",
            [question.named.join(" "), question.rest].join(" ").trim()
        ),
    ]
    .join(" ")
    .trim()
    .to_owned()
}

#[test]
fn questions_as_people_say_them() {
    let mut wrong = Vec::new();
    for (text, meant) in [
        (
            "明晚六点半 两小时 12人 投影",
            "11-27 18:30 120 12 projector - |",
        ),
        ("tomorrow 18:30 2h 12 people", "11-27 18:30 120 12 - - |"),
        (
            "我们想约明天晚上7点的房间，十二个人，要有音响",
            "11-27 19:00 - 12 sound_system - |",
        ),
        ("今晚八点到九点半", "11-26 20:00 90 - - - |"),
        (
            "周六下午三点 三小时 跳舞 镜子",
            "11-28 15:00 180 - mirrors dance |",
        ),
        ("下周三上午9:30到11:00 25人", "12-02 09:30 90 25 - - |"),
        ("下下周一 10点", "12-07 10:00 - - - - |"),
        ("这周日 中午12点 半小时", "11-29 12:00 30 - - - |"),
        ("12月3日 14点 一个半小时", "12-03 14:00 90 - - - |"),
        ("3号下午 两个半小时", "12-03 14:00 150 - - - |"),
        ("2026年12月24号 18:00-20:30", "12-24 18:00 150 - - - |"),
        ("12-03 19:00", "12-03 19:00 - - - - |"),
        ("后天六点四十 90分钟", "11-28 18:40 90 - - - |"),
        ("后天六点 12人", "11-28 18:00 - 12 - - |"),
        ("明早八点一刻", "11-27 08:15 - - - - |"),
        ("6:30 两个小时", "- 18:30 120 - - - |"),
        ("06:30", "- 06:30 - - - - |"),
        ("舞蹈室 明晚", "11-27 19:00 - - - - | 舞蹈室"),
        ("二十来个人开会", "- - - 20 - meeting |"),
        ("星期五晚上 1.5小时", "11-27 19:00 90 - - - |"),
        ("周末 书法", "11-28 - - - - calligraphy |"),
        (
            "next friday at 6 for 2 hours, projector",
            "12-04 18:00 120 - projector - |",
        ),
        ("friday 6pm to 8pm 20 people", "11-27 18:00 120 20 - - |"),
        ("tonight half past seven an hour", "11-26 19:30 60 - - - |"),
        ("3 dec 1830 90 min meeting", "12-03 18:30 90 - - meeting |"),
        (
            "dec 3rd, 10:30am, 1.5h, microphone and a piano",
            "12-03 10:30 90 - microphones+piano - |",
        ),
        (
            "sunday afternoon 8 ppl table tennis",
            "11-29 14:00 - 8 table_tennis - |",
        ),
        (
            "day after tomorrow evening half an hour",
            "11-28 19:00 30 - - - |",
        ),
        ("5 of us saturday 10-12", "11-28 10:00 120 5 - - |"),
        ("明晚六点半 12-15人", "11-27 18:30 - 15 - - |"),
        ("tomorrow 18:30 12-15 people", "11-27 18:30 - 15 - - |"),
        ("明天6点 2-3小时", "11-27 18:00 180 - - - |"),
        ("明晚六点半 10-12人", "11-27 18:30 - 12 - - |"),
        ("下午3-5 12人", "- 15:00 120 12 - - |"),
        ("tomorrow 11-1", "11-27 11:00 120 - - - |"),
        ("tomorrow 12-15 people", "11-27 - - 15 - - |"),
        ("约一下周六下午三点", "11-28 15:00 - - - - |"),
        ("星期五七点", "11-27 19:00 - - - - |"),
        ("星期五六点半", "11-27 18:30 - - - - |"),
        ("星期三两点", "12-02 14:00 - - - - |"),
        ("下个月28号", "12-28 - - - - - |"),
        ("next week friday", "12-04 - - - - - |"),
        ("明晚七点 大一点的 30人", "11-27 19:00 - 30 - - |"),
        ("晚一点 明天", "11-27 - - - - - |"),
        ("周六 早一点 20人", "11-28 - - 20 - - |"),
        ("明晚七点 一点五小时", "11-27 19:00 90 - - - |"),
        (
            "明晚七点 六点半小课堂 12人",
            "11-27 19:00 - 12 - - | 六点半小课堂",
        ),
        ("明晚七点 2号会议室", "11-27 19:00 - - - - | 2号会议室"),
        ("明晚 8-10 12人", "11-27 20:00 120 12 - - |"),
        ("tomorrow evening 8-10", "11-27 20:00 120 - - - |"),
        ("at 8:30 tonight", "11-26 20:30 - - - - |"),
        ("下午2-4点", "- 14:00 120 - - - |"),
        ("tomorrow 2-4pm", "11-27 14:00 120 - - - |"),
        ("7-9pm tomorrow", "11-27 19:00 120 - - - |"),
        ("明晚六到八点", "11-27 18:00 120 - - - |"),
        ("tomorrow from 6 to 8", "11-27 18:00 120 - - - |"),
        ("明晚七点 1小时30分钟", "11-27 19:00 90 - - - |"),
        ("1 hour 30 minutes", "- - 90 - - - |"),
        (
            "老年活动室 明晚七点 不要投影",
            "11-27 19:00 - - - - | 老年活动室",
        ),
        ("tomorrow 7pm no projector", "11-27 19:00 - - - - |"),
        ("明晚 12个孩子", "11-27 19:00 - 12 - - |"),
        ("twenty people tomorrow", "11-27 - - 20 - - |"),
        ("party of 12 tomorrow", "11-27 - - 12 - - |"),
        ("7.30pm tomorrow", "11-27 19:30 - - - - |"),
        ("the 30th at 7pm", "11-30 19:00 - - - - |"),
        ("2026/12/3 两小时", "12-03 - 120 - - - |"),
        ("18:30 3 dec 2026", "12-03 18:30 - - - - |"),
        ("阿嚏", "- - - - - - | 阿嚏"),
        ("", "- - - - - - |"),
    ] {
        if read(text) != meant {
            wrong.push(format!("{text}: {} instead of {meant}", read(text)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_was_not_said_is_taken_as_people_mean_it() {
    let now = LocalTime::parse("2026-11-26T17:10").unwrap();
    let slot = |text: &str| {
        let slot = Question::parse(text, today(), &[]).slot(now, 30, |_| Some(600));
        format!("{} {}", slot.start(), slot.minutes())
    };
    assert_eq!(slot("六点半"), "2026-11-26T18:30 60");
    assert_eq!(slot("上午十点"), "2026-11-27T10:00 60", "ten has passed");
    assert_eq!(slot("12人"), "2026-11-26T17:30 60");
    assert_eq!(
        slot("周日 两小时"),
        "2026-11-29T10:00 120",
        "it opens at ten"
    );
    assert_eq!(slot("明天上午 12人"), "2026-11-27T10:00 60");
}

proptest! {
    #[test]
    fn nothing_that_is_typed_stops_it(text in "[0-9一二两三十百半点到小时人个周月日号:.\\-/ a-z]{0,40}") {
        let question = Question::parse(&text, today(), &[]);
        let slot = question.slot(today().at(600), 30, |_| None);
        prop_assert!((1..=DAY).contains(&slot.minutes()));
        prop_assert!(question.at.is_none_or(|at| (0..DAY).contains(&at)));
    }

    #[test]
    fn nor_does_anything_else(text in "\\PC{0,60}") {
        Question::parse(&text, today(), &[]);
    }
}
