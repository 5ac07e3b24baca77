//! Running clubs, for managers: making and describing them, who organises them, closing.

use std::sync::Arc;

use domain::{
    api::{
        AddOrganiser, ChangeClub, CloseClub, ClubChange, ClubEnd, ClubTerms, ListClosedClubs,
        ListOrganisers, MakeClub, NewOrganiser, Organiser, RemoveOrganiser, ReopenClub,
    },
    centre::room::Purpose,
    club::Club,
    id::{CentreId, ClubId, PersonId},
    language::Name,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live, once::once},
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// Name, description and kind in fields.
#[derive(Clone, Copy)]
struct Fields {
    name: [RwSignal<String>; 2],
    about: [RwSignal<String>; 2],
    kind: RwSignal<String>,
}

impl Fields {
    fn new(club: Option<&Club>) -> Self {
        let text = |name: Option<&Name>| {
            let name = name.cloned().unwrap_or_default();
            [RwSignal::new(name.zh), RwSignal::new(name.en)]
        };
        let kind = club.map_or(Purpose::Dance, |club| club.kind);
        Self {
            name: text(club.map(|club| &club.name)),
            about: text(club.map(|club| &club.about)),
            kind: RwSignal::new(kind.code()),
        }
    }

    fn read(self) -> ClubTerms {
        let name = |[zh, en]: [RwSignal<String>; 2]| {
            let (zh, en) = (zh.get_untracked(), en.get_untracked());
            match zh.trim().is_empty() {
                true => Name::new(en.clone(), en),
                false => Name::new(zh, en),
            }
        };
        ClubTerms {
            name: name(self.name),
            about: name(self.about),
            kind: Purpose::from_code(&self.kind.get_untracked()).unwrap_or(Purpose::Meeting),
        }
    }

    fn draw(self) -> AnyView {
        let t = lang();
        let field = |label: String, name: &'static str, value: RwSignal<String>| {
            view! {
                <label class="field">
                    <span>{label}</span>
                    <input name=name maxlength="500" prop:value=move || value.get() on:input=move |event| value.set(event_target_value(&event))/>
                </label>
            }
        };
        let kind = self.kind;
        let kinds = Purpose::ALL
            .iter()
            .map(|one| {
                let (code, own) = (one.code(), one.code());
                view! { <option value=code prop:selected=move || kind.get() == own>{one.word(t)}</option> }
            })
            .collect_view();
        let [zh, en] = self.name;
        let [about_zh, about_en] = self.about;
        view! {
            <div class="pair">
                {field(t.in_chinese(t.name_label()), "name", zh)}
                {field(t.in_english(t.name_label()), "name", en)}
            </div>
            <div class="pair">
                {field(t.in_chinese(t.club_about()), "about", about_zh)}
                {field(t.in_english(t.club_about()), "about", about_en)}
            </div>
            <label class="field">
                <span>{t.club_kind()}</span>
                <select name="kind" on:change=move |event| kind.set(event_target_value(&event))>{kinds}</select>
            </label>
        }
        .into_any()
    }
}

