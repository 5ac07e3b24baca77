//! Centre files: in, out, and refused with reasons.

use std::sync::Arc;

use domain::{
    api::{Book, GetAuditLog, GetBooking, GetCentre, ListLetters, NewBooking},
    audit::Act,
    booking::{Booking, BookingState},
    centre::{
        Centre,
        consequence::{HitDecision, Outside, Remedy},
        validate::{CentreFault, faults},
    },
    language::Lang,
    message::News,
};
use server::{
    demo,
    usecase::{
        Call,
        centre::{self, save::NotSaved},
    },
};

use super::fixture::{NOON, Person, Town, at, house, on_both, save, tomorrow};

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
            for table in [
                "delete from room",
                "delete from centre_revision",
                "delete from centre",
            ] {
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
                "select count(*) as n from place_list l where
                taken <> (select count(*) as n from sign_up u where u.centre_id = l.centre_id and u.list_id = l.id and state = 'confirmed')
                or waiting <> (select count(*) as n from sign_up u where u.centre_id = l.centre_id and u.list_id = l.id and state = 'waitlisted')",
                &[],
            )?;
            Ok(row.get::<i64>("n")?)
        });
        assert_eq!(miscounted, 0, "lists count what is on them");
        let lived_in = [
            ("select count(*) as n from attendance", 1_000),
            ("select count(*) as n from audit", 5_000),
            ("select count(*) as n from refused", 500),
            ("select count(*) as n from letter", 1),
        ];
        for (sql, fewest) in lived_in {
            let count: i64 = town.run(move |tx| Ok(tx.one(sql, &[])?.get("n")?));
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
    let outline = |text: &str| domain::centre::plan::Outline::parse(text).unwrap();
    let points = |text: &str| domain::centre::plan::Points::parse(text).unwrap();
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
        overlap.contains(&CentreFault::Overlap {
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
        outside.contains(&CentreFault::OutsideFloor {
            place: "library".into()
        }),
        "{outside:?}"
    );
    let off = broken(&|centre| {
        let quiet = find(centre, "quiet");
        centre.rooms[quiet].doors = points("7.5,7");
    });
    assert!(matches!(off[0], CentreFault::DoorOffWall { .. }), "{off:?}");
    let shut = broken(&|centre| {
        let quiet = find(centre, "quiet");
        centre.rooms[quiet].doors = points("");
    });
    assert_eq!(
        shut,
        [
            CentreFault::Unreachable {
                place: "quiet".into()
            },
            CentreFault::Unreachable {
                place: "club".into()
            }
        ],
        "one reaches the club room through the quiet room only"
    );
    let closed = broken(&|centre| centre.floors[0].entrances = points(""));
    assert_eq!(closed, [CentreFault::NoEntrance]);
    let small = broken(&|centre| centre.floors[0].area = 100.0);
    assert_eq!(
        small,
        [CentreFault::Area {
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
        cycle.contains(&CentreFault::PartOfItself {
            room: "hall".into()
        }),
        "{cycle:?}"
    );
    let parts = broken(&|centre| {
        let whole = find(centre, "hall");
        centre.rooms[whole].outline = outline("0,0 6x7");
    });
    assert!(
        matches!(parts[0], CentreFault::PartsDoNotFill { .. }),
        "{parts:?}"
    );
    let twice = broken(&|centre| {
        let again = centre.rooms[0].clone();
        centre.rooms.push(again);
    });
    assert_eq!(twice, [CentreFault::SameId { id: "hall".into() }]);
    let step = broken(&|centre| centre.rules.step = 7);
    assert!(
        step.contains(&CentreFault::Rule {
            place: "house".into(),
            field: "step".into()
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
        let quiet = |room: &domain::centre::room::Room| room.id.as_str() == "office";
        centre.rooms.retain(|room| !quiet(room));
        let fewer = centre.clone();
        town.run(move |tx| {
            save(tx, &fewer)?.unwrap();
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
        let refused = town.run(move |tx| save(tx, &centre)).unwrap_err();
        assert!(
            matches!(&refused, NotSaved::Undecided(hits) if hits.len() == 1
            && hits[0].0.booking.booking == booking.id && hits[0].0.why == Outside::RoomGone)
        );
        let unknown = Centre {
            zone: "Mars/Olympus".into(),
            ..small()
        };
        assert!(matches!(
            town.run(move |tx| save(tx, &unknown)),
            Err(NotSaved::Zone(_))
        ));
    });
}

#[test]
fn a_room_is_not_removed_under_a_series_and_its_line_ends_with_it() {
    on_both(|town| {
        let [has, waits] = std::array::from_fn(|_| town.resident());
        let slot = tomorrow("office", "10:00", "11:00");
        let mut centre = small();
        let office = |room: &domain::centre::room::Room| room.id.as_str() == "office";
        let open = centre.rooms.iter_mut().find(|room| office(room)).unwrap();
        open.use_mode = domain::centre::room::UseMode::SelfService;
        import(town, centre.clone(), Vec::new()).unwrap();
        let series = domain::api::NewSeries {
            rule: domain::recurrence::Recurrence::parse("FREQ=DAILY;COUNT=3").unwrap(),
            exceptions: Vec::new(),
            room: slot.room.clone(),
            start: slot.start,
            end: slot.end,
            people: 2,
            purpose: None,
            note: String::new(),
            behalf: None,
        };
        let plan = has.ok::<domain::api::BookSeries>(&house(), &series);
        let wanted = domain::api::WantedSlot {
            room: slot.room,
            start: slot.start,
            end: slot.end,
            people: 2,
            behalf: None,
        };
        waits.ok::<domain::api::WaitForSlot>(&house(), &wanted);
        centre.rooms.retain(|room| !office(room));
        let NotSaved::Undecided(hits) = import(town, centre.clone(), Vec::new()).unwrap_err()
        else {
            panic!("nothing is decided");
        };
        assert_eq!(hits.len(), 3, "each date is named");
        let gone = |hit: &domain::centre::consequence::Hit| HitDecision {
            id: hit.booking.booking.clone(),
            what: Remedy::Cancel {
                reason: "装修".into(),
            },
        };
        let decisions = hits.iter().map(|(hit, _)| gone(hit)).collect();
        import(town, centre, decisions).unwrap();
        let made = plan.made.unwrap();
        let after = has.ok::<domain::api::GetSeries>(&(house(), made.id), &());
        assert!(
            after
                .bookings
                .iter()
                .all(|one| one.state == domain::booking::BookingState::Cancelled)
        );
        // Nobody is offered a room that is not there: the line ends, and they are told.
        let settle = || town.wait(server::jobs::settle_due(&town.site)).unwrap();
        settle();
        let letters = waits.ok::<domain::api::ListLetters>(&(), &());
        assert!(matches!(
            letters[0].news,
            domain::message::News::SlotGone { .. }
        ));
        assert!(waits.ok::<domain::api::ListMyWaits>(&(), &()).is_empty());
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
        let outline = |text: &str| domain::centre::plan::Outline::parse(text).unwrap();
        let door = |text: &str| domain::centre::plan::Points::parse(text).unwrap();
        let part = |id: &str, walls: &str, at: &str| domain::centre::room::Room {
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
            save(tx, &centre)?.unwrap();
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

/// Imports with decisions, as the operator does.
fn import(town: &Town, centre: Centre, decisions: Vec<HitDecision>) -> Result<(), NotSaved> {
    let (centres, now_ms) = (Arc::clone(&town.site.centres), town.site.clock.now_ms());
    town.run(move |tx| {
        let call = Call::nobody(now_ms, &centres);
        Ok(centre::save::save(tx, &call, &centre, &decisions)?.map(drop))
    })
}

#[test]
fn a_change_that_leaves_bookings_outside_does_nothing_until_each_is_decided() {
    on_both(|town| {
        let (one, two, three) = (town.resident(), town.resident(), town.resident());
        let stays = one.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let moves = two.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
        let goes = three.ok::<Book>(&house(), &tomorrow("hall-b", "14:00", "15:00"));
        let mut centre = small();
        centre
            .hours
            .special
            .push(domain::centre::hours::SpecialDay {
                date: domain::time::Date::parse("2026-11-23").unwrap(),
                open: domain::centre::hours::DayHours::default(),
                name: domain::language::Name::new("水管抢修", "Burst pipe"),
            });
        let refused = import(town, centre.clone(), Vec::new()).unwrap_err();
        let NotSaved::Undecided(hits) = refused else {
            panic!("{refused:?}")
        };
        let closed = Outside::Closed {
            reason: domain::language::Name::new("水管抢修", "Burst pipe"),
        };
        assert_eq!(hits.len(), 3);
        assert!(
            hits.iter()
                .all(|(hit, person)| hit.why == closed && person == "测试")
        );
        let visitor = town.visitor();
        assert!(
            visitor
                .ok::<GetCentre>(&house(), &())
                .centre
                .hours
                .special
                .is_empty(),
            "nothing was done"
        );

        let decision = |booking: &Booking, what: Remedy| HitDecision {
            id: booking.id.clone(),
            what,
        };
        let cancel = Remedy::Cancel {
            reason: "水管抢修".to_owned(),
        };
        let to = |room: &str| Remedy::Move {
            room: room.into(),
            start: at("2026-11-24T10:00"),
        };
        // One is not decided; one is decided that is not hit; one goes where there is nothing.
        assert!(matches!(
            import(town, centre.clone(), vec![decision(&goes, cancel.clone())]),
            Err(NotSaved::Undecided(_))
        ));
        let strange = HitDecision {
            id: "nobody".into(),
            what: Remedy::Keep,
        };
        assert!(matches!(
            import(town, centre.clone(), vec![strange]),
            Err(NotSaved::NotHit(_))
        ));
        let all = |room: &str| {
            vec![
                decision(&stays, Remedy::Keep),
                decision(&moves, to(room)),
                decision(&goes, cancel.clone()),
            ]
        };
        // Nor into the past, to the day that is closed, or out of the hours; and not twice.
        let at_time = |start: &str| Remedy::Move {
            room: "hall-b".into(),
            start: at(start),
        };
        for there in [
            to("nowhere"),
            at_time("2026-11-20T10:00"),
            at_time("2026-11-23T10:00"),
            at_time("2026-11-24T22:30"),
        ] {
            let mut decided = all("hall-b");
            decided[1].what = there;
            assert!(matches!(
                import(town, centre.clone(), decided),
                Err(NotSaved::NotPossible(ids)) if ids == [moves.id.clone()]
            ));
        }
        let mut twice = all("hall-b");
        twice.push(decision(&moves, cancel.clone()));
        assert!(matches!(
            import(town, centre.clone(), twice),
            Err(NotSaved::DecidedTwice(_))
        ));
        import(town, centre.clone(), all("hall-b")).unwrap();

        let seen = |person: &Person<'_>, booking: &Booking| {
            person.ok::<GetBooking>(&(house(), booking.id.clone()), &())
        };
        assert_eq!(seen(&one, &stays).state, BookingState::Confirmed);
        let moved = seen(&two, &moves);
        assert_eq!(
            (moved.start.local, moved.state),
            (at("2026-11-24T10:00"), BookingState::Confirmed)
        );
        assert_eq!(
            (
                seen(&three, &goes).state,
                seen(&three, &goes).reason.as_str()
            ),
            (BookingState::Cancelled, "水管抢修")
        );
        let letters = |person: &Person<'_>| -> Vec<News> {
            person
                .ok::<ListLetters>(&(), &())
                .into_iter()
                .map(|letter| letter.news)
                .collect()
        };
        assert!(letters(&one).is_empty());
        assert!(matches!(letters(&two)[..], [News::BookingMoved { .. }]));
        assert!(matches!(letters(&three)[..], [News::BookingEnded { .. }]));
        // The floor goes with it, and what was kept is not asked about again.
        let taken = NewBooking {
            start: at("2026-11-24T10:00"),
            end: at("2026-11-24T11:00"),
            ..tomorrow("hall-b", "10:00", "11:00")
        };
        assert_eq!(town.resident().call::<Book>(&house(), &taken).status, 409);
        import(town, centre, Vec::new()).unwrap();
        let log = town.staff().ok::<GetAuditLog>(
            &(house(), domain::time::Date::parse("2026-11-22").unwrap(), 0),
            &(),
        );
        for act in [Act::CentreChanged, Act::BookingMoved, Act::BookingCancelled] {
            assert!(log.entries.iter().any(|entry| entry.act == act), "{act:?}");
        }
    });
}

#[test]
fn a_move_onto_floor_that_somebody_has_changes_nothing() {
    on_both(|town| {
        let (one, two) = (town.resident(), town.resident());
        let moves = one.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
        two.ok::<Book>(
            &house(),
            &NewBooking {
                start: at("2026-11-24T10:00"),
                end: at("2026-11-24T11:00"),
                ..tomorrow("hall", "10:00", "11:00")
            },
        );
        let mut centre = small();
        for room in &mut centre.rooms {
            if room.id.as_str() == "hall-b" {
                (room.people.comfortable, room.people.most) = (1, 1);
            }
        }
        let decision = HitDecision {
            id: moves.id.clone(),
            what: Remedy::Move {
                room: "hall-a".into(),
                start: at("2026-11-24T10:00"),
            },
        };
        let (centres, now_ms) = (Arc::clone(&town.site.centres), town.site.clock.now_ms());
        let done = town.site.db.write_blocking(move |tx| {
            centre::save::save(
                tx,
                &Call::nobody(now_ms, &centres),
                &centre,
                std::slice::from_ref(&decision),
            )
        });
        assert!(done.is_err(), "the database refuses it");
        let seen = one.ok::<GetBooking>(&(house(), moves.id), &());
        assert_eq!(seen.room.as_str(), "hall-b");
    });
}

#[test]
fn another_zone_is_another_time_for_every_booking() {
    on_both(|town| {
        town.resident()
            .ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let centre = Centre {
            zone: "Asia/Urumqi".into(),
            ..small()
        };
        let refused = import(town, centre, Vec::new()).unwrap_err();
        assert!(
            matches!(&refused, NotSaved::Undecided(hits) if matches!(hits[0].0.why, Outside::OtherTime { .. }))
        );
    });
}

#[test]
fn a_booking_made_while_a_room_is_taken_away_is_not_left_without_it() {
    let town = Town::on_postgres();
    for _ in 0..8 {
        let mut without = small();
        without.rooms.retain(|room| room.id.as_str() != "quiet");
        let resident = town.staff();
        std::thread::scope(|scope| {
            let booked = scope.spawn(|| {
                resident
                    .call::<Book>(&house(), &tomorrow("quiet", "10:00", "11:00"))
                    .status
            });
            let saved = scope.spawn(|| import(&town, without, Vec::new()));
            let (booked, saved) = (booked.join().unwrap(), saved.join().unwrap());
            assert!(booked != 200 || saved.is_err(), "{booked} {saved:?}");
        });
        town.run(|tx| {
            Ok(tx.exec("delete from taken where room_id = 'quiet'", &[])?
                + tx.exec(
                    "update booking set state = 'undone' where room_id = 'quiet'",
                    &[],
                )?)
        });
        import(&town, small(), Vec::new()).unwrap();
    }
}
