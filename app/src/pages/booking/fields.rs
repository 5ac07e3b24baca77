//! Booking form, its fields: room, time, people, purpose, and what the rules say.

use domain::{
    booking::admission::Admission,
    centre::room::{Needs, Purpose, Room},
    id::RoomId,
    time::{DAY, Date, Slot, clock},
    view::column::{Column, blocks},
};
use leptos::{either::Either, prelude::*};

use super::ask::is_free;
use crate::{
    api::Trouble,
    components::{
        icon::Icon,
        live,
        notice::{Notice, Skeleton},
        strip::{Day, Strip},
    },
    pages::{calendar::model::bookable, map::model::bounds},
    prefs::lang,
    store::Store,
};

use super::draft::{Draft, Edit};

/// The room, with whether each is free then.
#[component]
pub(super) fn RoomField(draft: Draft, edit: Callback<Edit>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let centre = draft.centre.get_value();
    let strange = {
        let centre = centre.clone();
        move || {
            let named = store.view.with(|view| view.room.clone())?;
            let is_there = centre.centre.room(&named).is_some();
            (!is_there).then(|| view! { <p class="warn" role="status">{t.no_such_room()}</p> })
        }
    };
    let options = move || {
        let (chosen, slot) = (draft.room.get(), draft.slot.get());
        let lines = draft.lines.get();
        let option = |one: &Room| {
            let name = one.name.get(t);
            let label = match &lines {
                Some(lines) if is_free(lines, one, slot) => format!("{name} · {}", t.state_free()),
                Some(_) => format!("{name} · {}", t.not_free()),
                None => name.to_owned(),
            };
            let selected = chosen.as_ref().is_some_and(|room| room.id == one.id);
            view! { <option value=one.id.to_string() selected=selected>{label}</option> }
        };
        bookable(&centre.centre).map(option).collect_view()
    };
    let value = move || draft.room.get().map(|room| room.id.to_string());
    let about = move || {
        let room = draft.room.get()?;
        let most = t.capacity(&t.people(room.people.most));
        Some(format!("{most} · {}", room.use_mode.word(t)))
    };
    let choose = move |event| {
        let id = RoomId::new(event_target_value(&event));
        edit.run(Box::new(move |view| {
            view.room = Some(id.clone());
            view.needs = Needs {
                purpose: None,
                ..view.needs.clone()
            };
        }));
    };
    view! {
        {live(strange)}
        <label class="field">
            <span>{t.room()}</span>
            <select name="room" on:change=choose prop:value=value>{live(options)}</select>
            <small>{live(about)}</small>
        </label>
    }
}

