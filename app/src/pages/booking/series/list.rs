//! The dates of a series before any is booked: what stands against each, and what could be had instead; each can be changed or skipped.

use domain::{
    api::SeriesDate,
    booking::{
        refusal::Refusal,
        series::{Exception, Place},
    },
    centre::room::Room,
    id::RoomId,
    time::{Date, Slot, parse_clock},
};
use leptos::prelude::*;

use super::draft::SeriesDraft;
use crate::{
    components::{
        live,
        notice::{Notice, Skeleton},
    },
    pages::calendar::model::bookable,
    prefs::lang,
    store::Store,
};

/// A row of the list: a date of the rule.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    on: Date,
    /// As the server sees it; none where it is skipped, or not looked at yet.
    seen: Option<SeriesDate>,
    exception: Option<Exception>,
}

impl Row {
    /// It lies further ahead than one may book, and nothing was decided about it.
    fn is_too_far(&self) -> bool {
        let refusal = self.seen.as_ref().and_then(|seen| seen.refusal.as_ref());
        self.exception.is_none() && matches!(refusal, Some(Refusal::TooFarAhead { .. }))
    }

    fn is_skipped(&self) -> bool {
        let exception = self.exception.as_ref();
        exception.is_some_and(|one| one.instead.is_none())
    }
}

/// The dates, with what can be done about several at once.
#[component]
pub(super) fn Dates(series: SeriesDraft, set_room: Callback<RoomId>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let rows = Memo::new(move |_| {
        let first = series.day.get();
        let dates = series.repeats.rule(first).map(|rule| rule.dates(first));
        let exceptions = series.exceptions.get();
        series.plan.with(|plan| {
            // Until it is known anew, what was known of a date stands at it.
            let seen = plan.as_ref().and_then(|(_, plan)| plan.as_ref().ok());
            let row = |on: Date| Row {
                on,
                seen: seen.and_then(|plan| plan.dates.iter().find(|one| one.on == on).cloned()),
                exception: exceptions.iter().find(|one| one.on == on).cloned(),
            };
            let all = dates.unwrap_or_default().into_iter().map(row);
            // What lies too far ahead is said once.
            let mut far = 0;
            let near = all.filter(|row| {
                far += usize::from(row.is_too_far());
                far < 2 || !row.is_too_far()
            });
            near.collect::<Vec<_>>()
        })
    });
    let refused = Memo::new(move |_| {
        let plan = series.answer().and_then(Result::ok);
        let dates = plan.map(|plan| plan.dates).unwrap_or_default();
        let bad = dates.into_iter().filter(|date| date.refusal.is_some());
        bad.map(|date| date.on).collect::<Vec<_>>()
    });
    // Too far ahead, and not drawn.
    let unseen = Memo::new(move |_| {
        let length = series.length().unwrap_or_default();
        length.saturating_sub(rows.with(|rows| rows.iter().filter(|row| !row.is_skipped()).count()))
    });
    let more = move || {
        let count = unseen.get();
        (count > 0).then(|| view! { <p class="quiet">{t.more_too_far(count)}</p> })
    };
    let says = move || {
        let count = series.length().unwrap_or_default();
        if store.signed_in() != Some(true) {
            return view! { <p class="verdict">{t.series_sign_in()}</p> }.into_any();
        }
        if count == 0 {
            return view! { <p class="refusal">{t.series_nothing()}</p> }.into_any();
        }
        match series.answer() {
            None => view! { <Skeleton lines=1/> }.into_any(),
            Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
            Some(Ok(_)) => match refused.with(Vec::len) {
                0 => view! { <p class="verdict">{t.series_fine(count)}</p> }.into_any(),
                bad => view! { <p class="warn">{t.series_bad(bad, count)}</p> }.into_any(),
            },
        }
    };
    let skip_all = move || {
        let bad = refused.with(Vec::len);
        (bad > 0).then(|| {
            let skip = move |_| {
                for on in refused.get_untracked() {
                    series.set(on, Some(Exception { on, instead: None }));
                }
            };
            view! { <button type="button" class="chip" on:click=skip>{t.skip_bad(bad)}</button> }
        })
    };
    // A room in which all of them can be had.
    let rooms = move || {
        let plan = series.answer()?.ok()?;
        let count = plan.dates.len();
        let room = |id: RoomId| {
            let label = t.all_in_room(count, &series.base.name_of(&id));
            view! { <button type="button" class="chip" on:click=move |_| set_room.run(id.clone())>{label}</button> }
        };
        Some(plan.rooms.into_iter().map(room).collect_view())
    };
    view! {
        <section class="series" aria-labelledby="series-dates">
            <h2 id="series-dates">{t.series_title()}</h2>
            <div aria-live="polite">{live(says)}</div>
            <div class="offers">{live(rooms)}{live(skip_all)}</div>
            <ol class="plain series-dates">
                <For each=move || rows.get() key=|row| row.on children=move |row| {
                    let on = row.on;
                    let now = Memo::new(move |_| rows.with(|rows| rows.iter().find(|row| row.on == on).cloned()));
                    view! { <DateRow series on now/> }
                }/>
            </ol>
            {live(more)}
        </section>
    }
}

