//! People and roles: who runs a centre; managers give roles, change and withdraw them.

use std::sync::Arc;

use domain::{
    api::{
        CentreView, ChangeRole, GrantRole, ListRoles, NewRole, RequireSecondFactor, RequiredFactor,
        ResetSecondFactor, RoleHolder, RoleTerms, WithdrawRole,
    },
    id::{CentreId, PersonId},
    page::Page,
    person::{
        permission::{Actor, Reach, Role, may_give_role, may_require_second_factor},
        second_factor::SecondFactor,
    },
    time::Date,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live, once::once, picker::CentrePicker},
    pages::desk::guard::Guard,
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// The page.
#[component]
pub fn RolesPage() -> impl IntoView {
    let t = lang();
    let guard = Guard {
        title: t.roles_title(),
        page: || Page::Roles,
        may: |actor: &Actor, centre: &CentreId| may_give_role(actor, centre, Reach::Here),
        refusal: t.roles_not_yours(),
        body: |centre| view! { <RolesOfCentre centre/> }.into_any(),
        none: None,
    };
    guard.draw()
}

/// Which of the roles: whose, and where it holds.
type Key = (PersonId, Reach);

#[component]
fn RolesOfCentre(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let id = centre.centre.id.clone();
    let asked = id.clone();
    let roles = query(
        || Some(()),
        move || store.version(),
        None,
        move |()| {
            let id = asked.clone();
            async move { api::get::<ListRoles>(&id).await }
        },
    );
    let of = StoredValue::new(id.clone());
    let list = move |all: Memo<Arc<Vec<RoleHolder>>>| {
        let keys = move || {
            let key = |one: &RoleHolder| (one.person.clone(), one.reach);
            all.with(|all| all.iter().map(key).collect::<Vec<Key>>())
        };
        view! {
            <ul class="plain role-list">
                <For each=keys key=|key| format!("{} {}", key.0, key.1) children=move |key| view! { <Row key centre=of.get_value() all/> }/>
            </ul>
        }
        .into_any()
    };
    view! {
        <div class="map-top"><CentrePicker page=Page::Roles/></div>
        <p class="quiet">{t.roles_about()}</p>
        <Required/>
        {once(roles, 4, list)}
        <Add centre=id/>
    }
}

/// Somebody with a role: who, which, and changing or withdrawing it.
#[component]
fn Row(key: Key, centre: CentreId, all: Memo<Arc<Vec<RoleHolder>>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let of = key.clone();
    let holder = Memo::new(move |_| {
        let is = |one: &&RoleHolder| (&one.person, &one.reach) == (&of.0, &of.1);
        all.with(|all| all.iter().find(is).cloned())
    });
    let name = Memo::new(move |_| {
        holder.with(|one| {
            one.as_ref()
                .map(|one| one.called().to_owned())
                .unwrap_or_default()
        })
    });
    let (asking, changing) = (RwSignal::new(false), RwSignal::new(false));
    let path = StoredValue::new((centre.clone(), key.0.clone(), key.1));
    let act = Act::new();
    let withdraw = move || {
        let (path, name) = (path.get_value(), name.get_untracked());
        act.run(async move {
            api::send::<WithdrawRole>(&path, &()).await?;
            Ok(Some(t.role_withdrawn(&name)))
        });
    };
    let form = Form::new(store, &centre);
    let start = move || {
        if let Some(one) = holder.get_untracked() {
            form.fill(&one);
        }
        changing.set(true);
        request_animation_frame(|| prefs::focus("[name=change-role]"));
    };
    let change = move || {
        let (path, terms, name) = (path.get_value(), form.terms(), name.get_untracked());
        act.run(async move {
            api::send::<ChangeRole>(&path, &terms).await?;
            changing.try_set(false);
            Ok(Some(t.role_given(&name, terms.role.word(t))))
        });
    };
    let who = move || {
        let one = holder.get()?;
        let phone = one.phone.as_ref().map(|phone| {
            let phone = phone.as_str().to_owned();
            view! { " · "<a href=format!("tel:{phone}")><bdi>{phone.clone()}</bdi></a> }
        });
        let second = one.second_factor.then(|| t.second_has().to_owned());
        let where_to = (one.reach == Reach::Everywhere).then(|| one.reach.word(t).to_owned());
        let until = one
            .until
            .map(|until| t.role_until(&t.date_seen(until, store.today())));
        let unknown = (!one.signed_in).then(|| t.role_not_signed_in().to_owned());
        let more = [where_to, until, unknown, second].into_iter().flatten();
        let more: String = more.map(|words| format!(" · {words}")).collect();
        Some(view! {
            <p><strong>{one.called().to_owned()}</strong>{phone}</p>
            <p><span class="state-word">{one.role.word(t)}</span><span class="quiet">{more}</span></p>
            <p class="quiet">{one.role.may(t)}</p>
        })
    };
    // Nobody changes their own role, and what holds everywhere is changed by those who manage everywhere.
    let (person, reach) = key;
    let is_own = move || {
        store
            .me
            .with(|me| me.as_ref().and_then(|me| me.actor.person.clone()))
            == Some(person.clone())
    };
    let may = move || may_give_role(&store.actor(), &centre, reach);
    let runs = move || {
        let runs = holder.with(|one| one.as_ref().map_or(0, |one| one.runs));
        (runs > 0).then(|| t.role_withdraw_runs(runs))
    };
    let buttons = move || {
        if is_own() {
            return view! { <span class="quiet">{t.role_own()}</span> }.into_any();
        }
        if !may() || changing.get() {
            return ().into_any();
        }
        match asking.get() {
            // Where the first button was now stands the harmless one: a second tap withdraws nothing.
            true => view! {
                <button class="button" on:click=move |_| asking.set(false)>{t.back()}</button>
                <p class="ask">{move || t.role_withdraw_sure(&name.get())}" "{runs}</p>
                <button class="button danger" aria-disabled=act.disabled() on:click=move |_| withdraw()>{t.role_withdraw_yes()}</button>
            }
            .into_any(),
            false => {
                let lost = holder.with(|one| one.as_ref().is_some_and(|one| one.second_factor));
                view! {
                {lost.then(|| view! { <Reset path name/> })}
                <button class="button" aria-label=move || t.role_change_of(&name.get()) on:click=move |_| start()>{t.role_change()}</button>
                <button class="button quiet-button" aria-label=move || t.role_withdraw_of(&name.get()) on:click=move |_| asking.set(true)>{t.role_withdraw()}</button>
            }
            .into_any()
            }
        }
    };
    let edit = move || {
        changing.get().then(|| {
            view! {
                <form class="form" on:submit=move |event| { event.prevent_default(); change(); }>
                    {form.fields("change")}
                    <div class="actions">
                        <button class="button primary" aria-disabled=act.disabled()>{t.save()}</button>
                        <button type="button" class="button" on:click=move |_| changing.set(false)>{t.back()}</button>
                    </div>
                </form>
            }
        })
    };
    view! {
        <li class="card">
            {live(who)}
            {live(edit)}
            {act.refusal()}
            <div class="actions">{live(buttons)}</div>
        </li>
    }
}

