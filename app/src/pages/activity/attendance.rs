//! Checking people in: the sheet of a session, with search, walk-ins and a way back.

use std::sync::Arc;

use domain::{
    activity::attendance::{EARLY, Mark, Sheet, SheetRow},
    api::{
        AddWalkIn, Endpoint, FindPeople, GetSheet, GetSignInSheet, MarkPerson, NewMark, WalkIn,
        Wanted,
    },
    id::{ActivitySessionId, CentreId, PersonId},
    language::fold,
    page::Page,
    person::{
        household::CONSENT_VERSION,
        permission::may_act_for,
        search::{PersonRow, is_enough_to_look_for},
    },
    time::Slot,
};
use leptos::{leptos_dom::helpers::debounce, prelude::*};
use wasm_bindgen::JsCast;

use crate::{
    api,
    components::{act::Act, live, once::once},
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// The page. Another session is another page: nothing that was typed goes along.
#[component]
pub fn AttendancePage() -> impl IntoView {
    let store = Store::get();
    let path = Memo::new(move |_| match store.router.page.get()? {
        Page::Attendance(centre, id) => Some((centre, id)),
        _ => None,
    });
    let body = move || path.get().map(|path| view! { <OfSession path/> });
    view! { <main class="page form-page check-in" id="main">{live(body)}</main> }.into_any()
}

type Path = (CentreId, ActivitySessionId);

#[component]
fn OfSession(path: Path) -> impl IntoView {
    let store = Store::get();
    let asked = StoredValue::new(path.clone());
    let opened = StoredValue::new(false);
    let sheet = query(
        move || Some(asked.get_value()),
        move || store.version(),
        None,
        move |path| api::look::<GetSheet>(path, opened),
    );
    once(sheet, 8, move |sheet| {
        view! { <Rows path=path.clone() sheet/> }.into_any()
    })
}

/// How many of a sheet are expected, here, and picked up.
fn count(sheet: &Sheet) -> (usize, usize, usize) {
    let of = |wanted: &[Option<Mark>]| {
        let rows = sheet.rows.iter();
        rows.filter(|row| wanted.contains(&row.mark)).count()
    };
    (
        of(&[None]),
        of(&[Some(Mark::Here)]),
        of(&[Some(Mark::PickedUp)]),
    )
}

#[component]
fn Rows(path: Path, sheet: Memo<Arc<Sheet>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let search = RwSignal::new(String::new());
    let first = sheet.get_untracked();
    let slot = Slot::lasting(
        first.start.local,
        first.end.local.minutes() - first.start.local.minutes(),
    );
    let (starts, ends) = (first.start.utc(), first.end.utc());
    let at = t.moment_seen(first.start.local, store.today());
    let counts = move || {
        let (expected, here, gone) = sheet.with(|sheet| count(sheet));
        match first.pick_up {
            true => t.checked_in_with_pick_up(here, gone, expected),
            false => t.checked_in(here, sheet.with(|sheet| sheet.rows.len())),
        }
    };
    // From the end on nobody waits unseen.
    let waiting = move || {
        let (_, here, _) = sheet.with(|sheet| count(sheet));
        let late = sheet.with(|sheet| sheet.pick_up) && here > 0 && store.clock.get() >= ends;
        late.then(|| view! { <p class="warn">{t.not_picked_up(here)}</p> })
    };
    // Hours before nobody is checked in by a slip of the finger.
    let begun = RwSignal::new(false);
    let early = Memo::new(move |_| !begun.get() && store.clock.get() < starts - EARLY);
    let begin = move || {
        early.get().then(|| view! {
            <div class="warn heading">
                <p>{t.attendance_early(&at)}</p>
                <button class="button" on:click=move |_| { begun.set(true); request_animation_frame(|| prefs::focus(".sheet .button")); }>{t.attendance_begin()}</button>
            </div>
        })
    };
    let paper = GetSignInSheet::url(&path);
    let marked = StoredValue::new(path.clone());
    let found = Memo::new(move |_| {
        let wanted = fold(search.get().trim());
        let hits = |text: &str| fold(text).contains(&wanted);
        sheet.with(|sheet| {
            let rows = sheet.rows.iter().filter(|row| {
                wanted.is_empty() || hits(&row.name) || row.phone.as_deref().is_some_and(hits)
            });
            rows.map(|row| row.person.clone()).collect::<Vec<_>>()
        })
    });
    let row = move |person: PersonId| {
        let times = (starts, ends);
        view! { <SheetLine person sheet times path=marked.get_value()/> }
    };
    view! {
        <h1 tabindex="-1">{t.check_in()}" · "{move || sheet.with(|sheet| sheet.title.get(t).to_owned())}</h1>
        <p class="ticket-time">{t.slot_seen(slot, store.today())}</p>
        <p class="quiet" role="status">{counts}</p>
        <div class="actions"><a class="button" href=paper target="_blank" rel="noopener">{t.paper_sheet()}</a></div>
        {live(waiting)}
        {live(begin)}
        <label class="field">
            <span>{t.find_person()}</span>
            <input type="search" prop:value=move || search.get() on:input=move |event| search.set(event_target_value(&event))/>
        </label>
        <Show when=move || found.with(Vec::is_empty)><p class="empty">{t.nobody_on_sheet()}</p></Show>
        <ul class="plain sheet" class:early=move || early.get()><For each=move || found.get() key=PersonId::clone children=row/></ul>
        <WalkInForm path sheet/>
    }
}

/// One person on the sheet. The button that was pressed stays where it is, says so, and keeps the focus; what can be done next
/// stands beside it, so that a second tap does nothing.
#[component]
fn SheetLine(
    person: PersonId,
    sheet: Memo<Arc<Sheet>>,
    /// Start and end of the session, in seconds UTC.
    times: (i64, i64),
    path: Path,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let (starts, ends) = times;
    let of = person.clone();
    let row = Memo::new(move |before: Option<&Option<SheetRow>>| {
        let now = sheet.with(|sheet| sheet.rows.iter().find(|row| row.person == of).cloned());
        now.or_else(|| before.cloned().flatten())
    });
    let Some(first) = row.get_untracked() else {
        return ().into_any();
    };
    let state = move || row.with(|row| row.as_ref().and_then(|row| row.mark));
    let name = StoredValue::new(first.name.clone());
    // The form of this line: another may stand open beside it.
    let guardians = NodeRef::<leptos::html::Form>::new();
    let person = StoredValue::new(person);
    // Each line is pressed by itself: ten arrive in ten seconds.
    let act = Act::new();
    let path = StoredValue::new(path);
    // It is asked who fetches the child.
    let fetching = RwSignal::new(false);
    let fetcher = RwSignal::new(String::new());
    let send = move |mark: Option<Mark>, fetched_by: String| {
        let (path, person) = (path.get_value(), person.get_value());
        let new = NewMark {
            person,
            mark,
            fetched_by,
        };
        let said = match mark {
            Some(Mark::Here) => t.mark_here(),
            Some(Mark::Away) => t.mark_away(),
            Some(Mark::PickedUp) => t.mark_picked_up(),
            None => t.take_back(),
        };
        let words = name.with_value(|name| t.outbox_mark(name, said));
        act.run(async move {
            api::send_or_keep::<MarkPerson>(&path, &new, &words).await?;
            fetching.try_set(false);
            fetcher.try_set(String::new());
            Ok(Some(t.saved().to_owned()))
        });
    };
    let press = move |mark| send(mark, String::new());
    let button = move |new: Option<Mark>, label: &'static str, class: &'static str| {
        let name = t.button_of(label, &name.get_value());
        view! { <button class=class aria-label=name aria-disabled=act.disabled() on:click=move |_| press(new)>{label}</button> }
            .into_any()
    };
    let pick_up = move || sheet.with(|sheet| sheet.pick_up);
    let next = move || match state() {
        None => ().into_any(),
        // Back from whoever fetched it the child is here, and missed again.
        Some(Mark::PickedUp) => button(Some(Mark::Here), t.take_back(), "button"),
        Some(Mark::Here) if pick_up() => {
            let class = match store.clock.get() >= ends {
                true => "button primary",
                false => "button",
            };
            let name = t.button_of(t.mark_picked_up(), &name.get_value());
            let ask = move |_| {
                fetching.update(|open| *open = !*open);
                request_animation_frame(move || {
                    let form = guardians.try_get_untracked().flatten();
                    let first =
                        form.and_then(|form| form.query_selector("button, input").ok().flatten());
                    if let Some(first) =
                        first.and_then(|one| one.dyn_into::<web_sys::HtmlElement>().ok())
                    {
                        let _ = first.focus();
                    }
                });
            };
            view! {
                <button class=class aria-label=name aria-expanded=move || fetching.get().to_string() on:click=ask>{t.mark_picked_up()}</button>
                {button(None, t.take_back(), "button")}
            }
            .into_any()
        }
        Some(_) => button(None, t.take_back(), "button"),
    };
    // The pressed button stays where it is: a second tap takes nothing back.
    let may_be_away = Memo::new(move |_| store.clock.get() >= starts);
    let away = move || {
        may_be_away.get().then(|| {
            let label = t.button_of(t.mark_away(), &name.get_value());
            let is_marked = move || state().is_some();
            view! {
                <button
                    class="button"
                    aria-label=label
                    aria-disabled=move || (is_marked() || act.pending()).to_string()
                    on:click=move |_| if !untrack(is_marked) { press(Some(Mark::Away)) }
                >{t.mark_away()}</button>
            }
        })
    };
    let facts = draw_facts(row);
    let who = move || {
        let here = state() == Some(Mark::Here);
        (fetching.get() && here).then(|| {
            let guardian = untrack(|| row.with(|row| row.as_ref()?.guardian.clone()));
            let known = guardian.map(|name| {
                let by = name.clone();
                view! { <button type="button" class="button" on:click=move |_| send(Some(Mark::PickedUp), by.clone())>{name}</button> }
            });
            let other = move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                send(Some(Mark::PickedUp), fetcher.get_untracked());
            };
            view! {
                <form class="fetching" node_ref=guardians on:submit=other>
                    <p>{t.who_fetches(&name.get_value())}</p>
                    {known}
                    <label class="field">
                        <span>{t.who_fetches_else()}</span>
                        <input data-field="fetched_by" required maxlength="40" autocomplete="off" prop:value=move || fetcher.get()
                            on:input=move |event| fetcher.set(event_target_value(&event))/>
                    </label>
                    <button class="button" aria-disabled=act.disabled()>{t.save()}</button>
                </form>
            }
        })
    };
    let called = move || row.with(|row| row.as_ref().map(|row| row.name.clone()));
    let walk_in = first
        .walk_in
        .then(|| view! { <span class="tag">{t.walk_in()}</span> });
    let here = t.button_of(t.mark_here(), &first.name);
    view! {
        <li>
            <span class="row-name">{called}</span>
            {walk_in}{facts}
            {act.refusal()}
            <span class="actions">
                <button
                    class="button"
                    class:primary=move || state().is_none()
                    aria-label=here
                    aria-disabled=move || (state().is_some() || act.pending()).to_string()
                    on:click=move |_| if untrack(state).is_none() { press(Some(Mark::Here)) }
                >{t.mark_here()}</button>
                {live(away)}{live(next)}
            </span>
            {live(who)}
        </li>
    }
    .into_any()
}

