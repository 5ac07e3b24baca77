//! One walk along the bookings of some days, which counts all that they tell: a year of them is long.

use std::collections::HashSet;

use domain::{
    booking::BookingState,
    figures::{Booked, BookedByRoom},
    id::PersonId,
    person::behalf::Channel,
    time::{DAY, Date, Slot},
};

use crate::{
    db::{Fail, Fault, Row, Tx},
    usecase::{
        call::Call,
        centre::known::{Known, reach},
    },
};

/// Some days in seconds UTC.
#[derive(Clone, Copy)]
pub(super) struct Span {
    /// Their first moment.
    pub(super) starts: i64,
    /// The first moment after them.
    pub(super) ends: i64,
    /// What ends from here on is not over, or not within them: it is no visit yet.
    pub(super) over: i64,
}

impl Span {
    pub(super) fn of(known: &Known, call: &Call, (from, until): (Date, Date)) -> Self {
        let ends = known.zone.utc_or_next(until.plus(1).at(0));
        Self {
            starts: known.zone.utc_or_next(from.at(0)),
            ends,
            over: ends.min(call.now() + 1),
        }
    }
}

/// Some days on the wall; the first alone where there are none.
pub(super) fn cover_days((from, until): (Date, Date)) -> Slot {
    Slot::lasting(from.at(0), (until.days() - from.days() + 1) * DAY)
}

/// What the bookings of some days tell.
#[derive(Default)]
pub(super) struct Walk {
    /// Bookings by people for themselves that took place.
    pub(super) bookings: u32,
    /// Sessions that did.
    pub(super) sessions: u32,
    /// The people of those bookings.
    pub(super) visits: u32,
    /// Bookings to which nobody came, and that were not excused.
    pub(super) no_shows: u32,
    /// By which way bookings by people came, whether they took place or not.
    pub(super) ways: Vec<(Channel, u32)>,
    /// What was booked, also what only reaches into those days, or is not over.
    pub(super) booked: BookedByRoom,
    /// For whom the bookings were that took place.
    pub(super) people: HashSet<PersonId>,
}

/// Walks along the bookings of some days; there may be none.
pub(super) fn walk(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (from, until): (Date, Date),
) -> Result<Walk, Fail> {
    let mut walk = Walk {
        ways: Channel::ALL.map(|way| (way, 0)).to_vec(),
        ..Walk::default()
    };
    if until < from {
        return Ok(walk);
    }
    let span = Span::of(known, call, (from, until));
    tx.each(
        "select room_id, starts_at, ends_at, people, channel, state, beneficiary_id, coalesce(excused, 0) as excused,
            case when title_zh is null then 0 else 1 end as session
        from booking where centre_id = $1 and starts_at > $2 and starts_at < $3 and ends_at > $4 and state <> 'undone'",
        &[
            (&known.centre.id).into(),
            reach(span.starts).into(),
            span.ends.into(),
            span.starts.into(),
        ],
        |row| walk.count(known, span, row),
    )?;
    Ok(walk)
}

impl Walk {
    fn count(&mut self, known: &Known, span: Span, row: &Row) -> Result<(), Fault> {
        let (starts, ends): (i64, i64) = (row.get("starts_at")?, row.get("ends_at")?);
        let state = row.get::<BookingState>("state")?;
        let session: bool = row.get("session")?;
        if state == BookingState::Confirmed {
            self.note_booked(known, row.text("room_id")?, (starts, ends), session);
        }
        if starts < span.starts {
            return Ok(());
        }
        if !session {
            let way = row.get::<Channel>("channel")?;
            if let Some((_, count)) = self.ways.iter_mut().find(|(one, _)| *one == way) {
                *count += 1;
            }
        }
        if ends >= span.over {
            return Ok(());
        }
        match (state, session) {
            (BookingState::Confirmed, true) => self.sessions += 1,
            (BookingState::Confirmed, false) => {
                self.bookings += 1;
                self.visits = self.visits.saturating_add(row.get("people")?);
                let person = row.text("beneficiary_id")?;
                if !self.people.contains(person) {
                    self.people.insert(PersonId::from(person));
                }
            }
            (BookingState::Released, _) => self.no_shows += u32::from(!row.get::<bool>("excused")?),
            _ => {}
        }
        Ok(())
    }

    fn note_booked(
        &mut self,
        known: &Known,
        room: &str,
        (starts, ends): (i64, i64),
        session: bool,
    ) {
        let local = |utc| known.zone.stamp(utc).local;
        let Some(slot) = Slot::new(local(starts), local(ends)) else {
            return;
        };
        let one = Booked { slot, session };
        match self.booked.get_mut(room) {
            Some(there) => there.push(one),
            None => {
                self.booked.insert(room.into(), vec![one]);
            }
        }
    }
}
