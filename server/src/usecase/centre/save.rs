//! Saves a validated centre, with a decision for each booking that the change would leave outside its rules.

use std::collections::{BTreeMap, HashMap};

use domain::{
    api::Change,
    audit::{Act, Subject},
    booking::refusal::Refusal,
    centre::{
        Centre,
        availability::Why,
        consequence::{Hit, HitDecision},
        validate::{self, CentreFault},
    },
    id::{BookingId, CentreId, PersonId, RoomId},
    problem::Problem,
    time::LocalTime,
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        audit::Note,
        booking::{end::tell_moved, grace::wait_anew, rows::find},
        call::Call,
        centre::{
            consequence::{self, Done, Planned, Unfit, decline_rivals},
            known::{reach, read},
            occupancy::list_closed,
        },
    },
    zone::Zone,
};

/// Why a centre cannot be saved.
#[derive(Debug)]
pub enum NotSaved {
    /// Its description is at fault.
    Faults(Vec<CentreFault>),
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
) -> Result<Result<Done, NotSaved>, Fail> {
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
    let mut done = Done::default();
    if let Some(known) = match call.centres.get(tx, id) {
        Ok(known) => Some(known),
        Err(Fail::Problem(Problem::NotFound)) => None,
        Err(other) => return Err(other),
    } {
        let closures = list_closed(tx, (&known, &zone), now, i64::MAX)?;
        let planned = Planned {
            centre,
            zone: &zone,
            was: &known.zone,
            closures: &closures,
            between: (now, i64::MAX),
        };
        let hits = consequence::find_hits(tx, call, &known, planned)?;
        match consequence::check(call, planned, &hits, decisions) {
            Ok(()) => {}
            Err(Unfit::Undecided) => return Ok(Err(NotSaved::Undecided(name(tx, id, hits)?))),
            Err(Unfit::NotHit(ids)) => return Ok(Err(NotSaved::NotHit(ids))),
            Err(Unfit::NotPossible(ids)) => return Ok(Err(NotSaved::NotPossible(ids))),
            Err(Unfit::DecidedTwice(ids)) => return Ok(Err(NotSaved::DecidedTwice(ids))),
        }
        done = consequence::carry_out(tx, call, planned, &hits, decisions, &[])?;
    } else if !decisions.is_empty() {
        let ids = decisions.iter().map(|one| one.id.clone());
        return Ok(Err(NotSaved::NotHit(ids.collect())));
    }
    write(tx, call, centre)?;
    if !done.moved.is_empty() {
        let known = call.centres.get(tx, id)?;
        decline_rivals(tx, call, &known, &done.moved)?;
        tell_moved(tx, call, &known, &done.moved)?;
    }
    Ok(Ok(done))
}

/// Writes a description as the next revision, works out anew what bookings take, and tells open pages.
pub(crate) fn write(tx: &mut Tx<'_>, call: &Call, centre: &Centre) -> Result<(), Fail> {
    let (id, now) = (&centre.id, call.now());
    let before = match call.centres.get(tx, id) {
        Ok(known) => Some(known),
        Err(Fail::Problem(Problem::NotFound)) => None,
        Err(other) => return Err(other),
    };
    let document = serde_json::to_string(centre).unwrap_or_default();
    // What could not be read again would take the whole house down with it.
    read(&document, 0)?;
    tx.centre_written = true;
    // What was written before there was a history begins it.
    tx.exec(
        "insert into centre_revision (centre_id, revision, document)
        select id, revision, document from centre where id = $1 on conflict do nothing",
        &[id.into()],
    )?;
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
    tx.exec(
        "insert into centre_revision (centre_id, revision, made_ms, actor_id, document)
        select id, revision, $2, $3, document from centre where id = $1",
        &[
            id.into(),
            call.now_ms.into(),
            call.actor.person.as_ref().map(PersonId::as_str).into(),
        ],
    )?;
    for room in centre.rooms.iter().filter(|room| room.parts.is_empty()) {
        tx.exec(
            "insert into room (centre_id, id) values ($1, $2) on conflict do nothing",
            &[id.into(), (&room.id).into()],
        )?;
    }
    take_again(tx, call, centre)?;
    for room in &centre.rooms {
        let grace = centre.rules_of(room).grace;
        let before = before.as_ref().and_then(|known| {
            let room = known.centre.room(&room.id)?;
            Some(known.centre.rules_of(room).grace)
        });
        if before != Some(grace) {
            wait_anew(tx, call, id, &room.id, grace)?;
        }
    }
    let subject = Subject {
        what: Some(centre.name.clone()),
        ..Subject::default()
    };
    Note::at(Act::CentreChanged, id)
        .about(subject)
        .write(tx, call)?;
    // A day more or less by its zone does not matter.
    let today = LocalTime::from_minutes(now.div_euclid(60)).date();
    tx.tell(
        id,
        Change {
            from: today.plus(-400),
            to: today.plus(400),
        },
    );
    Ok(())
}

