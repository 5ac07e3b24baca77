//! How bookings are stored, read and locked.

use std::sync::Arc;

use domain::{
    booking::{self, Booking, BookingState, CheckIn, check_in},
    centre::{room::Purpose, rules::Rules},
    id::{BookingId, CentreId, PersonId, RoomId, SeriesId},
    language::Name,
    person::{behalf::Channel, permission},
    problem::Problem,
    time::{Date, Slot},
};

use crate::{
    db::{Fail, Row, Tx},
    usecase::{
        booking::floor::{lock, take},
        call::Call,
        centre::known::{Known, tell},
    },
};

/// A booking about to be stored.
pub(crate) struct NewRow<'a> {
    pub(crate) id: &'a BookingId,
    pub(crate) room: &'a RoomId,
    pub(crate) slot: Slot,
    pub(crate) rules: &'a Rules,
    pub(crate) people: u16,
    pub(crate) purpose: Option<Purpose>,
    pub(crate) note: &'a str,
    pub(crate) title: Option<&'a Name>,
    pub(crate) series: Option<&'a SeriesId>,
    /// The date that the rule of the series, or of its activity, has it on.
    pub(crate) on: Option<Date>,
    pub(crate) state: BookingState,
    pub(crate) actor: &'a PersonId,
    pub(crate) beneficiary: &'a PersonId,
    pub(crate) channel: Channel,
    pub(crate) made_at: i64,
}

/// Stores a booking and, when it is confirmed, takes its floor.
pub(crate) fn insert(tx: &mut Tx<'_>, known: &Known, new: &NewRow<'_>) -> Result<(), Fail> {
    let (from, until) = known.zone.range(new.slot);
    // A club's session has its own sheet.
    let waits = new.state == BookingState::Confirmed && new.title.is_none();
    let check_in_by = check_in::deadline((from, until), new.made_at, new.rules);
    tx.exec(
        "insert into booking (centre_id, id, room_id, starts_at, ends_at, before_minutes, after_minutes, people,
            purpose, note, title_zh, title_en, state, reason, actor_id, beneficiary_id, channel, made_at, check_in_by, series_id, series_on)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14, $15, $16, $17, $18, $19, $20)",
        &[
            (&known.centre.id).into(),
            new.id.into(),
            new.room.into(),
            from.into(),
            until.into(),
            new.rules.buffer_before.into(),
            new.rules.buffer_after.into(),
            new.people.into(),
            new.purpose.map(Purpose::code).into(),
            new.note.into(),
            new.title.map(|title| title.zh.as_str()).into(),
            new.title.map(|title| title.en.as_str()).into(),
            new.state.code().into(),
            new.actor.into(),
            new.beneficiary.into(),
            new.channel.code().into(),
            new.made_at.into(),
            check_in_by.filter(|_| waits).into(),
            new.series.map(SeriesId::as_str).into(),
            new.on.map(|on| on.to_string()).into(),
        ],
    )?;
    if new.state == BookingState::Confirmed {
        take(
            tx,
            known,
            new.id,
            new.room,
            new.slot,
            new.rules.buffer_before,
            new.rules.buffer_after,
        )?;
    }
    tell(tx, known, from, until);
    Ok(())
}

/// One row of `booking` with its person, in the columns of `select_bookings!`.
pub(crate) struct Found {
    pub(crate) booking: Booking,
    pub(crate) actor: PersonId,
    pub(crate) beneficiary: PersonId,
    pub(crate) before: u16,
    pub(crate) after: u16,
    /// How it stood before its person cancelled it.
    pub(crate) stood: Option<BookingState>,
}

macro_rules! select_bookings {
    ($rest:literal) => {
        concat!(
            "select b.id, b.room_id, b.starts_at, b.ends_at, b.people, b.purpose, b.note, b.title_zh, b.title_en,
            b.state, b.reason, b.channel, b.made_at, b.actor_id, b.beneficiary_id,
            coalesce(nullif(p.name, ''), p.phone, '') as beneficiary, p.phone,
            b.before_minutes, b.after_minutes, b.centre_id,
            (select nullif(m.name, '') from person m where m.id = b.actor_id and m.id <> b.beneficiary_id) as made_by_name,
            b.due_at, b.stood, b.decided_by, b.decided_at, b.check_in_by, b.came_at, b.planned_end, b.explanation, b.excused, b.series_id
            from booking b join person p on p.id = b.beneficiary_id ",
            $rest
        )
    };
}
pub(crate) use select_bookings;

