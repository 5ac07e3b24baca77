//! Activities: published with the bookings of their rooms, changed, and called off.

use domain::{
    activity::{Activity, Audience, ClubRef, MOST_PLACES, MOST_WEEKS, Per, Session, weekly},
    api::{ActivityChange, NewActivity, Reason},
    audit::{Act, Subject},
    booking::{Booking, BookingState, Channel},
    id::{ActivityId, ActivitySessionId, BookingId, CentreId, ClubId, PersonId, RoomId},
    inbox::News,
    permission,
    problem::{Problem, TextFault, typed},
    room::Purpose,
    rules::{Admission, Ask, Refusal},
    text::Name,
};

use super::{
    Call,
    audit::Note,
    booking::{self, NewRow, admit, insert, lock},
    by_start,
    centre::{Known, tell},
    club, inbox, place_list,
};
use crate::{
    clock,
    db::{Fail, Row, Tx},
};

/// Most characters of a title and of a description.
const MOST_TITLE: u16 = 60;
const MOST_ABOUT: u16 = 1000;
const MOST_REASON: u16 = 200;

/// The most that an activity costs, in fen.
const MOST_FEE: u32 = 1_000_000;

/// How many days of sessions a list shows.
const DAYS: i64 = 28;

macro_rules! select_sessions {
    ($rest:literal) => {
        concat!(
            "select a.id, a.club_id, c.name_zh, c.name_en, a.title_zh, a.title_en, a.about, a.kind, a.from_age, a.to_age,
            a.fee, a.per, a.pick_up, s.id, b.id, b.room_id, b.starts_at, b.ends_at, b.state, b.reason,
            l.places, l.taken, l.waiting
            from booking b
            join activity_session s on s.centre_id = b.centre_id and s.booking_id = b.id
            join activity a on a.centre_id = s.centre_id and a.id = s.activity_id
            join place_list l on l.centre_id = s.centre_id and l.id = s.list_id
            left join club c on c.centre_id = a.centre_id and c.id = a.club_id ",
            $rest
        )
    };
}

/// Puts rows of sessions, in order of start, together as activities.
fn activities(known: &Known, rows: &[Row]) -> Result<Vec<Activity>, Fail> {
    let mut all: Vec<Activity> = Vec::new();
    for row in rows {
        let id = ActivityId::new(row.get::<String>(0)?);
        let session = session(known, row)?;
        if let Some(activity) = all.iter_mut().find(|one| one.id == id) {
            activity.sessions.push(session);
            continue;
        }
        let club: Option<String> = row.get(1)?;
        let club = match (
            club,
            row.get::<Option<String>>(2)?,
            row.get::<Option<String>>(3)?,
        ) {
            (Some(club), Some(zh), Some(en)) => Some(ClubRef {
                id: ClubId::new(club),
                name: Name { zh, en },
            }),
            _ => None,
        };
        let age = |column| -> Result<Option<u8>, Fail> {
            Ok(row
                .get::<Option<i64>>(column)?
                .and_then(|age| u8::try_from(age).ok()))
        };
        all.push(Activity {
            id,
            centre: known.centre.id.clone(),
            club,
            title: Name::new(row.get::<String>(4)?, row.get::<String>(5)?),
            about: row.get(6)?,
            kind: Purpose::from_code(&row.get::<String>(7)?).unwrap_or(Purpose::Service),
            audience: Audience {
                from_age: age(8)?,
                to_age: age(9)?,
            },
            fee: u32::try_from(row.get::<i64>(10)?).unwrap_or_default(),
            per: Per::from_code(&row.get::<String>(11)?).unwrap_or_default(),
            pick_up: row.get::<i64>(12)? == 1,
            sessions: vec![session],
        });
    }
    Ok(all)
}

fn session(known: &Known, row: &Row) -> Result<Session, Fail> {
    let state: String = row.get(18)?;
    Ok(Session {
        id: ActivitySessionId::new(row.get::<String>(13)?),
        booking: BookingId::new(row.get::<String>(14)?),
        room: RoomId::new(row.get::<String>(15)?),
        start: known.zone.stamp(row.get(16)?),
        end: known.zone.stamp(row.get(17)?),
        state: BookingState::from_code(&state).unwrap_or(BookingState::Cancelled),
        reason: row.get(19)?,
        places: row.get(20)?,
        taken: row.get(21)?,
        waiting: u16::try_from(row.get::<i64>(22)?).unwrap_or(u16::MAX),
    })
}

