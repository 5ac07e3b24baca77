//! Series of bookings: planned, booked as a whole, called off, changed and decided together.

use domain::{
    api::{
        Along, Book, BookSeries, BookingChange, CancelBooking, Cancellation, ChangeBooking,
        DecideBooking, Decision, Endpoint, GetBooking, GetDesk, GetSeries, GetSeriesFile,
        ListLetters, ListMyBookings, NewSeries, PlanSeries, RestoreBooking, Series, SeriesMade,
        SeriesPlan, UndoDecision, UndoSeries,
    },
    booking::{
        BookingState,
        alternative::Remedy,
        refusal::Refusal,
        series::{Exception, Place},
    },
    id::BookingId,
    message::News,
    person::behalf::{Behalf, Channel},
    problem::Problem,
    recurrence::Recurrence,
};

use super::fixture::{NOON, Person, abroad, at, at_once, day, house, on_both, tomorrow};

/// Mondays from tomorrow on.
fn weekly(room: &str, from: &str, until: &str, count: u16) -> NewSeries {
    NewSeries {
        rule: Recurrence::parse(&format!("FREQ=WEEKLY;BYDAY=MO;COUNT={count}")).unwrap(),
        exceptions: Vec::new(),
        room: room.into(),
        start: at(&format!("2026-11-23T{from}")),
        end: at(&format!("2026-11-23T{until}")),
        people: 5,
        purpose: None,
        note: String::new(),
        behalf: None,
    }
}

fn book(person: &Person<'_>, new: &NewSeries) -> SeriesMade {
    let plan = person.ok::<BookSeries>(&house(), new);
    plan.made.unwrap_or_else(|| panic!("{:?}", plan.dates))
}

fn read(person: &Person<'_>, made: &SeriesMade) -> Series {
    person.ok::<GetSeries>(&(house(), made.id.clone()), &())
}

fn states(series: &Series) -> Vec<BookingState> {
    series.bookings.iter().map(|one| one.state).collect()
}

fn path(id: &BookingId) -> (domain::id::CentreId, BookingId) {
    (house(), id.clone())
}

fn refused(plan: &SeriesPlan) -> Vec<String> {
    let bad = plan.dates.iter().filter(|date| date.refusal.is_some());
    bad.map(|date| date.on.to_string()).collect()
}

#[test]
fn a_series_is_settled_date_by_date_before_any_is_saved() {
    on_both(|town| {
        let (resident, other) = (town.resident(), town.resident());
        let mut taken = tomorrow("hall-a", "18:30", "19:30");
        (taken.start, taken.end) = (at("2026-11-30T18:30"), at("2026-11-30T19:30"));
        other.ok::<Book>(&house(), &taken);

        let mut new = weekly("hall-a", "18:00", "19:00", 3);
        let plan = resident.ok::<PlanSeries>(&house(), &new);
        assert_eq!(refused(&plan), ["2026-11-30"]);
        let hit = &plan.dates[1];
        assert!(matches!(hit.refusal, Some(Refusal::Taken { .. })));
        // The other half of the hall at the same hour comes first.
        let instead = &hit.others[0];
        assert_eq!(instead.remedy, Remedy::OtherRoom);
        assert_eq!(instead.start, at("2026-11-30T18:00"));

        // Nothing is saved as long as one date cannot be had.
        assert_eq!(resident.ok::<BookSeries>(&house(), &new).made, None);
        assert_eq!(resident.ok::<ListMyBookings>(&(), &()), vec![]);

        new.exceptions.push(Exception {
            on: day("2026-11-30"),
            instead: Some(Place {
                room: instead.room.clone(),
                start: instead.start,
                end: instead.end,
            }),
        });
        new.exceptions.push(Exception {
            on: day("2026-12-07"),
            instead: None,
        });
        let made = book(&resident, &new);
        let series = read(&resident, &made);
        let starts: Vec<_> = series
            .bookings
            .iter()
            .map(|one| (one.room.as_str(), one.start.local.to_string()))
            .collect();
        assert_eq!(
            starts,
            [
                ("hall-a", "2026-11-23T18:00".to_owned()),
                (instead.room.as_str(), "2026-11-30T18:00".to_owned())
            ]
        );
        assert_eq!(series.rule, new.rule);
        assert_eq!(series.bookings[0].series, Some(made.id.clone()));
        // It is nobody else's to look at.
        let strange = other.problem::<GetSeries>(&(house(), made.id), &());
        assert_eq!(strange, Problem::NotFound);
    });
}

