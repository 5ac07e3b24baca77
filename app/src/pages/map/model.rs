//! What the map and its twin, the list, say.

use domain::{
    centre::{Centre, plan::Edge, room::Room},
    language::Lang,
    time::{DAY, Date, LocalTime, Slot},
    view::LENGTH,
};

/// The first and last minute of the scrubber: the day's opening, or the whole day where it is not open.
pub fn bounds(centre: &Centre, day: Date) -> (i64, i64) {
    let spans = centre.hours.on(day).spans();
    match (spans.first(), spans.last()) {
        (Some((open, _)), Some((_, close))) => (*open, *close),
        _ => (8 * 60, 22 * 60),
    }
}

/// What a booking form starts with when the map follows the clock: the next step, for an hour or until closing.
pub fn next_step(centre: &Centre, room: &Room, now: LocalTime) -> (i64, i64) {
    let rules = centre.rules_of(room);
    let step = i64::from(rules.step.max(1));
    let start = now.minutes().div_euclid(step) * step + step;
    let start = LocalTime::from_minutes(start);
    let length = LENGTH.clamp(i64::from(rules.shortest), i64::from(rules.longest));
    (start.minute_of_day(), length)
}

/// What a booking form starts with when nobody chose a time: the next step, or tomorrow's opening where today is too short
/// for it.
pub fn next_start(centre: &Centre, room: &Room, now: LocalTime) -> LocalTime {
    let (at, length) = next_step(centre, room, now);
    let (today, tomorrow) = (now.date(), now.date().plus(1));
    let (_, close) = bounds(centre, today);
    match at > now.minute_of_day() && at + length <= close {
        true => today.at(at),
        false => tomorrow.at(bounds(centre, tomorrow).0),
    }
}

/// Where a room is, in words: its floor, its largest neighbour, steps.
pub fn whereabouts(centre: &Centre, room: &Room, lang: Lang) -> String {
    let mut words = Vec::new();
    if let Some(floor) = centre.floor(&room.floor) {
        words.push(floor.name.get(lang).to_owned());
    }
    let neighbour = centre
        .drawn_on(&room.floor)
        .filter(|other| !centre.sharing(&room.id).contains(&&other.id))
        .map(|other| (shared_wall(room, other), other))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(metres, _)| *metres >= 1.0);
    if let Some((_, other)) = neighbour {
        words.push(lang.next_to(other.name.get(lang)));
    }
    words.push(
        if room.step_free {
            lang.step_free()
        } else {
            lang.with_steps()
        }
        .to_owned(),
    );
    words.join(lang.comma())
}

fn shared_wall(a: &Room, b: &Room) -> f64 {
    let shared = a.outline.edges().flat_map(|edge| {
        b.outline
            .edges()
            .filter_map(move |other| edge.shared_with(other))
    });
    shared.map(Edge::length).sum()
}

/// What comes next in a room after `slot` starts, until the end of the next day: at most three.
pub fn coming(
    centre: &Centre,
    week: &[domain::centre::availability::Occupied],
    room: &Room,
    slot: Slot,
) -> Vec<(Slot, usize)> {
    let sharing = centre.sharing(&room.id);
    let mut all: Vec<(Slot, usize)> = week
        .iter()
        .enumerate()
        .filter(|(_, one)| sharing.contains(&&one.room))
        .filter_map(|(i, one)| Some((Slot::new(one.start.local, one.end.local)?, i)))
        .filter(|(one, _)| one.end() > slot.start() && one.start() < slot.start().plus(DAY))
        .collect();
    all.sort();
    all.truncate(3);
    all
}

/// Today's hours in words.
pub fn hours_in_words(centre: &Centre, day: Date, lang: Lang) -> String {
    let hours = lang.day_hours(centre.hours.on(day));
    match centre.hours.special(day) {
        Some(special) => format!("{} · {hours}", special.name.get(lang)),
        None => hours,
    }
}

#[cfg(test)]
mod tests {
    use domain::view::View;

    use super::*;

    fn centre() -> Centre {
        let text = include_str!("../../../../server/centres/xizhan.toml");
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_booking_starts_with_the_next_step() {
        let now = LocalTime::parse("2026-11-26T17:43").unwrap();
        let room = centre().room(&"legal".into()).unwrap().clone();
        assert_eq!(next_step(&centre(), &room, now), (18 * 60, 60));
        let start = |text: &str| {
            let now = LocalTime::parse(text).unwrap();
            Lang::En.moment(next_start(&centre(), &room, now))
        };
        assert_eq!(start("2026-11-26T17:43"), "Thu 26 Nov 18:00");
        assert_eq!(
            start("2026-11-26T22:10"),
            "Fri 27 Nov 10:00",
            "it closes at half past ten"
        );
        assert_eq!(start("2026-11-26T23:50"), "Fri 27 Nov 10:00");
    }

    #[test]
    fn rooms_are_found_in_words() {
        let centre = centre();
        let room = centre.room(&"mediation".into()).unwrap();
        assert_eq!(
            whereabouts(&centre, room, Lang::En),
            "ground floor, next to Lecture hall, west, step-free"
        );
        let called = |text: &str| {
            let view = View {
                search: text.into(),
                ..View::at_centre(None)
            };
            view.wants(room)
        };
        assert!(called("妇女") && called("COUNSEL") && !called("library"));
    }

    #[test]
    fn the_scrubber_spans_the_day() {
        assert_eq!(
            bounds(&centre(), Date::parse("2026-11-26").unwrap()),
            (600, 1350)
        );
        let eve = Date::parse("2027-02-05").unwrap();
        assert_eq!(
            hours_in_words(&centre(), eve, Lang::En),
            "New Year's Eve · closed"
        );
    }
}
