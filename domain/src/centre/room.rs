//! Rooms: where they are, what is in them, and how they may be used.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    centre::{
        hours::Hours,
        plan::{Outline, Points},
        rules::RoomRules,
    },
    id::{FloorId, RoomId},
    language::{Name, fold},
};

/// A room, a part of a divisible room, or the combination of several parts.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// Its id, unique in the centre.
    pub id: RoomId,
    /// The floor it is on.
    pub floor: FloorId,
    /// Its name.
    pub name: Name,
    /// A short name for the plan, where the name is too long for the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<Name>,
    /// Other names it goes by ("mediation room", "women's home").
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Name>,
    /// What it is, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Name>,
    /// Its walls.
    pub outline: Outline,
    /// Doors, as points on its walls. A combination has the doors of its parts.
    #[serde(default, skip_serializing_if = "no_points")]
    pub doors: Points,
    /// The parts that make up this room, when it can be divided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<RoomId>,
    /// How many people fit.
    pub people: Capacity,
    /// What is in it, with counts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub equipment: BTreeMap<Equipment, u16>,
    /// What it is good for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<Purpose>,
    /// Reached without steps.
    #[serde(default)]
    pub step_free: bool,
    /// How it may be used.
    #[serde(rename = "use")]
    pub use_mode: UseMode,
    /// Hours narrower than the centre's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// Where its rules differ from the centre's.
    #[serde(default, skip_serializing_if = "RoomRules::is_empty")]
    pub rules: RoomRules,
}

fn no_points(points: &Points) -> bool {
    points.0.is_empty()
}

/// How many people a room takes.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// Comfortably.
    pub comfortable: u16,
    /// At most.
    pub most: u16,
}

/// How a room may be used.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UseMode {
    /// Come by; never booked.
    DropIn,
    /// A booking is confirmed at once.
    SelfService,
    /// Staff decide on each booking.
    Approval,
    /// Only staff use it.
    StaffOnly,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident)* }) => {
        $(#[$doc])*
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the words are explained by the catalogue")]
        pub enum $name { $($variant),* }

        impl $name {
            /// All of them, in the order in which lists show them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The one of that name in files, URLs and the database.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }

            /// Its name in files, URLs and the database.
            pub fn code(self) -> String {
                let mut code = String::new();
                for c in format!("{self:?}").chars() {
                    if c.is_ascii_uppercase() && !code.is_empty() {
                        code.push('_');
                    }
                    code.push(c.to_ascii_lowercase());
                }
                code
            }
        }
    };
}

words! {
    /// Things found in rooms.
    Equipment {
        Tables Chairs Sofa Projector Screen Blackboard SoundSystem Microphones Wifi Computers
        WaterDispenser Books Mirrors Piano Instruments Mahjong GoTables CalligraphyDesks TableTennis
        Badminton Basketball Fitness MassageChairs Bed BloodPressureMeter Toys CraftMaterials
        VrHeadsets StreamingCamera Copier Tools
    }
}

words! {
    /// What people come to do.
    Purpose {
        Meeting Lecture Class Reading Games Dance Music Opera Calligraphy Sport Health Counselling
        Legal Children Handicraft Film Service
    }
}

/// What somebody looks for in a room. Empty means anything will do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// At least so many people must fit; 0 for any number.
    pub people: u16,
    /// All of these must be there.
    pub equipment: Vec<Equipment>,
    /// It must be good for this.
    pub purpose: Option<Purpose>,
    /// It must be reached without steps.
    pub step_free: bool,
}

impl Needs {
    /// True when the room has all that is looked for.
    pub fn met_by(&self, room: &Room) -> bool {
        self.people <= room.people.most
            && self
                .equipment
                .iter()
                .all(|wanted| room.equipment.contains_key(wanted))
            && self
                .purpose
                .is_none_or(|purpose| room.purposes.contains(&purpose))
            && (room.step_free || !self.step_free)
    }

    /// True when nothing is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Room {
    /// True when the search text stands in its name or one of its aliases, whatever the case.
    pub fn is_called(&self, search: &str) -> bool {
        let search = fold(search.trim());
        let names = self.short.iter().chain(&self.aliases).chain([&self.name]);
        search.is_empty()
            || self.id.as_str() == search
            || names.into_iter().any(|name| name.has(&search))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_what_serde_writes() {
        for one in Equipment::ALL {
            assert_eq!(serde_json::to_value(one).unwrap(), one.code());
            assert_eq!(Equipment::from_code(&one.code()), Some(*one));
        }
        for one in Purpose::ALL {
            assert_eq!(serde_json::to_value(one).unwrap(), one.code());
        }
    }
}