#[test]
fn each_date_counts_in_the_quotas_of_those_after_it() {
    on_both(|town| {
        let resident = town.resident();
        let plan = resident.ok::<PlanSeries>(&house(), &weekly("hall-a", "18:00", "19:00", 6));
        assert_eq!(refused(&plan), ["2026-12-21", "2026-12-28"]);
        assert_eq!(
            plan.dates[4].refusal,
            Some(Refusal::OpenBookings { most: 4, have: 4 })
        );
        // No other room helps against a quota.
        assert!(plan.dates[4].others.is_empty());
    });
}

#[test]
fn a_series_is_taken_back_as_a_whole_within_ten_minutes() {
    on_both(|town| {
        let (resident, staff) = (town.resident(), town.staff());
        let new = weekly("hall-a", "18:00", "19:00", 3);
        let made = book(&resident, &new);
        let of = (house(), made.id.clone());
        assert_eq!(staff.problem::<UndoSeries>(&of, &()), Problem::NotAllowed);
        let undone = resident.ok::<UndoSeries>(&of, &());
        assert_eq!(states(&undone), [BookingState::Undone; 3]);
        // It leaves no trace: the same can be had again.
        let again = book(&resident, &new);
        town.pass(11 * 60);
        let late = resident.problem::<UndoSeries>(&(house(), again.id), &());
        assert!(
            matches!(
                late,
                Problem::Refused {
                    refusal: Refusal::UndoTooLate { .. },
                    ..
                }
            ),
            "{late:?}"
        );
    });
}

#[test]
fn dates_are_called_off_together_and_stand_again_together() {
    on_both(|town| {
        let (resident, staff) = (town.resident(), town.staff());
        let mut new = weekly("hall-a", "18:00", "19:00", 4);
        let behalf = Behalf {
            person: resident.id.clone(),
            channel: Channel::Phone,
        };
        resident.ok::<Book>(&house(), &tomorrow("hall-b", "08:00", "09:00"));
        new.behalf = Some(behalf);
        let made = book(&staff, &new);
        let all = read(&resident, &made).bookings;
        let cancel = |along| Cancellation {
            reason: "装修".to_owned(),
            along,
        };
        let second = path(&all[1].id);
        // Up to a day.
        let until = Along::Until(day("2026-12-10"));
        staff.ok::<CancelBooking>(&second, &cancel(until));
        let gone = BookingState::Cancelled;
        let stands = BookingState::Confirmed;
        assert_eq!(
            states(&read(&resident, &made)),
            [stands, gone, gone, stands]
        );
        let letters = resident.ok::<ListLetters>(&(), &());
        assert_eq!(letters.len(), 1, "one letter tells of both");
        assert!(
            matches!(letters[0].news, News::BookingEnded { more: 1, .. }),
            "{letters:?}"
        );
        // Nobody gets a part of it back.
        let other = town.resident();
        let mut taken = tomorrow("hall-a", "18:00", "19:00");
        (taken.start, taken.end) = (at("2026-12-07T18:00"), at("2026-12-07T19:00"));
        let theirs = other.ok::<Book>(&house(), &taken);
        let problem = staff.problem::<RestoreBooking>(&second, &());
        assert!(matches!(problem, Problem::Refused { .. }), "{problem:?}");
        assert_eq!(states(&read(&resident, &made))[1], gone);
        other.ok::<CancelBooking>(&path(&theirs.id), &Cancellation::default());
        staff.ok::<RestoreBooking>(&second, &());
        assert_eq!(states(&read(&resident, &made)), [stands; 4]);
        // This one and all after it; then all that are left.
        resident.ok::<CancelBooking>(&path(&all[2].id), &cancel(Along::Following));
        assert_eq!(
            states(&read(&resident, &made)),
            [stands, stands, gone, gone]
        );
        resident.ok::<CancelBooking>(&path(&all[1].id), &cancel(Along::All));
        assert_eq!(states(&read(&resident, &made)), [gone; 4]);
    });
}

#[test]
fn a_deadline_of_one_date_stops_the_whole_act() {
    on_both(|town| {
        let resident = town.resident();
        let made = book(&resident, &weekly("hall-a", "18:00", "19:00", 2));
        let all = read(&resident, &made).bookings;
        // Half an hour before the first, whose deadline is an hour before.
        town.pass(all[0].start.utc() - 1_800 - NOON);
        let second = path(&all[1].id);
        let all_of_it = Cancellation {
            reason: String::new(),
            along: Along::All,
        };
        let late = resident.problem::<CancelBooking>(&second, &all_of_it);
        if let Problem::Refused { refusal, .. } = &late {
            assert!(matches!(refusal, Refusal::CancelTooLate { .. }), "{late:?}");
        } else {
            panic!("{late:?}");
        }
        assert_eq!(
            states(&read(&resident, &made)),
            [BookingState::Confirmed; 2],
            "all or none"
        );
    });
}

