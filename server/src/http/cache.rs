//! Replies that are the same for everybody are made once per change of their centre.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{api::Endpoint, id::CentreId, problem::Problem};
use sha2::{Digest, Sha256};

use super::{
    caller::Caller,
    reply::{Told, problem},
    route::{GivenPath, Read},
};
use crate::{
    assets::{pack, takes_brotli},
    clock::hex,
    state::Site,
    usecase::Call,
};

/// How many replies are kept at most.
const MOST: usize = 2000;

/// How long a reply is kept without a change, in milliseconds: time itself changes a few things.
const LONGEST: i64 = 60_000;

/// A reply, ready to be sent.
struct Kept {
    generation: u64,
    made_ms: i64,
    etag: HeaderValue,
    plain: Bytes,
    packed: Bytes,
}

/// The replies at hand, by URL.
#[derive(Default)]
pub struct Cache(Mutex<HashMap<String, Arc<Kept>>>);

impl Cache {
    fn get(&self, url: &str, generation: u64, now_ms: i64) -> Option<Arc<Kept>> {
        let kept = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(url)
            .cloned();
        kept.filter(|kept| kept.generation == generation && now_ms - kept.made_ms < LONGEST)
    }

    fn put(&self, url: String, kept: Arc<Kept>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(url, kept);
    }
}

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
        return Told(Problem::NotFound, caller.lang).into_response();
    };
    let now_ms = site.clock.now_ms();
    // Counted before reading: a change while we read makes what we read count as old.
    let generation = path
        .centre()
        .map_or(0, |centre| site.bus.generation(centre));
    let url = E::url(&path);
    let kept = match site.cache.get(&url, generation, now_ms) {
        Some(kept) => kept,
        None => {
            let call = Call::nobody(now_ms, &site.centres);
            let made = site.db.read(move |tx| {
                let reply = case(tx, &call, path.clone())?;
                Ok(serde_json::to_vec(&reply).unwrap_or_default())
            });
            let plain = match made.await {
                Ok(plain) => plain,
                Err(fail) => return Told(problem(fail), caller.lang).into_response(),
            };
            let digest = hex(&Sha256::digest(&plain)[..12]);
            let etag = HeaderValue::from_str(&format!("\"{digest}\""));
            let etag = etag.unwrap_or(HeaderValue::from_static("\"\""));
            let packed = pack(&plain).into();
            let kept = Arc::new(Kept {
                generation,
                made_ms: now_ms,
                etag,
                plain: plain.into(),
                packed,
            });
            site.cache.put(url, Arc::clone(&kept));
            kept
        }
    };
    send(&kept, &headers)
}

fn send(kept: &Kept, request: &HeaderMap) -> Response {
    let known = request
        .get(header::IF_NONE_MATCH)
        .is_some_and(|tag| *tag == kept.etag);
    let brotli = takes_brotli(request);
    let mut response = match (known, brotli) {
        (true, _) => StatusCode::NOT_MODIFIED.into_response(),
        (false, true) => kept.packed.clone().into_response(),
        (false, false) => kept.plain.clone().into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, kept.etag.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !known {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        if brotli {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
    }
    response
}
