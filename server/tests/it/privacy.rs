//! Whose a record is, what is stored about people, and how it is corrected and erased.

use domain::{
    activity::{Activity, Audience, Per},
    api::{
        AddMember, AddPerson, AddRelative, AddWalkIn, AskCode, Book, ChangeMe, ChangeMember,
        ChangePerson, CodePurpose, EraseMe, FindPeople, GetAuditLog, GetHousehold, GetMe,
        GetMyData, GetPerson, GetSheet, JoinCode, JoinHousehold, KEY_HEADER, ListLetters,
        ListMyBookings, MyChange, NewActivity, NewCaller, NewMember, NewSignUp, PersonChange,
        ProveNumber, Publish, RemoveMember, RenewCode, RestoreMember, SendCode, SignOutEverywhere,
        SignUpFor, UndoBooking, UseCode, WalkIn, Wanted, Withdraw,
    },
    audit::Act,
    centre::room::Purpose,
    id::PersonId,
    language::Lang,
    message::News,
    person::{
        household::{CONSENT_VERSION, MOST_MEMBERS},
        permission::Role,
    },
    problem::Problem,
    sign_up::{SignUpState, refusal::SignUpRefusal},
};
use server::{
    jobs,
    usecase::{person, privacy::KEPT_OF_CHILDREN},
};

use super::classes::{new_activity, published, sign_up_oneself};
use super::fixture::{NOON, Person, Town, abroad, at, at_once, day, house, key, on_both, tomorrow};

const YEAR: i64 = 365 * 86_400;

fn phone_of(town: &Town, person: &PersonId) -> String {
    let id = person.clone();
    town.run(move |tx| {
        let row = tx.one("select phone from person where id = $1", &[(&id).into()])?;
        Ok(row.get::<String>("phone")?)
    })
}

fn child(parent: &Person<'_>, name: &str) -> PersonId {
    let new = NewMember {
        name: name.to_owned(),
        birth: day("2018-03-01"),
    };
    let family = parent.ok::<AddMember>(&(), &new);
    let found = family.members.iter().find(|one| one.name == name);
    found.unwrap().id.clone()
}

fn joined(to: &Person<'_>, who: &Person<'_>) {
    let code = to.ok::<RenewCode>(&(), &()).code.unwrap();
    who.ok::<JoinHousehold>(&(), &JoinCode { code });
}

fn caller(name: &str, phone: &str) -> NewCaller {
    NewCaller {
        name: name.to_owned(),
        phone: phone.to_owned(),
        birth: None,
        family: Vec::new(),
    }
}

fn changed(name: &str, phone: &str) -> PersonChange {
    PersonChange {
        name: name.to_owned(),
        phone: phone.to_owned(),
        birth: None,
        proof: None,
    }
}

fn find(
    staff: &Person<'_>,
    at: &domain::id::CentreId,
    text: &str,
) -> Vec<domain::person::search::PersonRow> {
    let wanted = Wanted {
        text: text.to_owned(),
    };
    staff.ok::<FindPeople>(at, &wanted)
}

fn proof(person: &Person<'_>, phone: &str) -> Option<String> {
    let ask = AskCode {
        phone: phone.to_owned(),
        purpose: CodePurpose::Record,
    };
    let code = person.ok::<SendCode>(&(), &ask).demo_code.unwrap();
    let body = UseCode {
        phone: phone.to_owned(),
        code,
    };
    // What is read to the desk signs nobody in.
    assert_eq!(person.call::<domain::api::SignIn>(&(), &body).status, 400);
    Some(person.ok::<ProveNumber>(&(), &body).proof)
}

fn class(town: &Town, places: u16, pick_up: bool) -> Activity {
    let new = NewActivity {
        club: None,
        title: "四点半课堂".to_owned(),
        about: String::new(),
        lang: None,
        other: None,
        kind: Purpose::Class,
        room: "hall-a".into(),
        start: at("2026-11-23T16:30"),
        end: at("2026-11-23T18:00"),
        rule: None,
        exceptions: Vec::new(),
        audience: Audience::default(),
        fee: 0,
        places,
        per: Per::Session,
        pick_up,
    };
    town.staff().ok::<Publish>(&house(), &new)
}

