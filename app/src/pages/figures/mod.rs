//! Figures of a period: a sentence, totals beside those before, and plots, each with its table and its file.

mod district;
pub mod plot;
mod wanted;

use std::sync::Arc;

use domain::{
    api::{CentreView, Endpoint, GetFigures, GetFiguresFile, GetReport},
    figures::{
        Count, Figures,
        period::{Length, Period},
    },
    page::Page,
    person::permission::may_see_figures,
    time::Date,
    view::View,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{
        icon::Icon,
        live,
        notice::{Notice, Skeleton},
        picker::CentrePicker,
    },
    pages::{
        desk::guard::Guard,
        figures::{
            district::district,
            plot::{Bar, Plot, bars},
            wanted::{by_hour, by_wanted, shaded},
        },
    },
    prefs::lang,
    query::query,
    store::Store,
};

/// The page.
#[component]
pub fn FiguresPage() -> impl IntoView {
    let t = lang();
    let guard = Guard {
        title: t.figures_title(),
        page: || Page::Figures,
        may: may_see_figures,
        refusal: t.figures_not_yours(),
        body: |centre| view! { <FiguresOfCentre centre/> }.into_any(),
        none: None,
    };
    guard.draw()
}

#[component]
fn FiguresOfCentre(centre: Arc<CentreView>) -> impl IntoView {
    let store = Store::get();
    let of = centre.clone();
    let today = Memo::new(move |_| store.now(&of).date());
    let of = centre.clone();
    let period = Memo::new(move |_| {
        let chosen = store.view.with(|view| view.period);
        // The day that one comes from is the last of its four weeks.
        chosen.unwrap_or_else(|| Period::Weeks(store.day(&of).min(today.get())))
    });
    let asked = centre.centre.id.clone();
    let of = centre.clone();
    let figures = query(
        move || Some(period.get()),
        || 0,
        None,
        move |period| {
            let path = (asked.clone(), period);
            async move { api::get::<GetFigures>(&path).await }
        },
    );
    let body = move || match figures.get() {
        None => view! { <Skeleton lines=12/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(figures)) => plots(&of, &figures),
    };
    view! {
        <div class="map-top">
            <CentrePicker page=Page::Figures/>
            <PeriodPicker period today/>
        </div>
        {live(body)}
        {district(period)}
    }
}

/// Which time: how long, and one step back or on.
#[component]
fn PeriodPicker(period: Memo<Period>, today: Memo<Date>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let go = move |to: Period| {
        let view = View {
            day: None,
            period: Some(to),
            ..store.view.get_untracked()
        };
        store.go(&Page::Figures, &view, true);
    };
    let lengths = Length::ALL.map(|length| {
        // Of another length the one in which this one ends, as far as it has been.
        let choose = move |_| {
            let last = period.get_untracked().days().1.min(today.get_untracked());
            go(Period::of(length, last));
        };
        let chosen = move || (period.get().length() == length).to_string();
        view! { <button class="chip" aria-pressed=chosen on:click=choose>{length.word(t)}</button> }
    });
    let is_last = move || period.get().days().1 >= today.get();
    let on = move |_| {
        if !untrack(is_last) {
            go(period.get_untracked().after());
        }
    };
    view! {
        <div class="switch" role="group" aria-label=t.period_label()>{lengths}</div>
        <div class="day-picker">
            <button class="round" aria-label=t.period_before() on:click=move |_| go(period.get_untracked().before())><Icon icon=Icon::Back/></button>
            <strong aria-live="polite">{move || period.get().words_on(t, today.get())}</strong>
            <button class="round" aria-label=t.period_after() aria-disabled=move || is_last().to_string() on:click=on><Icon icon=Icon::Forward/></button>
        </div>
    }
}

