//! Plots as SVG: plain functions from figures to text, so that they can be tested without a browser. One unit is one pixel of a
//! phone; colours come from the style sheet, and every plot has a table beside it.

use std::fmt::Write;

use domain::{
    decimal::Decimal,
    language::Lang,
    time::{Date, clock},
    view::drawing::escape,
};

/// The width that all plots are drawn in.
const WIDTH: f64 = 360.0;

/// A plot with its table.
pub struct Plot {
    pub title: &'static str,
    pub about: Option<&'static str>,
    pub svg: String,
    pub head: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
    /// Where there is one of it alone.
    pub file: Option<String>,
}

/// A bar of a plot, in two parts.
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// The first part, and the second, which is drawn with a pattern.
    pub parts: (u32, u32),
    /// What is written at its end.
    pub value: String,
}

/// Horizontal bars, one below the other. `says` is read out instead; `name` is this plot's alone on its page.
pub fn bars(bars: &[Bar], says: &str, name: &str) -> String {
    const ROW: f64 = 42.0;
    const ROOM: f64 = 92.0;
    let most = bars.iter().map(|bar| bar.parts.0 + bar.parts.1).max();
    let scale = (WIDTH - ROOM) / f64::from(most.unwrap_or(1).max(1));
    let height = ROW * bars.len() as f64;
    let mut svg = open(height, says);
    let _ = write!(
        svg,
        "<defs><pattern id=\"{name}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><path d=\"M0 0v6\"/></pattern></defs>"
    );
    for (number, bar) in (0u32..).zip(bars) {
        let y = f64::from(number) * ROW;
        let (first, second) = (
            f64::from(bar.parts.0) * scale,
            f64::from(bar.parts.1) * scale,
        );
        let _ = write!(
            svg,
            "<text x=\"0\" y=\"{}\">{}</text><rect class=\"bar\" x=\"0\" y=\"{}\" width=\"{}\" height=\"14\" rx=\"3\"/>",
            short(y + 15.0),
            escape(&bar.label),
            short(y + 21.0),
            short(first),
        );
        if bar.parts.1 > 0 {
            let _ = write!(
                svg,
                "<rect class=\"second\" fill=\"url(#{name})\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"14\" rx=\"3\"/>",
                short(first),
                short(y + 21.0),
                short(second)
            );
        }
        let _ = write!(
            svg,
            "<text class=\"value\" x=\"{}\" y=\"{}\">{}</text>",
            short(first + second + 6.0),
            short(y + 33.0),
            escape(&bar.value)
        );
    }
    svg.push_str("</svg>");
    svg
}

/// A number for each hour of the week: a column a weekday, a row an hour, from the first hour that has a number to the last.
pub fn heat(hours: &[Option<u32>], lang: Lang, says: &str) -> String {
    const HEAD: f64 = 24.0;
    const SIDE: f64 = 46.0;
    const ROW: f64 = 26.0;
    let number = |day: usize, hour: usize| hours.get(day * 24 + hour).copied().flatten();
    let is_open = |hour: usize| (0..7).any(|day| number(day, hour).is_some());
    let rows: Vec<usize> = match (
        (0..24).find(|hour| is_open(*hour)),
        (0..24).rfind(|hour| is_open(*hour)),
    ) {
        (Some(first), Some(last)) => (first..=last).collect(),
        _ => Vec::new(),
    };
    let most = hours.iter().flatten().max();
    let strongest = f64::from((*most.unwrap_or(&1)).max(1));
    let column = (WIDTH - SIDE) / 7.0;
    let mut svg = open(HEAD + ROW * rows.len() as f64, says);
    let monday = Date::from_days(0).monday();
    for day in 0..7u32 {
        let x = SIDE + (f64::from(day) + 0.5) * column;
        let name = lang.weekday(monday.plus(i64::from(day)));
        let _ = write!(
            svg,
            "<text class=\"mid\" x=\"{}\" y=\"16\">{name}</text>",
            short(x)
        );
    }
    for (row, hour) in (0u32..).zip(&rows) {
        let y = HEAD + f64::from(row) * ROW;
        let at = clock(i64::try_from(*hour).unwrap_or_default() * 60);
        let _ = write!(svg, "<text x=\"0\" y=\"{}\">{at}</text>", short(y + 18.0));
        for day in 0..7usize {
            let x = SIDE + day as f64 * column;
            let count = number(day, *hour);
            let place = format!(
                "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\"",
                short(x),
                short(y),
                short(column - 2.0),
                short(ROW - 2.0)
            );
            match count {
                None => {
                    let _ = write!(svg, "<rect class=\"shut\" {place}/>");
                }
                // The strongest is that of the largest number, and never so strong that it could not be read.
                Some(count) => {
                    let _ = write!(
                        svg,
                        "<rect class=\"cell\" {place}/><rect class=\"heat\" fill-opacity=\"{}\" {place}/>\
                         <text class=\"mid\" x=\"{}\" y=\"{}\">{count}</text>",
                        Decimal(f64::from(count) / strongest * 0.55, 2),
                        short(x + column / 2.0 - 1.0),
                        short(y + 17.0)
                    );
                }
            }
        }
    }
    svg.push_str("</svg>");
    svg
}

/// A tenth of a pixel is fine enough for a plot.
fn short(pixels: f64) -> Decimal {
    Decimal(pixels, 1)
}

fn open(height: f64, says: &str) -> String {
    format!(
        "<svg class=\"plot\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
        short(WIDTH),
        short(height),
        escape(says)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_fit_and_names_are_no_markup() {
        let all = [
            Bar {
                label: "<b>".to_owned(),
                parts: (30, 10),
                value: "40".to_owned(),
            },
            Bar {
                label: "x".to_owned(),
                parts: (0, 0),
                value: "0".to_owned(),
            },
        ];
        let svg = bars(&all, "says", "one");
        assert!(svg.contains("&lt;b&gt;") && !svg.contains("<b>"));
        assert!(svg.contains("width=\"201\"") && svg.contains("width=\"67\""));
        assert!(svg.contains("width=\"0\""), "nothing is nothing");
        assert!(bars(&[], "", "none").ends_with("</svg>"));
    }

    #[test]
    fn a_day_begins_when_something_opens() {
        let mut hours = vec![None; 168];
        hours[9] = Some(50);
        hours[24 + 11] = Some(0);
        let svg = heat(&hours, Lang::En, "says");
        assert!(svg.contains("09:00") && svg.contains("10:00") && svg.contains("11:00"));
        assert!(!svg.contains("08:00") && !svg.contains("12:00"));
        assert!(svg.contains(">50</text>") && svg.contains(">0</text>"));
        assert!(heat(&[], Lang::Zh, "").ends_with("</svg>"));
    }
}
