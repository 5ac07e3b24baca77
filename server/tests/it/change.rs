//! Changing bookings: room, time, people, note; sessions together; what cannot go is decided first; told, and undone.

use domain::{
    activity::{Audience, Per},
    api::{
        Along, Book, BookingChange, BookingSeen, ChangeBooking, CloseRooms, Consequences,
        DecideBooking, Decision, GetActivity, GetBooking, ListLetters, ListMySignUps, NewActivity,
        NewClosure, ReadLetters, SignUpFor, UndoChange, Withdraw,
    },
    booking::{Booking, BookingState, refusal::Refusal},
    centre::consequence::{HitDecision, Outside, Remedy},
    id::PersonId,
    message::News,
    problem::Problem,
    sign_up::SignUpState,
    time::LocalTime,
};

use super::{
    classes::{child, class, new_activity, news, path, places, published},
    fixture::{Person, Town, at, at_once, house, on_both, tomorrow},
};

/// A booking as it is, to be changed from there.
fn same(booking: &Booking) -> BookingChange {
    BookingChange {
        along: Along::One,
        room: booking.room.clone(),
        start: booking.start.local,
        end: booking.end.local,
        people: booking.people,
        note: booking.note.clone(),
        seen: None,
        decisions: Vec::new(),
        displaced: Vec::new(),
        preview: false,
    }
}

fn to(booking: &Booking, room: &str, from: &str, until: &str) -> BookingChange {
    BookingChange {
        room: room.into(),
        start: at(&format!("2026-11-23T{from}")),
        end: at(&format!("2026-11-23T{until}")),
        ..same(booking)
    }
}

fn change(person: &Person<'_>, booking: &Booking, change: &BookingChange) -> Consequences {
    person.ok::<ChangeBooking>(&(house(), booking.id.clone()), change)
}

fn refused(person: &Person<'_>, booking: &Booking, change: &BookingChange) -> Refusal {
    match person.problem::<ChangeBooking>(&(house(), booking.id.clone()), change) {
        Problem::Refused { refusal, .. } => refusal,
        other => panic!("{other:?}"),
    }
}

fn get(person: &Person<'_>, booking: &Booking) -> Booking {
    person.ok::<GetBooking>(&(house(), booking.id.clone()), &())
}

fn stands(booking: &Booking) -> (&str, LocalTime, LocalTime, u16) {
    (
        booking.room.as_str(),
        booking.start.local,
        booking.end.local,
        booking.people,
    )
}

#[test]
fn a_booking_goes_elsewhere_is_told_and_comes_back() {
    on_both(|town| {
        let (neighbour, other, staff) = (town.resident(), town.resident(), town.staff());
        let booking = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let wanted = BookingChange {
            people: 9,
            note: "带投影".to_owned(),
            ..to(&booking, "hall-b", "15:00", "17:00")
        };
        let made = change(&staff, &booking, &wanted).made.unwrap();
        // Whoever opened the form before does not send it back unawares.
        let stale = BookingChange {
            people: 4,
            seen: Some(BookingSeen::of(&booking)),
            ..same(&booking)
        };
        assert_eq!(
            town.staff()
                .problem::<ChangeBooking>(&(house(), booking.id.clone()), &stale),
            Problem::Overtaken
        );
        let moved = get(&neighbour, &booking);
        assert_eq!(
            stands(&moved),
            ("hall-b", at("2026-11-23T15:00"), at("2026-11-23T17:00"), 9)
        );
        assert_eq!(moved.note, "带投影");
        let letters = neighbour.ok::<ListLetters>(&(), &());
        assert!(matches!(&letters[0].news, News::BookingMoved { room, .. } if room.zh == "乙厅"));
        // What it left is free, what it took is not.
        other.ok::<Book>(&house(), &tomorrow("hall-a", "11:00", "12:00"));
        let taken = other.problem::<Book>(&house(), &tomorrow("hall-b", "16:30", "17:30"));
        assert!(matches!(
            taken,
            Problem::Refused {
                refusal: Refusal::Taken { .. },
                ..
            }
        ));
        staff.ok::<UndoChange>(&(house(), made.id.clone()), &());
        let back = get(&neighbour, &booking);
        assert_eq!(stands(&back), stands(&booking));
        assert_eq!(back.note, booking.note);
        assert!(
            neighbour.ok::<ListLetters>(&(), &()).is_empty(),
            "nobody had read of it"
        );
        other.ok::<Book>(&house(), &tomorrow("hall-b", "16:00", "17:00"));
        assert_eq!(
            staff.problem::<UndoChange>(&(house(), made.id), &()),
            Problem::Overtaken
        );
    });
}

