//! What is said of push messages and webhooks.

use crate::{hook::Outcome, language::Lang, message::NewsKind, text::catalogue};

catalogue! { KEYS:
    push_title "手机通知" "Notifications"
    push_about "预约有变动、候补轮到您、快到时间时，这台设备会提醒您，不用一直看。" "When a booking changes, when it is your turn, and before something begins, this device tells you."
    push_ask "到时候提醒您？" "Shall we remind you?"
    push_ask_about "开始前两小时、预约有变动时，在这台设备上提醒您。随时可以关。" "Two hours before, and when something changes, on this device. You can end that at any time."
    push_on "在这台设备上提醒我" "Tell me on this device"
    push_later "不用了" "No, thank you"
    push_here "这台设备会提醒您。" "This device tells you."
    push_off "这台设备不再提醒" "Not on this device any more"
    push_done "好了，到时候会提醒您。" "Done: you will be told."
    push_ended "这台设备不再提醒。" "This device tells nothing any more."
    push_denied "这台设备不让邻里发通知。请在浏览器或系统的设置里允许，再回来。" "This device does not let Linli notify you. Allow it in the settings of the browser or the system, then come back."
    push_impossible "这个浏览器收不到通知。苹果手机：先“添加到主屏幕”，从那里打开。" "This browser gets no notifications. On an iPhone, add Linli to the home screen first and open it there."
    push_failed "没能打开通知，请再试一次。" "That did not work; please try again."
    push_others "别的设备" "Other devices"
    push_remove "不再提醒" "Tell it nothing more"
    push_kinds "提醒什么" "What you are told"
    push_quiet "什么时候不打扰" "When you are not disturbed"
    push_from "从" "From"
    push_until "到" "Until"
    push_quiet_about "等不得的（候补限时）照样提醒。两个时间一样就是一直可以提醒。" "What cannot wait is told all the same. The same time twice means never quiet."
    push_kind_bookings "我的预约有变动" "Changes of my bookings"
    push_kind_activities "报名的活动和名额" "Activities and places"
    push_kind_waiting "我等的时段" "Slots I wait for"
    push_kind_cases "我要办的事" "What I asked the house for"
    push_kind_reminders "快开始了" "What begins soon"
    push_kind_house "值班和职责" "Work in the house"

    hooks_title "通知其他系统" "Tell other systems"
    hooks_about "中心里发生的事（预约、报名、取消…）会按顺序发给这些地址，带签名，不带姓名；没收到就重发。" "What happens in the centre (bookings, sign-ups, cancellations) is sent to these addresses in order, signed, without names, and sent again until it is accepted."
    hooks_none "还没有地址。" "No address yet."
    hook_url "地址（https）" "Address (https)"
    hook_add "添加" "Add"
    hook_added "已添加，马上发一次试试。" "Added; a first request is on its way."
    hook_secret "签名密钥" "Key of the signatures"
    hook_show "显示密钥" "Show the key"
    hook_remove "移除" "Remove"
    hook_remove_sure "移除后不再发给它。" "Nothing is sent to it any more."
    hook_removed "已移除" "Removed"
    hook_retry "再试" "Try again"
    hook_waits "还没发过" "Nothing sent yet"
    hook_accepted "对方收到了" "Accepted"
    hook_answered(status: u16) "对方回答 {status}" "Answered by {status}"
    hook_unreachable "连不上" "Not reached"
    hook_internal "是内部网络的地址，不能发" "Inside of our own network: nothing is sent there"
    hook_insecure "不是 https，不能发" "Not https: nothing is sent there"
    hook_off "已停发" "Stopped"
}

impl NewsKind {
    /// What it is called.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Bookings => lang.push_kind_bookings(),
            Self::Activities => lang.push_kind_activities(),
            Self::Waiting => lang.push_kind_waiting(),
            Self::Cases => lang.push_kind_cases(),
            Self::Reminders => lang.push_kind_reminders(),
            Self::House => lang.push_kind_house(),
        }
    }
}

impl Outcome {
    /// What it is called.
    pub fn word(self, lang: Lang) -> String {
        match self {
            Self::Accepted => lang.hook_accepted().to_owned(),
            Self::Answered(status) => lang.hook_answered(status),
            Self::Unreachable => lang.hook_unreachable().to_owned(),
            Self::Internal => lang.hook_internal().to_owned(),
            Self::Insecure => lang.hook_insecure().to_owned(),
        }
    }
}
