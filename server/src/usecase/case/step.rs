//! Steps of a case: taken under its lock, written into its story, and told to those whom they concern.

use domain::{
    api::{Following, NamelessStep, NewStep},
    audit::Act,
    case::{
        Case, CaseRow, CaseState, MOST_TITLE, MOST_WORDS, REOPENED_DAYS,
        step::{CaseRefusal, Side, Step, StepName, WaitsFor},
    },
    id::{CaseId, CentreId, PersonId},
    message::News,
    person::permission::{self, Role},
    problem::{Problem, typed},
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        audit::Note,
        call::Call,
        case::{
            is_public, list_reports, picture,
            rows::{self, Found, Standing, add_entry, find, find_locked, lock},
            send::{self, SENDER, describe, find_nameless},
        },
        centre::known::{Known, tell},
        message,
        person::role,
    },
};

/// [`domain::api::TakeStep`].
///
/// # Errors
/// For everybody but those who asked and those who work on it, where the case does not stand where the step could be taken, where
/// somebody changed it meanwhile, and where words are missing.
pub fn take(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, CaseId),
    new: NewStep,
) -> Result<Case, Fail> {
    let known = call.centres.hold(tx, &centre)?;
    call.person()?;
    if let Step::Join { into } = &new.step {
        // Always in the same order.
        let mut both = [&id, into];
        both.sort_unstable();
        for one in both {
            lock(tx, &centre, one)?;
        }
    }
    let found = find_locked(tx, &known, &id)?;
    let standing = Standing::of(call, &found).need(call)?;
    if new.revision.is_some_and(|seen| seen != found.revision) {
        return Err(Problem::Overtaken.into());
    }
    // Whoever asked does not answer themselves, also where they work there.
    let side = match standing.asked {
        true => Side::Asker,
        false => Side::House,
    };
    advance(tx, call, (&known, found), (side, &new))?;
    let found = find(tx, &known, &id)?;
    // Whoever just worked on it sees what became of it, also where it is now for other eyes.
    rows::show(tx, &known, found, standing)
}

/// [`domain::api::AnswerNameless`], by the digest of its secret.
///
/// # Errors
/// When the secret opens nothing, and as [`take`].
pub fn answer_nameless(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, digest): (&CentreId, &str),
    new: &NamelessStep,
) -> Result<Case, Fail> {
    let known = call.centres.hold(tx, centre)?;
    let found = find_nameless(tx, &known, digest)?.ok_or(Problem::NotFound)?;
    let id = found.row.id.clone();
    let found = find_locked(tx, &known, &id)?;
    // Sent again because the answer was lost, it is meant once.
    let last = tx.opt(
        "select step, words, by_house from case_entry where centre_id = $1 and case_id = $2 and at > $3 order by id desc limit 1",
        &[centre.into(), (&id).into(), (call.now() - SAME).into()],
    )?;
    if let Some(row) = last {
        let same = row.get::<StepName>("step")? == new.step.name()
            && row.text("words")? == new.words.trim();
        if same && !row.get::<bool>("by_house")? {
            return rows::show(tx, &known, found, SENDER);
        }
    }
    let step = NewStep {
        step: new.step.clone(),
        words: new.words.clone(),
        pictures: Vec::new(),
        revision: None,
    };
    advance(tx, call, (&known, found), (Side::Asker, &step))?;
    let found = find(tx, &known, &id)?;
    rows::show(tx, &known, found, SENDER)
}

/// For how long the same step without a name is the same, in seconds.
const SAME: i64 = 600;

/// The entry about a step: what it says, and whether whoever asked sees it.
struct Said<'a> {
    step: StepName,
    words: &'a str,
    shown: bool,
}

