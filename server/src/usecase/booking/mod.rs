//! Bookings: made, decided, ended, read.

pub(crate) mod along;
pub mod book;
pub mod change;
pub mod check_in;
pub(crate) mod claim;
pub mod decide;
pub mod end;
pub mod floor;
pub mod grace;
pub mod history;
pub mod hold;
pub mod request;
pub(crate) mod restore;
pub mod rows;
pub mod series;
pub mod waitlist;

use domain::{
    booking::Booking,
    id::{BookingId, CentreId},
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        booking::rows::{look_up, read_all, select_bookings},
        call::Call,
        centre::known::reach,
    },
};

/// [`domain::api::GetBooking`].
///
/// # Errors
/// When there is none that the caller may see.
pub fn get(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, BookingId),
) -> Result<Booking, Fail> {
    Ok(look_up(tx, call, &centre, &id)?.booking)
}

/// [`domain::api::ListMyBookings`].
///
/// # Errors
/// For a visitor.
pub fn list_mine(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<Booking>, Fail> {
    let person = call.person()?.clone();
    let now = call.now();
    let coming = tx.all(
        select_bookings!("where b.beneficiary_id = $1 and b.starts_at > $2 and b.ends_at > $3 and b.state <> 'undone' order by b.starts_at, b.id"),
        &[(&person).into(), reach(now).into(), now.into()],
    )?;
    let past = tx.all(
        select_bookings!("where b.beneficiary_id = $1 and b.ends_at <= $2 and b.state <> 'undone' order by b.starts_at desc, b.id limit 30"),
        &[(&person).into(), now.into()],
    )?;
    let mut all = read_all(tx, call, &coming)?;
    all.extend(read_all(tx, call, &past)?);
    Ok(all)
}
