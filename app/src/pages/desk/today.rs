//! Desk page: the call bar, the timeline of the day, and what waits, side by side; on a small screen one of them at a time.

use std::sync::Arc;

use domain::{
    api::{self as contract, CentreView, Endpoint, GetDaySheet, GetDesk},
    booking::BookingState,
    page::Page,
    person::permission::{may_see_desk, may_see_figures},
    view::View,
};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use crate::{
    api,
    components::{
        live,
        once::once,
        picker::{CentrePicker, DayPicker},
    },
    pages::desk::{
        day::{Expected, SessionList, expected_people},
        find::FindPerson,
        guard::Guard,
        question::RoomQuestion,
        queue::{ExplainedList, ToTellList},
        requests::Requests,
        timeline::DayOfRooms,
    },
    prefs::{self, lang},
    query::{Loaded, query},
    store::Store,
};

/// The page.
#[component]
pub fn DeskPage() -> impl IntoView {
    let t = lang();
    let guard = Guard {
        title: t.house_title(),
        page: || Page::Desk,
        may: may_see_desk,
        refusal: t.house_not_yours(),
        body: |centre| view! { <Desk centre/> }.into_any(),
        none: None,
    };
    guard.draw()
}

/// What a small screen shows of the desk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Queue,
    Day,
    People,
}

impl Tab {
    fn code(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Day => "day",
            Self::People => "people",
        }
    }
}

#[component]
fn Desk(centre: Arc<CentreView>) -> impl IntoView {
    let store = Store::get();
    let of = centre.clone();
    let day = Memo::new(move |_| store.day(&of));
    let id = centre.centre.id.clone();
    let asked = id.clone();
    let desk = query(
        move || Some(day.get()),
        move || store.version(),
        None,
        move |day| {
            let path = (asked.clone(), day);
            async move { api::get::<GetDesk>(&path).await }
        },
    );
    let now = Memo::new(move |_| store.centre.get().and_then(Result::ok));
    // Another day is another sheet; what others do on this one changes rows in place.
    let of = centre.clone();
    let rooms = move || {
        day.get();
        once(desk, 8, move |desk| {
            // Rooms and hours as they are now; nothing is typed there.
            let today = move || now.get().map(|centre| view! { <DayOfRooms centre desk/> });
            view! { {live(today)} }.into_any()
        })
    };
    let people = move || {
        day.get();
        let centre = of.clone();
        once(desk, 4, move |desk| {
            view! {
                <SessionList centre=centre.clone() desk/>
                <Expected desk/>
            }
            .into_any()
        })
    };
    let of = centre.clone();
    let waits = move || {
        let centre = of.clone();
        once(desk, 0, move |desk| {
            view! {
                <ToTellList centre=centre.clone() desk/>
                <ExplainedList desk/>
            }
            .into_any()
        })
    };
    let tab = RwSignal::new(Tab::Day);
    // Where something waits a small screen begins with that.
    let begun = StoredValue::new(false);
    let touched = StoredValue::new(false);
    Effect::new(move |before: Option<Tab>| {
        let now = tab.get();
        touched.update_value(|touched| *touched |= before.is_some_and(|before| before != now));
        now
    });
    Effect::new(move |_| {
        let Some(Ok(desk)) = desk.get() else { return };
        if !begun.get_value() && !touched.get_value() {
            begun.set_value(true);
            if !desk.requests.is_empty() || !desk.to_tell.is_empty() {
                tab.set(Tab::Queue);
            }
        }
    });
    let asked = RwSignal::new(String::new());
    let served = StoredValue::new(0.0);
    // By the rooms, hours and rules of now.
    let bar = move || {
        now.get()
            .map(|centre| view! { <RoomQuestion centre asked served/> })
    };
    focus_by_slash(tab);
    view! {
        <TopLine centre=centre.clone() desk/>
        <Tabs tab desk/>
        <div class="desk" data-tab=move || tab.get().code()>
            <div class="of-people call-bar">
                <FindPerson centre=id asked served show=Callback::new(move |()| tab.set(Tab::People))/>
                {live(bar)}
            </div>
            <div class="of-day of-rooms">{live(rooms)}</div>
            <div class="side-by-side">
                <div class="of-queue"><Requests centre desk/>{live(waits)}</div>
                <div class="of-day">{live(people)}</div>
            </div>
        </div>
    }
}

