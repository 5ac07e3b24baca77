//! Undoing a change within ten minutes: rooms are open again, and bookings stand as before.

use std::collections::HashMap;

use domain::{
    audit::Act,
    booking::refusal::Refusal,
    id::{BookingId, CentreId, ConsequenceId},
    message::{Letter, News},
    page::Page,
    person::permission,
    problem::Problem,
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        booking::{
            decide::ask_again,
            restore::{read_stood, restore},
            rows::find,
        },
        call::Call,
        centre::{
            closure,
            consequence::{Done, UNDONE_WITHIN, take_floor},
            edit,
            known::Known,
        },
        message,
        sign_up::place_list,
    },
};

/// [`domain::api::UndoChange`].
///
/// # Errors
/// For everybody but staff, when ten minutes are over, and where somebody else has the floor now on which a booking stood.
pub fn undo_change(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, ConsequenceId),
    (): (),
) -> Result<(), Fail> {
    call.need(permission::may_close_rooms(&call.actor, &centre))?;
    let known = call.centres.lock(tx, &centre)?;
    let closures = closure::take_out(tx, call, &known, &id)?;
    closure::delete_from(tx, &centre, &id, 0)?;
    undo(tx, call, &known, &id)?;
    closure::note(tx, call, &known, Act::ClosureUndone, &closures)?;
    // Each booking that stands again has an entry of its own.
    call.noted.set(true);
    Ok(())
}

/// Undoes what was done to bookings: each is again where it was, or nothing is. A booking that somebody ended or moved meanwhile
/// stays as they left it. The centre must be locked.
///
/// # Errors
/// When ten minutes are over or it was undone before, and where somebody else has the floor now.
fn undo(tx: &mut Tx<'_>, call: &Call, known: &Known, id: &ConsequenceId) -> Result<(), Fail> {
    let centre = &known.centre.id;
    let row = tx.opt(
        "select made_ms, done, undone_at from consequence where centre_id = $1 and id = $2",
        &[centre.into(), id.into()],
    )?;
    let row = row.ok_or(Problem::NotFound)?;
    let made_ms: i64 = row.get("made_ms")?;
    if row.get::<Option<i64>>("undone_at")?.is_some() {
        return Err(Problem::Overtaken.into());
    }
    if call.now() > made_ms / 1000 + UNDONE_WITHIN {
        let minutes = u16::try_from(UNDONE_WITHIN / 60).unwrap_or(u16::MAX);
        return Err(Refusal::UndoTooLate { minutes }.into());
    }
    let done: Done = serde_json::from_str(&row.get::<String>("done")?).unwrap_or_default();
    let before = match done.revision {
        Some(revision) => {
            call.need(permission::may_change_centre(&call.actor, centre))?;
            edit::take_back(tx, call, known, revision)?;
            Some(call.centres.get(tx, centre)?)
        }
        None => None,
    };
    let known = before.as_deref().unwrap_or(known);
    let mut restored = Vec::new();
    for was in done.moved.iter().chain(&done.cancelled) {
        if read_stood(tx, centre, &was.booking)? == was.after {
            let found = find(tx, call, centre, &was.booking)?;
            restore(tx, call, known, &found, was)?;
            if was.before.people != was.after.people {
                place_list::set_places_of(tx, call, known, &was.booking, was.before.people)?;
            }
            restored.push(&was.booking);
        }
    }
    take_floor(tx, call, known, &restored)?;
    for id in done.moved.iter().map(|was| &was.booking) {
        ask_again(tx, call, known, id)?;
    }
    take_letters_back(tx, call, known, made_ms, &restored)?;
    tx.exec(
        "update consequence set undone_at = $3 where centre_id = $1 and id = $2",
        &[centre.into(), id.into(), call.now().into()],
    )?;
    Ok(())
}

/// Letters about restored bookings that nobody has read yet go; who has read theirs is told that all is as before.
fn take_letters_back(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    made_ms: i64,
    restored: &[&BookingId],
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    let mut about: HashMap<Page, &BookingId> = HashMap::new();
    for id in restored {
        about.insert(Page::Booking(centre.clone(), (*id).clone()), id);
        let session = tx.opt(
            "select activity_id from activity_session where centre_id = $1 and booking_id = $2",
            &[centre.into(), (*id).into()],
        )?;
        if let Some(row) = session {
            about.insert(Page::Activity(centre.clone(), row.get("activity_id")?), id);
        }
    }
    let rows = tx.all(
        "select id as letter_id, person_id, centre_id, news, sent_ms, read_at from letter
        where centre_id = $1 and sent_ms = $2",
        &[centre.into(), made_ms.into()],
    )?;
    for row in &rows {
        let Some(Letter { id, news, .. }) = message::read_letter(tx, call, row)? else {
            continue;
        };
        let Some(booking) = about.get(&news.page(centre)) else {
            continue;
        };
        if row.get::<Option<i64>>("read_at")?.is_none() {
            tx.exec("delete from letter where id = $1", &[(&id).into()])?;
            continue;
        }
        let booking = find(tx, call, centre, booking)?.booking;
        let start = booking.start.local;
        let news = match (news, booking.title) {
            (
                News::SessionCancelled { activity, .. } | News::ActivityChanged { activity, .. },
                Some(title),
            ) => News::SessionRestored {
                activity,
                title,
                start,
            },
            _ => News::BookingRestored {
                booking: booking.id,
                room: booking.room_name,
                start,
            },
        };
        message::send(tx, call, centre, &row.get("person_id")?, &news)?;
    }
    Ok(())
}
