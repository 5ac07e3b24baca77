//! Checking in, walking in, and who did not come.

use domain::{
    activity::{Audience, attendance::Mark},
    api::{
        AddWalkIn, GetDesk, GetFigures, GetPerson, GetSheet, MarkPerson, NewActivity, NewMark,
        NewSignUp, Publish, SignUpFor, WalkIn,
    },
    figures::Count,
    person::permission::Role,
    problem::{Problem, TextFault},
    sign_up::refusal::SignUpRefusal,
};

use super::{
    classes::{child, class, new_activity, organiser, path, places, refusal},
    fixture::{Person, day, house, on_both, period},
};

#[test]
fn people_are_checked_in_and_walk_in_and_children_are_picked_up() {
    on_both(|town| {
        let organiser = organiser(town);
        let children = NewActivity {
            pick_up: true,
            ..new_activity(1, 3)
        };
        let activity = organiser.ok::<Publish>(&house(), &children);
        let mother = town.resident();
        let child = child(&mother, "小满", "2018-05-20");
        mother.ok::<SignUpFor>(&path(&activity), &places(&activity, &[&child], false));
        let sheet = (house(), activity.sessions[0].id.clone());
        assert_eq!(
            organiser.problem::<GetSheet>(&sheet, &()),
            Problem::NotAllowed,
            "not two days before"
        );
        assert_eq!(town.staff().ok::<GetSheet>(&sheet, &()).rows.len(), 1);
        town.pass(24 * 3600);
        assert_eq!(
            mother.problem::<GetSheet>(&sheet, &()),
            Problem::NotAllowed,
            "names are not for everybody"
        );
        let before = organiser.ok::<GetSheet>(&sheet, &());
        let row = &before.rows[0];
        assert_eq!(
            (row.name.as_str(), row.guardian.as_deref(), row.mark),
            ("小满", Some("测试"), None)
        );
        assert!(row.phone.is_some(), "the guardian can be reached");

        let note = |mark| NewMark {
            person: child.clone(),
            mark,
            fetched_by: String::new(),
        };
        assert!(
            matches!(
                refusal(organiser.problem::<MarkPerson>(&sheet, &note(Some(Mark::Away)))),
                SignUpRefusal::NotYet { .. }
            ),
            "nobody is away from what has not begun"
        );
        let here = organiser.ok::<MarkPerson>(&sheet, &note(Some(Mark::Here)));
        assert_eq!(here.rows[0].mark, Some(Mark::Here));
        let fetched = note(Some(Mark::PickedUp));
        assert!(
            matches!(organiser.problem::<MarkPerson>(&sheet, &fetched), Problem::Invalid { fields } if fields[0].field == "fetched_by"),
            "no child goes with nobody"
        );
        let fetched = NewMark {
            fetched_by: " 奶奶 ".to_owned(),
            ..fetched
        };
        let row = &organiser.ok::<MarkPerson>(&sheet, &fetched).rows[0];
        assert_eq!(
            (row.mark, row.fetched_by.as_deref()),
            (Some(Mark::PickedUp), Some("奶奶"))
        );
        let again = organiser.ok::<MarkPerson>(&sheet, &note(Some(Mark::Here)));
        assert_eq!(again.rows[0].fetched_by, None, "it has come back");
        assert_eq!(
            organiser.ok::<MarkPerson>(&sheet, &note(None)).rows[0].mark,
            None
        );
        let stranger = NewMark {
            person: "nobody".into(),
            mark: Some(Mark::Here),
            fetched_by: String::new(),
        };
        assert_eq!(
            organiser.problem::<MarkPerson>(&sheet, &stranger),
            Problem::NotFound
        );

        // Grown-ups come as well.
        town.run(|tx| Ok(tx.exec("update activity set pick_up = 0", &[])?));
        // Somebody without a phone walks in, somebody with one twice, and somebody who has a place.
        let walk = |name: &str, phone: &str| WalkIn {
            name: name.to_owned(),
            phone: phone.to_owned(),
            person: None,
            consent: None,
            overtake: true,
        };
        assert_eq!(
            organiser
                .ok::<AddWalkIn>(&sheet, &walk("奶奶", ""))
                .rows
                .len(),
            2
        );
        organiser.ok::<AddWalkIn>(&sheet, &walk("老王", "138 7777 0001"));
        assert_eq!(
            organiser.problem::<AddWalkIn>(&sheet, &walk("王建国", "13877770001")),
            Problem::field("phone", TextFault::Theirs),
            "somebody else is on the sheet with it"
        );
        let twice = organiser.ok::<AddWalkIn>(&sheet, &walk("老王", "13877770001"));
        assert_eq!(twice.rows.len(), 3);
        assert!(twice.rows[1].walk_in && twice.rows[1].mark == Some(Mark::Here));
        assert!(
            matches!(organiser.problem::<AddWalkIn>(&sheet, &walk("x", "12")), Problem::Invalid { fields } if fields[0].field == "phone")
        );
        assert!(
            matches!(organiser.problem::<AddWalkIn>(&sheet, &walk(" ", "")), Problem::Invalid { fields } if fields[0].field == "name")
        );
        let gone = NewMark {
            person: twice.rows[2].person.clone(),
            mark: None,
            fetched_by: String::new(),
        };
        assert_eq!(
            organiser.ok::<MarkPerson>(&sheet, &gone).rows.len(),
            2,
            "a walk-in that is taken back was never there"
        );
    });
}

