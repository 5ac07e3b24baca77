//! Ending a booking: undone, cancelled and restored, or moved and cancelled by a change of its centre.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    api::Cancellation,
    audit::{Act, Subject},
    booking::{Booking, BookingState, MOST_TEXT, admission::Ask},
    centre::Centre,
    id::{ActivityId, BookingId, CentreId, PersonId, RoomId, SeriesId, SignUpId},
    message::News,
    person::permission,
    problem::{Problem, typed},
    time::{LocalTime, Slot},
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        activity::rows::need_to_run,
        audit::{Note, describe_booking},
        booking::{
            along,
            book::admit,
            decide::{ask_again, decline_others},
            floor::{lock_rooms, release, take},
            get,
            grace::wait_for,
            history::read_history,
            restore::Was,
            rows::{Found, find, look_up, look_up_for_session, look_up_locked, tell_of},
        },
        call::Call,
        centre::known::{Known, tell},
        message,
        sign_up::{
            place_list,
            places::{NewPlaces, set_places_of},
        },
    },
    zone::Zone,
};

/// Who reads what concerns a booking: its person; of a club's session those who organise the club.
fn readers(tx: &mut Tx<'_>, found: &Found) -> Result<Vec<PersonId>, Fail> {
    let rows = tx.all(
        "select m.person_id from activity_session s
        join activity a on a.centre_id = s.centre_id and a.id = s.activity_id
        join club_member m on m.centre_id = a.centre_id and m.club_id = a.club_id and m.organises = 1
        where s.centre_id = $1 and s.booking_id = $2 order by m.person_id",
        &[(&found.booking.centre).into(), (&found.booking.id).into()],
    )?;
    if rows.is_empty() {
        return Ok(vec![found.beneficiary.clone()]);
    }
    let read = |row: &crate::db::Row| Ok(row.get::<PersonId>("person_id")?);
    rows.iter().map(read).collect()
}

/// Who is told of an end by letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Letters {
    /// Its readers, also of how many more dates of its series.
    Sent { more: u16 },
    /// Nobody: another date of its series tells of this one, or it is long over.
    Nobody,
}

pub(crate) fn end(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    found: &Found,
    state: BookingState,
    reason: &str,
) -> Result<(), Fail> {
    let letters = Letters::Sent { more: 0 };
    end_and_tell(tx, call, (known, found), (state, reason), letters)
}

pub(crate) fn end_and_tell(
    tx: &mut Tx<'_>,
    call: &Call,
    (known, found): (&Known, &Found),
    (state, reason): (BookingState, &str),
    letters: Letters,
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    tx.exec(
        "update booking set state = $3, reason = $4, decided_by = $5, decided_at = $6, due_at = null, check_in_by = null,
            act_id = null
        where centre_id = $1 and id = $2",
        &[
            centre.into(),
            (&found.booking.id).into(),
            state.code().into(),
            reason.into(),
            call.actor.person.as_ref().map(PersonId::as_str).into(),
            call.now().into(),
        ],
    )?;
    release(tx, centre, &found.booking.id)?;
    let act = Act::ending(state, found.booking.title.is_some());
    let note = Note::at(act, centre)
        .of(&found.beneficiary)
        .about(describe_booking(&found.booking, reason));
    note.write(tx, call)?;
    place_list::session_ended(tx, call, known, &found.booking, reason)?;
    // Whoever takes a slip back at once need not explain it to somebody who never knew of it.
    let more = match letters {
        Letters::Sent { more } if state != BookingState::Undone => Some(more),
        _ => None,
    };
    // A club's session is the business of those who organise the club now.
    let readers = match more {
        Some(_) => readers(tx, found)?,
        None => Vec::new(),
    };
    let more = more.unwrap_or_default();
    for reader in readers
        .iter()
        .filter(|one| call.actor.person.as_ref() != Some(*one))
    {
        let (booking, room) = (found.booking.id.clone(), found.booking.room_name.clone());
        let start = found.booking.start.local;
        let news = match state {
            BookingState::Released => News::BookingReleased {
                booking,
                room,
                start,
                over: found.booking.end.utc() <= call.now(),
            },
            BookingState::Lapsed => News::RequestLapsed {
                booking,
                room,
                title: found.booking.title.clone(),
                start,
            },
            _ => News::BookingEnded {
                booking,
                room,
                title: found.booking.title.clone(),
                start,
                declined: Some(state == BookingState::Declined),
                reason: reason.to_owned(),
                more,
            },
        };
        message::send(tx, call, centre, reader, &news)?;
    }
    tell(
        tx,
        known,
        found.booking.start.utc(),
        found.booking.end.utc(),
    );
    Ok(())
}

