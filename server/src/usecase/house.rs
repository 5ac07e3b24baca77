//! The house as its staff see it.

use domain::{api::House, id::CentreId, permission, time::Date};

use super::{
    Call,
    booking::{bookings, select_bookings},
    centre::reach,
};
use crate::db::{Fail, Tx};

/// [`domain::api::GetHouse`].
///
/// # Errors
/// For everybody but the centre's staff.
pub fn get(tx: &mut Tx<'_>, call: &Call, (centre, day): (CentreId, Date)) -> Result<House, Fail> {
    call.need(permission::may_see_house(&call.actor, &centre))?;
    let known = call.centres.get(tx, &centre)?;
    let (from, until) = known.zone.range(day.whole());
    let today = tx.all(
        select_bookings!(
            "where b.centre_id = $1 and b.starts_at > $2 and b.starts_at < $3 and b.ends_at > $4
            and b.state in ('requested', 'confirmed') order by b.starts_at, b.id"
        ),
        &[
            (&centre).into(),
            reach(from).into(),
            until.into(),
            from.into(),
        ],
    )?;
    let waiting = tx.all(
        select_bookings!(
            "where b.centre_id = $1 and b.starts_at > $2 and b.ends_at > $3 and b.state = 'requested'
            order by b.starts_at, b.id limit 200"
        ),
        &[(&centre).into(), reach(call.now()).into(), call.now().into()],
    )?;
    Ok(House {
        now: known.zone.stamp(call.now()),
        bookings: bookings(tx, call, &today)?,
        requests: bookings(tx, call, &waiting)?,
    })
}
