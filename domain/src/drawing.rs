//! The floor's plan as an SVG drawing. The app draws with it, and the server puts the same drawing into the front
//! page, so that people see the real map before the program arrives.
//!
//! Coordinates are metres. State shows by class (colour and pattern), glyph and word; [`Look`] holds all three, so
//! that the app can change a room's look in place without drawing the plan again.

use std::fmt::Write;

use crate::{
    availability::{RoomState, Timeline, room_state},
    centre::{Centre, Floor, Passage, PassageKind},
    plan::{Edge, Outline, Point, TOLERANCE},
    room::{Equipment, Room},
    text::Lang,
    time::{DAY, LocalTime, Slot},
};

const DOOR: f64 = 1.0;
const ENTRANCE: f64 = 1.8;
const MARGIN: f64 = 0.7;
/// Room below the plan for the scale bar.
const FOOT: f64 = 1.5;

/// How a state looks and reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The CSS class that gives colour and pattern.
    pub class: &'static str,
    /// A sign that can be told apart without colours.
    pub glyph: &'static str,
    /// The word on the plan.
    pub word: &'static str,
    /// The state in a few words, with its time.
    pub detail: String,
}

/// The look of a state, told to somebody who looks at `slot`.
pub fn look(state: RoomState, slot: Slot, lang: Lang) -> Look {
    let time = |at: LocalTime| match at.date() == slot.start().date() {
        true => at.clock(),
        false if at == slot.start().date().at(DAY) => "24:00".to_owned(),
        false => lang.moment(at),
    };
    let (class, glyph, word, detail) = match state {
        RoomState::Free { until } => (
            "s-free",
            "○",
            lang.state_free(),
            lang.free_until(&time(until)),
        ),
        RoomState::FreeSoon { at } => (
            "s-soon",
            "◔",
            lang.state_free_soon(),
            lang.free_soon_at(&time(at)),
        ),
        RoomState::Busy { until } => (
            "s-busy",
            "●",
            lang.state_busy(),
            lang.busy_until(&time(until)),
        ),
        RoomState::Requested => (
            "s-requested",
            "◐",
            lang.state_requested(),
            lang.state_requested().to_owned(),
        ),
        RoomState::Shut => (
            "s-shut",
            "–",
            lang.state_shut(),
            lang.state_shut().to_owned(),
        ),
        RoomState::Closed => (
            "s-closed",
            "✕",
            lang.state_closed(),
            lang.state_closed().to_owned(),
        ),
        RoomState::DropIn { until } => (
            "s-dropin",
            "↓",
            lang.state_drop_in(),
            lang.open_until(&time(until)),
        ),
        RoomState::StaffOnly => (
            "s-staff",
            "–",
            lang.state_staff_only(),
            lang.state_staff_only().to_owned(),
        ),
    };
    Look {
        class,
        glyph,
        word,
        detail,
    }
}

/// Draws a floor with the state of its rooms in `slot`. Rooms that `fits` refuses are dimmed.
pub fn floor_svg(
    centre: &Centre,
    floor: &Floor,
    timelines: &[Timeline],
    slot: Slot,
    lang: Lang,
    fits: &dyn Fn(&Room) -> bool,
) -> String {
    let mut svg = String::with_capacity(16 * 1024);
    let (low, high) = floor.outline.bounds();
    let (x, y) = (low.x - MARGIN, low.y - MARGIN);
    let (w, h) = (
        high.x - low.x + 2.0 * MARGIN,
        high.y - low.y + MARGIN + FOOT,
    );
    let outdoor = if floor.outdoor { " outdoor" } else { "" };
    put(
        &mut svg,
        format_args!(
            "<svg class=\"plan{outdoor}\" viewBox=\"{x} {y} {w} {h}\" role=\"group\" aria-label=\"{}\">{PATTERNS}",
            escape(&lang.plan_of(floor.name.get(lang)))
        ),
    );
    put(
        &mut svg,
        format_args!("<path class=\"ground\" d=\"{}\"/>", path(&floor.outline)),
    );
    for passage in &floor.passages {
        draw_passage(&mut svg, passage, lang);
    }
    let rooms: Vec<&Room> = centre.drawn_on(&floor.id).collect();
    for room in &rooms {
        let Some(timeline) = timelines.iter().find(|timeline| timeline.room == room.id) else {
            continue;
        };
        let look = look(room_state(room, timeline, slot), slot, lang);
        draw_room(&mut svg, room, &look, lang, !fits(room));
    }
    draw_walls(&mut svg, centre, floor, &rooms);
    draw_openings(&mut svg, floor, &rooms, lang);
    draw_scale(
        &mut svg,
        Point {
            x: low.x,
            y: high.y + 0.75,
        },
        lang,
    );
    svg.push_str("</svg>");
    svg
}