/// The form that makes a club, and those that are closed.
#[component]
pub(super) fn NewClub(centre: CentreId) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let fields = StoredValue::new(Fields::new(None));
    let open = RwSignal::new(false);
    let act = Act::new();
    let id = StoredValue::new(centre.clone());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let terms = fields.get_value().read();
        act.run(async move {
            api::send::<MakeClub>(&id.get_value(), &terms).await?;
            open.try_set(false);
            fields.try_set_value(Fields::new(None));
            Ok(Some(t.saved().to_owned()))
        });
    };
    let form = move || {
        open.get().then(|| view! {
            <form class="form card" aria-label=t.make_club() on:submit=submit>
                {fields.get_value().draw()}
                {act.refusal()}
                <button class="button primary" aria-disabled=act.disabled()>{t.make_club()}</button>
            </form>
        })
    };
    let closed = query(
        || Some(()),
        move || store.version(),
        None,
        move |()| {
            let id = centre.clone();
            async move { api::get::<ListClosedClubs>(&id).await }
        },
    );
    let reopening = Act::new();
    let reopen = move |club: ClubId| {
        let path = (id.get_value(), club);
        reopening.run(async move {
            api::send::<ReopenClub>(&path, &()).await?;
            Ok(Some(t.saved().to_owned()))
        });
    };
    let row = move |club: Club| {
        let name = club.name.get(t).to_owned();
        let label = t.button_of(t.reopen_club(), &name);
        view! {
            <li class="revision">
                <span><strong>{name}</strong>" "<span class="tag">{t.club_closed()}</span></span>
                <button class="button" aria-label=label aria-disabled=reopening.disabled() on:click=move |_| reopen(club.id.clone())>{t.reopen_club()}</button>
            </li>
        }
    };
    let list = move |all: Memo<Arc<Vec<Club>>>| {
        view! { <ul class="plain"><For each=move || all.with(|all| all.to_vec()) key=|one| one.id.clone() children=row/></ul> }.into_any()
    };
    view! {
        <div class="actions">
            <button class="button" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>{t.make_club()}</button>
        </div>
        {live(form)}
        {reopening.refusal()}
        {once(closed, 1, list)}
    }
}

/// What a manager does with a club: describe it anew, name who organises it, close it.
#[component]
pub(super) fn ManageClub(centre: CentreId, club: Club) -> impl IntoView {
    let t = lang();
    let path = StoredValue::new((centre, club.id.clone()));
    let fields = StoredValue::new(Fields::new(Some(&club)));
    // As it was when the form was opened, or saved last.
    let before = StoredValue::new(ClubTerms {
        name: club.name.clone(),
        about: club.about.clone(),
        kind: club.kind,
    });
    let act = Act::new();
    let describe = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let change = ClubChange {
            before: before.get_value(),
            after: fields.get_value().read(),
        };
        let path = path.get_value();
        act.run(async move {
            let all = api::send::<ChangeClub>(&path, &change).await?;
            let now = all.into_iter().find(|one| path.1 == one.id);
            if let Some(now) = now {
                before.try_set_value(ClubTerms {
                    name: now.name,
                    about: now.about,
                    kind: now.kind,
                });
            }
            Ok(Some(t.saved().to_owned()))
        });
    };
    view! {
        <form class="form" on:submit=describe>
            {fields.get_value().draw()}
            {act.refusal()}
            <button class="button" aria-disabled=act.disabled()>{t.change_club()}</button>
        </form>
        <Organisers path=path.get_value()/>
        <Close path=path.get_value()/>
    }
}

