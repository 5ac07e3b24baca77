//! Delivery: background jobs that send push messages and webhooks, some at once, and note what became of each.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::hook::Outcome;
use tokio::task::JoinSet;

use crate::{
    db::Fail,
    jobs::warn,
    state::Site,
    usecase::{
        Call, hook,
        push::{remind, send},
    },
};

/// How many requests of a kind are on their way at once.
const AT_ONCE: usize = 16;

/// How many of them to one host: a slow one keeps nobody else waiting.
const A_HOST: usize = 4;

/// The longest that nobody looks, in seconds.
const LONGEST: i64 = 60;

/// Sends push messages, and makes reminders ready once a minute.
pub async fn send_messages(site: Site) {
    let mut changes = site.bus.changes();
    let mut reminded = i64::MIN;
    loop {
        let now = site.clock.now();
        if now >= reminded.saturating_add(LONGEST) {
            reminded = now;
            // What is there to be told is told all the same.
            if let Err(fail) = prepare_reminders(&site).await {
                warn(fail);
            }
        }
        let next = said(send_due_messages(&site).await);
        if !wait(&site, &mut changes, next).await {
            return;
        }
    }
}

/// Tells webhooks what happened.
pub async fn tell_hooks(site: Site) {
    let mut changes = site.bus.changes();
    loop {
        let next = said(tell_due_hooks(&site).await);
        if !wait(&site, &mut changes, next).await {
            return;
        }
    }
}

fn said(done: Result<Option<i64>, Fail>) -> Option<i64> {
    done.unwrap_or_else(|fail| {
        warn(fail);
        None
    })
}

/// Waits until something is due or changes; false where the server stops.
async fn wait(
    site: &Site,
    changes: &mut tokio::sync::watch::Receiver<u64>,
    next: Option<i64>,
) -> bool {
    let seconds = next.map_or(LONGEST, |at| (at - site.clock.now()).clamp(1, LONGEST));
    tokio::select! {
        () = tokio::time::sleep(Duration::from_secs(seconds.unsigned_abs())) => {}
        told = changes.changed() => {
            if told.is_err() {
                return false;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
            changes.borrow_and_update();
        }
    }
    true
}

/// Makes reminders ready and sends all that is due now, of both kinds.
///
/// # Errors
/// When the database fails.
pub async fn deliver_due(site: &Site) -> Result<(), Fail> {
    prepare_reminders(site).await?;
    send_due_messages(site).await?;
    tell_due_hooks(site).await?;
    Ok(())
}

async fn prepare_reminders(site: &Site) -> Result<(), Fail> {
    let call = Call::nobody(site.clock.now_ms(), &site.centres);
    let looked = call.clone();
    let missing = site
        .db
        .read(move |tx| remind::list_missing(tx, &looked))
        .await?;
    if missing.is_empty() {
        return Ok(());
    }
    let prepared = site
        .db
        .write(move |tx| remind::prepare(tx, &call, &missing));
    prepared.await
}

/// Sends the messages that are due, until a round sends none; gives when the next one is.
async fn send_due_messages(site: &Site) -> Result<Option<i64>, Fail> {
    loop {
        let now = site.clock.now();
        let due = site.db.read(move |tx| send::list_due(tx, now)).await?;
        let mut hosts: HashMap<String, usize> = HashMap::new();
        let due = due.into_iter().filter(|one| {
            let count = hosts.entry(one.host.clone()).or_default();
            *count += 1;
            *count <= A_HOST
        });
        let work = due.map(|one| send_message(site.clone(), one));
        if run(work).await == 0 {
            break;
        }
    }
    site.db.read(send::find_next_due).await
}

/// Tells the webhooks that have something to be told, until a round tells none; gives when there may be more.
async fn tell_due_hooks(site: &Site) -> Result<Option<i64>, Fail> {
    loop {
        let now_ms = site.clock.now_ms();
        let due = site.db.read(move |tx| hook::list_due(tx, now_ms)).await?;
        let work = due.into_iter().map(|one| tell_hook(site.clone(), one));
        if run(work).await == 0 {
            break;
        }
    }
    let now_ms = site.clock.now_ms();
    site.db
        .read(move |tx| hook::find_next_due(tx, now_ms))
        .await
}

/// Runs work, some at once; gives how much of it did something. What fails is logged, and does nothing.
async fn run<F>(work: impl Iterator<Item = F>) -> usize
where
    F: Future<Output = Result<bool, Fail>> + Send + 'static,
{
    let count = |done: Option<Result<Result<bool, Fail>, _>>| match done {
        Some(Ok(Ok(true))) => 1,
        Some(Ok(Err(fail))) => {
            warn(fail);
            0
        }
        _ => 0,
    };
    let mut flying = JoinSet::new();
    let mut done = 0;
    for one in work {
        if flying.len() >= AT_ONCE {
            done += count(flying.join_next().await);
        }
        flying.spawn(one);
    }
    while !flying.is_empty() {
        done += count(flying.join_next().await);
    }
    done
}

async fn post(site: &Site, url: &str, headers: &[(&'static str, String)], body: &[u8]) -> Outcome {
    let (client, url) = (site.outgoing.clone(), url.to_owned());
    let (headers, body) = (headers.to_vec(), body.to_vec());
    let sent = tokio::task::spawn_blocking(move || client.post(&url, &headers, &body));
    sent.await.unwrap_or(Outcome::Unreachable)
}

async fn send_message(site: Site, due: send::Due) -> Result<bool, Fail> {
    let call = Call::nobody(site.clock.now_ms(), &site.centres);
    let public = site.public_url.clone().filter(|_| site.secure);
    let taken = site
        .db
        .write(move |tx| send::take(tx, &call, &due, public.as_deref()));
    let Some(message) = taken.await? else {
        // What is told no more, or later, is out of the way as well.
        return Ok(true);
    };
    let message = Arc::new(message);
    let outcome = post(&site, &message.url, &message.headers, &message.body).await;
    let now = site.clock.now();
    let noted = site
        .db
        .write(move |tx| send::note(tx, now, &message, outcome));
    noted.await.map(|()| true)
}

async fn tell_hook(site: Site, due: hook::Due) -> Result<bool, Fail> {
    let call = Call::nobody(site.clock.now_ms(), &site.centres);
    let taken = site.db.write(move |tx| hook::take(tx, &call, &due));
    let Some(request) = taken.await? else {
        return Ok(false);
    };
    let request = Arc::new(request);
    let outcome = post(&site, &request.url, &request.headers, &request.body).await;
    let call = Call::nobody(site.clock.now_ms(), &site.centres);
    let noted = site
        .db
        .write(move |tx| hook::note_outcome(tx, &call, &request, outcome));
    noted.await.map(|()| true)
}
