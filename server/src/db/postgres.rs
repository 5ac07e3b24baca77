//! PostgreSQL: each thread has a connection and takes jobs of both kinds.

use std::{collections::HashMap, error::Error, thread, time::Duration};

use postgres::{
    Client, NoTls, Statement,
    error::SqlState,
    types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked},
};

use super::{Fault, FaultKind, Inner, Job, Outcome, Publish, Queue, Row, Told, Tx, Value};

/// Connections, and so transactions at once.
pub(super) const CONNECTIONS: usize = 8;

/// How many jobs share one commit at most: PostgreSQL keeps 64 subtransactions of a transaction at hand.
const BATCH: usize = 48;

/// How often a job is run again after a conflict.
const TRIES: u32 = 6;

/// A connection with its prepared statements.
pub(super) struct Connection {
    client: Client,
    prepared: HashMap<&'static str, Statement>,
}

impl Connection {
    pub(super) fn open(url: &str) -> Result<Self, Fault> {
        let mut client = Client::connect(url, NoTls)?;
        // A transaction that hangs must not hold its rows for ever.
        client.batch_execute("set lock_timeout = '5s'; set statement_timeout = '15s'")?;
        Ok(Self {
            client,
            prepared: HashMap::new(),
        })
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), Fault> {
        Ok(self.client.batch_execute(sql)?)
    }

    fn prepare(&mut self, sql: &'static str) -> Result<Statement, Fault> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.insert(sql, statement.clone());
        Ok(statement)
    }

    pub(super) fn all(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        let statement = self.prepare(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
        self.client
            .query(&statement, &values)?
            .iter()
            .map(read)
            .collect()
    }

    pub(super) fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, Fault> {
        let statement = self.prepare(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
        Ok(self.client.execute(&statement, &values)?)
    }
}

fn read(row: &postgres::Row) -> Result<Row, Fault> {
    let column = |i: usize| {
        Ok(match *row.columns()[i].type_() {
            Type::INT8 => row
                .try_get::<_, Option<i64>>(i)?
                .map_or(Value::Null, Value::Int),
            Type::INT4 => row
                .try_get::<_, Option<i32>>(i)?
                .map_or(Value::Null, |n| Value::Int(n.into())),
            Type::FLOAT8 => row
                .try_get::<_, Option<f64>>(i)?
                .map_or(Value::Null, Value::Float),
            Type::BOOL => row
                .try_get::<_, Option<bool>>(i)?
                .map_or(Value::Null, Value::Bool),
            _ => row
                .try_get::<_, Option<String>>(i)?
                .map_or(Value::Null, Value::Text),
        })
    };
    Ok(Row((0..row.len())
        .map(column)
        .collect::<Result<_, postgres::Error>>()?))
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(n) if *kind == Type::INT4 => i32::try_from(*n)?.to_sql(kind, out),
            Self::Int(n) => n.to_sql(kind, out),
            Self::Float(x) => x.to_sql(kind, out),
            Self::Bool(b) => b.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl From<postgres::Error> for Fault {
    fn from(cause: postgres::Error) -> Self {
        let kind = match cause.code() {
            Some(code)
                if [
                    SqlState::T_R_SERIALIZATION_FAILURE,
                    SqlState::T_R_DEADLOCK_DETECTED,
                ]
                .contains(code) =>
            {
                FaultKind::Again
            }
            // Somebody's booking came in between: run again, and the rule will say so.
            Some(code)
                if [SqlState::EXCLUSION_VIOLATION, SqlState::UNIQUE_VIOLATION].contains(code) =>
            {
                FaultKind::Again
            }
            Some(code) if code.code().starts_with("23") => FaultKind::Constraint,
            _ => FaultKind::Unavailable,
        };
        let detail = cause.as_db_error().map(|error| error.message().to_owned());
        Self::new(kind, detail.unwrap_or_else(|| cause.to_string()))
    }
}

/// Takes jobs until the queue is closed.
pub(super) fn work(url: &str, queue: &Queue, publish: &Publish) {
    let mut connection: Option<Connection> = None;
    while let Some(batch) = queue.take_alike(BATCH) {
        run_batch(url, &mut connection, batch.jobs, publish);
        queue.done(batch.key);
    }
}

/// Runs jobs, together if there are several, and answers them.
fn run_batch(
    url: &str,
    connection: &mut Option<Connection>,
    mut jobs: Vec<Box<dyn Job>>,
    publish: &Publish,
) {
    let together = match connection.as_mut() {
        Some(open) if jobs.len() > 1 && !open.client.is_closed() => {
            let done = run_together(open, &mut jobs, publish);
            if done.as_ref().is_ok_and(|together| !together) || done.is_err() {
                let _ = open.batch("rollback");
            }
            done
        }
        _ => Ok(false),
    };
    match together {
        Ok(true) => jobs.into_iter().for_each(|job| job.answer(Ok(()))),
        // Nothing of them was kept: each has a transaction of its own then.
        Ok(false) => run_each(url, connection, jobs, publish),
        Err(fault) => {
            for job in jobs {
                job.answer(Err(Fault::new(fault.kind, &fault.cause)));
            }
        }
    }
}

/// Runs jobs in one transaction, each in a savepoint. Says whether that is done; where one of them is in somebody's way,
/// nothing is.
fn run_together(
    connection: &mut Connection,
    jobs: &mut [Box<dyn Job>],
    publish: &Publish,
) -> Result<bool, Fault> {
    let mut told: Vec<Told> = Vec::new();
    // The second job locks people while the row of the first is held. Whoever holds one of them may wait for that row, so
    // nobody is waited for long.
    let begin = "begin; set local lock_timeout = '100ms'; savepoint job";
    if connection.batch(begin).is_err() {
        return Ok(false);
    }
    for job in jobs {
        let mut tx = Tx::new(Inner::Postgres(connection));
        let outcome = job.run(&mut tx);
        let news = tx.told;
        let went_on = match outcome {
            Outcome::Keep => {
                told.extend(news);
                connection.batch("release job; savepoint job")
            }
            Outcome::Discard => connection.batch("rollback to job"),
            Outcome::Again | Outcome::Broken => return Ok(false),
        };
        if went_on.is_err() {
            return Ok(false);
        }
    }
    match connection.batch("commit") {
        Ok(()) => {
            publish(&told);
            Ok(true)
        }
        Err(fault) if fault.kind == FaultKind::Again => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// Runs jobs one by one. A lost connection is opened anew for the next.
fn run_each(
    url: &str,
    connection: &mut Option<Connection>,
    jobs: Vec<Box<dyn Job>>,
    publish: &Publish,
) {
    for mut job in jobs {
        if connection.as_ref().is_none_or(|c| c.client.is_closed()) {
            match Connection::open(url) {
                Ok(opened) => *connection = Some(opened),
                Err(fault) => {
                    job.answer(Err(fault));
                    continue;
                }
            }
        }
        let Some(open) = connection.as_mut() else {
            continue;
        };
        let done = run(open, job.as_mut(), publish);
        if done.is_err() && open.batch("rollback").is_err() {
            *connection = None;
        }
        job.answer(done);
    }
}

fn run(connection: &mut Connection, job: &mut dyn Job, publish: &Publish) -> Result<(), Fault> {
    for attempt in 1..=TRIES {
        connection.batch("begin")?;
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
        committed?;
        if outcome == Outcome::Keep {
            publish(&told);
        }
        return Ok(());
    }
    Ok(())
}
