//! The tables of a centre's figures as files for spreadsheets: one as CSV (RFC 4180), or all as XLSX (ECMA-376).

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{
    api,
    figures::{
        Count, Figures, SMALL,
        total::{Total, TotalValue},
    },
    language::Lang,
    problem::Problem,
    time::{Date, clock},
};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::{
    http::{
        caller::Caller,
        endpoint::look,
        file::{attachment, table::write},
        reply::LocalizedProblem,
        request::GivenPath,
    },
    state::Site,
    usecase::{centre, figures},
};

/// The table that stands for all of them.
const ALL: &str = "all.xlsx";

/// A cell of a table.
pub(super) enum Cell {
    Text(String),
    Number(u32),
}

impl Cell {
    fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number that is told, or that it is a small one.
    fn count(count: Count) -> Self {
        count
            .told()
            .map_or_else(|| Self::Text(format!("<{SMALL}")), Self::Number)
    }
}

/// A table: its name on a sheet, its head, its rows.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Table {
    fn new(name: &str, head: &[&str], rows: impl Iterator<Item = Vec<Cell>>) -> Self {
        Self {
            name: name.to_owned(),
            head: head.iter().map(|cell| (*cell).to_owned()).collect(),
            rows: rows.collect(),
        }
    }
}

pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetFiguresFile>,
    caller: Caller,
) -> Response {
    let Ok(Path((id, period, table))) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let lang = caller.lang;
    let name = match table.as_str() {
        ALL => format!("{id}-{period}.xlsx"),
        table => format!("{id}-{table}-{period}.csv"),
    };
    let read = look(&site, &caller, move |tx, call| {
        let known = centre::get(tx, call, id.clone())?;
        Ok((figures::get(tx, call, (id.clone(), period))?, known))
    });
    let (figures, known) = match read.await {
        Ok(read) => read,
        Err(problem) => return LocalizedProblem(problem, lang).into_response(),
    };
    let house = known.centre.name.get(lang);
    let (file, kind) = match table.as_str() {
        ALL => (
            draw_workbook(&figures, house, lang).ok(),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        table => (
            draw_table(&figures, table, lang)
                .and_then(|table| draw_csv(table, house, &figures, lang)),
            "text/csv; charset=utf-8",
        ),
    };
    match file {
        Some(file) => attachment(file, kind, &name),
        None => LocalizedProblem(Problem::NotFound, lang).into_response(),
    }
}

/// Each row says of which house and time it is: tables of several are put under one another.
fn draw_csv(table: Table, house: &str, figures: &Figures, lang: Lang) -> Option<Vec<u8>> {
    let (from, until) = (figures.period.days().0, figures.until);
    let of = [house.to_owned(), from.to_string(), until.to_string()];
    let heads = [lang.centre(), lang.period_from(), lang.period_until()].map(str::to_owned);
    let mut rows = vec![[table.head, heads.to_vec()].concat()];
    rows.extend(table.rows.into_iter().map(|row| {
        let cells = row.into_iter().map(|cell| match cell {
            Cell::Text(text) => text,
            Cell::Number(number) => number.to_string(),
        });
        cells.chain(of.iter().cloned()).collect()
    }));
    write(&rows)
}

/// All tables, each on a sheet, under the house and the time that it is of.
fn draw_workbook(figures: &Figures, house: &str, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let title = format!("{house} · {}", figures.period_words(lang));
    let tables = [
        "totals",
        "hours",
        "rooms",
        "activities",
        "refusals",
        "refused",
    ];
    for table in tables
        .into_iter()
        .filter_map(|name| draw_table(figures, name, lang))
    {
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&table.name))?;
        // What is written as text is never read as a formula.
        sheet.write_string_with_format(0, 0, &title, &bold)?;
        for (at, cell) in (0u16..).zip(&table.head) {
            sheet.write_string_with_format(2, at, cell, &bold)?;
        }
        for (row, cells) in (3u32..).zip(&table.rows) {
            for (at, cell) in (0u16..).zip(cells) {
                match cell {
                    Cell::Text(text) => sheet.write_string(row, at, text)?,
                    Cell::Number(number) => sheet.write_number(row, at, *number)?,
                };
            }
        }
        sheet.set_freeze_panes(3, 1)?;
        sheet.autofit();
    }
    book.save_to_buffer()
}

/// A name that a sheet can have: at most 31 letters, none of `[]:*?/\`.
fn sheet_name(name: &str) -> String {
    name.chars()
        .filter(|c| !"[]:*?/\\".contains(*c))
        .take(31)
        .collect()
}

