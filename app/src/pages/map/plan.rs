//! The plan on the screen: drawn once per floor, its rooms changed in place, moved by finger, wheel and keys.

use std::sync::Arc;

use domain::{
    api::CentreView,
    centre::availability::{Timeline, room_state},
    id::{FloorId, RoomId},
    time::Slot,
    view::{
        View,
        drawing::{Scale, Spoken, floor_svg, look},
    },
};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, KeyboardEvent, MouseEvent, WheelEvent};

use crate::{
    components::icon::Icon,
    pages::map::{
        roving,
        viewport::{NARROW, Pose, REST, Viewport, expected_frame},
    },
    prefs::{self, lang},
};

/// Where the sheet takes half of the screen the plan comes closer, so that the room stays in sight and legible.
fn come_closer(
    viewport: Viewport,
    view: Memo<View>,
    chosen_part: impl Fn() -> Option<(f64, f64, f64, f64)> + Copy + 'static,
) {
    let pose = viewport.pose;
    let room = Memo::new(move |_| view.with(|view| view.room.clone()));
    Effect::new(move |before: Option<bool>| {
        let open = room.get().is_some();
        let narrow = window()
            .inner_width()
            .ok()
            .and_then(|width| width.as_f64())
            .is_some_and(|width| width < NARROW);
        if narrow && open {
            request_animation_frame(move || {
                // The plan may be gone meanwhile.
                if pose.try_get_untracked().is_none() {
                    return;
                }
                if let Some(part) = chosen_part() {
                    pose.try_set(Pose::showing(part, viewport.size()));
                }
            });
        } else if narrow && before == Some(true) {
            pose.set(REST);
        }
        open
    });
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
    /// It stands in a page that scrolls.
    #[prop(optional)]
    in_page: bool,
) -> impl IntoView {
    let t = lang();
    let viewport = Viewport::new();
    let Viewport { frame, pose, .. } = viewport;
    let drawing = centre.centre.floor(&floor).map(|floor| {
        let (lines, slot, view) = (
            timelines.get_untracked(),
            when.get_untracked(),
            view.get_untracked(),
        );
        let scale = Scale::fitting(floor, expected_frame(), prefs::elder());
        floor_svg(&centre.centre, floor, &lines, slot, (t, scale), &|room| {
            view.wants(room)
        })
    });

    follow_states(centre.clone(), frame, (timelines, when, view));
    let on_click = move |event: MouseEvent| {
        if viewport.is_moved() {
            return;
        }
        if let Some(room) = room_at(event.target()) {
            open.run(room);
        }
    };
    // The chosen room as it lies at rest, in pixels of the frame.
    let chosen_part = move || {
        let frame = frame.get_untracked()?;
        let id = view.with_untracked(|view| view.room.clone())?;
        let room = frame
            .query_selector(&format!("[data-room=\"{id}\"] .fill"))
            .ok()??;
        let (outer, inner) = (
            frame.get_bounding_client_rect(),
            room.get_bounding_client_rect(),
        );
        let Pose { scale, x, y } = pose.get_untracked();
        Some((
            (inner.left() - outer.left() - x) / scale,
            (inner.top() - outer.top() - y) / scale,
            inner.width() / scale,
            inner.height() / scale,
        ))
    };
    // Buttons and keys zoom to the chosen room, or to the middle.
    let middle = move || {
        let (width, height) = viewport.size();
        let at = pose.get_untracked();
        match chosen_part() {
            Some((x, y, w, h)) => (
                (x + w / 2.0) * at.scale + at.x,
                (y + h / 2.0) * at.scale + at.y,
            ),
            None => (width / 2.0, height / 2.0),
        }
    };
    come_closer(viewport, view, chosen_part);
    let zoom = move |factor: f64| viewport.zoom(factor, middle());
    let on_key = move |event: KeyboardEvent| {
        // Those are the browser's own: the page's size, back.
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "Enter" | " " => {
                let Some(room) = room_at(event.target()) else {
                    return;
                };
                open.run(room);
            }
            "+" | "=" => zoom(1.4),
            "-" => zoom(1.0 / 1.4),
            "0" => pose.set(REST),
            key => {
                let here = element_at(event.target());
                let next = frame.get_untracked().zip(here);
                let next = next.and_then(|(frame, here)| roving::go(&frame, &here, key));
                match next {
                    Some(room) => viewport.show(&room),
                    None if viewport.press(key) => {}
                    None => return,
                }
            }
        }
        event.prevent_default();
    };
    let on_focus = move |event: FocusEvent| {
        if let (Some(frame), Some(room)) = (frame.get_untracked(), element_at(event.target())) {
            roving::set_stop(&frame, Some(&room));
        }
    };
    let on_wheel = move |event: WheelEvent| {
        // On a page that scrolls the wheel scrolls it; two fingers on a trackpad come with the control key. Sideways is no zoom.
        if (in_page && !event.ctrl_key()) || event.delta_y() == 0.0 {
            return;
        }
        event.prevent_default();
        viewport.wheel(&event);
    };
    view! {
        <div class="canvas">
            <div
                class="frame"
                class:near=move || pose.with(|pose| pose.scale >= 1.8)
                class:at-rest=move || pose.with(|pose| pose.scale == 1.0)
                node_ref=frame
                on:click=on_click
                on:keydown=on_key
                on:focusin=on_focus
                on:wheel=on_wheel
                on:pointerdown=move |event| viewport.down(&event)
                on:pointermove=move |event| viewport.drag(&event)
                on:pointerup=move |event| viewport.up(&event)
                on:pointercancel=move |event| viewport.up(&event)
            >
                <div class="sheet-of-paper" style:transform=move || viewport.transform() inner_html=drawing></div>
            </div>
            <div class="zoom">
                <button class="round" aria-label=t.zoom_in() on:click=move |_| zoom(1.5)><Icon icon=Icon::Plus/></button>
                <button class="round" aria-label=t.zoom_out() on:click=move |_| zoom(1.0 / 1.5)><Icon icon=Icon::Minus/></button>
                <Show when=move || pose.get() != REST>
                    <button class="round fit" aria-label=t.zoom_fit() on:click=move |_| pose.set(REST)><Icon icon=Icon::Fit/></button>
                </Show>
            </div>
        </div>
    }
}

