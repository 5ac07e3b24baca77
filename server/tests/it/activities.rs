//! Activities, sign-ups and waitlists, on both databases.

use std::{collections::BTreeSet, sync::Barrier};

use super::fixture::{NOON, Person, Town, at, house, on_both, tomorrow};
use domain::{
    activity::{Activity, Audience, Per},
    api::{
        ActivityChange, AddMember, AddWalkIn, Answer, AnswerOffer, Book, CancelActivity,
        CancelBooking, CancelSession, ChangeActivity, ChangeMe, GetActivity, GetFamily, GetMe,
        GetOccupancy, GetSheet, JoinClub, JoinCode, JoinFamily, ListActivities, ListClubs,
        ListLetters, ListMyClubs, ListMySignUps, MarkPerson, MyChange, NewActivity, NewMark,
        NewMember, NewSignUp, Publish, ReadLetters, Reason, RemoveMember, RenewCode, SignUpFor,
        UndoSignUp, WalkIn, Withdraw,
    },
    attendance::Mark,
    booking::BookingState,
    household::CONSENT_VERSION,
    id::{ActivityId, CentreId, PersonId},
    inbox::News,
    person::Role,
    problem::{Problem, TextFault},
    room::Purpose,
    rules::Refusal,
    sign_up::{SignUp, SignUpRefusal, SignUpState},
    time::Date,
};

fn new_activity(weeks: u16, places: u16) -> NewActivity {
    NewActivity {
        club: None,
        title: "书法 · Хаттатлық · خەتتاتلىق".to_owned(),
        about: "带一支笔".to_owned(),
        kind: Purpose::Calligraphy,
        room: "hall-a".into(),
        start: at("2026-11-24T09:30"),
        end: at("2026-11-24T11:00"),
        weeks,
        audience: Audience::default(),
        fee: 0,
        places,
        per: Per::Session,
        pick_up: false,
    }
}

fn organiser(town: &Town) -> Person<'_> {
    town.person(Some((Some("house"), Role::Organiser)))
}

fn published(town: &Town, new: &NewActivity) -> Activity {
    organiser(town).ok::<Publish>(&house(), new)
}

fn path(activity: &Activity) -> (CentreId, ActivityId) {
    (house(), activity.id.clone())
}

/// A sign-up for the first session, or for the course.
fn places(activity: &Activity, people: &[&PersonId], wait: bool) -> NewSignUp {
    NewSignUp {
        session: (activity.per == Per::Session).then(|| activity.sessions[0].id.clone()),
        people: people.iter().map(|id| (*id).clone()).collect(),
        wait,
        consent: Some(CONSENT_VERSION),
        behalf: None,
    }
}

fn sign_up_oneself(person: &Person<'_>, activity: &Activity) -> SignUp {
    let mut made = person.ok::<SignUpFor>(&path(activity), &places(activity, &[&person.id], true));
    assert_eq!(made.len(), 1);
    made.remove(0)
}

fn refusal(problem: Problem) -> SignUpRefusal {
    match problem {
        Problem::NotSignedUp { refusal } => refusal,
        other => panic!("{other:?}"),
    }
}

fn child(parent: &Person<'_>, name: &str, birth: &str) -> PersonId {
    let new = NewMember {
        name: name.to_owned(),
        birth: Date::parse(birth).unwrap(),
    };
    let family = parent.ok::<AddMember>(&(), &new);
    let found = family.members.iter().find(|member| member.name == name);
    found.unwrap().id.clone()
}

fn news(person: &Person<'_>) -> Vec<News> {
    let letters = person.ok::<ListLetters>(&(), &());
    letters.into_iter().map(|letter| letter.news).collect()
}

/// As the server does by itself when a deadline is over.
fn deadlines_pass(town: &Town) {
    town.wait(server::jobs::settle_due(&town.site))
        .expect("the database works");
}

