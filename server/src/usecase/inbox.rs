//! Letters from the house to people.

use domain::{
    audit::Act,
    id::{CentreId, LetterId, PersonId},
    inbox::{Letter, News},
    permission,
    problem::Problem,
};

use super::{Call, audit::Note};
use crate::{
    clock,
    db::{Fail, Row, Tx},
};

/// Puts a letter into somebody's inbox.
pub(crate) fn send(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    to: &PersonId,
    news: &News,
) -> Result<(), Fail> {
    tx.exec(
        "insert into letter (id, person_id, centre_id, news, sent_ms) values ($1, $2, $3, $4, $5)",
        &[
            clock::new_id(call.now_ms).into(),
            to.into(),
            centre.into(),
            serde_json::to_string(news).unwrap_or_default().into(),
            call.now_ms.into(),
        ],
    )?;
    Ok(())
}

/// How many letters somebody has not looked at.
pub(super) fn unread(tx: &mut Tx<'_>, person: &PersonId) -> Result<u32, Fail> {
    let row = tx.one(
        "select count(*) from letter where person_id = $1 and read_at is null",
        &[person.into()],
    )?;
    Ok(u32::try_from(row.get::<i64>(0)?).unwrap_or(u32::MAX))
}

/// [`domain::api::ListLetters`].
///
/// # Errors
/// For a visitor.
pub fn list(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<Letter>, Fail> {
    let rows = tx.all(
        "select id, centre_id, news, sent_ms, read_at from letter where person_id = $1 order by sent_ms desc, id desc limit 100",
        &[call.person()?.into()],
    )?;
    let mut letters = Vec::with_capacity(rows.len());
    for row in &rows {
        letters.extend(letter(tx, call, row, 0)?);
    }
    Ok(letters)
}

/// A letter from the columns `id, centre_id, news, sent_ms, read_at`, from column `at` on. What an older Linli wrote in
/// words that are gone is left out.
pub(super) fn letter(
    tx: &mut Tx<'_>,
    call: &Call,
    row: &Row,
    at: usize,
) -> Result<Option<Letter>, Fail> {
    let centre = CentreId::new(row.get::<String>(at + 1)?);
    let known = call.centres.get(tx, &centre)?;
    let Ok(news) = serde_json::from_str(&row.get::<String>(at + 2)?) else {
        return Ok(None);
    };
    Ok(Some(Letter {
        id: LetterId::new(row.get::<String>(at)?),
        centre,
        news,
        sent: known.zone.stamp(row.get::<i64>(at + 3)? / 1000),
        unread: row.get::<Option<i64>>(at + 4)?.is_none(),
    }))
}

/// [`domain::api::TellLetter`].
///
/// # Errors
/// For everybody but staff, or when there is no such letter, or it was read meanwhile.
pub fn tell(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, LetterId),
    (): (),
) -> Result<(), Fail> {
    call.need(permission::may_act_for(&call.actor, &centre))?;
    let row = tx.opt(
        "select person_id from letter where id = $1 and centre_id = $2",
        &[(&id).into(), (&centre).into()],
    )?;
    let person = PersonId::new(row.ok_or(Problem::NotFound)?.get::<String>(0)?);
    let told = tx.exec(
        "update letter set read_at = $2 where id = $1 and read_at is null",
        &[(&id).into(), call.now().into()],
    )?;
    if told == 0 {
        return Err(Problem::Overtaken.into());
    }
    let note = Note::at(Act::LetterTold, &centre);
    note.of(&person).write(tx, call)?;
    // Others at the desk need not call as well.
    let known = call.centres.get(tx, &centre)?;
    super::centre::tell(tx, &known, call.now(), call.now());
    Ok(())
}

/// [`domain::api::ReadLetters`].
///
/// # Errors
/// For a visitor.
pub fn read(tx: &mut Tx<'_>, call: &Call, (): (), (): ()) -> Result<(), Fail> {
    tx.exec(
        "update letter set read_at = $2 where person_id = $1 and read_at is null",
        &[call.person()?.into(), call.now().into()],
    )?;
    Ok(())
}
