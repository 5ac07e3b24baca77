//! Activities of the demo: clubs, sessions, sign-ups, attendance.

use domain::{
    activity::attendance::Mark,
    audit::{Act, Subject},
    booking::BookingState,
    id::{ActivityId, BookingId, PersonId, SignUpId},
    language::Name,
    page::Page,
    person::age::age_on,
    sign_up::SignUpState,
    time::{Date, Slot, parse_clock},
};

use super::{
    families::Child,
    house::{DemoBooking, DemoCentre},
    recurring::{RecurringClub, RecurringSession, broken, falls_on},
};
use crate::{
    clock,
    db::Fail,
    usecase::{
        activity::{self, rows::Draft},
        sign_up,
    },
};

impl DemoCentre<'_, '_> {
    pub(super) fn club(&mut self, club: &RecurringClub) -> Result<(), Fail> {
        let centre = &self.known.centre.id;
        self.tx.exec(
            "insert into club (centre_id, id, name_zh, name_en, about_zh, about_en, kind) values ($1, $2, $3, $4, $5, $6, $7)",
            &[
                centre.into(),
                (&club.id).into(),
                club.name.zh.as_str().into(),
                club.name.en.as_str().into(),
                club.about.zh.as_str().into(),
                club.about.en.as_str().into(),
                club.kind.code().into(),
            ],
        )?;
        let leader = 1 + self.dice.below(3);
        let members = 6 + self.dice.below(12);
        for number in 0..members {
            // The demo's organiser leads every club, so that her account shows what organisers see.
            let (person, organises) = match number {
                0 => (1, true),
                1 => (leader, leader != 1),
                _ => (4 + self.dice.below(self.folk.len() - 4), false),
            };
            self.tx.exec(
                "insert into club_member (centre_id, club_id, person_id, organises, since) values ($1, $2, $3, $4, $5)
                on conflict do nothing",
                &[
                    centre.into(),
                    (&club.id).into(),
                    (&self.folk[person]).into(),
                    i64::from(organises).into(),
                    (self.now_ms / 1000 - 40 * 86_400).into(),
                ],
            )?;
        }
        Ok(())
    }

    pub(super) fn activity(
        &mut self,
        session: &RecurringSession,
        days: &[Date],
    ) -> Result<(), Fail> {
        let room = self.known.centre.room(&session.room);
        let room =
            room.ok_or_else(|| broken(&format!("{}: no room {}", session.centre, session.room)))?;
        let at = session
            .at
            .split_once('-')
            .and_then(|(a, b)| Some((parse_clock(a)?, parse_clock(b)?)));
        let (from, until) = at.ok_or_else(|| broken(&session.at))?;
        let organiser = self.folk[1 + self.dice.below(3)].clone();
        let today = self.now().date();
        let first = session.from_day.map_or(days[0], |day| today.plus(day));
        let draft = Draft {
            club: session.club.as_ref(),
            title: &session.title,
            about: &Name::new(session.about.as_str(), ""),
            kind: session.purpose,
            audience: session.audience,
            fee: 0,
            per: session.per,
            pick_up: session.pick_up,
            made_by: &organiser,
            rule: None,
        };
        let id = activity::rows::create(self.tx, self.now_ms, self.known, &draft)?;
        let mut filled = None;
        for day in days
            .iter()
            .filter(|day| **day >= first && falls_on(&session.on, **day))
        {
            let wanted = DemoBooking {
                room,
                slot: Slot::lasting(day.at(from), until - from),
                people: session.people,
                purpose: Some(session.purpose),
                title: Some(&session.title),
                person: organiser.clone(),
                state: BookingState::Confirmed,
            };
            let Some(booking) = self.book(&wanted)? else {
                continue;
            };
            let list = activity::rows::add_session(
                self.tx,
                self.now_ms,
                self.known,
                (&id, session.per),
                &booking,
                session.people,
            )?;
            // Nobody signs up three weeks ahead.
            if day.days() - today.days() <= 14 && filled.as_ref() != Some(&list) {
                self.sign_people_up(session, &id, &list, wanted.slot)?;
                filled = Some(list.clone());
            }
            self.attend(session, &list, &booking, wanted.slot)?;
        }
        Ok(())
    }

