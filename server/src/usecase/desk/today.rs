//! Desk overview of a day: bookings, requests, sessions, letters to pass on.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    activity::attendance::missed,
    api::{Desk, DeskSession, ToTell},
    booking::{Booking, check_in},
    id::{CentreId, PersonId},
    language::Name,
    message::{Letter, News},
    person::{ATTENDANCE_DAYS, permission},
    time::Date,
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        activity::attendance::session_counts,
        booking::rows::{read_all, select_bookings},
        call::Call,
        centre::known::{Known, reach},
        message,
    },
};

/// [`domain::api::GetDesk`].
///
/// # Errors
/// For everybody but the centre's staff.
pub fn get(tx: &mut Tx<'_>, call: &Call, (centre, day): (CentreId, Date)) -> Result<Desk, Fail> {
    call.need(permission::may_see_desk(&call.actor, &centre))?;
    let known = call.centres.get(tx, &centre)?;
    let (from, until) = known.zone.range(day.whole());
    let today = tx.all(
        select_bookings!(
            "where b.centre_id = $1 and b.starts_at > $2 and b.starts_at < $3 and b.ends_at > $4
            and b.state in ('requested', 'confirmed', 'released') order by b.starts_at, b.id"
        ),
        &[
            (&centre).into(),
            reach(from).into(),
            until.into(),
            from.into(),
        ],
    )?;
    let waiting = tx.all(
        select_bookings!(
            "where b.centre_id = $1 and b.starts_at > $2 and b.ends_at > $3
            and (b.state = 'requested' or b.due_at >= $3) order by b.starts_at, b.id limit 200"
        ),
        &[
            (&centre).into(),
            reach(call.now()).into(),
            call.now().into(),
        ],
    )?;
    let requests = read_all(tx, call, &waiting)?;
    Ok(Desk {
        now: known.zone.stamp(call.now()),
        bookings: read_all(tx, call, &today)?,
        used: count_used(tx, call, &centre, &requests)?,
        no_shows: count_no_shows(tx, call, &known, &requests)?,
        explained: list_explained(tx, call, &centre)?,
        requests,
        sessions: list_sessions(tx, call, &known, (from, until))?,
        to_tell: list_to_tell(tx, call, &known)?,
    })
}

/// How often those who ask for rooms used some before.
fn count_used(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    requests: &[Booking],
) -> Result<BTreeMap<PersonId, u16>, Fail> {
    let people: BTreeSet<&str> = requests.iter().map(|one| one.person.as_str()).collect();
    let rows = tx.all_in(
        "select b.beneficiary_id, count(*) as used from booking b
        where b.beneficiary_id in ($ids) and b.centre_id = $1 and b.starts_at > $2 and b.ends_at <= $3
        and b.state = 'confirmed' and b.title_zh is null group by b.beneficiary_id",
        &[
            centre.into(),
            (call.now() - ATTENDANCE_DAYS * 86_400).into(),
            call.now().into(),
        ],
        people,
    )?;
    rows.iter()
        .map(|row| Ok((row.get("beneficiary_id")?, row.get("used")?)))
        .collect()
}

/// How often nobody came to bookings of those who ask for rooms, as far as it counts.
fn count_no_shows(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    requests: &[Booking],
) -> Result<BTreeMap<PersonId, u16>, Fail> {
    let people: BTreeSet<&str> = requests.iter().map(|one| one.person.as_str()).collect();
    let rules = &known.centre.rules;
    let days = i64::from(rules.no_show_days) + 1;
    let rows = tx.all_in(
        "select b.beneficiary_id, b.starts_at from booking b
        where b.beneficiary_id in ($ids) and b.centre_id = $1 and b.starts_at > $2
        and b.state = 'released' and coalesce(b.excused, 0) = 0",
        &[
            (&known.centre.id).into(),
            (call.now() - days * 86_400).into(),
        ],
        people,
    )?;
    let local = |utc| known.zone.stamp(utc).local.date();
    let mut missed: BTreeMap<PersonId, Vec<Date>> = BTreeMap::new();
    for row in &rows {
        let of_person = missed.entry(row.get("beneficiary_id")?).or_default();
        of_person.push(local(row.get("starts_at")?));
    }
    let today = local(call.now());
    let counted = missed.into_iter();
    Ok(counted
        .map(|(person, dates)| (person, check_in::count_no_shows(&dates, today, rules).0))
        .collect())
}

