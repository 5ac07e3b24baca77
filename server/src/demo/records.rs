//! Records of the demo: the audit log, refusals, whom the desk knows, who must be told.

use std::sync::Arc;

use domain::{
    audit::{Act, Subject},
    booking::BookingState,
    centre::room::{Room, UseMode},
    figures::Rule,
    id::{PersonId, RoomId},
    message::News,
    person::{behalf::Channel, permission::Actor},
    time::{Date, Slot},
};

use super::{
    house::{DemoBooking, DemoCentre, FIRST},
    people,
};
use crate::{
    db::Fail,
    usecase::{Call, audit::Note, message},
};

impl DemoCentre<'_, '_> {
    /// What stood against people in the past weeks: nothing about whom, so nobody need have been there.
    pub(super) fn refusals(&mut self, days: &[Date], today: Date) -> Result<(), Fail> {
        const OFTEN: [(Rule, usize); 9] = [
            (Rule::Taken, 9),
            (Rule::Quota, 4),
            (Rule::Hours, 5),
            (Rule::Full, 4),
            (Rule::People, 3),
            (Rule::Ahead, 3),
            (Rule::Age, 2),
            (Rule::Already, 2),
            (Rule::WhoMayBook, 2),
        ];
        let rooms = self.known.centre.rooms.iter();
        let rooms: Vec<&RoomId> = rooms
            .filter(|room| room.use_mode == UseMode::SelfService)
            .map(|room| &room.id)
            .collect();
        if rooms.is_empty() {
            return Ok(());
        }
        for day in days.iter().filter(|day| **day <= today) {
            for (rule, most) in OFTEN {
                for _ in 0..self.dice.below(most) {
                    // Evenings are wanted by most, and the larger rooms.
                    let room = rooms[self.dice.below(rooms.len())];
                    let hour = day.weekday() as usize * 24
                        + [18, 19, 19, 20, 14, 9, 10][self.dice.below(7)];
                    self.tx.exec(
                        "insert into refused (centre_id, day, rule, room_id, hour, count) values ($1, $2, $3, $4, $5, 1)
                        on conflict (centre_id, day, rule, room_id, hour) do update set count = refused.count + 1",
                        &[
                            (&self.known.centre.id).into(),
                            day.days().into(),
                            rule.code().into(),
                            room.into(),
                            i64::try_from(hour).unwrap_or_default().into(),
                        ],
                    )?;
                }
            }
        }
        Ok(())
    }

    /// The desk of the first house made the records of those without a phone.
    pub(super) fn contacts(&mut self) -> Result<(), Fail> {
        let centre = &self.known.centre.id;
        if centre.as_str() != FIRST {
            return Ok(());
        }
        for person in &self.folk[self.folk.len() - people::WITHOUT_PHONE..] {
            self.tx.exec(
                "insert into desk_contact (centre_id, person_id, made, since) values ($1, $2, 1, $3)",
                &[
                    centre.into(),
                    person.into(),
                    (self.now_ms / 1000 - 30 * 86_400).into(),
                ],
            )?;
        }
        Ok(())
    }

    /// Staff approved something for somebody without a phone: somebody must tell them.
    pub(super) fn untold(&mut self, today: Date) -> Result<(), Fail> {
        let known = self.known;
        let centre = &known.centre.id;
        if centre.as_str() != FIRST {
            return Ok(());
        }
        let asked = |room: &&Room| room.use_mode == UseMode::Approval && room.parts.is_empty();
        let Some(room) = known.centre.rooms.iter().find(asked) else {
            return Ok(());
        };
        let person = self.folk[self.folk.len() - 1].clone();
        let free = (3..9)
            .map(|n| Slot::lasting(today.plus(n).at(10 * 60 + 30), 60))
            .find(|slot| self.is_free(room, *slot));
        let Some(slot) = free else { return Ok(()) };
        let wanted = DemoBooking {
            room,
            slot,
            people: room.people.comfortable.min(6),
            purpose: room.purposes.first().copied(),
            title: None,
            person: person.clone(),
            state: BookingState::Confirmed,
        };
        if let Some(booking) = self.book(&wanted)? {
            let news = News::BookingApproved {
                booking,
                room: room.name.clone(),
                start: slot.start(),
                more: 0,
            };
            let call = Call::nobody(self.now_ms - 3_600_000, &Arc::default());
            message::send(self.tx, &call, centre, &person, &news)?;
        }
        Ok(())
    }

    /// Puts an act into the audit log as if it had just been done then.
    pub(super) fn note(
        &mut self,
        (actor, person, channel): (&PersonId, &PersonId, Channel),
        act: Act,
        subject: Subject,
        at: i64,
    ) -> Result<(), Fail> {
        let actor = Actor {
            person: Some(actor.clone()),
            roles: Vec::new(),
        };
        let call = Call::new((actor, None), at * 1000, &Arc::default());
        let note = Note::at(act, &self.known.centre.id).of(person);
        note.by(channel).about(subject).write(self.tx, &call)
    }

    /// Who acts for somebody, and how they reached the house: the old at the desk, some by phone, most by themselves.
    pub(super) fn way(&mut self, person: &PersonId) -> (PersonId, Channel) {
        let old = self.folk[self.folk.len() - people::WITHOUT_PHONE..].contains(person);
        let staff = self.folk[2].clone();
        match self.dice.below(8) {
            _ if old => (staff, Channel::Desk),
            0 => (staff, Channel::Phone),
            1 => (staff, Channel::Desk),
            _ => (person.clone(), Channel::App),
        }
    }
}
