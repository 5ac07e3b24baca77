//! Closures: rooms are put out of use, the bookings that it hits are decided first, and what is out of use is listed.

use std::sync::Arc;

use domain::{
    api::{CentreView, CloseRooms, ClosureCard, ListClosures, NewClosure, ReopenRooms, UndoChange},
    id::{ConsequenceId, FloorId, RoomId},
    page::Page,
    person::permission::may_close_rooms,
    time::{DAY, LocalTime},
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, consequence::Sheet, live, once::once, picker::CentrePicker},
    pages::desk::guard::Guard,
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// The page.
#[component]
pub fn ClosuresPage() -> impl IntoView {
    let t = lang();
    let guard = Guard {
        title: t.closures_title(),
        page: || Page::Closures,
        may: may_close_rooms,
        refusal: t.house_not_yours(),
        body: |centre| view! { <ClosuresOfCentre centre/> }.into_any(),
        none: None,
    };
    guard.draw()
}

#[component]
fn ClosuresOfCentre(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let id = centre.centre.id.clone();
    let closures = query(
        || Some(()),
        move || store.version(),
        None,
        move |()| {
            let id = id.clone();
            async move { api::get::<ListClosures>(&id).await }
        },
    );
    let of = StoredValue::new(centre.clone());
    let list = move |all: Memo<Arc<Vec<ClosureCard>>>| {
        let ids = move || all.with(|all| all.iter().map(|one| one.id.clone()).collect::<Vec<_>>());
        view! {
            <Show when=move || all.with(|all| all.is_empty())><p class="empty">{t.no_closures()}</p></Show>
            <ul class="plain closures">
                <For each=ids key=|id| id.clone() children=move |id| view! { <Row id all centre=of.get_value()/> }/>
            </ul>
        }
        .into_any()
    };
    view! {
        <div class="map-top"><CentrePicker page=Page::Closures/></div>
        <New centre/>
        <section aria-labelledby="closed-now">
            <h2 id="closed-now">{t.closed_rooms()}</h2>
            {once(closures, 3, list)}
        </section>
    }
}

/// The names of rooms in a sentence, a few of many.
fn names(centre: &CentreView, rooms: &[RoomId]) -> String {
    let t = lang();
    let named = rooms.iter().filter_map(|id| centre.centre.room(id));
    let named: Vec<&str> = named.take(4).map(|room| room.name.get(t)).collect();
    match rooms.len() > named.len() {
        true => t.and_more_rooms(&named.join(t.comma()), rooms.len()),
        false => named.join(t.comma()),
    }
}

/// Rooms out of use: which, until when, why, opening them again.
#[component]
fn Row(
    id: ConsequenceId,
    all: Memo<Arc<Vec<ClosureCard>>>,
    centre: Arc<CentreView>,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let path = StoredValue::new((centre.centre.id.clone(), id.clone()));
    let card = Memo::new(move |_| all.with(|all| all.iter().find(|one| one.id == id).cloned()));
    let of = centre.clone();
    let what = move || {
        let one = card.get()?;
        let today = store.now(&of).date();
        let (from, until) = (one.start.local, one.end.local);
        let when = format!(
            "{}–{}",
            t.moment_seen(from, today),
            match from.date() == until.date() {
                true => until.clock(),
                false => t.moment_seen(until, today),
            }
        );
        let by = one.by.map(|by| format!(" · {by}")).unwrap_or_default();
        Some(view! {
            <p><strong>{names(&of, &one.rooms)}</strong></p>
            <p><time>{when}</time></p>
            <p class="quiet">{one.reason.get(t).to_owned()}{by}</p>
        })
    };
    let act = Act::new();
    let press = move |undo: bool| {
        let path = path.get_value();
        act.run(async move {
            Ok(Some(match undo {
                true => match api::send::<UndoChange>(&path, &()).await? {
                    0 => t.closure_undone().to_owned(),
                    left => t.undone_left(left),
                },
                false => {
                    api::send::<ReopenRooms>(&path, &()).await?;
                    t.rooms_reopened().to_owned()
                }
            }))
        });
    };
    let asking = RwSignal::new(false);
    let undo = move || {
        let until = card.get()?.undo_until?;
        (until.utc() >= store.clock.get()).then(|| {
            let label = t.undo_until(&until.local.clock());
            view! { <button class="button" aria-disabled=act.disabled() on:click=move |_| press(true)>{label}</button> }
        })
    };
    let end = move || {
        match asking.get() {
        true => view! {
            <button class="button" on:click=move |_| asking.set(false)>{t.back()}</button>
            <button class="button primary" aria-disabled=act.disabled() on:click=move |_| press(false)>{t.reopen_now()}</button>
        }
        .into_any(),
        false => view! { <button class="button" on:click=move |_| asking.set(true)>{t.reopen()}</button> }.into_any(),
    }
    };
    view! {
        <li class="card">
            {live(what)}
            {act.refusal()}
            <div class="actions">{live(undo)}{live(end)}</div>
        </li>
    }
}

