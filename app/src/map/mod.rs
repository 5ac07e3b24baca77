//! The live floor map: what it says (plain Rust) apart from how it is drawn and moved.

pub mod model;
pub mod plan;
