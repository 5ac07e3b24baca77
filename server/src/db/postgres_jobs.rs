//! PostgreSQL threads: each has a connection and takes jobs of both kinds.

use std::{thread, time::Duration};

use super::{
    fault::{Fault, FaultKind},
    job::{Job, Outcome, Publish},
    postgres::Connection,
    queue::{Keyed, Queue},
    tx::{Inner, Tx},
};

/// Connections, and so transactions at once.
pub(super) const CONNECTIONS: usize = 8;

/// How often a job is run again after a conflict.
const TRIES: u32 = 6;

/// Takes jobs until the queue is closed.
pub(super) fn work(url: &str, queue: &Queue, publish: &Publish) {
    let mut connection: Option<Connection> = None;
    while let Some(Keyed { key, job }) = queue.take_free() {
        run_and_answer(url, &mut connection, job, publish);
        queue.done(key);
    }
}

/// A commit whose answer was lost may be done or not.
fn unknown(connection: &Connection, fault: Fault) -> Fault {
    match connection.is_closed() {
        true => Fault::new(FaultKind::Unknown, fault.cause),
        false => fault,
    }
}

/// Runs a job and answers it. A lost connection is opened anew for the next.
fn run_and_answer(
    url: &str,
    connection: &mut Option<Connection>,
    mut job: Box<dyn Job>,
    publish: &Publish,
) {
    let mut done = run_once(url, connection, job.as_mut(), publish);
    let lost = connection.as_ref().is_none_or(Connection::is_closed);
    // A connection may have been lost long before it was used again. Whatever was begun on it is gone with it, so that the
    // job can be run anew; only a commit without an answer cannot.
    let unknown = |done: &Result<Outcome, Fault>| {
        let fault = done.as_ref().err();
        fault.is_some_and(|fault| fault.kind == FaultKind::Unknown)
    };
    if lost && !unknown(&done) {
        done = run_once(url, connection, job.as_mut(), publish);
    }
    match done {
        Ok(Outcome::Apart) => {
            for part in job.split() {
                run_and_answer(url, connection, part, publish);
            }
        }
        done => job.answer(done.map(drop)),
    }
}

fn run_once(
    url: &str,
    connection: &mut Option<Connection>,
    job: &mut dyn Job,
    publish: &Publish,
) -> Result<Outcome, Fault> {
    if connection.as_ref().is_none_or(Connection::is_closed) {
        *connection = None;
    }
    let open = match connection {
        Some(open) => open,
        None => connection.insert(Connection::open(url)?),
    };
    let done = run(open, job, publish);
    if done.is_err() {
        let _ = open.batch("rollback");
    }
    done
}

fn run(
    connection: &mut Connection,
    job: &mut dyn Job,
    publish: &Publish,
) -> Result<Outcome, Fault> {
    for attempt in 1..=TRIES {
        connection.begin()?;
        let mut tx = Tx::new(Inner::Postgres(connection));
        let outcome = job.run(&mut tx);
        let told = tx.told;
        let committed = match outcome {
            Outcome::Keep => connection.batch("commit"),
            _ => connection.batch("rollback"),
        };
        let conflict = committed
            .as_ref()
            .is_err_and(|fault| fault.kind == FaultKind::Again);
        if (conflict || outcome == Outcome::Again) && attempt < TRIES {
            thread::sleep(Duration::from_millis(u64::from(attempt * attempt)));
            continue;
        }
        if outcome == Outcome::Again && job.len() > 1 {
            return Ok(Outcome::Apart);
        }
        if outcome == Outcome::Keep {
            // Also where the answer was lost: pages look for themselves.
            publish(&told);
        }
        return match committed {
            Ok(()) => Ok(outcome),
            Err(fault) if outcome == Outcome::Keep => Err(unknown(connection, fault)),
            Err(fault) => Err(fault),
        };
    }
    Ok(Outcome::Again)
}
