//! Consequences of a planned change of a centre or of bookings: which bookings it hits, what is decided about each, carrying
//! that out.

use std::collections::{BTreeSet, HashMap};

use domain::{
    api::HitCard,
    booking::{Booking, BookingState, MOST_TEXT, refusal::Refusal},
    centre::{
        Centre,
        availability::{Occupation, Occupied, Why},
        closure::Closure,
        consequence::{
            self, Hit, HitDecision, Outside, Place, Premises, Remedy, Standing, Touched,
        },
    },
    id::{BookingId, CentreId, ConsequenceId, PersonId, RoomId, SignUpId},
    problem::{Problem, typed},
    time::{DAY, Date, LocalTime, Slot},
};
use serde::{Deserialize, Serialize};

use crate::{
    db::{Fail, Row, Tx, Value},
    usecase::{
        booking::{
            self,
            decide::decline_outbid,
            end::Target,
            floor::{read_floor, release, take},
            restore::{Was, read_stood, was},
            rows::{Found, find, read_row, select_bookings},
            waitlist::withdraw_offers,
        },
        call::Call,
        centre::{
            known::{Known, reach},
            occupancy::{list_closed, list_taken},
        },
        person::merge::Merge,
        sign_up::place_list::reader,
    },
    zone::Zone,
};

/// How long a change can be undone, in seconds.
pub(crate) const UNDONE_WITHIN: i64 = 600;

/// By how much clocks change at most, in seconds, and some more.
const CLOCKS: i64 = 4 * 3600;

/// For how many bookings other places are looked for at once.
const MOST_LOOKED: usize = 300;

/// A centre as it is to be.
#[derive(Clone, Copy)]
pub(crate) struct Planned<'a> {
    /// The centre.
    pub(crate) centre: &'a Centre,
    /// Its zone.
    pub(crate) zone: &'a Zone,
    /// The zone that it has now.
    pub(crate) was: &'a Zone,
    /// All that will be out of use, on the wall of that zone.
    pub(crate) closures: &'a [Closure],
    /// The moments between which it differs from what is, in seconds UTC.
    pub(crate) between: (i64, i64),
}

/// Why decisions cannot be carried out.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// Nothing is decided about these bookings.
    Undecided,
    /// Something was decided about bookings that the change does not hit.
    NotHit(Vec<BookingId>),
    /// A booking cannot be kept where its room is gone, nor moved into the past, outside of the new description, or to where a
    /// room is closed.
    NotPossible(Vec<BookingId>),
    /// Two decisions about the same booking.
    DecidedTwice(Vec<BookingId>),
}

/// The bookings to come, and those that go on, that a planned change hits, in order of start.
pub(crate) fn find_hits(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    planned: Planned<'_>,
) -> Result<Vec<Hit>, Fail> {
    let now = call.now();
    let (from, until) = (planned.between.0.max(now), planned.between.1);
    let closures = list_closed(tx, (known, &known.zone), from, until)?;
    let before = Premises {
        centre: &known.centre,
        closures: &closures,
    };
    // A house with many bookings looks only at those that the change can hit.
    let Some(until) = find_last_start(tx, known)?.map(|last| until.min(last + 1)) else {
        return Ok(Vec::new());
    };
    let day = |utc| known.zone.stamp(utc).local.date();
    let days = day(until).days() - day(reach(from)).days() + 2;
    let range = Slot::lasting(day(reach(from)).at(0), days.max(1) * DAY);
    let touched = consequence::find_touched(before, planned.house(), range);
    let mut standing = Vec::new();
    for row in list_touched(tx, known, (from, until), &touched)? {
        standing.extend(read_standing(&row, (&known.zone, planned.zone))?);
    }
    standing.retain(|one| touched.meets(one));
    Ok(consequence::hits(before, planned.house(), &standing))
}

/// When the last booking of a centre starts.
fn find_last_start(tx: &mut Tx<'_>, known: &Known) -> Result<Option<i64>, Fail> {
    let row = tx.one(
        "select max(starts_at) as last from booking where centre_id = $1",
        &[(&known.centre.id).into()],
    )?;
    Ok(row.get("last")?)
}

