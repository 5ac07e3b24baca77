//! Wall screen of a centre (`?wall`): the plan as it is now and what comes in the next two hours, to be read from four metres.

use std::sync::Arc;

use domain::{
    api::{CentreView, GetOccupancy, Occupancy},
    centre::availability::{Occupation, Occupied, RoomState, Timeline, room_state},
    language::Lang,
    time::{LocalTime, Slot},
};
use leptos::prelude::*;

use crate::{
    api::{self, Trouble},
    components::{live, notice::Skeleton},
    pages::map::{model::hours_in_words, plan::Plan},
    prefs::{self, lang},
    query::query,
    store::{Store, timelines},
};

/// How far ahead it looks, in minutes.
const AHEAD: i64 = 120;

/// How many entries a screen of this shape shows whole.
const MOST: usize = 6;

/// How many days are asked for: the two hours may go over midnight, also of a Sunday.
const DAYS: u16 = 2;

/// How long a screen of an older build waits before it loads the newer one: not all walls of a town at once, nor again and again.
const RELOADED_AFTER: std::time::Duration = std::time::Duration::from_mins(1);

/// How long a floor is shown where there are several.
const FLOOR_SHOWN: std::time::Duration = std::time::Duration::from_secs(20);

/// The page. Nobody need be signed in, so no name of anybody stands on it.
#[component]
pub fn WallPage() -> impl IntoView {
    let store = Store::get();
    // What was known stays on the wall while the network is away; another day begins with the clock.
    let last = Memo::new(move |before: Option<&Option<Arc<CentreView>>>| {
        let now = store.centre.get().and_then(Result::ok);
        now.or_else(|| before.cloned().flatten())
    });
    // Another description is another wall.
    let kind = Memo::new(move |_| {
        last.get()
            .map(|centre| (centre.centre.id.clone(), centre.revision))
    });
    // Nobody presses anything on a wall: a screen of an older build loads the newer one by itself.
    let outdated = Memo::new(move |_| {
        let of = |known: Option<&Trouble>| known.is_some_and(|trouble| trouble.outdated);
        store
            .centre
            .with(|centre| of(centre.as_ref().and_then(|known| known.as_ref().err())))
    });
    Effect::new(move |_| {
        if outdated.get() {
            set_timeout(prefs::reload, RELOADED_AFTER);
        }
    });
    let body = move || match kind.get().and_then(|_| last.get_untracked()) {
        Some(centre) => view! { <Wall centre/> }.into_any(),
        None => view! { <Skeleton lines=6/> }.into_any(),
    };
    view! { <main class="wall-page" id="main">{live(body)}</main> }.into_any()
}

#[component]
fn Wall(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let now = store.minute(&centre);
    darken_by_night(now);
    let (taken, lines) = ask_days(&centre, now);
    let slot = Memo::new(move |_| Slot::lasting(now.get(), 1));
    let turn = RwSignal::new(0usize);
    if centre.centre.floors.len() > 1 {
        let turning = set_interval_with_handle(move || turn.update(|turn| *turn += 1), FLOOR_SHOWN);
        on_cleanup(move || {
            if let Ok(turning) = turning {
                turning.clear();
            }
        });
    }
    let of = centre.clone();
    // The plan is drawn with what is known: before that it would have no names on it.
    let ready = Memo::new(move |_| taken.with(Option::is_some));
    let plan = move || {
        ready.get().then_some(())?;
        let floor = of
            .centre
            .floors
            .iter()
            .cycle()
            .nth(turn.get() % of.centre.floors.len().max(1))?;
        let (floor, name) = (floor.id.clone(), floor.name.get(t).to_owned());
        let nothing = Callback::new(|_| {});
        Some(view! {
            <h2>{name}</h2>
            <Plan centre=of.clone() floor timelines=lines when=slot view=store.view open=nothing/>
        })
    };
    let of = centre.clone();
    let next = Memo::new(move |_| {
        let taken = taken.get()?;
        Some(coming_up(&of, &taken.taken, now.get(), t))
    });
    let of = centre.clone();
    let free = Memo::new(move |_| {
        lines.with(|lines| {
            let free = of.centre.rooms.iter().filter(|room| {
                let line = lines.iter().find(|line| line.room == room.id);
                let is_free =
                    |line| matches!(room_state(room, line, slot.get()), RoomState::Free { .. });
                room.parts.is_empty() && line.is_some_and(is_free)
            });
            free.map(|room| room.name.get(t).to_owned())
                .collect::<Vec<_>>()
        })
    });
    let row = move |one: Coming| {
        view! {
            <li class:now=one.is_on>
                <time>{t.span(one.slot)}</time>
                <strong>{one.what}</strong>
                <span>{one.room}</span>
            </li>
        }
    };
    let shown = move || {
        let all = next.get().unwrap_or_default();
        all.into_iter().take(MOST).collect::<Vec<_>>()
    };
    let more = move || {
        let all = next.with(|next| next.as_ref().map_or(0, Vec::len));
        let more = u16::try_from(all.saturating_sub(MOST)).unwrap_or(u16::MAX);
        (more > 0).then(|| view! { <p>{t.more_coming(more)}</p> })
    };
    let name = centre.centre.name.get(t).to_owned();
    let hours = move || hours_in_words(&centre.centre, now.get().date(), t);
    view! {
        <header>
            <h1 tabindex="-1">{name}</h1>
            <p class="wall-date">{move || t.date(now.get().date())}</p>
            <p class="wall-clock"><time>{move || now.get().clock()}</time></p>
        </header>
        <section class="wall-plan">{live(plan)}</section>
        <section class="wall-next" aria-labelledby="wall-next">
            <h2 id="wall-next">{t.next_two_hours()}</h2>
            <Show when=move || next.with(Option::is_none)><p class="empty">{t.unknown_now()}</p></Show>
            <Show when=move || next.with(|next| next.as_ref().is_some_and(Vec::is_empty))><p class="empty">{t.nothing_coming()}</p></Show>
            <ul><For each=shown key=|one| format!("{one:?}") children=row/></ul>
            {live(more)}
        </section>
        <footer>
            <p><strong>{t.free_now()}</strong>" "{move || match free.with(Vec::is_empty) {
                true => "–".to_owned(),
                false => free.get().join(t.comma()),
            }}</p>
            <p class="quiet">{t.open_hours()}" "{hours}</p>
        </footer>
    }
}

