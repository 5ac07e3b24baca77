//! Centres: what they are, and what takes their rooms.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use domain::{
    api::{CentreCard, CentreView, Change, MOST_DAYS, Occupancy},
    availability::{Occupation, Occupied},
    booking::BookingState,
    centre::Centre,
    id::{ActivityId, CentreId, RoomId},
    problem::{Problem, TextFault},
    rules::LONGEST,
    text::Name,
    time::{Date, Slot},
    validate::{self, Fault as PlanFault},
};

use super::Call;
use crate::{
    clock,
    db::{Fail, Fault, Locking, Row, Tx, locking},
    zone::Zone,
};

/// A centre as the server keeps it at hand.
#[derive(Debug)]
pub struct Known {
    /// The centre.
    pub centre: Centre,
    /// Its revision.
    pub revision: i64,
    /// Its time zone.
    pub zone: Zone,
}

const REVISION: Locking = locking!("select revision from centre where id = $1", "for share");

/// The centres that were asked for, kept until they change.
#[derive(Debug, Default)]
pub struct Centres(RwLock<HashMap<CentreId, Arc<Known>>>);

impl Centres {
    /// The centre as it is now and stays until the transaction ends: nobody divides its rooms meanwhile.
    ///
    /// # Errors
    /// [`Problem::NotFound`] when there is none.
    pub fn hold(&self, tx: &mut Tx<'_>, id: &CentreId) -> Result<Arc<Known>, Fail> {
        let row = tx.opt_locked(&REVISION, &[id.into()])?;
        self.known(tx, id, row)
    }

    /// The centre as it is now.
    ///
    /// # Errors
    /// [`Problem::NotFound`] when there is none.
    pub fn get(&self, tx: &mut Tx<'_>, id: &CentreId) -> Result<Arc<Known>, Fail> {
        let row = tx.opt(REVISION.plain, &[id.into()])?;
        self.known(tx, id, row)
    }

    /// The centre of a revision, read again only if another is at hand.
    fn known(
        &self,
        tx: &mut Tx<'_>,
        id: &CentreId,
        revision: Option<Row>,
    ) -> Result<Arc<Known>, Fail> {
        let revision: i64 = revision.ok_or(Problem::NotFound)?.get(0)?;
        let known = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(id)
            .cloned();
        if let Some(known) = known.filter(|known| known.revision == revision) {
            return Ok(known);
        }
        let document: String = tx
            .one("select document from centre where id = $1", &[id.into()])?
            .get(0)?;
        let known = Arc::new(read(&document, revision)?);
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id.clone(), Arc::clone(&known));
        Ok(known)
    }
}

fn read(document: &str, revision: i64) -> Result<Known, Fault> {
    let broken = |cause: String| Fault {
        kind: crate::db::FaultKind::Unavailable,
        cause,
    };
    let centre: Centre =
        serde_json::from_str(document).map_err(|cause| broken(cause.to_string()))?;
    let zone =
        Zone::parse(&centre.zone).ok_or_else(|| broken(format!("unknown zone {}", centre.zone)))?;
    Ok(Known {
        centre,
        revision,
        zone,
    })
}

/// [`domain::api::ListCentres`].
///
/// # Errors
/// When the database fails.
pub fn list(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<CentreCard>, Fail> {
    let rows = tx.all("select id from centre order by position, id", &[])?;
    rows.iter()
        .map(|row| {
            let known = call
                .centres
                .get(tx, &CentreId::new(row.get::<String>(0)?))?;
            let Centre {
                id, name, address, ..
            } = known.centre.clone();
            Ok(CentreCard { id, name, address })
        })
        .collect()
}

/// [`domain::api::GetCentre`].
///
/// # Errors
/// When there is none.
pub fn get(tx: &mut Tx<'_>, call: &Call, id: CentreId) -> Result<CentreView, Fail> {
    let known = call.centres.get(tx, &id)?;
    Ok(CentreView {
        centre: known.centre.clone(),
        revision: known.revision,
        offset: known.zone.offset(call.now()),
        next_offset: known.zone.next_change(call.now()),
    })
}

/// [`domain::api::GetOccupancy`].
///
/// # Errors
/// When there is no such centre, or too many days are asked for.
pub fn occupancy(
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
        taken: taken(tx, &known, range)?,
    })
}

