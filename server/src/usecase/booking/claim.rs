//! Claims on slots that are not booked: holds, offers, places in line. Read, and let go.

use domain::{
    centre::availability::{Occupation, Occupied},
    id::{CentreId, PersonId, RoomId, WaitId},
    time::{DAY, Slot},
};

use crate::{
    db::{Fail, Row, Tx},
    usecase::{
        call::Call,
        centre::known::{Known, reach, tell},
    },
};

/// What somebody has or wants of a slot that is not booked: a hold, an offer, a place in line.
pub(crate) struct Claim {
    /// Of a place in line, or of an offer.
    pub(crate) wait: Option<WaitId>,
    pub(crate) room: RoomId,
    pub(crate) slot: Slot,
    /// When it starts and ends, in seconds UTC.
    pub(crate) times: (i64, i64),
    pub(crate) people: u16,
    /// For whom it is.
    pub(crate) person: PersonId,
    /// Who has the form open.
    pub(crate) holder: PersonId,
    /// Until when it keeps the slot, in seconds UTC; none for a place in line, which keeps nothing.
    pub(crate) until: Option<i64>,
    /// Its place in line.
    line: i64,
}

impl Claim {
    /// True where it keeps the slot for somebody else than these.
    pub(crate) fn keeps_from(&self, own: &[&PersonId], now: i64) -> bool {
        self.until.is_some_and(|until| until > now)
            && !own.contains(&&self.person)
            && !own.contains(&&self.holder)
    }

    /// As it stands in the occupancy of its room.
    pub(crate) fn occupied(&self, known: &Known) -> Option<Occupied> {
        let until = known.zone.stamp(self.until?).local;
        let room = known.centre.room(&self.room)?;
        let rules = known.centre.rules_of(room);
        Some(Occupied {
            room: self.room.clone(),
            start: known.zone.stamp(self.times.0),
            end: known.zone.stamp(self.times.1),
            before: rules.buffer_before,
            after: rules.buffer_after,
            by: Occupation::Held { until },
            title: None,
            activity: None,
            left: None,
        })
    }
}

/// All claims on slots that overlap `range`, with a day around it for set-up and clearing away, in the order of their line; holds
/// that are over are left out.
pub(crate) fn list_claims(
    tx: &mut Tx<'_>,
    known: &Known,
    range: Slot,
    now: i64,
) -> Result<Vec<Claim>, Fail> {
    let (from, until) = known.zone.range(range);
    let rows = tx.all(
        "select '' as id, room_id, starts_at, ends_at, 0 as people, person_id, holder_id, until_at, 0 as line
        from hold where centre_id = $1 and until_at > $5 and starts_at < $4 and starts_at > $2 and ends_at > $3
        union all
        select id, room_id, starts_at, ends_at, people, person_id, person_id as holder_id, offer_until as until_at, line
        from slot_wait where centre_id = $1 and line is not null and starts_at < $4 and starts_at > $2 and ends_at > $3",
        &[
            (&known.centre.id).into(),
            reach(from - DAY * 60).into(),
            (from - DAY * 60).into(),
            (until + DAY * 60).into(),
            now.into(),
        ],
    )?;
    let mut claims = Vec::with_capacity(rows.len());
    for row in &rows {
        claims.extend(read_claim(known, row)?);
    }
    claims.sort_by(|one, other| (one.line, &one.wait).cmp(&(other.line, &other.wait)));
    Ok(claims)
}

fn read_claim(known: &Known, row: &Row) -> Result<Option<Claim>, Fail> {
    let id: String = row.get("id")?;
    let times = (row.get("starts_at")?, row.get("ends_at")?);
    let local = |utc| known.zone.stamp(utc).local;
    let Some(slot) = Slot::new(local(times.0), local(times.1)) else {
        return Ok(None);
    };
    Ok(Some(Claim {
        wait: (!id.is_empty()).then(|| WaitId::new(id)),
        room: row.get("room_id")?,
        slot,
        times,
        people: row.get("people")?,
        person: row.get("person_id")?,
        holder: row.get("holder_id")?,
        until: row.get("until_at")?,
        line: row.get("line")?,
    }))
}

/// Lets go what somebody holds, at whatever centre.
pub(crate) fn release_all(tx: &mut Tx<'_>, call: &Call, holder: &PersonId) -> Result<(), Fail> {
    let held = tx.all(
        "select centre_id, starts_at, ends_at from hold where holder_id = $1 and until_at > $2",
        &[holder.into(), call.now().into()],
    )?;
    for row in &held {
        let known = call.centres.get(tx, &row.get::<CentreId>("centre_id")?)?;
        tell(tx, &known, row.get("starts_at")?, row.get("ends_at")?);
    }
    if !held.is_empty() {
        tx.exec(
            "update hold set until_at = $2, ended = 1 where holder_id = $1 and until_at > $2",
            &[holder.into(), call.now().into()],
        )?;
    }
    Ok(())
}
