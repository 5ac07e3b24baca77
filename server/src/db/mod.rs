//! The only place that knows which database it is.
//!
//! A use case is a plain function over [`Tx`] with `$1` SQL that runs on both. [`Database`] takes such functions as
//! jobs and answers when they are durable. On SQLite one thread writes: it runs all jobs that wait, each in a savepoint,
//! and commits them together; readers have threads of their own. On PostgreSQL each thread has a connection.

mod migrate;
mod postgres;
mod queue;
mod sqlite;
mod value;

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
    sync::Arc,
    thread,
};

use domain::{api::Change, id::CentreId, problem::Problem};
use tokio::sync::oneshot;

use queue::{Feed, Key, Queue};
pub use value::{Row, Value};

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL URL.
    Url(String),
}

/// What went wrong in the database. The person is told [`Fault::problem`], the log gets the cause.
#[derive(Debug)]
pub struct Fault {
    /// What it means for the caller.
    pub kind: FaultKind,
    /// For the log.
    pub cause: String,
}

/// What a fault means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Two transactions were in each other's way: the same job may succeed at once.
    Again,
    /// The database refused a row that breaks a constraint.
    Constraint,
    /// Locked, full, gone, or a statement that fails: nothing was changed.
    Unavailable,
    /// The queue is full.
    Overloaded,
}

impl Fault {
    fn new(kind: FaultKind, cause: impl std::fmt::Display) -> Self {
        Self {
            kind,
            cause: cause.to_string(),
        }
    }

    /// What the person is told.
    pub fn problem(&self) -> Problem {
        match self.kind {
            FaultKind::Overloaded => Problem::Overloaded,
            _ => Problem::Unavailable,
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.cause)
    }
}

impl std::error::Error for Fault {}

/// Why a job changed nothing.
#[derive(Debug)]
pub enum Fail {
    /// The person's doing, or a rule's.
    Problem(Problem),
    /// The database's.
    Fault(Fault),
}

impl From<Problem> for Fail {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<domain::rules::Refusal> for Fail {
    fn from(refusal: domain::rules::Refusal) -> Self {
        Self::Problem(refusal.into())
    }
}

impl From<domain::sign_up::SignUpRefusal> for Fail {
    fn from(refusal: domain::sign_up::SignUpRefusal) -> Self {
        Self::Problem(refusal.into())
    }
}

impl From<Fault> for Fail {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A select that locks the row it reads, where there is somebody to lock it against.
#[derive(Clone, Copy, Debug)]
pub struct Locking {
    /// For a database with one writer.
    pub plain: &'static str,
    /// For the others.
    pub locking: &'static str,
}

/// Makes a [`Locking`] select from one without its last clause, and that clause.
macro_rules! locking {
    ($sql:literal, $clause:literal) => {
        $crate::db::Locking {
            plain: $sql,
            locking: concat!($sql, " ", $clause),
        }
    };
}
pub(crate) use locking;

/// A transaction in progress.
pub struct Tx<'a> {
    inner: Inner<'a>,
    told: Vec<Told>,
}

/// A change that open pages are told of once it is durable.
pub type Told = (CentreId, Change);

enum Inner<'a> {
    Sqlite(&'a mut sqlite::Connection),
    Postgres(&'a mut postgres::Connection),
}

impl<'a> Tx<'a> {
    fn new(inner: Inner<'a>) -> Self {
        Self {
            inner,
            told: Vec::new(),
        }
    }

    /// All rows.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn all(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        match &mut self.inner {
            Inner::Sqlite(connection) => connection.all(sql, values),
            Inner::Postgres(connection) => connection.all(sql, values),
        }
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn opt(&mut self, sql: &'static str, values: &[Value]) -> Result<Option<Row>, Fault> {
        Ok(self.all(sql, values)?.into_iter().next())
    }

    /// The one row that must be there.
    ///
    /// # Errors
    /// When the statement fails or finds nothing.
    pub fn one(&mut self, sql: &'static str, values: &[Value]) -> Result<Row, Fault> {
        self.opt(sql, values)?
            .ok_or_else(|| Fault::new(FaultKind::Unavailable, format!("no row: {sql}")))
    }

    /// Runs a statement and says how many rows it changed.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, Fault> {
        match &mut self.inner {
            Inner::Sqlite(connection) => connection.exec(sql, values),
            Inner::Postgres(connection) => connection.exec(sql, values),
        }
    }

    /// Locks the rows that `select … for update` names until the transaction ends. SQLite has one writer and needs none.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn lock(&mut self, sql: &'static str, values: &[Value]) -> Result<(), Fault> {
        match &mut self.inner {
            Inner::Sqlite(_) => Ok(()),
            Inner::Postgres(connection) => connection.all(sql, values).map(drop),
        }
    }

    /// The first row of a [`Locking`] select, locked until the transaction ends. What stands in other rows must be read
    /// after it, by a statement of its own: only the locked row itself is what it is once the lock is had.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn opt_locked(&mut self, sql: &Locking, values: &[Value]) -> Result<Option<Row>, Fault> {
        self.opt(
            match self.inner {
                Inner::Sqlite(_) => sql.plain,
                Inner::Postgres(_) => sql.locking,
            },
            values,
        )
    }

    /// Tells open pages of a change, once it is durable.
    pub fn tell(&mut self, centre: &CentreId, change: Change) {
        self.told.push((centre.clone(), change));
    }
}

