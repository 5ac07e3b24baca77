//! Roles: who runs a centre. Given, changed and withdrawn by its managers.

use std::collections::{HashMap, HashSet};

use domain::{
    api::{NewRole, RoleHolder, RoleTerms},
    audit::{Act, Subject},
    id::{CentreId, PersonId, SessionId},
    language::{Lang, Name},
    message::News,
    person::{
        Phone,
        permission::{self, Actor, Grant, Reach, Role},
    },
    problem::{Problem, TextFault, typed},
};

use super::{MOST_NAME, NewPerson, second_factor, token};
use crate::{
    clock,
    db::{Fail, Row, Tx},
    usecase::{
        audit::Note, call::Call, centre::known::Known, message, person,
        person::behalf::note_contact,
    },
};

/// Stands for all centres where a role names one.
const ALL_CENTRES: &str = "*";

/// The farthest end of a role, in days: ten years.
const FARTHEST: i64 = 3660;

/// Where a role holds, as the database has it.
fn place(centre: &CentreId, reach: Reach) -> &str {
    match reach {
        Reach::Here => centre.as_str(),
        Reach::Everywhere => ALL_CENTRES,
    }
}

/// Who holds the session, or the personal access token, with this digest; a visitor when nobody does.
///
/// # Errors
/// When the database fails.
pub fn find_actor(
    tx: &mut Tx<'_>,
    token_hash: Option<&str>,
    now: i64,
) -> Result<(Actor, Option<SessionId>), Fail> {
    let mut found = find_actors(tx, token_hash, now)?;
    let actor = token_hash.and_then(|hash| found.remove(hash));
    Ok(actor.unwrap_or_default())
}

/// Who holds the sessions with these tokens, by token; nobody holds those that are not there.
///
/// # Errors
/// When the database fails.
pub fn find_actors<'a>(
    tx: &mut Tx<'_>,
    token_hashes: impl IntoIterator<Item = &'a str>,
    now: i64,
) -> Result<HashMap<String, (Actor, Option<SessionId>)>, Fail> {
    let (tokens, sessions): (Vec<_>, Vec<_>) = token_hashes
        .into_iter()
        .partition(|hash| hash.starts_with(token::BEARER));
    let mut rows = tx.all_in(
        "select s.token_hash, r.centre_id, r.role, s.id, s.person_id, s.second_at
        from session s left join role r on r.person_id = s.person_id and (r.until_at is null or r.until_at > $1)
        where s.expires_at > $1 and s.token_hash in ($ids)",
        &[now.into()],
        sessions,
    )?;
    if !tokens.is_empty() {
        rows.extend(token::list_holders(tx, tokens, now)?);
    }
    let mut found: HashMap<String, (Actor, Option<SessionId>)> = HashMap::new();
    let mut given: HashSet<String> = HashSet::new();
    for row in &rows {
        let token: String = row.get("token_hash")?;
        if row.get::<Option<i64>>("second_at")?.is_some() {
            given.insert(token.clone());
        }
        let (actor, session) = found.entry(token).or_default();
        *session = Some(row.get("id")?);
        actor.person = Some(row.get("person_id")?);
        actor.roles.extend(read_grant(row)?);
    }
    let actors = found.iter_mut();
    let actors = actors.map(|(token, (actor, _))| (actor, given.contains(token)));
    second_factor::withhold(tx, actors)?;
    Ok(found)
}

/// A person with the roles that hold now.
pub(crate) fn get_actor(tx: &mut Tx<'_>, person: PersonId, now: i64) -> Result<Actor, Fail> {
    let rows = tx.all(
        "select centre_id, role from role where person_id = $1 and (until_at is null or until_at > $2)",
        &[(&person).into(), now.into()],
    )?;
    let mut roles = Vec::with_capacity(rows.len());
    for row in &rows {
        roles.extend(read_grant(row)?);
    }
    Ok(Actor {
        person: Some(person),
        roles,
    })
}

/// Who has at least a role at a centre, here or at all.
pub(crate) fn list_people(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    least: Role,
    now: i64,
) -> Result<Vec<PersonId>, Fail> {
    let rows = tx.all(
        "select person_id, role from role where (centre_id = $1 or centre_id = $2) and (until_at is null or until_at > $3)
        order by person_id",
        &[centre.into(), ALL_CENTRES.into(), now.into()],
    )?;
    let mut people = Vec::new();
    for row in &rows {
        let person: PersonId = row.get("person_id")?;
        if row.get::<Role>("role")? >= least && people.last() != Some(&person) {
            people.push(person);
        }
    }
    Ok(people)
}

