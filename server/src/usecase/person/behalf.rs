//! Acting for somebody: whom a centre knows, and for whom staff ask.

use domain::{
    id::{CentreId, PersonId},
    person::{
        behalf::{Behalf, Channel},
        permission,
        search::PersonRow,
    },
    problem::Problem,
    time::Date,
};

use crate::{
    db::{Fail, Row, Tx},
    usecase::call::Call,
};

/// That the centre `$1` knows the person `p`.
macro_rules! known_here {
    ($before:expr, $after:expr) => {
        concat!(
            $before,
            " (exists (select 1 from desk_contact d where d.person_id = p.id and d.centre_id = $1)
            or exists (select 1 from booking b where b.beneficiary_id = p.id and b.centre_id = $1)
            or exists (select 1 from sign_up u where u.person_id = p.id and u.centre_id = $1)
            or exists (select 1 from slot_wait w where w.person_id = p.id and w.centre_id = $1)
            or exists (select 1 from case_file c where c.person_id = p.id and c.centre_id = $1 and c.reader = 'staff')
            or exists (select 1 from club_member m where m.person_id = p.id and m.centre_id = $1)) ",
            $after
        )
    };
}
pub(crate) use known_here;

pub(crate) fn read_person(row: &Row) -> Result<PersonRow, Fail> {
    Ok(PersonRow {
        id: row.get("id")?,
        name: row.get("name")?,
        phone: row.get("phone")?,
        born: read_birth(row)?.map(|birth| birth.ymd().0),
        guardian: None,
    })
}

pub(crate) fn read_birth(row: &Row) -> Result<Option<Date>, Fail> {
    let birth: Option<String> = row.get("birth")?;
    Ok(birth.and_then(|birth| Date::parse(&birth)))
}

/// From now on the centre's desk knows somebody.
pub(crate) fn note_met(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    person: &PersonId,
) -> Result<(), Fail> {
    note_contact(tx, call, (centre, person), false)
}

pub(crate) fn note_contact(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, person): (&CentreId, &PersonId),
    made: bool,
) -> Result<(), Fail> {
    tx.exec(
        "insert into desk_contact (centre_id, person_id, made, since) values ($1, $2, $3, $4) on conflict do nothing",
        &[
            centre.into(),
            person.into(),
            i64::from(made).into(),
            call.now().into(),
        ],
    )?;
    Ok(())
}

/// Refuses acting for somebody to all but staff, and a person whom the centre does not know: for it there is none.
pub(crate) fn need_to_act_for(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    person: &PersonId,
) -> Result<(), Fail> {
    call.need(permission::may_act_for(&call.actor, centre))?;
    let known = tx.opt(
        known_here!(
            "select 1 from person p where
            (p.id = $2 or p.household_id = (select household_id from person where id = $2))
            and not exists (select 1 from person e where e.id = $2 and e.erased_at is not null) and",
            "limit 1"
        ),
        &[centre.into(), person.into()],
    )?;
    known.map(drop).ok_or(Problem::NotFound.into())
}

/// For whom somebody asks, and by which way: for themselves by the app, or for the person whom staff act for.
pub(crate) fn resolve_beneficiary(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    behalf: Option<Behalf>,
) -> Result<Behalf, Fail> {
    let person = call.person()?.clone();
    match behalf {
        Some(behalf) => {
            need_to_act_for(tx, call, centre, &behalf.person)?;
            Ok(behalf)
        }
        None => Ok(Behalf {
            person,
            channel: Channel::App,
        }),
    }
}
