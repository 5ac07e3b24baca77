//! A centre of the demo while its weeks are made up: bookings, requests, who came.

use domain::{
    audit::{Act, Subject},
    booking::BookingState,
    centre::{
        closure::Closure,
        hours::open_slots,
        room::{Purpose, Room, UseMode},
        rules::Who,
    },
    id::{BookingId, PersonId, RoomId},
    language::Name,
    page::Page,
    person::behalf::Channel,
    time::{DAY, Date, LocalTime, Slot, Weekday},
};

use super::{dice::Dice, families::Child, recurring::Recurring};
use crate::{
    clock,
    db::{Fail, Tx},
    usecase::{
        booking::{
            floor::release,
            rows::{NewRow, insert},
        },
        centre::{self, known::Known},
    },
};

/// The house that a visitor sees first.
pub(super) const FIRST: &str = "xizhan";

/// Weeks back and ahead.
const WEEKS: i64 = 4;

/// One house while its weeks are made up.
pub(super) struct DemoCentre<'a, 'tx> {
    pub(super) tx: &'a mut Tx<'tx>,
    pub(super) known: &'a Known,
    pub(super) now_ms: i64,
    pub(super) folk: &'a [PersonId],
    pub(super) children: &'a [Child],
    pub(super) dice: &'a mut Dice,
    /// Floor that is taken, buffers included.
    pub(super) taken: Vec<(RoomId, Slot)>,
    pub(super) made: usize,
    /// The demo's resident has a no-show.
    pub(super) resident_missed: bool,
    /// Somebody explained one.
    pub(super) explained: bool,
    pub(super) sign_ups: usize,
}

/// A booking to be made up.
pub(super) struct DemoBooking<'a> {
    pub(super) room: &'a Room,
    pub(super) slot: Slot,
    pub(super) people: u16,
    pub(super) purpose: Option<Purpose>,
    pub(super) title: Option<&'a Name>,
    pub(super) person: PersonId,
    pub(super) state: BookingState,
}

impl DemoCentre<'_, '_> {
    pub(super) fn now(&self) -> LocalTime {
        self.known.zone.stamp(self.now_ms / 1000).local
    }

    pub(super) fn live(&mut self, all: &Recurring) -> Result<(), Fail> {
        let today = self.now().date();
        let days: Vec<Date> = (-WEEKS * 7..WEEKS * 7).map(|n| today.plus(n)).collect();
        self.repair(today)?;
        let here = self.known.centre.id.as_str();
        for club in all.club.iter().filter(|club| club.centre == here) {
            self.club(club)?;
        }
        for session in all.session.iter().filter(|session| session.centre == here) {
            self.activity(session, &days)?;
        }
        for day in &days {
            self.residents(*day)?;
        }
        self.requests(today)?;
        self.contacts()?;
        self.refusals(&days, today)?;
        self.untold(today)?;
        self.resident(today)
    }

    /// One room is out of use tomorrow afternoon, so that closures can be seen.
    pub(super) fn repair(&mut self, today: Date) -> Result<(), Fail> {
        let bookable = |room: &&Room| room.use_mode == UseMode::Approval && room.parts.is_empty();
        let Some(room) = self.known.centre.rooms.iter().rfind(bookable) else {
            return Ok(());
        };
        let slot = Slot::lasting(today.plus(1).at(14 * 60), 4 * 60);
        let reason = Name::new("检修灯具", "The lights are being repaired");
        self.taken.push((room.id.clone(), slot));
        let closure = Closure {
            room: room.id.clone(),
            start: slot.start(),
            end: slot.end(),
            reason,
        };
        centre::closure::close(self.tx, self.now_ms, self.known, &closure, None)
    }

