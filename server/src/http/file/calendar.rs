//! Calendar files (RFC 5545): a booking, a series, a session, all sessions of an activity; and the text of feeds.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::Arc,
};

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
    id::RoomId,
    language::{Lang, Name},
    problem::Problem,
    recurrence::{End, Recurrence},
    time::{Date, LocalTime, Stamp},
};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

use crate::{
    http::{caller::Caller, endpoint::look, reply::LocalizedProblem, request::GivenPath},
    state::Site,
    usecase::{
        activity, booking,
        centre::known::Known,
        feed::{self, Entry, EntrySeries},
    },
};

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
                title: booking.title,
                centre: known,
                room: booking.room,
                start: booking.start,
                end: booking.end,
                stamped: booking.made,
                state: booking.state,
                series: None,
            };
            file(&[entry], caller.lang)
        }
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}

/// The dates of a series that stand, for those who may see it.
pub(in crate::http) async fn series(
    State(site): State<Site>,
    path: GivenPath<api::GetSeriesFile>,
    caller: Caller,
    _: Body,
) -> Response {
    let Ok(Path(path)) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let read = look(&site, &caller, move |tx, call| {
        feed::list_series(tx, call, path.clone())
    });
    match read.await {
        Ok(entries) => reply(write(Calendar::new(), &entries, caller.lang)),
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
        Some(one) => file(&[entry(&found, one, &known, stamped)], caller.lang),
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
                .map(|one| entry(&found, one, &known, stamped))
                .collect();
            file(&entries, caller.lang)
        }
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}

fn entry(activity: &Activity, session: &Session, centre: &Arc<Known>, stamped: Stamp) -> Entry {
    Entry {
        id: session.id.to_string(),
        title: Some(activity.title.clone()),
        centre: Arc::clone(centre),
        room: session.room.clone(),
        start: session.start,
        end: session.end,
        stamped,
        state: session.state,
        series: None,
    }
}

fn file(entries: &[Entry], lang: Lang) -> Response {
    let mut calendar = Calendar::new();
    for entry in entries {
        calendar.push(event(entry, lang));
    }
    reply(calendar.done().to_string())
}

fn reply(calendar: String) -> Response {
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

/// What is said of an entry, wherever it stands in time.
fn describe(entry: &Entry, uid: &str, lang: Lang) -> Event {
    let centre = &entry.centre.centre;
    let room = centre.room(&entry.room).map_or_else(
        || Name::new(entry.room.as_str(), entry.room.as_str()),
        |room| room.name.clone(),
    );
    let house = centre.name.get(lang);
    let place = [room.get(lang), house, centre.address.get(lang)];
    let title = entry.title.as_ref().unwrap_or(&room).get(lang);
    let stamped = DateTime::<Utc>::from_timestamp(entry.stamped.utc(), 0).unwrap_or_default();
    Event::new()
        .uid(uid)
        .timestamp(stamped)
        .last_modified(stamped)
        .summary(&format!("{title} · {house}"))
        .location(&place.join(lang.comma()))
        .description(&lang.calendar_note(&centre.phone))
        .status(match entry.state {
            BookingState::Confirmed => EventStatus::Confirmed,
            BookingState::Requested => EventStatus::Tentative,
            _ => EventStatus::Cancelled,
        })
        .done()
}

/// An entry by itself, in UTC.
fn event(entry: &Entry, lang: Lang) -> Event {
    let at = |stamp: Stamp| DateTime::<Utc>::from_timestamp(stamp.utc(), 0).unwrap_or_default();
    describe(entry, &format!("{}@linli", entry.id), lang)
        .starts(at(entry.start))
        .ends(at(entry.end))
        .done()
}

/// A calendar to subscribe to.
pub(super) fn subscribed(name: &str, entries: &[Entry], lang: Lang) -> String {
    let mut calendar = Calendar::new();
    calendar.name(name);
    calendar.append_property(Property::new("REFRESH-INTERVAL;VALUE=DURATION", "PT1H"));
    write(calendar, entries, lang)
}

/// Writes entries into a calendar. What repeats is told as such, with the dates that are left out or otherwise, on the clock of its
/// wall.
fn write(mut calendar: Calendar, entries: &[Entry], lang: Lang) -> String {
    let mut series: BTreeMap<&str, Vec<(&Entry, &EntrySeries)>> = BTreeMap::new();
    let mut zones: BTreeMap<&str, (Arc<Known>, i64, i64)> = BTreeMap::new();
    for entry in entries {
        match &entry.series {
            Some(of) => series.entry(&of.id).or_default().push((entry, of)),
            None => drop(calendar.push(event(entry, lang))),
        }
    }
    for (id, dates) in &series {
        let Some((first, of)) = dates.first() else {
            continue;
        };
        let live: Vec<_> = dates
            .iter()
            .filter(|(one, _)| one.state.is_live())
            .collect();
        if live.len() < 2 {
            for (one, _) in dates {
                calendar.push(event(one, lang));
            }
            continue;
        }
        let zone = first.centre.centre.zone.as_str();
        let (from, until) = (
            first.start.utc(),
            dates.last().map_or(0, |(one, _)| one.end.utc()),
        );
        let known = zones
            .entry(zone)
            .or_insert_with(|| (Arc::clone(&first.centre), from, until));
        (known.1, known.2) = (known.1.min(from), known.2.max(until));
        push_series(&mut calendar, (id, of), &live, lang);
    }
    // The crate has no component for zones: they go before the first event.
    let mut text = calendar.done().to_string();
    let zones: String = zones
        .into_iter()
        .map(|(zone, (known, from, until))| write_zone(zone, &known, from, until))
        .collect();
    if let Some(at) = text.find("BEGIN:VEVENT") {
        text.insert_str(at, &zones);
    }
    text
}

/// As what a date is like the others: room, minute of the day, length, and whether it stands.
type Shape<'a> = (&'a RoomId, i64, i64, &'static str);

fn shape(entry: &Entry) -> Shape<'_> {
    let length = entry.end.local.minutes() - entry.start.local.minutes();
    (
        &entry.room,
        entry.start.local.minute_of_day(),
        length,
        entry.state.code(),
    )
}

