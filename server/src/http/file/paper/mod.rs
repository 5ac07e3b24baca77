//! Paper: pages made to be printed, each a document of its own with a button that prints it.

use axum::response::Response;
use domain::language::Lang;
use qrcode::{QrCode, render::svg};

use super::document::Document;

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
    /// The document, with a button that prints it.
    fn print(self) -> Response {
        let button = self.lang.print();
        Document {
            lang: self.lang,
            title: self.title,
            style: self.style,
            script: Some(SCRIPT),
            body: format!(
                "<p class=\"screen\"><button type=\"button\">{button}</button></p>{}",
                self.body
            ),
        }
        .send()
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
