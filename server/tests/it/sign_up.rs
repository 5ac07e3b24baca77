//! Signing up, waiting, offers, and rushes for places.

use std::{collections::BTreeSet, sync::Barrier};

use domain::{
    activity::Per,
    api::{
        ActivityChange, Answer, AnswerOffer, Book, ChangeActivity, GetActivity, GetHousehold,
        JoinCode, JoinHousehold, ListMySignUps, NewActivity, NewSignUp, Publish, RemoveMember,
        RenewCode, SignUpFor, UndoSignUp, Withdraw,
    },
    booking::refusal::Refusal,
    centre::Centre,
    id::PersonId,
    language::Name,
    message::News,
    problem::Problem,
    sign_up::{SignUp, SignUpState, refusal::SignUpRefusal, waitlist::MOST_PASSES},
};

use super::{
    classes::{
        child, deadlines_pass, new_activity, news, organiser, path, places, published, refusal,
        sign_up_oneself,
    },
    fixture::{NOON, Person, abroad, at, house, key, on_both, save, tomorrow},
};

#[test]
fn one_person_has_one_place_and_is_in_one_place() {
    on_both(|town| {
        let activity = published(town, &new_activity(1, 5));
        let resident = town.resident();
        let sign_up = sign_up_oneself(&resident, &activity);
        assert_eq!(
            (sign_up.state, sign_up.position),
            (SignUpState::Confirmed, None)
        );
        let wanted = places(&activity, &[&resident.id], true);
        let again = refusal(resident.problem::<SignUpFor>(&path(&activity), &wanted));
        assert!(matches!(again, SignUpRefusal::Already { .. }));

        let busy = town.resident();
        busy.ok::<Book>(
            &house(),
            &domain::api::NewBooking {
                start: at("2026-11-24T10:30"),
                end: at("2026-11-24T11:30"),
                ..tomorrow("hall-b", "10:30", "11:30")
            },
        );
        let clash = refusal(
            busy.problem::<SignUpFor>(&path(&activity), &places(&activity, &[&busy.id], true)),
        );
        assert!(
            matches!(clash, SignUpRefusal::Clash { from, .. } if from == at("2026-11-24T10:30")),
            "{clash:?}"
        );
        // What stands in the way may be at another house, and is called as it is called there.
        town.run(|tx| {
            let sql = "select document from centre where id = 'abroad'";
            let document: String = tx.one(sql, &[])?.get("document")?;
            let mut there: Centre = serde_json::from_str(&document).unwrap();
            let hall = there
                .rooms
                .iter_mut()
                .find(|room| room.id.as_str() == "hall-b");
            hall.unwrap().name = Name::new("那边的厅", "The hall over there");
            save(tx, &there)?.expect("the house is sound");
            Ok(())
        });
        let away = town.resident();
        away.ok::<Book>(
            &abroad(),
            &domain::api::NewBooking {
                start: at("2026-11-24T02:00"),
                end: at("2026-11-24T03:00"),
                ..tomorrow("hall-b", "02:00", "03:00")
            },
        );
        let clash = refusal(
            away.problem::<SignUpFor>(&path(&activity), &places(&activity, &[&away.id], true)),
        );
        assert!(
            matches!(&clash, SignUpRefusal::Clash { what, .. } if what.zh == "那边的厅"),
            "{clash:?}"
        );

        let seen = town.visitor().ok::<GetActivity>(&path(&activity), &());
        assert_eq!((seen.sessions[0].taken, seen.sessions[0].left()), (1, 4));
        let id = (house(), sign_up.id.clone());
        assert_eq!(
            town.resident().problem::<Withdraw>(&id, &()),
            Problem::NotFound,
            "others know nothing of it"
        );
        town.pass(11 * 60);
        assert!(matches!(
            refusal(resident.problem::<UndoSignUp>(&id, &())),
            SignUpRefusal::UndoTooLate { .. }
        ));
        assert_eq!(
            resident.ok::<Withdraw>(&id, &()).state,
            SignUpState::Withdrawn
        );
        assert_eq!(
            refusal(resident.problem::<Withdraw>(&id, &())),
            SignUpRefusal::Over,
            "withdrawing twice"
        );
        assert_eq!(
            town.visitor()
                .ok::<GetActivity>(&path(&activity), &())
                .sessions[0]
                .taken,
            0
        );
        let second = sign_up_oneself(&resident, &activity);
        town.pass(2 * 24 * 3600);
        let late = refusal(resident.problem::<Withdraw>(&(house(), second.id), &()));
        assert!(matches!(late, SignUpRefusal::Begun { .. }));
        let stranger = town.resident();
        let begun = refusal(
            stranger
                .problem::<SignUpFor>(&path(&activity), &places(&activity, &[&stranger.id], true)),
        );
        assert!(matches!(begun, SignUpRefusal::Begun { .. }));
    });
}

