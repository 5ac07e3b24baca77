//! Availability: what every room is doing over a stretch of time. The map, the calendar, the form and the server all ask here.

use serde::{Deserialize, Serialize};

use crate::{
    centre::{
        Centre,
        hours::open_slots,
        room::{Room, UseMode},
    },
    id::{ActivityId, RoomId},
    language::Name,
    time::{LocalTime, Slot, Stamp},
};

/// Something that takes a room for a time, without telling who it is for.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupied {
    /// The room that was booked or closed; its parts and combinations follow from the centre.
    pub room: RoomId,
    /// Start.
    pub start: Stamp,
    /// End.
    pub end: Stamp,
    /// Minutes kept free before, to set up.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub before: u16,
    /// Minutes kept free after, to clear away.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub after: u16,
    /// By what.
    pub by: Occupation,
    /// What everybody may know: the name of a club's session, the reason of a closure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Name>,
    /// The activity that it is a session of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<ActivityId>,
    /// How many places of that session are left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u16>,
}

fn is_zero(n: &u16) -> bool {
    *n == 0
}

/// What takes a room.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occupation {
    /// Somebody asked for it; staff have not decided. Others may ask as well.
    Requested,
    /// Held for one person, who has the form open or was offered it; gone by then unless they book.
    Held {
        /// Until when at the latest.
        until: LocalTime,
    },
    /// A confirmed booking.
    Booked,
    /// Out of use.
    Closed,
}

impl Occupied {
    /// When, on the wall; nothing where it ends before it starts.
    pub fn slot(&self) -> Option<Slot> {
        Slot::new(self.start.local, self.end.local)
    }
}

/// What a room does in a stretch of its opening hours, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nobody has it.
    Free,
    /// Asked for, not decided.
    Requested,
    /// Being set up or cleared away.
    Buffer,
    /// Held for somebody who decides.
    Held,
    /// Booked.
    Booked,
    /// Out of use.
    Closed,
}

/// A stretch of a timeline. Stretches touch only when their states or causes differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// When.
    pub slot: Slot,
    /// What.
    pub state: State,
    /// Which entry of the occupancy causes it, if one does.
    pub cause: Option<usize>,
}

/// One room's stretches in order. Between them the house is not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The room.
    pub room: RoomId,
    /// What it does while the house is open.
    pub stretches: Vec<Stretch>,
    marks: Vec<TimeMark>,
}

/// An occupation of this room, of one of its parts, or of a combination it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct TimeMark {
    slot: Slot,
    padded: Slot,
    by: Occupation,
    reason: Name,
    cause: usize,
}

/// Why a slot clashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The room is out of use.
    Closed {
        /// Why.
        reason: Name,
        /// Until when.
        until: LocalTime,
    },
    /// Somebody has it.
    Taken {
        /// Their time, set-up and clearing away left out.
        slot: Slot,
    },
    /// Somebody decides whether they take it.
    Held {
        /// The time that is held.
        slot: Slot,
        /// Until when at the latest.
        until: LocalTime,
    },
}

/// What all rooms of a centre do over `range`, in the order of the centre's rooms.
pub fn availability(centre: &Centre, taken: &[Occupied], range: Slot) -> Vec<Timeline> {
    centre
        .rooms
        .iter()
        .map(|room| timeline(centre, room, taken, range))
        .collect()
}

/// What one room does over `range`. `taken` may hold entries of any room, in any order.
pub fn timeline(centre: &Centre, room: &Room, taken: &[Occupied], range: Slot) -> Timeline {
    let sharing = centre.sharing(&room.id);
    let mut marks: Vec<TimeMark> = Vec::new();
    for (cause, one) in taken.iter().enumerate() {
        if !sharing.contains(&&one.room) {
            continue;
        }
        let Some(slot) = one.slot() else { continue };
        let padded = slot.padded(one.before, one.after);
        if padded.overlaps(range) {
            let reason = one.title.clone().unwrap_or_default();
            marks.push(TimeMark {
                slot,
                padded,
                by: one.by,
                reason,
                cause,
            });
        }
    }
    marks.sort_by_key(|mark| (mark.padded.start(), mark.cause));
    let mut stretches = Vec::new();
    let mut first = 0;
    for open in open_slots(&centre.hours, room.hours.as_ref(), range) {
        // Marks that end before this opening never matter again; a long one keeps the rest in view.
        while marks
            .get(first)
            .is_some_and(|mark| mark.padded.end() <= open.start())
        {
            first += 1;
        }
        let inside = marks[first..]
            .iter()
            .take_while(|mark| mark.padded.start() < open.end());
        cut(open, &inside.collect::<Vec<_>>(), &mut stretches);
    }
    Timeline {
        room: room.id.clone(),
        stretches,
        marks,
    }
}

