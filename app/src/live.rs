//! Follows the changes of a centre, also after a lost connection.

use leptos::{__reexports::send_wrapper::SendWrapper, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::EventSource;

use domain::{
    api::{Endpoint, FollowCentre},
    id::CentreId,
};

/// Calls `changed` when something at the centre changed, and after each time the connection was lost. The browser
/// connects again by itself; a page that comes back to the foreground or to the network looks at once.
pub fn follow(centre: &CentreId, changed: impl Fn() + Copy + 'static) {
    let Ok(source) = EventSource::new(&FollowCentre::url(centre)) else {
        return;
    };
    let on_message = Closure::<dyn Fn()>::new(changed);
    source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // Also the first time: something may have changed since the page was drawn.
    let on_open = Closure::<dyn Fn()>::new(changed);
    source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
    let back = window_event_listener(leptos::ev::online, move |_| changed());
    let seen = window_event_listener(
        leptos::ev::Custom::<web_sys::Event>::new("visibilitychange"),
        move |_| changed(),
    );
    // The functions live exactly as long as the stream that calls them.
    let held = SendWrapper::new((source, on_message, on_open));
    on_cleanup(move || {
        held.0.close();
        back.remove();
        seen.remove();
    });
}
