//! Follows the changes of a centre (server-sent events), also after a lost connection or a restart of the server.

use domain::{
    api::{Change, Endpoint, FollowCentre},
    id::CentreId,
};
use leptos::{__reexports::send_wrapper::SendWrapper, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent, VisibilityState};

/// Calls `changed` when something at the centre changed since the count that was `seen`, with the days where they are known.
/// The browser connects again by itself and says what it saw last, except after an answer that was none: then `beat`, which
/// ticks, opens a new stream. A page that comes back to the foreground or to the network looks at once.
pub fn follow(
    centre: &CentreId,
    seen: Option<u64>,
    beat: RwSignal<i64>,
    changed: impl Fn(Option<Change>) + Copy + 'static,
) {
    let seen = seen.map(|count| format!("?seen={count}"));
    let url = FollowCentre::url(centre);
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        changed(serde_json::from_str(&text).ok());
    });
    let listener = StoredValue::new_local(on_message);
    let open = move |url: &str| {
        let source = EventSource::new(url).ok()?;
        listener.with_value(|on_message| {
            source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        });
        Some(SendWrapper::new(source))
    };
    let stream = StoredValue::new(open(&(url.clone() + &seen.unwrap_or_default())));
    let look = move || {
        let closed = stream.with_value(|stream| {
            let state = stream.as_ref().map(|stream| stream.ready_state());
            state.is_none_or(|state| state == EventSource::CLOSED)
        });
        if closed {
            // Its greeting tells that everything may have changed.
            stream.set_value(open(&url));
        }
        closed
    };
    let look = StoredValue::new_local(look);
    Effect::new(move |before: Option<()>| {
        beat.track();
        if before.is_some() {
            look.with_value(|look| look());
        }
    });
    let back = move || {
        if !look.with_value(|look| look()) {
            changed(None);
        }
    };
    let online = window_event_listener(leptos::ev::online, move |_| back());
    let seen = window_event_listener(
        leptos::ev::Custom::<web_sys::Event>::new("visibilitychange"),
        move |_| {
            if document().visibility_state() == VisibilityState::Visible {
                back();
            }
        },
    );
    on_cleanup(move || {
        stream.with_value(|stream| {
            if let Some(stream) = stream {
                stream.set_onmessage(None);
                stream.close();
            }
        });
        online.remove();
        seen.remove();
    });
}
