//! Crashes: the server is killed at random under load, a hundred times on each database; what it had acknowledged must be there.

use std::{
    ffi::OsString,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use domain::time::Date;

use crate::{
    http::Http,
    measure::{booking, helper, serve_at, today},
    postgres::Postgres,
    shell::{Done, Scratch, command, finish, output, wait_for},
};

/// How often it is killed.
const ROUNDS: u64 = 100;

/// Who asks at the same time.
const CALLERS: u64 = 8;

/// How many people there are; each signs up once.
const PEOPLE: u64 = 4_000;

/// The longest and the shortest time until it is killed, in milliseconds.
const LIVES: (u64, u64) = (40, 600);

/// A house with an activity that many want.
struct House {
    option: &'static str,
    place: OsString,
    activity: String,
    session: String,
    /// Sessions and ids of people.
    people: Vec<(String, String)>,
}

/// What the server said was done.
#[derive(Default)]
struct Said {
    /// Bookings, with whose they are.
    bookings: Mutex<Vec<(String, usize)>>,
    /// People who signed up.
    sign_ups: Mutex<Vec<usize>>,
}

pub(super) fn crash() -> Done {
    let helper = helper()?;
    let postgres = Postgres::start()?;
    for kind in ["sqlite", "postgres"] {
        let scratch = Scratch::new("crash")?;
        let (option, place) = match kind {
            "sqlite" => ("--data", scratch.path().as_os_str().to_owned()),
            _ => {
                finish(command(&helper).args(["create", &postgres.url("postgres"), "crash"]))?;
                ("--database-url", postgres.url("crash").into())
            }
        };
        let house = open(&helper, scratch.path(), (option, place))?;
        let (mut kept, mut lost) = (0, 0);
        let (next, signed) = (AtomicU64::new(0), AtomicU64::new(0));
        let mut all_signed = 0;
        for round in 0..ROUNDS {
            let said = live_and_die(&house, round, (&next, &signed))?;
            let (_server, port) = serve_at(house.option, &house.place)?;
            wait_for(port, 20)?;
            let gone = count_gone(&house, port, &said)?;
            let bookings = said
                .bookings
                .into_inner()
                .map_err(|cause| cause.to_string())?;
            let sign_ups = said
                .sign_ups
                .into_inner()
                .map_err(|cause| cause.to_string())?;
            kept += bookings.len() + sign_ups.len();
            all_signed += sign_ups.len();
            lost += gone;
        }
        let overlaps = output(command(&helper).arg("overlaps").arg(&house.place))?;
        let outcome = output(command(&helper).arg("outcome").arg(&house.place))?;
        println!("crash-{kind} {lost} of {kept} acknowledged writes lost in {ROUNDS} kills");
        println!(
            "crash-{kind}-overlaps {overlaps} (the list: {outcome}; {all_signed} acknowledged)"
        );
        if lost > 0 || overlaps != "0" || !outcome.starts_with("confirmed 30,") {
            return Err(format!("{kind} lost or doubled something"));
        }
    }
    Ok(())
}

fn open(helper: &Path, folder: &Path, (option, place): (&'static str, OsString)) -> Done<House> {
    let mut rush = command(helper);
    rush.arg("rush").arg(&place).arg(folder);
    let aim = output(rush.arg(PEOPLE.to_string()))?;
    let (activity, session) = aim.split_once(' ').ok_or("the tool named no session")?;
    let cookies =
        std::fs::read_to_string(folder.join("cookies")).map_err(|cause| cause.to_string())?;
    let people = cookies.lines().filter_map(|line| line.split_once(' '));
    Ok(House {
        option,
        place,
        activity: activity.to_owned(),
        session: session.to_owned(),
        people: people
            .map(|(token, id)| (token.to_owned(), id.to_owned()))
            .collect(),
    })
}

/// Runs a server under load until it is killed.
fn live_and_die(house: &House, round: u64, (next, signed): (&AtomicU64, &AtomicU64)) -> Done<Said> {
    let (server, port) = serve_at(house.option, &house.place)?;
    wait_for(port, 20)?;
    let (said, over) = (Said::default(), AtomicBool::new(false));
    let today = today()?;
    let spread = round.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let life = LIVES.0 + spread % (LIVES.1 - LIVES.0);
    thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    // Whoever was asking when it died knows nothing.
                    let _ = ask(house, port, (next, signed), today, &said);
                }
            });
        }
        thread::sleep(Duration::from_millis(life));
        // Killed, as by a power cut.
        drop(server);
        over.store(true, Ordering::Relaxed);
    });
    Ok(said)
}

/// Asks until the connection breaks, and notes what was acknowledged.
fn ask(
    house: &House,
    port: u16,
    (next, signed): (&AtomicU64, &AtomicU64),
    today: Date,
    said: &Said,
) -> Done {
    let mut http = Http::connect(port)?;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number % 4 == 3 {
            let who = signed.fetch_add(1, Ordering::Relaxed);
            let Some((token, id)) = house.people.get(usize::try_from(who).unwrap_or(usize::MAX))
            else {
                continue;
            };
            let body = format!(
                "{{\"session\":\"{}\",\"people\":[\"{id}\"],\"wait\":true}}",
                house.session
            );
            let (status, _, _) = http.exchange(&format!(
                "POST /api/v1/centres/town/activities/{}/sign-ups HTTP/1.1\r\nhost: 127.0.0.1\r\n\
                 cookie: linli={token}\r\nidempotency-key: crash-{number:016}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                house.activity,
                body.len()
            ))?;
            if status == 200 {
                let who = usize::try_from(who).unwrap_or_default();
                said.sign_ups
                    .lock()
                    .map_err(|cause| cause.to_string())?
                    .push(who);
            }
            continue;
        }
        let who = usize::try_from(number).unwrap_or_default() % house.people.len();
        let request = booking(number, 60_000, today, &house.people[who].0, 9);
        let (status, _, reply) = http.exchange(&request)?;
        if status == 200 {
            let reply: serde_json::Value =
                serde_json::from_str(&reply).map_err(|cause| cause.to_string())?;
            let id = reply["id"].as_str().unwrap_or_default().to_owned();
            said.bookings
                .lock()
                .map_err(|cause| cause.to_string())?
                .push((id, who));
        }
    }
}

/// How many of the acknowledged writes are not there.
fn count_gone(house: &House, port: u16, said: &Said) -> Done<usize> {
    let mut http = Http::connect(port)?;
    let mut gone = 0;
    for (id, who) in said
        .bookings
        .lock()
        .map_err(|cause| cause.to_string())?
        .iter()
    {
        let token = &house.people[*who].0;
        let (status, _, reply) = http.exchange(&format!(
            "GET /api/v1/centres/town/bookings/{id} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: linli={token}\r\n\r\n"
        ))?;
        gone += usize::from(status != 200 || !reply.contains("\"state\":\"confirmed\""));
    }
    for who in said
        .sign_ups
        .lock()
        .map_err(|cause| cause.to_string())?
        .iter()
    {
        let token = &house.people[*who].0;
        let (status, _, reply) = http.exchange(&format!(
            "GET /api/v1/me/sign-ups HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: linli={token}\r\n\r\n"
        ))?;
        gone += usize::from(status != 200 || !reply.contains(house.activity.as_str()));
    }
    Ok(gone)
}
