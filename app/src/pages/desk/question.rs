//! Call bar, right half: a question as people say it, and the rooms that answer it.

use std::sync::Arc;

use domain::{
    api::{Book, CentreView, NewBooking, UndoBooking},
    booking::{Booking, admission::Ask, alternative::Remedy},
    centre::room::{Needs, Room},
    id::RoomId,
    language::Lang,
    page::Page,
    text::question::{MOST_ASKED, Question},
    time::Slot,
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, icon::Icon, live},
    pages::{
        booking::{
            ask::{Asker, Verdict, verdict},
            draft::{ask_history, ask_occupancy},
        },
        calendar::model::bookable,
    },
    prefs::{self, lang},
    store::Store,
};

/// A room as it answers.
#[derive(Clone, Debug, PartialEq)]
struct Answer {
    room: RoomId,
    name: String,
    /// Free, from when, or why not.
    said: String,
    /// What can be booked, and what its button says.
    offer: Option<(Slot, String)>,
    /// As it was asked for.
    fits: bool,
}

/// The field and its answers. `asked` is what stands in it.
#[component]
pub fn RoomQuestion(centre: Arc<CentreView>, asked: RwSignal<String>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let of = centre.clone();
    let now = Memo::new(move |_| {
        let now = store.now(&of);
        now.date().at(now.minute_of_day())
    });
    let question = Memo::new(move |_| {
        let is_asked = asked.with(|text| !text.trim().is_empty());
        is_asked.then(|| asked.with(|text| Question::parse(text, now.get().date())))
    });
    let step = i64::from(centre.centre.rules.step);
    let slot = Memo::new(move |_| question.with(|one| Some(one.as_ref()?.slot(now.get(), step))));
    let day = Memo::new(move |_| match slot.get() {
        Some(slot) => slot.start().date(),
        None => now.get().date(),
    });
    let (trouble, lines) = ask_occupancy(&centre, day);
    let history = ask_history(&centre);
    let of = centre.clone();
    let answers = Memo::new(move |_| {
        let (question, slot, lines) = (question.get()?, slot.get()?, lines.get()?);
        let asker = Asker {
            actor: store.actor(),
            acts: store.acting().is_some(),
        };
        let history = history.get();
        let mut answers = Vec::new();
        for room in fitting(&of, &question) {
            let ask = Ask {
                room: room.id.clone(),
                slot,
                people: people_of(&question, &of, room),
                purpose: None,
            };
            let judged = verdict(&of.centre, (&lines, &history), &asker, now.get(), &ask);
            answers.extend(judged.map(|judged| answer(t, room, slot, &judged)));
        }
        // As asked for first, the smallest that is large enough before the others; then what can be had at another time.
        answers.sort_by_key(|one: &Answer| (!one.fits, one.offer.is_none()));
        Some(answers)
    });
    let done = RwSignal::new(None::<Booking>);
    let nobody = RwSignal::new(false);
    let act = Act::new();
    let revision = centre.revision;
    let id = StoredValue::new(centre.centre.id.clone());
    let of = centre.clone();
    let book = Callback::new(move |one: Answer| {
        let (Some((slot, _)), Some(question)) = (one.offer, question.get_untracked()) else {
            return;
        };
        let behalf = store.acting();
        nobody.set(behalf.is_none());
        if behalf.is_none() {
            prefs::focus(".find-person input");
            return;
        }
        let Some(room) = of.centre.room(&one.room) else {
            return;
        };
        let new = NewBooking {
            room: one.room.clone(),
            start: slot.start(),
            end: slot.end(),
            people: people_of(&question, &of, room),
            purpose: question.needs.purpose,
            note: String::new(),
            behalf,
            revision,
        };
        act.run(async move {
            let booking = api::send::<Book>(&id.get_value(), &new).await?;
            let said = t.booked_for(&booking.beneficiary, booking.state.word(t));
            asked.try_set(String::new());
            done.try_set(Some(booking));
            request_animation_frame(|| prefs::focus(".call-done a"));
            Ok(Some(said))
        });
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let first = answers.with_untracked(|all| {
            let first = all.as_ref()?.first().cloned();
            first.filter(|one| one.fits)
        });
        if let Some(first) = first {
            book.run(first);
        }
    };
    // On the next page it is no news.
    let typed = move |event| {
        asked.set(event_target_value(&event));
        nobody.set(false);
        act.forget();
    };
    let of = centre.clone();
    let meant = move || {
        let (question, slot) = (question.get()?, slot.get()?);
        let lost = lost_words(&of, &question);
        let lost = (!lost.is_empty()).then(|| {
            view! { <span class="warn">{t.not_understood(&lost)}</span> }
        });
        let words = meaning(t, &question, slot);
        Some(view! { <p class="meant" role="status">{words}" "{lost}</p> })
    };
    let rows = move || {
        question.with(Option::is_some).then(|| {
            if let Some(problem) = trouble.get() {
                return view! { <p class="refusal" role="alert">{problem.text}</p> }.into_any();
            }
            let none = move || answers.with(|all| all.as_ref().is_some_and(Vec::is_empty));
            let each = move || answers.get().unwrap_or_default();
            let row = move |one: Answer| view! { <AnswerRow one book/> };
            view! {
                <Show when=none><p class="empty">{t.no_room_has_it()}</p></Show>
                <ul class="rows answers">
                    <For each=each key=|one| format!("{one:?}") children=row/>
                </ul>
            }
            .into_any()
        })
    };
    let result = move || {
        let booking = done.get()?;
        Some(view! { <Done booking done/> })
    };
    let first_choose = move || nobody.get().then(|| t.choose_caller_first());
    view! {
        <section class="ask-room" aria-labelledby="ask-room">
            <h2 id="ask-room" class="hidden">{t.ask_room()}</h2>
            <form role="search" on:submit=submit>
                <label class="search">
                    <Icon icon=Icon::Calendar/>
                    <span class="hidden">{t.ask_room()}</span>
                    <input name="question" autocomplete="off" maxlength=MOST_ASKED placeholder=t.ask_room_example()
                        prop:value=move || asked.get() on:input=typed/>
                </label>
            </form>
            <p role="alert" class="refusal" class:gone=move || !nobody.get()>{first_choose}</p>
            {act.refusal()}
            {live(result)}
            {live(meant)}
            {live(rows)}
        </section>
    }
}

#[component]
fn AnswerRow(one: Answer, book: Callback<Answer>) -> impl IntoView {
    let t = lang();
    let button = one.offer.as_ref().map(|(_, words)| {
        let label = t.button_of(words, &one.name);
        let (words, this) = (words.clone(), one.clone());
        let class = if one.fits { "button primary" } else { "button" };
        view! { <button class=class aria-label=label on:click=move |_| book.run(this.clone())>{words}</button> }
    });
    view! {
        <li class="answer" class:fits=one.fits>
            <span class="row-name">{one.name.clone()}</span>
            <span class="row-where">{one.said.clone()}</span>
            {button}
        </li>
    }
}

/// What was booked, a sentence to read out, and the way back.
#[component]
fn Done(booking: Booking, done: RwSignal<Option<Booking>>) -> impl IntoView {
    let (t, store) = (lang(), Store::get());
    let undo = Act::new();
    let path = StoredValue::new((booking.centre.clone(), booking.id.clone()));
    let press = move |_| {
        let path = path.get_value();
        undo.run(async move {
            let booking = api::send::<UndoBooking>(&path, &()).await?;
            done.try_set(None);
            request_animation_frame(|| prefs::focus(".ask-room input"));
            Ok(Some(booking.state.word(t).to_owned()))
        });
    };
    let page = Page::Booking(booking.centre.clone(), booking.id.clone());
    let when = t.slot(booking.slot());
    let by = booking.check_in.by.map(|by| t.check_in_by(&by.local.clock()));
    let until = booking.undo_until;
    let can_undo = move || store.clock.get() <= until.utc();
    view! {
        <article class="card call-done">
            <p><a href=store.href(page)><strong>{t.booked_for(&booking.beneficiary, booking.word(t))}</strong></a></p>
            <p class="quiet">{t.say_to(&booking.beneficiary)}</p>
            <p class="quote">{t.say_booked(&when, booking.room_name.get(t))}" "{by}</p>
            <div class="actions">
                <Show when=can_undo>
                    <button class="button" aria-disabled=undo.disabled() on:click=press>{t.undo_until(&until.local.clock())}</button>
                </Show>
            </div>
            {undo.refusal()}
        </article>
    }
}

fn answer(t: Lang, room: &Room, slot: Slot, judged: &Verdict) -> Answer {
    let name = room.name.get(t).to_owned();
    let holds = t.capacity(&t.people(room.people.most));
    let (said, offer, fits) = match &judged.decided {
        Ok(_) => {
            let against = judged.against.as_ref().map(|why| why.sentence(t));
            let said = [t.state_free(), &holds].join(" · ");
            let said = against.map_or(said.clone(), |why| format!("{said} · {}", t.though(&why)));
            (said, Some((slot, t.book().to_owned())), true)
        }
        Err(why) => {
            let same = judged.others.iter().find(|other| {
                other.room == room.id && matches!(other.remedy, Remedy::Shift | Remedy::Shorten)
            });
            let offer = same.and_then(|other| {
                let slot = Slot::new(other.start, other.end)?;
                Some((slot, other.remedy.label(t, &name, slot)))
            });
            (why.sentence(t), offer, false)
        }
    };
    Answer {
        room: room.id.clone(),
        name,
        said,
        offer,
        fits,
    }
}

/// How many people a question is for; where nobody said so, as few as the room is for.
fn people_of(question: &Question, centre: &CentreView, room: &Room) -> u16 {
    match question.needs.people {
        0 => centre.centre.rules_of(room).fewest_people.max(1),
        people => people,
    }
}

/// The words of a question that are neither understood nor the name of a room.
fn lost_words(centre: &CentreView, question: &Question) -> String {
    let known = |word: &&str| bookable(&centre.centre).any(|room| room.is_called(word));
    let lost: Vec<_> = question.rest.split(' ').filter(|word| !word.is_empty() && !known(word)).collect();
    lost.join(" ")
}

/// The rooms that have what is asked for, the smallest first; how many people they hold is for the rules to say.
fn fitting<'a>(centre: &'a CentreView, question: &Question) -> Vec<&'a Room> {
    let needs = Needs {
        people: 0,
        ..question.needs.clone()
    };
    let rooms = || bookable(&centre.centre).filter(|room| needs.met_by(room));
    let called = |room: &&Room| {
        let words = question.rest.split(' ').filter(|word| !word.is_empty());
        words.into_iter().any(|word| room.is_called(word))
    };
    let mut named: Vec<_> = rooms().filter(called).collect();
    if named.is_empty() {
        named = rooms().collect();
    }
    named.sort_by_key(|room| room.people.most);
    named
}

