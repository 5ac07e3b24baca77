//! Activities, sign-ups, families, clubs and the inbox: screens, refusals and letters.

use crate::{
    activity::{Audience, Session},
    language::Lang,
    message::News,
    money::yuan,
    sign_up::{SignUpState, refusal::SignUpRefusal},
    text::catalogue,
    time::Slot,
};

catalogue! { KEYS:
    nav_activities "活动" "Activities"
    activities_title "活动" "Activities"
    no_activities "这里还没有活动。" "No activities here yet."
    no_activities_fit "没有符合的活动，放宽条件再看看。" "No activity fits. Try asking for less."
    look_elsewhere "看看别的活动中心：" "Look at other houses:"
    find_activity "找活动" "Find an activity"
    any_kind "全部类型" "All kinds"
    any_day "全部日期" "All days"
    only_free "只看免费" "Free of charge"
    only_left "还有名额" "Places left"
    fits_whom(name: &str, age: &str) "适合{name}（{age}）" "For {name} ({age})"
    for_age "适合年龄" "For the age of"
    by_club(club: &str) "{club}主办" "by {club}"
    free_of_charge "免费" "free of charge"
    fee(yuan: &str) "{yuan} 元" "¥{yuan}"
    ages_between(from: u8, to: u8) "{from}–{to} 岁" "ages {from} to {to}"
    ages_from(from: u8) "{from} 岁起" "from {from} years on" / "from {from} year on"
    ages_to(to: u8) "{to} 岁以下（含）" "up to {to} years" / "up to {to} year"
    for_everyone "不限年龄" "for everybody"
    places_left(left: u16, places: u16) "还剩 {left} 个名额（共 {places} 个）" "{left} of {places} places left"
    places_full(waiting: u16) "名额已满，{waiting} 人候补" "full, {waiting} waiting"
    all_taken "名额已满" "full"
    left(left: u16) "余 {left}" "{left} left"
    full "满" "full"
    sessions_label "场次" "Sessions"
    session_off(reason: &str) "本场取消：{reason}" "called off: {reason}"
    session_off_plain "本场取消" "called off"
    session_pending "场地审批中" "the room awaits approval"
    whole_course "整期报名：所有场次一起" "One sign-up for all sessions"
    each_session "按场报名" "Each session by itself"
    picked_up "下课由家长接" "Children are picked up"
    not_yet_on "场地批准以后才能报名。" "Signing up opens once the room is approved."
    no_more_sessions "没有要开始的场次了。" "There are no more sessions to come."
    share "分享" "Share"
    link_copied "链接已复制" "Link copied"

    sign_up "报名" "Sign up"
    sign_up_who "给谁报名" "For whom"
    every_day "每天" "every day"
    every_week(days: &str) "每{days}" "every {days}"
    next_date(when: &str) "下一场 {when}" "next {when}"
    found_activities(count: usize) "{count} 项活动" "{count} activities" / "{count} activity"
    more_filters "筛选" "Filters"
    sign_up_which "报哪几场" "Which dates"
    dates(count: usize) "{count} 场" "{count} dates" / "{count} date"
    choose_people "请选择报名的人。" "Choose who comes."
    choose_dates "请选择场次。" "Choose a date."
    consent_missing "请先阅读并同意上面的说明。" "Please read and agree to the text above first."
    myself(name: &str) "{name}（本人）" "{name} (yourself)"
    age_years(age: u8) "{age} 岁" "{age} years" / "{age} year"
    confirm_sign_up "确认报名" "Sign up"
    confirm_sign_up_for(name: &str) "为{name}确认报名" "Sign up for {name}"
    join_waitlist "加入候补" "Join the waitlist"
    join_waitlist_for(name: &str) "为{name}加入候补" "Join the waitlist for {name}"
    waitlist_about "有人退出时，会按先后顺序通知您，名额为您留两小时（8:00–21:00 计时）。" "When a place is given up, people are asked in order. It is held for you for two hours between 8:00 and 21:00."
    sign_in_to_sign_up "登录后报名" "Sign in to sign up"
    consent_title "监护人同意书" "Guardian’s consent"
    consent_agree "我是孩子的监护人，已阅读并同意" "I am the child’s guardian, have read this and agree"
    consent_refuse "不同意就不能网上报名，可以到服务台当面办理。" "Without it nobody is signed up here; you can come to the desk instead."
    consent_v2(house: &str, phone: &str) "为了安排座位、签到和接送，{house}会保存孩子的姓名、出生日期和报名、出勤情况，只有工作人员和这个活动的组织者看得到，姓名不对外公布。报名和出勤在活动结束一年后删除；姓名和出生日期留到您把孩子移出“我的家人”。您可以随时在那里更正或删除，也可以打 {phone} 投诉或咨询。不同意不影响使用其他服务。" "To arrange seats, attendance and pick-up, {house} stores the child’s name, birth date, sign-ups and attendance. Only the staff and this activity’s organisers see them; names are never public. Sign-ups and attendance are deleted one year after the activity; name and birth date stay until you remove the child from ‘My family’, where you can correct or delete them at any time. Ask or complain at {phone}. Refusing has no effect on other services."
    signed_up "报名成功" "Signed up"
    on_waitlist "已加入候补" "You are on the waitlist"

    sign_up_confirmed "已报名" "Signed up"
    sign_up_waitlisted "候补中" "Waiting"
    sign_up_offered "请确认名额" "A place is yours to take"
    sign_up_undone "已撤销" "Undone"
    sign_up_withdrawn "已退出" "Withdrawn"
    sign_up_declined "已放弃" "Left to others"
    sign_up_passed "多次未回应，候补已结束" "Several offers went unanswered"
    position(position: u16) "候补第 {position} 位" "number {position} in line"
    offer_stands(until: &str) "名额为您留到 {until}。" "The place is held until {until}."
    take_place "要这个名额" "Take it"
    leave_place "让给别人" "Leave it to others"
    withdraw "退出" "Withdraw"
    withdraw_sure "确定退出吗？名额会让给候补的人。" "Withdraw? The place goes to whoever waits."
    withdraw_yes "退出" "Yes, withdraw"
    my_sign_ups "我的报名" "My sign-ups"
    no_sign_ups "还没有报名。看看有什么活动。" "No sign-ups yet. See what is on."
    see_activities "看活动" "See the activities"

    family "我的家人" "My family"
    family_about "家人可以一起报名。孩子由监护人报名。" "Household members are signed up together. Children are signed up by a guardian."
    add_member "添加家人" "Add a family member"
    back_to_sign_up "回到报名" "Back to the sign-up"
    birth_use "可以不填；有年龄要求的活动要用到。" "Optional; activities with an age limit need it."
    birth_date "出生日期" "Birth date"
    correct "更正" "Correct"
    correct_member(name: &str) "更正{name}的资料" "Correct {name}"
    removed_until "已移出，一天后删除资料" "Removed; the record is erased after a day"
    restore_member "加回来" "Take back"
    remove_member(name: &str) "移出{name}" "Remove {name}"
    remove_sure(name: &str) "确定把{name}移出家庭吗？" "Remove {name} from the family?"
    remove_yes "移出" "Yes, remove"
    family_code(code: &str) "家庭码 {code}：家里另一位大人输入它就能加入，一天内有效。" "Household code {code}: another adult joins with it, within a day."
    join_family "加入家庭" "Join a family"
    new_family_code "生成家庭码" "Make a family code"
    family_code_label "家庭码" "Household code"
    join "加入" "Join"

    inbox "消息" "Inbox"
    no_letters "还没有消息。" "No messages yet."
    unread(count: u32) "{count} 条未读" "{count} unread"
    letter_offer(name: &str, title: &str, start: &str, until: &str) "{name}候补的“{title}”（{start}）有名额了，请在 {until} 前确认。" "A place is free for {name} in ‘{title}’ ({start}). Please take it by {until}."
    letter_passed(name: &str, title: &str) "“{title}”的名额没有等到确认，先给了下一位；{name}仍在候补。" "The place in ‘{title}’ went to the next in line; {name} is still waiting."
    letter_place_lost(name: &str, title: &str, at: &str) "“{title}”（{at}）的名额减少了，{name}的名额改为候补，按报名先后排队，有空位就通知您。实在对不起。" "‘{title}’ ({at}) has fewer places now: {name} is in line again, in the order of signing up, and is told as soon as a place comes free. We are sorry."
    letter_place_restored(name: &str, title: &str, at: &str) "“{title}”（{at}）的名额又有了：{name}照旧参加，不用再排队。" "‘{title}’ ({at}) has its places again: {name} has a place as before and waits no longer."
    letter_passed_last(name: &str, title: &str) "“{title}”的名额几次没有等到确认，{name}的候补已结束。需要的话请重新报名。" "Several offers for ‘{title}’ went unanswered, and {name} is no longer waiting. Please sign up again if you wish."
    letter_cancelled(title: &str, start: &str) "“{title}”{start} 的场次取消了。" "‘{title}’ on {start} is called off."
    letter_role_given(role: &str, place: &str) "您在{place}的职责：{role}。" "Your role at {place}: {role}."
    letter_role_until(day: &str) "到 {day} 为止。" "Until {day}."
    letter_role_taken(role: &str, place: &str) "您在{place}不再担任{role}。" "You are no longer {role} at {place}."
    letter_because(reason: &str) "原因：{reason}" "The reason: {reason}"
    letter_changed(title: &str) "“{title}”的内容有变化，请看一下。" "Something about ‘{title}’ has changed. Please have a look."
    letter_booking_soon(room: &str, start: &str) "您订的{room}，{start}开始。" "Your booking of {room} begins {start}."
    letter_session_soon(name: &str, title: &str, start: &str) "{name}报名的“{title}”，{start}开始。" "{name} has a place in ‘{title}’, which begins {start}."
    letter_approved(room: &str, start: &str) "{room} {start} 的预约已批准。" "Your booking of {room} on {start} is approved."
    letter_moved(room: &str, at: &str) "您的预约调整到了 {at} 的{room}。不合适可以取消，或打电话给服务台。" "Your booking was moved to {room}, {at}. If that does not suit you, cancel it or call the desk."
    letter_was(was: &str) "原来是 {was}。" "It was {was}."
    letter_session_moved(title: &str, was: &str, start: &str, room: &str) "“{title}”{was} 这一场改到 {start}，{room}。" "{title}: the session of {was} is on {start} in {room} now."
    letter_more_moved(more: u16) "另有 {more} 场也改了，请看一看。" "{more} more changed as well; please have a look." / "One more changed as well; please have a look."
    letter_more_dates(more: u16) "同一系列的另外 {more} 次也一样。" "The same holds for {more} more dates of the series." / "The same holds for one more date of the series."
    letter_restored(room: &str, at: &str) "{at} {room}的预约照旧，之前的变动已撤回。" "Your booking of {room}, {at}, stands as before; the change was taken back."
    letter_session_restored(title: &str, start: &str) "“{title}”{start} 的场次照常，之前的变动已撤回。" "‘{title}’ on {start} takes place as before; the change was taken back."
    letter_released(room: &str, at: &str) "{at} 的{room}没有人签到，已经让给别人。当时有事，请在这个预约里说明。" "Nobody checked in to {room}, {at}, so it was given to others. If something came up, please say so on that booking."
    letter_lapsed(what: &str, at: &str) "{at} 的{what}到开始还没有人决定，没有约成。真对不起，请打服务台的电话。" "Nobody decided about your request for {what}, {at}, before it was to begin, so it is not booked. We are sorry; please call the desk."
    letter_waits(room: &str, at: &str) "有人申请 {at} 用{room}，还没有人决定。" "A request for {room}, {at}, waits: nobody has decided yet."
    letter_missed(room: &str, at: &str) "{at} 的{room}没有人来。当时有事，请在这个预约里说明。" "Nobody came to {room}, {at}. If something came up, please say so on that booking."
    letter_excused(room: &str, at: &str) "{at} 的{room}不计没来。" "{room}, {at}, does not count as a no-show."
    letter_counted(room: &str, at: &str) "{at} 的{room}仍计为没来。有疑问请打电话给服务台。" "{room}, {at}, still counts as a no-show. Please phone the desk if that seems wrong."
    letter_outbid(room: &str, at: &str) "{at} 的{room}给了另一个申请，您的申请没有批准。可以换个时间或房间再申请。" "{room}, {at}, went to another request; yours was not approved. You can ask for another time or room."
    letter_ended(room: &str, start: &str) "{room} {start} 的预约没有批准或被取消了。" "Your booking of {room} on {start} was declined or called off."
    letter_declined(what: &str, start: &str) "{what} {start} 的申请没有批准。" "Your request for {what} on {start} was declined."
    letter_called_off(what: &str, start: &str) "{what} {start} 的预约取消了。" "Your booking of {what} on {start} was called off."

    publish "发布活动" "Publish an activity"
    publish_asks "这个房间要审批：批准以后居民才能报名。" "This room needs approval: people can sign up once it is given."
    publish_about "填好就能发布，场地一起约好。" "Fill this in, and the room is booked with it."
    activity_title_label "活动名称" "Name"
    other_title(name: &str) "名称（{name}）" "Name ({name})"
    other_about(name: &str) "内容（{name}）" "Text ({name})"
    other_language(name: &str) "也写一份 {name} 的" "Also in {name}"
    activity_about_label "介绍" "What it is"
    activity_kind_label "类型" "Kind"
    club_label "社团" "Club"
    no_club "不以社团名义" "no club"
    first_session "第一场" "First session"
    places_label "名额" "Places"
    age_from_label "最小年龄" "Youngest"
    age_to_label "最大年龄" "Oldest"
    fee_label "费用（元，免费填 0）" "Fee (yuan, 0 for none)"
    per_label "怎么报名" "How people sign up"
    pick_up_label "下课由家长接孩子" "Children are picked up afterwards"
    preview "居民会看到" "As residents will see it"
    publish_now "发布" "Publish"
    published "已发布" "Published"
    change_activity "修改" "Change"
    cancel_session "取消这一场" "Call this session off"
    cancel_activity "取消全部场次" "Call all sessions off"
    cancel_session_sure "取消后场地会让出来。报名的人会收到消息；收不到的会列在值班页“要转告的”里。" "The room is freed. Whoever signed up gets a letter; those who read none stand at the desk, under ‘To pass on’."
    reason_ill "老师有事" "The teacher cannot come"
    reason_room "场地临时要用" "The room is needed"
    reason_few "报名人数不够" "Too few people"
    cancelled_told "已取消；收不到消息的人在“要转告的”里" "Called off; whoever reads no letters stands under ‘To pass on’"
    cancel_now "确定取消" "Call it off"

    check_in "签到" "Check in"
    checked_in_with_pick_up(here: usize, gone: usize, expected: usize) "在场 {here} 人 · 已接走 {gone} 人 · 未到 {expected} 人" "{here} here · {gone} picked up · {expected} not here yet"
    not_picked_up(here: usize) "还有 {here} 个孩子没接走" "{here} not picked up yet"
    checked_in(came: usize, all: usize) "已到 {came} 人，共 {all} 人" "{came} of {all} are here"
    find_person "找人（姓名或手机号）" "Find by name or number"
    nobody_on_sheet "名单上没有。可以在下面加上直接来的人。" "Nobody like that on the list. Add those who just came below."
    mark_here "到了" "Here"
    mark_away "没来" "Did not come"
    mark_picked_up "已接走" "Picked up"
    take_back "撤回" "Take back"
    was_here(at: &str) "{at} 到" "here at {at}"
    was_away "没来" "did not come"
    was_picked_up(at: &str) "{at} 接走" "picked up at {at}"
    was_picked_up_by(at: &str, who: &str) "{at} 由{who}接走" "picked up by {who} at {at}"
    who_fetches(child: &str) "谁来接{child}？" "Who fetches {child}?"
    who_fetches_else "别人的姓名" "Somebody else’s name"
    attendance_early(at: &str) "这一场 {at} 才开始。" "This begins at {at}."
    attendance_begin "现在就开始签到" "Check in now all the same"
    guardian_is(name: &str) "监护人 {name}" "guardian {name}"
    walk_in "直接来的" "walked in"
    walk_in_known "认识的人里有：" "People whom the house knows:"
    walk_in_all_the_same "还是让 TA 进" "Let them in all the same"
    somebody_else "换一位" "Somebody else"
    add_walk_in "加上直接来的人" "Add somebody who walked in"
    phone_if_any "手机号（没有可以不填）" "Phone number, if any"

    clubs "社团" "Clubs"
    no_clubs "这里还没有社团。" "No clubs here yet."
    members(count: u32) "{count} 名成员" "{count} members" / "{count} member"
    organised_by(names: &str) "组织者：{names}" "organised by {names}"
    join_club "加入社团" "Join"
    news_organiser(club: &str) "请您组织“{club}”：可以发布它的活动了。" "You organise ‘{club}’ from now on, and can publish its activities."
    news_organiser_gone(club: &str) "您不再负责“{club}”。" "You no longer organise {club}."
    club_joined(name: &str) "已加入{name}" "You joined {name}"
    club_left(name: &str) "已退出{name}" "You left {name}"
    club_yours "已加入" "Joined"
    leave_club_sure "确定退出吗？" "Leave this club?"
    leave_club "退出社团" "Leave"

    signup_begun(at: &str) "{at} 已经开始，不能再报名或退出。" "It began at {at}; signing up and withdrawing ended then."
    signup_guardian_needed(name: &str) "{name}还没有登记监护人。请先在服务台找到或登记监护人，把孩子加为家人。" "{name} has no guardian on record. Find or record the guardian at the desk first, and add the child to the family."
    signup_sheet_full(places: u16, waiting: u16) "{places} 个名额已满，还有 {waiting} 人在候补。" "All {places} places are taken; waiting in line: {waiting}." / "The only place is taken; waiting in line: {waiting}."
    signup_not_on "这个场次取消了，或者场地还没批下来。" "This session is called off, or its room is not confirmed yet."
    signup_not_yet(at: &str) "{at} 才开始，开始前不能记没来。" "It begins at {at}; nobody can be noted as away before."
    signup_full(left: u16, asked: u16) "只剩 {left} 个名额，您要 {asked} 个。可以一起候补，或者少报几个人。" "{left} places are left and you ask for {asked}. You can all wait, or sign up fewer." / "{left} place is left and you ask for {asked}. You can all wait, or sign up fewer."
    signup_too_young(name: &str, age: u8, from: u8) "{name}当天 {age} 岁，这个活动从 {from} 岁起。" "{name} is {age} on that day; this is from {from} years on."
    signup_too_old(name: &str, age: u8, to: u8) "{name}当天 {age} 岁，这个活动到 {to} 岁为止。" "{name} is {age} on that day; this is up to {to} years."
    signup_no_birth(name: &str) "这个活动有年龄要求，请先补上{name}的出生日期（在“我的”里，服务台在“更正资料”里）。" "This has an age limit. Please add {name}’s birth date first (under ‘Me’; at the desk by correcting the record)."
    signup_already(name: &str) "{name}已经报名了，每人一个名额。" "{name} is signed up already; one person has one place."
    signup_clash(name: &str, when: &str, what: &str) "{name}那时（{when}）有“{what}”。" "{name} has ‘{what}’ then ({when})."
    signup_consent(name: &str) "给{name}报名要监护人同意。" "Signing {name} up needs a guardian’s consent."
    signup_offer_over "名额留的时间过了，已经给了下一位。" "The offer has ended, and the place went to the next in line."
    signup_undo(minutes: u16) "撤销要在报名后 {minutes} 分钟内。现在可以改为退出。" "Undo works for {minutes} minutes after signing up. You can withdraw instead."
    signup_over "这个报名已经结束了。" "This sign-up has ended."

    field_title "活动名称" "name"
    field_about "介绍" "description"
    field_places "名额" "number of places"
    field_rule "重复的日期" "dates it repeats on"
    field_audience "年龄范围" "range of ages"
    field_birth "出生日期" "birth date"
    field_fetched_by "接孩子的人" "who fetches the child"
}

