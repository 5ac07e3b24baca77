//! Signing up, withdrawing, and answering offers. Whatever changes who holds a place does so under the lock of its list
//! (`place_list.rs`), which counts: no place is given twice, and nobody is overtaken.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    activity::{Audience, Per},
    api::{Answer, Behalf, NewSignUp},
    audit::{Act, Subject},
    booking::{BookingState, Channel, UNDO_MINUTES},
    household::{CONSENT_VERSION, MOST_MEMBERS, Member},
    id::{ActivityId, ActivitySessionId, CentreId, PersonId, RoomId, SignUpId},
    permission,
    problem::{Problem, TextFault},
    sign_up::{self, Candidate, Placing, SignUp, SignUpRefusal, SignUpState, Terms, needs_consent},
    text::Name,
    time::Slot,
};

use super::{
    Call,
    audit::{Note, of_sign_up},
    by_start,
    centre::{Known, reach, tell},
    family::{self, Belonging},
    people,
    place_list::{List, list_id, settle},
};
use crate::{
    clock,
    db::{Fail, Row, Tx},
};

/// What a sign-up is for.
struct Aim {
    terms: Terms,
    title: Name,
    session: Option<ActivitySessionId>,
    list: String,
    /// The end of the first session, and its room.
    first: (i64, RoomId),
    from: i64,
    until: i64,
}

impl Aim {
    /// A sign-up for it that has just been made, as it would be read back.
    fn signed_up(
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
            undo_until: known.zone.stamp(made.utc() + i64::from(UNDO_MINUTES) * 60),
        }
    }
}

/// A room's name, also when it is no longer there.
fn room_name(known: &Known, room: &RoomId) -> Name {
    known.centre.room(room).map_or_else(
        || Name::new(room.as_str(), room.as_str()),
        |room| room.name.clone(),
    )
}

