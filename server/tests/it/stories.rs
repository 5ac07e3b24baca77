//! What people do with the house, on both databases.

use domain::{
    api::{
        AskCode, Book, CancelBooking, ChangeMe, Claim, ClaimHouse, DecideBooking, Decision,
        GetBooking, GetCentre, GetHouse, GetMe, GetOccupancy, ListCentres, ListMyBookings,
        ListSessions, MyChange, NewBooking, Reason, SendCode, SignIn, SignOut, SignOutEverywhere,
        UndoBooking, UseCode,
    },
    availability::Occupation,
    booking::BookingState,
    problem::Problem,
    rules::Refusal,
    text::Lang,
    time::Date,
};
use server::usecase::{person, sign_in};

use super::fixture::{abroad, at, house, key, on_both, tomorrow};

fn refusal(problem: Problem) -> Refusal {
    match problem {
        Problem::Refused { refusal, .. } => refusal,
        other => panic!("{other:?}"),
    }
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

#[test]
fn a_resident_books_a_room_and_takes_it_back() {
    on_both(|town| {
        let resident = town.resident();
        let booking = resident.ok::<Book>(&house(), &tomorrow("hall-a", "18:00", "20:00"));
        assert_eq!(booking.state, BookingState::Confirmed);
        assert_eq!(booking.start.to_string(), "2026-11-23T18:00:00+08:00");
        let path = (house(), booking.id.clone());
        assert_eq!(
            resident.ok::<ListMyBookings>(&(), &()),
            vec![booking.clone()]
        );

        let week = town
            .visitor()
            .ok::<GetOccupancy>(&(house(), day("2026-11-23"), 1), &());
        assert_eq!(week.taken.len(), 1);
        assert_eq!(
            (week.taken[0].by, week.taken[0].room.as_str()),
            (Occupation::Booked, "hall-a")
        );

        town.pass(9 * 60);
        let undone = resident.ok::<UndoBooking>(&path, &());
        assert_eq!(undone.state, BookingState::Undone);
        let week = town
            .visitor()
            .ok::<GetOccupancy>(&(house(), day("2026-11-23"), 1), &());
        assert_eq!(week.taken, vec![], "what was undone takes nothing");
        assert_eq!(
            refusal(resident.problem::<UndoBooking>(&path, &())),
            Refusal::Over
        );
    });
}

#[test]
fn undo_ends_after_ten_minutes_and_cancelling_at_its_deadline() {
    on_both(|town| {
        let resident = town.resident();
        let booking = resident.ok::<Book>(&house(), &tomorrow("hall-a", "18:00", "20:00"));
        let path = (house(), booking.id.clone());
        town.pass(11 * 60);
        assert_eq!(
            refusal(resident.problem::<UndoBooking>(&path, &())),
            Refusal::UndoTooLate { minutes: 10 }
        );
        // 17:30 the next day: half an hour before it starts.
        town.pass(29 * 3600 + 19 * 60);
        let late = refusal(resident.problem::<CancelBooking>(&path, &Reason::default()));
        assert_eq!(
            late,
            Refusal::CancelTooLate {
                notice: 60,
                deadline: at("2026-11-23T17:00")
            }
        );
        let by_staff = town.staff().ok::<CancelBooking>(
            &path,
            &Reason {
                reason: "停电".into(),
            },
        );
        assert_eq!(
            (by_staff.state, by_staff.reason.as_str()),
            (BookingState::Cancelled, "停电")
        );
    });
}

#[test]
fn a_hall_and_its_halves_exclude_each_other() {
    on_both(|town| {
        let (one, two) = (town.resident(), town.resident());
        one.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "12:00"));
        let taken = refusal(two.problem::<Book>(&house(), &tomorrow("hall", "11:00", "13:00")));
        assert_eq!(
            taken,
            Refusal::Taken {
                from: at("2026-11-23T10:00"),
                until: at("2026-11-23T12:00"),
                buffer: 0
            }
        );
        two.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "12:00"));
        two.ok::<Book>(&house(), &tomorrow("hall", "12:00", "13:00"));
        assert!(matches!(
            refusal(one.problem::<Book>(&house(), &tomorrow("hall-b", "12:30", "13:00"))),
            Refusal::Taken { .. }
        ));
    });
}

