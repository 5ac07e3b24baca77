//! What is on: the activities of a centre, with filters that stand in the URL.

use std::sync::Arc;

use domain::{
    activity::Activity,
    api::{CentreView, GetPerson, ListActivities},
    centre::room::{Needs, Purpose},
    feed::FeedKind,
    id::{ActivityId, ActivitySessionId},
    page::Page,
    person::{age::age_on, permission::may_publish},
    time::Date,
    view::View,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{icon::Icon, live, once::once, picker::CentrePicker},
    pages::feed::Subscribe,
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// How many days can be chosen.
const DAYS: i64 = 28;

/// The page.
#[component]
pub fn ActivitiesPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let activities = query(
        move || store.centre_id.get(),
        move || store.version(),
        None,
        |id| async move { api::get::<ListActivities>(&id).await },
    );
    // Another centre has other activities; those of one centre are mounted once.
    let body = move || {
        store.centre_id.get();
        once(store.centre, 8, move |centre| {
            once(activities, 8, move |activities| {
                view! { <Cards centre activities/> }.into_any()
            })
        })
    };
    // Whom staff act for, and their children: what is for one of them is a tap away.
    let whose = Memo::new(move |_| store.centre_id.get().zip(store.acting()));
    let opened = StoredValue::new(true);
    let card = query(
        move || whose.get(),
        || 0,
        None,
        move |(centre, behalf)| api::look::<GetPerson>((centre, behalf.person), opened),
    );
    let family = move || {
        let card = whose.get().and_then(|_| card.get()?.ok())?;
        let today = store.today();
        let chips = card.family.iter().filter_map(|member| {
            let age = age_on(member.birth?, today);
            let pressed = move || store.view.with(|view| view.age == Some(age)).to_string();
            let choose = move |_| {
                let view = store.view.get_untracked();
                let age = (view.age != Some(age)).then_some(age);
                store.go(&Page::Activities, &View { age, ..view }, true);
            };
            let words = t.fits_whom(&member.name, &t.age_years(age_on(member.birth?, today)));
            Some(view! { <button class="chip" aria-pressed=pressed on:click=choose>{words}</button> })
        });
        let chips: Vec<_> = chips.collect();
        (!chips.is_empty()).then(
            || view! { <div class="choices" role="group" aria-label=t.for_age()>{chips}</div> },
        )
    };
    let publish = move || {
        if store.acting().is_some() {
            return None;
        }
        let id = store.centre_id.get()?;
        may_publish(&store.actor(), &id, None).then(|| {
            view! { <a class="button primary" href=store.href(Page::Publish)>{t.publish()}</a> }
        })
    };
    let subscribe = move || {
        let kind = FeedKind::Centre(store.centre_id.get()?);
        Some(view! { <Subscribe kind/> })
    };
    view! {
        <main class="page activities-page" id="main">
            <h1 class="hidden" tabindex="-1">{t.activities_title()}</h1>
            {live(family)}
            <div class="map-top">
                <CentrePicker page=Page::Activities/>
                <Filters/>
                <a class="button" href=store.href(Page::Clubs)>{t.clubs()}</a>
                {live(publish)}
            </div>
            {live(body)}
            {live(subscribe)}
        </main>
    }
    .into_any()
}

#[component]
fn Filters() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let edit = StoredValue::new_local(move |change: &dyn Fn(&mut View)| {
        let mut view = store.view.get_untracked();
        change(&mut view);
        store.go(&Page::Activities, &view, true);
    });
    let edit = move |change: &dyn Fn(&mut View)| edit.with_value(|edit| edit(change));
    let kinds = Purpose::ALL.iter().map(|one| {
        view! { <option value=one.code() selected=move || store.view.with(|view| view.needs.purpose) == Some(*one)>{one.word(t)}</option> }
    });
    let days = move || {
        let today = store
            .centre
            .get()?
            .ok()?
            .local(store.clock.get_untracked())
            .date();
        let chosen = store.view.with(|view| view.day);
        let label = |day: Date| match t.relative_day(day, today) {
            Some(word) => format!("{} · {word}", t.date(day)),
            None => t.date(day),
        };
        let far = chosen.filter(|day| *day < today || *day >= today.plus(DAYS));
        Some((0..DAYS).map(|n| today.plus(n)).chain(far).map(|day| {
            view! { <option value=day.to_string() selected=chosen == Some(day)>{label(day)}</option> }
        }).collect_view())
    };
    let badge = move || {
        let count = store.view.with(|view| {
            usize::from(view.day.is_some())
                + usize::from(view.needs.purpose.is_some())
                + usize::from(view.age.is_some())
                + usize::from(view.free)
                + usize::from(view.left)
        });
        (count > 0).then(|| view! { <span class="badge">{count}</span> })
    };
    let search = move |typed: Option<String>| {
        if let Some(typed) = typed {
            edit(&|view| view.search.clone_from(&typed));
        }
    };
    let clear = move |_| {
        edit(&|view| {
            (view.day, view.age, view.free, view.left) = (None, None, false, false);
            view.needs = Needs::default();
        });
    };
    let pressed = move |of: fn(&View) -> bool| move || store.view.with(of).to_string();
    view! {
        <label class="search">
                <Icon icon=Icon::Search/>
                <span class="hidden">{t.find_activity()}</span>
                <input type="search" placeholder=t.find_activity() prop:value=move || store.view.with(|view| view.search.clone())
                    on:input=move |event| search(prefs::searched(&event)) on:compositionend=move |event| search(prefs::searched(&event))/>
        </label>
        <details class="folded">
            <summary class="tool"><Icon icon=Icon::Filter/><span>{t.more_filters()}</span>{live(badge)}</summary>
            <div class="filters">
            <select aria-label=t.date_label() prop:value=move || store.view.with(|view| view.day).map(|day| day.to_string()).unwrap_or_default() on:change=move |event| edit(&|view| view.day = Date::parse(&event_target_value(&event)))>
                <option value="">{t.any_day()}</option>
                {live(days)}
            </select>
            <select aria-label=t.activity_kind_label() prop:value=move || store.view.with(|view| view.needs.purpose).map(Purpose::code).unwrap_or_default() on:change=move |event| {
                let purpose = Purpose::from_code(&event_target_value(&event));
                edit(&|view| view.needs = Needs { purpose, ..view.needs.clone() });
            }>
                <option value="">{t.any_kind()}</option>
                {kinds.collect_view()}
            </select>
            <label class="age">
                <span>{t.for_age()}</span>
                <input type="number" min="0" max="120" inputmode="numeric"
                    prop:value=move || store.view.with(|view| view.age).map(|age| age.to_string()).unwrap_or_default()
                    on:input=move |event| edit(&|view| view.age = event_target_value(&event).parse().ok())/>
            </label>
            <button class="chip" aria-pressed=pressed(|view| view.free) on:click=move |_| edit(&|view| view.free = !view.free)>{t.only_free()}</button>
            <button class="chip" aria-pressed=pressed(|view| view.left) on:click=move |_| edit(&|view| view.left = !view.left)>{t.only_left()}</button>
            <button class="button" on:click=clear>{t.clear_filters()}</button>
            </div>
        </details>
    }
}

