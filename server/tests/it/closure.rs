//! Closures: what they hit is named first, decided row by row, done all or nothing, told, and undone within ten minutes.

use domain::{
    activity::Audience,
    api::{
        Along, Book, BookingChange, CancelBooking, Cancellation, ChangeBooking, CloseRooms,
        ClosureCard, Consequences, GetAuditLog, GetBooking, GetDesk, ListClosures, ListLetters,
        NewBooking, NewClosure, ReadLetters, ReopenRooms, SignUpFor, UndoChange,
    },
    audit::Act,
    booking::{Booking, BookingState, refusal::Refusal},
    centre::consequence::{HitDecision, Outside, Remedy},
    message::News,
    person::permission::Role,
    problem::Problem,
    time::LocalTime,
};

use super::{
    classes::{class, path, places},
    fixture::{Person, Town, at, at_once, day, house, on_both, tomorrow},
};

fn closing(room: &str, from: &str, until: &str) -> NewClosure {
    NewClosure {
        rooms: vec![room.into()],
        start: LocalTime::parse(&format!("2026-11-23T{from}")).unwrap(),
        end: LocalTime::parse(&format!("2026-11-23T{until}")).unwrap(),
        reason: "水管抢修".to_owned(),
        decisions: Vec::new(),
        preview: false,
    }
}

fn decide(booking: &Booking, what: Remedy) -> HitDecision {
    HitDecision {
        id: booking.id.clone(),
        what,
    }
}

fn cancel() -> Remedy {
    Remedy::Cancel {
        reason: "水管抢修".to_owned(),
    }
}

fn to(room: &str, start: &str) -> Remedy {
    Remedy::Move {
        room: room.into(),
        start: LocalTime::parse(&format!("2026-11-23T{start}")).unwrap(),
    }
}

fn get(person: &Person<'_>, booking: &Booking) -> Booking {
    person.ok::<GetBooking>(&(house(), booking.id.clone()), &())
}

#[test]
fn nothing_is_closed_until_each_booking_is_decided() {
    on_both(|town| {
        let (neighbour, staff) = (town.resident(), town.staff());
        let booking = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let free = neighbour.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
        let new = closing("hall-a", "09:00", "12:00");
        let seen = staff.ok::<CloseRooms>(&house(), &new);
        assert!(seen.made.is_none());
        assert_eq!(seen.hits.len(), 1, "the other half is not hit");
        let hit = &seen.hits[0];
        assert_eq!(hit.booking.id, booking.id);
        assert!(matches!(&hit.why, Outside::OutOfUse { reason, .. } if reason.zh == "水管抢修"));
        assert_eq!((hit.begun, hit.signed_up, hit.to_tell), (false, 0, 0));
        assert!(hit.places.iter().all(|place| place.room.as_str() != "hall"));
        assert!(staff.ok::<ListClosures>(&house(), &()).is_empty());
        assert_eq!(get(&neighbour, &booking).state, BookingState::Confirmed);

        // Only looked at, nothing happens even where all is decided.
        let decided = NewClosure {
            decisions: vec![decide(&booking, cancel())],
            preview: true,
            ..new.clone()
        };
        assert!(staff.ok::<CloseRooms>(&house(), &decided).made.is_none());

        let done = staff.ok::<CloseRooms>(
            &house(),
            &NewClosure {
                preview: false,
                ..decided
            },
        );
        assert!(done.made.is_some() && done.hits.is_empty());
        let after = get(&neighbour, &booking);
        assert_eq!(
            (after.state, &*after.reason),
            (BookingState::Cancelled, "水管抢修")
        );
        assert_eq!(get(&neighbour, &free).state, BookingState::Confirmed);
        let letters = neighbour.ok::<ListLetters>(&(), &());
        assert!(
            matches!(&letters[0].news, News::BookingEnded { reason, declined: Some(false), .. } if reason == "水管抢修")
        );
        // Everybody is told why when they try.
        let refused = neighbour.problem::<Book>(&house(), &tomorrow("hall", "10:00", "11:00"));
        assert!(
            matches!(&refused, Problem::Refused { refusal: Refusal::Closed { reason, .. }, .. } if reason.zh == "水管抢修"),
            "{refused:?}"
        );
        let log = staff.ok::<GetAuditLog>(&(house(), day("2026-11-22"), 0), &());
        assert!(log.entries.iter().any(|one| one.act == Act::RoomsClosed));
    });
}

