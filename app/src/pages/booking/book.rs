//! Booking form: the rules answer while one chooses.

use std::{sync::Arc, time::Duration};

use domain::{
    api::{Book, CentreView, ListMyBookings, NewBooking},
    booking::{Booking, admission::Admission, refusal::Refusal},
    id::RoomId,
    page::Page,
    person::behalf::Behalf,
    time::Slot,
    view::View,
};
use leptos::prelude::*;

use super::{
    ask::Verdict,
    draft::{Draft, Edit, NOTE, count_refusals},
    fields::{NoteField, PurposeField, RoomField, Says, TimeFields},
    finder::{QuestionLine, RoomRows},
    hold::{self, KeptOrAwaited},
    series::{SERIES, SeriesDraft, SeriesFields, SeriesOrder},
};
use crate::{
    api::{self, Trouble},
    components::{
        act::Act,
        live,
        notice::{Notice, Skeleton},
    },
    prefs::{self, lang},
    store::Store,
};

/// How often a booking that was not answered is sent again by itself.
const MOST_REPEATS: u8 = 5;

/// How much longer each time until then.
const REPEATED: Duration = Duration::from_secs(1);

/// The page.
#[component]
pub fn BookPage() -> impl IntoView {
    let store = Store::get();
    let body = move || match store.centre.get() {
        None if store.has_no_centre() => {
            view! { <p class="empty">{lang().no_centre()}</p> }.into_any()
        }
        None => view! { <Skeleton lines=6/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(centre)) => view! { <BookingForm centre/> }.into_any(),
    };
    // The map as it was looked at: the room, the day and the time stay.
    let back = move || store.view.with(|view| view.address(&Page::Map));
    view! {
        <main class="page form-page book-page" id="main">
            <h1 tabindex="-1">{lang().book_title()}</h1>
            <p><a class="button quiet-button" href=back>{lang().back_to_map()}</a></p>
            {live(body)}
        </main>
    }
    .into_any()
}

#[component]
fn BookingForm(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let draft = Draft::new(&centre);
    let revision = centre.revision;
    let id = StoredValue::new(centre.centre.id.clone());
    let house = StoredValue::new(centre.clone());
    // What the server has refused and counted itself is not counted here.
    let refused_there = StoredValue::new(false);
    store.keep_draft(
        "note".to_owned(),
        move || Some(draft.note.get()),
        move |kept| draft.note.set(kept.to_owned()),
    );
    let series = SeriesDraft::new(draft.base(), SERIES);
    let submit = Act::new();
    let order = SeriesOrder::new(series, submit, draft.note);
    // What was sent and not answered: it may be done.
    let lost = StoredValue::new(None::<NewBooking>);
    let arrive = move |booking: Booking, behalf: Option<Behalf>| {
        draft.note.try_set(String::new());
        hold::forget(draft);
        let said = match &behalf {
            Some(_) => t.booked_for(&booking.beneficiary, booking.state.word(t)),
            None => booking.state.word(t).to_owned(),
        };
        let view = View {
            day: Some(booking.start.local.date()),
            behalf,
            ..View::at_centre(Some(booking.centre.clone()))
        };
        // Whoever has gone elsewhere meanwhile stays there.
        if untrack(|| store.router.page.get()) == Some(Page::Book) {
            store.go(&Page::Booking(booking.centre, booking.id), &view, true);
        }
        Some(said)
    };
    // It waits to be sent: what is said of it stands above every page.
    let leave = move |behalf: Option<Behalf>| {
        draft.note.try_set(String::new());
        hold::forget(draft);
        if untrack(|| store.router.page.get()) == Some(Page::Book) {
            let view = View {
                behalf,
                ..store.here.get_untracked()
            };
            store.go(&Page::Map, &view, true);
        }
    };
    let book = move |new: NewBooking| {
        // The page may be gone while an answer is waited for.
        let centre = id.get_value();
        let words = house.with_value(|house| {
            let name = house.centre.room(&new.room).map(|room| room.name.get(t));
            let slot = Slot::new(new.start, new.end);
            let when = slot.map(|slot| t.slot(slot)).unwrap_or_default();
            let what = t.outbox_book(name.unwrap_or_default(), &when);
            untrack(|| store.says_for_whom(|name| t.outbox_for(&what, name), &what))
        });
        submit.run(async move {
            // Whoever chooses otherwise without an answer must not book twice.
            let before = lost.try_get_value().flatten();
            if let Some(before) = before.filter(|before| *before != new)
                && let Some(done) = find_done(&before).await?
            {
                lost.try_set_value(None);
                return Ok(arrive(done, before.behalf));
            }
            lost.try_set_value(Some(new.clone()));
            let booked = api::send_or_keep::<Book>(&centre, &new, &words).await;
            let booking = booked.inspect_err(|trouble| {
                if !trouble.passing {
                    refused_there.try_set_value(true);
                    lost.try_set_value(None);
                }
                if trouble.kept {
                    leave(new.behalf.clone());
                }
            })?;
            lost.try_set_value(None);
            Ok(arrive(booking, new.behalf))
        });
    };
    // Once the server is heard of again, the same is asked again: under its key it is done once.
    let repeats = StoredValue::new(MOST_REPEATS);
    let sent_at = StoredValue::new(0u32);
    let again = move || {
        let unanswered = lost.try_get_value().flatten();
        if let Some(new) = unanswered.filter(|_| !untrack(|| submit.pending())) {
            book(new);
        }
    };
    Effect::new(move |_| {
        let heard = store.version() != sent_at.get_value();
        let unanswered = submit.problem().is_some_and(|trouble| trouble.passing);
        let count = repeats.get_value();
        if heard && unanswered && count < MOST_REPEATS {
            repeats.set_value(count + 1);
            set_timeout(again, REPEATED * u32::from(count));
        }
    });
    let press = move || {
        let Some(room) = draft.room.get_untracked() else {
            return;
        };
        if !draft.has_room.get_untracked() {
            prefs::focus(".answers button");
            return;
        }
        if untrack(|| store.signed_in()) != Some(true) {
            prefs::keep(NOTE, &draft.note.get_untracked());
            series.carry(SERIES);
            prefs::keep("next", &store.view.get_untracked().address(&Page::Book));
            store.go(&Page::SignIn, &store.here.get_untracked(), false);
            return;
        }
        if series.wanted.with_untracked(Option::is_some) {
            order.press();
            return;
        }
        repeats.set_value(0);
        sent_at.set_value(untrack(|| store.version()));
        let slot = draft.slot.get_untracked();
        book(NewBooking {
            room: room.id,
            start: slot.start(),
            end: slot.end(),
            people: draft.people.get_untracked(),
            purpose: draft.purpose.get_untracked(),
            note: draft.note.get_untracked(),
            behalf: untrack(|| store.acting()),
            revision,
        });
    };
    count_refusals(draft, id, refused_there);
    let edit = Callback::new(move |edit: Edit| {
        let mut view = store.view.get_untracked();
        view.day = Some(draft.day.get_untracked());
        view.at = Some(draft.start.get_untracked());
        view.length = Some(draft.length.get_untracked());
        let room = draft.room.get_untracked().map(|room| room.id);
        view.room = room.filter(|_| draft.has_room.get_untracked());
        edit(&mut view);
        draft.asked.set_value(true);
        refused_there.set_value(false);
        submit.forget();
        repeats.set_value(MOST_REPEATS);
        store.go(&Page::Book, &view, true);
    });
    let set_room = Callback::new(move |id: RoomId| {
        edit.run(Box::new(move |view| view.room = Some(id.clone())));
    });
    let refused = move || is_refused(draft, series, &order, submit, store);
    let label = move || label_of(draft, series, store);
    let has_room = move || draft.has_room.get();
    let is_alone = move || series.wanted.with(Option::is_none);
    let problem = Memo::new(move |_| submit.problem());
    hold::keep(draft, Signal::derive(is_alone));
    view! {
        <p class="quiet">{centre.centre.name.get(t).to_owned()}</p>
        <form class="form" on:submit=move |event| { event.prevent_default(); press(); }>
            <QuestionLine draft edit/>
            <Show when=has_room><RoomField draft edit/></Show>
            <TimeFields draft edit/>
            <PurposeField draft edit/>
            <details class="manage" prop:open=move || !has_room()>
                <summary>{move || if has_room() { t.other_room() } else { t.rooms_that_fit() }}</summary>
                <RoomRows draft edit/>
            </details>
            <div class="form-rest" hidden=move || !has_room()>
                <SeriesFields series set_room/>
                <NoteField draft/>
            </div>
            <div class="form-end" hidden=move || !has_room()>
                <Show when=is_alone fallback=move || submit.refusal()>
                    <Says draft edit problem/>
                    <KeptOrAwaited draft/>
                </Show>
                <button class="button primary wide" disabled=refused aria-disabled=submit.disabled()>
                    {move || if submit.pending() { t.sending().to_owned() } else { label() }}
                </button>
            </div>
        </form>
    }
}

