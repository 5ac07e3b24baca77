//! Roving focus on the plan: one room is the tab stop, arrow keys go to the neighbour (ARIA Authoring Practices, roving tabindex).

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What counts sideways, against once what counts ahead: who goes right does not mean the next floor up.
const SIDEWAYS: f64 = 2.0;

/// Makes one room the tab stop: the one given, else the one that is, else the first.
pub(super) fn set_stop(frame: &Element, room: Option<&Element>) {
    let rooms = rooms(frame);
    let is_stop = |one: &&Element| one.get_attribute("tabindex").as_deref() == Some("0");
    let stop = room
        .or_else(|| rooms.iter().find(is_stop))
        .or(rooms.first());
    let Some(stop) = stop.cloned() else { return };
    for one in &rooms {
        let index = if *one == stop { "0" } else { "-1" };
        let _ = one.set_attribute("tabindex", index);
    }
}

/// Moves the focus to the neighbour in the direction of an arrow key. Gives that room; nothing where there is none, and for other keys.
pub(super) fn go(frame: &Element, from: &Element, key: &str) -> Option<Element> {
    let way = match key {
        "ArrowLeft" => (-1.0, 0.0),
        "ArrowRight" => (1.0, 0.0),
        "ArrowUp" => (0.0, -1.0),
        "ArrowDown" => (0.0, 1.0),
        _ => return None,
    };
    let rooms = rooms(frame);
    let places: Vec<_> = rooms.iter().map(middle).collect();
    let to = rooms.get(neighbour(middle(from), &places, way)?)?;
    to.unchecked_ref::<HtmlElement>().focus().ok()?;
    Some(to.clone())
}

fn rooms(frame: &Element) -> Vec<Element> {
    let Ok(all) = frame.query_selector_all("[data-room]") else {
        return Vec::new();
    };
    let each = (0..all.length()).filter_map(|i| all.item(i)?.dyn_into().ok());
    each.collect()
}

fn middle(room: &Element) -> (f64, f64) {
    let bounds = room.get_bounding_client_rect();
    (
        bounds.left() + bounds.width() / 2.0,
        bounds.top() + bounds.height() / 2.0,
    )
}

/// The nearest of some places that lies ahead rather than aside.
fn neighbour(here: (f64, f64), places: &[(f64, f64)], way: (f64, f64)) -> Option<usize> {
    let cost = |place: &(f64, f64)| {
        let (x, y) = (place.0 - here.0, place.1 - here.1);
        let ahead = x * way.0 + y * way.1;
        let aside = (x * way.1 + y * way.0).abs();
        (ahead > 1.0 && aside <= ahead * SIDEWAYS).then_some(ahead + aside * SIDEWAYS)
    };
    let costs = places.iter().enumerate();
    let costs = costs.filter_map(|(number, place)| Some((number, cost(place)?)));
    let nearest = costs.min_by(|a, b| a.1.total_cmp(&b.1));
    nearest.map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_to_what_lies_ahead() {
        // Two rows of two rooms, and one far to the right.
        let places = [
            (0.0, 0.0),
            (10.0, 0.0),
            (0.0, 10.0),
            (10.0, 10.0),
            (40.0, 1.0),
        ];
        let go = |from: usize, way| neighbour(places[from], &places, way);
        assert_eq!(go(0, (1.0, 0.0)), Some(1));
        assert_eq!(go(0, (0.0, 1.0)), Some(2));
        assert_eq!(go(1, (1.0, 0.0)), Some(4));
        assert_eq!(go(3, (0.0, -1.0)), Some(1));
        assert_eq!(go(0, (-1.0, 0.0)), None);
    }
}
