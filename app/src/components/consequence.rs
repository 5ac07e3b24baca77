//! Consequences sheet: the bookings that a planned change hits, with a remedy for each to choose.

use std::collections::BTreeMap;

use domain::{
    api::{CentreView, HitCard},
    booking::BookingState,
    centre::consequence::{HitDecision, Place, Remedy},
    id::BookingId,
    time::Slot,
};
use leptos::prelude::*;

use crate::{components::live, prefs::lang, store::Store};

/// What staff choose for a booking. The reason of a cancellation is that of the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    Keep,
    Move(Place),
    Cancel,
}

impl Choice {
    /// What is proposed: another place where there is one; what goes on is left to those who stand beside it. `stays` where staff
    /// change bookings themselves: what cannot go where they sent it stays, until they say where else.
    fn proposed(hit: &HitCard, stays: bool) -> Self {
        match hit.places.first() {
            _ if stays => Self::Keep,
            Some(place) => Self::Move(place.clone()),
            None if hit.begun => Self::Keep,
            None => Self::Cancel,
        }
    }

    fn code(&self) -> String {
        match self {
            Self::Keep => "keep".to_owned(),
            Self::Cancel => "cancel".to_owned(),
            Self::Move(place) => format!("{} {}", place.room, place.start.minutes()),
        }
    }
}

/// The hits of a planned change, and what staff chose themselves for some of them.
#[derive(Clone, Copy)]
pub struct Sheet {
    hits: RwSignal<Vec<HitCard>>,
    chosen: RwSignal<BTreeMap<BookingId, Choice>>,
    /// Bookings themselves are changed: what cannot go where it was sent can stay.
    stays: bool,
}

impl Sheet {
    /// Of a change of the house. Nothing was asked yet.
    pub fn new() -> Self {
        Self {
            hits: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(BTreeMap::new()),
            stays: false,
        }
    }

    /// Of a change of bookings.
    pub fn of_bookings() -> Self {
        Self {
            stays: true,
            ..Self::new()
        }
    }

    /// Takes in what the server names. What was chosen by hand stays, also where others booked or cancelled meanwhile; what was only
    /// proposed is proposed anew. The page may be gone.
    pub fn take(self, hits: Vec<HitCard>) {
        self.chosen.try_update(|chosen| {
            chosen.retain(|id, choice| {
                let hit = hits.iter().find(|hit| hit.booking.id == *id);
                // A place that is gone meanwhile cannot be chosen any more.
                hit.is_some_and(|hit| match choice {
                    Choice::Move(place) => hit.places.contains(place),
                    Choice::Keep | Choice::Cancel => true,
                })
            });
        });
        self.hits.try_set(hits);
    }

    fn choice(self, hit: &HitCard) -> Choice {
        let chosen = self.chosen.with(|all| all.get(&hit.booking.id).cloned());
        chosen.unwrap_or_else(|| Choice::proposed(hit, self.stays))
    }

    fn choices(self) -> Vec<(HitCard, Choice)> {
        let hits = self.hits.get().into_iter();
        hits.map(|hit| {
            let choice = self.choice(&hit);
            (hit, choice)
        })
        .collect()
    }

    /// What is decided, as it is sent.
    pub fn decisions(self, reason: &str) -> Vec<HitDecision> {
        let decided = untrack(|| self.choices()).into_iter();
        let decided = decided.map(|(hit, choice)| HitDecision {
            id: hit.booking.id,
            what: match choice {
                Choice::Keep => Remedy::Keep,
                Choice::Cancel => Remedy::Cancel {
                    reason: reason.to_owned(),
                },
                Choice::Move(Place { room, start }) => Remedy::Move { room, start },
            },
        });
        decided.collect()
    }

    /// Whether a booking is to be cancelled: its people read why.
    pub fn cancels(self) -> bool {
        self.choices()
            .iter()
            .any(|(_, choice)| *choice == Choice::Cancel)
    }

    /// Why bookings are cancelled, as their people read it; asked where one is.
    pub fn reason(self, reason: RwSignal<String>) -> AnyView {
        let t = lang();
        let asked = Memo::new(move |_| self.cancels());
        let field = move || {
            asked.get().then(|| view! {
                <label class="field">
                    <span>{t.settings_reason_told()}</span>
                    <input name="reason" maxlength="200" required prop:value=move || reason.get() on:input=move |event| reason.set(event_target_value(&event))/>
                </label>
            })
        };
        view! { {live(field)} }.into_any()
    }

    /// What a button does that carries all of this out, with how many are moved and cancelled.
    pub fn label(self, words: &str) -> String {
        self.label_with(words, None)
    }

    /// As [`Self::label`], with what else it does.
    pub fn label_with(self, words: &str, also: Option<String>) -> String {
        let t = lang();
        let all = self.choices();
        let count = |wanted: fn(&Choice) -> bool| all.iter().filter(|(_, one)| wanted(one)).count();
        let (moved, cancelled) = (
            count(|one| matches!(one, Choice::Move(_))),
            count(|one| *one == Choice::Cancel),
        );
        let mut more = Vec::new();
        if moved > 0 {
            more.push(t.hits_moved(moved));
        }
        if cancelled > 0 {
            more.push(t.hits_cancelled(cancelled));
        }
        more.extend(also);
        match more.is_empty() {
            true => words.to_owned(),
            false => t.act_with(words, &more.join(t.comma())),
        }
    }

    /// How many bookings are hit.
    pub fn count(self) -> usize {
        self.hits.with(Vec::len)
    }

