//! Sign-up form: which dates, who, and consent for children.

use std::sync::Arc;

use domain::{
    activity::{Activity, Session},
    api::{CentreView, NewSignUp, SignUpFor},
    id::ActivitySessionId,
    page::Page,
    person::{
        age::age_on,
        household::{CONSENT_VERSION, Household, Member},
    },
    sign_up::{SignUp, SignUpState},
};
use leptos::prelude::*;

use super::draft::{Chosen, Draft, fits};
use crate::{
    api::{self, Trouble},
    components::{act::Act, live},
    prefs::{self, lang},
    store::Store,
};

/// How many dates are offered at once; the others are one tap away.
const SOON: usize = 6;

#[component]
pub(crate) fn ToSignIn() -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let press = move |_| prefs::keep("next", &store.address());
    view! { <p><a class="button primary wide" href=store.href(Page::SignIn) on:click=press>{t.sign_in_to_sign_up()}</a></p> }
}

/// The form. It is mounted once: what others do changes words in place.
#[component]
pub(crate) fn SignUpForm(
    centre: Arc<CentreView>,
    activity: Memo<Arc<Activity>>,
    sessions: Memo<Vec<Session>>,
    household: Memo<Arc<Household>>,
    chosen: Chosen,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let today = centre.local(store.clock.get_untracked()).date();
    let draft = Draft::new(chosen, activity, sessions, household, today);
    // Whoever adds a child on the way finds what was chosen.
    store.keep_draft(
        format!("sign-up {}", activity.with_untracked(|one| one.id.clone())),
        move || {
            let (dates, people) = (chosen.dates.get(), chosen.people.get());
            // Where nothing is chosen any more, the form begins anew the next time.
            let some = people.as_ref().is_some_and(|people| !people.is_empty())
                || dates.as_ref().is_some_and(|dates| !dates.is_empty());
            some.then(|| serde_json::to_string(&(dates, people)).unwrap_or_default())
        },
        move |kept| {
            let (dates, people) = serde_json::from_str(kept).unwrap_or_default();
            chosen.dates.set(dates);
            chosen.people.set(people);
        },
    );
    let submit = Act::new();
    let send = move |wanted: Vec<NewSignUp>| {
        submit.run(async move {
            let path = activity.with_untracked(|one| (one.centre.clone(), one.id.clone()));
            let title = activity.with_untracked(|one| one.title.get(t).to_owned());
            let names = untrack(|| draft.names());
            let (made, trouble) = sign_up_for_all(&path, (&title, &names), wanted, sessions).await;
            let mut words = None;
            if !made.is_empty() {
                let waits = made.iter().any(|one| one.state == SignUpState::Waitlisted);
                words = Some(match waits {
                    true => t.on_waitlist().to_owned(),
                    false => t.signed_up().to_owned(),
                });
                // What is done need not be chosen any more; what failed stays.
                let done: Vec<_> = made.iter().filter_map(|one| one.session.clone()).collect();
                // The page may be gone meanwhile.
                let left = draft.dates.try_get_untracked().unwrap_or_default();
                let left = left.into_iter();
                chosen
                    .dates
                    .try_set(Some(left.filter(|id| !done.contains(id)).collect()));
                if trouble.is_none() {
                    // Who has just been signed up is not meant once more.
                    let alone = household.with_untracked(|all| all.members.len() == 1);
                    chosen.people.try_set((!alone).then(Vec::new));
                    chosen.agreed.try_set(false);
                }
                chosen.signed.try_set(true);
            }
            match (trouble, words) {
                // Some of it is done: that must be seen, too.
                (Some(trouble), Some(words)) => {
                    store.done(words);
                    store.changes.update(|n| *n += 1);
                    Err(trouble)
                }
                (Some(trouble), None) => Err(trouble),
                (None, words) => Ok(words),
            }
        });
    };
    // What the server said was about what was chosen then.
    Effect::new(move |before: Option<()>| {
        draft.people.track();
        chosen.agreed.track();
        if before.is_some() {
            submit.forget();
        }
    });
    let press = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let people = draft.people.get_untracked();
        let consent = untrack(|| draft.has_children() && chosen.agreed.get());
        let behalf = untrack(|| store.acting());
        let one = |session: Option<ActivitySessionId>, wait: bool| NewSignUp {
            session,
            people: people.clone(),
            wait,
            consent: consent.then_some(CONSENT_VERSION),
            behalf: behalf.clone(),
        };
        let wanted = match untrack(|| draft.is_course()) {
            true => vec![one(None, untrack(|| draft.full() > 0))],
            false => draft.sessions.with_untracked(|all| {
                let dates = draft.dates.get_untracked();
                let chosen = all.iter().filter(|one| dates.contains(&one.id));
                let wanted = chosen.map(|session| {
                    one(Some(session.id.clone()), untrack(|| draft.is_full(session)))
                });
                wanted.collect()
            }),
        };
        send(wanted);
    };
    // A button that cannot be pressed says what is missing.
    let missing = move || {
        if draft.people.with(Vec::is_empty) {
            Some(t.choose_people())
        } else if !draft.is_course() && draft.dates.with(Vec::is_empty) {
            Some(t.choose_dates())
        } else if draft.has_children() && !chosen.agreed.get() {
            Some(t.consent_missing())
        } else {
            None
        }
    };
    let label = move || match submit.pending() {
        true => t.sending().to_owned(),
        false => label_of(draft, store),
    };
    let waits =
        move || (draft.full() > 0).then(|| view! { <p class="warn">{t.waitlist_about()}</p> });
    view! {
        <form class="form" on:submit=press>
            {(!draft.is_course()).then(|| view! { <DateFields draft/> })}
            <PeopleFields draft/>
            <Consent draft centre/>
            {live(waits)}
            <div class="form-end">
                {submit.refusal()}
                {live(move || missing().filter(|_| !submit.pending()).map(|words| view! { <p class="quiet">{words}</p> }))}
                <button class="button primary wide" disabled=move || missing().is_some() aria-disabled=submit.disabled()>{label}</button>
            </div>
        </form>
    }
}

