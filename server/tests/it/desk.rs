//! The desk: staff find people, act for them, and everything stands in the log.

use domain::{
    activity::Audience,
    api::{
        AGAIN_HEADER, AddPerson, AddRelative, BASE, Book, CHANNEL_HEADER, ChangePerson,
        DecideBooking, Decision, Endpoint, FindEntries, FindPeople, GetAuditLog, GetBookingStory,
        GetDesk, GetFoundFile, GetLogFile, GetPerson, GetSheet, KEY_HEADER, ListLetters,
        ListMyBookings, LogQuery, NewCaller, NewMember, NewSignUp, PersonChange, SignUpFor,
        StoryLine, TellLetter, UndoBooking, UntellLetter, Wanted, Withdraw,
    },
    audit::{Act, Entry, Log},
    booking::BookingState,
    id::PersonId,
    language::Lang,
    message::News,
    person::{
        behalf::{Behalf, Channel},
        household::CONSENT_VERSION,
        permission::Role,
        search::PersonRow,
    },
    problem::{Problem, TextFault},
    sign_up::{SignUpState, refusal::SignUpRefusal},
};

use super::{
    classes::class,
    fixture::{Person, abroad, at, day, house, key, on_both, tomorrow},
};

fn caller(name: &str, phone: &str) -> NewCaller {
    NewCaller {
        name: name.to_owned(),
        phone: phone.to_owned(),
        birth: None,
        family: Vec::new(),
    }
}

fn found(staff: &Person<'_>, text: &str) -> Vec<String> {
    let wanted = Wanted {
        text: text.to_owned(),
    };
    let rows = staff.ok::<FindPeople>(&house(), &wanted);
    rows.into_iter().map(|row| row.name).collect()
}

fn log(staff: &Person<'_>) -> Vec<Entry> {
    let log = staff.ok::<GetAuditLog>(&(house(), day("2026-11-22"), 0), &());
    assert!(!log.more);
    // That the house was set up is not what the stories are about.
    let made = |entry: &Entry| entry.act != Act::CentreChanged;
    log.entries.into_iter().filter(made).collect()
}

/// What a call needs that has no type of its own: a header that says how somebody reached the house.
fn by_phone(staff: &Person<'_>, path: &str, body: &str) {
    let headers = [
        (KEY_HEADER, key()),
        (CHANNEL_HEADER, "phone".to_owned()),
        ("content-type", "application/json".to_owned()),
    ];
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let answer = staff.raw("POST", &format!("{BASE}{path}"), &headers, body.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.body);
}

fn on_the_phone(person: &PersonRow) -> Option<Behalf> {
    Some(Behalf {
        person: person.id.clone(),
        channel: Channel::Phone,
    })
}

#[test]
fn a_caller_is_found_by_number_and_by_name() {
    on_both(|town| {
        let staff = town.staff();
        let card = staff.ok::<AddPerson>(&house(), &caller(" 王_桂兰 ", "139 1111 2222"));
        assert_eq!(card.phone.as_deref(), Some("13911112222"));
        let old = staff.ok::<AddPerson>(&house(), &caller("王建国", ""));
        assert_eq!(old.phone, None);
        assert_eq!(found(&staff, "13911112222"), ["王_桂兰"]);
        assert_eq!(found(&staff, "+86 139-1111-2222"), ["王_桂兰"]);
        assert_eq!(found(&staff, "2222"), ["王_桂兰"]);
        assert_eq!(found(&staff, "王建"), ["王建国"]);
        assert_eq!(found(&staff, "王_"), ["王_桂兰"], "no pattern");
        assert!(found(&staff, "%%").is_empty());
        let few = Wanted {
            text: "222".to_owned(),
        };
        let problem = staff.problem::<FindPeople>(&house(), &few);
        assert_eq!(problem, Problem::field("phone", TextFault::Unreadable));

        // The same name and number are the same person; another name must not act for her unawares.
        let again = staff.ok::<AddPerson>(&house(), &caller("王_桂兰", "13911112222"));
        assert_eq!(again, card);
        let other = staff.problem::<AddPerson>(&house(), &caller("王大妈", "13911112222"));
        assert_eq!(other, Problem::field("phone", TextFault::Theirs));

        // Another house finds her by her whole number only.
        let elsewhere = town.person(Some((Some("abroad"), Role::Staff)));
        let look = |text: &str| {
            let wanted = Wanted {
                text: text.to_owned(),
            };
            elsewhere.ok::<FindPeople>(&abroad(), &wanted).len()
        };
        assert_eq!((look("王_桂"), look("2222")), (0, 0));
        // Whoever knows the whole number was told it; that stands in the log, and the house knows her from then on.
        let path = (abroad(), card.id.clone());
        assert_eq!(
            elsewhere.problem::<GetPerson>(&path, &()),
            Problem::NotFound
        );
        assert_eq!((look("13911112222"), look("王_桂")), (1, 1));
        elsewhere.ok::<GetPerson>(&path, &());
        let log = elsewhere.ok::<GetAuditLog>(&(abroad(), day("2026-11-22"), 0), &());
        let acts: Vec<_> = log.entries.iter().map(|entry| entry.act).collect();
        assert_eq!(
            acts,
            [
                Act::PeopleSearched,
                Act::PersonSeen,
                Act::PeopleSearched,
                Act::PeopleSearched,
                Act::CentreChanged,
            ]
        );
    });
}

