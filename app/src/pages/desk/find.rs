//! Finding the person for whom staff act, by number or name, or making their record.

use domain::{
    api::{AddPerson, FindPeople, NewCaller, Wanted},
    id::{CentreId, PersonId},
    page::Page,
    person::{
        behalf::Behalf,
        search::{MOST_FOUND, is_enough_to_look_for},
    },
    view::{USUAL_WAY, View},
};
use leptos::{leptos_dom::helpers::debounce, prelude::*};

use crate::{
    api,
    components::{act::Act, icon::Icon, live, notice::Skeleton},
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// The record of somebody who was looked for: whoever looks is on the phone with them, until they say otherwise.
fn record_of(centre: &CentreId, person: &PersonId) -> (Page, View) {
    let behalf = Behalf {
        person: person.clone(),
        channel: USUAL_WAY,
    };
    let view = View {
        behalf: Some(behalf),
        ..View::at_centre(Some(centre.clone()))
    };
    (Page::Record(centre.clone(), person.clone()), view)
}

/// The search, and the form for somebody new.
#[component]
pub fn FindPerson(centre: CentreId) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let typed = RwSignal::new(String::new());
    let wanted = RwSignal::new(None::<String>);
    let of = centre.clone();
    let found = query(
        move || wanted.get(),
        || 0,
        None,
        move |text| {
            let of = of.clone();
            async move { api::send::<FindPeople>(&of, &Wanted { text }).await }
        },
    );
    // One asks when somebody has stopped typing: a number has eleven digits, and each question is one for the server.
    let ask = StoredValue::new_local(debounce(prefs::TYPED, move |(): ()| {
        let text = typed.get_untracked().trim().to_owned();
        wanted.set(is_enough_to_look_for(&text).then_some(text));
    }));
    let ask = move || ask.update_value(|ask| ask(()));
    // Who is the only one that fits need not be pointed at.
    let at = centre.clone();
    let open_only = move |event: leptos::ev::KeyboardEvent| {
        // What was found must be what stands in the field now.
        let typed = typed.get_untracked();
        if wanted.get_untracked().as_deref() != Some(typed.trim()) {
            return;
        }
        let found = found.get_untracked().and_then(Result::ok);
        let only = found.filter(|rows| event.key() == "Enter" && rows.len() == 1);
        if let Some(row) = only.as_ref().and_then(|rows| rows.first()) {
            let (page, view) = record_of(&at, &row.id);
            store.go(&page, &view, false);
        }
    };
    // What was found is no news on the next page.
    on_cleanup(move || store.say(""));
    let at = centre.clone();
    let list = move || {
        if wanted.get().is_none() {
            // One letter finds half the town.
            let short = typed.with(|typed| !typed.trim().is_empty());
            store.say("");
            return short.then(|| view! { <p class="quiet">{t.type_more()}</p> }.into_any());
        }
        let rows = match found.get() {
            None => return Some(view! { <Skeleton lines=1/> }.into_any()),
            Some(Err(problem)) => {
                return Some(
                    view! { <p class="refusal" role="alert">{problem.text}</p> }.into_any(),
                );
            }
            Some(Ok(rows)) => rows,
        };
        store.say(match rows.is_empty() {
            true => t.caller_none().to_owned(),
            false => t.people(u16::try_from(rows.len()).unwrap_or(u16::MAX)),
        });
        if rows.is_empty() {
            return Some(view! { <p class="empty">{t.caller_none()}</p> }.into_any());
        }
        let full = rows.len() >= MOST_FOUND;
        let rows = rows.iter().map(|row| {
            let (page, view) = record_of(&at, &row.id);
            let href = view.address(&page);
            let year = row.born.map(|year| format!(" · {year}"));
            let guardian = row.guardian.as_ref().map(|name| format!(" · {}", t.guardian_is(name)));
            let phone = row.phone.clone().unwrap_or_else(|| t.no_phone().to_owned());
            view! {
                <li><a class="row" href=href><span class="row-name">{row.called().to_owned()}</span><span class="row-where"><bdi>{phone}</bdi>{year}{guardian}</span></a></li>
            }
        });
        let rows = rows.collect_view();
        Some(
            view! {
                <ul class="rows found">{rows}</ul>
                {full.then(|| view! { <p class="quiet">{t.caller_more()}</p> })}
            }
            .into_any(),
        )
    };
    let name = RwSignal::new(None::<String>);
    let phone = RwSignal::new(None::<String>);
    let digits = move || typed.with(|typed| typed.chars().any(|c| c.is_ascii_digit()));
    // What was looked for need not be typed again.
    let of_typed = move |number: bool| match digits() == number {
        true => typed.get(),
        false => String::new(),
    };
    let the_name = move || name.get().unwrap_or_else(|| of_typed(false));
    let the_phone = move || phone.get().unwrap_or_else(|| of_typed(true));
    // Who is on the phone need not spell it twice; what was typed of one caller is never another's.
    store.keep_draft(
        "caller".to_owned(),
        move || {
            let all = (typed.get(), name.get(), phone.get());
            let is_new = (&all.1, &all.2) != (&None, &None);
            is_new.then(|| serde_json::to_string(&all).unwrap_or_default())
        },
        move |kept| {
            let (kept_typed, kept_name, kept_phone) =
                serde_json::from_str::<(String, _, _)>(kept).unwrap_or_default();
            typed.set(kept_typed);
            name.set(kept_name);
            phone.set(kept_phone);
            ask();
        },
    );
    let add = Act::new();
    let send = move || {
        let centre = centre.clone();
        let new = NewCaller {
            name: untrack(the_name),
            phone: untrack(the_phone),
            birth: None,
        };
        add.run(async move {
            let person = api::send::<AddPerson>(&centre, &new).await?;
            name.try_set(None);
            phone.try_set(None);
            let (page, view) = record_of(&centre, &person.id);
            // Whoever has gone elsewhere meanwhile stays there.
            if untrack(|| store.router.page.get()) == Some(Page::Desk) {
                store.go(&page, &view, false);
            }
            Ok(Some(t.saved().to_owned()))
        });
    };
    view! {
        <section class="card find-person" aria-labelledby="act-for">
            <h2 id="act-for">{t.act_for()}</h2>
            <p class="quiet">{t.act_for_about()}</p>
            <label class="search">
                <Icon icon=Icon::Search/>
                <span class="hidden">{t.find_caller()}</span>
                <input type="search" name="caller" on:keydown=open_only autocomplete="off" placeholder=t.find_caller() prop:value=move || typed.get()
                    on:input=move |event| { typed.set(event_target_value(&event)); name.set(None); phone.set(None); ask(); }/>
            </label>
            {live(list)}
            <details>
                <summary>{t.caller_new()}</summary>
                <form class="form" on:submit=move |event| { event.prevent_default(); send(); }>
                    <div class="pair">
                        <label class="field">
                            <span>{t.your_name()}</span>
                            <input name="caller-name" required maxlength="40" autocomplete="off" prop:value=the_name on:input=move |event| name.set(Some(event_target_value(&event)))/>
                        </label>
                        <label class="field">
                            <span>{t.phone_if_any()}</span>
                            <input type="tel" name="caller-phone" autocomplete="off" prop:value=the_phone on:input=move |event| phone.set(Some(event_target_value(&event)))/>
                        </label>
                    </div>
                    {add.refusal()}
                    <button class="button primary" aria-disabled=add.disabled()>{t.caller_save()}</button>
                </form>
            </details>
        </section>
    }
}
