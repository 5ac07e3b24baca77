//! Booking a room, and what becomes of it.

use std::sync::Arc;

use domain::{
    api::{Behalf, Decision, NewBooking, Reason},
    audit::Act,
    availability::{Timeline, Why, timeline},
    booking::{self, Booking, BookingState, Channel, UNDO_MINUTES},
    id::{BookingId, CentreId, PersonId, RoomId},
    inbox::News,
    permission,
    problem::{Problem, TextFault, typed},
    room::{Purpose, Room},
    rules::{Admission, Ask, LONGEST, Own, Refusal, Rules, Situation},
    text::Name,
    time::{DAY, LocalTime, Slot},
};

use super::{
    Call, activity,
    audit::{Note, of_booking},
    centre::{Known, in_the_way, reach, tell},
    inbox, people,
};
use crate::{
    clock,
    db::{Fail, Row, Tx},
};

/// Most characters of a note or a reason.
const MOST_TEXT: u16 = 200;

/// [`domain::api::Book`].
///
/// # Errors
/// The rule that stands against it, or a field that cannot be meant.
pub fn book(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
    new: NewBooking,
) -> Result<Booking, Fail> {
    let me = call.person()?.clone();
    call.need(permission::may_book(&call.actor))?;
    let Behalf { person, channel } = people::beneficiary(tx, call, &centre, new.behalf)?;
    let known = call.centres.hold(tx, &centre)?;
    let changed = new.revision != 0 && new.revision != known.revision;
    let refused = |refusal| {
        Fail::Problem(Problem::Refused {
            refusal,
            changed,
            date: None,
        })
    };
    let room = known.centre.room(&new.room).ok_or(Problem::NotFound)?;
    let note = typed("note", &new.note, MOST_TEXT, false)?;
    if new.people == 0 {
        return Err(Problem::field("people", TextFault::OutOfRange).into());
    }
    let slot = slot(&known, room, new.start, new.end).map_err(refused)?;
    lock(tx, &known, Some(&person), &room.id)?;
    let ask = Ask {
        room: room.id.clone(),
        slot,
        people: new.people,
        purpose: new.purpose,
    };
    let own = own(tx, &known, &person, slot, call.now())?;
    let (admission, rules) = admit(tx, call, &known, room, &ask, &own)?.map_err(refused)?;

    let id = BookingId::new(clock::new_id(call.now_ms));
    let state = match admission {
        Admission::Confirmed => BookingState::Confirmed,
        Admission::Requested => BookingState::Requested,
    };
    let row = NewRow {
        id: &id,
        room: &room.id,
        slot,
        rules: &rules,
        people: new.people,
        purpose: new.purpose,
        note: &note,
        title: None,
        state,
        actor: &me,
        beneficiary: &person,
        channel,
        made_at: call.now(),
    };
    insert(tx, &known, &row)?;
    let booking = find(tx, call, &centre, &id)?.booking;
    let note = Note::at(Act::Booked, &centre).of(&person).by(channel);
    note.about(of_booking(&booking, "")).write(tx, call)?;
    Ok(booking)
}

/// The slot between two times, if there can be such a booking at all.
pub(super) fn slot(
    known: &Known,
    room: &Room,
    start: LocalTime,
    end: LocalTime,
) -> Result<Slot, Refusal> {
    let slot = Slot::new(start, end).ok_or(Refusal::EndBeforeStart)?;
    if slot.minutes() > i64::from(LONGEST) {
        // Nothing that runs for days is looked at any further.
        let longest = room.rules.over(&known.centre.rules).longest;
        return Err(Refusal::TooLong {
            longest,
            asked: slot.minutes(),
        });
    }
    match [start, end]
        .into_iter()
        .find(|at| known.zone.utc(*at).is_none())
    {
        Some(at) => Err(Refusal::NoSuchTime { at }),
        None => Ok(slot),
    }
}

/// Decides about `ask` by the rules, which it gives back as well. The room must be locked.
pub(super) fn admit(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    room: &Room,
    ask: &Ask,
    own: &[Own],
) -> Result<Result<(Admission, Rules), Refusal>, Fail> {
    let situation = Situation {
        centre: &known.centre,
        actor: &call.actor,
        own,
        now: known.zone.stamp(call.now()).local,
    };
    let rules = room.rules.over(&known.centre.rules);
    let buffers = (rules.buffer_before, rules.buffer_after);
    let line = around(tx, known, room, ask.slot, buffers)?;
    Ok(situation
        .decide(room, &line, ask)
        .map(|admission| (admission, rules)))
}

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
    pub(crate) state: BookingState,
    pub(crate) actor: &'a PersonId,
    pub(crate) beneficiary: &'a PersonId,
    pub(crate) channel: Channel,
    pub(crate) made_at: i64,
}

