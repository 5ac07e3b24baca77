//! The tables of a centre's figures as files for spreadsheets (RFC 4180), with the names that the screen uses.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{
    api,
    figures::{ActivityFigure, Count, Figures, SMALL},
    language::Lang,
    problem::Problem,
    time::{Date, clock},
};

use crate::{
    http::{
        caller::Caller,
        endpoint::look,
        file::{attachment, table::write},
        reply::Told,
        request::GivenPath,
    },
    state::Site,
    usecase::figures,
};

pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetFiguresFile>,
    caller: Caller,
) -> Response {
    let Ok(Path((centre, until, table))) = path else {
        return Told(Problem::NotFound, caller.lang).into_response();
    };
    let lang = caller.lang;
    let name = format!("{centre}-{table}-{until}.csv");
    let read = look(&site, &caller, move |tx, call| {
        figures::get(tx, call, (centre.clone(), until))
    });
    let rows = match read.await {
        Ok(figures) => rows(&figures, &table, lang),
        Err(problem) => return Told(problem, lang).into_response(),
    };
    let Some(text) = rows.and_then(|rows| write(&rows)) else {
        return Told(Problem::NotFound, lang).into_response();
    };
    attachment(text, "text/csv; charset=utf-8", &name)
}

/// The table of that name, its head first.
fn rows(figures: &Figures, table: &str, lang: Lang) -> Option<Vec<Vec<String>>> {
    let head = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    match table {
        "hours" => {
            rows.push(head(&[
                lang.weekday_label(),
                lang.time(),
                lang.minutes_used(),
                lang.minutes_open(),
                lang.percent_used(),
            ]));
            let monday = Date::from_days(0).monday();
            for (at, hour) in (0i64..)
                .zip(&figures.hours)
                .filter(|(_, hour)| hour.open > 0)
            {
                rows.push(vec![
                    lang.weekday(monday.plus(at / 24)).to_owned(),
                    clock(at % 24 * 60),
                    hour.used.to_string(),
                    hour.open.to_string(),
                    hour.percent()
                        .map(|share| share.to_string())
                        .unwrap_or_default(),
                ]);
            }
        }
        "rooms" => {
            rows.push(head(&[
                lang.room(),
                lang.figure_bookings(),
                lang.figure_sessions(),
                lang.figure_minutes(),
            ]));
            rows.extend(figures.rooms.iter().map(|one| {
                vec![
                    one.name.get(lang).to_owned(),
                    one.bookings.to_string(),
                    one.sessions.to_string(),
                    one.minutes.to_string(),
                ]
            }));
        }
        "activities" => {
            rows.push(head(&[
                lang.nav_activities(),
                lang.figure_sessions(),
                lang.places_label(),
                lang.figure_signed_up(),
                lang.figure_came(),
                lang.figure_missed(),
            ]));
            rows.extend(figures.activities.iter().map(|one| activity(one, lang)));
        }
        "refusals" => {
            rows.push(head(&[lang.figure_rule(), lang.figure_count()]));
            rows.extend(
                figures
                    .refusals
                    .iter()
                    .map(|(rule, count)| vec![rule.word(lang).to_owned(), count.to_string()]),
            );
        }
        _ => return None,
    }
    Some(rows)
}

fn activity(one: &ActivityFigure, lang: Lang) -> Vec<String> {
    let told = |count: Count| match count {
        Count::Few => format!("<{SMALL}"),
        Count::People(count) => count.to_string(),
    };
    vec![
        one.title.get(lang).to_owned(),
        one.sessions.to_string(),
        one.places.to_string(),
        told(one.signed_up),
        told(one.came),
        told(one.missed),
    ]
}
