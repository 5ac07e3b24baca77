//! Somebody's record, as the staff of a centre see it, and where acting for them begins.

use std::sync::Arc;

use domain::{
    activity::age_on,
    api::{AddRelative, Behalf, ChangePerson, GetPerson, NewMember, PersonChange},
    booking::{Booking, Channel},
    id::{CentreId, PersonId},
    person::{ATTENDANCE_DAYS, PersonCard},
    time::Date,
    view::View,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::live;
use crate::{
    api::{self, Press},
    components::{
        notice::{Notice, Skeleton},
        sign_up::SignUpRow,
    },
    prefs::lang,
    query::query,
    store::Store,
};

/// The ways in which somebody reaches the house, other than by themselves.
const WAYS: [Channel; 3] = [Channel::Phone, Channel::Desk, Channel::Visit];

/// The page.
#[component]
pub fn PersonPage() -> impl IntoView {
    let store = Store::get();
    let params = use_params_map();
    let path = Memo::new(move |_| {
        params.with(|params| {
            Some((
                CentreId::new(params.get("centre")?),
                PersonId::new(params.get("person")?),
            ))
        })
    });
    let card = query(
        move || path.get(),
        move || store.version(),
        None,
        |path| async move { api::get::<GetPerson>(&path).await },
    );
    // What is typed must outlive the changes of others.
    let typed = Typed {
        open: RwSignal::new(false),
        name: RwSignal::new(None),
        phone: RwSignal::new(None),
        birth: RwSignal::new(None),
        relative_open: RwSignal::new(false),
        relative: RwSignal::new(String::new()),
        relative_birth: RwSignal::new(None),
    };
    // What was typed for one person must not be saved for another.
    Effect::new(move |before: Option<_>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            typed.clear();
        }
        now
    });
    let sends = Sends {
        relative: Press::new(),
        change: Press::new(),
    };
    let body = move || match card.get() {
        None => view! { <Skeleton lines=8/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(card)) => {
            let centre = path.get_untracked().unwrap_or_default().0;
            view! { <Record centre card typed sends/> }.into_any()
        }
    };
    view! { <main class="page form-page person-page" id="main">{live(body)}</main> }.into_any()
}

/// What is typed and not sent.
#[derive(Clone, Copy)]
struct Typed {
    open: RwSignal<bool>,
    name: RwSignal<Option<String>>,
    phone: RwSignal<Option<String>>,
    birth: RwSignal<Option<Date>>,
    relative_open: RwSignal<bool>,
    relative: RwSignal<String>,
    relative_birth: RwSignal<Option<Date>>,
}

impl Typed {
    fn clear(self) {
        for open in [self.open, self.relative_open] {
            open.set(false);
        }
        self.name.set(None);
        self.phone.set(None);
        self.birth.set(None);
        self.relative.set(String::new());
        self.relative_birth.set(None);
    }
}

/// The presses of the page's forms: they outlive a change by others, like what is typed.
#[derive(Clone, Copy)]
struct Sends {
    relative: Press<NewMember>,
    change: Press<PersonChange>,
}