fn aim(
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
        let per = Per::from_code(&row.get::<String>(0)?).unwrap_or_default();
        if (per == Per::Session) != session.is_some() {
            continue;
        }
        if row.get::<String>(6)? != BookingState::Confirmed.code() {
            return Err(SignUpRefusal::NotOn.into());
        }
        let (starts, ends): (i64, i64) = (row.get(4)?, row.get(5)?);
        if starts < from {
            first = (ends, RoomId::new(row.get::<String>(9)?));
        }
        (from, until) = (from.min(starts), until.max(ends));
        let local = |utc| known.zone.stamp(utc).local;
        sessions.extend(Slot::new(local(starts), local(ends)));
        let age = |column| -> Result<Option<u8>, Fail> {
            Ok(row
                .get::<Option<i64>>(column)?
                .and_then(|age| u8::try_from(age).ok()))
        };
        audience = Audience {
            from_age: age(1)?,
            to_age: age(2)?,
        };
        list = Some(row.get::<String>(3)?);
        title = Name::new(row.get::<String>(7)?, row.get::<String>(8)?);
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

fn candidate(
    tx: &mut Tx<'_>,
    known: &Known,
    aim: &Aim,
    member: &Member,
    consent: bool,
) -> Result<Candidate, Fail> {
    let slot = |row: &Row| -> Result<Option<Slot>, Fail> {
        let local = |utc| known.zone.stamp(utc).local;
        Ok(Slot::new(local(row.get(0)?), local(row.get(1)?)))
    };
    // What they booked, and what they signed up for, while the sessions take place.
    let rows = tx.all(
        "select starts_at, ends_at, room_id, '', '', state from booking
        where beneficiary_id = $1 and starts_at > $2 and starts_at < $3 and state = 'confirmed' and title_zh is null
        union all
        select b.starts_at, b.ends_at, a.title_zh, a.title_en, u.list_id, u.state from sign_up u
        join activity_session s on s.centre_id = u.centre_id and s.activity_id = u.activity_id and s.list_id = u.list_id
        join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
        join activity a on a.centre_id = u.centre_id and a.id = u.activity_id
        where u.person_id = $1 and u.state in ('confirmed', 'waitlisted', 'offered')
        and b.state = 'confirmed' and b.starts_at > $2 and b.starts_at < $3",
        &[
            (&member.id).into(),
            reach(aim.from).into(),
            aim.until.into(),
        ],
    )?;
    let (mut busy, mut already) = (Vec::new(), false);
    for row in &rows {
        let list: String = row.get(4)?;
        let what = match list.as_str() {
            "" => {
                let room = known.centre.room(&RoomId::new(row.get::<String>(2)?));
                room.map_or_else(Name::default, |room| room.name.clone())
            }
            _ => Name::new(row.get::<String>(2)?, row.get::<String>(3)?),
        };
        if list == aim.list {
            already = true;
        } else if row.get::<String>(5)? != SignUpState::Waitlisted.code() {
            // Whoever waits for something else may still get this.
            busy.extend(slot(row)?.map(|slot| (slot, what)));
        }
    }
    Ok(Candidate {
        name: member.name.clone(),
        birth: member.birth,
        already,
        busy,
        consent,
    })
}

/// [`domain::api::SignUpFor`].
///
/// # Errors
/// The rule that stands against one of them: then nobody is signed up.
pub fn sign_up(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, activity): (CentreId, ActivityId),
    new: NewSignUp,
) -> Result<Vec<SignUp>, Fail> {
    let me = call.person()?.clone();
    let Behalf { person, channel } = people::beneficiary(tx, call, &centre, new.behalf)?;
    let known = call.centres.hold(tx, &centre)?;
    let wanted: BTreeSet<PersonId> = new.people.iter().cloned().collect();
    if wanted.is_empty() || wanted.len() > MOST_MEMBERS {
        return Err(Problem::field("people", TextFault::OutOfRange).into());
    }
    // Always in the same order, before any list.
    let mut people = Vec::with_capacity(wanted.len());
    for one in &wanted {
        let found = Belonging::locked(tx, one)?;
        people.push(found.ok_or(Problem::NotAllowed)?);
    }
    let asks = match people.iter().find(|one| one.member.id == person) {
        Some(own) => own.clone(),
        None => Belonging::of(tx, &person)?,
    };
    if !people.iter().all(|one| asks.may_sign_up(one)) {
        return Err(Problem::NotAllowed.into());
    }
    people.sort_by_key(|one| new.people.iter().position(|id| *id == one.member.id));
    let people: Vec<&Member> = people.iter().map(|one| &one.member).collect();
    // The list first: what is read under its lock cannot be called off meanwhile.
    let id = list_id(&activity, new.session.as_ref());
    let mut list = List::lock(tx, &centre, id).map_err(|fail| match fail {
        Fail::Problem(Problem::NotFound) => SignUpRefusal::NotOn.into(),
        other => other,
    })?;
    let aim = aim(tx, &known, &activity, new.session.as_ref())?;
    settle(tx, call, &known, &mut list)?;
    let now = known.zone.stamp(call.now()).local;
    // A child does not agree for another.
    let agrees = !asks.member.is_child(now.date()) && new.consent == Some(CONSENT_VERSION);
    for member in &people {
        let candidate = candidate(tx, &known, &aim, member, agrees)?;
        sign_up::admit(&aim.terms, &candidate, now)?;
    }
    let party = u16::try_from(people.len()).unwrap_or(u16::MAX);
    let placing = sign_up::place(list.left(), list.waiting, party, new.wait)?;
    let state = match placing {
        Placing::Confirmed => SignUpState::Confirmed,
        Placing::Waitlisted => SignUpState::Waitlisted,
    };
    let (first, ahead) = (list.next, list.waiting);
    let subject = Subject {
        what: Some(aim.title.clone()),
        start: aim.terms.sessions.first().map(|slot| slot.start()),
        reason: String::new(),
        path: format!("/activities/{centre}/{activity}"),
    };
    let mut ids = Vec::with_capacity(people.len());
    for (member, seq) in people.iter().zip(first..) {
        let id = SignUpId::new(clock::new_id(call.now_ms));
        let row = NewRow {
            id: &id,
            list: &list.id,
            activity: &activity,
            person: &member.id,
            actor: &me,
            guardian: &person,
            channel,
            state,
            party: first,
            seq,
            made_at: call.now(),
        };
        insert(tx, &centre, &row)?;
        if needs_consent(member.birth, now.date()) {
            agree(tx, call, &centre, &member.id, (&person, channel))?;
        }
        let note = Note::at(Act::signing(state), &centre).of(&member.id);
        note.by(channel).about(subject.clone()).write(tx, call)?;
        ids.push(id);
    }
    list.next += i64::from(party);
    match placing {
        Placing::Confirmed => list.taken += party,
        Placing::Waitlisted => list.waiting += party,
    }
    // What was too little for a party in front may be enough for this one.
    let goes_on = list.left() > 0 && list.waiting > 0;
    if goes_on {
        settle(tx, call, &known, &mut list)?;
    }
    list.save(tx, &centre)?;
    tell(tx, &known, aim.from, aim.until);
    let mut made = Vec::with_capacity(ids.len());
    for ((id, member), number) in ids.into_iter().zip(people).zip(1..) {
        let mut one = match goes_on {
            true => find(tx, call, &centre, &id)?.sign_up,
            false => aim.signed_up(call, &known, (id, &activity), member, (state, channel)),
        };
        one.position = (one.state == SignUpState::Waitlisted).then_some(ahead + number);
        made.push(one);
    }
    Ok(made)
}

