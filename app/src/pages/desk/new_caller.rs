//! Making the record of a caller whom nobody knew, with who comes along.

use domain::{
    api::{AddPerson, FindPeople, NewCaller, NewMember, Wanted},
    id::{CentreId, PersonId},
    page::Page,
    person::{
        behalf::{Behalf, Channel},
        household::read_members,
        search::{PersonRow, is_enough_to_look_for},
    },
    view::{USUAL_WAY, View},
};
use leptos::prelude::*;

use crate::{
    api::{self, Trouble},
    components::{act::Act, live},
    pages::desk::merge::describe,
    prefs::lang,
    store::Store,
};

/// The record of somebody who was looked for: whoever looks is on the phone with them, until they say otherwise.
pub(super) fn record_of(centre: &CentreId, person: &PersonId, channel: Channel) -> (Page, View) {
    let behalf = Behalf {
        person: person.clone(),
        channel,
    };
    let view = View {
        behalf: Some(behalf),
        ..View::at_centre(Some(centre.clone()))
    };
    (Page::Record(centre.clone(), person.clone()), view)
}

/// The name of the draft.
const DRAFT: &str = "caller";

/// What is typed of somebody new. Name and number are nothing until they are typed: what was looked for stands there.
#[derive(Clone, Copy)]
pub(super) struct CallerDraft {
    /// What is looked for.
    pub(super) typed: RwSignal<String>,
    pub(super) name: RwSignal<Option<String>>,
    pub(super) phone: RwSignal<Option<String>>,
    pub(super) family: RwSignal<String>,
}

impl CallerDraft {
    /// Somebody else is looked for, or this one is recorded. The page may be gone.
    pub(super) fn clear(self) {
        self.name.try_set(None);
        self.phone.try_set(None);
        self.family.try_set(String::new());
    }

    /// Keeps it over a reload; `ask` looks again for what was looked for, `show` brings what was typed into sight.
    pub(super) fn keep(self, store: Store, ask: impl Fn() + 'static, show: Callback<()>) {
        let Self {
            typed,
            name,
            phone,
            family,
        } = self;
        store.keep_draft(
            DRAFT.to_owned(),
            move || {
                let all = (typed.get(), name.get(), phone.get(), family.get());
                self.is_begun()
                    .then(|| serde_json::to_string(&all).unwrap_or_default())
            },
            move |kept| {
                let (kept_typed, kept_name, kept_phone, kept_family) =
                    serde_json::from_str::<(String, _, _, String)>(kept).unwrap_or_default();
                typed.set(kept_typed);
                name.set(kept_name);
                phone.set(kept_phone);
                family.set(kept_family);
                ask();
                if !kept.is_empty() {
                    show.run(());
                }
            },
        );
    }

    /// Something was typed of somebody new.
    fn is_begun(self) -> bool {
        let is_named = self.name.with(Option::is_some) || self.phone.with(Option::is_some);
        is_named || self.family.with(|family| !family.is_empty())
    }

    /// What was looked for need not be typed again: it is a number where it has a digit, else a name.
    fn of_typed(self, number: bool) -> String {
        let typed = self.typed.get();
        match typed.chars().any(|c| c.is_ascii_digit()) == number {
            true => typed,
            false => String::new(),
        }
    }

    fn name(self) -> String {
        self.name.get().unwrap_or_else(|| self.of_typed(false))
    }

    fn phone(self) -> String {
        self.phone.get().unwrap_or_else(|| self.of_typed(true))
    }
}

/// Whom the house knows by that very name: a search like any other, which stands in the log. Where it fails nobody is held up.
async fn find_namesakes(centre: &CentreId, name: &str) -> Vec<PersonRow> {
    let wanted = Wanted {
        text: name.trim().to_owned(),
    };
    if !is_enough_to_look_for(&wanted.text) {
        return Vec::new();
    }
    let found = api::send::<FindPeople>(centre, &wanted).await;
    let mut found = found.unwrap_or_default();
    found.retain(|one| one.name == wanted.text);
    found
}

