//! Plan of a series: what is wanted, what the rules say of each date, and what could be had instead.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    api::{NewSeries, SeriesDate, SeriesPlan},
    booking::{
        MOST_TEXT,
        admission::{Ask, History, Situation},
        alternative::{Alternative, MOST_ROOMS},
        refusal::Refusal,
        series::{MOST_ALTERNATIVES, MOST_MENDED, Place, Quotas, Wanted, want},
    },
    centre::{
        availability::{Timeline, timeline},
        room::{Room, UseMode},
        rules::LONGEST,
    },
    id::{CentreId, PersonId, RoomId},
    person::{
        behalf::Behalf,
        permission::{self, Role},
    },
    problem::{Problem, TextFault, typed},
    time::{DAY, LocalTime, Slot},
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        booking::{
            claim::{Claim, list_claims},
            floor::read_with,
            history::read_history,
        },
        call::Call,
        centre::{known::Known, occupancy::list_taken_of_room},
        person::behalf,
    },
};

/// What is wanted, as far as it can be meant.
pub(crate) struct Asked {
    pub(crate) behalf: Behalf,
    pub(crate) ask: Ask,
    pub(crate) wanted: Vec<Wanted>,
    pub(crate) note: String,
}

pub(crate) fn read(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    new: &NewSeries,
) -> Result<Asked, Fail> {
    call.need(permission::may_book(&call.actor))?;
    let behalf = behalf::resolve_beneficiary(tx, call, &known.centre.id, new.behalf.clone())?;
    let room = known.centre.room(&new.room).ok_or(Problem::NotFound)?;
    let note = typed("note", &new.note, MOST_TEXT, false)?;
    if new.people == 0 {
        return Err(Problem::field("people", TextFault::OutOfRange).into());
    }
    let slot = Slot::new(new.start, new.end).ok_or(Refusal::EndBeforeStart)?;
    let wanted = want(&new.rule, slot, &new.room, &new.exceptions);
    if wanted.is_empty() {
        return Err(Problem::field("rule", TextFault::OutOfRange).into());
    }
    let longest = i64::from(LONGEST);
    if let Some(one) = wanted
        .iter()
        .filter_map(|one| one.slot)
        .chain([slot])
        .find(|slot| slot.minutes() > longest)
    {
        // Nothing that runs for days is looked at any further.
        return Err(Refusal::TooLong {
            longest: known.centre.rules_of(room).longest,
            asked: one.minutes(),
        }
        .into());
    }
    for one in &new.exceptions {
        // A date is moved within the weeks around it: what lies further off is another booking.
        let far = |place: &Place| (place.start.date().days() - one.on.days()).abs() > 31;
        if one.instead.as_ref().is_some_and(far) {
            return Err(Problem::field("exceptions", TextFault::OutOfRange).into());
        }
        if let Some(place) = &one.instead {
            known.centre.room(&place.room).ok_or(Problem::NotFound)?;
        }
    }
    Ok(Asked {
        behalf,
        ask: Ask {
            room: room.id.clone(),
            slot,
            people: new.people,
            purpose: new.purpose,
        },
        wanted,
        note,
    })
}

/// The days of what is wanted, with the day before and the day after: what lies there may stand against it with its buffers.
pub(crate) fn range_of(asked: &Asked) -> Slot {
    let slots = || asked.wanted.iter().filter_map(|one| one.slot);
    let first = slots().map(Slot::start).min();
    let last = slots().map(Slot::end).max();
    let from = first.unwrap_or(asked.ask.slot.start()).date().plus(-1);
    let until = last.unwrap_or(asked.ask.slot.end()).date().plus(2);
    Slot::lasting(from.at(0), (until.days() - from.days()) * DAY)
}

/// What rooms do on the dates that are wanted.
struct Lines<'a> {
    call: &'a Call,
    known: &'a Known,
    asked: &'a Asked,
    range: Slot,
    /// What is held or was offered, of all rooms.
    claims: Vec<Claim>,
    /// Over all of the dates, as far as it was read.
    read: BTreeMap<RoomId, Timeline>,
}

impl<'a> Lines<'a> {
    fn begin(
        tx: &mut Tx<'_>,
        (call, known): (&'a Call, &'a Known),
        asked: &'a Asked,
    ) -> Result<Self, Fail> {
        let range = range_of(asked);
        Ok(Self {
            call,
            known,
            asked,
            range,
            claims: list_claims(tx, known, range, call.now())?,
            read: BTreeMap::new(),
        })
    }