/// A sign-up about to be stored.
pub(crate) struct NewRow<'a> {
    pub(crate) id: &'a SignUpId,
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

/// Stores a sign-up; the list's counts are the caller's.
pub(crate) fn insert(tx: &mut Tx<'_>, centre: &CentreId, new: &NewRow<'_>) -> Result<(), Fail> {
    tx.exec(
        "insert into sign_up (centre_id, id, list_id, activity_id, person_id, actor_id, guardian_id, channel, state,
            party, seq, passes, made_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12)",
        &[
            centre.into(),
            new.id.into(),
            new.list.into(),
            new.activity.into(),
            new.person.into(),
            new.actor.into(),
            new.guardian.into(),
            new.channel.code().into(),
            new.state.code().into(),
            new.party.into(),
            new.seq.into(),
            new.made_at.into(),
        ],
    )?;
    Ok(())
}

/// Keeps what a guardian agreed to, once for each version of the text; by word of mouth, staff heard it.
fn agree(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    child: &PersonId,
    (guardian, channel): (&PersonId, Channel),
) -> Result<(), Fail> {
    let version = i64::from(CONSENT_VERSION);
    let known = tx.opt(
        "select 1 from consent where person_id = $1 and version = $2 and guardian_id = $3",
        &[child.into(), version.into(), guardian.into()],
    )?;
    if known.is_some() {
        return Ok(());
    }
    tx.exec(
        "insert into consent (id, person_id, guardian_id, version, given_at, actor_id, channel)
        values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            clock::new_id(call.now_ms).into(),
            child.into(),
            guardian.into(),
            version.into(),
            call.now().into(),
            call.person()?.into(),
            channel.code().into(),
        ],
    )?;
    let note = Note::at(Act::ConsentGiven, centre).of(child);
    note.by(channel).write(tx, call)
}

macro_rules! select_sign_ups {
    ($position:literal, $rest:literal) => {
        concat!(
            "select u.id, u.centre_id, u.activity_id, a.title_zh, a.title_en, a.per, s.id, b.starts_at, b.ends_at, b.room_id,
            b.state, u.person_id, p.name, u.state, u.offer_until, u.channel, u.made_at, u.guardian_id, u.party, u.list_id, ",
            $position,
            " from sign_up u
            join activity a on a.centre_id = u.centre_id and a.id = u.activity_id
            join activity_session s on s.centre_id = u.centre_id and s.activity_id = u.activity_id and s.list_id = u.list_id
            join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
            join person p on p.id = u.person_id ",
            $rest
        )
    };
}

