//! What takes rooms over a time, and closures.

use domain::{
    activity::left_for_new,
    api::{MOST_DAYS, Occupancy},
    booking::BookingState,
    centre::{
        availability::{Occupation, Occupied},
        closure::Closure,
    },
    id::{CentreId, RoomId},
    language::Name,
    problem::{Problem, TextFault},
    time::{Date, Slot},
};

use crate::{
    db::{Fail, Fault, Row, Tx},
    usecase::{
        booking::claim::list_claims,
        call::Call,
        centre::known::{Known, reach},
    },
    zone::Zone,
};

/// [`domain::api::GetOccupancy`].
///
/// # Errors
/// When there is no such centre, or too many days are asked for.
pub fn get_occupancy(
    tx: &mut Tx<'_>,
    call: &Call,
    (id, from, days): (CentreId, Date, u16),
) -> Result<Occupancy, Fail> {
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Problem::field("days", TextFault::OutOfRange).into());
    }
    let known = call.centres.get(tx, &id)?;
    let range = Slot::lasting(from.at(0), i64::from(days) * domain::time::DAY);
    Ok(Occupancy {
        from,
        days,
        taken: list_taken(tx, &known, range, call.now())?,
    })
}

const TAKEN: &str =
    "select b.room_id, b.starts_at, b.ends_at, b.before_minutes, b.after_minutes, b.state, b.title_zh, b.title_en,
    s.activity_id, l.places - l.taken as left_over, l.waiting
    from booking b
    left join activity_session s on s.centre_id = b.centre_id and s.booking_id = b.id
    left join place_list l on l.centre_id = s.centre_id and l.id = s.list_id
    where b.centre_id = $1 and b.starts_at > $2 and b.starts_at < $3
    and b.state in ('requested', 'confirmed') order by b.starts_at, b.id";

/// Rows of `taken` never overlap in a room, so the first that ends after a moment is the only one that can be in the way.
const NEXT_TAKEN: &str = "select b.room_id, b.starts_at, b.ends_at, b.before_minutes, b.after_minutes, b.state, b.title_zh, b.title_en,
    null as activity_id, null as left_over, null as waiting
    from taken t join booking b on b.centre_id = t.centre_id and b.id = t.booking_id
    where t.centre_id = $1 and t.room_id = $2 and t.until_at > $3 order by t.until_at limit 1";

/// What takes the centre's rooms in `range`.
///
/// # Errors
/// When the database fails.
pub fn list_taken(
    tx: &mut Tx<'_>,
    known: &Known,
    range: Slot,
    now: i64,
) -> Result<Vec<Occupied>, Fail> {
    let (from, until) = known.zone.range(range);
    let values = [(&known.centre.id).into(), reach(from).into(), until.into()];
    let rows = tx.all(TAKEN, &values)?;
    let mut taken = rows
        .iter()
        .map(|row| read_occupied(known, row))
        .collect::<Result<Vec<_>, Fault>>()?;
    taken.retain(|one| one.end.local > range.start());
    taken.extend(list_closures(tx, known, from, until)?);
    let kept = list_claims(tx, known, range, now)?;
    let kept = kept.iter().filter(|one| one.keeps_from(&[], now));
    let held = kept.filter_map(|one| one.occupied(known));
    taken.extend(held.filter(|one| one.slot().is_some_and(|slot| slot.overlaps(range))));
    Ok(taken)
}

/// What stands against a booking of `room` in `slot`, set-up and clearing away included: at most one entry for each of
/// its smallest parts, and closures. A decision needs no more, however full the house is.
///
/// # Errors
/// When the database fails.
pub fn list_in_the_way(
    tx: &mut Tx<'_>,
    known: &Known,
    room: &RoomId,
    slot: Slot,
) -> Result<Vec<Occupied>, Fail> {
    let (from, until) = known.zone.range(slot);
    let mut taken = list_closures(tx, known, from, until)?;
    for leaf in known.centre.leaves(room) {
        let values = [(&known.centre.id).into(), leaf.into(), from.into()];
        for row in tx.all(NEXT_TAKEN, &values)? {
            taken.push(read_occupied(known, &row)?);
        }
    }
    Ok(taken)
}