/// Stores a booking and, when it is confirmed, takes its floor.
pub(crate) fn insert(tx: &mut Tx<'_>, known: &Known, new: &NewRow<'_>) -> Result<(), Fail> {
    let (from, until) = known.zone.range(new.slot);
    tx.exec(
        "insert into booking (centre_id, id, room_id, starts_at, ends_at, before_minutes, after_minutes, people,
            purpose, note, title_zh, title_en, state, reason, actor_id, beneficiary_id, channel, made_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14, $15, $16, $17)",
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

fn take(
    tx: &mut Tx<'_>,
    known: &Known,
    id: &BookingId,
    room: &RoomId,
    slot: Slot,
    before: u16,
    after: u16,
) -> Result<(), Fail> {
    let (from, until) = known.zone.range(slot);
    for leaf in known.centre.leaves(room) {
        tx.exec(
            "insert into taken (centre_id, room_id, from_at, until_at, booking_id) values ($1, $2, $3, $4, $5)",
            &[
                (&known.centre.id).into(),
                leaf.into(),
                (from - i64::from(before) * 60).into(),
                (until + i64::from(after) * 60).into(),
                id.into(),
            ],
        )?;
    }
    Ok(())
}

fn release(tx: &mut Tx<'_>, centre: &CentreId, id: &BookingId) -> Result<(), Fail> {
    tx.exec(
        "delete from taken where centre_id = $1 and booking_id = $2",
        &[centre.into(), id.into()],
    )?;
    Ok(())
}

/// Locks the person and the floor that the room stands on, always in the same order.
pub(super) fn lock(
    tx: &mut Tx<'_>,
    known: &Known,
    person: Option<&PersonId>,
    room: &RoomId,
) -> Result<(), Fail> {
    if let Some(person) = person {
        tx.lock(
            "select 1 from person where id = $1 for no key update",
            &[person.into()],
        )?;
    }
    for leaf in known.centre.leaves(room) {
        tx.lock(
            "select 1 from room where centre_id = $1 and id = $2 for no key update",
            &[(&known.centre.id).into(), leaf.into()],
        )?;
    }
    Ok(())
}

/// The room's timeline over the days that the slot touches, with all that can stand against the slot and its buffers.
fn around(
    tx: &mut Tx<'_>,
    known: &Known,
    room: &Room,
    slot: Slot,
    buffers: (u16, u16),
) -> Result<Timeline, Fail> {
    let first = slot.start().date();
    let days = slot.end().date().days() - first.days() + 1;
    let range = Slot::lasting(first.at(0), days * DAY);
    let taken = in_the_way(tx, known, &room.id, slot.padded(buffers.0, buffers.1))?;
    Ok(timeline(&known.centre, room, &taken, range))
}

/// The person's bookings that count in quotas when they ask for `slot`. A club's sessions are the club's.
fn own(
    tx: &mut Tx<'_>,
    known: &Known,
    person: &PersonId,
    slot: Slot,
    now: i64,
) -> Result<Vec<Own>, Fail> {
    let date = slot.start().date();
    let (year, month, _) = date.ymd();
    let first = domain::time::Date::new(year, month, 1).unwrap_or(date);
    let from = known
        .zone
        .utc_or_next(first.min(date.monday()).at(0))
        .min(now);
    let rows = tx.all(
        "select id, room_id, starts_at, ends_at from booking
        where beneficiary_id = $1 and starts_at > $2 and centre_id = $3 and state in ('requested', 'confirmed')
        and title_zh is null",
        &[person.into(), reach(from).into(), (&known.centre.id).into()],
    )?;
    let mut own = Vec::with_capacity(rows.len());
    for row in rows {
        let (start, end) = (
            known.zone.stamp(row.get(2)?).local,
            known.zone.stamp(row.get(3)?).local,
        );
        own.extend(Slot::new(start, end).map(|slot| {
            Ok::<_, Fail>(Own {
                booking: BookingId::new(row.get::<String>(0)?),
                room: RoomId::new(row.get::<String>(1)?),
                slot,
            })
        }));
    }
    own.into_iter().collect()
}

/// One row of `booking` with its person, in the columns of `select_bookings!`.
pub(super) struct Found {
    pub(super) booking: Booking,
    actor: PersonId,
    beneficiary: PersonId,
    before: u16,
    after: u16,
}

macro_rules! select_bookings {
    ($rest:literal) => {
        concat!(
            "select b.id, b.room_id, b.starts_at, b.ends_at, b.people, b.purpose, b.note, b.title_zh, b.title_en,
            b.state, b.reason, b.channel, b.made_at, b.actor_id, b.beneficiary_id,
            coalesce(nullif(p.name, ''), p.phone, ''), p.phone,
            b.before_minutes, b.after_minutes, b.centre_id,
            (select nullif(m.name, '') from person m where m.id = b.actor_id and m.id <> b.beneficiary_id)
            from booking b join person p on p.id = b.beneficiary_id ",
            $rest
        )
    };
}
pub(super) use select_bookings;

fn found(tx: &mut Tx<'_>, call: &Call, row: &Row) -> Result<Found, Fail> {
    let known = call
        .centres
        .get(tx, &CentreId::new(row.get::<String>(19)?))?;
    let room = RoomId::new(row.get::<String>(1)?);
    let made = known.zone.stamp(row.get(12)?);
    let start = known.zone.stamp(row.get(2)?);
    let at_room = known.centre.room(&room);
    let rules = at_room.map_or(known.centre.rules.clone(), |room| {
        room.rules.over(&known.centre.rules)
    });
    let title = match (row.get::<Option<String>>(7)?, row.get::<Option<String>>(8)?) {
        (Some(zh), Some(en)) => Some(Name { zh, en }),
        _ => None,
    };
    let state = row.get::<String>(9)?;
    let channel = row.get::<String>(11)?;
    let actor = PersonId::new(row.get::<String>(13)?);
    let stamp = |seconds: i64| known.zone.stamp(seconds);
    let booking = Booking {
        id: BookingId::new(row.get::<String>(0)?),
        centre: known.centre.id.clone(),
        centre_name: known.centre.name.clone(),
        room_name: at_room.map_or_else(
            || Name::new(room.as_str(), room.as_str()),
            |room| room.name.clone(),
        ),
        room,
        start,
        end: known.zone.stamp(row.get(3)?),
        people: row.get(4)?,
        purpose: row
            .get::<Option<String>>(5)?
            .and_then(|code| Purpose::from_code(&code)),
        note: row.get(6)?,
        title,
        state: BookingState::from_code(&state).unwrap_or(BookingState::Cancelled),
        reason: row.get(10)?,
        beneficiary: row.get(15)?,
        phone: row.get(16)?,
        channel: Channel::from_code(&channel).unwrap_or(Channel::App),
        made_by: actor.clone(),
        made_by_name: row.get(20)?,
        made,
        undo_until: stamp(made.utc() + i64::from(UNDO_MINUTES) * 60),
        cancel_until: stamp(start.utc() - i64::from(rules.cancel_notice) * 60),
    };
    Ok(Found {
        booking,
        actor,
        beneficiary: PersonId::new(row.get::<String>(14)?),
        before: row.get(17)?,
        after: row.get(18)?,
    })
}

/// Reads rows selected by [`select_bookings`] for somebody who may see them all.
pub(super) fn bookings(tx: &mut Tx<'_>, call: &Call, rows: &[Row]) -> Result<Vec<Booking>, Fail> {
    rows.iter()
        .map(|row| Ok(found(tx, call, row)?.booking))
        .collect()
}

fn find(tx: &mut Tx<'_>, call: &Call, centre: &CentreId, id: &BookingId) -> Result<Found, Fail> {
    let sql = select_bookings!("where b.centre_id = $1 and b.id = $2");
    let row = tx.opt(sql, &[centre.into(), id.into()])?;
    found(tx, call, &row.ok_or(Problem::NotFound)?)
}

/// A booking that the caller may see; for others there is none, so that ids tell nothing.
fn look_up(tx: &mut Tx<'_>, call: &Call, centre: &CentreId, id: &BookingId) -> Result<Found, Fail> {
    call.person()?;
    let found = find(tx, call, centre, id)?;
    if !permission::may_see_booking(&call.actor, centre, &found.beneficiary) {
        return Err(Problem::NotFound.into());
    }
    Ok(found)
}

/// [`domain::api::GetBooking`].
///
/// # Errors
/// When there is none that the caller may see.
pub fn get(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, BookingId),
) -> Result<Booking, Fail> {
    Ok(look_up(tx, call, &centre, &id)?.booking)
}