/// A sign-up with what only the server needs.
struct Found {
    sign_up: SignUp,
    guardian: PersonId,
    party: i64,
    list: String,
}

/// Puts rows together: a course has several sessions, of which the next one is shown.
fn found(tx: &mut Tx<'_>, call: &Call, mut rows: Vec<Row>) -> Result<Vec<Found>, Fail> {
    by_start(&mut rows, 7)?;
    let mut order = Vec::new();
    let mut by_id: BTreeMap<String, Found> = BTreeMap::new();
    for row in &rows {
        let id: String = row.get(0)?;
        let known = call
            .centres
            .get(tx, &CentreId::new(row.get::<String>(1)?))?;
        let ends: i64 = row.get(8)?;
        let (start, end) = (known.zone.stamp(row.get(7)?), known.zone.stamp(ends));
        let room = RoomId::new(row.get::<String>(9)?);
        let room_name = room_name(&known, &room);
        let booking = BookingState::from_code(&row.get::<String>(10)?);
        let called_off = !booking.is_some_and(BookingState::is_live);
        if let Some(one) = by_id.get_mut(&id) {
            let shown = &mut one.sign_up;
            // Rows come in order of start: the first that has not ended and takes place stays.
            if shown.end.utc() <= call.now() || shown.called_off {
                (shown.start, shown.end, shown.room_name, shown.called_off) =
                    (start, end, room_name, called_off);
            }
            continue;
        }
        let made = known.zone.stamp(row.get(16)?);
        let per = Per::from_code(&row.get::<String>(5)?).unwrap_or_default();
        let session = (per == Per::Session)
            .then(|| row.get::<String>(6))
            .transpose()?;
        let state =
            SignUpState::from_code(&row.get::<String>(13)?).unwrap_or(SignUpState::Withdrawn);
        let position: Option<i64> = row.get(20)?;
        let sign_up = SignUp {
            id: SignUpId::new(id.clone()),
            centre: known.centre.id.clone(),
            activity: ActivityId::new(row.get::<String>(2)?),
            title: Name::new(row.get::<String>(3)?, row.get::<String>(4)?),
            session: session.map(ActivitySessionId::new),
            start,
            end,
            room_name,
            person: PersonId::new(row.get::<String>(11)?),
            name: row.get(12)?,
            state,
            position: position.and_then(|n| u16::try_from(n).ok()),
            offer_until: row
                .get::<Option<i64>>(14)?
                .map(|until| known.zone.stamp(until)),
            called_off,
            channel: Channel::from_code(&row.get::<String>(15)?).unwrap_or(Channel::App),
            made,
            undo_until: known.zone.stamp(made.utc() + i64::from(UNDO_MINUTES) * 60),
        };
        order.push(id.clone());
        by_id.insert(
            id,
            Found {
                sign_up,
                guardian: PersonId::new(row.get::<String>(17)?),
                party: row.get(18)?,
                list: row.get(19)?,
            },
        );
    }
    Ok(order.iter().filter_map(|id| by_id.remove(id)).collect())
}

fn find(tx: &mut Tx<'_>, call: &Call, centre: &CentreId, id: &SignUpId) -> Result<Found, Fail> {
    let rows = tx.all(
        select_sign_ups!("null", "where u.centre_id = $1 and u.id = $2"),
        &[centre.into(), id.into()],
    )?;
    let found = found(tx, call, rows)?.pop();
    Ok(found.ok_or(Problem::NotFound)?)
}