/// What takes the floor of one room in `range`, closures included: what a series is decided by.
///
/// # Errors
/// When the database fails.
pub fn list_taken_of_room(
    tx: &mut Tx<'_>,
    known: &Known,
    room: &RoomId,
    range: Slot,
) -> Result<Vec<Occupied>, Fail> {
    let (from, until) = known.zone.range(range);
    let mut taken = list_closures(tx, known, from, until)?;
    for leaf in known.centre.leaves(room) {
        let rows = tx.all(
            "select b.room_id, b.starts_at, b.ends_at, b.before_minutes, b.after_minutes, b.state, b.title_zh, b.title_en,
            null as activity_id, null as left_over, null as waiting
            from taken t join booking b on b.centre_id = t.centre_id and b.id = t.booking_id
            where t.centre_id = $1 and t.room_id = $2 and t.until_at > $3 and t.from_at < $4",
            &[
                (&known.centre.id).into(),
                leaf.into(),
                from.into(),
                until.into(),
            ],
        )?;
        for row in &rows {
            taken.push(read_occupied(known, row)?);
        }
    }
    Ok(taken)
}

fn read_occupied(known: &Known, row: &Row) -> Result<Occupied, Fault> {
    let title = match (
        row.get::<Option<String>>("title_zh")?,
        row.get::<Option<String>>("title_en")?,
    ) {
        (Some(zh), Some(en)) => Some(Name { zh, en }),
        _ => None,
    };
    let requested = row.get::<String>("state")? == BookingState::Requested.code();
    Ok(Occupied {
        room: row.get("room_id")?,
        start: known.zone.stamp(row.get("starts_at")?),
        end: known.zone.stamp(row.get("ends_at")?),
        before: row.get("before_minutes")?,
        after: row.get("after_minutes")?,
        by: if requested {
            Occupation::Requested
        } else {
            Occupation::Booked
        },
        title,
        activity: row.get("activity_id")?,
        left: row
            .get::<Option<u16>>("left_over")?
            .zip(row.get::<Option<u16>>("waiting")?)
            .map(|(left, waiting)| left_for_new(left, waiting)),
    })
}

fn list_closures(
    tx: &mut Tx<'_>,
    known: &Known,
    from: i64,
    until: i64,
) -> Result<Vec<Occupied>, Fail> {
    let rows = tx.all(
        "select room_id, starts_at, ends_at, reason_zh, reason_en from closure
        where centre_id = $1 and ends_at > $2 and starts_at < $3 order by starts_at, id",
        &[(&known.centre.id).into(), from.into(), until.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Occupied {
                room: row.get("room_id")?,
                start: known.zone.stamp(row.get("starts_at")?),
                end: known.zone.stamp(row.get("ends_at")?),
                before: 0,
                after: 0,
                by: Occupation::Closed,
                title: Some(Name {
                    zh: row.get("reason_zh")?,
                    en: row.get("reason_en")?,
                }),
                activity: None,
                left: None,
            })
        })
        .collect()
}

/// What is out of use between two moments in seconds UTC, on the wall of a zone.
pub(crate) fn list_closed(
    tx: &mut Tx<'_>,
    (known, zone): (&Known, &Zone),
    from: i64,
    until: i64,
) -> Result<Vec<Closure>, Fail> {
    let closures = list_closures(tx, known, from, until)?;
    let closed = closures.into_iter().map(|one| Closure {
        room: one.room,
        start: zone.stamp(one.start.utc()).local,
        end: zone.stamp(one.end.utc()).local,
        reason: one.title.unwrap_or_default(),
    });
    Ok(closed.collect())
}
