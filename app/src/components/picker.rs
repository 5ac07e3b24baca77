//! Choosing a centre and a day.

use domain::{api::CentreView, id::CentreId, time::Date, view::View};
use leptos::prelude::*;

use super::icon::Icon;
use super::live;
use crate::{prefs::lang, store::Store};

/// The centre's name, as the list of all centres to choose from. `path` is the page that stays.
#[component]
pub fn CentrePicker(path: &'static str) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let go = store.go();
    let choose = move |event| {
        let id = CentreId::new(event_target_value(&event));
        let View {
            day,
            at,
            length,
            needs,
            list,
            ..
        } = store.view.get_untracked();
        go(
            path,
            &View {
                centre: Some(id),
                day,
                at,
                length,
                needs,
                list,
                ..View::default()
            },
            false,
        );
    };
    let options = move || {
        let centres = store.centres.get()?.ok()?;
        let current = store.centre_id.get();
        let option = |card: &domain::api::CentreCard| {
            let selected = current.as_ref() == Some(&card.id);
            view! { <option value=card.id.to_string() selected=selected>{card.name.get(t).to_owned()}</option> }
        };
        Some(centres.iter().map(option).collect_view())
    };
    view! {
        <label class="centre-picker">
            <span class="hidden">{t.centre()}</span>
            <select on:change=choose>{live(options)}</select>
            <Icon icon=Icon::Down/>
        </label>
    }
}

/// One day back, the day itself, one day on.
#[component]
pub fn DayPicker(path: &'static str, centre: std::sync::Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let go = store.go();
    let (shown, today) = (centre.clone(), centre);
    let day = Memo::new(move |_| store.day(&shown));
    let today = Memo::new(move |_| store.now(&today).date());
    let to = move |date: Date| {
        let day = (date != today.get_untracked()).then_some(date);
        go(
            path,
            &View {
                day,
                ..store.view.get_untracked()
            },
            true,
        );
    };
    let (back, on, pick) = (to.clone(), to.clone(), to);
    let label = move || {
        let date = day.get();
        let relative = t
            .relative_day(date, today.get())
            .map(|word| format!(" · {word}"))
            .unwrap_or_default();
        format!("{}{relative}", t.date(date))
    };
    view! {
        <div class="day-picker">
            <button class="round" aria-label=t.day_before() on:click=move |_| back(day.get_untracked().plus(-1))>
                <Icon icon=Icon::Back/>
            </button>
            <label class="day">
                <span class="day-label" aria-hidden="true">{label}</span>
                <span class="hidden">{t.day_label()}</span>
                <input
                    type="date"
                    prop:value=move || day.get().to_string()
                    on:change=move |event| {
                        if let Some(date) = Date::parse(&event_target_value(&event)) {
                            pick(date);
                        }
                    }
                />
            </label>
            <button class="round" aria-label=t.day_after() on:click=move |_| on(day.get_untracked().plus(1))>
                <Icon icon=Icon::Forward/>
            </button>
        </div>
    }
}