    /// Residents fill what is left: evenings and weekends more than mornings, the past more than the far future.
    pub(super) fn residents(&mut self, day: Date) -> Result<(), Fail> {
        let known = self.known;
        let today = self.now().date();
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        for room in &known.centre.rooms {
            let bookable = matches!(room.use_mode, UseMode::SelfService | UseMode::Approval);
            let rules = known.centre.rules_of(room);
            if !bookable || rules.who != Who::Residents {
                continue;
            }
            let tries = if weekend { 4 } else { 3 };
            for _ in 0..tries {
                let fading =
                    2 + usize::try_from((day.days() - today.days()).max(0) / 7).unwrap_or_default();
                if !self.dice.one_in(fading) {
                    continue;
                }
                let hour = *self.dice.pick(&[9i64, 10, 14, 15, 16, 18, 18, 19, 19, 20]);
                let minute = hour * 60 + if self.dice.one_in(3) { 30 } else { 0 };
                let length = *self.dice.pick(&[60i64, 60, 90, 120]);
                let on_step =
                    |minutes: i64| minutes / i64::from(rules.step) * i64::from(rules.step);
                let length = on_step(length.min(i64::from(rules.longest)));
                let slot = Slot::lasting(day.at(on_step(minute)), length);
                let span =
                    usize::from(room.people.most - rules.fewest_people.min(room.people.most)) + 1;
                let people =
                    rules.fewest_people + u16::try_from(self.dice.below(span)).unwrap_or_default();
                // The demo's resident has a past as well; what is to come would use up her quotas.
                let roll = self.dice.below(self.folk.len() - 3);
                let person = match roll {
                    0 if day < today => 0,
                    roll => 3 + roll.max(1),
                };
                let person = self.folk[person].clone();
                let purpose = room
                    .purposes
                    .get(self.dice.below(room.purposes.len().max(1)))
                    .copied();
                let state = BookingState::Confirmed;
                self.book(&DemoBooking {
                    room,
                    slot,
                    people,
                    purpose,
                    title: None,
                    person,
                    state,
                })?;
            }
        }
        Ok(())
    }

    /// A few requests wait for a decision, two of them for the same time.
    pub(super) fn requests(&mut self, today: Date) -> Result<(), Fail> {
        let known = self.known;
        let waiting = |room: &&Room| {
            room.use_mode == UseMode::Approval && known.centre.rules_of(room).who == Who::Residents
        };
        let rooms: Vec<&Room> = known.centre.rooms.iter().filter(waiting).take(3).collect();
        for (number, room) in rooms.into_iter().enumerate() {
            for person in 0..(if number == 0 { 2 } else { 1 }) {
                let free = (1..14)
                    .map(|n| Slot::lasting(today.plus(n).at(18 * 60 + 30), 60))
                    .find(|slot| self.is_free(room, *slot));
                let Some(slot) = free else { continue };
                let person = self.folk[5 + number * 2 + person].clone();
                let state = BookingState::Requested;
                let purpose = room.purposes.first().copied();
                let people = room.people.comfortable;
                self.book(&DemoBooking {
                    room,
                    slot,
                    people,
                    purpose,
                    title: None,
                    person,
                    state,
                })?;
            }
        }
        Ok(())
    }

    /// The demo's resident has something to come in the first house.
    pub(super) fn resident(&mut self, today: Date) -> Result<(), Fail> {
        let known = self.known;
        if known.centre.id.as_str() != FIRST {
            return Ok(());
        }
        let open = |room: &&Room| room.use_mode == UseMode::SelfService && room.parts.is_empty();
        let Some(room) = known.centre.rooms.iter().find(open) else {
            return Ok(());
        };
        let free = (2..9)
            .map(|n| Slot::lasting(today.plus(n).at(16 * 60), 60))
            .find(|slot| self.is_free(room, *slot));
        let Some(slot) = free else { return Ok(()) };
        self.book(&DemoBooking {
            room,
            slot,
            people: room.people.comfortable.min(4),
            purpose: room.purposes.first().copied(),
            title: None,
            person: self.folk[0].clone(),
            state: BookingState::Confirmed,
        })
        .map(drop)
    }

