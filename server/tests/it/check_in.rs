//! Check-in of bookings: who came, rooms that nobody claims, no-shows, finishing early.

use domain::{
    api::{
        AbsenceSeen, Book, CentreChange, ChangeBooking, ChangeCentre, CheckInBooking, CloseRooms,
        DecideBooking, Decision, Excuse, ExplainAbsence, Finish, FinishBooking, GetBooking,
        GetBookingStory, GetCentre, GetDesk, GetPerson, JudgeAbsence, ListLetters, NewBooking,
        NewClosure, NewPresence, Reason, UndoChange,
    },
    booking::{Booking, BookingState, check_in::Presence, refusal::Refusal},
    centre::{
        consequence::{HitDecision, Remedy},
        edit::Edit,
        rules::Rules,
    },
    id::ConsequenceId,
    message::News,
    person::permission::Role,
    problem::Problem,
};

use super::fixture::{Person, Town, at, day, house, on_both, tomorrow};

/// From noon of the day before to an hour of tomorrow, in seconds.
fn until(hour: i64, minute: i64) -> i64 {
    ((12 + hour) * 60 + minute) * 60
}

/// Rooms wait for a quarter of an hour; with two no-shows in thirty days one cannot book.
fn waiting(town: &Town) -> ConsequenceId {
    let manager = town.person(Some((Some("house"), Role::Manager)));
    let before = manager.ok::<GetCentre>(&house(), &()).centre.rules;
    let after = Rules {
        grace: 15,
        no_shows: 2,
        no_show_days: 30,
        ..before.clone()
    };
    let change = CentreChange {
        edit: Edit::Rules { before, after },
        decisions: Vec::new(),
        preview: false,
    };
    manager
        .ok::<ChangeCentre>(&house(), &change)
        .made
        .unwrap()
        .id
}

fn note(person: &Person<'_>, booking: &Booking, presence: Presence) -> Booking {
    person.ok::<CheckInBooking>(&(house(), booking.id.clone()), &NewPresence { presence })
}

fn not_noted(person: &Person<'_>, booking: &Booking, presence: Presence) -> Problem {
    person.problem::<CheckInBooking>(&(house(), booking.id.clone()), &NewPresence { presence })
}

fn get(person: &Person<'_>, booking: &Booking) -> Booking {
    person.ok::<GetBooking>(&(house(), booking.id.clone()), &())
}

fn settle(town: &Town) {
    town.wait(server::jobs::settle_due(&town.site)).unwrap();
}

fn refusal(problem: Problem) -> Refusal {
    match problem {
        Problem::Refused { refusal, .. } => refusal,
        other => panic!("{other:?}"),
    }
}

/// A booking of tomorrow to which nobody came, found out as soon as its time is over.
fn missed(town: &Town, person: &Person<'_>, from: &str, until: &str, seconds: i64) -> Booking {
    let booking = person.ok::<Book>(&house(), &tomorrow("hall-a", from, until));
    town.pass(seconds);
    settle(town);
    assert_eq!(get(person, &booking).state, BookingState::Released);
    booking
}

#[test]
fn whoever_checks_in_keeps_the_room_and_others_get_what_nobody_claims() {
    on_both(|town| {
        waiting(town);
        let (comes, stays_away, other) = (town.resident(), town.resident(), town.resident());
        let kept = comes.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "12:00"));
        let lost = stays_away.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "12:00"));
        assert_eq!(
            kept.check_in.by.as_ref().map(|by| by.local.clock()),
            Some("10:15".to_owned())
        );
        let early = refusal(not_noted(&comes, &kept, Presence::Here));
        assert!(matches!(early, Refusal::CheckInTooEarly { from } if from.clock() == "09:30"));
        town.pass(until(9, 45));
        assert!(note(&comes, &kept, Presence::Here).check_in.at.is_some());
        // On the very minute people are still waited for.
        town.pass(30 * 60);
        settle(town);
        assert_eq!(get(&stays_away, &lost).state, BookingState::Confirmed);
        town.pass(1);
        settle(town);
        assert_eq!(get(&comes, &kept).state, BookingState::Confirmed);
        assert_eq!(get(&stays_away, &lost).state, BookingState::Released);
        let letters = stays_away.ok::<ListLetters>(&(), &());
        assert!(matches!(letters[0].news, News::BookingReleased { .. }));
        // Whoever wants the rest of the time has it.
        other.ok::<Book>(&house(), &tomorrow("hall-b", "10:30", "12:00"));
        let taken = refusal(not_noted(&stays_away, &lost, Presence::Here));
        assert!(matches!(taken, Refusal::Taken { .. }), "{taken:?}");
        let story = town
            .staff()
            .ok::<GetBookingStory>(&(house(), lost.id.clone()), &());
        assert!(story.iter().any(|line| line.words.contains("没有人来")));
    });
}

