//! Settings: what the house is called, where it is, and its number.

use std::sync::Arc;

use domain::{
    api::CentreView,
    centre::edit::{About, Edit},
    language::Name,
};
use leptos::prelude::*;

use super::saver::{Part, Saver, Undo, text};
use crate::prefs::lang;

/// A name in two languages as two fields; the other language where one is empty.
#[derive(Clone, Copy)]
pub(super) struct NameFields {
    zh: RwSignal<String>,
    en: RwSignal<String>,
}

impl NameFields {
    pub(super) fn new(name: &Name) -> Self {
        Self {
            zh: RwSignal::new(name.zh.clone()),
            en: RwSignal::new(name.en.clone()),
        }
    }

    pub(super) fn read(self) -> Name {
        let typed = |one: RwSignal<String>| one.get_untracked().trim().to_owned();
        let (zh, en) = (typed(self.zh), typed(self.en));
        match (zh.is_empty(), en.is_empty()) {
            (true, _) => Name::new(en.clone(), en),
            (_, true) => Name::new(zh.clone(), zh),
            _ => Name::new(zh, en),
        }
    }

    pub(super) fn draw(self, label: &str, saver: Saver) -> AnyView {
        let t = lang();
        view! {
            <div class="pair">
                {text(t.in_chinese(label), "name", self.zh, saver)}
                {text(t.in_english(label), "name", self.en, saver)}
            </div>
        }
        .into_any()
    }
}

pub(super) fn draw(opened: Arc<CentreView>, undo: Undo) -> AnyView {
    let t = lang();
    let about = About::of(&opened.centre);
    let saver = Saver::new(opened, undo, Part::About);
    let name = NameFields::new(&about.name);
    let address = NameFields::new(&about.address);
    let directions = NameFields::new(&about.directions);
    let phone = RwSignal::new(about.phone);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = About {
            name: name.read(),
            address: address.read(),
            directions: directions.read(),
            phone: phone.get_untracked().trim().to_owned(),
        };
        saver.save_part(About::of, typed, |before, after| Edit::About {
            before: Box::new(before),
            after: Box::new(after),
        });
    };
    view! {
        <form class="form" on:submit=submit>
            {name.draw(t.name_label(), saver)}
            {address.draw(t.address_label(), saver)}
            {directions.draw(t.directions_label(), saver)}
            {text(t.desk_phone(), "phone", phone, saver)}
            {saver.draw(t.save())}
        </form>
    }
    .into_any()
}
