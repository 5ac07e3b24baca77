//! The series that a booking is a date of: its rule, and what became of each date.

use domain::{
    api::{Endpoint, GetSeries, GetSeriesFile, Series},
    booking::Booking,
    id::{BookingId, CentreId, SeriesId},
    page::Page,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{live, once::once},
    prefs::lang,
    query::query,
    store::Store,
};

/// The series of a booking, under its ticket; `booking` is one of its dates.
#[component]
pub(super) fn SeriesDates(centre: CentreId, series: SeriesId, booking: BookingId) -> impl IntoView {
    let store = Store::get();
    let path = StoredValue::new((centre, series));
    let loaded = query(
        move || Some(path.get_value()),
        move || store.version(),
        None,
        |path| async move { api::get::<GetSeries>(&path).await },
    );
    let here = StoredValue::new(booking);
    let file = path.with_value(GetSeriesFile::url);
    once(loaded, 2, move |series| {
        let head = move || series.with(|series| here.with_value(|here| tell(series, here)));
        let rows = Memo::new(move |_| series.with(|series| series.bookings.clone()));
        view! {
            <section class="series" aria-labelledby="of-series">
                <h2 id="of-series">{lang().series_title()}</h2>
                <p>{head}</p>
                <details>
                    <summary>{move || rows.with(|rows| lang().all_dates(rows.len()))}</summary>
                    <ol class="plain series-dates">
                        <For each=move || rows.get() key=|one| (one.id.clone(), one.state.code(), one.slot(), one.room.clone()) children=move |one| row(&one, here)/>
                    </ol>
                </details>
                <div class="actions"><a class="button" href=file.clone() download="linli.ics">{lang().series_file()}</a></div>
            </section>
        }
        .into_any()
    })
}

/// `每周一，第 3 次，共 12 次`.
fn tell(series: &Series, here: &BookingId) -> String {
    let t = lang();
    let nth = series.bookings.iter().position(|one| one.id == *here);
    let rule = t.recurrence(&series.rule);
    t.series_of(&rule, nth.unwrap_or_default() + 1, series.bookings.len())
}

fn row(one: &Booking, here: StoredValue<BookingId>) -> AnyView {
    let t = lang();
    let store = Store::get();
    let is_here = here.with_value(|here| *here == one.id);
    let page = Page::Booking(one.centre.clone(), one.id.clone());
    let (when, room) = (
        t.slot_seen(one.slot(), store.today()),
        one.room_name.get(t).to_owned(),
    );
    let word = one.word(t);
    let is_live = one.state.is_live();
    let when = move || match is_here {
        true => view! { <strong aria-current="true">{when.clone()}</strong> }.into_any(),
        false => view! { <a href=store.href(page.clone())>{when.clone()}</a> }.into_any(),
    };
    view! {
        <li class="series-date" class:skipped=!is_live>
            {live(when)}
            <span class="date-facts">{room}" · "{word}</span>
        </li>
    }
    .into_any()
}
