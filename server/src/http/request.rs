//! Request bodies and paths: read within bounds, as the endpoint wants them.

use std::time::Duration;

use axum::{
    body::{Body, to_bytes},
    extract::{Path, rejection::PathRejection},
};
use domain::{
    api::{ChangeBooking, ChangeCentre, CloseRooms, Endpoint, MakeCentre},
    problem::{Problem, TextFault},
};
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;

/// The most bytes of a request. The longest honest one is a booking with a note.
const MOST_BYTES: usize = 16 * 1024;

/// The most bytes of a change that decides about the bookings of many months.
const MOST_DECISIONS: usize = 1024 * 1024;

/// How many of those are read at once.
static LARGE: Semaphore = Semaphore::const_new(4);

/// How long a request's body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// The path as it was given; what cannot be read names nothing.
pub(super) type GivenPath<E> = Result<Path<<E as Endpoint>::Path>, PathRejection>;

/// True for changes that decide about the bookings of many months, or carry a whole centre.
pub(super) fn is_large<E: Endpoint>() -> bool {
    let large = [
        CloseRooms::NAME,
        ChangeBooking::NAME,
        ChangeCentre::NAME,
        MakeCentre::NAME,
    ];
    large.contains(&E::NAME)
}

/// The bytes of a large request, a few at once: only for those who are signed in, or strangers would hold all turns.
pub(super) async fn large_bytes(body: Body) -> Result<axum::body::Bytes, Problem> {
    let _turn = LARGE.acquire().await;
    within(body, MOST_DECISIONS).await
}

/// The bytes of a request, within bounds.
pub(super) async fn bytes(body: Body) -> Result<axum::body::Bytes, Problem> {
    within(body, MOST_BYTES).await
}

async fn within(body: Body, most: usize) -> Result<axum::body::Bytes, Problem> {
    let unreadable = || Problem::field("request", TextFault::Unreadable);
    let read = tokio::time::timeout(BODY_TIME, to_bytes(body, most)).await;
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
