//! The calendar: a day of all rooms, a week of one, a month, or two weeks as a list.

mod agenda;
pub mod grid;
pub mod model;
mod month;
pub mod mover;

use std::sync::Arc;

use domain::{
    api::{CentreView, ListClubs},
    centre::{Centre, availability::Timeline, room::Room},
    feed::FeedKind,
    id::{ClubId, FloorId, RoomId},
    page::Page,
    time::{DAY, Date},
    view::{Span, View, column::Column},
};
use leptos::prelude::*;

use crate::{
    api,
    components::{
        icon::Icon,
        live,
        notice::{Notice, Skeleton},
        picker::{CentrePicker, DayPicker},
    },
    pages::calendar::{
        agenda::Agenda,
        grid::{Grid, Shown},
        model::{Choice, bookable, slot},
        month::Month,
    },
    pages::feed::Subscribe,
    pages::map::model::hours_in_words,
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// The page.
#[component]
pub fn CalendarPage() -> impl IntoView {
    let store = Store::get();
    let body = move || match store.centre.get() {
        None if store.has_no_centre() => {
            view! { <p class="empty">{lang().no_centre()}</p> }.into_any()
        }
        None => view! { <Skeleton lines=10/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(centre)) => view! { <CalendarOfCentre centre/> }.into_any(),
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
fn CalendarOfCentre(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let choice = RwSignal::new(None::<Choice>);
    let span = Memo::new(move |_| store.view.with(|view| view.span));
    let week = move || span.get() == Span::Week;
    let in_columns = move || matches!(span.get(), Span::Day | Span::Week);
    let of = centre.clone();
    let room = Memo::new(move |_| {
        let named = store
            .view
            .with(|view| view.room.clone())
            .filter(|id| of.centre.room(id).is_some());
        named.or_else(|| bookable(&of.centre).next().map(|room| room.id.clone()))
    });
    let choose_room = move |event| {
        let room = Some(RoomId::new(event_target_value(&event)));
        store.go(
            &Page::Calendar,
            &View {
                room,
                ..store.view.get_untracked()
            },
            true,
        );
    };
    let switch = move |to: Span| {
        choice.set(None);
        let view = store.view.get_untracked();
        // A week is one of a room; a month and a list are of the rooms that are chosen, or of all.
        let room = match to {
            Span::Day | Span::Week => room.get_untracked(),
            Span::Month | Span::Agenda => None,
        };
        let view = View {
            span: to,
            room,
            floor: None,
            mine: false,
            club: None,
            ..view
        };
        store.go(&Page::Calendar, &view, false);
    };

    let rooms = centre.centre.rooms.iter().map(|one| {
        let id = one.id.clone();
        view! { <option value=one.id.to_string() prop:selected=move || room.get().as_ref() == Some(&id)>{one.name.get(t).to_owned()}</option> }
    }).collect_view();
    let of = centre.clone();
    // The clock moves the day once, not the grid every few seconds.
    let day = Memo::new(move |_| store.day(&of));
    let weeks = Memo::new(move |_| week());
    let columns = Memo::new(move |_| in_columns());
    let has_week = Memo::new(move |_| store.week.with(Option::is_some));
    // A week opens on the day that is meant.
    Effect::new(move |_| {
        let (as_week, day) = (weeks.get(), day.get());
        if as_week && has_week.get() {
            let column = format!(".of-week .column:nth-child({})", day.weekday() as usize + 1);
            request_animation_frame(move || prefs::scroll_to(".calendar.of-week", &column));
        }
    });
    let of = centre.clone();
    let shown_week = store.lines_of_week(&centre);
    // Another week is on its way, or here: what others do in it changes blocks in place.
    let there = Memo::new(move |_| store.week.get().map(|week| week.map(drop)));
    let listed_of = centre.clone();
    let listed = Memo::new(move |_| {
        let (floor, room) = store
            .view
            .with(|view| (view.floor.clone(), view.room.clone()));
        let is_on = |one: &&Room| floor.as_ref().is_none_or(|floor| one.floor == *floor);
        let is_it = |one: &&Room| room.as_ref().is_none_or(|room| one.id == *room);
        let rooms = bookable(&listed_of.centre).filter(is_on).filter(is_it);
        rooms.map(|room| room.id.clone()).collect::<Vec<_>>()
    });
    let mine = Memo::new(move |_| store.view.with(|view| view.mine));
    let club = Memo::new(move |_| store.view.with(|view| view.club.clone()));
    let other = {
        let centre = centre.clone();
        move || {
            let centre = centre.clone();
            match span.get() {
                Span::Day | Span::Week => ().into_any(),
                Span::Month => view! { <Month centre day rooms=listed/> }.into_any(),
                Span::Agenda => view! { <Agenda centre day rooms=listed mine club/> }.into_any(),
            }
        }
    };
    let grid = move || {
        if !columns.get() {
            return ().into_any();
        }
        match there.get() {
            None => return view! { <Skeleton lines=10/> }.into_any(),
            Some(Err(problem)) => return view! { <Notice problem/> }.into_any(),
            Some(Ok(())) => {}
        }
        let columns = columns_of(&of.centre, day.get(), room.get().filter(|_| week()));
        let chosen = room.get().unwrap_or_default();
        let first = columns
            .iter()
            .position(|(column, _)| column.room == chosen)
            .unwrap_or(0);
        let (taken, timelines) = shown_week;
        let shown = Shown {
            centre: of.clone(),
            week: taken,
            timelines,
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
    // A holiday says what it is, and a day that is closed why.
    let of = centre.clone();
    let special = move || {
        let day = day.get();
        let is_special = span.get() == Span::Day && of.centre.hours.special(day).is_some();
        is_special.then(|| view! { <p class="warn">{hours_in_words(&of.centre, day, t)}</p> })
    };
    // What was chosen stays in sight above the bar that belongs to it.
    Effect::new(move |_| {
        if choice.with(Option::is_some) {
            request_animation_frame(|| prefs::reveal(".chosen-range"));
        }
    });
    let (of, (_, lines)) = (centre.clone(), shown_week);
    let is_chosen = Memo::new(move |_| choice.with(Option::is_some));
    let bar = move || {
        let is_chosen = is_chosen.get();
        is_chosen.then(|| view! { <ChoiceBar centre=of.clone() lines choice/> })
    };
    // One's own calendar can follow the room of a week.
    let subscribed = Memo::new(move |_| room.get().filter(|_| weeks.get()));
    let of_centre = StoredValue::new(centre.centre.id.clone());
    let subscribe = move || {
        let kind = FeedKind::Room(of_centre.get_value(), subscribed.get()?);
        Some(view! { <Subscribe kind/> })
    };
    let spans = Span::ALL.map(|one| {
        let word = match one {
            Span::Day => t.day_view(),
            Span::Week => t.week_view(),
            Span::Month => t.month_view(),
            Span::Agenda => t.agenda_view(),
        };
        view! { <button class="chip" aria-pressed=move || (span.get() == one).to_string() on:click=move |_| switch(one)>{word}</button> }
    });
    let picked = centre.clone();
    view! {
        <div class="map-top">
            <CentrePicker page=Page::Calendar/>
            <label class="room-picker" class:only-narrow=move || !week() hidden=move || !columns.get()>
                <span class="hidden">{t.room()}</span>
                <select on:change=choose_room>{rooms}</select>
                <Icon icon=Icon::Down/>
            </label>
            <Show when=move || !columns.get()><RoomsPicker centre=picked.clone()/></Show>
            <div class="switch" role="group" aria-label=t.span_label()>{spans}</div>
            <DayPicker page=Page::Calendar centre span/>
        </div>
        <p class="hint" hidden=move || !columns.get()>{t.calendar_hint()}</p>
        {live(special)}
        {live(grid)}
        {live(other)}
        {live(bar)}
        {live(subscribe)}
    }
}

/// Which rooms a month or a list is of: all, those of a floor, one; or what a club or one oneself has.
#[component]
fn RoomsPicker(centre: Arc<CentreView>) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let chosen = move || {
        store.view.with(|view| match (&view.room, &view.floor) {
            _ if view.mine => "mine".to_owned(),
            _ if view.club.is_some() => {
                let club = view.club.as_ref().map(ClubId::as_str);
                format!("club {}", club.unwrap_or_default())
            }
            (Some(room), _) => format!("room {room}"),
            (None, Some(floor)) => format!("floor {floor}"),
            (None, None) => String::new(),
        })
    };
    let choose = move |event| {
        let value = event_target_value(&event);
        let (kind, id) = value.split_once(' ').unwrap_or((&value, ""));
        let view = View {
            mine: kind == "mine",
            room: (kind == "room").then(|| RoomId::new(id)),
            floor: (kind == "floor").then(|| FloorId::new(id)),
            club: (kind == "club").then(|| ClubId::new(id)),
            ..store.view.get_untracked()
        };
        store.go(&Page::Calendar, &view, true);
    };
    let option = move |value: String, words: String| {
        let of = value.clone();
        view! { <option value=value prop:selected=move || chosen() == of>{words}</option> }
    };
    let floors = centre
        .centre
        .floors
        .iter()
        .map(|floor| option(format!("floor {}", floor.id), floor.name.get(t).to_owned()));
    let floors = (centre.centre.floors.len() > 1).then(|| floors.collect_view());
    let rooms = bookable(&centre.centre)
        .map(|room| option(format!("room {}", room.id), room.name.get(t).to_owned()))
        .collect_view();
    let mine = move || {
        let is_list = store.view.with(|view| view.span == Span::Agenda);
        (is_list && store.signed_in() == Some(true))
            .then(|| option("mine".to_owned(), t.only_mine().to_owned()))
    };
    // The clubs of the house, where their dates are asked for.
    let of = StoredValue::new(centre.centre.id.clone());
    let known = query(
        move || (store.view.with(|view| view.span) == Span::Agenda).then(|| of.get_value()),
        move || store.version(),
        None,
        |id| async move { api::get::<ListClubs>(&id).await },
    );
    let clubs = move || {
        let clubs = known.get()?.ok()?;
        let options = clubs
            .iter()
            .map(|club| option(format!("club {}", club.id), club.name.get(t).to_owned()));
        Some(options.collect_view())
    };
    view! {
        <label class="room-picker">
            <span class="hidden">{t.room()}</span>
            <select on:change=choose>
                {option(String::new(), t.all_rooms().to_owned())}
                {live(mine)}
                {live(clubs)}
                {floors}
                {rooms}
            </select>
            <Icon icon=Icon::Down/>
        </label>
    }
}

/// The columns of a day, one for each room that can be booked; of a room, one for each day of its week.
fn columns_of(centre: &Centre, day: Date, room: Option<RoomId>) -> Vec<(Column, String)> {
    let t = lang();
    match room {
        Some(room) => {
            let column = |day: Date| {
                let room = room.clone();
                (Column { room, day }, t.date(day))
            };
            let monday = day.monday();
            (0..7).map(|n| column(monday.plus(n))).collect()
        }
        None => {
            let column = |room: &Room| {
                let name = room.name.get(t).to_owned();
                let room = room.id.clone();
                (Column { room, day }, name)
            };
            bookable(centre).map(column).collect()
        }
    }
}

/// What was chosen, from when and for how long, and the way to the form. It stands while something is chosen, and is told what.
#[component]
pub fn ChoiceBar(
    centre: Arc<CentreView>,
    lines: Memo<Arc<Vec<Timeline>>>,
    choice: RwSignal<Option<Choice>>,
) -> AnyView {
    let (t, store) = (lang(), Store::get());
    let Some(first) = choice.get_untracked() else {
        return ().into_any();
    };
    let chosen = Memo::new(move |before: Option<&Choice>| {
        let now = choice.get().or_else(|| before.cloned());
        now.unwrap_or_else(|| first.clone())
    });
    let asked = Memo::new(move |_| chosen.with(slot));
    let free = Memo::new(move |_| {
        let room = chosen.with(|chosen| chosen.column.room.clone());
        lines.with(|lines| {
            let line = lines.iter().find(|line| line.room == room);
            line.is_some_and(|line| line.is_free(asked.get()))
        })
    });
    let of = StoredValue::new(centre);
    let step = move || {
        of.with_value(|centre| {
            let room =
                chosen.with_untracked(|chosen| centre.centre.room(&chosen.column.room).cloned());
            let rules = room.map_or_else(
                || centre.centre.rules.clone(),
                |room| centre.centre.rules_of(&room),
            );
            i64::from(rules.step.max(1))
        })
    };
    let name = move || {
        of.with_value(|centre| {
            let room = chosen.with(|chosen| centre.centre.room(&chosen.column.room).cloned());
            room.map(|room| room.name.get(t).to_owned())
        })
    };
    let stretch = move |by: i64| {
        let step = step();
        choice.update(|choice| {
            if let Some(choice) = choice {
                choice.until = (choice.until + by * step).clamp(choice.from + step, DAY);
            }
        });
    };
    // A gap is entered anywhere: its start moves, and the length stays.
    let shift = move |by: i64| {
        let step = step();
        choice.update(|choice| {
            if let Some(choice) = choice {
                let length = choice.until - choice.from;
                let start = choice.from / step * step + by * step;
                choice.from = start.clamp(0, DAY - length);
                choice.until = choice.from + length;
            }
        });
    };
    let book = move |_| {
        let chosen = chosen.get_untracked();
        let view = View {
            day: Some(chosen.column.day),
            at: Some(chosen.from),
            length: Some(chosen.until - chosen.from),
            room: Some(chosen.column.room),
            ..store.here.get_untracked()
        };
        store.go(&Page::Book, &view, false);
    };
    let label = move || match free.get() {
        true => t.book_from(&asked.get().start().clock()),
        false => t.see_what_is_free().to_owned(),
    };
    view! {
        <section class="choice-bar" aria-label=t.your_choice()>
            <p aria-live="polite">
                <strong>{name}</strong>
                <span>{move || t.slot(asked.get())}</span>
                <Show when=move || !free.get()><span class="warn">{t.slot_not_free()}</span></Show>
            </p>
            <div class="stepper" role="group" aria-label=t.start()>
                <button class="round" aria-label=t.earlier() on:click=move |_| shift(-1)><Icon icon=Icon::Minus/></button>
                <span>{move || asked.get().start().clock()}</span>
                <button class="round" aria-label=t.later() on:click=move |_| shift(1)><Icon icon=Icon::Plus/></button>
            </div>
            <div class="stepper length" role="group" aria-label=t.how_long()>
                <button class="round" aria-label=t.shorter() on:click=move |_| stretch(-1)><Icon icon=Icon::Minus/></button>
                <span>{move || t.minutes(asked.get().minutes())}</span>
                <button class="round" aria-label=t.longer() on:click=move |_| stretch(1)><Icon icon=Icon::Plus/></button>
            </div>
            <button class="button primary" on:click=book>{label}</button>
            <button class="round" aria-label=t.close() on:click=move |_| choice.set(None)><Icon icon=Icon::Close/></button>
        </section>
    }
    .into_any()
}
