//! The demo: real centres from their files, and four weeks back and four ahead that look like a lived-in house.
//! From a seed and relative to today, so that the same seed on the same day makes the same house.

mod people;

use std::sync::Arc;

use domain::{
    activity::{Audience, Per, attendance::Mark},
    audit::{Act, Subject},
    booking::BookingState,
    centre::{
        Centre,
        closure::Closure,
        hours::open_slots,
        room::{Purpose, Room, UseMode},
        rules::Who,
    },
    figures::Rule,
    id::{ActivityId, BookingId, ClubId, PersonId, RoomId, SignUpId},
    language::{Lang, Name},
    message::News,
    page::Page,
    person::{
        Phone,
        age::age_on,
        behalf::Channel,
        household::CONSENT_VERSION,
        permission::{Actor, Role},
    },
    sign_up::SignUpState,
    time::{DAY, Date, LocalTime, Slot, Weekday, parse_clock},
};
use serde::Deserialize;

use crate::{
    clock,
    db::{Fail, Fault, FaultKind, Tx},
    usecase::{
        Call,
        activity::{self, rows::Draft},
        audit::Note,
        booking::{
            floor::release,
            rows::{NewRow, insert},
        },
        centre::{self, known::Known, save::NotSaved},
        message,
        person::{NewPerson, create, role::grant},
        sign_up,
    },
    zone::Zone,
};

/// The centre files, in the order in which the app lists them.
pub const FILES: [&str; 7] = [
    include_str!("../../centres/xizhan.toml"),
    include_str!("../../centres/lijingjie.toml"),
    include_str!("../../centres/zhangqian.toml"),
    include_str!("../../centres/liuyi.toml"),
    include_str!("../../centres/binhu.toml"),
    include_str!("../../centres/shengtaiyuan.toml"),
    include_str!("../../centres/harbour.toml"),
];

/// The house that a visitor sees first.
const FIRST: &str = "xizhan";

/// What recurs in the houses.
const SESSIONS: &str = include_str!("../../centres/sessions.toml");

/// Weeks back and ahead.
const WEEKS: i64 = 4;

/// What was made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Made {
    /// Centres.
    pub centres: usize,
    /// People.
    pub people: usize,
    /// Bookings.
    pub bookings: usize,
    /// Sign-ups.
    pub sign_ups: usize,
}

/// A small generator of numbers that look random (SplitMix64): the demo must be the same for the same seed.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 to `n - 1`.
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// A club's recurring session.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    centre: String,
    room: RoomId,
    title: Name,
    purpose: Purpose,
    people: u16,
    /// `Mon Wed`, or with a number the n-th of the month: `Fri#1`.
    on: String,
    /// `19:30-21:00`.
    at: String,
    #[serde(default)]
    club: Option<ClubId>,
    #[serde(default)]
    about: String,
    #[serde(default)]
    audience: Audience,
    #[serde(default)]
    pick_up: bool,
    #[serde(default)]
    per: Per,
    /// Begins so many days from today, instead of having been there for long.
    #[serde(default)]
    from_day: Option<i64>,
}

/// A club of a centre.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Club {
    centre: String,
    id: ClubId,
    name: Name,
    about: Name,
    kind: Purpose,
}

#[derive(Deserialize)]
struct Sessions {
    session: Vec<Session>,
    club: Vec<Club>,
}

/// True when the database has a centre.
///
/// # Errors
/// When the database fails.
pub fn is_taken(tx: &mut Tx<'_>) -> Result<bool, Fail> {
    Ok(tx.opt("select 1 from centre limit 1", &[])?.is_some())
}

