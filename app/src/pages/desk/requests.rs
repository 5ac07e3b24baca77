//! Approvals: the requests that wait for a decision, one card for those that want the same floor. A card stays where it is
//! while somebody points at it, and a decision can be taken back for some seconds.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    api::{Along, CentreView, DecideBooking, Decision, Desk, UndoDecision},
    booking::{Booking, BookingState, DECISION_HELD, group_rivals},
    id::{BookingId, PersonId},
    page::Page,
    person::behalf::Behalf,
    view::{USUAL_WAY, View},
};
use leptos::{html, prelude::*};
use web_sys::PointerEvent;

use crate::{
    api,
    components::{
        act::Act,
        live,
        notice::{Notice, Skeleton},
    },
    prefs::lang,
    query::Loaded,
    store::Store,
};

/// After the last touch, cards stay where they are for this long, in milliseconds.
const AT_REST: f64 = 5000.0;

/// The requests as they are known by their id, and the cards in the order in which they are shown.
#[derive(Clone, Default, PartialEq)]
struct Pile {
    known: BTreeMap<BookingId, Booking>,
    used: BTreeMap<PersonId, u16>,
    no_shows: BTreeMap<PersonId, u16>,
    cards: Vec<Vec<BookingId>>,
}

impl Pile {
    /// Takes in what the server says. Cards keep their places and what is over stays on them; what is new comes last, and
    /// requests that turn out to be rivals of a card join it.
    fn update(&mut self, centre: &CentreView, requests: &[Booking]) {
        for group in group_rivals(&centre.centre, requests) {
            let ids: Vec<BookingId> = group.iter().map(|one| one.id.clone()).collect();
            let card = self
                .cards
                .iter_mut()
                .find(|card| card.iter().any(|id| ids.contains(id)));
            match card {
                Some(card) => {
                    let new: Vec<_> = ids.into_iter().filter(|id| !card.contains(id)).collect();
                    card.extend(new);
                }
                None => self.cards.push(ids),
            }
        }
        let is_there = |id: &BookingId| requests.iter().any(|one| one.id == *id);
        for (id, one) in &mut self.known {
            if !is_there(id) && one.state == BookingState::Requested {
                // Decided elsewhere, or withdrawn: which of them is not known here.
                one.state = BookingState::Undone;
            }
            one.decision_until = None;
        }
        for one in requests {
            self.known.insert(one.id.clone(), one.clone());
        }
    }

    /// The requests of a card, those that were asked for together beside each other.
    fn list_asks(&self, first: &BookingId) -> Vec<Vec<BookingId>> {
        let card = self.cards.iter().find(|card| card.first() == Some(first));
        let mut asks: Vec<Vec<BookingId>> = Vec::new();
        for id in card.into_iter().flatten() {
            let Some(one) = self.known.get(id) else {
                continue;
            };
            let is_with = |ask: &&mut Vec<BookingId>| {
                let other = ask.first().and_then(|id| self.known.get(id));
                other.is_some_and(|other| one.is_asked_with(other))
            };
            match asks.iter_mut().find(is_with) {
                Some(ask) => ask.push(id.clone()),
                None => asks.push(vec![id.clone()]),
            }
        }
        asks
    }

    /// The one that stands for those that were asked for together: the first that waits, else what was decided last.
    fn find_lead(&self, ids: &[BookingId]) -> Option<&Booking> {
        let known = || ids.iter().filter_map(|id| self.known.get(id));
        let waits = known().find(|one| one.state == BookingState::Requested);
        waits.or_else(|| known().max_by_key(|one| one.decision_until))
    }

    /// Takes in what became of one, and of those that were asked for and decided with it.
    fn decide(&mut self, ids: &[BookingId], before: &Booking, now: Booking) {
        for id in ids {
            let Some(one) = self.known.get_mut(id) else {
                continue;
            };
            if (one.state, one.decision_until) == (before.state, before.decision_until) {
                (one.state, one.decision_until) = (now.state, now.decision_until);
            }
        }
        self.known.insert(now.id.clone(), now);
    }

    /// Puts away the cards on which nothing waits and nothing can be taken back.
    fn tidy(&mut self, requests: &[Booking]) {
        self.cards.retain(|card| {
            card.iter()
                .any(|id| requests.iter().any(|one| one.id == *id))
        });
        let cards = &self.cards;
        self.known
            .retain(|id, _| cards.iter().any(|card| card.contains(id)));
    }
}

