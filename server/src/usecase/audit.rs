//! The audit log: an entry for each act, written in the transaction of what was done.

use domain::{
    api::LogQuery,
    audit::{Act, Entry, Log, Subject},
    booking::Booking,
    centre::hours::MonthDay,
    id::{CentreId, PersonId},
    language::{Lang, fold},
    page::Page,
    person::{behalf::Channel, permission},
    problem::typed,
    sign_up::SignUp,
    time::Date,
};

use crate::{
    clock,
    db::{Fail, Row, Tx, Value, containing},
    usecase::{call::Call, centre::known::Known},
};

/// Stands for what concerns no single centre.
const NO_CENTRE: &str = "*";

/// The longest text that is looked for.
const MOST_WANTED: u16 = 60;

/// How many entries a page shows.
const PAGE: usize = 500;

/// A second look within this time is the same look, in milliseconds.
const SAME_LOOK: i64 = 30 * 60 * 1000;

/// A page that stays open for so long and asks anew is the same look, in milliseconds: a day's work.
const SAME_PAGE: i64 = 12 * 3600 * 1000;

/// An entry about to be written.
#[derive(Clone, Debug)]
pub(crate) struct Note<'a> {
    /// What was done.
    pub(crate) act: Act,
    /// Where; nowhere in particular when there is none.
    pub(crate) centre: Option<&'a CentreId>,
    /// For whom.
    pub(crate) person: Option<&'a PersonId>,
    /// The way it reached the house, when that is known.
    pub(crate) channel: Option<Channel>,
    /// About what.
    pub(crate) subject: Subject,
    /// Nobody did it: its time had come.
    pub(crate) by_itself: bool,
}

impl<'a> Note<'a> {
    /// An act at a centre.
    pub(crate) fn at(act: Act, centre: &'a CentreId) -> Self {
        Self {
            act,
            centre: Some(centre),
            person: None,
            channel: None,
            subject: Subject::default(),
            by_itself: false,
        }
    }

    /// An act of somebody about themselves, wherever.
    pub(crate) fn own(act: Act) -> Self {
        Self {
            act,
            centre: None,
            person: None,
            channel: None,
            subject: Subject::default(),
            by_itself: false,
        }
    }

    /// For somebody.
    pub(crate) fn of(self, person: &'a PersonId) -> Self {
        Self {
            person: Some(person),
            ..self
        }
    }

    /// By a known way.
    pub(crate) fn by(self, channel: Channel) -> Self {
        Self {
            channel: Some(channel),
            ..self
        }
    }

    /// About something.
    pub(crate) fn about(self, subject: Subject) -> Self {
        Self { subject, ..self }
    }

    /// Done by nobody.
    pub(crate) fn by_itself(self) -> Self {
        Self {
            by_itself: true,
            ..self
        }
    }

    /// Writes it. What staff do for others came as their request says. Where nobody said how, nothing is made up: it was done in the
    /// app.
    pub(crate) fn write(self, tx: &mut Tx<'_>, call: &Call) -> Result<(), Fail> {
        Self::write_all(tx, vec![(call, self)])
    }

    /// Writes several, as [`Self::write`].
    pub(crate) fn write_all(tx: &mut Tx<'_>, notes: Vec<(&Call, Self)>) -> Result<(), Fail> {
        let rows = notes.into_iter().map(|(call, note)| note.row(call));
        let rows: Vec<Vec<Value>> = rows.collect();
        Ok(tx.insert_all(
            "insert into audit (centre_id, at_ms, id, act, actor_id, person_id, channel, subject, about, words)",
            &rows,
        )?)
    }

    fn row(self, call: &Call) -> Vec<Value> {
        call.noted.set(true);
        let actor = call.actor.person.as_ref().filter(|_| !self.by_itself);
        let for_another = actor.is_some() && self.person.is_some() && self.person != actor;
        let by_staff = self
            .centre
            .is_some_and(|centre| permission::may_act_for(&call.actor, centre));
        let said = call.channel.filter(|_| for_another && by_staff);
        let channel = self.channel.or(said).unwrap_or(Channel::App);
        vec![
            self.centre.map_or(NO_CENTRE, CentreId::as_str).into(),
            call.now_ms.into(),
            clock::new_id(call.now_ms).into(),
            self.act.code().into(),
            actor.map(PersonId::as_str).into(),
            self.person.map(PersonId::as_str).into(),
            channel.code().into(),
            serde_json::to_string(&self.subject)
                .unwrap_or_default()
                .into(),
            self.subject.path.as_str().into(),
            words_of(&self.subject).into(),
        ]
    }

