//! What a sign-up is for, and what people have at that time already.

use std::collections::HashMap;

use domain::{
    activity::{Audience, Per},
    booking::{BookingState, undo_until},
    id::{ActivityId, ActivitySessionId, CentreId, PersonId, RoomId, SignUpId},
    language::Name,
    person::{behalf::Channel, household::Member},
    sign_up::{
        SignUp, SignUpState,
        admission::{Candidate, Terms},
        refusal::SignUpRefusal,
    },
    time::Slot,
};

use crate::{
    db::{Fail, Row, Tx},
    usecase::{
        call::Call,
        centre::known::{Known, reach},
        sign_up::rows::room_name,
    },
};

/// What a sign-up is for.
pub(crate) struct Aim {
    pub(crate) terms: Terms,
    pub(crate) title: Name,
    pub(crate) session: Option<ActivitySessionId>,
    pub(crate) list: String,
    /// The end of the first session, and its room.
    pub(crate) first: (i64, RoomId),
    pub(crate) from: i64,
    pub(crate) until: i64,
}

impl Aim {
    /// A sign-up for it that has just been made, as it would be read back.
    pub(crate) fn signed_up(
        &self,
        call: &Call,
        known: &Known,
        (id, activity): (SignUpId, &ActivityId),
        member: &Member,
        (state, channel): (SignUpState, Channel),
    ) -> SignUp {
        let made = known.zone.stamp(call.now());
        let (end, room) = &self.first;
        SignUp {
            id,
            centre: known.centre.id.clone(),
            activity: activity.clone(),
            title: self.title.clone(),
            session: self.session.clone(),
            start: known.zone.stamp(self.from),
            end: known.zone.stamp(*end),
            room_name: room_name(known, room),
            person: member.id.clone(),
            name: member.name.clone(),
            state,
            position: None,
            offer_until: None,
            called_off: false,
            channel,
            made,
            undo_until: known.zone.stamp(undo_until(call.now())),
        }
    }
}

pub(crate) fn read_aim(
    tx: &mut Tx<'_>,
    known: &Known,
    activity: &ActivityId,
    session: Option<&ActivitySessionId>,
) -> Result<Aim, Fail> {
    let rows = tx.all(
        "select a.per, a.from_age, a.to_age, s.list_id, b.starts_at, b.ends_at, b.state, a.title_zh, a.title_en,
            b.room_id
        from activity_session s
        join activity a on a.centre_id = s.centre_id and a.id = s.activity_id
        join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
        where s.centre_id = $1 and s.activity_id = $2 and (s.id = $3 or $3 = '')
        and b.state in ('requested', 'confirmed')",
        &[
            (&known.centre.id).into(),
            activity.into(),
            session.map_or("", ActivitySessionId::as_str).into(),
        ],
    )?;
    let mut sessions = Vec::new();
    let mut list = None;
    let mut audience = Audience::default();
    let mut title = Name::default();
    let mut first = (0, RoomId::default());
    let (mut from, mut until) = (i64::MAX, i64::MIN);
    for row in &rows {
        let per = row.get::<Per>("per")?;
        if (per == Per::Session) != session.is_some() {
            continue;
        }
        if row.get::<String>("state")? != BookingState::Confirmed.code() {
            return Err(SignUpRefusal::NotOn.into());
        }
        let (starts, ends): (i64, i64) = (row.get("starts_at")?, row.get("ends_at")?);
        if starts < from {
            first = (ends, row.get::<RoomId>("room_id")?);
        }
        (from, until) = (from.min(starts), until.max(ends));
        let local = |utc| known.zone.stamp(utc).local;
        sessions.extend(Slot::new(local(starts), local(ends)));
        audience = Audience {
            from_age: row.get("from_age")?,
            to_age: row.get("to_age")?,
        };
        list = Some(row.get::<String>("list_id")?);
        title = Name::new(
            row.get::<String>("title_zh")?,
            row.get::<String>("title_en")?,
        );
    }
    sessions.sort_unstable();
    match list {
        Some(list) => Ok(Aim {
            terms: Terms { audience, sessions },
            title,
            session: session.cloned(),
            list,
            first,
            from,
            until,
        }),
        // Called off, of another activity, or not to be had in this way.
        None => Err(SignUpRefusal::NotOn.into()),
    }
}

/// What somebody has at the times of some sessions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    /// They are on that very list.
    pub(crate) already: bool,
    /// What else they booked or signed up for.
    pub(crate) busy: Vec<(Slot, Name)>,
}

impl Taken {
    /// Somebody as the rules of signing up see them.
    pub(crate) fn candidate(&self, member: &Member, consent: bool) -> Candidate {
        Candidate {
            name: member.name.clone(),
            birth: member.birth,
            already: self.already,
            busy: self.busy.clone(),
            consent,
        }
    }
}

/// What people booked, and what they signed up for, while the sessions take place; those who have nothing are not in it.
pub(crate) fn read_taken<'a>(
    tx: &mut Tx<'_>,
    (call, known): (&Call, &Known),
    aim: &Aim,
    people: impl IntoIterator<Item = &'a PersonId>,
) -> Result<HashMap<PersonId, Taken>, Fail> {
    let slot = |row: &Row| -> Result<Option<Slot>, Fail> {
        let local = |utc| known.zone.stamp(utc).local;
        Ok(Slot::new(
            local(row.get("starts_at")?),
            local(row.get("ends_at")?),
        ))
    };
    let rows = tx.all_in(
        "select beneficiary_id as person_id, starts_at, ends_at, room_id as what, centre_id as also, '' as list_id, state
        from booking
        where beneficiary_id in ($ids) and starts_at > $1 and starts_at < $2 and state = 'confirmed' and title_zh is null
        union all
        select u.person_id, b.starts_at, b.ends_at, a.title_zh, a.title_en, u.list_id, u.state from sign_up u
        join activity_session s on s.centre_id = u.centre_id and s.activity_id = u.activity_id and s.list_id = u.list_id
        join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
        join activity a on a.centre_id = u.centre_id and a.id = u.activity_id
        where u.person_id in ($ids) and u.state in ('confirmed', 'waitlisted', 'offered')
        and b.state = 'confirmed' and b.starts_at > $1 and b.starts_at < $2",
        &[reach(aim.from).into(), aim.until.into()],
        people,
    )?;
    let mut all: HashMap<PersonId, Taken> = HashMap::new();
    for row in &rows {
        let list: String = row.get("list_id")?;
        let what = match list.as_str() {
            "" => {
                // It may be at another house.
                let there = row.get::<CentreId>("also")?;
                let there = call.centres.get(tx, &there)?;
                room_name(&there, &row.get::<RoomId>("what")?)
            }
            _ => Name::new(row.get::<String>("what")?, row.get::<String>("also")?),
        };
        let taken = all.entry(row.get("person_id")?).or_default();
        if list == aim.list {
            taken.already = true;
        } else if row.get::<String>("state")? != SignUpState::Waitlisted.code() {
            // Whoever waits for something else may still get this.
            taken.busy.extend(slot(row)?.map(|slot| (slot, what)));
        }
    }
    Ok(all)
}