#[test]
fn a_room_is_booked_for_a_caller() {
    on_both(|town| {
        let staff = town.staff();
        let caller_card = staff.ok::<AddPerson>(&house(), &caller("陈玉梅", "13911112222"));
        let mut wanted = tomorrow("hall-a", "10:00", "11:00");
        wanted.behalf = on_the_phone(&caller_card);
        let booking = staff.ok::<Book>(&house(), &wanted);
        assert_eq!(
            (booking.beneficiary.as_str(), booking.channel),
            ("陈玉梅", Channel::Phone)
        );
        assert_eq!(
            (&booking.made_by, booking.made_by_name.as_deref()),
            (&staff.id, Some("测试"))
        );
        let card = staff.ok::<GetPerson>(&(house(), caller_card.id.clone()), &());
        assert_eq!(card.bookings, std::slice::from_ref(&booking));
        assert!(
            staff.ok::<ListMyBookings>(&(), &()).is_empty(),
            "it is not the staff's"
        );

        // Who pressed the button can take it back, and staff can call it off.
        let path = (house(), booking.id.clone());
        assert_eq!(
            staff.ok::<UndoBooking>(&path, &()).state,
            BookingState::Undone
        );
        let letters = town.run({
            let id = caller_card.id.clone();
            move |tx| {
                let sql = "select count(*) as n from letter where person_id = $1";
                Ok(tx.one(sql, &[(&id).into()])?.get::<i64>("n")?)
            }
        });
        assert_eq!(letters, 0, "she never knew of the slip");
        let booking = staff.ok::<Book>(&house(), &wanted);
        let other = town.staff();
        let path = format!("/centres/house/bookings/{}/cancel", booking.id);
        by_phone(&other, &path, "{\"reason\":\"她来电说不来了\"}");
        let entries = log(&staff);
        let told: Vec<_> = entries
            .iter()
            .map(|one| (one.act, one.channel, one.person.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                (Act::BookingCancelled, Channel::Phone, Some("陈玉梅")),
                (Act::Booked, Channel::Phone, Some("陈玉梅")),
                (Act::BookingUndone, Channel::App, Some("陈玉梅")),
                (Act::PersonSeen, Channel::App, Some("陈玉梅")),
                (Act::Booked, Channel::Phone, Some("陈玉梅")),
                (Act::PersonAdded, Channel::App, Some("陈玉梅")),
            ]
        );
        assert_eq!(entries[0].subject.reason, "她来电说不来了");
        assert_eq!(entries[0].subject.start, Some(at("2026-11-23T10:00")));
    });
}

#[test]
fn people_are_found_by_one_sign_by_sound_and_through_their_guardian() {
    on_both(|town| {
        let staff = town.staff();
        let grandmother = staff.ok::<AddPerson>(&house(), &caller("王桂兰", "13911112222"));
        staff.ok::<AddPerson>(&house(), &caller("陈玉梅", ""));
        let child = NewMember {
            name: "小石头".to_owned(),
            birth: day("2018-03-01"),
        };
        staff.ok::<AddRelative>(&(house(), grandmother.id.clone()), &child);
        // The house knows the child by its household alone.
        town.run(|tx| {
            let sql = "delete from desk_contact where person_id in (select id from person where name = '小石头')";
            Ok(tx.exec(sql, &[])?)
        });
        let find = |text: &str| {
            let wanted = Wanted {
                text: text.to_owned(),
            };
            let found = staff.ok::<FindPeople>(&house(), &wanted);
            found
                .into_iter()
                .map(|one| (one.name, one.guardian))
                .collect::<Vec<_>>()
        };
        let of = |name: &str| vec![(name.to_owned(), None)];
        assert_eq!(find("桂"), of("王桂兰"));
        assert_eq!(find("wgl"), of("王桂兰"));
        assert_eq!(find("Yu mei"), of("陈玉梅"));
        let stone = vec![("小石头".to_owned(), Some("王桂兰".to_owned()))];
        assert_eq!(find("石头"), stone);
        assert_eq!(find("xst"), stone);
        assert_eq!(find("zz"), vec![]);
        let elsewhere = town.person(Some((Some("abroad"), Role::Staff)));
        let wanted = Wanted {
            text: "wgl".to_owned(),
        };
        assert!(elsewhere.ok::<FindPeople>(&abroad(), &wanted).is_empty());
    });
}