#[test]
fn offers_run_out_in_waking_hours_and_go_to_the_next_in_line() {
    on_both(|town| {
        let activity = published(town, &new_activity(1, 1));
        let holder = town.resident();
        let held = sign_up_oneself(&holder, &activity);
        let (first, second) = (town.resident(), town.resident());
        let line: Vec<SignUp> = [&first, &second]
            .map(|one| sign_up_oneself(one, &activity))
            .into();
        assert_eq!((line[0].position, line[1].position), (Some(1), Some(2)));
        assert_eq!(line[1].state, SignUpState::Waitlisted);
        // Sunday, 20:00: one hour until nine in the evening, one from eight in the morning.
        town.pass(8 * 3600);
        holder.ok::<Withdraw>(&(house(), held.id), &());
        let offered = &first.ok::<ListMySignUps>(&(), &())[0];
        assert_eq!(offered.state, SignUpState::Offered);
        assert_eq!(offered.offer_until.unwrap().local, at("2026-11-23T09:00"));
        assert!(
            matches!(&news(&first)[0], News::Offer { until, .. } if *until == at("2026-11-23T09:00"))
        );
        // While an offer is out the place is taken.
        let stranger = town.resident();
        assert_eq!(sign_up_oneself(&stranger, &activity).position, Some(2));
        // Nine in the morning: it goes to the next, and whoever let it pass stays in line.
        town.pass(13 * 3600);
        deadlines_pass(town);
        let late =
            first.problem::<AnswerOffer>(&(house(), line[0].id.clone()), &Answer { accept: true });
        assert_eq!(refusal(late), SignUpRefusal::OfferOver);
        assert!(matches!(
            &news(&first)[0],
            News::OfferPassed { last: false, .. }
        ));
        assert_eq!(
            second.ok::<ListMySignUps>(&(), &())[0].state,
            SignUpState::Offered
        );
        let no =
            second.ok::<AnswerOffer>(&(house(), line[1].id.clone()), &Answer { accept: false });
        assert_eq!(no[0].state, SignUpState::Declined);
        // The stranger never let one pass, so the place is offered there first.
        assert_eq!(
            stranger.ok::<ListMySignUps>(&(), &())[0].state,
            SignUpState::Offered
        );
        // Nobody pressed anything for days: correctness never depended on the clock job.
        town.pass(3 * 3600);
        assert!(matches!(
            refusal(stranger.problem::<UndoSignUp>(
                &(
                    house(),
                    stranger.ok::<ListMySignUps>(&(), &())[0].id.clone()
                ),
                &()
            )),
            SignUpRefusal::UndoTooLate { .. }
        ));
        deadlines_pass(town);
        let again = &first.ok::<ListMySignUps>(&(), &())[0];
        assert_eq!(again.state, SignUpState::Offered, "it comes round again");
        assert_eq!(
            first.ok::<AnswerOffer>(&(house(), again.id.clone()), &Answer { accept: true })[0]
                .state,
            SignUpState::Confirmed
        );
        assert_eq!(NOON % 60, 0);
    });
}