/// The role in `centre_id` and `role` of a row, if there is one.
fn read_grant(row: &Row) -> Result<Option<Grant>, Fail> {
    let (Some(centre), Some(role)) = (
        row.get::<Option<String>>("centre_id")?,
        row.get::<Option<Role>>("role")?,
    ) else {
        return Ok(None);
    };
    let centre = (centre != ALL_CENTRES).then(|| CentreId::new(centre));
    Ok(Some(Grant { centre, role }))
}

/// Gives somebody a role without an end at a centre, or at all.
///
/// # Errors
/// When the database fails.
pub fn grant(
    tx: &mut Tx<'_>,
    person: &PersonId,
    centre: Option<&CentreId>,
    role: Role,
) -> Result<(), Fail> {
    let place = centre.map_or(ALL_CENTRES, CentreId::as_str);
    set(tx, person, place, role, None)
}

fn set(
    tx: &mut Tx<'_>,
    person: &PersonId,
    place: &str,
    role: Role,
    until: Option<i64>,
) -> Result<(), Fail> {
    tx.exec(
        "insert into role (person_id, centre_id, role, until_at) values ($1, $2, $3, $4)
        on conflict (person_id, centre_id) do update set role = excluded.role, until_at = excluded.until_at",
        &[
            person.into(),
            place.into(),
            role.code().into(),
            until.into(),
        ],
    )?;
    Ok(())
}

/// Locks the managers: two who change each other's roles at once must see each other.
pub(crate) fn lock_managers(tx: &mut Tx<'_>) -> Result<(), Fail> {
    tx.lock(
        "select 1 from role where role = 'manager' order by person_id, centre_id for update",
        &[],
    )?;
    Ok(())
}

/// Refuses what was done where nobody would manage a centre, or all of them, without an end.
pub(crate) fn need_manager(tx: &mut Tx<'_>, centre: Option<&CentreId>) -> Result<(), Fail> {
    let place = centre.map_or(ALL_CENTRES, CentreId::as_str);
    let one = tx.opt(
        "select 1 from role where role = 'manager' and centre_id in ($1, $2) and until_at is null limit 1",
        &[place.into(), ALL_CENTRES.into()],
    )?;
    one.map(drop).ok_or(Problem::LastManager.into())
}

/// [`domain::api::ListRoles`].
///
/// # Errors
/// For everybody but managers.
pub fn list(tx: &mut Tx<'_>, call: &Call, centre: CentreId) -> Result<Vec<RoleHolder>, Fail> {
    call.need(permission::may_give_role(&call.actor, &centre, Reach::Here))?;
    let known = call.centres.get(tx, &centre)?;
    let rows = tx.all(
        "select r.person_id, r.centre_id, r.role, r.until_at, p.name, p.phone, p.signed_in_at, p.totp_at,
            (select count(*) from activity a
                join activity_session s on s.centre_id = a.centre_id and s.activity_id = a.id
                join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
                where a.centre_id = $1 and a.made_by = r.person_id and a.club_id is null
                and b.state in ('requested', 'confirmed') and b.starts_at > $3) as runs
        from role r join person p on p.id = r.person_id
        where r.centre_id in ($1, $2) and (r.until_at is null or r.until_at > $3)
        order by p.name, p.id, r.centre_id",
        &[(&centre).into(), ALL_CENTRES.into(), call.now().into()],
    )?;
    let holders = rows.iter().map(|row| {
        let phone: Option<String> = row.get("phone")?;
        // The last day is the one before the moment from which it no longer holds.
        let until = row.get::<Option<i64>>("until_at")?;
        let until = until.map(|at| known.zone.stamp(at - 1).local.date());
        Ok(RoleHolder {
            person: row.get("person_id")?,
            name: row.get("name")?,
            phone: phone.and_then(|phone| Phone::parse(&phone)),
            role: row.get("role")?,
            reach: match row.get::<String>("centre_id")?.as_str() {
                ALL_CENTRES => Reach::Everywhere,
                _ => Reach::Here,
            },
            until,
            runs: row.get("runs")?,
            second_factor: row.get::<Option<i64>>("totp_at")?.is_some(),
            signed_in: row.get::<Option<i64>>("signed_in_at")?.is_some(),
        })
    });
    let mut holders: Vec<RoleHolder> = holders.collect::<Result<_, Fail>>()?;
    holders.sort_by_key(|one| std::cmp::Reverse(one.role));
    Ok(holders)
}

