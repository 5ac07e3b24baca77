//! Approving and declining requests; what is decided is held before it is carried out.

use domain::{
    api::Decision,
    audit::Act,
    booking::{Booking, BookingState, DECISION_HELD, MOST_TEXT, refusal::Refusal},
    id::{BookingId, CentreId},
    message::News,
    person::{behalf::Channel, permission},
    problem::{Problem, typed},
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        audit::{Note, describe_booking},
        booking::{
            along,
            floor::{lock_rooms, read_with, release, take},
            get,
            grace::wait_for,
            rows::{Found, find, look_up, read_row, select_bookings, tell_of},
            waitlist::withdraw_offers,
        },
        call::Call,
        centre::known::{Known, reach},
        message,
        sign_up::place_list,
    },
};

/// [`domain::api::DecideBooking`]. The state changes at once; the person is told, and rivals are declined, when the decision can
/// no longer be taken back ([`DECISION_HELD`]).
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
    let (known, all) = along::lock_along(tx, call, &path, body.along)?;
    if all[0].booking.state != BookingState::Requested {
        return Err(Problem::Overtaken.into());
    }
    let waiting = |one: &&Found| one.booking.state == BookingState::Requested;
    let waiting: Vec<&Found> = all.iter().filter(waiting).collect();
    // Nobody decides about more than they saw.
    if body
        .seen
        .is_some_and(|seen| usize::from(seen) != waiting.len())
    {
        return Err(Problem::Overtaken.into());
    }
    for found in &waiting {
        decide_one(tx, call, (&known, found), body.approve, &reason)?;
    }
    along::mark(tx, call, &waiting)?;
    get(tx, call, path)
}

fn decide_one(
    tx: &mut Tx<'_>,
    call: &Call,
    (known, found): (&Known, &Found),
    approve: bool,
    reason: &str,
) -> Result<(), Fail> {
    let path = (&known.centre.id, &found.booking.id);
    let (state, act) = match approve {
        true => (BookingState::Confirmed, Act::BookingApproved),
        false => (BookingState::Declined, Act::BookingDeclined),
    };
    if approve {
        let buffers = (found.before, found.after);
        need_free(tx, call, known, &found.booking, buffers).map_err(|fail| match fail {
            // Which date it is that cannot be had.
            Fail::Problem(Problem::Refused {
                refusal, changed, ..
            }) => Fail::Problem(Problem::Refused {
                refusal,
                changed,
                date: Some(found.booking.start.local.date()),
            }),
            other => other,
        })?;
        let (slot, room) = (found.booking.slot(), &found.booking.room);
        take(tx, known, path.1, room, slot, found.before, found.after)?;
        withdraw_offers(tx, call, known, (room, slot))?;
    }
    tx.exec(
        "update booking set state = $3, reason = $4, decided_by = $5, decided_at = $6, due_at = $7, act_id = null
        where centre_id = $1 and id = $2",
        &[
            path.0.into(),
            path.1.into(),
            state.code().into(),
            reason.into(),
            call.person()?.into(),
            call.now().into(),
            (call.now() + DECISION_HELD).into(),
        ],
    )?;
    wait_for(tx, call, known, path.1)?;
    // A decision is the staff's own, whoever asked for it by whatever way.
    let note = Note::at(act, path.0).of(&found.beneficiary);
    note.by(Channel::App)
        .about(describe_booking(&found.booking, reason))
        .write(tx, call)?;
    tell_of(tx, known, found);
    Ok(())
}

/// [`domain::api::UndoDecision`]: the request waits again, as if nobody had decided.
///
/// # Errors
/// When the time for it is over, or there was no decision.
pub fn undo_decision(
    tx: &mut Tx<'_>,
    call: &Call,
    path: (CentreId, BookingId),
    (): (),
) -> Result<Booking, Fail> {
    call.need(permission::may_decide(&call.actor, &path.0))?;
    let known = call.centres.hold(tx, &path.0)?;
    let found = look_up(tx, call, &path.0, &path.1)?;
    let others = along::list_decided_with(tx, call, &found)?;
    let rooms = others.iter().map(|one| &one.booking.room);
    lock_rooms(tx, &known, None, rooms.chain([&found.booking.room]))?;
    let found = look_up(tx, call, &path.0, &path.1)?;
    let until = found.booking.decision_until;
    if until.is_none_or(|until| until < call.now()) {
        return Err(Problem::Overtaken.into());
    }
    let others = along::list_decided_with(tx, call, &found)?;
    for found in [&found].into_iter().chain(&others) {
        undo_one(tx, call, &known, found)?;
    }
    get(tx, call, path)
}