impl Session {
    /// How many places it has left.
    pub fn places_left(&self, lang: Lang) -> String {
        match self.left() {
            _ if !self.is_on() => lang.session_pending().to_owned(),
            0 if self.waiting == 0 => lang.all_taken().to_owned(),
            0 => lang.places_full(self.waiting),
            left => lang.places_left(left, self.places),
        }
    }
}

impl Audience {
    /// For whom, in words.
    pub fn word(self, lang: Lang) -> String {
        match (self.from_age, self.to_age) {
            (Some(from), Some(to)) => lang.ages_between(from, to),
            (Some(from), None) => lang.ages_from(from),
            (None, Some(to)) => lang.ages_to(to),
            (None, None) => lang.for_everyone().to_owned(),
        }
    }
}

impl Lang {
    /// A price given in fen.
    pub fn price(self, fen: u32) -> String {
        match fen {
            0 => self.free_of_charge().to_owned(),
            fen => self.fee(&yuan(fen)),
        }
    }
}

impl SignUpState {
    /// Its word.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Confirmed => lang.sign_up_confirmed(),
            Self::Waitlisted => lang.sign_up_waitlisted(),
            Self::Offered => lang.sign_up_offered(),
            Self::Undone => lang.sign_up_undone(),
            Self::Withdrawn => lang.sign_up_withdrawn(),
            Self::Declined => lang.sign_up_declined(),
            Self::Passed => lang.sign_up_passed(),
        }
    }
}

