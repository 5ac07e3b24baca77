//! My family: who is signed up together.

use domain::{
    activity::age_on,
    api::{AddMember, GetFamily, JoinCode, JoinFamily, NewMember, RemoveMember, RenewCode},
    household::{Family, Member},
    id::PersonId,
    time::Date,
};
use leptos::prelude::*;

use crate::components::live;
use crate::{
    api::{self, Key},
    components::notice::{Notice, Skeleton},
    prefs::lang,
    query::query,
    store::Store,
};

/// What somebody presses.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Press {
    Add,
    Join,
    Code,
    Remove(PersonId),
}

/// The page.
#[component]
pub fn FamilyPage() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let family = query(
        || Some(()),
        move || store.version(),
        None,
        |()| async { api::get::<GetFamily>(&()).await },
    );
    let name = RwSignal::new(String::new());
    let birth = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let asking = RwSignal::new(None::<PersonId>);
    let act = Action::new_local(move |press: &Press| {
        let press = press.clone();
        let birth_date = Date::parse(&birth.get_untracked());
        async move {
            let done = match (press, birth_date) {
                (Press::Add, Some(birth)) => {
                    let new = NewMember {
                        name: name.get_untracked(),
                        birth,
                    };
                    api::send::<AddMember>(&(), &new, &Key::new()).await
                }
                (Press::Add, None) => return Ok(()),
                (Press::Join, _) => {
                    let body = JoinCode {
                        code: code.get_untracked(),
                    };
                    api::send::<JoinFamily>(&(), &body, &Key::new()).await
                }
                (Press::Code, _) => api::send::<RenewCode>(&(), &(), &Key::new()).await,
                (Press::Remove(id), _) => api::send::<RemoveMember>(&id, &(), &Key::new()).await,
            };
            done.map(|_| {
                for field in [name, birth, code] {
                    field.set(String::new());
                }
                asking.set(None);
                store.done(t.saved());
                store.changes.update(|n| *n += 1);
            })
        }
    });
    let problem = move || {
        let problem = act.value().get()?.err()?;
        Some(view! { <p class="refusal" role="alert">{problem.text}</p> })
    };
    let pending = act.pending();
    let list = move |family: &Family| {
        let today = Date::from_days(store.clock.get_untracked().div_euclid(86_400));
        let rows = family.members.iter().enumerate().map(|(number, member)| {
            let Member { id, name, birth, signs_in } = member.clone();
            let age = birth.map(|birth| format!("{} · {birth}", t.age_years(age_on(birth, today))));
            let (asked, called) = (id.clone(), name.clone());
            let removal = (number > 0 && !signs_in).then(|| {
                live(move || match asking.get().as_ref() == Some(&asked) {
                    true => {
                        let gone = asked.clone();
                        view! {
                            <p class="ask">{t.remove_sure(&called)}</p>
                            <button class="button danger" disabled=pending on:click=move |_| { act.dispatch(Press::Remove(gone.clone())); }>{t.remove_yes()}</button>
                            <button class="button" on:click=move |_| asking.set(None)>{t.cancel_no()}</button>
                        }.into_any()
                    }
                    false => {
                        let asked = asked.clone();
                        view! { <button class="button" on:click=move |_| asking.set(Some(asked.clone()))>{t.remove_member(&called)}</button> }.into_any()
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
        });
        let code = family.code.as_ref().map(|code| {
            // In groups of four, as one reads it out.
            let groups: Vec<&str> = (0..3).filter_map(|n| code.get(n * 4..n * 4 + 4)).collect();
            view! { <p class="verdict">{t.family_code(&groups.join(" "))}</p> }
        });
        let renew = family.code.is_none().then(|| {
            view! { <p><button class="button" disabled=pending on:click=move |_| { act.dispatch(Press::Code); }>{t.new_family_code()}</button></p> }
        });
        view! {
            <ul class="plain">{rows.collect_view()}</ul>
            {code}
            {renew}
        }
        .into_any()
    };
    let body = move || match family.get() {
        None => view! { <Skeleton lines=3/> }.into_any(),
        Some(Err(problem)) => view! { <Notice problem/> }.into_any(),
        Some(Ok(family)) => list(&family),
    };
    view! {
        <main class="page form-page" id="main">
            <h1 tabindex="-1">{t.family()}</h1>
            <p>{t.family_about()}</p>
            {live(body)}
            {live(problem)}
            <section aria-labelledby="add">
                <h2 id="add">{t.add_member()}</h2>
                <form class="form" on:submit=move |event| { event.prevent_default(); act.dispatch(Press::Add); }>
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
                    <button class="button primary" disabled=pending>{t.add_member()}</button>
                </form>
            </section>
            <section aria-labelledby="join">
                <h2 id="join">{t.join_family()}</h2>
                <form class="form" on:submit=move |event| { event.prevent_default(); act.dispatch(Press::Join); }>
                    <label class="field">
                        <span>{t.family_code_label()}</span>
                        <input name="code" required inputmode="numeric" autocomplete="off" prop:value=move || code.get() on:input=move |event| code.set(event_target_value(&event))/>
                    </label>
                    <button class="button" disabled=pending>{t.join()}</button>
                </form>
            </section>
        </main>
    }
    .into_any()
}