/// What the button does. Staff hear who is signed up, and for when: it was chosen for them.
fn label_of(draft: Draft, store: Store) -> String {
    let t = lang();
    let count = draft.dates.with(Vec::len);
    let all_full = draft.full() > 0 && (draft.is_course() || draft.full() == count);
    let names = draft.names();
    let word = match (all_full, store.acting().is_some() && !names.is_empty()) {
        (true, true) => t.join_waitlist_for(&names),
        (false, true) => t.confirm_sign_up_for(&names),
        (true, false) => store.says_for_whom(|name| t.join_waitlist_for(name), t.join_waitlist()),
        (false, false) => {
            store.says_for_whom(|name| t.confirm_sign_up_for(name), t.confirm_sign_up())
        }
    };
    let date = draft.only_date().map(|date| t.day(date));
    match (count, date) {
        (1, Some(date)) => format!("{word} · {date}"),
        (0 | 1, _) => word,
        (count, _) => format!("{word} · {}", t.dates(count)),
    }
}

/// Signs up for one date after the other, until one is refused. What was done comes back with what stood against the rest.
async fn sign_up_for_all(
    path: &(domain::id::CentreId, domain::id::ActivityId),
    (title, names): (&str, &str),
    wanted: Vec<NewSignUp>,
    sessions: Memo<Vec<Session>>,
) -> (Vec<SignUp>, Option<Trouble>) {
    let several = wanted.len() > 1;
    let mut made = Vec::new();
    let mut kept = None;
    for new in wanted {
        let date = sessions.try_with_untracked(|all| {
            let session = all
                .iter()
                .find(|one| Some(&one.id) == new.session.as_ref())?;
            Some(lang().slot(session.slot()))
        });
        let words = match date.clone().flatten() {
            Some(when) => lang().outbox_sign_up(title, &when),
            None => lang().outbox_course(title),
        };
        let words = match names.is_empty() {
            true => words,
            false => lang().outbox_for(&words, names),
        };
        match api::send_or_keep::<SignUpFor>(path, &new, &words).await {
            Ok(new) => made.extend(new),
            // The others wait with it.
            Err(trouble) if trouble.kept => kept = Some(trouble),
            Err(mut trouble) => {
                if let Some(date) = date.flatten().filter(|_| several) {
                    trouble.text = format!("{date} · {}", trouble.text);
                }
                return (made, Some(trouble));
            }
        }
    }
    (made, kept)
}

