//! Open pages for benchmarks: each follows a centre and asks for an activity and its week at every event, as the app does.

use std::{
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    http::Http,
    shell::{Done, now},
};

/// What one page needs of memory for its thread.
const STACK: usize = 256 * 1024;

/// What all pages have seen.
#[derive(Default)]
struct Seen {
    events: AtomicU64,
    right: AtomicU64,
    ready: AtomicU64,
    stop: AtomicBool,
}

/// Many pages of one activity.
pub(crate) struct Pages {
    count: u64,
    seen: Arc<Seen>,
    opened: Instant,
}

/// What a page asks for, and the text in the activity's reply that says that all is over.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub(crate) port: u16,
    pub(crate) events: String,
    pub(crate) reads: Vec<String>,
    pub(crate) last: String,
}

impl Pages {
    /// Opens pages and waits until each follows.
    pub(crate) fn open(count: u64, wanted: &Wanted) -> Done<Self> {
        let seen = Arc::new(Seen::default());
        for _ in 0..count {
            let (wanted, seen) = (wanted.clone(), Arc::clone(&seen));
            let page = thread::Builder::new().stack_size(STACK);
            page.spawn(move || {
                // A page whose connection fails is missing in the count of those that are right.
                let _ = follow(&wanted, &seen);
            })
            .map_err(|cause| cause.to_string())?;
        }
        let opened = now();
        while seen.ready.load(Ordering::Relaxed) < count {
            if opened.elapsed() > Duration::from_secs(30) {
                return Err("the pages could not be opened".to_owned());
            }
            thread::sleep(Duration::from_millis(20));
        }
        seen.events.store(0, Ordering::Relaxed);
        Ok(Self {
            count,
            seen,
            opened: now(),
        })
    }

    /// Waits until all pages show the end; gives the seconds that took since `ended`, and the events a second and page.
    pub(crate) fn settle(self, ended: Instant) -> Done<(f64, f64)> {
        while self.seen.right.load(Ordering::Relaxed) < self.count {
            if ended.elapsed() > Duration::from_secs(20) {
                let right = self.seen.right.load(Ordering::Relaxed);
                return Err(format!(
                    "{right} of {} pages are right after 20 s",
                    self.count
                ));
            }
            thread::sleep(Duration::from_millis(5));
        }
        let took = ended.elapsed().as_secs_f64();
        let seconds = self.opened.elapsed().as_secs_f64();
        let events = self.seen.events.load(Ordering::Relaxed);
        self.seen.stop.store(true, Ordering::Relaxed);
        Ok((took, events as f64 / self.count as f64 / seconds.max(1.0)))
    }
}

fn follow(wanted: &Wanted, seen: &Seen) -> Done {
    let broken = |cause: std::io::Error| cause.to_string();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, wanted.port)).map_err(broken)?;
    let ask = format!("GET {} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", wanted.events);
    stream.write_all(ask.as_bytes()).map_err(broken)?;
    let mut lines = BufReader::with_capacity(1024, stream);
    let mut http = Http::connect(wanted.port)?;
    let mut tags = vec![String::new(); wanted.reads.len()];
    let (mut greeted, mut right) = (false, false);
    let mut line = String::new();
    while !seen.stop.load(Ordering::Relaxed) {
        line.clear();
        if lines.read_line(&mut line).map_err(broken)? == 0 {
            break;
        }
        if !line.starts_with("data:") {
            continue;
        }
        if !greeted {
            greeted = true;
            seen.ready.fetch_add(1, Ordering::Relaxed);
        }
        seen.events.fetch_add(1, Ordering::Relaxed);
        for (read, tag) in wanted.reads.iter().zip(&mut tags) {
            let (status, new, body) = http.exchange(&format!(
                "GET {read} HTTP/1.1\r\nhost: 127.0.0.1\r\nif-none-match: {tag}\r\n\r\n"
            ))?;
            *tag = new;
            if status == 200 && !right && body.contains(&wanted.last) {
                right = true;
                seen.right.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
    Ok(())
}
