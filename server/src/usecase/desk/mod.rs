//! The desk: people whom staff look up and act for, and the day at the centre.

pub mod merge;
pub mod people;
mod sound;
pub mod today;