#[test]
fn those_who_did_not_come_are_counted() {
    on_both(|town| {
        let activity = class(town, 3, Audience::default());
        let path = (house(), activity.id.clone());
        let (came, away, forgotten) = (town.resident(), town.resident(), town.resident());
        for person in [&came, &away, &forgotten] {
            let wanted = NewSignUp {
                session: Some(activity.sessions[0].id.clone()),
                people: vec![person.id.clone()],
                wait: false,
                consent: None,
                behalf: None,
            };
            person.ok::<SignUpFor>(&path, &wanted);
        }
        let manager = town.person(Some((Some("house"), Role::Manager)));
        let sheet = (house(), activity.sessions[0].id.clone());
        town.pass(29 * 3600);
        for (person, mark) in [(&came, Mark::Here), (&away, Mark::Away)] {
            let note = NewMark {
                person: person.id.clone(),
                mark: Some(mark),
                fetched_by: String::new(),
            };
            manager.ok::<MarkPerson>(&sheet, &note);
        }
        let counts = |manager: &Person<'_>| {
            let house = manager.ok::<GetDesk>(&(house(), day("2026-11-23")), &());
            let one = &house.sessions[0];
            (one.signed_up, one.came, one.missed)
        };
        assert_eq!(counts(&manager), (3, 1, 1), "it is still on");
        town.pass(2 * 3600);
        assert_eq!(counts(&manager), (3, 1, 2), "who is not on a used sheet");
        let card = |person: &Person<'_>| {
            let card = manager.ok::<GetPerson>(&(house(), person.id.clone()), &());
            (card.came, card.missed)
        };
        assert_eq!(
            (card(&came), card(&away), card(&forgotten)),
            ((1, 0), (0, 1), (0, 1))
        );
        let figures = manager.ok::<GetFigures>(&(house(), period("2026-11-23")), &());
        let one = &figures.activities[0];
        assert_eq!(
            (one.sessions, one.signed_up, one.came, one.missed),
            (1, Count::Few, Count::Few, Count::Few)
        );
        let file = manager.raw(
            "GET",
            "/api/v1/centres/house/figures/2026-11-23/activities",
            &[],
            &[],
        );
        assert_eq!(
            file.body,
            "\u{feff}活动,场次,名额,报名,到场,缺席,中心,从,到\r\n\
             四点半课堂,1,3,<5,<5,<5,小屋,2026-10-27,2026-11-23\r\n"
        );
        assert_eq!(
            manager
                .raw(
                    "GET",
                    "/api/v1/centres/house/figures/2026-11-23/x",
                    &[],
                    &[]
                )
                .status,
            404
        );
    });
}
