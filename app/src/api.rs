//! The only place that talks to the server.

use std::cell::RefCell;

use domain::{
    api::{AGAIN_HEADER, CHANNEL_HEADER, Endpoint, KEY_HEADER, Method, PERSON_HEADER},
    problem::Message,
    view::View,
};
use gloo_net::http::RequestBuilder;
use leptos::prelude::{GetValue, SetValue, StoredValue, document, set_timeout, window};
use wasm_bindgen::JsCast;

use crate::prefs::lang;

/// A key of 128 random bits.
pub fn new_key() -> String {
    let mut bytes = [0u8; 16];
    if let Ok(crypto) = window().crypto() {
        // Every browser that runs WebAssembly has it; without it the server refuses the empty-handed key.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A write that was sent and not answered.
struct Unanswered {
    /// Method, address and body.
    what: String,
    key: String,
    /// How many times it is on its way.
    flying: u32,
}

thread_local! {
    /// The same thing sent again goes under the same key until it is answered, so that it is done once. Afterwards, and once
    /// something else was done, it is meant again: who is marked, taken back and marked anew is not marked once.
    static UNANSWERED: RefCell<Vec<Unanswered>> = const { RefCell::new(Vec::new()) };
}

/// The key of a write.
fn key_of(what: &str) -> String {
    UNANSWERED.with_borrow_mut(|all| {
        if let Some(known) = all.iter_mut().find(|one| one.what == what) {
            known.flying += 1;
            return known.key.clone();
        }
        let key = new_key();
        all.push(Unanswered {
            what: what.to_owned(),
            key: key.clone(),
            flying: 1,
        });
        key
    })
}

/// The status of what may succeed a moment later without any change (RFC 9110, Service Unavailable).
const PASSING: u16 = 503;

/// The status that says that one must sign in (RFC 9110, Unauthorized).
const SIGNED_OUT_STATUS: u16 = 401;

/// Why something could not be had or done, in the person's language. The server's sentence is taken as it is: the app
/// need not know every problem there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The sentence.
    pub text: String,
    /// The names of the fields that it is about.
    pub fields: Vec<String>,
    /// The same request may succeed a moment later.
    pub passing: bool,
    /// This page is of an older build than the server: only loading it anew helps.
    pub outdated: bool,
    /// It waits in the outbox, and is sent once there is a network.
    pub kept: bool,
}

thread_local! {
    static SIGNED_OUT: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
}

/// Calls `then` whenever the server says that one must sign in.
pub fn on_signed_out(then: impl Fn() + 'static) {
    SIGNED_OUT.with(|held| held.replace(Some(Box::new(then))));
}

/// The header by which the service worker marks an answer of old: when it was given, in seconds UTC.
const KEPT_HEADER: &str = "linli-kept";

thread_local! {
    static KEPT: std::cell::Cell<Option<i64>> = const { std::cell::Cell::new(None) };
}

/// The header by which a page tells the service worker what an act is, and that one that it is kept.
const OUTBOX_HEADER: &str = "linli-outbox";

/// Headers carry no other letters than those of English.
fn encode(words: &str) -> String {
    String::from(js_sys::encode_uri_component(words))
}

/// When the answer that came last was given, where the network was silent and it is one of old.
pub fn kept() -> Option<i64> {
    KEPT.get()
}

/// How long an answer may take, in milliseconds: on a stalled line nothing else would ever end.
const PATIENCE: u32 = 15_000;

impl Trouble {
    /// The network is gone.
    pub fn offline() -> Self {
        Self {
            text: lang().problem_offline().to_owned(),
            fields: Vec::new(),
            passing: true,
            outdated: false,
            kept: false,
        }
    }

    /// Something that was not sent, because it cannot be meant.
    pub fn said(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            fields: Vec::new(),
            passing: false,
            outdated: false,
            kept: false,
        }
    }

    /// What was typed into a field cannot be meant.
    pub fn at(field: &str, text: impl Into<String>) -> Self {
        Self {
            fields: vec![field.to_owned()],
            ..Self::said(text)
        }
    }

    /// The server is of a newer build than this page.
    pub fn outdated() -> Self {
        Self {
            text: lang().problem_outdated().to_owned(),
            fields: Vec::new(),
            passing: false,
            outdated: true,
            kept: false,
        }
    }

    fn kept() -> Self {
        Self {
            kept: true,
            ..Self::said(lang().outbox_kept())
        }
    }

    fn unreadable() -> Self {
        Self {
            text: lang().problem_no_answer().to_owned(),
            fields: Vec::new(),
            passing: true,
            outdated: false,
            kept: false,
        }
    }
}

