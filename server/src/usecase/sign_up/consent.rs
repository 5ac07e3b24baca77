//! Guardian's consent: kept once for each version of its text.

use std::collections::HashSet;

use domain::{
    audit::Act,
    id::{CentreId, PersonId},
    person::{behalf::Channel, household::CONSENT_VERSION},
};

use crate::{
    clock,
    db::{Fail, Row, Tx},
    usecase::{audit::Note, call::Call},
};

/// What a guardian agreed to for a child; by word of mouth, staff heard it.
pub(crate) struct Consent<'a> {
    pub(crate) call: &'a Call,
    pub(crate) child: &'a PersonId,
    pub(crate) guardian: &'a PersonId,
    pub(crate) channel: Channel,
}

impl Consent<'_> {
    /// Keeps what was agreed to, once for each version of the text.
    pub(crate) fn give_all(
        tx: &mut Tx<'_>,
        centre: &CentreId,
        given: &[Consent<'_>],
    ) -> Result<(), Fail> {
        let version = i64::from(CONSENT_VERSION);
        let rows = tx.all_in(
            "select person_id, guardian_id from consent where version = $1 and person_id in ($ids)",
            &[version.into()],
            given.iter().map(|one| one.child),
        )?;
        let read = |row: &Row| Ok((row.get("person_id")?, row.get("guardian_id")?));
        let mut known: HashSet<(PersonId, PersonId)> =
            rows.iter().map(read).collect::<Result<_, Fail>>()?;
        let mut rows = Vec::new();
        let mut notes = Vec::new();
        for one in given {
            if !known.insert((one.child.clone(), one.guardian.clone())) {
                continue;
            }
            rows.push(vec![
                clock::new_id(one.call.now_ms).into(),
                one.child.into(),
                one.guardian.into(),
                version.into(),
                one.call.now().into(),
                one.call.person()?.into(),
                one.channel.code().into(),
            ]);
            let note = Note::at(Act::ConsentGiven, centre).of(one.child);
            notes.push((one.call, note.by(one.channel)));
        }
        tx.insert_all(
            "insert into consent (id, person_id, guardian_id, version, given_at, actor_id, channel)",
            &rows,
        )?;
        Note::write_all(tx, notes)
    }
}
