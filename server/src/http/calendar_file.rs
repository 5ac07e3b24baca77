//! A booking as a calendar file (RFC 5545).

use std::sync::Arc;

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
    reply::{Told, problem},
    route::GivenPath,
};
use crate::{
    state::Site,
    usecase::{Call, booking, person},
};

pub(super) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetCalendarFile>,
    caller: Caller,
    _: Body,
) -> Response {
    let Ok(Path(path)) = path else {
        return Told(Problem::NotFound, caller.lang).into_response();
    };
    let (session, now_ms, centres) = (
        caller.session.clone(),
        site.clock.now_ms(),
        Arc::clone(&site.centres),
    );
    let centre = path.0.clone();
    let read = site.db.read(move |tx| {
        let (actor, session) = person::actor(tx, session.as_deref(), now_ms / 1000)?;
        let call = Call {
            actor,
            session,
            now_ms,
            centres: Arc::clone(&centres),
        };
        let booking = booking::get(tx, &call, path.clone())?;
        Ok((booking, centres.get(tx, &centre)?))
    });
    let (booking, known) = match read.await {
        Ok(found) => found,
        Err(fail) => return Told(problem(fail), caller.lang).into_response(),
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
