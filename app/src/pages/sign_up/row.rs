//! A sign-up with what can still be done with it.

use domain::{
    api::{Answer, AnswerOffer, UndoSignUp, Withdraw},
    id::SignUpId,
    page::Page,
    sign_up::{SignUp, SignUpState},
    time::Slot,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live},
    prefs::lang,
    store::Store,
};

/// What somebody presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SignUpPress {
    Undo,
    Withdraw,
    Take,
    Leave,
}

/// Sign-ups in a list. Each row stays while it is there, whatever changes in it.
#[component]
pub fn SignUpRows(rows: Memo<Vec<SignUp>>) -> impl IntoView {
    let ids = move || rows.with(|rows| rows.iter().map(|one| one.id.clone()).collect::<Vec<_>>());
    view! { <ul class="cards"><For each=ids key=|id| id.clone() let:id><SignUpRow id rows/></For></ul> }
}

/// One sign-up.
#[component]
fn SignUpRow(id: SignUpId, rows: Memo<Vec<SignUp>>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let of = id.clone();
    let Some(sign_up) = rows.with_untracked(|rows| rows.iter().find(|one| one.id == id).cloned())
    else {
        return ().into_any();
    };
    let first = sign_up.clone();
    let now = Memo::new(move |before: Option<&SignUp>| {
        let new = rows.with(|rows| rows.iter().find(|one| one.id == of).cloned());
        new.or_else(|| before.cloned())
            .unwrap_or_else(|| first.clone())
    });
    let path = StoredValue::new((sign_up.centre.clone(), sign_up.id.clone()));
    let asking = RwSignal::new(false);
    let act = Act::new();
    let press = move |press: SignUpPress| {
        let path = path.get_value();
        act.run(async move {
            let state = match press {
                SignUpPress::Undo => api::send::<UndoSignUp>(&path, &())
                    .await
                    .map(|one| one.state),
                SignUpPress::Withdraw => {
                    api::send::<Withdraw>(&path, &()).await.map(|one| one.state)
                }
                SignUpPress::Take | SignUpPress::Leave => {
                    let answer = Answer {
                        accept: press == SignUpPress::Take,
                    };
                    let answered = api::send::<AnswerOffer>(&path, &answer).await;
                    answered.map(|all| all.first().map_or(SignUpState::Declined, |one| one.state))
                }
            };
            store.load_me();
            Ok(Some(state?.word(t).to_owned()))
        });
    };
    let state = Memo::new(move |_| now.with(|one| one.state));
    let over = move || {
        let (called_off, ends) = now.with(|one| (one.called_off, one.end));
        called_off || store.clock.get() >= ends.utc()
    };
    let undo_until = move || now.with(|one| one.undo_until);
    let can_undo = Memo::new(move |_| {
        let state = state.get();
        state.is_live()
            && state != SignUpState::Offered
            && !over()
            && store.clock.get() <= undo_until().utc()
    });
    let over = Memo::new(move |_| over());
    let button = move |of: SignUpPress, label: String, class: &'static str| {
        view! { <button class=class aria-disabled=act.disabled() on:click=move |_| press(of)>{label}</button> }
    };
    let buttons = move || {
        let state = state.get();
        if !state.is_live() || over.get() {
            return ().into_any();
        }
        if state == SignUpState::Offered {
            return view! {
                {button(SignUpPress::Take, t.take_place().to_owned(), "button primary")}
                {button(SignUpPress::Leave, t.leave_place().to_owned(), "button")}
            }
            .into_any();
        }
        if can_undo.get() {
            let at = t.undo_until(&untrack(undo_until).local.clock());
            return button(SignUpPress::Undo, at, "button").into_any();
        }
        if !asking.get() {
            return view! { <button class="button" on:click=move |_| asking.set(true)>{t.withdraw()}</button> }
                .into_any();
        }
        view! {
            <p class="ask">{t.withdraw_sure()}</p>
            {button(SignUpPress::Withdraw, t.withdraw_yes().to_owned(), "button danger")}
            <button class="button" on:click=move |_| asking.set(false)>{t.cancel_no()}</button>
        }
        .into_any()
    };
    let slot = Slot::lasting(
        sign_up.start.local,
        sign_up.end.local.minutes() - sign_up.start.local.minutes(),
    );
    let stands = move || {
        now.with(|one| {
            let mut word = one.state.word(t).to_owned();
            if one.called_off {
                t.session_off_plain().clone_into(&mut word);
            } else if let Some(position) = one.position {
                word = t.position(position);
            }
            let class = if one.called_off {
                "off"
            } else {
                one.state.code()
            };
            let held = one.offer_until.map(
                |until| view! { <p class="warn">{t.offer_stands(&t.moment(until.local))}</p> },
            );
            view! {
                <p><span class=format!("tag t-{class}")>{word}</span></p>
                {held}
            }
        })
    };
    let href = store.href(Page::Activity(
        sign_up.centre.clone(),
        sign_up.activity.clone(),
    ));
    let centre = sign_up.centre.clone();
    let house = move || {
        let all = store.centres.get()?.ok()?;
        let card = all.iter().find(|card| card.id == centre)?;
        Some(card.name.get(t).to_owned())
    };
    view! {
        <li class="card sign-up">
            <p><strong>{sign_up.name.clone()}</strong>" · "<a href=href lang=t.tongue_of(sign_up.title.get(t))>{sign_up.title.get(t).to_owned()}</a></p>
            <p class="quiet"><time>{t.slot_seen(slot, store.today())}</time>" · "{sign_up.room_name.get(t).to_owned()}" · "{house}</p>
            {live(stands)}
            {act.refusal()}
            <div class="actions">{live(buttons)}</div>
        </li>
    }
    .into_any()
}