/// The section.
#[component]
pub fn Requests(centre: Arc<CentreView>, desk: Memo<Loaded<Desk>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let pile = RwSignal::new(Pile::default());
    let pointed = StoredValue::new(false);
    let touched = StoredValue::new(0.0f64);
    Effect::new(move |_| {
        store.clock.track();
        let Some(Ok(desk)) = desk.get() else { return };
        let rests = !pointed.get_value() && js_sys::Date::now() - touched.get_value() > AT_REST;
        let mut now = pile.get_untracked();
        now.update(&centre, &desk.requests);
        now.used.clone_from(&desk.used);
        now.no_shows.clone_from(&desk.no_shows);
        if rests {
            now.tidy(&desk.requests);
        }
        if pile.with_untracked(|before| *before != now) {
            pile.set(now);
        }
    });
    let enter = move |event: PointerEvent| {
        touched.set_value(js_sys::Date::now());
        pointed.set_value(event.pointer_type() == "mouse");
    };
    let leave = move |_: PointerEvent| pointed.set_value(false);
    let touch = move |_: PointerEvent| touched.set_value(js_sys::Date::now());
    let none = Memo::new(move |_| pile.with(|pile| pile.cards.is_empty()));
    let waits = move || match desk.get() {
        None => view! { <Skeleton lines=3/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(_)) => none
            .get()
            .then(|| view! { <p class="empty">{t.no_requests()}</p> })
            .into_any(),
    };
    view! {
        <section aria-labelledby="requests" on:pointerenter=enter on:pointerleave=leave on:pointerdown=touch>
            <h2 id="requests">{t.requests()}</h2>
            {live(waits)}
            <div class="cards requests">
                <For
                    each=move || pile.with(|pile| pile.cards.clone())
                    key=|card| card.first().cloned()
                    children=move |card| view! { <Card first=card.first().cloned().unwrap_or_default() pile/> }
                />
            </div>
        </section>
    }
}

/// One card: the floor that is wanted, and who wants it.
#[component]
fn Card(first: BookingId, pile: RwSignal<Pile>) -> impl IntoView {
    let t = lang();
    let id = first.clone();
    let rows = Memo::new(move |_| pile.with(|pile| pile.list_asks(&id)));
    // A request that somebody moves says so at once: nobody approves what the card no longer describes.
    let of = first.clone();
    let wanted = Memo::new(move |_| {
        pile.with(|pile| {
            pile.known
                .get(&of)
                .map(|one| (one.room_name.clone(), one.slot()))
        })
    });
    let head = move || {
        let (room, slot) = wanted.get()?;
        Some(view! {
            <h3>{room.get(t).to_owned()}</h3>
            <p><time>{t.slot(slot)}</time></p>
        })
    };
    // Also once one of them is decided: nothing slides under a finger that presses twice.
    let rivals = move || {
        let count = rows.with(Vec::len);
        (count > 1).then(|| view! { <p class="warn">{t.rivals(count)}</p> })
    };
    view! {
        <article class="card request">
            {live(head)}
            {live(rivals)}
            <ul class="plain applicants">
                <For each=move || rows.get() key=|ids| ids.first().cloned() children=move |ids| {
                    let first = ids.first().cloned();
                    let ids = Memo::new(move |_| {
                        let now = rows.with(|rows| rows.iter().find(|ids| ids.first() == first.as_ref()).cloned());
                        now.unwrap_or_default()
                    });
                    view! { <Applicant ids pile/> }
                }/>
            </ul>
        </article>
    }
}

/// What somebody presses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DecisionPress {
    Approve,
    Decline,
    Undo,
}

/// What is asked for, since when, and how often they used rooms and did not come.
fn draw_asked(request: &Booking, pile: RwSignal<Pile>) -> AnyView {
    let t = lang();
    let of = request.id.clone();
    let facts = Memo::new(move |_| {
        pile.with(|pile| {
            let one = pile.known.get(&of)?;
            Some((
                one.slot(),
                one.room_name.clone(),
                one.people,
                one.purpose,
                one.note.clone(),
                one.title.clone(),
            ))
        })
    });
    let head = pile.with_untracked(|pile| {
        let card = pile.cards.iter().find(|card| card.contains(&request.id));
        card.and_then(|card| card.first().cloned())
    });
    let asked = t.asked_at(&t.moment(request.made.local));
    let person = request.person.clone();
    let used =
        Memo::new(move |_| pile.with(|pile| pile.used.get(&person).copied().unwrap_or_default()));
    let absent = request.person.clone();
    let no_shows = Memo::new(move |_| {
        pile.with(|pile| pile.no_shows.get(&absent).copied().unwrap_or_default())
    });
    let asks = move || {
        let (slot, room, people, purpose, note, title) = facts.get()?;
        let no_shows = Some(no_shows.get()).filter(|count| *count > 0);
        let no_shows = no_shows.map(|count| format!(" · {}", t.no_shows_of(count)));
        let purpose = purpose.map(|purpose| format!(" · {}", purpose.word(t)));
        // Where it is not what stands at the head of the card.
        let head = pile.with(|pile| head.as_ref().and_then(|id| pile.known.get(id).cloned()));
        let other = head.is_some_and(|head| (head.slot(), &head.room_name) != (slot, &room));
        let other = other.then(|| view! { <p><strong>{room.get(t).to_owned()}" · "<time>{t.slot(slot)}</time></strong></p> });
        let note = (!note.is_empty())
            .then(|| view! { <p class="quote" lang=t.tongue_of(&note)>{note.clone()}</p> });
        let title = title.map(|title| view! { <p><strong>{title.get(t).to_owned()}</strong></p> });
        Some(view! {
            {title}
            {other}
            <p class="quiet">{t.people(people)}{purpose}" · "{asked.clone()}" · "{t.used_before(used.get())}{no_shows}</p>
            {note}
        })
    };
    live(asks).into_any()
}

