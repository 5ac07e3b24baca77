//! Cache of centres: parsed once per revision, with their time zone.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use domain::{
    api::Change,
    centre::{Centre, rules::LONGEST},
    id::CentreId,
    problem::Problem,
};

use crate::{
    db::{Fail, Fault, Locking, Row, Tx, locking},
    zone::Zone,
};

/// A centre as the server keeps it at hand.
#[derive(Debug)]
pub struct Known {
    /// The centre.
    pub centre: Centre,
    /// Its revision.
    pub revision: i64,
    /// Its time zone.
    pub zone: Zone,
}

const REVISION: Locking = locking!("select revision from centre where id = $1", "for share");

/// The centres that were asked for, kept until they change.
#[derive(Debug, Default)]
pub struct Centres(RwLock<HashMap<CentreId, Arc<Known>>>);

impl Centres {
    /// The centre as it is now and stays until the transaction ends: nobody divides its rooms meanwhile.
    ///
    /// # Errors
    /// [`Problem::NotFound`] when there is none.
    pub fn hold(&self, tx: &mut Tx<'_>, id: &CentreId) -> Result<Arc<Known>, Fail> {
        let row = tx.opt_locked(&REVISION, &[id.into()])?;
        self.known(tx, id, row)
    }

    /// The centre as it is now, under its lock: whoever books, signs up or decides in it waits, and nothing comes in between.
    ///
    /// # Errors
    /// [`Problem::NotFound`] when there is none.
    pub fn lock(&self, tx: &mut Tx<'_>, id: &CentreId) -> Result<Arc<Known>, Fail> {
        tx.lock(
            "select 1 from centre where id = $1 for update",
            &[id.into()],
        )?;
        self.get(tx, id)
    }

    /// The centre as it is now.
    ///
    /// # Errors
    /// [`Problem::NotFound`] when there is none.
    pub fn get(&self, tx: &mut Tx<'_>, id: &CentreId) -> Result<Arc<Known>, Fail> {
        let row = tx.opt(REVISION.plain, &[id.into()])?;
        self.known(tx, id, row)
    }

    /// The centre of a revision, read again only if another is at hand.
    fn known(
        &self,
        tx: &mut Tx<'_>,
        id: &CentreId,
        revision: Option<Row>,
    ) -> Result<Arc<Known>, Fail> {
        let revision: i64 = revision.ok_or(Problem::NotFound)?.get("revision")?;
        let known = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(id)
            .cloned();
        if let Some(known) = known.filter(|known| known.revision == revision) {
            return Ok(known);
        }
        let document: String = tx
            .one("select document from centre where id = $1", &[id.into()])?
            .get("document")?;
        let known = Arc::new(read(&document, revision)?);
        // A revision that is not committed yet may never be: another process may write another one of that number.
        if !tx.centre_written {
            self.0
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(id.clone(), Arc::clone(&known));
        }
        Ok(known)
    }
}

pub(crate) fn read(document: &str, revision: i64) -> Result<Known, Fault> {
    let broken = |cause: String| Fault {
        kind: crate::db::FaultKind::Unavailable,
        cause,
    };
    let centre: Centre =
        serde_json::from_str(document).map_err(|cause| broken(cause.to_string()))?;
    let zone =
        Zone::parse(&centre.zone).ok_or_else(|| broken(format!("unknown zone {}", centre.zone)))?;
    Ok(Known {
        centre,
        revision,
        zone,
    })
}

/// The earliest start that can reach into something that begins at `from`, in seconds UTC.
pub(crate) fn reach(from: i64) -> i64 {
    from - (i64::from(LONGEST) + 4 * 60) * 60
}

/// Tells open pages that something changed between two moments in seconds UTC.
pub(crate) fn tell(tx: &mut Tx<'_>, known: &Known, from: i64, until: i64) {
    let day = |utc| known.zone.stamp(utc).local.date();
    tx.tell(
        &known.centre.id,
        Change {
            from: day(from),
            to: day(until),
        },
    );
}
