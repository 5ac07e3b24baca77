//! Floor: what a booking takes of a house, locked, read, taken and released.

use std::collections::BTreeSet;

use domain::{
    booking::refusal::Refusal,
    centre::{
        availability::{Timeline, timeline},
        room::Room,
        rules::LONGEST,
    },
    id::{BookingId, CentreId, PersonId, RoomId},
    problem::Problem,
    time::{DAY, LocalTime, Slot},
};

use crate::{
    db::{Fail, Locking, Tx, locking},
    usecase::{
        booking::claim::{Claim, list_claims},
        call::Call,
        centre::{known::Known, occupancy::list_in_the_way},
        person::household::{self, Hold},
    },
};

const PERSON: Locking = locking!(
    "select erased_at from person where id = $1",
    "for no key update"
);

/// Locks the person and the floor that the room stands on, with all that hangs together with it, always in the same order.
pub(crate) fn lock(
    tx: &mut Tx<'_>,
    known: &Known,
    person: Option<&PersonId>,
    room: &RoomId,
) -> Result<(), Fail> {
    if let Some(person) = person {
        lock_person(tx, known, person)?;
    }
    lock_leaves(tx, known, known.centre.connected(room))
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
    let leaves: BTreeSet<_> = rooms
        .flat_map(|room| known.centre.connected(room))
        .collect();
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

/// How a slot is looked at: minutes to set up and to clear away, and whose holds do not stand against it.
pub(crate) type Terms<'a> = ((u16, u16), &'a [&'a PersonId]);

/// The room's timeline over the days that the slot touches, with all that can stand against the slot and its buffers, for those whose
/// own holds do not.
pub(crate) fn read_floor(
    tx: &mut Tx<'_>,
    (call, known): (&Call, &Known),
    room: &Room,
    slot: Slot,
    terms: Terms<'_>,
) -> Result<Timeline, Fail> {
    let claims = list_claims(tx, known, slot, call.now())?;
    read_with(tx, (call, known), room, slot, (terms, &claims))
}

pub(crate) fn read_with(
    tx: &mut Tx<'_>,
    (call, known): (&Call, &Known),
    room: &Room,
    slot: Slot,
    ((buffers, own), claims): (Terms<'_>, &[Claim]),
) -> Result<Timeline, Fail> {
    // What ends at midnight still stands against a slot that must be set up before it.
    let padded = slot.padded(buffers.0, buffers.1);
    let first = padded.start().date();
    let days = padded.end().date().days() - first.days() + 1;
    let range = Slot::lasting(first.at(0), days * DAY);
    let mut taken = list_in_the_way(tx, known, &room.id, padded)?;
    let kept = claims.iter().filter(|one| one.keeps_from(own, call.now()));
    taken.extend(kept.filter_map(|one| one.occupied(known)));
    Ok(timeline(&known.centre, room, &taken, range))
}

/// The slot between two times, if there can be such a booking at all.
pub(crate) fn read_slot(
    known: &Known,
    room: &Room,
    start: LocalTime,
    end: LocalTime,
) -> Result<Slot, Refusal> {
    let slot = Slot::new(start, end).ok_or(Refusal::EndBeforeStart)?;
    if slot.minutes() > i64::from(LONGEST) {
        // Nothing that runs for days is looked at any further.
        let longest = known.centre.rules_of(room).longest;
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
