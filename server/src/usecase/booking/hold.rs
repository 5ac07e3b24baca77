//! Holds: a slot kept for a few minutes for whoever has the form open.

use domain::{
    api::{Hold, WantedSlot},
    booking::{
        admission::{Admission, Ask},
        waitlist::{HELD, HELD_AGAIN, MOST_HOLDS},
    },
    centre::room::Room,
    id::{CentreId, PersonId, RoomId},
    problem::Problem,
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        booking::{
            book::admit,
            claim::{list_claims, release_all},
            floor::lock,
            history::read_history,
            waitlist::read_wanted,
        },
        call::Call,
        centre::known::{Known, tell},
        person::attempt::{self, Limit},
    },
};

/// [`domain::api::HoldSlot`]. What was held before is let go.
///
/// # Errors
/// For a visitor, and where a field cannot be meant. What cannot be booked at once is not held, and that is no error.
pub fn hold(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
    wanted: WantedSlot,
) -> Result<Hold, Fail> {
    let me = call.person()?.clone();
    let known = call.centres.hold(tx, &centre)?;
    let (behalf, ask) = read_wanted(tx, call, &known, &wanted)?;
    let room = known.centre.room(&ask.room).ok_or(Problem::NotFound)?;
    let limit = Limit {
        most: MOST_HOLDS,
        window: HELD_AGAIN,
    };
    attempt::count(tx, &format!("hold {me}"), limit, call.now())?;
    lock(tx, &known, None, &ask.room)?;
    release_all(tx, call, &me)?;
    let until = find_end(tx, call, &known, (&me, room), &ask)?;
    // For what others wait it is not for the form to keep them out.
    let claims = list_claims(tx, &known, ask.slot, call.now())?;
    let is_awaited = claims.iter().any(|one| one.wait.is_some());
    if until <= call.now() || is_awaited {
        return Ok(Hold { until: None });
    }
    let history = read_history(tx, &known, &behalf.person, ask.slot, call.now())?;
    let decided = admit(tx, call, &known, room, (&behalf.person, &ask), &history)?;
    if !matches!(decided, Ok((Admission::Confirmed, _))) {
        return Ok(Hold { until: None });
    }
    let (from, end) = known.zone.range(ask.slot);
    tx.exec(
        "insert into hold (holder_id, centre_id, room_id, starts_at, ends_at, person_id, made_at, until_at, ended)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 0)
        on conflict (holder_id, centre_id, room_id, starts_at, ends_at) do update
        set person_id = excluded.person_id, until_at = excluded.until_at, ended = 0,
            made_at = case when hold.made_at > $9 then hold.made_at else excluded.made_at end",
        &[
            (&me).into(),
            (&centre).into(),
            (&ask.room).into(),
            from.into(),
            end.into(),
            (&behalf.person).into(),
            call.now().into(),
            until.into(),
            (call.now() - HELD_AGAIN).into(),
        ],
    )?;
    tell(tx, &known, from, end);
    Ok(Hold {
        until: Some(known.zone.stamp(until)),
    })
}

/// Until when somebody may hold a slot, in seconds UTC: counted from when they first held any of that floor and time.
fn find_end(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (me, room): (&PersonId, &Room),
    ask: &Ask,
) -> Result<i64, Fail> {
    // What is held beside it keeps it from others as well, where it must be set up or cleared away.
    let rules = known.centre.rules_of(room);
    let around = rules.buffer_before + rules.buffer_after;
    let (from, until) = known.zone.range(ask.slot.padded(around, around));
    let rows = tx.all(
        "select room_id, made_at from hold where holder_id = $1 and centre_id = $2 and made_at > $3 and starts_at < $5
        and ends_at > $4",
        &[
            me.into(),
            (&known.centre.id).into(),
            (call.now() - HELD_AGAIN).into(),
            from.into(),
            until.into(),
        ],
    )?;
    let sharing = known.centre.sharing(&ask.room);
    let mut first = call.now();
    for row in &rows {
        if sharing.contains(&&row.get::<RoomId>("room_id")?) {
            first = first.min(row.get("made_at")?);
        }
    }
    Ok(first + HELD)
}

/// [`domain::api::ReleaseSlot`].
///
/// # Errors
/// For a visitor.
pub fn release(tx: &mut Tx<'_>, call: &Call, centre: CentreId, (): ()) -> Result<(), Fail> {
    let me = call.person()?.clone();
    call.centres.get(tx, &centre)?;
    release_all(tx, call, &me)
}

/// When the next hold ends, in seconds UTC.
///
/// # Errors
/// When the database fails.
pub fn find_next_end(tx: &mut Tx<'_>) -> Result<Option<i64>, Fail> {
    let sql = "select min(until_at) as due from hold where ended = 0";
    Ok(tx.one(sql, &[])?.get("due")?)
}

/// A hold that is over: its holder, its centre, when its slot starts and ends.
type Ended = (PersonId, CentreId, i64, i64);

/// The holds that are over without that open pages were told.
///
/// # Errors
/// When the database fails.
pub fn list_ended(tx: &mut Tx<'_>, now: i64) -> Result<Vec<Ended>, Fail> {
    let rows = tx.all(
        "select holder_id, centre_id, starts_at, ends_at from hold where ended = 0 and until_at <= $1 limit 100",
        &[now.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok((
                row.get("holder_id")?,
                row.get("centre_id")?,
                row.get("starts_at")?,
                row.get("ends_at")?,
            ))
        })
        .collect()
}

/// Tells open pages that a hold is over. Decisions do not wait for it: they look at the clock.
///
/// # Errors
/// When the database fails.
pub fn settle_ended(
    tx: &mut Tx<'_>,
    call: &Call,
    (holder, centre, from, until): &Ended,
) -> Result<(), Fail> {
    let known = call.centres.get(tx, centre)?;
    tx.exec(
        "update hold set ended = 1 where holder_id = $1 and centre_id = $2 and ended = 0 and until_at <= $3",
        &[holder.into(), centre.into(), call.now().into()],
    )?;
    call.unchanged();
    tell(tx, &known, *from, *until);
    Ok(())
}

/// Forgets holds that matter to nobody any more.
pub(crate) fn forget_old(tx: &mut Tx<'_>, now: i64) -> Result<(), Fail> {
    tx.exec(
        "delete from hold where made_at < $1 and ended = 1",
        &[(now - HELD_AGAIN).into()],
    )?;
    Ok(())
}
