//! How sign-ups are stored and read.

use std::collections::BTreeMap;

use domain::{
    activity::Per,
    booking::{BookingState, undo_until},
    id::{ActivityId, CentreId, PersonId, RoomId, SignUpId},
    language::Name,
    person::behalf::Channel,
    problem::Problem,
    sign_up::{SignUp, SignUpState},
};

use crate::{
    db::{Fail, Row, Tx, Value},
    usecase::{
        call::{Call, by_start},
        centre::known::Known,
    },
};

/// A room's name, also when it is no longer there.
pub(crate) fn room_name(known: &Known, room: &RoomId) -> Name {
    known.centre.room(room).map_or_else(
        || Name::new(room.as_str(), room.as_str()),
        |room| room.name.clone(),
    )
}

/// A sign-up about to be stored.
pub(crate) struct NewRow<'a> {
    pub(crate) id: SignUpId,
    pub(crate) list: &'a str,
    pub(crate) activity: &'a ActivityId,
    pub(crate) person: &'a PersonId,
    pub(crate) actor: &'a PersonId,
    pub(crate) guardian: &'a PersonId,
    pub(crate) channel: Channel,
    pub(crate) state: SignUpState,
    pub(crate) party: i64,
    pub(crate) seq: i64,
    pub(crate) made_at: i64,
}

/// Stores sign-ups; the list's counts are the caller's.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    sign_ups: &[NewRow<'_>],
) -> Result<(), Fail> {
    let row = |new: &NewRow<'_>| {
        vec![
            centre.into(),
            (&new.id).into(),
            new.list.into(),
            new.activity.into(),
            new.person.into(),
            new.actor.into(),
            new.guardian.into(),
            new.channel.code().into(),
            new.state.code().into(),
            new.party.into(),
            new.seq.into(),
            0_i64.into(),
            new.made_at.into(),
        ]
    };
    let rows: Vec<Vec<Value>> = sign_ups.iter().map(row).collect();
    Ok(tx.insert_all(
        "insert into sign_up (centre_id, id, list_id, activity_id, person_id, actor_id, guardian_id, channel, state,
            party, seq, passes, made_at)",
        &rows,
    )?)
}

macro_rules! select_sign_ups {
    ($position:literal, $rest:literal) => {
        concat!(
            "select u.id as sign_up_id, u.centre_id, u.activity_id, a.title_zh, a.title_en, a.per, s.id as session_id, b.starts_at, b.ends_at, b.room_id,
            b.state as booking_state, u.person_id, ",
            crate::usecase::person::called!(),
            " as name, u.state, u.offer_until, u.channel, u.made_at, u.guardian_id, u.party, u.list_id, ",
            $position,
            " as position from sign_up u
            join activity a on a.centre_id = u.centre_id and a.id = u.activity_id
            join activity_session s on s.centre_id = u.centre_id and s.activity_id = u.activity_id and s.list_id = u.list_id
            join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
            join person p on p.id = u.person_id ",
            $rest
        )
    };
}
pub(crate) use select_sign_ups;

/// A sign-up with what only the server needs.
pub(crate) struct Found {
    pub(crate) sign_up: SignUp,
    pub(crate) guardian: PersonId,
    pub(crate) party: i64,
    pub(crate) list: String,
}

/// Puts rows together: a course has several sessions, of which the next one is shown.
pub(crate) fn read_rows(
    tx: &mut Tx<'_>,
    call: &Call,
    mut rows: Vec<Row>,
) -> Result<Vec<Found>, Fail> {
    by_start(&mut rows)?;
    let mut order = Vec::new();
    let mut by_id: BTreeMap<String, Found> = BTreeMap::new();
    for row in &rows {
        let id: String = row.get("sign_up_id")?;
        let known = call.centres.get(tx, &row.get::<CentreId>("centre_id")?)?;
        let ends: i64 = row.get("ends_at")?;
        let (start, end) = (
            known.zone.stamp(row.get("starts_at")?),
            known.zone.stamp(ends),
        );
        let room = row.get::<RoomId>("room_id")?;
        let room_name = room_name(&known, &room);
        let booking = row.get::<BookingState>("booking_state")?;
        let called_off = !booking.is_live();
        if let Some(one) = by_id.get_mut(&id) {
            let shown = &mut one.sign_up;
            // Rows come in order of start: the first that has not ended and takes place stays.
            if shown.end.utc() <= call.now() || shown.called_off {
                (shown.start, shown.end, shown.room_name, shown.called_off) =
                    (start, end, room_name, called_off);
            }
            continue;
        }
        let made = known.zone.stamp(row.get("made_at")?);
        let per = row.get::<Per>("per")?;
        let session = (per == Per::Session)
            .then(|| row.get("session_id"))
            .transpose()?;
        let state = row.get("state")?;
        let position: Option<i64> = row.get("position")?;
        let sign_up = SignUp {
            id: SignUpId::new(id.clone()),
            centre: known.centre.id.clone(),
            activity: row.get("activity_id")?,
            title: Name::new(
                row.get::<String>("title_zh")?,
                row.get::<String>("title_en")?,
            ),
            session,
            start,
            end,
            room_name,
            person: row.get("person_id")?,
            name: row.get("name")?,
            state,
            position: position.and_then(|n| u16::try_from(n).ok()),
            offer_until: row
                .get::<Option<i64>>("offer_until")?
                .map(|until| known.zone.stamp(until)),
            called_off,
            channel: row.get("channel")?,
            made,
            undo_until: known.zone.stamp(undo_until(row.get("made_at")?)),
        };
        order.push(id.clone());
        by_id.insert(
            id,
            Found {
                sign_up,
                guardian: row.get("guardian_id")?,
                party: row.get("party")?,
                list: row.get("list_id")?,
            },
        );
    }
    Ok(order.iter().filter_map(|id| by_id.remove(id)).collect())
}

pub(crate) fn find(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &SignUpId,
) -> Result<Found, Fail> {
    let rows = tx.all(
        select_sign_ups!("null", "where u.centre_id = $1 and u.id = $2"),
        &[centre.into(), id.into()],
    )?;
    let found = read_rows(tx, call, rows)?.pop();
    Ok(found.ok_or(Problem::NotFound)?)
}

pub(crate) fn set_state(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &SignUpId,
    state: SignUpState,
) -> Result<(), Fail> {
    tx.exec(
        "update sign_up set state = $3, offer_until = null, ended_at = $4 where centre_id = $1 and id = $2",
        &[
            centre.into(),
            id.into(),
            state.code().into(),
            (!state.is_live()).then(|| call.now()).into(),
        ],
    )?;
    Ok(())
}
