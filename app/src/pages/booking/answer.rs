//! Answers of rooms to a question: which have what is asked for, free, from when, or why not.

use domain::{
    api::CentreView,
    booking::{admission::Ask, alternative::Remedy},
    centre::{
        hours::open_slots,
        room::{Needs, Room},
    },
    id::RoomId,
    language::{Lang, fold},
    text::question::Question,
    time::{Date, Slot},
};

use super::ask::Verdict;
use crate::{pages::calendar::model::bookable, prefs::lang};

/// A room as it answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub room: RoomId,
    pub name: String,
    /// Free, from when, or why not.
    pub said: String,
    /// What can be booked, and what its button says.
    pub offer: Option<(Slot, String)>,
    /// As it was asked for.
    pub fits: bool,
}

/// All rooms that a question is about: as asked for first, the smallest that is large enough before the others; then what can be had at
/// another time.
pub fn answer_all(
    centre: &CentreView,
    question: &Question,
    slot: Slot,
    judge: &dyn Fn(&Ask) -> Option<Verdict>,
) -> Vec<Answer> {
    let t = lang();
    if question.is_empty() {
        return Vec::new();
    }
    let mut answers = Vec::new();
    for room in fitting(centre, question) {
        let lacking = lacks(room, question, t);
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
            people: people_of(question, centre, room),
            purpose: None,
        };
        answers.extend(judge(&ask).map(|judged| answer(t, room, slot, &judged)));
    }
    answers.sort_by_key(|one: &Answer| (!one.fits, one.offer.is_none()));
    answers
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

/// All names of a centre's rooms, in every language.
pub fn room_names(centre: &CentreView) -> Vec<&str> {
    let rooms = bookable(&centre.centre);
    let names = rooms.flat_map(|room| room.short.iter().chain(&room.aliases).chain([&room.name]));
    names
        .flat_map(|name| [name.zh.as_str(), name.en.as_str()])
        .collect()
}

/// How many people a question is for; where nobody said so, as few as the room is for.
pub fn people_of(question: &Question, centre: &CentreView, room: &Room) -> u16 {
    match question.needs.people {
        0 => centre.centre.rules_of(room).fewest_people.max(1),
        people => people,
    }
}

/// The words of a question that are neither understood nor a part of the name of a room.
pub fn lost_words(centre: &CentreView, question: &Question) -> String {
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
pub fn first_opening(centre: &CentreView, day: Date) -> Option<i64> {
    let open = open_slots(&centre.centre.hours, None, day.whole());
    open.first().map(|slot| slot.start().minute_of_day())
}

/// What was understood, in words.
pub fn meaning(t: Lang, question: &Question, slot: Slot) -> String {
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
