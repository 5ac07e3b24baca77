//! Moving a block of the timeline to another room or time, and making it longer or shorter, by drag or by keys.

use domain::{
    id::{BookingId, RoomId},
    time::{DAY, LocalTime, Slot},
    view::column::Column,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, MouseEvent, PointerEvent};

use crate::{prefs::lang, store::Store};

/// A booking on its way: the piece of it that is seen in a column, in minutes after midnight.
#[derive(Clone, Debug, PartialEq)]
pub struct Moving {
    /// Which.
    pub booking: BookingId,
    /// The room and day that it is over.
    pub column: Column,
    /// Where the piece would begin.
    pub from: i64,
    /// How long the piece is.
    pub length: i64,
    /// Where the piece stands, and how long it is there.
    pub home: (Column, i64, i64),
    /// The booking of which it is a piece.
    pub whole: Whole,
}

/// A booking as it stands: it may be of a larger room than the column's, and longer than what is seen of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Whole {
    /// Its room.
    pub room: RoomId,
    /// Its start.
    pub start: LocalTime,
    /// Its length.
    pub minutes: i64,
}

impl Moving {
    /// The room, start and minutes that the whole would have: it goes as far as the piece, to another room only with it, and grows as
    /// much.
    pub fn target(&self) -> (RoomId, LocalTime, i64) {
        let (column, from, length) = &self.home;
        let room = match column.room == self.column.room {
            true => &self.whole.room,
            false => &self.column.room,
        };
        let days = self.column.day.days() - column.day.days();
        let start = self.whole.start.plus(days * DAY + self.from - from);
        (
            room.clone(),
            start,
            self.whole.minutes + self.length - length,
        )
    }

    /// Whether the piece is the last one of the booking: only there it grows.
    fn ends_here(&self) -> bool {
        let (column, from, length) = &self.home;
        let end = self.whole.start.plus(self.whole.minutes);
        column.day.at(from + length) == end
    }

    /// As an attribute of its block.
    pub fn code(&self) -> String {
        let seen = (&self.booking, self.from, self.length, &self.whole);
        serde_json::to_string(&seen).unwrap_or_default()
    }

    /// Whether it is where it stands.
    fn is_home(&self) -> bool {
        (&self.column, self.from, self.length) == (&self.home.0, self.home.1, self.home.2)
    }
}

/// Where a block is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grip {
    /// By this minute of it: it goes along.
    Middle(i64),
    /// At its end: it grows and shrinks.
    End,
}

/// How near its lower edge a block is held at its end, in pixels; the style shows where that is.
const EDGE: f64 = 8.0;

