//! One booking: what was agreed, and what can still be done.

pub mod actions;
mod along;
pub mod answer;
pub mod ask;
pub mod awaited;
pub mod book;
mod change;
mod claims;
mod dates;
pub mod draft;
mod fields;
mod finder;
mod hold;
mod presence;
pub mod series;

use std::sync::Arc;

use domain::{
    api::{GetBooking, GetBookingStory},
    booking::{Booking, BookingState},
    id::{BookingId, CentreId},
    page::Page,
    person::{
        behalf::Behalf,
        permission::{may_act_for, may_change_booking, may_see_desk},
    },
    view::{USUAL_WAY, View},
};
use leptos::prelude::*;

use crate::{
    api,
    components::{live, once::once, share::Share, story::story},
    pages::booking::{
        actions::BookingActions, change::ChangeForm, dates::SeriesDates, presence::PresenceActions,
    },
    pages::person::push::AskOnce,
    prefs::lang,
    query::query,
    store::Store,
};

/// The page.
#[component]
pub fn BookingPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let path = Memo::new(move |_| match store.router.page.get()? {
        Page::Booking(centre, id) => Some((centre, id)),
        _ => None,
    });
    // Another booking is another ticket.
    let body = move || path.get().map(|path| view! { <OfBooking path/> });
    let back = move || {
        let (page, words) = match store.view.get() {
            View {
                centre: Some(centre),
                behalf: Some(behalf),
                ..
            } => (Page::Record(centre, behalf.person), t.to_record()),
            _ => (Page::Me, t.to_my_bookings()),
        };
        view! { <p><a class="button" href=store.href(page)>{words}</a></p> }
    };
    view! {
        <main class="page form-page" id="main">
            <h1 tabindex="-1">{t.booking_title()}</h1>
            {live(body)}
            {live(back)}
        </main>
    }
    .into_any()
}

#[component]
fn OfBooking(path: (CentreId, BookingId)) -> impl IntoView {
    let store = Store::get();
    let asked = StoredValue::new(path);
    let booking = query(
        move || Some(asked.get_value()),
        move || store.version(),
        None,
        |path| async move { api::get::<GetBooking>(&path).await },
    );
    once(booking, 5, |booking| view! { <Card booking/> }.into_any())
}

/// For whom it would be booked again: for whom staff act, else whose booking staff look at.
fn behalf(store: Store, booking: &Booking) -> Option<Behalf> {
    let acting = store.view.with_untracked(|view| view.behalf.clone());
    acting
        .filter(|acting| acting.person == booking.person)
        .or_else(|| {
            let actor = store.actor();
            let of_another = actor.person.as_ref() != Some(&booking.person);
            (of_another && may_act_for(&actor, &booking.centre)).then(|| Behalf {
                person: booking.person.clone(),
                channel: USUAL_WAY,
            })
        })
}

/// The series that a booking is a date of.
fn draw_series(shown: RwSignal<Booking>) -> AnyView {
    let of_series = Memo::new(move |_| {
        shown.with(|one| Some((one.centre.clone(), one.series.clone()?, one.id.clone())))
    });
    let dates = move || {
        let (centre, series, booking) = of_series.get()?;
        Some(view! { <SeriesDates centre series booking/> })
    };
    view! { {live(dates)} }.into_any()
}

