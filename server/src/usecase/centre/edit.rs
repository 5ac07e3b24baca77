//! Editing a centre's description in the browser: what it hits is decided first, each revision is kept, and one can go back.

use std::collections::BTreeSet;

use domain::{
    api::{CentreCard, CentreChange, Consequences, Made, NewCentre, RevisionCard},
    booking::refusal::Refusal,
    centre::{
        Centre,
        edit::{Edit, differences, mark_file, merge, read_mark},
        start,
        validate::{self, CentreFault},
    },
    id::{BookingId, CentreId, ConsequenceId},
    person::permission,
    problem::{Problem, TextFault},
};

use sha2::{Digest, Sha256};

use crate::{
    clock,
    db::{Fail, Tx},
    usecase::{
        booking::restore::read_stood,
        call::Call,
        centre::{
            consequence::{self, Done, Planned, UNDONE_WITHIN, Unfit},
            known::Known,
            occupancy::list_closed,
            save::{self, NotSaved},
        },
    },
    zone::Zone,
};

/// How many revisions are listed.
const MOST_LISTED: i64 = 50;

fn at_fault(faults: Vec<CentreFault>) -> Fail {
    Problem::BadCentre { faults }.into()
}

/// Reads a centre from a file.
fn read_file(text: &str) -> Result<Centre, Fail> {
    toml::from_str(text).map_err(|cause| {
        let before = cause.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(1, |before| before.matches('\n').count() + 1);
        let what = cause.message().chars().take(200).collect();
        at_fault(vec![CentreFault::Unreadable { line, what }])
    })
}

/// A short digest of a revision, where there is one. The present one may be older than the history.
fn digest_of(tx: &mut Tx<'_>, id: &CentreId, revision: i64) -> Result<Option<String>, Fail> {
    let row = tx.opt(
        "select coalesce(r.document, c.document) as document from centre c
        left join centre_revision r on r.centre_id = c.id and r.revision = $2
        where c.id = $1 and (r.revision = $2 or c.revision = $2)",
        &[id.into(), revision.into()],
    )?;
    let document: Option<String> = row.map(|row| row.get("document")).transpose()?;
    Ok(document.map(|text| {
        clock::hex(&Sha256::digest(text.as_bytes()))
            .chars()
            .take(8)
            .collect()
    }))
}

/// A centre as it was.
fn read_revision(tx: &mut Tx<'_>, id: &CentreId, revision: i64) -> Result<Centre, Fail> {
    let row = tx.opt(
        "select document from centre_revision where centre_id = $1 and revision = $2",
        &[id.into(), revision.into()],
    )?;
    let document: String = row.ok_or(Problem::NotFound)?.get("document")?;
    serde_json::from_str(&document).map_err(|_| Problem::NotFound.into())
}

fn need_same(now: &Centre, other: &Centre) -> Result<(), Fail> {
    match other.id == now.id {
        true => Ok(()),
        false => Err(at_fault(vec![CentreFault::OtherCentre {
            id: other.id.to_string(),
        }])),
    }
}

/// What somebody made of a revision that they had seen, with what others changed since. Where both changed the same, it is refused:
/// nobody overwrites what they did not see.
fn merge_into(tx: &mut Tx<'_>, known: &Known, typed: Centre, seen: i64) -> Result<Centre, Fail> {
    if seen == known.revision {
        return Ok(typed);
    }
    let base = read_revision(tx, &known.centre.id, seen)?;
    match merge(&base, &typed, &known.centre) {
        (merged, false) => Ok(merged),
        (_, true) => Err(Problem::Overtaken.into()),
    }
}

