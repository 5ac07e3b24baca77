//! Several processes on one database, and a PostgreSQL that is restarted, silent or cut off in the middle of a commit.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use domain::{
    api::{Book, Endpoint, FollowCentre, GetOccupancy, ListMyBookings},
    problem::Problem,
    time::Date,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use server::db::{Access, Database, Place};

use super::fixture::{Town, house, key, postgres as postgres_url, tomorrow};

const PASS: u8 = 0;
/// Nothing comes through any more, but the connection stands.
const STALL: u8 = 1;
/// The next commit arrives; its answer does not.
const LOSE_COMMIT: u8 = 2;
/// Answers are dropped.
const MUTE: u8 = 3;

/// A connection to PostgreSQL that can fail as networks do.
struct Proxy {
    port: u16,
    mode: Arc<AtomicU8>,
}

impl Proxy {
    fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (mode, server) = (Arc::new(AtomicU8::new(PASS)), server.to_owned());
        let shared = Arc::clone(&mode);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let upstream = TcpStream::connect(&server).unwrap();
                let back = (upstream.try_clone().unwrap(), client.try_clone().unwrap());
                let (there, here) = (Arc::clone(&shared), Arc::clone(&shared));
                thread::spawn(move || pump(client, upstream, &there, true));
                thread::spawn(move || pump(back.0, back.1, &here, false));
            }
        });
        Self { port, mode }
    }

    fn set(&self, mode: u8) {
        self.mode.store(mode, Ordering::SeqCst);
    }
}

