//! Centre files: in, out, and refused with reasons.

use domain::{
    api::{Book, GetCentre},
    centre::Centre,
    text::Lang,
    validate::{Fault, faults},
};
use server::{
    demo,
    usecase::centre::{NotSaved, save},
};

use super::fixture::{NOON, house, on_both, tomorrow};

fn small() -> Centre {
    toml::from_str(include_str!("house.toml")).unwrap()
}

#[test]
fn every_demo_centre_is_sound_and_survives_its_file() {
    for file in demo::FILES {
        let centre: Centre = toml::from_str(file).unwrap();
        let told: Vec<_> = faults(&centre)
            .iter()
            .map(|fault| fault.sentence(Lang::En))
            .collect();
        assert_eq!(told, Vec::<String>::new(), "{}", centre.id);
        let again: Centre = toml::from_str(&toml::to_string(&centre).unwrap()).unwrap();
        assert_eq!(again, centre);
        let drawn: f64 = centre.floors.iter().map(|floor| floor.outline.area()).sum();
        let reported: f64 = centre.floors.iter().map(|floor| floor.area).sum();
        assert!((drawn - reported).abs() <= 0.03 * reported, "{}", centre.id);
    }
}

#[test]
fn a_demo_fills_an_empty_database_once_and_the_same_each_time() {
    let counts = std::sync::Mutex::new(Vec::new());
    on_both(|town| {
        town.run(|tx| {
            for table in ["delete from room", "delete from centre"] {
                tx.exec(table, &[])?;
            }
            Ok(())
        });
        let made = town.run(|tx| demo::fill(tx, NOON * 1000, 7));
        assert_eq!((made.centres, made.people), (7, 64 + 30), "with children");
        assert!(made.bookings > 2_000, "{}", made.bookings);
        assert!(made.sign_ups > 4_000, "{}", made.sign_ups);
        let miscounted = town.run(|tx| {
            let row = tx.one(
                "select count(*) from place_list l where
                taken <> (select count(*) from sign_up u where u.centre_id = l.centre_id and u.list_id = l.id and state = 'confirmed')
                or waiting <> (select count(*) from sign_up u where u.centre_id = l.centre_id and u.list_id = l.id and state = 'waitlisted')",
                &[],
            )?;
            Ok(row.get::<i64>(0)?)
        });
        assert_eq!(miscounted, 0, "lists count what is on them");
        let lived_in = [
            ("select count(*) from attendance", 1_000),
            ("select count(*) from audit", 5_000),
            ("select count(*) from refusal", 500),
            ("select count(*) from letter", 1),
        ];
        for (sql, fewest) in lived_in {
            let count: i64 = town.run(move |tx| Ok(tx.one(sql, &[])?.get(0)?));
            assert!(count >= fewest, "{sql}: {count}");
        }
        counts.lock().unwrap().push((made.bookings, made.sign_ups));
        assert!(
            town.site
                .db
                .write_blocking(|tx| demo::fill(tx, NOON * 1000, 7))
                .is_err()
        );
    });
    let counts = counts.into_inner().unwrap();
    assert_eq!(counts[0], counts[1]);
}

