//! `cargo xtask measure`: what the product promises, measured. Each line is `name value unit`; what it is compared with
//! is measured in the same run. Medians of several runs, with the spread.

mod crash;
mod flat;
mod house;
mod live;

use std::{
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::time::Date;

use crate::{
    build,
    http::Http,
    pages::{Pages, Wanted},
    postgres::Postgres,
    shell::{
        Done, Running, Scratch, cargo, command, finish, free_port, now, output, root, step,
        wait_for,
    },
    test::{Demo, chromium, need_chromium, node_packages},
    tools,
};

const NAMES: [&str; 20] = [
    "size",
    "start",
    "load",
    "book",
    "rush",
    "rush-live",
    "read",
    "memory",
    "availability",
    "consequences",
    "series",
    "cases",
    "report",
    "taps",
    "flat",
    "live",
    "calendar",
    "crash",
    "load-links",
    "map",
];
const RUNS: usize = 5;
const CONNECTIONS: u64 = 64;

/// Measures one promise, or all.
pub(crate) fn measure(words: &[String]) -> Done {
    let wanted: Vec<&str> = match words {
        [all] if all == "all" => NAMES.to_vec(),
        [one] if NAMES.contains(&one.as_str()) => vec![one.as_str()],
        _ => return Err(format!("measure what? {}, or all", NAMES.join(", "))),
    };
    build::app()?;
    build::server()?;
    println!(
        "{} cores, {}",
        std::thread::available_parallelism().map_or(0, usize::from),
        std::env::consts::ARCH
    );
    for name in wanted {
        match name {
            "size" | "load" | "load-links" | "taps" => in_browser(name)?,
            "start" => start()?,
            "book" => book()?,
            "rush" => rush(0)?,
            "rush-live" => rush(2_000)?,
            "memory" => memory()?,
            "read" => read()?,
            "consequences" => house::consequences()?,
            "series" => house::series()?,
            "cases" => house::cases()?,
            "report" => house::report()?,
            "flat" => flat::flat()?,
            "live" => live::live()?,
            "calendar" => calendar()?,
            "crash" => crash::crash()?,
            "map" => map()?,
            _ => availability()?,
        }
    }
    Ok(())
}

fn say(name: &str, values: &mut [f64], unit: &str) {
    values.sort_by(f64::total_cmp);
    let (low, middle, high) = (
        values[0],
        values[values.len() / 2],
        values[values.len() - 1],
    );
    let spread = if values.len() > 1 {
        format!("  ({low:.1} to {high:.1}, {} runs)", values.len())
    } else {
        String::new()
    };
    println!("{name} {middle:.1} {unit}{spread}");
}

/// What real Chromium sees of the demo.
fn in_browser(name: &str) -> Done {
    need_chromium()?;
    let folder = node_packages()?;
    let demo = Demo::start(name)?;
    let mut script = command("node");
    let file = if name == "taps" {
        "taps.mjs"
    } else {
        "measure.mjs"
    };
    script.arg(file).arg(name).current_dir(folder);
    finish(
        script
            .env("LINLI_URL", demo.url())
            .env("CHROMIUM", chromium().ok_or("Chromium is not installed")?),
    )
}

/// A day of 40 rooms drawn, and the next, with all bookings of the week at hand; beside `FullCalendar` in the same browser.
fn calendar() -> Done {
    const BOOKINGS: u64 = 10_000;
    need_chromium()?;
    let folder = node_packages()?;
    let house = house::FullHouse::open("calendar", "ahead", (BOOKINGS, 100))?;
    // For this measurement alone: no part of the product, nor of its tests.
    let other = Scratch::new("fullcalendar")?;
    step("fetch FullCalendar", || {
        let mut install = command("npm");
        install.args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]);
        finish(
            install
                .arg(other.path())
                .arg("fullcalendar-scheduler@6.1.21"),
        )
    })?;
    let script = other
        .path()
        .join("node_modules/fullcalendar-scheduler/index.global.min.js");
    let mut measure = command("node");
    measure
        .args(["measure.mjs", "calendar"])
        .current_dir(folder)
        .env("LINLI_URL", format!("http://127.0.0.1:{}", house.port))
        .env("FULLCALENDAR", script)
        .env("DAY", today()?.plus(7).monday().to_string())
        .env("CHROMIUM", chromium().ok_or("Chromium is not installed")?);
    finish(&mut measure)
}