/// [`domain::api::ListActivities`].
///
/// # Errors
/// When there is no such centre.
pub fn list(tx: &mut Tx<'_>, call: &Call, centre: CentreId) -> Result<Vec<Activity>, Fail> {
    let known = call.centres.get(tx, &centre)?;
    let today = known.zone.stamp(call.now()).local.date();
    let from = known.zone.utc_or_next(today.at(0));
    let until = known.zone.utc_or_next(today.plus(DAYS).at(0));
    let rows = tx.all(
        select_sessions!(
            "where b.centre_id = $1 and b.starts_at >= $2 and b.starts_at < $3 and b.title_zh is not null
            and b.state <> 'undone' order by b.starts_at, b.id"
        ),
        &[(&centre).into(), from.into(), until.into()],
    )?;
    activities(&known, &rows)
}

/// [`domain::api::GetActivity`].
///
/// # Errors
/// When there is none.
pub fn get(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, ActivityId),
) -> Result<Activity, Fail> {
    let known = call.centres.get(tx, &centre)?;
    let mut rows = tx.all(
        select_sessions!("where s.centre_id = $1 and s.activity_id = $2 and b.state <> 'undone'"),
        &[(&centre).into(), (&id).into()],
    )?;
    by_start(&mut rows, 16)?;
    let found = activities(&known, &rows)?.pop();
    Ok(found.ok_or(Problem::NotFound)?)
}

/// [`domain::api::ListMyActivities`].
///
/// # Errors
/// For a visitor.
pub fn list_mine(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<ActivityId>, Fail> {
    let rows = tx.all(
        "select id from activity where made_by = $1
        union select a.id from club_member m
        join activity a on a.centre_id = m.centre_id and a.club_id = m.club_id
        where m.person_id = $1 and m.organises = 1",
        &[call.person()?.into()],
    )?;
    rows.iter()
        .map(|row| Ok(ActivityId::new(row.get::<String>(0)?)))
        .collect()
}

/// [`domain::api::Publish`].
///
/// # Errors
/// A field that cannot be meant, or the rule that stands against one of its sessions: then nothing is published.
pub fn publish(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
    new: NewActivity,
) -> Result<Activity, Fail> {
    let person = call.person()?.clone();
    let known = call.centres.hold(tx, &centre)?;
    let organises = match &new.club {
        Some(club) => Some(club::organises(tx, &person, &centre, club)?),
        None => None,
    };
    call.need(permission::may_publish(&call.actor, &centre, organises))?;
    let title = typed("title", &new.title, MOST_TITLE, true)?.replace('\n', " ");
    let about = typed("about", &new.about, MOST_ABOUT, false)?;
    let need = |sound: bool, field: &str| match sound {
        true => Ok(()),
        false => Err(Problem::field(field, TextFault::OutOfRange)),
    };
    need((1..=MOST_PLACES).contains(&new.places), "places")?;
    need((1..=MOST_WEEKS).contains(&new.weeks), "weeks")?;
    need(!new.audience.is_empty(), "audience")?;
    need(new.fee <= MOST_FEE, "request")?;
    let room = known.centre.room(&new.room).ok_or(Problem::NotFound)?;
    let first = booking::slot(&known, room, new.start, new.end)?;
    lock(tx, &known, Some(&person), &room.id)?;

    let draft = Draft {
        club: new.club.as_ref(),
        title: &Name::new(title.clone(), title),
        about: &about,
        kind: new.kind,
        audience: new.audience,
        fee: new.fee,
        per: new.per,
        pick_up: new.pick_up,
        made_by: &person,
    };
    let id = create(tx, call.now_ms, &known, &draft)?;
    for slot in weekly(first, new.weeks) {
        let refused = |refusal| Problem::Refused {
            refusal,
            changed: false,
            date: (slot != first).then(|| slot.start().date()),
        };
        // A date on which clocks skip the hour is named as such.
        let slot = booking::slot(&known, room, slot.start(), slot.end()).map_err(refused)?;
        let ask = Ask {
            room: room.id.clone(),
            slot,
            people: new.places,
            purpose: Some(new.kind),
        };
        let (admission, rules) = admit(tx, call, &known, room, &ask, &[])?.map_err(refused)?;
        let booking = BookingId::new(clock::new_id(call.now_ms));
        let state = match admission {
            Admission::Confirmed => BookingState::Confirmed,
            Admission::Requested => BookingState::Requested,
        };
        let row = NewRow {
            id: &booking,
            room: &room.id,
            slot,
            rules: &rules,
            people: new.places,
            purpose: Some(new.kind),
            note: "",
            title: Some(draft.title),
            state,
            actor: &person,
            beneficiary: &person,
            channel: Channel::App,
            made_at: call.now(),
        };
        insert(tx, &known, &row)?;
        add_session(
            tx,
            call.now_ms,
            &known,
            (&id, new.per),
            &booking,
            new.places,
        )?;
    }
    let made = get(tx, call, (centre, id))?;
    Note::at(Act::Published, &made.centre)
        .about(subject(&made))
        .write(tx, call)?;
    Ok(made)
}

/// What an act about an activity is about.
fn subject(activity: &Activity) -> Subject {
    Subject {
        what: Some(activity.title.clone()),
        start: activity.sessions.first().map(|one| one.start.local),
        reason: String::new(),
        path: format!("/activities/{}/{}", activity.centre, activity.id),
    }
}

/// An activity about to be stored.
pub(crate) struct Draft<'a> {
    pub(crate) club: Option<&'a ClubId>,
    pub(crate) title: &'a Name,
    pub(crate) about: &'a str,
    pub(crate) kind: Purpose,
    pub(crate) audience: Audience,
    pub(crate) fee: u32,
    pub(crate) per: Per,
    pub(crate) pick_up: bool,
    pub(crate) made_by: &'a PersonId,
}