/// What moves, and what becomes of it where it is let go. Nothing is changed by that alone: the form shows what it would do.
#[derive(Clone, Copy)]
pub struct Mover {
    /// On its way; nothing while all stand still.
    pub moving: RwSignal<Option<Moving>>,
    /// What the mouse holds: how it stood, and where it is held.
    held: StoredValue<Option<(Moving, Grip)>>,
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
        self.moving.set(None);
        let stood = stood_under(event, column).filter(|_| event.pointer_type() == "mouse");
        self.held.set_value(stood.map(|(stood, at_end)| {
            let middle = Grip::Middle(minute - stood.from);
            (stood, if at_end { Grip::End } else { middle })
        }));
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
        let steps = |minutes: i64| (minutes as f64 / step as f64).round() as i64 * step;
        let next = match by {
            Grip::Middle(by) => Moving {
                column: over.clone(),
                from: (stood.from + steps(minute - by - stood.from)).clamp(0, DAY - stood.length),
                ..stood.clone()
            },
            Grip::End => {
                let by = steps(minute - stood.from - stood.length);
                grown(&stood, by, step)
            }
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
        let moving = self.moving.get_untracked();
        if let Some(moving) =
            moving.filter(|moving| moving.booking == stood.booking && !moving.is_home())
        {
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

    /// What is on its way by keys goes back when the keys go elsewhere; also where the page is left, and all of this is gone.
    pub fn put_back(self) {
        let held = self.held.try_with_value(Option::is_some);
        if held == Some(false) {
            self.moving.try_set(None);
        }
    }

    /// By keys: Shift and an arrow move it, with Alt they make it longer and shorter, Enter lets it go there, Escape puts it back.
    pub fn press(self, event: &KeyboardEvent, home: &Moving, columns: &[Column], step: i64) {
        let moving = self.moving.get_untracked();
        match (event.key().as_str(), moving) {
            ("Enter", Some(moving)) if moving.booking == home.booking && !moving.is_home() => {
                event.prevent_default();
                self.moving.set(None);
                self.done.run(moving);
            }
            ("Escape", Some(_)) => {
                event.prevent_default();
                self.held.set_value(None);
                self.moving.set(None);
            }
            (key, moving) if event.shift_key() && key.starts_with("Arrow") => {
                event.prevent_default();
                let moving = moving.filter(|one| one.booking == home.booking);
                let now = moving.as_ref().unwrap_or(home);
                let next = match (event.alt_key(), key) {
                    (true, "ArrowUp") => grown(now, -step, step),
                    (true, "ArrowDown") => grown(now, step, step),
                    (true, _) => return,
                    (false, _) => shifted(now, key, columns, step),
                };
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

/// The booking under the mouse, as it stands, and whether it is held at its end.
fn stood_under(event: &PointerEvent, column: &Column) -> Option<(Moving, bool)> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let block = target.closest("[data-moves]").ok()??;
    let code = block.get_attribute("data-moves")?;
    let (booking, from, length, whole) = serde_json::from_str(&code).ok()?;
    let edge = block.get_bounding_client_rect().bottom() - f64::from(event.client_y());
    let stood = Moving {
        booking,
        column: column.clone(),
        from,
        length,
        home: (column.clone(), from, length),
        whole,
    };
    let at_end = edge <= EDGE && stood.ends_here();
    Some((stood, at_end))
}

/// Longer or shorter by so many minutes: a step at least, and not beyond the day.
fn grown(moving: &Moving, by: i64, step: i64) -> Moving {
    if !moving.ends_here() {
        return moving.clone();
    }
    let most = DAY - moving.from;
    Moving {
        length: (moving.length + by).clamp(step.min(most), most),
        ..moving.clone()
    }
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
            home: (columns[0].clone(), 600, 90),
            whole: Whole {
                room: "ab".into(),
                start: day.at(540),
                minutes: 150,
            },
        };
        let press = |keys: &[&str]| {
            let moved = keys
                .iter()
                .fold(home.clone(), |one, key| shifted(&one, key, &columns, 30));
            (moved.column.room.to_string(), moved.from)
        };
        assert_eq!(
            press(&["ArrowDown", "ArrowDown", "ArrowRight"]),
            ("b".to_owned(), 660)
        );
        assert_eq!(press(&["ArrowRight", "ArrowRight"]), ("b".to_owned(), 600));
        assert_eq!(press(&["ArrowLeft", "ArrowUp"]), ("a".to_owned(), 570));
        assert_eq!(press(&["ArrowUp"; 40]), ("a".to_owned(), 0));
        assert_eq!(press(&["ArrowDown"; 40]), ("a".to_owned(), DAY - 90));
        // The hall stays the hall while its half is moved in its column, and goes as far as what is seen of it.
        let down = shifted(&home, "ArrowDown", &columns, 30);
        assert_eq!(down.target(), ("ab".into(), day.at(570), 150));
        let right = shifted(&home, "ArrowRight", &columns, 30);
        assert_eq!(right.target(), ("b".into(), day.at(540), 150));
        // What is seen of it is its end: that can be drawn out, and in again up to one step.
        let longer = grown(&home, 60, 30);
        assert_eq!(longer.target(), ("ab".into(), day.at(540), 210));
        assert_eq!(grown(&home, -600, 30).length, 30);
        assert_eq!(grown(&home, 10_000, 30).length, DAY - 600);
        // Of one that goes on elsewhere the end is elsewhere.
        let goes_on = Moving {
            whole: Whole {
                minutes: 600,
                ..home.whole.clone()
            },
            ..home
        };
        assert_eq!(grown(&goes_on, 60, 30).length, 90);
    }
}
