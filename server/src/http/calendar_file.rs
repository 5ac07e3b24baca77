//! A booking as a calendar file (RFC 5545).

use axum::{
    body::Body,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::{api, booking::BookingState, problem::Problem};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus};

use super::{
    caller::Caller,
    reply::Told,
    route::{GivenPath, look},
};
use crate::{state::Site, usecase::booking};

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
    let (booking, known) = match read.await {
        Ok(found) => found,
        Err(problem) => return Told(problem, caller.lang).into_response(),
    };
    let lang = caller.lang;
    let at = |seconds: i64| DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default();
    let title = booking
        .title
        .as_ref()
        .unwrap_or(&booking.room_name)
        .get(lang);
    let place = [
        booking.room_name.get(lang),
        known.centre.name.get(lang),
        known.centre.address.get(lang),
    ];
    let event = Event::new()
        .uid(&format!("{}@linli", booking.id))
        .timestamp(at(booking.made.utc()))
        .summary(&format!("{title} · {}", known.centre.name.get(lang)))
        .location(&place.join(lang.comma()))
        .description(&lang.calendar_note(&known.centre.phone))
        .starts(at(booking.start.utc()))
        .ends(at(booking.end.utc()))
        .status(match booking.state {
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
