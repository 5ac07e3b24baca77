//! SVG text of the plan: numbers, paths and escaping.

use std::fmt::Write as _;

use crate::{centre::plan::Outline, decimal::Decimal};

/// How wide a door is, in metres.
pub(super) const DOOR: f64 = 1.0;
/// How wide an entrance is, in metres.
pub(super) const ENTRANCE: f64 = 1.8;

/// Writing into a string cannot fail.
pub(super) fn put(svg: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = svg.write_fmt(what);
}

/// Text that may stand in an attribute or between tags.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c => safe.push(c),
        }
    }
    safe
}

pub(super) fn path(outline: &Outline) -> String {
    let mut d = String::new();
    for (i, p) in outline.corners().iter().enumerate() {
        put(
            &mut d,
            format_args!(
                "{}{} {}",
                if i == 0 { 'M' } else { 'L' },
                short(p.x),
                short(p.y)
            ),
        );
    }
    d.push('Z');
    d
}

/// Centimetres are fine enough for a drawing.
pub(super) fn short(metres: f64) -> Decimal {
    Decimal(metres, 2)
}
