//! What is said of cases: kinds, states, steps, refusals, letters.

use crate::{
    case::{
        CaseState, Pile,
        due::Urgency,
        kind::CaseKind,
        step::{CaseRefusal, StepName, WaitsFor},
    },
    language::Lang,
    text::catalogue,
    time::LocalTime,
};

catalogue! { KEYS:
    nav_cases "办事" "Desk"
    cases_title "办事" "The desk"
    case_page "事项" "Case"
    cases_about "一句话说清楚就行，剩下的我们来办。" "Say it in a sentence; the rest is ours."
    case_send "提交" "Send"
    case_send_for(name: &str) "替{name}提交" "Send for {name}"
    case_words "您要办什么？用自己的话说" "What do you want? In your own words"
    case_words_hint "例如：想办居住证，不知道要带什么" "For example: I need a residence permit; what do I bring?"
    case_kind "哪一类" "Kind"
    case_place "在哪里" "Where"
    case_place_home "家里的地址" "Your address"
    case_place_hint "例如：二楼楼梯口" "For example: by the stairs, first floor"
    case_room "哪个功能室" "Room"
    case_room_none "不在功能室里" "Not in a room"
    case_agree "我同意社区替我办这件事，需要时可以看我给的材料。" "I agree that the house does this for me, and looks at the papers I give for it."
    case_to_manager "只给负责人看" "For the manager's eyes only"
    case_nameless "不留名字" "Without my name"
    case_nameless_about "不留名字也会答复。提交后给您一个链接，只有拿着链接的人能看到答复，请收好。" "You get an answer without a name as well: a link that only you have. Keep it."
    case_nameless_link "这是您的链接" "This is your link"
    case_nameless_copied "链接已复制" "The link is copied"
    case_nameless_copy "复制链接" "Copy the link"
    case_nameless_title "不留名字的来信" "Sent without a name"
    case_nameless_lost "没有这封来信，请检查链接是否完整。" "There is no such message; check that the link is whole."
    case_sent(number: u32) "已收到，编号 {number}" "We have it: number {number}"
    case_mine "我的事项" "My cases"
    case_none "还没有事项。" "No cases yet."
    case_number(number: u32) "{number} 号" "No. {number}"
    case_log(kind: &str, number: u32) "{kind} {number} 号" "{kind}, no. {number}"
    case_received(at: &str) "{at} 收到" "received {at}"
    case_due(at: &str) "{at} 前办好" "by {at}"
    case_late(at: &str) "应在 {at} 前办好，已超时" "late: due {at}"
    case_planned(at: &str) "{at} 处理" "planned for {at}"
    case_waits(whom: &str) "在等：{whom}" "waits for {whom}"
    case_followers(count: u32) "{count} 人关注" "{count} people follow" / "1 person follows"
    case_story "经过" "What happened"
    case_by_house "社区" "the house"
    case_by_asker "本人" "who asked"
    case_hidden "只有社区看得到" "seen by the house only"
    case_part_of "属于" "Part of"
    case_parts "分成" "Its parts"
    case_agreed "已同意代办" "agreed that the house acts"
    case_manager_only "只给负责人看" "for the manager only"
    case_from_nameless "不留名字" "without a name"
    case_call_on(phone: &str) "打电话 {phone}" "Call {phone}"
    case_lead(name: &str) "{name} 负责" "{name} answers for it"

    report_list "大家报过的" "Reported"
    report_about "看看是不是已经有人报过：关注一下，修好了告诉您。" "Has it been reported? Follow it, and hear when it is mended."
    report_none "现在没有报修。" "Nothing is reported."
    report_follow "我也遇到了" "Me too"
    report_unfollow "不再关注" "Stop following"
    report_followed "修好了会告诉您" "You will hear when it is mended"
    report_unfollowed "不再关注" "You no longer follow it"

    picture_add "拍照或选照片" "Add a picture"
    picture_sending(percent: u32) "正在上传 {percent}%" "Sending {percent}%"
    picture_failed "照片没有传完。" "The picture did not arrive."
    picture_again "接着传" "Go on"
    picture_remove "去掉这张" "Leave it out"
    picture_before "照片" "Picture"
    picture_after "处理后的照片" "Picture after the work"
    picture_about "照片里的位置等信息会全部去掉。" "Position and everything else hidden in a picture is removed."

    queue_title "事项" "Cases"
    queue_open(count: u32) "要办 {count}" "To do {count}"
    queue_late(count: u32) "超时 {count}" "{count} late"
    queue_take "接一件" "Take a case"
    queue_empty "都办好了。" "Nothing waits."
    queue_more "再看一些" "More"
    queue_find "编号" "Number"
    queue_go "打开" "Open"
    queue_not_found "没有这个编号。" "There is no such number."
    queue_all_kinds "全部" "All kinds"
    queue_day "哪一天" "Day"

    pile_open "要办的" "To do"
    pile_waiting "在等的" "Waiting"
    pile_planned "出门的" "Out and about"
    pile_over "办完的" "Over"

    kind_matter "办事" "Matter"
    kind_errand "代办" "Errand"
    kind_visit "上门" "Home visit"
    kind_report "随手拍" "Report"
    kind_suggestion "意见" "Suggestion"
    kind_petition "信访" "Letter"
    kind_matter_about "证件、补贴、咨询" "papers, benefits, questions"
    kind_errand_about "不方便来，替您跑一趟" "we go for you"
    kind_visit_about "到家里来" "we come to you"
    kind_report_about "坏了、堵了、不安全" "broken, blocked, unsafe"
    kind_suggestion_about "可以做得更好的" "what could be better"
    kind_petition_about "写给负责人" "to the manager"

    case_state_received "已收到" "Received"
    case_state_accepted "有人负责" "Accepted"
    case_state_in_work "办理中" "In work"
    case_state_waiting "等待中" "Waiting"
    case_state_done "已办好" "Done"
    case_state_confirmed "已确认" "Confirmed"
    case_state_declined "未办理" "Declined"
    case_state_withdrawn "已撤回" "Withdrawn"
    case_state_joined "已合并" "Joined"

    urgency_hours "两小时" "2 hours"
    urgency_day "一天" "1 day"
    urgency_week "七天" "7 days"
    urgency_fortnight "十五天" "15 days"
    urgency "多久办好" "How soon"

    waits_asker "您的回复" "you"
    waits_asker_house "对方回复" "who asked"
    waits_office "别的部门" "another office"
    waits_works "师傅或零件" "a craftsman or a part"

    step_take "我来办" "I take it"
    step_hand_over "转给" "Hand over"
    step_hand_over_to "转给谁" "To whom"
    step_plan "约时间" "Plan"
    step_plan_at "什么时候" "When"
    step_wait "等别人" "Wait"
    step_resume "继续办" "Go on"
    step_finish "办好了" "Done"
    step_decline "不能办" "Decline"
    step_confirm "确认办好了" "Yes, it is done"
    step_reopen "还没办好" "Not done yet"
    step_withdraw "不用办了" "Withdraw it"
    step_withdraw_sure "撤回后就不办了。" "It will not be done then."
    step_say "留言" "Say something"
    step_note "内部备注" "Note for the house"
    step_call "打过电话" "Called"
    step_visit "去过了" "Was there"
    step_name "改名称" "Title"
    step_set_urgency "改时限" "How soon"
    step_set_kind "改类别" "Kind"
    step_join "合并到" "Join to"
    step_join_number "并到几号" "To which number"
    step_more "更多" "More"
    step_words "说明" "Words"
    step_words_done "办了什么（对方看得到）" "What was done (who asked sees it)"
    step_words_why "为什么（对方看得到）" "Why (who asked sees it)"
    step_words_missing "还差什么" "What is missing"
    step_words_seen "对方看得到" "Who asked sees it"
    step_words_title "对外的名称，不写姓名" "The title that others see; no names"
    step_noted "已记下" "Noted"
    fault_choice "请先选一个。" "Please choose first."

    told_received "收到了" "It came"
    told_take "有人负责了" "Somebody answers for it"
    told_hand_over "换了人负责" "Somebody else answers for it"
    told_start "开始办理" "Work began"
    told_plan "约了时间" "A time was planned"
    told_wait "在等" "It waits"
    told_resume "继续办理" "Work goes on"
    told_finish "办好了" "It is done"
    told_decline "没有办理" "It was declined"
    told_confirm "确认办好了" "It was confirmed"
    told_reopen "说还没办好" "It is not done yet"
    told_withdraw "撤回了" "It was withdrawn"
    told_say "留言" "A message"
    told_call "打过电话" "The house called"
    told_visit "去过了" "The house was there"
    told_set_urgency "改了时限" "Its urgency changed"
    told_set_kind "改了类别" "Its kind changed"
    told_name "改了名称" "Its title changed"
    told_join "并到了另一件" "It goes on in another"
    told_follow "有人关注" "Somebody follows it"
    told_unfollow "有人不再关注" "Somebody follows it no more"

    letter_case(number: u32, title: &str, what: &str) "{number} 号“{title}”：{what}。" "No. {number}, “{title}”: {what}."
    letter_case_said(number: u32, title: &str, what: &str, words: &str) "{number} 号“{title}”：{what}。{words}" "No. {number}, “{title}”: {what}. {words}"

    refused_step(state: &str) "现在是“{state}”，不能这样做。" "It is “{state}” now: that cannot be done."
    refused_open_parts(count: u32) "还有 {count} 件没有办完。" "{count} parts of it are not over." / "1 part of it is not over."
    refused_reopen(days: u16) "过了 {days} 天，请重新提交。" "More than {days} days have passed; please send it anew."
    refused_cases(most: u16) "您有 {most} 件还没有人看，请等一等。" "{most} of yours wait to be looked at; please wait."
    refused_agreement "请先同意社区替您办。" "Please agree first that the house acts for you."
    refused_plan_past "时间已经过了。" "That time has passed."
    refused_not_public "只有公开的报修才能这样，也不能并到自己。" "Only with public reports, and not with itself."
    refused_pictures(most: u16) "最多 {most} 张照片。" "At most {most} pictures."

    field_words "要办的事" "what you want"
    field_place "地点" "the place"
    field_picture "照片" "the picture"
    fault_picture "这不是能看的照片：请用 JPEG、PNG 或 WebP。" "This is not a picture that can be shown: use JPEG, PNG or WebP."

    act_case_received "收到事项" "received a case"
    act_case_taken "接了事项" "took a case"
    act_case_handed_over "转交了事项" "handed a case over"
    act_case_begun "办理事项" "worked on a case"
    act_case_planned "约了办理时间" "planned a case"
    act_case_waits "事项在等别人" "a case waits"
    act_case_done "办好了事项" "finished a case"
    act_case_declined "没有办理事项" "declined a case"
    act_case_confirmed "确认事项办好了" "confirmed a case"
    act_case_reopened "重新办理事项" "reopened a case"
    act_case_withdrawn "撤回了事项" "withdrew a case"
    act_case_noted "事项有记录" "noted something in a case"
    act_case_changed "改了事项的类别、时限或名称" "changed kind, urgency or title of a case"
    act_case_joined "合并了事项" "joined two cases"
    act_case_followed "关注或不再关注报修" "followed a report, or no more"
    act_case_seen "查看了只给负责人的信" "opened a letter for the manager"
}

