//! Checking people in.

use domain::{
    api::{NewMark, WalkIn},
    attendance::{Mark, NEAR, Sheet, SheetRow},
    audit::{Act, Subject},
    id::{ActivityId, ActivitySessionId, CentreId, PersonId},
    permission,
    problem::{Problem, TextFault, typed},
    sign_up::SignUpRefusal,
    text::{Lang, Name},
};

use super::{
    Call, activity,
    audit::Note,
    centre::tell,
    people,
    person::{self, MOST_NAME, NewPerson},
};
use crate::db::{Fail, Tx};

/// Of a session `s`: who has a place, who came, who was noted as away, and who of those with a place was noted at all. The
/// states are named twice, because only so the database finds the sign-ups of a list without reading all of the centre.
macro_rules! session_counts {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " (select count(*) from sign_up u where u.centre_id = s.centre_id and u.list_id = s.list_id
                and u.state in ('confirmed', 'waitlisted', 'offered') and u.state = 'confirmed'),
            (select count(*) from attendance t where t.centre_id = s.centre_id and t.session_id = s.id
                and t.mark <> 'away'),
            (select count(*) from attendance t where t.centre_id = s.centre_id and t.session_id = s.id
                and t.mark = 'away'),
            (select count(*) from attendance t where t.centre_id = s.centre_id and t.session_id = s.id
                and t.walk_in = 0) ",
            $after
        )
    };
}
pub(super) use session_counts;

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
        note.about(subject(&centre, &sheet)).write_look(tx, call)?;
    }
    Ok(sheet)
}

/// What an act about a sheet is about.
fn subject(centre: &CentreId, sheet: &Sheet) -> Subject {
    Subject {
        what: Some(sheet.title.clone()),
        start: Some(sheet.start.local),
        reason: String::new(),
        path: format!("/check-in/{centre}/{}", sheet.session),
    }
}

fn get(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, session): (CentreId, ActivitySessionId),
) -> Result<Sheet, Fail> {
    let known = call.centres.get(tx, &centre)?;
    let row = tx.opt(
        "select a.id, a.title_zh, a.title_en, a.pick_up, b.starts_at, b.ends_at, l.places, s.list_id
        from activity_session s
        join activity a on a.centre_id = s.centre_id and a.id = s.activity_id
        join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
        join place_list l on l.centre_id = s.centre_id and l.id = s.list_id
        where s.centre_id = $1 and s.id = $2",
        &[(&centre).into(), (&session).into()],
    )?;
    call.person()?;
    let row = row.ok_or(Problem::NotFound)?;
    let activity = ActivityId::new(row.get::<String>(0)?);
    activity::need_to_run(tx, call, &centre, &activity)?;
    let (starts, ends): (i64, i64) = (row.get(4)?, row.get(5)?);
    let near = (starts - NEAR..ends + NEAR).contains(&call.now());
    if !near && !permission::may_see_house(&call.actor, &centre) {
        return Err(Problem::NotAllowed.into());
    }
    let list: String = row.get(7)?;
    let signed_up = tx.all(
        "select p.id, p.name, p.phone, case when g.id <> p.id then g.name end, g.phone, t.mark, t.marked_at,
            cast(0 as bigint)
        from sign_up u
        join person p on p.id = u.person_id
        join person g on g.id = u.guardian_id
        left join attendance t on t.centre_id = u.centre_id and t.session_id = $3 and t.person_id = u.person_id
        where u.centre_id = $1 and u.list_id = $2 and u.state in ('confirmed', 'waitlisted', 'offered')
        and u.state = 'confirmed' order by u.seq",
        &[(&centre).into(), list.as_str().into(), (&session).into()],
    )?;
    let walked_in = tx.all(
        "select p.id, t.name, p.phone, null, null, t.mark, t.marked_at, cast(1 as bigint)
        from attendance t join person p on p.id = t.person_id
        where t.centre_id = $1 and t.session_id = $2 and t.walk_in = 1 order by t.marked_at, p.id",
        &[(&centre).into(), (&session).into()],
    )?;
    let mut rows = Vec::with_capacity(signed_up.len() + walked_in.len());
    for one in signed_up.iter().chain(&walked_in) {
        let own: Option<String> = one.get(2)?;
        let guardian: Option<String> = one.get(3)?;
        let mark: Option<String> = one.get(5)?;
        let marked: Option<i64> = one.get(6)?;
        rows.push(SheetRow {
            person: PersonId::new(one.get::<String>(0)?),
            name: one.get(1)?,
            guardian: guardian.filter(|_| own.is_none()),
            phone: own.or(one.get(4)?),
            walk_in: one.get::<i64>(7)? == 1,
            mark: mark.and_then(|mark| Mark::from_code(&mark)),
            marked: marked.map(|at| known.zone.stamp(at)),
        });
    }
    Ok(Sheet {
        session,
        activity,
        title: Name::new(row.get::<String>(1)?, row.get::<String>(2)?),
        pick_up: row.get::<i64>(3)? == 1,
        start: known.zone.stamp(starts),
        end: known.zone.stamp(ends),
        places: row.get(6)?,
        rows,
    })
}