    /// People sign up: for children's classes more than there are places, so that some wait.
    pub(super) fn sign_people_up(
        &mut self,
        session: &RecurringSession,
        activity: &ActivityId,
        list: &str,
        slot: Slot,
    ) -> Result<(), Fail> {
        let day = slot.start().date();
        let mut party: Vec<(PersonId, PersonId)> = if session.audience.is_open() {
            let adults = self.folk[4..].iter().map(|one| (one.clone(), one.clone()));
            adults.collect()
        } else {
            let fits = |child: &&Child| session.audience.takes(age_on(child.birth, day));
            // The demo's resident signs hers up herself.
            let others = self
                .children
                .iter()
                .filter(|child| child.guardian != self.folk[0]);
            let fitting = others.filter(fits);
            fitting
                .map(|child| (child.id.clone(), child.guardian.clone()))
                .collect()
        };
        let places = usize::from(session.people);
        let wanted = match session.pick_up {
            true => places + self.dice.below(4),
            false => places / 4 + self.dice.below(places / 2 + 1),
        };
        let (mut taken, mut waiting) = (0i64, 0i64);
        let (mut seq, starts) = (1i64, self.known.zone.utc_or_next(slot.start()));
        while !party.is_empty() && usize::try_from(seq - 1).unwrap_or_default() < wanted {
            let (person, guardian) = party.swap_remove(self.dice.below(party.len()));
            let (actor, channel) = self.way(&guardian);
            let made_at =
                (starts - 3 * 86_400 - 60 * seq).min(self.now_ms / 1000 - 7200 - 60 * seq);
            let state = if usize::try_from(taken).unwrap_or_default() < places {
                taken += 1;
                SignUpState::Confirmed
            } else {
                waiting += 1;
                SignUpState::Waitlisted
            };
            let id = SignUpId::new(clock::new_id(self.now_ms));
            let row = sign_up::rows::NewRow {
                id,
                list,
                activity,
                person: &person,
                actor: &actor,
                guardian: &guardian,
                channel,
                state,
                party: seq,
                seq,
                made_at,
            };
            sign_up::rows::insert(self.tx, &self.known.centre.id, &[row])?;
            let subject = Subject {
                what: Some(session.title.clone()),
                start: Some(slot.start()),
                reason: String::new(),
                path: Page::Activity(self.known.centre.id.clone(), activity.clone()).path(),
            };
            self.note(
                (&actor, &person, channel),
                Act::signing(state),
                subject,
                made_at,
            )?;
            seq += 1;
            self.sign_ups += 1;
        }
        self.tx.exec(
            "update place_list set taken = $3, waiting = $4, next_seq = $5 where centre_id = $1 and id = $2",
            &[
                (&self.known.centre.id).into(),
                list.into(),
                taken.into(),
                waiting.into(),
                seq.into(),
            ],
        )?;
        Ok(())
    }

    /// Those who had places come, most of them; now and then a sheet is forgotten.
    pub(super) fn attend(
        &mut self,
        session: &RecurringSession,
        list: &str,
        booking: &BookingId,
        slot: Slot,
    ) -> Result<(), Fail> {
        if slot.end() > self.now() || self.dice.one_in(9) {
            return Ok(());
        }
        let centre = &self.known.centre.id;
        let row = self.tx.one(
            "select id from activity_session where centre_id = $1 and booking_id = $2",
            &[centre.into(), booking.into()],
        )?;
        let id: String = row.get("id")?;
        let people = self.tx.all(
            "select u.person_id, g.name as guardian from sign_up u join person g on g.id = coalesce(u.guardian_id, u.actor_id)
            where u.centre_id = $1 and u.list_id = $2 and u.state = 'confirmed' order by u.seq",
            &[centre.into(), list.into()],
        )?;
        let starts = self.known.zone.utc_or_next(slot.start());
        for (number, row) in (0i64..).zip(&people) {
            let mark = match self.dice.below(10) {
                0 => Mark::Away,
                _ if session.pick_up => Mark::PickedUp,
                _ => Mark::Here,
            };
            let fetched_by = (mark == Mark::PickedUp)
                .then(|| row.get::<String>("guardian"))
                .transpose()?;
            self.tx.exec(
                "insert into attendance (centre_id, session_id, person_id, mark, marked_at, marked_by, walk_in, name, fetched_by)
                values ($1, $2, $3, $4, $5, $6, 0, '', $7)",
                &[
                    centre.into(),
                    id.as_str().into(),
                    row.get::<String>("person_id")?.into(),
                    mark.code().into(),
                    (starts + number * 20).into(),
                    (&self.folk[1]).into(),
                    fetched_by.into(),
                ],
            )?;
        }
        Ok(())
    }
}
