//! The stored household: members, and the lock that every decision about it takes first.

use std::collections::{BTreeSet, HashMap};

use domain::{id::PersonId, person::household::Member, problem::Problem, time::Date};

use crate::db::{Fail, Fault, Locking, Row, Tx, locking};

/// How long a removed member can be taken back before their record is erased, in seconds.
pub(crate) const TAKEN_BACK: i64 = 24 * 3600;

const MEMBERS: Locking = locking!(
    "select id, name, birth, phone, household_id from person where id in ($ids) and erased_at is null order by id",
    "for no key update"
);

/// Somebody with the household that they belong to.
#[derive(Clone)]
pub(crate) struct Belonging {
    pub(crate) member: Member,
    pub(crate) household: Option<String>,
}

impl Belonging {
    fn read(row: &Row) -> Result<Self, Fail> {
        Ok(Self {
            member: read_member(row)?,
            household: row.get("household_id")?,
        })
    }

    /// Somebody, as they are now.
    pub(crate) fn of(tx: &mut Tx<'_>, person: &PersonId) -> Result<Self, Fail> {
        let rows = tx.all_in(MEMBERS.plain, &[], [person])?;
        Self::read(rows.first().ok_or(Problem::NotFound)?)
    }

    /// People, as they are now; who is not there is not among them.
    pub(crate) fn of_all<'a>(
        tx: &mut Tx<'_>,
        people: impl IntoIterator<Item = &'a PersonId>,
    ) -> Result<HashMap<PersonId, Self>, Fail> {
        let rows = tx.all_in(MEMBERS.plain, &[], people)?;
        let read = |row: &Row| Ok((row.get("id")?, Self::read(row)?));
        rows.iter().map(read).collect()
    }

    /// People, as they are until the transaction ends.
    pub(crate) fn lock_all<'a>(
        tx: &mut Tx<'_>,
        people: impl IntoIterator<Item = &'a PersonId>,
    ) -> Result<HashMap<PersonId, Self>, Fail> {
        let rows = tx.all_in_locked(&MEMBERS, &[], people)?;
        let read = |row: &Row| Ok((row.get("id")?, Self::read(row)?));
        rows.iter().map(read).collect()
    }

    /// True for themselves and for the members of their household.
    pub(crate) fn may_sign_up(&self, other: &Self) -> bool {
        let together = self.household.is_some() && self.household == other.household;
        together || self.member.id == other.member.id
    }
}

pub(crate) fn read_member(row: &Row) -> Result<Member, Fail> {
    let birth: Option<String> = row.get("birth")?;
    let (name, phone): (String, Option<String>) = (row.get("name")?, row.get("phone")?);
    // As `called!` has it. Whoever has a number corrects their own name; here it is only shown.
    let end = |phone: &String| {
        let from = phone.len().saturating_sub(4);
        format!("…{}", phone.get(from..).unwrap_or_default())
    };
    Ok(Member {
        id: row.get("id")?,
        name: match (&phone, name.is_empty()) {
            (Some(phone), true) => end(phone),
            _ => name,
        },
        birth: birth.and_then(|birth| Date::parse(&birth)),
        signs_in: phone.is_some(),
    })
}

/// One person as a member of a household.
pub(crate) fn get_member(tx: &mut Tx<'_>, person: &PersonId) -> Result<Member, Fail> {
    Ok(Belonging::of(tx, person)?.member)
}

/// The person and the other members of their household.
pub(crate) fn list_members(tx: &mut Tx<'_>, person: &PersonId) -> Result<Vec<Member>, Fail> {
    let own = Belonging::of(tx, person)?;
    let mut all = vec![own.member];
    if let Some(household) = own.household {
        let rows = tx.all(
            "select id, name, birth, phone from person where household_id = $1 and id <> $2 order by made_at, id",
            &[household.into(), person.into()],
        )?;
        for row in &rows {
            all.push(read_member(row)?);
        }
    }
    Ok(all)
}

pub(crate) fn find_household(tx: &mut Tx<'_>, person: &PersonId) -> Result<Option<String>, Fail> {
    let row = tx.opt(
        "select household_id from person where id = $1",
        &[person.into()],
    )?;
    Ok(row.ok_or(Problem::NotFound)?.get("household_id")?)
}

/// How a household is locked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    /// Against all others: its members change.
    Change,
    /// Against those who change it: its members stay as they are.
    Keep,
}

pub(crate) fn hold(tx: &mut Tx<'_>, household: &str, how: Hold) -> Result<(), Fail> {
    let sql = match how {
        Hold::Change => "select 1 from household where id = $1 for update",
        Hold::Keep => "select 1 from household where id = $1 for share",
    };
    Ok(tx.lock(sql, &[household.into()])?)
}

/// Keeps the households that people belong to as they are, and tells them by person; nobody who is not there is in it.
pub(crate) fn keep_of_all(
    tx: &mut Tx<'_>,
    people: &BTreeSet<&PersonId>,
) -> Result<HashMap<PersonId, Option<String>>, Fail> {
    let find = |tx: &mut Tx<'_>| -> Result<HashMap<PersonId, Option<String>>, Fail> {
        let rows = tx.all_in(
            "select id, household_id from person where id in ($ids)",
            &[],
            people.iter().copied(),
        )?;
        let read = |row: &Row| Ok((row.get("id")?, row.get("household_id")?));
        rows.iter().map(read).collect()
    };
    let before = find(tx)?;
    let households: BTreeSet<&str> = before.values().filter_map(Option::as_deref).collect();
    if !households.is_empty() {
        let sql = locking!(
            "select 1 from household where id in ($ids) order by id",
            "for share"
        );
        tx.all_in_locked(&sql, &[], households)?;
        // They may have moved while the lock was waited for.
        if find(tx)? != before {
            return Err(Fault::again("somebody moved to another household").into());
        }
    }
    Ok(before)
}

/// Locks the household that somebody belongs to, if there is one.
pub(crate) fn hold_of(
    tx: &mut Tx<'_>,
    person: &PersonId,
    how: Hold,
) -> Result<Option<String>, Fail> {
    let before = find_household(tx, person)?;
    if let Some(household) = &before {
        hold(tx, household, how)?;
        // They may have moved while the lock was waited for.
        if find_household(tx, person)? != before {
            return Err(Fault::again("somebody moved to another household").into());
        }
    }
    Ok(before)
}
