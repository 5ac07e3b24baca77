//! The one validator of a centre: the import, the demo and later the plan editor all ask here.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    centre::{
        Centre, Floor, PassageKind,
        plan::{Outline, Point},
        room::UseMode,
    },
    id::is_slug,
};

/// What is wrong with a centre's description. Its sentence is made by [`crate::text`].
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the sentences in the catalogue explain them")]
pub enum CentreFault {
    BadId {
        id: String,
    },
    SameId {
        id: String,
    },
    NoFloor,
    NoName {
        id: String,
    },
    UnknownFloor {
        room: String,
    },
    UnknownPart {
        room: String,
        part: String,
    },
    PartOfItself {
        room: String,
    },
    PartsDoNotFill {
        room: String,
        parts: f64,
        whole: f64,
    },
    Rule {
        place: String,
        field: String,
    },
    BadCapacity {
        room: String,
    },
    Tangled {
        place: String,
    },
    OutsideFloor {
        place: String,
    },
    Overlap {
        place: String,
        other: String,
    },
    DoorOffWall {
        place: String,
        at: Point,
    },
    NoEntrance,
    Unreachable {
        place: String,
    },
    Area {
        floor: String,
        drawn: f64,
        reported: f64,
    },
    DropInPart {
        room: String,
    },
    /// More rooms than any house has.
    TooManyRooms {
        most: usize,
    },
    /// A day stands twice among the special days.
    SameDay {
        date: String,
    },
    /// The time zone is unknown.
    UnknownZone {
        zone: String,
    },
    /// The file cannot be read.
    Unreadable {
        line: usize,
        what: String,
    },
    /// The file describes another centre.
    OtherCentre {
        id: String,
    },
    /// There is a centre of that id.
    KnownCentre {
        id: String,
    },
}

/// Figures of a plan are numbers: the parser of files lets nothing else in.
impl Eq for CentreFault {}

/// The most rooms of a house.
const MOST_ROOMS: usize = 500;

/// All that is wrong with the centre; empty when it can be opened.
pub fn faults(centre: &Centre) -> Vec<CentreFault> {
    let mut faults = Vec::new();
    if centre.rooms.len() > MOST_ROOMS {
        return vec![CentreFault::TooManyRooms { most: MOST_ROOMS }];
    }
    ids(centre, &mut faults);
    if !faults.is_empty() {
        // Everything below relies on ids that name one thing each.
        return faults;
    }
    rules(centre, &mut faults);
    rooms(centre, &mut faults);
    for floor in &centre.floors {
        floor_plan(centre, floor, &mut faults);
    }
    if centre.floors.is_empty() {
        faults.push(CentreFault::NoFloor);
    } else if faults.is_empty() {
        reachability(centre, &mut faults);
    }
    faults
}

fn ids(centre: &Centre, faults: &mut Vec<CentreFault>) {
    let floors = centre
        .floors
        .iter()
        .map(|floor| (floor.id.as_str(), &floor.name));
    let rooms = centre
        .rooms
        .iter()
        .map(|room| (room.id.as_str(), &room.name));
    for ids in [
        vec![(centre.id.as_str(), &centre.name)],
        floors.collect(),
        rooms.collect(),
    ] {
        let mut seen = BTreeSet::new();
        for (id, name) in ids {
            if !is_slug(id) {
                faults.push(CentreFault::BadId { id: id.to_owned() });
            }
            if !seen.insert(id) {
                faults.push(CentreFault::SameId { id: id.to_owned() });
            }
            if name.zh.trim().is_empty() || name.en.trim().is_empty() {
                faults.push(CentreFault::NoName { id: id.to_owned() });
            }
        }
    }
    for room in &centre.rooms {
        let id = room.id.to_string();
        if centre.floor(&room.floor).is_none() {
            faults.push(CentreFault::UnknownFloor { room: id.clone() });
        }
        let mut seen = BTreeSet::new();
        for part in &room.parts {
            match centre.room(part) {
                Some(known) if known.floor == room.floor && seen.insert(part) => {}
                _ => faults.push(CentreFault::UnknownPart {
                    room: id.clone(),
                    part: part.to_string(),
                }),
            }
        }
        if has_itself(centre, room) {
            faults.push(CentreFault::PartOfItself { room: id });
        }
    }
}

fn has_itself(centre: &Centre, room: &crate::centre::room::Room) -> bool {
    let mut reached = BTreeSet::new();
    let mut open: Vec<_> = room.parts.iter().collect();
    while let Some(id) = open.pop() {
        if *id == room.id {
            return true;
        }
        if reached.insert(id) {
            open.extend(centre.room(id).into_iter().flat_map(|part| &part.parts));
        }
    }
    false
}

fn rules(centre: &Centre, faults: &mut Vec<CentreFault>) {
    let mut add = |place: &str, fields: Vec<&'static str>| {
        let rule = |field: &'static str| CentreFault::Rule {
            place: place.to_owned(),
            field: field.to_owned(),
        };
        faults.extend(fields.into_iter().map(rule));
    };
    let of_house = centre.rules.faults();
    add(centre.id.as_str(), of_house.clone());
    let mut days = BTreeSet::new();
    let twice = centre
        .hours
        .special
        .iter()
        .find(|day| !days.insert(day.date));
    let twice = twice.map(|day| CentreFault::SameDay {
        date: day.date.to_string(),
    });
    for room in &centre.rooms {
        // What the house's own rules say wrong is said once.
        let mut own = centre.rules_of(room).faults();
        own.retain(|field| !of_house.contains(field));
        add(room.id.as_str(), own);
    }
    faults.extend(twice);
}

