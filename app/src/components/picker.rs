//! Choosing a centre and a day.

use domain::{api::CentreView, id::CentreId, page::Page, time::Date, view::View};
use leptos::prelude::*;

use crate::{
    components::{icon::Icon, live},
    prefs::lang,
    store::Store,
};

/// The centre's name, as the list of all centres to choose from. `page` is the one that stays.
#[component]
pub fn CentrePicker(page: Page) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let choose = move |event| {
        let id = CentreId::new(event_target_value(&event));
        let View {
            day,
            at,
            length,
            needs,
            list,
            behalf,
            ..
        } = store.view.get_untracked();
        store.go(
            &page,
            &View {
                day,
                at,
                length,
                needs,
                list,
                behalf,
                ..View::at_centre(Some(id))
            },
            false,
        );
    };
    let options = move || {
        let centres = store.centres.get()?.ok()?;
        let current = store.centre_id.get();
        let option = |card: &domain::api::CentreCard| {
            let selected = current.as_ref() == Some(&card.id);
            view! { <option value=card.id.to_string() prop:selected=selected>{card.name.get(t).to_owned()}</option> }
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

/// One day back, the day itself, one day on; by weeks where `weeks` says so.
#[component]
pub fn DayPicker(
    page: Page,
    centre: std::sync::Arc<CentreView>,
    #[prop(optional)] weeks: Option<Memo<bool>>,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let (shown, today) = (centre.clone(), centre);
    let day = Memo::new(move |_| store.day(&shown));
    let today = Memo::new(move |_| store.now(&today).date());
    let to = move |date: Date| {
        let day = (date != today.get_untracked()).then_some(date);
        store.go(
            &page,
            &View {
                day,
                ..store.view.get_untracked()
            },
            true,
        );
    };
    let (back, on, pick) = (to.clone(), to.clone(), to);
    let weekly = move || weeks.is_some_and(|weeks| weeks.get());
    let step = move || if untrack(weekly) { 7 } else { 1 };
    let label = move || {
        let date = day.get();
        if weekly() {
            let monday = date.monday();
            return (
                format!("{}–{}", t.day(monday), t.day(monday.plus(6))),
                String::new(),
            );
        }
        let relative = t
            .relative_day(date, today.get())
            .map(|word| format!(" · {word}"))
            .unwrap_or_default();
        (t.date(date), relative)
    };
    view! {
        <div class="day-picker">
            <button class="round" aria-label=move || if weekly() { t.week_before() } else { t.day_before() } on:click=move |_| back(day.get_untracked().plus(-step()))>
                <Icon icon=Icon::Back/>
            </button>
            <label class="day">
                <span class="day-label" aria-hidden="true">{move || label().0}<span class="relative">{move || label().1}</span></span>
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
            <button class="round" aria-label=move || if weekly() { t.week_after() } else { t.day_after() } on:click=move |_| on(day.get_untracked().plus(step()))>
                <Icon icon=Icon::Forward/>
            </button>
        </div>
    }
}
