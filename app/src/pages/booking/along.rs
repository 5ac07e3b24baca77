//! Which dates of a series, or sessions of an activity, an act is about.

use domain::{api::Along, booking::Booking, time::Date};
use leptos::prelude::*;

use crate::prefs::lang;

/// What is chosen.
#[derive(Clone, Copy)]
pub(super) struct AlongDraft {
    which: RwSignal<String>,
    last: RwSignal<String>,
}

impl AlongDraft {
    /// The date itself; a last day is suggested a week on.
    pub(super) fn new(booking: &Booking) -> Self {
        Self {
            which: RwSignal::new("one".to_owned()),
            last: RwSignal::new(booking.slot().start().date().plus(7).to_string()),
        }
    }

    /// Whether it is about the date alone.
    pub(super) fn is_alone(self) -> bool {
        self.which.with(|which| which == "one")
    }

    /// What it is about; none where the last day cannot be read, or the form is gone.
    pub(super) fn read(self) -> Option<Along> {
        Some(match self.which.try_get_untracked()?.as_str() {
            "following" => Along::Following,
            "until" => Along::Until(Date::parse(&self.last.try_get_untracked()?)?),
            "all" => Along::All,
            _ => Along::One,
        })
    }
}

/// The choice, for a date of a series or a session; nothing for a booking alone. `changed` runs after each choice.
pub(super) fn along_fields(
    booking: &Booking,
    draft: AlongDraft,
    label: &'static str,
    changed: impl Fn() + Copy + 'static,
) -> AnyView {
    let t = lang();
    let (one, following) = match (&booking.series, &booking.title) {
        (Some(_), _) => (t.along_one(), t.along_following()),
        (None, Some(_)) => (t.change_one(), t.change_following()),
        (None, None) => return ().into_any(),
    };
    let AlongDraft { which, last } = draft;
    let set = move |field: RwSignal<String>| {
        move |event| {
            field.try_set(event_target_value(&event));
            changed();
        }
    };
    let choices = [
        ("one", one),
        ("following", following),
        ("until", t.change_until()),
        ("all", t.along_all()),
    ]
    .map(|(code, words)| view! { <option value=code prop:selected=move || which.get() == code>{words}</option> });
    view! {
        <label class="field">
            <span>{label}</span>
            <select name="along" on:change=set(which)>{choices.collect_view()}</select>
        </label>
        <label class="field" class:gone=move || which.get() != "until">
            <span>{t.change_last()}</span>
            <input type="date" name="last" prop:value=move || last.get() on:change=set(last)/>
        </label>
    }
    .into_any()
}
