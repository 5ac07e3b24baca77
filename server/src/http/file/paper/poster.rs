//! A poster of an activity, for the board in the hall: one page of A4 with what, when, where and a code that opens the
//! activity on a phone.

use std::fmt::Write;

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::{
    activity::{Activity, Per, Session},
    api::{self, CentreView},
    language::Lang,
    problem::Problem,
    time::Stamp,
    view::drawing::escape,
};

use super::{Sheet, code};
use crate::{
    http::{
        caller::{Caller, origin},
        endpoint::look,
        file::plan::{Frame, plan},
        reply::LocalizedProblem,
        request::GivenPath,
    },
    state::Site,
    usecase::{activity, centre},
};

/// A title of more characters is set in smaller letters, so that the longest still leaves room for the rest.
const LONG_TITLE: usize = 14;

/// With more characters than these, everything is set smaller.
const DENSE_TITLE: usize = 24;
const DENSE_ABOUT: usize = 60;

/// The most characters of the description; who wants to read on opens the activity.
const MOST_ABOUT: usize = 240;

/// The most dates that fit.
const MOST_DATES: usize = 8;

const STYLE: &str = concat!(include_str!("poster.css"), include_str!("../plan.css"));

pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetPoster>,
    caller: Caller,
    headers: HeaderMap,
) -> Response {
    let Ok(Path(path)) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let url = format!(
        "{}/activities/{}/{}",
        origin(&site, &headers),
        path.0,
        path.1
    );
    let read = look(&site, &caller, move |tx, call| {
        let known = centre::get(tx, call, path.0.clone())?;
        let now = Stamp {
            local: known.local(call.now()),
            offset: known.offset,
        };
        Ok((activity::get(tx, call, path.clone())?, known, now))
    });
    match read.await {
        Ok((activity, known, now)) => draw(&activity, &known, now, &url, caller.lang).print(),
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}

fn draw(activity: &Activity, known: &CentreView, now: Stamp, url: &str, lang: Lang) -> Sheet {
    let centre = &known.centre;
    let title = escape(activity.title.get(lang));
    let house = escape(centre.name.get(lang));
    let coming: Vec<&Session> = activity
        .sessions
        .iter()
        .filter(|one| one.is_on() && one.end.local > now.local)
        .collect();
    let mut dates = String::new();
    for session in coming.iter().take(MOST_DATES) {
        let _ = write!(dates, "<li>{}</li>", escape(&lang.slot(session.slot())));
    }
    let more = coming.len().saturating_sub(MOST_DATES);
    if more > 0 {
        let _ = write!(dates, "<li>{}</li>", lang.more_dates(more));
    }
    if coming.is_empty() {
        let _ = write!(dates, "<li>{}</li>", lang.no_more_sessions());
    }
    let club = activity
        .club
        .as_ref()
        .map(|club| escape(&lang.by_club(club.name.get(lang))));
    let facts = [
        Some(escape(&activity.audience.word(lang))),
        Some(escape(&lang.price(activity.fee))),
        coming.first().map(|one| lang.poster_places(one.places)),
        (activity.per == Per::Course).then(|| lang.whole_course().to_owned()),
        activity.pick_up.then(|| lang.picked_up().to_owned()),
    ];
    let facts: String = facts
        .into_iter()
        .flatten()
        .map(|fact| format!("<li>{fact}</li>"))
        .collect();
    let room = coming
        .first()
        .or(activity.sessions.last().as_ref())
        .and_then(|one| centre.room(&one.room));
    let place = room.map_or_else(String::new, |room| {
        let floor = centre.floor(&room.floor);
        let floor = floor.map_or("", |floor| floor.name.get(lang));
        format!(
            "<p class=\"room\">{} <span>{}</span></p>{}",
            escape(room.name.get(lang)),
            escape(floor),
            plan(
                centre,
                room,
                coming.first().map(|one| one.slot()),
                (lang, &Frame::Paper)
            )
        )
    });
    let (words, signs) = (
        activity.title.get(lang).chars().count(),
        activity.about.get(lang).chars().count(),
    );
    let is_dense = words > DENSE_TITLE || signs > DENSE_ABOUT;
    let body = format!(
        "<main{dense}><header><p>{house}</p><p>{club}</p></header><h1{long}>{title}</h1>\
         <ul class=\"dates\">{dates}</ul><p class=\"about\">{about}</p><ul class=\"facts\">{facts}</ul>\
         <section class=\"where\"><div>{place}<p>{address}</p><p class=\"directions\">{directions}</p></div>\
         <figure>{code}<figcaption>{scan}<br><span>{phone}</span></figcaption></figure></section>\
         <footer>{shown}</footer></main>",
        long = if words > LONG_TITLE {
            " class=\"long\""
        } else {
            ""
        },
        club = club.unwrap_or_default(),
        about = escape(&shortened(activity.about.get(lang))),
        dense = if is_dense { " class=\"dense\"" } else { "" },
        address = escape(centre.address.get(lang)),
        directions = escape(centre.directions.get(lang)),
        code = code(url),
        scan = lang.scan_to_sign_up(),
        phone = escape(&format!("{} {}", lang.desk_phone(), centre.phone)),
        shown = escape(url),
    );
    Sheet {
        lang,
        title: format!("{title} · {house}"),
        style: STYLE,
        body,
    }
}

fn shortened(text: &str) -> String {
    // Lines that somebody left empty would use up the paper.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(MOST_ABOUT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
