//! Requests that wait: staff are reminded of those that begin soon, and what nobody decided lapses at its start.

use domain::{
    audit::Act,
    booking::{BookingState, REMINDED_AFTER, REMINDED_BEFORE},
    id::{BookingId, CentreId},
    message::News,
    person::permission::Role,
};

use crate::{
    db::{Fail, Row, Tx},
    usecase::{
        audit::{Note, describe_booking},
        booking::{
            end::{Letters, end_and_tell},
            rows::look_up_for_session,
        },
        call::Call,
        message,
        person::role,
    },
};

/// For how long after its start somebody is told that a request lapsed, in seconds: what is older is history.
const TOLD: i64 = 24 * 3_600;

fn read(rows: &[Row]) -> Result<Vec<(CentreId, BookingId)>, Fail> {
    rows.iter()
        .map(|row| Ok((row.get("centre_id")?, row.get("id")?)))
        .collect()
}

/// The requests that begin, or have begun, undecided.
///
/// # Errors
/// When the database fails.
pub fn list_lapsed(tx: &mut Tx<'_>, now: i64) -> Result<Vec<(CentreId, BookingId)>, Fail> {
    let rows = tx.all(
        "select centre_id, id from booking where state = 'requested' and starts_at <= $1 limit 100",
        &[now.into()],
    )?;
    read(&rows)
}

/// When the next request would lapse, in seconds UTC.
///
/// # Errors
/// When the database fails.
pub fn find_next_start(tx: &mut Tx<'_>) -> Result<Option<i64>, Fail> {
    let sql = "select min(starts_at) as due from booking where state = 'requested'";
    Ok(tx.one(sql, &[])?.get("due")?)
}

/// A request that nobody decided ends at its start, and its person is told.
///
/// # Errors
/// When the database fails.
pub fn settle_lapsed(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): &(CentreId, BookingId),
) -> Result<(), Fail> {
    let (known, found) = look_up_for_session(tx, call, centre, id)?;
    let start = found.booking.start.utc();
    if found.booking.state != BookingState::Requested || start > call.now() {
        return Ok(());
    }
    let letters = match start > call.now() - TOLD {
        true => Letters::Sent { more: 0 },
        false => Letters::Nobody,
    };
    end_and_tell(
        tx,
        call,
        (&known, &found),
        (BookingState::Lapsed, ""),
        letters,
    )
}

/// The requests that begin within a day, have waited for some hours, and of which staff were not reminded.
///
/// # Errors
/// When the database fails.
pub fn list_waiting(tx: &mut Tx<'_>, now: i64) -> Result<Vec<(CentreId, BookingId)>, Fail> {
    let rows = tx.all(
        "select centre_id, id from booking where state = 'requested' and starts_at > $1 and starts_at <= $2
        and made_at <= $3 and reminded_at is null limit 100",
        &[
            now.into(),
            (now + REMINDED_BEFORE).into(),
            (now - REMINDED_AFTER).into(),
        ],
    )?;
    read(&rows)
}

/// Reminds the staff of the house of a request, once.
///
/// # Errors
/// When the database fails.
pub fn remind(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): &(CentreId, BookingId),
) -> Result<(), Fail> {
    let (_, found) = look_up_for_session(tx, call, centre, id)?;
    let reminded = tx.exec(
        "update booking set reminded_at = $3 where centre_id = $1 and id = $2 and reminded_at is null and state = 'requested'",
        &[centre.into(), id.into(), call.now().into()],
    )?;
    if reminded == 0 {
        return Ok(());
    }
    let booking = &found.booking;
    // Not who asks: the letter stays where it is when they are erased, or a role ends.
    let news = News::RequestWaits {
        booking: id.clone(),
        room: booking.room_name.clone(),
        start: booking.start.local,
    };
    for person in role::list_people(tx, centre, Role::Staff, call.now())? {
        message::send(tx, call, centre, &person, &news)?;
    }
    let note = Note::at(Act::StaffReminded, centre).of(&found.beneficiary);
    note.by_itself()
        .about(describe_booking(booking, ""))
        .write(tx, call)?;
    Ok(())
}
