//! Bookings and sessions as calendar files (RFC 5545).

use axum::{
    body::Body,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::{
    activity::{Activity, Session},
    api,
    booking::BookingState,
    centre::Centre,
    id::RoomId,
    language::{Lang, Name},
    problem::Problem,
    time::Stamp,
};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus};

use crate::{
    http::{caller::Caller, endpoint::look, reply::LocalizedProblem, request::GivenPath},
    state::Site,
    usecase::{activity, booking},
};

/// What stands in a calendar.
struct Entry<'a> {
    id: String,
    title: Option<&'a Name>,
    room: &'a RoomId,
    start: Stamp,
    end: Stamp,
    stamped: Stamp,
    state: BookingState,
}

/// A booking, for those who may see it.
pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetCalendarFile>,
    caller: Caller,
    _: Body,
) -> Response {
    let Ok(Path(path)) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let read = look(&site, &caller, move |tx, call| {
        let booking = booking::get(tx, call, path.clone())?;
        Ok((booking, call.centres.get(tx, &path.0)?))
    });
    match read.await {
        Ok((booking, known)) => {
            let entry = Entry {
                id: booking.id.to_string(),
                title: booking.title.as_ref(),
                room: &booking.room,
                start: booking.start,
                end: booking.end,
                stamped: booking.made,
                state: booking.state,
            };
            file(&[entry], &known.centre, caller.lang)
        }
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}

/// A session of an activity, for everybody.
pub(in crate::http) async fn session(
    State(site): State<Site>,
    path: GivenPath<api::GetSessionFile>,
    caller: Caller,
    _: Body,
) -> Response {
    let Ok(Path((centre, activity, session))) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let read = look(&site, &caller, move |tx, call| {
        let found = activity::get(tx, call, (centre.clone(), activity.clone()))?;
        let known = call.centres.get(tx, &centre)?;
        let stamped = known.zone.stamp(call.now());
        Ok((found, known, stamped))
    });
    let (found, known, stamped) = match read.await {
        Ok(read) => read,
        Err(problem) => return LocalizedProblem(problem, caller.lang).into_response(),
    };
    match found.sessions.iter().find(|one| one.id == session) {
        Some(one) => file(&[entry(&found, one, stamped)], &known.centre, caller.lang),
        None => LocalizedProblem(Problem::NotFound, caller.lang).into_response(),
    }
}

/// All sessions of an activity, for everybody.
pub(in crate::http) async fn activity(
    State(site): State<Site>,
    path: GivenPath<api::GetActivityFile>,
    caller: Caller,
    _: Body,
) -> Response {
    let Ok(Path(path)) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let read = look(&site, &caller, move |tx, call| {
        let found = activity::get(tx, call, path.clone())?;
        let known = call.centres.get(tx, &path.0)?;
        let stamped = known.zone.stamp(call.now());
        Ok((found, known, stamped))
    });
    match read.await {
        Ok((found, known, stamped)) => {
            let entries: Vec<_> = found
                .sessions
                .iter()
                .map(|one| entry(&found, one, stamped))
                .collect();
            file(&entries, &known.centre, caller.lang)
        }
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}

fn entry<'a>(activity: &'a Activity, session: &'a Session, stamped: Stamp) -> Entry<'a> {
    Entry {
        id: session.id.to_string(),
        title: Some(&activity.title),
        room: &session.room,
        start: session.start,
        end: session.end,
        stamped,
        state: session.state,
    }
}

fn file(entries: &[Entry<'_>], centre: &Centre, lang: Lang) -> Response {
    let mut calendar = Calendar::new();
    for entry in entries {
        calendar.push(event(entry, centre, lang));
    }
    let calendar = calendar.done().to_string();
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"linli.ics\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, calendar).into_response()
}

fn event(entry: &Entry<'_>, centre: &Centre, lang: Lang) -> Event {
    let at = |stamp: Stamp| DateTime::<Utc>::from_timestamp(stamp.utc(), 0).unwrap_or_default();
    let room = centre.room(entry.room).map_or_else(
        || Name::new(entry.room.as_str(), entry.room.as_str()),
        |room| room.name.clone(),
    );
    let house = centre.name.get(lang);
    let place = [room.get(lang), house, centre.address.get(lang)];
    let title = entry.title.unwrap_or(&room).get(lang);
    Event::new()
        .uid(&format!("{}@linli", entry.id))
        .timestamp(at(entry.stamped))
        .summary(&format!("{title} · {house}"))
        .location(&place.join(lang.comma()))
        .description(&lang.calendar_note(&centre.phone))
        .starts(at(entry.start))
        .ends(at(entry.end))
        .status(match entry.state {
            BookingState::Confirmed => EventStatus::Confirmed,
            BookingState::Requested => EventStatus::Tentative,
            _ => EventStatus::Cancelled,
        })
        .done()
}
