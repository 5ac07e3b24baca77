//! Extractor of the caller: session, language, device, idempotency key, client address.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use domain::{
    api::{AGAIN_HEADER, CHANNEL_HEADER, KEY_HEADER, PERSON_HEADER},
    id::PersonId,
    language::Lang,
    person::behalf::Channel,
    problem::Problem,
};

use crate::{
    state::Site,
    usecase::person::{
        sign_in::Sender,
        token::{self, BEARER},
        token_hash,
    },
};

/// The cookie that holds the session's secret.
pub(super) const COOKIE: &str = "linli";

/// The cookie that tells a device from which somebody signed in before from a stranger's.
pub(super) const DEVICES_COOKIE: &str = "device";

/// Who sends, as far as the request tells.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// The digest of the session's secret, or of the personal access token that is sent instead.
    pub(super) session: Option<String>,
    /// The language that the person reads.
    pub(super) lang: Lang,
    /// Browser and system.
    pub(super) device: String,
    /// How the person for whom staff act reached the house.
    pub(super) channel: Option<Channel>,
    /// The page shows an older answer already.
    pub(super) again: bool,
    /// The person as whom the page acts, where it says so.
    pub(super) believed: Option<PersonId>,
    /// The idempotency key, if it has the right form.
    key: Option<String>,
    /// Where from, as limits see it.
    pub(super) address: IpAddr,
    /// The numbers that signed in from this browser, as marks.
    devices: String,
}

impl Caller {
    /// Who asks for codes and uses them.
    pub(super) fn sender(&self) -> Sender {
        Sender {
            address: self.address,
            devices: self.devices.clone(),
        }
    }

    /// The digest of the personal access token, where one is sent.
    pub(super) fn token(&self) -> Option<&str> {
        let session = self.session.as_deref();
        session.filter(|session| session.starts_with(BEARER))
    }

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

/// The token of a program (RFC 6750, section 2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The language of a request: chosen in the app, else what the browser wants.
pub(super) fn language(headers: &HeaderMap) -> Lang {
    let wanted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    Lang::choose(cookie(headers, "lang").or(wanted).unwrap_or_default())
}

/// Whose address it is to limits: one IPv4 address, or the network that one household or house gets of IPv6 (/64).
pub(super) fn prefix(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let network = u128::from(six) & !u128::from(u64::MAX);
            IpAddr::V6(network.into())
        }
        four @ IpAddr::V4(_) => four,
    }
}

/// Where this page was asked for, as others can reach it.
pub(super) fn origin(site: &Site, headers: &HeaderMap) -> String {
    if let Some(public) = &site.public_url {
        return public.clone();
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    format!("http://{host}")
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
            session: bearer(headers)
                .map(token::digest)
                .or_else(|| cookie(headers, COOKIE).map(token_hash)),
            devices: cookie(headers, DEVICES_COOKIE)
                .unwrap_or_default()
                .to_owned(),
            lang: language(headers),
            device: device(text("user-agent").unwrap_or_default()),
            channel: text(CHANNEL_HEADER).and_then(Channel::from_code),
            again: text(AGAIN_HEADER).is_some(),
            believed: text(PERSON_HEADER).map(PersonId::from),
            key: text(KEY_HEADER).filter(sound).map(str::to_owned),
            address: prefix(
                forwarded
                    .or(direct)
                    .unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            ),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_ipv6_is_one_sender() {
        let of = |text: &str| prefix(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::"));
        assert_ne!(of("2001:db8:1:3::1"), of("2001:db8:1:2::1"));
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
    }
}
