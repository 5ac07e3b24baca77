//! Two records of one person are made one, with all that both have; and two again.

use domain::{
    activity::Audience,
    api::{
        AddPerson, AddRelative, Book, FindEntries, FindPeople, GetBooking, GetHousehold, GetMe,
        GetPerson, LogQuery, MergePeople, Merged, MergedCounts, NewCaller, NewMember, PeopleMerge,
        SignUpFor, UndoChange, Wanted, Withdraw,
    },
    audit::{Act, Log},
    id::PersonId,
    person::{
        behalf::{Behalf, Channel},
        merge::Unmergeable,
    },
    problem::Problem,
    time::Date,
};

use super::{
    classes::{child, class, path, places},
    fixture::{Person, abroad, at_once, house, on_both, tomorrow},
};

fn record(staff: &Person<'_>, name: &str, phone: &str) -> PersonId {
    let new = NewCaller {
        name: name.to_owned(),
        phone: phone.to_owned(),
        birth: None,
        family: Vec::new(),
    };
    staff.ok::<AddPerson>(&house(), &new).id
}

fn relative(staff: &Person<'_>, of: &PersonId, name: &str, birth: &str) -> PersonId {
    let new = NewMember {
        name: name.to_owned(),
        birth: Date::parse(birth).unwrap(),
    };
    staff.ok::<AddRelative>(&(house(), of.clone()), &new);
    let card = staff.ok::<GetPerson>(&(house(), of.clone()), &());
    let found = card.family.iter().find(|one| one.name == name);
    found.unwrap().id.clone()
}

fn behalf(person: &PersonId) -> Option<Behalf> {
    Some(Behalf {
        person: person.clone(),
        channel: Channel::Desk,
    })
}

fn preview(staff: &Person<'_>, kept: &PersonId, other: &PersonId) -> Merged {
    let look = PeopleMerge {
        other: other.clone(),
        seen: None,
    };
    staff.ok::<MergePeople>(&(house(), kept.clone()), &look)
}

fn merge(staff: &Person<'_>, kept: &PersonId, other: &PersonId) -> Merged {
    let wanted = PeopleMerge {
        other: other.clone(),
        seen: Some(preview(staff, kept, other).counts),
    };
    staff.ok::<MergePeople>(&(house(), kept.clone()), &wanted)
}

fn refused(staff: &Person<'_>, kept: &PersonId, other: &PersonId) -> Unmergeable {
    let look = PeopleMerge {
        other: other.clone(),
        seen: None,
    };
    match staff.problem::<MergePeople>(&(house(), kept.clone()), &look) {
        Problem::NotMerged { why } => why,
        other => panic!("{other:?}"),
    }
}

fn found(staff: &Person<'_>, text: &str) -> usize {
    let wanted = Wanted {
        text: text.to_owned(),
    };
    staff.ok::<FindPeople>(&house(), &wanted).len()
}

