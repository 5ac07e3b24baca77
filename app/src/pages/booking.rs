//! One booking: what was agreed, and what can still be done.

use domain::{
    api::GetBooking,
    booking::{Booking, BookingState},
    id::{BookingId, CentreId},
    permission::may_see_house,
    view::View,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::live;
use crate::{
    api,
    components::{
        notice::{Notice, Skeleton},
        undo::BookingActions,
    },
    prefs::lang,
    query::query,
    store::Store,
};

/// The page.
#[component]
pub fn BookingPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let params = use_params_map();
    let booking = query(
        move || {
            params.with(|params| {
                Some((
                    CentreId::new(params.get("centre")?),
                    BookingId::new(params.get("booking")?),
                ))
            })
        },
        move || store.version(),
        None,
        |path| async move { api::get::<GetBooking>(&path).await },
    );
    let back = move || {
        let (href, words) = match store.view.get() {
            View {
                centre: Some(centre),
                behalf: Some(behalf),
                ..
            } => {
                let view = View {
                    behalf: Some(behalf.clone()),
                    ..View::default()
                };
                let href = format!("/people/{centre}/{}{}", behalf.person, view.query());
                (href, t.to_record())
            }
            _ => ("/me".to_owned(), t.to_my_bookings()),
        };
        view! { <p><a class="button" href=href>{words}</a></p> }
    };
    let body = move || match booking.get() {
        None => view! { <Skeleton lines=5/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(found)) => view! { <Card booking=(*found).clone()/> }.into_any(),
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
fn Card(booking: Booking) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let shown = RwSignal::new(booking);
    let card = move || {
        let booking = shown.get();
        let on_map = View {
            centre: Some(booking.centre.clone()),
            day: Some(booking.start.local.date()),
            at: Some(booking.start.local.minute_of_day()),
            length: Some(booking.slot().minutes()),
            room: Some(booking.room.clone()),
            ..View::default()
        };
        let again = View {
            needs: domain::room::Needs {
                people: booking.people,
                ..Default::default()
            },
            ..on_map.clone()
        };
        let next = match booking.state {
            BookingState::Confirmed => t.next_confirmed(),
            BookingState::Requested => t.next_requested(),
            BookingState::Undone | BookingState::Cancelled | BookingState::Declined => {
                t.next_over()
            }
        };
        let over = !booking.state.is_live();
        let purpose = booking
            .purpose
            .map(|purpose| view! { <dt>{t.purpose()}</dt><dd>{purpose.word(t)}</dd> });
        let note = (!booking.note.is_empty())
            .then(|| view! { <dt>{t.note()}</dt><dd>{booking.note.clone()}</dd> });
        let reason = (!booking.reason.is_empty())
            .then(|| view! { <dt>{t.reason()}</dt><dd>{booking.reason.clone()}</dd> });
        let me = store.actor().person;
        let for_whom = (me.as_ref() == Some(&booking.made_by) && booking.made_by_name.is_some()
            || may_see_house(&store.actor(), &booking.centre))
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
        view! {
            <article class=format!("ticket t-{}", booking.state.code())>
                <p class="ticket-state">{booking.state.word(t)}</p>
                <h2>{booking.title.as_ref().unwrap_or(&booking.room_name).get(t).to_owned()}</h2>
                <p class="ticket-time">{t.slot(booking.slot())}</p>
                <dl>
                    <dt>{t.room()}</dt><dd><a href=format!("/{}", on_map.query())>{booking.room_name.get(t).to_owned()}</a></dd>
                    <dt>{t.centre()}</dt><dd>{booking.centre_name.get(t).to_owned()}</dd>
                    <dt>{t.how_many()}</dt><dd>{t.people(booking.people)}</dd>
                    {for_whom}{purpose}{note}{reason}
                </dl>
                {made_by}
                <p>{next}</p>
                <BookingActions booking=booking.clone() changed=Callback::new(move |booking| shown.set(booking))/>
                {over.then(|| view! { <p><a class="button" href=format!("/book{}", again.query())>{t.book_again()}</a></p> })}
            </article>
        }
    };
    view! { {live(card)} }
}
