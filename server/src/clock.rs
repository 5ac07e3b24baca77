//! Clock and randomness: read nowhere else.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the place that the bans name"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
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

/// A moment for measuring how long something takes.
pub fn instant() -> Instant {
    Instant::now()
}

/// A random number below `limit`; 0 where that is 0. For spreading work, not for secrets.
pub fn below(limit: u64) -> u64 {
    u64::from_le_bytes(random::<8>()) % limit.max(1)
}

/// Random bytes, for keys.
pub fn bytes<const N: usize>() -> [u8; N] {
    random()
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

/// The last id's milliseconds and, in the lowest bits, the count within them.
static LAST: AtomicU64 = AtomicU64::new(0);

/// An id that sorts in the order in which this process makes them (UUID version 7, RFC 9562, section 6.2, method 1): what
/// one act writes within a millisecond stays in its order.
pub fn new_id(now_ms: i64) -> String {
    let asked = u64::try_from(now_ms).unwrap_or_default() << COUNTER_BITS;
    let next = |last: u64| Some(asked.max(last + 1));
    let last = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
    let at = last.map_or(asked, |last| asked.max(last + 1));
    let mut bytes = random::<10>();
    let [.., high, low] = at.to_be_bytes();
    (bytes[0], bytes[1]) = (high & 0x0f, low);
    uuid::Builder::from_unix_timestamp_millis(at >> COUNTER_BITS, &bytes)
        .into_uuid()
        .to_string()
}

/// The width of the counter between the time and the random part of an id.
const COUNTER_BITS: u32 = 12;

/// So many random digits, at most 12.
pub fn digits(count: u32) -> String {
    let count = count.min(12);
    // 2^64 is no multiple of a power of ten; the bias is below 1 in 10^7.
    let number = u64::from_le_bytes(random::<8>()) % 10u64.pow(count);
    format!("{number:0width$}", width = count as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_in_the_order_in_which_they_are_made() {
        let ids: Vec<_> = (0..10_000)
            .map(|n| new_id(1_795_320_000_000 + n / 6000))
            .collect();
        assert!(ids.is_sorted() && ids.iter().all(|id| id.len() == 36));
        assert_eq!(&ids[0][14..15], "7", "the version");
    }
}
