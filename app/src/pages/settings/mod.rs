//! Settings of a centre, for managers: address, hours, rules, rooms, files and history.

mod about;
mod file;
mod history;
mod holiday;
mod hook;
mod hours;
mod room;
mod rules;
mod saver;
mod start;
mod steps;

use std::sync::Arc;

use domain::{
    api::CentreView,
    page::Page,
    person::permission::{may_change_centre, may_make_centre},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use self::saver::{Part, Undo};
use crate::{
    components::{live, picker::CentrePicker},
    pages::desk::guard::Guard,
    prefs::lang,
    store::Store,
};

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let t = lang();
    let guard = Guard {
        title: t.settings_title(),
        page: || Page::Settings,
        may: may_change_centre,
        refusal: t.settings_not_yours(),
        body: |centre| view! { <SettingsOfCentre centre/> }.into_any(),
        none: Some(|| view! { <start::Make/> }.into_any()),
    };
    guard.draw()
}

#[component]
fn SettingsOfCentre(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let undo = Undo::new(&centre);
    let steps = view! { <steps::Steps centre=(*centre).clone()/> };
    let of = StoredValue::new(centre);
    // Each form begins again once it was saved, and only then.
    let section =
        move |part: Part, title: &'static str, draw: fn(Arc<CentreView>, Undo) -> AnyView| {
            let begun = undo.begun(part);
            let body = move || {
                begun.get();
                let now = store.centre.get_untracked().and_then(Result::ok);
                let opened = now.unwrap_or_else(|| of.get_value());
                untrack(|| draw(opened, undo))
            };
            let toggle = move |event: leptos::ev::Event| undo.fold(part, is_unfolded(&event));
            view! {
                <details class="card setting" open=undo.is_open(part) on:toggle=toggle>
                    <summary><h2>{title}</h2></summary>
                    {undo.draw(part)}
                    {live(body)}
                </details>
            }
        };
    let more = move || {
        may_make_centre(&store.actor()).then(|| {
            view! {
                <details class="card setting">
                    <summary><h2>{t.make_centre()}</h2></summary>
                    <start::Make/>
                </details>
            }
        })
    };
    view! {
        <div class="map-top"><CentrePicker page=Page::Settings/></div>
        <p class="quiet">{t.settings_lead()}</p>
        {steps}
        {section(Part::About, t.settings_about(), about::draw)}
        {section(Part::Hours, t.settings_hours(), hours::draw)}
        {section(Part::Rules, t.settings_rules(), rules::draw)}
        {section(Part::Rooms, t.settings_rooms(), room::draw)}
        {section(Part::File, t.settings_file(), file::draw)}
        {section(Part::History, t.settings_history(), history::draw)}
        <details class="card setting">
            <summary><h2>{t.hooks_title()}</h2></summary>
            <hook::Hooks centre=of.get_value()/>
        </details>
        {live(more)}
    }
}

/// Whether a `details` that was toggled is open now.
fn is_unfolded(event: &leptos::ev::Event) -> bool {
    let target = event.current_target();
    let details = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    details.is_some_and(|details| details.has_attribute("open"))
}
