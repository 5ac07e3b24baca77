//! Cases: sent, worked on, answered; who sees what; pictures.

use base64::{Engine, prelude::BASE64_STANDARD};
use domain::{
    api::{
        AddPerson, AnswerNameless, CaseQuery, EraseMe, FindCases, FindEntries, FollowReport,
        Following, GetAuditLog, GetCase, GetCasePicture, GetMyData, ListColleagues, ListLetters,
        ListMyCases, ListReports, LogQuery, MOST_PIECE, NamelessStep, NewCaller, NewCase,
        NewNameless, NewStep, PicturePiece, ReadNameless, Secret, SendCase, SendNameless,
        SendPicture, TakeStep,
    },
    case::{
        Case, CaseState, MOST_RECEIVED, Pile,
        due::Urgency,
        kind::CaseKind,
        step::{CaseRefusal, Step, StepName, WaitsFor},
    },
    id::PictureId,
    message::News,
    person::{
        behalf::{Behalf, Channel},
        permission::Role,
    },
    problem::{Problem, TextFault},
};
use image::{Rgb, RgbImage};

use super::fixture::{Person, Town, at, at_once, house, key, on_both};

fn matter(words: &str) -> NewCase {
    NewCase {
        words: words.to_owned(),
        ..NewCase::default()
    }
}

pub fn report(words: &str, pictures: Vec<PictureId>) -> NewCase {
    NewCase {
        kind: CaseKind::Report,
        words: words.to_owned(),
        place: "三号楼二楼".to_owned(),
        pictures,
        ..NewCase::default()
    }
}

fn step(step: Step, words: &str) -> NewStep {
    NewStep {
        step,
        words: words.to_owned(),
        pictures: Vec::new(),
        revision: None,
    }
}

fn take(person: &Person<'_>, case: &Case, one: Step, words: &str) -> Case {
    person.ok::<TakeStep>(&(house(), case.row.id.clone()), &step(one, words))
}

fn refused(person: &Person<'_>, case: &Case, one: Step, words: &str) -> Problem {
    person.problem::<TakeStep>(&(house(), case.row.id.clone()), &step(one, words))
}

pub fn name_report(town: &Town, case: &Case, title: &str) {
    take(&town.staff(), case, Step::Name, title);
}

/// A photo as a phone takes it: where it was taken, and by whom, stands in it.
pub fn photo() -> Vec<u8> {
    let picture = RgbImage::from_fn(64, 48, |x, y| Rgb([(x * 4) as u8, (y * 5) as u8, 120]));
    let mut plain = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut plain, image::ImageFormat::Jpeg)
        .unwrap();
    let plain = plain.into_inner();
    // After the first marker an APP1 segment (Exif 2.32): held upright, so turned by a quarter, and a secret beside.
    let mut exif =
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend(b"GPS 41.7259N 86.1746E of somebody");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let mut photo = plain[..2].to_vec();
    photo.extend([0xff, 0xe1]);
    photo.extend(length);
    photo.extend(exif);
    photo.extend(&plain[2..]);
    photo
}

fn piece(upload: &str, picture: &[u8], from: usize, until: usize) -> PicturePiece {
    PicturePiece {
        upload: upload.replace('-', ""),
        size: u32::try_from(picture.len()).unwrap(),
        from: u32::try_from(from).unwrap(),
        bytes: BASE64_STANDARD.encode(&picture[from..until]),
    }
}

pub fn whole(upload: &str, picture: &[u8]) -> PicturePiece {
    piece(upload, picture, 0, picture.len())
}

pub fn send_photo(person: &Person<'_>, photo: &[u8]) -> PictureId {
    let sent = person.ok::<SendPicture>(&house(), &whole(&key(), photo));
    sent.picture.unwrap()
}

