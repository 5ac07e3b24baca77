//! Cases: one's own, one with its story, the queue of a house, and what is reported for all to see.

pub mod picture;
pub mod rows;
pub mod send;
pub mod step;

use domain::{
    api::{CasePage, CaseQuery, Colleague, Mark},
    audit::Act,
    case::{Case, CaseCounts, CaseRow, Pile, kind::CaseKind},
    id::{CaseId, CentreId, PersonId},
    person::permission::{self, Role},
    problem::{Problem, TextFault},
    time::{DAY, Slot, Stamp},
};

use self::rows::{Standing, find, read_row, select_cases, show_row};
use crate::{
    db::{Fail, Tx, Value},
    usecase::{audit::Note, call::Call, centre::known::Known, person::role},
};

/// Cases of the centre `$1` that may be read by `$2`, of the kind `$3` if there is one.
macro_rules! select_queue {
    ($rest:literal) => {
        select_cases!(
            "where c.centre_id = $1 and (c.reader = 'staff' or c.reader = $2) and (cast($3 as text) is null or c.kind = $3) ",
            $rest
        )
    };
}

/// How many cases a page shows.
const PAGE: i64 = 50;

/// [`domain::api::GetCase`]. A look at what is for a manager's eyes stands in the audit log.
///
/// # Errors
/// For everybody but whoever asked and those who may work on it.
pub fn get(tx: &mut Tx<'_>, call: &Call, (centre, id): (CentreId, CaseId)) -> Result<Case, Fail> {
    let known = call.centres.get(tx, &centre)?;
    let found = find(tx, &known, &id)?;
    let standing = Standing::of(call, &found).need(call)?;
    if found.reader > Role::Staff && !standing.asked {
        let subject = send::describe(&centre, &id, (found.row.kind, found.row.number));
        let note = Note::at(Act::CaseSeen, &centre).about(subject);
        note.write_look(tx, call)?;
    }
    let mut case = rows::show(tx, &known, found, standing)?;
    case.row.follows = follows(tx, call, &centre, &id)?;
    Ok(case)
}

fn follows(tx: &mut Tx<'_>, call: &Call, centre: &CentreId, id: &CaseId) -> Result<bool, Fail> {
    let Some(me) = &call.actor.person else {
        return Ok(false);
    };
    let row = tx.opt(
        "select 1 from case_follower where centre_id = $1 and case_id = $2 and person_id = $3",
        &[centre.into(), id.into(), me.into()],
    )?;
    Ok(row.is_some())
}

/// How many of one's own cases are shown.
const MOST_OWN: i64 = 100;

