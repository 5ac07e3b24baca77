//! A first description of a centre, from a few words: a plain plan that a file can replace later.

use serde::{Deserialize, Serialize};

use crate::{
    centre::{
        Centre, Floor, Passage, PassageKind,
        hours::{DayHours, Hours, MonthDay, Season, WeekHours},
        plan::{Outline, Points},
        room::{Capacity, Room, UseMode},
        rules::{RoomRules, Rules, Who},
    },
    id::{CentreId, FloorId, RoomId},
    language::Name,
};

/// What is asked of a house that has no plan yet.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Its id in addresses: small letters, digits and hyphens.
    pub id: String,
    /// Its name.
    pub name: Name,
    /// Street and number.
    pub address: Name,
    /// The desk's phone number.
    pub phone: String,
    /// IANA time zone.
    pub zone: String,
    /// Its rooms, at most [`MOST_ROOMS`]: names, and how many people fit.
    pub rooms: Vec<(Name, u16)>,
}

/// The most rooms of a first plan.
pub const MOST_ROOMS: usize = 20;

/// Width and depth of a drawn room, and the width of the corridor, in metres.
const ROOM: (f64, f64) = (6.0, 5.0);
const CORRIDOR: f64 = 2.0;

/// The centre with a plan on which its rooms lie along a corridor, open every day from nine to nine, with plain rules.
pub fn describe(start: &Start) -> Centre {
    let rooms = start.rooms.get(..MOST_ROOMS).unwrap_or(&start.rooms);
    let columns = rooms.len().div_ceil(2).max(1);
    let width = ROOM.0 * columns as f64;
    let depth = 2.0 * ROOM.1 + CORRIDOR;
    let outline = |x: f64, y: f64, w: f64, d: f64| {
        Outline::parse(&format!("{x},{y} {w}x{d}")).unwrap_or_default()
    };
    let points = |x: f64, y: f64| Points::parse(&format!("{x},{y}")).unwrap_or_default();
    let floor = FloorId::new("1");
    let room = |(at, (name, most)): (usize, &(Name, u16))| {
        let x = ROOM.0 * (at / 2) as f64;
        let (y, door) = match at % 2 {
            0 => (0.0, ROOM.1),
            _ => (ROOM.1 + CORRIDOR, ROOM.1 + CORRIDOR),
        };
        Room {
            id: RoomId::new(format!("room-{}", at + 1)),
            floor: floor.clone(),
            name: name.clone(),
            short: None,
            aliases: Vec::new(),
            about: None,
            outline: outline(x, y, ROOM.0, ROOM.1),
            doors: points(x + ROOM.0 / 2.0, door),
            parts: Vec::new(),
            people: Capacity {
                comfortable: (*most).max(1),
                most: (*most).max(1),
            },
            equipment: Default::default(),
            purposes: Vec::new(),
            step_free: true,
            use_mode: UseMode::SelfService,
            hours: None,
            rules: RoomRules::default(),
        }
    };
    let day = DayHours::parse("09:00-21:00").unwrap_or_default();
    let (from, to) = MonthDay::YEAR;
    Centre {
        id: CentreId::new(start.id.as_str()),
        name: start.name.clone(),
        address: start.address.clone(),
        directions: start.address.clone(),
        phone: start.phone.clone(),
        zone: start.zone.clone(),
        hours: Hours {
            season: vec![Season {
                from,
                to,
                week: WeekHours::new(std::array::from_fn(|_| day.clone())),
            }],
            special: Vec::new(),
        },
        rules: Rules {
            step: 30,
            shortest: 30,
            longest: 180,
            ahead_days: 28,
            notice: 0,
            buffer_before: 0,
            buffer_after: 0,
            who: Who::Residents,
            open_bookings: 6,
            week_minutes: 480,
            month_minutes: 1440,
            fewest_people: 1,
            cancel_notice: 60,
            grace: 15,
            no_shows: 3,
            no_show_days: 60,
            household_bookings: 0,
            household_week_minutes: 0,
        },
        floors: vec![Floor {
            id: floor.clone(),
            name: Name::new("一楼", "ground floor"),
            outdoor: false,
            area: width * depth,
            outline: outline(0.0, 0.0, width, depth),
            entrances: points(0.0, ROOM.1 + CORRIDOR / 2.0),
            passages: vec![Passage {
                kind: PassageKind::Corridor,
                outline: outline(0.0, ROOM.1, width, CORRIDOR),
                doors: Points::default(),
                shaft: None,
            }],
        }],
        rooms: rooms.iter().enumerate().map(room).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::validate::faults;

    #[test]
    fn every_first_plan_can_be_opened() {
        for rooms in 1..=MOST_ROOMS + 1 {
            let name = |at: usize| (Name::new(format!("房间{at}"), format!("Room {at}")), 12);
            let start = Start {
                id: "west".to_owned(),
                name: Name::new("西站", "West"),
                address: Name::new("路 1 号", "1 Road"),
                phone: "1".to_owned(),
                zone: "Asia/Shanghai".to_owned(),
                rooms: (0..rooms).map(name).collect(),
            };
            let centre = describe(&start);
            assert_eq!(faults(&centre), [], "{rooms} rooms");
            assert_eq!(centre.rooms.len(), rooms.min(MOST_ROOMS));
        }
    }
}
