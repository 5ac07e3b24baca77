//! People as the staff of a centre see them: found, recorded, corrected. Staff see whom their centre knows: those whom its
//! desk has dealt with, who have something there, and the households of those.

use domain::{
    activity::AGE_OF_CONSENT,
    api::{Behalf, NewCaller, NewMember, PersonChange, Wanted},
    audit::Act,
    booking::Channel,
    id::{CentreId, PersonId},
    permission,
    person::{
        ATTENDANCE_DAYS, MOST_FOUND, PersonCard, PersonRow, Phone, is_enough_to_look_for, is_number,
    },
    problem::{Problem, TextFault, typed},
    text::Lang,
    time::Date,
};

use super::{
    Call,
    audit::Note,
    booking::{bookings, select_bookings},
    centre::reach,
    family,
    person::{self, MOST_NAME, NewPerson, read_phone},
    sign_up,
};
use crate::db::{Fail, Row, Tx};

/// The most characters of a search.
const MOST_TEXT: u16 = 40;

/// That the centre `$1` knows the person `p`.
macro_rules! known_here {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " (exists (select 1 from desk_contact d where d.person_id = p.id and d.centre_id = $1)
            or exists (select 1 from booking b where b.beneficiary_id = p.id and b.centre_id = $1)
            or exists (select 1 from sign_up u where u.person_id = p.id and u.centre_id = $1)
            or exists (select 1 from club_member m where m.person_id = p.id and m.centre_id = $1)) ",
            $after
        )
    };
}

pub(super) fn person_row(row: &Row) -> Result<PersonRow, Fail> {
    Ok(PersonRow {
        id: PersonId::new(row.get::<String>(0)?),
        name: row.get(1)?,
        phone: row.get(2)?,
        born: birth(row)?.map(|birth| birth.ymd().0),
    })
}

fn birth(row: &Row) -> Result<Option<Date>, Fail> {
    let birth: Option<String> = row.get(3)?;
    Ok(birth.and_then(|birth| Date::parse(&birth)))
}

/// From now on the centre's desk knows somebody.
pub(super) fn met(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    person: &PersonId,
) -> Result<(), Fail> {
    contact(tx, call, (centre, person), false)
}

fn contact(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, person): (&CentreId, &PersonId),
    made: bool,
) -> Result<(), Fail> {
    tx.exec(
        "insert into desk_contact (centre_id, person_id, made, since) values ($1, $2, $3, $4) on conflict do nothing",
        &[
            centre.into(),
            person.into(),
            i64::from(made).into(),
            call.now().into(),
        ],
    )?;
    Ok(())
}

/// Refuses acting for somebody to all but staff, and a person whom the centre does not know: for it there is none.
fn need_to_act_for(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    person: &PersonId,
) -> Result<(), Fail> {
    call.need(permission::may_act_for(&call.actor, centre))?;
    let known = tx.opt(
        known_here!(
            "select 1 from person p where
            (p.id = $2 or p.household_id = (select household_id from person where id = $2)) and",
            "limit 1"
        ),
        &[centre.into(), person.into()],
    )?;
    known.map(drop).ok_or(Problem::NotFound.into())
}

/// For whom somebody asks, and by which way: for themselves by the app, or for the person whom staff act for.
pub(super) fn beneficiary(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    behalf: Option<Behalf>,
) -> Result<Behalf, Fail> {
    let person = call.person()?.clone();
    match behalf {
        Some(behalf) => {
            need_to_act_for(tx, call, centre, &behalf.person)?;
            Ok(behalf)
        }
        None => Ok(Behalf {
            person,
            channel: Channel::App,
        }),
    }
}

