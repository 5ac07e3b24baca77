//! The clubs of a centre: who they are, what they do next, joining.

use domain::{
    activity::Activity,
    api::{JoinClub, LeaveClub, ListActivities, ListClubs, ListMyClubs},
    club::Club,
    id::ClubId,
    page::Page,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{
        act::Act,
        live,
        notice::{Notice, Skeleton},
        picker::CentrePicker,
    },
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// The page.
#[component]
pub fn ClubsPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let key = move || store.centre_id.get();
    let clubs = query(
        key,
        move || store.version(),
        None,
        |id| async move { api::get::<ListClubs>(&id).await },
    );
    let activities = query(
        key,
        move || store.version(),
        None,
        |id| async move { api::get::<ListActivities>(&id).await },
    );
    let signed_in = Memo::new(move |_| {
        store
            .me
            .with(|me| me.as_ref().is_some_and(|me| me.profile.is_some()))
    });
    let mine = query(
        move || signed_in.get().then_some(()),
        move || store.version(),
        None,
        |()| async { api::get::<ListMyClubs>(&()).await },
    );
    let act = Act::new();
    let press = Callback::new(move |(club, join): (ClubId, bool)| {
        if signed_in.get_untracked() {
            let Some(centre) = store.centre_id.get_untracked() else {
                return;
            };
            act.run(async move {
                match join {
                    true => api::send::<JoinClub>(&(centre, club), &()).await?,
                    false => api::send::<LeaveClub>(&(centre, club), &()).await?,
                };
                Ok(Some(t.saved().to_owned()))
            });
        } else {
            prefs::keep("next", &store.view.get_untracked().address(&Page::Clubs));
            store.go(&Page::SignIn, &store.here.get_untracked(), false);
        }
    });
    let body = move || match clubs.get() {
        None => view! { <Skeleton lines=6/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(all)) if all.is_empty() => view! { <p class="empty">{t.no_clubs()}</p> }.into_any(),
        Some(Ok(all)) => {
            let mine = mine.get().and_then(Result::ok);
            let next = activities.get().and_then(Result::ok);
            let now = store.clock.get_untracked();
            let cards = all.iter().map(|club| {
                let member = mine.as_ref().and_then(|mine| {
                    mine.iter()
                        .find(|one| one.centre == club.centre && one.club == club.id)
                        .map(|one| one.organises)
                });
                let coming = next
                    .iter()
                    .flat_map(|all| all.iter())
                    .filter(|one| one.club.as_ref().is_some_and(|of| of.id == club.id));
                card(club, member, coming.collect(), now, press)
            });
            view! { <div class="cards">{cards.collect_view()}</div> }.into_any()
        }
    };
    view! {
        <main class="page clubs-page" id="main">
            <h1 tabindex="-1">{t.clubs()}</h1>
            <div class="map-top"><CentrePicker page=Page::Clubs/></div>
            {act.refusal()}
            {live(body)}
        </main>
    }
    .into_any()
}

/// `member`: whether one belongs to it, and then whether one organises it.
fn card(
    club: &Club,
    member: Option<bool>,
    activities: Vec<&Activity>,
    now: i64,
    press: Callback<(ClubId, bool)>,
) -> AnyView {
    let t = lang();
    let id = club.id.clone();
    let button = match member {
        Some(true) => None,
        Some(false) => Some((false, t.leave_club(), "button")),
        None => Some((true, t.join_club(), "button primary")),
    };
    let button = button.map(|(join, label, class)| {
        let name = format!("{label} {}", club.name.get(t));
        view! { <button class=class aria-label=name on:click=move |_| press.run((id.clone(), join))>{label}</button> }
    });
    let rows = activities.into_iter().filter_map(|one| {
        let next = one
            .sessions
            .iter()
            .find(|session| session.is_on() && session.end.utc() > now)?;
        let href = Store::get().href(Page::Activity(one.centre.clone(), one.id.clone()));
        Some(view! {
            <li>
                <a href=href lang=t.tongue_of(one.title.get(t))>{one.title.get(t).to_owned()}</a>
                <time class="quiet">{t.slot(next.slot())}</time>
            </li>
        })
    });
    let organisers = (!club.organisers.is_empty())
        .then(|| view! { <p class="quiet">{t.organised_by(&club.organisers.join(t.comma()))}</p> });
    view! {
        <article class="card">
            <h2>{club.name.get(t).to_owned()}</h2>
            <p>{club.about.get(t).to_owned()}</p>
            <p class="quiet">{club.kind.word(t)}" · "{t.members(club.members)}</p>
            {organisers}
            <ul class="plain">{rows.collect_view()}</ul>
            <div class="actions">{button}</div>
        </article>
    }
    .into_any()
}
