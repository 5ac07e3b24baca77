//! One activity: what it is, when, and signing up.

pub mod attendance;
pub mod list;
pub mod manage;
pub mod other;
pub mod publish;

use std::sync::Arc;

use domain::{
    activity::{Activity, Per, Session},
    api::{
        CentreView, Endpoint, GetActivity, GetActivityFile, GetActivityStory, GetCentre,
        GetHousehold, GetPoster, GetSessionFile, ListMyActivities, ListMySignUps,
    },
    booking::BookingState,
    id::{ActivityId, CentreId},
    page::Page,
    person::{behalf::Behalf, household::Household, permission::may_see_desk},
    sign_up::SignUp,
    view::View,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{live, notice::Notice, once::once, share::Share, story::story},
    pages::{
        activity::manage::Manage,
        desk::acting::of_whom,
        sign_up::{
            draft::Chosen,
            form::{SignUpForm, ToSignIn},
            row::SignUpRows,
        },
    },
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// How many of the next sessions are shown at once.
const SOON: usize = 8;

/// The page.
#[component]
pub fn ActivityPage() -> impl IntoView {
    let store = Store::get();
    let path = Memo::new(move |_| match store.router.page.get()? {
        Page::Activity(centre, id) => Some((centre, id)),
        _ => None,
    });
    // Another activity is another page: nothing that was chosen or typed goes along.
    let body = move || path.get().map(|path| view! { <OfPath path/> });
    view! { <main class="page form-page activity-page" id="main">{live(body)}</main> }.into_any()
}

#[component]
fn OfPath(path: (CentreId, ActivityId)) -> impl IntoView {
    let store = Store::get();
    let path = StoredValue::new(path);
    let shown_days = RwSignal::new(None);
    let version = store.version_in(move || shown_days.get());
    let activity = query(
        move || Some(path.get_value()),
        move || version.get(),
        None,
        |path| async move { api::get::<GetActivity>(&path).await },
    );
    let centre = query(
        move || Some(path.get_value().0),
        || 0,
        None,
        |id| async move { api::get::<GetCentre>(&id).await },
    );
    // Changes on days on which it does not take place concern it not.
    Effect::new(move |_| {
        let days = activity.get().and_then(Result::ok).and_then(|activity| {
            let first = activity.sessions.first()?.start.local.date();
            Some((first, activity.sessions.last()?.start.local.date()))
        });
        shown_days.set(days);
    });
    once(centre, 8, move |centre| {
        let centre = centre.get_untracked();
        once(activity, 8, move |activity| {
            view! { <Whole centre=centre.clone() activity/> }.into_any()
        })
    })
}

/// All of an activity. It is mounted once; newer data comes through `activity`.
#[component]
fn Whole(centre: Arc<CentreView>, activity: Memo<Arc<Activity>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let id = StoredValue::new((
        centre.centre.id.clone(),
        activity.with_untracked(|one| one.id.clone()),
    ));
    let signed_in = Memo::new(move |_| store.signed_in());
    // One's own household, or that of the person for whom staff act.
    let whose = Memo::new(move |_| (signed_in.get() == Some(true)).then(|| store.acting()));
    let household = query(
        move || whose.get(),
        || 0,
        None,
        move |acting| {
            of_whom::<GetHousehold>(id.get_value().0, acting, |card| Household {
                members: card.family,
                ..Household::default()
            })
        },
    );
    let chosen = Chosen::new();
    let of = centre.clone();
    // What can still be signed up for. A minute more or less does not matter.
    let open = Memo::new(move |_| {
        let now = of.local(store.clock.get());
        activity.with(|activity| {
            let sessions = activity.sessions.iter();
            let open = sessions.filter(|one| one.is_on() && one.start.local > now);
            open.cloned().collect::<Vec<Session>>()
        })
    });
    let form_of = centre.clone();
    let has_open = Memo::new(move |_| open.with(|open| !open.is_empty()));
    let is_asked = Memo::new(move |_| {
        activity.with(|activity| {
            let mut sessions = activity.sessions.iter();
            sessions.any(|one| one.state == BookingState::Requested)
        })
    });
    let form = move || {
        if !has_open.get() {
            let words = match is_asked.get() {
                true => t.not_yet_on(),
                false => t.no_more_sessions(),
            };
            return view! { <p class="empty">{words}</p> }.into_any();
        }
        if signed_in.get() == Some(false) {
            return view! { <ToSignIn/> }.into_any();
        }
        let centre = form_of.clone();
        once(household, 4, move |household| {
            view! { <SignUpForm centre=centre.clone() activity sessions=open household chosen/> }
                .into_any()
        })
    };
    let runs = query(
        move || (signed_in.get() == Some(true)).then_some(()),
        move || store.version(),
        None,
        |()| async { api::get::<ListMyActivities>(&()).await },
    );
    let may_run = Memo::new(move |_| {
        let (centre, activity) = id.get_value();
        let mine = runs.get().and_then(Result::ok);
        mine.is_some_and(|runs| runs.contains(&activity)) || may_see_desk(&store.actor(), &centre)
    });
    Effect::new(move |_| {
        let title = activity.with(|one| one.title.get(t).to_owned());
        store.about.set(Some(title));
    });
    // Who runs it must not look for its buttons in vain.
    let fault = move || {
        let problem = runs.get()?.err()?;
        Some(view! { <Notice problem/> })
    };
    let manage = move || may_run.get().then(|| view! { <Manage activity/> });
    let told = move || {
        let path = activity.with_untracked(|one| (one.centre.clone(), one.id.clone()));
        may_see_desk(&store.actor(), &path.0).then(|| story::<GetActivityStory>(path))
    };
    view! {
        <h1 tabindex="-1" lang=move || activity.with(|one| t.tongue_of(one.title.get(t)))>{move || activity.with(|one| one.title.get(t).to_owned())}</h1>
        <Facts centre=centre.clone() activity/>
        <Own centre=id.get_value().0 activity=id.get_value().1 chosen whose/>
        <section aria-labelledby="sign-up">
            <h2 id="sign-up">{t.sign_up()}</h2>
            {live(form)}
        </section>
        <Dates centre activity/>
        {live(fault)}
        {live(manage)}
        {live(told)}
    }
}

/// What it is, whose and where, and the ways to pass it on.
#[component]
fn Facts(centre: Arc<CentreView>, activity: Memo<Arc<Activity>>) -> impl IntoView {
    let t = lang();
    let facts = move || {
        activity.with(|one| {
            let facts = [
                one.club.as_ref().map(|club| t.by_club(club.name.get(t))),
                Some(one.kind.word(t).to_owned()),
                Some(one.audience.word(t)),
                Some(t.price(one.fee)),
                Some(match one.per {
                    Per::Course => t.whole_course().to_owned(),
                    Per::Session => t.each_session().to_owned(),
                }),
                one.pick_up.then(|| t.picked_up().to_owned()),
            ];
            let items = facts.into_iter().flatten();
            items.map(|fact| view! { <li>{fact}</li> }).collect_view()
        })
    };
    let of = activity.get_untracked();
    let file = (of.centre.clone(), of.id.clone());
    let poster = GetPoster::url(&file);
    let all_dates = (of.per == Per::Course).then(|| {
        view! { <a class="button" href=GetActivityFile::url(&file) download="linli.ics">{t.all_dates_file()}</a> }
    });
    let (name, address) = (
        centre.centre.name.get(t).to_owned(),
        centre.centre.address.get(t).to_owned(),
    );
    view! {
        <p>{name}" · "{address}</p>
        <ul class="facts">{move || facts()}</ul>
        <p class="about" lang=move || activity.with(|one| t.tongue_of(one.about.get(t)))>{move || activity.with(|one| one.about.get(t).to_owned())}</p>
        <div class="actions">
            <Share words=of.title.get(t).to_owned() address=Page::Activity(of.centre.clone(), of.id.clone()).path()/>
            <a class="button" href=poster target="_blank" rel="noopener">{t.poster()}</a>
            {all_dates}
        </div>
    }
}

/// One's own sign-ups for it. Each row stays as long as its sign-up is the same.
#[component]
fn Own(
    centre: CentreId,
    activity: ActivityId,
    chosen: Chosen,
    whose: Memo<Option<Option<Behalf>>>,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let mine = query(
        move || whose.get(),
        move || store.version(),
        None,
        move |acting| of_whom::<ListMySignUps>(centre.clone(), acting, |card| card.sign_ups),
    );
    let rows = Memo::new(move |_| {
        let mine = mine.get().and_then(Result::ok);
        let now = store.clock.get();
        let of_this =
            |one: &&SignUp| one.activity == activity && one.state.is_live() && one.end.utc() > now;
        mine.map_or_else(Vec::new, |mine| {
            mine.iter().filter(of_this).cloned().collect::<Vec<_>>()
        })
    });
    let some = Memo::new(move |_| rows.with(|rows| !rows.is_empty()));
    // Whoever has just signed up wants to see it.
    Effect::new(move |_| {
        rows.track();
        if chosen.signed.get_untracked() && some.get_untracked() {
            chosen.signed.set(false);
            request_animation_frame(|| prefs::focus("#own"));
        }
    });
    let heading = move || match store.acting() {
        Some(_) => t.their_sign_ups(),
        None => t.my_sign_ups(),
    };
    view! {
        <Show when=move || some.get()>
            <section aria-labelledby="own">
                <h2 id="own" tabindex="-1">{heading}</h2>
                <SignUpRows rows/>
            </section>
        </Show>
    }
}

/// The dates to come, the first few at once.
#[component]
fn Dates(centre: Arc<CentreView>, activity: Memo<Arc<Activity>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let now = centre.local(store.clock.get_untracked());
    let coming = Memo::new(move |_| {
        activity.with(|activity| {
            let sessions = activity.sessions.iter();
            let coming = sessions.filter(|one| one.end.local > now);
            coming.cloned().collect::<Vec<Session>>()
        })
    });
    let list = move || {
        let activity = activity.with(|one| one.id.clone());
        let row = |session: &Session| session_row(&centre, &activity, session);
        coming.with(|coming| {
            let soon = coming.iter().take(SOON).map(row).collect_view();
            let later: Vec<_> = coming.iter().skip(SOON).map(row).collect();
            let later = (!later.is_empty()).then(|| {
                view! {
                    <details>
                        <summary>{t.more_dates(later.len())}</summary>
                        <ul class="plain">{later}</ul>
                    </details>
                }
            });
            view! { <ul class="plain">{soon}</ul>{later} }
        })
    };
    view! {
        <section aria-labelledby="dates">
            <h2 id="dates">{t.sessions_label()}</h2>
            {live(list)}
        </section>
    }
}

fn session_row(centre: &CentreView, activity: &ActivityId, session: &Session) -> AnyView {
    let t = lang();
    let on_map = View {
        day: Some(session.start.local.date()),
        at: Some(session.start.local.minute_of_day()),
        length: Some(session.slot().minutes()),
        room: Some(session.room.clone()),
        behalf: Store::get().view.with_untracked(|view| view.behalf.clone()),
        ..View::at_centre(Some(centre.centre.id.clone()))
    };
    let room = centre
        .centre
        .room(&session.room)
        .map(|room| room.name.get(t).to_owned());
    let path = (
        centre.centre.id.clone(),
        activity.clone(),
        session.id.clone(),
    );
    let file = session.is_on().then(|| {
        let href = GetSessionFile::url(&path);
        view! { <a href=href download="linli.ics">{t.calendar_file()}</a> }
    });
    let (class, words) = match (session.state.is_live(), session.reason.as_str()) {
        (true, _) => (session.level(), session.places_left(t)),
        (false, "") => ("t-off", t.session_off_plain().to_owned()),
        (false, reason) => ("t-off", t.session_off(reason)),
    };
    view! {
        <li>
            <time>{t.slot_seen(session.slot(), Store::get().today())}</time>
            <a href=on_map.address(&Page::Map)>{room}</a>
            <span class=format!("tag {class}")>{words}</span>
            {file}
        </li>
    }
    .into_any()
}