/// The centre as it is to be.
fn apply(tx: &mut Tx<'_>, known: &Known, edit: &Edit) -> Result<Centre, Fail> {
    let now = &known.centre;
    let after = match edit {
        Edit::File { text } => {
            let typed = read_file(text)?;
            need_same(now, &typed)?;
            match read_mark(text) {
                Some((seen, digest)) => {
                    // Another house's history, or one before a backup was put back, counts alike and says something else.
                    if digest_of(tx, &now.id, seen)?.as_deref() != Some(digest) {
                        return Err(Problem::Overtaken.into());
                    }
                    merge_into(tx, known, typed, seen)?
                }
                None => typed,
            }
        }
        Edit::Revision { revision, seen } => {
            let typed = read_revision(tx, &now.id, *revision)?;
            merge_into(tx, known, typed, *seen)?
        }
        part => part.apply(now).ok().flatten().ok_or(Problem::Overtaken)?,
    };
    if after == *now {
        return Err(Refusal::NothingChanged.into());
    }
    Ok(after)
}

/// [`domain::api::ChangeCentre`]. Nothing is done as long as a booking that it hits has no decision.
///
/// # Errors
/// For everybody but managers, where the description is at fault, nothing would change, or somebody else changed the same.
pub fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    id: CentreId,
    new: CentreChange,
) -> Result<Consequences, Fail> {
    call.need(permission::may_change_centre(&call.actor, &id))?;
    let known = call.centres.lock(tx, &id)?;
    let after = apply(tx, &known, &new.edit)?;
    let faults = validate::faults(&after);
    if !faults.is_empty() {
        return Err(at_fault(faults));
    }
    let zone = Zone::parse(&after.zone).ok_or_else(|| {
        at_fault(vec![CentreFault::UnknownZone {
            zone: after.zone.clone(),
        }])
    })?;
    let closures = list_closed(tx, (&known, &zone), call.now(), i64::MAX)?;
    let planned = Planned {
        centre: &after,
        zone: &zone,
        was: &known.zone,
        closures: &closures,
        between: (call.now(), i64::MAX),
    };
    let hits = consequence::find_hits(tx, call, &known, planned)?;
    let fit = consequence::check(call, planned, &hits, &new.decisions);
    if new.preview || matches!(fit, Err(Unfit::Undecided | Unfit::NotHit(_))) {
        call.unchanged();
        let taken = consequence::read_taken_beside(tx, (call, &known), &hits)?;
        return Ok(Consequences {
            hits: consequence::describe(tx, call, &known, planned, &hits, &taken)?,
            made: None,
            ..Consequences::default()
        });
    }
    let Ok(mut done) = save::save(tx, call, &after, &new.decisions)? else {
        return Err(Problem::field("decisions", TextFault::OutOfRange).into());
    };
    done.revision = Some(known.revision);
    let act = ConsequenceId::new(clock::new_id(call.now_ms));
    consequence::keep(tx, call, (&id, &act), &done)?;
    Ok(Consequences {
        made: Some(Made {
            id: act,
            undo_until: known.zone.stamp(call.now() + UNDONE_WITHIN),
            revision: known.revision + 1,
        }),
        ..Consequences::default()
    })
}

/// Takes a change of the description back: it is again as it was in a revision, unless others changed it since, or booked by what
/// it said.
pub(crate) fn take_back(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (revision, done): (i64, &Done),
) -> Result<(), Fail> {
    if known.revision != revision + 1 {
        return Err(Problem::Overtaken.into());
    }
    let before = read_revision(tx, &known.centre.id, revision)?;
    let zone = Zone::parse(&before.zone).ok_or(Problem::NotFound)?;
    let closures = list_closed(tx, (known, &zone), call.now(), i64::MAX)?;
    let planned = Planned {
        centre: &before,
        zone: &zone,
        was: &known.zone,
        closures: &closures,
        between: (call.now(), i64::MAX),
    };
    // Whoever booked meanwhile, by what the description said then, does not stand outside without a word.
    let hits = consequence::find_hits(tx, call, known, planned)?;
    // What the act sent elsewhere goes back, and what somebody kept in spite of it was asked about.
    let mut of_act: BTreeSet<&BookingId> = done.kept.iter().collect();
    for was in done.moved.iter().chain(&done.cancelled) {
        if was.is_as_left(&read_stood(tx, &known.centre.id, &was.booking)?) {
            of_act.insert(&was.booking);
        }
    }
    if hits
        .iter()
        .any(|hit| !of_act.contains(&hit.booking.booking))
    {
        return Err(Problem::Overtaken.into());
    }
    save::write(tx, call, &before)
}