/// What was understood, in words.
fn meaning(t: Lang, question: &Question, slot: Slot) -> String {
    let needs = &question.needs;
    let mut words = vec![t.slot(slot)];
    if needs.people > 0 {
        words.push(t.people(needs.people));
    }
    words.extend(needs.purpose.map(|purpose| purpose.word(t).to_owned()));
    words.extend(needs.equipment.iter().map(|one| one.word(t).to_owned()));
    words.join(" · ")
}

#[cfg(test)]
mod tests {
    use domain::{centre::Centre, time::Date};

    use super::*;

    fn view() -> CentreView {
        let centre: Centre =
            toml::from_str(include_str!("../../../../server/centres/xizhan.toml")).unwrap();
        serde_json::from_value(serde_json::json!({
            "centre": centre, "revision": 1, "offset": 480, "next_offset": null
        }))
        .unwrap()
    }

    #[test]
    fn a_question_asks_the_rooms_that_have_what_it_names() {
        let today = Date::parse("2026-11-26").unwrap();
        let centre = view();
        let ask = |text: &str| {
            let question = Question::parse(text, today);
            let rooms = fitting(&centre, &question);
            let ids: Vec<_> = rooms.iter().map(|room| room.id.to_string()).collect();
            (ids, lost_words(&centre, &question))
        };
        let (all, lost) = ask("明晚六点半");
        assert!(all.len() > 3 && lost.is_empty());
        assert_eq!(ask("法律咨询室 明晚").0, ["legal"]);
        let (odd, lost) = ask("明晚 阿嚏");
        assert_eq!((odd.len(), lost.as_str()), (all.len(), "阿嚏"));
        let question = Question::parse("明晚六点半 两小时 12人 投影", today);
        let slot = question.slot(today.at(600), 30);
        assert_eq!(
            meaning(Lang::Zh, &question, slot),
            "周五 11月27日 18:30–20:30 · 12 人 · 投影仪"
        );
    }
}
