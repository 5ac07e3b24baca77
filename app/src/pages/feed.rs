//! Calendar feeds: subscribing one's own calendar to a room, a club, a centre or what one has oneself; and ending that.

use domain::{
    api::{ListFeeds, MakeFeed, RevokeFeed},
    feed::{Feed, FeedKind},
    page::Page,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live, notice::Notice},
    prefs::{self, Shared, lang},
    query::query,
    store::Store,
};

/// What is said of a feed.
fn name(feed: &Feed) -> String {
    let t = lang();
    let name = feed.name.as_ref().map(|name| name.get(t).to_owned());
    let name = name.unwrap_or_default();
    match &feed.kind {
        FeedKind::Mine => t.feed_mine_row().to_owned(),
        FeedKind::Room(..) => t.feed_room_row(&name),
        FeedKind::Club(..) => t.feed_club_row(&name),
        FeedKind::Centre(_) => t.feed_centre_row(&name),
    }
}

/// A button that makes a feed, and then the ways to subscribe to it.
#[component]
pub fn Subscribe(kind: FeedKind) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let kind = StoredValue::new(kind);
    let feed = RwSignal::new(None::<Feed>);
    let act = Act::new();
    let press = move |_| {
        if untrack(|| store.signed_in()) != Some(true) {
            prefs::keep("next", &untrack(|| store.address()));
            store.go(&Page::SignIn, &store.here.get_untracked(), false);
            return;
        }
        let kind = kind.get_value();
        act.run(async move {
            let made = api::send::<MakeFeed>(&(), &kind).await?;
            feed.try_set(Some(made));
            Ok(None)
        });
    };
    let body = move || {
        match feed.get() {
        None => view! {
            <button type="button" class="button" aria-disabled=act.disabled() on:click=press>{t.subscribe()}</button>
        }
        .into_any(),
        Some(feed) => view! {
            <p class="quiet">{t.feed_secret()}</p>
            <div class="actions"><Ways feed/></div>
        }
        .into_any(),
    }
    };
    view! { <div class="subscribe">{live(body)}{act.refusal()}</div> }
}

/// To the phone's calendar by one tap, or the address to be copied.
#[component]
fn Ways(feed: Feed) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let by_hand = RwSignal::new(None);
    let host = window().location().host().unwrap_or_default();
    let to_calendar = format!("webcal://{host}{}", feed.path);
    let words = name(&feed);
    let path = feed.path.clone();
    let copy = move |_| match prefs::copy_link(&path) {
        Shared::Not(link) => by_hand.set(Some(link)),
        Shared::ByClipboard | Shared::ByDevice => store.done(t.link_copied()),
    };
    let link = move || {
        let link = by_hand.get()?;
        Some(view! { <p class="link-by-hand"><bdi>{link}</bdi></p> })
    };
    view! {
        <a class="button" rel="external" href=to_calendar aria-label=t.button_of(t.feed_to_phone(), &words)>{t.feed_to_phone()}</a>
        <button type="button" class="button" aria-label=t.button_of(t.copy_link(), &words) on:click=copy>{t.copy_link()}</button>
        {live(link)}
    }
}

/// The feeds of whoever is signed in.
#[component]
pub fn MyFeeds() -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let feeds = query(
        || Some(()),
        move || store.version(),
        None,
        |()| async { api::get::<ListFeeds>(&()).await },
    );
    let rows = Memo::new(move |_| {
        let feeds = feeds.get().and_then(Result::ok);
        feeds.map(|feeds| feeds.to_vec()).unwrap_or_default()
    });
    let has_mine =
        Memo::new(move |_| rows.with(|rows| rows.iter().any(|feed| feed.kind == FeedKind::Mine)));
    let add = move || (!has_mine.get()).then(|| view! { <Subscribe kind=FeedKind::Mine/> });
    let fault = move || Some(view! { <Notice problem=feeds.get()?.err()?/> });
    view! {
        <section aria-labelledby="feeds">
            <h2 id="feeds">{t.feeds()}</h2>
            <p>{t.feeds_about()}</p>
            {live(fault)}
            <ul class="plain">
                <For each=move || rows.get() key=|feed| feed.id.clone() children=|feed| view! { <Row feed/> }/>
            </ul>
            {live(add)}
        </section>
    }
}

#[component]
fn Row(feed: Feed) -> impl IntoView {
    let t = lang();
    let words = name(&feed);
    let id = StoredValue::new(feed.id.clone());
    let asking = RwSignal::new(false);
    let act = Act::new();
    let revoke = move |_| {
        let id = id.get_value();
        act.run(async move {
            api::send::<RevokeFeed>(&id, &()).await?;
            Ok(Some(lang().feed_revoked().to_owned()))
        });
    };
    let label = t.button_of(t.feed_revoke(), &words);
    let ask = move || {
        match asking.get() {
        false => view! {
            <button type="button" class="button" aria-label=label.clone() on:click=move |_| asking.set(true)>{t.feed_revoke()}</button>
        }
        .into_any(),
        // Where the first button was now stands the harmless one.
        true => view! {
            <button type="button" class="button" on:click=move |_| asking.set(false)>{t.cancel_no()}</button>
            <p class="ask">{t.feed_revoke_sure()}</p>
            <button type="button" class="button danger" aria-disabled=act.disabled() on:click=revoke>{t.feed_revoke()}</button>
        }
        .into_any(),
    }
    };
    view! {
        <li>
            <strong>{words}</strong>
            <div class="actions"><Ways feed/>{live(ask)}</div>
            {act.refusal()}
        </li>
    }
}
