//! A series while it is chosen: its rule and exceptions, and what the server says of it before any date is booked.

use std::sync::Arc;

use domain::{
    api::{CentreView, NewSeries, PlanActivity, PlanSeries, SeriesPlan},
    booking::{admission::Admission, series::Exception},
    centre::room::{Purpose, Room},
    id::RoomId,
    recurrence::Recurrence,
    time::{Date, LocalTime, Slot},
};
use leptos::prelude::*;

use crate::{
    api::{self, Trouble},
    components::recurrence::Repeats,
    prefs::{self, lang},
    query,
    store::Store,
};

/// Where what repeats stays on the booking form while one signs in, and over a reload.
pub const SERIES: &str = "series";

/// What the dates of a series have in common, as it is chosen.
#[derive(Clone, Copy)]
pub struct Base {
    /// The centre.
    pub centre: StoredValue<Arc<CentreView>>,
    /// The room.
    pub room: Memo<Option<Room>>,
    /// The time of the first date.
    pub slot: Memo<Slot>,
    /// How many people.
    pub people: Memo<u16>,
    /// What for.
    pub purpose: Memo<Option<Purpose>>,
    /// It is an activity's: its sessions count in nobody's quotas.
    pub of_activity: bool,
}

impl Base {
    pub(super) fn name_of(self, room: &RoomId) -> String {
        self.centre.with_value(|centre| {
            let room = centre.centre.room(room);
            room.map(|room| room.name.get(lang()).to_owned())
                .unwrap_or_default()
        })
    }
}

/// What is kept of a series: its rule, its exceptions, and the start and room that it was chosen for.
type Kept = (Recurrence, Vec<Exception>, (LocalTime, RoomId));

/// What is chosen of a series, and what would become of it.
#[derive(Clone, Copy)]
pub struct SeriesDraft {
    pub(super) base: Base,
    pub(super) day: Memo<Date>,
    pub(super) repeats: Repeats,
    pub(super) exceptions: RwSignal<Vec<Exception>>,
    /// What the server said last, and to what.
    pub(super) plan: RwSignal<Option<(NewSeries, Result<SeriesPlan, Trouble>)>>,
    /// Counts the times that it is to be asked again.
    again: RwSignal<u32>,
    /// The series as it is wanted, without a note; none where it is one booking alone.
    pub wanted: Memo<Option<NewSeries>>,
}

impl SeriesDraft {
    /// Nothing repeats. The draft is kept under a name.
    pub fn new(base: Base, kept_as: &'static str) -> Self {
        let store = Store::get();
        let repeats = Repeats::new();
        let exceptions = RwSignal::new(Vec::<Exception>::new());
        let day = Memo::new(move |_| base.slot.get().start().date());
        let wanted = Memo::new(move |_| {
            let rule = repeats.rule(day.get())?;
            let slot = base.slot.get();
            Some(NewSeries {
                rule,
                exceptions: exceptions.get(),
                room: base.room.get()?.id,
                start: slot.start(),
                end: slot.end(),
                people: base.people.get(),
                purpose: base.purpose.get(),
                note: String::new(),
                behalf: store.acting(),
            })
        });
        let series = Self {
            base,
            day,
            repeats,
            exceptions,
            plan: RwSignal::new(None),
            again: RwSignal::new(0),
            wanted,
        };
        series.ask();
        // What a visitor chose before they signed in comes before what they had chosen another time.
        let brought = StoredValue::new(prefs::take_kept(kept_as));
        series.restore(&brought.get_value());
        store.keep_draft(
            kept_as.to_owned(),
            move || series.written(),
            move |kept| {
                if brought.with_value(String::is_empty) {
                    series.restore(kept);
                }
            },
        );
        series
    }

    /// What is chosen, as text; none where nothing repeats.
    fn written(self) -> Option<String> {
        let rule = self.repeats.rule(self.day.get())?;
        let of = (self.base.slot.get().start(), self.room_id());
        serde_json::to_string(&(rule, self.exceptions.get(), of)).ok()
    }

    fn restore(self, kept: &str) {
        let kept: Option<Kept> = serde_json::from_str(kept).ok();
        // Whoever comes to the booking form by another link begins anew; an activity has a draft of its own.
        let here = untrack(|| (self.base.slot.get().start(), self.room_id()));
        let kept = kept.filter(|(_, _, of)| self.base.of_activity || *of == here);
        let first = kept.as_ref().map_or(here.0, |(_, _, of)| of.0).date();
        self.repeats
            .set(kept.as_ref().map(|(rule, ..)| rule), first);
        let exceptions = kept.map(|(_, exceptions, _)| exceptions);
        self.exceptions.set(exceptions.unwrap_or_default());
    }

