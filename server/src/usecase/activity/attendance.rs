//! Attendance: the sheet of a session, marks, walk-ins.

use domain::{
    activity::attendance::{Mark, NEAR, Sheet, SheetRow},
    api::{NewMark, WalkIn},
    audit::{Act, Subject},
    id::{ActivityId, ActivitySessionId, CentreId, PersonId},
    language::{Lang, Name},
    page::Page,
    person::{age::AGE_OF_CONSENT, behalf::Channel, household::CONSENT_VERSION, permission},
    problem::{Problem, TextFault, typed},
    sign_up::refusal::SignUpRefusal,
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        activity,
        audit::Note,
        call::Call,
        centre::known::tell,
        person::{self, MOST_NAME, NewPerson, behalf, called, household},
        sign_up::{
            consent::Consent,
            place_list::{self, reader},
        },
    },
};

/// Of a session `s`: who has a place, who came, who was noted as away, and who of those with a place was noted at all. The
/// states are named twice, because only so the database finds the sign-ups of a list without reading all of the centre.
macro_rules! session_counts {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " (select count(*) from sign_up u where u.centre_id = s.centre_id and u.list_id = s.list_id
                and u.state in ('confirmed', 'waitlisted', 'offered') and u.state = 'confirmed') as signed_up,
            (select count(*) from attendance t where t.centre_id = s.centre_id and t.session_id = s.id
                and t.mark <> 'away') as came,
            (select count(*) from attendance t where t.centre_id = s.centre_id and t.session_id = s.id
                and t.mark = 'away') as away,
            (select count(*) from attendance t where t.centre_id = s.centre_id and t.session_id = s.id
                and t.walk_in = 0) as noted ",
            $after
        )
    };
}
pub(crate) use session_counts;

/// [`domain::api::GetSheet`]. A look at those who have a guardian stands in the audit log.
///
/// # Errors
/// For everybody but those who run the activity, and staff.
pub fn open(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, session): (CentreId, ActivitySessionId),
) -> Result<Sheet, Fail> {
    let sheet = get(tx, call, (centre.clone(), session))?;
    if sheet.rows.iter().any(|row| row.guardian.is_some()) {
        let note = Note::at(Act::SheetSeen, &centre);
        note.about(describe(&centre, &sheet)).write_look(tx, call)?;
    }
    Ok(sheet)
}

/// What an act about a sheet is about.
fn describe(centre: &CentreId, sheet: &Sheet) -> Subject {
    Subject {
        what: Some(sheet.title.clone()),
        start: Some(sheet.start.local),
        reason: String::new(),
        path: Page::Attendance(centre.clone(), sheet.session.clone()).path(),
    }
}

fn get(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, session): (CentreId, ActivitySessionId),
) -> Result<Sheet, Fail> {
    let known = call.centres.get(tx, &centre)?;
    let row = tx.opt(
        "select a.id, a.title_zh, a.title_en, a.pick_up, b.starts_at, b.ends_at, l.places, s.list_id, l.waiting, a.to_age
        from activity_session s
        join activity a on a.centre_id = s.centre_id and a.id = s.activity_id
        join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
        join place_list l on l.centre_id = s.centre_id and l.id = s.list_id
        where s.centre_id = $1 and s.id = $2",
        &[(&centre).into(), (&session).into()],
    )?;
    call.person()?;
    let row = row.ok_or(Problem::NotFound)?;
    let activity = row.get::<ActivityId>("id")?;
    activity::rows::need_to_run(tx, call, &centre, &activity)?;
    let (starts, ends): (i64, i64) = (row.get("starts_at")?, row.get("ends_at")?);
    let near = (starts - NEAR..ends + NEAR).contains(&call.now());
    if !near && !permission::may_see_desk(&call.actor, &centre) {
        return Err(Problem::NotAllowed.into());
    }
    let list: String = row.get("list_id")?;
    let signed_up = tx.all(
        concat!(
            "select p.id, ",
            called!(),
            " as name, p.phone, case when g.id <> p.id then g.name end as guardian_name, g.phone as guardian_phone,
            t.mark, t.marked_at, t.fetched_by, cast(0 as bigint) as walk_in
        from sign_up u
        join person p on p.id = u.person_id
        join person g on g.id = ",
            reader!(),
            " left join attendance t on t.centre_id = u.centre_id and t.session_id = $3 and t.person_id = u.person_id
        where u.centre_id = $1 and u.list_id = $2 and u.state in ('confirmed', 'waitlisted', 'offered')
        and u.state = 'confirmed' order by u.seq"
        ),
        &[(&centre).into(), list.as_str().into(), (&session).into()],
    )?;
    let walked_in = tx.all(
        "select p.id, t.name, p.phone,
            g.name as guardian_name, g.phone as guardian_phone, t.mark, t.marked_at, t.fetched_by, cast(1 as bigint) as walk_in
        from attendance t join person p on p.id = t.person_id
        left join person g on g.id = (select min(o.id) from person o
            where o.household_id = p.household_id and o.id <> p.id and o.phone is not null)
        where t.centre_id = $1 and t.session_id = $2 and t.walk_in = 1 order by t.marked_at, p.id",
        &[(&centre).into(), (&session).into()],
    )?;
    let mut rows = Vec::with_capacity(signed_up.len() + walked_in.len());
    for one in signed_up.iter().chain(&walked_in) {
        let own: Option<String> = one.get("phone")?;
        let guardian: Option<String> = one.get("guardian_name")?;
        let marked: Option<i64> = one.get("marked_at")?;
        rows.push(SheetRow {
            person: one.get::<PersonId>("id")?,
            name: one.get("name")?,
            guardian: guardian.filter(|_| own.is_none()),
            phone: own.or(one.get("guardian_phone")?),
            walk_in: one.get("walk_in")?,
            mark: one.get("mark")?,
            marked: marked.map(|at| known.zone.stamp(at)),
            fetched_by: one.get("fetched_by")?,
        });
    }
    let pick_up: bool = row.get("pick_up")?;
    let to_age: Option<i64> = row.get("to_age")?;
    Ok(Sheet {
        session,
        activity,
        title: Name::new(
            row.get::<String>("title_zh")?,
            row.get::<String>("title_en")?,
        ),
        pick_up,
        start: known.zone.stamp(starts),
        end: known.zone.stamp(ends),
        places: row.get("places")?,
        waiting: row.get("waiting")?,
        children: pick_up || to_age.is_some_and(|age| age < i64::from(AGE_OF_CONSENT)),
        rows,
    })
}

