//! Webhooks: what happens in a centre is told in order, signed, until it is accepted; to nobody inside of the house's own network.

use base64::{Engine, prelude::BASE64_STANDARD};
use domain::{
    api::{Book, CancelBooking, ListHooks, MakeHook, NewHook, RemoveHook, RetryHook},
    hook::{Hook, HookBody, Outcome},
    person::permission::Role,
    problem::{Problem, TextFault},
};
use hmac::{Hmac, Mac};
use server::delivery;
use sha2::Sha256;

use super::{
    fixture::{Person, Town, house, on_both, tomorrow},
    receiver::{Manner, Received, Receiver},
};

fn manager(town: &Town) -> Person<'_> {
    town.person(Some((Some("house"), Role::Manager)))
}

fn make(manager: &Person<'_>, url: &str) -> Hook {
    let url = url.to_owned();
    manager
        .ok::<MakeHook>(&house(), &NewHook { url })
        .pop()
        .unwrap()
}

/// What is settled by now is told.
fn deliver(town: &Town) {
    town.pass(11);
    town.wait(delivery::deliver_due(&town.site)).unwrap();
}

/// What a request tells, once its signature was checked as Standard Webhooks 1.0 says.
fn open(hook: &Hook, request: &Received) -> Vec<(String, String)> {
    let key = BASE64_STANDARD
        .decode(hook.secret.strip_prefix("whsec_").unwrap())
        .unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    let (id, at) = (
        &request.headers["webhook-id"],
        &request.headers["webhook-timestamp"],
    );
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(&request.body);
    let signature = request.headers["webhook-signature"]
        .strip_prefix("v1,")
        .unwrap();
    mac.verify_slice(&BASE64_STANDARD.decode(signature).unwrap())
        .unwrap();
    let body: HookBody = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body.centre, "house");
    body.events
        .into_iter()
        .map(|event| (event.act, event.page))
        .collect()
}

fn events(hook: &Hook, requests: &[Received]) -> Vec<(String, String)> {
    requests.iter().flat_map(|one| open(hook, one)).collect()
}

