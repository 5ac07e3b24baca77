//! Holds and waiting: the slot that the booking form keeps while one decides, and the line for one that others have.

use std::{sync::Arc, time::Duration};

use domain::{
    api::{HoldSlot, LeaveSlot, ReleaseSlot, WaitForSlot, WantedSlot},
    booking::{
        admission::Admission,
        refusal::Refusal,
        waitlist::{Wait, WaitState},
    },
    id::CentreId,
    time::Slot,
};
use leptos::prelude::*;

use super::{
    awaited::say_place,
    claims::{Claims, Line},
    draft::Draft,
};
use crate::{
    api,
    components::{act::Act, live},
    prefs::lang,
    store::Store,
};

/// How long a choice stands before it is held.
const SETTLED: Duration = Duration::from_millis(700);

/// A slot about to be held or waited for.
fn wanted(draft: Draft, store: Store) -> Option<(CentreId, WantedSlot)> {
    let slot = draft.slot.get();
    let room = draft.room.get()?.id;
    let centre = draft.centre.with_value(|centre| centre.centre.id.clone());
    let wanted = WantedSlot {
        room,
        start: slot.start(),
        end: slot.end(),
        people: draft.people.get(),
        behalf: store.acting(),
    };
    Some((centre, wanted))
}

/// Holds what is chosen for as long as the form is open, where it can be booked at once. Where it is being booked it may be by
/// oneself: on another page, or before a reload. The server tells.
pub(super) fn keep(draft: Draft, is_alone: Signal<bool>) {
    let store = Store::get();
    let claims = draft.claims;
    let choice = Memo::new(move |_| {
        let can_be_held = draft.verdict.with(|verdict| {
            match verdict.as_ref().map(|verdict| &verdict.decided) {
                Some(Ok(Admission::Confirmed)) => Some(true),
                Some(Err(Refusal::Held { .. })) => Some(false),
                _ => None,
            }
        })?;
        let asks = is_alone.get() && store.signed_in() == Some(true);
        let (_, new) = wanted(draft, store).filter(|_| asks)?;
        // Somebody more takes no other floor.
        Some((WantedSlot { people: 1, ..new }, can_be_held))
    });
    let id = draft.centre.with_value(|centre| centre.centre.id.clone());
    let line = claims.line.get_value();
    let (of, to) = (id.clone(), line.clone());
    let turn = StoredValue::new(0_u32);
    Effect::new(move |before: Option<Option<(WantedSlot, bool)>>| {
        let now = choice.get();
        if before.as_ref() == Some(&now) {
            return now;
        }
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let (of, to) = (of.clone(), to.clone());
        match now.clone() {
            // Whoever steps through times asks for none of them.
            Some(choice) => {
                let ask = move || {
                    if turn.try_get_value() == Some(mine) {
                        to.want(Some(choice));
                        follow(to, of, Some(claims));
                    }
                };
                set_timeout(ask, SETTLED);
            }
            None => {
                to.want(None);
                follow(to, of, Some(claims));
            }
        }
        now
    });
    on_cleanup(move || {
        line.want(None);
        follow(line, id, None);
    });
}

/// Tells the server what is wanted, one thing after the other, until it is so.
fn follow(line: Arc<Line>, centre: CentreId, claims: Option<Claims>) {
    if !line.begin() {
        return;
    }
    leptos::task::spawn_local(async move {
        while let Some(next) = line.next() {
            match next {
                Some((new, _)) => {
                    let slot = Slot::new(new.start, new.end);
                    if let (Some(claims), Some(slot)) = (claims, slot) {
                        claims.note_asked(&new.room, slot);
                    }
                    let done = api::send::<HoldSlot>(&centre, &new).await;
                    let until = done.ok().and_then(|hold| hold.until);
                    line.note_held(until.is_some());
                    if let (Some(claims), Some(slot)) = (claims, slot) {
                        claims.note_held(&new.room, slot, until);
                    }
                }
                None => {
                    if let Some(claims) = claims {
                        claims.held.try_set(None);
                    }
                    // What is not let go is over in minutes.
                    let _ = api::send::<ReleaseSlot>(&centre, &()).await;
                    line.note_held(false);
                }
            }
        }
    });
}

/// What was held is booked: there is nothing to let go.
pub(super) fn forget(draft: Draft) {
    draft.claims.held.try_set(None);
    if let Some(line) = draft.claims.line.try_get_value() {
        line.forget();
    }
}

/// Until when the slot is kept, and the way into the line where others have it.
#[component]
pub(super) fn KeptOrAwaited(draft: Draft) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let claims = draft.claims;
    let mine = Memo::new(move |_| {
        let (slot, room) = (draft.slot.get(), draft.room.get()?.id);
        let is_it = |wait: &&Wait| wait.room == room && wait.slot() == slot;
        claims.waits.with(|waits| waits.iter().find(is_it).cloned())
    });
    let kept = move || {
        let now = store.clock.get();
        let offered = mine.get().filter(|wait| wait.state == WaitState::Offered);
        if let Some(until) = offered.and_then(|wait| wait.until) {
            return Some(t.wait_offered(&t.moment(until.local)));
        }
        let chosen = (draft.room.get()?.id, draft.slot.get());
        let held = claims.held.get();
        let until = held
            .filter(|held| (&held.room, held.slot) == (&chosen.0, chosen.1))?
            .until;
        Some(match now < until.utc() {
            true => t.held_for_you(&until.local.clock()),
            false => t.held_no_longer().to_owned(),
        })
    };
    let kept = Memo::new(move |_| kept());
    let can_wait = Memo::new(move |_| {
        let refused = draft.verdict.with(|verdict| {
            let refusal = verdict.as_ref().and_then(|one| one.decided.as_ref().err());
            refusal.is_some_and(Refusal::can_be_waited_for)
        });
        let waits = mine.with(|wait| {
            wait.as_ref()
                .is_some_and(|wait| wait.state == WaitState::Waiting)
        });
        (refused || waits) && store.signed_in() == Some(true)
    });
    let waiting = Memo::new(move |_| {
        let wait = mine.get();
        wait.filter(|wait| wait.state == WaitState::Waiting)
            .map(|wait| wait.ahead)
    });
    let act = Act::new();
    let press = move |_| {
        let place = mine.get_untracked();
        let Some((centre, new)) = untrack(|| wanted(draft, store)) else {
            return;
        };
        act.run(async move {
            match place {
                Some(place) => {
                    api::send::<LeaveSlot>(&(place.centre, place.id), &()).await?;
                    Ok(Some(t.left_slot().to_owned()))
                }
                None => {
                    let place = api::send::<WaitForSlot>(&centre, &new).await?;
                    Ok(Some(say_place(place.ahead)))
                }
            }
        });
    };
    let label = move || match waiting.get() {
        Some(_) => t.leave_slot().to_owned(),
        None => store.says_for_whom(|name| t.wait_for_slot_of(name), t.wait_for_slot()),
    };
    let how = move || match waiting.get() {
        Some(ahead) => format!("{} {}", say_place(ahead), t.wait_stands()),
        None => t.wait_how().to_owned(),
    };
    let wait = move || {
        can_wait.get().then(|| {
            view! {
                <div class="wait">
                    <p role="status">{how}</p>
                    <button type="button" class="button" aria-disabled=act.disabled() on:click=press>{label}</button>
                    {act.refusal()}
                </div>
            }
        })
    };
    view! {
        <div role="status">{live(move || kept.get().map(|words| view! { <p class="kept">{words}</p> }))}</div>
        {live(wait)}
    }
}
