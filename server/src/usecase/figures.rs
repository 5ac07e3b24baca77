//! The figures of a centre, and the counts that they are made of.

use std::collections::BTreeMap;

use domain::{
    activity::attendance::missed,
    figures::{
        ActivityFigure, Booked, Figures, Rule, Use, hours,
        period::Period,
        rooms,
        total::{AgeBand, Totals, age_bands, median},
    },
    id::{ActivityId, CentreId, RoomId},
    language::Name,
    person::{behalf::Channel, permission},
    time::{DAY, Date, Slot},
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        activity::attendance::session_counts,
        call::Call,
        centre::known::{Known, reach},
    },
};

/// [`domain::api::GetFigures`].
///
/// # Errors
/// For everybody but the centre's managers.
pub fn get(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, period): (CentreId, Period),
) -> Result<Figures, Fail> {
    call.need(permission::may_see_figures(&call.actor, &centre))?;
    let known = call.centres.get(tx, &centre)?;
    // What has not been yet is no figure: four weeks end today at the latest, other periods are counted as far as they are over.
    let today = known.zone.stamp(call.now()).local.date();
    let period = match period {
        Period::Weeks(until) => Period::Weeks(until.min(today)),
        other => other,
    };
    let (from, until) = period.days();
    let passed = until.min(today).days() - from.days() + 1;
    let until = from.plus(passed - 1);
    let range = Slot::lasting(from.at(0), passed.max(0) * DAY);
    let booked = match passed > 0 {
        true => list_booked(tx, &known, range)?,
        false => Vec::new(),
    };
    let hours = hours(&known.centre, &booked, range);
    let mut totals = count_totals(tx, call, &known, (from, until))?;
    totals.used = sum(&hours);
    // So many days of the others as of this one: half a month is not compared with a whole one.
    let mut other = |other: Period| {
        let (first, last) = other.days();
        let until = first.plus(passed.max(0) - 1).min(last);
        let mut totals = count_totals(tx, call, &known, (first, until))?;
        let range = Slot::lasting(first.at(0), (until.days() - first.days() + 1) * DAY);
        let booked = list_booked(tx, &known, range)?;
        totals.used = sum(&domain::figures::hours(&known.centre, &booked, range));
        Ok::<_, Fail>(totals)
    };
    let before = other(period.before())?;
    let year_before = other(period.year_before())?;
    Ok(Figures {
        period,
        totals,
        before,
        year_before,
        hours,
        rooms: rooms(&known.centre, &booked),
        activities: list_activities(tx, call, &known, (from, until))?,
        refusals: list_refusals(tx, &known, (from, until))?,
    })
}

fn sum(hours: &[Use]) -> Use {
    hours.iter().fold(Use::default(), |sum, one| Use {
        used: sum.used + one.used,
        open: sum.open + one.open,
    })
}

