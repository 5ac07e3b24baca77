//! Nobody is shut out, and nothing is flooded: codes, connections, slow clients, and reads that many ask at once.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Barrier,
    time::{Duration, Instant},
};

use domain::{
    api::{
        AskCode, Book, CodePurpose, Endpoint, GetOccupancy, KEY_HEADER, SendCode, SignIn, UseCode,
    },
    problem::{Problem, TextFault},
    time::Date,
};
use server::http::serve::{Bounds, serve};

use super::fixture::{Answer, Town, house, key, on_both, tomorrow};

const NUMBER: &str = "13899990002";

fn from<E: Endpoint>(town: &Town, address: &str, path: &E::Path, body: &E::Body) -> Answer {
    let key = key();
    let headers = [
        (KEY_HEADER, key.as_str()),
        ("content-type", "application/json"),
        ("x-forwarded-for", address),
    ];
    let body = serde_json::to_vec(body).unwrap();
    town.visitor().raw("POST", &E::url(path), &headers, &body)
}

fn from_device<E: Endpoint>(
    town: &Town,
    (address, device): (&str, &str),
    path: &E::Path,
    body: &E::Body,
) -> Answer {
    let (key, cookie) = (key(), format!("device={device}"));
    let headers = [
        (KEY_HEADER, key.as_str()),
        ("content-type", "application/json"),
        ("x-forwarded-for", address),
        ("cookie", cookie.as_str()),
    ];
    let body = serde_json::to_vec(body).unwrap();
    town.visitor().raw("POST", &E::url(path), &headers, &body)
}

fn ask(town: &Town, address: &str, phone: &str) -> Result<String, Problem> {
    let body = AskCode {
        phone: phone.to_owned(),
        purpose: CodePurpose::SignIn,
    };
    let answer = from::<SendCode>(town, address, &(), &body);
    match answer.status {
        200 => Ok(answer.json()["demo_code"].as_str().unwrap().to_owned()),
        _ => Err(answer.problem()),
    }
}

#[test]
fn codes_go_to_the_countries_of_the_house_alone() {
    on_both(|town| {
        town.as_demo();
        assert!(ask(town, "192.0.2.1", "+86 138 9999 0002").is_ok());
        assert!(ask(town, "192.0.2.1", "+353 85 012 3456").is_ok());
        // Premium numbers of elsewhere would cost the house money.
        for number in ["+7 809 123 4567", "+88213 123 4567"] {
            let refused = ask(town, "192.0.2.1", number).unwrap_err();
            assert_eq!(refused, Problem::field("phone", TextFault::Abroad));
            assert_eq!(refused.fields(), ["phone"]);
        }
    });
}

fn guess(town: &Town, address: &str, code: &str) -> u16 {
    let body = UseCode {
        phone: NUMBER.to_owned(),
        code: code.to_owned(),
    };
    from::<SignIn>(town, address, &(), &body).status
}

#[test]
fn a_stranger_neither_voids_a_code_nor_locks_its_holder_out() {
    on_both(|town| {
        town.as_demo();
        let (holder, stranger) = ("192.0.2.1", "192.0.2.66");
        let code = ask(town, holder, NUMBER).unwrap();
        // The same code is sent again as long as it can be used.
        for _ in 0..5 {
            assert_eq!(ask(town, stranger, NUMBER).unwrap(), code);
        }
        assert!(matches!(
            ask(town, stranger, NUMBER),
            Err(Problem::TooMany { .. })
        ));
        assert_eq!(ask(town, holder, NUMBER).unwrap(), code);
        let wrong = if code == "111111" { "222222" } else { "111111" };
        for _ in 0..12 {
            assert_eq!(guess(town, stranger, wrong), 400);
        }
        assert_eq!(
            guess(town, stranger, &code),
            400,
            "no guesses left for the stranger"
        );
        assert_eq!(guess(town, holder, &code), 200);
        assert_eq!(guess(town, holder, &code), 400, "used once");
        assert_ne!(ask(town, holder, NUMBER).unwrap(), code);
    });
}

