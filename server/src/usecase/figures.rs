//! The figures of a centre, and the counts that they are made of.

use std::collections::BTreeMap;

use domain::{
    activity::attendance::missed,
    figures::{ActivityFigure, Booked, DAYS, Figures, Rule, hours, rooms},
    id::{ActivityId, CentreId, RoomId},
    language::Name,
    person::permission,
    time::{Date, Slot},
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        activity::attendance::session_counts,
        call::Call,
        centre::known::{Known, reach},
    },
};

/// [`domain::api::GetFigures`].
///
/// # Errors
/// For everybody but the centre's managers.
pub fn get(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, until): (CentreId, Date),
) -> Result<Figures, Fail> {
    call.need(permission::may_see_figures(&call.actor, &centre))?;
    let known = call.centres.get(tx, &centre)?;
    // What has not been yet is no figure.
    let until = until.min(known.zone.stamp(call.now()).local.date());
    let from = until.plus(1 - DAYS);
    let booked = list_booked(tx, &known, from)?;
    Ok(Figures {
        from,
        until,
        hours: hours(&known.centre, &booked, from),
        rooms: rooms(&known.centre, &booked),
        activities: list_activities(tx, call, &known, (from, until))?,
        refusals: list_refusals(tx, &known, (from, until))?,
    })
}

/// What was booked from a day on.
fn list_booked(tx: &mut Tx<'_>, known: &Known, from: Date) -> Result<Vec<Booked>, Fail> {
    let range = Slot::lasting(from.at(0), DAYS * domain::time::DAY);
    let (starts, ends) = known.zone.range(range);
    let rows = tx.all(
        "select room_id, starts_at, ends_at, title_zh from booking
        where centre_id = $1 and starts_at > $2 and starts_at < $3 and ends_at > $4 and state = 'confirmed'",
        &[
            (&known.centre.id).into(),
            reach(starts).into(),
            ends.into(),
            starts.into(),
        ],
    )?;
    let mut booked = Vec::with_capacity(rows.len());
    for row in rows {
        let local = |utc| known.zone.stamp(utc).local;
        let slot = Slot::new(local(row.get("starts_at")?), local(row.get("ends_at")?));
        let session = row.get::<Option<String>>("title_zh")?.is_some();
        let room = row.get::<RoomId>("room_id")?;
        booked.extend(slot.map(|slot| Booked {
            room,
            slot,
            session,
        }));
    }
    Ok(booked)
}

/// Who came to what took place.
fn list_activities(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (from, until): (Date, Date),
) -> Result<Vec<ActivityFigure>, Fail> {
    let starts = known.zone.utc_or_next(from.at(0));
    let ends = known
        .zone
        .utc_or_next(until.plus(1).at(0))
        .min(call.now() + 1);
    let rows = tx.all(
        session_counts!(
            "select a.id, a.title_zh, a.title_en, l.places,",
            "from booking b
        join activity_session s on s.centre_id = b.centre_id and s.booking_id = b.id
        join activity a on a.centre_id = s.centre_id and a.id = s.activity_id
        join place_list l on l.centre_id = s.centre_id and l.id = s.list_id
        where b.centre_id = $1 and b.starts_at >= $2 and b.starts_at < $3 and b.ends_at < $4 and b.state = 'confirmed'"
        ),
        &[
            (&known.centre.id).into(),
            starts.into(),
            ends.into(),
            ends.into(),
        ],
    )?;
    let mut all: BTreeMap<String, Attended> = BTreeMap::new();
    for row in rows {
        let one = all.entry(row.get("id")?).or_default();
        one.title = Name::new(
            row.get::<String>("title_zh")?,
            row.get::<String>("title_en")?,
        );
        let (places, signed_up, came): (u16, u16, u16) =
            (row.get("places")?, row.get("signed_up")?, row.get("came")?);
        one.sessions += 1;
        one.places += u32::from(places);
        one.signed_up += u32::from(signed_up);
        one.came += u32::from(came);
        one.missed += u32::from(missed(signed_up, row.get("away")?, row.get("noted")?, true));
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(_, one)| std::cmp::Reverse(one.came));
    let figure = |(id, one): (String, Attended)| ActivityFigure {
        activity: ActivityId::new(id),
        title: one.title,
        sessions: one.sessions,
        places: one.places,
        signed_up: one.signed_up.into(),
        came: one.came.into(),
        missed: one.missed.into(),
    };
    Ok(all.into_iter().map(figure).collect())
}

/// The counts of an activity, as they are and are not told.
#[derive(Default)]
struct Attended {
    title: Name,
    sessions: u32,
    places: u32,
    signed_up: u32,
    came: u32,
    missed: u32,
}

fn list_refusals(
    tx: &mut Tx<'_>,
    known: &Known,
    (from, until): (Date, Date),
) -> Result<Vec<(Rule, u32)>, Fail> {
    let rows = tx.all(
        "select rule, cast(sum(count) as bigint) as count from refusal where centre_id = $1 and day >= $2 and day <= $3
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

/// Adds to the counts of a centre's day what stood against people meanwhile. A centre that is gone counts nothing.
///
/// # Errors
/// When the database fails.
pub fn count(
    tx: &mut Tx<'_>,
    call: &Call,
    counted: &[((CentreId, Rule), u32)],
) -> Result<(), Fail> {
    for ((centre, rule), count) in counted {
        let known = match call.centres.get(tx, centre) {
            Ok(known) => known,
            Err(Fail::Problem(_)) => continue,
            Err(fault) => return Err(fault),
        };
        let day = known.zone.stamp(call.now()).local.date();
        tx.exec(
            "insert into refusal (centre_id, day, rule, count) values ($1, $2, $3, $4)
            on conflict (centre_id, day, rule) do update set count = refusal.count + excluded.count",
            &[
                centre.into(),
                day.days().into(),
                rule.code().into(),
                i64::from(*count).into(),
            ],
        )?;
    }
    Ok(())
}
