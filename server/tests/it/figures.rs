//! Figures: what stood against people is counted by rule.

use domain::{
    api::{
        Book, CheckInBooking, CountRefusal, DecideBooking, Decision, Endpoint, GetDistrictFile,
        GetFigures, GetFiguresFile, ListFigures, NewPresence, NewRefusal,
    },
    booking::{check_in::Presence, refusal::Refusal},
    figures::{
        Count, Rule,
        refused::{Refused, WantedAt},
        total::Totals,
    },
    language::Lang,
    person::{behalf::Channel, permission::Role},
    problem::Problem,
};

use super::fixture::{at, day, house, on_both, period, tomorrow};

#[test]
fn what_stood_against_people_is_counted_by_rule() {
    on_both(|town| {
        let (one, other) = (town.resident(), town.resident());
        let wanted = tomorrow("hall-a", "10:00", "11:00");
        one.ok::<Book>(&house(), &wanted);
        for _ in 0..2 {
            let problem = other.problem::<Book>(&house(), &wanted);
            assert!(matches!(
                problem,
                Problem::Refused {
                    refusal: Refusal::Taken { .. },
                    ..
                }
            ));
        }
        let night = |room: &str| NewRefusal {
            rule: Rule::Hours,
            at: WantedAt::of(room.into(), at("2026-11-24T03:30")),
        };
        let visitor = town.visitor();
        visitor.ok::<CountRefusal>(&house(), &night("quiet"));
        visitor.ok::<CountRefusal>(&"no-such-house".into(), &night("quiet"));
        // Nobody can want a room that there is not: the rule alone is counted.
        visitor.ok::<CountRefusal>(&house(), &night("no-such-room"));
        let manager = town.person(Some((Some("house"), Role::Manager)));
        for expected in [2, 4] {
            town.wait(server::jobs::write_refusals(&town.site));
            let figures = manager.ok::<GetFigures>(&(house(), period("2026-11-22")), &());
            assert!(figures.refusals.contains(&(Rule::Taken, expected)));
            assert!(figures.refusals.contains(&(Rule::Hours, 2)));
            assert_eq!(figures.refusals.len(), 2);
            // The twenty-third is a Monday.
            let refused = |rule, room: &str, hour, count| Refused {
                rule,
                at: WantedAt {
                    room: room.into(),
                    hour,
                },
                count,
            };
            assert_eq!(
                figures.refused,
                [
                    refused(Rule::Taken, "hall-a", 10, expected),
                    refused(Rule::Hours, "quiet", 27, 1)
                ]
            );
            for _ in 0..2 {
                other.problem::<Book>(&house(), &wanted);
            }
        }
        let figures = manager.ok::<GetFigures>(&(house(), period("2030-01-01")), &());
        assert_eq!(figures.period, period("2026-11-22"), "not what is to come");
    });
}

