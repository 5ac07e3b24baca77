//! Schema migrations: each is applied once, in a transaction of its own; processes that start at once take turns.

use super::{
    fault::{Fault, FaultKind},
    postgres,
    schema::{ALL, Migration, VERSION, other_version},
    sqlite,
    tx::{Inner, Tx},
};

/// The first versions counted their migrations without digests.
const TABLES: &str = "create table if not exists migration (number bigint primary key);
    create table if not exists migration_digest (number bigint primary key, digest text not null)";

/// The version of the schema.
pub(super) fn version(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let applied: i64 = tx
        .one("select count(*) as applied from migration", &[])?
        .get("applied")?;
    Ok(usize::try_from(applied).unwrap_or_default())
}

/// The version of the schema, once it is known that what was applied is what this Linli has.
fn checked(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let applied = version(tx)?;
    if applied > VERSION {
        return Err(other_version(applied));
    }
    let rows = tx.all("select number, digest from migration_digest", &[])?;
    for row in &rows {
        let (number, digest): (i64, String) = (row.get("number")?, row.get("digest")?);
        let known = usize::try_from(number - 1)
            .ok()
            .and_then(|index| ALL.get(index));
        if known.map(Migration::digest) != Some(digest) {
            let cause = format!("migration {number} in the database is not the one of this Linli");
            return Err(Fault::new(FaultKind::Unavailable, cause));
        }
    }
    // What was applied before there were digests gets its own now.
    for (number, migration) in (1..).zip(ALL.iter().take(applied)) {
        note(tx, number, migration)?;
    }
    Ok(applied)
}

fn note(tx: &mut Tx<'_>, number: i64, migration: &Migration) -> Result<(), Fault> {
    tx.exec(
        "insert into migration_digest (number, digest) values ($1, $2) on conflict do nothing",
        &[number.into(), migration.digest().into()],
    )?;
    tx.exec(
        "insert into migration (number) values ($1) on conflict do nothing",
        &[number.into()],
    )?;
    Ok(())
}

/// Applies what is missing. Two processes that start at once take turns.
pub(super) fn sqlite(connection: &mut sqlite::Connection) -> Result<(), Fault> {
    connection.batch("begin immediate")?;
    let done = apply_to_sqlite(connection);
    let ended = done.and_then(|()| connection.batch("commit"));
    if ended.is_err() {
        let _ = connection.batch("rollback");
    }
    ended
}

fn apply_to_sqlite(connection: &mut sqlite::Connection) -> Result<(), Fault> {
    connection.batch(TABLES)?;
    let from = checked(&mut Tx::new(Inner::Sqlite(connection)))?;
    for (number, migration) in (1..).zip(ALL).skip(from) {
        connection.batch(migration.both)?;
        connection.batch(migration.sqlite)?;
        note(&mut Tx::new(Inner::Sqlite(connection)), number, migration)?;
    }
    // Written into the head of the file, where each writing transaction looks at it.
    connection.batch(&format!("pragma user_version = {VERSION}"))
}

/// Applies what is missing, however long it takes. Two processes that start at once take turns.
pub(super) fn postgres(connection: &mut postgres::Connection) -> Result<(), Fault> {
    connection.batch(
        "begin; set local statement_timeout = 0; set local lock_timeout = 0;
        select pg_advisory_xact_lock(7310)",
    )?;
    connection.batch(TABLES)?;
    let from = checked(&mut Tx::new(Inner::Postgres(connection)))?;
    for (number, migration) in (1..).zip(ALL).skip(from) {
        connection.batch(migration.both)?;
        connection.batch(migration.postgres)?;
        note(&mut Tx::new(Inner::Postgres(connection)), number, migration)?;
    }
    connection.batch("commit")
}
