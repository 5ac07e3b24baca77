//! Booking a series: sent as a whole, and sent again as it was where no answer came.

use domain::{
    api::{BookSeries, NewSeries},
    booking::admission::Admission,
    page::Page,
    time::Slot,
    view::View,
};
use leptos::prelude::*;

use super::draft::{SERIES, SeriesDraft};
use crate::{api, components::act::Act, prefs::lang, store::Store};

/// What the button of the booking form does with a series.
#[derive(Clone, Copy)]
pub struct SeriesOrder {
    store: Store,
    series: SeriesDraft,
    submit: Act,
    note: RwSignal<String>,
    /// What was sent and not answered: it may be booked. Sent again as it was, it is done once.
    lost: StoredValue<Option<NewSeries>>,
}

impl SeriesOrder {
    /// Nothing was sent yet.
    pub fn new(series: SeriesDraft, submit: Act, note: RwSignal<String>) -> Self {
        Self {
            store: Store::get(),
            series,
            submit,
            note,
            lost: StoredValue::new(None),
        }
    }

    /// Whether each date can be had, or no answer came to what was sent.
    pub fn can_be_pressed(self) -> bool {
        let unanswered = self.submit.problem().is_some_and(|trouble| trouble.passing);
        self.series.count().is_some() || unanswered
    }

    /// Books it; where a date cannot be had any more all are looked at anew.
    pub fn press(self) {
        let Self {
            store,
            series,
            submit,
            note,
            lost,
        } = self;
        let wanted = series.wanted.get_untracked().map(|new| NewSeries {
            note: note.get_untracked(),
            ..new
        });
        let Some(new) = lost.get_value().or(wanted) else {
            return;
        };
        let t = lang();
        let base = series.base;
        let centre = base.centre.with_value(|centre| centre.centre.id.clone());
        let words = base.centre.with_value(|centre| {
            let name = centre.centre.room(&new.room).map(|room| room.name.get(t));
            let slot = Slot::new(new.start, new.end);
            let when = slot.map(|slot| t.slot(slot)).unwrap_or_default();
            let count = untrack(|| series.count()).unwrap_or_default();
            let what = t.outbox_series(name.unwrap_or_default(), &when, count);
            untrack(|| store.says_for_whom(|name| t.outbox_for(&what, name), &what))
        });
        submit.run(async move {
            lost.try_set_value(Some(new.clone()));
            let plan = api::send_or_keep::<BookSeries>(&centre, &new, &words).await;
            let plan = plan.inspect_err(|trouble| {
                if !trouble.passing {
                    lost.try_set_value(None);
                }
                // It waits to be sent: what is said of it stands above every page.
                if trouble.kept {
                    note.try_set(String::new());
                    store.forget_draft(SERIES);
                    if untrack(|| store.router.page.get()) == Some(Page::Book) {
                        let view = View {
                            behalf: new.behalf.clone(),
                            ..store.here.get_untracked()
                        };
                        store.go(&Page::Map, &view, true);
                    }
                }
            })?;
            lost.try_set_value(None);
            let Some(made) = plan.made else {
                series.look_again();
                return Ok(Some(t.series_overtaken().to_owned()));
            };
            note.try_set(String::new());
            store.forget_draft(SERIES);
            let view = View {
                day: plan.dates.first().map(|date| date.place.start.date()),
                behalf: new.behalf,
                ..View::at_centre(Some(centre.clone()))
            };
            // Whoever has gone elsewhere meanwhile stays there.
            if untrack(|| store.router.page.get()) == Some(Page::Book) {
                store.go(&Page::Booking(centre, made.first), &view, true);
            }
            let mut dates = plan.dates.iter();
            let asks = dates.any(|date| date.admission == Some(Admission::Requested));
            Ok(Some(match asks {
                true => t.series_booked(plan.dates.len()),
                false => t.series_booked_now(plan.dates.len()),
            }))
        });
    }
}
