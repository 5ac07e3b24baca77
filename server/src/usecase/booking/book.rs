//! Booking a room: gather what the decision needs, decide, write, tell.

use domain::{
    api::NewBooking,
    audit::Act,
    booking::{
        Booking, MOST_TEXT,
        admission::{Admission, Ask, History, Own, Situation},
        refusal::Refusal,
        series::Place,
    },
    centre::{
        room::Room,
        rules::{LONGEST, Rules},
    },
    id::{BookingId, CentreId, PersonId},
    person::{behalf::Behalf, permission},
    problem::{Problem, TextFault, typed},
    time::{LocalTime, Slot},
};

use crate::{
    clock,
    db::{Fail, Tx},
    usecase::{
        audit::{Note, describe_booking},
        booking::{
            decide::decline_outbid,
            floor::{lock, read_timeline},
            rows::{NewRow, find, insert, list_no_shows},
        },
        call::Call,
        centre::known::{Known, reach},
        person::behalf,
    },
};

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
    let Behalf { person, channel } = behalf::resolve_beneficiary(tx, call, &centre, new.behalf)?;
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
    let slot = read_slot(&known, room, new.start, new.end).map_err(refused)?;
    lock(tx, &known, Some(&person), &room.id)?;
    let ask = Ask {
        room: room.id.clone(),
        slot,
        people: new.people,
        purpose: new.purpose,
    };
    let history = read_history(tx, &known, &person, slot, call.now())?;
    let (admission, rules) = admit(tx, call, &known, room, &ask, &history)?.map_err(refused)?;

    let id = BookingId::new(clock::new_id(call.now_ms));
    let state = admission.state();
    let row = NewRow {
        id: &id,
        room: &room.id,
        slot,
        rules: &rules,
        people: new.people,
        purpose: new.purpose,
        note: &note,
        title: None,
        series: None,
        on: None,
        state,
        actor: &me,
        beneficiary: &person,
        channel,
        made_at: call.now(),
    };
    insert(tx, &known, &row)?;
    let made = find(tx, call, &centre, &id)?;
    let note = Note::at(Act::Booked, &centre).of(&person).by(channel);
    note.about(describe_booking(&made.booking, ""))
        .write(tx, call)?;
    decline_outbid(tx, call, &known, &made)?;
    Ok(made.booking)
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

/// Decides about `ask` by the rules, which it gives back as well. The room must be locked.
pub(crate) fn admit(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    room: &Room,
    ask: &Ask,
    history: &History,
) -> Result<Result<(Admission, Rules), Refusal>, Fail> {
    let situation = Situation {
        centre: &known.centre,
        actor: &call.actor,
        history,
        now: known.zone.stamp(call.now()).local,
    };
    let rules = known.centre.rules_of(room);
    let buffers = (rules.buffer_before, rules.buffer_after);
    let line = read_timeline(tx, known, room, ask.slot, buffers)?;
    Ok(situation
        .decide(room, &line, ask)
        .map(|admission| (admission, rules)))
}

/// What counts when the person asks for `slot`: their bookings, as far as quotas ask, and no-shows. A club's sessions are the club's.
pub(crate) fn read_history(
    tx: &mut Tx<'_>,
    known: &Known,
    person: &PersonId,
    slot: Slot,
    now: i64,
) -> Result<History, Fail> {
    let date = slot.start().date();
    let (year, month, _) = date.ymd();
    let first = domain::time::Date::new(year, month, 1).unwrap_or(date);
    let from = known
        .zone
        .utc_or_next(first.min(date.monday()).at(0))
        .min(now);
    let mut household = Vec::new();
    if known.centre.rules.count_households() {
        let others = tx.all(
            "select o.id from person p join person o on o.household_id = p.household_id and o.id <> p.id where p.id = $1",
            &[person.into()],
        )?;
        for other in &others {
            household.extend(read_own(tx, known, &other.get("id")?, from)?);
        }
    }
    Ok(History {
        own: read_own(tx, known, person, from)?,
        household,
        no_shows: list_no_shows(tx, known, person, now)?,
    })
}

/// [`domain::api::GetHouseholdUse`].
///
/// # Errors
/// For a visitor.
pub fn list_household_use(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
) -> Result<Vec<Place>, Fail> {
    let person = call.person()?.clone();
    let known = call.centres.get(tx, &centre)?;
    let today = known.zone.stamp(call.now()).local.date();
    let history = read_history(tx, &known, &person, today.whole(), call.now())?;
    let place = |own: Own| Place {
        room: own.room,
        start: own.slot.start(),
        end: own.slot.end(),
    };
    Ok(history.household.into_iter().map(place).collect())
}

/// The bookings of somebody at a centre that count in quotas, from a moment in seconds UTC on.
fn read_own(
    tx: &mut Tx<'_>,
    known: &Known,
    person: &PersonId,
    from: i64,
) -> Result<Vec<Own>, Fail> {
    let rows = tx.all(
        "select id, room_id, starts_at, ends_at from booking
        where beneficiary_id = $1 and starts_at > $2 and centre_id = $3 and state in ('requested', 'confirmed')
        and title_zh is null",
        &[person.into(), reach(from).into(), (&known.centre.id).into()],
    )?;
    let mut own = Vec::with_capacity(rows.len());
    for row in &rows {
        let start = known.zone.stamp(row.get("starts_at")?).local;
        let end = known.zone.stamp(row.get("ends_at")?).local;
        if let Some(slot) = Slot::new(start, end) {
            own.push(Own {
                booking: row.get("id")?,
                room: row.get("room_id")?,
                slot,
            });
        }
    }
    Ok(own)
}
