//! Signing up: the form, and a sign-up in a list.

pub mod draft;
pub mod form;
pub mod row;
