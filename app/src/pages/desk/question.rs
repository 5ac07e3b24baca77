//! Call bar, right half: a question as people say it, and the rooms that answer it.

use std::sync::Arc;

use domain::{
    api::{Book, CentreView, NewBooking, UndoBooking},
    booking::{Booking, admission::Ask, alternative::Remedy},
    centre::{
        hours::open_slots,
        room::{Needs, Room},
    },
    id::{PersonId, RoomId},
    language::{Lang, fold},
    page::Page,
    text::question::{MOST_ASKED, Question},
    time::{Date, Slot},
};
use leptos::prelude::*;

use crate::{
    api,
    components::{act::Act, icon::Icon, live, notice::Skeleton},
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

/// How soon after a caller was chosen by Enter another Enter is none, in milliseconds.
const SETTLED: f64 = 600.0;

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
pub fn RoomQuestion(
    centre: Arc<CentreView>,
    asked: RwSignal<String>,
    /// When a caller was chosen last, in milliseconds.
    served: StoredValue<f64>,
) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let now = store.minute(&centre);
    // What is asked is about the minute in which it was typed: an answer does not move while it is read.
    let typed_at = RwSignal::new(now.get_untracked());
    let of = centre.clone();
    let question = Memo::new(move |_| {
        let text = asked.get();
        let rooms = || bookable(&of.centre);
        let names =
            rooms().flat_map(|room| room.short.iter().chain(&room.aliases).chain([&room.name]));
        let names: Vec<&str> = names
            .flat_map(|name| [name.zh.as_str(), name.en.as_str()])
            .collect();
        let question = Question::parse(&text, typed_at.get().date(), &names);
        (!text.trim().is_empty()).then_some(question)
    });
    let step = i64::from(centre.centre.rules.step);
    let of = centre.clone();
    let slot = Memo::new(move |_| {
        let opens = |day| first_opening(&of, day);
        question.with(|one| Some(one.as_ref()?.slot(typed_at.get(), step, opens)))
    });
    let day = Memo::new(move |_| match slot.get() {
        Some(slot) => slot.start().date(),
        None => now.get().date(),
    });
    let (trouble, lines) = ask_occupancy(&centre, day);
    let history = ask_history(&centre);
    let of = centre.clone();
    let answers = Memo::new(move |_| {
        let (question, slot, lines) = (question.get()?, slot.get()?, lines.get()?);
        if question.is_empty() {
            return Some(Vec::new());
        }
        let asker = Asker {
            actor: store.actor(),
            acts: store.acting().is_some(),
        };
        let history = history.get();
        let mut answers = Vec::new();
        for room in fitting(&of, &question) {
            let lacking = lacks(room, &question, t);
            if !lacking.is_empty() {
                answers.push(Answer {
                    room: room.id.clone(),
                    name: room.name.get(t).to_owned(),
                    said: t.room_lacks(&lacking),
                    offer: None,
                    fits: false,
                });
                continue;
            }
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
    // Heard as well as seen, once it settles.
    Effect::new(move |_| {
        let said = answers.with(|all| {
            let free: Vec<_> = all.as_ref()?.iter().filter(|one| one.fits).collect();
            let count = u16::try_from(free.len()).unwrap_or(u16::MAX);
            let first = free
                .first()
                .map(|one| one.name.as_str())
                .unwrap_or_default();
            Some(t.rooms_free(count, first))
        });
        if let Some(said) = said.filter(|_| {
            question.with_untracked(|one| one.as_ref().is_some_and(|one| !one.is_empty()))
        }) {
            store.say(said);
        }
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
    // Another caller asks anew.
    Effect::new(move |before: Option<Option<PersonId>>| {
        let now = store.acting().map(|behalf| behalf.person);
        nobody.set(false);
        if before
            .as_ref()
            .is_some_and(|before| before.is_some() && *before != now)
        {
            asked.set(String::new());
            done.set(None);
        }
        now
    });
    let of = centre.clone();
    let is_clear = move || {
        question.with(|one| {
            one.as_ref()
                .is_some_and(|one| lost_words(&of, one).is_empty())
        })
    };
    let is_clear = Memo::new(move |_| is_clear());
    // Enter before the answer is there waits for it. What was not understood, or cannot be had, is not booked by Enter: the row is.
    let entered = RwSignal::new(false);
    Effect::new(move |_| {
        if !entered.get() {
            return;
        }
        let Some(first) = answers.with(|all| all.as_ref().map(|all| all.first().cloned())) else {
            return;
        };
        entered.set(false);
        match first {
            Some(first) if first.fits && is_clear.get_untracked() => book.run(first),
            _ => prefs::focus(".answer .button"),
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // A key that is held down, or pressed twice for the caller, asks nothing.
        if js_sys::Date::now() - served.get_value() > SETTLED {
            entered.set(true);
        }
    };
    let typed = move |event| {
        typed_at.set(now.get_untracked());
        // Whoever types has let go of the key.
        served.set_value(0.0);
        asked.set(event_target_value(&event));
        entered.set(false);
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
        let words = (!question.is_empty()).then(|| meaning(t, &question, slot));
        Some(view! { <p class="meant">{words}" "{lost}</p> })
    };
    let rows = move || {
        question.with(Option::is_some).then(|| {
            if let Some(problem) = trouble.get() {
                return view! { <p class="refusal" role="alert">{problem.text}</p> }.into_any();
            }
            let is_asked =
                move || question.with(|one| one.as_ref().is_some_and(|one| !one.is_empty()));
            let none =
                move || is_asked() && answers.with(|all| all.as_ref().is_some_and(Vec::is_empty));
            let waits = move || answers.with(Option::is_none);
            let each = move || answers.get().unwrap_or_default();
            let row = move |one: Answer| view! { <AnswerRow one book/> };
            view! {
                <Show when=waits><Skeleton lines=3/></Show>
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
            <div class="results">
                <p role="alert" class="refusal" class:gone=move || !nobody.get()>{first_choose}</p>
                {act.refusal()}
                {live(result)}
                {live(meant)}
                {live(rows)}
            </div>
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
    let by = booking
        .check_in
        .by
        .map(|by| t.check_in_by(&by.local.clock()));
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

/// The words of a question that are neither understood nor a part of the name of a room.
fn lost_words(centre: &CentreView, question: &Question) -> String {
    let known =
        |word: &&str| is_telling(word) && bookable(&centre.centre).any(|room| room.is_called(word));
    let words = question.rest.split(' ').filter(|word| !word.is_empty());
    words
        .filter(|word| !known(word))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether a word can stand for a name that it is a part of: a sign or two letters stand in too many.
fn is_telling(word: &str) -> bool {
    let fewest = if word.is_ascii() { 4 } else { 2 };
    word.chars().count() >= fewest
}

/// The rooms that were named; where none was, those that have what is asked for. The smallest first; how many people they hold is
/// for the rules to say.
fn fitting<'a>(centre: &'a CentreView, question: &Question) -> Vec<&'a Room> {
    let is_whole = |room: &&Room| {
        let names = room.short.iter().chain(&room.aliases).chain([&room.name]);
        let mut names = names.flat_map(|name| [fold(&name.zh), fold(&name.en)]);
        names.any(|name| question.named.contains(&name))
    };
    let is_part = |room: &&Room| {
        let mut words = question.rest.split(' ').filter(|word| is_telling(word));
        words.any(|word| room.is_called(word))
    };
    let mut rooms: Vec<_> = bookable(&centre.centre).filter(is_whole).collect();
    if rooms.is_empty() {
        rooms = bookable(&centre.centre).filter(is_part).collect();
    }
    if rooms.is_empty() {
        let needs = Needs {
            people: 0,
            ..question.needs.clone()
        };
        rooms = bookable(&centre.centre)
            .filter(|room| needs.met_by(room))
            .collect();
    }
    rooms.sort_by_key(|room| room.people.most);
    rooms
}

/// What a room that was named does not have.
fn lacks(room: &Room, question: &Question, t: Lang) -> String {
    let things = question.needs.equipment.iter();
    let missing = things
        .filter(|one| !room.equipment.contains_key(one))
        .map(|one| one.word(t));
    missing.collect::<Vec<_>>().join(t.comma())
}

/// The minute of a day at which the house opens.
fn first_opening(centre: &CentreView, day: Date) -> Option<i64> {
    let open = open_slots(&centre.centre.hours, None, day.whole());
    open.first().map(|slot| slot.start().minute_of_day())
}

/// What was understood, in words.
fn meaning(t: Lang, question: &Question, slot: Slot) -> String {
    let needs = &question.needs;
    let mut words = vec![t.slot(slot)];
    words.push(match needs.people {
        0 => t.people_unsaid().to_owned(),
        people => t.people(people),
    });
    words.extend(needs.purpose.map(|purpose| purpose.word(t).to_owned()));
    words.extend(needs.equipment.iter().map(|one| one.word(t).to_owned()));
    words.join(" · ")
}

#[cfg(test)]
mod tests {
    use domain::centre::Centre;

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
            let names: Vec<&str> = centre
                .centre
                .rooms
                .iter()
                .map(|room| room.name.zh.as_str())
                .collect();
            let question = Question::parse(text, today, &names);
            let rooms = fitting(&centre, &question);
            let ids: Vec<_> = rooms.iter().map(|room| room.id.to_string()).collect();
            (ids, lost_words(&centre, &question))
        };
        let (all, lost) = ask("明晚六点半");
        assert!(all.len() > 3 && lost.is_empty());
        assert_eq!(ask("法律咨询室 明晚").0, ["legal"]);
        let (odd, lost) = ask("明晚 阿嚏");
        assert_eq!((odd.len(), lost.as_str()), (all.len(), "阿嚏"));
        // A named room says what it lacks; a sign that stands in many names means none of them.
        assert_eq!(ask("老年活动室 明晚七点 投影").0, ["seniors"]);
        assert_eq!(ask("明晚 大").0.len(), all.len());
        let question = Question::parse("明晚六点半 两小时 12人 投影", today, &[]);
        let slot = question.slot(today.at(600), 30, |day| first_opening(&centre, day));
        assert_eq!(
            meaning(Lang::Zh, &question, slot),
            "周五 11月27日 18:30–20:30 · 12 人 · 投影仪"
        );
    }
}