#[test]
fn staff_decide_and_an_approval_declines_its_rivals() {
    on_both(|town| {
        let (one, two, staff) = (town.resident(), town.resident(), town.staff());
        let first = one.ok::<Book>(&house(), &tomorrow("quiet", "18:00", "19:00"));
        assert_eq!(first.state, BookingState::Requested);
        let rival = two.ok::<Book>(&house(), &tomorrow("quiet", "18:30", "19:30"));
        let apart = two.ok::<Book>(&house(), &tomorrow("quiet", "20:30", "21:30"));
        let waiting = staff
            .ok::<GetHouse>(&(house(), day("2026-11-23")), &())
            .requests;
        assert_eq!(waiting.len(), 3);
        assert!(waiting[0].phone.is_some(), "staff can reach who asks");

        let path = (house(), first.id.clone());
        let no = Decision {
            approve: false,
            reason: " ".into(),
        };
        assert!(
            matches!(
                staff.problem::<DecideBooking>(&path, &no),
                Problem::Invalid { .. }
            ),
            "a no has a reason"
        );
        let yes = Decision {
            approve: true,
            reason: String::new(),
        };
        assert_eq!(
            staff.ok::<DecideBooking>(&path, &yes).state,
            BookingState::Confirmed
        );
        assert_eq!(
            staff.problem::<DecideBooking>(&path, &yes),
            Problem::Overtaken
        );
        assert_eq!(
            two.ok::<GetBooking>(&(house(), rival.id), &()).state,
            BookingState::Declined
        );
        assert_eq!(
            two.ok::<GetBooking>(&(house(), apart.id), &()).state,
            BookingState::Requested
        );
        // Buffers of a quarter of an hour on both sides of both.
        let close = refusal(one.problem::<Book>(&house(), &tomorrow("quiet", "19:00", "19:30")));
        assert_eq!(
            close,
            Refusal::Taken {
                from: at("2026-11-23T18:00"),
                until: at("2026-11-23T19:00"),
                buffer: 30
            }
        );
    });
}

#[test]
fn a_request_that_can_no_longer_be_had_is_not_approved() {
    on_both(|town| {
        let (resident, staff) = (town.resident(), town.staff());
        let asked = resident.ok::<Book>(&house(), &tomorrow("quiet", "18:00", "19:00"));
        let taken = staff.ok::<Book>(&house(), &tomorrow("quiet", "18:30", "19:30"));
        assert_eq!(
            taken.state,
            BookingState::Confirmed,
            "staff need no approval"
        );
        let yes = Decision {
            approve: true,
            reason: String::new(),
        };
        assert!(matches!(
            refusal(staff.problem::<DecideBooking>(&(house(), asked.id), &yes)),
            Refusal::Taken { .. }
        ));
    });
}

#[test]
fn quotas_count_what_stands_and_forget_what_was_undone() {
    on_both(|town| {
        let resident = town.resident();
        resident.ok::<Book>(&house(), &tomorrow("hall-a", "08:00", "12:00"));
        let second = resident.ok::<Book>(&house(), &tomorrow("hall-a", "13:00", "15:00"));
        let full =
            refusal(resident.problem::<Book>(&house(), &tomorrow("hall-a", "16:00", "16:30")));
        assert_eq!(
            full,
            Refusal::WeekQuota {
                most: 360,
                have: 360,
                asked: 30
            }
        );
        resident.ok::<UndoBooking>(&(house(), second.id), &());
        resident.ok::<Book>(&house(), &tomorrow("hall-a", "16:00", "16:30"));
        resident.ok::<Book>(&house(), &tomorrow("hall-b", "16:00", "16:30"));
        resident.ok::<Book>(&house(), &tomorrow("hall-b", "17:00", "17:30"));
        let many =
            refusal(resident.problem::<Book>(&house(), &tomorrow("hall-b", "18:00", "18:30")));
        assert_eq!(many, Refusal::OpenBookings { most: 4, have: 4 });
        // Abroad is another centre with a count of its own.
        resident.ok::<Book>(&abroad(), &tomorrow("hall-b", "18:00", "18:30"));
    });
}

