//! Room list: the equal twin of the plan in words.

use std::sync::Arc;

use domain::{api::CentreView, id::RoomId};
use leptos::prelude::*;

use crate::{
    components::live,
    pages::map::{
        model::whereabouts,
        shown::{Shown, look_of},
    },
    prefs::lang,
};

/// The equal twin of the plan: the same rooms, states and actions in words.
#[component]
pub(crate) fn Rooms(
    centre: Arc<CentreView>,
    shown: Shown,
    open: Callback<RoomId>,
) -> impl IntoView {
    let t = lang();
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
    }
}