#[test]
fn what_happens_is_told_in_order_without_names() {
    on_both(|town| {
        let there = Receiver::open(Manner::Status(204));
        let manager = manager(town);
        let before = town
            .resident()
            .ok::<Book>(&house(), &tomorrow("hall", "08:00", "08:30"));
        town.pass(1);
        let hook = make(&manager, &there.url("/linli"));
        deliver(town);
        // The first says that it works; that the address was added is told by the next.
        let told = there.take();
        assert_eq!(told[0].path, "/linli");
        assert!(open(&hook, &told[0]).is_empty());
        assert_eq!(
            events(&hook, &told),
            [("hook_made".to_owned(), String::new())]
        );
        let shown = manager.ok::<ListHooks>(&house(), &());
        assert_eq!(shown[0].last, Some(Outcome::Accepted));

        let resident = town.resident();
        let booking = resident.ok::<Book>(&house(), &tomorrow("hall", "10:00", "10:30"));
        town.wait(delivery::deliver_due(&town.site)).unwrap();
        assert!(there.take().is_empty(), "it is not settled yet");
        let place = (house(), booking.id.clone());
        resident.ok::<CancelBooking>(
            &place,
            &serde_json::from_str(r#"{"reason":"病了"}"#).unwrap(),
        );
        deliver(town);
        let told = there.take();
        let page = format!("/bookings/house/{}", booking.id);
        assert_eq!(
            events(&hook, &told),
            [
                ("booked".to_owned(), page.clone()),
                ("booking_cancelled".to_owned(), page)
            ]
        );
        let text = String::from_utf8(told[0].body.clone()).unwrap();
        for private in ["测试", "病了", resident.id.as_str(), before.id.as_str()] {
            assert!(!text.contains(private), "{private} in {text}");
        }
        deliver(town);
        assert!(there.take().is_empty());
    });
}

#[test]
fn what_was_not_accepted_is_sent_again_and_nothing_is_left_out() {
    on_both(|town| {
        let there = Receiver::open(Manner::Status(204));
        let manager = manager(town);
        let hook = make(&manager, &there.url("/"));
        deliver(town);
        there.take();
        there.is_to(Manner::Status(500));
        let resident = town.resident();
        for hour in 8..11 {
            let wanted = tomorrow("hall", &format!("{hour:02}:00"), &format!("{hour:02}:30"));
            town.resident().ok::<Book>(&house(), &wanted);
        }
        deliver(town);
        assert_eq!(there.take().len(), 1);
        let shown = manager.ok::<ListHooks>(&house(), &());
        assert_eq!(shown[0].last, Some(Outcome::Answered(500)));
        assert!(shown[0].failing.is_some() && !shown[0].off);
        // Not at once, and then more and more seldom.
        town.wait(delivery::deliver_due(&town.site)).unwrap();
        assert!(there.take().is_empty());
        deliver(town);
        assert_eq!(there.take().len(), 1);
        deliver(town);
        assert!(there.take().is_empty());
        resident.ok::<Book>(&house(), &tomorrow("hall", "12:00", "12:30"));
        there.is_to(Manner::Status(200));
        town.pass(60);
        deliver(town);
        let acts: Vec<_> = events(&hook, &there.take());
        assert_eq!(acts.len(), 4, "{acts:?}");
        assert!(acts.iter().all(|(act, _)| act == "booked"));

        // After three days nothing is sent any more, until somebody says so; what happened meanwhile is told then.
        there.is_to(Manner::Status(500));
        resident.ok::<Book>(&house(), &tomorrow("hall", "14:00", "14:30"));
        for _ in 0..9 {
            deliver(town);
            town.pass(12 * 3600);
        }
        there.take();
        deliver(town);
        assert!(there.take().is_empty());
        assert!(manager.ok::<ListHooks>(&house(), &())[0].off);
        there.is_to(Manner::Status(200));
        let path = (house(), hook.id.clone());
        assert!(!manager.ok::<RetryHook>(&path, &())[0].off);
        deliver(town);
        assert!(
            events(&hook, &there.take())
                .iter()
                .any(|(act, _)| act == "booked")
        );
        assert!(manager.ok::<RemoveHook>(&path, &()).is_empty());
        town.resident()
            .ok::<Book>(&house(), &tomorrow_later("15:00", "15:30"));
        deliver(town);
        assert!(there.take().is_empty());
    });
}

/// Days later, as the clock has gone on.
fn tomorrow_later(from: &str, until: &str) -> domain::api::NewBooking {
    let mut wanted = tomorrow("hall", from, until);
    let later = 8 * domain::time::DAY;
    wanted.start = wanted.start.plus(later);
    wanted.end = wanted.end.plus(later);
    wanted
}

#[test]
fn many_events_go_in_several_requests_and_one_that_says_it_is_gone_is_left_alone() {
    on_both(|town| {
        let there = Receiver::open(Manner::Status(204));
        let manager = manager(town);
        let hook = make(&manager, &there.url("/"));
        deliver(town);
        there.take();
        // More than one request carries.
        let now_ms = town.site.clock.now_ms();
        town.run(move |tx| {
            for n in 0..250 {
                tx.exec(
                    "insert into audit (centre_id, at_ms, id, act, channel, subject, about, words)
                    values ('house', $1, $2, 'booked', 'app', '{}', $3, '')",
                    &[
                        now_ms.into(),
                        format!("zz{n:04}").into(),
                        format!("/bookings/house/{n}").into(),
                    ],
                )?;
            }
            Ok(())
        });
        deliver(town);
        let told = there.take();
        assert_eq!(told.len(), 3);
        let pages: Vec<_> = events(&hook, &told)
            .into_iter()
            .map(|(_, page)| page)
            .collect();
        let expected: Vec<_> = (0..250).map(|n| format!("/bookings/house/{n}")).collect();
        assert_eq!(pages, expected);

        there.is_to(Manner::Status(410));
        town.resident()
            .ok::<Book>(&house(), &tomorrow("hall", "10:00", "10:30"));
        deliver(town);
        assert_eq!(there.take().len(), 1);
        assert!(manager.ok::<ListHooks>(&house(), &())[0].off);
    });
}

#[test]
fn an_address_that_is_none_is_not_taken() {
    on_both(|town| {
        let manager = manager(town);
        let asked = |url: &str| {
            manager.problem::<MakeHook>(
                &house(),
                &NewHook {
                    url: url.to_owned(),
                },
            )
        };
        for url in [
            "x",
            "ftp://a.example",
            "https://a b.example",
            "https://user:word@a.example/",
        ] {
            assert_eq!(
                asked(url),
                Problem::field("url", TextFault::Unreadable),
                "{url}"
            );
        }
        assert_eq!(asked(" "), Problem::field("url", TextFault::Missing));
        for n in 0..10 {
            make(&manager, &format!("https://a.example/{n}"));
        }
        let more = asked("https://a.example/more");
        assert_eq!(more, Problem::field("url", TextFault::OutOfRange));
        // Staff see no secrets.
        let refused = town.staff().problem::<ListHooks>(&house(), &());
        assert_eq!(refused, Problem::NotAllowed);
    });
}

#[test]
fn nothing_is_sent_into_the_houses_own_network() {
    let town = Town::on_sqlite_among_strangers();
    let inside = Receiver::open(Manner::Status(200));
    let manager = manager(&town);
    make(&manager, &inside.url("/"));
    make(&manager, &inside.url("/").replace("http://", "https://"));
    deliver(&town);
    assert!(inside.take().is_empty());
    let shown = manager.ok::<ListHooks>(&house(), &());
    let last: Vec<_> = shown.iter().map(|hook| hook.last).collect();
    assert_eq!(last, [Some(Outcome::Insecure), Some(Outcome::Internal)]);
}
