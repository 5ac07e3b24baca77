//! Room finder: what is wanted, as people say it, and the rooms that have it as rows, also those of other centres.

use std::sync::Arc;

use domain::{
    api::{CentreView, GetCentre, GetOccupancy, ListCentres},
    booking::admission::{Ask, History},
    centre::availability::availability,
    id::{CentreId, RoomId},
    language::Name,
    page::Page,
    text::question::{MOST_ASKED, Question},
    time::{DAY, LocalTime, Slot},
    view::View,
};
use leptos::prelude::*;

use super::{
    answer::{Answer, answer_all, first_opening, lost_words, room_names},
    ask::{Asker, verdict},
    draft::{Draft, Edit},
};
use crate::{
    api::{self, Trouble},
    components::{act::Act, icon::Icon, live, notice::Skeleton},
    pages::map::model::whereabouts,
    prefs::{focus, lang, searched},
    store::Store,
};

/// At how many other centres it is asked.
const MOST_CENTRES: usize = 5;

/// How many rooms of each are shown.
const MOST_ROOMS: usize = 2;

/// What the form asks the rooms.
fn question(draft: Draft) -> Memo<Question> {
    let store = Store::get();
    Memo::new(move |_| {
        let slot = draft.slot.get();
        let mut needs = store.view.with(|view| view.needs.clone());
        needs.people = draft.people.get();
        Question {
            date: Some(slot.start().date()),
            at: Some(slot.start().minute_of_day()),
            length: Some(slot.minutes()),
            needs,
            ..Question::default()
        }
    })
}

/// The rooms, the best first. A row that is pressed chooses its room.
#[component]
pub(super) fn RoomRows(draft: Draft, edit: Callback<Edit>) -> impl IntoView {
    let store = Store::get();
    let t = lang();
    let centre = draft.centre.get_value();
    let asked = question(draft);
    let now = store.minute(&centre);
    let of = centre.clone();
    let answers = Memo::new(move |_| {
        let (question, slot, lines) = (asked.get(), draft.slot.get(), draft.lines.get()?);
        let history = draft.history.get();
        let asker = Asker {
            actor: store.actor(),
            acts: store.acting().is_some(),
        };
        let judge = |ask: &Ask| verdict(&of.centre, (&lines, &history), &asker, now.get(), ask);
        Some(answer_all(&of, &question, slot, &judge))
    });
    let choose = Callback::new(move |(room, slot): (RoomId, Slot)| {
        edit.run(Box::new(move |view| {
            view.room = Some(room.clone());
            choose_time(view, slot);
        }));
        // From the rows to what is to be pressed next.
        request_animation_frame(|| focus(".form-end button"));
    });
    let rows = move || {
        let Some(all) = answers.get() else {
            return view! { <Skeleton lines=4/> }.into_any();
        };
        if all.is_empty() {
            return view! { <p class="empty">{t.no_room_has_it()}</p> }.into_any();
        }
        ().into_any()
    };
    let each = move || answers.get().unwrap_or_default();
    let of = centre.clone();
    let row = move |one: Answer| {
        let room = of.centre.room(&one.room);
        let place = room.map(|room| whereabouts(&of.centre, room, t));
        draw_row(one, place.unwrap_or_default(), choose)
    };
    view! {
        <div class="finder">
            {live(rows)}
            <ul class="rows answers">
                <For each=each key=|one| format!("{one:?}") children=row/>
            </ul>
            <Elsewhere draft asked/>
        </div>
    }
}

fn choose_time(view: &mut View, slot: Slot) {
    view.day = Some(slot.start().date());
    view.at = Some(slot.start().minute_of_day());
    view.length = Some(slot.minutes());
}

fn draw_row(one: Answer, place: String, choose: Callback<(RoomId, Slot)>) -> AnyView {
    let t = lang();
    let (room, fits) = (one.room, one.fits);
    let name = one.name.clone();
    let button = one.offer.map(|(slot, label)| {
        let label = match one.fits {
            true => t.choose_room().to_owned(),
            false => label,
        };
        let spoken = t.of_room(&name, &label);
        let press = move |_| choose.run((room.clone(), slot));
        view! { <button type="button" class="button" aria-label=spoken on:click=press>{label}</button> }
    });
    view! {
        <li class="answer" class:fits=fits>
            <span class="row-name">{one.name}</span>
            <span class="row-where">{place}</span>
            <span>{one.said}</span>
            {button}
        </li>
    }
    .into_any()
}

