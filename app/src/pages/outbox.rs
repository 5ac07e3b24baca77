//! Outbox: the acts that wait for a network, not yet confirmed, and what became of them.

use std::time::Duration;

use domain::{
    api::SeriesPlan,
    booking::{Booking, admission::Admission},
    problem::Message,
    sign_up::SignUp,
};
use leptos::prelude::*;
use serde::Deserialize;

use crate::{api, offline::is_at_work, prefs::lang, store::Store};

/// How often what waits is tried again while a page is open; what another tab sent is seen as well.
const AGAIN: Duration = Duration::from_secs(10);

/// An act as the service worker tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct KeptAct {
    id: u64,
    /// What it is, in words.
    words: String,
    state: ActState,
    /// What the server answered, as JSON.
    answer: String,
    /// It was sent, and no answer came.
    #[serde(default)]
    tried: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ActState {
    Waiting,
    Done,
    Refused,
    /// It waited for too long, and was not sent.
    Old,
}

impl KeptAct {
    /// What became of it, in a sentence.
    fn outcome(&self) -> String {
        let t = lang();
        match self.state {
            ActState::Waiting => self.words.clone(),
            ActState::Old if self.tried => t.outbox_old_tried(&self.words),
            ActState::Old => t.outbox_old(&self.words),
            ActState::Refused => {
                let told: Option<Message> = serde_json::from_str(&self.answer).ok();
                let why =
                    told.map_or_else(|| t.problem_no_answer().to_owned(), |told| told.message);
                t.outbox_refused(&self.words, &why)
            }
            ActState::Done => match serde_json::from_str::<SeriesPlan>(&self.answer) {
                Ok(SeriesPlan { made: None, .. }) => {
                    t.outbox_refused(&self.words, t.series_overtaken())
                }
                Ok(plan) => {
                    let mut dates = plan.dates.iter();
                    let asks = dates.any(|one| one.admission == Some(Admission::Requested));
                    let outcome = match asks {
                        true => t.series_booked(plan.dates.len()),
                        false => t.series_booked_now(plan.dates.len()),
                    };
                    t.outbox_done(&self.words, &outcome)
                }
                Err(_) => t.outbox_done(&self.words, &self.word()),
            },
        }
    }

    /// The state that something is in now.
    fn word(&self) -> String {
        let t = lang();
        if let Ok(booking) = serde_json::from_str::<Booking>(&self.answer) {
            return booking.state.word(t).to_owned();
        }
        let all = serde_json::from_str::<Vec<SignUp>>(&self.answer).unwrap_or_default();
        match all.first() {
            Some(one) => one.state.word(t).to_owned(),
            None => t.outbox_sent().to_owned(),
        }
    }
}

/// What waits, and what became of what waited until one puts it away.
#[component]
pub fn Outbox() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let acts = RwSignal::new(Vec::<KeptAct>::new());
    let load = move || {
        if !is_at_work() {
            return;
        }
        leptos::task::spawn_local(async move {
            let Ok(text) = api::outbox().await else {
                return;
            };
            let now: Vec<KeptAct> = serde_json::from_str(&text).unwrap_or_default();
            let Some(before) = acts.try_get_untracked() else {
                return;
            };
            if before == now {
                return;
            }
            acts.set(now);
            // What was sent changed what is shown.
            store.changes.update(|count| *count += 1);
        });
    };
    let count = Memo::new(move |_| {
        acts.with(|acts| {
            acts.iter()
                .filter(|one| one.state == ActState::Waiting)
                .count()
        })
    });
    let again = set_interval_with_handle(load, AGAIN);
    let online = window_event_listener(leptos::ev::online, move |_| load());
    on_cleanup(move || {
        online.remove();
        if let Ok(again) = again {
            again.clear();
        }
    });
    // Another act was kept.
    Effect::new(move |_| {
        store.kept.track();
        load();
    });
    let take = move |id: u64| {
        leptos::task::spawn_local(async move {
            match api::take_back(id).await {
                Ok(false) => {}
                Ok(true) => store.done(lang().outbox_maybe()),
                // It stays, and tells what becomes of it.
                Err(_) => store.done(lang().outbox_flying()),
            }
            load();
        });
    };
    let row = move |act: KeptAct| {
        let (id, waits) = (act.id, act.state == ActState::Waiting);
        let words = match waits {
            true => t.outbox_take_back(),
            false => t.outbox_seen(),
        };
        let label = t.button_of(words, &act.words);
        view! {
            <li>
                <span>{act.outcome()}</span>
                <button class="button" aria-label=label on:click=move |_| take(id)>{words}</button>
            </li>
        }
    };
    let head = move || match count.get() {
        0 => String::new(),
        count => t.outbox_waiting(count),
    };
    view! {
        <section class="outbox" aria-label=t.outbox() hidden=move || acts.with(Vec::is_empty)>
            <p role="status"><strong>{head}</strong></p>
            <ul aria-live="polite">
                <For each=move || acts.get() key=|act| (act.id, act.state as u8) let:act>{row(act)}</For>
            </ul>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_an_act_is_read_as_the_service_worker_tells_it() {
        let told = r#"[{"id":1,"words":"a","state":"waiting","answer":""},{"id":2,"words":"b","state":"old","answer":""}]"#;
        let acts: Vec<KeptAct> = serde_json::from_str(told).unwrap();
        assert_eq!(acts[0].state, ActState::Waiting);
        assert_eq!(acts[1].state, ActState::Old);
    }
}