/// The bookings that stand between two moments, in the rooms and over the time that a change touches.
fn list_touched(
    tx: &mut Tx<'_>,
    known: &Known,
    (from, until): (i64, i64),
    touched: &Touched,
) -> Result<Vec<Row>, Fail> {
    macro_rules! select_standing {
        ($and:literal) => {
            concat!(
                "select id, room_id, starts_at, ends_at, people from booking
                where centre_id = $1 and starts_at > $2 and starts_at < $3 and ends_at > $4
                and state in ('requested', 'confirmed')",
                $and
            )
        };
    }
    let values = |from: i64, until: i64| {
        let centre = (&known.centre.id).into();
        [centre, reach(from).into(), until.into(), from.into()]
    };
    let Touched::Rooms(rooms) = touched else {
        let all = select_standing!(" order by starts_at, id");
        return Ok(tx.all(all, &values(from, until))?);
    };
    let slots = || rooms.values().flatten();
    let (Some(first), Some(last)) = (
        slots().map(|slot| slot.start()).min(),
        slots().map(|slot| slot.end()).max(),
    ) else {
        return Ok(Vec::new());
    };
    // Where the clocks change at midnight, its hour is skipped, or the one before it comes twice.
    let first = from.max(known.zone.utc_or_next(first) - CLOCKS);
    let last = until.min(known.zone.utc_or_next(last) + CLOCKS);
    Ok(tx.all_in(
        select_standing!(" and room_id in ($ids) order by starts_at, id"),
        &values(first, last),
        rooms.keys(),
    )?)
}

fn read_standing(row: &Row, (before, after): (&Zone, &Zone)) -> Result<Option<Standing>, Fail> {
    let (from, until): (i64, i64) = (row.get("starts_at")?, row.get("ends_at")?);
    let slot = |zone: &Zone| Slot::new(zone.stamp(from).local, zone.stamp(until).local);
    let (Some(before), Some(after)) = (slot(before), slot(after)) else {
        return Ok(None);
    };
    Ok(Some(Standing {
        booking: row.get("id")?,
        room: row.get("room_id")?,
        before,
        after,
        people: row.get("people")?,
    }))
}

impl Planned<'_> {
    fn house(&self) -> Premises<'_> {
        Premises {
            centre: self.centre,
            closures: self.closures,
        }
    }
}

/// What takes the rooms on the days of some bookings, without those that leave where they are: their room and start.
pub(crate) fn read_taken(
    tx: &mut Tx<'_>,
    (call, known): (&Call, &Known),
    days: impl Iterator<Item = Date>,
    leaving: &BTreeSet<(RoomId, LocalTime)>,
) -> Result<Vec<Occupied>, Fail> {
    let mut taken = Vec::new();
    for day in days.collect::<BTreeSet<_>>() {
        taken.extend(list_taken(tx, known, day.whole(), call.now())?);
    }
    taken.retain(|one| {
        one.by == Occupation::Closed || !leaving.contains(&(one.room.clone(), one.start.local))
    });
    Ok(taken)
}

/// What takes the rooms on the days of hit bookings, without them.
pub(crate) fn read_taken_beside(
    tx: &mut Tx<'_>,
    (call, known): (&Call, &Known),
    hits: &[Hit],
) -> Result<Vec<Occupied>, Fail> {
    let looked = hits.get(..MOST_LOOKED).unwrap_or(hits);
    let days = looked.iter().map(|hit| hit.booking.after.start().date());
    let leaving = hits
        .iter()
        .map(|hit| (hit.booking.room.clone(), hit.booking.after.start()));
    read_taken(tx, (call, known), days, &leaving.collect())
}

