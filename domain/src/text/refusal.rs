//! Refusals and problems as sentences: what, why with figures, what next.

use crate::{
    booking::{alternative::Remedy, refusal::Refusal},
    centre::{consequence::Outside, rules::Who, validate::CentreFault},
    language::Lang,
    person::merge::Unmergeable,
    problem::{FieldFault, Problem, TextFault},
    text::catalogue,
    time::Slot,
};

catalogue! { KEYS:
    refused_drop_in "这里不用预约，开放时间直接来就行。" "This room is not booked: just come by while it is open."
    refused_staff_only "这个房间只供工作人员使用。" "Only staff use this room."
    refused_not_for_you(who: &str) "这个房间只接受{who}预约。" "Only {who} can book this room."
    refused_end_before_start "结束时间要晚于开始时间。" "The end must be later than the start."
    refused_no_such_time(at: &str) "{at} 这个时间不存在：当天时钟要拨快。请选早一点或晚一点。" "{at} does not exist: the clocks go forward then. Please choose an earlier or later time."
    refused_past(now: &str) "这个时间已经过去，现在是 {now}。" "That time has passed; it is {now} now."
    refused_off_step(step: &str) "这里按 {step}为一格预约，请选整格的时间。" "Times here go in steps of {step}. Please choose a time on a step."
    refused_too_short(asked: &str, shortest: &str) "最短要约 {shortest}，您选了 {asked}。" "The shortest booking is {shortest}; you chose {asked}."
    refused_too_long(asked: &str, longest: &str) "最长可约 {longest}，您选了 {asked}。" "The longest booking is {longest}; you chose {asked}."
    refused_too_far(days: u16, last: &str) "最多提前 {days} 天预约，目前可约到 {last}。" "You can book {days} days ahead, up to {last}." / "You can book {days} day ahead, up to {last}."
    refused_too_soon(notice: &str) "要提前 {notice}预约。" "Bookings are made at least {notice} ahead."
    refused_outside(date: &str, open: &str) "{date}的开放时间是 {open}。" "On {date} it is open {open}."
    refused_shut(date: &str) "{date}不开放。" "It is not open on {date}."
    refused_closed(reason: &str, until: &str) "停用至 {until}：{reason}。" "Out of use until {until}: {reason}."
    refused_taken(when: &str) "{when} 已经有人约了。" "Somebody has it {when}."
    refused_taken_buffer(when: &str, buffer: &str) "{when} 已经有人约了，前后还要留 {buffer}整理。" "Somebody has it {when}, and {buffer} are kept free around it."
    refused_held(until: &str) "有人正在约这个时间，最晚 {until} 见分晓。" "Somebody is about to book this time; it is settled by {until}."
    refused_many(asked: &str, most: &str) "最多容纳 {most}，您填了 {asked}。" "It takes at most {most}; you have {asked}."
    refused_few(asked: &str, fewest: &str) "这个房间至少 {fewest}才能预约，您填了 {asked}。" "This room is for at least {fewest}; you have {asked}."
    refused_household_bookings(have: &str, most: &str) "一家人合起来最多同时有 {most}（还没结束的），你们家已有 {have}。" "A household can have at most {most} to come; yours has {have}."
    refused_household_week(most: &str, have: &str, asked: &str) "一家人每周在这里合起来最多 {most}，你们家这一周已有 {have}，再加 {asked} 就超了。" "A household can have this room for at most {most} a week; yours has {have} and this would be {asked} more."
    refused_own_date(at: &str) "和这个系列的另一次（{at}）重了。" "Another date of this series is there already ({at})."
    refused_open_bookings(have: &str, most: &str) "每人最多同时有 {most}（还没结束的），您已有 {have}。" "You can have at most {most} to come; you have {have}."
    refused_week(most: &str, have: &str, asked: &str) "这个房间每人每周最多用 {most}：您这周已约 {have}，这次是 {asked}。" "At most {most} a week in this room: you have {have}, and this is {asked}."
    refused_month(most: &str, have: &str, asked: &str) "这个房间每人每月最多用 {most}：您这个月已约 {have}，这次是 {asked}。" "At most {most} a month in this room: you have {have}, and this is {asked}."
    refused_no_shows(times: &str, until: &str) "您有 {times}约了没来，也没有取消，暂时不能再约。{until}起可以再约；当时有事，请在那次预约里说明，或者打电话给服务台。" "You missed {times} without cancelling, so you cannot book for now. You can from {until} on; if something came up, say so on that booking or phone the desk."
    times(count: u16) "{count} 次" "{count} bookings" / "a booking"
    refused_check_in_early(from: &str) "现在还太早，{from} 起可以签到。" "It is too early; you can check in from {from} on."
    refused_cancel(notice: &str, deadline: &str) "要在开始前 {notice}取消，最晚到 {deadline}。请打电话给服务台。" "Bookings are cancelled at least {notice} ahead, here by {deadline}. Please phone the desk."
    refused_undo(minutes: u16) "撤销要在预约后 {minutes} 分钟内。现在可以改为取消。" "Undo works for {minutes} minutes after booking. You can cancel instead."
    refused_nothing_changed "这样和现在一样，没有改动。" "That is how it is already: nothing was changed."
    refused_places_held(held: u16) "已有 {held} 人有名额，名额不能比这更少。" "{held} people hold a place: there cannot be fewer places." / "{held} person holds a place: there cannot be fewer places."
    refused_over "这个预约已经结束或取消了。" "This booking has ended or was called off."
    rules_changed "规则刚刚有变化，已经换成新的。" "The rules have just changed; the new ones are shown."
    who_organisers "社团组织者" "club organisers"
    who_staff "工作人员" "staff"
    who_residents "居民" "residents"

    remedy_shift(span: &str) "改到 {span}" "Move to {span}"
    remedy_shorten(span: &str) "缩短为 {span}" "Shorten to {span}"
    remedy_other_room(room: &str) "改约{room}" "Take {room}"
    remedy_other_day(slot: &str) "改到 {slot}" "Move to {slot}"

    outside_room_gone "房间没有了" "its room is gone"
    outside_not_booked "房间不再预约" "its room is no longer booked"
    outside_closed(reason: &str) "当天不开放（{reason}）" "closed on that day ({reason})"
    outside_out_of_use(reason: &str, until: &str) "停用至 {until}：{reason}" "out of use until {until}: {reason}"
    outside_hours_then "不在开放时间内" "outside opening hours"
    outside_too_many(most: u16) "最多只能容纳 {most} 人" "at most {most} people" / "at most {most} person"
    outside_taken(when: &str) "{when} 已有人预约" "somebody has it {when}"
    outside_no_such_time(at: &str) "那天没有 {at} 这个时刻（时钟拨快）" "there is no {at}: the clocks go forward"
    outside_other_time(was: &str, is: &str) "时间会从 {was} 变成 {is}" "its time on the wall would change from {was} to {is}"

    problem_not_signed_in "请先登录。" "Please sign in first."
    problem_bad_token "这个令牌不对，或者已经到期、收回了。" "This token is not known here, or it has ended."
    problem_beyond_token(scope: &str) "这个令牌没有“{scope}”权限。" "This token is not for “{scope}”."
    problem_no_token "这件事只能本人登录后做，令牌不行。" "Only people who sign in do this, no token."
    problem_not_allowed "您没有权限做这件事，请找工作人员。" "This is not open to you. Please ask the staff."
    problem_not_found "没有找到。可能已经删除，或者链接不完整。" "Not found. It may be gone, or the link is incomplete."
    problem_overtaken "刚刚已经有人处理过了，已为您更新。" "Somebody was faster; this is how it stands now."
    problem_wrong_code(left: u8) "验证码不对，还可以试 {left} 次。" "That is not the code. Tries left: {left}."
    problem_code_expired "验证码已失效，请重新获取。" "The code can no longer be used. Please get a new one."
    problem_proof_needed "这份资料是本人的。请把发到对方手机上的验证码填进来再保存。" "This record is its holder’s. Enter the code that is sent to their phone, then save."
    problem_role_held(role: &str) "TA 在这里已经是{role}了，请在名单里改。" "They are {role} here already; change it in the list."
    problem_last_manager "这里要有一位没有期限的负责人，请先让别人也担任负责人。" "Somebody must manage this house without an end. Make somebody else a manager first."
    problem_own_role "自己的职责由另一位负责人来改。" "Your own role is changed by another manager."
    problem_link_used "这个链接已经用过，或者有了更新的链接。请向管理系统的人要一个新的。" "This link was used, or there is a newer one. Ask whoever runs the server for another."
    problem_too_many(wait: &str) "操作太频繁，请 {wait}后再试。" "That was too often. Please try again in {wait}."
    problem_too_large "内容太大，没有保存。" "That is too large; nothing was saved."
    problem_foreign "请求不是从本站页面发出的，已拒绝。" "The request did not come from this site and was refused."
    problem_bad_key "请求的防重复标记缺失或已用过，请刷新页面再试。" "The request's idempotency key is missing or was used before. Please reload the page."
    problem_bad_method "这个地址不支持这样的请求。" "This address does not take such a request."
    problem_overloaded "现在人太多，请稍等几秒再试，您填的都还在。" "Too many people at once. Please try again in a few seconds; what you typed is still here."
    problem_code_not_sent "现在发不出验证码短信。请稍后再试，或者请服务台帮忙。" "The code cannot be sent right now. Please try again later, or ask at the desk."
    problem_unavailable "系统暂时存不了数据，什么都没有改动。请稍后再试。" "Nothing can be saved right now, and nothing was changed. Please try again shortly."
    problem_unknown "没有收到系统的答复，可能已经办好了。请再按一次，不会重复办理。" "No answer came; it may be done already. Press again: it is not done twice."
    problem_defect "系统出了差错，已经记录下来，什么都没有改动。请联系服务台。" "Something went wrong here; it was written down and nothing was changed. Please ask the desk."
    problem_offline "没有网络，连上后请再试一次。" "No network. Please try again once you are online."
    problem_no_answer "系统没有正常答复，请稍后再试。" "The system did not answer as it should. Please try again shortly."
    problem_outdated "有新版本了，请重新打开页面。" "There is a newer version. Please load the page again."
    load_again "重新打开" "Load again"
    stale_since(at: &str) "暂时连不上，显示的是 {at} 的情况" "Not up to date: this is how it was at {at}"

    fault_missing(field: &str) "请填写{field}。" "Please fill in {field}."
    fault_too_long(field: &str, most: u16) "{field}最多 {most} 个字。" "At most {most} characters for {field}."
    fault_control(field: &str) "{field}里有看不见的字符，请去掉。" "There are invisible characters in {field}; please remove them."
    fault_unreadable(field: &str) "{field}的格式不对。" "The form of {field} is not right."
    fault_phone "手机号是 11 位数字；国外的号码以 + 开头。" "A mobile number has 11 digits; one from abroad begins with +."
    fault_ages "最小年龄比最大年龄大，请改一下。" "The youngest age is above the oldest; please change one."
    fault_birth "出生日期不能晚于今天，也不能太久以前。" "A birth date is neither after today nor that long ago."
    fault_abroad "这个国家或地区的号码收不到我们的短信，请到服务台办理。" "No texts go to numbers of this country; please ask at the desk."
    fault_theirs(field: &str) "{field}已经登记在别人名下，请用它找到那个人。" "Somebody else is known by {field}. Look for them by it."
    fault_range(field: &str) "{field}超出了范围。" "The value of {field} is out of range."
    field_phone "手机号" "the phone number"
    field_code "验证码" "the code"
    field_name "姓名" "the name"
    field_people "人数" "the number of people"
    field_note "备注" "the note"
    field_reason "原因" "the reason"
    field_days "天数" "the number of days"
    field_request "请求" "the request"

    plan_bad_id(id: &str) "编号“{id}”只能用小写字母、数字和连字符，最多 40 个。" "The id '{id}' must be 1 to 40 of a-z, 0-9 and -."
    plan_same_id(id: &str) "编号“{id}”用了不止一次。" "The id '{id}' is used more than once."
    plan_no_floor "没有楼层。" "There is no floor."
    plan_no_name(id: &str) "“{id}”缺少名称。" "'{id}' lacks a name."
    plan_unknown_floor(room: &str) "“{room}”所在的楼层不存在。" "The floor of '{room}' does not exist."
    plan_too_many_rooms(most: usize) "最多 {most} 个房间。" "At most {most} rooms."
    plan_unknown_part(room: &str, part: &str) "“{room}”的分区“{part}”不存在或不在同一层。" "The part '{part}' of '{room}' does not exist or is on another floor."
    plan_part_of_itself(room: &str) "“{room}”是它自己的分区。" "'{room}' is a part of itself."
    plan_parts(room: &str, parts: f64, whole: f64) "“{room}”的分区共 {parts:.1} m²，整间是 {whole:.1} m²。" "The parts of '{room}' make {parts:.1} m², the whole is {whole:.1} m²."
    plan_rule(place: &str, rule: &str) "“{place}”的规则“{rule}”不合理，或和别的规则矛盾。" "The rule ‘{rule}’ of ‘{place}’ cannot be meant, or contradicts another."
    plan_capacity(room: &str) "“{room}”的人数不合理。" "The capacity of '{room}' cannot be meant."
    plan_tangled(place: &str) "“{place}”的墙线交叉了。" "The walls of '{place}' cross each other."
    plan_outside(place: &str) "“{place}”超出了楼层。" "'{place}' reaches outside its floor."
    plan_overlap(place: &str, other: &str) "“{place}”和“{other}”重叠。" "'{place}' and '{other}' overlap."
    plan_door(place: &str, at: &str) "“{place}”的门 {at} 不在墙上。" "The door {at} of '{place}' is not on its wall."
    plan_no_entrance "没有从街上进来的门。" "There is no door from the street."
    plan_unreachable(place: &str) "从大门走不到“{place}”。" "'{place}' cannot be reached from the entrance."
    plan_area(floor: &str, drawn: f64, reported: f64) "楼层“{floor}”画了 {drawn:.0} m²，上报的是 {reported:.0} m²。" "The floor '{floor}' is drawn with {drawn:.0} m², reported are {reported:.0} m²."
    plan_drop_in_part(room: &str) "“{room}”的分区不能是随到随用。" "A part of '{room}' cannot be drop-in."
    plan_same_day(date: &str) "{date} 在特殊日子里写了两次。" "{date} stands twice among the special days."
    plan_zone(zone: &str) "没有“{zone}”这个时区。" "There is no time zone ‘{zone}’."
    plan_unreadable(line: usize, what: &str) "文件第 {line} 行读不懂：{what}" "Line {line} of the file cannot be read: {what}"
    plan_other_centre(id: &str) "这个文件写的是另一个中心（{id}）。" "The file describes another centre ({id})."
    plan_known_centre(id: &str) "已经有编号为 {id} 的中心，请在它自己的“设置”里上传。" "There is a centre ‘{id}’ already: upload the file in its own settings."
    rule_step "起止时间的间隔" "bookings start and end every"
    rule_shortest "最短" "shortest booking"
    rule_longest "最长" "longest booking"
    rule_ahead_days "最多提前几天" "how many days ahead"
    rule_notice "至少提前多久" "how long before at least"
    rule_buffer_before "前面留空" "kept free before"
    rule_buffer_after "后面留空" "kept free after"
    rule_open_bookings "每人同时最多几个预约" "bookings to come per person"
    rule_household_bookings "一家人同时最多几个预约（0 为不算）" "bookings to come per household (0: not counted)"
    rule_household_week "一家人每周每间最长（0 为不算）" "per household, room and week (0: not counted)"
    rule_week_minutes "每人每周每间最长" "per person, room and week"
    rule_month_minutes "每人每月每间最长" "per person, room and month"
    rule_fewest_people "至少几个人" "fewest people"
    rule_cancel_notice "最晚提前多久取消" "cancelled how long before at the latest"
    rule_grace "开始后多久没人签到就让出（0 为不让出）" "given to others when nobody has checked in after (0: never)"
    rule_no_shows "几次没来就暂停预约（0 为不算）" "no booking after so many no-shows (0: they do not count)"
    rule_no_show_days "没来的记录算多久" "a no-show counts for"
}

