//! Closures: rooms put out of use and opened again.

use std::collections::BTreeMap;

use domain::{
    api::{ClosureCard, Consequences, Made, NewClosure},
    audit::{Act, Subject},
    booking::MOST_TEXT,
    centre::closure::{Closure, LONGEST_DAYS},
    id::{CentreId, ConsequenceId, RoomId},
    language::Name,
    person::permission,
    problem::{Problem, TextFault, typed},
    time::DAY,
};

use crate::{
    clock,
    db::{Fail, Row, Tx},
    usecase::{
        audit::Note,
        booking::end::tell_moved,
        call::Call,
        centre::{
            consequence::{self, Because, Planned, UNDONE_WITHIN, Unfit},
            known::{Known, tell},
            occupancy::list_closed,
        },
    },
};

/// The most rooms that one act closes.
const MOST_ROOMS: usize = 500;

/// Puts a room out of use, whatever is booked in it.
///
/// # Errors
/// When the database fails.
pub fn close(
    tx: &mut Tx<'_>,
    now_ms: i64,
    known: &Known,
    closure: &Closure,
    act: Option<&ConsequenceId>,
) -> Result<(), Fail> {
    let (from, until) = (
        known.zone.utc_or_next(closure.start),
        known.zone.utc_or_next(closure.end),
    );
    tx.exec(
        "insert into closure (centre_id, id, room_id, starts_at, ends_at, reason_zh, reason_en, consequence_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            (&known.centre.id).into(),
            clock::new_id(now_ms).into(),
            (&closure.room).into(),
            from.into(),
            until.into(),
            closure.reason.zh.as_str().into(),
            closure.reason.en.as_str().into(),
            act.map(ConsequenceId::as_str).into(),
        ],
    )?;
    tell(tx, known, from, until);
    Ok(())
}

/// What is to be closed, as it was asked for.
fn read_new(call: &Call, known: &Known, new: &NewClosure) -> Result<Vec<Closure>, Problem> {
    let reason = typed("reason", &new.reason, MOST_TEXT, true)?;
    let zone = &known.zone;
    let now = zone.stamp(call.now()).local;
    let minutes = new.end.minutes() - new.start.minutes();
    if minutes <= 0 || minutes > LONGEST_DAYS * DAY || new.end <= now {
        return Err(Problem::field("end", TextFault::OutOfRange));
    }
    if new.start.date() > now.date().plus(2 * LONGEST_DAYS) {
        return Err(Problem::field("start", TextFault::OutOfRange));
    }
    if new.rooms.is_empty() || new.rooms.len() > MOST_ROOMS {
        return Err(Problem::field("rooms", TextFault::Missing));
    }
    let mut rooms: Vec<&RoomId> = new.rooms.iter().collect();
    rooms.sort_unstable();
    rooms.dedup();
    let closures = rooms.into_iter().map(|room| {
        known.centre.room(room).ok_or(Problem::NotFound)?;
        Ok(Closure {
            room: room.clone(),
            // What has passed of it does not matter.
            start: new.start.max(now),
            end: new.end,
            reason: Name::new(reason.clone(), reason.clone()),
        })
    });
    closures.collect()
}

/// [`domain::api::CloseRooms`]. Nothing is done as long as a booking that it hits has no decision: all of them are carried out
/// with it, or nothing is.
///
/// # Errors
/// For everybody but staff, where a field cannot be meant, and where a booking cannot go where it was sent.
pub fn close_rooms(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
    new: NewClosure,
) -> Result<Consequences, Fail> {
    call.need(permission::may_close_rooms(&call.actor, &centre))?;
    let known = call.centres.lock(tx, &centre)?;
    let closing = read_new(call, &known, &new)?;
    let between = match closing.first() {
        Some(one) => (
            known.zone.utc_or_next(one.start),
            known.zone.utc_or_next(one.end),
        ),
        None => return Err(Problem::field("rooms", TextFault::Missing).into()),
    };
    let mut closures = list_closed(tx, (&known, &known.zone), between.0, between.1)?;
    closures.extend(closing.iter().cloned());
    let planned = Planned {
        centre: &known.centre,
        zone: &known.zone,
        was: &known.zone,
        closures: &closures,
        between,
    };
    let hits = consequence::find_hits(tx, call, &known, planned)?;
    let fit = consequence::check(call, planned, &hits, &new.decisions);
    if new.preview || matches!(fit, Err(Unfit::Undecided | Unfit::NotHit(_))) {
        // Also where others booked or cancelled since it was looked at: what it hits now is shown.
        call.unchanged();
        let taken = consequence::read_taken_beside(tx, (call, &known), &hits)?;
        return Ok(Consequences {
            hits: consequence::describe(tx, call, &known, planned, &hits, &taken)?,
            made: None,
            ..Consequences::default()
        });
    }
    if fit.is_err() {
        return Err(Problem::field("decisions", TextFault::OutOfRange).into());
    }
    let id = ConsequenceId::new(clock::new_id(call.now_ms));
    let done = consequence::carry_out(tx, call, planned, &hits, &new.decisions, &[])?;
    for one in &closing {
        close(tx, call.now_ms, &known, one, Some(&id))?;
    }
    consequence::take_floor(tx, call, &known, &done.moved, Because::Changed)?;
    tell_moved(tx, call, &known, &done.moved)?;
    consequence::keep(tx, call, (&centre, &id), &done)?;
    note(tx, call, &known, Act::RoomsClosed, &closing)?;
    Ok(Consequences {
        made: Some(Made {
            id,
            undo_until: known.zone.stamp(call.now() + UNDONE_WITHIN),
            revision: 0,
        }),
        ..Consequences::default()
    })
}

