//! Mount once: a part of a page that is made when its data has come, and then only told of newer data.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    api::Trouble,
    components::{
        live,
        notice::{Notice, Skeleton},
    },
    query::Loaded,
};

/// Whether data has come, or why not; nothing while it is on its way. What has come once stays while newer data is on its way or the
/// network is gone; it goes where it is no longer there, or no longer theirs.
pub fn arrived<T: PartialEq + Send + Sync + 'static>(
    loaded: Memo<Loaded<T>>,
) -> Memo<Option<Result<(), Trouble>>> {
    Memo::new(
        move |before: Option<&Option<Result<(), Trouble>>>| match (before, loaded.get()) {
            (_, Some(Err(problem))) if !problem.passing && !problem.outdated => Some(Err(problem)),
            (Some(Some(Ok(()))), _) | (_, Some(Ok(_))) => Some(Ok(())),
            (_, Some(Err(problem))) => Some(Err(problem)),
            (_, None) => None,
        },
    )
}

/// Shows a skeleton until data has come, or why it could not be had; then what `make` makes of it, once. What others do arrives
/// through the memo: nothing is built anew under a finger.
pub fn once<T: PartialEq + Send + Sync + 'static>(
    loaded: Memo<Loaded<T>>,
    lines: usize,
    make: impl Fn(Memo<Arc<T>>) -> AnyView + Send + 'static,
) -> AnyView {
    let ready = arrived(loaded);
    let body = move || match (ready.get(), loaded.get_untracked()) {
        (Some(Ok(())), Some(Ok(first))) => make(Memo::new(move |before: Option<&Arc<T>>| {
            let new = loaded.get().and_then(Result::ok);
            new.or_else(|| before.cloned())
                .unwrap_or_else(|| first.clone())
        })),
        (Some(Err(problem)), _) => view! { <Notice problem/> }.into_any(),
        _ => view! { <Skeleton lines/> }.into_any(),
    };
    view! { {live(body)} }.into_any()
}
