//! SQLite connection: settings, statements and values.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    thread,
    time::Duration,
};

use rusqlite::{
    ErrorCode, OpenFlags,
    config::DbConfig,
    params_from_iter,
    types::{ToSqlOutput, ValueRef},
};

use super::{
    fault::{Fault, FaultKind},
    schema::{VERSION, other_version},
    value::{Row, Value},
};

/// How often, and how long apart, a file that another process is opening is tried again.
const BUSY_TRIES: u32 = 100;
const BUSY: Duration = Duration::from_millis(50);

/// A connection with its translated statements.
pub(super) struct Connection {
    sqlite: rusqlite::Connection,
    path: PathBuf,
    /// Which file it is, where the system tells.
    identity: Option<u64>,
    translated: HashMap<String, Arc<Translated>>,
}

/// A statement as SQLite wants it, and the names of its columns.
struct Translated {
    sql: String,
    names: OnceLock<Arc<[String]>>,
}

/// The translation of a statement, made once.
fn translate(known: &mut HashMap<String, Arc<Translated>>, sql: &str) -> Arc<Translated> {
    if let Some(translated) = known.get(sql) {
        return Arc::clone(translated);
    }
    let translated = Arc::new(Translated {
        sql: sql.replace('$', "?"),
        names: OnceLock::new(),
    });
    known.insert(sql.to_owned(), Arc::clone(&translated));
    translated
}

/// The number of a file on its disk.
fn identity(path: &Path) -> Option<u64> {
    let found = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    return Some(std::os::unix::fs::MetadataExt::ino(&found));
    #[cfg(not(unix))]
    return Some(u64::from(found.is_file()));
}

/// Makes the file, and its folder, if they are not there: readable by nobody but the server's own user. SQLite gives the
/// files beside it the same rights.
pub(super) fn create(path: &Path) -> Result<(), Fault> {
    let named = |cause: std::io::Error| {
        let cause = format!("{}: {cause}", path.display());
        Fault::new(FaultKind::Unavailable, cause)
    };
    if let Some(folder) = path.parent() {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(named)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(named)
}

impl Connection {
    /// Writes the database as it is at one moment into a new file, for its owner alone.
    pub(super) fn back_up(&self, to: &Path) -> Result<(), Fault> {
        let unwritable = |cause: &dyn std::fmt::Display| {
            Fault::new(FaultKind::Unavailable, format!("{}: {cause}", to.display()))
        };
        let mut new = std::fs::OpenOptions::new();
        new.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
        new.open(to).map_err(|cause| unwritable(&cause))?;
        let written = self
            .sqlite
            .execute("vacuum into ?1", [to.to_string_lossy()]);
        written.map(drop).map_err(|cause| {
            // What is not whole is no backup.
            let _ = std::fs::remove_file(to);
            unwritable(&cause)
        })
    }

    /// Opens a file that must be there.
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        if !path.exists() {
            let cause = format!("there is no database at {}", path.display());
            return Err(Fault::new(FaultKind::Unavailable, cause));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let sqlite = rusqlite::Connection::open_with_flags(path, flags)?;
        sqlite.busy_timeout(Duration::from_secs(5))?;
        // Where several processes start on a new file at once, SQLite does not wait for this one by itself.
        let mut tries = 0;
        while let Err(cause) = sqlite.execute_batch("pragma journal_mode = wal") {
            tries += 1;
            if tries == BUSY_TRIES || cause.sqlite_error_code() != Some(ErrorCode::DatabaseBusy) {
                return Err(cause.into());
            }
            thread::sleep(BUSY);
        }
        sqlite.execute_batch(
            "pragma synchronous = full; pragma foreign_keys = on;
             pragma cache_size = -8192; pragma mmap_size = 268435456; pragma temp_store = memory;",
        )?;
        // One plan per statement, whatever is bound: else SQLite plans many of them anew at each call.
        sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        sqlite.set_prepared_statement_cache_capacity(384);
        Ok(Self {
            sqlite,
            path: path.to_owned(),
            identity: identity(path),
            translated: HashMap::new(),
        })
    }

    /// Runs several statements of a migration.
    pub(super) fn batch(&self, sql: &str) -> Result<(), Fault> {
        Ok(self.sqlite.execute_batch(sql)?)
    }

    pub(super) fn all(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        let mut all = Vec::new();
        self.each(sql, values, &mut |row| {
            let values = vec![Value::Null; row.values.len()];
            all.push(Row {
                values: std::mem::replace(&mut row.values, values),
                names: Arc::clone(&row.names),
            });
            Ok(())
        })?;
        Ok(all)
    }

    /// Goes through the rows; the same one is filled again and again.
    pub(super) fn each(
        &mut self,
        sql: &str,
        values: &[Value],
        with: &mut dyn FnMut(&mut Row) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let translated = translate(&mut self.translated, sql);
        let mut statement = self.sqlite.prepare_cached(&translated.sql)?;
        let columns = statement.column_count();
        let names = translated.names.get_or_init(|| {
            let names = statement.column_names();
            names.into_iter().map(str::to_owned).collect()
        });
        let mut held = Row {
            values: vec![Value::Null; columns],
            names: Arc::clone(names),
        };
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            for (i, value) in held.values.iter_mut().enumerate() {
                fill(value, row.get_ref(i)?);
            }
            with(&mut held)?;
        }
        Ok(())
    }

    pub(super) fn exec(&mut self, sql: &str, values: &[Value]) -> Result<u64, Fault> {
        let translated = translate(&mut self.translated, sql);
        Ok(self
            .sqlite
            .prepare_cached(&translated.sql)?
            .execute(params_from_iter(values))? as u64)
    }

    /// Another number than before when another connection wrote (SQLite, `PRAGMA data_version`).
    pub(super) fn data_version(&self) -> Result<i64, Fault> {
        self.one_int("pragma data_version")
    }

    /// Refuses to write into a file that was deleted or replaced while it is open.
    pub(super) fn need_file(&self) -> Result<(), Fault> {
        match identity(&self.path) == self.identity {
            true => Ok(()),
            false => Err(Fault::new(
                FaultKind::Unavailable,
                format!("{} was deleted or replaced", self.path.display()),
            )),
        }
    }

    /// Refuses a schema that this Linli's statements are not written for.
    pub(super) fn need_version(&mut self) -> Result<(), Fault> {
        let found: i64 = self.one_int("pragma user_version")?;
        let found = usize::try_from(found).unwrap_or_default();
        match found == VERSION {
            true => Ok(()),
            false => Err(other_version(found)),
        }
    }

    fn one_int(&self, sql: &'static str) -> Result<i64, Fault> {
        Ok(self
            .sqlite
            .prepare_cached(sql)?
            .query_row([], |row| row.get(0))?)
    }

    pub(super) fn simple(&mut self, sql: &'static str) -> Result<(), Fault> {
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
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
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

/// Takes over what was read; a text keeps the room that it has.
fn fill(value: &mut Value, read: ValueRef<'_>) {
    match (value, read) {
        (Value::Text(text), ValueRef::Text(bytes)) => {
            text.clear();
            text.push_str(&String::from_utf8_lossy(bytes));
        }
        (value, read) => {
            *value = match read {
                ValueRef::Null => Value::Null,
                ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
                ValueRef::Integer(n) => Value::Int(n),
                ValueRef::Real(x) => Value::Float(x),
                ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
            }
        }
    }
}
