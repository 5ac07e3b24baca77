//! A centre's description as a TOML file.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{api, problem::Problem};

use crate::{
    http::{
        caller::Caller, endpoint::look, file::attachment, reply::LocalizedProblem,
        request::GivenPath,
    },
    state::Site,
    usecase::centre::edit,
};

pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetCentreFile>,
    caller: Caller,
) -> Response {
    let Ok(Path(centre)) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let name = format!("{centre}.toml");
    let read = look(&site, &caller, move |tx, call| {
        edit::export(tx, call, &centre)
    });
    match read.await {
        Ok(text) => attachment(text, "application/toml; charset=utf-8", &name),
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}
