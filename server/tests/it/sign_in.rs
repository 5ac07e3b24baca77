//! Signing in by code, sessions, and the first manager.

use domain::{
    api::{
        AskCode, ChangeMe, Claim, ClaimHouse, CodePurpose, GetMe, ListMyBookings, ListSessions,
        MyChange, SendCode, SignIn, SignOut, SignOutEverywhere, UseCode,
    },
    language::Lang,
    problem::Problem,
};
use server::usecase::person::{self, sign_in};

use super::fixture::{house, key, on_both};

#[test]
fn signing_in_by_code() {
    on_both(|town| {
        town.run(|tx| {
            Ok(tx.exec(
                "insert into setting (name, value) values ('demo', '1')",
                &[],
            )?)
        });
        let visitor = town.visitor();
        let phone = || "138 9999 0001".to_owned();
        let sent = visitor.ok::<SendCode>(
            &(),
            &AskCode {
                phone: phone(),
                purpose: CodePurpose::SignIn,
            },
        );
        let code = sent.demo_code.unwrap();
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let guess = UseCode {
            phone: phone(),
            code: wrong.into(),
        };
        assert_eq!(
            visitor.problem::<SignIn>(&(), &guess),
            Problem::WrongCode { tries_left: 4 }
        );
        let right = UseCode {
            phone: phone(),
            code: code.clone(),
        };
        let key = key();
        let answer = visitor.call_with_key::<SignIn>(&(), &right, &key);
        assert_eq!(answer.status, 200, "{}", answer.body);
        let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
            "{cookie}"
        );
        let again = visitor.call_with_key::<SignIn>(&(), &right, &key);
        assert_eq!(again.status, 200, "a lost answer is asked for again");
        let cookies = |answer: &super::fixture::Answer| -> Vec<String> {
            let all = answer.headers.get_all("set-cookie").iter();
            all.map(|one| one.to_str().unwrap().to_owned()).collect()
        };
        assert_eq!(
            cookies(&answer),
            cookies(&again),
            "one code starts one session and marks one device, however often its answer is lost"
        );
        assert_eq!(
            visitor.problem::<SignIn>(&(), &right),
            Problem::CodeExpired,
            "a code works once"
        );

        let me = super::fixture::Person {
            cookie: Some(cookie.split(';').next().unwrap().to_owned()),
            ..town.visitor()
        };
        assert_eq!(me.ok::<GetMe>(&(), &()).profile.unwrap().name, "");
        let change = MyChange {
            name: " 阿依 ".into(),
            lang: Lang::En,
            birth: None,
        };
        assert_eq!(
            me.ok::<ChangeMe>(&(), &change).profile.unwrap().name,
            "阿依"
        );
        assert_eq!(me.ok::<ListSessions>(&(), &()).len(), 1);
        me.ok::<SignOut>(&(), &());
        assert_eq!(
            visitor.call_with_key::<SignIn>(&(), &right, &key).problem(),
            Problem::CodeExpired,
            "whoever signed out is out"
        );
        assert_eq!(me.ok::<GetMe>(&(), &()).profile, None);
    });
}

#[test]
fn codes_expire_run_out_and_are_rationed() {
    on_both(|town| {
        town.run(|tx| {
            Ok(tx.exec(
                "insert into setting (name, value) values ('demo', '1')",
                &[],
            )?)
        });
        let visitor = town.visitor();
        let ask = || AskCode {
            phone: "13899990002".into(),
            purpose: CodePurpose::SignIn,
        };
        let code = visitor.ok::<SendCode>(&(), &ask()).demo_code.unwrap();
        town.pass(301);
        let body = UseCode {
            phone: ask().phone,
            code,
        };
        assert_eq!(visitor.problem::<SignIn>(&(), &body), Problem::CodeExpired);
        let code = visitor.ok::<SendCode>(&(), &ask()).demo_code.unwrap();
        let wrong = if code == "111111" { "222222" } else { "111111" };
        for left in [4, 3, 2, 1] {
            let guess = UseCode {
                phone: ask().phone,
                code: wrong.into(),
            };
            assert_eq!(
                visitor.problem::<SignIn>(&(), &guess),
                Problem::WrongCode { tries_left: left }
            );
        }
        let guess = UseCode {
            phone: ask().phone,
            code: wrong.into(),
        };
        assert_eq!(visitor.problem::<SignIn>(&(), &guess), Problem::CodeExpired);
        let right = UseCode {
            phone: ask().phone,
            code,
        };
        assert_eq!(
            visitor.problem::<SignIn>(&(), &right),
            Problem::CodeExpired,
            "after five guesses even the right one"
        );
    });
}

#[test]
fn sessions_can_be_ended_everywhere() {
    on_both(|town| {
        let one = town.resident();
        let id = one.id.clone();
        let token = town
            .run(move |tx| person::start_session(tx, super::fixture::NOON * 1000, &id, "other"));
        let other = super::fixture::Person {
            cookie: Some(format!("linli={token}")),
            id: one.id.clone(),
            town,
            lang: "en",
        };
        assert_eq!(
            other.ok::<GetMe>(&(), &()).actor.person,
            Some(one.id.clone())
        );
        one.ok::<SignOutEverywhere>(&(), &());
        assert_eq!(other.ok::<GetMe>(&(), &()).actor.person, None);
        assert_eq!(
            one.problem::<ListMyBookings>(&(), &()),
            Problem::NotSignedIn
        );
    });
}

#[test]
fn the_printed_link_makes_one_manager() {
    on_both(|town| {
        let secret = town.run(sign_in::get_first_secret).unwrap();
        let claim = || Claim {
            secret: secret.clone(),
            phone: "13899990003".into(),
            name: "负责人".into(),
        };
        let wrong = Claim {
            secret: "guess".into(),
            ..claim()
        };
        assert_eq!(
            town.visitor().problem::<ClaimHouse>(&(), &wrong),
            Problem::LinkUsed
        );
        let me = town.visitor().ok::<ClaimHouse>(&(), &claim());
        assert!(domain::person::permission::may_see_desk(
            &me.actor,
            &house()
        ));
        assert_eq!(
            town.visitor().problem::<ClaimHouse>(&(), &claim()),
            Problem::LinkUsed
        );
        assert_eq!(town.run(sign_in::get_first_secret), None);
    });
}