/// [`domain::api::MarkPerson`].
///
/// # Errors
/// When somebody is not on the sheet, or nobody is named who fetched the child.
pub fn mark(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, session): (CentreId, ActivitySessionId),
    new: NewMark,
) -> Result<Sheet, Fail> {
    let sheet = get(tx, call, (centre.clone(), session.clone()))?;
    let row = sheet.rows.iter().find(|row| row.person == new.person);
    let row = row.ok_or(Problem::NotFound)?;
    if new.mark == Some(Mark::Away) && sheet.start.utc() > call.now() {
        let at = sheet.start.local;
        return Err(SignUpRefusal::NotYet { at }.into());
    }
    let fetched_by = match new.mark {
        Some(Mark::PickedUp) => Some(typed("fetched_by", &new.fetched_by, MOST_NAME, true)?),
        _ => None,
    };
    let changed = match new.mark {
        // A walk-in that is taken back was never there.
        None => tx.exec(
            "delete from attendance where centre_id = $1 and session_id = $2 and person_id = $3",
            &[(&centre).into(), (&session).into(), (&new.person).into()],
        )?,
        Some(mark) => note(
            tx,
            call,
            (&centre, &session),
            (&new.person, &row.name),
            (mark, fetched_by),
            row.walk_in,
        )?,
    };
    let act = match new.mark {
        Some(Mark::Here) => Act::MarkedHere,
        Some(Mark::Away) => Act::MarkedAway,
        Some(Mark::PickedUp) => Act::MarkedPickedUp,
        None => Act::MarkTakenBack,
    };
    if changed == 0 {
        call.unchanged();
    } else {
        let entry = Note::at(act, &centre).of(&new.person);
        entry.about(describe(&centre, &sheet)).write(tx, call)?;
    }
    tell_of(tx, call, &centre, &sheet)?;
    get(tx, call, (centre, session))
}

fn note(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, session): (&CentreId, &ActivitySessionId),
    (person, name): (&PersonId, &str),
    (mark, fetched_by): (Mark, Option<String>),
    walk_in: bool,
) -> Result<u64, Fail> {
    Ok(tx.exec(
        "insert into attendance (centre_id, session_id, person_id, mark, marked_at, marked_by, walk_in, name, fetched_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (centre_id, session_id, person_id) do update
        set mark = excluded.mark, marked_at = excluded.marked_at, marked_by = excluded.marked_by,
            fetched_by = excluded.fetched_by",
        &[
            centre.into(),
            session.into(),
            person.into(),
            mark.code().into(),
            call.now().into(),
            call.person()?.into(),
            i64::from(walk_in).into(),
            name.into(),
            fetched_by.into(),
        ],
    )?)
}

