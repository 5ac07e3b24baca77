//! Running the house: acting for somebody, people, the audit log, figures, posters.

use crate::{
    audit::{Act, Entry},
    figures::Rule,
    language::Lang,
    person::behalf::Channel,
    text::catalogue,
    time::Date,
};

catalogue! { KEYS:
    act_for "替人办理" "Act for somebody"
    ask_room "要什么样的房间" "What they want"
    ask_room_example "例如：明晚六点半 两小时 12人 投影" "for example: tomorrow 18:30 2h 12 people"
    not_understood(words: &str) "没听懂：{words}" "Not understood: {words}"
    room_lacks(what: &str) "没有{what}" "has no {what}"
    rooms_free(count: u16, first: &str) "{count} 间可约：{first}" "{count} rooms: {first}" / "{count} room: {first}"
    people_unsaid "没说人数" "how many people was not said"
    move_hint "按住 Shift 用方向键移动一块，加 Alt 改长短，回车看影响" "Shift and an arrow move a block, with Alt they change its length; Enter shows what that changes"
    requests_here(count: u16) "{count} 个申请" "{count} requests" / "{count} request"
    more_coming(count: u16) "还有 {count} 场" "{count} more" / "{count} more"
    unknown_now "暂时不知道。" "Not known at the moment."
    no_room_has_it "没有房间有这些。" "No room has all of that."
    choose_caller_first "先在这里找到来电的人，再约。" "Find the person here first, then book."
    say_booked(when: &str, room: &str) "约好了：{when}，{room}。" "It is booked: {when}, {room}."
    though(why: &str) "本人自己约不了：{why}" "they could not book it themselves: {why}"
    moving_to(span: &str, room: &str) "移到 {span} {room}，回车看影响" "To {span}, {room}; Enter shows what that changes"
    tab_queue "待办" "To do"
    tab_day "今天" "Day"
    tab_people "人" "People"
    find_caller "手机号、尾号、姓名或拼音" "Number, its end, or name"
    slash_key "值班时按 / 键找人" "The key / leads to the call bar"
    type_more "再输一位：号码至少四位，拼音至少两个字母。" "Type a little more: four digits, or two letters."
    caller_family "同来的家人（一行一位：名字 生日）" "Who comes along (one a line: name, birth date)"
    caller_family_line(line: &str) "“{line}”看不懂：要名字和生日（只写岁数不够），例如“小明 2018-03-01”。" "“{line}” cannot be read: it takes a name and a birth date (an age is not enough), such as “Ming 2018-03-01”."
    caller_namesake "这里已经有同名的人。是同一个人，就点开：" "There is somebody of that name already. If it is the same person, open their record:"
    caller_another "不是同一个人，仍然登记" "It is somebody else: make the record"
    caller_none "没有找到。可以在这里登记一位。" "Nobody found. You can make a record here."
    caller_new "登记新的人" "Make a new record"
    caller_save "登记" "Make the record"
    caller_more "还有同名的，请多输几个字。" "There may be more; type some more letters."
    came_by "怎么联系的" "How they reached us"
    channel_app "本人在手机上" "own device"
    channel_desk "到服务台" "at the desk"
    channel_phone "来电" "by phone"
    channel_visit "上门" "home visit"
    acting_for(name: &str, how: &str) "正在为{name}办理（{how}）" "Acting for {name} ({how})"
    acting_end "办完了" "Done"
    book_for "约房间" "Book a room"
    sign_up_for "报活动" "Sign up for an activity"
    record_change "更正资料" "Correct the record"
    no_phone "没有手机号" "no number"
    add_relative "添加家人" "Add a family member"
    record_code_sent "验证码已发到这个号码，请对方念给您。" "The code is on its way to that number; ask them to read it out."
    to_record "回到资料" "Back to the record"
    over_by_now(count: usize) "已结束 {count} 个" "{count} over"
    bookings_of "预约" "Bookings"
    family_of "家人" "Household"
    their_sign_ups "已有的报名" "Their sign-ups"
    no_bookings_here "在这里没有预约。" "No bookings here."
    no_sign_ups_here "在这里没有报名。" "No sign-ups here."
    attendance_of(came: u16, missed: u16, days: i64) "最近 {days} 天到场 {came} 次，缺席 {missed} 次" "In the last {days} days: came {came}, missed {missed}"
    record_logged "打开资料会记入操作记录。" "That you opened this record is in the audit log."
    consent_told "已向监护人念过以上内容，监护人同意" "I read this to the guardian, who agreed"
    against_their_rules(refusal: &str) "按本人的规则约不了：{refusal}工作人员可以照约。" "By their own rules this would be refused: {refusal} Staff may book it all the same."
    record_theirs "这份资料是本人的。保存时会给本人的手机发验证码，念给您才能更正。" "This record is its holder’s. A code is sent to their phone; they read it to you, then it is corrected."
    beneficiary "预约人" "For"
    made_by(name: &str, how: &str) "{name}代办（{how}）" "made by {name} ({how})"

    house_sessions "当天的活动" "Activities of the day"
    no_sessions_today "这一天没有活动。" "No activities that day."
    session_counts(signed_up: u16, places: u16) "报名 {signed_up}/{places}" "{signed_up} of {places} signed up"
    session_came(came: u16) "到 {came}" "{came} came"
    came_button "到了" "Here"
    explained_title "没来的说明" "Why they did not come"
    no_shows_of(count: u16) "没来 {count} 次" "{count} no-shows" / "{count} no-show"
    session_missed(missed: u16) "缺席 {missed}" "{missed} missed"
    session_waiting(waiting: u16) "候补 {waiting}" "{waiting} waiting"
    to_tell "要转告的" "To be told"
    to_tell_about "这些人没用手机登录，看不到消息：请打电话，没有号码的等来了当面说。" "They do not use the app: please phone them, or tell them when they come."
    told "已转告" "Told"
    story "经过" "What happened"
    merge_title "合并重复的登记" "Merge a duplicate"
    merge_about "同一个人登记了两次？找到另一份，它的预约、报名和到场都归到这一份。" "Recorded twice? Find the other record: its bookings, sign-ups and attendance come to this one."
    merge_find "另一份登记：姓名或号码" "The other record: name or number"
    merge_look "找" "Look"
    merge_none "没有找到别的登记。" "No other record was found."
    merge_what(name: &str) "“{name}”那一份会归到这里：" "The record of {name} comes to this one:"
    merge_bookings(count: u32) "{count} 个预约" "{count} bookings" / "{count} booking"
    merge_sign_ups(count: u32) "{count} 个报名" "{count} sign-ups" / "{count} sign-up"
    merge_attended(count: u32) "{count} 次到场记录" "{count} notes of attendance" / "{count} note of attendance"
    merge_relatives(count: u32) "{count} 位家人" "{count} relatives" / "{count} relative"
    merge_birth(day: &str) "生日 {day}" "born {day}"
    merge_nothing "那一份里什么都没有" "There is nothing in it"
    merge_now "合并成一份" "Make them one"
    merge_done "已合并成一份" "They are one now"
    merge_changed "那一份刚刚变了，请再看一下。" "That record has changed: please look once more."
    merge_oneself "这就是同一份登记。" "That is the same record."
    merge_has_number "那一份有自己的号码：请打开那一份，把这一份并过去。" "That record has a number: open it and merge this one into it."
    merge_not_kept "那一份不是这里的工作人员登记的，或本人在用：不能并掉。" "That record was not made by this desk, or its person uses it: it cannot go."
    merge_household "那一份在别人的家里：只有同一家人的登记才能并进来。" "That record is in somebody else's household: only one of the same household can take it in."
    merge_undone "又是两份登记了" "They are two records again"
    merge_undone_but(left: u16) "又是两份登记了；有 {left} 项刚被改过，留在这一份。" "They are two records again; {left} things were changed since and stay with this one." / "They are two records again; {left} thing was changed since and stays with this one."
    merge_births "两份的生日不一样：先核对，改对一份；也可能是两个人。" "The birth dates differ: correct one first, or they are two people."
    merge_families "两份各有一家人：先合并孩子的登记（在这边孩子的登记里找另一份；只有那边才有的孩子，先在这边添加），再合并大人。" "Each has a family of their own: merge the records of the children first (open the child here and find the other one; add here whom only the other has), then the parents."
    merge_both_numbers "两份都有自己的号码，不能合并：请本人只用其中一个号码登录。" "Each has a number of its own: they cannot be one. Ask the person to sign in with one of them."
    merge_other_name(one: &str, other: &str) "名字不一样：{one}、{other}。真是同一个人吗？" "The names differ: {one}, {other}. Is it really one person?"
    merge_look_inside "看那一份" "Look at that record"
    merge_signed_up(title: &str) "两份都报了“{title}”：先退掉一个，再合并。" "Both are signed up for ‘{title}’: withdraw one of them first."
    log_file "下载这个月的记录" "Download the month"
    log_found_file "下载找到的记录" "Download what is found"
    log_who "谁" "Who"
    log_for "为谁" "For whom"
    log_act "做了什么" "What"
    log_about "什么" "About"
    log_when "什么时候的" "Of when"
    log_way "途径" "Way"
    log_found "所有时间里找到的" "Found over all time"
    paper_day "打印今日单" "Print the day"
    paper_sheet "打印签到单" "Print the sheet"
    paper_slip "打印小条" "Print a slip"
    paper_door "打印门牌" "Print a door sign"
    paper_who "谁 · 做什么" "Who, and what"
    paper_signature "签名" "Signature"
    paper_fetched "谁接走 · 时间" "Fetched by, when"
    paper_guardian "监护人" "Guardian"
    paper_nothing "没有接下来的预约和报名。" "Nothing booked and nothing signed up for."
    paper_as_of(at: &str) "{at} 打印，之后的改动以服务台为准" "Printed {at}; the desk knows of later changes"
    paper_scan_room "扫一扫：签到，看有没有人用，约下一个时间" "Scan to check in, see whether it is free, and book"
    told_to(name: &str) "已转告{name}" "{name} was told"
    told_no_more "不用再转告了：已读、已过期，或别人转告过" "No longer to be told: read, run out, or told by somebody else"
    told_back "没转告成，放回名单" "Not told after all; back on the list"

    closures_title "停用" "Out of use"
    close_rooms "停用房间" "Put rooms out of use"
    closed_rooms "停用中和将要停用的" "Out of use, now and to come"
    no_closures "没有停用的房间。" "No room is out of use."
    what_closes "停用哪里" "What"
    choose_one "请选择" "Please choose"
    whole_centre "整个中心" "The whole centre"
    whole_floor(floor: &str) "{floor}全部" "All of the {floor}"
    closed_from "从" "From"
    closed_until "到" "Until"
    until_midnight "到当天结束" "until the end of that day"
    for_three_days "三天" "three days"
    for_a_week "一周" "a week"
    closed_why "原因（大家都看得到）" "Reason (everybody reads it)"
    closed_repair "设备检修" "repairs"
    closed_pipe "水管抢修" "a burst pipe"
    closed_event "内部活动" "an event of the house"
    closed_cleaning "清洁消毒" "cleaning"
    look_at_hits "看看影响谁" "See whom it concerns"
    close_now "停用" "Put out of use"
    close_with(count: usize) "停用，并处理这 {count} 个预约" "Put out of use, with these {count} bookings" / "Put out of use, with this {count} booking"
    rooms_closed "已停用" "Out of use"
    rooms_reopened "已恢复使用" "Open again"
    closure_undone "已撤销停用，预约恢复原样" "Undone; bookings stand as before"
    reopen "恢复使用" "Open again"
    reopen_now "确定现在恢复" "Open it now"
    and_more_rooms(names: &str, count: usize) "{names}等 {count} 间" "{names} and others, {count} rooms"
    hits_none "不影响任何预约。" "No booking is concerned."
    hits(count: usize, what: &str) "影响 {count} 个预约：{what}" "{count} bookings are concerned: {what}" / "{count} booking is concerned: {what}"
    hits_moved(count: usize) "{count} 个改地方或时间" "{count} move" / "{count} moves"
    hits_cancelled(count: usize) "{count} 个取消" "{count} are cancelled" / "{count} is cancelled"
    hits_kept(count: usize) "{count} 个保留" "{count} stay" / "{count} stays"
    hits_told(count: usize) "有 {count} 人不看手机，会列到“要转告的”里。" "{count} people read no messages and are listed under ‘To be told’." / "{count} person reads no messages and is listed under ‘To be told’."
    hits_changed "有人刚刚预约或取消了，请再看一遍" "Somebody booked or cancelled meanwhile; please look again"
    hit_sent(place: &str, why: &str) "想改到{place}：{why}" "Sent to {place}: {why}"
    strays(count: usize, what: &str) "{count} 个去不了那里：{what}" "{count} bookings cannot go there: {what}" / "{count} booking cannot go there: {what}"
    goes(count: u16) "{count} 个照改，会通知到人。" "{count} change as asked; their people are told." / "{count} changes as asked; its people are told."
    change_booking "改时间、房间、人数" "Change time, room, people"
    change_which "改哪几场" "Which sessions"
    change_one "只这一场" "This one alone"
    change_following "这一场和以后各场" "This one and all after it"
    change_until "到某天为止" "Up to a day"
    change_last "改到哪天为止" "Up to and including"
    change_now "改好，并通知" "Change, and tell them"
    change_held "名额" "Places"
    change_fit(most: u16) "改成 {most} 个名额" "Make it {most} places" / "Make it {most} place"
    change_fit_people(most: u16) "改成 {most} 人" "Make it {most} people" / "Make it {most} person"
    displaced(count: usize) "名额不够了：这 {count} 位会改为候补（从后报名的开始，一起报名的一起动，放得下的留下），也会通知到人。" "There are too few places: these {count} get in line again (from the last who signed up on; who signed up together goes together, who still fits stays), and are told." / "There are too few places: this one gets in line again (from the last who signed up on; who still fits stays), and is told."
    displaced_changed "会改为候补的人变了，请再看一下。" "Who gets in line again has changed: please look once more."
    waits_again(count: usize) "{count} 位改为候补" "{count} in line again"
    booking_changed "已改好" "Changed"
    rivals_declined(count: u16) "{count} 个占同一时间的申请会被婉拒并通知。" "{count} requests for that time are declined, and told." / "{count} request for that time is declined, and told."
    change_unreadable "请填好日期和时间。" "Please fill in day and time."
    undone_left(left: u16) "已撤销；有 {left} 个预约别人已另作处理，没有变回" "Undone; {left} bookings stay, because somebody changed them since" / "Undone; {left} booking stays, because somebody changed it since"
    change_undone "已撤销，恢复原样" "Undone; it is as before"
    hit_signed_up(count: u16) "报名 {count} 人" "{count} signed up"
    hit_begun "正在进行" "going on now"
    hit_to_tell(count: u16) "{count} 人要当面或打电话告诉" "{count} to be told by word"
    act_with(act: &str, what: &str) "{act}：{what}" "{act}: {what}"
    hit_to_room(room: &str) "改到{room}" "Move to {room}"
    hit_to_time(span: &str) "改到 {span}" "Move to {span}"
    hit_to(room: &str, span: &str) "改到{room} {span}" "Move to {room}, {span}"
    hit_cancel "取消，并告诉原因" "Cancel, and say why"
    hit_keep "保留" "Keep"
    hit_choice_of(who: &str, at: &str) "{who}（{at}）怎么办" "What becomes of {who}, {at}"
    full_stop "。" ". "
    roles_title "人员与职责" "People and roles"
    roles_about "谁在管理这个中心，各能做什么。" "Who runs this centre, and what each may do."
    roles_not_yours "人员由负责人安排。" "Roles are given by the managers."
    role_add "添加同事" "Add a colleague"
    role_phone_about "对方用这个号码登录，就有这个职责。" "They sign in with this number and have the role."
    role_name_new "姓名（新号码才要填）" "Name (for a new number)"
    role_field "职责" "Role"
    role_everywhere "在所有中心都有效" "At all centres"
    role_until_field "到哪一天为止（不填就没有期限）" "Last day (none: no end)"
    role_until(day: &str) "到 {day} 为止" "until {day}"
    role_not_signed_in "还没登录过" "not signed in yet"
    role_change "更改" "Change"
    role_change_of(name: &str) "更改{name}的职责" "Change the role of {name}"
    role_withdraw "收回职责" "Withdraw"
    role_withdraw_of(name: &str) "收回职责：{name}" "Withdraw the role of {name}"
    role_withdraw_runs(count: u32) "还有 {count} 场活动是由其发布的：照常举办，以后由工作人员管。" "They publish {count} sessions to come: those take place, and staff run them from then on." / "They publish {count} session to come: it takes place, and staff run it from then on."
    role_withdraw_sure(name: &str) "收回以后，{name}马上在所有设备上退出登录。" "{name} is then signed out everywhere at once."
    role_withdraw_yes "确定收回" "Withdraw it"
    role_own "这是您自己" "this is you"
    role_given(name: &str, role: &str) "{name}现在是{role}" "{name} is now {role}"
    role_withdrawn(name: &str) "已收回{name}的职责" "The role of {name} is withdrawn"
    log_title "操作记录" "Audit log"
    log_no_match "没有符合的记录。" "No entry fits."
    log_earlier "更早的记录" "Earlier entries"
    log_later "更新的记录" "Later entries"
    log_empty "这一天没有操作。" "Nothing was done that day."
    log_filter "在记录里找" "Find in the log"
    by_itself "自动" "by itself"
    for_whom(name: &str) "为{name}" "for {name}"
    act_booked "约了房间" "booked"
    act_booking_undone "撤销了预约" "undid a booking"
    act_booking_cancelled "取消了预约" "cancelled a booking"
    act_booking_approved "批准了申请" "approved a request"
    act_decision_undone "撤回了决定" "took a decision back"
    act_booking_declined "没有批准申请" "declined a request"
    act_published "发布了活动" "published an activity"
    act_activity_changed "修改了活动" "changed an activity"
    act_session_cancelled "取消了场次" "called a session off"
    act_signed_up "报了名" "signed up"
    act_waitlisted "加入了候补" "joined a waitlist"
    act_sign_up_undone "撤销了报名" "undid a sign-up"
    act_withdrawn "退出了报名" "withdrew"
    act_offer_made "发出了递补通知" "offered a place"
    act_offer_passed "递补通知过期" "an offer passed"
    act_offer_taken "接受了名额" "took an offered place"
    act_place_lost "名额减少，改为候补" "lost a place to fewer places"
    act_place_restored "名额又有了" "had the place again"
    act_offer_left "放弃了名额" "left an offered place"
    act_consent_given "监护人同意" "guardian agreed"
    act_marked_here "签到：到了" "noted as here"
    act_marked_away "签到：没来" "noted as away"
    act_marked_picked_up "签到：已接走" "noted as picked up"
    act_mark_taken_back "撤回了签到" "took a note back"
    act_walked_in "登记了直接来的人" "added a walk-in"
    act_club_joined "加入了社团" "joined a club"
    act_club_left "退出了社团" "left a club"
    act_club_made "建了社团" "made a club"
    act_club_changed "改了社团介绍" "described a club anew"
    act_club_closed "关闭了社团" "closed a club"
    act_club_reopened "重新开放了社团" "opened a club again"
    act_organiser_added "请人组织社团" "let somebody organise a club"
    act_organiser_removed "不再让人组织社团" "took the organising of a club from somebody"
    manage_club(name: &str) "管理{name}" "Manage {name}"
    make_club "建一个社团" "Make a club"
    change_club "改介绍" "Describe anew"
    club_organisers "谁来组织" "Who organises it"
    add_organiser "请这位组织" "Let them organise it"
    organiser_phone "组织者的手机号" "The organiser’s number"
    organiser_name "姓名（新号码要填）" "Name (needed for a new number)"
    organiser_added "已请好" "They organise it now"
    remove_organiser(name: &str) "不再由{name}组织" "{name} organises it no more"
    remove_organiser_sure(name: &str) "确定让{name}不再负责吗？" "Shall {name} no longer organise it?"
    organiser_removed(name: &str) "{name}不再负责" "{name} no longer organises it"
    close_club "关闭社团" "Close the club"
    close_club_about "关闭后不能再加入和发布活动，已有的记录都保留。" "Nobody joins and nothing is published any more; what it did stays."
    close_club_cancel "同时取消以后的场次，并告诉报名的人" "Call off the sessions to come as well, and tell those who signed up"
    club_closed "已关闭" "Closed"
    reopen_club "重新开放" "Open again"
    club_kind "做什么的" "What it does"
    club_about "介绍" "About it"
    act_member_added "添加了家人" "added a family member"
    act_member_removed "移出了家人" "removed a family member"
    act_household_joined "加入了家庭" "joined a family"
    act_code_renewed "生成了家庭码" "made a family code"
    act_profile_changed "修改了本人资料" "changed the own profile"
    act_person_added "登记了新的人" "made a record"
    act_person_changed "更正了资料" "corrected a record"
    act_people_merged "合并了重复的登记" "merged two records"
    act_people_parted "撤销了合并" "undid a merge"
    act_letter_told "转告了消息" "passed a message on"
    act_letter_untold "撤回了“已转告”" "took back that somebody was told"
    act_person_seen "查看了资料" "opened a record"
    act_role_given "给了职责" "gave a role"
    act_role_taken "收回了职责" "withdrew a role"
    act_house_claimed "成为首位负责人" "became the first manager"
    act_centre_changed "更新了中心的房间、时间或规定" "changed the centre’s rooms, hours or rules"
    act_rooms_closed "停用了房间" "put rooms out of use"
    act_rooms_reopened "恢复了房间" "opened rooms again"
    act_closure_undone "撤销了停用" "undid a closure"
    act_booking_restored "恢复了预约" "restored a booking"
    act_booking_moved "调整了预约" "moved a booking"
    act_checked_in "签到" "checked in"
    act_request_lapsed "到开始也没有决定，申请作废" "a request lapsed undecided at its start"
    act_slot_awaited "排队等一个时段" "got in line for a time"
    act_slot_left "不再排队等这个时段" "left the line for a time"
    act_slot_offered "时段空出来，留给了排队的人" "a freed time was offered to the next in line"
    act_slot_passed "没有在期限内预约，让给下一位" "an offered time was not booked in time"
    act_slot_gone "时段开始了，没有等到" "a time began that was waited for in vain"
    act_staff_reminded "提醒了工作人员：申请还没有决定" "staff were reminded of a request that waits"
    act_nobody_came "没有人来，让出了房间" "nobody came; the room was given to others"
    act_check_in_taken_back "撤回了签到" "took a check-in back"
    act_somebody_came "更正为有人来" "noted that somebody came after all"
    act_finished_early "提前结束" "finished early"
    act_finish_taken_back "撤回了提前结束" "took the rest of the time back"
    act_absence_explained "说明了没来的原因" "said why nobody came"
    act_absence_excused "不计没来" "excused a no-show"
    act_absence_counted "计为没来" "let a no-show count"
    act_token_made "生成了程序用的令牌" "made a token for a program"
    act_token_ended "收回了令牌" "ended a token"
    act_hook_made "添加了通知地址" "added an address that is told"
    act_hook_removed "移除了通知地址" "removed an address that is told"
    act_sheet_seen "查看了名单" "opened a sheet"
    act_people_searched "按姓名或号码找人" "looked for people"
    act_person_erased "注销并删除了资料" "erased a record"
    act_member_restored "把家人加了回来" "took a family member back"
    act_member_changed "更正了家人的资料" "corrected a family member"

    figures_title "统计" "Figures"
    figures_not_yours "统计由负责人查看。" "Figures are for the managers."
    figure_hours "什么时候用得多" "When rooms are used"
    figure_hours_about "各房间开放时间里有人用的比例" "Share of the open time in which rooms were used"
    figure_rooms "哪些房间约得多" "Which rooms are booked"
    figure_rooms_about "实心是预约，斜线是活动场次。" "Solid: bookings; hatched: sessions of activities."
    figure_time "时长" "Time"
    figure_activities "活动来了多少人" "Who came to activities"
    figure_activities_about "实心是到场，斜线是缺席。少于 5 人的不显示具体数字。" "Solid: came; hatched: missed. Numbers below 5 are not shown."
    figure_refusals "因为什么没办成" "What stood in the way"
    figure_none "这段时间没有数据。" "Nothing in this time."
    figure_bookings "预约" "Bookings"
    figure_sessions "场次" "Sessions"
    figure_minutes "时长（分钟）" "Minutes"
    figure_signed_up "报名" "Signed up"
    figure_came "到场" "Came"
    figure_missed "缺席" "Missed"
    figure_rule "原因" "Reason"
    figure_count "次数" "Times"
    figure_few "少于 5" "fewer than 5"
    as_table "看表格" "As a table"
    as_file "下载 CSV" "Download CSV"
    weekday_label "星期" "Weekday"
    minutes_used "使用分钟" "Minutes used"
    minutes_open "开放分钟" "Minutes open"
    percent_used "使用率（%）" "Use (%)"

    poster "海报" "Poster"
    print "打印" "Print"
    more_dates(count: usize) "还有 {count} 场" "and {count} more"
    poster_places(places: u16) "{places} 个名额" "{places} places" / "{places} place"
    scan_to_sign_up "扫码报名" "Scan to sign up"
    all_dates_file "全部场次加入日历" "All dates to my calendar"

    rule_taken "那时有人约了" "taken by somebody"
    rule_hours "不在开放时间" "outside opening hours"
    rule_closed "房间停用" "room out of use"
    rule_length "时长不合规定" "length not allowed"
    rule_ahead "太早或太晚" "too early or too late"
    rule_people "人数不合适" "number of people"
    rule_quota "超过额度" "quota used up"
    rule_who_may_book "不接受预约" "room not open to them"
    rule_full "名额已满" "full"
    rule_age "年龄不符" "age"
    rule_already "已报名或时间冲突" "signed up already, or busy"
    rule_consent "缺监护人同意" "guardian’s consent missing"
    rule_over "已经结束或取消" "over or called off"
}

