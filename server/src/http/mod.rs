//! HTTP in, HTTP out. The routes stand in one flat list in `route.rs`; what they do is decided in the use cases.

pub mod cache;
mod calendar_file;
mod caller;
mod figures_file;
mod guard;
mod page;
mod picture;
mod poster;
mod reply;
mod route;
mod sign_in;

pub use route::router;
