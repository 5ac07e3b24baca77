//! The calendar: a day of all rooms, or a week of one.

use std::sync::Arc;

use domain::{api::CentreView, id::RoomId, time::clock, view::View};
use leptos::prelude::*;

use crate::components::live;
use crate::{
    calendar::{
        grid::{Grid, Shown},
        model::{Choice, Column, bookable},
    },
    components::{
        icon::Icon,
        notice::{Notice, Skeleton},
        picker::{CentrePicker, DayPicker},
    },
    prefs::lang,
    store::{Store, timelines},
};

/// The page.
#[component]
pub fn CalendarPage() -> impl IntoView {
    let store = Store::get();
    let body = move || match store.centre.get() {
        None => view! { <Skeleton lines=10/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(centre)) => view! { <Loaded centre/> }.into_any(),
    };
    view! {
        <main class="page calendar-page" id="main">
            <h1 class="hidden" tabindex="-1">{lang().calendar_title()}</h1>
            {live(body)}
        </main>
    }
    .into_any()
}

#[component]
fn Loaded(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let go = store.go();
    let choice = RwSignal::new(None::<Choice>);
    let week = move || store.view.with(|view| view.week);
    let of = centre.clone();
    let room = Memo::new(move |_| {
        let named = store
            .view
            .with(|view| view.room.clone())
            .filter(|id| of.centre.room(id).is_some());
        named.or_else(|| bookable(&of.centre).next().map(|room| room.id.clone()))
    });
    let (room_go, week_go, book_go) = (go.clone(), go.clone(), go);
    let choose_room = move |event| {
        let room = Some(RoomId::new(event_target_value(&event)));
        room_go(
            "/calendar",
            &View {
                room,
                ..store.view.get_untracked()
            },
            true,
        );
    };
    let switch = move |as_week: bool| {
        choice.set(None);
        week_go(
            "/calendar",
            &View {
                week: as_week,
                room: room.get_untracked(),
                ..store.view.get_untracked()
            },
            false,
        );
    };
    let (switch_day, switch_week) = (switch.clone(), switch);
    let rooms = centre.centre.rooms.iter().map(|one| {
        let id = one.id.clone();
        view! { <option value=one.id.to_string() selected=move || room.get().as_ref() == Some(&id)>{one.name.get(t).to_owned()}</option> }
    }).collect_view();
    let of = centre.clone();
    let grid = move || {
        let found = match store.week.get() {
            None => return view! { <Skeleton lines=10/> }.into_any(),
            Some(Err(problem)) => return view! { <Notice problem/> }.into_any(),
            Some(Ok(week)) => week,
        };
        let columns: Vec<(Column, String)> = if week() {
            let room = room.get().unwrap_or_default();
            let monday = store.day(&of).monday();
            (0..7)
                .map(|n| monday.plus(n))
                .map(|day| {
                    (
                        Column {
                            room: room.clone(),
                            day,
                        },
                        t.date(day),
                    )
                })
                .collect()
        } else {
            let day = store.day(&of);
            let column = |room: &domain::room::Room| {
                (
                    Column {
                        room: room.id.clone(),
                        day,
                    },
                    room.name.get(t).to_owned(),
                )
            };
            bookable(&of.centre).map(column).collect()
        };
        let lines = Arc::new(timelines(&of, &found));
        let chosen = room.get().unwrap_or_default();
        let first = columns
            .iter()
            .position(|(column, _)| column.room == chosen)
            .unwrap_or(0);
        let shown = Shown {
            centre: of.clone(),
            week: found,
            timelines: lines,
            columns,
            first,
        };
        view! {
            <div class="calendar" class:of-week=week role="region" tabindex="0" aria-label=t.calendar_title()>
                <Grid shown choice=Some(choice)/>
            </div>
        }
        .into_any()
    };
    let of = centre.clone();
    let bar = move || {
        let chosen = choice.get()?;
        let name = of
            .centre
            .room(&chosen.column.room)
            .map(|room| room.name.get(t).to_owned())?;
        let step = i64::from(of.centre.rules.step.max(1));
        let change = move |by: i64| {
            choice.update(|choice| {
                if let Some(choice) = choice {
                    choice.until = (choice.until + by).clamp(choice.from + step, domain::time::DAY);
                }
            })
        };
        let go = book_go.clone();
        let (day, at, length, room) = (
            chosen.column.day,
            chosen.from,
            chosen.until - chosen.from,
            chosen.column.room.clone(),
        );
        let book = move |_| {
            let centre = store.view.get_untracked().centre;
            let view = View {
                centre,
                day: Some(day),
                at: Some(at),
                length: Some(length),
                room: Some(room.clone()),
                ..View::default()
            };
            go("/book", &view, false);
        };
        Some(view! {
            <section class="choice-bar" aria-label=t.your_choice()>
                <p aria-live="polite">
                    <strong>{name}</strong>
                    <span>{t.slot(crate::calendar::model::slot(&chosen))}</span>
                </p>
                <div class="stepper" role="group" aria-label=t.how_long()>
                    <button class="round" aria-label=t.shorter() on:click=move |_| change(-step)><Icon icon=Icon::Minus/></button>
                    <span>{t.minutes(length)}</span>
                    <button class="round" aria-label=t.longer() on:click=move |_| change(step)><Icon icon=Icon::Plus/></button>
                </div>
                <button class="button primary" on:click=book>{t.book_from(&clock(at))}</button>
                <button class="round" aria-label=t.close() on:click=move |_| choice.set(None)><Icon icon=Icon::Close/></button>
            </section>
        })
    };
    view! {
        <div class="map-top">
            <CentrePicker path="/calendar"/>
            <label class="room-picker" class:only-narrow=move || !week()>
                <span class="hidden">{t.room()}</span>
                <select on:change=choose_room>{rooms}</select>
                <Icon icon=Icon::Down/>
            </label>
            <div class="switch" role="group" aria-label=t.span_label()>
                <button class="chip" aria-pressed=move || (!week()).to_string() on:click=move |_| switch_day(false)>{t.day_view()}</button>
                <button class="chip" aria-pressed=move || week().to_string() on:click=move |_| switch_week(true)>{t.week_view()}</button>
            </div>
            <DayPicker path="/calendar" centre/>
        </div>
        <p class="hint">{t.calendar_hint()}</p>
        {live(grid)}
        {live(bar)}
    }
}
