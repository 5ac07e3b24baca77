//! Dates that go along with a booking: those of its series, or the sessions of its activity; listed and locked.

use std::sync::Arc;

use domain::{
    api::Along,
    booking::Booking,
    id::{BookingId, CentreId, SeriesId},
};

use crate::{
    clock,
    db::{Fail, Tx},
    usecase::{
        booking::{
            floor::lock_rooms,
            rows::{Found, look_up, look_up_locked, read_all, read_row, select_bookings},
        },
        call::{Call, by_start},
        centre::known::Known,
    },
};

/// All bookings of a series, in order.
pub(super) fn list(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    series: &SeriesId,
) -> Result<Vec<Found>, Fail> {
    let mut rows = tx.all(
        select_bookings!("where b.centre_id = $1 and b.series_id = $2"),
        &[centre.into(), series.into()],
    )?;
    by_start(&mut rows)?;
    rows.iter().map(|row| read_row(tx, call, row)).collect()
}

/// All sessions of the activity that a booking is a session of, in order.
fn list_sessions(tx: &mut Tx<'_>, call: &Call, booking: &Booking) -> Result<Vec<Booking>, Fail> {
    let sessions = tx.all(
        "select s.booking_id from activity_session o
        join activity_session s on s.centre_id = o.centre_id and s.activity_id = o.activity_id
        where o.centre_id = $1 and o.booking_id = $2",
        &[(&booking.centre).into(), (&booking.id).into()],
    )?;
    let ids = sessions.iter().map(|row| row.get::<String>("booking_id"));
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    let mut rows = tx.all_in(
        select_bookings!("where b.centre_id = $1 and b.id in ($ids)"),
        &[(&booking.centre).into()],
        ids,
    )?;
    by_start(&mut rows)?;
    read_all(tx, call, &rows)
}

/// The live dates of its series, or sessions of its activity, that go along with a booking, without itself, in order.
pub(super) fn list_along(
    tx: &mut Tx<'_>,
    call: &Call,
    booking: &Booking,
    along: Along,
) -> Result<Vec<Booking>, Fail> {
    let (after, last) = match along {
        Along::One => return Ok(Vec::new()),
        Along::Following => (booking.start.utc(), None),
        Along::Until(last) => (booking.start.utc(), Some(last)),
        Along::All => (call.now(), None),
    };
    let mut others: Vec<Booking> = match &booking.series {
        Some(series) => {
            let all = list(tx, call, &booking.centre, series)?.into_iter();
            all.map(|found| found.booking).collect()
        }
        None => list_sessions(tx, call, booking)?,
    };
    others.retain(|one| {
        let is_in_time = last.is_none_or(|last| one.start.local.date() <= last);
        one.id != booking.id && one.state.is_live() && one.start.utc() > after && is_in_time
    });
    Ok(others)
}

/// A booking and the dates that go along with it, under the lock of the floor of all of them.
pub(super) fn lock_along(
    tx: &mut Tx<'_>,
    call: &Call,
    path: &(CentreId, BookingId),
    along: Along,
) -> Result<(Arc<Known>, Vec<Found>), Fail> {
    if along == Along::One {
        let (known, found) = look_up_locked(tx, call, &path.0, &path.1)?;
        return Ok((known, vec![found]));
    }
    let known = call.centres.hold(tx, &path.0)?;
    let found = look_up(tx, call, &path.0, &path.1)?;
    let others = list_along(tx, call, &found.booking, along)?;
    let rooms = others.iter().map(|one| &one.room);
    lock_rooms(tx, &known, None, rooms.chain([&found.booking.room]))?;
    let mut all = vec![look_up(tx, call, &path.0, &path.1)?];
    for other in list_along(tx, call, &all[0].booking, along)? {
        all.push(look_up(tx, call, &path.0, &other.id)?);
    }
    Ok((known, all))
}

/// Remembers that several dates were decided, or called off, in one act.
pub(super) fn mark(tx: &mut Tx<'_>, call: &Call, all: &[&Found]) -> Result<(), Fail> {
    if all.len() < 2 {
        return Ok(());
    }
    let act = clock::new_id(call.now_ms);
    for found in all {
        tx.exec(
            "update booking set act_id = $3 where centre_id = $1 and id = $2",
            &[
                (&found.booking.centre).into(),
                (&found.booking.id).into(),
                act.as_str().into(),
            ],
        )?;
    }
    Ok(())
}

/// The other dates that were decided, or called off, in the same act as a booking, and stand as it does.
pub(super) fn list_decided_with(
    tx: &mut Tx<'_>,
    call: &Call,
    found: &Found,
) -> Result<Vec<Found>, Fail> {
    let centre = &found.booking.centre;
    let row = tx.opt(
        "select act_id from booking where centre_id = $1 and id = $2",
        &[centre.into(), (&found.booking.id).into()],
    )?;
    let act: Option<String> = row.map(|row| row.get("act_id")).transpose()?.flatten();
    let Some(act) = act else {
        return Ok(Vec::new());
    };
    let mut rows = tx.all(
        select_bookings!(
            "where b.centre_id = $1 and b.act_id = $2 and b.id <> $3 and b.state = $4"
        ),
        &[
            centre.into(),
            act.into(),
            (&found.booking.id).into(),
            found.booking.state.code().into(),
        ],
    )?;
    by_start(&mut rows)?;
    rows.iter().map(|row| read_row(tx, call, row)).collect()
}