fn pump(mut from: TcpStream, mut to: TcpStream, mode: &AtomicU8, to_server: bool) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        while mode.load(Ordering::SeqCst) == STALL {
            thread::sleep(Duration::from_millis(20));
        }
        let commits = bytes[..count].windows(7).any(|part| part == b"commit\0");
        let lost = to_server && commits && {
            let lost = mode.compare_exchange(LOSE_COMMIT, MUTE, Ordering::SeqCst, Ordering::SeqCst);
            lost.is_ok()
        };
        if !to_server && mode.load(Ordering::SeqCst) == MUTE {
            continue;
        }
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
        if lost {
            // The server has it; whoever asked hears nothing.
            thread::sleep(Duration::from_millis(200));
            mode.store(PASS, Ordering::SeqCst);
            let _ = from.shutdown(Shutdown::Both);
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

#[test]
fn what_one_process_changes_is_seen_through_the_other_within_a_second() {
    let town = Town::on_postgres();
    let other = town.beside().unwrap();
    let day = (house(), Date::parse("2026-11-23").unwrap(), 1);
    let taken = |town: &Town| town.visitor().ok::<GetOccupancy>(&day, &()).taken.len();
    assert_eq!((taken(&town), taken(&other)), (0, 0));
    // A page that is open at the other process.
    let stream = TcpStream::connect(other.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    let mut page = stream.try_clone().unwrap();
    let url = FollowCentre::url(&house());
    write!(page, "GET {url} HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut heard = Vec::new();
    let mut bytes = [0; 4096];
    // The greeting.
    while !String::from_utf8_lossy(&heard).contains("id:") {
        let count = page.read(&mut bytes).unwrap();
        heard.extend_from_slice(&bytes[..count]);
    }
    heard.clear();
    town.resident()
        .ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
    let done = Instant::now();
    while !String::from_utf8_lossy(&heard).contains("2026-11-23") {
        let count = page.read(&mut bytes).unwrap();
        heard.extend_from_slice(&bytes[..count]);
    }
    assert!(
        done.elapsed() < Duration::from_secs(1),
        "{:?}",
        done.elapsed()
    );
    assert_eq!(
        taken(&other),
        1,
        "and what is kept there is old from then on"
    );
}

#[test]
fn what_another_process_writes_into_the_file_is_seen_and_a_file_that_is_gone_is_not_written() {
    let town = Town::on_sqlite();
    let other = town.beside_on_file();
    let day = (house(), Date::parse("2026-11-23").unwrap(), 1);
    let taken = |town: &Town| town.visitor().ok::<GetOccupancy>(&day, &()).taken.len();
    assert_eq!(taken(&other), 0);
    town.resident()
        .ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
    let done = Instant::now();
    while taken(&other) == 0 {
        assert!(done.elapsed() < Duration::from_secs(5), "it is never seen");
        std::thread::yield_now();
    }
    let staff = town.staff();
    std::fs::remove_file(town.file()).unwrap();
    let lost = staff.problem::<Book>(&house(), &tomorrow("hall-b", "10:00", "11:00"));
    assert_eq!(
        lost,
        Problem::Unavailable,
        "nobody would find what is written"
    );
}

#[test]
fn a_postgres_that_was_restarted_costs_nobody_an_error() {
    let town = Town::on_postgres();
    let resident = town.resident();
    for number in 0..3 {
        town.cut_connections();
        for hour in 8..16 {
            let at = |hour: i32| format!("{hour:02}:00");
            let new = tomorrow("hall-a", &at(hour), &at(hour + 1));
            let answer = resident.call::<ListMyBookings>(&(), &());
            assert_eq!(answer.status, 200, "{}", answer.body);
            if number == 0 && hour < 10 {
                resident.ok::<Book>(&house(), &new);
            }
        }
    }
}

#[test]
fn a_silent_postgres_is_not_waited_for_without_end() {
    let proxy = Proxy::to(&super::fixture::postgres_address());
    let town = Town::on_postgres_through(proxy.port);
    let resident = town.resident();
    proxy.set(STALL);
    let asked = Instant::now();
    let read = resident.problem::<ListMyBookings>(&(), &());
    let waited = asked.elapsed();
    assert_eq!(read, Problem::Unavailable);
    assert!(waited < Duration::from_secs(14), "{waited:?}");
    let written = resident.problem::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
    assert_eq!(written, Problem::Unknown, "it may have been done");
    proxy.set(PASS);
    resident.ok::<ListMyBookings>(&(), &());
}

#[test]
fn a_commit_whose_answer_is_lost_is_told_as_such_and_done_once() {
    let proxy = Proxy::to(&super::fixture::postgres_address());
    let town = Town::on_postgres_through(proxy.port);
    let resident = town.resident();
    let (new, press) = (tomorrow("hall-a", "10:00", "11:00"), key());
    proxy.set(LOSE_COMMIT);
    let answer = resident.call_with_key::<Book>(&house(), &new, &press);
    assert_eq!((answer.status, answer.problem()), (503, Problem::Unknown));
    let again = resident.call_with_key::<Book>(&house(), &new, &press);
    assert_eq!(again.status, 200, "{}", again.body);
    assert_eq!(resident.ok::<ListMyBookings>(&(), &()).len(), 1);
}

#[test]
fn a_process_stops_writing_when_another_brings_the_tables_further() {
    for town in [Town::on_sqlite(), Town::on_postgres()] {
        let resident = town.resident();
        // As a newer Linli does with its migrations.
        if town.is_postgres() {
            town.sql("insert into migration values (1000)");
        } else {
            let newer = rusqlite::Connection::open(town.file()).unwrap();
            newer.execute_batch("pragma user_version = 1000").unwrap();
        }
        let problem = resident.problem::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
        assert_eq!(problem, Problem::Unavailable);
    }
}

fn open(place: &Place, access: Access) -> Result<Database, String> {
    Database::open(place, access, Arc::new(|_| {}), Arc::new(|| {})).map_err(|fault| fault.cause)
}

#[test]
fn a_mistyped_place_makes_nothing_and_files_are_the_servers_own() {
    let folder = std::env::temp_dir().join(format!("linli-it-place-{}", std::process::id()));
    let place = Place::File(folder.join("deep").join("linli.db"));
    let refused = open(&place, Access::Existing).err().unwrap();
    assert!(
        refused.contains("no database at") && !folder.exists(),
        "{refused}"
    );
    let kept = open(&place, Access::Migrate).unwrap();
    open(&place, Access::Existing).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.join("deep")), 0o700);
        for name in ["linli.db", "linli.db-wal"] {
            assert_eq!(mode(&folder.join("deep").join(name)), 0o600, "{name}");
        }
    }
    drop(kept);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_backup_is_whole_is_its_owners_and_takes_the_place_of_nothing() {
    let town = Town::on_sqlite();
    let neighbour = town.resident();
    let booking = neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "10:00", "11:00"));
    let place = Place::File(town.file());
    let to = std::env::temp_dir().join(format!("linli-it-backup-{}.db", std::process::id()));
    place.back_up(&to).unwrap();
    // What comes later is not in it.
    neighbour.ok::<Book>(&house(), &tomorrow("hall-a", "12:00", "13:00"));
    let copy = rusqlite::Connection::open(&to).unwrap();
    let ids: Vec<String> = copy
        .prepare("select id from booking")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(ids, [booking.id.to_string()]);
    drop(copy);
    open(&Place::File(to.clone()), Access::Existing).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&to).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
    }
    assert!(place.back_up(&to).is_err(), "there is a file already");
    assert!(
        place
            .back_up(std::path::Path::new("/no/such/folder/x.db"))
            .is_err()
    );
    std::fs::remove_file(to).unwrap();
}

