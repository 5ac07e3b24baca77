//! The clubs of a centre: who they are, what they do next, joining.

mod manage;

use std::sync::Arc;

use domain::{
    activity::Activity,
    api::{JoinClub, LeaveClub, ListActivities, ListClubs, ListMyClubs, MyClub},
    club::Club,
    id::ClubId,
    page::Page,
    person::permission::may_run_clubs,
};
use leptos::prelude::*;

use self::manage::{ManageClub, NewClub};
use crate::{
    api,
    components::{act::Act, live, once::once, picker::CentrePicker},
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
    let member = Memo::new(move |_| mine.get().and_then(Result::ok));
    let next = Memo::new(move |_| activities.get().and_then(Result::ok));
    let list = move |all: Memo<Arc<Vec<Club>>>| {
        let ids =
            move || all.with(|all| all.iter().map(|club| club.id.clone()).collect::<Vec<_>>());
        view! {
            <Show when=move || all.with(|all| all.is_empty())><p class="empty">{t.no_clubs()}</p></Show>
            <div class="cards">
                <For each=ids key=|id| id.clone() let:id><Card id all member next press/></For>
            </div>
        }
        .into_any()
    };
    let body = once(clubs, 6, list);
    let running = Memo::new(move |_| {
        let id = store.centre_id.get()?;
        may_run_clubs(&store.actor(), &id).then_some(id)
    });
    let new = move || running.get().map(|centre| view! { <NewClub centre/> });
    view! {
        <main class="page clubs-page" id="main">
            <h1 tabindex="-1">{t.clubs()}</h1>
            <div class="map-top"><CentrePicker page=Page::Clubs/></div>
            {act.refusal()}
            {body}
            {live(new)}
        </main>
    }
    .into_any()
}

/// A club: what it is, its sessions to come, and joining or leaving it.
#[component]
fn Card(
    id: ClubId,
    all: Memo<Arc<Vec<Club>>>,
    member: Memo<Option<Arc<Vec<MyClub>>>>,
    next: Memo<Option<Arc<Vec<Activity>>>>,
    press: Callback<(ClubId, bool)>,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let id = StoredValue::new(id);
    let club = Memo::new(move |_| {
        all.with(|all| id.with_value(|id| all.iter().find(|club| club.id == *id).cloned()))
    });
    // Whether one belongs to it, and then whether one organises it.
    let belongs = Memo::new(move |_| {
        let (club, mine) = (club.get()?, member.get()?);
        let mut mine = mine.iter();
        let mine = mine.find(|one| one.centre == club.centre && one.club == club.id);
        mine.map(|one| one.organises)
    });
    let label = move || match belongs.get() {
        Some(false) => t.leave_club(),
        _ => t.join_club(),
    };
    let name = move || {
        club.with(|club| {
            club.as_ref()
                .map(|club| format!("{} {}", label(), club.name.get(t)))
        })
    };
    let rows = move || {
        let (now, all) = (store.clock.get(), next.get()?);
        let of = all.iter().filter(|one| {
            let club = one.club.as_ref();
            club.is_some_and(|of| id.with_value(|id| of.id == *id))
        });
        let rows = of.filter_map(|one| {
            let mut sessions = one.sessions.iter();
            let next = sessions.find(|session| session.is_on() && session.end.utc() > now)?;
            let href = store.href(Page::Activity(one.centre.clone(), one.id.clone()));
            Some(view! {
                <li>
                    <a href=href lang=t.tongue_of(one.title.get(t))>{one.title.get(t).to_owned()}</a>
                    <time class="quiet">{t.slot(next.slot())}</time>
                </li>
            })
        });
        Some(rows.collect_view())
    };
    let about = move || {
        let club = club.get()?;
        let organisers = (!club.organisers.is_empty()).then(|| {
            view! { <p class="quiet">{t.organised_by(&club.organisers.join(t.comma()))}</p> }
        });
        Some(view! {
            <h2>{club.name.get(t).to_owned()}</h2>
            <p>{club.about.get(t).to_owned()}</p>
            <p class="quiet">{club.kind.word(t)}" · "{t.members(club.members)}</p>
            {organisers}
        })
    };
    let unfolded = RwSignal::new(false);
    let manages = Memo::new(move |_| {
        let centre = club.with(|club| club.as_ref().map(|club| club.centre.clone()))?;
        may_run_clubs(&store.actor(), &centre).then_some(centre)
    });
    let manage = move || {
        let centre = manages.get()?;
        let toggle = move |_| unfolded.update(|unfolded| *unfolded = !*unfolded);
        let body = move || {
            let club = club.get_untracked().filter(|_| unfolded.get())?;
            Some(view! { <ManageClub centre=centre.clone() club/> })
        };
        let label =
            move || club.with(|club| club.as_ref().map(|club| t.manage_club(club.name.get(t))));
        Some(view! {
            <div class="actions"><button class="button" aria-expanded=move || unfolded.get().to_string() on:click=toggle>{label}</button></div>
            {live(body)}
        })
    };
    view! {
        <article class="card">
            {live(about)}
            <ul class="plain">{live(rows)}</ul>
            <div class="actions">
                // Whoever organises it can neither join nor leave it.
                <Show when=move || belongs.get() != Some(true)>
                    <button
                        class="button"
                        class:primary=move || belongs.get().is_none()
                        aria-label=name
                        on:click=move |_| press.run((id.get_value(), belongs.get_untracked().is_none()))
                    >{label}</button>
                </Show>
            </div>
            {live(manage)}
        </article>
    }
}
