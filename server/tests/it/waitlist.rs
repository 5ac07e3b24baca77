//! Slots that are held while somebody decides, and slots that people wait for.

use domain::{
    api::{
        Along, Book, BookSeries, BookingChange, CancelBooking, Cancellation, ChangeBooking,
        DecideBooking, Decision, EraseMe, GetMyData, GetOccupancy, GetPerson, HoldSlot, LeaveSlot,
        ListLetters, ListMyWaits, NewBooking, NewSeries, ReleaseSlot, WaitForSlot, WantedSlot,
    },
    booking::{
        Booking, BookingState,
        refusal::Refusal,
        waitlist::{MOST_HOLDS, MOST_WAITS, Wait, WaitState},
    },
    centre::availability::Occupation,
    id::WaitId,
    message::News,
    person::behalf::{Behalf, Channel},
    problem::Problem,
    recurrence::Recurrence,
};

use super::fixture::{Person, Town, at_once, day, house, on_both, tomorrow};

fn wanted(room: &str, from: &str, until: &str) -> WantedSlot {
    let new = tomorrow(room, from, until);
    WantedSlot {
        room: new.room,
        start: new.start,
        end: new.end,
        people: new.people,
        behalf: None,
    }
}

/// Until when a slot is held, on the wall.
fn hold(person: &Person<'_>, room: &str, from: &str, until: &str) -> Option<String> {
    let held = person.ok::<HoldSlot>(&house(), &wanted(room, from, until));
    Some(held.until?.local.clock())
}

fn wait(person: &Person<'_>, room: &str, from: &str, until: &str) -> Wait {
    person.ok::<WaitForSlot>(&house(), &wanted(room, from, until))
}

fn refused(person: &Person<'_>, new: &NewBooking) -> Refusal {
    refusal(person.problem::<Book>(&house(), new))
}

fn refusal(problem: Problem) -> Refusal {
    match problem {
        Problem::Refused { refusal, .. } => refusal,
        other => panic!("{other:?}"),
    }
}

fn cancel(person: &Person<'_>, booking: &Booking) {
    person.ok::<CancelBooking>(&(house(), booking.id.clone()), &Cancellation::default());
}

fn settle(town: &Town) {
    town.wait(server::jobs::settle_due(&town.site)).unwrap();
}

fn waits(person: &Person<'_>) -> Vec<(WaitState, u16, Option<String>)> {
    let of = |wait: Wait| {
        (
            wait.state,
            wait.ahead,
            wait.until.map(|at| at.local.clock()),
        )
    };
    person
        .ok::<ListMyWaits>(&(), &())
        .into_iter()
        .map(of)
        .collect()
}

/// How often the house says that a room is held tomorrow.
fn held(person: &Person<'_>) -> usize {
    let seen = person.ok::<GetOccupancy>(&(house(), day("2026-11-23"), 1), &());
    let is_held = |by: Occupation| matches!(by, Occupation::Held { .. });
    seen.taken.iter().filter(|one| is_held(one.by)).count()
}

#[test]
fn a_slot_is_held_for_whoever_decides_and_for_nobody_longer() {
    on_both(|town| {
        let (decides, other) = (town.resident(), town.resident());
        assert_eq!(
            hold(&decides, "hall-a", "10:00", "12:00").as_deref(),
            Some("12:05")
        );
        // The half that is held stands against the whole, and so do the minutes around it; the other half is free.
        for (room, from, until) in [("hall-a", "11:00", "13:00"), ("hall", "10:00", "11:00")] {
            let why = refused(&other, &tomorrow(room, from, until));
            assert!(
                matches!(why, Refusal::Held { until } if until.clock() == "12:05"),
                "{why:?}"
            );
        }
        assert_eq!(hold(&other, "hall-a", "10:30", "11:30"), None);
        assert_eq!(held(&other), 1);
        other.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "12:00"));
        // Who holds it books it, and holds nothing then.
        decides.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "12:00"));
        assert_eq!(held(&other), 0);

        // One slot a person: another is held instead.
        assert!(hold(&decides, "hall-b", "13:00", "14:00").is_some());
        assert!(hold(&decides, "hall-b", "15:00", "16:00").is_some());
        assert_eq!(held(&other), 1);
        other.ok::<Book>(&house(), &tomorrow("hall-b", "13:00", "14:00"));
        // Five minutes are five minutes, whether a job looks or not; and the same, or a part of it, is not held anew.
        town.pass(120);
        assert_eq!(
            hold(&decides, "hall-b", "15:00", "16:30").as_deref(),
            Some("12:05")
        );
        town.pass(181);
        assert_eq!(hold(&decides, "hall-b", "15:30", "16:30"), None);
        assert_eq!(hold(&decides, "hall-b", "15:00", "16:00"), None);
        settle(town);
        assert_eq!(held(&other), 0);
        other.ok::<Book>(&house(), &tomorrow("hall-b", "15:00", "16:00"));
        // What is let go can be had at once.
        assert!(hold(&decides, "hall-b", "17:00", "18:00").is_some());
        decides.ok::<ReleaseSlot>(&house(), &());
        assert!(hold(&other, "hall-b", "17:00", "18:00").is_some());
        // What staff decide about is not held: others may ask as well.
        assert_eq!(hold(&decides, "quiet", "10:00", "11:00"), None);
    });
}