#[test]
fn staff_move_this_date_and_those_after_it() {
    on_both(|town| {
        let (resident, staff) = (town.resident(), town.staff());
        let made = book(&resident, &weekly("hall-a", "18:00", "19:00", 3));
        let all = read(&resident, &made).bookings;
        let second = &all[1];
        let change = BookingChange {
            along: Along::Following,
            room: "hall-b".into(),
            start: at("2026-11-30T19:00"),
            end: at("2026-11-30T20:00"),
            people: 5,
            note: String::new(),
            seen: None,
            decisions: Vec::new(),
            displaced: Vec::new(),
            preview: false,
        };
        let done = staff.ok::<ChangeBooking>(&path(&second.id), &change);
        assert_eq!((done.goes, done.hits.len()), (2, 0));
        let letters = resident.ok::<ListLetters>(&(), &());
        assert!(
            matches!(&letters[..], [one] if matches!(one.news, News::BookingMoved { more: 1, .. })),
            "one letter tells of both: {letters:?}"
        );
        let now: Vec<_> = read(&resident, &made)
            .bookings
            .iter()
            .map(|one| (one.room.to_string(), one.start.local.minute_of_day() / 60))
            .collect();
        let stands = |room: &str, hour| (room.to_owned(), hour);
        assert_eq!(
            now,
            [
                stands("hall-a", 18),
                stands("hall-b", 19),
                stands("hall-b", 19)
            ]
        );
        // Of all dates none is sent to a time that is over: the first is tomorrow.
        let third = read(&resident, &made).bookings.remove(2);
        let week_before = BookingChange {
            along: Along::All,
            start: at("2026-11-30T19:00"),
            end: at("2026-11-30T20:00"),
            ..change
        };
        let refused = staff.problem::<ChangeBooking>(&path(&third.id), &week_before);
        assert!(
            matches!(
                refused,
                Problem::Refused {
                    refusal: Refusal::Past { .. },
                    date: Some(_),
                    ..
                }
            ),
            "{refused:?}"
        );
    });
}

#[test]
fn a_series_is_one_calendar_file_for_those_who_may_see_it() {
    on_both(|town| {
        let resident = town.resident();
        let made = book(&resident, &weekly("hall-a", "12:00", "13:00", 4));
        let second = read(&resident, &made).bookings[1].id.clone();
        resident.ok::<CancelBooking>(&path(&second), &Cancellation::default());
        let address = GetSeriesFile::url(&(house(), made.id.clone()));
        let file = resident.raw("GET", &address, &[], b"");
        assert_eq!(file.headers["content-type"], "text/calendar; charset=utf-8");
        for line in [
            "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4",
            "DTSTART;TZID=Asia/Shanghai:20261123T120000",
            "EXDATE;TZID=Asia/Shanghai:20261130T120000",
            "BEGIN:VTIMEZONE",
        ] {
            assert!(file.body.contains(line), "{line}: {}", file.body);
        }
        assert_eq!(file.body.matches("BEGIN:VEVENT").count(), 1);
        let stranger = town.resident().raw("GET", &address, &[], b"").status;
        assert_eq!(stranger, 404);
        assert_eq!(town.visitor().raw("GET", &address, &[], b"").status, 401);
    });
}

