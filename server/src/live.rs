//! Tells open pages what changed, over one bus in this process.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::response::sse::{Event, KeepAlive, Sse};
use domain::{api::Change, id::CentreId, time::Date};
use futures_util::{Stream, stream};
use tokio::sync::{broadcast, watch};

use crate::db::Told;

/// How many changes a slow page may lag behind before it is told to look at everything.
const LAG: usize = 256;

/// The bus. Each centre counts its changes, so that what was read before one is not kept for after it.
pub struct Bus {
    sender: broadcast::Sender<Told>,
    generations: Mutex<HashMap<CentreId, u64>>,
    closing: watch::Sender<bool>,
}

impl Default for Bus {
    fn default() -> Self {
        let (sender, _) = broadcast::channel(LAG);
        let (closing, _) = watch::channel(false);
        Self {
            sender,
            generations: Mutex::default(),
            closing,
        }
    }
}

impl Bus {
    /// Tells of changes that are durable.
    pub fn publish(&self, told: &[Told]) {
        if told.is_empty() {
            return;
        }
        let mut generations = self
            .generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for (centre, _) in told {
            *generations.entry(centre.clone()).or_default() += 1;
        }
        drop(generations);
        for one in told {
            // Nobody may be listening.
            let _ = self.sender.send(one.clone());
        }
    }

    /// How often the centre has changed since the server started.
    pub fn generation(&self, centre: &CentreId) -> u64 {
        let generations = self
            .generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        generations.get(centre).copied().unwrap_or_default()
    }

    /// Ends all streams, so that the server can stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// The centre's changes from now on.
    pub fn follow(
        &self,
        centre: CentreId,
    ) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
        let start = (
            self.sender.subscribe(),
            self.closing.subscribe(),
            centre,
            true,
        );
        let events = stream::unfold(start, async |(mut changes, mut closing, centre, first)| {
            if first {
                // Sent at once, so that the page knows that it is connected.
                let hello = Event::default().comment("linli");
                return Some((Ok(hello), (changes, closing, centre, false)));
            }
            loop {
                let change = tokio::select! {
                    change = changes.recv() => change,
                    _ = closing.wait_for(|closing| *closing) => return None,
                };
                let change = match change {
                    Ok((of, change)) if of == centre => change,
                    Ok(_) => continue,
                    Err(broadcast::error::RecvError::Lagged(_)) => Change {
                        from: Date::from_days(i64::MIN),
                        to: Date::from_days(i64::MAX),
                    },
                    Err(broadcast::error::RecvError::Closed) => return None,
                };
                let event = Event::default().json_data(&change).unwrap_or_default();
                return Some((Ok(event), (changes, closing, centre, false)));
            }
        });
        Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
    }
}
