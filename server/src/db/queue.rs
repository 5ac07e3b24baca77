//! Jobs that wait for a thread of the database.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use super::Job;

/// How many jobs may wait before new ones are turned away.
const MOST: usize = 4096;

/// Names the row that all jobs of that key must lock: they gain nothing by being run side by side.
pub(super) type Key = u64;

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<(Option<Key>, Box<dyn Job>)>,
    /// Keys whose jobs are being run.
    busy: HashSet<Key>,
    closed: bool,
}

/// A queue that several threads take from.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

/// Where jobs come in. Once the last one is gone, the threads that take from the queue end.
pub(super) struct Feed(Arc<Queue>);

impl Feed {
    /// A queue with its feed.
    pub(super) fn new() -> (Arc<Self>, Arc<Queue>) {
        let queue = Arc::new(Queue::default());
        (Arc::new(Self(Arc::clone(&queue))), queue)
    }

    /// Puts a job at the end.
    ///
    /// # Errors
    /// When too many wait.
    pub(super) fn push(&self, key: Option<Key>, job: Box<dyn Job>) -> Result<(), ()> {
        let mut waiting = self.0.lock();
        if waiting.jobs.len() >= MOST {
            return Err(());
        }
        waiting.jobs.push_back((key, job));
        drop(waiting);
        self.0.changed.notify_one();
        Ok(())
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
    }
}

/// Jobs of one key, or a single one, for one thread.
pub(super) struct Batch {
    pub(super) key: Option<Key>,
    pub(super) jobs: Vec<Box<dyn Job>>,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for jobs and takes up to `most`, whatever they are; nothing once the queue is closed.
    pub(super) fn take(&self, most: usize) -> Option<Vec<Box<dyn Job>>> {
        let mut waiting = self.lock();
        loop {
            let count = waiting.jobs.len().min(most);
            if count > 0 {
                return Some(waiting.jobs.drain(..count).map(|(_, job)| job).collect());
            }
            waiting = self.wait(waiting)?;
        }
    }

    /// Waits for a job of a key that nobody is busy with, and takes it with up to `most` of the same key; nothing once the
    /// queue is closed. [`Self::done`] must be told afterwards.
    pub(super) fn take_alike(&self, most: usize) -> Option<Batch> {
        let mut waiting = self.lock();
        loop {
            let Waiting { jobs, busy, .. } = &*waiting;
            let open = |key: &Option<Key>| key.is_none_or(|key| !busy.contains(&key));
            let Some(at) = jobs.iter().position(|(key, _)| open(key)) else {
                waiting = self.wait(waiting)?;
                continue;
            };
            let (key, first) = waiting.jobs.remove(at)?;
            let mut batch = Batch {
                key,
                jobs: vec![first],
            };
            let Some(wanted) = key else {
                return Some(batch);
            };
            waiting.busy.insert(wanted);
            let mut rest = VecDeque::with_capacity(waiting.jobs.len());
            for (key, job) in waiting.jobs.drain(..) {
                if key == Some(wanted) && batch.jobs.len() < most {
                    batch.jobs.push(job);
                } else {
                    rest.push_back((key, job));
                }
            }
            waiting.jobs = rest;
            return Some(batch);
        }
    }

    /// The jobs of a key have been run: others of that key may be.
    pub(super) fn done(&self, key: Option<Key>) {
        if let Some(key) = key {
            self.lock().busy.remove(&key);
            self.changed.notify_all();
        }
    }

    /// Waits for a change; nothing once the queue is closed and empty.
    fn wait<'a>(&'a self, waiting: MutexGuard<'a, Waiting>) -> Option<MutexGuard<'a, Waiting>> {
        if waiting.closed && waiting.jobs.is_empty() {
            return None;
        }
        let woken = self.changed.wait(waiting);
        Some(woken.unwrap_or_else(PoisonError::into_inner))
    }
}
