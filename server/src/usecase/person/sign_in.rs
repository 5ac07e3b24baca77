//! Signing in by phone number and one-time code; the demo's accounts; the first manager.

use std::net::IpAddr;

use domain::{
    api::{AskCode, Claim, CodePurpose, DemoAccount, Me, Proof, UseCode, UseDemo},
    audit::Act,
    id::PersonId,
    language::Lang,
    person::{Phone, permission::Role},
    problem::{Problem, TextFault, typed},
};
use sha2::{Digest, Sha256};

use crate::{
    clock,
    db::{Fail, Tx},
    sender::Countries,
    usecase::{
        audit::Note,
        call::Call,
        person::{
            self, MOST_NAME, NewPerson, account,
            attempt::{self, Limit},
            role, second_factor, token,
        },
    },
};

/// How long a code can be used, in seconds.
pub const CODE_SECONDS: i64 = 300;

/// How often one sender may guess at a code, and all senders together: nobody uses up the tries of the code's holder.
const TRIES: i64 = 5;

const TRIES_OF_ALL: u16 = 25;

/// How often strangers may guess wrong at the codes of one number in a day (NIST SP 800-63B, 3.2.2: at most 100). Devices from
/// which somebody signed in with the number before have tries of their own.
const GUESSES: Limit = Limit {
    most: 70,
    window: 86_400,
};

/// As [`GUESSES`], from all known devices of a number together.
const KNOWN_GUESSES: Limit = Limit {
    most: 30,
    window: 86_400,
};

/// The time in which codes are counted, in seconds.
const WINDOW: i64 = 3600;

/// How many codes may be sent in an hour.
#[derive(Clone, Copy, Debug)]
struct CodeLimits {
    /// To one number from one sender.
    pair: i64,
    /// To one number, whoever asks.
    number: i64,
    /// By one sender, to whatever numbers: a hall full of neighbours may share an address.
    sender: i64,
    /// By the house: texts cost money.
    house: i64,
}

const CODES: CodeLimits = CodeLimits {
    pair: 5,
    number: 15,
    sender: 60,
    house: 2000,
};

/// Who asks for a code or uses one.
#[derive(Clone, Debug)]
pub struct Sender {
    /// Where from, as limits see it.
    pub address: IpAddr,
    /// What the browser keeps of the numbers that signed in there.
    pub devices: String,
}

impl Sender {
    /// The mark of the device, where somebody signed in with the number from it in the last year, and has not signed out
    /// everywhere since.
    pub(super) fn known_device(
        &self,
        tx: &mut Tx<'_>,
        number: &str,
        now: i64,
    ) -> Result<Option<String>, Fail> {
        if self.devices.is_empty() {
            return Ok(None);
        }
        let secret = get_code_secret(tx)?;
        let row = tx.opt(
            "select devices_from from person where phone = $1",
            &[number.into()],
        )?;
        let from = row.map(|row| row.get::<Option<i64>>("devices_from"));
        let from = from.transpose()?.flatten().unwrap_or(i64::MIN);
        let known = self.devices.split('.').find(|mark| {
            let id = mark.split('-').next().unwrap_or_default();
            let made = id.get(..MADE_DIGITS).unwrap_or_default();
            let made = i64::from_str_radix(made, 16).unwrap_or_default();
            let counts = made >= from && (now - DEVICE_SECONDS..=now).contains(&made);
            counts && device_mark(&secret, id, number) == **mark
        });
        Ok(known.map(str::to_owned))
    }
}

/// How long a device is known without signing in anew, in seconds: a year.
pub const DEVICE_SECONDS: i64 = 365 * 86_400;

/// How many hexadecimal digits of a mark say when it was made.
const MADE_DIGITS: usize = 10;

/// How many numbers a browser remembers.
const DEVICES: usize = 4;

fn device_mark(secret: &str, id: &str, number: &str) -> String {
    let mut hash = Sha256::new();
    for part in [secret, "device", id, number] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    format!("{id}-{}", clock::hex(&hash.finalize()[..16]))
}

