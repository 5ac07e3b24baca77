//! Running clubs: made, described, closed, opened again, and who organises them.

use domain::{
    api::{ClubChange, ClubEnd, ClubTerms, NewOrganiser, Organiser, Reason},
    audit::{Act, Subject},
    centre::room::Purpose,
    club::Club,
    id::{ActivityId, CentreId, ClubId, PersonId},
    language::Name,
    message::News,
    person::permission,
    problem::{Problem, TextFault, typed},
};

use crate::{
    clock,
    db::{Fail, Tx},
    usecase::{
        activity,
        audit::Note,
        call::Call,
        club::{counted, list, organises},
        message,
        person::{self, role::find_or_record},
    },
};

const MOST_NAME: u16 = 60;
const MOST_ABOUT: u16 = 500;

/// The most people who organise one club.
const MOST_ORGANISERS: usize = 20;

/// What a club is to be, as it was typed.
fn read_terms(terms: &ClubTerms) -> Result<ClubTerms, Problem> {
    let both = |name: &Name, field: &str, most: u16, needed: bool| {
        let zh = typed(field, &name.zh, most, needed)?;
        let en = typed(field, &name.en, most, false)?;
        let en = if en.is_empty() { zh.clone() } else { en };
        Ok::<_, Problem>(Name::new(zh, en))
    };
    let name = both(&terms.name, "name", MOST_NAME, true)?;
    Ok(ClubTerms {
        name: Name::new(name.zh.replace('\n', " "), name.en.replace('\n', " ")),
        about: both(&terms.about, "about", MOST_ABOUT, false)?,
        kind: terms.kind,
    })
}

/// A club under its lock: its name, and whether it is closed.
fn look_up(tx: &mut Tx<'_>, centre: &CentreId, club: &ClubId) -> Result<(Name, bool), Fail> {
    tx.lock(
        "select 1 from club where centre_id = $1 and id = $2 for update",
        &[centre.into(), club.into()],
    )?;
    let row = tx.opt(
        "select name_zh, name_en, closed_at from club where centre_id = $1 and id = $2",
        &[centre.into(), club.into()],
    )?;
    let row = row.ok_or(Problem::NotFound)?;
    let name = Name::new(row.get::<String>("name_zh")?, row.get::<String>("name_en")?);
    Ok((name, row.get::<Option<i64>>("closed_at")?.is_some()))
}

fn note(
    tx: &mut Tx<'_>,
    call: &Call,
    (act, centre): (Act, &CentreId),
    (name, of): (&Name, Option<&PersonId>),
) -> Result<(), Fail> {
    let subject = Subject {
        what: Some(name.clone()),
        ..Subject::default()
    };
    let note = Note::at(act, centre).about(subject);
    match of {
        Some(person) => note.of(person).write(tx, call),
        None => note.write(tx, call),
    }
}

/// [`domain::api::MakeClub`].
///
/// # Errors
/// For everybody but managers, and where a field cannot be meant.
pub fn make(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
    terms: ClubTerms,
) -> Result<Vec<Club>, Fail> {
    call.need(permission::may_run_clubs(&call.actor, &centre))?;
    call.centres.get(tx, &centre)?;
    let terms = read_terms(&terms)?;
    tx.exec(
        "insert into club (centre_id, id, name_zh, name_en, about_zh, about_en, kind) values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            (&centre).into(),
            clock::new_id(call.now_ms).into(),
            terms.name.zh.as_str().into(),
            terms.name.en.as_str().into(),
            terms.about.zh.as_str().into(),
            terms.about.en.as_str().into(),
            Purpose::code(terms.kind).into(),
        ],
    )?;
    note(tx, call, (Act::ClubMade, &centre), (&terms.name, None))?;
    counted(tx, call, &centre)?;
    list(tx, call, centre)
}

