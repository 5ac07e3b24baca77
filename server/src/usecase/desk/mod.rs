//! The desk: people whom staff look up and act for, and the day at the centre.

pub mod people;
pub mod today;