#[test]
fn every_rule_says_no_with_its_figures() {
    on_both(|town| {
        let resident = town.resident();
        let no = |new: NewBooking| refusal(resident.problem::<Book>(&house(), &new));
        let booking = |room: &str, start: &str, end: &str| NewBooking {
            start: at(start),
            end: at(end),
            ..tomorrow(room, "10:00", "11:00")
        };
        assert_eq!(no(tomorrow("library", "10:00", "11:00")), Refusal::DropIn);
        assert_eq!(no(tomorrow("office", "10:00", "11:00")), Refusal::StaffOnly);
        assert!(matches!(
            no(tomorrow("club", "10:00", "11:00")),
            Refusal::NotForYou { .. }
        ));
        assert_eq!(
            no(tomorrow("hall", "11:00", "11:00")),
            Refusal::EndBeforeStart
        );
        assert_eq!(
            no(tomorrow("hall", "12:00", "11:00")),
            Refusal::EndBeforeStart
        );
        assert_eq!(
            no(tomorrow("hall", "10:10", "11:00")),
            Refusal::OffStep { step: 30 }
        );
        assert_eq!(
            no(tomorrow("hall", "10:00", "15:00")),
            Refusal::TooLong {
                longest: 240,
                asked: 300
            }
        );
        assert_eq!(
            no(booking("hall", "2026-11-22T11:00", "2026-11-22T12:00")),
            Refusal::Past {
                now: at("2026-11-22T12:00")
            }
        );
        assert_eq!(
            no(booking("quiet", "2026-11-22T13:00", "2026-11-22T14:00")),
            Refusal::TooSoon { notice: 120 }
        );
        assert_eq!(
            no(booking("quiet", "2026-11-30T13:00", "2026-11-30T14:00")),
            Refusal::TooFarAhead {
                days: 7,
                last: day("2026-11-29")
            }
        );
        assert!(matches!(
            no(tomorrow("hall", "22:00", "23:30")),
            Refusal::OutsideHours { .. }
        ));
        assert_eq!(
            no(NewBooking {
                people: 41,
                ..tomorrow("hall", "10:00", "11:00")
            }),
            Refusal::TooManyPeople {
                most: 40,
                asked: 41
            }
        );
        assert_eq!(
            no(NewBooking {
                people: 1,
                ..tomorrow("quiet", "10:00", "11:00")
            }),
            Refusal::TooFewPeople {
                fewest: 2,
                asked: 1
            }
        );
        let month = booking("hall", "2026-12-07T10:00", "2026-12-07T14:00");
        resident.ok::<Book>(&house(), &month);
        resident.ok::<Book>(
            &house(),
            &booking("hall", "2026-12-14T10:00", "2026-12-14T14:00"),
        );
        assert_eq!(
            no(booking("hall", "2026-12-21T10:00", "2026-12-21T14:00")),
            Refusal::MonthQuota {
                most: 600,
                have: 480,
                asked: 240
            }
        );
    });
}

#[test]
fn a_time_that_clocks_skip_does_not_exist() {
    on_both(|town| {
        let new = NewBooking {
            start: at("2027-03-28T01:30"),
            end: at("2027-03-28T02:30"),
            ..tomorrow("hall", "10:00", "11:00")
        };
        let resident = town.resident();
        assert_eq!(
            refusal(resident.problem::<Book>(&abroad(), &new)),
            Refusal::NoSuchTime { at: new.start }
        );
        let later = NewBooking {
            start: at("2027-03-28T02:00"),
            end: at("2027-03-28T03:00"),
            ..new
        };
        let booking = resident.ok::<Book>(&abroad(), &later);
        assert_eq!(booking.start.to_string(), "2027-03-28T02:00:00+01:00");
        let view = town.visitor().ok::<GetCentre>(&abroad(), &());
        assert_eq!(
            (view.offset, view.next_offset),
            (0, Some((1_806_195_600, 60)))
        );
    });
}