#[test]
fn who_comes_along_is_recorded_with_a_caller() {
    on_both(|town| {
        let staff = town.staff();
        let member = |name: &str, birth: &str| NewMember {
            name: name.to_owned(),
            birth: day(birth),
        };
        let mother = NewCaller {
            family: vec![member("小一", "2018-03-01"), member("小二", "2020-05-06")],
            ..caller("同来的妈妈", "13855550001")
        };
        let row = staff.ok::<AddPerson>(&house(), &mother);
        // She comes again: those who are there are not added twice.
        let again = NewCaller {
            family: vec![member("小一", "2018-03-01"), member("小三", "2022-07-08")],
            ..mother
        };
        assert_eq!(staff.ok::<AddPerson>(&house(), &again).id, row.id);
        let card = staff.ok::<GetPerson>(&(house(), row.id), &());
        let names: Vec<_> = card.family.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["同来的妈妈", "小一", "小二", "小三"]);
        assert!(card.family.iter().skip(1).all(|one| !one.signs_in));
        // One who cannot be is said, and nothing is done.
        let unborn = NewCaller {
            family: vec![member("小四", "2118-03-01")],
            ..caller("没登记成", "13855550002")
        };
        let refused = staff.problem::<AddPerson>(&house(), &unborn);
        assert_eq!(refused.fields(), ["birth"]);
        assert_eq!(found(&staff, "没登记成"), Vec::<String>::new());
    });
}

#[test]
fn the_log_of_a_month_is_a_file() {
    on_both(|town| {
        let staff = town.staff();
        staff.ok::<AddPerson>(&house(), &caller("＝SUM(1)", ""));
        let file = staff.raw(
            "GET",
            &GetLogFile::url(&(house(), day("2026-11-02"))),
            &[],
            &[],
        );
        assert_eq!(file.status, 200);
        assert!(file.body.contains("'＝SUM(1)"), "{}", file.body);
        let before = staff.raw(
            "GET",
            &GetLogFile::url(&(house(), day("2026-10-02"))),
            &[],
            &[],
        );
        assert_eq!(before.body.lines().count(), 1, "{}", before.body);
    });
}

#[test]
fn a_booking_tells_its_story_and_the_log_is_searched_over_all_time() {
    on_both(|town| {
        let (neighbour, staff) = (town.resident(), town.staff());
        let booking = neighbour.ok::<Book>(&house(), &tomorrow("quiet", "18:00", "19:00"));
        let path = (house(), booking.id.clone());
        let yes = Decision {
            approve: true,
            reason: String::new(),
            along: domain::api::Along::One,
            seen: None,
        };
        staff.ok::<DecideBooking>(&path, &yes);
        town.decisions_stand();
        // Weeks later.
        town.pass(30 * 86_400);
        let staff = town.staff();
        let story = staff.raw("GET", &GetBookingStory::url(&path), &[], &[]);
        let story: Vec<StoryLine> = serde_json::from_str(&story.body).unwrap();
        assert_eq!(story.len(), 2, "{story:?}");
        let says = |at: usize, act: Act| story[at].words.contains(act.word(Lang::Zh));
        assert!(
            says(0, Act::Booked) && says(1, Act::BookingApproved),
            "{story:?}"
        );
        assert!(story[0].at.utc() < story[1].at.utc() + 1);

        let find = |text: &str| {
            let wanted = LogQuery {
                text: text.to_owned(),
                page: 0,
            };
            let body = serde_json::to_vec(&wanted).unwrap();
            let headers = [("content-type", "application/json")];
            let found = staff.raw("POST", &FindEntries::url(&house()), &headers, &body);
            assert_eq!(found.status, 200, "{}", found.body);
            serde_json::from_str::<Log>(&found.body).unwrap().entries
        };
        let acts = |text: &str| {
            find(text)
                .into_iter()
                .map(|one| one.act)
                .collect::<Vec<_>>()
        };
        // By the room, by the day of the booking, by what was done; the newest first.
        assert_eq!(acts("静室"), [Act::BookingApproved, Act::Booked]);
        assert_eq!(acts("11月23日"), [Act::BookingApproved, Act::Booked]);
        assert_eq!(
            acts(Act::BookingApproved.word(Lang::Zh)),
            [Act::BookingApproved]
        );
        assert_eq!(acts("%"), []);
        // All of it as a file.
        let body = serde_json::to_vec(&serde_json::json!({ "text": "静室" })).unwrap();
        let headers = [("content-type", "application/json")];
        let file = staff.raw("POST", &GetFoundFile::url(&house()), &headers, &body);
        assert_eq!(file.body.lines().count(), 3, "{}", file.body);
        assert!(file.body.contains(Act::BookingApproved.word(Lang::Zh)));
        let body = serde_json::to_vec(&serde_json::json!({ "text": "x" })).unwrap();
        let headers = [("content-type", "application/json")];
        let refused = neighbour.raw("POST", &FindEntries::url(&house()), &headers, &body);
        assert_eq!(refused.status, 403);
    });
}

