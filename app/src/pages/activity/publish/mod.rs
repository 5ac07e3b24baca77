//! Publishing an activity: what, when and where, who and how many. The rules of the room answer while one is choosing.

mod fields;
mod typed;

use std::sync::Arc;

use domain::{
    api::{CentreView, GetOccupancy, ListMyClubs, MyClub, Occupancy, Publish},
    booking::{
        BookingState,
        admission::{Ask, History, Situation},
        alternative::Alternative,
        refusal::Refusal,
    },
    centre::{availability::availability, room::UseMode},
    id::RoomId,
    page::Page,
    person::permission::{may_decide, may_publish},
    time::{DAY, LocalTime, Slot},
};
use leptos::prelude::*;

use self::{
    fields::{CountFields, WhatFields, WhenFields, WhoFields},
    typed::Typed,
};
use crate::{
    api,
    components::{
        act::Act,
        live,
        notice::{Notice, Skeleton},
        picker::CentrePicker,
    },
    pages::booking::series::{Base, SeriesDraft, SeriesFields},
    prefs::lang,
    query::{Loaded, query},
    store::Store,
};

/// How many days of the room are looked at; later dates are the server's to judge.
const DAYS: u16 = 100;

/// The page.
#[component]
pub fn PublishPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let body = move || match store.centre.get() {
        None if store.has_no_centre() => {
            view! { <p class="empty">{lang().no_centre()}</p> }.into_any()
        }
        None => view! { <Skeleton lines=8/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(centre)) => view! { <Form centre/> }.into_any(),
    };
    view! {
        <main class="page form-page" id="main">
            <h1 tabindex="-1">{t.publish()}</h1>
            <p>{t.publish_about()}</p>
            <CentrePicker page=Page::Publish/>
            {live(body)}
        </main>
    }
    .into_any()
}

/// Why a publication cannot be had: the rule, the start of the session that it is about, and what could be had instead.
type Verdict = Result<(), (Refusal, LocalTime, Vec<Alternative>)>;

/// Decides by the very rule of the server, for every date. Letters in the title ask nothing.
fn judge(
    centre: Arc<CentreView>,
    typed: Typed,
    taken: Memo<Loaded<Occupancy>>,
) -> Memo<Option<Verdict>> {
    let store = Store::get();
    let of = centre.clone();
    let lines = Memo::new(move |_| {
        let taken = taken.get()?.ok()?;
        let range = Slot::lasting(taken.from.at(0), i64::from(taken.days) * DAY);
        Some(availability(&of.centre, &taken.taken, range))
    });
    Memo::new(move |_| {
        let (from, until) = (typed.from.get(), typed.until.get());
        let start = typed.day.get().at(from);
        let room = centre.centre.room(&typed.room.get())?;
        let Some(slot) = Slot::new(start, typed.day.get().at(until)) else {
            return Some(Err((Refusal::EndBeforeStart, start, Vec::new())));
        };
        let (actor, nothing) = (store.actor(), History::default());
        let situation = Situation {
            centre: &centre.centre,
            actor: &actor,
            history: &nothing,
            now: store.now(&centre),
        };
        let ask = Ask {
            room: room.id.clone(),
            slot,
            people: typed.places.get(),
            purpose: Some(typed.kind.get()),
        };
        lines.with(|lines| {
            let lines = lines.as_ref()?;
            let line = lines.iter().find(|line| line.room == room.id)?;
            let decided = situation.decide(room, line, &ask).map(drop);
            Some(decided.map_err(|refusal| {
                let others = situation.alternatives(lines, &ask);
                (refusal, slot.start(), others)
            }))
        })
    })
}

