//! PostgreSQL `LISTEN`/`NOTIFY`: what one process changed is told to the others, so that their pages and caches follow. Both
//! directions have a connection of their own, outside of any transaction.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use domain::{api::Change, id::CentreId, time::Date};
use postgres::fallible_iterator::FallibleIterator;
use serde::{Deserialize, Serialize};

use super::{
    fault::Fault,
    job::{Missed, Publish, spawn},
    postgres::Connection,
    tx::CentreEvent,
};

/// How long changes are gathered before they are told elsewhere.
const GATHERED: Duration = Duration::from_millis(100);

/// How long to wait before a lost connection is opened anew.
const AGAIN: Duration = Duration::from_secs(1);

/// The most centres in one message: PostgreSQL takes 8,000 bytes.
const MOST: usize = 60;

/// What goes over the channel.
#[derive(Serialize, Deserialize)]
struct Message {
    /// The process that changed it: it knows already.
    from: String,
    /// Per centre the first and the last day.
    told: Vec<(CentreId, Date, Date)>,
}

/// Tells other processes of changes.
pub(super) fn speak(url: &str, process: &str) -> Result<Speaker, Fault> {
    let (changes, heard) = channel::<Vec<CentreEvent>>();
    let (url, process) = (url.to_owned(), process.to_owned());
    let untold = Arc::new((Mutex::new(0), Condvar::new()));
    let told = Arc::clone(&untold);
    spawn("notify", move || speak_on(&url, &process, &heard, &told))?;
    Ok(Speaker {
        changes: Mutex::new(changes),
        untold,
    })
}

/// How many batches of changes were not told yet, and who waits for that to be none.
type Untold = Arc<(Mutex<usize>, Condvar)>;

/// What tells other processes of changes.
pub(super) struct Speaker {
    changes: Mutex<Sender<Vec<CentreEvent>>>,
    untold: Untold,
}

impl Speaker {
    pub(super) fn tell(&self, told: &[CentreEvent]) {
        *self.untold.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        let changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = changes.send(told.to_vec());
    }

    /// Waits until all is told, at most so long.
    pub(super) fn finish(&self, within: Duration) {
        let untold = self.untold.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self
            .untold
            .1
            .wait_timeout_while(untold, within, |count| *count > 0);
    }
}

fn speak_on(url: &str, process: &str, changes: &Receiver<Vec<CentreEvent>>, untold: &Untold) {
    let mut connection: Option<Connection> = None;
    while let Ok(first) = changes.recv() {
        thread::sleep(GATHERED);
        let mut days: BTreeMap<CentreId, (Date, Date)> = BTreeMap::new();
        let batches: Vec<Vec<CentreEvent>> =
            std::iter::once(first).chain(changes.try_iter()).collect();
        let count = batches.len();
        for (centre, change) in batches.into_iter().flatten() {
            let range = days.entry(centre).or_insert((change.from, change.to));
            *range = (range.0.min(change.from), range.1.max(change.to));
        }
        let told: Vec<_> = days
            .into_iter()
            .map(|(centre, (from, to))| (centre, from, to))
            .collect();
        for part in told.chunks(MOST) {
            let message = Message {
                from: process.to_owned(),
                told: part.to_vec(),
            };
            let text = serde_json::to_string(&message).unwrap_or_default();
            while let Err(fault) = send(url, &mut connection, &text) {
                tracing::warn!(cause = %fault.cause, "other processes are not told of a change yet");
                thread::sleep(AGAIN);
            }
        }
        let mut left = untold.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.saturating_sub(count);
        drop(left);
        untold.1.notify_all();
    }
}

/// Sends a message, over a new connection where there is none. A connection that failed is dropped.
fn send(url: &str, connection: &mut Option<Connection>, text: &str) -> Result<(), Fault> {
    let mut open = match connection.take() {
        Some(open) => open,
        None => Connection::open(url)?,
    };
    open.exec("select pg_notify('linli', $1)", &[text.into()])?;
    *connection = Some(open);
    Ok(())
}

/// Publishes what other processes changed from now on. After a lost connection everything may be other than it was.
///
/// # Errors
/// When the database cannot be listened to now; a connection that is lost later is opened anew.
pub(super) fn listen(
    url: &str,
    process: &str,
    publish: Publish,
    missed: Missed,
) -> Result<(), Fault> {
    let (url, process) = (url.to_owned(), process.to_owned());
    let mut first = open(&url)?;
    spawn("listen", move || {
        hear(&mut first, &process, &publish);
        drop(first);
        loop {
            thread::sleep(AGAIN);
            if let Ok(mut connection) = open(&url) {
                // Until now nothing was heard.
                missed();
                hear(&mut connection, &process, &publish);
            }
        }
    })
}

fn open(url: &str) -> Result<Connection, Fault> {
    let mut connection = Connection::open(url)?;
    connection.batch("listen linli")?;
    Ok(connection)
}

fn hear(connection: &mut Connection, process: &str, publish: &Publish) {
    let mut notifications = connection.notifications();
    let mut heard = notifications.blocking_iter();
    while let Ok(Some(one)) = heard.next() {
        let Ok(message) = serde_json::from_str::<Message>(one.payload()) else {
            continue;
        };
        if message.from == process {
            continue;
        }
        let told: Vec<CentreEvent> = message
            .told
            .into_iter()
            .map(|(centre, from, to)| (centre, Change { from, to }))
            .collect();
        publish(&told);
    }
}
