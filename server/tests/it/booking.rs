//! Booking rooms, deciding about requests, undoing and cancelling.

use domain::{
    api::{
        Book, CancelBooking, Cancellation, DecideBooking, Decision, GetBooking, GetCentre, GetDesk,
        GetOccupancy, ListLetters, ListMyBookings, NewBooking, RestoreBooking, UndoBooking,
        UndoDecision,
    },
    booking::{BookingState, refusal::Refusal},
    centre::{Centre, availability::Occupation},
    message::{Letter, News},
    person::behalf::{Behalf, Channel},
    problem::Problem,
};

use super::fixture::{Person, abroad, at, day, house, key, on_both, save, tomorrow};

fn refusal(problem: Problem) -> Refusal {
    match problem {
        Problem::Refused { refusal, .. } => refusal,
        other => panic!("{other:?}"),
    }
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
fn who_called_a_booking_off_may_change_their_mind() {
    on_both(|town| {
        let resident = town.resident();
        let booking = resident.ok::<Book>(&house(), &tomorrow("hall-a", "18:00", "20:00"));
        let path = (house(), booking.id.clone());
        assert_eq!(
            refusal(resident.problem::<RestoreBooking>(&path, &())),
            Refusal::Over,
            "it stands"
        );
        town.pass(11 * 60);
        let gone = resident.ok::<CancelBooking>(&path, &Cancellation::default());
        assert!(gone.restore_until.is_some());
        let staff = town.staff();
        assert_eq!(
            refusal(staff.problem::<RestoreBooking>(&path, &())),
            Refusal::Over,
            "it is not theirs to call on again"
        );
        town.pass(9 * 60);
        let back = resident.ok::<RestoreBooking>(&path, &());
        assert_eq!(
            (back.state, back.restore_until),
            (BookingState::Confirmed, None)
        );
        let other = town.resident();
        let taken = other.problem::<Book>(&house(), &tomorrow("hall-a", "19:00", "20:00"));
        assert!(
            matches!(refusal(taken), Refusal::Taken { .. }),
            "its floor is its own again"
        );

        // Somebody has the floor meanwhile.
        resident.ok::<CancelBooking>(&path, &Cancellation::default());
        other.ok::<Book>(&house(), &tomorrow("hall-a", "19:00", "20:00"));
        let late = refusal(resident.problem::<RestoreBooking>(&path, &()));
        assert!(matches!(late, Refusal::Taken { .. }), "{late:?}");
        town.pass(11 * 60);
        assert_eq!(
            refusal(resident.problem::<RestoreBooking>(&path, &())),
            Refusal::UndoTooLate { minutes: 10 }
        );

        // A request waits again.
        let asked = resident.ok::<Book>(&house(), &tomorrow("quiet", "18:00", "19:00"));
        let path = (house(), asked.id.clone());
        resident.ok::<CancelBooking>(&path, &Cancellation::default());
        let back = resident.ok::<RestoreBooking>(&path, &());
        assert_eq!(back.state, BookingState::Requested);

        // What staff cancelled for somebody they may restore, and it is told.
        let third = town.resident();
        let theirs = third.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
        let path = (house(), theirs.id.clone());
        staff.ok::<CancelBooking>(&path, &Cancellation::default());
        assert_eq!(
            refusal(third.problem::<RestoreBooking>(&path, &())),
            Refusal::Over
        );
        staff.ok::<RestoreBooking>(&path, &());
        let news: Vec<_> = third
            .ok::<ListLetters>(&(), &())
            .into_iter()
            .map(|one| one.news)
            .collect();
        assert!(
            news.iter()
                .any(|one| matches!(one, News::BookingRestored { .. })),
            "{news:?}"
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
        let late = refusal(resident.problem::<CancelBooking>(&path, &Cancellation::default()));
        assert_eq!(
            late,
            Refusal::CancelTooLate {
                notice: 60,
                deadline: at("2026-11-23T17:00")
            }
        );
        let by_staff = town.staff().ok::<CancelBooking>(
            &path,
            &Cancellation {
                reason: "停电".into(),
                ..Cancellation::default()
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
            .ok::<GetDesk>(&(house(), day("2026-11-23")), &())
            .requests;
        assert_eq!(waiting.len(), 3);
        assert!(waiting[0].phone.is_some(), "staff can reach who asks");

        let path = (house(), first.id.clone());
        let no = Decision {
            approve: false,
            reason: " ".into(),
            along: domain::api::Along::One,
            seen: None,
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
            along: domain::api::Along::One,
            seen: None,
        };
        assert_eq!(
            staff.ok::<DecideBooking>(&path, &yes).state,
            BookingState::Confirmed
        );
        assert_eq!(
            staff.problem::<DecideBooking>(&path, &yes),
            Problem::Overtaken
        );
        // For ten seconds it can be taken back: nobody is told, and the rival still waits.
        let rival = (house(), rival.id);
        let state = |person: &Person<'_>| person.ok::<GetBooking>(&rival, &()).state;
        let letters = |person: &Person<'_>| person.ok::<ListLetters>(&(), &());
        town.pass(9);
        town.wait(server::jobs::settle_due(&town.site)).unwrap();
        assert_eq!(
            (state(&two), letters(&one).len()),
            (BookingState::Requested, 0)
        );
        let waits = staff.ok::<UndoDecision>(&path, &());
        assert_eq!(
            (waits.state, waits.decision_until),
            (BookingState::Requested, None)
        );
        assert_eq!(
            staff.problem::<UndoDecision>(&path, &()),
            Problem::Overtaken
        );
        assert_eq!(one.problem::<UndoDecision>(&path, &()), Problem::NotAllowed);
        staff.ok::<DecideBooking>(&path, &yes);
        town.pass(11);
        assert_eq!(
            staff.problem::<UndoDecision>(&path, &()),
            Problem::Overtaken,
            "by the clock, whether or not a job has run"
        );
        town.wait(server::jobs::settle_due(&town.site)).unwrap();
        town.wait(server::jobs::settle_due(&town.site)).unwrap();
        assert_eq!(state(&two), BookingState::Declined);
        assert!(matches!(
            letters(&one)[..],
            [Letter {
                news: News::BookingApproved { .. },
                ..
            }]
        ));
        assert!(
            matches!(
                letters(&two)[..],
                [Letter {
                    news: News::BookingOutbid { .. },
                    ..
                }]
            ),
            "once, and why"
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
fn a_declined_request_is_told_after_ten_seconds_and_a_cancelled_one_is_not_told_twice() {
    on_both(|town| {
        let (one, staff) = (town.resident(), town.staff());
        let letters = |person: &Person<'_>| person.ok::<ListLetters>(&(), &()).len();
        let asked = one.ok::<Book>(&house(), &tomorrow("quiet", "18:00", "19:00"));
        let no = Decision {
            approve: false,
            reason: "设备检修".into(),
            along: domain::api::Along::One,
            seen: None,
        };
        let path = (house(), asked.id);
        staff.ok::<DecideBooking>(&path, &no);
        assert_eq!(letters(&one), 0);
        town.decisions_stand();
        assert_eq!(letters(&one), 1);
        // Approved, and given up by the person within the ten seconds: nothing is carried out any more.
        let asked = one.ok::<Book>(&house(), &tomorrow("quiet", "18:00", "19:00"));
        let rival = one.ok::<Book>(&house(), &tomorrow("quiet", "18:30", "19:30"));
        let path = (house(), asked.id);
        let yes = Decision {
            approve: true,
            reason: String::new(),
            along: domain::api::Along::One,
            seen: None,
        };
        staff.ok::<DecideBooking>(&path, &yes);
        one.ok::<CancelBooking>(&path, &Cancellation::default());
        town.decisions_stand();
        assert_eq!(letters(&one), 1);
        let rival = one.ok::<GetBooking>(&(house(), rival.id), &());
        assert_eq!(rival.state, BookingState::Requested);
    });
}

#[test]
fn what_staff_book_themselves_declines_the_requests_beside_it() {
    on_both(|town| {
        let (resident, staff) = (town.resident(), town.staff());
        let asked = resident.ok::<Book>(&house(), &tomorrow("quiet", "18:00", "19:00"));
        let taken = staff.ok::<Book>(&house(), &tomorrow("quiet", "18:30", "19:30"));
        assert_eq!(
            taken.state,
            BookingState::Confirmed,
            "staff need no approval"
        );
        let path = (house(), asked.id);
        assert_eq!(
            resident.ok::<GetBooking>(&path, &()).state,
            BookingState::Declined
        );
        let letters = resident.ok::<ListLetters>(&(), &());
        assert!(matches!(letters[0].news, News::BookingOutbid { .. }));
        // Taken back, it leaves no trace: the request waits again.
        staff.ok::<UndoBooking>(&(house(), taken.id), &());
        assert_eq!(
            resident.ok::<GetBooking>(&path, &()).state,
            BookingState::Requested
        );
        let letters = resident.ok::<ListLetters>(&(), &());
        assert!(matches!(letters[0].news, News::BookingRestored { .. }));
        staff.ok::<Book>(&house(), &tomorrow("quiet", "18:30", "19:30"));
        let yes = Decision {
            approve: true,
            reason: String::new(),
            along: domain::api::Along::One,
            seen: None,
        };
        assert_eq!(
            staff.problem::<DecideBooking>(&path, &yes),
            Problem::Overtaken
        );
    });
}

#[test]
fn a_clash_across_midnight_is_named() {
    on_both(|town| {
        // Open through midnight, with a quarter of an hour to set up.
        town.run(|tx| {
            let mut centre: Centre = toml::from_str(include_str!("house.toml")).unwrap();
            centre.hours = toml::from_str(
                "season = [{ from = \"01-01\", to = \"12-31\", week = \"Mon-Sun 00:00-24:00\" }]",
            )
            .unwrap();
            centre.rules.buffer_before = 15;
            save(tx, &centre)?.expect("sound");
            Ok(())
        });
        let (one, two) = (town.resident(), town.resident());
        let night = |from: &str, until: &str| NewBooking {
            start: at(from),
            end: at(until),
            ..tomorrow("hall-a", "08:00", "09:00")
        };
        one.ok::<Book>(&house(), &night("2026-11-23T22:00", "2026-11-24T00:00"));
        assert_eq!(
            refusal(two.problem::<Book>(&house(), &night("2026-11-24T00:00", "2026-11-24T01:00"))),
            Refusal::Taken {
                from: at("2026-11-23T22:00"),
                until: at("2026-11-24T00:00"),
                buffer: 15
            }
        );
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
            save(tx, &changed)?.unwrap();
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
fn a_booking_says_who_made_it_to_those_who_may_see_it() {
    on_both(|town| {
        let (staff, resident) = (town.staff(), town.resident());
        let own = resident.ok::<Book>(&house(), &tomorrow("hall-a", "12:00", "13:00"));
        assert_eq!(own.made_by_name, None);
        let mut wanted = tomorrow("hall-a", "10:00", "11:00");
        wanted.behalf = Some(Behalf {
            person: resident.id.clone(),
            channel: Channel::Visit,
        });
        let booking = staff.ok::<Book>(&house(), &wanted);
        let path = (house(), booking.id);
        let seen = resident.ok::<GetBooking>(&path, &());
        assert_eq!(seen.made_by_name.as_deref(), Some("测试"));
    });
}

#[test]
fn a_request_that_nobody_decides_reminds_staff_and_lapses_at_its_start() {
    on_both(|town| {
        let (resident, staff) = (town.resident(), town.staff());
        let asked = resident.ok::<Book>(&house(), &tomorrow("quiet", "18:00", "19:00"));
        let later = resident.ok::<Book>(
            &house(),
            &NewBooking {
                start: at("2026-11-25T18:00"),
                end: at("2026-11-25T19:00"),
                ..tomorrow("quiet", "18:00", "19:00")
            },
        );
        let settle = || town.wait(server::jobs::settle_due(&town.site)).unwrap();
        let news = |person: &Person<'_>| {
            let letters = person.ok::<ListLetters>(&(), &()).into_iter();
            letters.map(|one| one.news).collect::<Vec<_>>()
        };
        settle();
        assert_eq!(news(&staff), vec![], "it was made a moment ago");
        // At eight in the evening it begins within a day, and has waited for eight hours.
        town.pass(8 * 3600);
        settle();
        settle();
        let told = news(&staff);
        assert_eq!(told.len(), 1, "once, and only of the one that is near");
        assert!(
            matches!(&told[0], News::RequestWaits { booking, .. } if *booking == asked.id),
            "{told:?}"
        );
        assert_eq!(news(&resident), vec![]);

        // The next day at six.
        town.pass(22 * 3600 - 1);
        settle();
        let state = |id| resident.ok::<GetBooking>(&(house(), id), &()).state;
        assert_eq!(state(asked.id.clone()), BookingState::Requested);
        town.pass(1);
        settle();
        assert_eq!(state(asked.id.clone()), BookingState::Lapsed);
        assert_eq!(state(later.id), BookingState::Requested);
        let told = news(&resident);
        assert!(
            matches!(&told[..], [News::RequestLapsed { booking, .. }] if *booking == asked.id),
            "{told:?}"
        );
        let yes = Decision {
            approve: true,
            reason: String::new(),
            along: domain::api::Along::One,
            seen: None,
        };
        let path = (house(), asked.id);
        assert_eq!(
            staff.problem::<DecideBooking>(&path, &yes),
            Problem::Overtaken
        );
        assert_eq!(
            refusal(resident.problem::<CancelBooking>(&path, &Cancellation::default())),
            Refusal::Over
        );
    });
}

#[test]
fn what_was_left_undecided_long_ago_lapses_without_a_word() {
    on_both(|town| {
        let resident = town.resident();
        let asked = resident.ok::<Book>(&house(), &tomorrow("quiet", "18:00", "19:00"));
        // The server was away for a week.
        town.pass(7 * 86_400);
        town.wait(server::jobs::settle_due(&town.site)).unwrap();
        let now = resident.ok::<GetBooking>(&(house(), asked.id), &());
        assert_eq!(now.state, BookingState::Lapsed);
        assert_eq!(resident.ok::<ListLetters>(&(), &()), vec![]);
    });
}
