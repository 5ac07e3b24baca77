//! What every room is doing over a stretch of time. The map, the calendar, the form and the server all ask here.

use serde::{Deserialize, Serialize};

use crate::{
    centre::Centre,
    hours::open_slots,
    id::RoomId,
    room::{Room, UseMode},
    text::Name,
    time::{LocalTime, Slot, Stamp},
};

/// Something that takes a room for a time, without telling who it is for.
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
}

fn is_zero(n: &u16) -> bool {
    *n == 0
}

/// What takes a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occupation {
    /// Somebody asked for it; staff have not decided. Others may ask as well.
    Requested,
    /// A confirmed booking.
    Booked,
    /// Out of use.
    Closed,
}

impl Occupied {
    fn slot(&self) -> Option<Slot> {
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
    marks: Vec<Mark>,
}

/// An occupation of this room, of one of its parts, or of a combination it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
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
}

/// What all rooms of a centre do over `range`, in the order of the centre's rooms.
pub fn availability(centre: &Centre, taken: &[Occupied], range: Slot) -> Vec<Timeline> {
    centre.rooms.iter().map(|room| timeline(centre, room, taken, range)).collect()
}

/// What one room does over `range`. `taken` may hold entries of any room, in any order.
pub fn timeline(centre: &Centre, room: &Room, taken: &[Occupied], range: Slot) -> Timeline {
    let sharing = centre.sharing(&room.id);
    let mut marks: Vec<Mark> = Vec::new();
    for (cause, one) in taken.iter().enumerate() {
        if !sharing.contains(&&one.room) {
            continue;
        }
        let Some(slot) = one.slot() else { continue };
        let padded = slot.padded(one.before, one.after);
        if padded.overlaps(range) {
            let reason = one.title.clone().unwrap_or_default();
            marks.push(Mark { slot, padded, by: one.by, reason, cause });
        }
    }
    marks.sort_by_key(|mark| (mark.padded.start(), mark.cause));
    let mut stretches = Vec::new();
    let mut first = 0;
    for open in open_slots(&centre.hours, room.hours.as_ref(), range) {
        // Marks that end before this opening never matter again; a long one keeps the rest in view.
        while marks.get(first).is_some_and(|mark| mark.padded.end() <= open.start()) {
            first += 1;
        }
        let inside = marks[first..].iter().take_while(|mark| mark.padded.start() < open.end());
        cut(open, &inside.collect::<Vec<_>>(), &mut stretches);
    }
    Timeline { room: room.id.clone(), stretches, marks }
}

/// Cuts an opening at every start and end, and gives each piece its strongest state.
fn cut(open: Slot, marks: &[&Mark], stretches: &mut Vec<Stretch>) {
    let mut cuts = vec![open.start(), open.end()];
    for mark in marks {
        let ends = [mark.padded.start(), mark.slot.start(), mark.slot.end(), mark.padded.end()];
        cuts.extend(ends.into_iter().filter(|at| open.start() < *at && *at < open.end()));
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut first = 0;
    for pair in cuts.windows(2) {
        let Some(slot) = Slot::new(pair[0], pair[1]) else { continue };
        while marks.get(first).is_some_and(|mark| mark.padded.end() <= slot.start()) {
            first += 1;
        }
        let here = marks[first..].iter().take_while(|mark| mark.padded.start() < slot.end());
        let strongest = here.filter_map(|mark| Some((mark.state_in(slot)?, mark.cause))).max_by_key(|one| one.0);
        let (state, cause) = strongest.map_or((State::Free, None), |(state, cause)| (state, Some(cause)));
        match stretches.last_mut() {
            Some(last) if last.slot.end() == slot.start() && (last.state, last.cause) == (state, cause) => {
                last.slot = Slot::lasting(last.slot.start(), last.slot.minutes() + slot.minutes());
            }
            _ => stretches.push(Stretch { slot, state, cause }),
        }
    }
}

impl Mark {
    fn state_in(&self, slot: Slot) -> Option<State> {
        match self.by {
            _ if !self.padded.overlaps(slot) => None,
            Occupation::Closed => Some(State::Closed),
            Occupation::Booked if self.slot.overlaps(slot) => Some(State::Booked),
            Occupation::Booked => Some(State::Buffer),
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
        self.marks.iter().find_map(|mark| match mark.by {
            Occupation::Closed if mark.slot.overlaps(slot) => {
                Some(Why::Closed { reason: mark.reason.clone(), until: mark.slot.end() })
            }
            Occupation::Booked if mark.padded.overlaps(wanted) => Some(Why::Taken { slot: mark.slot }),
            _ => None,
        })
    }

    /// The stretches that end after `moment`.
    pub fn from(&self, moment: LocalTime) -> &[Stretch] {
        let first = self.stretches.partition_point(|stretch| stretch.slot.end() <= moment);
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
                None if usable => free = Slot::new(stretch.slot.start().max(moment), stretch.slot.end()),
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
    /// Not open for all of the slot.
    Shut,
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
    let within = || timeline.from(slot.start()).iter().take_while(|s| s.slot.start() < slot.end());
    let worst = within().map(|stretch| stretch.state).max();
    let open = timeline.is_open(slot);
    if worst == Some(State::Closed) {
        return RoomState::Closed;
    }
    match room.use_mode {
        UseMode::StaffOnly => return RoomState::StaffOnly,
        UseMode::DropIn => {
            let here = timeline.from(slot.start()).first().filter(|s| s.slot.contains(slot.start()));
            return here.map_or(RoomState::Shut, |_| RoomState::DropIn { until: timeline.closing(slot.start()) });
        }
        _ => {}
    }
    match worst {
        None => RoomState::Shut,
        _ if !open => RoomState::Shut,
        Some(State::Booked | State::Buffer) => {
            let free = timeline.free_from(slot.start());
            let taken = within().find(|s| matches!(s.state, State::Booked | State::Buffer));
            let from_start = taken.is_some_and(|stretch| stretch.slot.contains(slot.start()));
            match free {
                Some(free) if from_start && free.start() <= slot.start().plus(SOON) => {
                    RoomState::FreeSoon { at: free.start() }
                }
                _ => RoomState::Busy { until: timeline.busy_until(slot.start()) },
            }
        }
        Some(State::Requested) => RoomState::Requested,
        Some(State::Free | State::Closed) => {
            let free = timeline.free_from(slot.start());
            RoomState::Free { until: free.map_or(slot.end(), Slot::end) }
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
            let busy = matches!(stretch.state, State::Booked | State::Buffer);
            match end {
                Some(at) if !busy || stretch.slot.start() != at => break,
                None if !busy => {}
                _ => end = Some(stretch.slot.end()),
            }
        }
        end.unwrap_or(moment)
    }
}
