//! Database access: SQLite or PostgreSQL behind one transaction type. Nothing outside knows which it is.
//!
//! A use case is a plain function over [`Tx`] with `$1` SQL that runs on both. [`Database`] takes such functions as
//! jobs and answers when they are durable. On SQLite one thread writes: it runs all jobs that wait, each in a savepoint,
//! and commits them together; readers have threads of their own. On PostgreSQL each thread has a connection.

mod fault;
mod job;
mod migrate;
mod notify;
mod postgres;
mod postgres_jobs;
mod queue;
mod schema;
mod sqlite;
mod sqlite_jobs;
pub(crate) mod tx;
mod value;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::sync::oneshot;

pub use fault::{Fail, Fault, FaultKind};
use job::{Group, Job, Task, spawn};
pub use job::{Missed, Publish, Together};
use queue::{Feed, Key};
pub(crate) use tx::locking;
pub use tx::{CentreEvent, Locking, Tx};
pub use value::{Row, Value, containing};

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL URL.
    Url(String),
}

/// How a database is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It is made if it is not there, and its tables are brought up to date.
    Migrate,
    /// It must be there, and be of this version.
    Existing,
}

impl Place {
    /// Writes all of it as it is at one moment into a new file, while others write: SQLite only.
    ///
    /// # Errors
    /// When there is such a file, or it cannot be written; of PostgreSQL, which has tools of its own.
    pub fn back_up(&self, to: &Path) -> Result<(), Fault> {
        match self {
            Self::File(path) => sqlite::Connection::open(path)?.back_up(to),
            Self::Url(_) => {
                let cause = "a PostgreSQL database is backed up by pg_dump";
                Err(Fault::new(FaultKind::Unavailable, cause.to_owned()))
            }
        }
    }
}

/// How long the database may take to answer, from the caller's view.
const PATIENCE: Duration = Duration::from_secs(12);

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Database {
    writes: Arc<Feed>,
    reads: Arc<Feed>,
    /// Tells other processes, where there may be some.
    speaker: Option<Arc<notify::Speaker>>,
}

impl Database {
    /// Opens the database and starts its threads. `publish` is told of changes, those of other processes included; `missed`
    /// when some of those may have been missed.
    ///
    /// # Errors
    /// When it cannot be opened, is not there, or is of another version.
    pub fn open(
        place: &Place,
        access: Access,
        publish: Publish,
        missed: Missed,
    ) -> Result<Self, Fault> {
        let (writes, write_queue) = Feed::new();
        match place {
            Place::File(path) => {
                let (reads, read_queue) = Feed::new();
                if access == Access::Migrate {
                    sqlite::create(path)?;
                }
                let mut writer = sqlite::Connection::open(path)?;
                match access {
                    Access::Migrate => migrate::sqlite(&mut writer)?,
                    Access::Existing => writer.need_version()?,
                }
                for _ in 0..2 {
                    let (mut reader, queue) =
                        (sqlite::Connection::open(path)?, Arc::clone(&read_queue));
                    spawn("reader", move || sqlite_jobs::read(&mut reader, &queue))?;
                }
                spawn("writer", move || {
                    sqlite_jobs::write(&mut writer, &write_queue, &publish, &missed);
                })?;
                Ok(Self {
                    writes,
                    reads,
                    speaker: None,
                })
            }
            Place::Url(url) => {
                let mut first = postgres::Connection::open(url)?;
                match access {
                    Access::Migrate => migrate::postgres(&mut first)?,
                    Access::Existing => first.need_version()?,
                }
                // One's own changes are published here and told to other processes; theirs are only published.
                let process = crate::clock::secret();
                notify::listen(url, &process, Arc::clone(&publish), missed)?;
                let speaker = Arc::new(notify::speak(url, &process)?);
                let others = Arc::clone(&speaker);
                let here = publish;
                let publish: Publish = Arc::new(move |told: &[CentreEvent]| {
                    here(told);
                    if !told.is_empty() {
                        others.tell(told);
                    }
                });
                for _ in 0..postgres_jobs::CONNECTIONS {
                    let (url, queue, publish) =
                        (url.clone(), Arc::clone(&write_queue), Arc::clone(&publish));
                    spawn("postgres", move || {
                        postgres_jobs::work(&url, &queue, &publish);
                    })?;
                }
                Ok(Self {
                    reads: Arc::clone(&writes),
                    writes,
                    speaker: Some(speaker),
                })
            }
        }
    }

    /// Runs a job that changes something, and answers when that is durable. The job may be run more than once.
    ///
    /// # Errors
    /// What the job fails with, or a fault of the database; then nothing is changed.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Fail>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Fail> + Send + 'static,
    {
        receive(send(&self.writes, work)?, FaultKind::Unknown).await
    }

    /// As [`Self::write`], for what all locks one row: items that wait for the same `row` are done together by one call of
    /// `work`, instead of waiting for each other's transactions.
    ///
    /// # Errors
    /// As there.
    pub async fn write_together<I, T>(
        &self,
        row: String,
        item: I,
        work: Together<I, T>,
    ) -> Result<T, Fail>
    where
        I: Send + 'static,
        T: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Group {
            work,
            items: vec![item],
            replies: vec![reply],
            result: None,
        };
        push(&self.writes, Some(row), Box::new(job))?;
        receive(answer, FaultKind::Unknown).await
    }

    /// Runs a job that only reads: on SQLite on one state, on PostgreSQL each statement on what is committed then.
    ///
    /// # Errors
    /// What the job fails with, or a fault of the database.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Fail>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Fail> + Send + 'static,
    {
        receive(send(&self.reads, work)?, FaultKind::Unavailable).await
    }

    /// Waits until other processes are told of what was changed, some seconds at most: a command that ends at once would take it
    /// along.
    pub fn finish(&self) {
        if let Some(speaker) = &self.speaker {
            speaker.finish(PATIENCE);
        }
    }

    /// As [`Self::write`], for callers outside of an asynchronous runtime.
    ///
    /// # Errors
    /// As there.
    pub fn write_blocking<T, F>(&self, work: F) -> Result<T, Fail>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Fail> + Send + 'static,
    {
        send(&self.writes, work)?
            .blocking_recv()
            .unwrap_or_else(|_| Err(gone()))
    }
}

fn gone() -> Fail {
    Fail::Fault(Fault::new(
        FaultKind::Unavailable,
        "the database's threads have ended",
    ))
}

async fn receive<T>(
    answer: oneshot::Receiver<Result<T, Fail>>,
    late: FaultKind,
) -> Result<T, Fail> {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(answer) => answer.unwrap_or_else(|_| Err(gone())),
        Err(_) => Err(Fault::new(late, "the database does not answer").into()),
    }
}

fn send<T, F>(queue: &Feed, work: F) -> Result<oneshot::Receiver<Result<T, Fail>>, Fail>
where
    T: Send + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T, Fail> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    let job = Task {
        work,
        result: None,
        reply,
    };
    push(queue, None, Box::new(job))?;
    Ok(answer)
}

fn push(queue: &Feed, key: Option<Key>, job: Box<dyn Job>) -> Result<(), Fail> {
    let pushed = queue.push(key, job);
    pushed.map_err(|()| Fault::new(FaultKind::Overloaded, "the queue is full").into())
}
