//! The desk: the day, requests, people and their records, and the bar that says for whom staff act.

pub mod acting;
pub mod find;
pub mod guard;
pub mod record;
pub mod requests;
pub mod today;
