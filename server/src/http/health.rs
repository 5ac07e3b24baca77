//! Health: `/readyz` asks the writer of the database.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{state::Site, usecase::health::probe};

pub(super) async fn ready(State(site): State<Site>) -> Response {
    // The writer is asked: what only can be read is not ready.
    match site.db.write(probe).await {
        Ok(()) => "ready".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready").into_response(),
    }
}
