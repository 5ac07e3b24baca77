//! Push messages: encrypted for their device and signed, told once, in waking hours, of the kinds that somebody wants; and devices
//! that are gone, slow or none.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    activity::Audience,
    api::{
        AddPush, Book, CancelBooking, ChangePush, DecideBooking, Decision, EraseMe, GetPush,
        ListLetters, NewPush, PushChange, PushSettings, ReadLetters, RemovePush, SignOut,
        SignUpFor, Withdraw,
    },
    message::{NewsKind, QuietHours},
    problem::{Problem, TextFault},
};
use server::delivery;
use web_push_native::{
    Auth, decrypt,
    p256::{
        PublicKey, SecretKey,
        ecdsa::{Signature, VerifyingKey, signature::Verifier},
    },
};

use super::{
    classes::{child, class, path, places, sign_up_oneself},
    fixture::{Person, Town, house, on_both, tomorrow},
    receiver::{Manner, Received, Receiver},
};

/// A browser that gets messages.
struct Browser {
    secret: SecretKey,
    auth: [u8; 16],
    endpoint: String,
}

impl Browser {
    fn new(endpoint: String) -> Self {
        Self {
            secret: SecretKey::from_slice(&[7; 32]).unwrap(),
            auth: [3; 16],
            endpoint,
        }
    }

    fn subscription(&self) -> NewPush {
        NewPush {
            endpoint: self.endpoint.clone(),
            p256dh: BASE64_URL_SAFE_NO_PAD.encode(self.secret.public_key().to_sec1_bytes()),
            auth: BASE64_URL_SAFE_NO_PAD.encode(self.auth),
        }
    }

    /// What a message says to whoever has the key.
    fn open(&self, message: &Received) -> serde_json::Value {
        assert_eq!(message.headers["content-encoding"], "aes128gcm");
        let text = decrypt(
            message.body.clone(),
            &self.secret,
            &Auth::clone_from_slice(&self.auth),
        );
        serde_json::from_slice(&text.unwrap()).unwrap()
    }
}

fn deliver(town: &Town) {
    town.wait(delivery::deliver_due(&town.site)).unwrap();
}

/// All of the day is loud.
fn be_told_always(person: &Person<'_>) -> PushSettings {
    person.ok::<ChangePush>(
        &(),
        &PushChange {
            off: Vec::new(),
            quiet: QuietHours { from: 0, until: 0 },
        },
    )
}

/// Somebody asks for a room, and staff approve.
fn approve(town: &Town, person: &Person<'_>, from: &str, until: &str) {
    let booking = person.ok::<Book>(&house(), &tomorrow("quiet", from, until));
    let decision: Decision = serde_json::from_str(r#"{"approve":true}"#).unwrap();
    town.staff()
        .ok::<DecideBooking>(&(house(), booking.id), &decision);
    town.decisions_stand();
}

#[test]
fn a_message_is_for_its_device_alone_and_says_who_sends_it() {
    on_both(|town| {
        let service = Receiver::open(Manner::Status(201));
        let browser = Browser::new(service.url("/send/1"));
        let resident = town.resident();
        let settings = resident.ok::<AddPush>(&(), &browser.subscription());
        assert_eq!(settings.devices[0].endpoint, browser.endpoint);
        approve(town, &resident, "14:00", "15:00");
        deliver(town);

        let got = service.take();
        let [message] = &*got else { panic!("{got:?}") };
        assert_eq!(message.path, "/send/1");
        let told = browser.open(message);
        let letter = &resident.ok::<ListLetters>(&(), &())[0];
        let sentence = letter.news.sentence(domain::language::Lang::Zh);
        assert_eq!(told["body"], sentence);
        assert!(
            told["page"]
                .as_str()
                .unwrap()
                .starts_with("/bookings/house/")
        );
        assert!(
            told["title"]
                .as_str()
                .is_some_and(|title| !title.is_empty())
        );
        let clear = String::from_utf8_lossy(&message.body);
        assert!(!clear.contains("14:00"), "in the clear: {clear}");

        // RFC 8292: who sends it, for whom, until when.
        let authorization = message.headers["authorization"]
            .strip_prefix("vapid t=")
            .unwrap();
        let (token, key) = authorization.split_once(", k=").unwrap();
        assert_eq!(key, settings.key);
        let key = BASE64_URL_SAFE_NO_PAD.decode(key).unwrap();
        let key = VerifyingKey::from(PublicKey::from_sec1_bytes(&key).unwrap());
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
        let signature = Signature::from_slice(&signature).unwrap();
        key.verify(signed.as_bytes(), &signature).unwrap();
        let claims = signed.split_once('.').unwrap().1;
        let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["aud"], service.url(""));
        let ends = claims["exp"].as_i64().unwrap() - town.site.clock.now();
        assert!(ends > 3600 && ends <= 86_400, "{ends}");

        // Told once.
        deliver(town);
        town.pass(3600);
        deliver(town);
        assert!(service.take().is_empty());
    });
}

