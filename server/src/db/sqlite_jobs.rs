//! SQLite threads: one writer that commits waiting jobs together, and readers beside it.

use std::{collections::VecDeque, time::Duration};

use super::{
    fault::Fault,
    job::{Job, Missed, Outcome, Publish},
    queue::Queue,
    sqlite::Connection,
    tx::{CentreEvent, Inner, Tx},
};

/// How many jobs share one commit at most.
const BATCH: usize = 256;

/// How often it is looked whether another process wrote: an import, or somebody's own tool.
const LOOKED: Duration = Duration::from_millis(500);

/// Takes jobs until the queue is closed. `missed` is told when another process wrote into the file.
pub(super) fn write(
    connection: &mut Connection,
    queue: &Queue,
    publish: &Publish,
    missed: &Missed,
) {
    let mut seen = connection.data_version().ok();
    while let Some(mut jobs) = queue.take_within(BATCH, LOOKED) {
        let now = connection.data_version().ok();
        if now != seen {
            seen = now;
            missed();
        }
        if jobs.is_empty() {
            continue;
        }
        let mut told = Vec::new();
        let done = commit(connection, &mut jobs, &mut told);
        if done.is_ok() {
            publish(&told);
        }
        let cause = done.err();
        for job in jobs {
            job.answer(
                cause
                    .as_ref()
                    .map_or(Ok(()), |fault| Err(Fault::new(fault.kind, &fault.cause))),
            );
        }
    }
}

fn commit(
    connection: &mut Connection,
    jobs: &mut VecDeque<Box<dyn Job>>,
    told: &mut Vec<CentreEvent>,
) -> Result<(), Fault> {
    connection.simple("begin immediate")?;
    // Another process may have brought the tables to another version since: then this one stops writing. So it does where the file
    // is gone: nobody would find what is written.
    let run = connection
        .need_file()
        .and_then(|()| connection.need_version())
        .and_then(|()| run_all(connection, jobs, told));
    let ended = run.and_then(|()| connection.simple("commit"));
    if ended.is_err() {
        // After a full disk SQLite may have rolled back by itself.
        let _ = connection.simple("rollback");
    }
    ended
}

fn run_all(
    connection: &mut Connection,
    jobs: &mut VecDeque<Box<dyn Job>>,
    told: &mut Vec<CentreEvent>,
) -> Result<(), Fault> {
    let mut at = 0;
    let mut centre_written = false;
    while let Some(job) = jobs.get_mut(at) {
        connection.simple("savepoint job")?;
        let mut tx = Tx::new(Inner::Sqlite(connection));
        tx.centre_written = centre_written;
        let outcome = job.run(&mut tx);
        centre_written = tx.centre_written;
        let news = tx.told;
        if outcome == Outcome::Keep {
            told.extend(news);
        } else {
            connection.simple("rollback to job")?;
        }
        connection.simple("release job")?;
        match outcome {
            Outcome::Apart => {
                if let Some(job) = jobs.remove(at) {
                    jobs.extend(job.split());
                }
            }
            _ => at += 1,
        }
    }
    Ok(())
}

/// Takes reading jobs until the queue is closed.
pub(super) fn read(connection: &mut Connection, queue: &Queue) {
    while let Some(mut job) = queue.take(1).and_then(|mut jobs| jobs.pop_front()) {
        let mut tried = connection.simple("begin");
        if tried.is_ok() {
            job.run(&mut Tx::new(Inner::Sqlite(connection)));
            tried = connection.simple("commit");
        }
        if tried.is_err() {
            let _ = connection.simple("rollback");
        }
        job.answer(tried);
    }
}
