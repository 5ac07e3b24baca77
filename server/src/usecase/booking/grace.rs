//! Grace: until when rooms wait for the people of a booking, set when it is confirmed or moved, and when rules change.

use domain::{
    booking::{Booking, BookingState, check_in},
    centre::rules::MOST_GRACE,
    id::{BookingId, CentreId, RoomId},
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        booking::rows::{find, look_up_for_session},
        call::Call,
        centre::known::Known,
    },
};

/// Until when the people of a booking that stands `since` are waited for, by the rules of today.
pub(crate) fn awaited_until(known: &Known, booking: &Booking, since: i64) -> Option<i64> {
    let room = known.centre.room(&booking.room);
    let room = room.filter(|_| booking.title.is_none())?;
    let times = (booking.start.utc(), booking.end.utc());
    check_in::deadline(times, since, &known.centre.rules_of(room))
}

/// A booking was confirmed or moved: its people are waited for from its start, or from now on where it has begun.
pub(crate) fn wait_for(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    id: &BookingId,
) -> Result<(), Fail> {
    let found = find(tx, call, &known.centre.id, id)?;
    let booking = &found.booking;
    let waits = booking.state == BookingState::Confirmed && booking.check_in.at.is_none();
    let by = awaited_until(known, booking, call.now()).filter(|_| waits);
    tx.exec(
        "update booking set check_in_by = $3 where centre_id = $1 and id = $2",
        &[(&known.centre.id).into(), id.into(), by.into()],
    )?;
    Ok(())
}

/// How long a new rule leaves those alone who have booked before it, in seconds: nobody told them of it.
const NEW_RULE: i64 = 24 * 3600;

/// A room waits longer or shorter for its people than before: bookings to come follow, where there is time to read of it.
pub(crate) fn wait_anew(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    room: &RoomId,
    grace: u16,
) -> Result<(), Fail> {
    let from = if grace == 0 { 0 } else { call.now() + NEW_RULE };
    tx.exec(
        "update booking set check_in_by = case when $4 > 0 and starts_at + $4 * 60 < ends_at then starts_at + $4 * 60 end
        where centre_id = $1 and room_id = $2 and starts_at > $3 and ends_at > $5 and state = 'confirmed' and title_zh is null
        and came_at is null",
        &[
            centre.into(),
            room.into(),
            from.into(),
            grace.into(),
            call.now().into(),
        ],
    )?;
    Ok(())
}

/// The server begins: nobody could check in while it was away, so whoever is waited for has as long again from now on.
///
/// # Errors
/// When the database fails.
pub fn wait_on(tx: &mut Tx<'_>, call: &Call) -> Result<(), Fail> {
    // Bounded on both sides, and sorted here: asked to sort, the database would read all bookings there are.
    let rows = tx.all(
        "select centre_id, room_id, id from booking where check_in_by is not null and check_in_by <= $2 and starts_at <= $1",
        &[
            call.now().into(),
            (call.now() + i64::from(MOST_GRACE) * 60).into(),
        ],
    )?;
    let mut waited = Vec::with_capacity(rows.len());
    for row in &rows {
        let room: RoomId = row.get("room_id")?;
        waited.push((row.get::<CentreId>("centre_id")?, room, row.get("id")?));
    }
    waited.sort();
    for (centre, _, id) in waited {
        let (known, _) = look_up_for_session(tx, call, &centre, &id)?;
        wait_for(tx, call, &known, &id)?;
    }
    Ok(())
}
