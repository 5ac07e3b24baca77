//! Cases of the demo: four weeks of what neighbours asked the houses for, told through the use cases themselves.

use std::sync::Arc;

use domain::{
    api::{NewCase, NewStep},
    case::{
        due::Urgency,
        kind::CaseKind,
        step::{Step, WaitsFor},
    },
    id::{CaseId, PersonId, PictureId},
    person::{
        behalf::{Behalf, Channel},
        permission::{Actor, Grant, Role},
    },
    time::Date,
};
use resvg::{tiny_skia, usvg};

use super::{
    broken,
    house::{DemoCentre, FIRST},
};
use crate::{
    clock,
    db::{Fail, Tx},
    usecase::{
        Call,
        case::{
            picture::{self, Encoded},
            send, step,
        },
        person::behalf,
    },
};

/// A case: who (by their number among the folk), how many days ago at what hour, by which way.
struct Told {
    kind: CaseKind,
    words: &'static str,
    place: &'static str,
    who: usize,
    days_ago: i64,
    hour: i64,
    channel: Channel,
    picture: Option<&'static str>,
    /// What happened then, each so many hours after it came.
    then: &'static [(i64, Did, &'static str)],
}

enum Did {
    House(Step),
    Asker(Step),
    /// Somebody comes in so many hours.
    Plan(i64),
    /// The house finishes, with a picture.
    Mended(&'static str),
}

const TAKE: Did = Did::House(Step::Take);
const FINISH: Did = Did::House(Step::Finish);
const CONFIRM: Did = Did::Asker(Step::Confirm);
const NAME: Did = Did::House(Step::Name);
const ASKED: Did = Did::House(Step::Wait {
    on: WaitsFor::Asker,
});
const OFFICE: Did = Did::House(Step::Wait {
    on: WaitsFor::Office,
});
const WORKS: Did = Did::House(Step::Wait {
    on: WaitsFor::Works,
});

/// A lamp that is dark, and one that shines: drawn, not photographed.
const LAMP: &str = include_str!("lamp.svg");
const LAMP_ON: &str = include_str!("lamp_on.svg");
const PUDDLE: &str = include_str!("puddle.svg");

const TOLD: &[Told] = &[
    Told {
        kind: CaseKind::Matter,
        words: "想给外地来的女儿办居住证，要带哪些材料？",
        place: "",
        who: 0,
        days_ago: 1,
        hour: 11,
        channel: Channel::App,
        picture: None,
        then: &[
            (1, TAKE, ""),
            (2, ASKED, "请带身份证、租房合同原件，周一到周日都可以来。"),
        ],
    },
    Told {
        kind: CaseKind::Report,
        words: "三号楼二单元楼道的灯不亮了，晚上老人上下楼看不见",
        place: "三号楼二单元",
        who: 5,
        days_ago: 2,
        hour: 20,
        channel: Channel::App,
        picture: Some(LAMP),
        then: &[
            (15, TAKE, ""),
            (15, NAME, "三号楼二单元楼道灯不亮"),
            (16, Did::Plan(60), "电工带新灯来换"),
        ],
    },
    Told {
        kind: CaseKind::Report,
        words: "活动室门口一下雨就积水",
        place: "老年活动室门口",
        who: 8,
        days_ago: 9,
        hour: 12,
        channel: Channel::App,
        picture: Some(PUDDLE),
        then: &[
            (2, TAKE, ""),
            (2, NAME, "老年活动室门口积水"),
            (26, WORKS, "等排水管到货"),
        ],
    },
    Told {
        kind: CaseKind::Report,
        words: "自行车棚的灯坏了",
        place: "东门自行车棚",
        who: 0,
        days_ago: 12,
        hour: 19,
        channel: Channel::App,
        picture: Some(LAMP),
        then: &[
            (14, TAKE, ""),
            (14, NAME, "东门自行车棚灯坏"),
            (40, Did::Mended(LAMP_ON), "换了灯泡，也查了线路。"),
            (45, CONFIRM, ""),
        ],
    },
    Told {
        kind: CaseKind::Errand,
        words: "我妈腿摔了出不了门，请帮忙把高龄补贴的表交到街道",
        place: "五号楼一单元 302",
        who: 12,
        days_ago: 3,
        hour: 15,
        channel: Channel::Phone,
        picture: None,
        then: &[
            (1, TAKE, ""),
            (20, Did::House(Step::Visit), "取了表和身份证复印件"),
            (26, OFFICE, "街道三个工作日内审核"),
        ],
    },
    Told {
        kind: CaseKind::Visit,
        words: "想请人上门帮老伴量血压，顺便办养老认证",
        place: "七号楼二单元 101",
        who: 15,
        days_ago: 1,
        hour: 16,
        channel: Channel::Desk,
        picture: None,
        then: &[(1, TAKE, ""), (2, Did::Plan(42), "带血压计和认证机")],
    },
    Told {
        kind: CaseKind::Matter,
        words: "灵活就业社保怎么缴？断了两个月能补吗",
        place: "",
        who: 20,
        days_ago: 6,
        hour: 11,
        channel: Channel::Phone,
        picture: None,
        then: &[
            (1, TAKE, ""),
            (
                3,
                FINISH,
                "可以补缴，已经发了办理步骤，也可以来大厅在机器上办。",
            ),
            (20, CONFIRM, ""),
        ],
    },
    Told {
        kind: CaseKind::Matter,
        words: "孩子转学要开居住证明",
        place: "",
        who: 24,
        days_ago: 0,
        hour: 10,
        channel: Channel::Desk,
        picture: None,
        then: &[],
    },
    Told {
        kind: CaseKind::Suggestion,
        words: "阅览区能不能晚点关？下班过来只剩半小时",
        place: "",
        who: 28,
        days_ago: 5,
        hour: 21,
        channel: Channel::App,
        picture: None,
        then: &[
            (16, TAKE, ""),
            (
                60,
                FINISH,
                "从下月起阅览区周二、周四开到十点半，先试两个月。",
            ),
        ],
    },
    Told {
        kind: CaseKind::Suggestion,
        words: "希望广场舞音量小一点，孩子写作业",
        place: "",
        who: 31,
        days_ago: 2,
        hour: 22,
        channel: Channel::App,
        picture: None,
        then: &[],
    },
    Told {
        kind: CaseKind::Matter,
        words: "楼上漏水，找谁协调？",
        place: "",
        who: 18,
        days_ago: 15,
        hour: 12,
        channel: Channel::Phone,
        picture: None,
        then: &[
            (1, TAKE, ""),
            (4, Did::House(Step::Call), "和楼上约了周六一起看"),
            (80, FINISH, "楼上换了软管，两家都说好了。"),
            (90, Did::Asker(Step::Reopen), "又开始滴了"),
            (120, FINISH, "物业重新做了防水，观察一周没有再漏。"),
        ],
    },
    Told {
        kind: CaseKind::Petition,
        words: "反映停车位分配不公开的问题，请负责人答复",
        place: "",
        who: 33,
        days_ago: 4,
        hour: 14,
        channel: Channel::App,
        picture: None,
        then: &[],
    },
];

impl DemoCentre<'_, '_> {
    /// Lets the house have its cases: the first one all of them, the others some.
    pub(super) fn cases(&mut self) -> Result<(), Fail> {
        if self.known.centre.zone != "Asia/Shanghai" {
            return Ok(());
        }
        let is_first = self.known.centre.id.as_str() == FIRST;
        let offset = self.known.centre.id.as_str().len();
        for (number, told) in TOLD.iter().enumerate() {
            if is_first || number % 3 == offset % 3 {
                // The account of the demo asked in the first house alone.
                let who = match is_first {
                    true => told.who,
                    false => 5 + (told.who + offset * 7) % 40,
                };
                self.tell_case(told, who)?;
            }
        }
        Ok(())
    }

