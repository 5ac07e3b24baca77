//! The floor's plan as an SVG drawing. The app draws with it, and the server puts the same drawing into the front
//! page, so that people see the real map before the program arrives.
//!
//! Coordinates are metres. State shows by class (colour and pattern), glyph and word; [`Look`] holds all three, so
//! that the app can change a room's look in place without drawing the plan again.

mod label;
mod opening;
mod sign;
mod svg;

use std::borrow::Cow;

pub use self::svg::escape;
use self::{
    label::{beside_doors, fit, width, write_label},
    opening::{draw_openings, draw_walls},
    sign::draw_equipment,
    svg::{path, put, short},
};
use crate::{
    centre::{
        Centre, Floor, Passage, PassageKind,
        availability::{RoomState, Timeline, room_state},
        plan::Point,
        room::Room,
    },
    figures::{Figures, Use},
    language::Lang,
    time::{DAY, LocalTime, Slot},
};

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
    pub word: Cow<'static, str>,
    /// The state in a few words, with its time.
    pub detail: String,
}

/// The look of a state, told to somebody who looks at `slot`. A slot of one minute is this very minute: whoever asks about a
/// later time hears that a room is booked then, not that it is in use.
pub fn look(state: RoomState, slot: Slot, lang: Lang) -> Look {
    let is_now = slot.minutes() <= 1;
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
            match is_now {
                true => lang.state_busy(),
                false => lang.state_booked(),
            },
            match is_now {
                true => lang.busy_until(&time(until)),
                false => lang.booked_until(&time(until)),
            },
        ),
        RoomState::Requested => (
            "s-requested",
            "◐",
            lang.state_requested(),
            lang.state_requested().to_owned(),
        ),
        RoomState::Held => (
            "s-requested",
            "◐",
            lang.state_held(),
            lang.state_held().to_owned(),
        ),
        RoomState::Shut { opens } => (
            "s-shut",
            "–",
            lang.state_shut(),
            match opens {
                Some(at) => lang.shut_until(&time(at)),
                None => lang.state_shut().to_owned(),
            },
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
        word: word.into(),
        detail,
    }
}

/// The plan of each floor on which rooms are counted, its rooms the stronger in colour the more they are used.
pub fn draw_use<'a>(centre: &'a Centre, figures: &Figures, lang: Lang) -> Vec<(&'a Floor, String)> {
    let of = |room: &Room| figures.rooms.iter().find(|one| one.room == room.id);
    let counted = |floor: &&Floor| centre.drawn_on(&floor.id).any(|room| of(room).is_some());
    let look = |room: &Room| Some((look_of_use(of(room).map(|one| one.used), lang), false));
    let floors = centre.floors.iter().filter(counted);
    floors
        .map(|floor| {
            let drawn = draw_floor(centre, floor, (lang, Scale::UNKNOWN), &look);
            (floor, still(&drawn))
        })
        .collect()
}

/// The look of a room that was used so much of its open time: the stronger the colour, the more. A room that is not counted has
/// its name alone.
fn look_of_use(used: Option<Use>, lang: Lang) -> Look {
    const SHADES: [&str; 6] = ["u-0", "u-1", "u-2", "u-3", "u-4", "u-5"];
    let share = used.and_then(Use::percent);
    // From one percent on each fifth has a shade of its own.
    let shade = share.map_or(0, |share| share.div_ceil(20) as usize);
    let word = match (used, share) {
        (_, Some(share)) => format!("{share}%"),
        (Some(_), None) => lang.state_shut().to_owned(),
        (None, None) => String::new(),
    };
    Look {
        class: SHADES.get(shade).copied().unwrap_or("u-5"),
        glyph: "",
        detail: word.clone(),
        word: word.into(),
    }
}

/// The least height of letters on the screen: of a room's name, and of the word for its state, in pixels. Smaller ones are left
/// out until one zooms in.
const LEAST_NAME: f64 = 11.0;
const LEAST_WORD: f64 = 9.0;

/// How much larger letters are in the elder view.
const ELDER: f64 = 1.5;

/// How large a plan is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Pixels of the screen for each metre.
    pub per_metre: f64,
    /// How much larger than usual letters must be: 1, or more in the elder view.
    pub letters: f64,
}

impl Scale {
    /// Paper and pictures, and pages of which no more is known: what fits is written.
    pub const UNKNOWN: Self = Self {
        per_metre: 22.0,
        letters: 1.0,
    };

    /// The scale at which a floor fills a frame of so many pixels, in the elder view or not.
    pub fn fitting(floor: &Floor, (width, height): (f64, f64), elder: bool) -> Self {
        let (_, _, w, h) = frame(floor);
        Self {
            per_metre: (width / w).min(height / h).max(1.0),
            letters: if elder { ELDER } else { 1.0 },
        }
    }

    fn metres(self, pixels: f64) -> f64 {
        pixels * self.letters / self.per_metre
    }
}

/// Left, top, width and height of a floor's drawing, in metres.
fn frame(floor: &Floor) -> (f64, f64, f64, f64) {
    let (low, high) = floor.outline.bounds();
    (
        low.x - MARGIN,
        low.y - MARGIN,
        high.x - low.x + 2.0 * MARGIN,
        high.y - low.y + MARGIN + FOOT,
    )
}

