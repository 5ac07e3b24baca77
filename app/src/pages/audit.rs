//! The audit log of a day: who did what, for whom, and how it reached the house.

use std::sync::Arc;

use domain::{
    api::{CentreView, Endpoint, FindEntries, GetAuditLog, GetFoundFile, GetLogFile, LogQuery},
    audit::Entry,
    page::Page,
    person::{behalf::Channel, permission::may_read_log},
    time::Date,
    view::View,
};
use leptos::{leptos_dom::helpers::debounce, prelude::*};

use crate::{
    api,
    components::{
        act::Act,
        icon::Icon,
        live,
        notice::{Notice, Skeleton},
        picker::{CentrePicker, DayPicker},
    },
    pages::desk::guard::Guard,
    prefs::{self, lang},
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
        body: |centre| view! { <LogOfCentre centre/> }.into_any(),
        none: None,
    };
    guard.draw()
}

#[component]
fn LogOfCentre(centre: Arc<CentreView>) -> impl IntoView {
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
    // What is looked for stands in the address, and is looked for over all time.
    let at = centre.centre.id.clone();
    let month = move || GetLogFile::url(&(at.clone(), day.get()));
    let search = Memo::new(move |_| store.view.with(|view| view.search.trim().to_owned()));
    // One asks when somebody has stopped typing: all of the log is searched.
    let look = StoredValue::new_local(debounce(prefs::TYPED, move |search: String| {
        if untrack(|| store.router.page.get()) == Some(Page::Audit) {
            let view = View {
                search,
                ..store.view.get_untracked()
            };
            page.try_set(0);
            store.go(&Page::Audit, &view, true);
        }
    }));
    let type_in = move |typed: Option<String>| {
        if let Some(search) = typed {
            look.update_value(|look| look(search));
        }
    };
    let of = centre.centre.id.clone();
    let found = query(
        move || {
            let text = search.get();
            (!text.is_empty()).then(|| LogQuery {
                text,
                page: page.get(),
            })
        },
        move || store.version(),
        None,
        move |wanted| {
            let of = of.clone();
            async move { api::send::<FindEntries>(&of, &wanted).await }
        },
    );
    let list = move || match if search.with(String::is_empty) {
        entries.get()
    } else {
        found.get()
    } {
        None => view! { <Skeleton lines=8/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(log)) => {
            let today = store.today();
            let over_time = !search.with(String::is_empty);
            let none = match over_time {
                false => t.log_empty(),
                true => t.log_no_match(),
            };
            let rows: Vec<_> = log
                .entries
                .iter()
                .map(|entry| row(entry, entry.words(t, today), over_time.then_some(today)))
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
            let said =
                over_time.then(|| view! { <p class="quiet" role="status">{t.log_found()}</p> });
            view! { {said}{rows}<div class="actions">{later}{earlier}</div> }.into_any()
        }
    };
    // What is seen is what one takes along: the month of the day, or all that was found.
    let act = Act::new();
    let of = centre.centre.id.clone();
    let save = move |_| {
        let (of, text) = (of.clone(), search.get_untracked());
        act.run(async move {
            let wanted = LogQuery { text, page: 0 };
            api::save_file::<GetFoundFile>(&of, &wanted, "linli-log.csv").await?;
            Ok(None)
        });
    };
    let file = move || {
        match search.with(String::is_empty) {
        true => view! { <a class="button" href=month.clone() download="">{t.log_file()}</a> }.into_any(),
        false => view! { <button class="button" aria-disabled=act.disabled() on:click=save.clone()>{t.log_found_file()}</button> }.into_any(),
    }
    };
    view! {
        <div class="map-top">
            <CentrePicker page=Page::Audit/>
            <DayPicker page=Page::Audit centre/>
            {live(file)}
        </div>
        {act.refusal()}
        <label class="search">
            <Icon icon=Icon::Search/>
            <span class="hidden">{t.log_filter()}</span>
            <input type="search" placeholder=t.log_filter() prop:value=move || store.view.with(|view| view.search.clone())
                on:input=move |event| type_in(prefs::searched(&event)) on:compositionend=move |event| type_in(prefs::searched(&event))/>
        </label>
        {live(list)}
    }
}

/// A line; with its day where entries of several stand together.
fn row(entry: &Entry, (done, about): (String, String), today: Option<Date>) -> AnyView {
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
    let when = match today {
        Some(today) => t.moment_seen(entry.at.local, today),
        None => entry.at.local.clock(),
    };
    view! { <li><time>{when}</time><div><span>{done}</span>{about}</div>{way}</li> }.into_any()
}