fn undo_one(tx: &mut Tx<'_>, call: &Call, known: &Known, found: &Found) -> Result<(), Fail> {
    let path = (&known.centre.id, &found.booking.id);
    if found.booking.state == BookingState::Declined {
        // Meanwhile somebody may have got the floor.
        let buffers = (found.before, found.after);
        need_free(tx, call, known, &found.booking, buffers)?;
    }
    release(tx, path.0, path.1)?;
    tx.exec(
        "update booking set state = 'requested', reason = '', decided_by = null, decided_at = null, due_at = null,
            check_in_by = null, came_at = null, act_id = null, changed_at = $3
        where centre_id = $1 and id = $2",
        &[path.0.into(), path.1.into(), call.now().into()],
    )?;
    let note = Note::at(Act::DecisionUndone, path.0).of(&found.beneficiary);
    note.by(Channel::App)
        .about(describe_booking(&found.booking, ""))
        .write(tx, call)?;
    tell_of(tx, known, found);
    Ok(())
}

/// The decisions that can no longer be taken back and of which nobody was told yet.
///
/// # Errors
/// When the database fails.
pub fn list_due(tx: &mut Tx<'_>, now: i64) -> Result<Vec<(CentreId, BookingId)>, Fail> {
    let rows = tx.all(
        "select centre_id, id from booking where due_at is not null and due_at < $1 order by due_at, starts_at, id limit 100",
        &[now.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok((
                row.get::<CentreId>("centre_id")?,
                row.get::<BookingId>("id")?,
            ))
        })
        .collect()
}

/// When the next decision can no longer be taken back, in seconds UTC.
///
/// # Errors
/// When the database fails.
pub fn find_next_due(tx: &mut Tx<'_>) -> Result<Option<i64>, Fail> {
    let row = tx.one(
        "select min(due_at) as due_at from booking where due_at is not null",
        &[],
    )?;
    Ok(row.get("due_at")?)
}

/// Carries a decision out: tells the person, and declines the requests that an approval makes impossible.
///
/// # Errors
/// When the database fails.
pub fn settle_decision(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): &(CentreId, BookingId),
) -> Result<(), Fail> {
    let known = call.centres.hold(tx, centre)?;
    let found = find(tx, call, centre, id)?;
    let others = along::list_decided_with(tx, call, &found)?;
    let rooms = others.iter().map(|one| &one.booking.room);
    lock_rooms(tx, &known, None, rooms.chain([&found.booking.room]))?;
    let found = find(tx, call, centre, id)?;
    let until = found.booking.decision_until;
    if until.is_none_or(|until| until >= call.now()) {
        return Ok(());
    }
    // The dates that were decided with it: one letter tells of all.
    let mut others = along::list_decided_with(tx, call, &found)?;
    others.retain(|one| one.booking.decision_until.is_some());
    let booking = &found.booking;
    let (room, start) = (booking.room_name.clone(), booking.start.local);
    let more = u16::try_from(others.len()).unwrap_or(u16::MAX);
    let news = match booking.state {
        BookingState::Confirmed => Some(News::BookingApproved {
            booking: id.clone(),
            room,
            start,
            more,
        }),
        BookingState::Declined => Some(News::BookingEnded {
            booking: id.clone(),
            room,
            title: booking.title.clone(),
            start,
            declined: Some(true),
            reason: booking.reason.clone(),
            more,
        }),
        // What became of it meanwhile was told by whoever did it.
        BookingState::Requested
        | BookingState::Undone
        | BookingState::Cancelled
        | BookingState::Released
        | BookingState::Lapsed => None,
    };
    if let Some(news) = news {
        message::send(tx, call, centre, &found.beneficiary, &news)?;
    }
    settle_one(tx, call, &known, &found)?;
    for other in &others {
        // Declining others for the one before may have told of this one meanwhile.
        let now = find(tx, call, centre, &other.booking.id)?;
        settle_one(tx, call, &known, &now)?;
    }
    Ok(())
}

/// Carries out what was decided about one date.
fn settle_one(tx: &mut Tx<'_>, call: &Call, known: &Known, found: &Found) -> Result<(), Fail> {
    let booking = &found.booking;
    tx.exec(
        "update booking set due_at = null where centre_id = $1 and id = $2",
        &[(&booking.centre).into(), (&booking.id).into()],
    )?;
    match booking.state {
        BookingState::Declined => {
            place_list::session_ended(tx, call, known, booking, &booking.reason)?;
        }
        BookingState::Confirmed => decline_others(tx, call, known, found)?,
        BookingState::Requested
        | BookingState::Undone
        | BookingState::Cancelled
        | BookingState::Released
        | BookingState::Lapsed => return Ok(()),
    }
    tell_of(tx, known, found);
    Ok(())
}