#[test]
fn nobody_but_staff_acts_for_another() {
    on_both(|town| {
        let (resident, other) = (town.resident(), town.resident());
        let mut wanted = tomorrow("hall-a", "10:00", "11:00");
        wanted.behalf = Some(Behalf {
            person: other.id.clone(),
            channel: Channel::Phone,
        });
        assert_eq!(
            resident.problem::<Book>(&house(), &wanted),
            Problem::NotAllowed
        );
        let organiser = town.person(Some((Some("house"), Role::Organiser)));
        assert_eq!(
            organiser.problem::<Book>(&house(), &wanted),
            Problem::NotAllowed
        );
        wanted.behalf = Some(Behalf {
            person: PersonId::new("nobody"),
            channel: Channel::Desk,
        });
        assert_eq!(
            town.staff().problem::<Book>(&house(), &wanted),
            Problem::NotFound
        );
        let activity = class(town, 5, Audience::default());
        let sign_up = NewSignUp {
            session: Some(activity.sessions[0].id.clone()),
            people: vec![other.id.clone()],
            wait: false,
            consent: None,
            behalf: Some(Behalf {
                person: other.id.clone(),
                channel: Channel::Desk,
            }),
        };
        let path = (house(), activity.id.clone());
        assert_eq!(
            resident.problem::<SignUpFor>(&path, &sign_up),
            Problem::NotAllowed
        );
    });
}

#[test]
fn a_guardian_without_a_phone_signs_a_child_up_at_the_desk() {
    on_both(|town| {
        let staff = town.staff();
        let school = Audience {
            from_age: Some(6),
            to_age: Some(12),
        };
        let activity = class(town, 1, school);
        let path = (house(), activity.id.clone());
        let grandmother = staff.ok::<AddPerson>(&house(), &caller("刘秀英", ""));
        staff.ok::<AddRelative>(
            &(house(), grandmother.id.clone()),
            &NewMember {
                name: "刘安安".to_owned(),
                birth: day("2018-03-01"),
            },
        );
        let card = staff.ok::<GetPerson>(&(house(), grandmother.id.clone()), &());
        let child = card.family[1].id.clone();
        let mut wanted = NewSignUp {
            session: Some(activity.sessions[0].id.clone()),
            people: vec![child.clone()],
            wait: true,
            consent: None,
            behalf: Some(Behalf {
                person: grandmother.id.clone(),
                channel: Channel::Desk,
            }),
        };
        let refused = staff.problem::<SignUpFor>(&path, &wanted);
        let asked = SignUpRefusal::ConsentNeeded {
            name: "刘安安".to_owned(),
        };
        assert_eq!(
            refused,
            Problem::NotSignedUp {
                refusal: asked.clone()
            }
        );
        wanted.consent = Some(CONSENT_VERSION);
        // A child does not agree for itself.
        let mut by_child = wanted.clone();
        by_child.behalf = Some(Behalf {
            person: child.clone(),
            channel: Channel::Desk,
        });
        assert_eq!(
            staff.problem::<SignUpFor>(&path, &by_child),
            Problem::NotSignedUp { refusal: asked }
        );
        let made = staff.ok::<SignUpFor>(&path, &wanted);
        assert_eq!(
            (made[0].state, made[0].channel),
            (SignUpState::Confirmed, Channel::Desk)
        );
        let sheet_path = (house(), activity.sessions[0].id.clone());
        let sheet = staff.ok::<GetSheet>(&sheet_path, &());
        let row = &sheet.rows[0];
        assert_eq!(
            (row.guardian.as_deref(), row.phone.as_deref()),
            (Some("刘秀英"), None),
            "not the staff"
        );
        let consent = town.run(move |tx| {
            let row = tx.one("select guardian_id, actor_id, channel from consent", &[])?;
            Ok((
                row.get::<String>("guardian_id")?,
                row.get::<String>("actor_id")?,
                row.get::<String>("channel")?,
            ))
        });
        let who = (
            grandmother.id.to_string(),
            staff.id.to_string(),
            "desk".to_owned(),
        );
        assert_eq!(consent, who);
        let acts: Vec<_> = log(&staff).iter().map(|entry| entry.act).collect();
        assert_eq!(
            acts,
            [
                Act::SheetSeen,
                Act::SignedUp,
                Act::ConsentGiven,
                Act::PersonSeen,
                Act::MemberAdded,
                Act::PersonAdded,
                Act::Published
            ]
        );
        staff.ok::<GetSheet>(&sheet_path, &());
        assert_eq!(log(&staff).len(), 7, "the same look");
    });
}