#[test]
fn a_month_is_counted_beside_the_one_before_and_the_year_before() {
    on_both(|town| {
        let manager = town.person(Some((Some("house"), Role::Manager)));
        let read = |text: &str| manager.ok::<GetFigures>(&(house(), period(text)), &());
        let people: Vec<_> = (0..6).map(|_| town.resident()).collect();
        for (at, person) in people.iter().enumerate() {
            let (from, until) = (format!("{:02}:00", 8 + at), format!("{:02}:00", 9 + at));
            person.ok::<Book>(&house(), &tomorrow("hall-a", &from, &until));
        }
        let missed = people[0].ok::<Book>(&house(), &tomorrow("hall-b", "08:00", "09:00"));
        // Nothing of it has been yet.
        assert_eq!(read("2026-11").totals.bookings, 0);
        town.pass(36 * 3600);
        let staff = town.staff();
        let nobody = NewPresence {
            presence: Presence::Nobody,
        };
        staff.ok::<CheckInBooking>(&(house(), missed.id), &nobody);
        let november = read("2026-11");
        let Totals {
            bookings,
            visits,
            reached,
            first_timers,
            no_shows,
            ..
        } = november.totals;
        assert!(november.year_before.is_some());
        // So far: what it is compared with is counted over as many days, and says so.
        assert_eq!(november.until, day("2026-11-24"));
        let before = november.other_words(november.period.before(), Lang::Zh);
        assert_eq!(before, "2026年10月同期");
        assert!(
            read("2026").year_before.is_none(),
            "the year before is the one before"
        );
        assert_eq!((bookings, visits), (6, 12));
        assert_eq!(
            (reached, first_timers),
            (Count::People(6), Count::People(6))
        );
        assert_eq!(no_shows, Count::Few);
        assert_eq!(november.totals.channels, [(Channel::App, 7)]);
        // Six hours of one room, of all that were open on so many days.
        assert_eq!(november.totals.used.used, 6 * 60);
        assert!(november.totals.used.open > 23 * 12 * 60);
        assert_eq!(
            november.before,
            Totals {
                used: november.before.used,
                ..Totals::default()
            }
        );
        for period in ["2026-Q4", "2026"] {
            assert_eq!(read(period).totals.bookings, 6, "{period}");
        }
        // Seen from December it is the one before; nobody is new then.
        assert_eq!(read("2026-12").totals.bookings, 0, "it has not begun");
        town.pass(10 * 86_400);
        people[0].ok::<Book>(
            &house(),
            &domain::api::NewBooking {
                start: at("2026-12-05T10:00"),
                end: at("2026-12-05T11:00"),
                ..tomorrow("hall-a", "10:00", "11:00")
            },
        );
        town.pass(2 * 86_400);
        // A decision counts for when it was made, not for when the room is used.
        let asked = people[1].ok::<Book>(
            &house(),
            &domain::api::NewBooking {
                start: at("2026-12-09T10:00"),
                end: at("2026-12-09T11:00"),
                ..tomorrow("quiet", "10:00", "11:00")
            },
        );
        let approve = Decision {
            approve: true,
            reason: String::new(),
            along: domain::api::Along::One,
            seen: None,
        };
        town.pass(3600);
        town.staff()
            .ok::<DecideBooking>(&(house(), asked.id), &approve);
        let decided = read("2026-12").totals;
        assert_eq!((decided.decided, decided.waited), (1, Some(60)));
        assert_eq!(read("2026-11").totals.decided, 0);
        let december = read("2026-12");
        assert_eq!(
            (december.totals.bookings, december.totals.first_timers),
            (1, Count::People(0))
        );
        // So many days of November as there were of December: none of its bookings were in them.
        assert_eq!(december.before.bookings, 0);
        assert_eq!(read("2026-12-05").totals.bookings, 7);
    });
}

#[test]
fn tables_leave_the_house_as_files() {
    on_both(|town| {
        let manager = town.person(Some((Some("house"), Role::Manager)));
        let file = |table: &str| {
            let path = GetFiguresFile::url(&(house(), period("2026-10"), table.to_owned()));
            manager.raw("GET", &path, &[], b"")
        };
        let csv = file("rooms");
        let text = csv.body;
        let mut lines = text.lines();
        assert!(lines.next().unwrap().ends_with("中心,从,到"), "{text}");
        assert!(
            lines
                .next()
                .unwrap()
                .ends_with("小屋,2026-10-01,2026-10-31"),
            "{text}"
        );
        let book = file("all.xlsx");
        assert_eq!(book.status, 200);
        let kind = book.headers.get("content-type").unwrap();
        assert!(kind.to_str().unwrap().contains("spreadsheetml"));
        assert_ne!(file("nothing").status, 200);
        let resident = town.resident();
        let path = GetFiguresFile::url(&(house(), period("2026"), "all.xlsx".to_owned()));
        assert_eq!(resident.raw("GET", &path, &[], b"").status, 403);
    });
}

#[test]
fn centres_stand_side_by_side_for_whoever_manages_them() {
    on_both(|town| {
        let resident = town.resident();
        resident.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        town.pass(36 * 3600);
        let (one, all) = (
            town.person(Some((Some("house"), Role::Manager))),
            town.person(Some((None, Role::Manager))),
        );
        let seen = all.ok::<ListFigures>(&period("2026-11"), &());
        let bookings: Vec<_> = seen
            .iter()
            .map(|one| (one.centre.as_str(), one.totals.bookings))
            .collect();
        assert_eq!(bookings[0], ("house", 1));
        assert!(bookings.contains(&("abroad", 0)));
        assert_eq!(
            seen[0].totals,
            one.ok::<GetFigures>(&(house(), period("2026-11")), &())
                .totals
        );
        // Whoever manages one sees that one; who manages none nothing.
        assert_eq!(one.ok::<ListFigures>(&period("2026-11"), &()).len(), 1);
        let none = town.staff().problem::<ListFigures>(&period("2026-11"), &());
        assert!(matches!(none, Problem::NotAllowed), "{none:?}");
        let file = all.raw("GET", &GetDistrictFile::url(&period("2026-11")), &[], b"");
        assert_eq!(file.body.lines().count(), seen.len() + 1);
        assert!(file.body.contains("小屋,1,"), "{}", file.body);
    });
}
