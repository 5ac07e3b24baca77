//! People, their roles and their sessions.

pub mod account;
pub mod attempt;
pub mod behalf;
pub mod household;
pub(crate) mod merge;
pub mod role;
pub mod second_factor;
pub mod sign_in;
pub mod token;

use domain::{
    id::PersonId,
    language::Lang,
    person::Phone,
    problem::{Problem, TextFault},
    time::Date,
};
use sha2::{Digest, Sha256};

use crate::{
    clock,
    db::{Fail, Tx},
    usecase::call::Call,
};

/// What a person `p` is called where others read it: their name, else the end of their number.
macro_rules! called {
    () => {
        "coalesce(nullif(p.name, ''), '…' || substr(p.phone, length(p.phone) - 3), '')"
    };
}
pub(crate) use called;

/// Most characters of a name.
pub const MOST_NAME: u16 = 40;

/// How long a session lasts, in seconds.
pub const SESSION: i64 = 90 * 24 * 3600;

/// What the database keeps of a session's secret.
pub fn token_hash(token: &str) -> String {
    clock::hex(&Sha256::digest(token.as_bytes()))
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
    open_session(tx, now_ms, person, (&token, device))?;
    Ok(token)
}

/// Starts a session with this secret.
pub(crate) fn open_session(
    tx: &mut Tx<'_>,
    now_ms: i64,
    person: &PersonId,
    (token, device): (&str, &str),
) -> Result<(), Fail> {
    let now = now_ms / 1000;
    tx.exec(
        "insert into session (id, token_hash, person_id, device, made_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
        &[
            clock::new_id(now_ms).into(),
            token_hash(token).into(),
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
    Ok(())
}

/// Whether the session with this secret still stands.
pub(crate) fn has_session(tx: &mut Tx<'_>, token: &str) -> Result<bool, Fail> {
    let row = tx.opt(
        "select 1 from session where token_hash = $1",
        &[token_hash(token).into()],
    )?;
    Ok(row.is_some())
}

/// True for the accounts of the demo, which are everybody's.
pub(crate) fn is_demo_account(tx: &mut Tx<'_>, person: &PersonId) -> Result<bool, Fail> {
    let row = tx.opt(
        "select 1 from setting where name like 'demo-%' and value = $1",
        &[person.into()],
    )?;
    Ok(row.is_some())
}
