//! The clubs of a centre: who they are, what they do next, joining.

mod manage;

use std::sync::Arc;

use domain::{
    activity::Activity,
    api::{JoinClub, LeaveClub, ListActivities, ListClubs, ListMyClubs, MyClub},
    club::Club,
    feed::FeedKind,
    id::ClubId,
    page::Page,
    person::permission::may_run_clubs,
    view::{Span, View},
};
use leptos::prelude::*;

use self::manage::{ManageClub, NewClub};
use crate::{
    api,
    components::{act::Act, live, once::once, picker::CentrePicker},
    pages::feed::Subscribe,
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
    let signed_in = Memo::new(move |_| store.signed_in());
    let mine = query(
        move || (signed_in.get() == Some(true)).then_some(()),
        move || store.version(),
        None,
        |()| async { api::get::<ListMyClubs>(&()).await },
    );
    // Of visitors it is known that they belong to none.
    let member = Memo::new(move |_| match signed_in.get() {
        Some(true) => mine.get()?.ok(),
        Some(false) => Some(Arc::default()),
        None => None,
    });
    let next = Memo::new(move |_| activities.get().and_then(Result::ok));
    let list = move |all: Memo<Arc<Vec<Club>>>| {
        let ids =
            move || all.with(|all| all.iter().map(|club| club.id.clone()).collect::<Vec<_>>());
        view! {
            <Show when=move || all.with(|all| all.is_empty())><p class="empty">{t.no_clubs()}</p></Show>
            <div class="cards">
                <For each=ids key=|id| id.clone() let:id><Card id all member next signed_in/></For>
            </div>
        }
        .into_any()
    };
    // Another centre has other clubs; those of one centre are mounted once.
    let body = move || {
        store.centre_id.get();
        once(clubs, 6, list)
    };
    let running = Memo::new(move |_| {
        let id = store.centre_id.get()?;
        may_run_clubs(&store.actor(), &id).then_some(id)
    });
    let new = move || running.get().map(|centre| view! { <NewClub centre/> });
    view! {
        <main class="page clubs-page" id="main">
            <h1 tabindex="-1">{t.clubs()}</h1>
            <div class="map-top"><CentrePicker page=Page::Clubs/></div>
            {live(body)}
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
    signed_in: Memo<Option<bool>>,
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
    let act = Act::new();
    let asking = RwSignal::new(false);
    let press = move |join: bool| {
        let Some(club) = club.get_untracked() else {
            return;
        };
        if signed_in.get_untracked() != Some(true) {
            prefs::keep("next", &store.view.get_untracked().address(&Page::Clubs));
            store.go(&Page::SignIn, &store.here.get_untracked(), false);
            return;
        }
        act.run(async move {
            let (path, name) = ((club.centre, club.id), club.name.get(t).to_owned());
            let words = match join {
                true => {
                    api::send::<JoinClub>(&path, &()).await?;
                    t.club_joined(&name)
                }
                false => {
                    api::send::<LeaveClub>(&path, &()).await?;
                    t.club_left(&name)
                }
            };
            asking.try_set(false);
            Ok(Some(words))
        });
    };
    let named = move |label: &str| {
        club.with(|club| {
            let name = club.as_ref().map(|club| club.name.get(t));
            t.button_of(label, name.unwrap_or_default())
        })
    };
    // Whoever organises it can neither join nor leave it, and staff do neither for others. Where it is not known yet whether somebody
    // belongs to it nothing is offered that could be the wrong thing.
    let offered = Memo::new(move |_| {
        let known = member.with(Option::is_some) && store.acting().is_none();
        (known && belongs.get() != Some(true)).then(|| belongs.get().is_some())
    });
    let joining = move || {
        Some(match (offered.get()?, asking.get()) {
        (false, _) => view! {
            <button class="button" aria-label=named(t.join_club()) aria-disabled=act.disabled() on:click=move |_| press(true)>{t.join_club()}</button>
        }
        .into_any(),
        (true, false) => view! {
            <span class="tag t-confirmed">{t.club_yours()}</span>
            <button class="button quiet-button" aria-label=named(t.leave_club()) on:click=move |_| asking.set(true)>{t.leave_club()}</button>
        }
        .into_any(),
        // Where the first button was now stands the harmless one: a second tap leaves nothing.
        (true, true) => view! {
            <span class="tag t-confirmed">{t.club_yours()}</span>
            <button class="button" on:click=move |_| asking.set(false)>{t.back()}</button>
            <p class="ask">{t.leave_club_sure()}</p>
            <button class="button danger" aria-disabled=act.disabled() on:click=move |_| press(false)>{t.leave_club()}</button>
        }
        .into_any(),
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
    let centre =
        Memo::new(move |_| club.with(|club| club.as_ref().map(|club| club.centre.clone())));
    let subscribe = move || {
        let kind = FeedKind::Club(centre.get()?, id.get_value());
        Some(view! { <Subscribe kind/> })
    };
    let agenda = move || {
        let view = View {
            club: Some(id.get_value()),
            span: Span::Agenda,
            ..store.here.get()
        };
        let label = named(t.agenda_view());
        view! { <a class="button" href=view.address(&Page::Calendar) aria-label=label>{t.agenda_view()}</a> }
    };
    view! {
        <article class="card">
            {live(about)}
            <ul class="plain">{live(rows)}</ul>
            {act.refusal()}
            <div class="actions">{live(joining)}{live(agenda)}</div>
            {live(subscribe)}
            {live(manage)}
        </article>
    }
}
