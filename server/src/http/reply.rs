//! Replies and problems on the wire.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    body::Bytes,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    language::Lang,
    problem::{Problem, Reported},
};
use serde::Serialize;

use crate::db::{Fail, Fault, FaultKind};

/// A problem told in somebody's language.
pub(super) struct LocalizedProblem(pub(super) Problem, pub(super) Lang);

impl IntoResponse for LocalizedProblem {
    fn into_response(self) -> Response {
        let Self(problem, lang) = self;
        let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let body = Reported {
            message: problem.sentence(lang),
            fields: problem.fields(),
            problem: problem.clone(),
        };
        let mut response = json(status, &body);
        if matches!(problem, Problem::TooLarge) {
            // What was not read of the request is still on its way.
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        let wait = match problem {
            Problem::TooMany { wait } => Some(wait),
            problem if problem.is_passing() => Some(2),
            _ => None,
        };
        if let Some(wait) = wait {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        response
    }
}

/// What a person is told of a failure. The cause goes to the log.
pub(super) fn problem(fail: Fail) -> Problem {
    match fail {
        Fail::Problem(problem) => problem,
        Fail::Fault(fault) => {
            log(&fault);
            fault.problem()
        }
    }
}

/// How long the same kind of fault is counted before it is logged again.
const QUIET: Duration = Duration::from_secs(5);

/// The last fault that was logged: its kind and cause, when, and how many of it came since.
static LOGGED: Mutex<Option<(FaultKind, String, Instant, u64)>> = Mutex::new(None);

/// Logs a fault. In an outage every request has the same one: one line in a while says it, and how many more there were.
fn log(fault: &Fault) {
    let mut last = LOGGED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((kind, cause, since, count)) = &mut *last
        && (*kind, &*cause) == (fault.kind, &fault.cause)
        && since.elapsed() < QUIET
    {
        *count += 1;
        return;
    }
    let more = match &*last {
        Some((_, _, _, count)) => *count,
        _ => 0,
    };
    tracing::error!(kind = ?fault.kind, cause = %fault.cause, repeated_before = more, "database");
    *last = Some((fault.kind, fault.cause.clone(), Instant::now(), 0));
}

/// A reply for nobody else to keep.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let bytes = Bytes::from(serde_json::to_vec(body).unwrap_or_default());
    let mut response = (status, bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    /// What was logged.
    #[derive(Default)]
    struct Logged(Mutex<Vec<u8>>);

    impl Write for &Logged {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Logged {
        type Writer = &'a Self;

        fn make_writer(&'a self) -> &'a Self {
            self
        }
    }

    #[test]
    fn an_outage_is_one_line_and_says_how_many_it_stands_for() {
        let logged = std::sync::Arc::new(Logged::default());
        let subscriber = tracing_subscriber::fmt()
            .with_writer(std::sync::Arc::clone(&logged))
            .with_ansi(false)
            .finish();
        let fail = |cause: &str| problem(Fail::Fault(Fault::new(FaultKind::Unavailable, cause)));
        tracing::subscriber::with_default(subscriber, || {
            for _ in 0..50 {
                assert_eq!(fail("the disk is full"), Problem::Unavailable);
            }
            fail("another thing");
        });
        let text = String::from_utf8(logged.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].contains("the disk is full"), "{text}");
        assert!(lines[1].contains("repeated_before=49"), "{text}");
    }
}
