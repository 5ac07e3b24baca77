//! The desk: the day, requests, people and their records, and the bar that says for whom staff act.

pub mod acting;
mod applicant;
mod asked;
mod day;
pub mod find;
pub mod guard;
pub mod merge;
mod new_caller;
mod pile;
mod question;
mod queue;
pub mod record;
pub mod requests;
mod timeline;
pub mod today;
