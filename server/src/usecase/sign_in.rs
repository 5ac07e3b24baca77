//! Signing in by phone number and one-time code; the demo's accounts; the first manager.

use domain::{
    api::{AskCode, Claim, DemoAccount, Me, UseCode, UseDemo},
    audit::Act,
    id::PersonId,
    person::{Phone, Role},
    problem::{Problem, TextFault, typed},
    text::Lang,
};
use sha2::{Digest, Sha256};

use super::{
    Call,
    audit::Note,
    person::{self, MOST_NAME, NewPerson},
};
use crate::{
    clock,
    db::{Fail, Tx},
};

/// How long a code can be used, in seconds.
pub const CODE_SECONDS: i64 = 300;
/// How often one may guess before the code is void.
const TRIES: u16 = 5;
/// How many codes one number may get in [`WINDOW`].
const CODES: i64 = 5;
/// In seconds.
const WINDOW: i64 = 3600;

/// A code that is to be sent.
#[derive(Clone, Debug)]
pub struct NewCode {
    /// To whom.
    pub phone: Phone,
    /// Six digits.
    pub code: String,
}

fn digest(salt: &str, phone: &Phone, code: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(phone.as_str());
    hash.update(code);
    clock::hex(&hash.finalize())
}

fn read_phone(text: &str) -> Result<Phone, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::field("phone", TextFault::Missing));
    }
    Phone::parse(text.trim()).ok_or_else(|| Problem::field("phone", TextFault::Unreadable))
}

/// Makes a code for [`domain::api::SendCode`]; the former one is void. Known and unknown numbers are treated alike.
///
/// # Errors
/// When the number cannot be read, or too many codes were sent to it.
pub fn new_code(tx: &mut Tx<'_>, call: &Call, ask: &AskCode) -> Result<NewCode, Fail> {
    let phone = read_phone(&ask.phone)?;
    let now = call.now();
    let sql = "select window_from, sent_in_window from sign_in_code where phone = $1";
    let (mut from, mut sent) = match tx.opt(sql, &[phone.as_str().into()])? {
        Some(row) => (row.get::<i64>(0)?, row.get::<i64>(1)?),
        None => (now, 0),
    };
    if now - from >= WINDOW {
        (from, sent) = (now, 0);
    }
    if sent >= CODES {
        let wait = u32::try_from(from + WINDOW - now).unwrap_or(0);
        return Err(Problem::TooMany { wait }.into());
    }
    let (salt, code) = (clock::secret(), clock::digits(6));
    tx.exec(
        "insert into sign_in_code (phone, salt, hash, expires_at, tries_left, window_from, sent_in_window)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (phone) do update set salt = excluded.salt, hash = excluded.hash, used_key = null,
            expires_at = excluded.expires_at, tries_left = excluded.tries_left,
            window_from = excluded.window_from, sent_in_window = excluded.sent_in_window",
        &[
            phone.as_str().into(),
            salt.as_str().into(),
            digest(&salt, &phone, &code).into(),
            (now + CODE_SECONDS).into(),
            TRIES.into(),
            from.into(),
            (sent + 1).into(),
        ],
    )?;
    Ok(NewCode { phone, code })
}

/// Who signed in, and the secret of their new session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub me: Me,
    /// For the cookie.
    pub token: String,
}

/// Where somebody signs in from, and by which press of the button.
#[derive(Clone, Debug)]
pub struct From {
    /// Browser and system.
    pub device: String,
    /// Their language.
    pub lang: Lang,
    /// The idempotency key: the same press may use up a code twice, when its first answer was lost.
    pub key: String,
}

fn signed_in(tx: &mut Tx<'_>, call: &Call, id: PersonId, from: &From) -> Result<SignedIn, Fail> {
    let token = person::start_session(tx, call.now_ms, &id, &from.device)?;
    let actor = person::actor_of(tx, id)?;
    Ok(SignedIn {
        me: person::me_of(tx, actor)?,
        token,
    })
}

