//! Checking people in: the sheet of a session, with search, walk-ins and a way back.

use std::sync::Arc;

use domain::{
    api::{AddWalkIn, GetSheet, MarkPerson, NewMark, WalkIn},
    attendance::{Mark, Sheet, SheetRow},
    id::{ActivitySessionId, CentreId, PersonId},
    time::Slot,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::live;
use crate::{
    api::{self, Key, Trouble},
    components::notice::{Notice, Skeleton},
    prefs::lang,
    query::query,
    store::Store,
};

/// The page.
#[component]
pub fn CheckInPage() -> impl IntoView {
    let store = Store::get();
    let params = use_params_map();
    let path = Memo::new(move |_| {
        params.with(|params| {
            Some((
                CentreId::new(params.get("centre")?),
                ActivitySessionId::new(params.get("session")?),
            ))
        })
    });
    let sheet = query(
        move || path.get(),
        move || store.version(),
        None,
        |path| async move { api::get::<GetSheet>(&path).await },
    );
    let search = RwSignal::new(String::new());
    // What is typed must outlive what others note at the same time.
    let typed = Typed {
        open: RwSignal::new(false),
        name: RwSignal::new(String::new()),
        phone: RwSignal::new(String::new()),
    };
    let body = move || match sheet.get() {
        None => view! { <Skeleton lines=8/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(sheet)) => {
            let path = path.get_untracked().unwrap_or_default();
            view! { <Rows path sheet search typed/> }.into_any()
        }
    };
    view! { <main class="page form-page check-in" id="main">{live(body)}</main> }.into_any()
}

type Path = (CentreId, ActivitySessionId);

/// Somebody who walks in, as far as it is typed.
#[derive(Clone, Copy)]
struct Typed {
    open: RwSignal<bool>,
    name: RwSignal<String>,
    phone: RwSignal<String>,
}

#[component]
fn Rows(path: Path, sheet: Arc<Sheet>, search: RwSignal<String>, typed: Typed) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let (title, pick_up) = (sheet.title.get(t).to_owned(), sheet.pick_up);
    let slot = Slot::lasting(
        sheet.start.local,
        sheet.end.local.minutes() - sheet.start.local.minutes(),
    );
    let came = |row: &&SheetRow| row.mark.is_some_and(Mark::came);
    let counts = t.checked_in(sheet.rows.iter().filter(came).count(), sheet.rows.len());
    let marked_path = path.clone();
    let act = Action::new_local(move |(person, mark): &(PersonId, Option<Mark>)| {
        let new = NewMark {
            person: person.clone(),
            mark: *mark,
        };
        let path = marked_path.clone();
        async move {
            let done = api::send::<MarkPerson>(&path, &new, &Key::new()).await;
            store.changes.update(|n| *n += 1);
            if done.is_ok() {
                store.done(t.saved());
            }
            done.map(drop)
        }
    });
    let starts = sheet.start.utc();
    let begun = move || store.clock.get() >= starts;
    let all = sheet.clone();
    let list = move || {
        let wanted = search.get().trim().to_lowercase();
        let found = all.rows.iter().filter(|row| {
            let hits = |text: &str| text.to_lowercase().contains(&wanted);
            wanted.is_empty() || hits(&row.name) || row.phone.as_deref().is_some_and(hits)
        });
        let rows: Vec<_> = found
            .cloned()
            .map(|row| sheet_row(row, (pick_up, begun()), act))
            .collect();
        if rows.is_empty() {
            return view! { <p class="empty">{t.nobody_on_sheet()}</p> }.into_any();
        }
        view! { <ul class="plain sheet">{rows}</ul> }.into_any()
    };
    let problem = move || {
        let problem = act.value().get()?.err()?;
        Some(view! { <p class="refusal" role="alert">{problem.text}</p> })
    };
    view! {
        <h1 tabindex="-1">{t.check_in()}" · "{title}</h1>
        <p class="ticket-time">{t.slot(slot)}</p>
        <p class="quiet" role="status">{counts}</p>
        <label class="field">
            <span>{t.find_person()}</span>
            <input type="search" prop:value=move || search.get() on:input=move |event| search.set(event_target_value(&event))/>
        </label>
        {live(problem)}
        {live(list)}
        <WalkInForm path typed/>
    }
}

