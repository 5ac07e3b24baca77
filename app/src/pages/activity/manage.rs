//! Changing an activity and calling it off, for those who run it.

use std::sync::Arc;

use domain::{
    activity::{Activity, attendance::NEAR},
    api::{CancelActivity, CancelSession, ChangeActivity, Reason},
    id::ActivitySessionId,
    language::Name,
    page::Page,
};
use leptos::prelude::*;

use super::other::{OtherLanguage, other_language, other_words};
use crate::{
    api,
    components::{act::Act, live},
    prefs::{self, lang},
    store::Store,
};

/// What those who run it have typed and not sent.
#[derive(Clone, Copy)]
struct Edits {
    title: RwSignal<Option<String>>,
    about: RwSignal<Option<String>>,
    /// Both in the other language.
    other_title: RwSignal<Option<String>>,
    other_about: RwSignal<Option<String>>,
    places: RwSignal<Option<u16>>,
    reason: RwSignal<String>,
    // What is to be called off: a session, or everything.
    asking: RwSignal<Option<Option<ActivitySessionId>>>,
}

/// Links to the sheets of the sessions that are near.
fn draw_sheets(one: &Activity, store: Store) -> impl IntoView + use<> {
    let t = lang();

    let now = store.clock.get();
    let near = one
        .sessions
        .iter()
        .filter(|one| one.is_on() && one.end.utc() > now - NEAR && one.start.utc() < now + NEAR);
    let links = near.map(|session| {
            let href = store.href(Page::Attendance(one.centre.clone(), session.id.clone()));
            view! { <a class="button" href=href>{t.check_in()}" · "<time>{t.slot(session.slot())}</time></a> }
        });
    links.collect_view()
}

/// Asks whether `what` is called off, and why.
fn draw_confirm(
    what: String,
    (reason, act): (RwSignal<String>, Act),
    asking: RwSignal<Option<Option<ActivitySessionId>>>,
    cancel: Callback<()>,
) -> AnyView {
    let t = lang();
    let back = move |_| {
        let asked = asking.get_untracked().flatten();
        asking.set(None);
        let asks = format!("[data-asks='{}']", asked.unwrap_or_default());
        request_animation_frame(move || prefs::focus(&asks));
    };
    view! {
                <div class="card">
                    <p><strong>{what}</strong></p>
                    <p>{t.cancel_session_sure()}</p>
                    <label class="field">
                        <span>{t.reason()}</span>
                        <textarea name="reason" rows="2" prop:value=move || reason.get() on:input=move |event| reason.set(event_target_value(&event))></textarea>
                    </label>
                    <div class="choices">
                        {[t.reason_ill(), t.reason_room(), t.reason_few()].map(|words| view! {
                            <button class="chip" on:click=move |_| reason.set(words.to_owned())>{words}</button>
                        }).collect_view()}
                    </div>
                    <div class="actions">
                        <button class="button danger" aria-disabled=act.disabled() on:click=move |_| cancel.run(())>{t.cancel_now()}</button>
                        <button class="button" on:click=back>{t.back()}</button>
                    </div>
                </div>
            }
    .into_any()
}

