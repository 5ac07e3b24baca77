//! Cases sent: by people for themselves, by staff for others, and without a name.

use domain::{
    api::{NewCase, NewNameless},
    audit::{Act, Subject},
    case::{
        Case, MOST_PLACE, MOST_RECEIVED, MOST_WORDS,
        due::Urgency,
        kind::CaseKind,
        step::{CaseRefusal, StepName},
    },
    id::{CaseId, CentreId, PersonId},
    language::{Lang, Name},
    page::Page,
    person::{
        behalf::{Behalf, Channel},
        permission::{self, Role},
    },
    problem::{Problem, TextFault, typed},
};

use crate::{
    clock,
    db::{Fail, Tx},
    usecase::{
        audit::Note,
        call::Call,
        case::{
            picture,
            rows::{self, NewRow, Standing, add_entry, find, insert, lock_open},
        },
        centre::known::{Known, tell},
        person::behalf,
    },
};

/// What an entry of the log about a case is about: its kind and number, and nothing of what was said.
pub(crate) fn describe(centre: &CentreId, id: &CaseId, (kind, number): (CaseKind, u32)) -> Subject {
    let named = |lang: Lang| lang.case_log(kind.word(lang), number);
    Subject {
        what: Some(Name::new(named(Lang::Zh), named(Lang::En))),
        path: Page::Case(centre.clone(), id.clone()).path(),
        ..Subject::default()
    }
}

/// An entry of the log about a case. Of what is for those who answer for the house it says neither for whom nor by whom of those who
/// asked: all staff read the log.
pub(crate) fn note<'a>(
    act: Act,
    (centre, id): (&'a CentreId, &CaseId),
    (kind, number): (CaseKind, u32),
    (reader, person, by_asker): (Role, Option<&'a PersonId>, bool),
) -> Note<'a> {
    let note = Note::at(act, centre).about(describe(centre, id, (kind, number)));
    match (reader > Role::Staff, person) {
        (true, _) if by_asker => note.by_itself(),
        (false, Some(person)) => note.of(person),
        (true, _) | (false, None) => note,
    }
}

/// Who is to read it at least.
fn reader(kind: CaseKind, to_manager: bool) -> Role {
    match to_manager && kind.terms().nameless {
        true => Role::Manager,
        false => kind.terms().reader,
    }
}

/// By when what came at `from` is to be done; both in seconds UTC.
pub(crate) fn due(known: &Known, urgency: Urgency, from: i64) -> i64 {
    let from = known.zone.stamp(from).local;
    let due = urgency.due(&known.centre.hours, from);
    known.zone.utc_or_next(due)
}

/// How many of somebody's cases nobody has looked at.
fn count_received(tx: &mut Tx<'_>, person: &PersonId) -> Result<u16, Fail> {
    let row = tx.one(
        "select count(*) as waiting from case_file where person_id = $1 and state = 'received'",
        &[person.into()],
    )?;
    Ok(row.get("waiting")?)
}

/// [`domain::api::SendCase`].
///
/// # Errors
/// For a visitor, where a field cannot be meant, where too many of theirs wait already, and where they do not agree to what needs it.
pub fn send(tx: &mut Tx<'_>, call: &Call, centre: CentreId, new: NewCase) -> Result<Case, Fail> {
    call.person()?;
    let known = call.centres.hold(tx, &centre)?;
    let terms = new.kind.terms();
    let Behalf { person, channel } =
        behalf::resolve_beneficiary(tx, call, &centre, new.behalf.clone())?;
    let words = typed("words", &new.words, MOST_WORDS, true)?;
    let needs_place = terms.place && new.room.is_none();
    let place = typed("place", &new.place, MOST_PLACE, needs_place)?.replace('\n', " ");
    if let Some(room) = &new.room {
        known.centre.room(room).ok_or(Problem::NotFound)?;
    }
    if terms.agreement && !new.agreed {
        return Err(CaseRefusal::NotAgreed.into());
    }
    let works = permission::may_work_on_case(&call.actor, &centre, Role::Staff);
    // One after the other: what is counted stays so.
    tx.lock(
        "select 1 from person where id = $1 for no key update",
        &[(&person).into()],
    )?;
    if channel == Channel::App && count_received(tx, &person)? >= MOST_RECEIVED {
        return Err(CaseRefusal::TooMany {
            most: MOST_RECEIVED,
        }
        .into());
    }
    let urgency = new.urgency.filter(|_| works).unwrap_or(terms.urgency);
    let part_of = new.part_of.as_ref().filter(|_| works);
    let whole = match part_of {
        Some(whole) => lock_open(tx, call, &known, whole)?.reader,
        None => Role::Staff,
    };
    // A part is for no other eyes than the whole.
    let reader = reader(new.kind, new.to_manager).max(whole);
    let id = CaseId::new(clock::new_id(call.now_ms));
    let number = insert(
        tx,
        &centre,
        &NewRow {
            id: &id,
            kind: new.kind,
            reader,
            words: &words,
            place: &place,
            room: new.room.as_ref(),
            urgency,
            channel,
            person: Some(&person),
            secret: None,
            agreed: terms.agreement,
            part_of,
            received_at: call.now(),
            due_at: due(&known, urgency, call.now()),
        },
    )?;
    let by_house = call.actor.person.as_ref() != Some(&person);
    add_entry(
        tx,
        call,
        (&centre, &id),
        (StepName::Received, ""),
        (by_house, true),
    )?;
    picture::attach(tx, call, (&centre, &id), (&new.pictures, false, true))?;
    // Who wrote to the manager is no acquaintance of the desk by that.
    if reader == Role::Staff {
        behalf::note_met(tx, call, &centre, &person)?;
    }
    let whose = (reader, Some(&person), true);
    note(Act::CaseReceived, (&centre, &id), (new.kind, number), whose)
        .by(channel)
        .write(tx, call)?;
    tell(tx, &known, call.now(), call.now());
    let found = find(tx, &known, &id)?;
    let standing = Standing::of(call, &found);
    rows::show(tx, &known, found, standing)
}

