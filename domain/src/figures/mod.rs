//! Figures: what happened at a centre over a period. Rooms that can be divided are counted by their smallest
//! parts, so that a booked hall counts as much as its halves.

mod count;
pub mod period;
pub mod refused;
pub mod rule;
pub mod total;

use std::collections::HashMap;

pub use count::{Count, SMALL, Use};
pub use rule::Rule;
use serde::{Deserialize, Serialize};

use crate::{
    centre::{
        Centre,
        hours::open_slots,
        room::{Room, UseMode},
    },
    figures::{
        period::Period,
        refused::{Refused, refused_hours},
        total::Totals,
    },
    id::{ActivityId, RoomId},
    language::{Lang, Name},
    time::{DAY, Date, Slot},
};

/// The figures of a centre.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Over which time.
    pub period: Period,
    /// The last day that is counted: today where it is not over.
    pub until: Date,
    /// What happened in it.
    pub totals: Totals,
    /// In the one before, up to the same day where this one is not over.
    pub before: Totals,
    /// In the one a year before, likewise; none where that is the one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year_before: Option<Totals>,
    /// The use of rooms: seven days from Monday on, 24 hours each.
    pub hours: Vec<Use>,
    /// Bookings of each room that can be booked, most used first.
    pub rooms: Vec<RoomFigure>,
    /// Attendance of each activity that had sessions, most visited first.
    pub activities: Vec<ActivityFigure>,
    /// How often each rule stood against somebody, most often first.
    pub refusals: Vec<(Rule, u32)>,
    /// Those of people who wanted a room, by what they wanted, most often first.
    pub refused: Vec<Refused>,
}

impl Figures {
    /// The totals of the times that the period is compared with.
    pub fn compared(&self) -> Vec<(Period, &Totals)> {
        let mut all = vec![(self.period.before(), &self.before)];
        all.extend(
            self.year_before
                .iter()
                .map(|totals| (self.period.year_before(), totals)),
        );
        all
    }

    /// How often somebody wanted a room and could not have it, in each hour of the week; none where nothing is open and nobody wanted
    /// anything.
    pub fn refused_by_hour(&self) -> Vec<Option<u32>> {
        let counts = refused_hours(&self.refused).into_iter();
        counts
            .zip(&self.hours)
            .map(|(count, hour)| (hour.open > 0 || count > 0).then_some(count))
            .collect()
    }

    /// What a room is called; nothing where it is not booked any more.
    pub fn room_name(&self, room: &RoomId, lang: Lang) -> &str {
        let of = self.rooms.iter().find(|one| one.room == *room);
        of.map_or("", |one| one.name.get(lang))
    }
}

/// Bookings of a room.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomFigure {
    /// The room.
    pub room: RoomId,
    /// Its name.
    pub name: Name,
    /// Bookings by people for themselves.
    pub bookings: u32,
    /// Sessions of activities.
    pub sessions: u32,
    /// How long it was booked, in minutes.
    pub minutes: u32,
    /// How much of the open time its smallest parts were used, by whatever took them.
    pub used: Use,
}

/// The use of rooms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Of all together: seven days from Monday on, 24 hours each.
    pub hours: Vec<Use>,
    /// Of each room that cannot be divided further.
    pub rooms: HashMap<RoomId, Use>,
}

impl Uses {
    /// The use of a room: of its smallest parts together.
    fn of(&self, centre: &Centre, room: &RoomId) -> Use {
        let leaves = centre.leaves(room).into_iter();
        leaves
            .filter_map(|leaf| self.rooms.get(leaf))
            .fold(Use::default(), |sum, one| sum.plus(*one))
    }

    /// The use of all rooms over all hours.
    pub fn whole(&self) -> Use {
        self.hours
            .iter()
            .fold(Use::default(), |sum, one| sum.plus(*one))
    }
}

