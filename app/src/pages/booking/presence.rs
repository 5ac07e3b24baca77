//! Check-in of a booking: "we are here", finished early, nobody came, and why.

use domain::{
    api::{
        CheckInBooking, ExplainAbsence, Excuse, Finish, FinishBooking, JudgeAbsence, NewPresence,
        Reason,
    },
    booking::{
        Booking, BookingState, MOST_TEXT,
        check_in::{EARLY, Presence},
    },
    person::permission::may_judge_absence,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live},
    prefs::lang,
    store::Store,
};

/// What somebody presses.
#[derive(Clone, Copy)]
enum Press {
    Note(Presence),
    Finish(bool),
    Explain,
    Judge(bool),
}

/// What is known of whether they came, and the buttons about it. `changed` gets the booking as it is after one of them.
#[component]
pub fn PresenceActions(booking: Booking, changed: Callback<Booking>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let act = Act::new();
    let why = RwSignal::new(String::new());
    let path = StoredValue::new((booking.centre.clone(), booking.id.clone()));
    let press = move |what: Press| {
        let path = path.get_value();
        act.run(async move {
            let booking = match what {
                Press::Note(presence) => {
                    api::send::<CheckInBooking>(&path, &NewPresence { presence }).await?
                }
                Press::Finish(finished) => {
                    api::send::<FinishBooking>(&path, &Finish { finished }).await?
                }
                Press::Explain => {
                    let reason = why.get_untracked();
                    api::send::<ExplainAbsence>(&path, &Reason { reason }).await?
                }
                Press::Judge(excused) => {
                    api::send::<JudgeAbsence>(&path, &Excuse { excused }).await?
                }
            };
            let words = match what {
                Press::Note(Presence::Here) => t.booking_here(),
                Press::Note(Presence::Nobody) => t.booking_released(),
                Press::Note(Presence::Unknown) => t.taken_back(),
                Press::Finish(true) => t.finished_thanks(),
                Press::Finish(false) => t.finish_taken_back(),
                Press::Explain => t.explained(),
                Press::Judge(_) => t.saved(),
            };
            changed.try_run(booking);
            Ok(Some(words.to_owned()))
        });
    };
    let button = move |class: &'static str, words: String, what: Press| {
        view! { <button class=class aria-disabled=act.disabled() on:click=move |_| press(what)>{words}</button> }
    };
    let staff = may_judge_absence(&store.actor(), &booking.centre);
    let (start, end) = (booking.start.utc(), booking.end.utc());
    let check_in = booking.check_in.clone();
    let stands = booking.state == BookingState::Confirmed && booking.title.is_none();
    let released = booking.state == BookingState::Released;
    let came = check_in.at.is_some();
    // Each changes with the clock alone, so that no button is made anew under a finger.
    let clock = move |test: fn(i64, i64, i64) -> bool| {
        Memo::new(move |_| test(store.clock.get(), start, end))
    };
    let here = clock(|now, start, end| (start - EARLY..end).contains(&now));
    let going_on = clock(|now, start, end| (start..end - 60).contains(&now));
    let begun = clock(|now, start, _| start <= now);
    let planned_end = check_in.planned_end;
    let can_resume = {
        let until = planned_end.map(|end| end.utc());
        Memo::new(move |_| until.is_some_and(|until| store.clock.get() < until))
    };
    let check_in_button = move || {
        let late = released && here.get();
        ((stands && !came || late) && here.get()).then(|| {
            let words = if late { t.here_after_all() } else { t.we_are_here() };
            button("button primary", words.to_owned(), Press::Note(Presence::Here))
        })
    };
    let finish_button = move || {
        (stands && planned_end.is_none() && going_on.get())
            .then(|| button("button", t.finish_early().to_owned(), Press::Finish(true)))
    };
    let resume_button = move || {
        let until = planned_end.filter(|_| stands && can_resume.get())?;
        let words = t.take_rest_back(&until.local.clock());
        Some(button("button", words, Press::Finish(false)))
    };
    let nobody_button = move || {
        (staff && stands && !came && begun.get()).then(|| {
            button(
                "button",
                t.nobody_came().to_owned(),
                Press::Note(Presence::Nobody),
            )
        })
    };
    let back_button = ((stands && came && end > store.clock.get_untracked()) || released && staff)
        .then(|| {
            let words = if released {
                t.somebody_came()
            } else {
                t.take_check_in_back()
            };
            button("button", words.to_owned(), Press::Note(Presence::Unknown))
        });
    let judge = (released && staff).then(|| {
        let excuse = button("button", t.excuse().to_owned(), Press::Judge(true));
        let count = button("button", t.count_it().to_owned(), Press::Judge(false));
        view! {
            {(check_in.excused != Some(true)).then_some(excuse)}
            {(check_in.excused != Some(false) && !check_in.explanation.is_empty()).then_some(count)}
        }
    });
    let explain = (released && !staff && check_in.excused.is_none()).then(|| {
        why.set(check_in.explanation.clone());
        view! {
            <form class="form" on:submit=move |event| { event.prevent_default(); press(Press::Explain); }>
                <label class="field">
                    <span>{t.why_nobody_came()}</span>
                    <textarea name="reason" rows="2" required maxlength=MOST_TEXT prop:value=move || why.get()
                        on:input=move |event| why.set(event_target_value(&event))></textarea>
                </label>
                <button class="button primary" aria-disabled=act.disabled()>{t.send()}</button>
            </form>
        }
    });
    let by = check_in.by;
    let facts = move || {
        let told = if let Some(at) = check_in.at {
            Some(t.checked_in_at(&at.local.clock()))
        } else {
            by.filter(|_| stands).map(|by| t.check_in_by(&by.local.clock()))
        };
        let excused = match check_in.excused.filter(|_| released) {
            Some(true) => Some(t.is_excused().to_owned()),
            Some(false) => Some(t.is_counted().to_owned()),
            None => None,
        };
        let why = (released && !check_in.explanation.is_empty())
            .then(|| t.explained_so(&check_in.explanation));
        let finished = planned_end.map(|end| t.finished_instead_of(&end.local.clock()));
        [told, finished, why, excused]
            .into_iter()
            .flatten()
            .map(|words| view! { <p class="presence">{words}</p> })
            .collect_view()
    };
    view! {
        {facts()}
        <div class="actions">{live(check_in_button)}{live(finish_button)}{live(resume_button)}{live(nobody_button)}{back_button}{judge}</div>
        {explain}
        {act.refusal()}
    }
    .into_any()
}
