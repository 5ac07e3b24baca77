//! A write that is sent twice is done once: its reply is kept with its key, in the same transaction.

use domain::problem::Problem;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::{
    clock::hex,
    db::{Fail, Tx},
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
    /// A digest of who sent what to which address.
    pub digest: String,
}

impl Write {
    /// A write by `caller` (a session, or nothing) of `body` to `path`.
    pub fn new(
        key: String,
        operation: &'static str,
        caller: &str,
        path: &str,
        body: &[u8],
    ) -> Self {
        let mut hash = Sha256::new();
        for part in [caller.as_bytes(), path.as_bytes(), body] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self {
            key,
            operation,
            digest: hex(&hash.finalize()),
        }
    }

    /// Does `work` unless it was done before under this key; then gives the reply of that time.
    ///
    /// # Errors
    /// What `work` fails with (then nothing is kept), or [`Problem::BadKey`] when the key was used for something else.
    pub fn once<T: Serialize + DeserializeOwned>(
        &self,
        tx: &mut Tx<'_>,
        now: i64,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, Fail>,
    ) -> Result<T, Fail> {
        let sql = "select operation, request_hash, reply from idempotency where key = $1";
        if let Some(row) = tx.opt(sql, &[self.key.as_str().into()])? {
            let same =
                row.get::<String>(0)? == self.operation && row.get::<String>(1)? == self.digest;
            let reply: String = row.get(2)?;
            let reply = same.then(|| serde_json::from_str(&reply).ok()).flatten();
            return reply.ok_or(Fail::Problem(Problem::BadKey));
        }
        let reply = work(tx)?;
        let text = serde_json::to_string(&reply).unwrap_or_default();
        tx.exec(
            "insert into idempotency (key, operation, request_hash, reply, made_at) values ($1, $2, $3, $4, $5)",
            &[
                self.key.as_str().into(),
                self.operation.into(),
                self.digest.as_str().into(),
                text.into(),
                now.into(),
            ],
        )?;
        Ok(reply)
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
    tx.exec(
        "delete from last_look where at_ms < $1",
        &[((now - KEPT) * 1000).into()],
    )?;
    tx.exec(
        "delete from sign_in_code where window_from < $1",
        &[(now - KEPT).into()],
    )?;
    Ok(())
}
