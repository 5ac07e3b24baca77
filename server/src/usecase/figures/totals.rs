//! Totals of some days: what was booked, who was reached, by which way, how long requests waited.

use domain::{
    figures::{
        Booked, Rule, Use,
        total::{AgeBand, Totals, age_bands, median},
        uses,
    },
    id::{CentreId, RoomId},
    person::behalf::Channel,
    time::{DAY, Date, Slot},
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        call::Call,
        centre::known::{Known, reach},
        figures::refused::list_refusals,
    },
};

/// The SQL for a sum over those for whom something holds.
fn sum(holds: &str, what: &str) -> String {
    format!("cast(coalesce(sum(case when {holds} then {what} else 0 end), 0) as bigint)")
}

/// The totals of some days, but for how much the rooms were used.
pub(super) fn count_totals(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (from, until): (Date, Date),
) -> Result<Totals, Fail> {
    if until < from {
        return Ok(Totals::default());
    }
    let centre = &known.centre.id;
    let starts = known.zone.utc_or_next(from.at(0));
    let ends = known.zone.utc_or_next(until.plus(1).at(0));
    // What has not ended is no visit yet.
    let over = ends.min(call.now() + 1);
    let range = &[centre.into(), starts.into(), ends.into(), over.into()];
    // One walk along the bookings counts all that they tell: a year of them is long.
    let row = tx.one(
        &format!(
            "select {} as bookings, {} as sessions, {} as people, {} as no_shows, {}
            from booking where centre_id = $1 and starts_at >= $2 and starts_at < $3",
            sum(
                "state = 'confirmed' and title_zh is null and ends_at < $4",
                "1"
            ),
            sum(
                "state = 'confirmed' and title_zh is not null and ends_at < $4",
                "1"
            ),
            sum(
                "state = 'confirmed' and title_zh is null and ends_at < $4",
                "people"
            ),
            sum(
                "state = 'released' and coalesce(excused, 0) = 0 and ends_at < $4",
                "1"
            ),
            Channel::ALL
                .map(|way| {
                    let code = way.code();
                    let by =
                        format!("channel = '{code}' and title_zh is null and state <> 'undone'");
                    format!("{} as by_{code}", sum(&by, "1"))
                })
                .join(", "),
        ),
        range,
    )?;
    let number = |name: &str| -> Result<u32, Fail> {
        Ok(u32::try_from(row.get::<i64>(name)?).unwrap_or(u32::MAX))
    };
    let mut ways = Vec::new();
    for way in Channel::ALL {
        ways.push((way, number(&format!("by_{}", way.code()))?));
    }
    // From the sessions on, of which there are few, whatever the planner thinks of it.
    let came = tx.one(
        "select count(*) as came from activity_session s cross join booking b cross join attendance m
        where s.centre_id = $1 and b.centre_id = s.centre_id and b.id = s.booking_id and b.starts_at >= $2 and b.starts_at < $3
        and b.ends_at < $4 and b.state = 'confirmed' and m.centre_id = s.centre_id and m.session_id = s.id and m.mark <> 'away'",
        range,
    )?;
    let came = u32::try_from(came.get::<i64>("came")?).unwrap_or(u32::MAX);
    let people = count_people(tx, known, (starts, over), until)?;
    let (decided, waited) = read_waits(tx, centre, (starts, ends))?;
    let refusals = list_refusals(tx, known, (from, until))?;
    let of_rule = |rule: Rule| {
        let found = refusals.iter().find(|(one, _)| *one == rule);
        found.map_or(0, |(_, count)| *count)
    };
    Ok(Totals {
        bookings: number("bookings")?,
        sessions: number("sessions")?,
        visits: number("people")?.saturating_add(came),
        used: Use::default(),
        reached: people.reached.into(),
        first_timers: people.first_timers.into(),
        ages: people.ages,
        age_unknown: people.age_unknown.into(),
        channels: count_channels(tx, centre, (starts, ends), ways)?,
        no_shows: number("no_shows")?.into(),
        decided,
        waited,
        refused: refusals.iter().map(|(_, count)| count).sum(),
        taken: of_rule(Rule::Taken),
    })
}

/// The people who had a booking or came to a session.
struct People {
    reached: u32,
    first_timers: u32,
    ages: Vec<(AgeBand, u32)>,
    age_unknown: u32,
}