impl SignUpRefusal {
    /// The sentence for it.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Begun { at } => lang.signup_begun(&lang.moment(*at)),
            Self::NotYet { at } => lang.signup_not_yet(&lang.moment(*at)),
            Self::NotOn => lang.signup_not_on().to_owned(),
            Self::GuardianNeeded { name } => lang.signup_guardian_needed(name),
            Self::SheetFull { places, waiting } => lang.signup_sheet_full(*places, *waiting),
            Self::Full { left, asked } => lang.signup_full(*left, *asked),
            Self::TooYoung {
                name,
                from_age,
                age,
            } => lang.signup_too_young(name, *age, *from_age),
            Self::TooOld { name, to_age, age } => lang.signup_too_old(name, *age, *to_age),
            Self::NoBirthDate { name } => lang.signup_no_birth(name),
            Self::Already { name } => lang.signup_already(name),
            Self::Clash {
                name,
                what,
                from,
                until,
            } => {
                let when = Slot::new(*from, *until)
                    .map(|slot| lang.span(slot))
                    .unwrap_or_default();
                lang.signup_clash(name, &when, what.get(lang))
            }
            Self::ConsentNeeded { name } => lang.signup_consent(name),
            Self::OfferOver => lang.signup_offer_over().to_owned(),
            Self::UndoTooLate { minutes } => lang.signup_undo(*minutes),
            Self::Over => lang.signup_over().to_owned(),
        }
    }
}

