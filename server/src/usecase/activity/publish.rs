//! Publishing an activity together with the bookings of its rooms.

use domain::{
    activity::{Activity, MOST_PLACES},
    api::{NewActivity, NewSeries, OtherWords},
    audit::Act,
    booking::{admission::History, refusal::Refusal, series::Quotas},
    id::{BookingId, CentreId},
    language::{Lang, Name},
    person::{behalf::Channel, permission},
    problem::{Problem, TextFault, typed},
    recurrence::{End, Pattern, Recurrence},
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
            rows::{NewRow, insert},
            series::{
                lock_wanted,
                plan::{self, Terms},
            },
        },
        call::Call,
        club,
    },
};

/// The most that an activity costs, in fen.
const MOST_FEE: u32 = 1_000_000;

/// Name and text in the languages that they are given in.
pub(super) fn read_words(
    lang: Option<Lang>,
    (title, about): (&str, &str),
    other: Option<&OtherWords>,
) -> Result<(Name, Name), Problem> {
    let line = |field, text: &str, needed| {
        typed(field, text, MOST_TITLE, needed).map(|text| text.replace('\n', " "))
    };
    let none = OtherWords::default();
    let other = other.filter(|_| lang.is_some()).unwrap_or(&none);
    let title = Name::told(
        lang,
        line("title", title, true)?,
        line("other_title", &other.title, false)?,
    );
    let about = Name::told(
        lang,
        typed("about", about, MOST_ABOUT, false)?,
        typed("other_about", &other.about, MOST_ABOUT, false)?,
    );
    Ok((title, about))
}

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
    let (title, about) = read_words(new.lang, (&new.title, &new.about), new.other.as_ref())?;
    let need = |sound: bool, field: &str| match sound {
        true => Ok(()),
        false => Err(Problem::field(field, TextFault::OutOfRange)),
    };
    need((1..=MOST_PLACES).contains(&new.places), "places")?;
    need(!new.audience.is_empty(), "audience")?;
    need(new.fee <= MOST_FEE, "request")?;
    // A single session is the first date of a rule that ends with it.
    let once = || Recurrence {
        pattern: Pattern::Days,
        every: 1,
        end: End::Count(1),
    };
    let asked = NewSeries {
        rule: new.rule.clone().unwrap_or_else(once),
        exceptions: new.exceptions.clone(),
        room: new.room.clone(),
        start: new.start,
        end: new.end,
        people: new.places,
        purpose: Some(new.kind),
        note: String::new(),
        behalf: None,
    };
    let asked = plan::read(tx, call, &known, &asked)?;
    lock_wanted(tx, call, &known, &asked)?;

    let draft = Draft {
        club: new.club.as_ref(),
        title: &title,
        about: &about,
        kind: new.kind,
        audience: new.audience,
        fee: new.fee,
        per: new.per,
        pick_up: new.pick_up,
        made_by: &person,
        rule: new.rule.as_ref().map(|rule| (rule, new.start.date())),
    };
    let id = create(tx, call.now_ms, &known, &draft)?;
    // A club's sessions count in nobody's quotas.
    let terms = Terms {
        history: &History::default(),
        quotas: Quotas::Free,
    };
    let dates = plan::decide(tx, call, &known, &asked, terms)?;
    for date in dates {
        let admission = match (date.admission, date.refusal) {
            (Some(admission), None) => admission,
            (_, refusal) => {
                let refusal = refusal.unwrap_or(Refusal::Over);
                return Err(Fail::Problem(Problem::Refused {
                    refusal,
                    changed: false,
                    date: (date.on != new.start.date()).then_some(date.on),
                }));
            }
        };
        let room = known
            .centre
            .room(&date.place.room)
            .ok_or(Problem::NotFound)?;
        let slot = booking::floor::read_slot(&known, room, date.place.start, date.place.end)?;
        let rules = known.centre.rules_of(room);
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
            on: new.rule.as_ref().map(|_| date.on),
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