#[test]
fn rules_that_changed_meanwhile_are_named_as_the_cause() {
    on_both(|town| {
        let mut centre = town.visitor().ok::<GetCentre>(&house(), &());
        centre.centre.rules.longest = 60;
        let changed = centre.centre.clone();
        town.run(move |tx| {
            server::usecase::centre::save(tx, super::fixture::NOON, &changed)?.unwrap();
            Ok(())
        });
        let new = NewBooking {
            revision: centre.revision,
            ..tomorrow("hall", "10:00", "12:00")
        };
        let problem = town.resident().problem::<Book>(&house(), &new);
        assert_eq!(
            problem,
            Problem::Refused {
                refusal: Refusal::TooLong {
                    longest: 60,
                    asked: 120
                },
                changed: true,
                date: None,
            }
        );
        assert_eq!(
            town.visitor().ok::<GetCentre>(&house(), &()).revision,
            centre.revision + 1,
            "what was kept is made anew"
        );
    });
}

#[test]
fn a_write_sent_twice_is_done_once() {
    on_both(|town| {
        let resident = town.resident();
        let (key, new) = (key(), tomorrow("hall", "10:00", "11:00"));
        let first = resident.call_with_key::<Book>(&house(), &new, &key);
        let again = resident.call_with_key::<Book>(&house(), &new, &key);
        assert_eq!((first.status, &first.body), (200, &again.body));
        assert_eq!(resident.ok::<ListMyBookings>(&(), &()).len(), 1);
        let other =
            resident.call_with_key::<Book>(&house(), &tomorrow("hall", "12:00", "13:00"), &key);
        assert_eq!(other.problem(), Problem::BadKey);
        let stranger = town.resident().call_with_key::<Book>(&house(), &new, &key);
        assert_eq!(
            stranger.problem(),
            Problem::BadKey,
            "a key tells nobody else's reply"
        );
    });
}

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
        let sent = visitor.ok::<SendCode>(&(), &AskCode { phone: phone() });
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
        assert_eq!(
            visitor.call_with_key::<SignIn>(&(), &right, &key).status,
            200,
            "a lost answer is asked for again"
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
        assert_eq!(me.ok::<ListSessions>(&(), &()).len(), 2);
        me.ok::<SignOut>(&(), &());
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
        for _ in 0..3 {
            visitor.ok::<SendCode>(&(), &ask());
        }
        assert!(matches!(
            visitor.problem::<SendCode>(&(), &ask()),
            Problem::TooMany { .. }
        ));
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
        let secret = town.run(sign_in::first_secret).unwrap();
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
            Problem::NotFound
        );
        let me = town.visitor().ok::<ClaimHouse>(&(), &claim());
        assert!(domain::permission::may_see_house(&me.actor, &house()));
        assert_eq!(
            town.visitor().problem::<ClaimHouse>(&(), &claim()),
            Problem::NotFound
        );
        assert_eq!(town.run(sign_in::first_secret), None);
    });
}

#[test]
fn centres_are_listed_and_days_are_bounded() {
    on_both(|town| {
        let visitor = town.visitor();
        let ids: Vec<_> = visitor
            .ok::<ListCentres>(&(), &())
            .into_iter()
            .map(|card| card.id)
            .collect();
        assert_eq!(ids, [house(), abroad()]);
        assert!(matches!(
            visitor.problem::<GetOccupancy>(&(house(), day("2026-11-23"), 101), &()),
            Problem::Invalid { .. }
        ));
        assert_eq!(
            visitor.problem::<GetOccupancy>(&("nowhere".into(), day("2026-11-23"), 1), &()),
            Problem::NotFound
        );
        assert_eq!(
            visitor.problem::<GetCentre>(&"nowhere".into(), &()),
            Problem::NotFound
        );
    });
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    on_both(|town| {
        let visitor = town.visitor();
        let path = "/api/v1/centres/house/occupancy/2026-11-23/7";
        let first = visitor.raw("GET", path, &[], b"");
        let tag = first.headers["etag"].to_str().unwrap().to_owned();
        assert_eq!(
            visitor
                .raw("GET", path, &[("if-none-match", &tag)], b"")
                .status,
            304
        );
        town.resident()
            .ok::<Book>(&house(), &tomorrow("hall", "10:00", "11:00"));
        assert_eq!(
            visitor
                .raw("GET", path, &[("if-none-match", &tag)], b"")
                .status,
            200
        );
    });
}

