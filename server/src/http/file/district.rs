//! The totals of the centres of a district as a file for spreadsheets: a row a centre.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{
    api::{self, CentreFigures},
    figures::period::Period,
    language::Lang,
    problem::Problem,
};

use super::{
    attachment,
    figures::{Cell, cell_of, label_of},
    table::write,
};
use crate::{
    http::{caller::Caller, endpoint::look, reply::LocalizedProblem, request::GivenPath},
    state::Site,
    usecase::figures::district,
};

pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetDistrictFile>,
    caller: Caller,
) -> Response {
    let Ok(Path(period)) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let lang = caller.lang;
    let read = look(&site, &caller, move |tx, call| {
        district::list(tx, call, period)
    });
    let rows = match read.await {
        Ok(all) => rows(&all, period, lang),
        Err(problem) => return LocalizedProblem(problem, lang).into_response(),
    };
    match write(&rows) {
        Some(text) => attachment(
            text,
            "text/csv; charset=utf-8",
            &format!("linli-{period}.csv"),
        ),
        None => LocalizedProblem(Problem::NotFound, lang).into_response(),
    }
}

fn rows(all: &[CentreFigures], period: Period, lang: Lang) -> Vec<Vec<String>> {
    let (from, until) = period.days();
    let mut rows = Vec::with_capacity(all.len() + 1);
    for one in all {
        let lines = one.totals.lines();
        if rows.is_empty() {
            let mut head = vec![lang.centre().to_owned()];
            head.extend(lines.iter().map(|line| label_of(*line, lang)));
            head.extend([lang.period_from(), lang.period_until()].map(str::to_owned));
            rows.push(head);
        }
        let mut row = vec![one.name.get(lang).to_owned()];
        row.extend(lines.iter().map(|(_, told)| match cell_of(*told) {
            Cell::Text(text) => text,
            Cell::Number(number) => number.to_string(),
        }));
        row.extend([from.to_string(), until.to_string()]);
        rows.push(row);
    }
    rows
}