impl CaseKind {
    /// What it is called.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Matter => lang.kind_matter(),
            Self::Errand => lang.kind_errand(),
            Self::Visit => lang.kind_visit(),
            Self::Report => lang.kind_report(),
            Self::Suggestion => lang.kind_suggestion(),
            Self::Petition => lang.kind_petition(),
        }
    }

    /// What it is for, in a few words.
    pub fn about(self, lang: Lang) -> &'static str {
        match self {
            Self::Matter => lang.kind_matter_about(),
            Self::Errand => lang.kind_errand_about(),
            Self::Visit => lang.kind_visit_about(),
            Self::Report => lang.kind_report_about(),
            Self::Suggestion => lang.kind_suggestion_about(),
            Self::Petition => lang.kind_petition_about(),
        }
    }
}

impl CaseState {
    /// What it is called.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Received => lang.case_state_received(),
            Self::Accepted => lang.case_state_accepted(),
            Self::InWork => lang.case_state_in_work(),
            Self::Waiting => lang.case_state_waiting(),
            Self::Done => lang.case_state_done(),
            Self::Confirmed => lang.case_state_confirmed(),
            Self::Declined => lang.case_state_declined(),
            Self::Withdrawn => lang.case_state_withdrawn(),
            Self::Joined => lang.case_state_joined(),
        }
    }
}

