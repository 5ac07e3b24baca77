//! The places of the app: a bar at the bottom, a rail at the side from 900 px.

use domain::{page::Page, person::permission::may_see_desk, view::View};
use leptos::prelude::*;

use crate::{
    components::{icon::Icon, live},
    prefs::lang,
    store::Store,
};

/// The places.
#[component]
pub fn Nav() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let current = store.router.page;
    let place = move |page: Page, icon: Icon, label: &'static str, mark: AnyView| {
        // The day stays between the pages that show one; elsewhere it would hide what is on other days.
        let by_day = matches!(page, Page::Map | Page::Calendar | Page::Desk);
        let of = page.clone();
        let href = move || {
            let view = View {
                day: store.view.with(|view| view.day).filter(|_| by_day),
                ..store.here.get()
            };
            view.address(&of)
        };
        let mark_current = move || {
            let current = current.get()?;
            match current == page {
                true => Some("page"),
                false => (current.place() == page).then_some("true"),
            }
        };
        view! {
            <a class="place" href=href aria-current=mark_current>
                <Icon icon/>
                <span>{label}</span>
                {mark}
            </a>
        }
    };
    let staff = move || {
        let centre = store.centre_id.get()?;
        may_see_desk(&store.actor(), &centre)
            .then(|| place(Page::Desk, Icon::House, t.nav_house(), ().into_any()))
    };
    let unread = move || {
        let count = store.me.with(|me| me.as_ref().map_or(0, |me| me.unread));
        (count > 0).then(|| view! { <span class="badge" aria-label=t.unread(count)>{count}</span> })
    };
    view! {
        <nav class="nav" aria-label=t.nav_label()>
            <a href=store.href(Page::Map) class="brand">{t.app_name()}</a>
            {place(Page::Map, Icon::Map, t.nav_map(), ().into_any())}
            {place(Page::Calendar, Icon::Calendar, t.nav_calendar(), ().into_any())}
            {place(Page::Activities, Icon::Activity, t.nav_activities(), ().into_any())}
            {place(Page::Cases, Icon::Desk, t.nav_cases(), ().into_any())}
            {live(staff)}
            {place(Page::Me, Icon::Person, t.nav_me(), live(unread).into_any())}
        </nav>
    }
}