#[test]
fn where_it_cannot_go_is_named_and_decided() {
    on_both(|town| {
        let (neighbour, other, staff) = (town.resident(), town.resident(), town.staff());
        let booking = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        other.ok::<Book>(&house(), &tomorrow("hall-b", "14:00", "16:00"));
        let wanted = to(&booking, "hall-b", "15:00", "16:00");
        let seen = change(&staff, &booking, &wanted);
        assert!(seen.made.is_none());
        let hit = &seen.hits[0];
        assert!(matches!(&hit.why, Outside::Taken { from, .. } if *from == at("2026-11-23T14:00")));
        assert_eq!(
            hit.sent.as_ref().map(|place| place.room.as_str()),
            Some("hall-b")
        );
        let place = hit.places[0].clone();
        assert_eq!(
            (place.room.as_str(), place.start),
            ("hall-a", at("2026-11-23T15:00"))
        );
        let decided = |what: Remedy| BookingChange {
            decisions: vec![HitDecision {
                id: booking.id.clone(),
                what,
            }],
            ..wanted.clone()
        };
        // Where the other one is it does not go, whoever says so.
        let there = decided(Remedy::Move {
            room: "hall-b".into(),
            start: at("2026-11-23T14:30"),
        });
        assert!(matches!(
            refused(&staff, &booking, &there),
            Refusal::Taken { .. }
        ));
        assert_eq!(
            stands(&get(&neighbour, &booking)),
            stands(&booking),
            "all or nothing"
        );
        assert_eq!(
            refused(&staff, &booking, &decided(Remedy::Keep)),
            Refusal::NothingChanged
        );
        let there = decided(Remedy::Move {
            room: place.room,
            start: place.start,
        });
        assert!(change(&staff, &booking, &there).made.is_some());
        let moved = get(&neighbour, &booking);
        assert_eq!(stands(&moved).1, at("2026-11-23T15:00"));
    });
}

#[test]
fn sessions_go_together_and_keep_places_and_order() {
    on_both(|town| {
        let (mother, late, staff) = (town.resident(), town.resident(), town.staff());
        let activity = published(town, &new_activity(4, 1));
        mother.ok::<SignUpFor>(&path(&activity), &places(&activity, &[&mother.id], false));
        let line = late.ok::<SignUpFor>(&path(&activity), &places(&activity, &[&late.id], true));
        let first = &activity.sessions[0];
        let booking = staff.ok::<GetBooking>(&(house(), first.booking.clone()), &());
        // The third week is closed in the evening.
        let third = activity.sessions[2].start.local.date();
        let closure = NewClosure {
            rooms: vec!["hall-a".into()],
            start: third.at(17 * 60),
            end: third.at(22 * 60),
            reason: "x".to_owned(),
            decisions: Vec::new(),
            preview: false,
        };
        staff.ok::<CloseRooms>(&house(), &closure);
        let evening = BookingChange {
            along: Along::Following,
            start: first.start.local.date().at(18 * 60),
            end: first.start.local.date().at(19 * 60 + 30),
            ..same(&booking)
        };
        let seen = change(&staff, &booking, &evening);
        assert!(seen.made.is_none());
        assert_eq!(seen.hits.len(), 1);
        assert_eq!(seen.hits[0].booking.start.local.date(), third);
        let decided = BookingChange {
            decisions: vec![HitDecision {
                id: seen.hits[0].booking.id.clone(),
                what: Remedy::Keep,
            }],
            ..evening.clone()
        };
        let made = change(&staff, &booking, &decided).made.unwrap();
        let read = || staff.ok::<GetActivity>(&path(&activity), &());
        let starts = |activity: &domain::activity::Activity| {
            let all = activity.sessions.iter();
            all.map(|one| one.start.local.minute_of_day())
                .collect::<Vec<_>>()
        };
        assert_eq!(starts(&read()), [18 * 60, 18 * 60, 9 * 60 + 30, 18 * 60]);
        assert_eq!(read().sessions[0].taken, 1);
        assert!(matches!(
            &mother.ok::<ListLetters>(&(), &())[0].news,
            News::SessionMoved { more: 2, .. }
        ));
        assert_eq!(line[0].state, domain::sign_up::SignUpState::Waitlisted);
        staff.ok::<UndoChange>(&(house(), made.id), &());
        assert_eq!(starts(&read()), [9 * 60 + 30; 4]);
        // Up to the second week alone.
        let until = BookingChange {
            along: Along::Until(activity.sessions[1].start.local.date()),
            ..evening
        };
        assert!(change(&staff, &booking, &until).made.is_some());
        town.pass(1);
        assert_eq!(
            starts(&read()),
            [18 * 60, 18 * 60, 9 * 60 + 30, 9 * 60 + 30]
        );
    });
}

