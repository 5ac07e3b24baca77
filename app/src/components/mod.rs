//! Small pieces of pages. They fetch nothing.

pub mod icon;
pub mod nav;
pub mod notice;
pub mod picker;
pub mod sign_up;
pub mod undo;

use leptos::prelude::*;

/// A part of a page that is made anew when what it reads changes. Boxed, so that the machinery for it is compiled once
/// for all such parts: unboxed it made up a tenth of the program.
pub fn live<V: IntoAny>(part: impl Fn() -> V + Send + 'static) -> Box<dyn Fn() -> AnyView + Send> {
    Box::new(move || part().into_any())
}