/// [`domain::api::UndoBooking`].
///
/// # Errors
/// When the ten minutes are over, or somebody else made it.
pub fn undo(
    tx: &mut Tx<'_>,
    call: &Call,
    path: (CentreId, BookingId),
    (): (),
) -> Result<Booking, Fail> {
    let (known, found) = look_up_locked(tx, call, &path.0, &path.1)?;
    call.need(permission::may_undo_booking(&call.actor, &found.actor))?;
    need_to_run_session(tx, call, &found)?;
    found.booking.may_be_undone(call.now())?;
    end(tx, call, &known, &found, BookingState::Undone, "")?;
    ask_again(tx, call, &known, &path.1, None)?;
    get(tx, call, path)
}

/// The booking of a session is its activity's: whoever published it and runs it no more has no say.
fn need_to_run_session(tx: &mut Tx<'_>, call: &Call, found: &Found) -> Result<(), Fail> {
    let row = tx.opt(
        "select activity_id from activity_session where centre_id = $1 and booking_id = $2",
        &[(&found.booking.centre).into(), (&found.booking.id).into()],
    )?;
    match row {
        Some(row) => need_to_run(tx, call, &found.booking.centre, &row.get("activity_id")?),
        None => Ok(()),
    }
}

/// [`domain::api::CancelBooking`]: it alone, or dates of its series with it, all or none.
///
/// # Errors
/// When the deadline of one of them is over (not for staff), or it has ended.
pub fn cancel(
    tx: &mut Tx<'_>,
    call: &Call,
    path: (CentreId, BookingId),
    body: Cancellation,
) -> Result<Booking, Fail> {
    let reason = typed("reason", &body.reason, MOST_TEXT, false)?;
    let (known, all) = along::lock_along(tx, call, &path, body.along)?;
    let more = u16::try_from(all.len() - 1).unwrap_or(u16::MAX);
    for (number, found) in all.iter().enumerate() {
        let letters = match number {
            0 => Letters::Sent { more },
            _ => Letters::Nobody,
        };
        cancel_one(tx, call, (&known, found), &reason, letters)?;
    }
    along::mark(tx, call, &all.iter().collect::<Vec<_>>())?;
    get(tx, call, path)
}

fn cancel_one(
    tx: &mut Tx<'_>,
    call: &Call,
    (known, found): (&Known, &Found),
    reason: &str,
    letters: Letters,
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    call.need(permission::may_cancel_booking(
        &call.actor,
        centre,
        &found.beneficiary,
    ))?;
    need_to_run_session(tx, call, found)?;
    let rules = match known.centre.room(&found.booking.room) {
        Some(room) => known.centre.rules_of(room),
        None => known.centre.rules.clone(),
    };
    let late = permission::may_cancel_late(&call.actor, centre);
    // Which date it is whose deadline is over: another may have been looked at.
    let refused = |refusal| Problem::Refused {
        refusal,
        changed: false,
        date: Some(found.booking.start.local.date()),
    };
    found
        .booking
        .may_be_cancelled(rules.cancel_notice, late, call.now())
        .map_err(refused)?;
    let ended = (BookingState::Cancelled, reason);
    end_and_tell(tx, call, (known, found), ended, letters)?;
    // Those who had signed up for a session were told: it does not come back.
    if found.booking.title.is_none() {
        tx.exec(
            "update booking set stood = $3 where centre_id = $1 and id = $2",
            &[
                centre.into(),
                (&found.booking.id).into(),
                found.booking.state.code().into(),
            ],
        )?;
    }
    Ok(())
}

/// [`domain::api::RestoreBooking`]: decided by the rules as if it were asked for now, it stands as it did; and with it the dates of
/// its series that were called off in the same act.
///
/// # Errors
/// When somebody else ended it, ten minutes are over, or a rule stands against it: somebody may have the floor meanwhile.
pub fn restore(
    tx: &mut Tx<'_>,
    call: &Call,
    path: (CentreId, BookingId),
    (): (),
) -> Result<Booking, Fail> {
    let known = call.centres.hold(tx, &path.0)?;
    let found = look_up(tx, call, &path.0, &path.1)?;
    let others = along::list_decided_with(tx, call, &found)?;
    let rooms = others.iter().map(|one| &one.booking.room);
    let rooms = rooms.chain([&found.booking.room]);
    lock_rooms(tx, &known, Some(&found.beneficiary), rooms)?;
    let found = look_up(tx, call, &path.0, &path.1)?;
    let others = along::list_decided_with(tx, call, &found)?;
    let more = u16::try_from(others.len()).unwrap_or(u16::MAX);
    restore_one(tx, call, (&known, &found), Letters::Sent { more })?;
    for other in &others {
        restore_one(tx, call, (&known, other), Letters::Nobody)?;
    }
    get(tx, call, path)
}

