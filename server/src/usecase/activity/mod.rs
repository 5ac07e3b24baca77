//! Activities: published with the bookings of their rooms, changed, and called off.

pub mod attendance;
pub mod change;
pub mod publish;
pub mod rows;

use domain::{
    activity::Activity,
    id::{ActivityId, CentreId},
    problem::Problem,
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        activity::rows::{read_activities, select_sessions},
        call::{Call, by_start},
    },
};

/// Most characters of a title and of a description.
pub(crate) const MOST_TITLE: u16 = 60;

pub(crate) const MOST_ABOUT: u16 = 1000;

/// How many days of sessions a list shows.
const DAYS: i64 = 28;

/// [`domain::api::ListActivities`].
///
/// # Errors
/// When there is no such centre.
pub fn list(tx: &mut Tx<'_>, call: &Call, centre: CentreId) -> Result<Vec<Activity>, Fail> {
    let known = call.centres.get(tx, &centre)?;
    let today = known.zone.stamp(call.now()).local.date();
    let from = known.zone.utc_or_next(today.at(0));
    let until = known.zone.utc_or_next(today.plus(DAYS).at(0));
    let rows = tx.all(
        select_sessions!(
            "where b.centre_id = $1 and b.starts_at >= $2 and b.starts_at < $3 and b.title_zh is not null
            and b.state <> 'undone' order by b.starts_at, b.id"
        ),
        &[(&centre).into(), from.into(), until.into()],
    )?;
    read_activities(&known, &rows)
}

/// [`domain::api::GetActivity`].
///
/// # Errors
/// When there is none.
pub fn get(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, ActivityId),
) -> Result<Activity, Fail> {
    let known = call.centres.get(tx, &centre)?;
    let mut rows = tx.all(
        select_sessions!("where s.centre_id = $1 and s.activity_id = $2 and b.state <> 'undone'"),
        &[(&centre).into(), (&id).into()],
    )?;
    by_start(&mut rows)?;
    let found = read_activities(&known, &rows)?.pop();
    Ok(found.ok_or(Problem::NotFound)?)
}

/// [`domain::api::ListMyActivities`].
///
/// # Errors
/// For a visitor.
pub fn list_mine(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<ActivityId>, Fail> {
    let rows = tx.all(
        "select id from activity where made_by = $1
        union select a.id from club_member m
        join activity a on a.centre_id = m.centre_id and a.club_id = m.club_id
        where m.person_id = $1 and m.organises = 1",
        &[call.person()?.into()],
    )?;
    rows.iter()
        .map(|row| Ok(row.get::<ActivityId>("id")?))
        .collect()
}