/// What is to be closed, as the form's list of choices has it: `*`, `floor F` or a room.
fn rooms_of(centre: &CentreView, choice: &str) -> Vec<RoomId> {
    let rooms = centre.centre.rooms.iter();
    let all = rooms.filter(|room| match choice.split_once(' ') {
        Some((_, floor)) => room.floor == FloorId::new(floor),
        None => choice == "*" || room.id.as_str() == choice,
    });
    all.map(|room| room.id.clone()).collect()
}

/// A time as its field has it.
fn field(at: LocalTime) -> String {
    format!("{}T{}", at.date(), at.clock())
}

/// The floors and rooms to choose from.
fn draw_floors(centre: &CentreView, what: RwSignal<String>) -> AnyView {
    let t = lang();
    let floors = centre.centre.floors.iter().map(|floor| {
        let whole = format!("floor {}", floor.id);
        let own = whole.clone();
        let rooms = centre.centre.rooms.iter().filter(|room| room.floor == floor.id);
        let rooms = rooms.map(|room| {
            let (id, own) = (room.id.to_string(), room.id.to_string());
            view! { <option value=id prop:selected=move || what.get() == own>{room.name.get(t).to_owned()}</option> }
        });
        view! {
            <optgroup label=floor.name.get(t).to_owned()>
                <option value=whole prop:selected=move || what.get() == own>{t.whole_floor(floor.name.get(t))}</option>
                {rooms.collect_view()}
            </optgroup>
        }
    });
    floors.collect_view().into_any()
}

