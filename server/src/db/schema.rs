//! Schema: the numbered migrations, one set with a twin only where the databases must differ. A file that was shipped is never
//! edited: it is known by a digest of its text.

use sha2::{Digest, Sha256};

use super::fault::{Fault, FaultKind};
use crate::clock::hex;

pub(super) struct Migration {
    pub(super) both: &'static str,
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

macro_rules! migrations {
    ($($name:literal $sqlite:expr, $postgres:expr;)*) => {
        pub(super) const ALL: &[Migration] = &[$(Migration {
            both: include_str!(concat!("../../migrations/", $name, ".sql")),
            sqlite: $sqlite,
            postgres: $postgres,
        }),*];
    };
}

migrations! {
    "0001_start" include_str!("../../migrations/0001_start.sqlite.sql"),
        include_str!("../../migrations/0001_start.postgres.sql");
    "0002_activities" "", "";
    "0003_house" "", "";
    "0004_person_privacy" "", "";
    "0005_decisions" "", "";
    "0006_sign_in_limits" "", "";
    "0007_role_end" "", "";
    "0008_consequence" "", "";
    "0009_safety" "", "";
    "0010_centre_revision" "", "";
    "0011_club_close" "", "";
    "0012_undone" "", "";
    "0013_second_thoughts" "", "";
    "0014_history" include_str!("../../migrations/0014_history.sqlite.sql"),
        include_str!("../../migrations/0014_history.postgres.sql");
    "0015_check_in" "", "";
    "0016_refused" "", "";
    "0017_second_factor" "", "";
    "0018_merge" "", "";
    "0019_series" "", "";
    "0020_feed" "", "";
    "0021_waitlist" "", "";
    "0022_explained" "", "";
    "0023_token" "", "";
    "0024_push" "", "";
    "0025_languages" "", "";
    "0026_case" include_str!("../../migrations/0026_case.sqlite.sql"),
        include_str!("../../migrations/0026_case.postgres.sql");
}

impl Migration {
    pub(super) fn digest(&self) -> String {
        let texts = [self.both, self.sqlite, self.postgres];
        hex(&Sha256::digest(texts.join("\n-- twin\n").as_bytes()))
    }
}

/// How many migrations this Linli knows: the version of the schema that its statements are written for.
pub(super) const VERSION: usize = ALL.len();

/// Why a database of another version is not used.
pub(super) fn other_version(found: usize) -> Fault {
    let cause = match found > VERSION {
        true => format!(
            "the database was written by a newer Linli (version {found}, this one knows {VERSION})"
        ),
        false => format!(
            "the database is of version {found}, this Linli needs {VERSION}: run `linli migrate`"
        ),
    };
    Fault::new(FaultKind::Unavailable, cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shipped migration is never edited: databases out there were made by it. A new one gets a new line here.
    #[test]
    fn no_shipped_migration_is_edited() {
        let digests: Vec<_> = ALL
            .iter()
            .map(|one| one.digest()[..12].to_owned())
            .collect();
        assert_eq!(
            digests,
            [
                "52f1949828c5",
                "c8e5fb2ab027",
                "e8cf7c4398df",
                "74cedf7b0f23",
                "c99d19a2ce71",
                "409a51894599",
                "31114d4ad8ca",
                "efe08f181260",
                "09cb1d4b75ce",
                "4acdb447297e",
                "a95235b5971e",
                "8c916744ba75",
                "77f7c27f34dc",
                "4d2962f92b0a",
                "624a7f187a8f",
                "238c36392bec",
                "01556df78aa0",
                "176c7621d41b",
                "4bc5d790dea7",
                "63ed151168a4",
                "786d23830188",
                "5772de794348",
                "042bad7ab52c",
                "f650c4ee720b",
                "193f968234dd",
                "465c44afa696",
            ]
        );
    }
}
