//! Households: who is signed up together, and who speaks for whom.

use domain::{
    api::{JoinCode, NewMember},
    audit::Act,
    household::{Family, MOST_MEMBERS, Member},
    id::PersonId,
    problem::{Problem, TextFault, typed},
    text::Lang,
    time::Date,
};

use super::{
    Call,
    audit::Note,
    person::{self, MOST_NAME, NewPerson},
    sign_up,
};
use crate::{
    clock,
    db::{Fail, Locking, Row, Tx, locking},
};

/// Long enough that nobody finds the code of another household within its day.
const CODE_DIGITS: u32 = 12;

/// How long a household's code can be used, in seconds.
const CODE: i64 = 24 * 3600;

const MEMBER: Locking = locking!(
    "select id, name, birth, phone, household_id from person where id = $1",
    "for no key update"
);

/// Somebody with the household that they belong to.
#[derive(Clone)]
pub(super) struct Belonging {
    pub(super) member: Member,
    household: Option<String>,
}

impl Belonging {
    fn read(row: &Row) -> Result<Self, Fail> {
        Ok(Self {
            member: member(row)?,
            household: row.get(4)?,
        })
    }

    /// Somebody, as they are now.
    pub(super) fn of(tx: &mut Tx<'_>, person: &PersonId) -> Result<Self, Fail> {
        Self::read(&tx.one(MEMBER.plain, &[person.into()])?)
    }

    /// Somebody, as they are until the transaction ends.
    pub(super) fn locked(tx: &mut Tx<'_>, person: &PersonId) -> Result<Option<Self>, Fail> {
        let row = tx.opt_locked(&MEMBER, &[person.into()])?;
        row.as_ref().map(Self::read).transpose()
    }

    /// True for themselves and for the members of their household.
    pub(super) fn may_sign_up(&self, other: &Self) -> bool {
        let together = self.household.is_some() && self.household == other.household;
        together || self.member.id == other.member.id
    }
}

fn member(row: &Row) -> Result<Member, Fail> {
    let birth: Option<String> = row.get(2)?;
    Ok(Member {
        id: PersonId::new(row.get::<String>(0)?),
        name: row.get(1)?,
        birth: birth.and_then(|birth| Date::parse(&birth)),
        signs_in: row.get::<Option<String>>(3)?.is_some(),
    })
}

/// One person as a member of a household.
pub(super) fn member_of(tx: &mut Tx<'_>, person: &PersonId) -> Result<Member, Fail> {
    Ok(Belonging::of(tx, person)?.member)
}

/// The person and the other members of their household.
pub(super) fn members(tx: &mut Tx<'_>, person: &PersonId) -> Result<Vec<Member>, Fail> {
    let own = Belonging::of(tx, person)?;
    let mut all = vec![own.member];
    if let Some(household) = own.household {
        let rows = tx.all(
            "select id, name, birth, phone from person where household_id = $1 and id <> $2 order by made_at, id",
            &[household.into(), person.into()],
        )?;
        for row in &rows {
            all.push(member(row)?);
        }
    }
    Ok(all)
}

