//! Settings of a centre, for managers: address, hours, rules, rooms, files and history.

mod about;
mod file;
mod history;
mod holiday;
mod hours;
mod room;
mod rules;
mod saver;
mod start;
mod steps;

use std::sync::Arc;

use domain::{
    api::CentreView,
    id::CentreId,
    page::Page,
    person::permission::{may_change_centre, may_make_centre},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use self::saver::Undo;
use crate::{
    components::{
        live,
        notice::{Notice, Skeleton},
        picker::CentrePicker,
    },
    prefs::lang,
    store::Store,
};

/// What stands in the way of the settings.
#[derive(Clone, PartialEq)]
enum Shown {
    Waiting,
    NoCentre,
    NotTheirs,
    Trouble(crate::api::Trouble),
    /// Kept while others change the centre: what is typed stays.
    Of(CentreId),
}

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let shown = Memo::new(move |_| match store.centre.get() {
        None if store.has_no_centre() => Shown::NoCentre,
        None => Shown::Waiting,
        Some(Err(trouble)) => Shown::Trouble(trouble),
        Some(Ok(centre)) if may_change_centre(&store.actor(), &centre.centre.id) => {
            Shown::Of(centre.centre.id.clone())
        }
        Some(Ok(_)) => Shown::NotTheirs,
    });
    let body = move || match shown.get() {
        Shown::Waiting => view! { <Skeleton lines=8/> }.into_any(),
        Shown::NoCentre => view! { <start::Make/> }.into_any(),
        Shown::Trouble(problem) => view! { <Notice problem/> }.into_any(),
        Shown::NotTheirs => view! {
            <div class="map-top"><CentrePicker page=Page::Settings/></div>
            <p class="empty">{t.settings_not_yours()}</p>
        }
        .into_any(),
        Shown::Of(_) => {
            let centre = store.centre.get_untracked().and_then(Result::ok);
            centre.map(|centre| view! { <Loaded centre/> }).into_any()
        }
    };
    view! {
        <main class="page house-page" id="main">
            <h1 tabindex="-1">{t.settings_title()}</h1>
            {live(body)}
        </main>
    }
}

#[component]
fn Loaded(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let undo = Undo::new(&centre);
    let steps = view! { <steps::Steps centre=(*centre).clone()/> };
    let sections = move || {
        undo.saved();
        let now = store.centre.get_untracked().and_then(Result::ok);
        let opened = now.unwrap_or_else(|| centre.clone());
        view! {
            <Section undo title=t.settings_about() body=about::draw(opened.clone(), undo)/>
            <Section undo title=t.settings_hours() body=hours::draw(opened.clone(), undo)/>
            <Section undo title=t.settings_rules() body=rules::draw(opened.clone(), undo)/>
            <Section undo title=t.settings_rooms() body=room::draw(opened.clone(), undo)/>
            <Section undo title=t.settings_file() body=file::draw(opened.clone(), undo)/>
            <Section undo title=t.settings_history() body=history::draw(opened, undo)/>
        }
    };
    let more = move || {
        may_make_centre(&store.actor()).then(|| {
            view! { <Section undo title=t.make_centre() body=view! { <start::Make/> }.into_any()/> }
        })
    };
    view! {
        <div class="map-top"><CentrePicker page=Page::Settings/></div>
        <p class="quiet">{t.settings_lead()}</p>
        {steps}
        {undo.draw()}
        {live(sections)}
        {live(more)}
    }
}

/// A part of the settings, folded until it is needed.
#[component]
fn Section(undo: Undo, title: &'static str, body: AnyView) -> impl IntoView {
    let toggle = move |event: leptos::ev::Event| {
        let is_open = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|details| details.has_attribute("open"));
        undo.fold(title, is_open);
    };
    view! {
        <details class="card setting" open=undo.is_open(title) on:toggle=toggle>
            <summary><h2>{title}</h2></summary>
            {body}
        </details>
    }
}
