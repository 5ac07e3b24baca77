//! Documents: HTML pages of their own beside the app, in which only their own style and script work (CSP level 3).

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::prelude::{BASE64_STANDARD, Engine};
use domain::language::Lang;
use sha2::{Digest, Sha256};

/// A page of its own.
pub(in crate::http) struct Document {
    pub(in crate::http) lang: Lang,
    /// Its title, as HTML.
    pub(in crate::http) title: String,
    pub(in crate::http) style: &'static str,
    pub(in crate::http) script: Option<&'static str>,
    /// What it says, as HTML.
    pub(in crate::http) body: String,
}

impl Document {
    /// The page as a reply that nobody keeps.
    pub(in crate::http) fn send(self) -> Response {
        let hash = |text: &str| {
            format!(
                "'sha256-{}'",
                BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()))
            )
        };
        let policy = format!(
            "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            hash(self.style),
            self.script.map_or_else(|| "'none'".to_owned(), hash),
        );
        let script = self
            .script
            .map(|script| format!("<script>{script}</script>"));
        let html = format!(
            "<!doctype html><html lang=\"{tag}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{title}</title><style>{style}</style></head><body>{body}{script}</body></html>",
            tag = self.lang.tag(),
            direction = self.lang.direction(),
            title = self.title,
            style = self.style,
            body = self.body,
            script = script.unwrap_or_default(),
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