#[component]
fn Card(booking: Memo<Arc<Booking>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    // What one has just done is shown at once, what others do when it arrives.
    let shown = RwSignal::new((*booking.get_untracked()).clone());
    Effect::new(move |_| {
        let now = booking.get();
        if shown.with_untracked(|shown| *shown != *now) {
            shown.set((*now).clone());
        }
    });
    // The buttons outlive what changes in the ticket, except for its state: then there are others.
    let state = Memo::new(move |_| shown.with(|shown| (shown.state, shown.end, shown.id.clone())));
    let actions = move || {
        // Asked for, not only tracked: a memo that nobody asked tells of nothing.
        state.get();
        let booking = shown.get_untracked();
        view! { <BookingActions booking changed=Callback::new(move |booking| shown.set(booking))/> }
    };
    // The form, and the way to undo, outlive what it changes.
    let may_change =
        Memo::new(move |_| shown.with(|one| may_change_booking(&store.actor(), &one.centre)));
    let change = move || {
        may_change
            .get()
            .then(|| view! { <ChangeForm booking=shown/> })
    };
    let told = move || {
        let path = booking.with_untracked(|one| (one.centre.clone(), one.id.clone()));
        may_change.get().then(|| story::<GetBookingStory>(path))
    };
    let card = move || {
        let booking = shown.get();
        let on_map = View {
            day: Some(booking.start.local.date()),
            at: Some(booking.start.local.minute_of_day()),
            length: Some(booking.slot().minutes()),
            room: Some(booking.room.clone()),
            behalf: behalf(store, &booking),
            ..View::at_centre(Some(booking.centre.clone()))
        };
        let again = View {
            needs: domain::centre::room::Needs {
                people: booking.people,
                ..Default::default()
            },
            ..on_map.clone()
        };
        let is_over = booking.end.utc() <= store.clock.get_untracked();
        let next = match booking.state {
            BookingState::Confirmed if is_over => t.next_past(),
            BookingState::Confirmed if booking.check_in.at.is_some() => t.next_here(),
            BookingState::Confirmed if booking.check_in.by.is_some() => t.next_check_in(),
            BookingState::Confirmed => t.next_confirmed(),
            BookingState::Requested => t.next_requested(),
            BookingState::Released => t.next_released(),
            BookingState::Lapsed => t.next_lapsed(),
            BookingState::Undone | BookingState::Cancelled | BookingState::Declined => {
                t.next_over()
            }
        };
        // Staff read what they can say to the person.
        let theirs = store.actor().person.as_ref() != Some(&booking.person);
        let next = match theirs {
            true => view! { <p>{t.say_to(&booking.beneficiary)}</p><p class="quote">{next}</p> }
                .into_any(),
            false => view! { <p>{next}</p> }.into_any(),
        };
        let over = !booking.state.is_live();
        let again_words = match &again.behalf {
            Some(_) => t.book_again_for(&booking.beneficiary),
            None => t.book_again().to_owned(),
        };
        let purpose = booking
            .purpose
            .map(|purpose| view! { <dt>{t.purpose()}</dt><dd>{purpose.word(t)}</dd> });
        let note = (!booking.note.is_empty())
            .then(|| view! { <dt>{t.note()}</dt><dd lang=t.tongue_of(&booking.note)>{booking.note.clone()}</dd> });
        let reason = (!booking.reason.is_empty())
            .then(|| view! { <dt>{t.reason()}</dt><dd>{booking.reason.clone()}</dd> });
        let me = store.actor().person;
        let for_whom = (me.as_ref() == Some(&booking.made_by) && booking.made_by_name.is_some()
            || may_see_desk(&store.actor(), &booking.centre))
        .then(|| {
            let phone = booking.phone.clone().map(|phone| {
                view! { " · "<a href=format!("tel:{phone}")><bdi>{phone.clone()}</bdi></a> }
            });
            view! { <dt>{t.beneficiary()}</dt><dd>{booking.beneficiary.clone()}{phone}</dd> }
        });
        let made_by = booking.made_by_name.as_ref().map(|name| {
            let words = t.made_by(name, booking.channel.word(t));
            view! { <p class="quiet">{words}</p> }
        });
        // Those one invites need to know where and when, and nothing of the ticket.
        let open_to_all = View {
            behalf: None,
            ..on_map.clone()
        };
        let words = [
            booking.room_name.get(t),
            &t.slot(booking.slot()),
            booking.centre_name.get(t),
        ]
        .join(" · ");
        let share = booking.state.is_live().then(|| {
            view! { <div class="actions"><Share words address=open_to_all.address(&Page::Map)/></div> }
        });
        // The way there, for whoever has never been.
        let (is_live, on_plan) = (booking.state.is_live(), on_map.address(&Page::Map));
        let way = move || {
            let centre = store.centre.get()?.ok().filter(|_| is_live)?;
            let of = &centre.centre;
            let phone = of.phone.clone();
            Some(view! {
                <p class="way">
                    <span>{of.address.get(t).to_owned()}</span>
                    <span class="quiet">{of.directions.get(t).to_owned()}</span>
                    <span><a href=on_plan.clone()>{t.see_on_plan()}</a>" · "
                        <a href=format!("tel:{}", phone.replace([' ', '-'], ""))>{t.desk_phone()}" "<bdi>{phone.clone()}</bdi></a></span>
                </p>
            })
        };
        view! {
            <article class=format!("ticket t-{}", booking.state.code())>
                <p class="ticket-state">{booking.word(t)}</p>
                <h2>{booking.title.as_ref().unwrap_or(&booking.room_name).get(t).to_owned()}</h2>
                <p class="ticket-time">{t.slot_seen(booking.slot(), store.today())}</p>
                <dl>
                    <dt>{t.room()}</dt><dd><a href=on_map.address(&Page::Map)>{booking.room_name.get(t).to_owned()}</a></dd>
                    <dt>{t.centre()}</dt><dd>{booking.centre_name.get(t).to_owned()}</dd>
                    <dt>{t.how_many()}</dt><dd>{t.people(booking.people)}</dd>
                    {for_whom}{purpose}{note}{reason}
                </dl>
                {made_by}
                {next}
                {live(way)}
                {share}
                {over.then(|| view! { <p><a class="button" href=again.address(&Page::Book)>{again_words}</a></p> })}
            </article>
        }
    };
    // Whoever has just booked may want to be told; staff who look at it do not.
    let asks = Memo::new(move |_| {
        let me = store
            .me
            .with(|me| Some(me.as_ref()?.profile.as_ref()?.id.clone()));
        let now = store.clock.get();
        shown.with(|one| {
            one.state.is_live() && one.start.utc() > now && me.as_ref() == Some(&one.person)
        })
    });
    let ask = move || asks.get().then(|| view! { <AskOnce/> });
    view! {
        {live(card)}
        {live(ask)}
        <PresenceActions booking=shown/>
        {live(actions)}
        {draw_series(shown)}
        {live(change)}
        {live(told)}
    }
}
