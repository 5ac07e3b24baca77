//! Roles: given by number, ended by a day, withdrawn at once; the last manager stays.

use domain::{
    api::{
        AddMember, ChangeRole, Claim, ClaimHouse, GetAuditLog, GetDesk, GetMe, GrantRole,
        ListActivities, ListLetters, ListRoles, NewMember, NewRole, Publish, RoleTerms,
        WithdrawRole,
    },
    audit::Act,
    id::CentreId,
    message::News,
    person::{
        behalf::Channel,
        permission::{Reach, Role},
    },
    problem::{Problem, TextFault},
    time::Date,
};
use server::usecase::person::role;

use super::{
    classes::new_activity,
    fixture::{Person, Town, at_once, day, house, on_both},
};

fn terms(role: Role, reach: Reach, until: Option<&str>) -> RoleTerms {
    RoleTerms {
        role,
        reach,
        until: until.map(|day| Date::parse(day).unwrap()),
    }
}

fn new(phone: &str, name: &str, terms: RoleTerms) -> NewRole {
    NewRole {
        phone: phone.into(),
        name: name.into(),
        terms,
    }
}

fn manager(town: &Town) -> Person<'_> {
    town.person(Some((Some("house"), Role::Manager)))
}

fn sees_desk(person: &Person<'_>) -> bool {
    let day = Date::parse("2026-11-23").unwrap();
    person.call::<GetDesk>(&(house(), day), &()).status == 200
}

#[test]
fn what_somebody_runs_is_named_before_their_role_goes() {
    on_both(|town| {
        let manager = manager(town);
        let organiser = town.person(Some((Some("house"), Role::Organiser)));
        organiser.ok::<Publish>(&house(), &new_activity(3, 5));
        let roles = manager.ok::<ListRoles>(&house(), &());
        let runs = |person: &Person<'_>| {
            let found = roles.iter().find(|one| one.person == person.id);
            found.unwrap().runs
        };
        assert_eq!((runs(&organiser), runs(&manager)), (3, 0));
        // They take place without them, too.
        let path = (house(), organiser.id.clone(), Reach::Here);
        manager.ok::<WithdrawRole>(&path, &());
        let left = manager.ok::<ListActivities>(&house(), &());
        assert!(left[0].sessions.iter().all(|one| one.state.is_live()));
    });
}

#[test]
fn whoever_has_the_number_has_the_role() {
    on_both(|town| {
        let manager = manager(town);
        let here = terms(Role::Staff, Reach::Here, None);
        let all = manager.ok::<GrantRole>(&house(), &new("138 7700 0001", "新同事", here));
        let made = all.iter().find(|one| one.name == "新同事").unwrap();
        assert!(!made.signed_in && made.role == Role::Staff && made.until.is_none());
        let colleague = town.signed_in(&made.person);
        assert!(sees_desk(&colleague));
        // Nobody came to the desk for it.
        let log = manager.ok::<GetAuditLog>(&(house(), day("2026-11-22"), 0), &());
        let given = log.entries.iter().find(|one| one.act == Act::RoleGiven);
        assert_eq!(given.unwrap().channel, Channel::App);
        let letters = colleague.ok::<ListLetters>(&(), &());
        assert!(matches!(
            &letters[0].news,
            News::RoleGiven {
                role: Role::Staff,
                ..
            }
        ));
        // Another role is not given by a number that was typed: it is changed, and nobody is there twice.
        let organiser = terms(Role::Organiser, Reach::Here, None);
        assert_eq!(
            manager.problem::<GrantRole>(&house(), &new("13877000001", "", organiser)),
            Problem::RoleHeld { role: Role::Staff }
        );
        // Nor does a stranger get what was meant for somebody else by a mistyped digit.
        let stranger = manager.problem::<GrantRole>(&house(), &new("13877000001", "王芳", here));
        assert_eq!(stranger, Problem::field("phone", TextFault::Theirs));
        let path = (house(), made.person.clone(), Reach::Here);
        let all = manager.ok::<ChangeRole>(&path, &organiser);
        let mut of = all.iter().filter(|one| one.person == made.person);
        assert_eq!(of.next().unwrap().role, Role::Organiser);
        assert!(of.next().is_none() && !sees_desk(&colleague));
    });
}

#[test]
fn what_cannot_be_meant_is_refused_by_its_field() {
    on_both(|town| {
        let manager = manager(town);
        let refused = |new: &NewRole| manager.problem::<GrantRole>(&house(), new).fields();
        let staff = terms(Role::Staff, Reach::Here, None);
        assert_eq!(refused(&new("", "x", staff)), ["phone"]);
        assert_eq!(refused(&new("12", "x", staff)), ["phone"]);
        assert_eq!(refused(&new("13877000002", "", staff)), ["name"]);
        let resident = terms(Role::Resident, Reach::Here, None);
        assert_eq!(refused(&new("13877000002", "x", resident)), ["role"]);
        for day in ["2026-11-21", "2099-01-01"] {
            let ended = terms(Role::Staff, Reach::Here, Some(day));
            assert_eq!(refused(&new("13877000002", "x", ended)), ["until"]);
        }
        let everywhere = terms(Role::Staff, Reach::Everywhere, None);
        let wanted = new("13877000002", "x", everywhere);
        let refused = manager.problem::<GrantRole>(&house(), &wanted);
        assert_eq!(
            refused,
            Problem::NotAllowed,
            "who manages one centre gives roles there"
        );
        assert_eq!(
            manager.problem::<ListRoles>(&CentreId::from("abroad"), &()),
            Problem::NotAllowed
        );
    });
}

