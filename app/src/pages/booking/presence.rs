//! Check-in of a booking: "we are here", finished early, nobody came, and why.

use domain::{
    api::{
        AbsenceSeen, CheckInBooking, Excuse, ExplainAbsence, Finish, FinishBooking, JudgeAbsence,
        NewPresence, Reason,
    },
    booking::{Booking, BookingState, CheckIn, MOST_TEXT, check_in::Presence},
    language::Lang,
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
enum PresencePress {
    Note(Presence),
    Finish(bool),
    Explain,
    Judge(bool),
}

/// What is known of whether they came, and the buttons about it.
#[component]
pub fn PresenceActions(booking: RwSignal<Booking>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let act = Act::new();
    // What is typed; until then what was said before.
    let why = RwSignal::new(None::<String>);
    let explanation = move || {
        why.get()
            .unwrap_or_else(|| booking.with(|one| one.check_in.explanation.clone()))
    };
    let press = move |what: PresencePress| {
        let (path, seen) = booking.with_untracked(|one| {
            let path = (one.centre.clone(), one.id.clone());
            (path, AbsenceSeen::of(one))
        });
        let reason = untrack(explanation);
        let here =
            booking.with_untracked(|of| t.outbox_here(of.room_name.get(t), &t.slot(of.slot())));
        act.run(async move {
            let (now, words) = match what {
                PresencePress::Note(presence) => {
                    let body = NewPresence { presence };
                    let now = match presence {
                        Presence::Here => {
                            api::send_or_keep::<CheckInBooking>(&path, &body, &here).await?
                        }
                        // What gives a room away is not done hours later.
                        _ => api::send::<CheckInBooking>(&path, &body).await?,
                    };
                    let words = match presence {
                        Presence::Here => t.booking_here(),
                        Presence::Nobody => t.booking_released(),
                        Presence::Unknown => t.taken_back(),
                    };
                    (now, words)
                }
                PresencePress::Finish(finished) => {
                    let now = api::send::<FinishBooking>(&path, &Finish { finished }).await?;
                    let words = match finished {
                        true => t.finished_thanks(),
                        false => t.finish_taken_back(),
                    };
                    (now, words)
                }
                PresencePress::Explain => {
                    let now = api::send::<ExplainAbsence>(&path, &Reason { reason }).await?;
                    why.try_set(None);
                    (now, t.explained())
                }
                PresencePress::Judge(excused) => {
                    let excuse = Excuse { excused, seen };
                    (api::send::<JudgeAbsence>(&path, &excuse).await?, t.saved())
                }
            };
            booking.try_set(now);
            Ok(Some(words.to_owned()))
        });
    };
    let staff =
        Memo::new(move |_| booking.with(|one| may_judge_absence(&store.actor(), &one.centre)));
    // Each changes by itself: a button that stays keeps the focus.
    let when = move |test: fn(&Booking, i64, bool) -> bool| {
        Memo::new(move |_| {
            let (now, staff) = (store.clock.get(), staff.get());
            booking.with(|one| test(one, now, staff))
        })
    };
    let here = when(|one, now, _| one.check_in.at.is_none() && one.may_be_checked_in(now).is_ok());
    let late = when(|one, _, _| one.state == BookingState::Released);
    let finishes =
        when(|one, now, _| one.check_in.planned_end.is_none() && one.may_be_finished(now).is_ok());
    let resumes = when(|one, now, _| {
        let until = one.check_in.planned_end.as_ref().map(|end| end.utc());
        one.state == BookingState::Confirmed && until.is_some_and(|until| now < until)
    });
    let missed = when(|one, now, staff| {
        staff && one.check_in.at.is_none() && one.may_be_missed(now).is_ok()
    });
    let back = when(|one, now, _| {
        let stands = one.state == BookingState::Confirmed && one.title.is_none();
        stands && one.check_in.at.is_some() && now < one.end.utc()
    });
    let came_after_all =
        when(|one, now, staff| staff && one.state == BookingState::Released && now < one.end.utc());
    let excuse = when(|one, _, staff| {
        staff && one.state == BookingState::Released && one.check_in.excused != Some(true)
    });
    let count = when(|one, _, staff| {
        let said = !one.check_in.explanation.is_empty() || one.check_in.excused == Some(true);
        staff && one.state == BookingState::Released && said && one.check_in.excused != Some(false)
    });
    let explains = when(|one, _, staff| {
        !staff && one.state == BookingState::Released && one.check_in.excused.is_none()
    });
    let until = move || {
        let until = booking.with(|one| {
            one.check_in
                .planned_end
                .as_ref()
                .map(|end| end.local.clock())
        });
        t.take_rest_back(&until.unwrap_or_default())
    };
    let button = move |shown: Memo<bool>,
                       class: &'static str,
                       words: Signal<String>,
                       what: PresencePress| {
        view! {
            <Show when=move || shown.get()>
                <button class=class aria-disabled=act.disabled() on:click=move |_| press(what)>{words}</button>
            </Show>
        }
    };
    let say = |words: &'static str| Signal::derive(move || words.to_owned());
    let here_words = Signal::derive(move || {
        let words = if late.get() {
            t.here_after_all()
        } else {
            t.we_are_here()
        };
        words.to_owned()
    });
    let facts = move || {
        let facts = booking.with(|one| facts_of(one, t)).into_iter();
        facts
            .map(|words| view! { <p class="presence">{words}</p> })
            .collect_view()
    };
    view! {
        {live(move || Some(facts()))}
        <div class="actions">
            {button(here, "button primary", here_words, PresencePress::Note(Presence::Here))}
            {button(finishes, "button", say(t.finish_early()), PresencePress::Finish(true))}
            {button(resumes, "button", Signal::derive(until), PresencePress::Finish(false))}
            {button(missed, "button", say(t.nobody_came()), PresencePress::Note(Presence::Nobody))}
            {button(back, "button", say(t.take_check_in_back()), PresencePress::Note(Presence::Unknown))}
            {button(came_after_all, "button", say(t.somebody_came()), PresencePress::Note(Presence::Unknown))}
            {button(excuse, "button", say(t.excuse()), PresencePress::Judge(true))}
            {button(count, "button", say(t.count_it()), PresencePress::Judge(false))}
        </div>
        <Show when=move || explains.get()>
            <form class="form" on:submit=move |event| { event.prevent_default(); press(PresencePress::Explain); }>
                <label class="field">
                    <span>{t.why_nobody_came()}</span>
                    <textarea name="reason" rows="2" required maxlength=MOST_TEXT prop:value=explanation
                        on:input=move |event| why.set(Some(event_target_value(&event)))></textarea>
                </label>
                <button class="button primary" aria-disabled=act.disabled()>{t.send()}</button>
            </form>
        </Show>
        {act.refusal()}
    }
    .into_any()
}

/// What is known, in sentences.
fn facts_of(booking: &Booking, t: Lang) -> Vec<String> {
    let CheckIn {
        by,
        at,
        planned_end,
        explanation,
        excused,
    } = &booking.check_in;
    let stands = booking.state == BookingState::Confirmed;
    let released = booking.state == BookingState::Released;
    let told = match at {
        Some(at) => Some(t.checked_in_at(&at.local.clock())),
        None => by
            .as_ref()
            .filter(|_| stands)
            .map(|by| t.check_in_by(&by.local.clock())),
    };
    let finished = planned_end
        .as_ref()
        .map(|end| t.finished_instead_of(&end.local.clock()));
    let said = (released && !explanation.is_empty()).then(|| t.explained_so(explanation));
    let judged = excused.filter(|_| released).map(|excused| match excused {
        true => t.is_excused().to_owned(),
        false => t.is_counted().to_owned(),
    });
    [told, finished, said, judged]
        .into_iter()
        .flatten()
        .collect()
}
