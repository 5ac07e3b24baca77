//! Consequences: which bookings a planned change would leave outside of a centre's rooms, hours and rules, or send where they
//! cannot go, and what is decided about each. Closures, moves and the import ask here.

mod premises;
mod touched;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    centre::{
        Centre,
        availability::{Occupation, Occupied, Timeline, Why, timeline},
        closure::Closure,
        room::{Room, UseMode},
    },
    id::{BookingId, RoomId},
    language::Name,
    time::{DAY, Date, LocalTime, Slot},
};

pub use premises::{Outside, Premises, Standing};
pub use touched::{Touched, find_touched};

/// A booking that a change hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which.
    pub booking: Standing,
    /// Why.
    pub why: Outside,
}

/// What is decided about a booking that a change hits.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HitDecision {
    /// The booking.
    pub id: BookingId,
    /// What becomes of it.
    #[serde(flatten)]
    pub what: Remedy,
}

/// What becomes of a booking that a change hits.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Remedy {
    /// It stands as it is.
    Keep,
    /// It goes to another room or time; its people are told.
    Move {
        /// The room.
        room: RoomId,
        /// The start on the wall; it lasts as long as before.
        start: LocalTime,
    },
    /// It is cancelled; its people are told why.
    Cancel {
        /// Why, 1 to 200 characters.
        reason: String,
    },
}

/// The bookings that stand inside of a house before a change and would stand outside after it.
pub fn hits(before: Premises<'_>, after: Premises<'_>, bookings: &[Standing]) -> Vec<Hit> {
    let hit = |one: &Standing| {
        if one.before != one.after {
            return Some(Outside::OtherTime {
                was: one.before.start(),
                is: one.after.start(),
            });
        }
        let all = after.all_outside(&one.room, one.after, one.people);
        // What was decided before need not be decided again; what is new must be.
        let was = before.all_outside(&one.room, one.before, one.people);
        all.into_iter().find(|why| !was.contains(why))
    };
    let hits = bookings.iter().filter_map(|one| {
        Some(Hit {
            booking: one.clone(),
            why: hit(one)?,
        })
    });
    hits.collect()
}

/// Of bookings that are sent elsewhere, those that cannot go there. `taken` is what takes the rooms of the centre on those days,
/// without these bookings.
pub fn strays(house: Premises<'_>, taken: &[Occupied], bookings: &[Standing]) -> Vec<Hit> {
    let why = |one: &Standing| {
        let outside = house.outside(&one.room, one.after, one.people);
        outside.or_else(|| {
            let room = house.centre.room(&one.room)?;
            let rules = house.centre.rules_of(room);
            let (before, after) = (rules.buffer_before, rules.buffer_after);
            let first = one.after.start().date().plus(-1);
            let line = timeline(
                house.centre,
                room,
                taken,
                Slot::lasting(first.at(0), 4 * DAY),
            );
            match line.clash(one.after, before, after)? {
                Why::Closed { reason, until } => Some(Outside::OutOfUse { reason, until }),
                // Held for somebody, it is as good as taken to whoever moves another there.
                Why::Taken { slot } | Why::Held { slot, .. } => Some(Outside::Taken {
                    from: slot.start(),
                    until: slot.end(),
                }),
            }
        })
    };
    let hits = bookings.iter().filter_map(|one| {
        Some(Hit {
            booking: one.clone(),
            why: why(one)?,
        })
    });
    hits.collect()
}

/// Where a booking could go.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The room.
    pub room: RoomId,
    /// The start on the wall.
    pub start: LocalTime,
}

/// How many other rooms, and how many other times, are named for a booking.
const MOST_PLACES: usize = 3;

