//! Viewport of the plan: zoom and pan by finger, wheel, keys and buttons, within limits.

use domain::decimal::Decimal;
use leptos::{html, prelude::*};
use web_sys::{Element, MouseEvent, PointerEvent, WheelEvent};

const MOST: f64 = 5.0;

/// Below this width of the window, in pixels, a room's sheet lies below the plan instead of beside it.
pub(super) const NARROW: f64 = 900.0;

/// How large the frame of the plan will be, in pixels, as the window is now.
pub(super) fn expected_frame() -> (f64, f64) {
    let side = |value: Result<wasm_bindgen::JsValue, _>| {
        let value = value
            .ok()
            .and_then(|value: wasm_bindgen::JsValue| value.as_f64());
        value.unwrap_or(390.0)
    };
    let (width, height) = (side(window().inner_width()), side(window().inner_height()));
    // In the elder view the page is scrolled, and the plan is as wide as it may be.
    match width < NARROW {
        true if crate::prefs::elder() => (width - 40.0, height * 0.9),
        true => (width - 30.0, (height - 400.0).max(240.0)),
        false => (width - 570.0, height - 260.0),
    }
}

/// How the plan is moved: scale, and shift in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pose {
    pub(super) scale: f64,
    pub(super) x: f64,
    pub(super) y: f64,
}

pub(super) const REST: Pose = Pose {
    scale: 1.0,
    x: 0.0,
    y: 0.0,
};

impl Pose {
    /// A pose in which a part of the plan, given as it lies at rest, fills much of a frame.
    pub(super) fn showing(part: (f64, f64, f64, f64), (width, height): (f64, f64)) -> Self {
        let (x, y, w, h) = part;
        let scale = (0.6 * width / w.max(1.0))
            .min(0.5 * height / h.max(1.0))
            .clamp(1.0, 2.4);
        let (x, y) = (
            width / 2.0 - (x + w / 2.0) * scale,
            height / 2.0 - (y + h / 2.0) * scale,
        );
        Self { scale, x, y }.within((width, height))
    }

    /// As near to this as the plan still covers its frame: nobody loses it.
    fn within(self, (width, height): (f64, f64)) -> Self {
        // Not `clamp`: what that says of limits that are no numbers would bring the printing of decimals along.
        let limit = |shift: f64, side: f64| shift.max(side - side * self.scale).min(0.0);
        Self {
            x: limit(self.x, width),
            y: limit(self.y, height),
            ..self
        }
    }

    /// Moved by so many pixels.
    fn shifted(self, x: f64, y: f64) -> Self {
        Self {
            x: self.x + x,
            y: self.y + y,
            ..self
        }
    }

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

/// How far a finger may move and still tap, in pixels.
const TAP: f64 = 6.0;

/// How far an arrow key moves the plan, in pixels.
const STEP: f64 = 60.0;

/// A frame, and how the plan lies in it.
#[derive(Clone, Copy)]
pub(super) struct Viewport {
    pub(super) frame: NodeRef<html::Div>,
    pub(super) pose: RwSignal<Pose>,
    /// Fingers on the plan: id and place.
    fingers: RwSignal<Vec<(i32, f64, f64)>>,
    moved: StoredValue<bool>,
}

impl Viewport {
    pub(super) fn new() -> Self {
        Self {
            frame: NodeRef::new(),
            pose: RwSignal::new(REST),
            fingers: RwSignal::new(Vec::new()),
            moved: StoredValue::new(false),
        }
    }

    /// Width and height of the frame, in pixels.
    pub(super) fn size(self) -> (f64, f64) {
        let frame = self.frame.get_untracked();
        frame.map_or((0.0, 0.0), |frame| {
            let (width, height) = (frame.client_width(), frame.client_height());
            (f64::from(width), f64::from(height))
        })
    }

    /// True while one moves the plan rather than tap on it.
    pub(super) fn is_moved(self) -> bool {
        self.moved.get_value()
    }

    fn change(self, to: impl FnOnce(Pose) -> Pose) {
        let size = self.size();
        self.pose.update(|pose| *pose = to(*pose).within(size));
    }

    /// Zooms by `factor`, with the point under (`x`, `y`) kept in place.
    pub(super) fn zoom(self, factor: f64, (x, y): (f64, f64)) {
        self.change(|pose| pose.zoomed(factor, x, y));
    }

