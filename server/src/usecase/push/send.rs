//! Push messages that are due: encrypted for their device (RFC 8291), signed by the house (RFC 8292), and what became of them.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    hook::Outcome,
    id::{CentreId, PushId},
    language::Lang,
    message::News,
    view::View,
};
use serde_json::json;
use web_push_native::{
    Auth, encrypt,
    p256::{
        PublicKey, SecretKey,
        ecdsa::{Signature, SigningKey, signature::Signer},
    },
};

use super::{drop_device, encode_public, get_key, read_kinds, read_news, read_quiet};
use crate::{
    db::{Fail, Tx},
    usecase::call::Call,
};

/// How many are looked at together.
const AT_ONCE: i64 = 200;

/// How long somebody else who sends has for it, in seconds.
const CLAIMED: i64 = 60;

/// After how many tries a message is given up.
const MOST_TRIES: i64 = 6;

/// How long a signature holds, in seconds (RFC 8292: a day at most).
const SIGNED: i64 = 12 * 3600;

/// The longest text of a message, in characters: push services take 4,096 bytes with what encryption adds.
const MOST_TEXT: usize = 900;

/// A message that is due.
#[derive(Clone, Debug)]
pub struct Due {
    id: String,
    at: i64,
    /// The host that it goes to: a slow one keeps nobody else waiting.
    pub host: String,
}

/// A message, ready to be sent.
#[derive(Clone, Debug)]
pub struct Message {
    id: String,
    device: PushId,
    tries: i64,
    /// Where to.
    pub url: String,
    /// With these headers.
    pub headers: Vec<(&'static str, String)>,
    /// What.
    pub body: Vec<u8>,
}

/// The keys of a device.
pub(super) fn read_keys(p256dh: &str, auth: &str) -> Option<(PublicKey, Auth)> {
    let key = BASE64_URL_SAFE_NO_PAD
        .decode(p256dh.trim_end_matches('='))
        .ok()?;
    let auth = BASE64_URL_SAFE_NO_PAD
        .decode(auth.trim_end_matches('='))
        .ok()?;
    let auth: [u8; 16] = auth.try_into().ok()?;
    Some((PublicKey::from_sec1_bytes(&key).ok()?, auth.into()))
}

/// The messages that are due.
///
/// # Errors
/// When the database fails.
pub fn list_due(tx: &mut Tx<'_>, now: i64) -> Result<Vec<Due>, Fail> {
    let rows = tx.all(
        "select m.id, m.due_at, p.endpoint from push_message m left join push p on p.id = m.push_id where m.due_at <= $1
        order by m.due_at, m.id limit $2",
        &[now.into(), AT_ONCE.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Due {
                id: row.get("id")?,
                at: row.get("due_at")?,
                host: row
                    .get::<Option<String>>("endpoint")?
                    .and_then(|url| url.split('/').nth(2).map(str::to_owned))
                    .unwrap_or_default(),
            })
        })
        .collect()
}

/// When the next one is due.
///
/// # Errors
/// When the database fails.
pub fn find_next_due(tx: &mut Tx<'_>) -> Result<Option<i64>, Fail> {
    let row = tx.opt(
        "select due_at from push_message where due_at is not null order by due_at limit 1",
        &[],
    )?;
    Ok(row.map(|row| row.get("due_at")).transpose()?)
}

/// Takes a message to send it, so that no other process does; none where there is nothing to be sent any more, or not now.
///
/// # Errors
/// When the database fails.
pub fn take(
    tx: &mut Tx<'_>,
    call: &Call,
    due: &Due,
    sub: Option<&str>,
) -> Result<Option<Message>, Fail> {
    let now = call.now();
    let taken = tx.exec(
        "update push_message set due_at = $3 where id = $1 and due_at = $2",
        &[
            due.id.as_str().into(),
            due.at.into(),
            (now + CLAIMED).into(),
        ],
    )?;
    if taken == 0 {
        return Ok(None);
    }
    let row = tx.opt(
        "select m.push_id, m.centre_id, m.news, m.until_at, m.tries, p.endpoint, p.p256dh, p.auth, o.lang, o.push_off,
        o.quiet_from, o.quiet_until, l.read_at, l.id as letter, m.letter_id, s.expires_at
        from push_message m join push p on p.id = m.push_id join person o on o.id = p.person_id
        left join session s on s.id = p.session_id
        left join letter l on l.id = m.letter_id where m.id = $1",
        &[due.id.as_str().into()],
    )?;
    // Its device was dropped meanwhile.
    let Some(row) = row else {
        settle(tx, &due.id, None)?;
        return Ok(None);
    };
    let device: PushId = row.get("push_id")?;
    // Whoever signed out there, or was, is told nothing there.
    if row
        .get::<Option<i64>>("expires_at")?
        .is_none_or(|at| at <= now)
    {
        drop_device(tx, &device)?;
        return Ok(None);
    }
    let centre: CentreId = row.get("centre_id")?;
    let until: i64 = row.get("until_at")?;
    let (letter, of): (Option<String>, Option<String>) =
        (row.get("letter")?, row.get("letter_id")?);
    // Read elsewhere meanwhile, or gone.
    let is_read =
        row.get::<Option<i64>>("read_at")?.is_some() || (of.is_some() && letter.is_none());
    let keys = read_keys(&row.get::<String>("p256dh")?, &row.get::<String>("auth")?);
    let news = read_news(&row)?;
    let (Some(news), Some((key, auth)), false) = (news, keys, is_read || until <= now) else {
        settle(tx, &due.id, None)?;
        return Ok(None);
    };
    if read_kinds(&row)?.contains(&news.kind()) || !stands(tx, &due.id, &centre, &news)? {
        settle(tx, &due.id, None)?;
        return Ok(None);
    }
    let known = call.centres.get(tx, &centre)?;
    let local = known.zone.stamp(now).local;
    if let Some(left) = read_quiet(&row)?.left_at(local.minute_of_day()) {
        let ends = now - now.rem_euclid(60) + left * 60;
        // What must be answered before is told all the same.
        let deadline = news.deadline().and_then(|at| known.zone.utc(at));
        if deadline.is_none_or(|deadline| deadline > ends) {
            settle(tx, &due.id, (ends < until).then_some(ends))?;
            return Ok(None);
        }
    }
    let lang = Lang::choose(&row.get::<String>("lang")?);
    let page = View::at_centre(Some(centre.clone())).address(&news.page(&centre));
    let sentence: String = news.sentence(lang).chars().take(MOST_TEXT).collect();
    let text = json!({
        "title": known.centre.name.get(lang),
        "body": sentence,
        "lang": lang.tag(),
        "page": page,
        "tag": due.id,
    });
    let url: String = row.get("endpoint")?;
    let Ok(body) = encrypt(text.to_string().into_bytes(), &key, &auth) else {
        drop_device(tx, &device)?;
        return Ok(None);
    };
    let house = get_key(tx)?;
    let headers = vec![
        ("authorization", sign(&house, &url, sub, now)),
        ("content-encoding", "aes128gcm".to_owned()),
        ("content-type", "application/octet-stream".to_owned()),
        ("ttl", (until - now).to_string()),
        ("urgency", "normal".to_owned()),
    ];
    Ok(Some(Message {
        id: due.id.clone(),
        device,
        tries: row.get("tries")?,
        url,
        headers,
        body,
    }))
}

