//! Accounts: what the signed-in person sees and changes about themselves.

use domain::{
    api::{Me, MyChange, SessionCard},
    audit::Act,
    id::SessionId,
    language::Lang,
    person::{Phone, Profile, permission::Actor},
    problem::{Problem, typed},
    time::Date,
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        audit::Note,
        call::Call,
        message,
        person::{MOST_NAME, need_possible_birth, role, second_factor, token},
    },
};

/// What a person sees of themselves.
pub(crate) fn describe_me(
    tx: &mut Tx<'_>,
    actor: Actor,
    session: Option<&SessionId>,
    now: i64,
) -> Result<Me, Fail> {
    let demo = is_demo(tx)?;
    let Some(person) = &actor.person else {
        return Ok(Me {
            demo,
            ..Me::default()
        });
    };
    let row = tx.one(
        "select name, phone, lang, birth from person where id = $1",
        &[person.into()],
    )?;
    let phone: Option<String> = row.get("phone")?;
    let profile = Profile {
        id: person.clone(),
        name: row.get("name")?,
        phone: phone.and_then(|phone| Phone::parse(&phone)),
        lang: Lang::choose(&row.get::<String>("lang")?),
        birth: row
            .get::<Option<String>>("birth")?
            .and_then(|birth| Date::parse(&birth)),
    };
    let unread = message::count_unread(tx, person)?;
    // With all roles: the session may not have them.
    let whole = role::get_actor(tx, person.clone(), now)?;
    let (second, second_required) = second_factor::find(tx, &whole, session)?;
    Ok(Me {
        second,
        second_required,
        profile: Some(profile),
        actor,
        demo,
        unread,
    })
}

/// True when the database holds the demo.
///
/// # Errors
/// When the database fails.
pub fn is_demo(tx: &mut Tx<'_>) -> Result<bool, Fail> {
    Ok(tx
        .opt("select 1 from setting where name = 'demo'", &[])?
        .is_some())
}

/// [`domain::api::GetMe`].
///
/// # Errors
/// When the database fails.
pub fn get_me(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Me, Fail> {
    describe(tx, call)
}

fn describe(tx: &mut Tx<'_>, call: &Call) -> Result<Me, Fail> {
    describe_me(tx, call.actor.clone(), call.session.as_ref(), call.now())
}

/// [`domain::api::ChangeMe`].
///
/// # Errors
/// When the name cannot be meant.
pub fn change_me(tx: &mut Tx<'_>, call: &Call, (): (), change: MyChange) -> Result<Me, Fail> {
    let person = call.person()?;
    let name = typed("name", &change.name, MOST_NAME, true)?.replace('\n', " ");
    if let Some(birth) = change.birth {
        need_possible_birth(call, birth)?;
    }
    tx.exec(
        "update person set name = $2, lang = $3, birth = $4 where id = $1 and erased_at is null",
        &[
            person.into(),
            name.into(),
            change.lang.tag().into(),
            change.birth.map(|birth| birth.to_string()).into(),
        ],
    )?;
    Note::own(Act::ProfileChanged).of(person).write(tx, call)?;
    describe(tx, call)
}

/// [`domain::api::ListSessions`].
///
/// # Errors
/// For a visitor.
pub fn list_sessions(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<SessionCard>, Fail> {
    let rows = tx.all(
        "select id, device, made_at from session where person_id = $1 and expires_at > $2 order by made_at desc, id desc",
        &[call.person()?.into(), call.now().into()],
    )?;
    rows.iter()
        .map(|row| {
            let id = row.get::<SessionId>("id")?;
            let here = call.session.as_ref() == Some(&id);
            Ok(SessionCard {
                id,
                here,
                device: row.get("device")?,
                since: row.get("made_at")?,
            })
        })
        .collect()
}

/// [`domain::api::SignOut`].
///
/// # Errors
/// For a visitor.
pub fn sign_out(tx: &mut Tx<'_>, call: &Call, (): (), (): ()) -> Result<(), Fail> {
    let session = call.session.as_ref().ok_or(Problem::NotSignedIn)?;
    tx.exec("delete from session where id = $1", &[session.into()])?;
    Ok(())
}

/// [`domain::api::SignOutEverywhere`].
///
/// # Errors
/// For a visitor.
pub fn sign_out_everywhere(tx: &mut Tx<'_>, call: &Call, (): (), (): ()) -> Result<(), Fail> {
    let me = call.person()?;
    tx.exec("delete from session where person_id = $1", &[me.into()])?;
    // Whoever was in somebody's account may have made one to stay there.
    token::end_all(tx, me)?;
    // Devices are known no more, also those that somebody else may have.
    tx.exec(
        "update person set devices_from = $2 where id = $1",
        &[me.into(), (call.now() + 1).into()],
    )?;
    Ok(())
}
