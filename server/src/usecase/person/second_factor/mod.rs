//! Second factor (RFC 6238): how it stands in a session. Until a code of it is given, a session has none of its person's roles as
//! staff.

pub mod act;

use std::collections::HashSet;

use domain::{
    id::{PersonId, SessionId},
    person::{
        permission::{Actor, Role},
        second_factor::SecondFactor,
    },
};

use crate::{
    db::{Fail, Tx},
    usecase::person::is_demo_account,
};

/// The setting by which a second factor is required.
pub(super) const REQUIRED: &str = "second-factor";

pub(super) fn is_required(tx: &mut Tx<'_>) -> Result<bool, Fail> {
    let row = tx.opt("select 1 from setting where name = $1", &[REQUIRED.into()])?;
    Ok(row.is_some())
}

/// Takes the roles of those who run a house from whoever has not given their code in their session: `given` says who has.
pub(crate) fn withhold<'a>(
    tx: &mut Tx<'_>,
    actors: impl Iterator<Item = (&'a mut Actor, bool)>,
) -> Result<(), Fail> {
    let mut asked: Vec<&mut Actor> = Vec::new();
    for (actor, given) in actors {
        if !given && actor.roles.iter().any(|grant| grant.role >= Role::Staff) {
            asked.push(actor);
        }
    }
    if asked.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = asked
        .iter()
        .filter_map(|actor| actor.person.as_ref())
        .map(ToString::to_string)
        .collect();
    let rows = tx.all_in(
        "select id from person where totp_at is not null and id in ($ids)",
        &[],
        ids,
    )?;
    let set = rows.iter().map(|row| row.get("id"));
    let set: HashSet<PersonId> = set.collect::<Result<_, _>>()?;
    let requires = is_required(tx)?;
    for actor in asked {
        let is_set = actor.person.as_ref().is_some_and(|id| set.contains(id));
        if SecondFactor::of(actor, false, is_set, requires).withholds() {
            actor.withheld();
        }
    }
    Ok(())
}

/// How it stands with the second factor of somebody, with all roles that they have, in a session; and whether the house requires one.
pub(crate) fn find(
    tx: &mut Tx<'_>,
    actor: &Actor,
    session: Option<&SessionId>,
) -> Result<(SecondFactor, bool), Fail> {
    let Some(person) = &actor.person else {
        return Ok((SecondFactor::NotAsked, false));
    };
    let row = tx.one(
        "select p.totp_at, s.second_at from person p left join session s on s.person_id = p.id and s.id = $2
        where p.id = $1",
        &[person.into(), session.map_or("", SessionId::as_str).into()],
    )?;
    // The demo's accounts are everybody's: one would lock the others out.
    if is_demo_account(tx, person)? {
        return Ok((SecondFactor::NotAsked, false));
    }
    let is = |name: &str| Ok::<_, Fail>(row.get::<Option<i64>>(name)?.is_some());
    let requires = is_required(tx)?;
    let stands = SecondFactor::of(actor, is("second_at")?, is("totp_at")?, requires);
    Ok((stands, requires))
}

/// Somebody has no second factor any more.
pub(crate) fn clear(tx: &mut Tx<'_>, person: &PersonId) -> Result<(), Fail> {
    tx.exec(
        "update person set totp_at = null where id = $1",
        &[person.into()],
    )?;
    for sql in [
        "update session set second_at = null where person_id = $1",
        "update token set second_at = null where person_id = $1",
    ] {
        tx.exec(sql, &[person.into()])?;
    }
    Ok(())
}
