//! Request bodies and paths: read within bounds, as the endpoint wants them.

use std::time::Duration;

use axum::{
    body::{Body, to_bytes},
    extract::{Path, rejection::PathRejection},
};
use domain::{
    api::Endpoint,
    problem::{Problem, TextFault},
};
use serde::de::DeserializeOwned;

/// The most bytes of a request. The longest honest one is a booking with a note.
const MOST_BYTES: usize = 16 * 1024;

/// How long a request's body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// The path as it was given; what cannot be read names nothing.
pub(super) type GivenPath<E> = Result<Path<<E as Endpoint>::Path>, PathRejection>;

/// The bytes of a request, within bounds.
pub(super) async fn bytes(body: Body) -> Result<axum::body::Bytes, Problem> {
    let unreadable = || Problem::field("request", TextFault::Unreadable);
    let read = tokio::time::timeout(BODY_TIME, to_bytes(body, MOST_BYTES)).await;
    match read {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(cause)) if cause.to_string().contains("limit") => Err(Problem::TooLarge),
        Ok(Err(_)) | Err(_) => Err(unreadable()),
    }
}

/// The body as the endpoint wants it.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let bytes = if bytes.is_empty() { b"null" } else { bytes };
    serde_json::from_slice(bytes).map_err(|_| Problem::field("request", TextFault::Unreadable))
}