#[test]
fn a_role_ends_with_its_last_day() {
    on_both(|town| {
        let manager = manager(town);
        let today = terms(Role::Staff, Reach::Here, Some("2026-11-22"));
        let all = manager.ok::<GrantRole>(&house(), &new("13877000003", "代班", today));
        let made = all.iter().find(|one| one.name == "代班").unwrap();
        assert_eq!(made.until, Date::parse("2026-11-22"));
        let colleague = town.signed_in(&made.person);
        // It is noon; eleven hours on it is still that day.
        town.pass(12 * 3600 - 1);
        assert!(sees_desk(&colleague));
        town.pass(1);
        assert!(!sees_desk(&colleague));
        assert!(colleague.ok::<GetMe>(&(), &()).actor.roles.is_empty());
        let left = manager.ok::<ListRoles>(&house(), &());
        assert!(left.iter().all(|one| one.name != "代班"));
    });
}

#[test]
fn a_withdrawn_role_ends_all_sessions() {
    on_both(|town| {
        let manager = manager(town);
        let colleague = town.staff();
        let path = (house(), colleague.id.clone(), Reach::Here);
        manager.ok::<WithdrawRole>(&path, &());
        assert!(colleague.ok::<GetMe>(&(), &()).profile.is_none());
        assert_eq!(
            manager.problem::<WithdrawRole>(&path, &()),
            Problem::Overtaken
        );
        assert_eq!(
            manager.problem::<ChangeRole>(&path, &terms(Role::Staff, Reach::Here, None)),
            Problem::Overtaken,
            "what another manager withdrew is not given back unawares"
        );
        // The person stays, and is a resident.
        let again = town.signed_in(&colleague.id);
        assert!(!sees_desk(&again));
        let letters = again.ok::<ListLetters>(&(), &());
        assert!(matches!(
            &letters[0].news,
            News::RoleTaken {
                role: Role::Staff,
                ..
            }
        ));
        let child = NewMember {
            name: "小豆".into(),
            birth: Date::parse("2018-01-01").unwrap(),
        };
        again.ok::<AddMember>(&(), &child);
    });
}

#[test]
fn the_last_manager_stays_and_nobody_changes_their_own_role() {
    on_both(|town| {
        let (one, other) = (manager(town), manager(town));
        let own = (house(), one.id.clone(), Reach::Here);
        assert_eq!(one.problem::<WithdrawRole>(&own, &()), Problem::OwnRole);
        let staff = terms(Role::Staff, Reach::Here, None);
        assert_eq!(one.problem::<ChangeRole>(&own, &staff), Problem::OwnRole);
        // Each withdraws the other at once: one of them stays.
        let done = at_once(2, |number| {
            let (caller, whom) = if number == 0 {
                (&one, &other)
            } else {
                (&other, &one)
            };
            let path = (house(), whom.id.clone(), Reach::Here);
            caller.call::<WithdrawRole>(&path, &()).status
        });
        let made = done.iter().filter(|status| **status == 200).count();
        assert_eq!(made, 1, "{done:?}");
        let stays = if one.ok::<GetMe>(&(), &()).profile.is_some() {
            &one
        } else {
            &other
        };
        assert_eq!(stays.ok::<ListRoles>(&house(), &()).len(), 1);
    });
}

#[test]
fn a_centre_keeps_a_manager_without_an_end() {
    on_both(|town| {
        let all = town.person(Some((None, Role::Manager)));
        let second = town.person(Some((None, Role::Manager)));
        let ended = terms(Role::Manager, Reach::Everywhere, Some("2026-12-31"));
        let path = (house(), second.id.clone(), Reach::Everywhere);
        all.ok::<ChangeRole>(&path, &ended);
        // The one who is left cannot be given an end, nor made a manager of one centre alone.
        let path = (house(), all.id.clone(), Reach::Everywhere);
        assert_eq!(
            second.problem::<ChangeRole>(&path, &ended),
            Problem::LastManager
        );
        let here = terms(Role::Manager, Reach::Here, None);
        assert_eq!(
            second.problem::<ChangeRole>(&path, &here),
            Problem::LastManager
        );
        let roles = second.ok::<ListRoles>(&house(), &());
        let whose = roles.iter().find(|one| one.person == all.id).unwrap();
        assert_eq!(
            (whose.role, whose.reach, whose.until),
            (Role::Manager, Reach::Everywhere, None)
        );
    });
}

#[test]
fn a_manager_link_lets_somebody_back_in_once() {
    on_both(|town| {
        let _ = manager(town);
        let former = town.run(role::make_manager_secret);
        let secret = town.run(role::make_manager_secret);
        let claim = |secret: &str| Claim {
            secret: secret.into(),
            phone: "13877000009".into(),
            name: "新负责人".into(),
        };
        let visitor = town.visitor();
        assert_eq!(
            visitor.problem::<ClaimHouse>(&(), &claim(&former)),
            Problem::LinkUsed
        );
        let me = visitor.ok::<ClaimHouse>(&(), &claim(&secret));
        assert_eq!(me.actor.roles[0].role, Role::Manager);
        assert_eq!(
            visitor.problem::<ClaimHouse>(&(), &claim(&secret)),
            Problem::LinkUsed
        );
    });
}