/// Asks for something.
///
/// # Errors
/// What the server says, or that it cannot be reached.
pub async fn get<E: Endpoint<Body = ()>>(path: &E::Path) -> Result<E::Reply, Trouble> {
    read(&ask(E::url(path), false).await?)
}

/// Asks for something so that it is at hand later; what it says is not read.
///
/// # Errors
/// As [`get`].
pub async fn touch(url: String) -> Result<(), Trouble> {
    ask(url, false).await.map(drop)
}

/// Asks for what the house logs a look at. Once it is `opened` the page asks again because something changed: nobody looks anew.
///
/// # Errors
/// As [`get`].
pub async fn look<E: Endpoint<Body = ()>>(
    path: E::Path,
    opened: StoredValue<bool>,
) -> Result<E::Reply, Trouble> {
    let again = opened.try_get_value() == Some(true);
    let reply = read(&ask(E::url(&path), again).await?)?;
    opened.try_set_value(true);
    Ok(reply)
}

/// What waits in the outbox, and what became of what waited there, as JSON; what waits is sent first, where that is possible.
///
/// # Errors
/// Where no service worker answers.
pub async fn outbox() -> Result<String, Trouble> {
    ask(OUTBOX.to_owned(), false).await
}

/// Whether anything is in the outbox.
pub async fn touch_outbox() -> bool {
    outbox().await.is_ok_and(|acts| acts.starts_with("[{"))
}

/// Takes an act out of the outbox: one that waits is not sent, unless it is on its way. Gives whether it was sent before without an
/// answer: then it may be done.
///
/// # Errors
/// Where it is on its way, or no service worker answers.
pub async fn take_back(id: u64) -> Result<bool, Trouble> {
    let request =
        RequestBuilder::new(&format!("{OUTBOX}/{id}")).method(gloo_net::http::Method::DELETE);
    let request = request.build().map_err(|_| Trouble::offline())?;
    Ok(reply(request).await?.contains("true"))
}

/// Where the service worker answers for the outbox.
const OUTBOX: &str = "/outbox";

/// Where the service worker answers for push messages.
const PUSH: &str = "/push";

/// How this browser is subscribed to push messages; none where it is not.
///
/// # Errors
/// Where no service worker answers.
pub async fn push_subscription() -> Result<Option<Subscription>, Trouble> {
    read(&ask(PUSH.to_owned(), false).await?)
}

/// Subscribes this browser to push messages by the key of the house, or ends that where there is none.
///
/// # Errors
/// Where the browser refuses, or no service worker answers.
pub async fn subscribe(key: Option<&str>) -> Result<Option<Subscription>, Trouble> {
    let method = match key {
        Some(_) => gloo_net::http::Method::POST,
        None => gloo_net::http::Method::DELETE,
    };
    let request = RequestBuilder::new(PUSH).method(method);
    let request = request.body(key.unwrap_or_default().to_owned());
    read(&reply(request.map_err(|_| Trouble::offline())?).await?)
}

/// A subscription as browsers tell it (W3C Push API, `toJSON`).
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Subscription {
    /// Where messages go.
    pub endpoint: String,
    /// `p256dh` and `auth`.
    pub keys: std::collections::BTreeMap<String, String>,
}

