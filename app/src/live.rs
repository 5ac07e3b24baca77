//! Follows the changes of a centre, also after a lost connection.

use leptos::{__reexports::send_wrapper::SendWrapper, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, VisibilityState};

use domain::{
    api::{Endpoint, FollowCentre},
    id::CentreId,
};

/// Calls `changed` when something at the centre changed since the count that was `seen`. The browser connects again by
/// itself and says what it saw last; a page that comes back to the foreground or to the network looks at once.
pub fn follow(centre: &CentreId, seen: Option<u64>, changed: impl Fn() + Copy + 'static) {
    let seen = seen.map(|count| format!("?seen={count}"));
    let url = FollowCentre::url(centre) + &seen.unwrap_or_default();
    let Ok(source) = EventSource::new(&url) else {
        return;
    };
    let on_message = Closure::<dyn Fn()>::new(changed);
    source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    let back = window_event_listener(leptos::ev::online, move |_| changed());
    let seen = window_event_listener(
        leptos::ev::Custom::<web_sys::Event>::new("visibilitychange"),
        move |_| {
            if document().visibility_state() == VisibilityState::Visible {
                changed();
            }
        },
    );
    // The functions live exactly as long as the stream that calls them.
    let held = SendWrapper::new((source, on_message));
    on_cleanup(move || {
        held.0.close();
        back.remove();
        seen.remove();
    });
}
