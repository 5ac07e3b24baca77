//! The house: today on map and timeline, and the requests that wait.

use std::sync::Arc;

use domain::{
    api::{
        CentreView, CheckInBooking, Desk, DeskSession, Endpoint, Excuse, GetDaySheet, GetDesk,
        JudgeAbsence, NewPresence, TellLetter, ToTell, UntellLetter,
    },
    booking::{Booking, BookingState, check_in::Presence},
    centre::availability::{Occupation, Occupied},
    id::{CentreId, RoomId},
    page::Page,
    person::permission::{may_see_desk, may_see_figures},
    time::Slot,
    view::{View, column::Column},
};
use leptos::prelude::*;

use crate::{
    api,
    components::{
        act::Act,
        live,
        notice::{Notice, Skeleton},
        once::once,
        picker::{CentrePicker, DayPicker},
    },
    pages::{
        calendar::{
            grid::{Grid, Label, Shown},
            model::bookable,
        },
        desk::{find::FindPerson, guard::Guard, requests::Requests},
        map::plan::Plan,
    },
    prefs::lang,
    query::query,
    store::Store,
};

/// The page.
#[component]
pub fn DeskPage() -> impl IntoView {
    let t = lang();
    let guard = Guard {
        title: t.house_title(),
        page: || Page::Desk,
        may: may_see_desk,
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
    let requests_of = centre.clone();
    let id = centre.centre.id.clone();
    let asked = id.clone();
    let desk = query(
        move || Some(day.get()),
        move || store.version(),
        None,
        move |day| {
            let path = (asked.clone(), day);
            async move { api::get::<GetDesk>(&path).await }
        },
    );
    let now = Memo::new(move |_| store.centre.get().and_then(Result::ok));
    let body = {
        let centre = centre.clone();
        move || {
            // Another day is another sheet; what others do on this one changes rows in place.
            day.get();
            let centre = centre.clone();
            once(desk, 8, move |desk| {
                // Rooms and hours as they are now; nothing is typed there.
                let today = move || {
                    let centre = now.get();
                    centre.map(|centre| view! { <Today centre desk/> })
                };
                view! {
                    <ToTellList centre=centre.clone() desk/>
                    <ExplainedList desk/>
                    <SessionList centre=centre.clone() desk/>
                    <div class="house-day">
                        {live(today)}
                        <Expected desk/>
                    </div>
                }
                .into_any()
            })
        }
    };
    let numbers = move || {
        let desk = desk.get()?.ok()?;
        let bookings = desk
            .bookings
            .iter()
            .filter(|one| one.state == BookingState::Confirmed);
        let (count, people) = bookings.fold((0u16, 0u16), |(n, p), one| {
            (n + 1, p.saturating_add(one.people))
        });
        let waiting = desk
            .requests
            .iter()
            .filter(|one| one.state == BookingState::Requested);
        let waiting = u16::try_from(waiting.count()).unwrap_or(u16::MAX);
        Some(view! {
            <ul class="numbers">
                <li><strong>{count}</strong><span>{t.house_bookings()}</span></li>
                <li><strong>{people}</strong><span>{t.house_people()}</span></li>
                <li><strong>{waiting}</strong><span>{t.house_waiting()}</span></li>
            </ul>
        })
    };
    let on_day = move |page: Page| {
        move || {
            let view = View {
                day: store.view.with(|view| view.day),
                ..store.here.get()
            };
            view.address(&page)
        }
    };
    let (at, of) = (id.clone(), centre.clone());
    let sheet = move || GetDaySheet::url(&(at.clone(), store.day(&of)));
    let of = id.clone();
    let figures = move || {
        may_see_figures(&store.actor(), &of).then(|| {
            view! {
                <a class="button" href=on_day(Page::Figures)>{t.figures_title()}</a>
                <a class="button" href=store.href(Page::Roles)>{t.roles_title()}</a>
                <a class="button" href=store.href(Page::Settings)>{t.settings_title()}</a>
            }
        })
    };
    view! {
        <div class="map-top">
            <CentrePicker page=Page::Desk/>
            <DayPicker page=Page::Desk centre/>
            <a class="button" href=store.href(Page::Closures)>{t.closures_title()}</a>
            <a class="button" href=on_day(Page::Audit)>{t.log_title()}</a>
            <a class="button" href=sheet target="_blank" rel="noopener">{t.paper_day()}</a>
            {live(figures)}
        </div>
        <FindPerson centre=id/>
        {live(numbers)}
        <Requests centre=requests_of desk/>
        {live(body)}
    }
}

/// What people without a device must be told. A card stays where it is once it was told: the next one does not slide under a finger.
#[component]
fn ToTellList(centre: Arc<CentreView>, desk: Memo<Arc<Desk>>) -> impl IntoView {
    let t = lang();
    let id = centre.centre.id.clone();
    let shown = Memo::new(move |before: Option<&Vec<ToTell>>| {
        let mut all = before.cloned().unwrap_or_default();
        for one in desk.with(|desk| desk.to_tell.clone()) {
            if !all.iter().any(|known| known.letter.id == one.letter.id) {
                all.push(one);
            }
        }
        all
    });
    let row = move |one: ToTell| view! { <ToTellCard centre=id.clone() one desk/> };
    view! {
        <section aria-labelledby="to-tell" class:gone=move || shown.with(Vec::is_empty)>
            <h2 id="to-tell">{t.to_tell()}</h2>
            <p class="quiet">{t.to_tell_about()}</p>
            <div class="cards">
                <For each=move || shown.get() key=|one| one.letter.id.clone() children=row/>
            </div>
        </section>
    }
}

#[component]
fn ToTellCard(centre: CentreId, one: ToTell, desk: Memo<Arc<Desk>>) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let act = Act::new();
    let path = StoredValue::new((centre, one.letter.id.clone()));
    let name = StoredValue::new(one.person.called().to_owned());
    let letter = one.letter.id.clone();
    let is_off = Memo::new(move |_| {
        desk.with(|desk| !desk.to_tell.iter().any(|one| one.letter.id == letter))
    });
    // Told here: an offer that ran out, or a letter that was read, is off the list as well.
    let told_here = RwSignal::new(false);
    let press = move |back: bool| {
        let (path, called) = (path.get_value(), name.get_value());
        act.run(async move {
            let said = match back {
                false => {
                    api::send::<TellLetter>(&path, &()).await?;
                    t.told_to(&called)
                }
                true => {
                    api::send::<UntellLetter>(&path, &()).await?;
                    t.told_back().to_owned()
                }
            };
            told_here.try_set(!back);
            Ok(Some(said))
        });
    };
    let record = store.record_href(&one.letter.centre, &one.person.id);
    let phone = match one.person.phone.clone() {
        Some(phone) => {
            view! { <a href=format!("tel:{phone}")><bdi>{phone.clone()}</bdi></a> }.into_any()
        }
        None => t.no_phone().into_any(),
    };
    let label = t.button_of(t.told(), one.person.called());
    let back = move || {
        is_off.get().then(|| match told_here.get() {
            true => view! { <button class="button quiet-button" aria-disabled=act.disabled() on:click=move |_| press(true)>{t.take_back()}</button> }.into_any(),
            false => view! { <span class="quiet">{t.told_no_more()}</span> }.into_any(),
        })
    };
    view! {
        <article class="card">
            <p><a href=record><strong>{one.person.called().to_owned()}</strong></a>" · "{phone}</p>
            <p>{one.letter.news.sentence(t)}</p>
            {act.refusal()}
            <div class="actions">
                <button
                    class="button"
                    aria-label=label
                    aria-disabled=move || (is_off.get() || act.pending()).to_string()
                    on:click=move |_| if !is_off.get_untracked() { press(false) }
                >{t.told()}</button>
                {live(back)}
            </div>
        </article>
    }
}

