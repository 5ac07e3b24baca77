//! Waitlist of slots: who waits for a room that others have, and who is offered it when it frees. Decisions bring a line up to the
//! present before they decide, so that nobody overtakes.

use domain::{
    api::WantedSlot,
    audit::{Act, Subject},
    booking::{
        admission::{Admission, Ask, Situation},
        refusal::Refusal,
        waitlist::{MOST_WAITS, Wait, WaitState},
    },
    centre::{
        availability::{Timeline, timeline},
        room::Room,
    },
    id::{CentreId, PersonId, RoomId, WaitId},
    language::Name,
    message::News,
    person::{
        behalf::{Behalf, Channel},
        permission,
    },
    problem::{Problem, TextFault},
    sign_up::waitlist::offer_until,
    time::{DAY, LocalTime, Slot},
};

use crate::{
    clock,
    db::{Fail, Row, Tx},
    usecase::{
        audit::Note,
        booking::{
            claim::{Claim, list_claims, release_all},
            floor::{Terms, lock, read_floor, read_slot, read_with},
            history::read_history,
        },
        call::Call,
        centre::known::{Known, reach, tell},
        message,
        person::{
            behalf::{self, need_to_act_for},
            role,
        },
    },
};

/// What is wanted, as far as it can be meant: for whom, and when.
pub(super) fn read_wanted(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    wanted: &WantedSlot,
) -> Result<(Behalf, Ask), Fail> {
    call.person()?;
    call.need(permission::may_book(&call.actor))?;
    let behalf = behalf::resolve_beneficiary(tx, call, &known.centre.id, wanted.behalf.clone())?;
    let room = known.centre.room(&wanted.room).ok_or(Problem::NotFound)?;
    if wanted.people == 0 {
        return Err(Problem::field("people", TextFault::OutOfRange).into());
    }
    let ask = Ask {
        room: room.id.clone(),
        slot: read_slot(known, room, wanted.start, wanted.end)?,
        people: wanted.people,
        purpose: None,
    };
    Ok((behalf, ask))
}

/// [`domain::api::WaitForSlot`]. Whoever waits for it already stays where they are.
///
/// # Errors
/// When nobody has the slot, a rule stands against it that waiting does not mend, or they wait for too many.
pub fn wait(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
    wanted: WantedSlot,
) -> Result<Wait, Fail> {
    let known = call.centres.hold(tx, &centre)?;
    let (behalf, ask) = read_wanted(tx, call, &known, &wanted)?;
    let person = &behalf.person;
    let room = known.centre.room(&ask.room).ok_or(Problem::NotFound)?;
    lock(tx, &known, Some(person), &ask.room)?;
    let (from, until) = known.zone.range(ask.slot);
    let waiting = tx.all(
        "select centre_id, id, room_id, starts_at, ends_at from slot_wait where person_id = $1 and starts_at > $2 and line is not null",
        &[person.into(), call.now().into()],
    )?;
    for row in &waiting {
        let there: (CentreId, RoomId) = (row.get("centre_id")?, row.get("room_id")?);
        let times: (i64, i64) = (row.get("starts_at")?, row.get("ends_at")?);
        if (&there.0, &there.1, times) == (&centre, &ask.room, (from, until)) {
            call.unchanged();
            return find(tx, call, &centre, &row.get("id")?);
        }
    }
    need_unanswered(tx, &known, person, &ask)?;
    if waiting.len() >= usize::from(MOST_WAITS) {
        return Err(Refusal::Waits { most: MOST_WAITS }.into());
    }
    need_taken(tx, call, &known, room, person, &ask)?;
    let id = WaitId::new(clock::new_id(call.now_ms));
    tx.exec(
        "insert into slot_wait (centre_id, id, room_id, starts_at, ends_at, people, person_id, actor_id, channel, made_at, state, line)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &[
            (&centre).into(),
            (&id).into(),
            (&ask.room).into(),
            from.into(),
            until.into(),
            ask.people.into(),
            person.into(),
            call.person()?.into(),
            behalf.channel.code().into(),
            call.now().into(),
            WaitState::Waiting.code().into(),
            call.now_ms.into(),
        ],
    )?;
    note(Act::SlotAwaited, &known, (person, &ask.room, ask.slot))
        .by(behalf.channel)
        .write(tx, call)?;
    find(tx, call, &centre, &id)
}

