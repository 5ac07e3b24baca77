//! What waits for the staff: letters to pass on, and explanations of no-shows.

use std::sync::Arc;

use domain::{
    api::{AbsenceSeen, CentreView, Desk, Excuse, JudgeAbsence, TellLetter, ToTell, UntellLetter},
    booking::Booking,
    id::CentreId,
    page::Page,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, live},
    prefs::lang,
    store::Store,
};

/// What people without a device must be told. A row stays where it is once it was told: the next one does not slide under a finger.
#[component]
pub fn ToTellList(centre: Arc<CentreView>, desk: Memo<Arc<Desk>>) -> impl IntoView {
    let t = lang();
    let id = centre.centre.id.clone();
    let shown = Memo::new(move |before: Option<&Vec<ToTell>>| {
        let mut all = before.cloned().unwrap_or_default();
        for one in desk.with(|desk| desk.to_tell.clone()) {
            if !all.iter().any(|known| known.letter.id == one.letter.id) {
                all.push(one);
            }
        }
        all
    });
    // Many are told the same of what was called off: it stands once above their names.
    let sentences = Memo::new(move |_| {
        let mut all: Vec<String> = Vec::new();
        for one in shown.get() {
            let words = one.letter.news.sentence(t);
            if !all.contains(&words) {
                all.push(words);
            }
        }
        all
    });
    let card = move |words: String| {
        let (id, of) = (id.clone(), words.clone());
        let rows = move || {
            let all = shown.get().into_iter();
            all.filter(|one| one.letter.news.sentence(t) == of)
                .collect::<Vec<_>>()
        };
        let row = move |one: ToTell| view! { <ToTellRow centre=id.clone() one desk/> };
        view! {
            <article class="card">
                <p>{words}</p>
                <ul class="plain"><For each=rows key=|one| one.letter.id.clone() children=row/></ul>
            </article>
        }
    };
    view! {
        <section class="to-tell" aria-labelledby="to-tell" class:gone=move || shown.with(Vec::is_empty)>
            <h2 id="to-tell">{t.to_tell()}</h2>
            <p class="quiet">{t.to_tell_about()}</p>
            <div class="cards">
                <For each=move || sentences.get() key=String::clone children=card/>
            </div>
        </section>
    }
}

#[component]
fn ToTellRow(centre: CentreId, one: ToTell, desk: Memo<Arc<Desk>>) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let act = Act::new();
    let path = StoredValue::new((centre, one.letter.id.clone()));
    let name = StoredValue::new(one.person.called().to_owned());
    let letter = one.letter.id.clone();
    let is_off = Memo::new(move |_| {
        desk.with(|desk| !desk.to_tell.iter().any(|one| one.letter.id == letter))
    });
    // Told here: an offer that ran out, or a letter that was read, is off the list as well.
    let told_here = RwSignal::new(false);
    let press = move |back: bool| {
        let (path, called) = (path.get_value(), name.get_value());
        act.run(async move {
            let said = match back {
                false => {
                    api::send::<TellLetter>(&path, &()).await?;
                    t.told_to(&called)
                }
                true => {
                    api::send::<UntellLetter>(&path, &()).await?;
                    t.told_back().to_owned()
                }
            };
            told_here.try_set(!back);
            Ok(Some(said))
        });
    };
    let record = store.record_href(&one.letter.centre, &one.person.id);
    let phone = match one.person.phone.clone() {
        Some(phone) => {
            view! { <a href=format!("tel:{phone}")><bdi>{phone.clone()}</bdi></a> }.into_any()
        }
        None => t.no_phone().into_any(),
    };
    let label = t.button_of(t.told(), one.person.called());
    let back = move || {
        is_off.get().then(|| match told_here.get() {
            true => view! { <button class="button quiet-button" aria-disabled=act.disabled() on:click=move |_| press(true)>{t.take_back()}</button> }.into_any(),
            false => view! { <span class="quiet">{t.told_no_more()}</span> }.into_any(),
        })
    };
    view! {
        <li>
            <p><a href=record><strong>{one.person.called().to_owned()}</strong></a>" · "{phone}</p>
            {act.refusal()}
            <div class="actions">
                <button
                    class="button"
                    aria-label=label
                    aria-disabled=move || (is_off.get() || act.pending()).to_string()
                    on:click=move |_| if !is_off.get_untracked() { press(false) }
                >{t.told()}</button>
                {live(back)}
            </div>
        </li>
    }
}

/// What people say of why nobody came. A card stays where it is once it was answered, and the answer can be another.
#[component]
pub fn ExplainedList(desk: Memo<Arc<Desk>>) -> impl IntoView {
    let t = lang();
    let shown = Memo::new(move |before: Option<&Vec<Booking>>| {
        let mut all = before.cloned().unwrap_or_default();
        for one in desk.with(|desk| desk.explained.clone()) {
            if !all.iter().any(|known| known.id == one.id) {
                all.push(one);
            }
        }
        all
    });
    let card = move |one: Booking| view! { <ExplainedCard first=one desk/> };
    view! {
        <section aria-labelledby="explained" class:gone=move || shown.with(Vec::is_empty)>
            <h2 id="explained">{t.explained_title()}</h2>
            <div class="cards"><For each=move || shown.get() key=|one| one.id.clone() children=card/></div>
        </section>
    }
}

#[component]
fn ExplainedCard(first: Booking, desk: Memo<Arc<Desk>>) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let act = Act::new();
    let path = StoredValue::new((first.centre.clone(), first.id.clone()));
    // As the person says now, and as it was answered here.
    let answered = RwSignal::new(None::<Booking>);
    let (id, known) = (first.id.clone(), first.clone());
    let waiting = Memo::new(move |_| {
        desk.with(|desk| desk.explained.iter().find(|one| one.id == id).cloned())
    });
    let now = Memo::new(move |before: Option<&Booking>| {
        let now = answered.get().or_else(|| waiting.get());
        now.unwrap_or_else(|| before.unwrap_or(&known).clone())
    });
    let elsewhere =
        Memo::new(move |_| waiting.with(Option::is_none) && answered.with(Option::is_none));
    let button = move |excused: bool, words: &'static str| {
        let press = move || {
            let (path, seen) = (path.get_value(), now.with_untracked(AbsenceSeen::of));
            act.run(async move {
                let judged = api::send::<JudgeAbsence>(&path, &Excuse { excused, seen }).await?;
                answered.try_set(Some(judged));
                Ok(Some(t.saved().to_owned()))
            });
        };
        let pressed = move || (now.with(|one| one.check_in.excused) == Some(excused)).to_string();
        let off = move || (elsewhere.get() || act.pending()).to_string();
        view! { <button class="button" aria-pressed=pressed aria-disabled=off on:click=move |_| if !elsewhere.get_untracked() { press() }>{words}</button> }
    };
    let record = store.record_href(&first.centre, &first.person);
    let when = t.slot_seen(first.slot(), store.today());
    let booking = store.href(Page::Booking(first.centre.clone(), first.id.clone()));
    let one = first;
    view! {
        <article class="card">
            <p><a href=record><strong>{one.beneficiary.clone()}</strong></a>" · "<a href=booking>{one.room_name.get(t).to_owned()}" · "{when}</a></p>
            <p class="quote">{move || now.with(|one| one.check_in.explanation.clone())}</p>
            <Show when=move || elsewhere.get()><p class="quiet">{t.handled()}</p></Show>
            {act.refusal()}
            <div class="actions">{button(true, t.excuse())}{button(false, t.count_it())}</div>
        </article>
    }
}