/// What people say of why they did not come, the oldest first: staff have not answered.
fn list_explained(tx: &mut Tx<'_>, call: &Call, centre: &CentreId) -> Result<Vec<Booking>, Fail> {
    let rows = tx.all(
        select_bookings!(
            "where b.centre_id = $1 and b.explanation <> '' and b.excused is null and b.state = 'released' and b.starts_at > $2
            order by b.starts_at, b.id limit 50"
        ),
        &[
            centre.into(),
            (call.now() - ATTENDANCE_DAYS * 86_400).into(),
        ],
    )?;
    read_all(tx, call, &rows)
}

/// The sessions of a day with who is expected, who came and who did not.
fn list_sessions(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (from, until): (i64, i64),
) -> Result<Vec<DeskSession>, Fail> {
    let centre = &known.centre.id;
    let rows = tx.all(
        session_counts!(
            "select s.id as session_id, a.id as activity_id, a.title_zh, a.title_en, b.room_id, b.starts_at, b.ends_at, l.places, l.waiting,",
            "from booking b
        join activity_session s on s.centre_id = b.centre_id and s.booking_id = b.id
        join activity a on a.centre_id = s.centre_id and a.id = s.activity_id
        join place_list l on l.centre_id = s.centre_id and l.id = s.list_id
        where b.centre_id = $1 and b.starts_at >= $2 and b.starts_at < $3 and b.state = 'confirmed'
        order by b.starts_at, b.id"
        ),
        &[centre.into(), from.into(), until.into()],
    )?;
    rows.iter()
        .map(|row| {
            let end = known.zone.stamp(row.get("ends_at")?);
            let (signed_up, came, away, noted): (u16, u16, u16, u16) = (
                row.get("signed_up")?,
                row.get("came")?,
                row.get("away")?,
                row.get("noted")?,
            );
            Ok(DeskSession {
                session: row.get("session_id")?,
                activity: row.get("activity_id")?,
                title: Name::new(
                    row.get::<String>("title_zh")?,
                    row.get::<String>("title_en")?,
                ),
                room: row.get("room_id")?,
                start: known.zone.stamp(row.get("starts_at")?),
                end,
                places: row.get("places")?,
                waiting: row.get("waiting")?,
                signed_up,
                came,
                missed: missed(signed_up, away, noted, end.utc() <= call.now()),
            })
        })
        .collect()
}

/// Whether staff pass a letter on: not what is between somebody and whoever answers for the house, nor what is for colleagues.
fn is_passed_on(letter: &Letter) -> bool {
    !matches!(
        letter.news,
        News::CaseStep { private: true, .. } | News::CaseAnswered { .. }
    )
}

/// Letters of the last two weeks to people who are signed in nowhere: somebody must call them. The oldest come first, new ones
/// after them: no card moves under a finger. An offer that is over need not be told.
fn list_to_tell(tx: &mut Tx<'_>, call: &Call, known: &Known) -> Result<Vec<ToTell>, Fail> {
    let centre = &known.centre.id;
    let rows = tx.all(
        "select p.id, p.name, p.phone, p.birth, l.id as letter_id, l.centre_id, l.news, l.sent_ms, l.read_at
        from letter l join person p on p.id = l.person_id
        where l.read_at is null and l.centre_id = $1 and l.sent_ms > $2
        and not exists (select 1 from session s where s.person_id = l.person_id and s.expires_at > $3)
        order by l.sent_ms desc, l.id desc limit 200",
        &[
            centre.into(),
            (call.now_ms - 14 * 86_400_000).into(),
            call.now().into(),
        ],
    )?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows.iter().rev() {
        let person = crate::usecase::person::behalf::read_person(row)?;
        let letter = message::read_letter(tx, call, row)?;
        let now = known.zone.stamp(call.now()).local;
        let stands =
            |letter: &Letter| !matches!(&letter.news, News::Offer { until, .. } if *until <= now);
        let letter = letter.filter(stands).filter(is_passed_on);
        all.extend(letter.map(|letter| ToTell { letter, person }));
    }
    Ok(all)
}
