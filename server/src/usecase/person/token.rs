//! Personal access tokens: made, listed, ended, and found by what a program sends.

use domain::{
    api::NewToken,
    audit::{Act, Subject},
    id::{PersonId, TokenId},
    person::token::{MOST_TOKEN_DAYS, MOST_TOKENS, Scope, Token},
    problem::{Problem, TextFault, typed},
};

use super::{MOST_NAME, token_hash};
use crate::{
    clock,
    db::{Fail, Row, Tx},
    usecase::{audit::Note, call::Call},
};

/// A day, in seconds.
const DAY: i64 = 86_400;

/// What stands before the digest of a token, where that of a session can stand as well.
pub const BEARER: &str = "bearer ";

/// The digest of a token, as it is stored.
pub fn digest(secret: &str) -> String {
    format!("{BEARER}{}", token_hash(secret))
}

/// How scopes stand in the database: their codes with blanks between them.
fn read_scopes(row: &Row) -> Result<Vec<Scope>, Fail> {
    let codes: String = row.get("scopes")?;
    Ok(codes.split(' ').filter_map(Scope::from_code).collect())
}

/// [`domain::api::ListTokens`].
///
/// # Errors
/// For a visitor.
pub fn list(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<Token>, Fail> {
    let rows = tx.all(
        "select id, name, scopes, made_at, until_at, used_at from token where person_id = $1 and until_at > $2
        order by made_at desc, id desc",
        &[call.person()?.into(), call.now().into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Token {
                id: row.get("id")?,
                name: row.get("name")?,
                scopes: read_scopes(row)?,
                made: row.get("made_at")?,
                until: row.get("until_at")?,
                used: row.get("used_at")?,
            })
        })
        .collect()
}

/// Makes a token with the secret of this digest: [`domain::api::MakeToken`].
///
/// # Errors
/// For a visitor, where a field cannot be meant, and beyond [`MOST_TOKENS`].
pub fn make(tx: &mut Tx<'_>, call: &Call, new: &NewToken, hash: &str) -> Result<Token, Fail> {
    let person = call.person()?.clone();
    let name = typed("name", &new.name, MOST_NAME, true)?;
    let mut scopes = new.scopes.clone();
    scopes.sort_unstable();
    scopes.dedup();
    // None sleeps until its person has a role one day.
    if call.actor.roles.is_empty() {
        scopes.retain(|scope| *scope != Scope::Staff);
    }
    if scopes.is_empty() {
        return Err(Problem::field("scopes", TextFault::Missing).into());
    }
    if !(1..=MOST_TOKEN_DAYS).contains(&new.days) {
        return Err(Problem::field("days", TextFault::OutOfRange).into());
    }
    if list(tx, call, ())?.len() >= MOST_TOKENS {
        return Err(Problem::field("name", TextFault::OutOfRange).into());
    }
    let token = Token {
        id: TokenId::new(clock::new_id(call.now_ms)),
        name,
        scopes,
        made: call.now(),
        until: call.now() + i64::from(new.days) * DAY,
        used: None,
    };
    let codes: Vec<_> = token.scopes.iter().map(|scope| scope.code()).collect();
    // What its person proved in this session holds for it as well.
    tx.exec(
        "insert into token (id, token_hash, person_id, name, scopes, second_at, made_at, until_at)
        values ($1, $2, $3, $4, $5, (select second_at from session where id = $6), $7, $8)",
        &[
            (&token.id).into(),
            hash.into(),
            (&person).into(),
            token.name.as_str().into(),
            codes.join(" ").into(),
            call.session.as_ref().map_or("", |id| id.as_str()).into(),
            token.made.into(),
            token.until.into(),
        ],
    )?;
    note(tx, call, Act::TokenMade, &token.name)?;
    Ok(token)
}

fn note(tx: &mut Tx<'_>, call: &Call, act: Act, name: &str) -> Result<(), Fail> {
    let subject = Subject {
        reason: name.to_owned(),
        ..Subject::default()
    };
    let person = call.person()?;
    Note::own(act).of(person).about(subject).write(tx, call)
}

/// Whether the token has this digest: the same request in another session does not.
///
/// # Errors
/// When the database fails.
pub fn has_digest(tx: &mut Tx<'_>, id: &TokenId, hash: &str) -> Result<bool, Fail> {
    let row = tx.opt(
        "select 1 from token where id = $1 and token_hash = $2",
        &[id.into(), hash.into()],
    )?;
    Ok(row.is_some())
}

/// [`domain::api::EndToken`].
///
/// # Errors
/// For a visitor, and where they have no such token.
pub fn end(tx: &mut Tx<'_>, call: &Call, id: TokenId, (): ()) -> Result<(), Fail> {
    let row = tx.opt(
        "select name from token where id = $1 and person_id = $2",
        &[(&id).into(), call.person()?.into()],
    )?;
    let name: String = row.ok_or(Problem::NotFound)?.get("name")?;
    tx.exec("delete from token where id = $1", &[(&id).into()])?;
    note(tx, call, Act::TokenEnded, &name)
}

/// What the token with this digest is for, and whether it is used for the first time today; none where there is none that holds.
///
/// # Errors
/// When the database fails.
pub fn find(tx: &mut Tx<'_>, hash: &str, now: i64) -> Result<Option<(Vec<Scope>, bool)>, Fail> {
    let row = tx.opt(
        "select scopes, used_at from token where token_hash = $1 and until_at > $2",
        &[hash.into(), now.into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let used: Option<i64> = row.get("used_at")?;
    let first = used.is_none_or(|used| used < now - now.rem_euclid(DAY));
    Ok(Some((read_scopes(&row)?, first)))
}

/// Who holds the tokens with these digests: rows as of sessions, without roles where a token is not for them.
pub(super) fn list_holders<'a>(
    tx: &mut Tx<'_>,
    hashes: impl IntoIterator<Item = &'a str>,
    now: i64,
) -> Result<Vec<Row>, Fail> {
    Ok(tx.all_in(
        "select t.token_hash, r.centre_id, r.role, t.id, t.person_id, t.second_at
        from token t left join role r on r.person_id = t.person_id and (r.until_at is null or r.until_at > $1)
            and ' ' || t.scopes || ' ' like '% staff %'
        where t.until_at > $1 and t.token_hash in ($ids)",
        &[now.into()],
        hashes,
    )?)
}

/// Notes the day on which a token is used.
///
/// # Errors
/// When the database fails.
pub fn note_use(tx: &mut Tx<'_>, hash: &str, now: i64) -> Result<(), Fail> {
    tx.exec(
        "update token set used_at = $2 where token_hash = $1",
        &[hash.into(), (now - now.rem_euclid(DAY)).into()],
    )?;
    Ok(())
}

/// Ends all tokens of somebody.
pub(crate) fn end_all(tx: &mut Tx<'_>, person: &PersonId) -> Result<(), Fail> {
    tx.exec("delete from token where person_id = $1", &[person.into()])?;
    Ok(())
}
