//! The booking form: the rules answer while one chooses.

use std::sync::Arc;

use domain::{
    api::{Book, CentreView, CountRefusal, GetOccupancy, ListMyBookings, NewBooking},
    availability::{Occupied, availability},
    figures::Rule,
    id::RoomId,
    permission::Actor,
    room::{Needs, Purpose},
    rules::{Admission, Alternative, Ask, Own, Refusal, Situation},
    time::{DAY, Date, LocalTime, Slot, clock},
    view::{LENGTH, View},
};
use leptos::{either::Either, prelude::*};

use super::acting::of_whom;
use crate::components::live;
use crate::{
    api::{self, Key, Press},
    calendar::model::bookable,
    components::{
        icon::Icon,
        notice::{Notice, Skeleton},
    },
    map::model::{bounds, next_start},
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// Days that are asked for at once, so that another day can be offered.
const DAYS: u16 = 16;

/// Where the typed note stays while one signs in.
const NOTE: &str = "book-note";

/// What the rules say, what could be had instead, and what they would say to the caller alone.
type Verdict = (
    Result<Admission, Refusal>,
    Vec<Alternative>,
    Option<Refusal>,
);

/// The page.
#[component]
pub fn BookPage() -> impl IntoView {
    let store = Store::get();
    let body = move || match store.centre.get() {
        None => view! { <Skeleton lines=6/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(centre)) => view! { <Form centre/> }.into_any(),
    };
    view! {
        <main class="page form-page" id="main">
            <h1 tabindex="-1">{lang().book_title()}</h1>
            {live(body)}
        </main>
    }
    .into_any()
}

#[component]
fn Form(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let go = store.go();
    let centre_id = centre.centre.id.clone();
    let of = centre.clone();
    let room = Memo::new(move |_| {
        let named = store
            .view
            .with(|view| view.room.clone())
            .and_then(|id| of.centre.room(&id).cloned());
        named.or_else(|| bookable(&of.centre).next().cloned())
    });
    // Where nobody chose a time, the next one that can be had.
    let of = centre.clone();
    let suggested = Memo::new(move |_| {
        let named = store
            .view
            .with(|view| view.day.is_some() || view.at.is_some());
        let room = room.get().filter(|_| !named)?;
        Some(next_start(&of.centre, &room, store.now(&of)))
    });
    let of = centre.clone();
    let day = Memo::new(move |_| match suggested.get() {
        Some(start) => start.date(),
        None => store.day(&of),
    });
    let of = centre.clone();
    let start = Memo::new(move |_| {
        let named = store.view.with(|view| view.at);
        let opening = || bounds(&of.centre, day.get()).0;
        let suggested = || {
            suggested
                .get()
                .map_or_else(opening, LocalTime::minute_of_day)
        };
        named.unwrap_or_else(suggested)
    });
    let length = Memo::new(move |_| store.view.with(|view| view.length).unwrap_or(LENGTH));
    let of = centre.clone();
    let people = Memo::new(move |_| {
        let fewest = room
            .get()
            .map_or(1, |room| room.rules.over(&of.centre.rules).fewest_people);
        match store.view.with(|view| view.needs.people) {
            0 => fewest,
            people => people,
        }
    });
    let purpose = Memo::new(move |_| store.view.with(|view| view.needs.purpose));
    let note = RwSignal::new(prefs::kept(NOTE));
    let slot = Memo::new(move |_| Slot::lasting(day.get().at(start.get()), length.get()));

    let taken_of = centre_id.clone();
    let taken = query(
        move || Some(day.get()),
        move || store.version(),
        None,
        move |from| {
            let id = taken_of.clone();
            async move { api::get::<GetOccupancy>(&(id, from, DAYS)).await }
        },
    );
    let signed_in = move || {
        store
            .me
            .with(|me| me.as_ref().is_some_and(|me| me.profile.is_some()))
    };
    // One's own bookings, or those of the person for whom staff act.
    let own_of = centre_id.clone();
    let mine = query(
        move || signed_in().then(|| store.acting()),
        move || store.version(),
        None,
        move |acting| of_whom::<ListMyBookings>(own_of.clone(), acting, |card| card.bookings),
    );

    let of = centre.clone();
    // The very rule that the server will decide by.
    let verdict = Memo::new(move |_| {
        let week = taken.get()?.ok()?;
        let room = room.get()?;
        let own: Vec<Own> = mine
            .get()
            .and_then(Result::ok)
            .iter()
            .flat_map(|mine| mine.iter())
            .filter(|booking| {
                booking.centre == of.centre.id && booking.state.is_live() && booking.title.is_none()
            })
            .map(|booking| Own {
                booking: booking.id.clone(),
                room: booking.room.clone(),
                slot: booking.slot(),
            })
            .collect();
        let mut actor = store.actor();
        // A visitor is told what they will be told as a resident.
        actor.person.get_or_insert_default();
        let situation = Situation {
            centre: &of.centre,
            actor: &actor,
            own: &own,
            now: store.now(&of),
        };
        let ask = Ask {
            room: room.id.clone(),
            slot: slot.get(),
            people: people.get(),
            purpose: purpose.get(),
        };
        let range = Slot::lasting(week.from.at(0), i64::from(week.days) * DAY);
        let lines = availability(&of.centre, &week.taken, range);
        let line = lines.iter().find(|line| line.room == room.id)?;
        let decided = situation.decide(&room, line, &ask);
        // What the caller could not book alone, staff may; but they are told.
        let caller = Actor {
            person: actor.person.clone(),
            roles: Vec::new(),
        };
        let alone = Situation {
            actor: &caller,
            ..situation
        };
        let against = match (&decided, store.acting()) {
            (Ok(_), Some(_)) => alone.decide(&room, line, &ask).err(),
            _ => None,
        };
        let others = if decided.is_err() {
            situation.alternatives(&lines, &ask)
        } else {
            Vec::new()
        };
        Some((decided, others, against))
    });

    // What one did not ask for, and what the server has refused and counted itself, is not counted here.
    let asked = StoredValue::new(false);
    let refused_there = StoredValue::new(false);
    let pressed = Press::new();
    let done_go = go.clone();
    let revision = centre.revision;
    let submit_id = centre_id.clone();
    let submit = Action::new_local(move |new: &NewBooking| {
        let (new, id, go) = (new.clone(), submit_id.clone(), done_go.clone());
        async move {
            let done = pressed.send::<Book>(&id, &new).await;
            match &done {
                Ok(booking) => {
                    prefs::keep(NOTE, "");
                    store.changes.update(|n| *n += 1);
                    store.done(booking.state.word(t));
                    let day = Some(booking.start.local.date());
                    let view = View {
                        centre: Some(booking.centre.clone()),
                        day,
                        behalf: new.behalf.clone(),
                        ..View::default()
                    };
                    go(
                        &format!("/bookings/{}/{}", booking.centre, booking.id),
                        &view,
                        true,
                    );
                }
                Err(problem) if problem.passing => {}
                Err(_) => {
                    refused_there.set_value(true);
                    store.changes.update(|n| *n += 1);
                }
            }
            done.map(drop)
        }
    });
    let sign_in_go = go.clone();
    let press = move || {
        let Some(room) = room.get_untracked() else {
            return;
        };
        if !signed_in() {
            prefs::keep(NOTE, &note.get_untracked());
            prefs::keep(
                "next",
                &format!("/book{}", store.view.get_untracked().query()),
            );
            sign_in_go("/sign-in", &View::default(), false);
            return;
        }
        let slot = slot.get_untracked();
        submit.dispatch(NewBooking {
            room: room.id,
            start: slot.start(),
            end: slot.end(),
            people: people.get_untracked(),
            purpose: purpose.get_untracked(),
            note: note.get_untracked(),
            behalf: store.acting(),
            revision,
        });
    };

    // What stands against people without their asking: the server, which would count it, is never asked.
    let counted = StoredValue::new(Vec::new());
    let count_id = centre_id.clone();
    Effect::new(move |_| {
        let rule = verdict.with(|verdict| match verdict {
            Some((Err(refusal), ..)) => Some(refusal.rule()),
            _ => None,
        });
        let known = store.me.with(Option::is_some);
        let new = |rule: &Rule| counted.with_value(|told| !told.contains(rule));
        let Some(rule) = rule.filter(|rule| known && asked.get_value() && new(rule)) else {
            return;
        };
        counted.update_value(|told| told.push(rule));
        if refused_there.get_value() {
            refused_there.set_value(false);
            return;
        }
        let id = count_id.clone();
        leptos::task::spawn_local(async move {
            // A count that is lost on the way is lost.
            let _ = api::send::<CountRefusal>(&id, &rule, &Key::new()).await;
        });
    });

    let change = move |edit: &dyn Fn(&mut View)| {
        let mut view = store.view.get_untracked();
        view.day = Some(day.get_untracked());
        (view.at, view.length) = (Some(start.get_untracked()), Some(length.get_untracked()));
        view.room = room.get_untracked().map(|room| room.id);
        edit(&mut view);
        asked.set_value(true);
        refused_there.set_value(false);
        submit.value().set(None);
        go("/book", &view, true);
    };
    let change = StoredValue::new_local(change);
    let edit = move |edit: &dyn Fn(&mut View)| change.with_value(|change| change(edit));

    let of = centre.clone();
    let says = move || {
        let problem = submit.value().get().and_then(Result::err);
        if let Some(problem) = problem.filter(|problem| !told(&verdict.get(), &problem.text)) {
            return view! { <p class="refusal" role="alert">{problem.text}</p> }.into_any();
        }
        let of = of.clone();
        match verdict.get() {
            None => match taken.get() {
                Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
                _ => view! { <Skeleton lines=1/> }.into_any(),
            },
            Some((Ok(admission), _, against)) => {
                let word = match admission {
                    Admission::Confirmed => t.will_confirm(),
                    Admission::Requested => t.will_request(),
                };
                let against = against.map(|refusal| {
                    view! { <p class="warn">{t.against_their_rules(&refusal.sentence(t))}</p> }
                });
                view! { {against}<p class="verdict">{word}</p> }.into_any()
            }
            Some((Err(refusal), others, _)) => {
                let offers = others.into_iter().filter_map(|other| {
                    let slot = Slot::new(other.start, other.end)?;
                    let name = of
                        .centre
                        .room(&other.room)
                        .map(|room| room.name.get(t).to_owned())
                        .unwrap_or_default();
                    let label = other.remedy.label(t, &name, slot);
                    let take = move |_| {
                        edit(&|view| {
                            view.room = Some(other.room.clone());
                            view.day = Some(other.start.date());
                            view.at = Some(other.start.minute_of_day());
                            view.length = Some(slot.minutes());
                        })
                    };
                    Some(
                        view! { <button type="button" class="chip" on:click=take>{label}</button> },
                    )
                });
                let offers: Vec<_> = offers.collect();
                let offers = match offers.is_empty() {
                    true => Either::Left(()),
                    false => Either::Right(
                        view! { <div class="offers" role="group" aria-label=t.instead()>{offers}</div> },
                    ),
                };
                view! { <div class="refusal" role="status"><p>{refusal.sentence(t)}</p>{offers}</div> }.into_any()
            }
        }
    };

    let of = centre.clone();
    let starts = move || {
        let (open, close) = bounds(&of.centre, day.get());
        let step = i64::from(
            room.get()
                .map_or(30, |room| room.rules.over(&of.centre.rules).step),
        )
        .max(1);
        let chosen = start.get();
        let taken = taken.get().and_then(Result::ok);
        let mut all: Vec<i64> = (open / step..close / step).map(|n| n * step).collect();
        if !all.contains(&chosen) {
            all.push(chosen);
            all.sort_unstable();
        }
        all.into_iter()
            .map(|at| {
                let busy = taken.as_ref().zip(room.get()).is_some_and(|(taken, room)| {
                    is_taken(&of, &taken.taken, &room.id, day.get(), at)
                });
                let label = if busy {
                    format!("{} · {}", clock(at), t.booked())
                } else {
                    clock(at)
                };
                view! { <option value=clock(at) selected=at == chosen>{label}</option> }
            })
            .collect_view()
    };
    let of = centre.clone();
    let step_by = move |by: i64| {
        let step = i64::from(
            room.get_untracked()
                .map_or(30, |room| room.rules.over(&of.centre.rules).step),
        )
        .max(1);
        let length = (length.get_untracked() + by * step).clamp(step, DAY);
        edit(&|view| view.length = Some(length));
    };
    let (shorter, longer) = (step_by.clone(), step_by);
    let set_people = move |count: u16| edit(&|view| view.needs.people = count.max(1));
    let rooms = bookable(&centre.centre).map(|one| {
        let id = one.id.clone();
        view! { <option value=one.id.to_string() selected=move || room.get().is_some_and(|room| room.id == id)>{one.name.get(t).to_owned()}</option> }
    }).collect_view();
    let purposes =
        move || {
            let chosen = purpose.get();
            room.get().map(|room| {
                room.purposes.into_iter().map(|one| view! {
            <option value=one.code() selected=chosen == Some(one)>{one.word(t)}</option>
        }).collect_view()
            })
        };
    let about = move || {
        room.get().map(|room| {
            format!(
                "{} · {}",
                t.capacity(&t.people(room.people.most)),
                room.use_mode.word(t)
            )
        })
    };
    let refused = move || verdict.with(|verdict| matches!(verdict, Some((Err(_), ..))));
    let label = move || {
        if signed_in() {
            t.confirm_booking()
        } else {
            t.sign_in_to_book()
        }
    };
    let pending = submit.pending();
    view! {
        <form class="form" on:submit=move |event| { event.prevent_default(); press(); }>
            <label class="field">
                <span>{t.room()}</span>
                <select name="room" on:change=move |event| {
                    let id = RoomId::new(event_target_value(&event));
                    edit(&|view| { view.room = Some(id.clone()); view.needs = Needs { purpose: None, ..view.needs.clone() }; });
                }>{rooms}</select>
                <small>{live(about)}</small>
            </label>
            <div class="pair">
                <label class="field">
                    <span>{t.date_label()}</span>
                    <input type="date" name="day" required prop:value=move || day.get().to_string() on:change=move |event| {
                        if let Some(date) = Date::parse(&event_target_value(&event)) {
                            edit(&|view| view.day = Some(date));
                        }
                    }/>
                    <small>{move || t.date(day.get())}</small>
                </label>
                <label class="field">
                    <span>{t.start()}</span>
                    <select name="at" on:change=move |event| {
                        let at = domain::time::parse_clock(&event_target_value(&event));
                        edit(&|view| view.at = at);
                    }>{live(starts)}</select>
                </label>
            </div>
            <div class="pair">
                <div class="field">
                    <span id="length-label">{t.how_long()}</span>
                    <div class="stepper" role="group" aria-labelledby="length-label">
                        <button type="button" class="round" aria-label=t.shorter() on:click=move |_| shorter(-1)><Icon icon=Icon::Minus/></button>
                        <output>{move || t.minutes(length.get())}</output>
                        <button type="button" class="round" aria-label=t.longer() on:click=move |_| longer(1)><Icon icon=Icon::Plus/></button>
                    </div>
                    <small>{move || t.slot(slot.get())}</small>
                </div>
                <div class="field">
                    <label for="people">{t.how_many()}</label>
                    <div class="stepper">
                        <button type="button" class="round" aria-label=t.fewer_people() on:click=move |_| set_people(people.get_untracked().saturating_sub(1))><Icon icon=Icon::Minus/></button>
                        <input id="people" type="number" name="people" min="1" max="999" inputmode="numeric" prop:value=move || people.get().to_string()
                            on:change=move |event| set_people(event_target_value(&event).parse().unwrap_or(1))/>
                        <button type="button" class="round" aria-label=t.more_people() on:click=move |_| set_people(people.get_untracked().saturating_add(1))><Icon icon=Icon::Plus/></button>
                    </div>
                </div>
            </div>
            <label class="field">
                <span>{t.purpose()}</span>
                <select name="purpose" on:change=move |event| {
                    let purpose = Purpose::from_code(&event_target_value(&event));
                    edit(&|view| view.needs.purpose = purpose);
                }>
                    <option value="">{t.unsaid()}</option>
                    {live(purposes)}
                </select>
            </label>
            <label class="field">
                <span>{t.note()}</span>
                <textarea name="note" rows="2" prop:value=move || note.get() on:input=move |event| note.set(event_target_value(&event))></textarea>
            </label>
            <div class="form-end">
                {live(says)}
                <button class="button primary wide" disabled=move || pending.get() || refused()>
                    {move || if pending.get() { t.sending() } else { label() }}
                </button>
            </div>
        </form>
    }
}

/// True when the verdict on the screen already says this.
fn told(verdict: &Option<Verdict>, text: &str) -> bool {
    matches!(verdict, Some((Err(known), ..)) if known.sentence(lang()) == text)
}

/// True when somebody has the room at that minute.
fn is_taken(centre: &CentreView, taken: &[Occupied], room: &RoomId, day: Date, at: i64) -> bool {
    let sharing = centre.centre.sharing(room);
    let moment = day.at(at);
    taken.iter().any(|one| {
        one.by != domain::availability::Occupation::Requested
            && sharing.contains(&&one.room)
            && one.start.local <= moment
            && moment < one.end.local
    })
}
