//! Moving a block of the timeline to another room or time, by drag or by keys.

use domain::{
    id::BookingId,
    time::{DAY, Slot},
    view::column::Column,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, MouseEvent, PointerEvent};

use crate::{prefs::lang, store::Store};

/// A booking on its way, in minutes after midnight.
#[derive(Clone, Debug, PartialEq)]
pub struct Moving {
    /// Which.
    pub booking: BookingId,
    /// The room and day that it is over.
    pub column: Column,
    /// Where it would begin.
    pub from: i64,
    /// How long it is.
    pub length: i64,
}

/// What moves, and what becomes of it where it is let go. Nothing is changed by that alone: the form shows what it would do.
#[derive(Clone, Copy)]
pub struct Mover {
    /// On its way; nothing while all stand still.
    pub moving: RwSignal<Option<Moving>>,
    /// What the mouse holds: how it stood, and by which minute of it it is held.
    held: StoredValue<Option<(Moving, i64)>>,
    /// The click after a drag opens nothing.
    dragged: StoredValue<bool>,
    done: Callback<Moving>,
}

impl Mover {
    /// Gives what was let go elsewhere to `done`.
    pub fn new(done: Callback<Moving>) -> Self {
        Self {
            moving: RwSignal::new(None),
            held: StoredValue::new(None),
            dragged: StoredValue::new(false),
            done,
        }
    }

    /// A mouse presses on a column at a minute: true where it holds a booking there.
    pub fn grab(self, event: &PointerEvent, column: &Column, minute: i64) -> bool {
        self.dragged.set_value(false);
        let stood = stood_under(event, column).filter(|_| event.pointer_type() == "mouse");
        self.held.set_value(stood.map(|stood| (stood.clone(), minute - stood.from)));
        self.held.with_value(Option::is_some)
    }

    /// The mouse is over a column at a minute: true where it carries something.
    pub fn carry(self, event: &PointerEvent, over: &Column, minute: i64, step: i64) -> bool {
        let Some((stood, by)) = self.held.get_value() else {
            return false;
        };
        // Let go outside of the timeline.
        if event.buttons() == 0 {
            self.held.set_value(None);
            self.moving.set(None);
            return true;
        }
        let steps = ((minute - by - stood.from) as f64 / step as f64).round() as i64;
        let next = Moving {
            column: over.clone(),
            from: (stood.from + steps * step).clamp(0, DAY - stood.length),
            ..stood.clone()
        };
        let begun = self.moving.with_untracked(Option::is_some);
        if begun || next != stood {
            self.dragged.set_value(true);
            self.moving.set(Some(next));
        }
        true
    }

    /// The mouse lets go: true where it held something.
    pub fn let_go(self) -> bool {
        let held = self.held.get_value();
        self.held.set_value(None);
        let Some((stood, _)) = held else {
            return false;
        };
        if let Some(moving) = self.moving.get_untracked().filter(|moving| *moving != stood) {
            self.done.run(moving);
        }
        self.moving.set(None);
        true
    }

    /// The click at the end of a drag opens nothing.
    pub fn keep_still(self, event: &MouseEvent) {
        if self.dragged.get_value() {
            event.prevent_default();
            self.dragged.set_value(false);
        }
    }

    /// By keys: Shift and an arrow move it, Enter lets it go there, Escape puts it back.
    pub fn press(self, event: &KeyboardEvent, home: &Moving, columns: &[Column], step: i64) {
        let moving = self.moving.get_untracked();
        match (event.key().as_str(), moving) {
            ("Enter", Some(moving)) if moving != *home => {
                event.prevent_default();
                self.moving.set(None);
                self.done.run(moving);
            }
            ("Escape", Some(_)) => {
                event.prevent_default();
                self.moving.set(None);
            }
            (key, moving) if event.shift_key() && key.starts_with("Arrow") => {
                event.prevent_default();
                let moving = moving.filter(|one| one.booking == home.booking);
                let next = shifted(moving.as_ref().unwrap_or(home), key, columns, step);
                let store = Store::get();
                let centre = store.centre.get_untracked().and_then(Result::ok);
                let room = centre.and_then(|centre| {
                    let room = centre.centre.room(&next.column.room);
                    room.map(|room| room.name.get(lang()).to_owned())
                });
                let slot = Slot::lasting(next.column.day.at(next.from), next.length);
                store.say(lang().moving_to(&lang().span(slot), &room.unwrap_or_default()));
                self.moving.set(Some(next));
            }
            _ => {}
        }
    }
}

/// The booking under the mouse, as it stands.
fn stood_under(event: &PointerEvent, column: &Column) -> Option<Moving> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let block = target.closest("[data-booking]").ok()??;
    let number = |name: &str| block.get_attribute(name)?.parse::<i64>().ok();
    Some(Moving {
        booking: BookingId::new(block.get_attribute("data-booking")?),
        column: column.clone(),
        from: number("data-from")?,
        length: number("data-length")?,
    })
}

/// A step in the direction of an arrow key; at the edge it stays.
fn shifted(moving: &Moving, key: &str, columns: &[Column], step: i64) -> Moving {
    let at = columns.iter().position(|one| *one == moving.column);
    let column = |to: Option<usize>| {
        let there = to.and_then(|to| columns.get(to));
        there.unwrap_or(&moving.column).clone()
    };
    let (from, column) = match key {
        "ArrowUp" => (moving.from - step, column(at)),
        "ArrowDown" => (moving.from + step, column(at)),
        "ArrowLeft" => (moving.from, column(at.and_then(|at| at.checked_sub(1)))),
        _ => (moving.from, column(at.map(|at| at + 1))),
    };
    Moving {
        column,
        from: from.clamp(0, DAY - moving.length),
        ..moving.clone()
    }
}

#[cfg(test)]
mod tests {
    use domain::time::Date;

    use super::*;

    #[test]
    fn keys_move_a_booking_by_steps_and_rooms_and_stop_at_the_edge() {
        let day = Date::parse("2026-11-26").unwrap();
        let columns = ["a", "b"].map(|room| Column {
            room: room.into(),
            day,
        });
        let home = Moving {
            booking: BookingId::new("x"),
            column: columns[0].clone(),
            from: 600,
            length: 90,
        };
        let press = |keys: &[&str]| {
            let moved = keys
                .iter()
                .fold(home.clone(), |one, key| shifted(&one, key, &columns, 30));
            (moved.column.room.to_string(), moved.from)
        };
        assert_eq!(press(&["ArrowDown", "ArrowDown", "ArrowRight"]), ("b".to_owned(), 660));
        assert_eq!(press(&["ArrowRight", "ArrowRight"]), ("b".to_owned(), 600));
        assert_eq!(press(&["ArrowLeft", "ArrowUp"]), ("a".to_owned(), 570));
        assert_eq!(press(&["ArrowUp"; 40]), ("a".to_owned(), 0));
        assert_eq!(press(&["ArrowDown"; 40]), ("a".to_owned(), DAY - 90));
    }
}
