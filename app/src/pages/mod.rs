//! One page a file.

pub mod book;
pub mod booking;
pub mod calendar;
pub mod first_manager;
pub mod house;
pub mod map;
pub mod me;
pub mod sign_in;