#[component]
fn Organisers(path: (CentreId, ClubId)) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let path = StoredValue::new(path);
    let organisers = query(
        || Some(()),
        move || store.version(),
        None,
        move |()| async move { api::get::<ListOrganisers>(&path.get_value()).await },
    );
    let (phone, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let act = Act::new();
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let new = NewOrganiser {
            phone: phone.get_untracked(),
            name: name.get_untracked(),
        };
        act.run(async move {
            api::send::<AddOrganiser>(&path.get_value(), &new).await?;
            phone.try_set(String::new());
            name.try_set(String::new());
            Ok(Some(t.organiser_added().to_owned()))
        });
    };
    let asking = RwSignal::new(None::<PersonId>);
    let remove = move |person: PersonId, called: String| {
        let (centre, club) = path.get_value();
        let path = (centre, club, person);
        act.run(async move {
            api::send::<RemoveOrganiser>(&path, &()).await?;
            asking.try_set(None);
            Ok(Some(t.organiser_removed(&called)))
        });
    };
    let row = move |one: Organiser| {
        let called = match one.name.is_empty() {
            true => one.phone.clone().unwrap_or_default(),
            false => one.name.clone(),
        };
        let phone = one.phone.clone();
        let (shown, person) = (called.clone(), one.person.clone());
        let buttons = move || {
            let (asked, called) = (person.clone(), called.clone());
            match asking.get().as_ref() == Some(&person) {
                // Where the first button was now stands the harmless one: a second tap removes nobody.
                true => view! {
                    <button type="button" class="button" on:click=move |_| asking.set(None)>{t.back()}</button>
                    <p class="ask">{t.remove_organiser_sure(&called)}</p>
                    <button type="button" class="button danger" aria-disabled=act.disabled() on:click=move |_| remove(asked.clone(), called.clone())>{t.remove_yes()}</button>
                }
                .into_any(),
                false => view! {
                    <button type="button" class="button" on:click=move |_| asking.set(Some(asked.clone()))>{t.remove_organiser(&called)}</button>
                }
                .into_any(),
            }
        };
        view! {
            <li class="revision">
                <span>{shown}" "<bdi class="quiet">{phone}</bdi></span>
                <span class="actions">{live(buttons)}</span>
            </li>
        }
    };
    let list = move |all: Memo<Arc<Vec<Organiser>>>| {
        view! { <ul class="plain"><For each=move || all.with(|all| all.to_vec()) key=|one| one.person.clone() children=row/></ul> }.into_any()
    };
    let text = |label: &'static str,
                field: &'static str,
                kind: &'static str,
                value: RwSignal<String>| {
        view! {
            <label class="field">
                <span>{label}</span>
                <input name=field type=kind maxlength="40" autocomplete="off" prop:value=move || value.get() on:input=move |event| value.set(event_target_value(&event))/>
            </label>
        }
    };
    view! {
        <h3>{t.club_organisers()}</h3>
        {once(organisers, 1, list)}
        <form class="form" on:submit=add>
            <div class="pair">
                {text(t.organiser_phone(), "phone", "tel", phone)}
                {text(t.organiser_name(), "name", "text", name)}
            </div>
            {act.refusal()}
            <button class="button" aria-disabled=act.disabled()>{t.add_organiser()}</button>
        </form>
    }
}

#[component]
fn Close(path: (CentreId, ClubId)) -> impl IntoView {
    let t = lang();
    let path = StoredValue::new(path);
    let (asking, cancels) = (RwSignal::new(false), RwSignal::new(false));
    let reason = RwSignal::new(String::new());
    let act = Act::new();
    let close = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let end = ClubEnd {
            cancel: cancels.get_untracked().then(|| reason.get_untracked()),
        };
        act.run(async move {
            api::send::<CloseClub>(&path.get_value(), &end).await?;
            Ok(Some(t.club_closed().to_owned()))
        });
    };
    let ask = move |_| {
        asking.set(true);
        request_animation_frame(|| prefs::focus("[name=close-too]"));
    };
    let body = move || {
        match asking.get() {
        false => view! {
            <div class="actions"><button type="button" class="button" on:click=ask>{t.close_club()}</button></div>
        }
        .into_any(),
        true => view! {
            <form class="form" on:submit=close>
                <p>{t.close_club_about()}</p>
                <label class="check">
                    <input type="checkbox" name="close-too" prop:checked=move || cancels.get() on:change=move |event| cancels.set(event_target_checked(&event))/>
                    <span>{t.close_club_cancel()}</span>
                </label>
                <label class="field" class:gone=move || !cancels.get()>
                    <span>{t.reason()}</span>
                    <input name="reason" maxlength="200" prop:value=move || reason.get() on:input=move |event| reason.set(event_target_value(&event))/>
                </label>
                {act.refusal()}
                <div class="actions">
                    <button type="button" class="button" on:click=move |_| asking.set(false)>{t.back()}</button>
                    <button class="button danger" aria-disabled=act.disabled()>{t.close_club()}</button>
                </div>
            </form>
        }
        .into_any(),
    }
    };
    view! { {live(body)} }
}