#[test]
fn whoever_comes_late_gets_the_room_back_where_it_is_free() {
    on_both(|town| {
        waiting(town);
        let late = town.resident();
        let booking = missed(town, &late, "10:00", "12:00", until(10, 16));
        let back = note(&late, &booking, Presence::Here);
        assert_eq!(back.state, BookingState::Confirmed);
        let other = town.resident();
        let taken = other.problem::<Book>(&house(), &tomorrow("hall-a", "11:00", "12:00"));
        assert!(matches!(refusal(taken), Refusal::Taken { .. }));
        // A check-in by mistake is taken back; its time to check in is over, and nobody is driven out for that.
        let open = note(&late, &booking, Presence::Unknown);
        assert!(open.check_in.at.is_none() && open.check_in.by.is_none());
        town.pass(600);
        settle(town);
        assert_eq!(get(&late, &booking).state, BookingState::Confirmed);
        assert_eq!(
            not_noted(&late, &booking, Presence::Nobody),
            Problem::NotAllowed
        );
        assert_eq!(
            not_noted(&town.resident(), &booking, Presence::Here),
            Problem::NotFound
        );
        // Staff look into the room.
        let staff = town.staff();
        assert_eq!(
            note(&staff, &booking, Presence::Nobody).state,
            BookingState::Released
        );
        assert_eq!(
            note(&staff, &booking, Presence::Unknown).state,
            BookingState::Confirmed
        );
    });
}

#[test]
fn no_shows_count_for_a_while_unless_they_are_excused() {
    on_both(|town| {
        waiting(town);
        let (person, staff) = (town.resident(), town.staff());
        let first = missed(town, &person, "08:00", "09:00", until(8, 16));
        missed(town, &person, "09:00", "10:00", 3600);
        let wanted = tomorrow("hall-a", "15:00", "16:00");
        let refused = refusal(person.problem::<Book>(&house(), &wanted));
        assert_eq!(
            refused,
            Refusal::NoShows {
                have: 2,
                until: day("2026-12-23")
            }
        );
        let path = (house(), first.id.clone());
        let sorry = Reason {
            reason: "孩子发烧".to_owned(),
        };
        let silent = person.problem::<ExplainAbsence>(&path, &Reason::default());
        assert!(matches!(silent, Problem::Invalid { .. }));
        person.ok::<ExplainAbsence>(&path, &sorry);
        assert_eq!(
            town.resident().problem::<ExplainAbsence>(&path, &sorry),
            Problem::NotFound
        );
        let desk = staff.ok::<GetDesk>(&(house(), day("2026-11-23")), &());
        assert_eq!(desk.explained.len(), 1);
        assert_eq!(desk.explained[0].check_in.explanation, "孩子发烧");
        let card = staff.ok::<GetPerson>(&(house(), person.id.clone()), &());
        assert_eq!(card.no_shows, 2);
        let excuse = |excused| {
            let seen = AbsenceSeen::of(&get(&staff, &first));
            staff.ok::<JudgeAbsence>(&path, &Excuse { excused, seen })
        };
        assert_eq!(excuse(false).check_in.excused, Some(false));
        assert!(person.call::<Book>(&house(), &wanted).status != 200);
        assert_eq!(excuse(true).check_in.excused, Some(true));
        let letters = person.ok::<ListLetters>(&(), &());
        assert!(matches!(
            letters[0].news,
            News::AbsenceJudged { excused: true, .. }
        ));
        person.ok::<Book>(&house(), &wanted);
        let desk = staff.ok::<GetDesk>(&(house(), day("2026-11-23")), &());
        assert!(desk.explained.is_empty());
        // Nobody overrules a colleague unawares, and nobody judges their own.
        let stale = Excuse {
            excused: false,
            seen: AbsenceSeen::default(),
        };
        assert_eq!(
            staff.problem::<JudgeAbsence>(&path, &stale),
            Problem::Overtaken
        );
        assert_eq!(
            person.problem::<JudgeAbsence>(&path, &stale),
            Problem::NotAllowed
        );
    });
}

