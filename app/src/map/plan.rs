//! The plan on the screen: drawn once per floor, its rooms changed in place, moved by finger, wheel and keys.

use std::sync::Arc;

use domain::{
    api::CentreView,
    availability::{Timeline, room_state},
    drawing::{Spoken, floor_svg, look},
    id::{FloorId, RoomId},
    time::Slot,
    view::View,
};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};

use crate::{components::icon::Icon, prefs::lang};

const MOST: f64 = 5.0;

/// How the plan is moved: scale, and shift in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pose {
    scale: f64,
    x: f64,
    y: f64,
}

const REST: Pose = Pose {
    scale: 1.0,
    x: 0.0,
    y: 0.0,
};

impl Pose {
    /// Larger or smaller by `factor`, with the point under (`x`, `y`) kept in place.
    fn zoomed(self, factor: f64, x: f64, y: f64) -> Self {
        let scale = (self.scale * factor).clamp(1.0, MOST);
        let by = scale / self.scale;
        if scale == 1.0 {
            return REST;
        }
        Self {
            scale,
            x: x - (x - self.x) * by,
            y: y - (y - self.y) * by,
        }
    }
}

/// Draws a floor. `open` is called with the room that was chosen.
#[component]
pub fn Plan(
    centre: Arc<CentreView>,
    floor: FloorId,
    timelines: Memo<Arc<Vec<Timeline>>>,
    when: Memo<Slot>,
    view: Memo<View>,
    open: Callback<RoomId>,
) -> impl IntoView {
    let t = lang();
    let frame = NodeRef::<html::Div>::new();
    let pose = RwSignal::new(REST);
    // Fingers on the plan: id and place.
    let fingers = RwSignal::new(Vec::<(i32, f64, f64)>::new());
    let moved = StoredValue::new(false);

    let drawing = centre.centre.floor(&floor).map(|floor| {
        let (lines, slot, view) = (
            timelines.get_untracked(),
            when.get_untracked(),
            view.get_untracked(),
        );
        floor_svg(&centre.centre, floor, &lines, slot, t, &|room| {
            view.wants(room)
        })
    });

    let rooms = centre.clone();
    Effect::new(move |_| {
        let (lines, slot, view) = (timelines.get(), when.get(), view.get());
        let Some(frame) = frame.get() else { return };
        let Ok(drawn) = frame.query_selector_all("[data-room]") else {
            return;
        };
        for i in 0..drawn.length() {
            let Some(element) = drawn
                .item(i)
                .and_then(|node| node.dyn_into::<Element>().ok())
            else {
                continue;
            };
            let id = RoomId::new(element.get_attribute("data-room").unwrap_or_default());
            let room = rooms.centre.room(&id);
            let line = lines.iter().find(|line| line.room == id);
            let (Some(room), Some(line)) = (room, line) else {
                continue;
            };
            let look = look(room_state(room, line, slot), slot, t);
            let dim = if view.wants(room) { "" } else { " dim" };
            let chosen = if view.room.as_ref() == Some(&id) {
                " chosen"
            } else {
                ""
            };
            let class = format!("room {}{dim}{chosen}", look.class);
            if element.get_attribute("class").as_deref() != Some(&class) {
                let _ = element.set_attribute("class", &class);
                if let Ok(Some(word)) = element.query_selector(".word") {
                    word.set_text_content(Some(&format!("{} {}", look.glyph, look.word)));
                }
            }
            let seen = names(&element);
            let label = Spoken {
                seen: &seen,
                name: room.name.get(t),
            }
            .with(&look);
            if element.get_attribute("aria-label").as_deref() != Some(&label) {
                let _ = element.set_attribute("aria-label", &label);
            }
        }
    });

    let room_at = |target: Option<web_sys::EventTarget>| {
        let element = target?
            .dyn_into::<Element>()
            .ok()?
            .closest("[data-room]")
            .ok()??;
        Some(RoomId::new(element.get_attribute("data-room")?))
    };
    let on_click = move |event: MouseEvent| {
        if moved.get_value() {
            return;
        }
        if let Some(room) = room_at(event.target()) {
            open.run(room);
        }
    };
    let middle = move || {
        frame.get_untracked().map_or((0.0, 0.0), |frame| {
            (
                f64::from(frame.client_width()) / 2.0,
                f64::from(frame.client_height()) / 2.0,
            )
        })
    };
    let zoom = move |factor: f64| {
        let (x, y) = middle();
        pose.update(|pose| *pose = pose.zoomed(factor, x, y));
    };
    let on_key = move |event: KeyboardEvent| {
        let step = 60.0;
        let shift =
            |x: f64, y: f64| pose.update(|pose| (pose.x, pose.y) = (pose.x + x, pose.y + y));
        match event.key().as_str() {
            "Enter" | " " => {
                if let Some(room) = room_at(event.target()) {
                    event.prevent_default();
                    open.run(room);
                }
                return;
            }
            "+" | "=" => zoom(1.4),
            "-" => zoom(1.0 / 1.4),
            "0" => pose.set(REST),
            "ArrowLeft" => shift(step, 0.0),
            "ArrowRight" => shift(-step, 0.0),
            "ArrowUp" => shift(0.0, step),
            "ArrowDown" => shift(0.0, -step),
            _ => return,
        }
        event.prevent_default();
    };
    let place = move |event: &MouseEvent| {
        let bounds = frame
            .get_untracked()
            .map(|frame| frame.get_bounding_client_rect());
        let (left, top) = bounds.map_or((0.0, 0.0), |bounds| (bounds.left(), bounds.top()));
        (
            f64::from(event.client_x()) - left,
            f64::from(event.client_y()) - top,
        )
    };
    let on_wheel = move |event: WheelEvent| {
        event.prevent_default();
        let (x, y) = place(&event);
        let factor = if event.delta_y() < 0.0 {
            1.15
        } else {
            1.0 / 1.15
        };
        pose.update(|pose| *pose = pose.zoomed(factor, x, y));
    };
    let on_down = move |event: PointerEvent| {
        let (x, y) = place(&event);
        fingers.update(|all| {
            all.retain(|one| one.0 != event.pointer_id());
            all.push((event.pointer_id(), x, y));
        });
        moved.set_value(false);
    };
    let on_move = move |event: PointerEvent| {
        let (x, y) = place(&event);
        let before = fingers.get_untracked();
        let Some(index) = before.iter().position(|one| one.0 == event.pointer_id()) else {
            return;
        };
        let (_, old_x, old_y) = before[index];
        if !moved.get_value() && (x - old_x).hypot(y - old_y) < 6.0 {
            return;
        }
        moved.set_value(true);
        fingers.update(|all| (all[index].1, all[index].2) = (x, y));
        match before.iter().find(|one| one.0 != event.pointer_id()) {
            Some((_, other_x, other_y)) => {
                let spread = |x: f64, y: f64| (x - other_x).hypot(y - other_y).max(1.0);
                let factor = spread(x, y) / spread(old_x, old_y);
                let (x, y) = ((x + other_x) / 2.0, (y + other_y) / 2.0);
                pose.update(|pose| *pose = pose.zoomed(factor, x, y));
            }
            None if pose.with_untracked(|pose| pose.scale > 1.0) => {
                pose.update(|pose| (pose.x, pose.y) = (pose.x + x - old_x, pose.y + y - old_y));
            }
            None => {}
        }
    };
    let on_up = move |event: PointerEvent| {
        fingers.update(|all| all.retain(|one| one.0 != event.pointer_id()));
    };
    let transform = move || {
        let Pose { scale, x, y } = pose.get();
        format!("translate({x:.1}px, {y:.1}px) scale({scale:.3})")
    };
    view! {
        <div class="canvas">
            <div
                class="frame"
                class:near=move || pose.with(|pose| pose.scale >= 1.8)
                node_ref=frame
                on:click=on_click
                on:keydown=on_key
                on:wheel=on_wheel
                on:pointerdown=on_down
                on:pointermove=on_move
                on:pointerup=on_up
                on:pointercancel=on_up
                on:pointerleave=on_up
            >
                <div class="sheet-of-paper" style:transform=transform inner_html=drawing></div>
            </div>
            <div class="zoom">
                <button class="round" aria-label=t.zoom_in() on:click=move |_| zoom(1.5)><Icon icon=Icon::Plus/></button>
                <button class="round" aria-label=t.zoom_out() on:click=move |_| zoom(1.0 / 1.5)><Icon icon=Icon::Minus/></button>
                <Show when=move || pose.get() != REST>
                    <button class="round" aria-label=t.zoom_fit() on:click=move |_| pose.set(REST)><Icon icon=Icon::Fit/></button>
                </Show>
            </div>
        </div>
    }
}

/// The name of a room as it stands on the plan.
fn names(room: &Element) -> String {
    let Ok(lines) = room.query_selector_all(".name") else {
        return String::new();
    };
    let lines = (0..lines.length()).filter_map(|i| lines.item(i)?.text_content());
    lines.collect::<String>().trim().to_owned()
}
