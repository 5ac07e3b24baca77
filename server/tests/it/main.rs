//! The one test binary: the server over HTTP, on SQLite and on PostgreSQL.

mod concurrency;
mod faults;
mod fixture;
mod import;
mod permissions;
mod sentences;
mod stories;
