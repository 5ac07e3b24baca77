//! What people wanted and could not have: read, and counted by rule, room and hour of the week.

use domain::{
    figures::{
        Rule,
        refused::{Refused, WEEK, WantedAt},
    },
    id::RoomId,
    time::Date,
};

use crate::{
    db::{Fail, Tx},
    refusals::CountedRefusal,
    usecase::{call::Call, centre::known::Known},
};

/// How often each rule stood against somebody, the most often first.
pub(super) fn list_refusals(
    tx: &mut Tx<'_>,
    known: &Known,
    (from, until): (Date, Date),
) -> Result<Vec<(Rule, u32)>, Fail> {
    let rows = tx.all(
        "select rule, cast(sum(count) as bigint) as count from refused where centre_id = $1 and day >= $2 and day <= $3
        group by rule order by 2 desc, 1",
        &[
            (&known.centre.id).into(),
            from.days().into(),
            until.days().into(),
        ],
    )?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let count = row.get("count")?;
        all.extend(Rule::from_code(&row.get::<String>("rule")?).map(|rule| (rule, count)));
    }
    Ok(all)
}

/// What people wanted and could not have, the most often first. Rooms that are gone are told of no more.
pub(super) fn list_refused(
    tx: &mut Tx<'_>,
    known: &Known,
    (from, until): (Date, Date),
) -> Result<Vec<Refused>, Fail> {
    let rows = tx.all(
        "select rule, room_id, hour, cast(sum(count) as bigint) as count from refused
        where centre_id = $1 and day >= $2 and day <= $3 and room_id <> ''
        group by rule, room_id, hour order by 4 desc, room_id, hour, rule",
        &[
            (&known.centre.id).into(),
            from.days().into(),
            until.days().into(),
        ],
    )?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let room: RoomId = row.get("room_id")?;
        let hour = row.get::<u16>("hour")?;
        let rule = Rule::from_code(&row.get::<String>("rule")?);
        let (Some(rule), Ok(hour)) = (rule, u8::try_from(hour)) else {
            continue;
        };
        if known.centre.room(&room).is_some() {
            all.push(Refused {
                rule,
                at: WantedAt { room, hour },
                count: row.get("count")?,
            });
        }
    }
    Ok(all)
}

/// Adds to the counts of a centre's day what stood against people meanwhile. A centre that is gone counts nothing.
///
/// # Errors
/// When the database fails.
pub fn count(tx: &mut Tx<'_>, call: &Call, counted: &[(CountedRefusal, u32)]) -> Result<(), Fail> {
    for (CountedRefusal { centre, rule, at }, count) in counted {
        let known = match call.centres.get(tx, centre) {
            Ok(known) => known,
            Err(Fail::Problem(_)) => continue,
            Err(fault) => return Err(fault),
        };
        let day = known.zone.stamp(call.now()).local.date();
        // What nobody can want is counted by its rule alone.
        let at = at
            .as_ref()
            .filter(|at| known.centre.room(&at.room).is_some() && usize::from(at.hour) < WEEK);
        tx.exec(
            "insert into refused (centre_id, day, rule, room_id, hour, count) values ($1, $2, $3, $4, $5, $6)
            on conflict (centre_id, day, rule, room_id, hour) do update set count = refused.count + excluded.count",
            &[
                centre.into(),
                day.days().into(),
                rule.code().into(),
                at.map_or("", |at| at.room.as_str()).into(),
                at.map_or(-1, |at| i64::from(at.hour)).into(),
                i64::from(*count).into(),
            ],
        )?;
    }
    Ok(())
}