#[test]
fn an_activity_is_published_with_its_rooms_or_not_at_all() {
    on_both(|town| {
        let organiser = organiser(town);
        let activity = organiser.ok::<Publish>(&house(), &new_activity(3, 12));
        assert_eq!(activity.sessions.len(), 3);
        assert!(
            activity
                .sessions
                .iter()
                .all(|one| one.is_on() && one.left() == 12)
        );
        assert_eq!(activity.title.zh, "书法 · Хаттатлық · خەتتاتلىق");
        let listed = town.visitor().ok::<ListActivities>(&house(), &());
        assert_eq!(listed, vec![activity.clone()]);
        let day = town
            .visitor()
            .ok::<GetOccupancy>(&(house(), Date::parse("2026-12-01").unwrap(), 1), &());
        assert_eq!(day.taken[0].activity.as_ref(), Some(&activity.id));
        assert_eq!(
            (day.taken[0].left, day.taken[0].title.is_some()),
            (Some(12), true)
        );

        // The third date is taken: nothing of it is published.
        town.resident().ok::<Book>(
            &house(),
            &domain::api::NewBooking {
                start: at("2026-12-09T18:00"),
                end: at("2026-12-09T19:00"),
                ..tomorrow("hall", "18:00", "19:00")
            },
        );
        let evening = NewActivity {
            start: at("2026-11-25T18:30"),
            end: at("2026-11-25T20:00"),
            ..new_activity(3, 12)
        };
        let problem = organiser.problem::<Publish>(&house(), &evening);
        assert!(
            matches!(&problem, Problem::Refused { refusal: Refusal::Taken { from, .. }, date, .. }
                if *from == at("2026-12-09T18:00") && *date == Date::parse("2026-12-09")),
            "{problem:?}"
        );
        assert_eq!(town.visitor().ok::<ListActivities>(&house(), &()).len(), 1);
        let too_many = organiser.problem::<Publish>(
            &house(),
            &NewActivity {
                places: 21,
                start: at("2026-11-26T09:00"),
                end: at("2026-11-26T10:00"),
                ..new_activity(1, 21)
            },
        );
        assert!(matches!(
            too_many,
            Problem::Refused {
                refusal: Refusal::TooManyPeople {
                    most: 20,
                    asked: 21
                },
                ..
            }
        ));
        for (broken, field) in [
            (
                NewActivity {
                    title: " ".to_owned(),
                    ..new_activity(1, 5)
                },
                "title",
            ),
            (
                NewActivity {
                    places: 0,
                    ..new_activity(1, 5)
                },
                "places",
            ),
            (
                NewActivity {
                    weeks: 27,
                    ..new_activity(1, 5)
                },
                "weeks",
            ),
            (
                NewActivity {
                    audience: Audience {
                        from_age: Some(9),
                        to_age: Some(8),
                    },
                    ..new_activity(1, 5)
                },
                "audience",
            ),
        ] {
            let Problem::Invalid { fields } = organiser.problem::<Publish>(&house(), &broken)
            else {
                panic!("{field}")
            };
            assert_eq!(fields[0].field, field);
        }
        assert_eq!(
            town.resident()
                .problem::<Publish>(&house(), &new_activity(1, 5)),
            Problem::NotAllowed
        );
    });
}

