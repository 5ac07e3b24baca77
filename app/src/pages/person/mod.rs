//! The signed-in person: signing in, account, the first manager.

pub mod first_manager;
pub mod me;
pub mod second_factor;
pub mod sign_in;