impl Refusal {
    /// The sentence for it.
    pub fn sentence(&self, lang: Lang) -> String {
        let minutes = |minutes: &u16| lang.minutes(i64::from(*minutes));
        match self {
            Self::DropIn => lang.refused_drop_in().to_owned(),
            Self::StaffOnly => lang.refused_staff_only().to_owned(),
            Self::NotForYou { who } => lang.refused_not_for_you(match who {
                Who::Residents => lang.who_residents(),
                Who::Organisers => lang.who_organisers(),
                Who::Staff => lang.who_staff(),
            }),
            Self::EndBeforeStart => lang.refused_end_before_start().to_owned(),
            Self::NoSuchTime { at } => lang.refused_no_such_time(&lang.moment(*at)),
            Self::Past { now } => lang.refused_past(&lang.moment(*now)),
            Self::OffStep { step } => lang.refused_off_step(&minutes(step)),
            Self::TooShort { shortest, asked } => {
                lang.refused_too_short(&lang.minutes(*asked), &minutes(shortest))
            }
            Self::TooLong { longest, asked } => {
                lang.refused_too_long(&lang.minutes(*asked), &minutes(longest))
            }
            Self::TooFarAhead { days, last } => lang.refused_too_far(*days, &lang.date(*last)),
            Self::TooSoon { notice } => lang.refused_too_soon(&minutes(notice)),
            Self::OutsideHours { date, open } if open.is_empty() => {
                lang.refused_shut(&lang.date(*date))
            }
            Self::OutsideHours { date, open } => {
                let slots = open
                    .iter()
                    .filter_map(|span| Slot::new(span.from, span.until));
                let spans: Vec<_> = slots.map(|slot| lang.span(slot)).collect();
                lang.refused_outside(&lang.date(*date), &spans.join(lang.comma()))
            }
            Self::Closed { reason, until } => {
                lang.refused_closed(reason.get(lang), &lang.moment(*until))
            }
            Self::Taken {
                from,
                until,
                buffer,
            } => {
                let when = Slot::new(*from, *until)
                    .map(|slot| lang.span(slot))
                    .unwrap_or_default();
                match buffer {
                    0 => lang.refused_taken(&when),
                    _ => lang.refused_taken_buffer(&when, &minutes(buffer)),
                }
            }
            Self::Held { until } => lang.refused_held(&lang.moment(*until)),
            Self::Waits { most } => lang.refused_waits(*most),
            Self::NotTaken => lang.refused_not_taken().to_owned(),
            Self::Yours => lang.refused_yours().to_owned(),
            Self::OfferedBefore => lang.refused_offered_before().to_owned(),
            Self::OwnDate { at } => lang.refused_own_date(&lang.moment(*at)),
            Self::TooManyPeople { most, asked } => {
                lang.refused_many(&lang.people(*asked), &lang.people(*most))
            }
            Self::TooFewPeople { fewest, asked } => {
                lang.refused_few(&lang.people(*asked), &lang.people(*fewest))
            }
            Self::OpenBookings { most, have } => {
                lang.refused_open_bookings(&lang.bookings(*have), &lang.bookings(*most))
            }
            Self::WeekQuota { most, have, asked } => {
                lang.refused_week(&minutes(most), &lang.minutes(*have), &lang.minutes(*asked))
            }
            Self::HouseholdBookings { most, have } => {
                lang.refused_household_bookings(&lang.bookings(*have), &lang.bookings(*most))
            }
            Self::HouseholdWeek { most, have, asked } => lang.refused_household_week(
                &minutes(most),
                &lang.minutes(*have),
                &lang.minutes(*asked),
            ),
            Self::MonthQuota { most, have, asked } => {
                lang.refused_month(&minutes(most), &lang.minutes(*have), &lang.minutes(*asked))
            }
            Self::NoShows { have, until } => {
                lang.refused_no_shows(&lang.times(*have), &lang.date(*until))
            }
            Self::CheckInTooEarly { from } => lang.refused_check_in_early(&lang.moment(*from)),
            Self::CancelTooLate { notice, deadline } => {
                lang.refused_cancel(&minutes(notice), &lang.moment(*deadline))
            }
            Self::UndoTooLate { minutes } => lang.refused_undo(*minutes),
            Self::Over => lang.refused_over().to_owned(),
            Self::NothingChanged => lang.refused_nothing_changed().to_owned(),
            Self::PlacesHeld { held } => lang.refused_places_held(*held),
        }
    }
}

