//! Settings: the booking rules of the house, and where a room differs from them.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    api::CentreView,
    centre::{
        edit::Edit,
        rules::{RoomRules, Rules, Who},
    },
};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::saver::{Part, Saver, Undo};
use crate::prefs::lang;

/// The rules that are numbers, by their names in files.
const NUMBERS: [&str; 17] = [
    "step",
    "shortest",
    "longest",
    "ahead_days",
    "notice",
    "cancel_notice",
    "buffer_before",
    "buffer_after",
    "open_bookings",
    "week_minutes",
    "month_minutes",
    "household_bookings",
    "household_week_minutes",
    "fewest_people",
    "grace",
    "no_shows",
    "no_show_days",
];

/// Those that a room does not have of its own.
const OF_THE_HOUSE: [&str; 4] = [
    "no_shows",
    "no_show_days",
    "household_bookings",
    "household_week_minutes",
];

/// Rules in fields, by their names in files; empty ones are left out.
#[derive(Clone, Copy)]
pub(super) struct RuleFields {
    numbers: StoredValue<BTreeMap<&'static str, RwSignal<String>>>,
    who: RwSignal<String>,
    /// What holds where a field is empty.
    usual: StoredValue<Option<Rules>>,
}

impl RuleFields {
    pub(super) fn new<T: Serialize>(rules: &T, usual: Option<Rules>) -> Self {
        let all = serde_json::to_value(rules).unwrap_or_default();
        let field = |name: &'static str| {
            let number = all.get(name).and_then(Value::as_u64);
            let text = number.map(|number| number.to_string()).unwrap_or_default();
            (name, RwSignal::new(text))
        };
        let who = all.get("who").and_then(Value::as_str).unwrap_or_default();
        Self {
            numbers: StoredValue::new(
                NUMBERS
                    .into_iter()
                    .filter(|name| usual.is_none() || !OF_THE_HOUSE.contains(name))
                    .map(field)
                    .collect(),
            ),
            who: RwSignal::new(who.to_owned()),
            usual: StoredValue::new(usual),
        }
    }

    /// What is typed.
    ///
    /// # Errors
    /// The field that is no number, and what it says.
    pub(super) fn read<T: DeserializeOwned>(self) -> Result<T, (String, String)> {
        let mut all = Map::new();
        for (name, field) in self.numbers.get_value() {
            let typed = field.get_untracked();
            if typed.trim().is_empty() && self.usual.with_value(Option::is_some) {
                continue;
            }
            let number: u16 = typed.trim().parse().map_err(|_| (name.to_owned(), typed))?;
            all.insert(name.to_owned(), number.into());
        }
        let who = self.who.get_untracked();
        if !who.is_empty() {
            all.insert("who".to_owned(), who.into());
        }
        serde_json::from_value(Value::Object(all))
            .map_err(|cause| ("who".to_owned(), cause.to_string()))
    }

    pub(super) fn draw(self, saver: Saver) -> AnyView {
        let t = lang();
        let usual = self
            .usual
            .get_value()
            .map(|rules| serde_json::to_value(rules).unwrap_or_default());
        let as_usual = |name: &str| {
            let number = usual.as_ref()?.get(name)?.as_u64()?;
            Some(t.as_the_house(number))
        };
        let fields = NUMBERS.map(|name| {
            let field = self.numbers.with_value(|all| all.get(name).copied());
            let unit = match name {
                "ahead_days" | "no_show_days" => t.unit_days(),
                "open_bookings" | "household_bookings" | "fewest_people" | "no_shows" => "",
                _ => t.unit_minutes(),
            };
            let label = match unit {
                "" => t.rule_word(name).to_owned(),
                unit => t.with_unit(t.rule_word(name), unit),
            };
            field.map(|field| view! {
                <label class="field">
                    <span>{label}</span>
                    <input type="number" name=name min="0" max="60000" inputmode="numeric" placeholder=as_usual(name)
                        prop:value=move || field.get() on:input=move |event| { field.set(event_target_value(&event)); saver.touch(); }/>
                </label>
            })
        });
        let who = self.who;
        let empty = self.usual.with_value(Option::is_some).then(|| view! {
            <option value="" prop:selected=move || who.with(String::is_empty)>{t.who_as_the_house()}</option>
        });
        let choices = [
            (Who::Residents, "residents"),
            (Who::Organisers, "organisers"),
            (Who::Staff, "staff"),
        ]
        .map(|(one, code)| view! { <option value=code prop:selected=move || who.get() == code>{one.word(t)}</option> });
        view! {
            <div class="rule-fields">
                {fields.collect_view()}
                <label class="field">
                    <span>{t.who_books()}</span>
                    <select name="who" on:change=move |event| { who.set(event_target_value(&event)); saver.touch(); }>{empty}{choices.collect_view()}</select>
                </label>
            </div>
        }
        .into_any()
    }
}

pub(super) fn draw(opened: Arc<CentreView>, undo: Undo) -> AnyView {
    let t = lang();
    let fields = RuleFields::new(&opened.centre.rules, None);
    let saver = Saver::new(opened, undo, Part::Rules);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match fields.read::<Rules>() {
            Ok(typed) => saver.save_part(
                |centre| centre.rules.clone(),
                typed,
                |before, after| Edit::Rules { before, after },
            ),
            Err((field, typed)) => saver.refuse_typed(field, &typed),
        }
    };
    view! {
        <form class="form" on:submit=submit>
            {fields.draw(saver)}
            {saver.draw(t.save())}
        </form>
    }
    .into_any()
}

/// Where a room differs from the rules of its house.
pub(super) fn of_room(rules: &RoomRules, usual: Rules) -> RuleFields {
    RuleFields::new(rules, Some(usual))
}
