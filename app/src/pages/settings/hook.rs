//! Webhooks of a centre: addresses of other systems that are told what happens.

use std::sync::Arc;

use domain::{
    api::{CentreView, ListHooks, MakeHook, NewHook, RemoveHook, RetryHook},
    hook::Hook,
    id::CentreId,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live, notice::Notice},
    prefs::lang,
    query::query,
    store::Store,
};

/// The addresses, and a form for another.
#[component]
pub fn Hooks(centre: Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let id = StoredValue::new(centre.centre.id.clone());
    let asked = query(
        move || Some(id.get_value()),
        move || store.version(),
        None,
        |id| async move { api::get::<ListHooks>(&id).await },
    );
    // What one has just done is shown at once.
    let hooks = RwSignal::new(None::<Vec<Hook>>);
    Effect::new(move |_| {
        if let Some(Ok(now)) = asked.get() {
            hooks.set(Some(now.to_vec()));
        }
    });
    let fault = move || Some(view! { <Notice problem=asked.get()?.err()?/> });
    let url = RwSignal::new(String::new());
    let act = Act::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let new = NewHook {
            url: url.get_untracked(),
        };
        act.run(async move {
            let now = api::send::<MakeHook>(&id.get_value(), &new).await?;
            hooks.try_set(Some(now));
            url.try_set(String::new());
            Ok(Some(lang().hook_added().to_owned()))
        });
    };
    view! {
        <p>{t.hooks_about()}</p>
        <p><a rel="external" href="/api#schema-HookBody">{t.tokens_page()}</a></p>
        {live(fault)}
        <Show when=move || hooks.with(|hooks| hooks.as_ref().is_some_and(Vec::is_empty))><p class="empty">{t.hooks_none()}</p></Show>
        <ul class="plain">
            <For each=move || hooks.get().unwrap_or_default() key=|one| one.id.clone() let:hook>
                <Row hook centre=id.get_value() hooks/>
            </For>
        </ul>
        <form class="form" on:submit=send>
            <label class="field">
                <span>{t.hook_url()}</span>
                <input type="url" name="hook-url" data-field="url" maxlength="500" required autocomplete="off" placeholder="https://" prop:value=move || url.get() on:input=move |event| url.set(event_target_value(&event))/>
            </label>
            {act.refusal()}
            <button class="button" aria-disabled=act.disabled()>{t.hook_add()}</button>
        </form>
    }
    .into_any()
}

#[component]
fn Row(hook: Hook, centre: CentreId, hooks: RwSignal<Option<Vec<Hook>>>) -> impl IntoView {
    let t = lang();
    let path = StoredValue::new((centre, hook.id.clone()));
    let act = Act::new();
    let asking = RwSignal::new(false);
    let remove = move |_| {
        act.run(async move {
            let now = api::send::<RemoveHook>(&path.get_value(), &()).await?;
            hooks.try_set(Some(now));
            Ok(Some(lang().hook_removed().to_owned()))
        });
    };
    let retry = move |_| {
        act.run(async move {
            let now = api::send::<RetryHook>(&path.get_value(), &()).await?;
            hooks.try_set(Some(now));
            Ok(None)
        });
    };
    let id = StoredValue::new(hook.id.clone());
    let now = Memo::new(move |_| {
        hooks.with(|all| {
            let all = all.as_ref()?;
            all.iter()
                .find(|one| id.with_value(|id| one.id == *id))
                .cloned()
        })
    });
    let state = move || {
        let last = now.get().and_then(|now| now.last);
        last.map_or_else(|| t.hook_waits().to_owned(), |last| last.word(t))
    };
    let failing =
        Memo::new(move |_| now.with(|now| now.as_ref().is_some_and(|now| now.failing.is_some())));
    let is_off = Memo::new(move |_| now.with(|now| now.as_ref().is_some_and(|now| now.off)));
    let label = t.button_of(t.hook_remove(), &hook.url);
    let ask = move || {
        match asking.get() {
        false => view! {
            <button type="button" class="button" aria-label=label.clone() on:click=move |_| asking.set(true)>{t.hook_remove()}</button>
        }
        .into_any(),
        true => view! {
            <button type="button" class="button" on:click=move |_| asking.set(false)>{t.cancel_no()}</button>
            <p class="ask">{t.hook_remove_sure()}</p>
            <button type="button" class="button danger" aria-disabled=act.disabled() on:click=remove>{t.hook_remove()}</button>
        }
        .into_any(),
    }
    };
    view! {
        <li class="hook">
            <strong><bdi>{hook.url.clone()}</bdi></strong>
            <span class="tag" class:t-declined=move || failing.get()>{state}</span>
            <Show when=move || is_off.get()><span class="tag t-declined">{t.hook_off()}</span></Show>
            <details>
                <summary>{t.hook_show()}</summary>
                <p class="link-by-hand"><bdi aria-label=t.hook_secret()>{hook.secret.clone()}</bdi></p>
            </details>
            <div class="actions">
                <Show when=move || failing.get()><button type="button" class="button" aria-disabled=act.disabled() on:click=retry>{t.hook_retry()}</button></Show>
                {live(ask)}
            </div>
            {act.refusal()}
        </li>
    }
}
