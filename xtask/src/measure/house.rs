//! Measures of a house full of bookings or cases, asked over HTTP: consequences, series, the queue of cases, reports.

use crate::{
    http::Http,
    measure::{RUNS, helper, own, resident, say, serve, today},
    shell::{Done, Running, Scratch, command, finish, now, step, wait_for},
};

/// A server on a house full of bookings, and the session of its manager.
pub(super) struct FullHouse {
    pub(super) port: u16,
    http: Http,
    /// How many bodies were sent.
    sent: u64,
    token: String,
    server: Running,
    _scratch: Scratch,
}

impl FullHouse {
    /// So many bookings by so many people, `ahead` from tomorrow on, or `past` until yesterday.
    pub(super) fn open(name: &str, direction: &str, wanted: (u64, u64)) -> Done<Self> {
        Self::open_with_rooms(name, direction, wanted, 40)
    }

    pub(super) fn open_with_rooms(
        name: &str,
        direction: &str,
        (bookings, people): (u64, u64),
        rooms: u64,
    ) -> Done<Self> {
        let rooms = ("MEASURE_ROOMS", rooms.to_string());
        Self::open_with(name, direction, (bookings, people), &[rooms])
    }

    /// `settings` go to the measuring tool, as variables of its environment.
    fn open_with(
        name: &str,
        direction: &str,
        (bookings, people): (u64, u64),
        settings: &[(&str, String)],
    ) -> Done<Self> {
        let helper = helper()?;
        let scratch = Scratch::new(name)?;
        step(&format!("a house with {bookings} bookings"), || {
            let mut fill = command(&helper);
            fill.arg(direction).arg(scratch.path());
            fill.envs(settings.iter().map(|(name, value)| (name, value)));
            finish(fill.args([bookings.to_string(), people.to_string()]))
        })?;
        let cookies = std::fs::read_to_string(scratch.path().join("cookies"))
            .map_err(|cause| cause.to_string())?;
        let (server, port) = serve(scratch.path())?;
        wait_for(port, 20)?;
        Ok(Self {
            port,
            http: Http::connect(port)?,
            sent: 0,
            token: cookies.split(' ').next().unwrap_or_default().to_owned(),
            server,
            _scratch: scratch,
        })
    }