/// Looks a booking up under the lock of its floor, so that what is decided about it holds.
fn look_up_locked(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &BookingId,
) -> Result<(Arc<Known>, Found), Fail> {
    let known = call.centres.hold(tx, centre)?;
    let room = look_up(tx, call, centre, id)?.booking.room;
    lock(tx, &known, None, &room)?;
    Ok((known, look_up(tx, call, centre, id)?))
}

/// The booking of a session, under the lock of its floor, for somebody who runs the activity.
pub(super) fn look_up_for_session(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &BookingId,
) -> Result<(Arc<Known>, Found), Fail> {
    let known = call.centres.hold(tx, centre)?;
    let room = find(tx, call, centre, id)?.booking.room;
    lock(tx, &known, None, &room)?;
    Ok((known, find(tx, call, centre, id)?))
}

pub(super) fn end(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    found: &Found,
    state: BookingState,
    reason: &str,
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    tx.exec(
        "update booking set state = $3, reason = $4, decided_by = $5, decided_at = $6 where centre_id = $1 and id = $2",
        &[
            centre.into(),
            (&found.booking.id).into(),
            state.code().into(),
            reason.into(),
            call.person()?.into(),
            call.now().into(),
        ],
    )?;
    release(tx, centre, &found.booking.id)?;
    let act = Act::ending(state, found.booking.title.is_some());
    let note = Note::at(act, centre)
        .of(&found.beneficiary)
        .about(of_booking(&found.booking, reason));
    // A decision is the staff's own, whoever asked for it by whatever way.
    let note = match state {
        BookingState::Declined => note.by(Channel::App),
        _ => note,
    };
    note.write(tx, call)?;
    activity::session_ended(tx, call, known, &found.booking, reason)?;
    // Whoever takes a slip back at once need not explain it to somebody who never knew of it.
    let told = state != BookingState::Undone;
    if told && call.actor.person.as_ref() != Some(&found.beneficiary) {
        let news = News::BookingEnded {
            booking: found.booking.id.clone(),
            room: found.booking.room_name.clone(),
            start: found.booking.start.local,
            reason: reason.to_owned(),
        };
        inbox::send(tx, call, centre, &found.beneficiary, &news)?;
    }
    tell(
        tx,
        known,
        found.booking.start.utc(),
        found.booking.end.utc(),
    );
    Ok(())
}

