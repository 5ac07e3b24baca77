//! Delivery: a background job that sends push messages and webhooks, some at once, and notes what became of each.

use std::{sync::Arc, time::Duration};

use tokio::task::JoinSet;

use crate::{
    db::Fail,
    state::Site,
    usecase::{
        Call, hook,
        push::{remind, send},
    },
};

/// How many requests are on their way at once.
const AT_ONCE: usize = 16;

/// The longest that nobody looks.
const LONGEST: i64 = 60;

/// Sends what is due, whenever something changed or its time has come.
pub async fn deliver(site: Site) {
    let mut changes = site.bus.changes();
    // What happened a moment ago is told to webhooks once it is settled.
    let mut settles: Option<i64> = None;
    loop {
        let next = match deliver_due(&site).await {
            Ok(next) => next,
            Err(fail) => {
                super::jobs::warn(fail);
                None
            }
        };
        let now = site.clock.now();
        settles = settles.filter(|at| *at > now);
        let wait = next.into_iter().chain(settles).min();
        let wait = wait.map_or(LONGEST, |at| (at - now).clamp(1, LONGEST));
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(wait.unsigned_abs())) => {}
            told = changes.changed() => {
                if told.is_err() {
                    return;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
                changes.borrow_and_update();
                settles = settles.or(Some(site.clock.now() + hook::SETTLED / 1000 + 1));
            }
        }
    }
}

/// Sends all that is due now; gives when something is due next, in seconds UTC.
///
/// # Errors
/// When the database fails.
pub async fn deliver_due(site: &Site) -> Result<Option<i64>, Fail> {
    let now_ms = site.clock.now_ms();
    let call = Call::nobody(now_ms, &site.centres);
    site.db.write(move |tx| remind::prepare(tx, &call)).await?;
    loop {
        let (now, now_ms) = (site.clock.now(), site.clock.now_ms());
        let (messages, hooks) = site
            .db
            .read(move |tx| Ok((send::list_due(tx, now)?, hook::list_due(tx, now_ms)?)))
            .await?;
        if messages.is_empty() && hooks.is_empty() {
            break;
        }
        let mut flying: JoinSet<()> = JoinSet::new();
        for due in messages {
            spawn(site, &mut flying, async |site| {
                send_message(&site, due).await
            })
            .await;
        }
        for due in hooks {
            spawn(site, &mut flying, async |site| send_hook(&site, due).await).await;
        }
        while flying.join_next().await.is_some() {}
    }
    let now = site.clock.now();
    let next = site.db.read(move |tx| {
        let message = send::find_next_due(tx)?;
        Ok(message
            .into_iter()
            .chain(hook::find_next_due(tx, now)?)
            .min())
    });
    next.await
}

/// Begins another task once fewer than [`AT_ONCE`] are on their way.
async fn spawn<F>(site: &Site, flying: &mut JoinSet<()>, work: impl FnOnce(Site) -> F)
where
    F: Future<Output = Result<(), Fail>> + Send + 'static,
{
    if flying.len() >= AT_ONCE {
        flying.join_next().await;
    }
    let done = work(site.clone());
    flying.spawn(async {
        if let Err(fail) = done.await {
            super::jobs::warn(fail);
        }
    });
}

async fn send_message(site: &Site, due: send::Due) -> Result<(), Fail> {
    let call = Call::nobody(site.clock.now_ms(), &site.centres);
    let public = site.public_url.clone().filter(|_| site.secure);
    let taken = site
        .db
        .write(move |tx| send::take(tx, &call, &due, public.as_deref()));
    let Some(message) = taken.await? else {
        return Ok(());
    };
    let message = Arc::new(message);
    let (client, sent) = (site.outgoing.clone(), Arc::clone(&message));
    let outcome =
        tokio::task::spawn_blocking(move || client.post(&sent.url, &sent.headers, &sent.body));
    let Ok(outcome) = outcome.await else {
        return Ok(());
    };
    let now = site.clock.now();
    let noted = site
        .db
        .write(move |tx| send::note(tx, now, &message, outcome));
    noted.await
}

async fn send_hook(site: &Site, due: hook::Due) -> Result<(), Fail> {
    let call = Call::nobody(site.clock.now_ms(), &site.centres);
    let taken = site.db.write(move |tx| hook::take(tx, &call, &due));
    let Some(request) = taken.await? else {
        return Ok(());
    };
    let request = Arc::new(request);
    let (client, sent) = (site.outgoing.clone(), Arc::clone(&request));
    let outcome =
        tokio::task::spawn_blocking(move || client.post(&sent.url, &sent.headers, &sent.body));
    let Ok(outcome) = outcome.await else {
        return Ok(());
    };
    let now = site.clock.now();
    let noted = site
        .db
        .write(move |tx| hook::note_outcome(tx, now, &request, outcome));
    noted.await
}