/// How many cases without a name, that nobody has looked at, a house takes: more are a flood.
const MOST_NAMELESS: i64 = 300;

/// Refuses what cannot be a secret that was made at random.
fn need_secret(secret: &str) -> Result<(), Problem> {
    let sound = (22..=43).contains(&secret.len())
        && secret
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    match sound {
        true => Ok(()),
        false => Err(Problem::field("request", TextFault::Unreadable)),
    }
}

/// [`domain::api::SendNameless`]. `digest` is that of the secret: what opens it is stored nowhere.
///
/// # Errors
/// Where a field cannot be meant, for kinds that need a name, and where too many wait.
pub fn send_nameless(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, digest): (&CentreId, &str),
    new: &NewNameless,
) -> Result<Case, Fail> {
    need_secret(&new.secret)?;
    let known = call.centres.hold(tx, centre)?;
    if let Some(found) = find_nameless(tx, &known, digest)? {
        return rows::show(tx, &known, found, SENDER);
    }
    if !new.kind.terms().nameless {
        return Err(Problem::NotSignedIn.into());
    }
    let words = typed("words", &new.words, MOST_WORDS, true)?;
    let waiting = tx.one(
        "select count(*) as waiting from case_file where centre_id = $1 and secret is not null and state = 'received'",
        &[centre.into()],
    )?;
    if waiting.get::<i64>("waiting")? >= MOST_NAMELESS {
        return Err(Problem::TooMany { wait: 3_600 }.into());
    }
    let urgency = new.kind.terms().urgency;
    let id = CaseId::new(clock::new_id(call.now_ms));
    let number = insert(
        tx,
        centre,
        &NewRow {
            id: &id,
            kind: new.kind,
            reader: reader(new.kind, new.to_manager),
            words: &words,
            place: "",
            room: None,
            urgency,
            channel: Channel::App,
            person: None,
            secret: Some(digest),
            agreed: false,
            part_of: None,
            received_at: call.now(),
            due_at: due(&known, urgency, call.now()),
        },
    )?;
    let entry = (StepName::Received, "");
    add_entry(tx, call, (centre, &id), entry, (false, true))?;
    Note::at(Act::CaseReceived, centre)
        .about(describe(centre, &id, (new.kind, number)))
        .write(tx, call)?;
    tell(tx, &known, call.now(), call.now());
    let found = find(tx, &known, &id)?;
    rows::show(tx, &known, found, SENDER)
}

/// What whoever asked is to a case, and whoever has its secret.
pub(crate) const SENDER: Standing = Standing {
    asked: true,
    works: false,
};

/// The case that a secret opens, by its digest.
pub(crate) fn find_nameless(
    tx: &mut Tx<'_>,
    known: &Known,
    digest: &str,
) -> Result<Option<rows::Found>, Fail> {
    let row = tx.opt(
        "select id from case_file where centre_id = $1 and secret = $2",
        &[(&known.centre.id).into(), digest.into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let id: CaseId = row.get("id")?;
    find(tx, known, &id).map(Some)
}

/// [`domain::api::ReadNameless`].
///
/// # Errors
/// When the secret opens nothing.
pub fn read_nameless(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, digest): (&CentreId, &str),
) -> Result<Case, Fail> {
    let known = call.centres.get(tx, centre)?;
    let found = find_nameless(tx, &known, digest)?.ok_or(Problem::NotFound)?;
    rows::show(tx, &known, found, SENDER)
}
