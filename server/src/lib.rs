//! The server of Linli.

pub mod assets;
pub mod cache;
pub mod clock;
pub mod db;
pub mod delivery;
pub mod demo;
pub mod http;
pub mod jobs;
pub mod limits;
pub mod live;
pub mod outgoing;
pub mod refusals;
pub mod sender;
pub mod settings;
pub mod state;
pub mod usecase;
pub mod zone;
