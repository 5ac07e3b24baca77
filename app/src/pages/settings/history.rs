//! Settings: who changed what, and going back.

use std::sync::Arc;

use domain::{
    api::{CentreView, ListRevisions, RevisionCard},
    centre::edit::{Edit, Part},
};
use leptos::prelude::*;

use super::saver::{self, Saver, Undo};
use crate::{
    api,
    components::{live, once::once},
    prefs::{self, lang},
    query::query,
    store::Store,
};

pub(super) fn draw(opened: Arc<CentreView>, undo: Undo) -> AnyView {
    let t = lang();
    let store = Store::get();
    let id = opened.centre.id.clone();
    let saver = Saver::new(opened, undo, saver::Part::History);
    let revisions = query(
        || Some(()),
        move || store.version(),
        None,
        move |()| {
            let id = id.clone();
            async move { api::get::<ListRevisions>(&id).await }
        },
    );
    // Which one, and which was the last when that was decided.
    let chosen = RwSignal::new(None::<(i64, i64)>);
    let last = move || {
        let all = revisions.get_untracked().and_then(Result::ok);
        all.and_then(|all| all.first().map(|one| one.revision))
            .unwrap_or_default()
    };
    let row = move |one: RevisionCard| {
        let revision = one.revision;
        let what: Vec<String> = one.parts.iter().map(words).collect();
        let what = match what.is_empty() {
            true => t.revision_first().to_owned(),
            false => what.join(t.comma()),
        };
        let when = one.made.map(|made| t.moment(made.local));
        let same = one.same_as.map(|as_one| t.revision_as(as_one));
        let by = [when, one.by, same]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>();
        let back = move || match one.is_now {
            true => view! { <span class="tag">{t.revision_now()}</span> }.into_any(),
            false => {
                let label = t.go_back_to(revision);
                let press = move |_| {
                    let seen = last();
                    chosen.set(Some((revision, seen)));
                    saver.touch();
                    saver.look(Edit::Revision { revision, seen });
                    request_animation_frame(|| prefs::reveal(".going-back"));
                };
                view! { <button type="button" class="button" on:click=press>{label}</button> }
                    .into_any()
            }
        };
        view! {
            <li class="revision">
                <div><strong>{t.revision_number(revision)}" · "{what}</strong><p class="quiet">{by.join(" · ")}</p></div>
                {back()}
            </li>
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some((revision, seen)) = chosen.get_untracked() {
            saver.save(Edit::Revision { revision, seen });
        }
    };
    let list = move |all: Memo<Arc<Vec<RevisionCard>>>| {
        view! {
            <Show when=move || all.with(|all| all.is_empty())><p class="empty">{t.no_history()}</p></Show>
            <ul class="plain revisions">
                <For each=move || all.with(|all| all.to_vec()) key=|one| format!("{one:?}") children=row/>
            </ul>
        }
        .into_any()
    };
    let going = move || {
        chosen.get().map(|(revision, _)| {
            view! {
                <form class="form going-back" on:submit=submit>
                    <p class="warn">{t.go_back_to(revision)}" · "{t.go_back_about()}</p>
                    {saver.draw(t.go_back())}
                </form>
            }
        })
    };
    view! {
        {once(revisions, 3, list)}
        {live(going)}
    }
    .into_any()
}

fn words(part: &Part) -> String {
    let t = lang();
    match part {
        Part::About => t.settings_about().to_owned(),
        Part::Hours => t.settings_hours().to_owned(),
        Part::Rules => t.settings_rules().to_owned(),
        Part::Room(name) => name.get(t).to_owned(),
        Part::Plan => t.settings_plan().to_owned(),
    }
}
