//! Calendar, its month: how full each day is, by colour, bar and word; a day leads to its rooms.

use std::sync::Arc;

use domain::{
    api::{CentreView, GetOccupancy, ListMyBookings},
    centre::availability::availability,
    id::RoomId,
    page::Page,
    time::{DAY, Date, Slot},
    view::{Span, View},
};
use leptos::prelude::*;

use super::model::{Fullness, fullness};
use crate::{
    api,
    components::{
        live,
        notice::{Notice, Skeleton},
    },
    prefs::lang,
    query::query,
    store::Store,
};

/// The days of a month with those of the weeks around its ends: six weeks at most.
const SHOWN: u16 = 42;

/// What is known of a day.
#[derive(Clone, Debug, PartialEq)]
struct Cell {
    day: Date,
    /// Nothing where the house is shut all day.
    full: Option<Fullness>,
    /// How many bookings one has on it.
    mine: usize,
    /// Why the day is special.
    special: Option<String>,
}

/// The month around a day, of some rooms.
#[component]
pub fn Month(centre: Arc<CentreView>, day: Memo<Date>, rooms: Memo<Vec<RoomId>>) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let first = Memo::new(move |_| day.get().month().0.monday());
    let id = StoredValue::new(centre.centre.id.clone());
    let version = store.version_in(move || Some((first.get(), first.get().plus(i64::from(SHOWN)))));
    let taken = query(
        move || Some(first.get()),
        move || version.get(),
        None,
        move |first| async move { api::get::<GetOccupancy>(&(id.get_value(), first, SHOWN)).await },
    );
    let mine = query(
        move || (store.signed_in() == Some(true) && store.acting().is_none()).then_some(()),
        move || store.version(),
        None,
        |()| async { api::get::<ListMyBookings>(&()).await },
    );
    let of = centre.clone();
    let cells = Memo::new(move |_| {
        let month = taken.get()?.ok()?;
        let range = Slot::lasting(month.from.at(0), i64::from(month.days) * DAY);
        let mut lines = availability(&of.centre, &month.taken, range);
        rooms.with(|rooms| lines.retain(|line| rooms.contains(&line.room)));
        let mine = mine.get().and_then(Result::ok);
        let (_, last) = day.get().month();
        let weeks = (last.days() - month.from.days()) / 7 + 1;
        let cell = |n: i64| {
            let day = month.from.plus(n);
            let on = |one: &&domain::booking::Booking| {
                one.centre == of.centre.id && one.state.is_live() && one.start.local.date() == day
            };
            let special = of.centre.hours.special(day);
            Cell {
                day,
                full: fullness(&lines, day),
                mine: mine
                    .as_ref()
                    .map_or(0, |mine| mine.iter().filter(on).count()),
                special: special.map(|one| one.name.get(t).to_owned()),
            }
        };
        Some((0..weeks * 7).map(cell).collect::<Vec<_>>())
    });
    let today = {
        let of = centre.clone();
        Memo::new(move |_| store.now(&of).date())
    };
    let open = Callback::new(move |day: Date| {
        let view = View {
            day: Some(day),
            span: Span::Day,
            ..store.view.get_untracked()
        };
        store.go(&Page::Calendar, &view, false);
    });
    let shown = Memo::new(move |_| (day.get().ymd().0, day.get().ymd().1));
    let rows = move || {
        cells.with(|cells| {
            let weeks = cells.as_deref().unwrap_or_default().chunks(7);
            weeks
                .map(|week| (week.first().map(|cell| cell.day), week.to_vec()))
                .collect::<Vec<_>>()
        })
    };
    let heads = (0..7)
        .map(|n| {
            let day = t.weekday(first.get_untracked().plus(n));
            view! { <th scope="col">{day}</th> }
        })
        .collect_view();
    let row = move |(_, week): (Option<Date>, Vec<Cell>)| {
        let cells = week.into_iter().map(|cell| draw(cell, shown, today, open));
        view! { <tr>{cells.collect_view()}</tr> }
    };
    let body = move || match taken.get() {
        None => view! { <Skeleton lines=6/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(_)) => ().into_any(),
    };
    view! {
        {live(body)}
        <table class="month" hidden=move || cells.with(Option::is_none)>
            <caption class="hidden">{t.month_caption()}</caption>
            <thead><tr>{heads}</tr></thead>
            <tbody><For each=rows key=|week| format!("{week:?}") children=row/></tbody>
        </table>
    }
}

fn draw(cell: Cell, shown: Memo<(i32, u32)>, today: Memo<Date>, open: Callback<Date>) -> AnyView {
    let t = lang();
    let day = cell.day;
    let (word, class, share) = match cell.full {
        None => (t.day_shut(), "shut", 0),
        Some(full) => (full.word(t), full.class(), full.percent),
    };
    let own = (cell.mine > 0).then(|| t.mine_on_day(cell.mine));
    let other = move || {
        let (year, month, _) = day.ymd();
        (year, month) != shown.get()
    };
    let current = move || (day == today.get()).then_some("date");
    view! {
        <td class:other=other class:past=move || day < today.get()>
            <button class=format!("day-cell {class}") aria-current=current on:click=move |_| open.run(day)>
                <span class="hidden">{t.date(day)}</span>
                <span class="day-number" aria-hidden="true">{day.ymd().2}</span>
                <i class="fill" aria-hidden="true"><i style:inline-size=format!("{share}%")></i></i>
                <span class="day-word">{word}</span>
                {cell.special.map(|name| view! { <span class="day-special">{name}</span> })}
                {own.map(|words| view! { <span class="day-mine">{words}</span> })}
            </button>
        </td>
    }
    .into_any()
}