fn advance(
    tx: &mut Tx<'_>,
    call: &Call,
    (known, mut found): (&Known, Found),
    (side, new): (Side, &NewStep),
) -> Result<(), Fail> {
    let step = new.step.name();
    let state = found.row.state;
    let after = step
        .lead_from(state, side)
        .ok_or(CaseRefusal::NotFrom { state })?;
    // Only what was waited for lets it go on.
    let is_answer = found.row.waits == Some(WaitsFor::Asker);
    let after = match (step, side) {
        (StepName::Say, Side::Asker) if !is_answer => state,
        _ => after,
    };
    let most = match step {
        StepName::Name => MOST_TITLE,
        _ => MOST_WORDS,
    };
    let words = typed("words", &new.words, most, step.needs_words())?;
    let centre = &known.centre.id;
    let mut title = None;
    match &new.step {
        Step::Take => found.lead.clone_from(&call.actor.person),
        Step::HandOver { to } => {
            let least = found.reader.max(Role::Staff);
            let colleagues = role::list_people(tx, centre, least, call.now())?;
            if !colleagues.contains(to) {
                return Err(Problem::NotFound.into());
            }
            found.lead = Some(to.clone());
        }
        Step::Plan { at } => {
            let utc = known.zone.utc_or_next(*at);
            if utc <= call.now() {
                return Err(CaseRefusal::Past.into());
            }
            found.row.planned = Some(known.zone.stamp(utc));
        }
        Step::Wait { on } => {
            found.row.waits = Some(*on);
            found.why.clone_from(&words);
        }
        Step::Finish => need_no_open_parts(tx, centre, &found.row.id)?,
        Step::SetUrgency { urgency } => found.row.urgency = *urgency,
        Step::SetKind { kind } => {
            if kind.terms().public != found.row.kind.terms().public {
                // What the house called it among itself is not for all, and whoever followed it does not any more.
                title = Some(String::new());
                tx.exec(
                    "delete from case_follower where centre_id = $1 and case_id = $2",
                    &[centre.into(), (&found.row.id).into()],
                )?;
            }
            found.row.kind = *kind;
            // Nobody reads more of it than before, and whoever may not read it any more does not answer for it either.
            let reader = found.reader.max(kind.terms().reader);
            if reader > found.reader {
                found.lead = None;
            }
            found.reader = reader;
        }
        Step::Name => title = Some(words.replace('\n', " ")),
        Step::Join { into } => join(tx, call, known, (&found, into))?,
        Step::Reopen if side == Side::Asker => {
            let days = u16::try_from(REOPENED_DAYS).unwrap_or(u16::MAX);
            if found.sort_at < call.now() - REOPENED_DAYS * 86_400 {
                return Err(CaseRefusal::TooLate { days }.into());
            }
        }
        _ => {}
    }
    // Whoever begins with a case answers for it, until somebody else takes it.
    let works = permission::may_work_on_case(&call.actor, centre, found.reader);
    if side == Side::House && found.lead.is_none() && after.is_open() && works {
        found.lead.clone_from(&call.actor.person);
    }
    settle_times(call, known, &mut found, (state, after), step);
    found.row.state = after;
    let shown = match new.step {
        Step::Say { shown } => shown || side == Side::Asker,
        _ => step.is_shown(),
    };
    rows::update(tx, title.as_deref(), &found)?;
    let by_house = side == Side::House;
    let path = (centre, &found.row.id);
    add_entry(tx, call, path, (step, &words), (by_house, shown))?;
    picture::attach(tx, call, path, (&new.pictures, by_house, shown))?;
    let words = if step == StepName::Name { "" } else { &words };
    let said = Said { step, words, shown };
    tell_people(tx, call, known, (&found, side), &said)?;
    let whose = (found.reader, found.person.as_ref(), side == Side::Asker);
    let named = (found.row.kind, found.row.number);
    send::note(Act::stepping(step), path, named, whose).write(tx, call)?;
    tell(tx, known, call.now(), call.now());
    Ok(())
}

/// Due time and place in the pile after a step. While it waits for others its time stands still.
fn settle_times(
    call: &Call,
    known: &Known,
    found: &mut Found,
    (before, after): (CaseState, CaseState),
    step: StepName,
) {
    let now = call.now();
    match step {
        StepName::SetUrgency => {
            found.due_at = send::due(known, found.row.urgency, found.received_at);
        }
        StepName::Reopen => found.due_at = send::due(known, found.row.urgency, now),
        _ if before == CaseState::Waiting && after != before => {
            found.due_at += now - found.sort_at;
        }
        _ => {}
    }
    if after != CaseState::Waiting {
        found.row.waits = None;
        found.why.clear();
    }
    let piles = (rows::pile_of(before), rows::pile_of(after));
    found.sort_at = match piles.1 {
        "open" => found.due_at,
        _ if piles.0 == piles.1 => found.sort_at,
        _ => now,
    };
}

fn need_no_open_parts(tx: &mut Tx<'_>, centre: &CentreId, id: &CaseId) -> Result<(), Fail> {
    let row = tx.one(
        "select count(*) as open from case_file where centre_id = $1 and part_of = $2 and pile <> 'over'",
        &[centre.into(), id.into()],
    )?;
    match row.get("open")? {
        0 => Ok(()),
        count => Err(CaseRefusal::OpenParts { count }.into()),
    }
}

