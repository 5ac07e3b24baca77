//! The only place that reads the clock and draws randomness.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the place that the bans name"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Tells the time.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that tests set, in milliseconds UTC.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// Milliseconds since 1970, UTC.
    pub fn now_ms(&self) -> i64 {
        match self {
            Self::System => {
                let since = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or(Duration::ZERO);
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            }
            Self::Set(ms) => ms.load(Ordering::Relaxed),
        }
    }

    /// Seconds since 1970, UTC.
    pub fn now(&self) -> i64 {
        self.now_ms() / 1000
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without randomness no secret can be made: to go on would be worse than to stop.
    #[expect(
        clippy::expect_used,
        reason = "the system cannot go without its random source"
    )]
    getrandom::fill(&mut bytes).expect("the operating system has a random source");
    bytes
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A secret of 256 bits.
pub fn secret() -> String {
    hex(&random::<32>())
}

/// An id that sorts by time (UUID version 7, RFC 9562).
pub fn new_id(now_ms: i64) -> String {
    let ms = u64::try_from(now_ms).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(ms, &random::<10>())
        .into_uuid()
        .to_string()
}

/// So many random digits, at most 12.
pub fn digits(count: u32) -> String {
    let count = count.min(12);
    // 2^64 is no multiple of a power of ten; the bias is below 1 in 10^7.
    let number = u64::from_le_bytes(random::<8>()) % 10u64.pow(count);
    format!("{number:0width$}", width = count as usize)
}
