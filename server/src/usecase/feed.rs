//! Calendar feeds: made, revoked, and read by their secret addresses.

use std::sync::Arc;

use domain::{
    api::{self, Endpoint},
    booking::BookingState,
    feed::{Feed, FeedKind},
    id::{CentreId, FeedId, PersonId, RoomId, SeriesId},
    language::{Lang, Name},
    problem::{Problem, TextFault},
    recurrence::Recurrence,
    time::{Date, Stamp},
};

use crate::{
    clock,
    db::{Fail, Row, Tx},
    usecase::{
        booking,
        call::Call,
        centre::known::{Known, reach},
        person::token_hash,
    },
};

/// How far back a feed reaches, in seconds: thirty days.
const BACK: i64 = 30 * 86_400;

/// The most feeds of one person.
const MOST_FEEDS: usize = 30;

/// The most entries of a feed.
const MOST_ENTRIES: u16 = 5_000;

/// The dates that one entry is among.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntrySeries {
    /// What they have in common: a series or an activity.
    pub id: String,
    /// Their rule.
    pub rule: Recurrence,
    /// The day it is counted from.
    pub first: Date,
    /// The date that this one is.
    pub on: Date,
}

/// What stands in a calendar.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The id of the booking, or of the session.
    pub id: String,
    /// The public name, where it has one.
    pub title: Option<Name>,
    /// Where.
    pub centre: Arc<Known>,
    /// The room.
    pub room: RoomId,
    /// Start.
    pub start: Stamp,
    /// End.
    pub end: Stamp,
    /// When it was last changed.
    pub stamped: Stamp,
    /// Where it stands.
    pub state: BookingState,
    /// The dates that it is among.
    pub series: Option<EntrySeries>,
}

/// A feed as it is read.
#[derive(Debug)]
pub struct Content {
    /// What it shows.
    pub kind: FeedKind,
    /// What its room, club or centre is called.
    pub name: Option<Name>,
    /// The language of its owner.
    pub lang: Lang,
    /// In order.
    pub entries: Vec<Entry>,
}

/// The secret of the house that addresses of feeds are made from.
fn get_secret(tx: &mut Tx<'_>) -> Result<String, Fail> {
    let sql = "select value from setting where name = 'feed-secret'";
    if let Some(row) = tx.opt(sql, &[])? {
        return Ok(row.get("value")?);
    }
    tx.exec(
        "insert into setting (name, value) values ('feed-secret', $1) on conflict do nothing",
        &[clock::secret().into()],
    )?;
    Ok(tx.one(sql, &[])?.get("value")?)
}

/// What stands in the address of a feed: its id, and what only the house can make of it (88 bits; an id has 64 characters at most).
fn make_token(secret: &str, id: &FeedId) -> FeedId {
    let mark = token_hash(&format!("{secret} feed {id}"));
    FeedId::new(format!("{}.{id}.ics", &mark[..22]))
}

fn describe(secret: &str, id: FeedId, kind: FeedKind, name: Option<Name>) -> Feed {
    let path = api::ReadFeed::url(&make_token(secret, &id));
    Feed {
        id,
        kind,
        name,
        path,
    }
}

fn read_kind(row: &Row) -> Result<FeedKind, Fail> {
    let (code, centre, subject): (String, String, String) =
        (row.get("kind")?, row.get("centre_id")?, row.get("subject")?);
    Ok(FeedKind::from_parts(&code, &centre, &subject).ok_or(Problem::NotFound)?)
}

