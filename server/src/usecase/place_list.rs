//! The places of a session, or of a whole course, and the line for them: one row that owns them, locked by whoever decides
//! about one. What a list counts is changed nowhere else.

use std::collections::BTreeSet;

use domain::{
    audit::{Act, Subject},
    id::{ActivityId, ActivitySessionId, CentreId, PersonId},
    inbox::News,
    problem::{Problem, TextFault},
    sign_up::{MOST_PASSES, SignUpState, Waiting, offer_until, promote},
    text::Name,
    time::LocalTime,
};

use super::{
    Call,
    audit::Note,
    centre::{Known, tell},
    inbox,
};
use crate::db::{Fail, Locking, Tx, locking};

/// Everybody in line, in the order of asking.
const LINE: &str = "select party, passes from sign_up
    where centre_id = $1 and list_id = $2 and state = 'waitlisted' order by seq";

const LIST: Locking = locking!(
    "select activity_id, places, taken, waiting, next_seq from place_list where centre_id = $1 and id = $2",
    "for no key update"
);

/// A place list under its lock.
pub(super) struct List {
    pub(super) id: String,
    pub(super) activity: ActivityId,
    pub(super) places: u16,
    pub(super) taken: u16,
    pub(super) waiting: u16,
    pub(super) next: i64,
}

impl List {
    pub(super) fn lock(tx: &mut Tx<'_>, centre: &CentreId, id: &str) -> Result<Self, Fail> {
        let row = tx.opt_locked(&LIST, &[centre.into(), id.into()])?;
        let row = row.ok_or(Problem::NotFound)?;
        Ok(Self {
            id: id.to_owned(),
            activity: ActivityId::new(row.get::<String>(0)?),
            places: row.get(1)?,
            taken: row.get(2)?,
            waiting: row.get(3)?,
            next: row.get(4)?,
        })
    }

    pub(super) fn save(&self, tx: &mut Tx<'_>, centre: &CentreId) -> Result<(), Fail> {
        tx.exec(
            "update place_list set places = $3, taken = $4, waiting = $5, next_seq = $6 where centre_id = $1 and id = $2",
            &[
                centre.into(),
                self.id.as_str().into(),
                self.places.into(),
                self.taken.into(),
                self.waiting.into(),
                self.next.into(),
            ],
        )?;
        Ok(())
    }

    pub(super) fn left(&self) -> u16 {
        self.places.saturating_sub(self.taken)
    }

    /// Counts one sign-up out of the state that it leaves.
    pub(super) fn leave(&mut self, state: SignUpState) {
        if state.holds() {
            self.taken = self.taken.saturating_sub(1);
        } else if state == SignUpState::Waitlisted {
            self.waiting = self.waiting.saturating_sub(1);
        }
    }
}

/// Brings a list up to the present: offers whose deadline is over go to the next in line, and free places are offered.
/// What is decided afterwards never depends on whether somebody did this before.
pub(super) fn settle(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    list: &mut List,
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    let lapsed = tx.all(
        "select u.id, u.passes, u.person_id, u.guardian_id, p.name from sign_up u join person p on p.id = u.person_id
        where u.centre_id = $1 and u.list_id = $2 and u.state = 'offered' and u.offer_until <= $3",
        &[centre.into(), list.id.as_str().into(), call.now().into()],
    )?;
    if lapsed.is_empty() && (list.left() == 0 || list.waiting == 0) {
        return Ok(());
    }
    let row = tx.opt(
        "select a.title_zh, a.title_en, min(b.starts_at) from activity_session s
        join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
        join activity a on a.centre_id = s.centre_id and a.id = s.activity_id
        where s.centre_id = $1 and s.activity_id = $2 and s.list_id = $3 and b.state = 'confirmed' and b.starts_at > $4
        group by a.title_zh, a.title_en",
        &[
            centre.into(),
            (&list.activity).into(),
            list.id.as_str().into(),
            call.now().into(),
        ],
    )?;
    let about = row
        .map(|row| {
            Ok::<_, Fail>((
                Name::new(row.get::<String>(0)?, row.get::<String>(1)?),
                row.get::<i64>(2)?,
            ))
        })
        .transpose()?;
    for row in &lapsed {
        let passes = row.get::<u16>(1)? + 1;
        let last = passes >= MOST_PASSES;
        let state = if last {
            SignUpState::Passed
        } else {
            SignUpState::Waitlisted
        };
        list.leave(SignUpState::Offered);
        list.waiting += u16::from(!last);
        tx.exec(
            "update sign_up set state = $3, passes = $4, offer_until = null where centre_id = $1 and id = $2",
            &[
                centre.into(),
                row.get::<String>(0)?.into(),
                state.code().into(),
                passes.into(),
            ],
        )?;
        let person = PersonId::new(row.get::<String>(2)?);
        let title = about.as_ref().map(|(title, _)| title);
        noted(tx, call, centre, (Act::OfferPassed, &person), (title, None))?;
        if let Some((title, _)) = &about {
            let news = News::OfferPassed {
                activity: list.activity.clone(),
                title: title.clone(),
                name: row.get(4)?,
                last,
            };
            write_to(tx, call, centre, (row.get(2)?, row.get(3)?), &news)?;
        }
    }
    let Some((title, starts)) = about else {
        return Ok(());
    };
    let line: Vec<Waiting> = tx
        .all(LINE, &[centre.into(), list.id.as_str().into()])?
        .iter()
        .map(|row| {
            Ok(Waiting {
                party: row.get(0)?,
                passes: row.get(1)?,
            })
        })
        .collect::<Result<_, Fail>>()?;
    let start = known.zone.stamp(starts).local;
    let until = offer_until(known.zone.stamp(call.now()).local, start);
    for party in promote(list.left(), &line) {
        let members = tx.all(
            "select u.id, u.person_id, u.guardian_id, p.name from sign_up u join person p on p.id = u.person_id
            where u.centre_id = $1 and u.list_id = $2 and u.state = 'waitlisted' and u.party = $3 order by u.seq",
            &[centre.into(), list.id.as_str().into(), party.into()],
        )?;
        for row in &members {
            tx.exec(
                "update sign_up set state = 'offered', offer_until = $3 where centre_id = $1 and id = $2",
                &[
                    centre.into(),
                    row.get::<String>(0)?.into(),
                    known.zone.utc_or_next(until).into(),
                ],
            )?;
            list.leave(SignUpState::Waitlisted);
            list.taken += 1;
            let news = News::Offer {
                activity: list.activity.clone(),
                title: title.clone(),
                name: row.get(3)?,
                start,
                until,
            };
            write_to(tx, call, centre, (row.get(1)?, row.get(2)?), &news)?;
            let (person, about) = (
                PersonId::new(row.get::<String>(1)?),
                (Some(&title), Some(start)),
            );
            noted(tx, call, centre, (Act::OfferMade, &person), about)?;
        }
    }
    Ok(())
}

