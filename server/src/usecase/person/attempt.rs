//! Rate limits that outlive a restart and hold for all processes: counters of attempts within a time.

use domain::problem::Problem;

use crate::db::{Fail, Tx};

/// How often something may be tried within a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// How often.
    pub(crate) most: i64,
    /// Within how many seconds.
    pub(crate) window: i64,
}

/// Counts an attempt. Refused attempts count only where the caller keeps the transaction.
///
/// # Errors
/// [`Problem::TooMany`] with the seconds to wait.
pub(crate) fn count(tx: &mut Tx<'_>, key: &str, limit: Limit, now: i64) -> Result<(), Fail> {
    // Counted and read in one statement: of many at once none is missed.
    let row = tx.one(
        "insert into attempt (key, window_from, count) values ($1, $2, 1)
        on conflict (key) do update set
            count = case when attempt.window_from <= $3 then 1 else attempt.count + 1 end,
            window_from = case when attempt.window_from <= $3 then excluded.window_from else attempt.window_from end
        returning count, window_from",
        &[key.into(), now.into(), (now - limit.window).into()],
    )?;
    let (count, from): (i64, i64) = (row.get("count")?, row.get("window_from")?);
    if count > limit.most {
        let wait = u32::try_from(from + limit.window - now).unwrap_or(1).max(1);
        return Err(Problem::TooMany { wait }.into());
    }
    Ok(())
}

/// Counts an attempt that was already let through.
pub(crate) fn note(tx: &mut Tx<'_>, key: &str, limit: Limit, now: i64) -> Result<(), Fail> {
    match count(tx, key, limit, now) {
        Ok(()) | Err(Fail::Problem(Problem::TooMany { .. })) => Ok(()),
        Err(other) => Err(other),
    }
}

/// The seconds to wait where no further attempt is let through. It counts none.
pub(crate) fn wait(
    tx: &mut Tx<'_>,
    key: &str,
    limit: Limit,
    now: i64,
) -> Result<Option<u32>, Fail> {
    let row = tx.opt(
        "select window_from from attempt where key = $1 and window_from > $2 and count >= $3",
        &[key.into(), (now - limit.window).into(), limit.most.into()],
    )?;
    let from = row.map(|row| row.get::<i64>("window_from")).transpose()?;
    Ok(from.map(|from| u32::try_from(from + limit.window - now).unwrap_or(1).max(1)))
}

/// Forgets windows that are over.
pub(crate) fn forget(tx: &mut Tx<'_>, before: i64) -> Result<(), Fail> {
    tx.exec(
        "delete from attempt where window_from < $1",
        &[before.into()],
    )?;
    Ok(())
}
