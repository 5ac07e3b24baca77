//! Saves a validated centre, with a decision for each booking that the change would leave outside its rules.

use std::collections::{BTreeSet, HashMap};

use domain::{
    api::Change,
    audit::{Act, Subject},
    booking::MOST_TEXT,
    centre::{
        Centre,
        consequence::{self, Hit, HitDecision, Outside, Remedy, Standing},
        validate::{self, Fault as PlanFault},
    },
    id::{BookingId, RoomId},
    problem::{Problem, typed},
    time::{LocalTime, Slot},
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        audit::Note,
        booking,
        call::Call,
        centre::known::{Known, reach},
    },
    zone::Zone,
};

/// Why a centre cannot be saved.
#[derive(Debug)]
pub enum NotSaved {
    /// Its description is at fault.
    Faults(Vec<PlanFault>),
    /// Its time zone is unknown.
    Zone(String),
    /// Bookings to come would stand outside of it, with the person of each, and nothing is decided about them.
    Undecided(Vec<(Hit, String)>),
    /// Something was decided about bookings that the change does not hit.
    NotHit(Vec<BookingId>),
    /// A booking cannot be kept where its room is gone, nor moved into the past, outside of the new description, or to where a
    /// room is closed.
    NotPossible(Vec<BookingId>),
    /// Two decisions about the same booking.
    DecidedTwice(Vec<BookingId>),
}

/// Saves a new centre or a new description of one, once the validator finds nothing wrong with it. Nothing is done as long as
/// a booking to come that it would leave outside has no decision: the decisions are carried out with it, all or nothing.
///
/// # Errors
/// When the database fails, as where two bookings would then share floor. What is wrong with the description comes back
/// inside.
pub fn save(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &Centre,
    decisions: &[HitDecision],
) -> Result<Result<(), NotSaved>, Fail> {
    let now = call.now();
    let faults = validate::faults(centre);
    if !faults.is_empty() {
        return Ok(Err(NotSaved::Faults(faults)));
    }
    let Some(zone) = Zone::parse(&centre.zone) else {
        return Ok(Err(NotSaved::Zone(centre.zone.clone())));
    };
    let id = &centre.id;
    // Whoever books holds the centre: from here on nothing comes in between.
    tx.lock(
        "select 1 from centre where id = $1 for update",
        &[id.into()],
    )?;
    let hits = match call.centres.get(tx, id) {
        Ok(known) => find_hits(tx, call, &known, (centre, &zone))?,
        Err(Fail::Problem(Problem::NotFound)) => Vec::new(),
        Err(other) => return Err(other),
    };
    let decided = |booking: &BookingId| decisions.iter().find(|one| one.id == *booking);
    let not_hit: Vec<BookingId> = decisions
        .iter()
        .filter(|one| !hits.iter().any(|(hit, _)| hit.booking.booking == one.id))
        .map(|one| one.id.clone())
        .collect();
    if !not_hit.is_empty() {
        return Ok(Err(NotSaved::NotHit(not_hit)));
    }
    if hits
        .iter()
        .any(|(hit, _)| decided(&hit.booking.booking).is_none())
    {
        return Ok(Err(NotSaved::Undecided(hits)));
    }
    let mut seen = BTreeSet::new();
    let twice = decisions.iter().filter(|one| !seen.insert(&one.id));
    let twice: Vec<BookingId> = twice.map(|one| one.id.clone()).collect();
    if !twice.is_empty() {
        return Ok(Err(NotSaved::DecidedTwice(twice)));
    }
    let mut impossible = Vec::new();
    for one in decisions {
        let Some((hit, _)) = hits.iter().find(|(hit, _)| hit.booking.booking == one.id) else {
            continue;
        };
        let possible = match &one.what {
            Remedy::Keep => hit.why != Outside::RoomGone,
            Remedy::Move { room, start } => {
                can_move(tx, (centre, &zone), &hit.booking, (room, *start), now)?
            }
            Remedy::Cancel { .. } => true,
        };
        if !possible {
            impossible.push(one.id.clone());
        }
    }
    if !impossible.is_empty() {
        return Ok(Err(NotSaved::NotPossible(impossible)));
    }
    for one in decisions {
        match &one.what {
            Remedy::Keep => {}
            Remedy::Move { room, start } => {
                booking::end::move_by_change(tx, call, (centre, &one.id), &zone, (room, *start))?;
            }
            Remedy::Cancel { reason } => {
                let reason = typed("reason", reason, MOST_TEXT, true)?;
                booking::end::cancel_by_change(tx, call, (id, &one.id), &reason)?;
            }
        }
    }
    let document = serde_json::to_string(centre).unwrap_or_default();
    let changed = tx.exec(
        "update centre set revision = revision + 1, document = $2 where id = $1",
        &[id.into(), document.as_str().into()],
    )?;
    if changed == 0 {
        let next: i64 = tx
            .one(
                "select coalesce(max(position), 0) + 1 as next from centre",
                &[],
            )?
            .get("next")?;
        tx.exec(
            "insert into centre (id, position, revision, document) values ($1, $2, 1, $3)",
            &[id.into(), next.into(), document.into()],
        )?;
    }
    for room in centre.rooms.iter().filter(|room| room.parts.is_empty()) {
        tx.exec(
            "insert into room (centre_id, id) values ($1, $2) on conflict do nothing",
            &[id.into(), (&room.id).into()],
        )?;
    }
    take_again(tx, now, centre)?;
    let subject = Subject {
        what: Some(centre.name.clone()),
        ..Subject::default()
    };
    Note::at(Act::CentreChanged, id)
        .about(subject)
        .write(tx, call)?;
    let today = zone.stamp(now).local.date();
    tx.tell(
        id,
        Change {
            from: today.plus(-400),
            to: today.plus(400),
        },
    );
    Ok(Ok(()))
}

