//! Counter of refusals that the app decides by itself.

use axum::{
    body::Body,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{api, problem::Problem};

use super::{
    caller::Caller,
    reply::{LocalizedProblem, json},
    request::{GivenPath, bytes, parse},
};
use crate::{refusals::CountedRefusal, state::Site};

/// Counts a rule that the app told of by itself.
pub(super) async fn count(
    State(site): State<Site>,
    path: GivenPath<api::CountRefusal>,
    caller: Caller,
    body: Body,
) -> Response {
    let counted = async {
        let Ok(Path(centre)) = path else {
            return Err(Problem::NotFound);
        };
        let api::NewRefusal { rule, at } = parse(&bytes(body).await?)?;
        site.refusals.count(CountedRefusal {
            centre,
            rule,
            at: Some(at),
        });
        Ok(())
    };
    match counted.await {
        Ok(()) => json(StatusCode::OK, &()),
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}