/// A sign-up that the caller may see and change, under the lock of its list, brought up to the present. For others there
/// is none.
fn look_up(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    id: &SignUpId,
) -> Result<(Found, List), Fail> {
    let me = call.person()?;
    let centre = &known.centre.id;
    let first = find(tx, call, centre, id)?;
    let shared = tx.opt(
        "select 1 from person a join person b on b.household_id = a.household_id where a.id = $1 and b.id = $2",
        &[me.into(), (&first.sign_up.person).into()],
    )?;
    let may = permission::may_see_sign_up(
        &call.actor,
        centre,
        &first.sign_up.person,
        &first.guardian,
        shared.is_some(),
    );
    if !may {
        return Err(Problem::NotFound.into());
    }
    let mut list = List::lock(tx, centre, &first.list)?;
    settle(tx, call, known, &mut list)?;
    list.save(tx, centre)?;
    Ok((find(tx, call, centre, id)?, list))
}

/// Moves a sign-up to a state in which it holds nothing, and gives its place to the next.
fn end(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (found, mut list): (Found, List),
    state: SignUpState,
) -> Result<SignUp, Fail> {
    let centre = &known.centre.id;
    set_state(tx, call, centre, &found.sign_up.id, state)?;
    note(tx, call, Act::signing(state), &found, &found.sign_up.person)?;
    list.leave(found.sign_up.state);
    settle(tx, call, known, &mut list)?;
    list.save(tx, centre)?;
    tell(
        tx,
        known,
        found.sign_up.start.utc(),
        found.sign_up.end.utc(),
    );
    Ok(find(tx, call, centre, &found.sign_up.id)?.sign_up)
}

/// What a household does with its own sign-ups comes by the app, also when one of them is staff.
fn note(
    tx: &mut Tx<'_>,
    call: &Call,
    act: Act,
    found: &Found,
    person: &PersonId,
) -> Result<(), Fail> {
    let note = Note::at(act, &found.sign_up.centre)
        .of(person)
        .about(of_sign_up(&found.sign_up));
    let own = call.actor.person.as_ref() == Some(&found.guardian);
    match own {
        true => note.by(Channel::App).write(tx, call),
        false => note.write(tx, call),
    }
}

fn set_state(
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

/// [`domain::api::UndoSignUp`].
///
/// # Errors
/// When the ten minutes are over, or it has ended.
pub fn undo(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, SignUpId),
    (): (),
) -> Result<SignUp, Fail> {
    let known = call.centres.hold(tx, &centre)?;
    let (found, list) = look_up(tx, call, &known, &id)?;
    let now = known.zone.stamp(call.now()).local;
    sign_up::undo(found.sign_up.state, found.sign_up.made.local, now)?;
    end(tx, call, &known, (found, list), SignUpState::Undone)
}

/// [`domain::api::Withdraw`].
///
/// # Errors
/// When it has begun or ended.
pub fn withdraw(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, SignUpId),
    (): (),
) -> Result<SignUp, Fail> {
    let known = call.centres.hold(tx, &centre)?;
    let (found, list) = look_up(tx, call, &known, &id)?;
    let now = known.zone.stamp(call.now()).local;
    sign_up::withdraw(found.sign_up.state, found.sign_up.start.local, now)?;
    end(tx, call, &known, (found, list), SignUpState::Withdrawn)
}