/// [`domain::api::GetFamily`].
///
/// # Errors
/// For a visitor.
pub fn get(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Family, Fail> {
    let me = call.person()?;
    let row = tx.opt(
        "select h.code from person p join household h on h.id = p.household_id where p.id = $1 and h.code_until > $2",
        &[me.into(), call.now().into()],
    )?;
    Ok(Family {
        members: members(tx, me)?,
        code: row.map(|row| row.get(0)).transpose()?,
    })
}

/// Somebody's household, made if there is none yet.
fn household(tx: &mut Tx<'_>, call: &Call, me: &PersonId) -> Result<String, Fail> {
    tx.lock(
        "select 1 from person where id = $1 for no key update",
        &[me.into()],
    )?;
    let row = tx.one(
        "select household_id from person where id = $1",
        &[me.into()],
    )?;
    if let Some(known) = row.get::<Option<String>>(0)? {
        return Ok(known);
    }
    let id = clock::new_id(call.now_ms);
    tx.exec(
        "insert into household (id, made_at) values ($1, $2)",
        &[id.as_str().into(), call.now().into()],
    )?;
    tx.exec(
        "update person set household_id = $2 where id = $1",
        &[me.into(), id.as_str().into()],
    )?;
    Ok(id)
}

/// Refuses a birth date on which nobody alive was born.
pub(super) fn possible_birth(call: &Call, birth: Date) -> Result<(), Problem> {
    let today = Date::from_days(call.now().div_euclid(86_400));
    // A day more: somewhere it is tomorrow already.
    if birth > today.plus(1) || birth < today.plus(-130 * 366) {
        return Err(Problem::field("birth", TextFault::OutOfRange));
    }
    Ok(())
}

/// [`domain::api::AddMember`].
///
/// # Errors
/// When name or birth date cannot be meant, or the household is full.
pub fn add(tx: &mut Tx<'_>, call: &Call, (): (), new: NewMember) -> Result<Family, Fail> {
    let me = call.person()?.clone();
    let id = add_to(tx, call, &me, new)?;
    Note::own(Act::MemberAdded).of(&id).write(tx, call)?;
    renew_code(tx, call)?;
    get(tx, call, ())
}

/// Adds somebody to a person's household.
pub(super) fn add_to(
    tx: &mut Tx<'_>,
    call: &Call,
    person: &PersonId,
    new: NewMember,
) -> Result<PersonId, Fail> {
    let name = typed("name", &new.name, MOST_NAME, true)?.replace('\n', " ");
    possible_birth(call, new.birth)?;
    let household = household(tx, call, person)?;
    if members(tx, person)?.len() >= MOST_MEMBERS {
        return Err(Problem::field("request", TextFault::OutOfRange).into());
    }
    let new_person = NewPerson {
        phone: None,
        name: &name,
        lang: Lang::Zh,
    };
    let id = person::create(tx, call.now_ms, new_person)?;
    tx.exec(
        "update person set household_id = $2, birth = $3 where id = $1",
        &[(&id).into(), household.into(), new.birth.to_string().into()],
    )?;
    Ok(id)
}

/// Gives the household of who calls a code that works for a day; the former one ends.
fn renew_code(tx: &mut Tx<'_>, call: &Call) -> Result<(), Fail> {
    tx.exec(
        "update household set code = $2, code_until = $3
        where id = (select household_id from person where id = $1)",
        &[
            call.person()?.into(),
            clock::digits(CODE_DIGITS).into(),
            (call.now() + CODE).into(),
        ],
    )?;
    Ok(())
}

/// [`domain::api::RenewCode`].
///
/// # Errors
/// For a visitor.
pub fn renew(tx: &mut Tx<'_>, call: &Call, (): (), (): ()) -> Result<Family, Fail> {
    let me = call.person()?.clone();
    household(tx, call, &me)?;
    renew_code(tx, call)?;
    Note::own(Act::CodeRenewed).write(tx, call)?;
    get(tx, call, ())
}

/// [`domain::api::RemoveMember`].
///
/// # Errors
/// When there is no such member.
pub fn remove(tx: &mut Tx<'_>, call: &Call, id: PersonId, (): ()) -> Result<Family, Fail> {
    let me = call.person()?;
    let (gone, rest): (Vec<_>, Vec<_>) = members(tx, me)?.into_iter().partition(|one| one.id == id);
    let gone = gone.first().ok_or(Problem::NotFound)?;
    // An adult who signs in leaves by themselves; nobody is put out.
    if gone.signs_in && gone.id != *me {
        return Err(Problem::NotAllowed.into());
    }
    // Nobody is left behind without somebody who can act for them.
    if gone.signs_in && !rest.is_empty() && !rest.iter().any(|one| one.signs_in) {
        return Err(Problem::NotAllowed.into());
    }
    if !gone.signs_in {
        // Nobody could answer for these places any more.
        sign_up::give_up_all(tx, call, &id)?;
    }
    tx.exec(
        "update person set household_id = null where id = $1",
        &[(&id).into()],
    )?;
    Note::own(Act::MemberRemoved).of(&id).write(tx, call)?;
    get(tx, call, ())
}

/// [`domain::api::JoinFamily`].
///
/// # Errors
/// When the code is not, or no longer, that of a household.
pub fn join(tx: &mut Tx<'_>, call: &Call, (): (), body: JoinCode) -> Result<Family, Fail> {
    let me = call.person()?;
    let code: String = body.code.chars().filter(char::is_ascii_digit).collect();
    let row = tx.opt(
        "select id from household where code = $1 and code_until > $2",
        &[code.into(), call.now().into()],
    )?;
    let household: String = row.ok_or(Problem::CodeExpired)?.get(0)?;
    tx.lock(
        "select 1 from person where id = $1 for no key update",
        &[me.into()],
    )?;
    let mut coming = members(tx, me)?;
    if coming.iter().skip(1).any(|one| one.signs_in) {
        // Another adult stays, and the children with them.
        coming.truncate(1);
    }
    let row = tx.one(
        "select count(*) from person where household_id = $1",
        &[household.as_str().into()],
    )?;
    let there = usize::try_from(row.get::<i64>(0)?).unwrap_or(MOST_MEMBERS);
    if there + coming.len() > MOST_MEMBERS {
        return Err(Problem::field("request", TextFault::OutOfRange).into());
    }
    for member in &coming {
        tx.exec(
            "update person set household_id = $2 where id = $1",
            &[(&member.id).into(), household.as_str().into()],
        )?;
    }
    Note::own(Act::HouseholdJoined).of(me).write(tx, call)?;
    get(tx, call, ())
}