/// Whether what somebody is reminded of still begins then: the id of a reminder names it, and its start.
fn stands(tx: &mut Tx<'_>, id: &str, centre: &CentreId, news: &News) -> Result<bool, Fail> {
    let parts: Vec<&str> = id.split(' ').collect();
    let (sql, subject, start) = match (news, parts.as_slice()) {
        (News::BookingSoon { .. }, [_, booking, start, room, _]) => (
            "select 1 from booking where centre_id = $1 and id = $2 and starts_at = $3 and room_id = $4 and state = 'confirmed'",
            vec![*booking, *room],
            *start,
        ),
        (News::SessionSoon { .. }, [_, sign_up, session, start, _]) => (
            "select 1 from sign_up u join activity_session s on s.centre_id = u.centre_id and s.list_id = u.list_id
            join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
            where u.centre_id = $1 and u.id = $2 and s.id = $4 and b.starts_at = $3
            and u.state = 'confirmed' and b.state = 'confirmed'",
            vec![*sign_up, *session],
            *start,
        ),
        _ => return Ok(true),
    };
    let start: i64 = start.parse().unwrap_or_default();
    let mut values = vec![centre.into(), subject[0].into(), start.into()];
    values.extend(subject.get(1).map(|place| (*place).into()));
    Ok(tx.opt(sql, &values)?.is_some())
}

/// Who sends it, as push services want to know (RFC 8292, section 3).
fn sign(key: &SecretKey, url: &str, sub: Option<&str>, now: i64) -> String {
    let origin: String = url.split_inclusive('/').take(3).collect();
    let mut claims = json!({ "aud": origin.trim_end_matches('/'), "exp": now + SIGNED });
    if let Some(sub) = sub {
        claims["sub"] = sub.into();
    }
    let encode = |text: String| BASE64_URL_SAFE_NO_PAD.encode(text);
    let head = encode(json!({ "typ": "JWT", "alg": "ES256" }).to_string());
    let signed = format!("{head}.{}", encode(claims.to_string()));
    let signature: Signature = SigningKey::from(key).sign(signed.as_bytes());
    format!(
        "vapid t={signed}.{}, k={}",
        BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()),
        encode_public(&key.public_key())
    )
}

/// Notes what became of a message that was sent.
///
/// # Errors
/// When the database fails.
pub fn note(tx: &mut Tx<'_>, now: i64, message: &Message, outcome: Outcome) -> Result<(), Fail> {
    let tries = message.tries + 1;
    match outcome {
        // The browser gets nothing any more (RFC 8030, section 7.3), or it never was one.
        Outcome::Answered(404 | 410) | Outcome::Internal | Outcome::Insecure => {
            drop_device(tx, &message.device)
        }
        Outcome::Unreachable | Outcome::Answered(429 | 500..=599) if tries < MOST_TRIES => {
            tx.exec(
                "update push_message set tries = $2, due_at = $3 where id = $1",
                &[
                    message.id.as_str().into(),
                    tries.into(),
                    (now + 30 * (1 << (2 * message.tries))).into(),
                ],
            )?;
            Ok(())
        }
        Outcome::Accepted | Outcome::Unreachable | Outcome::Answered(_) => {
            settle(tx, &message.id, None)
        }
    }
}

/// When a message is due; never where it is done.
fn settle(tx: &mut Tx<'_>, id: &str, due: Option<i64>) -> Result<(), Fail> {
    tx.exec(
        "update push_message set due_at = $2 where id = $1",
        &[id.into(), due.into()],
    )?;
    Ok(())
}
