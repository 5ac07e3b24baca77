//! People as the staff of a centre see them: found, recorded, corrected.

use domain::{
    api::{NewCaller, NewMember, PersonChange, Wanted},
    audit::Act,
    booking::Channel,
    id::{CentreId, PersonId},
    permission,
    person::{ATTENDANCE_DAYS, PersonCard, PersonRow, Phone},
    problem::{Problem, TextFault, typed},
    text::Lang,
    time::Date,
};

use super::{
    Call,
    audit::{Note, need_to_act_for},
    booking::{bookings, select_bookings},
    centre::reach,
    family,
    person::{self, MOST_NAME, NewPerson},
    sign_up,
};
use crate::db::{Fail, Row, Tx};

/// Most people that a search shows; who is not among them is looked for by more letters.
const MOST_FOUND: i64 = 20;

/// The most characters of a search.
const MOST_TEXT: u16 = 40;

/// The fewest digits by which somebody is found.
const FEWEST_DIGITS: usize = 4;

/// Those whom a centre knows: its staff made their record, or they have something there.
const KNOWN_HERE: &str = "select p.id, p.name, p.phone, p.birth from person p
    where (lower(p.name) like lower($2) escape '\\' or ($3 <> '' and p.phone like $3))
    and (p.made_by_centre = $1
        or exists (select 1 from booking b where b.beneficiary_id = p.id and b.centre_id = $1)
        or exists (select 1 from sign_up u where u.person_id = p.id and u.centre_id = $1)
        or exists (select 1 from club_member m where m.person_id = p.id and m.centre_id = $1))
    order by p.name, p.id limit $4";

pub(super) fn person_row(row: &Row) -> Result<PersonRow, Fail> {
    let birth: Option<String> = row.get(3)?;
    Ok(PersonRow {
        id: PersonId::new(row.get::<String>(0)?),
        name: row.get(1)?,
        phone: row.get(2)?,
        birth: birth.and_then(|birth| Date::parse(&birth)),
    })
}

/// [`domain::api::FindPeople`]. A whole number finds its person wherever they are known; a part of a number or name only
/// those whom this centre knows.
///
/// # Errors
/// For everybody but staff, or when too little is asked for.
pub fn find(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
    wanted: Wanted,
) -> Result<Vec<PersonRow>, Fail> {
    call.need(permission::may_act_for(&call.actor, &centre))?;
    let text = typed("name", &wanted.text, MOST_TEXT, true)?;
    if let Some(phone) = Phone::parse(&text) {
        let rows = tx.all(
            "select id, name, phone, birth from person where phone = $1",
            &[phone.as_str().into()],
        )?;
        return rows.iter().map(person_row).collect();
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+'));
    if number && digits.len() < FEWEST_DIGITS {
        return Err(Problem::field("phone", TextFault::Unreadable).into());
    }
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    let by_number = match number {
        true => format!("%{digits}"),
        false => String::new(),
    };
    let rows = tx.all(
        KNOWN_HERE,
        &[
            (&centre).into(),
            format!("%{escaped}%").into(),
            by_number.into(),
            MOST_FOUND.into(),
        ],
    )?;
    rows.iter().map(person_row).collect()
}

/// [`domain::api::AddPerson`].
///
/// # Errors
/// For everybody but staff, or when a field cannot be meant.
pub fn add(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: CentreId,
    new: NewCaller,
) -> Result<PersonCard, Fail> {
    call.need(permission::may_act_for(&call.actor, &centre))?;
    let name = typed("name", &new.name, MOST_NAME, true)?.replace('\n', " ");
    let phone = read_phone(&new.phone)?;
    if let Some(birth) = new.birth {
        family::possible_birth(call, birth)?;
    }
    let known = match &phone {
        Some(phone) => person::find(tx, phone)?,
        None => None,
    };
    let id = match known {
        Some(id) => {
            let note = Note::at(Act::PersonSeen, &centre).of(&id);
            note.by(Channel::App).write(tx, call)?;
            id
        }
        None => {
            let record = NewPerson {
                phone: phone.as_ref(),
                name: &name,
                lang: Lang::Zh,
                made_by_centre: Some(&centre),
            };
            let id = person::create(tx, call.now_ms, record)?;
            set_birth(tx, &id, new.birth)?;
            let note = Note::at(Act::PersonAdded, &centre);
            note.of(&id).write(tx, call)?;
            id
        }
    };
    card(tx, call, &centre, &id)
}

/// A number as it was typed; none where nothing was.
fn read_phone(text: &str) -> Result<Option<Phone>, Problem> {
    match text.trim() {
        "" => Ok(None),
        text => {
            let phone = Phone::parse(text);
            phone
                .map(Some)
                .ok_or_else(|| Problem::field("phone", TextFault::Unreadable))
        }
    }
}

fn set_birth(tx: &mut Tx<'_>, id: &PersonId, birth: Option<Date>) -> Result<(), Fail> {
    tx.exec(
        "update person set birth = coalesce($2, birth) where id = $1",
        &[id.into(), birth.map(|birth| birth.to_string()).into()],
    )?;
    Ok(())
}

/// [`domain::api::GetPerson`].
///
/// # Errors
/// For everybody but staff, or when there is nobody like that.
pub fn get(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, PersonId),
) -> Result<PersonCard, Fail> {
    need_to_act_for(tx, call, &centre, &id)?;
    let note = Note::at(Act::PersonSeen, &centre);
    note.of(&id).write_look(tx, call)?;
    card(tx, call, &centre, &id)
}

