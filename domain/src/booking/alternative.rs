//! Alternatives: what could be had instead of what was refused.

use serde::{Deserialize, Serialize};

use super::admission::{Ask, Situation};
use crate::{
    centre::{availability::Timeline, room::Room},
    id::RoomId,
    time::{DAY, LocalTime, Slot},
};

/// A slot that would be admitted instead of the one that was refused.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// The same room and length at another time.
    Shift,
    /// The same room and start, shorter.
    Shorten,
    /// Another room at the same time.
    OtherRoom,
    /// The same room and time on another day.
    OtherDay,
}

/// What to do instead, one tap away.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// In which way it differs.
    pub remedy: Remedy,
    /// The room.
    pub room: RoomId,
    /// Start.
    pub start: LocalTime,
    /// End.
    pub end: LocalTime,
}

/// Most other rooms that are told.
pub const MOST_ROOMS: usize = 2;

impl Situation<'_> {
    /// What could be had instead of `ask`, the nearest first: at most two other times on that day, one shorter
    /// booking, two other rooms and one other day. Each would be admitted as it stands.
    pub fn alternatives(&self, timelines: &[Timeline], ask: &Ask) -> Vec<Alternative> {
        let find = |room: &RoomId| timelines.iter().find(|line| line.room == *room);
        let own = find(&ask.room);
        let mut found = own.map_or_else(Vec::new, |line| self.other_times(line, ask));
        let fits = |room: &&Room| {
            room.id != ask.room
                && ask
                    .purpose
                    .is_none_or(|purpose| room.purposes.contains(&purpose))
        };
        let mut rooms: Vec<_> = self.centre.rooms.iter().filter(fits).collect();
        rooms.sort_by_key(|room| room.people.most);
        let rooms = rooms
            .into_iter()
            .filter_map(|room| self.other_room(room, find(&room.id)?, ask));
        found.extend(rooms.take(MOST_ROOMS));
        found.extend(own.and_then(|line| self.other_day(line, ask)));
        found
    }

    /// Other times in the same room on that day: at most two of the same length and one that is shorter.
    pub fn other_times(&self, line: &Timeline, ask: &Ask) -> Vec<Alternative> {
        let Some((room, asked, step)) = self.on_step(ask) else {
            return Vec::new();
        };
        let admitted = |slot: Slot| self.is_admitted(line, room, slot, ask);
        let day = asked.start().date();
        let same_day = |slot: &Slot| slot.start().date() == day && *slot != ask.slot;
        let shifts =
            (0..=DAY / step).flat_map(|n| [asked.shifted(n * step), asked.shifted(-n * step)]);
        let shifts = shifts
            .skip(1)
            .filter(same_day)
            .filter(|slot| admitted(*slot));
        let shifts = shifts.take(2).map(|slot| offer(Remedy::Shift, room, slot));

        let shorter = (1..asked.minutes() / step)
            .rev()
            .map(|n| Slot::lasting(asked.start(), n * step))
            .find(|slot| *slot != ask.slot && admitted(*slot));
        let shorter = shorter.map(|slot| offer(Remedy::Shorten, room, slot));
        shifts.chain(shorter).collect()
    }

    /// Another room at the same time, if it would be admitted there.
    pub fn other_room(&self, room: &Room, line: &Timeline, ask: &Ask) -> Option<Alternative> {
        self.is_admitted(line, room, ask.slot, ask)
            .then(|| offer(Remedy::OtherRoom, room, ask.slot))
    }

    /// The same room and time on the next day on which they can be had, within two weeks.
    fn other_day(&self, line: &Timeline, ask: &Ask) -> Option<Alternative> {
        let (room, asked, _) = self.on_step(ask)?;
        let slot = (1..=14)
            .map(|n| asked.shifted(n * DAY))
            .find(|slot| self.is_admitted(line, room, *slot, ask))?;
        Some(offer(Remedy::OtherDay, room, slot))
    }

    /// The room that is asked for, its time moved to whole steps, and the step in minutes.
    fn on_step(&self, ask: &Ask) -> Option<(&Room, Slot, i64)> {
        let room = self.centre.room(&ask.room)?;
        let step = i64::from(self.centre.rules_of(room).step).max(1);
        let whole = |minutes: i64| minutes.div_euclid(step) * step;
        let start = LocalTime::from_minutes(whole(ask.slot.start().minutes()));
        let minutes = whole(ask.slot.minutes() + step - 1).max(step);
        Some((room, Slot::lasting(start, minutes), step))
    }

    fn is_admitted(&self, line: &Timeline, room: &Room, slot: Slot, ask: &Ask) -> bool {
        let ask = Ask {
            room: room.id.clone(),
            slot,
            ..ask.clone()
        };
        self.decide(room, line, &ask).is_ok()
    }
}

fn offer(remedy: Remedy, room: &Room, slot: Slot) -> Alternative {
    Alternative {
        remedy,
        room: room.id.clone(),
        start: slot.start(),
        end: slot.end(),
    }
}
