//! Merging two records of one person: what both have is one person's then; within ten minutes all of it can be undone.

use crate::{
    clock,
    db::{Fail, Tx},
    usecase::{
        audit::Note,
        call::Call,
        centre::{
            consequence::{self, Done, UNDONE_WITHIN},
            known::tell,
        },
        desk::people::read_keeping,
        person::{
            behalf::{need_to_act_for, read_birth, read_person},
            household::{self, find_household},
            merge::{ATTENDANCE, Merge, TABLES, carry_out, list_rows, lock_both, read_left},
        },
    },
};
use domain::{
    api::{Made, Merged, MergedCounts, PeopleMerge},
    audit::Act,
    id::{CentreId, ConsequenceId, PersonId},
    language::Name,
    person::{
        age::needs_consent,
        merge::{Side, Unmergeable, check, takes_household},
        permission,
    },
    problem::Problem,
    time::Date,
};

fn read_side(tx: &mut Tx<'_>, call: &Call, centre: &CentreId, id: &PersonId) -> Result<Side, Fail> {
    let row = tx.one(
        "select birth, phone from person where id = $1",
        &[id.into()],
    )?;
    let birth = read_birth(&row)?;
    let today = Date::from_days(call.now().div_euclid(86_400));
    let kept = read_keeping(tx, centre, id)?;
    let relatives = household::list_members(tx, id)?.len().saturating_sub(1);
    Ok(Side {
        id: id.clone(),
        has_number: row.get::<Option<String>>("phone")?.is_some(),
        kept_by_staff: permission::may_correct_record(kept),
        household_theirs: kept.household_signs_in || kept.household_made_elsewhere,
        birth,
        is_child: needs_consent(birth, today),
        household: find_household(tx, id)?,
        relatives,
    })
}

/// Refuses where both are signed up for the same that is to come: nobody decides by the way who keeps which place.
fn need_no_clash(
    tx: &mut Tx<'_>,
    call: &Call,
    (kept, gone): (&PersonId, &PersonId),
) -> Result<(), Fail> {
    let row = tx.opt(
        "select a.title_zh, a.title_en from sign_up t
        join sign_up o on o.centre_id = t.centre_id and o.list_id = t.list_id and o.person_id = $2
            and o.state in ('confirmed', 'waitlisted', 'offered')
        join activity a on a.centre_id = t.centre_id and a.id = t.activity_id
        where t.person_id = $1 and t.state in ('confirmed', 'waitlisted', 'offered')
        and exists (select 1 from activity_session s join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
            where s.centre_id = t.centre_id and s.list_id = t.list_id and b.ends_at > $3)
        order by t.made_at, t.id limit 1",
        &[gone.into(), kept.into(), call.now().into()],
    )?;
    match row {
        Some(row) => {
            let title = Name::new(
                row.get::<String>("title_zh")?,
                row.get::<String>("title_en")?,
            );
            Err(Problem::NotMerged {
                why: Unmergeable::BothSignedUp { title },
            }
            .into())
        }
        None => Ok(()),
    }
}

/// How many of somebody's rows stand.
fn count(tx: &mut Tx<'_>, table: &str, person: &str, of: &PersonId) -> Result<u32, Fail> {
    let row = tx.one(
        &format!(
            "select count(*) as n from {table} where {person} = $1
            and state in ('requested', 'confirmed', 'waitlisted', 'offered')"
        ),
        &[of.into()],
    )?;
    Ok(row.get("n")?)
}

/// [`domain::api::MergePeople`]. Nothing is done as long as what goes over is not what was seen.
///
/// # Errors
/// For everybody but staff, for whoever the centre does not know, and where the two cannot be one person.
pub fn merge(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, kept): (CentreId, PersonId),
    wanted: PeopleMerge,
) -> Result<Merged, Fail> {
    let gone = wanted.other.clone();
    need_to_act_for(tx, call, &centre, &kept)?;
    need_to_act_for(tx, call, &centre, &gone)?;
    lock_both(tx, &kept, &gone)?;
    let known = call.centres.get(tx, &centre)?;
    let sides = (
        read_side(tx, call, &centre, &kept)?,
        read_side(tx, call, &centre, &gone)?,
    );
    check(&sides.0, &sides.1).map_err(|why| Problem::NotMerged { why })?;
    need_no_clash(tx, call, (&kept, &gone))?;
    let mut rows = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        let household = sides.1.household.as_deref();
        rows.push(list_rows(tx, table, (&kept, &gone), household)?);
    }
    let took_household = takes_household(&sides.0, &sides.1);
    // What its person signs in by is corrected by the code of their number alone.
    let took_birth = sides.0.kept_by_staff && sides.0.birth.is_none() && sides.1.birth.is_some();
    let counts = MergedCounts {
        bookings: count(tx, "booking", "beneficiary_id", &gone)?,
        sign_ups: count(tx, "sign_up", "person_id", &gone)?,
        attended: u32::try_from(rows[ATTENDANCE].len()).unwrap_or(u32::MAX),
        relatives: match took_household {
            true => u32::try_from(sides.1.relatives).unwrap_or(u32::MAX),
            false => 0,
        },
        birth: sides.1.birth.filter(|_| took_birth),
    };
    let row = tx.one(
        "select id, name, phone, birth from person where id = $1",
        &[(&gone).into()],
    )?;
    let person = read_person(&row)?;
    if wanted.seen.as_ref() != Some(&counts) {
        let note = Note::at(Act::PersonSeen, &centre);
        note.of(&gone).write_look(tx, call)?;
        return Ok(Merged {
            gone: person,
            counts,
            made: None,
        });
    }
    let (kept_left, gone_left) = (read_left(tx, &kept)?, read_left(tx, &gone)?);
    let merge = Merge {
        kept,
        gone,
        rows,
        household: sides.1.household.clone(),
        kept_household: sides.0.household.clone(),
        took_household,
        took_birth,
        left: [kept_left, gone_left],
    };
    carry_out(tx, call, &centre, &merge)?;
    let act = ConsequenceId::new(clock::new_id(call.now_ms));
    // Names do not stand in the log: they would stay there.
    let note = Note::at(Act::PeopleMerged, &centre).of(&merge.kept);
    note.write(tx, call)?;
    let done = Done {
        merged: Some(merge),
        ..Done::default()
    };
    consequence::keep(tx, call, (&centre, &act), &done)?;
    tell(tx, &known, call.now(), call.now());
    Ok(Merged {
        gone: person,
        counts,
        made: Some(Made {
            id: act,
            undo_until: known.zone.stamp(call.now() + UNDONE_WITHIN),
            revision: 0,
        }),
    })
}
