//! In-memory counters of refused requests, per centre, rule and what was wanted, written together every few seconds: a refusal changes nothing
//! and must stay as quick as it is. The last seconds are lost with the process; they are a statistic, not a record.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{
    figures::{Rule, refused::WantedAt},
    id::CentreId,
    problem::Problem,
};
use tokio::sync::Notify;

/// Different things of one count; made-up centres and rooms are dropped when counts are written.
const MOST: usize = 4096;

/// What is counted together: a rule at a centre, for a room and an hour where one was wanted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CountedRefusal {
    /// Where.
    pub centre: CentreId,
    /// Which rule.
    pub rule: Rule,
    /// What was wanted.
    pub at: Option<WantedAt>,
}

/// The counts since they were last written.
#[derive(Debug, Default)]
pub struct Refusals {
    counts: Mutex<HashMap<CountedRefusal, u32>>,
    some: Notify,
}

impl Refusals {
    /// Counts a refusal.
    pub fn count(&self, refusal: CountedRefusal) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = counts.len() >= MOST && !counts.contains_key(&refusal);
        // A rule about the person is counted without when and where; and so is what made-up rooms leave no place for.
        let alone = is_full || refusal.rule.is_about_person();
        let refusal = CountedRefusal {
            at: refusal.at.filter(|_| !alone),
            ..refusal
        };
        if counts.len() < 2 * MOST || counts.contains_key(&refusal) {
            *counts.entry(refusal).or_default() += 1;
        }
        self.some.notify_one();
    }

    /// Counts the rule of a problem, if it has one, and what was wanted.
    pub fn count_problem(
        &self,
        centre: Option<&CentreId>,
        problem: &Problem,
        at: impl FnOnce() -> Option<WantedAt>,
    ) {
        let rule = match problem {
            Problem::Refused { refusal, .. } => refusal.rule(),
            Problem::NotSignedUp { refusal } => refusal.rule(),
            _ => return,
        };
        if let Some(centre) = centre.cloned() {
            let at = at();
            self.count(CountedRefusal { centre, rule, at });
        }
    }

    /// Waits until something was counted.
    pub async fn wait(&self) {
        self.some.notified().await;
    }

    /// Takes the counts.
    pub fn take(&self) -> Vec<(CountedRefusal, u32)> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.drain().collect()
    }
}
