//! My family: who is signed up together.

use std::sync::Arc;

use domain::{
    api::{
        AddMember, ChangeMember, GetHousehold, JoinCode, JoinHousehold, NewMember, RemoveMember,
        RenewCode, RestoreMember,
    },
    id::PersonId,
    person::{
        age::age_on,
        household::{Household, Member},
    },
    time::Date,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live, once::once},
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// What somebody presses.
#[derive(Clone, Debug, PartialEq, Eq)]
enum HouseholdPress {
    Add,
    Join,
    Code,
    Remove(PersonId),
    Restore(PersonId),
    Change(PersonId),
}

/// The page.
#[component]
pub fn HouseholdPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let family = query(
        || Some(()),
        move || store.version(),
        None,
        |()| async { api::get::<GetHousehold>(&()).await },
    );
    let name = RwSignal::new(String::new());
    let birth = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let asking = RwSignal::new(None::<PersonId>);
    // Whose name and birth date are being corrected.
    let editing = RwSignal::new(None::<Member>);
    store.keep_fields("household", &[name, birth, code]);
    let act = Act::new();
    let press = move |press: HouseholdPress| {
        let birth_date = Date::parse(&birth.get_untracked());
        let of = press.clone();
        act.run(async move {
            let done = match (press, birth_date) {
                (HouseholdPress::Add, Some(birth)) => {
                    let new = NewMember {
                        name: name.get_untracked(),
                        birth,
                    };
                    api::send::<AddMember>(&(), &new).await
                }
                (HouseholdPress::Add, None) => return Ok(None),
                (HouseholdPress::Join, _) => {
                    let body = JoinCode {
                        code: code.get_untracked(),
                    };
                    api::send::<JoinHousehold>(&(), &body).await
                }
                (HouseholdPress::Code, _) => api::send::<RenewCode>(&(), &()).await,
                (HouseholdPress::Remove(id), _) => api::send::<RemoveMember>(&id, &()).await,
                (HouseholdPress::Restore(id), _) => api::send::<RestoreMember>(&id, &()).await,
                (HouseholdPress::Change(id), _) => {
                    let Some(Member {
                        name,
                        birth: Some(birth),
                        ..
                    }) = editing.get_untracked()
                    else {
                        return Ok(None);
                    };
                    let body = NewMember { name, birth };
                    api::send::<ChangeMember>(&id, &body).await
                }
            };
            done?;
            // Only what belongs to the press is put away. The page may be gone meanwhile.
            match of {
                HouseholdPress::Add => {
                    name.try_set(String::new());
                    birth.try_set(String::new());
                }
                HouseholdPress::Join => {
                    code.try_set(String::new());
                }
                HouseholdPress::Remove(_) => {
                    asking.try_set(None);
                }
                HouseholdPress::Change(_) => {
                    editing.try_set(None);
                }
                HouseholdPress::Code | HouseholdPress::Restore(_) => {}
            }
            Ok(Some(t.saved().to_owned()))
        });
    };
    let acts = Acts {
        act,
        press: Callback::new(press),
        asking,
        editing,
    };
    let list = move |family: Memo<Arc<Household>>| {
        // The code is for another adult: whoever wants it says so.
        let code = move || {
            match family.with(|family| family.code.clone()) {
            Some(code) => {
                // In groups of four, as one reads it out.
                let groups: Vec<&str> = (0..3).filter_map(|n| code.get(n * 4..n * 4 + 4)).collect();
                view! { <p class="verdict">{t.family_code(&groups.join(" "))}</p> }.into_any()
            }
            None => view! { <p><button class="button" aria-disabled=act.disabled() on:click=move |_| press(HouseholdPress::Code)>{t.new_family_code()}</button></p> }
                .into_any(),
        }
        };
        let members = move || {
            let all = family.with(|family| family.members.clone());
            all.into_iter().enumerate().collect::<Vec<_>>()
        };
        view! {
            <ul class="plain">
                <For each=members key=|(number, member)| format!("{number} {member:?}") let((number, member))><MemberRow number member acts/></For>
                <For each=move || family.with(|family| family.removed.clone()) key=|member| member.id.clone() let:member><RemovedRow member acts/></For>
            </ul>
            {live(code)}
        }
        .into_any()
    };
    let body = once(family, 3, list);
    // Only another member makes another form, not another letter. It stands outside of the list: what others change does not touch
    // what is typed.
    let edited =
        Memo::new(move |_| editing.with(|member| member.as_ref().map(|member| member.id.clone())));
    let correction = move || {
        edited.get()?;
        let member = editing.get_untracked()?;
        Some(view! { <Correction member acts/> })
    };
    // Who came from a form goes back to it.
    let back = Some(prefs::kept("back")).filter(|path| !path.is_empty());
    let back = back.map(|path| {
        let leave = move |_| prefs::keep("back", "");
        view! { <p><a class="button" href=path on:click=leave>{t.back_to_sign_up()}</a></p> }
    });
    view! {
        <main class="page form-page" id="main">
            <h1 tabindex="-1">{t.family()}</h1>
            {back}
            <p>{t.family_about()}</p>
            {body}
            {live(correction)}
            {act.refusal()}
            <AddForm name birth acts/>
            <JoinForm code acts/>
        </main>
    }
    .into_any()
}