/// Whether the rules stand against what is chosen.
fn is_refused(
    draft: Draft,
    series: SeriesDraft,
    order: &SeriesOrder,
    submit: Act,
    store: Store,
) -> bool {
    if series.wanted.with(Option::is_some) {
        return store.signed_in() == Some(true) && !order.can_be_pressed();
    }
    // Who holds it may be oneself, elsewhere: the server knows.
    let says_no = |verdict: &Option<Verdict>| {
        let decided = verdict.as_ref().map(|verdict| &verdict.decided);
        matches!(decided, Some(Err(refusal)) if !matches!(refusal, Refusal::Held { .. }))
    };
    // Where no answer came, what stands against it may be one's own booking: it can be sent again.
    let unanswered = submit.problem().is_some_and(|trouble| trouble.passing);
    draft.verdict.with(says_no) && !unanswered
}

/// What the button does, and for whom.
fn label_of(draft: Draft, series: SeriesDraft, store: Store) -> String {
    let t = lang();
    if store.signed_in() != Some(true) {
        return t.sign_in_to_book().to_owned();
    }
    if series.wanted.with(Option::is_some) {
        return series.label(store);
    }
    let asks = draft.verdict.with(|verdict| {
        let decided = verdict.as_ref().map(|verdict| &verdict.decided);
        matches!(decided, Some(Ok(Admission::Requested)))
    });
    match asks {
        true => store.says_for_whom(|name| t.request_booking_for(name), t.request_booking()),
        false => store.says_for_whom(|name| t.confirm_booking_for(name), t.confirm_booking()),
    }
}

/// One's own booking of just this, if it is there. That of another is not looked for: staff see it on the calendar.
async fn find_done(wanted: &NewBooking) -> Result<Option<Booking>, Trouble> {
    if wanted.behalf.is_some() {
        return Ok(None);
    }
    let mine = api::get::<ListMyBookings>(&()).await?;
    if api::kept().is_some() {
        // What was seen before it was sent tells nothing of it.
        return Err(Trouble::offline());
    }
    let is_it = |one: &Booking| {
        one.state.is_live() && one.room == wanted.room && one.start.local == wanted.start
    };
    Ok(mine.into_iter().find(is_it))
}
