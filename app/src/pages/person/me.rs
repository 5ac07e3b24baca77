//! Me: profile, my bookings, language, theme, sessions.

use std::sync::Arc;

use domain::{
    api::{
        ChangeMe, Endpoint, EraseMe, GetMyData, ListMyBookings, ListMySignUps, ListMyWaits,
        MyChange,
    },
    booking::{Booking, BookingState},
    language::Lang,
    page::Page,
    person::{Profile, permission::acts_for_others, second_factor::SecondFactor},
    sign_up::SignUp,
    time::{Date, Slot},
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live, notice::Skeleton, once::once},
    pages::{
        booking::awaited::WaitRows,
        feed::MyFeeds,
        person::{push::PushSection, sessions::Sessions, token::Tokens},
        second_factor,
        sign_up::row::SignUpRows,
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
    // What one cannot work without comes first.
    let second = move || {
        store
            .me
            .with(|me| me.as_ref().map(|me| me.second))
            .unwrap_or_default()
    };
    let asked = Memo::new(move |_| second().withholds());
    let offered = Memo::new(move |_| second() != SecondFactor::NotAsked && !second().withholds());
    let body = move || {
        match person.get() {
        None => view! { <Skeleton lines=6/> }.into_any(),
        Some(None) => view! {
            <p>{t.visitor_about()}</p>
            <p><a class="button primary" href=store.href(Page::SignIn) on:click=move |_| prefs::keep("next", &store.address())>{t.sign_in()}</a></p>
        }
        .into_any(),
        Some(Some(_)) => view! {
            <NameWanted/>
            {live(move || asked.get().then(second_factor))}
            <Links/>
            <MyWaits/>
            <MySignUps/>
            <MyBookings/>
            {profile().map(|profile| view! { <MyProfile profile/> })}
            {live(move || offered.get().then(second_factor))}
            <PushSection/>
            <MyFeeds/>
            <Sessions/>
            <Tokens/>
            <MyDataSection/>
        }
        .into_any(),
    }
    };
    view! {
        <main class="page form-page" id="main">
            <div class="heading">
                <h1 tabindex="-1">{t.me_title()}</h1>
                <ElderSwitch/>
            </div>
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
            <a class="button" href=store.href(Page::Messages)>{t.inbox()}{live(unread)}</a>
            <a class="button" href=store.href(Page::Household)>{t.family()}</a>
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
    let list = move |mine: Memo<Arc<Vec<SignUp>>>| {
        let coming = Memo::new(move |_| {
            let now = store.clock.get();
            mine.with(|all| {
                let coming = all.iter();
                let coming = coming.filter(|one| one.state.is_live() && one.end.utc() > now);
                coming.cloned().collect::<Vec<_>>()
            })
        });
        view! {
            <Show when=move || coming.with(Vec::is_empty)>
                <p class="empty">{t.no_sign_ups()}</p>
                <p><a class="button" href=store.href(Page::Activities)>{t.see_activities()}</a></p>
            </Show>
            <SignUpRows rows=coming/>
        }
        .into_any()
    };
    let body = once(mine, 3, list);
    view! {
        <section aria-labelledby="my-sign-ups">
            <h2 id="my-sign-ups">{t.my_sign_ups()}</h2>
            {body}
        </section>
    }
}

/// What one waits for, where there is anything.
#[component]
fn MyWaits() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let mine = query(
        || Some(()),
        move || store.version(),
        None,
        |()| async { api::get::<ListMyWaits>(&()).await },
    );
    let waits = Memo::new(move |_| {
        let waits = mine.get().and_then(Result::ok);
        waits.map(|waits| (*waits).clone()).unwrap_or_default()
    });
    view! {
        <Show when=move || waits.with(|waits| !waits.is_empty())>
            <section aria-labelledby="my-waits">
                <h2 id="my-waits">{t.waits_title()}</h2>
                <WaitRows waits/>
            </section>
        </Show>
    }
}

