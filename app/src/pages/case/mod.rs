//! The desk of a centre for those who live there: what it does, asking for it, one's own cases, and what others reported.

pub mod nameless;
pub mod one;
mod picture;
pub mod queue;
mod send;
mod step;

use std::sync::Arc;

use domain::{
    api::{FollowReport, Following, ListMyCases, ListReports},
    case::CaseRow,
    id::CaseId,
    page::Page,
    person::permission::may_see_desk,
    view::View,
};
use leptos::prelude::*;

use self::send::SendForm;
use crate::{
    api,
    components::{act::Act, live, once::once, picker::CentrePicker},
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// The page.
#[component]
pub fn CasesPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let signed_in = Memo::new(move |_| store.signed_in() == Some(true));
    let mine = query(
        move || signed_in.get().then_some(()),
        move || store.version(),
        None,
        |()| async { api::get::<ListMyCases>(&()).await },
    );
    let list = move |all: Memo<Arc<Vec<CaseRow>>>| {
        view! {
            <Show when=move || all.with(|all| all.is_empty())><p class="empty">{t.case_none()}</p></Show>
            <ul class="rows">
                <For each=move || ids(&all.get()) key=|id| id.clone() children=move |id| view! { <li><RowLink id all/></li> }/>
            </ul>
        }
        .into_any()
    };
    // The list of reports is the same for everybody: which are one's own, and which one follows, is known beside it.
    let own_ids = Memo::new(move |_| {
        let all = mine.get().and_then(Result::ok).unwrap_or_default();
        ids(&all
            .iter()
            .filter(|row| row.mine)
            .cloned()
            .collect::<Vec<_>>())
    });
    let followed = Memo::new(move |_| {
        let all = mine.get().and_then(Result::ok).unwrap_or_default();
        let all = all.iter().filter(|row| row.follows);
        all.map(|row| row.id.clone()).collect::<Vec<_>>()
    });
    let own = move || {
        signed_in.get().then(|| {
            view! {
                <section aria-labelledby="my-cases">
                    <h2 id="my-cases">{t.case_mine()}</h2>
                    {once(mine, 3, list)}
                </section>
            }
        })
    };
    let works = Memo::new(move |_| {
        let centre = store.centre_id.get();
        centre.is_some_and(|centre| may_see_desk(&store.actor(), &centre))
    });
    let queue = move || {
        works.get().then(|| {
            view! { <p><a class="button" href=store.href(Page::Queue)>{t.queue_title()}</a></p> }
        })
    };
    view! {
        <main class="page form-page cases-page" id="main">
            <h1 tabindex="-1">{t.cases_title()}</h1>
            <p>{t.cases_about()}</p>
            <div class="map-top"><CentrePicker page=Page::Cases/></div>
            {live(queue)}
            <SendForm/>
            {live(own)}
            <Reports own=own_ids mine=followed/>
        </main>
    }
    .into_any()
}

fn ids(all: &[CaseRow]) -> Vec<CaseId> {
    all.iter().map(|one| one.id.clone()).collect()
}

/// A case in a list: its number, what it is about, and where it stands.
#[component]
pub fn RowLink(id: CaseId, all: Memo<Arc<Vec<CaseRow>>>) -> impl IntoView {
    let row = Memo::new(move |_| all.with(|all| all.iter().find(|one| one.id == id).cloned()));
    let link = move || {
        let row = row.get()?;
        let store = Store::get();
        // The page is one of the centre that it is at, whichever is looked at.
        let view = View {
            behalf: store.here.with(|here| here.behalf.clone()),
            ..View::at_centre(Some(row.centre.clone()))
        };
        let href = view.address(&Page::Case(row.centre.clone(), row.id.clone()));
        Some(view! { <a class="row case-row" href=href>{summary(&row)}</a> })
    };
    view! { {live(link)} }
}