async fn ask(url: String, again: bool) -> Result<String, Trouble> {
    let request = RequestBuilder::new(&url).abort_signal(patience().as_ref());
    let request = match again {
        true => request.header(AGAIN_HEADER, "1"),
        false => request,
    };
    let request = request.build().map_err(|_| Trouble::offline())?;
    reply(request).await
}

/// Done it is; but perhaps this page does not understand what came of it.
fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Trouble> {
    serde_json::from_str(text).map_err(|_| Trouble::outdated())
}

/// Changes something, once: see [`UNANSWERED`].
///
/// # Errors
/// What the server says, or that it cannot be reached.
pub async fn send<E: Endpoint>(path: &E::Path, body: &E::Body) -> Result<E::Reply, Trouble> {
    let body = serde_json::to_string(body).unwrap_or_default();
    let text = change(E::METHOD, E::url(path), body, None).await?;
    read(&text)
}

/// As [`send`], for what may wait: without a network the service worker keeps it, `words` say what it is, and the trouble says that it
/// is kept.
///
/// # Errors
/// As [`send`].
pub async fn send_or_keep<E: Endpoint>(
    path: &E::Path,
    body: &E::Body,
    words: &str,
) -> Result<E::Reply, Trouble> {
    let body = serde_json::to_string(body).unwrap_or_default();
    let text = change(E::METHOD, E::url(path), body, Some(words)).await?;
    read(&text)
}

/// Asks for a file by what stands in the body, and hands it to the browser, to be saved under a name.
///
/// # Errors
/// As [`send`].
pub async fn save_file<E: Endpoint<Reply = ()>>(
    path: &E::Path,
    body: &E::Body,
    name: &str,
) -> Result<(), Trouble> {
    let body = serde_json::to_string(body).unwrap_or_default();
    let text = change(E::METHOD, E::url(path), body, None).await?;
    hand_over(&text, name).ok_or_else(Trouble::unreadable)
}

/// How long a file stays at hand for the browser to be saved.
const SAVED_WITHIN: std::time::Duration = std::time::Duration::from_mins(1);

fn hand_over(text: &str, name: &str) -> Option<()> {
    // The mark that says UTF-8, by which spreadsheets know it, is taken off where a reply is read as text.
    let parts = js_sys::Array::of1(&format!("\u{feff}{text}").into());
    let file = web_sys::Blob::new_with_str_sequence(&parts).ok()?;
    let address = web_sys::Url::create_object_url_with_blob(&file).ok()?;
    let link = document().create_element("a").ok()?;
    let link: web_sys::HtmlAnchorElement = link.dyn_into().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // Some browsers begin to save it a moment later.
    set_timeout(
        move || {
            let _ = web_sys::Url::revoke_object_url(&address);
        },
        SAVED_WITHIN,
    );
    Some(())
}

