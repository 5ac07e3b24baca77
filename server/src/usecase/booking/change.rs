//! Changing a booking: room, time, people, note; of a session those after it with it. What cannot go where it is sent is decided
//! first, everybody concerned is told, and all of it can be undone.

use std::collections::BTreeSet;

use domain::{
    api::{BookingChange, BookingSeen, Consequences, Made},
    audit::Act,
    booking::{Booking, BookingState, MOST_TEXT, refusal::Refusal},
    centre::{
        availability::{Occupation, Occupied},
        consequence::{self as rules, Hit, Outside, Premises, Remedy, Standing},
    },
    id::{BookingId, CentreId, ConsequenceId, RoomId},
    person::permission,
    problem::{Problem, TextFault, typed},
    time::{DAY, LocalTime, Slot},
};

use crate::{
    clock,
    db::{Fail, Tx},
    usecase::{
        audit::{Note, describe_booking},
        booking::{
            along,
            end::{Target, tell_moved},
            restore::{read_stood, was},
            rows::find,
        },
        call::Call,
        centre::{
            consequence::{self, Because, Planned, UNDONE_WITHIN, Unfit},
            known::Known,
            occupancy::list_closed,
        },
        sign_up::places::{find_displaced, keep_confirmed},
    },
};

/// How far ahead a booking can be sent, in days.
const FARTHEST: i64 = 400;

/// The most people of a booking.
const MOST_PEOPLE: u16 = 999;

/// What changes: how far all of them are shifted, and what else is another.
struct Difference {
    minutes: i64,
    length: Option<i64>,
    room: Option<RoomId>,
    people: Option<u16>,
    note: Option<String>,
}

impl Difference {
    fn is_nothing(&self) -> bool {
        self.minutes == 0
            && self.length.is_none()
            && self.room.is_none()
            && self.people.is_none()
            && self.note.is_none()
    }

    /// A booking with this difference.
    fn apply(&self, booking: &Booking) -> Standing {
        let before = booking.slot();
        let length = self.length.unwrap_or(before.minutes());
        Standing {
            booking: booking.id.clone(),
            room: self.room.clone().unwrap_or(booking.room.clone()),
            before,
            after: Slot::lasting(before.shifted(self.minutes).start(), length),
            people: self.people.unwrap_or(booking.people),
        }
    }
}

/// What was asked for, as far as it can be meant.
fn read_difference(
    booking: &Booking,
    known: &Known,
    now: LocalTime,
    new: &BookingChange,
) -> Result<Difference, Problem> {
    let note = typed("note", &new.note, MOST_TEXT, false)?;
    let slot = booking.slot();
    if !booking.state.is_live() || slot.end() <= now {
        return Err(Refusal::Over.into());
    }
    let length = new.end.minutes() - new.start.minutes();
    if length <= 0 {
        return Err(Refusal::EndBeforeStart.into());
    }
    let begun = slot.start() <= now;
    let stays = new.start == slot.start() && new.room == booking.room;
    // What goes on stays where it is; it may end sooner or later.
    if (begun && !stays) || (!begun && new.start <= now) {
        return Err(Refusal::Past { now }.into());
    }
    if length > DAY || new.end <= now {
        return Err(Problem::field("end", TextFault::OutOfRange));
    }
    if new.start.date() > now.date().plus(FARTHEST) {
        return Err(Problem::field("start", TextFault::OutOfRange));
    }
    if !(1..=MOST_PEOPLE).contains(&new.people) {
        return Err(Problem::field("people", TextFault::OutOfRange));
    }
    known.centre.room(&new.room).ok_or(Problem::NotFound)?;
    let difference = Difference {
        minutes: new.start.minutes() - slot.start().minutes(),
        length: (length != slot.minutes()).then_some(length),
        room: (new.room != booking.room).then(|| new.room.clone()),
        people: (new.people != booking.people).then_some(new.people),
        note: (note != booking.note).then_some(note),
    };
    match difference.is_nothing() {
        true => Err(Refusal::NothingChanged.into()),
        false => Ok(difference),
    }
}