/// Who came to an activity.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityFigure {
    /// The activity.
    pub activity: ActivityId,
    /// Its name.
    pub title: Name,
    /// How many sessions took place.
    pub sessions: u32,
    /// Places of those sessions together.
    pub places: u32,
    /// Who had a place in them.
    pub signed_up: Count,
    /// Who came, walk-ins included.
    pub came: Count,
    /// Who had a place and did not come.
    pub missed: Count,
}

/// A booking, as far as figures need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booked {
    /// When.
    pub slot: Slot,
    /// For a session of an activity.
    pub session: bool,
}

/// What was booked, by room.
pub type BookedByRoom = HashMap<RoomId, Vec<Booked>>;

fn is_booked(room: &Room) -> bool {
    room.use_mode != UseMode::DropIn
}

/// The rooms that are counted: those that are booked and cannot be divided further.
fn counted(centre: &Centre) -> impl Iterator<Item = &Room> {
    centre
        .rooms
        .iter()
        .filter(|room| room.parts.is_empty() && is_booked(room))
}

/// Spreads a slot over the hours of the week.
fn spread(slot: Slot, mut add: impl FnMut(usize, u32)) {
    let (mut at, end) = (slot.start().minutes(), slot.end().minutes());
    while at < end {
        let next = (at.div_euclid(60) + 1) * 60;
        let date = Date::from_days(at.div_euclid(DAY));
        let hour = usize::try_from(at.rem_euclid(DAY) / 60).unwrap_or_default();
        let minutes = u32::try_from(next.min(end) - at).unwrap_or_default();
        add(date.weekday() as usize * 24 + hour, minutes);
        at = next;
    }
}

/// The use of rooms over a range of days.
pub fn uses(centre: &Centre, booked: &BookedByRoom, range: Slot) -> Uses {
    let mut hours = vec![Use::default(); 7 * 24];
    let mut rooms = HashMap::new();
    let mut by_leaf: HashMap<&RoomId, Vec<Slot>> = HashMap::new();
    for (room, all) in booked {
        for leaf in centre.leaves(room) {
            let slots = all.iter().map(|one| one.slot);
            by_leaf.entry(leaf).or_default().extend(slots);
        }
    }
    for slots in by_leaf.values_mut() {
        slots.sort_unstable();
    }
    for room in counted(centre) {
        let open = open_slots(&centre.hours, room.hours.as_ref(), range);
        let mut here = Use::default();
        for slot in &open {
            spread(*slot, |at, minutes| {
                hours[at].open += minutes;
                here.open += minutes;
            });
        }
        // Both are in order and neither overlaps itself: one walk along them.
        let mut opening = open.iter().peekable();
        for booked in by_leaf.get(&room.id).into_iter().flatten() {
            while opening
                .next_if(|open| open.end() <= booked.start())
                .is_some()
            {}
            let touched = opening
                .clone()
                .take_while(|open| open.start() < booked.end());
            for slot in touched.filter_map(|open| open.and(*booked)) {
                spread(slot, |at, minutes| {
                    hours[at].used += minutes;
                    here.used += minutes;
                });
            }
        }
        rooms.insert(room.id.clone(), here);
    }
    Uses { hours, rooms }
}

