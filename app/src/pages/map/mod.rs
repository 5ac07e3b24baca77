//! The front page: the live floor map and its twin, the list.

pub mod filters;
pub mod list;
pub mod model;
pub mod panels;
pub mod plan;
pub mod room;
mod roving;
pub mod scrubber;
pub mod shown;
mod viewport;

use std::sync::Arc;

use domain::{
    api::CentreView,
    id::RoomId,
    page::Page,
    view::{View, ways::ways_html},
};
use leptos::prelude::*;

use crate::{
    components::{
        icon::Icon,
        live,
        notice::{Notice, Skeleton},
        once::arrived,
        picker::CentrePicker,
    },
    pages::{
        map::{
            filters::{Nothing, Tools},
            list::Rooms,
            plan::Plan,
            scrubber::{OpenHours, Scrubber},
            shown::Shown,
        },
        map_panels,
    },
    prefs::{self, lang},
    start::{self, part},
    store::Store,
};

/// The page.
#[component]
pub fn MapPage() -> impl IntoView {
    let store = Store::get();
    let body = move || match store.centre.get() {
        None if store.has_no_centre() => {
            view! { <p class="empty">{lang().no_centre()}</p> }.into_any()
        }
        None => match store.centres.get() {
            Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
            _ => view! { <Skeleton lines=8/> }.into_any(),
        },
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(centre)) => view! { <MapOfCentre centre/> }.into_any(),
    };
    view! {
        <main class="page map-page" id="main">
            <h1 class="hidden" tabindex="-1">{lang().map_title()}</h1>
            {live(body)}
        </main>
    }
    .into_any()
}

/// Whether there is room for the list beside the plan, as the style sheet has it.
fn follow_width() -> RwSignal<bool> {
    let is_wide = || {
        window()
            .inner_width()
            .ok()
            .and_then(|width| width.as_f64())
            .is_some_and(|width| width >= 900.0)
    };
    let wide = RwSignal::new(is_wide());
    let resized = window_event_listener(leptos::ev::resize, move |_| {
        if wide.get_untracked() != is_wide() {
            wide.set(is_wide());
        }
    });
    on_cleanup(move || resized.remove());
    wide
}

