//! Check-in of a booking: who came, nobody came, finished early, and why nobody came.

use domain::{
    api::{Excuse, Finish, NewPresence, Reason},
    audit::Act,
    booking::{
        Booking, BookingState, MOST_TEXT,
        check_in::{Presence, finished_at},
        refusal::Refusal,
    },
    centre::availability::Why,
    id::{BookingId, CentreId, PersonId},
    message::News,
    person::permission,
    problem::{Problem, typed},
    time::Slot,
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        audit::{Note, describe_booking},
        booking::{
            decide::decline_others,
            end::end,
            floor::{release, take},
            get,
            grace::{awaited_until, wait_for},
            rows::{Found, find, look_up_for_session, look_up_locked, tell_of},
            waitlist::read_timeline,
        },
        call::Call,
        centre::known::{Known, tell},
        message,
    },
};

/// How late a release may be, in seconds; later than that the machine slept, and nobody could check in.
const SLEPT: i64 = 120;

/// [`domain::api::CheckInBooking`].
///
/// # Errors
/// Too early or over; that nobody came, for everybody but staff, or where somebody did; somebody else has the room meanwhile.
pub fn note(
    tx: &mut Tx<'_>,
    call: &Call,
    path: (CentreId, BookingId),
    body: NewPresence,
) -> Result<Booking, Fail> {
    let (known, found) = look_up_locked(tx, call, &path.0, &path.1)?;
    let may = permission::may_check_in(&call.actor, &path.0, &found.beneficiary);
    call.need(may)?;
    let staff = permission::may_judge_absence(&call.actor, &path.0);
    let booking = &found.booking;
    let released = booking.state == BookingState::Released;
    let came = booking.check_in.at.is_some();
    match body.presence {
        Presence::Here => {
            booking.may_be_checked_in(call.now())?;
            if came {
                return get(tx, call, path);
            }
            set_presence(tx, &found, Some(call.now()), None)?;
            if released {
                claim_again(tx, call, &known, &found)?;
            }
            write_note(tx, call, &found, Act::CheckedIn)?;
        }
        Presence::Nobody => {
            call.need(staff)?;
            booking.may_be_missed(call.now())?;
            if came {
                return Err(Problem::Overtaken.into());
            }
            give_to_others(tx, call, &known, &found)?;
        }
        Presence::Unknown if released => {
            call.need(staff)?;
            if booking.end.utc() <= call.now() {
                // Whoever had the room instead has had it: it only does not count.
                return judge_as(tx, call, (&known, &found), true);
            }
            // Whose time to check in is over is waited for until staff say otherwise.
            let by = awaited_until(&known, booking, booking.start.utc());
            set_presence(tx, &found, None, by.filter(|by| *by > call.now()))?;
            claim_again(tx, call, &known, &found)?;
            write_note(tx, call, &found, Act::SomebodyCame)?;
        }
        Presence::Unknown => {
            if booking.state != BookingState::Confirmed || !came {
                return Err(Refusal::Over.into());
            }
            let by = awaited_until(&known, booking, booking.start.utc());
            set_presence(tx, &found, None, by.filter(|by| *by > call.now()))?;
            write_note(tx, call, &found, Act::CheckInTakenBack)?;
        }
    }
    tell_of(tx, &known, &found);
    get(tx, call, path)
}

fn write_note(tx: &mut Tx<'_>, call: &Call, found: &Found, act: Act) -> Result<(), Fail> {
    let note = Note::at(act, &found.booking.centre).of(&found.beneficiary);
    note.about(describe_booking(&found.booking, ""))
        .write(tx, call)
}

/// It stands, and what was said of an absence is about nothing any more.
fn set_presence(
    tx: &mut Tx<'_>,
    found: &Found,
    came_at: Option<i64>,
    by: Option<i64>,
) -> Result<(), Fail> {
    tx.exec(
        "update booking set state = 'confirmed', came_at = $3, check_in_by = $4, explanation = '', excused = null
        where centre_id = $1 and id = $2",
        &[
            (&found.booking.centre).into(),
            (&found.booking.id).into(),
            came_at.into(),
            by.into(),
        ],
    )?;
    Ok(())
}

/// The floor of a booking that was released is its people's again. Those who asked for it meanwhile are told that it is gone.
fn claim_again(tx: &mut Tx<'_>, call: &Call, known: &Known, found: &Found) -> Result<(), Fail> {
    take_rest(tx, call, known, found, found.booking.end.utc())?;
    let again = find(tx, call, &known.centre.id, &found.booking.id)?;
    decline_others(tx, call, known, &again)
}

