//! People, their roles and their sessions.

use domain::{
    api::{Me, MyChange, SessionCard},
    audit::Act,
    id::{CentreId, PersonId, SessionId},
    permission::{Actor, Grant},
    person::{Phone, Profile, Role},
    problem::{Problem, TextFault, typed},
    text::Lang,
    time::Date,
};
use sha2::{Digest, Sha256};

use super::{Call, audit::Note, family, inbox};
use crate::{
    clock,
    db::{Fail, Row, Tx},
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
pub fn actor(
    tx: &mut Tx<'_>,
    token_hash: Option<&str>,
    now: i64,
) -> Result<(Actor, Option<SessionId>), Fail> {
    let Some(hash) = token_hash else {
        return Ok((Actor::default(), None));
    };
    let rows = tx.all(
        "select r.centre_id, r.role, s.id, s.person_id from session s left join role r on r.person_id = s.person_id
        where s.token_hash = $1 and s.expires_at > $2",
        &[hash.into(), now.into()],
    )?;
    let Some(first) = rows.first() else {
        return Ok((Actor::default(), None));
    };
    let session = SessionId::new(first.get::<String>(2)?);
    let person = PersonId::new(first.get::<String>(3)?);
    Ok((with_roles(person, &rows)?, Some(session)))
}

/// A person with their roles.
pub(super) fn actor_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Actor, Fail> {
    let rows = tx.all(
        "select centre_id, role from role where person_id = $1",
        &[(&person).into()],
    )?;
    with_roles(person, &rows)
}

/// A person with the roles in the first two columns of rows.
fn with_roles(person: PersonId, rows: &[Row]) -> Result<Actor, Fail> {
    let mut roles = Vec::with_capacity(rows.len());
    for row in rows {
        let (Some(centre), Some(role)) =
            (row.get::<Option<String>>(0)?, row.get::<Option<String>>(1)?)
        else {
            continue;
        };
        let centre = (centre != ALL_CENTRES).then(|| CentreId::new(centre));
        roles.extend(Role::from_code(&role).map(|role| Grant { centre, role }));
    }
    Ok(Actor {
        person: Some(person),
        roles,
    })
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

/// Reads a number that may be left empty.
pub(super) fn read_phone(text: &str) -> Result<Option<Phone>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let phone = Phone::parse(text.trim());
    phone
        .map(Some)
        .ok_or_else(|| Problem::field("phone", TextFault::Unreadable))
}

/// The person with that number.
pub(super) fn find(tx: &mut Tx<'_>, phone: &Phone) -> Result<Option<PersonId>, Fail> {
    let row = tx.opt(
        "select id from person where phone = $1",
        &[phone.as_str().into()],
    )?;
    Ok(row
        .map(|row| row.get::<String>(0))
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
    Ok(token)
}

/// What a person sees of themselves.
pub(super) fn me_of(tx: &mut Tx<'_>, actor: Actor) -> Result<Me, Fail> {
    let demo = is_demo(tx)?;
    let Some(person) = &actor.person else {
        return Ok(Me {
            demo,
            ..Me::default()
        });
    };
    let row = tx.one(
        "select name, phone, lang, birth from person where id = $1",
        &[person.into()],
    )?;
    let phone: Option<String> = row.get(1)?;
    let profile = Profile {
        id: person.clone(),
        name: row.get(0)?,
        phone: phone.and_then(|phone| Phone::parse(&phone)),
        lang: Lang::choose(&row.get::<String>(2)?),
        birth: row
            .get::<Option<String>>(3)?
            .and_then(|birth| Date::parse(&birth)),
    };
    let unread = inbox::unread(tx, person)?;
    Ok(Me {
        profile: Some(profile),
        actor,
        demo,
        unread,
    })
}

/// True when the database holds the demo.
///
/// # Errors
/// When the database fails.
pub fn is_demo(tx: &mut Tx<'_>) -> Result<bool, Fail> {
    Ok(tx
        .opt("select 1 from setting where name = 'demo'", &[])?
        .is_some())
}

/// [`domain::api::GetMe`].
///
/// # Errors
/// When the database fails.
pub fn me(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Me, Fail> {
    me_of(tx, call.actor.clone())
}

/// [`domain::api::ChangeMe`].
///
/// # Errors
/// When the name cannot be meant.
pub fn change_me(tx: &mut Tx<'_>, call: &Call, (): (), change: MyChange) -> Result<Me, Fail> {
    let person = call.person()?;
    let name = typed("name", &change.name, MOST_NAME, true)?.replace('\n', " ");
    if let Some(birth) = change.birth {
        family::possible_birth(call, birth)?;
    }
    tx.exec(
        "update person set name = $2, lang = $3, birth = coalesce($4, birth) where id = $1",
        &[
            person.into(),
            name.into(),
            change.lang.tag().into(),
            change.birth.map(|birth| birth.to_string()).into(),
        ],
    )?;
    Note::own(Act::ProfileChanged).of(person).write(tx, call)?;
    me_of(tx, call.actor.clone())
}

/// [`domain::api::ListSessions`].
///
/// # Errors
/// For a visitor.
pub fn sessions(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<SessionCard>, Fail> {
    let rows = tx.all(
        "select id, device, made_at from session where person_id = $1 and expires_at > $2 order by made_at desc, id desc",
        &[call.person()?.into(), call.now().into()],
    )?;
    rows.iter()
        .map(|row| {
            let id = SessionId::new(row.get::<String>(0)?);
            let here = call.session.as_ref() == Some(&id);
            Ok(SessionCard {
                id,
                here,
                device: row.get(1)?,
                since: row.get(2)?,
            })
        })
        .collect()
}

/// [`domain::api::SignOut`].
///
/// # Errors
/// For a visitor.
pub fn sign_out(tx: &mut Tx<'_>, call: &Call, (): (), (): ()) -> Result<(), Fail> {
    let session = call.session.as_ref().ok_or(Problem::NotSignedIn)?;
    tx.exec("delete from session where id = $1", &[session.into()])?;
    Ok(())
}

/// [`domain::api::SignOutEverywhere`].
///
/// # Errors
/// For a visitor.
pub fn sign_out_everywhere(tx: &mut Tx<'_>, call: &Call, (): (), (): ()) -> Result<(), Fail> {
    tx.exec(
        "delete from session where person_id = $1",
        &[call.person()?.into()],
    )?;
    Ok(())
}
