//! Job queue: jobs that wait for a thread of the database. What may be done together waits as one job.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::job::Job;

/// How many items of jobs may wait before new ones are turned away.
const MOST: usize = 4096;

/// Names the row that all jobs of that key must lock: they gain nothing by being run side by side.
pub(super) type Key = String;

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Keyed>,
    /// Items of all these jobs.
    items: usize,
    /// Keys whose jobs are being run.
    busy: HashSet<Key>,
    closed: bool,
}

/// A job, and the key that it shares with others.
pub(super) struct Keyed {
    pub(super) key: Option<Key>,
    pub(super) job: Box<dyn Job>,
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

    /// Puts a job at the end, or into one of the same key that waits already.
    ///
    /// # Errors
    /// When too many wait.
    pub(super) fn push(&self, key: Option<Key>, job: Box<dyn Job>) -> Result<(), ()> {
        let mut waiting = self.0.lock();
        if waiting.items >= MOST {
            return Err(());
        }
        waiting.items += job.len();
        let alike = match key {
            None => None,
            Some(_) => {
                let mut jobs = waiting.jobs.iter_mut().rev();
                jobs.find(|other| other.key == key)
            }
        };
        let alone = match alike {
            Some(other) => other.job.join(job),
            None => Some(job),
        };
        if let Some(job) = alone {
            waiting.jobs.push_back(Keyed { key, job });
            drop(waiting);
            self.0.changed.notify_one();
        }
        Ok(())
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for jobs and takes up to `most`, whatever they are; nothing once the queue is closed.
    pub(super) fn take(&self, most: usize) -> Option<VecDeque<Box<dyn Job>>> {
        let mut waiting = self.lock();
        loop {
            let count = waiting.jobs.len().min(most);
            if count > 0 {
                let jobs: VecDeque<_> = waiting.jobs.drain(..count).map(|one| one.job).collect();
                waiting.items -= jobs.iter().map(|job| job.len()).sum::<usize>();
                return Some(jobs);
            }
            waiting = self.wait(waiting)?;
        }
    }

    /// As [`Self::take`], but waits no longer than `within`: then there are none.
    pub(super) fn take_within(
        &self,
        most: usize,
        within: Duration,
    ) -> Option<VecDeque<Box<dyn Job>>> {
        let waiting = self.lock();
        if waiting.jobs.is_empty() && !waiting.closed {
            let woken = self.changed.wait_timeout(waiting, within);
            let (waiting, _) = woken.unwrap_or_else(PoisonError::into_inner);
            if waiting.jobs.is_empty() && !waiting.closed {
                return Some(VecDeque::new());
            }
        } else {
            drop(waiting);
        }
        self.take(most)
    }

    /// Waits for a job whose key nobody is busy with; nothing once the queue is closed. [`Self::done`] must be told
    /// afterwards.
    pub(super) fn take_free(&self) -> Option<Keyed> {
        let mut waiting = self.lock();
        loop {
            let Waiting { jobs, busy, .. } = &*waiting;
            let open = |one: &Keyed| one.key.as_ref().is_none_or(|key| !busy.contains(key));
            let Some(at) = jobs.iter().position(open) else {
                waiting = self.wait(waiting)?;
                continue;
            };
            let taken = waiting.jobs.remove(at)?;
            waiting.items -= taken.job.len();
            waiting.busy.extend(taken.key.clone());
            return Some(taken);
        }
    }

    /// The job of a key has been run: the next of that key may be.
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
