//! The report of a period on paper, A4: the sentence, the totals beside those before, when rooms were used and wanted, how much
//! each is used on the plan, and the tables.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{
    api,
    centre::Centre,
    figures::Figures,
    language::Lang,
    problem::Problem,
    time::Date,
    view::drawing::{draw_use, escape},
};

use super::{Sheet, head, row};
use crate::{
    http::{
        caller::Caller,
        endpoint::look,
        file::figures::{Cell, Table, draw_table},
        reply::LocalizedProblem,
        request::GivenPath,
    },
    state::Site,
    usecase::{centre, figures},
};

const STYLE: &str = concat!(
    include_str!("../plan.css"),
    include_str!("paper.css"),
    include_str!("report.css")
);

/// How much of what was wanted stands on paper.
const MOST_WANTED: usize = 10;

pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetReport>,
    caller: Caller,
) -> Response {
    let Ok(Path(path)) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let read = look(&site, &caller, move |tx, call| {
        let known = centre::get(tx, call, path.0.clone())?;
        Ok((figures::get(tx, call, path.clone())?, known))
    });
    match read.await {
        Ok((figures, known)) => draw(&figures, &known.centre, caller.lang).print(),
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}

fn draw(figures: &Figures, centre: &Centre, lang: Lang) -> Sheet {
    let title = escape(&lang.report_of(centre.name.get(lang)));
    let table = |name| {
        let table = draw_table(figures, name, lang);
        table.map_or_else(String::new, |table| draw_section(&table))
    };
    let used: Vec<Option<u32>> = figures.hours.iter().map(|one| one.percent()).collect();
    Sheet {
        lang,
        title: format!("{title} · {}", escape(&figures.period_words(lang))),
        style: STYLE,
        body: format!(
            "<main class=\"sheet report\"><header><h1>{title}</h1><p class=\"time\">{period}</p></header>\
             <p class=\"said\">{sentence}</p>{totals}{hours}{plan}{rooms}{activities}{refusals}{refused}</main>",
            period = escape(&figures.period_words(lang)),
            sentence = escape(&figures.sentence(lang)),
            totals = table("totals"),
            hours = draw_week(&lang.with_unit(lang.figure_hours(), "%"), &used, lang),
            plan = draw_plan(figures, centre, lang),
            rooms = table("rooms"),
            activities = table("activities"),
            refusals = table("refusals"),
            refused = match figures.refused.is_empty() {
                true => String::new(),
                false => {
                    let week = draw_week(lang.figure_refused(), &figures.refused_by_hour(), lang);
                    format!("{week}{}", draw_wanted(figures, lang))
                }
            },
        ),
    }
}

fn draw_section(table: &Table) -> String {
    match table.rows.is_empty() {
        true => String::new(),
        false => format!("<h2>{}</h2>{}", escape(&table.name), draw_rows(table)),
    }
}

fn draw_rows(table: &Table) -> String {
    let rows: String = table
        .rows
        .iter()
        .map(|cells| {
            let cells = cells.iter().map(|cell| match cell {
                Cell::Text(text) => escape(text),
                Cell::Number(number) => number.to_string(),
            });
            row(&cells.collect::<Vec<_>>())
        })
        .collect();
    let heads: Vec<String> = table.head.iter().map(|cell| escape(cell)).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    format!("<table>{}<tbody>{rows}</tbody></table>", head(&heads))
}

/// What was wanted most often and could not be had; the file has all.
fn draw_wanted(figures: &Figures, lang: Lang) -> String {
    let table = draw_table(figures, "refused", lang);
    let table = table.map(|mut table| {
        table.rows.truncate(MOST_WANTED);
        draw_rows(&table)
    });
    table.unwrap_or_default()
}

/// How much each room is used, on the plans of the floors.
fn draw_plan(figures: &Figures, centre: &Centre, lang: Lang) -> String {
    let floors: String = draw_use(centre, figures, lang)
        .into_iter()
        .map(|(floor, drawn)| {
            let name = escape(floor.name.get(lang));
            format!("<figure><figcaption>{name}</figcaption>{drawn}</figure>")
        })
        .collect();
    match floors.is_empty() {
        true => floors,
        false => format!(
            "<h2>{}</h2><p class=\"small\">{}</p><div class=\"floors\">{floors}</div>",
            escape(lang.figure_plan()),
            escape(lang.figure_plan_about())
        ),
    }
}

/// A number for each hour of the week, the darker the larger: a row a day, a column an hour.
fn draw_week(title: &str, cells: &[Option<u32>], lang: Lang) -> String {
    let at = |day: usize, hour: usize| cells.get(day * 24 + hour).copied().flatten();
    let is_counted = |hour: &usize| (0..7).any(|day| at(day, *hour).is_some());
    let hours: Vec<usize> = (0..24).filter(is_counted).collect();
    if hours.is_empty() {
        return String::new();
    }
    let most = cells.iter().flatten().max().copied().unwrap_or_default();
    let heads: Vec<String> = hours.iter().map(ToString::to_string).collect();
    let mut all = vec![""];
    all.extend(heads.iter().map(String::as_str));
    let monday = Date::from_days(0).monday();
    let rows: String = (0..7)
        .map(|day| {
            let name = lang.weekday(monday.plus(i64::try_from(day).unwrap_or_default()));
            let cells: String = hours
                .iter()
                .map(|hour| match at(day, *hour) {
                    Some(count) => {
                        let shade = (u64::from(count) * 5).div_ceil(u64::from(most.max(1)));
                        format!("<td class=\"h-{shade}\">{count}</td>")
                    }
                    None => "<td></td>".to_owned(),
                })
                .collect();
            format!("<tr><td>{name}</td>{cells}</tr>")
        })
        .collect();
    format!(
        "<h2>{}</h2><table class=\"heat\">{}<tbody>{rows}</tbody></table>",
        escape(title),
        head(&all)
    )
}
