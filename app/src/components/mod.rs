//! Small pieces of pages. They fetch nothing.

pub mod icon;
pub mod nav;
pub mod notice;
pub mod picker;
pub mod undo;