/// [`domain::api::FindPeople`]. A whole number finds its person wherever they are known: they told it. A part of a number or
/// name finds only those whom this centre knows, and no children: they are found with their guardians.
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
        let found: Vec<_> = rows.iter().map(person_row).collect::<Result<_, Fail>>()?;
        for one in &found {
            met(tx, call, &centre, &one.id)?;
            let note = Note::at(Act::PersonSeen, &centre);
            note.of(&one.id).write_look(tx, call)?;
        }
        return Ok(found);
    }
    if !is_enough_to_look_for(&text) {
        return Err(Problem::field("phone", TextFault::Unreadable).into());
    }
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    let by_number = match is_number(&text) {
        true => {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            format!("%{digits}")
        }
        false => String::new(),
    };
    let today = Date::from_days(call.now().div_euclid(86_400));
    let (year, month, day) = today.ymd();
    let grown_up = Date::new(year - i32::from(AGE_OF_CONSENT), month, day.min(28));
    let rows = tx.all(
        known_here!(
            "select p.id, p.name, p.phone, p.birth from person p
            where (lower(p.name) like lower($2) escape '\\' or ($3 <> '' and p.phone like $3))
            and (p.birth is null or p.birth <= $5) and",
            "order by p.name, p.id limit $4"
        ),
        &[
            (&centre).into(),
            format!("%{escaped}%").into(),
            by_number.into(),
            i64::try_from(MOST_FOUND).unwrap_or(i64::MAX).into(),
            grown_up.unwrap_or(today).to_string().into(),
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
) -> Result<PersonRow, Fail> {
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
            // Whoever types a number that is somebody else's must not act for them unawares.
            if person_row(&row_of(tx, &id)?)?.name != name {
                return Err(Problem::field("phone", TextFault::Theirs).into());
            }
            met(tx, call, &centre, &id)?;
            let note = Note::at(Act::PersonSeen, &centre);
            note.of(&id).write_look(tx, call)?;
            id
        }
        None => {
            let record = NewPerson {
                phone: phone.as_ref(),
                name: &name,
                lang: Lang::Zh,
            };
            let id = person::create(tx, call.now_ms, record)?;
            set_birth(tx, &id, new.birth)?;
            contact(tx, call, (&centre, &id), true)?;
            let note = Note::at(Act::PersonAdded, &centre);
            note.of(&id).write(tx, call)?;
            id
        }
    };
    person_row(&row_of(tx, &id)?)
}

fn row_of(tx: &mut Tx<'_>, id: &PersonId) -> Result<Row, Fail> {
    Ok(tx.one(
        "select id, name, phone, birth from person where id = $1",
        &[id.into()],
    )?)
}

fn set_birth(tx: &mut Tx<'_>, id: &PersonId, birth: Option<Date>) -> Result<(), Fail> {
    tx.exec(
        "update person set birth = coalesce($2, birth) where id = $1",
        &[id.into(), birth.map(|birth| birth.to_string()).into()],
    )?;
    Ok(())
}

/// True when staff of the centre keep somebody's record: nobody signs in by it.
fn kept_by_staff(tx: &mut Tx<'_>, centre: &CentreId, id: &PersonId) -> Result<bool, Fail> {
    let row = tx.opt(
        "select 1 from person p where p.id = $2 and (p.phone is null or (
            exists (select 1 from desk_contact d where d.centre_id = $1 and d.person_id = p.id and d.made = 1)
            and not exists (select 1 from session s where s.person_id = p.id)))",
        &[centre.into(), id.into()],
    )?;
    Ok(row.is_some())
}

