//! PostgreSQL `LISTEN`/`NOTIFY`: what one process changed is told to the others, so that their pages and caches follow. Both
//! directions have a connection of their own, outside of any transaction.

use std::{
    collections::BTreeMap,
    sync::mpsc::{Receiver, Sender, channel},
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
    tx::Told,
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
pub(super) fn speak(url: &str, process: &str) -> Result<Sender<Vec<Told>>, Fault> {
    let (sender, changes) = channel::<Vec<Told>>();
    let (url, process) = (url.to_owned(), process.to_owned());
    spawn("notify", move || speak_on(&url, &process, &changes))?;
    Ok(sender)
}

fn speak_on(url: &str, process: &str, changes: &Receiver<Vec<Told>>) {
    let mut connection: Option<Connection> = None;
    while let Ok(first) = changes.recv() {
        thread::sleep(GATHERED);
        let mut days: BTreeMap<CentreId, (Date, Date)> = BTreeMap::new();
        for (centre, change) in first.into_iter().chain(changes.try_iter().flatten()) {
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
        let told: Vec<Told> = message
            .told
            .into_iter()
            .map(|(centre, from, to)| (centre, Change { from, to }))
            .collect();
        publish(&told);
    }
}