/// Writing into a string cannot fail.
fn put(svg: &mut String, what: std::fmt::Arguments<'_>) {
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

/// One pattern per state, told apart without colours: free is plain.
const PATTERNS: &str = concat!(
    "<defs>",
    "<pattern id=\"p-busy\" width=\".5\" height=\".5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path d=\"M0 0V.5\"/></pattern>",
    "<pattern id=\"p-soon\" width=\".5\" height=\".5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(-45)\"><path d=\"M0 0V.25\"/></pattern>",
    "<pattern id=\"p-requested\" width=\".6\" height=\".6\" patternUnits=\"userSpaceOnUse\"><circle cx=\".3\" cy=\".3\" r=\".08\"/></pattern>",
    "<pattern id=\"p-closed\" width=\".6\" height=\".6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path d=\"M0 .3H.6M.3 0V.6\"/></pattern>",
    "<pattern id=\"p-dropin\" width=\"1\" height=\".5\" patternUnits=\"userSpaceOnUse\"><path d=\"M0 .25H.5\"/></pattern>",
    "</defs>"
);

fn path(outline: &Outline) -> String {
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
fn short(metres: f64) -> f64 {
    (metres * 100.0).round() / 100.0
}

fn draw_passage(svg: &mut String, passage: &Passage, lang: Lang) {
    let (class, label) = match passage.kind {
        PassageKind::Corridor => ("corridor", ""),
        PassageKind::Yard => ("yard", ""),
        PassageKind::Stairs => ("stairs", lang.passage_stairs()),
        PassageKind::Lift => ("lift", lang.passage_lift()),
        PassageKind::Toilets => ("toilets", lang.passage_toilets()),
        PassageKind::Store => ("store", lang.passage_store()),
    };
    put(
        svg,
        format_args!(
            "<path class=\"passage {class}\" d=\"{}\"/>",
            path(&passage.outline)
        ),
    );
    let (low, high) = passage.outline.bounds();
    match passage.kind {
        PassageKind::Stairs => {
            let mut treads = String::new();
            if high.x - low.x > high.y - low.y {
                let steps = ((high.x - low.x) / 0.3) as u32;
                for i in 1..steps {
                    put(
                        &mut treads,
                        format_args!(
                            "M{} {}V{}",
                            short(low.x + f64::from(i) * 0.3),
                            low.y,
                            high.y
                        ),
                    );
                }
            } else {
                let steps = ((high.y - low.y) / 0.3) as u32;
                for i in 1..steps {
                    put(
                        &mut treads,
                        format_args!(
                            "M{} {}H{}",
                            low.x,
                            short(low.y + f64::from(i) * 0.3),
                            high.x
                        ),
                    );
                }
            }
            put(svg, format_args!("<path class=\"thin\" d=\"{treads}\"/>"));
        }
        PassageKind::Lift => put(
            svg,
            format_args!(
                "<path class=\"thin\" d=\"M{} {}L{} {}M{} {}L{} {}\"/>",
                low.x, low.y, high.x, high.y, low.x, high.y, high.x, low.y
            ),
        ),
        _ => {}
    }
    if !label.is_empty() {
        let (middle, w, h) = passage.outline.label_box();
        if let Some(label) = fit(label, w, h, 0.62, 0.5) {
            write_label(svg, "way", &label, middle, 0.0);
        }
    }
}

fn draw_room(svg: &mut String, room: &Room, look: &Look, lang: Lang, dimmed: bool) {
    let d = path(&room.outline);
    let dim = if dimmed { " dim" } else { "" };
    let name = room.name.get(lang);
    let (middle, w, h) = room.outline.label_box();
    // A hand's breadth from the walls and their doors.
    let (w, below) = (w - 1.3, 0.85);
    let short_name = room.short.as_ref().map(|short| short.get(lang));
    let shown = [(name, 0.62), (short_name.unwrap_or(name), 0.5)];
    let shown = shown
        .into_iter()
        .find_map(|(text, least)| Some((text, fit(text, w, h - 0.5 - below, 1.05, least)?)));
    let shown = shown.or_else(|| Some((name, fit(name, w, h - 0.3, 0.6, 0.3)?)));
    // What is heard starts with what is seen (WCAG 2.5.3).
    let spoken = Spoken {
        seen: shown.as_ref().map_or(name, |(text, _)| text),
        name,
    };
    put(
        svg,
        format_args!(
            "<g class=\"room {}{dim}\" data-room=\"{}\" role=\"button\" tabindex=\"0\" aria-label=\"{}\">\
             <path class=\"fill\" d=\"{d}\"/><path class=\"pattern\" d=\"{d}\"/>",
            look.class,
            room.id,
            escape(&spoken.with(look)),
        ),
    );
    if let Some((_, label)) = shown {
        let word_size = (label.size * 0.78).min(0.7);
        let lift = -(word_size * 1.3) / 2.0;
        let class = if label.size < 0.5 {
            "name small"
        } else {
            "name"
        };
        let bottom = write_label(svg, class, &label, middle, lift);
        let y = short(bottom + word_size * 1.25);
        put(
            svg,
            format_args!(
                "<text class=\"word\" x=\"{}\" y=\"{y}\" font-size=\"{}\">{} {}</text>",
                short(middle.x),
                short(word_size),
                look.glyph,
                look.word
            ),
        );
        draw_equipment(svg, room, middle, w, y + 0.35, middle.y + h / 2.0 - 0.2);
    }
    svg.push_str("</g>");
}

/// What a screen reader says of a room: the name on the plan, the state, and the whole name where the plan has a short one.
pub struct Spoken<'a> {
    /// The name that stands on the plan.
    pub seen: &'a str,
    /// The room's name.
    pub name: &'a str,
}

impl Spoken<'_> {
    /// The label for that look.
    pub fn with(&self, look: &Look) -> String {
        match self.seen.replace(' ', "") == self.name.replace(' ', "") {
            true => format!("{}, {}", self.name, look.detail),
            false => format!("{}, {}, {}", self.seen, look.detail, self.name),
        }
    }
}