/// Who walks in by a name and perhaps a number: a child is never made a record of without a guardian.
fn typed_walk_in(
    tx: &mut Tx<'_>,
    call: &Call,
    sheet: &Sheet,
    new: &WalkIn,
) -> Result<(PersonId, String), Fail> {
    let name = typed("name", &new.name, MOST_NAME, true)?.replace('\n', " ");
    let phone = person::read_phone(&new.phone)?;
    let known = match &phone {
        Some(phone) => person::find(tx, phone)?,
        None => None,
    };
    if let Some(id) = known {
        return Ok((id, name));
    }
    if sheet.children {
        return Err(SignUpRefusal::GuardianNeeded { name }.into());
    }
    let record = NewPerson {
        phone: phone.as_ref(),
        name: &name,
        lang: Lang::Zh,
    };
    Ok((person::create(tx, call.now_ms, record)?, name))
}

/// Refuses a child without a guardian who agreed. By word of mouth the guardian agrees to whoever notes it.
fn need_guardian(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, sheet): (&CentreId, &Sheet),
    (id, called): (&PersonId, &str),
    consent: Option<u16>,
) -> Result<(), Fail> {
    let members = household::list_members(tx, id)?;
    let today = sheet.start.local.date();
    if !members.first().is_some_and(|one| one.is_child(today)) {
        return Ok(());
    }
    // As whoever comes was called: a number must not tell whose it is.
    let name = called.to_owned();
    let guardian = members
        .iter()
        .find(|one| one.id != *id && !one.is_child(today));
    let Some(guardian) = guardian else {
        return Err(SignUpRefusal::GuardianNeeded { name }.into());
    };
    let version = i64::from(CONSENT_VERSION);
    let agreed = tx.opt(
        "select 1 from consent where person_id = $1 and version = $2",
        &[id.into(), version.into()],
    )?;
    if agreed.is_some() {
        return Ok(());
    }
    if consent != Some(CONSENT_VERSION) {
        return Err(SignUpRefusal::ConsentNeeded { name }.into());
    }
    let channel = call.channel.unwrap_or(Channel::Desk);
    let consent = Consent {
        call,
        child: id,
        guardian: &guardian.id,
        channel,
    };
    Consent::give_all(tx, centre, &[consent])
}

/// Others who check people in at the same time see it.
fn tell_of(tx: &mut Tx<'_>, call: &Call, centre: &CentreId, sheet: &Sheet) -> Result<(), Fail> {
    let known = call.centres.get(tx, centre)?;
    tell(tx, &known, sheet.start.utc(), sheet.end.utc());
    Ok(())
}

/// [`domain::api::AddWalkIn`]. With a number that is known it is that person, whatever name is typed.
///
/// # Errors
/// When name or number cannot be meant.
pub fn walk_in(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, session): (CentreId, ActivitySessionId),
    new: WalkIn,
) -> Result<Sheet, Fail> {
    // Of two who are let in at once one sees that it is full.
    let list = tx.opt(
        "select list_id from activity_session where centre_id = $1 and id = $2",
        &[(&centre).into(), (&session).into()],
    )?;
    let list: String = list.ok_or(Problem::NotFound)?.get("list_id")?;
    place_list::lock(tx, &centre, &list)?;
    let sheet = get(tx, call, (centre.clone(), session.clone()))?;
    let (id, name) = match &new.person {
        Some(id) => {
            behalf::need_to_act_for(tx, call, &centre, id)?;
            let member = household::get_member(tx, id)?;
            (id.clone(), member.name)
        }
        None => typed_walk_in(tx, call, &sheet, &new)?,
    };
    let taking_part = sheet.rows.iter().any(|row| row.person == id);
    if sheet.is_full() && !taking_part && !new.overtake {
        return Err(SignUpRefusal::SheetFull {
            places: sheet.places,
            waiting: sheet.waiting,
        }
        .into());
    }
    need_guardian(tx, call, (&centre, &sheet), (&id, &name), new.consent)?;
    // Somebody of another name is on the sheet with that number.
    if sheet
        .rows
        .iter()
        .any(|row| row.person == id && row.name != name)
    {
        return Err(Problem::field("phone", TextFault::Theirs).into());
    }
    behalf::note_met(tx, call, &centre, &id)?;
    let signed_up = sheet
        .rows
        .iter()
        .any(|row| row.person == id && !row.walk_in);
    note(
        tx,
        call,
        (&centre, &session),
        (&id, &name),
        (Mark::Here, None),
        !signed_up,
    )?;
    let entry = Note::at(Act::WalkedIn, &centre).of(&id);
    entry.about(describe(&centre, &sheet)).write(tx, call)?;
    tell_of(tx, call, &centre, &sheet)?;
    get(tx, call, (centre, session))
}
