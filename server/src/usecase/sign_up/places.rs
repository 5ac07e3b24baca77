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
    time::LocalTime,
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

/// Somebody who has a place again: who reads what is written to them, and what they are called in it.
pub(crate) type Replaced = (PersonId, String);

/// Which of those who lose a place had taken it: who had only been offered one is offered one again, where one comes free.
pub(crate) fn keep_confirmed(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    displaced: &[SignUpId],
) -> Result<Vec<SignUpId>, Fail> {
    let rows = tx.all_in(
        "select id from sign_up where centre_id = $1 and state = 'confirmed' and id in ($ids)",
        &[centre.into()],
        displaced,
    )?;
    rows.iter().map(|row| Ok(row.get("id")?)).collect()
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
        // Brought up to the present: an offer that has lapsed holds nothing.
        let (taken, about) = List::change(tx, (call, known), id, |tx, list| {
            Ok((list.taken, read_subject(tx, call, centre, list)?))
        })?;
        let over = taken.saturating_sub(*count);
        let Some((_, starts)) = about.filter(|_| over > 0) else {
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
) -> Result<Vec<Replaced>, Fail> {
    let row = tx.opt(
        "select id from activity_session where centre_id = $1 and booking_id = $2",
        &[(&known.centre.id).into(), booking.into()],
    )?;
    match row {
        Some(row) => set_places(tx, call, known, &row.get("id")?, new),
        None => Ok(Vec::new()),
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
) -> Result<Vec<Replaced>, Fail> {
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
        let mut replaced = Vec::new();
        if let Some((title, starts)) = &about {
            let about = (title, known.zone.stamp(*starts).local);
            for one in read_places(tx, centre, list, new.displaced)? {
                displace_one(tx, call, centre, list, (&one, about))?;
            }
            // Whoever asked together has their places together, or not at all.
            let mut parties: BTreeMap<i64, Vec<Place>> = BTreeMap::new();
            for one in read_places(tx, centre, list, new.replaced)? {
                parties.entry(one.party).or_default().push(one);
            }
            for party in parties.into_values() {
                let wait = |one: &Place| one.state == SignUpState::Waitlisted;
                let more = party.iter().filter(|one| wait(one)).count();
                let stand = party
                    .iter()
                    .all(|one| wait(one) || one.state == SignUpState::Offered);
                if stand && usize::from(list.taken) + more <= usize::from(new.count) {
                    for one in party {
                        replaced.push(replace_one(tx, call, centre, list, (one, about))?);
                    }
                }
            }
        }
        if new.count < list.taken {
            return Err(Refusal::PlacesHeld { held: list.taken }.into());
        }
        list.places = new.count;
        Ok(replaced)
    })
}

/// A sign-up of a list, as far as it matters who has a place.
struct Place {
    id: SignUpId,
    party: i64,
    state: SignUpState,
    person: PersonId,
    reader: PersonId,
    name: String,
}

/// Some sign-ups, as far as they are of this list.
fn read_places(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    list: &List,
    ids: &[SignUpId],
) -> Result<Vec<Place>, Fail> {
    let rows = tx.all_in(
        concat!(
            "select u.id, u.party, u.state, u.person_id, ",
            reader!(),
            " as reader, ",
            called!(),
            " as name from sign_up u join person p on p.id = u.person_id
            where u.centre_id = $1 and u.list_id = $2 and u.id in ($ids) order by u.seq"
        ),
        &[centre.into(), list.id.as_str().into()],
        ids,
    )?;
    rows.iter()
        .map(|row| {
            Ok(Place {
                id: row.get("id")?,
                party: row.get("party")?,
                state: row.get("state")?,
                person: row.get("person_id")?,
                reader: row.get("reader")?,
                name: row.get("name")?,
            })
        })
        .collect()
}

/// Takes a place of a list from somebody and tells them; does nothing where they gave it up meanwhile.
fn displace_one(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    list: &mut List,
    (one, about): (&Place, (&Name, LocalTime)),
) -> Result<(), Fail> {
    if !one.state.holds() {
        return Ok(());
    }
    list.leave(one.state);
    list.waiting += 1;
    put(tx, centre, one, SignUpState::Waitlisted)?;
    write_note(tx, call, centre, (Act::PlaceLost, list), (one, about))?;
    let news = News::PlaceLost {
        activity: list.activity.clone(),
        title: about.0.clone(),
        name: one.name.clone(),
        start: about.1,
    };
    message::send(tx, call, centre, &one.reader, &news)
}

/// Gives somebody the place back that they had; whoever undoes the change tells those who know of it.
fn replace_one(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    list: &mut List,
    (one, about): (Place, (&Name, LocalTime)),
) -> Result<Replaced, Fail> {
    list.leave(one.state);
    list.taken += 1;
    put(tx, centre, &one, SignUpState::Confirmed)?;
    write_note(tx, call, centre, (Act::PlaceRestored, list), (&one, about))?;
    Ok((one.reader, one.name))
}

fn put(tx: &mut Tx<'_>, centre: &CentreId, one: &Place, state: SignUpState) -> Result<(), Fail> {
    tx.exec(
        "update sign_up set state = $3, offer_until = null where centre_id = $1 and id = $2",
        &[centre.into(), (&one.id).into(), state.code().into()],
    )?;
    Ok(())
}

fn write_note(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    (act, list): (Act, &List),
    (one, (title, start)): (&Place, (&Name, LocalTime)),
) -> Result<(), Fail> {
    let subject = Subject {
        what: Some(title.clone()),
        start: Some(start),
        path: Page::Activity(centre.clone(), list.activity.clone()).path(),
        ..Subject::default()
    };
    let note = Note::at(act, centre).of(&one.person).about(subject);
    note.write(tx, call)
}
