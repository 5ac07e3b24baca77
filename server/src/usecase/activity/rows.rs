//! How activities and their sessions are stored and read.

use domain::{
    activity::{Activity, Audience, ClubRef, Per, Session},
    audit::Subject,
    centre::room::Purpose,
    id::{ActivityId, BookingId, CentreId, ClubId, PersonId},
    language::Name,
    page::Page,
    person::permission,
    problem::Problem,
    recurrence::Recurrence,
    time::Date,
};

use crate::{
    clock,
    db::{Fail, Row, Tx},
    usecase::{call::Call, centre::known::Known, club},
};

macro_rules! select_sessions {
    ($rest:literal) => {
        concat!(
            "select a.id as activity_id, a.club_id, c.name_zh, c.name_en, a.title_zh, a.title_en, a.about, a.about_en, a.kind, a.from_age, a.to_age,
            a.fee, a.per, a.pick_up, s.id as session_id, b.id as booking_id, b.room_id, b.starts_at, b.ends_at, b.state, b.reason,
            l.places, l.taken, l.waiting
            from booking b
            join activity_session s on s.centre_id = b.centre_id and s.booking_id = b.id
            join activity a on a.centre_id = s.centre_id and a.id = s.activity_id
            join place_list l on l.centre_id = s.centre_id and l.id = s.list_id
            left join club c on c.centre_id = a.centre_id and c.id = a.club_id ",
            $rest
        )
    };
}
pub(crate) use select_sessions;

/// Puts rows of sessions, in order of start, together as activities.
pub(crate) fn read_activities(known: &Known, rows: &[Row]) -> Result<Vec<Activity>, Fail> {
    let mut all: Vec<Activity> = Vec::new();
    for row in rows {
        let id = row.get("activity_id")?;
        let session = read_session(known, row)?;
        if let Some(activity) = all.iter_mut().find(|one| one.id == id) {
            activity.sessions.push(session);
            continue;
        }
        let club: Option<String> = row.get("club_id")?;
        let club = match (
            club,
            row.get::<Option<String>>("name_zh")?,
            row.get::<Option<String>>("name_en")?,
        ) {
            (Some(club), Some(zh), Some(en)) => Some(ClubRef {
                id: ClubId::new(club),
                name: Name { zh, en },
            }),
            _ => None,
        };
        all.push(Activity {
            id,
            centre: known.centre.id.clone(),
            club,
            title: Name::new(
                row.get::<String>("title_zh")?,
                row.get::<String>("title_en")?,
            ),
            about: Name::new(row.get::<String>("about")?, row.get::<String>("about_en")?),
            kind: row.get("kind")?,
            audience: Audience {
                from_age: row.get("from_age")?,
                to_age: row.get("to_age")?,
            },
            fee: row.get("fee")?,
            per: row.get("per")?,
            pick_up: row.get::<i64>("pick_up")? == 1,
            sessions: vec![session],
        });
    }
    Ok(all)
}

pub(crate) fn read_session(known: &Known, row: &Row) -> Result<Session, Fail> {
    Ok(Session {
        id: row.get("session_id")?,
        booking: row.get("booking_id")?,
        room: row.get("room_id")?,
        start: known.zone.stamp(row.get("starts_at")?),
        end: known.zone.stamp(row.get("ends_at")?),
        state: row.get("state")?,
        reason: row.get("reason")?,
        places: row.get("places")?,
        taken: row.get("taken")?,
        waiting: u16::try_from(row.get::<i64>("waiting")?).unwrap_or(u16::MAX),
    })
}

/// What an act about an activity is about.
pub(crate) fn describe(activity: &Activity) -> Subject {
    Subject {
        what: Some(activity.title.clone()),
        start: activity.sessions.first().map(|one| one.start.local),
        reason: String::new(),
        path: Page::Activity(activity.centre.clone(), activity.id.clone()).path(),
    }
}

/// An activity about to be stored.
pub(crate) struct Draft<'a> {
    pub(crate) club: Option<&'a ClubId>,
    pub(crate) title: &'a Name,
    pub(crate) about: &'a Name,
    pub(crate) kind: Purpose,
    pub(crate) audience: Audience,
    pub(crate) fee: u32,
    pub(crate) per: Per,
    pub(crate) pick_up: bool,
    pub(crate) made_by: &'a PersonId,
    /// The rule of its dates, where there are several, and the day it is counted from.
    pub(crate) rule: Option<(&'a Recurrence, Date)>,
}

/// Stores an activity without sessions.
pub(crate) fn create(
    tx: &mut Tx<'_>,
    now_ms: i64,
    known: &Known,
    draft: &Draft<'_>,
) -> Result<ActivityId, Fail> {
    let id = ActivityId::new(clock::new_id(now_ms));
    tx.exec(
        "insert into activity (centre_id, id, club_id, title_zh, title_en, about, kind, from_age, to_age, fee, per,
            pick_up, made_by, made_at, rule, first_day, about_en)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        &[
            (&known.centre.id).into(),
            (&id).into(),
            draft.club.map(ToString::to_string).into(),
            draft.title.zh.as_str().into(),
            draft.title.en.as_str().into(),
            draft.about.zh.as_str().into(),
            draft.kind.code().into(),
            draft.audience.from_age.map(i64::from).into(),
            draft.audience.to_age.map(i64::from).into(),
            i64::from(draft.fee).into(),
            draft.per.code().into(),
            i64::from(draft.pick_up).into(),
            draft.made_by.into(),
            (now_ms / 1000).into(),
            draft.rule.map(|(rule, _)| rule.to_string()).into(),
            draft.rule.map(|(_, first)| first.to_string()).into(),
            draft.about.en.as_str().into(),
        ],
    )?;
    Ok(id)
}

/// Stores a session of an activity with its places: a list of its own, or the one of the whole course.
pub(crate) fn add_session(
    tx: &mut Tx<'_>,
    now_ms: i64,
    known: &Known,
    (activity, per): (&ActivityId, Per),
    booking: &BookingId,
    places: u16,
) -> Result<String, Fail> {
    let id = clock::new_id(now_ms);
    let list = match per {
        Per::Session => id.as_str(),
        Per::Course => activity.as_str(),
    };
    tx.exec(
        "insert into place_list (centre_id, id, activity_id, places, taken, waiting, next_seq)
        values ($1, $2, $3, $4, 0, 0, 1) on conflict do nothing",
        &[
            (&known.centre.id).into(),
            list.into(),
            activity.into(),
            places.into(),
        ],
    )?;
    tx.exec(
        "insert into activity_session (centre_id, id, activity_id, booking_id, list_id) values ($1, $2, $3, $4, $5)",
        &[
            (&known.centre.id).into(),
            id.as_str().into(),
            activity.into(),
            booking.into(),
            list.into(),
        ],
    )?;
    Ok(list.to_owned())
}

/// Refuses whoever may not run the activity.
pub(crate) fn need_to_run(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    id: &ActivityId,
) -> Result<(), Fail> {
    let me = call.person()?;
    let row = tx.opt(
        "select made_by, club_id from activity where centre_id = $1 and id = $2",
        &[centre.into(), id.into()],
    )?;
    let row = row.ok_or(Problem::NotFound)?;
    let made_by = row.get::<PersonId>("made_by")?;
    let club = row.get::<Option<ClubId>>("club_id")?;
    let organises = club
        .map(|club| club::organises(tx, me, centre, &club))
        .transpose()?;
    Ok(call.need(permission::may_run_activity(
        &call.actor,
        centre,
        &made_by,
        organises,
    ))?)
}