/// Steps of the time on the map, in houses of 200 and of 500 rooms (the most that a plan may have) with 5,000 bookings.
fn map() -> Done {
    need_chromium()?;
    let folder = node_packages()?;
    for rooms in [200, 500] {
        let house = house::FullHouse::open_with_rooms("map", "ahead", (5_000, 100), rooms)?;
        let mut measure = command("node");
        measure
            .args(["measure.mjs", "map"])
            .current_dir(&folder)
            .env("LINLI_URL", format!("http://127.0.0.1:{}", house.port))
            .env("ROOMS", rooms.to_string())
            .env("DAY", today()?.plus(1).to_string())
            .env("CHROMIUM", chromium().ok_or("Chromium is not installed")?);
        finish(&mut measure)?;
    }
    Ok(())
}

fn helper() -> Done<std::path::PathBuf> {
    step("build the measuring tool", || {
        finish(cargo().args([
            "build",
            "--quiet",
            "--release",
            "--package",
            "server",
            "--example",
            "measure",
        ]))
    })?;
    Ok(build::target().join("release/examples/measure"))
}

fn seed(helper: &Path, folder: &Path, bookings: u64, people: u64) -> Done {
    step(
        &format!("a house with {bookings} bookings and {people} people"),
        || {
            finish(
                command(helper)
                    .arg("seed")
                    .arg(folder)
                    .args([bookings.to_string(), people.to_string()]),
            )
        },
    )
}

/// A release server on a folder.
fn serve(folder: &Path) -> Done<(Running, u16)> {
    serve_at("--data", folder.as_os_str())
}

/// A release server on a folder (`--data`) or a database (`--database-url`).
fn serve_at(option: &str, place: &std::ffi::OsStr) -> Done<(Running, u16)> {
    serve_with(option, place, &[])
}

/// As [`serve_at`], with settings in its environment.
fn serve_with(
    option: &str,
    place: &std::ffi::OsStr,
    settings: &[(&str, &str)],
) -> Done<(Running, u16)> {
    let port = free_port()?;
    let mut serve = command(build::target().join("release/linli"));
    serve
        .arg("serve")
        .arg(option)
        .arg(place)
        .args(["--listen", &format!("127.0.0.1:{port}")]);
    serve
        .env("LINLI_WRITES_PER_MINUTE", "0")
        .env("LINLI_LOG", "error")
        .envs(settings.iter().copied())
        .stdout(std::process::Stdio::null());
    Ok((Running::start(&mut serve)?, port))
}

fn start() -> Done {
    let scratch = Scratch::new("start")?;
    seed(&helper()?, scratch.path(), 1_000_000, 100)?;
    let (mut times, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let started = now();
        let (server, port) = serve(scratch.path())?;
        wait_for(port, 20)?;
        let (status, _) = Http::connect(port)?.get("/readyz", "")?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        if status != 200 {
            return Err(format!("the server answered {status}"));
        }
        memory.extend(resident(server.id()));
    }
    say("start", &mut times, "ms");
    say("start-memory", &mut memory, "MiB");
    Ok(())
}

/// Resident memory of the demo's server: after 400 pictures at once and 2,000 different reads, and after 20,000 mixed requests.
fn memory() -> Done {
    let demo = Demo::start("memory")?;
    let port = demo.port();
    let today = today()?;
    let (_, _, list) = Http::connect(port)?
        .exchange("GET /api/v1/centres/xizhan/activities HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")?;
    let list: serde_json::Value = serde_json::from_str(&list).map_err(|cause| cause.to_string())?;
    let ids: Vec<&str> = list
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one.get("id")?.as_str())
        .collect();
    let get = |path: &str| {
        format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-encoding: br\r\n\r\n")
    };
    let many = |connections, total, path: &(dyn Fn(u64) -> String + Sync)| {
        let done = load_over(connections, port, total, |number| get(&path(number)))?;
        match done.statuses[..] {
            [(200, _)] => Ok(()),
            ref other => Err(format!("not all were answered: {other:?}")),
        }
    };
    let id = demo.id();
    let mut idle: Vec<f64> = resident(id).into_iter().collect();
    many(400, 400, &|number| {
        let id = ids[number as usize % ids.len()];
        format!("/api/v1/centres/xizhan/activities/{id}/picture.png")
    })?;
    many(32, 2_000, &|number| {
        let from = today.plus(i64::try_from(number / 100).unwrap_or_default() - 10);
        format!(
            "/api/v1/centres/xizhan/occupancy/{from}/{}",
            number % 100 + 1
        )
    })?;
    let mut flooded: Vec<f64> = resident(id).into_iter().collect();
    let calm = Demo::start("memory-calm")?;
    let (port, id) = (calm.port(), calm.id());
    let done = load_over(32, port, 20_000, |number| {
        get(match number % 4 {
            0 => "/",
            1 => "/api/v1/centres",
            2 => "/api/v1/centres/xizhan",
            _ => "/api/v1/centres/xizhan/activities",
        })
    })?;
    if !matches!(done.statuses[..], [(200, _)]) {
        return Err(format!("not all were answered: {:?}", done.statuses));
    }
    let mut mixed: Vec<f64> = resident(id).into_iter().collect();
    say("memory-idle", &mut idle, "MiB");
    say("memory-flooded", &mut flooded, "MiB");
    say("memory-mixed", &mut mixed, "MiB");
    Ok(())
}