/// For those who run it: change, call off.
#[component]
pub(crate) fn Manage(activity: Memo<Arc<Activity>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let edits = Edits {
        title: RwSignal::new(None),
        about: RwSignal::new(None),
        other_title: RwSignal::new(None),
        other_about: RwSignal::new(None),
        places: RwSignal::new(None),
        reason: RwSignal::new(String::new()),
        asking: RwSignal::new(None),
    };
    let Edits { reason, asking, .. } = edits;
    // It is edited in the language that it has.
    let main = activity.with_untracked(|one| match one.title.only(t) {
        "" => other_language(t).0,
        _ => t,
    });
    let title = move || {
        let known = || activity.with(|one| one.title.get(main).to_owned());
        edits.title.get().unwrap_or_else(known)
    };
    let about = move || {
        // A text that there is in the other language alone stands there.
        let known = || activity.with(|one| one.about.only(main).to_owned());
        edits.about.get().unwrap_or_else(known)
    };
    // What is the same in both was said once.
    let other_of = move |name: &Name| {
        let text = name.only(other_language(main).0);
        let is_same = text == name.only(main);
        if is_same {
            String::new()
        } else {
            text.to_owned()
        }
    };
    let other_title = Signal::derive(move || {
        let known = || activity.with(|one| other_of(&one.title));
        edits.other_title.get().unwrap_or_else(known)
    });
    let other_about = Signal::derive(move || {
        let known = || activity.with(|one| other_of(&one.about));
        edits.other_about.get().unwrap_or_else(known)
    });
    let places = move || activity.with(|one| one.sessions.last().map_or(1, |one| one.places));
    let count = move || edits.places.get().unwrap_or_else(places);
    let path =
        StoredValue::new(activity.with_untracked(|one| (one.centre.clone(), one.id.clone())));
    let open = RwSignal::new(false);
    store.keep_draft(
        path.with_value(|(_, id)| format!("manage {id}")),
        move || {
            let typed = (
                edits.title.get(),
                edits.about.get(),
                edits.places.get(),
                edits.other_title.get(),
                edits.other_about.get(),
            );
            let some = typed != (None, None, None, None, None);
            some.then(|| serde_json::to_string(&(main, typed)).unwrap_or_default())
        },
        move |kept: &str| {
            let (typed_in, typed) = serde_json::from_str(kept).unwrap_or((main, <_>::default()));
            let (mut title, mut about, places, mut other_title, mut other_about) = typed;
            // The language of the page was changed meanwhile.
            if typed_in != main {
                std::mem::swap(&mut title, &mut other_title);
                std::mem::swap(&mut about, &mut other_about);
            }
            edits.other_title.set(other_title);
            edits.other_about.set(other_about);
            edits.title.set(title);
            edits.about.set(about);
            edits.places.set(places);
            // What was typed is not hidden from whoever comes back to it.
            open.set(!kept.is_empty());
        },
    );
    let act = Act::new();
    let press = move |change: bool| {
        let (centre, id) = path.get_value();
        act.run(async move {
            if change {
                let body = domain::api::ActivityChange {
                    title: untrack(title),
                    about: untrack(about),
                    lang: Some(main),
                    other: other_words(&other_title.get_untracked(), &other_about.get_untracked()),
                    places: untrack(count),
                };
                api::send::<ChangeActivity>(&(centre, id), &body).await?;
            } else {
                let body = Reason {
                    reason: reason.get_untracked(),
                };
                match asking.get_untracked().flatten() {
                    Some(session) => {
                        api::send::<CancelSession>(&(centre, id, session), &body).await?;
                    }
                    None => {
                        api::send::<CancelActivity>(&(centre, id), &body).await?;
                    }
                }
            }
            // The page may be gone meanwhile.
            reason.try_set(String::new());
            asking.try_set(None);
            if !change {
                // The question and its button are gone.
                request_animation_frame(|| prefs::focus("details.manage summary"));
            }
            edits.title.try_set(None);
            edits.about.try_set(None);
            edits.other_title.try_set(None);
            edits.other_about.try_set(None);
            edits.places.try_set(None);
            let words = match change {
                true => t.saved(),
                false => t.cancelled_told(),
            };
            Ok(Some(words.to_owned()))
        });
    };
    let sheets = move || draw_sheets(&activity.get(), store);
    let coming = Memo::new(move |_| {
        let now = store.clock.get();
        activity.with(|one| {
            let coming = one.sessions.iter();
            let coming = coming.filter(|one| one.state.is_live() && one.start.utc() > now);
            coming
                .map(|one| (one.id.clone(), one.slot()))
                .collect::<Vec<_>>()
        })
    });
    let confirm = move || {
        asking.get().map(|which| {
            let what = which.and_then(|id| {
                coming.with(|coming| {
                    let (_, slot) = coming.iter().find(|one| one.0 == id)?;
                    Some(t.slot(*slot))
                })
            });
            let what = what.unwrap_or_else(|| t.cancel_activity().to_owned());
            draw_confirm(
                what,
                (reason, act),
                asking,
                Callback::new(move |()| press(false)),
            )
        })
    };
    // The button that was pressed may be gone: the question has the focus.
    let ask_why = move |which: Option<ActivitySessionId>| {
        asking.set(Some(which));
        request_animation_frame(|| prefs::focus("details.manage [name=reason]"));
    };
    // What is asked stands where it was pressed.
    let ask = move |id: ActivitySessionId| {
        live(move || match asking.get() == Some(Some(id.clone())) {
            true => confirm().into_any(),
            false => {
                let id = id.clone();
                let asks = id.to_string();
                view! { <button class="button" data-asks=asks on:click=move |_| ask_why(Some(id.clone()))>{t.cancel_session()}</button> }.into_any()
            }
        })
    };
    view! {
        <div class="actions">{live(sheets)}</div>
        <details class="manage" prop:open=move || open.get()>
            <summary>{t.change_activity()}</summary>
            <form class="form" on:submit=move |event| { event.prevent_default(); press(true); }>
                <label class="field">
                    <span>{t.activity_title_label()}</span>
                    <input name="title" required maxlength="60" prop:value=title on:input=move |event| edits.title.set(Some(event_target_value(&event)))/>
                </label>
                <label class="field">
                    <span>{t.activity_about_label()}</span>
                    <textarea name="about" rows="3" maxlength="1000" prop:value=about on:input=move |event| edits.about.set(Some(event_target_value(&event)))></textarea>
                </label>
                <OtherLanguage than=main title=other_title about=other_about
                    set_title=Callback::new(move |text| edits.other_title.set(Some(text)))
                    set_about=Callback::new(move |text| edits.other_about.set(Some(text)))/>
                <label class="field">
                    <span>{t.places_label()}</span>
                    <input type="number" name="places" min="1" max="500" inputmode="numeric" prop:value=move || count().to_string()
                        on:change=move |event| edits.places.set(event_target_value(&event).parse().ok())/>
                </label>
                <button class="button" aria-disabled=act.disabled()>{t.save()}</button>
            </form>
            {act.refusal()}
            <ul class="plain">
                <For each=move || coming.get() key=|one| one.clone() let((id, slot))>
                    <li>
                        <time>{t.slot(slot)}</time>
                        {ask(id)}
                    </li>
                </For>
            </ul>
            <button class="button danger" data-asks="" on:click=move |_| ask_why(None)>{t.cancel_activity()}</button>
            {live(move || (asking.get() == Some(None)).then(confirm))}
        </details>
    }
}
