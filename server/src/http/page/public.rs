//! Public pages as the server draws them: an activity, and the list of activities, before the program arrives or where it cannot run.

use std::fmt::Write;

use domain::{
    api::{self, Endpoint},
    id::{ActivityId, CentreId},
    language::Lang,
    page::Page,
    view::{View, drawing::escape},
};

use crate::{
    db::{Fail, Tx},
    http::file::picture,
    usecase::{self, Call, centre},
};

/// An activity as a messenger shows it when its link is shared (Open Graph), and as it is seen before the program
/// arrives, or where that cannot run. Gives what belongs into the head, and the page.
pub(super) fn activity(
    tx: &mut Tx<'_>,
    call: &Call,
    path: &(CentreId, ActivityId),
    origin: &str,
    lang: Lang,
) -> Result<(String, String), Fail> {
    let known = centre::get(tx, call, path.0.clone())?;
    let found = usecase::activity::get(tx, call, path.clone())?;
    let now = known.local(call.now());
    let title = escape(found.title.get(lang));
    let house = escape(known.centre.name.get(lang));
    let coming = found
        .sessions
        .iter()
        .filter(|one| one.is_on() && one.end.local > now);
    let lines: Vec<String> = coming
        .take(8)
        .map(|one| {
            let room = known.centre.room(&one.room);
            let room = room.map_or("", |room| room.name.get(lang));
            format!("{} · {}", lang.slot(one.slot()), escape(room))
        })
        .collect();
    let first = lines.first().cloned().unwrap_or_default();
    let head = format!(
        "<meta property=\"og:type\" content=\"article\"><meta property=\"og:title\" content=\"{title}\">\
         <meta property=\"og:description\" content=\"{first} · {house}\">\
         <meta property=\"og:image\" content=\"{origin}{picture}\">\
         <meta property=\"og:image:width\" content=\"{}\"><meta property=\"og:image:height\" content=\"{}\">\
         <meta property=\"og:url\" content=\"{origin}{}\">\
         <meta name=\"description\" content=\"{first} · {house}\">",
        picture::SIZE.0,
        picture::SIZE.1,
        Page::Activity(path.0.clone(), path.1.clone()).path(),
        origin = escape(origin),
        picture = api::GetPicture::url(path),
    );
    let rows: String = lines
        .iter()
        .map(|line| format!("<li>{line}</li>"))
        .collect();
    let body = format!(
        "<div id=\"shell\" {KEPT}><main class=\"page form-page\"><h1>{title}</h1><p>{house}</p><p class=\"about\">{}</p>\
         <ul class=\"plain\">{rows}</ul><p class=\"late\">{}</p></main></div>",
        escape(found.about.get(lang)),
        escape(&lang.without_program(&known.centre.phone)),
    );
    Ok((head, body))
}

/// Marks a page that has all that people come for: it stays in sight until the program has as much (`app/src/start.rs`).
const KEPT: &str = "data-kept";

/// Most activities in the list before the program arrives.
const MOST: usize = 30;

/// The list of activities, each with the session that the app will show.
pub(super) fn activities(
    tx: &mut Tx<'_>,
    call: &Call,
    (view, last): (&View, Option<CentreId>),
    lang: Lang,
) -> Result<Option<String>, Fail> {
    let Some(id) = centre_shown(tx, call, view, last)? else {
        return Ok(None);
    };
    let known = centre::get(tx, call, id.clone())?;
    let all = usecase::activity::list(tx, call, id)?;
    let here = View {
        centre: Some(known.centre.id.clone()),
        ..view.here()
    };
    let mut found: Vec<_> = all
        .iter()
        .filter_map(|one| Some((one, view.session_of(one, call.now())?)))
        .collect();
    found.sort_by_key(|(one, session)| (session.start.utc(), &one.id, &session.id));
    let today = known.local(call.now()).date();
    let mut rows = String::new();
    for (one, session) in found.into_iter().take(MOST) {
        let room = known.centre.room(&session.room);
        let when = lang.slot_seen(session.slot(), today);
        let pattern = one
            .pattern()
            .map(|(days, minute)| lang.pattern(&days, minute));
        let _ = write!(
            rows,
            "<li><a class=\"row activity\" href=\"{}\"><span class=\"row-name\">{}</span>{}<span><time>{}</time> · {}</span>\
             <span class=\"row-where\">{} · {}</span><span class=\"tag {}\">{}</span></a></li>",
            escape(&here.address(&Page::Activity(one.centre.clone(), one.id.clone()))),
            escape(one.title.get(lang)),
            pattern.as_ref().map_or_else(String::new, |words| format!(
                "<span class=\"pattern\">{}</span>",
                escape(words)
            )),
            escape(&match &pattern {
                Some(_) => lang.next_date(&when),
                None => when,
            }),
            escape(room.map_or("", |room| room.name.get(lang))),
            escape(&one.audience.word(lang)),
            escape(&lang.price(one.fee)),
            session.level(),
            escape(&session.places_left(lang)),
        );
    }
    let rows = match rows.is_empty() {
        true => format!("<p class=\"empty\">{}</p>", lang.no_activities_fit()),
        false => format!("<ul class=\"rows activity-rows\">{rows}</ul>"),
    };
    Ok(Some(format!(
        "<div id=\"shell\" {KEPT}><main class=\"page\"><h1 class=\"hidden\">{}</h1><p class=\"centre-picker\">{}</p>{rows}\
         <p class=\"late\">{}</p></main></div>",
        lang.activities_title(),
        escape(known.centre.name.get(lang)),
        escape(&lang.without_program(&known.centre.phone)),
    )))
}

/// Any other page: its heading, and the place of what comes.
pub(super) fn other(
    tx: &mut Tx<'_>,
    call: &Call,
    (page, view, last): (&Page, &View, Option<CentreId>),
    lang: Lang,
) -> Result<Option<String>, Fail> {
    let Some(id) = centre_shown(tx, call, view, last)? else {
        return Ok(None);
    };
    let known = centre::get(tx, call, id)?;
    Ok(Some(format!(
        "<div id=\"shell\"><main class=\"page form-page\"><h1>{}</h1><div class=\"skeleton\" aria-hidden=\"true\">{}</div>\
         <p class=\"late\">{}</p></main></div>",
        lang.page(page),
        "<div class=\"bone\"></div>".repeat(5),
        escape(&lang.without_program(&known.centre.phone)),
    )))
}

/// The centre that the app will show: the one in the address, else the one last looked at on this device, else the first.
pub(super) fn centre_shown(
    tx: &mut Tx<'_>,
    call: &Call,
    view: &View,
    last: Option<CentreId>,
) -> Result<Option<CentreId>, Fail> {
    let centres = centre::list(tx, call, ())?;
    let is_there = |id: &CentreId| centres.iter().any(|card| card.id == *id);
    let named = view.centre.clone().filter(is_there);
    let first = || centres.first().map(|card| card.id.clone());
    Ok(named.or_else(|| last.filter(is_there)).or_else(first))
}
