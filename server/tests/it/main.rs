//! The one test binary: the server over HTTP, on SQLite and on PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it cannot go on"
)]

mod activities;
mod concurrency;
mod desk;
mod faults;
mod fixture;
mod import;
mod permissions;
mod sentences;
mod stories;