#[test]
fn a_hold_opened_and_left_a_thousand_times_keeps_nobody_out() {
    on_both(|town| {
        let (opens, other) = (town.resident(), town.resident());
        let mut refused = 0;
        for turn in 0..i64::from(200_u16) {
            let (from, until) = match turn % 2 {
                0 => ("10:00", "11:00"),
                _ => ("13:00", "14:00"),
            };
            let answer = opens.call::<HoldSlot>(&house(), &wanted("hall-b", from, until));
            refused += i64::from(answer.status != 200);
            town.pass(7);
        }
        assert_eq!(refused, 200 - MOST_HOLDS);
        settle(town);
        assert_eq!(held(&other), 0);
        other.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
        other.ok::<Book>(&house(), &tomorrow("hall-b", "13:00", "14:00"));
    });
}

#[test]
fn of_many_who_open_the_form_at_once_one_holds_the_slot() {
    on_both(|town| {
        let people: Vec<_> = (0..8).map(|_| town.resident()).collect();
        let held = at_once(8, |n| {
            hold(&people[n], "hall-b", "10:00", "11:00").is_some()
        });
        assert_eq!(held.iter().filter(|held| **held).count(), 1, "{held:?}");
    });
}

#[test]
fn what_frees_is_offered_to_one_after_the_other() {
    on_both(|town| {
        let [has, first, second, newcomer] = std::array::from_fn(|_| town.resident());
        let booked = has.ok::<Book>(&house(), &tomorrow("hall", "10:00", "12:00"));
        assert_eq!(wait(&first, "hall-a", "10:00", "12:00").ahead, 0);
        let behind = wait(&second, "hall-a", "11:00", "13:00");
        assert_eq!((behind.ahead, behind.state), (1, WaitState::Waiting));
        // Asked again, one stays where one is.
        assert_eq!(wait(&second, "hall-a", "11:00", "13:00").id, behind.id);
        cancel(&has, &booked);
        // Nobody overtakes, whether a job has looked or not.
        let why = refused(&newcomer, &tomorrow("hall-a", "10:00", "11:00"));
        assert!(
            matches!(why, Refusal::Held { until } if until.clock() == "14:00"),
            "{why:?}"
        );
        settle(town);
        assert_eq!(
            waits(&first),
            [(WaitState::Offered, 0, Some("14:00".into()))]
        );
        assert_eq!(waits(&second), [(WaitState::Waiting, 1, None)]);
        assert!(matches!(
            refused(&second, &tomorrow("hall-a", "11:00", "13:00")),
            Refusal::Held { .. }
        ));
        // The other half is nobody's.
        newcomer.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "12:00"));
        let letters = first.ok::<ListLetters>(&(), &());
        assert!(
            matches!(&letters[0].news, News::SlotOffered { until, .. } if until.clock() == "14:00")
        );

        // The first lets it pass: the second is next, and a newcomer is not, before any job has looked.
        town.pass(2 * 3600 + 60);
        let why = refused(&newcomer, &tomorrow("hall-a", "11:00", "12:00"));
        assert!(matches!(why, Refusal::Held { .. }), "{why:?}");
        settle(town);
        assert!(waits(&first).is_empty());
        assert!(matches!(
            first.ok::<ListLetters>(&(), &())[0].news,
            News::SlotPassed { .. }
        ));
        assert_eq!(waits(&second)[0].0, WaitState::Offered);
        second.ok::<Book>(&house(), &tomorrow("hall-a", "11:00", "13:00"));
        assert!(waits(&second).is_empty());
        assert_eq!(
            second.ok::<GetMyData>(&(), &()).waits[0].state,
            WaitState::Taken
        );
        assert_eq!(held(&newcomer), 0);
        newcomer.ok::<Book>(&house(), &tomorrow("hall-a", "08:00", "09:00"));
    });
}

