//! The app: everything that people see.

mod api;
mod app;
mod components;
mod draft;
mod live;
mod offline;
mod pages;
mod prefs;
mod query;
mod router;
mod start;
mod store;

/// Says that the program has failed, on a page whose buttons do nothing any more.
fn say_failure() {
    let document = leptos::prelude::document();
    // What stopped stops again at each press.
    if let Ok(Some(_)) = document.query_selector(".failed") {
        return;
    }
    let Ok(bar) = document.create_element("div") else {
        return;
    };
    let t = prefs::lang();
    bar.set_class_name("failed");
    let _ = bar.set_attribute("role", "alert");
    bar.set_text_content(Some(t.program_failed()));
    if let Ok(link) = document.create_element("a") {
        let _ = link.set_attribute("href", "");
        link.set_text_content(Some(t.load_again()));
        let _ = bar.append_child(&link);
    }
    if let Some(body) = document.body() {
        let _ = body.append_child(&bar);
    }
}

fn main() {
    std::panic::set_hook(Box::new(|_| say_failure()));
    prefs::follow_elder();
    start::start([store::read_boot, || {
        leptos::mount::mount_to_body(app::App);
    }]);
}