#[test]
fn what_is_finished_early_is_free_for_others_and_can_be_taken_back() {
    on_both(|town| {
        waiting(town);
        let (person, other) = (town.resident(), town.resident());
        let booking = person.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "12:00"));
        let path = (house(), booking.id.clone());
        let finish = |finished| person.call::<FinishBooking>(&path, &Finish { finished });
        assert_ne!(finish(true).status, 200, "it has not begun");
        town.pass(until(10, 40) + 20);
        let done = person.ok::<FinishBooking>(&path, &Finish { finished: true });
        assert_eq!(done.end.local.clock(), "10:41");
        assert!(done.check_in.at.is_some(), "whoever leaves was there");
        // The way back.
        let again = person.ok::<FinishBooking>(&path, &Finish { finished: false });
        assert_eq!(again.end.local.clock(), "12:00");
        assert_eq!(again.check_in.planned_end, None);
        assert_ne!(finish(false).status, 200);
        assert_eq!(finish(true).status, 200);
        other.ok::<Book>(&house(), &tomorrow("hall-a", "11:00", "12:00"));
        let taken = refusal(person.problem::<FinishBooking>(&path, &Finish { finished: false }));
        assert!(matches!(taken, Refusal::Taken { .. }));
        assert_eq!(get(&person, &booking).end.local.clock(), "10:41");
        assert_eq!(
            other.problem::<FinishBooking>(&path, &Finish { finished: true }),
            Problem::NotFound
        );
    });
}

#[test]
fn rooms_wait_anew_for_what_is_approved_late_moved_or_slept_through() {
    on_both(|town| {
        let (person, staff) = (town.resident(), town.staff());
        let before = person.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "12:00"));
        assert!(before.check_in.by.is_none());
        waiting(town);
        let by = |booking: &Booking| {
            let by = get(&person, booking).check_in.by;
            by.map(|by| by.local.clock())
        };
        assert_eq!(by(&before), None, "nobody told them of the rule");
        // Moved, and moved back.
        let moved = domain::api::BookingChange {
            along: domain::api::Along::One,
            room: "hall-b".into(),
            start: before.start.local.plus(60),
            end: before.end.local.plus(60),
            people: before.people,
            note: String::new(),
            seen: None,
            decisions: Vec::new(),
            displaced: Vec::new(),
            preview: false,
        };
        let path = (house(), before.id.clone());
        let made = staff.ok::<ChangeBooking>(&path, &moved).made.unwrap();
        assert_eq!(by(&before), Some("11:15".to_owned()));
        staff.ok::<UndoChange>(&(house(), made.id), &());
        assert_eq!(by(&before), None);
        let before = person.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "12:00"));
        // A request that is approved when its time has begun.
        let asked = person.ok::<Book>(&house(), &tomorrow("quiet", "10:00", "12:00"));
        assert_eq!(by(&asked), None);
        town.pass(until(10, 5));
        let yes = Decision {
            approve: true,
            reason: String::new(),
            along: domain::api::Along::One,
            seen: None,
        };
        staff.ok::<DecideBooking>(&(house(), asked.id.clone()), &yes);
        assert_eq!(by(&asked), Some("10:20".to_owned()));
        // The server slept: nobody could say that they had come.
        town.pass(20 * 60);
        settle(town);
        assert_eq!(by(&before), Some("10:40".to_owned()));
        assert_eq!(get(&person, &before).state, BookingState::Confirmed);
    });
}