thread_local! {
    static BELIEVED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From now on changes are meant by this person; the server refuses them where somebody else is signed in.
pub fn believe(person: Option<String>) {
    BELIEVED.set(person);
}

/// Not generic: compiled once for all operations.
async fn change(
    method: Method,
    url: String,
    body: String,
    words: Option<&str>,
) -> Result<String, Trouble> {
    let method = match method {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
        Method::Put => gloo_net::http::Method::PUT,
        Method::Delete => gloo_net::http::Method::DELETE,
    };
    let what = format!("{method} {url} {body}");
    let request = RequestBuilder::new(&url)
        .abort_signal(patience().as_ref())
        .method(method)
        .header("content-type", "application/json")
        .header(KEY_HEADER, &key_of(&what));
    let request = match BELIEVED.with_borrow(Clone::clone) {
        Some(person) => request.header(PERSON_HEADER, &person),
        None => request,
    };
    // For whom staff act stands in the address of the page, and how that person reached the house.
    let view = View::parse(&window().location().search().unwrap_or_default());
    let request = match view.behalf {
        Some(behalf) => request.header(CHANNEL_HEADER, behalf.channel.code()),
        None => request,
    };
    let request = match words {
        Some(words) => request.header(OUTBOX_HEADER, &encode(words)),
        None => request,
    };
    let done = match request.body(body) {
        Ok(request) => reply(request).await,
        Err(_) => Err(Trouble::offline()),
    };
    let answered = !done.as_ref().is_err_and(|trouble| trouble.passing);
    UNANSWERED.with_borrow_mut(|all| {
        if let Some(one) = all.iter_mut().find(|one| one.what == what) {
            one.flying = one.flying.saturating_sub(1);
        }
        all.retain(|one| match one.what == what {
            true => !answered,
            // Something was done: from now on the other is meant again, and what came of it the first time is no answer. A look does
            // nothing.
            false => done.is_err() || one.flying > 0 || is_look(&what),
        });
    });
    done
}

/// Whether a write changes nothing that others see: a search, a preview, a count, letters read.
fn is_look(what: &str) -> bool {
    let url = what.split(' ').nth(1).unwrap_or_default();
    let looks = [
        "/search",
        "/search/file",
        "/refusals",
        "/letters/read",
        "/hold",
    ];
    looks.iter().any(|end| url.ends_with(end)) || what.contains("\"preview\":true")
}

fn patience() -> Option<web_sys::AbortSignal> {
    // Browsers without it (before Chrome 103, Safari 16) wait as long as the line does.
    let class = js_sys::Reflect::get(&window(), &"AbortSignal".into()).ok()?;
    let has = js_sys::Reflect::has(&class, &"timeout".into());
    has.is_ok_and(|has| has)
        .then(|| web_sys::AbortSignal::timeout_with_u32(PATIENCE))
}

/// The difference that is taken for a wrong clock, in seconds: more than a reply is on its way.
const WRONG: i64 = 20;

thread_local! {
    static SKEW: std::cell::Cell<i64> = const { std::cell::Cell::new(0) };
}

/// How far the device's clock is behind the server's, in seconds.
pub fn skew() -> i64 {
    SKEW.get()
}

/// A device's clock may be hours off: the server says what time it is (RFC 9110, Date).
fn note_clock(response: &gloo_net::http::Response) {
    let Some(date) = response.headers().get("date") else {
        return;
    };
    let there = js_sys::Date::parse(&date);
    if there.is_finite() {
        let off = ((there - js_sys::Date::now()) / 1000.0) as i64;
        SKEW.set(if off.abs() > WRONG { off } else { 0 });
    }
}

async fn reply(request: gloo_net::http::Request) -> Result<String, Trouble> {
    let response = request.send().await.map_err(|_| Trouble::offline())?;
    let kept = response.headers().get(KEPT_HEADER);
    match &kept {
        // It says what time it was.
        Some(_) => {}
        None => note_clock(&response),
    }
    if response.headers().has(OUTBOX_HEADER) {
        return Err(Trouble::kept());
    }
    let (ok, status) = (response.ok(), response.status());
    let response_passes = status == PASSING;
    let text = response.text().await.map_err(|_| Trouble::offline())?;
    KEPT.set(kept.and_then(|at| at.parse().ok()));
    if ok {
        return Ok(text);
    }
    if status == SIGNED_OUT_STATUS {
        SIGNED_OUT.with(|held| {
            if let Some(then) = &*held.borrow() {
                then();
            }
        });
    }
    // A proxy in between may answer in its own words.
    let told: Result<Message, _> = serde_json::from_str(&text);
    Err(told.map_or_else(
        |_| Trouble::unreadable(),
        |told| Trouble {
            text: told.message,
            fields: told.fields,
            passing: response_passes,
            outdated: false,
            kept: false,
        },
    ))
}
