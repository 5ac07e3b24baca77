//! The plan of a room's floor with the room marked, as it stands on posters and pictures.

use domain::{
    centre::{Centre, availability::availability, room::Room},
    language::Lang,
    time::{DAY, Slot},
    view::drawing::{Scale, floor_svg, still},
};
/// The floor with the room marked on it.
pub(super) fn plan(centre: &Centre, room: &Room, slot: Option<Slot>, lang: Lang) -> String {
    let (Some(floor), Some(slot)) = (centre.floor(&room.floor), slot) else {
        return String::new();
    };
    let day = Slot::lasting(slot.start().date().at(0), 2 * DAY);
    let lines = availability(centre, &[], day);
    let leaves = centre.leaves(&room.id);
    let marked = |one: &Room| one.id == room.id || leaves.contains(&&one.id);
    let drawn = floor_svg(centre, floor, &lines, slot, (lang, Scale::UNKNOWN), &marked);
    still(&drawn).replacen("<svg ", "<svg preserveAspectRatio=\"xMinYMid meet\" ", 1)
}