#[test]
fn a_shared_link_shows_what_it_is_about_without_the_program() {
    on_both(|town| {
        let new = NewActivity {
            title: "插花 <b>\"入门\"".to_owned(),
            ..new_activity(1, 12)
        };
        let activity = published(town, &new);
        let path = format!("/activities/house/{}", activity.id);
        let page = town.visitor().raw("GET", &path, &[], b"").body;
        assert!(
            page.contains("property=\"og:title\" content=\"插花 &lt;b&gt;&quot;入门&quot;\""),
            "{page}"
        );
        assert!(
            page.contains("周二 11月24日 09:30–11:00 · 甲厅 · 小屋"),
            "{page}"
        );
        let picture = format!(
            "/api/v1/centres/house/activities/{}/picture.png",
            activity.id
        );
        assert!(page.contains(&format!("content=\"{}\"", town.url(&picture))));
        let drawn = town.visitor().raw("GET", &picture, &[], &[]);
        assert_eq!(drawn.status, 200);
        assert_eq!(drawn.headers["content-type"], "image/png");
        assert!(
            page.contains("<h1>插花 &lt;b&gt;"),
            "seen where the program cannot run"
        );
        let file = format!(
            "/api/v1/centres/house/activities/{}/sessions/{}/session.ics",
            activity.id, activity.sessions[0].id
        );
        let file = town.visitor().raw("GET", &file, &[], b"");
        assert!(
            file.body.contains("DTSTART:20261124T013000Z")
                && file.body.contains("STATUS:CONFIRMED"),
            "{}",
            file.body
        );
        // A link to nothing still opens the app, which says so.
        assert_eq!(
            town.visitor()
                .raw("GET", "/activities/house/none", &[], b"")
                .status,
            200
        );
    });
}

#[test]
fn a_room_that_staff_decide_on_opens_with_their_approval() {
    on_both(|town| {
        let quiet = NewActivity {
            room: "quiet".into(),
            start: at("2026-11-24T18:00"),
            end: at("2026-11-24T19:00"),
            ..new_activity(1, 6)
        };
        let activity = published(town, &quiet);
        assert_eq!(activity.sessions[0].state, BookingState::Requested);
        let resident = town.resident();
        let early = resident
            .problem::<SignUpFor>(&path(&activity), &places(&activity, &[&resident.id], true));
        assert_eq!(refusal(early), SignUpRefusal::NotOn);
        let yes = domain::api::Decision {
            approve: true,
            reason: String::new(),
        };
        let booking = activity.sessions[0].booking.clone();
        town.staff()
            .ok::<domain::api::DecideBooking>(&(house(), booking), &yes);
        assert_eq!(
            sign_up_oneself(&resident, &activity).state,
            SignUpState::Confirmed
        );
    });
}

#[test]
fn only_those_who_run_it_change_it_and_call_it_off() {
    on_both(|town| {
        let (mine, other, staff) = (organiser(town), organiser(town), town.staff());
        let activity = mine.ok::<Publish>(&house(), &new_activity(3, 5));
        let resident = town.resident();
        sign_up_oneself(&resident, &activity);
        let reason = Reason {
            reason: "老师生病".to_owned(),
        };
        let first = (
            house(),
            activity.id.clone(),
            activity.sessions[0].id.clone(),
        );
        assert_eq!(
            other.problem::<CancelSession>(&first, &reason),
            Problem::NotAllowed
        );
        assert_eq!(
            resident.problem::<CancelSession>(&first, &reason),
            Problem::NotAllowed
        );

        let change = ActivityChange {
            title: "毛笔书法".to_owned(),
            about: "带一支笔".to_owned(),
            places: 1,
        };
        let changed = mine.ok::<ChangeActivity>(&path(&activity), &change);
        assert_eq!(
            (changed.title.zh.as_str(), changed.sessions[0].places),
            ("毛笔书法", 1)
        );
        let none = ActivityChange {
            places: 0,
            ..change
        };
        assert!(
            matches!(mine.problem::<ChangeActivity>(&path(&activity), &none), Problem::Invalid { fields } if fields[0].fault == TextFault::OutOfRange)
        );

        town.pass(1);
        let after = mine.ok::<CancelSession>(&first, &reason);
        assert_eq!(
            (after.sessions[0].state, after.sessions[0].reason.as_str()),
            (BookingState::Cancelled, "老师生病")
        );
        assert!(after.sessions[1].is_on());
        let told = news(&resident);
        assert!(
            matches!(&told[0], News::SessionCancelled { reason, .. } if reason == "老师生病"),
            "{told:?}"
        );
        assert!(matches!(&told[1], News::ActivityChanged { .. }));
        assert_eq!(resident.ok::<GetMe>(&(), &()).unread, 2);
        resident.ok::<ReadLetters>(&(), &());
        assert_eq!(resident.ok::<GetMe>(&(), &()).unread, 0);
        assert!(resident.ok::<ListMySignUps>(&(), &())[0].called_off);
        // The room is free again.
        let again = NewActivity {
            start: at("2026-11-24T09:30"),
            end: at("2026-11-24T11:00"),
            ..new_activity(1, 5)
        };
        mine.ok::<Publish>(&house(), &again);
        assert!(matches!(
            mine.problem::<CancelSession>(&first, &reason),
            Problem::Refused {
                refusal: Refusal::Over,
                ..
            }
        ));

        // 24 November, 10:00: nothing of it has begun but what is called off. A week later the second has.
        town.pass(9 * 24 * 3600 - 2 * 3600);
        let second = (
            house(),
            activity.id.clone(),
            activity.sessions[1].id.clone(),
        );
        assert!(matches!(
            staff.problem::<CancelSession>(&second, &reason),
            Problem::Refused {
                refusal: Refusal::Past { .. },
                ..
            }
        ));
        let all = staff.ok::<CancelActivity>(&path(&activity), &reason);
        assert_eq!(all.sessions[2].state, BookingState::Cancelled);
        assert!(all.sessions[1].is_on(), "what has begun stays");
    });
}

