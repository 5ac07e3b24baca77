//! One numbered set of migrations, with a twin only where the databases must differ.

use super::{Fault, FaultKind, Inner, Tx, postgres, sqlite};

struct Migration {
    both: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

const ALL: &[Migration] = &[
    Migration {
        both: include_str!("../../migrations/0001_start.sql"),
        sqlite: include_str!("../../migrations/0001_start.sqlite.sql"),
        postgres: include_str!("../../migrations/0001_start.postgres.sql"),
    },
    Migration {
        both: include_str!("../../migrations/0002_activities.sql"),
        sqlite: "",
        postgres: "",
    },
    Migration {
        both: include_str!("../../migrations/0003_house.sql"),
        sqlite: "",
        postgres: "",
    },
];

const TABLE: &str = "create table if not exists migration (number bigint primary key)";

fn applied(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let applied: i64 = tx.one("select count(*) from migration", &[])?.get(0)?;
    let applied = usize::try_from(applied).unwrap_or_default();
    if applied > ALL.len() {
        return Err(Fault::new(
            FaultKind::Unavailable,
            "the database was written by a newer Linli",
        ));
    }
    Ok(applied)
}

pub(super) fn sqlite(connection: &mut sqlite::Connection) -> Result<(), Fault> {
    connection.batch(TABLE)?;
    let from = applied(&mut Tx::new(Inner::Sqlite(connection)))?;
    for (number, migration) in ALL.iter().enumerate().skip(from) {
        let sql = format!(
            "begin immediate; {} {} insert into migration values ({}); commit;",
            migration.both,
            migration.sqlite,
            number + 1
        );
        connection.batch(&sql)?;
    }
    Ok(())
}

pub(super) fn postgres(connection: &mut postgres::Connection) -> Result<(), Fault> {
    // Two servers that start at once take turns.
    connection.batch("begin; select pg_advisory_xact_lock(7310)")?;
    connection.batch(TABLE)?;
    let from = applied(&mut Tx::new(Inner::Postgres(connection)))?;
    for (number, migration) in ALL.iter().enumerate().skip(from) {
        let done = format!("insert into migration values ({})", number + 1);
        connection.batch(&format!("{} {} {done}", migration.both, migration.postgres))?;
    }
    connection.batch("commit")
}
