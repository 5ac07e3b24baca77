//! Push messages on this device: switched on and off, of which kinds, and when not. Asked for only after somebody booked.

use std::time::Duration;

use domain::{
    api::{
        AddPush, ChangePush, GetPush, NewPush, PushChange, PushDevice, PushSettings, RemovePush,
    },
    message::{NewsKind, QuietHours},
    person::permission::acts_for_others,
    time::{clock, parse_clock},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::{
    api::{self, Trouble},
    components::{act::Act, live, notice::Notice},
    offline::is_at_work,
    prefs::lang,
    store::{Store, local_date},
};

/// What the browser lets us do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Permission {
    /// It has no notifications, or no service worker.
    Impossible,
    Denied,
    Open,
}

/// The class of notifications, where the browser has it.
fn notifications() -> Option<js_sys::Object> {
    let class = js_sys::Reflect::get(&window(), &"Notification".into()).ok()?;
    class.dyn_into().ok()
}

fn permission() -> Permission {
    let has_push = js_sys::Reflect::has(&window(), &"PushManager".into()).unwrap_or_default();
    let Some(class) = notifications().filter(|_| has_push && is_at_work()) else {
        return Permission::Impossible;
    };
    let now = js_sys::Reflect::get(&class, &"permission".into()).ok();
    match now.and_then(|now| now.as_string()).as_deref() {
        Some("denied") => Permission::Denied,
        _ => Permission::Open,
    }
}

/// What the browser lets us do, looked at again once the service worker has had time to begin.
fn watch_permission() -> RwSignal<Permission> {
    let now = RwSignal::new(permission());
    for seconds in [2, 6] {
        set_timeout(
            move || {
                if now
                    .try_get_untracked()
                    .is_some_and(|before| before != permission())
                {
                    now.try_set(permission());
                }
            },
            Duration::from_secs(seconds),
        );
    }
    now
}

/// Asks whoever holds the device, who pressed a button for it: gives what they said.
async fn ask_permission() -> String {
    let asked = async {
        let class = notifications()?;
        let ask = js_sys::Reflect::get(&class, &"requestPermission".into()).ok()?;
        let promise = ask
            .dyn_into::<js_sys::Function>()
            .ok()?
            .call0(&class)
            .ok()?;
        JsFuture::from(promise.dyn_into::<js_sys::Promise>().ok()?)
            .await
            .ok()?
            .as_string()
    };
    asked.await.unwrap_or_default()
}

/// Subscribes this browser, and tells the house.
async fn switch_on() -> Result<PushSettings, Trouble> {
    let failed = |text: &str| Trouble {
        text: text.to_owned(),
        fields: Vec::new(),
        passing: false,
        outdated: false,
        kept: false,
    };
    match ask_permission().await.as_str() {
        "granted" => {}
        "denied" => return Err(failed(lang().push_denied())),
        // The question was closed.
        _ => return Err(failed(lang().push_failed())),
    }
    let key = api::get::<GetPush>(&()).await?.key;
    let made = api::subscribe(Some(&key)).await;
    let Ok(Some(made)) = made else {
        return Err(failed(lang().push_failed()));
    };
    let key = |name: &str| made.keys.get(name).cloned().unwrap_or_default();
    let new = NewPush {
        endpoint: made.endpoint.clone(),
        p256dh: key("p256dh"),
        auth: key("auth"),
    };
    api::send::<AddPush>(&(), &new).await
}

/// What is known of this device and of the others.
#[derive(Clone)]
struct Known {
    settings: PushSettings,
    /// Where messages to this one go.
    here: Option<String>,
}

impl Known {
    fn here(&self) -> Option<&PushDevice> {
        let mut devices = self.settings.devices.iter();
        devices.find(|one| Some(&one.endpoint) == self.here.as_ref())
    }
}

fn load(known: RwSignal<Option<Known>>, fault: RwSignal<Option<Trouble>>) {
    leptos::task::spawn_local(async move {
        let settings = match api::get::<GetPush>(&()).await {
            Ok(settings) => settings,
            Err(trouble) => {
                fault.try_set(Some(trouble));
                return;
            }
        };
        fault.try_set(None);
        let here = api::push_subscription().await.ok().flatten();
        let here = here.map(|one| one.endpoint);
        known.try_set(Some(Known { settings, here }));
    });
}

