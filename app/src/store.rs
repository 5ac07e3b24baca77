//! What all pages share: the view from the URL, the centre, its week, who is signed in, the time.

use std::{cell::RefCell, sync::Arc};

use domain::{
    api::{
        CentreCard, CentreView, Change, GetCentre, GetMe, GetOccupancy, ListCentres, Me, Occupancy,
    },
    centre::availability::{Timeline, availability},
    id::{CentreId, PersonId},
    page::Page,
    person::{
        behalf::Behalf,
        permission::{Actor, acts_for_others, may_see_desk},
    },
    time::{DAY, Date, LocalTime, Slot},
    view::{
        USUAL_WAY, View,
        boot::{self, Boot},
    },
};
use leptos::prelude::*;

use crate::{
    api, live,
    prefs::{self, lang},
    query::{self, Loaded, query},
    router::Router,
};

/// How long it is said that something is done.
const DONE: std::time::Duration = std::time::Duration::from_secs(8);

/// How soon it is asked again who is signed in.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(3);

/// What is done and leads elsewhere is said there, in milliseconds.
const WENT: f64 = 1000.0;

/// How many days one question covers: a week from its Monday.
pub const WEEK: u16 = 7;

/// See the module.
#[derive(Clone, Copy)]
pub struct Store {
    /// The address.
    pub router: Router,
    /// The view in the URL.
    pub view: Memo<View>,
    /// The centre's id: the one in the URL, else the one last looked at on this device, else the first.
    pub centre_id: Memo<Option<CentreId>>,
    /// What goes along with every link: the centre, and for whom staff act.
    pub here: Memo<View>,
    /// What the person for whom staff act is called, once that is known.
    pub caller: RwSignal<Option<String>>,
    /// All centres.
    pub centres: Memo<Loaded<Vec<CentreCard>>>,
    /// Counts the centres that were made on this page.
    pub made: RwSignal<u32>,
    /// The centre.
    pub centre: Memo<Loaded<CentreView>>,
    /// Seconds UTC, ticking every few seconds.
    pub clock: RwSignal<i64>,
    /// What takes the rooms in the week of the day that is shown.
    pub week: Memo<Loaded<Occupancy>>,
    /// Who is signed in; nothing until that is known.
    pub me: RwSignal<Option<Me>>,
    /// Counts what was changed here: each of one's own acts may change whatever is shown.
    pub changes: RwSignal<u32>,
    /// Counts the changes that the server told of, with the days of the last one where they are known.
    told: RwSignal<(u32, Option<Change>)>,
    /// Spoken politely to those who listen.
    pub spoken: RwSignal<String>,
    /// What was just done, for everybody to see; until one goes elsewhere or puts it away.
    pub done: RwSignal<String>,
    /// How many acts were kept in the outbox while this page was open, or before; nothing of it is shown while there are none.
    pub kept: RwSignal<u32>,
    done_at: StoredValue<f64>,
    /// What the page that is shown is about, for its title; until then its kind stands there.
    pub about: RwSignal<Option<String>>,
}

/// Changes of more days than this are of the centre itself: its rooms, hours and rules.
const OF_CENTRE: i64 = 365;

fn utc_now() -> i64 {
    (js_sys::Date::now() / 1000.0) as i64 + api::skew()
}

/// The day of a moment in seconds UTC on the browser's clock.
pub fn local_date(utc: i64) -> Date {
    let minutes = js_sys::Date::new_0().get_timezone_offset() as i64;
    Date::from_days((utc - minutes * 60).div_euclid(86_400))
}

thread_local! {
    /// What the server drew the page from, until the store takes it.
    static BOOT: RefCell<Option<Boot>> = const { RefCell::new(None) };
}

/// Reads what the server drew the page from.
pub fn read_boot() {
    let read = || {
        let element = document().get_element_by_id(boot::ELEMENT)?;
        serde_json::from_str(&element.text_content()?).ok()
    };
    BOOT.set(read());
}

