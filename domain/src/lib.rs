//! Types and rules of Linli that the app and the server share.
//!
//! Everything here is pure: no I/O, no clock, no randomness. `now` is an argument, and the same code runs on the
//! server and, compiled to WebAssembly, on the phone: what the phone says at once, the server decides by the same rule.

pub mod activity;
pub mod api;
pub mod attendance;
pub mod audit;
pub mod availability;
pub mod booking;
pub mod boot;
pub mod centre;
pub mod club;
pub mod drawing;
pub mod figures;
pub mod hours;
pub mod household;
pub mod id;
pub mod inbox;
pub mod permission;
pub mod person;
pub mod plan;
pub mod problem;
pub mod room;
pub mod rules;
#[cfg(test)]
mod samples;
pub mod sign_up;
pub mod text;
pub mod time;
pub mod validate;
pub mod view;
