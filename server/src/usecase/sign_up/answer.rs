//! Answering the offer of a place.

use domain::{
    api::Answer,
    audit::Act,
    id::{CentreId, PersonId, SignUpId},
    sign_up::{SignUp, SignUpState, admission, refusal::SignUpRefusal},
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        call::Call,
        person::household,
        sign_up::{
            aim::{read_aim, read_taken},
            change, may_see, note,
            rows::{find, set_state},
        },
    },
};

/// [`domain::api::AnswerOffer`].
///
/// # Errors
/// When the deadline is over: the place is somebody else's then.
pub fn answer(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, SignUpId),
    body: Answer,
) -> Result<Vec<SignUp>, Fail> {
    let known = call.centres.hold(tx, &centre)?;
    // People before lists, always.
    let people = tx.all(
        "select person_id from sign_up where centre_id = $1 and (list_id, party) in
            (select list_id, party from sign_up where centre_id = $1 and id = $2) order by person_id",
        &[(&centre).into(), (&id).into()],
    )?;
    for person in &people {
        tx.lock(
            "select 1 from person where id = $1 for no key update",
            &[person.get::<String>("person_id")?.into()],
        )?;
    }
    let ids = change(tx, (call, &known), &id, |tx, found, list| {
        if found.sign_up.state != SignUpState::Offered {
            return Err(SignUpRefusal::OfferOver.into());
        }
        let party = tx.all(
        "select id, person_id from sign_up where centre_id = $1 and list_id = $2 and state = 'offered' and party = $3 order by seq",
        &[
            (&centre).into(),
            list.id.as_str().into(),
            found.party.into(),
        ],
    )?;
        // Whoever has left the household since answers for themselves.
        let mut mine = Vec::with_capacity(party.len());
        for row in party {
            let person = row.get::<PersonId>("person_id")?;
            if may_see(tx, call, &centre, &person)? {
                mine.push(row);
            }
        }
        let party = mine;
        let state = if body.accept {
            SignUpState::Confirmed
        } else {
            SignUpState::Declined
        };
        if body.accept {
            // Whoever waited may have found something else for that time.
            let aim = read_aim(
                tx,
                &known,
                &found.sign_up.activity,
                found.sign_up.session.as_ref(),
            )?;
            let now = known.zone.stamp(call.now()).local;
            for row in &party {
                let member = household::get_member(tx, &row.get::<PersonId>("person_id")?)?;
                let mut taken = read_taken(tx, (call, &known), &aim, [&member.id])?;
                let mut taken = taken.remove(&member.id).unwrap_or_default();
                // They are on the list: that is why they were offered the place.
                taken.already = false;
                admission::admit(&aim.terms, &taken.candidate(&member, true), now)?;
            }
        }
        let mut ids = Vec::with_capacity(party.len());
        for row in &party {
            let id = row.get::<SignUpId>("id")?;
            set_state(tx, call, &centre, &id, state)?;
            let act = match body.accept {
                true => Act::OfferTaken,
                false => Act::OfferLeft,
            };
            note(tx, call, act, found, &row.get::<PersonId>("person_id")?)?;
            if !body.accept {
                list.leave(SignUpState::Offered);
            }
            ids.push(id);
        }
        Ok(ids)
    })?;
    ids.iter()
        .map(|id| Ok(find(tx, call, &centre, id)?.sign_up))
        .collect()
}
