//! Push messages (RFC 8030): the devices that get them, what is told when, and what waits to be sent.

pub mod remind;
pub mod send;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    api::{NewPush, PushChange, PushDevice, PushSettings},
    id::{CentreId, PersonId, PushId},
    message::{News, NewsKind, QuietHours},
    problem::{Problem, TextFault},
};
use web_push_native::p256::{PublicKey, SecretKey};

use crate::{
    clock,
    db::{Fail, Fault, FaultKind, Row, Tx},
    usecase::call::Call,
};

/// The most devices of one person: the oldest goes for a new one.
const MOST_DEVICES: usize = 10;

/// The longest address of a device, in characters.
const MOST_ADDRESS: usize = 1_000;

/// How long a message is worth being told, in seconds: a day.
const WORTH: i64 = 86_400;

/// The key by which the house signs its messages (RFC 8292), made once.
fn get_key(tx: &mut Tx<'_>) -> Result<SecretKey, Fail> {
    let sql = "select value from setting where name = 'push-key'";
    let made = match tx.opt(sql, &[])? {
        Some(row) => row.get::<String>("value")?,
        None => {
            let key = make_key();
            tx.exec(
                "insert into setting (name, value) values ('push-key', $1) on conflict do nothing",
                &[BASE64_URL_SAFE_NO_PAD.encode(key.to_bytes()).into()],
            )?;
            tx.one(sql, &[])?.get("value")?
        }
    };
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(made).unwrap_or_default();
    SecretKey::from_slice(&bytes)
        .map_err(|_| Fault::new(FaultKind::Inconsistent, "the key of push messages").into())
}

/// A key; nearly all numbers of 256 bits are one.
fn make_key() -> SecretKey {
    loop {
        if let Ok(key) = SecretKey::from_slice(&clock::bytes::<32>()) {
            return key;
        }
    }
}

/// A public key as it goes over the wire: uncompressed, in base64url.
fn encode_public(key: &PublicKey) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(key.to_sec1_bytes())
}

fn read_kinds(row: &Row) -> Result<Vec<NewsKind>, Fail> {
    let codes: String = row.get("push_off")?;
    Ok(codes.split(' ').filter_map(NewsKind::from_code).collect())
}

fn read_quiet(row: &Row) -> Result<QuietHours, Fail> {
    let (from, until): (Option<u16>, Option<u16>) =
        (row.get("quiet_from")?, row.get("quiet_until")?);
    Ok(from
        .zip(until)
        .map(|(from, until)| QuietHours { from, until })
        .unwrap_or_default())
}

