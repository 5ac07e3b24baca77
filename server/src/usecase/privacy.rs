//! Personal data: export, erasure and retention. What is promised in the guardian's consent is kept here.

use domain::{
    api::{AttendanceRecord, ConsentRecord, LogRecord, MyData},
    audit::Act,
    id::PersonId,
    person::{age::is_adult, household::Member, permission::Role},
    problem::Problem,
    time::Date,
};

use crate::{
    db::{Fail, Tx},
    usecase::{
        audit::Note,
        booking,
        call::Call,
        case,
        centre::consequence::{Done, UNDONE_WITHIN},
        club, household as acts, message,
        person::{
            account,
            household::{self, Hold, TAKEN_BACK},
            is_demo_account, merge, role, second_factor,
        },
        sign_up,
    },
};

/// How long sign-ups and attendance of children are kept after the activity, in seconds: a year.
pub const KEPT_OF_CHILDREN: i64 = 365 * 86_400;

/// How many people are erased, and rows forgotten, in one transaction: others wait behind it.
const AT_ONCE: i64 = 50;

/// [`domain::api::GetMyData`].
///
/// # Errors
/// For a visitor.
pub fn export(tx: &mut Tx<'_>, call: &Call, (): ()) -> Result<MyData, Fail> {
    let me = call.person()?.clone();
    let consents = tx.all(
        "select p.name, c.version, c.given_at from consent c join person p on p.id = c.person_id
        where c.guardian_id = $1 or c.person_id = $1 order by c.given_at, c.id",
        &[(&me).into()],
    )?;
    let consents = consents.iter().map(|row| {
        Ok(ConsentRecord {
            person: row.get("name")?,
            version: row.get("version")?,
            given_at: row.get("given_at")?,
        })
    });
    // Whoever does not sign in has nobody else who could ask for theirs.
    let members = household::list_members(tx, &me)?.into_iter();
    let own: Vec<Member> = members
        .filter(|one| one.id == me || !one.signs_in)
        .collect();
    let (mut attendance, mut bookings, mut letters) = (Vec::new(), Vec::new(), Vec::new());
    let mut cases = Vec::new();
    for member in &own {
        let rows = tx.all(
            "select centre_id, session_id, mark, marked_at, fetched_by from attendance where person_id = $1
            order by marked_at, session_id",
            &[(&member.id).into()],
        )?;
        for row in &rows {
            attendance.push(AttendanceRecord {
                person: member.name.clone(),
                centre: row.get("centre_id")?,
                session: row.get("session_id")?,
                mark: row.get("mark")?,
                fetched_by: row.get("fetched_by")?,
                at: row.get("marked_at")?,
            });
        }
        bookings.extend(booking::rows::list_of(tx, call, &member.id)?);
        letters.extend(message::list_of(tx, call, &member.id, i64::MAX)?);
        cases.extend(case::list_all_of(tx, call, &member.id)?);
    }
    let log = tx.all(
        "select centre_id, at_ms, act, channel from audit where person_id in (select id from person where id = $1 or merged_into = $1)
        order by at_ms, id",
        &[(&me).into()],
    )?;
    let log = log.iter().map(|row| {
        Ok(LogRecord {
            centre: row.get("centre_id")?,
            at: row.get::<i64>("at_ms")? / 1000,
            act: row.get("act")?,
            channel: row.get("channel")?,
        })
    });
    let who = account::get_me(tx, call, ())?;
    Ok(MyData {
        at: call.now(),
        consents: consents.collect::<Result<_, Fail>>()?,
        attendance,
        log: log.collect::<Result<_, Fail>>()?,
        roles: role::get_actor(tx, me.clone(), call.now())?.roles,
        profile: who.profile,
        family: acts::get(tx, call, ())?,
        bookings,
        waits: booking::waitlist::list_all_of(tx, call, &me)?,
        sign_ups: sign_up::list_of_household(tx, call, &me, 0)?,
        letters,
        cases,
        clubs: club::list_mine(tx, call, ())?,
        sessions: account::list_sessions(tx, call, ())?,
    })
}