fn push_series(
    calendar: &mut Calendar,
    (id, of): (&str, &EntrySeries),
    live: &[&(&Entry, &EntrySeries)],
    lang: Lang,
) {
    let dates = of.rule.dates(of.first);
    // As most of its dates are.
    let mut shapes: Vec<_> = live.iter().map(|(one, _)| shape(one)).collect();
    shapes.sort_unstable();
    let count = |one: &Shape<'_>| shapes.iter().filter(|other| *other == one).count();
    let (Some(usual), Some(first)) = (shapes.iter().copied().max_by_key(count), dates.first())
    else {
        return;
    };
    let is_usual =
        |(one, of): &(&Entry, &EntrySeries)| shape(one) == usual && one.start.local.date() == of.on;
    let Some((sample, _)) = live.iter().find(|one| is_usual(one)) else {
        // Nothing of it is left as it was: each date stands by itself.
        for (one, _) in live {
            calendar.push(event(one, lang));
        }
        return;
    };
    let zone = &sample.centre.centre.zone;
    let local =
        |key: &str, at: LocalTime| Property::new(format!("{key};TZID={zone}"), write_local(at));
    let start = |day: Date| day.at(usual.1);
    let uid = format!("series-{id}@linli");
    let rule = Recurrence {
        end: End::Count(u16::try_from(dates.len()).unwrap_or(u16::MAX)),
        ..of.rule.clone()
    };
    let mut main = describe(sample, &uid, lang);
    main.append_property(local("DTSTART", start(*first)));
    main.append_property(local("DTEND", start(*first).plus(usual.2)));
    main.append_property(Property::new("RRULE", rule.to_string()));
    let there: BTreeSet<Date> = live.iter().map(|(_, of)| of.on).collect();
    for out in dates.iter().filter(|day| !there.contains(day)) {
        main.append_multi_property(local("EXDATE", start(*out)));
    }
    calendar.push(main.done());
    for (one, of) in live.iter().filter(|one| !is_usual(one)) {
        let mut other = describe(one, &uid, lang);
        other.append_property(local("RECURRENCE-ID", start(of.on)));
        other.append_property(local("DTSTART", one.start.local));
        other.append_property(local("DTEND", one.end.local));
        calendar.push(other.done());
    }
}

/// `20261126T180000`.
fn write_local(at: LocalTime) -> String {
    let (year, month, day) = at.date().ymd();
    let minute = at.minute_of_day();
    format!(
        "{year:04}{month:02}{day:02}T{:02}{:02}00",
        minute / 60,
        minute % 60
    )
}

/// `+0800`.
fn write_offset(minutes: i16) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

/// A zone as far as it is needed between two moments: each stretch with one offset (RFC 5545, section 3.6.5).
fn write_zone(name: &str, known: &Known, from: i64, until: i64) -> String {
    let zone = known.zone;
    let mut text = format!("BEGIN:VTIMEZONE\r\nTZID:{name}\r\n");
    let least = [zone.offset(from), zone.offset(from + 180 * 86_400)];
    let standard = least.into_iter().min().unwrap_or_default();
    let mut stretch = |at: i64, before: i16, after: i16| {
        let kind = if after > standard {
            "DAYLIGHT"
        } else {
            "STANDARD"
        };
        // Where the clock before the change stands.
        let local = LocalTime::from_minutes(at.div_euclid(60) + i64::from(before));
        // Writing into a string does not fail.
        let _ = write!(
            text,
            "BEGIN:{kind}\r\nDTSTART:{}\r\nTZOFFSETFROM:{}\r\nTZOFFSETTO:{}\r\nEND:{kind}\r\n",
            write_local(local),
            write_offset(before),
            write_offset(after)
        );
    };
    let mut at = from - 366 * 86_400;
    let mut offset = zone.offset(at);
    stretch(at, offset, offset);
    while let Some((next, after)) = zone.next_change(at) {
        stretch(next, offset, after);
        (at, offset) = (next, after);
        if at > until {
            break;
        }
    }
    text.push_str("END:VTIMEZONE\r\n");
    text
}