impl Channel {
    /// Its word.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::App => lang.channel_app(),
            Self::Desk => lang.channel_desk(),
            Self::Phone => lang.channel_phone(),
            Self::Visit => lang.channel_visit(),
        }
    }
}

impl Act {
    /// What was done, in words.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Booked => lang.act_booked(),
            Self::BookingUndone => lang.act_booking_undone(),
            Self::BookingCancelled => lang.act_booking_cancelled(),
            Self::BookingApproved => lang.act_booking_approved(),
            Self::BookingDeclined => lang.act_booking_declined(),
            Self::DecisionUndone => lang.act_decision_undone(),
            Self::Published => lang.act_published(),
            Self::ActivityChanged => lang.act_activity_changed(),
            Self::SessionCancelled => lang.act_session_cancelled(),
            Self::SignedUp => lang.act_signed_up(),
            Self::Waitlisted => lang.act_waitlisted(),
            Self::SignUpUndone => lang.act_sign_up_undone(),
            Self::Withdrawn => lang.act_withdrawn(),
            Self::OfferMade => lang.act_offer_made(),
            Self::OfferPassed => lang.act_offer_passed(),
            Self::OfferTaken => lang.act_offer_taken(),
            Self::OfferLeft => lang.act_offer_left(),
            Self::PlaceLost => lang.act_place_lost(),
            Self::PlaceRestored => lang.act_place_restored(),
            Self::ConsentGiven => lang.act_consent_given(),
            Self::MarkedHere => lang.act_marked_here(),
            Self::MarkedAway => lang.act_marked_away(),
            Self::MarkedPickedUp => lang.act_marked_picked_up(),
            Self::MarkTakenBack => lang.act_mark_taken_back(),
            Self::WalkedIn => lang.act_walked_in(),
            Self::ClubJoined => lang.act_club_joined(),
            Self::ClubLeft => lang.act_club_left(),
            Self::ClubMade => lang.act_club_made(),
            Self::ClubChanged => lang.act_club_changed(),
            Self::ClubClosed => lang.act_club_closed(),
            Self::ClubReopened => lang.act_club_reopened(),
            Self::OrganiserAdded => lang.act_organiser_added(),
            Self::OrganiserRemoved => lang.act_organiser_removed(),
            Self::MemberAdded => lang.act_member_added(),
            Self::MemberRemoved => lang.act_member_removed(),
            Self::HouseholdJoined => lang.act_household_joined(),
            Self::CodeRenewed => lang.act_code_renewed(),
            Self::ProfileChanged => lang.act_profile_changed(),
            Self::PersonAdded => lang.act_person_added(),
            Self::PersonChanged => lang.act_person_changed(),
            Self::PeopleMerged => lang.act_people_merged(),
            Self::PeopleParted => lang.act_people_parted(),
            Self::LetterTold => lang.act_letter_told(),
            Self::LetterUntold => lang.act_letter_untold(),
            Self::PersonSeen => lang.act_person_seen(),
            Self::CheckedIn => lang.act_checked_in(),
            Self::NobodyCame => lang.act_nobody_came(),
            Self::RequestLapsed => lang.act_request_lapsed(),
            Self::SlotAwaited => lang.act_slot_awaited(),
            Self::SlotLeft => lang.act_slot_left(),
            Self::SlotOffered => lang.act_slot_offered(),
            Self::SlotPassed => lang.act_slot_passed(),
            Self::SlotGone => lang.act_slot_gone(),
            Self::StaffReminded => lang.act_staff_reminded(),
            Self::CheckInTakenBack => lang.act_check_in_taken_back(),
            Self::SomebodyCame => lang.act_somebody_came(),
            Self::FinishedEarly => lang.act_finished_early(),
            Self::FinishTakenBack => lang.act_finish_taken_back(),
            Self::AbsenceExplained => lang.act_absence_explained(),
            Self::AbsenceExcused => lang.act_absence_excused(),
            Self::AbsenceCounted => lang.act_absence_counted(),
            Self::RoleGiven => lang.act_role_given(),
            Self::RoleTaken => lang.act_role_taken(),
            Self::SecondFactorSet => lang.act_second_set(),
            Self::SecondFactorRemoved => lang.act_second_removed(),
            Self::SecondFactorReset => lang.act_second_reset(),
            Self::SecondFactorRequired => lang.act_second_required(),
            Self::SecondFactorOptional => lang.act_second_optional(),
            Self::HouseClaimed => lang.act_house_claimed(),
            Self::TokenMade => lang.act_token_made(),
            Self::TokenEnded => lang.act_token_ended(),
            Self::HookMade => lang.act_hook_made(),
            Self::HookRemoved => lang.act_hook_removed(),
            Self::SheetSeen => lang.act_sheet_seen(),
            Self::CaseReceived => lang.act_case_received(),
            Self::CaseTaken => lang.act_case_taken(),
            Self::CaseHandedOver => lang.act_case_handed_over(),
            Self::CaseBegun => lang.act_case_begun(),
            Self::CasePlanned => lang.act_case_planned(),
            Self::CaseWaits => lang.act_case_waits(),
            Self::CaseDone => lang.act_case_done(),
            Self::CaseDeclined => lang.act_case_declined(),
            Self::CaseConfirmed => lang.act_case_confirmed(),
            Self::CaseReopened => lang.act_case_reopened(),
            Self::CaseWithdrawn => lang.act_case_withdrawn(),
            Self::CaseNoted => lang.act_case_noted(),
            Self::CaseChanged => lang.act_case_changed(),
            Self::CaseJoined => lang.act_case_joined(),
            Self::CaseFollowed => lang.act_case_followed(),
            Self::CaseSeen => lang.act_case_seen(),
            Self::CentreChanged => lang.act_centre_changed(),
            Self::RoomsClosed => lang.act_rooms_closed(),
            Self::RoomsReopened => lang.act_rooms_reopened(),
            Self::ClosureUndone => lang.act_closure_undone(),
            Self::BookingRestored => lang.act_booking_restored(),
            Self::BookingMoved => lang.act_booking_moved(),
            Self::PeopleSearched => lang.act_people_searched(),
            Self::PersonErased => lang.act_person_erased(),
            Self::MemberRestored => lang.act_member_restored(),
            Self::MemberChanged => lang.act_member_changed(),
        }
    }
}