#[test]
fn an_offer_left_or_given_back_goes_on_and_a_series_overtakes_nobody() {
    on_both(|town| {
        let [has, first, second, newcomer] = std::array::from_fn(|_| town.resident());
        let booked = has.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "12:00"));
        let place = wait(&first, "hall-b", "10:00", "12:00");
        wait(&second, "hall-b", "10:00", "11:00");
        cancel(&has, &booked);
        let slot = tomorrow("hall-b", "10:00", "11:00");
        let series = NewSeries {
            rule: Recurrence::parse("FREQ=DAILY;COUNT=2").unwrap(),
            exceptions: Vec::new(),
            room: slot.room,
            start: slot.start,
            end: slot.end,
            people: 2,
            purpose: None,
            note: String::new(),
            behalf: None,
        };
        let plan = newcomer.ok::<BookSeries>(&house(), &series);
        assert!(
            matches!(plan.dates[0].refusal, Some(Refusal::Held { .. })),
            "{plan:?}"
        );
        settle(town);
        first.ok::<LeaveSlot>(&(house(), place.id.clone()), &());
        assert_eq!(waits(&second)[0].0, WaitState::Offered, "at once");
        // Twice is no fault; a stranger's is not there.
        first.ok::<LeaveSlot>(&(house(), place.id.clone()), &());
        assert_eq!(
            newcomer.problem::<LeaveSlot>(&(house(), place.id), &()),
            Problem::NotFound
        );
        // Whoever is erased waits for nothing.
        second.ok::<EraseMe>(&(), &());
        newcomer.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "12:00"));
    });
}

#[test]
fn one_waits_only_for_what_waiting_can_bring() {
    on_both(|town| {
        let (has, waits_for) = (town.resident(), town.resident());
        let ask = |room: &str, from: &str, until: &str| {
            refusal(waits_for.problem::<WaitForSlot>(&house(), &wanted(room, from, until)))
        };
        assert_eq!(ask("hall-b", "10:00", "11:00"), Refusal::NotTaken);
        assert!(matches!(
            ask("hall-b", "23:00", "23:30"),
            Refusal::OutsideHours { .. }
        ));
        has.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "12:00"));
        let many = WantedSlot {
            people: 90,
            ..wanted("hall-b", "10:00", "11:00")
        };
        let why = refusal(waits_for.problem::<WaitForSlot>(&house(), &many));
        assert!(matches!(why, Refusal::TooManyPeople { .. }), "{why:?}");
        assert_eq!(
            town.visitor()
                .problem::<WaitForSlot>(&house(), &wanted("hall-b", "10:00", "11:00")),
            Problem::NotSignedIn
        );
        assert_eq!(
            waits_for.problem::<LeaveSlot>(&(house(), WaitId::new("nothing")), &()),
            Problem::NotFound
        );
        // A slot that begins is waited for no longer.
        wait(&waits_for, "hall-b", "10:00", "11:00");
        town.pass((24 - 2) * 3600 + 1);
        settle(town);
        assert!(waits(&waits_for).is_empty());
        let letters = waits_for.ok::<ListLetters>(&(), &());
        assert!(
            matches!(letters[0].news, News::SlotGone { .. }),
            "{letters:?}"
        );
    });
}

#[test]
fn nobody_waits_for_everything() {
    on_both(|town| {
        let (staff, greedy) = (town.staff(), town.resident());
        for n in 0..=MOST_WAITS {
            let from = format!("{:02}:{:02}", 9 + n / 2, n % 2 * 30);
            let until = format!("{:02}:{:02}", 9 + n.div_ceil(2), (n + 1) % 2 * 30);
            staff.ok::<Book>(&house(), &tomorrow("hall-b", &from, &until));
            let slot = wanted("hall-b", &from, &until);
            match n < MOST_WAITS {
                true => drop(greedy.ok::<WaitForSlot>(&house(), &slot)),
                false => assert_eq!(
                    refusal(greedy.problem::<WaitForSlot>(&house(), &slot)),
                    Refusal::Waits { most: MOST_WAITS }
                ),
            }
        }
    });
}

#[test]
fn staff_wait_for_a_caller_and_see_it_in_their_record() {
    on_both(|town| {
        let (staff, has, caller) = (town.staff(), town.resident(), town.resident());
        let booked = has.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
        // The house knows whoever was here.
        let known = caller.ok::<Book>(&house(), &tomorrow("hall-b", "16:00", "17:00"));
        let behalf = Some(Behalf {
            person: known.person.clone(),
            channel: Channel::Phone,
        });
        let slot = WantedSlot {
            behalf: behalf.clone(),
            ..wanted("hall-b", "10:00", "11:00")
        };
        let place = staff.ok::<WaitForSlot>(&house(), &slot);
        assert_eq!(place.person, known.person);
        cancel(&has, &booked);
        settle(town);
        let card = staff.ok::<GetPerson>(&(house(), known.person.clone()), &());
        assert_eq!(card.waits[0].state, WaitState::Offered);
        assert_eq!(waits(&caller)[0].0, WaitState::Offered);
        // What is kept for the caller, staff book for the caller, and for nobody else.
        assert!(matches!(
            refused(&staff, &tomorrow("hall-b", "10:00", "11:00")),
            Refusal::Held { .. }
        ));
        let new = NewBooking {
            behalf,
            ..tomorrow("hall-b", "10:00", "11:00")
        };
        staff.ok::<Book>(&house(), &new);
        assert!(waits(&caller).is_empty());
    });
}

