//! The calendar grid: what it shows (plain Rust) apart from how it is drawn.

pub mod grid;
pub mod model;