/// How many past bookings are shown at a time.
const PAST: usize = 6;

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
    let row = move |one: Booking| {
        let word = one.word(t);
        let href = store.href(Page::Booking(one.centre, one.id));
        let name = one.title.as_ref().unwrap_or(&one.room_name);
        let slot = Slot::lasting(
            one.start.local,
            one.end.local.minutes() - one.start.local.minutes(),
        );
        view! {
            <li>
                <a class="row" href=href>
                    <span class="row-name" lang=t.tongue_of(name.get(t))>{name.get(t).to_owned()}</span>
                    <span class="row-where"><time>{t.slot_seen(slot, store.today())}</time>" · "{one.centre_name.get(t).to_owned()}</span>
                    <span class=format!("tag t-{}", one.state.code())>{word}</span>
                </a>
            </li>
        }
    };
    let list = move |bookings: Memo<Arc<Vec<Booking>>>| {
        let parted = Memo::new(move |_| {
            let now = store.clock.get();
            bookings.with(|all| {
                let all = all.iter().cloned();
                // Whoever comes late finds it as well.
                let stands =
                    |one: &Booking| one.state.is_live() || one.state == BookingState::Released;
                let comes = |one: &Booking| one.end.utc() > now && stands(one);
                all.partition::<Vec<_>, _>(comes)
            })
        });
        let coming = move || parted.with(|(coming, _)| coming.clone());
        // The newest first, and not all at once.
        let more = RwSignal::new(PAST);
        let past = move || {
            let most = more.get();
            parted.with(|(_, past)| past.iter().take(most).cloned().collect::<Vec<_>>())
        };
        let left = move || {
            parted
                .with(|(_, past)| past.len())
                .saturating_sub(more.get())
        };
        view! {
            <Show when=move || parted.with(|(coming, _)| coming.is_empty())>
                <p class="empty">{t.no_bookings()}</p>
                <p><a class="button primary" href=store.href(Page::Map)>{t.find_room()}</a></p>
            </Show>
            <ul class="rows"><For each=coming key=|one| format!("{one:?}") children=row/></ul>
            <Show when=move || parted.with(|(_, past)| !past.is_empty())>
                <details>
                    <summary>{t.past_bookings()}</summary>
                    <ul class="rows"><For each=past key=|one| format!("{one:?}") children=row/></ul>
                    <Show when=move || 0 < left()>
                        <p><button class="button" on:click=move |_| more.update(|most| *most += PAST)>{move || t.show_more(left())}</button></p>
                    </Show>
                </details>
            </Show>
        }
        .into_any()
    };
    let body = once(bookings, 3, list);
    view! {
        <section aria-labelledby="my-bookings">
            <h2 id="my-bookings">{t.my_bookings()}</h2>
            {body}
        </section>
    }
}

/// Asks whoever signed in for the first time what they are called.
#[component]
fn NameWanted() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let profile = move || store.me.with_untracked(|me| me.as_ref()?.profile.clone());
    let nameless = Memo::new(move |_| {
        store.me.with(|me| {
            let profile = me.as_ref().and_then(|me| me.profile.as_ref());
            profile.is_some_and(|profile| profile.name.is_empty())
        })
    });
    let name = RwSignal::new(String::new());
    let save = Act::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let change = MyChange {
            name: name.get_untracked(),
            lang: t,
            birth: profile().and_then(|profile| profile.birth),
        };
        save.run(async move {
            let me = api::send::<ChangeMe>(&(), &change).await?;
            store.me.set(Some(me));
            Ok(Some(t.saved().to_owned()))
        });
    };
    view! {
        <Show when=move || nameless.get()>
            <form class="form card" on:submit=send>
                <label class="field">
                    <span>{t.name_wanted()}</span>
                    <input name="name" data-field="name" autocomplete="name" required maxlength="40" prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event))/>
                    <small>{t.name_wanted_why()}</small>
                </label>
                {save.refusal()}
                <button class="button primary" aria-disabled=save.disabled()>{t.name_save()}</button>
            </form>
        </Show>
    }
}