/// [`domain::api::AnswerOffer`].
///
/// # Errors
/// When the deadline is over: the place is somebody else's then.
pub fn answer(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, SignUpId),
    body: Answer,
) -> Result<Vec<SignUp>, Fail> {
    let known = call.centres.hold(tx, &centre)?;
    // People before lists, always.
    let people = tx.all(
        "select person_id from sign_up where centre_id = $1 and (list_id, party) in
            (select list_id, party from sign_up where centre_id = $1 and id = $2) order by person_id",
        &[(&centre).into(), (&id).into()],
    )?;
    for person in &people {
        tx.lock(
            "select 1 from person where id = $1 for no key update",
            &[person.get::<String>(0)?.into()],
        )?;
    }
    let (found, mut list) = look_up(tx, call, &known, &id)?;
    if found.sign_up.state != SignUpState::Offered {
        return Err(SignUpRefusal::OfferOver.into());
    }
    let party = tx.all(
        "select id, person_id from sign_up where centre_id = $1 and list_id = $2 and state = 'offered' and party = $3 order by seq",
        &[
            (&centre).into(),
            list.id.as_str().into(),
            found.party.into(),
        ],
    )?;
    let state = if body.accept {
        SignUpState::Confirmed
    } else {
        SignUpState::Declined
    };
    if body.accept {
        // Whoever waited may have found something else for that time.
        let aim = aim(
            tx,
            &known,
            &found.sign_up.activity,
            found.sign_up.session.as_ref(),
        )?;
        let now = known.zone.stamp(call.now()).local;
        for row in &party {
            let member = family::member_of(tx, &PersonId::new(row.get::<String>(1)?))?;
            let candidate = Candidate {
                already: false,
                ..candidate(tx, &known, &aim, &member, true)?
            };
            sign_up::admit(&aim.terms, &candidate, now)?;
        }
    }
    let mut ids = Vec::with_capacity(party.len());
    for row in &party {
        let id = SignUpId::new(row.get::<String>(0)?);
        set_state(tx, call, &centre, &id, state)?;
        let act = match body.accept {
            true => Act::OfferTaken,
            false => Act::OfferLeft,
        };
        note(tx, call, act, &found, &PersonId::new(row.get::<String>(1)?))?;
        if !body.accept {
            list.leave(SignUpState::Offered);
        }
        ids.push(id);
    }
    settle(tx, call, &known, &mut list)?;
    list.save(tx, &centre)?;
    tell(
        tx,
        &known,
        found.sign_up.start.utc(),
        found.sign_up.end.utc(),
    );
    ids.iter()
        .map(|id| Ok(find(tx, call, &centre, id)?.sign_up))
        .collect()
}

/// [`domain::api::ListMySignUps`].
///
/// # Errors
/// For a visitor.
pub fn list_mine(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<SignUp>, Fail> {
    let me = call.person()?.clone();
    list_of_family(tx, call, &me)
}

/// The sign-ups of somebody's household, those to come first.
pub(super) fn list_of_family(
    tx: &mut Tx<'_>,
    call: &Call,
    person: &PersonId,
) -> Result<Vec<SignUp>, Fail> {
    let since = call.now() - 60 * 86_400;
    let mut all = Vec::new();
    for member in family::members(tx, person)? {
        let rows = tx.all(
            select_sign_ups!(
                "case when u.state = 'waitlisted' then (select count(*) from sign_up w where w.centre_id = u.centre_id
                    and w.list_id = u.list_id and w.state = 'waitlisted' and w.seq <= u.seq) end",
                "where u.person_id = $1 and (u.made_at > $2 or b.ends_at > $2) and u.state <> 'undone'"
            ),
            &[(&member.id).into(), since.into()],
        )?;
        all.extend(found(tx, call, rows)?);
    }
    let now = call.now();
    all.sort_by_key(|one| {
        let (start, end) = (one.sign_up.start.utc(), one.sign_up.end.utc());
        let past = end <= now;
        (past, if past { -start } else { start })
    });
    Ok(all.into_iter().map(|one| one.sign_up).collect())
}

/// Gives up all places, and places in line, that somebody has and that have not begun.
pub(super) fn give_up_all(tx: &mut Tx<'_>, call: &Call, person: &PersonId) -> Result<(), Fail> {
    let rows = tx.all(
        "select centre_id, id from sign_up where person_id = $1 and state in ('confirmed', 'waitlisted', 'offered')
        order by centre_id, list_id",
        &[person.into()],
    )?;
    for row in rows {
        let path = (
            CentreId::new(row.get::<String>(0)?),
            SignUpId::new(row.get::<String>(1)?),
        );
        match withdraw(tx, call, path, ()) {
            // What has begun or ended stays as it is.
            Ok(_) | Err(Fail::Problem(Problem::NotSignedUp { .. })) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}
