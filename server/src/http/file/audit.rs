//! The audit log of a month as a file for spreadsheets.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{api, audit::Entry, language::Lang, problem::Problem};

use super::{attachment, table::write};
use crate::{
    http::{caller::Caller, endpoint::look, reply::Told, request::GivenPath},
    state::Site,
    usecase::audit,
};

pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetLogFile>,
    caller: Caller,
) -> Response {
    let Ok(Path((centre, day))) = path else {
        return Told(Problem::NotFound, caller.lang).into_response();
    };
    let lang = caller.lang;
    let (year, month, _) = day.ymd();
    let name = format!("{centre}-log-{year}-{month:02}.csv");
    let read = look(&site, &caller, move |tx, call| {
        audit::list_month(tx, call, &centre, day)
    });
    let rows = match read.await {
        Ok(entries) => rows(&entries, lang),
        Err(problem) => return Told(problem, lang).into_response(),
    };
    match write(&rows) {
        Some(text) => attachment(text, "text/csv; charset=utf-8", &name),
        None => Told(Problem::NotFound, lang).into_response(),
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
            entry.channel.word(lang).to_owned(),
        ]);
    }
    rows
}