/// What a centre's staff see of somebody.
fn card(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &PersonId,
) -> Result<PersonCard, Fail> {
    let row = tx.one(
        "select id, name, phone, birth from person where id = $1",
        &[id.into()],
    )?;
    let now = call.now();
    let coming = tx.all(
        select_bookings!(
            "where b.beneficiary_id = $1 and b.starts_at > $2 and b.ends_at > $3 and b.centre_id = $4
            and b.state in ('requested', 'confirmed') order by b.starts_at, b.id"
        ),
        &[id.into(), reach(now).into(), now.into(), centre.into()],
    )?;
    let past = tx.all(
        select_bookings!(
            "where b.beneficiary_id = $1 and b.ends_at <= $2 and b.centre_id = $3 and b.state <> 'undone'
            order by b.starts_at desc, b.id limit 10"
        ),
        &[id.into(), now.into(), centre.into()],
    )?;
    let mut all = bookings(tx, call, &coming)?;
    all.extend(bookings(tx, call, &past)?);
    let mut sign_ups = sign_up::list_of_family(tx, call, id)?;
    sign_ups.retain(|one| one.centre == *centre);
    let (came, missed) = attendance(tx, call, centre, id)?;
    Ok(PersonCard {
        person: person_row(&row)?,
        family: family::members(tx, id)?,
        bookings: all,
        sign_ups,
        came,
        missed,
    })
}

/// To how many sessions somebody came, and how many they missed. A session without a used sheet says nothing.
fn attendance(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &PersonId,
) -> Result<(u16, u16), Fail> {
    let since = call.now() - ATTENDANCE_DAYS * 86_400;
    let came = tx.one(
        "select count(*) from attendance where centre_id = $1 and person_id = $2 and mark <> 'away' and marked_at > $3",
        &[centre.into(), id.into(), since.into()],
    )?;
    let missed = tx.one(
        "select count(*) from sign_up u
        join activity_session s on s.centre_id = u.centre_id and s.activity_id = u.activity_id and s.list_id = u.list_id
        join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
        left join attendance t on t.centre_id = s.centre_id and t.session_id = s.id and t.person_id = u.person_id
        where u.person_id = $2 and u.centre_id = $1 and u.state = 'confirmed' and b.state = 'confirmed'
        and b.starts_at > $3 and b.ends_at <= $4 and (t.mark = 'away' or (t.mark is null and exists (
            select 1 from attendance o where o.centre_id = s.centre_id and o.session_id = s.id)))",
        &[centre.into(), id.into(), since.into(), call.now().into()],
    )?;
    Ok((came.get(0)?, missed.get(0)?))
}

/// [`domain::api::ChangePerson`].
///
/// # Errors
/// When a field cannot be meant, or the number is somebody else's.
pub fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, PersonId),
    change: PersonChange,
) -> Result<PersonCard, Fail> {
    need_to_act_for(tx, call, &centre, &id)?;
    let name = typed("name", &change.name, MOST_NAME, true)?.replace('\n', " ");
    let phone = read_phone(&change.phone)?;
    if let Some(birth) = change.birth {
        family::possible_birth(call, birth)?;
    }
    tx.lock(
        "select 1 from person where id = $1 for no key update",
        &[(&id).into()],
    )?;
    let before: Option<String> = tx
        .one("select phone from person where id = $1", &[(&id).into()])?
        .get(0)?;
    if let Some(phone) = phone.filter(|phone| before.as_deref() != Some(phone.as_str())) {
        // By a number one signs in: nobody else may put another in its place.
        if before.is_some() || person::find(tx, &phone)?.is_some() {
            return Err(Problem::field("phone", TextFault::OutOfRange).into());
        }
        tx.exec(
            "update person set phone = $2 where id = $1",
            &[(&id).into(), phone.as_str().into()],
        )?;
    }
    tx.exec(
        "update person set name = $2 where id = $1",
        &[(&id).into(), name.into()],
    )?;
    set_birth(tx, &id, change.birth)?;
    let note = Note::at(Act::PersonChanged, &centre);
    note.of(&id).write(tx, call)?;
    card(tx, call, &centre, &id)
}

/// [`domain::api::AddRelative`].
///
/// # Errors
/// When name or birth date cannot be meant, or the household is full.
pub fn add_relative(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, PersonId),
    new: NewMember,
) -> Result<PersonCard, Fail> {
    need_to_act_for(tx, call, &centre, &id)?;
    let added = family::add_to(tx, call, (&id, Some(&centre)), new)?;
    let note = Note::at(Act::MemberAdded, &centre);
    note.of(&added).write(tx, call)?;
    card(tx, call, &centre, &id)
}