fn restore_one(
    tx: &mut Tx<'_>,
    call: &Call,
    (known, found): (&Known, &Found),
    letters: Letters,
) -> Result<(), Fail> {
    let path = (&known.centre.id, &found.booking.id);
    call.need(permission::may_cancel_booking(
        &call.actor,
        path.0,
        &found.beneficiary,
    ))?;
    found.booking.may_be_restored(call.now())?;
    let booking = &found.booking;
    let (room, slot) = (&booking.room, booking.slot());
    let ask = Ask {
        room: room.clone(),
        slot,
        people: booking.people,
        purpose: booking.purpose,
    };
    let history = read_history(tx, known, &found.beneficiary, slot, call.now())?;
    let there = known.centre.room(room).ok_or(Problem::NotFound)?;
    let person = &found.beneficiary;
    admit(tx, call, known, there, (person, &ask), &history)??;
    let state = found.stood.unwrap_or(BookingState::Requested);
    tx.exec(
        "update booking set state = $3, stood = null, reason = '', decided_by = null, decided_at = null, act_id = null,
            changed_at = $4
        where centre_id = $1 and id = $2",
        &[
            path.0.into(),
            path.1.into(),
            state.code().into(),
            call.now().into(),
        ],
    )?;
    if state == BookingState::Confirmed {
        take(tx, known, path.1, room, slot, found.before, found.after)?;
        wait_for(tx, call, known, path.1)?;
        // Those who asked for it meanwhile are told that it is gone again.
        let again = look_up(tx, call, path.0, path.1)?;
        decline_others(tx, call, known, &again)?;
    }
    let note = Note::at(Act::BookingRestored, path.0).of(&found.beneficiary);
    note.about(describe_booking(booking, "")).write(tx, call)?;
    if let Letters::Sent { more } = letters
        && call.actor.person.as_ref() != Some(&found.beneficiary)
    {
        let news = News::BookingRestored {
            booking: path.1.clone(),
            room: booking.room_name.clone(),
            start: booking.start.local,
            more,
        };
        message::send(tx, call, path.0, &found.beneficiary, &news)?;
    }
    tell_of(tx, known, found);
    Ok(())
}

/// Cancels a booking because its centre is changed, and tells its people why.
pub(crate) fn cancel_by_change(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (&CentreId, &BookingId),
    reason: &str,
) -> Result<(), Fail> {
    let (known, found) = look_up_for_session(tx, call, centre, id)?;
    end(tx, call, &known, &found, BookingState::Cancelled, reason)
}

/// Where a booking goes, and for how many people.
pub(crate) struct Target {
    pub(crate) room: RoomId,
    pub(crate) slot: Slot,
    pub(crate) people: u16,
    /// Who loses a place of it.
    pub(crate) displaced: Vec<SignUpId>,
}

/// Moves a booking by a change of its centre or its own. What it takes is worked out with the change, and its people are told once
/// all of it is done ([`tell_moved`]).
pub(crate) fn move_by_change(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (&Centre, &BookingId),
    zone: &Zone,
    to: &Target,
) -> Result<(), Fail> {
    let (known, found) = look_up_for_session(tx, call, &centre.id, id)?;
    let there = centre.room(&to.room).ok_or(Problem::NotFound)?;
    let start = to.slot.start();
    let (from, until) = zone.range(to.slot);
    // Another room needs its own time to be set up and cleared.
    let (before, after) = match to.room == found.booking.room {
        true => (found.before, found.after),
        false => {
            let rules = centre.rules_of(there);
            (rules.buffer_before, rules.buffer_after)
        }
    };
    tx.exec(
        "update booking set room_id = $3, starts_at = $4, ends_at = $5, people = $6, before_minutes = $7, after_minutes = $8,
            changed_at = $9
        where centre_id = $1 and id = $2",
        &[
            (&centre.id).into(),
            id.into(),
            (&to.room).into(),
            from.into(),
            until.into(),
            to.people.into(),
            before.into(),
            after.into(),
            call.now().into(),
        ],
    )?;
    if to.people != found.booking.people {
        let places = NewPlaces {
            count: to.people,
            displaced: &to.displaced,
            replaced: &[],
        };
        set_places_of(tx, call, &known, id, places)?;
    }
    let stood = (&found.booking.room, found.booking.start.utc());
    if stood != (&to.room, from) {
        wait_for(tx, call, &known, id)?;
    }
    let subject = Subject {
        what: Some(there.name.clone()),
        start: Some(start),
        ..describe_booking(&found.booking, "")
    };
    let note = Note::at(Act::BookingMoved, &centre.id).of(&found.beneficiary);
    note.about(subject).write(tx, call)?;
    tell_of(tx, &known, &found);
    tell(tx, &known, from, until);
    Ok(())
}

