//! Bookings and sessions as calendar files (RFC 5545).

use axum::{
    body::Body,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::{
    api,
    booking::BookingState,
    centre::Centre,
    id::RoomId,
    problem::Problem,
    text::{Lang, Name},
    time::Stamp,
};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus};

use super::{
    caller::Caller,
    reply::Told,
    route::{GivenPath, look},
};
use crate::{
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
pub(super) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetCalendarFile>,
    caller: Caller,
    _: Body,
) -> Response {
    let Ok(Path(path)) = path else {
        return Told(Problem::NotFound, caller.lang).into_response();
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
            file(&entry, &known.centre, caller.lang)
        }
        Err(problem) => Told(problem, caller.lang).into_response(),
    }
}

/// A session of an activity, for everybody.
pub(super) async fn session(
    State(site): State<Site>,
    path: GivenPath<api::GetSessionFile>,
    caller: Caller,
    _: Body,
) -> Response {
    let Ok(Path((centre, activity, session))) = path else {
        return Told(Problem::NotFound, caller.lang).into_response();
    };
    let read = look(&site, &caller, move |tx, call| {
        let found = activity::get(tx, call, (centre.clone(), activity.clone()))?;
        let known = call.centres.get(tx, &centre)?;
        let stamped = known.zone.stamp(call.now());
        Ok((found, known, stamped))
    });
    let (found, known, stamped) = match read.await {
        Ok(read) => read,
        Err(problem) => return Told(problem, caller.lang).into_response(),
    };
    match found.sessions.iter().find(|one| one.id == session) {
        Some(one) => {
            let entry = Entry {
                id: one.id.to_string(),
                title: Some(&found.title),
                room: &one.room,
                start: one.start,
                end: one.end,
                stamped,
                state: one.state,
            };
            file(&entry, &known.centre, caller.lang)
        }
        None => Told(Problem::NotFound, caller.lang).into_response(),
    }
}

fn file(entry: &Entry<'_>, centre: &Centre, lang: Lang) -> Response {
    let at = |stamp: Stamp| DateTime::<Utc>::from_timestamp(stamp.utc(), 0).unwrap_or_default();
    let room = centre.room(entry.room).map_or_else(
        || Name::new(entry.room.as_str(), entry.room.as_str()),
        |room| room.name.clone(),
    );
    let house = centre.name.get(lang);
    let place = [room.get(lang), house, centre.address.get(lang)];
    let title = entry.title.unwrap_or(&room).get(lang);
    let event = Event::new()
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
        .done();
    let calendar = Calendar::new().push(event).done().to_string();
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