    /// Moves so that a part of the plan lies within the frame.
    pub(super) fn show(self, part: &Element) {
        let Some(frame) = self.frame.get_untracked() else {
            return;
        };
        let (outer, inner) = (
            frame.get_bounding_client_rect(),
            part.get_bounding_client_rect(),
        );
        let shift = |inner: (f64, f64), outer: (f64, f64)| {
            let before = (outer.0 - inner.0).max(0.0);
            let behind = (outer.1 - inner.1).min(0.0);
            if before > 0.0 { before } else { behind }
        };
        let x = shift((inner.left(), inner.right()), (outer.left(), outer.right()));
        let y = shift((inner.top(), inner.bottom()), (outer.top(), outer.bottom()));
        self.change(|pose| pose.shifted(x, y));
    }

    /// Moves by a key; nothing happens where all is in sight anyway, and for other keys.
    pub(super) fn press(self, key: &str) -> bool {
        let (x, y) = match key {
            "ArrowLeft" => (STEP, 0.0),
            "ArrowRight" => (-STEP, 0.0),
            "ArrowUp" => (0.0, STEP),
            "ArrowDown" => (0.0, -STEP),
            _ => return false,
        };
        let zoomed = self.pose.with_untracked(|pose| pose.scale > 1.0);
        if zoomed {
            self.change(|pose| pose.shifted(x, y));
        }
        zoomed
    }

    /// Where in the frame something happened.
    fn place(self, event: &MouseEvent) -> (f64, f64) {
        let frame = self.frame.get_untracked();
        let bounds = frame.map(|frame| frame.get_bounding_client_rect());
        let (left, top) = bounds.map_or((0.0, 0.0), |bounds| (bounds.left(), bounds.top()));
        let (x, y) = (event.client_x(), event.client_y());
        (f64::from(x) - left, f64::from(y) - top)
    }

    /// Wheels move by a hundred at once, trackpads by a few; where nothing moves up or down nothing is meant.
    pub(super) fn wheel(self, event: &WheelEvent) {
        let factor = (-event.delta_y() * 0.0015).exp().clamp(0.8, 1.25);
        self.zoom(factor, self.place(event));
    }

    pub(super) fn down(self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let (x, y) = self.place(event);
        self.fingers.update(|all| {
            all.retain(|one| one.0 != event.pointer_id());
            all.push((event.pointer_id(), x, y));
        });
        self.moved.set_value(false);
    }

    pub(super) fn drag(self, event: &PointerEvent) {
        // A button that was let go elsewhere.
        if event.buttons() == 0 {
            return self.up(event);
        }
        let (x, y) = self.place(event);
        let before = self.fingers.get_untracked();
        let id = event.pointer_id();
        let Some((_, old_x, old_y)) = before.iter().find(|one| one.0 == id).copied() else {
            return;
        };
        if !self.moved.get_value() {
            if (x - old_x).hypot(y - old_y) < TAP {
                return;
            }
            // From here on the frame hears of the finger wherever it goes.
            if let Some(frame) = self.frame.get_untracked() {
                let _ = frame.set_pointer_capture(id);
            }
        }
        self.moved.set_value(true);
        self.fingers.update(|all| {
            if let Some(one) = all.iter_mut().find(|one| one.0 == id) {
                *one = (id, x, y);
            }
        });
        match before.iter().find(|one| one.0 != id) {
            Some((_, other_x, other_y)) => {
                let spread = |x: f64, y: f64| (x - other_x).hypot(y - other_y).max(1.0);
                let factor = spread(x, y) / spread(old_x, old_y);
                self.zoom(factor, ((x + other_x) / 2.0, (y + other_y) / 2.0));
            }
            None if self.pose.with_untracked(|pose| pose.scale > 1.0) => {
                self.change(|pose| pose.shifted(x - old_x, y - old_y));
            }
            None => {}
        }
    }

    pub(super) fn up(self, event: &PointerEvent) {
        let id = event.pointer_id();
        self.fingers.update(|all| all.retain(|one| one.0 != id));
    }

    /// The pose as CSS has it.
    pub(super) fn transform(self) -> String {
        let Pose { scale, x, y } = self.pose.get();
        format!(
            "translate({}px, {}px) scale({})",
            Decimal(x, 1),
            Decimal(y, 1),
            Decimal(scale, 3)
        )
    }
}