/// Draws a floor with the state of its rooms in `slot`. Rooms that `fits` refuses are dimmed.
pub fn floor_svg(
    centre: &Centre,
    floor: &Floor,
    timelines: &[Timeline],
    slot: Slot,
    (lang, scale): (Lang, Scale),
    fits: &dyn Fn(&Room) -> bool,
) -> String {
    draw_floor(centre, floor, (lang, scale), &|room| {
        let timeline = timelines.iter().find(|timeline| timeline.room == room.id)?;
        let look = look(room_state(room, timeline, slot), slot, lang);
        Some((look, !fits(room)))
    })
}

/// Draws a floor with a look for each of its rooms, dimmed or not. Rooms without one are left out.
pub fn draw_floor(
    centre: &Centre,
    floor: &Floor,
    (lang, scale): (Lang, Scale),
    look_of: &dyn Fn(&Room) -> Option<(Look, bool)>,
) -> String {
    let mut svg = String::with_capacity(16 * 1024);
    let (low, high) = floor.outline.bounds();
    let (x, y, w, h) = frame(floor);
    let outdoor = if floor.outdoor { " outdoor" } else { "" };
    put(
        &mut svg,
        format_args!(
            "<svg class=\"plan{outdoor}\" viewBox=\"{} {} {} {}\" role=\"group\" aria-label=\"{}\">{PATTERNS}",
            short(x),
            short(y),
            short(w),
            short(h),
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
        if let Some((look, dimmed)) = look_of(room) {
            draw_room(&mut svg, room, &look, (lang, scale), dimmed);
        }
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
                            short(low.y),
                            short(high.y)
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
                            short(low.x),
                            short(low.y + f64::from(i) * 0.3),
                            short(high.x)
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
                short(low.x),
                short(low.y),
                short(high.x),
                short(high.y),
                short(low.x),
                short(high.y),
                short(high.x),
                short(low.y)
            ),
        ),
        _ => {}
    }
    if !label.is_empty() {
        let (middle, w, h) = passage.outline.label_box();
        if let Some(label) = fit(label, w, h, 0.62, 0.4) {
            write_label(svg, "way", &label, middle, 0.0);
        }
    }
}

fn draw_room(
    svg: &mut String,
    room: &Room,
    look: &Look,
    (lang, scale): (Lang, Scale),
    dimmed: bool,
) {
    let d = path(&room.outline);
    let dim = if dimmed { " dim" } else { "" };
    let name = room.name.get(lang);
    let (middle, w, h) = room.outline.label_box();
    let (middle, w) = beside_doors(room, middle, w);
    let below = 0.85;
    let short_name = room.short.as_ref().map(|short| short.get(lang));
    let least = scale.metres(LEAST_NAME).clamp(0.3, 1.05);
    let shown = [
        (name, least.max(0.62)),
        (short_name.unwrap_or(name), least.max(0.5)),
        (short_name.unwrap_or(name), least),
    ];
    let shown = shown.into_iter().find_map(|(text, least)| {
        Some((text, fit(text, w, h - 0.5 - below, least.max(1.05), least)?))
    });
    let shown = shown.or_else(|| Some((name, fit(name, w, h - 0.3, 0.6, 0.3)?)));
    // What is heard starts with what is seen (WCAG 2.5.3).
    let spoken = Spoken {
        seen: shown.as_ref().map_or(name, |(text, _)| text),
        name,
    };
    put(
        svg,
        format_args!(
            "<g class=\"room {}{dim}\" data-room=\"{}\" role=\"button\" tabindex=\"-1\" aria-label=\"{}\">\
             <path class=\"fill\" d=\"{d}\"/><path class=\"pattern\" d=\"{d}\"/>",
            look.class,
            room.id,
            escape(&spoken.with(look)),
        ),
    );
    if let Some((_, label)) = shown {
        let word_size = (label.size * 0.78).min(0.7).max(scale.metres(LEAST_WORD));
        let lift = -(word_size * 1.3) / 2.0;
        let class = if label.size < least {
            "name small"
        } else {
            "name"
        };
        let bottom = write_label(svg, class, &label, middle, lift);
        let y = bottom + word_size * 1.25;
        // Where the longest word would not fit the sign alone says it.
        let longest = [
            lang.state_drop_in(),
            lang.state_requested(),
            lang.state_free_soon(),
        ]
        .map(width)
        .into_iter()
        .fold(0.0, f64::max);
        let fits = (longest + 1.4) * word_size <= w + 0.5;
        let (class, text) = match fits {
            true => (
                "word",
                format!("{} {}", look.glyph, look.word).trim().to_owned(),
            ),
            false => ("word sign-only", look.glyph.to_owned()),
        };
        put(
            svg,
            format_args!(
                "<text class=\"{class}\" x=\"{}\" y=\"{}\" font-size=\"{}\">{text}</text>",
                short(middle.x),
                short(y),
                short(word_size),
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

fn draw_scale(svg: &mut String, at: Point, lang: Lang) {
    let Point { x, y } = at;
    put(
        svg,
        format_args!(
            "<g class=\"scale\" aria-hidden=\"true\"><path d=\"M{} {}h5M{} {}v.4M{} {}v.4M{} {}v.4\"/>\
             <text x=\"{}\" y=\"{}\" font-size=\".6\">{}</text></g>",
            short(x),
            short(y),
            short(x),
            short(y - 0.2),
            short(x + 2.5),
            short(y - 0.2),
            short(x + 5.0),
            short(y - 0.2),
            short(x + 5.3),
            short(y + 0.2),
            lang.metres(5)
        ),
    );
}

/// A drawing as a picture: on paper there is nothing to press.
pub fn still(svg: &str) -> String {
    svg.replace("role=\"button\" tabindex=\"-1\"", "role=\"img\"")
}