/// A room as it is drawn: its element, its place among the rooms and lines, and its name as it stands there.
struct Drawn {
    element: Element,
    room: usize,
    line: usize,
    seen: String,
}

/// The rooms of a drawing, found once for each drawing.
fn read_drawn(frame: &Element, centre: &CentreView, lines: &[Timeline]) -> Vec<Drawn> {
    let Ok(drawn) = frame.query_selector_all("[data-room]") else {
        return Vec::new();
    };
    let elements = (0..drawn.length()).filter_map(|i| drawn.item(i)?.dyn_into::<Element>().ok());
    let read = elements.filter_map(|element| {
        let id = RoomId::new(element.get_attribute("data-room")?);
        Some(Drawn {
            room: centre.centre.rooms.iter().position(|room| room.id == id)?,
            line: lines.iter().position(|line| line.room == id)?,
            seen: names(&element),
            element,
        })
    });
    read.collect()
}

/// Changes rooms in place when what they do, the time, or what is wanted changes.
fn follow_states(
    centre: Arc<CentreView>,
    frame: NodeRef<html::Div>,
    (timelines, when, view): (Memo<Arc<Vec<Timeline>>>, Memo<Slot>, Memo<View>),
) {
    let t = lang();
    let known = StoredValue::new_local(Vec::<Drawn>::new());
    Effect::new(move |_| {
        let (lines, slot, view) = (timelines.get(), when.get(), view.get());
        let Some(frame) = frame.get() else { return };
        let fresh =
            known.with_value(|drawn| drawn.first().is_some_and(|one| one.element.is_connected()));
        if !fresh {
            known.set_value(read_drawn(&frame, &centre, &lines));
        }
        roving::set_stop(&frame, None);
        known.with_value(|drawn| {
            for one in drawn {
                let room = centre.centre.rooms.get(one.room);
                let (Some(room), Some(line)) = (room, lines.get(one.line)) else {
                    continue;
                };
                let look = look(room_state(room, line, slot), slot, t);
                let dim = if view.wants(room) { "" } else { " dim" };
                let chosen = match view.room.as_ref() == Some(&room.id) {
                    true => " chosen",
                    false => "",
                };
                let class = format!("room {}{dim}{chosen}", look.class);
                set(&one.element, "class", &class);
                if let Ok(Some(word)) = one.element.query_selector(".word") {
                    let text = match word.class_list().contains("sign-only") {
                        true => look.glyph.to_owned(),
                        false => format!("{} {}", look.glyph, look.word),
                    };
                    if word.text_content().as_deref() != Some(&text) {
                        word.set_text_content(Some(&text));
                    }
                }
                let label = Spoken {
                    seen: &one.seen,
                    name: room.name.get(t),
                };
                set(&one.element, "aria-label", &label.with(&look));
            }
        });
    });
}

/// Sets an attribute where it is another.
fn set(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        let _ = element.set_attribute(name, value);
    }
}

/// The room that something on the plan belongs to.
fn room_at(target: Option<web_sys::EventTarget>) -> Option<RoomId> {
    Some(RoomId::new(element_at(target)?.get_attribute("data-room")?))
}

fn element_at(target: Option<web_sys::EventTarget>) -> Option<Element> {
    target?
        .dyn_into::<Element>()
        .ok()?
        .closest("[data-room]")
        .ok()?
}

/// The name of a room as it stands on the plan.
fn names(room: &Element) -> String {
    let Ok(lines) = room.query_selector_all(".name") else {
        return String::new();
    };
    let lines = (0..lines.length()).filter_map(|i| lines.item(i)?.text_content());
    lines.collect::<String>().trim().to_owned()
}