impl News {
    /// The sentence for it.
    pub fn sentence(&self, lang: Lang) -> String {
        let with_reason = |sentence: String, reason: &str| match reason {
            "" => sentence,
            reason => format!("{sentence} {}", lang.letter_because(reason)),
        };
        match self {
            Self::CaseStep {
                number,
                title,
                step,
                words,
                at,
                ..
            } => lang.letter_of_case((*number, title), (*step, words), *at),
            Self::CaseAnswered {
                number,
                title,
                step,
                words,
                ..
            } => lang.letter_of_case((*number, title), (*step, words), None),
            Self::Offer {
                title,
                name,
                start,
                until,
                ..
            } => lang.letter_offer(
                name,
                title.get(lang),
                &lang.moment(*start),
                &lang.moment(*until),
            ),
            Self::OfferPassed {
                title, name, last, ..
            } => match last {
                false => lang.letter_passed(name, title.get(lang)),
                true => lang.letter_passed_last(name, title.get(lang)),
            },
            Self::PlaceLost {
                title, name, start, ..
            } => lang.letter_place_lost(name, title.get(lang), &lang.moment(*start)),
            Self::PlaceRestored {
                title, name, start, ..
            } => lang.letter_place_restored(name, title.get(lang), &lang.moment(*start)),
            Self::SessionCancelled {
                title,
                start,
                reason,
                ..
            } => with_reason(
                lang.letter_cancelled(title.get(lang), &lang.moment(*start)),
                reason,
            ),
            Self::ActivityChanged { title, .. } => lang.letter_changed(title.get(lang)),
            Self::BookingApproved {
                room, start, more, ..
            } => {
                let words = lang.letter_approved(room.get(lang), &lang.moment(*start));
                with_more(lang, words, *more)
            }
            Self::BookingMoved {
                room,
                start,
                was,
                more,
                ..
            } => {
                let words = lang.letter_moved(room.get(lang), &lang.moment(*start));
                let words = match was.filter(|was| was != start) {
                    Some(was) => format!("{words} {}", lang.letter_was(&lang.moment(was))),
                    None => words,
                };
                with_more(lang, words, *more)
            }
            Self::SessionMoved {
                title,
                room,
                start,
                was,
                more,
                ..
            } => {
                let (title, room) = (title.get(lang), room.get(lang));
                let mut words = lang.letter_session_moved(
                    title,
                    &lang.moment(*was),
                    &lang.moment(*start),
                    room,
                );
                if *more > 0 {
                    words = format!("{words} {}", lang.letter_more_moved(*more));
                }
                words
            }
            Self::BookingRestored {
                room, start, more, ..
            } => {
                let words = lang.letter_restored(room.get(lang), &lang.moment(*start));
                with_more(lang, words, *more)
            }
            Self::SessionRestored { title, start, .. } => {
                lang.letter_session_restored(title.get(lang), &lang.moment(*start))
            }
            Self::BookingOutbid { room, start, .. } => {
                lang.letter_outbid(room.get(lang), &lang.moment(*start))
            }
            Self::BookingSoon { room, start, .. } => {
                lang.letter_booking_soon(room.get(lang), &lang.moment(*start))
            }
            Self::SessionSoon {
                title, name, start, ..
            } => lang.letter_session_soon(name, title.get(lang), &lang.moment(*start)),
            Self::RequestLapsed {
                room, title, start, ..
            } => {
                let what = title.as_ref().unwrap_or(room).get(lang);
                lang.letter_lapsed(what, &lang.moment(*start))
            }
            Self::SlotOffered { room, start, until } => {
                lang.letter_slot_offered(room.get(lang), &lang.moment(*start), &lang.moment(*until))
            }
            Self::SlotPassed { room, start } => {
                lang.letter_slot_passed(room.get(lang), &lang.moment(*start))
            }
            Self::SlotGone { room, start } => {
                lang.letter_slot_gone(room.get(lang), &lang.moment(*start))
            }
            Self::RequestWaits { room, start, .. } => {
                lang.letter_waits(room.get(lang), &lang.moment(*start))
            }
            Self::BookingReleased {
                room, start, over, ..
            } => {
                let (room, at) = (room.get(lang), lang.moment(*start));
                match over {
                    true => lang.letter_missed(room, &at),
                    false => lang.letter_released(room, &at),
                }
            }
            Self::AbsenceJudged {
                room,
                start,
                excused,
                ..
            } => {
                let (room, at) = (room.get(lang), lang.moment(*start));
                match excused {
                    true => lang.letter_excused(room, &at),
                    false => lang.letter_counted(room, &at),
                }
            }
            Self::OrganiserMade { club } => lang.news_organiser(club.get(lang)),
            Self::OrganiserGone { club } => lang.news_organiser_gone(club.get(lang)),
            Self::RoleGiven { role, reach, until } => {
                let given = lang.letter_role_given(role.word(lang), reach.word(lang));
                match until {
                    Some(day) => {
                        format!("{given} {}", lang.letter_role_until(&lang.full_date(*day)))
                    }
                    None => given,
                }
            }
            Self::RoleTaken { role, reach } => {
                lang.letter_role_taken(role.word(lang), reach.word(lang))
            }
            Self::SecondFactorReset {} => lang.letter_second_reset().to_owned(),
            Self::BookingEnded {
                room,
                title,
                start,
                declined,
                reason,
                more,
                ..
            } => {
                let room = room.get(lang);
                let what = title.as_ref().map(|title| title.get(lang));
                let what = what.map_or(room.to_owned(), |title| format!("{title} · {room}"));
                let start = lang.moment(*start);
                let words = match declined {
                    None => lang.letter_ended(&what, &start),
                    Some(true) => lang.letter_declined(&what, &start),
                    Some(false) => lang.letter_called_off(&what, &start),
                };
                with_reason(with_more(lang, words, *more), reason)
            }
        }
    }
}

/// Words about one date of a series, and how many more it concerns.
fn with_more(lang: Lang, words: String, more: u16) -> String {
    match more {
        0 => words,
        more => format!("{words} {}", lang.letter_more_dates(more)),
    }
}
