//! Publishing an activity together with the bookings of its rooms.

use domain::{
    activity::{Activity, MOST_PLACES, MOST_WEEKS},
    api::NewActivity,
    audit::Act,
    booking::admission::{Ask, History},
    id::{BookingId, CentreId},
    language::Name,
    person::{behalf::Channel, permission},
    problem::{Problem, TextFault, typed},
    time::weekly,
};

use crate::{
    clock,
    db::{Fail, Tx},
    usecase::{
        activity::{
            MOST_ABOUT, MOST_TITLE, get,
            rows::{Draft, add_session, create, describe},
        },
        audit::Note,
        booking::{
            self,
            book::admit,
            floor::lock,
            rows::{NewRow, insert},
        },
        call::Call,
        club,
    },
};

/// The most that an activity costs, in fen.
const MOST_FEE: u32 = 1_000_000;

/// [`domain::api::Publish`].
///
/// # Errors
/// A field that cannot be meant, or the rule that stands against one of its sessions: then nothing is published.
pub fn publish(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
    new: NewActivity,
) -> Result<Activity, Fail> {
    let person = call.person()?.clone();
    let known = call.centres.hold(tx, &centre)?;
    let organises = match &new.club {
        Some(club) => {
            club::need_open(tx, &centre, club)?;
            Some(club::organises(tx, &person, &centre, club)?)
        }
        None => None,
    };
    call.need(permission::may_publish(&call.actor, &centre, organises))?;
    let title = typed("title", &new.title, MOST_TITLE, true)?.replace('\n', " ");
    let about = typed("about", &new.about, MOST_ABOUT, false)?;
    let need = |sound: bool, field: &str| match sound {
        true => Ok(()),
        false => Err(Problem::field(field, TextFault::OutOfRange)),
    };
    need((1..=MOST_PLACES).contains(&new.places), "places")?;
    need((1..=MOST_WEEKS).contains(&new.weeks), "weeks")?;
    need(!new.audience.is_empty(), "audience")?;
    need(new.fee <= MOST_FEE, "request")?;
    let room = known.centre.room(&new.room).ok_or(Problem::NotFound)?;
    let first = booking::book::read_slot(&known, room, new.start, new.end)?;
    lock(tx, &known, Some(&person), &room.id)?;

    let draft = Draft {
        club: new.club.as_ref(),
        title: &Name::new(title.clone(), title),
        about: &about,
        kind: new.kind,
        audience: new.audience,
        fee: new.fee,
        per: new.per,
        pick_up: new.pick_up,
        made_by: &person,
    };
    let id = create(tx, call.now_ms, &known, &draft)?;
    // A club's sessions count in nobody's quotas.
    let nothing = History::default();
    for slot in weekly(first, new.weeks) {
        let refused = |refusal| Problem::Refused {
            refusal,
            changed: false,
            date: (slot != first).then(|| slot.start().date()),
        };
        // A date on which clocks skip the hour is named as such.
        let slot =
            booking::book::read_slot(&known, room, slot.start(), slot.end()).map_err(refused)?;
        let ask = Ask {
            room: room.id.clone(),
            slot,
            people: new.places,
            purpose: Some(new.kind),
        };
        let (admission, rules) = admit(tx, call, &known, room, &ask, &nothing)?.map_err(refused)?;
        let booking = BookingId::new(clock::new_id(call.now_ms));
        let state = admission.state();
        let row = NewRow {
            id: &booking,
            room: &room.id,
            slot,
            rules: &rules,
            people: new.places,
            purpose: Some(new.kind),
            note: "",
            title: Some(draft.title),
            series: None,
            state,
            actor: &person,
            beneficiary: &person,
            channel: Channel::App,
            made_at: call.now(),
        };
        insert(tx, &known, &row)?;
        let made = booking::rows::find(tx, call, &centre, &booking)?;
        booking::decide::decline_outbid(tx, call, &known, &made)?;
        add_session(
            tx,
            call.now_ms,
            &known,
            (&id, new.per),
            &booking,
            new.places,
        )?;
    }
    let made = get(tx, call, (centre, id))?;
    Note::at(Act::Published, &made.centre)
        .about(describe(&made))
        .write(tx, call)?;
    Ok(made)
}