fn change(note: &str, from: &str, until: &str) -> BookingChange {
    let new = tomorrow("hall-b", from, until);
    BookingChange {
        along: Along::One,
        room: new.room,
        start: new.start,
        end: new.end,
        people: 2,
        note: note.to_owned(),
        seen: None,
        decisions: Vec::new(),
        displaced: Vec::new(),
        preview: false,
    }
}

#[test]
fn a_booking_that_is_changed_is_offered_to_nobody_meanwhile() {
    on_both(|town| {
        let [has, waits_for] = std::array::from_fn(|_| town.resident());
        let staff = town.staff();
        let booked = has.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "12:00"));
        wait(&waits_for, "hall-b", "10:00", "12:00");
        let path = (house(), booked.id.clone());
        staff.ok::<ChangeBooking>(&path, &change("two chairs more", "10:00", "12:00"));
        staff.ok::<ChangeBooking>(&path, &change("two chairs more", "10:30", "12:30"));
        settle(town);
        assert_eq!(waits(&waits_for), [(WaitState::Waiting, 0, None)]);
        assert!(waits_for.ok::<ListLetters>(&(), &()).is_empty());
        // Moved away altogether, it is.
        staff.ok::<ChangeBooking>(&path, &change("", "15:00", "17:00"));
        settle(town);
        assert_eq!(waits(&waits_for)[0].0, WaitState::Offered);
    });
}

#[test]
fn a_request_is_approved_whoever_waits_behind_it() {
    on_both(|town| {
        let [has, first, second] = std::array::from_fn(|_| town.resident());
        let staff = town.staff();
        let approve = |booking: &Booking| {
            let decision = Decision {
                approve: true,
                reason: String::new(),
                along: Along::One,
                seen: None,
            };
            staff.ok::<DecideBooking>(&(house(), booking.id.clone()), &decision)
        };
        let booked = has.ok::<Book>(&house(), &tomorrow("quiet", "16:00", "17:00"));
        approve(&booked);
        town.decisions_stand();
        wait(&first, "quiet", "16:00", "17:00");
        wait(&second, "quiet", "16:00", "17:00");
        cancel(&has, &booked);
        settle(town);
        assert_eq!(waits(&first)[0].0, WaitState::Offered);
        let asked = first.ok::<Book>(&house(), &tomorrow("quiet", "16:00", "17:00"));
        settle(town);
        assert_eq!(waits(&second), [(WaitState::Waiting, 0, None)]);
        assert_eq!(approve(&asked).state, BookingState::Confirmed);
    });
}

#[test]
fn nobody_keeps_a_slot_by_turns() {
    on_both(|town| {
        let [has, passes] = std::array::from_fn(|_| town.resident());
        let booked = has.ok::<Book>(&house(), &tomorrow("hall-b", "16:00", "17:00"));
        let slot = wanted("hall-b", "16:00", "17:00");
        assert_eq!(
            refusal(has.problem::<WaitForSlot>(&house(), &slot)),
            Refusal::Yours
        );
        // Whoever only has the form open keeps it for minutes.
        assert!(hold(&has, "hall-a", "18:00", "19:00").is_some());
        let held = wanted("hall-a", "18:00", "19:00");
        let why = refusal(passes.problem::<WaitForSlot>(&house(), &held));
        assert!(matches!(why, Refusal::Held { .. }), "{why:?}");
        wait(&passes, "hall-b", "16:00", "17:00");
        // What is waited for is held for nobody, and looking at it stops nothing.
        cancel(&has, &booked);
        settle(town);
        assert_eq!(hold(&has, "hall-b", "16:00", "17:00"), None);
        town.pass(2 * 3600 + 60);
        assert_eq!(hold(&has, "hall-b", "16:00", "17:00"), None);
        settle(town);
        has.ok::<Book>(&house(), &tomorrow("hall-b", "16:00", "17:00"));
        assert_eq!(
            refusal(passes.problem::<WaitForSlot>(&house(), &slot)),
            Refusal::OfferedBefore
        );
    });
}
