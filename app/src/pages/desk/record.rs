//! Somebody's record, as the staff of a centre see it, and where acting for them begins.

use std::sync::Arc;

use domain::{
    api::{
        AddRelative, AskCode, ChangePerson, CodePurpose, CodeSent, Endpoint, GetPerson, GetSlip,
        NewMember, PersonCard, PersonChange, ProveNumber, SendCode, UseCode,
    },
    booking::Booking,
    id::{CentreId, PersonId},
    page::Page,
    person::{
        ATTENDANCE_DAYS,
        age::age_on,
        behalf::{Behalf, Channel},
        household::Member,
    },
    time::Date,
    view::{USUAL_WAY, View},
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live, once::once},
    pages::{booking::awaited::WaitRows, desk::merge::Merge, sign_up::row::SignUpRows},
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// The ways in which somebody reaches the house, other than by themselves.
const WAYS: [Channel; 3] = [Channel::Phone, Channel::Desk, Channel::Visit];

/// The page.
#[component]
pub fn RecordPage() -> impl IntoView {
    let store = Store::get();
    let path = Memo::new(move |_| match store.router.page.get()? {
        Page::Record(centre, id) => Some((centre, id)),
        _ => None,
    });
    // Another person is another page: what was typed for one must not be saved for another.
    let body = move || path.get().map(|path| view! { <OfPerson path/> });
    view! { <main class="page form-page person-page" id="main">{live(body)}</main> }.into_any()
}

type Path = (CentreId, PersonId);

#[component]
fn OfPerson(path: Path) -> impl IntoView {
    let store = Store::get();
    let asked = StoredValue::new(path.clone());
    let opened = StoredValue::new(false);
    let card = query(
        move || Some(asked.get_value()),
        move || store.version(),
        None,
        move |path| api::look::<GetPerson>(path, opened),
    );
    once(card, 8, move |card| {
        view! { <Record path=path.clone() card/> }.into_any()
    })
}