fn wanted(activity: &Activity, people: &[&PersonId], wait: bool) -> NewSignUp {
    NewSignUp {
        session: Some(activity.sessions[0].id.clone()),
        people: people.iter().map(|id| (*id).clone()).collect(),
        wait,
        consent: Some(CONSENT_VERSION),
        behalf: None,
    }
}

#[test]
fn staff_of_another_house_cannot_take_a_family_over() {
    on_both(|town| {
        town.as_demo();
        let mother = town.resident();
        let small = child(&mother, "小石头");
        mother.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let elsewhere = town.person(Some((Some("abroad"), Role::Staff)));
        let number = phone_of(town, &mother.id);
        assert_eq!(find(&elsewhere, &abroad(), &number).len(), 1);
        // The number was told, so the family is seen; but the child is nobody's to turn into an account.
        let path = (abroad(), small.clone());
        elsewhere.ok::<GetPerson>(&path, &());
        let mut change = changed("小石头", "13922223333");
        assert_eq!(
            elsewhere.problem::<ChangePerson>(&path, &change),
            Problem::NotAllowed
        );
        change.proof = proof(&elsewhere, "13922223333");
        assert_eq!(
            elsewhere.problem::<ChangePerson>(&path, &change),
            Problem::NotAllowed
        );
        assert_eq!(
            elsewhere.problem::<ChangePerson>(&path, &changed("别的名字", "")),
            Problem::NotAllowed
        );
        // Nor is somebody whom the desk itself adds to the family.
        let new = NewMember {
            name: "表哥".to_owned(),
            birth: day("1999-01-01"),
        };
        elsewhere.ok::<AddRelative>(&(abroad(), mother.id.clone()), &new);
        let family = mother.ok::<GetHousehold>(&(), &());
        let added = family
            .members
            .iter()
            .find(|one| one.name == "表哥")
            .unwrap();
        let mut change = changed("表哥", "13944445555");
        change.proof = proof(&elsewhere, "13944445555");
        let path = (abroad(), added.id.clone());
        assert_eq!(
            elsewhere.problem::<ChangePerson>(&path, &change),
            Problem::NotAllowed
        );
    });
}

#[test]
fn an_elder_without_a_number_is_not_taken_over_through_an_invented_relative() {
    on_both(|town| {
        town.as_demo();
        let here = town.staff();
        let elder = here.ok::<AddPerson>(&house(), &caller("王奶奶", ""));
        // Another house comes to know her.
        let id = elder.id.clone();
        town.run(move |tx| {
            let sql = "insert into desk_contact (centre_id, person_id, made, since) values ('abroad', $1, 0, 0)";
            Ok(tx.exec(sql, &[(&id).into()])?)
        });
        let elsewhere = town.person(Some((Some("abroad"), Role::Staff)));
        let new = NewMember {
            name: "假孙子".to_owned(),
            birth: day("1999-01-01"),
        };
        elsewhere.ok::<AddRelative>(&(abroad(), elder.id.clone()), &new);
        let card = elsewhere.ok::<GetPerson>(&(abroad(), elder.id), &());
        let added = card.family.iter().find(|one| one.name == "假孙子");
        let path = (abroad(), added.unwrap().id.clone());
        let mut change = changed("假孙子", "13955556666");
        change.proof = proof(&elsewhere, "13955556666");
        assert_eq!(
            elsewhere.problem::<ChangePerson>(&path, &change),
            Problem::NotAllowed
        );
    });
}

#[test]
fn an_adult_without_a_number_outlives_the_account_of_their_family() {
    on_both(|town| {
        let daughter = town.resident();
        let mother = NewMember {
            name: "李奶奶".to_owned(),
            birth: day("1950-01-01"),
        };
        let family = daughter.ok::<AddMember>(&(), &mother);
        let old = family.members.iter().find(|one| one.name == "李奶奶");
        let (old, small) = (old.unwrap().id.clone(), child(&daughter, "小石头"));
        // Removed and taken back within the day, as everybody; a day later she is still known.
        daughter.ok::<RemoveMember>(&old, &());
        daughter.ok::<RestoreMember>(&old, &());
        daughter.ok::<RemoveMember>(&old, &());
        town.pass(2 * 86_400);
        town.wait(jobs::forget_due(&town.site)).unwrap();
        daughter.ok::<EraseMe>(&(), &());
        let (kept, gone) = (old, small);
        let left: Vec<String> = town.run(move |tx| {
            let rows = tx.all(
                "select name from person where id in ($1, $2) and erased_at is null",
                &[(&kept).into(), (&gone).into()],
            )?;
            rows.iter().map(|row| Ok(row.get("name")?)).collect()
        });
        assert_eq!(left, ["李奶奶"], "the child goes along");
    });
}

