//! A record merged into another of the same person: the rows that go over, and back.

use domain::{
    audit::Act,
    id::{CentreId, PersonId},
    person::household::MOST_MEMBERS,
    problem::Problem,
};
use serde::{Deserialize, Serialize};

use crate::{
    db::{Fail, Fault, Tx, Value},
    usecase::{
        audit::Note,
        call::Call,
        person::{
            behalf::note_met,
            household::{self, Hold, find_household},
        },
    },
};

/// Rows of a table that name somebody, as they can be found again.
pub(crate) struct PersonColumn {
    /// Its name.
    name: &'static str,
    /// The column that names the person.
    person: &'static str,
    /// What finds a row, beside the person.
    key: &'static [&'static str],
    /// Only what concerns the household of whoever goes (`$3`): they spoke for nobody else, and it is found by an index.
    of_household: bool,
    /// Which rows `o` of whoever is kept (`$2`) stand in the way of a row `t`: that one stays where it is.
    taken: &'static str,
}

/// All that goes with a person. Sign-ups for what is to come are looked at before: see [`desk::merge`](crate::usecase::desk::merge).
pub(crate) const TABLES: &[PersonColumn] = &[
    PersonColumn {
        name: "booking",
        person: "beneficiary_id",
        key: &["centre_id", "id"],
        of_household: false,
        taken: "1 = 0",
    },
    PersonColumn {
        name: "sign_up",
        person: "person_id",
        key: &["centre_id", "id"],
        of_household: false,
        taken: "t.state in ('confirmed', 'waitlisted', 'offered') and o.centre_id = t.centre_id and o.list_id = t.list_id
            and o.state in ('confirmed', 'waitlisted', 'offered')",
    },
    PersonColumn {
        name: "sign_up",
        person: "guardian_id",
        key: &["centre_id", "id"],
        of_household: true,
        taken: "1 = 0",
    },
    PersonColumn {
        name: "attendance",
        person: "person_id",
        key: &["centre_id", "session_id"],
        of_household: false,
        taken: "o.centre_id = t.centre_id and o.session_id = t.session_id",
    },
    PersonColumn {
        name: "letter",
        person: "person_id",
        key: &["id"],
        of_household: false,
        taken: "1 = 0",
    },
    PersonColumn {
        name: "consent",
        person: "person_id",
        key: &["id"],
        of_household: false,
        taken: "1 = 0",
    },
    PersonColumn {
        name: "consent",
        person: "guardian_id",
        key: &["id"],
        of_household: true,
        taken: "1 = 0",
    },
    PersonColumn {
        name: "club_member",
        person: "person_id",
        key: &["centre_id", "club_id"],
        of_household: false,
        taken: "o.centre_id = t.centre_id and o.club_id = t.club_id",
    },
    PersonColumn {
        name: "feed",
        person: "person_id",
        key: &["id"],
        of_household: false,
        taken: "o.kind = t.kind and o.centre_id = t.centre_id and o.subject = t.subject",
    },
    PersonColumn {
        name: "slot_wait",
        person: "person_id",
        key: &["centre_id", "id"],
        of_household: false,
        taken: "1 = 0",
    },
    PersonColumn {
        name: "case_file",
        person: "person_id",
        key: &["centre_id", "id"],
        of_household: false,
        taken: "1 = 0",
    },
    PersonColumn {
        name: "case_follower",
        person: "person_id",
        key: &["centre_id", "case_id"],
        of_household: false,
        taken: "o.centre_id = t.centre_id and o.case_id = t.case_id",
    },
];

/// Where attendance stands among [`TABLES`].
pub(crate) const ATTENDANCE: usize = 3;

/// What a merge did, so that it can be undone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Merge {
    pub(crate) kept: PersonId,
    pub(crate) gone: PersonId,
    /// Of each of [`TABLES`] in order the keys of the rows that went over.
    pub(crate) rows: Vec<Vec<Vec<String>>>,
    /// The household of whoever is gone.
    pub(crate) household: Option<String>,
    /// That of whoever is kept, before.
    pub(crate) kept_household: Option<String>,
    /// Whoever is kept came into the household of whoever is gone.
    pub(crate) took_household: bool,
    /// Whoever is kept had no birth date before.
    pub(crate) took_birth: bool,
    /// From which households they had been removed, and when: of whoever is kept, and of whoever is gone.
    pub(crate) left: [Left; 2],
}

