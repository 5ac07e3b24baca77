//! One activity: what it is, when, and signing up.

use std::sync::Arc;

use domain::{
    activity::{Activity, Per, Session},
    api::{
        CancelActivity, CancelSession, CentreView, ChangeActivity, Endpoint, GetActivity,
        GetActivityFile, GetCentre, GetFamily, GetPoster, GetSessionFile, ListMyActivities,
        ListMySignUps, NewSignUp, Reason, SignUpFor,
    },
    attendance::NEAR,
    household::{CONSENT_VERSION, Family},
    id::{ActivityId, ActivitySessionId, CentreId, PersonId},
    permission::may_see_house,
    sign_up::{SignUp, SignUpState},
    time::Date,
    view::View,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

use super::{
    acting::of_whom,
    activities::{level, places},
};
use crate::components::live;
use crate::{
    api::{self, Key, Press},
    components::{
        notice::{Notice, Skeleton},
        sign_up::SignUpRow,
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
    let params = use_params_map();
    let path = Memo::new(move |_| {
        params.with(|params| {
            Some((
                CentreId::new(params.get("centre")?),
                ActivityId::new(params.get("activity")?),
            ))
        })
    });
    let activity = query(
        move || path.get(),
        move || store.version(),
        None,
        |path| async move { api::get::<GetActivity>(&path).await },
    );
    let centre = query(
        move || Some(path.get()?.0),
        || 0,
        None,
        |id| async move { api::get::<GetCentre>(&id).await },
    );
    // What somebody has chosen must outlive the changes of others.
    let chosen = Chosen {
        session: RwSignal::new(None),
        people: RwSignal::new(Vec::new()),
        agreed: RwSignal::new(false),
        signed: RwSignal::new(false),
    };
    let edits = Edits {
        open: RwSignal::new(false),
        title: RwSignal::new(None),
        about: RwSignal::new(None),
        places: RwSignal::new(None),
        reason: RwSignal::new(String::new()),
        asking: RwSignal::new(None),
    };
    let body = move || match (centre.get(), activity.get()) {
        (Some(Err(problem)), _) | (_, Some(Err(problem))) => view! { <Notice problem/> }.into_any(),
        (Some(Ok(centre)), Some(Ok(activity))) => {
            view! { <Whole centre activity chosen edits/> }.into_any()
        }
        _ => view! { <Skeleton lines=8/> }.into_any(),
    };
    view! { <main class="page form-page activity-page" id="main">{live(body)}</main> }.into_any()
}

/// What is chosen in the form.
#[derive(Clone, Copy)]
struct Chosen {
    session: RwSignal<Option<ActivitySessionId>>,
    people: RwSignal<Vec<PersonId>>,
    agreed: RwSignal<bool>,
    /// Somebody has just been signed up, and wants to see it.
    signed: RwSignal<bool>,
}

/// What those who run it have typed and not sent.
#[derive(Clone, Copy)]
struct Edits {
    open: RwSignal<bool>,
    title: RwSignal<Option<String>>,
    about: RwSignal<Option<String>>,
    places: RwSignal<Option<u16>>,
    reason: RwSignal<String>,
    // What is to be called off: a session, or everything.
    asking: RwSignal<Option<Option<ActivitySessionId>>>,
}

#[component]
fn Whole(
    centre: Arc<CentreView>,
    activity: Arc<Activity>,
    chosen: Chosen,
    edits: Edits,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let signed_in = Memo::new(move |_| {
        store
            .me
            .with(|me| me.as_ref().map(|me| me.profile.is_some()))
    });
    let key = move || (signed_in.get() == Some(true)).then_some(());
    // One's own household, or that of the person for whom staff act.
    let whose = Memo::new(move |_| (signed_in.get() == Some(true)).then(|| store.acting()));
    let of = centre.centre.id.clone();
    let mine = query(
        move || whose.get(),
        move || store.version(),
        None,
        move |acting| of_whom::<ListMySignUps>(of.clone(), acting, |card| card.sign_ups),
    );
    let of = centre.centre.id.clone();
    let family = query(
        move || whose.get(),
        || 0,
        None,
        move |acting| {
            of_whom::<GetFamily>(of.clone(), acting, |card| Family {
                members: card.family,
                code: None,
            })
        },
    );
    let runs = query(
        key,
        || 0,
        None,
        |()| async { api::get::<ListMyActivities>(&()).await },
    );
    let now = centre.local(store.clock.get_untracked());
    let coming: Vec<Session> = activity
        .sessions
        .iter()
        .filter(|one| one.end.local > now)
        .cloned()
        .collect();
    let facts = [
        activity
            .club
            .as_ref()
            .map(|club| t.by_club(club.name.get(t))),
        Some(activity.kind.word(t).to_owned()),
        Some(activity.audience.word(t)),
        Some(t.price(activity.fee)),
        Some(match activity.per {
            Per::Course => t.whole_course().to_owned(),
            Per::Session => t.each_session().to_owned(),
        }),
        activity.pick_up.then(|| t.picked_up().to_owned()),
    ];
    let facts = facts
        .into_iter()
        .flatten()
        .map(|fact| view! { <li>{fact}</li> });
    let file = (activity.centre.clone(), activity.id.clone());
    let poster = GetPoster::url(&file);
    let all_dates = (activity.per == Per::Course && !coming.is_empty()).then(|| {
        view! { <a class="button" href=GetActivityFile::url(&file) download="linli.ics">{t.all_dates_file()}</a> }
    });
    let of = activity.clone();
    let own = move || {
        let mine = mine.get()?.ok()?;
        let rows: Vec<SignUp> = mine
            .iter()
            .filter(|one| {
                one.activity == of.id && one.state.is_live() && one.end.utc() > store.clock.get()
            })
            .cloned()
            .collect();
        let heading = match store.acting() {
            Some(_) => t.their_sign_ups(),
            None => t.my_sign_ups(),
        };
        (!rows.is_empty()).then(|| {
            if chosen.signed.get_untracked() {
                chosen.signed.set(false);
                request_animation_frame(|| prefs::focus("#own"));
            }
            view! {
                <section aria-labelledby="own">
                    <h2 id="own" tabindex="-1">{heading}</h2>
                    <ul class="cards">{rows.into_iter().map(|sign_up| view! { <SignUpRow sign_up/> }).collect_view()}</ul>
                </section>
            }
        })
    };
    let (form_centre, form_of, open) = (centre.clone(), activity.clone(), coming.clone());
    let form = move || {
        let on: Vec<Session> = open
            .iter()
            .filter(|one| one.is_on() && one.start.local > now)
            .cloned()
            .collect();
        if on.is_empty() {
            return view! { <p class="empty">{t.no_more_sessions()}</p> }.into_any();
        }
        match (signed_in.get(), family.get()) {
            (Some(false), _) => view! { <ToSignIn/> }.into_any(),
            (_, Some(Err(problem))) => view! { <Notice problem/> }.into_any(),
            (_, Some(Ok(family))) => {
                view! { <Form centre=form_centre.clone() activity=form_of.clone() sessions=on family chosen/> }.into_any()
            }
            _ => view! { <Skeleton lines=4/> }.into_any(),
        }
    };
    let (of, at) = (activity.clone(), centre.centre.id.clone());
    let manage = move || {
        let mine = runs
            .get()
            .and_then(Result::ok)
            .is_some_and(|runs| runs.contains(&of.id));
        (mine || may_see_house(&store.actor(), &at))
            .then(|| view! { <Manage activity=of.clone() edits/> })
    };
    let row = |session| session_row(&centre, &activity.id, session);
    let soon = coming.iter().take(SOON).map(row).collect_view();
    let later = coming.iter().skip(SOON).map(row).collect::<Vec<_>>();
    let later = (!later.is_empty()).then(|| {
        view! {
            <details>
                <summary>{t.more_dates(later.len())}</summary>
                <ul class="plain">{later}</ul>
            </details>
        }
    });
    view! {
        <h1 tabindex="-1">{activity.title.get(t).to_owned()}</h1>
        <ul class="facts">{facts.collect_view()}</ul>
        <p class="about">{activity.about.clone()}</p>
        <div class="actions">
            <Share title=activity.title.get(t).to_owned()/>
            <a class="button" href=poster target="_blank" rel="noopener">{t.poster()}</a>
            {all_dates}
        </div>
        {live(own)}
        <section aria-labelledby="sign-up">
            <h2 id="sign-up">{t.sign_up()}</h2>
            {live(form)}
        </section>
        <section aria-labelledby="dates">
            <h2 id="dates">{t.sessions_label()}</h2>
            <ul class="plain">{soon}</ul>
            {later}
        </section>
        {live(manage)}
    }
}

fn session_row(centre: &CentreView, activity: &ActivityId, session: &Session) -> AnyView {
    let t = lang();
    let on_map = View {
        centre: Some(centre.centre.id.clone()),
        day: Some(session.start.local.date()),
        at: Some(session.start.local.minute_of_day()),
        length: Some(session.slot().minutes()),
        room: Some(session.room.clone()),
        ..View::default()
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
        (true, _) => (level(session), places(session)),
        (false, "") => ("t-off", t.session_off_plain().to_owned()),
        (false, reason) => ("t-off", t.session_off(reason)),
    };
    view! {
        <li>
            <time>{t.slot(session.slot())}</time>
            <a href=format!("/{}", on_map.query())>{room}</a>
            <span class=format!("tag {class}")>{words}</span>
            {file}
        </li>
    }
    .into_any()
}

#[component]
fn ToSignIn() -> impl IntoView {
    let t = lang();
    let here = use_location().pathname.get_untracked();
    let press = move |_| prefs::keep("next", &here);
    view! { <p><a class="button primary wide" href="/sign-in" on:click=press>{t.sign_in_to_sign_up()}</a></p> }
}

/// Shares the link as the device does, else copies it.
#[component]
fn Share(title: String) -> impl IntoView {
    let t = lang();
    let copied = RwSignal::new(false);
    let press = move |_| {
        let shared = prefs::share(&title);
        copied.set(!shared);
    };
    let word = move || {
        if copied.get() {
            t.link_copied()
        } else {
            t.share()
        }
    };
    view! { <button class="button" on:click=press>{word}</button> }
}

#[component]
fn Form(
    centre: Arc<CentreView>,
    activity: Arc<Activity>,
    sessions: Vec<Session>,
    family: Arc<Family>,
    chosen: Chosen,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let today: Date = centre.local(store.clock.get_untracked()).date();
    let course = activity.per == Per::Course;
    // The first that has places, unless somebody chose another; it stays, whatever others do meanwhile.
    let first = sessions
        .iter()
        .find(|one| one.left() > 0)
        .unwrap_or(&sessions[0]);
    if chosen.session.with_untracked(Option::is_none) {
        chosen.session.set(Some(first.id.clone()));
    }
    let first = first.id.clone();
    let known: Vec<ActivitySessionId> = sessions.iter().map(|one| one.id.clone()).collect();
    let session = Memo::new(move |_| {
        let picked = chosen.session.get().filter(|id| known.contains(id));
        picked.unwrap_or_else(|| first.clone())
    });
    if chosen.people.with_untracked(Vec::is_empty) && family.members.len() == 1 {
        chosen.people.set(vec![family.members[0].id.clone()]);
    }
    let of = sessions.clone();
    let full = Memo::new(move |_| {
        let id = session.get();
        let count = chosen.people.with(Vec::len).max(1);
        of.iter()
            .find(|one| one.id == id)
            .is_some_and(|one| usize::from(one.left()) < count)
    });
    let members = family.clone();
    let children = Memo::new(move |_| {
        chosen.people.with(|people| {
            let mut chosen = members
                .members
                .iter()
                .filter(|one| people.contains(&one.id));
            chosen.any(|one| one.is_child(today))
        })
    });
    let path = (activity.centre.clone(), activity.id.clone());
    let pressed = Press::new();
    let submit = Action::new_local(move |new: &NewSignUp| {
        let (new, path) = (new.clone(), path.clone());
        async move {
            let done = pressed.send::<SignUpFor>(&path, &new).await;
            match &done {
                Ok(made) => {
                    let waits = made.iter().any(|one| one.state == SignUpState::Waitlisted);
                    store.done(if waits {
                        t.on_waitlist()
                    } else {
                        t.signed_up()
                    });
                    chosen.people.set(Vec::new());
                    chosen.agreed.set(false);
                    store.changes.update(|n| *n += 1);
                    chosen.signed.set(true);
                }
                Err(problem) if problem.passing => {}
                Err(_) => store.changes.update(|n| *n += 1),
            }
            done.map(drop)
        }
    });
    // What the server said was about what was chosen then.
    Effect::new(move |before: Option<()>| {
        session.track();
        chosen.people.track();
        chosen.agreed.track();
        if before.is_some() {
            submit.value().set(None);
        }
    });
    let press = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        submit.dispatch(NewSignUp {
            session: (!course).then(|| session.get_untracked()),
            people: chosen.people.get_untracked(),
            wait: full.get_untracked(),
            consent: (children.get_untracked() && chosen.agreed.get_untracked())
                .then_some(CONSENT_VERSION),
            behalf: store.acting(),
        });
    };
    let problem = move || {
        let problem = submit.value().get()?.err()?;
        Some(view! { <p class="refusal" role="alert">{problem.text}</p> })
    };
    let options = sessions.iter().map(|one| {
        let id = one.id.clone();
        let label = format!("{} · {}", t.slot(one.slot()), places(one));
        view! { <option value=one.id.to_string() selected=move || session.get() == id>{label}</option> }
    });
    let which = (!course).then(|| {
        view! {
            <label class="field">
                <span>{t.sign_up_which()}</span>
                <select name="session" on:change=move |event| chosen.session.set(Some(ActivitySessionId::new(event_target_value(&event))))>
                    {options.collect_view()}
                </select>
            </label>
        }
    });
    let acting = store.acting();
    let add_member = match &acting {
        Some(behalf) => format!(
            "/people/{}/{}{}",
            activity.centre,
            behalf.person,
            store.view.get_untracked().query()
        ),
        None => "/family".to_owned(),
    };
    let (agree, refuse) = match &acting {
        Some(_) => (t.consent_told(), None),
        None => (t.consent_agree(), Some(t.consent_refuse())),
    };
    let boxes = family.members.iter().enumerate().map(|(number, member)| {
        let id = member.id.clone();
        let (has, toggle) = (id.clone(), id);
        let age = member.birth.map(|birth| t.age_years(domain::activity::age_on(birth, today)));
        let myself = number == 0 && acting.is_none();
        let name = if myself { t.myself(&member.name) } else { member.name.clone() };
        view! {
            <label class="check">
                <input type="checkbox" prop:checked=move || chosen.people.with(|people| people.contains(&has))
                    on:change=move |event| chosen.people.update(|people| {
                        people.retain(|one| *one != toggle);
                        if event_target_checked(&event) {
                            people.push(toggle.clone());
                        }
                    })/>
                <span>{name}</span>
                <span class="quiet">{age}</span>
            </label>
        }
    });
    let (house, phone) = (
        centre.centre.name.get(t).to_owned(),
        centre.centre.phone.clone(),
    );
    let consent = move || {
        children.get().then(|| {
            view! {
                <fieldset class="consent">
                    <legend>{t.consent_title()}</legend>
                    <p>{t.consent_v1(&house, &phone)}</p>
                    <label class="check">
                        <input type="checkbox" name="consent" prop:checked=move || chosen.agreed.get()
                            on:change=move |event| chosen.agreed.set(event_target_checked(&event))/>
                        <span>{agree}</span>
                    </label>
                    {refuse.map(|words| view! { <p class="quiet">{words}</p> })}
                </fieldset>
            }
        })
    };
    let waits = move || {
        full.get()
            .then(|| view! { <p class="warn">{t.waitlist_about()}</p> })
    };
    let pending = submit.pending();
    let idle = move || {
        pending.get()
            || chosen.people.with(Vec::is_empty)
            || (children.get() && !chosen.agreed.get())
    };
    let label = move || match (pending.get(), full.get()) {
        (true, _) => t.sending(),
        (false, true) => t.join_waitlist(),
        (false, false) => t.confirm_sign_up(),
    };
    view! {
        <form class="form" on:submit=press>
            {which}
            <fieldset class="checks people">
                <legend>{t.sign_up_who()}</legend>
                {boxes.collect_view()}
            </fieldset>
            <p><a href=add_member>{t.add_member()}</a></p>
            {live(consent)}
            {live(waits)}
            <div class="form-end">
                {live(problem)}
                <button class="button primary wide" disabled=idle>{label}</button>
            </div>
        </form>
    }
}

/// For those who run it: change, call off.
#[component]
fn Manage(activity: Arc<Activity>, edits: Edits) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let Edits { reason, asking, .. } = edits;
    let known = StoredValue::new((
        activity.title.get(t).to_owned(),
        activity.about.clone(),
        activity.sessions.last().map_or(1, |one| one.places),
    ));
    let title = move || {
        edits
            .title
            .get()
            .unwrap_or_else(|| known.with_value(|known| known.0.clone()))
    };
    let about = move || {
        edits
            .about
            .get()
            .unwrap_or_else(|| known.with_value(|known| known.1.clone()))
    };
    let count = move || {
        edits
            .places
            .get()
            .unwrap_or_else(|| known.with_value(|known| known.2))
    };
    let path = StoredValue::new((activity.centre.clone(), activity.id.clone()));
    let act = Action::new_local(move |change: &bool| {
        let (change, (centre, id)) = (*change, path.get_value());
        async move {
            let done = if change {
                let body = domain::api::ActivityChange {
                    title: untrack(title),
                    about: untrack(about),
                    places: untrack(count),
                };
                api::send::<ChangeActivity>(&(centre, id), &body, &Key::new()).await
            } else {
                let body = Reason {
                    reason: reason.get_untracked(),
                };
                match asking.get_untracked().flatten() {
                    Some(session) => {
                        api::send::<CancelSession>(&(centre, id, session), &body, &Key::new()).await
                    }
                    None => api::send::<CancelActivity>(&(centre, id), &body, &Key::new()).await,
                }
            };
            if done.is_ok() {
                store.done(match change {
                    true => t.saved(),
                    false => t.cancelled_told(),
                });
                reason.set(String::new());
                asking.set(None);
                edits.title.set(None);
                edits.about.set(None);
                edits.places.set(None);
                store.changes.update(|n| *n += 1);
            }
            done.map(drop)
        }
    });
    let problem = move || {
        let problem = act.value().get()?.err()?;
        Some(view! { <p class="refusal" role="alert">{problem.text}</p> })
    };
    let pending = act.pending();
    let now = store.clock.get_untracked();
    let of = activity.clone();
    let near = activity
        .sessions
        .iter()
        .filter(|one| one.is_on() && one.end.utc() > now - NEAR && one.start.utc() < now + NEAR);
    let sheets = near.map(|one| {
        let href = format!("/check-in/{}/{}", activity.centre, one.id);
        view! { <a class="button" href=href>{t.check_in()}" · "<time>{t.slot(one.slot())}</time></a> }
    });
    let sheets = sheets.collect_view();
    let coming = activity
        .sessions
        .iter()
        .filter(|one| one.state.is_live() && one.start.utc() > now);
    let rows = coming.map(|one| {
        let id = one.id.clone();
        view! {
            <li>
                <time>{t.slot(one.slot())}</time>
                <button class="button" on:click=move |_| asking.set(Some(Some(id.clone())))>{t.cancel_session()}</button>
            </li>
        }
    });
    let confirm = move || {
        asking.get().map(|which| {
            let what = which.and_then(|id| {
                let session = of.sessions.iter().find(|one| one.id == id)?;
                Some(t.slot(session.slot()))
            });
            view! {
                <div class="card">
                    <p><strong>{what.unwrap_or_else(|| t.cancel_activity().to_owned())}</strong></p>
                    <p>{t.cancel_session_sure()}</p>
                    <label class="field">
                        <span>{t.reason()}</span>
                        <textarea name="reason" rows="2" prop:value=move || reason.get() on:input=move |event| reason.set(event_target_value(&event))></textarea>
                    </label>
                    <div class="choices">
                        {[t.reason_ill(), t.reason_room(), t.reason_few()].map(|words| view! {
                            <button class="chip" on:click=move |_| reason.set(words.to_owned())>{words}</button>
                        }).collect_view()}
                    </div>
                    <div class="actions">
                        <button class="button danger" disabled=pending on:click=move |_| { act.dispatch(false); }>{t.cancel_now()}</button>
                        <button class="button" on:click=move |_| asking.set(None)>{t.back()}</button>
                    </div>
                </div>
            }
        })
    };
    view! {
        <div class="actions">{sheets}</div>
        <details class="manage" prop:open=move || edits.open.get_untracked()>
            <summary on:click=move |_| edits.open.update(|open| *open = !*open)>{t.change_activity()}</summary>
            <form class="form" on:submit=move |event| { event.prevent_default(); act.dispatch(true); }>
                <label class="field">
                    <span>{t.activity_title_label()}</span>
                    <input name="title" required maxlength="60" prop:value=title on:input=move |event| edits.title.set(Some(event_target_value(&event)))/>
                </label>
                <label class="field">
                    <span>{t.activity_about_label()}</span>
                    <textarea name="about" rows="3" maxlength="1000" prop:value=about on:input=move |event| edits.about.set(Some(event_target_value(&event)))></textarea>
                </label>
                <label class="field">
                    <span>{t.places_label()}</span>
                    <input type="number" name="places" min="1" max="500" inputmode="numeric" prop:value=move || count().to_string()
                        on:change=move |event| edits.places.set(event_target_value(&event).parse().ok())/>
                </label>
                <button class="button" disabled=pending>{t.save()}</button>
            </form>
            {live(problem)}
            {live(confirm)}
            <ul class="plain">{rows.collect_view()}</ul>
            <button class="button danger" on:click=move |_| asking.set(Some(None))>{t.cancel_activity()}</button>
        </details>
    }
}