/// What the browser keeps, with a mark for a number that has just signed in. It opens nothing: it only sets its device apart
/// from strangers who use up the limits of the number.
fn remember_device(
    tx: &mut Tx<'_>,
    sender: &Sender,
    number: &str,
    used: &Used,
    now: i64,
) -> Result<String, Fail> {
    if sender.known_device(tx, number, now)?.is_some() {
        return Ok(sender.devices.clone());
    }
    let secret = get_code_secret(tx)?;
    let made = format!("{:0width$x}", used.at, width = MADE_DIGITS);
    let id = format!("{made}{}", &used.derive(&secret, "device")[..16]);
    let new = device_mark(&secret, &id, number);
    let kept = sender.devices.split('.').filter(|mark| !mark.is_empty());
    let marks: Vec<&str> = std::iter::once(new.as_str())
        .chain(kept.take(DEVICES - 1))
        .collect();
    Ok(marks.join("."))
}

/// A code that is to be sent.
#[derive(Clone, Debug)]
pub struct NewCode {
    /// To whom.
    pub phone: Phone,
    /// Six digits.
    pub code: String,
}

/// Under what a code is held: one for signing in cannot be used for a record, nor the other way round.
fn held_as(purpose: CodePurpose, phone: &Phone) -> String {
    match purpose {
        CodePurpose::SignIn => phone.as_str().to_owned(),
        CodePurpose::Record => format!("record {}", phone.as_str()),
    }
}

fn digest(salt: &str, held_as: &str, code: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(held_as);
    hash.update(code);
    clock::hex(&hash.finalize())
}

fn read_phone(text: &str) -> Result<Phone, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::field("phone", TextFault::Missing));
    }
    Phone::parse(text.trim()).ok_or_else(|| Problem::field("phone", TextFault::Unreadable))
}

/// The code that belongs to a seed: without the secret of the house it cannot be told from the seed.
fn derive_code(secret: &str, seed: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(secret);
    hash.update(seed);
    let digest = hash.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    format!("{:06}", u64::from_le_bytes(first) % 1_000_000)
}

/// The secret of the house from which codes are made.
pub(super) fn get_code_secret(tx: &mut Tx<'_>) -> Result<String, Fail> {
    let sql = "select value from setting where name = 'code-secret'";
    if let Some(row) = tx.opt(sql, &[])? {
        return Ok(row.get("value")?);
    }
    tx.exec(
        "insert into setting (name, value) values ('code-secret', $1) on conflict do nothing",
        &[clock::secret().into()],
    )?;
    Ok(tx.one(sql, &[])?.get("value")?)
}

/// Makes a code for [`domain::api::SendCode`]; one that can still be used is sent again, so that nobody voids the code that
/// somebody else holds. Known and unknown numbers are treated alike.
///
/// # Errors
/// When the number cannot be read or no texts go to its country, or too many codes were sent to it, by the sender or by the house.
pub fn make_code(
    tx: &mut Tx<'_>,
    call: &Call,
    ask: &AskCode,
    (sender, countries): (&Sender, &Countries),
) -> Result<NewCode, Fail> {
    let phone = read_phone(&ask.phone)?;
    if !countries.reach(&phone) {
        return Err(Problem::field("phone", TextFault::Abroad).into());
    }
    let now = call.now();
    let number = phone.as_str();
    let held_as = held_as(ask.purpose, &phone);
    let address = sender.address;
    let limits = match sender.known_device(tx, number, now)? {
        Some(device) => vec![
            (format!("code {device}"), CODES.pair),
            (format!("code known {number}"), CODES.number),
            ("code known".to_owned(), CODES.house),
        ],
        None => vec![
            (format!("code {number} {address}"), CODES.pair),
            (format!("code {number}"), CODES.number),
            (format!("code {address}"), CODES.sender),
            ("code".to_owned(), CODES.house),
        ],
    };
    for (key, most) in limits {
        let limit = Limit {
            most,
            window: WINDOW,
        };
        attempt::count(tx, &key, limit, now)?;
    }
    let secret = get_code_secret(tx)?;
    tx.lock(
        "select 1 from sign_in_code where phone = $1 for update",
        &[held_as.as_str().into()],
    )?;
    let held = tx.opt(
        "select seed from sign_in_code where phone = $1 and expires_at > $2 and tries_left > 0 and used_key is null",
        &[held_as.as_str().into(), now.into()],
    )?;
    if let Some(row) = held {
        let seed: String = row.get("seed")?;
        tx.exec(
            "update sign_in_code set expires_at = $2 where phone = $1",
            &[held_as.as_str().into(), (now + CODE_SECONDS).into()],
        )?;
        let code = derive_code(&secret, &seed);
        return Ok(NewCode { phone, code });
    }
    let (salt, seed) = (clock::secret(), clock::secret());
    let code = derive_code(&secret, &seed);
    tx.exec(
        "insert into sign_in_code (phone, salt, hash, expires_at, tries_left, window_from, sent_in_window, seed)
        values ($1, $2, $3, $4, $5, $6, 0, $7)
        on conflict (phone) do update set salt = excluded.salt, hash = excluded.hash, used_key = null,
            expires_at = excluded.expires_at, tries_left = excluded.tries_left, window_from = excluded.window_from,
            seed = excluded.seed",
        &[
            held_as.as_str().into(),
            salt.as_str().into(),
            digest(&salt, &held_as, &code).into(),
            (now + CODE_SECONDS).into(),
            TRIES_OF_ALL.into(),
            now.into(),
            seed.into(),
        ],
    )?;
    Ok(NewCode { phone, code })
}

