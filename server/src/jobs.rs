//! Background jobs: expire waitlist offers, carry decisions out, release rooms to which nobody came, lapse undecided requests,
//! remind staff of those that wait, flush refusal counters,
//! keep retention times.

use std::{sync::Arc, time::Duration};

use crate::{
    db::{Fail, Tx},
    state::Site,
    usecase::{Call, booking, figures, idempotency::forget_old, privacy, sign_up::place_list},
};

/// The longest that nobody looks: somebody else may write to the same database.
const LONGEST: Duration = Duration::from_mins(1);

/// Many changes at once are one reason to look.
const TOGETHER: Duration = Duration::from_secs(1);

/// Passes offers on when their deadline is over, carries decisions out, and releases rooms to which nobody came. It sleeps until
/// the next deadline, or until something changes: then the
/// next deadline may be another. Decisions do not wait for it, they look at the clock themselves.
pub async fn meet_deadlines(site: Site) {
    let mut changes = site.bus.changes();
    let call = Call::nobody(site.clock.now_ms(), &site.centres);
    let waited = site.db.write(move |tx| booking::grace::wait_on(tx, &call));
    if let Err(fail) = waited.await {
        warn(fail);
    }
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
            // An ended bus means that the server stops.
            told = changes.changed() => {
                if told.is_err() {
                    return;
                }
                tokio::time::sleep(TOGETHER).await;
                changes.borrow_and_update();
            }
        }
    }
}

/// Settles each list with an offer whose deadline is over, each decision that can no longer be taken back, and each room whose
/// people are waited for no longer, one by one: a
/// fault of one does not stop the others. Gives the next deadline, in seconds UTC.
///
/// # Errors
/// When the database fails.
pub async fn settle_due(site: &Site) -> Result<Option<i64>, Fail> {
    settle_each(
        site,
        |tx, call| place_list::list_due(tx, call.now()),
        |tx, call, (centre, list)| place_list::settle_list(tx, call, centre, list),
    )
    .await?;
    settle_each(
        site,
        |tx, call| booking::decide::list_due(tx, call.now()),
        booking::decide::settle_decision,
    )
    .await?;
    settle_each(
        site,
        |tx, call| booking::check_in::list_due(tx, call.now()),
        booking::check_in::settle_unclaimed,
    )
    .await?;
    settle_each(
        site,
        |tx, call| booking::request::list_lapsed(tx, call.now()),
        booking::request::settle_lapsed,
    )
    .await?;
    settle_each(
        site,
        booking::waitlist::list_due,
        booking::waitlist::settle_awaited,
    )
    .await?;
    settle_each(
        site,
        |tx, call| booking::hold::list_ended(tx, call.now()),
        booking::hold::settle_ended,
    )
    .await?;
    settle_each(
        site,
        |tx, call| booking::request::list_waiting(tx, call.now()),
        booking::request::remind,
    )
    .await?;
    let next = site.db.read(|tx| {
        let offer = place_list::find_next_deadline(tx)?;
        // A decision holds through its last second.
        let decision = booking::decide::find_next_due(tx)?.map(|due| due + 1);
        let unclaimed = booking::check_in::find_next_due(tx)?.map(|due| due + 1);
        let begins = booking::request::find_next_start(tx)?;
        let slot = booking::waitlist::find_next_due(tx)?.map(|due| due + 1);
        let held = booking::hold::find_next_end(tx)?;
        let begins = begins.into_iter().chain(slot).chain(held);
        let all = offer.into_iter().chain(decision).chain(unclaimed);
        Ok(all.chain(begins).min())
    });
    next.await
}

/// Settles one by one what is due.
async fn settle_each<T: Send + 'static>(
    site: &Site,
    list: fn(&mut Tx<'_>, &Call) -> Result<Vec<T>, Fail>,
    settle: fn(&mut Tx<'_>, &Call, &T) -> Result<(), Fail>,
) -> Result<(), Fail> {
    let now_ms = site.clock.now_ms();
    let looks = Call::nobody(now_ms, &site.centres);
    let due = site.db.read(move |tx| list(tx, &looks)).await?;
    for one in due {
        let call = Call::nobody(now_ms, &site.centres);
        let settled = site.db.write(move |tx| settle(tx, &call, &one));
        if let Err(fail) = settled.await {
            warn(fail);
        }
    }
    Ok(())
}

/// Every hour: forgets old keys, sessions and codes, and keeps the retention times of personal data.
pub async fn keep_house(site: Site) {
    let mut hour = tokio::time::interval(Duration::from_hours(1));
    loop {
        hour.tick().await;
        site.limits.forget_old();
        let now = site.clock.now();
        if let Err(fail) = site.db.write(move |tx| forget_old(tx, now)).await {
            warn(fail);
        }
        if let Err(fail) = forget_due(&site).await {
            warn(fail);
        }
    }
}

/// Erases and forgets what is due, some at a time so that nobody waits behind it.
///
/// # Errors
/// When the database fails.
pub async fn forget_due(site: &Site) -> Result<(), Fail> {
    loop {
        let call = Call::nobody(site.clock.now_ms(), &site.centres);
        let more = site.db.write(move |tx| privacy::forget_due(tx, &call));
        if !more.await? {
            return Ok(());
        }
    }
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
        .write(move |tx| figures::refused::count(tx, &Call::nobody(now_ms, &centres), &counted));
    if let Err(fail) = written.await {
        warn(fail);
    }
}

/// Logs what a job could not do.
pub(crate) fn warn(fail: Fail) {
    match fail {
        Fail::Fault(fault) => tracing::warn!(cause = %fault.cause, "what was due was not done"),
        Fail::Problem(problem) => tracing::warn!(?problem, "what was due was not done"),
    }
}
