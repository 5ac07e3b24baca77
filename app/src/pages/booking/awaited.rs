//! Slots that somebody waits for, in a list: on their own page and in their record.

use domain::{
    api::LeaveSlot,
    booking::waitlist::{Wait, WaitState},
    centre::room::Needs,
    page::Page,
    view::View,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live},
    prefs::lang,
    store::Store,
};

/// Where somebody stands in line.
pub(super) fn say_place(ahead: u16) -> String {
    let t = lang();
    match ahead {
        0 => t.wait_first().to_owned(),
        ahead => t.wait_ahead(ahead),
    }
}

/// Slots that somebody waits for, with the way to those that are kept for them.
#[component]
pub fn WaitRows(waits: Memo<Vec<Wait>>) -> impl IntoView {
    let ids = move || waits.with(|all| all.iter().map(|one| one.id.clone()).collect::<Vec<_>>());
    let row = move |id| {
        let found = waits.with_untracked(|all| all.iter().find(|one| one.id == id).cloned());
        found.map(|wait| view! { <WaitRow wait waits/> })
    };
    view! { <ul class="cards"><For each=ids key=|id| id.clone() let:id>{row(id)}</For></ul> }
}

#[component]
fn WaitRow(wait: Wait, waits: Memo<Vec<Wait>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let (of, first) = (wait.id.clone(), wait.clone());
    let now = Memo::new(move |_| {
        let found = waits.with(|all| all.iter().find(|one| one.id == of).cloned());
        found.unwrap_or_else(|| first.clone())
    });
    let offered = Memo::new(move |_| now.with(|one| one.state == WaitState::Offered));
    let stands = move || {
        now.with(|one| match &one.until {
            Some(until) => t.wait_offered(&t.moment(until.local)),
            None => say_place(one.ahead),
        })
    };
    let act = Act::new();
    let path = (wait.centre.clone(), wait.id.clone());
    let leave = move |_| {
        let path = path.clone();
        act.run(async move {
            api::send::<LeaveSlot>(&path, &()).await?;
            Ok(Some(t.left_slot().to_owned()))
        });
    };
    let slot = wait.slot();
    let form = move |page: &Page| {
        let view = View {
            day: Some(slot.start().date()),
            at: Some(slot.start().minute_of_day()),
            length: Some(slot.minutes()),
            room: Some(wait.room.clone()),
            needs: Needs {
                people: wait.people,
                ..Default::default()
            },
            behalf: store.view.with_untracked(|view| view.behalf.clone()),
            ..View::at_centre(Some(wait.centre.clone()))
        };
        view.address(page)
    };
    let (book, look) = (form(&Page::Book), form(&Page::Map));
    let class = move || match offered.get() {
        true => "tag t-offered",
        false => "tag t-waitlisted",
    };
    let label = move || match offered.get() {
        true => t.leave_offer(),
        false => t.leave_slot(),
    };
    let way = move || {
        let book = book.clone();
        offered
            .get()
            .then(|| view! { <a class="button primary" href=book>{t.book_offered()}</a> })
    };
    view! {
        <li class="card">
            <p class="row-name"><a href=look>{wait.room_name.get(t).to_owned()}</a></p>
            <p class="row-where"><time>{t.slot_seen(slot, store.today())}</time>" · "{wait.centre_name.get(t).to_owned()}</p>
            <p><span class=class>{stands}</span></p>
            <div class="actions">
                {live(way)}
                <button class="button" aria-disabled=act.disabled() on:click=leave>{label}</button>
            </div>
            {act.refusal()}
        </li>
    }
}
