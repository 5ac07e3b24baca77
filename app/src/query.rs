//! Asking the server for something that depends on a key, and asking again when told to.
//!
//! A `LocalResource` would show what came for the former key until the next arrives, cannot start from what the page
//! already carries, and forgets what it had when the network goes. This keeps one rule for all pages instead: what is
//! shown belongs to the key, the last answer wins, and a passing fault never replaces what is there.

use std::{future::Future, sync::Arc};

use leptos::prelude::*;

use crate::api::Trouble;

/// Something that is on its way, here, or could not be had.
pub type Loaded<T> = Option<Result<Arc<T>, Trouble>>;

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
    let held = RwSignal::new(known.map(|(key, known)| (key, Ok(Arc::new(known)))));
    let asked = StoredValue::new(0u32);
    Effect::new(move |before: Option<u32>| {
        let count = version();
        // What was asked for before is no longer waited for, also when nothing new is asked.
        asked.update_value(|n| *n += 1);
        let Some(key) = key() else { return count };
        let has = |held: &Option<(K, Result<Arc<T>, Trouble>)>| {
            held.as_ref()
                .is_some_and(|(of, found)| *of == key && found.is_ok())
        };
        if before.is_none_or(|before| before == count) && held.with_untracked(has) {
            return count;
        }
        let (mine, answer) = (asked.get_value(), ask(key.clone()));
        leptos::task::spawn_local(async move {
            let answer = answer.await.map(Arc::new);
            let passing = answer.as_ref().is_err_and(|trouble| trouble.passing);
            let current = asked.try_get_value() == Some(mine);
            if current
                && !(passing
                    && held.with_untracked(|held| {
                        held.as_ref()
                            .is_some_and(|(of, found)| *of == key && found.is_ok())
                    }))
            {
                held.set(Some((key, answer)));
            }
        });
        count
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
