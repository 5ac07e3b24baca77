//! People as the staff of a centre see them: found, recorded, corrected. Staff see whom their centre knows: those whom its
//! desk has dealt with, who have something there, and the households of those.

use std::collections::BTreeSet;

use domain::{
    activity::attendance::Mark,
    api::{NewCaller, NewMember, PersonCard, PersonChange, Wanted},
    audit::{Act, Subject},
    booking::check_in::count_no_shows,
    id::{CentreId, PersonId},
    language::Lang,
    person::{
        ATTENDANCE_DAYS, Phone,
        age::needs_consent,
        behalf::Channel,
        permission::{self, RecordKeeping},
        search::{MOST_FOUND, PersonRow, is_enough_to_look_for, is_number},
    },
    problem::{Problem, TextFault, typed},
    time::Date,
};

use crate::{
    db::{Fail, Row, Tx, containing},
    usecase::{
        audit::Note,
        booking::{
            rows::{list_no_shows, read_all, select_bookings},
            waitlist,
        },
        call::Call,
        centre::known::reach,
        desk::sound,
        household as acts,
        person::{
            self, MOST_NAME, NewPerson,
            behalf::{
                known_here, need_to_act_for, note_contact, note_met, read_birth, read_person,
            },
            household::{self, Hold},
            read_phone, sign_in,
        },
        sign_up,
    },
};

/// The most characters of a search.
const MOST_TEXT: u16 = 40;

/// Whom a search found.
#[derive(Clone, Debug)]
pub struct Matches {
    /// What was looked for.
    pub text: String,
    /// It was a whole number, which its holder told.
    pub by_number: bool,
    /// The people.
    pub rows: Vec<PersonRow>,
}

/// People `q` whom the centre `$1` knows, with who speaks for them: also those without a number whose household it knows.
macro_rules! found_here {
    ($which:literal, $after:literal) => {
        known_here!(
            concat!(
                "select q.id, q.name, q.phone, q.birth, g.name as guardian_name, g.phone as guardian_phone
                from person q left join person g on g.id = (select min(o.id) from person o
                    where o.household_id = q.household_id and o.id <> q.id and o.phone is not null)
                where ",
                $which,
                " and q.erased_at is null and (q.left_at is null or q.household_id is not null)
                and exists (select 1 from person p where
                    (p.id = q.id or (q.phone is null and p.household_id = q.household_id)) and"
            ),
            concat!(") ", $after)
        )
    };
}

/// The most people whose names are compared by sound.
const MOST_HEARD: i64 = 50_000;

/// Whom the centre knows whose names sound like letters, at most so many beside those who are `known` already.
fn find_by_sound(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    (letters, most): (&str, usize),
    known: &BTreeSet<PersonId>,
) -> Result<Vec<Row>, Fail> {
    let rows = tx.all(
        found_here!("q.name <> ''", "order by q.name, q.id limit $2"),
        &[centre.into(), MOST_HEARD.into()],
    )?;
    let mut found = Vec::new();
    for row in rows {
        let name: String = row.get("name")?;
        // What is written in these letters was found before.
        let is_new = !name.is_ascii() && !known.contains(&row.get::<PersonId>("id")?);
        if is_new && sound::sounds_like(&name, letters) {
            found.push(row);
            if found.len() == most {
                break;
            }
        }
    }
    Ok(found)
}

/// [`domain::api::FindPeople`], the part that reads. A whole number finds its person wherever they are known: they told it. A
/// part of a number or name, or how a name sounds (pinyin), finds only those whom this centre knows, with masked numbers, and
/// children with their guardian.
///
/// # Errors
/// For everybody but staff, or when too little is asked for.
pub fn find(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    wanted: &Wanted,
) -> Result<Matches, Fail> {
    call.need(permission::may_act_for(&call.actor, centre))?;
    let text = typed("name", &wanted.text, MOST_TEXT, true)?;
    if let Some(phone) = Phone::parse(&text) {
        let rows = tx.all(
            "select id, name, phone, birth from person where phone = $1",
            &[phone.as_str().into()],
        )?;
        return Ok(Matches {
            text,
            by_number: true,
            rows: rows.iter().map(read_person).collect::<Result<_, Fail>>()?,
        });
    }
    if !is_enough_to_look_for(&text) {
        return Err(Problem::field("phone", TextFault::Unreadable).into());
    }
    let by_number = match is_number(&text) {
        true => {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            format!("%{digits}")
        }
        false => String::new(),
    };
    let mut rows = tx.all(
        found_here!(
            "(lower(q.name) like lower($2) escape '\\' or ($3 <> '' and q.phone like $3))",
            "order by case when q.name = $5 then 0 else 1 end, q.name, q.id limit $4"
        ),
        &[
            centre.into(),
            containing(&text).into(),
            by_number.into(),
            i64::try_from(MOST_FOUND).unwrap_or(i64::MAX).into(),
            text.as_str().into(),
        ],
    )?;
    if rows.len() < MOST_FOUND
        && let Some(letters) = sound::letters(&text)
    {
        let known = rows.iter().map(|row| row.get::<PersonId>("id"));
        let known = known.collect::<Result<BTreeSet<_>, _>>()?;
        let left = MOST_FOUND - rows.len();
        rows.extend(find_by_sound(tx, centre, (&letters, left), &known)?);
    }
    let today = Date::from_days(call.now().div_euclid(86_400));
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let child = needs_consent(read_birth(row)?, today);
        let one = read_person(row)?;
        let name = row
            .get::<Option<String>>("guardian_name")?
            .filter(|name| !name.is_empty());
        let number = row.get::<Option<String>>("guardian_phone")?;
        let guardian = name.or_else(|| number.as_deref().map(Phone::masked));
        found.push(PersonRow {
            phone: one.phone.as_deref().map(Phone::masked),
            guardian: guardian.filter(|_| child),
            ..one
        });
    }
    Ok(Matches {
        text,
        by_number: false,
        rows: found,
    })
}

