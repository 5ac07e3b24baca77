//! The slip for somebody without a phone: what they booked and signed up for, where and when, on A6.

use std::fmt::Write;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{
    api::{self, CentreView, PersonCard},
    language::Lang,
    problem::Problem,
    time::{LocalTime, Slot},
    view::drawing::escape,
};

use super::{STYLE, Sheet};
use crate::{
    http::{caller::Caller, endpoint::watch, reply::LocalizedProblem, request::GivenPath},
    state::Site,
    usecase::{centre, desk},
};

pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetSlip>,
    caller: Caller,
) -> Response {
    let Ok(Path(path)) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let read = watch(&site, &caller, move |tx, call| {
        let card = desk::people::get(tx, call, path.clone())?;
        let known = centre::get(tx, call, path.0.clone())?;
        let now = known.local(call.now());
        Ok((card, known, now))
    });
    match read.await {
        Ok((card, known, now)) => draw(&card, &known, now, caller.lang).print(),
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}

fn draw(card: &PersonCard, known: &CentreView, now: LocalTime, lang: Lang) -> Sheet {
    let centre = &known.centre;
    let mut lines: Vec<(i64, String)> = Vec::new();
    for one in &card.bookings {
        if one.end.local > now && one.state.is_live() {
            let line = line(
                &lang.slot(one.slot()),
                one.room_name.get(lang),
                &format!("{} · {}", one.state.word(lang), lang.people(one.people)),
            );
            lines.push((one.start.utc(), line));
        }
    }
    for one in &card.sign_ups {
        if one.end.local > now && one.state.is_live() && !one.called_off {
            let slot = Slot::lasting(
                one.start.local,
                one.end.local.minutes() - one.start.local.minutes(),
            );
            let what = format!("{} · {}", one.title.get(lang), one.room_name.get(lang));
            let line = line(
                &lang.slot(slot),
                &what,
                &format!("{} · {}", one.name, one.state.word(lang)),
            );
            lines.push((one.start.utc(), line));
        }
    }
    lines.sort();
    let mut list = String::new();
    for (_, line) in &lines {
        list.push_str(line);
    }
    if lines.is_empty() {
        let _ = write!(list, "<li>{}</li>", lang.paper_nothing());
    }
    let name = escape(card.person.called());
    let house = escape(centre.name.get(lang));
    Sheet {
        lang,
        title: format!("{name} · {house}"),
        style: STYLE,
        body: format!(
            "<main class=\"slip\"><header><h1>{name}</h1><p>{house}</p></header><ul>{list}</ul>\
             <p class=\"small\">{address}<br>{phone}<br>{printed}</p></main>",
            address = escape(centre.address.get(lang)),
            phone = escape(&format!("{} {}", lang.desk_phone(), centre.phone)),
            printed = escape(&lang.paper_as_of(&lang.moment(now))),
        ),
    }
}

fn line(when: &str, what: &str, more: &str) -> String {
    format!(
        "<li><strong>{}</strong>{}<br><span class=\"small\">{}</span></li>",
        escape(when),
        escape(what),
        escape(more)
    )
}
