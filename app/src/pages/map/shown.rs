//! What the panels of the map share.

use std::sync::Arc;

use domain::{
    api::Occupancy,
    centre::{
        availability::{Timeline, room_state},
        room::Room,
    },
    time::Slot,
    view::{
        View,
        drawing::{Look, look},
    },
};
use leptos::prelude::*;

use crate::prefs::lang;

/// What the panels share.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    pub(crate) view: Memo<View>,
    pub(crate) slot: Memo<Slot>,
    pub(crate) timelines: Memo<Arc<Vec<Timeline>>>,
    pub(crate) week: Memo<Option<Arc<Occupancy>>>,
}

pub(crate) fn look_of(room: &Room, shown: Shown) -> Option<Look> {
    let slot = shown.slot.get();
    shown.timelines.with(|lines| {
        let line = lines.iter().find(|line| line.room == room.id)?;
        Some(look(room_state(room, line, slot), slot, lang()))
    })
}