#[test]
fn what_was_kept_in_one_closure_is_asked_about_in_the_next_and_can_be_changed_in_it() {
    on_both(|town| {
        let (neighbour, staff) = (town.resident(), town.staff());
        let booking = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let kept = NewClosure {
            reason: "保洁".to_owned(),
            decisions: vec![decide(&booking, Remedy::Keep)],
            ..closing("hall-a", "09:00", "10:15")
        };
        assert!(staff.ok::<CloseRooms>(&house(), &kept).made.is_some());
        // Another note of what stays in what is out of use: that was decided.
        let noted = BookingChange {
            along: Along::One,
            room: booking.room.clone(),
            start: booking.start.local,
            end: booking.end.local,
            people: booking.people,
            note: "轻一点".to_owned(),
            seen: None,
            decisions: Vec::new(),
            displaced: Vec::new(),
            preview: false,
        };
        let path = (house(), booking.id.clone());
        assert!(
            staff.ok::<ChangeBooking>(&path, &noted).made.is_some(),
            "only its note"
        );
        let burst = staff.ok::<CloseRooms>(&house(), &closing("hall-a", "08:00", "22:00"));
        assert_eq!(burst.hits.len(), 1, "the pipe is another matter");
        assert!(
            matches!(&burst.hits[0].why, Outside::OutOfUse { reason, .. } if reason.zh == "水管抢修")
        );
    });
}

#[test]
fn bookings_are_moved_and_take_floor_where_they_go() {
    on_both(|town| {
        let (neighbour, staff) = (town.resident(), town.staff());
        let one = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let other = neighbour.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
        // They change places: each takes what the other leaves.
        let swap = NewClosure {
            decisions: vec![
                decide(&one, to("hall-b", "13:00")),
                decide(&other, to("hall-b", "10:00")),
            ],
            ..closing("hall-a", "09:00", "12:00")
        };
        let seen = staff.ok::<CloseRooms>(&house(), &swap);
        assert!(
            seen.made.is_none(),
            "the other booking is not hit, and nothing is done"
        );
        let taken = NewClosure {
            decisions: vec![decide(&one, to("hall-b", "10:30"))],
            ..closing("hall-a", "09:00", "12:00")
        };
        let refused = staff.problem::<CloseRooms>(&house(), &taken);
        assert!(
            matches!(
                &refused,
                Problem::Refused {
                    refusal: Refusal::Taken { .. },
                    date: Some(_),
                    ..
                }
            ),
            "{refused:?}"
        );
        assert_eq!(
            get(&neighbour, &one).room.as_str(),
            "hall-a",
            "all or nothing"
        );
        let free = NewClosure {
            decisions: vec![decide(&one, to("hall-b", "11:00"))],
            ..taken
        };
        staff.ok::<CloseRooms>(&house(), &free);
        let moved = get(&neighbour, &one);
        assert_eq!(
            (moved.room.as_str(), moved.start.local),
            ("hall-b", at("2026-11-23T11:00"))
        );
        let refused = neighbour.problem::<Book>(&house(), &tomorrow("hall-b", "11:30", "12:00"));
        assert!(matches!(
            refused,
            Problem::Refused {
                refusal: Refusal::Taken { .. },
                ..
            }
        ));
        let letters = neighbour.ok::<ListLetters>(&(), &());
        assert!(matches!(&letters[0].news, News::BookingMoved { .. }));
    });
}

