//! How a booking stood before a change, and standing so again.

use domain::{
    audit::Act,
    booking::BookingState,
    id::{BookingId, CentreId, PersonId, RoomId},
};
use serde::{Deserialize, Serialize};

use crate::{
    db::{Fail, Tx},
    usecase::{
        audit::{Note, describe_booking},
        booking::{
            grace::wait_for,
            rows::{Found, tell_of},
        },
        call::Call,
        centre::known::{Known, tell},
    },
};

/// What a change did to a booking.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Was {
    pub(crate) booking: BookingId,
    /// How it stood before.
    pub(crate) before: Stood,
    /// How the change left it: where it stands otherwise, somebody built on it.
    pub(crate) after: Stood,
}

impl Was {
    /// True where it has the room and time that it had before.
    pub(crate) fn is_in_place(&self) -> bool {
        let place = |one: &Stood| (one.room.clone(), one.starts_at, one.ends_at);
        place(&self.before) == place(&self.after)
    }

    /// True where it stands as the change left it: nobody built on it. When a decision of staff is carried out, and until when a
    /// room is kept, changes nothing.
    pub(crate) fn is_as_left(&self, now: &Stood) -> bool {
        let due = |one: &Stood| Stood {
            due_at: None,
            check_in_by: None,
            ..one.clone()
        };
        due(&self.after) == due(now)
    }
}

/// How a booking stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stood {
    pub(crate) room: RoomId,
    pub(crate) starts_at: i64,
    pub(crate) ends_at: i64,
    pub(crate) before_minutes: u16,
    pub(crate) after_minutes: u16,
    pub(crate) people: u16,
    pub(crate) note: String,
    pub(crate) state: BookingState,
    pub(crate) reason: String,
    pub(crate) decided_by: Option<PersonId>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) due_at: Option<i64>,
    #[serde(default)]
    pub(crate) check_in_by: Option<i64>,
    #[serde(default)]
    pub(crate) came_at: Option<i64>,
}

/// What was done to a booking that stood so `before`.
pub(crate) fn was(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    id: &BookingId,
    before: Stood,
) -> Result<Was, Fail> {
    Ok(Was {
        booking: id.clone(),
        before,
        after: read_stood(tx, centre, id)?,
    })
}

/// How a booking stands now.
pub(crate) fn read_stood(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    id: &BookingId,
) -> Result<Stood, Fail> {
    let row = tx.one(
        "select room_id, starts_at, ends_at, before_minutes, after_minutes, people, note, state, reason, decided_by, decided_at, due_at, check_in_by, came_at
        from booking where centre_id = $1 and id = $2",
        &[centre.into(), id.into()],
    )?;
    Ok(Stood {
        room: row.get("room_id")?,
        starts_at: row.get("starts_at")?,
        ends_at: row.get("ends_at")?,
        before_minutes: row.get("before_minutes")?,
        after_minutes: row.get("after_minutes")?,
        people: row.get("people")?,
        note: row.get("note")?,
        state: row.get("state")?,
        reason: row.get("reason")?,
        decided_by: row.get("decided_by")?,
        decided_at: row.get("decided_at")?,
        due_at: row.get("due_at")?,
        check_in_by: row.get("check_in_by")?,
        came_at: row.get("came_at")?,
    })
}

/// A booking that was changed or cancelled is again as it was. Taking its floor is left to the caller.
pub(crate) fn restore(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    found: &Found,
    was: &Was,
) -> Result<(), Fail> {
    let (centre, before) = (&known.centre.id, &was.before);
    tx.exec(
        "update booking set room_id = $3, starts_at = $4, ends_at = $5, state = $6, reason = $7, decided_by = $8, decided_at = $9, due_at = $10,
            before_minutes = $11, after_minutes = $12, people = $13, note = $14, check_in_by = null
        where centre_id = $1 and id = $2",
        &[
            centre.into(),
            (&was.booking).into(),
            (&before.room).into(),
            before.starts_at.into(),
            before.ends_at.into(),
            before.state.code().into(),
            before.reason.as_str().into(),
            before.decided_by.as_ref().map(PersonId::as_str).into(),
            before.decided_at.into(),
            before.due_at.into(),
            before.before_minutes.into(),
            before.after_minutes.into(),
            before.people.into(),
            before.note.as_str().into(),
        ],
    )?;
    // Its people thought that it was elsewhere, or off: they have their time anew.
    if before.check_in_by.is_some() {
        wait_for(tx, call, known, &was.booking)?;
    }
    let note = Note::at(Act::BookingRestored, centre).of(&found.beneficiary);
    note.about(describe_booking(&found.booking, ""))
        .write(tx, call)?;
    tell_of(tx, known, found);
    tell(tx, known, before.starts_at, before.ends_at);
    Ok(())
}