/// The line: what is understood of it goes into the fields below while it is typed.
#[component]
pub(super) fn QuestionLine(draft: Draft, edit: Callback<Edit>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let centre = draft.centre.get_value();
    let lost = RwSignal::new(String::new());
    let read = move |text: String| {
        let now: LocalTime = centre.local(store.clock.get_untracked());
        let question = Question::parse(&text, now.date(), &room_names(&centre));
        lost.set(lost_words(&centre, &question));
        let has_equipment = store
            .view
            .with_untracked(|view| !view.needs.equipment.is_empty());
        if question.is_empty() && !has_equipment {
            return;
        }
        let step = i64::from(centre.centre.rules.step);
        let slot = question.slot(now, step, |day| first_opening(&centre, day));
        let named = question.named.first().and_then(|name| {
            let mut rooms = centre.centre.rooms.iter();
            rooms.find(|room| room.is_called(name))
        });
        let named = named.map(|room| room.id.clone());
        edit.run(Box::new(move |view| {
            // What nobody said stays as it is.
            if question.date.is_some() || question.at.is_some() {
                view.day = Some(slot.start().date());
                view.at = Some(slot.start().minute_of_day());
            }
            if question.length.is_some() {
                view.length = question.length;
            }
            let needs = &question.needs;
            if needs.people > 0 {
                view.needs.people = needs.people;
            }
            // No field shows it: the line is all that says it.
            view.needs.equipment.clone_from(&needs.equipment);
            if needs.purpose.is_some() {
                view.needs.purpose = needs.purpose;
            }
            view.needs.step_free |= needs.step_free;
            if named.is_some() {
                view.room.clone_from(&named);
            }
        }));
    };
    let input = Callback::new(move |text: Option<String>| {
        if let Some(text) = text {
            read(text);
        }
    });
    let unread = move || {
        let words = lost.get();
        (!words.is_empty()).then(|| view! { <small>{t.not_understood(&words)}</small> })
    };
    view! {
        <label class="field question">
            <span>{t.ask_when()}</span>
            <span class="search">
                <Icon icon=Icon::Search/>
                <input type="search" name="question" maxlength=MOST_ASKED.to_string() autocomplete="off" placeholder=t.ask_room_example()
                    on:input=move |event| input.run(searched(&event)) on:compositionend=move |event| input.run(searched(&event))/>
            </span>
            {live(unread)}
        </label>
    }
}

/// A room of another centre.
#[derive(Clone, Debug)]
struct There {
    centre: CentreId,
    name: Name,
    answer: Answer,
}

/// The rooms of other centres that have what is asked for, once somebody wants to know.
#[component]
fn Elsewhere(draft: Draft, asked: Memo<Question>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let found = RwSignal::new(None::<Vec<There>>);
    let act = Act::new();
    // What was found was asked about another time.
    Effect::new(move |before: Option<Question>| {
        let now = asked.get();
        if before.is_some_and(|before| before != now) {
            found.set(None);
        }
        now
    });
    let press = move |_| {
        let (question, slot) = (asked.get_untracked(), draft.slot.get_untracked());
        let here = draft.centre.with_value(|centre| centre.centre.id.clone());
        let asker = untrack(|| Asker {
            actor: store.actor(),
            acts: store.acting().is_some(),
        });
        let clock = store.clock.get_untracked();
        act.run(async move {
            let all = look_elsewhere(&here, &question, slot, &asker, clock).await?;
            let said = t.rooms_elsewhere(all.len());
            found.try_set(Some(all));
            Ok(Some(said))
        });
    };
    let acts = move || store.acting().is_some();
    let each = move || found.get().unwrap_or_default();
    let row = move |one: There| {
        let slot = one.answer.offer.as_ref().map(|(slot, _)| *slot);
        let view = View {
            room: Some(one.answer.room.clone()),
            needs: asked.get_untracked().needs,
            ..View::at_centre(Some(one.centre))
        };
        let view = slot.map_or(view.clone(), |slot| {
            let mut view = view;
            choose_time(&mut view, slot);
            view
        });
        let href = view.address(&Page::Book);
        view! {
            <li class="answer fits">
                <span class="row-name">{one.answer.name}</span>
                <span class="row-where">{one.name.get(t).to_owned()}</span>
                <span>{one.answer.said}</span>
                <a class="button" href=href>{t.choose_room()}</a>
            </li>
        }
    };
    let label = move || match act.pending() {
        true => t.looking(),
        false => t.other_centres(),
    };
    // Staff act for whom their own house knows.
    view! {
        <Show when=move || !acts()>
            <ul class="rows answers">
                <For each=each key=|one| format!("{one:?}") children=row/>
            </ul>
            <Show when=move || found.with(|found| found.as_ref().is_some_and(Vec::is_empty))>
                <p class="empty">{t.rooms_elsewhere(0)}</p>
            </Show>
            <button type="button" class="button" aria-disabled=act.disabled() on:click=press>{label}</button>
            {act.refusal()}
        </Show>
    }
}

/// Asks the other centres one after the other. What counts in their quotas is not known here: their own form says so.
async fn look_elsewhere(
    here: &CentreId,
    question: &Question,
    slot: Slot,
    asker: &Asker,
    clock: i64,
) -> Result<Vec<There>, Trouble> {
    let centres = api::get::<ListCentres>(&()).await?;
    let others = centres.into_iter().filter(|one| one.id != *here);
    let mut found = Vec::new();
    for other in others.take(MOST_CENTRES) {
        let view: CentreView = api::get::<GetCentre>(&other.id).await?;
        let from = slot.start().date().plus(-1);
        let taken = api::get::<GetOccupancy>(&(other.id.clone(), from, 3)).await?;
        let lines = availability(
            &view.centre,
            &taken.taken,
            Slot::lasting(from.at(0), 3 * DAY),
        );
        let now = view.local(clock);
        let history = Arc::new(History::default());
        let judge = |ask: &Ask| verdict(&view.centre, (&lines, &history), asker, now, ask);
        let answers = answer_all(&view, question, slot, &judge);
        let fits = answers.into_iter().filter(|one| one.fits);
        found.extend(fits.take(MOST_ROOMS).map(|answer| There {
            centre: other.id.clone(),
            name: other.name.clone(),
            answer,
        }));
    }
    Ok(found)
}