/// Cuts an opening at every start and end, and gives each piece its strongest state.
fn cut(open: Slot, marks: &[&TimeMark], stretches: &mut Vec<Stretch>) {
    let mut cuts = vec![open.start(), open.end()];
    for mark in marks {
        let ends = [
            mark.padded.start(),
            mark.slot.start(),
            mark.slot.end(),
            mark.padded.end(),
        ];
        cuts.extend(
            ends.into_iter()
                .filter(|at| open.start() < *at && *at < open.end()),
        );
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut first = 0;
    for pair in cuts.windows(2) {
        let Some(slot) = Slot::new(pair[0], pair[1]) else {
            continue;
        };
        while marks
            .get(first)
            .is_some_and(|mark| mark.padded.end() <= slot.start())
        {
            first += 1;
        }
        let here = marks[first..]
            .iter()
            .take_while(|mark| mark.padded.start() < slot.end());
        let strongest = here
            .filter_map(|mark| Some((mark.state_in(slot)?, mark.cause)))
            .max_by_key(|one| one.0);
        let (state, cause) =
            strongest.map_or((State::Free, None), |(state, cause)| (state, Some(cause)));
        match stretches.last_mut() {
            Some(last)
                if last.slot.end() == slot.start()
                    && (last.state, last.cause) == (state, cause) =>
            {
                last.slot = Slot::lasting(last.slot.start(), last.slot.minutes() + slot.minutes());
            }
            _ => stretches.push(Stretch { slot, state, cause }),
        }
    }
}

impl TimeMark {
    fn state_in(&self, slot: Slot) -> Option<State> {
        match self.by {
            _ if !self.padded.overlaps(slot) => None,
            Occupation::Closed => Some(State::Closed),
            Occupation::Booked if self.slot.overlaps(slot) => Some(State::Booked),
            Occupation::Held { .. } if self.slot.overlaps(slot) => Some(State::Held),
            Occupation::Booked | Occupation::Held { .. } => Some(State::Buffer),
            Occupation::Requested => self.slot.overlaps(slot).then_some(State::Requested),
        }
    }
}

impl Timeline {
    /// True when the house and the room are open all through the slot.
    pub fn is_open(&self, slot: Slot) -> bool {
        let mut reached = slot.start();
        for stretch in self.from(slot.start()) {
            if stretch.slot.start() > reached {
                return false;
            }
            reached = stretch.slot.end();
            if reached >= slot.end() {
                return true;
            }
        }
        false
    }

    /// What stands against a new booking of `slot` that itself needs time before and after, in minutes.
    pub fn clash(&self, slot: Slot, before: u16, after: u16) -> Option<Why> {
        let wanted = slot.padded(before, after);
        // What is there to stay is said before what may be gone in a moment.
        let is_held = |mark: &&TimeMark| matches!(mark.by, Occupation::Held { .. });
        let held = self.marks.iter().filter(is_held);
        let stays = self.marks.iter().filter(|mark| !is_held(mark));
        stays.chain(held).find_map(|mark| match mark.by {
            Occupation::Closed if mark.slot.overlaps(slot) => Some(Why::Closed {
                reason: mark.reason.clone(),
                until: mark.slot.end(),
            }),
            Occupation::Booked if mark.padded.overlaps(wanted) => {
                Some(Why::Taken { slot: mark.slot })
            }
            Occupation::Held { until } if mark.padded.overlaps(wanted) => Some(Why::Held {
                slot: mark.slot,
                until,
            }),
            _ => None,
        })
    }

    /// What of it touches `range`: a small one answers faster.
    #[must_use]
    pub fn within(&self, range: Slot) -> Self {
        let stretches = self.from(range.start()).iter();
        let marks = self.marks.iter();
        Self {
            room: self.room.clone(),
            stretches: stretches
                .take_while(|stretch| stretch.slot.start() < range.end())
                .copied()
                .collect(),
            marks: marks
                .filter(|mark| mark.padded.overlaps(range))
                .cloned()
                .collect(),
        }
    }

    /// True where nobody has the room in a slot (requests do not count) and it is open all the time.
    pub fn is_free(&self, slot: Slot) -> bool {
        let free = self.free_from(slot.start());
        free.is_some_and(|free| free.start() == slot.start() && free.end() >= slot.end())
    }

    /// The stretches that end after `moment`.
    pub fn from(&self, moment: LocalTime) -> &[Stretch] {
        let first = self
            .stretches
            .partition_point(|stretch| stretch.slot.end() <= moment);
        &self.stretches[first..]
    }

    /// The longest uninterrupted free time (requests do not interrupt it) that contains or follows `moment`.
    pub fn free_from(&self, moment: LocalTime) -> Option<Slot> {
        let mut free: Option<Slot> = None;
        for stretch in self.from(moment) {
            let usable = matches!(stretch.state, State::Free | State::Requested);
            match free {
                Some(slot) if usable && slot.end() == stretch.slot.start() => {
                    free = Slot::new(slot.start(), stretch.slot.end());
                }
                Some(_) => break,
                None if usable => {
                    free = Slot::new(stretch.slot.start().max(moment), stretch.slot.end());
                }
                None => {}
            }
        }
        free
    }
}

/// What the map says of a room for a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomState {
    /// Free all through, and until then.
    Free {
        /// When the free time ends.
        until: LocalTime,
    },
    /// Taken now, free within half an hour of the slot's start.
    FreeSoon {
        /// When it becomes free.
        at: LocalTime,
    },
    /// Taken for some of the slot.
    Busy {
        /// When the taking ends.
        until: LocalTime,
    },
    /// Nobody has it, but somebody has asked for it.
    Requested,
    /// Somebody is about to book it.
    Held,
    /// Not open for all of the slot.
    Shut {
        /// When it opens next, where it is not open at its start.
        opens: Option<LocalTime>,
    },
    /// Out of use.
    Closed,
    /// Come by; open until then.
    DropIn {
        /// Closing time.
        until: LocalTime,
    },
    /// Only staff use it.
    StaffOnly,
}