fn sheet_row(
    row: SheetRow,
    (pick_up, begun): (bool, bool),
    act: Action<(PersonId, Option<Mark>), Result<(), Trouble>>,
) -> AnyView {
    let t = lang();
    let button = |mark: Option<Mark>, label: &'static str, class: &'static str| {
        let (person, name) = (row.person.clone(), format!("{label} {}", row.name));
        view! {
            <button class=class aria-label=name disabled=act.pending() on:click=move |_| { act.dispatch((person.clone(), mark)); }>{label}</button>
        }
        .into_any()
    };
    let buttons = match row.mark {
        None => {
            let mut both = vec![button(Some(Mark::Here), t.mark_here(), "button primary")];
            both.extend(begun.then(|| button(Some(Mark::Away), t.mark_away(), "button")));
            both
        }
        Some(Mark::Here) if pick_up => vec![
            button(Some(Mark::PickedUp), t.mark_picked_up(), "button primary"),
            button(None, t.take_back(), "button"),
        ],
        Some(_) => vec![button(None, t.take_back(), "button")],
    };
    let state = row.mark.map(|mark| {
        let at = row.marked.map(|at| at.local.clock()).unwrap_or_default();
        let (word, class) = match mark {
            Mark::Here => (t.was_here(&at), "tag t-confirmed"),
            Mark::Away => (t.was_away().to_owned(), "tag t-off"),
            Mark::PickedUp => (t.was_picked_up(&at), "tag t-confirmed"),
        };
        view! { <span class=class>{word}</span> }
    });
    let guardian = row
        .guardian
        .map(|name| view! { <span class="quiet">{t.guardian_is(&name)}</span> });
    let phone = row
        .phone
        .map(|phone| view! { <a href=format!("tel:{phone}")><bdi>{phone.clone()}</bdi></a> });
    let walk_in = row
        .walk_in
        .then(|| view! { <span class="tag">{t.walk_in()}</span> });
    view! {
        <li>
            <span class="row-name">{row.name.clone()}</span>
            {walk_in}{guardian}{phone}{state}
            <span class="actions">{buttons}</span>
        </li>
    }
    .into_any()
}

#[component]
fn WalkInForm(path: Path, typed: Typed) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let Typed { open, name, phone } = typed;
    let add = Action::new_local(move |(): &()| {
        let path = path.clone();
        let new = WalkIn {
            name: name.get_untracked(),
            phone: phone.get_untracked(),
        };
        async move {
            let done = api::send::<AddWalkIn>(&path, &new, &Key::new()).await;
            if done.is_ok() {
                name.set(String::new());
                phone.set(String::new());
                store.done(t.saved());
                store.changes.update(|n| *n += 1);
            }
            done.map(drop)
        }
    });
    let problem = move || {
        let problem = add.value().get()?.err()?;
        Some(view! { <p class="refusal" role="alert">{problem.text}</p> })
    };
    let pending = add.pending();
    view! {
        <details class="manage" prop:open=move || open.get_untracked()>
            <summary on:click=move |_| open.update(|open| *open = !*open)>{t.add_walk_in()}</summary>
            <form class="form" on:submit=move |event| { event.prevent_default(); add.dispatch(()); }>
                <div class="pair">
                    <label class="field">
                        <span>{t.your_name()}</span>
                        <input name="walk-in" required maxlength="40" autocomplete="off" prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event))/>
                    </label>
                    <label class="field">
                        <span>{t.phone_if_any()}</span>
                        <input type="tel" name="phone" autocomplete="off" prop:value=move || phone.get() on:input=move |event| phone.set(event_target_value(&event))/>
                    </label>
                </div>
                {live(problem)}
                <button class="button primary" disabled=pending>{t.add_walk_in()}</button>
            </form>
        </details>
    }
}
