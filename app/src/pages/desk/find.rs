//! Finding the person for whom staff act, by number or name, or making their record.

use domain::{
    api::{FindPeople, Wanted},
    id::{CentreId, PersonId},
    page::Page,
    person::search::{MOST_FOUND, is_enough_to_look_for},
    view::{USUAL_WAY, View},
};
use leptos::{leptos_dom::helpers::debounce, prelude::*};

use crate::{
    api,
    components::{icon::Icon, live, notice::Skeleton},
    pages::desk::new_caller::{CallerDraft, NewCallerForm, record_of},
    prefs::{self, lang},
    query::query,
    store::Store,
};

/// The search, and the form for somebody new.
#[component]
pub fn FindPerson(
    centre: CentreId,
    asked: RwSignal<String>,
    /// When a caller was chosen last, in milliseconds.
    served: StoredValue<f64>,
    /// Brings this part of the desk into sight.
    show: Callback<()>,
) -> impl IntoView {
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
    // From here on it is for them: what they want is asked next.
    let at = centre.clone();
    let serve = Callback::new(move |person: PersonId| {
        let (_, view) = record_of(&at, &person, USUAL_WAY);
        let day = store.view.with_untracked(|view| view.day);
        store.go(&Page::Desk, &View { day, ..view }, false);
        typed.set(String::new());
        wanted.set(None);
        served.set_value(js_sys::Date::now());
        request_animation_frame(|| prefs::focus(".ask-room input"));
    });
    // Who is the only one that fits need not be pointed at, also where Enter comes before the answer.
    let entered = RwSignal::new(false);
    let enter = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" && !event.repeat() {
            let text = typed.get_untracked().trim().to_owned();
            if is_enough_to_look_for(&text) && wanted.get_untracked().as_ref() != Some(&text) {
                wanted.set(Some(text));
            }
            entered.set(true);
        }
    };
    Effect::new(move |_| {
        let (is_entered, rows) = (entered.get(), found.get());
        let is_asked = wanted.with_untracked(|wanted| {
            let typed = typed.get_untracked();
            wanted.as_deref() == Some(typed.trim())
        });
        let Some(Ok(rows)) = rows.filter(|_| is_entered && is_asked) else {
            return;
        };
        entered.set(false);
        if let [only] = rows.as_slice() {
            serve.run(only.id.clone());
        }
    });
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
            let (page, view) = record_of(&at, &row.id, USUAL_WAY);
            let href = view.address(&page);
            // A question that was asked is answered first.
            let person = row.id.clone();
            let choose = move |event: leptos::ev::MouseEvent| {
                if asked.with_untracked(|text| !text.trim().is_empty()) {
                    event.prevent_default();
                    serve.run(person.clone());
                }
            };
            let year = row.born.map(|year| format!(" · {year}"));
            let guardian = row.guardian.as_ref().map(|name| format!(" · {}", t.guardian_is(name)));
            let phone = row.phone.clone().unwrap_or_else(|| t.no_phone().to_owned());
            view! {
                <li><a class="row" href=href on:click=choose><span class="row-name">{row.called().to_owned()}</span><span class="row-where"><bdi>{phone}</bdi>{year}{guardian}</span></a></li>
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
    let caller = CallerDraft {
        typed,
        name: RwSignal::new(None),
        phone: RwSignal::new(None),
        family: RwSignal::new(String::new()),
    };
    // Who is on the phone need not spell it twice; what was typed of one caller is never another's.
    caller.keep(store, ask, show);
    view! {
        <section class="find-person" aria-labelledby="act-for">
            <h2 id="act-for" class="hidden">{t.act_for()}</h2>
            <label class="search">
                <Icon icon=Icon::Search/>
                <span class="hidden">{t.find_caller()}</span>
                <input type="search" name="caller" on:keydown=enter autocomplete="off" placeholder=t.find_caller() prop:value=move || typed.get()
                    on:input=move |event| { typed.set(event_target_value(&event)); entered.set(false); caller.clear(); ask(); }/>
            </label>
            <div class="results">{live(list)}</div>
            <NewCallerForm centre caller asked serve/>
        </section>
    }
}