/// [`domain::api::GetPush`].
///
/// # Errors
/// For a visitor.
pub fn get(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<PushSettings, Fail> {
    let person = call.person()?;
    let row = tx.one(
        "select push_off, quiet_from, quiet_until from person where id = $1",
        &[person.into()],
    )?;
    let devices = tx.all(
        "select p.id, p.device, p.endpoint, p.made_at from push p join session s on s.id = p.session_id
        where p.person_id = $1 and s.expires_at > $2 order by p.made_at, p.id",
        &[person.into(), call.now().into()],
    )?;
    let devices = devices.iter().map(|row| {
        Ok(PushDevice {
            id: row.get("id")?,
            device: row.get("device")?,
            endpoint: row.get("endpoint")?,
            since: row.get("made_at")?,
        })
    });
    Ok(PushSettings {
        key: encode_public(&get_key(tx)?.public_key()),
        devices: devices.collect::<Result<_, Fail>>()?,
        off: read_kinds(&row)?,
        quiet: read_quiet(&row)?,
    })
}

/// [`domain::api::AddPush`]. A browser that somebody else used before is theirs no more.
///
/// # Errors
/// For a visitor, and where the subscription is none.
pub fn add(tx: &mut Tx<'_>, call: &Call, (): (), new: NewPush) -> Result<PushSettings, Fail> {
    let person = call.person()?.clone();
    let unreadable = |field| Problem::field(field, TextFault::Unreadable);
    let is_address = new.endpoint.len() <= MOST_ADDRESS
        && new.endpoint.starts_with("http")
        && new.endpoint.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_address {
        return Err(unreadable("endpoint").into());
    }
    send::read_keys(&new.p256dh, &new.auth).ok_or_else(|| unreadable("keys"))?;
    let known = tx.opt(
        "select id from push where endpoint = $1",
        &[new.endpoint.as_str().into()],
    )?;
    if let Some(row) = known {
        drop_device(tx, &row.get("id")?)?;
    }
    let session = call.session.as_ref().ok_or(Problem::NotSignedIn)?;
    tx.exec(
        "insert into push (id, person_id, session_id, endpoint, p256dh, auth, device, made_at)
        select $1, $2, s.id, $3, $4, $5, s.device, $6 from session s where s.id = $7",
        &[
            clock::new_id(call.now_ms).into(),
            (&person).into(),
            new.endpoint.as_str().into(),
            new.p256dh.as_str().into(),
            new.auth.as_str().into(),
            call.now().into(),
            session.into(),
        ],
    )?;
    let settings = get(tx, call, ())?;
    if settings.devices.len() <= MOST_DEVICES {
        return Ok(settings);
    }
    drop_device(tx, &settings.devices[0].id)?;
    get(tx, call, ())
}

/// [`domain::api::ChangePush`].
///
/// # Errors
/// For a visitor, and where a minute is none of a day.
pub fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    (): (),
    change: PushChange,
) -> Result<PushSettings, Fail> {
    let person = call.person()?.clone();
    let QuietHours { from, until } = change.quiet;
    if i64::from(from.max(until)) >= domain::time::DAY {
        return Err(Problem::field("quiet", TextFault::OutOfRange).into());
    }
    let mut off = change.off;
    off.sort_unstable();
    off.dedup();
    let off: Vec<_> = off.iter().map(|kind| kind.code()).collect();
    tx.exec(
        "update person set push_off = $2, quiet_from = $3, quiet_until = $4 where id = $1",
        &[
            (&person).into(),
            off.join(" ").into(),
            from.into(),
            until.into(),
        ],
    )?;
    get(tx, call, ())
}

/// [`domain::api::RemovePush`].
///
/// # Errors
/// For a visitor, and where they have no such device.
pub fn remove(tx: &mut Tx<'_>, call: &Call, id: PushId, (): ()) -> Result<PushSettings, Fail> {
    let mine = tx.opt(
        "select 1 from push where id = $1 and person_id = $2",
        &[(&id).into(), call.person()?.into()],
    )?;
    mine.ok_or(Problem::NotFound)?;
    drop_device(tx, &id)?;
    get(tx, call, ())
}

fn drop_device(tx: &mut Tx<'_>, id: &PushId) -> Result<(), Fail> {
    for sql in [
        "delete from push_message where push_id = $1",
        "delete from push where id = $1",
    ] {
        tx.exec(sql, &[id.into()])?;
    }
    Ok(())
}

/// Tells the devices of somebody what a letter says.
pub(crate) fn add_letter(
    tx: &mut Tx<'_>,
    call: &Call,
    (letter, centre, to): (&str, &CentreId, &PersonId),
    (news, words): (&News, &str),
) -> Result<(), Fail> {
    let zone = call.centres.get(tx, centre)?.zone;
    // What had to be answered by then is no news afterwards.
    let deadline = news.deadline().and_then(|at| zone.utc(at));
    let until = deadline.map_or(call.now() + WORTH, |at| at.min(call.now() + WORTH));
    tx.exec(
        "insert into push_message (id, push_id, centre_id, letter_id, news, due_at, until_at, tries)
        select $1 || ' ' || p.id, p.id, $2, $1, $3, $4, $5, 0 from push p where p.person_id = $6",
        &[
            letter.into(),
            centre.into(),
            words.into(),
            call.now().into(),
            until.into(),
            to.into(),
        ],
    )?;
    Ok(())
}

/// The news of a message; none where an older Linli wrote words that are gone.
fn read_news(row: &Row) -> Result<Option<News>, Fail> {
    Ok(serde_json::from_str(&row.get::<String>("news")?).ok())
}

/// Forgets what is over, and devices on which nobody is signed in any more.
pub(crate) fn forget_old(tx: &mut Tx<'_>, now: i64) -> Result<(), Fail> {
    tx.exec(
        "delete from push_message where until_at < $1",
        &[now.into()],
    )?;
    let left = tx.all(
        "select id from push where not exists (select 1 from session s where s.id = push.session_id)",
        &[],
    )?;
    for row in &left {
        drop_device(tx, &row.get("id")?)?;
    }
    Ok(())
}