/// The hits as staff see them: whose, who must be told, and where they could go. `taken` is what else takes the rooms then.
pub(crate) fn describe(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    planned: Planned<'_>,
    hits: &[Hit],
    taken: &[Occupied],
) -> Result<Vec<HitCard>, Fail> {
    let ids = || hits.iter().map(|hit| hit.booking.booking.as_str());
    let centre = &known.centre.id;
    let rows = tx.all_in(
        select_bookings!("where b.centre_id = $1 and b.id in ($ids)"),
        &[centre.into()],
        ids(),
    )?;
    let mut bookings: HashMap<BookingId, Booking> = HashMap::with_capacity(rows.len());
    for row in &rows {
        let Found { booking, .. } = read_row(tx, call, row)?;
        bookings.insert(booking.id.clone(), booking);
    }
    let signed_up = count_by_booking(
        tx,
        "select s.booking_id, count(*) as n from activity_session s
        join sign_up u on u.centre_id = s.centre_id and u.list_id = s.list_id
        where s.centre_id = $1 and u.state in ('confirmed', 'offered', 'waitlisted')
        and s.booking_id in ($ids) group by s.booking_id",
        &[centre.into()],
        ids(),
    )?;
    let to_tell = count_to_tell(tx, call, centre, ids())?;
    let looked = hits.get(..MOST_LOOKED).unwrap_or(hits);
    let now = planned.zone.stamp(call.now()).local;
    let now_here = planned.was.stamp(call.now()).local;
    let places = consequence::places(&known.centre, planned.house(), taken, looked, now);
    let mut places = places.into_iter();
    let cards = hits.iter().filter_map(|hit| {
        let mut places = places.next().unwrap_or_default();
        let id = &hit.booking.booking;
        let booking = bookings.remove(id)?;
        let wanted = Place {
            room: hit.booking.room.clone(),
            start: hit.booking.after.start(),
        };
        // Another zone sends nobody anywhere: the sentence for it says both times.
        let stays = matches!(hit.why, Outside::OtherTime { .. })
            || (wanted.room == booking.room && wanted.start == booking.start.local);
        // Where it already stands is no other place.
        places.retain(|place| {
            (&place.room, place.start) != (&booking.room, booking.start.local) || stays
        });
        Some(HitCard {
            booking,
            why: hit.why.clone(),
            sent: (!stays).then_some(wanted),
            places,
            begun: hit.booking.before.start() <= now_here,
            signed_up: signed_up.get(id).copied().unwrap_or_default(),
            to_tell: to_tell.get(id).copied().unwrap_or_default(),
        })
    });
    Ok(cards.collect())
}

/// How many people of bookings read no messages on a device: each is told once.
pub(crate) fn count_all_to_tell<'a>(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    ids: impl Iterator<Item = &'a str> + Clone,
) -> Result<u16, Fail> {
    let rows = list_to_tell(tx, call, centre, ids)?;
    let readers = rows.iter().map(|row| Ok(row.get::<String>("reader")?));
    let readers = readers.collect::<Result<BTreeSet<_>, Fail>>()?;
    Ok(u16::try_from(readers.len()).unwrap_or(u16::MAX))
}

/// Of how many people of each booking nobody reads messages on a device.
fn count_to_tell<'a>(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    ids: impl Iterator<Item = &'a str> + Clone,
) -> Result<HashMap<BookingId, u16>, Fail> {
    let mut counts = HashMap::new();
    for row in list_to_tell(tx, call, centre, ids)? {
        *counts.entry(row.get("booking_id")?).or_default() += 1;
    }
    Ok(counts)
}

/// The people of bookings who read no messages on a device, each once a booking.
fn list_to_tell<'a>(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    ids: impl Iterator<Item = &'a str> + Clone,
) -> Result<Vec<Row>, Fail> {
    Ok(tx.all_in(
        concat!(
            "select x.booking_id, x.reader from (
                select b.id as booking_id, b.beneficiary_id as reader from booking b
                where b.centre_id = $1 and b.id in ($ids)
                union select s.booking_id, ",
            reader!(),
            " as reader from activity_session s
                join sign_up u on u.centre_id = s.centre_id and u.list_id = s.list_id
                join person p on p.id = u.person_id
                where s.centre_id = $1 and u.state in ('confirmed', 'offered', 'waitlisted') and s.booking_id in ($ids)
            ) x
            where not exists (select 1 from session n where n.person_id = x.reader and n.expires_at > $2)"
        ),
        &[centre.into(), call.now().into()],
        ids,
    )?)
}

