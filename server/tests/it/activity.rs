//! Publishing, changing and calling off activities.

use domain::{
    activity::Audience,
    api::{
        ActivityChange, Book, CancelActivity, CancelBooking, CancelSession, Cancellation,
        ChangeActivity, GetActivity, GetMe, GetOccupancy, ListActivities, ListLetters,
        ListMySignUps, NewActivity, OtherWords, Publish, ReadLetters, Reason, SignUpFor,
    },
    booking::{BookingState, refusal::Refusal},
    language::Lang,
    message::News,
    problem::{Problem, TextFault},
    recurrence::Recurrence,
    sign_up::{SignUpState, refusal::SignUpRefusal},
    time::Date,
};

use super::{
    classes::{new_activity, news, organiser, path, places, published, refusal, sign_up_oneself},
    fixture::{at, day, house, on_both, tomorrow},
};

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
                    rule: Some(Recurrence::parse("FREQ=DAILY;UNTIL=20260101").unwrap()),
                    ..new_activity(1, 5)
                },
                "rule",
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
            along: domain::api::Along::One,
            seen: None,
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
            lang: None,
            other: None,
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
        // What arrived since the page was drawn was not seen.
        let older = resident.ok::<ListLetters>(&(), &()).remove(1).id;
        resident.ok::<ReadLetters>(&(), &Some(older));
        assert_eq!(resident.ok::<GetMe>(&(), &()).unread, 1);
        resident.ok::<ReadLetters>(&(), &None);
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
            &Cancellation {
                reason: "停电".to_owned(),
                ..Cancellation::default()
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

/// A program of old asks for eight weeks: it is not given one session instead.
#[test]
fn what_an_older_program_asks_for_is_refused_and_not_half_done() {
    on_both(|town| {
        let leader = organiser(town);
        let mut body = serde_json::to_value(new_activity(1, 5)).unwrap();
        body["weeks"] = 8.into();
        let url = <Publish as domain::api::Endpoint>::url(&house());
        let headers = [
            (domain::api::KEY_HEADER, "test-key-of-an-old-program"),
            ("content-type", "application/json"),
        ];
        let answer = leader.raw("POST", &url, &headers, body.to_string().as_bytes());
        assert_eq!(answer.status, 422, "{}", answer.body);
    });
}

#[test]
fn a_long_class_counts_in_nobodys_quotas() {
    on_both(|town| {
        let leader = organiser(town);
        let plan = leader.ok::<domain::api::PlanActivity>(
            &house(),
            &domain::api::NewSeries {
                rule: Recurrence::parse("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=20").unwrap(),
                exceptions: Vec::new(),
                room: "hall-a".into(),
                start: at("2026-11-24T09:30"),
                end: at("2026-11-24T11:00"),
                people: 10,
                purpose: None,
                note: String::new(),
                behalf: None,
            },
        );
        assert_eq!(plan.dates.len(), 20);
        assert!(
            plan.dates.iter().all(|date| date.refusal.is_none()),
            "{plan:?}"
        );
        // One may have four bookings to come, and ten hours of a room in a month.
        let class = leader.ok::<Publish>(&house(), &new_activity(8, 10));
        assert_eq!(class.sessions.len(), 8);
    });
}

#[test]
fn an_activity_is_told_in_the_languages_it_is_given_in_and_never_without_a_name() {
    on_both(|town| {
        let leader = organiser(town);
        let new = NewActivity {
            title: "Chess".to_owned(),
            about: "Bring nothing.".to_owned(),
            lang: Some(Lang::En),
            ..new_activity(1, 5)
        };
        let made = leader.ok::<Publish>(&house(), &new);
        // In Chinese it is read as it was given.
        assert_eq!(
            (made.title.get(Lang::Zh), made.title.only(Lang::Zh)),
            ("Chess", "")
        );
        let place = (house(), made.id.clone());
        let shown = town
            .visitor()
            .ok::<GetOccupancy>(&(house(), day("2026-11-24"), 1), &());
        let titles: Vec<_> = shown
            .taken
            .iter()
            .filter_map(|one| one.title.as_ref())
            .collect();
        assert!(titles.iter().any(|title| title.get(Lang::Zh) == "Chess"));

        let change = ActivityChange {
            title: "Chess".to_owned(),
            about: "Bring nothing.".to_owned(),
            lang: Some(Lang::En),
            other: Some(OtherWords {
                title: "国际象棋".to_owned(),
                about: String::new(),
            }),
            places: 5,
        };
        let both = leader.ok::<ChangeActivity>(&place, &change);
        assert_eq!(
            (both.title.get(Lang::Zh), both.title.get(Lang::En)),
            ("国际象棋", "Chess")
        );
        assert_eq!(both.about.get(Lang::Zh), "Bring nothing.");
        // An older program that changes one of them leaves the other, where it is the same.
        let older = ActivityChange {
            title: "国际象棋".to_owned(),
            about: "Bring nothing.".to_owned(),
            lang: None,
            other: None,
            places: 6,
        };
        let kept = leader.ok::<ChangeActivity>(&place, &older);
        assert_eq!(kept.title, both.title);
        let long = ActivityChange {
            other: Some(OtherWords {
                title: "长".repeat(61),
                about: String::new(),
            }),
            ..change
        };
        let told = leader.problem::<ChangeActivity>(&place, &long);
        assert_eq!(
            told,
            Problem::field("other_title", TextFault::TooLong { most: 60 })
        );
    });
}
