//! The places of the app: a bar at the bottom, a rail at the side from 900 px.

use domain::permission::may_see_house;
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};

use super::icon::Icon;
use super::live;
use crate::{prefs::lang, store::Store};

/// The places.
#[component]
pub fn Nav() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    // Centre, day and whom one acts for stay when one goes elsewhere; the rest belongs to its page.
    let query = Memo::new(move |_| {
        let view = store.view.get();
        domain::view::View {
            centre: view.centre,
            day: view.day,
            behalf: view.behalf,
            ..Default::default()
        }
        .query()
    });
    let path = use_location().pathname;
    let place = move |href: &'static str, icon: Icon, label: &'static str, mark: AnyView| {
        let current = move || (path.get() == href).then_some("page");
        view! {
            <a class="place" href=move || format!("{href}{}", query.get()) aria-current=current>
                <Icon icon/>
                <span>{label}</span>
                {mark}
            </a>
        }
    };
    let staff = move || {
        let centre = store.centre_id.get()?;
        may_see_house(&store.actor(), &centre)
            .then(|| place("/house", Icon::House, t.nav_house(), ().into_any()))
    };
    let unread = move || {
        let count = store.me.with(|me| me.as_ref().map_or(0, |me| me.unread));
        (count > 0).then(|| view! { <span class="badge" aria-label=t.unread(count)>{count}</span> })
    };
    view! {
        <nav class="nav" aria-label=t.nav_label()>
            <A href="/" attr:class="brand">{t.app_name()}</A>
            {place("/", Icon::Map, t.nav_map(), ().into_any())}
            {place("/calendar", Icon::Calendar, t.nav_calendar(), ().into_any())}
            {place("/activities", Icon::Activity, t.nav_activities(), ().into_any())}
            {live(staff)}
            {place("/me", Icon::Person, t.nav_me(), live(unread).into_any())}
        </nav>
    }
}