#[component]
fn Cards(centre: Memo<Arc<CentreView>>, activities: Memo<Arc<Vec<Activity>>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let found = Memo::new(move |_| {
        let (view, now) = (store.view.get(), store.clock.get());
        activities.with(|all| {
            let fitting = all
                .iter()
                .filter_map(|one| Some((one, view.session_of(one, now)?)));
            let mut found: Vec<_> = fitting
                .map(|(one, session)| (session.start.utc(), one.id.clone(), session.id.clone()))
                .collect();
            found.sort();
            found
        })
    });
    let card = move |(_, id, session): (i64, ActivityId, ActivitySessionId)| {
        let (activity, centre) = (activities.get_untracked(), centre.get_untracked());
        let of = activity.iter().find(|one| one.id == id);
        let shown = of.and_then(|of| Some((of, of.sessions.iter().find(|one| one.id == session)?)));
        let (of, first) = shown?;
        let href = store.href(Page::Activity(of.centre.clone(), of.id.clone()));
        let room = centre.centre.room(&first.room);
        let room = room.map(|room| format!(" · {}", room.name.get(t)));
        let club = of.club.as_ref();
        let club = club.map(|club| format!("{} · ", t.by_club(club.name.get(t))));
        let pattern = of.pattern().map(|(days, minute)| {
            view! { <span class="pattern">{t.pattern(&days, minute)}</span> }
        });
        let when = t.slot_seen(first.slot(), store.today());
        let next = match pattern.is_some() {
            true => t.next_date(&when),
            false => when,
        };
        // The count of places changes in place.
        let tag = move || {
            activities.with(|all| {
                let of = all.iter().find(|one| one.id == id)?;
                let one = of.sessions.iter().find(|one| one.id == session)?;
                Some(view! { <span class=format!("tag {}", one.level())>{one.places_left(t)}</span> })
            })
        };
        Some(view! {
            <li>
                <a class="row activity" href=href>
                    <span class="row-name" lang=t.tongue_of(of.title.get(t))>{of.title.get(t).to_owned()}</span>
                    {pattern}
                    <span><time>{next}</time>{room}</span>
                    <span class="row-where">{club}{of.audience.word(t)}" · "{t.price(of.fee)}</span>
                    {live(tag)}
                </a>
            </li>
        })
    };
    let none = move || {
        found.with(Vec::is_empty).then(|| {
            let words = match activities.with(|all| all.is_empty()) {
                true => t.no_activities(),
                false => t.no_activities_fit(),
            };
            // What one looks for may be on elsewhere: the same question, at the other houses.
            let others = move || {
                let (here, all) = (store.centre_id.get(), store.centres.get()?.ok()?);
                let others = all.iter().filter(|card| Some(&card.id) != here.as_ref());
                let links = others.map(|card| {
                    let view = View {
                        centre: Some(card.id.clone()),
                        ..store.view.get_untracked()
                    };
                    view! { <a class="chip" href=view.address(&Page::Activities)>{card.name.get(t).to_owned()}</a> }
                });
                let links = links.collect_view();
                (all.len() > 1).then(|| view! { <p>{t.look_elsewhere()}</p><div class="choices">{links}</div> })
            };
            view! { <div class="empty"><p>{words}</p>{live(others)}</div> }
        })
    };
    view! {
        <p class="quiet" role="status">{move || t.found_activities(found.with(Vec::len))}</p>
        {live(none)}
        <ul class="rows activity-rows">
            <For each=move || found.get() key=|one| one.clone() let:one>{card(one)}</For>
        </ul>
    }
}