/// Fills an empty database.
///
/// # Errors
/// When it is not empty, or a centre file is at fault.
pub fn fill(tx: &mut Tx<'_>, now_ms: i64, seed: u64) -> Result<Made, Fail> {
    if is_taken(tx)? {
        return Err(broken(
            "the database is not empty; the demo fills a new one",
        ));
    }
    let mut dice = Dice(seed);
    tx.exec(
        "insert into setting (name, value) values ('demo', $1)",
        &[seed.to_string().into()],
    )?;
    let mut folk = Vec::new();
    for number in 0..people::COUNT {
        let phone = Phone::parse(&format!("{}", 13_800_000_000u64 + number as u64));
        let old = number >= people::COUNT - people::WITHOUT_PHONE;
        let new = NewPerson {
            phone: phone.as_ref().filter(|_| !old),
            name: &people::name(number),
            lang: Lang::Zh,
        };
        let id = create(tx, now_ms, new)?;
        if old {
            let birth = Date::from_days(now_ms / 86_400_000).plus(-(78 + number as i64 % 9) * 365);
            tx.exec(
                "update person set birth = $2 where id = $1",
                &[(&id).into(), birth.to_string().into()],
            )?;
        }
        folk.push(id);
    }
    // The first four are the accounts of the sign-in page.
    for (role, person) in Role::ALL.into_iter().zip(&folk) {
        let name = format!("demo-{}", role.code());
        tx.exec(
            "insert into setting (name, value) values ($1, $2)",
            &[name.into(), person.into()],
        )?;
        if role > Role::Resident {
            grant(tx, person, None, role)?;
        }
    }
    // One house has somebody of its own.
    grant(tx, &folk[4], Some(&"liuyi".into()), Role::Staff)?;
    let children = families(tx, now_ms, &folk)?;
    let sessions: Sessions =
        toml::from_str(SESSIONS).map_err(|cause| broken(&cause.to_string()))?;
    let mut made = Made {
        people: folk.len() + children.len(),
        ..Made::default()
    };
    let call = Call::nobody(now_ms, &Arc::default());
    for file in FILES {
        let centre: Centre = toml::from_str(file).map_err(|cause| broken(&cause.to_string()))?;
        match centre::save::save(tx, &call, &centre, &[])? {
            Ok(_) => {}
            Err(NotSaved::Faults(faults)) => {
                let told: Vec<_> = faults
                    .iter()
                    .map(|fault| fault.sentence(Lang::En))
                    .collect();
                return Err(broken(&format!("{}: {}", centre.id, told.join(" "))));
            }
            Err(other) => return Err(broken(&format!("{}: {other:?}", centre.id))),
        }
        let zone = Zone::parse(&centre.zone).ok_or_else(|| broken("unknown zone"))?;
        let known = Known {
            centre,
            revision: 1,
            zone,
        };
        let mut house = House {
            tx,
            known: &known,
            now_ms,
            folk: &folk,
            children: &children,
            dice: &mut dice,
            taken: Vec::new(),
            made: 0,
            resident_missed: false,
            explained: false,
            sign_ups: 0,
        };
        house.live(&sessions)?;
        made.sign_ups += house.sign_ups;
        made.bookings += house.made;
        made.centres += 1;
    }
    Ok(made)
}

/// A child of the demo.
struct Child {
    id: PersonId,
    guardian: PersonId,
    birth: Date,
}

/// Every third person has a child or two, the first of all (the demo's resident) two.
fn families(tx: &mut Tx<'_>, now_ms: i64, folk: &[PersonId]) -> Result<Vec<Child>, Fail> {
    let today = Date::from_days(now_ms / 86_400_000);
    let mut children = Vec::new();
    let parents = folk.len() - people::WITHOUT_PHONE;
    for (parent, guardian) in folk[..parents].iter().enumerate().step_by(3) {
        let household = clock::new_id(now_ms);
        tx.exec(
            "insert into household (id, made_at) values ($1, $2)",
            &[household.as_str().into(), (now_ms / 1000).into()],
        )?;
        let join = "update person set household_id = $2, birth = coalesce($3, birth) where id = $1";
        let values = |person: &PersonId, birth: Option<Date>| {
            [
                person.into(),
                household.as_str().into(),
                birth.map(|birth| birth.to_string()).into(),
            ]
        };
        tx.exec(join, &values(guardian, None))?;
        for number in 0..=usize::from(parent % 2 == 0) {
            let age = 6 + i64::try_from((parent + number * 3) % 7).unwrap_or_default();
            let birth = today.plus(-age * 365 - 100);
            let new = NewPerson {
                phone: None,
                name: &people::child(parent, number),
                lang: Lang::Zh,
            };
            let id = create(tx, now_ms, new)?;
            tx.exec(join, &values(&id, Some(birth)))?;
            tx.exec(
                "insert into consent (id, person_id, guardian_id, version, given_at, actor_id)
                values ($1, $2, $3, $4, $5, $3)",
                &[
                    clock::new_id(now_ms).into(),
                    (&id).into(),
                    guardian.into(),
                    CONSENT_VERSION.into(),
                    (now_ms / 1000 - 86_400).into(),
                ],
            )?;
            children.push(Child {
                id,
                guardian: guardian.clone(),
                birth,
            });
        }
    }
    Ok(children)
}

fn broken(cause: &str) -> Fail {
    Fail::Fault(Fault {
        kind: FaultKind::Unavailable,
        cause: cause.to_owned(),
    })
}