    /// Whose own holds do not stand against it.
    fn own(&self) -> Vec<&'a PersonId> {
        let actor = self.call.actor.person.as_ref();
        [&self.asked.behalf.person]
            .into_iter()
            .chain(actor)
            .collect()
    }

    /// Reads a room over all of the dates.
    fn read(&mut self, tx: &mut Tx<'_>, room: &Room) -> Result<(), Fail> {
        if !self.read.contains_key(&room.id) {
            let mut taken = list_taken_of_room(tx, self.known, &room.id, self.range)?;
            let (own, now) = (self.own(), self.call.now());
            let kept = self.claims.iter().filter(|one| one.keeps_from(&own, now));
            taken.extend(kept.filter_map(|one| one.occupied(self.known)));
            let line = timeline(&self.known.centre, room, &taken, self.range);
            self.read.insert(room.id.clone(), line);
        }
        Ok(())
    }

    /// Reads a room around one slot.
    fn read_at(&self, tx: &mut Tx<'_>, room: &Room, slot: Slot) -> Result<Timeline, Fail> {
        let rules = self.known.centre.rules_of(room);
        let buffers = (rules.buffer_before, rules.buffer_after);
        let terms = (buffers, &self.own()[..]);
        read_with(
            tx,
            (self.call, self.known),
            room,
            slot,
            (terms, &self.claims),
        )
    }
}

/// The moment of a slot that the clocks skip.
fn find_skipped(known: &Known, slot: Slot) -> Option<LocalTime> {
    [slot.start(), slot.end()]
        .into_iter()
        .find(|at| known.zone.utc(*at).is_none())
}

/// For what it is decided.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    /// What counts of those for whom it is.
    pub(crate) history: &'a History,
    /// Whether its dates count as well.
    pub(crate) quotas: Quotas,
}

/// Who decides, by what, and when.
fn situation<'a>(call: &'a Call, known: &'a Known, history: &'a History) -> Situation<'a> {
    Situation {
        centre: &known.centre,
        actor: &call.actor,
        history,
        now: known.zone.stamp(call.now()).local,
    }
}

/// What the rules say of each date.
pub(crate) fn decide(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    asked: &Asked,
    terms: Terms<'_>,
) -> Result<Vec<SeriesDate>, Fail> {
    let mut lines = Lines::begin(tx, (call, known), asked)?;
    decide_by(tx, terms, &mut lines)
}

fn decide_by(
    tx: &mut Tx<'_>,
    terms: Terms<'_>,
    lines: &mut Lines<'_>,
) -> Result<Vec<SeriesDate>, Fail> {
    let Lines {
        call, known, asked, ..
    } = *lines;
    for room in rooms_of(known, asked) {
        lines.read(tx, room)?;
    }
    let situation = situation(call, known, terms.history);
    let decided = situation.decide_series(
        &asked.wanted,
        (&asked.ask, terms.quotas),
        |room| lines.read.get(room),
        |slot| find_skipped(known, slot),
    );
    let dates = asked.wanted.iter().zip(decided).map(|(one, decided)| {
        let slot = one.slot.unwrap_or(asked.ask.slot);
        let special = known.centre.hours.special(slot.start().date());
        SeriesDate {
            on: one.on,
            place: Place {
                room: one.room.clone(),
                start: slot.start(),
                end: slot.end(),
            },
            special: special.map(|day| day.name.clone()),
            admission: decided.as_ref().ok().copied(),
            refusal: decided.err(),
            others: Vec::new(),
        }
    });
    Ok(dates.collect())
}

/// The rooms that are wanted, each once.
fn rooms_of<'a>(known: &'a Known, asked: &Asked) -> Vec<&'a Room> {
    let ids: BTreeSet<&RoomId> = asked.wanted.iter().map(|one| &one.room).collect();
    ids.into_iter()
        .filter_map(|id| known.centre.room(id))
        .collect()
}

/// Looks for what could be had on the same day instead, for the first dates that need it. That takes long, and nobody is to wait
/// for it behind a lock.
fn mend(
    tx: &mut Tx<'_>,
    terms: Terms<'_>,
    lines: &Lines<'_>,
    dates: &mut [SeriesDate],
) -> Result<(), Fail> {
    let refused = dates.iter_mut().filter(|date| is_of_place(date));
    for date in refused.take(MOST_MENDED) {
        let Some(slot) = Slot::new(date.place.start, date.place.end) else {
            continue;
        };
        let ask = Ask {
            room: date.place.room.clone(),
            slot,
            ..lines.asked.ask.clone()
        };
        date.others = find_others(tx, terms, lines, &ask)?;
    }
    Ok(())
}

/// What could be had instead on the same day: another room first, as it keeps the hour, which those who come know by heart; then other
/// times.
fn find_others(
    tx: &mut Tx<'_>,
    terms: Terms<'_>,
    lines: &Lines<'_>,
    ask: &Ask,
) -> Result<Vec<Alternative>, Fail> {
    let situation = situation(lines.call, lines.known, terms.history);
    let mut others = Vec::new();
    for room in list_others(lines.call, lines.known, ask) {
        let line = lines.read_at(tx, room, ask.slot)?;
        others.extend(situation.other_room(room, &line, ask));
        if others.len() == MOST_ROOMS {
            break;
        }
    }
    if let Some(line) = lines.read.get(&ask.room) {
        let around = Slot::lasting(ask.slot.start().date().plus(-1).at(0), 3 * DAY);
        others.extend(situation.other_times(&line.within(around), ask));
    }
    others.truncate(MOST_ALTERNATIVES);
    Ok(others)
}

