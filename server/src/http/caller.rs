//! What a request says of its sender.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use domain::{
    api::{CHANNEL_HEADER, KEY_HEADER},
    booking::Channel,
    problem::Problem,
    text::Lang,
};

use crate::{state::Site, usecase::person::token_hash};

/// The cookie that holds the session's secret.
pub(super) const COOKIE: &str = "linli";

/// Who sends, as far as the request tells.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// The digest of the session's secret.
    pub(super) session: Option<String>,
    /// The language that the person reads.
    pub(super) lang: Lang,
    /// Browser and system.
    pub(super) device: String,
    /// How the person for whom staff act reached the house.
    pub(super) channel: Option<Channel>,
    /// The idempotency key, if it has the right form.
    key: Option<String>,
    /// Where from.
    pub(super) address: IpAddr,
}

impl Caller {
    /// The idempotency key of a write.
    ///
    /// # Errors
    /// When it is missing or of the wrong form.
    pub(super) fn key(&self) -> Result<String, Problem> {
        self.key.clone().ok_or(Problem::BadKey)
    }
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The language of a request: chosen in the app, else what the browser wants.
pub(super) fn language(headers: &HeaderMap) -> Lang {
    let wanted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    Lang::choose(cookie(headers, "lang").or(wanted).unwrap_or_default())
}

impl FromRequestParts<Site> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Infallible> {
        let headers = &parts.headers;
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let sound = |key: &&str| {
            (16..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())
        };
        let direct = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip());
        // The last entry is the one that our own proxy wrote; those before it are the client's word.
        let lines = headers.get_all("x-forwarded-for").iter();
        let last = lines.filter_map(|line| line.to_str().ok()).next_back();
        let forwarded = last.filter(|_| site.behind_proxy);
        let forwarded = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
        Ok(Self {
            session: cookie(headers, COOKIE).map(token_hash),
            lang: language(headers),
            device: device(text("user-agent").unwrap_or_default()),
            channel: text(CHANNEL_HEADER).and_then(Channel::from_code),
            key: text(KEY_HEADER).filter(sound).map(str::to_owned),
            address: forwarded
                .or(direct)
                .unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        })
    }
}

/// Browser and system in two words, no more than a person needs to tell their devices apart.
fn device(agent: &str) -> String {
    let find = |names: &[(&str, &str)]| {
        names
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map_or("?", |(_, name)| *name)
            .to_owned()
    };
    let browser = find(&[
        ("MicroMessenger", "WeChat"),
        ("HuaweiBrowser", "Huawei"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = find(&[
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    format!("{browser}, {system}")
}
