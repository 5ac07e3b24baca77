//! Acts: what is done at the press of a button, once, and what is said of it.

use std::cell::Cell;

use leptos::prelude::*;

use crate::{
    api::Trouble,
    components::{fault, live},
    store::Store,
};

/// Something that a button does. A second press while the first is not answered does nothing; the button stays where it is and keeps
/// the focus.
#[derive(Clone, Copy)]
pub struct Act {
    pending: RwSignal<bool>,
    problem: RwSignal<Option<Trouble>>,
    /// The number of the place of its refusals among all of the document.
    place: u32,
    /// Kept beside: an act is handed about by value.
    store: StoredValue<Store>,
}

type Work = std::pin::Pin<Box<dyn Future<Output = Result<Option<String>, Trouble>>>>;

thread_local! {
    static PLACES: Cell<u32> = const { Cell::new(0) };
}

impl Act {
    /// Nothing was pressed yet.
    pub fn new() -> Self {
        Self {
            pending: RwSignal::new(false),
            problem: RwSignal::new(None),
            place: PLACES.replace(PLACES.get() + 1),
            store: StoredValue::new(Store::get()),
        }
    }

    /// The store, also after an answer, where no context gives it. None once the page is gone.
    pub fn store(self) -> Option<Store> {
        self.store.try_get_value()
    }

    /// Does it. What it gives is said to everybody; why it failed stands at [`Self::refusal`]. Pages ask anew
    /// also after a refusal: what they show may be its cause.
    pub fn run(self, work: impl Future<Output = Result<Option<String>, Trouble>> + 'static) {
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        self.problem.set(None);
        self.send(document().active_element(), Box::pin(work));
    }

    /// Not generic: compiled once for all acts.
    fn send(self, pressed: Option<web_sys::Element>, work: Work) {
        // The page may be gone where a file was read first.
        let Some(store) = self.store.try_get_value() else {
            return;
        };
        leptos::task::spawn_local(async move {
            let done = work.await;
            // The page may be gone meanwhile.
            self.pending.try_set(false);
            let stale = done.as_ref().err().is_none_or(|trouble| !trouble.passing);
            match done {
                Ok(Some(words)) => store.done(words),
                Ok(None) => {}
                Err(trouble) if trouble.kept => {
                    store.done(trouble.text);
                    store.kept.update(|count| *count += 1);
                }
                Err(trouble) => {
                    let fields = trouble.fields.clone();
                    self.problem.try_set(Some(trouble));
                    if let Some(pressed) = pressed {
                        fault::mark(&pressed, &fields, &self.place_id());
                    }
                }
            }
            if stale {
                store.changes.update(|count| *count += 1);
            }
        });
    }

    /// Whether the last press is not answered yet.
    pub fn pending(self) -> bool {
        self.pending.get()
    }

    /// The value of `aria-disabled`. A button that is disabled loses the focus, and it does not come back.
    pub fn disabled(self) -> impl Fn() -> &'static str + Copy + Send {
        move || if self.pending.get() { "true" } else { "false" }
    }

    /// What was said was about something else.
    pub fn forget(self) {
        if !self.pending.get_untracked() {
            self.problem.set(None);
        }
    }

    /// Why the last press failed.
    pub fn problem(self) -> Option<Trouble> {
        self.problem.get()
    }

    /// The id of the element that says why the last press failed.
    pub fn place_id(self) -> String {
        format!("refusal-{}", self.place)
    }

    /// Why the last press failed. Its place is always there: screen readers announce what comes into it.
    pub fn refusal(self) -> AnyView {
        let words = move || {
            let trouble = self.problem.get()?;
            Some(view! { <p class="refusal">{trouble.text}</p> })
        };
        view! { <div role="alert" id=self.place_id()>{live(words)}</div> }.into_any()
    }
}