#[test]
fn only_what_somebody_wants_is_told_and_what_they_read_is_not() {
    on_both(|town| {
        let service = Receiver::open(Manner::Status(201));
        let resident = town.resident();
        resident.ok::<AddPush>(&(), &Browser::new(service.url("/1")).subscription());
        let change = PushChange {
            off: vec![NewsKind::Bookings, NewsKind::Bookings],
            quiet: QuietHours::default(),
        };
        let settings = resident.ok::<ChangePush>(&(), &change);
        assert_eq!(settings.off, [NewsKind::Bookings]);
        approve(town, &resident, "14:00", "15:00");
        deliver(town);
        assert!(service.take().is_empty());

        be_told_always(&resident);
        approve(town, &resident, "16:00", "17:00");
        resident.ok::<ReadLetters>(&(), &None);
        deliver(town);
        assert!(service.take().is_empty());
    });
}

#[test]
fn in_quiet_hours_nothing_is_told_but_what_cannot_wait() {
    on_both(|town| {
        let service = Receiver::open(Manner::Status(201));
        let browser = Browser::new(service.url("/1"));
        let resident = town.resident();
        resident.ok::<AddPush>(&(), &browser.subscription());
        let second = town.resident();
        let other = Browser::new(service.url("/2"));
        second.ok::<AddPush>(&(), &other.subscription());
        // From noon on it is quiet for two hours.
        let change = PushChange {
            off: vec![NewsKind::Reminders],
            quiet: QuietHours {
                from: 12 * 60,
                until: 14 * 60,
            },
        };
        resident.ok::<ChangePush>(&(), &change);
        approve(town, &resident, "14:00", "15:00");
        deliver(town);
        assert!(service.take().is_empty());
        town.pass(2 * 3600 - 60);
        deliver(town);
        assert!(service.take().is_empty());
        town.pass(60);
        deliver(town);
        let told = service.take();
        assert_eq!(told.len(), 1);
        assert!(
            browser.open(&told[0])["body"]
                .as_str()
                .unwrap()
                .contains("14:00")
        );
    });
}

