//! Merging a duplicate of a record: it is looked for, what would come over is shown, and all of it can be undone.

use domain::{
    api::{FindPeople, Made, MergePeople, Merged, PeopleMerge, UndoChange, Wanted},
    id::{CentreId, PersonId},
    person::search::{PersonRow, is_enough_to_look_for},
};
use leptos::prelude::*;

use crate::{
    api::{self, Trouble},
    components::{act::Act, live},
    prefs::{self, lang},
    store::Store,
};

/// What is shown of it.
#[derive(Clone, PartialEq)]
enum Shown {
    /// Whom a search found.
    Found(Vec<PersonRow>),
    /// What would come over.
    Preview(Box<Merged>),
    /// It was done, and can be undone for a while.
    Done(Made),
}

/// The form, below a record.
#[component]
pub fn Merge(
    path: (CentreId, PersonId),
    /// The name on the record that stays.
    called: String,
) -> impl IntoView {
    let t = lang();
    let called = StoredValue::new(called);
    let text = RwSignal::new(String::new());
    let store = Store::get();
    let id = StoredValue::new(path.1.to_string());
    let kept = store.kept_undo(&id.get_value());
    let open = kept.is_some();
    let shown = RwSignal::new(kept.map(Shown::Done));
    let path = StoredValue::new(path);
    let act = Act::new();
    let find = move || {
        let (centre, own) = path.get_value();
        let wanted = Wanted {
            text: text.get_untracked(),
        };
        act.run(async move {
            if !is_enough_to_look_for(&wanted.text) {
                return Err(Trouble::said(t.type_more()));
            }
            let found = api::send::<FindPeople>(&centre, &wanted).await?;
            let others = found.into_iter().filter(|one| one.id != own).collect();
            shown.try_set(Some(Shown::Found(others)));
            Ok(None)
        });
    };
    let send = move |wanted: PeopleMerge| {
        let path = path.get_value();
        act.run(async move {
            let asked = wanted.seen.is_some();
            let mut merged = api::send::<MergePeople>(&path, &wanted).await?;
            if let Some(made) = merged.made.take() {
                text.try_set(String::new());
                store.keep_undo(&id.get_value(), Some(&made));
                shown.try_set(Some(Shown::Done(made)));
                return Ok(Some(t.merge_done().to_owned()));
            }
            shown.try_set(Some(Shown::Preview(Box::new(merged))));
            request_animation_frame(|| prefs::focus(".merge .primary"));
            Ok(asked.then(|| t.merge_changed().to_owned()))
        });
    };
    let undo = move |made: Made| {
        let centre = path.with_value(|path| path.0.clone());
        act.run(async move {
            let left = api::send::<UndoChange>(&(centre, made.id), &()).await?;
            store.keep_undo(&id.get_value(), None);
            shown.try_set(None);
            Ok(Some(match left {
                0 => t.merge_undone().to_owned(),
                left => t.merge_undone_but(left),
            }))
        });
    };
    let body = move || {
        Some(match shown.get()? {
            Shown::Found(rows) if rows.is_empty() => {
                view! { <p class="empty" role="status">{t.merge_none()}</p> }.into_any()
            }
            Shown::Found(rows) => {
                let rows = rows.into_iter().map(|one| {
                    let words = describe(&one);
                    let look = move |_| {
                        send(PeopleMerge {
                            other: one.id.clone(),
                            seen: None,
                        });
                    };
                    view! { <li><button type="button" class="button" aria-disabled=act.disabled() on:click=look>{words}</button></li> }
                });
                view! { <ul class="plain">{rows.collect_view()}</ul> }.into_any()
            }
            Shown::Preview(merged) => {
                let lines = list_what(&merged);
                let lines = match lines.is_empty() {
                    true => view! { <p>{t.merge_nothing()}</p> }.into_any(),
                    false => {
                        let lines = lines.into_iter().map(|line| view! { <li>{line}</li> });
                        view! { <ul>{lines.collect_view()}</ul> }.into_any()
                    }
                };
                let seen = Some(merged.counts.clone());
                let other = merged.gone.id.clone();
                let go = move |_| {
                    send(PeopleMerge {
                        other: other.clone(),
                        seen: seen.clone(),
                    });
                };
                let (centre, _) = path.get_value();
                let inside = store.record_href(&centre, &merged.gone.id);
                let differs = (merged.gone.name != called.get_value()).then(|| {
                    let words = t.merge_other_name(&called.get_value(), &merged.gone.name);
                    view! { <p class="warn">{words}</p> }
                });
                view! {
                    <p role="status">{t.merge_what(&describe(&merged.gone))}</p>
                    {lines}
                    {differs}
                    <p><a href=inside target="_blank" rel="noopener">{t.merge_look_inside()}</a></p>
                    <div class="actions">
                        <button type="button" class="button primary" aria-disabled=act.disabled() on:click=go>{t.merge_now()}</button>
                        <button type="button" class="button" on:click=move |_| shown.set(None)>{t.back()}</button>
                    </div>
                }
                .into_any()
            }
            Shown::Done(made) => {
                let label = t.undo_until(&made.undo_until.local.clock());
                let until = made.undo_until.utc();
                let made = StoredValue::new(made);
                view! {
                    <p role="status">{t.merge_done()}</p>
                    <Show when=move || store.clock.get() <= until>
                        <button type="button" class="button" aria-disabled=act.disabled() on:click=move |_| undo(made.get_value())>{label.clone()}</button>
                    </Show>
                }
                .into_any()
            }
        })
    };
    view! {
        <details class="manage merge" open=open>
            <summary>{t.merge_title()}</summary>
            <p class="quiet">{t.merge_about()}</p>
            <form class="form" on:submit=move |event| { event.prevent_default(); find(); }>
                <label class="field">
                    <span>{t.merge_find()}</span>
                    <input name="merge" data-field="phone" required maxlength="40" autocomplete="off" prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))/>
                </label>
                <button class="button" aria-disabled=act.disabled()>{t.merge_look()}</button>
            </form>
            {act.refusal()}
            {live(body)}
        </details>
    }
}

/// Somebody as staff tell them apart: name, year of birth, end of the number, guardian.
pub(super) fn describe(one: &PersonRow) -> String {
    let t = lang();
    let phone = one.phone.clone();
    let more = [
        one.born.map(|year| year.to_string()),
        Some(phone.unwrap_or_else(|| t.no_phone().to_owned())),
        one.guardian.as_ref().map(|name| t.guardian_is(name)),
    ];
    let more = more.into_iter().flatten();
    std::iter::once(one.called().to_owned())
        .chain(more)
        .collect::<Vec<_>>()
        .join(" · ")
}

fn list_what(merged: &Merged) -> Vec<String> {
    let t = lang();
    let counts = &merged.counts;
    let lines = [
        (counts.bookings, t.merge_bookings(counts.bookings)),
        (counts.sign_ups, t.merge_sign_ups(counts.sign_ups)),
        (counts.attended, t.merge_attended(counts.attended)),
        (counts.relatives, t.merge_relatives(counts.relatives)),
    ];
    let mut all: Vec<String> = lines
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(_, words)| words)
        .collect();
    all.extend(counts.birth.map(|day| t.merge_birth(&t.full_date(day))));
    all
}
