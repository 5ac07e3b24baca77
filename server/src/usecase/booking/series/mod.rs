//! Series of bookings: planned date by date, booked as a whole, read and taken back.

pub mod plan;

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    api::{NewSeries, Series, SeriesDate, SeriesMade, SeriesPlan},
    audit::Act,
    booking::{self, BookingState, admission::Admission, refusal::Refusal, series::Quotas},
    id::{BookingId, CentreId, PersonId, RoomId, SeriesId},
    person::permission,
    problem::Problem,
    recurrence::Recurrence,
    time::Date,
};

use self::plan::{Asked, Terms, decide, range_of, read, read_history_of};
use crate::{
    clock,
    db::{Fail, Tx},
    usecase::{
        audit::{Note, describe_booking},
        booking::{
            along,
            decide::{ask_again, decline_outbid},
            end::end,
            floor::{lock_rooms, read_slot},
            rows::{Found, NewRow, find, insert},
            waitlist::{self, note_booked},
        },
        call::Call,
        centre::known::Known,
    },
};

/// Locks the person and the floor of what is wanted. Whoever waits for one of its dates comes first.
pub(crate) fn lock_wanted(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    asked: &Asked,
) -> Result<(), Fail> {
    let rooms: BTreeSet<&RoomId> = asked.wanted.iter().map(|one| &one.room).collect();
    lock_rooms(tx, known, Some(&asked.behalf.person), rooms.iter().copied())?;
    for room in rooms {
        waitlist::settle(tx, call, known, room, range_of(asked))?;
    }
    Ok(())
}

/// [`domain::api::BookSeries`].
///
/// # Errors
/// As [`plan`].
pub fn book(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
    new: NewSeries,
) -> Result<SeriesPlan, Fail> {
    let known = call.centres.hold(tx, &centre)?;
    let asked = read(tx, call, &known, &new)?;
    lock_wanted(tx, call, &known, &asked)?;
    let history = read_history_of(tx, call, &known, &asked)?;
    let terms = Terms {
        history: &history,
        quotas: Quotas::Counted,
    };
    let plan = SeriesPlan {
        dates: decide(tx, call, &known, &asked, terms)?,
        rooms: Vec::new(),
        made: None,
    };
    let all: Option<Vec<Admission>> = plan.dates.iter().map(|date| date.admission).collect();
    let Some(admissions) = all else {
        call.unchanged();
        return Ok(plan);
    };
    let id = SeriesId::new(clock::new_id(call.now_ms));
    tx.exec(
        "insert into series (centre_id, id, rule, first_day, made_at) values ($1, $2, $3, $4, $5)",
        &[
            (&centre).into(),
            (&id).into(),
            new.rule.to_string().as_str().into(),
            new.start.date().to_string().as_str().into(),
            call.now().into(),
        ],
    )?;
    let mut first = None;
    for (date, admission) in plan.dates.iter().zip(admissions) {
        let booking = add(tx, call, &known, &asked, (&id, date, admission))?;
        first.get_or_insert(booking);
    }
    let made = first.map(|first| SeriesMade {
        id,
        first,
        undo_until: known.zone.stamp(booking::undo_until(call.now())),
    });
    Ok(SeriesPlan { made, ..plan })
}

/// Stores one date.
fn add(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    asked: &Asked,
    (series, date, admission): (&SeriesId, &SeriesDate, Admission),
) -> Result<BookingId, Fail> {
    let place = &date.place;
    let room = known.centre.room(&place.room).ok_or(Problem::NotFound)?;
    let slot = read_slot(known, room, place.start, place.end)?;
    let id = BookingId::new(clock::new_id(call.now_ms));
    let row = NewRow {
        id: &id,
        room: &room.id,
        slot,
        rules: &known.centre.rules_of(room),
        people: asked.ask.people,
        purpose: asked.ask.purpose,
        note: &asked.note,
        title: None,
        series: Some(series),
        on: Some(date.on),
        state: admission.state(),
        actor: call.person()?,
        beneficiary: &asked.behalf.person,
        channel: asked.behalf.channel,
        made_at: call.now(),
    };
    insert(tx, known, &row)?;
    note_booked(tx, call, known, (&asked.behalf.person, &room.id, slot))?;
    let made = find(tx, call, &known.centre.id, &id)?;
    let note = Note::at(Act::Booked, &known.centre.id).of(&asked.behalf.person);
    note.by(asked.behalf.channel)
        .about(describe_booking(&made.booking, ""))
        .write(tx, call)?;
    decline_outbid(tx, call, known, &made)?;
    Ok(id)
}

/// Locks the floor of every booking of a series, with the person, and gives them as they are then.
fn lock(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (&CentreId, &SeriesId),
) -> Result<(Arc<Known>, Vec<Found>), Fail> {
    call.person()?;
    let known = call.centres.hold(tx, centre)?;
    let before = along::list(tx, call, centre, id)?;
    let person = before.first().ok_or(Problem::NotFound)?.beneficiary.clone();
    let rooms = before.iter().map(|found| &found.booking.room);
    lock_rooms(tx, &known, Some(&person), rooms)?;
    Ok((known, along::list(tx, call, centre, id)?))
}

/// [`domain::api::GetSeries`].
///
/// # Errors
/// When there is none that the caller may see.
pub fn get(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, SeriesId),
) -> Result<Series, Fail> {
    call.person()?;
    let all = along::list(tx, call, &centre, &id)?;
    let mine =
        |found: &Found| permission::may_see_booking(&call.actor, &centre, &found.beneficiary);
    if all.is_empty() || !all.iter().all(mine) {
        return Err(Problem::NotFound.into());
    }
    let (rule, _) = read_rule(tx, &centre, &id)?;
    Ok(Series {
        id,
        rule,
        bookings: all.into_iter().map(|found| found.booking).collect(),
    })
}

/// The rule of a series, and the day that it is counted from.
pub(crate) fn read_rule(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    id: &SeriesId,
) -> Result<(Recurrence, Date), Fail> {
    let row = tx.opt(
        "select rule, first_day from series where centre_id = $1 and id = $2",
        &[centre.into(), id.into()],
    )?;
    let row = row.ok_or(Problem::NotFound)?;
    let rule = Recurrence::parse(&row.get::<String>("rule")?).ok_or(Problem::NotFound)?;
    let first = Date::parse(&row.get::<String>("first_day")?).ok_or(Problem::NotFound)?;
    Ok((rule, first))
}

/// [`domain::api::UndoSeries`].
///
/// # Errors
/// When the ten minutes are over, somebody else made it, or nothing of it stands.
pub fn undo(
    tx: &mut Tx<'_>,
    call: &Call,
    path: (CentreId, SeriesId),
    (): (),
) -> Result<Series, Fail> {
    let (known, all) = lock(tx, call, (&path.0, &path.1))?;
    let actor: &PersonId = &all.first().ok_or(Problem::NotFound)?.actor;
    call.need(permission::may_undo_booking(&call.actor, actor))?;
    let live: Vec<_> = all
        .iter()
        .filter(|one| one.booking.state.is_live())
        .collect();
    if live.is_empty() {
        return Err(Refusal::Over.into());
    }
    for found in live {
        found.booking.may_be_undone(call.now())?;
        end(tx, call, &known, found, BookingState::Undone, "")?;
        ask_again(tx, call, &known, &found.booking.id, None)?;
    }
    get(tx, call, path)
}
