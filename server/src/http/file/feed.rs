//! Calendar feeds: answered to whoever knows their address, anew only where something changed.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{api, feed::FeedKind, language::Lang, problem::Problem};

use crate::{
    http::{
        caller::Caller, endpoint::look, file::calendar::subscribed, reply::LocalizedProblem,
        request::GivenPath,
    },
    state::Site,
    usecase::{feed, person::token_hash},
};

/// A feed. Its address is its key: it is for nobody else to keep, and no search engine looks at it.
pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::ReadFeed>,
    caller: Caller,
    headers: HeaderMap,
    _: Body,
) -> Response {
    let Ok(Path(token)) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let read = look(&site, &caller, move |tx, call| feed::read(tx, call, &token)).await;
    let content = match read {
        Ok(content) => content,
        Err(problem) => return LocalizedProblem(problem, caller.lang).into_response(),
    };
    let lang = content.lang;
    let text = subscribed(&name(&content, lang), &content.entries, lang);
    let tag = format!("\"{}\"", &token_hash(&text)[..24]);
    let known = headers.get(header::IF_NONE_MATCH);
    let status = match known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        true => StatusCode::NOT_MODIFIED,
        false => StatusCode::OK,
    };
    let body = match status {
        StatusCode::OK => text,
        _ => String::new(),
    };
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::ETAG, tag.as_str()),
    ];
    (status, headers, body).into_response()
}

/// What a calendar program calls it.
fn name(content: &feed::Content, lang: Lang) -> String {
    let name = content.name.as_ref().map(|name| name.get(lang));
    match (&content.kind, name) {
        (FeedKind::Mine, _) | (_, None) => lang.feed_mine().to_owned(),
        (_, Some(name)) => name.to_owned(),
    }
}
