//! Reminders of what begins soon: bookings, and sessions for which somebody has a place, to those who get push messages.

use domain::{
    id::{CentreId, PushId},
    message::News,
};

use super::read_quiet;
use crate::{
    db::{Fail, Row, Tx},
    usecase::call::Call,
};

/// How long before its start somebody is reminded, in seconds: two hours.
const BEFORE: i64 = 2 * 3600;

/// How far ahead is looked, in seconds: what begins after quiet hours is told before them.
const AHEAD: i64 = 86_400;

/// The most that are made ready at once.
const MOST: i64 = 500;

/// Makes reminders ready of all that begins within a day and has none yet. Each device gets one of each.
///
/// # Errors
/// When the database fails.
pub fn prepare(tx: &mut Tx<'_>, call: &Call) -> Result<(), Fail> {
    let values = [call.now().into(), (call.now() + AHEAD).into(), MOST.into()];
    let bookings = tx.all(
        "select 'r ' || b.id || ' ' || b.starts_at || ' ' || p.id as message, p.id as push_id, b.centre_id, b.id, b.room_id,
        b.starts_at, b.made_at, o.quiet_from, o.quiet_until
        from push p join person o on o.id = p.person_id
        join booking b on b.beneficiary_id = p.person_id and b.starts_at > $1 and b.starts_at <= $2
        where b.state = 'confirmed' and b.title_zh is null and not exists (
            select 1 from push_message m where m.id = 'r ' || b.id || ' ' || b.starts_at || ' ' || p.id
        ) limit $3",
        &values,
    )?;
    for row in &bookings {
        let known = call.centres.get(tx, &row.get("centre_id")?)?;
        let Some(room) = known.centre.room(&row.get("room_id")?) else {
            continue;
        };
        let news = News::BookingSoon {
            booking: row.get("id")?,
            room: room.name.clone(),
            start: known.zone.stamp(row.get("starts_at")?).local,
        };
        add(tx, call, row, &news)?;
    }
    // A place of a child is told to whoever signed it up.
    let sessions = tx.all(
        "select 'r ' || u.id || ' ' || s.id || ' ' || b.starts_at || ' ' || p.id as message, p.id as push_id, b.centre_id,
        u.activity_id, coalesce(nullif(w.name, ''), w.phone) as name, a.title_zh, a.title_en, b.starts_at, u.made_at,
        o.quiet_from, o.quiet_until
        from push p join person o on o.id = p.person_id
        join sign_up u on u.actor_id = p.person_id or u.person_id = p.person_id
        join person w on w.id = u.person_id
        join activity_session s on s.centre_id = u.centre_id and s.activity_id = u.activity_id and s.list_id = u.list_id
        join booking b on b.centre_id = s.centre_id and b.id = s.booking_id and b.starts_at > $1 and b.starts_at <= $2
        join activity a on a.centre_id = u.centre_id and a.id = u.activity_id
        where u.state = 'confirmed' and b.state = 'confirmed' and (u.person_id = p.person_id or w.phone is null)
        and not exists (
            select 1 from push_message m
            where m.id = 'r ' || u.id || ' ' || s.id || ' ' || b.starts_at || ' ' || p.id
        ) limit $3",
        &values,
    )?;
    for row in &sessions {
        let known = call.centres.get(tx, &row.get("centre_id")?)?;
        let news = News::SessionSoon {
            activity: row.get("activity_id")?,
            title: domain::language::Name {
                zh: row.get("title_zh")?,
                en: row.get("title_en")?,
            },
            name: row.get("name")?,
            start: known.zone.stamp(row.get("starts_at")?).local,
        };
        add(tx, call, row, &news)?;
    }
    Ok(())
}

fn add(tx: &mut Tx<'_>, call: &Call, row: &Row, news: &News) -> Result<(), Fail> {
    let centre: CentreId = row.get("centre_id")?;
    let device: PushId = row.get("push_id")?;
    let start: i64 = row.get("starts_at")?;
    let known = call.centres.get(tx, &centre)?;
    let mut due = start - BEFORE;
    let minute = known.zone.stamp(due).local.minute_of_day();
    if let Some(begun) = read_quiet(row)?.begun_at(minute) {
        due -= (begun + 1) * 60;
    }
    // Whoever booked it just now knows.
    let is_due = due > row.get::<i64>("made_at")? && due > call.now() - BEFORE;
    tx.exec(
        "insert into push_message (id, push_id, centre_id, letter_id, news, due_at, until_at, tries)
        values ($1, $2, $3, null, $4, $5, $6, 0) on conflict do nothing",
        &[
            row.get::<String>("message")?.into(),
            (&device).into(),
            (&centre).into(),
            serde_json::to_string(news).unwrap_or_default().into(),
            is_due.then_some(due).into(),
            start.into(),
        ],
    )?;
    Ok(())
}
