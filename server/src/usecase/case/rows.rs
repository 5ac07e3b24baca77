//! How cases are stored, read and locked, and what of them each reader sees.

use domain::{
    case::{
        Case, CaseLink, CasePicture, CaseRow, CaseState, Entry,
        due::Urgency,
        kind::CaseKind,
        step::{CaseRefusal, StepName, WaitsFor},
    },
    id::{CaseId, CentreId, PersonId, RoomId},
    person::{
        behalf::Channel,
        permission::{self, Role},
    },
    problem::Problem,
    time::Stamp,
};

use crate::{
    clock,
    db::{Fail, Row, Tx},
    usecase::{call::Call, centre::known::Known},
};

/// A case with all that the house knows of it.
pub(crate) struct Found {
    pub(crate) row: CaseRow,
    /// The house has given it a title.
    pub(crate) titled: bool,
    pub(crate) words: String,
    pub(crate) why: String,
    pub(crate) reader: Role,
    pub(crate) channel: Channel,
    pub(crate) agreed: bool,
    pub(crate) nameless: bool,
    pub(crate) person: Option<PersonId>,
    pub(crate) phone: Option<String>,
    pub(crate) lead: Option<PersonId>,
    /// When it was received, is due, and came into its pile, in seconds UTC.
    pub(crate) received_at: i64,
    pub(crate) due_at: i64,
    pub(crate) sort_at: i64,
    pub(crate) part_of: Option<CaseId>,
    pub(crate) revision: u32,
}

/// The pile in the database in which a state stands.
pub(crate) fn pile_of(state: CaseState) -> &'static str {
    match state {
        CaseState::Waiting => "waiting",
        state if state.is_open() => "open",
        _ => "over",
    }
}

macro_rules! select_cases {
    ($($rest:literal),+) => {
        concat!(
            "select c.centre_id, c.id, c.number, c.kind, c.state, c.reader, c.title, c.words, c.place, c.room_id, c.urgency, c.channel,
            c.person_id, c.secret, c.agreed, c.lead_id, c.waits, c.why, c.received_at, c.due_at, c.planned_at, c.sort_at, c.part_of,
            c.revision, coalesce(nullif(p.name, ''), p.phone) as name, p.phone, nullif(l.name, '') as lead,
            (select count(*) from case_follower f where f.centre_id = c.centre_id and f.case_id = c.id) as followers
            from case_file c left join person p on p.id = c.person_id left join person l on l.id = c.lead_id ",
            $($rest),+
        )
    };
}
pub(crate) use select_cases;

/// How many characters of what somebody said stand for a title.
const TITLE: usize = 24;

/// What a case is about: as the house calls it, else the first words.
fn title_of(title: String, words: &str) -> String {
    if !title.is_empty() {
        return title;
    }
    let line = words.lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(TITLE).collect();
    if short.len() < words.trim_end().len() {
        short.push('…');
    }
    short
}

pub(crate) fn read_row(known: &Known, row: &Row) -> Result<Found, Fail> {
    let stamp = |utc| known.zone.stamp(utc);
    let state: CaseState = row.get("state")?;
    let (title, words): (String, String) = (row.get("title")?, row.get("words")?);
    let (due_at, person): (i64, Option<PersonId>) = (row.get("due_at")?, row.get("person_id")?);
    let is_due = state.is_open() && state != CaseState::Waiting;
    Ok(Found {
        titled: !title.is_empty(),
        row: CaseRow {
            id: row.get("id")?,
            centre: row.get("centre_id")?,
            number: row.get("number")?,
            kind: row.get("kind")?,
            state,
            title: title_of(title, &words),
            place: row.get("place")?,
            room: row.get("room_id")?,
            urgency: row.get("urgency")?,
            received: stamp(row.get("received_at")?),
            due: is_due.then(|| stamp(due_at)),
            planned: row.get::<Option<i64>>("planned_at")?.map(stamp),
            waits: row.get("waits")?,
            name: row.get("name")?,
            lead: row.get("lead")?,
            followers: row.get("followers")?,
            mine: false,
            follows: false,
        },
        words,
        why: row.get("why")?,
        reader: row.get("reader")?,
        channel: row.get("channel")?,
        agreed: row.get("agreed")?,
        nameless: row.get::<Option<String>>("secret")?.is_some(),
        person,
        phone: row.get("phone")?,
        lead: row.get("lead_id")?,
        received_at: row.get("received_at")?,
        due_at,
        sort_at: row.get("sort_at")?,
        part_of: row.get("part_of")?,
        revision: row.get("revision")?,
    })
}

/// A case by its id.
pub(crate) fn find(tx: &mut Tx<'_>, known: &Known, id: &CaseId) -> Result<Found, Fail> {
    let row = tx.opt(
        select_cases!("where c.centre_id = $1 and c.id = $2"),
        &[(&known.centre.id).into(), id.into()],
    )?;
    read_row(known, &row.ok_or(Problem::NotFound)?)
}