/// Who signed in, with the secret of their new session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub me: Me,
    /// For the cookie.
    pub token: String,
    /// What the browser keeps of its numbers.
    pub devices: Option<String>,
}

/// Where somebody signs in from, and by which press of the button.
#[derive(Clone, Debug)]
pub struct SignInRequest {
    /// Browser and system.
    pub device: String,
    /// Their language.
    pub lang: Lang,
    /// The idempotency key: the same press may use up a code twice, when its first answer was lost.
    pub key: String,
    /// Where from.
    pub sender: Sender,
}

fn finish_sign_in(
    tx: &mut Tx<'_>,
    call: &Call,
    id: PersonId,
    from: &SignInRequest,
) -> Result<SignedIn, Fail> {
    let token = person::start_session(tx, call.now_ms, &id, &from.device)?;
    describe_entered(tx, call, token)
}

fn describe_entered(tx: &mut Tx<'_>, call: &Call, token: String) -> Result<SignedIn, Fail> {
    let hash = person::token_hash(&token);
    let (actor, session) = role::find_actor(tx, Some(&hash), call.now())?;
    Ok(SignedIn {
        me: account::describe_me(tx, actor, session.as_ref(), call.now())?,
        token,
        devices: None,
    })
}

/// Uses up the code of a number. A wrong code is a result, not a failure: the try must count. `key` is that of the press: the
/// same press may use a code twice, when its first answer was lost.
fn use_code(
    tx: &mut Tx<'_>,
    call: &Call,
    (number, held_as): (&str, &str),
    code: &str,
    (key, sender): (&str, &Sender),
) -> Result<Result<Used, Problem>, Fail> {
    let code = code.trim();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::field("code", TextFault::Unreadable).into());
    }
    let row_of: [crate::db::Value; 1] = [held_as.into()];
    tx.lock(
        "select 1 from sign_in_code where phone = $1 for update",
        &row_of,
    )?;
    let sql = "select salt, hash, expires_at, tries_left, used_key, seed from sign_in_code where phone = $1";
    let Some(row) = tx.opt(sql, &row_of)? else {
        return Ok(Err(Problem::CodeExpired));
    };
    let (salt, hash): (String, String) = (row.get("salt")?, row.get("hash")?);
    let (expires, left): (i64, u16) = (row.get("expires_at")?, row.get("tries_left")?);
    let used: Option<String> = row.get("used_key")?;
    // Only its digest is kept: what is made from the key cannot be made from the database.
    let by_key = person::token_hash(key);
    let again = used.is_some();
    if call.now() >= expires || used.is_some_and(|by| by != by_key) {
        return Ok(Err(Problem::CodeExpired));
    }
    // Each sender has tries of their own: a stranger's guesses do not void the code for its holder.
    let device = sender.known_device(tx, number, call.now())?;
    let stranger = device.is_none();
    let (guessed, guesses) = match stranger {
        true => (format!("guess {number}"), GUESSES),
        false => (format!("guess known {number}"), KNOWN_GUESSES),
    };
    if let Some(wait) = attempt::wait(tx, &guessed, guesses, call.now())? {
        return Ok(Err(Problem::TooMany { wait }));
    }
    if stranger && left == 0 {
        return Ok(Err(Problem::CodeExpired));
    }
    let by = device.unwrap_or_else(|| sender.address.to_string());
    let tried = format!("try {held_as} {by} {salt}");
    let tries = tx.opt(
        "select count from attempt where key = $1",
        &[tried.as_str().into()],
    )?;
    let tries: i64 = tries.map(|row| row.get("count")).transpose()?.unwrap_or(0);
    if tries >= TRIES {
        return Ok(Err(Problem::CodeExpired));
    }
    if digest(&salt, held_as, code) != hash {
        if stranger {
            tx.exec(
                "update sign_in_code set tries_left = tries_left - 1 where phone = $1",
                &row_of,
            )?;
        }
        attempt::note(tx, &guessed, guesses, call.now())?;
        let limit = Limit {
            most: TRIES,
            window: WINDOW,
        };
        attempt::count(tx, &tried, limit, call.now())?;
        let left = match stranger {
            true => (TRIES - tries - 1).min(i64::from(left) - 1),
            false => TRIES - tries - 1,
        };
        return Ok(Err(match u8::try_from(left) {
            Ok(tries_left @ 1..) => Problem::WrongCode { tries_left },
            _ => Problem::CodeExpired,
        }));
    }
    let used: [crate::db::Value; 2] = [held_as.into(), by_key.into()];
    tx.exec(
        "update sign_in_code set used_key = $2 where phone = $1",
        &used,
    )?;
    Ok(Ok(Used {
        seed: row.get("seed")?,
        key: key.to_owned(),
        at: expires - CODE_SECONDS,
        again,
    }))
}

