//! Households that sign up together.

use domain::{
    activity::Audience,
    api::{
        Answer, AnswerOffer, Book, ChangeMe, GetActivity, GetCentre, GetHousehold, GetHouseholdUse,
        JoinCode, JoinHousehold, ListMySignUps, MyChange, NewActivity, NewBooking, NewSeries,
        NewSignUp, PlanSeries, RemoveMember, RenewCode, SignUpFor, Withdraw,
    },
    booking::refusal::Refusal as BookingRefusal,
    id::PersonId,
    message::News,
    problem::Problem,
    sign_up::{SignUpState, refusal::SignUpRefusal},
    time::Date,
};

use super::{
    classes::{child, new_activity, news, path, places, published, refusal, weekly},
    fixture::{Person, at, at_once, house, on_both, save, tomorrow},
};

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
                Ok((
                    row.get::<i64>("version")?,
                    row.get::<String>("guardian_id")?,
                ))
            }
        });
        assert_eq!(
            (version, guardian.as_str()),
            (2, mother.id.as_str()),
            "the text that was agreed to is kept"
        );

        // The other parent joins by the code, and signs the same child up.
        let father = town.resident();
        let code = mother.ok::<RenewCode>(&(), &()).code.unwrap();
        assert_eq!(
            father.problem::<JoinHousehold>(
                &(),
                &JoinCode {
                    code: "000000000000".to_owned()
                }
            ),
            Problem::CodeExpired
        );
        let family = father.ok::<JoinHousehold>(
            &(),
            &JoinCode {
                code: format!("{} {}", &code[..6], &code[6..]),
            },
        );
        assert_eq!(family.members.len(), 5);
        // A code that was passed on stays the same, whoever is added.
        let code = mother.ok::<RenewCode>(&(), &()).code;
        child(&mother, "立春", "2019-02-04");
        let after = mother.ok::<GetHousehold>(&(), &());
        assert_eq!((after.members.len(), after.code), (6, code));
        let added = after.members.iter().find(|one| one.name == "立春");
        mother.ok::<RemoveMember>(&added.unwrap().id, &());
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
            lang: domain::language::Lang::Zh,
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
        // Whoever mistyped it takes it back.
        let none = MyChange {
            birth: None,
            ..change("1956-11-24")
        };
        let taken_back = elder.ok::<ChangeMe>(&(), &none).profile.unwrap();
        assert_eq!(taken_back.birth, None);
    });
}

/// Lets the members of one household have so much together.
fn count_households(town: &super::fixture::Town, bookings: u16, week_minutes: u16) {
    let mut view = town.visitor().ok::<GetCentre>(&house(), &());
    view.centre.rules.household_bookings = bookings;
    view.centre.rules.household_week_minutes = week_minutes;
    town.run(move |tx| {
        save(tx, &view.centre)?.unwrap();
        Ok(())
    });
}

#[test]
fn what_a_household_has_together_counts_where_the_house_says_so() {
    on_both(|town| {
        let (mother, father, neighbour) = (town.resident(), town.resident(), town.resident());
        let code = mother.ok::<RenewCode>(&(), &()).code.unwrap();
        father.ok::<JoinHousehold>(&(), &JoinCode { code });
        let mine = |day: &str, from: &str, until: &str| NewBooking {
            start: at(&format!("{day}T{from}")),
            end: at(&format!("{day}T{until}")),
            ..tomorrow("hall-a", "10:00", "11:00")
        };
        let refused =
            |person: &Person<'_>, new: &NewBooking| match person.problem::<Book>(&house(), new) {
                Problem::Refused { refusal, .. } => refusal,
                other => panic!("{other:?}"),
            };
        // Six hours a week each; together no more than seven.
        count_households(town, 5, 420);
        for day in ["2026-11-23", "2026-11-24"] {
            mother.ok::<Book>(&house(), &mine(day, "10:00", "13:00"));
        }
        let use_of = |person: &Person<'_>| person.ok::<GetHouseholdUse>(&house(), &());
        assert_eq!(use_of(&father).len(), 2);
        assert_eq!(use_of(&mother).len(), 0);
        assert_eq!(use_of(&neighbour).len(), 0);
        assert_eq!(
            refused(&father, &mine("2026-11-25", "10:00", "12:00")),
            BookingRefusal::HouseholdWeek {
                most: 420,
                have: 360,
                asked: 120
            }
        );
        father.ok::<Book>(&house(), &mine("2026-11-25", "10:00", "11:00"));
        // Another week, up to five together.
        father.ok::<Book>(&house(), &mine("2026-12-01", "10:00", "11:00"));
        father.ok::<Book>(&house(), &mine("2026-12-02", "10:00", "11:00"));
        assert_eq!(
            refused(&mother, &mine("2026-12-03", "10:00", "11:00")),
            BookingRefusal::HouseholdBookings { most: 5, have: 5 }
        );
        neighbour.ok::<Book>(&house(), &mine("2026-12-03", "10:00", "11:00"));
        // A series counts its own dates, and theirs.
        count_households(town, 6, 0);
        let series = NewSeries {
            rule: weekly(2),
            exceptions: Vec::new(),
            room: "hall-b".into(),
            start: at("2026-12-10T10:00"),
            end: at("2026-12-10T11:00"),
            people: 2,
            purpose: None,
            note: String::new(),
            behalf: None,
        };
        let plan = mother.ok::<PlanSeries>(&house(), &series);
        assert_eq!(plan.dates[0].refusal, None);
        assert_eq!(
            plan.dates[1].refusal,
            Some(BookingRefusal::HouseholdBookings { most: 6, have: 6 })
        );
    });
}

/// Both at once, and again and again: never more than one of them.
#[test]
fn two_members_at_once_do_not_have_more_than_a_household_may() {
    on_both(|town| {
        for round in 0..6 {
            let (mother, father) = (town.resident(), town.resident());
            let code = mother.ok::<RenewCode>(&(), &()).code.unwrap();
            father.ok::<JoinHousehold>(&(), &JoinCode { code });
            count_households(town, 4, 0);
            let book = |person: &Person<'_>, room: &str, hour: u32| {
                let (from, until) = (format!("{hour:02}:00"), format!("{:02}:00", hour + 1));
                let new = NewBooking {
                    start: at(&format!("2026-12-{:02}T{from}", 10 + round)),
                    end: at(&format!("2026-12-{:02}T{until}", 10 + round)),
                    ..tomorrow(room, "10:00", "11:00")
                };
                person.call::<Book>(&house(), &new).status == 200
            };
            for hour in [8, 10, 12] {
                assert!(book(&mother, "hall-a", hour));
            }
            let both = [&mother, &father];
            let rooms = ["hall-a", "hall-b"];
            let had = at_once(2, |n| book(both[n], rooms[n], 14));
            assert_eq!(had.iter().filter(|had| **had).count(), 1, "{had:?}");
        }
    });
}