/// How soon "free soon" is, in minutes.
const SOON: i64 = 30;

/// What the map says of `room` for `slot`.
pub fn room_state(room: &Room, timeline: &Timeline, slot: Slot) -> RoomState {
    let within = || {
        timeline
            .from(slot.start())
            .iter()
            .take_while(|s| s.slot.start() < slot.end())
    };
    let worst = within().map(|stretch| stretch.state).max();
    let open = timeline.is_open(slot);
    let shut = || {
        let next = timeline.from(slot.start()).first();
        let next = next.filter(|one| one.slot.start() > slot.start());
        RoomState::Shut {
            opens: next.map(|one| one.slot.start()),
        }
    };
    if worst == Some(State::Closed) {
        return RoomState::Closed;
    }
    match room.use_mode {
        UseMode::StaffOnly => return RoomState::StaffOnly,
        UseMode::DropIn => {
            let here = timeline
                .from(slot.start())
                .first()
                .filter(|s| s.slot.contains(slot.start()));
            return here.map_or_else(shut, |_| RoomState::DropIn {
                until: timeline.closing(slot.start()),
            });
        }
        _ => {}
    }
    match worst {
        None => shut(),
        _ if !open => shut(),
        Some(State::Booked | State::Buffer) => {
            let free = timeline.free_from(slot.start());
            let taken = within().find(|s| matches!(s.state, State::Booked | State::Buffer));
            let from_start = taken.is_some_and(|stretch| stretch.slot.contains(slot.start()));
            match free {
                Some(free) if from_start && free.start() <= slot.start().plus(SOON) => {
                    RoomState::FreeSoon { at: free.start() }
                }
                _ => RoomState::Busy {
                    until: timeline.busy_until(slot.start()),
                },
            }
        }
        Some(State::Held) => RoomState::Held,
        Some(State::Requested) => RoomState::Requested,
        Some(State::Free | State::Closed) => {
            let free = timeline.free_from(slot.start());
            RoomState::Free {
                until: free.map_or(slot.end(), Slot::end),
            }
        }
    }
}