/// [`domain::api::ChangeBooking`]. Nothing is done as long as something that cannot go where it is sent has no decision: it stays,
/// goes elsewhere, or is cancelled.
///
/// # Errors
/// For everybody but staff, where it is over or nothing would change, and where somebody else has the floor.
pub fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, BookingId),
    new: BookingChange,
) -> Result<Consequences, Fail> {
    call.need(permission::may_change_booking(&call.actor, &centre))?;
    let known = call.centres.lock(tx, &centre)?;
    let booking = find(tx, call, &centre, &id)?.booking;
    let now = known.zone.stamp(call.now()).local;
    if new
        .seen
        .as_ref()
        .is_some_and(|seen| *seen != BookingSeen::of(&booking))
    {
        return Err(Problem::Overtaken.into());
    }
    let difference = read_difference(&booking, &known, now, &new)?;
    let mut all = vec![booking];
    all.extend(along::list_along(tx, call, &all[0], new.along)?);
    let sent: Vec<Standing> = all.iter().map(|one| difference.apply(one)).collect();
    // Of all dates an earlier one may be sent to a time that is over.
    let into_past = |one: &&Standing| one.before.start() > now && one.after.start() <= now;
    if let Some(one) = sent.iter().find(into_past) {
        return Err(Fail::Problem(Problem::Refused {
            refusal: Refusal::Past { now },
            changed: false,
            date: Some(one.before.start().date()),
        }));
    }

    let times = || sent.iter().map(|one| known.zone.range(one.after));
    let between = (
        times().map(|(from, _)| from).min().unwrap_or_default(),
        times().map(|(_, until)| until).max().unwrap_or_default(),
    );
    let closures = list_closed(tx, (&known, &known.zone), between.0, between.1)?;
    let planned = Planned {
        centre: &known.centre,
        zone: &known.zone,
        was: &known.zone,
        closures: &closures,
        between,
    };
    let leaving: BTreeSet<_> = all
        .iter()
        .map(|one| (one.room.clone(), one.start.local))
        .collect();
    let days = sent.iter().flat_map(|one| {
        let first = one.after.start().date();
        [first.plus(-1), first, first.plus(1)]
    });
    let mut taken = consequence::read_taken(tx, (call, &known), days, &leaving)?;
    let hits = find_strays(&known, planned, &taken, &all, &sent);
    if let Some(people) = difference.people {
        need_room_for_course(tx, call, &known, (&id, people, &sent))?;
    }
    let fit = consequence::check(call, planned, &hits, &new.decisions);
    // Whatever goes somewhere has as many places as it is to have: what is looked at goes unless it is hit.
    let goes = |one: &&Standing| {
        let decided = new.decisions.iter().find(|of| of.id == one.booking);
        match decided {
            Some(decided) => matches!(decided.what, Remedy::Move { .. }),
            None => !is_hit(&hits, one),
        }
    };
    let places = sent
        .iter()
        .filter(goes)
        .map(|one| (&one.booking, one.people));
    let displaced = match difference.people {
        Some(_) => find_displaced(tx, call, &known, places)?,
        None => Vec::new(),
    };
    let unseen = !displaced.iter().map(|one| &one.id).eq(&new.displaced);
    if new.preview || unseen || matches!(fit, Err(Unfit::Undecided | Unfit::NotHit(_))) {
        call.unchanged();
        if !displaced.is_empty() {
            // Who is signed up is read here as on a sheet.
            let note = Note::at(Act::SheetSeen, &centre).about(describe_booking(&all[0], ""));
            note.write_look(tx, call)?;
        }
        // Where the others go nobody else can.
        let clear: Vec<_> = sent.iter().filter(|one| !is_hit(&hits, one)).collect();
        let held = |one: &&Standing| rules::held(&known.centre, &one.room, one.after);
        let ids = clear.iter().map(|one| one.booking.as_str());
        let to_tell = consequence::count_all_to_tell(tx, call, &centre, ids)?;
        let rivals = count_rivals(&known, &taken, &all, &clear);
        return Ok(Consequences {
            hits: {
                taken.extend(clear.iter().map(held));
                consequence::describe(tx, call, &known, planned, &hits, &taken)?
            },
            goes: u16::try_from(clear.len()).unwrap_or(u16::MAX),
            to_tell,
            rivals,
            displaced,
            made: None,
        });
    }
    if fit.is_err() {
        return Err(Problem::field("decisions", TextFault::OutOfRange).into());
    }
    let kept = |one: &Standing| {
        let decided = new
            .decisions
            .iter()
            .find(|decision| decision.id == one.booking);
        decided.is_some_and(|decision| decision.what == Remedy::Keep)
    };
    if sent.iter().all(kept) {
        return Err(Refusal::NothingChanged.into());
    }
    let stood = read_stood(tx, &centre, &id)?;
    let had_places = keep_confirmed(tx, &centre, &new.displaced)?;
    if let Some(note) = &difference.note {
        tx.exec(
            "update booking set note = $3 where centre_id = $1 and id = $2",
            &[(&centre).into(), (&id).into(), note.as_str().into()],
        )?;
    }
    let mut done =
        consequence::carry_out(tx, call, planned, &hits, &new.decisions, &new.displaced)?;
    for one in sent.iter().filter(|one| !is_hit(&hits, one)) {
        let to = Target {
            room: one.room.clone(),
            slot: one.after,
            people: one.people,
            displaced: new.displaced.clone(),
        };
        done.moved
            .push(consequence::send(tx, call, planned, &one.booking, &to)?);
    }
    done.displaced = had_places;
    if difference.note.is_some()
        && done
            .moved
            .iter()
            .chain(&done.cancelled)
            .all(|one| one.booking != id)
    {
        // It stays where it is, and has another note.
        done.moved.push(was(tx, &centre, &id, stood.clone())?);
    }
    // Its note was another before, too.
    let touched = done.moved.iter_mut().chain(&mut done.cancelled);
    for one in touched.filter(|one| one.booking == id) {
        one.before.note.clone_from(&stood.note);
    }
    consequence::take_floor(tx, call, &known, &done.moved, Because::Changed)?;
    tell_moved(tx, call, &known, &done.moved)?;
    let act = ConsequenceId::new(clock::new_id(call.now_ms));
    consequence::keep(tx, call, (&centre, &act), &done)?;
    Ok(Consequences {
        goes: u16::try_from(done.moved.len()).unwrap_or(u16::MAX),
        made: Some(Made {
            id: act,
            undo_until: known.zone.stamp(call.now() + UNDONE_WITHIN),
            revision: 0,
        }),
        ..Consequences::default()
    })
}