impl Remedy {
    /// What the button for it says.
    pub fn label(&self, lang: Lang, room: &str, slot: Slot) -> String {
        match self {
            Self::Shift => lang.remedy_shift(&lang.span(slot)),
            Self::Shorten => lang.remedy_shorten(&lang.span(slot)),
            Self::OtherRoom => lang.remedy_other_room(room),
            Self::OtherDay => lang.remedy_other_day(&lang.slot(slot)),
        }
    }
}

impl Problem {
    /// The sentence for it.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Refused {
                refusal,
                changed,
                date,
            } => {
                let mut sentence = refusal.sentence(lang);
                if let Some(date) = date {
                    sentence = format!("{} · {sentence}", lang.date(*date));
                }
                if *changed {
                    sentence.push(' ');
                    sentence.push_str(lang.rules_changed());
                }
                sentence
            }
            Self::NotSignedUp { refusal } => refusal.sentence(lang),
            Self::NoStep { refusal } => refusal.sentence(lang),
            Self::Invalid { fields } => fields
                .iter()
                .map(|fault| fault.sentence(lang))
                .collect::<Vec<_>>()
                .join(" "),
            Self::NotMerged { why } => match why {
                Unmergeable::Oneself => lang.merge_oneself().to_owned(),
                Unmergeable::HasNumber => lang.merge_has_number().to_owned(),
                Unmergeable::BothNumbers => lang.merge_both_numbers().to_owned(),
                Unmergeable::NotKeptHere => lang.merge_not_kept().to_owned(),
                Unmergeable::HouseholdTheirs => lang.merge_household().to_owned(),
                Unmergeable::Births => lang.merge_births().to_owned(),
                Unmergeable::TwoFamilies => lang.merge_families().to_owned(),
                Unmergeable::BothSignedUp { title } => lang.merge_signed_up(title.get(lang)),
            },
            Self::NotSignedIn => lang.problem_not_signed_in().to_owned(),
            Self::NotAllowed => lang.problem_not_allowed().to_owned(),
            Self::BadToken => lang.problem_bad_token().to_owned(),
            Self::BeyondToken { need: Some(scope) } => lang.problem_beyond_token(scope.word(lang)),
            Self::BeyondToken { need: None } => lang.problem_no_token().to_owned(),
            Self::NotFound => lang.problem_not_found().to_owned(),
            Self::Overtaken => lang.problem_overtaken().to_owned(),
            Self::WrongCode { tries_left } => lang.problem_wrong_code(*tries_left),
            Self::CodeUsed => lang.problem_code_used().to_owned(),
            Self::CodeExpired => lang.problem_code_expired().to_owned(),
            Self::ProofNeeded => lang.problem_proof_needed().to_owned(),
            Self::BadCentre { faults } => {
                let all = faults.iter().take(8).map(|fault| fault.sentence(lang));
                let more = if faults.len() > 8 { " …" } else { "" };
                format!("{}{more}", all.collect::<Vec<_>>().join("\n"))
            }
            Self::RoleHeld { role } => lang.problem_role_held(role.word(lang)),
            Self::LastManager => lang.problem_last_manager().to_owned(),
            Self::OwnRole => lang.problem_own_role().to_owned(),
            Self::SecondFactorRequired => lang.problem_second().to_owned(),
            Self::LinkUsed => lang.problem_link_used().to_owned(),
            Self::TooMany { wait } => {
                lang.problem_too_many(&lang.minutes(i64::from(wait.div_ceil(60).max(1))))
            }
            Self::TooLarge => lang.problem_too_large().to_owned(),
            Self::ForeignOrigin => lang.problem_foreign().to_owned(),
            Self::BadKey => lang.problem_bad_key().to_owned(),
            Self::BadMethod => lang.problem_bad_method().to_owned(),
            Self::Overloaded => lang.problem_overloaded().to_owned(),
            Self::CodeNotSent => lang.problem_code_not_sent().to_owned(),
            Self::Unavailable => lang.problem_unavailable().to_owned(),
            Self::Unknown => lang.problem_unknown().to_owned(),
            Self::Defect => lang.problem_defect().to_owned(),
        }
    }
}