impl Timeline {
    /// When the opening around `moment` ends.
    fn closing(&self, moment: LocalTime) -> LocalTime {
        let mut end = moment;
        for stretch in self.from(moment) {
            if stretch.slot.start() > end {
                break;
            }
            end = stretch.slot.end();
        }
        end
    }

    /// When the first taking at or after `moment` ends.
    fn busy_until(&self, moment: LocalTime) -> LocalTime {
        let mut end = None;
        for stretch in self.from(moment) {
            let busy = matches!(stretch.state, State::Booked | State::Held | State::Buffer);
            match end {
                Some(at) if !busy || stretch.slot.start() != at => break,
                None if !busy => {}
                _ => end = Some(stretch.slot.end()),
            }
        }
        end.unwrap_or(moment)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        booking::admission::{Ask, History, Situation},
        samples::{actor, house, occupied, slot},
        time::Date,
    };

    fn occupations() -> impl Strategy<Value = Vec<Occupied>> {
        let room = prop::sample::select(vec!["hall", "hall-a", "hall-b", "study"]);
        let by = prop::sample::select(vec![
            Occupation::Requested,
            Occupation::Booked,
            Occupation::Held {
                until: range().start(),
            },
            Occupation::Closed,
        ]);
        let one = (room, 0i64..3 * 48, 1i64..8, 0u16..3, 0u16..3, by);
        prop::collection::vec(one, 0..14).prop_map(|all| {
            all.into_iter()
                .map(|(room, start, length, before, after, by)| {
                    let one = occupied(room, slot(start * 30, (start + length) * 30), by);
                    Occupied {
                        before: before * 15,
                        after: after * 15,
                        ..one
                    }
                })
                .collect()
        })
    }

    /// The three days that the occupations fall on.
    fn range() -> Slot {
        slot(0, 3 * crate::time::DAY)
    }

    proptest! {
        /// The clever sweep says of each minute what a plain look at all entries says.
        #[test]
        fn every_minute_is_as_the_entries_say(taken in occupations(), room in 0usize..4, minute in 0i64..3 * 1440) {
            let centre = house();
            let room = &centre.rooms[room];
            let line = timeline(&centre, room, &taken, range());
            let moment = range().start().plus(minute);
            let instant = Slot::lasting(moment, 1);
            let sharing = centre.sharing(&room.id);
            let mine = taken.iter().filter(|one| sharing.contains(&&one.room));
            let expected = mine
                .filter_map(|one| {
                    let core = Slot::new(one.start.local, one.end.local)?;
                    let padded = core.padded(one.before, one.after);
                    match one.by {
                        Occupation::Closed => padded.overlaps(instant).then_some(State::Closed),
                        Occupation::Booked if core.overlaps(instant) => Some(State::Booked),
                        Occupation::Held { .. } if core.overlaps(instant) => Some(State::Held),
                        Occupation::Booked | Occupation::Held { .. } => {
                            padded.overlaps(instant).then_some(State::Buffer)
                        }
                        Occupation::Requested => core.overlaps(instant).then_some(State::Requested),
                    }
                })
                .max()
                .unwrap_or(State::Free);
            let open = open_slots(&centre.hours, room.hours.as_ref(), range());
            let found = line.from(moment).first().filter(|stretch| stretch.slot.contains(moment));
            prop_assert_eq!(found.map(|stretch| stretch.state), open.iter().any(|o| o.contains(moment)).then_some(expected));
        }

        #[test]
        fn stretches_are_in_order_and_as_long_as_they_can_be(taken in occupations()) {
            let centre = house();
            for line in availability(&centre, &taken, range()) {
                for pair in line.stretches.windows(2) {
                    prop_assert!(pair[0].slot.end() <= pair[1].slot.start());
                    let touch = pair[0].slot.end() == pair[1].slot.start();
                    prop_assert!(!touch || (pair[0].state, pair[0].cause) != (pair[1].state, pair[1].cause));
                }
            }
        }

        /// A booking of the hall shuts its halves, and a half shuts the hall, but never the other half.
        #[test]
        fn parts_and_wholes_exclude_each_other(from in 16i64..40, length in 1i64..6) {
            let centre = house();
            let when = slot(from * 30, (from + length) * 30);
            let clash = |booked: &str, wanted: &str| {
                let taken = [occupied(booked, when, Occupation::Booked)];
                let room = centre.room(&wanted.into()).unwrap();
                timeline(&centre, room, &taken, range()).clash(when, 0, 0).is_some()
            };
            prop_assert!(clash("hall", "hall-a") && clash("hall", "hall-b") && clash("hall-a", "hall"));
            prop_assert!(!clash("hall-a", "hall-b") && !clash("hall", "study"));
        }

        /// What is offered instead is always admitted.
        #[test]
        fn offered_alternatives_are_accepted(
            taken in occupations(), room in 0usize..4, start in 0i64..3 * 96, length in 1i64..20, people in 1u16..30, now in 0i64..1440,
        ) {
            let centre = house();
            let actor = actor();
            let situation = Situation { centre: &centre, actor: &actor, history: &History::default(), now: range().start().plus(now) };
            let ask = Ask { room: centre.rooms[room].id.clone(), slot: slot(start * 15, (start + length) * 15), people, purpose: None };
            let lines = availability(&centre, &taken, range());
            for offer in situation.alternatives(&lines, &ask) {
                let room = centre.room(&offer.room).unwrap();
                let line = lines.iter().find(|line| line.room == offer.room).unwrap();
                let ask = Ask { room: offer.room.clone(), slot: Slot::new(offer.start, offer.end).unwrap(), ..ask.clone() };
                prop_assert!(situation.decide(room, line, &ask).is_ok(), "{:?}", offer);
            }
        }
    }