/// What a club is now.
fn read_stored(tx: &mut Tx<'_>, centre: &CentreId, club: &ClubId) -> Result<ClubTerms, Fail> {
    let row = tx.one(
        "select name_zh, name_en, about_zh, about_en, kind from club where centre_id = $1 and id = $2",
        &[centre.into(), club.into()],
    )?;
    Ok(ClubTerms {
        name: Name::new(row.get::<String>("name_zh")?, row.get::<String>("name_en")?),
        about: Name::new(
            row.get::<String>("about_zh")?,
            row.get::<String>("about_en")?,
        ),
        kind: row.get("kind")?,
    })
}

/// Managers, and those who organise the club.
fn need_to_describe(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    club: &ClubId,
) -> Result<(), Fail> {
    let me = call.person()?;
    let may = permission::may_run_clubs(&call.actor, centre) || organises(tx, me, centre, club)?;
    Ok(call.need(may)?)
}

/// [`domain::api::ChangeClub`].
///
/// # Errors
/// For everybody but managers and those who organise it, where a field cannot be meant, and where somebody else described it since.
pub fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, club): (CentreId, ClubId),
    change: ClubChange,
) -> Result<Vec<Club>, Fail> {
    need_to_describe(tx, call, &centre, &club)?;
    look_up(tx, &centre, &club)?;
    if read_stored(tx, &centre, &club)? != change.before {
        return Err(Problem::Overtaken.into());
    }
    let terms = read_terms(&change.after)?;
    tx.exec(
        "update club set name_zh = $3, name_en = $4, about_zh = $5, about_en = $6, kind = $7 where centre_id = $1 and id = $2",
        &[
            (&centre).into(),
            (&club).into(),
            terms.name.zh.as_str().into(),
            terms.name.en.as_str().into(),
            terms.about.zh.as_str().into(),
            terms.about.en.as_str().into(),
            Purpose::code(terms.kind).into(),
        ],
    )?;
    note(tx, call, (Act::ClubChanged, &centre), (&terms.name, None))?;
    counted(tx, call, &centre)?;
    list(tx, call, centre)
}

/// [`domain::api::ListOrganisers`].
///
/// # Errors
/// For everybody but managers.
pub fn list_organisers(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, club): (CentreId, ClubId),
) -> Result<Vec<Organiser>, Fail> {
    call.need(permission::may_run_clubs(&call.actor, &centre))?;
    let rows = tx.all(
        "select p.id, p.name, p.phone from club_member m join person p on p.id = m.person_id
        where m.centre_id = $1 and m.club_id = $2 and m.organises = 1 order by m.since, p.id",
        &[(&centre).into(), (&club).into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Organiser {
                person: row.get("id")?,
                name: row.get("name")?,
                phone: row.get("phone")?,
            })
        })
        .collect()
}

/// [`domain::api::AddOrganiser`].
///
/// # Errors
/// For everybody but managers, where the club is closed, and where a new number has no name.
pub fn add_organiser(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, club): (CentreId, ClubId),
    new: NewOrganiser,
) -> Result<Vec<Organiser>, Fail> {
    call.need(permission::may_run_clubs(&call.actor, &centre))?;
    let (name, closed) = look_up(tx, &centre, &club)?;
    if closed {
        return Err(Problem::Overtaken.into());
    }
    let path = (centre, club);
    let already = list_organisers(tx, call, path.clone())?;
    if already.len() >= MOST_ORGANISERS {
        return Err(Problem::field("phone", TextFault::OutOfRange).into());
    }
    let theirs = typed("name", &new.name, person::MOST_NAME, false)?.replace('\n', " ");
    let phone = person::read_phone(&new.phone)?
        .ok_or_else(|| Problem::field("phone", TextFault::Missing))?;
    let person = find_or_record(tx, call, &path.0, (&phone, &theirs))?;
    if already.iter().any(|one| one.person == person) {
        call.unchanged();
        return Ok(already);
    }
    tx.exec(
        "insert into club_member (centre_id, club_id, person_id, organises, since) values ($1, $2, $3, 1, $4)
        on conflict (centre_id, club_id, person_id) do update set organises = 1",
        &[
            (&path.0).into(),
            (&path.1).into(),
            (&person).into(),
            call.now().into(),
        ],
    )?;
    note(
        tx,
        call,
        (Act::OrganiserAdded, &path.0),
        (&name, Some(&person)),
    )?;
    let news = News::OrganiserMade { club: name };
    message::send(tx, call, &path.0, &person, &news)?;
    counted(tx, call, &path.0)?;
    list_organisers(tx, call, path)
}

