//! The places of a session, or of a whole course, and the line for them: one row that owns them, locked by whoever decides
//! about one. What a list counts is changed nowhere else.

use std::collections::BTreeSet;

use domain::{
    audit::{Act, Subject},
    booking::Booking,
    id::{ActivityId, ActivitySessionId, CentreId, PersonId},
    language::Name,
    message::News,
    problem::Problem,
    sign_up::{
        SignUpState,
        waitlist::{MOST_PASSES, Waiting, offer_until, promote},
    },
    time::LocalTime,
};

use crate::{
    db::{Fail, Locking, Tx, locking},
    usecase::{
        audit::Note,
        call::Call,
        centre::known::{Known, tell},
        message,
        person::called,
        sign_up::place_list,
    },
};

/// Who reads what is written to those on lists of an activity; nobody signs up meanwhile unseen.
pub(crate) fn read_readers(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    (activity, lists): (&ActivityId, &BTreeSet<String>),
) -> Result<BTreeSet<PersonId>, Fail> {
    let mut readers = BTreeSet::new();
    for list in lists {
        place_list::lock(tx, centre, list)?;
        readers.extend(place_list::list_readers(tx, centre, activity, Some(list))?);
    }
    Ok(readers)
}

/// Tells those who signed up for a session that its booking has ended, whoever ended it.
pub(crate) fn session_ended(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    booking: &Booking,
    reason: &str,
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    let row = tx.opt(
        "select s.activity_id, s.list_id, a.title_zh, a.title_en from activity_session s
        join activity a on a.centre_id = s.centre_id and a.id = s.activity_id
        where s.centre_id = $1 and s.booking_id = $2",
        &[centre.into(), (&booking.id).into()],
    )?;
    let Some(row) = row else { return Ok(()) };
    let activity = row.get::<ActivityId>("activity_id")?;
    let list: String = row.get("list_id")?;
    place_list::lock(tx, centre, &list)?;
    let news = News::SessionCancelled {
        activity: activity.clone(),
        title: Name::new(
            row.get::<String>("title_zh")?,
            row.get::<String>("title_en")?,
        ),
        start: booking.start.local,
        reason: reason.to_owned(),
    };
    for person in place_list::list_readers(tx, centre, &activity, Some(&list))? {
        message::send(tx, call, centre, &person, &news)?;
    }
    Ok(())
}

/// Everybody in line, in the order of asking.
const LINE: &str = "select party, passes from sign_up
    where centre_id = $1 and list_id = $2 and state = 'waitlisted' order by seq";

/// The person who reads what concerns a sign-up `u` of a person `p`: they themselves where they sign in or nobody else asked;
/// who signed them up, as long as that is their household; else another of it who signs in.
macro_rules! reader {
    () => {
        "case when p.phone is not null or u.guardian_id = p.id then p.id else coalesce(
            (select g.id from person g where g.id = u.guardian_id and g.household_id = p.household_id),
            (select min(g.id) from person g where g.household_id = p.household_id and g.phone is not null),
            p.id) end"
    };
}
pub(crate) use reader;

const LIST: Locking = locking!(
    "select activity_id, places, taken, waiting, next_seq from place_list where centre_id = $1 and id = $2",
    "for no key update"
);

/// A place list under its lock.
pub(crate) struct List {
    pub(crate) id: String,
    pub(crate) activity: ActivityId,
    pub(crate) places: u16,
    pub(crate) taken: u16,
    pub(crate) waiting: u16,
    pub(crate) next: i64,
}

