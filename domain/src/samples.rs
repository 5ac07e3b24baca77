//! A small house for the tests of this crate.

use crate::{
    centre::{
        Centre, Floor,
        availability::{Occupation, Occupied},
        hours::{Hours, MonthDay, Season, WeekHours},
        plan::{Outline, Points},
        room::{Capacity, Room, UseMode},
        rules::{RoomRules, Rules, Who},
    },
    language::Name,
    person::permission::Actor,
    time::{Date, Slot, Stamp},
};

/// Minutes after midnight of Monday 23 November 2026.
pub(crate) fn slot(from: i64, until: i64) -> Slot {
    let day = Date::parse("2026-11-23").unwrap();
    Slot::new(day.at(from), day.at(until)).unwrap()
}

pub(crate) fn occupied(room: &str, slot: Slot, by: Occupation) -> Occupied {
    let stamp = |local| Stamp { local, offset: 480 };
    Occupied {
        room: room.into(),
        start: stamp(slot.start()),
        end: stamp(slot.end()),
        before: 0,
        after: 0,
        by,
        title: None,
        activity: None,
        left: None,
    }
}

pub(crate) fn actor() -> Actor {
    Actor {
        person: Some("me".into()),
        roles: vec![],
    }
}

fn room(id: &str, outline: &str, parts: &[&str]) -> Room {
    Room {
        id: id.into(),
        floor: "1".into(),
        name: Name::new(id, id),
        short: None,
        aliases: vec![],
        about: None,
        outline: Outline::parse(outline).unwrap(),
        doors: Points::parse("").unwrap(),
        parts: parts.iter().map(|part| (*part).into()).collect(),
        people: Capacity {
            comfortable: 10,
            most: 20,
        },
        equipment: Default::default(),
        purposes: vec![],
        step_free: true,
        use_mode: UseMode::SelfService,
        hours: None,
        rules: RoomRules::default(),
    }
}

/// A hall with two halves, open from eight to ten at night with a break at noon, and a study with a buffer.
pub(crate) fn house() -> Centre {
    let season = |week: &str| Season {
        from: MonthDay::parse("01-01").unwrap(),
        to: MonthDay::parse("12-31").unwrap(),
        week: WeekHours::parse(week).unwrap(),
    };
    let mut study = room("study", "6,0 4x4", &[]);
    study.rules.buffer_after = Some(15);
    study.rules.step = Some(15);
    let noon = Hours {
        season: vec![season("Mon-Sun 08:00-12:00 13:00-22:00")],
        special: vec![],
    };
    let mut hall = room("hall", "0,0 6x4", &["hall-a", "hall-b"]);
    hall.hours = Some(noon);
    Centre {
        id: "house".into(),
        name: Name::new("小屋", "House"),
        address: Name::default(),
        directions: Name::default(),
        phone: String::new(),
        zone: "Asia/Shanghai".to_owned(),
        hours: Hours {
            season: vec![season("Mon-Sun 08:00-22:00")],
            special: vec![],
        },
        rules: Rules {
            step: 30,
            shortest: 30,
            longest: 180,
            ahead_days: 60,
            notice: 0,
            buffer_before: 0,
            buffer_after: 0,
            who: Who::Residents,
            open_bookings: 9,
            week_minutes: 600,
            month_minutes: 6000,
            fewest_people: 1,
            cancel_notice: 60,
            grace: 0,
            no_shows: 0,
            no_show_days: 0,
            household_bookings: 0,
            household_week_minutes: 0,
        },
        floors: vec![Floor {
            id: "1".into(),
            name: Name::new("一楼", "ground floor"),
            outdoor: false,
            area: 40.0,
            outline: Outline::parse("0,0 10x4").unwrap(),
            entrances: Points::parse("0,2").unwrap(),
            passages: vec![],
        }],
        rooms: vec![
            hall,
            room("hall-a", "0,0 3x4", &[]),
            room("hall-b", "3,0 3x4", &[]),
            study,
        ],
    }
}
