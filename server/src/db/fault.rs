//! Faults: what went wrong in the database, and why a job changed nothing.

use domain::problem::Problem;

/// What went wrong in the database. The person is told [`Fault::problem`], the log gets the cause.
#[derive(Debug)]
pub struct Fault {
    /// What it means for the caller.
    pub kind: FaultKind,
    /// For the log.
    pub cause: String,
}

/// What a fault means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Two transactions were in each other's way: the same job may succeed at once.
    Again,
    /// The database refused a row that breaks a constraint.
    Constraint,
    /// Somebody held a row for too long.
    Blocked,
    /// Locked, full, gone, or a statement that fails: nothing was changed.
    Unavailable,
    /// The connection was lost, or nothing was heard for too long, after a change was asked for: it may be done or not.
    Unknown,
    /// What was read is not what the code knows: a bug, which no second try mends.
    Inconsistent,
    /// The queue is full.
    Overloaded,
}

impl Fault {
    pub(crate) fn new(kind: FaultKind, cause: impl std::fmt::Display) -> Self {
        Self {
            kind,
            cause: cause.to_string(),
        }
    }

    /// The job found something else than it had locked: it may succeed at once.
    pub fn again(cause: &str) -> Self {
        Self::new(FaultKind::Again, cause)
    }

    /// What the person is told.
    pub fn problem(&self) -> Problem {
        match self.kind {
            FaultKind::Overloaded => Problem::Overloaded,
            FaultKind::Unknown => Problem::Unknown,
            FaultKind::Inconsistent => Problem::Defect,
            _ => Problem::Unavailable,
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.cause)
    }
}

impl std::error::Error for Fault {}

/// Why a job changed nothing.
#[derive(Debug)]
pub enum Fail {
    /// The person's doing, or a rule's.
    Problem(Problem),
    /// The database's.
    Fault(Fault),
}

impl From<Problem> for Fail {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<domain::booking::refusal::Refusal> for Fail {
    fn from(refusal: domain::booking::refusal::Refusal) -> Self {
        Self::Problem(refusal.into())
    }
}

impl From<domain::case::step::CaseRefusal> for Fail {
    fn from(refusal: domain::case::step::CaseRefusal) -> Self {
        Self::Problem(refusal.into())
    }
}

impl From<domain::sign_up::refusal::SignUpRefusal> for Fail {
    fn from(refusal: domain::sign_up::refusal::SignUpRefusal) -> Self {
        Self::Problem(refusal.into())
    }
}

impl From<Fault> for Fail {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