#[test]
fn a_session_keeps_as_many_places_as_are_held() {
    on_both(|town| {
        let (mother, father, waits, staff) = (
            town.resident(),
            town.resident(),
            town.resident(),
            town.staff(),
        );
        let activity = class(town, 2, Audience::default());
        for one in [&mother, &father] {
            one.ok::<SignUpFor>(&path(&activity), &places(&activity, &[&one.id], false));
        }
        waits.ok::<SignUpFor>(&path(&activity), &places(&activity, &[&waits.id], true));
        let booking = staff.ok::<GetBooking>(&(house(), activity.sessions[0].booking.clone()), &());
        let people = |people: u16| BookingChange {
            people,
            ..same(&booking)
        };
        // Who loses a place is said first; the last who asked does, and stands ahead of those who wait.
        let seen = change(&staff, &booking, &people(1));
        assert!(seen.made.is_none());
        let holds = |who: &Person<'_>| who.ok::<ListMySignUps>(&(), &())[0].clone();
        let lose: Vec<_> = seen.displaced.iter().map(|one| one.id.clone()).collect();
        assert_eq!(lose, [holds(&father).id]);
        let fewer = BookingChange {
            displaced: seen.displaced.iter().map(|one| one.id.clone()).collect(),
            ..people(1)
        };
        let others = BookingChange {
            displaced: vec!["another".into()],
            ..people(1)
        };
        assert!(change(&staff, &booking, &others).made.is_none());
        let made = change(&staff, &booking, &fewer).made.unwrap();
        let news = |who: &Person<'_>| who.ok::<ListLetters>(&(), &()).remove(0).news;
        assert!(matches!(news(&father), News::PlaceLost { .. }));
        let read = || staff.ok::<GetActivity>(&path(&activity), &()).sessions[0].clone();
        assert_eq!((read().places, read().taken, read().waiting), (1, 1, 2));
        assert_eq!(holds(&father).state, SignUpState::Waitlisted);
        // A place that comes free is theirs first.
        town.pass(1);
        let sheet = (house(), holds(&mother).id);
        mother.ok::<Withdraw>(&sheet, &());
        assert_eq!(holds(&father).state, SignUpState::Offered);
        assert_eq!(holds(&waits).state, SignUpState::Waitlisted);
        // Undone, they have it without being asked; whoever read that it was lost reads that it is not.
        father.ok::<ReadLetters>(&(), &None);
        town.pass(1);
        staff.ok::<UndoChange>(&(house(), made.id), &());
        assert_eq!(holds(&father).state, SignUpState::Confirmed);
        assert!(matches!(news(&father), News::PlaceRestored { .. }));
        mother.ok::<SignUpFor>(&path(&activity), &places(&activity, &[&mother.id], true));
        let made = change(&staff, &booking, &people(3)).made.unwrap();
        assert!(matches!(
            &waits.ok::<ListLetters>(&(), &())[0].news,
            News::Offer { .. }
        ));
        // Somebody was offered the third place: it is not taken away again.
        let undone = staff.problem::<UndoChange>(&(house(), made.id), &());
        assert!(matches!(
            undone,
            Problem::Refused {
                refusal: Refusal::PlacesHeld { held: 3 },
                ..
            }
        ));
        let crowd = change(&staff, &booking, &people(21));
        assert!(matches!(crowd.hits[0].why, Outside::TooMany { most: 20 }));
    });
}