    /// The rows, and a sentence that counts them.
    pub fn draw(self, centre: std::sync::Arc<CentreView>) -> AnyView {
        let t = lang();
        let sentence = move || {
            let all = self.choices();
            if all.is_empty() {
                return t.hits_none().to_owned();
            }
            let of =
                |wanted: fn(&Choice) -> bool| all.iter().filter(|(_, one)| wanted(one)).count();
            let moved = of(|one| matches!(one, Choice::Move(_)));
            let cancelled = of(|one| *one == Choice::Cancel);
            let kept = all.len() - moved - cancelled;
            let told: usize = all
                .iter()
                .filter(|(_, choice)| *choice != Choice::Keep)
                .map(|(hit, _)| usize::from(hit.to_tell))
                .sum();
            let mut words = Vec::new();
            for (count, word) in [
                (moved, t.hits_moved(moved)),
                (cancelled, t.hits_cancelled(cancelled)),
                (kept, t.hits_kept(kept)),
            ] {
                if count > 0 {
                    words.push(word);
                }
            }
            let words = words.join(t.comma());
            let sent = all.iter().any(|(hit, _)| hit.sent.is_some());
            let mut words = match sent {
                true => t.strays(all.len(), &words),
                false => t.hits(all.len(), &words),
            };
            if told > 0 {
                words = format!("{words}{}{}", t.full_stop(), t.hits_told(told));
            }
            words
        };
        let ids = move || {
            // A row whose remedies are others is another row.
            let key = |hit: &HitCard| (hit.booking.id.clone(), format!("{:?}", hit.places));
            self.hits
                .with(|hits| hits.iter().map(key).collect::<Vec<_>>())
        };
        view! {
            <p class="verdict" role="status" tabindex="-1">{sentence}</p>
            <ul class="plain hits">
                <For each=ids key=|(id, shown)| format!("{id} {shown}") children=move |(id, _)| view! { <Row id sheet=self centre=centre.clone()/> }/>
            </ul>
        }
        .into_any()
    }
}

/// A booking that is hit: when, where, whose, why, and what becomes of it.
#[component]
fn Row(id: BookingId, sheet: Sheet, centre: std::sync::Arc<CentreView>) -> impl IntoView {
    let t = lang();
    let store = Store::get();
    let Some(hit) = sheet
        .hits
        .with_untracked(|hits| hits.iter().find(|hit| hit.booking.id == id).cloned())
    else {
        return ().into_any();
    };
    let booking = &hit.booking;
    let slot = booking.slot();
    let what = booking.title.as_ref().map(|title| title.get(t).to_owned());
    let called = what.clone().unwrap_or_else(|| booking.beneficiary.clone());
    let who = (what.is_none()).then(|| {
        let record = store.record_href(&booking.centre, &booking.person);
        view! { <a href=record>{booking.beneficiary.clone()}</a> }
    });
    let phone = booking.phone.clone().map(|phone| {
        view! { " · "<a href=format!("tel:{phone}")><bdi>{phone.clone()}</bdi></a> }
    });
    let mut more = vec![t.people(booking.people)];
    if hit.signed_up > 0 {
        more = vec![t.hit_signed_up(hit.signed_up)];
    }
    if booking.state == BookingState::Requested {
        more.push(booking.state.word(t).to_owned());
    }
    if hit.begun {
        more.push(t.hit_begun().to_owned());
    }
    if hit.to_tell > 0 {
        more.push(t.hit_to_tell(hit.to_tell));
    }
    let room = |place: &Place| {
        let room = centre.centre.room(&place.room);
        room.map(|room| room.name.get(t).to_owned())
            .unwrap_or_default()
    };
    let why = match &hit.sent {
        Some(place) => {
            let minutes = slot.minutes();
            let there = format!(
                "{} {}",
                t.slot(Slot::lasting(place.start, minutes)),
                room(place)
            );
            t.hit_sent(&there, &hit.why.words(t))
        }
        None => hit.why.words(t),
    };
    let of = StoredValue::new(id);
    let card = hit.clone();
    let chosen = Memo::new(move |_| sheet.choice(&card).code());
    let mut choices: Vec<(Choice, String)> = hit
        .places
        .iter()
        .map(|place| {
            let there = Slot::lasting(place.start, slot.minutes());
            let words = match (place.room == booking.room, place.start == slot.start()) {
                (false, true) if hit.sent.is_none() => t.hit_to_room(&room(place)),
                (true, _) => t.hit_to_time(&t.span(there)),
                (false, _) => t.hit_to(&room(place), &t.span(there)),
            };
            (Choice::Move(place.clone()), words)
        })
        .collect();
    choices.push((Choice::Cancel, t.hit_cancel().to_owned()));
    choices.push((Choice::Keep, t.hit_keep().to_owned()));
    let options = choices
        .iter()
        .map(|(choice, words)| {
            let (code, own) = (choice.code(), choice.code());
            view! { <option value=code prop:selected=move || chosen.get() == own>{words.clone()}</option> }
        })
        .collect_view();
    let choose = move |event| {
        let code = event_target_value(&event);
        let choice = choices.iter().find(|(choice, _)| choice.code() == code);
        if let Some((choice, _)) = choice {
            sheet.chosen.update(|all| {
                all.insert(of.get_value(), choice.clone());
            });
        }
    };
    let label = t.hit_choice_of(&called, &t.moment(slot.start()));
    view! {
        <li class="hit">
            <div>
                <p><strong><time>{t.slot(slot)}</time></strong>" · "{booking.room_name.get(t).to_owned()}</p>
                <p>{what}{who}{phone}" · "{more.join(" · ")}</p>
                <p class="quiet">{why}</p>
            </div>
            <select aria-label=label on:change=choose>{options}</select>
        </li>
    }
    .into_any()
}