/// What staff book stands at once: those who asked for the same floor are declined and told.
pub(crate) fn decline_outbid(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    made: &Found,
) -> Result<(), Fail> {
    let by_staff = permission::may_decide(&call.actor, &known.centre.id);
    match by_staff && made.booking.state == BookingState::Confirmed {
        true => decline_others(tx, call, known, made),
        false => Ok(()),
    }
}

/// The requests that were declined for a booking wait again, as it was undone; those who asked are told. Where only a change of it
/// was undone, made at a moment in seconds UTC, those that were declined by that.
pub(crate) fn ask_again(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    undone: &BookingId,
    change: Option<i64>,
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    let rows = tx.all(
        select_bookings!(
            "where b.centre_id = $1 and b.outbid_by = $2 and b.state = 'declined' and b.starts_at > $3
            and b.decided_at >= $4 and b.decided_at <= $5 order by b.id"
        ),
        &[
            centre.into(),
            undone.into(),
            call.now().into(),
            change.unwrap_or(i64::MIN).into(),
            change.unwrap_or(i64::MAX).into(),
        ],
    )?;
    for row in &rows {
        let other = read_row(tx, call, row)?;
        tx.exec(
            "update booking set state = 'requested', decided_at = null, outbid_by = null where centre_id = $1 and id = $2",
            &[centre.into(), (&other.booking.id).into()],
        )?;
        let note = Note::at(Act::BookingRestored, centre).of(&other.beneficiary);
        note.by_itself()
            .about(describe_booking(&other.booking, ""))
            .write(tx, call)?;
        let news = News::BookingRestored {
            booking: other.booking.id.clone(),
            room: other.booking.room_name.clone(),
            start: other.booking.start.local,
            more: 0,
        };
        message::send(tx, call, centre, &other.beneficiary, &news)?;
        tell_of(tx, known, &other);
    }
    Ok(())
}

/// The requests that a confirmed booking makes impossible are declined with it, and told why.
pub(crate) fn decline_others(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    confirmed: &Found,
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    let slot = confirmed
        .booking
        .slot()
        .padded(confirmed.before, confirmed.after);
    let (from, until) = known.zone.range(slot.padded(240, 240));
    let sharing = known.centre.sharing(&confirmed.booking.room);
    let rows = tx.all(
        select_bookings!(
            "where b.centre_id = $1 and b.starts_at > $2 and b.starts_at < $3 and b.state = 'requested' order by b.id"
        ),
        &[centre.into(), reach(from).into(), until.into()],
    )?;
    for row in &rows {
        let other = read_row(tx, call, row)?;
        let theirs = other.booking.slot().padded(other.before, other.after);
        if !sharing.contains(&&other.booking.room) || !theirs.overlaps(slot) {
            continue;
        }
        let changed = tx.exec(
            "update booking set state = 'declined', decided_at = $3, outbid_by = $4
            where centre_id = $1 and id = $2 and state = 'requested'",
            &[
                centre.into(),
                (&other.booking.id).into(),
                call.now().into(),
                (&confirmed.booking.id).into(),
            ],
        )?;
        if changed == 0 {
            continue;
        }
        place_list::session_ended(tx, call, known, &other.booking, "")?;
        // It was nobody's purpose: the floor went to somebody else.
        let note = Note::at(Act::BookingDeclined, centre).of(&other.beneficiary);
        note.by_itself()
            .about(describe_booking(&other.booking, ""))
            .write(tx, call)?;
        let news = News::BookingOutbid {
            booking: other.booking.id.clone(),
            room: other.booking.room_name.clone(),
            start: other.booking.start.local,
        };
        message::send(tx, call, centre, &other.beneficiary, &news)?;
        tell_of(tx, known, &other);
    }
    Ok(())
}

/// Refuses what has ended, or whose room is no longer to be had.
fn need_free(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    booking: &Booking,
    (before, after): (u16, u16),
) -> Result<(), Fail> {
    let now = known.zone.stamp(call.now()).local;
    let slot = booking.slot();
    if slot.end() <= now {
        return Err(Refusal::Past { now }.into());
    }
    let room = known.centre.room(&booking.room);
    let room = room.ok_or(Problem::NotFound)?;
    // It was asked for before anybody was offered it meanwhile.
    let line = read_with(tx, (call, known), room, slot, (((before, after), &[]), &[]))?;
    match line.clash(slot, before, after) {
        Some(why) => Err(Refusal::clash(why, before + after).into()),
        None => Ok(()),
    }
}