    fn call(&self, person: &PersonId, at: i64, role: Option<Role>) -> Call {
        let roles = role.map(|role| Grant { centre: None, role });
        let actor = Actor {
            person: Some(person.clone()),
            roles: roles.into_iter().collect(),
        };
        Call::new((actor, None), at * 1000, &Arc::default())
    }

    fn tell_case(&mut self, told: &Told, who: usize) -> Result<(), Fail> {
        let now = self.now_ms / 1000;
        let today: Date = self.known.zone.stamp(now).local.date();
        let at = self
            .known
            .zone
            .utc_or_next(today.plus(-told.days_ago).at(told.hour * 60 + 7));
        // What would be later than now has not happened yet.
        let came = at.min(now - 1_800);
        let person = self.folk[who].clone();
        let staff = self.folk[2].clone();
        let by_house = told.channel != Channel::App;
        let call = match by_house {
            true => self.call(&staff, came, Some(Role::Staff)),
            false => self.call(&person, came, None),
        };
        let centre = self.known.centre.id.clone();
        if by_house {
            behalf::note_met(self.tx, &call, &centre, &person)?;
        }
        let picture = told
            .picture
            .map(|svg| add_picture(self.tx, &call, (&centre, &person), svg));
        let new = NewCase {
            kind: told.kind,
            words: told.words.to_owned(),
            place: told.place.to_owned(),
            agreed: true,
            urgency: (told.kind == CaseKind::Visit).then_some(Urgency::Day),
            pictures: picture.transpose()?.into_iter().collect(),
            behalf: by_house.then(|| Behalf {
                person: person.clone(),
                channel: told.channel,
            }),
            ..NewCase::default()
        };
        let case = send::send(self.tx, &call, centre.clone(), new)?;
        for (after, did, words) in told.then {
            let at = came + after * 3_600;
            if at >= now {
                break;
            }
            self.take_step(&case.row.id, (&person, at), (did, words))?;
        }
        Ok(())
    }