/// Takes what is left of a booking until `end`, in seconds UTC: nobody else may have it, what was before does not matter, and a
/// closure inside of which it was kept does not either.
fn take_rest(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    found: &Found,
    end: i64,
) -> Result<(), Fail> {
    let booking = &found.booking;
    let now = call.now();
    let start = booking.start.utc().max(now - now.rem_euclid(60));
    let local = |utc: i64| known.zone.stamp(utc).local;
    let rest = Slot::new(local(start), local(end)).ok_or(Refusal::Over)?;
    let room = known.centre.room(&booking.room).ok_or(Problem::NotFound)?;
    // What was set up is set up.
    let before = if start == booking.start.utc() {
        found.before
    } else {
        0
    };
    let own: Vec<&PersonId> = [&booking.person]
        .into_iter()
        .chain(&call.actor.person)
        .collect();
    let buffers = (before, found.after);
    let line = read_timeline(tx, (call, known), room, rest, (buffers, &own))?;
    if let Some(why @ (Why::Taken { .. } | Why::Held { .. })) =
        line.clash(rest, before, found.after)
    {
        return Err(Refusal::clash(why, before + found.after).into());
    }
    take(tx, known, &booking.id, &room.id, rest, before, found.after)
}

/// Nobody came: the room is free for others, and its person is told.
fn give_to_others(tx: &mut Tx<'_>, call: &Call, known: &Known, found: &Found) -> Result<(), Fail> {
    let decided: (Option<String>, Option<i64>) = {
        let row = tx.one(
            "select decided_by, decided_at from booking where centre_id = $1 and id = $2",
            &[(&found.booking.centre).into(), (&found.booking.id).into()],
        )?;
        (row.get("decided_by")?, row.get("decided_at")?)
    };
    end(tx, call, known, found, BookingState::Released, "")?;
    // Who approved it is not forgotten over that.
    tx.exec(
        "update booking set came_at = null, decided_by = $3, decided_at = $4 where centre_id = $1 and id = $2",
        &[
            (&found.booking.centre).into(),
            (&found.booking.id).into(),
            decided.0.as_deref().into(),
            decided.1.into(),
        ],
    )?;
    Ok(())
}

/// The bookings whose people are waited for no longer.
///
/// # Errors
/// When the database fails.
pub fn list_due(tx: &mut Tx<'_>, now: i64) -> Result<Vec<(CentreId, BookingId)>, Fail> {
    let rows = tx.all(
        "select centre_id, id from booking where check_in_by is not null and check_in_by < $1 order by check_in_by limit 100",
        &[now.into()],
    )?;
    rows.iter()
        .map(|row| Ok((row.get("centre_id")?, row.get("id")?)))
        .collect()
}

/// When the next room is waited for no longer, in seconds UTC.
///
/// # Errors
/// When the database fails.
pub fn find_next_due(tx: &mut Tx<'_>) -> Result<Option<i64>, Fail> {
    let sql = "select min(check_in_by) as due from booking where check_in_by is not null";
    Ok(tx.one(sql, &[])?.get("due")?)
}

/// Gives a room to others to which nobody came in time. Where the server slept through that time, so that nobody could say that
/// they had come, they are waited for anew, and nothing is held against those whose time is over.
///
/// # Errors
/// When the database fails.
pub fn settle_unclaimed(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): &(CentreId, BookingId),
) -> Result<(), Fail> {
    let (known, found) = look_up_for_session(tx, call, centre, id)?;
    let by = found.booking.check_in.by.as_ref().map(|by| by.utc());
    let Some(by) = by.filter(|by| *by < call.now()) else {
        return Ok(());
    };
    let unasked = awaited_until(&known, &found.booking, by).is_none();
    if unasked || by + SLEPT < call.now() {
        // The rule is gone; or the clock was set, or the machine slept: the same time again, from now on.
        return wait_for(tx, call, &known, id);
    }
    give_to_others(tx, call, &known, &found)
}