/// Bookings by room, the most used first. A hall is a room beside its halves here: what people asked for counts.
pub fn rooms(centre: &Centre, booked: &BookedByRoom, uses: &Uses) -> Vec<RoomFigure> {
    let mut all: Vec<RoomFigure> = centre
        .rooms
        .iter()
        .filter(|room| is_booked(room))
        .map(|room| {
            let here = booked.get(&room.id).into_iter().flatten();
            let mut figure = RoomFigure {
                room: room.id.clone(),
                name: room.name.clone(),
                bookings: 0,
                sessions: 0,
                minutes: 0,
                used: uses.of(centre, &room.id),
            };
            for one in here {
                if one.session {
                    figure.sessions += 1;
                } else {
                    figure.bookings += 1;
                }
                figure.minutes += u32::try_from(one.slot.minutes()).unwrap_or_default();
            }
            figure
        })
        .collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.bookings + one.sessions));
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::{house, slot};

    fn booked(slot: Slot) -> Booked {
        Booked {
            slot,
            session: false,
        }
    }

    fn by_room(all: impl IntoIterator<Item = (&'static str, Booked)>) -> BookedByRoom {
        let mut by_room = BookedByRoom::new();
        for (room, one) in all {
            by_room.entry(room.into()).or_default().push(one);
        }
        by_room
    }

    #[test]
    fn a_booked_hall_uses_both_of_its_halves() {
        let house = house();
        let monday = slot(0, 60).start().date();
        let range = Slot::lasting(monday.at(0), 28 * DAY);
        let uses = uses(&house, &by_room([("hall", booked(slot(600, 690)))]), range);
        let figures = &uses.hours;
        // Monday ten o'clock: both halves, of three rooms that are open on four Mondays.
        assert_eq!(
            figures[10],
            Use {
                used: 120,
                open: 720
            }
        );
        assert_eq!(figures[11].used, 60);
        assert_eq!(figures[10].percent(), Some(16));
        assert_eq!(figures[3].percent(), None, "nobody is there at three");
        let of = |room: &str| uses.of(&house, &room.into());
        assert_eq!((of("hall").used, of("hall-a").used), (180, 90));
        assert_eq!(of("hall").open, 2 * of("hall-a").open);
        assert_eq!(uses.whole().used, 180);
    }

    #[test]
    fn rooms_are_told_as_they_were_asked_for() {
        let house = house();
        let dance = Booked {
            session: true,
            ..booked(slot(600, 660))
        };
        let all = by_room([
            ("hall", booked(slot(480, 540))),
            ("hall-a", dance),
            ("hall-a", booked(slot(700, 730))),
        ]);
        let range = Slot::lasting(slot(0, 60).start().date().at(0), DAY);
        let figures = rooms(&house, &all, &uses(&house, &all, range));
        let counts: Vec<_> = figures
            .iter()
            .map(|one| (one.room.as_str(), one.bookings, one.sessions, one.minutes))
            .collect();
        assert_eq!(
            counts[..2],
            [("hall-a", 1, 1, 90), ("hall", 1, 0, 60)],
            "{counts:?}"
        );
    }

    #[test]
    fn small_numbers_are_not_told() {
        let told = |count: u32| Count::from(count).told();
        assert_eq!(
            [0, 1, 4, 5, 99].map(told),
            [Some(0), None, None, Some(5), Some(99)]
        );
    }

    #[test]
    fn every_rule_is_found_by_its_name() {
        for rule in Rule::ALL {
            assert_eq!(Rule::from_code(rule.code()), Some(*rule));
        }
    }

    proptest! {
        #[test]
        fn no_hour_is_used_longer_than_it_is_open(bookings in proptest::collection::vec((0i64..40_000, 1i64..300, 0usize..4), 0..12)) {
            let house = house();
            let monday = slot(0, 60).start().date();
            let mut free = Vec::new();
            for (at, length, room) in bookings {
                let room = ["hall", "hall-a", "hall-b", "study"][room];
                let slot = Slot::lasting(monday.at(at), length);
                // Only what the database would have kept.
                let id = room.into();
                let sharing = house.sharing(&id);
                let meets = |(other, one): &(&str, Booked)| sharing.iter().any(|id| id.as_str() == *other) && one.slot.overlaps(slot);
                if !free.iter().any(meets) {
                    free.push((room, booked(slot)));
                }
            }
            let uses = uses(&house, &by_room(free), Slot::lasting(monday.at(0), 28 * DAY));
            for hour in &uses.hours {
                prop_assert!(hour.used <= hour.open);
            }
            let sum = uses.rooms.values().fold(Use::default(), |sum, one| sum.plus(*one));
            prop_assert_eq!(sum, uses.whole());
        }
    }
}
