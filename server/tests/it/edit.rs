//! Editing a centre's description: what it hits is decided first, two editors do not overwrite each other, history, going back.

use domain::{
    api::{
        Book, CentreChange, CentreView, ChangeCentre, Consequences, GetBooking, GetCentre,
        ListCentres, ListRevisions, MakeCentre, NewCentre, UndoChange,
    },
    booking::{BookingState, refusal::Refusal},
    centre::{
        consequence::{HitDecision, Outside, Remedy},
        edit::{About, Edit, Part},
        hours::{DayHours, SpecialDay},
        validate::CentreFault,
    },
    language::Name,
    person::permission::Role,
    problem::Problem,
};

use super::fixture::{Person, Town, day, house, on_both, tomorrow};

fn manager(town: &Town) -> Person<'_> {
    town.person(Some((Some("house"), Role::Manager)))
}

fn view(person: &Person<'_>) -> CentreView {
    person.ok::<GetCentre>(&house(), &())
}

fn change(edit: Edit) -> CentreChange {
    CentreChange {
        edit,
        decisions: Vec::new(),
        preview: false,
    }
}

fn save(person: &Person<'_>, new: &CentreChange) -> Consequences {
    person.ok::<ChangeCentre>(&house(), new)
}

/// Tomorrow is a holiday.
fn closed_tomorrow(person: &Person<'_>) -> Edit {
    let before = view(person).centre.hours;
    let mut after = before.clone();
    after.special.push(SpecialDay {
        date: day("2026-11-23"),
        open: DayHours::default(),
        name: Name::new("停电", "No power"),
    });
    Edit::Hours { before, after }
}

#[test]
fn a_holiday_names_who_has_booked_and_is_undone_with_what_it_did() {
    on_both(|town| {
        let (neighbour, manager) = (town.resident(), manager(town));
        let booking = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        let new = change(closed_tomorrow(&manager));
        let seen = save(&manager, &new);
        assert!(seen.made.is_none());
        assert!(matches!(&seen.hits[0].why, Outside::Closed { reason } if reason.zh == "停电"));
        let decided = CentreChange {
            decisions: vec![HitDecision {
                id: booking.id.clone(),
                what: Remedy::Cancel {
                    reason: "停电".to_owned(),
                },
            }],
            ..new
        };
        let made = save(&manager, &decided).made.unwrap();
        let path = (house(), booking.id.clone());
        assert_eq!(
            neighbour.ok::<GetBooking>(&path, &()).state,
            BookingState::Cancelled
        );
        let closed = neighbour.problem::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
        assert!(matches!(
            closed,
            Problem::Refused {
                refusal: Refusal::OutsideHours { .. },
                ..
            }
        ));
        manager.ok::<UndoChange>(&(house(), made.id), &());
        assert_eq!(
            neighbour.ok::<GetBooking>(&path, &()).state,
            BookingState::Confirmed
        );
        let taken = neighbour.problem::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        assert!(matches!(
            taken,
            Problem::Refused {
                refusal: Refusal::Taken { .. },
                ..
            }
        ));
        neighbour.ok::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
    });
}

#[test]
fn the_later_of_two_editors_sees_what_changed_and_nothing_is_lost() {
    on_both(|town| {
        let (one, two) = (manager(town), manager(town));
        let opened = view(&one).centre;
        let room = opened.rooms[1].clone();
        let larger = |most: u16| {
            let mut after = room.clone();
            after.people.most = most;
            change(Edit::Room {
                before: Box::new(room.clone()),
                after: Box::new(after),
            })
        };
        assert!(save(&one, &larger(25)).made.is_some());
        assert_eq!(
            two.problem::<ChangeCentre>(&house(), &larger(30)),
            Problem::Overtaken
        );
        // Another part of it is another thing.
        let mut rules = opened.rules.clone();
        rules.notice = 30;
        let made = save(
            &two,
            &change(Edit::Rules {
                before: opened.rules.clone(),
                after: rules,
            }),
        );
        let now = view(&one).centre;
        assert_eq!((now.rooms[1].people.most, now.rules.notice), (25, 30));
        assert!(made.made.is_some());
    });
}

#[test]
fn history_says_who_changed_what_and_leads_back() {
    on_both(|town| {
        let manager = manager(town);
        let opened = view(&manager).centre;
        let before = About::of(&opened);
        let after = About {
            phone: "111".to_owned(),
            ..before.clone()
        };
        let made = save(
            &manager,
            &change(Edit::About {
                before: Box::new(before.clone()),
                after: Box::new(after.clone()),
            }),
        );
        let cards = manager.ok::<ListRevisions>(&house(), &());
        assert_eq!(cards[0].parts, [Part::About]);
        assert!(cards[0].is_now && cards[0].by.is_some() && !cards[1].is_now);
        let back = change(Edit::Revision {
            revision: cards[1].revision,
            seen: cards[0].revision,
        });
        save(&manager, &back);
        assert_eq!(view(&manager).centre, opened);
        // Others built on it: the change before is not taken back any more.
        let late = manager.problem::<UndoChange>(&(house(), made.made.unwrap().id), &());
        assert_eq!(late, Problem::Overtaken);
        let same = change(Edit::About {
            before: Box::new(before.clone()),
            after: Box::new(before),
        });
        let refused = manager.problem::<ChangeCentre>(&house(), &same);
        assert!(matches!(
            refused,
            Problem::Refused {
                refusal: Refusal::NothingChanged,
                ..
            }
        ));
        let unknown = change(Edit::Revision {
            revision: 99,
            seen: 99,
        });
        assert_eq!(
            manager.problem::<ChangeCentre>(&house(), &unknown),
            Problem::NotFound
        );
    });
}