/// Day, start and length, over the room's day.
#[component]
pub(super) fn TimeFields(draft: Draft, edit: Callback<Edit>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let centre = draft.centre.get_value();
    let of = centre.clone();
    let strip = Memo::new(move |_| {
        let (date, room) = (draft.day.get(), draft.room.get());
        let now = store.now(&of);
        let blocks = room.zip(draft.lines.get()).and_then(|(room, lines)| {
            let line = lines.iter().find(|line| line.room == room.id)?;
            let column = Column {
                room: room.id,
                day: date,
            };
            Some(blocks(&column, line, now))
        });
        Day {
            bounds: bounds(&of.centre, date),
            blocks: blocks.unwrap_or_default(),
            step: draft.step(),
        }
    });
    let choice = Memo::new(move |_| {
        let start = draft.start.get();
        (start, start + draft.length.get())
    });
    let of_house = centre.clone();
    let breach = Memo::new(move |_| {
        let verdict = draft.verdict.get()?;
        let refusal = verdict.decided.as_ref().err()?;
        let piece = refusal.breaks(draft.slot.get(), store.now(&of_house))?;
        let midnight = draft.day.get().at(0).minutes();
        Some((
            piece.start().minutes() - midnight,
            piece.end().minutes() - midnight,
        ))
    });
    let pick = Callback::new(move |at: i64| {
        edit.run(Box::new(move |view| view.at = Some(at)));
    });
    let starts = move || {
        let (open, close) = bounds(&centre.centre, draft.day.get());
        let room = draft.room.get().filter(|_| draft.has_room.get());
        let (step, chosen) = (draft.step(), draft.start.get());
        let mut all: Vec<i64> = (open / step..close / step).map(|n| n * step).collect();
        let at = all.partition_point(|one| *one < chosen);
        if all.get(at) != Some(&chosen) {
            all.insert(at, chosen);
        }
        let lines = draft.lines.get();
        let option = |at: i64| {
            let moment = Slot::lasting(draft.day.get().at(at), step);
            let busy = room
                .as_ref()
                .zip(lines.as_ref())
                .is_some_and(|(room, lines)| !is_free(lines, room, moment));
            let label = match busy {
                true => format!("{} · {}", clock(at), t.not_free()),
                false => clock(at),
            };
            view! { <option value=clock(at) prop:selected=at == chosen>{label}</option> }
        };
        all.into_iter().map(option).collect_view()
    };
    let step_by = move |by: i64| {
        let step = draft.step();
        let length = (draft.length.get_untracked() + by * step).clamp(step, DAY);
        edit.run(Box::new(move |view| view.length = Some(length)));
    };
    let set_day = move |event| {
        if let Some(date) = Date::parse(&event_target_value(&event)) {
            edit.run(Box::new(move |view| view.day = Some(date)));
        }
    };
    let set_start = move |event| {
        let at = domain::time::parse_clock(&event_target_value(&event));
        edit.run(Box::new(move |view| view.at = at));
    };
    view! {
        <p class="detail-time">{move || t.slot(draft.slot.get())}</p>
        <Show when=move || draft.has_room.get()><Strip day=strip choice pick breach=Some(breach)/></Show>
        <div class="pair">
            <label class="field">
                <span>{t.date_label()}</span>
                <input type="date" name="day" required prop:value=move || draft.day.get().to_string() on:change=set_day/>
            </label>
            <label class="field">
                <span>{t.start()}</span>
                <select name="at" on:change=set_start prop:value=move || clock(draft.start.get())>{live(starts)}</select>
            </label>
        </div>
        <div class="pair">
            <div class="field">
                <span id="length-label">{t.how_long()}</span>
                <div class="stepper" role="group" aria-labelledby="length-label">
                    <button type="button" class="round" aria-label=t.shorter() on:click=move |_| step_by(-1)><Icon icon=Icon::Minus/></button>
                    <output>{move || t.minutes(draft.length.get())}</output>
                    <button type="button" class="round" aria-label=t.longer() on:click=move |_| step_by(1)><Icon icon=Icon::Plus/></button>
                </div>
            </div>
            <PeopleField draft edit/>
        </div>
    }
}

#[component]
pub(super) fn PeopleField(draft: Draft, edit: Callback<Edit>) -> impl IntoView {
    let t = lang();
    let people = draft.people;
    let set = move |count: u16| {
        edit.run(Box::new(move |view| view.needs.people = count.max(1)));
    };
    view! {
        <div class="field">
            <label for="people">{t.how_many()}</label>
            <div class="stepper">
                <button type="button" class="round" aria-label=t.fewer_people() on:click=move |_| set(people.get_untracked().saturating_sub(1))><Icon icon=Icon::Minus/></button>
                <input id="people" type="number" name="people" min="1" max="999" inputmode="numeric" prop:value=move || people.get().to_string()
                    on:change=move |event| set(event_target_value(&event).parse().unwrap_or(1))/>
                <button type="button" class="round" aria-label=t.more_people() on:click=move |_| set(people.get_untracked().saturating_add(1))><Icon icon=Icon::Plus/></button>
            </div>
        </div>
    }
}