/// The sessions of the day: who signed up, who came, who did not.
#[component]
fn SessionList(centre: Arc<CentreView>, desk: Memo<Arc<Desk>>) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let row = move |one: DeskSession| {
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
        let sheet = store.href(Page::Attendance(
            centre.centre.id.clone(),
            one.session.clone(),
        ));
        view! {
            <li>
                <a class="row" href=sheet>
                    <span class="row-name"><time>{t.span(slot)}</time>" "<span lang=t.tongue_of(one.title.get(t))>{one.title.get(t).to_owned()}</span></span>
                    <span class="row-where">{room}</span>
                    <span>{counts}</span>
                </a>
            </li>
        }
    };
    view! {
        <section aria-labelledby="day-sessions">
            <h2 id="day-sessions">{t.house_sessions()}</h2>
            <Show when=move || desk.with(|desk| desk.sessions.is_empty())><p class="empty">{t.no_sessions_today()}</p></Show>
            <ul class="rows session-rows">
                <For each=move || desk.with(|desk| desk.sessions.clone()) key=|one| format!("{one:?}") children=row/>
            </ul>
        </section>
    }
}

/// The day on the plan and on the timeline, with names.
#[component]
fn Today(centre: Arc<CentreView>, desk: Memo<Arc<Desk>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let open = Callback::new(move |room: RoomId| {
        let view = View {
            room: Some(room),
            week: true,
            ..store.view.get_untracked()
        };
        store.go(&Page::Calendar, &view, false);
    });
    let (week, timelines) = store.lines_of_week(&centre);
    let of = centre.clone();
    let day = Memo::new(move |_| store.day(&of));
    let of = centre.clone();
    let slot = Memo::new(move |_| {
        let view = store.view.get();
        view.slot(store.day(&of), store.now(&of))
    });
    let of = centre.clone();
    let floor = Memo::new(move |_| {
        store
            .view
            .with(|view| view.floor_of(&of.centre).map(|floor| floor.id.clone()))
    });
    let there = Memo::new(move |_| store.week.get().map(|week| week.map(drop)));
    let label: Label = Arc::new(move |one: &Occupied| {
        desk.with(|desk| {
            let found = desk.bookings.iter().find(|booking| {
                let requested = booking.state == BookingState::Requested;
                booking.room == one.room
                    && booking.start == one.start
                    && requested == (one.by == Occupation::Requested)
            });
            let found = found.filter(|booking| booking.title.is_none());
            found.map(|booking| booking.beneficiary.clone())
        })
    });
    let body = move || {
        match there.get() {
            None => return view! { <Skeleton lines=6/> }.into_any(),
            Some(Err(problem)) => return view! { <Notice problem/> }.into_any(),
            Some(Ok(())) => {}
        }
        let day = day.get();
        let column = |room: &domain::centre::room::Room| {
            let column = Column {
                room: room.id.clone(),
                day,
            };
            (column, room.name.get(t).to_owned())
        };
        let shown = Shown {
            centre: centre.clone(),
            week,
            timelines,
            columns: bookable(&centre.centre).map(column).collect(),
            first: 0,
        };
        let plan = floor.get().map(|floor| view! { <Plan centre=centre.clone() floor timelines when=slot view=store.view open in_page=true/> });
        let label = label.clone();
        view! {
            <div class="house-plan">{plan}</div>
            <div class="calendar" role="region" tabindex="0" aria-label=t.timeline()><Grid shown label=Some(label)/></div>
        }
        .into_any()
    };
    view! { <section class="today" aria-label=t.house_today()>{live(body)}</section> }
}

