//! The app: everything that people see.

mod api;
mod app;
mod calendar;
mod components;
mod live;
mod map;
mod pages;
mod plot;
mod prefs;
mod query;
mod store;

fn main() {
    leptos::mount::mount_to_body(app::App);
    // The page that the server drew has done its duty.
    if let Some(shell) = leptos::prelude::document().get_element_by_id("shell") {
        shell.remove();
    }
}
