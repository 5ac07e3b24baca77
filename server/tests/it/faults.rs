//! Bad input and bad days: a clear problem, the right status, nothing half done.

use domain::{
    api::{
        ALL, AskCode, BASE, Book, CodePurpose, KEY_HEADER, ListMyBookings, NewBooking, SendCode,
    },
    problem::{FieldFault, Problem, TextFault},
};

use super::fixture::{Town, house, key, method, on_both, tomorrow};

#[test]
fn no_input_makes_the_server_stumble() {
    on_both(|town| {
        // Without a way to send texts the demo alone has codes.
        town.run(|tx| {
            Ok(tx.exec(
                "insert into setting (name, value) values ('demo', '1')",
                &[],
            )?)
        });
        let bodies: &[&[u8]] = &[
            b"",
            b"{",
            b"[]",
            b"null",
            b"\xff\xfe",
            b"{\"room\":1}",
            b"{\"phone\":null}",
            b"{\"phone\":\"13800000000\",\"code\":\"\\u0000\"}",
            br#"{"room":"hall","start":"2026-02-30T10:00","end":"2026-11-23T11:00","people":1}"#,
            br#"{"room":"hall","start":"9999-99-99T99:99","end":"x","people":-1}"#,
            br#"{"room":"hall","start":"2199-12-31T10:00","end":"2199-12-31T11:00","people":1}"#,
            br#"{"room":"hall","start":"1900-01-01T00:00","end":"2200-12-31T23:59","people":65535}"#,
            br#"{"room":"../../etc","start":"2026-11-23T10:00","end":"2026-11-23T11:00","people":1}"#,
        ];
        let names = [
            "house",
            "nowhere",
            "..%2f",
            "%00",
            "a'b",
            "小屋",
            &"x".repeat(3000),
        ];
        let caller = town.staff();
        for spec in ALL.iter().filter(|spec| spec.name != "FollowCentre") {
            for name in names {
                let name = name
                    .replace("小屋", "%E5%B0%8F%E5%B1%8B")
                    .replace('\'', "%27");
                let path = spec
                    .path
                    .replace("{centre}", &name)
                    .replace("{booking}", &name);
                let path = path
                    .replace("{from}", "2026-13-45")
                    .replace("{day}", &name)
                    .replace("{days}", "-1");
                for body in bodies {
                    let body = if spec.method.is_write() {
                        body
                    } else {
                        &b""[..]
                    };
                    let key = key();
                    let headers = [(KEY_HEADER, key.as_str())];
                    let answer = caller.raw(
                        method(spec.method),
                        &format!("{BASE}{path}"),
                        &headers,
                        body,
                    );
                    assert!(
                        answer.status < 500,
                        "{} {path} {body:?}: {}",
                        spec.name,
                        answer.body
                    );
                    if answer.status >= 400 {
                        assert_eq!(
                            answer.problem().status(),
                            answer.status,
                            "{}: {}",
                            spec.name,
                            answer.body
                        );
                    }
                }
            }
        }
    });
}

#[test]
fn texts_are_bounded_and_told_by_field() {
    on_both(|town| {
        let resident = town.resident();
        let fault = |note: &str| {
            let new = NewBooking {
                note: note.into(),
                ..tomorrow("hall", "10:00", "11:00")
            };
            match resident.problem::<Book>(&house(), &new) {
                Problem::Invalid { fields } => fields,
                other => panic!("{other:?}"),
            }
        };
        let note = |fault| {
            vec![FieldFault {
                field: "note".into(),
                fault,
            }]
        };
        assert_eq!(
            fault(&"长".repeat(201)),
            note(TextFault::TooLong { most: 200 })
        );
        assert_eq!(fault("a\u{0}b"), note(TextFault::ControlCharacters));
        let new = NewBooking {
            people: 0,
            ..tomorrow("hall", "10:00", "11:00")
        };
        assert!(matches!(
            resident.problem::<Book>(&house(), &new),
            Problem::Invalid { .. }
        ));
        assert_eq!(
            resident.ok::<ListMyBookings>(&(), &()),
            vec![],
            "nothing half done"
        );
        let new = NewBooking {
            note: "会议 / meeting 🎉 اجتماع".into(),
            ..tomorrow("hall", "10:00", "11:00")
        };
        assert_eq!(resident.ok::<Book>(&house(), &new).note, new.note);
    });
}

