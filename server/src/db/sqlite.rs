//! SQLite: one writer that commits waiting jobs together, and readers beside it.

use std::{collections::HashMap, path::Path, time::Duration};

use rusqlite::{
    ErrorCode, OpenFlags,
    config::DbConfig,
    params_from_iter,
    types::{ToSqlOutput, ValueRef},
};

use super::{Fault, FaultKind, Inner, Job, Outcome, Publish, Queue, Row, Tx, Value};

/// How many jobs share one commit at most.
const BATCH: usize = 256;

/// A connection with its translated statements.
pub(super) struct Connection {
    sqlite: rusqlite::Connection,
    translated: HashMap<&'static str, String>,
}

impl Connection {
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let sqlite = rusqlite::Connection::open_with_flags(path, flags)?;
        sqlite.busy_timeout(Duration::from_secs(5))?;
        sqlite.execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
             pragma cache_size = -8192; pragma mmap_size = 268435456; pragma temp_store = memory;",
        )?;
        // One plan per statement, whatever is bound: else SQLite plans many of them anew at each call.
        sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        sqlite.set_prepared_statement_cache_capacity(256);
        Ok(Self {
            sqlite,
            translated: HashMap::new(),
        })
    }

    /// Runs several statements of a migration.
    pub(super) fn batch(&self, sql: &str) -> Result<(), Fault> {
        Ok(self.sqlite.execute_batch(sql)?)
    }

    pub(super) fn all(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        let sql = self
            .translated
            .entry(sql)
            .or_insert_with(|| sql.replace('$', "?"));
        let mut statement = self.sqlite.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let read = |i| {
                Ok(match row.get_ref(i)? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(n) => Value::Int(n),
                    ValueRef::Real(x) => Value::Float(x),
                    ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                    ValueRef::Blob(_) => Value::Null,
                })
            };
            all.push(Row((0..columns)
                .map(read)
                .collect::<Result<_, rusqlite::Error>>()?));
        }
        Ok(all)
    }

    pub(super) fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, Fault> {
        let sql = self
            .translated
            .entry(sql)
            .or_insert_with(|| sql.replace('$', "?"));
        Ok(self
            .sqlite
            .prepare_cached(sql)?
            .execute(params_from_iter(values))? as u64)
    }

    fn simple(&mut self, sql: &'static str) -> Result<(), Fault> {
        self.exec(sql, &[]).map(drop)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Float(x) => ValueRef::Real(*x),
            Self::Bool(b) => ValueRef::Integer(i64::from(*b)),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(cause: rusqlite::Error) -> Self {
        let kind = match cause.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => FaultKind::Constraint,
            _ => FaultKind::Unavailable,
        };
        Self::new(kind, cause)
    }
}

/// Takes jobs until the queue is closed.
pub(super) fn write(connection: &mut Connection, queue: &Queue, publish: &Publish) {
    while let Some(mut jobs) = queue.take(BATCH) {
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
    jobs: &mut [Box<dyn Job>],
    told: &mut Vec<super::Told>,
) -> Result<(), Fault> {
    connection.simple("begin immediate")?;
    let run = run_all(connection, jobs, told);
    let ended = run.and_then(|()| connection.simple("commit"));
    if ended.is_err() {
        // After a full disk SQLite may have rolled back by itself.
        let _ = connection.simple("rollback");
    }
    ended
}

fn run_all(
    connection: &mut Connection,
    jobs: &mut [Box<dyn Job>],
    told: &mut Vec<super::Told>,
) -> Result<(), Fault> {
    for job in jobs {
        connection.simple("savepoint job")?;
        let mut tx = Tx::new(Inner::Sqlite(connection));
        let outcome = job.run(&mut tx);
        let news = tx.told;
        if outcome == Outcome::Keep {
            told.extend(news);
        } else {
            connection.simple("rollback to job")?;
        }
        connection.simple("release job")?;
    }
    Ok(())
}

/// Takes reading jobs until the queue is closed.
pub(super) fn read(connection: &mut Connection, queue: &Queue) {
    while let Some(mut job) = queue.take(1).and_then(|mut jobs| jobs.pop()) {
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
