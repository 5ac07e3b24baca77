//! The page that the app starts from.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{Html, IntoResponse, Response},
};

use crate::state::Site;

pub(super) async fn page(State(site): State<Site>, uri: Uri, headers: HeaderMap) -> Response {
    let name = uri.path().trim_start_matches('/');
    if let Some(file) = site.assets.get(name, &headers) {
        return file;
    }
    (StatusCode::OK, Html(site.assets.index())).into_response()
}