/// Who speaks for somebody, their number, and what is noted of them.
fn draw_facts(row: Memo<Option<SheetRow>>) -> AnyView {
    let t = lang();
    let word = move || {
        let (mark, at, by) = row.with(|row| {
            let row = row.as_ref()?;
            let at = row.marked.map(|at| at.local.clock()).unwrap_or_default();
            Some((row.mark?, at, row.fetched_by.clone()))
        })?;
        let (word, class) = match mark {
            Mark::Here => (t.was_here(&at), "tag t-confirmed"),
            Mark::Away => (t.was_away().to_owned(), "tag t-off"),
            Mark::PickedUp => {
                let words = by.map(|by| t.was_picked_up_by(&at, &by));
                (words.unwrap_or_else(|| t.was_picked_up(&at)), "tag")
            }
        };
        Some(view! { <span class=class>{word}</span> })
    };
    let guardian = move || {
        let name = row.with(|row| row.as_ref()?.guardian.clone())?;
        Some(view! { <span class="quiet">{t.guardian_is(&name)}</span> })
    };
    let phone = move || {
        let phone = row.with(|row| row.as_ref()?.phone.clone())?;
        Some(view! { <a href=format!("tel:{phone}")><bdi>{phone.clone()}</bdi></a> })
    };
    view! { {live(guardian)}{live(phone)}{live(word)} }.into_any()
}

