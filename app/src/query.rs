//! Asking the server for something that depends on a key, and asking again when told to.
//!
//! A `LocalResource` would show what came for the former key until the next arrives, cannot start from what the page
//! already carries, and forgets what it had when the network goes. This keeps one rule for all pages instead: what is
//! shown belongs to the key, one question at a time is under way for it, its answer always lands, and a passing fault never
//! replaces what is there.

use std::{cell::OnceCell, future::Future, sync::Arc};

use leptos::prelude::*;

use crate::api::{self, Trouble};

/// Something that is on its way, here, or could not be had.
pub type Loaded<T> = Option<Result<Arc<T>, Trouble>>;

/// What all questions share.
#[derive(Clone)]
struct Shared {
    /// Counts presses of "try again".
    retries: ArcRwSignal<u32>,
    /// When something was last answered, while answers fail: seconds UTC.
    stale: ArcRwSignal<Option<i64>>,
    answered: ArcStoredValue<i64>,
    /// What is shown although it is of old, by question: when it was answered, in seconds UTC.
    kept: ArcRwSignal<Vec<(u32, i64)>>,
    /// Counts the times at which what is of old is asked for again.
    again: ArcRwSignal<u32>,
}

thread_local! {
    static SHARED: OnceCell<Shared> = const { OnceCell::new() };
}

fn shared() -> Shared {
    SHARED.with(|shared| {
        let new = || Shared {
            retries: ArcRwSignal::new(0),
            stale: ArcRwSignal::new(None),
            answered: ArcStoredValue::new(0),
            kept: ArcRwSignal::new(Vec::new()),
            again: ArcRwSignal::new(0),
        };
        shared
            .get_or_init(|| {
                let made = new();
                let stale = made.clone();
                // A page that only looks on learns nothing from answers.
                let gone = window_event_listener(leptos::ev::offline, move |_| {
                    let known = stale.answered.get_value();
                    stale.stale.update(|since| *since = since.or(Some(known)));
                });
                std::mem::forget(gone);
                let again = made.again.clone();
                let back = window_event_listener(leptos::ev::online, move |_| {
                    again.update(|count| *count += 1);
                });
                std::mem::forget(back);
                made
            })
            .clone()
    })
}

/// Asks again for everything that could not be had.
pub fn retry() {
    shared().retries.update(|count| *count += 1);
}

/// Runs whoever calls again at each press of "try again".
pub fn track_retries() {
    shared().retries.track();
}

/// Since when what is shown may be old, in seconds UTC; nothing while answers come.
pub fn stale_since() -> Option<i64> {
    let kept = shared()
        .kept
        .with(|kept| kept.iter().map(|one| one.1).min());
    kept.or_else(|| shared().stale.get())
}

/// The page itself was seen at a time of old, in seconds UTC: until something is answered.
pub fn note_old(at: i64) {
    shared().stale.set(Some(at));
}

/// Notes of a question whether what it shows is of old.
fn note_kept(question: u32, at: Option<i64>) {
    let kept = shared().kept;
    let before =
        kept.with_untracked(|kept| kept.iter().find(|one| one.0 == question).map(|one| one.1));
    if before != at {
        kept.update(|kept| {
            kept.retain(|one| one.0 != question);
            kept.extend(at.map(|at| (question, at)));
        });
    }
    // One time for all of them.
    if at.is_some() && !DUE.replace(true) {
        let ask = || {
            DUE.set(false);
            shared().again.update(|count| *count += 1);
        };
        set_timeout(ask, AGAIN);
    }
}

/// Whether what a question shows is of old.
fn is_kept(question: u32) -> bool {
    let kept = shared().kept;
    kept.with_untracked(|kept| kept.iter().any(|one| one.0 == question))
}

/// How long until what was answered from of old is asked again.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(15);

