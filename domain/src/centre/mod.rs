//! A centre: its house, its hours, its rules.

pub mod availability;
pub mod closure;
pub mod consequence;
pub mod edit;
pub mod holiday;
pub mod hours;
pub mod plan;
pub mod room;
pub mod rules;
pub mod start;
pub mod validate;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    centre::{
        hours::Hours,
        plan::{Outline, Points},
        room::Room,
        rules::Rules,
    },
    id::{CentreId, FloorId, RoomId},
    language::Name,
};

/// A centre as its file describes it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Centre {
    /// Its id, unique in the deployment.
    pub id: CentreId,
    /// Its name.
    pub name: Name,
    /// Street and number.
    pub address: Name,
    /// How to get there.
    pub directions: Name,
    /// The desk's phone number as people dial it.
    pub phone: String,
    /// IANA time zone ("Asia/Shanghai"). Only the server looks it up.
    pub zone: String,
    /// When the house is open.
    pub hours: Hours,
    /// What is asked of bookings.
    pub rules: Rules,
    /// Floors, the entrance floor first.
    #[serde(rename = "floor")]
    pub floors: Vec<Floor>,
    /// Rooms, parts and combinations.
    #[serde(rename = "room")]
    pub rooms: Vec<Room>,
}

/// One floor of the house, or its yard.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// Its id, unique in the centre.
    pub id: FloorId,
    /// Its name.
    pub name: Name,
    /// Under the open sky: drawn with fences instead of walls.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outdoor: bool,
    /// Reported area in m²; the outline must agree within 3 %.
    pub area: f64,
    /// The outer walls.
    pub outline: Outline,
    /// Doors to the street, as points on the outer walls.
    #[serde(default)]
    pub entrances: Points,
    /// Corridors, stairs and other ways.
    #[serde(default, rename = "passage", skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<Passage>,
}

/// A way through the house.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passage {
    /// What it is.
    pub kind: PassageKind,
    /// Its walls.
    pub outline: Outline,
    /// Doors, as points on its walls.
    #[serde(default)]
    pub doors: Points,
    /// Stairs and lifts with the same shaft on several floors connect them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shaft: Option<String>,
}

/// Kinds of passages.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum PassageKind {
    Corridor,
    Stairs,
    Lift,
    Toilets,
    Store,
    Yard,
}

impl Centre {
    /// The room of that id.
    pub fn room(&self, id: &RoomId) -> Option<&Room> {
        self.rooms.iter().find(|room| room.id == *id)
    }

    /// What the centre asks of a booking of one of its rooms: the room's own rules over those of the house.
    pub fn rules_of(&self, room: &Room) -> Rules {
        room.rules.over(&self.rules)
    }

    /// The floor of that id.
    pub fn floor(&self, id: &FloorId) -> Option<&Floor> {
        self.floors.iter().find(|floor| floor.id == *id)
    }

    /// The smallest parts of a room, itself when it cannot be divided. Rooms share floor exactly when they share one
    /// of these, whatever the depth and however combinations overlap.
    pub fn leaves(&self, id: &RoomId) -> Vec<&RoomId> {
        let mut leaves = Vec::new();
        let mut open: Vec<&RoomId> = self.room(id).map(|room| &room.id).into_iter().collect();
        // A cycle, which the validator refuses, must not hang anybody: no honest room is deeper than its centre.
        for _ in 0..self.rooms.len() {
            let mut next = Vec::new();
            for id in open {
                match self.room(id) {
                    Some(room) if !room.parts.is_empty() => {
                        // A part that is named many times over is looked at once.
                        for part in &room.parts {
                            if !next.contains(&part) {
                                next.push(part);
                            }
                        }
                    }
                    // In order from the start: a room has few parts, and a sort of their own would be paid for on every phone.
                    Some(room) => match leaves.binary_search(&&room.id) {
                        Ok(_) => {}
                        Err(at) => leaves.insert(at, &room.id),
                    },
                    None => {}
                }
            }
            open = next;
        }
        leaves
    }

    /// The rooms that cannot be used while `id` is: itself, its parts, and the combinations it belongs to.
    pub fn sharing(&self, id: &RoomId) -> Vec<&RoomId> {
        if self.rooms.iter().all(|room| room.parts.is_empty()) {
            return self.room(id).map(|room| &room.id).into_iter().collect();
        }
        let mine = self.leaves(id);
        let shares = |room: &&Room| self.leaves(&room.id).iter().any(|leaf| mine.contains(leaf));
        self.rooms
            .iter()
            .filter(shares)
            .map(|room| &room.id)
            .collect()
    }

    /// The smallest parts of all rooms that share floor with a room, or with one of those, and so on: what is decided about one of them
    /// may depend on any other.
    pub fn connected(&self, id: &RoomId) -> BTreeSet<&RoomId> {
        let mut leaves: BTreeSet<&RoomId> = self.leaves(id).into_iter().collect();
        loop {
            let before = leaves.len();
            for room in self.rooms.iter().filter(|room| !room.parts.is_empty()) {
                let parts = self.leaves(&room.id);
                if parts.iter().any(|part| leaves.contains(part)) {
                    leaves.extend(parts);
                }
            }
            if leaves.len() == before {
                return leaves;
            }
        }
    }

    /// The combinations that a room is a direct part of.
    pub fn wholes(&self, id: &RoomId) -> impl Iterator<Item = &Room> {
        self.rooms
            .iter()
            .filter(move |room| room.parts.contains(id))
    }

    /// The rooms of a floor that cannot be divided: those that the plan draws.
    pub fn drawn_on(&self, floor: &FloorId) -> impl Iterator<Item = &Room> {
        self.rooms
            .iter()
            .filter(move |room| room.floor == *floor && room.parts.is_empty())
    }
}
