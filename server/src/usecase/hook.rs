//! Webhooks: addresses that a centre tells of what happens in it. Each goes along the audit log by itself: what was not accepted is
//! sent again, and nothing is left out. Acts that go on at once write their entries in no order, so for some minutes it is remembered
//! which of them were told.

use base64::{Engine, prelude::BASE64_STANDARD};
use domain::{
    api::NewHook,
    audit::{Act, Subject},
    hook::{Hook, HookBody, HookEvent, Outcome},
    id::{CentreId, HookId},
    person::permission::{self, Reach},
    problem::{Problem, TextFault, typed},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{
    clock,
    db::{Fail, Row, Tx, Value},
    usecase::{audit::Note, call::Call, centre::known},
};

/// The most addresses of a centre.
const MOST_HOOKS: usize = 10;

/// The longest address, in characters.
const MOST_ADDRESS: u16 = 500;

/// The most events of one request.
const MOST_EVENTS: i64 = 100;

/// How long an event waits, in milliseconds: what staff decided can be taken back until then.
pub const SETTLED: i64 = 10_000;

/// For how long an entry may come late, in milliseconds: beyond what the longest queue and transaction take, and clocks differ.
const LATE: i64 = 10 * 60_000;

/// Entries of a hook `h` that are to be told, up to a moment: `$2` where `$1` is now, in seconds. Nobody is told that somebody looked.
macro_rules! untold {
    () => {
        "a.centre_id = h.centre_id and a.at_ms > h.after_ms and a.at_ms <= $2
        and a.act not in ('person_seen', 'people_searched', 'sheet_seen', 'case_seen')
        and not exists (
            select 1 from hook_told t where t.centre_id = h.centre_id and t.hook_id = h.id and t.audit_id = a.id
        )"
    };
}

/// How long another process has for a request that it sends, in seconds.
const CLAIMED: i64 = 60;

/// How long after a failure it is tried again, in seconds; the last again and again.
const AGAIN: [i64; 7] = [10, 60, 300, 1_800, 7_200, 21_600, 43_200];

/// After how long without success nothing is sent any more, in seconds: three days.
const GIVEN_UP: i64 = 3 * 86_400;

/// What a secret begins with (Standard Webhooks).
const MARK: &str = "whsec_";

fn need(call: &Call, centre: &CentreId) -> Result<(), Problem> {
    call.need(permission::may_give_role(&call.actor, centre, Reach::Here))
}

/// [`domain::api::ListHooks`].
///
/// # Errors
/// For everybody but the centre's managers.
pub fn list(tx: &mut Tx<'_>, call: &Call, centre: CentreId) -> Result<Vec<Hook>, Fail> {
    need(call, &centre)?;
    call.centres.get(tx, &centre)?;
    let rows = tx.all(
        "select id, url, secret, made_at, last, failing_at, off_at from hook where centre_id = $1 order by made_at, id",
        &[(&centre).into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Hook {
                id: row.get("id")?,
                url: row.get("url")?,
                secret: row.get("secret")?,
                since: row.get("made_at")?,
                last: Outcome::from_code(&row.get::<String>("last")?),
                failing: row.get("failing_at")?,
                off: row.get::<Option<i64>>("off_at")?.is_some(),
            })
        })
        .collect()
}

