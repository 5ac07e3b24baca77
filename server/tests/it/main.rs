//! The one test binary: the server over HTTP, on SQLite and on PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it cannot go on"
)]

mod activity;
mod attendance;
mod booking;
mod case;
mod change;
mod check_in;
mod classes;
mod closure;
mod club;
mod concurrency;
mod desk;
mod edit;
mod faults;
mod feed;
mod figures;
mod fixture;
mod hook;
mod household;
mod import;
mod limits;
mod merge;
mod pages;
mod paper;
mod permissions;
mod privacy;
mod processes;
mod push;
mod receiver;
mod role;
mod second_factor;
mod sentences;
mod series;
mod sign_in;
mod sign_up;
mod token;
mod waitlist;
