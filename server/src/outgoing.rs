//! Outgoing HTTP requests: to addresses that people gave, never to the house's own network (server-side request forgery).

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::hook::Outcome;
use rustls::crypto::ring;
use ureq::{
    Agent,
    config::Config,
    http::Uri,
    tls::{Certificate, RootCerts, TlsConfig},
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::{DefaultConnector, NextTimeout},
    },
};

/// How long a request may take, from the look-up of its name to the head of the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which addresses are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Targets {
    /// Public ones, over https.
    Public,
    /// All, also without https: for tests, and for a house whose programs run beside it.
    Internal,
}

/// Sends requests; cheap to clone.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    targets: Targets,
    /// Nothing goes to public addresses.
    inside: Arc<AtomicBool>,
}

impl Client {
    /// A client for such addresses.
    pub fn new(targets: Targets) -> Self {
        let known = rustls_native_certs::load_native_certs().certs;
        let known: Vec<_> = known
            .iter()
            .map(|one| Certificate::from_der(one).to_owned())
            .collect();
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .root_certs(RootCerts::new_with_certs(&known))
            .build();
        let config = Config::builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            // Whoever answers by sending us elsewhere has not accepted it.
            .max_redirects(0)
            // A proxy would look the name up, and see no rule of ours.
            .proxy(None)
            .user_agent("Linli")
            .tls_config(tls)
            .build();
        let resolver = PublicResolver {
            inner: DefaultResolver::default(),
            targets,
        };
        Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), resolver),
            targets,
            inside: Arc::default(),
        }
    }

    /// From now on nothing goes to public addresses: in a demo, whose accounts are everybody's.
    pub fn stay_inside(&self) {
        self.inside.store(true, Ordering::Relaxed);
    }

    /// Sends a request and says what became of it. It blocks for ten seconds at most.
    pub fn post(&self, url: &str, headers: &[(&str, String)], body: &[u8]) -> Outcome {
        let Ok(uri) = url.parse::<Uri>() else {
            return Outcome::Unreachable;
        };
        if self.targets == Targets::Public && uri.scheme_str() != Some("https") {
            return Outcome::Insecure;
        }
        if self.targets == Targets::Public && self.inside.load(Ordering::Relaxed) {
            return Outcome::Unreachable;
        }
        let mut request = self.agent.post(uri);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        match request.send(body) {
            Ok(response) => match response.status().as_u16() {
                200..=299 => Outcome::Accepted,
                status => Outcome::Answered(status),
            },
            // A name that is not found at all is a fault of input and output.
            Err(ureq::Error::HostNotFound) => Outcome::Internal,
            Err(_) => Outcome::Unreachable,
        }
    }
}

/// Looks names up and leaves out what is internal. The very addresses that it finds are then connected to, so that a name that
/// changes in between leads nowhere.
#[derive(Debug)]
struct PublicResolver {
    inner: DefaultResolver,
    targets: Targets,
}

impl Resolver for PublicResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        if self.targets == Targets::Internal {
            return Ok(found);
        }
        let mut public = self.empty();
        for address in &found {
            if is_public(address.ip()) {
                public.push(*address);
            }
        }
        match public.is_empty() {
            true => Err(ureq::Error::HostNotFound),
            false => Ok(public),
        }
    }
}

/// Whether an address is one of the public internet (IANA special-purpose address registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => is_public_v4(four),
        IpAddr::V6(six) => is_public_v6(six),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    match parts {
        // Addresses that carry one of IPv4: NAT64 and 6to4.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(four(high, low)),
        [0x2002, high, low, ..] => is_public_v4(four(high, low)),
        // Teredo, benchmarks, ORCHID, documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // What is not 2000::/3 is not given to anybody.
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_reached() {
        for public in [
            "1.1.1.1",
            "223.5.5.5",
            "2400:3200::1",
            "2606:4700:4700::1111",
            "64:ff9b::101:101",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for internal in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2001:db8::1",
            "2002:7f00:1::",
            "fc00::1",
            "fe80::1",
            "ff02::1",
        ] {
            assert!(!is_public(internal.parse().unwrap()), "{internal}");
        }
    }

    #[test]
    fn nothing_is_sent_inside_or_in_the_clear() {
        let client = Client::new(Targets::Public);
        let post = |url: &str| client.post(url, &[], b"{}");
        assert_eq!(post("http://example.com/"), Outcome::Insecure);
        assert_eq!(post("https://127.0.0.1:1/"), Outcome::Internal);
        assert_eq!(post("https://localhost:1/"), Outcome::Internal);
        assert_eq!(post("https://[::1]:1/"), Outcome::Internal);
        assert_eq!(post("https://2130706433/"), Outcome::Internal);
        assert_eq!(post("https://a.invalid/"), Outcome::Unreachable);
        assert_eq!(post("no address"), Outcome::Unreachable);
    }
}
