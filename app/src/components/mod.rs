//! Small pieces of pages.

pub mod act;
pub mod consequence;
mod fault;
pub mod focus;
pub mod icon;
pub mod nav;
pub mod notice;
pub mod once;
pub mod picker;
pub mod recurrence;
pub mod share;
pub mod story;
pub mod strip;

use leptos::prelude::*;

/// A part of a page that is made anew when what it reads changes. Boxed, so that the machinery for it is compiled once
/// for all such parts: unboxed it made up a tenth of the program.
pub fn live<V: IntoAny>(part: impl Fn() -> V + Send + 'static) -> Box<dyn Fn() -> AnyView + Send> {
    Box::new(move || part().into_any())
}
