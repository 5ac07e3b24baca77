//! What can still be done with a booking: undo, cancel, put it into one's calendar.

use domain::{
    api::{
        CancelBooking, Cancellation, Endpoint, GetBooking, GetCalendarFile, RestoreBooking,
        UndoBooking, UndoSeries,
    },
    booking::{Booking, BookingState},
};
use leptos::prelude::*;

use super::along::{AlongDraft, along_fields};
use crate::{
    api::{self, Trouble},
    components::{act::Act, live},
    prefs::lang,
    store::Store,
};

/// What somebody presses.
enum BookingPress {
    Undo,
    UndoSeries,
    Cancel,
    Restore,
}

/// The buttons under a booking. `changed` gets the booking as it is after one of them.
#[component]
pub fn BookingActions(booking: Booking, changed: Callback<Booking>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let path = StoredValue::new((booking.centre.clone(), booking.id.clone()));
    let asking = RwSignal::new(false);
    let act = Act::new();
    let along = AlongDraft::new(&booking);
    let of = StoredValue::new(booking.clone());
    let press = move |press: BookingPress| {
        let path = path.get_value();
        let words = of.with_value(|of| t.outbox_cancel(of.room_name.get(t), &t.slot(of.slot())));
        act.run(async move {
            let booking = match press {
                BookingPress::Undo => api::send_or_keep::<UndoBooking>(&path, &(), &words).await?,
                BookingPress::UndoSeries => {
                    let Some(series) = of.try_with_value(|of| of.series.clone()).flatten() else {
                        return Ok(None);
                    };
                    api::send::<UndoSeries>(&(path.0.clone(), series), &()).await?;
                    api::get::<GetBooking>(&path).await?
                }
                BookingPress::Cancel => {
                    // A last day that cannot be read is asked for again: nothing else is called off instead.
                    let Some(along) = along.read() else {
                        return Err(Trouble::said(lang().cannot_be_empty().to_owned()));
                    };
                    let body = Cancellation {
                        along,
                        ..Cancellation::default()
                    };
                    api::send_or_keep::<CancelBooking>(&path, &body, &words).await?
                }
                BookingPress::Restore => api::send::<RestoreBooking>(&path, &()).await?,
            };
            let words = booking.state.word(t).to_owned();
            changed.try_run(booking);
            Ok(Some(words))
        });
    };
    let is_live = booking.state.is_live();
    let is_series = booking.series.is_some();
    // A slip of the finger, or of the mind.
    let restore = move || {
        let until = booking
            .restore_until
            .filter(|until| store.clock.get() <= until.utc())?;
        let label = t.restore_until(&until.local.clock());
        Some(
            view! { <button class="button" aria-disabled=act.disabled() on:click=move |_| press(BookingPress::Restore)>{label}</button> },
        )
    };
    let (undo_until, ends, cancel_until) = (booking.undo_until, booking.end, booking.cancel_until);
    let requested = booking.state == BookingState::Requested;
    let mine = store.actor().person.as_ref() == Some(&booking.made_by);
    let can_undo = move || is_live && mine && store.clock.get() <= undo_until.utc();
    let can_cancel = move || is_live && !can_undo() && store.clock.get() < ends.utc();
    let deadline = move || match store.clock.get() <= cancel_until.utc() {
        true => t.cancel_by(&t.moment(cancel_until.local)),
        false => t.cancel_over().to_owned(),
    };
    let file = GetCalendarFile::url(&(booking.centre, booking.id));
    view! {
        <div class="actions">
            <Show when=can_undo>
                <button class="button" aria-disabled=act.disabled() on:click=move |_| press(BookingPress::Undo)>
                    {t.undo_until(&undo_until.local.clock())}
                </button>
                {is_series.then(|| view! {
                    <button class="button" aria-disabled=act.disabled() on:click=move |_| press(BookingPress::UndoSeries)>{t.undo_series()}</button>
                })}
            </Show>
            <Show when=can_cancel>
                <Show
                    when=move || asking.get()
                    fallback=move || view! {
                        <button class="button" on:click=move |_| asking.set(true)>{t.cancel_booking()}</button>
                    }
                >
                    // Where the first button was now stands the harmless one: a second tap cancels nothing.
                    <button class="button" on:click=move |_| asking.set(false)>{t.cancel_no()}</button>
                    <p class="ask">{t.cancel_sure()}</p>
                    {of.with_value(|of| of.series.is_some().then(|| along_fields(of, along, t.cancel_which(), || {})))}
                    <button class="button danger" aria-disabled=act.disabled() on:click=move |_| press(BookingPress::Cancel)>
                        {move || if along.is_alone() { t.cancel_yes() } else { t.cancel_chosen() }}
                    </button>
                </Show>
            </Show>
            {live(restore)}
            {is_live.then(|| view! { <a class="button" href=file download="linli.ics">{t.calendar_file()}</a> })}
        </div>
        {(is_live && !requested).then(|| view! { <p class="quiet">{deadline}</p> })}
        {act.refusal()}
    }
}
