//! Series on the booking and the publishing form: each date is looked at before any is booked, and can be changed or skipped.

mod draft;
mod list;
mod send;

use domain::id::RoomId;
use leptos::prelude::*;

use self::list::Dates;
pub use self::{
    draft::{Base, SERIES, SeriesDraft},
    send::SeriesOrder,
};
use crate::components::recurrence::RecurrenceFields;

/// The fields, and the dates.
#[component]
pub fn SeriesFields(series: SeriesDraft, set_room: Callback<RoomId>) -> impl IntoView {
    view! {
        <RecurrenceFields repeats=series.repeats first=series.day/>
        <Show when=move || series.wanted.with(Option::is_some)>
            <Dates series set_room/>
        </Show>
    }
}