impl List {
    /// Changes a list: locks it, brings it up to the present, does `work`, offers the places that are free then, and stores what
    /// it counts. There is no other way to change one.
    pub(crate) fn change<T>(
        tx: &mut Tx<'_>,
        (call, known): (&Call, &Known),
        id: &str,
        work: impl FnOnce(&mut Tx<'_>, &mut Self) -> Result<T, Fail>,
    ) -> Result<T, Fail> {
        let centre = &known.centre.id;
        let mut list = Self::lock(tx, centre, id)?;
        pass_lapsed_offers(tx, call, known, &mut list)?;
        offer_free_places(tx, call, known, &mut list)?;
        let done = work(tx, &mut list)?;
        offer_free_places(tx, call, known, &mut list)?;
        list.save(tx, centre)?;
        Ok(done)
    }

    pub(super) fn lock(tx: &mut Tx<'_>, centre: &CentreId, id: &str) -> Result<Self, Fail> {
        let row = tx.opt_locked(&LIST, &[centre.into(), id.into()])?;
        let row = row.ok_or(Problem::NotFound)?;
        Ok(Self {
            id: id.to_owned(),
            activity: row.get("activity_id")?,
            places: row.get("places")?,
            taken: row.get("taken")?,
            waiting: row.get("waiting")?,
            next: row.get("next_seq")?,
        })
    }

    fn save(&self, tx: &mut Tx<'_>, centre: &CentreId) -> Result<(), Fail> {
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

    pub(crate) fn left(&self) -> u16 {
        self.places.saturating_sub(self.taken)
    }

    /// Counts one sign-up out of the state that it leaves.
    pub(crate) fn leave(&mut self, state: SignUpState) {
        if state.holds() {
            self.taken = self.taken.saturating_sub(1);
        } else if state == SignUpState::Waitlisted {
            self.waiting = self.waiting.saturating_sub(1);
        }
    }
}

/// What a list is for: title and first start, in seconds UTC. Nothing once it has begun: a course that has begun takes nobody any
/// more, as [`domain::sign_up::admission::admit`] has it.
pub(super) fn read_subject(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    list: &List,
) -> Result<Option<(Name, i64)>, Fail> {
    let row = tx.opt(
        "select a.title_zh, a.title_en, min(b.starts_at) as starts_at from activity_session s
        join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
        join activity a on a.centre_id = s.centre_id and a.id = s.activity_id
        where s.centre_id = $1 and s.activity_id = $2 and s.list_id = $3 and b.state = 'confirmed'
        group by a.title_zh, a.title_en having min(b.starts_at) > $4",
        &[
            centre.into(),
            (&list.activity).into(),
            list.id.as_str().into(),
            call.now().into(),
        ],
    )?;
    let Some(row) = row else { return Ok(None) };
    let title = Name::new(
        row.get::<String>("title_zh")?,
        row.get::<String>("title_en")?,
    );
    Ok(Some((title, row.get("starts_at")?)))
}

/// Offers whose deadline is over go to the next in line. What is decided afterwards never depends on a job having run.
fn pass_lapsed_offers(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    list: &mut List,
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    let lapsed = tx.all(
        concat!(
            "select u.id, u.passes, u.person_id, ",
            reader!(),
            " as reader, ",
            called!(),
            " as name from sign_up u join person p on p.id = u.person_id
            where u.centre_id = $1 and u.list_id = $2 and u.state = 'offered' and u.offer_until <= $3"
        ),
        &[centre.into(), list.id.as_str().into(), call.now().into()],
    )?;
    if lapsed.is_empty() {
        return Ok(());
    }
    let about = read_subject(tx, call, centre, list)?;
    for row in &lapsed {
        let passes = row.get::<u16>("passes")? + 1;
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
                row.get::<String>("id")?.into(),
                state.code().into(),
                passes.into(),
            ],
        )?;
        let person = row.get::<PersonId>("person_id")?;
        let title = about.as_ref().map(|(title, _)| title);
        write_note(tx, call, centre, (Act::OfferPassed, &person), (title, None))?;
        if let Some((title, _)) = &about {
            let news = News::OfferPassed {
                activity: list.activity.clone(),
                title: title.clone(),
                name: row.get("name")?,
                last,
            };
            message::send(tx, call, centre, &row.get::<PersonId>("reader")?, &news)?;
        }
    }
    Ok(())
}