/// [`domain::api::FindPeople`], the part that writes: each search leaves an entry in the audit log, and whom a whole number
/// finds the centre knows from then on.
///
/// # Errors
/// When the database fails.
pub fn note_search(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    found: &Matches,
) -> Result<(), Fail> {
    if found.by_number {
        for one in &found.rows {
            note_met(tx, call, centre, &one.id)?;
            let note = Note::at(Act::PersonSeen, centre);
            note.of(&one.id).write_look(tx, call)?;
        }
        return Ok(());
    }
    let subject = Subject {
        reason: format!("{} · {}", found.text, found.rows.len()),
        ..Subject::default()
    };
    let note = Note::at(Act::PeopleSearched, centre).about(subject);
    note.write_look(tx, call)
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
        person::need_possible_birth(call, birth)?;
    }
    let known = match &phone {
        Some(phone) => person::find(tx, phone)?,
        None => None,
    };
    let id = if let Some(id) = known {
        // Whoever types a number that is somebody else's must not act for them unawares.
        if read_person(&get_row(tx, &id)?)?.name != name {
            return Err(Problem::field("phone", TextFault::Theirs).into());
        }
        if !new.family.is_empty() {
            // The household before the person, as everywhere.
            household::hold_of(tx, &id, Hold::Change)?;
        }
        note_met(tx, call, &centre, &id)?;
        let note = Note::at(Act::PersonSeen, &centre);
        note.of(&id).write_look(tx, call)?;
        id
    } else {
        let record = NewPerson {
            phone: phone.as_ref(),
            name: &name,
            lang: Lang::Zh,
        };
        let id = person::create(tx, call.now_ms, record)?;
        set_birth(tx, &id, new.birth)?;
        note_contact(tx, call, (&centre, &id), true)?;
        // By which way they reached the house nobody has said yet.
        let note = Note::at(Act::PersonAdded, &centre).by(Channel::App);
        note.of(&id).write(tx, call)?;
        id
    };
    let there = household::list_members(tx, &id)?.into_iter();
    let mut known: BTreeSet<(String, Option<Date>)> =
        there.map(|one| (one.name, one.birth)).collect();
    for member in new.family {
        if known.insert((member.name.trim().to_owned(), Some(member.birth))) {
            add_member(tx, call, &centre, &id, member)?;
        }
    }
    read_person(&get_row(tx, &id)?)
}