#[test]
fn a_closure_is_undone_with_all_it_did() {
    on_both(|town| {
        let (neighbour, reader, staff) = (town.resident(), town.resident(), town.staff());
        let cancelled = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let moved = reader.ok::<Book>(&house(), &tomorrow("hall-a", "14:00", "15:00"));
        let new = NewClosure {
            decisions: vec![
                decide(&cancelled, cancel()),
                decide(&moved, to("hall-b", "14:00")),
            ],
            ..closing("hall-a", "09:00", "20:00")
        };
        let made = staff.ok::<CloseRooms>(&house(), &new).made.unwrap();
        reader.ok::<ReadLetters>(&(), &None);
        town.pass(590);
        staff.ok::<UndoChange>(&(house(), made.id.clone()), &());
        assert!(staff.ok::<ListClosures>(&house(), &()).is_empty());
        assert_eq!(get(&neighbour, &cancelled).state, BookingState::Confirmed);
        assert_eq!(get(&reader, &moved).room.as_str(), "hall-a");
        // Who had not read of it need not know; who had is told.
        assert!(neighbour.ok::<ListLetters>(&(), &()).is_empty());
        let letters = reader.ok::<ListLetters>(&(), &());
        assert!(matches!(&letters[0].news, News::BookingRestored { .. }));
        let refused = neighbour.problem::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        assert!(matches!(
            refused,
            Problem::Refused {
                refusal: Refusal::Taken { .. },
                ..
            }
        ));
        neighbour.ok::<Book>(&house(), &tomorrow("hall-b", "14:00", "15:00"));
        assert_eq!(
            staff.problem::<UndoChange>(&(house(), made.id), &()),
            Problem::Overtaken
        );
    });
}

#[test]
fn an_undo_that_others_built_on_undoes_nothing() {
    on_both(|town| {
        let (neighbour, staff) = (town.resident(), town.staff());
        let moved = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let gone = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "15:00", "16:00"));
        let new = NewClosure {
            decisions: vec![
                decide(&moved, to("hall-a", "13:00")),
                decide(&gone, cancel()),
            ],
            rooms: vec!["hall-a".into()],
            start: at("2026-11-23T09:00"),
            end: at("2026-11-23T12:00"),
            reason: "x".to_owned(),
            preview: false,
        };
        let seen = staff.ok::<CloseRooms>(&house(), &new);
        assert!(
            seen.made.is_none() && seen.hits.len() == 1,
            "three in the afternoon is not hit"
        );
        let new = NewClosure {
            decisions: vec![decide(&moved, to("hall-a", "13:00"))],
            ..new
        };
        let made = staff.ok::<CloseRooms>(&house(), &new).made.unwrap();
        staff.ok::<ReopenRooms>(&(house(), made.id.clone()), &());
        let other = town.resident();
        other.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let refused = staff.problem::<UndoChange>(&(house(), made.id.clone()), &());
        assert!(
            matches!(
                &refused,
                Problem::Refused {
                    refusal: Refusal::Taken { .. },
                    date: Some(_),
                    ..
                }
            ),
            "{refused:?}"
        );
        assert_eq!(get(&neighbour, &moved).start.local, at("2026-11-23T13:00"));
        town.pass(601);
        let late = staff.problem::<UndoChange>(&(house(), made.id), &());
        assert!(matches!(
            late,
            Problem::Refused {
                refusal: Refusal::UndoTooLate { .. },
                ..
            }
        ));
    });
}

#[test]
fn what_goes_on_is_kept_or_ended_and_never_moved() {
    on_both(|town| {
        let (neighbour, staff) = (town.resident(), town.staff());
        let booking = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "12:00"));
        // Half past ten of the next day: it goes on.
        town.pass(22 * 3600 + 1800);
        let new = closing("hall-a", "10:00", "18:00");
        let seen = staff.ok::<CloseRooms>(&house(), &new);
        assert!(seen.hits[0].begun && seen.hits[0].places.is_empty());
        let moved = NewClosure {
            decisions: vec![decide(&booking, to("hall-b", "11:00"))],
            ..new.clone()
        };
        assert_eq!(
            staff.problem::<CloseRooms>(&house(), &moved).fields(),
            ["decisions"]
        );
        let kept = NewClosure {
            decisions: vec![decide(&booking, Remedy::Keep)],
            ..new
        };
        assert!(staff.ok::<CloseRooms>(&house(), &kept).made.is_some());
        assert_eq!(get(&neighbour, &booking).state, BookingState::Confirmed);
        let cards: Vec<ClosureCard> = staff.ok::<ListClosures>(&house(), &());
        assert_eq!(
            cards[0].start.local,
            at("2026-11-23T10:30"),
            "what has passed does not matter"
        );
    });
}