/// Offers free places to those who wait, in their order.
fn offer_free_places(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    list: &mut List,
) -> Result<(), Fail> {
    if list.left() == 0 || list.waiting == 0 {
        return Ok(());
    }
    let centre = &known.centre.id;
    let Some((title, starts)) = read_subject(tx, call, centre, list)? else {
        return Ok(());
    };
    let line: Vec<Waiting> = tx
        .all(LINE, &[centre.into(), list.id.as_str().into()])?
        .iter()
        .map(|row| {
            Ok(Waiting {
                party: row.get("party")?,
                passes: row.get("passes")?,
            })
        })
        .collect::<Result<_, Fail>>()?;
    let start = known.zone.stamp(starts).local;
    let until = offer_until(known.zone.stamp(call.now()).local, start);
    for party in promote(list.left(), &line) {
        let members = tx.all(
            concat!(
                "select u.id, u.person_id, ",
                reader!(),
                " as reader, ",
            called!(),
            " as name from sign_up u join person p on p.id = u.person_id
                where u.centre_id = $1 and u.list_id = $2 and u.state = 'waitlisted' and u.party = $3 order by u.seq"
            ),
            &[centre.into(), list.id.as_str().into(), party.into()],
        )?;
        for row in &members {
            tx.exec(
                "update sign_up set state = 'offered', offer_until = $3 where centre_id = $1 and id = $2",
                &[
                    centre.into(),
                    row.get::<String>("id")?.into(),
                    known.zone.utc_or_next(until).into(),
                ],
            )?;
            list.leave(SignUpState::Waitlisted);
            list.taken += 1;
            let news = News::Offer {
                activity: list.activity.clone(),
                title: title.clone(),
                name: row.get("name")?,
                start,
                until,
            };
            message::send(tx, call, centre, &row.get::<PersonId>("reader")?, &news)?;
            let (person, about) = (
                row.get::<PersonId>("person_id")?,
                (Some(&title), Some(start)),
            );
            write_note(tx, call, centre, (Act::OfferMade, &person), about)?;
        }
    }
    Ok(())
}

/// Offers are made and pass by themselves, whoever gave the reason to look.
fn write_note(
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

/// Who reads what is written to those on the lists of an activity, or on one of them.
pub(crate) fn list_readers(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    activity: &ActivityId,
    list: Option<&str>,
) -> Result<BTreeSet<PersonId>, Fail> {
    let rows = tx.all(
        concat!(
            "select u.list_id, ",
            reader!(),
            " as reader from sign_up u join person p on p.id = u.person_id
        where u.centre_id = $1 and u.state in ('confirmed', 'waitlisted', 'offered')
        and u.list_id in (select list_id from activity_session where centre_id = $1 and activity_id = $2)"
        ),
        &[centre.into(), activity.into()],
    )?;
    let mut readers = BTreeSet::new();
    for row in rows {
        let on: String = row.get("list_id")?;
        if list.is_none_or(|list| list == on) {
            readers.insert(row.get::<PersonId>("reader")?);
        }
    }
    Ok(readers)
}

/// The list of a session is named after it, that of a course after its activity.
pub(crate) fn list_id<'a>(
    activity: &'a ActivityId,
    session: Option<&'a ActivitySessionId>,
) -> &'a str {
    session.map_or(activity.as_str(), ActivitySessionId::as_str)
}

/// Locks a list, so that whoever reads its sign-ups misses none that is being made.
pub(crate) fn lock(tx: &mut Tx<'_>, centre: &CentreId, list: &str) -> Result<(), Fail> {
    List::lock(tx, centre, list).map(drop)
}

/// The lists with an offer whose deadline is over.
///
/// # Errors
/// When the database fails.
pub fn list_due(tx: &mut Tx<'_>, now: i64) -> Result<Vec<(CentreId, String)>, Fail> {
    let rows = tx.all(
        "select distinct centre_id, list_id from sign_up where state = 'offered' and offer_until <= $1",
        &[now.into()],
    )?;
    rows.iter()
        .map(|row| Ok((row.get::<CentreId>("centre_id")?, row.get("list_id")?)))
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
    List::change(tx, (call, &known), list, |_, _| Ok(()))?;
    tell(tx, &known, call.now(), call.now());
    Ok(())
}

/// The next deadline of an offer, in seconds UTC.
///
/// # Errors
/// When the database fails.
pub fn find_next_deadline(tx: &mut Tx<'_>) -> Result<Option<i64>, Fail> {
    let next = tx.one(
        "select min(offer_until) as offer_until from sign_up where state = 'offered'",
        &[],
    )?;
    Ok(next.get("offer_until")?)
}