/// Resident memory in MiB.
fn resident(id: u32) -> Option<f64> {
    memory_of(id, "VmRSS:")
}

/// What of it is the process's own: the rest are pages of files, which the system takes back when it needs them. SQLite's file is
/// one of them, and each connection that reads it counts them again.
fn own(id: u32) -> Option<f64> {
    memory_of(id, "RssAnon:")
}

/// A line of `/proc/<id>/status` (Linux, proc(5)), in MiB.
fn memory_of(id: u32, name: &str) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace()
        .nth(1)?
        .parse::<f64>()
        .ok()
        .map(|kib| kib / 1024.0)
}

/// What a load had done: per second, the 99th percentile of the waits in milliseconds, and how often each status came.
struct Load {
    rate: f64,
    p99: f64,
    statuses: Vec<(u16, u64)>,
}

/// `total` requests over 64 connections; `request` says what the n-th one is.
fn load(port: u16, total: u64, request: impl Fn(u64) -> String + Sync) -> Done<Load> {
    load_over(CONNECTIONS, port, total, request)
}

fn load_over(
    connections: u64,
    port: u16,
    total: u64,
    request: impl Fn(u64) -> String + Sync,
) -> Done<Load> {
    let next = AtomicU64::new(0);
    let all = Mutex::new(Vec::with_capacity(
        usize::try_from(total).unwrap_or_default(),
    ));
    let started = now();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| -> Done {
                    let mut http = Http::connect(port)?;
                    let mut mine = Vec::new();
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= total {
                            break;
                        }
                        let text = request(number);
                        let asked = now();
                        let (status, _) = http.send(&text)?;
                        mine.push((asked.elapsed().as_micros() as u64, status));
                    }
                    all.lock().map_err(|cause| cause.to_string())?.extend(mine);
                    Ok(())
                })
            })
            .collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| "a caller panicked".to_owned())?)
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let mut all = all.into_inner().map_err(|cause| cause.to_string())?;
    all.sort_unstable();
    let mut statuses: Vec<(u16, u64)> = Vec::new();
    for (_, status) in &all {
        match statuses.iter_mut().find(|(known, _)| known == status) {
            Some((_, count)) => *count += 1,
            None => statuses.push((*status, 1)),
        }
    }
    let p99 = all
        .get(all.len() * 99 / 100)
        .map_or(0.0, |one| one.0 as f64 / 1000.0);
    Ok(Load {
        rate: total as f64 / seconds,
        p99,
        statuses,
    })
}