#[test]
fn who_asked_together_loses_and_has_again_together() {
    on_both(|town| {
        let (first, mother, waits, staff) = (
            town.resident(),
            town.resident(),
            town.resident(),
            town.staff(),
        );
        let activity = class(town, 4, Audience::default());
        let children = ["小一", "小二", "小三"].map(|name| child(&mother, name, "2016-03-04"));
        let sign_up = |who: &Person<'_>, people: &[&PersonId], wait| {
            who.ok::<SignUpFor>(&path(&activity), &places(&activity, people, wait))
        };
        sign_up(&first, &[&first.id], false);
        sign_up(&mother, &children.each_ref(), false);
        sign_up(&waits, &[&waits.id], true);
        let booking = staff.ok::<GetBooking>(&(house(), activity.sessions[0].booking.clone()), &());
        let three = BookingChange {
            people: 3,
            ..same(&booking)
        };
        // One place fewer takes three: one who waits is offered one of the two that are left over.
        let seen = change(&staff, &booking, &three);
        assert_eq!(seen.displaced.len(), 3);
        let made = change(
            &staff,
            &booking,
            &BookingChange {
                displaced: seen.displaced.iter().map(|one| one.id.clone()).collect(),
                ..three
            },
        );
        let states = |who: &Person<'_>| {
            let all = who.ok::<ListMySignUps>(&(), &()).into_iter();
            all.map(|one| one.state).collect::<Vec<_>>()
        };
        assert_eq!(states(&mother), [SignUpState::Waitlisted; 3]);
        assert_eq!(states(&waits), [SignUpState::Offered]);
        town.pass(1);
        staff.ok::<UndoChange>(&(house(), made.made.unwrap().id), &());
        // What was offered meanwhile stands, its letter too; the three do not fit, none of them is told that they do.
        assert_eq!(states(&waits), [SignUpState::Offered]);
        assert!(matches!(news(&waits)[0], News::Offer { .. }));
        assert_eq!(states(&mother), [SignUpState::Waitlisted; 3]);
        let lost = news(&mother).into_iter();
        assert_eq!(
            lost.filter(|one| matches!(one, News::PlaceLost { .. }))
                .count(),
            3
        );
        let read = staff.ok::<GetActivity>(&path(&activity), &()).sessions[0].clone();
        assert_eq!((read.places, read.taken, read.waiting), (4, 2, 3));
    });
}

#[test]
fn what_goes_on_ends_sooner_or_later_and_is_not_moved() {
    on_both(|town| {
        let (neighbour, staff) = (town.resident(), town.staff());
        let booking = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "12:00"));
        town.pass(22 * 3600 + 1800);
        let later = to(&booking, "hall-a", "10:00", "13:00");
        assert!(change(&staff, &booking, &later).made.is_some());
        let elsewhere = to(&booking, "hall-b", "10:00", "13:00");
        assert!(matches!(
            refused(&staff, &booking, &elsewhere),
            Refusal::Past { .. }
        ));
        let over = to(&booking, "hall-a", "10:00", "10:30");
        let field = staff.problem::<ChangeBooking>(&(house(), booking.id.clone()), &over);
        assert_eq!(field.fields(), ["end"]);
        town.pass(4 * 3600);
        assert_eq!(refused(&staff, &booking, &later), Refusal::Over);
    });
}

#[test]
fn what_cannot_be_meant_is_refused() {
    on_both(|town| {
        let (neighbour, staff) = (town.resident(), town.staff());
        let booking = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        assert_eq!(
            refused(&staff, &booking, &same(&booking)),
            Refusal::NothingChanged
        );
        let yesterday = BookingChange {
            start: at("2026-11-20T10:00"),
            end: at("2026-11-20T11:00"),
            ..same(&booking)
        };
        assert!(matches!(
            refused(&staff, &booking, &yesterday),
            Refusal::Past { .. }
        ));
        assert_eq!(
            refused(&staff, &booking, &to(&booking, "hall-a", "11:00", "11:00")),
            Refusal::EndBeforeStart
        );
        let far = BookingChange {
            start: at("2029-11-20T10:00"),
            end: at("2029-11-20T11:00"),
            ..same(&booking)
        };
        let problem = |change: &BookingChange| {
            staff.problem::<ChangeBooking>(&(house(), booking.id.clone()), change)
        };
        assert_eq!(problem(&far).fields(), ["start"]);
        assert_eq!(
            problem(&BookingChange {
                people: 0,
                ..same(&booking)
            })
            .fields(),
            ["people"]
        );
        assert_eq!(
            problem(&to(&booking, "nowhere", "11:00", "12:00")),
            Problem::NotFound
        );
        let strange = BookingChange {
            decisions: vec![HitDecision {
                id: "nobody".into(),
                what: Remedy::Keep,
            }],
            ..to(&booking, "hall-a", "11:00", "12:00")
        };
        assert!(change(&staff, &booking, &strange).made.is_none());
    });
}

#[test]
fn requests_in_its_way_are_declined_and_wait_again_after_undo() {
    on_both(|town| {
        let (neighbour, asks, staff) = (town.resident(), town.resident(), town.staff());
        let booking = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let request = asks.ok::<Book>(&house(), &tomorrow("quiet", "15:00", "16:00"));
        assert_eq!(request.state, BookingState::Requested);
        let made = change(&staff, &booking, &to(&booking, "quiet", "15:30", "16:30"))
            .made
            .unwrap();
        assert_eq!(get(&asks, &request).state, BookingState::Declined);
        staff.ok::<UndoChange>(&(house(), made.id), &());
        assert_eq!(get(&asks, &request).state, BookingState::Requested);
        // A request is moved as a request: it takes nothing from anybody.
        change(&staff, &request, &to(&request, "quiet", "17:00", "18:00"));
        assert_eq!(get(&asks, &request).state, BookingState::Requested);
        let yes = Decision {
            approve: true,
            reason: String::new(),
            along: domain::api::Along::One,
            seen: None,
        };
        staff.ok::<DecideBooking>(&(house(), request.id.clone()), &yes);
        assert_eq!(get(&asks, &request).start.local, at("2026-11-23T17:00"));
    });
}