#[test]
fn a_first_number_needs_the_code_that_is_sent_to_it() {
    on_both(|town| {
        town.as_demo();
        let staff = town.staff();
        let old = staff.ok::<AddPerson>(&house(), &caller("赵春生", ""));
        let path = (house(), old.id.clone());
        let mut change = changed("赵春生", "13911112222");
        assert_eq!(
            staff.problem::<ChangePerson>(&path, &change),
            Problem::ProofNeeded
        );
        change.proof = proof(&staff, "13900001111");
        assert_eq!(
            staff.problem::<ChangePerson>(&path, &change),
            Problem::ProofNeeded,
            "the proof of another number"
        );
        change.proof = proof(&staff, "13911112222");
        staff.ok::<ChangePerson>(&path, &change);
        let log = staff.ok::<GetAuditLog>(&(house(), day("2026-11-22"), 0), &());
        assert_eq!(log.entries[0].act, Act::PersonChanged);
        assert_eq!(
            log.entries[0].subject.reason, "phone",
            "which field, not what it holds"
        );
        // What somebody who signs in has given is theirs; with their code in hand staff may correct it.
        let resident = town.resident();
        resident.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let path = (house(), resident.id.clone());
        let mut change = changed("测试", "");
        change.birth = Some(day("1950-05-05"));
        assert_eq!(
            staff.problem::<ChangePerson>(&path, &change),
            Problem::ProofNeeded
        );
        change.proof = proof(&staff, &phone_of(town, &resident.id));
        staff.ok::<ChangePerson>(&path, &change);
        assert_eq!(
            staff.problem::<ChangePerson>(
                &path,
                &PersonChange {
                    birth: Some(day("1951-05-05")),
                    ..change
                }
            ),
            Problem::ProofNeeded,
            "a proof is used once"
        );
        assert!(!staff.ok::<GetPerson>(&path, &()).kept_by_staff);
    });
}

#[test]
fn a_search_is_logged_and_tells_no_number() {
    on_both(|town| {
        let staff = town.staff();
        let mother = town.resident();
        let name = MyChange {
            name: "周小兰".to_owned(),
            lang: Lang::Zh,
            birth: Some(day("1988-01-01")),
        };
        mother.ok::<ChangeMe>(&(), &name);
        child(&mother, "周石头");
        mother.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let number = phone_of(town, &mother.id);
        let tail = &number[7..];
        let rows = find(&staff, &house(), tail);
        assert_eq!(rows.len(), 1);
        assert_eq!(
            rows[0].phone.as_deref(),
            Some(format!("•••• {tail}").as_str())
        );
        // A child is found under its guardian, so that nobody records it a second time.
        let rows = find(&staff, &house(), "周石头");
        assert_eq!(rows[0].guardian.as_deref(), Some("周小兰"));
        let activity = class(town, 5, false);
        let small = mother.ok::<GetHousehold>(&(), &()).members[1].id.clone();
        let path = (house(), activity.id.clone());
        mother.ok::<SignUpFor>(&path, &wanted(&activity, &[&small], false));
        let rows = find(&staff, &house(), "周石头");
        assert_eq!(rows[0].guardian.as_deref(), Some("周小兰"));
        let log = staff.ok::<GetAuditLog>(&(house(), day("2026-11-22"), 0), &());
        let looks: Vec<_> = log
            .entries
            .iter()
            .filter(|one| one.act == Act::PeopleSearched)
            .map(|one| one.subject.reason.clone())
            .collect();
        assert_eq!(looks, ["周石头 · 1".to_owned(), format!("{tail} · 1")]);
    });
}

