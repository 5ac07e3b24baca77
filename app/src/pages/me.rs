//! Me: profile, my bookings, language, theme, sessions.

use domain::{
    api::{
        ChangeMe, ListMyBookings, ListMySignUps, ListSessions, MyChange, SignOut, SignOutEverywhere,
    },
    booking::Booking,
    person::Profile,
    text::Lang,
    time::Date,
};
use leptos::prelude::*;

use crate::components::live;
use crate::{
    api::{self, Key},
    components::{
        notice::{Notice, Skeleton},
        sign_up::SignUpRow,
    },
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// The page.
#[component]
pub fn MePage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    // Who it is, not what they are called: saving a name must not draw the form anew.
    let person = Memo::new(move |_| {
        store.me.with(|me| {
            me.as_ref()
                .map(|me| me.profile.as_ref().map(|profile| profile.id.clone()))
        })
    });
    let profile = move || store.me.with_untracked(|me| me.as_ref()?.profile.clone());
    let body = move || match person.get() {
        None => view! { <Skeleton lines=6/> }.into_any(),
        Some(None) => view! {
            <p>{t.visitor_about()}</p>
            <p><a class="button primary" href="/sign-in">{t.sign_in()}</a></p>
        }
        .into_any(),
        Some(Some(_)) => view! {
            <Links/>
            <MySignUps/>
            <MyBookings/>
            {profile().map(|profile| view! { <MyProfile profile/> })}
            <Sessions/>
        }
        .into_any(),
    };
    view! {
        <main class="page form-page" id="main">
            <h1 tabindex="-1">{t.me_title()}</h1>
            {live(body)}
            <Looks/>
        </main>
    }
    .into_any()
}

/// To the inbox and the family.
#[component]
fn Links() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let unread = move || {
        let count = store.me.with(|me| me.as_ref().map_or(0, |me| me.unread));
        (count > 0).then(|| view! { <span class="badge" aria-label=t.unread(count)>{count}</span> })
    };
    view! {
        <div class="actions">
            <a class="button" href="/inbox">{t.inbox()}{live(unread)}</a>
            <a class="button" href="/family">{t.family()}</a>
        </div>
    }
}

#[component]
fn MySignUps() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let mine = query(
        || Some(()),
        move || store.version(),
        None,
        |()| async { api::get::<ListMySignUps>(&()).await },
    );
    let body = move || match mine.get() {
        None => view! { <Skeleton lines=3/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(all)) => {
            let now = store.clock.get_untracked();
            let coming = all
                .iter()
                .filter(|one| one.state.is_live() && one.end.utc() > now);
            let rows = coming
                .cloned()
                .map(|sign_up| view! { <SignUpRow sign_up/> })
                .collect_view();
            if rows.is_empty() {
                return view! {
                    <p class="empty">{t.no_sign_ups()}</p>
                    <p><a class="button" href="/activities">{t.see_activities()}</a></p>
                }
                .into_any();
            }
            view! { <ul class="cards">{rows}</ul> }.into_any()
        }
    };
    view! {
        <section aria-labelledby="my-sign-ups">
            <h2 id="my-sign-ups">{t.my_sign_ups()}</h2>
            {live(body)}
        </section>
    }
}

#[component]
fn MyBookings() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let bookings = query(
        || Some(()),
        move || store.version(),
        None,
        |()| async { api::get::<ListMyBookings>(&()).await },
    );
    let list = move |bookings: Vec<Booking>| {
        let now = store.clock.get_untracked();
        let (coming, past): (Vec<_>, Vec<_>) = bookings
            .into_iter()
            .partition(|one| one.end.utc() > now && one.state.is_live());
        let row = |one: Booking| {
            let href = format!("/bookings/{}/{}", one.centre, one.id);
            let name = one
                .title
                .as_ref()
                .unwrap_or(&one.room_name)
                .get(t)
                .to_owned();
            view! {
                <li>
                    <a class="row" href=href>
                        <span class="row-name">{name}</span>
                        <span class="row-where"><time>{t.slot(one.slot())}</time>" · "{one.centre_name.get(t).to_owned()}</span>
                        <span class=format!("tag t-{}", one.state.code())>{one.state.word(t)}</span>
                    </a>
                </li>
            }
        };
        let none = coming.is_empty();
        let past = (!past.is_empty()).then(|| {
            view! {
                <details>
                    <summary>{t.past_bookings()}</summary>
                    <ul class="rows">{past.into_iter().map(row).collect_view()}</ul>
                </details>
            }
        });
        view! {
            <Show when=move || none>
                <p class="empty">{t.no_bookings()}</p>
                <p><a class="button primary" href="/">{t.find_room()}</a></p>
            </Show>
            <ul class="rows">{coming.into_iter().map(row).collect_view()}</ul>
            {past}
        }
    };
    let body = move || match bookings.get() {
        None => view! { <Skeleton lines=3/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(bookings)) => list(bookings.to_vec()).into_any(),
    };
    view! {
        <section aria-labelledby="my-bookings">
            <h2 id="my-bookings">{t.my_bookings()}</h2>
            {live(body)}
        </section>
    }
}

