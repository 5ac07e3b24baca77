//! The audit log of a day: who did what, for whom, and how it reached the house.

use std::sync::Arc;

use domain::{
    api::{CentreView, GetAuditLog},
    audit::Entry,
    language::fold,
    page::Page,
    person::{behalf::Channel, permission::may_read_log},
};
use leptos::prelude::*;

use crate::{
    api,
    components::{
        icon::Icon,
        live,
        notice::{Notice, Skeleton},
        picker::{CentrePicker, DayPicker},
    },
    pages::desk::guard::Guard,
    prefs::lang,
    query::query,
    store::Store,
};

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    let t = lang();
    let guard = Guard {
        title: t.log_title(),
        page: || Page::Audit,
        may: may_read_log,
        refusal: t.house_not_yours(),
        body: |centre| view! { <Loaded centre/> }.into_any(),
        none: None,
    };
    guard.draw()
}

#[component]
fn Loaded(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let of = centre.clone();
    let day = Memo::new(move |_| store.day(&of));
    let id = centre.centre.id.clone();
    // A day begins with its newest entries.
    let page = RwSignal::new(0u16);
    Effect::new(move |_| {
        day.track();
        page.set(0);
    });
    let entries = query(
        move || Some((day.get(), page.get())),
        move || store.version(),
        None,
        move |(day, page)| {
            let path = (id.clone(), day, page);
            async move { api::get::<GetAuditLog>(&path).await }
        },
    );
    let search = RwSignal::new(String::new());
    let list = move || match entries.get() {
        None => view! { <Skeleton lines=8/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(log)) => {
            let wanted = fold(search.get().trim());
            let none = match log.entries.is_empty() {
                true => t.log_empty(),
                false => t.log_no_match(),
            };
            let rows: Vec<_> = log
                .entries
                .iter()
                .map(|entry| (entry, sentences(entry)))
                .filter(|(_, (done, about))| {
                    let hits = |text: &str| fold(text).contains(&wanted);
                    hits(done) || hits(about)
                })
                .map(|(entry, words)| row(entry, words))
                .collect();
            let rows = match rows.is_empty() {
                true => view! { <p class="empty">{none}</p> }.into_any(),
                false => view! { <ul class="plain log">{rows}</ul> }.into_any(),
            };
            let turn = move |by: i16, label: &'static str| {
                view! { <button class="button" on:click=move |_| page.update(|page| *page = page.saturating_add_signed(by))>{label}</button> }
            };
            let later = (page.get_untracked() > 0).then(|| turn(-1, t.log_later()));
            let earlier = log.more.then(|| turn(1, t.log_earlier()));
            view! { {rows}<div class="actions">{later}{earlier}</div> }.into_any()
        }
    };
    view! {
        <div class="map-top">
            <CentrePicker page=Page::Audit/>
            <DayPicker page=Page::Audit centre/>
        </div>
        <label class="search">
            <Icon icon=Icon::Search/>
            <span class="hidden">{t.log_filter()}</span>
            <input type="search" placeholder=t.log_filter() prop:value=move || search.get() on:input=move |event| search.set(event_target_value(&event))/>
        </label>
        {live(list)}
    }
}

/// An entry in words: who did what for whom, and about what.
fn sentences(entry: &Entry) -> (String, String) {
    let t = lang();
    let subject = &entry.subject;
    let who = entry.actor.clone();
    let done = [
        Some(who.unwrap_or_else(|| t.by_itself().to_owned())),
        entry.person.as_ref().map(|name| t.for_whom(name)),
        Some(entry.act.word(t).to_owned()),
    ];
    let about = [
        subject.what.as_ref().map(|what| what.get(t).to_owned()),
        subject
            .start
            .map(|start| t.moment_seen(start, Store::get().today())),
        (!subject.reason.is_empty()).then(|| subject.reason.clone()),
    ];
    let join = |parts: [Option<String>; 3]| {
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        parts.join(" · ")
    };
    (join(done), join(about))
}

fn row(entry: &Entry, (done, about): (String, String)) -> AnyView {
    let t = lang();
    let about = match entry.subject.path.as_str() {
        "" => view! { <span class="quiet">{about}</span> }.into_any(),
        path => {
            let store = Store::get();
            let href = Page::parse(path).map(|page| match &page {
                Page::Record(centre, person) => store.record_href(centre, person),
                _ => untrack(store.href(page)),
            });
            view! { <a href=href>{about}</a> }.into_any()
        }
    };
    let way = (entry.channel != Channel::App)
        .then(|| view! { <span class="tag">{entry.channel.word(t)}</span> });
    view! { <li><time>{entry.at.local.clock()}</time><div><span>{done}</span>{about}</div>{way}</li> }
        .into_any()
}