/// What a manager may give: a role that is one, until a day to come. Gives the moment from which it no longer holds.
fn read_terms(call: &Call, known: &Known, terms: RoleTerms) -> Result<Option<i64>, Problem> {
    if terms.role == Role::Resident {
        return Err(Problem::field("role", TextFault::OutOfRange));
    }
    let today = known.zone.stamp(call.now()).local.date();
    let Some(until) = terms.until else {
        return Ok(None);
    };
    if until < today || until > today.plus(FARTHEST) {
        return Err(Problem::field("until", TextFault::OutOfRange));
    }
    Ok(Some(known.zone.utc_or_next(until.plus(1).at(0))))
}

/// [`domain::api::GrantRole`].
///
/// # Errors
/// For everybody but managers, for one's own number, where a field cannot be meant, and where nobody would manage the centre
/// without an end any more.
pub fn give(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
    new: NewRole,
) -> Result<Vec<RoleHolder>, Fail> {
    let terms = new.terms;
    call.need(permission::may_give_role(&call.actor, &centre, terms.reach))?;
    let known = call.centres.get(tx, &centre)?;
    let name = typed("name", &new.name, MOST_NAME, false)?.replace('\n', " ");
    let phone = person::read_phone(&new.phone)?
        .ok_or_else(|| Problem::field("phone", TextFault::Missing))?;
    let until = read_terms(call, &known, terms)?;
    let person = find_or_record(tx, call, &centre, (&phone, &name))?;
    need_no_other(tx, call, &person, (place(&centre, terms.reach), terms.role))?;
    put(tx, call, (&centre, &person), terms, until)?;
    list(tx, call, centre)
}

/// Whoever has a number; recorded with a name where it is not known.
pub(crate) fn find_or_record(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    (phone, name): (&Phone, &str),
) -> Result<PersonId, Fail> {
    if let Some(person) = person::find(tx, phone)? {
        let row = tx.one("select name from person where id = $1", &[(&person).into()])?;
        let known: String = row.get("name")?;
        // A digit that was mistyped must not give a stranger what was meant for somebody else.
        if !name.is_empty() && !known.is_empty() && name != known {
            return Err(Problem::field("phone", TextFault::Theirs).into());
        }
        return Ok(person);
    }
    if name.is_empty() {
        return Err(Problem::field("name", TextFault::Missing).into());
    }
    let record = NewPerson {
        phone: Some(phone),
        name,
        lang: Lang::Zh,
    };
    let person = person::create(tx, call.now_ms, record)?;
    note_contact(tx, call, (centre, &person), true)?;
    Note::at(Act::PersonAdded, centre)
        .of(&person)
        .write(tx, call)?;
    Ok(person)
}

/// [`domain::api::ChangeRole`].
///
/// # Errors
/// For everybody but managers, for one's own role, where there is none any more, where a field cannot be meant, and where nobody
/// would manage the centre without an end any more.
pub fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, person, reach): (CentreId, PersonId, Reach),
    terms: RoleTerms,
) -> Result<Vec<RoleHolder>, Fail> {
    for reach in [reach, terms.reach] {
        call.need(permission::may_give_role(&call.actor, &centre, reach))?;
    }
    let known = call.centres.get(tx, &centre)?;
    let until = read_terms(call, &known, terms)?;
    lock_managers(tx)?;
    held(tx, &person, place(&centre, reach))?;
    if reach != terms.reach {
        need_no_other(tx, call, &person, (place(&centre, terms.reach), terms.role))?;
        need_other(call, &person)?;
        remove(tx, &person, place(&centre, reach))?;
    }
    put(tx, call, (&centre, &person), terms, until)?;
    // Where it held before somebody must be left as well.
    need_manager(tx, scope(&centre, reach))?;
    list(tx, call, centre)
}