#[test]
fn what_is_wrong_with_a_plan_is_named() {
    let broken = |edit: &dyn Fn(&mut Centre)| {
        let mut centre = small();
        edit(&mut centre);
        faults(&centre)
    };
    let outline = |text: &str| domain::plan::Outline::parse(text).unwrap();
    let points = |text: &str| domain::plan::Points::parse(text).unwrap();
    let find = |centre: &mut Centre, id: &str| {
        centre
            .rooms
            .iter()
            .position(|room| room.id.as_str() == id)
            .unwrap()
    };

    assert_eq!(broken(&|_| {}), vec![]);
    let overlap = broken(&|centre| {
        let quiet = find(centre, "quiet");
        centre.rooms[quiet].outline = outline("5,4 4x4");
    });
    assert!(
        overlap.contains(&Fault::Overlap {
            place: "hall-b".into(),
            other: "quiet".into()
        }),
        "{overlap:?}"
    );
    let outside = broken(&|centre| {
        let library = find(centre, "library");
        centre.rooms[library].outline = outline("9,4 4x4");
    });
    assert!(
        outside.contains(&Fault::OutsideFloor {
            place: "library".into()
        }),
        "{outside:?}"
    );
    let off = broken(&|centre| {
        let quiet = find(centre, "quiet");
        centre.rooms[quiet].doors = points("7.5,7");
    });
    assert!(matches!(off[0], Fault::DoorOffWall { .. }), "{off:?}");
    let shut = broken(&|centre| {
        let quiet = find(centre, "quiet");
        centre.rooms[quiet].doors = points("");
    });
    assert_eq!(
        shut,
        [
            Fault::Unreachable {
                place: "quiet".into()
            },
            Fault::Unreachable {
                place: "club".into()
            }
        ],
        "one reaches the club room through the quiet room only"
    );
    let closed = broken(&|centre| centre.floors[0].entrances = points(""));
    assert_eq!(closed, [Fault::NoEntrance]);
    let small = broken(&|centre| centre.floors[0].area = 100.0);
    assert_eq!(
        small,
        [Fault::Area {
            floor: "1".into(),
            drawn: 120.0,
            reported: 100.0
        }]
    );
    let cycle = broken(&|centre| {
        let part = find(centre, "hall-a");
        centre.rooms[part].parts = vec!["hall".into()];
    });
    assert!(
        cycle.contains(&Fault::PartOfItself {
            room: "hall".into()
        }),
        "{cycle:?}"
    );
    let parts = broken(&|centre| {
        let whole = find(centre, "hall");
        centre.rooms[whole].outline = outline("0,0 6x7");
    });
    assert!(
        matches!(parts[0], Fault::PartsDoNotFill { .. }),
        "{parts:?}"
    );
    let twice = broken(&|centre| {
        let again = centre.rooms[0].clone();
        centre.rooms.push(again);
    });
    assert_eq!(twice, [Fault::SameId { id: "hall".into() }]);
    let step = broken(&|centre| centre.rules.step = 7);
    assert!(
        step.contains(&Fault::Rule {
            place: "house".into(),
            field: "step"
        }),
        "{step:?}"
    );
    for fault in [
        overlap, outside, off, shut, closed, small, cycle, parts, twice, step,
    ]
    .concat()
    {
        assert!(!fault.sentence(Lang::Zh).is_empty() && !fault.sentence(Lang::En).is_empty());
    }
}

#[test]
fn a_room_with_bookings_to_come_is_not_dropped() {
    on_both(|town| {
        let booking = town
            .resident()
            .ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
        let mut centre = small();
        let quiet = |room: &domain::room::Room| room.id.as_str() == "office";
        centre.rooms.retain(|room| !quiet(room));
        let fewer = centre.clone();
        town.run(move |tx| {
            save(tx, NOON, &fewer)?.unwrap();
            Ok(())
        });
        assert_eq!(
            town.visitor()
                .ok::<GetCentre>(&house(), &())
                .centre
                .rooms
                .len(),
            6
        );

        centre
            .rooms
            .retain(|room| !room.id.as_str().starts_with("hall"));
        let refused = town.run(move |tx| save(tx, NOON, &centre)).unwrap_err();
        assert!(matches!(refused, NotSaved::RoomsInUse(rooms) if rooms == [booking.room.clone()]));
        let unknown = Centre {
            zone: "Mars/Olympus".into(),
            ..small()
        };
        assert!(matches!(
            town.run(move |tx| save(tx, NOON, &unknown)),
            Err(NotSaved::Zone(_))
        ));
    });
}

#[test]
fn a_room_that_is_divided_later_keeps_its_bookings() {
    on_both(|town| {
        town.resident()
            .ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "12:00"));
        let mut centre = small();
        let whole = centre
            .rooms
            .iter()
            .position(|room| room.id.as_str() == "hall-a")
            .unwrap();
        let outline = |text: &str| domain::plan::Outline::parse(text).unwrap();
        let door = |text: &str| domain::plan::Points::parse(text).unwrap();
        let part = |id: &str, walls: &str, at: &str| domain::room::Room {
            id: id.into(),
            outline: outline(walls),
            doors: door(at),
            ..centre.rooms[whole].clone()
        };
        let parts = [
            part("left", "0,0 1.5x8", "0.7,8"),
            part("right", "1.5,0 1.5x8", "2.2,8"),
        ];
        centre.rooms[whole].parts = vec!["left".into(), "right".into()];
        centre.rooms.extend(parts);
        town.run(move |tx| {
            save(tx, NOON, &centre)?.unwrap();
            Ok(())
        });
        for room in ["hall", "hall-a", "left", "right"] {
            let answer = town
                .resident()
                .call::<Book>(&house(), &tomorrow(room, "11:00", "11:30"));
            assert_eq!(answer.status, 409, "{room}: {}", answer.body);
        }
        town.resident()
            .ok::<Book>(&house(), &tomorrow("left", "12:00", "13:00"));
    });
}
