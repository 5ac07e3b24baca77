//! The second factor: set up, given in each session, removed, reset, required of all who run a house.

use domain::{
    api::{
        Claim, ClaimHouse, EraseMe, GetDesk, GetMe, GetMyData, GetSecondFactor, GiveSecondFactor,
        ListRoles, RemoveSecondFactor, RequireSecondFactor, RequiredFactor, ResetSecondFactor,
        SecondCode, SetSecondFactor, WithdrawRole,
    },
    person::{
        permission::{Reach, Role},
        second_factor::SecondFactor,
    },
    problem::Problem,
};
use server::usecase::person::role;
use totp_rs::{Algorithm, Builder, Secret};

use super::fixture::{Person, Town, day, house, on_both};

/// What an app on a phone shows for a secret at this moment.
fn code_of(town: &Town, secret: &str) -> SecondCode {
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .build()
        .unwrap();
    let now = town.site.clock.now_ms() / 1000;
    SecondCode {
        code: totp.generate(u64::try_from(now).unwrap()).to_string(),
    }
}

fn sees_desk(person: &Person<'_>) -> bool {
    let path = (house(), day("2026-11-23"));
    person.call::<GetDesk>(&path, &()).status == 200
}

/// Sets it up and gives its secret.
fn set_up(town: &Town, person: &Person<'_>) -> String {
    let secret = person.ok::<GetSecondFactor>(&(), &()).secret;
    let me = person.ok::<SetSecondFactor>(&(), &code_of(town, &secret));
    assert_eq!(me.second, SecondFactor::Given);
    // A code serves once.
    town.pass(30);
    secret
}

fn stands(person: &Person<'_>) -> SecondFactor {
    person.ok::<GetMe>(&(), &()).second
}

#[test]
fn a_session_without_the_code_has_no_roles_of_staff() {
    on_both(|town| {
        let staff = town.staff();
        assert_eq!(stands(&staff), SecondFactor::Unset);
        let setup = staff.ok::<GetSecondFactor>(&(), &());
        assert!(setup.address.starts_with("otpauth://totp/Linli:"));
        assert!(setup.address.contains(&setup.secret) && setup.qr.contains("<svg"));
        // Nothing holds until a code shows that the phone has it.
        let wrong = SecondCode {
            code: "000000".to_owned(),
        };
        let refused = staff.problem::<SetSecondFactor>(&(), &wrong);
        assert_eq!(refused, Problem::WrongCode { tries_left: 4 });
        assert_eq!(stands(&staff), SecondFactor::Unset);
        let secret = set_up(town, &staff);
        assert!(sees_desk(&staff));

        // Another session of theirs acts as a resident until it gives one.
        let phone = town.signed_in(&staff.id);
        assert_eq!(stands(&phone), SecondFactor::Due);
        assert!(!sees_desk(&phone));
        let refused = phone.problem::<GetSecondFactor>(&(), &());
        assert_eq!(refused, Problem::NotAllowed, "nobody changes it without it");
        let refused = phone.problem::<RemoveSecondFactor>(&(), &());
        assert_eq!(refused, Problem::NotAllowed);
        let code = code_of(town, &secret);
        let spaced = SecondCode {
            code: format!("{} {}", &code.code[..3], &code.code[3..]),
        };
        let me = phone.ok::<GiveSecondFactor>(&(), &spaced);
        assert!(me.second == SecondFactor::Given && me.actor.is_at_least(Role::Staff, &house()));
        assert!(sees_desk(&phone));
        // The same code opens no third session.
        let third = town.signed_in(&staff.id);
        let refused = third.problem::<GiveSecondFactor>(&(), &code);
        assert_eq!(refused, Problem::CodeUsed);
        assert!(!sees_desk(&third));

        phone.ok::<RemoveSecondFactor>(&(), &());
        assert!(sees_desk(&third));
    });
}

#[test]
fn what_was_given_for_a_former_secret_counts_no_more() {
    on_both(|town| {
        let staff = town.staff();
        let secret = staff.ok::<GetSecondFactor>(&(), &()).secret;
        let code = code_of(town, &secret);
        staff.ok::<SetSecondFactor>(&(), &code);
        // Its answer was lost, and it is sent again.
        let again = staff.ok::<SetSecondFactor>(&(), &code);
        assert_eq!(again.second, SecondFactor::Given);
        town.pass(30);
        let laptop = town.signed_in(&staff.id);
        laptop.ok::<GiveSecondFactor>(&(), &code_of(town, &secret));
        town.pass(30);
        // Another phone: the laptop gives a code of that one, or is a resident's.
        set_up(town, &staff);
        assert!(sees_desk(&staff) && !sees_desk(&laptop));
        assert_eq!(stands(&laptop), SecondFactor::Due);
    });
}

#[test]
fn nobody_erases_whoever_runs_a_house_by_their_number_alone() {
    on_both(|town| {
        let manager = town.person(Some((None, Role::Manager)));
        set_up(town, &manager);
        let thief = town.signed_in(&manager.id);
        assert_eq!(thief.problem::<EraseMe>(&(), &()), Problem::NotAllowed);
        assert_eq!(manager.problem::<EraseMe>(&(), &()), Problem::LastManager);
        let roles = thief.ok::<GetMyData>(&(), &()).roles;
        assert_eq!(roles.len(), 1, "what is stored is told whole");
    });
}

