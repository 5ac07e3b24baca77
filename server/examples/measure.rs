//! Helps `cargo xtask measure`: fills a SQLite database with a town of any size, and runs the bare storage loop.
//!
//! `measure seed FOLDER BOOKINGS PEOPLE` writes a house of 40 rooms, and each person's cookie into `FOLDER/cookies`.
//! `measure ahead FOLDER BOOKINGS PEOPLE` fills the same house from tomorrow on, for a manager; `measure past` until yesterday.
//! `measure rush PLACE FOLDER PEOPLE` opens an activity with 30 places; PLACE is a folder or a PostgreSQL URL. It prints the
//! activity and its session. `measure outcome PLACE` prints who has a place, `measure overlaps PLACE` how many bookings overlap. `measure create URL NAME` makes a database.
//! `measure loop FOLDER CALLERS DECISIONS` books through the same use case, without HTTP.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a tool for measuring, no part of the product"
)]

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use domain::{
    api::NewBooking,
    centre::{Centre, room::Room},
    id::CentreId,
    language::{Lang, Name},
    person::{Phone, permission::Actor},
    time::Date,
};
use server::{
    clock::Clock,
    db::{Database, Fail, Place},
    usecase::{Call, activity, booking, centre, idempotency::Write, person},
};

/// How many rooms the house has: forty, or as many as `MEASURE_ROOMS` says.
fn rooms() -> usize {
    let wanted = std::env::var("MEASURE_ROOMS").ok();
    wanted.and_then(|wanted| wanted.parse().ok()).unwrap_or(40)
}

fn town() -> Centre {
    let mut centre: Centre = toml::from_str(include_str!("../centres/harbour.toml")).unwrap();
    let study = centre
        .rooms
        .iter()
        .find(|room| room.id.as_str() == "study")
        .unwrap()
        .clone();
    // Rows of eight, in a larger house of twenty.
    let columns = if rooms() > 40 { 20 } else { 8 };
    let rows = rooms().div_ceil(columns);
    let (width, depth) = (columns * 5, rows * 6);
    let outline = |number: usize| {
        let (x, y) = (number % columns * 5, number / columns * 6);
        (format!("{x},{y} 5x4"), format!("{},{}", x + 2, y + 4))
    };
    centre.id = "town".into();
    "Asia/Shanghai".clone_into(&mut centre.zone);
    centre.rules.step = 30;
    centre.rules.ahead_days = 400;
    (
        centre.rules.open_bookings,
        centre.rules.week_minutes,
        centre.rules.month_minutes,
    ) = (u16::MAX, u16::MAX, u16::MAX);
    let floor = &mut centre.floors[0];
    floor.outline = domain::centre::plan::Outline::parse(&format!("0,0 {width}x{depth}")).unwrap();
    floor.area = (width * depth) as f64;
    floor.entrances = domain::centre::plan::Points::parse("0,5").unwrap();
    let corridor = floor.passages[0].clone();
    floor.passages = (0..rows)
        .map(|row| {
            let mut one = corridor.clone();
            one.outline =
                domain::centre::plan::Outline::parse(&format!("0,{} {width}x2", row * 6 + 4))
                    .unwrap();
            one.doors = domain::centre::plan::Points::default();
            one
        })
        .collect();
    let entrances: Vec<_> = (0..rows).map(|row| format!("0,{}", row * 6 + 5)).collect();
    floor.entrances = domain::centre::plan::Points::parse(&entrances.join(" ")).unwrap();
    centre.rooms = (0..rooms())
        .map(|number| {
            let (outline, door) = outline(number);
            Room {
                id: format!("room-{number}").as_str().into(),
                name: Name::new(format!("房间 {number}"), format!("Room {number}")),
                outline: domain::centre::plan::Outline::parse(&outline).unwrap(),
                doors: domain::centre::plan::Points::parse(&door).unwrap(),
                people: domain::centre::room::Capacity {
                    comfortable: 20,
                    most: 40,
                },
                ..study.clone()
            }
        })
        .collect();
    centre
}

fn open(place: &Path) -> Database {
    let url = place
        .to_str()
        .filter(|text| text.starts_with("postgres://"));
    let place = match url {
        Some(url) => Place::Url(url.to_owned()),
        None => Place::File(place.join("linli.db")),
    };
    Database::open(
        &place,
        server::db::Access::Migrate,
        Arc::new(|_| {}),
        Arc::new(|| {}),
    )
    .unwrap()
}

