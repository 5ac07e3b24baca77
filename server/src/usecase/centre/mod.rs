//! Centres: what they are, and what takes their rooms.

pub mod closure;
pub mod consequence;
pub mod edit;
pub mod known;
pub mod occupancy;
pub mod save;
pub mod undo;

use domain::{
    api::{CentreCard, CentreView},
    centre::Centre,
    id::CentreId,
};

use crate::{
    db::{Fail, Tx},
    usecase::call::Call,
};

/// [`domain::api::ListCentres`].
///
/// # Errors
/// When the database fails.
pub fn list(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<CentreCard>, Fail> {
    let rows = tx.all("select id from centre order by position, id", &[])?;
    rows.iter()
        .map(|row| {
            let known = call.centres.get(tx, &row.get::<CentreId>("id")?)?;
            let Centre {
                id, name, address, ..
            } = known.centre.clone();
            Ok(CentreCard { id, name, address })
        })
        .collect()
}

/// [`domain::api::GetCentre`].
///
/// # Errors
/// When there is none.
pub fn get(tx: &mut Tx<'_>, call: &Call, id: CentreId) -> Result<CentreView, Fail> {
    let known = call.centres.get(tx, &id)?;
    Ok(CentreView {
        centre: known.centre.clone(),
        revision: known.revision,
        offset: known.zone.offset(call.now()),
        next_offset: known.zone.next_change(call.now()),
    })
}
