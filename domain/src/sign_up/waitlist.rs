//! The waitlist: who is offered a place, and until when.

use crate::time::{DAY, LocalTime};

/// How often an offer may go unanswered before the place in line is lost.
pub const MOST_PASSES: u16 = 3;

/// Somebody in line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The act in which they signed up: a family is offered places together.
    pub party: i64,
    /// How many offers they let pass.
    pub passes: u16,
}

/// The parties that are offered places now: `left` places, `line` in order of asking. Whoever let an offer pass comes
/// after those who did not; a party that does not fit is left out, keeps its place, and smaller ones behind it come first.
///
/// ```
/// use domain::sign_up::waitlist::{Waiting, promote};
///
/// let waits = |party, passes| Waiting { party, passes };
/// // A couple asked first, then one who let an offer pass, then one who did not.
/// let line = [waits(1, 0), waits(1, 0), waits(3, 1), waits(4, 0)];
/// assert_eq!(promote(1, &line), [4]);
/// assert_eq!(promote(3, &line), [1, 4]);
/// ```
pub fn promote(left: u16, line: &[Waiting]) -> Vec<i64> {
    let mut parties: Vec<(u16, i64, u16)> = Vec::new();
    for one in line {
        match parties.iter_mut().find(|party| party.1 == one.party) {
            Some(party) => (party.0, party.2) = (party.0.max(one.passes), party.2 + 1),
            None => parties.push((one.passes, one.party, 1)),
        }
    }
    // Stable: those with as many passes stay in order of asking.
    parties.sort_by_key(|party| party.0);
    let mut left = left;
    let mut offered = Vec::new();
    for (_, party, size) in parties {
        if left == 0 {
            break;
        }
        if size <= left {
            left -= size;
            offered.push(party);
        }
    }
    offered
}

/// The parties that lose their places where `over` more are held than there are: the last who asked, no more than it takes. `held`
/// names the party of each place, in order of asking; whoever asked together loses together, and who came last is spared where a
/// larger party before them has to go anyway.
///
/// ```
/// use domain::sign_up::waitlist::displace;
///
/// assert_eq!(displace(1, &[1, 1, 3]), [3]);
/// assert_eq!(displace(3, &[1, 2, 2, 4]), [4, 2]);
/// assert_eq!(displace(2, &[1, 2, 2, 4]), [2]);
/// ```
pub fn displace(over: u16, held: &[i64]) -> Vec<i64> {
    let mut parties: Vec<(i64, u16)> = Vec::new();
    for party in held.iter().rev() {
        match parties.iter_mut().find(|(one, _)| one == party) {
            Some((_, size)) => *size += 1,
            None => parties.push((*party, 1)),
        }
    }
    let (mut lose, mut freed) = (Vec::new(), 0);
    for (party, size) in parties {
        if freed >= over {
            break;
        }
        freed += size;
        lose.push((party, size));
    }
    // Of those who would lose theirs the first who asked are spared first.
    for at in (0..lose.len()).rev() {
        let size = lose[at].1;
        if freed - size >= over {
            freed -= size;
            lose.remove(at);
        }
    }
    lose.into_iter().map(|(party, _)| party).collect()
}

/// When people can be expected to read a message, in minutes after midnight.
pub const WAKING: (i64, i64) = (8 * 60, 21 * 60);

/// How long an offer stands, in waking minutes.
pub const OFFER: i64 = 120;

/// Until when an offer made at `now` stands: two hours that lie between 8:00 and 21:00, but never beyond the start.
///
/// ```
/// use domain::{sign_up::waitlist::offer_until, time::LocalTime};
///
/// let at = |text| LocalTime::parse(text).unwrap();
/// let late = offer_until(at("2026-11-26T20:30"), at("2026-11-28T18:00"));
/// assert_eq!(late, at("2026-11-27T09:30"));
/// ```
pub fn offer_until(now: LocalTime, start: LocalTime) -> LocalTime {
    let (wake, sleep) = WAKING;
    let mut left = OFFER;
    let mut at = now;
    loop {
        let minute = at.minute_of_day();
        if minute < wake {
            at = at.plus(wake - minute);
        } else if minute >= sleep {
            at = at.plus(DAY - minute + wake);
        } else if minute + left <= sleep {
            return at.plus(left).min(start);
        } else {
            left -= sleep - minute;
            at = at.plus(DAY - minute + wake);
        }
    }
}
