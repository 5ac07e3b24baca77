//! The plan of a room's floor with the room marked, as it stands on posters and pictures.

use domain::{
    centre::{Centre, availability::availability, room::Room},
    language::Lang,
    time::{DAY, Slot},
    view::drawing::{Scale, floor_svg, still},
};
/// Where the drawing stands.
pub(super) enum Frame {
    /// On paper: as large as its place, at its top left.
    Paper,
    /// In a picture, at a place of so many pixels.
    Picture {
        x: u32,
        y: u32,
        width: u32,
        height: u32,
    },
}

/// The floor with the room marked on it.
pub(super) fn plan(
    centre: &Centre,
    room: &Room,
    slot: Option<Slot>,
    (lang, frame): (Lang, &Frame),
) -> String {
    let (Some(floor), Some(slot)) = (centre.floor(&room.floor), slot) else {
        return String::new();
    };
    let day = Slot::lasting(slot.start().date().at(0), 2 * DAY);
    let lines = availability(centre, &[], day);
    let leaves = centre.leaves(&room.id);
    let marked = |one: &Room| one.id == room.id || leaves.contains(&&one.id);
    let drawn = floor_svg(centre, floor, &lines, slot, (lang, Scale::UNKNOWN), &marked);
    let place = match frame {
        Frame::Paper => "preserveAspectRatio=\"xMinYMid meet\"".to_owned(),
        Frame::Picture {
            x,
            y,
            width,
            height,
        } => format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\""),
    };
    still(&drawn).replacen("<svg ", &format!("<svg {place} "), 1)
}
