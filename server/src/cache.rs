//! Reply store: one reply per URL, compressed once, bounded by bytes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use axum::{body::Bytes, http::HeaderValue};
use sha2::{Digest, Sha256};

use crate::{assets::pack, clock::hex};

/// The most bytes of replies that are kept.
const MOST: usize = 24 * 1024 * 1024;

/// The most URLs that are remembered, with or without a reply.
const MOST_URLS: usize = 4096;

/// A reply, ready to be sent.
pub(crate) struct Kept {
    pub(crate) generation: u64,
    pub(crate) made_ms: i64,
    pub(crate) kind: &'static str,
    pub(crate) control: &'static str,
    pub(crate) etag: HeaderValue,
    pub(crate) plain: Bytes,
    pub(crate) packed: Option<Bytes>,
}

/// A reply about to be made.
pub(crate) struct Made {
    /// The bytes.
    pub(crate) bytes: Vec<u8>,
    /// Their media type.
    pub(crate) kind: &'static str,
    /// How others may keep it.
    pub(crate) control: &'static str,
    /// They get smaller by compression.
    pub(crate) packs: bool,
}

/// A URL with its reply; whoever makes it holds `flight`, and others wait for what comes of it.
#[derive(Default)]
pub(crate) struct Slot {
    pub(crate) kept: RwLock<Option<Arc<Kept>>>,
    pub(crate) flight: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Slots {
    by_url: HashMap<String, Arc<Slot>>,
    bytes: usize,
}

/// The replies at hand.
#[derive(Default)]
pub struct Cache(Mutex<Slots>);

impl Cache {
    pub(crate) fn slot(&self, url: &str) -> Arc<Slot> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.by_url.get(url) {
            return Arc::clone(slot);
        }
        if slots.by_url.len() >= MOST_URLS {
            *slots = Slots::default();
        }
        let slot = Arc::new(Slot::default());
        slots.by_url.insert(url.to_owned(), Arc::clone(&slot));
        slot
    }

    pub(crate) fn put(&self, url: &str, slot: &Arc<Slot>, kept: &Arc<Kept>) {
        let before = {
            let mut place = slot.kept.write().unwrap_or_else(PoisonError::into_inner);
            place.replace(Arc::clone(kept))
        };
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = slots
            .by_url
            .get(url)
            .is_some_and(|held| Arc::ptr_eq(held, slot));
        if !held {
            return;
        }
        slots.bytes += kept.bytes();
        slots.bytes = slots
            .bytes
            .saturating_sub(before.map_or(0, |before| before.bytes()));
        if slots.bytes > MOST {
            *slots = Slots::default();
        }
    }
}

impl Kept {
    pub(crate) fn new(made: Made, generation: u64, made_ms: i64) -> Self {
        let digest = hex(&Sha256::digest(&made.bytes)[..12]);
        let etag = HeaderValue::from_str(&format!("\"{digest}\""));
        Self {
            generation,
            made_ms,
            kind: made.kind,
            control: made.control,
            etag: etag.unwrap_or(HeaderValue::from_static("\"\"")),
            packed: made.packs.then(|| pack(&made.bytes).into()),
            plain: made.bytes.into(),
        }
    }

    fn bytes(&self) -> usize {
        self.plain.len() + self.packed.as_ref().map_or(0, Bytes::len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded_by_bytes() {
        let cache = Cache::default();
        for number in 0..100 {
            let url = format!("/{number}");
            let slot = cache.slot(&url);
            let made = Made {
                bytes: vec![0; 1024 * 1024],
                kind: "x",
                control: "x",
                packs: false,
            };
            cache.put(&url, &slot, &Arc::new(Kept::new(made, 0, 0)));
            let slots = cache.0.lock().unwrap();
            let held: usize = slots
                .by_url
                .values()
                .filter_map(|slot| Some(slot.kept.read().unwrap().as_ref()?.bytes()))
                .sum();
            assert!(held <= MOST && held == slots.bytes, "{held}");
        }
    }
}
