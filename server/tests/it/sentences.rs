//! Every refusal and every problem as people read it, in both languages: one snapshot.

use domain::{
    problem::{FieldFault, Problem, TextFault},
    rules::{Opening, Refusal, Who},
    text::{Lang, Name},
    time::Date,
};

use super::fixture::at;

fn refusals() -> Vec<Refusal> {
    let day = Date::parse("2026-11-26").unwrap();
    let (from, until) = (at("2026-11-26T18:00"), at("2026-11-26T20:00"));
    vec![
        Refusal::DropIn,
        Refusal::StaffOnly,
        Refusal::NotForYou {
            who: Who::Organisers,
        },
        Refusal::NotForYou { who: Who::Staff },
        Refusal::EndBeforeStart,
        Refusal::NoSuchTime {
            at: at("2027-03-28T01:30"),
        },
        Refusal::Past { now: from },
        Refusal::OffStep { step: 30 },
        Refusal::TooShort {
            shortest: 60,
            asked: 30,
        },
        Refusal::TooLong {
            longest: 150,
            asked: 240,
        },
        Refusal::TooFarAhead {
            days: 28,
            last: day,
        },
        Refusal::TooSoon { notice: 1440 * 2 },
        Refusal::OutsideHours {
            date: day,
            open: vec![Opening { from, until }],
        },
        Refusal::OutsideHours {
            date: day,
            open: vec![],
        },
        Refusal::Closed {
            reason: Name::new("检修灯具", "The lights are being repaired"),
            until,
        },
        Refusal::Taken {
            from,
            until,
            buffer: 0,
        },
        Refusal::Taken {
            from,
            until,
            buffer: 15,
        },
        Refusal::TooManyPeople {
            most: 12,
            asked: 13,
        },
        Refusal::TooFewPeople {
            fewest: 5,
            asked: 1,
        },
        Refusal::OpenBookings { most: 4, have: 4 },
        Refusal::OpenBookings { most: 1, have: 1 },
        Refusal::WeekQuota {
            most: 240,
            have: 180,
            asked: 90,
        },
        Refusal::MonthQuota {
            most: 600,
            have: 600,
            asked: 60,
        },
        Refusal::CancelTooLate {
            notice: 60,
            deadline: from,
        },
        Refusal::UndoTooLate { minutes: 10 },
        Refusal::Over,
    ]
}

fn problems() -> Vec<Problem> {
    let mut all: Vec<Problem> = refusals().into_iter().map(Problem::from).collect();
    all.push(Problem::Refused {
        refusal: Refusal::TooLong {
            longest: 60,
            asked: 120,
        },
        changed: true,
    });
    let faults = [
        ("phone", TextFault::Missing),
        ("note", TextFault::TooLong { most: 200 }),
        ("name", TextFault::ControlCharacters),
        ("code", TextFault::Unreadable),
        ("days", TextFault::OutOfRange),
    ];
    all.extend(faults.map(|(field, fault)| Problem::Invalid {
        fields: vec![FieldFault {
            field: field.into(),
            fault,
        }],
    }));
    all.extend([
        Problem::NotSignedIn,
        Problem::NotAllowed,
        Problem::NotFound,
        Problem::Overtaken,
        Problem::WrongCode { tries_left: 3 },
        Problem::CodeExpired,
        Problem::TooMany { wait: 90 },
        Problem::TooLarge,
        Problem::ForeignOrigin,
        Problem::BadKey,
        Problem::BadMethod,
        Problem::Overloaded,
        Problem::Unavailable,
    ]);
    all
}

#[test]
fn every_problem_in_both_languages() {
    let lines: Vec<_> = problems()
        .iter()
        .map(|problem| {
            format!(
                "{} {}\n    {}",
                problem.status(),
                problem.sentence(Lang::Zh),
                problem.sentence(Lang::En)
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// A new refusal that is missing above does not compile here.
#[test]
fn no_refusal_is_left_out() {
    for refusal in refusals() {
        match refusal {
            Refusal::DropIn
            | Refusal::StaffOnly
            | Refusal::NotForYou { .. }
            | Refusal::EndBeforeStart
            | Refusal::NoSuchTime { .. }
            | Refusal::Past { .. }
            | Refusal::OffStep { .. }
            | Refusal::TooShort { .. }
            | Refusal::TooLong { .. }
            | Refusal::TooFarAhead { .. }
            | Refusal::TooSoon { .. }
            | Refusal::OutsideHours { .. }
            | Refusal::Closed { .. }
            | Refusal::Taken { .. }
            | Refusal::TooManyPeople { .. }
            | Refusal::TooFewPeople { .. }
            | Refusal::OpenBookings { .. }
            | Refusal::WeekQuota { .. }
            | Refusal::MonthQuota { .. }
            | Refusal::CancelTooLate { .. }
            | Refusal::UndoTooLate { .. }
            | Refusal::Over => {}
        }
    }
}
