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
        call::Call,
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
    let rows = tx.all(
        select_bookings!("where b.centre_id = $1 and b.series_id = $2 order by b.starts_at, b.id"),
        &[centre.into(), series.into()],
    )?;
    rows.iter().map(|row| read_row(tx, call, row)).collect()
}

/// The live dates of its series, or sessions of its activity, that go along with a booking, without itself, in order.
pub(super) fn list_along(
    tx: &mut Tx<'_>,
    call: &Call,
    booking: &Booking,
    along: Along,
) -> Result<Vec<Booking>, Fail> {
    let after = match along {
        Along::One => return Ok(Vec::new()),
        Along::Following | Along::Until(_) => booking.start.utc(),
        Along::All => call.now(),
    };
    let values = [(&booking.centre).into(), (&booking.id).into(), after.into()];
    let rows = match &booking.series {
        Some(_) => tx.all(
            select_bookings!(
                "join booking o on o.centre_id = b.centre_id and o.series_id = b.series_id and o.id = $2
                where b.centre_id = $1 and b.id <> $2 and b.starts_at > $3 and b.state in ('requested', 'confirmed')
                order by b.starts_at, b.id"
            ),
            &values,
        )?,
        None => tx.all(
            select_bookings!(
                "join activity_session s on s.centre_id = b.centre_id and s.booking_id = b.id
                join activity_session o on o.centre_id = s.centre_id and o.activity_id = s.activity_id and o.booking_id = $2
                where b.centre_id = $1 and b.id <> $2 and b.starts_at > $3 and b.state in ('requested', 'confirmed')
                order by b.starts_at, b.id"
            ),
            &values,
        )?,
    };
    let mut others = read_all(tx, call, &rows)?;
    if let Along::Until(last) = along {
        others.retain(|one| one.start.local.date() <= last);
    }
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
    let rows = tx.all(
        select_bookings!(
            "where b.centre_id = $1 and b.act_id = $2 and b.id <> $3 and b.state = $4 order by b.starts_at, b.id"
        ),
        &[
            centre.into(),
            act.into(),
            (&found.booking.id).into(),
            found.booking.state.code().into(),
        ],
    )?;
    rows.iter().map(|row| read_row(tx, call, row)).collect()
}
