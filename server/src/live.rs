//! Tells open pages what changed, over one bus in this process.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::response::sse::{Event, KeepAlive, Sse};
use domain::{api::Change, id::CentreId, time::Date};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::{broadcast, watch};

use crate::db::Told;

/// How many changes a slow page may lag behind before it is told to look at everything.
const LAG: usize = 256;

/// The bus. Each centre counts its changes, so that what was read before one is not kept for after it.
pub struct Bus {
    sender: broadcast::Sender<(Told, u64)>,
    generations: Mutex<HashMap<CentreId, u64>>,
    first: u64,
    closing: watch::Sender<bool>,
}

impl Bus {
    /// A bus that counts from `first`: a number that no earlier server can have reached.
    pub fn new(first: u64) -> Self {
        let (sender, _) = broadcast::channel(LAG);
        let (closing, _) = watch::channel(false);
        Self {
            sender,
            generations: Mutex::default(),
            first,
            closing,
        }
    }

    /// Tells of changes that are durable.
    pub fn publish(&self, told: &[Told]) {
        if told.is_empty() {
            return;
        }
        let mut generations = self
            .generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let counted: Vec<(Told, u64)> = told
            .iter()
            .map(|one| {
                let count = generations.entry(one.0.clone()).or_insert(self.first);
                *count += 1;
                (one.clone(), *count)
            })
            .collect();
        drop(generations);
        for one in counted {
            // Nobody may be listening.
            let _ = self.sender.send(one);
        }
    }

    /// The count of the centre's changes.
    pub fn generation(&self, centre: &CentreId) -> u64 {
        let generations = self
            .generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        generations.get(centre).copied().unwrap_or(self.first)
    }

    /// All changes from now on, of all centres.
    pub fn changes(&self) -> broadcast::Receiver<(Told, u64)> {
        self.sender.subscribe()
    }

    /// Ends all streams, so that the server can stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// The centre's changes from now on, and at once whether there were some that the page has not `seen`.
    pub fn follow(
        &self,
        centre: CentreId,
        seen: Option<u64>,
    ) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
        let changes = self.sender.subscribe();
        // Counted after subscribing: what changes in between is told twice rather than never.
        let count = self.generation(&centre);
        let greeting = if seen == Some(count) {
            Event::default().comment("linli")
        } else {
            event(&everything())
        };
        let greeting = greeting.id(count.to_string());
        let start = (changes, self.closing.subscribe(), centre);
        let events = stream::unfold(start, async |(mut changes, mut closing, centre)| {
            loop {
                let change = tokio::select! {
                    change = changes.recv() => change,
                    _ = closing.wait_for(|closing| *closing) => return None,
                };
                let told = match change {
                    Ok(((of, change), count)) if of == centre => {
                        event(&change).id(count.to_string())
                    }
                    Ok(_) => continue,
                    Err(broadcast::error::RecvError::Lagged(_)) => event(&everything()),
                    Err(broadcast::error::RecvError::Closed) => return None,
                };
                return Some((Ok(told), (changes, closing, centre)));
            }
        });
        let greeting = stream::once(std::future::ready(Ok(greeting)));
        Sse::new(greeting.chain(events))
            .keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
    }
}

/// For a page that missed something: all days may be others.
fn everything() -> Change {
    Change {
        from: Date::from_days(i64::MIN),
        to: Date::from_days(i64::MAX),
    }
}

fn event(change: &Change) -> Event {
    Event::default().json_data(change).unwrap_or_default()
}
