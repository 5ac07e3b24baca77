//! Every refusal and every problem as people read it, in both languages: one snapshot.

use domain::{
    booking::refusal::{Opening, Refusal},
    centre::rules::Who,
    language::{Lang, Name},
    message::News,
    person::{merge::Unmergeable, permission::Role},
    problem::{FieldFault, Problem, TextFault},
    sign_up::refusal::SignUpRefusal,
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
        Refusal::Held {
            until: at("2026-11-30T18:05"),
        },
        Refusal::Waits { most: 10 },
        Refusal::NotTaken,
        Refusal::Yours,
        Refusal::OfferedBefore,
        Refusal::OwnDate {
            at: at("2026-11-30T18:00"),
        },
        Refusal::HouseholdBookings { most: 8, have: 8 },
        Refusal::HouseholdWeek {
            most: 480,
            have: 420,
            asked: 90,
        },
        Refusal::OpenBookings { most: 1, have: 1 },
        Refusal::NoShows {
            have: 3,
            until: Date::new(2026, 12, 23).unwrap(),
        },
        Refusal::CheckInTooEarly {
            from: at("2026-11-23T09:30"),
        },
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
        Refusal::NothingChanged,
        Refusal::PlacesHeld { held: 12 },
    ]
}

fn sign_up_refusals() -> Vec<SignUpRefusal> {
    let (from, until) = (at("2026-11-26T18:00"), at("2026-11-26T20:00"));
    let name = "小满".to_owned();
    vec![
        SignUpRefusal::Begun { at: from },
        SignUpRefusal::NotYet { at: from },
        SignUpRefusal::NotOn,
        SignUpRefusal::Full { left: 2, asked: 3 },
        SignUpRefusal::TooYoung {
            name: name.clone(),
            from_age: 6,
            age: 5,
        },
        SignUpRefusal::TooOld {
            name: name.clone(),
            to_age: 12,
            age: 13,
        },
        SignUpRefusal::NoBirthDate { name: name.clone() },
        SignUpRefusal::Already { name: name.clone() },
        SignUpRefusal::Clash {
            name: name.clone(),
            what: Name::new("合唱", "Choir"),
            from,
            until,
        },
        SignUpRefusal::ConsentNeeded { name: name.clone() },
        SignUpRefusal::GuardianNeeded { name },
        SignUpRefusal::SheetFull {
            places: 12,
            waiting: 2,
        },
        SignUpRefusal::OfferOver,
        SignUpRefusal::UndoTooLate { minutes: 10 },
        SignUpRefusal::Over,
    ]
}

fn letters() -> Vec<News> {
    let (start, until) = (at("2026-11-26T18:00"), at("2026-11-23T09:00"));
    let (title, room) = (Name::new("合唱", "Choir"), Name::new("大厅", "Hall"));
    let (name, reason) = ("小满".to_owned(), "停电".to_owned());
    vec![
        News::Offer {
            activity: "a".into(),
            title: title.clone(),
            name: name.clone(),
            start,
            until,
        },
        News::OfferPassed {
            activity: "a".into(),
            title: title.clone(),
            name: name.clone(),
            last: false,
        },
        News::OfferPassed {
            activity: "a".into(),
            title: title.clone(),
            name,
            last: true,
        },
        News::SessionCancelled {
            activity: "a".into(),
            title: title.clone(),
            start,
            reason: reason.clone(),
        },
        News::PlaceLost {
            activity: "a".into(),
            title: Name::new("合唱", "Choir"),
            name: "小满".to_owned(),
            start: at("2026-11-26T18:00"),
        },
        News::PlaceRestored {
            activity: "a".into(),
            title: Name::new("合唱", "Choir"),
            name: "小满".to_owned(),
            start: at("2026-11-26T18:00"),
        },
        News::SecondFactorReset {},
        News::ActivityChanged {
            activity: "a".into(),
            title,
        },
        News::BookingApproved {
            booking: "b".into(),
            room: room.clone(),
            start,
            more: 2,
        },
        News::BookingEnded {
            booking: "b".into(),
            room: room.clone(),
            title: None,
            start,
            declined: None,
            reason: reason.clone(),
            more: 2,
        },
        News::BookingEnded {
            booking: "b".into(),
            room: room.clone(),
            title: None,
            start,
            declined: Some(false),
            reason: reason.clone(),
            more: 2,
        },
        News::BookingEnded {
            booking: "b".into(),
            room,
            title: Some(Name::new("剪纸体验课", "Paper cutting")),
            start,
            declined: Some(true),
            reason,
            more: 2,
        },
    ]
}