impl Outside {
    /// The words for it.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::RoomGone => lang.outside_room_gone().to_owned(),
            Self::NotBooked => lang.outside_not_booked().to_owned(),
            Self::Closed { reason } => lang.outside_closed(reason.get(lang)),
            Self::OutOfUse { reason, until } => {
                lang.outside_out_of_use(reason.get(lang), &lang.moment(*until))
            }
            Self::OutsideHours => lang.outside_hours_then().to_owned(),
            Self::TooMany { most } => lang.outside_too_many(*most),
            Self::OtherTime { was, is } => {
                lang.outside_other_time(&lang.moment(*was), &lang.moment(*is))
            }
            Self::Taken { from, until } => {
                let minutes = until.minutes() - from.minutes();
                lang.outside_taken(&lang.slot(Slot::lasting(*from, minutes)))
            }
            Self::NoSuchTime { at } => lang.outside_no_such_time(&lang.moment(*at)),
        }
    }
}

impl FieldFault {
    /// The sentence for it.
    pub fn sentence(&self, lang: Lang) -> String {
        let field = match self.field.as_str() {
            "phone" => lang.field_phone(),
            "code" => lang.field_code(),
            "name" => lang.field_name(),
            "people" => lang.field_people(),
            "note" => lang.field_note(),
            "reason" => lang.field_reason(),
            "days" => lang.field_days(),
            "rule" | "exceptions" => lang.field_rule(),
            "title" => lang.field_title(),
            "about" => lang.field_about(),
            "places" => lang.field_places(),
            "words" => lang.field_words(),
            "place" => lang.field_place(),
            "picture" => lang.field_picture(),
            "audience" => lang.field_audience(),
            "birth" => lang.field_birth(),
            "fetched_by" => lang.field_fetched_by(),
            _ => lang.field_request(),
        };
        match self.fault {
            TextFault::Missing => lang.fault_missing(field),
            TextFault::TooLong { most } => lang.fault_too_long(field, most),
            TextFault::ControlCharacters => lang.fault_control(field),
            TextFault::Unreadable if self.field == "phone" => lang.fault_phone().to_owned(),
            TextFault::Unreadable => lang.fault_unreadable(field),
            TextFault::OutOfRange if self.field == "audience" => lang.fault_ages().to_owned(),
            TextFault::OutOfRange if self.field == "birth" => lang.fault_birth().to_owned(),
            TextFault::OutOfRange => lang.fault_range(field),
            TextFault::Theirs => lang.fault_theirs(field),
            TextFault::Abroad => lang.fault_abroad().to_owned(),
            TextFault::NoPicture => lang.fault_picture().to_owned(),
        }
    }
}