/// A row of small signs for what is in the room, shown when zoomed in.
fn draw_equipment(svg: &mut String, room: &Room, middle: Point, width: f64, top: f64, bottom: f64) {
    const SIZE: f64 = 0.5;
    let signs: Vec<&str> = room.equipment.keys().filter_map(|one| sign(*one)).collect();
    let most = (width / (SIZE * 1.4)) as usize;
    let shown = signs.len().min(most);
    if shown == 0 || bottom - top < SIZE {
        return;
    }
    let mut x = middle.x - (shown as f64 * SIZE * 1.4 - SIZE * 0.4) / 2.0;
    for d in &signs[..shown] {
        put(
            svg,
            format_args!(
                "<path class=\"sign\" transform=\"translate({} {}) scale({})\" d=\"{d}\"/>",
                short(x),
                short(top),
                SIZE / 10.0
            ),
        );
        x += SIZE * 1.4;
    }
}

/// Line drawings on a 10 × 10 grid.
fn sign(equipment: Equipment) -> Option<&'static str> {
    Some(match equipment {
        Equipment::Tables => "M0 3H10M1.500 3V9M8.500 3V9",
        Equipment::Chairs => "M2 0V10M2 5H8V10",
        Equipment::Sofa => "M0 4V9H10V4M1.500 7V2H8.500V7Z",
        Equipment::Projector => "M0 3H10V8H0ZM6 5.500a1.500 1.500 0 1 0 3 0a1.500 1.500 0 1 0 -3 0",
        Equipment::Screen | Equipment::Computers => "M0 1H10V7H0ZM3 10H7M5 7V10",
        Equipment::Blackboard => "M0 1H10V7H0ZM1 10L2 7M9 10L8 7",
        Equipment::SoundSystem => {
            "M2 0H8V10H2ZM3.500 6.500a1.500 1.500 0 1 0 3 0a1.500 1.500 0 1 0 -3 0M5 2V2.500"
        }
        Equipment::Microphones => "M3.500 0H6.500V5H3.500ZM2 4V7H8V4M5 7V10",
        Equipment::Wifi => "M0 4Q5 -1 10 4M2 6.500Q5 3 8 6.500M5 9V9.200",
        Equipment::WaterDispenser => "M3 0H7V3H3ZM2 3H8V10H2ZM5 5V7",
        Equipment::Books => "M5 2Q2 0 0 2V9Q2 7 5 9Q8 7 10 9V2Q8 0 5 2V9",
        Equipment::Piano | Equipment::Instruments => "M3 9a1.500 1.500 0 1 0 .1 0M4.500 8V0L9 2V6",
        Equipment::Mahjong | Equipment::GoTables => {
            "M0 0H10V10H0ZM3.300 0V10M6.700 0V10M0 3.300H10M0 6.700H10"
        }
        Equipment::CalligraphyDesks => "M9 0L3 6L2 9L5 8L10 1M0 10H6",
        Equipment::TableTennis => "M0 2H10V8H0ZM5 0V10",
        Equipment::Badminton => "M0 0V10M10 0V10M0 2H10M0 5H10M3.300 2V5M6.600 2V5",
        Equipment::Basketball => "M0 5a5 5 0 1 0 10 0a5 5 0 1 0 -10 0M0 5H10M5 0V10",
        Equipment::Fitness => "M0 3V7M2 1V9M2 5H8M8 1V9M10 3V7",
        Equipment::Bed | Equipment::MassageChairs => "M0 1V10M0 7H10V10M1.500 5H9V7",
        Equipment::BloodPressureMeter => "M0 5H3L4 2L6 8L7 5H10",
        Equipment::Toys | Equipment::CraftMaterials => {
            "M0 5H4.500V10H0ZM5.500 5H10V10H5.500ZM2.700 0H7.300V4.500H2.700Z"
        }
        Equipment::Copier => "M2 4V0H8V4M0 4H10V8H0ZM2 6.500H8V10H2Z",
        Equipment::Mirrors => "M2 0H8V10H2ZM4 4L6 2M4 7L6 5",
        Equipment::VrHeadsets => "M0 2H10V8H6.500L5 6L3.500 8H0Z",
        Equipment::StreamingCamera => "M0 2H7V8H0ZM7 5L10 3V7Z",
        Equipment::Tools => "M0 10L6 4M5 1a3 3 0 1 0 4 4L7 5V3Z",
    })
}

