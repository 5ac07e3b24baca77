//! What can still be done with a booking: undo, cancel, put it into one's calendar.

use domain::{
    api::{CancelBooking, Endpoint, GetCalendarFile, Reason, UndoBooking},
    booking::{Booking, BookingState},
};
use leptos::prelude::*;

use super::live;
use crate::{
    api::{self, Key},
    prefs::lang,
    store::Store,
};

/// The buttons under a booking. `changed` gets the booking as it is after one of them.
#[component]
pub fn BookingActions(booking: Booking, changed: Callback<Booking>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let path = StoredValue::new((booking.centre.clone(), booking.id.clone()));
    let asking = RwSignal::new(false);
    let act = Action::new_local(move |undo: &bool| {
        let (undo, path) = (*undo, path.get_value());
        async move {
            let done = if undo {
                api::send::<UndoBooking>(&path, &(), &Key::new()).await
            } else {
                api::send::<CancelBooking>(&path, &Reason::default(), &Key::new()).await
            };
            if let Ok(booking) = &done {
                store.done(booking.state.word(t));
                store.changes.update(|n| *n += 1);
                changed.run(booking.clone());
            }
            done
        }
    });
    let problem = move || {
        let problem = act.value().get()?.err()?;
        Some(view! { <p class="refusal" role="alert">{problem.text}</p> })
    };
    let is_live = booking.state.is_live();
    let (undo_until, ends, cancel_until) = (booking.undo_until, booking.end, booking.cancel_until);
    let requested = booking.state == BookingState::Requested;
    let mine = store.actor().person.as_ref() == Some(&booking.made_by);
    let can_undo = move || is_live && mine && store.clock.get() <= undo_until.utc();
    let can_cancel = move || is_live && !can_undo() && store.clock.get() < ends.utc();
    let pending = act.pending();
    let file = GetCalendarFile::url(&(booking.centre, booking.id));
    view! {
        <div class="actions">
            <Show when=can_undo>
                <button class="button" disabled=pending on:click=move |_| { act.dispatch(true); }>
                    {t.undo_until(&undo_until.local.clock())}
                </button>
            </Show>
            <Show when=can_cancel>
                <Show
                    when=move || asking.get()
                    fallback=move || view! {
                        <button class="button" on:click=move |_| asking.set(true)>{t.cancel_booking()}</button>
                    }
                >
                    <p class="ask">{t.cancel_sure()}</p>
                    <button class="button danger" disabled=pending on:click=move |_| { act.dispatch(false); }>
                        {t.cancel_yes()}
                    </button>
                    <button class="button" on:click=move |_| asking.set(false)>{t.cancel_no()}</button>
                </Show>
            </Show>
            {is_live.then(|| view! { <a class="button" href=file download="linli.ics">{t.calendar_file()}</a> })}
        </div>
        {(is_live && !requested).then(|| view! { <p class="quiet">{t.cancel_by(&t.moment(cancel_until.local))}</p> })}
        {live(problem)}
    }
}
