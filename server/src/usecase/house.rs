//! The house as its staff see it.

use domain::{
    api::{House, HouseSession, ToTell},
    attendance::missed,
    id::{ActivityId, ActivitySessionId, CentreId, RoomId},
    inbox::{Letter, News},
    permission,
    text::Name,
    time::Date,
};

use super::{
    Call,
    attendance::session_counts,
    booking::{bookings, select_bookings},
    centre::{Known, reach},
    inbox,
};
use crate::db::{Fail, Tx};

/// [`domain::api::GetHouse`].
///
/// # Errors
/// For everybody but the centre's staff.
pub fn get(tx: &mut Tx<'_>, call: &Call, (centre, day): (CentreId, Date)) -> Result<House, Fail> {
    call.need(permission::may_see_house(&call.actor, &centre))?;
    let known = call.centres.get(tx, &centre)?;
    let (from, until) = known.zone.range(day.whole());
    let today = tx.all(
        select_bookings!(
            "where b.centre_id = $1 and b.starts_at > $2 and b.starts_at < $3 and b.ends_at > $4
            and b.state in ('requested', 'confirmed') order by b.starts_at, b.id"
        ),
        &[
            (&centre).into(),
            reach(from).into(),
            until.into(),
            from.into(),
        ],
    )?;
    let waiting = tx.all(
        select_bookings!(
            "where b.centre_id = $1 and b.starts_at > $2 and b.ends_at > $3 and b.state = 'requested'
            order by b.starts_at, b.id limit 200"
        ),
        &[(&centre).into(), reach(call.now()).into(), call.now().into()],
    )?;
    Ok(House {
        now: known.zone.stamp(call.now()),
        bookings: bookings(tx, call, &today)?,
        requests: bookings(tx, call, &waiting)?,
        sessions: sessions(tx, call, &known, (from, until))?,
        to_tell: to_tell(tx, call, &known)?,
    })
}

/// The sessions of a day with who is expected, who came and who did not.
fn sessions(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (from, until): (i64, i64),
) -> Result<Vec<HouseSession>, Fail> {
    let centre = &known.centre.id;
    let rows = tx.all(
        session_counts!(
            "select s.id, a.id, a.title_zh, a.title_en, b.room_id, b.starts_at, b.ends_at, l.places, l.waiting,",
            "from booking b
        join activity_session s on s.centre_id = b.centre_id and s.booking_id = b.id
        join activity a on a.centre_id = s.centre_id and a.id = s.activity_id
        join place_list l on l.centre_id = s.centre_id and l.id = s.list_id
        where b.centre_id = $1 and b.starts_at >= $2 and b.starts_at < $3 and b.state = 'confirmed'
        order by b.starts_at, b.id"
        ),
        &[centre.into(), from.into(), until.into()],
    )?;
    rows.iter()
        .map(|row| {
            let end = known.zone.stamp(row.get(6)?);
            let (signed_up, came, away, noted): (u16, u16, u16, u16) =
                (row.get(9)?, row.get(10)?, row.get(11)?, row.get(12)?);
            Ok(HouseSession {
                session: ActivitySessionId::new(row.get::<String>(0)?),
                activity: ActivityId::new(row.get::<String>(1)?),
                title: Name::new(row.get::<String>(2)?, row.get::<String>(3)?),
                room: RoomId::new(row.get::<String>(4)?),
                start: known.zone.stamp(row.get(5)?),
                end,
                places: row.get(7)?,
                waiting: row.get(8)?,
                signed_up,
                came,
                missed: missed(signed_up, away, noted, end.utc() <= call.now()),
            })
        })
        .collect()
}

/// Letters of the last two weeks to people who are signed in nowhere: somebody must call them. The newest come first, and an
/// offer that is over need not be told.
fn to_tell(tx: &mut Tx<'_>, call: &Call, known: &Known) -> Result<Vec<ToTell>, Fail> {
    let centre = &known.centre.id;
    let rows = tx.all(
        "select p.id, p.name, p.phone, p.birth, l.id, l.centre_id, l.news, l.sent_ms, l.read_at
        from letter l join person p on p.id = l.person_id
        where l.read_at is null and l.centre_id = $1 and l.sent_ms > $2
        and not exists (select 1 from session s where s.person_id = l.person_id and s.expires_at > $3)
        order by l.sent_ms desc, l.id desc limit 50",
        &[
            centre.into(),
            (call.now_ms - 14 * 86_400_000).into(),
            call.now().into(),
        ],
    )?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let person = super::people::person_row(row)?;
        let letter = inbox::letter(tx, call, row, 4)?;
        let now = known.zone.stamp(call.now()).local;
        let stands =
            |letter: &Letter| !matches!(&letter.news, News::Offer { until, .. } if *until <= now);
        let letter = letter.filter(stands);
        all.extend(letter.map(|letter| ToTell { letter, person }));
    }
    Ok(all)
}
