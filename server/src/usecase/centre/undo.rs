//! Undoing a change within ten minutes: rooms are open again, and bookings stand as before.

use std::collections::{BTreeSet, HashMap};

use domain::{
    audit::Act,
    booking::refusal::Refusal,
    id::{BookingId, CentreId, ConsequenceId, PersonId},
    message::{Letter, News},
    page::Page,
    person::permission,
    problem::Problem,
};

use crate::{
    db::{Fail, Fault, FaultKind, Tx},
    usecase::{
        booking::{
            decide::ask_again,
            restore::{Was, read_stood, restore},
            rows::find,
        },
        call::Call,
        centre::{
            closure,
            consequence::{Because, Done, UNDONE_WITHIN, take_floor},
            edit,
            known::{Known, tell},
        },
        message,
        person::merge,
        sign_up::{
            place_list::reader,
            places::{NewPlaces, Replaced, set_places_of},
        },
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
) -> Result<u16, Fail> {
    call.need(permission::may_close_rooms(&call.actor, &centre))?;
    let known = call.centres.lock(tx, &centre)?;
    let closures = closure::take_out(tx, call, &known, &id)?;
    closure::delete_from(tx, &centre, &id, 0)?;
    let left = undo(tx, call, &known, &id)?;
    closure::note(tx, call, &known, Act::ClosureUndone, &closures)?;
    // Each booking that stands again has an entry of its own.
    call.noted.set(true);
    Ok(left)
}

/// Undoes what was done to bookings: each is again where it was, or nothing is. A booking that somebody ended or moved meanwhile
/// stays as they left it; how many do is given back. The centre must be locked.
///
/// # Errors
/// When ten minutes are over or it was undone before, and where somebody else has the floor now.
fn undo(tx: &mut Tx<'_>, call: &Call, known: &Known, id: &ConsequenceId) -> Result<u16, Fail> {
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
    let done: Done = serde_json::from_str(&row.get::<String>("done")?)
        .map_err(|cause| Fault::new(FaultKind::Inconsistent, cause.to_string()))?;
    let before = match done.revision {
        Some(revision) => {
            call.need(permission::may_change_centre(&call.actor, centre))?;
            edit::take_back(tx, call, known, (revision, &done))?;
            Some(call.centres.get(tx, centre)?)
        }
        None => None,
    };
    let known = before.as_deref().unwrap_or(known);
    let mut restored: Vec<Was> = Vec::new();
    let mut left = match &done.merged {
        Some(merged) => {
            tell(tx, known, call.now(), call.now());
            merge::take_back(tx, call, centre, merged)?
        }
        None => 0,
    };
    let mut replaced = BTreeSet::new();
    for was in done.moved.iter().chain(&done.cancelled) {
        if was.is_as_left(&read_stood(tx, centre, &was.booking)?) {
            let found = find(tx, call, centre, &was.booking)?;
            restore(tx, call, known, &found, was)?;
            if was.before.people != was.after.people {
                let places = NewPlaces {
                    count: was.before.people,
                    displaced: &[],
                    replaced: &done.displaced,
                };
                replaced.extend(set_places_of(tx, call, known, &was.booking, places)?);
            }
            restored.push(was.clone());
        } else {
            left += 1;
        }
    }
    take_floor(tx, call, known, &restored, Because::Restored)?;
    // Those who were declined for where it went.
    for was in &restored {
        ask_again(tx, call, known, &was.booking, Some(made_ms / 1000))?;
    }
    take_letters_back(tx, call, known, made_ms, (&restored, &replaced))?;
    tell_new(tx, call, known, made_ms, &restored)?;
    tx.exec(
        "update consequence set undone_at = $3 where centre_id = $1 and id = $2",
        &[centre.into(), id.into(), call.now().into()],
    )?;
    Ok(left)
}

/// Whoever signed up for a session while it was elsewhere knows of no other place: they are told.
fn tell_new(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    made_ms: i64,
    restored: &[Was],
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    for was in restored.iter().filter(|was| !was.is_in_place()) {
        let rows = tx.all(
            concat!(
                "select distinct s.activity_id, ",
                reader!(),
                " as reader from activity_session s
                join sign_up u on u.centre_id = s.centre_id and u.list_id = s.list_id
                join person p on p.id = u.person_id
                where s.centre_id = $1 and s.booking_id = $2 and u.made_at >= $3
                and u.state in ('confirmed', 'offered', 'waitlisted')"
            ),
            &[
                centre.into(),
                (&was.booking).into(),
                (made_ms / 1000).into(),
            ],
        )?;
        let booking = find(tx, call, centre, &was.booking)?.booking;
        for row in &rows {
            let news = News::SessionRestored {
                activity: row.get("activity_id")?,
                title: booking.title.clone().unwrap_or_default(),
                start: booking.start.local,
            };
            message::send(tx, call, centre, &row.get("reader")?, &news)?;
        }
    }
    Ok(())
}

/// Letters about restored bookings that nobody has read yet go; who has read theirs is told that all is as before.
fn take_letters_back(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    made_ms: i64,
    (restored, replaced): (&[Was], &BTreeSet<Replaced>),
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    let mut about: HashMap<Page, &BookingId> = HashMap::new();
    for was in restored {
        let id = &was.booking;
        about.insert(Page::Booking(centre.clone(), id.clone()), id);
        let session = tx.opt(
            "select activity_id from activity_session where centre_id = $1 and booking_id = $2",
            &[centre.into(), id.into()],
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
        let reader: PersonId = row.get("person_id")?;
        // What was offered stands, and who did not get their place back has lost it.
        let stands = match &news {
            News::Offer { .. } | News::OfferPassed { .. } | News::ActivityChanged { .. } => true,
            News::PlaceLost { name, .. } => !replaced.contains(&(reader.clone(), name.clone())),
            _ => false,
        };
        if stands {
            continue;
        }
        if row.get::<Option<i64>>("read_at")?.is_none() {
            tx.exec("delete from letter where id = $1", &[(&id).into()])?;
            continue;
        }
        let booking = find(tx, call, centre, booking)?.booking;
        let start = booking.start.local;
        let news = match (news, booking.title) {
            (
                News::PlaceLost {
                    activity,
                    title,
                    name,
                    start,
                },
                _,
            ) => News::PlaceRestored {
                activity,
                title,
                name,
                start,
            },
            (
                News::SessionCancelled { activity, .. } | News::SessionMoved { activity, .. },
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
                more: 0,
            },
        };
        message::send(tx, call, centre, &reader, &news)?;
    }
    Ok(())
}
