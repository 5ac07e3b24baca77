//! What counts when somebody asks for more: their bookings, those of their household, and no-shows.

use domain::{
    booking::{
        admission::{History, Own},
        series::Place,
    },
    id::{CentreId, PersonId},
    time::Slot,
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        booking::rows::list_no_shows,
        call::Call,
        centre::known::{Known, reach},
    },
};

/// What counts when the person asks for `slot`: their bookings, as far as quotas ask, and no-shows. A club's sessions are the club's.
pub(crate) fn read_history(
    tx: &mut Tx<'_>,
    known: &Known,
    person: &PersonId,
    slot: Slot,
    now: i64,
) -> Result<History, Fail> {
    let date = slot.start().date();
    let (year, month, _) = date.ymd();
    let first = domain::time::Date::new(year, month, 1).unwrap_or(date);
    let from = known
        .zone
        .utc_or_next(first.min(date.monday()).at(0))
        .min(now);
    let mut household = Vec::new();
    if known.centre.rules.count_households() {
        let others = tx.all(
            "select o.id from person p join person o on o.household_id = p.household_id and o.id <> p.id where p.id = $1",
            &[person.into()],
        )?;
        for other in &others {
            household.extend(read_own(tx, known, &other.get("id")?, from)?);
        }
    }
    Ok(History {
        own: read_own(tx, known, person, from)?,
        household,
        no_shows: list_no_shows(tx, known, person, now)?,
    })
}

/// [`domain::api::GetHouseholdUse`].
///
/// # Errors
/// For a visitor.
pub fn list_household_use(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
) -> Result<Vec<Place>, Fail> {
    let person = call.person()?.clone();
    let known = call.centres.get(tx, &centre)?;
    let today = known.zone.stamp(call.now()).local.date();
    let history = read_history(tx, &known, &person, today.whole(), call.now())?;
    let place = |own: Own| Place {
        room: own.room,
        start: own.slot.start(),
        end: own.slot.end(),
    };
    Ok(history.household.into_iter().map(place).collect())
}

/// The bookings of somebody at a centre that count in quotas, from a moment in seconds UTC on.
fn read_own(
    tx: &mut Tx<'_>,
    known: &Known,
    person: &PersonId,
    from: i64,
) -> Result<Vec<Own>, Fail> {
    let rows = tx.all(
        "select id, room_id, starts_at, ends_at from booking
        where beneficiary_id = $1 and starts_at > $2 and centre_id = $3 and state in ('requested', 'confirmed')
        and title_zh is null",
        &[person.into(), reach(from).into(), (&known.centre.id).into()],
    )?;
    let mut own = Vec::with_capacity(rows.len());
    for row in &rows {
        let start = known.zone.stamp(row.get("starts_at")?).local;
        let end = known.zone.stamp(row.get("ends_at")?).local;
        if let Some(slot) = Slot::new(start, end) {
            own.push(Own {
                booking: row.get("id")?,
                room: row.get("room_id")?,
                slot,
            });
        }
    }
    Ok(own)
}
