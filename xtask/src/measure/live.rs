//! Live changes: how soon one is seen elsewhere, and ten thousand open streams of events.

use std::{
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpStream},
    thread,
    time::Duration,
};

use crate::{
    http::Http,
    measure::{RUNS, booking, helper, resident, say, seed, serve, serve_with, today},
    postgres::Postgres,
    shell::{Done, Scratch, command, finish, now, output, wait_for},
};

/// How many streams are open at once.
const STREAMS: usize = 10_000;

/// Pages of a centre are told at most once a second.
const APART: Duration = Duration::from_millis(1_500);

/// An open stream of a centre's events.
struct Stream(BufReader<TcpStream>);

impl Stream {
    /// Opens one and waits until it says where it stands.
    fn open(port: u16) -> Done<Self> {
        let broken = |cause: std::io::Error| cause.to_string();
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(broken)?;
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .map_err(broken)?;
        stream
            .write_all(b"GET /api/v1/centres/town/events HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
            .map_err(broken)?;
        let mut one = Self(BufReader::with_capacity(512, stream));
        one.wait()?;
        Ok(one)
    }

    /// Waits for the next event.
    fn wait(&mut self) -> Done {
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.0.read_line(&mut line);
            if read.map_err(|cause| cause.to_string())? == 0 {
                return Err("a stream ended".to_owned());
            }
            if line.starts_with("data:") {
                return Ok(());
            }
        }
    }
}

/// The sessions of people who may book.
fn tokens(folder: &std::path::Path) -> Done<Vec<String>> {
    let cookies =
        std::fs::read_to_string(folder.join("cookies")).map_err(|cause| cause.to_string())?;
    let tokens = cookies.lines().filter_map(|line| line.split(' ').next());
    Ok(tokens.map(str::to_owned).collect())
}

/// Books at one server and says how long it took until the other had told it, some times over.
fn until_seen((here, there): (u16, u16), tokens: &[String]) -> Done<Vec<f64>> {
    let mut stream = Stream::open(there)?;
    let mut http = Http::connect(here)?;
    let mut times = Vec::new();
    for number in 0..u64::try_from(2 * RUNS).unwrap_or_default() {
        thread::sleep(APART);
        let token = &tokens[usize::try_from(number).unwrap_or_default() % tokens.len()];
        let request = booking(number, 1_000, today()?, token, 7);
        let asked = now();
        let (status, _, reply) = http.exchange(&request)?;
        if status != 200 {
            return Err(format!("a booking was answered {status}: {reply}"));
        }
        stream.wait()?;
        times.push(asked.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(times)
}

pub(super) fn live() -> Done {
    let helper = helper()?;
    let scratch = Scratch::new("live")?;
    seed(&helper, scratch.path(), 1_000, 100)?;
    let known = tokens(scratch.path())?;
    {
        let (_server, port) = serve(scratch.path())?;
        wait_for(port, 20)?;
        let mut times = until_seen((port, port), &known)?;
        say(
            "live-seen",
            &mut times,
            "ms, by another page of the same process",
        );
    }
    {
        let postgres = Postgres::start()?;
        finish(command(&helper).args(["create", &postgres.url("postgres"), "live"]))?;
        let url = postgres.url("live");
        let people = Scratch::new("live-postgres")?;
        output(
            command(&helper)
                .arg("rush")
                .arg(&url)
                .arg(people.path())
                .arg("100"),
        )?;
        let (_here, here) = serve_with("--database-url", url.as_ref(), &[])?;
        let (_there, there) = serve_with("--database-url", url.as_ref(), &[])?;
        wait_for(here, 20)?;
        wait_for(there, 20)?;
        let mut times = until_seen((here, there), &tokens(people.path())?)?;
        say(
            "live-seen-elsewhere",
            &mut times,
            "ms, by a page of another process on one PostgreSQL",
        );
    }
    // All come from one address, as behind a proxy.
    let (server, port) = serve_with(
        "--data",
        scratch.path().as_os_str(),
        &[("LINLI_BEHIND_PROXY", "true")],
    )?;
    wait_for(port, 20)?;
    rlimit::increase_nofile_limit(20_000).map_err(|cause| cause.to_string())?;
    let mut idle: Vec<f64> = resident(server.id()).into_iter().collect();
    let opened: Done<Vec<Stream>> = (0..STREAMS).map(|_| Stream::open(port)).collect();
    let mut streams = opened?;
    let mut full: Vec<f64> = resident(server.id()).into_iter().collect();
    let mut times = Vec::new();
    for number in 500..500 + u64::try_from(RUNS).unwrap_or_default() {
        thread::sleep(APART);
        let request = booking(number, 1_000, today()?, &known[0], 8);
        let asked = now();
        Http::connect(port)?.exchange(&request)?;
        streams.iter_mut().try_for_each(Stream::wait)?;
        times.push(asked.elapsed().as_secs_f64() * 1000.0);
    }
    let mut after: Vec<f64> = resident(server.id()).into_iter().collect();
    say("live-memory-idle", &mut idle, "MiB");
    say(
        &format!("live-memory ({STREAMS} streams)"),
        &mut full,
        "MiB",
    );
    say("live-memory after changes", &mut after, "MiB");
    say("live-all-told", &mut times, "ms until the last stream");
    Ok(())
}
