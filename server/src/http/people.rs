//! Search for people at the desk: a read, and a short write that somebody looked.

use axum::{
    body::Body,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{api, problem::Problem};

use super::{
    caller::Caller,
    endpoint::{look, watch},
    reply::{LocalizedProblem, json},
    request::{GivenPath, bytes, parse},
};
use crate::{state::Site, usecase::desk::people};

/// Looks for people. It changes nothing that a second look would change again, so it needs no key; what is looked for
/// travels in the body.
pub(super) async fn find(
    State(site): State<Site>,
    path: GivenPath<api::FindPeople>,
    caller: Caller,
    body: Body,
) -> Response {
    let found = async {
        let Ok(Path(centre)) = path else {
            return Err(Problem::NotFound);
        };
        let wanted: api::Wanted = parse(&bytes(body).await?)?;
        // Looking is a read, so that nobody who writes waits for it; that somebody looked is a short write after it.
        let of = centre.clone();
        let found = look(&site, &caller, move |tx, call| {
            people::find(tx, call, &of, &wanted)
        });
        let found = found.await?;
        watch(&site, &caller, move |tx, call| {
            people::note_search(tx, call, &centre, &found)?;
            Ok(found.rows.clone())
        })
        .await
    };
    match found.await {
        Ok(found) => json(StatusCode::OK, &found),
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}
