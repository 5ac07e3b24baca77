//! Files: calendars, figures, paper and pictures that leave the centre.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

pub(super) mod audit;
pub(super) mod calendar;
pub(super) mod centre;
pub(super) mod district;
pub(super) mod document;
pub(super) mod feed;
pub(super) mod figures;
pub(super) mod paper;
pub(super) mod picture;
mod plan;
mod table;

/// A file to be saved under a name, for nobody else to keep.
fn attachment(body: impl IntoResponse, kind: &'static str, name: &str) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