/// Where each booking that a change hits could go, as long as it is: the rooms that fit at the same time, the likest first, then
/// the nearest times in its own room. What the first of them is for one booking is not named for those after it, so that all
/// first ones can be taken. `taken` is what else takes the rooms of the centre on the days of the hits, without the hits
/// themselves; nothing in it lasts longer than a day.
pub fn places(
    before: &Centre,
    after: Premises<'_>,
    taken: &[Occupied],
    hits: &[Hit],
    now: LocalTime,
) -> Vec<Vec<Place>> {
    let mut days: BTreeMap<Date, Vec<Occupied>> = BTreeMap::new();
    for one in taken {
        let day = one.start.local.date();
        days.entry(day).or_default().push(one.clone());
    }
    let closed: Vec<Occupied> = after.closures.iter().map(Closure::occupied).collect();
    let mut all = Vec::with_capacity(hits.len());
    for hit in hits {
        let taken = days.entry(hit.booking.after.start().date()).or_default();
        let on_day: Vec<Occupied> = taken.iter().chain(&closed).cloned().collect();
        let found = places_of(before, after.centre, &on_day, &hit.booking, now);
        if let Some(first) = found.first() {
            let slot = Slot::lasting(first.start, hit.booking.after.minutes());
            taken.push(held(after.centre, &first.room, slot));
        }
        all.push(found);
    }
    all
}

/// What a booking of a room takes, by the room's rules. Its stamps are the wall's: nothing is counted with them.
pub fn held(centre: &Centre, room: &RoomId, slot: Slot) -> Occupied {
    let rules = centre.room(room).map(|room| centre.rules_of(room));
    let closure = Closure {
        room: room.clone(),
        start: slot.start(),
        end: slot.end(),
        reason: Name::default(),
    };
    Occupied {
        by: Occupation::Booked,
        before: rules.as_ref().map_or(0, |rules| rules.buffer_before),
        after: rules.as_ref().map_or(0, |rules| rules.buffer_after),
        title: None,
        ..closure.occupied()
    }
}

fn places_of(
    before: &Centre,
    after: &Centre,
    taken: &[Occupied],
    booking: &Standing,
    now: LocalTime,
) -> Vec<Place> {
    let slot = booking.after;
    if slot.start() <= now {
        // What goes on cannot go on elsewhere.
        return Vec::new();
    }
    let day = slot.start().date();
    let range = Slot::lasting(day.at(0), 2 * DAY);
    let fits = |room: &&Room| {
        matches!(room.use_mode, UseMode::SelfService | UseMode::Approval)
            && room.people.most >= booking.people
    };
    let line = |room: &Room| timeline(after, room, taken, range);
    let free = |room: &Room, line: &Timeline, slot: Slot| {
        let rules = after.rules_of(room);
        let buffers = (rules.buffer_before, rules.buffer_after);
        line.is_open(slot) && line.clash(slot, buffers.0, buffers.1).is_none()
    };
    let was = before.room(&booking.room);
    let mut rooms: Vec<&Room> = after.rooms.iter().filter(fits).collect();
    rooms.retain(|room| room.id != booking.room && free(room, &line(room), slot));
    rooms.sort_by_key(|room| was.map(|was| difference(was, room)));
    let other_rooms = rooms.into_iter().take(MOST_PLACES).map(|room| Place {
        room: room.id.clone(),
        start: slot.start(),
    });
    let mut found: Vec<Place> = other_rooms.collect();
    if let Some(room) = after.room(&booking.room).filter(fits) {
        let own = line(room);
        let step = i64::from(after.rules_of(room).step.max(1));
        let shifts = (1..=DAY / step).flat_map(|n| [n * step, -n * step]);
        let times = shifts.map(|minutes| slot.shifted(minutes)).filter(|slot| {
            slot.start().date() == day && slot.start() > now && free(room, &own, *slot)
        });
        found.extend(times.take(MOST_PLACES).map(|slot| Place {
            room: room.id.clone(),
            start: slot.start(),
        }));
    }
    found
}