#[test]
fn a_guardian_who_left_loses_the_sign_up_and_the_other_gets_the_letters() {
    on_both(|town| {
        let (father, mother, first) = (town.resident(), town.resident(), town.resident());
        let small = child(&father, "小石头");
        joined(&father, &mother);
        let activity = class(town, 1, false);
        let path = (house(), activity.id.clone());
        let taken = first.ok::<SignUpFor>(&path, &wanted(&activity, &[&first.id], false));
        let waits = father.ok::<SignUpFor>(&path, &wanted(&activity, &[&small], true));
        assert_eq!(waits[0].state, SignUpState::Waitlisted);
        father.ok::<RemoveMember>(&father.id, &());
        let gone = (house(), waits[0].id.clone());
        assert_eq!(father.problem::<Withdraw>(&gone, &()), Problem::NotFound);
        first.ok::<Withdraw>(&(house(), taken[0].id.clone()), &());
        let letters = |person: &Person<'_>| person.ok::<ListLetters>(&(), &());
        assert!(letters(&father).is_empty(), "no longer his to know");
        assert!(matches!(letters(&mother)[0].news, News::Offer { .. }));
        mother.ok::<Withdraw>(&gone, &());
    });
}

#[test]
fn who_lost_the_role_reads_no_sheet_any_more() {
    on_both(|town| {
        let organiser = town.person(Some((Some("house"), Role::Organiser)));
        let new = NewActivity {
            title: "书法".to_owned(),
            start: at("2026-11-22T12:30"),
            end: at("2026-11-22T13:30"),
            ..class_of(5)
        };
        let activity = organiser.ok::<Publish>(&house(), &new);
        let sheet = (house(), activity.sessions[0].id.clone());
        organiser.ok::<GetSheet>(&sheet, &());
        let id = organiser.id.clone();
        town.run(move |tx| Ok(tx.exec("delete from role where person_id = $1", &[(&id).into()])?));
        assert_eq!(
            organiser.problem::<GetSheet>(&sheet, &()),
            Problem::NotAllowed
        );
    });
}

fn class_of(places: u16) -> NewActivity {
    NewActivity {
        club: None,
        title: "课".to_owned(),
        about: String::new(),
        lang: None,
        other: None,
        kind: Purpose::Class,
        room: "hall-b".into(),
        start: at("2026-11-23T16:30"),
        end: at("2026-11-23T18:00"),
        rule: None,
        exceptions: Vec::new(),
        audience: Audience::default(),
        fee: 0,
        places,
        per: Per::Session,
        pick_up: false,
    }
}

#[test]
fn a_walk_in_is_found_a_child_has_a_guardian_and_nobody_overtakes_unseen() {
    on_both(|town| {
        let staff = town.staff();
        let activity = class(town, 2, true);
        let sheet = (house(), activity.sessions[0].id.clone());
        let typed = |name: &str| WalkIn {
            name: name.to_owned(),
            phone: String::new(),
            person: None,
            consent: None,
            overtake: false,
        };
        // A class for children: nobody is recorded by name alone.
        assert_eq!(
            staff.problem::<AddWalkIn>(&sheet, &typed("小虎")),
            SignUpRefusal::GuardianNeeded {
                name: "小虎".to_owned()
            }
            .into()
        );
        let aunt = staff.ok::<AddPerson>(&house(), &caller("周姨", ""));
        let new = NewMember {
            name: "小虎".to_owned(),
            birth: day("2018-03-01"),
        };
        staff.ok::<AddRelative>(&(house(), aunt.id.clone()), &new);
        let small = find(&staff, &house(), "小虎")[0].id.clone();
        let mut known = WalkIn {
            person: Some(small.clone()),
            ..typed("")
        };
        assert_eq!(
            staff.problem::<AddWalkIn>(&sheet, &known),
            SignUpRefusal::ConsentNeeded {
                name: "小虎".to_owned()
            }
            .into()
        );
        known.consent = Some(CONSENT_VERSION);
        let with = staff.ok::<AddWalkIn>(&sheet, &known);
        assert_eq!((with.rows.len(), with.rows[0].name.as_str()), (1, "小虎"));
        // The same person is not made twice, and is not asked again.
        known.consent = None;
        assert_eq!(staff.ok::<AddWalkIn>(&sheet, &known).rows.len(), 1);
        assert_eq!(find(&staff, &house(), "小虎").len(), 1);
        // The last place goes to somebody who signed up; after that nobody overtakes without its being said.
        let mother = town.resident();
        let second = child(&mother, "二宝");
        mother.ok::<SignUpFor>(
            &(house(), activity.id.clone()),
            &wanted(&activity, &[&second], false),
        );
        let grown = town.resident();
        grown.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
        let mut late = WalkIn {
            person: Some(grown.id.clone()),
            ..typed("")
        };
        assert_eq!(
            staff.problem::<AddWalkIn>(&sheet, &late),
            SignUpRefusal::SheetFull {
                places: 2,
                waiting: 0
            }
            .into()
        );
        late.overtake = true;
        assert_eq!(staff.ok::<AddWalkIn>(&sheet, &late).rows.len(), 3);
        // An organiser looks nobody up.
        let organiser = town.person(Some((Some("house"), Role::Organiser)));
        let own = organiser.ok::<Publish>(
            &house(),
            &NewActivity {
                start: at("2026-11-22T12:30"),
                end: at("2026-11-22T13:30"),
                ..class_of(5)
            },
        );
        let sheet = (house(), own.sessions[0].id.clone());
        assert_eq!(
            organiser.problem::<AddWalkIn>(&sheet, &known),
            Problem::NotAllowed
        );
        organiser.ok::<AddWalkIn>(&sheet, &typed("老王"));
    });
}

