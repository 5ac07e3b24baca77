//! Undoing a change within ten minutes: rooms are open again, and bookings stand as before.

use domain::{
    audit::Act,
    id::{CentreId, ConsequenceId},
    person::permission,
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        call::Call,
        centre::{closure, consequence},
    },
};

/// [`domain::api::UndoChange`].
///
/// # Errors
/// For everybody but staff, when ten minutes are over, and where somebody else has the floor now on which a booking stood.
pub fn undo_change(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, ConsequenceId),
    (): (),
) -> Result<(), Fail> {
    call.need(permission::may_close_rooms(&call.actor, &centre))?;
    // Whoever books holds the centre: from here on nothing comes in between.
    tx.lock(
        "select 1 from centre where id = $1 for update",
        &[(&centre).into()],
    )?;
    let known = call.centres.get(tx, &centre)?;
    let closures = closure::take_out(tx, call, &known, &id)?;
    closure::delete_from(tx, &centre, &id, 0)?;
    consequence::undo(tx, call, &known, &id)?;
    closure::note(tx, call, &known, Act::ClosureUndone, &closures)?;
    // Each booking that stands again has an entry of its own.
    call.noted.set(true);
    Ok(())
}
