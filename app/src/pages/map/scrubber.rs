//! Time scrubber: what is free at a time, on a day, for how long.

use std::sync::Arc;

use domain::{
    api::CentreView,
    page::Page,
    time::DAY,
    view::{LENGTH, View},
};
use leptos::prelude::*;

use crate::{
    components::{icon::Icon, live, picker::DayPicker},
    pages::map::{
        model::{bounds, hours_in_words},
        shown::Shown,
    },
    prefs::lang,
    store::Store,
};

/// "What is free on Thursday at 18:00 for two hours?"
#[component]
pub(crate) fn Scrubber(
    centre: Arc<CentreView>,
    shown: Shown,
    dragged: RwSignal<Option<i64>>,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let (bounds_of, now_of) = (centre.clone(), centre.clone());
    let range = Memo::new(move |_| bounds(&bounds_of.centre, store.day(&bounds_of)));
    let minute = move || shown.slot.get().start().minute_of_day();
    let step = centre.centre.rules.step.max(1);
    let following = Memo::new(move |_| {
        shown
            .view
            .with(|view| view.is_now(store.day(&now_of), store.now(&now_of)))
    });
    let set = move |event| {
        let at = event_target_value(&event).parse().ok();
        dragged.set(None);
        store.go(
            &Page::Map,
            &View {
                at,
                ..store.view.get_untracked()
            },
            true,
        );
    };
    let now = move |_| {
        dragged.set(None);
        store.go(
            &Page::Map,
            &View {
                at: None,
                day: None,
                ..store.view.get_untracked()
            },
            true,
        );
    };
    let set_length = move |event| {
        let length = event_target_value(&event).parse().ok();
        let mut view = store.view.get_untracked();
        // Asking "for how long" means asking for a time: from the next step on.
        let at = view
            .at
            .or_else(|| Some((minute() / i64::from(step) + 1) * i64::from(step)));
        (view.length, view.at) = (length, at);
        store.go(&Page::Map, &view, true);
    };
    let says = move || {
        let slot = shown.slot.get();
        match following.get() {
            true => t.now_at(&slot.start().clock()),
            false => t.span(slot),
        }
    };
    let length = move || shown.view.with(|view| view.length.unwrap_or(LENGTH));
    // Lengths that are offered, and the one that a link brought along.
    let lengths = move || {
        let mut all = vec![30, 60, 90, 120, 180, 240];
        let at = all.partition_point(|one| *one < length());
        if all.get(at) != Some(&length()) {
            all.insert(at, length());
        }
        all
    };
    let options = move || {
        let option = |minutes: i64| view! { <option value=minutes selected=length() == minutes>{t.minutes(minutes)}</option> };
        lengths().into_iter().map(option).collect_view()
    };
    let step = i64::from(step);
    let shift = move |by: i64| {
        let (first, last) = range.get_untracked();
        let next = (minute() / step + by) * step;
        let at = Some(next.clamp(first, (last - step).max(first)));
        dragged.set(None);
        store.go(
            &Page::Map,
            &View {
                at,
                ..store.view.get_untracked()
            },
            true,
        );
    };

    view! {
        <section class="scrubber" aria-label=t.scrubber()>
            <div class="scrub-line scrub-first">
                <span class="scrub-time">{live(says)}</span>
                <label class="for">
                    <span class="hidden">{t.how_long()}</span>
                    <select on:change=set_length prop:value=move || length().to_string()>{live(options)}</select>
                </label>
            </div>
            <div class="scrub-line scrub-slide">
                <button class="round" aria-label=t.earlier() on:click=move |_| shift(-1)><Icon icon=Icon::Minus/></button>
                <input
                    type="range"
                    class="range"
                    aria-label=t.time()
                    aria-valuetext=says
                    min=move || range.get().0
                    max=move || (range.get().1 - step).min(DAY - 1)
                    step=step
                    prop:value=move || minute().to_string()
                    on:input=move |event| dragged.set(event_target_value(&event).parse().ok())
                    on:change=set
                />
                <button class="round" aria-label=t.later() on:click=move |_| shift(1)><Icon icon=Icon::Plus/></button>
            </div>
            <div class="scrub-line">
                <DayPicker page=Page::Map centre=centre.clone()/>
                <button class="chip" aria-pressed=move || following.get().to_string() on:click=now>{t.now()}</button>
            </div>
        </section>
    }
}

/// Today's hours and the desk's number.
#[component]
pub(crate) fn OpenHours(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let phone = centre.centre.phone.clone();
    let hours = move || hours_in_words(&centre.centre, store.day(&centre), t);
    view! {
        <p class="open-hours">
            <span>{t.open_hours()}" "{hours}</span>
            <a href=format!("tel:{}", phone.replace([' ', '-'], ""))>{t.desk_phone()}" "<bdi>{phone.clone()}</bdi></a>
        </p>
    }
}
