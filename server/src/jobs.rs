//! What happens by itself when its time has come.

use std::{sync::Arc, time::Duration};

use crate::{
    db::Fail,
    state::Site,
    usecase::{Call, figures, place_list},
};

/// The longest that nobody looks: somebody else may write to the same database.
const LONGEST: Duration = Duration::from_secs(60);

/// Many changes at once are one reason to look.
const TOGETHER: Duration = Duration::from_secs(1);

/// Passes offers on when their deadline is over. It sleeps until the next deadline, or until something changes: then the
/// next deadline may be another. Decisions do not wait for it, they look at the clock themselves.
pub async fn pass_offers_on(site: Site) {
    let mut changes = site.bus.changes();
    loop {
        let wait = match settle_due(&site).await {
            Ok(Some(at)) => {
                let seconds = (at - site.clock.now()).max(0);
                Duration::from_secs(seconds.unsigned_abs()).clamp(TOGETHER, LONGEST)
            }
            Ok(None) => LONGEST,
            Err(fail) => {
                warn(fail);
                LONGEST
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            // Lagging behind is a change as well; an ended bus means that the server stops.
            told = changes.recv() => {
                if matches!(told, Err(tokio::sync::broadcast::error::RecvError::Closed)) {
                    return;
                }
                tokio::time::sleep(TOGETHER).await;
                changes = changes.resubscribe();
            }
        }
    }
}

/// Settles each list with an offer whose deadline is over, one by one: a fault of one does not stop the others. Gives the
/// next deadline, in seconds UTC.
///
/// # Errors
/// When the database fails.
pub async fn settle_due(site: &Site) -> Result<Option<i64>, Fail> {
    let now_ms = site.clock.now_ms();
    let due = site
        .db
        .read(move |tx| place_list::due(tx, now_ms / 1000))
        .await?;
    for (centre, list) in due {
        let call = Call::nobody(now_ms, &site.centres);
        let settled = site
            .db
            .write(move |tx| place_list::settle_list(tx, &call, &centre, &list));
        if let Err(fail) = settled.await {
            warn(fail);
        }
    }
    site.db.read(place_list::next_deadline).await
}

/// How long counts are gathered before they are written.
const GATHERED: Duration = Duration::from_secs(5);

/// Writes down what stood against people, a while after there was something.
pub async fn count_refusals(site: Site) {
    loop {
        site.refusals.wait().await;
        tokio::time::sleep(GATHERED).await;
        write_refusals(&site).await;
    }
}

/// Writes down what was counted so far.
pub async fn write_refusals(site: &Site) {
    let counted = site.refusals.take();
    if counted.is_empty() {
        return;
    }
    let (now_ms, centres) = (site.clock.now_ms(), Arc::clone(&site.centres));
    let written = site
        .db
        .write(move |tx| figures::count(tx, &Call::nobody(now_ms, &centres), &counted));
    if let Err(fail) = written.await {
        warn(fail);
    }
}

fn warn(fail: Fail) {
    match fail {
        Fail::Fault(fault) => tracing::warn!(cause = %fault.cause, "what was due was not done"),
        Fail::Problem(problem) => tracing::warn!(?problem, "what was due was not done"),
    }
}