/// The form: what, from when, until when, why; then what it hits.
#[component]
fn New(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let now = store.now(&centre);
    let room = store.view.with_untracked(|view| view.room.clone());
    let what = RwSignal::new(room.map(|room| room.to_string()).unwrap_or_default());
    let start = RwSignal::new(field(now));
    let end = RwSignal::new(field(now.date().plus(1).at(0)));
    let reason = RwSignal::new(String::new());
    let all = [what, start, end, reason];
    store.keep_fields("closure", &all);
    // What was looked at, with these fields: once one of them is changed, it must be looked at again.
    let sheet = Sheet::new();
    let looked = RwSignal::new(false);
    let act = Act::new();
    let of = centre.clone();
    let fields = move || {
        let read = |field: RwSignal<String>| field.try_get_untracked();
        all.map(read)
    };
    let send = move |preview: bool| {
        let read = |field: RwSignal<String>| {
            let text = field.get_untracked();
            LocalTime::parse(text.get(..16).unwrap_or(&text)).unwrap_or(now)
        };
        let reason = reason.get_untracked();
        let new = NewClosure {
            rooms: rooms_of(&of, &what.get_untracked()),
            start: read(start),
            end: read(end),
            decisions: match preview {
                true => Vec::new(),
                false => sheet.decisions(&reason),
            },
            reason,
            preview,
        };
        let id = of.centre.id.clone();
        let asked = fields();
        let now = store.now(&of);
        let begun = [
            String::new(),
            field(now),
            field(now.date().plus(1).at(0)),
            String::new(),
        ];
        act.run(async move {
            let done = api::send::<CloseRooms>(&id, &new).await?;
            if done.made.is_none() {
                sheet.take(done.hits);
                // The same button does it next: what it would do is read first.
                request_animation_frame(|| prefs::focus(".verdict"));
                // Whoever changed something meanwhile has not looked at that.
                looked.try_set(untrack(fields) == asked);
                // Others booked or cancelled since it was looked at.
                let changed = (!preview).then(|| t.hits_changed().to_owned());
                return Ok(changed);
            }
            sheet.take(Vec::new());
            looked.try_set(false);
            // The next one begins anew: its people would read this one's reason.
            for (typed, first) in all.into_iter().zip(begun) {
                typed.try_set(first);
            }
            Ok(Some(t.rooms_closed().to_owned()))
        });
    };
    let send = StoredValue::new(send);
    let type_in = move |field: RwSignal<String>| {
        move |event| {
            field.set(event_target_value(&event));
            looked.set(false);
            act.forget();
        }
    };
    let floors = draw_floors(&centre, what);
    let spans = [
        (t.until_midnight(), 1),
        (t.for_three_days(), 3),
        (t.for_a_week(), 7),
    ]
    .map(|(words, days)| {
        let set = move |_| {
            let from = LocalTime::parse(&start.get_untracked()).unwrap_or(now);
            // Until midnight of the day itself, else for as many times 24 hours.
            let until = match days {
                1 => from.date().at(DAY),
                days => from.plus(days * DAY),
            };
            end.set(field(until));
            looked.set(false);
        };
        view! { <button type="button" class="chip" on:click=set>{words}</button> }
    });
    let reasons = [
        t.closed_repair(),
        t.closed_pipe(),
        t.closed_event(),
        t.closed_cleaning(),
    ]
    .map(|words| {
        let set = move |_| {
            reason.set(words.to_owned());
            looked.set(false);
        };
        view! { <button type="button" class="chip" on:click=set>{words}</button> }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let preview = !looked.get_untracked();
        send.with_value(|send| send(preview));
    };
    let label = move || match (looked.get(), sheet.count()) {
        (false, _) => t.look_at_hits().to_owned(),
        (true, 0) => t.close_now().to_owned(),
        (true, hits) => t.close_with(hits),
    };
    let seen = centre.clone();
    let shown = move || looked.get().then(|| sheet.draw(seen.clone()));
    view! {
        <section class="card" aria-labelledby="close-rooms">
            <h2 id="close-rooms">{t.close_rooms()}</h2>
            <form class="form" on:submit=submit>
                <label class="field">
                    <span>{t.what_closes()}</span>
                    <select name="rooms" required on:change=type_in(what)>
                        <option value="" prop:selected=move || what.with(String::is_empty)>{t.choose_one()}</option>
                        <option value="*" prop:selected=move || what.get() == "*">{t.whole_centre()}</option>
                        {floors}
                    </select>
                </label>
                <div class="pair">
                    <label class="field">
                        <span>{t.closed_from()}</span>
                        <input type="datetime-local" name="start" required prop:value=move || start.get() on:change=type_in(start)/>
                    </label>
                    <label class="field">
                        <span>{t.closed_until()}</span>
                        <input type="datetime-local" name="end" required prop:value=move || end.get() on:change=type_in(end)/>
                    </label>
                </div>
                <div class="choices">{spans.collect_view()}</div>
                <label class="field">
                    <span>{t.closed_why()}</span>
                    <input name="reason" required maxlength="200" prop:value=move || reason.get() on:input=type_in(reason)/>
                </label>
                <div class="choices">{reasons.collect_view()}</div>
                {live(shown)}
                {act.refusal()}
                <button class="button primary" aria-disabled=act.disabled()>{label}</button>
            </form>
        </section>
    }
}
