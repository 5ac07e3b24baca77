//! History: the story of a booking or an activity in sentences, and the log searched over all time.

use axum::{
    body::Body,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    api::{self, StoryLine},
    id::CentreId,
    page::Page,
    person::behalf::Channel,
    problem::Problem,
};

use super::{
    caller::Caller,
    endpoint::look,
    reply::{LocalizedProblem, json},
    request::{GivenPath, bytes, parse},
};
use crate::{state::Site, usecase::audit};

pub(super) async fn of_booking(
    State(site): State<Site>,
    path: GivenPath<api::GetBookingStory>,
    caller: Caller,
) -> Response {
    let page = path.map(|Path((centre, id))| (centre.clone(), Page::Booking(centre, id)));
    tell(&site, caller, page.ok()).await
}

pub(super) async fn of_activity(
    State(site): State<Site>,
    path: GivenPath<api::GetActivityStory>,
    caller: Caller,
) -> Response {
    let page = path.map(|Path((centre, id))| (centre.clone(), Page::Activity(centre, id)));
    tell(&site, caller, page.ok()).await
}

async fn tell(site: &Site, caller: Caller, of: Option<(CentreId, Page)>) -> Response {
    let Some((centre, page)) = of else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let lang = caller.lang;
    let read = look(site, &caller, move |tx, call| {
        audit::tell(tx, call, &centre, &page)
    });
    match read.await {
        Ok(entries) => {
            let lines = entries.into_iter().map(|entry| {
                let (done, about) = entry.words(lang, entry.at.local.date());
                let way = match entry.channel {
                    Channel::App => String::new(),
                    way => format!(" · {}", way.word(lang)),
                };
                let about = match about.is_empty() {
                    true => String::new(),
                    false => format!(" · {about}"),
                };
                StoryLine {
                    words: format!("{done}{about}{way}"),
                    at: entry.at,
                }
            });
            json(StatusCode::OK, &lines.collect::<Vec<_>>())
        }
        Err(problem) => LocalizedProblem(problem, lang).into_response(),
    }
}

/// Looks for entries. It changes nothing, so it needs no key; what is looked for travels in the body.
pub(super) async fn find(
    State(site): State<Site>,
    path: GivenPath<api::FindEntries>,
    caller: Caller,
    body: Body,
) -> Response {
    let lang = caller.lang;
    let found = async {
        let Ok(Path(centre)) = path else {
            return Err(Problem::NotFound);
        };
        let wanted: api::LogQuery = parse(&bytes(body).await?)?;
        look(&site, &caller, move |tx, call| {
            audit::find(tx, call, (&centre, lang), &wanted)
        })
        .await
    };
    match found.await {
        Ok(log) => json(StatusCode::OK, &log),
        Err(problem) => LocalizedProblem(problem, lang).into_response(),
    }
}
