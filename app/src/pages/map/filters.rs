//! Search, filters, and the switch between plan and list.

use std::sync::Arc;

use domain::{
    api::CentreView,
    centre::{
        Centre,
        room::{Equipment, Needs, Purpose},
    },
    page::Page,
    view::View,
};
use leptos::{html, prelude::*};
use web_sys::MouseEvent;

use crate::{
    components::{
        icon::Icon,
        live,
        notice::{Notice, Skeleton},
    },
    pages::map::{
        panels::{Fetched, MapPanels},
        shown::Shown,
    },
    prefs::{self, lang},
    router::Router,
    store::Store,
};

/// Search, filters, and the switch between plan and list.
#[component]
pub(crate) fn Tools(
    centre: Arc<CentreView>,
    shown: Shown,
    panels: Fetched<MapPanels>,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
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
    let search = move |search: Option<String>| {
        let Some(search) = search else { return };
        let view = View {
            search,
            ..store.view.get_untracked()
        };
        store.go(&Page::Map, &view, true);
    };
    let set = Callback::new(move |needs: Needs| {
        store.go(
            &Page::Map,
            &View {
                needs,
                ..store.view.get_untracked()
            },
            true,
        );
    });
    let switch = move |_| {
        let view = store.view.get_untracked();
        store.go(
            &Page::Map,
            &View {
                list: !view.list,
                ..view
            },
            false,
        );
    };
    // Its content is made when it is first opened.
    let opened = RwSignal::new(false);
    let filtering = Memo::new(move |_| store.view.with(|view| view.filtering));
    // What was looked for when it was opened: closed without a change, it leaves no step behind.
    let before = StoredValue::new(None::<Needs>);
    let open = move |_| {
        let view = store.view.get_untracked();
        before.set_value(Some(view.needs.clone()));
        let filtering = true;
        store.go(&Page::Map, &View { filtering, ..view }, false);
    };
    let close = move || {
        let view = store.view.get_untracked();
        let same = before.with_value(|before| before.as_ref() == Some(&view.needs));
        match (view.filtering, same) {
            (false, _) => {}
            (true, true) => Router::back(),
            (true, false) => {
                let filtering = false;
                store.go(&Page::Map, &View { filtering, ..view }, true);
            }
        }
    };
    Effect::new(move |_| {
        let open = filtering.get();
        opened.update(|opened| *opened |= open);
        request_animation_frame(move || {
            // The page may be gone meanwhile.
            match dialog.try_get_untracked().flatten() {
                Some(dialog) if open && !dialog.open() => drop(dialog.show_modal()),
                Some(dialog) if !open => dialog.close(),
                _ => {}
            }
        });
    });
    let content = move || {
        if !opened.get() {
            return ().into_any();
        }
        match panels.get() {
            Some(Ok(panels)) => (panels.filters)(
                centre.centre.clone(),
                shown,
                set,
                Callback::new(move |_| close()),
            ),
            Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
            None => view! { <Skeleton lines=6/> }.into_any(),
        }
    };
    view! {
        <label class="search">
            <Icon icon=Icon::Search/>
            <span class="hidden">{t.search()}</span>
            <input type="search" placeholder=t.search() prop:value=move || shown.view.with(|view| view.search.clone()) on:input=move |event| search(prefs::searched(&event)) on:compositionend=move |event| search(prefs::searched(&event))/>
        </label>
        <button class="tool" on:click=open aria-haspopup="dialog">
            <Icon icon=Icon::Filter/><span>{t.filters()}</span>{live(filters)}
        </button>
        <button class="tool" aria-pressed=move || list().to_string() on:click=switch>
            <Icon icon=Icon::List/><span>{t.as_list()}</span>
        </button>
        <dialog node_ref=dialog class="dialog" aria-labelledby="filters-title" on:close=move |_| close()>
            {live(content)}
        </dialog>
    }
}

/// What a room must have to be shown.
#[component]
pub(crate) fn Filters(
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
    let rooms = centre.rooms.clone();
    let found = move || {
        shown
            .view
            .with(|view| rooms.iter().filter(|room| view.wants(room)).count())
    };
    view! {
            <header>
                <h2 id="filters-title">{t.filters()}</h2>
                <button class="round" aria-label=t.close() on:click=move |event| close.run(event)><Icon icon=Icon::Close/></button>
            </header>
            <label class="field">
                <span>{t.at_least_people()}</span>
                <input
                    type="number" min="0" max="500" inputmode="numeric"
                    prop:value=move || match needs().people { 0 => String::new(), people => people.to_string() }
                    on:change=move |event| set.run(Needs { people: event_target_value(&event).parse().unwrap_or(0), ..needs() })
                />
            </label>
            <label class="field">
                <span>{t.purpose()}</span>
                <select
                    prop:value=move || needs().purpose.map(Purpose::code).unwrap_or_default()
                    on:change=move |event| set.run(Needs { purpose: Purpose::from_code(&event_target_value(&event)), ..needs() })
                >
                    <option value="">{t.any()}</option>
                    {good_for.into_iter().map(|one| view! {
                        <option value=one.code()>{one.word(t)}</option>
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
                <button class="button primary" on:click=move |event| close.run(event)>{move || t.show_rooms(found())}</button>
            </footer>
    }
}

/// Nothing fits: says so, and takes back what was asked for.
#[component]
pub(crate) fn Nothing(centre: Arc<CentreView>, shown: Shown) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let none = Memo::new(move |_| {
        let wants = |view: &View| centre.centre.rooms.iter().any(|room| view.wants(room));
        !shown.view.with(wants)
    });
    let clear = move |_| {
        let view = View {
            needs: Needs::default(),
            search: String::new(),
            ..store.view.get_untracked()
        };
        store.go(&Page::Map, &view, true);
    };
    view! {
        <Show when=move || none.get()>
            <div class="empty nothing" role="status">
                <p>{t.nothing_found()}</p>
                <button class="button" on:click=clear>{t.clear_filters()}</button>
            </div>
        </Show>
    }
}