/// [`domain::api::MakeHook`].
///
/// # Errors
/// For everybody but the centre's managers, where the address is none, and beyond ten.
pub fn make(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
    new: NewHook,
) -> Result<Vec<Hook>, Fail> {
    need(call, &centre)?;
    let url = typed("url", &new.url, MOST_ADDRESS, true)?;
    let is_address = (url.starts_with("https://") || url.starts_with("http://"))
        && url.bytes().all(|byte| byte.is_ascii_graphic())
        && !url.contains('@');
    if !is_address {
        return Err(Problem::field("url", TextFault::Unreadable).into());
    }
    if list(tx, call, centre.clone())?.len() >= MOST_HOOKS {
        return Err(Problem::field("url", TextFault::OutOfRange).into());
    }
    let secret = format!("{MARK}{}", BASE64_STANDARD.encode(clock::bytes::<32>()));
    tx.exec(
        "insert into hook (centre_id, id, url, secret, made_at, greeted, after_ms, due_at, tries, last)
        values ($1, $2, $3, $4, $5, 0, $6, $5, 0, '')",
        &[
            (&centre).into(),
            clock::new_id(call.now_ms).into(),
            url.as_str().into(),
            secret.into(),
            call.now().into(),
            // From here on: that it was added is the first thing it is told.
            (call.now_ms - 1).into(),
        ],
    )?;
    note(tx, call, Act::HookMade, &centre, &url)?;
    wake(tx, call, &centre)?;
    list(tx, call, centre)
}

/// [`domain::api::RetryHook`].
///
/// # Errors
/// For everybody but the centre's managers, and where there is no such address.
pub fn retry(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, HookId),
    (): (),
) -> Result<Vec<Hook>, Fail> {
    need(call, &centre)?;
    let changed = tx.exec(
        "update hook set due_at = $3, tries = 0, failing_at = null, off_at = null where centre_id = $1 and id = $2",
        &[(&centre).into(), (&id).into(), call.now().into()],
    )?;
    if changed == 0 {
        return Err(Problem::NotFound.into());
    }
    // Nothing of the house is different for it.
    call.unchanged();
    wake(tx, call, &centre)?;
    list(tx, call, centre)
}

/// [`domain::api::RemoveHook`].
///
/// # Errors
/// For everybody but the centre's managers, and where there is no such address.
pub fn remove(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, HookId),
    (): (),
) -> Result<Vec<Hook>, Fail> {
    need(call, &centre)?;
    let row = tx.opt(
        "select url from hook where centre_id = $1 and id = $2",
        &[(&centre).into(), (&id).into()],
    )?;
    let url: String = row.ok_or(Problem::NotFound)?.get("url")?;
    for sql in [
        "delete from hook_told where centre_id = $1 and hook_id = $2",
        "delete from hook where centre_id = $1 and id = $2",
    ] {
        tx.exec(sql, &[(&centre).into(), (&id).into()])?;
    }
    note(tx, call, Act::HookRemoved, &centre, &url)?;
    list(tx, call, centre)
}

/// Tells of a change of the centre: pages show it, and whoever delivers looks at once.
fn wake(tx: &mut Tx<'_>, call: &Call, centre: &CentreId) -> Result<(), Fail> {
    let known = call.centres.get(tx, centre)?;
    known::tell(tx, &known, call.now(), call.now());
    Ok(())
}

/// The entry of the log names the host alone: what stands behind it in the address may be a secret.
fn note(tx: &mut Tx<'_>, call: &Call, act: Act, centre: &CentreId, url: &str) -> Result<(), Fail> {
    let host = url.split('/').nth(2).unwrap_or_default();
    let subject = Subject {
        reason: host.to_owned(),
        ..Subject::default()
    };
    Note::at(act, centre).about(subject).write(tx, call)
}

/// A webhook that may have something to tell.
#[derive(Clone, Debug)]
pub struct Due {
    centre: CentreId,
    id: HookId,
    at: i64,
}