#[component]
fn Record(centre: CentreId, card: Arc<PersonCard>, typed: Typed, sends: Sends) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let person = card.person.clone();
    let now = store.clock.get_untracked();
    let here = store.centre.get_untracked().and_then(Result::ok);
    let today = here.map_or_else(
        || Date::from_days(now.div_euclid(86_400)),
        |centre| centre.local(now).date(),
    );
    let age = card.birth.map(|birth| {
        let age = t.age_years(age_on(birth, today));
        view! { <li>{age}</li> }
    });
    let phone = match person.phone.clone() {
        Some(phone) => {
            view! { <a href=format!("tel:{phone}")><bdi>{phone.clone()}</bdi></a> }.into_any()
        }
        None => t.no_phone().into_any(),
    };
    // How they reached the house stands in the address, like everything that one has chosen.
    let whom = StoredValue::new((centre.clone(), person.id.clone()));
    let way = Memo::new(move |_| {
        let (_, id) = whom.get_value();
        let behalf = store.view.with(|view| view.behalf.clone());
        behalf
            .filter(|behalf| behalf.person == id)
            .map(|behalf| behalf.channel)
    });
    let acting = move |channel: Channel| {
        let (centre, person) = whom.get_value();
        View {
            centre: Some(centre),
            behalf: Some(Behalf { person, channel }),
            ..View::default()
        }
    };
    let go_on = move |path: &'static str| {
        move || {
            let view = acting(way.get().unwrap_or(Channel::Phone));
            format!("{path}{}", view.query())
        }
    };
    let go = StoredValue::new_local(store.go());
    let ways = WAYS.map(|one| {
        let choose = move |_| {
            let (centre, id) = whom.get_value();
            let path = format!("/people/{centre}/{id}");
            go.with_value(|go| go(&path, &acting(one), true));
        };
        view! {
            <button class="chip" aria-pressed=move || (way.get() == Some(one)).to_string() on:click=choose>{one.word(t)}</button>
        }
    });
    let bookings: Vec<_> = card.bookings.iter().map(booking_row).collect();
    let no_bookings = bookings.is_empty();
    let sign_ups: Vec<_> = card
        .sign_ups
        .iter()
        .filter(|one| one.end.utc() > now)
        .cloned()
        .map(|sign_up| view! { <SignUpRow sign_up/> })
        .collect();
    let no_sign_ups = sign_ups.is_empty();
    let family = card.family.iter().skip(1).map(|member| {
        let behalf = way.get_untracked().map(|channel| Behalf {
            person: member.id.clone(),
            channel,
        });
        let view = View {
            behalf,
            ..View::default()
        };
        let href = format!("/people/{centre}/{}{}", member.id, view.query());
        let age = member.birth.map(|birth| t.age_years(age_on(birth, today)));
        view! { <li><a href=href>{member.name.clone()}</a><span class="quiet">{age}</span></li> }
    });
    let family = family.collect_view();
    view! {
        <h1 tabindex="-1">{person.called().to_owned()}</h1>
        <ul class="facts"><li>{phone}</li>{age}<li>{t.attendance_of(card.came, card.missed, ATTENDANCE_DAYS)}</li></ul>
        <section class="card" aria-label=t.act_for()>
            <p class="quiet" id="came-by">{t.came_by()}</p>
            <div class="choices" role="group" aria-labelledby="came-by">{ways}</div>
            <div class="actions">
                <a class="button primary" href=go_on("/book")>{t.book_for()}</a>
                <a class="button primary" href=go_on("/activities")>{t.sign_up_for()}</a>
            </div>
        </section>
        <section aria-labelledby="bookings">
            <h2 id="bookings">{t.bookings_of()}</h2>
            <Show when=move || no_bookings><p class="empty">{t.no_bookings_here()}</p></Show>
            <ul class="rows">{bookings}</ul>
        </section>
        <section aria-labelledby="sign-ups">
            <h2 id="sign-ups">{t.sign_up()}</h2>
            <Show when=move || no_sign_ups><p class="empty">{t.no_sign_ups_here()}</p></Show>
            <ul class="cards">{sign_ups}</ul>
        </section>
        <section aria-labelledby="family">
            <h2 id="family">{t.family_of()}</h2>
            <ul class="plain">{family}</ul>
            <Relative path=(centre.clone(), person.id.clone()) typed press=sends.relative/>
        </section>
        <Correct path=(centre, person.id.clone()) card typed press=sends.change/>
        <p class="quiet">{t.record_logged()}</p>
    }
}

fn booking_row(one: &Booking) -> AnyView {
    let t = lang();
    let href = format!("/bookings/{}/{}", one.centre, one.id);
    view! {
        <li>
            <a class="row" href=href>
                <span class="row-name"><time>{t.slot(one.slot())}</time></span>
                <span class="row-where">{one.room_name.get(t).to_owned()}" · "{t.people(one.people)}</span>
                <span class=format!("tag t-{}", one.state.code())>{one.state.word(t)}</span>
            </a>
        </li>
    }
    .into_any()
}