#[test]
fn a_matter_is_taken_worked_on_answered_and_confirmed() {
    on_both(|town| {
        let (asker, staff) = (town.resident(), town.staff());
        let case = asker.ok::<SendCase>(&house(), &matter("想办居住证，不知道要带什么"));
        assert_eq!((case.row.number, case.row.state), (1, CaseState::Received));
        assert_eq!(case.row.title, "想办居住证，不知道要带什么");
        // Sunday noon: by the same time tomorrow.
        assert_eq!(case.row.due.unwrap().local, at("2026-11-23T12:00"));
        let queue = staff.ok::<FindCases>(&house(), &CaseQuery::default());
        assert_eq!((queue.cases.len(), queue.counts.open), (1, 1));

        let taken = take(&staff, &case, Step::Take, "");
        assert_eq!(taken.row.state, CaseState::Accepted);
        assert!(taken.row.lead.is_some() && taken.row.name.is_some());
        take(
            &staff,
            &case,
            Step::Wait {
                on: WaitsFor::Asker,
            },
            "请带户口本",
        );
        let seen = asker.ok::<GetCase>(&(house(), case.row.id.clone()), &());
        assert_eq!(seen.row.state, CaseState::Waiting);
        assert_eq!(
            (seen.row.waits, seen.why.as_str()),
            (Some(WaitsFor::Asker), "请带户口本")
        );
        assert_eq!(
            (seen.row.lead, seen.row.name, seen.phone),
            (None, None, None)
        );
        assert_eq!(seen.row.due, None, "its time stands still");
        let waiting = CaseQuery {
            pile: Pile::Waiting,
            ..CaseQuery::default()
        };
        assert_eq!(staff.ok::<FindCases>(&house(), &waiting).cases.len(), 1);
        // While it waits no time is lost.
        town.pass(3_600);
        let seen = take(&asker, &case, Step::Say { shown: true }, "明天带来");
        assert_eq!(seen.row.state, CaseState::InWork);
        assert_eq!(seen.row.due.unwrap().local, at("2026-11-23T13:00"));
        // Whoever answers for it hears of it.
        let told = staff.ok::<ListLetters>(&(), &());
        assert!(matches!(
            &told[0].news,
            News::CaseAnswered {
                step: StepName::Say,
                ..
            }
        ));

        assert_eq!(
            refused(&staff, &case, Step::Finish, ""),
            Problem::field("words", TextFault::Missing)
        );
        take(&staff, &case, Step::Say { shown: false }, "材料放在二号柜");
        take(&staff, &case, Step::Finish, "证办好了，来取");
        let letters = asker.ok::<ListLetters>(&(), &());
        let steps: Vec<_> = letters
            .iter()
            .map(|letter| match &letter.news {
                News::CaseStep { step, .. } => *step,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(steps, [StepName::Finish, StepName::Wait, StepName::Take]);
        let seen = asker.ok::<GetCase>(&(house(), case.row.id.clone()), &());
        assert!(
            seen.story
                .iter()
                .all(|entry| entry.shown && entry.by.is_none())
        );
        assert!(
            !seen
                .story
                .iter()
                .any(|entry| entry.words.contains("二号柜"))
        );
        assert!(matches!(
            refused(&asker, &case, Step::Reopen, ""),
            Problem::Invalid { .. }
        ));
        take(&asker, &case, Step::Reopen, "名字写错了");
        take(&staff, &case, Step::Finish, "改好了");
        let over = take(&asker, &case, Step::Confirm, "");
        assert_eq!(over.row.state, CaseState::Confirmed);
        assert_eq!(
            refused(&asker, &case, Step::Withdraw, ""),
            CaseRefusal::NotFrom {
                state: CaseState::Confirmed
            }
            .into()
        );
        let queue = staff.ok::<FindCases>(&house(), &CaseQuery::default());
        assert_eq!(
            (queue.cases.len(), queue.counts.open, queue.counts.waiting),
            (0, 0, 0)
        );
        let mine = asker.ok::<ListMyCases>(&(), &());
        assert!(mine[0].mine && mine.len() == 1);
        // Nothing that was said stands in the log.
        let log = staff.ok::<FindEntries>(
            &house(),
            &LogQuery {
                text: "户口本".to_owned(),
                page: 0,
            },
        );
        assert!(log.entries.is_empty());
    });
}

#[test]
fn staff_take_a_case_by_phone_for_somebody_and_hand_it_over() {
    on_both(|town| {
        let (staff, colleague) = (town.staff(), town.staff());
        let caller = staff.ok::<AddPerson>(
            &house(),
            &NewCaller {
                name: "热孜万".to_owned(),
                phone: "13877005511".to_owned(),
                birth: None,
                family: Vec::new(),
            },
        );
        let new = NewCase {
            kind: CaseKind::Visit,
            words: "腿不方便，想请人上门办认证".to_owned(),
            place: "五号楼 302".to_owned(),
            urgency: Some(Urgency::Hours),
            behalf: Some(Behalf {
                person: caller.id.clone(),
                channel: Channel::Phone,
            }),
            ..NewCase::default()
        };
        assert_eq!(
            staff.problem::<SendCase>(&house(), &new),
            CaseRefusal::NotAgreed.into()
        );
        let new = NewCase {
            agreed: true,
            ..new
        };
        let case = staff.ok::<SendCase>(&house(), &new);
        assert_eq!(
            (case.channel, case.row.urgency),
            (Channel::Phone, Urgency::Hours)
        );
        assert_eq!(case.phone.as_deref(), Some("13877005511"));
        assert!(!case.row.mine, "it is the caller's");
        // It is planned, and stands on the route of that day.
        assert_eq!(
            refused(
                &staff,
                &case,
                Step::Plan {
                    at: at("2026-11-22T09:00")
                },
                ""
            ),
            CaseRefusal::Past.into()
        );
        take(
            &staff,
            &case,
            Step::Plan {
                at: at("2026-11-24T10:00"),
            },
            "",
        );
        let route = CaseQuery {
            pile: Pile::Planned,
            day: Some(at("2026-11-24T00:00").date()),
            ..CaseQuery::default()
        };
        assert_eq!(
            staff.ok::<FindCases>(&house(), &route).cases[0].place,
            "五号楼 302"
        );
        // Parts block the whole.
        let part = NewCase {
            part_of: Some(case.row.id.clone()),
            agreed: true,
            ..new
        };
        let part = staff.ok::<SendCase>(&house(), &part);
        assert_eq!(
            refused(&staff, &case, Step::Finish, "好了"),
            CaseRefusal::OpenParts { count: 1 }.into()
        );
        take(&staff, &part, Step::Decline, "重复了");
        // Handed over to somebody who works there, and to nobody else.
        let all = staff.ok::<ListColleagues>(&house(), &());
        assert!(all.iter().any(|one| one.person == colleague.id));
        assert_eq!(
            refused(
                &staff,
                &case,
                Step::HandOver {
                    to: caller.id.clone()
                },
                ""
            ),
            Problem::NotFound
        );
        take(
            &staff,
            &case,
            Step::HandOver {
                to: colleague.id.clone(),
            },
            "下午我不在",
        );
        assert!(matches!(
            &colleague.ok::<ListLetters>(&(), &())[0].news,
            News::CaseAnswered {
                step: StepName::HandOver,
                ..
            }
        ));
        // Whoever sees an old state changes nothing.
        let old = NewStep {
            revision: Some(case.revision),
            ..step(Step::Finish, "x")
        };
        assert_eq!(
            colleague.problem::<TakeStep>(&(house(), case.row.id.clone()), &old),
            Problem::Overtaken
        );
        take(&colleague, &case, Step::Finish, "上门办好了");
        let by_number = CaseQuery {
            number: Some(case.row.number),
            ..CaseQuery::default()
        };
        assert_eq!(
            staff.ok::<FindCases>(&house(), &by_number).cases[0].state,
            CaseState::Done
        );
    });
}

#[test]
fn a_report_is_public_once_the_house_has_named_it_and_others_follow() {
    on_both(|town| {
        let (first, second, third) = (town.resident(), town.resident(), town.resident());
        let staff = town.staff();
        let picture = send_photo(&first, &photo());
        let one = first.ok::<SendCase>(
            &house(),
            &report("王大妈家门口灯坏了", vec![picture.clone()]),
        );
        assert!(
            third.ok::<ListReports>(&house(), &()).is_empty(),
            "nobody has read it yet"
        );
        assert_eq!(
            third.problem::<FollowReport>(
                &(house(), one.row.id.clone()),
                &Following { follows: true }
            ),
            Problem::NotFound
        );
        name_report(town, &one, "三号楼楼道灯不亮");
        let all = town.visitor().ok::<ListReports>(&house(), &());
        assert_eq!(all[0].title, "三号楼楼道灯不亮");
        let told = serde_json::to_string(&all).unwrap();
        assert!(!told.contains("王大妈"), "{told}");
        // The same lamp again: one report, and all hear of it.
        let two = second.ok::<SendCase>(&house(), &report("灯不亮", vec![]));
        take(
            &staff,
            &two,
            Step::Join {
                into: one.row.id.clone(),
            },
            "",
        );
        third.ok::<FollowReport>(&(house(), one.row.id.clone()), &Following { follows: true });
        assert_eq!(
            town.visitor().ok::<ListReports>(&house(), &())[0].followers,
            2
        );
        assert_eq!(
            refused(
                &staff,
                &one,
                Step::Join {
                    into: one.row.id.clone()
                },
                ""
            ),
            CaseRefusal::NotPublic.into()
        );
        let after = send_photo(&staff, &photo());
        let done = NewStep {
            pictures: vec![after.clone()],
            ..step(Step::Finish, "换了灯泡")
        };
        staff.ok::<TakeStep>(&(house(), one.row.id.clone()), &done);
        for person in [&first, &second, &third] {
            assert!(matches!(
                &person.ok::<ListLetters>(&(), &())[0].news,
                News::CaseStep {
                    step: StepName::Finish,
                    ..
                }
            ),);
        }
        // What the house took everybody sees; what a neighbour took they and the house alone.
        let see = |person: &Person<'_>, picture: &PictureId| {
            person
                .call::<GetCasePicture>(&(house(), picture.clone()), &())
                .status
        };
        assert_eq!((see(&third, &after), see(&third, &picture)), (200, 404));
        assert_eq!(
            (see(&town.visitor(), &after), see(&town.visitor(), &picture)),
            (200, 401)
        );
        assert_eq!((see(&first, &picture), see(&staff, &picture)), (200, 200));
        take(&first, &one, Step::Confirm, "");
    });
}

#[test]
fn what_is_for_the_manager_is_read_by_nobody_below() {
    on_both(|town| {
        let (asker, staff) = (town.resident(), town.staff());
        let manager = town.person(Some((Some("house"), Role::Manager)));
        let new = NewCase {
            kind: CaseKind::Petition,
            words: "反映工作人员的问题".to_owned(),
            ..NewCase::default()
        };
        let case = asker.ok::<SendCase>(&house(), &new);
        let path = (house(), case.row.id.clone());
        assert_eq!(staff.problem::<GetCase>(&path, &()), Problem::NotFound);
        assert_eq!(refused(&staff, &case, Step::Take, ""), Problem::NotFound);
        let queue = staff.ok::<FindCases>(&house(), &CaseQuery::default());
        assert_eq!((queue.cases.len(), queue.counts.open), (0, 0));
        let by_number = CaseQuery {
            number: Some(case.row.number),
            ..CaseQuery::default()
        };
        assert!(staff.ok::<FindCases>(&house(), &by_number).cases.is_empty());
        let of_person = CaseQuery {
            person: Some(asker.id.clone()),
            ..CaseQuery::default()
        };
        assert!(staff.ok::<FindCases>(&house(), &of_person).cases.is_empty());
        assert_eq!(
            manager
                .ok::<FindCases>(&house(), &CaseQuery::default())
                .cases
                .len(),
            1
        );
        manager.ok::<GetCase>(&path, &());
        // The look is written down.
        let log = manager.ok::<GetAuditLog>(&(house(), at("2026-11-22T00:00").date(), 0), &());
        assert!(
            log.entries
                .iter()
                .any(|entry| entry.act == domain::audit::Act::CaseSeen)
        );
        assert!(!serde_json::to_string(&log).unwrap().contains("反映"));
        take(&manager, &case, Step::Decline, "已和您谈过");
        let all = asker.ok::<GetCase>(&path, &());
        assert_eq!(all.row.state, CaseState::Declined);
        // Nor who wrote it: all staff read the log.
        take(&asker, &case, Step::Reopen, "还没谈完");
        town.run({
            let id = asker.id.clone();
            move |tx| {
                let sql = "select count(*) as n from audit where (actor_id = $1 or person_id = $1) and act like 'case_%'";
                assert_eq!(tx.one(sql, &[(&id).into()])?.get::<i64>("n")?, 0);
                Ok(())
            }
        });
        // What staff find out to be one goes out of their hands.
        let other = asker.ok::<SendCase>(&house(), &matter("想投诉"));
        take(&staff, &other, Step::Take, "");
        let kind = CaseKind::Petition;
        let given = take(&staff, &other, Step::SetKind { kind }, "");
        assert_eq!(given.row.lead, None);
        let path = (house(), other.row.id.clone());
        assert_eq!(staff.problem::<GetCase>(&path, &()), Problem::NotFound);
    });
}

#[test]
fn whoever_sends_without_a_name_gets_an_answer_by_their_secret() {
    on_both(|town| {
        let (someone, staff) = (town.resident(), town.staff());
        let secret = "k3Jf8sLq0ZxVbNm7Tt2RwP".to_owned();
        let new = NewNameless {
            kind: CaseKind::Suggestion,
            words: "健身房晚上太吵".to_owned(),
            to_manager: false,
            secret: secret.clone(),
        };
        // Also for whoever is signed in nothing says who it was.
        let case = someone.ok::<SendNameless>(&house(), &new);
        assert!(case.nameless);
        let again = town.visitor().ok::<SendNameless>(&house(), &new);
        assert_eq!(again.row.id, case.row.id, "sent twice it is one");
        town.run({
            let id = someone.id.clone();
            move |tx| {
                let row = tx.one(
                    "select count(*) as n from audit where actor_id = $1 and act = 'case_received'",
                    &[(&id).into()],
                )?;
                assert_eq!(row.get::<i64>("n")?, 0);
                let row = tx.one(
                    "select count(*) as n from case_entry where actor_id = $1",
                    &[(&id).into()],
                )?;
                assert_eq!(row.get::<i64>("n")?, 0);
                let row = tx.one("select secret from case_file", &[])?;
                assert!(!row.get::<String>("secret")?.contains("k3Jf8"));
                Ok(())
            }
        });
        take(&staff, &case, Step::Finish, "九点以后关音箱");
        let seen = town.visitor().ok::<ReadNameless>(
            &house(),
            &Secret {
                secret: secret.clone(),
            },
        );
        assert_eq!(seen.story.last().unwrap().words, "九点以后关音箱");
        let thanks = NamelessStep {
            secret,
            step: Step::Confirm,
            words: String::new(),
        };
        assert_eq!(
            town.visitor()
                .ok::<AnswerNameless>(&house(), &thanks)
                .row
                .state,
            CaseState::Confirmed
        );
        let wrong = Secret {
            secret: "k3Jf8sLq0ZxVbNm7Tt2RwQ".to_owned(),
        };
        assert_eq!(
            town.visitor().problem::<ReadNameless>(&house(), &wrong),
            Problem::NotFound
        );
        let matter = NewNameless {
            kind: CaseKind::Matter,
            secret: "aaaaaaaaaaaaaaaaaaaaaaaa".to_owned(),
            ..new
        };
        assert_eq!(
            town.visitor().problem::<SendNameless>(&house(), &matter),
            Problem::NotSignedIn
        );
    });
}

#[test]
fn a_picture_comes_in_pieces_and_keeps_nothing_but_its_points() {
    on_both(|town| {
        let (sender, other) = (town.resident(), town.resident());
        let photo = photo();
        assert!(photo.windows(3).any(|part| part == b"GPS"));
        let name = key();
        let half = photo.len() / 2;
        let sent = sender.ok::<SendPicture>(&house(), &piece(&name, &photo, 0, half));
        assert_eq!((sent.have as usize, sent.picture), (half, None));
        // Whoever was interrupted asks how much arrived, and goes on there; what comes twice is kept once.
        let asked = sender.ok::<SendPicture>(&house(), &piece(&name, &photo, half, half));
        assert_eq!(asked.have as usize, half);
        sender.ok::<SendPicture>(&house(), &piece(&name, &photo, 0, half));
        let sent = sender.ok::<SendPicture>(&house(), &piece(&name, &photo, half, photo.len()));
        let id = sent.picture.unwrap();
        let again = sender.ok::<SendPicture>(&house(), &piece(&name, &photo, half, photo.len()));
        assert_eq!(again.picture, Some(id.clone()));
        let kept = sender.call::<GetCasePicture>(&(house(), id.clone()), &());
        assert_eq!(kept.headers["content-type"], "image/jpeg");
        for hidden in [&b"GPS"[..], b"Exif", b"somebody"] {
            assert!(!kept.bytes.windows(hidden.len()).any(|part| part == hidden));
        }
        let seen = image::load_from_memory(&kept.bytes).unwrap();
        assert_eq!(
            (seen.width(), seen.height()),
            (48, 64),
            "turned as the camera was held"
        );
        // Nobody else's, and not twice.
        assert_eq!(
            other.problem::<SendCase>(&house(), &report("x", vec![id.clone()])),
            Problem::NotFound
        );
        sender.ok::<SendCase>(&house(), &report("x", vec![id.clone()]));
        assert_eq!(
            sender.problem::<SendCase>(&house(), &report("x", vec![id])),
            Problem::NotFound
        );
        // What is no picture, or too much of one, is refused and forgotten.
        let bomb = bomb();
        for bad in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"[..],
            b"GIF89a",
            &photo[..200],
            &bomb,
        ] {
            let problem = sender.problem::<SendPicture>(&house(), &whole(&key(), bad));
            assert_eq!(problem, Problem::field("picture", TextFault::NoPicture));
        }
        let large = PicturePiece {
            size: 7 * 1024 * 1024,
            ..whole(&key(), &photo)
        };
        assert!(matches!(
            sender.problem::<SendPicture>(&house(), &large),
            Problem::Invalid { .. }
        ));
        let long = vec![0; MOST_PIECE as usize + 1];
        assert!(matches!(
            sender.problem::<SendPicture>(&house(), &whole(&key(), &long)),
            Problem::Invalid { .. }
        ));
        assert_eq!(
            town.visitor()
                .problem::<SendPicture>(&house(), &whole(&key(), &photo)),
            Problem::NotSignedIn
        );
    });
}