#[test]
fn undoing_a_change_wakes_only_what_the_change_declined() {
    on_both(|town| {
        let (first, second, staff) = (town.resident(), town.resident(), town.staff());
        let wins = first.ok::<Book>(&house(), &tomorrow("quiet", "15:00", "16:00"));
        let loses = second.ok::<Book>(&house(), &tomorrow("quiet", "15:30", "16:30"));
        let yes = Decision {
            approve: true,
            reason: String::new(),
            along: domain::api::Along::One,
            seen: None,
        };
        staff.ok::<DecideBooking>(&(house(), wins.id.clone()), &yes);
        town.decisions_stand();
        town.pass(60);
        assert_eq!(get(&second, &loses).state, BookingState::Declined);
        let more = BookingChange {
            people: wins.people + 1,
            ..same(&wins)
        };
        let made = change(&staff, &wins, &more).made.unwrap();
        staff.ok::<UndoChange>(&(house(), made.id), &());
        assert_eq!(get(&second, &loses).state, BookingState::Declined);
    });
}

#[test]
fn those_who_signed_up_between_a_move_and_its_undo_are_told() {
    on_both(|town| {
        let (mother, early, staff) = (town.resident(), town.resident(), town.staff());
        let activity = published(town, &new_activity(4, 9));
        early.ok::<SignUpFor>(&path(&activity), &places(&activity, &[&early.id], false));
        let first = &activity.sessions[0];
        let booking = staff.ok::<GetBooking>(&(house(), first.booking.clone()), &());
        let evening = BookingChange {
            along: Along::Following,
            start: first.start.local.date().at(18 * 60),
            end: first.start.local.date().at(19 * 60 + 30),
            ..same(&booking)
        };
        town.pass(60);
        let made = change(&staff, &booking, &evening).made.unwrap();
        let of = |person: &Person<'_>| person.ok::<ListLetters>(&(), &()).len();
        assert_eq!(
            of(&early),
            1,
            "one letter for four sessions that go together"
        );
        town.pass(60);
        mother.ok::<SignUpFor>(&path(&activity), &places(&activity, &[&mother.id], false));
        staff.ok::<UndoChange>(&(house(), made.id), &());
        let letters = mother.ok::<ListLetters>(&(), &());
        assert!(
            letters
                .iter()
                .any(|one| matches!(&one.news, News::SessionRestored { .. })),
            "{letters:?}"
        );
        assert_eq!(of(&early), 0);
    });
}

#[test]
fn a_course_takes_no_more_people_than_each_of_its_rooms() {
    on_both(|town| {
        let staff = town.staff();
        let course = NewActivity {
            per: Per::Course,
            ..new_activity(4, 5)
        };
        let activity = published(town, &course);
        let first = staff.ok::<GetBooking>(&(house(), activity.sessions[0].booking.clone()), &());
        let last = staff.ok::<GetBooking>(&(house(), activity.sessions[3].booking.clone()), &());
        // The last one meets in a smaller room.
        let small = BookingChange {
            room: "quiet".into(),
            ..same(&last)
        };
        let seen = change(&staff, &last, &small);
        assert!(seen.made.is_some(), "{:?}", seen.hits);
        let crowd = BookingChange {
            people: 15,
            ..same(&first)
        };
        assert!(matches!(
            refused(&staff, &first, &crowd),
            Refusal::TooManyPeople { asked: 15, .. }
        ));
    });
}

#[test]
fn two_who_move_into_one_place_at_once_leave_one_there() {
    on_both(|town: &Town| {
        let (one, two) = (town.resident(), town.resident());
        let bookings = [
            one.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00")),
            two.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00")),
        ];
        let staff = [town.staff(), town.staff()];
        let made = at_once(2, |i| {
            let wanted = to(&bookings[i], "quiet", "15:00", "16:00");
            change(&staff[i], &bookings[i], &wanted).made.is_some()
        });
        assert_eq!(made.iter().filter(|made| **made).count(), 1, "{made:?}");
    });
}
