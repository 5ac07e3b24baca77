//! The house: today on map and timeline, and the requests that wait.

use std::sync::Arc;

use domain::{
    api::{CentreView, DecideBooking, Decision, GetHouse, House, TellLetter},
    availability::{Occupation, Occupied},
    booking::{Booking, BookingState},
    id::{LetterId, RoomId},
    permission::{may_see_figures, may_see_house},
    time::Slot,
    view::View,
};
use leptos::prelude::*;

use super::{find_person::FindPerson, guard::Guard};
use crate::components::live;
use crate::{
    api::{self, Key},
    calendar::{
        grid::{Grid, Label, Shown},
        model::{Column, bookable},
    },
    components::{
        notice::{Notice, Skeleton},
        picker::{CentrePicker, DayPicker},
    },
    map::plan::Plan,
    prefs::lang,
    query::query,
    store::{Store, floor_of, timelines},
};

/// The page.
#[component]
pub fn HousePage() -> impl IntoView {
    let t = lang();
    let guard = Guard {
        title: t.house_title(),
        path: "/house",
        may: may_see_house,
        refusal: t.house_not_yours(),
        body: |centre| view! { <Loaded centre/> }.into_any(),
    };
    guard.page()
}

#[component]
fn Loaded(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let of = centre.clone();
    let day = Memo::new(move |_| store.day(&of));
    let id = centre.centre.id.clone();
    let asked = id.clone();
    let house = query(
        move || Some(day.get()),
        move || store.version(),
        None,
        move |day| {
            let path = (asked.clone(), day);
            async move { api::get::<GetHouse>(&path).await }
        },
    );
    let body = {
        let centre = centre.clone();
        move || match house.get() {
            None => view! { <Skeleton lines=8/> }.into_any(),
            Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
            Some(Ok(house)) => view! {
                <Requests house=house.clone()/>
                <ToTellList centre=centre.clone() house=house.clone()/>
                <SessionList centre=centre.clone() house=house.clone()/>
                <div class="house-day">
                    <Today centre=centre.clone() house=house.clone()/>
                    <Expected house/>
                </div>
            }
            .into_any(),
        }
    };
    let numbers = move || {
        let house = house.get()?.ok()?;
        let bookings = house
            .bookings
            .iter()
            .filter(|one| one.state == BookingState::Confirmed);
        let (count, people) = bookings.fold((0u16, 0u16), |(n, p), one| {
            (n + 1, p.saturating_add(one.people))
        });
        let waiting = u16::try_from(house.requests.len()).unwrap_or(u16::MAX);
        Some(view! {
            <ul class="numbers">
                <li><strong>{count}</strong><span>{t.house_bookings()}</span></li>
                <li><strong>{people}</strong><span>{t.house_people()}</span></li>
                <li><strong>{waiting}</strong><span>{t.house_waiting()}</span></li>
            </ul>
        })
    };
    let here = move || {
        let (centre, day) = store.view.with(|view| (view.centre.clone(), view.day));
        View {
            centre,
            day,
            ..View::default()
        }
        .query()
    };
    let of = id.clone();
    let figures = move || {
        may_see_figures(&store.actor(), &of).then(|| {
            view! { <a class="button" href=move || format!("/figures{}", here())>{t.figures_title()}</a> }
        })
    };
    view! {
        <div class="map-top">
            <CentrePicker path="/house"/>
            <DayPicker path="/house" centre/>
            <a class="button" href=move || format!("/log{}", here())>{t.log_title()}</a>
            {live(figures)}
        </div>
        <FindPerson centre=id/>
        {live(numbers)}
        {live(body)}
    }
}

/// What people without a device must be told.
#[component]
fn ToTellList(centre: Arc<CentreView>, house: Arc<House>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let id = StoredValue::new(centre.centre.id.clone());
    let tell = Action::new_local(move |letter: &LetterId| {
        let path = (id.get_value(), letter.clone());
        async move {
            let done = api::send::<TellLetter>(&path, &(), &Key::new()).await;
            if done.is_ok() {
                store.done(t.saved());
            }
            store.changes.update(|n| *n += 1);
            done
        }
    });
    let problem = move || {
        let problem = tell.value().get()?.err()?;
        Some(view! { <p class="refusal" role="alert">{problem.text}</p> })
    };
    if house.to_tell.is_empty() {
        return view! { {live(problem)} }.into_any();
    }
    let pending = tell.pending();
    let rows = house.to_tell.iter().map(|one| {
        let letter = one.letter.id.clone();
        let record = format!("/people/{}/{}", one.letter.centre, one.person.id);
        let phone = match one.person.phone.clone() {
            Some(phone) => view! { <a href=format!("tel:{phone}")><bdi>{phone.clone()}</bdi></a> }.into_any(),
            None => t.no_phone().into_any(),
        };
        let label = format!("{} {}", t.told(), one.person.called());
        view! {
            <article class="card">
                <p><a href=record><strong>{one.person.called().to_owned()}</strong></a>" · "{phone}</p>
                <p>{one.letter.news.sentence(t)}</p>
                <div class="actions">
                    <button class="button" aria-label=label disabled=pending on:click=move |_| { tell.dispatch(letter.clone()); }>{t.told()}</button>
                </div>
            </article>
        }
    });
    view! {
        <section aria-labelledby="to-tell">
            <h2 id="to-tell">{t.to_tell()}</h2>
            <p class="quiet">{t.to_tell_about()}</p>
            {live(problem)}
            <div class="cards">{rows.collect_view()}</div>
        </section>
    }
    .into_any()
}

