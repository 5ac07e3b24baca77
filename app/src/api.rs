//! The only place that talks to the server.

use domain::{
    api::{Endpoint, KEY_HEADER, Method},
    problem::{Problem, Reported},
};
use gloo_net::http::RequestBuilder;
use leptos::prelude::window;

/// A key for one press of a button: the same press sent twice is done once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// 128 random bits.
    pub fn new() -> Self {
        let mut bytes = [0u8; 16];
        if let Ok(crypto) = window().crypto() {
            // Every browser that runs WebAssembly has it; without it the server refuses the empty-handed key.
            let _ = crypto.get_random_values_with_u8_array(&mut bytes);
        }
        Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Asks for something.
///
/// # Errors
/// What the server says, or [`Problem::Offline`].
pub async fn get<E: Endpoint<Body = ()>>(path: &E::Path) -> Result<E::Reply, Problem> {
    let request = RequestBuilder::new(&E::url(path))
        .build()
        .map_err(|_| Problem::Offline)?;
    reply(request).await
}

/// Changes something.
///
/// # Errors
/// What the server says, or [`Problem::Offline`].
pub async fn send<E: Endpoint>(
    path: &E::Path,
    body: &E::Body,
    key: &Key,
) -> Result<E::Reply, Problem> {
    let method = match E::METHOD {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
        Method::Put => gloo_net::http::Method::PUT,
        Method::Delete => gloo_net::http::Method::DELETE,
    };
    let request = RequestBuilder::new(&E::url(path))
        .method(method)
        .header(KEY_HEADER, &key.0)
        .json(body);
    reply(request.map_err(|_| Problem::Offline)?).await
}

async fn reply<T: serde::de::DeserializeOwned>(
    request: gloo_net::http::Request,
) -> Result<T, Problem> {
    let response = request.send().await.map_err(|_| Problem::Offline)?;
    let ok = response.ok();
    let text = response.text().await.map_err(|_| Problem::Offline)?;
    if ok {
        return serde_json::from_str(&text).map_err(|_| Problem::Unavailable);
    }
    // A proxy in between may answer in its own words.
    Err(serde_json::from_str(&text).map_or(Problem::Unavailable, |told: Reported| told.problem))
}
