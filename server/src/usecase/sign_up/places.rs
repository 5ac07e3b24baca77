//! How many places a session has: new ones are offered to those in line; where fewer are left than are held, the last who asked
//! lose theirs and stand in line again.

use std::collections::BTreeMap;

use domain::{
    api::Displaced,
    audit::{Act, Subject},
    booking::refusal::Refusal,
    id::{ActivitySessionId, BookingId, CentreId, PersonId, SignUpId},
    language::Name,
    message::News,
    page::Page,
    problem::{Problem, TextFault},
    sign_up::{SignUpState, waitlist::displace},
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        audit::Note,
        call::Call,
        centre::known::Known,
        message,
        person::called,
        sign_up::place_list::{List, read_subject, reader},
    },
};

/// How many places there are to be.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NewPlaces<'a> {
    pub(crate) count: u16,
    /// Who loses a place.
    pub(crate) displaced: &'a [SignUpId],
    /// Who had lost one, and has it again.
    pub(crate) replaced: &'a [SignUpId],
}

/// Who would lose a place if bookings had so many; of what is no session nobody. A course that has begun displaces nobody: there is
/// no line for it any more. Their lists are locked.
pub(crate) fn find_displaced<'a>(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    bookings: impl Iterator<Item = (&'a BookingId, u16)>,
) -> Result<Vec<Displaced>, Fail> {
    let centre = &known.centre.id;
    let places: BTreeMap<&str, u16> = bookings
        .map(|(booking, places)| (booking.as_str(), places))
        .collect();
    let rows = tx.all_in(
        "select list_id, booking_id from activity_session where centre_id = $1 and booking_id in ($ids) order by list_id, booking_id",
        &[centre.into()],
        places.keys().copied(),
    )?;
    // The sessions of a course share a list.
    let mut lists: BTreeMap<String, u16> = BTreeMap::new();
    for row in &rows {
        let count = places.get(row.get::<String>("booking_id")?.as_str());
        let least = lists.entry(row.get("list_id")?).or_insert(u16::MAX);
        *least = (*least).min(count.copied().unwrap_or(u16::MAX));
    }
    let mut all = Vec::new();
    for (id, count) in &lists {
        let list = List::lock(tx, centre, id)?;
        let over = list.taken.saturating_sub(*count);
        if over == 0 {
            continue;
        }
        let Some((_, starts)) = read_subject(tx, call, centre, &list)? else {
            continue;
        };
        let start = known.zone.stamp(starts).local;
        let rows = tx.all(
            concat!(
                "select u.id, u.party, ",
                called!(),
                " as name from sign_up u join person p on p.id = u.person_id
                where u.centre_id = $1 and u.list_id = $2 and u.state in ('confirmed', 'offered') order by u.seq"
            ),
            &[centre.into(), id.as_str().into()],
        )?;
        let parties = rows.iter().map(|row| row.get("party"));
        let last = displace(over, &parties.collect::<Result<Vec<i64>, _>>()?);
        for row in &rows {
            if last.contains(&row.get("party")?) {
                all.push(Displaced {
                    id: row.get("id")?,
                    name: row.get("name")?,
                    start,
                });
            }
        }
    }
    Ok(all)
}

/// Changes how many places there are where a booking is a session's; does nothing where it is not.
pub(crate) fn set_places_of(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    booking: &BookingId,
    new: NewPlaces<'_>,
) -> Result<(), Fail> {
    let row = tx.opt(
        "select id from activity_session where centre_id = $1 and booking_id = $2",
        &[(&known.centre.id).into(), booking.into()],
    )?;
    match row {
        Some(row) => set_places(tx, call, known, &row.get("id")?, new),
        None => Ok(()),
    }
}

/// Changes how many places the list of a session has, and offers those that are new.
///
/// # Errors
/// When more are held than there would be, without those who lose theirs.
pub(crate) fn set_places(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    session: &ActivitySessionId,
    new: NewPlaces<'_>,
) -> Result<(), Fail> {
    let centre = &known.centre.id;
    let row = tx.opt(
        "select list_id from activity_session where centre_id = $1 and id = $2",
        &[centre.into(), session.into()],
    )?;
    let list: String = row.ok_or(Problem::NotFound)?.get("list_id")?;
    if new.count == 0 {
        return Err(Problem::field("places", TextFault::OutOfRange).into());
    }
    List::change(tx, (call, known), &list, |tx, list| {
        let about = read_subject(tx, call, centre, list)?;
        for (ids, act) in [
            (new.displaced, Act::PlaceLost),
            (new.replaced, Act::PlaceRestored),
        ] {
            for id in ids {
                if act == Act::PlaceRestored && list.taken >= new.count {
                    break;
                }
                change_place(tx, call, centre, list, (id, act, about.as_ref()))?;
            }
        }
        if new.count < list.taken {
            return Err(Refusal::PlacesHeld { held: list.taken }.into());
        }
        list.places = new.count;
        Ok(())
    })
}

/// Takes a place of a list from somebody and tells them, or gives it back: whoever undoes a change tells those who know of it. Does
/// nothing where they gave it up meanwhile, or where it is one of another list.
fn change_place(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    list: &mut List,
    (id, act, about): (&SignUpId, Act, Option<&(Name, i64)>),
) -> Result<(), Fail> {
    let row = tx.opt(
        concat!(
            "select u.state, u.person_id, ",
            reader!(),
            " as reader, ",
            called!(),
            " as name from sign_up u join person p on p.id = u.person_id
            where u.centre_id = $1 and u.list_id = $2 and u.id = $3"
        ),
        &[centre.into(), list.id.as_str().into(), id.into()],
    )?;
    let Some((row, (title, _))) = row.zip(about) else {
        return Ok(());
    };
    let state: SignUpState = row.get("state")?;
    let to = match (act, state) {
        (Act::PlaceLost, SignUpState::Confirmed | SignUpState::Offered) => SignUpState::Waitlisted,
        (Act::PlaceRestored, SignUpState::Waitlisted | SignUpState::Offered) => {
            SignUpState::Confirmed
        }
        _ => return Ok(()),
    };
    list.leave(state);
    match to.holds() {
        true => list.taken += 1,
        false => list.waiting += 1,
    }
    tx.exec(
        "update sign_up set state = $3, offer_until = null where centre_id = $1 and id = $2",
        &[centre.into(), id.into(), to.code().into()],
    )?;
    let person: PersonId = row.get("person_id")?;
    let subject = Subject {
        what: Some(title.clone()),
        path: Page::Activity(centre.clone(), list.activity.clone()).path(),
        ..Subject::default()
    };
    let note = Note::at(act, centre).of(&person).about(subject);
    note.write(tx, call)?;
    if to == SignUpState::Confirmed {
        return Ok(());
    }
    let news = News::PlaceLost {
        activity: list.activity.clone(),
        title: title.clone(),
        name: row.get("name")?,
    };
    message::send(tx, call, centre, &row.get("reader")?, &news)
}