/// Whether all who run a house need a second factor: for those who manage everywhere.
#[component]
fn Required() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    // Not in the demo, whose accounts are everybody's.
    let may = Memo::new(move |_| {
        let asked = store.me.with(|me| me.as_ref().map(|me| me.second));
        may_require_second_factor(&store.actor())
            && asked.is_some_and(|second| second != SecondFactor::NotAsked)
    });
    let required = Memo::new(move |_| {
        store
            .me
            .with(|me| me.as_ref().is_some_and(|me| me.second_required))
    });
    let act = Act::new();
    let press = move |event: leptos::ev::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let required = input.checked();
        // Until it is answered, and where it is refused, the box stands as the house has it.
        input.set_checked(!required);
        act.run(async move {
            let me = api::send::<RequireSecondFactor>(&(), &RequiredFactor { required }).await?;
            store.me.set(Some(me));
            Ok(Some(match required {
                true => t.second_required().to_owned(),
                false => t.second_optional().to_owned(),
            }))
        });
    };
    let body = move || {
        may.get().then(|| {
            view! {
                <section class="card">
                    <label class="check">
                        <input type="checkbox" name="second-required" prop:checked=move || required.get() on:change=press/>
                        <span>{t.second_require()}<small class="quiet">{t.second_require_about()}</small></span>
                    </label>
                    {act.refusal()}
                </section>
            }
        })
    };
    live(body)
}

/// Resets the second factor of somebody who lost their phone.
#[component]
fn Reset(path: StoredValue<(CentreId, PersonId, Reach)>, name: Memo<String>) -> impl IntoView {
    let t = lang();
    let asking = RwSignal::new(false);
    let act = Act::new();
    let reset = move |_| {
        let (path, name) = (path.get_value(), name.get_untracked());
        act.run(async move {
            api::send::<ResetSecondFactor>(&path, &()).await?;
            Ok(Some(t.second_reset_done(&name)))
        });
    };
    let body = move || {
        match asking.get() {
        false => view! {
            <button class="button quiet-button" aria-label=move || t.second_reset_of(&name.get()) on:click=move |_| asking.set(true)>{t.second_reset()}</button>
        }
        .into_any(),
        true => view! {
            <p class="ask">{move || t.second_reset_sure(&name.get())}</p>
            <button class="button" on:click=move |_| asking.set(false)>{t.back()}</button>
            <button class="button danger" aria-disabled=act.disabled() on:click=reset>{t.second_reset_yes()}</button>
        }
        .into_any(),
    }
    };
    view! { {live(body)}{act.refusal()} }
}