/// The table of that name.
pub(super) fn draw_table(figures: &Figures, table: &str, lang: Lang) -> Option<Table> {
    let table = match table {
        "totals" => draw_totals(figures, lang),
        "hours" => {
            let monday = Date::from_days(0).monday();
            let open = (0i64..)
                .zip(&figures.hours)
                .filter(|(_, hour)| hour.open > 0);
            let rows = open.map(|(at, hour)| {
                vec![
                    Cell::text(lang.weekday(monday.plus(at / 24))),
                    Cell::text(clock(at % 24 * 60)),
                    Cell::Number(hour.used),
                    Cell::Number(hour.open),
                    Cell::Number(hour.percent().unwrap_or_default()),
                ]
            });
            let head = [
                lang.weekday_label(),
                lang.time(),
                lang.minutes_used(),
                lang.minutes_open(),
                lang.percent_used(),
            ];
            Table::new(lang.figure_hours(), &head, rows)
        }
        "rooms" => {
            let rows = figures.rooms.iter().map(|one| {
                vec![
                    Cell::text(one.name.get(lang)),
                    Cell::Number(one.bookings),
                    Cell::Number(one.sessions),
                    Cell::Number(one.minutes),
                    Cell::Number(one.used.used),
                    Cell::Number(one.used.open),
                    Cell::Number(one.used.percent().unwrap_or_default()),
                ]
            });
            let head = [
                lang.room(),
                lang.figure_bookings(),
                lang.figure_sessions(),
                lang.figure_minutes(),
                lang.minutes_used(),
                lang.minutes_open(),
                lang.percent_used(),
            ];
            Table::new(lang.figure_rooms(), &head, rows)
        }
        "activities" => {
            let rows = figures.activities.iter().map(|one| {
                vec![
                    Cell::text(one.title.get(lang)),
                    Cell::Number(one.sessions),
                    Cell::Number(one.places),
                    Cell::count(one.signed_up),
                    Cell::count(one.came),
                    Cell::count(one.missed),
                ]
            });
            let head = [
                lang.nav_activities(),
                lang.figure_sessions(),
                lang.places_label(),
                lang.figure_signed_up(),
                lang.figure_came(),
                lang.figure_missed(),
            ];
            Table::new(lang.figure_activities(), &head, rows)
        }
        "refusals" => {
            let rows = figures
                .refusals
                .iter()
                .map(|(rule, count)| vec![Cell::text(rule.word(lang)), Cell::Number(*count)]);
            let head = [lang.figure_rule(), lang.figure_count()];
            Table::new(lang.figure_refusals(), &head, rows)
        }
        "refused" => {
            let rows = figures.refused.iter().map(|one| {
                let (day, at) = lang.hour_of_week(one.at.hour);
                vec![
                    Cell::text(one.rule.word(lang)),
                    Cell::text(figures.room_name(&one.at.room, lang)),
                    Cell::text(day),
                    Cell::text(at),
                    Cell::Number(one.count),
                ]
            });
            let head = [
                lang.figure_rule(),
                lang.room(),
                lang.weekday_label(),
                lang.time(),
                lang.figure_count(),
            ];
            Table::new(lang.figure_refused(), &head, rows)
        }
        _ => return None,
    };
    Some(table)
}

/// What stands in the cell of a total.
pub(super) fn cell_of(told: TotalValue) -> Cell {
    match told {
        TotalValue::Number(number) | TotalValue::Percent(number) | TotalValue::Minutes(number) => {
            Cell::Number(number)
        }
        TotalValue::Few => Cell::text(format!("<{SMALL}")),
        TotalValue::Nothing => Cell::text(""),
    }
}

/// What a total is called, with the unit of its cell.
pub(super) fn label_of((total, _): (Total, TotalValue), lang: Lang) -> String {
    let word = total.word(lang);
    match total {
        Total::Use => lang.with_unit(word, "%"),
        Total::Waited => lang.with_unit(word, lang.unit_minutes()),
        _ => word.to_owned(),
    }
}

/// The totals beside those of the period before and of the year before, then ages and ways.
fn draw_totals(figures: &Figures, lang: Lang) -> Table {
    let compared = figures.compared();
    let mut times = vec![figures.period_words(lang)];
    times.extend(
        compared
            .iter()
            .map(|(period, _)| figures.other_words(*period, lang)),
    );
    let others: Vec<_> = compared.iter().map(|(_, of)| of.lines()).collect();
    let rows = (0..)
        .zip(figures.totals.lines())
        .map(|(at, line): (usize, _)| {
            let mut row = vec![Cell::text(label_of(line, lang)), cell_of(line.1)];
            row.extend(others.iter().map(|of| cell_of(of[at].1)));
            row
        });
    // What is told of this time alone.
    let line = |label: String, count: u32| {
        let mut row = vec![Cell::Text(label), Cell::Number(count)];
        row.resize_with(times.len() + 1, || Cell::text(""));
        row
    };
    let ages = figures
        .totals
        .ages
        .iter()
        .map(|(band, count)| line(band.words(lang), *count));
    let ways = figures
        .totals
        .channels
        .iter()
        .map(|(way, count)| line(way.word(lang).to_owned(), *count));
    let mut head = vec![lang.totals_label()];
    head.extend(times.iter().map(String::as_str));
    Table::new(lang.totals_title(), &head, rows.chain(ages).chain(ways))
}