/// The same person through another process.
fn through<'a>(other: Option<&'a Town>, person: &Person<'a>, number: usize) -> Person<'a> {
    let town = other.filter(|_| number % 2 == 1).unwrap_or(person.town);
    Person {
        town,
        id: person.id.clone(),
        cookie: person.cookie.clone(),
        lang: "zh",
    }
}

#[test]
fn a_household_never_has_too_many_members() {
    on_both(|town| {
        let other = town.beside();
        let (father, mother) = (town.resident(), town.resident());
        joined(&father, &mother);
        at_once(32, |number| {
            let adult = if number % 4 < 2 { &father } else { &mother };
            let caller = through(other.as_ref(), adult, number);
            let new = NewMember {
                name: format!("孩子{number}"),
                birth: day("2018-03-01"),
            };
            caller.call::<AddMember>(&(), &new).status
        });
        assert_eq!(
            father.ok::<GetHousehold>(&(), &()).members.len(),
            MOST_MEMBERS
        );
        // Nor by joining.
        let house = town.resident();
        let code = house.ok::<RenewCode>(&(), &()).code.unwrap();
        let people: Vec<_> = (0..20).map(|_| town.resident()).collect();
        at_once(20, |number| {
            let caller = through(other.as_ref(), &people[number], number);
            caller
                .call::<JoinHousehold>(&(), &JoinCode { code: code.clone() })
                .status
        });
        assert_eq!(
            house.ok::<GetHousehold>(&(), &()).members.len(),
            MOST_MEMBERS
        );
    });
}

#[test]
fn two_adults_who_leave_at_once_leave_no_child_alone() {
    on_both(|town| {
        let other = town.beside();
        for _ in 0..12 {
            let (father, mother) = (town.resident(), town.resident());
            let small = child(&father, "小石头");
            joined(&father, &mother);
            let left = at_once(2, |number| {
                let adult = if number == 0 { &father } else { &mother };
                let caller = through(other.as_ref(), adult, number);
                caller.call::<RemoveMember>(&adult.id, &()).status
            });
            assert_eq!(
                left.iter().filter(|status| **status == 200).count(),
                1,
                "{left:?}"
            );
            let stays = if left[0] == 200 { &mother } else { &father };
            let family = stays.ok::<GetHousehold>(&(), &());
            assert!(family.members.iter().any(|one| one.id == small));
        }
    });
}

#[test]
fn a_child_who_is_removed_while_it_is_signed_up_keeps_no_place() {
    on_both(|town| {
        let other = town.beside();
        let activity = class(town, 20, false);
        let path = (house(), activity.id.clone());
        for _ in 0..8 {
            let (father, mother) = (town.resident(), town.resident());
            let small = child(&father, "小石头");
            joined(&father, &mother);
            at_once(2, |number| {
                if number == 0 {
                    father.call::<RemoveMember>(&small, &()).status
                } else {
                    let caller = through(other.as_ref(), &mother, 1);
                    caller
                        .call::<SignUpFor>(&path, &wanted(&activity, &[&small], false))
                        .status
                }
            });
            let id = small.clone();
            let live: i64 = town.run(move |tx| {
                let row = tx.one(
                    "select count(*) as n from sign_up where person_id = $1 and state = 'confirmed'",
                    &[(&id).into()],
                )?;
                Ok(row.get("n")?)
            });
            assert_eq!(live, 0);
        }
    });
}