#[component]
fn AddForm(name: RwSignal<String>, birth: RwSignal<String>, acts: Acts) -> impl IntoView {
    let t = lang();
    view! {
            <section aria-labelledby="add">
                <h2 id="add">{t.add_member()}</h2>
                <form class="form" on:submit=move |event| { event.prevent_default(); acts.press.run(HouseholdPress::Add); }>
                    <div class="pair">
                        <label class="field">
                            <span>{t.your_name()}</span>
                            <input name="name" required maxlength="40" autocomplete="off" prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event))/>
                        </label>
                        <label class="field">
                            <span>{t.birth_date()}</span>
                            <input type="date" name="birth" required prop:value=move || birth.get() on:change=move |event| birth.set(event_target_value(&event))/>
                        </label>
                    </div>
                    <button class="button primary" aria-disabled=acts.act.disabled()>{t.add_member()}</button>
                </form>
            </section>
    }
}

#[component]
fn JoinForm(code: RwSignal<String>, acts: Acts) -> impl IntoView {
    let t = lang();
    view! {
            <section aria-labelledby="join">
                <h2 id="join">{t.join_family()}</h2>
                <form class="form" on:submit=move |event| { event.prevent_default(); acts.press.run(HouseholdPress::Join); }>
                    <label class="field">
                        <span>{t.family_code_label()}</span>
                        <input name="code" required inputmode="numeric" autocomplete="off" prop:value=move || code.get() on:input=move |event| code.set(event_target_value(&event))/>
                    </label>
                    <button class="button" aria-disabled=acts.act.disabled()>{t.join()}</button>
                </form>
            </section>
    }
}

/// What the rows and the correction share.
#[derive(Clone, Copy)]
struct Acts {
    act: Act,
    press: Callback<HouseholdPress>,
    /// Whom one is asked about before they are removed.
    asking: RwSignal<Option<PersonId>>,
    /// Whose name and birth date are being corrected.
    editing: RwSignal<Option<Member>>,
}

#[component]
fn MemberRow(number: usize, member: Member, acts: Acts) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let Acts {
        act,
        press,
        asking,
        editing,
    } = acts;
    let today = store.today();
    let Member {
        id,
        name,
        birth,
        signs_in,
    } = member.clone();
    let age = birth.map(|birth| {
        format!(
            "{} · {}",
            t.age_years(age_on(birth, today)),
            t.date_seen(birth, today)
        )
    });
    // Pressed again, what is typed stays.
    let correct = move |member: &Member| {
        let same =
            editing.with_untracked(|now| now.as_ref().is_some_and(|now| now.id == member.id));
        if !same {
            editing.set(Some(member.clone()));
        }
    };
    let (asked, called) = (id, name.clone());
    let removal = (number > 0 && !signs_in).then(|| {
            live(move || match asking.get().as_ref() == Some(&asked) {
                true => {
                    let gone = asked.clone();
                    // Where the first button was now stands the harmless one: a second tap removes nobody.
                    view! {
                        <button class="button" on:click=move |_| asking.set(None)>{t.cancel_no()}</button>
                        <p class="ask">{t.remove_sure(&called)}</p>
                        <button class="button danger" aria-disabled=act.disabled() on:click=move |_| press.run(HouseholdPress::Remove(gone.clone()))>{t.remove_yes()}</button>
                    }.into_any()
                }
                false => {
                    let (asked, edited) = (asked.clone(), member.clone());
                    view! {
                        <button class="button" aria-label=t.correct_member(&called) on:click=move |_| correct(&edited)>{t.correct()}</button>
                        <button class="button quiet-button" on:click=move |_| asking.set(Some(asked.clone()))>{t.remove_member(&called)}</button>
                    }.into_any()
                }
            })
        });
    let shown = if number == 0 { t.myself(&name) } else { name };
    view! {
        <li>
            <span class="row-name">{shown}</span>
            <span class="quiet">{age}</span>
            <span class="actions">{removal}</span>
        </li>
    }
}

#[component]
fn RemovedRow(member: Member, acts: Acts) -> impl IntoView {
    let t = lang();
    let Acts { act, press, .. } = acts;
    view! {
        <li>
            <span class="row-name">{member.name}</span>
            <span class="quiet">{t.removed_until()}</span>
            <span class="actions"><button class="button" aria-disabled=act.disabled() on:click=move |_| press.run(HouseholdPress::Restore(member.id.clone()))>{t.restore_member()}</button></span>
        </li>
    }
}

#[component]
fn Correction(member: Member, acts: Acts) -> impl IntoView {
    let t = lang();
    let Acts {
        act,
        press,
        editing,
        ..
    } = acts;
    let id = member.id.clone();
    view! {
        <form class="form card" on:submit=move |event| { event.prevent_default(); press.run(HouseholdPress::Change(id.clone())); }>
            <h2>{t.correct_member(&member.name)}</h2>
            <div class="pair">
                <label class="field">
                    <span>{t.your_name()}</span>
                    <input name="corrected-name" required maxlength="40" autocomplete="off" value=member.name.clone()
                        on:change=move |event| editing.update(|member| if let Some(member) = member { member.name = event_target_value(&event) })/>
                </label>
                <label class="field">
                    <span>{t.birth_date()}</span>
                    <input type="date" name="corrected-birth" required value=member.birth.map(|birth| birth.to_string())
                        on:change=move |event| editing.update(|member| if let Some(member) = member { member.birth = Date::parse(&event_target_value(&event)) })/>
                </label>
            </div>
            <div class="actions">
                <button class="button primary" aria-disabled=act.disabled()>{t.save()}</button>
                <button type="button" class="button" on:click=move |_| editing.set(None)>{t.back()}</button>
            </div>
        </form>
    }
}