impl Rule {
    /// What it says, in a few words.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Taken => lang.rule_taken(),
            Self::Hours => lang.rule_hours(),
            Self::Closed => lang.rule_closed(),
            Self::Length => lang.rule_length(),
            Self::Ahead => lang.rule_ahead(),
            Self::People => lang.rule_people(),
            Self::Quota => lang.rule_quota(),
            Self::WhoMayBook => lang.rule_who_may_book(),
            Self::Full => lang.rule_full(),
            Self::Age => lang.rule_age(),
            Self::Already => lang.rule_already(),
            Self::Consent => lang.rule_consent(),
            Self::Over => lang.rule_over(),
        }
    }
}

impl Lang {
    /// What is said when a change was undone, of which `left` bookings stay as others left them.
    pub fn undone_but(self, left: u16) -> String {
        match left {
            0 => self.change_undone().to_owned(),
            left => self.undone_left(left),
        }
    }
}

impl Entry {
    /// In words: who did what for whom, and about what.
    pub fn words(&self, lang: Lang, today: Date) -> (String, String) {
        let subject = &self.subject;
        let who = self.actor.clone();
        let done = [
            Some(who.unwrap_or_else(|| lang.by_itself().to_owned())),
            self.person.as_ref().map(|name| lang.for_whom(name)),
            Some(self.act.word(lang).to_owned()),
        ];
        let about = [
            subject.what.as_ref().map(|what| what.get(lang).to_owned()),
            subject.start.map(|start| lang.moment_seen(start, today)),
            (!subject.reason.is_empty()).then(|| subject.reason.clone()),
        ];
        let join = |parts: [Option<String>; 3]| {
            let parts: Vec<_> = parts.into_iter().flatten().collect();
            parts.join(" · ")
        };
        (join(done), join(about))
    }
}