    /// Writes that somebody looked, unless they did a moment ago.
    pub(crate) fn write_look(self, tx: &mut Tx<'_>, call: &Call) -> Result<(), Fail> {
        let about = format!(
            "{} {} {}{}{}",
            self.act.code(),
            self.centre.map_or(NO_CENTRE, CentreId::as_str),
            self.person.map_or("", PersonId::as_str),
            self.subject.path,
            self.subject.reason,
        );
        let same = if call.again { SAME_PAGE } else { SAME_LOOK };
        let first = tx.exec(
            "insert into last_look (actor_id, about, at_ms) values ($1, $2, $3)
            on conflict (actor_id, about) do update set at_ms = excluded.at_ms where last_look.at_ms <= $4",
            &[
                call.person()?.into(),
                about.into(),
                call.now_ms.into(),
                (call.now_ms - same).into(),
            ],
        )?;
        if first == 0 {
            call.unchanged();
            return Ok(());
        }
        self.by(Channel::App).write(tx, call)
    }
}

/// The words of an entry as they are searched: folded, with the day that it is about.
fn words_of(subject: &Subject) -> String {
    let what = subject.what.as_ref();
    let parts = [
        what.map_or("", |what| &what.zh).to_owned(),
        what.map_or("", |what| &what.en).to_owned(),
        subject
            .start
            .map_or_else(String::new, |start| start.date().to_string()),
        subject.reason.clone(),
    ];
    fold(&parts.join(" "))
}

/// What an act about a booking is about.
pub(crate) fn describe_booking(booking: &Booking, reason: &str) -> Subject {
    let what = booking.title.as_ref().unwrap_or(&booking.room_name);
    Subject {
        what: Some(what.clone()),
        start: Some(booking.start.local),
        reason: reason.to_owned(),
        path: Page::Booking(booking.centre.clone(), booking.id.clone()).path(),
    }
}

/// What an act about a sign-up is about.
pub(crate) fn describe_sign_up(sign_up: &SignUp) -> Subject {
    Subject {
        what: Some(sign_up.title.clone()),
        start: Some(sign_up.start.local),
        reason: String::new(),
        path: Page::Activity(sign_up.centre.clone(), sign_up.activity.clone()).path(),
    }
}

/// The columns of an entry `l` with the names of its people.
macro_rules! select_entries {
    ($rest:literal) => {
        concat!(
            "select l.at_ms, l.act, coalesce(nullif(a.name, ''), a.phone) as actor,
            coalesce(nullif(p.name, ''), p.phone) as person, l.channel, l.subject, l.actor_id, l.person_id from audit l
        left join person a on a.id = l.actor_id
        left join person m on m.id = l.person_id
        left join person p on p.id = coalesce(m.merged_into, l.person_id) ",
            $rest
        )
    };
}

/// [`domain::api::GetAuditLog`].
///
/// # Errors
/// For everybody but the centre's staff.
pub fn list(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, day, page): (CentreId, Date, u16),
) -> Result<Log, Fail> {
    call.need(permission::may_read_log(&call.actor, &centre))?;
    let known = call.centres.get(tx, &centre)?;
    let (from, until) = known.zone.range(day.whole());
    let elsewhere = match permission::may_read_log_of_none(&call.actor) {
        true => NO_CENTRE,
        false => "",
    };
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let rows = tx.all(
        select_entries!(
            "where l.centre_id in ($1, $5) and l.at_ms >= $2 and l.at_ms < $3 order by l.at_ms desc, l.id desc limit $4
            offset $6"
        ),
        &[
            (&centre).into(),
            (from * 1000).into(),
            (until * 1000).into(),
            (limit + 1).into(),
            elsewhere.into(),
            (limit * i64::from(page)).into(),
        ],
    )?;
    read_page(&known, &rows, PAGE)
}

/// The entries of a page, and whether there are more.
fn read_page(known: &Known, rows: &[Row], most: usize) -> Result<Log, Fail> {
    let mut entries = Vec::with_capacity(rows.len());
    let more = rows.len() > most;
    for row in rows.iter().take(most) {
        // What an older Linli called otherwise is left out.
        let Some(act) = Act::from_code(&row.get::<String>("act")?) else {
            continue;
        };
        let same =
            row.get::<Option<String>>("actor_id")? == row.get::<Option<String>>("person_id")?;
        entries.push(Entry {
            at: known.zone.stamp(row.get::<i64>("at_ms")? / 1000),
            act,
            actor: row.get("actor")?,
            person: row.get::<Option<String>>("person")?.filter(|_| !same),
            channel: row.get("channel")?,
            subject: serde_json::from_str(&row.get::<String>("subject")?).unwrap_or_default(),
        });
    }
    Ok(Log { entries, more })
}

/// How many entries a story has at most.
const MOST_TOLD: i64 = 200;

/// What happened to the thing that a page shows, in its order; of very much the last.
///
/// # Errors
/// For everybody but the centre's staff.
pub fn tell(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    page: &Page,
) -> Result<Vec<Entry>, Fail> {
    call.need(permission::may_read_log(&call.actor, centre))?;
    let known = call.centres.get(tx, centre)?;
    let rows = tx.all(
        select_entries!(
            "where l.centre_id = $1 and l.about = $2 and l.about <> '' order by l.at_ms desc, l.id desc limit $3"
        ),
        &[centre.into(), page.path().into(), MOST_TOLD.into()],
    )?;
    let mut entries = read_page(&known, &rows, rows.len())?.entries;
    entries.reverse();
    Ok(entries)
}

