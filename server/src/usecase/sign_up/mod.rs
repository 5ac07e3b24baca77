//! Signing up, withdrawing, and answering offers. Whatever changes who holds a place does so under the lock of its list
//! (`place_list.rs`), which counts: no place is given twice, and nobody is overtaken.

pub mod admission;
mod aim;
pub mod answer;
pub(crate) mod consent;
pub mod place_list;
pub(crate) mod places;
pub mod rows;

use domain::{
    audit::Act,
    id::{CentreId, PersonId, SignUpId},
    person::{behalf::Channel, permission},
    problem::Problem,
    sign_up::{SignUp, SignUpState, admission as rules},
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        audit::{Note, describe_sign_up},
        call::Call,
        centre::known::{Known, tell},
        person::household,
        sign_up::{
            place_list::List,
            rows::{Found, find, read_rows, select_sign_ups, set_state},
        },
    },
};

/// Whether the caller may see and change the sign-ups of somebody.
pub(crate) fn may_see(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    person: &PersonId,
) -> Result<bool, Fail> {
    let shared = tx.opt(
        "select 1 from person a join person b on b.household_id = a.household_id where a.id = $1 and b.id = $2",
        &[call.person()?.into(), person.into()],
    )?;
    Ok(permission::may_see_sign_up(
        &call.actor,
        centre,
        person,
        shared.is_some(),
    ))
}

/// Changes a sign-up that the caller may see, under the lock of its list; for others there is none.
pub(crate) fn change<T>(
    tx: &mut Tx<'_>,
    (call, known): (&Call, &Known),
    id: &SignUpId,
    work: impl FnOnce(&mut Tx<'_>, &Found, &mut List) -> Result<T, Fail>,
) -> Result<T, Fail> {
    let centre = &known.centre.id;
    call.person()?;
    let first = find(tx, call, centre, id)?;
    if !may_see(tx, call, centre, &first.sign_up.person)? {
        return Err(Problem::NotFound.into());
    }
    let done = List::change(tx, (call, known), &first.list, |tx, list| {
        let found = find(tx, call, centre, id)?;
        work(tx, &found, list)
    })?;
    let (start, end) = (first.sign_up.start, first.sign_up.end);
    tell(tx, known, start.utc(), end.utc());
    Ok(done)
}

/// Moves a sign-up to a state in which it holds nothing.
fn end(
    tx: &mut Tx<'_>,
    call: &Call,
    (found, list): (&Found, &mut List),
    state: SignUpState,
) -> Result<(), Fail> {
    let one = &found.sign_up;
    set_state(tx, call, &one.centre, &one.id, state)?;
    note(tx, call, Act::signing(state), found, &one.person)?;
    list.leave(one.state);
    Ok(())
}

/// What a household does with its own sign-ups comes by the app, also when one of them is staff.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    call: &Call,
    act: Act,
    found: &Found,
    person: &PersonId,
) -> Result<(), Fail> {
    let note = Note::at(act, &found.sign_up.centre)
        .of(person)
        .about(describe_sign_up(&found.sign_up));
    let own = call.actor.person.as_ref() == Some(&found.guardian);
    match own {
        true => note.by(Channel::App).write(tx, call),
        false => note.write(tx, call),
    }
}

/// [`domain::api::UndoSignUp`].
///
/// # Errors
/// When the ten minutes are over, or it has ended.
pub fn undo(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, SignUpId),
    (): (),
) -> Result<SignUp, Fail> {
    let known = call.centres.hold(tx, &centre)?;
    change(tx, (call, &known), &id, |tx, found, list| {
        let one = &found.sign_up;
        rules::undo(one.state, one.undo_until, call.now())?;
        end(tx, call, (found, list), SignUpState::Undone)
    })?;
    Ok(find(tx, call, &centre, &id)?.sign_up)
}

/// [`domain::api::Withdraw`].
///
/// # Errors
/// When it has begun or ended.
pub fn withdraw(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, SignUpId),
    (): (),
) -> Result<SignUp, Fail> {
    let known = call.centres.hold(tx, &centre)?;
    let now = known.zone.stamp(call.now()).local;
    change(tx, (call, &known), &id, |tx, found, list| {
        rules::withdraw(found.sign_up.state, found.sign_up.start.local, now)?;
        end(tx, call, (found, list), SignUpState::Withdrawn)
    })?;
    Ok(find(tx, call, &centre, &id)?.sign_up)
}

/// [`domain::api::ListMySignUps`].
///
/// # Errors
/// For a visitor.
pub fn list_mine(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<SignUp>, Fail> {
    let me = call.person()?.clone();
    list_of_household(tx, call, &me, call.now() - SHOWN)
}

/// For how long past sign-ups are shown, in seconds.
pub(crate) const SHOWN: i64 = 60 * 86_400;

/// The sign-ups of somebody's household since a time, those to come first.
pub(crate) fn list_of_household(
    tx: &mut Tx<'_>,
    call: &Call,
    person: &PersonId,
    since: i64,
) -> Result<Vec<SignUp>, Fail> {
    let mut all = Vec::new();
    for member in household::list_members(tx, person)? {
        let rows = tx.all(
            select_sign_ups!(
                "case when u.state = 'waitlisted' then (select count(*) from sign_up w where w.centre_id = u.centre_id
                    and w.list_id = u.list_id and w.state = 'waitlisted' and w.seq <= u.seq) end",
                "where u.person_id = $1 and (u.made_at > $2 or b.ends_at > $2) and u.state <> 'undone'"
            ),
            &[(&member.id).into(), since.into()],
        )?;
        all.extend(read_rows(tx, call, rows)?);
    }
    let now = call.now();
    all.sort_by_key(|one| {
        let (start, end) = (one.sign_up.start.utc(), one.sign_up.end.utc());
        let past = end <= now;
        (past, if past { -start } else { start })
    });
    Ok(all.into_iter().map(|one| one.sign_up).collect())
}

/// Gives up all places, and places in line, that somebody has and that have not begun.
pub(crate) fn give_up_all(tx: &mut Tx<'_>, call: &Call, person: &PersonId) -> Result<(), Fail> {
    let rows = tx.all(
        "select centre_id, id from sign_up where person_id = $1 and state in ('confirmed', 'waitlisted', 'offered')
        order by centre_id, list_id",
        &[person.into()],
    )?;
    for row in rows {
        let path = (
            row.get::<CentreId>("centre_id")?,
            row.get::<SignUpId>("id")?,
        );
        match withdraw(tx, call, path, ()) {
            // What has begun or ended stays as it is.
            Ok(_) | Err(Fail::Problem(Problem::NotSignedUp { .. })) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}