#[test]
fn more_places_are_offered_to_those_who_wait() {
    on_both(|town| {
        let organiser = organiser(town);
        let activity = organiser.ok::<Publish>(&house(), &new_activity(1, 1));
        let people: Vec<_> = (0..4).map(|_| town.resident()).collect();
        for person in &people {
            sign_up_oneself(person, &activity);
        }
        let more = ActivityChange {
            title: activity.title.zh.clone(),
            about: activity.about.zh.clone(),
            lang: None,
            other: None,
            places: 3,
        };
        let changed = organiser.ok::<ChangeActivity>(&path(&activity), &more);
        assert_eq!(
            (changed.sessions[0].taken, changed.sessions[0].waiting),
            (3, 1)
        );
        let states = people
            .iter()
            .map(|one| one.ok::<ListMySignUps>(&(), &())[0].state);
        use SignUpState::{Confirmed, Offered, Waitlisted};
        assert_eq!(
            states.collect::<Vec<_>>(),
            [Confirmed, Offered, Offered, Waitlisted]
        );
        let fewer = ActivityChange { places: 2, ..more };
        assert!(matches!(
            organiser.problem::<ChangeActivity>(&path(&activity), &fewer),
            Problem::Refused {
                refusal: Refusal::PlacesHeld { held: 3 },
                ..
            }
        ));
    });
}

#[test]
fn a_course_is_all_sessions_or_none() {
    on_both(|town| {
        let course = NewActivity {
            per: Per::Course,
            ..new_activity(3, 2)
        };
        let activity = published(town, &course);
        let resident = town.resident();
        sign_up_oneself(&resident, &activity);
        let seen = town.visitor().ok::<GetActivity>(&path(&activity), &());
        assert_eq!(
            seen.sessions
                .iter()
                .map(|one| one.taken)
                .collect::<Vec<_>>(),
            [1, 1, 1]
        );
        // Busy at the third date only.
        let busy = town.resident();
        busy.ok::<Book>(
            &house(),
            &domain::api::NewBooking {
                start: at("2026-12-08T10:00"),
                end: at("2026-12-08T11:00"),
                ..tomorrow("hall-b", "10:00", "11:00")
            },
        );
        let clash = refusal(
            busy.problem::<SignUpFor>(&path(&activity), &places(&activity, &[&busy.id], true)),
        );
        assert!(matches!(clash, SignUpRefusal::Clash { .. }));
        let one = NewSignUp {
            session: Some(activity.sessions[1].id.clone()),
            ..places(&activity, &[&busy.id], true)
        };
        assert_eq!(
            refusal(busy.problem::<SignUpFor>(&path(&activity), &one)),
            SignUpRefusal::NotOn
        );
    });
}

#[test]
fn a_course_that_has_begun_is_offered_to_nobody() {
    on_both(|town| {
        let course = NewActivity {
            per: Per::Course,
            ..new_activity(3, 1)
        };
        let activity = published(town, &course);
        let (first, second) = (town.resident(), town.resident());
        let place = sign_up_oneself(&first, &activity);
        let waits = sign_up_oneself(&second, &activity);
        assert_eq!(waits.state, SignUpState::Waitlisted);
        // The first date is over; a place is given up before the second.
        town.pass(4 * 86_400);
        first.ok::<Withdraw>(&(house(), place.id), &());
        deadlines_pass(town);
        let seen = second.ok::<ListMySignUps>(&(), &());
        assert_eq!(
            seen[0].state,
            SignUpState::Waitlisted,
            "nothing that cannot be taken is offered"
        );
        assert!(news(&second).is_empty());
    });
}

