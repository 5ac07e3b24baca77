//! Columns and blocks of the calendar. A column is one room on one day.

use domain::{
    centre::{
        Centre,
        availability::{Occupied, State, Timeline},
        hours::open_slots,
        room::{Room, UseMode},
    },
    language::Lang,
    time::{DAY, Date, Slot},
    view::column::{Block, Column},
};

/// The hours that the grid shows, in minutes: all that is open on any of the days, in whole hours.
pub fn hours(centre: &Centre, days: &[Date]) -> (i64, i64) {
    let mut shown: Option<(i64, i64)> = None;
    for day in days {
        for slot in open_slots(&centre.hours, None, day.whole()) {
            let from = slot.start().minutes() - day.at(0).minutes();
            let until = slot.end().minutes() - day.at(0).minutes();
            let (a, b) = shown.unwrap_or((from, until));
            shown = Some((a.min(from), b.max(until)));
        }
    }
    let (from, until) = shown.unwrap_or((9 * 60, 18 * 60));
    (from / 60 * 60, ((until + 59) / 60 * 60).min(DAY))
}

/// The rooms that are ever booked, in the order of the centre.
pub fn bookable(centre: &Centre) -> impl Iterator<Item = &Room> {
    centre
        .rooms
        .iter()
        .filter(|room| matches!(room.use_mode, UseMode::SelfService | UseMode::Approval))
}

/// A range that is being chosen in a column, in minutes after midnight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Where.
    pub column: Column,
    /// First minute.
    pub from: i64,
    /// First minute after.
    pub until: i64,
}

/// What a tap at `minute` chooses: a first tap the start, a later tap in the same column the end, an earlier one a new start.
pub fn tap(
    before: Option<&Choice>,
    column: &Column,
    minute: i64,
    step: i64,
    first_length: i64,
) -> Choice {
    let start = minute / step * step;
    match before {
        Some(choice) if choice.column == *column && start >= choice.until => Choice {
            until: start + step,
            ..choice.clone()
        },
        _ => Choice {
            column: column.clone(),
            from: start,
            until: (start + first_length).min(DAY),
        },
    }
}

/// What a drag from one minute to another chooses.
pub fn drag(column: &Column, from: i64, to: i64, step: i64) -> Choice {
    let (first, last) = (
        from.min(to) / step * step,
        from.max(to) / step * step + step,
    );
    Choice {
        column: column.clone(),
        from: first,
        until: last.min(DAY),
    }
}

/// How full some rooms are on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fullness {
    /// Of the time that they are open, in percent.
    pub percent: u8,
}

impl Fullness {
    /// How that is called.
    pub fn word(self, lang: Lang) -> &'static str {
        match self.percent {
            0..15 => lang.day_empty(),
            15..50 => lang.day_some(),
            50..85 => lang.day_busy(),
            _ => lang.day_full(),
        }
    }

    /// The CSS class that gives its colour.
    pub fn class(self) -> &'static str {
        match self.percent {
            0..15 => "f-empty",
            15..50 => "f-some",
            50..85 => "f-busy",
            _ => "f-full",
        }
    }
}

/// How full rooms are on a day; nothing where none is open. What is held or asked for may still be had.
pub fn fullness(lines: &[Timeline], day: Date) -> Option<Fullness> {
    let whole = day.whole();
    let (mut open, mut taken) = (0, 0);
    for line in lines {
        let from = line.from(whole.start()).iter();
        let stretches = from.take_while(|one| one.slot.start() < whole.end());
        for (state, slot) in stretches.filter_map(|one| Some((one.state, one.slot.and(whole)?))) {
            open += slot.minutes();
            if matches!(state, State::Booked | State::Buffer | State::Closed) {
                taken += slot.minutes();
            }
        }
    }
    (open > 0).then(|| Fullness {
        percent: u8::try_from(taken * 100 / open).unwrap_or(100),
    })
}

/// The entry behind a block.
pub fn cause<'a>(block: &Block, taken: &'a [Occupied]) -> Option<&'a Occupied> {
    taken.get(block.cause?)
}

/// The slot of a choice.
pub fn slot(choice: &Choice) -> Slot {
    Slot::lasting(
        choice.column.day.at(choice.from),
        choice.until - choice.from,
    )
}

#[cfg(test)]
mod tests {
    use domain::{
        centre::availability::{Occupation, State, timeline},
        time::LocalTime,
        time::Stamp,
        view::column::blocks,
    };

    use super::*;

    fn column() -> Column {
        Column {
            room: "legal".into(),
            day: Date::parse("2026-11-26").unwrap(),
        }
    }

    #[test]
    fn a_day_is_as_full_as_its_open_hours_are_taken() {
        let centre: Centre =
            toml::from_str(include_str!("../../../../server/centres/xizhan.toml")).unwrap();
        let room = centre.room(&"legal".into()).unwrap();
        let day = column().day;
        let empty = timeline(&centre, room, &[], day.whole());
        let open: i64 = empty.stretches.iter().map(|one| one.slot.minutes()).sum();
        assert_eq!(
            fullness(std::slice::from_ref(&empty), day),
            Some(Fullness { percent: 0 })
        );
        let start = empty.stretches[0].slot.start();
        let stamp = |local: LocalTime| Stamp { local, offset: 480 };
        let half = Occupied {
            room: room.id.clone(),
            start: stamp(start),
            end: stamp(start.plus(open / 2)),
            before: 0,
            after: 0,
            by: Occupation::Booked,
            title: None,
            activity: None,
            left: None,
        };
        let line = timeline(&centre, room, &[half], day.whole());
        let full = fullness(&[line], day).unwrap();
        assert!((49..=50).contains(&full.percent), "{full:?}");
        assert_eq!(fullness(&[], day), None);
    }

    #[test]
    fn free_time_is_cut_at_now() {
        let centre: Centre =
            toml::from_str(include_str!("../../../../server/centres/xizhan.toml")).unwrap();
        let room = centre.room(&"legal".into()).unwrap();
        let stamp = |text: &str| Stamp {
            local: LocalTime::parse(text).unwrap(),
            offset: 480,
        };
        let taken = [Occupied {
            room: "legal".into(),
            start: stamp("2026-11-26T14:00"),
            end: stamp("2026-11-26T15:00"),
            before: 0,
            after: 0,
            by: Occupation::Booked,
            title: None,
            activity: None,
            left: None,
        }];
        let line = timeline(&centre, room, &taken, column().day.whole());
        let now = LocalTime::parse("2026-11-26T12:00").unwrap();
        let all = blocks(&column(), &line, now);
        let seen: Vec<_> = all
            .iter()
            .map(|b| (b.from / 60, b.until / 60, b.state, b.past))
            .collect();
        assert_eq!(
            seen,
            [
                (10, 12, State::Free, true),
                (12, 14, State::Free, false),
                (14, 15, State::Booked, false),
                (15, 22, State::Free, false)
            ]
        );
        assert_eq!(hours(&centre, &[column().day]), (600, 23 * 60));
    }

    #[test]
    fn two_taps_make_a_range_and_an_earlier_tap_starts_anew() {
        let first = tap(None, &column(), 1087, 30, 60);
        assert_eq!((first.from, first.until), (1080, 1140));
        let second = tap(Some(&first), &column(), 1175, 30, 60);
        assert_eq!((second.from, second.until), (1080, 1200));
        let third = tap(Some(&second), &column(), 900, 30, 60);
        assert_eq!((third.from, third.until), (900, 960));
        let dragged = drag(&column(), 1190, 1085, 30);
        assert_eq!((dragged.from, dragged.until), (1080, 1200));
    }
}
