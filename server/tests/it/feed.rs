//! Calendar feeds: what stands in them, who reads them, and what other people's programs make of them.

use std::{fs, path::Path, process::Command};

use domain::{
    api::{
        Along, Book, BookSeries, BookingChange, CancelBooking, Cancellation, ChangeBooking,
        EraseMe, GetSeries, ListFeeds, MakeFeed, NewSeries, Publish, RevokeFeed, SignUpFor,
    },
    booking::series::Exception,
    feed::{Feed, FeedKind},
    problem::Problem,
    recurrence::Recurrence,
};

use super::{
    classes::{new_activity, organiser, path, places},
    fixture::{Answer, Person, Town, at, day, house, on_both, tomorrow},
};

/// Reads a feed as a calendar program does: without a session.
fn read(town: &Town, feed: &Feed, known: &[(&str, &str)]) -> Answer {
    town.visitor().raw("GET", &feed.path, known, b"")
}

/// The lines of a calendar, unfolded.
fn lines(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let unfolded = answer.body.replace("\r\n ", "");
    unfolded.lines().map(str::to_owned).collect()
}

fn mondays(count: u16) -> NewSeries {
    NewSeries {
        rule: Recurrence::parse(&format!("FREQ=WEEKLY;BYDAY=MO;COUNT={count}")).unwrap(),
        exceptions: Vec::new(),
        room: "hall-a".into(),
        start: at("2026-11-23T18:00"),
        end: at("2026-11-23T19:00"),
        people: 5,
        purpose: None,
        note: "钥匙在门卫".to_owned(),
        behalf: None,
    }
}

/// Four Mondays: the second is left out, the third is moved by staff, the fourth stands.
fn book_series(town: &Town, resident: &Person<'_>) {
    let new = NewSeries {
        exceptions: vec![Exception {
            on: day("2026-11-30"),
            instead: None,
        }],
        ..mondays(4)
    };
    let made = resident.ok::<BookSeries>(&house(), &new).made.unwrap();
    let series = resident.ok::<GetSeries>(&(house(), made.id), &());
    let third = &series.bookings[1];
    let change = BookingChange {
        along: Along::One,
        room: "hall-b".into(),
        start: at("2026-12-08T10:00"),
        end: at("2026-12-08T11:30"),
        people: 5,
        note: String::new(),
        seen: None,
        decisions: Vec::new(),
        displaced: Vec::new(),
        preview: false,
    };
    let moved = town
        .staff()
        .ok::<ChangeBooking>(&(house(), third.id.clone()), &change);
    assert!(moved.made.is_some(), "{moved:?}");
}

#[test]
fn a_series_is_told_as_a_rule_with_its_exceptions() {
    on_both(|town| {
        let resident = town.resident();
        book_series(town, &resident);
        let feed = resident.ok::<MakeFeed>(&(), &FeedKind::Mine);
        let lines = lines(&read(town, &feed, &[]));
        let has = |line: &str| lines.iter().any(|one| one == line);
        for line in [
            "BEGIN:VTIMEZONE",
            "TZID:Asia/Shanghai",
            "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4",
            "DTSTART;TZID=Asia/Shanghai:20261123T180000",
            "DTEND;TZID=Asia/Shanghai:20261123T190000",
            "EXDATE;TZID=Asia/Shanghai:20261130T180000",
            "RECURRENCE-ID;TZID=Asia/Shanghai:20261207T180000",
            "DTSTART;TZID=Asia/Shanghai:20261208T100000",
            "DTEND;TZID=Asia/Shanghai:20261208T113000",
        ] {
            assert!(has(line), "{line} is missing in\n{}", lines.join("\n"));
        }
        // What was written to the staff is theirs.
        assert!(!lines.join("").contains("钥匙"));
        assert_eq!(
            lines.iter().filter(|line| *line == "BEGIN:VEVENT").count(),
            2
        );
    });
}