/// [`domain::api::RemoveOrganiser`].
///
/// # Errors
/// For everybody but managers, and where they do not organise it.
pub fn remove_organiser(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, club, person): (CentreId, ClubId, PersonId),
    (): (),
) -> Result<Vec<Organiser>, Fail> {
    call.need(permission::may_run_clubs(&call.actor, &centre))?;
    let (name, _) = look_up(tx, &centre, &club)?;
    let changed = tx.exec(
        "update club_member set organises = 0 where centre_id = $1 and club_id = $2 and person_id = $3 and organises = 1",
        &[(&centre).into(), (&club).into(), (&person).into()],
    )?;
    if changed == 0 {
        return Err(Problem::Overtaken.into());
    }
    note(
        tx,
        call,
        (Act::OrganiserRemoved, &centre),
        (&name, Some(&person)),
    )?;
    let news = News::OrganiserGone { club: name };
    message::send(tx, call, &centre, &person, &news)?;
    counted(tx, call, &centre)?;
    list_organisers(tx, call, (centre, club))
}

/// [`domain::api::CloseClub`]. What has begun takes its course.
///
/// # Errors
/// For everybody but managers, and where it is closed already.
pub fn close(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, club): (CentreId, ClubId),
    end: ClubEnd,
) -> Result<Vec<Club>, Fail> {
    call.need(permission::may_run_clubs(&call.actor, &centre))?;
    let (name, closed) = look_up(tx, &centre, &club)?;
    if closed {
        return Err(Problem::Overtaken.into());
    }
    if let Some(reason) = &end.cancel {
        let reason = typed("reason", reason, domain::booking::MOST_TEXT, true)?;
        let rows = tx.all(
            "select distinct a.id from activity a
            join activity_session s on s.centre_id = a.centre_id and s.activity_id = a.id
            join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
            where a.centre_id = $1 and a.club_id = $2 and b.starts_at > $3 and b.state in ('requested', 'confirmed')
            order by a.id",
            &[(&centre).into(), (&club).into(), call.now().into()],
        )?;
        for row in &rows {
            let path = (centre.clone(), row.get::<ActivityId>("id")?);
            let reason = Reason {
                reason: reason.clone(),
            };
            activity::change::cancel(tx, call, path, reason)?;
        }
    }
    set_closed(
        tx,
        call,
        (&centre, &club),
        (Some(call.now()), Act::ClubClosed),
        &name,
    )?;
    list(tx, call, centre)
}

/// [`domain::api::ReopenClub`].
///
/// # Errors
/// For everybody but managers, and where it is open.
pub fn reopen(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, club): (CentreId, ClubId),
    (): (),
) -> Result<Vec<Club>, Fail> {
    call.need(permission::may_run_clubs(&call.actor, &centre))?;
    let (name, closed) = look_up(tx, &centre, &club)?;
    if !closed {
        return Err(Problem::Overtaken.into());
    }
    set_closed(tx, call, (&centre, &club), (None, Act::ClubReopened), &name)?;
    list(tx, call, centre)
}

fn set_closed(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, club): (&CentreId, &ClubId),
    (closed, act): (Option<i64>, Act),
    name: &Name,
) -> Result<(), Fail> {
    tx.exec(
        "update club set closed_at = $3 where centre_id = $1 and id = $2",
        &[centre.into(), club.into(), closed.into()],
    )?;
    note(tx, call, (act, centre), (name, None))?;
    counted(tx, call, centre)
}
