//! Alternatives: what could be had instead of what was refused.

use serde::{Deserialize, Serialize};

use super::admission::{Ask, Situation};
use crate::{
    centre::{availability::Timeline, room::Room},
    id::RoomId,
    time::{DAY, LocalTime, Slot},
};

/// A slot that would be admitted instead of the one that was refused.
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

impl Situation<'_> {
    /// What could be had instead of `ask`, the nearest first: at most two other times on that day, one shorter
    /// booking, two other rooms and one other day. Each would be admitted as it stands.
    pub fn alternatives(&self, timelines: &[Timeline], ask: &Ask) -> Vec<Alternative> {
        let find = |id: &RoomId| timelines.iter().find(|timeline| timeline.room == *id);
        let admitted = |room: &Room, slot: Slot| {
            let ask = Ask {
                room: room.id.clone(),
                slot,
                ..ask.clone()
            };
            find(&room.id).is_some_and(|timeline| self.decide(room, timeline, &ask).is_ok())
        };
        let offer = |remedy, room: &Room, slot: Slot| {
            let (start, end) = (slot.start(), slot.end());
            Alternative {
                remedy,
                room: room.id.clone(),
                start,
                end,
            }
        };
        let mut found = Vec::new();
        if let Some(room) = self.centre.room(&ask.room) {
            let step = i64::from(self.centre.rules_of(room).step).max(1);
            let whole = |minutes: i64| minutes.div_euclid(step) * step;
            let base = LocalTime::from_minutes(whole(ask.slot.start().minutes()));
            let length = (whole(ask.slot.minutes() + step - 1)).max(step);
            let asked = Slot::lasting(base, length);

            let day = base.date();
            let same_day = |slot: &Slot| slot.start().date() == day && *slot != ask.slot;
            let shifts =
                (0..=DAY / step).flat_map(|n| [asked.shifted(n * step), asked.shifted(-n * step)]);
            let shifts = shifts
                .skip(1)
                .filter(same_day)
                .filter(|slot| admitted(room, *slot));
            found.extend(shifts.take(2).map(|slot| offer(Remedy::Shift, room, slot)));

            let shorter = (1..length / step)
                .rev()
                .map(|n| Slot::lasting(base, n * step));
            let shorter = shorter
                .into_iter()
                .find(|slot| *slot != ask.slot && admitted(room, *slot));
            found.extend(shorter.map(|slot| offer(Remedy::Shorten, room, slot)));

            let days = (1..=14)
                .map(|n| asked.shifted(n * DAY))
                .find(|slot| admitted(room, *slot));
            found.extend(days.map(|slot| offer(Remedy::OtherDay, room, slot)));
        }
        let fits = |room: &&Room| {
            room.id != ask.room
                && ask
                    .purpose
                    .is_none_or(|purpose| room.purposes.contains(&purpose))
        };
        let mut rooms: Vec<_> = self.centre.rooms.iter().filter(fits).collect();
        rooms.sort_by_key(|room| room.people.most);
        let rooms = rooms.into_iter().filter(|room| admitted(room, ask.slot));
        let rooms: Vec<_> = rooms
            .take(2)
            .map(|room| offer(Remedy::OtherRoom, room, ask.slot))
            .collect();
        found.extend(rooms);
        found
    }
}
