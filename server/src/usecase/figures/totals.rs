//! Totals of some days: what was booked, who was reached, by which way, how long requests waited.

use std::collections::HashSet;

use domain::{
    figures::{
        Rule, Use,
        total::{AgeBand, Totals, age_bands, median},
        uses,
    },
    id::{CentreId, PersonId},
    person::behalf::Channel,
    time::Date,
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        call::Call,
        centre::known::Known,
        figures::{
            refused::list_refusals,
            walk::{Span, Walk, cover_days, walk},
        },
    },
};

/// About how many people one statement asks.
const ASKED_AT_ONCE: usize = 4096;

/// The totals of some days, but for how much the rooms were used, after a walk along their bookings.
pub(super) fn count_totals(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (from, until): (Date, Date),
    walk: &Walk,
) -> Result<Totals, Fail> {
    if until < from {
        return Ok(Totals::default());
    }
    let centre = &known.centre.id;
    let Span { starts, ends, over } = Span::of(known, call, (from, until));
    let range = &[centre.into(), starts.into(), ends.into(), over.into()];
    // From the sessions on, of which there are few, whatever the planner thinks of it.
    let came = tx.one(
        "select count(*) as came from activity_session s cross join booking b cross join attendance m
        where s.centre_id = $1 and b.centre_id = s.centre_id and b.id = s.booking_id and b.starts_at >= $2 and b.starts_at < $3
        and b.ends_at < $4 and b.state = 'confirmed' and m.centre_id = s.centre_id and m.session_id = s.id and m.mark <> 'away'",
        range,
    )?;
    let came = u32::try_from(came.get::<i64>("came")?).unwrap_or(u32::MAX);
    let people = count_people(tx, known, (starts, over), until, &walk.people)?;
    let (decided, waited) = read_waits(tx, centre, (starts, ends))?;
    let refusals = list_refusals(tx, known, (from, until))?;
    let of_rule = |rule: Rule| {
        let found = refusals.iter().find(|(one, _)| *one == rule);
        found.map_or(0, |(_, count)| *count)
    };
    Ok(Totals {
        bookings: walk.bookings,
        sessions: walk.sessions,
        visits: walk.visits.saturating_add(came),
        used: Use::default(),
        reached: people.reached.into(),
        first_timers: people.first_timers.into(),
        ages: people.ages,
        age_unknown: people.age_unknown.into(),
        channels: count_channels(tx, centre, (starts, ends), walk.ways.clone())?,
        no_shows: walk.no_shows.into(),
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
    booked: &HashSet<PersonId>,
) -> Result<People, Fail> {
    let centre = &known.centre.id;
    let came = tx.all(
        "select distinct m.person_id from activity_session s cross join booking b cross join attendance m
        where s.centre_id = $1 and b.centre_id = s.centre_id and b.id = s.booking_id
        and b.starts_at >= $2 and b.starts_at < $3 and b.ends_at < $3 and b.state = 'confirmed'
        and m.centre_id = s.centre_id and m.session_id = s.id and m.mark <> 'away'",
        &[centre.into(), starts.into(), over.into()],
    )?;
    let mut people: HashSet<PersonId> = HashSet::new();
    for row in &came {
        people.insert(row.get("person_id")?);
    }
    let mut people: Vec<&PersonId> = people.union(booked).collect();
    // In the order of the indexes they are found faster.
    people.sort_unstable();
    let (mut births, mut reached, mut first_timers) = (Vec::new(), 0u32, 0u32);
    for some in people.chunks(ASKED_AT_ONCE) {
        let rows = tx.all_in(
            "select p.birth, case when exists (select 1 from booking o where o.beneficiary_id = p.id and o.centre_id = $1
                    and o.starts_at < $2 and o.state = 'confirmed' and o.title_zh is null)
                or exists (select 1 from attendance m join activity_session s on s.centre_id = m.centre_id and s.id = m.session_id
                    join booking o on o.centre_id = s.centre_id and o.id = s.booking_id
                    where m.person_id = p.id and m.centre_id = $1 and m.mark <> 'away' and o.starts_at < $2)
                then 0 else 1 end as is_new
            from person p where p.id in ($ids) and p.erased_at is null",
            &[centre.into(), starts.into()],
            some.iter().copied(),
        )?;
        for row in &rows {
            reached = reached.saturating_add(1);
            births.extend(row.get::<Option<Date>>("birth")?);
            first_timers += u32::from(row.get::<bool>("is_new")?);
        }
    }
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

/// How many requests were decided on some days, and how long half of them waited at most, in minutes.
fn read_waits(
    tx: &mut Tx<'_>,
    centre: &CentreId,
    (starts, ends): (i64, i64),
) -> Result<(u32, Option<u32>), Fail> {
    let rows = tx.all(
        "select (decided_at - made_at) / 60 as minutes from booking
        where centre_id = $1 and decided_by is not null and decided_at >= $2 and decided_at < $3
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

/// The totals of some days, with how much the rooms were used.
pub(super) fn count_whole(
    tx: &mut Tx<'_>,
    call: &Call,
    known: &Known,
    (from, until): (Date, Date),
) -> Result<Totals, Fail> {
    let walked = walk(tx, call, known, (from, until))?;
    let mut totals = count_totals(tx, call, known, (from, until), &walked)?;
    if from <= until {
        totals.used = uses(&known.centre, &walked.booked, cover_days((from, until))).whole();
    }
    Ok(totals)
}
