//! The figures of a centre over a period.

pub mod district;
pub mod refused;
mod totals;
mod walk;

use std::collections::BTreeMap;

use domain::{
    activity::attendance::missed,
    figures::{ActivityFigure, Figures, period::Period, rooms, uses},
    id::{ActivityId, CentreId},
    language::Name,
    person::permission,
    time::Date,
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        activity::attendance::session_counts,
        call::Call,
        centre::known::Known,
        figures::{
            refused::{list_refusals, list_refused},
            totals::{count_totals, count_whole},
            walk::{cover_days, walk},
        },
    },
};

/// [`domain::api::GetFigures`].
///
/// # Errors
/// For everybody but the centre's managers.
pub fn get(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, period): (CentreId, Period),
) -> Result<Figures, Fail> {
    call.need(permission::may_see_figures(&call.actor, &centre))?;
    let known = call.centres.get(tx, &centre)?;
    // What has not been yet is no figure: four weeks end today at the latest, other periods are counted as far as they are over.
    let today = known.zone.stamp(call.now()).local.date();
    let period = period.up_to(today);
    let (from, until) = period.days();
    let passed = until.min(today).days() - from.days() + 1;
    let until = from.plus(passed - 1);
    let walked = walk(tx, call, &known, (from, until))?;
    let uses = uses(&known.centre, &walked.booked, cover_days((from, until)));
    let mut totals = count_totals(tx, call, &known, (from, until), &walked)?;
    totals.used = uses.whole();
    // So many days of the others as of this one: half a month is not compared with a whole one.
    let mut other = |other: Period| {
        let (first, last) = other.days();
        let until = first.plus(passed.max(0) - 1).min(last);
        count_whole(tx, call, &known, (first, until))
    };
    let before = other(period.before())?;
    let year_before = match period.year_before() == period.before() {
        true => None,
        false => Some(other(period.year_before())?),
    };
    Ok(Figures {
        period,
        until,
        totals,
        before,
        year_before,
        rooms: rooms(&known.centre, &walked.booked, &uses),
        hours: uses.hours,
        activities: list_activities(tx, call, &known, (from, until))?,
        refusals: list_refusals(tx, &known, (from, until))?,
        refused: list_refused(tx, &known, (from, until))?,
    })
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