#[component]
fn Record(path: Path, card: Memo<Arc<PersonCard>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let centre = path.0.clone();
    let now = store.clock.get_untracked();
    let here = store.centre.get_untracked().and_then(Result::ok);
    let today = here.map_or_else(
        || Date::from_days(now.div_euclid(86_400)),
        |centre| centre.local(now).date(),
    );
    let age = move || {
        let birth = card.with(|card| card.birth)?;
        Some(view! { <li>{t.age_years(age_on(birth, today))}</li> })
    };
    let phone = move || match card.with(|card| card.person.phone.clone()) {
        Some(phone) => {
            view! { <a href=format!("tel:{phone}")><bdi>{phone.clone()}</bdi></a> }.into_any()
        }
        None => t.no_phone().into_any(),
    };
    // How they reached the house stands in the address, like everything that one has chosen.
    let whom = StoredValue::new(path.clone());
    let way = Memo::new(move |_| {
        let (_, id) = whom.get_value();
        let behalf = store.view.with(|view| view.behalf.clone());
        behalf
            .filter(|behalf| behalf.person == id)
            .map_or(USUAL_WAY, |behalf| behalf.channel)
    });
    let acting = move |channel: Channel| {
        let (centre, person) = whom.get_value();
        View {
            behalf: Some(Behalf { person, channel }),
            ..View::at_centre(Some(centre))
        }
    };
    let slip = GetSlip::url(&path);
    let go_on = move |page: Page| move || acting(way.get()).address(&page);
    let ways = WAYS.map(|one| {
        let choose = move |_| {
            let (centre, id) = whom.get_value();
            store.go(&Page::Record(centre, id), &acting(one), true);
        };
        view! {
            <button class="chip" aria-pressed=move || (way.get() == one).to_string() on:click=choose>{one.word(t)}</button>
        }
    });
    // What is to come, and apart from it what was.
    let coming = Memo::new(move |_| {
        let now = store.clock.get();
        card.with(|card| {
            let coming = card
                .bookings
                .iter()
                .filter(|one| one.end.utc() > now && one.state.is_live());
            coming.cloned().collect::<Vec<_>>()
        })
    });
    let past = Memo::new(move |_| {
        let coming = coming.get();
        card.with(|card| {
            let past = card.bookings.iter().filter(|one| !coming.contains(one));
            past.cloned().collect::<Vec<_>>()
        })
    });
    let sign_ups = Memo::new(move |_| {
        let now = store.clock.get();
        card.with(|card| {
            let coming = card.sign_ups.iter().filter(|one| one.end.utc() > now);
            coming.cloned().collect::<Vec<_>>()
        })
    });
    let waits = Memo::new(move |_| card.with(|card| card.waits.clone()));
    let relatives =
        move || card.with(|card| card.family.iter().skip(1).cloned().collect::<Vec<_>>());
    let relative = move |member: Member| {
        // Whoever opens the record of a relative acts for them from there on.
        let (of, id) = (centre.clone(), member.id.clone());
        let href = move || {
            let behalf = Behalf {
                person: id.clone(),
                channel: way.get(),
            };
            let view = View {
                behalf: Some(behalf),
                ..View::at_centre(Some(of.clone()))
            };
            view.address(&Page::Record(of.clone(), id.clone()))
        };
        let age = member.birth.map(|birth| t.age_years(age_on(birth, today)));
        view! { <li><a href=href>{member.name}</a><span class="quiet">{age}</span></li> }
    };
    view! {
        <h1 tabindex="-1">{move || card.with(|card| card.person.called().to_owned())}</h1>
        <ul class="facts">
            <li>{live(phone)}</li>
            {live(age)}
            <li>{move || card.with(|card| t.attendance_of(card.came, card.missed, ATTENDANCE_DAYS))}</li>
            {move || card.with(|card| (card.no_shows > 0).then(|| view! { <li>{t.no_shows_of(card.no_shows)}</li> }))}
        </ul>
        <section class="card" aria-label=t.act_for()>
            <p class="quiet" id="came-by">{t.came_by()}</p>
            <div class="choices" role="group" aria-labelledby="came-by">{ways}</div>
            <div class="actions">
                <a class="button primary" href=go_on(Page::Book)>{t.book_for()}</a>
                <a class="button primary" href=go_on(Page::Activities)>{t.sign_up_for()}</a>
                <a class="button" href=slip target="_blank" rel="noopener">{t.paper_slip()}</a>
            </div>
        </section>
        <section aria-labelledby="bookings">
            <h2 id="bookings">{t.bookings_of()}</h2>
            <Show when=move || coming.with(Vec::is_empty)><p class="empty">{t.no_bookings_here()}</p></Show>
            <ul class="rows"><For each=move || coming.get() key=|one| format!("{one:?}") children=|one| booking_row(&one)/></ul>
            <Show when=move || past.with(|past| !past.is_empty())>
                <details class="manage">
                    <summary>{t.past_bookings()}</summary>
                    <ul class="rows"><For each=move || past.get() key=|one| format!("{one:?}") children=|one| booking_row(&one)/></ul>
                </details>
            </Show>
        </section>
        <Show when=move || waits.with(|waits| !waits.is_empty())>
            <section aria-labelledby="waits">
                <h2 id="waits">{t.waits_title()}</h2>
                <WaitRows waits/>
            </section>
        </Show>
        <section aria-labelledby="sign-ups">
            <h2 id="sign-ups">{t.sign_up()}</h2>
            <Show when=move || sign_ups.with(Vec::is_empty)><p class="empty">{t.no_sign_ups_here()}</p></Show>
            <SignUpRows rows=sign_ups/>
        </section>
        <section aria-labelledby="family">
            <h2 id="family">{t.family_of()}</h2>
            <ul class="plain"><For each=relatives key=|member| format!("{member:?}") children=relative/></ul>
            <Relative path=path.clone()/>
        </section>
        <Correct path=path.clone() card/>
        <Merge path called=card.with_untracked(|card| card.person.name.clone())/>
        <p class="quiet">{t.record_logged()}</p>
    }
}

