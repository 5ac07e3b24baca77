//! The day sheet: rooms by hours, and below them who comes, with numbers and room to sign, on A4 landscape.

use std::fmt::Write;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{
    api::{self, CentreView, Desk},
    booking::{Booking, BookingState},
    centre::room::{Room, UseMode},
    language::Lang,
    problem::Problem,
    time::{DAY, Date, clock},
    view::drawing::escape,
};

use super::{STYLE, Sheet, head, row};
use crate::{
    http::{caller::Caller, endpoint::look, reply::LocalizedProblem, request::GivenPath},
    state::Site,
    usecase::{centre, desk},
};

/// How wide the drawing of the hours is, the names of rooms, and how high a room, in its own units.
const WIDTH: i64 = 1000;
const NAMES: i64 = 150;
const ROW: i64 = 26;
/// How high the line of hours above is.
const TOP: i64 = 18;
/// How many units a letter is wide, more than less.
const LETTER: i64 = 11;

pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetDaySheet>,
    caller: Caller,
) -> Response {
    let Ok(Path(path)) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let day = path.1;
    let read = look(&site, &caller, move |tx, call| {
        let mut seen = desk::today::get(tx, call, path.clone())?;
        // Rooms to which nobody came are others' by now.
        seen.bookings.retain(|one| one.state.is_live());
        Ok((seen, centre::get(tx, call, path.0.clone())?))
    });
    match read.await {
        Ok((seen, known)) => draw(&seen, &known, day, caller.lang).print(),
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}

fn draw(seen: &Desk, known: &CentreView, day: Date, lang: Lang) -> Sheet {
    let centre = &known.centre;
    let house = escape(centre.name.get(lang));
    let date = escape(&lang.full_date(day));
    let hours = escape(&lang.day_hours(centre.hours.on(day)));
    let special = centre.hours.special(day);
    let special = special.map_or_else(String::new, |special| {
        format!(" · {}", escape(special.name.get(lang)))
    });
    let rows: String = seen
        .bookings
        .iter()
        .map(|one| list(seen, one, lang))
        .collect();
    let table = match rows.is_empty() {
        true => format!("<p class=\"empty\">{}</p>", lang.nobody_expected()),
        false => format!(
            "<table>{}<tbody>{rows}</tbody></table>",
            head(&[
                lang.time(),
                lang.room(),
                lang.paper_who(),
                lang.how_many(),
                lang.phone(),
                lang.note(),
                lang.paper_signature(),
            ])
        ),
    };
    Sheet {
        lang,
        title: format!("{date} · {house}"),
        style: STYLE,
        body: format!(
            "<main class=\"day\"><header><h1>{date}</h1><p>{house}</p><p>{hours}{special}</p></header>{drawing}{table}</main>",
            drawing = hours_of(seen, known, day, lang),
        ),
    }
}

/// A line of the list: when, where, who, how many, their number, what they wrote.
fn list(seen: &Desk, one: &Booking, lang: Lang) -> String {
    let session = seen
        .sessions
        .iter()
        .find(|session| session.room == one.room && session.start.utc() == one.start.utc());
    let who = one
        .title
        .as_ref()
        .map_or_else(|| escape(&one.beneficiary), |title| escape(title.get(lang)));
    let asked = match one.state {
        BookingState::Requested => {
            format!(" <span class=\"small\">{}</span>", one.state.word(lang))
        }
        _ => String::new(),
    };
    // Of a session those who signed up are expected, not all its places.
    let people = session.map_or_else(
        || lang.people(one.people),
        |session| lang.session_counts(session.signed_up, session.places),
    );
    let purpose = one.purpose.map_or("", |purpose| purpose.word(lang));
    let note = [purpose, one.note.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty());
    row(&[
        format!(
            "<span class=\"time\">{}</span>",
            escape(&lang.span(one.slot()))
        ),
        escape(one.room_name.get(lang)),
        format!("{who}{asked}"),
        escape(&people),
        escape(one.phone.as_deref().unwrap_or_default()),
        escape(&note.collect::<Vec<_>>().join(" · ")),
        String::new(),
    ])
}

/// The rooms by the hours that the house is open, drawn.
fn hours_of(seen: &Desk, known: &CentreView, day: Date, lang: Lang) -> String {
    let centre = &known.centre;
    let booked = |room: &&Room| matches!(room.use_mode, UseMode::SelfService | UseMode::Approval);
    let rooms: Vec<&Room> = centre.rooms.iter().filter(booked).collect();
    let spans = centre.hours.on(day).spans();
    let minute = |at: i64| at - day.at(0).minutes();
    let times = seen.bookings.iter().map(|one| {
        (
            minute(one.start.local.minutes()).max(0),
            minute(one.end.local.minutes()).min(DAY),
        )
    });
    let all: Vec<(i64, i64)> = spans.iter().copied().chain(times).collect();
    let from = all.iter().map(|span| span.0).min().unwrap_or(9 * 60) / 60;
    let until = (all.iter().map(|span| span.1).max().unwrap_or(18 * 60) + 59) / 60;
    // The last hour's figures stand half beside its line.
    let hour = (WIDTH - NAMES - 20) / (until - from).max(1);
    let x = |minute: i64| NAMES + (minute - from * 60) * hour / 60;
    let high = TOP + ROW * i64::try_from(rooms.len()).unwrap_or_default();
    let mut svg = String::new();
    for at in from..=until {
        let _ = write!(
            svg,
            "<line class=\"line\" x1=\"{x}\" x2=\"{x}\" y1=\"{TOP}\" y2=\"{high}\"/><text x=\"{x}\" y=\"12\" text-anchor=\"middle\">{}</text>",
            clock(at * 60),
            x = x(at * 60),
        );
    }
    for (number, room) in (0i64..).zip(&rooms) {
        let y = TOP + number * ROW;
        let name = shorten(room.name.get(lang), NAMES / LETTER);
        let _ = write!(
            svg,
            "<line class=\"line\" x1=\"0\" x2=\"{WIDTH}\" y1=\"{y}\" y2=\"{y}\"/><text class=\"room\" x=\"0\" y=\"{}\">{}</text>",
            y + 17,
            escape(&name),
        );
        // What takes a combination takes its parts as well.
        let sharing = centre.sharing(&room.id);
        for one in seen
            .bookings
            .iter()
            .filter(|one| sharing.contains(&&one.room))
        {
            let (start, end) = (
                x(minute(one.start.local.minutes()).max(from * 60)),
                x(minute(one.end.local.minutes()).min(until * 60)),
            );
            let class = match one.state {
                BookingState::Requested => "asked",
                _ => "block",
            };
            let who = one
                .title
                .as_ref()
                .map_or(&*one.beneficiary, |title| title.get(lang));
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{start}\" y=\"{}\" width=\"{}\" height=\"{}\"/><text x=\"{}\" y=\"{}\">{}</text>",
                y + 2,
                (end - start).max(2),
                ROW - 4,
                start + 4,
                y + 17,
                escape(&shorten(who, (end - start - 6) / LETTER)),
            );
        }
    }
    format!(
        "<svg class=\"hours\" viewBox=\"0 0 {WIDTH} {high}\" role=\"img\" aria-label=\"{}\">{svg}</svg>",
        escape(lang.paper_day()),
    )
}

/// As many letters as fit; two narrow ones are as wide as a square one.
fn shorten(text: &str, fits: i64) -> String {
    let mut left = fits * 2;
    let mut short = String::new();
    for letter in text.chars() {
        left -= if letter.is_ascii() { 1 } else { 2 };
        if left < 0 {
            short.pop();
            short.push('…');
            break;
        }
        short.push(letter);
    }
    if fits < 2 { String::new() } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_to_what_fits() {
        assert_eq!(shorten("广场舞队", 4), "广场舞队");
        assert_eq!(shorten("广场舞队", 3), "广场…");
        assert_eq!(shorten("Dance", 3), "Dance");
        assert_eq!(shorten("广场舞", 1), "");
    }
}
