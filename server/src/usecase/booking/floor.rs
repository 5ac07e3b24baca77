//! Floor: what a booking takes of a house, locked, read, taken and released.

use std::collections::BTreeSet;

use domain::{
    booking::{Booking, refusal::Refusal},
    centre::{
        availability::{Timeline, timeline},
        room::Room,
    },
    id::{BookingId, CentreId, PersonId, RoomId},
    problem::Problem,
    time::{DAY, Slot},
};

use crate::{
    db::{Fail, Locking, Tx, locking},
    usecase::{
        call::Call,
        centre::{known::Known, occupancy::list_in_the_way},
        person::household::{self, Hold},
    },
};

const PERSON: Locking = locking!(
    "select erased_at from person where id = $1",
    "for no key update"
);

/// Locks the person and the floor that the room stands on, always in the same order.
pub(crate) fn lock(
    tx: &mut Tx<'_>,
    known: &Known,
    person: Option<&PersonId>,
    room: &RoomId,
) -> Result<(), Fail> {
    if let Some(person) = person {
        lock_person(tx, known, person)?;
    }
    lock_leaves(tx, known, known.centre.leaves(room))
}

/// As [`lock`], for several rooms.
pub(crate) fn lock_rooms<'a>(
    tx: &mut Tx<'_>,
    known: &Known,
    person: Option<&PersonId>,
    rooms: impl Iterator<Item = &'a RoomId>,
) -> Result<(), Fail> {
    if let Some(person) = person {
        lock_person(tx, known, person)?;
    }
    // In the order of their ids, as those of one room are.
    let leaves: BTreeSet<_> = rooms.flat_map(|room| known.centre.leaves(room)).collect();
    lock_leaves(tx, known, leaves)
}

fn lock_leaves<'a>(
    tx: &mut Tx<'_>,
    known: &Known,
    leaves: impl IntoIterator<Item = &'a RoomId>,
) -> Result<(), Fail> {
    for leaf in leaves {
        tx.lock(
            "select 1 from room where centre_id = $1 and id = $2 for no key update",
            &[(&known.centre.id).into(), leaf.into()],
        )?;
    }
    Ok(())
}

fn lock_person(tx: &mut Tx<'_>, known: &Known, person: &PersonId) -> Result<(), Fail> {
    if known.centre.rules.count_households() {
        // What its members have together is decided about one by one.
        household::hold_of(tx, person, Hold::Change)?;
    }
    // Whoever was erased while the lock was waited for is nobody any more.
    let row = tx.opt_locked(&PERSON, &[person.into()])?;
    let erased = row
        .ok_or(Problem::NotFound)?
        .get::<Option<i64>>("erased_at")?;
    match erased {
        Some(_) => Err(Problem::NotFound.into()),
        None => Ok(()),
    }
}

/// The room's timeline over the days that the slot touches, with all that can stand against the slot and its buffers.
pub(crate) fn read_timeline(
    tx: &mut Tx<'_>,
    known: &Known,
    room: &Room,
    slot: Slot,
    buffers: (u16, u16),
) -> Result<Timeline, Fail> {
    // What ends at midnight still stands against a slot that must be set up before it.
    let padded = slot.padded(buffers.0, buffers.1);
    let first = padded.start().date();
    let days = padded.end().date().days() - first.days() + 1;
    let range = Slot::lasting(first.at(0), days * DAY);
    let taken = list_in_the_way(tx, known, &room.id, padded)?;
    Ok(timeline(&known.centre, room, &taken, range))
}

/// Refuses what has ended, or whose room is no longer to be had.
pub(crate) fn need_free(
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
    let line = read_timeline(tx, known, room, slot, (before, after))?;
    match line.clash(slot, before, after) {
        Some(why) => Err(Refusal::clash(why, before + after).into()),
        None => Ok(()),
    }
}

pub(crate) fn take(
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

pub(crate) fn release(tx: &mut Tx<'_>, centre: &CentreId, id: &BookingId) -> Result<(), Fail> {
    tx.exec(
        "delete from taken where centre_id = $1 and booking_id = $2",
        &[centre.into(), id.into()],
    )?;
    Ok(())
}
