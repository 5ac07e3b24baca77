//! The page that the app starts from. It already carries the floor's plan with its states, drawn by the same code as in
//! the app, with the hours and the desk's number: it is seen before the program arrives, and where that cannot run.

mod front;
mod public;

use std::{fmt::Write, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use base64::prelude::{BASE64_STANDARD, Engine};
use domain::{
    id::{CentreId, is_slug},
    page::Page,
    problem::Problem,
    view::View,
};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::{
    caller::{cookie, language, origin},
    reply::LocalizedProblem,
};
use crate::{
    assets::{SERVICE_WORKER, pack, takes_brotli},
    state::Site,
    usecase::Call,
};

/// How many pages are drawn at once.
static DRAWING: Semaphore = Semaphore::const_new(3);

/// How long a page waits for its turn.
const TURN: Duration = Duration::from_millis(150);

/// What asks for the styles of what is opened later, as trunk writes it.
const LATER: &str = "rel=\"stylesheet\" href=\"/later-";

pub(super) async fn page(
    State(site): State<Site>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return LocalizedProblem(Problem::BadMethod, language(&headers)).into_response();
    }
    let name = uri.path().trim_start_matches('/');
    if name == SERVICE_WORKER {
        return match site.assets.service_worker() {
            Some(worker) => (
                [
                    (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
                    (header::CACHE_CONTROL, "no-cache"),
                ],
                worker,
            )
                .into_response(),
            None => LocalizedProblem(Problem::NotFound, language(&headers)).into_response(),
        };
    }
    if let Some(file) = site
        .assets
        .get(name, &headers)
        .filter(|_| name != "index.html")
    {
        return file;
    }
    let lang = language(&headers);
    if name.contains('.') || name.starts_with("api/") {
        return LocalizedProblem(Problem::NotFound, lang).into_response();
    }
    let view = View::parse(uri.query().unwrap_or_default());
    let asked = Page::parse(uri.path());
    let is_map = asked == Some(Page::Map);
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
    // In a flood the app comes without its page, and draws it itself: bookings do not wait behind pictures of the house.
    let turn = tokio::time::timeout(TURN, DRAWING.acquire()).await;
    let asked = asked.filter(|_| turn.is_ok());
    let drawn = site
        .db
        .read(move |tx| match &asked {
            Some(Page::Map) => {
                let front = front::front(tx, &call, &bus, (&view, last.clone()), (lang, elder))?;
                Ok(front.map(|html| (String::new(), html)))
            }
            Some(Page::Activity(centre, id)) => {
                let path = (centre.clone(), id.clone());
                public::activity(tx, &call, &path, &origin, lang).map(Some)
            }
            Some(Page::Activities) => {
                let list = public::activities(tx, &call, (&view, last.clone()), lang)?;
                Ok(list.map(|html| (String::new(), html)))
            }
            Some(page) => {
                let other = public::other(tx, &call, (page, &view, last.clone()), lang)?;
                Ok(other.map(|html| (String::new(), html)))
            }
            None => Ok(None),
        })
        .await;
    drop(turn);
    // Without the database the app still comes, and says itself what is wrong.
    let (head, front) = drawn.ok().flatten().unwrap_or_default();
    let index = site.assets.index();
    let policy = policy(&index);
    let theme = match cookie(&headers, "theme") {
        Some(theme @ ("light" | "dark")) => format!(" data-theme=\"{theme}\""),
        _ => String::new(),
    };
    let elder = if elder { " data-elder" } else { "" };
    let root = format!(
        "lang=\"{}\" dir=\"{}\"{theme}{elder}",
        lang.tag(),
        lang.direction()
    );
    let index = with_theme(index, cookie(&headers, "theme"));
    // The map asks for what it needs only once something is opened.
    let index = match is_map {
        true => index.replacen(LATER, "rel=\"later\" href=\"/later-", 1),
        false => index,
    };
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

/// The colours of the paper of both themes, as they stand in the page.
const PAPER: [&str; 2] = ["#faf6ee", "#1b1816"];

/// The page whose browser bar has the colour of the theme that was chosen.
fn with_theme(index: String, theme: Option<&str>) -> String {
    let [light, dark] = PAPER;
    match theme {
        Some("dark") => index.replace(light, dark),
        Some("light") => index.replace(dark, light),
        _ => index,
    }
}

fn send(status: StatusCode, body: Vec<u8>, brotli: bool, policy: &str) -> Response {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    // Nothing of anybody stands in it; kept, a step back shows it at once, and the app asks what has changed.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
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
