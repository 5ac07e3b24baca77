//! The sign-in sheet of a session: who has a place, their numbers, room to sign and for those who walk in, on A4.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{
    activity::attendance::Sheet as Attendance, api, language::Lang, problem::Problem, time::Slot,
    view::drawing::escape,
};

use super::{STYLE, Sheet, head, row};
use crate::{
    http::{caller::Caller, endpoint::watch, reply::LocalizedProblem, request::GivenPath},
    state::Site,
    usecase::{activity::attendance, centre},
};

/// Empty lines for those who come without having signed up.
const SPARE: usize = 6;

pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetSignInSheet>,
    caller: Caller,
) -> Response {
    let Ok(Path(path)) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let read = watch(&site, &caller, move |tx, call| {
        let sheet = attendance::open(tx, call, path.clone())?;
        Ok((sheet, centre::get(tx, call, path.0.clone())?))
    });
    match read.await {
        Ok((sheet, known)) => {
            let house = known.centre.name.get(caller.lang);
            draw(&sheet, house, caller.lang).print()
        }
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}

fn draw(sheet: &Attendance, house: &str, lang: Lang) -> Sheet {
    let title = escape(sheet.title.get(lang));
    let slot = Slot::lasting(
        sheet.start.local,
        sheet.end.local.minutes() - sheet.start.local.minutes(),
    );
    let last = match sheet.pick_up {
        true => lang.paper_fetched(),
        false => lang.paper_signature(),
    };
    let mut rows = String::new();
    for (number, one) in (1..).zip(&sheet.rows) {
        rows.push_str(&row(&[
            number.to_string(),
            escape(&one.name),
            escape(one.guardian.as_deref().unwrap_or_default()),
            escape(one.phone.as_deref().unwrap_or_default()),
            String::new(),
            String::new(),
        ]));
    }
    for number in 0..SPARE {
        let number = (sheet.rows.len() + number + 1).to_string();
        rows.push_str(&row(&[
            number,
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        ]));
    }
    let counts = escape(&lang.session_counts(
        u16::try_from(sheet.rows.iter().filter(|one| !one.walk_in).count()).unwrap_or(u16::MAX),
        sheet.places,
    ));
    Sheet {
        lang,
        title: format!("{} · {title}", lang.check_in()),
        style: STYLE,
        body: format!(
            "<main class=\"sheet\"><header><h1>{title}</h1><p class=\"time\">{when}</p><p>{house} · {counts}</p></header>\
             <table>{head}<tbody>{rows}</tbody></table></main>",
            when = escape(&lang.slot(slot)),
            house = escape(house),
            head = head(&[
                "",
                lang.your_name(),
                lang.paper_guardian(),
                lang.phone(),
                lang.mark_here(),
                last
            ]),
        ),
    }
}