#[test]
fn a_session_falls_with_the_booking_of_its_room() {
    on_both(|town| {
        let activity = published(town, &new_activity(1, 5));
        let resident = town.resident();
        sign_up_oneself(&resident, &activity);
        let booking = (house(), activity.sessions[0].booking.clone());
        town.staff().ok::<CancelBooking>(
            &booking,
            &Reason {
                reason: "停电".to_owned(),
            },
        );
        assert_eq!(
            town.visitor()
                .ok::<GetActivity>(&path(&activity), &())
                .sessions[0]
                .reason,
            "停电"
        );
        assert!(matches!(&news(&resident)[0], News::SessionCancelled { .. }));
    });
}

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
fn a_family_is_signed_up_together_or_not_at_all() {
    on_both(|town| {
        let children = NewActivity {
            audience: Audience {
                from_age: Some(6),
                to_age: Some(12),
            },
            pick_up: true,
            ..new_activity(1, 3)
        };
        let activity = published(town, &children);
        let mother = town.resident();
        // Six on the day of the session; one day too young for it.
        let six = child(&mother, "小满", "2020-11-24");
        let five = child(&mother, "小雪", "2020-11-25");
        let nine = child(&mother, "大寒", "2017-01-20");
        let alone = NewSignUp {
            consent: None,
            ..places(&activity, &[&six], false)
        };
        assert!(matches!(
            refusal(mother.problem::<SignUpFor>(&path(&activity), &alone)),
            SignUpRefusal::ConsentNeeded { .. }
        ));
        let both = places(&activity, &[&six, &five], false);
        assert!(matches!(
            refusal(mother.problem::<SignUpFor>(&path(&activity), &both)),
            SignUpRefusal::TooYoung {
                age: 5,
                from_age: 6,
                ..
            }
        ));
        let herself = places(&activity, &[&mother.id], false);
        assert!(matches!(
            refusal(mother.problem::<SignUpFor>(&path(&activity), &herself)),
            SignUpRefusal::NoBirthDate { .. }
        ));
        assert_eq!(
            town.visitor()
                .ok::<GetActivity>(&path(&activity), &())
                .sessions[0]
                .taken,
            0,
            "all or none"
        );
        let made =
            mother.ok::<SignUpFor>(&path(&activity), &places(&activity, &[&six, &nine], false));
        assert_eq!(
            made.iter().map(|one| one.state).collect::<Vec<_>>(),
            [SignUpState::Confirmed; 2]
        );
        let (version, guardian) = town.run({
            let six = six.clone();
            move |tx| {
                let row = tx.one(
                    "select version, guardian_id from consent where person_id = $1",
                    &[(&six).into()],
                )?;
                Ok((row.get::<i64>(0)?, row.get::<String>(1)?))
            }
        });
        assert_eq!(
            (version, guardian.as_str()),
            (1, mother.id.as_str()),
            "the text that was agreed to is kept"
        );

        // The other parent joins by the code, and signs the same child up.
        let father = town.resident();
        let code = mother.ok::<GetFamily>(&(), &()).code.unwrap();
        assert_eq!(
            father.problem::<JoinFamily>(
                &(),
                &JoinCode {
                    code: "000000000000".to_owned()
                }
            ),
            Problem::CodeExpired
        );
        let family = father.ok::<JoinFamily>(
            &(),
            &JoinCode {
                code: format!("{} {}", &code[..6], &code[6..]),
            },
        );
        assert_eq!(family.members.len(), 5);
        let twice = refusal(
            father.problem::<SignUpFor>(&path(&activity), &places(&activity, &[&six], false)),
        );
        assert!(matches!(twice, SignUpRefusal::Already { .. }));
        assert!(
            father
                .ok::<ListMySignUps>(&(), &())
                .iter()
                .any(|one| one.person == six)
        );
        father.ok::<Withdraw>(&(house(), made[0].id.clone()), &());

        // A family larger than what is left.
        let grandmother = town.resident();
        let more: Vec<PersonId> = (1..4)
            .map(|n| child(&grandmother, &format!("孙{n}"), "2018-05-05"))
            .collect();
        let three = places(&activity, &more.iter().collect::<Vec<_>>(), false);
        assert_eq!(
            refusal(grandmother.problem::<SignUpFor>(&path(&activity), &three)),
            SignUpRefusal::Full { left: 2, asked: 3 }
        );
        let waiting = grandmother.ok::<SignUpFor>(
            &path(&activity),
            &NewSignUp {
                wait: true,
                ..three
            },
        );
        assert_eq!(
            waiting.iter().map(|one| one.position).collect::<Vec<_>>(),
            [Some(1), Some(2), Some(3)]
        );
        // Two places are left, but nobody new overtakes those who wait.
        let seen = town.visitor().ok::<GetActivity>(&path(&activity), &());
        assert_eq!((seen.sessions[0].left(), seen.sessions[0].waiting), (0, 3));
        // The last of the others withdraws: the three are offered their places together.
        mother.ok::<Withdraw>(&(house(), made[1].id.clone()), &());
        assert_eq!(
            news(&grandmother)
                .iter()
                .filter(|one| matches!(one, News::Offer { .. }))
                .count(),
            3
        );
        let taken = grandmother
            .ok::<AnswerOffer>(&(house(), waiting[0].id.clone()), &Answer { accept: true });
        assert_eq!(
            taken.iter().map(|one| one.state).collect::<Vec<_>>(),
            [SignUpState::Confirmed; 3]
        );

        // Strangers' children cannot be signed up, and adults are not put out of a household.
        let stranger = town.resident();
        assert_eq!(
            stranger.problem::<SignUpFor>(&path(&activity), &places(&activity, &[&six], true)),
            Problem::NotAllowed
        );
        assert_eq!(
            mother.problem::<RemoveMember>(&father.id, &()),
            Problem::NotAllowed
        );
        assert_eq!(mother.ok::<RemoveMember>(&five, &()).members.len(), 4);
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
            about: activity.about.clone(),
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
            Problem::Invalid { .. }
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
fn clubs_have_members_and_their_organisers_publish() {
    on_both(|town| {
        let leader = town.resident();
        let id = leader.id.clone();
        town.run(move |tx| {
            tx.exec(
                "insert into club (centre_id, id, name_zh, name_en, about_zh, about_en, kind) values ('house', 'brush', '书法社', 'Brush club', '', '', 'calligraphy')",
                &[],
            )?;
            tx.exec(
                "insert into club_member (centre_id, club_id, person_id, organises, since) values ('house', 'brush', $1, 1, 0)",
                &[(&id).into()],
            )?;
            Ok(())
        });
        let of_club = NewActivity {
            club: Some("brush".into()),
            ..new_activity(1, 5)
        };
        let activity = leader.ok::<Publish>(&house(), &of_club);
        assert_eq!(activity.club.unwrap().name.en, "Brush club");
        let later = NewActivity {
            start: at("2026-11-25T09:30"),
            end: at("2026-11-25T11:00"),
            ..of_club
        };
        assert_eq!(
            organiser(town).problem::<Publish>(&house(), &later),
            Problem::NotAllowed,
            "of another club"
        );
        let member = town.resident();
        let club = (house(), "brush".into());
        assert!(!member.ok::<JoinClub>(&club, &())[0].organises);
        member.ok::<JoinClub>(&club, &());
        assert_eq!(
            member.problem::<Publish>(&house(), &later),
            Problem::NotAllowed,
            "a member does not organise"
        );
        assert_eq!(town.visitor().ok::<ListClubs>(&house(), &())[0].members, 2);
        assert_eq!(member.ok::<domain::api::LeaveClub>(&club, &()), vec![]);
        assert_eq!(member.ok::<ListMyClubs>(&(), &()), vec![]);
        assert_eq!(
            member.problem::<JoinClub>(&(house(), "none".into()), &()),
            Problem::NotFound
        );
    });
}

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
        assert_eq!(
            organiser
                .ok::<MarkPerson>(&sheet, &note(Some(Mark::PickedUp)))
                .rows[0]
                .mark,
            Some(Mark::PickedUp)
        );
        assert_eq!(
            organiser.ok::<MarkPerson>(&sheet, &note(None)).rows[0].mark,
            None
        );
        let stranger = NewMark {
            person: "nobody".into(),
            mark: Some(Mark::Here),
        };
        assert_eq!(
            organiser.problem::<MarkPerson>(&sheet, &stranger),
            Problem::NotFound
        );

        // Somebody without a phone walks in, somebody with one twice, and somebody who has a place.
        let walk = |name: &str, phone: &str| WalkIn {
            name: name.to_owned(),
            phone: phone.to_owned(),
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
        };
        assert_eq!(
            organiser.ok::<MarkPerson>(&sheet, &gone).rows.len(),
            2,
            "a walk-in that is taken back was never there"
        );
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
                .ok::<JoinFamily>(&(), &JoinCode { code })
                .members
                .len(),
            3
        );
        assert_eq!(father.ok::<GetFamily>(&(), &()).members.len(), 3);
        mother.ok::<RemoveMember>(&mother.id, &());
        assert_eq!(
            father.problem::<RemoveMember>(&father.id, &()),
            Problem::NotAllowed
        );
    });
}