/// A case under its lock.
pub(crate) fn find_locked(tx: &mut Tx<'_>, known: &Known, id: &CaseId) -> Result<Found, Fail> {
    lock(tx, &known.centre.id, id)?;
    find(tx, known, id)
}

pub(crate) fn lock(tx: &mut Tx<'_>, centre: &CentreId, id: &CaseId) -> Result<(), Fail> {
    Ok(tx.lock(
        "select 1 from case_file where centre_id = $1 and id = $2 for update",
        &[centre.into(), id.into()],
    )?)
}

/// What somebody is to a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// They asked, or it is for them.
    pub(crate) asked: bool,
    /// They may work on it.
    pub(crate) works: bool,
}

impl Standing {
    pub(crate) fn of(call: &Call, found: &Found) -> Self {
        let asked = found.person.is_some() && found.person == call.actor.person;
        let centre = &found.row.centre;
        Self {
            asked,
            works: permission::may_work_on_case(&call.actor, centre, found.reader),
        }
    }

    /// Refuses those who are nothing to it: for them there is none.
    pub(crate) fn need(self, call: &Call) -> Result<Self, Problem> {
        match self.asked || self.works {
            true => Ok(self),
            false if call.actor.person.is_none() => Err(Problem::NotSignedIn),
            false => Err(Problem::NotFound),
        }
    }
}

/// What a list shows to somebody.
pub(crate) fn show_row(found: Found, standing: Standing) -> CaseRow {
    CaseRow {
        mine: standing.asked,
        name: found.row.name.filter(|_| standing.works),
        lead: found.row.lead.filter(|_| standing.works),
        ..found.row
    }
}

/// A case as somebody may see it.
pub(crate) fn show(
    tx: &mut Tx<'_>,
    known: &Known,
    found: Found,
    standing: Standing,
) -> Result<Case, Fail> {
    let path = [
        (&known.centre.id).into(),
        found.row.id.as_str().to_owned().into(),
    ];
    let rows = tx.all(
        "select e.at, e.step, e.words, e.by_house, e.shown, nullif(p.name, '') as by_name
        from case_entry e left join person p on p.id = e.actor_id
        where e.centre_id = $1 and e.case_id = $2 order by e.id",
        &path,
    )?;
    let mut story = Vec::with_capacity(rows.len());
    for row in &rows {
        let shown: bool = row.get("shown")?;
        if !shown && !standing.works {
            continue;
        }
        let by: Option<String> = row.get("by_name")?;
        story.push(Entry {
            at: known.zone.stamp(row.get("at")?),
            step: row.get("step")?,
            words: row.get("words")?,
            by_house: row.get("by_house")?,
            by: by.filter(|_| standing.works),
            shown,
        });
    }
    let rows = tx.all(
        "select id, width, height, by_house from picture where centre_id = $1 and case_id = $2 and (shown = 1 or $3 = 1) order by id",
        &[path.as_slice(), &[i64::from(standing.works).into()]].concat(),
    )?;
    let pictures = rows.iter().map(|row| {
        Ok(CasePicture {
            id: row.get("id")?,
            width: row.get("width")?,
            height: row.get("height")?,
            by_house: row.get("by_house")?,
        })
    });
    let pictures = pictures.collect::<Result<_, Fail>>()?;
    // How the house divides its work is the house's own.
    let (parts, part_of) = match standing.works {
        true => (
            list_parts(tx, &known.centre.id, (&found.row.id, found.reader))?,
            find_link(tx, &known.centre.id, (found.part_of.as_ref(), found.reader))?,
        ),
        false => (Vec::new(), None),
    };
    Ok(Case {
        words: found.words.clone(),
        reader: found.reader,
        channel: found.channel,
        why: found.why.clone(),
        phone: found.phone.clone().filter(|_| standing.works),
        person: found.person.clone().filter(|_| standing.works),
        nameless: found.nameless,
        agreed: found.agreed,
        pictures,
        story,
        part_of,
        parts,
        revision: found.revision,
        row: show_row(found, standing),
    })
}

fn read_link(row: &Row) -> Result<CaseLink, Fail> {
    Ok(CaseLink {
        id: row.get("id")?,
        number: row.get("number")?,
        state: row.get("state")?,
        title: title_of(row.get("title")?, row.text("words")?),
    })
}

/// The parts of a case, for those who may read it: not those that are for others.
fn list_parts(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    (id, reader): (&CaseId, Role),
) -> Result<Vec<CaseLink>, Fail> {
    let rows = tx.all(
        "select id, number, state, title, words from case_file where centre_id = $1 and part_of = $2 and (reader = 'staff' or reader = $3)
        order by number",
        &[centre.into(), id.into(), reader.code().into()],
    )?;
    rows.iter().map(read_link).collect()
}