/// The day of a date; with its time and room where they are others than those of the first.
fn tell_date(one: &Booking, lead: Option<&Booking>) -> String {
    let t = lang();
    let shape = |one: &Booking| {
        let slot = one.slot();
        (
            one.room.clone(),
            slot.start().minute_of_day(),
            slot.minutes(),
        )
    };
    let day = t.date(one.start.local.date());
    match lead.is_none_or(|lead| shape(lead) == shape(one)) {
        true => day,
        false => format!("{day} {} {}", t.span(one.slot()), one.room_name.get(t)),
    }
}

/// The dates of what was asked for together, and a way to decide about them one by one.
fn draw_dates(ids: Memo<Vec<BookingId>>, pile: RwSignal<Pile>) -> AnyView {
    let t = lang();
    let dates = move || {
        let all = ids.get();
        (all.len() > 1).then(|| {
            let days: Vec<_> = pile.with(|pile| {
                let known = all.iter().filter_map(|id| pile.known.get(id));
                let lead = all.first().and_then(|id| pile.known.get(id));
                known.map(|one| tell_date(one, lead)).collect()
            });
            view! {
                <p><strong>{t.decide_dates(all.len())}</strong></p>
                <p class="quiet">{days.join(t.comma())}</p>
            }
        })
    };
    let is_many = Memo::new(move |_| ids.with(|ids| ids.len() > 1));
    let each = move || {
        is_many.get().then(|| {
            let alone = move |id: BookingId| {
                let ids = Memo::new(move |_| vec![id.clone()]);
                view! { <Applicant ids pile/> }.into_any()
            };
            view! {
                <details>
                    <summary>{t.decide_each()}</summary>
                    <ul class="plain"><For each=move || ids.get() key=|id| id.clone() children=alone/></ul>
                </details>
            }
        })
    };
    view! { {live(dates)}{live(each)} }.into_any()
}