fn book() -> Done {
    const DECISIONS: u64 = 40_000;
    let helper = helper()?;
    let today = today()?;
    let (mut rates, mut waits, mut bare, mut ratios) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for run in 0..3u64 {
        let scratch = Scratch::new("book")?;
        seed(&helper, scratch.path(), 10_000, 10_000)?;
        let cookies = std::fs::read_to_string(scratch.path().join("cookies"))
            .map_err(|cause| cause.to_string())?;
        let tokens: Vec<&str> = cookies
            .lines()
            .filter_map(|line| line.split(' ').next())
            .collect();
        let (server, port) = serve(scratch.path())?;
        wait_for(port, 20)?;
        let done = load(port, DECISIONS, |number| {
            booking(
                number,
                DECISIONS,
                today,
                tokens[number as usize % tokens.len()],
                run,
            )
        })?;
        drop(server);
        println!("  statuses {:?}", done.statuses);
        if done
            .statuses
            .iter()
            .any(|(status, _)| !matches!(status, 200 | 409))
        {
            return Err("some answers were neither yes nor no".to_owned());
        }
        let fresh = Scratch::new("book-bare")?;
        seed(&helper, fresh.path(), 10_000, 10_000)?;
        let text = output(
            command(&helper)
                .arg("loop")
                .arg(fresh.path())
                .args(["64", &DECISIONS.to_string()]),
        )?;
        let rate: f64 = text
            .split(' ')
            .next()
            .and_then(|rate| rate.parse().ok())
            .ok_or("the loop said nothing")?;
        rates.push(done.rate);
        waits.push(done.p99);
        bare.push(rate);
        ratios.push(done.rate / rate);
    }
    say("book", &mut rates, "decisions/s");
    say("book-p99", &mut waits, "ms");
    say("book-bare", &mut bare, "decisions/s");
    ratios.sort_by(f64::total_cmp);
    println!(
        "book-ratio {:.2} of the bare loop",
        ratios[ratios.len() / 2]
    );
    Ok(())
}

/// The n-th request: a random half-hour of a random room, from three quarters as many as are asked for.
/// Everybody wants one of thirty places at once, on both databases; then who got one is checked to the last person.
/// A rush for an activity; with `pages`, while so many open pages of its centre follow it.
fn rush(pages: u64) -> Done {
    const PEOPLE: u64 = 5_000;
    const CALLERS: u64 = 256;
    const ROUNDS: u64 = 3;
    let helper = helper()?;
    let postgres = Postgres::start()?;
    if pages > 0 {
        // Two connections a page, here and at the server.
        rlimit::increase_nofile_limit(20_000).map_err(|cause| cause.to_string())?;
    }
    for kind in ["sqlite", "postgres"] {
        let (mut rates, mut waits) = (Vec::new(), Vec::new());
        let (mut right, mut told) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let scratch = Scratch::new("rush")?;
            let (option, place) = if kind == "sqlite" {
                ("--data", scratch.path().as_os_str().to_owned())
            } else {
                let name = format!("rush{round}");
                let system = postgres.url("postgres");
                finish(command(&helper).args(["create", &system, &name]))?;
                ("--database-url", postgres.url(&name).into())
            };
            let aim = output(
                command(&helper)
                    .arg("rush")
                    .arg(&place)
                    .arg(scratch.path())
                    .arg(PEOPLE.to_string()),
            )?;
            let (activity, session) = aim.split_once(' ').ok_or("the tool named no session")?;
            let cookies = std::fs::read_to_string(scratch.path().join("cookies"))
                .map_err(|cause| cause.to_string())?;
            let people: Vec<(&str, &str)> = cookies
                .lines()
                .filter_map(|line| line.split_once(' '))
                .collect();
            let (server, port) = serve_at(option, &place)?;
            wait_for(port, 20)?;
            let week = today()?.plus(7).monday();
            let wanted = Wanted {
                port,
                events: "/api/v1/centres/town/events".to_owned(),
                reads: vec![
                    format!("/api/v1/centres/town/activities/{activity}"),
                    format!("/api/v1/centres/town/occupancy/{week}/7"),
                ],
                last: format!("\"waiting\":{}", PEOPLE - 30),
            };
            let open = match pages {
                0 => None,
                count => Some(Pages::open(count, &wanted)?),
            };
            let done = load_over(CALLERS, port, PEOPLE, |number| {
                let (token, id) = people[number as usize];
                let body =
                    format!("{{\"session\":\"{session}\",\"people\":[\"{id}\"],\"wait\":true}}");
                format!(
                    "POST /api/v1/centres/town/activities/{activity}/sign-ups HTTP/1.1\r\nhost: 127.0.0.1\r\n\
                     cookie: linli={token}\r\nidempotency-key: rush-{kind}-{round}-{number:012}\r\n\
                     content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                )
            })?;
            if let Some(open) = open {
                let (took, events) = open.settle(now())?;
                right.push(took);
                told.push(events);
            }
            drop(server);
            if done.statuses != [(200, PEOPLE)] {
                return Err(format!("not everybody was answered: {:?}", done.statuses));
            }
            let outcome = output(command(&helper).arg("outcome").arg(&place))?;
            let exact = format!("confirmed 30, waiting {}, in order", PEOPLE - 30);
            if outcome != exact {
                return Err(format!("the outcome is not exact: {outcome}"));
            }
            println!("  {kind}: {outcome}");
            rates.push(done.rate);
            waits.push(done.p99);
        }
        let name = if pages == 0 { "rush" } else { "rush-live" };
        say(&format!("{name}-{kind}"), &mut rates, "decisions/s");
        say(&format!("{name}-{kind}-p99"), &mut waits, "ms");
        if pages > 0 {
            say(
                &format!("{name}-{kind}-right"),
                &mut right,
                "s after the end",
            );
            say(
                &format!("{name}-{kind}-events"),
                &mut told,
                "events/s and page",
            );
        }
    }
    Ok(())
}