#[test]
fn grown_ups_tell_their_birth_date_themselves() {
    on_both(|town| {
        let elders = NewActivity {
            audience: Audience {
                from_age: Some(60),
                to_age: None,
            },
            ..new_activity(1, 5)
        };
        let activity = published(town, &elders);
        let elder = town.resident();
        let wanted = places(&activity, &[&elder.id], true);
        assert!(matches!(
            refusal(elder.problem::<SignUpFor>(&path(&activity), &wanted)),
            SignUpRefusal::NoBirthDate { .. }
        ));
        let change = |birth: &str| MyChange {
            name: "老张".to_owned(),
            lang: domain::text::Lang::Zh,
            birth: Date::parse(birth),
        };
        assert!(
            matches!(elder.problem::<ChangeMe>(&(), &change("2030-01-01")), Problem::Invalid { fields } if fields[0].field == "birth")
        );
        assert_eq!(
            elder
                .ok::<ChangeMe>(&(), &change("1956-11-24"))
                .profile
                .unwrap()
                .birth,
            Date::parse("1956-11-24")
        );
        assert_eq!(
            elder.ok::<SignUpFor>(&path(&activity), &wanted)[0].state,
            SignUpState::Confirmed
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

/// A rush is run in turn, many in one transaction: who wants two classes at once must not stand in their own way.
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
