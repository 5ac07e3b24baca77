//! The centres of a district side by side: the totals of each that the caller manages.

use domain::{api::CentreFigures, figures::period::Period, id::CentreId, person::permission};

use super::totals::count_whole;
use crate::{
    db::{Fail, Tx},
    usecase::call::Call,
};

/// [`domain::api::ListFigures`], in the order of the centres: nobody is ranked.
///
/// # Errors
/// For whoever manages no centre.
pub fn list(tx: &mut Tx<'_>, call: &Call, period: Period) -> Result<Vec<CentreFigures>, Fail> {
    let rows = tx.all("select id from centre order by position, id", &[])?;
    let mut all = Vec::new();
    for row in &rows {
        let id: CentreId = row.get("id")?;
        if !permission::may_see_figures(&call.actor, &id) {
            continue;
        }
        let known = call.centres.get(tx, &id)?;
        let today = known.zone.stamp(call.now()).local.date();
        let (from, until) = period.up_to(today).days();
        let totals = count_whole(tx, call, &known, (from, until.min(today)))?;
        all.push(CentreFigures {
            centre: id,
            name: known.centre.name.clone(),
            totals,
        });
    }
    call.need(!all.is_empty())?;
    Ok(all)
}