#[test]
fn what_begins_soon_is_told_two_hours_before_and_by_day() {
    on_both(|town| {
        let service = Receiver::open(Manner::Status(201));
        let browser = Browser::new(service.url("/1"));
        let resident = town.resident();
        resident.ok::<AddPush>(&(), &browser.subscription());
        let hall =
            |from: &str, until: &str| resident.ok::<Book>(&house(), &tomorrow("hall", from, until));
        hall("13:00", "13:30");
        let called_off = hall("15:00", "15:30");
        sign_up_oneself(&resident, &class(town, 5, Audience::default()));
        deliver(town);
        assert!(service.take().is_empty());

        // From noon of the day before until 10:59, 11:00, 13:00 and 14:30.
        town.pass(23 * 3600 - 60);
        deliver(town);
        assert!(service.take().is_empty());
        town.pass(60);
        deliver(town);
        let told = service.take();
        assert_eq!(told.len(), 1);
        let told = browser.open(&told[0]);
        assert!(told["body"].as_str().unwrap().contains("13:00"), "{told}");
        let reason = serde_json::from_str(r#"{"reason":""}"#).unwrap();
        resident.ok::<CancelBooking>(&(house(), called_off.id), &reason);
        town.pass(2 * 3600);
        deliver(town);
        assert!(service.take().is_empty());
        town.pass(90 * 60);
        deliver(town);
        let told = service.take();
        assert_eq!(told.len(), 1);
        let told = browser.open(&told[0]);
        assert!(told["body"].as_str().unwrap().contains("16:30"), "{told}");
    });
}

#[test]
fn what_begins_in_the_morning_is_told_the_evening_before() {
    on_both(|town| {
        let service = Receiver::open(Manner::Status(201));
        let browser = Browser::new(service.url("/1"));
        let resident = town.resident();
        resident.ok::<AddPush>(&(), &browser.subscription());
        resident.ok::<Book>(&house(), &tomorrow("hall", "09:00", "09:30"));
        town.pass(8 * 3600 + 58 * 60);
        deliver(town);
        assert!(service.take().is_empty());
        town.pass(60);
        deliver(town);
        let told = service.take();
        assert_eq!(told.len(), 1);
        assert!(
            browser.open(&told[0])["body"]
                .as_str()
                .unwrap()
                .contains("9:00")
        );
        // Not again in the morning.
        town.pass(10 * 3600);
        deliver(town);
        assert!(service.take().is_empty());
    });
}

#[test]
fn a_device_that_is_gone_gets_nothing_more_and_one_that_fails_gets_it_later() {
    on_both(|town| {
        let (gone, failing) = (
            Receiver::open(Manner::Status(410)),
            Receiver::open(Manner::Status(503)),
        );
        let resident = town.resident();
        resident.ok::<AddPush>(&(), &Browser::new(gone.url("/1")).subscription());
        resident.ok::<AddPush>(&(), &Browser::new(failing.url("/2")).subscription());
        be_told_always(&resident);
        approve(town, &resident, "14:00", "15:00");
        deliver(town);
        assert_eq!((gone.take().len(), failing.take().len()), (1, 1));
        let settings = resident.ok::<GetPush>(&(), &());
        assert_eq!(settings.devices.len(), 1);
        assert!(settings.devices[0].endpoint.ends_with("/2"));

        town.pass(29);
        deliver(town);
        assert!(failing.take().is_empty());
        town.pass(1);
        deliver(town);
        assert_eq!(failing.take().len(), 1);
        failing.is_to(Manner::Status(201));
        town.pass(120);
        deliver(town);
        assert_eq!(failing.take().len(), 1);
        town.pass(86_000);
        deliver(town);
        assert!(failing.take().is_empty());
        // One that sends us elsewhere has not accepted it, and is not followed.
        failing.is_to(Manner::Elsewhere);
        approve(town, &resident, "20:00", "21:00");
        deliver(town);
        assert_eq!(failing.take().len(), 1);
    });
}

#[test]
fn a_device_that_never_answers_keeps_nobody_waiting() {
    on_both(|town| {
        let (slow, quick) = (
            Receiver::open(Manner::Silent),
            Receiver::open(Manner::Status(201)),
        );
        let resident = town.resident();
        for n in 0..3 {
            let browser = Browser::new(slow.url(&format!("/{n}")));
            resident.ok::<AddPush>(&(), &browser.subscription());
        }
        resident.ok::<AddPush>(&(), &Browser::new(quick.url("/1")).subscription());
        be_told_always(&resident);
        approve(town, &resident, "14:00", "15:00");
        let began = std::time::Instant::now();
        deliver(town);
        assert!(began.elapsed().as_secs() < 20);
        assert_eq!((slow.take().len(), quick.take().len()), (3, 1));
        // It is tried again later, and given up in the end.
        assert_eq!(resident.ok::<GetPush>(&(), &()).devices.len(), 4);
    });
}

#[test]
fn a_subscription_that_is_none_is_not_taken() {
    on_both(|town| {
        let resident = town.resident();
        let sound = Browser::new("https://push.example/1".to_owned()).subscription();
        let asked = |change: &dyn Fn(&mut NewPush)| {
            let mut new = sound.clone();
            change(&mut new);
            resident.problem::<AddPush>(&(), &new)
        };
        let unreadable = |field| Problem::field(field, TextFault::Unreadable);
        for endpoint in [
            "",
            "ftp://x",
            "javascript:1",
            "https://a b",
            "file:///etc/passwd",
        ] {
            let told = asked(&|new| new.endpoint = endpoint.to_owned());
            assert_eq!(told, unreadable("endpoint"), "{endpoint}");
        }
        let long = format!("https://push.example/{}", "x".repeat(1_000));
        assert_eq!(
            asked(&|new| new.endpoint.clone_from(&long)),
            unreadable("endpoint")
        );
        assert_eq!(
            asked(&|new| new.auth = "AAAA".to_owned()),
            unreadable("keys")
        );
        assert_eq!(
            asked(&|new| new.p256dh = "AAAA".to_owned()),
            unreadable("keys")
        );
        let minutes = PushChange {
            off: Vec::new(),
            quiet: QuietHours {
                from: 1440,
                until: 0,
            },
        };
        let told = resident.problem::<ChangePush>(&(), &minutes);
        assert_eq!(told, Problem::field("quiet", TextFault::OutOfRange));

        // A browser is its last user's; nobody removes another's; there are ten at most.
        resident.ok::<AddPush>(&(), &sound);
        let other = town.resident();
        let settings = other.ok::<AddPush>(&(), &sound);
        assert!(resident.ok::<GetPush>(&(), &()).devices.is_empty());
        let id = settings.devices[0].id.clone();
        assert_eq!(resident.problem::<RemovePush>(&id, &()), Problem::NotFound);
        for n in 0..11 {
            let browser = Browser::new(format!("https://push.example/{n}/more"));
            other.ok::<AddPush>(&(), &browser.subscription());
        }
        let devices = other.ok::<GetPush>(&(), &()).devices;
        assert_eq!(devices.len(), 10);
        assert!(devices.iter().all(|one| one.id != id));
        other.ok::<EraseMe>(&(), &());
        let left = town.run(|tx| {
            Ok(tx
                .one("select count(*) as n from push", &[])?
                .get::<i64>("n")?)
        });
        assert_eq!(left, 0);
    });
}

#[test]
fn whoever_signed_out_of_a_device_is_told_nothing_there() {
    on_both(|town| {
        let service = Receiver::open(Manner::Status(201));
        let resident = town.resident();
        resident.ok::<AddPush>(&(), &Browser::new(service.url("/1")).subscription());
        let elsewhere = town.signed_in(&resident.id);
        elsewhere.ok::<AddPush>(&(), &Browser::new(service.url("/2")).subscription());
        be_told_always(&resident);
        resident.ok::<SignOut>(&(), &());
        approve(town, &elsewhere, "14:00", "15:00");
        deliver(town);
        let told = service.take();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].path, "/2");
        assert_eq!(elsewhere.ok::<GetPush>(&(), &()).devices.len(), 1);
    });
}