/// [`domain::api::FinishBooking`].
///
/// # Errors
/// Where it is not going on; taking the rest back, where somebody else has it meanwhile.
pub fn finish(
    tx: &mut Tx<'_>,
    call: &Call,
    path: (CentreId, BookingId),
    body: Finish,
) -> Result<Booking, Fail> {
    let (known, found) = look_up_locked(tx, call, &path.0, &path.1)?;
    let may = permission::may_check_in(&call.actor, &path.0, &found.beneficiary);
    call.need(may)?;
    let booking = &found.booking;
    let start = booking.start.utc();
    let (ends_at, planned, act) = if body.finished {
        booking.may_be_finished(call.now())?;
        let planned = booking.check_in.planned_end.as_ref();
        let planned = planned.unwrap_or(&booking.end).utc();
        let ends = finished_at(start, call.now());
        (ends, Some(planned), Act::FinishedEarly)
    } else {
        let planned = booking.check_in.planned_end.as_ref();
        let planned = planned.map(|end| end.utc()).filter(|end| *end > call.now());
        let stands = booking.state == BookingState::Confirmed;
        let planned = planned.filter(|_| stands).ok_or(Refusal::Over)?;
        (planned, None, Act::FinishTakenBack)
    };
    release(tx, &path.0, &path.1)?;
    if body.finished {
        let slot = Slot::new(booking.start.local, known.zone.stamp(ends_at).local);
        let slot = slot.ok_or(Refusal::Over)?;
        let (before, after) = (found.before, found.after);
        take(tx, &known, &path.1, &booking.room, slot, before, after)?;
    } else {
        take_rest(tx, call, &known, &found, ends_at)?;
    }
    // Whoever leaves was there.
    tx.exec(
        "update booking set ends_at = $3, planned_end = $4, came_at = coalesce(came_at, $5), check_in_by = null
        where centre_id = $1 and id = $2",
        &[
            (&path.0).into(),
            (&path.1).into(),
            ends_at.into(),
            planned.into(),
            call.now().into(),
        ],
    )?;
    write_note(tx, call, &found, act)?;
    if !body.finished {
        let again = find(tx, call, &path.0, &path.1)?;
        decline_others(tx, call, &known, &again)?;
    }
    tell(tx, &known, start, booking.end.utc().max(ends_at));
    get(tx, call, path)
}

/// [`domain::api::ExplainAbsence`].
///
/// # Errors
/// Where it counts for nothing that nobody came, or staff have answered.
pub fn explain(
    tx: &mut Tx<'_>,
    call: &Call,
    path: (CentreId, BookingId),
    body: Reason,
) -> Result<Booking, Fail> {
    let reason = typed("reason", &body.reason, MOST_TEXT, true)?;
    let (known, found) = look_up_locked(tx, call, &path.0, &path.1)?;
    let may = permission::may_check_in(&call.actor, &path.0, &found.beneficiary);
    call.need(may)?;
    let open = found.booking.check_in.excused.is_none();
    if found.booking.state != BookingState::Released || !open {
        return Err(Refusal::Over.into());
    }
    tx.exec(
        "update booking set explanation = $3 where centre_id = $1 and id = $2",
        &[(&path.0).into(), (&path.1).into(), reason.as_str().into()],
    )?;
    // Why is between them and the staff: it is not kept in the log.
    write_note(tx, call, &found, Act::AbsenceExplained)?;
    tell_of(tx, &known, &found);
    get(tx, call, path)
}

/// [`domain::api::JudgeAbsence`]. Staff excuse also those who did not explain themselves, and may think otherwise later.
///
/// # Errors
/// Where it counts for nothing that nobody came.
pub fn judge(
    tx: &mut Tx<'_>,
    call: &Call,
    path: (CentreId, BookingId),
    body: Excuse,
) -> Result<Booking, Fail> {
    call.need(permission::may_judge_absence(&call.actor, &path.0))?;
    let (known, found) = look_up_locked(tx, call, &path.0, &path.1)?;
    if found.booking.state != BookingState::Released {
        return Err(Refusal::Over.into());
    }
    let seen = &found.booking.check_in;
    let same = body.seen.explanation == seen.explanation && body.seen.excused == seen.excused;
    if !same || seen.excused == Some(body.excused) {
        return Err(Problem::Overtaken.into());
    }
    judge_as(tx, call, (&known, &found), body.excused)
}

/// Lets it count or not that nobody came, and tells the person.
fn judge_as(
    tx: &mut Tx<'_>,
    call: &Call,
    (known, found): (&Known, &Found),
    excused: bool,
) -> Result<Booking, Fail> {
    let booking = &found.booking;
    let path = (booking.centre.clone(), booking.id.clone());
    tx.exec(
        "update booking set excused = $3 where centre_id = $1 and id = $2",
        &[
            (&path.0).into(),
            (&path.1).into(),
            i64::from(excused).into(),
        ],
    )?;
    let act = match excused {
        true => Act::AbsenceExcused,
        false => Act::AbsenceCounted,
    };
    write_note(tx, call, found, act)?;
    if call.actor.person.as_ref() != Some(&found.beneficiary) {
        let news = News::AbsenceJudged {
            booking: path.1.clone(),
            room: booking.room_name.clone(),
            start: booking.start.local,
            excused,
        };
        message::send(tx, call, &path.0, &found.beneficiary, &news)?;
    }
    tell_of(tx, known, found);
    get(tx, call, path)
}