#[test]
fn guesses_end_however_many_senders_there_are() {
    on_both(|town| {
        town.as_demo();
        let code = ask(town, "192.0.2.1", NUMBER).unwrap();
        let wrong = if code == "111111" { "222222" } else { "111111" };
        for number in 0..25 {
            assert_eq!(
                guess(town, &format!("198.51.100.{}", number / 4), wrong),
                400
            );
        }
        assert_eq!(guess(town, "192.0.2.1", &code), 400, "twenty-five in all");
    });
}

#[test]
fn whoever_signed_in_before_still_can_when_strangers_used_everything_up() {
    on_both(|town| {
        town.as_demo();
        let asking = AskCode {
            phone: NUMBER.to_owned(),
            purpose: CodePurpose::SignIn,
        };
        let using = |code: &str| UseCode {
            phone: NUMBER.to_owned(),
            code: code.to_owned(),
        };
        let code = ask(town, "192.0.2.1", NUMBER).unwrap();
        let answer = from::<SignIn>(town, "192.0.2.1", &(), &using(&code));
        let cookies = answer.headers.get_all("set-cookie").iter();
        let device = cookies
            .filter_map(|cookie| cookie.to_str().unwrap().strip_prefix("device="))
            .map(|rest| rest.split(';').next().unwrap().to_owned())
            .next()
            .unwrap();
        // Strangers from everywhere ask and guess until nothing goes any more.
        let mut guesses = 0;
        for sender in 0..40 {
            let stranger = format!("198.51.100.{sender}");
            if ask(town, &stranger, NUMBER).is_err() {
                town.pass(3601);
                ask(town, &stranger, NUMBER).unwrap();
            }
            for _ in 0..5 {
                guesses += u32::from(guess(town, &stranger, "000000") == 400);
            }
        }
        assert!((50..100).contains(&guesses), "{guesses}");
        let code = ask(town, "203.0.113.1", NUMBER).unwrap_or_default();
        assert_eq!(guess(town, "203.0.113.1", &code), 429, "strangers wait");
        // Their own phone, at another place, does not.
        let own = ("203.0.113.9", device.as_str());
        let sent = from_device::<SendCode>(town, own, &(), &asking);
        let code = sent.json()["demo_code"].as_str().unwrap().to_owned();
        let wrong = if code == "111111" { "222222" } else { "111111" };
        let status = |code: &str| from_device::<SignIn>(town, own, &(), &using(code)).status;
        assert_eq!(status(wrong), 400);
        assert_eq!(status(&code), 200);
        // The mark is of that number alone.
        let other = AskCode {
            phone: "13899990003".to_owned(),
            ..asking
        };
        let forged =
            (0..7).filter(|_| from_device::<SendCode>(town, own, &(), &other).status == 200);
        assert_eq!(forged.count(), 5);
    });
}

#[test]
fn one_sender_and_one_number_get_so_many_codes_also_at_once() {
    on_both(|town| {
        town.as_demo();
        // A whole network of IPv6 is one sender.
        let sent = (0..70)
            .filter(|number| {
                ask(
                    town,
                    &format!("2001:db8::{number}"),
                    &format!("138777700{number:02}"),
                )
                .is_ok()
            })
            .count();
        assert_eq!(sent, 60);
        let start = Barrier::new(16);
        let sent = std::thread::scope(|scope| {
            let callers: Vec<_> = (0..16)
                .map(|_| {
                    let start = &start;
                    scope.spawn(move || {
                        start.wait();
                        ask(town, "192.0.2.9", "13877771000").is_ok()
                    })
                })
                .collect();
            callers
                .into_iter()
                .filter(|_| true)
                .map(|one| one.join().unwrap())
                .filter(|sent| *sent)
                .count()
        });
        assert_eq!(sent, 5);
        town.pass(3601);
        ask(town, "192.0.2.9", "13877771000").unwrap();
    });
}