#[test]
fn what_both_have_is_one_persons_and_can_be_parted_again() {
    on_both(|town| {
        let staff = town.staff();
        let kept = record(&staff, "双份甲", "13866660001");
        let other = record(&staff, "双份甲", "");
        let mut wanted = tomorrow("hall-a", "10:00", "11:00");
        wanted.behalf = behalf(&other);
        let booking = staff.ok::<Book>(&house(), &wanted);
        let activity = class(town, 5, Audience::default());
        let signing = domain::api::NewSignUp {
            behalf: behalf(&other),
            ..places(&activity, &[&other], false)
        };
        staff.ok::<SignUpFor>(&path(&activity), &signing);
        let girl = relative(&staff, &other, "小双", "2016-05-01");

        let seen = preview(&staff, &kept, &other);
        assert!(seen.made.is_none() && seen.gone.id == other);
        assert_eq!(
            seen.counts,
            MergedCounts {
                bookings: 1,
                sign_ups: 1,
                relatives: 1,
                ..MergedCounts::default()
            }
        );
        // Something else was seen: it is shown anew.
        let stale = PeopleMerge {
            other: other.clone(),
            seen: Some(MergedCounts::default()),
        };
        let shown = staff.ok::<MergePeople>(&(house(), kept.clone()), &stale);
        assert!(shown.made.is_none() && shown.counts == seen.counts);
        let made = merge(&staff, &kept, &other).made.unwrap();

        let card = staff.ok::<GetPerson>(&(house(), kept.clone()), &());
        assert_eq!(card.bookings[0].id, booking.id);
        assert_eq!(card.sign_ups.len(), 1);
        assert_eq!(card.family[1].id, girl);
        assert_eq!(found(&staff, "双份"), 1);
        let gone = staff.problem::<GetPerson>(&(house(), other.clone()), &());
        assert_eq!(gone, Problem::NotFound);
        // The log knows whose it was.
        let query = LogQuery {
            text: "双份甲".to_owned(),
            page: 0,
        };
        let body = serde_json::to_vec(&query).unwrap();
        let url = <FindEntries as domain::api::Endpoint>::url(&house());
        let headers = [("content-type", "application/json")];
        let log = |staff: &Person<'_>| {
            let answer = staff.raw("POST", &url, &headers, &body);
            serde_json::from_str::<Log>(&answer.body).unwrap().entries
        };
        assert!(log(&staff).iter().any(|one| one.act == Act::PeopleMerged));
        let booked = log(&staff)
            .into_iter()
            .find(|one| one.act == Act::Booked)
            .unwrap();
        assert_eq!(booked.person.as_deref(), Some("双份甲"));

        // Two again; what was done meanwhile is theirs who have it.
        staff.ok::<UndoChange>(&(house(), made.id.clone()), &());
        let (card, back) = (
            staff.ok::<GetPerson>(&(house(), kept.clone()), &()),
            staff.ok::<GetPerson>(&(house(), other.clone()), &()),
        );
        assert!(card.bookings.is_empty() && card.sign_ups.is_empty() && card.family.len() == 1);
        assert_eq!(
            (back.bookings.len(), back.sign_ups.len(), back.family.len()),
            (1, 1, 2)
        );
        assert_eq!(found(&staff, "双份"), 2);
        let again = staff.problem::<UndoChange>(&(house(), made.id), &());
        assert_eq!(again, Problem::Overtaken);

        // Later it stands, and nothing of the other record is left but that it was.
        merge(&staff, &kept, &other);
        town.pass(700);
        town.wait(server::jobs::forget_due(&town.site))
            .expect("the database works");
        town.run(move |tx| {
            let row = tx.one("select name from person where id = $1", &[(&other).into()])?;
            assert_eq!(row.get::<String>("name")?, "");
            Ok(())
        });
        let staff = town.staff();
        let booked = log(&staff).into_iter().find(|one| one.act == Act::Booked);
        assert_eq!(booked.unwrap().person.as_deref(), Some("双份甲"));
        let seen = staff.ok::<GetBooking>(&(house(), booking.id.clone()), &());
        assert_eq!(seen.person, kept);
    });
}

#[test]
fn a_child_who_walked_in_comes_to_the_one_of_its_family() {
    on_both(|town| {
        let (mother, staff) = (town.resident(), town.staff());
        let known = child(&mother, "小石", "2016-03-04");
        let activity = class(town, 5, Audience::default());
        mother.ok::<SignUpFor>(&path(&activity), &places(&activity, &[&known], false));
        let walked = record(&staff, "小石", "");
        // Both are signed up for the same: staff decide whose place it is.
        let signing = domain::api::NewSignUp {
            behalf: behalf(&walked),
            ..places(&activity, &[&walked], false)
        };
        let made = staff.ok::<SignUpFor>(&path(&activity), &signing);
        assert!(matches!(
            refused(&staff, &known, &walked),
            Unmergeable::BothSignedUp { .. }
        ));
        staff.ok::<Withdraw>(&(house(), made[0].id.clone()), &());
        merge(&staff, &known, &walked);
        let family = mother.ok::<GetHousehold>(&(), &());
        assert_eq!(family.members.len(), 2, "{family:?}");
        assert_eq!(family.members[1].name, "小石");
        // The household is still the one that keeps its child's record.
        assert!(!staff.ok::<GetPerson>(&(house(), known), &()).kept_by_staff);
        // What is forgotten of a child after a year is forgotten of the record that went into it, too.
        town.pass(400 * 86_400);
        town.wait(server::jobs::forget_due(&town.site))
            .expect("the database works");
        town.run(move |tx| {
            let row = tx.one(
                "select count(*) as n from audit where person_id = $1",
                &[(&walked).into()],
            )?;
            assert_eq!(row.get::<i64>("n")?, 0);
            Ok(())
        });
    });
}