#[test]
fn who_sees_no_messages_is_told_by_staff() {
    on_both(|town| {
        let staff = town.staff();
        let old = staff.ok::<AddPerson>(&house(), &caller("赵春生", "13911112222"));
        let id = old.id.clone();
        // Staff need no approval; she asked by herself, and signed out since.
        let asked = town.run({
            let id = id.clone();
            move |tx| {
                server::usecase::person::start_session(tx, super::fixture::NOON * 1000, &id, "x")
            }
        });
        let herself = Person {
            town,
            id: id.clone(),
            cookie: Some(format!("linli={asked}")),
            lang: "zh",
        };
        let wanted = tomorrow("quiet", "10:00", "11:00");
        let booking = herself.ok::<Book>(&house(), &wanted);
        assert_eq!(booking.state, BookingState::Requested);
        let decision = Decision {
            approve: true,
            reason: String::new(),
            along: domain::api::Along::One,
            seen: None,
        };
        staff.ok::<DecideBooking>(&(house(), booking.id.clone()), &decision);
        town.decisions_stand();
        let to_tell = |staff: &Person<'_>| {
            staff
                .ok::<GetDesk>(&(house(), day("2026-11-22")), &())
                .to_tell
        };
        assert!(to_tell(&staff).is_empty(), "she sees it herself");
        herself.ok::<domain::api::SignOut>(&(), &());
        let waiting = to_tell(&staff);
        assert_eq!(waiting.len(), 1);
        assert_eq!(waiting[0].person.name, "赵春生");
        assert!(matches!(
            waiting[0].letter.news,
            News::BookingApproved { .. }
        ));
        let path = (house(), waiting[0].letter.id.clone());
        staff.ok::<TellLetter>(&path, &());
        assert!(to_tell(&staff).is_empty());
        assert_eq!(staff.problem::<TellLetter>(&path, &()), Problem::Overtaken);
        // It was the wrong card: the letter is to be told again.
        let still = || {
            staff
                .ok::<GetDesk>(&(house(), day("2026-11-22")), &())
                .to_tell
                .len()
        };
        let before = still();
        staff.ok::<UntellLetter>(&path, &());
        assert_eq!(still(), before + 1);
        staff.ok::<TellLetter>(&path, &());
        town.pass(11 * 60);
        assert_eq!(
            staff.problem::<UntellLetter>(&path, &()),
            Problem::Overtaken
        );
        let elsewhere = town.person(Some((Some("abroad"), Role::Staff)));
        let path = (abroad(), waiting[0].letter.id.clone());
        assert_eq!(
            elsewhere.problem::<TellLetter>(&path, &()),
            Problem::NotFound
        );
    });
}