/// What people say of why nobody came. A card stays where it is once it was answered, and the answer can be another.
#[component]
fn ExplainedList(desk: Memo<Arc<Desk>>) -> impl IntoView {
    let t = lang();
    let shown = Memo::new(move |before: Option<&Vec<Booking>>| {
        let mut all = before.cloned().unwrap_or_default();
        for one in desk.with(|desk| desk.explained.clone()) {
            if !all.iter().any(|known| known.id == one.id) {
                all.push(one);
            }
        }
        all
    });
    let card = move |one: Booking| view! { <ExplainedCard one/> };
    view! {
        <section aria-labelledby="explained" class:gone=move || shown.with(Vec::is_empty)>
            <h2 id="explained">{t.explained_title()}</h2>
            <div class="cards"><For each=move || shown.get() key=|one| one.id.clone() children=card/></div>
        </section>
    }
}

#[component]
fn ExplainedCard(one: Booking) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let act = Act::new();
    let answered = RwSignal::new(None::<bool>);
    let path = StoredValue::new((one.centre.clone(), one.id.clone()));
    let button = move |excused: bool, words: &'static str| {
        let press = move |_| {
            let path = path.get_value();
            act.run(async move {
                api::send::<JudgeAbsence>(&path, &Excuse { excused }).await?;
                answered.try_set(Some(excused));
                Ok(Some(t.saved().to_owned()))
            });
        };
        let pressed = move || (answered.get() == Some(excused)).to_string();
        view! { <button class="button" aria-pressed=pressed aria-disabled=act.disabled() on:click=press>{words}</button> }
    };
    let record = store.record_href(&one.centre, &one.person);
    let when = t.slot_seen(one.slot(), store.today());
    let booking = store.href(Page::Booking(one.centre.clone(), one.id.clone()));
    view! {
        <article class="card">
            <p><a href=record><strong>{one.beneficiary.clone()}</strong></a>" · "<a href=booking>{one.room_name.get(t).to_owned()}" · "{when}</a></p>
            <p class="quote">{one.check_in.explanation.clone()}</p>
            {act.refusal()}
            <div class="actions">{button(true, t.excuse())}{button(false, t.count_it())}</div>
        </article>
    }
}

