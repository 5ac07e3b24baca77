//! Changing an activity and calling off its sessions.

use domain::{
    activity::{Activity, Session},
    api::{ActivityChange, Reason},
    audit::Act,
    booking::{BookingState, refusal::Refusal},
    id::{ActivityId, ActivitySessionId, CentreId},
    language::{Lang, Name},
    message::News,
    problem::{Problem, typed},
};

use super::publish::read_words;
use crate::{
    db::{Fail, Tx},
    usecase::{
        activity::{
            get,
            rows::{describe, need_to_run},
        },
        audit::Note,
        booking,
        call::Call,
        centre::known::tell,
        message,
        sign_up::{
            place_list,
            places::{NewPlaces, set_places},
        },
    },
};

const MOST_REASON: u16 = 200;

/// [`domain::api::ChangeActivity`].
///
/// # Errors
/// When fewer places are left than are taken, or a field cannot be meant.
pub fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, ActivityId),
    change: ActivityChange,
) -> Result<Activity, Fail> {
    let known = call.centres.hold(tx, &centre)?;
    need_to_run(tx, call, &centre, &id)?;
    let (title, about) = read_words(
        change.lang,
        (&change.title, &change.about),
        change.other.as_ref(),
    )?;
    let before = get(tx, call, (centre.clone(), id.clone()))?;
    let now = known.zone.stamp(call.now()).local;
    // Who names no language touches one of them at most.
    let keep = |new: Name, before: &Name| {
        let is_known = !new.zh.is_empty() && (new.zh == before.zh || new.zh == before.en);
        if change.lang.is_none() && is_known {
            before.clone()
        } else {
            new
        }
    };
    let (title, about) = (keep(title, &before.title), keep(about, &before.about));
    tx.exec(
        "update activity set title_zh = $3, title_en = $4, about = $5, about_en = $6 where centre_id = $1 and id = $2",
        &[
            (&centre).into(),
            (&id).into(),
            title.zh.as_str().into(),
            title.en.as_str().into(),
            about.zh.as_str().into(),
            about.en.as_str().into(),
        ],
    )?;
    let coming = before
        .sessions
        .iter()
        .filter(|one| one.state.is_live() && one.start.local > now);
    for session in coming.clone() {
        tx.exec(
            "update booking set title_zh = $3, title_en = $4, people = $5 where centre_id = $1 and id = $2",
            &[
                (&centre).into(),
                (&session.booking).into(),
                title.zh.as_str().into(),
                title.en.as_str().into(),
                change.places.into(),
            ],
        )?;
        tell(tx, &known, session.start.utc(), session.end.utc());
    }
    for session in coming.filter(|one| one.places != change.places) {
        let room = known.centre.room(&session.room).ok_or(Problem::NotFound)?;
        let most = room.people.most;
        if change.places > most {
            let asked = change.places;
            return Err(Refusal::TooManyPeople { most, asked }.into());
        }
        let places = NewPlaces {
            count: change.places,
            ..NewPlaces::default()
        };
        set_places(tx, call, &known, &session.id, places)?;
    }
    // Who reads the same as before is told nothing.
    let differs = |now: &Name, before: &Name| {
        Lang::ALL
            .iter()
            .any(|(lang, _)| now.get(*lang) != before.get(*lang))
    };
    if differs(&title, &before.title) || differs(&about, &before.about) {
        let news = News::ActivityChanged {
            activity: id.clone(),
            title,
        };
        for person in place_list::list_readers(tx, &centre, &id, None)? {
            message::send(tx, call, &centre, &person, &news)?;
        }
    }
    let after = get(tx, call, (centre, id))?;
    Note::at(Act::ActivityChanged, &after.centre)
        .about(describe(&after))
        .write(tx, call)?;
    Ok(after)
}

/// [`domain::api::CancelSession`].
///
/// # Errors
/// When it has begun, or is called off already.
pub fn cancel_session(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id, session): (CentreId, ActivityId, ActivitySessionId),
    body: Reason,
) -> Result<Activity, Fail> {
    let reason = typed("reason", &body.reason, MOST_REASON, true)?;
    need_to_run(tx, call, &centre, &id)?;
    let activity = get(tx, call, (centre.clone(), id.clone()))?;
    let session = activity.sessions.into_iter().find(|one| one.id == session);
    let session = session.ok_or(Problem::NotFound)?;
    call_off(tx, call, &centre, &session, &reason)?;
    get(tx, call, (centre, id))
}

/// [`domain::api::CancelActivity`].
///
/// # Errors
/// When none of its sessions is left to be called off.
pub fn cancel(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, ActivityId),
    body: Reason,
) -> Result<Activity, Fail> {
    let reason = typed("reason", &body.reason, MOST_REASON, true)?;
    need_to_run(tx, call, &centre, &id)?;
    let activity = get(tx, call, (centre.clone(), id.clone()))?;
    let coming = activity
        .sessions
        .iter()
        .filter(|one| one.state.is_live() && one.start.utc() > call.now());
    if coming.clone().next().is_none() {
        return Err(Refusal::Over.into());
    }
    for session in coming {
        call_off(tx, call, &centre, session, &reason)?;
    }
    get(tx, call, (centre, id))
}

/// Cancels the booking of a session: its room is free, and everybody is told ([`place_list::session_ended`]).
fn call_off(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    session: &Session,
    reason: &str,
) -> Result<(), Fail> {
    let (known, found) = booking::rows::look_up_for_session(tx, call, centre, &session.booking)?;
    let now = known.zone.stamp(call.now()).local;
    if !found.booking.state.is_live() {
        return Err(Refusal::Over.into());
    }
    if found.booking.start.local <= now {
        return Err(Refusal::Past { now }.into());
    }
    booking::end::end(tx, call, &known, &found, BookingState::Cancelled, reason)
}
