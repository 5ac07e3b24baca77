//! Steps of a case as buttons: what can be done from where it stands, and the form of the one that was chosen.

use std::{pin::Pin, sync::Arc};

use domain::{
    api::{CaseQuery, Colleague, FindCases, ListColleagues, NewStep},
    case::{
        Case, MOST_WORDS,
        due::Urgency,
        kind::CaseKind,
        step::{Side, Step, StepName, WaitsFor},
    },
    id::CentreId,
    language::Lang,
    time::LocalTime,
};
use leptos::prelude::*;

use super::picture::Pictures;
use crate::{
    api::{self, Trouble},
    components::{act::Act, live},
    prefs::lang,
    query::query,
    store::Store,
};

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Button {
    step: StepName,
    /// Of what is said: whoever asked sees it.
    shown: bool,
}

impl Button {
    const fn of(step: StepName) -> Self {
        Self { step, shown: true }
    }

    fn word(self, t: Lang) -> &'static str {
        match self.step {
            StepName::Take => t.step_take(),
            StepName::HandOver => t.step_hand_over(),
            StepName::Plan => t.step_plan(),
            StepName::Wait => t.step_wait(),
            StepName::Resume => t.step_resume(),
            StepName::Finish => t.step_finish(),
            StepName::Decline => t.step_decline(),
            StepName::Confirm => t.step_confirm(),
            StepName::Reopen => t.step_reopen(),
            StepName::Withdraw => t.step_withdraw(),
            StepName::Say if self.shown => t.step_say(),
            StepName::Call => t.step_call(),
            StepName::Visit => t.step_visit(),
            StepName::Name => t.step_name(),
            StepName::SetUrgency => t.step_set_urgency(),
            StepName::SetKind => t.step_set_kind(),
            StepName::Join => t.step_join(),
            // The others have no button.
            StepName::Say
            | StepName::Received
            | StepName::Start
            | StepName::Follow
            | StepName::Unfollow => t.step_note(),
        }
    }

    /// What the words are for.
    fn words(self, t: Lang) -> &'static str {
        match self.step {
            StepName::Finish => t.step_words_done(),
            StepName::Wait | StepName::Decline => t.step_words_why(),
            StepName::Reopen => t.step_words_missing(),
            StepName::Name => t.step_words_title(),
            StepName::Say if self.shown => t.step_words_seen(),
            _ => t.step_words(),
        }
    }

    /// It is done at once, without anything to be typed.
    fn is_plain(self) -> bool {
        matches!(
            self.step,
            StepName::Take | StepName::Resume | StepName::Confirm
        )
    }

    fn can(self, case: &Case, side: Side) -> bool {
        let public = case.row.kind.terms().public;
        let fits = match self.step {
            StepName::Join => public,
            // Who has it already need not take it.
            StepName::Take => case.row.lead.is_none(),
            _ => true,
        };
        fits && self.step.lead_from(case.row.state, side).is_some()
    }
}

/// What whoever asked may do.
pub const OF_ASKER: &[Button] = &[
    Button::of(StepName::Confirm),
    Button::of(StepName::Reopen),
    Button::of(StepName::Say),
    Button::of(StepName::Withdraw),
];

/// What the house does most.
pub const OF_HOUSE: &[Button] = &[
    Button::of(StepName::Take),
    Button::of(StepName::Finish),
    Button::of(StepName::Resume),
    Button::of(StepName::Wait),
    Button::of(StepName::Plan),
    Button::of(StepName::Say),
];

/// What the house does more rarely.
pub const MORE_OF_HOUSE: &[Button] = &[
    Button {
        step: StepName::Say,
        shown: false,
    },
    Button::of(StepName::Call),
    Button::of(StepName::Visit),
    Button::of(StepName::HandOver),
    Button::of(StepName::Name),
    Button::of(StepName::Join),
    Button::of(StepName::SetUrgency),
    Button::of(StepName::SetKind),
    Button::of(StepName::Decline),
    Button::of(StepName::Reopen),
];

/// Sends a step.
pub type Send = Callback<NewStep, Pin<Box<dyn Future<Output = Result<(), Trouble>>>>>;

/// What is typed for a step.
#[derive(Clone, Copy)]
struct Typed {
    words: RwSignal<String>,
    /// A time, a number, or the code of a choice.
    choice: RwSignal<String>,
    pictures: Option<Pictures>,
}

