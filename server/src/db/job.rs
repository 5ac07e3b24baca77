//! Jobs: use cases as the threads of the database see them.

use std::{any::Any, sync::Arc, thread};

use domain::problem::Problem;
use tokio::sync::oneshot;

use super::{
    fault::{Fail, Fault, FaultKind},
    tx::{CentreEvent, Tx},
};

/// How many items one job does at most.
const ITEMS: usize = 64;

/// A job as the threads see it: it can be run again after a conflict, and is answered once.
pub(super) trait Job: Any + Send {
    fn run(&mut self, tx: &mut Tx<'_>) -> Outcome;
    fn answer(self: Box<Self>, committed: Result<(), Fault>);

    /// How many callers wait for it.
    fn len(&self) -> usize {
        1
    }

    /// Takes over what another job has to do; gives it back where it is of another kind, or where this one has enough.
    fn join(&mut self, other: Box<dyn Job>) -> Option<Box<dyn Job>> {
        Some(other)
    }

    /// A job for each item.
    fn split(self: Box<Self>) -> Vec<Box<dyn Job>> {
        Vec::new()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It succeeded.
    Keep,
    /// A rule stands against it.
    Discard,
    /// It was in somebody's way, and may succeed at once.
    Again,
    /// One of several items broke it: each is to be run by itself.
    Apart,
    /// The database failed.
    Broken,
}

/// Runs a use case; one that panics is a defect of its own only.
fn catch<T>(work: impl FnOnce() -> Result<T, Fail>) -> Result<T, Fail> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Fail::Fault(Fault::new(
            FaultKind::Inconsistent,
            "a use case panicked",
        )))
    })
}

fn outcome<T>(result: &Result<T, Fail>) -> Outcome {
    match result {
        Ok(_) => Outcome::Keep,
        Err(Fail::Fault(fault)) if fault.kind == FaultKind::Again => Outcome::Again,
        Err(Fail::Fault(_)) => Outcome::Broken,
        Err(Fail::Problem(_)) => Outcome::Discard,
    }
}

/// What a caller is told of a result that was committed or not.
fn tell<T>(result: Option<Result<T, Fail>>, committed: Result<(), Fault>) -> Result<T, Fail> {
    match (result, committed) {
        // What was not kept refused nobody either: a rule was asked on top of what is gone.
        (_, Err(fault)) => Err(Fail::Fault(fault)),
        (Some(result), Ok(())) => result,
        (None, Ok(())) => Err(Fail::Fault(Fault::new(
            FaultKind::Unavailable,
            "a job was not run",
        ))),
    }
}

pub(super) struct Task<T, F> {
    pub(super) work: F,
    pub(super) result: Option<Result<T, Fail>>,
    pub(super) reply: oneshot::Sender<Result<T, Fail>>,
}

impl<T, F> Job for Task<T, F>
where
    T: Send + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T, Fail> + Send + 'static,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Outcome {
        let result = catch(|| (self.work)(tx));
        let outcome = outcome(&result);
        self.result = Some(result);
        outcome
    }

    fn answer(self: Box<Self>, committed: Result<(), Fault>) {
        // A caller that has gone needs no answer.
        let _ = self.reply.send(tell(self.result, committed));
    }
}

/// What does many items at once. A rule may stand against some of them: they must have changed nothing then.
pub type Together<I, T> =
    Arc<dyn Fn(&mut Tx<'_>, &[I]) -> Result<Vec<Result<T, Problem>>, Fail> + Send + Sync>;

/// Items of one kind that are done together.
pub(super) struct Group<I, T> {
    pub(super) work: Together<I, T>,
    pub(super) items: Vec<I>,
    pub(super) replies: Vec<oneshot::Sender<Result<T, Fail>>>,
    pub(super) result: Option<Result<Vec<Result<T, Problem>>, Fail>>,
}

impl<I: Send + 'static, T: Send + 'static> Job for Group<I, T> {
    fn run(&mut self, tx: &mut Tx<'_>) -> Outcome {
        let result = catch(|| (self.work)(tx, &self.items));
        let outcome = match &result {
            Err(Fail::Fault(fault))
                if self.items.len() > 1
                    && [
                        FaultKind::Inconsistent,
                        FaultKind::Constraint,
                        FaultKind::Blocked,
                    ]
                    .contains(&fault.kind) =>
            {
                Outcome::Apart
            }
            result => outcome(result),
        };
        self.result = Some(result);
        outcome
    }

    fn answer(self: Box<Self>, committed: Result<(), Fault>) {
        let committed = committed.map_err(|fault| (fault.kind, fault.cause));
        let again = || match &committed {
            Ok(()) => Ok(()),
            Err((kind, cause)) => Err(Fault::new(*kind, cause)),
        };
        let mut results: Vec<Option<Result<T, Fail>>> = match self.result {
            None => Vec::new(),
            Some(Ok(results)) => {
                let results = results.into_iter();
                results.map(|one| Some(one.map_err(Fail::from))).collect()
            }
            Some(Err(fail)) => {
                let same = |_: &_| match &fail {
                    Fail::Problem(problem) => Some(Err(Fail::Problem(problem.clone()))),
                    Fail::Fault(fault) => {
                        Some(Err(Fail::Fault(Fault::new(fault.kind, &fault.cause))))
                    }
                };
                self.replies.iter().map(same).collect()
            }
        };
        results.resize_with(self.replies.len(), || None);
        for (reply, result) in self.replies.into_iter().zip(results) {
            let _ = reply.send(tell(result, again()));
        }
    }

    fn len(&self) -> usize {
        self.items.len()
    }

    fn join(&mut self, other: Box<dyn Job>) -> Option<Box<dyn Job>> {
        if self.items.len() + other.len() > ITEMS || !(&*other as &dyn Any).is::<Self>() {
            return Some(other);
        }
        if let Ok(other) = (other as Box<dyn Any>).downcast::<Self>() {
            self.items.extend(other.items);
            self.replies.extend(other.replies);
        }
        None
    }

    fn split(self: Box<Self>) -> Vec<Box<dyn Job>> {
        let Self {
            work,
            items,
            replies,
            ..
        } = *self;
        let one = |(item, reply)| {
            Box::new(Self {
                work: Arc::clone(&work),
                items: vec![item],
                replies: vec![reply],
                result: None,
            }) as Box<dyn Job>
        };
        items.into_iter().zip(replies).map(one).collect()
    }
}

/// What is called with the changes of each commit.
pub type Publish = Arc<dyn Fn(&[CentreEvent]) + Send + Sync>;

/// What is called when changes of other processes may have been missed.
pub type Missed = Arc<dyn Fn() + Send + Sync>;

/// Starts a named thread.
pub(super) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), Fault> {
    let spawned = thread::Builder::new().name(name.to_owned()).spawn(work);
    spawned
        .map(drop)
        .map_err(|cause| Fault::new(FaultKind::Unavailable, cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_refused_by_what_was_not_kept() {
        let gone = || Err(Fault::new(FaultKind::Unavailable, "the disk is full"));
        let refused = || Some(Err::<(), _>(Fail::Problem(Problem::Overtaken)));
        assert!(matches!(tell(refused(), gone()), Err(Fail::Fault(_))));
        assert!(matches!(tell(Some(Ok(())), gone()), Err(Fail::Fault(_))));
        assert!(matches!(
            tell(refused(), Ok(())),
            Err(Fail::Problem(Problem::Overtaken))
        ));
    }
}
