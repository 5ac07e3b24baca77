//! The audit log as a file for spreadsheets: a month of it, or what a search finds.

use axum::{
    body::Body,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{
    api::{self, LogQuery},
    audit::Entry,
    language::Lang,
    person::behalf::Channel,
    problem::Problem,
};

use super::{attachment, table::write};
use crate::{
    http::{
        caller::Caller,
        endpoint::look,
        reply::LocalizedProblem,
        request::{GivenPath, bytes, parse},
    },
    state::Site,
    usecase::audit,
};

pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetLogFile>,
    caller: Caller,
) -> Response {
    let Ok(Path((centre, day))) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let lang = caller.lang;
    let (year, month, _) = day.ymd();
    let name = format!("{centre}-log-{year}-{month:02}.csv");
    let read = look(&site, &caller, move |tx, call| {
        audit::list_month(tx, call, &centre, day)
    });
    answer(read.await, lang, &name)
}

/// What is looked for travels in the body, as in a search.
pub(in crate::http) async fn get_found(
    State(site): State<Site>,
    path: GivenPath<api::GetFoundFile>,
    caller: Caller,
    body: Body,
) -> Response {
    let lang = caller.lang;
    let Ok(Path(centre)) = path else {
        return LocalizedProblem(Problem::NotFound, lang).into_response();
    };
    let name = format!("{centre}-log.csv");
    let found = async {
        let wanted: LogQuery = parse(&bytes(body).await?)?;
        look(&site, &caller, move |tx, call| {
            audit::find_all(tx, call, (&centre, lang), &wanted)
        })
        .await
    };
    answer(found.await, lang, &name)
}

fn answer(read: Result<Vec<Entry>, Problem>, lang: Lang, name: &str) -> Response {
    let rows = match read {
        Ok(entries) => rows(&entries, lang),
        Err(problem) => return LocalizedProblem(problem, lang).into_response(),
    };
    match write(&rows) {
        Some(text) => attachment(text, "text/csv; charset=utf-8", name),
        None => LocalizedProblem(Problem::NotFound, lang).into_response(),
    }
}

/// The entries, their head first.
fn rows(entries: &[Entry], lang: Lang) -> Vec<Vec<String>> {
    let head = [
        lang.date_label(),
        lang.time(),
        lang.log_who(),
        lang.log_for(),
        lang.log_act(),
        lang.log_about(),
        lang.log_when(),
        lang.reason(),
        lang.log_way(),
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for entry in entries {
        let subject = &entry.subject;
        rows.push(vec![
            entry.at.local.date().to_string(),
            entry.at.local.clock(),
            entry.actor.clone().unwrap_or_default(),
            entry.person.clone().unwrap_or_default(),
            entry.act.word(lang).to_owned(),
            subject
                .what
                .as_ref()
                .map_or_else(String::new, |what| what.get(lang).to_owned()),
            subject
                .start
                .map(|start| start.to_string())
                .unwrap_or_default(),
            subject.reason.clone(),
            // Of what staff did for somebody, and nobody said how they came, no way is known.
            match (entry.channel, &entry.person) {
                (Channel::App, Some(_)) => String::new(),
                (way, _) => way.word(lang).to_owned(),
            },
        ]);
    }
    rows
}
