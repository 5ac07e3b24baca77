//! A sign-up with what can still be done with it.

use domain::{
    api::{Answer, AnswerOffer, UndoSignUp, Withdraw},
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
enum Press {
    Undo,
    Withdraw,
    Take,
    Leave,
}

/// One sign-up in a list.
#[component]
pub fn SignUpRow(sign_up: SignUp) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let path = StoredValue::new((sign_up.centre.clone(), sign_up.id.clone()));
    let asking = RwSignal::new(false);
    let act = Act::new();
    let press = move |press: Press| {
        let path = path.get_value();
        act.run(async move {
            let state = match press {
                Press::Undo => api::send::<UndoSignUp>(&path, &())
                    .await
                    .map(|one| one.state),
                Press::Withdraw => api::send::<Withdraw>(&path, &()).await.map(|one| one.state),
                Press::Take | Press::Leave => {
                    let answer = Answer {
                        accept: press == Press::Take,
                    };
                    let answered = api::send::<AnswerOffer>(&path, &answer).await;
                    answered.map(|all| all.first().map_or(SignUpState::Declined, |one| one.state))
                }
            };
            store.load_me();
            Ok(Some(state?.word(t).to_owned()))
        });
    };
    let state = sign_up.state;
    let (undo_until, ends) = (sign_up.undo_until, sign_up.end);
    let called_off = sign_up.called_off;
    let over = move || called_off || store.clock.get() >= ends.utc();
    let can_undo = move || {
        state.is_live()
            && state != SignUpState::Offered
            && !over()
            && store.clock.get() <= undo_until.utc()
    };
    let button = move |of: Press, label: String, class: &'static str| {
        view! { <button class=class aria-disabled=act.disabled() on:click=move |_| press(of)>{label}</button> }
    };
    let buttons = move || {
        if !state.is_live() || over() {
            return ().into_any();
        }
        if state == SignUpState::Offered {
            return view! {
                {button(Press::Take, t.take_place().to_owned(), "button primary")}
                {button(Press::Leave, t.leave_place().to_owned(), "button")}
            }
            .into_any();
        }
        if can_undo() {
            let at = t.undo_until(&undo_until.local.clock());
            return button(Press::Undo, at, "button").into_any();
        }
        if !asking.get() {
            return view! { <button class="button" on:click=move |_| asking.set(true)>{t.withdraw()}</button> }
                .into_any();
        }
        view! {
            <p class="ask">{t.withdraw_sure()}</p>
            {button(Press::Withdraw, t.withdraw_yes().to_owned(), "button danger")}
            <button class="button" on:click=move |_| asking.set(false)>{t.cancel_no()}</button>
        }
        .into_any()
    };
    let slot = Slot::lasting(
        sign_up.start.local,
        sign_up.end.local.minutes() - sign_up.start.local.minutes(),
    );
    let mut word = state.word(t).to_owned();
    if called_off {
        t.session_off_plain().clone_into(&mut word);
    } else if let Some(position) = sign_up.position {
        word = t.position(position);
    }
    let class = if called_off { "off" } else { state.code() };
    let held = sign_up
        .offer_until
        .map(|until| view! { <p class="warn">{t.offer_stands(&t.moment(until.local))}</p> });
    let href = store.href(Page::Activity(
        sign_up.centre.clone(),
        sign_up.activity.clone(),
    ));
    view! {
        <li class="card sign-up">
            <p><strong>{sign_up.name.clone()}</strong>" · "<a href=href lang=t.tongue_of(sign_up.title.get(t))>{sign_up.title.get(t).to_owned()}</a></p>
            <p class="quiet"><time>{t.slot_seen(slot, store.today())}</time>" · "{sign_up.room_name.get(t).to_owned()}</p>
            <p><span class=format!("tag t-{class}")>{word}</span></p>
            {held}
            {act.refusal()}
            <div class="actions">{live(buttons)}</div>
        </li>
    }
}
