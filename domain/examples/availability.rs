//! All rooms of a centre for 90 days, a hundred times: what `cargo xtask measure availability` times, native and as
//! WebAssembly. It takes no arguments and reads no clock, so that it is the same program on both.

use std::hint::black_box;

use domain::{
    centre::{
        Centre,
        availability::{Occupation, Occupied, availability},
    },
    time::{DAY, Date, Slot, Stamp},
};

/// How often it is computed.
const ROUNDS: u32 = 100;

fn main() {
    let centre: Centre = match toml::from_str(include_str!("../../server/centres/xizhan.toml")) {
        Ok(centre) => centre,
        Err(_) => return,
    };
    let Some(first) = Date::new(2026, 11, 22) else {
        return;
    };
    let stamp = |day: i64, minute: i64| Stamp {
        local: first.plus(day).at(minute),
        offset: 480,
    };
    let mut taken = Vec::new();
    for day in 0..90 {
        for (number, room) in centre.rooms.iter().enumerate() {
            for hour in [10, 12, 14, 16, 19] {
                let start = hour * 60 + (number as i64 % 2) * 30;
                taken.push(Occupied {
                    room: room.id.clone(),
                    start: stamp(day, start),
                    end: stamp(day, start + 90),
                    before: 0,
                    after: 15,
                    by: if number % 5 == 0 {
                        Occupation::Requested
                    } else {
                        Occupation::Booked
                    },
                    title: None,
                    activity: None,
                    left: None,
                });
            }
        }
    }
    let range = Slot::lasting(first.at(0), 90 * DAY);
    for _ in 0..ROUNDS {
        black_box(availability(black_box(&centre), black_box(&taken), range));
    }
}
