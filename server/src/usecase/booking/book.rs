//! Booking a room: gather what the decision needs, decide, write, tell.

use domain::{
    api::NewBooking,
    audit::Act,
    booking::{
        Booking, MOST_TEXT,
        admission::{Admission, Ask, History, Situation},
        refusal::Refusal,
    },
    centre::{room::Room, rules::Rules},
    id::{BookingId, CentreId, PersonId},
    person::{behalf::Behalf, permission},
    problem::{Problem, TextFault, typed},
};

use crate::{
    clock,
    db::{Fail, Tx},
    usecase::{
        audit::{Note, describe_booking},
        booking::{
            decide::decline_outbid,
            floor::{lock, read_slot},
            history::read_history,
            rows::{NewRow, find, insert},
            waitlist::{note_booked, read_timeline},
        },
        call::Call,
        centre::known::Known,
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
    let admitted = admit(tx, call, &known, room, (&person, &ask), &history)?;
    let (admission, rules) = admitted.map_err(refused)?;

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
    note_booked(tx, call, &known, (&person, &room.id, slot))?;
    let made = find(tx, call, &centre, &id)?;
    let note = Note::at(Act::Booked, &centre).of(&person).by(channel);
    note.about(describe_booking(&made.booking, ""))
        .write(tx, call)?;
    decline_outbid(tx, call, &known, &made)?;
    Ok(made.booking)
}

/// Decides by the rules about what somebody asks for, and gives the rules back as well. The room must be locked.
pub(crate) fn admit(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    room: &Room,
    (person, ask): (&PersonId, &Ask),
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
    let own: Vec<&PersonId> = [person].into_iter().chain(&call.actor.person).collect();
    let line = read_timeline(tx, (call, known), room, ask.slot, (buffers, &own))?;
    Ok(situation
        .decide(room, &line, ask)
        .map(|admission| (admission, rules)))
}