/// [`domain::api::EraseMe`].
///
/// # Errors
/// For a visitor, and for the last manager of a centre or of all.
pub fn erase_me(tx: &mut Tx<'_>, call: &Call, (): (), (): ()) -> Result<(), Fail> {
    let me = call.person()?.clone();
    if is_demo_account(tx, &me)? {
        return Err(Problem::NotAllowed.into());
    }
    // Whoever holds no more than the number of somebody who runs a house erases nothing; and all roles count, also those that the
    // session could not use.
    let whole = role::get_actor(tx, me.clone(), call.now())?;
    let (second, _) = second_factor::find(tx, &whole, call.session.as_ref())?;
    call.need(!second.withholds())?;
    role::lock_managers(tx)?;
    household::hold_of(tx, &me, Hold::Change)?;
    let members = household::list_members(tx, &me)?;
    let alone = !members.iter().skip(1).any(|one| one.signs_in);
    let today = Date::from_days(call.now().div_euclid(86_400));
    // Children who could not be spoken for any more go along; for adults without a number the desk speaks.
    let others = members
        .iter()
        .skip(1)
        .filter(|one| alone && !one.signs_in && !is_adult(one.birth, today));
    let leaving: Vec<&PersonId> = others.map(|one| &one.id).chain([&me]).collect();
    let mut locked = leaving.clone();
    locked.sort_unstable();
    // People before rooms and lists: nothing of theirs is booked or changed meanwhile.
    for one in locked {
        tx.lock(
            "select 1 from person where id = $1 for update",
            &[one.into()],
        )?;
    }
    // Oneself last: until then one speaks for the others.
    for one in leaving {
        acts::give_up(tx, call, one)?;
        erase(tx, call, one)?;
    }
    for grant in &whole.roles {
        if grant.role == Role::Manager {
            role::need_manager(tx, grant.centre.as_ref())?;
        }
    }
    Ok(())
}

/// Takes everything from a record that tells who it was. The row itself stays, so that figures stay true.
fn erase(tx: &mut Tx<'_>, call: &Call, id: &PersonId) -> Result<(), Fail> {
    for sql in [
        "delete from sign_in_code where phone = (select phone from person where id = $1)
            or phone = (select 'record ' || phone from person where id = $1)",
        "delete from idempotency where request_hash > $1 || ' ' and request_hash < $1 || '!'",
        "delete from session where person_id = $1",
        "delete from token where person_id = $1",
        "delete from push_message where push_id in (select id from push where person_id = $1)",
        "delete from push where person_id = $1",
        "delete from feed where person_id = $1",
        "delete from hold where holder_id = $1 or person_id = $1",
        "delete from slot_wait where person_id = $1",
        "delete from role where person_id = $1",
        "delete from letter where person_id = $1",
        "delete from club_member where person_id = $1",
        "delete from consent where person_id = $1",
        "delete from case_follower where person_id = $1",
        "delete from upload_piece where person_id = $1",
        "delete from upload where person_id = $1",
        "delete from desk_contact where person_id = $1",
        "delete from last_look where actor_id = $1",
        "update attendance set name = '', fetched_by = null where person_id = $1",
        "update booking set note = '', explanation = '' where beneficiary_id = $1",
    ] {
        tx.exec(sql, &[id.into()])?;
    }
    tx.exec(
        "update person set phone = null, name = '', birth = null, household_id = null, left_household = null,
            left_at = null, totp_at = null, erased_at = $2
        where id = $1",
        &[id.into(), call.now().into()],
    )?;
    case::erase(tx, call, id)?;
    Note::own(Act::PersonErased).of(id).write(tx, call)
}