impl Lang {
    /// What a rule is called, by its name in files.
    pub fn rule_word(self, field: &str) -> &str {
        match field {
            "step" => self.rule_step(),
            "shortest" => self.rule_shortest(),
            "longest" => self.rule_longest(),
            "ahead_days" => self.rule_ahead_days(),
            "notice" => self.rule_notice(),
            "buffer_before" => self.rule_buffer_before(),
            "buffer_after" => self.rule_buffer_after(),
            "open_bookings" => self.rule_open_bookings(),
            "week_minutes" => self.rule_week_minutes(),
            "month_minutes" => self.rule_month_minutes(),
            "fewest_people" => self.rule_fewest_people(),
            "cancel_notice" => self.rule_cancel_notice(),
            "grace" => self.rule_grace(),
            "no_shows" => self.rule_no_shows(),
            "no_show_days" => self.rule_no_show_days(),
            "household_bookings" => self.rule_household_bookings(),
            "household_week_minutes" => self.rule_household_week(),
            other => other,
        }
    }
}

impl CentreFault {
    /// The sentence for it.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::BadId { id } => lang.plan_bad_id(id),
            Self::SameId { id } => lang.plan_same_id(id),
            Self::NoFloor => lang.plan_no_floor().to_owned(),
            Self::NoName { id } => lang.plan_no_name(id),
            Self::UnknownFloor { room } => lang.plan_unknown_floor(room),
            Self::TooManyRooms { most } => lang.plan_too_many_rooms(*most),
            Self::UnknownPart { room, part } => lang.plan_unknown_part(room, part),
            Self::PartOfItself { room } => lang.plan_part_of_itself(room),
            Self::PartsDoNotFill { room, parts, whole } => lang.plan_parts(room, *parts, *whole),
            Self::Rule { place, field } => lang.plan_rule(place, lang.rule_word(field)),
            Self::BadCapacity { room } => lang.plan_capacity(room),
            Self::Tangled { place } => lang.plan_tangled(place),
            Self::OutsideFloor { place } => lang.plan_outside(place),
            Self::Overlap { place, other } => lang.plan_overlap(place, other),
            Self::DoorOffWall { place, at } => lang.plan_door(place, &at.to_string()),
            Self::NoEntrance => lang.plan_no_entrance().to_owned(),
            Self::Unreachable { place } => lang.plan_unreachable(place),
            Self::Area {
                floor,
                drawn,
                reported,
            } => lang.plan_area(floor, *drawn, *reported),
            Self::DropInPart { room } => lang.plan_drop_in_part(room),
            Self::SameDay { date } => lang.plan_same_day(date),
            Self::UnknownZone { zone } => lang.plan_zone(zone),
            Self::Unreadable { line, what } => lang.plan_unreadable(*line, what),
            Self::OtherCentre { id } => lang.plan_other_centre(id),
            Self::KnownCentre { id } => lang.plan_known_centre(id),
        }
    }
}