#[test]
fn requests_of_a_series_are_decided_together() {
    on_both(|town| {
        let (resident, staff) = (town.resident(), town.staff());
        let rule = Recurrence::parse("FREQ=DAILY;COUNT=3").unwrap();
        let new = NewSeries {
            rule,
            ..weekly("quiet", "18:00", "19:00", 1)
        };
        let made = book(&resident, &new);
        let asked = BookingState::Requested;
        assert_eq!(states(&read(&resident, &made)), [asked; 3]);
        let first = path(&made.first);
        let yes = Decision {
            approve: true,
            reason: String::new(),
            along: Along::All,
            seen: None,
        };
        // Nobody decides about more than they saw.
        let fewer = Decision {
            seen: Some(2),
            ..yes.clone()
        };
        let overtaken = staff.problem::<DecideBooking>(&first, &fewer);
        assert_eq!(overtaken, Problem::Overtaken);
        staff.ok::<DecideBooking>(&first, &yes);
        assert_eq!(
            states(&read(&resident, &made)),
            [BookingState::Confirmed; 3]
        );
        // What is called off later, date by date, was no part of that act: each stands again by itself.
        let all = read(&resident, &made).bookings;
        staff.ok::<CancelBooking>(&path(&all[1].id), &Cancellation::default());
        staff.ok::<CancelBooking>(&path(&all[2].id), &Cancellation::default());
        staff.ok::<RestoreBooking>(&path(&all[2].id), &());
        let (stands, gone) = (BookingState::Confirmed, BookingState::Cancelled);
        assert_eq!(states(&read(&resident, &made)), [stands, gone, stands]);
        staff.ok::<RestoreBooking>(&path(&all[1].id), &());
        assert_eq!(states(&read(&resident, &made)), [stands; 3]);
    });
}

#[test]
fn a_decision_about_a_series_is_taken_back_as_a_whole() {
    on_both(|town| {
        let (resident, staff) = (town.resident(), town.staff());
        let rule = Recurrence::parse("FREQ=DAILY;COUNT=3").unwrap();
        let new = NewSeries {
            rule,
            ..weekly("quiet", "18:00", "19:00", 1)
        };
        let made = book(&resident, &new);
        let asked = BookingState::Requested;
        let first = path(&made.first);
        let yes = Decision {
            approve: true,
            reason: String::new(),
            along: Along::All,
            seen: Some(3),
        };
        staff.ok::<DecideBooking>(&first, &yes);
        staff.ok::<UndoDecision>(&first, &());
        assert_eq!(states(&read(&resident, &made)), [asked; 3]);
        let no = Decision {
            approve: false,
            reason: "放假".to_owned(),
            along: Along::All,
            seen: None,
        };
        staff.ok::<DecideBooking>(&first, &no);
        town.decisions_stand();
        let letters = resident.ok::<ListLetters>(&(), &());
        assert_eq!(letters.len(), 1, "{letters:?}");
        assert!(matches!(
            letters[0].news,
            News::BookingEnded {
                more: 2,
                declined: Some(true),
                ..
            }
        ));
        assert!(
            staff
                .ok::<GetDesk>(&(house(), day("2026-11-22")), &())
                .requests
                .is_empty()
        );
    });
}

#[test]
fn a_series_books_nothing_over_what_others_have_at_the_same_time() {
    on_both(|town| {
        let people: Vec<_> = (0..6).map(|_| town.resident()).collect();
        let new = weekly("hall-a", "18:00", "19:00", 3);
        let single = |n: usize| {
            let mut one = tomorrow("hall", "18:30", "19:30");
            let monday = day("2026-11-23").plus(7 * n as i64);
            (one.start, one.end) = (monday.at(18 * 60 + 30), monday.at(19 * 60 + 30));
            one
        };
        let done = at_once(6, |n| match n % 2 {
            0 => people[n].ok::<BookSeries>(&house(), &new).made.is_some(),
            _ => people[n].call::<Book>(&house(), &single(n / 2)).status == 200,
        });
        let all: Vec<_> = people
            .iter()
            .flat_map(|one| one.ok::<ListMyBookings>(&(), &()))
            .collect();
        for (at, one) in all.iter().enumerate() {
            for other in &all[at + 1..] {
                assert!(!one.slot().overlaps(other.slot()), "{done:?}");
            }
        }
        // Whoever came first has it; a series has all of its dates or none.
        for (n, person) in people.iter().enumerate() {
            let count = person.ok::<ListMyBookings>(&(), &()).len();
            let whole = if n % 2 == 0 { 3 } else { 1 };
            assert_eq!(count, if done[n] { whole } else { 0 }, "{done:?}");
        }
    });
}