/// The household that somebody was removed from in the last day, and when.
pub(crate) type Left = (Option<String>, Option<i64>);

pub(crate) fn read_left(tx: &mut Tx<'_>, id: &PersonId) -> Result<Left, Fail> {
    let row = tx.one(
        "select left_household, left_at from person where id = $1",
        &[id.into()],
    )?;
    Ok((row.get("left_household")?, row.get("left_at")?))
}

/// The keys of the rows of a table that go over.
pub(crate) fn list_rows(
    tx: &mut Tx<'_>,
    table: &PersonColumn,
    (kept, gone): (&PersonId, &PersonId),
    household: Option<&str>,
) -> Result<Vec<Vec<String>>, Fail> {
    let PersonColumn {
        name,
        person,
        key,
        of_household,
        taken,
    } = table;
    let mut values: Vec<Value> = vec![gone.into(), kept.into()];
    let within = match (of_household, household) {
        (false, _) => "",
        (true, None) => "and t.person_id = $1",
        (true, Some(household)) => {
            values.push(household.into());
            "and t.person_id in (select m.id from person m where m.household_id = $3)"
        }
    };
    let columns: Vec<String> = key.iter().map(|column| format!("t.{column}")).collect();
    let columns = columns.join(", ");
    let rows = tx.all(
        &format!(
            "select {columns} from {name} t where t.{person} = $1 {within}
            and not exists (select 1 from {name} o where o.{person} = $2 and {taken}) order by {columns}"
        ),
        &values,
    )?;
    rows.iter()
        .map(|row| {
            let values = key.iter().map(|column| Ok(row.get::<String>(column)?));
            values.collect::<Result<_, Fail>>()
        })
        .collect()
}

/// Gives rows of somebody to somebody else; says how many were still theirs.
fn give_rows(
    tx: &mut Tx<'_>,
    table: &PersonColumn,
    rows: &[Vec<String>],
    (from, to): (&PersonId, &PersonId),
) -> Result<usize, Fail> {
    let PersonColumn {
        name, person, key, ..
    } = table;
    let found: Vec<String> = (3..)
        .zip(*key)
        .map(|(number, column)| format!("{column} = ${number}"))
        .collect();
    let sql = format!(
        "update {name} set {person} = $2 where {person} = $1 and {}",
        found.join(" and ")
    );
    let mut given = 0;
    for row in rows {
        let mut values: Vec<Value> = vec![from.into(), to.into()];
        values.extend(row.iter().map(|value| Value::from(value.as_str())));
        given += usize::from(tx.exec(&sql, &values)? > 0);
    }
    Ok(given)
}

/// Locks the households of both, then both: whoever merges, signs up or moves meanwhile waits.
pub(crate) fn lock_both(tx: &mut Tx<'_>, one: &PersonId, other: &PersonId) -> Result<(), Fail> {
    let mut both = [one, other];
    both.sort_unstable();
    let mut households = [find_household(tx, both[0])?, find_household(tx, both[1])?];
    let before = households.clone();
    households.sort_unstable();
    for household in households.iter().flatten() {
        household::hold(tx, household, Hold::Change)?;
    }
    for id in both {
        tx.lock(
            "select 1 from person where id = $1 for update",
            &[id.into()],
        )?;
    }
    let now = [find_household(tx, both[0])?, find_household(tx, both[1])?];
    match now == before {
        true => Ok(()),
        false => Err(Fault::again("somebody moved to another household").into()),
    }
}