#[test]
fn sessions_and_their_people_are_named_and_told() {
    on_both(|town| {
        let mother = town.resident();
        let activity = class(town, 5, Audience::default());
        mother.ok::<SignUpFor>(&path(&activity), &places(&activity, &[&mother.id], false));
        let staff = town.staff();
        let start = activity.sessions[0].start.local;
        let new = NewClosure {
            rooms: vec!["hall-a".into()],
            start,
            end: start.plus(60),
            reason: "检修".to_owned(),
            decisions: Vec::new(),
            preview: true,
        };
        let seen: Consequences = staff.ok::<CloseRooms>(&house(), &new);
        assert_eq!((seen.hits.len(), seen.hits[0].signed_up), (1, 1));
        assert!(seen.hits[0].booking.title.is_some());
        let done = NewClosure {
            decisions: vec![decide(&seen.hits[0].booking, cancel())],
            preview: false,
            ..new
        };
        let made = staff.ok::<CloseRooms>(&house(), &done).made.unwrap();
        let letters = mother.ok::<ListLetters>(&(), &());
        assert!(matches!(&letters[0].news, News::SessionCancelled { .. }));
        staff.ok::<UndoChange>(&(house(), made.id), &());
        assert!(mother.ok::<ListLetters>(&(), &()).is_empty());
    });
}

#[test]
fn whoever_reads_no_messages_is_counted_and_told_by_word() {
    on_both(|town| {
        let staff = town.staff();
        let caller = town.resident();
        let booking = caller.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let id = caller.id.clone();
        town.run(move |tx| {
            Ok(tx.exec("delete from session where person_id = $1", &[(&id).into()])?)
        });
        let seen = staff.ok::<CloseRooms>(&house(), &closing("hall-a", "09:00", "12:00"));
        assert_eq!(seen.hits[0].to_tell, 1);
        let done = NewClosure {
            decisions: vec![decide(&booking, cancel())],
            ..closing("hall-a", "09:00", "12:00")
        };
        staff.ok::<CloseRooms>(&house(), &done);
        let desk = staff.ok::<GetDesk>(&(house(), day("2026-11-23")), &());
        assert_eq!(desk.to_tell.len(), 1);
    });
}

#[test]
fn what_cannot_be_meant_is_refused_by_its_field() {
    on_both(|town| {
        let staff = town.staff();
        let good = closing("hall-a", "09:00", "12:00");
        let fields = |new: NewClosure| staff.problem::<CloseRooms>(&house(), &new).fields();
        let past = NewClosure {
            start: at("2026-11-21T09:00"),
            end: at("2026-11-22T11:00"),
            ..good.clone()
        };
        assert_eq!(fields(past), ["end"]);
        let backwards = NewClosure {
            end: at("2026-11-23T08:00"),
            ..good.clone()
        };
        assert_eq!(fields(backwards), ["end"]);
        let endless = NewClosure {
            end: at("2028-11-23T08:00"),
            ..good.clone()
        };
        assert_eq!(fields(endless), ["end"]);
        let nowhere = NewClosure {
            rooms: Vec::new(),
            ..good.clone()
        };
        assert_eq!(fields(nowhere), ["rooms"]);
        let unsaid = NewClosure {
            reason: " ".to_owned(),
            ..good.clone()
        };
        assert_eq!(fields(unsaid), ["reason"]);
        let unknown = NewClosure {
            rooms: vec!["attic".into()],
            ..good
        };
        assert_eq!(
            staff.problem::<CloseRooms>(&house(), &unknown),
            Problem::NotFound
        );
    });
}

