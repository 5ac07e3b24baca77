//! The front page: the live floor map and its twin, the list.

use std::sync::Arc;

use domain::{
    api::{CentreView, Occupancy},
    availability::{Timeline, room_state},
    centre::Centre,
    drawing::{Look, look},
    id::RoomId,
    room::{Equipment, Needs, Purpose, Room},
    time::{DAY, Slot, clock},
    view::{LENGTH, View},
};
use leptos::{either::Either, html, prelude::*};
use web_sys::MouseEvent;

use crate::components::live;
use crate::{
    components::{
        icon::Icon,
        notice::{Notice, Skeleton},
        picker::{CentrePicker, DayPicker},
    },
    map::{
        model::{bounds, coming, hours_in_words, next_step, whereabouts},
        plan::Plan,
    },
    prefs::{self, lang},
    store::{Store, floor_of, timelines},
};

/// The page.
#[component]
pub fn MapPage() -> impl IntoView {
    let store = Store::get();
    let body = move || match store.centre.get() {
        None if store
            .centres
            .get()
            .is_some_and(|all| all.is_ok_and(|all| all.is_empty())) =>
        {
            view! { <p class="empty">{lang().no_centre()}</p> }.into_any()
        }
        None => match store.centres.get() {
            Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
            _ => view! { <Skeleton lines=8/> }.into_any(),
        },
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(centre)) => view! { <Loaded centre/> }.into_any(),
    };
    view! {
        <main class="page map-page" id="main">
            <h1 class="hidden" tabindex="-1">{lang().map_title()}</h1>
            {live(body)}
        </main>
    }
    .into_any()
}

/// What the panels share.
#[derive(Clone, Copy)]
struct Shown {
    view: Memo<View>,
    slot: Memo<Slot>,
    timelines: Memo<Arc<Vec<Timeline>>>,
    week: Memo<Option<Arc<Occupancy>>>,
}

