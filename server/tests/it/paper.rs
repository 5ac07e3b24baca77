//! Paper: the day, sheets to sign, slips and door signs, for those who may see what stands on them.

use domain::{
    activity::Audience,
    api::{
        AddPerson, Book, Endpoint, GetAuditLog, GetDaySheet, GetDoorSign, GetSignInSheet, GetSlip,
        NewCaller, SignUpFor,
    },
    audit::Act,
    person::behalf::{Behalf, Channel},
};

use super::{
    classes::{class, path, places},
    fixture::{Person, day, house, on_both, tomorrow},
};

fn print<E: Endpoint>(person: &Person<'_>, path: &E::Path) -> (u16, String) {
    let answer = person.raw("GET", &E::url(path), &[], &[]);
    (answer.status, answer.body)
}

#[test]
fn the_day_stands_on_paper_for_staff_alone() {
    on_both(|town| {
        let (neighbour, staff) = (town.resident(), town.staff());
        let mut wanted = tomorrow("hall-a", "10:00", "11:00");
        wanted.note = "<b>投影</b>".to_owned();
        neighbour.ok::<Book>(&house(), &wanted);
        neighbour.ok::<Book>(&house(), &tomorrow("quiet", "18:00", "19:00"));
        let path = (house(), day("2026-11-23"));
        let (status, sheet) = print::<GetDaySheet>(&staff, &path);
        assert_eq!(status, 200);
        for part in ["甲厅", "10:00–11:00", "&lt;b&gt;投影", "等待审批", "<svg"] {
            assert!(sheet.contains(part), "{part} in {sheet}");
        }
        assert!(!sheet.contains("<b>投影"));
        assert_eq!(print::<GetDaySheet>(&neighbour, &path).0, 403);
        assert_eq!(print::<GetDaySheet>(&town.visitor(), &path).0, 401);
        let empty = print::<GetDaySheet>(&staff, &(house(), day("2026-12-24"))).1;
        assert!(empty.contains("这一天还没有预约"));
    });
}

#[test]
fn sheets_and_slips_name_people_and_a_look_at_them_is_logged() {
    on_both(|town| {
        let (mother, staff) = (town.resident(), town.staff());
        let activity = class(town, 3, Audience::default());
        mother.ok::<SignUpFor>(&path(&activity), &places(&activity, &[&mother.id], false));
        let session = (house(), activity.sessions[0].id.clone());
        let sheet = print::<GetSignInSheet>(&staff, &session).1;
        assert!(
            sheet.contains("四点半课堂") && sheet.contains("<td>1</td>"),
            "{sheet}"
        );
        assert_eq!(print::<GetSignInSheet>(&mother, &session).0, 403);

        let caller = NewCaller {
            name: "王桂兰".to_owned(),
            phone: String::new(),
            birth: None,
            family: Vec::new(),
        };
        let caller = staff.ok::<AddPerson>(&house(), &caller);
        let slip = (house(), caller.id.clone());
        assert!(print::<GetSlip>(&staff, &slip).1.contains("没有接下来的"));
        let mut wanted = tomorrow("hall-b", "15:00", "16:00");
        wanted.behalf = Some(Behalf {
            person: caller.id.clone(),
            channel: Channel::Desk,
        });
        staff.ok::<Book>(&house(), &wanted);
        let printed = print::<GetSlip>(&staff, &slip).1;
        for part in ["王桂兰", "乙厅", "15:00–16:00", "测试路 1 号"] {
            assert!(printed.contains(part), "{part} in {printed}");
        }
        assert_eq!(print::<GetSlip>(&mother, &slip).0, 403);
        let log = staff.ok::<GetAuditLog>(&(house(), day("2026-11-22"), 0), &());
        assert!(log.entries.iter().any(|one| one.act == Act::PersonSeen));
    });
}

#[test]
fn a_door_sign_opens_its_room() {
    on_both(|town| {
        let (status, sign) = print::<GetDoorSign>(&town.visitor(), &(house(), "hall-a".into()));
        assert_eq!(status, 200);
        assert!(sign.contains("甲厅") && sign.contains("<svg"));
        let nowhere = print::<GetDoorSign>(&town.visitor(), &(house(), "nowhere".into()));
        assert_eq!(nowhere.0, 404);
    });
}