fn is_of_place(date: &SeriesDate) -> bool {
    date.refusal.as_ref().is_some_and(Refusal::is_of_place)
}

/// In how many other rooms, the nearest in size, dates are tried.
const MOST_TRIED: usize = 12;

/// Other rooms for the same purpose, the nearest in size first.
fn list_others<'a>(call: &Call, known: &'a Known, ask: &Ask) -> Vec<&'a Room> {
    let is_staff = call.actor.is_at_least(Role::Staff, &known.centre.id);
    let may = |room: &Room| match room.use_mode {
        UseMode::DropIn => false,
        UseMode::StaffOnly => is_staff,
        UseMode::SelfService | UseMode::Approval => true,
    };
    let people = |room: &Room| i32::from(room.people.most);
    let wanted = known.centre.room(&ask.room).map_or(0, people);
    let fits = |room: &&Room| {
        room.id != ask.room
            && room.people.most >= ask.people
            && may(room)
            && ask.purpose.is_none_or(|one| room.purposes.contains(&one))
    };
    let mut rooms: Vec<&Room> = known.centre.rooms.iter().filter(fits).collect();
    rooms.sort_by_key(|room| (people(room) - wanted).abs());
    rooms.truncate(MOST_TRIED);
    rooms
}

/// Of other rooms, those in which all dates could be had.
fn find_rooms(
    tx: &mut Tx<'_>,
    terms: Terms<'_>,
    lines: &mut Lines<'_>,
) -> Result<Vec<RoomId>, Fail> {
    let Lines {
        call, known, asked, ..
    } = *lines;
    let situation = situation(call, known, terms.history);
    let mut rooms = Vec::new();
    for room in list_others(call, known, &asked.ask) {
        // Most rooms fail at one of the first dates: only those that do not are read over all of them.
        if !has_each(tx, &situation, lines, room)? {
            continue;
        }
        lines.read(tx, room)?;
        let there = |one: &Wanted| Wanted {
            room: room.id.clone(),
            ..one.clone()
        };
        let wanted: Vec<_> = asked.wanted.iter().map(there).collect();
        let decided = situation.decide_series(
            &wanted,
            (&asked.ask, terms.quotas),
            |room| lines.read.get(room),
            |slot| find_skipped(known, slot),
        );
        if decided.iter().all(Result::is_ok) {
            rooms.push(room.id.clone());
        }
        if rooms.len() == MOST_ROOMS {
            break;
        }
    }
    Ok(rooms)
}

/// Whether each date, by itself, could be had in a room.
fn has_each(
    tx: &mut Tx<'_>,
    situation: &Situation<'_>,
    lines: &Lines<'_>,
    room: &Room,
) -> Result<bool, Fail> {
    for slot in lines.asked.wanted.iter().map(|one| one.slot) {
        let Some(slot) = slot else { return Ok(false) };
        let line = lines.read_at(tx, room, slot)?;
        let ask = Ask {
            slot,
            ..lines.asked.ask.clone()
        };
        if situation.other_room(room, &line, &ask).is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What would become of what is asked for, and what could be had instead.
fn tell_plan(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    asked: &Asked,
    terms: Terms<'_>,
) -> Result<SeriesPlan, Fail> {
    let mut lines = Lines::begin(tx, (call, known), asked)?;
    let mut dates = decide_by(tx, terms, &mut lines)?;
    let mut rooms = Vec::new();
    if dates.iter().any(is_of_place) {
        mend(tx, terms, &lines, &mut dates)?;
        rooms = find_rooms(tx, terms, &mut lines)?;
    }
    Ok(SeriesPlan {
        dates,
        rooms,
        made: None,
    })
}

/// What counts of those for whom it is.
pub(crate) fn read_history_of(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    asked: &Asked,
) -> Result<History, Fail> {
    let earliest = asked.wanted.iter().filter_map(|one| one.slot).min();
    let slot = earliest.unwrap_or(asked.ask.slot);
    read_history(tx, known, &asked.behalf.person, slot, call.now())
}

/// [`domain::api::PlanSeries`].
///
/// # Errors
/// For a visitor, and where a field cannot be meant.
pub fn plan(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    new: &NewSeries,
) -> Result<SeriesPlan, Fail> {
    let known = call.centres.get(tx, centre)?;
    let asked = read(tx, call, &known, new)?;
    let history = read_history_of(tx, call, &known, &asked)?;
    let terms = Terms {
        history: &history,
        quotas: Quotas::Counted,
    };
    tell_plan(tx, call, &known, &asked, terms)
}

/// [`domain::api::PlanActivity`].
///
/// # Errors
/// As [`plan`].
pub fn plan_activity(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    new: &NewSeries,
) -> Result<SeriesPlan, Fail> {
    let known = call.centres.get(tx, centre)?;
    let asked = read(tx, call, &known, new)?;
    // A club's sessions count in nobody's quotas.
    let terms = Terms {
        history: &History::default(),
        quotas: Quotas::Free,
    };
    tell_plan(tx, call, &known, &asked, terms)
}