#[test]
fn members_are_corrected_removed_taken_back_and_erased() {
    on_both(|town| {
        let mother = town.resident();
        let small = child(&mother, "小石头");
        let change = NewMember {
            name: "石磊".to_owned(),
            birth: day("2018-03-02"),
        };
        let family = mother.ok::<ChangeMember>(&small, &change);
        assert_eq!(
            (family.members[1].name.as_str(), family.members[1].birth),
            ("石磊", Some(day("2018-03-02")))
        );
        assert_eq!(
            mother.problem::<ChangeMember>(&mother.id, &change),
            Problem::NotFound
        );
        let stranger = town.resident();
        assert_eq!(
            stranger.problem::<ChangeMember>(&small, &change),
            Problem::NotFound
        );

        let family = mother.ok::<RemoveMember>(&small, &());
        assert_eq!((family.members.len(), family.removed.len()), (1, 1));
        assert_eq!(
            stranger.problem::<RestoreMember>(&small, &()),
            Problem::NotFound
        );
        let family = mother.ok::<RestoreMember>(&small, &());
        assert_eq!((family.members.len(), family.removed.len()), (2, 0));
        mother.ok::<RemoveMember>(&small, &());
        town.wait(jobs::forget_due(&town.site)).unwrap();
        assert_eq!(
            mother.ok::<GetHousehold>(&(), &()).removed.len(),
            1,
            "not yet"
        );
        town.pass(24 * 3600 + 1);
        town.wait(jobs::forget_due(&town.site)).unwrap();
        assert!(mother.ok::<GetHousehold>(&(), &()).removed.is_empty());
        let id = small.clone();
        let (name, birth, erased): (String, Option<String>, Option<i64>) = town.run(move |tx| {
            let row = tx.one(
                "select name, birth, erased_at from person where id = $1",
                &[(&id).into()],
            )?;
            Ok((row.get("name")?, row.get("birth")?, row.get("erased_at")?))
        });
        assert!(name.is_empty() && birth.is_none() && erased.is_some());
        assert_eq!(
            mother.problem::<RestoreMember>(&small, &()),
            Problem::NotFound
        );
    });
}

#[test]
fn people_see_and_erase_what_is_stored_about_them() {
    on_both(|town| {
        let mother = town.resident();
        let small = child(&mother, "小石头");
        let activity = class(town, 5, false);
        let path = (house(), activity.id.clone());
        mother.ok::<SignUpFor>(&path, &wanted(&activity, &[&mother.id, &small], false));
        let booking = mother.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
        let data = mother.ok::<GetMyData>(&(), &());
        assert_eq!(data.profile.unwrap().name, "测试");
        assert_eq!((data.family.members.len(), data.consents.len()), (2, 1));
        assert_eq!(
            (
                data.bookings.len(),
                data.sign_ups.len(),
                data.sessions.len()
            ),
            (1, 2, 1)
        );
        assert!(data.log.iter().any(|one| one.act == "booked"));

        mother.ok::<EraseMe>(&(), &());
        assert!(
            mother.ok::<GetMe>(&(), &()).profile.is_none(),
            "signed out everywhere"
        );
        let staff = town.staff();
        let seen = staff.ok::<domain::api::GetBooking>(&(house(), booking.id), &());
        assert_eq!(seen.state, domain::booking::BookingState::Cancelled);
        let left: i64 = town.run(move |tx| {
            let row = tx.one(
                "select count(*) as n from person where name <> '' and id in ($1, $2)",
                &[(&mother.id).into(), (&small).into()],
            )?;
            let places = tx.one(
                "select taken from place_list where id = $1",
                &[(&activity.sessions[0].id).into()],
            )?;
            Ok(row.get::<i64>("n")? + places.get::<i64>("taken")?)
        });
        assert_eq!(left, 0, "the child goes along, and both places are free");
    });
}

#[test]
fn the_last_manager_cannot_be_erased() {
    on_both(|town| {
        let one = town.person(Some((None, Role::Manager)));
        assert_eq!(one.problem::<EraseMe>(&(), &()), Problem::LastManager);
        let other = town.person(Some((None, Role::Manager)));
        let left = at_once(2, |number| {
            let caller = if number == 0 { &one } else { &other };
            caller.call::<EraseMe>(&(), &()).status
        });
        assert_eq!(
            left.iter().filter(|status| **status == 200).count(),
            1,
            "{left:?}"
        );
    });
}