/// The sessions of an activity that went elsewhere together.
#[derive(Default)]
struct MovedSessions {
    /// The lists of those who signed up for them.
    lists: BTreeSet<String>,
    /// Each as it is now, and when it was.
    sessions: Vec<(Found, LocalTime)>,
}

/// Tells somebody that a booking went to another room or time, and how many more dates of its series did.
fn tell_moved_booking(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    mut moved: Vec<(Found, LocalTime)>,
) -> Result<(), Fail> {
    moved.sort_by_key(|(found, _)| found.booking.start.utc());
    let more = u16::try_from(moved.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let Some((first, was)) = moved.into_iter().next() else {
        return Ok(());
    };
    let news = News::BookingMoved {
        booking: first.booking.id.clone(),
        room: first.booking.room_name.clone(),
        start: first.booking.start.local,
        was: Some(was),
        more,
    };
    message::send(tx, call, centre, &first.beneficiary, &news)
}

/// Tells those whose bookings went to another room or time: once for each booking or series of their own, once for all
/// sessions of an activity that went together.
pub(crate) fn tell_moved(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    moved: &[Was],
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    let mut activities: BTreeMap<ActivityId, MovedSessions> = BTreeMap::new();
    let mut series: BTreeMap<SeriesId, Vec<(Found, LocalTime)>> = BTreeMap::new();
    for one in moved.iter().filter(|was| !was.is_in_place()) {
        let found = find(tx, call, centre, &one.booking)?;
        let was = known.zone.stamp(one.before.starts_at).local;
        let session = tx.opt(
            "select activity_id, list_id from activity_session where centre_id = $1 and booking_id = $2",
            &[centre.into(), (&one.booking).into()],
        )?;
        if let Some(row) = session {
            let of_activity = activities.entry(row.get("activity_id")?).or_default();
            of_activity.lists.insert(row.get("list_id")?);
            of_activity.sessions.push((found, was));
        } else if let Some(of) = found.booking.series.clone() {
            series.entry(of).or_default().push((found, was));
        } else {
            tell_moved_booking(tx, call, centre, vec![(found, was)])?;
        }
    }
    for moved in series.into_values() {
        tell_moved_booking(tx, call, centre, moved)?;
    }
    for (activity, moved) in activities {
        let MovedSessions {
            lists,
            mut sessions,
        } = moved;
        sessions.sort_by_key(|(found, _)| found.booking.start.utc());
        let more = u16::try_from(sessions.len() - 1).unwrap_or(u16::MAX);
        let Some((first, was)) = sessions.into_iter().next() else {
            continue;
        };
        let news = News::SessionMoved {
            activity: activity.clone(),
            title: first.booking.title.clone().unwrap_or_default(),
            room: first.booking.room_name.clone(),
            start: first.booking.start.local,
            was,
            more,
        };
        let mut readers: BTreeSet<PersonId> = readers(tx, &first)?.into_iter().collect();
        readers.extend(place_list::read_readers(tx, centre, (&activity, &lists))?);
        for reader in readers {
            message::send(tx, call, centre, &reader, &news)?;
        }
    }
    Ok(())
}

/// Cancels what somebody has still booked for themselves. A club's sessions are the club's and stay.
pub(crate) fn cancel_all(tx: &mut Tx<'_>, call: &Call, person: &PersonId) -> Result<(), Fail> {
    let rows = tx.all(
        "select centre_id, id from booking where beneficiary_id = $1 and starts_at > $2
        and state in ('requested', 'confirmed') and title_zh is null order by centre_id, room_id, id",
        &[person.into(), call.now().into()],
    )?;
    for row in rows {
        let (centre, id) = (
            row.get::<CentreId>("centre_id")?,
            row.get::<BookingId>("id")?,
        );
        let (known, found) = look_up_for_session(tx, call, &centre, &id)?;
        if found.booking.state.is_live() {
            end(tx, call, &known, &found, BookingState::Cancelled, "")?;
        }
    }
    Ok(())
}
