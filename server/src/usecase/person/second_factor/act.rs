//! Acts about the second factor: set up, given, removed, reset by a manager, required of all who run a house.

use domain::{
    api::{Me, RequiredFactor, RoleHolder, SecondCode, SecondFactorSetup},
    audit::Act,
    id::{CentreId, PersonId, SessionId},
    message::News,
    person::{
        permission::{self, Reach},
        second_factor::SecondFactor,
    },
    problem::{Problem, TextFault},
    view::encode,
};
use qrcode::{QrCode, render::svg};
use sha2::{Digest, Sha256};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use crate::{
    db::{Fail, Fault, FaultKind, Tx},
    usecase::{
        audit::Note,
        call::Call,
        message,
        person::{
            account::describe_me,
            attempt::{self, Limit},
            role,
            second_factor::{REQUIRED, clear, find, is_required},
            sign_in::{Sender, get_code_secret},
            token,
        },
    },
};

/// What the app on the phone shows beside its code.
const ISSUER: &str = "Linli";

/// How many codes may be wrong in a session.
const TRIES: Limit = Limit {
    most: 5,
    window: 900,
};

/// How many of one person may be, in whatever sessions of devices that are not known (NIST SP 800-63B, 3.2.2: at most 100).
const TRIES_OF_STRANGERS: Limit = Limit {
    most: 60,
    window: 86_400,
};

/// How many may be from a device that is known: there are at most few.
const TRIES_OF_DEVICE: Limit = Limit {
    most: 20,
    window: 86_400,
};

/// Whoever calls, with how it stands with their second factor; refuses those who run no house.
fn find_own<'a>(tx: &mut Tx<'_>, call: &'a Call) -> Result<(&'a PersonId, SecondFactor), Fail> {
    let person = call.person()?;
    let actor = role::get_actor(tx, person.clone(), call.now())?;
    let (stands, _) = find(tx, &actor, call.session.as_ref())?;
    call.need(stands != SecondFactor::NotAsked)?;
    Ok((person, stands))
}

/// The secret of somebody: made from that of the house, so that none stands in the database by itself.
fn derive(tx: &mut Tx<'_>, person: &PersonId, generation: i64) -> Result<Totp, Fail> {
    let mut hash = Sha256::new();
    let (house, generation) = (get_code_secret(tx)?, generation.to_string());
    for part in [house.as_str(), "second", person.as_str(), &generation] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    // As long as RFC 4226 advises; with the one algorithm that all apps know.
    let secret = hash.finalize()[..20].to_vec();
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_secret(Secret::from(secret))
        .with_skew(1)
        .build()
        .map_err(|cause| Fault::new(FaultKind::Inconsistent, cause.to_string()).into())
}

fn get_generation(tx: &mut Tx<'_>, person: &PersonId) -> Result<(i64, i64), Fail> {
    let row = tx.one(
        "select totp_generation, totp_step from person where id = $1",
        &[person.into()],
    )?;
    Ok((row.get("totp_generation")?, row.get("totp_step")?))
}

/// [`domain::api::GetSecondFactor`].
///
/// # Errors
/// For whoever runs no house, and where one is set up whose code was not given here.
pub fn get_setup(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<SecondFactorSetup, Fail> {
    let (person, stands) = find_own(tx, call)?;
    call.need(stands != SecondFactor::Due)?;
    let (generation, _) = get_generation(tx, person)?;
    let totp = derive(tx, person, generation + 1)?;
    let row = tx.one(
        "select coalesce(nullif(name, ''), phone, '') as name from person where id = $1",
        &[person.into()],
    )?;
    let name: String = row.get("name")?;
    let secret = totp.secret().to_base32();
    let address = format!(
        "otpauth://totp/{ISSUER}:{}?secret={secret}&issuer={ISSUER}",
        encode(&name)
    );
    let drawn = QrCode::new(&address)
        .map_err(|cause| Fault::new(FaultKind::Inconsistent, cause.to_string()))?;
    let drawn = drawn
        .render::<svg::Color<'_>>()
        .min_dimensions(200, 200)
        .build();
    Ok(SecondFactorSetup {
        qr: drawn,
        address,
        secret,
    })
}

fn read_code(code: &SecondCode) -> Result<String, Problem> {
    let code: String = code.code.split_whitespace().collect();
    match code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) {
        true => Ok(code),
        false => Err(Problem::field("code", TextFault::Unreadable)),
    }
}

