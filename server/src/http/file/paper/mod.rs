//! Paper: pages made to be printed, each a document of its own with a button that prints it.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::prelude::{BASE64_STANDARD, Engine};
use domain::language::Lang;
use qrcode::{QrCode, render::svg};
use sha2::{Digest, Sha256};

pub(in crate::http) mod attendance;
pub(in crate::http) mod day;
pub(in crate::http) mod door;
pub(in crate::http) mod poster;
pub(in crate::http) mod report;
pub(in crate::http) mod slip;

const SCRIPT: &str = "document.querySelector('button').addEventListener('click',()=>print())";

/// What sheets other than the poster look like.
const STYLE: &str = include_str!("paper.css");

/// A page to be printed.
struct Sheet {
    lang: Lang,
    /// Its title, as HTML.
    title: String,
    style: &'static str,
    /// What is printed, as HTML.
    body: String,
}

impl Sheet {
    /// The document. Only its own style and script may run (CSP level 3).
    fn print(self) -> Response {
        let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
            hash(self.style),
            hash(SCRIPT)
        );
        let html = format!(
            "<!doctype html><html lang=\"{tag}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{title}</title><style>{style}</style></head><body>\
             <p class=\"screen\"><button type=\"button\">{print}</button></p>{body}<script>{SCRIPT}</script></body></html>",
            tag = self.lang.tag(),
            direction = self.lang.direction(),
            title = self.title,
            style = self.style,
            print = self.lang.print(),
            body = self.body,
        );
        let mut response = html.into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

/// A row of a table: cells that are HTML already.
fn row(cells: &[String]) -> String {
    let cells: String = cells
        .iter()
        .map(|cell| format!("<td>{cell}</td>"))
        .collect();
    format!("<tr>{cells}</tr>")
}

/// The head of a table.
fn head(cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .map(|cell| format!("<th scope=\"col\">{cell}</th>"))
        .collect();
    format!("<thead><tr>{cells}</tr></thead>")
}

/// The address as a QR code (ISO/IEC 18004). An address is always short enough for one.
fn code(url: &str) -> String {
    let Ok(code) = QrCode::new(url.as_bytes()) else {
        return String::new();
    };
    let drawn = code
        .render::<svg::Color<'_>>()
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    // What comes before the drawing itself belongs into a file.
    let start = drawn.find("<svg").unwrap_or_default();
    drawn[start..].to_owned()
}