/// One date: when, where, what the rules say, and what can be done instead.
#[component]
fn DateRow(series: SeriesDraft, on: Date, now: Memo<Option<Row>>) -> impl IntoView {
    let t = lang();
    let is_skipped = Memo::new(move |_| now.with(|row| row.as_ref().is_some_and(Row::is_skipped)));
    let is_bad = move || {
        now.with(|row| {
            let seen = row.as_ref().and_then(|row| row.seen.as_ref());
            seen.is_some_and(|seen| seen.refusal.is_some())
        })
    };
    let changing = RwSignal::new(false);
    let facts = move || {
        let row = now.get()?;
        let Some(seen) = row.seen.filter(|_| !is_skipped.get()) else {
            let word = is_skipped.get().then(|| t.skipped());
            return Some(view! { <span class="quiet">{word}</span> }.into_any());
        };
        // Only what is not as with the others.
        let (base, room) = (series.base.slot.get(), series.base.room.get());
        let slot = Slot::new(seen.place.start, seen.place.end).unwrap_or(base);
        let moved = (slot.start().date() != on).then(|| t.slot(slot));
        let other_time = (slot.start().minute_of_day(), slot.minutes())
            != (base.start().minute_of_day(), base.minutes());
        let when = moved.or_else(|| other_time.then(|| t.span(slot)));
        let other_room = room.as_ref().is_some_and(|room| room.id != seen.place.room);
        let place = other_room.then(|| series.base.name_of(&seen.place.room));
        let special = seen
            .special
            .map(|name| view! { <span class="tag">{name.get(t).to_owned()}</span> });
        let verdict = match (seen.admission, seen.refusal) {
            (Some(admission), _) => {
                view! { <span class="date-fine">{admission.word(t)}</span> }.into_any()
            }
            (None, Some(refusal)) => {
                view! { <span class="warn">{refusal.sentence(t)}</span> }.into_any()
            }
            (None, None) => ().into_any(),
        };
        let differs: Vec<_> = when.into_iter().chain(place).collect();
        let differs =
            (!differs.is_empty()).then(|| view! { <strong>{differs.join(" · ")}</strong> });
        Some(view! { {special}{differs}{verdict} }.into_any())
    };
    let offers = move || {
        let row = now.get().filter(|row| !row.is_skipped())?;
        let others = row.seen?.others.into_iter().filter_map(|other| {
            let slot = Slot::new(other.start, other.end)?;
            let label = other
                .remedy
                .label(t, &series.base.name_of(&other.room), slot);
            let place = Place {
                room: other.room,
                start: other.start,
                end: other.end,
            };
            let take = move |_| {
                let instead = Some(place.clone());
                series.set(on, Some(Exception { on, instead }));
            };
            Some(view! { <button type="button" class="chip" on:click=take>{label}</button> })
        });
        Some(others.collect_view())
    };
    let day = t.date(on);
    let skip = move |_| {
        let skips = !is_skipped.get_untracked();
        changing.set(false);
        series.set(on, skips.then_some(Exception { on, instead: None }));
    };
    let (skip_day, keep_day, change_day) = (day.clone(), day.clone(), day.clone());
    let skip_label = move || match is_skipped.get() {
        true => t.keep_date_of(&keep_day),
        false => t.skip_date_of(&skip_day),
    };
    let skip_word = move || match is_skipped.get() {
        true => t.keep_date(),
        false => t.skip_date(),
    };
    let editor = move || {
        now.get_untracked()?;
        (changing.get() && !is_skipped.get())
            .then(|| view! { <DateEditor series on now changing/> })
    };
    view! {
        <li class="series-date" class:bad=is_bad class:skipped=move || is_skipped.get()>
            <time>{day}</time>
            <span class="date-facts">{live(facts)}</span>
            <span class="date-acts">
                <button type="button" class="chip" aria-expanded=move || changing.get().to_string() aria-label=t.change_date_of(&change_day)
                    class:gone=move || is_skipped.get() on:click=move |_| changing.update(|open| *open = !*open)>{t.change_date()}</button>
                <button type="button" class="chip" aria-label=skip_label on:click=skip>{skip_word}</button>
            </span>
            <div class="offers date-offers">{live(offers)}</div>
            {live(editor)}
        </li>
    }
}