/// The words of a row.
fn summary(row: &CaseRow) -> AnyView {
    let t = lang();
    let store = Store::get();
    let today = store.today();
    let now = store.clock.get_untracked();
    let mut facts = vec![t.case_number(row.number), row.kind.word(t).to_owned()];
    facts.extend(row.name.clone());
    if !row.place.is_empty() {
        facts.push(row.place.clone());
    }
    facts.extend(row.lead.as_ref().map(|lead| t.case_lead(lead)));
    if row.followers > 0 {
        facts.push(t.case_followers(row.followers));
    }
    let due = row.due.map(|due| {
        let at = t.moment_seen(due.local, today);
        match due.utc() < now {
            true => view! { <span class="case-late">{t.case_late(&at)}</span> }.into_any(),
            false => view! { <span class="quiet">{t.case_due(&at)}</span> }.into_any(),
        }
    });
    let planned = row
        .planned
        .filter(|_| row.state.is_open())
        .map(|at| t.case_planned(&t.moment_seen(at.local, today)));
    let waits = row.waits.map(|whom| t.case_waits(whom.word(t, row.mine)));
    let class = format!("tag case-{}", row.state.code());
    view! {
        <span class="row-name">{row.title.clone()}</span>
        <span class="row-where">{facts.join(" · ")}</span>
        <span class="case-state">
            <span class=class>{row.state.word(t)}</span>
            {planned}" "{waits}" "{due}
        </span>
    }
    .into_any()
}

/// What was reported, without names: whoever has the same says so.
#[component]
fn Reports(own: Memo<Vec<CaseId>>, mine: Memo<Vec<CaseId>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let reports = query(
        move || store.centre_id.get(),
        move || store.version(),
        None,
        |id| async move { api::get::<ListReports>(&id).await },
    );
    let list = move |all: Memo<Arc<Vec<CaseRow>>>| {
        view! {
            <Show when=move || all.with(|all| all.is_empty())><p class="empty">{t.report_none()}</p></Show>
            <ul class="rows">
                <For each=move || ids(&all.get()) key=|id| id.clone() children=move |id| view! { <li><Report id all own mine/></li> }/>
            </ul>
        }
        .into_any()
    };
    let body = move || {
        store.centre_id.get();
        once(reports, 3, list)
    };
    view! {
        <section aria-labelledby="reports">
            <h2 id="reports">{t.report_list()}</h2>
            <p class="quiet">{t.report_about()}</p>
            {live(body)}
        </section>
    }
    .into_any()
}

#[component]
fn Report(
    id: CaseId,
    all: Memo<Arc<Vec<CaseRow>>>,
    own: Memo<Vec<CaseId>>,
    mine: Memo<Vec<CaseId>>,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let of = StoredValue::new(id.clone());
    let row = Memo::new(move |_| all.with(|all| all.iter().find(|one| one.id == id).cloned()));
    let act = Act::new();
    let follows = Memo::new(move |_| of.with_value(|id| mine.with(|mine| mine.contains(id))));
    let press = move |_| {
        let Some(centre) = store.centre_id.get_untracked() else {
            return;
        };
        if store.signed_in() != Some(true) {
            prefs::keep("next", &store.view.get_untracked().address(&Page::Cases));
            store.go(&Page::SignIn, &store.here.get_untracked(), false);
            return;
        }
        let wanted = !follows.get_untracked();
        act.run(async move {
            let path = (centre, of.get_value());
            api::send::<FollowReport>(&path, &Following { follows: wanted }).await?;
            Ok(Some(
                match wanted {
                    true => t.report_followed(),
                    false => t.report_unfollowed(),
                }
                .to_owned(),
            ))
        });
    };
    let label = move || match follows.get() {
        true => t.report_unfollow(),
        false => t.report_follow(),
    };
    let named = move || {
        let title = row.with(|row| row.as_ref().map(|row| row.title.clone()));
        t.button_of(label(), &title.unwrap_or_default())
    };
    // Nobody follows what they reported themselves.
    let open = Memo::new(move |_| {
        let is_own = of.with_value(|id| own.with(|own| own.contains(id)));
        !is_own && row.with(|row| row.as_ref().is_some_and(|row| row.state.is_open()))
    });
    view! {
        <div class="row report">
            {live(move || row.get().map(|row| summary(&row)))}
            <Show when=move || open.get()>
                <button class="button" aria-label=named aria-pressed=move || follows.get().to_string() aria-disabled=act.disabled() on:click=press>{label}</button>
            </Show>
            {act.refusal()}
        </div>
    }
    .into_any()
}
