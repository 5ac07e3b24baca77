//! Bus of changes: tells open pages which days of a centre changed, at most once a second and centre.

use std::{
    collections::HashMap,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use domain::{api::Change, id::CentreId, time::Date};
use tokio::sync::{broadcast, watch};

use crate::{clock, db::CentreEvent};

/// How many events a slow page may lag behind before it is told to look at everything.
const LAG: usize = 16;

/// The least time between two events of a centre. The first of a quiet time goes at once.
const PAUSE: Duration = Duration::from_secs(1);

/// So many changes that pages have not been told of are a rush.
const RUSH: u32 = 20;

/// What is known of a centre.
struct Centre {
    /// Counts changes, so that what was read before one is not kept for after it.
    count: u64,
    /// What pages have not been told yet, and how many changes that are.
    pending: Option<Change>,
    untold: u32,
    told_at: Option<Instant>,
    pages: broadcast::Sender<(Change, u64)>,
}

struct State {
    centres: HashMap<CentreId, Centre>,
    /// Counts the times at which changes of other processes may have been missed.
    missed: u64,
    closed: bool,
}

struct Shared {
    state: Mutex<State>,
    wake: Condvar,
    first: u64,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The bus of one process.
pub struct Bus {
    shared: Arc<Shared>,
    changed: watch::Sender<u64>,
    closing: watch::Sender<bool>,
}

impl Bus {
    /// A bus that counts from `first`: a number that no earlier server can have reached.
    pub fn new(first: u64) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                centres: HashMap::new(),
                missed: 0,
                closed: false,
            }),
            wake: Condvar::new(),
            first,
        });
        let teller = Arc::clone(&shared);
        // Without the thread pages would only not be told: they look again when they come to the front.
        if let Err(cause) = thread::Builder::new()
            .name("pages".to_owned())
            .spawn(move || tell_pages(&teller))
        {
            tracing::error!(%cause, "open pages are not told of changes");
        }
        Self {
            shared,
            changed: watch::Sender::new(0),
            closing: watch::Sender::new(false),
        }
    }

    /// Takes in changes that are durable. They count at once; pages are told in their time.
    pub fn publish(&self, told: &[CentreEvent]) {
        if told.is_empty() {
            return;
        }
        let mut state = self.shared.lock();
        for (id, change) in told {
            let centre = state.centre(id, self.shared.first);
            centre.count += 1;
            centre.untold += 1;
            let pending = centre.pending.get_or_insert_with(|| change.clone());
            pending.from = pending.from.min(change.from);
            pending.to = pending.to.max(change.to);
        }
        drop(state);
        self.shared.wake.notify_one();
        self.changed.send_modify(|count| *count += 1);
    }

    /// Changes of other processes may have been missed: whatever was read before counts as old.
    pub fn publish_all(&self) {
        let mut state = self.shared.lock();
        state.missed += 1;
        for centre in state.centres.values_mut() {
            centre.pending = Some(everything());
        }
        drop(state);
        self.shared.wake.notify_one();
        self.changed.send_modify(|count| *count += 1);
    }

    /// The count of the centre's changes.
    pub fn generation(&self, centre: &CentreId) -> u64 {
        let state = self.shared.lock();
        let count = state.centres.get(centre).map(|centre| centre.count);
        count.unwrap_or(self.shared.first) + state.missed
    }

    /// True in a rush, while pages of the centre are still to be told of many changes.
    pub fn is_rushed(&self, centre: &CentreId) -> bool {
        let state = self.shared.lock();
        let centre = state.centres.get(centre);
        centre.is_some_and(|centre| centre.pending.is_some() && centre.untold >= RUSH)
    }

    /// Counts all changes, of whatever centre.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Ends all streams, so that the server can stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// The centre's changes from now on.
    pub fn subscribe(&self, id: &CentreId) -> Pages {
        let mut state = self.shared.lock();
        let missed = state.missed;
        let centre = state.centre(id, self.shared.first);
        Pages {
            changes: centre.pages.subscribe(),
            closing: self.closing.subscribe(),
            count: centre.count + missed,
            crowd: u64::try_from(centre.pages.receiver_count()).unwrap_or(u64::MAX),
        }
    }
}

/// What an open page hears of its centre.
pub struct Pages {
    changes: broadcast::Receiver<(Change, u64)>,
    closing: watch::Receiver<bool>,
    /// The count of the centre's changes when it began.
    pub count: u64,
    /// How many pages follow the centre.
    pub crowd: u64,
}

impl Pages {
    /// The next change with its count; `Some(None)` when some were missed, `None` when the server stops.
    pub async fn next(&mut self) -> Option<Option<(Change, u64)>> {
        let change = tokio::select! {
            change = self.changes.recv() => change,
            _ = self.closing.wait_for(|closing| *closing) => return None,
        };
        match change {
            Ok(change) => Some(Some(change)),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(None),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.wake.notify_all();
    }
}

impl State {
    fn centre(&mut self, id: &CentreId, first: u64) -> &mut Centre {
        self.centres.entry(id.clone()).or_insert_with(|| Centre {
            count: first,
            pending: None,
            untold: 0,
            told_at: None,
            pages: broadcast::Sender::new(LAG),
        })
    }
}

/// Tells pages until the bus is gone: a centre at once after a quiet time, else when its pause is over.
fn tell_pages(shared: &Shared) {
    let mut state = shared.lock();
    while !state.closed {
        let now = clock::instant();
        let mut next: Option<Instant> = None;
        let missed = state.missed;
        for centre in state.centres.values_mut() {
            if centre.pending.is_none() {
                continue;
            }
            let due = centre.told_at.map_or(now, |at| at + PAUSE);
            if due > now {
                next = Some(next.map_or(due, |next| next.min(due)));
                continue;
            }
            if let Some(change) = centre.pending.take() {
                centre.told_at = Some(now);
                centre.untold = 0;
                // Nobody may be listening.
                let _ = centre.pages.send((change, centre.count + missed));
            }
        }
        state = match next {
            None => {
                let woken = shared.wake.wait(state);
                woken.unwrap_or_else(PoisonError::into_inner)
            }
            Some(due) => {
                let wait = due.saturating_duration_since(now);
                let woken = shared.wake.wait_timeout(state, wait);
                woken.unwrap_or_else(PoisonError::into_inner).0
            }
        };
    }
}

/// For a page that missed something: all days may be others.
pub(crate) fn everything() -> Change {
    Change {
        from: Date::from_days(i64::MIN),
        to: Date::from_days(i64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rush_of_changes_is_one_event_a_second() {
        let bus = Bus::new(10);
        let id = CentreId::from("house");
        let mut pages = bus.shared.lock().centre(&id, 10).pages.subscribe();
        let day = |n: i64| Date::from_days(20_000 + n);
        let change = |n| Change {
            from: day(n),
            to: day(n),
        };
        bus.publish(&[(id.clone(), change(5))]);
        let first = pages.blocking_recv().unwrap();
        assert_eq!(first, (change(5), 11), "at once after a quiet time");
        for n in 0..100 {
            bus.publish(&[(id.clone(), change(n))]);
        }
        assert_eq!(bus.generation(&id), 111, "counted at once");
        assert!(bus.is_rushed(&id));
        let second = pages.blocking_recv().unwrap();
        assert_eq!((second.0.from, second.0.to), (day(0), day(99)));
        assert!(pages.try_recv().is_err(), "all in one");
        assert!(!bus.is_rushed(&id));
        bus.publish_all();
        assert_eq!(bus.generation(&id), 112);
        assert_eq!(bus.generation(&"elsewhere".into()), 11);
    }
}