/// [`domain::api::ListMyCases`].
///
/// # Errors
/// For a visitor.
pub fn list_mine(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<CaseRow>, Fail> {
    let me = call.person()?.clone();
    let mut all = list_of(tx, call, &me)?;
    let rows = tx.all(
        select_cases!(
            "join case_follower f on f.centre_id = c.centre_id and f.case_id = c.id
            where f.person_id = $1 and c.title <> '' and c.kind = 'report' and c.reader = 'staff' order by c.received_at desc, c.id desc limit $2"
        ),
        &[(&me).into(), MOST_OWN.into()],
    )?;
    for row in &rows {
        let known = call.centres.get(tx, &row.get("centre_id")?)?;
        let row = show_row(read_row(&known, row)?, Standing::default());
        all.push(CaseRow {
            follows: true,
            place: String::new(),
            ..row
        });
    }
    Ok(all)
}

/// Somebody's cases at all centres, those that are open first, the last first.
pub(crate) fn list_of(
    tx: &mut Tx<'_>,
    call: &Call,
    person: &PersonId,
) -> Result<Vec<CaseRow>, Fail> {
    let rows = tx.all(
        select_cases!(
            "where c.person_id = $1 order by (c.pile = 'over'), c.received_at desc, c.id desc limit $2"
        ),
        &[person.into(), MOST_OWN.into()],
    )?;
    rows.iter()
        .map(|row| {
            let known = call.centres.get(tx, &row.get("centre_id")?)?;
            Ok(show_row(read_row(&known, row)?, send::SENDER))
        })
        .collect()
}

/// All of somebody's cases with their stories, as they see them.
pub(crate) fn list_all_of(
    tx: &mut Tx<'_>,
    call: &Call,
    person: &PersonId,
) -> Result<Vec<Case>, Fail> {
    let rows = tx.all(
        select_cases!("where c.person_id = $1 order by c.received_at, c.id"),
        &[person.into()],
    )?;
    let mut cases = Vec::with_capacity(rows.len());
    for row in &rows {
        let known = call.centres.get(tx, &row.get("centre_id")?)?;
        let found = read_row(&known, row)?;
        cases.push(rows::show(tx, &known, found, send::SENDER)?);
    }
    Ok(cases)
}

/// [`domain::api::FindCases`].
///
/// # Errors
/// For everybody but staff.
pub fn find_all(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    query: &CaseQuery,
) -> Result<CasePage, Fail> {
    call.need(permission::may_work_on_case(
        &call.actor,
        centre,
        Role::Staff,
    ))?;
    let known = call.centres.get(tx, centre)?;
    // Whoever answers for the house reads all of it; others what is not for those above them.
    let all = permission::may_work_on_case(&call.actor, centre, Role::Manager);
    let reader: Value = if all { "manager" } else { "staff" }.into();
    let counts = count(tx, call, centre, &reader)?;
    let kind: Value = query.kind.map(CaseKind::code).into();
    let head = [centre.into(), reader, kind];
    let rows = match (query.number, &query.person) {
        (Some(number), _) => tx.all(
            select_queue!("and c.number = $4"),
            &[head.as_slice(), &[number.into()]].concat(),
        )?,
        (None, Some(person)) => tx.all(
            select_queue!("and c.person_id = $4 order by (c.pile = 'over'), c.received_at desc, c.id desc limit 50"),
            &[head.as_slice(), &[person.into()]].concat(),
        )?,
        (None, None) => list_pile(tx, call, &known, (query, &head))?,
    };
    let mut cases = Vec::with_capacity(rows.len());
    let mut last = None;
    for row in &rows {
        let found = read_row(&known, row)?;
        last = Some(Mark {
            at: match query.pile {
                Pile::Planned => found.row.planned.map_or(0, Stamp::utc),
                _ => found.sort_at,
            },
            id: found.row.id.clone(),
        });
        let standing = Standing::of(call, &found);
        cases.push(show_row(found, standing));
    }
    let is_full = i64::try_from(rows.len()).unwrap_or(PAGE) >= PAGE;
    Ok(CasePage {
        cases,
        next: last.filter(|_| {
            let is_pile = query.number.is_none() && query.person.is_none();
            // A day is shown whole.
            is_full && is_pile && query.pile != Pile::Planned
        }),
        counts,
    })
}

fn list_pile(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (query, head): (&CaseQuery, &[Value; 3]),
) -> Result<Vec<crate::db::Row>, Fail> {
    let after = query.after.as_ref();
    let mark = |none: i64| -> [Value; 3] {
        let id = after.map(|mark| mark.id.as_str()).unwrap_or_default();
        [
            after.map_or(none, |mark| mark.at).into(),
            id.into(),
            PAGE.into(),
        ]
    };
    Ok(match query.pile {
        Pile::Open | Pile::Waiting => {
            let pile: Value = match query.pile {
                Pile::Waiting => "waiting",
                _ => "open",
            }
            .into();
            tx.all(
                select_queue!("and (c.sort_at, c.id) > ($4, $5) and c.pile = $7 order by c.sort_at, c.id limit $6"),
                &[head.as_slice(), &mark(i64::MIN), &[pile]].concat(),
            )?
        }
        Pile::Over => tx.all(
            select_queue!("and (c.sort_at, c.id) < ($4, $5) and c.pile = 'over' order by c.sort_at desc, c.id desc limit $6"),
            &[head.as_slice(), &mark(i64::MAX)].concat(),
        )?,
        Pile::Planned => {
            let day = query
                .day
                .unwrap_or_else(|| known.zone.stamp(call.now()).local.date());
            let range = Slot::lasting(day.at(0), DAY);
            let (from, until) = known.zone.range(range);
            if until <= from {
                return Err(Problem::field("day", TextFault::OutOfRange).into());
            }
            tx.all(
                select_queue!("and c.planned_at >= $4 and c.planned_at < $5 and c.pile <> 'over' order by c.planned_at, c.id limit $6"),
                &[head.as_slice(), &[from.into(), until.into(), (4 * PAGE).into()]].concat(),
            )?
        }
    })
}

/// How many cases a house has, as far as somebody may read them.
fn count(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    reader: &Value,
) -> Result<CaseCounts, Fail> {
    let values = [centre.into(), reader.clone(), call.now().into()];
    let row = tx.one(
        "select
            (select count(*) from case_file where centre_id = $1 and pile = 'open' and (reader = 'staff' or reader = $2)) as open,
            (select count(*) from case_file where centre_id = $1 and pile = 'open' and sort_at < $3
                and (reader = 'staff' or reader = $2)) as late,
            (select count(*) from case_file where centre_id = $1 and pile = 'waiting'
                and (reader = 'staff' or reader = $2)) as waiting",
        &values,
    )?;
    Ok(CaseCounts {
        open: row.get("open")?,
        late: row.get("late")?,
        waiting: row.get("waiting")?,
    })
}

/// Whether everybody may know of a case: the house has given it a title of its own.
pub(crate) fn is_public(found: &rows::Found) -> bool {
    found.row.kind.terms().public && found.titled && found.reader == Role::Staff
}

/// How long what was mended still stands in the list, in seconds.
const SHOWN: i64 = 14 * 86_400;

/// [`domain::api::ListReports`].
///
/// # Errors
/// When there is no such centre.
pub fn list_reports(tx: &mut Tx<'_>, call: &Call, centre: CentreId) -> Result<Vec<CaseRow>, Fail> {
    let known = call.centres.get(tx, &centre)?;
    let rows = tx.all(
        select_cases!(
            "where c.centre_id = $1 and c.kind = 'report' and c.title <> '' and c.reader = 'staff'
            and (c.pile in ('open', 'waiting') or c.pile = 'over' and c.state in ('done', 'confirmed') and c.sort_at > $2)
            order by c.received_at desc, c.id desc limit 100"
        ),
        &[(&centre).into(), (call.now() - SHOWN).into()],
    )?;
    rows.iter()
        .map(|row| {
            let row = show_row(read_row(&known, row)?, Standing::default());
            // Where it is the house says in its title: whoever asked may have written their own door.
            Ok(CaseRow {
                place: String::new(),
                ..row
            })
        })
        .collect()
}

/// [`domain::api::ListColleagues`].
///
/// # Errors
/// For everybody but staff.
pub fn list_colleagues(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
) -> Result<Vec<Colleague>, Fail> {
    call.need(permission::may_work_on_case(
        &call.actor,
        &centre,
        Role::Staff,
    ))?;
    call.centres.get(tx, &centre)?;
    let people = role::list_people(tx, &centre, Role::Staff, call.now())?;
    let rows = tx.all_in(
        "select id, name from person where id in ($ids) and name <> '' and erased_at is null order by name, id",
        &[],
        people.iter(),
    )?;
    rows.iter()
        .map(|row| {
            Ok(Colleague {
                person: row.get("id")?,
                name: row.get("name")?,
            })
        })
        .collect()
}

/// How long what was said in a case is kept after it was over, in seconds: two years.
const KEPT: i64 = 730 * 86_400;

/// Takes from somebody's cases all that tells who asked for what. What is open is not wanted any more. Their numbers stay, so that
/// figures stay true, and what the house calls a report.
pub(crate) fn erase(tx: &mut Tx<'_>, call: &Call, person: &PersonId) -> Result<(), Fail> {
    for sql in [
        "delete from picture where person_id = $1 and by_house = 0",
        "delete from picture where by_house = 0 and (centre_id, case_id) in (select centre_id, id from case_file where person_id = $1)",
        "delete from picture where (centre_id, case_id) in (select centre_id, id from case_file where person_id = $1 and kind <> 'report')",
        "update case_entry set words = '' where (centre_id, case_id) in (select centre_id, id from case_file where person_id = $1)",
        "update case_file set planned_at = null where person_id = $1",
    ] {
        tx.exec(sql, &[person.into()])?;
    }
    tx.exec(
        "update case_file set sort_at = case when pile = 'over' then sort_at else $2 end,
            state = case when pile = 'over' then state else 'withdrawn' end, pile = 'over', waits = null, person_id = null,
            words = '', place = '', why = '', title = case when kind = 'report' then title else '' end, revision = revision + 1
        where person_id = $1",
        &[person.into(), call.now().into()],
    )?;
    Ok(())
}

/// How many cases are forgotten in one transaction: others wait behind it.
const AT_ONCE: i64 = 50;

/// Forgets what was said in cases that were over long ago, and pictures that nobody attached.
pub(crate) fn forget_due(tx: &mut Tx<'_>, now: i64) -> Result<(), Fail> {
    picture::forget_loose(tx, now)?;
    let rows = tx.all(
        "select centre_id, id from case_file where pile = 'over' and words <> '' and sort_at < $1 limit $2",
        &[(now - KEPT).into(), AT_ONCE.into()],
    )?;
    for row in &rows {
        let path = [
            row.get::<String>("centre_id")?.into(),
            row.get::<String>("id")?.into(),
        ];
        for sql in [
            "delete from picture where centre_id = $1 and case_id = $2",
            "update case_entry set words = '' where centre_id = $1 and case_id = $2",
            "delete from case_follower where centre_id = $1 and case_id = $2",
            "update case_file set words = '', place = '', why = '', title = '', person_id = null, secret = null
                where centre_id = $1 and id = $2",
        ] {
            tx.exec(sql, &path)?;
        }
    }
    Ok(())
}
