//! Middleware for every request: CSRF check by origin, rate limits, security headers, access log.

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::problem::Problem;

use super::{caller::Caller, reply::LocalizedProblem, token};
use crate::state::Site;

/// Headers of every response (OWASP secure headers). The pages add their content security policy.
const HEADERS: [(header::HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        header::HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        header::HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=()",
    ),
];

pub(super) async fn guard(
    State(site): State<Site>,
    caller: Caller,
    request: Request,
    next: Next,
) -> Response {
    let started = site.clock.now_ms();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let is_write = !matches!(method, Method::GET | Method::HEAD | Method::OPTIONS);
    let limited = site
        .limits
        .refuses(caller.session.as_deref(), caller.address, is_write);
    let mut response = if is_write && !from_own_pages(request.headers(), site.public_url.as_deref())
    {
        LocalizedProblem(Problem::ForeignOrigin, caller.lang).into_response()
    } else if limited {
        LocalizedProblem(Problem::TooMany { wait: 60 }, caller.lang).into_response()
    } else if let Err(problem) = token::admit(&site, &caller, &method, route.as_deref()).await {
        LocalizedProblem(problem, caller.lang).into_response()
    } else {
        next.run(request).await
    };
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    if site.secure {
        let hsts = HeaderValue::from_static("max-age=31536000");
        response
            .headers_mut()
            .insert(header::STRICT_TRANSPORT_SECURITY, hsts);
    }
    // The route's pattern, not the address: addresses tell what somebody looks for.
    let (route, status) = (
        route.as_deref().unwrap_or("page"),
        response.status().as_u16(),
    );
    let ms = site.clock.now_ms() - started;
    tracing::info!(%method, route, status, ms, "request");
    response
}

/// A browser says where a request comes from (Fetch Metadata, or at least `Origin`); one that says nothing is no
/// browser, and carries nobody's cookies but its own.
fn from_own_pages(headers: &HeaderMap, public: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (None, _) => true,
        // A proxy may ask us by another name than people type.
        (Some(origin), _) if Some(origin) == public => true,
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, rest)| rest == host),
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_come_from_own_pages_only() {
        let ask = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs.iter().map(|(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    value.parse().unwrap(),
                )
            });
            from_own_pages(&pairs.collect(), Some("https://typed.example"))
        };
        assert!(ask(&[("sec-fetch-site", "same-origin")]));
        assert!(
            !ask(&[("sec-fetch-site", "cross-site")]) && !ask(&[("sec-fetch-site", "same-site")])
        );
        assert!(ask(&[
            ("origin", "https://linli.example"),
            ("host", "linli.example")
        ]));
        assert!(ask(&[
            ("origin", "https://typed.example"),
            ("host", "127.0.0.1:8080")
        ]));
        assert!(!ask(&[
            ("origin", "https://evil.example"),
            ("host", "linli.example")
        ]));
        assert!(!ask(&[("origin", "null"), ("host", "linli.example")]));
    }
}