impl Pile {
    /// What it is called.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Open => lang.pile_open(),
            Self::Waiting => lang.pile_waiting(),
            Self::Planned => lang.pile_planned(),
            Self::Over => lang.pile_over(),
        }
    }
}

impl Urgency {
    /// What it is called.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Hours => lang.urgency_hours(),
            Self::Day => lang.urgency_day(),
            Self::Week => lang.urgency_week(),
            Self::Fortnight => lang.urgency_fortnight(),
        }
    }
}

impl WaitsFor {
    /// Whom it means, told to whoever asked or to the house.
    pub fn word(self, lang: Lang, to_asker: bool) -> &'static str {
        match self {
            Self::Asker if to_asker => lang.waits_asker(),
            Self::Asker => lang.waits_asker_house(),
            Self::Office => lang.waits_office(),
            Self::Works => lang.waits_works(),
        }
    }
}

impl StepName {
    /// What happened.
    pub fn told(self, lang: Lang) -> &'static str {
        match self {
            Self::Received => lang.told_received(),
            Self::Take => lang.told_take(),
            Self::HandOver => lang.told_hand_over(),
            Self::Start => lang.told_start(),
            Self::Plan => lang.told_plan(),
            Self::Wait => lang.told_wait(),
            Self::Resume => lang.told_resume(),
            Self::Finish => lang.told_finish(),
            Self::Decline => lang.told_decline(),
            Self::Confirm => lang.told_confirm(),
            Self::Reopen => lang.told_reopen(),
            Self::Withdraw => lang.told_withdraw(),
            Self::Say => lang.told_say(),
            Self::Call => lang.told_call(),
            Self::Visit => lang.told_visit(),
            Self::SetUrgency => lang.told_set_urgency(),
            Self::SetKind => lang.told_set_kind(),
            Self::Name => lang.told_name(),
            Self::Join => lang.told_join(),
            Self::Follow => lang.told_follow(),
            Self::Unfollow => lang.told_unfollow(),
        }
    }
}

impl CaseRefusal {
    /// The sentence for it.
    pub fn sentence(self, lang: Lang) -> String {
        match self {
            Self::NotFrom { state } => lang.refused_step(state.word(lang)),
            Self::OpenParts { count } => lang.refused_open_parts(count),
            Self::TooLate { days } => lang.refused_reopen(days),
            Self::TooMany { most } => lang.refused_cases(most),
            Self::NotAgreed => lang.refused_agreement().to_owned(),
            Self::Past => lang.refused_plan_past().to_owned(),
            Self::NotPublic => lang.refused_not_public().to_owned(),
            Self::TooManyPictures { most } => lang.refused_pictures(most),
        }
    }
}

impl Lang {
    /// What a letter says of a step of a case.
    pub(super) fn letter_of_case(
        self,
        (number, title): (u32, &str),
        (step, words): (StepName, &str),
        at: Option<LocalTime>,
    ) -> String {
        let what = match at {
            Some(at) => self.case_planned(&self.moment(at)),
            None => step.told(self).to_owned(),
        };
        match words {
            "" => self.letter_case(number, title, &what),
            _ => self.letter_case_said(number, title, &what, words),
        }
    }
}