pub(crate) fn note(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    act: Act,
    closures: &[Closure],
) -> Result<(), Fail> {
    let Some(first) = closures.first() else {
        return Ok(());
    };
    let names = closures
        .iter()
        .filter_map(|one| known.centre.room(&one.room))
        .map(|room| &room.name);
    let (zh, en): (Vec<_>, Vec<_>) = names
        .take(5)
        .map(|name| (name.zh.clone(), name.en.clone()))
        .unzip();
    let more = if closures.len() > 5 { " …" } else { "" };
    let subject = Subject {
        what: Some(Name::new(
            format!("{}{more}", zh.join("、")),
            format!("{}{more}", en.join(", ")),
        )),
        start: Some(first.start),
        reason: first.reason.zh.clone(),
        ..Subject::default()
    };
    let note = Note::at(act, &known.centre.id).about(subject);
    note.write(tx, call)
}

const OF_ACT: &str = "select c.room_id, c.starts_at, c.ends_at, c.reason_zh, c.reason_en
    from closure c where c.centre_id = $1 and c.consequence_id = $2 and c.ends_at > $3 order by c.room_id";

fn read_closure(known: &Known, row: &Row) -> Result<Closure, Fail> {
    Ok(Closure {
        room: row.get("room_id")?,
        start: known.zone.stamp(row.get("starts_at")?).local,
        end: known.zone.stamp(row.get("ends_at")?).local,
        reason: Name {
            zh: row.get("reason_zh")?,
            en: row.get("reason_en")?,
        },
    })
}

/// [`domain::api::ListClosures`].
///
/// # Errors
/// For everybody but staff.
pub fn list(tx: &mut Tx<'_>, call: &Call, centre: CentreId) -> Result<Vec<ClosureCard>, Fail> {
    call.need(permission::may_close_rooms(&call.actor, &centre))?;
    let known = call.centres.get(tx, &centre)?;
    let rows = tx.all(
        "select coalesce(c.consequence_id, c.id) as act, c.room_id, c.starts_at, c.ends_at, c.reason_zh, c.reason_en,
            q.made_ms, nullif(p.name, '') as by_name
        from closure c
        left join consequence q on q.centre_id = c.centre_id and q.id = c.consequence_id
        left join person p on p.id = q.actor_id
        where c.centre_id = $1 and c.ends_at > $2 order by c.starts_at, act, c.room_id",
        &[(&centre).into(), call.now().into()],
    )?;
    let mut cards: Vec<ClosureCard> = Vec::new();
    let mut places: BTreeMap<ConsequenceId, usize> = BTreeMap::new();
    for row in &rows {
        let id: ConsequenceId = row.get("act")?;
        let room: RoomId = row.get("room_id")?;
        if let Some(card) = places.get(&id).and_then(|at| cards.get_mut(*at)) {
            card.rooms.push(room);
            continue;
        }
        let until = row
            .get::<Option<i64>>("made_ms")?
            .map(|made| made / 1000 + UNDONE_WITHIN);
        places.insert(id.clone(), cards.len());
        cards.push(ClosureCard {
            id,
            rooms: vec![room],
            start: known.zone.stamp(row.get("starts_at")?),
            end: known.zone.stamp(row.get("ends_at")?),
            reason: Name {
                zh: row.get("reason_zh")?,
                en: row.get("reason_en")?,
            },
            by: row.get("by_name")?,
            undo_until: until
                .filter(|until| *until >= call.now())
                .map(|until| known.zone.stamp(until)),
        });
    }
    Ok(cards)
}

/// [`domain::api::ReopenRooms`]. What it did to bookings stays.
///
/// # Errors
/// For everybody but staff, and where it is over.
pub fn reopen(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, ConsequenceId),
    (): (),
) -> Result<Vec<ClosureCard>, Fail> {
    call.need(permission::may_close_rooms(&call.actor, &centre))?;
    let known = call.centres.hold(tx, &centre)?;
    let closures = take_out(tx, call, &known, &id)?;
    tx.exec(
        "update closure set ends_at = $3 where centre_id = $1 and consequence_id = $2 and ends_at > $3 and starts_at < $3",
        &[(&centre).into(), (&id).into(), call.now().into()],
    )?;
    delete_from(tx, &centre, &id, call.now())?;
    if closures.is_empty() {
        return Err(Problem::Overtaken.into());
    }
    note(tx, call, &known, Act::RoomsReopened, &closures)?;
    list(tx, call, centre)
}

pub(crate) fn delete_from(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    id: &ConsequenceId,
    from: i64,
) -> Result<(), Fail> {
    tx.exec(
        "delete from closure where centre_id = $1 and consequence_id = $2 and starts_at >= $3",
        &[centre.into(), id.into(), from.into()],
    )?;
    Ok(())
}

/// What is still out of use by an act, or by an id of its own where no act is known; open pages are told that it ends.
pub(crate) fn take_out(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    id: &ConsequenceId,
) -> Result<Vec<Closure>, Fail> {
    let centre = &known.centre.id;
    let now = call.now();
    tx.exec(
        "update closure set consequence_id = id where centre_id = $1 and id = $2 and consequence_id is null",
        &[centre.into(), id.into()],
    )?;
    let rows = tx.all(OF_ACT, &[centre.into(), id.into(), now.into()])?;
    for row in &rows {
        tell(tx, known, row.get("starts_at")?, row.get("ends_at")?);
    }
    rows.iter().map(|row| read_closure(known, row)).collect()
}