/// A server of its own with tight bounds.
fn guarded(
    town: &Town,
    bounds: Bounds,
) -> (
    SocketAddr,
    tokio::sync::oneshot::Sender<()>,
    tokio::task::JoinHandle<()>,
) {
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let router = server::http::router(town.site.clone());
    town.wait(async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = tokio::spawn(serve(listener, router, bounds, async move {
            let _ = stopped.await;
        }));
        (address, stop, served)
    })
}

fn bounds() -> Bounds {
    Bounds {
        connections: 40,
        per_address: None,
        head: Duration::from_millis(500),
        stop: Duration::from_millis(700),
    }
}

fn is_alive(address: SocketAddr) -> bool {
    let mut client = TcpStream::connect(address).unwrap();
    client
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    client
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.1 200")
}

#[test]
fn clients_that_never_finish_asking_do_not_keep_others_out() {
    let town = Town::on_sqlite();
    let (address, _stop, _served) = guarded(&town, bounds());
    let slow: Vec<TcpStream> = (0..40)
        .map(|_| {
            let mut client = TcpStream::connect(address).unwrap();
            client.write_all(b"GET / HTTP/1.1\r\nhost: ").unwrap();
            client
        })
        .collect();
    assert!(is_alive(address), "the slow ones are sent away");
    for mut client in slow {
        client
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        let mut rest = Vec::new();
        let _ = client.read_to_end(&mut rest);
    }
    // An unused connection goes as well.
    let mut idle = TcpStream::connect(address).unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .unwrap();
    idle.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut all = String::new();
    idle.read_to_string(&mut all).unwrap();
    assert!(all.starts_with("HTTP/1.1 200"), "{all}");
}

#[test]
fn one_address_does_not_take_all_connections() {
    let town = Town::on_sqlite();
    let tight = Bounds {
        per_address: Some(10),
        head: Duration::from_secs(30),
        ..bounds()
    };
    let (address, _stop, _served) = guarded(&town, tight);
    let held: Vec<TcpStream> = (0..10)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();
    let mut over = TcpStream::connect(address).unwrap();
    over.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    assert!(
        matches!(over.read(&mut [0; 8]), Ok(0) | Err(_)),
        "sent away at once"
    );
    drop(held);
    let alive = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        is_alive(address)
    });
    assert!(alive);
}

#[test]
fn the_server_stops_in_bounded_time() {
    let town = Town::on_sqlite();
    let (address, stop, served) = guarded(
        &town,
        Bounds {
            head: Duration::from_secs(30),
            ..bounds()
        },
    );
    let mut half = TcpStream::connect(address).unwrap();
    half.write_all(b"POST /api/v1/me HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
        .unwrap();
    assert!(is_alive(address));
    stop.send(()).unwrap();
    let asked = Instant::now();
    town.wait(served).unwrap();
    assert!(
        asked.elapsed() < Duration::from_secs(3),
        "{:?}",
        asked.elapsed()
    );
    drop(half);
}

#[test]
fn what_many_ask_at_once_is_made_once_and_a_change_is_never_missed() {
    on_both(|town| {
        let day = (house(), Date::parse("2026-11-23").unwrap(), 7);
        let taken = || town.visitor().ok::<GetOccupancy>(&day, &()).taken.len();
        for (number, hour) in (8..18).enumerate() {
            let at = |hour: u32| format!("{hour:02}:00");
            town.resident()
                .ok::<Book>(&house(), &tomorrow("hall-a", &at(hour), &at(hour + 1)));
            let seen: Vec<usize> = std::thread::scope(|scope| {
                let readers: Vec<_> = (0..8).map(|_| scope.spawn(taken)).collect();
                readers.into_iter().map(|one| one.join().unwrap()).collect()
            });
            assert_eq!(seen, vec![number + 1; 8]);
        }
    });
}