/// The most entries of a file.
const MOST_FILED: usize = 100_000;

/// The entries of the month in which a day is, the oldest first.
///
/// # Errors
/// For everybody but the centre's staff.
pub fn list_month(
    tx: &mut Tx<'_>,
    call: &Call,
    centre: &CentreId,
    day: Date,
) -> Result<Vec<Entry>, Fail> {
    call.need(permission::may_read_log(&call.actor, centre))?;
    let known = call.centres.get(tx, centre)?;
    let (year, month, _) = day.ymd();
    let first = Date::new(year, month, 1).unwrap_or(day);
    let next = match month {
        12 => Date::new(year + 1, 1, 1),
        month => Date::new(year, month + 1, 1),
    };
    let (from, until) = (
        known.zone.utc_or_next(first.at(0)),
        known.zone.utc_or_next(next.unwrap_or(day).at(0)),
    );
    let rows = tx.all(
        select_entries!(
            "where l.centre_id = $1 and l.at_ms >= $2 and l.at_ms < $3 order by l.at_ms, l.id limit $4"
        ),
        &[
            centre.into(),
            (from * 1000).into(),
            (until * 1000).into(),
            i64::try_from(MOST_FILED).unwrap_or(i64::MAX).into(),
        ],
    )?;
    Ok(read_page(&known, &rows, rows.len())?.entries)
}

/// Of how many people of a name entries are looked for.
const MOST_PEOPLE: i64 = 200;

/// How many entries a page of what was found shows.
const FOUND: usize = 100;

/// [`domain::api::FindEntries`]: over all time, by who did it, for whom, about what, when that was to be, why, or what was done.
///
/// # Errors
/// For everybody but the centre's staff.
pub fn find(
    tx: &mut Tx<'_>,
    call: &Call,
    of: (&CentreId, Lang),
    wanted: &LogQuery,
) -> Result<Log, Fail> {
    find_some(tx, call, of, wanted, FOUND)
}

/// [`domain::api::GetFoundFile`]: all that [`find`] finds, the newest first.
///
/// # Errors
/// As [`find`].
pub fn find_all(
    tx: &mut Tx<'_>,
    call: &Call,
    of: (&CentreId, Lang),
    wanted: &LogQuery,
) -> Result<Vec<Entry>, Fail> {
    let whole = LogQuery {
        page: 0,
        ..wanted.clone()
    };
    Ok(find_some(tx, call, of, &whole, MOST_FILED)?.entries)
}

/// A page of what is found, of so many entries.
fn find_some(
    tx: &mut Tx<'_>,
    call: &Call,
    (centre, lang): (&CentreId, Lang),
    wanted: &LogQuery,
    most: usize,
) -> Result<Log, Fail> {
    call.need(permission::may_read_log(&call.actor, centre))?;
    let known = call.centres.get(tx, centre)?;
    let text = typed("text", &wanted.text, MOST_WANTED, true)?;
    let folded = fold(&text);
    // A day as people type it is how the log has it: `11月26日` and `11/26` are `-11-26 `.
    let day = MonthDay::read_typed(&text).map(|day| format!("%-{day} %"));
    // Acts and people are found first: the log knows them by their codes and ids, which never are the same.
    let acts = Act::ALL
        .iter()
        .filter(|act| fold(act.word(lang)).contains(&folded));
    let mut ids: Vec<String> = acts.map(|act| act.code().to_owned()).collect();
    let people = tx.all(
        "with named as (select id from person
            where lower(name) like $1 escape '\\' or name like $2 escape '\\' order by id limit $3)
        select id from named union select m.id from person m join named n on m.merged_into = n.id",
        &[
            containing(&folded).into(),
            containing(&text).into(),
            MOST_PEOPLE.into(),
        ],
    )?;
    for row in &people {
        ids.push(row.get("id")?);
    }
    ids.push(String::new());
    let rows = tx.all_in(
        select_entries!(
            "where l.centre_id = $1 and (l.words like $2 escape '\\' or l.words like $3
            or l.act in ($ids) or l.actor_id in ($ids) or l.person_id in ($ids))
            order by l.at_ms desc, l.id desc limit $4 offset $5"
        ),
        &[
            centre.into(),
            containing(&folded).into(),
            day.unwrap_or_else(|| "-".to_owned()).into(),
            i64::try_from(most + 1).unwrap_or(i64::MAX).into(),
            (i64::try_from(most).unwrap_or(i64::MAX) * i64::from(wanted.page)).into(),
        ],
        ids.iter().map(String::as_str),
    )?;
    read_page(&known, &rows, most)
}