/// What for: what the room is good for; where none is chosen, any room.
#[component]
pub(super) fn PurposeField(draft: Draft, edit: Callback<Edit>) -> impl IntoView {
    let t = lang();
    let purposes = move || {
        let chosen = draft.purpose.get();
        let option = |one: Purpose| view! { <option value=one.code() selected=chosen == Some(one)>{one.word(t)}</option> };
        let all = match draft.has_room.get() {
            true => draft.room.get()?.purposes,
            false => draft.centre.with_value(|centre| {
                let is_there = |one: &Purpose| {
                    bookable(&centre.centre).any(|room| room.purposes.contains(one))
                };
                Purpose::ALL.iter().copied().filter(is_there).collect()
            }),
        };
        Some(all.into_iter().map(option).collect_view())
    };
    let set = move |event| {
        let purpose = Purpose::from_code(&event_target_value(&event));
        edit.run(Box::new(move |view| view.needs.purpose = purpose));
    };
    let value = move || draft.purpose.get().map(Purpose::code).unwrap_or_default();
    view! {
        <label class="field">
            <span>{t.purpose()}</span>
            <select name="purpose" on:change=set prop:value=value>
                <option value="">{t.unsaid()}</option>
                {live(purposes)}
            </select>
        </label>
    }
}

/// What staff are told.
#[component]
pub(super) fn NoteField(draft: Draft) -> impl IntoView {
    let t = lang();
    let note = draft.note;
    view! {
        <label class="field">
            <span>{t.note()}</span>
            <textarea name="note" rows="2" maxlength="200" prop:value=move || note.get() on:input=move |event| note.set(event_target_value(&event))></textarea>
        </label>
    }
}

/// What the rules say, or what the server said; and what could be had instead.
#[component]
pub(super) fn Says(
    draft: Draft,
    edit: Callback<Edit>,
    problem: Memo<Option<Trouble>>,
) -> impl IntoView {
    let t = lang();
    let says = move || {
        let verdict = draft.verdict.get();
        let refusal = verdict
            .as_ref()
            .and_then(|verdict| verdict.decided.as_ref().err());
        let known = refusal.map(|refusal| refusal.sentence(t));
        if let Some(problem) = problem
            .get()
            .filter(|one| Some(&one.text) != known.as_ref())
        {
            return view! { <p class="refusal" role="alert">{problem.text}</p> }.into_any();
        }
        let Some(verdict) = verdict else {
            return match draft.occupied.get() {
                Some(problem) => view! { <Notice problem/> }.into_any(),
                // Nothing is asked of the rules before a room is chosen.
                None if !draft.has_room.get() => ().into_any(),
                None => view! { <Skeleton lines=1/> }.into_any(),
            };
        };
        match verdict.decided {
            Ok(admission) => {
                let word = match admission {
                    Admission::Confirmed => t.will_confirm(),
                    Admission::Requested => t.will_request(),
                };
                let against = verdict.against.map(|refusal| {
                    view! { <p class="warn">{t.against_their_rules(&refusal.sentence(t))}</p> }
                });
                view! { {against}<p class="verdict">{word}</p> }.into_any()
            }
            Err(refusal) => {
                let offer = |other: domain::booking::alternative::Alternative| {
                    let slot = Slot::new(other.start, other.end)?;
                    let name = draft.centre.with_value(|centre| {
                        let room = centre.centre.room(&other.room)?;
                        Some(room.name.get(t).to_owned())
                    });
                    let label = other.remedy.label(t, &name.unwrap_or_default(), slot);
                    let take = move |_| {
                        let room = other.room.clone();
                        edit.run(Box::new(move |view| {
                            view.room = Some(room.clone());
                            view.day = Some(slot.start().date());
                            view.at = Some(slot.start().minute_of_day());
                            view.length = Some(slot.minutes());
                        }));
                    };
                    Some(
                        view! { <button type="button" class="chip" on:click=take>{label}</button> },
                    )
                };
                let offers: Vec<_> = verdict.others.into_iter().filter_map(offer).collect();
                let offers = match offers.is_empty() {
                    true => Either::Left(()),
                    false => Either::Right(
                        view! { <div class="offers" role="group" aria-label=t.instead()>{offers}</div> },
                    ),
                };
                view! { <div class="refusal"><p>{refusal.sentence(t)}</p>{offers}</div> }.into_any()
            }
        }
    };
    view! { <div class="says" aria-live="polite">{live(says)}</div> }
}
