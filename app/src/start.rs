//! Start in short tasks: the first page is assembled part by part behind the one that the server drew, so that a slow phone
//! answers a finger in between, and takes its place once it is whole.

use std::{cell::RefCell, collections::VecDeque, time::Duration};

use leptos::prelude::*;

use crate::components::live;

/// On the page's root until the app has taken over; hides what is not whole yet.
const STARTING: &str = "data-starting";

type Part = Box<dyn FnOnce()>;

thread_local! {
    /// The parts that wait for their task; nothing once the first page stands.
    static WAITING: RefCell<Option<VecDeque<Part>>> = const { RefCell::new(None) };
    /// What waits until the first page stands.
    static LATER: RefCell<Vec<Part>> = const { RefCell::new(Vec::new()) };
}

/// Starts the app by these parts, and those that they are made of.
pub fn start<const N: usize>(parts: [fn(); N]) {
    let root = document().document_element();
    if let Some(root) = &root {
        let _ = root.set_attribute(STARTING, "");
    }
    let parts = parts.map(|part| Box::new(part) as Part);
    WAITING.set(Some(parts.into()));
    next(LOOKS);
}

/// A page that has all that people come for stays in sight while the program asks for the same: it is looked so often whether it
/// has come.
const LOOKS: u32 = 40;

/// The time between two looks.
const LOOK: Duration = Duration::from_millis(100);

/// What the program shows of a page for which it still waits.
const NOT_YET: &str = ":root:has(#shell[data-kept]) body > :not(#shell) :is(.skeleton, main:empty)";

/// Does the next part in a task of its own; once there is none left the app takes over. What a part made may have parts again.
fn next(looks: u32) {
    let task = move || {
        let part = WAITING.with_borrow_mut(|waiting| waiting.as_mut()?.pop_front());
        match part {
            Some(part) => {
                part();
                next(looks);
            }
            None if looks > 0 && matches!(document().query_selector(NOT_YET), Ok(Some(_))) => {
                set_timeout(move || next(looks - 1), LOOK);
            }
            None => take_over(),
        }
    };
    set_timeout(task, Duration::ZERO);
}

fn take_over() {
    WAITING.set(None);
    if let Some(root) = document().document_element() {
        let _ = root.remove_attribute(STARTING);
    }
    // The page that the server drew has done its duty.
    if let Some(shell) = document().get_element_by_id("shell") {
        shell.remove();
    }
    LATER.take().into_iter().for_each(soon);
}

/// Does something that nobody waits for: once the first page stands and the browser has drawn what is there.
pub fn later(then: impl FnOnce() + 'static) {
    let then = Box::new(then) as Part;
    match WAITING.with_borrow(Option::is_some) {
        true => LATER.with_borrow_mut(|later| later.push(then)),
        false => soon(then),
    }
}

fn soon(then: Part) {
    request_animation_frame(move || set_timeout(then, Duration::ZERO));
}

/// A part of the first page, made in a task of its own; made at once when the app has started.
pub fn part<V: IntoAny>(make: impl Fn() -> V + Send + 'static) -> AnyView {
    let ready = RwSignal::new(false);
    let waits = WAITING.with_borrow_mut(|waiting| {
        let waiting = waiting.as_mut()?;
        waiting.push_back(Box::new(move || {
            ready.try_set(true);
        }));
        Some(())
    });
    match waits {
        Some(()) => view! { {live(move || ready.get().then(|| make().into_any()))} }.into_any(),
        None => make().into_any(),
    }
}