/// A job as the threads see it: it can be run again after a conflict, and is answered once.
trait Job: Send {
    fn run(&mut self, tx: &mut Tx<'_>) -> Outcome;
    fn answer(self: Box<Self>, committed: Result<(), Fault>);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It succeeded.
    Keep,
    /// A rule stands against it.
    Discard,
    /// It was in somebody's way, and may succeed at once.
    Again,
    /// The database failed.
    Broken,
}

struct Task<T, F> {
    work: F,
    result: Option<Result<T, Fail>>,
    reply: oneshot::Sender<Result<T, Fail>>,
}

impl<T: Send, F: FnMut(&mut Tx<'_>) -> Result<T, Fail> + Send> Job for Task<T, F> {
    fn run(&mut self, tx: &mut Tx<'_>) -> Outcome {
        let work = std::panic::AssertUnwindSafe(|| (self.work)(tx));
        let result = std::panic::catch_unwind(work).unwrap_or_else(|_| {
            Err(Fail::Fault(Fault::new(
                FaultKind::Unavailable,
                "a use case panicked",
            )))
        });
        let outcome = match &result {
            Ok(_) => Outcome::Keep,
            Err(Fail::Fault(fault)) if fault.kind == FaultKind::Again => Outcome::Again,
            Err(Fail::Fault(_)) => Outcome::Broken,
            Err(Fail::Problem(_)) => Outcome::Discard,
        };
        self.result = Some(result);
        outcome
    }

    fn answer(self: Box<Self>, committed: Result<(), Fault>) {
        let result = match (self.result, committed) {
            (Some(Ok(_)) | None, Err(fault)) => Err(Fail::Fault(fault)),
            (Some(result), _) => result,
            (None, Ok(())) => Err(Fail::Fault(Fault::new(
                FaultKind::Unavailable,
                "a job was not run",
            ))),
        };
        // A caller that has gone needs no answer.
        let _ = self.reply.send(result);
    }
}

/// What is called with the changes of each commit.
pub type Publish = Arc<dyn Fn(&[Told]) + Send + Sync>;

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Database {
    writes: Arc<Feed>,
    reads: Arc<Feed>,
}

impl Database {
    /// Opens the database, brings its tables up to date and starts its threads.
    ///
    /// # Errors
    /// When it cannot be opened, or was written by a newer Linli.
    pub fn open(place: &Place, publish: Publish) -> Result<Self, Fault> {
        let (writes, write_queue) = Feed::new();
        match place {
            Place::File(path) => {
                let (reads, read_queue) = Feed::new();
                let mut writer = sqlite::Connection::open(path)?;
                migrate::sqlite(&mut writer)?;
                for _ in 0..2 {
                    let (mut reader, queue) =
                        (sqlite::Connection::open(path)?, Arc::clone(&read_queue));
                    spawn("reader", move || sqlite::read(&mut reader, &queue))?;
                }
                spawn("writer", move || {
                    sqlite::write(&mut writer, &write_queue, &publish)
                })?;
                Ok(Self { writes, reads })
            }
            Place::Url(url) => {
                let mut first = postgres::Connection::open(url)?;
                migrate::postgres(&mut first)?;
                for _ in 0..postgres::CONNECTIONS {
                    let (url, queue, publish) =
                        (url.clone(), Arc::clone(&write_queue), Arc::clone(&publish));
                    spawn("postgres", move || postgres::work(&url, &queue, &publish))?;
                }
                Ok(Self {
                    reads: Arc::clone(&writes),
                    writes,
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
        receive(send(&self.writes, None, work)?).await
    }

    /// As [`Self::write`], for jobs that all lock one row: those that wait for the same `row` are run in turn, by one thread
    /// and with one commit, instead of waiting for each other's.
    ///
    /// # Errors
    /// As there.
    pub async fn write_in_turn<T, F>(&self, row: impl Hash, work: F) -> Result<T, Fail>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Fail> + Send + 'static,
    {
        let mut key = DefaultHasher::new();
        row.hash(&mut key);
        receive(send(&self.writes, Some(key.finish()), work)?).await
    }

    /// Runs a job that only reads, on a consistent state.
    ///
    /// # Errors
    /// What the job fails with, or a fault of the database.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Fail>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Fail> + Send + 'static,
    {
        receive(send(&self.reads, None, work)?).await
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
        send(&self.writes, None, work)?
            .blocking_recv()
            .unwrap_or_else(|_| Err(gone()))
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), Fault> {
    let spawned = thread::Builder::new().name(name.to_owned()).spawn(work);
    spawned
        .map(drop)
        .map_err(|cause| Fault::new(FaultKind::Unavailable, cause))
}

fn gone() -> Fail {
    Fail::Fault(Fault::new(
        FaultKind::Unavailable,
        "the database's threads have ended",
    ))
}

async fn receive<T>(answer: oneshot::Receiver<Result<T, Fail>>) -> Result<T, Fail> {
    answer.await.unwrap_or_else(|_| Err(gone()))
}

fn send<T, F>(
    queue: &Feed,
    key: Option<Key>,
    work: F,
) -> Result<oneshot::Receiver<Result<T, Fail>>, Fail>
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
    match queue.push(key, Box::new(job)) {
        Ok(()) => Ok(answer),
        Err(()) => Err(Fail::Fault(Fault::new(
            FaultKind::Overloaded,
            "the queue is full",
        ))),
    }
}