/// The earliest start that can reach into something that begins at `from`, in seconds UTC.
pub(super) fn reach(from: i64) -> i64 {
    from - (i64::from(LONGEST) + 4 * 60) * 60
}

const TAKEN: &str =
    "select b.room_id, b.starts_at, b.ends_at, b.before_minutes, b.after_minutes, b.state, b.title_zh, b.title_en,
    s.activity_id, l.places - l.taken, l.waiting
    from booking b
    left join activity_session s on s.centre_id = b.centre_id and s.booking_id = b.id
    left join place_list l on l.centre_id = s.centre_id and l.id = s.list_id
    where b.centre_id = $1 and b.starts_at > $2 and b.starts_at < $3
    and b.state in ('requested', 'confirmed') order by b.starts_at, b.id";

/// Rows of `taken` never overlap in a room, so the first that ends after a moment is the only one that can be in the way.
const NEXT_TAKEN: &str = "select b.room_id, b.starts_at, b.ends_at, b.before_minutes, b.after_minutes, b.state, b.title_zh, b.title_en,
    null, null, null
    from taken t join booking b on b.centre_id = t.centre_id and b.id = t.booking_id
    where t.centre_id = $1 and t.room_id = $2 and t.until_at > $3 order by t.until_at limit 1";

/// What takes the centre's rooms in `range`.
///
/// # Errors
/// When the database fails.
pub fn taken(tx: &mut Tx<'_>, known: &Known, range: Slot) -> Result<Vec<Occupied>, Fail> {
    let (from, until) = known.zone.range(range);
    let values = [(&known.centre.id).into(), reach(from).into(), until.into()];
    let rows = tx.all(TAKEN, &values)?;
    let mut taken = rows
        .iter()
        .map(|row| occupied(known, row))
        .collect::<Result<Vec<_>, Fault>>()?;
    taken.retain(|one| one.end.local > range.start());
    taken.extend(closures(tx, known, from, until)?);
    Ok(taken)
}

/// What stands against a booking of `room` in `slot`, set-up and clearing away included: at most one entry for each of
/// its smallest parts, and closures. A decision needs no more, however full the house is.
///
/// # Errors
/// When the database fails.
pub fn in_the_way(
    tx: &mut Tx<'_>,
    known: &Known,
    room: &RoomId,
    slot: Slot,
) -> Result<Vec<Occupied>, Fail> {
    let (from, until) = known.zone.range(slot);
    let mut taken = closures(tx, known, from, until)?;
    for leaf in known.centre.leaves(room) {
        let values = [(&known.centre.id).into(), leaf.into(), from.into()];
        for row in tx.all(NEXT_TAKEN, &values)? {
            taken.push(occupied(known, &row)?);
        }
    }
    Ok(taken)
}

fn occupied(known: &Known, row: &Row) -> Result<Occupied, Fault> {
    let title = match (row.get::<Option<String>>(6)?, row.get::<Option<String>>(7)?) {
        (Some(zh), Some(en)) => Some(Name { zh, en }),
        _ => None,
    };
    let requested = row.get::<String>(5)? == BookingState::Requested.code();
    Ok(Occupied {
        room: RoomId::new(row.get::<String>(0)?),
        start: known.zone.stamp(row.get(1)?),
        end: known.zone.stamp(row.get(2)?),
        before: row.get(3)?,
        after: row.get(4)?,
        by: if requested {
            Occupation::Requested
        } else {
            Occupation::Booked
        },
        title,
        activity: row.get::<Option<String>>(8)?.map(ActivityId::new),
        // Whoever waits comes before whoever is new.
        left: match (row.get::<Option<i64>>(9)?, row.get::<Option<i64>>(10)?) {
            (Some(left), Some(0)) => u16::try_from(left).ok(),
            (left, _) => left.map(|_| 0),
        },
    })
}

fn closures(tx: &mut Tx<'_>, known: &Known, from: i64, until: i64) -> Result<Vec<Occupied>, Fail> {
    let rows = tx.all(
        "select room_id, starts_at, ends_at, reason_zh, reason_en from closure
        where centre_id = $1 and ends_at > $2 and starts_at < $3 order by starts_at, id",
        &[(&known.centre.id).into(), from.into(), until.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Occupied {
                room: RoomId::new(row.get::<String>(0)?),
                start: known.zone.stamp(row.get(1)?),
                end: known.zone.stamp(row.get(2)?),
                before: 0,
                after: 0,
                by: Occupation::Closed,
                title: Some(Name {
                    zh: row.get(3)?,
                    en: row.get(4)?,
                }),
                activity: None,
                left: None,
            })
        })
        .collect()
}