    /// Sends a body and tells how long the answer took, in milliseconds. Each change has a key of its own; a question needs none.
    fn send(&mut self, path: &str, body: &serde_json::Value) -> Done<(f64, serde_json::Value)> {
        self.sent += 1;
        let (token, sent, body) = (&self.token, self.sent, body.to_string());
        let request = format!(
            "POST /api/v1/centres/town/{path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: linli={token}\r\n\
             idempotency-key: measure-{sent:016}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let asked = now();
        let (status, _, reply) = self.http.exchange(&request)?;
        let took = asked.elapsed().as_secs_f64() * 1000.0;
        if status != 200 {
            return Err(format!("{path}: {status} {reply}"));
        }
        let reply = serde_json::from_str(&reply).map_err(|cause| cause.to_string())?;
        Ok((took, reply))
    }
}

/// What planned changes would do to a year of a house with 200,000 bookings to come, asked over HTTP: a day closed in the hours of
/// the house (560 hit), a room out of use for a year (5,000 hit), and a description without hits.
pub(super) fn consequences() -> Done {
    const BOOKINGS: u64 = 200_000;
    let mut house = FullHouse::open("consequences", "ahead", (BOOKINGS, 1_000))?;
    let (_, _, view) = house
        .http
        .exchange("GET /api/v1/centres/town HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")?;
    let view: serde_json::Value = serde_json::from_str(&view).map_err(|cause| cause.to_string())?;
    let before = view["centre"]["hours"].clone();
    let day = today()?.plus(90);
    let mut closed = before.clone();
    closed["special"] = serde_json::json!([{ "date": day.to_string(), "open": "closed", "name": { "zh": "x", "en": "x" } }]);
    let mut harmless = before.clone();
    harmless["special"] = serde_json::json!([{ "date": day.to_string(), "open": "00:00-24:00", "name": { "zh": "x", "en": "x" } }]);
    let edit = |after: &serde_json::Value| serde_json::json!({ "edit": { "hours": { "before": before, "after": after } }, "preview": true });
    let room = serde_json::json!({
        "rooms": ["room-7"], "start": today()?.plus(1).at(0).to_string(), "end": today()?.plus(366).at(0).to_string(),
        "reason": "x", "preview": true
    });
    let asks = [
        ("consequences-day", "description", edit(&closed)),
        ("consequences-room-year", "closures", room),
        ("consequences-none", "description", edit(&harmless)),
    ];
    for (name, path, body) in asks {
        let (mut times, mut hits) = (Vec::new(), 0);
        for _ in 0..RUNS {
            let (took, reply) = house.send(path, &body)?;
            times.push(took);
            hits = reply["hits"].as_array().map_or(0, Vec::len);
        }
        say(&format!("{name} ({hits} hit)"), &mut times, "ms");
    }
    Ok(())
}

/// The dry run of a series of 400 dates in a house with 100,000 bookings to come, asked over HTTP: at an hour at which each room is
/// taken for half a year, and at one at which none is.
pub(super) fn series() -> Done {
    const BOOKINGS: u64 = 100_000;
    let mut house = FullHouse::open("series", "ahead", (BOOKINGS, 1_000))?;
    let first = today()?.plus(1);
    for (name, hour) in [("series-taken", 10), ("series-free", 23)] {
        let (mut times, mut refused) = (Vec::new(), 0);
        let body = serde_json::json!({
            "rule": "FREQ=DAILY;COUNT=400", "room": "room-7", "people": 4,
            "start": first.at(hour * 60).to_string(), "end": first.at(hour * 60 + 60).to_string(),
        });
        for _ in 0..RUNS {
            let (took, reply) = house.send("series/plan", &body)?;
            times.push(took);
            let dates = reply["dates"].as_array().map_or(&[][..], Vec::as_slice);
            let is_refused = |date: &&serde_json::Value| !date["refusal"].is_null();
            refused = dates.iter().filter(is_refused).count();
        }
        say(
            &format!("{name} ({refused} of 400 refused)"),
            &mut times,
            "ms",
        );
    }
    Ok(())
}

/// A page of the queue of a house with 100,000 open cases: the first one, one from the middle, and one by its number.
pub(super) fn cases() -> Done {
    let mut house = FullHouse::open_with(
        "cases",
        "ahead",
        (1_000, 1_000),
        &[("MEASURE_CASES", "100000".to_owned())],
    )?;
    let middle = serde_json::json!({ "at": today()?.days() * 86_400, "id": "0" });
    let asks = [
        ("cases-first", serde_json::json!({})),
        ("cases-middle", serde_json::json!({ "after": middle })),
        ("cases-kind", serde_json::json!({ "kind": "report" })),
        ("cases-number", serde_json::json!({ "number": 54_321 })),
    ];
    for (name, body) in asks {
        let mut times = Vec::new();
        for _ in 0..RUNS {
            times.push(house.send("cases/search", &body)?.0);
        }
        say(name, &mut times, "ms");
    }
    Ok(())
}

/// The figures of a year of a house with 200,000 bookings, and all of it as XLSX; the memory of the server before and after.
pub(super) fn report() -> Done {
    const BOOKINGS: u64 = 200_000;
    let mut house = FullHouse::open("report", "past", (BOOKINGS, 20_000))?;
    let (token, id) = (house.token.clone(), house.server.id());
    let http = &mut house.http;
    let day = today()?;
    let (year, month, _) = day.plus(-31).ymd();
    let tell = |when: &str| {
        let mut whole: Vec<f64> = resident(id).into_iter().collect();
        let mut own: Vec<f64> = own(id).into_iter().collect();
        say(&format!("report-memory {when}"), &mut whole, "MiB");
        say(&format!("report-memory-own {when}"), &mut own, "MiB");
    };
    tell("before");
    let asks = [
        ("report-month", format!("{year:04}-{month:02}")),
        ("report-year", format!("{year:04}")),
        ("report-year-xlsx", format!("{year:04}/all.xlsx")),
    ];
    for (name, path) in asks {
        let (mut times, mut bytes) = (Vec::new(), 0);
        for _ in 0..RUNS {
            let request = format!(
                "GET /api/v1/centres/town/figures/{path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: linli={token}\r\n\r\n"
            );
            let asked = now();
            let (status, _, reply) = http.exchange(&request)?;
            times.push(asked.elapsed().as_secs_f64() * 1000.0);
            if status != 200 {
                return Err(format!("{name}: {status} {reply}"));
            }
            bytes = reply.len();
        }
        say(&format!("{name} ({bytes} bytes)"), &mut times, "ms");
    }
    tell("after five of each");
    Ok(())
}
