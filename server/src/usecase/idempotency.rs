//! Idempotency keys: a write that is sent twice is done once; its reply is kept with its key, in the same transaction.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{id::PersonId, problem::Problem};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::{
    clock::hex,
    db::{Fail, Row, Tx, Value},
    usecase::{booking::hold, person::attempt, push},
};

/// How long a key is remembered, in seconds.
pub const KEPT: i64 = 24 * 3600;

/// A write as it can be recognised when it comes again.
#[derive(Clone, Debug)]
pub struct Write {
    /// The key that the client made for it.
    pub key: String,
    /// The operation's name.
    pub operation: &'static str,
    /// A digest of what is sent to which address.
    pub digest: String,
}

impl Write {
    /// A write of `body` to `path`.
    pub fn new(key: String, operation: &'static str, path: &str, body: &[u8]) -> Self {
        let mut hash = Sha256::new();
        for part in [path.as_bytes(), body] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self {
            key,
            operation,
            digest: hex(&hash.finalize()),
        }
    }

    /// Does `work` unless its sender did it before under this key, in whatever session; then gives the reply of that time.
    ///
    /// # Errors
    /// What `work` fails with (then nothing is kept), or [`Problem::BadKey`] when the key was used for something else.
    pub fn once<T: Serialize + DeserializeOwned>(
        &self,
        tx: &mut Tx<'_>,
        sender: &PersonId,
        now: i64,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, Fail>,
    ) -> Result<T, Fail> {
        if let Some(kept) = Kept::find(tx, [self])?.get(&self.key) {
            return Ok(kept.reply(self, sender)?);
        }
        let reply = work(tx)?;
        tx.insert_all(KEEP, &[self.row(sender, now, &reply)])?;
        Ok(reply)
    }

    /// Does `work` for those of several writes that their senders have not done before, which it is given by number; the others get
    /// the reply of that time. Of those with one key only the first is done.
    ///
    /// # Errors
    /// What `work` fails with as a whole. For each write what stands against it, as in [`Self::once`].
    pub fn once_all<T: Serialize + DeserializeOwned>(
        tx: &mut Tx<'_>,
        writes: &[(&Self, &PersonId)],
        now: i64,
        work: impl FnOnce(&mut Tx<'_>, &[usize]) -> Result<Vec<Result<T, Problem>>, Fail>,
    ) -> Result<Vec<Result<T, Problem>>, Fail> {
        let mut kept = Kept::find(tx, writes.iter().map(|(write, _)| *write))?;
        let mut fresh = Vec::new();
        let mut keys = HashSet::new();
        for (number, (write, _)) in writes.iter().enumerate() {
            if !kept.contains_key(&write.key) && keys.insert(&write.key) {
                fresh.push(number);
            }
        }
        let replies = work(tx, &fresh)?;
        let mut rows = Vec::with_capacity(replies.len());
        let mut refused: HashMap<&str, (String, Problem)> = HashMap::new();
        let mut done: BTreeMap<usize, Result<T, Problem>> = BTreeMap::new();
        for (number, reply) in fresh.into_iter().zip(replies) {
            let (write, sender) = writes[number];
            match &reply {
                Ok(reply) => {
                    rows.push(write.row(sender, now, reply));
                    kept.insert(write.key.clone(), Kept::of(write, sender, reply));
                }
                Err(problem) => {
                    let what = format!("{} {}", write.operation, write.digest_of(sender));
                    refused.insert(write.key.as_str(), (what, problem.clone()));
                }
            }
            done.insert(number, reply);
        }
        tx.insert_all(KEEP, &rows)?;
        let all = writes.iter().enumerate().map(|(number, (write, sender))| {
            done.remove(&number).unwrap_or_else(|| {
                let what = format!("{} {}", write.operation, write.digest_of(sender));
                let problem = refused.get(write.key.as_str());
                let problem = problem.filter(|(of, _)| *of == what);
                let problem = problem.map_or(Problem::BadKey, |(_, problem)| problem.clone());
                let kept = kept.get(&write.key);
                kept.map_or(Err(problem), |kept| kept.reply(write, sender))
            })
        });
        Ok(all.collect())
    }

    /// The digest with its sender: a reply is for that person alone.
    fn digest_of(&self, sender: &PersonId) -> String {
        format!("{sender} {}", self.digest)
    }

    fn row(&self, sender: &PersonId, now: i64, reply: &impl Serialize) -> Vec<Value> {
        vec![
            self.key.as_str().into(),
            self.operation.into(),
            self.digest_of(sender).into(),
            serde_json::to_string(reply).unwrap_or_default().into(),
            now.into(),
        ]
    }
}

const KEEP: &str = "insert into idempotency (key, operation, request_hash, reply, made_at)";

/// What is kept of a write.
struct Kept {
    operation: String,
    digest: String,
    reply: String,
}

impl Kept {
    /// Those of several writes that were done before, by key.
    fn find<'a>(
        tx: &mut Tx<'_>,
        writes: impl IntoIterator<Item = &'a Write>,
    ) -> Result<HashMap<String, Self>, Fail> {
        let rows = tx.all_in(
            "select key, operation, request_hash, reply from idempotency where key in ($ids)",
            &[],
            writes.into_iter().map(|write| write.key.as_str()),
        )?;
        let read = |row: &Row| {
            let kept = Self {
                operation: row.get("operation")?,
                digest: row.get("request_hash")?,
                reply: row.get("reply")?,
            };
            Ok((row.get("key")?, kept))
        };
        rows.iter().map(read).collect()
    }

    fn of(write: &Write, sender: &PersonId, reply: &impl Serialize) -> Self {
        Self {
            operation: write.operation.to_owned(),
            digest: write.digest_of(sender),
            reply: serde_json::to_string(reply).unwrap_or_default(),
        }
    }

    /// The reply, if this is the same write by the same person.
    fn reply<T: DeserializeOwned>(&self, write: &Write, sender: &PersonId) -> Result<T, Problem> {
        let same = self.operation == write.operation && self.digest == write.digest_of(sender);
        let reply = same.then(|| serde_json::from_str(&self.reply).ok());
        reply.flatten().ok_or(Problem::BadKey)
    }
}

/// Forgets what nobody can send again.
///
/// # Errors
/// When the database fails.
pub fn forget_old(tx: &mut Tx<'_>, now: i64) -> Result<(), Fail> {
    tx.exec(
        "delete from idempotency where made_at < $1",
        &[(now - KEPT).into()],
    )?;
    tx.exec("delete from session where expires_at < $1", &[now.into()])?;
    tx.exec("delete from token where until_at < $1", &[now.into()])?;
    tx.exec(
        "delete from last_look where at_ms < $1",
        &[((now - KEPT) * 1000).into()],
    )?;
    tx.exec(
        "delete from sign_in_code where window_from < $1",
        &[(now - KEPT).into()],
    )?;
    hold::forget_old(tx, now)?;
    push::forget_old(tx, now)?;
    attempt::forget(tx, now - KEPT)?;
    Ok(())
}