#[test]
fn a_feed_is_read_by_its_address_alone_until_it_is_revoked() {
    on_both(|town| {
        let (resident, other) = (town.resident(), town.resident());
        let booking = resident.ok::<Book>(&house(), &tomorrow("hall-a", "18:00", "20:00"));
        let feed = resident.ok::<MakeFeed>(&(), &FeedKind::Mine);
        assert_eq!(resident.ok::<MakeFeed>(&(), &FeedKind::Mine), feed);
        assert_eq!(resident.ok::<ListFeeds>(&(), &()), vec![feed.clone()]);
        let first = read(town, &feed, &[]);
        let tag = first.headers["etag"].to_str().unwrap().to_owned();
        assert!(first.body.contains("STATUS:CONFIRMED"), "{}", first.body);
        let again = read(town, &feed, &[("if-none-match", &tag)]);
        assert_eq!((again.status, again.body.as_str()), (304, ""));

        town.pass(11 * 60);
        resident.ok::<CancelBooking>(&(house(), booking.id), &Cancellation::default());
        let after = read(town, &feed, &[("if-none-match", &tag)]);
        assert!(after.body.contains("STATUS:CANCELLED"), "{}", after.body);

        // An address that was guessed, or belongs to another feed, leads nowhere.
        let theirs = other.ok::<MakeFeed>(&(), &FeedKind::Mine);
        let (mark, _) = feed
            .path
            .rsplit_once('/')
            .unwrap()
            .1
            .split_once('.')
            .unwrap();
        let (_, id) = theirs
            .path
            .rsplit_once('/')
            .unwrap()
            .1
            .split_once('.')
            .unwrap();
        let mixed = Feed {
            path: format!("/api/v1/feeds/{mark}.{id}"),
            ..theirs.clone()
        };
        assert_eq!(read(town, &mixed, &[]).status, 404);
        for path in [
            "/api/v1/feeds/x",
            "/api/v1/feeds/x.ics",
            "/api/v1/feeds/.y.ics",
        ] {
            assert_eq!(
                town.visitor().raw("GET", path, &[], b"").status,
                404,
                "{path}"
            );
        }

        let strange = other.problem::<RevokeFeed>(&feed.id, &());
        assert_eq!(strange, Problem::NotFound);
        resident.ok::<RevokeFeed>(&feed.id, &());
        assert_eq!(read(town, &feed, &[]).status, 404);
        // A new one has another address.
        let renewed = resident.ok::<MakeFeed>(&(), &FeedKind::Mine);
        assert_ne!(renewed.path, feed.path);
        resident.ok::<EraseMe>(&(), &());
        assert_eq!(read(town, &renewed, &[]).status, 404);
    });
}

#[test]
fn a_room_a_club_and_a_centre_are_told_without_names() {
    on_both(|town| {
        let (resident, neighbour) = (town.resident(), town.resident());
        let leader = organiser(town);
        let private = tomorrow("hall-b", "08:00", "09:00");
        let private = domain::api::NewBooking {
            note: "家里的事".to_owned(),
            ..private
        };
        neighbour.ok::<Book>(&house(), &private);
        let class = leader.ok::<Publish>(&house(), &new_activity(3, 10));
        let feed = |kind: FeedKind| resident.ok::<MakeFeed>(&(), &kind);
        let room = feed(FeedKind::Room(house(), "hall-b".into()));
        let text = lines(&read(town, &room, &[])).join("\n");
        assert!(
            text.contains("SUMMARY:乙厅") && !text.contains("家里的事"),
            "{text}"
        );
        // Nothing tells which booking it is, nor that two of them are one party's.
        let mine = neighbour.ok::<domain::api::ListMyBookings>(&(), &());
        assert!(!text.contains(mine[0].id.as_str()), "{text}");
        // The class is in the other half.
        assert!(!text.contains("书法"), "{text}");
        let whole = feed(FeedKind::Room(house(), "hall".into()));
        let text = lines(&read(town, &whole, &[])).join("\n");
        assert!(
            text.contains("书法") && text.contains("SUMMARY:乙厅"),
            "{text}"
        );
        let centre = feed(FeedKind::Centre(house()));
        let text = lines(&read(town, &centre, &[])).join("\n");
        assert!(
            text.contains("RRULE:FREQ=DAILY;INTERVAL=7;COUNT=3"),
            "{text}"
        );
        assert!(!text.contains("SUMMARY:乙厅"), "{text}");
        // Whoever signed up has it among their own.
        let mine = feed(FeedKind::Mine);
        let text = lines(&read(town, &mine, &[])).join("\n");
        assert!(!text.contains("书法"), "{text}");
        resident.ok::<SignUpFor>(&path(&class), &places(&class, &[&resident.id], false));
        let text = lines(&read(town, &mine, &[])).join("\n");
        assert!(text.contains("书法"), "{text}");
        for kind in [
            FeedKind::Room(house(), "nowhere".into()),
            FeedKind::Club(house(), "none".into()),
            FeedKind::Centre("nowhere".into()),
        ] {
            assert_eq!(resident.problem::<MakeFeed>(&(), &kind), Problem::NotFound);
        }
    });
}