#[test]
fn every_letter_in_both_languages() {
    let lines: Vec<_> = letters()
        .iter()
        .map(|news| {
            format!(
                "{}\n    {}",
                news.sentence(Lang::Zh),
                news.sentence(Lang::En)
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

fn problems() -> Vec<Problem> {
    let mut all: Vec<Problem> = refusals().into_iter().map(Problem::from).collect();
    all.extend(sign_up_refusals().into_iter().map(Problem::from));
    all.push(Problem::Refused {
        refusal: Refusal::TooLong {
            longest: 60,
            asked: 120,
        },
        changed: true,
        date: Date::parse("2026-12-03"),
    });
    let faults = [
        ("phone", TextFault::Missing),
        ("note", TextFault::TooLong { most: 200 }),
        ("name", TextFault::ControlCharacters),
        ("code", TextFault::Unreadable),
        ("days", TextFault::OutOfRange),
        ("audience", TextFault::OutOfRange),
        ("birth", TextFault::OutOfRange),
        ("phone", TextFault::Theirs),
        ("phone", TextFault::Abroad),
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
        Problem::ProofNeeded,
        Problem::RoleHeld { role: Role::Staff },
        Problem::LastManager,
        Problem::OwnRole,
        Problem::LinkUsed,
        Problem::SecondFactorRequired,
        Problem::CodeUsed,
        Problem::NotMerged {
            why: Unmergeable::TwoFamilies,
        },
        Problem::NotMerged {
            why: Unmergeable::HouseholdTheirs,
        },
        Problem::NotMerged {
            why: Unmergeable::BothSignedUp {
                title: Name::new("合唱", "Choir"),
            },
        },
        Problem::TooLarge,
        Problem::ForeignOrigin,
        Problem::BadKey,
        Problem::BadMethod,
        Problem::Overloaded,
        Problem::CodeNotSent,
        Problem::Unavailable,
        Problem::Unknown,
        Problem::Defect,
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
            | Refusal::OwnDate { .. }
            | Refusal::Held { .. }
            | Refusal::Waits { .. }
            | Refusal::NotTaken
            | Refusal::Yours
            | Refusal::OfferedBefore
            | Refusal::HouseholdBookings { .. }
            | Refusal::HouseholdWeek { .. }
            | Refusal::NoShows { .. }
            | Refusal::CheckInTooEarly { .. }
            | Refusal::WeekQuota { .. }
            | Refusal::MonthQuota { .. }
            | Refusal::CancelTooLate { .. }
            | Refusal::UndoTooLate { .. }
            | Refusal::Over
            | Refusal::NothingChanged
            | Refusal::PlacesHeld { .. } => {}
        }
    }
    for refusal in sign_up_refusals() {
        match refusal {
            SignUpRefusal::Begun { .. }
            | SignUpRefusal::NotYet { .. }
            | SignUpRefusal::NotOn
            | SignUpRefusal::Full { .. }
            | SignUpRefusal::TooYoung { .. }
            | SignUpRefusal::TooOld { .. }
            | SignUpRefusal::NoBirthDate { .. }
            | SignUpRefusal::Already { .. }
            | SignUpRefusal::Clash { .. }
            | SignUpRefusal::ConsentNeeded { .. }
            | SignUpRefusal::GuardianNeeded { .. }
            | SignUpRefusal::SheetFull { .. }
            | SignUpRefusal::OfferOver
            | SignUpRefusal::UndoTooLate { .. }
            | SignUpRefusal::Over => {}
        }
    }
}