/// What was booked in a range of days.
fn list_booked(tx: &mut Tx<'_>, known: &Known, range: Slot) -> Result<Vec<Booked>, Fail> {
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

/// The totals of some days, but for how much the rooms were used.
fn count_totals(
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
    let row = tx.one(
        "select cast(coalesce(sum(case when state = 'confirmed' and title_zh is null then 1 else 0 end), 0) as bigint) as bookings,
            cast(coalesce(sum(case when state = 'confirmed' and title_zh is not null then 1 else 0 end), 0) as bigint) as sessions,
            cast(coalesce(sum(case when state = 'confirmed' and title_zh is null then people else 0 end), 0) as bigint) as people,
            cast(coalesce(sum(case when state = 'released' and coalesce(excused, 0) = 0 then 1 else 0 end), 0) as bigint) as no_shows
        from (select state, title_zh, people, excused from booking
            where centre_id = $1 and starts_at >= $2 and starts_at < $3 and ends_at < $4) b",
        range,
    )?;
    let number = |name: &str| -> Result<u32, Fail> {
        Ok(u32::try_from(row.get::<i64>(name)?).unwrap_or(u32::MAX))
    };
    let came = tx.one(
        "select count(*) as came from booking b
        join activity_session s on s.centre_id = b.centre_id and s.booking_id = b.id
        join attendance m on m.centre_id = s.centre_id and m.session_id = s.id and m.mark <> 'away'
        where b.centre_id = $1 and b.starts_at >= $2 and b.starts_at < $3 and b.ends_at < $4 and b.state = 'confirmed'",
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
        channels: count_channels(tx, centre, (starts, ends))?,
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
            union select m.person_id from booking b
                join activity_session s on s.centre_id = b.centre_id and s.booking_id = b.id
                join attendance m on m.centre_id = s.centre_id and m.session_id = s.id and m.mark <> 'away'
                where b.centre_id = $1 and b.starts_at >= $2 and b.starts_at < $3 and b.ends_at < $3 and b.state = 'confirmed') r
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

/// By which way bookings and sign-ups of some days came, the most used first.
fn count_channels(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    (starts, ends): (i64, i64),
) -> Result<Vec<(Channel, u32)>, Fail> {
    let rows = tx.all(
        "select channel, count(*) as count from (
            select channel from booking where centre_id = $1 and starts_at >= $2 and starts_at < $3 and title_zh is null
                and state <> 'undone'
            union all select u.channel from sign_up u join place_list l on l.centre_id = u.centre_id and l.id = u.list_id
                where u.centre_id = $1 and u.made_at >= $2 and u.made_at < $3 and u.state <> 'undone') c
        group by channel order by 2 desc, 1",
        &[centre.into(), starts.into(), ends.into()],
    )?;
    rows.iter()
        .map(|row| Ok((row.get("channel")?, row.get("count")?)))
        .collect()
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

/// Who came to what took place.
fn list_activities(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (from, until): (Date, Date),
) -> Result<Vec<ActivityFigure>, Fail> {
    let starts = known.zone.utc_or_next(from.at(0));
    let ends = known
        .zone
        .utc_or_next(until.plus(1).at(0))
        .min(call.now() + 1);
    let rows = tx.all(
        session_counts!(
            "select a.id, a.title_zh, a.title_en, l.places,",
            "from booking b
        join activity_session s on s.centre_id = b.centre_id and s.booking_id = b.id
        join activity a on a.centre_id = s.centre_id and a.id = s.activity_id
        join place_list l on l.centre_id = s.centre_id and l.id = s.list_id
        where b.centre_id = $1 and b.starts_at >= $2 and b.starts_at < $3 and b.ends_at < $4 and b.state = 'confirmed'"
        ),
        &[
            (&known.centre.id).into(),
            starts.into(),
            ends.into(),
            ends.into(),
        ],
    )?;
    let mut all: BTreeMap<String, Attended> = BTreeMap::new();
    for row in rows {
        let one = all.entry(row.get("id")?).or_default();
        one.title = Name::new(
            row.get::<String>("title_zh")?,
            row.get::<String>("title_en")?,
        );
        let (places, signed_up, came): (u16, u16, u16) =
            (row.get("places")?, row.get("signed_up")?, row.get("came")?);
        one.sessions += 1;
        one.places += u32::from(places);
        one.signed_up += u32::from(signed_up);
        one.came += u32::from(came);
        one.missed += u32::from(missed(signed_up, row.get("away")?, row.get("noted")?, true));
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(_, one)| std::cmp::Reverse(one.came));
    let figure = |(id, one): (String, Attended)| ActivityFigure {
        activity: ActivityId::new(id),
        title: one.title,
        sessions: one.sessions,
        places: one.places,
        signed_up: one.signed_up.into(),
        came: one.came.into(),
        missed: one.missed.into(),
    };
    Ok(all.into_iter().map(figure).collect())
}

/// The counts of an activity, as they are and are not told.
#[derive(Default)]
struct Attended {
    title: Name,
    sessions: u32,
    places: u32,
    signed_up: u32,
    came: u32,
    missed: u32,
}

fn list_refusals(
    tx: &mut Tx<'_>,
    known: &Known,
    (from, until): (Date, Date),
) -> Result<Vec<(Rule, u32)>, Fail> {
    let rows = tx.all(
        "select rule, cast(sum(count) as bigint) as count from refusal where centre_id = $1 and day >= $2 and day <= $3
        group by rule order by 2 desc, 1",
        &[
            (&known.centre.id).into(),
            from.days().into(),
            until.days().into(),
        ],
    )?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let count = row.get("count")?;
        all.extend(Rule::from_code(&row.get::<String>("rule")?).map(|rule| (rule, count)));
    }
    Ok(all)
}

/// Adds to the counts of a centre's day what stood against people meanwhile. A centre that is gone counts nothing.
///
/// # Errors
/// When the database fails.
pub fn count(
    tx: &mut Tx<'_>,
    call: &Call,
    counted: &[((CentreId, Rule), u32)],
) -> Result<(), Fail> {
    for ((centre, rule), count) in counted {
        let known = match call.centres.get(tx, centre) {
            Ok(known) => known,
            Err(Fail::Problem(_)) => continue,
            Err(fault) => return Err(fault),
        };
        let day = known.zone.stamp(call.now()).local.date();
        tx.exec(
            "insert into refusal (centre_id, day, rule, count) values ($1, $2, $3, $4)
            on conflict (centre_id, day, rule) do update set count = refusal.count + excluded.count",
            &[
                centre.into(),
                day.days().into(),
                rule.code().into(),
                i64::from(*count).into(),
            ],
        )?;
    }
    Ok(())
}
