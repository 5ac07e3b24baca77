//! Personal access tokens: what programs may do with them, until when, and where only people act.

use domain::{
    api::{
        Book, EndToken, Endpoint, GetDesk, GetMe, KEY_HEADER, ListMyBookings, ListTokens,
        MakeToken, NewToken, SignOutEverywhere, TokenMade, WithdrawRole,
    },
    person::{
        permission::{Reach, Role},
        token::Scope,
    },
    problem::{Problem, TextFault},
};

use super::fixture::{Answer, Person, Town, day, house, key, method, on_both, tomorrow};

fn new(scopes: &[Scope]) -> NewToken {
    NewToken {
        name: "表格".to_owned(),
        scopes: scopes.to_vec(),
        days: 30,
    }
}

/// A call as a program sends it: by its token, and without a cookie.
fn by_token<E: Endpoint>(town: &Town, made: &TokenMade, path: &E::Path, body: &E::Body) -> Answer {
    let bearer = format!("Bearer {}", made.secret);
    let body = match E::METHOD.is_write() {
        true => serde_json::to_vec(body).unwrap(),
        false => Vec::new(),
    };
    let headers = [("authorization", &*bearer), (KEY_HEADER, &*key())];
    town.visitor()
        .raw(method(E::METHOD), &E::url(path), &headers, &body)
}

fn make(person: &Person<'_>, scopes: &[Scope]) -> TokenMade {
    person.ok::<MakeToken>(&(), &new(scopes))
}

#[test]
fn a_token_does_what_it_is_for_and_no_more() {
    on_both(|town| {
        let resident = town.resident();
        let reads = make(&resident, &[Scope::Read]);
        let writes = make(&resident, &[Scope::Write, Scope::Read, Scope::Read]);
        assert_eq!(writes.token.scopes, [Scope::Read, Scope::Write]);
        let wanted = tomorrow("hall", "10:00", "10:30");

        let refused = by_token::<Book>(town, &reads, &house(), &wanted);
        assert_eq!(refused.status, 403);
        let need = Some(Scope::Write);
        assert_eq!(refused.problem(), Problem::BeyondToken { need });
        assert_eq!(
            by_token::<Book>(town, &writes, &house(), &wanted).status,
            200
        );
        for made in [&reads, &writes] {
            let mine = by_token::<ListMyBookings>(town, made, &(), &());
            assert_eq!(mine.json().as_array().map(Vec::len), Some(1));
        }
        // It is its person who booked.
        assert_eq!(resident.ok::<ListMyBookings>(&(), &()).len(), 1);
        // Nobody is at a cookie's mercy: the token counts, not who else is signed in there.
        let other = town.resident();
        let bearer = format!("Bearer {}", writes.secret);
        let me = other.raw("GET", &GetMe::url(&()), &[("authorization", &bearer)], b"");
        assert_eq!(me.json()["profile"]["id"], resident.id.as_str());
    });
}

#[test]
fn a_token_acts_as_staff_only_where_it_is_for_that() {
    on_both(|town| {
        let staff = town.staff();
        let path = (house(), day("2026-11-23"));
        let plain = make(&staff, &[Scope::Read, Scope::Write]);
        let refused = by_token::<GetDesk>(town, &plain, &path, &());
        assert_eq!(refused.problem(), Problem::NotAllowed);
        let full = make(&staff, &[Scope::Read, Scope::Staff]);
        assert_eq!(by_token::<GetDesk>(town, &full, &path, &()).status, 200);
        // A resident's is none the better for it, also where they become staff one day.
        let later = town.resident();
        let resident = make(&later, &Scope::ALL);
        assert_eq!(resident.token.scopes, [Scope::Read, Scope::Write]);
        let id = later.id.clone();
        town.run(move |tx| {
            server::usecase::person::role::grant(tx, &id, Some(&house()), Role::Staff)
        });
        let refused = by_token::<GetDesk>(town, &resident, &path, &());
        assert_eq!(refused.problem(), Problem::NotAllowed);

        // Whose role is taken has no token of that time when they get it back.
        let manager = town.person(Some((None, Role::Manager)));
        let held = (house(), staff.id.clone(), Reach::Here);
        manager.ok::<WithdrawRole>(&held, &());
        let id = staff.id.clone();
        town.run(move |tx| {
            server::usecase::person::role::grant(tx, &id, Some(&house()), Role::Staff)
        });
        let gone = by_token::<GetDesk>(town, &full, &path, &());
        assert_eq!(gone.problem(), Problem::BadToken);
    });
}

