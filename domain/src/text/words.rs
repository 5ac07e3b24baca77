//! Words for things: equipment, purposes, states, roles.

use crate::{
    booking::{Booking, BookingState},
    centre::room::{Equipment, Purpose, UseMode},
    language::Lang,
    person::permission::{Reach, Role},
    text::catalogue,
};

catalogue! { KEYS:
    state_free "空闲" "free"
    state_free_soon "快空出" "free soon"
    state_busy "使用中" "busy"
    state_requested "待审批" "requested"
    state_held "有人正在约" "being booked"
    state_shut "未开放" "not open"
    shut_until(at: &str) "未开放，{at} 开" "not open until {at}"
    state_closed "停用" "closed"
    state_drop_in "随到随用" "drop in"
    state_staff_only "内部使用" "staff only"
    state_buffer "整理中" "being set up"

    free_until(at: &str) "空闲至 {at}" "free until {at}"
    free_soon_at(at: &str) "快空出，{at} 起空闲" "free soon, at {at}"
    busy_until(at: &str) "使用中，至 {at}" "busy until {at}"
    state_booked "已约" "booked"
    booked_until(at: &str) "已约至 {at}" "booked until {at}"
    open_until(at: &str) "随到随用，开放至 {at}" "drop in, open until {at}"
    metres(count: u16) "{count} 米" "{count} m"
    passage_stairs "楼梯" "stairs"
    passage_lift "电梯" "lift"
    passage_toilets "卫生间" "toilets"
    passage_store "储藏" "store"
    plan_of(floor: &str) "{floor}平面图" "Plan of the {floor}"
    entrance "入口" "entrance"

    booking_requested "等待审批" "Waiting for approval"
    booking_confirmed "已确认" "Confirmed"
    booking_undone "已撤销" "Undone"
    booking_cancelled "已取消" "Cancelled"
    booking_declined "未批准" "Declined"
    booking_released "没有人来" "Nobody came"
    booking_lapsed "没来得及批准" "Not decided in time"
    booking_here "已签到" "Checked in"

    use_self_service "预约后立即确认" "Confirmed at once"
    use_approval "预约后由工作人员审批" "Staff decide on each booking"
    use_drop_in "随到随用，不用预约" "Drop in, no booking"
    use_staff_only "只供工作人员使用" "Staff only"

    role_resident "居民" "resident"
    role_organiser "组织者" "organiser"
    role_staff "工作人员" "staff"
    role_manager "负责人" "manager"
    reach_here "本中心" "this centre"
    reach_everywhere "所有中心" "all centres"
    role_resident_may "预约、报名、看自己的记录" "book, sign up, see what is their own"
    role_organiser_may "发布自己的活动，看谁报了名，签到" "publish activities of their own, see who signed up, check people in"
    role_staff_may "处理申请，替人办理，查资料和操作记录" "decide requests, act for people, open records and the log"
    role_manager_may "工作人员能做的，还有统计、人员、开放时间和房间" "what staff do, and figures, people, hours and rooms"
}

impl BookingState {
    /// Its word.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Requested => lang.booking_requested(),
            Self::Confirmed => lang.booking_confirmed(),
            Self::Undone => lang.booking_undone(),
            Self::Cancelled => lang.booking_cancelled(),
            Self::Declined => lang.booking_declined(),
            Self::Released => lang.booking_released(),
            Self::Lapsed => lang.booking_lapsed(),
        }
    }
}

impl Booking {
    /// The word for where it stands: of a confirmed one also that its people came.
    pub fn word(&self, lang: Lang) -> &'static str {
        match (self.state, &self.check_in.at) {
            (BookingState::Confirmed, Some(_)) => lang.booking_here(),
            (state, _) => state.word(lang),
        }
    }
}

impl UseMode {
    /// What it means for those who come.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::DropIn => lang.use_drop_in(),
            Self::SelfService => lang.use_self_service(),
            Self::Approval => lang.use_approval(),
            Self::StaffOnly => lang.use_staff_only(),
        }
    }
}

impl Role {
    /// Its word.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Resident => lang.role_resident(),
            Self::Organiser => lang.role_organiser(),
            Self::Staff => lang.role_staff(),
            Self::Manager => lang.role_manager(),
        }
    }

    /// What whoever has it may do.
    pub fn may(self, lang: Lang) -> &'static str {
        match self {
            Self::Resident => lang.role_resident_may(),
            Self::Organiser => lang.role_organiser_may(),
            Self::Staff => lang.role_staff_may(),
            Self::Manager => lang.role_manager_may(),
        }
    }
}

impl Reach {
    /// Its words.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Here => lang.reach_here(),
            Self::Everywhere => lang.reach_everywhere(),
        }
    }
}

macro_rules! word_table {
    ($type:ident: $($one:ident $zh:literal $en:literal)*) => {
        impl $type {
            /// Its word.
            pub fn word(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$one, Lang::Zh) => $zh, (Self::$one, Lang::En) => $en,)*
                }
            }
        }
    };
}

word_table! { Equipment:
    Tables "桌子" "tables"
    Chairs "椅子" "chairs"
    Sofa "沙发" "sofa"
    Projector "投影仪" "projector"
    Screen "大屏幕" "screen"
    Blackboard "磁性黑板" "blackboard"
    SoundSystem "音响" "sound system"
    Microphones "话筒" "microphones"
    Wifi "无线网络" "Wi-Fi"
    Computers "电脑" "computers"
    WaterDispenser "饮水机" "water dispenser"
    Books "图书" "books"
    Mirrors "镜墙" "mirrors"
    Piano "钢琴" "piano"
    Instruments "乐器" "instruments"
    Mahjong "麻将桌" "mahjong tables"
    GoTables "棋桌" "chess and Go tables"
    CalligraphyDesks "书画桌" "calligraphy desks"
    TableTennis "乒乓球台" "table tennis"
    Badminton "羽毛球网" "badminton net"
    Basketball "篮球架" "basketball hoops"
    Fitness "健身器材" "fitness machines"
    MassageChairs "按摩椅" "massage chairs"
    Bed "床" "bed"
    BloodPressureMeter "血压计" "blood pressure meter"
    Toys "玩具" "toys"
    CraftMaterials "手工材料" "craft materials"
    VrHeadsets "VR 头盔" "VR headsets"
    StreamingCamera "直播设备" "streaming camera"
    Copier "复印机" "copier"
    Tools "工具" "tools"
}

word_table! { Purpose:
    Meeting "开会" "meeting"
    Lecture "讲座" "lecture"
    Class "上课" "class"
    Reading "阅读自习" "reading and study"
    Games "棋牌" "board games"
    Dance "跳舞" "dance"
    Music "音乐" "music"
    Opera "戏曲" "opera"
    Calligraphy "书画" "calligraphy and painting"
    Sport "运动" "sport"
    Health "健康" "health"
    Counselling "心理咨询" "counselling"
    Legal "法律咨询" "legal advice"
    Children "亲子" "children"
    Handicraft "手工" "handicraft"
    Film "观影" "film"
    Service "办事" "services"
}