/// The hits with the person of each.
fn name(tx: &mut Tx<'_>, centre: &CentreId, hits: Vec<Hit>) -> Result<Vec<(Hit, String)>, Fail> {
    let rows = tx.all_in(
        "select b.id, coalesce(nullif(p.name, ''), p.phone, '') as person
        from booking b join person p on p.id = b.beneficiary_id where b.centre_id = $1 and b.id in ($ids)",
        &[centre.into()],
        hits.iter().map(|hit| hit.booking.booking.as_str()),
    )?;
    let mut people = HashMap::with_capacity(rows.len());
    for row in &rows {
        people.insert(row.get::<BookingId>("id")?, row.get::<String>("person")?);
    }
    let named = hits.into_iter().map(|hit| {
        let person = people.remove(&hit.booking.booking);
        (hit, person.unwrap_or_default())
    });
    Ok(named.collect())
}

/// Rooms may have been divided or joined: what confirmed bookings to come take is worked out anew. Where two would now
/// share floor, that is refused and the former description stays.
fn take_again(tx: &mut Tx<'_>, call: &Call, centre: &Centre) -> Result<(), Fail> {
    let now = call.now();
    tx.exec(
        "delete from taken where centre_id = $1 and until_at > $2",
        &[(&centre.id).into(), now.into()],
    )?;
    let rows = tx.all(
        "select id, room_id, starts_at, ends_at, before_minutes, after_minutes from booking
        where centre_id = $1 and starts_at > $2 and state = 'confirmed' order by id",
        &[(&centre.id).into(), reach(now).into()],
    )?;
    let mut taken: BTreeMap<&RoomId, Vec<(i64, i64, String)>> = BTreeMap::new();
    for row in &rows {
        let room = row.get::<RoomId>("room_id")?;
        let (from, until): (i64, i64) = (row.get("starts_at")?, row.get("ends_at")?);
        let (before, after): (i64, i64) = (row.get("before_minutes")?, row.get("after_minutes")?);
        let (from, until) = (from - before * 60, until + after * 60);
        for leaf in centre.leaves(&room).into_iter().filter(|_| until > now) {
            let of_room = taken.entry(leaf).or_default();
            of_room.push((from, until, row.get("id")?));
        }
    }
    for (room, mut all) in taken {
        all.sort_unstable();
        for pair in all.windows(2) {
            if let [(_, until, first), (from, _, second)] = pair
                && from < until
            {
                return Err(clash(tx, call, &centre.id, (first, second)));
            }
        }
        for (from, until, booking) in all {
            tx.exec(
                "insert into taken (centre_id, room_id, from_at, until_at, booking_id) values ($1, $2, $3, $4, $5)",
                &[
                    (&centre.id).into(),
                    room.into(),
                    from.into(),
                    until.into(),
                    booking.into(),
                ],
            )?;
        }
    }
    Ok(())
}

/// Of two bookings that would share floor the first stands against the second.
fn clash(tx: &mut Tx<'_>, call: &Call, centre: &CentreId, (first, second): (&str, &str)) -> Fail {
    let mut slot =
        |id: &str| find(tx, call, centre, &BookingId::new(id)).map(|found| found.booking.slot());
    match (slot(first), slot(second)) {
        (Ok(first), Ok(second)) => Fail::Problem(Problem::Refused {
            refusal: Refusal::clash(Why::Taken { slot: first }, 0),
            changed: false,
            date: Some(second.start().date()),
        }),
        (Err(fail), _) | (_, Err(fail)) => fail,
    }
}
