//! Clubs and their members.

pub mod manage;

use domain::{
    api::MyClub,
    audit::{Act, Subject},
    club::Club,
    id::{CentreId, ClubId, PersonId},
    language::Name,
    person::permission,
    problem::Problem,
};

use crate::{
    db::{Fail, Locking, Tx, locking},
    usecase::{audit::Note, call::Call},
};

/// Whether somebody organises a club.
pub(crate) fn organises(
    tx: &mut Tx<'_>,
    person: &PersonId,
    centre: &CentreId,
    club: &ClubId,
) -> Result<bool, Fail> {
    let row = tx.opt(
        "select 1 from club_member where centre_id = $1 and club_id = $2 and person_id = $3 and organises = 1",
        &[centre.into(), club.into(), person.into()],
    )?;
    Ok(row.is_some())
}

const OPEN: Locking = locking!(
    "select 1 from club where centre_id = $1 and id = $2 and closed_at is null",
    "for share"
);

/// Refuses a club that is closed, or that there is not; it is not closed until the transaction ends.
pub(crate) fn need_open(tx: &mut Tx<'_>, centre: &CentreId, club: &ClubId) -> Result<(), Fail> {
    let row = tx.opt_locked(&OPEN, &[centre.into(), club.into()])?;
    row.map(drop).ok_or(Problem::NotFound.into())
}

/// [`domain::api::ListClubs`].
///
/// # Errors
/// When there is no such centre.
pub fn list(tx: &mut Tx<'_>, call: &Call, centre: CentreId) -> Result<Vec<Club>, Fail> {
    call.centres.get(tx, &centre)?;
    read(tx, centre, false)
}

/// [`domain::api::ListClosedClubs`].
///
/// # Errors
/// For everybody but managers.
pub fn list_closed(tx: &mut Tx<'_>, call: &Call, centre: CentreId) -> Result<Vec<Club>, Fail> {
    call.need(permission::may_run_clubs(&call.actor, &centre))?;
    read(tx, centre, true)
}

fn read(tx: &mut Tx<'_>, centre: CentreId, closed: bool) -> Result<Vec<Club>, Fail> {
    let rows = tx.all(
        "select c.id, c.name_zh, c.name_en, c.about_zh, c.about_en, c.kind,
            (select count(*) from club_member m where m.centre_id = c.centre_id and m.club_id = c.id) as members
        from club c where c.centre_id = $1 and (c.closed_at is not null) = ($2 = 1) order by c.id",
        &[(&centre).into(), i64::from(closed).into()],
    )?;
    let organisers = tx.all(
        "select m.club_id, p.name from club_member m join person p on p.id = m.person_id
        where m.centre_id = $1 and m.organises = 1 and p.signed_in_at is not null order by m.since, p.id",
        &[(&centre).into()],
    )?;
    rows.iter()
        .map(|row| {
            let id: String = row.get("id")?;
            let mut names = Vec::new();
            for one in &organisers {
                if one.get::<String>("club_id")? == id {
                    names.push(one.get("name")?);
                }
            }
            Ok(Club {
                id: ClubId::new(id),
                centre: centre.clone(),
                name: Name::new(row.get::<String>("name_zh")?, row.get::<String>("name_en")?),
                about: Name::new(
                    row.get::<String>("about_zh")?,
                    row.get::<String>("about_en")?,
                ),
                kind: row.get("kind")?,
                organisers: names,
                members: row.get("members")?,
            })
        })
        .collect()
}

/// [`domain::api::ListMyClubs`].
///
/// # Errors
/// For a visitor.
pub fn list_mine(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<MyClub>, Fail> {
    let rows = tx.all(
        "select c.centre_id, c.id, c.name_zh, c.name_en, m.organises from club_member m
        join club c on c.centre_id = m.centre_id and c.id = m.club_id
        where m.person_id = $1 and c.closed_at is null order by c.centre_id, c.id",
        &[call.person()?.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(MyClub {
                centre: row.get("centre_id")?,
                club: row.get("id")?,
                name: Name::new(row.get::<String>("name_zh")?, row.get::<String>("name_en")?),
                organises: row.get::<i64>("organises")? == 1,
            })
        })
        .collect()
}

/// [`domain::api::JoinClub`].
///
/// # Errors
/// When there is no such club.
pub fn join(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, club): (CentreId, ClubId),
    (): (),
) -> Result<Vec<MyClub>, Fail> {
    let me = call.person()?;
    need_open(tx, &centre, &club)?;
    let joined = tx.exec(
        "insert into club_member (centre_id, club_id, person_id, organises, since) values ($1, $2, $3, 0, $4)
        on conflict do nothing",
        &[
            (&centre).into(),
            (&club).into(),
            me.into(),
            call.now().into(),
        ],
    )?;
    noted(tx, call, (Act::ClubJoined, joined), &centre, &club)?;
    counted(tx, call, &centre)?;
    list_mine(tx, call, ())
}

/// What was done with a membership, if anything was.
fn noted(
    tx: &mut Tx<'_>,
    call: &Call,
    (act, changed): (Act, u64),
    centre: &CentreId,
    club: &ClubId,
) -> Result<(), Fail> {
    if changed == 0 {
        call.unchanged();
        return Ok(());
    }
    let row = tx.opt(
        "select name_zh, name_en from club where centre_id = $1 and id = $2",
        &[centre.into(), club.into()],
    )?;
    let what = row
        .map(|row| {
            Ok::<_, Fail>(Name::new(
                row.get::<String>("name_zh")?,
                row.get::<String>("name_en")?,
            ))
        })
        .transpose()?;
    let subject = Subject {
        what,
        ..Subject::default()
    };
    let note = Note::at(act, centre).of(call.person()?);
    note.about(subject).write(tx, call)
}

/// [`domain::api::LeaveClub`].
///
/// # Errors
/// For a visitor.
pub fn leave(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, club): (CentreId, ClubId),
    (): (),
) -> Result<Vec<MyClub>, Fail> {
    let left = tx.exec(
        "delete from club_member where centre_id = $1 and club_id = $2 and person_id = $3",
        &[(&centre).into(), (&club).into(), call.person()?.into()],
    )?;
    noted(tx, call, (Act::ClubLeft, left), &centre, &club)?;
    counted(tx, call, &centre)?;
    list_mine(tx, call, ())
}

/// Open pages show how many members there are.
fn counted(tx: &mut Tx<'_>, call: &Call, centre: &CentreId) -> Result<(), Fail> {
    let known = call.centres.get(tx, centre)?;
    crate::usecase::centre::known::tell(tx, &known, call.now(), call.now());
    Ok(())
}
