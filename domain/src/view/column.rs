//! Day column: what a room does on one day, as stretches of minutes.

use crate::{
    centre::availability::{State, Timeline},
    id::RoomId,
    time::{Date, LocalTime},
};

/// One room on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The room.
    pub room: RoomId,
    /// The day.
    pub day: Date,
}

/// A stretch as the calendar draws it, in minutes after midnight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// First minute.
    pub from: i64,
    /// First minute after.
    pub until: i64,
    /// What the room does.
    pub state: State,
    /// Which entry of the week's occupancy causes it.
    pub cause: Option<usize>,
    /// Free and in the past.
    pub past: bool,
}

/// The stretches of a column. Between them it is not open.
pub fn blocks(column: &Column, timeline: &Timeline, now: LocalTime) -> Vec<Block> {
    let day = column.day.whole();
    let mut blocks = Vec::new();
    for stretch in timeline
        .from(day.start())
        .iter()
        .take_while(|one| one.slot.start() < day.end())
    {
        let Some(slot) = stretch.slot.and(day) else {
            continue;
        };
        let mut put = |from: LocalTime, until: LocalTime, past: bool| {
            if from < until {
                let minute = |at: LocalTime| at.minutes() - day.start().minutes();
                let (from, until) = (minute(from), minute(until));
                blocks.push(Block {
                    from,
                    until,
                    state: stretch.state,
                    cause: stretch.cause,
                    past,
                });
            }
        };
        if stretch.state == State::Free {
            // What is free but over cannot be booked: it is cut off at now.
            let cut = now.clamp(slot.start(), slot.end());
            put(slot.start(), cut, true);
            put(cut, slot.end(), false);
        } else {
            put(slot.start(), slot.end(), slot.end() <= now);
        }
    }
    blocks
}