/// Offers are made and pass by themselves, whoever gave the reason to look.
fn noted(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    (act, person): (Act, &PersonId),
    (title, start): (Option<&Name>, Option<LocalTime>),
) -> Result<(), Fail> {
    let subject = Subject {
        what: title.cloned(),
        start,
        ..Subject::default()
    };
    let note = Note::at(act, centre).of(person).by_itself();
    note.about(subject).write(tx, call)
}

/// Writes to a person, or to who speaks for them when they do not sign in by themselves.
fn write_to(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    (person, guardian): (String, String),
    news: &News,
) -> Result<(), Fail> {
    let signs_in = tx.opt(
        "select 1 from person where id = $1 and phone is not null",
        &[person.as_str().into()],
    )?;
    let to = PersonId::new(if signs_in.is_some() { person } else { guardian });
    inbox::send(tx, call, centre, &to, news)
}

/// Who reads what is written to those on the lists of an activity, or on one of them.
pub(super) fn readers(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    activity: &ActivityId,
    list: Option<&str>,
) -> Result<BTreeSet<PersonId>, Fail> {
    let rows = tx.all(
        "select u.list_id, case when p.phone is null then u.guardian_id else u.person_id end
        from sign_up u join person p on p.id = u.person_id
        where u.centre_id = $1 and u.state in ('confirmed', 'waitlisted', 'offered')
        and u.list_id in (select list_id from activity_session where centre_id = $1 and activity_id = $2)",
        &[centre.into(), activity.into()],
    )?;
    let mut readers = BTreeSet::new();
    for row in rows {
        let on: String = row.get(0)?;
        if list.is_none_or(|list| list == on) {
            readers.insert(PersonId::new(row.get::<String>(1)?));
        }
    }
    Ok(readers)
}

/// The list of a session is named after it, that of a course after its activity.
pub(super) fn list_id<'a>(
    activity: &'a ActivityId,
    session: Option<&'a ActivitySessionId>,
) -> &'a str {
    session.map_or(activity.as_str(), ActivitySessionId::as_str)
}

/// Locks a list, so that whoever reads its sign-ups misses none that is being made.
pub(super) fn lock(tx: &mut Tx<'_>, centre: &CentreId, list: &str) -> Result<(), Fail> {
    List::lock(tx, centre, list).map(drop)
}

/// Changes how many places the list of a session has, and offers those that are new.
pub(super) fn set_places(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    session: &ActivitySessionId,
    places: u16,
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    let row = tx.opt(
        "select list_id from activity_session where centre_id = $1 and id = $2",
        &[centre.into(), session.into()],
    )?;
    let list: String = row.ok_or(Problem::NotFound)?.get(0)?;
    let mut list = List::lock(tx, centre, &list)?;
    settle(tx, call, known, &mut list)?;
    if places == 0 || places < list.taken {
        return Err(Problem::field("places", TextFault::OutOfRange).into());
    }
    list.places = places;
    settle(tx, call, known, &mut list)?;
    list.save(tx, centre)
}

/// The lists with an offer whose deadline is over.
///
/// # Errors
/// When the database fails.
pub fn due(tx: &mut Tx<'_>, now: i64) -> Result<Vec<(CentreId, String)>, Fail> {
    let rows = tx.all(
        "select distinct centre_id, list_id from sign_up where state = 'offered' and offer_until <= $1",
        &[now.into()],
    )?;
    rows.iter()
        .map(|row| Ok((CentreId::new(row.get::<String>(0)?), row.get(1)?)))
        .collect()
}

/// Brings a list up to the present.
///
/// # Errors
/// When there is none, or the database fails.
pub fn settle_list(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    list: &str,
) -> Result<(), Fail> {
    let known = call.centres.hold(tx, centre)?;
    let mut list = List::lock(tx, centre, list)?;
    settle(tx, call, &known, &mut list)?;
    list.save(tx, centre)?;
    tell(tx, &known, call.now(), call.now());
    Ok(())
}

/// The next deadline of an offer, in seconds UTC.
///
/// # Errors
/// When the database fails.
pub fn next_deadline(tx: &mut Tx<'_>) -> Result<Option<i64>, Fail> {
    let next = tx.one(
        "select min(offer_until) from sign_up where state = 'offered'",
        &[],
    )?;
    Ok(next.get(0)?)
}