/// The buttons for the steps that a case allows, and the form of the one that was pressed.
pub fn steps(
    case: Memo<Arc<Case>>,
    side: Side,
    (first, more): (&'static [Button], &'static [Button]),
    (send, pictures): (Send, bool),
) -> AnyView {
    let t = lang();
    let act = Act::new();
    let chosen = RwSignal::new(None::<Button>);
    let drafts = StoredValue::new(Vec::<(Button, String)>::new());
    let centre = case.with_untracked(|case| case.row.centre.clone());
    let of = Signal::stored(Some(centre.clone()));
    let typed = Typed {
        words: RwSignal::new(String::new()),
        choice: RwSignal::new(String::new()),
        pictures: pictures.then(|| Pictures::new(of)),
    };
    let press = move |button: Button| {
        if button.is_plain() {
            let step = match button.step {
                StepName::Take => Step::Take,
                StepName::Resume => Step::Resume,
                _ => Step::Confirm,
            };
            let new = plain(case, step, String::new());
            act.run(async move {
                send.run(new).await?;
                Ok(Some(lang().step_noted().to_owned()))
            });
            return;
        }
        typed.choice.set(String::new());
        act.forget();
        // What is typed for one step is not said by another.
        if let Some(before) = chosen.get_untracked() {
            let words = typed.words.get_untracked();
            drafts.update_value(|all| {
                all.retain(|(of, _)| *of != before);
                all.push((before, words));
            });
        }
        let found = drafts.with_value(|all| {
            let found = all.iter().find(|(of, _)| *of == button);
            found.map(|(_, words)| words.clone())
        });
        typed.words.set(found.unwrap_or_default());
        chosen.update(|chosen| *chosen = (*chosen != Some(button)).then_some(button));
    };
    let row = move |buttons: &'static [Button]| {
        let allowed = Memo::new(move |_| {
            let can = |button: &Button| case.with(|case| button.can(case, side));
            buttons.iter().copied().filter(can).collect::<Vec<_>>()
        });
        view! {
            <div class="actions">
                <For each=move || allowed.get() key=|button| format!("{button:?}") let:button>
                    <button class="button" aria-expanded=move || (!button.is_plain()).then(|| (chosen.get() == Some(button)).to_string())
                        aria-disabled=act.disabled() on:click=move |_| press(button)>{button.word(t)}</button>
                </For>
            </div>
        }
    };
    let form = move || {
        let button = chosen.get()?;
        // What was chosen may not be possible any more.
        let can = Memo::new(move |_| case.with(|case| button.can(case, side)));
        can.get()
            .then(|| step_form(case, (button, typed), (send, act), chosen))
    };
    let rare = (!more.is_empty()).then(|| {
        view! { <details class="manage"><summary>{t.step_more()}</summary>{row(more)}</details> }
    });
    view! {
        <div class="case-steps">
            {row(first)}
            {rare}
            {live(form)}
            {act.refusal()}
        </div>
    }
    .into_any()
}

fn plain(case: Memo<Arc<Case>>, step: Step, words: String) -> NewStep {
    // What is only said is right whatever happened meanwhile.
    let is_said = matches!(step, Step::Say { .. } | Step::Call | Step::Visit);
    NewStep {
        step,
        words,
        pictures: Vec::new(),
        revision: (!is_said).then(|| case.with_untracked(|case| case.revision)),
    }
}

fn takes_pictures(button: Button) -> bool {
    matches!(
        button.step,
        StepName::Finish | StepName::Say | StepName::Visit
    )
}

fn step_form(
    case: Memo<Arc<Case>>,
    (button, typed): (Button, Typed),
    (send, act): (Send, Act),
    chosen: RwSignal<Option<Button>>,
) -> AnyView {
    let t = lang();
    let centre = case.with_untracked(|case| case.row.centre.clone());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let centre = case.with_untracked(|case| case.row.centre.clone());
        let (choice, words) = (typed.choice.get_untracked(), typed.words.get_untracked());
        let sent = typed.pictures.filter(|_| takes_pictures(button));
        let pictures = sent.map_or_else(|| Some(Vec::new()), Pictures::ready);
        act.run(async move {
            let t = lang();
            let pictures = pictures.ok_or_else(|| Trouble::at("pictures", t.picture_failed()))?;
            let step = match button.step {
                // Another case is named by its number, and meant by its id.
                StepName::Join => Step::Join {
                    into: find_number(&centre, &choice).await?,
                },
                _ => read_step(button, &choice)
                    .ok_or_else(|| Trouble::at("choice", t.fault_choice()))?,
            };
            let new = NewStep {
                pictures,
                ..plain(case, step, words)
            };
            send.run(new).await?;
            typed.words.try_set(String::new());
            if let Some(pictures) = sent {
                pictures.clear();
            }
            chosen.try_set(None);
            Ok(Some(t.step_noted().to_owned()))
        });
    };
    let needs = button.step.needs_words();
    let pictures = typed
        .pictures
        .filter(|_| takes_pictures(button))
        .map(Pictures::draw);
    let sure =
        (button.step == StepName::Withdraw).then(|| view! { <p>{t.step_withdraw_sure()}</p> });
    view! {
        <form class="form card" on:submit=submit>
            <h2>{button.word(t)}</h2>
            {sure}
            {choice_field(button, typed, &centre)}
            <label class="field">
                <span>{button.words(t)}</span>
                <textarea name="step-words" data-field="words" rows="2" maxlength=MOST_WORDS.to_string() required=needs
                    prop:value=move || typed.words.get() on:input=move |event| typed.words.set(event_target_value(&event))></textarea>
            </label>
            {pictures}
            <div class="actions">
                <button type="button" class="button" on:click=move |_| chosen.set(None)>{t.back()}</button>
                <button class="button primary" aria-disabled=act.disabled()>{button.word(t)}</button>
            </div>
        </form>
    }
    .into_any()
}