pub(crate) fn carry_out(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    merge: &Merge,
) -> Result<(), Fail> {
    let Merge { kept, gone, .. } = merge;
    for (table, rows) in TABLES.iter().zip(&merge.rows) {
        give_rows(tx, table, rows, (gone, kept))?;
    }
    if merge.took_birth {
        tx.exec(
            "update person set birth = (select g.birth from person g where g.id = $2) where id = $1",
            &[kept.into(), gone.into()],
        )?;
    }
    if merge.took_household {
        tx.exec(
            "update person set household_id = $2, left_household = null, left_at = null where id = $1",
            &[kept.into(), merge.household.as_deref().into()],
        )?;
    }
    // What the desk knew of one it knows of the other; who may correct that record stays as it was.
    note_met(tx, call, centre, kept)?;
    tx.exec(
        "insert into desk_contact (centre_id, person_id, made, since)
        select d.centre_id, $1, 0, d.since from desk_contact d where d.person_id = $2
        and not exists (select 1 from desk_contact o where o.centre_id = d.centre_id and o.person_id = $1)",
        &[kept.into(), gone.into()],
    )?;
    tx.exec(
        "update person set merged_into = $2, erased_at = $3, household_id = null, left_household = null, left_at = null where id = $1",
        &[gone.into(), kept.into(), call.now().into()],
    )?;
    Ok(())
}

/// Makes two people of one again; gives back how much of it somebody has changed since: that stays with whoever was kept.
pub(crate) fn take_back(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    merge: &Merge,
) -> Result<u16, Fail> {
    let Merge { kept, gone, .. } = merge;
    // Whoever is gone is in no household now: the one that they come back to is held like those of both.
    if let Some(household) = &merge.household {
        household::hold(tx, household, Hold::Change)?;
    }
    lock_both(tx, kept, gone)?;
    // A household that nobody speaks for any more, or that is full, is none to come back to.
    let there = tx.one(
        "select count(*) as n from person where household_id = $1 and id <> $2",
        &[
            merge.household.as_deref().unwrap_or_default().into(),
            if merge.took_household {
                kept.as_str()
            } else {
                ""
            }
            .into(),
        ],
    )?;
    let there: u16 = there.get("n")?;
    let household = merge
        .household
        .as_deref()
        .filter(|_| (1..MOST_MEMBERS).contains(&usize::from(there)));
    let again = tx.exec(
        "update person set merged_into = null, erased_at = null, household_id = $3, left_household = $4, left_at = $5
        where id = $1 and merged_into = $2 and exists (select 1 from person k where k.id = $2 and k.erased_at is null)",
        &[
            gone.into(),
            kept.into(),
            household.into(),
            merge.left[1].0.as_deref().into(),
            merge.left[1].1.into(),
        ],
    )?;
    if again == 0 {
        return Err(Problem::Overtaken.into());
    }
    let mut left = 0;
    for (table, rows) in TABLES.iter().zip(&merge.rows) {
        left += rows.len() - give_rows(tx, table, rows, (kept, gone))?;
    }
    if merge.took_birth {
        tx.exec(
            "update person set birth = null where id = $1 and birth = (select g.birth from person g where g.id = $2)",
            &[kept.into(), gone.into()],
        )?;
    }
    if merge.took_household {
        tx.exec(
            "update person set household_id = $2, left_household = $4, left_at = $5 where id = $1 and household_id = $3",
            &[
                kept.into(),
                merge.kept_household.as_deref().into(),
                merge.household.as_deref().into(),
                merge.left[0].0.as_deref().into(),
                merge.left[0].1.into(),
            ],
        )?;
    }
    let note = Note::at(Act::PeopleParted, centre).of(kept);
    note.write(tx, call)?;
    Ok(u16::try_from(left).unwrap_or(u16::MAX))
}

/// Takes what is left of whoever went into another record `before` a moment, in seconds UTC: that can no longer be undone.
///
/// # Errors
/// When the database fails.
pub(crate) fn forget_gone(tx: &mut Tx<'_>, before: i64) -> Result<(), Fail> {
    let rows = tx.all(
        "select id from person where merged_into is not null and name <> '' and erased_at < $1",
        &[before.into()],
    )?;
    for row in &rows {
        let id: PersonId = row.get("id")?;
        for sql in [
            "update person set name = '', birth = null where id = $1",
            "update attendance set name = '', fetched_by = null where person_id = $1",
        ] {
            tx.exec(sql, &[(&id).into()])?;
        }
    }
    Ok(())
}