/// [`domain::api::GetPerson`].
///
/// # Errors
/// For everybody but staff, or when the centre knows nobody like that.
pub fn get(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, PersonId),
) -> Result<PersonCard, Fail> {
    need_to_act_for(tx, call, &centre, &id)?;
    let note = Note::at(Act::PersonSeen, &centre);
    note.of(&id).write_look(tx, call)?;
    let row = row_of(tx, &id)?;
    let now = call.now();
    let coming = tx.all(
        select_bookings!(
            "where b.beneficiary_id = $1 and b.starts_at > $2 and b.ends_at > $3 and b.centre_id = $4
            and b.state in ('requested', 'confirmed') order by b.starts_at, b.id"
        ),
        &[(&id).into(), reach(now).into(), now.into(), (&centre).into()],
    )?;
    let past = tx.all(
        select_bookings!(
            "where b.beneficiary_id = $1 and b.ends_at <= $2 and b.centre_id = $3 and b.state <> 'undone'
            order by b.starts_at desc, b.id limit 10"
        ),
        &[(&id).into(), now.into(), (&centre).into()],
    )?;
    let mut all = bookings(tx, call, &coming)?;
    all.extend(bookings(tx, call, &past)?);
    let mut sign_ups = sign_up::list_of_family(tx, call, &id)?;
    sign_ups.retain(|one| one.centre == centre);
    let (came, missed) = attendance(tx, call, &centre, &id)?;
    Ok(PersonCard {
        person: person_row(&row)?,
        birth: birth(&row)?,
        kept_by_staff: kept_by_staff(tx, &centre, &id)?,
        family: family::members(tx, &id)?,
        bookings: all,
        sign_ups,
        came,
        missed,
    })
}

/// To how many sessions somebody came, and how many they missed, as [`domain::attendance::missed`] has it.
fn attendance(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &PersonId,
) -> Result<(u16, u16), Fail> {
    let since = call.now() - ATTENDANCE_DAYS * 86_400;
    let rows = tx.all(
        "select t.mark, (select count(*) from attendance o
            where o.centre_id = s.centre_id and o.session_id = s.id and o.walk_in = 0)
        from sign_up u
        join activity_session s on s.centre_id = u.centre_id and s.activity_id = u.activity_id and s.list_id = u.list_id
        join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
        left join attendance t on t.centre_id = s.centre_id and t.session_id = s.id and t.person_id = u.person_id
        where u.person_id = $2 and u.centre_id = $1 and u.state = 'confirmed' and b.state = 'confirmed'
        and b.starts_at > $3 and b.ends_at <= $4",
        &[centre.into(), id.into(), since.into(), call.now().into()],
    )?;
    let walked_in = tx.one(
        "select count(*) from attendance where person_id = $2 and centre_id = $1 and walk_in = 1
        and mark <> 'away' and marked_at > $3",
        &[centre.into(), id.into(), since.into()],
    )?;
    let (mut came, mut missed): (u16, u16) = (walked_in.get(0)?, 0);
    for row in &rows {
        let mark = row
            .get::<Option<String>>(0)?
            .and_then(|mark| domain::attendance::Mark::from_code(&mark));
        match mark {
            Some(mark) if mark.came() => came += 1,
            Some(_) => missed += 1,
            None => missed += u16::from(row.get::<i64>(1)? > 0),
        }
    }
    Ok((came, missed))
}

/// [`domain::api::ChangePerson`].
///
/// # Errors
/// When a field cannot be meant, the number is somebody else's, or name and birth date are the person's own to change.
pub fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, id): (CentreId, PersonId),
    change: PersonChange,
) -> Result<(), Fail> {
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
    let row = row_of(tx, &id)?;
    let (before, born) = (person_row(&row)?, birth(&row)?);
    if !kept_by_staff(tx, &centre, &id)? {
        let renames = !before.name.is_empty() && before.name != name;
        let ages = born.is_some() && change.birth.is_some_and(|birth| Some(birth) != born);
        if renames || ages {
            return Err(Problem::NotAllowed.into());
        }
    }
    let known = before.phone.as_deref();
    if let Some(phone) = phone.filter(|phone| known != Some(phone.as_str())) {
        // By a number one signs in: nobody else may put another in its place.
        if known.is_some() {
            return Err(Problem::NotAllowed.into());
        }
        if person::find(tx, &phone)?.is_some() {
            return Err(Problem::field("phone", TextFault::Theirs).into());
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
    note.of(&id).write(tx, call)
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
) -> Result<(), Fail> {
    need_to_act_for(tx, call, &centre, &id)?;
    let added = family::add_to(tx, call, &id, new)?;
    contact(tx, call, (&centre, &added), true)?;
    let note = Note::at(Act::MemberAdded, &centre);
    note.of(&added).write(tx, call)
}