#[test]
fn what_cannot_be_meant_is_refused() {
    on_both(|town| {
        let resident = town.resident();
        let new = weekly("hall-a", "18:00", "19:00", 2);
        let problem = |new: &NewSeries| resident.problem::<PlanSeries>(&house(), new);
        let nowhere = NewSeries {
            room: "nowhere".into(),
            ..new.clone()
        };
        assert_eq!(problem(&nowhere), Problem::NotFound);
        let backwards = NewSeries {
            end: new.start,
            ..new.clone()
        };
        assert!(matches!(problem(&backwards), Problem::Refused { .. }));
        // A rule that falls on no date, and a date that is sent a year away.
        let never = NewSeries {
            rule: Recurrence::parse("FREQ=DAILY;UNTIL=20260101").unwrap(),
            ..new.clone()
        };
        assert!(matches!(problem(&never), Problem::Invalid { .. }));
        let far = NewSeries {
            exceptions: vec![Exception {
                on: day("2026-11-30"),
                instead: Some(Place {
                    room: "hall-a".into(),
                    start: at("2027-11-29T18:00"),
                    end: at("2027-11-29T19:00"),
                }),
            }],
            ..new.clone()
        };
        assert!(matches!(problem(&far), Problem::Invalid { .. }));
        // What runs for days, or for a century, is not looked at any further.
        let endless = NewSeries {
            end: at("2026-11-25T18:00"),
            ..new.clone()
        };
        assert!(matches!(problem(&endless), Problem::Refused { .. }));
        let century = NewSeries {
            exceptions: vec![Exception {
                on: day("2026-11-30"),
                instead: Some(Place {
                    room: "hall-a".into(),
                    start: at("2026-11-30T18:00"),
                    end: at("2199-12-31T18:00"),
                }),
            }],
            ..new.clone()
        };
        assert!(matches!(problem(&century), Problem::Refused { .. }));
        let visitor = town.visitor();
        let sent = visitor.problem::<PlanSeries>(&house(), &new);
        assert_eq!(sent, Problem::NotSignedIn);
        // A room that is taken out of the house under a series is a room that does not exist.
        let made = book(&resident, &new);
        let first = resident.ok::<GetBooking>(&path(&made.first), &());
        assert_eq!(first.series, Some(made.id));
    });
}

#[test]
fn a_date_that_the_clocks_skip_is_named() {
    on_both(|town| {
        let resident = town.resident();
        // In Dublin clocks go forward on 28 March 2027 at one.
        let night = NewSeries {
            rule: Recurrence::parse("FREQ=DAILY;COUNT=3").unwrap(),
            start: at("2027-03-27T01:30"),
            end: at("2027-03-27T02:30"),
            ..weekly("hall-a", "18:00", "19:00", 1)
        };
        let plan = resident.ok::<PlanSeries>(&abroad(), &night);
        assert_eq!(refused(&plan), ["2027-03-28"]);
        assert!(matches!(
            plan.dates[1].refusal,
            Some(Refusal::NoSuchTime { .. })
        ));
        let rest = NewSeries {
            exceptions: vec![Exception {
                on: day("2027-03-28"),
                instead: None,
            }],
            ..night
        };
        let made = resident.ok::<BookSeries>(&abroad(), &rest).made.unwrap();
        let series = resident.ok::<GetSeries>(&(abroad(), made.id), &());
        let starts: Vec<_> = series
            .bookings
            .iter()
            .map(|one| one.start.to_string())
            .collect();
        assert_eq!(
            starts,
            ["2027-03-27T01:30:00+00:00", "2027-03-29T01:30:00+01:00"]
        );
    });
}

#[test]
fn two_who_change_one_series_at_once_leave_it_whole() {
    on_both(|town| {
        let (resident, staff) = (town.resident(), town.staff());
        let made = book(&resident, &weekly("hall-a", "18:00", "19:00", 3));
        let all = read(&resident, &made).bookings;
        let second = path(&all[1].id);
        let change = BookingChange {
            along: Along::Following,
            room: "hall-b".into(),
            start: at("2026-11-30T19:00"),
            end: at("2026-11-30T20:00"),
            people: 5,
            note: String::new(),
            seen: None,
            decisions: Vec::new(),
            displaced: Vec::new(),
            preview: false,
        };
        let cancel = Cancellation {
            along: Along::All,
            ..Cancellation::default()
        };
        // One moves the later dates, the other calls all of them off.
        let answers = at_once(2, |n| match n {
            0 => staff.call::<ChangeBooking>(&second, &change).status,
            _ => {
                resident
                    .call::<CancelBooking>(&path(&all[0].id), &cancel)
                    .status
            }
        });
        assert_eq!(answers[1], 200, "{answers:?}");
        assert!([200, 404, 409].contains(&answers[0]), "{answers:?}");
        let series = read(&resident, &made);
        assert_eq!(states(&series), [BookingState::Cancelled; 3]);
        // Whichever was first, no floor is left taken.
        book(&town.resident(), &weekly("hall-a", "18:00", "18:30", 3));
        book(&town.resident(), &weekly("hall-b", "19:00", "19:30", 3));
    });
}