/// True where a booking could be at another place and time. Whether somebody else has the floor then is asked of the
/// database, once all decisions are carried out.
fn can_move(
    tx: &mut Tx<'_>,
    (centre, zone): (&Centre, &Zone),
    booking: &Standing,
    (room, start): (&RoomId, LocalTime),
    now: i64,
) -> Result<bool, Fail> {
    let slot = Slot::lasting(start, booking.after.minutes());
    let is_there = zone.utc(slot.start()).is_some() && zone.utc(slot.end()).is_some();
    let (from, until) = zone.range(slot);
    if !is_there
        || from <= now
        || consequence::outside(centre, room, slot, booking.people).is_some()
    {
        return Ok(false);
    }
    let closed = tx.all(
        "select room_id from closure where centre_id = $1 and ends_at > $2 and starts_at < $3",
        &[(&centre.id).into(), from.into(), until.into()],
    )?;
    for row in closed {
        let closed = row.get::<RoomId>("room_id")?;
        if centre.sharing(room).contains(&&closed) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The bookings to come that a new description of a known centre would leave outside, with the person of each.
fn find_hits(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (after, zone): (&Centre, &Zone),
) -> Result<Vec<(Hit, String)>, Fail> {
    let now = call.now();
    let rows = tx.all(
        "select b.id, b.room_id, b.starts_at, b.ends_at, b.people, coalesce(nullif(p.name, ''), p.phone, '') as person
        from booking b join person p on p.id = b.beneficiary_id
        where b.centre_id = $1 and b.starts_at > $2 and b.ends_at > $3 and b.state in ('requested', 'confirmed')
        order by b.starts_at, b.id",
        &[(&known.centre.id).into(), reach(now).into(), now.into()],
    )?;
    let (mut standing, mut people) = (Vec::new(), HashMap::new());
    for row in &rows {
        let (from, until): (i64, i64) = (row.get("starts_at")?, row.get("ends_at")?);
        let slot = |zone: &Zone| Slot::new(zone.stamp(from).local, zone.stamp(until).local);
        let (Some(before), Some(after)) = (slot(&known.zone), slot(zone)) else {
            continue;
        };
        let booking = row.get::<BookingId>("id")?;
        people.insert(booking.clone(), row.get::<String>("person")?);
        standing.push(Standing {
            booking,
            room: row.get("room_id")?,
            before,
            after,
            people: row.get("people")?,
        });
    }
    let hits = consequence::hits(&known.centre, after, &standing);
    let named = hits.into_iter().map(|hit| {
        let person = people.remove(&hit.booking.booking);
        (hit, person.unwrap_or_default())
    });
    Ok(named.collect())
}

/// Rooms may have been divided or joined: what confirmed bookings to come take is worked out anew. Where two would now
/// share floor, the database refuses and the former description stays.
fn take_again(tx: &mut Tx<'_>, now: i64, centre: &Centre) -> Result<(), Fail> {
    tx.exec(
        "delete from taken where centre_id = $1 and until_at > $2",
        &[(&centre.id).into(), now.into()],
    )?;
    let rows = tx.all(
        "select id, room_id, starts_at, ends_at, before_minutes, after_minutes from booking
        where centre_id = $1 and starts_at > $2 and state = 'confirmed' order by id",
        &[(&centre.id).into(), reach(now).into()],
    )?;
    for row in rows {
        let room = row.get::<RoomId>("room_id")?;
        let (from, until): (i64, i64) = (row.get("starts_at")?, row.get("ends_at")?);
        let (before, after): (i64, i64) = (row.get("before_minutes")?, row.get("after_minutes")?);
        let (from, until) = (from - before * 60, until + after * 60);
        for leaf in centre.leaves(&room).into_iter().filter(|_| until > now) {
            tx.exec(
                "insert into taken (centre_id, room_id, from_at, until_at, booking_id) values ($1, $2, $3, $4, $5)",
                &[
                    (&centre.id).into(),
                    leaf.into(),
                    from.into(),
                    until.into(),
                    row.get::<String>("id")?.into(),
                ],
            )?;
        }
    }
    Ok(())
}
