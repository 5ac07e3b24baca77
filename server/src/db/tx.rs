//! Transaction: `$1` SQL that runs on both databases, and what pages are told of once it is durable.

use domain::{api::Change, id::CentreId};

use super::{
    fault::{Fault, FaultKind},
    postgres, sqlite,
    value::{Row, Value},
};

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
        $crate::db::tx::Locking {
            plain: $sql,
            locking: concat!($sql, " ", $clause),
        }
    };
}
pub(crate) use locking;

/// Where the values of a set stand in a select: `where id in ($ids)`.
const SET: &str = "$ids";

/// How many rows one insert stores at most.
const ROWS: usize = 64;

/// A transaction in progress.
pub struct Tx<'a> {
    inner: Inner<'a>,
    pub(super) told: Vec<CentreEvent>,
    /// A centre's description was written: what is read of it may still be rolled back.
    pub(crate) centre_written: bool,
}

/// A change that open pages are told of once it is durable.
pub type CentreEvent = (CentreId, Change);

pub(super) enum Inner<'a> {
    Sqlite(&'a mut sqlite::Connection),
    Postgres(&'a mut postgres::Connection),
}

impl<'a> Tx<'a> {
    pub(super) fn new(inner: Inner<'a>) -> Self {
        Self {
            inner,
            told: Vec::new(),
            centre_written: false,
        }
    }

    /// All rows.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn all(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        match &mut self.inner {
            Inner::Sqlite(connection) => connection.all(sql, values),
            Inner::Postgres(connection) => connection.all(sql, values),
        }
    }

    /// Goes through the rows one by one: a long answer is never held as a whole.
    ///
    /// # Errors
    /// When the statement fails, or `with` does.
    pub fn each(
        &mut self,
        sql: &str,
        values: &[Value],
        mut with: impl FnMut(&Row) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        match &mut self.inner {
            Inner::Sqlite(connection) => connection.each(sql, values, &mut |row| with(row)),
            Inner::Postgres(connection) => connection.each(sql, values, &mut with),
        }
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn opt(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, Fault> {
        Ok(self.all(sql, values)?.into_iter().next())
    }

    /// The one row that must be there.
    ///
    /// # Errors
    /// When the statement fails or finds nothing.
    pub fn one(&mut self, sql: &str, values: &[Value]) -> Result<Row, Fault> {
        self.opt(sql, values)?
            .ok_or_else(|| Fault::new(FaultKind::Inconsistent, format!("no row: {sql}")))
    }

    /// Runs a statement and says how many rows it changed.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn exec(&mut self, sql: &str, values: &[Value]) -> Result<u64, Fault> {
        match &mut self.inner {
            Inner::Sqlite(connection) => connection.exec(sql, values),
            Inner::Postgres(connection) => connection.exec(sql, values),
        }
    }

    /// Locks the rows that `select … for update` names until the transaction ends. SQLite has one writer and needs none.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn lock(&mut self, sql: &str, values: &[Value]) -> Result<(), Fault> {
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
        self.opt(self.text(sql), values)
    }

    /// A [`Locking`] select as this database needs it.
    fn text(&self, sql: &Locking) -> &'static str {
        match self.inner {
            Inner::Sqlite(_) => sql.plain,
            Inner::Postgres(_) => sql.locking,
        }
    }

    /// All rows of a select about a set of things, asked for at once: `$ids` in it stands for them, the numbers of its other
    /// values go on as they are.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn all_in(
        &mut self,
        sql: &str,
        values: &[Value],
        ids: impl IntoIterator<Item = impl Into<Value>>,
    ) -> Result<Vec<Row>, Fault> {
        let mut all = values.to_vec();
        all.extend(ids.into_iter().map(Into::into));
        let Some(last) = all.get(values.len()..).and_then(<[Value]>::last).cloned() else {
            return Ok(Vec::new());
        };
        // Few different statements are prepared: the last value is repeated up to a power of two.
        let count = (all.len() - values.len()).next_power_of_two();
        all.resize(values.len() + count, last);
        let numbers = (values.len() + 1..=all.len()).map(|number| format!("${number}"));
        let numbers: Vec<String> = numbers.collect();
        self.all(&sql.replace(SET, &numbers.join(",")), &all)
    }

    /// As [`Self::all_in`], each row locked until the transaction ends. The clause must order the rows: whoever locks several
    /// locks them in the same order.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn all_in_locked(
        &mut self,
        sql: &Locking,
        values: &[Value],
        ids: impl IntoIterator<Item = impl Into<Value>>,
    ) -> Result<Vec<Row>, Fault> {
        self.all_in(self.text(sql), values, ids)
    }

    /// Stores rows, many with one statement. `insert` is one without its values: `insert into t (a, b)`.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn insert_all(&mut self, insert: &str, rows: &[Vec<Value>]) -> Result<(), Fault> {
        let mut rest = rows;
        while let Some(first) = rest.first() {
            // Again powers of two, so that few different statements are prepared.
            let count = 1 << rest.len().min(ROWS).ilog2();
            let (now, later) = rest.split_at(count);
            let columns = first.len();
            let tuples: Vec<String> = (0..count)
                .map(|row| {
                    let numbers =
                        (1..=columns).map(|column| format!("${}", row * columns + column));
                    format!("({})", numbers.collect::<Vec<_>>().join(","))
                })
                .collect();
            self.exec(
                &format!("{insert} values {}", tuples.join(",")),
                &now.concat(),
            )?;
            rest = later;
        }
        Ok(())
    }

    /// Tells open pages of a change, once it is durable.
    pub fn tell(&mut self, centre: &CentreId, change: Change) {
        self.told.push((centre.clone(), change));
    }
}
