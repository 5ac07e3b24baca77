//! Labels on the plan: as large as fits, on up to three lines, clear of doors.

use super::{
    opening::directions,
    svg::{DOOR, escape, put, short},
};
use crate::centre::{
    plan::{Point, TOLERANCE},
    room::Room,
};

pub(super) struct Label {
    pub(super) lines: Vec<String>,
    pub(super) size: f64,
}

/// How wide a text is at size 1, roughly: Chinese characters are square, Latin ones about half as wide.
pub(super) fn width(text: &str) -> f64 {
    text.chars()
        .map(|c| if c < '\u{2e80}' { 0.62 } else { 1.0 })
        .sum()
}

/// The largest size between `most` and `least` at which the text fits into a box, on up to three lines.
pub(super) fn fit(text: &str, w: f64, h: f64, most: f64, least: f64) -> Option<Label> {
    const LINE: f64 = 1.15;
    let mut best: Option<Label> = None;
    for count in 1..=3u8 {
        let lines = wrap(text, count);
        let widest = lines.iter().map(|line| width(line)).fold(0.1, f64::max);
        let size = (w / widest).min(h / (lines.len() as f64 * LINE)).min(most);
        if size >= least && best.as_ref().is_none_or(|best| size > best.size * 1.08) {
            best = Some(Label { lines, size });
        }
    }
    best
}

/// Breaks a text into at most `count` lines of similar length: between words, or between Chinese characters.
pub(super) fn wrap(text: &str, count: u8) -> Vec<String> {
    let pieces: Vec<String> = if text.contains(' ') {
        text.split_inclusive(' ').map(str::to_owned).collect()
    } else if text.chars().any(|c| c >= '\u{2e80}') {
        text.chars().map(String::from).collect()
    } else {
        vec![text.to_owned()]
    };
    let goal = width(text) / f64::from(count);
    let mut lines = vec![String::new()];
    for piece in pieces {
        let here = lines.last().map_or(0.0, |line| width(line));
        let full = here > 0.0 && here + width(piece.trim_end()) / 2.0 > goal;
        if full && lines.len() < usize::from(count) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(&piece);
        }
    }
    lines
        .into_iter()
        .map(|line| line.trim().to_owned())
        .collect()
}

/// Writes the lines around `middle`, `lift` metres lower; says where the last line's foot is.
pub(super) fn write_label(
    svg: &mut String,
    class: &str,
    label: &Label,
    middle: Point,
    lift: f64,
) -> f64 {
    let line = label.size * 1.15;
    let first = middle.y + lift - line * (label.lines.len() as f64 - 1.0) / 2.0 + label.size * 0.36;
    let mut y = first;
    let size = short(label.size);
    for (number, text) in label.lines.iter().enumerate() {
        // Read aloud, lines of words are parted by a space, lines of Chinese characters are not.
        let last = number + 1 == label.lines.len();
        let words = text.chars().next_back().is_some_and(|c| c < '\u{2e80}');
        put(
            svg,
            format_args!(
                "<text class=\"{class}\" x=\"{}\" y=\"{}\" font-size=\"{size}\">{}{}</text>",
                short(middle.x),
                short(y),
                escape(text),
                if last || words { " " } else { "" }
            ),
        );
        y += line;
    }
    y - line
}

/// Where a label may stand: a hand's breadth from the walls, and clear of the arcs of doors in the walls to its sides.
pub(super) fn beside_doors(room: &Room, middle: Point, width: f64) -> (Point, f64) {
    let (mut left, mut right) = (false, false);
    for at in &room.doors.0 {
        let edge = room
            .outline
            .edges()
            .find(|edge| edge.distance(*at) <= TOLERANCE);
        let Some(edge) = edge else { continue };
        let (_, inward) = directions(edge, &room.outline, *at);
        let near = (at.x - middle.x).abs() <= width / 2.0 + DOOR;
        left |= near && inward.x > 0.7;
        right |= near && inward.x < -0.7;
    }
    let room_for = |door: bool| if door { DOOR + 0.15 } else { 0.3 };
    let (left, right) = (room_for(left), room_for(right));
    let shifted = Point {
        x: middle.x + (left - right) / 2.0,
        ..middle
    };
    (shifted, width - left - right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{centre::plan::Points, samples::house};

    #[test]
    fn a_name_stands_clear_of_the_arc_of_a_door() {
        let house = house();
        let mut room = house.rooms[0].clone();
        let middle = Point { x: 3.0, y: 2.0 };
        let (at, wide) = beside_doors(&room, middle, 6.0);
        assert!((at.x - 3.0).abs() < 1e-9);
        // In the wall to the left, at the height of the name.
        room.doors = Points::parse("0,2").unwrap();
        let (beside, narrow) = beside_doors(&room, middle, 6.0);
        assert!(beside.x > at.x && narrow < wide);
        assert!(
            beside.x - narrow / 2.0 >= DOOR,
            "the arc of the door ends there"
        );
    }
}
