//! What is on: the activities of a centre, with filters that stand in the URL.

use std::sync::Arc;

use domain::{
    activity::{Activity, Session},
    api::{CentreView, ListActivities},
    permission::may_publish,
    room::{Needs, Purpose},
    time::Date,
    view::View,
};
use leptos::prelude::*;

use crate::components::live;
use crate::{
    api,
    components::{
        icon::Icon,
        notice::{Notice, Skeleton},
        picker::CentrePicker,
    },
    prefs::lang,
    query::query,
    store::Store,
};

/// How many days can be chosen.
const DAYS: i64 = 14;

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
    let body = move || {
        let centre = match store.centre.get() {
            None => return view! { <Skeleton lines=8/> }.into_any(),
            Some(Err(problem)) => return view! { <Notice problem/> }.into_any(),
            Some(Ok(centre)) => centre,
        };
        match activities.get() {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
            Some(Ok(all)) => view! { <Cards centre activities=all/> }.into_any(),
        }
    };
    let publish = move || {
        let id = store.centre_id.get()?;
        may_publish(&store.actor(), &id, None).then(|| {
            view! { <a class="button primary" href=move || format!("/publish{}", here(store))>{t.publish()}</a> }
        })
    };
    view! {
        <main class="page activities-page" id="main">
            <h1 tabindex="-1">{t.activities_title()}</h1>
            <div class="map-top">
                <CentrePicker path="/activities"/>
                <a class="button" href=move || format!("/clubs{}", here(store))>{t.clubs()}</a>
                {live(publish)}
            </div>
            <Filters/>
            {live(body)}
        </main>
    }
    .into_any()
}

/// The centre, for links to other pages about it.
fn here(store: Store) -> String {
    let (centre, behalf) = store
        .view
        .with(|view| (view.centre.clone(), view.behalf.clone()));
    View {
        centre,
        behalf,
        ..View::default()
    }
    .query()
}

#[component]
fn Filters() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let go = store.go();
    let edit = StoredValue::new_local(move |change: &dyn Fn(&mut View)| {
        let mut view = store.view.get_untracked();
        change(&mut view);
        go("/activities", &view, true);
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
        Some((0..DAYS).map(|n| today.plus(n)).map(|day| {
            view! { <option value=day.to_string() selected=chosen == Some(day)>{label(day)}</option> }
        }).collect_view())
    };
    let pressed = move |of: fn(&View) -> bool| move || store.view.with(of).to_string();
    view! {
        <div class="filters">
            <label class="search">
                <Icon icon=Icon::Search/>
                <span class="hidden">{t.find_activity()}</span>
                <input type="search" placeholder=t.find_activity() prop:value=move || store.view.with(|view| view.search.clone())
                    on:input=move |event| edit(&|view| view.search = event_target_value(&event))/>
            </label>
            <select aria-label=t.date_label() on:change=move |event| edit(&|view| view.day = Date::parse(&event_target_value(&event)))>
                <option value="">{t.any_day()}</option>
                {live(days)}
            </select>
            <select aria-label=t.activity_kind_label() on:change=move |event| {
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
        </div>
    }
}

/// The session that a card shows: the first to come, on the day that is asked for, with places where they are asked for.
fn shown<'a>(activity: &'a Activity, view: &View, now: i64) -> Option<&'a Session> {
    let fits = activity.is_called(&view.search)
        && view.needs.purpose.is_none_or(|kind| kind == activity.kind)
        && view.age.is_none_or(|age| activity.audience.takes(age))
        && (!view.free || activity.fee == 0);
    activity
        .sessions
        .iter()
        .filter(|one| fits && one.state.is_live() && one.end.utc() > now)
        .find(|one| {
            view.day.is_none_or(|day| one.start.local.date() == day)
                && (!view.left || one.left() > 0)
        })
}

#[component]
fn Cards(centre: Arc<CentreView>, activities: Arc<Vec<Activity>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let none = activities.is_empty();
    let list = move || {
        let view = store.view.get();
        let now = store.clock.get_untracked();
        let mut found: Vec<_> = activities
            .iter()
            .filter_map(|one| Some((one, shown(one, &view, now)?)))
            .collect();
        found.sort_by_key(|(_, session)| session.start.utc());
        if found.is_empty() {
            let words = if none {
                t.no_activities()
            } else {
                t.no_activities_fit()
            };
            return view! { <p class="empty">{words}</p> }.into_any();
        }
        let cards = found.into_iter().map(|(activity, session)| {
            let behalf = View { behalf: view.behalf.clone(), ..View::default() };
            let href = format!("/activities/{}/{}{}", activity.centre, activity.id, behalf.query());
            let room = centre.centre.room(&session.room).map(|room| room.name.get(t).to_owned());
            let club = activity.club.as_ref().map(|club| format!("{} · ", t.by_club(club.name.get(t))));
            view! {
                <li>
                    <a class="row activity" href=href>
                        <span class="row-name">{activity.title.get(t).to_owned()}</span>
                        <span><time>{t.slot(session.slot())}</time>" · "{room}</span>
                        <span class="row-where">{club}{activity.audience.word(t)}" · "{t.price(activity.fee)}</span>
                        <span class=format!("tag {}", level(session))>{places(session)}</span>
                    </a>
                </li>
            }
        });
        view! { <ul class="rows activity-rows">{cards.collect_view()}</ul> }.into_any()
    };
    view! { {live(list)} }
}

/// How many places a session has left, in words.
pub fn places(session: &Session) -> String {
    let t = lang();
    match session.left() {
        _ if !session.is_on() => t.session_pending().to_owned(),
        0 if session.waiting == 0 => t.all_taken().to_owned(),
        0 => t.places_full(session.waiting),
        left => t.places_left(left, session.places),
    }
}

/// Its colour.
pub fn level(session: &Session) -> &'static str {
    match session.left() {
        _ if !session.is_on() => "t-requested",
        0 => "t-full",
        _ => "t-confirmed",
    }
}