#[test]
fn a_token_makes_no_tokens_and_ends() {
    on_both(|town| {
        let resident = town.resident();
        let made = make(&resident, &Scope::ALL);
        let refused = by_token::<MakeToken>(town, &made, &(), &new(&Scope::ALL));
        assert_eq!(refused.problem(), Problem::BeyondToken { need: None });
        assert_eq!(refused.status, 403);

        let listed = resident.ok::<ListTokens>(&(), &());
        assert_eq!(listed, std::slice::from_ref(&made.token));
        assert_eq!(by_token::<GetMe>(town, &made, &(), &()).status, 200);
        assert!(resident.ok::<ListTokens>(&(), &())[0].used.is_some());

        // Nobody else ends it.
        let id = made.token.id.clone();
        assert_eq!(
            town.resident().problem::<EndToken>(&id, &()),
            Problem::NotFound
        );
        resident.ok::<EndToken>(&id, &());
        let gone = by_token::<GetMe>(town, &made, &(), &());
        assert_eq!((gone.status, gone.problem()), (401, Problem::BadToken));
        assert!(resident.ok::<ListTokens>(&(), &()).is_empty());

        let late = make(&resident, &[Scope::Read]);
        town.pass(30 * 86_400 - 1);
        assert_eq!(by_token::<GetMe>(town, &late, &(), &()).status, 200);
        town.pass(1);
        let over = by_token::<GetMe>(town, &late, &(), &());
        assert_eq!(over.problem(), Problem::BadToken);

        // Whoever fears for an account shuts everybody out.
        let resident = town.resident();
        let made = make(&resident, &[Scope::Read]);
        resident.ok::<SignOutEverywhere>(&(), &());
        let out = by_token::<GetMe>(town, &made, &(), &());
        assert_eq!(out.problem(), Problem::BadToken);
    });
}

#[test]
fn the_secret_of_a_token_is_told_and_not_stored() {
    on_both(|town| {
        let resident = town.resident();
        let once = key();
        let ask = |body: &NewToken| resident.call_with_key::<MakeToken>(&(), body, &once);
        let first = ask(&new(&[Scope::Read]));
        assert_eq!(first.status, 200, "{}", first.body);
        // Sent again it is the same token, and there is one.
        assert_eq!(first.body, ask(&new(&[Scope::Read])).body);
        assert_eq!(resident.ok::<ListTokens>(&(), &()).len(), 1);
        assert_eq!(ask(&new(&[Scope::Write])).problem(), Problem::BadKey);

        let secret = first.json()["secret"].as_str().unwrap().to_owned();
        assert!(
            secret.starts_with("linli_") && secret.len() > 40,
            "{secret}"
        );
        let kept = town.run(|tx| {
            let tokens = tx.all("select token_hash as text from token", &[])?;
            let replies = tx.all("select reply as text from idempotency", &[])?;
            let rows = tokens.iter().chain(&replies);
            Ok(rows
                .map(|row| row.get::<String>("text"))
                .collect::<Result<Vec<_>, _>>()?)
        });
        assert!(kept.len() > 1 && kept.iter().all(|text| !text.contains(&secret)));
    });
}

#[test]
fn a_token_that_cannot_be_meant_is_not_made() {
    on_both(|town| {
        let resident = town.resident();
        let asked = |change: &dyn Fn(&mut NewToken)| {
            let mut wanted = new(&[Scope::Read]);
            change(&mut wanted);
            resident.problem::<MakeToken>(&(), &wanted)
        };
        let field = |name, fault| Problem::field(name, fault);
        let nameless = asked(&|one| one.name = " ".to_owned());
        assert_eq!(nameless, field("name", TextFault::Missing));
        let aimless = asked(&|one| one.scopes.clear());
        assert_eq!(aimless, field("scopes", TextFault::Missing));
        for days in [0, 367, u16::MAX] {
            let endless = asked(&|one| one.days = days);
            assert_eq!(endless, field("days", TextFault::OutOfRange));
        }
        // What is no token of ours opens nothing, whoever is signed in beside it.
        for sent in [
            "Bearer",
            "Bearer ",
            "Bearer x",
            "Bearer bearer x",
            "bearer linli_0",
        ] {
            let answer = resident.raw("GET", &GetMe::url(&()), &[("authorization", sent)], b"");
            assert_eq!(answer.problem(), Problem::BadToken, "{sent}");
        }
    });
}