/// [`domain::api::UndoBooking`].
///
/// # Errors
/// When the ten minutes are over, or somebody else made it.
pub fn undo(
    tx: &mut Tx<'_>,
    call: &Call,
    path: (CentreId, BookingId),
    (): (),
) -> Result<Booking, Fail> {
    let (known, found) = look_up_locked(tx, call, &path.0, &path.1)?;
    call.need(permission::may_undo_booking(&call.actor, &found.actor))?;
    let now = known.zone.stamp(call.now()).local;
    booking::undo(found.booking.state, found.booking.made.local, now)?;
    end(tx, call, &known, &found, BookingState::Undone, "")?;
    get(tx, call, path)
}

/// [`domain::api::CancelBooking`].
///
/// # Errors
/// When the deadline is over (not for staff), or it has ended.
pub fn cancel(
    tx: &mut Tx<'_>,
    call: &Call,
    path: (CentreId, BookingId),
    body: Reason,
) -> Result<Booking, Fail> {
    let reason = typed("reason", &body.reason, MOST_TEXT, false)?;
    let (known, found) = look_up_locked(tx, call, &path.0, &path.1)?;
    call.need(permission::may_cancel_booking(
        &call.actor,
        &path.0,
        &found.beneficiary,
    ))?;
    let now = known.zone.stamp(call.now()).local;
    let rules = match known.centre.room(&found.booking.room) {
        Some(room) => room.rules.over(&known.centre.rules),
        None => known.centre.rules.clone(),
    };
    let late = permission::may_cancel_late(&call.actor, &path.0);
    booking::cancel(found.booking.state, found.booking.slot(), &rules, late, now)?;
    end(tx, call, &known, &found, BookingState::Cancelled, &reason)?;
    get(tx, call, path)
}