/// How far a room is from being like another: steps where there were none, equipment and purposes that it lacks, another floor, how
/// much larger it is.
fn difference(was: &Room, is: &Room) -> (bool, usize, bool, u16) {
    let equipment = was.equipment.keys();
    let lacks = equipment
        .filter(|one| !is.equipment.contains_key(one))
        .count()
        + was
            .purposes
            .iter()
            .filter(|one| !is.purposes.contains(one))
            .count();
    let steps = was.step_free && !is.step_free;
    (
        steps,
        lacks,
        was.floor != is.floor,
        is.people.most.abs_diff(was.people.most),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{house, slot};

    fn standing(id: &str, room: &str, slot: Slot, people: u16) -> Standing {
        Standing {
            booking: id.into(),
            room: room.into(),
            before: slot,
            after: slot,
            people,
        }
    }

    #[test]
    fn each_booking_is_named_with_what_stands_against_it() {
        let before = house();
        let evening = slot(18 * 60, 20 * 60);
        let room = before.rooms[0].id.clone();
        let bookings = [standing("b1", room.as_str(), evening, 2)];
        assert!(hits(open(&before), open(&before), &bookings).is_empty());
        let mut after = before.clone();
        after.rooms.retain(|one| one.id != room);
        let found = hits(open(&before), open(&after), &bookings);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].why, Outside::RoomGone);
        // Decided once, it is not asked again.
        assert!(hits(open(&after), open(&after), &bookings).is_empty());
    }

    fn open(centre: &Centre) -> Premises<'_> {
        Premises {
            centre,
            closures: &[],
        }
    }

    fn closed(room: &str, from: i64, until: i64) -> Closure {
        let slot = slot(from, until);
        Closure {
            room: room.into(),
            start: slot.start(),
            end: slot.end(),
            reason: Name::new("水管抢修", "A burst pipe"),
        }
    }

    #[test]
    fn a_closed_part_hits_the_whole_and_leaves_the_other_part() {
        let house = house();
        let closures = [closed("hall-a", 18 * 60, 20 * 60)];
        let after = Premises {
            centre: &house,
            closures: &closures,
        };
        let bookings = [
            standing("whole", "hall", slot(19 * 60, 21 * 60), 2),
            standing("other", "hall-b", slot(19 * 60, 21 * 60), 2),
            standing("later", "hall-a", slot(20 * 60, 21 * 60), 2),
        ];
        let found = hits(open(&house), after, &bookings);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].booking.booking.as_str(), "whole");
        assert!(
            matches!(&found[0].why, Outside::OutOfUse { until, .. } if until.clock() == "20:00")
        );
    }

    #[test]
    fn places_are_free_and_not_named_twice() {
        let house = house();
        let closures = [closed("hall-a", 8 * 60, 22 * 60)];
        let after = Premises {
            centre: &house,
            closures: &closures,
        };
        let evening = slot(18 * 60, 20 * 60);
        let bookings = [
            standing("one", "hall-a", evening, 20),
            standing("two", "hall-a", slot(19 * 60, 21 * 60), 20),
        ];
        let taken = [];
        let hits = hits(open(&house), after, &bookings);
        let morning = slot(9 * 60, 9 * 60 + 1).start();
        let places = places(&house, after, &taken, &hits, morning);
        let rooms = |at: usize| {
            places[at]
                .iter()
                .map(|one| one.room.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(rooms(0), ["hall-b", "study"]);
        assert_eq!(rooms(1), ["study"], "the other half goes to the first");
        // What goes on already has nowhere to go.
        let on = super::places(&house, after, &taken, &hits, evening.start());
        assert!(on[0].is_empty() && !on[1].is_empty());
    }

    #[test]
    fn what_is_sent_elsewhere_is_named_where_it_cannot_go() {
        let house = house();
        let evening = slot(18 * 60, 20 * 60);
        let sent = |room: &str, slot: Slot, people: u16| Standing {
            after: slot,
            ..standing(room, room, evening, people)
        };
        let taken = [crate::samples::occupied(
            "hall-a",
            slot(19 * 60, 20 * 60),
            Occupation::Booked,
        )];
        let why = |one: Standing| {
            strays(open(&house), &taken, &[one])
                .pop()
                .map(|hit| hit.why)
        };
        assert_eq!(why(sent("hall-b", evening, 2)), None);
        assert!(matches!(
            why(sent("hall", evening, 2)),
            Some(Outside::Taken { .. })
        ));
        assert_eq!(why(sent("hall-a", slot(9 * 60, 10 * 60), 2)), None);
        assert!(matches!(
            why(sent("hall-b", evening, 999)),
            Some(Outside::TooMany { .. })
        ));
        let night = why(sent("hall-b", slot(2 * 60, 3 * 60), 2));
        assert_eq!(night, Some(Outside::OutsideHours));
    }

    proptest::proptest! {
        /// Whatever is sent anywhere: what is not named is open, fits and clashes with nothing.
        #[test]
        fn nothing_that_cannot_go_is_left_unnamed(
            room in proptest::sample::select(vec!["hall", "hall-a", "hall-b", "study", "nowhere"]),
            start in 0i64..24 * 4, quarters in 1i64..40, people in 1u16..80,
            other in proptest::sample::select(vec!["hall", "hall-a", "hall-b", "study"]),
            other_start in 0i64..24 * 4, other_quarters in 1i64..40,
        ) {
            let house = house();
            let at = |start: i64, quarters: i64| slot(start * 15, (start + quarters) * 15);
            let one = standing("b", room, at(start, quarters), people);
            let taken = [crate::samples::occupied(other, at(other_start, other_quarters), Occupation::Booked)];
            let named = strays(open(&house), &taken, std::slice::from_ref(&one)).pop();
            let fits = house.room(&one.room).is_some_and(|there| {
                let line = timeline(&house, there, &taken, Slot::lasting(one.after.start().date().plus(-1).at(0), 4 * DAY));
                let rules = house.rules_of(there);
                people <= there.people.most && there.use_mode != UseMode::DropIn && line.is_open(one.after)
                    && line.clash(one.after, rules.buffer_before, rules.buffer_after).is_none()
            });
            proptest::prop_assert_eq!(named.is_none(), fits);
        }
    }

    /// One of the changes that a manager makes, several of which may come together.
    #[derive(Clone, Debug)]
    enum Change {
        Week(&'static str),
        RoomWeek(Option<&'static str>),
        Special(i64, &'static str, &'static str),
        RoomSpecial(i64, &'static str),
        Most(u16),
        DropIn,
        Gone(&'static str),
        Undivided,
        Closed(&'static str, i64, i64),
        Zone,
    }

    fn change(house: &mut Centre, closures: &mut Vec<Closure>, change: &Change) {
        use crate::centre::hours::{DayHours, MonthDay, Season, SpecialDay, WeekHours};
        let week = |text: &str| Season {
            from: MonthDay::YEAR.0,
            to: MonthDay::YEAR.1,
            week: WeekHours::parse(text).unwrap(),
        };
        let special = |day: i64, open: &str, name: &str| SpecialDay {
            date: slot(0, 60).start().date().plus(day),
            open: DayHours::parse(open).unwrap(),
            name: Name::new(name, name),
        };
        let room =
            |house: &mut Centre, id: &str| house.rooms.iter().position(|one| one.id.as_str() == id);
        match change {
            Change::Week(text) => house.hours.season = vec![week(text)],
            Change::RoomWeek(text) => {
                if let Some(at) = room(house, "hall-a") {
                    house.rooms[at].hours = text.map(|text| crate::centre::hours::Hours {
                        season: vec![week(text)],
                        special: vec![],
                    });
                }
            }
            Change::Special(day, open, name) => house.hours.special.push(special(*day, open, name)),
            Change::RoomSpecial(day, open) => {
                if let Some(hours) =
                    room(house, "hall").and_then(|at| house.rooms[at].hours.as_mut())
                {
                    hours.special.push(special(*day, open, "own"));
                }
            }
            Change::Most(most) => house
                .rooms
                .iter_mut()
                .for_each(|room| room.people.most = *most),
            Change::DropIn => {
                if let Some(at) = room(house, "study") {
                    house.rooms[at].use_mode = UseMode::DropIn;
                }
            }
            Change::Gone(id) => house.rooms.retain(|room| room.id.as_str() != *id),
            Change::Undivided => house.rooms.iter_mut().for_each(|room| room.parts.clear()),
            Change::Closed(room, from, until) => closures.push(closed(room, *from, *until)),
            Change::Zone => "Asia/Tokyo".clone_into(&mut house.zone),
        }
    }

    fn any_change() -> impl proptest::strategy::Strategy<Value = Change> {
        use proptest::prelude::*;
        let week = proptest::sample::select(vec![
            "Mon-Sun 08:00-22:00",
            "Mon 09:00-12:00; Tue-Sun 08:00-22:00",
            "Mon-Sun 00:00-24:00",
        ]);
        let open = || {
            proptest::sample::select(vec!["closed", "08:00-12:00", "08:00-22:00", "00:00-24:00"])
        };
        let day = || -1i64..9;
        prop_oneof![
            week.clone().prop_map(Change::Week),
            proptest::option::of(week).prop_map(Change::RoomWeek),
            (day(), open(), proptest::sample::select(vec!["a", "b"]))
                .prop_map(|(day, open, name)| Change::Special(day, open, name)),
            (day(), open()).prop_map(|(day, open)| Change::RoomSpecial(day, open)),
            (1u16..40).prop_map(Change::Most),
            Just(Change::DropIn),
            proptest::sample::select(vec!["hall", "hall-a", "study"]).prop_map(Change::Gone),
            Just(Change::Undivided),
            (
                proptest::sample::select(vec!["hall", "hall-a", "study", "nowhere"]),
                0i64..7 * DAY,
                1i64..3 * DAY
            )
                .prop_map(|(room, from, length)| Change::Closed(
                    room,
                    from,
                    from + length
                )),
            Just(Change::Zone),
        ]
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(2_000))]

        /// Whatever stood before and whatever is changed: a booking that is not looked at is not hit.
        #[test]
        fn no_booking_that_is_hit_stands_apart_from_what_a_change_touches(
            earlier in proptest::collection::vec(any_change(), 0..4),
            changes in proptest::collection::vec(any_change(), 1..3),
            bookings in proptest::collection::vec((
                proptest::sample::select(vec!["hall", "hall-a", "hall-b", "study", "nowhere"]),
                0i64..7 * 96, 1i64..120, 1u16..40,
            ), 1..20),
        ) {
            let (mut was, mut was_closed) = (house(), Vec::new());
            for one in &earlier {
                change(&mut was, &mut was_closed, one);
            }
            let (mut is, mut is_closed) = (was.clone(), was_closed.clone());
            for one in &changes {
                change(&mut is, &mut is_closed, one);
            }
            let (before, after) = (
                Premises { centre: &was, closures: &was_closed },
                Premises { centre: &is, closures: &is_closed },
            );
            let bookings: Vec<_> = bookings
                .into_iter()
                .map(|(room, start, quarters, people)| standing("b", room, slot(start * 15, (start + quarters) * 15), people))
                .collect();
            let touched = find_touched(before, after, Slot::lasting(slot(0, 60).start().date().at(0), 10 * DAY));
            let looked_at: Vec<_> = bookings.iter().filter(|one| touched.meets(one)).cloned().collect();
            proptest::prop_assert_eq!(hits(before, after, &bookings), hits(before, after, &looked_at));
        }
    }

    #[test]
    fn a_day_touches_that_day_and_a_closure_its_rooms() {
        let house = house();
        let day = Slot::lasting(slot(0, 60).start().date().at(0), 10 * DAY);
        let mut after = house.clone();
        change(
            &mut after,
            &mut Vec::new(),
            &Change::Special(2, "00:00-24:00", "a"),
        );
        let Touched::Rooms(rooms) = find_touched(open(&house), open(&after), day) else {
            panic!("the clock is the same");
        };
        let third = slot(2 * DAY, 3 * DAY);
        assert!(
            rooms.len() == house.rooms.len() && rooms.values().all(|slots| slots[..] == [third])
        );
        let closures = [closed("hall-a", 18 * 60, 20 * 60)];
        let after = Premises {
            centre: &house,
            closures: &closures,
        };
        let Touched::Rooms(rooms) = find_touched(open(&house), after, day) else {
            panic!("the clock is the same");
        };
        let names: Vec<_> = rooms.keys().map(RoomId::as_str).collect();
        assert_eq!(names, ["hall", "hall-a"]);
        assert_eq!(
            find_touched(open(&house), open(&house), day),
            Touched::Rooms(BTreeMap::new())
        );
    }

    #[test]
    fn a_decision_is_written_as_people_write_files() {
        #[derive(Deserialize)]
        struct File {
            booking: Vec<HitDecision>,
        }
        let text = "[[booking]]\nid = \"b1\"\ndecision = \"keep\"\n\
            [[booking]]\nid = \"b2\"\ndecision = \"cancel\"\nreason = \"水管抢修\"\n\
            [[booking]]\nid = \"b3\"\ndecision = \"move\"\nroom = \"legal\"\nstart = \"2026-11-27T10:00\"\n";
        let file: File = toml::from_str(text).unwrap();
        assert_eq!(file.booking.len(), 3);
        assert!(
            matches!(&file.booking[2].what, Remedy::Move { room, .. } if room.as_str() == "legal")
        );
    }
}
