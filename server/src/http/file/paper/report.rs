//! The report of a period on paper, A4: the sentence, the totals beside those before, when rooms were used, and the tables.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{
    api, figures::Figures, language::Lang, problem::Problem, time::Date, view::drawing::escape,
};

use super::{STYLE, Sheet, head, row};
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
        let today = known.local(call.now()).date();
        Ok((figures::get(tx, call, path.clone())?, known, today))
    });
    match read.await {
        Ok((figures, known, today)) => {
            let house = known.centre.name.get(caller.lang);
            draw(&figures, house, today, caller.lang).print()
        }
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}

fn draw(figures: &Figures, house: &str, today: Date, lang: Lang) -> Sheet {
    let title = escape(&lang.report_of(house));
    let tables = ["totals", "rooms", "activities", "refusals"];
    let tables: String = tables
        .into_iter()
        .filter_map(|name| draw_table(figures, name, lang))
        .map(|table| draw_section(&table))
        .collect();
    Sheet {
        lang,
        title: format!("{title} · {}", escape(&figures.period.words(lang))),
        style: STYLE,
        body: format!(
            "<main class=\"sheet report\"><header><h1>{title}</h1><p class=\"time\">{period}</p></header>\
             <p class=\"said\">{sentence}</p>{hours}{tables}</main>",
            period = escape(&figures.period.words_on(lang, today)),
            sentence = escape(&figures.sentence(lang, today)),
            hours = draw_hours(figures, lang),
        ),
    }
}

fn draw_section(table: &Table) -> String {
    if table.rows.is_empty() {
        return String::new();
    }
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
    format!(
        "<h2>{}</h2><table>{}<tbody>{rows}</tbody></table>",
        escape(&table.name),
        head(&heads)
    )
}

/// When rooms were used, in percent of what was open: a row a day, a column an hour.
fn draw_hours(figures: &Figures, lang: Lang) -> String {
    let is_open = |hour: &usize| {
        (0..7).any(|day| {
            figures
                .hours
                .get(day * 24 + hour)
                .is_some_and(|one| one.open > 0)
        })
    };
    let hours: Vec<usize> = (0..24).filter(is_open).collect();
    if hours.is_empty() {
        return String::new();
    }
    let heads: Vec<String> = hours.iter().map(ToString::to_string).collect();
    let mut all = vec![""];
    all.extend(heads.iter().map(String::as_str));
    let monday = Date::from_days(0).monday();
    let rows: String = (0..7)
        .map(|day| {
            let name = lang.weekday(monday.plus(i64::try_from(day).unwrap_or_default()));
            let mut cells = vec![name.to_owned()];
            cells.extend(hours.iter().map(|hour| {
                let one = figures.hours.get(day * 24 + hour);
                let share = one.and_then(|one| one.percent());
                share.map(|share| share.to_string()).unwrap_or_default()
            }));
            row(&cells)
        })
        .collect();
    format!(
        "<h2>{}</h2><table class=\"heat\">{}<tbody>{rows}</tbody></table>",
        escape(&lang.with_unit(lang.figure_hours(), "%")),
        head(&all)
    )
}