/// [`domain::api::DecideBooking`].
///
/// # Errors
/// When somebody decided before, or the room is no longer to be had.
pub fn decide(
    tx: &mut Tx<'_>,
    call: &Call,
    path: (CentreId, BookingId),
    body: Decision,
) -> Result<Booking, Fail> {
    call.need(permission::may_decide(&call.actor, &path.0))?;
    let reason = typed("reason", &body.reason, MOST_TEXT, !body.approve)?;
    let (known, found) = look_up_locked(tx, call, &path.0, &path.1)?;
    if found.booking.state != BookingState::Requested {
        return Err(Problem::Overtaken.into());
    }
    if !body.approve {
        end(tx, call, &known, &found, BookingState::Declined, &reason)?;
        return get(tx, call, path);
    }
    let now = known.zone.stamp(call.now()).local;
    let slot = found.booking.slot();
    if slot.end() <= now {
        return Err(Refusal::Past { now }.into());
    }
    let room = known
        .centre
        .room(&found.booking.room)
        .ok_or(Problem::NotFound)?;
    let line = around(tx, &known, room, slot, (found.before, found.after))?;
    match line.clash(slot, found.before, found.after) {
        Some(Why::Closed { reason, until }) => return Err(Refusal::Closed { reason, until }.into()),
        Some(Why::Taken { slot }) => {
            let buffer = found.before + found.after;
            return Err(Refusal::Taken {
                from: slot.start(),
                until: slot.end(),
                buffer,
            }
            .into());
        }
        None => {}
    }
    tx.exec(
        "update booking set state = 'confirmed', reason = $3, decided_by = $4, decided_at = $5
        where centre_id = $1 and id = $2",
        &[
            (&path.0).into(),
            (&path.1).into(),
            reason.as_str().into(),
            call.person()?.into(),
            call.now().into(),
        ],
    )?;
    take(
        tx,
        &known,
        &path.1,
        &room.id,
        slot,
        found.before,
        found.after,
    )?;
    decline_others(tx, call, &known, &found)?;
    let news = News::BookingApproved {
        booking: path.1.clone(),
        room: found.booking.room_name.clone(),
        start: slot.start(),
    };
    inbox::send(tx, call, &path.0, &found.beneficiary, &news)?;
    let note = Note::at(Act::BookingApproved, &path.0).of(&found.beneficiary);
    note.by(Channel::App)
        .about(of_booking(&found.booking, &reason))
        .write(tx, call)?;
    tell(
        tx,
        &known,
        found.booking.start.utc(),
        found.booking.end.utc(),
    );
    get(tx, call, path)
}

/// The requests that an approval makes impossible are declined with it, and told why.
fn decline_others(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    approved: &Found,
) -> Result<(), Fail> {
    let slot = approved
        .booking
        .slot()
        .padded(approved.before, approved.after);
    let (from, until) = known.zone.range(slot.padded(240, 240));
    let sharing = known.centre.sharing(&approved.booking.room);
    let rows = tx.all(
        select_bookings!(
            "where b.centre_id = $1 and b.starts_at > $2 and b.starts_at < $3 and b.state = 'requested' order by b.id"
        ),
        &[(&known.centre.id).into(), reach(from).into(), until.into()],
    )?;
    for row in &rows {
        let other = found(tx, call, row)?;
        let theirs = other.booking.slot().padded(other.before, other.after);
        if sharing.contains(&&other.booking.room) && theirs.overlaps(slot) {
            end(tx, call, known, &other, BookingState::Declined, "")?;
        }
    }
    Ok(())
}

/// [`domain::api::ListMyBookings`].
///
/// # Errors
/// For a visitor.
pub fn list_mine(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<Booking>, Fail> {
    let person = call.person()?.clone();
    let now = call.now();
    let coming = tx.all(
        select_bookings!("where b.beneficiary_id = $1 and b.starts_at > $2 and b.ends_at > $3 order by b.starts_at, b.id"),
        &[(&person).into(), reach(now).into(), now.into()],
    )?;
    let past = tx.all(
        select_bookings!("where b.beneficiary_id = $1 and b.ends_at <= $2 and b.state <> 'undone' order by b.starts_at desc, b.id limit 30"),
        &[(&person).into(), now.into()],
    )?;
    let mut all = bookings(tx, call, &coming)?;
    all.extend(bookings(tx, call, &past)?);
    Ok(all)
}