#[component]
fn Relative(path: (CentreId, PersonId), typed: Typed, press: Press<NewMember>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let add = Action::new_local(move |new: &NewMember| {
        let (path, new) = (path.clone(), new.clone());
        async move {
            let done = press.send::<AddRelative>(&path, &new).await;
            if done.is_ok() {
                typed.relative.set(String::new());
                typed.relative_birth.set(None);
                typed.relative_open.set(false);
                store.done(t.saved());
                store.changes.update(|n| *n += 1);
            }
            done.map(drop)
        }
    });
    let problem = move || {
        let problem = add.value().get()?.err()?;
        Some(view! { <p class="refusal" role="alert">{problem.text}</p> })
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(birth) = typed.relative_birth.get_untracked() else {
            return;
        };
        add.dispatch(NewMember {
            name: typed.relative.get_untracked(),
            birth,
        });
    };
    let pending = add.pending();
    view! {
        <details class="manage" prop:open=move || typed.relative_open.get_untracked()>
            <summary on:click=move |_| typed.relative_open.update(|open| *open = !*open)>{t.add_relative()}</summary>
            <form class="form" on:submit=send>
                <div class="pair">
                    <label class="field">
                        <span>{t.your_name()}</span>
                        <input name="relative" required maxlength="40" autocomplete="off" prop:value=move || typed.relative.get()
                            on:input=move |event| typed.relative.set(event_target_value(&event))/>
                    </label>
                    <label class="field">
                        <span>{t.birth_date()}</span>
                        <input type="date" name="relative-birth" required prop:value=move || typed.relative_birth.get().map(|birth| birth.to_string()).unwrap_or_default()
                            on:change=move |event| typed.relative_birth.set(Date::parse(&event_target_value(&event)))/>
                    </label>
                </div>
                {live(problem)}
                <button class="button" disabled=pending>{t.add_relative()}</button>
            </form>
        </details>
    }
}

#[component]
fn Correct(
    path: (CentreId, PersonId),
    card: Arc<PersonCard>,
    typed: Typed,
    press: Press<PersonChange>,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let has_phone = card.person.phone.is_some();
    // What somebody who signs in by themselves has given is theirs to change.
    let theirs = !card.kept_by_staff;
    let (name_is_theirs, birth_is_theirs) = (
        theirs && !card.person.name.is_empty(),
        theirs && card.birth.is_some(),
    );
    let known = StoredValue::new(card);
    let name = move || {
        let before = || known.with_value(|card| card.person.name.clone());
        typed.name.get().unwrap_or_else(before)
    };
    let birth = move || {
        typed
            .birth
            .get()
            .or_else(|| known.with_value(|card| card.birth))
    };
    let change = Action::new_local(move |(): &()| {
        let path = path.clone();
        let change = PersonChange {
            name: untrack(name),
            phone: typed.phone.get_untracked().unwrap_or_default(),
            birth: untrack(birth),
        };
        async move {
            let done = press.send::<ChangePerson>(&path, &change).await;
            if done.is_ok() {
                typed.name.set(None);
                typed.phone.set(None);
                typed.birth.set(None);
                typed.open.set(false);
                store.done(t.saved());
                store.changes.update(|n| *n += 1);
            }
            done.map(drop)
        }
    });
    let problem = move || {
        let problem = change.value().get()?.err()?;
        Some(view! { <p class="refusal" role="alert">{problem.text}</p> })
    };
    let pending = change.pending();
    // A number by which somebody signs in is theirs to change.
    let phone = (!has_phone).then(|| {
        view! {
            <label class="field">
                <span>{t.phone_if_any()}</span>
                <input type="tel" name="phone" autocomplete="off" prop:value=move || typed.phone.get().unwrap_or_default()
                    on:input=move |event| typed.phone.set(Some(event_target_value(&event)))/>
            </label>
        }
    });
    view! {
        <details class="manage" prop:open=move || typed.open.get_untracked()>
            <summary on:click=move |_| typed.open.update(|open| *open = !*open)>{t.record_change()}</summary>
            {theirs.then(|| view! { <p class="quiet">{t.record_theirs()}</p> })}
            <form class="form" on:submit=move |event| { event.prevent_default(); change.dispatch(()); }>
                <label class="field">
                    <span>{t.your_name()}</span>
                    <input name="name" required maxlength="40" autocomplete="off" disabled=name_is_theirs prop:value=name on:input=move |event| typed.name.set(Some(event_target_value(&event)))/>
                </label>
                {phone}
                <label class="field">
                    <span>{t.birth_date()}</span>
                    <input type="date" name="birth" disabled=birth_is_theirs prop:value=move || birth().map(|birth| birth.to_string()).unwrap_or_default()
                        on:change=move |event| typed.birth.set(Date::parse(&event_target_value(&event)))/>
                </label>
                {live(problem)}
                <button class="button" disabled=pending>{t.save()}</button>
            </form>
        </details>
    }
}
