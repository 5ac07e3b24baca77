//! The figures of the last four weeks: four plots, each with its table and its file.

pub mod plot;

use std::sync::Arc;

use domain::{
    api::{CentreView, Endpoint, GetFigures, GetFiguresFile},
    figures::{Count, Figures},
    id::CentreId,
    page::Page,
    person::permission::may_see_figures,
    time::{Date, clock},
};
use leptos::prelude::*;

use crate::{
    api,
    components::{
        live,
        notice::{Notice, Skeleton},
        picker::{CentrePicker, DayPicker},
    },
    pages::{
        desk::guard::Guard,
        figures::plot::{Bar, bars, heat},
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
        body: |centre| view! { <Loaded centre/> }.into_any(),
        none: None,
    };
    guard.draw()
}

#[component]
fn Loaded(centre: Arc<CentreView>) -> impl IntoView {
    let store = Store::get();
    let of = centre.clone();
    let day = Memo::new(move |_| store.day(&of));
    let id = centre.centre.id.clone();
    let asked = id.clone();
    let figures = query(
        move || Some(day.get()),
        || 0,
        None,
        move |day| {
            let path = (asked.clone(), day);
            async move { api::get::<GetFigures>(&path).await }
        },
    );
    let body = move || match figures.get() {
        None => view! { <Skeleton lines=12/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(figures)) => plots(&id, &figures),
    };
    view! {
        <div class="map-top">
            <CentrePicker page=Page::Figures/>
            <DayPicker page=Page::Figures centre/>
        </div>
        {live(body)}
    }
}

/// A plot with its table.
struct Plot {
    title: &'static str,
    about: Option<&'static str>,
    svg: String,
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    file: String,
}

fn plots(centre: &CentreId, figures: &Figures) -> AnyView {
    let t = lang();
    let file =
        |table: &str| GetFiguresFile::url(&(centre.clone(), figures.until, table.to_owned()));
    let today = Store::get().today();
    let span = t.figures_span(
        &t.date_seen(figures.from, today),
        &t.date_seen(figures.until, today),
    );
    let all = [
        by_hour(figures, file("hours")),
        by_room(figures, file("rooms")),
        by_activity(figures, file("activities")),
        by_rule(figures, file("refusals")),
    ];
    let all = all.map(shown);
    view! { <p class="quiet">{span}</p><div class="figures">{all}</div> }.into_any()
}

fn by_hour(figures: &Figures, file: String) -> Plot {
    let t = lang();
    let monday = Date::from_days(0).monday();
    let rows = (0i64..)
        .zip(&figures.hours)
        .filter(|(_, hour)| hour.open > 0)
        .map(|(at, hour)| {
            vec![
                t.weekday(monday.plus(at / 24)).to_owned(),
                clock(at % 24 * 60),
                hour.percent()
                    .map(|share| format!("{share}%"))
                    .unwrap_or_default(),
            ]
        });
    Plot {
        title: t.figure_hours(),
        about: Some(t.figure_hours_about()),
        svg: heat(&figures.hours, t, t.figure_hours_about()),
        head: vec![t.weekday_label(), t.time(), t.percent_used()],
        rows: rows.collect(),
        file,
    }
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
            t.minutes(i64::from(one.minutes)),
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
        ],
        rows: rows.collect(),
        file,
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
        file,
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
        file,
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
            <p><a class="button" href=plot.file download>{t.as_file()}</a></p>
        </section>
    }
    .into_any()
}