#[test]
fn a_file_and_a_way_back_keep_what_others_changed_meanwhile() {
    on_both(|town| {
        let (one, two) = (manager(town), manager(town));
        let opened = view(&one);
        let file = one.raw("GET", "/api/v1/centres/house/file", &[], &[]).body;
        save(&two, &change(closed_tomorrow(&two)));
        // The file was taken out before the holiday was entered: the holiday stays.
        let louder = file.replacen("phone = \"", "phone = \"9", 1);
        save(
            &one,
            &change(Edit::File {
                text: louder.clone(),
            }),
        );
        let now = view(&one).centre;
        assert_eq!(
            now.hours.special.len(),
            opened.centre.hours.special.len() + 1
        );
        assert!(now.phone.starts_with('9'));
        // Both changed the same: nobody overwrites what they did not see.
        let again = louder.replacen("phone = \"9", "phone = \"8", 1);
        let clash = one.problem::<ChangeCentre>(&house(), &change(Edit::File { text: again }));
        assert_eq!(clash, Problem::Overtaken);
        let back = change(Edit::Revision {
            revision: opened.revision,
            seen: opened.revision + 1,
        });
        save(&one, &back);
        let now = view(&one).centre;
        assert!(
            now.phone.starts_with('9'),
            "the number was changed after that was seen"
        );
        assert_eq!(now.hours.special.len(), opened.centre.hours.special.len());
    });
}

#[test]
fn what_was_booked_by_new_hours_keeps_them_from_being_taken_back() {
    on_both(|town| {
        let (neighbour, manager) = (town.resident(), manager(town));
        let before = view(&manager).centre.hours;
        let mut after = before.clone();
        after.special.push(SpecialDay {
            date: day("2026-11-23"),
            open: DayHours::parse("06:00-23:30").unwrap(),
            name: Name::new("长夜", "Long night"),
        });
        let made = save(&manager, &change(Edit::Hours { before, after }));
        let late = tomorrow("hall-a", "23:00", "23:30");
        neighbour.ok::<Book>(&house(), &late);
        let undo = (house(), made.made.unwrap().id);
        assert_eq!(
            manager.problem::<UndoChange>(&undo, &()),
            Problem::Overtaken
        );
    });
}

#[test]
fn rooms_that_are_joined_name_the_bookings_that_would_share_floor() {
    on_both(|town| {
        let (neighbour, manager) = (town.resident(), manager(town));
        neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        neighbour.ok::<Book>(&house(), &tomorrow("hall-b", "10:30", "11:30"));
        let file = manager
            .raw("GET", "/api/v1/centres/house/file", &[], &[])
            .body;
        // What is no number would never be read again.
        let nan = file.replacen("area = ", "area = nan # ", 1);
        let refused = manager.problem::<ChangeCentre>(&house(), &change(Edit::File { text: nan }));
        assert!(
            matches!(&refused, Problem::BadCentre { faults } if matches!(faults[0], CentreFault::Area { .. })),
            "{refused:?}"
        );
        assert!(manager.ok::<ListCentres>(&(), &()).len() > 1);
    });
}

#[test]
fn a_file_goes_out_and_comes_in() {
    on_both(|town| {
        let (manager, everywhere) = (manager(town), town.person(Some((None, Role::Manager))));
        let file = manager.raw("GET", "/api/v1/centres/house/file", &[], &[]);
        assert_eq!(file.status, 200);
        let same = change(Edit::File {
            text: file.body.clone(),
        });
        let refused = manager.problem::<ChangeCentre>(&house(), &same);
        assert!(matches!(
            refused,
            Problem::Refused {
                refusal: Refusal::NothingChanged,
                ..
            }
        ));
        let faults = |text: String| match manager
            .problem::<ChangeCentre>(&house(), &change(Edit::File { text }))
        {
            Problem::BadCentre { faults } => faults,
            other => panic!("{other:?}"),
        };
        assert!(matches!(
            faults("id = \"house\"\nname = 3".to_owned())[0],
            CentreFault::Unreadable { .. }
        ));
        let zone = file.body.replace("Asia/Shanghai", "Asia/Nowhere");
        assert!(matches!(faults(zone)[0], CentreFault::UnknownZone { .. }));
        let other = file.body.replacen("id = \"house\"", "id = \"second\"", 1);
        assert!(matches!(
            faults(other.clone())[0],
            CentreFault::OtherCentre { .. }
        ));
        // A new centre is made by those who manage all of them, once.
        let new = NewCentre::File(other);
        assert_eq!(
            manager.problem::<MakeCentre>(&(), &new),
            Problem::NotAllowed
        );
        let card = everywhere.ok::<MakeCentre>(&(), &new);
        assert_eq!(card.id.as_str(), "second");
        let centres = everywhere.ok::<ListCentres>(&(), &());
        assert!(centres.iter().any(|one| one.id == card.id));
        assert!(matches!(
            everywhere.problem::<MakeCentre>(&(), &new),
            Problem::BadCentre { .. }
        ));
    });
}

#[test]
fn rules_that_contradict_are_named() {
    on_both(|town| {
        let manager = manager(town);
        let before = view(&manager).centre.rules;
        let mut after = before.clone();
        after.longest = after.shortest - 1;
        after.month_minutes = after.week_minutes - 1;
        let new = change(Edit::Rules { before, after });
        let Problem::BadCentre { faults } = manager.problem::<ChangeCentre>(&house(), &new) else {
            panic!("it is at fault");
        };
        let named = |field: &str| {
            faults.iter().any(
                |fault| matches!(fault, CentreFault::Rule { field: named, .. } if named == field),
            )
        };
        assert!(named("longest") && named("month_minutes"));
    });
}
