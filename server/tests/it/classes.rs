//! Fixture of activities: what tests publish, whom they sign up, and what people are told.

use domain::{
    activity::{Activity, Audience, Per},
    api::{AddMember, ListLetters, NewActivity, NewMember, NewSignUp, Publish, SignUpFor},
    centre::room::Purpose,
    id::{ActivityId, CentreId, PersonId},
    message::News,
    person::{household::CONSENT_VERSION, permission::Role},
    problem::Problem,
    recurrence::Recurrence,
    sign_up::{SignUp, refusal::SignUpRefusal},
    time::Date,
};

use super::fixture::{Person, Town, at, house};

pub(crate) fn new_activity(weeks: u16, places: u16) -> NewActivity {
    NewActivity {
        club: None,
        title: "书法 · Хаттатлық · خەتتاتلىق".to_owned(),
        about: "带一支笔".to_owned(),
        lang: None,
        other: None,
        kind: Purpose::Calligraphy,
        room: "hall-a".into(),
        start: at("2026-11-24T09:30"),
        end: at("2026-11-24T11:00"),
        rule: (weeks > 1).then(|| weekly(weeks)),
        exceptions: Vec::new(),
        audience: Audience::default(),
        fee: 0,
        places,
        per: Per::Session,
        pick_up: false,
    }
}

/// So many dates, a week apart.
pub(crate) fn weekly(weeks: u16) -> Recurrence {
    Recurrence::parse(&format!("FREQ=DAILY;INTERVAL=7;COUNT={weeks}")).unwrap()
}

pub(crate) fn organiser(town: &Town) -> Person<'_> {
    town.person(Some((Some("house"), Role::Organiser)))
}

pub(crate) fn published(town: &Town, new: &NewActivity) -> Activity {
    organiser(town).ok::<Publish>(&house(), new)
}

pub(crate) fn path(activity: &Activity) -> (CentreId, ActivityId) {
    (house(), activity.id.clone())
}

/// A sign-up for the first session, or for the course.
pub(crate) fn places(activity: &Activity, people: &[&PersonId], wait: bool) -> NewSignUp {
    NewSignUp {
        session: (activity.per == Per::Session).then(|| activity.sessions[0].id.clone()),
        people: people.iter().map(|id| (*id).clone()).collect(),
        wait,
        consent: Some(CONSENT_VERSION),
        behalf: None,
    }
}

pub(crate) fn sign_up_oneself(person: &Person<'_>, activity: &Activity) -> SignUp {
    let mut made = person.ok::<SignUpFor>(&path(activity), &places(activity, &[&person.id], true));
    assert_eq!(made.len(), 1);
    made.remove(0)
}

pub(crate) fn child(parent: &Person<'_>, name: &str, birth: &str) -> PersonId {
    let new = NewMember {
        name: name.to_owned(),
        birth: Date::parse(birth).unwrap(),
    };
    let family = parent.ok::<AddMember>(&(), &new);
    let found = family.members.iter().find(|member| member.name == name);
    found.unwrap().id.clone()
}

pub(crate) fn news(person: &Person<'_>) -> Vec<News> {
    let letters = person.ok::<ListLetters>(&(), &());
    letters.into_iter().map(|letter| letter.news).collect()
}

/// As the server does by itself when a deadline is over.
pub(crate) fn deadlines_pass(town: &Town) {
    town.wait(server::jobs::settle_due(&town.site))
        .expect("the database works");
}

pub(crate) fn refusal(problem: Problem) -> SignUpRefusal {
    match problem {
        Problem::NotSignedUp { refusal } => refusal,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn class(town: &Town, places: u16, audience: Audience) -> Activity {
    let new = NewActivity {
        club: None,
        title: "四点半课堂".to_owned(),
        about: String::new(),
        lang: None,
        other: None,
        kind: Purpose::Class,
        room: "hall-a".into(),
        start: at("2026-11-23T16:30"),
        end: at("2026-11-23T18:00"),
        rule: None,
        exceptions: Vec::new(),
        audience,
        fee: 0,
        places,
        per: Per::Session,
        pick_up: true,
    };
    town.staff().ok::<Publish>(&house(), &new)
}