/// Where whoever asked once is not asked again on this device.
const ASKED: &str = "push-asked";

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Asks after a booking whether to be told, once on a device.
#[component]
pub fn AskOnce() -> impl IntoView {
    let t = lang();
    let asked = storage().and_then(|storage| storage.get_item(ASKED).ok().flatten());
    let known = RwSignal::new(None::<Known>);
    let closed = RwSignal::new(asked.is_some());
    let can = watch_permission();
    Effect::new(move |_| {
        if !closed.get_untracked() && can.get() == Permission::Open {
            load(known, RwSignal::new(None));
        }
    });
    let close = move || {
        if let Some(storage) = storage() {
            let _ = storage.set_item(ASKED, "1");
        }
        closed.set(true);
    };
    let act = Act::new();
    let press = move |_| {
        act.run(async move {
            switch_on().await?;
            close();
            Ok(Some(lang().push_done().to_owned()))
        });
    };
    let shown = move || {
        !closed.get() && known.with(|known| known.as_ref().is_some_and(|one| one.here().is_none()))
    };
    view! {
        <Show when=shown>
            <section class="card ask-push" aria-labelledby="push-ask">
                <h2 id="push-ask">{t.push_ask()}</h2>
                <p>{t.push_ask_about()}</p>
                {act.refusal()}
                <div class="actions">
                    <button class="button primary" aria-disabled=act.disabled() on:click=press>{t.push_on()}</button>
                    <button class="button" on:click=move |_| close()>{t.push_later()}</button>
                </div>
            </section>
        </Show>
    }
    .into_any()
}

/// Push messages of whoever is signed in.
#[component]
pub fn PushSection() -> impl IntoView {
    let t = lang();
    let known = RwSignal::new(None::<Known>);
    let can = watch_permission();
    let fault = RwSignal::new(None::<Trouble>);
    Effect::new(move |_| {
        can.track();
        load(known, fault);
    });
    let act = Act::new();
    let set = move |settings: PushSettings| {
        known.update(|known| {
            if let Some(known) = known {
                known.settings = settings;
            }
        });
    };
    let on = move |_| {
        act.run(async move {
            let settings = switch_on().await?;
            let here = api::push_subscription().await?.map(|one| one.endpoint);
            known.try_set(Some(Known { settings, here }));
            Ok(Some(lang().push_done().to_owned()))
        });
    };
    let remove = move |id: domain::id::PushId, here: bool| {
        act.run(async move {
            let settings = api::send::<RemovePush>(&id, &()).await?;
            if here {
                // The browser may have ended it by itself.
                let _ = api::subscribe(None).await;
            }
            set(settings);
            Ok(Some(lang().push_ended().to_owned()))
        });
    };
    let is_here = Memo::new(move |_| known.with(|known| Some(known.as_ref()?.here()?.id.clone())));
    let ready = Memo::new(move |_| known.with(Option::is_some));
    let here = move || {
        if !ready.get() {
            return match fault.get() {
                Some(problem) => view! { <Notice problem/> }.into_any(),
                None => view! { <p class="quiet">{t.loading()}</p> }.into_any(),
            };
        }
        match (is_here.get(), can.get()) {
            (Some(id), _) => view! {
                <p>{t.push_here()}</p>
                <p><button class="button" aria-disabled=act.disabled() on:click=move |_| remove(id.clone(), true)>{t.push_off()}</button></p>
            }
            .into_any(),
            (None, Permission::Open) => view! {
                <p><button class="button" aria-disabled=act.disabled() on:click=on>{t.push_on()}</button></p>
            }
            .into_any(),
            (None, Permission::Denied) => view! { <p class="empty">{t.push_denied()}</p> }.into_any(),
            (None, Permission::Impossible) => view! { <p class="empty">{t.push_impossible()}</p> }.into_any(),
        }
    };
    let others = Memo::new(move |_| {
        let here = is_here.get();
        known.with(|known| {
            let devices = known
                .iter()
                .flat_map(|known| known.settings.devices.clone());
            devices
                .filter(|one| Some(&one.id) != here.as_ref())
                .collect::<Vec<_>>()
        })
    });
    let row = move |one: PushDevice| {
        let label = t.button_of(t.push_remove(), &one.device);
        let id = one.id.clone();
        view! {
            <li>
                <span>{one.device.clone()}</span>
                <span class="quiet">{t.since(&t.date_seen(local_date(one.since), Store::get().today()))}</span>
                <button class="button" aria-label=label aria-disabled=act.disabled() on:click=move |_| remove(id.clone(), false)>{t.push_remove()}</button>
            </li>
        }
    };
    let has_any = Memo::new(move |_| {
        known.with(|known| {
            known
                .as_ref()
                .is_some_and(|one| !one.settings.devices.is_empty())
        })
    });
    view! {
        <section aria-labelledby="push">
            <h2 id="push">{t.push_title()}</h2>
            <p>{t.push_about()}</p>
            {live(here)}
            {act.refusal()}
            <Show when=move || others.with(|others| !others.is_empty())>
                <h3>{t.push_others()}</h3>
                <ul class="plain"><For each=move || others.get() key=|one| one.id.clone() let:one>{row(one)}</For></ul>
            </Show>
            <Show when=move || has_any.get()><Choices known set=Callback::new(set)/></Show>
        </section>
    }
    .into_any()
}

