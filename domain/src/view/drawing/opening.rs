//! Walls of the plan, and what opens them: doors, entrances, windows, partitions.

use super::svg::{DOOR, ENTRANCE, path, put, short};
use crate::{
    centre::{
        Centre, Floor, PassageKind,
        plan::{Edge, Outline, Point, TOLERANCE},
        room::Room,
    },
    language::Lang,
};

pub(super) fn draw_walls(svg: &mut String, centre: &Centre, floor: &Floor, rooms: &[&Room]) {
    let mut walls: String = rooms.iter().map(|room| path(&room.outline)).collect();
    for passage in &floor.passages {
        if !matches!(passage.kind, PassageKind::Corridor | PassageKind::Yard) {
            walls.push_str(&path(&passage.outline));
        }
    }
    put(svg, format_args!("<path class=\"wall\" d=\"{walls}\"/>"));
    put(
        svg,
        format_args!(
            "<path class=\"wall outer\" d=\"{}\"/>",
            path(&floor.outline)
        ),
    );
    // Parts of one room are divided by a partition that moves, not by a wall.
    let mut partitions = String::new();
    for (i, a) in rooms.iter().enumerate() {
        for b in &rooms[i + 1..] {
            let divided = centre
                .wholes(&a.id)
                .any(|whole| whole.parts.contains(&b.id));
            if divided {
                for edge in a.outline.edges() {
                    for shared in b
                        .outline
                        .edges()
                        .filter_map(|other| edge.shared_with(other))
                    {
                        put(&mut partitions, format_args!("{}", line(shared)));
                    }
                }
            }
        }
    }
    if !partitions.is_empty() {
        put(
            svg,
            format_args!(
                "<path class=\"gap\" d=\"{partitions}\"/><path class=\"partition\" d=\"{partitions}\"/>"
            ),
        );
    }
}

pub(super) fn line(edge: Edge) -> String {
    format!(
        "M{} {}L{} {}",
        short(edge.a.x),
        short(edge.a.y),
        short(edge.b.x),
        short(edge.b.y)
    )
}

pub(super) fn draw_openings(svg: &mut String, floor: &Floor, rooms: &[&Room], lang: Lang) {
    let (mut gaps, mut leaves) = (String::new(), String::new());
    let mut doors: Vec<Point> = floor.entrances.0.clone();
    for room in rooms {
        for at in &room.doors.0 {
            draw_door(&mut gaps, &mut leaves, &room.outline, *at, DOOR, true);
            doors.push(*at);
        }
    }
    for passage in &floor.passages {
        let open = matches!(
            passage.kind,
            PassageKind::Corridor | PassageKind::Yard | PassageKind::Stairs
        );
        for at in &passage.doors.0 {
            if !doors.contains(at) {
                draw_door(&mut gaps, &mut leaves, &passage.outline, *at, DOOR, !open);
                doors.push(*at);
            }
        }
    }
    let mut windows = String::new();
    if !floor.outdoor {
        for room in rooms {
            draw_windows(&mut windows, &room.outline, &floor.outline, &doors);
        }
    }
    for at in &floor.entrances.0 {
        draw_door(
            &mut gaps,
            &mut leaves,
            &floor.outline,
            *at,
            ENTRANCE / 2.0,
            !floor.outdoor,
        );
        if let Some(edge) = floor
            .outline
            .edges()
            .find(|edge| edge.distance(*at) <= TOLERANCE)
        {
            let (along, inward) = directions(edge, &floor.outline, *at);
            let tip = Point {
                x: at.x - inward.x * 0.15,
                y: at.y - inward.y * 0.15,
            };
            let foot = |side: f64| Point {
                x: at.x - inward.x * 0.55 + along.x * 0.28 * side,
                y: at.y - inward.y * 0.55 + along.y * 0.28 * side,
            };
            let (a, b) = (foot(-1.0), foot(1.0));
            put(
                svg,
                format_args!(
                    "<path class=\"entrance\" d=\"M{} {}L{} {}L{} {}Z\"><title>{}</title></path>",
                    short(tip.x),
                    short(tip.y),
                    short(a.x),
                    short(a.y),
                    short(b.x),
                    short(b.y),
                    lang.entrance()
                ),
            );
        }
    }
    put(
        svg,
        format_args!(
            "<path class=\"gap outer\" d=\"{windows}\"/><path class=\"window\" d=\"{windows}\"/>\
             <path class=\"gap outer\" d=\"{gaps}\"/><path class=\"leaf\" d=\"{leaves}\"/>"
        ),
    );
}

/// Along the wall, and into the room.
pub(super) fn directions(edge: Edge, outline: &Outline, at: Point) -> (Point, Point) {
    let length = edge.length();
    let along = Point {
        x: (edge.b.x - edge.a.x) / length,
        y: (edge.b.y - edge.a.y) / length,
    };
    let left = Point {
        x: -along.y,
        y: along.x,
    };
    let probe = Point {
        x: at.x + left.x * 0.3,
        y: at.y + left.y * 0.3,
    };
    let inward = if outline.contains(probe) {
        left
    } else {
        Point {
            x: along.y,
            y: -along.x,
        }
    };
    (along, inward)
}

/// A gap in the wall, and a leaf with the arc it swings through. Entrances have two leaves of `width` each.
pub(super) fn draw_door(
    gaps: &mut String,
    leaves: &mut String,
    outline: &Outline,
    at: Point,
    width: f64,
    leaf: bool,
) {
    let Some(edge) = outline.edges().find(|edge| edge.distance(at) <= TOLERANCE) else {
        return;
    };
    let (along, inward) = directions(edge, outline, at);
    let step = |from: Point, by: Point, d: f64| Point {
        x: from.x + by.x * d,
        y: from.y + by.y * d,
    };
    let double = width < DOOR;
    let half = if double { width } else { width / 2.0 };
    let (start, end) = (step(at, along, -half), step(at, along, half));
    gaps.push_str(&line(Edge { a: start, b: end }));
    if !leaf {
        return;
    }
    let mut swing = |hinge: Point, other: Point, along: Point| {
        let tip = step(hinge, inward, width);
        let sweep = u8::from(inward.x * along.y - inward.y * along.x > 0.0);
        put(
            leaves,
            format_args!(
                "M{} {}L{} {}A{} {} 0 0 {sweep} {} {}",
                short(hinge.x),
                short(hinge.y),
                short(tip.x),
                short(tip.y),
                short(width),
                short(width),
                short(other.x),
                short(other.y)
            ),
        );
    };
    if double {
        swing(start, at, along);
        swing(
            end,
            at,
            Point {
                x: -along.x,
                y: -along.y,
            },
        );
    } else {
        swing(start, end, along);
    }
}

/// Windows in the middle of every outer wall of a room, a good two metres each, none where a door is.
pub(super) fn draw_windows(windows: &mut String, room: &Outline, floor: &Outline, doors: &[Point]) {
    for edge in room.edges() {
        for outer in floor.edges().filter_map(|wall| edge.shared_with(wall)) {
            let count = (outer.length() / 2.6).floor().max(1.0);
            if outer.length() < 1.4 {
                continue;
            }
            for i in 0..count as u32 {
                let middle = (f64::from(i) + 0.5) / count;
                let half = 0.33 / count;
                let window = Edge {
                    a: outer.a.towards(outer.b, middle - half),
                    b: outer.a.towards(outer.b, middle + half),
                };
                if doors.iter().all(|door| window.distance(*door) > ENTRANCE) {
                    windows.push_str(&line(window));
                }
            }
        }
    }
}