/// A small file that says it is a picture of 30,000 times 30,000 points.
fn bomb() -> Vec<u8> {
    let mut plain = std::io::Cursor::new(Vec::new());
    RgbImage::new(4, 4)
        .write_to(&mut plain, image::ImageFormat::Png)
        .unwrap();
    let mut png = plain.into_inner();
    let side = 30_000_u32.to_be_bytes();
    png[16..20].copy_from_slice(&side);
    png[20..24].copy_from_slice(&side);
    png
}

#[test]
fn nobody_floods_a_house_and_numbers_have_no_gaps() {
    on_both(|town| {
        let asker = town.resident();
        let sent = at_once(usize::from(MOST_RECEIVED) + 6, |i| {
            asker
                .call::<SendCase>(&house(), &matter(&format!("第{i}件")))
                .status
        });
        let taken = sent.iter().filter(|status| **status == 200).count();
        assert_eq!(taken, usize::from(MOST_RECEIVED), "{sent:?}");
        let mut numbers: Vec<_> = asker
            .ok::<ListMyCases>(&(), &())
            .iter()
            .map(|row| row.number)
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=u32::from(MOST_RECEIVED)).collect::<Vec<_>>());
        let staff = town.staff();
        let page = staff.ok::<FindCases>(&house(), &CaseQuery::default());
        assert_eq!(page.cases.len(), usize::from(MOST_RECEIVED));
        assert!(page.next.is_none());
    });
}