#[component]
fn MapOfCentre(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    // While the scrubber is dragged, its minute; the URL follows when it is let go.
    let dragged = RwSignal::new(None::<i64>);
    let view = Memo::new(move |_| {
        let mut view = store.view.get();
        view.at = dragged.get().or(view.at);
        view
    });
    let of = centre.clone();
    let shown_slot =
        Memo::new(move |_| view.with(|view| view.slot(store.day(&of), store.now(&of))));
    let (week, lines) = store.lines_of_week(&centre);
    let shown = Shown {
        view,
        slot: shown_slot,
        timelines: lines,
        week,
    };
    let open = Callback::new(move |room: RoomId| {
        let view = View {
            room: Some(room),
            ..store.view.get_untracked()
        };
        store.go(&Page::Map, &view, false);
        request_animation_frame(|| prefs::focus("#room-title"));
    });
    let of = centre.clone();
    let floor = Memo::new(move |_| {
        view.with(|view| view.floor_of(&of.centre).map(|floor| floor.id.clone()))
    });
    let of = centre.clone();
    // Mounted once a floor: what others do changes rooms in place, and nobody loses their zoom. None while the week is on its way.
    let ready = arrived(store.week);
    let plan = move || match (ready.get(), floor.get()) {
        (Some(Err(problem)), _) => view! { <Notice problem/> }.into_any(),
        (None, _) => view! { <div class="canvas"><Skeleton lines=6/></div> }.into_any(),
        (Some(Ok(())), Some(floor)) => {
            let centre = of.clone();
            view! { <Plan centre floor timelines=lines when=shown_slot view open/> }.into_any()
        }
        (Some(Ok(())), None) => ().into_any(),
    };
    let of = centre.clone();
    let floors = move || {
        (of.centre.floors.len() > 1).then(|| {
            let current = floor.get();
            let tab = |floor: &domain::centre::Floor| {
                let id = floor.id.clone();
                let chosen = current.as_ref() == Some(&id);
                let choose = move |_| {
                    let view = View { floor: Some(id.clone()), room: None, ..store.view.get_untracked() };
                    store.go(&Page::Map, &view, true);
                };
                view! {
                    <button class="chip" aria-pressed=chosen.to_string() on:click=choose>
                        {floor.name.get(t).to_owned()}
                    </button>
                }
            };
            view! { <div class="floors" role="group" aria-label=t.floors()>{of.centre.floors.iter().map(tab).collect_view()}</div> }
        })
    };
    let detail_of = centre.clone();
    let room = Memo::new(move |_| view.with(|view| view.room.clone()));
    // The plan and the scrubber come first; the panels are fetched, and the list is made, once the browser has drawn them.
    let settled = RwSignal::new(false);
    let panels = map_panels(move || settled.get() || room.get().is_some());
    let close = move |_| {
        let open = room.get_untracked();
        let view = View {
            room: None,
            ..store.view.get_untracked()
        };
        store.go(&Page::Map, &view, false);
        // The focus goes back to what was opened.
        if let Some(open) = open {
            request_animation_frame(move || prefs::focus(&format!(".plan [data-room=\"{open}\"]")));
        }
    };
    let detail = move || {
        let room = detail_of.centre.room(&room.get()?)?.clone();
        let (name, of) = (room.name.get(t).to_owned(), detail_of.clone());
        let body = move || match panels.get() {
            Some(Ok(panels)) => (panels.detail)(of.clone(), room.clone(), shown),
            Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
            None => view! { <Skeleton lines=5/> }.into_any(),
        };
        Some(view! {
            <section class="detail" aria-labelledby="room-title">
                <header>
                    <h2 id="room-title" tabindex="-1">{name}</h2>
                    <button class="round" aria-label=t.close() on:click=close><Icon icon=Icon::Close/></button>
                </header>
                {live(body)}
            </section>
        })
    };
    start::later(move || {
        settled.try_set(true);
    });
    let list = move || view.with(|view| view.list);
    let has_room = move || room.get().is_some();
    let (top, ways_of, scrub, rows, rows_again, none, open_hours) = (
        centre.clone(),
        centre.clone(),
        centre.clone(),
        centre.clone(),
        centre.clone(),
        centre.clone(),
        centre,
    );
    let ways = move || store.here.with(|here| ways_html(&ways_of.centre, here, t));
    let wide = follow_width();
    view! {
        {prefs::elder().then(|| view! { <nav class="ways-in" aria-label=t.ways() inner_html=ways></nav> })}
        <div class="map-top">
            {part(|| view! { <CentrePicker page=Page::Map/> })}
            {(!prefs::elder()).then(|| view! { <button class="tool" on:click=|_| prefs::switch_elder()>{t.elder_short()}</button> })}
            {part(move || view! { <Tools centre=top.clone() shown panels/> })}
        </div>
        <Show when=move || !list()>{live(floors.clone())}</Show>
        <Nothing centre=none shown/>
        <div class="map-body" class:as-list=list class:has-detail=has_room>
            <Show when=move || !list() fallback=move || view! { <Rooms centre=rows.clone() shown open/> }>
                {part({
                    let plan = plan.clone();
                    move || live(plan.clone())
                })}
            </Show>
            <aside class="side">
                {live(detail)}
                <Show when=move || settled.get() && wide.get() && !list()>
                    <div class="beside"><Rooms centre=rows_again.clone() shown open/></div>
                </Show>
            </aside>
        </div>
        {part(move || view! { <Scrubber centre=scrub.clone() shown dragged/> })}
        {part(move || view! { <OpenHours centre=open_hours.clone()/> })}
    }
}