/// Runs one of the programs that `cargo xtask test` installs.
fn run(program: &str, words: &[&str], home: &Path) -> String {
    let folder = std::env::var("LINLI_CALENDAR_CLIENTS")
        .expect("LINLI_CALENDAR_CLIENTS names a folder with vdirsyncer and khal; `cargo xtask test` makes one");
    let output = Command::new(Path::new(&folder).join(program))
        .args(words)
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home)
        .env("XDG_DATA_HOME", home)
        .env("XDG_CACHE_HOME", home)
        .env("VDIRSYNCER_CONFIG", home.join("vdirsyncer.conf"))
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "Asia/Shanghai")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {said}{wrong}");
    said
}

/// vdirsyncer subscribes to a feed, khal shows what it read: each date where it is, also the moved one, and none that was left out.
#[test]
fn vdirsyncer_and_khal_read_a_feed() {
    let town = Town::on_sqlite();
    let resident = town.resident();
    book_series(&town, &resident);
    let feed = resident.ok::<MakeFeed>(&(), &FeedKind::Mine);
    let home = std::env::temp_dir().join(format!("linli-calendar-{}", std::process::id()));
    let calendar = home.join("calendar");
    fs::create_dir_all(&calendar).unwrap();
    let url = town.url(&feed.path);
    fs::write(
        home.join("vdirsyncer.conf"),
        format!(
            "[general]\nstatus_path = \"{home}/status\"\n[pair linli]\na = \"house\"\nb = \"here\"\ncollections = null\n\
            [storage house]\ntype = \"http\"\nurl = \"{url}\"\n[storage here]\ntype = \"filesystem\"\n\
            path = \"{calendar}\"\nfileext = \".ics\"\n",
            home = home.display(),
            calendar = calendar.display(),
        ),
    )
    .unwrap();
    fs::write(
        home.join("khal.conf"),
        format!(
            "[calendars]\n[[linli]]\npath = {}\nreadonly = True\n[locale]\nlocal_timezone = Asia/Shanghai\n\
            default_timezone = Asia/Shanghai\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n\
            datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n[sqlite]\npath = {}\n",
            calendar.display(),
            home.join("khal.db").display(),
        ),
    )
    .unwrap();
    run("vdirsyncer", &["discover"], &home);
    run("vdirsyncer", &["sync"], &home);
    let config = home.join("khal.conf");
    let config = config.to_str().unwrap();
    let list = |home: &Path| {
        let format = "{start-date} {start-time}-{end-time} {location}";
        let words = [
            "--config",
            config,
            "list",
            "--format",
            format,
            "--day-format",
            "",
            "2026-11-20",
            "60d",
        ];
        run("khal", &words, home)
    };
    let dates = |said: &str| -> Vec<String> {
        let lines = said.lines().filter(|line| !line.trim().is_empty());
        lines
            .map(|line| {
                line.chars()
                    .take(28 - 6)
                    .collect::<String>()
                    .trim()
                    .to_owned()
            })
            .collect()
    };
    let said = list(&home);
    assert_eq!(
        dates(&said),
        [
            "2026-11-23 18:00-19:00",
            "2026-12-08 10:00-11:30",
            "2026-12-14 18:00-19:00"
        ],
        "{said}"
    );
    assert!(
        said.contains("乙厅"),
        "the moved date is in its room: {said}"
    );
    // What is called off goes from the calendar with the next look.
    town.pass(11 * 60);
    let mine = resident.ok::<domain::api::ListMyBookings>(&(), &());
    let all_of_it = Cancellation {
        reason: String::new(),
        along: Along::All,
    };
    resident.ok::<CancelBooking>(&(house(), mine[0].id.clone()), &all_of_it);
    run("vdirsyncer", &["sync"], &home);
    // Each of them is told as called off; none repeats any more.
    let files: Vec<_> = fs::read_dir(&calendar)
        .unwrap()
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    assert_eq!(files.len(), 3, "{files:?}");
    for file in &files {
        assert!(file.contains("STATUS:CANCELLED"), "{file}");
        assert!(!file.contains("RRULE"), "{file}");
    }
    fs::remove_dir_all(&home).unwrap();
}