#[test]
fn a_place_too_few_for_a_family_goes_to_whoever_fits() {
    on_both(|town| {
        let activity = published(town, &new_activity(1, 2));
        sign_up_oneself(&town.resident(), &activity);
        let mother = town.resident();
        let sons: Vec<PersonId> = ["大寒", "小寒"]
            .map(|name| child(&mother, name, "2018-01-05"))
            .into();
        let two = places(&activity, &sons.iter().collect::<Vec<_>>(), true);
        let waiting = mother.ok::<SignUpFor>(&path(&activity), &two);
        assert_eq!(waiting[0].state, SignUpState::Waitlisted);
        let single = town.resident();
        let offered = sign_up_oneself(&single, &activity);
        assert_eq!(
            (offered.state, offered.position),
            (SignUpState::Offered, None)
        );
        // In the meantime the single has found something else for that time.
        single.ok::<Book>(
            &house(),
            &domain::api::NewBooking {
                start: at("2026-11-24T10:00"),
                end: at("2026-11-24T11:00"),
                ..tomorrow("hall-b", "10:00", "11:00")
            },
        );
        let clash =
            single.problem::<AnswerOffer>(&(house(), offered.id.clone()), &Answer { accept: true });
        assert!(matches!(refusal(clash), SignUpRefusal::Clash { .. }));
        single.ok::<AnswerOffer>(&(house(), offered.id), &Answer { accept: false });

        // A child that leaves the family gives its places up.
        mother.ok::<RemoveMember>(&sons[0], &());
        let mine = mother.ok::<ListMySignUps>(&(), &());
        assert_eq!(
            mine.iter().map(|one| one.state).collect::<Vec<_>>(),
            [SignUpState::Offered],
            "now one place is enough"
        );
        // A mother who joins the father's household brings the children along; the last adult cannot leave them behind.
        let father = town.resident();
        let code = father.ok::<RenewCode>(&(), &()).code.unwrap();
        assert_eq!(
            mother
                .ok::<JoinHousehold>(&(), &JoinCode { code })
                .members
                .len(),
            3
        );
        assert_eq!(father.ok::<GetHousehold>(&(), &()).members.len(), 3);
        mother.ok::<RemoveMember>(&mother.id, &());
        assert_eq!(
            father.problem::<RemoveMember>(&father.id, &()),
            Problem::NotAllowed
        );
    });
}

/// Exactly the places there are, and everybody else in the order of asking, whoever comes and goes meanwhile.
#[test]
fn two_hundred_callers_for_the_last_three_places() {
    on_both(|town| {
        const CALLERS: usize = 200;
        let activity = published(town, &new_activity(1, 5));
        let early: Vec<_> = (0..2).map(|_| town.resident()).collect();
        let held: Vec<_> = early
            .iter()
            .map(|one| sign_up_oneself(one, &activity))
            .collect();
        let people: Vec<_> = (0..CALLERS).map(|_| town.resident()).collect();
        let start = Barrier::new(CALLERS);
        let made: Vec<SignUp> = std::thread::scope(|scope| {
            let callers: Vec<_> = people
                .iter()
                .map(|person| {
                    let (start, activity) = (&start, &activity);
                    scope.spawn(move || {
                        start.wait();
                        sign_up_oneself(person, activity)
                    })
                })
                .collect();
            callers
                .into_iter()
                .map(|caller| caller.join().unwrap())
                .collect()
        });
        let confirmed = made
            .iter()
            .filter(|one| one.state == SignUpState::Confirmed);
        assert_eq!(confirmed.count(), 3);
        let positions: BTreeSet<u16> = made.iter().filter_map(|one| one.position).collect();
        assert_eq!(
            positions,
            (1..=197).collect(),
            "everybody else has a place in line of their own"
        );

        // Two leave while twenty of those in line give up.
        let mut line: Vec<(&SignUp, &Person<'_>)> = made
            .iter()
            .zip(&people)
            .filter(|(one, _)| one.position.is_some())
            .collect();
        line.sort_by_key(|(one, _)| one.position);
        let leaving: Vec<_> = held
            .iter()
            .zip(&early)
            .chain(line.iter().step_by(10).copied())
            .collect();
        let start = Barrier::new(leaving.len());
        std::thread::scope(|scope| {
            for (sign_up, person) in &leaving {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    person.ok::<Withdraw>(&(house(), sign_up.id.clone()), &());
                });
            }
        });
        let seen = town
            .visitor()
            .ok::<GetActivity>(&path(&activity), &())
            .sessions
            .remove(0);
        assert_eq!((seen.taken, seen.waiting), (5, 197 - 20 - 2));
        let states: Vec<(SignUpState, Option<u16>)> = line
            .iter()
            .map(|(_, person)| {
                let mine = &person.ok::<ListMySignUps>(&(), &())[0];
                (mine.state, mine.position)
            })
            .collect();
        let offered: Vec<usize> = (0..line.len())
            .filter(|i| states[*i].0 == SignUpState::Offered)
            .collect();
        assert_eq!(offered, [1, 2], "the first two who still wait");
        let waiting: Vec<u16> = states.iter().filter_map(|state| state.1).collect();
        assert_eq!(
            waiting,
            (1..=175).collect::<Vec<u16>>(),
            "the rest in order"
        );
    });
}