#[component]
fn Form(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let typed = Typed::new(&centre, store.now(&centre));
    let id = StoredValue::new(centre.centre.id.clone());
    let clubs = query(
        || Some(()),
        || 0,
        None,
        |()| async { api::get::<ListMyClubs>(&()).await },
    );
    let taken = query(
        move || Some(typed.day.get()),
        move || store.version(),
        None,
        move |from| async move { api::get::<GetOccupancy>(&(id.get_value(), from, DAYS)).await },
    );
    let verdict = judge(centre.clone(), typed, taken);
    let series = SeriesDraft::new(base_of(&centre, typed), "publish-series");
    let submit = Act::new();
    // What the server said was about what was asked then.
    Effect::new(move |_| {
        typed.get();
        series.wanted.track();
        submit.forget();
    });
    let mine = Memo::new(move |_| {
        let clubs = clubs.get().and_then(Result::ok);
        let clubs = clubs.iter().flat_map(|clubs| clubs.iter());
        let here = clubs.filter(|club| club.organises && id.with_value(|id| club.centre == *id));
        here.cloned().collect::<Vec<_>>()
    });
    let press = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut new = untrack(|| typed.get());
        // A club of somebody else cannot be chosen here.
        let known = mine.with_untracked(|mine| {
            mine.iter()
                .any(|club| Some(&club.club) == new.club.as_ref())
        });
        new.club = new.club.filter(|_| known);
        if let Some(series) = series.wanted.get_untracked() {
            new.rule = Some(series.rule);
            new.exceptions = series.exceptions;
        }
        submit.run(async move {
            let activity = api::send::<Publish>(&id.get_value(), &new).await?;
            typed.title.try_set(String::new());
            typed.about.try_set(String::new());
            store.forget_draft("publish-series");
            let mut sessions = activity.sessions.iter();
            let words = match sessions.any(|one| one.state == BookingState::Requested) {
                true => t.publish_asks(),
                false => t.published(),
            };
            let page = Page::Activity(activity.centre, activity.id);
            // Whoever has gone elsewhere meanwhile stays there.
            if untrack(|| store.router.page.get()) == Some(Page::Publish) {
                store.go(&page, &store.here.get_untracked(), true);
            }
            Ok(Some(words.to_owned()))
        });
    };
    let of = centre.clone();
    let blank = untrack(|| typed.get());
    store.keep_draft(
        "publish".to_owned(),
        move || {
            let new = typed.get();
            // Where nothing is written there is nothing to lose.
            let written = !new.title.is_empty() || !new.about.is_empty();
            written.then(|| serde_json::to_string(&new).unwrap_or_default())
        },
        move |kept| typed.set(serde_json::from_str(kept).unwrap_or_else(|_| blank.clone())),
    );
    let may = move || {
        id.with_value(|id| may_publish(&store.actor(), id, None))
            || mine.with(|mine| !mine.is_empty())
    };
    let is_series = move || series.wanted.with(Option::is_some);
    let refused = move || match is_series() {
        true => series.count().is_none(),
        false => verdict.with(|verdict| matches!(verdict, Some(Err(_)))),
    };
    let set_room = Callback::new(move |room: RoomId| typed.room.set(room));
    view! {
        <Show when=move || clubs.get().is_some_and(|all| all.is_ok()) && !may()><p class="warn">{t.problem_not_allowed()}</p></Show>
        {live(move || clubs.get()?.err().map(|problem| view! { <Notice problem/> }))}
        <form class="form" on:submit=press>
            <WhatFields typed mine/>
            <WhenFields typed centre=centre.clone()/>
            <SeriesFields series set_room/>
            <CountFields typed/>
            <WhoFields typed/>
            <section aria-labelledby="preview">
                <h2 id="preview">{t.preview()}</h2>
                <Preview typed series mine centre=centre.clone()/>
            </section>
            <div class="form-end">
                <Show when=move || !is_series()><Says typed verdict taken centre=of.clone()/></Show>
                {submit.refusal()}
                <button class="button primary wide" disabled=refused aria-disabled=submit.disabled()>
                    {move || if submit.pending() { t.sending() } else { t.publish_now() }}
                </button>
            </div>
        </form>
    }
}

