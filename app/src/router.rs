//! Router: the address as signals, links and history, the scroll position of each step, the title of the page.
//!
//! The app knows its pages by type ([`Page`]) and needs nothing of a general router: no nesting, no parameters by name.

use std::{cell::RefCell, collections::BTreeMap};

use domain::page::Page;
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent, ScrollRestoration};

use crate::prefs;

/// How many frames a page may take until it is as long as it was: some two seconds.
const FRAMES: u32 = 120;

/// How soon an address is written again that the browser refused to write: Safari takes 100 in 30 seconds.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(2);

/// Where the scroll position is kept over a reload.
const KEPT: &str = "scroll";

#[derive(Default)]
struct Steps {
    /// The step of the history that is shown; each has a number of its own.
    current: u32,
    /// The largest number of a step.
    last: u32,
    /// How far each was scrolled when it was left, in pixels.
    scrolled: BTreeMap<u32, f64>,
    /// How far the step that was just come back to was scrolled.
    back_to: Option<f64>,
    /// Counts changes of the page: what was to be scrolled on the last one is over.
    changes: u32,
    /// A step that the browser refused to write is not in its history yet.
    owed: bool,
}

thread_local! {
    static STEPS: RefCell<Steps> = RefCell::default();
}

/// The address that is shown.
#[derive(Clone, Copy)]
pub struct Router {
    /// Path, and query without its question mark.
    address: RwSignal<(String, String)>,
    /// The page; nothing where there is none.
    pub page: Memo<Option<Page>>,
}

fn read() -> (String, String) {
    let location = window().location();
    let (path, query) = (location.pathname(), location.search());
    (
        path.unwrap_or_default(),
        query.unwrap_or_default().trim_start_matches('?').to_owned(),
    )
}

fn scroll_y() -> f64 {
    window().scroll_y().unwrap_or_default()
}

impl Router {
    /// Follows the address. Called once.
    pub fn start() -> Self {
        let address = RwSignal::new(read());
        let page = Memo::new(move |_| address.with(|(path, _)| Page::parse(path)));
        let router = Self { address, page };
        let number = |state: JsValue| state.as_f64().map(|number| number as u32);
        if let Ok(history) = window().history() {
            let _ = history.set_scroll_restoration(ScrollRestoration::Manual);
            let known = history.state().ok().and_then(number);
            // Numbers of an earlier visit of this tab must not come again.
            let current = known.unwrap_or((js_sys::Date::now() / 1000.0) as u32);
            STEPS.with_borrow_mut(|steps| (steps.current, steps.last) = (current, current));
            if known.is_none() {
                let _ = history.replace_state(&current.into(), "");
            }
            let kept = prefs::kept(KEPT);
            let kept = kept.split_once(' ').and_then(|(step, y)| {
                let same = step.parse().ok() == known;
                y.parse::<u32>().ok().filter(|_| same)
            });
            if let Some(y) = kept {
                scroll_to(y.into(), FRAMES);
            }
        }
        let leave = || {
            let step = STEPS.with_borrow(|steps| steps.current);
            prefs::keep(KEPT, &format!("{step} {}", scroll_y() as u32));
        };
        window_event_listener(ev::pagehide, move |_| leave());
        window_event_listener(ev::popstate, move |event| {
            let known = number(event.state());
            let current = STEPS.with_borrow_mut(|steps| {
                let left = steps.current;
                steps.scrolled.insert(left, scroll_y());
                // A jump within the page is a step without a number.
                steps.current = known.unwrap_or(steps.last + 1);
                steps.last = steps.last.max(steps.current);
                steps.back_to = steps.scrolled.get(&steps.current).copied();
                steps.changes += 1;
                steps.current
            });
            if let (None, Ok(history)) = (known, window().history()) {
                let _ = history.replace_state(&current.into(), "");
            }
            address.set(read());
        });
        window_event_listener(ev::click, move |event| {
            if let Some(to) = link_of(&event) {
                event.prevent_default();
                router.go(&to, to == router.here());
            }
        });
        router
    }

    /// The path.
    pub fn path(self) -> String {
        self.address.with(|(path, _)| path.clone())
    }

    /// What `read` makes of path and query.
    pub fn with<T>(self, read: impl FnOnce(&str, &str) -> T) -> T {
        self.address.with(|(path, query)| read(path, query))
    }

    fn here(self) -> String {
        self.address.with_untracked(|(path, query)| {
            let mark = if query.is_empty() { "" } else { "?" };
            format!("{path}{mark}{query}")
        })
    }

    /// Goes to a path with its query. `replace` leaves no step to go back to.
    pub fn go(self, to: &str, replace: bool) {
        let step = STEPS.with_borrow_mut(|steps| {
            if !replace {
                let left = steps.current;
                steps.scrolled.insert(left, scroll_y());
                steps.last += 1;
                steps.current = steps.last;
            }
            steps.back_to = None;
            steps.changes += 1;
            steps.current
        });
        let (path, query) = to.split_once('?').unwrap_or((to, ""));
        self.address.set((path.to_owned(), query.to_owned()));
        self.write(step, replace);
    }

    /// One step back, as the browser's own button.
    pub fn back() {
        if let Ok(history) = window().history() {
            let _ = history.back();
        }
    }

    fn write(self, step: u32, replace: bool) {
        let to = self.here();
        let replace = replace && !STEPS.with_borrow(|steps| steps.owed);
        let written = window().history().and_then(|history| match replace {
            true => history.replace_state_with_url(&step.into(), "", Some(&to)),
            false => history.push_state_with_url(&step.into(), "", Some(&to)),
        });
        STEPS.with_borrow_mut(|steps| steps.owed = written.is_err() && !replace);
        if written.is_err() {
            // The page is right; its address follows once the browser takes it.
            set_timeout(
                move || {
                    if STEPS.with_borrow(|steps| steps.current) == step {
                        self.write(step, replace);
                    }
                },
                AGAIN,
            );
        }
    }
}

/// Scrolls a page that was just opened: to where it was left if one has come back to it, else to its top.
pub fn scroll() {
    match STEPS.with_borrow_mut(|steps| steps.back_to.take()) {
        Some(y) => scroll_to(y, FRAMES),
        None => window().scroll_to_with_x_and_y(0.0, 0.0),
    }
}

/// Scrolls down to `y` as soon as the page is that long, unless one scrolls meanwhile.
fn scroll_to(y: f64, frames: u32) {
    let before = scroll_y();
    let changes = STEPS.with_borrow(|steps| steps.changes);
    request_animation_frame(move || {
        let elsewhere = STEPS.with_borrow(|steps| steps.changes != changes);
        if elsewhere || (scroll_y() - before).abs() > 1.0 {
            return;
        }
        window().scroll_to_with_x_and_y(0.0, y);
        if (scroll_y() - y).abs() > 1.0 && frames > 0 {
            scroll_to(y, frames - 1);
        }
    });
}

/// Where a pressed link leads, if that is a page of the app and to be opened here.
fn link_of(event: &MouseEvent) -> Option<String> {
    let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || elsewhere {
        return None;
    }
    let pressed = event.target()?.dyn_into::<Element>().ok()?;
    let link = pressed.closest("a[href]").ok()??;
    let link = link.dyn_into::<HtmlAnchorElement>().ok()?;
    let own = link.target().is_empty() && !link.has_attribute("download") && link.hash().is_empty();
    let here = window().location().origin().ok()?;
    let path = link.pathname();
    let known = own && link.origin() == here && Page::parse(&path).is_some();
    known.then(|| format!("{path}{}", link.search()))
}
