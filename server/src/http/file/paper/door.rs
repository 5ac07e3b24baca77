//! The sign at a room's door: its name, and a code that opens the room on a phone, on A5.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::{
    api,
    page::Page,
    problem::Problem,
    view::{View, drawing::escape},
};

use super::{STYLE, Sheet, code};
use crate::{
    http::{
        caller::{Caller, origin},
        endpoint::look,
        reply::LocalizedProblem,
        request::GivenPath,
    },
    state::Site,
    usecase::centre,
};

pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetDoorSign>,
    caller: Caller,
    headers: HeaderMap,
) -> Response {
    let Ok(Path((id, room))) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let lang = caller.lang;
    let view = View {
        room: Some(room.clone()),
        ..View::at_centre(Some(id.clone()))
    };
    let url = format!("{}{}", origin(&site, &headers), view.address(&Page::Map));
    let read = look(&site, &caller, move |tx, call| {
        let known = centre::get(tx, call, id.clone())?;
        let found = known.centre.room(&room).cloned();
        Ok((found.ok_or(Problem::NotFound)?, known))
    });
    let (room, known) = match read.await {
        Ok(found) => found,
        Err(problem) => return LocalizedProblem(problem, lang).into_response(),
    };
    let centre = &known.centre;
    let floor = centre.floor(&room.floor);
    let sheet = Sheet {
        lang,
        title: escape(room.name.get(lang)),
        style: STYLE,
        body: format!(
            "<main class=\"door\"><h1>{name}</h1><p>{floor} · {people}</p>\
             <figure>{code}<figcaption>{scan}</figcaption></figure><p class=\"small\">{house} · {phone}</p></main>",
            name = escape(room.name.get(lang)),
            floor = escape(floor.map_or("", |floor| floor.name.get(lang))),
            people = escape(&lang.capacity(&lang.people(room.people.most))),
            code = code(&url),
            scan = escape(lang.paper_scan_room()),
            house = escape(centre.name.get(lang)),
            phone = escape(&format!("{} {}", lang.desk_phone(), centre.phone)),
        ),
    };
    sheet.print()
}
