//! People, their roles and their sessions.

pub mod account;
pub mod attempt;
pub mod behalf;
pub mod household;
pub mod sign_in;

use std::collections::HashMap;

use domain::{
    id::{CentreId, PersonId, SessionId},
    language::Lang,
    person::{
        Phone,
        permission::{Actor, Grant, Role},
    },
    problem::{Problem, TextFault},
    time::Date,
};
use sha2::{Digest, Sha256};

use crate::{
    clock,
    db::{Fail, Row, Tx},
    usecase::call::Call,
};

/// Most characters of a name.
pub const MOST_NAME: u16 = 40;

/// How long a session lasts, in seconds.
pub const SESSION: i64 = 90 * 24 * 3600;

/// What the database keeps of a session's secret.
pub fn token_hash(token: &str) -> String {
    clock::hex(&Sha256::digest(token.as_bytes()))
}

/// Who holds the session with this token; a visitor when nobody does.
///
/// # Errors
/// When the database fails.
pub fn find_actor(
    tx: &mut Tx<'_>,
    token_hash: Option<&str>,
    now: i64,
) -> Result<(Actor, Option<SessionId>), Fail> {
    let mut found = find_actors(tx, token_hash, now)?;
    let actor = token_hash.and_then(|hash| found.remove(hash));
    Ok(actor.unwrap_or_default())
}

/// Who holds the sessions with these tokens, by token; nobody holds those that are not there.
///
/// # Errors
/// When the database fails.
pub fn find_actors<'a>(
    tx: &mut Tx<'_>,
    token_hashes: impl IntoIterator<Item = &'a str>,
    now: i64,
) -> Result<HashMap<String, (Actor, Option<SessionId>)>, Fail> {
    let rows = tx.all_in(
        "select s.token_hash, r.centre_id, r.role, s.id, s.person_id
        from session s left join role r on r.person_id = s.person_id
        where s.expires_at > $1 and s.token_hash in ($ids)",
        &[now.into()],
        token_hashes,
    )?;
    let mut found: HashMap<String, (Actor, Option<SessionId>)> = HashMap::new();
    for row in &rows {
        let (actor, session) = found.entry(row.get("token_hash")?).or_default();
        *session = Some(row.get("id")?);
        actor.person = Some(row.get("person_id")?);
        actor.roles.extend(read_grant(row)?);
    }
    Ok(found)
}

/// A person with their roles.
pub(crate) fn get_actor(tx: &mut Tx<'_>, person: PersonId) -> Result<Actor, Fail> {
    let rows = tx.all(
        "select centre_id, role from role where person_id = $1",
        &[(&person).into()],
    )?;
    let mut roles = Vec::with_capacity(rows.len());
    for row in &rows {
        roles.extend(read_grant(row)?);
    }
    Ok(Actor {
        person: Some(person),
        roles,
    })
}

/// The role in `centre_id` and `role` of a row, if there is one.
fn read_grant(row: &Row) -> Result<Option<Grant>, Fail> {
    let (Some(centre), Some(role)) = (
        row.get::<Option<String>>("centre_id")?,
        row.get::<Option<Role>>("role")?,
    ) else {
        return Ok(None);
    };
    let centre = (centre != ALL_CENTRES).then(|| CentreId::new(centre));
    Ok(Some(Grant { centre, role }))
}

/// Stands for all centres where a role names one.
const ALL_CENTRES: &str = "*";

/// Gives somebody a role at a centre, or at all.
///
/// # Errors
/// When the database fails.
pub fn grant(
    tx: &mut Tx<'_>,
    person: &PersonId,
    centre: Option<&CentreId>,
    role: Role,
) -> Result<(), Fail> {
    tx.exec(
        "insert into role (person_id, centre_id, role) values ($1, $2, $3)
        on conflict (person_id, centre_id) do update set role = excluded.role",
        &[
            person.into(),
            centre.map_or(ALL_CENTRES, CentreId::as_str).into(),
            role.code().into(),
        ],
    )?;
    Ok(())
}

/// Refuses to take a manager from a centre, or from all of them, where they are the last.
pub(crate) fn need_another_manager(
    tx: &mut Tx<'_>,
    person: &PersonId,
    centre: Option<&CentreId>,
) -> Result<(), Fail> {
    let centre = centre.map_or(ALL_CENTRES, CentreId::as_str);
    // All of them are locked: two managers who leave at once must see each other.
    tx.lock(
        "select 1 from role where role = 'manager' and centre_id = $1 order by person_id for update",
        &[centre.into()],
    )?;
    let other = tx.opt(
        "select 1 from role where role = 'manager' and centre_id = $1 and person_id <> $2 limit 1",
        &[centre.into(), person.into()],
    )?;
    other.map(drop).ok_or(Problem::LastManager.into())
}

/// A person to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewPerson<'a> {
    /// Their number, if they have one.
    pub phone: Option<&'a Phone>,
    /// Their name; may be empty until they give it.
    pub name: &'a str,
    /// The language for messages to them.
    pub lang: Lang,
}

/// Stores a new person.
///
/// # Errors
/// When the database fails, as when the number is known.
pub fn create(tx: &mut Tx<'_>, now_ms: i64, new: NewPerson<'_>) -> Result<PersonId, Fail> {
    let id = PersonId::new(clock::new_id(now_ms));
    tx.exec(
        "insert into person (id, phone, name, lang, made_at) values ($1, $2, $3, $4, $5)",
        &[
            (&id).into(),
            new.phone.map(Phone::as_str).into(),
            new.name.into(),
            new.lang.tag().into(),
            (now_ms / 1000).into(),
        ],
    )?;
    Ok(id)
}

/// Refuses a birth date on which nobody alive was born.
pub(crate) fn need_possible_birth(call: &Call, birth: Date) -> Result<(), Problem> {
    let today = Date::from_days(call.now().div_euclid(86_400));
    // A day more: somewhere it is tomorrow already.
    if birth > today.plus(1) || birth < today.plus(-130 * 366) {
        return Err(Problem::field("birth", TextFault::OutOfRange));
    }
    Ok(())
}

/// Reads a number that may be left empty.
pub(crate) fn read_phone(text: &str) -> Result<Option<Phone>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let phone = Phone::parse(text.trim());
    phone
        .map(Some)
        .ok_or_else(|| Problem::field("phone", TextFault::Unreadable))
}

/// The person with that number.
pub(crate) fn find(tx: &mut Tx<'_>, phone: &Phone) -> Result<Option<PersonId>, Fail> {
    let row = tx.opt(
        "select id from person where phone = $1",
        &[phone.as_str().into()],
    )?;
    Ok(row
        .map(|row| row.get::<String>("id"))
        .transpose()?
        .map(PersonId::new))
}

/// Starts a session; gives its secret, which is told to the browser only.
///
/// # Errors
/// When the database fails.
pub fn start_session(
    tx: &mut Tx<'_>,
    now_ms: i64,
    person: &PersonId,
    device: &str,
) -> Result<String, Fail> {
    let token = clock::secret();
    let now = now_ms / 1000;
    tx.exec(
        "insert into session (id, token_hash, person_id, device, made_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
        &[
            clock::new_id(now_ms).into(),
            token_hash(&token).into(),
            person.into(),
            device.into(),
            now.into(),
            (now + SESSION).into(),
        ],
    )?;
    tx.exec(
        "update person set signed_in_at = $2 where id = $1 and signed_in_at is null",
        &[person.into(), now.into()],
    )?;
    Ok(token)
}