/// Thirty places, and people with cookies who want them.
fn rush(place: &Path, folder: &Path, people: u64) {
    const PLACES: u16 = 30;
    let db = open(place);
    let now_ms = Clock::System.now_ms();
    let told = |fail: Fail| match fail {
        Fail::Problem(problem) => problem.sentence(Lang::En),
        Fail::Fault(fault) => fault.cause,
    };
    let cookies = db
        .write_blocking(move |tx| {
            centre::save::save(tx, &Call::nobody(now_ms, &Arc::default()), &town(), &[])?.unwrap();
            let mut cookies = String::new();
            for number in 0..people {
                let phone = Phone::parse(&format!("{}", 13_900_000_000 + number));
                let new = person::NewPerson {
                    phone: phone.as_ref(),
                    name: "测量",
                    lang: Lang::Zh,
                };
                let id = person::create(tx, now_ms, new)?;
                let token = person::start_session(tx, now_ms, &id, "measure")?;
                cookies.push_str(&format!("{token} {id}\n"));
            }
            Ok(cookies)
        })
        .map_err(told)
        .unwrap();
    let leader: domain::id::PersonId = cookies
        .lines()
        .next()
        .unwrap()
        .split_once(' ')
        .unwrap()
        .1
        .into();
    std::fs::write(folder.join("cookies"), &cookies).unwrap();
    let start = Date::from_days(now_ms / 86_400_000).plus(7).at(18 * 60);
    let activity = db
        .write_blocking(move |tx| {
            person::role::grant(tx, &leader, None, domain::person::permission::Role::Staff)?;
            let actor = Actor {
                person: Some(leader.clone()),
                roles: vec![domain::person::permission::Grant {
                    centre: None,
                    role: domain::person::permission::Role::Staff,
                }],
            };
            let call = Call::new((actor, None), now_ms, &Arc::default());
            let new = domain::api::NewActivity {
                club: None,
                title: "抢名额".to_owned(),
                about: String::new(),
                lang: None,
                other: None,
                kind: domain::centre::room::Purpose::Class,
                room: "room-0".into(),
                start,
                end: start.plus(60),
                rule: None,
                exceptions: Vec::new(),
                audience: domain::activity::Audience::default(),
                fee: 0,
                places: PLACES,
                per: domain::activity::Per::Session,
                pick_up: false,
            };
            activity::publish::publish(tx, &call, CentreId::from("town"), new)
        })
        .map_err(told)
        .unwrap();
    println!("{} {}", activity.id, activity.sessions[0].id);
}

/// Thirty confirmed, who asked first; everybody else waits, nobody is lost, and the order has no gap.
fn outcome(place: &Path) {
    let db = open(place);
    let states = db
        .write_blocking(|tx| {
            let rows = tx.all("select state, seq from sign_up order by seq", &[])?;
            rows.iter()
                .map(|row| Ok((row.get::<String>("state")?, row.get::<i64>("seq")?)))
                .collect::<Result<Vec<_>, Fail>>()
        })
        .ok()
        .unwrap();
    let confirmed = states
        .iter()
        .filter(|(state, _)| state == "confirmed")
        .count();
    let waiting = states
        .iter()
        .filter(|(state, _)| state == "waitlisted")
        .count();
    let first = states
        .iter()
        .take(confirmed)
        .all(|(state, _)| state == "confirmed");
    let whole = states
        .iter()
        .zip(1..)
        .all(|((_, seq), number)| *seq == number);
    let order = if first && whole {
        "in order"
    } else {
        "out of order"
    };
    println!("confirmed {confirmed}, waiting {waiting}, {order}");
}

/// How many pairs of bookings share a room and a time.
fn count_overlaps(place: &Path) -> i64 {
    let counted = open(place).write_blocking(|tx| {
        let row = tx.one(
            "select count(*) as n from booking a join booking b on b.centre_id = a.centre_id and b.room_id = a.room_id
            and b.id > a.id and b.starts_at < a.ends_at and a.starts_at < b.ends_at
            where a.state = 'confirmed' and b.state = 'confirmed'",
            &[],
        )?;
        Ok(row.get("n")?)
    });
    counted.map_err(|_| "the database is broken").unwrap()
}