/// [`domain::api::MakeCentre`].
///
/// # Errors
/// For everybody but those who manage all centres, where the file is at fault, and where there is such a centre.
pub fn make(tx: &mut Tx<'_>, call: &Call, (): (), new: NewCentre) -> Result<CentreCard, Fail> {
    call.need(permission::may_make_centre(&call.actor))?;
    let centre = match &new {
        NewCentre::File(text) => read_file(text)?,
        NewCentre::Start(start) => start::describe(start),
    };
    let id = centre.id.clone();
    match call.centres.get(tx, &id) {
        Err(Fail::Problem(Problem::NotFound)) => {}
        Err(other) => return Err(other),
        Ok(_) => {
            return Err(at_fault(vec![CentreFault::KnownCentre {
                id: id.to_string(),
            }]));
        }
    }
    match save::save(tx, call, &centre, &[])? {
        Ok(_) => {}
        Err(NotSaved::Faults(faults)) => return Err(at_fault(faults)),
        Err(NotSaved::Zone(zone)) => return Err(at_fault(vec![CentreFault::UnknownZone { zone }])),
        Err(_) => return Err(Problem::Overtaken.into()),
    }
    Ok(CentreCard {
        id: centre.id,
        name: centre.name,
        address: centre.address,
    })
}

/// [`domain::api::ListRevisions`].
///
/// # Errors
/// For everybody but managers.
pub fn list(tx: &mut Tx<'_>, call: &Call, id: CentreId) -> Result<Vec<RevisionCard>, Fail> {
    call.need(permission::may_change_centre(&call.actor, &id))?;
    let known = call.centres.get(tx, &id)?;
    let rows = tx.all(
        "select r.revision, r.made_ms, r.document, nullif(p.name, '') as by_name
        from centre_revision r left join person p on p.id = r.actor_id
        where r.centre_id = $1 order by r.revision desc limit $2",
        &[(&id).into(), (MOST_LISTED + 1).into()],
    )?;
    let mut read = Vec::with_capacity(rows.len());
    for row in &rows {
        let document: String = row.get("document")?;
        let centre: Option<Centre> = serde_json::from_str(&document).ok();
        read.push((row, centre));
    }
    let mut cards = Vec::with_capacity(read.len());
    for (at, (row, centre)) in read.iter().enumerate() {
        let before = read.get(at + 1).and_then(|(_, before)| before.as_ref());
        let parts = before.zip(centre.as_ref());
        let revision: i64 = row.get("revision")?;
        let made: Option<i64> = row.get("made_ms")?;
        cards.push(RevisionCard {
            revision,
            made: made.map(|ms| known.zone.stamp(ms / 1000)),
            by: row.get("by_name")?,
            parts: parts.map_or_else(Vec::new, |(before, now)| differences(before, now)),
            same_as: read
                .iter()
                .skip(at + 1)
                .find(|(_, other)| centre.is_some() && other == centre)
                .map(|(row, _)| row.get("revision"))
                .transpose()?,
            is_now: revision == known.revision,
        });
    }
    cards.truncate(usize::try_from(MOST_LISTED).unwrap_or_default());
    Ok(cards)
}

/// [`domain::api::GetCentreFile`].
///
/// # Errors
/// For everybody but managers.
pub fn export(tx: &mut Tx<'_>, call: &Call, id: &CentreId) -> Result<String, Fail> {
    call.need(permission::may_change_centre(&call.actor, id))?;
    let known = call.centres.get(tx, id)?;
    let text = toml::to_string(&known.centre).unwrap_or_default();
    let digest = digest_of(tx, id, known.revision)?.unwrap_or_default();
    Ok(mark_file(known.revision, &digest, &text))
}