#[test]
fn huge_bodies_foreign_pages_and_missing_keys_are_refused() {
    on_both(|town| {
        let resident = town.resident();
        let path = "/api/v1/centres/house/bookings";
        let body = serde_json::to_vec(&tomorrow("hall", "10:00", "11:00")).unwrap();
        let huge = resident.raw("POST", path, &[(KEY_HEADER, &key())], &vec![b' '; 100_000]);
        assert_eq!((huge.status, huge.problem()), (413, Problem::TooLarge));
        // What was not read of it is still on its way: no other request may follow on that connection.
        assert_eq!(huge.headers["connection"], "close");
        let headers = [
            (KEY_HEADER, "0123456789abcdef"),
            ("origin", "https://elsewhere.example"),
        ];
        let foreign = resident.raw("POST", path, &headers, &body);
        assert_eq!(
            (foreign.status, foreign.problem()),
            (403, Problem::ForeignOrigin)
        );
        let keyless = resident.raw("POST", path, &[], &body);
        assert_eq!((keyless.status, keyless.problem()), (400, Problem::BadKey));
        assert_eq!(resident.raw("PATCH", path, &[], b"").status, 405);
        assert_eq!(resident.raw("GET", "/api/v1/nothing", &[], b"").status, 404);
        let page = resident.raw("GET", "/", &[], b"");
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"),
            "{policy}"
        );
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
        assert_eq!(resident.raw("GET", "/healthz", &[], b"").status, 200);
        assert_eq!(resident.raw("GET", "/readyz", &[], b"").status, 200);
    });
}

#[test]
fn phones_are_read_as_people_write_them() {
    on_both(|town| {
        let ask = |phone: &str| {
            town.visitor().problem::<SendCode>(
                &(),
                &AskCode {
                    phone: phone.into(),
                    purpose: CodePurpose::SignIn,
                },
            )
        };
        assert_eq!(ask(" "), Problem::field("phone", TextFault::Missing));
        assert_eq!(ask("12345"), Problem::field("phone", TextFault::Unreadable));
        // A real number in a house without any way to send: told, not hidden.
        assert_eq!(ask("138 0000 0000"), Problem::CodeNotSent);
    });
}

#[test]
fn a_database_that_fails_changes_nothing_and_comes_back() {
    on_both(|town| {
        let resident = town.resident();
        town.run(|tx| Ok(tx.exec("alter table booking rename to gone", &[])?));
        let broken = resident.problem::<Book>(&house(), &tomorrow("hall", "10:00", "11:00"));
        assert_eq!(broken, Problem::Unavailable);
        assert!(
            broken.is_passing(),
            "the app keeps the form and offers to try again"
        );
        town.run(|tx| Ok(tx.exec("alter table gone rename to booking", &[])?));
        resident.ok::<Book>(&house(), &tomorrow("hall", "10:00", "11:00"));
    });
}

#[test]
fn a_locked_sqlite_file_is_waited_for_and_then_told() {
    let town = Town::on_sqlite();
    let resident = town.resident();
    let other = rusqlite::Connection::open(town.file()).unwrap();
    other.execute_batch("begin exclusive").unwrap();
    let locked = resident.problem::<Book>(&house(), &tomorrow("hall", "10:00", "11:00"));
    assert_eq!(locked, Problem::Unavailable);
    // It still runs, and can still read; whoever would send people to it must not.
    assert_eq!(resident.raw("GET", "/healthz", &[], b"").status, 200);
    assert_eq!(resident.raw("GET", "/readyz", &[], b"").status, 503);
    other.execute_batch("rollback").unwrap();
    resident.ok::<Book>(&house(), &tomorrow("hall", "10:00", "11:00"));
}

#[test]
fn a_full_sqlite_file_refuses_and_keeps_what_it_has() {
    let town = Town::on_sqlite();
    let staff = town.staff();
    // SQLite takes the limit as what is used already: not one page more.
    town.run(|tx| Ok(tx.all("pragma max_page_count = 1", &[]).map(drop)?));
    let note = "占".repeat(200);
    let asked = (0..40).map(|n| {
        let clock = |half: i32| format!("{:02}:{:02}", half / 2, half % 2 * 30);
        let new = NewBooking {
            note: note.clone(),
            ..tomorrow("hall-b", &clock(n), &clock(n + 1))
        };
        staff.call::<Book>(&house(), &new).status
    });
    let statuses: Vec<u16> = asked.collect();
    let done = statuses.iter().filter(|status| **status == 200).count();
    assert!(
        statuses.iter().all(|status| matches!(status, 200 | 503)) && done < statuses.len(),
        "{statuses:?}"
    );
    assert_eq!(
        staff.ok::<ListMyBookings>(&(), &()).len(),
        done,
        "what was refused left nothing"
    );
}

#[test]
fn the_edges_of_the_calendar_are_days_like_others() {
    on_both(|town| {
        let resident = town.resident();
        for (start, end) in [
            ("2200-12-31T10:00", "2200-12-31T11:00"),
            ("1900-01-01T00:00", "2200-12-30T00:00"),
        ] {
            let new = NewBooking {
                start: super::fixture::at(start),
                end: super::fixture::at(end),
                ..tomorrow("hall", "10:00", "11:00")
            };
            assert!(matches!(
                resident.problem::<Book>(&house(), &new),
                Problem::Refused { .. }
            ));
        }
        for day in ["2200-12-31", "1900-01-01"] {
            assert_eq!(
                resident
                    .raw("GET", &format!("/?day={day}"), &[], b"")
                    .status,
                200
            );
            assert_eq!(
                resident
                    .raw(
                        "GET",
                        &format!("/api/v1/centres/house/occupancy/{day}/100"),
                        &[],
                        b""
                    )
                    .status,
                200
            );
        }
    });
}