/// Dates to choose from: several at once.
#[component]
fn DateFields(draft: Draft) -> impl IntoView {
    let t = lang();
    let ids = move |skip: usize, take: usize| {
        draft.sessions.with(|all| {
            let ids = all.iter().map(|one| one.id.clone());
            ids.skip(skip).take(take).collect::<Vec<_>>()
        })
    };
    let row = move |id: ActivitySessionId| {
        let (of, has, toggle) = (id.clone(), id.clone(), id);
        let words = move || {
            draft.sessions.with(|all| {
                let one = all.iter().find(|one| one.id == of)?;
                Some(view! { <span>{t.slot(one.slot())}</span><span class="quiet">{one.places_left(t)}</span> })
            })
        };
        let change = move |event| {
            let mut dates = draft.dates.get_untracked();
            dates.retain(|one| *one != toggle);
            if event_target_checked(&event) {
                dates.push(toggle.clone());
            }
            draft.chosen.dates.set(Some(dates));
        };
        view! {
            <label class="check">
                <input type="checkbox" name="date" prop:checked=move || draft.dates.with(|dates| dates.contains(&has)) on:change=change/>
                {live(words)}
            </label>
        }
    };
    // What is chosen is seen: the later dates lie open where one of them is.
    let later = untrack(|| ids(SOON, usize::MAX));
    let open = draft
        .dates
        .with_untracked(|dates| dates.iter().any(|id| later.contains(id)));
    let more = Memo::new(move |_| draft.sessions.with(Vec::len).saturating_sub(SOON));
    view! {
        <fieldset class="checks dates">
            <legend>{t.sign_up_which()}</legend>
            <For each=move || ids(0, SOON) key=|id| id.clone() let:id>{row(id)}</For>
            <Show when=move || { more.get() > 0 }>
                <details open=open>
                    <summary>{move || t.more_dates(more.get())}</summary>
                    <For each=move || ids(SOON, usize::MAX) key=|id| id.clone() let:id>{row(id)}</For>
                </details>
            </Show>
        </fieldset>
    }
}

/// Who comes.
#[component]
fn PeopleFields(draft: Draft) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let row = move |(number, member): (usize, Member)| {
        let id = member.id.clone();
        let (has, toggle) = (id.clone(), id);
        let birth = member.birth;
        let age = move || {
            let first = draft.days.with(|days| days.first().copied());
            Some(t.age_years(age_on(birth?, first?)))
        };
        let for_others = {
            let member = member.clone();
            move || {
                let fit = draft
                    .activity
                    .with(|activity| fits(&member, activity, &draft.days.get()));
                (!fit).then(|| draft.activity.with(|activity| activity.audience.word(t)))
            }
        };
        let name = move || match number == 0 && store.acting().is_none() {
            true => t.myself(&member.name),
            false => member.name.clone(),
        };
        let change = move |event| {
            let mut people = draft.people.get_untracked();
            people.retain(|one| *one != toggle);
            if event_target_checked(&event) {
                people.push(toggle.clone());
            }
            draft.chosen.people.set(Some(people));
        };
        view! {
            <label class="check">
                <input type="checkbox" prop:checked=move || draft.people.with(|people| people.contains(&has)) on:change=change/>
                <span>{name}</span>
                <span class="quiet">{age}</span>
                <span class="quiet">{live(for_others)}</span>
            </label>
        }
    };
    let members = move || {
        let members = draft.household.with(|household| household.members.clone());
        members.into_iter().enumerate().collect::<Vec<_>>()
    };
    let add = move || {
        let page = match store.acting() {
            Some(behalf) => {
                Page::Record(draft.activity.with(|one| one.centre.clone()), behalf.person)
            }
            None => Page::Household,
        };
        store.here.with(|here| here.address(&page))
    };
    // Whoever adds a child comes back here.
    let leave = move |_| prefs::keep("back", &store.address());
    view! {
        <fieldset class="checks people">
            <legend>{t.sign_up_who()}</legend>
            <For each=members key=|(number, member)| format!("{number} {member:?}") let:one>{row(one)}</For>
        </fieldset>
        <p><a href=add on:click=leave>{t.add_member()}</a></p>
    }
}

/// What a guardian agrees to, where children are signed up.
#[component]
fn Consent(draft: Draft, centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let asked = Memo::new(move |_| draft.has_children());
    let agreed = draft.chosen.agreed;
    let consent = move || {
        asked.get().then(|| {
            let (agree, refuse) = match store.acting() {
                Some(_) => (t.consent_told(), None),
                None => (t.consent_agree(), Some(t.consent_refuse())),
            };
            let words = t.consent_v2(centre.centre.name.get(t), &centre.centre.phone);
            view! {
                <fieldset class="consent">
                    <legend>{t.consent_title()}</legend>
                    <p>{words}</p>
                    <label class="check">
                        <input type="checkbox" name="consent" prop:checked=move || agreed.get()
                            on:change=move |event| agreed.set(event_target_checked(&event))/>
                        <span>{agree}</span>
                    </label>
                    {refuse.map(|words| view! { <p class="quiet">{words}</p> })}
                </fieldset>
            }
        })
    };
    view! { {live(consent)} }
}
