//! Every endpoint for every role. The table is walked from the endpoint list: a new endpoint without a row here fails.

use domain::{
    api::{self, ALL, KEY_HEADER, Method, Spec},
    case::kind::CaseKind,
    person::permission::Role,
    problem::Problem,
};

use super::{
    case::{name_report, photo, report, send_photo, whole},
    fixture::{Answer, Person, Town, house, key, method, on_both, tomorrow},
};

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum May {
    /// Everybody.
    All,
    /// Whoever has signed in.
    SignedIn,
    /// The person whose booking it is, and staff.
    OwnOrStaff,
    /// The person whose booking it is.
    Own,
    /// Staff of the centre.
    Staff,
    /// Organisers and staff of the centre.
    Publish,
    /// Managers of the centre.
    Manager,
    /// Managers of any centre: each sees its own.
    ManagerSomewhere,
    /// Staff and managers of any centre.
    StaffSomewhere,
    /// Who published it, and staff; others are told that they may not.
    OwnerOrStaff,
}

/// The decision for each operation.
fn decision(name: &str) -> Option<May> {
    Some(match name {
        "ListCentres" | "GetCentre" | "GetOccupancy" | "FollowCentre" | "GetMe" => May::All,
        "SendCode" | "SignIn" | "ProveNumber" | "ListDemoAccounts" | "SignInDemo"
        | "ClaimHouse" => May::All,
        "GetMyData" | "EraseMe" | "ChangeMember" | "RestoreMember" | "ChangeMe"
        | "ListSessions" | "SignOut" | "SignOutEverywhere" | "ListMyBookings" | "Book"
        | "GetHouseholdUse" | "ListFeeds" | "MakeFeed" | "PlanSeries" | "PlanActivity"
        | "BookSeries" | "HoldSlot" | "ReleaseSlot" | "WaitForSlot" | "ListMyWaits"
        | "SendCase" | "ListMyCases" | "FollowReport" | "SendPicture" | "ListTokens"
        | "MakeToken" | "EndToken" | "GetPush" | "AddPush" | "ChangePush" | "RemovePush" => {
            May::SignedIn
        }
        "GetCase" | "TakeStep" | "GetCasePicture" | "GetBooking" | "GetSeries"
        | "CancelBooking" | "RestoreBooking" | "GetCalendarFile" | "GetSeriesFile"
        | "LeaveSlot" | "CheckInBooking" | "FinishBooking" | "ExplainAbsence" => May::OwnOrStaff,
        "UndoBooking" | "UndoSeries" | "RevokeFeed" => May::Own,
        "FindCases" | "ListColleagues" | "GetDaySheet" | "GetSlip" | "FindEntries"
        | "GetFoundFile" | "GetLogFile" | "GetBookingStory" | "GetActivityStory"
        | "DecideBooking" | "UndoDecision" | "GetDesk" | "FindPeople" | "AddPerson"
        | "MergePeople" | "GetPerson" | "ChangePerson" | "AddRelative" | "TellLetter"
        | "UntellLetter" | "GetAuditLog" | "ListClosures" | "CloseRooms" | "ReopenRooms"
        | "ChangeBooking" | "UndoChange" | "JudgeAbsence" => May::Staff,
        "MakeClub" | "ChangeClub" | "ListClosedClubs" | "ListOrganisers" | "AddOrganiser"
        | "RemoveOrganiser" | "CloseClub" | "ReopenClub" => May::Manager,
        "ChangeCentre" | "ListRevisions" | "GetCentreFile" | "MakeCentre" => May::Manager,
        "ListFigures" | "GetDistrictFile" => May::ManagerSomewhere,
        "GetFigures" | "GetFiguresFile" | "GetReport" | "ListRoles" | "GrantRole"
        | "ChangeRole" | "WithdrawRole" => May::Manager,
        "ListReports" | "SendNameless" | "ReadNameless" | "AnswerNameless" | "ReadFeed"
        | "CountRefusal" | "GetPoster" | "GetDoorSign" | "GetPicture" | "GetActivityFile" => {
            May::All
        }
        "ListActivities" | "GetActivity" | "GetSessionFile" | "ListClubs" => May::All,
        "ListMyActivities" | "SignUpFor" | "ListMySignUps" | "GetHousehold" | "AddMember"
        | "RemoveMember" | "JoinHousehold" | "RenewCode" | "ListLetters" | "ReadLetters"
        | "ListMyClubs" | "JoinClub" | "LeaveClub" => May::SignedIn,
        "GetSecondFactor" | "SetSecondFactor" | "GiveSecondFactor" | "RemoveSecondFactor" => {
            May::StaffSomewhere
        }
        "RequireSecondFactor" | "ResetSecondFactor" => May::Manager,
        "ListHooks" | "MakeHook" | "RetryHook" | "RemoveHook" => May::Manager,
        "Publish" => May::Publish,
        "ChangeActivity" | "CancelSession" | "CancelActivity" => May::OwnerOrStaff,
        "GetSheet" | "GetSignInSheet" | "MarkPerson" | "AddWalkIn" => May::OwnerOrStaff,
        "UndoSignUp" | "Withdraw" | "AnswerOffer" => May::OwnOrStaff,
        _ => return None,
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Visitor,
    Owner,
    OtherResident,
    Organiser,
    StaffElsewhere,
    Staff,
    Manager,
}

const EVERYBODY: [Who; 7] = [
    Who::Visitor,
    Who::Owner,
    Who::OtherResident,
    Who::Organiser,
    Who::StaffElsewhere,
    Who::Staff,
    Who::Manager,
];

fn admitted(may: May, who: Who) -> bool {
    match may {
        May::All => true,
        May::SignedIn => who != Who::Visitor,
        May::OwnOrStaff => matches!(who, Who::Owner | Who::Staff | Who::Manager),
        May::Own => who == Who::Owner,
        May::Staff => matches!(who, Who::Staff | Who::Manager),
        May::Manager => who == Who::Manager,
        May::ManagerSomewhere => matches!(who, Who::Manager | Who::StaffElsewhere),
        May::StaffSomewhere => matches!(who, Who::Staff | Who::Manager | Who::StaffElsewhere),
        May::Publish => matches!(who, Who::Organiser | Who::Staff | Who::Manager),
        May::OwnerOrStaff => matches!(who, Who::Owner | Who::Staff | Who::Manager),
    }
}

fn person(town: &Town, who: Who) -> Person<'_> {
    match who {
        Who::Visitor => town.visitor(),
        Who::Owner | Who::OtherResident => town.resident(),
        Who::Organiser => town.person(Some((Some("house"), Role::Organiser))),
        Who::StaffElsewhere => town.person(Some((Some("abroad"), Role::Manager))),
        Who::Staff => town.staff(),
        Who::Manager => town.person(Some((None, Role::Manager))),
    }
}

fn series(room: &str, from: &str) -> serde_json::Value {
    let mut wanted =
        serde_json::to_value(tomorrow(room, from, &from.replace(":00", ":30"))).unwrap();
    wanted["rule"] = "FREQ=DAILY;COUNT=1".into();
    wanted
}

/// What opens a case that was sent without a name.
const SECRET: &str = "AbCdEfGhIjKlMnOpQrStUvWx";

fn club() -> serde_json::Value {
    serde_json::json!({ "name": { "zh": "x", "en": "x" }, "about": { "zh": "", "en": "" }, "kind": "dance" })
}

fn body(spec: &Spec, who: Who, caller: &str, session: &str) -> serde_json::Value {
    match spec.name {
        "SendCode" => serde_json::json!({ "phone": format!("1389999{:04}", 100 + who as u32) }),
        "SignIn" | "ProveNumber" => serde_json::json!({ "phone": "13899990100", "code": "123456" }),
        "SignInDemo" => serde_json::json!({ "role": "resident" }),
        "ClaimHouse" => serde_json::json!({ "secret": "x", "phone": "13899990100", "name": "x" }),
        "ChangeMe" => serde_json::json!({ "name": "x", "lang": "en" }),
        "Book" => serde_json::to_value(tomorrow("hall", "20:00", "20:30")).unwrap(),
        "PlanSeries" | "PlanActivity" | "BookSeries" => series("hall", "20:00"),
        "HoldSlot" | "WaitForSlot" => {
            let slot = tomorrow("hall", "21:00", "21:30");
            serde_json::json!({ "room": slot.room, "start": slot.start, "end": slot.end, "people": 2 })
        }
        "MakeFeed" => serde_json::json!("mine"),
        "AddPush" => {
            serde_json::json!({ "endpoint": "https://push.example/1", "p256dh": "x", "auth": "x" })
        }
        "ChangePush" => serde_json::json!({ "off": [], "quiet": { "from": 0, "until": 0 } }),
        "MakeHook" => serde_json::json!({ "url": "https://hook.example/1" }),
        "MakeToken" => serde_json::json!({ "name": "x", "scopes": ["read"], "days": 1 }),
        "CancelBooking" => serde_json::json!({ "reason": "" }),
        "DecideBooking" => serde_json::json!({ "approve": true }),
        "Publish" => serde_json::to_value(activity("20:00", "20:30")).unwrap(),
        "ChangeActivity" => serde_json::json!({ "title": "x", "places": 3 }),
        "CancelSession" | "CancelActivity" => serde_json::json!({ "reason": "x" }),
        "SignUpFor" => serde_json::json!({ "people": [caller], "session": session }),
        "AnswerOffer" => serde_json::json!({ "accept": true }),
        "MarkPerson" => serde_json::json!({ "person": caller }),
        "AddWalkIn" => serde_json::json!({ "name": "x" }),
        "AddMember" | "ChangeMember" => serde_json::json!({ "name": "x", "birth": "2018-01-01" }),
        "SetSecondFactor" | "GiveSecondFactor" => serde_json::json!({ "code": "123456" }),
        "RequireSecondFactor" => serde_json::json!({ "required": true }),
        "JoinHousehold" => serde_json::json!({ "code": "0" }),
        "FindPeople" => serde_json::json!({ "text": "xx" }),
        "AddPerson" | "ChangePerson" => serde_json::json!({ "name": "x" }),
        "MergePeople" => serde_json::json!({ "other": caller }),
        "AddRelative" => serde_json::json!({ "name": "x", "birth": "2018-01-01" }),
        "CloseRooms" => serde_json::json!({
            "rooms": ["hall-b"], "start": "2026-11-23T10:00", "end": "2026-11-23T11:00", "reason": "x", "preview": true
        }),
        "ChangeBooking" => serde_json::json!({
            "room": "quiet", "start": "2026-11-23T07:00", "end": "2026-11-23T07:30", "people": 2, "preview": true
        }),
        "ChangeCentre" => {
            serde_json::json!({ "edit": { "revision": { "revision": 99, "seen": 99 } } })
        }
        "FindEntries" | "GetFoundFile" => serde_json::json!({ "text": "x" }),
        "MakeClub" => club(),
        "ChangeClub" => serde_json::json!({ "before": club(), "after": club() }),
        "AddOrganiser" => serde_json::json!({ "phone": "13899990100", "name": "x" }),
        "CloseClub" => serde_json::json!({}),
        "MakeCentre" => serde_json::json!({ "file": "" }),
        "GrantRole" | "ChangeRole" => {
            serde_json::json!({ "phone": "13899990199", "name": "x", "role": "staff", "reach": "here" })
        }
        "CheckInBooking" => serde_json::json!({ "presence": "here" }),
        "FinishBooking" => serde_json::json!({ "finished": true }),
        "ExplainAbsence" => serde_json::json!({ "reason": "x" }),
        "JudgeAbsence" => serde_json::json!({ "excused": true }),
        "CountRefusal" => serde_json::json!("taken"),
        "SendCase" => serde_json::json!({ "kind": "matter", "words": "x" }),
        "TakeStep" => serde_json::json!({ "step": { "say": { "shown": true } }, "words": "x" }),
        "FindCases" => serde_json::json!({}),
        "FollowReport" => serde_json::json!({ "follows": true }),
        "SendNameless" => {
            serde_json::json!({ "kind": "suggestion", "words": "x", "secret": SECRET })
        }
        "ReadNameless" => serde_json::json!({ "secret": SECRET }),
        "AnswerNameless" => {
            serde_json::json!({ "secret": SECRET, "step": { "say": { "shown": true } }, "words": "x" })
        }
        "SendPicture" => serde_json::to_value(whole(&key(), &photo())).unwrap(),
        _ => serde_json::Value::Null,
    }
}

fn activity(from: &str, until: &str) -> api::NewActivity {
    let wanted = tomorrow("hall-b", from, until);
    api::NewActivity {
        club: None,
        title: "x".to_owned(),
        about: String::new(),
        lang: None,
        other: None,
        kind: domain::centre::room::Purpose::Dance,
        room: wanted.room,
        start: wanted.start,
        end: wanted.end,
        rule: None,
        exceptions: Vec::new(),
        audience: Default::default(),
        fee: 0,
        places: 5,
        per: Default::default(),
        pick_up: false,
    }
}

fn ask(town: &Town, spec: &Spec, who: Who) -> Answer {
    let caller = person(town, who);
    let owner = if who == Who::Owner {
        None
    } else {
        Some(town.resident())
    };
    // A fresh request each time; it stands at its own hour, so that none is in another's way.
    let hour = 8 + who as i64 * 2;
    let wanted = tomorrow("quiet", &format!("{hour:02}:00"), &format!("{hour:02}:30"));
    let booking = match spec.path.contains("{booking}") {
        true => owner
            .as_ref()
            .unwrap_or(&caller)
            .ok::<api::Book>(&house(), &wanted)
            .id
            .to_string(),
        false => String::new(),
    };
    let series = match spec.path.contains("{series}") {
        true => {
            let wanted = series("quiet", &format!("{hour:02}:00"));
            let wanted = serde_json::from_value(wanted).unwrap();
            let owner = owner.as_ref().unwrap_or(&caller);
            let plan = owner.ok::<api::BookSeries>(&house(), &wanted);
            plan.made.map(|made| made.id.to_string())
        }
        false => None,
    };
    let wait = spec.path.contains("{wait}").then(|| {
        let slot = tomorrow(
            "hall",
            &format!("{hour:02}:30"),
            &format!("{:02}:00", hour + 1),
        );
        town.resident().ok::<api::Book>(&house(), &slot);
        let slot = api::WantedSlot {
            room: slot.room,
            start: slot.start,
            end: slot.end,
            people: slot.people,
            behalf: None,
        };
        let owner = owner.as_ref().unwrap_or(&caller);
        owner.ok::<api::WaitForSlot>(&house(), &slot)
    });
    if ["ReadNameless", "AnswerNameless"].contains(&spec.name) {
        let new = api::NewNameless {
            kind: CaseKind::Suggestion,
            words: "x".to_owned(),
            to_manager: false,
            secret: SECRET.to_owned(),
        };
        town.visitor().ok::<api::SendNameless>(&house(), &new);
    }
    let needs_case = spec.path.contains("{case}") || spec.path.contains("{picture}");
    let case = needs_case.then(|| {
        let other = town.resident();
        let owner = match spec.name {
            // Nobody follows what they reported themselves.
            "FollowReport" => &other,
            _ => owner.as_ref().unwrap_or(&caller),
        };
        let picture = send_photo(owner, &photo());
        let case = owner.ok::<api::SendCase>(&house(), &report("灯坏了", vec![picture]));
        name_report(town, &case, "楼道灯不亮");
        case
    });
    let feed = spec.path.contains("{feed}").then(|| {
        let owner = owner.as_ref().unwrap_or(&caller);
        owner.ok::<api::MakeFeed>(&(), &domain::feed::FeedKind::Mine)
    });
    let run_by_caller = (spec.path.contains("{activity}") || spec.path.contains("/attendance/"))
        && who == Who::Owner
        && spec.name != "SignUpFor";
    let made = (spec.path.contains("{activity}")
        || spec.path.contains("{sign_up}")
        || spec.path.contains("/attendance/"))
    .then(|| {
        let leader = town.person(Some((Some("house"), Role::Organiser)));
        let leader = if run_by_caller { &caller } else { &leader };
        if run_by_caller {
            let id = caller.id.clone();
            town.run(move |tx| {
                server::usecase::person::role::grant(tx, &id, Some(&house()), Role::Organiser)
            });
        }
        let hours = (format!("{hour:02}:00"), format!("{hour:02}:30"));
        leader.ok::<api::Publish>(&house(), &activity(&hours.0, &hours.1))
    });
    let (activity_id, session) = made.as_ref().map_or_else(Default::default, |made| {
        (made.id.to_string(), made.sessions[0].id.to_string())
    });
    let sign_up = made
        .as_ref()
        .filter(|_| spec.path.contains("{sign_up}"))
        .map_or_else(String::new, |made| {
            let owner = owner.as_ref().unwrap_or(&caller);
            let wanted = api::NewSignUp {
                session: Some(made.sessions[0].id.clone()),
                people: vec![owner.id.clone()],
                wait: true,
                consent: None,
                behalf: None,
            };
            owner.ok::<api::SignUpFor>(&(house(), made.id.clone()), &wanted)[0]
                .id
                .to_string()
        });
    let id = match who {
        Who::Visitor => "nobody",
        _ => caller.id.as_str(),
    };
    let path = spec
        .path
        .replace("{activity}", &activity_id)
        .replace("{session}", &session)
        .replace("{sign_up}", &sign_up)
        .replace("{club}", "none")
        .replace("{letter}", "none")
        .replace("{period}", "2026-11-22")
        .replace("{table}", "rooms")
        .replace("{page}", "0")
        .replace("{consequence}", "none")
        .replace("{reach}", "here")
        .replace("{person}", id)
        .replace("{centre}", "house")
        .replace("{booking}", &booking)
        .replace(
            "{wait}",
            &wait.map(|wait| wait.id.to_string()).unwrap_or_default(),
        )
        .replace(
            "{feed}",
            &feed.map(|feed| feed.id.to_string()).unwrap_or_default(),
        )
        .replace("{token}", "none")
        .replace(
            "{picture}",
            case.as_ref()
                .map_or("", |case| case.pictures[0].id.as_str()),
        )
        .replace(
            "{case}",
            case.as_ref().map_or("", |case| case.row.id.as_str()),
        )
        .replace("{push}", "none")
        .replace("{hook}", "none")
        .replace("{series}", &series.unwrap_or_default())
        .replace("{from}", "2026-11-23")
        .replace("{day}", "2026-11-23")
        .replace("{days}", "1");
    let url = format!("{}{path}", api::BASE);
    if spec.name == "FollowCentre" {
        // A stream has no end to read up to.
        return head_only(town, &url);
    }
    let body = serde_json::to_vec(&body(spec, who, id, &session)).unwrap();
    let body = if spec.method == Method::Get {
        &[][..]
    } else {
        &body[..]
    };
    caller.raw(method(spec.method), &url, &[(KEY_HEADER, &key())], body)
}

fn head_only(town: &Town, path: &str) -> Answer {
    use std::io::{Read, Write};
    let address = town.url("").trim_start_matches("http://").to_owned();
    let mut stream = std::net::TcpStream::connect(&address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n").unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).unwrap();
    let status = std::str::from_utf8(&start[9..12]).unwrap().parse().unwrap();
    Answer {
        status,
        body: String::new(),
        bytes: Vec::new(),
        headers: Default::default(),
    }
}

/// Checks replies by the description that the server gives of itself.
struct Description {
    validators: std::collections::HashMap<&'static str, jsonschema::Validator>,
}

impl Description {
    fn read(town: &Town) -> Self {
        let told = town.visitor().raw("GET", "/api/openapi.json", &[], b"");
        assert_eq!(told.status, 200);
        let told = told.json();
        let schemas = ALL.iter().filter_map(|spec| {
            let operation = &told["paths"][spec.path][method(spec.method).to_lowercase()];
            assert_eq!(operation["operationId"], spec.name);
            let content = &operation["responses"]["200"]["content"];
            let mut schema = content.get("application/json")?["schema"].clone();
            // Alone, a schema finds those that it names within itself.
            if let Some(schema) = schema.as_object_mut() {
                schema.insert("components".to_owned(), told["components"].clone());
            }
            let validator = jsonschema::validator_for(&schema);
            let validator = validator.unwrap_or_else(|fault| panic!("{}: {fault}", spec.name));
            Some((spec.name, validator))
        });
        Self {
            validators: schemas.collect(),
        }
    }

    fn check(&self, spec: &Spec, answer: &Answer) {
        let Some(validator) = self.validators.get(spec.name) else {
            return;
        };
        let reply = serde_json::from_str(&answer.body).unwrap_or_default();
        let faults: Vec<_> = validator
            .iter_errors(&reply)
            .map(|fault| format!("{fault} at {}", fault.instance_path()))
            .collect();
        assert!(
            faults.is_empty(),
            "{}: {faults:?} in {}",
            spec.name,
            answer.body
        );
    }
}

#[test]
fn every_endpoint_is_decided_for_every_role() {
    on_both(|town| {
        let description = Description::read(town);
        for spec in ALL {
            let may =
                decision(spec.name).unwrap_or_else(|| panic!("{}: who may do that?", spec.name));
            for who in EVERYBODY {
                // What one role did must not stand in the next one's way.
                town.run(|tx| {
                    for sql in [
                        "delete from taken",
                        "delete from sign_up",
                        "delete from activity_session",
                    ] {
                        tx.exec(sql, &[])?;
                    }
                    Ok(tx.exec("delete from booking", &[])?)
                });
                let answer = ask(town, spec, who);
                let context = format!(
                    "{} as {who:?}: {} {}",
                    spec.name, answer.status, answer.body
                );
                assert!(answer.status < 500 || spec.name == "SendCode", "{context}");
                if answer.status == 200 && spec.name != "FollowCentre" {
                    description.check(spec, &answer);
                }
                let denied =
                    (answer.status >= 400 && !answer.body.is_empty()).then(|| answer.problem());
                let hidden = may == May::OwnOrStaff || may == May::Own;
                let kept_out = match denied {
                    Some(Problem::NotSignedIn | Problem::NotAllowed) => true,
                    Some(Problem::NotFound) => hidden,
                    _ => false,
                };
                assert_eq!(!kept_out, admitted(may, who), "{context}");
            }
        }
    });
}