/// The sessions of the day: who signed up, who came, who did not.
#[component]
fn SessionList(centre: Arc<CentreView>, house: Arc<House>) -> impl IntoView {
    let t = lang();
    let none = house.sessions.is_empty();
    let rows = house.sessions.iter().map(|one| {
        let room = centre.centre.room(&one.room);
        let room = room.map(|room| room.name.get(t).to_owned());
        let slot = Slot::lasting(
            one.start.local,
            one.end.local.minutes() - one.start.local.minutes(),
        );
        let counts = [
            Some(t.session_counts(one.signed_up, one.places)),
            (one.waiting > 0).then(|| t.session_waiting(one.waiting)),
            (one.came > 0).then(|| t.session_came(one.came)),
            (one.missed > 0).then(|| t.session_missed(one.missed)),
        ];
        let counts = counts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let sheet = format!("/check-in/{}/{}", centre.centre.id, one.session);
        view! {
            <li>
                <a class="row" href=sheet>
                    <span class="row-name"><time>{t.span(slot)}</time>" "{one.title.get(t).to_owned()}</span>
                    <span class="row-where">{room}</span>
                    <span>{counts}</span>
                </a>
            </li>
        }
    });
    view! {
        <section aria-labelledby="day-sessions">
            <h2 id="day-sessions">{t.house_sessions()}</h2>
            <Show when=move || none><p class="empty">{t.no_sessions_today()}</p></Show>
            <ul class="rows session-rows">{rows.collect_view()}</ul>
        </section>
    }
}

#[component]
fn Requests(house: Arc<House>) -> impl IntoView {
    let t = lang();
    let cards = house.requests.iter().map(|request| {
        let rivals = house.requests.iter().filter(|other| {
            other.id != request.id
                && other.room == request.room
                && other.slot().overlaps(request.slot())
        });
        view! { <Request request=request.clone() rivals=rivals.count()/> }
    });
    let none = house.requests.is_empty();
    view! {
        <section aria-labelledby="requests">
            <h2 id="requests">{t.requests()}</h2>
            <Show when=move || none><p class="empty">{t.no_requests()}</p></Show>
            <div class="cards">{cards.collect_view()}</div>
        </section>
    }
}

#[component]
fn Request(request: Booking, rivals: usize) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let declining = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let path = StoredValue::new((request.centre.clone(), request.id.clone()));
    let decide = Action::new_local(move |approve: &bool| {
        let body = Decision {
            approve: *approve,
            reason: reason.get_untracked(),
        };
        async move {
            let done = api::send::<DecideBooking>(&path.get_value(), &body, &Key::new()).await;
            if let Ok(booking) = &done {
                store.done(booking.state.word(t));
            }
            store.changes.update(|n| *n += 1);
            done.map(drop)
        }
    });
    let problem = move || Some(decide.value().get()?.err()?.text);
    let pending = decide.pending();
    let purpose = request
        .purpose
        .map(|purpose| format!(" · {}", purpose.word(t)))
        .unwrap_or_default();
    let phone = request.phone.clone().unwrap_or_default();
    let note =
        (!request.note.is_empty()).then(|| view! { <p class="quote">{request.note.clone()}</p> });
    let rivals = (rivals > 0).then(|| view! { <p class="warn">{t.rivals(rivals)}</p> });
    view! {
        <article class="card">
            <h3>{request.room_name.get(t).to_owned()}</h3>
            <p><time>{t.slot(request.slot())}</time></p>
            <p>{request.beneficiary.clone()}" · "<a href=format!("tel:{phone}")><bdi>{phone.clone()}</bdi></a></p>
            <p class="quiet">{t.people(request.people)}{purpose}</p>
            {note}
            {rivals}
            <Show when=move || declining.get()>
                <label class="field">
                    <span>{t.reason()}</span>
                    <textarea name="reason" rows="2" prop:value=move || reason.get() on:input=move |event| reason.set(event_target_value(&event))></textarea>
                </label>
                <div class="choices">
                    {[t.reason_needed(), t.reason_incomplete(), t.reason_unfit()].map(|words| view! {
                        <button class="chip" on:click=move |_| reason.set(words.to_owned())>{words}</button>
                    }).collect_view()}
                </div>
            </Show>
            <p class="refusal" role="alert">{live(problem)}</p>
            <div class="actions">
                <Show
                    when=move || declining.get()
                    fallback=move || view! {
                        <button class="button primary" disabled=pending on:click=move |_| { decide.dispatch(true); }>{t.approve()}</button>
                        <button class="button" on:click=move |_| declining.set(true)>{t.decline()}</button>
                    }
                >
                    <button class="button danger" disabled=pending on:click=move |_| { decide.dispatch(false); }>{t.decline_now()}</button>
                    <button class="button" on:click=move |_| declining.set(false)>{t.back()}</button>
                </Show>
            </div>
        </article>
    }
}