fn booking_row(one: &Booking) -> AnyView {
    let t = lang();
    let href = Store::get().href(Page::Booking(one.centre.clone(), one.id.clone()));
    view! {
        <li>
            <a class="row" href=href>
                <span class="row-name"><time>{t.slot_seen(one.slot(), Store::get().today())}</time></span>
                <span class="row-where">{one.room_name.get(t).to_owned()}" · "{t.people(one.people)}</span>
                <span class=format!("tag t-{}", one.state.code())>{one.state.word(t)}</span>
            </a>
        </li>
    }
    .into_any()
}

#[component]
fn Relative(path: Path) -> impl IntoView {
    let t = lang();
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let born = RwSignal::new(None::<Date>);
    let add = Act::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(birth) = born.get_untracked() else {
            return;
        };
        let new = NewMember {
            name: name.get_untracked(),
            birth,
        };
        let path = path.clone();
        add.run(async move {
            api::send::<AddRelative>(&path, &new).await?;
            name.try_set(String::new());
            born.try_set(None);
            // Siblings come together.
            request_animation_frame(|| prefs::focus("[name=relative]"));
            Ok(Some(t.saved().to_owned()))
        });
    };
    view! {
        <details class="manage" prop:open=move || open.get() on:toggle=move |event| open.set(is_open(&event))>
            <summary>{t.add_relative()}</summary>
            <form class="form" on:submit=send>
                <div class="pair">
                    <label class="field">
                        <span>{t.your_name()}</span>
                        <input name="relative" data-field="name" required maxlength="40" autocomplete="off" prop:value=move || name.get()
                            on:input=move |event| name.set(event_target_value(&event))/>
                    </label>
                    <label class="field">
                        <span>{t.birth_date()}</span>
                        <input type="date" name="relative-birth" required prop:value=move || born.get().map(|birth| birth.to_string()).unwrap_or_default()
                            on:change=move |event| born.set(Date::parse(&event_target_value(&event)))/>
                    </label>
                </div>
                {add.refusal()}
                <button class="button" aria-disabled=add.disabled()>{t.add_relative()}</button>
            </form>
        </details>
    }
}

/// What is typed and not sent: nothing where what is stored is to stay.
#[derive(Clone, Copy)]
struct Typed {
    name: RwSignal<Option<String>>,
    phone: RwSignal<Option<String>>,
    birth: RwSignal<Option<Option<Date>>>,
}

/// Whether a `details` that was toggled is open now.
fn is_open(event: &leptos::ev::Event) -> bool {
    event_target::<web_sys::Element>(event).has_attribute("open")
}