#[test]
fn a_calendar_file_for_those_who_may_see_the_booking() {
    on_both(|town| {
        let resident = town.resident();
        let booking = resident.ok::<Book>(&house(), &tomorrow("hall", "18:00", "20:00"));
        let path = format!("/api/v1/centres/house/bookings/{}/booking.ics", booking.id);
        let file = resident.raw("GET", &path, &[], b"");
        assert_eq!(file.headers["content-type"], "text/calendar; charset=utf-8");
        assert!(
            file.body.contains("DTSTART:20261123T100000Z")
                && file.body.contains("STATUS:CONFIRMED"),
            "{}",
            file.body
        );
        assert_eq!(town.resident().raw("GET", &path, &[], b"").status, 404);
        assert_eq!(town.visitor().raw("GET", &path, &[], b"").status, 401);
    });
}

#[test]
fn open_pages_are_told_of_changes() {
    use std::io::{BufRead, BufReader, Write};
    fn said(lines: &mut impl Iterator<Item = String>, what: &str) -> String {
        lines
            .find_map(|line| line.strip_prefix(what).map(str::to_owned))
            .unwrap()
    }
    on_both(|town| {
        let address = town.url("").trim_start_matches("http://").to_owned();
        let follow = |query: &str| {
            let mut stream = std::net::TcpStream::connect(&address).unwrap();
            write!(
                stream,
                "GET /api/v1/centres/house/events{query} HTTP/1.1\r\nhost: {address}\r\n\r\n"
            )
            .unwrap();
            BufReader::new(stream).lines().map(Result::unwrap)
        };
        let mut unknown = follow("");
        assert!(
            said(&mut unknown, "data: ").contains("from"),
            "whoever names no count is told to look"
        );
        let seen: u64 = said(&mut unknown, "id: ").parse().unwrap();
        let mut lines = follow(&format!("?seen={seen}"));
        said(&mut lines, ": linli");
        town.resident()
            .ok::<Book>(&abroad(), &tomorrow("hall", "08:00", "09:00"));
        town.resident()
            .ok::<Book>(&house(), &tomorrow("hall", "10:00", "11:00"));
        assert_eq!(
            said(&mut lines, "data: "),
            r#"{"from":"2026-11-23","to":"2026-11-23"}"#,
            "of its own centre, not of the other"
        );
        assert_eq!(said(&mut lines, "id: "), (seen + 1).to_string());
        assert!(
            said(&mut follow(&format!("?seen={seen}")), "data: ").contains("from"),
            "what was missed is told at once"
        );
    });
}

#[test]
fn the_front_page_carries_the_plan_and_its_data() {
    on_both(|town| {
        town.resident()
            .ok::<Book>(&house(), &tomorrow("hall-a", "18:00", "20:00"));
        let page = town
            .visitor()
            .raw("GET", "/?day=2026-11-23&at=18:00&for=60", &[], b"")
            .body;
        assert!(
            page.contains("class=\"room s-busy\" data-room=\"hall-a\""),
            "{page}"
        );
        assert!(page.contains("class=\"room s-free\" data-room=\"hall-b\""));
        assert!(
            page.contains("000-000 0000") && page.contains("00:00–23:00"),
            "hours and the desk's number"
        );
        let data = page
            .split_once("id=\"linli-data\">")
            .unwrap()
            .1
            .split_once("</script>")
            .unwrap()
            .0;
        let boot: domain::boot::Boot = serde_json::from_str(data).unwrap();
        assert_eq!(
            (boot.centres.len(), boot.week.from, boot.week.taken.len()),
            (2, day("2026-11-23"), 1)
        );
        let english = super::fixture::Person {
            lang: "en",
            ..town.visitor()
        }
        .raw("GET", "/", &[], b"")
        .body;
        assert!(english.contains("lang=\"en\"") && english.contains("Small house"));
    });
}