/// The database itself refuses a place that is not there.
#[test]
fn the_database_refuses_more_taken_places_than_there_are() {
    on_both(|town| {
        published(town, &new_activity(1, 2));
        let forced = town
            .site
            .db
            .write_blocking(|tx| Ok(tx.exec("update place_list set taken = 3", &[])?));
        assert!(forced.is_err());
    });
}

/// Whoever asks for a session under the name of another activity is refused; what that list was brought up to meanwhile is counted.
#[test]
fn a_wish_for_nothing_leaves_the_counts_of_a_list_right() {
    on_both(|town| {
        let activity = published(town, &new_activity(1, 1));
        let other = published(
            town,
            &NewActivity {
                start: at("2026-11-24T14:00"),
                end: at("2026-11-24T15:00"),
                ..new_activity(1, 1)
            },
        );
        let (holder, first) = (town.resident(), town.resident());
        let held = sign_up_oneself(&holder, &activity);
        sign_up_oneself(&first, &activity);
        holder.ok::<Withdraw>(&(house(), held.id), &());
        for _ in 1..MOST_PASSES {
            town.pass(2 * 3600 + 60);
            deadlines_pass(town);
        }
        // The last offer is over, and no job has run yet.
        town.pass(2 * 3600 + 60);
        let stranger = town.resident();
        let wrong = places(&activity, &[&stranger.id], true);
        let no = refusal(stranger.problem::<SignUpFor>(&path(&other), &wrong));
        assert_eq!(no, SignUpRefusal::NotOn);
        let seen = town.visitor().ok::<GetActivity>(&path(&activity), &());
        assert_eq!((seen.sessions[0].taken, seen.sessions[0].waiting), (0, 0));
        let made = sign_up_oneself(&stranger, &activity);
        assert_eq!(made.state, SignUpState::Confirmed);
    });
}

/// Whoever names the list of a course as if it were a session is refused alone.
#[test]
fn a_strange_name_for_a_list_refuses_nobody_else() {
    on_both(|town| {
        let course = published(
            town,
            &NewActivity {
                per: Per::Course,
                ..new_activity(2, 20)
            },
        );
        let people: Vec<_> = (0..8).map(|_| town.resident()).collect();
        let strangers: Vec<_> = (0..8).map(|_| town.resident()).collect();
        let start = Barrier::new(people.len() + strangers.len());
        std::thread::scope(|scope| {
            for one in &strangers {
                let (start, course) = (&start, &course);
                scope.spawn(move || {
                    let wanted = NewSignUp {
                        session: Some(course.id.as_str().into()),
                        ..places(course, &[&one.id], true)
                    };
                    start.wait();
                    let no = refusal(one.problem::<SignUpFor>(&path(course), &wanted));
                    assert_eq!(no, SignUpRefusal::NotOn);
                });
            }
            for one in &people {
                let (start, course) = (&start, &course);
                scope.spawn(move || {
                    start.wait();
                    assert_eq!(sign_up_oneself(one, course).state, SignUpState::Confirmed);
                });
            }
        });
    });
}

