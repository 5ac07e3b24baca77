//! Choosing a centre and a day.

use domain::{
    api::CentreView,
    id::CentreId,
    page::Page,
    time::Date,
    view::{Span, View},
};
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

/// One day back, the day itself, one day on; by weeks or months where `span` says so.
#[component]
pub fn DayPicker(
    page: Page,
    centre: std::sync::Arc<CentreView>,
    #[prop(optional)] span: Option<Memo<Span>>,
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
    let span = move || span.map_or(Span::Day, |span| span.get());
    let beside = move |forward: bool| {
        let (day, sign) = (day.get_untracked(), if forward { 1 } else { -1 });
        match untrack(span) {
            Span::Day => day.plus(sign),
            Span::Week | Span::Agenda => day.plus(7 * sign),
            Span::Month => day.month_beside(forward),
        }
    };
    let label = move || {
        let date = day.get();
        let days = |first: Date, last: Date| {
            let words = format!("{}–{}", t.day(first), t.day(last));
            (words, String::new())
        };
        match span() {
            Span::Day => {}
            Span::Week => return days(date.monday(), date.monday().plus(6)),
            Span::Agenda => return days(date, date.plus(13)),
            Span::Month => {
                let (year, month, _) = date.ymd();
                return (t.month_name(year, month), String::new());
            }
        }
        let relative = t
            .relative_day(date, today.get())
            .map(|word| format!(" · {word}"))
            .unwrap_or_default();
        (t.date(date), relative)
    };
    let before = move || match span() {
        Span::Day => t.day_before(),
        Span::Week | Span::Agenda => t.week_before(),
        Span::Month => t.month_before(),
    };
    let after = move || match span() {
        Span::Day => t.day_after(),
        Span::Week | Span::Agenda => t.week_after(),
        Span::Month => t.month_after(),
    };
    view! {
        <div class="day-picker">
            <button class="round" aria-label=before on:click=move |_| back(beside(false))>
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
            <button class="round" aria-label=after on:click=move |_| on(beside(true))>
                <Icon icon=Icon::Forward/>
            </button>
        </div>
    }
}