fn seed(folder: &Path, bookings: i64, people: u64) {
    let db = open(folder);
    let now_ms = Clock::System.now_ms();
    let cookies = db
        .write_blocking(move |tx| {
            centre::save::save(
                tx,
                &Call::nobody(now_ms, &Arc::default()),
                &town(),
                &[],
            )?
            .unwrap();
            let mut cookies = String::new();
            let mut first = None;
            for number in 0..people {
                let phone = Phone::parse(&format!("{}", 13_900_000_000 + number));
                let new = person::NewPerson { phone: phone.as_ref(), name: "测量", lang: Lang::Zh,};
                let id = person::create(tx, now_ms, new)?;
                let token = person::start_session(tx, now_ms, &id, "measure")?;
                cookies.push_str(&format!("{token} {id}\n"));
                first.get_or_insert(id);
            }
            // The past, and from the fourth month on: what comes between is left for the measurement.
            let values = [bookings.into(), (now_ms / 1000 / 86_400 * 86_400).into(), (&first.unwrap()).into()];
            tx.exec(
                "with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < $1)
                insert into booking (centre_id, id, room_id, starts_at, ends_at, before_minutes, after_minutes, people,
                    note, state, reason, actor_id, beneficiary_id, channel, made_at, title_zh, title_en)
                select 'town', 'seed-' || i, 'room-' || (i % 40), $2 - 7200 * (i / 40) - 7200, $2 - 7200 * (i / 40) - 3600, 0, 0, 4,
                    '', 'confirmed', '', $3, $3, 'app', $2, '种子', 'seed' from n",
                &values,
            )?;
            tx.exec(
                "insert into taken (centre_id, room_id, from_at, until_at, booking_id)
                select centre_id, room_id, starts_at, ends_at, id from booking where id like 'seed-%'",
                &[],
            )?;
            Ok(cookies)
        })
        .map_err(|fail| match fail {
            Fail::Problem(problem) => problem.sentence(Lang::En),
            Fail::Fault(fault) => fault.cause,
        })
        .unwrap();
    // A server that runs keeps its log of writes short; one transaction of this size does not.
    let file = rusqlite::Connection::open(folder.join("linli.db")).unwrap();
    file.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))
        .unwrap();
    std::fs::write(folder.join("cookies"), cookies).unwrap();
}

/// A year of a full house: 14 bookings of an hour a day in each room, from tomorrow on. The first person manages it.
fn fill(folder: &Path, bookings: i64, people: i64, direction: i64) {
    let db = open(folder);
    let now_ms = Clock::System.now_ms();
    let cookies = db
        .write_blocking(move |tx| {
            let mut town = town();
            town.hours.season[0].week = domain::centre::hours::WeekHours::parse("Mon-Sun 00:00-24:00").unwrap();
            town.hours.season.truncate(1);
            (town.hours.season[0].from, town.hours.season[0].to) = domain::centre::hours::MonthDay::YEAR;
            let call = Call::nobody(now_ms, &Arc::default());
            centre::save::save(tx, &call, &town, &[])?.unwrap();
            let mut cookies = String::new();
            for number in 0..people {
                let phone = Phone::parse(&format!("{}", 13_900_000_000 + number));
                let new = person::NewPerson { phone: phone.as_ref(), name: "测量", lang: Lang::Zh };
                let id = person::create(tx, now_ms, new)?;
                if number == 0 {
                    let token = person::start_session(tx, now_ms, &id, "measure")?;
                    cookies = format!("{token} {id}\n");
                    person::role::grant(tx, &id, None, domain::person::permission::Role::Manager)?;
                }
            }
            tx.exec(
                "with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < $1),
                p(k, id) as (select row_number() over (order by id) - 1, id from person)
                insert into booking (centre_id, id, room_id, starts_at, ends_at, before_minutes, after_minutes, people,
                    note, state, reason, actor_id, beneficiary_id, channel, made_at)
                select 'town', 'seed-' || i, 'room-' || (i % $5), $2 + $4 * 86400 * (1 + i / (14 * $5)) + 3600 * (i / $5 % 14),
                    $2 + $4 * 86400 * (1 + i / (14 * $5)) + 3600 * (i / $5 % 14) + 3600, 0, 0, 4,
                    '', 'confirmed', '', p.id, p.id, 'app', $2 from n join p on p.k = n.i % $3",
                &[bookings.into(), (now_ms / 1000 / 86_400 * 86_400).into(), people.into(), direction.into(), (rooms() as i64).into()],
            )?;
            tx.exec(
                "insert into taken (centre_id, room_id, from_at, until_at, booking_id)
                select centre_id, room_id, starts_at, ends_at, id from booking where id like 'seed-%'",
                &[],
            )?;
            fill_cases(tx, now_ms / 1000, people)?;
            Ok(cookies)
        })
        .map_err(|fail| match fail {
            Fail::Problem(problem) => problem.sentence(Lang::En),
            Fail::Fault(fault) => fault.cause,
        })
        .unwrap();
    let file = rusqlite::Connection::open(folder.join("linli.db")).unwrap();
    file.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))
        .unwrap();
    std::fs::write(folder.join("cookies"), cookies).unwrap();
}

