//! Personal access tokens: made for programs, shown once, ended.

use domain::{
    api::{EndToken, ListTokens, MakeToken, NewToken},
    person::{
        permission::acts_for_others,
        token::{Scope, Token},
    },
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live, notice::Notice},
    prefs::lang,
    query::query,
    store::{Store, local_date},
};

/// For how long a token may hold, in days.
const TERMS: [u16; 4] = [7, 30, 90, 365];

/// The tokens of whoever is signed in.
#[component]
pub fn Tokens() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let tokens = query(
        || Some(()),
        move || store.version(),
        None,
        |()| async { api::get::<ListTokens>(&()).await },
    );
    let ended = RwSignal::new(Vec::new());
    let made = RwSignal::new(None::<Token>);
    let rows = Memo::new(move |_| {
        let known = tokens.get().and_then(Result::ok);
        let mut all = known.map(|known| known.to_vec()).unwrap_or_default();
        if let Some(made) = made
            .get()
            .filter(|made| all.iter().all(|one| one.id != made.id))
        {
            all.insert(0, made);
        }
        ended.with(|ended| all.retain(|one| !ended.contains(&one.id)));
        all
    });
    let fault = move || Some(view! { <Notice problem=tokens.get()?.err()?/> });
    view! {
        <section aria-labelledby="tokens">
            <details class="setting">
                <summary><h2 id="tokens">{t.tokens_title()}</h2></summary>
                <p>{t.tokens_about()}</p>
                <p><a rel="external" href="/api">{t.tokens_page()}</a></p>
                {live(fault)}
                <ul class="plain">
                    <For each=move || rows.get() key=|one| one.id.clone() let:token>
                        <Row token ended=Callback::new(move |id| ended.update(|all| all.push(id)))/>
                    </For>
                </ul>
                <Make made/>
            </details>
        </section>
    }
    .into_any()
}

#[component]
fn Row(token: Token, ended: Callback<domain::id::TokenId>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let date = |at: i64| t.date_seen(local_date(at), store.today());
    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.word(t)).collect();
    let used = token
        .used
        .map_or_else(|| t.token_never().to_owned(), |at| t.token_used(&date(at)));
    let words = format!(
        "{} · {} · {used}",
        scopes.join(t.comma()),
        t.token_until(&date(token.until))
    );
    let label = t.button_of(t.token_end(), &token.name);
    let id = StoredValue::new(token.id.clone());
    let act = Act::new();
    let end = move |_| {
        let id = id.get_value();
        act.run(async move {
            api::send::<EndToken>(&id, &()).await?;
            ended.run(id);
            Ok(Some(lang().token_ended().to_owned()))
        });
    };
    view! {
        <li>
            <span><strong>{token.name.clone()}</strong>" "<span class="quiet">{words}</span></span>
            <button class="button" aria-label=label aria-disabled=act.disabled() on:click=end>{t.token_end()}</button>
            {act.refusal()}
        </li>
    }
}

#[component]
fn Make(made: RwSignal<Option<Token>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let name = RwSignal::new(String::new());
    let scopes = RwSignal::new(vec![Scope::Read]);
    let days = RwSignal::new(TERMS[1]);
    let secret = RwSignal::new(None::<String>);
    let act = Act::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let new = NewToken {
            name: name.get_untracked(),
            scopes: scopes.get_untracked(),
            days: days.get_untracked(),
        };
        act.run(async move {
            let done = api::send::<MakeToken>(&(), &new).await?;
            secret.try_set(Some(done.secret));
            made.try_set(Some(done.token));
            name.try_set(String::new());
            Ok(None)
        });
    };
    let works = acts_for_others(&store.actor());
    let choices = Scope::ALL
        .into_iter()
        .filter(|scope| works || *scope != Scope::Staff)
        .map(|scope| {
            let switch = move |event: leptos::ev::Event| {
                let on = event_target_checked(&event);
                scopes.update(|scopes| {
                    scopes.retain(|one| *one != scope);
                    if on {
                        scopes.push(scope);
                    }
                });
            };
            view! {
                <label class="check">
                    <input type="checkbox" name=format!("scope-{}", scope.code()) prop:checked=move || scopes.with(|all| all.contains(&scope)) on:change=switch/>
                    <span><strong>{scope.word(t)}</strong>" "<small>{scope.about(t)}</small></span>
                </label>
            }
        })
        .collect_view();
    let told = move || {
        let secret = secret.get()?;
        Some(view! {
            <div class="card" role="status">
                <p>{t.token_once()}</p>
                <p class="link-by-hand"><bdi>{secret}</bdi></p>
            </div>
        })
    };
    view! {
        {live(told)}
        <form class="form" on:submit=send>
            <h3>{t.token_new()}</h3>
            <label class="field">
                <span>{t.token_name()}</span>
                <input name="token-name" data-field="name" maxlength="40" required autocomplete="off" prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event))/>
            </label>
            <fieldset class="kinds" data-field="scopes"><legend>{t.token_scopes()}</legend>{choices}</fieldset>
            <label class="field">
                <span>{t.token_days()}</span>
                <select name="token-days" prop:value=move || days.get().to_string() on:change=move |event| {
                    if let Ok(term) = event_target_value(&event).parse() {
                        days.set(term);
                    }
                }>
                    {TERMS.map(|term| view! { <option value=term.to_string() selected=term == TERMS[1]>{t.token_term(term)}</option> })}
                </select>
            </label>
            {act.refusal()}
            <button class="button" aria-disabled=act.disabled()>{t.token_make()}</button>
        </form>
    }
}