#[test]
fn who_are_two_people_stay_two() {
    on_both(|town| {
        let staff = town.staff();
        let (one, other) = (
            record(&staff, "甲", "13866660011"),
            record(&staff, "乙", "13866660012"),
        );
        let plain = record(&staff, "丙", "");
        assert_eq!(refused(&staff, &one, &one), Unmergeable::Oneself);
        assert_eq!(refused(&staff, &one, &other), Unmergeable::BothNumbers);
        assert_eq!(refused(&staff, &plain, &other), Unmergeable::HasNumber);
        // What its person made by signing in is theirs.
        let resident = town.resident();
        resident.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
        let son = child(&resident, "小满", "2016-03-04");
        assert_eq!(refused(&staff, &plain, &son), Unmergeable::NotKeptHere);
        for (head, name) in [(&one, "小甲"), (&plain, "小丙")] {
            relative(&staff, head, name, "2015-01-01");
        }
        assert_eq!(refused(&staff, &one, &plain), Unmergeable::TwoFamilies);
        // Nobody of another house, and nobody who is not staff.
        let elsewhere = town.person(Some((
            Some("abroad"),
            domain::person::permission::Role::Staff,
        )));
        let look = PeopleMerge {
            other: plain.clone(),
            seen: None,
        };
        let hidden = elsewhere.problem::<MergePeople>(&(abroad(), one.clone()), &look);
        assert_eq!(hidden, Problem::NotFound);
        let refused = resident.problem::<MergePeople>(&(house(), one), &look);
        assert_eq!(refused, Problem::NotAllowed);
        assert!(resident.ok::<GetMe>(&(), &()).profile.is_some());
    });
}

#[test]
fn nobody_comes_into_a_household_by_a_merge() {
    on_both(|town| {
        let (mother, staff) = (town.resident(), town.staff());
        mother.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
        child(&mother, "小石", "2016-03-04");
        // The desk adds somebody to a household that signs in, and has a number that it could merge them into.
        let made = relative(&staff, &mother.id, "外人", "1990-01-01");
        let number = record(&staff, "外人", "13866660031");
        assert_eq!(
            refused(&staff, &number, &made),
            Unmergeable::HouseholdTheirs
        );
        let plain = record(&staff, "外人", "");
        assert_eq!(refused(&staff, &plain, &made), Unmergeable::HouseholdTheirs);
        // Twice in that household is one too many.
        let twice = relative(&staff, &mother.id, "外人二", "1990-01-01");
        let kept = mother.ok::<GetHousehold>(&(), &()).members;
        assert_eq!(kept.len(), 4, "{kept:?}");
        merge(&staff, &made, &twice);
        assert_eq!(mother.ok::<GetHousehold>(&(), &()).members.len(), 3);
    });
}

#[test]
fn two_desks_at_once_merge_once() {
    on_both(|town| {
        let staff = town.staff();
        let kept = record(&staff, "同时甲", "13866660021");
        let other = record(&staff, "同时甲", "");
        let mut wanted = tomorrow("hall-a", "12:00", "13:00");
        wanted.behalf = behalf(&other);
        staff.ok::<Book>(&house(), &wanted);
        let seen = preview(&staff, &kept, &other).counts;
        let made = at_once(4, |_| {
            let wanted = PeopleMerge {
                other: other.clone(),
                seen: Some(seen.clone()),
            };
            let answer = staff.call::<MergePeople>(&(house(), kept.clone()), &wanted);
            answer.status == 200
        });
        assert_eq!(made.iter().filter(|made| **made).count(), 1, "{made:?}");
        let card = staff.ok::<GetPerson>(&(house(), kept), &());
        assert_eq!(card.bookings.len(), 1);
    });
}