/// Somebody who is expected, with a button to check them in at their time.
#[component]
fn ExpectedRow(first: Booking, desk: Memo<Arc<Desk>>) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let href = store.href(Page::Booking(first.centre.clone(), first.id.clone()));
    let path = (first.centre.clone(), first.id.clone());
    let id = first.id.clone();
    let one = Memo::new(move |before: Option<&Booking>| {
        let now = desk.with(|desk| desk.bookings.iter().find(|one| one.id == id).cloned());
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let name = Memo::new(move |_| {
        one.with(|one| {
            let title = one.title.as_ref().map(|title| title.get(t));
            title.unwrap_or(&one.beneficiary).to_owned()
        })
    });
    let act = Act::new();
    let came = Memo::new(move |_| one.with(|one| one.check_in.at.is_some()));
    let asked = Memo::new(move |_| {
        let now = store.clock.get();
        one.with(|one| one.may_be_checked_in(now).is_ok() && one.state == BookingState::Confirmed)
    });
    let path = StoredValue::new(path);
    let press = move |_| {
        if came.get_untracked() {
            return;
        }
        let path = path.get_value();
        act.run(async move {
            let presence = Presence::Here;
            api::send::<CheckInBooking>(&path, &NewPresence { presence }).await?;
            Ok(Some(t.booking_here().to_owned()))
        });
    };
    // Once pressed the button stays where it is: a slow second tap takes nothing back.
    let button = move || {
        asked.get().then(|| {
            let words = move || if came.get() { t.booking_here() } else { t.came_button() };
            let label = move || t.button_of(words(), &name.get());
            view! {
                <button class="button" aria-label=label aria-disabled=move || (came.get() || act.pending()).to_string() on:click=press>{words}</button>
            }
        })
    };
    view! {
        <li class="expected-row">
            <a class="row" href=href>
                <span class="row-name"><time>{move || one.with(|one| t.span(one.slot()))}</time>" "{name}</span>
                <span class="row-where">{move || one.with(|one| one.room_name.get(t).to_owned())}" · "{move || one.with(|one| t.people(one.people))}</span>
                <span class=move || format!("tag t-{}", one.with(|one| one.state.code()))>{move || one.with(|one| one.word(t))}</span>
            </a>
            {live(button)}
            {act.refusal()}
        </li>
    }
}

/// Who is expected, in order of time.
#[component]
fn Expected(desk: Memo<Arc<Desk>>) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let row = move |one: Booking| view! { <ExpectedRow first=one desk/> };
    // What ends while one looks goes to the others that are over.
    let parted = Memo::new(move |_| {
        let now = store.clock.get();
        desk.with(|desk| {
            let all = desk.bookings.iter().cloned();
            all.partition::<Vec<_>, _>(|one| one.end.utc() <= now)
        })
    });
    let heading = move || {
        let centre = store.centre.get_untracked().and_then(Result::ok);
        let day = centre.map(|centre| (store.day(&centre), store.now(&centre).date()));
        match day {
            Some((day, today)) if day != today => t.expected_on(&t.date(day)),
            _ => t.expected().to_owned(),
        }
    };
    let over = move || parted.with(|(over, _)| over.clone());
    let rows = move || parted.with(|(_, rows)| rows.clone());
    view! {
        <section class="expected" aria-labelledby="expected">
            <h2 id="expected">{heading}</h2>
            <Show when=move || desk.with(|desk| desk.bookings.is_empty())><p class="empty">{t.nobody_expected()}</p></Show>
            <ul class="rows"><For each=rows key=|one| one.id.clone() children=row/></ul>
            <Show when=move || parted.with(|(over, _)| !over.is_empty())>
                <details>
                    <summary>{move || t.over_by_now(parted.with(|(over, _)| over.len()))}</summary>
                    <ul class="rows"><For each=over key=|one| one.id.clone() children=row/></ul>
                </details>
            </Show>
        </section>
    }
}