/// How many different people there were, how many of them for the first time, and how old they are.
fn count_people(
    tx: &mut Tx<'_>,
    known: &Known,
    (starts, over): (i64, i64),
    on: Date,
) -> Result<People, Fail> {
    let rows = tx.all(
        "select p.birth, case when exists (select 1 from booking o where o.beneficiary_id = r.person_id and o.centre_id = $1
                and o.starts_at < $2 and o.state = 'confirmed' and o.title_zh is null)
            or exists (select 1 from attendance m join activity_session s on s.centre_id = m.centre_id and s.id = m.session_id
                join booking o on o.centre_id = s.centre_id and o.id = s.booking_id
                where m.person_id = r.person_id and m.centre_id = $1 and m.mark <> 'away' and o.starts_at < $2)
            then 0 else 1 end as is_new
        from (select b.beneficiary_id as person_id from booking b
                where b.centre_id = $1 and b.starts_at >= $2 and b.ends_at < $3 and b.starts_at < $3 and b.state = 'confirmed'
                and b.title_zh is null
            union select m.person_id from activity_session s cross join booking b cross join attendance m
                where s.centre_id = $1 and b.centre_id = s.centre_id and b.id = s.booking_id
                and b.starts_at >= $2 and b.starts_at < $3 and b.ends_at < $3 and b.state = 'confirmed'
                and m.centre_id = s.centre_id and m.session_id = s.id and m.mark <> 'away') r
        join person p on p.id = r.person_id where p.erased_at is null",
        &[(&known.centre.id).into(), starts.into(), over.into()],
    )?;
    let mut births = Vec::new();
    let mut first_timers = 0u32;
    for row in &rows {
        births.extend(row.get::<Option<Date>>("birth")?);
        first_timers += u32::from(row.get::<bool>("is_new")?);
    }
    let reached = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let unknown = reached.saturating_sub(u32::try_from(births.len()).unwrap_or(u32::MAX));
    Ok(People {
        reached,
        first_timers,
        ages: age_bands(&births, on),
        age_unknown: unknown,
    })
}

/// By which way bookings, as they are counted, and sign-ups of some days came, the most used first.
fn count_channels(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    (starts, ends): (i64, i64),
    mut ways: Vec<(Channel, u32)>,
) -> Result<Vec<(Channel, u32)>, Fail> {
    let rows = tx.all(
        "select u.channel, count(*) as count from sign_up u join place_list l on l.centre_id = u.centre_id and l.id = u.list_id
        where u.centre_id = $1 and u.made_at >= $2 and u.made_at < $3 and u.state <> 'undone' group by u.channel",
        &[centre.into(), starts.into(), ends.into()],
    )?;
    for row in &rows {
        let way: Channel = row.get("channel")?;
        if let Some((_, count)) = ways.iter_mut().find(|(one, _)| *one == way) {
            *count = count.saturating_add(row.get("count")?);
        }
    }
    ways.retain(|(_, count)| *count > 0);
    ways.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    Ok(ways)
}

/// How many requests for some days were decided, and how long half of them waited at most, in minutes.
fn read_waits(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    (starts, ends): (i64, i64),
) -> Result<(u32, Option<u32>), Fail> {
    let rows = tx.all(
        "select (decided_at - made_at) / 60 as minutes from booking
        where centre_id = $1 and starts_at >= $2 and starts_at < $3 and decided_at is not null and decided_by is not null
        and decided_by <> beneficiary_id and state in ('confirmed', 'declined')",
        &[centre.into(), starts.into(), ends.into()],
    )?;
    let waits: Result<Vec<u32>, Fail> = rows
        .iter()
        .map(|row| Ok(u32::try_from(row.get::<i64>("minutes")?).unwrap_or_default()))
        .collect();
    let waits = waits?;
    Ok((
        u32::try_from(waits.len()).unwrap_or(u32::MAX),
        median(waits),
    ))
}

/// What was booked in a range of days.
pub(super) fn list_booked(
    tx: &mut Tx<'_>,
    known: &Known,
    range: Slot,
) -> Result<Vec<Booked>, Fail> {
    let (starts, ends) = known.zone.range(range);
    let rows = tx.all(
        "select room_id, starts_at, ends_at, case when title_zh is null then 0 else 1 end as session from booking
        where centre_id = $1 and starts_at > $2 and starts_at < $3 and ends_at > $4 and state = 'confirmed'",
        &[
            (&known.centre.id).into(),
            reach(starts).into(),
            ends.into(),
            starts.into(),
        ],
    )?;
    let mut booked = Vec::with_capacity(rows.len());
    for row in rows {
        let local = |utc| known.zone.stamp(utc).local;
        let slot = Slot::new(local(row.get("starts_at")?), local(row.get("ends_at")?));
        let session = row.get("session")?;
        let room = row.get::<RoomId>("room_id")?;
        booked.extend(slot.map(|slot| Booked {
            room,
            slot,
            session,
        }));
    }
    Ok(booked)
}

/// The totals of some days, with how much the rooms were used.
pub(super) fn count_whole(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (from, until): (Date, Date),
) -> Result<Totals, Fail> {
    let mut totals = count_totals(tx, call, known, (from, until))?;
    if from <= until {
        let range = Slot::lasting(from.at(0), (until.days() - from.days() + 1) * DAY);
        let booked = list_booked(tx, known, range)?;
        totals.used = uses(&known.centre, &booked, range).whole();
    }
    Ok(totals)
}