/// Stores an activity without sessions.
pub(crate) fn create(
    tx: &mut Tx<'_>,
    now_ms: i64,
    known: &Known,
    draft: &Draft<'_>,
) -> Result<ActivityId, Fail> {
    let id = ActivityId::new(clock::new_id(now_ms));
    tx.exec(
        "insert into activity (centre_id, id, club_id, title_zh, title_en, about, kind, from_age, to_age, fee, per,
            pick_up, made_by, made_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &[
            (&known.centre.id).into(),
            (&id).into(),
            draft.club.map(ToString::to_string).into(),
            draft.title.zh.as_str().into(),
            draft.title.en.as_str().into(),
            draft.about.into(),
            draft.kind.code().into(),
            draft.audience.from_age.map(i64::from).into(),
            draft.audience.to_age.map(i64::from).into(),
            i64::from(draft.fee).into(),
            draft.per.code().into(),
            i64::from(draft.pick_up).into(),
            draft.made_by.into(),
            (now_ms / 1000).into(),
        ],
    )?;
    Ok(id)
}

/// Stores a session of an activity with its places: a list of its own, or the one of the whole course.
pub(crate) fn add_session(
    tx: &mut Tx<'_>,
    now_ms: i64,
    known: &Known,
    (activity, per): (&ActivityId, Per),
    booking: &BookingId,
    places: u16,
) -> Result<String, Fail> {
    let id = clock::new_id(now_ms);
    let list = match per {
        Per::Session => id.as_str(),
        Per::Course => activity.as_str(),
    };
    tx.exec(
        "insert into place_list (centre_id, id, activity_id, places, taken, waiting, next_seq)
        values ($1, $2, $3, $4, 0, 0, 1) on conflict do nothing",
        &[
            (&known.centre.id).into(),
            list.into(),
            activity.into(),
            places.into(),
        ],
    )?;
    tx.exec(
        "insert into activity_session (centre_id, id, activity_id, booking_id, list_id) values ($1, $2, $3, $4, $5)",
        &[
            (&known.centre.id).into(),
            id.as_str().into(),
            activity.into(),
            booking.into(),
            list.into(),
        ],
    )?;
    Ok(list.to_owned())
}

/// Refuses whoever may not run the activity.
pub(super) fn need_to_run(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &ActivityId,
) -> Result<(), Fail> {
    let me = call.person()?;
    let row = tx.opt(
        "select made_by, club_id from activity where centre_id = $1 and id = $2",
        &[centre.into(), id.into()],
    )?;
    let row = row.ok_or(Problem::NotFound)?;
    let made_by = PersonId::new(row.get::<String>(0)?);
    let organises = match row.get::<Option<String>>(1)?.map(ClubId::new) {
        Some(club) => club::organises(tx, me, centre, &club)?,
        None => false,
    };
    Ok(call.need(permission::may_run_activity(
        &call.actor,
        centre,
        &made_by,
        organises,
    ))?)
}