async fn find_number(centre: &CentreId, number: &str) -> Result<domain::id::CaseId, Trouble> {
    let t = lang();
    let number = number.trim().parse().ok();
    let query = CaseQuery {
        number: Some(number.ok_or_else(|| Trouble::at("choice", t.queue_not_found()))?),
        ..CaseQuery::default()
    };
    let found = api::send::<FindCases>(centre, &query).await?;
    let first = found.cases.into_iter().next();
    first
        .map(|row| row.id)
        .ok_or_else(|| Trouble::at("choice", t.queue_not_found()))
}

/// The step that was meant; none where its choice is missing.
fn read_step(button: Button, choice: &str) -> Option<Step> {
    Some(match button.step {
        StepName::HandOver if !choice.is_empty() => Step::HandOver { to: choice.into() },
        StepName::Plan => Step::Plan {
            at: LocalTime::parse(choice)?,
        },
        StepName::Wait => Step::Wait {
            on: WaitsFor::from_code(choice).unwrap_or(WaitsFor::Asker),
        },
        StepName::SetUrgency => Step::SetUrgency {
            urgency: Urgency::from_code(choice)?,
        },
        StepName::SetKind => Step::SetKind {
            kind: CaseKind::from_code(choice)?,
        },
        StepName::Finish => Step::Finish,
        StepName::Decline => Step::Decline,
        StepName::Reopen => Step::Reopen,
        StepName::Withdraw => Step::Withdraw,
        StepName::Call => Step::Call,
        StepName::Visit => Step::Visit,
        StepName::Name => Step::Name,
        StepName::Say => Step::Say {
            shown: button.shown,
        },
        _ => return None,
    })
}

fn choice_field(button: Button, typed: Typed, centre: &CentreId) -> AnyView {
    let t = lang();
    let input = move |event: leptos::ev::Event| typed.choice.set(event_target_value(&event));
    let select = move |label: &'static str, options: Vec<(String, String)>| {
        let options = options
            .into_iter()
            .map(|(code, word)| view! { <option value=code>{word}</option> });
        view! {
            <label class="field">
                <span>{label}</span>
                <select name="step-choice" data-field="choice" prop:value=move || typed.choice.get() on:change=input>
                    {options.collect_view()}
                </select>
            </label>
        }
        .into_any()
    };
    let none = (String::new(), "—".to_owned());
    match button.step {
        StepName::Wait => {
            let all = WaitsFor::ALL.map(|one| (one.code().to_owned(), one.word(t, false).to_owned()));
            select(t.step_wait(), all.to_vec())
        }
        StepName::SetUrgency => {
            let all = Urgency::ALL.map(|one| (one.code().to_owned(), one.word(t).to_owned()));
            select(t.urgency(), [vec![none], all.to_vec()].concat())
        }
        StepName::SetKind => {
            let all = CaseKind::ALL.map(|one| (one.code().to_owned(), one.word(t).to_owned()));
            select(t.case_kind(), [vec![none], all.to_vec()].concat())
        }
        StepName::HandOver => {
            let centre = StoredValue::new(centre.clone());
            let all = query(
                move || Some(centre.get_value()),
                || 0,
                None,
                |id| async move { api::get::<ListColleagues>(&id).await },
            );
            let me = Store::get().actor().person;
            let field = move || {
                let all: Arc<Vec<Colleague>> = all.get().and_then(Result::ok).unwrap_or_default();
                let others = all.iter().filter(|one| Some(&one.person) != me.as_ref());
                let others = others.map(|one| (one.person.to_string(), one.name.clone()));
                let mut options = vec![(String::new(), "—".to_owned())];
                options.extend(others);
                select(t.step_hand_over_to(), options)
            };
            view! { {live(field)} }.into_any()
        }
        StepName::Plan => view! {
            <label class="field">
                <span>{t.step_plan_at()}</span>
                <input type="datetime-local" name="step-choice" data-field="choice" required prop:value=move || typed.choice.get() on:input=input/>
            </label>
        }
        .into_any(),
        StepName::Join => view! {
            <label class="field">
                <span>{t.step_join_number()}</span>
                <input inputmode="numeric" name="step-choice" data-field="choice" required prop:value=move || typed.choice.get() on:input=input/>
            </label>
        }
        .into_any(),
        _ => ().into_any(),
    }
}
