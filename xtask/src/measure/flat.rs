//! Flatness: decisions and reads in houses of ten thousand, a million and ten million bookings.

use crate::{
    http::Http,
    measure::{booking, helper, load, say, seed, serve, today},
    shell::{Done, Scratch, wait_for},
};

/// The houses, by their bookings.
const HOUSES: [u64; 3] = [10_000, 1_000_000, 10_000_000];

/// How many decisions, and how many reads, in each.
const TOTAL: u64 = 20_000;

pub(super) fn flat() -> Done {
    let helper = helper()?;
    let today = today()?;
    let mut rates: Vec<(f64, f64)> = Vec::new();
    for bookings in HOUSES {
        let scratch = Scratch::new("flat")?;
        seed(&helper, scratch.path(), bookings, 10_000)?;
        let cookies = std::fs::read_to_string(scratch.path().join("cookies"))
            .map_err(|cause| cause.to_string())?;
        let tokens: Vec<&str> = cookies
            .lines()
            .filter_map(|line| line.split(' ').next())
            .collect();
        let (_server, port) = serve(scratch.path())?;
        wait_for(port, 60)?;
        let (mut reads, mut decisions) = (Vec::new(), Vec::new());
        let path = format!("/api/v1/centres/town/occupancy/{}/1", today.plus(-2));
        Http::connect(port)?.get(&path, "accept-encoding: br\r\n")?;
        let read = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-encoding: br\r\n\r\n");
        for run in 0..3 {
            reads.push(load(port, TOTAL, |_| read.clone())?.rate);
            let done = load(port, TOTAL, |number| {
                // Each run asks for slots of its own.
                let day = today.plus(60 * i64::try_from(run).unwrap_or_default());
                let token = tokens[number as usize % tokens.len()];
                booking(number, TOTAL, day, token, run)
            })?;
            if done
                .statuses
                .iter()
                .any(|(status, _)| !matches!(status, 200 | 409))
            {
                return Err(format!("neither yes nor no: {:?}", done.statuses));
            }
            decisions.push(done.rate);
        }
        say(
            &format!("flat-book {bookings}"),
            &mut decisions,
            "decisions/s",
        );
        say(&format!("flat-read {bookings}"), &mut reads, "replies/s");
        rates.push((decisions[1], reads[1]));
    }
    if let (Some(first), Some(last)) = (rates.first(), rates.last()) {
        println!("flat-book-ratio {:.2} last by first", last.0 / first.0);
        println!("flat-read-ratio {:.2} last by first", last.1 / first.1);
    }
    Ok(())
}