pub(crate) fn read_row(tx: &mut Tx<'_>, call: &Call, row: &Row) -> Result<Found, Fail> {
    let known = call.centres.get(tx, &row.get::<CentreId>("centre_id")?)?;
    let room = row.get::<RoomId>("room_id")?;
    let made = known.zone.stamp(row.get("made_at")?);
    let start = known.zone.stamp(row.get("starts_at")?);
    let at_room = known.centre.room(&room);
    let rules = at_room.map_or(known.centre.rules.clone(), |room| {
        known.centre.rules_of(room)
    });
    let title = match (
        row.get::<Option<String>>("title_zh")?,
        row.get::<Option<String>>("title_en")?,
    ) {
        (Some(zh), Some(en)) => Some(Name { zh, en }),
        _ => None,
    };
    let state = row.get::<BookingState>("state")?;
    let actor = row.get::<PersonId>("actor_id")?;
    let beneficiary = row.get::<PersonId>("beneficiary_id")?;
    let stamp = |seconds: i64| known.zone.stamp(seconds);
    let stood = row.get::<Option<BookingState>>("stood")?;
    let ended_by = row.get::<Option<PersonId>>("decided_by")?;
    let ended_at = row.get::<Option<i64>>("decided_at")?;
    let restorable = stood.is_some() && ended_by.is_some() && ended_by == call.actor.person;
    let booking = Booking {
        id: row.get("id")?,
        centre: known.centre.id.clone(),
        centre_name: known.centre.name.clone(),
        room_name: at_room.map_or_else(
            || Name::new(room.as_str(), room.as_str()),
            |room| room.name.clone(),
        ),
        room,
        start,
        end: known.zone.stamp(row.get("ends_at")?),
        people: row.get("people")?,
        purpose: row.get("purpose")?,
        note: row.get("note")?,
        title,
        series: row.get("series_id")?,
        state,
        reason: row.get("reason")?,
        person: beneficiary.clone(),
        beneficiary: row.get("beneficiary")?,
        phone: row.get("phone")?,
        channel: row.get("channel")?,
        made_by: actor.clone(),
        made_by_name: row.get("made_by_name")?,
        made,
        undo_until: stamp(booking::undo_until(row.get("made_at")?)),
        cancel_until: stamp(booking::cancel_until(state, start.utc(), &rules)),
        decision_until: row.get("due_at")?,
        restore_until: ended_at
            .filter(|_| restorable)
            .map(|at| stamp(booking::undo_until(at))),
        check_in: CheckIn {
            by: row.get::<Option<i64>>("check_in_by")?.map(stamp),
            at: row.get::<Option<i64>>("came_at")?.map(stamp),
            planned_end: row.get::<Option<i64>>("planned_end")?.map(stamp),
            explanation: row.get("explanation")?,
            excused: row.get("excused")?,
        },
    };
    Ok(Found {
        booking,
        actor,
        beneficiary,
        before: row.get("before_minutes")?,
        after: row.get("after_minutes")?,
        stood,
    })
}

/// Reads rows selected by [`select_bookings`] for somebody who may see them all.
pub(crate) fn read_all(tx: &mut Tx<'_>, call: &Call, rows: &[Row]) -> Result<Vec<Booking>, Fail> {
    rows.iter()
        .map(|row| Ok(read_row(tx, call, row)?.booking))
        .collect()
}

pub(crate) fn find(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &BookingId,
) -> Result<Found, Fail> {
    let sql = select_bookings!("where b.centre_id = $1 and b.id = $2");
    let row = tx.opt(sql, &[centre.into(), id.into()])?;
    read_row(tx, call, &row.ok_or(Problem::NotFound)?)
}

/// A booking that the caller may see; for others there is none, so that ids tell nothing.
pub(crate) fn look_up(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &BookingId,
) -> Result<Found, Fail> {
    call.person()?;
    let found = find(tx, call, centre, id)?;
    if !permission::may_see_booking(&call.actor, centre, &found.beneficiary) {
        return Err(Problem::NotFound.into());
    }
    Ok(found)
}

/// Looks a booking up under the lock of its floor, so that what is decided about it holds.
pub(crate) fn look_up_locked(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &BookingId,
) -> Result<(Arc<Known>, Found), Fail> {
    let known = lock_floor_of(tx, call, centre, id)?;
    Ok((known, look_up(tx, call, centre, id)?))
}

/// Locks the floor that a booking is on. What it is itself is read after that.
fn lock_floor_of(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &BookingId,
) -> Result<Arc<Known>, Fail> {
    let known = call.centres.hold(tx, centre)?;
    let row = tx.opt(
        "select room_id from booking where centre_id = $1 and id = $2",
        &[centre.into(), id.into()],
    )?;
    let room: RoomId = row.ok_or(Problem::NotFound)?.get("room_id")?;
    lock(tx, &known, None, &room)?;
    Ok(known)
}

/// The booking of a session, under the lock of its floor, for somebody who runs the activity.
pub(crate) fn look_up_for_session(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &BookingId,
) -> Result<(Arc<Known>, Found), Fail> {
    let known = lock_floor_of(tx, call, centre, id)?;
    Ok((known, find(tx, call, centre, id)?))
}

/// Open pages are told of a booking's time.
pub(crate) fn tell_of(tx: &mut Tx<'_>, known: &Known, found: &Found) {
    let booking = &found.booking;
    tell(tx, known, booking.start.utc(), booking.end.utc());
}

/// All bookings of somebody, the newest first.
pub(crate) fn list_of(
    tx: &mut Tx<'_>,
    call: &Call,
    person: &PersonId,
) -> Result<Vec<Booking>, Fail> {
    let rows = tx.all(
        select_bookings!("where b.beneficiary_id = $1 order by b.starts_at desc, b.id"),
        &[person.into()],
    )?;
    read_all(tx, call, &rows)
}

/// The days on which nobody came to a booking of somebody's at a centre and that may still count.
pub(crate) fn list_no_shows(
    tx: &mut Tx<'_>,
    known: &Known,
    person: &PersonId,
    now: i64,
) -> Result<Vec<Date>, Fail> {
    let days = i64::from(known.centre.rules.no_show_days);
    if days == 0 {
        return Ok(Vec::new());
    }
    // A day more: which of them count is told by dates.
    let days = days + 1;
    let rows = tx.all(
        "select starts_at from booking where beneficiary_id = $1 and starts_at > $2 and centre_id = $3
        and state = 'released' and coalesce(excused, 0) = 0",
        &[
            person.into(),
            (now - days * 86_400).into(),
            (&known.centre.id).into(),
        ],
    )?;
    rows.iter()
        .map(|row| Ok(known.zone.stamp(row.get("starts_at")?).local.date()))
        .collect()
}
