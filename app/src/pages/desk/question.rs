//! Call bar, right half: a question as people say it, and the rooms that answer it.

use std::sync::Arc;

use domain::{
    api::{Book, CentreView, NewBooking, UndoBooking},
    booking::Booking,
    id::PersonId,
    page::Page,
    text::question::{MOST_ASKED, Question},
};
use leptos::prelude::*;

use super::asked::Asked;
use crate::{
    api::{self, Trouble},
    components::{act::Act, icon::Icon, live, notice::Skeleton},
    pages::booking::answer::{Answer, lost_words, meaning, people_of},
    prefs::{self, lang},
    store::Store,
};

/// How soon after a caller was chosen by Enter another Enter is none, in milliseconds.
const SETTLED: f64 = 600.0;

/// The field and its answers. `asked` is what stands in it.
#[component]
pub fn RoomQuestion(
    centre: Arc<CentreView>,
    asked: RwSignal<String>,
    /// When a caller was chosen last, in milliseconds.
    served: StoredValue<f64>,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let now = store.minute(&centre);
    // What is asked is about the minute in which it was typed: an answer does not move while it is read.
    let typed_at = RwSignal::new(now.get_untracked());
    let Asked {
        question,
        slot,
        trouble,
        answers,
    } = Asked::new(&centre, asked, typed_at, now);
    let done = RwSignal::new(None::<Booking>);
    let nobody = RwSignal::new(false);
    let act = Act::new();
    let revision = centre.revision;
    let id = StoredValue::new(centre.centre.id.clone());
    let of = centre.clone();
    let book = Callback::new(move |one: Answer| {
        let (Some((slot, _)), Some(question)) = (one.offer, question.get_untracked()) else {
            return;
        };
        let behalf = store.acting();
        nobody.set(behalf.is_none());
        if behalf.is_none() {
            prefs::focus(".find-person input");
            return;
        }
        let Some(room) = of.centre.room(&one.room) else {
            return;
        };
        let new = NewBooking {
            room: one.room.clone(),
            start: slot.start(),
            end: slot.end(),
            people: people_of(&question, &of, room),
            purpose: question.needs.purpose,
            note: String::new(),
            behalf,
            revision,
        };
        act.run(async move {
            let booking = api::send::<Book>(&id.get_value(), &new).await?;
            let said = t.booked_for(&booking.beneficiary, booking.state.word(t));
            asked.try_set(String::new());
            done.try_set(Some(booking));
            request_animation_frame(|| prefs::focus(".call-done a"));
            Ok(Some(said))
        });
    });
    // Another caller asks anew.
    Effect::new(move |before: Option<Option<PersonId>>| {
        let now = store.acting().map(|behalf| behalf.person);
        nobody.set(false);
        if before
            .as_ref()
            .is_some_and(|before| before.is_some() && *before != now)
        {
            asked.set(String::new());
            done.set(None);
        }
        now
    });
    let of = centre.clone();
    let is_clear = Memo::new(move |_| {
        question.with(|one| {
            one.as_ref()
                .is_some_and(|one| lost_words(&of, one).is_empty())
        })
    });
    // Enter before the answer is there waits for it. What was not understood, or cannot be had, is not booked by Enter: the row is.
    let entered = RwSignal::new(false);
    Effect::new(move |_| {
        if !entered.get() {
            return;
        }
        let Some(first) = answers.with(|all| all.as_ref().map(|all| all.first().cloned())) else {
            return;
        };
        entered.set(false);
        match first {
            Some(first) if first.fits && is_clear.get_untracked() => book.run(first),
            _ => prefs::focus(".answer .button"),
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // A key that is held down, or pressed twice for the caller, asks nothing.
        if js_sys::Date::now() - served.get_value() > SETTLED {
            entered.set(true);
        }
    };
    let typed = move |event| {
        typed_at.set(now.get_untracked());
        // Whoever types has let go of the key.
        served.set_value(0.0);
        asked.set(event_target_value(&event));
        entered.set(false);
        nobody.set(false);
        act.forget();
    };
    let of = centre.clone();
    let meant = move || {
        let (question, slot) = (question.get()?, slot.get()?);
        let lost = lost_words(&of, &question);
        let lost = (!lost.is_empty()).then(|| {
            view! { <span class="warn">{t.not_understood(&lost)}</span> }
        });
        let words = (!question.is_empty()).then(|| meaning(t, &question, slot));
        Some(view! { <p class="meant">{words}" "{lost}</p> })
    };
    let rows = draw_answers(question, trouble, answers, book);
    let result = move || {
        let booking = done.get()?;
        Some(view! { <Done booking done/> })
    };
    let first_choose = move || nobody.get().then(|| t.choose_caller_first());
    view! {
        <section class="ask-room" aria-labelledby="ask-room">
            <h2 id="ask-room" class="hidden">{t.ask_room()}</h2>
            <form role="search" on:submit=submit>
                <label class="search">
                    <Icon icon=Icon::Calendar/>
                    <span class="hidden">{t.ask_room()}</span>
                    <input name="question" autocomplete="off" maxlength=MOST_ASKED placeholder=t.ask_room_example()
                        prop:value=move || asked.get() on:input=typed/>
                </label>
            </form>
            <div class="results">
                <p role="alert" class="refusal" class:gone=move || !nobody.get()>{first_choose}</p>
                {act.refusal()}
                {live(result)}
                {live(meant)}
                {rows}
            </div>
        </section>
    }
}

#[component]
fn AnswerRow(one: Answer, book: Callback<Answer>) -> impl IntoView {
    let t = lang();
    let button = one.offer.as_ref().map(|(_, words)| {
        let label = t.button_of(words, &one.name);
        let (words, this) = (words.clone(), one.clone());
        let class = if one.fits { "button primary" } else { "button" };
        view! { <button class=class aria-label=label on:click=move |_| book.run(this.clone())>{words}</button> }
    });
    view! {
        <li class="answer" class:fits=one.fits>
            <span class="row-name">{one.name.clone()}</span>
            <span class="row-where">{one.said.clone()}</span>
            {button}
        </li>
    }
}

/// What was booked, a sentence to read out, and the way back.
#[component]
fn Done(booking: Booking, done: RwSignal<Option<Booking>>) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let undo = Act::new();
    let path = StoredValue::new((booking.centre.clone(), booking.id.clone()));
    let press = move |_| {
        let path = path.get_value();
        undo.run(async move {
            let booking = api::send::<UndoBooking>(&path, &()).await?;
            done.try_set(None);
            request_animation_frame(|| prefs::focus(".ask-room input"));
            Ok(Some(booking.state.word(t).to_owned()))
        });
    };
    let page = Page::Booking(booking.centre.clone(), booking.id.clone());
    let when = t.slot(booking.slot());
    let by = booking
        .check_in
        .by
        .map(|by| t.check_in_by(&by.local.clock()));
    let until = booking.undo_until;
    let can_undo = move || store.clock.get() <= until.utc();
    view! {
        <article class="card call-done">
            <p><a href=store.href(page)><strong>{t.booked_for(&booking.beneficiary, booking.word(t))}</strong></a></p>
            <p class="quiet">{t.say_to(&booking.beneficiary)}</p>
            <p class="quote">{t.say_booked(&when, booking.room_name.get(t))}" "{by}</p>
            <div class="actions">
                <Show when=can_undo>
                    <button class="button" aria-disabled=undo.disabled() on:click=press>{t.undo_until(&until.local.clock())}</button>
                </Show>
            </div>
            {undo.refusal()}
        </article>
    }
}

/// The rooms as rows, once something is asked.
fn draw_answers(
    question: Memo<Option<Question>>,
    trouble: Memo<Option<Trouble>>,
    answers: Memo<Option<Vec<Answer>>>,
    book: Callback<Answer>,
) -> AnyView {
    let t = lang();
    let rows = move || {
        question.with(Option::is_some).then(|| {
            if let Some(problem) = trouble.get() {
                return view! { <p class="refusal" role="alert">{problem.text}</p> }.into_any();
            }
            let is_asked =
                move || question.with(|one| one.as_ref().is_some_and(|one| !one.is_empty()));
            let none =
                move || is_asked() && answers.with(|all| all.as_ref().is_some_and(Vec::is_empty));
            let waits = move || answers.with(Option::is_none);
            let each = move || answers.get().unwrap_or_default();
            let row = move |one: Answer| view! { <AnswerRow one book/> };
            view! {
                <Show when=waits><Skeleton lines=3/></Show>
                <Show when=none><p class="empty">{t.no_room_has_it()}</p></Show>
                <ul class="rows answers">
                    <For each=each key=|one| format!("{one:?}") children=row/>
                </ul>
            }
            .into_any()
        })
    };
    live(rows).into_any()
}