#[test]
fn guesses_end() {
    on_both(|town| {
        let staff = town.staff();
        let secret = set_up(town, &staff);
        let thief = town.signed_in(&staff.id);
        let right = code_of(town, &secret).code;
        let wrong = SecondCode {
            code: if right == "000000" {
                "000001"
            } else {
                "000000"
            }
            .to_owned(),
        };
        for left in (1..5).rev() {
            let refused = thief.problem::<GiveSecondFactor>(&(), &wrong);
            assert_eq!(refused, Problem::WrongCode { tries_left: left });
        }
        let refused = thief.problem::<GiveSecondFactor>(&(), &wrong);
        assert!(matches!(refused, Problem::TooMany { .. }), "{refused:?}");
        let refused = thief.problem::<GiveSecondFactor>(&(), &code_of(town, &secret));
        assert!(matches!(refused, Problem::TooMany { .. }));
        // Its holder is not shut out by them.
        let phone = town.signed_in(&staff.id);
        phone.ok::<GiveSecondFactor>(&(), &code_of(town, &secret));
        let unreadable = SecondCode {
            code: "12".to_owned(),
        };
        let refused = thief.problem::<GiveSecondFactor>(&(), &unreadable);
        assert_eq!(refused.fields(), ["code"]);
    });
}

#[test]
fn a_house_requires_it_of_all_who_run_it() {
    on_both(|town| {
        let (manager, staff) = (town.person(Some((None, Role::Manager))), town.staff());
        let organiser = town.person(Some((Some("house"), Role::Organiser)));
        let require = |required| RequiredFactor { required };
        // Whoever asks it of others has their own.
        let refused = manager.problem::<RequireSecondFactor>(&(), &require(true));
        assert_eq!(refused, Problem::SecondFactorRequired);
        set_up(town, &manager);
        let me = manager.ok::<RequireSecondFactor>(&(), &require(true));
        assert!(me.second_required && me.second == SecondFactor::Given);
        let refused = manager.problem::<RemoveSecondFactor>(&(), &());
        assert_eq!(refused, Problem::SecondFactorRequired);
        assert!(sees_desk(&manager) && !sees_desk(&staff));
        assert_eq!(stands(&staff), SecondFactor::Wanted);
        assert_eq!(stands(&organiser), SecondFactor::NotAsked);
        set_up(town, &staff);
        assert!(sees_desk(&staff));
        manager.ok::<RequireSecondFactor>(&(), &require(false));
        let other = town.staff();
        assert!(sees_desk(&other));
    });
}

#[test]
fn who_lost_their_phone_is_helped_by_whoever_could_give_their_roles() {
    on_both(|town| {
        let all = town.person(Some((None, Role::Manager)));
        let (one, staff) = (
            town.person(Some((Some("house"), Role::Manager))),
            town.staff(),
        );
        for person in [&all, &staff] {
            set_up(town, person);
        }
        let of = |person: &Person<'_>, reach| (house(), person.id.clone(), reach);
        let roles = one.ok::<ListRoles>(&house(), &());
        let set = |person: &Person<'_>| {
            let found = roles.iter().find(|one| one.person == person.id);
            found.unwrap().second_factor
        };
        assert!(set(&staff) && !set(&one));
        one.ok::<ResetSecondFactor>(&of(&staff, Reach::Here), &());
        assert_eq!(
            staff.problem::<ListRoles>(&house(), &()),
            Problem::NotSignedIn,
            "signed out everywhere"
        );
        assert_eq!(stands(&town.signed_in(&staff.id)), SecondFactor::Unset);
        // Not by whoever could not give them theirs, nor by oneself.
        let refused = one.problem::<ResetSecondFactor>(&of(&all, Reach::Everywhere), &());
        assert_eq!(refused, Problem::NotAllowed);
        let refused = all.problem::<ResetSecondFactor>(&of(&all, Reach::Everywhere), &());
        assert_eq!(refused, Problem::OwnRole);
        all.ok::<WithdrawRole>(&of(&staff, Reach::Here), &());
        let refused = all.problem::<ResetSecondFactor>(&of(&staff, Reach::Here), &());
        assert_eq!(refused, Problem::Overtaken);
    });
}

#[test]
fn the_link_of_a_manager_is_the_way_back_in() {
    on_both(|town| {
        let manager = town.person(Some((None, Role::Manager)));
        set_up(town, &manager);
        let phone = manager
            .ok::<GetMe>(&(), &())
            .profile
            .unwrap()
            .phone
            .unwrap();
        let secret = town.run(role::make_manager_secret);
        let claim = Claim {
            secret,
            phone: phone.as_str().to_owned(),
            name: "测试".to_owned(),
        };
        let me = town.visitor().ok::<ClaimHouse>(&(), &claim);
        assert_eq!(me.second, SecondFactor::Unset);
        assert!(me.actor.is_at_least(Role::Manager, &house()));
    });
}