/// A code that was used up, by a press of a button.
struct Used {
    seed: String,
    key: String,
    /// When the code was sent last, in seconds UTC.
    at: i64,
    /// By the same press as before: its answer was lost.
    again: bool,
}

impl Used {
    /// What belongs to this code and press alone, however often its answer is lost.
    fn derive(&self, secret: &str, what: &str) -> String {
        let mut hash = Sha256::new();
        for part in [secret, what, &self.seed, &self.key] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        clock::hex(&hash.finalize())
    }
}

/// How long a proof can be used, in seconds.
const PROOF: i64 = 900;

/// [`domain::api::ProveNumber`].
///
/// # Errors
/// When a field cannot be read or the database fails.
pub fn prove(
    tx: &mut Tx<'_>,
    call: &Call,
    body: &UseCode,
    (key, sender): (&str, &Sender),
) -> Result<Result<Proof, Problem>, Fail> {
    let phone = read_phone(&body.phone)?;
    let held_as = held_as(CodePurpose::Record, &phone);
    let number = phone.as_str();
    if let Err(problem) = use_code(tx, call, (number, &held_as), &body.code, (key, sender))? {
        return Ok(Err(problem));
    }
    let proof = clock::secret();
    tx.exec(
        "update sign_in_code set proof = $2, proof_until = $3 where phone = $1",
        &[
            held_as.into(),
            person::token_hash(&proof).into(),
            (call.now() + PROOF).into(),
        ],
    )?;
    Ok(Ok(Proof { proof }))
}

/// Refuses what needs the proof of a number unless it is given; it can be used once.
pub(crate) fn need_proof(
    tx: &mut Tx<'_>,
    call: &Call,
    phone: &str,
    proof: Option<&str>,
) -> Result<(), Fail> {
    let used = tx.exec(
        "update sign_in_code set proof = null where phone = $1 and proof = $2 and proof_until > $3",
        &[
            format!("record {phone}").into(),
            person::token_hash(proof.unwrap_or_default()).into(),
            call.now().into(),
        ],
    )?;
    match used {
        0 => Err(Problem::ProofNeeded.into()),
        _ => Ok(()),
    }
}

