//! The app: everything that people see.

mod api;
mod app;
mod components;
mod live;
mod pages;
mod prefs;
mod query;
mod router;
mod start;
mod store;

fn main() {
    start::start([store::read_boot, || {
        leptos::mount::mount_to_body(app::App);
    }]);
}
