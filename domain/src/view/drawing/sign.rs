//! Signs on the plan for what is in a room.

use super::svg::{put, short};
use crate::centre::{
    plan::Point,
    room::{Equipment, Room},
};

/// A row of small signs for what is in the room, shown when zoomed in.
pub(super) fn draw_equipment(
    svg: &mut String,
    room: &Room,
    middle: Point,
    width: f64,
    top: f64,
    bottom: f64,
) {
    const SIZE: f64 = 0.5;
    let signs: Vec<&str> = room.equipment.keys().filter_map(|one| sign(*one)).collect();
    let most = (width / (SIZE * 1.4)) as usize;
    let shown = signs.len().min(most);
    if shown == 0 || bottom - top < SIZE {
        return;
    }
    let mut x = middle.x - (shown as f64 * SIZE * 1.4 - SIZE * 0.4) / 2.0;
    for d in &signs[..shown] {
        put(
            svg,
            format_args!(
                "<path class=\"sign\" transform=\"translate({} {}) scale({})\" d=\"{d}\"/>",
                short(x),
                short(top),
                short(SIZE / 10.0)
            ),
        );
        x += SIZE * 1.4;
    }
}

/// Line drawings on a 10 × 10 grid.
pub(super) fn sign(equipment: Equipment) -> Option<&'static str> {
    Some(match equipment {
        Equipment::Tables => "M0 3H10M1.500 3V9M8.500 3V9",
        Equipment::Chairs => "M2 0V10M2 5H8V10",
        Equipment::Sofa => "M0 4V9H10V4M1.500 7V2H8.500V7Z",
        Equipment::Projector => "M0 3H10V8H0ZM6 5.500a1.500 1.500 0 1 0 3 0a1.500 1.500 0 1 0 -3 0",
        Equipment::Screen | Equipment::Computers => "M0 1H10V7H0ZM3 10H7M5 7V10",
        Equipment::Blackboard => "M0 1H10V7H0ZM1 10L2 7M9 10L8 7",
        Equipment::SoundSystem => {
            "M2 0H8V10H2ZM3.500 6.500a1.500 1.500 0 1 0 3 0a1.500 1.500 0 1 0 -3 0M5 2V2.500"
        }
        Equipment::Microphones => "M3.500 0H6.500V5H3.500ZM2 4V7H8V4M5 7V10",
        Equipment::Wifi => "M0 4Q5 -1 10 4M2 6.500Q5 3 8 6.500M5 9V9.200",
        Equipment::WaterDispenser => "M3 0H7V3H3ZM2 3H8V10H2ZM5 5V7",
        Equipment::Books => "M5 2Q2 0 0 2V9Q2 7 5 9Q8 7 10 9V2Q8 0 5 2V9",
        Equipment::Piano | Equipment::Instruments => "M3 9a1.500 1.500 0 1 0 .1 0M4.500 8V0L9 2V6",
        Equipment::Mahjong | Equipment::GoTables => {
            "M0 0H10V10H0ZM3.300 0V10M6.700 0V10M0 3.300H10M0 6.700H10"
        }
        Equipment::CalligraphyDesks => "M9 0L3 6L2 9L5 8L10 1M0 10H6",
        Equipment::TableTennis => "M0 2H10V8H0ZM5 0V10",
        Equipment::Badminton => "M0 0V10M10 0V10M0 2H10M0 5H10M3.300 2V5M6.600 2V5",
        Equipment::Basketball => "M0 5a5 5 0 1 0 10 0a5 5 0 1 0 -10 0M0 5H10M5 0V10",
        Equipment::Fitness => "M0 3V7M2 1V9M2 5H8M8 1V9M10 3V7",
        Equipment::Bed | Equipment::MassageChairs => "M0 1V10M0 7H10V10M1.500 5H9V7",
        Equipment::BloodPressureMeter => "M0 5H3L4 2L6 8L7 5H10",
        Equipment::Toys | Equipment::CraftMaterials => {
            "M0 5H4.500V10H0ZM5.500 5H10V10H5.500ZM2.700 0H7.300V4.500H2.700Z"
        }
        Equipment::Copier => "M2 4V0H8V4M0 4H10V8H0ZM2 6.500H8V10H2Z",
        Equipment::Mirrors => "M2 0H8V10H2ZM4 4L6 2M4 7L6 5",
        Equipment::VrHeadsets => "M0 2H10V8H6.500L5 6L3.500 8H0Z",
        Equipment::StreamingCamera => "M0 2H7V8H0ZM7 5L10 3V7Z",
        Equipment::Tools => "M0 10L6 4M5 1a3 3 0 1 0 4 4L7 5V3Z",
    })
}