/// Two close while many book: afterwards no booking stands in a closed room undecided.
#[test]
fn nothing_is_booked_past_a_closure() {
    on_both(|town| {
        let other = town.beside();
        let staff = town.staff();
        let people: Vec<Person<'_>> = (0..6).map(|_| town.resident()).collect();
        let done = at_once(7, |number| match number {
            0 => {
                let closed = staff.ok::<CloseRooms>(&house(), &closing("hall", "09:00", "18:00"));
                u16::from(closed.made.is_some())
            }
            number => {
                let of: &Town = other.as_ref().filter(|_| number % 2 == 0).unwrap_or(town);
                let person = Person {
                    town: of,
                    id: people[number - 1].id.clone(),
                    cookie: people[number - 1].cookie.clone(),
                    lang: "zh",
                };
                let wanted: NewBooking = tomorrow(
                    "hall-a",
                    &format!("{:02}:00", 9 + number),
                    &format!("{:02}:30", 9 + number),
                );
                person.call::<Book>(&house(), &wanted).status
            }
        });
        let booked = done[1..].iter().filter(|status| **status == 200).count();
        // Either it closed before anybody booked, or it names those who did.
        if done[0] == 1 {
            assert_eq!(booked, 0, "{done:?}");
        } else {
            let seen = staff.ok::<CloseRooms>(&house(), &closing("hall", "09:00", "18:00"));
            assert_eq!(seen.hits.len(), booked, "{done:?}");
        }
    });
}

#[test]
fn a_cancelled_booking_is_no_longer_hit() {
    on_both(|town| {
        let (neighbour, staff) = (
            town.resident(),
            town.person(Some((Some("house"), Role::Staff))),
        );
        let booking = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let new = NewClosure {
            decisions: vec![decide(&booking, cancel())],
            ..closing("hall-a", "09:00", "12:00")
        };
        let why = Cancellation {
            reason: String::new(),
            ..Cancellation::default()
        };
        neighbour.ok::<CancelBooking>(&(house(), booking.id.clone()), &why);
        // What was decided no longer fits: the sheet is shown anew, and then it can be done.
        let seen = staff.ok::<CloseRooms>(&house(), &new);
        assert!(seen.made.is_none() && seen.hits.is_empty());
        let again = NewClosure {
            decisions: Vec::new(),
            ..new
        };
        assert!(staff.ok::<CloseRooms>(&house(), &again).made.is_some());
    });
}

#[test]
fn a_booking_is_named_wherever_in_a_closure_it_lies() {
    on_both(|town| {
        let staff = town.staff();
        let preview = |from: &str, until: &str| {
            let closing = NewClosure {
                preview: true,
                ..closing("hall-a", from, until)
            };
            let found = staff.ok::<CloseRooms>(&house(), &closing).hits;
            let ids = found.into_iter().map(|hit| hit.booking.id);
            ids.collect::<Vec<_>>()
        };
        assert!(
            preview("08:00", "22:00").is_empty(),
            "nothing is booked yet"
        );
        let book = |room: &str, from: &str, until: &str| {
            staff.ok::<Book>(&house(), &tomorrow(room, from, until)).id
        };
        let whole = book("hall", "12:00", "14:00");
        let part = book("hall-a", "09:00", "11:00");
        book("hall-b", "15:00", "16:00");
        let last = book("hall-a", "19:00", "20:00");
        // In order of start, whichever was booked first; the other half is not shut.
        assert_eq!(
            preview("08:00", "22:00"),
            [part.clone(), whole.clone(), last.clone()]
        );
        assert_eq!(
            preview("10:30", "12:30"),
            [part.clone(), whole],
            "begun before, or after"
        );
        assert_eq!(preview("11:00", "12:00"), []);
        assert_eq!(
            preview("19:59", "22:00"),
            [last],
            "the last one that there is"
        );
        assert_eq!(preview("20:00", "22:00"), []);
    });
}