/// The form. A question that was `asked` is answered first for them, else their record opens.
#[component]
pub(super) fn NewCallerForm(
    centre: CentreId,
    caller: CallerDraft,
    asked: RwSignal<String>,
    serve: Callback<PersonId>,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let CallerDraft {
        name,
        phone,
        family,
        ..
    } = caller;
    let (the_name, the_phone) = (move || caller.name(), move || caller.phone());
    let add = Act::new();
    let of = centre.clone();
    // Whom the house knows by the name that was typed.
    let namesakes = RwSignal::new(Vec::<PersonRow>::new());
    let send = move |is_another: bool| {
        let centre = centre.clone();
        let mut new = NewCaller {
            name: untrack(the_name),
            phone: untrack(the_phone),
            birth: None,
            family: Vec::new(),
        };
        let come = family.get_untracked();
        add.run(async move {
            let members = read_members(&come)
                .map_err(|line| Trouble::at("caller-family", t.caller_family_line(line)))?;
            let members = members.into_iter().map(|(name, birth)| NewMember {
                name: name.to_owned(),
                birth,
            });
            new.family = members.collect();
            if !is_another {
                let found = find_namesakes(&centre, &new.name).await;
                let is_known = !found.is_empty();
                namesakes.try_set(found);
                if is_known {
                    return Ok(None);
                }
            }
            // Who comes along stands there.
            let way = match new.family.is_empty() {
                true => USUAL_WAY,
                false => Channel::Desk,
            };
            let person = api::send::<AddPerson>(&centre, &new).await?;
            caller.clear();
            namesakes.try_set(Vec::new());
            store.forget_draft(DRAFT);
            let (page, view) = record_of(&centre, &person.id, way);
            // Whoever has gone elsewhere meanwhile stays there. A question that was asked is answered first.
            let is_here = untrack(|| store.router.page.get()) == Some(Page::Desk);
            let has_question = asked.try_with_untracked(|text| !text.trim().is_empty());
            match (is_here, has_question) {
                (true, Some(true)) => serve.run(person.id),
                (true, _) => store.go(&page, &view, false),
                (false, _) => {}
            }
            Ok(Some(t.saved().to_owned()))
        });
    };
    let send = StoredValue::new(send);
    let press = move |is_another: bool| send.with_value(|send| send(is_another));
    let known = move || {
        let all = namesakes.get();
        (!all.is_empty()).then(|| {
            let rows = all.into_iter().map(|one| {
                let (page, view) = record_of(&of, &one.id, USUAL_WAY);
                view! { <li><a href=view.address(&page)>{describe(&one)}</a></li> }
            });
            view! {
                <div class="warn">
                    <p>{t.caller_namesake()}</p>
                    <ul class="plain">{rows.collect_view()}</ul>
                    <button type="button" class="button" aria-disabled=add.disabled() on:click=move |_| press(true)>{t.caller_another()}</button>
                </div>
            }
        })
    };
    // What was typed and not sent lies open, also after a reload.
    let begun = Memo::new(move |_| caller.is_begun());
    view! {
            <details prop:open=move || begun.get()>
                <summary>{t.caller_new()}</summary>
                <form class="form" on:submit=move |event| { event.prevent_default(); press(false); }>
                    <div class="pair">
                        <label class="field">
                            <span>{t.your_name()}</span>
                            <input name="caller-name" required maxlength="40" autocomplete="off" prop:value=the_name on:input=move |event| { namesakes.set(Vec::new()); name.set(Some(event_target_value(&event))); }/>
                        </label>
                        <label class="field">
                            <span>{t.phone_if_any()}</span>
                            <input type="tel" name="caller-phone" autocomplete="off" prop:value=the_phone on:input=move |event| phone.set(Some(event_target_value(&event)))/>
                        </label>
                    </div>
                    <label class="field">
                        <span>{t.caller_family()}</span>
                        <textarea name="caller-family" rows="3" maxlength="600" autocomplete="off" prop:value=move || family.get() on:input=move |event| family.set(event_target_value(&event))></textarea>
                    </label>
                    {add.refusal()}
                    <div role="alert">{live(known)}</div>
                    <button class="button primary" aria-disabled=add.disabled()>{t.caller_save()}</button>
                </form>
            </details>
    }
}
