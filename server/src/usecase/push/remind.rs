//! Reminders of what begins soon: bookings, and sessions for which somebody has a place, to those who get push messages.

use domain::{
    id::{CentreId, PushId},
    language::Name,
    message::{News, QuietHours},
};

use super::read_quiet;
use crate::{
    db::{Fail, Tx},
    usecase::{call::Call, sign_up::place_list::reader},
};

/// How long before its start somebody is reminded, in seconds: two hours.
const BEFORE: i64 = 2 * 3600;

/// How far ahead is looked, in seconds: what begins after quiet hours is told before them.
const AHEAD: i64 = 86_400;

/// The most that are made ready at once.
const MOST: i64 = 500;

/// A reminder that is to be made ready.
#[derive(Clone, Debug)]
pub struct Reminder {
    id: String,
    device: PushId,
    centre: CentreId,
    news: News,
    quiet: QuietHours,
    start: i64,
    /// When it was booked, or signed up for.
    made: i64,
}

/// What begins within a day and has no reminder yet: one for each device of those who are told.
///
/// # Errors
/// When the database fails.
pub fn list_missing(tx: &mut Tx<'_>, call: &Call) -> Result<Vec<Reminder>, Fail> {
    let values = [call.now().into(), (call.now() + AHEAD).into(), MOST.into()];
    // From the day's bookings to the few who are told of them, and not from all that these ever had.
    let bookings = tx.all(
        "select 'r ' || b.id || ' ' || b.starts_at || ' ' || b.room_id || ' ' || d.id as message, d.id as push_id, b.centre_id,
        b.id, b.room_id, b.starts_at, b.made_at, o.quiet_from, o.quiet_until
        from centre c cross join booking b join push d on d.person_id = b.beneficiary_id join person o on o.id = d.person_id
        where b.centre_id = c.id and b.starts_at > $1 and b.starts_at <= $2 and b.state = 'confirmed' and b.title_zh is null
        and not exists (
            select 1 from push_message m where m.id = 'r ' || b.id || ' ' || b.starts_at || ' ' || b.room_id || ' ' || d.id
        ) limit $3",
        &values,
    )?;
    let mut all = Vec::new();
    for row in &bookings {
        let centre: CentreId = row.get("centre_id")?;
        let known = call.centres.get(tx, &centre)?;
        let start = row.get("starts_at")?;
        let Some(room) = known.centre.room(&row.get("room_id")?) else {
            continue;
        };
        all.push(Reminder {
            id: row.get("message")?,
            device: row.get("push_id")?,
            news: News::BookingSoon {
                booking: row.get("id")?,
                room: room.name.clone(),
                start: known.zone.stamp(start).local,
            },
            centre,
            quiet: read_quiet(row)?,
            start,
            made: row.get("made_at")?,
        });
    }
    let sessions = tx.all(
        concat!(
            "select 'r ' || u.id || ' ' || s.id || ' ' || b.starts_at || ' ' || d.id as message, d.id as push_id, b.centre_id,
            u.activity_id, coalesce(nullif(p.name, ''), p.phone, '') as name, a.title_zh, a.title_en, b.starts_at, u.made_at,
            o.quiet_from, o.quiet_until
            from centre c cross join booking b
            join activity_session s on s.centre_id = b.centre_id and s.booking_id = b.id
            join activity a on a.centre_id = s.centre_id and a.id = s.activity_id
            join sign_up u on u.centre_id = s.centre_id and u.list_id = s.list_id and u.state = 'confirmed'
            join person p on p.id = u.person_id and p.erased_at is null
            join push d on d.person_id = ",
            reader!(),
            " join person o on o.id = d.person_id
            where b.centre_id = c.id and b.starts_at > $1 and b.starts_at <= $2 and b.state = 'confirmed'
            and not exists (
                select 1 from push_message m where m.id = 'r ' || u.id || ' ' || s.id || ' ' || b.starts_at || ' ' || d.id
            ) limit $3"
        ),
        &values,
    )?;
    for row in &sessions {
        let centre: CentreId = row.get("centre_id")?;
        let known = call.centres.get(tx, &centre)?;
        let start = row.get("starts_at")?;
        all.push(Reminder {
            id: row.get("message")?,
            device: row.get("push_id")?,
            news: News::SessionSoon {
                activity: row.get("activity_id")?,
                title: Name::new(
                    row.get::<String>("title_zh")?,
                    row.get::<String>("title_en")?,
                ),
                name: row.get("name")?,
                start: known.zone.stamp(start).local,
            },
            centre,
            quiet: read_quiet(row)?,
            start,
            made: row.get("made_at")?,
        });
    }
    Ok(all)
}

/// Makes reminders ready: each is told once.
///
/// # Errors
/// When the database fails.
pub fn prepare(tx: &mut Tx<'_>, call: &Call, missing: &[Reminder]) -> Result<(), Fail> {
    for one in missing {
        let known = call.centres.get(tx, &one.centre)?;
        let mut due = one.start - BEFORE;
        let minute = known.zone.stamp(due).local.minute_of_day();
        if let Some(begun) = one.quiet.begun_at(minute) {
            due -= (begun + 1) * 60;
        }
        // Whoever booked it just now knows.
        let is_due = due > one.made && due > call.now() - BEFORE;
        tx.exec(
            "insert into push_message (id, push_id, centre_id, letter_id, news, due_at, until_at, tries)
            values ($1, $2, $3, null, $4, $5, $6, 0) on conflict do nothing",
            &[
                one.id.as_str().into(),
                (&one.device).into(),
                (&one.centre).into(),
                serde_json::to_string(&one.news).unwrap_or_default().into(),
                is_due.then_some(due).into(),
                one.start.into(),
            ],
        )?;
    }
    Ok(())
}