fn count_by_booking<'a>(
    tx: &mut Tx<'_>,
    sql: &str,
    values: &[Value],
    ids: impl Iterator<Item = &'a str>,
) -> Result<HashMap<BookingId, u16>, Fail> {
    let rows = tx.all_in(sql, values, ids)?;
    rows.iter()
        .map(|row| {
            let count: i64 = row.get("n")?;
            Ok((
                row.get("booking_id")?,
                u16::try_from(count).unwrap_or(u16::MAX),
            ))
        })
        .collect()
}

/// Whether each hit is decided, once, and can be had.
pub(crate) fn check(
    call: &Call,
    planned: Planned<'_>,
    hits: &[Hit],
    decisions: &[HitDecision],
) -> Result<(), Unfit> {
    let hit = |id: &BookingId| hits.iter().find(|hit| hit.booking.booking == *id);
    let ids = |which: Vec<&HitDecision>| which.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    let not_hit: Vec<_> = decisions
        .iter()
        .filter(|one| hit(&one.id).is_none())
        .collect();
    if !not_hit.is_empty() {
        return Err(Unfit::NotHit(ids(not_hit)));
    }
    let decided: BTreeSet<&BookingId> = decisions.iter().map(|one| &one.id).collect();
    if hits
        .iter()
        .any(|hit| !decided.contains(&hit.booking.booking))
    {
        return Err(Unfit::Undecided);
    }
    let mut seen = BTreeSet::new();
    let twice: Vec<_> = decisions
        .iter()
        .filter(|one| !seen.insert(&one.id))
        .collect();
    if !twice.is_empty() {
        return Err(Unfit::DecidedTwice(ids(twice)));
    }
    let possible = |one: &&HitDecision| match (hit(&one.id), &one.what) {
        (Some(hit), Remedy::Keep) => hit.why != Outside::RoomGone,
        (Some(hit), Remedy::Move { room, start }) => {
            can_move(call, planned, &hit.booking, (room, *start))
        }
        _ => true,
    };
    let impossible: Vec<_> = decisions.iter().filter(|one| !possible(one)).collect();
    match impossible.is_empty() {
        true => Ok(()),
        false => Err(Unfit::NotPossible(ids(impossible))),
    }
}

/// True where a booking could be at another place and time. Whether somebody else has the floor then is asked of the
/// database, once all decisions are carried out.
fn can_move(
    call: &Call,
    planned: Planned<'_>,
    booking: &Standing,
    (room, start): (&RoomId, LocalTime),
) -> bool {
    let zone = planned.zone;
    let slot = Slot::lasting(start, booking.after.minutes());
    let is_there = zone.utc(slot.start()).is_some() && zone.utc(slot.end()).is_some();
    let begun = booking.before.start() <= planned.was.stamp(call.now()).local;
    is_there
        && !begun
        && zone.range(slot).0 > call.now()
        && planned
            .house()
            .outside(room, slot, booking.people)
            .is_none()
}

/// What a change did to bookings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Done {
    /// The revision of the description before, if it was changed.
    #[serde(default)]
    pub(crate) revision: Option<i64>,
    pub(crate) moved: Vec<Was>,
    pub(crate) cancelled: Vec<Was>,
    /// What somebody kept in spite of it.
    #[serde(default)]
    pub(crate) kept: Vec<BookingId>,
    /// Who lost a place.
    #[serde(default)]
    pub(crate) displaced: Vec<SignUpId>,
    /// Two records that were made one.
    #[serde(default)]
    pub(crate) merged: Option<Merge>,
}