/// Keeps the retention times: erases members without a number a day after they left their household, and forgets sign-ups
/// and attendance of children a year after the activity. True when there may be more to do.
///
/// # Errors
/// When the database fails.
pub fn forget_due(tx: &mut Tx<'_>, call: &Call) -> Result<bool, Fail> {
    let now = call.now();
    // What a change did is kept as long as it can be undone: people's notes stand in it.
    tx.exec(
        "update consequence set done = $2 where made_ms < $1 and done <> $2",
        &[
            (call.now_ms - UNDONE_WITHIN * 1000 - 60_000).into(),
            serde_json::to_string(&Done::default())
                .unwrap_or_default()
                .into(),
        ],
    )?;
    merge::forget_gone(tx, now - UNDONE_WITHIN - 60)?;
    // Why somebody did not come is often about their health: nobody asks any more.
    tx.exec(
        "update booking set explanation = '' where explanation <> '' and ends_at < $1",
        &[(now - domain::person::ATTENDANCE_DAYS * 86_400).into()],
    )?;
    let left = tx.all(
        "select id, birth from person where left_at is not null and left_at <= $1 and household_id is null and phone is null
        and not exists (select 1 from booking b where b.beneficiary_id = person.id and b.ends_at > $2
            and b.state in ('requested', 'confirmed'))
        order by left_at limit $3",
        &[(now - TAKEN_BACK).into(), now.into(), AT_ONCE.into()],
    )?;
    let today = Date::from_days(now.div_euclid(86_400));
    for row in &left {
        let id = row.get::<PersonId>("id")?;
        let birth = row.get::<Option<Date>>("birth")?;
        match is_adult(birth, today) {
            // The desk goes on speaking for them.
            true => {
                tx.exec(
                    "update person set left_household = null, left_at = null where id = $1",
                    &[(&id).into()],
                )?;
            }
            false => erase(tx, call, &id)?,
        }
    }
    // A list is over when the last of its sessions is.
    let lists = tx.all(
        "select u.centre_id, u.list_id from sign_up u join person p on p.id = u.person_id
        where exists (select 1 from consent c where c.person_id in (p.id, p.merged_into)) and u.made_at <= $1
        group by u.centre_id, u.list_id
        having not exists (select 1 from activity_session s
            join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
            where s.centre_id = u.centre_id and s.list_id = u.list_id and b.ends_at > $1)
        limit $2",
        &[(now - KEPT_OF_CHILDREN).into(), AT_ONCE.into()],
    )?;
    for row in &lists {
        let path = [
            row.get::<String>("centre_id")?.into(),
            row.get::<String>("list_id")?.into(),
        ];
        tx.exec(
            "delete from attendance where centre_id = $1
            and session_id in (select id from activity_session where centre_id = $1 and list_id = $2)
            and person_id in (select p.id from person p join consent c on c.person_id in (p.id, p.merged_into))",
            &path,
        )?;
        tx.exec(
            "delete from sign_up where centre_id = $1 and list_id = $2
            and person_id in (select p.id from person p join consent c on c.person_id in (p.id, p.merged_into))",
            &path,
        )?;
    }
    // Children who walked in have no sign-up.
    let walked_in = tx.all(
        "select t.centre_id, t.session_id, t.person_id from attendance t
        join activity_session s on s.centre_id = t.centre_id and s.id = t.session_id
        join booking b on b.centre_id = s.centre_id and b.id = s.booking_id
        join person p on p.id = t.person_id
        where b.ends_at <= $1 and exists (select 1 from consent c where c.person_id in (p.id, p.merged_into)) limit $2",
        &[(now - KEPT_OF_CHILDREN).into(), AT_ONCE.into()],
    )?;
    for row in &walked_in {
        tx.exec(
            "delete from attendance where centre_id = $1 and session_id = $2 and person_id = $3",
            &[
                row.get::<String>("centre_id")?.into(),
                row.get::<String>("session_id")?.into(),
                row.get::<String>("person_id")?.into(),
            ],
        )?;
    }
    case::forget_due(tx, now)?;
    let long_ago = now - KEPT_OF_CHILDREN;
    // Nobody reads in the log which child was where; letters name children as well.
    tx.exec(
        "update audit set person_id = null where at_ms < $1
        and person_id in (select p.id from person p join consent c on c.person_id in (p.id, p.merged_into))",
        &[(long_ago * 1000).into()],
    )?;
    tx.exec(
        "update audit set subject = '{}' where at_ms < $1 and act = 'people_searched' and subject <> '{}'",
        &[(long_ago * 1000).into()],
    )?;
    tx.exec(
        "delete from letter where sent_ms < $1",
        &[(long_ago * 1000).into()],
    )?;
    tx.exec(
        "delete from slot_wait where ends_at < $1",
        &[long_ago.into()],
    )?;
    // What was taken back at once counts nowhere.
    tx.exec(
        "delete from booking where state = 'undone' and made_at < $1
        and not exists (select 1 from activity_session s where s.centre_id = booking.centre_id and s.booking_id = booking.id)",
        &[(now - TAKEN_BACK).into()],
    )?;
    // Whoever came once by a name alone, without number or household, is nobody a year later.
    let strangers = tx.all(
        "select id from person where phone is null and household_id is null and erased_at is null and made_at < $1
        and left_at is null
        and not exists (select 1 from booking b where b.beneficiary_id = person.id and b.ends_at > $1)
        and not exists (select 1 from sign_up u where u.person_id = person.id and u.made_at > $1)
        and not exists (select 1 from attendance t where t.person_id = person.id and t.marked_at > $1)
        and not exists (select 1 from case_file c where c.person_id = person.id and (c.pile <> 'over' or c.received_at > $1))
        order by made_at limit $2",
        &[long_ago.into(), AT_ONCE.into()],
    )?;
    for row in &strangers {
        erase(tx, call, &row.get::<PersonId>("id")?)?;
    }
    let full = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX) >= AT_ONCE;
    Ok([left.len(), lists.len(), walked_in.len(), strangers.len()]
        .into_iter()
        .any(full))
}