fn booking(number: u64, total: u64, today: Date, token: &str, run: u64) -> String {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z ^= z >> 27;
    let slot = z % (total * 3 / 4).max(1);
    let (room, half) = (slot % 40, i64::try_from(slot / 40).unwrap_or_default());
    let start = today.plus(1 + half / 48).at(half % 48 * 30);
    let body = format!(
        "{{\"room\":\"room-{room}\",\"start\":\"{start}\",\"end\":\"{}\",\"people\":2}}",
        start.plus(30)
    );
    format!(
        "POST /api/v1/centres/town/bookings HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: linli={token}\r\n\
         idempotency-key: measure-{run}-{number:012}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Today, by the machine's `date`.
fn today() -> Done<Date> {
    let text = output(command("date").args(["-u", "+%Y-%m-%d"]))?;
    Date::parse(&text).ok_or_else(|| format!("date said {text}"))
}

fn read() -> Done {
    const TOTAL: u64 = 100_000;
    let scratch = Scratch::new("read")?;
    seed(&helper()?, scratch.path(), 10_000, 10)?;
    let (_server, port) = serve(scratch.path())?;
    wait_for(port, 20)?;
    let path = format!("/api/v1/centres/town/occupancy/{}/1", today()?.plus(-2));
    let (_, tag) = Http::connect(port)?.get(&path, "accept-encoding: br\r\n")?;
    let ask = |headers: &str| {
        format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-encoding: br\r\n{headers}\r\n")
    };
    let (plain, conditional, least) = (
        ask(""),
        ask(&format!("if-none-match: {tag}\r\n")),
        "GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n",
    );
    let (mut rates, mut unchanged, mut waits, mut floor) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let done = load(port, TOTAL, |_| plain.clone())?;
        rates.push(done.rate);
        waits.push(done.p99);
        unchanged.push(load(port, TOTAL, |_| conditional.clone())?.rate);
        floor.push(load(port, TOTAL, |_| least.to_owned())?.rate);
    }
    say("read", &mut rates, "replies/s");
    say("read-p99", &mut waits, "ms");
    say("read-unchanged", &mut unchanged, "replies/s");
    say(
        "read-floor",
        &mut floor,
        "replies/s (an empty answer of the same server, the same load)",
    );
    Ok(())
}

fn availability() -> Done {
    const ROUNDS: f64 = 100.0;
    let example = [
        "build",
        "--quiet",
        "--release",
        "--package",
        "domain",
        "--example",
        "availability",
    ];
    tools::ensure()?;
    step("build for this machine", || finish(cargo().args(example)))?;
    step("build as WebAssembly", || {
        finish(
            cargo()
                .args(example)
                .args(["--target", "wasm32-unknown-unknown"]),
        )
    })?;
    let native = build::target().join("release/examples/availability");
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let started = now();
        finish(&mut command(&native))?;
        times.push(started.elapsed().as_secs_f64() * 1000.0 / ROUNDS);
    }
    say("availability", &mut times, "ms, native");
    let wasm = build::target().join("wasm32-unknown-unknown/release/examples/availability.wasm");
    let script = "const fs = require('fs');
        WebAssembly.instantiate(fs.readFileSync(process.argv[1]), {}).then(({ instance }) => {
            const started = performance.now();
            instance.exports.main(0, 0);
            console.log(performance.now() - started);
        });";
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let text = output(
            command("node")
                .args(["-e", script])
                .arg(&wasm)
                .current_dir(root()),
        )?;
        times.push(text.parse::<f64>().map_err(|cause| cause.to_string())? / ROUNDS);
    }
    say("availability-wasm", &mut times, "ms, in V8");
    Ok(())
}