#[test]
fn undoing_a_rule_a_move_or_a_restart_takes_nobody_by_surprise() {
    on_both(|town| {
        let (person, staff) = (town.resident(), town.staff());
        let manager = town.person(Some((Some("house"), Role::Manager)));
        let later = NewBooking {
            start: at("2026-11-25T10:00"),
            end: at("2026-11-25T12:00"),
            ..tomorrow("hall-a", "10:00", "12:00")
        };
        let far = person.ok::<Book>(&house(), &later);
        let near = person.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "12:00"));
        let made = waiting(town);
        let by = |booking: &Booking| get(&person, booking).check_in.by.map(|by| by.local.clock());
        assert_eq!(by(&far), Some("10:15".to_owned()));
        assert_eq!(by(&near), None, "nobody told them of the new rule");
        manager.ok::<UndoChange>(&(house(), made), &());
        assert_eq!(by(&far), None);
        waiting(town);
        // Out of use by mistake, and back when the time to check in is over.
        let booked = person.ok::<Book>(&house(), &tomorrow("quiet", "10:00", "12:00"));
        let yes = Decision {
            approve: true,
            reason: String::new(),
            along: domain::api::Along::One,
            seen: None,
        };
        staff.ok::<DecideBooking>(&(house(), booked.id.clone()), &yes);
        town.pass(until(10, 12));
        let closure = NewClosure {
            rooms: vec!["quiet".into()],
            start: at("2026-11-23T10:12"),
            end: at("2026-11-23T13:00"),
            reason: "漏水".to_owned(),
            decisions: vec![HitDecision {
                id: booked.id.clone(),
                what: Remedy::Cancel {
                    reason: "漏水".to_owned(),
                },
            }],
            preview: false,
        };
        let closed = staff.ok::<CloseRooms>(&house(), &closure).made.unwrap();
        town.pass(4 * 60);
        staff.ok::<UndoChange>(&(house(), closed.id), &());
        settle(town);
        assert_eq!(get(&person, &booked).state, BookingState::Confirmed);
        assert_eq!(by(&booked), Some("10:31".to_owned()));
        // The server was away until just before that.
        town.pass(14 * 60);
        let now_ms = town.site.clock.now_ms();
        let call = server::usecase::Call::nobody(now_ms, &town.site.centres);
        town.run(move |tx| server::usecase::booking::grace::wait_on(tx, &call));
        assert_eq!(by(&booked), Some("10:45".to_owned()));
    });
}

#[test]
fn who_comes_late_has_what_is_left_also_where_somebody_had_a_part_of_it() {
    on_both(|town| {
        waiting(town);
        let (late, other, staff) = (town.resident(), town.resident(), town.staff());
        let booking = missed(town, &late, "10:00", "13:00", until(10, 16));
        let between = other.ok::<Book>(&house(), &tomorrow("hall-a", "10:30", "11:00"));
        town.pass(20 * 60);
        note(&other, &between, Presence::Here);
        let refused = refusal(not_noted(&late, &booking, Presence::Here));
        assert!(matches!(refused, Refusal::Taken { .. }));
        town.pass(30 * 60);
        assert!(note(&late, &booking, Presence::Here).check_in.at.is_some());
        // Whoever came is not sent away by a page that has not heard of it.
        assert_eq!(
            not_noted(&staff, &booking, Presence::Nobody),
            Problem::Overtaken
        );
        // Another booking that nobody came to, and somebody did after all: it is over, and only does not count.
        let gone = missed(town, &other, "14:00", "15:00", 3 * 3600 + 10 * 60);
        town.pass(3600);
        let after = note(&staff, &gone, Presence::Unknown);
        assert_eq!(after.state, BookingState::Released);
        assert_eq!(after.check_in.excused, Some(true));
    });
}
