//! What people wanted and could not have, by hour of the week and room; and how much each room is used, shaded on the plan.

use std::sync::Arc;

use domain::{
    api::CentreView,
    figures::Figures,
    time::{Date, clock},
    view::drawing::draw_use,
};
use leptos::prelude::*;

use super::plot::{Plot, heat};
use crate::prefs::lang;

/// How many of what was wanted stand in the table; the file has all.
const MOST_ROWS: usize = 20;

/// Refusals by hour of the week, with a table of what was wanted most often.
pub(super) fn by_wanted(figures: &Figures, file: String) -> Plot {
    let t = lang();
    let rows = figures.refused.iter().take(MOST_ROWS).map(|one| {
        let (day, at) = t.hour_of_week(one.at.hour);
        vec![
            format!("{day} {at}"),
            figures.room_name(&one.at.room, t).to_owned(),
            one.rule.word(t).to_owned(),
            t.grouped(one.count),
        ]
    });
    Plot {
        title: t.figure_refused(),
        about: Some(t.figure_refused_about()),
        svg: heat(&figures.refused_by_hour(), t, t.figure_refused_about()),
        head: vec![t.time(), t.room(), t.figure_rule(), t.figure_count()],
        rows: rows.collect(),
        file: Some(file),
    }
}

/// The use of rooms by hour of the week, in percent of the open time.
pub(super) fn by_hour(figures: &Figures, file: String) -> Plot {
    let t = lang();
    let monday = Date::from_days(0).monday();
    let shares: Vec<Option<u32>> = figures.hours.iter().map(|hour| hour.percent()).collect();
    let rows = (0i64..)
        .zip(&shares)
        .filter_map(|(at, share)| Some((at, (*share)?)))
        .map(|(at, share)| {
            vec![
                t.weekday(monday.plus(at / 24)).to_owned(),
                clock(at % 24 * 60),
                format!("{share}%"),
            ]
        });
    Plot {
        title: t.figure_hours(),
        about: Some(t.figure_hours_about()),
        svg: heat(&shares, t, t.figure_hours_about()),
        head: vec![t.weekday_label(), t.time(), t.percent_used()],
        rows: rows.collect(),
        file: Some(file),
    }
}

/// The plan of each floor, its rooms the darker the more they are used. The table of rooms has the same figures.
pub(super) fn shaded(centre: &Arc<CentreView>, figures: &Figures) -> AnyView {
    let t = lang();
    let floors = draw_use(&centre.centre, figures, t).into_iter().map(|(floor, drawn)| {
        view! { <h3>{floor.name.get(t).to_owned()}</h3><div class="shaded" inner_html=drawn></div> }
    });
    view! {
        <section class="card">
            <h2>{t.figure_plan()}</h2>
            <p class="quiet">{t.figure_plan_about()}</p>
            {floors.collect_view()}
        </section>
    }
    .into_any()
}