/// `/` leads to the call bar from wherever the keys are, unless something is typed there.
fn focus_by_slash(tab: RwSignal<Tab>) {
    let listener = window_event_listener(ev::keydown, move |event| {
        let target = event
            .target()
            .and_then(|one| one.dyn_into::<web_sys::Element>().ok());
        let types = |one: &web_sys::Element| {
            one.matches("input, textarea, select, dialog *")
                .unwrap_or_default()
        };
        let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        if event.key() == "/" && plain && prefs::slash() && !target.is_some_and(|one| types(&one)) {
            event.prevent_default();
            tab.set(Tab::People);
            // Its tab is shown first.
            request_animation_frame(|| prefs::focus(".find-person input"));
        }
    });
    on_cleanup(move || listener.remove());
}

/// The house, the day, its numbers, and the ways on.
#[component]
fn TopLine(centre: Arc<CentreView>, desk: Memo<Loaded<contract::Desk>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let numbers = move || {
        let desk = desk.get()?.ok()?;
        let bookings = desk
            .bookings
            .iter()
            .filter(|one| one.state == BookingState::Confirmed);
        // Of a session those who signed up are expected, not its places.
        let (count, people) = bookings.fold((0u16, 0u16), |(n, p), one| {
            (n + 1, p.saturating_add(expected_people(&desk, one)))
        });
        Some(view! {
            <p class="numbers">
                <span><strong>{count}</strong>" "{t.house_bookings()}</span>
                <span><strong>{people}</strong>" "{t.house_people()}</span>
                <span><strong>{count_waiting(&desk)}</strong>" "{t.house_waiting()}</span>
            </p>
        })
    };
    let on_day = move |page: Page| {
        move || {
            let view = View {
                day: store.view.with(|view| view.day),
                ..store.here.get()
            };
            view.address(&page)
        }
    };
    let id = centre.centre.id.clone();
    let (at, of) = (id.clone(), centre.clone());
    let sheet = move || GetDaySheet::url(&(at.clone(), store.day(&of)));
    let wall = move || {
        let centre = store.here.with(|here| here.centre.clone());
        let view = View {
            wall: true,
            ..View::at_centre(centre)
        };
        view.address(&Page::Map)
    };
    let figures = move || {
        may_see_figures(&store.actor(), &id).then(|| {
            view! {
                <a class="button" href=on_day(Page::Figures)>{t.figures_title()}</a>
                <a class="button" href=store.href(Page::Roles)>{t.roles_title()}</a>
                <a class="button" href=store.href(Page::Settings)>{t.settings_title()}</a>
            }
        })
    };
    view! {
        <div class="map-top">
            <CentrePicker page=Page::Desk/>
            <DayPicker page=Page::Desk centre/>
            {live(numbers)}
            <div class="ways">
                <a class="button" href=store.href(Page::Queue)>{t.queue_title()}</a>
                <a class="button" href=store.href(Page::Closures)>{t.closures_title()}</a>
                <a class="button" href=on_day(Page::Audit)>{t.log_title()}</a>
                <a class="button" href=sheet target="_blank" rel="noopener">{t.paper_day()}</a>
                <a class="button" href=wall target="_blank" rel="noopener">{t.to_wall()}</a>
                {live(figures)}
            </div>
        </div>
    }
}

fn count_waiting(desk: &contract::Desk) -> u16 {
    let waiting = desk.requests.iter();
    let waiting = waiting.filter(|one| one.state == BookingState::Requested);
    u16::try_from(waiting.count()).unwrap_or(u16::MAX)
}

/// What waits, the day, people: on a small screen one at a time.
#[component]
fn Tabs(tab: RwSignal<Tab>, desk: Memo<Loaded<contract::Desk>>) -> impl IntoView {
    let t = lang();
    let button = move |one: Tab, words: &'static str| {
        let count = move || {
            let desk = desk
                .get()
                .and_then(Result::ok)
                .filter(|_| one == Tab::Queue)?;
            let told = u16::try_from(desk.to_tell.len() + desk.explained.len());
            let count = count_waiting(&desk).saturating_add(told.unwrap_or(u16::MAX));
            (count > 0).then(|| format!(" {count}"))
        };
        view! { <button class="chip" aria-pressed=move || (tab.get() == one).to_string() on:click=move |_| tab.set(one)>{words}{count}</button> }
    };
    view! {
        <div class="desk-tabs" role="group" aria-label=t.house_title()>
            {button(Tab::Queue, t.tab_queue())}
            {button(Tab::Day, t.tab_day())}
            {button(Tab::People, t.tab_people())}
        </div>
    }
}