thread_local! {
    static DUE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    static QUESTIONS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// Notes that an answer came, or that none did.
fn note(came: bool) {
    let Shared {
        stale, answered, ..
    } = shared();
    if came {
        answered.set_value((js_sys::Date::now() / 1000.0) as i64);
        if stale.with_untracked(Option::is_some) {
            stale.set(None);
        }
    } else if stale.with_untracked(Option::is_none) {
        stale.set(Some(answered.get_value()));
    }
}

/// Asks with `ask` for what belongs to `key`, at each change of the key or of `version`. Without a key nothing is
/// asked. `known` is what need not be asked for.
pub fn query<K, T, F>(
    key: impl Fn() -> Option<K> + Copy + Send + Sync + 'static,
    version: impl Fn() -> u32 + 'static,
    known: Option<(K, T)>,
    ask: impl Fn(K) -> F + 'static,
) -> Memo<Loaded<T>>
where
    K: Clone + PartialEq + Send + Sync + 'static,
    T: PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<T, Trouble>> + 'static,
{
    let Shared { retries, again, .. } = shared();
    let held = RwSignal::new(known.map(|(key, known)| (key, Ok(Arc::new(known)))));
    // What is under way: its number and key, and whether something changed meanwhile.
    let flight = StoredValue::new((0u32, None::<K>, false));
    let ask = StoredValue::new_local(ask);
    let question = QUESTIONS.replace(QUESTIONS.get() + 1);
    // What is not shown any more makes nothing old.
    on_cleanup(move || note_kept(question, None));
    Effect::new(move |before: Option<(u32, u32, u32)>| {
        let now = (version(), retries.get(), again.get());
        let Some(key) = key() else {
            flight.update_value(|flight| *flight = (flight.0 + 1, None, false));
            note_kept(question, None);
            return now;
        };
        let has = |held: &Option<(K, Result<Arc<T>, Trouble>)>| {
            held.as_ref()
                .filter(|(of, _)| *of == key)
                .map(|(_, found)| found.is_ok())
        };
        let has = held.with_untracked(has);
        let pressed = before.is_some_and(|before| before.1 != now.1);
        if pressed && has == Some(false) {
            // Whoever presses sees that something happens.
            held.set(None);
        }
        let due = before.is_some_and(|before| before.2 != now.2) && is_kept(question);
        let changed = due || before.is_some_and(|before| before.0 != now.0);
        if has == Some(true) && !changed {
            // What is under way for another key is not wanted any more: its answer must not take the place of this one.
            let elsewhere =
                |flight: &(u32, Option<K>, bool)| flight.1.as_ref().is_some_and(|of| *of != key);
            if flight.with_value(elsewhere) {
                flight.update_value(|flight| *flight = (flight.0 + 1, None, false));
            }
            return now;
        }
        let under_way = flight.with_value(|flight| flight.1.as_ref() == Some(&key));
        match under_way {
            true => flight.update_value(|flight| flight.2 = true),
            false => start(key, held, (question, flight), ask),
        }
        now
    });
    Memo::new(move |_| {
        let wanted = key()?;
        held.with(|held| {
            held.as_ref()
                .filter(|(of, _)| *of == wanted)
                .map(|(_, found)| found.clone())
        })
    })
}

type Held<K, T> = RwSignal<Option<(K, Result<Arc<T>, Trouble>)>>;

fn start<K, T, F, A>(
    key: K,
    held: Held<K, T>,
    (question, flight): (u32, StoredValue<(u32, Option<K>, bool)>),
    ask: StoredValue<A, LocalStorage>,
) where
    K: Clone + PartialEq + Send + Sync + 'static,
    T: PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<T, Trouble>> + 'static,
    A: Fn(K) -> F + 'static,
{
    flight.update_value(|flight| *flight = (flight.0 + 1, Some(key.clone()), false));
    let number = flight.with_value(|flight| flight.0);
    let Some(answer) = ask.try_with_value(|ask| ask(key.clone())) else {
        return;
    };
    leptos::task::spawn_local(async move {
        let answer = answer.await.map(Arc::new);
        let passing = answer.as_ref().is_err_and(|trouble| trouble.passing);
        let kept = api::kept().filter(|_| !passing);
        if kept.is_none() {
            note(!passing);
        }
        // The page may be gone, or look at something else meanwhile.
        let Some((current, _, again)) = flight.try_get_value() else {
            return;
        };
        if current != number {
            return;
        }
        flight.update_value(|flight| flight.1 = None);
        if !passing {
            note_kept(question, kept);
        }
        let keeps = passing
            && held.with_untracked(|held| {
                held.as_ref()
                    .is_some_and(|(of, found)| *of == key && found.is_ok())
            });
        if !keeps {
            held.set(Some((key.clone(), answer)));
        }
        if again {
            start(key, held, (question, flight), ask);
        }
    });
}
