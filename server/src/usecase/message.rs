//! Inbox: letters from the centre to people, and what staff pass on to those without a device.

use domain::{
    audit::Act,
    booking::UNDO_MINUTES,
    id::{CentreId, LetterId, PersonId},
    message::{Letter, News},
    person::permission,
    problem::Problem,
};

use crate::{
    clock,
    db::{Fail, Row, Tx},
    usecase::{audit::Note, call::Call, push},
};

/// Puts a letter into somebody's inbox.
pub(crate) fn send(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    to: &PersonId,
    news: &News,
) -> Result<(), Fail> {
    let id = clock::new_id(call.now_ms);
    let words = serde_json::to_string(news).unwrap_or_default();
    // Nothing is written to whoever is erased.
    let written = tx.exec(
        "insert into letter (id, person_id, centre_id, news, sent_ms) select $1, p.id, $3, $4, $5 from person p
        where p.id = $2 and p.erased_at is null",
        &[
            id.as_str().into(),
            to.into(),
            centre.into(),
            words.as_str().into(),
            call.now_ms.into(),
        ],
    )?;
    match written {
        0 => Ok(()),
        _ => push::add_letter(tx, call, (&id, centre, to), (news, &words)),
    }
}

/// How many letters somebody has not looked at.
pub(crate) fn count_unread(tx: &mut Tx<'_>, person: &PersonId) -> Result<u32, Fail> {
    let row = tx.one(
        "select count(*) as unread from letter where person_id = $1 and read_at is null",
        &[person.into()],
    )?;
    Ok(row.get("unread")?)
}

/// [`domain::api::ListLetters`].
///
/// # Errors
/// For a visitor.
pub fn list(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<Letter>, Fail> {
    let me = call.person()?.clone();
    list_of(tx, call, &me, SHOWN)
}

/// How many letters are shown.
const SHOWN: i64 = 100;

/// The last letters of somebody, newest first.
pub(crate) fn list_of(
    tx: &mut Tx<'_>,
    call: &Call,
    person: &PersonId,
    most: i64,
) -> Result<Vec<Letter>, Fail> {
    let rows = tx.all(
        "select id as letter_id, centre_id, news, sent_ms, read_at from letter where person_id = $1
        order by sent_ms desc, id desc limit $2",
        &[person.into(), most.into()],
    )?;
    let mut letters = Vec::with_capacity(rows.len());
    for row in &rows {
        letters.extend(read_letter(tx, call, row)?);
    }
    Ok(letters)
}

/// A letter from the columns `letter_id, centre_id, news, sent_ms, read_at`. What an older Linli wrote in
/// words that are gone is left out.
pub(crate) fn read_letter(tx: &mut Tx<'_>, call: &Call, row: &Row) -> Result<Option<Letter>, Fail> {
    let centre = row.get::<CentreId>("centre_id")?;
    let known = call.centres.get(tx, &centre)?;
    let Ok(news) = serde_json::from_str(&row.get::<String>("news")?) else {
        return Ok(None);
    };
    Ok(Some(Letter {
        id: row.get("letter_id")?,
        centre,
        news,
        sent: known.zone.stamp(row.get::<i64>("sent_ms")? / 1000),
        unread: row.get::<Option<i64>>("read_at")?.is_none(),
    }))
}

/// [`domain::api::TellLetter`].
///
/// # Errors
/// For everybody but staff, or when there is no such letter, or it was read meanwhile.
pub fn tell(tx: &mut Tx<'_>, call: &Call, path: (CentreId, LetterId), (): ()) -> Result<(), Fail> {
    mark_told(tx, call, &path, Act::LetterTold)
}

/// [`domain::api::UntellLetter`].
///
/// # Errors
/// For everybody but staff, when ten minutes are over, and where its person reads letters themselves.
pub fn untell(
    tx: &mut Tx<'_>,
    call: &Call,
    path: (CentreId, LetterId),
    (): (),
) -> Result<(), Fail> {
    mark_told(tx, call, &path, Act::LetterUntold)
}

fn mark_told(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): &(CentreId, LetterId),
    act: Act,
) -> Result<(), Fail> {
    call.need(permission::may_act_for(&call.actor, centre))?;
    let row = tx.opt(
        "select person_id from letter where id = $1 and centre_id = $2",
        &[id.into(), centre.into()],
    )?;
    let person = row.ok_or(Problem::NotFound)?.get::<PersonId>("person_id")?;
    let changed = match act {
        Act::LetterTold => tx.exec(
            "update letter set read_at = $2 where id = $1 and read_at is null",
            &[id.into(), call.now().into()],
        )?,
        _ => tx.exec(
            "update letter set read_at = null where id = $1 and read_at >= $2
            and not exists (select 1 from session s where s.person_id = letter.person_id and s.expires_at > $3)",
            &[
                id.into(),
                (call.now() - i64::from(UNDO_MINUTES) * 60).into(),
                call.now().into(),
            ],
        )?,
    };
    if changed == 0 {
        return Err(Problem::Overtaken.into());
    }
    Note::at(act, centre).of(&person).write(tx, call)?;
    // Others at the desk need not call as well.
    let known = call.centres.get(tx, centre)?;
    crate::usecase::centre::known::tell(tx, &known, call.now(), call.now());
    Ok(())
}

/// [`domain::api::ReadLetters`].
///
/// # Errors
/// For a visitor.
pub fn read(tx: &mut Tx<'_>, call: &Call, (): (), newest: Option<LetterId>) -> Result<(), Fail> {
    let me = call.person()?;
    // What arrived since the page was drawn was not seen.
    let sent = match newest {
        None => call.now_ms,
        Some(id) => tx
            .opt(
                "select sent_ms from letter where id = $1 and person_id = $2",
                &[(&id).into(), me.into()],
            )?
            .ok_or(Problem::NotFound)?
            .get("sent_ms")?,
    };
    tx.exec(
        "update letter set read_at = $2 where person_id = $1 and read_at is null and sent_ms <= $3",
        &[me.into(), call.now().into(), sent.into()],
    )?;
    Ok(())
}
