//! One page a file. The map comes with the program; the other pages are fetched when they are first opened.

pub mod activity;
pub mod audit;
pub mod booking;
pub mod calendar;
pub mod closure;
pub mod club;
pub mod desk;
pub mod figures;
pub mod household;
pub mod map;
pub mod message;
pub mod person;
pub mod role;
pub mod settings;
pub mod sign_up;

use domain::page::Page;
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
    pages::map::{
        filters::Filters,
        panels::{Fetched, MapPanels},
        room::RoomDetail,
    },
    prefs, query,
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
    Attendance,
    Clubs,
    Publish,
    Household,
    Messages,
    Book,
    Booking,
    Me,
    SignIn,
    FirstManager,
    Desk,
    Record,
    Closures,
    Roles,
    Settings,
    Audit,
    Figures,
    /// Not a page: the bar that says for whom staff act.
    ActingBar,
}

impl Later {
    /// The part of the program for a page; the map needs none.
    pub fn of(page: &Page) -> Option<Self> {
        Some(match page {
            Page::Map => return None,
            Page::Calendar => Self::Calendar,
            Page::Activities => Self::Activities,
            Page::Activity(..) => Self::Activity,
            Page::Attendance(..) => Self::Attendance,
            Page::Clubs => Self::Clubs,
            Page::Publish => Self::Publish,
            Page::Household => Self::Household,
            Page::Messages => Self::Messages,
            Page::Book => Self::Book,
            Page::Booking(..) => Self::Booking,
            Page::Me => Self::Me,
            Page::Desk => Self::Desk,
            Page::Record(..) => Self::Record,
            Page::Closures => Self::Closures,
            Page::Roles => Self::Roles,
            Page::Settings => Self::Settings,
            Page::Audit => Self::Audit,
            Page::Figures => Self::Figures,
            Page::SignIn => Self::SignIn,
            Page::FirstManager => Self::FirstManager,
        })
    }

    /// True for pages that show nothing to those who have not signed in.
    pub fn needs_account(self) -> bool {
        matches!(
            self,
            Self::Attendance
                | Self::Publish
                | Self::Household
                | Self::Messages
                | Self::Booking
                | Self::Desk
                | Self::Record
                | Self::Closures
                | Self::Roles
                | Self::Settings
                | Self::Audit
                | Self::Figures
        )
    }

    /// True for what only those who run something open.
    fn is_staffs(self) -> bool {
        matches!(
            self,
            Self::Desk
                | Self::Attendance
                | Self::Record
                | Self::Closures
                | Self::Roles
                | Self::Settings
                | Self::Audit
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
        Later::Activities => || activity::list::ActivitiesPage().into_any(),
        Later::Activity => || activity::ActivityPage().into_any(),
        Later::Clubs => || club::ClubsPage().into_any(),
        Later::Publish => || activity::publish::PublishPage().into_any(),
        Later::Household => || household::HouseholdPage().into_any(),
        Later::Messages => || message::MessagesPage().into_any(),
        Later::Book => || booking::book::BookPage().into_any(),
        Later::Booking => || booking::BookingPage().into_any(),
        Later::Me => || person::me::MePage().into_any(),
        Later::SignIn => || person::sign_in::SignInPage().into_any(),
        _ => || person::first_manager::FirstManagerPage().into_any(),
    })
}

/// What those who run something open.
#[wasm_split(staff, wasm_split_path = leptos::wasm_split, fallible)]
fn staff(page: Later) -> Result<Make, SplitLoaderError> {
    Ok(match page {
        Later::Attendance => || activity::attendance::AttendancePage().into_any(),
        Later::Record => || desk::record::RecordPage().into_any(),
        Later::Closures => || closure::ClosuresPage().into_any(),
        Later::Roles => || role::RolesPage().into_any(),
        Later::Settings => || settings::SettingsPage().into_any(),
        Later::Audit => || audit::AuditPage().into_any(),
        Later::Figures => || figures::FiguresPage().into_any(),
        Later::ActingBar => || desk::acting::ActingBar().into_any(),
        _ => || desk::today::DeskPage().into_any(),
    })
}

/// What the map opens.
#[wasm_split(panels, wasm_split_path = leptos::wasm_split, fallible)]
fn panels() -> Result<MapPanels, SplitLoaderError> {
    Ok(MapPanels {
        detail: |centre, room, shown| view! { <RoomDetail centre room shown/> }.into_any(),
        filters: |centre, shown, set, close| view! { <Filters centre shown set close/> }.into_any(),
    })
}

async fn fetch(page: Later) -> Result<Make, SplitLoaderError> {
    match page.is_staffs() {
        true => staff(page).await,
        false => everyone(page).await,
    }
}

/// Fetches a part of the program as soon as it is `wanted`. Tried again with what else could not be had, and when the network is
/// back.
fn fetch_when<T, F>(
    wanted: impl Fn() -> bool + Send + Sync + 'static,
    fetch: impl Fn() -> F + Send + Sync + 'static,
) -> Fetched<T>
where
    T: Copy + Send + Sync + 'static,
    F: Future<Output = Result<T, SplitLoaderError>> + 'static,
{
    let store = Store::get();
    let fetched: Fetched<T> = RwSignal::new(None);
    let flying = StoredValue::new(false);
    Effect::new(move |_| {
        query::track_retries();
        store.version();
        let here = fetched.with_untracked(|fetched| matches!(fetched, Some(Ok(_))));
        if !wanted() || flying.get_value() || here {
            return;
        }
        flying.set_value(true);
        let fetch = fetch();
        leptos::task::spawn_local(async move {
            // With a network a part is missing only where the server has a newer build.
            let part = fetch.await.map_err(|_| match prefs::is_online() {
                true => Trouble::outdated(),
                false => Trouble::offline(),
            });
            flying.try_set_value(false);
            fetched.try_set(Some(part));
        });
    });
    fetched
}

/// What the map opens, fetched as soon as it is `wanted`.
pub fn map_panels(wanted: impl Fn() -> bool + Send + Sync + 'static) -> Fetched<MapPanels> {
    fetch_when(wanted, panels)
}

/// Says for whom staff act, once that part of the program is here.
pub fn acting_bar() -> AnyView {
    let made = fetch_when(|| true, || fetch(Later::ActingBar));
    view! { {live(move || made.get()?.ok().map(|make| make()))} }.into_any()
}

/// Shows a page once it is here.
pub fn later(page: Later) -> AnyView {
    let made = fetch_when(|| true, move || fetch(page));
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