#[test]
fn a_queue_is_read_page_by_page() {
    on_both(|town| {
        let staff = town.staff();
        town.run(|tx| {
            for number in 0..120_i64 {
                tx.exec(
                    "insert into case_file (centre_id, id, number, kind, state, reader, title, words, place, urgency, channel, agreed, why,
                    received_at, due_at, pile, sort_at, revision)
                    values ('house', $1, $2, 'matter', 'received', 'staff', '', 'x', '', 'day', 'app', 0, '', 0, $3, 'open', $3, 0)",
                    &[format!("c{number:03}").into(), number.into(), (number / 7).into()],
                )?;
            }
            Ok(())
        });
        let mut seen = Vec::new();
        let mut query = CaseQuery::default();
        loop {
            let page = staff.ok::<FindCases>(&house(), &query);
            assert_eq!((page.counts.open, page.counts.late), (120, 120));
            seen.extend(page.cases.into_iter().map(|row| row.id.to_string()));
            let Some(next) = page.next else { break };
            query.after = Some(next);
        }
        assert_eq!(
            seen,
            (0..120)
                .map(|number| format!("c{number:03}"))
                .collect::<Vec<_>>()
        );
    });
}

#[test]
fn whoever_erases_themselves_leaves_nothing_of_what_they_asked() {
    on_both(|town| {
        let (asker, staff) = (town.resident(), town.staff());
        let picture = send_photo(&asker, &photo());
        let case = asker.ok::<SendCase>(&house(), &report("我家在三号楼", vec![picture]));
        take(&asker, &case, Step::Say { shown: true }, "我姓什么什么");
        let mine = asker.ok::<GetMyData>(&(), &());
        assert_eq!(mine.cases[0].words, "我家在三号楼");
        asker.ok::<EraseMe>(&(), &());
        let left = staff.ok::<GetCase>(&(house(), case.row.id.clone()), &());
        assert_eq!(
            (left.row.state, left.words.as_str()),
            (CaseState::Withdrawn, "")
        );
        assert!(left.pictures.is_empty() && left.row.place.is_empty() && left.person.is_none());
        assert!(left.story.iter().all(|entry| entry.words.is_empty()));
    });
}