/// One house while its weeks are made up.
struct House<'a, 'tx> {
    tx: &'a mut Tx<'tx>,
    known: &'a Known,
    now_ms: i64,
    folk: &'a [PersonId],
    children: &'a [Child],
    dice: &'a mut Dice,
    /// Floor that is taken, buffers included.
    taken: Vec<(RoomId, Slot)>,
    made: usize,
    /// The demo's resident has a no-show.
    resident_missed: bool,
    /// Somebody explained one.
    explained: bool,
    sign_ups: usize,
}

/// A booking to be made up.
struct Wanted<'a> {
    room: &'a Room,
    slot: Slot,
    people: u16,
    purpose: Option<Purpose>,
    title: Option<&'a Name>,
    person: PersonId,
    state: BookingState,
}

impl House<'_, '_> {
    fn now(&self) -> LocalTime {
        self.known.zone.stamp(self.now_ms / 1000).local
    }

    fn live(&mut self, all: &Sessions) -> Result<(), Fail> {
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
    fn repair(&mut self, today: Date) -> Result<(), Fail> {
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

    fn club(&mut self, club: &Club) -> Result<(), Fail> {
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

    fn activity(&mut self, session: &Session, days: &[Date]) -> Result<(), Fail> {
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
            about: &session.about,
            kind: session.purpose,
            audience: session.audience,
            fee: 0,
            per: session.per,
            pick_up: session.pick_up,
            made_by: &organiser,
        };
        let id = activity::rows::create(self.tx, self.now_ms, self.known, &draft)?;
        let mut filled = None;
        for day in days
            .iter()
            .filter(|day| **day >= first && falls_on(&session.on, **day))
        {
            let wanted = Wanted {
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
                self.fill(session, &id, &list, wanted.slot)?;
                filled = Some(list.clone());
            }
            self.attend(session, &list, &booking, wanted.slot)?;
        }
        Ok(())
    }

    /// People sign up: for children's classes more than there are places, so that some wait.
    fn fill(
        &mut self,
        session: &Session,
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

    /// Who acts for somebody, and how they reached the house: the old at the desk, some by phone, most by themselves.
    fn way(&mut self, person: &PersonId) -> (PersonId, Channel) {
        let old = self.folk[self.folk.len() - people::WITHOUT_PHONE..].contains(person);
        let staff = self.folk[2].clone();
        match self.dice.below(8) {
            _ if old => (staff, Channel::Desk),
            0 => (staff, Channel::Phone),
            1 => (staff, Channel::Desk),
            _ => (person.clone(), Channel::App),
        }
    }

    /// Puts an act into the audit log as if it had just been done then.
    fn note(
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

    /// Those who had places come, most of them; now and then a sheet is forgotten.
    fn attend(
        &mut self,
        session: &Session,
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

    /// What stood against people in the past weeks: nothing about whom, so nobody need have been there.
    fn refusals(&mut self, days: &[Date], today: Date) -> Result<(), Fail> {
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
    fn contacts(&mut self) -> Result<(), Fail> {
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
    fn untold(&mut self, today: Date) -> Result<(), Fail> {
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
        let wanted = Wanted {
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
            };
            let call = Call::nobody(self.now_ms - 3_600_000, &Arc::default());
            message::send(self.tx, &call, centre, &person, &news)?;
        }
        Ok(())
    }

    /// Residents fill what is left: evenings and weekends more than mornings, the past more than the far future.
    fn residents(&mut self, day: Date) -> Result<(), Fail> {
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
                let start = day.at(hour * 60 + if self.dice.one_in(3) { 30 } else { 0 });
                let length = *self.dice.pick(&[60i64, 60, 90, 120]);
                let slot = Slot::lasting(start, length.min(i64::from(rules.longest)));
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
                self.book(&Wanted {
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
    fn requests(&mut self, today: Date) -> Result<(), Fail> {
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
                self.book(&Wanted {
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
    fn resident(&mut self, today: Date) -> Result<(), Fail> {
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
        self.book(&Wanted {
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

    fn is_free(&self, room: &Room, slot: Slot) -> bool {
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

    fn book(&mut self, wanted: &Wanted<'_>) -> Result<Option<BookingId>, Fail> {
        let Wanted { room, slot, .. } = *wanted;
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
    fn presence(&mut self, id: &BookingId, person: &PersonId, starts: i64) -> Result<(), Fail> {
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

/// Whether a day is one of `Mon Wed` or `Fri#1`.
fn falls_on(on: &str, day: Date) -> bool {
    on.split_whitespace().any(|part| {
        let (name, nth) = part
            .split_once('#')
            .map_or((part, None), |(name, nth)| (name, nth.parse::<u32>().ok()));
        let same = format!("{:?}", day.weekday()) == name;
        same && nth.is_none_or(|nth| (day.ymd().2 - 1) / 7 + 1 == nth)
    })
}
