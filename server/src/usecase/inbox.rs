//! Letters from the house to people.

use domain::{
    id::{CentreId, LetterId, PersonId},
    inbox::{Letter, News},
};

use super::Call;
use crate::{
    clock,
    db::{Fail, Tx},
};

/// Puts a letter into somebody's inbox.
pub(super) fn send(
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
    for row in rows {
        let known = call
            .centres
            .get(tx, &CentreId::new(row.get::<String>(1)?))?;
        // What an older Linli wrote in words that are gone is left out.
        let Ok(news) = serde_json::from_str(&row.get::<String>(2)?) else {
            continue;
        };
        letters.push(Letter {
            id: LetterId::new(row.get::<String>(0)?),
            centre: known.centre.id.clone(),
            news,
            sent: known.zone.stamp(row.get::<i64>(3)? / 1000),
            unread: row.get::<Option<i64>>(4)?.is_none(),
        });
    }
    Ok(letters)
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