/// [`domain::api::ChangeActivity`].
///
/// # Errors
/// When fewer places are left than are taken, or a field cannot be meant.
pub fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, ActivityId),
    change: ActivityChange,
) -> Result<Activity, Fail> {
    let known = call.centres.hold(tx, &centre)?;
    need_to_run(tx, call, &centre, &id)?;
    let title = typed("title", &change.title, MOST_TITLE, true)?.replace('\n', " ");
    let about = typed("about", &change.about, MOST_ABOUT, false)?;
    let before = get(tx, call, (centre.clone(), id.clone()))?;
    let now = known.zone.stamp(call.now()).local;
    // A title in two languages keeps the one that was not touched.
    let title = if title == before.title.zh || title == before.title.en {
        before.title.clone()
    } else {
        Name::new(title.clone(), title)
    };
    tx.exec(
        "update activity set title_zh = $3, title_en = $4, about = $5 where centre_id = $1 and id = $2",
        &[
            (&centre).into(),
            (&id).into(),
            title.zh.as_str().into(),
            title.en.as_str().into(),
            about.as_str().into(),
        ],
    )?;
    let coming = before
        .sessions
        .iter()
        .filter(|one| one.state.is_live() && one.start.local > now);
    for session in coming.clone() {
        tx.exec(
            "update booking set title_zh = $3, title_en = $4, people = $5 where centre_id = $1 and id = $2",
            &[
                (&centre).into(),
                (&session.booking).into(),
                title.zh.as_str().into(),
                title.en.as_str().into(),
                change.places.into(),
            ],
        )?;
        tell(tx, &known, session.start.utc(), session.end.utc());
    }
    for session in coming.filter(|one| one.places != change.places) {
        let room = known.centre.room(&session.room).ok_or(Problem::NotFound)?;
        let most = room.people.most;
        if change.places > most {
            let asked = change.places;
            return Err(Refusal::TooManyPeople { most, asked }.into());
        }
        place_list::set_places(tx, call, &known, &session.id, change.places)?;
    }
    if title != before.title || about != before.about {
        let news = News::ActivityChanged {
            activity: id.clone(),
            title,
        };
        for person in place_list::readers(tx, &centre, &id, None)? {
            inbox::send(tx, call, &centre, &person, &news)?;
        }
    }
    let after = get(tx, call, (centre, id))?;
    Note::at(Act::ActivityChanged, &after.centre)
        .about(subject(&after))
        .write(tx, call)?;
    Ok(after)
}

/// [`domain::api::CancelSession`].
///
/// # Errors
/// When it has begun, or is called off already.
pub fn cancel_session(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id, session): (CentreId, ActivityId, ActivitySessionId),
    body: Reason,
) -> Result<Activity, Fail> {
    let reason = typed("reason", &body.reason, MOST_REASON, true)?;
    need_to_run(tx, call, &centre, &id)?;
    let activity = get(tx, call, (centre.clone(), id.clone()))?;
    let session = activity.sessions.into_iter().find(|one| one.id == session);
    let session = session.ok_or(Problem::NotFound)?;
    call_off(tx, call, &centre, &session, &reason)?;
    get(tx, call, (centre, id))
}

/// [`domain::api::CancelActivity`].
///
/// # Errors
/// When none of its sessions is left to be called off.
pub fn cancel(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, ActivityId),
    body: Reason,
) -> Result<Activity, Fail> {
    let reason = typed("reason", &body.reason, MOST_REASON, true)?;
    need_to_run(tx, call, &centre, &id)?;
    let activity = get(tx, call, (centre.clone(), id.clone()))?;
    let coming = activity
        .sessions
        .iter()
        .filter(|one| one.state.is_live() && one.start.utc() > call.now());
    if coming.clone().next().is_none() {
        return Err(Refusal::Over.into());
    }
    for session in coming {
        call_off(tx, call, &centre, session, &reason)?;
    }
    get(tx, call, (centre, id))
}

/// Cancels the booking of a session: its room is free, and everybody is told ([`session_ended`]).
fn call_off(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    session: &Session,
    reason: &str,
) -> Result<(), Fail> {
    let (known, found) = booking::look_up_for_session(tx, call, centre, &session.booking)?;
    let now = known.zone.stamp(call.now()).local;
    if !found.booking.state.is_live() {
        return Err(Refusal::Over.into());
    }
    if found.booking.start.local <= now {
        return Err(Refusal::Past { now }.into());
    }
    booking::end(tx, call, &known, &found, BookingState::Cancelled, reason)
}

/// Tells those who signed up for a session that its booking has ended, whoever ended it.
pub(super) fn session_ended(
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
    let activity = ActivityId::new(row.get::<String>(0)?);
    let list: String = row.get(1)?;
    place_list::lock(tx, centre, &list)?;
    let news = News::SessionCancelled {
        activity: activity.clone(),
        title: Name::new(row.get::<String>(2)?, row.get::<String>(3)?),
        start: booking.start.local,
        reason: reason.to_owned(),
    };
    for person in place_list::readers(tx, centre, &activity, Some(&list))? {
        inbox::send(tx, call, centre, &person, &news)?;
    }
    Ok(())
}
