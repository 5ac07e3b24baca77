//! A question of the call bar and the rooms that answer it, as they change.

use std::sync::Arc;

use domain::{
    api::CentreView,
    booking::admission::Ask,
    text::question::Question,
    time::{LocalTime, Slot},
};
use leptos::prelude::*;

use crate::{
    api::Trouble,
    pages::booking::{
        answer::{Answer, answer_all, first_opening, room_names},
        ask::{Asker, verdict},
        draft::{ask_history, ask_occupancy},
    },
    prefs::lang,
    store::Store,
};

/// A question and its answers.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    /// What was understood; nothing while nothing is typed.
    pub(super) question: Memo<Option<Question>>,
    /// When it is for.
    pub(super) slot: Memo<Option<Slot>>,
    /// Why there is no answer.
    pub(super) trouble: Memo<Option<Trouble>>,
    /// Nothing until it is known what the rooms do then.
    pub(super) answers: Memo<Option<Vec<Answer>>>,
}

impl Asked {
    /// What stands in the field, about the minute in which it was typed.
    pub(super) fn new(
        centre: &Arc<CentreView>,
        asked: RwSignal<String>,
        typed_at: RwSignal<LocalTime>,
        now: Memo<LocalTime>,
    ) -> Self {
        let (t, store) = (lang(), Store::get());
        let of = centre.clone();
        let question = Memo::new(move |_| {
            let text = asked.get();
            let question = Question::parse(&text, typed_at.get().date(), &room_names(&of));
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
        let (trouble, lines) = ask_occupancy(centre, day, |_| false);
        let history = ask_history(centre);
        let of = centre.clone();
        let answers = Memo::new(move |_| {
            let (question, slot, lines) = (question.get()?, slot.get()?, lines.get()?);
            let history = history.get();
            let judge = |ask: &Ask| {
                let store = Store::get();
                let asker = Asker {
                    actor: store.actor(),
                    acts: store.acting().is_some(),
                };
                verdict(&of.centre, (&lines, &history), &asker, now.get(), ask)
            };
            Some(answer_all(&of, &question, slot, &judge))
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
        Self {
            question,
            slot,
            trouble,
            answers,
        }
    }
}