/// [`domain::api::MarkPerson`].
///
/// # Errors
/// When somebody is not on the sheet.
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
            mark,
            row.walk_in,
        )?,
    };
    let act = match new.mark {
        Some(Mark::Here) => Act::MarkedHere,
        Some(Mark::Away) => Act::MarkedAway,
        Some(Mark::PickedUp) => Act::MarkedPickedUp,
        None => Act::MarkTakenBack,
    };
    match changed {
        0 => call.unchanged(),
        _ => {
            let entry = Note::at(act, &centre).of(&new.person);
            entry.about(subject(&centre, &sheet)).write(tx, call)?;
        }
    }
    told(tx, call, &centre, &sheet)?;
    get(tx, call, (centre, session))
}

fn note(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, session): (&CentreId, &ActivitySessionId),
    (person, name): (&PersonId, &str),
    mark: Mark,
    walk_in: bool,
) -> Result<u64, Fail> {
    Ok(tx.exec(
        "insert into attendance (centre_id, session_id, person_id, mark, marked_at, marked_by, walk_in, name)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (centre_id, session_id, person_id) do update
        set mark = excluded.mark, marked_at = excluded.marked_at, marked_by = excluded.marked_by",
        &[
            centre.into(),
            session.into(),
            person.into(),
            mark.code().into(),
            call.now().into(),
            call.person()?.into(),
            i64::from(walk_in).into(),
            name.into(),
        ],
    )?)
}

/// Others who check people in at the same time see it.
fn told(tx: &mut Tx<'_>, call: &Call, centre: &CentreId, sheet: &Sheet) -> Result<(), Fail> {
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
    let sheet = get(tx, call, (centre.clone(), session.clone()))?;
    let name = typed("name", &new.name, MOST_NAME, true)?.replace('\n', " ");
    let phone = person::read_phone(&new.phone)?;
    let known = match &phone {
        Some(phone) => person::find(tx, phone)?,
        None => None,
    };
    let id = match known {
        Some(id) => id,
        None => person::create(
            tx,
            call.now_ms,
            NewPerson {
                phone: phone.as_ref(),
                name: &name,
                lang: Lang::Zh,
            },
        )?,
    };
    // Somebody of another name is on the sheet with that number.
    if sheet
        .rows
        .iter()
        .any(|row| row.person == id && row.name != name)
    {
        return Err(Problem::field("phone", TextFault::Theirs).into());
    }
    people::met(tx, call, &centre, &id)?;
    let signed_up = sheet
        .rows
        .iter()
        .any(|row| row.person == id && !row.walk_in);
    note(
        tx,
        call,
        (&centre, &session),
        (&id, &name),
        Mark::Here,
        !signed_up,
    )?;
    let entry = Note::at(Act::WalkedIn, &centre).of(&id);
    entry.about(subject(&centre, &sheet)).write(tx, call)?;
    told(tx, call, &centre, &sheet)?;
    get(tx, call, (centre, session))
}