/// Whoever asked, and whoever follows, hears of the other from now on.
fn join(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (found, into): (&Found, &CaseId),
) -> Result<(), Fail> {
    let other = find(tx, known, into)?;
    let public = |one: &Found| one.row.kind.terms().public;
    let is_itself = other.row.id == found.row.id;
    if is_itself || !public(found) || !is_public(&other) || !other.row.state.is_open() {
        return Err(CaseRefusal::NotPublic.into());
    }
    let path = [
        (&known.centre.id).into(),
        (&found.row.id).into(),
        into.into(),
    ];
    tx.exec(
        "insert into case_follower (centre_id, case_id, person_id, since)
        select centre_id, $3, person_id, since from case_follower where centre_id = $1 and case_id = $2
        on conflict do nothing",
        &path,
    )?;
    tx.exec(
        "update case_file set joined_into = $3 where centre_id = $1 and id = $2",
        &path,
    )?;
    match &found.person {
        Some(person) if other.person.as_ref() != Some(person) => {
            follow(tx, call, (&known.centre.id, into), person).map(drop)
        }
        _ => Ok(()),
    }
}

fn follow(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (&CentreId, &CaseId),
    person: &PersonId,
) -> Result<u64, Fail> {
    Ok(tx.exec(
        "insert into case_follower (centre_id, case_id, person_id, since) values ($1, $2, $3, $4) on conflict do nothing",
        &[centre.into(), id.into(), person.into(), call.now().into()],
    )?)
}

/// Letters about a step: to whoever asked and whoever follows of what the house did, to whoever answers for it of what they did.
fn tell_people(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (found, side): (&Found, Side),
    said: &Said<'_>,
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    let (case, number, title) = (
        found.row.id.clone(),
        found.row.number,
        found.row.title.clone(),
    );
    let me = call.actor.person.as_ref();
    let to_lead = match side {
        Side::Asker => true,
        Side::House => said.step == StepName::HandOver,
    };
    if to_lead {
        let Some(lead) = found.lead.as_ref().filter(|lead| Some(*lead) != me) else {
            return Ok(());
        };
        // Whoever works there no longer hears of nothing.
        let least = found.reader.max(Role::Staff);
        if !role::list_people(tx, centre, least, call.now())?.contains(lead) {
            return Ok(());
        }
        let news = News::CaseAnswered {
            case,
            number,
            title,
            step: said.step,
            words: said.words.to_owned(),
        };
        return message::send(tx, call, centre, lead, &news);
    }
    // Whoever was called or visited knows.
    let is_told = said.shown && !matches!(said.step, StepName::Call | StepName::Visit);
    if !is_told {
        return Ok(());
    }
    let news = |words: &str| News::CaseStep {
        case: case.clone(),
        number,
        title: title.clone(),
        step: said.step,
        words: words.to_owned(),
        private: found.reader > Role::Staff,
        at: found
            .row
            .planned
            .filter(|_| said.step == StepName::Plan)
            .map(|at| at.local),
    };
    if let Some(person) = found.person.as_ref().filter(|one| Some(*one) != me) {
        message::send(tx, call, centre, person, &news(said.words))?;
    }
    // What is said to whoever asked is not for others: they hear what was done.
    if said.step == StepName::Say || !is_public(found) {
        return Ok(());
    }
    let followers = tx.all(
        "select person_id from case_follower where centre_id = $1 and case_id = $2 order by person_id",
        &[centre.into(), (&found.row.id).into()],
    )?;
    for row in &followers {
        let person: PersonId = row.get("person_id")?;
        if Some(&person) != me {
            message::send(tx, call, centre, &person, &news(""))?;
        }
    }
    Ok(())
}

/// [`domain::api::FollowReport`].
///
/// # Errors
/// For a visitor, and when there is no such report that everybody may see.
pub fn follow_report(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, CaseId),
    Following { follows }: Following,
) -> Result<Vec<CaseRow>, Fail> {
    let me = call.person()?.clone();
    let known = call.centres.hold(tx, &centre)?;
    let found = find_locked(tx, &known, &id)?;
    if !is_public(&found) || found.person.as_ref() == Some(&me) {
        return Err(Problem::NotFound.into());
    }
    let changed = match follows {
        true => follow(tx, call, (&centre, &id), &me)?,
        false => tx.exec(
            "delete from case_follower where centre_id = $1 and case_id = $2 and person_id = $3",
            &[(&centre).into(), (&id).into(), (&me).into()],
        )?,
    };
    if changed == 0 {
        call.unchanged();
    } else {
        let subject = describe(&centre, &id, (found.row.kind, found.row.number));
        let note = Note::at(Act::CaseFollowed, &centre).of(&me);
        note.about(subject).write(tx, call)?;
        tell(tx, &known, call.now(), call.now());
    }
    list_reports(tx, call, centre)
}