    #[test]
    fn the_map_says_free_soon_busy_and_shut() {
        let centre = house();
        let room = centre.room(&"study".into()).unwrap();
        let taken = [occupied("study", slot(600, 660), Occupation::Booked)];
        let line = timeline(&centre, room, &taken, range());
        let say = |from: i64, until: i64| room_state(room, &line, slot(from, until));
        let at = |minute: i64| range().start().plus(minute);
        assert_eq!(say(540, 600), RoomState::Free { until: at(600) });
        assert_eq!(say(570, 630), RoomState::Busy { until: at(660) });
        assert_eq!(say(600, 601), RoomState::Busy { until: at(660) });
        assert_eq!(say(640, 700), RoomState::FreeSoon { at: at(660) });
        assert_eq!(say(660, 720), RoomState::Free { until: at(22 * 60) });
        assert_eq!(say(21 * 60, 23 * 60), RoomState::Shut { opens: None });
        let morning = timeline(&centre, room, &[], range());
        let first = morning.from(at(0)).first().unwrap().slot.start();
        let early = room_state(room, &morning, slot(0, 30));
        assert_eq!(early, RoomState::Shut { opens: Some(first) });
        assert_eq!(Date::parse("2026-11-23").unwrap().at(0), range().start());
    }

    #[test]
    fn parts_of_any_depth_and_overlapping_combinations() {
        let mut centre = house();
        let leaf = |id: &str| Room {
            id: id.into(),
            parts: vec![],
            ..centre.rooms[3].clone()
        };
        let whole = |id: &str, parts: &[&str]| Room {
            parts: parts.iter().map(|part| (*part).into()).collect(),
            ..leaf(id)
        };
        centre.rooms = vec![
            leaf("a"),
            leaf("b"),
            leaf("c"),
            whole("ab", &["a", "b"]),
            whole("bc", &["b", "c"]),
            whole("abc", &["ab", "c"]),
        ];
        let sharing = |id: &str| {
            centre
                .sharing(&id.into())
                .into_iter()
                .map(crate::id::RoomId::as_str)
                .collect::<Vec<_>>()
        };
        assert_eq!(sharing("ab"), ["a", "b", "ab", "bc", "abc"]);
        assert_eq!(sharing("c"), ["c", "bc", "abc"]);
        assert_eq!(centre.leaves(&"abc".into()).len(), 3);
    }
}
