//! In-memory counters of refused requests, per centre and rule, written together every few seconds: a refusal changes nothing
//! and must stay as quick as it is. The last seconds are lost with the process; they are a statistic, not a record.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{figures::Rule, id::CentreId, problem::Problem};
use tokio::sync::Notify;

/// Centres and rules of one count; a made-up centre is dropped when counts are written.
const MOST: usize = 4096;

/// The counts since they were last written.
#[derive(Debug, Default)]
pub struct Refusals {
    counts: Mutex<HashMap<(CentreId, Rule), u32>>,
    some: Notify,
}

impl Refusals {
    /// Counts a rule.
    pub fn count(&self, centre: &CentreId, rule: Rule) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() < MOST || counts.contains_key(&(centre.clone(), rule)) {
            *counts.entry((centre.clone(), rule)).or_default() += 1;
        }
        self.some.notify_one();
    }

    /// Counts the rule of a problem, if it has one.
    pub fn count_problem(&self, centre: Option<&CentreId>, problem: &Problem) {
        let rule = match problem {
            Problem::Refused { refusal, .. } => refusal.rule(),
            Problem::NotSignedUp { refusal } => refusal.rule(),
            _ => return,
        };
        if let Some(centre) = centre {
            self.count(centre, rule);
        }
    }

    /// Waits until something was counted.
    pub async fn wait(&self) {
        self.some.notified().await;
    }

    /// Takes the counts.
    pub fn take(&self) -> Vec<((CentreId, Rule), u32)> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.drain().collect()
    }
}