#[test]
fn migrations_are_known_by_their_text_and_two_processes_take_turns() {
    let town = Town::on_sqlite();
    let file = town.file();
    let edited = rusqlite::Connection::open(&file).unwrap();
    edited
        .execute_batch("update migration_digest set digest = 'x' where number = 2")
        .unwrap();
    let refused = open(&Place::File(file), Access::Migrate).err().unwrap();
    assert!(refused.contains("migration 2"), "{refused}");

    let folder = std::env::temp_dir().join(format!("linli-it-turns-{}", std::process::id()));
    let place = Place::File(folder.join("linli.db"));
    thread::scope(|scope| {
        let starts: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| open(&place, Access::Migrate).map(drop)))
            .collect();
        for start in starts {
            start.join().unwrap().unwrap();
        }
    });
    std::fs::remove_dir_all(folder).unwrap();

    let url = Town::empty_database();
    let place = Place::Url(url);
    assert!(
        open(&place, Access::Existing).is_err(),
        "an empty database is not filled by an export"
    );
    thread::scope(|scope| {
        let starts: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| open(&place, Access::Migrate).map(drop)))
            .collect();
        for start in starts {
            start.join().unwrap().unwrap();
        }
    });
}

/// Switches TLS on at the PostgreSQL server, with a certificate of an authority of its own. Gives that authority's file.
fn switch_tls_on(folder: &Path) -> PathBuf {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(authority, authority_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["127.0.0.1".to_owned(), "localhost".to_owned()]);
    let certificate = certificate.unwrap().signed_by(&key, &issuer).unwrap();
    // The server may run as another user: it writes its files itself.
    let mut client = postgres::Client::connect(&postgres_url(), postgres::NoTls).unwrap();
    let files = [
        ("linli.crt", certificate.pem()),
        ("linli.key", key.serialize_pem()),
    ];
    for (name, pem) in files {
        let sql = format!(
            "copy (select line from unnest(string_to_array('{}', E'\\n')) with ordinality as lines(line, number) \
             order by number) to program 'umask 077; cat > {name}'",
            pem.trim()
        );
        client.batch_execute(&sql).unwrap();
    }
    for setting in [
        "ssl_cert_file = 'linli.crt'",
        "ssl_key_file = 'linli.key'",
        "ssl = on",
    ] {
        let sql = format!("alter system set {setting}");
        client.batch_execute(&sql).unwrap();
    }
    client.batch_execute("select pg_reload_conf()").unwrap();
    let file = folder.join("authority.pem");
    std::fs::write(&file, issuer.pem()).unwrap();
    file
}

#[test]
fn a_database_is_reached_over_tls_and_only_where_its_certificate_is_trusted() {
    let folder = std::env::temp_dir().join(format!("linli-it-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let trusted = switch_tls_on(&folder);
    let url = Town::empty_database().replace("sslmode=disable", "sslmode=require");
    let migrate = |authorities: &Path| {
        let mut linli = Command::new(env!("CARGO_BIN_EXE_linli"));
        linli.args(["migrate", "--database-url", &url]);
        linli
            .env("SSL_CERT_FILE", authorities)
            .env_remove("SSL_CERT_DIR");
        let done = linli.output().unwrap();
        (
            done.status.success(),
            String::from_utf8(done.stderr).unwrap(),
        )
    };
    // The server takes its new settings up in a moment.
    let until = Instant::now() + Duration::from_secs(10);
    let (done, words) = loop {
        let (done, words) = migrate(&trusted);
        if done || Instant::now() > until {
            break (done, words);
        }
    };
    assert!(done, "{words}");
    let stranger = folder.join("stranger.pem");
    let key = KeyPair::generate().unwrap();
    let other = CertificateParams::new(Vec::new()).unwrap();
    std::fs::write(&stranger, other.self_signed(&key).unwrap().pem()).unwrap();
    let (done, words) = migrate(&stranger);
    assert!(!done, "a certificate that nobody vouches for is trusted");
    assert!(words.to_lowercase().contains("certificate"), "{words}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_demo_never_becomes_a_real_house() {
    let town = Town::on_sqlite();
    town.as_demo();
    let folder = town.file().parent().unwrap().to_owned();
    let file = folder.join("house.toml");
    std::fs::write(&file, include_str!("house.toml")).unwrap();
    for words in [vec!["import", file.to_str().unwrap()], vec!["manager-link"]] {
        let run = Command::new(env!("CARGO_BIN_EXE_linli"))
            .args(&words)
            .arg("--data")
            .arg(&folder)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(
            !run.status.success() && said.contains("the demo"),
            "{words:?}: {said}"
        );
    }
}

#[test]
fn what_is_asked_of_one_person_or_party_or_each_hour_reads_no_whole_table() {
    let town = Town::on_sqlite();
    for (table, one, index) in [
        (
            "sign_up",
            "centre_id = 'x' and list_id = 'x' and party = 'x'",
            "sign_up_by_party",
        ),
        ("attendance", "person_id = 'x'", "attendance_by_person"),
        (
            "booking",
            "explanation <> '' and ends_at < 1",
            "booking_explained_until",
        ),
    ] {
        let sql = format!("explain query plan select 1 from {table} where {one}");
        let plan = town.run(move |tx| {
            let rows = tx.all(&sql, &[])?;
            let steps = rows.iter().map(|row| row.get::<String>("detail"));
            Ok(steps.collect::<Result<Vec<_>, _>>()?.join("; "))
        });
        assert!(plan.contains(index), "{plan}");
    }
}
