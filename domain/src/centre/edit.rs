//! Edits of a centre's description: its hours, rules, address or one of its rooms, each with what it was when it was opened, so
//! that two people who edit the same thing do not overwrite each other.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    centre::{Centre, hours::Hours, room::Room, rules::Rules},
    language::Name,
};

/// What the house is called, where it is, and its number.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Its name.
    pub name: Name,
    /// Street and number.
    pub address: Name,
    /// How to get there.
    pub directions: Name,
    /// The desk's phone number as people dial it.
    pub phone: String,
}

impl About {
    /// That of a centre.
    pub fn of(centre: &Centre) -> Self {
        Self {
            name: centre.name.clone(),
            address: centre.address.clone(),
            directions: centre.directions.clone(),
            phone: centre.phone.clone(),
        }
    }
}

/// A change of a centre's description.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// Its name, address and number.
    About {
        /// As it was when it was opened.
        before: Box<About>,
        /// As it is to be.
        after: Box<About>,
    },
    /// Its seasons and special days.
    Hours {
        /// As they were when they were opened.
        before: Hours,
        /// As they are to be.
        after: Hours,
    },
    /// Its rules.
    Rules {
        /// As they were when they were opened.
        before: Rules,
        /// As they are to be.
        after: Rules,
    },
    /// A room, which keeps its id.
    Room {
        /// As it was when it was opened.
        before: Box<Room>,
        /// As it is to be.
        after: Box<Room>,
    },
    /// All of it, as a TOML file describes it.
    File {
        /// The file. Where its first line names the revision that it was taken from, what others changed since is kept.
        text: String,
    },
    /// All of it, as it once was.
    Revision {
        /// The revision.
        revision: i64,
        /// The revision that stood when somebody decided to go back: what others changed since is kept.
        seen: i64,
    },
}

/// Somebody else has changed the same thing since it was opened, or it is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedMeanwhile;

impl Edit {
    /// The centre with this change; nothing for those that name all of it.
    ///
    /// # Errors
    /// Where what it changes is no more as it was when it was opened.
    pub fn apply(&self, centre: &Centre) -> Result<Option<Centre>, ChangedMeanwhile> {
        let same = |same: bool| same.then_some(()).ok_or(ChangedMeanwhile);
        let mut changed = centre.clone();
        match self {
            Self::About { before, after } => {
                same(**before == About::of(centre))?;
                let after = (**after).clone();
                changed.name = after.name;
                changed.address = after.address;
                changed.directions = after.directions;
                changed.phone = after.phone;
            }
            Self::Hours { before, after } => {
                same(*before == centre.hours)?;
                changed.hours = after.clone();
            }
            Self::Rules { before, after } => {
                same(*before == centre.rules)?;
                changed.rules = after.clone();
            }
            Self::Room { before, after } => {
                let there = changed.rooms.iter_mut().find(|room| room.id == after.id);
                let there = there.ok_or(ChangedMeanwhile)?;
                same(**before == *there)?;
                there.clone_from(after);
            }
            Self::File { .. } | Self::Revision { .. } => return Ok(None),
        }
        Ok(Some(changed))
    }
}

/// What somebody typed, with what others changed meanwhile elsewhere in the same part: each field that was not touched is as it
/// is now. True beside it where both changed the same field differently; then it is as it was typed.
pub fn merge<T: Serialize + DeserializeOwned + Clone>(opened: &T, typed: &T, now: &T) -> (T, bool) {
    let value = |one: &T| serde_json::to_value(one).unwrap_or_default();
    let mut clash = false;
    let merged = merge_values(&value(opened), &value(typed), &value(now), &mut clash);
    let merged = serde_json::from_value(merged);
    (merged.unwrap_or_else(|_| typed.clone()), clash)
}

fn merge_values(opened: &Value, typed: &Value, now: &Value, clash: &mut bool) -> Value {
    if opened == now || typed == now {
        return typed.clone();
    }
    if typed == opened {
        return now.clone();
    }
    let (Value::Object(mine), Value::Object(theirs)) = (typed, now) else {
        *clash = true;
        return typed.clone();
    };
    // What was empty was left out.
    let nothing = serde_json::Map::new();
    let before = opened.as_object().unwrap_or(&nothing);
    let names: BTreeSet<&String> = mine.keys().chain(theirs.keys()).collect();
    let mut merged = serde_json::Map::new();
    for name in names {
        let of = |map: &serde_json::Map<String, Value>| map.get(name).cloned().unwrap_or_default();
        let value = merge_values(&of(before), &of(mine), &of(theirs), clash);
        if !value.is_null() {
            merged.insert(name.clone(), value);
        }
    }
    Value::Object(merged)
}