/// A request, ready to be sent.
#[derive(Clone, Debug)]
pub struct Request {
    centre: CentreId,
    id: HookId,
    tries: i64,
    /// What became of the one before.
    last: String,
    failing: Option<i64>,
    /// Until when it is this process's to send.
    claim: i64,
    /// The entries of the log that it tells: when, and which.
    told: Vec<(i64, String)>,
    /// Where to.
    pub url: String,
    /// With these headers.
    pub headers: Vec<(&'static str, String)>,
    /// What.
    pub body: Vec<u8>,
}

/// The webhooks that have something to tell.
///
/// # Errors
/// When the database fails.
pub fn list_due(tx: &mut Tx<'_>, now_ms: i64) -> Result<Vec<Due>, Fail> {
    let rows = tx.all(
        concat!(
            "select centre_id, id, due_at from hook h where off_at is null and due_at <= $1
            and (greeted = 0 or exists (select 1 from audit a where ",
            untold!(),
            "))"
        ),
        &[(now_ms / 1000).into(), (now_ms - SETTLED).into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Due {
                centre: row.get("centre_id")?,
                id: row.get("id")?,
                at: row.get("due_at")?,
            })
        })
        .collect()
}

/// When the next one is to be tried again, or has something to tell that is settled by then, in seconds UTC.
///
/// # Errors
/// When the database fails.
pub fn find_next_due(tx: &mut Tx<'_>, now_ms: i64) -> Result<Option<i64>, Fail> {
    let again = tx.one(
        "select min(due_at) as due_at from hook where off_at is null and due_at > $1",
        &[(now_ms / 1000).into()],
    )?;
    let settles = tx.one(
        concat!(
            "select min(a.at_ms) as at_ms from hook h join audit a on ",
            untold!(),
            " where h.off_at is null and h.due_at <= $1"
        ),
        &[(now_ms / 1000).into(), now_ms.into()],
    )?;
    let settles = settles
        .get::<Option<i64>>("at_ms")?
        .map(|at| (at + SETTLED) / 1000 + 1);
    Ok(again
        .get::<Option<i64>>("due_at")?
        .into_iter()
        .chain(settles)
        .min())
}

/// Takes a webhook to tell it what is next, so that no other process does.
///
/// # Errors
/// When the database fails.
pub fn take(tx: &mut Tx<'_>, call: &Call, due: &Due) -> Result<Option<Request>, Fail> {
    let claim = call.now() + CLAIMED;
    let taken = tx.exec(
        "update hook set due_at = $4 where centre_id = $1 and id = $2 and due_at = $3 and off_at is null",
        &[
            (&due.centre).into(),
            (&due.id).into(),
            due.at.into(),
            claim.into(),
        ],
    )?;
    if taken == 0 {
        return Ok(None);
    }
    let hook = tx.one(
        "select url, secret, greeted, tries, last, failing_at from hook where centre_id = $1 and id = $2",
        &[(&due.centre).into(), (&due.id).into()],
    )?;
    // The first request says that the address is known: nobody waits for something to happen to see that it works.
    let rows = match hook.get::<i64>("greeted")? {
        0 => Vec::new(),
        _ => tx.all(
            concat!(
                "select a.at_ms, a.id, a.act, a.about from hook h join audit a on ",
                untold!(),
                " where h.centre_id = $1 and h.id = $3 order by a.at_ms, a.id limit $4"
            ),
            &[
                (&due.centre).into(),
                (call.now_ms - SETTLED).into(),
                (&due.id).into(),
                MOST_EVENTS.into(),
            ],
        )?,
    };
    let events = rows
        .iter()
        .map(read_event)
        .collect::<Result<Vec<_>, Fail>>()?;
    let told: Vec<_> = events.iter().map(|one| (one.at, one.id.clone())).collect();
    let body = HookBody {
        centre: due.centre.to_string(),
        events,
    };
    let body = serde_json::to_vec(&body).unwrap_or_default();
    let id = match told.last() {
        Some((_, id)) => format!("{}-{id}", due.id),
        None => format!("{}-hello", due.id),
    };
    let headers = sign(&hook.get::<String>("secret")?, &id, call.now(), &body);
    Ok(Some(Request {
        centre: due.centre.clone(),
        id: due.id.clone(),
        tries: hook.get("tries")?,
        last: hook.get("last")?,
        failing: hook.get("failing_at")?,
        claim,
        told,
        url: hook.get("url")?,
        headers,
        body,
    }))
}

/// An entry of the log as others may know it.
fn read_event(row: &Row) -> Result<HookEvent, Fail> {
    Ok(HookEvent {
        id: row.get("id")?,
        act: row.get("act")?,
        at: row.get("at_ms")?,
        page: row.get("about")?,
    })
}

/// The headers that show whose request it is (Standard Webhooks 1.0: HMAC-SHA256 over id, time and body).
fn sign(secret: &str, id: &str, now: i64, body: &[u8]) -> Vec<(&'static str, String)> {
    let key = BASE64_STANDARD.decode(secret.trim_start_matches(MARK));
    let mut signature = String::new();
    // A key may have any length.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key.unwrap_or_default()) {
        mac.update(format!("{id}.{now}.").as_bytes());
        mac.update(body);
        signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    }
    vec![
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", now.to_string()),
        ("webhook-signature", format!("v1,{signature}")),
    ]
}

/// Notes what became of a request, as long as it is this process's to send.
///
/// # Errors
/// When the database fails.
pub fn note_outcome(
    tx: &mut Tx<'_>,
    call: &Call,
    request: &Request,
    outcome: Outcome,
) -> Result<(), Fail> {
    let (now, now_ms) = (call.now(), call.now_ms);
    if outcome.code() != request.last {
        // Whoever has just added it sees whether it works.
        wake(tx, call, &request.centre)?;
    }
    if outcome == Outcome::Accepted {
        let noted = tx.exec(
            "update hook set greeted = 1, due_at = $4, tries = 0, last = $5, failing_at = null
            where centre_id = $1 and id = $2 and due_at = $3",
            &[
                (&request.centre).into(),
                (&request.id).into(),
                request.claim.into(),
                now.into(),
                outcome.code().into(),
            ],
        )?;
        return match noted {
            0 => Ok(()),
            _ => note_told(tx, now_ms, request),
        };
    }
    let tries = usize::try_from(request.tries).unwrap_or_default();
    let wait = AGAIN[tries.min(AGAIN.len() - 1)];
    let failing = request.failing.unwrap_or(now);
    // Whoever says that it is gone wants no more of it.
    let is_over = outcome == Outcome::Answered(410) || now - failing >= GIVEN_UP;
    tx.exec(
        "update hook set due_at = $4, tries = tries + 1, last = $5, failing_at = $6, off_at = $7
        where centre_id = $1 and id = $2 and due_at = $3",
        &[
            (&request.centre).into(),
            (&request.id).into(),
            request.claim.into(),
            (now + wait).into(),
            outcome.code().into(),
            failing.into(),
            is_over.then_some(now).into(),
        ],
    )?;
    Ok(())
}

/// Remembers what was told, and forgets what nothing can come before any more.
fn note_told(tx: &mut Tx<'_>, now_ms: i64, request: &Request) -> Result<(), Fail> {
    let rows: Vec<Vec<Value>> = request
        .told
        .iter()
        .map(|(at, id)| {
            vec![
                (&request.centre).into(),
                (&request.id).into(),
                id.as_str().into(),
                (*at).into(),
            ]
        })
        .collect();
    tx.insert_all(
        "insert into hook_told (centre_id, hook_id, audit_id, at_ms)",
        &rows,
    )?;
    let first = tx.one(
        concat!(
            "select min(a.at_ms) as at_ms from hook h join audit a on ",
            untold!(),
            " where h.centre_id = $1 and h.id = $3"
        ),
        &[
            (&request.centre).into(),
            now_ms.into(),
            (&request.id).into(),
        ],
    )?;
    let late = now_ms - LATE;
    let first: Option<i64> = first.get("at_ms")?;
    let after = first.map_or(late, |at| late.min(at - 1));
    let place: [Value; 3] = [(&request.centre).into(), (&request.id).into(), after.into()];
    tx.exec(
        "update hook set after_ms = $3 where centre_id = $1 and id = $2 and after_ms < $3",
        &place,
    )?;
    tx.exec(
        "delete from hook_told where centre_id = $1 and hook_id = $2 and at_ms <= $3",
        &place,
    )?;
    Ok(())
}
