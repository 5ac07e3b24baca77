//! Rate limits of this process: how much one person, or one address of visitors, may ask in a minute.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
};

use domain::problem::Problem;
use governor::{DefaultKeyedRateLimiter, Quota};

/// How many reads there may be for a write: opening a page is some of them, and each change of others some more.
const READS: u32 = 80;

/// Sessions that are known to stand; forgotten when there are too many.
const MOST_SESSIONS: usize = 200_000;

struct Pair<K: Clone + Eq + std::hash::Hash> {
    reads: DefaultKeyedRateLimiter<K>,
    writes: DefaultKeyedRateLimiter<K>,
}

impl<K: Clone + Eq + std::hash::Hash> Pair<K> {
    fn new(writes: NonZeroU32) -> Self {
        let reads = writes.saturating_mul(NonZeroU32::new(READS).unwrap_or(NonZeroU32::MIN));
        Self {
            reads: DefaultKeyedRateLimiter::keyed(Quota::per_minute(reads)),
            writes: DefaultKeyedRateLimiter::keyed(Quota::per_minute(writes)),
        }
    }

    fn refuses(&self, key: &K, is_write: bool) -> bool {
        let limiter = if is_write { &self.writes } else { &self.reads };
        limiter.check_key(key).is_err()
    }
}

struct Inner {
    visitors: Pair<IpAddr>,
    sessions: Pair<String>,
    known: Mutex<HashSet<String>>,
    streams: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// How many pages of one address may follow a centre at once: a hall full of neighbours behind one address.
const STREAMS: usize = 400;

/// One of the pages of an address that follow a centre.
pub(crate) struct Follower {
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
    address: IpAddr,
}

impl Drop for Follower {
    fn drop(&mut self) {
        let mut all = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.address);
            }
        }
    }
}

/// The limits; none when they are switched off.
pub struct Limits(Option<Inner>);

impl Limits {
    /// So many writes a minute, and many more reads; 0 for no limit.
    pub fn new(writes_per_minute: u32) -> Self {
        Self(NonZeroU32::new(writes_per_minute).map(|writes| Inner {
            visitors: Pair::new(writes),
            sessions: Pair::new(writes),
            known: Mutex::default(),
            streams: Arc::default(),
        }))
    }

    /// Whether a request is one too many. Whoever has signed in has a limit of their own, whatever address they share
    /// with others; a session that nobody has seen yet does not count as one.
    pub fn refuses(&self, session: Option<&str>, address: IpAddr, is_write: bool) -> bool {
        let Some(inner) = &self.0 else { return false };
        let known = session.filter(|session| {
            let known = inner.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.contains(*session)
        });
        match known {
            Some(session) => inner.sessions.refuses(&session.to_owned(), is_write),
            None => inner.visitors.refuses(&address, is_write),
        }
    }

    /// A place for one more page of an address that follows a centre.
    ///
    /// # Errors
    /// When too many of that address follow already.
    pub(crate) fn follow(&self, address: IpAddr) -> Result<Option<Follower>, Problem> {
        let Some(inner) = &self.0 else {
            return Ok(None);
        };
        let mut all = inner.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(address).or_insert(0);
        if *count >= STREAMS {
            return Err(Problem::TooMany { wait: 60 });
        }
        *count += 1;
        Ok(Some(Follower {
            counts: Arc::clone(&inner.streams),
            address,
        }))
    }

    /// A session was found to stand.
    pub fn knows(&self, session: &str) {
        let Some(inner) = &self.0 else { return };
        let mut known = inner.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(session) {
            return;
        }
        if known.len() >= MOST_SESSIONS {
            known.clear();
        }
        known.insert(session.to_owned());
    }

    /// Forgets who has asked nothing for a while, and which sessions stood: they may have ended.
    pub fn forget_old(&self) {
        let Some(inner) = &self.0 else { return };
        inner.visitors.reads.retain_recent();
        inner.visitors.writes.retain_recent();
        inner.sessions.reads.retain_recent();
        inner.sessions.writes.retain_recent();
        inner
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_signed_in_is_not_limited_by_their_neighbours() {
        let limits = Limits::new(10);
        let address = "192.0.2.7".parse().unwrap();
        let mut writes = (0..50).map(|_| limits.refuses(None, address, true));
        assert_eq!(writes.by_ref().filter(|refused| !refused).count(), 10);
        assert!(
            limits.refuses(Some("made up"), address, true),
            "no way around it"
        );
        limits.knows("s1");
        assert!(!limits.refuses(Some("s1"), address, true));
        assert!(!limits.refuses(None, address, false), "many more reads");
        let refused = (0..1000)
            .filter(|_| limits.refuses(None, address, false))
            .count();
        assert_eq!(refused, 201, "but not without end");
    }

    #[test]
    fn one_address_does_not_hold_all_streams() {
        let limits = Limits::new(10);
        let (address, other) = ("192.0.2.7".parse().unwrap(), "192.0.2.8".parse().unwrap());
        let mut held: Vec<_> = (0..STREAMS).map(|_| limits.follow(address)).collect();
        assert!(held.iter().all(Result::is_ok) && limits.follow(address).is_err());
        assert!(limits.follow(other).is_ok());
        held.pop();
        assert!(limits.follow(address).is_ok());
    }
}
