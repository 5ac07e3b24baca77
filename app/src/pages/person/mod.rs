//! The signed-in person: signing in, account, the first manager, the elder view.

pub mod elder_bar;
pub mod first_manager;
pub mod me;
pub mod push;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod token;