impl Store {
    /// Starts asking.
    pub fn provide() -> Self {
        let (centres, shown, week, seen) = match BOOT.take() {
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
        let router = Router::start();
        let view = Memo::new(move |_| router.with(View::of));
        let changes = RwSignal::new(0u32);
        let told = RwSignal::new((0u32, None));
        let made = RwSignal::new(0);
        let centres = query(
            || Some(()),
            move || made.get(),
            centres.map(|all| ((), all)),
            |()| async { api::get::<ListCentres>(&()).await },
        );
        let centre_id = Memo::new(move |_| {
            let named = view.with(|view| view.centre.clone());
            let Some(Ok(all)) = centres.get() else {
                return named;
            };
            let is_there = |id: &CentreId| all.iter().any(|card| card.id == *id);
            let last = || prefs::last_centre().filter(is_there);
            let first = || all.first().map(|card| card.id.clone());
            named.filter(is_there).or_else(last).or_else(first)
        });
        let here = Memo::new(move |_| View {
            centre: centre_id.get(),
            ..view.with(View::here)
        });
        let of_centre = counted(changes, told, move |change| {
            change.to.days() - change.from.days() >= OF_CENTRE
        });
        let centre = query(
            move || centre_id.get(),
            move || of_centre.get(),
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
        let of_week = counted(changes, told, move |change| {
            let monday = monday.get_untracked();
            monday.is_none_or(|monday| change.touches(monday, monday.plus(6)))
        });
        let week = query(
            move || centre_id.get().zip(monday.get()),
            move || of_week.get(),
            week,
            |(id, monday)| async move { api::get::<GetOccupancy>(&(id, monday, WEEK)).await },
        );
        let me = RwSignal::new(None);
        let store = Self {
            router,
            view,
            centre_id,
            here,
            caller: RwSignal::new(None),
            centres,
            made,
            centre,
            clock,
            week,
            me,
            changes,
            told,
            spoken: RwSignal::new(String::new()),
            done: RwSignal::new(String::new()),
            kept: RwSignal::new(0),
            done_at: StoredValue::new(0.0),
            about: RwSignal::new(None),
        };
        store.load_me();
        Effect::new(move |_| {
            let person = store.me.with(|me| me.as_ref()?.actor.person.clone());
            api::believe(person.map(|person| person.to_string()));
        });
        // A session that ended elsewhere is noticed by the first answer that says so.
        api::on_signed_out(move || {
            if untrack(|| store.signed_in()) == Some(true) {
                store.me.set(Some(Me::default()));
                // Perhaps somebody else signed in elsewhere in this browser.
                store.load_me();
            }
        });
        let online = window_event_listener(leptos::ev::online, move |_| store.load_me());
        // Whoever comes back to this page may have signed in as somebody else on another.
        let back = window_event_listener(
            leptos::ev::Custom::<web_sys::Event>::new("visibilitychange"),
            move |_| {
                if document().visibility_state() == web_sys::VisibilityState::Visible {
                    store.load_me();
                }
            },
        );
        on_cleanup(move || {
            online.remove();
            back.remove();
        });
        Effect::new(move |before: Option<()>| {
            if let Some(id) = centre_id.get() {
                prefs::set_last_centre(&id);
                // The count belongs to what the page was drawn from, not to what is asked for later.
                let seen = seen
                    .as_ref()
                    .filter(|seen| before.is_none() && seen.0 == id);
                live::follow(&id, seen.map(|seen| seen.1), clock, move |change| {
                    told.update(|told| *told = (told.0 + 1, change));
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

    /// Asks again who is signed in. Where no answer comes it is not known, and asked again: nobody is signed out by a lift.
    pub fn load_me(self) {
        leptos::task::spawn_local(async move {
            match api::get::<GetMe>(&()).await {
                Ok(me) => self.take_me(me),
                Err(_) if self.me.try_with_untracked(Option::is_none) == Some(true) => {
                    set_timeout(move || self.load_me(), AGAIN);
                }
                Err(_) => {}
            }
        });
    }

    /// Takes in who is signed in. Where that is another person than before, nothing of what stands on the page is theirs.
    fn take_me(self, me: Me) {
        let before = self.me.try_with_untracked(Clone::clone).flatten();
        if before.as_ref() == Some(&me) {
            return;
        }
        let person = |me: &Me| me.actor.person.clone();
        let was = before.as_ref().and_then(person);
        if was.is_some() && person(&me).is_some() && was != person(&me) {
            let _ = window().location().reload();
            return;
        }
        let _ = self.me.try_set(Some(me));
    }

    /// Counts up when what was asked for may have changed.
    pub fn version(self) -> u32 {
        self.changes.get() + self.told.with(|told| told.0)
    }

    /// As [`Self::version`], for what lies in a range of days only.
    pub fn version_in(
        self,
        days: impl Fn() -> Option<(Date, Date)> + Send + Sync + 'static,
    ) -> Memo<u32> {
        counted(self.changes, self.told, move |change| {
            untrack(&days).is_none_or(|(from, to)| change.touches(from, to))
        })
    }

    /// Asks again for what could not be had.
    pub fn retry(self) {
        if self.me.with_untracked(Option::is_none) {
            self.load_me();
        }
        query::retry();
    }

    /// Whether somebody is signed in; nothing until it is known.
    pub fn signed_in(self) -> Option<bool> {
        self.me
            .with(|me| me.as_ref().map(|me| me.profile.is_some()))
    }

    /// Who acts; a visitor until it is known.
    pub fn actor(self) -> Actor {
        self.me
            .with(|me| me.as_ref().map(|me| me.actor.clone()).unwrap_or_default())
    }

    /// The centre where somebody works who works not at the one that is looked at.
    pub fn works_elsewhere(self) -> Option<CentreId> {
        let actor = untrack(|| self.actor());
        let here = untrack(|| self.centre_id.get())?;
        if may_see_desk(&actor, &here) {
            return None;
        }
        let centres = actor.roles.iter().filter_map(|grant| grant.centre.clone());
        let mut centres = centres.filter(|centre| may_see_desk(&actor, centre));
        centres.next()
    }

    /// For whom staff act, as it stands in the URL. Where they are not staff the server refuses: nothing that was meant for
    /// somebody else is done for themselves. Nobody for those who are staff nowhere, whatever stands there.
    pub fn acting(self) -> Option<Behalf> {
        let behalf = self.view.with(|view| view.behalf.clone())?;
        acts_for_others(&self.actor()).then_some(behalf)
    }

    /// Acting for somebody, the word of a button that names them; else the plain one.
    pub fn says_for_whom(self, named: impl Fn(&str) -> String, plain: &str) -> String {
        if self.acting().is_none() {
            return plain.to_owned();
        }
        let caller = self.caller.get();
        named(caller.as_deref().unwrap_or(lang().the_caller()))
    }

    /// The address of this page, with all that stands in it.
    pub fn address(self) -> String {
        let view = self.view.get_untracked();
        let page = untrack(|| self.router.page.get());
        page.map_or_else(
            || untrack(|| self.router.path()),
            |page| view.address(&page),
        )
    }

    /// The address of a page, with the centre and for whom staff act.
    pub fn href(self, page: Page) -> Box<dyn Fn() -> String + Send> {
        Box::new(move || self.here.with(|here| here.address(&page)))
    }

    /// The address of somebody's record. From there on staff act for that person, by the way that is known of them.
    pub fn record_href(self, centre: &CentreId, person: &PersonId) -> String {
        let acting = self.view.with_untracked(|view| view.behalf.clone());
        let behalf = acting
            .filter(|acting| acting.person == *person)
            .unwrap_or_else(|| Behalf {
                person: person.clone(),
                channel: USUAL_WAY,
            });
        let view = View {
            behalf: Some(behalf),
            ..View::at_centre(Some(centre.clone()))
        };
        view.address(&Page::Record(centre.clone(), person.clone()))
    }

    /// True when it is known that there is no centre at all.
    pub fn has_no_centre(self) -> bool {
        self.centres
            .get()
            .is_some_and(|all| all.is_ok_and(|all| all.is_empty()))
    }

    /// The time at the centre.
    pub fn now(self, centre: &CentreView) -> LocalTime {
        centre.local(self.clock.get())
    }

    /// The time on a centre's wall to the minute: what follows it changes no more often.
    pub fn minute(self, centre: &Arc<CentreView>) -> Memo<LocalTime> {
        let of = centre.clone();
        Memo::new(move |_| {
            let now = self.now(&of);
            now.date().at(now.minute_of_day())
        })
    }

    /// Today, for the year of dates that are shown: near enough wherever the centre is.
    pub fn today(self) -> Date {
        let now = self.clock.get_untracked();
        let centre = self.centre.get_untracked().and_then(Result::ok);
        centre.map_or_else(|| local_date(now), |centre| centre.local(now).date())
    }

    /// Looks at the clock again in so many seconds, rather than at its next tick.
    pub fn look_at_clock_in(self, seconds: i64) {
        let look = move || {
            self.clock.try_set(utc_now());
        };
        set_timeout(look, std::time::Duration::from_secs(seconds.unsigned_abs()));
    }

    /// The day that is shown.
    pub fn day(self, centre: &CentreView) -> Date {
        self.view
            .with(|view| view.day)
            .unwrap_or_else(|| self.now(centre).date())
    }

    /// Goes to a page with a view. `replace` leaves no step to go back to.
    pub fn go(self, page: &Page, view: &View, replace: bool) {
        self.router.go(&view.address(page), replace);
    }

    /// What takes the rooms of a centre, and what they do, in the week of the day that is shown. While another week is on its
    /// way, what rooms do is still that of the last.
    pub fn lines_of_week(self, centre: &Arc<CentreView>) -> (Memo<Option<Arc<Occupancy>>>, Lines) {
        let centre = centre.clone();
        let week = Memo::new(move |_| self.week.get().and_then(Result::ok));
        let lines = Memo::new(
            move |before: Option<&Arc<Vec<Timeline>>>| match week.get() {
                Some(week) => Arc::new(timelines(&centre, &week)),
                None => before.cloned().unwrap_or_default(),
            },
        );
        (week, lines)
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

/// What all rooms of a centre do in a week.
pub type Lines = Memo<Arc<Vec<Timeline>>>;

/// Counts one's own changes, and those of others that `concern` something.
fn counted(
    changes: RwSignal<u32>,
    told: RwSignal<(u32, Option<Change>)>,
    concern: impl Fn(&Change) -> bool + Send + Sync + 'static,
) -> Memo<u32> {
    let last = StoredValue::new((0, 0));
    Memo::new(move |before: Option<&u32>| {
        let count = before.copied().unwrap_or_default();
        let now = (changes.get(), told.with(|told| told.0));
        let then = last.get_value();
        last.set_value(now);
        let concerns = told.with(|told| told.1.as_ref().is_none_or(&concern));
        let counts = now.0 != then.0 || (now.1 != then.1 && concerns);
        count + u32::from(counts)
    })
}

/// What all rooms do in the week.
pub fn timelines(centre: &CentreView, week: &Occupancy) -> Vec<Timeline> {
    let range = Slot::lasting(week.from.at(0), i64::from(week.days) * DAY);
    availability(&centre.centre, &week.taken, range)
}