#[component]
fn MyProfile(profile: Profile) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let name = RwSignal::new(profile.name.clone());
    let birth = RwSignal::new(
        profile
            .birth
            .map(|birth| birth.to_string())
            .unwrap_or_default(),
    );
    let save = Action::new_local(move |(): &()| {
        let change = MyChange {
            name: name.get_untracked(),
            lang: t,
            birth: Date::parse(&birth.get_untracked()),
        };
        async move {
            let done = api::send::<ChangeMe>(&(), &change, &Key::new()).await;
            done.map(|me| {
                store.me.set(Some(me));
                store.done(t.saved());
            })
        }
    });
    let says = move || match save.value().get() {
        Some(Err(problem)) => {
            view! { <p class="refusal" role="alert">{problem.text}</p> }.into_any()
        }
        Some(Ok(())) => view! { <p class="verdict">{t.saved()}</p> }.into_any(),
        None => ().into_any(),
    };
    let pending = save.pending();
    let phone = profile
        .phone
        .map(|phone| phone.as_str().to_owned())
        .unwrap_or_default();
    view! {
        <section aria-labelledby="profile">
            <h2 id="profile">{t.profile()}</h2>
            <form class="form" on:submit=move |event| { event.prevent_default(); save.dispatch(()); }>
                <label class="field">
                    <span>{t.your_name()}</span>
                    <input name="name" autocomplete="name" required prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event))/>
                    <small>{t.phone()}" "<bdi>{phone}</bdi></small>
                </label>
                <label class="field">
                    <span>{t.birth_date()}</span>
                    <input type="date" name="birth" autocomplete="bday" prop:value=move || birth.get() on:change=move |event| birth.set(event_target_value(&event))/>
                    <small>{t.birth_use()}</small>
                </label>
                {live(says)}
                <button class="button" disabled=pending>{t.save()}</button>
            </form>
        </section>
    }
}

#[component]
fn Sessions() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let again = RwSignal::new(0u32);
    let sessions = query(
        || Some(()),
        move || again.get() + store.version(),
        None,
        |()| async { api::get::<ListSessions>(&()).await },
    );
    let leave = Action::new_local(move |everywhere: &bool| {
        let everywhere = *everywhere;
        async move {
            let done = match everywhere {
                true => api::send::<SignOutEverywhere>(&(), &(), &Key::new()).await,
                false => api::send::<SignOut>(&(), &(), &Key::new()).await,
            };
            if done.is_ok() {
                store.done(t.signed_out());
                store.load_me();
            }
            again.update(|n| *n += 1);
            done
        }
    });
    let problem = move || Some(leave.value().get()?.err()?.text);
    let list =
        move || {
            let sessions = sessions.get()?.ok()?;
            Some(sessions.iter().map(|one| {
            let since = domain::time::Date::from_days(one.since.div_euclid(86_400));
            view! {
                <li>
                    <span>{one.device.clone()}</span>
                    <span class="quiet">{t.since(&t.date(since))}</span>
                    {one.here.then(|| view! { <span class="tag">{t.this_device()}</span> })}
                </li>
            }
        }).collect_view())
        };
    let pending = leave.pending();
    view! {
        <section aria-labelledby="sessions">
            <h2 id="sessions">{t.sessions()}</h2>
            <ul class="plain">{live(list)}</ul>
            <p class="refusal" role="alert">{live(problem)}</p>
            <div class="actions">
                <button class="button" disabled=pending on:click=move |_| { leave.dispatch(false); }>{t.sign_out()}</button>
                <button class="button" disabled=pending on:click=move |_| { leave.dispatch(true); }>{t.sign_out_everywhere()}</button>
            </div>
        </section>
    }
}

/// Language, theme, elder view: for visitors too.
#[component]
fn Looks() -> impl IntoView {
    let t = lang();
    let theme = RwSignal::new(prefs::theme());
    let elder = RwSignal::new(prefs::elder());
    let themes = [
        ("", t.theme_auto()),
        ("light", t.theme_light()),
        ("dark", t.theme_dark()),
    ];
    view! {
        <section aria-labelledby="looks">
            <h2 id="looks">{t.looks()}</h2>
            <div class="choices" role="group" aria-label=t.language()>
                {Lang::ALL.map(|(lang, name)| view! {
                    <button class="chip" lang=lang.tag() aria-pressed=(lang == t).to_string() on:click=move |_| prefs::set_lang(lang)>{name}</button>
                }).collect_view()}
            </div>
            <div class="choices" role="group" aria-label=t.theme()>
                {themes.map(|(code, name)| view! {
                    <button class="chip" aria-pressed=move || (theme.get() == code).to_string() on:click=move |_| {
                        prefs::set_theme(code);
                        theme.set(code.to_owned());
                    }>{name}</button>
                }).collect_view()}
            </div>
            <button class="chip" aria-pressed=move || elder.get().to_string() on:click=move |_| {
                prefs::set_elder(!elder.get_untracked());
                elder.set(prefs::elder());
            }>{t.elder_view()}</button>
        </section>
    }
}