#[component]
fn Correct(path: Path, card: Memo<Arc<PersonCard>>) -> impl IntoView {
    let t = lang();
    let open = RwSignal::new(false);
    let typed = Typed {
        name: RwSignal::new(None),
        phone: RwSignal::new(None),
        birth: RwSignal::new(None),
    };
    let has_phone = move || card.with(|card| card.person.phone.is_some());
    // What is its holder's is corrected by the code of their number, a first number by the code that is sent to it.
    let theirs = move || card.with(|card| !card.kept_by_staff);
    let number = move || card.with_untracked(|card| card.person.phone.clone());
    let sent = RwSignal::new(None::<CodeSent>);
    // What the code proved: it is used once, and what comes after it may have to be mended.
    let proof = RwSignal::new(None::<String>);
    let code = RwSignal::new(String::new());
    let proves = move || {
        let typed = typed
            .phone
            .get_untracked()
            .filter(|typed| !typed.trim().is_empty());
        typed.or_else(|| number().filter(|_| untrack(theirs)))
    };
    // A code is for the number that it was sent to.
    Effect::new(move |before: Option<()>| {
        typed.phone.track();
        if before.is_some() {
            sent.set(None);
            proof.set(None);
        }
    });
    let name = move || {
        let before = || card.with(|card| card.person.name.clone());
        typed.name.get().unwrap_or_else(before)
    };
    let birth = move || {
        let before = || card.with(|card| card.birth);
        typed.birth.get().unwrap_or_else(before)
    };
    let act = Act::new();
    let path = StoredValue::new(path);
    let send = move || {
        let path = path.get_value();
        let mut change = PersonChange {
            name: untrack(name),
            phone: typed.phone.get_untracked().unwrap_or_default(),
            birth: untrack(birth),
            proof: None,
        };
        act.run(async move {
            if let Some(phone) = proves().filter(|_| proof.with_untracked(Option::is_none)) {
                if sent.with_untracked(Option::is_none) {
                    let ask = AskCode {
                        phone,
                        purpose: CodePurpose::Record,
                    };
                    let reply = api::send::<SendCode>(&(), &ask).await?;
                    sent.try_set(Some(reply));
                    request_animation_frame(|| prefs::focus("#record-code"));
                    return Ok(None);
                }
                let code = code.get_untracked();
                let body = UseCode { phone, code };
                let proved = api::send::<ProveNumber>(&(), &body).await?;
                proof.try_set(Some(proved.proof));
            }
            change.proof = proof.try_get_untracked().flatten();
            let done = api::send::<ChangePerson>(&path, &change).await;
            if let Err(trouble) = &done
                && trouble.fields.is_empty()
                && !trouble.passing
            {
                // A proof serves once and for a quarter of an hour: the next press asks for a new code.
                sent.try_set(None);
                proof.try_set(None);
                code.try_set(String::new());
            }
            done?;
            // The page may be gone meanwhile.
            sent.try_set(None);
            proof.try_set(None);
            code.try_set(String::new());
            typed.name.try_set(None);
            typed.phone.try_set(None);
            typed.birth.try_set(None);
            open.try_set(false);
            Ok(Some(t.saved().to_owned()))
        });
    };
    let again = move |_| {
        sent.set(None);
        code.set(String::new());
        send();
    };
    let step = move || {
        let reply = sent.get().filter(|_| proof.with(Option::is_none))?;
        let demo = reply
            .demo_code
            .map(|code| view! { <p class="verdict">{t.demo_code(&code)}</p> });
        Some(view! {
            <p role="status">{t.record_code_sent()}</p>
            {demo}
            <label class="field">
                <span>{t.code()}</span>
                <input id="record-code" name="record-code" inputmode="numeric" autocomplete="off" maxlength="6" required
                    prop:value=move || code.get() on:input=move |event| code.set(event_target_value(&event))/>
            </label>
            <div class="actions"><button type="button" class="button quiet-button" aria-disabled=act.disabled() on:click=again>{t.send_code_again()}</button></div>
        })
    };
    // A number by which somebody signs in is theirs to change.
    let phone = move || {
        let may = !has_phone() && card.with(|card| card.may_set_number);
        may.then(|| view! {
            <label class="field">
                <span>{t.phone_if_any()}</span>
                <input type="tel" name="phone" autocomplete="off" prop:value=move || typed.phone.get().unwrap_or_default()
                    on:input=move |event| typed.phone.set(Some(event_target_value(&event)))/>
            </label>
        })
    };
    view! {
        <details class="manage" prop:open=move || open.get() on:toggle=move |event| open.set(is_open(&event))>
            <summary>{t.record_change()}</summary>
            {live(move || theirs().then(|| view! { <p class="quiet">{t.record_theirs()}</p> }))}
            <form class="form" on:submit=move |event| { event.prevent_default(); send(); }>
                <label class="field">
                    <span>{t.your_name()}</span>
                    <input name="name" required maxlength="40" autocomplete="off" prop:value=name on:input=move |event| typed.name.set(Some(event_target_value(&event)))/>
                </label>
                {live(phone)}
                <label class="field">
                    <span>{t.birth_date()}</span>
                    <input type="date" name="birth" prop:value=move || birth().map(|birth| birth.to_string()).unwrap_or_default()
                        on:change=move |event| typed.birth.set(Some(Date::parse(&event_target_value(&event))))/>
                </label>
                {live(step)}
                {act.refusal()}
                <button class="button" aria-disabled=act.disabled()>{t.save()}</button>
            </form>
        </details>
    }
}
