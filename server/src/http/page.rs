//! The page that the app starts from. It already carries the floor's plan with its states, drawn by the same code as in
//! the app, with the hours and the desk's number: it is seen before the program arrives, and where that cannot run.

use std::{fmt::Write, sync::Arc};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use base64::prelude::{BASE64_STANDARD, Engine};
use domain::{
    api::{self, Endpoint},
    centre::availability::{availability, room_state},
    id::{ActivityId, CentreId, is_slug},
    language::Lang,
    page::Page,
    problem::Problem,
    time::{DAY, Slot},
    view::{
        View,
        boot::{self, Boot},
        drawing::{Scale, escape, floor_svg, look},
    },
};
use sha2::{Digest, Sha256};

use super::{
    caller::{cookie, language, origin},
    file::picture,
    reply::Told,
};
use crate::{
    assets::{pack, takes_brotli},
    db::{Fail, Tx},
    live::Bus,
    state::Site,
    usecase::{Call, activity, centre},
};

pub(super) async fn page(
    State(site): State<Site>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return Told(Problem::BadMethod, language(&headers)).into_response();
    }
    let name = uri.path().trim_start_matches('/');
    if let Some(file) = site
        .assets
        .get(name, &headers)
        .filter(|_| name != "index.html")
    {
        return file;
    }
    let lang = language(&headers);
    if name.contains('.') || name.starts_with("api/") {
        return Told(Problem::NotFound, lang).into_response();
    }
    let view = View::parse(uri.query().unwrap_or_default());
    let asked = Page::parse(uri.path());
    let status = match asked {
        Some(_) => StatusCode::OK,
        None => StatusCode::NOT_FOUND,
    };
    let last = cookie(&headers, "centre")
        .filter(|id| is_slug(id))
        .map(CentreId::new);
    let elder = cookie(&headers, "elder") == Some("1");
    let origin = origin(&site, &headers);
    let call = Call::nobody(site.clock.now_ms(), &site.centres);
    let bus = Arc::clone(&site.bus);
    let drawn = site
        .db
        .read(move |tx| match &asked {
            Some(Page::Map) => {
                let front = front(tx, &call, &bus, (&view, last.clone()), (lang, elder))?;
                Ok(front.map(|html| (String::new(), html)))
            }
            Some(Page::Activity(centre, id)) => {
                let path = (centre.clone(), id.clone());
                shared(tx, &call, &path, &origin, lang).map(Some)
            }
            _ => Ok(None),
        })
        .await;
    // Without the database the app still comes, and says itself what is wrong.
    let (head, front) = drawn.ok().flatten().unwrap_or_default();
    let index = site.assets.index();
    let policy = policy(&index);
    let theme = match cookie(&headers, "theme") {
        Some(theme @ ("light" | "dark")) => format!(" data-theme=\"{theme}\""),
        _ => String::new(),
    };
    let elder = if elder { " data-elder" } else { "" };
    let root = format!("lang=\"{}\" dir=\"ltr\"{theme}{elder}", lang.tag());
    let html = index
        .replacen("lang=\"zh-CN\" data-linli", &root, 1)
        .replacen("</title>", &format!("</title>{head}"), 1)
        .replacen("<!--linli-->", &front, 1);
    let packed = takes_brotli(&headers);
    // Compressing takes milliseconds: not on a thread that others wait for.
    let body = tokio::task::spawn_blocking(move || match packed {
        true => pack(html.as_bytes()),
        false => html.into_bytes(),
    });
    send(status, body.await.unwrap_or_default(), packed, &policy)
}