/// [`domain::api::SignIn`]. A wrong code is a result, not a failure: the try must count.
///
/// # Errors
/// When a field cannot be read or the database fails.
pub fn sign_in(
    tx: &mut Tx<'_>,
    call: &Call,
    body: &UseCode,
    from: &From,
) -> Result<Result<SignedIn, Problem>, Fail> {
    let phone = read_phone(&body.phone)?;
    let code = body.code.trim();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::field("code", TextFault::Unreadable).into());
    }
    let number: [crate::db::Value; 1] = [phone.as_str().into()];
    tx.lock(
        "select 1 from sign_in_code where phone = $1 for update",
        &number,
    )?;
    let sql =
        "select salt, hash, expires_at, tries_left, used_key from sign_in_code where phone = $1";
    let Some(row) = tx.opt(sql, &number)? else {
        return Ok(Err(Problem::CodeExpired));
    };
    let (salt, hash): (String, String) = (row.get(0)?, row.get(1)?);
    let (expires, left): (i64, u16) = (row.get(2)?, row.get(3)?);
    let used: Option<String> = row.get(4)?;
    if call.now() >= expires || left == 0 || used.is_some_and(|key| key != from.key) {
        return Ok(Err(Problem::CodeExpired));
    }
    if digest(&salt, &phone, code) != hash {
        tx.exec(
            "update sign_in_code set tries_left = tries_left - 1 where phone = $1",
            &number,
        )?;
        let tries_left = u8::try_from(left - 1).unwrap_or(0);
        return Ok(Err(if tries_left == 0 {
            Problem::CodeExpired
        } else {
            Problem::WrongCode { tries_left }
        }));
    }
    let used: [crate::db::Value; 2] = [phone.as_str().into(), from.key.as_str().into()];
    tx.exec(
        "update sign_in_code set used_key = $2 where phone = $1",
        &used,
    )?;
    let id = match person::find(tx, &phone)? {
        Some(id) => id,
        None => {
            let new = NewPerson {
                phone: Some(&phone),
                name: "",
                lang: from.lang,
            };
            person::create(tx, call.now_ms, new)?
        }
    };
    Ok(Ok(signed_in(tx, call, id, from)?))
}

/// [`domain::api::ListDemoAccounts`].
///
/// # Errors
/// When the database fails.
pub fn demo_accounts(tx: &mut Tx<'_>, _: &Call, (): ()) -> Result<Vec<DemoAccount>, Fail> {
    let mut accounts = Vec::new();
    for role in Role::ALL {
        if let Some((_, name)) = demo_account(tx, role)? {
            accounts.push(DemoAccount { role, name });
        }
    }
    Ok(accounts)
}

fn demo_account(tx: &mut Tx<'_>, role: Role) -> Result<Option<(PersonId, String)>, Fail> {
    let row = tx.opt(
        "select p.id, p.name from setting s join person p on p.id = s.value where s.name = $1",
        &[format!("demo-{}", role.code()).into()],
    )?;
    Ok(row
        .map(|row| Ok::<_, crate::db::Fault>((PersonId::new(row.get::<String>(0)?), row.get(1)?)))
        .transpose()?)
}

/// [`domain::api::SignInDemo`].
///
/// # Errors
/// When this is no demo.
pub fn sign_in_demo(
    tx: &mut Tx<'_>,
    call: &Call,
    body: &UseDemo,
    from: &From,
) -> Result<SignedIn, Fail> {
    let (id, _) = demo_account(tx, body.role)?.ok_or(Problem::NotFound)?;
    signed_in(tx, call, id, from)
}

/// Makes the secret of the link for the first manager, unless the house has one or is the demo.
///
/// # Errors
/// When the database fails.
pub fn first_secret(tx: &mut Tx<'_>) -> Result<Option<String>, Fail> {
    let manager = tx.opt("select 1 from role where role = 'manager' limit 1", &[])?;
    if manager.is_some() || person::is_demo(tx)? {
        return Ok(None);
    }
    let secret = clock::secret();
    tx.exec(
        "insert into setting (name, value) values ('first-manager', $1)
        on conflict (name) do update set value = excluded.value",
        &[person::token_hash(&secret).into()],
    )?;
    Ok(Some(secret))
}

/// [`domain::api::ClaimHouse`].
///
/// # Errors
/// When the link was used or replaced, or a field cannot be meant.
pub fn claim(tx: &mut Tx<'_>, call: &Call, body: &Claim, from: &From) -> Result<SignedIn, Fail> {
    let phone = read_phone(&body.phone)?;
    let name = typed("name", &body.name, MOST_NAME, true)?;
    let used = tx.exec(
        "delete from setting where name = 'first-manager' and value = $1",
        &[person::token_hash(&body.secret).into()],
    )?;
    if used == 0 {
        return Err(Problem::NotFound.into());
    }
    let id = match person::find(tx, &phone)? {
        Some(id) => id,
        None => person::create(
            tx,
            call.now_ms,
            NewPerson {
                phone: Some(&phone),
                name: &name,
                lang: from.lang,
            },
        )?,
    };
    person::grant(tx, &id, None, Role::Manager)?;
    Note::own(Act::HouseClaimed).of(&id).write(tx, call)?;
    signed_in(tx, call, id, from)
}
