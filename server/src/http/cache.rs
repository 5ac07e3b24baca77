//! Response cache for public reads, invalidated when the centre changes.

use std::sync::{Arc, PoisonError};

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{api::Endpoint, id::CentreId, language::Lang, problem::Problem};

use super::{
    caller::Caller,
    reply::{LocalizedProblem, problem},
    request::GivenPath,
};
use crate::{
    assets::takes_brotli,
    cache::{Kept, Made},
    state::Site,
    usecase::{Call, Read},
};

/// How long a reply is kept without a change, in milliseconds: time itself changes a few things.
const LONGEST: i64 = 60_000;

/// How old a reply may be in a rush, in milliseconds, while pages are still to be told of the changes: they ask again then.
const RUSHED: i64 = 500;

/// Which centre a path belongs to.
pub(super) trait OfCentre {
    /// The centre; none for what belongs to all.
    fn centre(&self) -> Option<&CentreId>;
}

impl OfCentre for CentreId {
    fn centre(&self) -> Option<&CentreId> {
        Some(self)
    }
}

impl<A> OfCentre for (CentreId, A) {
    fn centre(&self) -> Option<&CentreId> {
        Some(&self.0)
    }
}

impl<A, B> OfCentre for (CentreId, A, B) {
    fn centre(&self) -> Option<&CentreId> {
        Some(&self.0)
    }
}

/// Answers a reading endpoint whose reply is the same for everybody.
pub(super) async fn answer<E>(
    case: Read<E>,
    State(site): State<Site>,
    path: GivenPath<E>,
    caller: Caller,
    headers: HeaderMap,
) -> Response
where
    E: Endpoint + 'static,
    E::Path: OfCentre + Clone + Sync + 'static,
{
    let Ok(Path(path)) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let url = E::url(&path);
    let centre = path.centre().cloned();
    let make = async || {
        let call = Call::nobody(site.clock.now_ms(), &site.centres);
        let path = path.clone();
        let read = site.db.read(move |tx| {
            let reply = case(tx, &call, path.clone())?;
            Ok(serde_json::to_vec(&reply).unwrap_or_default())
        });
        Ok(Made {
            bytes: read.await.map_err(problem)?,
            kind: "application/json",
            control: "no-cache",
            packs: true,
        })
    };
    reply(
        &site,
        (&url, centre.as_ref()),
        (caller.lang, &headers),
        make,
    )
    .await
}

/// Answers with what is kept for a URL, made anew by `make` when its centre has changed. Many who ask at once wait for one.
pub(super) async fn reply(
    site: &Site,
    (url, centre): (&str, Option<&CentreId>),
    (lang, headers): (Lang, &HeaderMap),
    make: impl AsyncFnOnce() -> Result<Made, Problem>,
) -> Response {
    let slot = site.cache.slot(url);
    let current = || {
        let kept = slot.kept.read().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.clone()?;
        let age = site.clock.now_ms() - kept.made_ms;
        let generation = centre.map_or(0, |centre| site.bus.generation(centre));
        let rushed = || centre.is_some_and(|centre| site.bus.is_rushed(centre));
        let good = (kept.generation == generation && age < LONGEST) || (age < RUSHED && rushed());
        good.then_some(kept)
    };
    if let Some(kept) = current() {
        return send(&kept, headers);
    }
    let _flight = slot.flight.lock().await;
    if let Some(kept) = current() {
        return send(&kept, headers);
    }
    // Counted before reading: a change while we read makes what we read count as old.
    let generation = centre.map_or(0, |centre| site.bus.generation(centre));
    let made_ms = site.clock.now_ms();
    let made = match make().await {
        Ok(made) => made,
        Err(problem) => return LocalizedProblem(problem, lang).into_response(),
    };
    // Compressing takes milliseconds: not on a thread that others wait for.
    let packed = tokio::task::spawn_blocking(move || Kept::new(made, generation, made_ms));
    let Ok(kept) = packed.await else {
        return LocalizedProblem(Problem::Defect, lang).into_response();
    };
    let kept = Arc::new(kept);
    site.cache.put(url, &slot, &kept);
    send(&kept, headers)
}

fn send(kept: &Kept, request: &HeaderMap) -> Response {
    let known = request
        .get(header::IF_NONE_MATCH)
        .is_some_and(|tag| *tag == kept.etag);
    let packed = kept.packed.as_ref().filter(|_| takes_brotli(request));
    let mut response = match (known, packed) {
        (true, _) => StatusCode::NOT_MODIFIED.into_response(),
        (false, Some(packed)) => packed.clone().into_response(),
        (false, None) => kept.plain.clone().into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, kept.etag.clone());
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(kept.control),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !known {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kept.kind));
        if packed.is_some() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
    }
    response
}