/// The step at which a code is right, now or half a minute ago or ahead.
fn find_step(totp: &Totp, call: &Call, code: &str) -> Option<i64> {
    let step = totp.check(code, u64::try_from(call.now()).ok()?)?;
    i64::try_from(step).ok()
}

/// Whether a code is right, once. A wrong one is a result, not a failure: the try must count.
fn use_code(
    tx: &mut Tx<'_>,
    call: &Call,
    (person, generation): (&PersonId, i64),
    (code, sender): (&SecondCode, &Sender),
) -> Result<Result<(), Problem>, Fail> {
    let code = read_code(code)?;
    // Two at once must not use one code twice.
    tx.lock(
        "select 1 from person where id = $1 for update",
        &[person.into()],
    )?;
    let session = call.session.as_ref().ok_or(Problem::NotSignedIn)?;
    let here = format!("second {session}");
    // Strangers with the number do not use up the tries of devices from which its holder signed in before.
    let row = tx.one(
        "select coalesce(phone, '') as phone from person where id = $1",
        &[person.into()],
    )?;
    let device = sender.known_device(tx, &row.get::<String>("phone")?, call.now())?;
    let (all, most) = match device {
        Some(device) => (format!("second known {device}"), TRIES_OF_DEVICE),
        None => (format!("second {person}"), TRIES_OF_STRANGERS),
    };
    for (key, limit) in [(&here, TRIES), (&all, most)] {
        if let Some(wait) = attempt::wait(tx, key, limit, call.now())? {
            return Ok(Err(Problem::TooMany { wait }));
        }
    }
    let (_, last) = get_generation(tx, person)?;
    let totp = derive(tx, person, generation)?;
    let step = find_step(&totp, call, &code);
    // Right, but used: no guess.
    if step.is_some_and(|step| step <= last) {
        return Ok(Err(Problem::CodeUsed));
    }
    let Some(step) = step else {
        for (key, limit) in [(&here, TRIES), (&all, most)] {
            attempt::note(tx, key, limit, call.now())?;
        }
        let tried = tx.one(
            "select count from attempt where key = $1",
            &[here.as_str().into()],
        )?;
        let left = TRIES.most - tried.get::<i64>("count")?;
        let wait = u32::try_from(TRIES.window).unwrap_or(u32::MAX);
        return Ok(Err(match u8::try_from(left) {
            Ok(tries_left @ 1..) => Problem::WrongCode { tries_left },
            _ => Problem::TooMany { wait },
        }));
    };
    tx.exec(
        "update person set totp_step = $2 where id = $1",
        &[person.into(), step.into()],
    )?;
    tx.exec(
        "update session set second_at = $2 where id = $1",
        &[session.into(), call.now().into()],
    )?;
    Ok(Ok(()))
}

/// Whoever holds the caller's session, as it stands now.
fn describe_again(tx: &mut Tx<'_>, call: &Call) -> Result<Me, Fail> {
    let mut actor = role::get_actor(tx, call.person()?.clone(), call.now())?;
    let session = call.session.as_ref();
    let (stands, _) = find(tx, &actor, session)?;
    if stands.withholds() {
        actor.withheld();
    }
    describe_me(tx, actor, session, call.now())
}

/// [`domain::api::SetSecondFactor`]: the next secret holds once a code of it is given.
///
/// # Errors
/// For whoever runs no house, where one is set up whose code was not given here, and where the code cannot be read.
pub fn set(
    tx: &mut Tx<'_>,
    call: &Call,
    (code, sender): (&SecondCode, &Sender),
) -> Result<Result<Me, Problem>, Fail> {
    let (person, stands) = find_own(tx, call)?;
    call.need(stands != SecondFactor::Due)?;
    let (generation, last) = get_generation(tx, person)?;
    // Sent again, because its answer was lost: it is done.
    let done = find_step(&derive(tx, person, generation)?, call, &read_code(code)?);
    if stands == SecondFactor::Given && done == Some(last) {
        return Ok(Ok(describe_again(tx, call)?));
    }
    if let Err(problem) = use_code(tx, call, (person, generation + 1), (code, sender))? {
        return Ok(Err(problem));
    }
    tx.exec(
        "update person set totp_generation = $2, totp_at = $3 where id = $1",
        &[person.into(), (generation + 1).into(), call.now().into()],
    )?;
    // Elsewhere a code of this secret was never given.
    tx.exec(
        "update session set second_at = null where person_id = $1 and id <> $2",
        &[
            person.into(),
            call.session.as_ref().map_or("", SessionId::as_str).into(),
        ],
    )?;
    tx.exec(
        "update token set second_at = null where person_id = $1",
        &[person.into()],
    )?;
    Note::own(Act::SecondFactorSet).of(person).write(tx, call)?;
    Ok(Ok(describe_again(tx, call)?))
}