/// A room that is out of use for a time.
#[derive(Clone, Debug)]
pub struct Closure {
    /// The room.
    pub room: RoomId,
    /// When.
    pub slot: Slot,
    /// Why, as people read it.
    pub reason: Name,
}

/// Puts a room out of use.
///
/// # Errors
/// When the database fails.
pub fn close(tx: &mut Tx<'_>, now_ms: i64, known: &Known, closure: &Closure) -> Result<(), Fail> {
    let (from, until) = known.zone.range(closure.slot);
    tx.exec(
        "insert into closure (centre_id, id, room_id, starts_at, ends_at, reason_zh, reason_en)
        values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            (&known.centre.id).into(),
            clock::new_id(now_ms).into(),
            (&closure.room).into(),
            from.into(),
            until.into(),
            closure.reason.zh.as_str().into(),
            closure.reason.en.as_str().into(),
        ],
    )?;
    tell(tx, known, from, until);
    Ok(())
}

/// Tells open pages that something changed between two moments in seconds UTC.
pub(super) fn tell(tx: &mut Tx<'_>, known: &Known, from: i64, until: i64) {
    let day = |utc| known.zone.stamp(utc).local.date();
    tx.tell(
        &known.centre.id,
        Change {
            from: day(from),
            to: day(until),
        },
    );
}

/// Why a centre cannot be saved.
#[derive(Debug)]
pub enum NotSaved {
    /// Its description is at fault.
    Faults(Vec<PlanFault>),
    /// Its time zone is unknown.
    Zone(String),
    /// Rooms that have bookings to come are missing in it.
    RoomsInUse(Vec<RoomId>),
}

/// Saves a new centre or a new description of one, after the validator had its say.
///
/// # Errors
/// When the database fails. What is wrong with the description comes back inside.
pub fn save(tx: &mut Tx<'_>, now: i64, centre: &Centre) -> Result<Result<(), NotSaved>, Fail> {
    let faults = validate::faults(centre);
    if !faults.is_empty() {
        return Ok(Err(NotSaved::Faults(faults)));
    }
    let Some(zone) = Zone::parse(&centre.zone) else {
        return Ok(Err(NotSaved::Zone(centre.zone.clone())));
    };
    let id = &centre.id;
    let rows = tx.all(
        "select distinct room_id from booking where centre_id = $1 and starts_at > $2
        and state in ('requested', 'confirmed')",
        &[id.into(), reach(now).into()],
    )?;
    let used = rows.iter().map(|row| row.get::<String>(0).map(RoomId::new));
    let used = used.collect::<Result<Vec<_>, Fault>>()?;
    let missing: Vec<_> = used
        .into_iter()
        .filter(|room| centre.room(room).is_none())
        .collect();
    if !missing.is_empty() {
        return Ok(Err(NotSaved::RoomsInUse(missing)));
    }
    let document = serde_json::to_string(centre).unwrap_or_default();
    let changed = tx.exec(
        "update centre set revision = revision + 1, document = $2 where id = $1",
        &[id.into(), document.as_str().into()],
    )?;
    if changed == 0 {
        let next: i64 = tx
            .one("select coalesce(max(position), 0) + 1 from centre", &[])?
            .get(0)?;
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
        let room = RoomId::new(row.get::<String>(1)?);
        let (from, until): (i64, i64) = (row.get(2)?, row.get(3)?);
        let (before, after): (i64, i64) = (row.get(4)?, row.get(5)?);
        let (from, until) = (from - before * 60, until + after * 60);
        for leaf in centre.leaves(&room).into_iter().filter(|_| until > now) {
            tx.exec(
                "insert into taken (centre_id, room_id, from_at, until_at, booking_id) values ($1, $2, $3, $4, $5)",
                &[
                    (&centre.id).into(),
                    leaf.into(),
                    from.into(),
                    until.into(),
                    row.get::<String>(0)?.into(),
                ],
            )?;
        }
    }
    Ok(())
}