#[component]
fn Loaded(centre: Arc<CentreView>) -> impl IntoView {
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
    let of = centre.clone();
    let week = Memo::new(move |_| store.week.get().and_then(Result::ok));
    let lines = Memo::new(move |_| {
        Arc::new(
            week.get()
                .map(|week| timelines(&of, &week))
                .unwrap_or_default(),
        )
    });
    let shown = Shown {
        view,
        slot: shown_slot,
        timelines: lines,
        week,
    };
    let go = store.go();
    let open_go = go.clone();
    let open = Callback::new(move |room: RoomId| {
        let view = View {
            room: Some(room),
            ..store.view.get_untracked()
        };
        open_go("/", &view, false);
        request_animation_frame(|| prefs::focus(".detail h2"));
    });
    let of = centre.clone();
    let floor =
        Memo::new(move |_| view.with(|view| floor_of(&of, view).map(|floor| floor.id.clone())));
    let of = centre.clone();
    let plan = move || {
        if let Some(Err(problem)) = store.week.get() {
            return view! { <Notice problem/> }.into_any();
        }
        if week.with(Option::is_none) {
            return view! { <div class="canvas"><Skeleton lines=6/></div> }.into_any();
        }
        let centre = of.clone();
        match floor.get() {
            Some(floor) => {
                view! { <Plan centre floor timelines=lines when=shown_slot view open/> }.into_any()
            }
            None => ().into_any(),
        }
    };
    let of = centre.clone();
    let floors = move || {
        (of.centre.floors.len() > 1).then(|| {
            let current = floor.get();
            let tab = |floor: &domain::centre::Floor| {
                let (id, go) = (floor.id.clone(), go.clone());
                let chosen = current.as_ref() == Some(&id);
                let choose = move |_| {
                    let view = View { floor: Some(id.clone()), room: None, ..store.view.get_untracked() };
                    go("/", &view, true);
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
    let detail = move || {
        let room = detail_of.centre.room(&room.get()?)?.clone();
        Some(view! { <RoomDetail centre=detail_of.clone() room shown/> })
    };
    // The plan and the scrubber come first; what stands beside the plan is made once the browser has drawn them.
    let settled = RwSignal::new(false);
    request_animation_frame(move || {
        set_timeout(
            move || {
                settled.try_set(true);
            },
            std::time::Duration::ZERO,
        );
    });
    let list = move || view.with(|view| view.list);
    let has_room = move || room.get().is_some();
    let (top, scrub, rows, rows_again) = (centre.clone(), centre.clone(), centre.clone(), centre);
    view! {
        <div class="map-top">
            <CentrePicker path="/"/>
            <Tools centre=top shown/>
        </div>
        {live(floors)}
        <div class="map-body" class:as-list=list class:has-detail=has_room>
            <Show when=move || !list() fallback=move || view! { <Rooms centre=rows.clone() shown open/> }>
                {live(plan.clone())}
            </Show>
            <aside class="side">
                {live(detail)}
                <Show when=move || settled.get() && !list()>
                    <div class="beside"><Rooms centre=rows_again.clone() shown open/></div>
                </Show>
            </aside>
        </div>
        <Scrubber centre=scrub shown dragged/>
    }
}

/// Search, filters, and the switch between plan and list.
#[component]
fn Tools(centre: Arc<CentreView>, shown: Shown) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let go = store.go();
    let dialog = NodeRef::<html::Dialog>::new();
    let filters = move || {
        let needs = shown.view.with(|view| view.needs.clone());
        let count = usize::from(needs.people > 0)
            + needs.equipment.len()
            + usize::from(needs.purpose.is_some())
            + usize::from(needs.step_free);
        (count > 0).then(|| view! { <span class="badge">{count}</span> })
    };
    let list = move || shown.view.with(|view| view.list);
    let (search_go, list_go, set_go) = (go.clone(), go.clone(), go);
    let search = move |event| {
        let view = View {
            search: event_target_value(&event),
            ..store.view.get_untracked()
        };
        search_go("/", &view, true);
    };
    let set = Callback::new(move |needs: Needs| {
        set_go(
            "/",
            &View {
                needs,
                ..store.view.get_untracked()
            },
            true,
        );
    });
    let switch = move |_| {
        let view = store.view.get_untracked();
        list_go(
            "/",
            &View {
                list: !view.list,
                ..view
            },
            false,
        );
    };
    // Its content is made when it is first opened.
    let opened = RwSignal::new(false);
    let open = move |_| {
        opened.set(true);
        request_animation_frame(move || {
            if let Some(dialog) = dialog.get_untracked() {
                let _ = dialog.show_modal();
            }
        });
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let content = move || {
        let centre = &centre.centre;
        opened.get().then(
            || view! { <Filters centre=centre.clone() shown set close=Callback::new(close)/> },
        )
    };
    view! {
        <label class="search">
            <Icon icon=Icon::Search/>
            <span class="hidden">{t.search()}</span>
            <input type="search" placeholder=t.search() prop:value=move || shown.view.with(|view| view.search.clone()) on:input=search/>
        </label>
        <button class="tool" on:click=open aria-haspopup="dialog">
            <Icon icon=Icon::Filter/><span>{t.filters()}</span>{live(filters)}
        </button>
        <button class="tool" aria-pressed=move || list().to_string() on:click=switch>
            <Icon icon=Icon::List/><span>{t.as_list()}</span>
        </button>
        <dialog node_ref=dialog class="dialog" aria-labelledby="filters-title">
            {live(content)}
        </dialog>
    }
}

/// What a room must have to be shown.
#[component]
fn Filters(
    centre: Centre,
    shown: Shown,
    set: Callback<Needs>,
    close: Callback<MouseEvent>,
) -> impl IntoView {
    let t = lang();
    let has: Vec<Equipment> = Equipment::ALL
        .iter()
        .copied()
        .filter(|one| {
            centre
                .rooms
                .iter()
                .any(|room| room.equipment.contains_key(one))
        })
        .collect();
    let good_for: Vec<Purpose> = Purpose::ALL
        .iter()
        .copied()
        .filter(|one| centre.rooms.iter().any(|room| room.purposes.contains(one)))
        .collect();
    let needs = move || shown.view.with(|view| view.needs.clone());
    view! {
            <header>
                <h2 id="filters-title">{t.filters()}</h2>
                <button class="round" aria-label=t.close() on:click=move |event| close.run(event)><Icon icon=Icon::Close/></button>
            </header>
            <label class="field">
                <span>{t.at_least_people()}</span>
                <input
                    type="number" min="0" max="500" inputmode="numeric"
                    prop:value=move || needs().people.to_string()
                    on:change=move |event| set.run(Needs { people: event_target_value(&event).parse().unwrap_or(0), ..needs() })
                />
            </label>
            <label class="field">
                <span>{t.purpose()}</span>
                <select on:change=move |event| set.run(Needs { purpose: Purpose::from_code(&event_target_value(&event)), ..needs() })>
                    <option value="">{t.any()}</option>
                    {good_for.into_iter().map(|one| view! {
                        <option value=one.code() selected=move || needs().purpose == Some(one)>{one.word(t)}</option>
                    }).collect_view()}
                </select>
            </label>
            <fieldset class="checks">
                <legend>{t.equipment()}</legend>
                {has.into_iter().map(|one| view! {
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=move || needs().equipment.contains(&one)
                            on:change=move |event| {
                                let mut needs = needs();
                                needs.equipment.retain(|other| *other != one);
                                if event_target_checked(&event) {
                                    needs.equipment.push(one);
                                }
                                set.run(needs);
                            }
                        />
                        <span>{one.word(t)}</span>
                    </label>
                }).collect_view()}
            </fieldset>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || needs().step_free
                    on:change=move |event| set.run(Needs { step_free: event_target_checked(&event), ..needs() })
                />
                <span>{t.only_step_free()}</span>
            </label>
            <footer>
                <button class="button" on:click=move |_| set.run(Needs::default())>{t.clear_filters()}</button>
                <button class="button primary" on:click=move |event| close.run(event)>{t.show_rooms()}</button>
            </footer>
    }
}

fn look_of(room: &Room, shown: Shown) -> Option<Look> {
    let slot = shown.slot.get();
    shown.timelines.with(|lines| {
        let line = lines.iter().find(|line| line.room == room.id)?;
        Some(look(room_state(room, line, slot), slot, lang()))
    })
}

/// The equal twin of the plan: the same rooms, states and actions in words.
#[component]
fn Rooms(centre: Arc<CentreView>, shown: Shown, open: Callback<RoomId>) -> impl IntoView {
    let t = lang();
    let found = {
        let centre = centre.clone();
        move || {
            shown
                .view
                .with(|view| centre.centre.rooms.iter().any(|room| view.wants(room)))
        }
    };
    let rows = centre.centre.rooms.iter().map(|room| {
        let centre = centre.clone();
        let id = room.id.clone();
        let (hidden_of, state_of) = (room.clone(), room.clone());
        let hidden = move || shown.view.with(|view| !view.wants(&hidden_of));
        let state = move || look_of(&state_of, shown).map(|look| view! {
            <span class=format!("state {}", look.class)><i aria-hidden="true">{look.glyph}</i>{look.detail}</span>
        });
        view! {
            <li hidden=hidden>
                <button class="row" on:click=move |_| open.run(id.clone())>
                    <span class="row-name">{room.name.get(t).to_owned()}</span>
                    <span class="row-where">{whereabouts(&centre.centre, room, t)}{t.comma()}{t.capacity(&t.people(room.people.most))}</span>
                    {live(state)}
                </button>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <ul class="rooms" aria-label=t.rooms()>{rows}</ul>
        <Show when=move || !found()><p class="empty">{t.nothing_found()}</p></Show>
    }
}

/// The room that was tapped: what it is, until when it is free, what comes next, and *Book*.
#[component]
fn RoomDetail(centre: Arc<CentreView>, room: Room, shown: Shown) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let go = store.go();
    let (close_go, book_go, week_go, whole_go) = (go.clone(), go.clone(), go.clone(), go);
    let close = move |_| {
        close_go(
            "/",
            &View {
                room: None,
                ..store.view.get_untracked()
            },
            false,
        );
    };
    let of = room.clone();
    let state = move || {
        look_of(&of, shown).map(|look| view! {
        <p class=format!("state {}", look.class)><i aria-hidden="true">{look.glyph}</i>{look.detail}</p>
    })
    };
    let (next_centre, next_room) = (centre.clone(), room.clone());
    let next = move || {
        let week = shown.week.get()?;
        let slot = shown.slot.get();
        let coming = coming(&next_centre.centre, &week.taken, &next_room, slot);
        if coming.is_empty() {
            return Some(Either::Left(
                view! { <p class="quiet">{t.nothing_comes()}</p> },
            ));
        }
        let row = |(when, index): (Slot, usize)| {
            let one = &week.taken[index];
            let what = one.title.as_ref().map_or_else(
                || match one.by {
                    domain::availability::Occupation::Requested => t.state_requested().to_owned(),
                    _ => t.booked().to_owned(),
                },
                |title| title.get(t).to_owned(),
            );
            let same_day = when.start().date() == slot.start().date();
            let time = if same_day { t.span(when) } else { t.slot(when) };
            let what = match one.left {
                Some(0) => format!("{what} · {}", t.full()),
                Some(left) => format!("{what} · {}", t.left(left)),
                None => what,
            };
            let what = match &one.activity {
                Some(activity) => {
                    let href = format!("/activities/{}/{activity}", next_centre.centre.id);
                    view! { <a href=href>{what}</a> }.into_any()
                }
                None => view! { <span>{what}</span> }.into_any(),
            };
            view! { <li><time>{time}</time>{what}</li> }
        };
        Some(Either::Right(
            view! { <ul class="coming">{coming.into_iter().map(row).collect_view()}</ul> },
        ))
    };
    let (book_centre, book_room) = (centre.clone(), room.clone());
    let book = move |_| {
        let mut view = shown.view.get_untracked();
        let day = store.day(&book_centre);
        if view.is_now(day, store.now(&book_centre)) {
            let (at, length) = next_step(&book_centre.centre, &book_room, store.now(&book_centre));
            (view.at, view.length) = (Some(at), Some(length));
        }
        let needs = Needs {
            people: view.needs.people,
            purpose: view.needs.purpose,
            ..Needs::default()
        };
        let (at, length, room) = (
            view.at,
            view.length.or(Some(LENGTH)),
            Some(book_room.id.clone()),
        );
        book_go(
            "/book",
            &View {
                centre: view.centre,
                day: Some(day),
                at,
                length,
                room,
                needs,
                ..View::default()
            },
            false,
        );
    };
    let week_room = room.id.clone();
    let week = move |_| {
        let view = store.view.get_untracked();
        let room = Some(week_room.clone());
        week_go(
            "/calendar",
            &View {
                centre: view.centre,
                day: view.day,
                room,
                week: true,
                ..View::default()
            },
            false,
        );
    };
    let wholes: Vec<_> = centre
        .centre
        .wholes(&room.id)
        .map(|whole| (whole.id.clone(), whole.name.get(t).to_owned()))
        .collect();
    let parts = room
        .parts
        .iter()
        .filter_map(|part| centre.centre.room(part))
        .map(|part| (part.id.clone(), part.name.get(t).to_owned()));
    let related: Vec<_> = wholes
        .into_iter()
        .chain(parts)
        .map(|(id, name)| {
            let go = whole_go.clone();
            let open = move |_| {
                go(
                    "/",
                    &View {
                        room: Some(id.clone()),
                        ..store.view.get_untracked()
                    },
                    false,
                )
            };
            view! { <button class="chip" on:click=open>{name}</button> }
        })
        .collect();
    let related = (!related.is_empty()).then(
        || view! { <div class="related"><span class="quiet">{t.divisible()}</span>{related}</div> },
    );
    let bookable = matches!(
        room.use_mode,
        domain::room::UseMode::SelfService | domain::room::UseMode::Approval
    );
    let equipment: Vec<_> = room
        .equipment
        .iter()
        .map(|(one, count)| match count {
            1 => one.word(t).to_owned(),
            count => format!("{} × {count}", one.word(t)),
        })
        .collect();
    let aliases: Vec<_> = room.aliases.iter().map(|name| name.get(t)).collect();
    let aliases = (!aliases.is_empty())
        .then(|| view! { <p class="quiet">{t.also_called(&aliases.join(t.comma()))}</p> });
    let about = room
        .about
        .as_ref()
        .map(|about| view! { <p>{about.get(t).to_owned()}</p> });
    let capacity = match room.people.comfortable == room.people.most {
        true => t.capacity(&t.people(room.people.most)),
        false => t.capacity_range(room.people.comfortable, &t.people(room.people.most)),
    };
    view! {
        <section class="detail" aria-labelledby="room-title">
            <header>
                <h2 id="room-title" tabindex="-1">{room.name.get(t).to_owned()}</h2>
                <button class="round" aria-label=t.close() on:click=close><Icon icon=Icon::Close/></button>
            </header>
            {live(state)}
            <div class="detail-do">
                {bookable.then(|| view! { <button class="button primary" on:click=book>{t.book()}</button> })}
                <button class="button" on:click=week>{t.see_week()}</button>
            </div>
            {live(next)}
            {about}
            {aliases}
            <p class="facts">
                <span>{whereabouts(&centre.centre, &room, t)}</span>
                <span>{capacity}</span>
                <span>{t.square_metres(room.outline.area().round() as u32)}</span>
                <span>{room.use_mode.word(t)}</span>
            </p>
            <p class="quiet">{equipment.join(t.comma())}</p>
            {related}
        </section>
    }
}

/// "What is free on Thursday at 18:00 for two hours?"
#[component]
fn Scrubber(
    centre: Arc<CentreView>,
    shown: Shown,
    dragged: RwSignal<Option<i64>>,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let go = store.go();
    let (bounds_of, now_of, label_of) = (centre.clone(), centre.clone(), centre.clone());
    let range = Memo::new(move |_| bounds(&bounds_of.centre, store.day(&bounds_of)));
    let minute = move || shown.slot.get().start().minute_of_day();
    let step = centre.centre.rules.step.max(1);
    let following = Memo::new(move |_| {
        shown
            .view
            .with(|view| view.is_now(store.day(&now_of), store.now(&now_of)))
    });
    let (set_go, now_go, length_go) = (go.clone(), go.clone(), go);
    let set = move |event| {
        let at = event_target_value(&event).parse().ok();
        dragged.set(None);
        set_go(
            "/",
            &View {
                at,
                ..store.view.get_untracked()
            },
            true,
        );
    };
    let now = move |_| {
        dragged.set(None);
        now_go(
            "/",
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
        length_go("/", &view, true);
    };
    let says = move || {
        let slot = shown.slot.get();
        match following.get() {
            true => t.now_at(&slot.start().clock()),
            false => t.span(slot),
        }
    };
    let hours = move || hours_in_words(&label_of.centre, store.day(&label_of), t);
    let length = move || shown.view.with(|view| view.length.unwrap_or(LENGTH));
    let phone = centre.centre.phone.clone();
    view! {
        <section class="scrubber" aria-label=t.scrubber()>
            <div class="scrub-line">
                <DayPicker path="/" centre=centre.clone()/>
                <button class="chip" aria-pressed=move || following.get().to_string() on:click=now>{t.now()}</button>
            </div>
            <div class="scrub-line">
                <output class="scrub-time">{live(says)}</output>
                <input
                    type="range"
                    class="range"
                    aria-label=t.time()
                    aria-valuetext=says
                    min=move || range.get().0
                    max=move || (range.get().1 - i64::from(step)).min(DAY - 1)
                    step=step
                    prop:value=move || minute().to_string()
                    on:input=move |event| dragged.set(event_target_value(&event).parse().ok())
                    on:change=set
                />
                <label class="for">
                    <span class="hidden">{t.how_long()}</span>
                    <select on:change=set_length>
                        {[30i64, 60, 90, 120, 180, 240].map(|minutes| view! {
                            <option value=minutes selected=move || length() == minutes>{t.minutes(minutes)}</option>
                        }).collect_view()}
                    </select>
                </label>
            </div>
            <div class="scrub-ends" aria-hidden="true">
                <span>{move || clock(range.get().0)}</span>
                <span>{move || clock(range.get().1)}</span>
            </div>
            <p class="open-hours">
                <span>{t.open_hours()}" "{hours}</span>
                <a href=format!("tel:{}", phone.replace([' ', '-'], ""))>{t.desk_phone()}" "<bdi>{phone.clone()}</bdi></a>
            </p>
        </section>
    }
}
