//! One page a file. The map comes with the program; the other pages are fetched when they are first opened.

pub mod acting;
pub mod activities;
pub mod activity;
pub mod book;
pub mod booking;
pub mod calendar;
pub mod check_in;
pub mod clubs;
pub mod family;
pub mod figures;
pub mod find_person;
pub mod first_manager;
pub mod guard;
pub mod house;
pub mod inbox;
pub mod log;
pub mod map;
pub mod me;
pub mod person;
pub mod publish;
pub mod sign_in;

use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};

use crate::{
    api::Trouble,
    components::{
        live,
        notice::{Notice, Skeleton},
    },
    prefs,
    store::Store,
};

/// Makes a page.
type Make = fn() -> AnyView;

/// A page that is fetched when it is first opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Later {
    Calendar,
    Activities,
    Activity,
    CheckIn,
    Clubs,
    Publish,
    Family,
    Inbox,
    Book,
    Booking,
    Me,
    SignIn,
    FirstManager,
    House,
    Person,
    Log,
    Figures,
    /// Not a page: the bar that says for whom staff act.
    ActingBar,
}

impl Later {
    /// True for what only those who run something open.
    fn is_staffs(self) -> bool {
        matches!(
            self,
            Self::House
                | Self::CheckIn
                | Self::Person
                | Self::Log
                | Self::Figures
                | Self::ActingBar
        )
    }
}

/// What everybody may open.
#[wasm_split(everyone, wasm_split_path = leptos::wasm_split, fallible)]
fn everyone(page: Later) -> Result<Make, SplitLoaderError> {
    Ok(match page {
        Later::Calendar => || calendar::CalendarPage().into_any(),
        Later::Activities => || activities::ActivitiesPage().into_any(),
        Later::Activity => || activity::ActivityPage().into_any(),
        Later::Clubs => || clubs::ClubsPage().into_any(),
        Later::Publish => || publish::PublishPage().into_any(),
        Later::Family => || family::FamilyPage().into_any(),
        Later::Inbox => || inbox::InboxPage().into_any(),
        Later::Book => || book::BookPage().into_any(),
        Later::Booking => || booking::BookingPage().into_any(),
        Later::Me => || me::MePage().into_any(),
        Later::SignIn => || sign_in::SignInPage().into_any(),
        _ => || first_manager::FirstManagerPage().into_any(),
    })
}

/// What those who run something open.
#[wasm_split(staff, wasm_split_path = leptos::wasm_split, fallible)]
fn staff(page: Later) -> Result<Make, SplitLoaderError> {
    Ok(match page {
        Later::CheckIn => || check_in::CheckInPage().into_any(),
        Later::Person => || person::PersonPage().into_any(),
        Later::Log => || log::LogPage().into_any(),
        Later::Figures => || figures::FiguresPage().into_any(),
        Later::ActingBar => || acting::ActingBar().into_any(),
        _ => || house::HousePage().into_any(),
    })
}

async fn fetch(page: Later) -> Result<Make, Trouble> {
    let fetched = match page.is_staffs() {
        true => staff(page).await,
        false => everyone(page).await,
    };
    fetched.map_err(|_| Trouble::offline())
}

/// Says for whom staff act, once that part of the program is here.
pub fn acting_bar() -> AnyView {
    let made = RwSignal::new(None::<Make>);
    leptos::task::spawn_local(async move {
        if let Ok(make) = fetch(Later::ActingBar).await {
            made.try_set(Some(make));
        }
    });
    view! { {live(move || made.get().map(|make| make()))} }.into_any()
}

/// Shows a page once it is here.
pub fn later(page: Later) -> AnyView {
    let store = Store::get();
    let made = RwSignal::new(None::<Result<Make, Trouble>>);
    Effect::new(move |_| {
        store.version();
        if made.with_untracked(|made| matches!(made, Some(Ok(_)))) {
            return;
        }
        leptos::task::spawn_local(async move {
            let fetched = fetch(page).await;
            made.try_set(Some(fetched));
            if store.moved.get_untracked() {
                request_animation_frame(|| prefs::focus("main h1"));
            }
        });
    });
    let body = move || match made.get() {
        Some(Ok(make)) => make(),
        Some(Err(problem)) => {
            view! { <main class="page form-page" id="main"><Notice problem/></main> }.into_any()
        }
        None => {
            view! { <main class="page form-page" id="main"><Skeleton lines=6/></main> }.into_any()
        }
    };
    view! { {live(body)} }.into_any()
}
