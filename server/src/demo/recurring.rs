//! What recurs at the centres of the demo: clubs and their sessions, as `centres/sessions.toml` lists them.

use domain::{
    activity::{Audience, Per},
    centre::room::Purpose,
    id::{ClubId, RoomId},
    language::Name,
    time::Date,
};
use serde::Deserialize;

use crate::db::{Fail, Fault, FaultKind};

/// A club's recurring session.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecurringSession {
    pub(super) centre: String,
    pub(super) room: RoomId,
    pub(super) title: Name,
    pub(super) purpose: Purpose,
    pub(super) people: u16,
    /// `Mon Wed`, or with a number the n-th of the month: `Fri#1`.
    pub(super) on: String,
    /// `19:30-21:00`.
    pub(super) at: String,
    #[serde(default)]
    pub(super) club: Option<ClubId>,
    #[serde(default)]
    pub(super) about: String,
    #[serde(default)]
    pub(super) audience: Audience,
    #[serde(default)]
    pub(super) pick_up: bool,
    #[serde(default)]
    pub(super) per: Per,
    /// Begins so many days from today, instead of having been there for long.
    #[serde(default)]
    pub(super) from_day: Option<i64>,
}

/// A club of a centre.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecurringClub {
    pub(super) centre: String,
    pub(super) id: ClubId,
    pub(super) name: Name,
    pub(super) about: Name,
    pub(super) kind: Purpose,
}

#[derive(Deserialize)]
pub(super) struct Recurring {
    pub(super) session: Vec<RecurringSession>,
    pub(super) club: Vec<RecurringClub>,
}

/// Whether a day is one of `Mon Wed` or `Fri#1`.
pub(super) fn falls_on(on: &str, day: Date) -> bool {
    on.split_whitespace().any(|part| {
        let (name, nth) = part
            .split_once('#')
            .map_or((part, None), |(name, nth)| (name, nth.parse::<u32>().ok()));
        let same = format!("{:?}", day.weekday()) == name;
        same && nth.is_none_or(|nth| (day.ymd().2 - 1) / 7 + 1 == nth)
    })
}

/// A centre file or a list of the demo is at fault.
pub(super) fn broken(cause: &str) -> Fail {
    Fail::Fault(Fault {
        kind: FaultKind::Unavailable,
        cause: cause.to_owned(),
    })
}