/// Refuses where somebody has another role there, that holds.
fn need_no_other(
    tx: &mut Tx<'_>,
    call: &Call,
    person: &PersonId,
    (place, new): (&str, Role),
) -> Result<(), Fail> {
    let row = tx.opt(
        "select role from role where person_id = $1 and centre_id = $2 and (until_at is null or until_at > $3)",
        &[person.into(), place.into(), call.now().into()],
    )?;
    match row.map(|row| row.get::<Role>("role")).transpose()? {
        Some(role) if role != new => Err(Problem::RoleHeld { role }.into()),
        _ => Ok(()),
    }
}

pub(super) fn need_other(call: &Call, person: &PersonId) -> Result<(), Problem> {
    match call.actor.person.as_ref() == Some(person) {
        true => Err(Problem::OwnRole),
        false => Ok(()),
    }
}

/// Gives a role and tells its person.
fn put(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, person): (&CentreId, &PersonId),
    terms: RoleTerms,
    until: Option<i64>,
) -> Result<(), Fail> {
    need_other(call, person)?;
    lock_managers(tx)?;
    set(tx, person, place(centre, terms.reach), terms.role, until)?;
    need_manager(tx, scope(centre, terms.reach))?;
    need_manager(tx, Some(centre))?;
    let news = News::RoleGiven {
        role: terms.role,
        reach: terms.reach,
        until: terms.until,
    };
    message::send(tx, call, centre, person, &news)?;
    note(tx, call, Act::RoleGiven, (centre, person), terms.role)
}

fn scope(centre: &CentreId, reach: Reach) -> Option<&CentreId> {
    (reach == Reach::Here).then_some(centre)
}

fn note(
    tx: &mut Tx<'_>,
    call: &Call,
    act: Act,
    (centre, person): (&CentreId, &PersonId),
    role: Role,
) -> Result<(), Fail> {
    let subject = Subject {
        what: Some(Name::new(role.word(Lang::Zh), role.word(Lang::En))),
        ..Subject::default()
    };
    let note = Note::at(act, centre).of(person).about(subject);
    note.write(tx, call)
}

/// Refuses where somebody has no role there any more.
pub(super) fn need_held(
    tx: &mut Tx<'_>,
    (centre, person): (&CentreId, &PersonId),
    reach: Reach,
) -> Result<(), Fail> {
    held(tx, person, place(centre, reach)).map(drop)
}

/// The role that somebody holds there.
fn held(tx: &mut Tx<'_>, person: &PersonId, place: &str) -> Result<Role, Fail> {
    let row = tx.opt(
        "select role from role where person_id = $1 and centre_id = $2",
        &[person.into(), place.into()],
    )?;
    Ok(row.ok_or(Problem::Overtaken)?.get("role")?)
}

fn remove(tx: &mut Tx<'_>, person: &PersonId, place: &str) -> Result<(), Fail> {
    tx.exec(
        "delete from role where person_id = $1 and centre_id = $2",
        &[person.into(), place.into()],
    )?;
    Ok(())
}

/// [`domain::api::WithdrawRole`].
///
/// # Errors
/// For everybody but managers, for one's own role, where there is none any more, and for the last manager.
pub fn withdraw(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, person, reach): (CentreId, PersonId, Reach),
    (): (),
) -> Result<Vec<RoleHolder>, Fail> {
    call.need(permission::may_give_role(&call.actor, &centre, reach))?;
    call.centres.get(tx, &centre)?;
    need_other(call, &person)?;
    lock_managers(tx)?;
    let place = place(&centre, reach);
    let role = held(tx, &person, place)?;
    remove(tx, &person, place)?;
    need_manager(tx, scope(&centre, reach))?;
    need_manager(tx, Some(&centre))?;
    // Whoever left must not go on with what stands open on a screen.
    tx.exec(
        "delete from session where person_id = $1",
        &[(&person).into()],
    )?;
    token::end_all(tx, &person)?;
    let news = News::RoleTaken { role, reach };
    message::send(tx, call, &centre, &person, &news)?;
    note(tx, call, Act::RoleTaken, (&centre, &person), role)?;
    list(tx, call, centre)
}

/// Makes the secret of the link by which somebody becomes a manager of all centres; a former one no longer works.
///
/// # Errors
/// When the database fails.
pub fn make_manager_secret(tx: &mut Tx<'_>) -> Result<String, Fail> {
    let secret = clock::secret();
    tx.exec(
        "insert into setting (name, value) values ('first-manager', $1)
        on conflict (name) do update set value = excluded.value",
        &[person::token_hash(&secret).into()],
    )?;
    Ok(secret)
}
