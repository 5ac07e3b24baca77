//! One who asks for a room, or for several dates: who, since when, and the decision, which can be taken back for some seconds.

use domain::{
    api::{Along, DecideBooking, Decision, UndoDecision},
    booking::{Booking, BookingState, DECISION_HELD},
    id::BookingId,
    page::Page,
    person::behalf::Behalf,
    view::{USUAL_WAY, View},
};
use leptos::{html, prelude::*};

use super::pile::Pile;
use crate::{
    api,
    components::{act::Act, live},
    prefs::lang,
    store::Store,
};

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

/// Who asks, with the way to their record and their number.
fn draw_who(request: &Booking) -> AnyView {
    let record = View {
        behalf: Some(Behalf {
            person: request.person.clone(),
            channel: USUAL_WAY,
        }),
        ..View::at_centre(Some(request.centre.clone()))
    };
    let page = Page::Record(request.centre.clone(), request.person.clone());
    let phone = request.phone.clone().map(|phone| {
        view! { " · "<a href=format!("tel:{phone}")><bdi>{phone.clone()}</bdi></a> }
    });
    view! { <p><a href=record.address(&page)><strong>{request.beneficiary.clone()}</strong></a>{phone}</p> }
        .into_any()
}

/// The field for why not, with what is often said.
fn draw_why(name: String, reason: RwSignal<String>, field: NodeRef<html::Textarea>) -> AnyView {
    let t = lang();
    view! {
        <label class="field">
            <span>{t.reason()}</span>
            <textarea name=name rows="2" node_ref=field prop:value=move || reason.get() on:input=move |event| reason.set(event_target_value(&event))></textarea>
        </label>
        <div class="choices">
            {[t.reason_needed(), t.reason_incomplete(), t.reason_unfit()].map(|words| view! {
                <button class="chip" on:click=move |_| reason.set(words.to_owned())>{words}</button>
            }).collect_view()}
        </div>
    }
    .into_any()
}

/// One who asks, for one date or several: who, since when, and the decision.
#[component]
pub(super) fn Applicant(ids: Memo<Vec<BookingId>>, pile: RwSignal<Pile>) -> AnyView {
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
    let of_name = request.beneficiary.clone();
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
        let is_asked = waits() && declining.get();
        is_asked.then(|| draw_why(field_name.clone(), reason, field))
    };
    view! {
        <li class="applicant">
            {draw_who(&request)}
            {asks}
            {dates}
            {live(why)}
            {act.refusal()}
            <div class="actions">{live(buttons)}</div>
        </li>
    }
    .into_any()
}
