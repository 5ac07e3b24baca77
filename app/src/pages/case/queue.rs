//! The queue of a house: what is to be done by due time, what waits, what is planned for a day, what is over.

use std::sync::Arc;

use domain::{
    api::{CasePage, CaseQuery, CentreView, FindCases, Mark},
    case::{CaseRow, Pile, kind::CaseKind},
    id::CentreId,
    page::Page,
    person::permission::may_see_desk,
    time::Date,
};
use leptos::prelude::*;

use super::{RowLink, ids};
use crate::{
    api::{self, Trouble},
    components::{act::Act, live, once::once, picker::CentrePicker},
    pages::desk::guard::Guard,
    prefs::lang,
    query::query,
    store::Store,
};

/// The page.
#[component]
pub fn QueuePage() -> impl IntoView {
    let t = lang();
    let guard = Guard {
        title: t.queue_title(),
        page: || Page::Queue,
        may: may_see_desk,
        refusal: t.house_not_yours(),
        body: |centre| view! { <Queue centre/> }.into_any(),
        none: None,
    };
    guard.draw()
}

#[component]
fn Queue(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let id = centre.centre.id.clone();
    let pile = RwSignal::new(Pile::Open);
    let kind = RwSignal::new(None::<CaseKind>);
    let day = RwSignal::new(store.now(&centre).date().to_string());
    let of = StoredValue::new(id.clone());
    let wanted = Memo::new(move |_| CaseQuery {
        pile: pile.get(),
        kind: kind.get(),
        day: Date::parse(&day.get()).filter(|_| pile.get() == Pile::Planned),
        ..CaseQuery::default()
    });
    let page = query(
        move || Some(wanted.get()),
        move || store.version(),
        None,
        move |wanted: CaseQuery| async move { api::send::<FindCases>(&of.get_value(), &wanted).await },
    );
    let counts = move || {
        let page = page.get()?.ok()?;
        let late = (page.counts.late > 0).then(|| {
            view! { " · "<strong class="case-late">{t.queue_late(page.counts.late)}</strong> }
        });
        Some(view! { <p role="status">{t.queue_open(page.counts.open)}{late}</p> })
    };
    let tabs = Pile::ALL.map(|one| {
        view! {
            <label class="chip-choice">
                <input type="radio" class="hidden" name="pile" prop:checked=move || pile.get() == one on:change=move |_| pile.set(one)/>
                <span>{one.word(t)}</span>
            </label>
        }
    });
    let kinds = CaseKind::ALL.map(|one| view! { <option value=one.code()>{one.word(t)}</option> });
    let planned = move || {
        (pile.get() == Pile::Planned).then(|| {
            view! {
                <label class="field">
                    <span>{t.queue_day()}</span>
                    <input type="date" name="queue-day" prop:value=move || day.get() on:change=move |event| day.set(event_target_value(&event))/>
                </label>
            }
        })
    };
    let list = move || {
        wanted.get();
        once(page, 6, move |page| {
            draw_pages(of.get_value(), wanted, page)
        })
    };
    view! {
        <div class="map-top"><CentrePicker page=Page::Queue/></div>
        <div class="actions">
            <a class="button primary" href=store.href(Page::Cases)>{t.queue_take()}</a>
            <Find centre=id/>
        </div>
        {live(counts)}
        <fieldset class="chips piles"><legend class="hidden">{t.queue_title()}</legend>{tabs}</fieldset>
        <div class="queue-filters">
            <label class="field">
                <span>{t.case_kind()}</span>
                <select name="queue-kind" on:change=move |event| kind.set(CaseKind::from_code(&event_target_value(&event)))>
                    <option value="">{t.queue_all_kinds()}</option>
                    {kinds}
                </select>
            </label>
            {live(planned)}
        </div>
        {live(list)}
    }
    .into_any()
}

/// The first page, as it is now, and those that were asked for after it.
fn draw_pages(centre: CentreId, wanted: Memo<CaseQuery>, page: Memo<Arc<CasePage>>) -> AnyView {
    let t = lang();
    let later = RwSignal::new((Vec::<CaseRow>::new(), None::<Option<Mark>>));
    let all = Memo::new(move |_| {
        let mut all = page.with(|page| page.cases.clone());
        later.with(|(later, _)| {
            for row in later {
                if all.iter().all(|one| one.id != row.id) {
                    all.push(row.clone());
                }
            }
        });
        Arc::new(all)
    });
    let next = Memo::new(move |_| {
        let first = page.with(|page| page.next.clone());
        later.with(|(_, next)| next.clone()).unwrap_or(first)
    });
    let act = Act::new();
    let more = move |_| {
        let centre = centre.clone();
        let query = CaseQuery {
            after: next.get_untracked(),
            ..wanted.get_untracked()
        };
        act.run(async move {
            let page = api::send::<FindCases>(&centre, &query).await?;
            later.try_update(|(later, next)| {
                later.extend(page.cases);
                *next = Some(page.next);
            });
            Ok(None)
        });
    };
    view! {
        <Show when=move || all.with(|all| all.is_empty())><p class="empty">{t.queue_empty()}</p></Show>
        <ul class="rows">
            <For each=move || ids(&all.get()) key=|id| id.clone() children=move |id| view! { <li><RowLink id all/></li> }/>
        </ul>
        <Show when=move || next.with(Option::is_some)>
            <button class="button" aria-disabled=act.disabled() on:click=more.clone()>{t.queue_more()}</button>
        </Show>
        {act.refusal()}
    }
    .into_any()
}

/// A case by the number that somebody says on the phone.
#[component]
fn Find(centre: CentreId) -> impl IntoView {
    let t = lang();
    let number = RwSignal::new(String::new());
    let act = Act::new();
    let find = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let centre = centre.clone();
        let wanted = number.get_untracked().trim().parse::<u32>().ok();
        act.run(async move {
            let none = || Trouble::at("number", lang().queue_not_found());
            let query = CaseQuery {
                number: Some(wanted.ok_or_else(none)?),
                ..CaseQuery::default()
            };
            let found = api::send::<FindCases>(&centre, &query).await?;
            let row = found.cases.into_iter().next().ok_or_else(none)?;
            if let Some(store) = act.store() {
                store.go(
                    &Page::Case(centre, row.id),
                    &store.here.get_untracked(),
                    false,
                );
            }
            Ok(None)
        });
    };
    view! {
        <form class="queue-find" on:submit=find>
            <label class="field"><span class="hidden">{t.queue_find()}</span>
                <input name="queue-number" data-field="number" inputmode="numeric" placeholder=t.queue_find() prop:value=move || number.get()
                    on:input=move |event| number.set(event_target_value(&event))/>
            </label>
            <button class="button" aria-disabled=act.disabled()>{t.queue_go()}</button>
            {act.refusal()}
        </form>
    }
    .into_any()
}