/// A rush is decided together, many in one transaction: what is sent twice, what contradicts itself and what is refused stays
/// each caller's own matter.
#[test]
fn what_is_decided_together_is_decided_for_each() {
    on_both(|town| {
        let activity = published(town, &new_activity(1, 20));
        let people: Vec<_> = (0..12).map(|_| town.resident()).collect();
        let stranger = town.resident();
        let start = Barrier::new(5 * people.len());
        let counts: Vec<(Vec<SignUp>, usize)> = std::thread::scope(|scope| {
            let all = people.iter().map(|person| {
                let (start, activity, stranger) = (&start, &activity, &stranger);
                let own = move |key: String| {
                    start.wait();
                    let wanted = places(activity, &[&person.id], true);
                    person.call_with_key::<SignUpFor>(&path(activity), &wanted, &key)
                };
                let press = key();
                // The same press twice, another press twice, and a wish for somebody of another household.
                let presses = [press.clone(), press, key(), key()];
                let presses = presses.map(|key| scope.spawn(move || own(key)));
                let foreign = scope.spawn(move || {
                    start.wait();
                    let wanted = places(activity, &[&person.id, &stranger.id], true);
                    person.problem::<SignUpFor>(&path(activity), &wanted)
                });
                (presses, foreign)
            });
            let all: Vec<_> = all.collect();
            let ended = all.into_iter().map(|(presses, foreign)| {
                assert_eq!(foreign.join().expect("an answer"), Problem::NotAllowed);
                let answers = presses.map(|press| press.join().expect("an answer"));
                let done = answers.iter().filter(|one| one.status == 200);
                let made = done.map(|one| serde_json::from_value(one.json()).expect("sign-ups"));
                let made: Vec<Vec<SignUp>> = made.collect();
                let refused = answers.iter().filter(|one| one.status != 200);
                let already = refused
                    .filter(|one| matches!(refusal(one.problem()), SignUpRefusal::Already { .. }));
                (made.concat(), already.count())
            });
            ended.collect()
        });
        for (made, already) in counts {
            assert_eq!(made.len() + already, 4);
            assert!(made.iter().all(|one| one.id == made[0].id), "one sign-up");
            assert!(!made.is_empty());
        }
        let seen = town.visitor().ok::<GetActivity>(&path(&activity), &());
        assert_eq!(usize::from(seen.sessions[0].taken), people.len());
    });
}

/// A rush is decided together, many in one transaction: who wants two classes at once must not stand in their own way.
#[test]
fn two_classes_that_open_at_once_take_everybody() {
    on_both(|town| {
        let first = published(town, &new_activity(1, 20));
        let second = published(
            town,
            &NewActivity {
                start: at("2026-11-24T14:00"),
                end: at("2026-11-24T15:00"),
                ..new_activity(1, 20)
            },
        );
        let people: Vec<_> = (0..20).map(|_| town.resident()).collect();
        let start = Barrier::new(2 * people.len());
        std::thread::scope(|scope| {
            // One class from the first to the last, the other from the last to the first.
            let wishes = people.iter().map(|person| (person, &first));
            for (person, activity) in wishes.chain(people.iter().rev().map(|one| (one, &second))) {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    let made = sign_up_oneself(person, activity);
                    assert_eq!(made.state, SignUpState::Confirmed);
                });
            }
        });
        for activity in [&first, &second] {
            let seen = town
                .visitor()
                .ok::<GetActivity>(&path(activity), &())
                .sessions
                .remove(0);
            assert_eq!((seen.taken, seen.waiting), (20, 0));
        }
    });
}
