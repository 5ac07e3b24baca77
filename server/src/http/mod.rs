//! HTTP layer: the routes stand in one flat list in `router.rs`; what they do is decided in the use cases.

mod cache;
mod caller;
mod case;
mod endpoint;
mod file;
mod follow;
mod guard;
mod health;
mod openapi;
mod page;
mod people;
mod refusal;
mod reply;
mod request;
mod router;
pub mod serve;
mod sign_in;
mod story;
mod token;

pub use router::router;