/// [`domain::api::ListFeeds`].
///
/// # Errors
/// For a visitor.
pub fn list(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<Vec<Feed>, Fail> {
    let rows = tx.all(
        "select id, kind, centre_id, subject from feed where person_id = $1 order by made_at, id",
        &[call.person()?.into()],
    )?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let secret = get_secret(tx)?;
    let mut feeds = Vec::with_capacity(rows.len());
    for row in &rows {
        let kind = read_kind(row)?;
        let name = match find_name(tx, call, &kind) {
            // A room or club that is gone has a feed still, which can be revoked.
            Err(Fail::Problem(Problem::NotFound)) => None,
            found => found?,
        };
        feeds.push(describe(&secret, row.get("id")?, kind, name));
    }
    Ok(feeds)
}

/// [`domain::api::MakeFeed`]: the one that is there already, where there is one.
///
/// # Errors
/// For a visitor, where there is no such centre, room or club, and beyond thirty.
pub fn make(tx: &mut Tx<'_>, call: &Call, (): (), kind: FeedKind) -> Result<Feed, Fail> {
    let person = call.person()?.clone();
    let name = find_name(tx, call, &kind)?;
    let secret = get_secret(tx)?;
    let mine = list(tx, call, ())?;
    if let Some(feed) = mine.iter().find(|feed| feed.kind == kind) {
        return Ok(feed.clone());
    }
    if mine.len() >= MOST_FEEDS {
        return Err(Problem::field("feed", TextFault::OutOfRange).into());
    }
    let id = FeedId::new(clock::new_id(call.now_ms));
    let (centre, subject) = kind.parts();
    let made = tx.exec(
        "insert into feed (id, person_id, kind, centre_id, subject, made_at) values ($1, $2, $3, $4, $5, $6)
        on conflict do nothing",
        &[
            (&id).into(),
            (&person).into(),
            kind.code().into(),
            centre.into(),
            subject.into(),
            call.now().into(),
        ],
    )?;
    if made == 0 {
        // Somebody pressed in another tab at the same time: there is one, and it is theirs.
        let mine = list(tx, call, ())?;
        let there = mine.into_iter().find(|feed| feed.kind == kind);
        return Ok(there.ok_or(Problem::NotFound)?);
    }
    Ok(describe(&secret, id, kind, name))
}

/// [`domain::api::RevokeFeed`]: its address leads nowhere from then on.
///
/// # Errors
/// Where it is not one's own.
pub fn revoke(tx: &mut Tx<'_>, call: &Call, id: FeedId, (): ()) -> Result<(), Fail> {
    let gone = tx.exec(
        "delete from feed where id = $1 and person_id = $2",
        &[(&id).into(), call.person()?.into()],
    )?;
    match gone {
        0 => Err(Problem::NotFound.into()),
        _ => Ok(()),
    }
}

/// What its room, club or centre is called.
fn find_name(tx: &mut Tx<'_>, call: &Call, kind: &FeedKind) -> Result<Option<Name>, Fail> {
    Ok(match kind {
        FeedKind::Mine => None,
        FeedKind::Centre(centre) => Some(call.centres.get(tx, centre)?.centre.name.clone()),
        FeedKind::Room(centre, room) => {
            let known = call.centres.get(tx, centre)?;
            let room = known.centre.room(room).ok_or(Problem::NotFound)?;
            Some(room.name.clone())
        }
        FeedKind::Club(centre, club) => {
            let row = tx.opt(
                "select name_zh, name_en from club where centre_id = $1 and id = $2",
                &[centre.into(), club.into()],
            )?;
            let row = row.ok_or(Problem::NotFound)?;
            Some(Name {
                zh: row.get("name_zh")?,
                en: row.get("name_en")?,
            })
        }
    })
}

/// The columns of an entry. Where sessions are looked for, it begins with what they belong to and goes on in the order that is written:
/// left to choose, SQLite would begin with all bookings there are.
macro_rules! select_entries {
    ($from:literal, $rest:literal) => {
        concat!(
            "select b.id, b.centre_id, b.room_id, b.starts_at, b.ends_at, b.made_at, b.decided_at, b.changed_at, b.state,
            b.title_zh, b.title_en, b.series_id, b.series_on, r.rule as series_rule, r.first_day as series_first,
            s.id as session_id, s.activity_id, a.rule as activity_rule, a.first_day as activity_first from ",
            $from,
            " left join series r on r.centre_id = b.centre_id and r.id = b.series_id ",
            $rest
        )
    };
    ($rest:literal) => {
        select_entries!(
            "booking b left join activity_session s on s.centre_id = b.centre_id and s.booking_id = b.id
            left join activity a on a.centre_id = s.centre_id and a.id = s.activity_id",
            $rest
        )
    };
}

/// A feed, by what stands in its address.
///
/// # Errors
/// [`Problem::NotFound`] where it was revoked, or never was.
pub fn read(tx: &mut Tx<'_>, call: &Call, token: &FeedId) -> Result<Content, Fail> {
    let id = token.as_str().strip_suffix(".ics");
    let id = id.and_then(|text| text.split_once('.')).map(|(_, id)| id);
    let id = FeedId::new(id.ok_or(Problem::NotFound)?);
    let row = tx.opt(
        "select f.kind, f.centre_id, f.subject, f.person_id, p.lang from feed f join person p on p.id = f.person_id
        where f.id = $1 and p.erased_at is null",
        &[(&id).into()],
    )?;
    let row = row.ok_or(Problem::NotFound)?;
    let secret = get_secret(tx)?;
    // Both are digests of the same length, compared as digests: how far they agree tells nothing.
    let same = token_hash(make_token(&secret, &id).as_str()) == token_hash(token.as_str());
    if !same {
        return Err(Problem::NotFound.into());
    }
    let kind = read_kind(&row)?;
    let name = find_name(tx, call, &kind)?;
    let lang = Lang::choose(&row.get::<String>("lang")?);
    let from = call.now() - BACK;
    let mut entries = match &kind {
        FeedKind::Mine => list_mine(tx, call, &row.get("person_id")?, from)?,
        FeedKind::Room(centre, room) => list_of_room(tx, call, (&id, centre, room), from)?,
        FeedKind::Club(centre, club) => {
            let rows = tx.all(
                select_entries!(
                    "activity a cross join activity_session s cross join booking b",
                    "where a.centre_id = $1 and a.club_id = $2 and s.centre_id = a.centre_id and s.activity_id = a.id
                    and b.centre_id = s.centre_id and b.id = s.booking_id and b.starts_at > $3
                    and b.state in ('confirmed', 'cancelled') limit $4"
                ),
                &[centre.into(), club.into(), from.into(), MOST_ENTRIES.into()],
            )?;
            read_entries(tx, call, &rows)?
        }
        FeedKind::Centre(centre) => {
            let rows = tx.all(
                select_entries!(
                    "where b.centre_id = $1 and b.starts_at > $2 and s.id is not null
                    and b.state in ('confirmed', 'cancelled') order by b.starts_at, b.id limit $3"
                ),
                &[centre.into(), from.into(), MOST_ENTRIES.into()],
            )?;
            read_entries(tx, call, &rows)?
        }
    };
    entries.sort_by(|one, other| (one.start.utc(), &one.id).cmp(&(other.start.utc(), &other.id)));
    Ok(Content {
        kind,
        name,
        lang,
        entries,
    })
}

/// [`domain::api::GetSeriesFile`].
///
/// # Errors
/// As [`booking::series::get`].
pub fn list_series(
    tx: &mut Tx<'_>,
    call: &Call,
    path: (CentreId, SeriesId),
) -> Result<Vec<Entry>, Fail> {
    booking::series::get(tx, call, path.clone())?;
    let rows = tx.all(
        select_entries!(
            "where b.centre_id = $1 and b.series_id = $2 and b.state in ('requested', 'confirmed')
            order by b.starts_at, b.id limit $3"
        ),
        &[(&path.0).into(), (&path.1).into(), MOST_ENTRIES.into()],
    )?;
    read_entries(tx, call, &rows)
}

/// One's bookings, and the sessions at which oneself, or whoever in the household does not sign in, has a place.
fn list_mine(
    tx: &mut Tx<'_>,
    call: &Call,
    person: &PersonId,
    from: i64,
) -> Result<Vec<Entry>, Fail> {
    let rows = tx.all(
        select_entries!(
            "where b.beneficiary_id = $1 and b.starts_at > $2 and b.title_zh is null
            and b.state in ('requested', 'confirmed', 'cancelled', 'declined') order by b.starts_at, b.id limit $3"
        ),
        &[person.into(), from.into(), MOST_ENTRIES.into()],
    )?;
    let mut entries = read_entries(tx, call, &rows)?;
    let people = tx.all(
        "select o.id from person p join person o on o.household_id = p.household_id and o.phone is null
        where p.id = $1 and o.id <> p.id",
        &[person.into()],
    )?;
    let mut ids = vec![person.as_str().to_owned()];
    for row in &people {
        ids.push(row.get("id")?);
    }
    let rows = tx.all_in(
        select_entries!(
            "sign_up u cross join activity_session s cross join activity a cross join booking b",
            "where u.person_id in ($ids) and u.state = 'confirmed' and s.centre_id = u.centre_id
            and s.activity_id = u.activity_id and s.list_id = u.list_id and a.centre_id = s.centre_id
            and a.id = s.activity_id and b.centre_id = s.centre_id and b.id = s.booking_id and b.starts_at > $1
            and b.state in ('confirmed', 'cancelled')"
        ),
        &[from.into()],
        ids,
    )?;
    // A family that goes together has each session once.
    let mut sessions = read_entries(tx, call, &rows)?;
    sessions.sort_by(|one, other| one.id.cmp(&other.id));
    sessions.dedup_by(|one, other| one.id == other.id);
    entries.extend(sessions);
    Ok(entries)
}

/// What takes a room: its own bookings, and those of what it is a part of or consists of.
fn list_of_room(
    tx: &mut Tx<'_>,
    call: &Call,
    (feed, centre, room): (&FeedId, &CentreId, &RoomId),
    from: i64,
) -> Result<Vec<Entry>, Fail> {
    let known = call.centres.get(tx, centre)?;
    let mut entries = Vec::new();
    for shared in known.centre.sharing(room) {
        let rows = tx.all(
            select_entries!(
                "where b.centre_id = $1 and b.room_id = $2 and b.starts_at > $3 and b.state = 'confirmed'
                order by b.starts_at, b.id limit $4"
            ),
            &[
                centre.into(),
                shared.into(),
                reach(from).into(),
                MOST_ENTRIES.into(),
            ],
        )?;
        entries.extend(read_entries(tx, call, &rows)?);
    }
    // Nothing tells which of them are one party's.
    for entry in entries.iter_mut().filter(|entry| entry.title.is_none()) {
        entry.id = token_hash(&format!("{feed} {}", entry.id));
        entry.series = None;
    }
    Ok(entries)
}

fn read_entries(tx: &mut Tx<'_>, call: &Call, rows: &[Row]) -> Result<Vec<Entry>, Fail> {
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let centre = call.centres.get(tx, &row.get::<CentreId>("centre_id")?)?;
        let zone = centre.zone;
        let title = match (
            row.get::<Option<String>>("title_zh")?,
            row.get::<Option<String>>("title_en")?,
        ) {
            (Some(zh), Some(en)) => Some(Name { zh, en }),
            _ => None,
        };
        let made: i64 = row.get("made_at")?;
        let decided: Option<i64> = row.get("decided_at")?;
        let changed: Option<i64> = row.get("changed_at")?;
        let session: Option<String> = row.get("session_id")?;
        entries.push(Entry {
            id: session.map_or_else(|| row.get("id"), Ok)?,
            title,
            room: row.get("room_id")?,
            start: zone.stamp(row.get("starts_at")?),
            end: zone.stamp(row.get("ends_at")?),
            stamped: zone.stamp(
                made.max(decided.unwrap_or(made))
                    .max(changed.unwrap_or(made)),
            ),
            state: row.get("state")?,
            series: read_series(row)?,
            centre,
        });
    }
    Ok(entries)
}

/// The dates that a booking is among: those of its series, or of its activity.
fn read_series(row: &Row) -> Result<Option<EntrySeries>, Fail> {
    let text = |column: &str| row.get::<Option<String>>(column);
    let (id, rule, first) = match text("series_id")? {
        Some(id) => (Some(id), text("series_rule")?, text("series_first")?),
        None => (
            text("activity_id")?,
            text("activity_rule")?,
            text("activity_first")?,
        ),
    };
    let day = |text: Option<String>| text.and_then(|text| Date::parse(&text));
    let all = id
        .zip(rule.and_then(|rule| Recurrence::parse(&rule)))
        .zip(day(first).zip(day(text("series_on")?)));
    Ok(all.map(|((id, rule), (first, on))| EntrySeries {
        id,
        rule,
        first,
        on,
    }))
}
