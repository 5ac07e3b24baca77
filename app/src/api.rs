//! The only place that talks to the server.

use domain::{
    api::{CHANNEL_HEADER, Endpoint, KEY_HEADER, Method},
    problem::Message,
    view::View,
};
use gloo_net::http::RequestBuilder;
use leptos::prelude::{GetValue, SetValue, StoredValue, window};

use crate::prefs::lang;

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

/// The press of a button that sends something: the same thing sent again goes under the same key, so that it is done
/// once; anything else, or a refusal in between, is a new press.
pub struct Press<T: 'static>(StoredValue<Option<(Key, T)>>);

impl<T> Clone for Press<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Press<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Press<T> {
    /// Nothing was sent yet.
    pub fn new() -> Self {
        Self(StoredValue::new(None))
    }

    /// Sends it.
    ///
    /// # Errors
    /// What the server says, or that it cannot be reached.
    pub async fn send<E: Endpoint<Body = T>>(
        self,
        path: &E::Path,
        body: &T,
    ) -> Result<E::Reply, Trouble> {
        let before = self.0.get_value().filter(|(_, sent)| sent == body);
        let key = before.map_or_else(Key::new, |(key, _)| key);
        self.0.set_value(Some((key.clone(), body.clone())));
        let done = send::<E>(path, body, &key).await;
        if !done.as_ref().is_err_and(|trouble| trouble.passing) {
            // The page may be gone meanwhile.
            self.0.try_set_value(None);
        }
        done
    }
}

/// The status of what may succeed a moment later without any change (RFC 9110, Service Unavailable).
const PASSING: u16 = 503;

/// Why something could not be had or done, in the person's language. The server's sentence is taken as it is: the app
/// need not know every problem there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The sentence.
    pub text: String,
    /// The same request may succeed a moment later.
    pub passing: bool,
}

impl Trouble {
    /// The network is gone.
    pub fn offline() -> Self {
        Self {
            text: lang().problem_offline().to_owned(),
            passing: true,
        }
    }

    fn unreadable() -> Self {
        Self {
            text: lang().problem_unavailable().to_owned(),
            passing: true,
        }
    }
}

/// Asks for something.
///
/// # Errors
/// What the server says, or that it cannot be reached.
pub async fn get<E: Endpoint<Body = ()>>(path: &E::Path) -> Result<E::Reply, Trouble> {
    let request = RequestBuilder::new(&E::url(path))
        .build()
        .map_err(|_| Trouble::offline())?;
    reply(request).await
}

/// Changes something.
///
/// # Errors
/// What the server says, or that it cannot be reached.
pub async fn send<E: Endpoint>(
    path: &E::Path,
    body: &E::Body,
    key: &Key,
) -> Result<E::Reply, Trouble> {
    let method = match E::METHOD {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
        Method::Put => gloo_net::http::Method::PUT,
        Method::Delete => gloo_net::http::Method::DELETE,
    };
    let request = RequestBuilder::new(&E::url(path))
        .method(method)
        .header(KEY_HEADER, &key.0);
    // For whom staff act stands in the address of the page, and how that person reached the house.
    let view = View::parse(&window().location().search().unwrap_or_default());
    let request = match view.behalf {
        Some(behalf) => request.header(CHANNEL_HEADER, behalf.channel.code()),
        None => request,
    };
    let request = request.json(body);
    reply(request.map_err(|_| Trouble::offline())?).await
}

async fn reply<T: serde::de::DeserializeOwned>(
    request: gloo_net::http::Request,
) -> Result<T, Trouble> {
    let response = request.send().await.map_err(|_| Trouble::offline())?;
    let (ok, response_passes) = (response.ok(), response.status() == PASSING);
    let text = response.text().await.map_err(|_| Trouble::offline())?;
    if ok {
        return serde_json::from_str(&text).map_err(|_| Trouble::unreadable());
    }
    // A proxy in between may answer in its own words.
    let told: Result<Message, _> = serde_json::from_str(&text);
    Err(told.map_or_else(
        |_| Trouble::unreadable(),
        |told| Trouble {
            text: told.message,
            passing: response_passes,
        },
    ))
}
