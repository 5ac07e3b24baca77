//! One page a file. The map comes with the program; the other pages are fetched when they are first opened.

pub mod activity;
pub mod audit;
pub mod booking;
pub mod calendar;
pub mod case;
pub mod closure;
pub mod club;
pub mod desk;
pub mod feed;
pub mod figures;
pub mod household;
pub mod map;
pub mod message;
pub mod outbox;
pub mod person;
pub mod role;
pub mod settings;
pub mod sign_up;
pub mod wall;

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

/// A page that is fetched when it is first opened, by the part of the program that it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Later {
    Everyones(Everyones),
    Staffs(Staffs),
}

/// A page in the part that everybody may open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Everyones {
    Calendar,
    Activities,
    Activity,
    Clubs,
    Publish,
    Household,
    Messages,
    Cases,
    Case,
    Nameless,
    Book,
    Booking,
    Me,
    SignIn,
    FirstManager,
    /// Any page with `?wall`.
    Wall,
    /// Not a page: what stands above every page in the elder view.
    ElderBar,
    /// Not a page: the acts that wait for a network.
    Outbox,
}

/// A page in the part that those open who run something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Staffs {
    Attendance,
    Desk,
    Record,
    Queue,
    Closures,
    Roles,
    Settings,
    Audit,
    Figures,
    /// Not a page: the card of the second factor.
    SecondFactor,
    /// Not a page: the bar that says for whom staff act.
    ActingBar,
}

impl Later {
    /// The part of the program for a page; the map needs none.
    pub fn of(page: &Page) -> Option<Self> {
        Some(match page {
            Page::Map => return None,
            Page::Calendar => Self::Everyones(Everyones::Calendar),
            Page::Activities => Self::Everyones(Everyones::Activities),
            Page::Activity(..) => Self::Everyones(Everyones::Activity),
            Page::Clubs => Self::Everyones(Everyones::Clubs),
            Page::Publish => Self::Everyones(Everyones::Publish),
            Page::Household => Self::Everyones(Everyones::Household),
            Page::Messages => Self::Everyones(Everyones::Messages),
            Page::Cases => Self::Everyones(Everyones::Cases),
            Page::Case(..) => Self::Everyones(Everyones::Case),
            Page::Nameless => Self::Everyones(Everyones::Nameless),
            Page::Book => Self::Everyones(Everyones::Book),
            Page::Booking(..) => Self::Everyones(Everyones::Booking),
            Page::Me => Self::Everyones(Everyones::Me),
            Page::SignIn => Self::Everyones(Everyones::SignIn),
            Page::FirstManager => Self::Everyones(Everyones::FirstManager),
            Page::Attendance(..) => Self::Staffs(Staffs::Attendance),
            Page::Desk => Self::Staffs(Staffs::Desk),
            Page::Record(..) => Self::Staffs(Staffs::Record),
            Page::Queue => Self::Staffs(Staffs::Queue),
            Page::Closures => Self::Staffs(Staffs::Closures),
            Page::Roles => Self::Staffs(Staffs::Roles),
            Page::Settings => Self::Staffs(Staffs::Settings),
            Page::Audit => Self::Staffs(Staffs::Audit),
            Page::Figures => Self::Staffs(Staffs::Figures),
        })
    }

    /// True for pages that show nothing to those who have not signed in.
    pub fn needs_account(self) -> bool {
        match self {
            Self::Staffs(_) => true,
            Self::Everyones(page) => matches!(
                page,
                Everyones::Publish
                    | Everyones::Household
                    | Everyones::Messages
                    | Everyones::Case
                    | Everyones::Booking
            ),
        }
    }
}

#[wasm_split(everyone, wasm_split_path = leptos::wasm_split, fallible)]
fn everyone(page: Everyones) -> Result<Make, SplitLoaderError> {
    Ok(match page {
        Everyones::Calendar => || calendar::CalendarPage().into_any(),
        Everyones::Activities => || activity::list::ActivitiesPage().into_any(),
        Everyones::Activity => || activity::ActivityPage().into_any(),
        Everyones::Clubs => || club::ClubsPage().into_any(),
        Everyones::Publish => || activity::publish::PublishPage().into_any(),
        Everyones::Household => || household::HouseholdPage().into_any(),
        Everyones::Messages => || message::MessagesPage().into_any(),
        Everyones::Cases => || case::CasesPage().into_any(),
        Everyones::Case => || case::one::CasePage().into_any(),
        Everyones::Nameless => || case::nameless::NamelessPage().into_any(),
        Everyones::Book => || booking::book::BookPage().into_any(),
        Everyones::Booking => || booking::BookingPage().into_any(),
        Everyones::Me => || person::me::MePage().into_any(),
        Everyones::SignIn => || person::sign_in::SignInPage().into_any(),
        Everyones::FirstManager => || person::first_manager::FirstManagerPage().into_any(),
        Everyones::Wall => || wall::WallPage().into_any(),
        Everyones::Outbox => || outbox::Outbox().into_any(),
        Everyones::ElderBar => || person::elder_bar::ElderBar().into_any(),
    })
}

#[wasm_split(staff, wasm_split_path = leptos::wasm_split, fallible)]
fn staff(page: Staffs) -> Result<Make, SplitLoaderError> {
    Ok(match page {
        Staffs::Attendance => || activity::attendance::AttendancePage().into_any(),
        Staffs::Desk => || desk::today::DeskPage().into_any(),
        Staffs::Record => || desk::record::RecordPage().into_any(),
        Staffs::Queue => || case::queue::QueuePage().into_any(),
        Staffs::Closures => || closure::ClosuresPage().into_any(),
        Staffs::Roles => || role::RolesPage().into_any(),
        Staffs::Settings => || settings::SettingsPage().into_any(),
        Staffs::Audit => || audit::AuditPage().into_any(),
        Staffs::Figures => || figures::FiguresPage().into_any(),
        Staffs::SecondFactor => || person::second_factor::SecondFactorCard().into_any(),
        Staffs::ActingBar => || desk::acting::ActingBar().into_any(),
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
    match page {
        Later::Staffs(page) => staff(page).await,
        Later::Everyones(page) => everyone(page).await,
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
        prefs::want_later_styles();
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

/// A piece of a page, once that part of the program is here.
fn piece(of: Later) -> AnyView {
    let made = fetch_when(|| true, move || fetch(of));
    view! { {live(move || made.get()?.ok().map(|make| make()))} }.into_any()
}

/// Says for whom staff act.
pub fn acting_bar() -> AnyView {
    piece(Later::Staffs(Staffs::ActingBar))
}

/// The second factor of whoever is signed in.
pub fn second_factor() -> AnyView {
    piece(Later::Staffs(Staffs::SecondFactor))
}

/// The acts that wait for a network.
pub fn outbox() -> AnyView {
    piece(Later::Everyones(Everyones::Outbox))
}

/// What stands above every page in the elder view.
pub fn elder_bar() -> AnyView {
    piece(Later::Everyones(Everyones::ElderBar))
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