/// Which kinds are told, and when not. What is changed is saved at once.
#[component]
fn Choices(known: RwSignal<Option<Known>>, set: Callback<PushSettings>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let settings =
        move || known.with_untracked(|known| known.as_ref().map(|one| one.settings.clone()));
    let off = RwSignal::new(settings().map(|one| one.off).unwrap_or_default());
    let quiet = RwSignal::new(settings().map(|one| one.quiet).unwrap_or_default());
    let now = move || PushChange {
        off: off.get_untracked(),
        quiet: quiet.get_untracked(),
    };
    let saving = StoredValue::new(false);
    let problem = RwSignal::new(None::<Trouble>);
    // What is changed while it is saved is saved after it.
    let save = move || {
        if saving.get_value() {
            return;
        }
        saving.set_value(true);
        leptos::task::spawn_local(async move {
            loop {
                let change = now();
                let done = api::send::<ChangePush>(&(), &change).await;
                // The page may be gone meanwhile.
                if off.try_get_untracked().is_none() {
                    return;
                }
                match done {
                    Ok(settings) => {
                        problem.set(None);
                        set.run(settings);
                    }
                    Err(trouble) => {
                        // What stands there is what holds.
                        if let Some(held) = settings() {
                            off.set(held.off);
                            quiet.set(held.quiet);
                        }
                        problem.set(Some(trouble));
                        break;
                    }
                }
                if now() == change {
                    store.done(lang().saved());
                    break;
                }
            }
            saving.set_value(false);
        });
    };
    let refusal = move || {
        let problem = problem.get()?;
        Some(view! { <p class="refusal" role="alert">{problem.text}</p> })
    };
    let works = acts_for_others(&store.actor());
    let kinds = NewsKind::ALL
        .into_iter()
        .filter(|kind| works || *kind != NewsKind::House)
        .map(|kind| {
            let switch = move |event: leptos::ev::Event| {
                let on = event_target_checked(&event);
                off.update(|off| {
                    off.retain(|one| *one != kind);
                    if !on {
                        off.push(kind);
                    }
                });
                save();
            };
            view! {
                <label class="check">
                    <input type="checkbox" name=format!("push-{}", kind.code()) prop:checked=move || off.with(|off| !off.contains(&kind)) on:change=switch/>
                    <span>{kind.word(t)}</span>
                </label>
            }
        })
        .collect_view();
    let time =
        move |name: &'static str, words: &'static str, of: fn(&mut QuietHours) -> &mut u16| {
            let value = move || clock(i64::from(*of(&mut quiet.get())));
            let change = move |event: leptos::ev::Event| {
                if let Some(minute) = parse_clock(&event_target_value(&event)) {
                    quiet.update(|quiet| *of(quiet) = minute as u16);
                    save();
                }
            };
            view! {
                <label class="field">
                    <span>{words}</span>
                    <input type="time" name=name required prop:value=value on:change=change/>
                </label>
            }
        };
    view! {
        <fieldset class="kinds">
            <legend>{t.push_kinds()}</legend>
            {kinds}
        </fieldset>
        <fieldset class="kinds">
            <legend>{t.push_quiet()}</legend>
            <div class="pair">
                {time("quiet-from", t.push_from(), |quiet| &mut quiet.from)}
                {time("quiet-until", t.push_until(), |quiet| &mut quiet.until)}
            </div>
            <small>{t.push_quiet_about()}</small>
        </fieldset>
        {live(refusal)}
    }
    .into_any()
}