/// One who asks, for one date or several: who, since when, and the decision.
#[component]
fn Applicant(ids: Memo<Vec<BookingId>>, pile: RwSignal<Pile>) -> AnyView {
    let t = lang();
    let store = Store::get();
    let known = pile.with_untracked(|pile| {
        let first = ids.with_untracked(|ids| ids.first().cloned());
        first.and_then(|id| pile.known.get(&id).cloned())
    });
    let Some(request) = known else {
        return ().into_any();
    };
    let asks = draw_asked(&request, pile);
    let dates = draw_dates(ids, pile);
    let lead = Memo::new(move |_| pile.with(|pile| ids.with(|ids| pile.find_lead(ids).cloned())));
    let state = Memo::new(move |_| {
        lead.with(|lead| lead.as_ref().map(|one| (one.state, one.decision_until)))
    });
    // How many a press is about.
    let waiting = Memo::new(move |_| {
        let waits = |pile: &Pile, id: &BookingId| {
            let one = pile.known.get(id);
            one.is_some_and(|one| one.state == BookingState::Requested)
        };
        pile.with(|pile| ids.with(|ids| ids.iter().filter(|id| waits(pile, id)).count()))
    });
    let waits = move || matches!(state.get(), Some((BookingState::Requested, _)));
    let can_undo = move || {
        let until = state.get().and_then(|(_, until)| until);
        until.is_some_and(|until| store.clock.get() <= until)
    };
    let declining = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let field_name = format!("{}-reason", request.id);
    let who = StoredValue::new(request.beneficiary.clone());
    let act = Act::new();
    let press = move |press: DecisionPress| {
        let who = who.get_value();
        let Some(before) = lead.get_untracked() else {
            return;
        };
        let all = ids.get_untracked();
        let path = (before.centre.clone(), before.id.clone());
        let body = Decision {
            approve: press == DecisionPress::Approve,
            reason: reason.get_untracked(),
            along: match all.len() {
                0 | 1 => Along::One,
                _ => Along::All,
            },
            seen: u16::try_from(waiting.get_untracked())
                .ok()
                .filter(|_| all.len() > 1),
        };
        act.run(async move {
            let booking = match press {
                DecisionPress::Undo => api::send::<UndoDecision>(&path, &()).await?,
                _ => api::send::<DecideBooking>(&path, &body).await?,
            };
            // At once, and not only when the list has been asked for again.
            pile.try_update(|pile| pile.decide(&all, &before, booking));
            declining.try_set(false);
            // What can no longer be taken back is not offered.
            store.look_at_clock_in(DECISION_HELD + 1);
            Ok(Some(match press {
                DecisionPress::Approve => t.approved_for(&who),
                DecisionPress::Decline => t.declined_for(&who),
                DecisionPress::Undo => t.decision_undone().to_owned(),
            }))
        });
    };
    // The field of this card: another may stand open beside it.
    let field = NodeRef::<html::Textarea>::new();
    let ask_why = move || {
        declining.set(true);
        request_animation_frame(move || {
            // The page may be gone meanwhile.
            if let Some(field) = field.try_get_untracked().flatten() {
                let _ = field.focus();
            }
        });
    };
    let record = View {
        behalf: Some(Behalf {
            person: request.person.clone(),
            channel: USUAL_WAY,
        }),
        ..View::at_centre(Some(request.centre.clone()))
    }
    .address(&Page::Record(
        request.centre.clone(),
        request.person.clone(),
    ));
    let phone = request.phone.clone().map(|phone| {
        view! { " · "<a href=format!("tel:{phone}")><bdi>{phone.clone()}</bdi></a> }
    });
    let name = request.beneficiary.clone();
    let of_name = name.clone();
    let approve_label = move || match waiting.get() {
        0 | 1 => t.button_of(t.approve(), &of_name),
        count => t.button_of(&t.decide_all(count), &of_name),
    };
    let word = move || match state.get() {
        Some((BookingState::Confirmed, _)) => t.approved().to_owned(),
        Some((BookingState::Declined, _)) => t.declined().to_owned(),
        Some((BookingState::Undone | BookingState::Cancelled | BookingState::Lapsed, _)) => {
            t.handled().to_owned()
        }
        _ => match waiting.get() {
            0 | 1 => t.approve().to_owned(),
            count => t.decide_all(count),
        },
    };
    // The pressed button stays where it is and says what became of it: a second press of it does nothing.
    let buttons = move || {
        if waits() && declining.get() {
            return view! {
                <button class="button danger" aria-disabled=act.disabled() on:click=move |_| press(DecisionPress::Decline)>{t.decline_now()}</button>
                <button class="button" on:click=move |_| declining.set(false)>{t.back()}</button>
            }
            .into_any();
        }
        let (approve_label, decided) = (approve_label(), !waits());
        let label = move || match decided {
            true => None,
            false => Some(approve_label.clone()),
        };
        let second = match decided {
            true => can_undo()
                .then(|| view! { <button class="button" on:click=move |_| press(DecisionPress::Undo)>{t.undo_decision(DECISION_HELD)}</button> })
                .into_any(),
            false => {
                let words = match waiting.get() {
                    0 | 1 => t.decline().to_owned(),
                    count => t.decline_all(count),
                };
                view! { <button class="button" on:click=move |_| ask_why()>{words}</button> }.into_any()
            }
        };
        view! {
            <button
                class="button"
                class:primary=!decided
                aria-label=label()
                aria-disabled=move || (decided || act.pending()).to_string()
                on:click=move |_| if !decided { press(DecisionPress::Approve) }
            >{word}</button>
            {second}
        }
        .into_any()
    };
    let why = move || {
        (waits() && declining.get()).then(|| {
            view! {
                <label class="field">
                    <span>{t.reason()}</span>
                    <textarea name=field_name.clone() rows="2" node_ref=field prop:value=move || reason.get() on:input=move |event| reason.set(event_target_value(&event))></textarea>
                </label>
                <div class="choices">
                    {[t.reason_needed(), t.reason_incomplete(), t.reason_unfit()].map(|words| view! {
                        <button class="chip" on:click=move |_| reason.set(words.to_owned())>{words}</button>
                    }).collect_view()}
                </div>
            }
        })
    };
    view! {
        <li class="applicant">
            <p><a href=record><strong>{name}</strong></a>{phone}</p>
            {asks}
            {dates}
            {live(why)}
            {act.refusal()}
            <div class="actions">{live(buttons)}</div>
        </li>
    }
    .into_any()
}