/// Somebody who came without having signed up.
#[component]
fn WalkInForm(path: Path, sheet: Memo<Arc<Sheet>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let (name, phone) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // Somebody whom the centre knows, found while the name was typed.
    let known = RwSignal::new(None::<PersonRow>);
    let agreed = RwSignal::new(false);
    let centre = StoredValue::new(path.0.clone());
    let looks_up = move || centre.with_value(|centre| may_act_for(&store.actor(), centre));
    let at = path.0.clone();
    // One asks when somebody has stopped typing: each look is logged.
    let wanted = RwSignal::new(String::new());
    let ask = StoredValue::new_local(debounce(prefs::TYPED, move |(): ()| {
        wanted.try_set(
            name.try_get_untracked()
                .unwrap_or_default()
                .trim()
                .to_owned(),
        );
    }));
    let found = query(
        move || {
            let text = wanted.get();
            let may = known.with(Option::is_none) && is_enough_to_look_for(&text);
            (may && looks_up()).then_some(text)
        },
        || 0,
        None,
        move |text| {
            let at = at.clone();
            async move { api::send::<FindPeople>(&at, &Wanted { text }).await }
        },
    );
    let matches = move || {
        let rows = found.get()?.ok().filter(|rows| !rows.is_empty())?;
        let rows = rows.iter().map(|row| {
            let chosen = row.clone();
            let guardian = row.guardian.as_ref().map(|name| t.guardian_is(name));
            let number = row.phone.clone();
            let choose = move |_| {
                name.set(chosen.name.clone());
                agreed.set(false);
                known.set(Some(chosen.clone()));
            };
            view! {
                <li><button type="button" class="row" on:click=choose>
                    <span class="row-name">{row.called().to_owned()}</span>
                    <span class="row-where"><bdi>{number}</bdi>{guardian}</span>
                </button></li>
            }
        });
        Some(view! {
            <p class="quiet" role="status">{t.walk_in_known()}</p>
            <ul class="rows found">{rows.collect_view()}</ul>
        })
    };
    let chosen = move || {
        let row = known.get()?;
        let consent = row.guardian.as_ref().map(|guardian| {
            view! {
                <p class="quiet">{t.guardian_is(guardian)}</p>
                <label class="check">
                    <input type="checkbox" name="consent" prop:checked=move || agreed.get() on:change=move |event| agreed.set(event_target_checked(&event))/>
                    <span>{t.consent_told()}</span>
                </label>
            }
        });
        Some(view! {
            <p><strong>{row.called().to_owned()}</strong>" "
                <button type="button" class="chip" on:click=move |_| { known.set(None); agreed.set(false); }>{t.somebody_else()}</button>
            </p>
            {consent}
        })
    };
    let full = Memo::new(move |_| sheet.with(|sheet| sheet.is_full()));
    let warning = move || {
        let (places, waiting) = sheet.with(|sheet| (sheet.places, sheet.waiting));
        full.get()
            .then(|| view! { <p class="warn">{t.signup_sheet_full(places, waiting)}</p> })
    };
    let label = move || match full.get() {
        true => t.walk_in_all_the_same(),
        false => t.add_walk_in(),
    };
    let add = Act::new();
    let send = move || {
        let path = path.clone();
        let new = WalkIn {
            name: name.get_untracked(),
            phone: match known.with_untracked(Option::is_some) {
                true => String::new(),
                false => phone.get_untracked(),
            },
            person: known.with_untracked(|known| known.as_ref().map(|row| row.id.clone())),
            consent: agreed.get_untracked().then_some(CONSENT_VERSION),
            overtake: full.get_untracked(),
        };
        add.run(async move {
            api::send::<AddWalkIn>(&path, &new).await?;
            name.try_set(String::new());
            wanted.try_set(String::new());
            phone.try_set(String::new());
            known.try_set(None);
            agreed.try_set(false);
            Ok(Some(t.saved().to_owned()))
        });
    };
    view! {
        <details class="manage">
            <summary>{t.add_walk_in()}</summary>
            <form class="form" on:submit=move |event| { event.prevent_default(); send(); }>
                <div class="pair">
                    <label class="field">
                        <span>{t.your_name()}</span>
                        <input name="walk-in" data-field="name" required maxlength="40" autocomplete="off" prop:value=move || name.get()
                            on:input=move |event| { name.set(event_target_value(&event)); known.set(None); agreed.set(false); ask.update_value(|ask| ask(())); }/>
                    </label>
                    <label class="field">
                        <span>{t.phone_if_any()}</span>
                        <input type="tel" name="phone" autocomplete="off" prop:value=move || phone.get() on:input=move |event| phone.set(event_target_value(&event))/>
                    </label>
                </div>
                {live(chosen)}
                {live(warning)}
                {add.refusal()}
                <button class="button primary" aria-disabled=add.disabled()>{label}</button>
                // Below what is being pressed: it comes late on a slow line.
                {live(matches)}
            </form>
        </details>
    }
}