/// How many requests of others stand where bookings are sent: they can no longer be had.
fn count_rivals(known: &Known, taken: &[Occupied], all: &[Booking], clear: &[&Standing]) -> u16 {
    // What is only asked for takes nothing from anybody.
    let moves = |one: &&&Standing| {
        let of = all.iter().find(|of| of.id == one.booking);
        of.is_some_and(|of| {
            of.state == BookingState::Confirmed && (one.before != one.after || of.room != one.room)
        })
    };
    let rivals = taken.iter().filter(|other| {
        other.by == Occupation::Requested
            && clear.iter().filter(moves).any(|one| {
                let slot = rules::held(&known.centre, &one.room, one.after);
                let padded = |one: &Occupied| {
                    let slot = Slot::new(one.start.local, one.end.local)?;
                    Some(slot.padded(one.before, one.after))
                };
                let (slot, theirs) = (padded(&slot), padded(other));
                let shares = known.centre.sharing(&one.room).contains(&&other.room);
                shares
                    && slot
                        .zip(theirs)
                        .is_some_and(|(slot, theirs)| slot.overlaps(theirs))
            })
    });
    u16::try_from(rivals.count()).unwrap_or(u16::MAX)
}

/// The sessions of a course share their places: refuses more people than the room of any of its other sessions takes.
fn need_room_for_course(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (id, people, sent): (&BookingId, u16, &[Standing]),
) -> Result<(), Fail> {
    let rows = tx.all(
        "select b.id, b.room_id from activity_session s
        join activity_session o on o.centre_id = s.centre_id and o.list_id = s.list_id
        join booking b on b.centre_id = o.centre_id and b.id = o.booking_id
        where s.centre_id = $1 and s.booking_id = $2 and b.state in ('requested', 'confirmed') and b.ends_at > $3",
        &[(&known.centre.id).into(), id.into(), call.now().into()],
    )?;
    for row in &rows {
        let other: BookingId = row.get("id")?;
        let room = known.centre.room(&row.get("room_id")?);
        let most = room.map_or(0, |room| room.people.most);
        if people > most && !sent.iter().any(|one| one.booking == other) {
            let asked = people;
            return Err(Refusal::TooManyPeople { most, asked }.into());
        }
    }
    Ok(())
}

fn is_hit(hits: &[Hit], one: &Standing) -> bool {
    hits.iter().any(|hit| hit.booking.booking == one.booking)
}

/// Which of them cannot go where they are sent. What stays at its place, with the same people, need not be decided again.
fn find_strays(
    known: &Known,
    planned: Planned<'_>,
    taken: &[Occupied],
    all: &[Booking],
    sent: &[Standing],
) -> Vec<Hit> {
    let house = Premises {
        centre: planned.centre,
        closures: planned.closures,
    };
    let mut hits = Vec::new();
    for (booking, one) in all.iter().zip(sent) {
        let same = one.before == one.after && one.room == booking.room;
        if same && one.people <= booking.people {
            continue;
        }
        let skipped = [one.after.start(), one.after.end()]
            .into_iter()
            .find(|at| known.zone.utc(*at).is_none());
        if let Some(at) = skipped {
            hits.push(Hit {
                booking: one.clone(),
                why: Outside::NoSuchTime { at },
            });
            continue;
        }
        hits.extend(rules::strays(house, taken, std::slice::from_ref(one)));
    }
    hits
}
