//! Health of the database: whether it can be written to.

use crate::db::{Fail, Tx};

/// A write that changes nothing.
///
/// # Errors
/// When the database cannot be written to.
pub fn probe(tx: &mut Tx<'_>) -> Result<(), Fail> {
    Ok(tx
        .exec("update setting set value = value where name = 'none'", &[])
        .map(drop)?)
}