struct Label {
    lines: Vec<String>,
    size: f64,
}

/// How wide a text is at size 1, roughly: Chinese characters are square, Latin ones about half as wide.
fn width(text: &str) -> f64 {
    text.chars()
        .map(|c| if c < '\u{2e80}' { 0.62 } else { 1.0 })
        .sum()
}

/// The largest size between `most` and `least` at which the text fits into a box, on up to three lines.
fn fit(text: &str, w: f64, h: f64, most: f64, least: f64) -> Option<Label> {
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
fn wrap(text: &str, count: u8) -> Vec<String> {
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
fn write_label(svg: &mut String, class: &str, label: &Label, middle: Point, lift: f64) -> f64 {
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

fn draw_walls(svg: &mut String, centre: &Centre, floor: &Floor, rooms: &[&Room]) {
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

fn line(edge: Edge) -> String {
    format!(
        "M{} {}L{} {}",
        short(edge.a.x),
        short(edge.a.y),
        short(edge.b.x),
        short(edge.b.y)
    )
}

fn draw_openings(svg: &mut String, floor: &Floor, rooms: &[&Room], lang: Lang) {
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
fn directions(edge: Edge, outline: &Outline, at: Point) -> (Point, Point) {
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
fn draw_door(
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
                "M{} {}L{} {}A{width} {width} 0 0 {sweep} {} {}",
                short(hinge.x),
                short(hinge.y),
                short(tip.x),
                short(tip.y),
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
fn draw_windows(windows: &mut String, room: &Outline, floor: &Outline, doors: &[Point]) {
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

fn draw_scale(svg: &mut String, at: Point, lang: Lang) {
    let (x, y) = (at.x, short(at.y));
    put(
        svg,
        format_args!(
            "<g class=\"scale\" aria-hidden=\"true\"><path d=\"M{x} {y}h5M{x} {}v.4M{} {}v.4M{} {}v.4\"/>\
             <text x=\"{}\" y=\"{}\" font-size=\".6\">{}</text></g>",
            short(y - 0.2),
            x + 2.5,
            short(y - 0.2),
            x + 5.0,
            short(y - 0.2),
            x + 5.3,
            short(y + 0.2),
            lang.metres(5)
        ),
    );
}