/// The totals beside those of the time before and of the year before.
fn totals(figures: &Figures) -> AnyView {
    let t = lang();
    let others = figures.compared();
    let heads = others
        .iter()
        .map(|(period, _)| view! { <th scope="col">{figures.other_words(*period, t)}</th> });
    let heads = heads.collect_view();
    let others: Vec<_> = others.iter().map(|(_, of)| of.lines()).collect();
    let rows = figures.totals.lines().into_iter().enumerate().map(|(at, (total, now))| {
        let cells = others.iter().map(|of| view! { <td>{t.told_total(of[at].1)}</td> });
        let cells = cells.collect_view();
        view! { <tr><th scope="row">{total.word(t)}</th><td><strong>{t.told_total(now)}</strong></td>{cells}</tr> }
    });
    let rows = rows.collect_view();
    view! {
        <section class="card totals">
            <h2>{t.totals_title()}</h2>
            <div class="table" role="region" tabindex="0" aria-label=t.totals_title()>
                <table>
                    <thead><tr><th scope="col">{t.totals_label()}</th><th scope="col">{t.totals_now()}</th>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// Who was reached, by age, and by which way they came.
fn people(figures: &Figures) -> [Plot; 2] {
    let t = lang();
    let totals = &figures.totals;
    let plot = |title, head: [&'static str; 2], of: Vec<(String, u32)>, name| Plot {
        title,
        about: None,
        svg: bars(
            &of.iter()
                .map(|(label, count)| Bar {
                    label: label.clone(),
                    parts: (*count, 0),
                    value: t.grouped(*count),
                })
                .collect::<Vec<_>>(),
            title,
            name,
        ),
        head: head.to_vec(),
        rows: of
            .iter()
            .map(|(label, count)| vec![label.clone(), t.grouped(*count)])
            .collect(),
        file: None,
    };
    let ages = totals
        .ages
        .iter()
        .map(|(band, count)| (band.words(t), *count));
    let ways = totals
        .channels
        .iter()
        .map(|(way, count)| (way.word(t).to_owned(), *count));
    [
        plot(
            t.ages_title(),
            [t.ages_label(), t.ages_people()],
            ages.collect(),
            "by-age",
        ),
        plot(
            t.ways_title(),
            [t.ways_title(), t.figure_count()],
            ways.collect(),
            "by-way",
        ),
    ]
}

fn plots(of: &Arc<CentreView>, figures: &Figures) -> AnyView {
    let t = lang();
    let centre = &of.centre.id;
    let file =
        |table: &str| GetFiguresFile::url(&(centre.clone(), figures.period, table.to_owned()));
    let all = [
        by_hour(figures, file("hours")),
        by_room(figures, file("rooms")),
        by_activity(figures, file("activities")),
        by_rule(figures, file("refusals")),
        by_wanted(figures, file("refused")),
    ];
    let all = all.map(shown);
    let unknown = match figures.totals.age_unknown {
        Count::People(0) => None,
        count => Some(t.ages_unknown(&t.told_total(count.into()))),
    };
    let whole = file("all.xlsx");
    let report = GetReport::url(&(centre.clone(), figures.period));
    view! {
        <p class="sentence">{figures.sentence(t)}</p>
        <div class="actions">
            <a class="button" href=whole download>{t.whole_file()}</a>
            <a class="button" href=report target="_blank" rel="noopener">{t.print_report()}</a>
        </div>
        <div class="figures">{totals(figures)}{shaded(of, figures)}{all}{people(figures).map(shown)}</div>
        {unknown.map(|words| view! { <p class="quiet">{words}</p> })}
    }
    .into_any()
}

fn by_room(figures: &Figures, file: String) -> Plot {
    let t = lang();
    let drawn: Vec<_> = figures
        .rooms
        .iter()
        .map(|one| Bar {
            label: one.name.get(t).to_owned(),
            parts: (one.bookings, one.sessions),
            value: (one.bookings + one.sessions).to_string(),
        })
        .collect();
    let rows = figures.rooms.iter().map(|one| {
        vec![
            one.name.get(t).to_owned(),
            one.bookings.to_string(),
            one.sessions.to_string(),
            t.hours(i64::from(one.minutes)),
            one.used
                .percent()
                .map(|share| format!("{share}%"))
                .unwrap_or_default(),
        ]
    });
    Plot {
        title: t.figure_rooms(),
        about: Some(t.figure_rooms_about()),
        svg: bars(&drawn, t.figure_rooms(), "by-room"),
        head: vec![
            t.room(),
            t.figure_bookings(),
            t.figure_sessions(),
            t.figure_time(),
            t.percent_used(),
        ],
        rows: rows.collect(),
        file: Some(file),
    }
}

fn by_activity(figures: &Figures, file: String) -> Plot {
    let t = lang();
    let told = |count: Count| match count.told() {
        Some(count) => count.to_string(),
        None => t.figure_few().to_owned(),
    };
    let drawn: Vec<_> = figures
        .activities
        .iter()
        .map(|one| Bar {
            label: one.title.get(t).to_owned(),
            parts: (
                one.came.told().unwrap_or_default(),
                one.missed.told().unwrap_or_default(),
            ),
            value: told(one.came),
        })
        .collect();
    let rows = figures.activities.iter().map(|one| {
        vec![
            one.title.get(t).to_owned(),
            one.sessions.to_string(),
            told(one.signed_up),
            told(one.came),
            told(one.missed),
        ]
    });
    Plot {
        title: t.figure_activities(),
        about: Some(t.figure_activities_about()),
        svg: bars(&drawn, t.figure_activities(), "by-activity"),
        head: vec![
            t.nav_activities(),
            t.figure_sessions(),
            t.figure_signed_up(),
            t.figure_came(),
            t.figure_missed(),
        ],
        rows: rows.collect(),
        file: Some(file),
    }
}

fn by_rule(figures: &Figures, file: String) -> Plot {
    let t = lang();
    let drawn: Vec<_> = figures
        .refusals
        .iter()
        .map(|(rule, count)| Bar {
            label: rule.word(t).to_owned(),
            parts: (*count, 0),
            value: count.to_string(),
        })
        .collect();
    let rows = figures
        .refusals
        .iter()
        .map(|(rule, count)| vec![rule.word(t).to_owned(), count.to_string()]);
    Plot {
        title: t.figure_refusals(),
        about: None,
        svg: bars(&drawn, t.figure_refusals(), "by-rule"),
        head: vec![t.figure_rule(), t.figure_count()],
        rows: rows.collect(),
        file: Some(file),
    }
}

fn shown(plot: Plot) -> AnyView {
    let t = lang();
    if plot.rows.is_empty() {
        return view! {
            <section class="card"><h2>{plot.title}</h2><p class="empty">{t.figure_none()}</p></section>
        }
        .into_any();
    }
    let head = plot
        .head
        .iter()
        .map(|cell| view! { <th scope="col">{*cell}</th> })
        .collect_view();
    let rows = plot.rows.into_iter().map(|cells| {
        let mut cells = cells.into_iter();
        let first = cells.next();
        let rest = cells.map(|cell| view! { <td>{cell}</td> }).collect_view();
        view! { <tr><th scope="row">{first}</th>{rest}</tr> }
    });
    let rows = rows.collect_view();
    view! {
        <section class="card">
            <h2>{plot.title}</h2>
            {plot.about.map(|about| view! { <p class="quiet">{about}</p> })}
            <div inner_html=plot.svg></div>
            <details>
                <summary>{t.as_table()}</summary>
                <div class="table" role="region" tabindex="0" aria-label=plot.title>
                    <table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
                </div>
            </details>
            {plot.file.map(|file| view! { <p><a class="button" href=file download>{t.as_file()}</a></p> })}
        </section>
    }
    .into_any()
}
