//! Publishing form, what is typed: a signal for each field.

use domain::{
    activity::{Audience, Per},
    api::{CentreView, NewActivity},
    centre::room::Purpose,
    id::{ClubId, RoomId},
    time::{Date, LocalTime},
};
use leptos::prelude::*;

use crate::{
    pages::{activity::other::other_words, calendar::model::bookable, map::model::bounds},
    prefs::lang,
};

/// What is typed; each field by itself, so that nothing is drawn anew while one types.
#[derive(Clone, Copy)]
pub(super) struct Typed {
    pub(super) club: RwSignal<Option<ClubId>>,
    pub(super) title: RwSignal<String>,
    pub(super) about: RwSignal<String>,
    /// Both in the other language.
    pub(super) other_title: RwSignal<String>,
    pub(super) other_about: RwSignal<String>,
    pub(super) kind: RwSignal<Purpose>,
    pub(super) room: RwSignal<RoomId>,
    pub(super) day: RwSignal<Date>,
    pub(super) from: RwSignal<i64>,
    pub(super) until: RwSignal<i64>,
    pub(super) places: RwSignal<u16>,
    pub(super) from_age: RwSignal<Option<u8>>,
    pub(super) to_age: RwSignal<Option<u8>>,
    pub(super) fee: RwSignal<u32>,
    pub(super) per: RwSignal<Per>,
    pub(super) pick_up: RwSignal<bool>,
    /// Somebody said how many places: else they are as many as the room takes in comfort.
    pub(super) counted: StoredValue<bool>,
}

impl Typed {
    pub(super) fn new(centre: &CentreView, now: LocalTime) -> Self {
        let room = bookable(&centre.centre).next();
        let day = now.date().plus(1);
        let (open, close) = bounds(&centre.centre, day);
        // Tomorrow afternoon, where the house is open then.
        let at = (14 * 60).clamp(open, (close - 90).max(open));
        Self {
            club: RwSignal::new(None),
            title: RwSignal::new(String::new()),
            about: RwSignal::new(String::new()),
            other_title: RwSignal::new(String::new()),
            other_about: RwSignal::new(String::new()),
            kind: RwSignal::new(Purpose::Class),
            room: RwSignal::new(room.map(|room| room.id.clone()).unwrap_or_default()),
            day: RwSignal::new(day),
            from: RwSignal::new(at),
            until: RwSignal::new((at + 90).min(close)),
            places: RwSignal::new(room.map_or(10, |room| room.people.comfortable)),
            from_age: RwSignal::new(None),
            to_age: RwSignal::new(None),
            fee: RwSignal::new(0),
            per: RwSignal::new(Per::Session),
            pick_up: RwSignal::new(false),
            counted: StoredValue::new(false),
        }
    }

    pub(super) fn set(self, new: NewActivity) {
        self.club.set(new.club);
        let other = new.other.unwrap_or_default();
        let (mut own, mut other) = ((new.title, new.about), (other.title, other.about));
        // The language of the page was changed meanwhile.
        if new.lang.is_some_and(|typed_in| typed_in != lang()) {
            std::mem::swap(&mut own, &mut other);
        }
        self.title.set(own.0);
        self.about.set(own.1);
        self.other_title.set(other.0);
        self.other_about.set(other.1);
        self.kind.set(new.kind);
        self.room.set(new.room);
        self.day.set(new.start.date());
        self.from.set(new.start.minute_of_day());
        self.until.set(new.end.minute_of_day());
        self.places.set(new.places);
        self.from_age.set(new.audience.from_age);
        self.to_age.set(new.audience.to_age);
        self.fee.set(new.fee);
        self.per.set(new.per);
        self.pick_up.set(new.pick_up);
    }

    pub(super) fn get(self) -> NewActivity {
        NewActivity {
            club: self.club.get(),
            title: self.title.get(),
            about: self.about.get(),
            lang: Some(lang()),
            other: other_words(&self.other_title.get(), &self.other_about.get()),
            kind: self.kind.get(),
            room: self.room.get(),
            start: self.day.get().at(self.from.get()),
            end: self.day.get().at(self.until.get()),
            rule: None,
            exceptions: Vec::new(),
            audience: Audience {
                from_age: self.from_age.get(),
                to_age: self.to_age.get(),
            },
            fee: self.fee.get(),
            places: self.places.get(),
            per: self.per.get(),
            pick_up: self.pick_up.get(),
        }
    }
}
