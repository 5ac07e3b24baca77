//! Households: who is signed up together, and who speaks for whom. Whoever decides about a household locks its row first,
//! then people, then lists.

use domain::{
    api::{JoinCode, NewMember},
    audit::Act,
    id::PersonId,
    language::Lang,
    person::{
        age::is_adult,
        household::{Household, MOST_MEMBERS, may_remove},
    },
    problem::{Problem, TextFault, typed},
    time::Date,
};

use crate::{
    clock,
    db::{Fail, Fault, Tx},
    usecase::{
        audit::Note,
        booking,
        call::Call,
        person::{
            self, MOST_NAME, NewPerson,
            household::{
                Hold, TAKEN_BACK, find_household, hold, hold_of, list_members, read_member,
            },
        },
        sign_up,
    },
};

/// Long enough that nobody finds the code of another household within its day.
const CODE_DIGITS: u32 = 12;

/// How long a household's code can be used, in seconds.
const CODE: i64 = 24 * 3600;

/// [`domain::api::GetHousehold`].
///
/// # Errors
/// For a visitor.
pub fn get(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Household, Fail> {
    let me = call.person()?;
    let row = tx.opt(
        "select h.code from person p join household h on h.id = p.household_id where p.id = $1 and h.code_until > $2",
        &[me.into(), call.now().into()],
    )?;
    let removed = tx.all(
        "select r.id, r.name, r.birth, r.phone from person p join person r on r.left_household = p.household_id
        where p.id = $1 and r.left_at > $2 and r.erased_at is null order by r.left_at, r.id",
        &[me.into(), (call.now() - TAKEN_BACK).into()],
    )?;
    Ok(Household {
        members: list_members(tx, me)?,
        code: row.map(|row| row.get("code")).transpose()?,
        removed: removed
            .iter()
            .map(read_member)
            .collect::<Result<_, Fail>>()?,
    })
}

/// Somebody's household under its lock, made if there is none yet.
pub(crate) fn ensure_household(
    tx: &mut Tx<'_>,
    call: &Call,
    me: &PersonId,
) -> Result<String, Fail> {
    if let Some(known) = hold_of(tx, me, Hold::Change)? {
        return Ok(known);
    }
    tx.lock(
        "select 1 from person where id = $1 for no key update",
        &[me.into()],
    )?;
    if find_household(tx, me)?.is_some() {
        return Err(Fault::again("somebody has got a household meanwhile").into());
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

/// [`domain::api::AddMember`].
///
/// # Errors
/// When name or birth date cannot be meant, or the household is full.
pub fn add(tx: &mut Tx<'_>, call: &Call, (): (), new: NewMember) -> Result<Household, Fail> {
    let me = call.person()?.clone();
    let id = add_to(tx, call, &me, new)?;
    Note::own(Act::MemberAdded).of(&id).write(tx, call)?;
    get(tx, call, ())
}

/// Adds somebody to a person's household.
pub(crate) fn add_to(
    tx: &mut Tx<'_>,
    call: &Call,
    person: &PersonId,
    new: NewMember,
) -> Result<PersonId, Fail> {
    let name = typed("name", &new.name, MOST_NAME, true)?.replace('\n', " ");
    person::need_possible_birth(call, new.birth)?;
    let household = ensure_household(tx, call, person)?;
    if list_members(tx, person)?.len() >= MOST_MEMBERS {
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

/// [`domain::api::ChangeMember`].
///
/// # Errors
/// When there is no such member who does not sign in, or a field cannot be meant.
pub fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    id: PersonId,
    change: NewMember,
) -> Result<Household, Fail> {
    let me = call.person()?;
    let name = typed("name", &change.name, MOST_NAME, true)?.replace('\n', " ");
    person::need_possible_birth(call, change.birth)?;
    hold_of(tx, me, Hold::Change)?;
    let members = list_members(tx, me)?;
    // Whoever signs in corrects themselves.
    let member = members.iter().find(|one| one.id == id && !one.signs_in);
    member.ok_or(Problem::NotFound)?;
    tx.exec(
        "update person set name = $2, birth = $3 where id = $1",
        &[(&id).into(), name.into(), change.birth.to_string().into()],
    )?;
    Note::own(Act::MemberChanged).of(&id).write(tx, call)?;
    get(tx, call, ())
}

/// [`domain::api::RenewCode`]: a code that works for a day; the former one ends.
///
/// # Errors
/// For a visitor.
pub fn renew(tx: &mut Tx<'_>, call: &Call, (): (), (): ()) -> Result<Household, Fail> {
    let me = call.person()?.clone();
    let household = ensure_household(tx, call, &me)?;
    tx.exec(
        "update household set code = $2, code_until = $3 where id = $1",
        &[
            household.into(),
            clock::digits(CODE_DIGITS).into(),
            (call.now() + CODE).into(),
        ],
    )?;
    Note::own(Act::CodeRenewed).write(tx, call)?;
    get(tx, call, ())
}

/// [`domain::api::RemoveMember`].
///
/// # Errors
/// When there is no such member.
pub fn remove(tx: &mut Tx<'_>, call: &Call, id: PersonId, (): ()) -> Result<Household, Fail> {
    let me = call.person()?;
    let household = hold_of(tx, me, Hold::Change)?;
    let (gone, rest): (Vec<_>, Vec<_>) = list_members(tx, me)?
        .into_iter()
        .partition(|one| one.id == id);
    let gone = gone.first().ok_or(Problem::NotFound)?;
    call.need(may_remove(gone, &rest, me))?;
    tx.lock(
        "select 1 from person where id = $1 for no key update",
        &[(&id).into()],
    )?;
    if !gone.signs_in {
        // Nobody could answer for these places any more.
        let today = Date::from_days(call.now().div_euclid(86_400));
        // An adult keeps what they have: the desk speaks for them from now on.
        if !is_adult(gone.birth, today) {
            give_up(tx, call, &id)?;
        }
        tx.exec(
            "update person set left_household = $2, left_at = $3 where id = $1",
            &[(&id).into(), household.into(), call.now().into()],
        )?;
    }
    tx.exec(
        "update person set household_id = null where id = $1",
        &[(&id).into()],
    )?;
    Note::own(Act::MemberRemoved).of(&id).write(tx, call)?;
    get(tx, call, ())
}

/// [`domain::api::RestoreMember`]. Places that were given up meanwhile stay given up.
///
/// # Errors
/// When nobody like that was removed in the last day, or the household is full.
pub fn restore(tx: &mut Tx<'_>, call: &Call, id: PersonId, (): ()) -> Result<Household, Fail> {
    let me = call.person()?.clone();
    let household = hold_of(tx, &me, Hold::Change)?.ok_or(Problem::NotFound)?;
    let members = list_members(tx, &me)?;
    if members.len() >= MOST_MEMBERS {
        return Err(Problem::field("request", TextFault::OutOfRange).into());
    }
    let restored = tx.exec(
        "update person set household_id = left_household, left_household = null, left_at = null
        where id = $1 and left_household = $2 and left_at > $3 and phone is null
        and erased_at is null",
        &[
            (&id).into(),
            household.into(),
            (call.now() - TAKEN_BACK).into(),
        ],
    )?;
    if restored == 0 {
        return Err(Problem::NotFound.into());
    }
    Note::own(Act::MemberRestored).of(&id).write(tx, call)?;
    get(tx, call, ())
}

/// [`domain::api::JoinHousehold`].
///
/// # Errors
/// When the code is not, or no longer, that of a household.
pub fn join(tx: &mut Tx<'_>, call: &Call, (): (), body: JoinCode) -> Result<Household, Fail> {
    let me = call.person()?;
    let code: String = body.code.chars().filter(char::is_ascii_digit).collect();
    let by_code = "select id from household where code = $1 and code_until > $2";
    let row = tx.opt(by_code, &[code.as_str().into(), call.now().into()])?;
    let household: String = row.ok_or(Problem::CodeExpired)?.get("id")?;
    let own = find_household(tx, me)?;
    if own.as_ref() == Some(&household) {
        call.unchanged();
        return get(tx, call, ());
    }
    // Both households, always in the same order.
    let mut both: Vec<&String> = own.iter().chain([&household]).collect();
    both.sort_unstable();
    for one in both {
        hold(tx, one, Hold::Change)?;
    }
    if find_household(tx, me)? != own {
        return Err(Fault::again("somebody moved to another household").into());
    }
    let row = tx.opt(by_code, &[code.into(), call.now().into()])?;
    row.ok_or(Problem::CodeExpired)?;
    let mut coming = list_members(tx, me)?;
    if coming.iter().skip(1).any(|one| one.signs_in) {
        // Another adult stays, and the children with them.
        coming.truncate(1);
    }
    coming.sort_by(|a, b| a.id.cmp(&b.id));
    let row = tx.one(
        "select count(*) as members from person where household_id = $1",
        &[household.as_str().into()],
    )?;
    let there = usize::try_from(row.get::<i64>("members")?).unwrap_or(MOST_MEMBERS);
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

/// Gives up all places and bookings to come of somebody.
pub(crate) fn give_up(tx: &mut Tx<'_>, call: &Call, person: &PersonId) -> Result<(), Fail> {
    booking::end::cancel_all(tx, call, person)?;
    sign_up::give_up_all(tx, call, person)
}
