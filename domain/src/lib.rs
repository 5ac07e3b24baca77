//! Types and rules of Linli that the app and the server share.
//!
//! Everything here is pure: no I/O, no clock, no randomness. `now` is an argument, and the same code runs on the
//! server and, compiled to WebAssembly, on the phone: what the phone says at once, the server decides by the same rule.

pub mod activity;
pub mod api;
pub mod audit;
pub mod booking;
pub mod case;
pub mod centre;
pub mod club;
pub mod decimal;
pub mod feed;
pub mod figures;
pub mod hook;
pub mod id;
pub mod language;
pub mod message;
pub mod money;
pub mod page;
pub mod person;
pub mod problem;
pub mod recurrence;
#[cfg(test)]
mod samples;
pub mod sign_up;
pub mod text;
pub mod time;
pub mod view;