#[component]
fn MyProfile(profile: Profile) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let name = RwSignal::new(profile.name.clone());
    // What was saved above stands here as well.
    Effect::new(move |_| {
        let saved = store
            .me
            .with(|me| Some(me.as_ref()?.profile.as_ref()?.name.clone()));
        if let Some(saved) = saved.filter(|_| name.with_untracked(String::is_empty)) {
            name.set(saved);
        }
    });
    let birth = RwSignal::new(
        profile
            .birth
            .map(|birth| birth.to_string())
            .unwrap_or_default(),
    );
    let save = Act::new();
    let send = move || {
        let change = MyChange {
            name: name.get_untracked(),
            lang: t,
            birth: Date::parse(&birth.get_untracked()),
        };
        save.run(async move {
            let me = api::send::<ChangeMe>(&(), &change).await?;
            store.me.set(Some(me));
            Ok(Some(t.saved().to_owned()))
        });
    };
    let phone = profile
        .phone
        .map(|phone| phone.as_str().to_owned())
        .unwrap_or_default();
    view! {
        <section aria-labelledby="profile">
            <h2 id="profile">{t.profile()}</h2>
            <form class="form" on:submit=move |event| { event.prevent_default(); send(); }>
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
                {save.refusal()}
                <button class="button" aria-disabled=save.disabled()>{t.save()}</button>
            </form>
        </section>
    }
}

/// What is stored about oneself: to take along, and to erase.
#[component]
fn MyDataSection() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let asking = RwSignal::new(false);
    let erase = Act::new();
    let press = move || {
        erase.run(async move {
            api::send::<EraseMe>(&(), &()).await?;
            prefs::forget_kept();
            store.load_me();
            Ok(Some(t.erased().to_owned()))
        });
    };
    let ask = move || {
        match asking.get() {
        false => view! { <button class="button" on:click=move |_| asking.set(true)>{t.erase_me()}</button> }
            .into_any(),
        true => view! {
            <p class="ask">{t.erase_sure()}</p>
            <button class="button danger" aria-disabled=erase.disabled() on:click=move |_| press()>{t.erase_yes()}</button>
            <button class="button" on:click=move |_| asking.set(false)>{t.cancel_no()}</button>
        }
        .into_any(),
    }
    };
    view! {
        <section aria-labelledby="my-data">
            <h2 id="my-data">{t.my_data()}</h2>
            <p>{t.my_data_about()}</p>
            {erase.refusal()}
            <div class="actions">
                <a class="button" href=GetMyData::url(&()) download="linli.json">{t.my_data_file()}</a>
                {live(ask)}
            </div>
        </section>
    }
}

/// Large letters and targets, where whoever needs them finds the switch: at the top.
#[component]
fn ElderSwitch() -> impl IntoView {
    let t = lang();
    view! {
        <button class="chip" aria-pressed=prefs::elder().to_string() on:click=|_| prefs::switch_elder()>{t.elder_view()}</button>
    }
}

/// Language and theme: for visitors too.
#[component]
fn Looks() -> impl IntoView {
    let t = lang();
    let theme = RwSignal::new(prefs::theme());
    let themes = [
        ("", t.theme_auto()),
        ("light", t.theme_light()),
        ("dark", t.theme_dark()),
    ];
    let slash = RwSignal::new(prefs::slash());
    let switch = move |_| {
        prefs::set_slash(!slash.get_untracked());
        slash.set(prefs::slash());
    };
    let store = Store::get();
    let works = Memo::new(move |_| acts_for_others(&store.actor()));
    let keys = move || {
        works.get().then(|| {
            view! {
                <div class="choices">
                    <button class="chip" aria-pressed=move || slash.get().to_string() on:click=switch>{t.slash_key()}</button>
                </div>
            }
        })
    };
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
            {live(keys)}
        </section>
    }
}