/// The fields of a role.
#[derive(Clone, Copy)]
struct Form {
    role: RwSignal<Role>,
    reach: RwSignal<Reach>,
    until: RwSignal<String>,
    /// Whoever fills it in may give roles everywhere.
    may_everywhere: Memo<bool>,
    store: Store,
}

impl Form {
    fn new(store: Store, centre: &CentreId) -> Self {
        let centre = centre.clone();
        Self {
            role: RwSignal::new(Role::Staff),
            reach: RwSignal::new(Reach::Here),
            until: RwSignal::new(String::new()),
            may_everywhere: Memo::new(move |_| {
                may_give_role(&store.actor(), &centre, Reach::Everywhere)
            }),
            store,
        }
    }

    fn fill(self, one: &RoleHolder) {
        self.role.set(one.role);
        self.reach.set(one.reach);
        self.until
            .set(one.until.map(|until| until.to_string()).unwrap_or_default());
    }

    fn terms(self) -> RoleTerms {
        RoleTerms {
            role: self.role.get_untracked(),
            reach: self.reach.get_untracked(),
            until: Date::parse(&self.until.get_untracked()),
        }
    }

    /// The fields; `of` keeps the choices of two forms apart.
    fn fields(self, of: &'static str) -> AnyView {
        let t = lang();
        let choice = move |role: Role| {
            view! {
                <label class="check">
                    <input type="radio" name=format!("{of}-role") prop:checked=move || self.role.get() == role on:change=move |_| self.role.set(role)/>
                    <span>{role.word(t)}<small class="quiet">{role.may(t)}</small></span>
                </label>
            }
        };
        let choices = [Role::Staff, Role::Organiser, Role::Manager].map(choice);
        let everywhere = move || {
            self.may_everywhere.get().then(|| {
                view! {
                    <label class="check">
                        <input type="checkbox" name="everywhere" prop:checked=move || self.reach.get() == Reach::Everywhere
                            on:change=move |event| self.reach.set(match event_target_checked(&event) { true => Reach::Everywhere, false => Reach::Here })/>
                        <span>{t.role_everywhere()}</span>
                    </label>
                }
            })
        };
        let today = self.store.today().to_string();
        view! {
            <fieldset class="checks role-choices">
                <legend>{t.role_field()}</legend>
                {choices.collect_view()}
            </fieldset>
            {live(everywhere)}
            <label class="field">
                <span>{t.role_until_field()}</span>
                <input type="date" name=format!("{of}-until") min=today prop:value=move || self.until.get() on:change=move |event| self.until.set(event_target_value(&event))/>
            </label>
        }
        .into_any()
    }
}

/// The form for a colleague.
#[component]
fn Add(centre: CentreId) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let (phone, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let form = Form::new(store, &centre);
    store.keep_fields("role", &[phone, name, form.until]);
    let act = Act::new();
    let send = move || {
        let (centre, terms) = (centre.clone(), form.terms());
        let new = NewRole {
            phone: phone.get_untracked(),
            name: name.get_untracked(),
            terms,
        };
        act.run(async move {
            let all = api::send::<GrantRole>(&centre, &new).await?;
            let typed = domain::person::Phone::parse(&new.phone);
            let given = all.iter().find(|one| one.phone == typed);
            let called = given.map_or(new.name.as_str(), RoleHolder::called);
            let words = t.role_given(called, new.terms.role.word(t));
            phone.try_set(String::new());
            name.try_set(String::new());
            form.until.try_set(String::new());
            Ok(Some(words))
        });
    };
    view! {
        <section class="card" aria-labelledby="role-add">
            <h2 id="role-add">{t.role_add()}</h2>
            <form class="form" on:submit=move |event| { event.prevent_default(); send(); }>
                <div class="pair">
                    <label class="field">
                        <span>{t.phone()}</span>
                        <input type="tel" name="colleague-phone" required autocomplete="off" prop:value=move || phone.get() on:input=move |event| phone.set(event_target_value(&event))/>
                        <small class="quiet">{t.role_phone_about()}</small>
                    </label>
                    <label class="field">
                        <span>{t.role_name_new()}</span>
                        <input name="colleague-name" maxlength="40" autocomplete="off" prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event))/>
                    </label>
                </div>
                {form.fields("new")}
                {act.refusal()}
                <button class="button primary" aria-disabled=act.disabled()>{t.role_add()}</button>
            </form>
        </section>
    }
}