/// Adds somebody without a number to a household, whose record the desk keeps from then on.
fn add_member(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &PersonId,
    new: NewMember,
) -> Result<(), Fail> {
    let added = acts::add_to(tx, call, id, new)?;
    note_contact(tx, call, (centre, &added), true)?;
    let note = Note::at(Act::MemberAdded, centre);
    note.of(&added).write(tx, call)
}

fn get_row(tx: &mut Tx<'_>, id: &PersonId) -> Result<Row, Fail> {
    Ok(tx.one(
        "select id, name, phone, birth from person where id = $1",
        &[id.into()],
    )?)
}

fn set_birth(tx: &mut Tx<'_>, id: &PersonId, birth: Option<Date>) -> Result<(), Fail> {
    tx.exec(
        "update person set birth = $2 where id = $1",
        &[id.into(), birth.map(|birth| birth.to_string()).into()],
    )?;
    Ok(())
}

/// What decides who may correct a record, for staff of the centre.
pub(super) fn read_keeping(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    id: &PersonId,
) -> Result<RecordKeeping, Fail> {
    let row = tx.one(
        "select p.phone is not null as has_number, p.signed_in_at is not null as signed_in,
            exists (select 1 from desk_contact d where d.centre_id = $1 and d.person_id = p.id and d.made = 1) as made_here,
            exists (select 1 from person o where o.household_id = p.household_id and o.id <> p.id
                and o.phone is not null) as household_signs_in,
            exists (select 1 from person o where o.household_id = p.household_id and o.id <> p.id
                and not exists (select 1 from desk_contact d where d.centre_id = $1 and d.person_id = o.id and d.made = 1))
                as household_made_elsewhere
        from person p where p.id = $2",
        &[centre.into(), id.into()],
    )?;
    Ok(RecordKeeping {
        has_number: row.get("has_number")?,
        signed_in: row.get("signed_in")?,
        made_here: row.get("made_here")?,
        household_signs_in: row.get("household_signs_in")?,
        household_made_elsewhere: row.get("household_made_elsewhere")?,
    })
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
    let row = get_row(tx, &id)?;
    let now = call.now();
    let coming = tx.all(
        select_bookings!(
            "where b.beneficiary_id = $1 and b.starts_at > $2 and b.ends_at > $3 and b.centre_id = $4
            and b.state in ('requested', 'confirmed', 'released') order by b.starts_at, b.id"
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
    let mut all = read_all(tx, call, &coming)?;
    all.extend(read_all(tx, call, &past)?);
    let mut sign_ups = sign_up::list_of_household(tx, call, &id, call.now() - sign_up::SHOWN)?;
    sign_ups.retain(|one| one.centre == centre);
    let (came, missed) = count_attendance(tx, call, &centre, &id)?;
    let kept = read_keeping(tx, &centre, &id)?;
    let known = call.centres.get(tx, &centre)?;
    let no_shows = list_no_shows(tx, &known, &id, now)?;
    let today = known.zone.stamp(now).local.date();
    let (no_shows, _) = count_no_shows(&no_shows, today, &known.centre.rules);
    Ok(PersonCard {
        person: read_person(&row)?,
        birth: read_birth(&row)?,
        kept_by_staff: permission::may_correct_record(kept),
        may_set_number: permission::may_set_first_number(kept),
        family: household::list_members(tx, &id)?,
        bookings: all,
        waits: waitlist::list_of(tx, call, &id, Some(&centre))?,
        sign_ups,
        came,
        missed,
        no_shows,
    })
}

/// To how many sessions somebody came, and how many they missed, as [`domain::activity::attendance::missed`] has it.
fn count_attendance(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &PersonId,
) -> Result<(u16, u16), Fail> {
    let since = call.now() - ATTENDANCE_DAYS * 86_400;
    let rows = tx.all(
        "select t.mark, (select count(*) from attendance o
            where o.centre_id = s.centre_id and o.session_id = s.id and o.walk_in = 0) as noted
        from sign_up u
        join activity_session s on s.centre_id = u.centre_id and s.activity_id = u.activity_id and s.list_id = u.list_id
        join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
        left join attendance t on t.centre_id = s.centre_id and t.session_id = s.id and t.person_id = u.person_id
        where u.person_id = $2 and u.centre_id = $1 and u.state = 'confirmed' and b.state = 'confirmed'
        and b.starts_at > $3 and b.ends_at <= $4",
        &[centre.into(), id.into(), since.into(), call.now().into()],
    )?;
    let walked_in = tx.one(
        "select count(*) as came from attendance where person_id = $2 and centre_id = $1 and walk_in = 1
        and mark <> 'away' and marked_at > $3",
        &[centre.into(), id.into(), since.into()],
    )?;
    let (mut came, mut missed): (u16, u16) = (walked_in.get("came")?, 0);
    for row in &rows {
        let mark = row.get::<Option<Mark>>("mark")?;
        match mark {
            Some(mark) if mark.came() => came += 1,
            Some(_) => missed += 1,
            None => missed += u16::from(row.get::<i64>("noted")? > 0),
        }
    }
    Ok((came, missed))
}

/// [`domain::api::ChangePerson`].
///
/// # Errors
/// When a field cannot be meant, the number is somebody else's, or the record is neither the centre's nor was its holder's
/// number proved.
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
        person::need_possible_birth(call, birth)?;
    }
    // A household stays as it is while it is decided who speaks for it.
    household::hold_of(tx, &id, Hold::Keep)?;
    tx.lock(
        "select 1 from person where id = $1 for no key update",
        &[(&id).into()],
    )?;
    let row = get_row(tx, &id)?;
    let (before, born) = (read_person(&row)?, read_birth(&row)?);
    let kept = read_keeping(tx, &centre, &id)?;
    let known = before.phone.clone();
    let mut changed = Vec::new();
    if let Some(phone) = phone.filter(|phone| known.as_deref() != Some(phone.as_str())) {
        // By a number one signs in: nobody else may put another in its place.
        if !permission::may_set_first_number(kept) {
            return Err(Problem::NotAllowed.into());
        }
        if person::find(tx, &phone)?.is_some() {
            return Err(Problem::field("phone", TextFault::Theirs).into());
        }
        sign_in::need_proof(tx, call, phone.as_str(), change.proof.as_deref())?;
        tx.exec(
            "update person set phone = $2, left_household = null, left_at = null where id = $1",
            &[(&id).into(), phone.as_str().into()],
        )?;
        changed.push("phone");
    }
    if before.name != name {
        changed.push("name");
    }
    if change.birth != born {
        changed.push("birth");
    }
    let corrects = changed.iter().any(|field| *field != "phone");
    if corrects && !permission::may_correct_record(kept) {
        let Some(phone) = known else {
            return Err(Problem::NotAllowed.into());
        };
        sign_in::need_proof(tx, call, &phone, change.proof.as_deref())?;
    }
    // A child without a birth date would count as grown up.
    if change.birth.is_none() && born.is_some() && before.phone.is_none() {
        return Err(Problem::field("birth", TextFault::Missing).into());
    }
    if changed.is_empty() {
        call.unchanged();
        return Ok(());
    }
    tx.exec(
        "update person set name = $2 where id = $1",
        &[(&id).into(), name.into()],
    )?;
    set_birth(tx, &id, change.birth)?;
    // The log says which fields were changed, not what they held.
    let subject = Subject {
        reason: changed.join(", "),
        ..Subject::default()
    };
    let note = Note::at(Act::PersonChanged, &centre);
    note.of(&id).about(subject).write(tx, call)
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
    add_member(tx, call, &centre, &id, new)
}