#[test]
fn a_device_inside_of_the_houses_own_network_is_none() {
    let town = Town::on_sqlite_among_strangers();
    let resident = town.resident();
    for endpoint in [
        "https://127.0.0.1:9/1",
        "https://localhost:9/2",
        "http://push.example/3",
    ] {
        let browser = Browser::new(endpoint.to_owned());
        resident.ok::<AddPush>(&(), &browser.subscription());
    }
    be_told_always(&resident);
    approve(&town, &resident, "14:00", "15:00");
    deliver(&town);
    assert!(resident.ok::<GetPush>(&(), &()).devices.is_empty());
}

#[test]
fn who_is_reminded_of_a_place_is_whoever_has_it_or_speaks_for_it() {
    on_both(|town| {
        let service = Receiver::open(Manner::Status(201));
        let (parent, staff) = (town.resident(), town.staff());
        let browser = Browser::new(service.url("/parent"));
        parent.ok::<AddPush>(&(), &browser.subscription());
        staff.ok::<AddPush>(&(), &Browser::new(service.url("/staff")).subscription());
        be_told_always(&parent);
        be_told_always(&staff);
        let kid = child(&parent, "小满", "2018-03-05");
        let class = class(town, 5, Audience::default());
        // The desk signs it up; the parent is who comes with it.
        let wanted = places(&class, &[&kid], false);
        parent.ok::<SignUpFor>(&path(&class), &wanted);
        let own = sign_up_oneself(&parent, &class);
        parent.ok::<Withdraw>(&(house(), own.id), &());
        town.pass(26 * 3600 + 31 * 60);
        deliver(town);
        let told = service.take();
        let paths: Vec<_> = told.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(
            paths,
            ["/parent"],
            "one for the child, none for who withdrew"
        );
        let words = browser.open(&told[0])["body"].as_str().unwrap().to_owned();
        assert!(words.contains("小满") && words.contains("16:30"), "{words}");
    });
}

#[test]
fn what_is_called_off_after_its_reminder_was_made_ready_is_not_told() {
    on_both(|town| {
        let service = Receiver::open(Manner::Status(201));
        let resident = town.resident();
        resident.ok::<AddPush>(&(), &Browser::new(service.url("/1")).subscription());
        be_told_always(&resident);
        let class = class(town, 5, Audience::default());
        let place = sign_up_oneself(&resident, &class);
        town.pass(20 * 3600);
        deliver(town);
        resident.ok::<Withdraw>(&(house(), place.id), &());
        town.pass(7 * 3600);
        deliver(town);
        assert!(service.take().is_empty());
    });
}