/// What stands against it, with what could be had instead, above the button that it disables.
#[component]
fn Says(
    typed: Typed,
    verdict: Memo<Option<Verdict>>,
    taken: Memo<Loaded<Occupancy>>,
    centre: Arc<CentreView>,
) -> impl IntoView {
    let t = lang();
    let says = move || match verdict.get() {
        None => match taken.get() {
            Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
            _ => view! { <Skeleton lines=1/> }.into_any(),
        },
        Some(Ok(())) => is_asked(&centre, &typed.room.get())
            .then(|| view! { <p class="verdict">{t.publish_asks()}</p> })
            .into_any(),
        Some(Err((refusal, at, others))) => {
            let offers = others.into_iter().filter_map(|other| {
                let slot = Slot::new(other.start, other.end)?;
                let name = room_name(&centre, &other.room);
                let label = other.remedy.label(t, &name, slot);
                let take = move |_| {
                    typed.room.set(other.room.clone());
                    typed.day.set(other.start.date());
                    typed.from.set(other.start.minute_of_day());
                    typed
                        .until
                        .set(other.start.minute_of_day() + slot.minutes());
                };
                Some(view! { <button type="button" class="chip" on:click=take>{label}</button> })
            });
            view! {
                <div class="refusal" role="status">
                    <p>{t.date(at.date())}" · "{refusal.sentence(t)}</p>
                    <div class="choices offers">{offers.collect_view()}</div>
                </div>
            }
            .into_any()
        }
    };
    view! { <div aria-live="polite">{live(says)}</div> }
}

/// What the sessions have in common.
fn base_of(centre: &Arc<CentreView>, typed: Typed) -> Base {
    let of = centre.clone();
    let slot = Memo::new(move |_| {
        let at = |minute: i64| typed.day.get().at(minute);
        let (start, end) = (at(typed.from.get()), at(typed.until.get()));
        // What ends before it begins is refused, whatever it repeats by.
        Slot::new(start, end).unwrap_or(Slot::lasting(start, 1))
    });
    Base {
        centre: StoredValue::new(centre.clone()),
        room: Memo::new(move |_| of.centre.room(&typed.room.get()).cloned()),
        slot,
        people: Memo::new(move |_| typed.places.get()),
        purpose: Memo::new(move |_| Some(typed.kind.get())),
        of_activity: true,
    }
}

/// Whether a room is asked for, and not had at once.
fn is_asked(centre: &CentreView, room: &RoomId) -> bool {
    let decides = may_decide(&Store::get().actor(), &centre.centre.id);
    let room = centre.centre.room(room);
    !decides && room.is_some_and(|room| room.use_mode == UseMode::Approval)
}

/// How it will stand in the list.
#[component]
fn Preview(
    typed: Typed,
    series: SeriesDraft,
    mine: Memo<Vec<MyClub>>,
    centre: Arc<CentreView>,
) -> impl IntoView {
    let t = lang();
    let row = move || {
        let new = typed.get();
        // One date, or from when to when.
        let first = Slot::new(new.start, new.end).map(|slot| t.slot(slot));
        let length = series.length().unwrap_or_default();
        let dates = series.wanted.get().and_then(|series| {
            let dates = series.rule.dates(new.start.date());
            let (from, last) = (dates.first()?, dates.last()?);
            Some(format!(
                "{} {} · {} · {}–{}",
                t.recurrence(&series.rule),
                new.start.clock(),
                t.dates(length),
                t.day(*from),
                t.day(*last)
            ))
        });
        let first = dates.or(first);
        let room = room_name(&centre, &new.room);
        let tag = match is_asked(&centre, &new.room) {
            true => view! { <span class="tag t-requested">{t.session_pending()}</span> }.into_any(),
            false => view! { <span class="tag t-confirmed">{t.places_left(new.places, new.places)}</span> }.into_any(),
        };
        let club = mine.with(|mine| {
            let club = mine
                .iter()
                .find(|club| Some(&club.club) == new.club.as_ref())?;
            Some(format!("{} · ", t.by_club(club.name.get(t))))
        });
        view! {
            <div class="row activity">
                <span class="row-name">{new.title}</span>
                <span><time>{first}</time>" · "{room}</span>
                <span class="row-where">{club}{new.audience.word(t)}" · "{t.price(new.fee)}</span>
                {tag}
                <span>{new.about}</span>
            </div>
        }
    };
    view! { {live(row)} }
}

fn room_name(centre: &CentreView, room: &RoomId) -> String {
    let room = centre.centre.room(room);
    room.map(|room| room.name.get(lang()).to_owned())
        .unwrap_or_default()
}
