//! One slot, many hands: never more than one wins, on both databases.

use std::sync::Barrier;

use domain::{
    api::{Book, DecideBooking, Decision, GetOccupancy, NewBooking},
    booking::{BookingState, refusal::Refusal},
    problem::Problem,
    time::Date,
};

use super::fixture::{Town, house, on_both, tomorrow};

const CALLERS: usize = 64;

/// All call at once; gives how many were told yes.
fn rush(town: &Town, wanted: impl Fn(usize) -> NewBooking + Sync) -> usize {
    let people: Vec<_> = (0..CALLERS).map(|_| town.resident()).collect();
    let start = Barrier::new(CALLERS);
    std::thread::scope(|scope| {
        let callers: Vec<_> = people
            .iter()
            .enumerate()
            .map(|(number, person)| {
                let (start, wanted) = (&start, &wanted);
                scope.spawn(move || {
                    start.wait();
                    let answer = person.call::<Book>(&house(), &wanted(number));
                    match answer.status {
                        200 => true,
                        409 => {
                            let problem = answer.problem();
                            assert!(
                                matches!(
                                    problem,
                                    Problem::Refused {
                                        refusal: Refusal::Taken { .. },
                                        ..
                                    }
                                ),
                                "{problem:?}"
                            );
                            false
                        }
                        other => panic!("{other}: {}", answer.body),
                    }
                })
            })
            .collect();
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap())
            .filter(|won| *won)
            .count()
    })
}

/// No two confirmed bookings of the day share floor.
fn assert_sound(town: &Town) {
    let day = Date::parse("2026-11-23").unwrap();
    let centre: domain::centre::Centre = toml::from_str(include_str!("house.toml")).unwrap();
    let taken = town
        .visitor()
        .ok::<GetOccupancy>(&(house(), day, 1), &())
        .taken;
    for (i, a) in taken.iter().enumerate() {
        for b in &taken[i + 1..] {
            let apart = a.end.local <= b.start.local || b.end.local <= a.start.local;
            assert!(
                apart || !centre.sharing(&a.room).contains(&&b.room),
                "{a:?} {b:?}"
            );
        }
    }
}

#[test]
fn one_of_sixty_four_gets_the_slot() {
    on_both(|town| {
        assert_eq!(rush(town, |_| tomorrow("hall-a", "18:00", "19:00")), 1);
        assert_sound(town);
    });
}

#[test]
fn a_hall_and_its_halves_are_never_both_taken() {
    on_both(|town| {
        let rooms = ["hall", "hall-a", "hall-b"];
        let won = rush(town, |number| tomorrow(rooms[number % 3], "18:00", "19:00"));
        assert!(
            won == 1 || won == 2,
            "the hall, or both halves, or one of them: {won}"
        );
        assert_sound(town);
    });
}

#[test]
fn overlapping_slots_of_many_lengths_do_not_clash() {
    on_both(|town| {
        let won = rush(town, |number| {
            let (from, length) = (
                8 * 60 + (number as i64 % 8) * 30,
                30 + (number as i64 % 5) * 30,
            );
            let day = Date::parse("2026-11-23").unwrap();
            NewBooking {
                start: day.at(from),
                end: day.at(from + length),
                ..tomorrow("hall-a", "08:00", "09:00")
            }
        });
        assert!(won >= 1);
        assert_sound(town);
    });
}

#[test]
fn of_many_requests_one_is_approved() {
    on_both(|town| {
        let requests: Vec<_> = (0..8)
            .map(|_| {
                town.resident()
                    .ok::<Book>(&house(), &tomorrow("quiet", "18:00", "19:00"))
            })
            .collect();
        let staff: Vec<_> = requests.iter().map(|_| town.staff()).collect();
        let start = Barrier::new(requests.len());
        let approved = std::thread::scope(|scope| {
            let callers: Vec<_> = requests
                .iter()
                .zip(&staff)
                .map(|(request, staff)| {
                    let start = &start;
                    scope.spawn(move || {
                        start.wait();
                        let yes = Decision {
                            approve: true,
                            reason: String::new(),
                            along: domain::api::Along::One,
                            seen: None,
                        };
                        let answer =
                            staff.call::<DecideBooking>(&(house(), request.id.clone()), &yes);
                        assert!(
                            answer.status == 200 || answer.status == 409,
                            "{}",
                            answer.body
                        );
                        answer.status == 200
                            && answer.json()["state"] == BookingState::Confirmed.code()
                    })
                })
                .collect();
            callers
                .into_iter()
                .map(|caller| caller.join().unwrap())
                .filter(|yes| *yes)
                .count()
        });
        assert_eq!(approved, 1);
        town.decisions_stand();
        assert_sound(town);
    });
}

#[test]
fn a_quota_holds_against_one_person_in_many_tabs() {
    on_both(|town| {
        let person = town.resident();
        let start = Barrier::new(16);
        let won = std::thread::scope(|scope| {
            let tabs: Vec<_> = (0..16)
                .map(|number| {
                    let (start, person) = (&start, &person);
                    scope.spawn(move || {
                        let room = ["hall-a", "hall-b"][number % 2];
                        let day = Date::parse("2026-11-23").unwrap();
                        let from = 8 * 60 + (number as i64 / 2) * 60;
                        let new = NewBooking {
                            start: day.at(from),
                            end: day.at(from + 30),
                            ..tomorrow(room, "08:00", "09:00")
                        };
                        start.wait();
                        person.call::<Book>(&house(), &new).status == 200
                    })
                })
                .collect();
            tabs.into_iter()
                .map(|tab| tab.join().unwrap())
                .filter(|won| *won)
                .count()
        });
        assert_eq!(won, 4, "the rule of the house is four bookings to come");
    });
}

/// The database itself refuses what the rules would have let through.
#[test]
fn the_database_refuses_floor_that_is_taken_twice() {
    on_both(|town| {
        town.resident()
            .ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "12:00"));
        let forced = town.site.db.write_blocking(|tx| {
            let row = tx.one("select from_at, until_at from taken", &[])?;
            let (from, until): (i64, i64) = (row.get("from_at")?, row.get("until_at")?);
            let values = ["house".into(), "hall-a".into(), (from + 60).into(), (until + 60).into(), "forged".into()];
            tx.exec("insert into taken (centre_id, room_id, from_at, until_at, booking_id) values ($1, $2, $3, $4, $5)", &values)?;
            Ok(())
        });
        assert!(forced.is_err(), "postgres: {}", town.is_postgres());
    });
}