/// [`domain::api::GiveSecondFactor`].
///
/// # Errors
/// For whoever has none, and where the code cannot be read.
pub fn give(
    tx: &mut Tx<'_>,
    call: &Call,
    (code, sender): (&SecondCode, &Sender),
) -> Result<Result<Me, Problem>, Fail> {
    let (person, stands) = find_own(tx, call)?;
    if stands != SecondFactor::Given {
        if stands != SecondFactor::Due {
            return Err(Problem::SecondFactorRequired.into());
        }
        let (generation, _) = get_generation(tx, person)?;
        if let Err(problem) = use_code(tx, call, (person, generation), (code, sender))? {
            return Ok(Err(problem));
        }
    }
    Ok(Ok(describe_again(tx, call)?))
}

/// [`domain::api::RemoveSecondFactor`].
///
/// # Errors
/// Where its code was not given here, and where the house requires one.
pub fn remove(tx: &mut Tx<'_>, call: &Call, (): (), (): ()) -> Result<Me, Fail> {
    let (person, stands) = find_own(tx, call)?;
    call.need(stands != SecondFactor::Due)?;
    if stands != SecondFactor::Given || is_required(tx)? {
        return Err(Problem::SecondFactorRequired.into());
    }
    clear(tx, person)?;
    Note::own(Act::SecondFactorRemoved)
        .of(person)
        .write(tx, call)?;
    describe_again(tx, call)
}

/// [`domain::api::RequireSecondFactor`].
///
/// # Errors
/// For everybody but those who manage everywhere, and for whoever has not set up their own.
pub fn require(tx: &mut Tx<'_>, call: &Call, (): (), wanted: RequiredFactor) -> Result<Me, Fail> {
    call.need(permission::may_require_second_factor(&call.actor))?;
    let (person, stands) = find_own(tx, call)?;
    // Who asks it of all others has tried it.
    if wanted.required && stands != SecondFactor::Given {
        return Err(Problem::SecondFactorRequired.into());
    }
    let act = match wanted.required {
        true => {
            tx.exec(
                "insert into setting (name, value) values ($1, 'required') on conflict do nothing",
                &[REQUIRED.into()],
            )?;
            Act::SecondFactorRequired
        }
        false => {
            tx.exec("delete from setting where name = $1", &[REQUIRED.into()])?;
            Act::SecondFactorOptional
        }
    };
    Note::own(act).of(person).write(tx, call)?;
    describe_again(tx, call)
}

/// [`domain::api::ResetSecondFactor`]: whoever lost their phone sets up another. They are signed out everywhere.
///
/// # Errors
/// For everybody but managers, for one's own, and for whoever has a role that the caller could not give.
pub fn reset(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, person, reach): (CentreId, PersonId, Reach),
    (): (),
) -> Result<Vec<RoleHolder>, Fail> {
    call.need(permission::may_give_role(&call.actor, &centre, reach))?;
    role::need_held(tx, (&centre, &person), reach)?;
    role::need_other(call, &person)?;
    // Whoever also runs other houses, or all of them, is helped by those who manage those.
    let theirs = role::get_actor(tx, person.clone(), call.now())?;
    let may = theirs.roles.iter().all(|grant| match &grant.centre {
        Some(other) => permission::may_give_role(&call.actor, other, Reach::Here),
        None => permission::may_give_role(&call.actor, &centre, Reach::Everywhere),
    });
    call.need(may)?;
    clear(tx, &person)?;
    tx.exec(
        "delete from session where person_id = $1",
        &[(&person).into()],
    )?;
    token::end_all(tx, &person)?;
    message::send(tx, call, &centre, &person, &News::SecondFactorReset {})?;
    let note = Note::at(Act::SecondFactorReset, &centre).of(&person);
    note.write(tx, call)?;
    role::list(tx, call, centre)
}