fn rooms(centre: &Centre, faults: &mut Vec<CentreFault>) {
    for room in &centre.rooms {
        let id = room.id.to_string();
        if room.people.most == 0 || room.people.comfortable > room.people.most {
            faults.push(CentreFault::BadCapacity { room: id.clone() });
        }
        let parts = room.parts.iter().filter_map(|part| centre.room(part));
        if parts.clone().any(|part| part.use_mode == UseMode::DropIn) {
            faults.push(CentreFault::DropInPart { room: id.clone() });
        }
        let filled: f64 = parts.map(|part| part.outline.area()).sum();
        let whole = room.outline.area();
        if !room.parts.is_empty() && (filled - whole).abs() > 0.05 * whole {
            faults.push(CentreFault::PartsDoNotFill {
                room: id,
                parts: filled,
                whole,
            });
        }
    }
}

/// A space that the plan draws: its name for people, its walls, its doors, and the shaft it belongs to.
struct Space<'a> {
    name: String,
    outline: &'a Outline,
    doors: &'a [Point],
    shaft: Option<&'a str>,
}

fn spaces<'a>(centre: &'a Centre, floor: &'a Floor) -> Vec<Space<'a>> {
    let rooms = centre.drawn_on(&floor.id).map(|room| Space {
        name: room.id.to_string(),
        outline: &room.outline,
        doors: &room.doors.0,
        shaft: None,
    });
    let passages = floor.passages.iter().enumerate().map(|(i, passage)| Space {
        name: format!("{}/passage-{}", floor.id, i + 1),
        outline: &passage.outline,
        doors: &passage.doors.0,
        shaft: matches!(passage.kind, PassageKind::Stairs | PassageKind::Lift)
            .then_some(passage.shaft.as_deref())
            .flatten(),
    });
    rooms.chain(passages).collect()
}

fn floor_plan(centre: &Centre, floor: &Floor, faults: &mut Vec<CentreFault>) {
    let drawn = floor.outline.area();
    // Written so that it also refuses what is no number (TOML knows `nan` and `inf`).
    let agrees = floor.area.is_finite() && (drawn - floor.area).abs() <= 0.03 * floor.area;
    if !agrees {
        faults.push(CentreFault::Area {
            floor: floor.id.to_string(),
            drawn,
            reported: if floor.area.is_finite() {
                floor.area
            } else {
                0.0
            },
        });
    }
    if floor.outline.is_tangled() {
        faults.push(CentreFault::Tangled {
            place: floor.id.to_string(),
        });
        return;
    }
    for at in &floor.entrances.0 {
        if !floor.outline.on_wall(*at) {
            faults.push(CentreFault::DoorOffWall {
                place: floor.id.to_string(),
                at: *at,
            });
        }
    }
    let spaces = spaces(centre, floor);
    for (i, space) in spaces.iter().enumerate() {
        let place = || space.name.clone();
        if space.outline.is_tangled() {
            faults.push(CentreFault::Tangled { place: place() });
        } else if !floor.outline.covers(space.outline) {
            faults.push(CentreFault::OutsideFloor { place: place() });
        }
        for other in &spaces[i + 1..] {
            if space.outline.overlaps(other.outline) {
                faults.push(CentreFault::Overlap {
                    place: place(),
                    other: other.name.clone(),
                });
            }
        }
        for at in space.doors {
            if !space.outline.on_wall(*at) {
                faults.push(CentreFault::DoorOffWall {
                    place: place(),
                    at: *at,
                });
            }
        }
    }
}

/// Walks from the entrances through doors, and through shafts from floor to floor.
fn reachability(centre: &Centre, faults: &mut Vec<CentreFault>) {
    let floors: Vec<_> = centre
        .floors
        .iter()
        .map(|floor| (floor, spaces(centre, floor)))
        .collect();
    let mut reached: Vec<Vec<bool>> = floors
        .iter()
        .map(|(_, spaces)| vec![false; spaces.len()])
        .collect();
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (f, (floor, spaces)) in floors.iter().enumerate() {
        for (s, space) in spaces.iter().enumerate() {
            if floor
                .entrances
                .0
                .iter()
                .any(|at| space.outline.on_wall(*at))
            {
                open.push((f, s));
            }
        }
    }
    if open.is_empty() {
        faults.push(CentreFault::NoEntrance);
        return;
    }
    while let Some((f, s)) = open.pop() {
        if std::mem::replace(&mut reached[f][s], true) {
            continue;
        }
        let here = &floors[f].1[s];
        for (i, other) in floors[f].1.iter().enumerate() {
            let door = here.doors.iter().chain(other.doors);
            let mut both =
                door.filter(|at| here.outline.on_wall(**at) && other.outline.on_wall(**at));
            if i != s && both.next().is_some() {
                open.push((f, i));
            }
        }
        for (g, (_, spaces)) in floors.iter().enumerate() {
            for (i, other) in spaces.iter().enumerate() {
                if g != f && here.shaft.is_some() && here.shaft == other.shaft {
                    open.push((g, i));
                }
            }
        }
    }
    for (f, (_, spaces)) in floors.iter().enumerate() {
        for (s, space) in spaces.iter().enumerate() {
            if !reached[f][s] {
                faults.push(CentreFault::Unreachable {
                    place: space.name.clone(),
                });
            }
        }
    }
}