/// [`domain::api::SignIn`]. A wrong code is a result, not a failure: the try must count.
///
/// # Errors
/// When a field cannot be read or the database fails.
pub fn sign_in(
    tx: &mut Tx<'_>,
    call: &Call,
    body: &UseCode,
    from: &SignInRequest,
) -> Result<Result<SignedIn, Problem>, Fail> {
    let phone = read_phone(&body.phone)?;
    let number = (phone.as_str(), phone.as_str());
    let used = match use_code(tx, call, number, &body.code, (&from.key, &from.sender))? {
        Ok(used) => used,
        Err(problem) => return Ok(Err(problem)),
    };
    let id = if let Some(id) = person::find(tx, &phone)? {
        id
    } else {
        let new = NewPerson {
            phone: Some(&phone),
            name: "",
            lang: from.lang,
        };
        person::create(tx, call.now_ms, new)?
    };
    let secret = get_code_secret(tx)?;
    // One code starts one session, also where its answer was lost: whoever signed out meanwhile is out.
    let token = used.derive(&secret, "session");
    if !used.again {
        person::open_session(tx, call.now_ms, &id, (&token, &from.device))?;
    } else if !person::has_session(tx, &token)? {
        return Ok(Err(Problem::CodeExpired));
    }
    let devices = remember_device(tx, &from.sender, phone.as_str(), &used, call.now())?;
    Ok(Ok(SignedIn {
        devices: Some(devices),
        ..describe_entered(tx, call, token)?
    }))
}

/// [`domain::api::ListDemoAccounts`].
///
/// # Errors
/// When the database fails.
pub fn list_demo_accounts(tx: &mut Tx<'_>, _: &Call, (): ()) -> Result<Vec<DemoAccount>, Fail> {
    let mut accounts = Vec::new();
    for role in Role::ALL {
        if let Some((_, name)) = find_demo_account(tx, role)? {
            accounts.push(DemoAccount { role, name });
        }
    }
    Ok(accounts)
}

fn find_demo_account(tx: &mut Tx<'_>, role: Role) -> Result<Option<(PersonId, String)>, Fail> {
    let row = tx.opt(
        "select p.id, p.name from setting s join person p on p.id = s.value where s.name = $1",
        &[format!("demo-{}", role.code()).into()],
    )?;
    Ok(row
        .map(|row| Ok::<_, crate::db::Fault>((row.get::<PersonId>("id")?, row.get("name")?)))
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
    from: &SignInRequest,
) -> Result<SignedIn, Fail> {
    let (id, _) = find_demo_account(tx, body.role)?.ok_or(Problem::NotFound)?;
    finish_sign_in(tx, call, id, from)
}

/// Makes the secret of the link for the first manager, unless the house has one or is the demo.
///
/// # Errors
/// When the database fails.
pub fn get_first_secret(tx: &mut Tx<'_>) -> Result<Option<String>, Fail> {
    let manager = tx.opt("select 1 from role where role = 'manager' limit 1", &[])?;
    if manager.is_some() || account::is_demo(tx)? {
        return Ok(None);
    }
    role::make_manager_secret(tx).map(Some)
}

/// [`domain::api::ClaimHouse`].
///
/// # Errors
/// When the link was used or replaced, or a field cannot be meant.
pub fn claim(
    tx: &mut Tx<'_>,
    call: &Call,
    body: &Claim,
    from: &SignInRequest,
) -> Result<SignedIn, Fail> {
    let phone = read_phone(&body.phone)?;
    let name = typed("name", &body.name, MOST_NAME, true)?;
    let used = tx.exec(
        "delete from setting where name = 'first-manager' and value = $1",
        &[person::token_hash(&body.secret).into()],
    )?;
    if used == 0 {
        return Err(Problem::LinkUsed.into());
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
    role::grant(tx, &id, None, Role::Manager)?;
    // The link is the way back in, also where the phone with the second factor is lost.
    second_factor::clear(tx, &id)?;
    tx.exec("delete from session where person_id = $1", &[(&id).into()])?;
    token::end_all(tx, &id)?;
    Note::own(Act::HouseClaimed).of(&id).write(tx, call)?;
    finish_sign_in(tx, call, id, from)
}
