//! What all pages share: the view from the URL, the centre, its week, who is signed in, the time.

use domain::{
    api::{
        Behalf, CentreCard, CentreView, GetCentre, GetMe, GetOccupancy, ListCentres, Me, Occupancy,
    },
    availability::{Timeline, availability},
    boot::{self, Boot},
    centre::Floor,
    id::CentreId,
    permission::{Actor, may_act_for},
    time::{DAY, Date, LocalTime, Slot},
    view::View,
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use crate::{
    api, live, prefs,
    query::{Loaded, query},
};

/// How long it is said that something is done.
const DONE: std::time::Duration = std::time::Duration::from_secs(8);

/// What is done and leads elsewhere is said there, in milliseconds.
const WENT: f64 = 1000.0;

/// How many days one question covers: a week from its Monday.
pub const WEEK: u16 = 7;

/// See the module.
#[derive(Clone, Copy)]
pub struct Store {
    /// The view in the URL.
    pub view: Memo<View>,
    /// The centre's id: from the URL, else the first.
    pub centre_id: Memo<Option<CentreId>>,
    /// All centres.
    pub centres: Memo<Loaded<Vec<CentreCard>>>,
    /// The centre.
    pub centre: Memo<Loaded<CentreView>>,
    /// Seconds UTC, ticking every few seconds.
    pub clock: RwSignal<i64>,
    /// What takes the rooms in the week of the day that is shown.
    pub week: Memo<Loaded<Occupancy>>,
    /// Who is signed in; nothing until that is known.
    pub me: RwSignal<Option<Me>>,
    /// Counts the changes that the server told of.
    pub changes: RwSignal<u32>,
    /// Spoken politely to those who listen.
    pub spoken: RwSignal<String>,
    /// What was just done, for everybody to see; until one goes elsewhere or puts it away.
    pub done: RwSignal<String>,
    done_at: StoredValue<f64>,
    /// One has gone from one page to another; what opens late then takes the focus.
    pub moved: RwSignal<bool>,
    try_again: RwSignal<u32>,
}

fn utc_now() -> i64 {
    (js_sys::Date::now() / 1000.0) as i64
}

fn boot() -> Option<Boot> {
    let element = document().get_element_by_id(boot::ELEMENT)?;
    serde_json::from_str(&element.text_content()?).ok()
}

impl Store {
    /// Starts asking. Needs a router around it.
    pub fn provide() -> Self {
        let (centres, shown, week, seen) = match boot() {
            Some(Boot {
                generation,
                centres,
                view,
                week,
            }) => {
                let id = view.centre.id.clone();
                let week = ((id.clone(), week.from), week);
                (
                    Some(centres),
                    Some(view),
                    Some(week),
                    Some((id, generation)),
                )
            }
            None => (None, None, None, None),
        };
        let location = use_location();
        let view = Memo::new(move |_| {
            location
                .pathname
                .with(|path| location.search.with(|search| View::of(path, search)))
        });
        let try_again = RwSignal::new(0u32);
        let changes = RwSignal::new(0u32);
        let version = move || changes.get() + try_again.get();
        let centres = query(
            || Some(()),
            move || try_again.get(),
            centres.map(|all| ((), all)),
            |()| async { api::get::<ListCentres>(&()).await },
        );
        let centre_id = Memo::new(move |_| {
            let first = || Some(centres.get()?.ok()?.first()?.id.clone());
            view.with(|view| view.centre.clone()).or_else(first)
        });
        let centre = query(
            move || centre_id.get(),
            version,
            shown.map(|view| (view.centre.id.clone(), view)),
            |id| async move { api::get::<GetCentre>(&id).await },
        );
        let clock = RwSignal::new(utc_now());
        set_interval(
            move || clock.set(utc_now()),
            std::time::Duration::from_secs(10),
        );
        let monday = Memo::new(move |_| {
            let day = view.with(|view| view.day);
            day.or_else(|| Some(centre.get()?.ok()?.local(clock.get()).date()))
                .map(Date::monday)
        });
        let week = query(
            move || centre_id.get().zip(monday.get()),
            version,
            week,
            |(id, monday)| async move { api::get::<GetOccupancy>(&(id, monday, WEEK)).await },
        );
        let me = RwSignal::new(None);
        let store = Self {
            view,
            centre_id,
            centres,
            centre,
            clock,
            week,
            me,
            changes,
            spoken: RwSignal::new(String::new()),
            done: RwSignal::new(String::new()),
            done_at: StoredValue::new(0.0),
            moved: RwSignal::new(false),
            try_again,
        };
        store.load_me();
        Effect::new(move |before: Option<()>| {
            if let Some(id) = centre_id.get() {
                // The count belongs to what the page was drawn from, not to what is asked for later.
                let seen = seen
                    .as_ref()
                    .filter(|seen| before.is_none() && seen.0 == id);
                live::follow(&id, seen.map(|seen| seen.1), move || {
                    changes.update(|n| *n += 1);
                });
            }
        });
        provide_context(store);
        store
    }

    /// The shared store.
    pub fn get() -> Self {
        expect_context()
    }

    /// Asks again who is signed in.
    pub fn load_me(self) {
        leptos::task::spawn_local(async move {
            let me = api::get::<GetMe>(&()).await.unwrap_or_default();
            let _ = self.me.try_set(Some(me));
        });
    }

    /// Counts up when what was asked for may have changed, or should be tried again.
    pub fn version(self) -> u32 {
        self.changes.get() + self.try_again.get()
    }

    /// Asks again for what could not be had.
    pub fn retry(self) {
        self.try_again.update(|n| *n += 1);
    }

    /// Who acts; a visitor until it is known.
    pub fn actor(self) -> Actor {
        self.me
            .with(|me| me.as_ref().map(|me| me.actor.clone()).unwrap_or_default())
    }

    /// For whom staff act, as it stands in the URL; nobody for others, whatever stands there.
    pub fn acting(self) -> Option<Behalf> {
        let behalf = self.view.with(|view| view.behalf.clone())?;
        let centre = self.centre_id.get()?;
        may_act_for(&self.actor(), &centre).then_some(behalf)
    }

    /// The time at the centre.
    pub fn now(self, centre: &CentreView) -> LocalTime {
        centre.local(self.clock.get())
    }

    /// The day that is shown.
    pub fn day(self, centre: &CentreView) -> Date {
        self.view
            .with(|view| view.day)
            .unwrap_or_else(|| self.now(centre).date())
    }

    /// Goes to a page with a view. `replace` leaves no step to go back to.
    pub fn go(self) -> impl Fn(&str, &View, bool) + Clone {
        let navigate = use_navigate();
        move |path: &str, view: &View, replace: bool| {
            let options = NavigateOptions {
                replace,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&format!("{path}{}", view.query()), options);
        }
    }

    /// Says, to all, that something is done. After a while that goes away by itself, except for those who asked for time.
    pub fn done(self, text: impl Into<String>) {
        let now = js_sys::Date::now();
        self.done.set(text.into());
        self.done_at.set_value(now);
        if !prefs::elder() {
            let gone = move || {
                if self.done_at.get_value() == now {
                    self.done.set(String::new());
                }
            };
            set_timeout(gone, DONE);
        }
    }

    /// One has gone elsewhere: what was done before that is no longer news.
    pub fn went(self) {
        if js_sys::Date::now() - self.done_at.get_value() > WENT {
            self.done.set(String::new());
        }
    }

    /// Says something to those who listen.
    pub fn say(self, text: impl Into<String>) {
        self.spoken.set(text.into());
    }
}

/// The floor that is shown.
pub fn floor_of<'a>(centre: &'a CentreView, view: &View) -> Option<&'a Floor> {
    let named = view.floor.as_ref().and_then(|id| centre.centre.floor(id));
    let of_room = || {
        let room = centre.centre.room(view.room.as_ref()?)?;
        centre.centre.floor(&room.floor)
    };
    named
        .or_else(of_room)
        .or_else(|| centre.centre.floors.first())
}

/// What all rooms do in the week.
pub fn timelines(centre: &CentreView, week: &Occupancy) -> Vec<Timeline> {
    let range = Slot::lasting(week.from.at(0), i64::from(week.days) * DAY);
    availability(&centre.centre, &week.taken, range)
}