    fn take_step(
        &mut self,
        case: &CaseId,
        (person, at): (&PersonId, i64),
        (did, words): (&Did, &str),
    ) -> Result<(), Fail> {
        let staff = self.folk[2].clone();
        let house = self.call(&staff, at, Some(Role::Staff));
        let centre = self.known.centre.id.clone();
        let (call, taken, pictures) = match did {
            Did::House(step) => (house, step.clone(), Vec::new()),
            Did::Asker(step) => (self.call(person, at, None), step.clone(), Vec::new()),
            Did::Plan(hours) => {
                let when = self.known.zone.stamp(at + hours * 3_600).local;
                let at = when.date().at(10 * 60 + 30);
                (house, Step::Plan { at }, Vec::new())
            }
            Did::Mended(svg) => {
                let picture = add_picture(self.tx, &house, (&centre, &staff), svg)?;
                (house, Step::Finish, vec![picture])
            }
        };
        let new = NewStep {
            step: taken,
            words: words.to_owned(),
            pictures,
            revision: None,
        };
        step::take(self.tx, &call, (centre, case.clone()), new).map(drop)
    }
}

/// Draws a picture and stores it as one that somebody sent.
fn add_picture(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, person): (&domain::id::CentreId, &PersonId),
    svg: &str,
) -> Result<PictureId, Fail> {
    let tree = usvg::Tree::from_str(svg, &usvg::Options::default())
        .map_err(|cause| broken(&cause.to_string()))?;
    let mut pixels = tiny_skia::Pixmap::new(960, 720).ok_or_else(|| broken("no picture"))?;
    resvg::render(&tree, tiny_skia::Transform::default(), &mut pixels.as_mut());
    let png = pixels
        .encode_png()
        .map_err(|cause| broken(&cause.to_string()))?;
    let encoded: Encoded = picture::encode(&png)?;
    let id = PictureId::new(clock::new_id(call.now_ms));
    picture::insert(tx, call, (centre, &id, person), &encoded)?;
    Ok(id)
}