fn find_link(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    (id, reader): (Option<&CaseId>, Role),
) -> Result<Option<CaseLink>, Fail> {
    let Some(id) = id else { return Ok(None) };
    let row = tx.opt(
        "select id, number, state, title, words from case_file where centre_id = $1 and id = $2 and (reader = 'staff' or reader = $3)",
        &[centre.into(), id.into(), reader.code().into()],
    )?;
    row.as_ref().map(read_link).transpose()
}

/// A case about to be stored.
pub(crate) struct NewRow<'a> {
    pub(crate) id: &'a CaseId,
    pub(crate) kind: CaseKind,
    pub(crate) reader: Role,
    pub(crate) words: &'a str,
    pub(crate) place: &'a str,
    pub(crate) room: Option<&'a RoomId>,
    pub(crate) urgency: Urgency,
    pub(crate) channel: Channel,
    pub(crate) person: Option<&'a PersonId>,
    /// A digest of what opens it without a name.
    pub(crate) secret: Option<&'a str>,
    pub(crate) agreed: bool,
    pub(crate) part_of: Option<&'a CaseId>,
    pub(crate) received_at: i64,
    pub(crate) due_at: i64,
}

/// Stores a case under the next number of its centre, which it gives.
pub(crate) fn insert(tx: &mut Tx<'_>, centre: &CentreId, new: &NewRow<'_>) -> Result<u32, Fail> {
    let row = tx.one(
        "insert into case_number (centre_id, last) values ($1, 1)
        on conflict (centre_id) do update set last = case_number.last + 1 returning last",
        &[centre.into()],
    )?;
    let number: u32 = row.get("last")?;
    tx.exec(
        "insert into case_file (centre_id, id, number, kind, state, reader, title, words, place, room_id, urgency, channel, person_id,
            secret, agreed, why, received_at, due_at, pile, sort_at, part_of, revision)
        values ($1, $2, $3, $4, 'received', $5, '', $6, $7, $8, $9, $10, $11, $12, $13, '', $14, $15, 'open', $15, $16, 0)",
        &[
            centre.into(),
            new.id.into(),
            number.into(),
            new.kind.code().into(),
            new.reader.code().into(),
            new.words.into(),
            new.place.into(),
            new.room.map(RoomId::as_str).into(),
            new.urgency.code().into(),
            new.channel.code().into(),
            new.person.map(PersonId::as_str).into(),
            new.secret.into(),
            i64::from(new.agreed).into(),
            new.received_at.into(),
            new.due_at.into(),
            new.part_of.map(CaseId::as_str).into(),
        ],
    )?;
    Ok(number)
}

/// Writes a case as it is after a step.
pub(crate) fn update(tx: &mut Tx<'_>, title: Option<&str>, found: &Found) -> Result<(), Fail> {
    tx.exec(
        "update case_file set kind = $3, state = $4, reader = $5, title = coalesce($6, title), urgency = $7, lead_id = $8, waits = $9,
            why = $10, due_at = $11, planned_at = $12, pile = $13, sort_at = $14, revision = revision + 1
        where centre_id = $1 and id = $2",
        &[
            (&found.row.centre).into(),
            (&found.row.id).into(),
            found.row.kind.code().into(),
            found.row.state.code().into(),
            found.reader.code().into(),
            title.into(),
            found.row.urgency.code().into(),
            found.lead.as_ref().map(PersonId::as_str).into(),
            found.row.waits.map(WaitsFor::code).into(),
            found.why.as_str().into(),
            found.due_at.into(),
            found.row.planned.map(Stamp::utc).into(),
            pile_of(found.row.state).into(),
            found.sort_at.into(),
        ],
    )?;
    Ok(())
}

/// Adds an entry to the story of a case.
pub(crate) fn add_entry(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (&CentreId, &CaseId),
    (step, words): (StepName, &str),
    (by_house, shown): (bool, bool),
) -> Result<(), Fail> {
    tx.exec(
        "insert into case_entry (centre_id, case_id, id, at, step, words, actor_id, by_house, shown)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            centre.into(),
            id.into(),
            clock::new_id(call.now_ms).into(),
            call.now().into(),
            step.code().into(),
            words.into(),
            call.actor.person.as_ref().map(PersonId::as_str).into(),
            i64::from(by_house).into(),
            i64::from(shown).into(),
        ],
    )?;
    Ok(())
}

/// A case that is open, under its lock, for those who may work on it.
pub(crate) fn lock_open(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    id: &CaseId,
) -> Result<Found, Fail> {
    let found = find_locked(tx, known, id)?;
    if !Standing::of(call, &found).works {
        return Err(Problem::NotFound.into());
    }
    match found.row.state.is_open() {
        true => Ok(found),
        false => Err(CaseRefusal::NotFrom {
            state: found.row.state,
        }
        .into()),
    }
}