    fn room_id(self) -> RoomId {
        self.base.room.get().map(|room| room.id).unwrap_or_default()
    }

    /// Keeps what a visitor chose while they sign in.
    pub fn carry(self, kept_as: &str) {
        prefs::keep(kept_as, &untrack(|| self.written()).unwrap_or_default());
    }

    /// What the server said to what is wanted now; none while it has not.
    pub(super) fn answer(self) -> Option<Result<SeriesPlan, Trouble>> {
        let wanted = self.wanted.get()?;
        self.plan.with(|plan| {
            let (asked, answer) = plan.as_ref()?;
            (*asked == wanted).then(|| answer.clone())
        })
    }

    /// Asks what would become of it, as often as it is another, or others book.
    fn ask(self) {
        let store = Store::get();
        let turn = StoredValue::new(0u32);
        let version = store.version_in(move || {
            let first = self.day.get();
            let rule = self.repeats.rule(first)?;
            let last = rule.dates(first).last()?.plus(1);
            Some((first, last))
        });
        Effect::new(move |_| {
            query::track_retries();
            version.get();
            self.again.track();
            // Whatever is on its way was about something else.
            let Some(mine) = turn.try_update_value(|turn| {
                *turn += 1;
                *turn
            }) else {
                return;
            };
            let Some(wanted) = self.wanted.get() else {
                self.plan.set(None);
                return;
            };
            if store.signed_in() != Some(true) {
                return;
            }
            let base = self.base;
            let id = base.centre.with_value(|centre| centre.centre.id.clone());
            leptos::task::spawn_local(async move {
                let plan = match base.of_activity {
                    true => api::send::<PlanActivity>(&id, &wanted).await,
                    false => api::send::<PlanSeries>(&id, &wanted).await,
                };
                if turn.try_get_value() == Some(mine) {
                    self.plan.try_set(Some((wanted, plan)));
                }
            });
        });
    }

    /// Others booked meanwhile: it is looked at anew.
    pub fn look_again(self) {
        self.again.try_update(|count| *count += 1);
    }

    /// Whether it is not known yet what would become of it.
    pub fn is_looking(self) -> bool {
        self.answer().is_none()
    }

    /// How many dates would be booked; none where one of them cannot be had, or that is not known.
    pub fn count(self) -> Option<usize> {
        let plan = self.answer()?.ok()?;
        let all = plan.dates.iter().all(|one| one.admission.is_some());
        Some(plan.dates.len()).filter(|count| all && *count > 0)
    }

    /// Whether staff decide about a date of it.
    pub fn asks(self) -> bool {
        let plan = self.answer().and_then(Result::ok);
        let dates = plan.map(|plan| plan.dates).unwrap_or_default();
        let mut dates = dates.iter();
        dates.any(|one| one.admission == Some(Admission::Requested))
    }

    /// What the button that books it says.
    pub fn label(self, store: Store) -> String {
        let t = lang();
        let Some(count) = self.count() else {
            return match self.is_looking() {
                true => t.series_looking().to_owned(),
                false => t.series_unsettled().to_owned(),
            };
        };
        match self.asks() {
            true => store.says_for_whom(|name| t.ask_series_for(count, name), &t.ask_series(count)),
            false => {
                store.says_for_whom(|name| t.book_series_for(count, name), &t.book_series(count))
            }
        }
    }

    /// How many dates it has, without those that are skipped.
    pub fn length(self) -> Option<usize> {
        let first = self.day.get();
        let dates = self.repeats.rule(first)?.dates(first);
        let exceptions = self.exceptions.get();
        let skipped = |day: &Date| {
            let mut all = exceptions.iter();
            all.any(|one| one.on == *day && one.instead.is_none())
        };
        Some(dates.iter().filter(|day| !skipped(day)).count())
    }

    /// Sets one date to be otherwise; none for as the rest.
    pub(super) fn set(self, on: Date, exception: Option<Exception>) {
        self.exceptions.update(|all| {
            all.retain(|one| one.on != on);
            all.extend(exception);
        });
    }
}