#[test]
fn what_is_stored_about_children_goes_a_year_after_the_activity() {
    on_both(|town| {
        let mother = town.resident();
        let small = child(&mother, "小石头");
        let activity = class(town, 5, false);
        let path = (house(), activity.id.clone());
        mother.ok::<SignUpFor>(&path, &wanted(&activity, &[&mother.id, &small], false));
        let count = |town: &Town| -> i64 {
            town.run(|tx| Ok(tx.one("select count(*) as n from sign_up", &[])?.get("n")?))
        };
        town.pass(YEAR);
        town.wait(jobs::forget_due(&town.site)).unwrap();
        assert_eq!(
            count(town),
            2,
            "the activity was tomorrow: a year is not over"
        );
        town.pass(2 * 86_400);
        town.wait(jobs::forget_due(&town.site)).unwrap();
        assert_eq!(
            (count(town), KEPT_OF_CHILDREN),
            (1, YEAR),
            "the mother's own stays"
        );
    });
}

#[test]
fn a_session_that_ended_gets_no_reply_of_old() {
    on_both(|town| {
        let mother = town.resident();
        let new = NewMember {
            name: "小石头".to_owned(),
            birth: day("2018-03-01"),
        };
        let press = key();
        assert_eq!(
            mother.call_with_key::<AddMember>(&(), &new, &press).status,
            200
        );
        // The same press in another session of hers is done once.
        let id = mother.id.clone();
        let token = town.run(move |tx| person::start_session(tx, NOON * 1000, &id, "phone"));
        let again = Person {
            town,
            id: mother.id.clone(),
            cookie: Some(format!("linli={token}")),
            lang: "zh",
        };
        assert_eq!(
            again.call_with_key::<AddMember>(&(), &new, &press).status,
            200
        );
        assert_eq!(again.ok::<GetHousehold>(&(), &()).members.len(), 2);
        again.ok::<SignOutEverywhere>(&(), &());
        let answer = mother.call_with_key::<AddMember>(&(), &new, &press);
        assert_eq!(answer.problem(), Problem::NotSignedIn);
        assert!(!answer.body.contains("小石头"));
        let headers = [(KEY_HEADER, press.as_str())];
        let stranger = town.resident().raw(
            "POST",
            "/api/v1/me/household",
            &headers,
            &serde_json::to_vec(&new).unwrap(),
        );
        assert_eq!(stranger.problem(), Problem::BadKey);
    });
}

#[test]
fn the_file_holds_what_no_page_shows_any_more() {
    on_both(|town| {
        let resident = town.resident();
        let activity = super::classes::published(town, &super::classes::new_activity(1, 5));
        super::classes::sign_up_oneself(&resident, &activity);
        town.pass(70 * 86_400);
        assert!(
            resident
                .ok::<domain::api::ListMySignUps>(&(), &())
                .is_empty()
        );
        assert_eq!(resident.ok::<GetMyData>(&(), &()).sign_ups.len(), 1);
    });
}

#[test]
fn what_was_undone_is_kept_for_a_day() {
    on_both(|town| {
        let resident = town.resident();
        let booking = resident.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        resident.ok::<UndoBooking>(&(house(), booking.id), &());
        assert!(resident.ok::<ListMyBookings>(&(), &()).is_empty());
        let kept = || {
            town.run(|tx| {
                let row = tx.one("select count(*) as n from booking", &[])?;
                Ok(row.get::<i64>("n")?)
            })
        };
        town.wait(jobs::forget_due(&town.site)).unwrap();
        assert_eq!(kept(), 1);
        town.pass(2 * 86_400);
        town.wait(jobs::forget_due(&town.site)).unwrap();
        assert_eq!(kept(), 0);
    });
}

#[test]
fn whoever_has_no_name_is_known_by_the_end_of_their_number() {
    on_both(|town| {
        let resident = town.resident();
        let id = resident.id.clone();
        town.run(move |tx| {
            tx.exec("update person set name = '' where id = $1", &[(&id).into()])?;
            Ok(())
        });
        let activity = published(town, &new_activity(1, 5));
        let made = sign_up_oneself(&resident, &activity);
        assert!(
            made.name.starts_with('…') && made.name.chars().count() == 5,
            "{}",
            made.name
        );
    });
}
