//! Columns and blocks of the calendar. A column is one room on one day.

use domain::{
    centre::{
        Centre,
        availability::Occupied,
        hours::open_slots,
        room::{Room, UseMode},
    },
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