fn send(status: StatusCode, body: Vec<u8>, brotli: bool, policy: &str) -> Response {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::VARY,
        HeaderValue::from_static("accept-encoding, accept-language, cookie"),
    );
    if brotli {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Only our own files, WebAssembly, and the very scripts that stand in the page (CSP level 3).
fn policy(index: &str) -> String {
    let mut scripts = String::from("'self' 'wasm-unsafe-eval'");
    for part in index.split("<script").skip(1) {
        let Some((attributes, rest)) = part.split_once('>') else {
            continue;
        };
        let Some((script, _)) = rest.split_once("</script>") else {
            continue;
        };
        if !attributes.contains("src=") {
            let _ = write!(
                scripts,
                " 'sha256-{}'",
                BASE64_STANDARD.encode(Sha256::digest(script.as_bytes()))
            );
        }
    }
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// An activity as a messenger shows it when its link is shared (Open Graph), and as it is seen before the program
/// arrives, or where that cannot run. Gives what belongs into the head, and the page.
fn shared(
    tx: &mut Tx<'_>,
    call: &Call,
    path: &(CentreId, ActivityId),
    origin: &str,
    lang: Lang,
) -> Result<(String, String), Fail> {
    let known = centre::get(tx, call, path.0.clone())?;
    let activity = activity::get(tx, call, path.clone())?;
    let now = known.local(call.now());
    let title = escape(activity.title.get(lang));
    let house = escape(known.centre.name.get(lang));
    let coming = activity
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
        "<div id=\"shell\"><main class=\"page form-page\"><h1>{title}</h1><p>{house}</p><p class=\"about\">{}</p>\
         <ul class=\"plain\">{rows}</ul><p class=\"late\">{}</p></main></div>",
        escape(&activity.about),
        escape(&lang.without_program(&known.centre.phone)),
    );
    Ok((head, body))
}

/// The frame that the plan is drawn for, in pixels: most people come by phone. The program draws it anew for what it finds.
const PHONE: (f64, f64) = (360.0, 440.0);

/// The front page's content: the plan with its frame, and the data it was drawn from.
fn front(
    tx: &mut Tx<'_>,
    call: &Call,
    bus: &Bus,
    (view, last): (&View, Option<CentreId>),
    (lang, elder): (Lang, bool),
) -> Result<Option<String>, Fail> {
    let centres = centre::list(tx, call, ())?;
    let is_there = |id: &CentreId| centres.iter().any(|card| card.id == *id);
    let named = view.centre.clone().filter(is_there);
    let first = || centres.first().map(|card| card.id.clone());
    let Some(id) = named.or_else(|| last.filter(is_there)).or_else(first) else {
        return Ok(None);
    };
    // Counted before reading, so that nothing that changes meanwhile is missed.
    let generation = bus.generation(&id);
    let known = centre::get(tx, call, id.clone())?;
    let now = known.local(call.now());
    let day = view.day.unwrap_or_else(|| now.date());
    let week = centre::occupancy::get_occupancy(tx, call, (id, day.monday(), 7))?;
    let lines = availability(
        &known.centre,
        &week.taken,
        Slot::lasting(week.from.at(0), 7 * DAY),
    );
    let slot = view.slot(day, now);
    let fits = |room: &domain::centre::room::Room| view.wants(room);
    let floor = view.floor_of(&known.centre);
    let scale = |floor| Scale::fitting(floor, PHONE, elder);
    let plan = floor
        .map(|floor| {
            floor_svg(
                &known.centre,
                floor,
                &lines,
                slot,
                (lang, scale(floor)),
                &fits,
            )
        })
        .unwrap_or_default();
    let mut rows = String::new();
    for (room, line) in known
        .centre
        .rooms
        .iter()
        .zip(&lines)
        .filter(|(room, _)| fits(room))
    {
        let look = look(room_state(room, line, slot), slot, lang);
        let _ = write!(
            rows,
            "<li><div class=\"row\"><span class=\"row-name\">{}</span><span class=\"state {}\"><i aria-hidden=\"true\">{}</i>{}</span></div></li>",
            escape(room.name.get(lang)),
            look.class,
            look.glyph,
            escape(&look.detail)
        );
    }
    let floors = match known.centre.floors.as_slice() {
        [] | [_] => String::new(),
        floors => {
            let tab = |one: &domain::centre::Floor| {
                let pressed = floor.is_some_and(|floor| floor.id == one.id);
                format!(
                    "<span class=\"chip\" aria-pressed=\"{pressed}\">{}</span>",
                    escape(one.name.get(lang))
                )
            };
            format!(
                "<div class=\"floors\">{}</div>",
                floors.iter().map(tab).collect::<String>()
            )
        }
    };
    let hours = lang.day_hours(known.centre.hours.on(day));
    let phone = escape(&known.centre.phone);
    let name = escape(known.centre.name.get(lang));
    let list = if view.list { " as-list" } else { "" };
    let canvas = format!(
        "<div class=\"canvas\"><div class=\"frame\"><div class=\"sheet-of-paper\">{plan}</div></div></div>"
    );
    let (canvas, listed) = if view.list {
        (String::new(), format!("<ul class=\"rooms\">{rows}</ul>"))
    } else {
        (canvas, String::new())
    };
    let mut html = format!(
        "<div id=\"shell\"><main class=\"page map-page\"><div class=\"map-top\">\
         <h1 class=\"centre-picker\">{name}</h1><p class=\"shell-tools\"></p></div>{floors}\
         <div class=\"map-body{list}\">{canvas}{listed}<div class=\"side\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><div class=\"beside\"><ul class=\"rooms\">{rows}</ul></div></div></div>\
         <section class=\"scrubber\"><p class=\"shell-time\">{}</p>\
         <p class=\"open-hours\"><span>{} {hours}</span><span>{} <a href=\"tel:{}\"><bdi>{phone}</bdi></a></span></p>\
         <p class=\"late\">{}</p></section></main></div>",
        lang.rooms(),
        escape(&lang.slot(slot)),
        lang.open_hours(),
        lang.desk_phone(),
        phone.replace([' ', '-'], ""),
        escape(&lang.without_program(&known.centre.phone)),
    );
    let data = Boot {
        generation,
        centres,
        view: known,
        week,
    };
    let json = serde_json::to_string(&data)
        .unwrap_or_default()
        .replace('<', "\\u003c");
    let _ = write!(
        html,
        "<script type=\"application/json\" id=\"{}\">{json}</script>",
        boot::ELEMENT
    );
    Ok(Some(html))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_scripts_of_the_page_may_run() {
        let policy = policy("<script type=\"module\">go()</script><script src=\"/a.js\"></script>");
        assert_eq!(policy.matches("sha256-").count(), 1);
        assert!(!policy.contains("unsafe-inline"));
    }
}