/// Another day, time or room for one date.
#[component]
fn DateEditor(
    series: SeriesDraft,
    on: Date,
    now: Memo<Option<Row>>,
    changing: RwSignal<bool>,
) -> impl IntoView {
    let t = lang();
    let base = series.base.slot.get_untracked();
    let usual = Place {
        room: series
            .base
            .room
            .get_untracked()
            .map(|room| room.id)
            .unwrap_or_default(),
        start: on.at(base.start().minute_of_day()),
        end: on.at(base.start().minute_of_day()).plus(base.minutes()),
    };
    // An alternative that is tapped stands in the fields as well.
    let place = Memo::new(move |_| {
        let row = now.get();
        let chosen = row.and_then(|row| row.exception.and_then(|one| one.instead));
        chosen.unwrap_or_else(|| usual.clone())
    });
    let set = move |change: &dyn Fn(&mut Place)| {
        let mut place = place.get_untracked();
        change(&mut place);
        let instead = Some(place);
        series.set(on, Some(Exception { on, instead }));
    };
    let set_day = move |event| {
        if let Some(day) = Date::parse(&event_target_value(&event)) {
            set(&|place: &mut Place| {
                let length = place.end.minutes() - place.start.minutes();
                place.start = day.at(place.start.minute_of_day());
                place.end = place.start.plus(length);
            });
        }
    };
    let set_start = move |event| {
        if let Some(at) = parse_clock(&event_target_value(&event)) {
            set(&|place: &mut Place| {
                let length = place.end.minutes() - place.start.minutes();
                place.start = place.start.date().at(at);
                place.end = place.start.plus(length);
            });
        }
    };
    let set_room = move |event| {
        let id = RoomId::new(event_target_value(&event));
        set(&|place: &mut Place| place.room = id.clone());
    };
    let usual_again = move |_| {
        series.set(on, None);
        changing.set(false);
    };
    let rooms = series.base.centre.with_value(|centre| {
        let option = |one: &Room| {
            let id = one.id.clone();
            view! { <option value=one.id.to_string() prop:selected=move || place.with(|place| place.room == id)>{one.name.get(t).to_owned()}</option> }
        };
        bookable(&centre.centre).map(option).collect_view()
    });
    let name = |field: &str| format!("{field}-{on}");
    view! {
        <div class="date-editor">
            <div class="pair">
                <label class="field">
                    <span>{t.date_label()}</span>
                    <input type="date" name=name("day") prop:value=move || place.with(|place| place.start.date().to_string()) on:change=set_day/>
                </label>
                <label class="field">
                    <span>{t.start()}</span>
                    <input type="time" name=name("at") prop:value=move || place.with(|place| place.start.clock()) on:change=set_start/>
                </label>
            </div>
            <label class="field">
                <span>{t.room()}</span>
                <select name=name("room") on:change=set_room>{rooms}</select>
            </label>
            <button type="button" class="button" on:click=usual_again>{t.date_as_usual()}</button>
        </div>
    }
}