/// What takes the rooms, once that is known.
type Taken = Option<Arc<Occupancy>>;

/// What takes the rooms from today on, as last known, and what they do.
fn ask_days(
    centre: &Arc<CentreView>,
    now: Memo<LocalTime>,
) -> (Memo<Taken>, Memo<Arc<Vec<Timeline>>>) {
    let store = Store::get();
    let today = Memo::new(move |_| now.get().date());
    let version = store.version_in(move || Some((today.get(), today.get().plus(i64::from(DAYS)))));
    let id = centre.centre.id.clone();
    let asked = query(
        move || Some(today.get()),
        move || version.get(),
        None,
        move |day| {
            let id = id.clone();
            async move { api::get::<GetOccupancy>(&(id, day, DAYS)).await }
        },
    );
    let taken = Memo::new(move |before: Option<&Taken>| {
        let now = asked.get().and_then(Result::ok);
        now.or_else(|| before.cloned().flatten())
    });
    let of = centre.clone();
    let lines = Memo::new(move |_| {
        let lines = taken.get().map(|taken| timelines(&of, &taken));
        Arc::new(lines.unwrap_or_default())
    });
    (taken, lines)
}

/// What is on or begins soon.
#[derive(Clone, Debug, PartialEq)]
struct Coming {
    slot: Slot,
    what: String,
    room: String,
    is_on: bool,
}

/// What is on at `now` or begins within [`AHEAD`], in order of start.
fn coming_up(centre: &CentreView, taken: &[Occupied], now: LocalTime, t: Lang) -> Vec<Coming> {
    let soon = Slot::lasting(now, AHEAD);
    let mut all: Vec<_> = taken
        .iter()
        .filter(|one| one.by == Occupation::Booked)
        .filter_map(|one| {
            let slot = Slot::new(one.start.local, one.end.local)?;
            let room = centre.centre.room(&one.room)?;
            let what = one.title.as_ref().map(|title| title.get(t).to_owned());
            Some(Coming {
                slot,
                what: what.unwrap_or_else(|| t.booked().to_owned()),
                room: room.name.get(t).to_owned(),
                is_on: slot.contains(now),
            })
        })
        .filter(|one| one.slot.overlaps(soon))
        .collect();
    all.sort_by(|a, b| (a.slot.start(), &a.room).cmp(&(b.slot.start(), &b.room)));
    all
}

/// Dark from seven in the evening to seven in the morning, whatever this device prefers.
fn darken_by_night(now: Memo<LocalTime>) {
    let night = Memo::new(move |_| !(7..19).contains(&(now.get().minute_of_day() / 60)));
    let before = prefs::theme();
    Effect::new(move |_| prefs::show_theme(if night.get() { "dark" } else { "light" }));
    on_cleanup(move || prefs::show_theme(&before));
}

#[cfg(test)]
mod tests {
    use domain::{centre::Centre, language::Name, time::Stamp};

    use super::*;

    #[test]
    fn the_wall_shows_what_is_on_and_what_begins_within_two_hours() {
        let centre: Centre =
            toml::from_str(include_str!("../../../server/centres/xizhan.toml")).unwrap();
        let centre: CentreView = serde_json::from_value(serde_json::json!({
            "centre": centre, "revision": 1, "offset": 480, "next_offset": null
        }))
        .unwrap();
        let stamp = |text: &str| Stamp {
            local: LocalTime::parse(text).unwrap(),
            offset: 480,
        };
        let booked = |from: &str, until: &str, title: Option<Name>, by| Occupied {
            room: "legal".into(),
            start: stamp(from),
            end: stamp(until),
            before: 0,
            after: 0,
            by,
            title,
            activity: None,
            left: None,
        };
        let taken = [
            booked(
                "2026-11-27T00:30",
                "2026-11-27T01:00",
                Some(Name::new("早茶", "Tea")),
                Occupation::Booked,
            ),
            booked(
                "2026-11-26T22:00",
                "2026-11-26T23:30",
                None,
                Occupation::Booked,
            ),
            booked(
                "2026-11-26T20:00",
                "2026-11-26T23:00",
                None,
                Occupation::Booked,
            ),
            booked(
                "2026-11-27T01:00",
                "2026-11-27T02:00",
                None,
                Occupation::Booked,
            ),
            booked(
                "2026-11-26T23:30",
                "2026-11-27T00:00",
                None,
                Occupation::Requested,
            ),
        ];
        let now = LocalTime::parse("2026-11-26T23:00").unwrap();
        let seen: Vec<_> = coming_up(&centre, &taken, now, Lang::Zh)
            .into_iter()
            .map(|one| (one.what, one.is_on))
            .collect();
        assert_eq!(
            seen,
            [("已约".to_owned(), true), ("早茶".to_owned(), false)]
        );
    }
}