/// What the first line of a file begins with; the number of the revision that it was taken from and a digest of it follow.
const TAKEN_FROM: &str = "# revision ";

/// The first line of a file says which revision it was taken from.
pub fn mark_file(revision: i64, digest: &str, text: &str) -> String {
    format!("{TAKEN_FROM}{revision} {digest}\n{text}")
}

/// The revision that a file was taken from, and its digest, where it says so.
pub fn read_mark(text: &str) -> Option<(i64, &str)> {
    let first = text.trim_start_matches('\u{feff}').lines().next()?;
    let (revision, digest) = first.strip_prefix(TAKEN_FROM)?.trim().split_once(' ')?;
    Some((revision.parse().ok()?, digest.trim()))
}

/// A part of a centre's description in which two revisions differ.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Name, address and number.
    About,
    /// Seasons and special days.
    Hours,
    /// The rules of the house.
    Rules,
    /// A room that was changed, came or went.
    Room(Name),
    /// Floors and ways.
    Plan,
}

/// Where two revisions of a centre differ.
pub fn differences(before: &Centre, after: &Centre) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut note = |differs: bool, part: Part| {
        if differs {
            parts.push(part);
        }
    };
    note(About::of(before) != About::of(after), Part::About);
    note(before.hours != after.hours, Part::Hours);
    note(before.rules != after.rules, Part::Rules);
    for room in &after.rooms {
        let differs = before.room(&room.id) != Some(room);
        note(differs, Part::Room(room.name.clone()));
    }
    for room in &before.rooms {
        let is_gone = after.room(&room.id).is_none();
        note(is_gone, Part::Room(room.name.clone()));
    }
    let plan = before.floors != after.floors || before.zone != after.zone;
    note(plan, Part::Plan);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{centre::room::Equipment, samples::house};

    #[test]
    fn an_edit_of_what_somebody_else_changed_does_nothing() {
        let opened = house();
        let mut theirs = opened.rooms[0].clone();
        theirs.people.most += 1;
        let mut now = opened.clone();
        now.rooms[0] = theirs;
        let mut mine = opened.rooms[0].clone();
        mine.step_free = !mine.step_free;
        let edit = Edit::Room {
            before: Box::new(opened.rooms[0].clone()),
            after: Box::new(mine),
        };
        assert_eq!(edit.apply(&now), Err(ChangedMeanwhile));
        // Another room is another thing.
        let mut other = opened.rooms[1].clone();
        other.step_free = !other.step_free;
        let edit = Edit::Room {
            before: Box::new(opened.rooms[1].clone()),
            after: Box::new(other.clone()),
        };
        let both = edit.apply(&now).unwrap().unwrap();
        assert_eq!(both.rooms[0], now.rooms[0]);
        assert_eq!(both.rooms[1], other);
        assert_eq!(differences(&now, &both), [Part::Room(other.name)]);
    }

    #[test]
    fn what_two_people_typed_into_different_fields_is_both_kept() {
        let opened = house().rooms[0].clone();
        let (mut mine, mut theirs) = (opened.clone(), opened.clone());
        mine.people.most += 2;
        mine.equipment.insert(Equipment::Piano, 1);
        theirs.step_free = !theirs.step_free;
        theirs.equipment.insert(Equipment::Mirrors, 3);
        let (both, clash) = merge(&opened, &mine, &theirs);
        assert!(!clash);
        assert_eq!(both.people.most, mine.people.most);
        assert_eq!(both.step_free, theirs.step_free);
        assert!(
            both.equipment.contains_key(&Equipment::Piano)
                && both.equipment.contains_key(&Equipment::Mirrors)
        );
        theirs.people.most += 5;
        let (both, clash) = merge(&opened, &mine, &theirs);
        assert!(clash);
        assert_eq!(both.people.most, mine.people.most, "as it was typed");
    }

    #[test]
    fn what_differs_is_named() {
        let before = house();
        assert!(differences(&before, &before).is_empty());
        let mut after = before.clone();
        after.rules.notice += 30;
        after.phone.push('1');
        let gone = after.rooms.pop().unwrap();
        assert_eq!(
            differences(&before, &after),
            [Part::About, Part::Rules, Part::Room(gone.name)]
        );
    }
}