/// The day on the plan and on the timeline, with names.
#[component]
fn Today(centre: Arc<CentreView>, house: Arc<House>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let go = store.go();
    let open = Callback::new(move |room: RoomId| {
        go(
            "/calendar",
            &View {
                room: Some(room),
                week: true,
                ..store.view.get_untracked()
            },
            false,
        );
    });
    let body = move || {
        let week = match store.week.get() {
            None => return view! { <Skeleton lines=6/> }.into_any(),
            Some(Err(problem)) => return view! { <Notice problem/> }.into_any(),
            Some(Ok(week)) => week,
        };
        let lines = Arc::new(timelines(&centre, &week));
        let day = store.day(&centre);
        let columns = bookable(&centre.centre)
            .map(|room| {
                (
                    Column {
                        room: room.id.clone(),
                        day,
                    },
                    room.name.get(t).to_owned(),
                )
            })
            .collect();
        let of = house.clone();
        let label: Label = Arc::new(move |one: &Occupied| {
            let found = of.bookings.iter().find(|booking| {
                booking.room == one.room
                    && booking.start == one.start
                    && (booking.state == BookingState::Requested)
                        == (one.by == Occupation::Requested)
            });
            found
                .filter(|booking| booking.title.is_none())
                .map(|booking| booking.beneficiary.clone())
        });
        let shown = Shown {
            centre: centre.clone(),
            week,
            timelines: lines.clone(),
            columns,
            first: 0,
        };
        let of = centre.clone();
        let slot = Memo::new(move |_| {
            store
                .view
                .with(|view| view.slot(store.day(&of), store.now(&of)))
        });
        let lines = Memo::new(move |_| lines.clone());
        let floor = store
            .view
            .with(|view| floor_of(&centre, view).map(|floor| floor.id.clone()));
        let plan = floor.map(|floor| view! { <Plan centre=centre.clone() floor timelines=lines when=slot view=store.view open/> });
        view! {
            <div class="house-plan">{plan}</div>
            <div class="calendar" role="region" tabindex="0" aria-label=t.timeline()><Grid shown label=Some(label)/></div>
        }
        .into_any()
    };
    view! { <section class="today" aria-label=t.house_today()>{live(body)}</section> }
}

/// Who is expected, in order of time.
#[component]
fn Expected(house: Arc<House>) -> impl IntoView {
    let t = lang();
    let none = house.bookings.is_empty();
    let row = |one: &Booking| {
        let href = format!("/bookings/{}/{}", one.centre, one.id);
        let who = one
            .title
            .as_ref()
            .map_or(one.beneficiary.as_str(), |title| title.get(t))
            .to_owned();
        view! {
            <li>
                <a class="row" href=href>
                    <span class="row-name"><time>{t.span(one.slot())}</time>" "{who}</span>
                    <span class="row-where">{one.room_name.get(t).to_owned()}" · "{t.people(one.people)}</span>
                    <span class=format!("tag t-{}", one.state.code())>{one.state.word(t)}</span>
                </a>
            </li>
        }
    };
    let now = house.now.utc();
    let (over, rows): (Vec<_>, Vec<_>) =
        house.bookings.iter().partition(|one| one.end.utc() <= now);
    let gone = (!over.is_empty()).then(|| {
        view! {
            <details>
                <summary>{t.over_by_now(over.len())}</summary>
                <ul class="rows">{over.into_iter().map(row).collect_view()}</ul>
            </details>
        }
    });
    let rows = rows.into_iter().map(row);
    view! {
        <section class="expected" aria-labelledby="expected">
            <h2 id="expected">{t.expected()}</h2>
            <Show when=move || none><p class="empty">{t.nobody_expected()}</p></Show>
            <ul class="rows">{rows.collect_view()}</ul>
            {gone}
        </section>
    }
}