    pub(super) fn is_free(&self, room: &Room, slot: Slot) -> bool {
        let rules = self.known.centre.rules_of(room);
        let padded = slot.padded(rules.buffer_before, rules.buffer_after);
        let day = slot.start().date().whole();
        let open = open_slots(
            &self.known.centre.hours,
            room.hours.as_ref(),
            Slot::lasting(day.start(), 2 * DAY),
        );
        let sharing = self.known.centre.sharing(&room.id);
        open.iter().any(|open| open.covers(slot))
            && !self
                .taken
                .iter()
                .any(|(other, taken)| sharing.contains(&other) && taken.overlaps(padded))
    }

    pub(super) fn book(&mut self, wanted: &DemoBooking<'_>) -> Result<Option<BookingId>, Fail> {
        let DemoBooking { room, slot, .. } = *wanted;
        if !self.is_free(room, slot) {
            return Ok(None);
        }
        let rules = self.known.centre.rules_of(room);
        if wanted.state == BookingState::Confirmed {
            self.taken.push((
                room.id.clone(),
                slot.padded(rules.buffer_before, rules.buffer_after),
            ));
        }
        let starts = self.known.zone.utc_or_next(slot.start());
        // Some days before, at some time of the day; what is far ahead was booked during the last days.
        let before = |dice: &mut Dice| {
            let minutes = dice.below(9 * 1440);
            3600 + i64::try_from(minutes).unwrap_or_default() * 60
        };
        let asked = starts - before(self.dice);
        let made_at = match asked < self.now_ms / 1000 {
            true => asked,
            false => self.now_ms / 1000 - before(self.dice),
        };
        let id = BookingId::new(clock::new_id(self.now_ms));
        let (actor, channel) = match wanted.title {
            Some(_) => (wanted.person.clone(), Channel::App),
            None => self.way(&wanted.person),
        };
        let row = NewRow {
            id: &id,
            room: &room.id,
            slot,
            rules: &rules,
            people: wanted.people,
            purpose: wanted.purpose,
            note: "",
            title: wanted.title,
            series: None,
            on: None,
            state: wanted.state,
            actor: &actor,
            beneficiary: &wanted.person,
            channel,
            made_at,
        };
        insert(self.tx, self.known, &row)?;
        if wanted.title.is_none() {
            let subject = Subject {
                what: Some(room.name.clone()),
                start: Some(slot.start()),
                reason: String::new(),
                path: Page::Booking(self.known.centre.id.clone(), id.clone()).path(),
            };
            let who = (&actor, &wanted.person, channel);
            self.note(who, Act::Booked, subject, made_at)?;
            self.presence(&id, &wanted.person, starts)?;
        }
        self.made += 1;
        Ok(Some(id))
    }

    /// Those whose time has begun came some minutes before or after; to one in twenty nobody came. The demo's resident has missed
    /// one and not said why; somebody else of each house has.
    pub(super) fn presence(
        &mut self,
        id: &BookingId,
        person: &PersonId,
        starts: i64,
    ) -> Result<(), Fail> {
        if starts > self.now_ms / 1000 {
            return Ok(());
        }
        let spread = i64::try_from(self.made % 13).unwrap_or_default();
        let long_ago = starts < self.now_ms / 1000 - 86_400;
        let hers = *person == self.folk[0];
        let missed = self.made.is_multiple_of(20) || hers && !self.resident_missed;
        let (state, came_at) = match long_ago && missed {
            true => (BookingState::Released, None),
            false => (BookingState::Confirmed, Some(starts + (spread - 6) * 60)),
        };
        self.tx.exec(
            "update booking set state = $3, came_at = $4, check_in_by = null where centre_id = $1 and id = $2",
            &[
                (&self.known.centre.id).into(),
                id.into(),
                state.code().into(),
                came_at.into(),
            ],
        )?;
        if state == BookingState::Released {
            release(self.tx, &self.known.centre.id, id)?;
            self.resident_missed |= hers;
            if !hers && !self.explained {
                self.explained = true;
                self.tx.exec(
                    "update booking set explanation = $3 where centre_id = $1 and id = $2",
                    &[
                        (&self.known.centre.id).into(),
                        id.into(),
                        "孩子突然发烧，忘了取消，不好意思。".into(),
                    ],
                )?;
            }
        }
        Ok(())
    }
}