#[test]
fn a_record_is_corrected_but_no_number_is_taken_from_anybody() {
    on_both(|town| {
        let staff = town.staff();
        let one = staff.ok::<AddPerson>(&house(), &caller("吴海燕", ""));
        staff.ok::<AddPerson>(&house(), &caller("徐志强", "13911112222"));
        let path = (house(), one.id.clone());
        let mut change = PersonChange {
            name: "吴海雁".to_owned(),
            phone: "13911112222".to_owned(),
            birth: Some(day("1950-05-05")),
            proof: None,
        };
        let taken = Problem::field("phone", TextFault::Theirs);
        assert_eq!(staff.problem::<ChangePerson>(&path, &change), taken);
        change.phone = String::new();
        staff.ok::<ChangePerson>(&path, &change);
        let changed = staff.ok::<GetPerson>(&path, &());
        assert_eq!(changed.person.name, "吴海雁");
        assert_eq!(changed.birth, Some(day("1950-05-05")));
        // And nobody is changed by a house that does not know them.
        let stranger = (house(), town.resident().id);
        assert_eq!(
            staff.problem::<ChangePerson>(&stranger, &change),
            Problem::NotFound
        );
    });
}

#[test]
fn who_speaks_for_a_child_may_change_its_sign_up_and_who_pressed_the_button_may_not() {
    on_both(|town| {
        let staff = town.staff();
        let mother = town.resident();
        mother.ok::<Book>(&house(), &tomorrow("hall-b", "08:00", "09:00"));
        let activity = class(town, 5, Audience::default());
        let path = (house(), activity.id.clone());
        let wanted = NewSignUp {
            session: Some(activity.sessions[0].id.clone()),
            people: vec![mother.id.clone()],
            wait: false,
            consent: None,
            behalf: Some(Behalf {
                person: mother.id.clone(),
                channel: Channel::Phone,
            }),
        };
        let made = staff.ok::<SignUpFor>(&path, &wanted);
        // Whoever no longer works here has no say any more.
        let gone = staff.id.clone();
        town.run(
            move |tx| Ok(tx.exec("delete from role where person_id = $1", &[(&gone).into()])?),
        );
        let sign_up = (house(), made[0].id.clone());
        assert_eq!(staff.problem::<Withdraw>(&sign_up, &()), Problem::NotFound);
        mother.ok::<Withdraw>(&sign_up, &());
        let entries = log(&town.staff());
        assert_eq!(
            (entries[0].act, entries[0].channel),
            (Act::Withdrawn, Channel::App)
        );
        assert!(mother.ok::<ListLetters>(&(), &()).is_empty());
    });
}

#[test]
fn a_record_that_stays_open_is_one_look() {
    on_both(|town| {
        let staff = town.staff();
        let elder = staff.ok::<AddPerson>(&house(), &caller("赵春生", ""));
        let path = GetPerson::url(&(house(), elder.id));
        let looks = || {
            let entries = log(&staff).into_iter();
            entries.filter(|one| one.act == Act::PersonSeen).count()
        };
        let look = |again: &[(&str, &str)]| {
            town.pass(31 * 60);
            assert_eq!(staff.raw("GET", &path, again, b"").status, 200);
        };
        look(&[]);
        assert_eq!(looks(), 1);
        // The page asks anew because something changed: nobody looked again.
        for _ in 0..3 {
            look(&[(AGAIN_HEADER, "1")]);
        }
        assert_eq!(looks(), 1);
        look(&[]);
        assert_eq!(looks(), 2, "somebody opened it anew");
    });
}

#[test]
fn a_wrong_birth_date_is_taken_back_but_never_a_childs() {
    on_both(|town| {
        let staff = town.staff();
        let new = NewCaller {
            family: vec![NewMember {
                name: "小石".to_owned(),
                birth: day("2018-03-01"),
            }],
            birth: Some(day("1950-01-01")),
            ..caller("陈玉梅", "13911112222")
        };
        let mother = staff.ok::<AddPerson>(&house(), &new);
        let card = || staff.ok::<GetPerson>(&(house(), mother.id.clone()), &());
        let child = card().family.into_iter().find(|one| one.name == "小石");
        let change = |name: &str, phone: &str| PersonChange {
            name: name.to_owned(),
            phone: phone.to_owned(),
            birth: None,
            proof: None,
        };
        let missing =
            staff.problem::<ChangePerson>(&(house(), child.unwrap().id), &change("小石", ""));
        assert_eq!(missing, Problem::field("birth", TextFault::Missing));
        staff.ok::<ChangePerson>(
            &(house(), mother.id.clone()),
            &change("陈玉梅", "13911112222"),
        );
        assert_eq!(card().birth, None);
    });
}