/// Refuses whoever has the slot themselves, or was offered it and did not take it: nobody keeps it from others by turns.
fn need_unanswered(
    tx: &mut Tx<'_>,
    known: &Known,
    person: &PersonId,
    ask: &Ask,
) -> Result<(), Fail> {
    let (from, until) = known.zone.range(ask.slot);
    let sharing = known.centre.sharing(&ask.room);
    let shares = |rows: &[Row]| -> Result<bool, Fail> {
        for row in rows {
            if sharing.contains(&&row.get::<RoomId>("room_id")?) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let values = [
        person.into(),
        reach(from).into(),
        until.into(),
        (&known.centre.id).into(),
        from.into(),
    ];
    let own = tx.all(
        "select room_id from booking where beneficiary_id = $1 and starts_at > $2 and starts_at < $3 and centre_id = $4
        and ends_at > $5 and state in ('requested', 'confirmed')",
        &values,
    )?;
    if shares(&own)? {
        return Err(Refusal::Yours.into());
    }
    let offered = tx.all(
        "select room_id from slot_wait where person_id = $1 and starts_at > $2 and starts_at < $3 and centre_id = $4
        and ends_at > $5 and line is null and offer_until is not null and state in ('passed', 'left')",
        &values,
    )?;
    match shares(&offered)? {
        true => Err(Refusal::OfferedBefore.into()),
        false => Ok(()),
    }
}

/// Refuses whoever could book at once, or could not book even if nobody had the slot.
fn need_taken(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    room: &Room,
    person: &PersonId,
    ask: &Ask,
) -> Result<(), Fail> {
    let history = read_history(tx, known, person, ask.slot, call.now())?;
    let situation = Situation {
        centre: &known.centre,
        actor: &call.actor,
        history: &history,
        now: known.zone.stamp(call.now()).local,
    };
    let rules = known.centre.rules_of(room);
    let buffers = (rules.buffer_before, rules.buffer_after);
    settle(tx, call, known, &room.id, ask.slot)?;
    let floor = read_floor(tx, (call, known), room, ask.slot, (buffers, &[person]))?;
    match situation.decide(room, &floor, ask) {
        Ok(_) => return Err(Refusal::NotTaken.into()),
        Err(refusal) if !refusal.can_be_waited_for() => return Err(refusal.into()),
        // Whoever has the form open decides in minutes, and keeps nobody waiting for longer.
        Err(refusal @ Refusal::Held { .. }) => {
            let claims = list_claims(tx, known, ask.slot, call.now())?;
            let sharing = known.centre.sharing(&room.id);
            let is_offer = |one: &Claim| {
                one.wait.is_some() && one.until.is_some() && sharing.contains(&&one.room)
            };
            if !claims.iter().any(is_offer) {
                return Err(refusal.into());
            }
        }
        Err(_) => {}
    }
    let first = ask.slot.start().date().plus(-1);
    let empty = timeline(
        &known.centre,
        room,
        &[],
        Slot::lasting(first.at(0), 4 * DAY),
    );
    situation.decide(room, &empty, ask)?;
    Ok(())
}

/// [`domain::api::LeaveSlot`].
///
/// # Errors
/// When the caller neither waits there nor acts for whoever does.
pub fn leave(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, WaitId),
    (): (),
) -> Result<(), Fail> {
    let me = call.person()?.clone();
    let known = call.centres.hold(tx, &centre)?;
    let before = find(tx, call, &centre, &id)?;
    if before.person != me {
        if !permission::may_act_for(&call.actor, &centre) {
            return Err(Problem::NotFound.into());
        }
        need_to_act_for(tx, call, &centre, &before.person)?;
    }
    lock(tx, &known, None, &before.room)?;
    let left = end(tx, &known, &id, WaitState::Left)?;
    if !left {
        call.unchanged();
        return Ok(());
    }
    tell(tx, &known, before.start.utc(), before.end.utc());
    let note = note(
        Act::SlotLeft,
        &known,
        (&before.person, &before.room, before.slot()),
    );
    note.write(tx, call)?;
    settle(tx, call, &known, &before.room, before.slot())
}

/// [`domain::api::ListMyWaits`].
///
/// # Errors
/// For a visitor.
pub fn list_mine(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<Wait>, Fail> {
    let me = call.person()?.clone();
    list_of(tx, call, &me, None)
}

/// The slots that somebody waits for, at one centre or at all.
pub(crate) fn list_of(
    tx: &mut Tx<'_>,
    call: &Call,
    person: &PersonId,
    centre: Option<&CentreId>,
) -> Result<Vec<Wait>, Fail> {
    let rows = tx.all(
        "select * from slot_wait where person_id = $1 and starts_at > $2 and line is not null order by starts_at, id",
        &[person.into(), call.now().into()],
    )?;
    let mut waits = read_all(tx, call, &rows)?;
    waits.retain(|wait| centre.is_none_or(|centre| *centre == wait.centre));
    Ok(waits)
}

/// All slots that somebody waited for, the newest first.
pub(crate) fn list_all_of(
    tx: &mut Tx<'_>,
    call: &Call,
    person: &PersonId,
) -> Result<Vec<Wait>, Fail> {
    let rows = tx.all(
        "select * from slot_wait where person_id = $1 order by starts_at desc, id",
        &[person.into()],
    )?;
    read_all(tx, call, &rows)
}

fn find(tx: &mut Tx<'_>, call: &Call, centre: &CentreId, id: &WaitId) -> Result<Wait, Fail> {
    let row = tx.opt(
        "select * from slot_wait where centre_id = $1 and id = $2",
        &[centre.into(), id.into()],
    )?;
    read(tx, call, &row.ok_or(Problem::NotFound)?)
}

fn read_all(tx: &mut Tx<'_>, call: &Call, rows: &[Row]) -> Result<Vec<Wait>, Fail> {
    rows.iter().map(|row| read(tx, call, row)).collect()
}

fn read(tx: &mut Tx<'_>, call: &Call, row: &Row) -> Result<Wait, Fail> {
    let known = call.centres.get(tx, &row.get::<CentreId>("centre_id")?)?;
    let room: RoomId = row.get("room_id")?;
    let times: (i64, i64) = (row.get("starts_at")?, row.get("ends_at")?);
    let line: Option<i64> = row.get("line")?;
    let id: WaitId = row.get("id")?;
    let mut ahead = 0;
    if let Some(line) = line {
        let before = tx.all(
            "select room_id from slot_wait where centre_id = $1 and line is not null and starts_at < $3 and ends_at > $2
            and (line < $4 or (line = $4 and id < $5))",
            &[
                (&known.centre.id).into(),
                times.0.into(),
                times.1.into(),
                line.into(),
                (&id).into(),
            ],
        )?;
        let sharing = known.centre.sharing(&room);
        for one in &before {
            ahead += u16::from(sharing.contains(&&one.get::<RoomId>("room_id")?));
        }
    }
    let of = known.centre.room(&room);
    Ok(Wait {
        id,
        centre: known.centre.id.clone(),
        centre_name: known.centre.name.clone(),
        room_name: of.map_or_else(
            || Name::new(room.as_str(), room.as_str()),
            |room| room.name.clone(),
        ),
        room,
        start: known.zone.stamp(times.0),
        end: known.zone.stamp(times.1),
        people: row.get("people")?,
        person: row.get("person_id")?,
        state: row.get("state")?,
        ahead,
        until: row
            .get::<Option<i64>>("offer_until")?
            .filter(|_| line.is_some())
            .map(|until| known.zone.stamp(until)),
    })
}

fn note<'a>(
    act: Act,
    known: &'a Known,
    (person, room, slot): (&'a PersonId, &RoomId, Slot),
) -> Note<'a> {
    let name = known.centre.room(room).map(|room| room.name.clone());
    Note::at(act, &known.centre.id).of(person).about(Subject {
        what: name,
        start: Some(slot.start()),
        ..Subject::default()
    })
}

/// Takes somebody out of the line. False where they were in it no more.
fn end(tx: &mut Tx<'_>, known: &Known, id: &WaitId, state: WaitState) -> Result<bool, Fail> {
    let changed = tx.exec(
        "update slot_wait set state = $3, line = null where centre_id = $1 and id = $2 and line is not null",
        &[
            (&known.centre.id).into(),
            id.into(),
            state.code().into(),
        ],
    )?;
    Ok(changed > 0)
}

/// They booked it.
fn note_taken(tx: &mut Tx<'_>, known: &Known, id: &WaitId) -> Result<(), Fail> {
    end(tx, known, id, WaitState::Taken).map(drop)
}

/// Somebody has booked: they hold it no longer, and wait no longer for what overlaps it. The floor is locked.
pub(crate) fn note_booked(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (person, room, slot): (&PersonId, &RoomId, Slot),
) -> Result<(), Fail> {
    let sharing = known.centre.sharing(room);
    for claim in list_claims(tx, known, slot, call.now())? {
        match &claim.wait {
            None if call.actor.person.as_ref() == Some(&claim.holder) => {
                release_all(tx, call, &claim.holder)?;
            }
            Some(wait)
                if claim.person == *person
                    && claim.slot.overlaps(slot)
                    && sharing.contains(&&claim.room) =>
            {
                note_taken(tx, known, wait)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The room's timeline over the days that the slot touches, with all that can stand against the slot and its buffers, for those whose
/// own holds do not: whoever waits for it has been offered it before. The floor is locked.
pub(crate) fn read_timeline(
    tx: &mut Tx<'_>,
    (call, known): (&Call, &Known),
    room: &Room,
    slot: Slot,
    terms: Terms<'_>,
) -> Result<Timeline, Fail> {
    let claims = list_claims(tx, known, slot, call.now())?;
    if claims.iter().any(|one| one.wait.is_some()) {
        settle(tx, call, known, &room.id, slot)?;
        return read_floor(tx, (call, known), room, slot, terms);
    }
    read_with(tx, (call, known), room, slot, (terms, &claims))
}

/// Brings the lines for slots that share floor and time with one up to the present: offers that are over are passed on, and what is
/// free is offered to the first who can have it. The floor is locked.
pub(crate) fn settle(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    room: &RoomId,
    slot: Slot,
) -> Result<(), Fail> {
    let mut claims = list_claims(tx, known, slot, call.now())?;
    // All that hangs together is looked at: whoever waits for a half comes before whoever waits for the whole later.
    let floor = known.centre.connected(room);
    let shares = |one: &Claim| {
        known
            .centre
            .leaves(&one.room)
            .iter()
            .any(|leaf| floor.contains(leaf))
    };
    claims.retain(|one| one.wait.is_some() && shares(one));
    if claims.is_empty() {
        return Ok(());
    }
    let now = known.zone.stamp(call.now()).local;
    let mut waiting = Vec::new();
    for claim in claims {
        let Some(id) = claim.wait.clone() else {
            continue;
        };
        if claim.times.0 <= call.now() {
            let news = |room, start| News::SlotGone { room, start };
            pass(
                tx,
                call,
                known,
                (&claim, &id),
                (WaitState::Over, Act::SlotGone),
                news,
            )?;
        } else if claim.until.is_some_and(|until| until <= call.now()) {
            let news = |room, start| News::SlotPassed { room, start };
            pass(
                tx,
                call,
                known,
                (&claim, &id),
                (WaitState::Passed, Act::SlotPassed),
                news,
            )?;
        } else if claim.until.is_none() {
            waiting.push((claim, id));
        }
    }
    for (claim, id) in &waiting {
        offer(tx, call, known, (claim, id), now)?;
    }
    Ok(())
}

fn name_of(known: &Known, room: &RoomId) -> Name {
    let of = known.centre.room(room);
    of.map(|room| room.name.clone()).unwrap_or_default()
}

/// Somebody is in line no more, and is told.
fn pass(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (claim, id): (&Claim, &WaitId),
    (state, act): (WaitState, Act),
    news: impl Fn(Name, LocalTime) -> News,
) -> Result<(), Fail> {
    if !end(tx, known, id, state)? {
        return Ok(());
    }
    let letter = news(name_of(known, &claim.room), claim.slot.start());
    message::send(tx, call, &known.centre.id, &claim.person, &letter)?;
    tell(tx, known, claim.times.0, claim.times.1);
    let note = note(act, known, (&claim.person, &claim.room, claim.slot));
    note.by_itself().write(tx, call)
}

/// Offers a slot to somebody in line, where they could book it now.
fn offer(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (claim, id): (&Claim, &WaitId),
    now: LocalTime,
) -> Result<(), Fail> {
    let Some(room) = known.centre.room(&claim.room) else {
        return Ok(());
    };
    let rules = known.centre.rules_of(room);
    let buffers = (rules.buffer_before, rules.buffer_after);
    let own = [&claim.person];
    let floor = read_floor(tx, (call, known), room, claim.slot, (buffers, &own))?;
    if floor.clash(claim.slot, buffers.0, buffers.1).is_some() {
        return Ok(());
    }
    if is_asked_for(tx, known, claim)? {
        // Staff decide about who asked, and nobody is offered it over them.
        return Ok(());
    }
    let actor = role::get_actor(tx, claim.person.clone(), call.now())?;
    let history = read_history(tx, known, &claim.person, claim.slot, call.now())?;
    let situation = Situation {
        centre: &known.centre,
        actor: &actor,
        history: &history,
        now,
    };
    let ask = Ask {
        room: claim.room.clone(),
        slot: claim.slot,
        people: claim.people,
        purpose: None,
    };
    if !matches!(
        situation.decide(room, &floor, &ask),
        Ok(Admission::Confirmed | Admission::Requested)
    ) {
        return Ok(());
    }
    let last = claim.slot.start().plus(-i64::from(rules.notice));
    let until = offer_until(now, last.max(now));
    tx.exec(
        "update slot_wait set state = $3, offer_until = $4 where centre_id = $1 and id = $2 and line is not null",
        &[
            (&known.centre.id).into(),
            id.into(),
            WaitState::Offered.code().into(),
            known.zone.utc_or_next(until).into(),
        ],
    )?;
    let news = News::SlotOffered {
        room: room.name.clone(),
        start: claim.slot.start(),
        until,
    };
    message::send(tx, call, &known.centre.id, &claim.person, &news)?;
    tell(tx, known, claim.times.0, claim.times.1);
    let note = note(
        Act::SlotOffered,
        known,
        (&claim.person, &claim.room, claim.slot),
    );
    note.by_itself().by(Channel::App).write(tx, call)
}

/// Whether somebody has asked staff for any of it.
fn is_asked_for(tx: &mut Tx<'_>, known: &Known, claim: &Claim) -> Result<bool, Fail> {
    let rows = tx.all(
        "select room_id from booking where centre_id = $1 and starts_at > $2 and starts_at < $3 and ends_at > $4
        and state = 'requested'",
        &[
            (&known.centre.id).into(),
            reach(claim.times.0).into(),
            claim.times.1.into(),
            claim.times.0.into(),
        ],
    )?;
    let sharing = known.centre.sharing(&claim.room);
    for row in &rows {
        if sharing.contains(&&row.get::<RoomId>("room_id")?) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Floor was taken over offers, by those who had it before or had asked for it before: whoever was offered it is in line again. The
/// floor is locked.
pub(crate) fn withdraw_offers(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (room, slot): (&RoomId, Slot),
) -> Result<(), Fail> {
    let sharing = known.centre.sharing(room);
    for claim in list_claims(tx, known, slot, call.now())? {
        let Some(id) = claim.wait.as_ref().filter(|_| claim.until.is_some()) else {
            continue;
        };
        if claim.slot.overlaps(slot) && sharing.contains(&&claim.room) {
            tx.exec(
                "update slot_wait set state = $3, offer_until = null where centre_id = $1 and id = $2 and line is not null",
                &[
                    (&known.centre.id).into(),
                    id.into(),
                    WaitState::Waiting.code().into(),
                ],
            )?;
            tell(tx, known, claim.times.0, claim.times.1);
        }
    }
    Ok(())
}

/// A slot for which somebody waits: its centre, its room, when it starts and ends.
type Awaited = (CentreId, RoomId, i64, i64);

/// The slots whose lines have to be brought up to the present: nobody has them any more, an offer is over, they begin, or their room
/// is gone.
///
/// # Errors
/// When the database fails.
pub fn list_due(tx: &mut Tx<'_>, call: &Call) -> Result<Vec<Awaited>, Fail> {
    let rows = tx.all(
        "select distinct w.centre_id, w.room_id, w.starts_at, w.ends_at,
            case when w.starts_at <= $1 or w.offer_until <= $1 then 1 else 0 end as over_now
        from slot_wait w where w.line is not null and (w.starts_at <= $1 or w.offer_until <= $1 or (w.offer_until is null
            and not exists (select 1 from taken t where t.centre_id = w.centre_id and t.room_id = w.room_id
                and t.until_at > w.starts_at and t.from_at < w.ends_at)))",
        &[call.now().into()],
    )?;
    let mut due = Vec::new();
    for row in &rows {
        let awaited: Awaited = (
            row.get("centre_id")?,
            row.get("room_id")?,
            row.get("starts_at")?,
            row.get("ends_at")?,
        );
        // What others have or are offered still is looked at again when that changes.
        if row.get::<i64>("over_now")? == 1 || is_free(tx, call, &awaited)? {
            due.push(awaited);
        }
    }
    Ok(due)
}

/// Whether a slot is free, or there is none like it any more.
fn is_free(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, room, from, until): &Awaited,
) -> Result<bool, Fail> {
    let known = call.centres.get(tx, centre)?;
    let local = |utc: &i64| known.zone.stamp(*utc).local;
    let (Some(room), Some(slot)) = (
        known.centre.room(room),
        Slot::new(local(from), local(until)),
    ) else {
        return Ok(true);
    };
    let rules = known.centre.rules_of(room);
    let buffers = (rules.buffer_before, rules.buffer_after);
    let floor = read_floor(tx, (call, &known), room, slot, (buffers, &[]))?;
    Ok(floor.clash(slot, buffers.0, buffers.1).is_none())
}

/// Brings the line for a slot up to the present.
///
/// # Errors
/// When the database fails.
pub fn settle_awaited(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, room, from, until): &Awaited,
) -> Result<(), Fail> {
    let known = call.centres.hold(tx, centre)?;
    lock(tx, &known, None, room)?;
    let local = |utc: &i64| known.zone.stamp(*utc).local;
    call.unchanged();
    match Slot::new(local(from), local(until)) {
        Some(slot) if known.centre.room(room).is_some() => settle(tx, call, &known, room, slot),
        _ => end_line(tx, call, &known, room, (*from, *until)),
    }
}

/// The room is gone, or the time: nobody waits for it any more, and all are told.
fn end_line(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    room: &RoomId,
    (from, until): (i64, i64),
) -> Result<(), Fail> {
    let rows = tx.all(
        "select id, person_id from slot_wait where centre_id = $1 and room_id = $2 and starts_at = $3 and ends_at = $4
        and line is not null",
        &[
            (&known.centre.id).into(),
            room.into(),
            from.into(),
            until.into(),
        ],
    )?;
    let start = known.zone.stamp(from).local;
    for row in &rows {
        let person: PersonId = row.get("person_id")?;
        if end(tx, known, &row.get("id")?, WaitState::Over)? {
            let name = Name::new(room.as_str(), room.as_str());
            let news = News::SlotGone { room: name, start };
            message::send(tx, call, &known.centre.id, &person, &news)?;
            let slot = Slot::lasting(start, 1);
            let note = note(Act::SlotGone, known, (&person, room, slot));
            note.by_itself().write(tx, call)?;
        }
    }
    Ok(())
}

/// When the next offer is over, or the next slot begins for which somebody waits, in seconds UTC.
///
/// # Errors
/// When the database fails.
pub fn find_next_due(tx: &mut Tx<'_>) -> Result<Option<i64>, Fail> {
    let row = tx.one(
        "select min(case when offer_until is not null and offer_until < starts_at then offer_until else starts_at end) as due
        from slot_wait where line is not null",
        &[],
    )?;
    Ok(row.get("due")?)
}