/// Carries out what was decided, and tells those whom it concerns. Where moved bookings take floor is left to the caller.
pub(crate) fn carry_out(
    tx: &mut Tx<'_>,
    call: &Call,
    planned: Planned<'_>,
    hits: &[Hit],
    decisions: &[HitDecision],
    displaced: &[SignUpId],
) -> Result<Done, Fail> {
    let centre = &planned.centre.id;
    let mut done = Done::default();
    for one in decisions {
        match &one.what {
            Remedy::Keep => done.kept.push(one.id.clone()),
            Remedy::Move { room, start } => {
                let Some(hit) = hits.iter().find(|hit| hit.booking.booking == one.id) else {
                    continue;
                };
                let to = Target {
                    room: room.clone(),
                    slot: Slot::lasting(*start, hit.booking.after.minutes()),
                    people: hit.booking.people,
                    displaced: displaced.to_vec(),
                };
                done.moved.push(send(tx, call, planned, &one.id, &to)?);
            }
            Remedy::Cancel { reason } => {
                let before = read_stood(tx, centre, &one.id)?;
                let reason = typed("reason", reason, MOST_TEXT, true)?;
                booking::end::cancel_by_change(tx, call, (centre, &one.id), &reason)?;
                done.cancelled.push(was(tx, centre, &one.id, before)?);
            }
        }
    }
    Ok(done)
}

/// Sends a booking to a room and time, for so many people, and tells those whom it concerns.
pub(crate) fn send(
    tx: &mut Tx<'_>,
    call: &Call,
    planned: Planned<'_>,
    id: &BookingId,
    to: &Target,
) -> Result<Was, Fail> {
    let centre = &planned.centre.id;
    let before = read_stood(tx, centre, id)?;
    booking::end::move_by_change(tx, call, (planned.centre, id), planned.zone, to)?;
    was(tx, centre, id, before)
}

/// Why bookings take their floor anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Because {
    /// They were changed.
    Changed,
    /// They stand again as they did: in what is out of use, too, where somebody had decided so.
    Restored,
}

/// Changed and restored bookings take the floor where they are now: all of them leave what they had before. Refuses where somebody
/// else has it; requests that can no longer be had are declined, and told.
pub(crate) fn take_floor(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    bookings: &[Was],
    because: Because,
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    for was in bookings {
        release(tx, centre, &was.booking)?;
    }
    for was in bookings {
        let id = &was.booking;
        let found = find(tx, call, centre, id)?;
        if found.booking.state != BookingState::Confirmed {
            continue;
        }
        let (slot, room) = (found.booking.slot(), &found.booking.room);
        let buffers = (found.before, found.after);
        let there = known.centre.room(room).ok_or(Problem::NotFound)?;
        let own: Vec<&PersonId> = [&found.beneficiary]
            .into_iter()
            .chain(&call.actor.person)
            .collect();
        // As it stands: what is on its way elsewhere frees nothing for those who wait, until all of it is done.
        let line = read_floor(tx, (call, known), there, slot, (buffers, &own))?;
        let stays = because == Because::Restored || was.is_in_place();
        let clash = line.clash(slot, buffers.0, buffers.1);
        if let Some(why) = clash.filter(|why| !stays || matches!(why, Why::Taken { .. })) {
            return Err(Fail::Problem(Problem::Refused {
                refusal: Refusal::clash(why, buffers.0 + buffers.1),
                changed: false,
                date: Some(slot.start().date()),
            }));
        }
        take(tx, known, id, room, slot, found.before, found.after)?;
        withdraw_offers(tx, call, known, (room, slot))?;
    }
    decline_rivals(tx, call, known, bookings)
}

/// Requests for the floor that bookings were sent to are declined, and told.
pub(crate) fn decline_rivals(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    bookings: &[Was],
) -> Result<(), Fail> {
    let stands_anew = |was: &&Was| !was.is_in_place() || !was.after.state.is_live();
    for was in bookings.iter().filter(stands_anew) {
        let found = find(tx, call, &known.centre.id, &was.booking)?;
        decline_outbid(tx, call, known, &found)?;
    }
    Ok(())
}

/// Writes down what was done, so that it can be undone.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (&CentreId, &ConsequenceId),
    done: &Done,
) -> Result<(), Fail> {
    tx.exec(
        "insert into consequence (centre_id, id, made_ms, actor_id, done) values ($1, $2, $3, $4, $5)",
        &[
            centre.into(),
            id.into(),
            call.now_ms.into(),
            call.actor.person.as_ref().map(PersonId::as_str).into(),
            serde_json::to_string(done).unwrap_or_default().into(),
        ],
    )?;
    Ok(())
}