/// As many open cases as `MEASURE_CASES` says, due around now.
fn fill_cases(tx: &mut server::db::Tx<'_>, now: i64, people: i64) -> Result<(), Fail> {
    let wanted = std::env::var("MEASURE_CASES").ok();
    let wanted: i64 = wanted.and_then(|wanted| wanted.parse().ok()).unwrap_or(0);
    if wanted == 0 {
        return Ok(());
    }
    tx.exec(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < $1),
        p(k, id) as (select row_number() over (order by id) - 1, id from person)
        insert into case_file (centre_id, id, number, kind, state, reader, title, words, place, urgency, channel, person_id, agreed, why,
            received_at, due_at, pile, sort_at, revision)
        select 'town', 'case-' || i, i, case i % 3 when 0 then 'report' when 1 then 'matter' else 'errand' end, 'received', 'staff', '',
            'What somebody wants, in their own words, number ' || i, 'At home', 'week', 'app', p.id, 0, '', $2, $2 + i * 7919 % 1000000 - 500000,
            'open', $2 + i * 7919 % 1000000 - 500000, 0
        from n join p on p.k = n.i % $3",
        &[wanted.into(), now.into(), people.into()],
    )?;
    Ok(())
}

/// The same decisions as over HTTP: a random half-hour of a random room, from twice as many as are asked for.
fn wanted(number: u64, decisions: u64, today: Date) -> NewBooking {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z ^= z >> 27;
    let slot = z % (decisions * 3 / 4).max(1);
    let (room, half) = (slot % rooms() as u64, (slot / rooms() as u64) as i64);
    let start = today.plus(1 + half / 48).at(half % 48 * 30);
    NewBooking {
        room: format!("room-{room}").as_str().into(),
        start,
        end: start.plus(30),
        people: 2,
        purpose: None,
        note: String::new(),
        behalf: None,
        revision: 0,
    }
}

fn storage_loop(folder: &Path, callers: u64, decisions: u64) {
    let db = open(folder);
    let cookies = std::fs::read_to_string(folder.join("cookies")).unwrap();
    let people: Vec<&str> = cookies
        .lines()
        .map(|line| line.split(' ').nth(1).unwrap())
        .collect();
    let centres = Arc::new(centre::known::Centres::default());
    let today = Date::from_days(Clock::System.now() / 86_400);
    let next = AtomicU64::new(0);
    let waits = Mutex::new(Vec::new());
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..callers {
            scope.spawn(|| {
                let mut mine = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= decisions {
                        break;
                    }
                    let new = wanted(number, decisions, today);
                    let id: domain::id::PersonId = people[number as usize % people.len()].into();
                    let actor = Actor {
                        person: Some(id.clone()),
                        roles: vec![],
                    };
                    let call = Call::new((actor, None), Clock::System.now_ms(), &centres);
                    let write = Write::new(format!("loop-{number:020}"), "Book", "", &[]);
                    let asked = Instant::now();
                    let _ = db.write_blocking(move |tx| {
                        write.once(tx, &id, call.now(), |tx| {
                            booking::book::book(tx, &call, CentreId::from("town"), new.clone())
                        })
                    });
                    mine.push(asked.elapsed().as_micros() as u64);
                }
                waits.lock().unwrap().extend(mine);
            });
        }
    });
    let seconds = started.elapsed().as_secs_f64();
    let mut waits = waits.into_inner().unwrap();
    waits.sort_unstable();
    println!(
        "{:.0} {:.1}",
        decisions as f64 / seconds,
        waits[waits.len() * 99 / 100] as f64 / 1000.0
    );
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let number = |at: usize| words[at].parse::<u64>().unwrap();
    match words.get(1).map(String::as_str) {
        Some("seed") => seed(Path::new(&words[2]), number(3) as i64, number(4)),
        Some("ahead") => fill(Path::new(&words[2]), number(3) as i64, number(4) as i64, 1),
        Some("past") => fill(Path::new(&words[2]), number(3) as i64, number(4) as i64, -1),
        Some("rush") => rush(Path::new(&words[2]), Path::new(&words[3]), number(4)),
        Some("outcome") => outcome(Path::new(&words[2])),
        Some("overlaps") => println!("{}", count_overlaps(Path::new(&words[2]))),
        Some("create") => postgres::Client::connect(&words[2], postgres::NoTls)
            .unwrap()
            .batch_execute(&format!("create database {}", words[3]))
            .unwrap(),
        Some("loop") => storage_loop(Path::new(&words[2]), number(3), number(4)),
        _ => {
            println!("measure seed FOLDER BOOKINGS PEOPLE | measure loop FOLDER CALLERS DECISIONS");
        }
    }
}
