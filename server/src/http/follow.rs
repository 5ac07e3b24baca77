//! Change events over HTTP (server-sent events): a page follows the days of its centre that changed.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Uri},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{
    api::{self, Change},
    id::CentreId,
    problem::Problem,
};
use futures_util::{Stream, StreamExt, stream};

use super::{
    caller::Caller,
    reply::{LocalizedProblem, problem},
    request::GivenPath,
};
use crate::{clock, limits::Follower, live::everything, state::Site};

/// Where many pages follow a centre they are told one after the other over up to this time, in milliseconds: what they
/// ask for then does not arrive in one heap.
const SPREAD_MS: u64 = 600;

/// How often a silent stream shows that it is open.
const ALIVE: Duration = Duration::from_secs(20);

/// Follows the changes of a centre ([`api::FollowCentre`]).
pub(super) async fn follow(
    State(site): State<Site>,
    path: GivenPath<api::FollowCentre>,
    caller: Caller,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let Ok(Path(centre)) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let follower = match site.limits.follow(caller.address) {
        Ok(follower) => follower,
        Err(problem) => return LocalizedProblem(problem, caller.lang).into_response(),
    };
    // After a lost connection the browser says what it saw last; at first the page says what it was drawn from.
    let again = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    let first = || uri.query()?.strip_prefix("seen=");
    let seen = again.or_else(first).and_then(|count| count.parse().ok());
    let (wanted, centres) = (centre.clone(), Arc::clone(&site.centres));
    match site
        .db
        .read(move |tx| centres.get(tx, &wanted).map(drop))
        .await
    {
        Ok(()) => {
            let mut response = stream_changes(&site, &centre, seen, follower).into_response();
            // A proxy that gathers what it passes on would hold events back (nginx).
            let unheld = HeaderValue::from_static("no");
            response.headers_mut().insert("x-accel-buffering", unheld);
            response
        }
        Err(fail) => LocalizedProblem(problem(fail), caller.lang).into_response(),
    }
}

/// The centre's changes from now on, and at once whether there were some that the page has not `seen`.
fn stream_changes(
    site: &Site,
    id: &CentreId,
    seen: Option<u64>,
    follower: Option<Follower>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let pages = site.bus.subscribe(id);
    let greeting = if seen == Some(pages.count) {
        Event::default().comment("linli")
    } else {
        event(&everything())
    };
    let greeting = greeting.id(pages.count.to_string());
    let turn = Duration::from_millis(clock::below(pages.crowd.min(SPREAD_MS)));
    let events = stream::unfold(
        (pages, turn, follower),
        async |(mut pages, turn, follower)| {
            let change = pages.next().await?;
            if !turn.is_zero() {
                tokio::time::sleep(turn).await;
            }
            let told = match change {
                Some((change, count)) => event(&change).id(count.to_string()),
                None => event(&everything()),
            };
            Some((Ok(told), (pages, turn, follower)))
        },
    );
    let greeting = stream::once(std::future::ready(Ok(greeting)));
    Sse::new(greeting.chain(events)).keep_alive(KeepAlive::new().interval(ALIVE))
}

fn event(change: &Change) -> Event {
    Event::default().json_data(change).unwrap_or_default()
}
