//! What pages read: centres, kept replies, change events, the front page, shared links and posters.

use domain::{
    activity::Audience,
    api::{Book, GetCentre, GetOccupancy, ListCentres, NewActivity},
    problem::Problem,
};

use super::{
    classes::{class, new_activity, published},
    fixture::{Town, abroad, day, house, on_both, tomorrow},
};

#[test]
fn centres_are_listed_and_days_are_bounded() {
    on_both(|town| {
        let visitor = town.visitor();
        let ids: Vec<_> = visitor
            .ok::<ListCentres>(&(), &())
            .into_iter()
            .map(|card| card.id)
            .collect();
        assert_eq!(ids, [house(), abroad()]);
        assert!(matches!(
            visitor.problem::<GetOccupancy>(&(house(), day("2026-11-23"), 101), &()),
            Problem::Invalid { .. }
        ));
        assert_eq!(
            visitor.problem::<GetOccupancy>(&("nowhere".into(), day("2026-11-23"), 1), &()),
            Problem::NotFound
        );
        assert_eq!(
            visitor.problem::<GetCentre>(&"nowhere".into(), &()),
            Problem::NotFound
        );
    });
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    on_both(|town| {
        let visitor = town.visitor();
        let path = "/api/v1/centres/house/occupancy/2026-11-23/7";
        let first = visitor.raw("GET", path, &[], b"");
        let tag = first.headers["etag"].to_str().unwrap().to_owned();
        assert_eq!(
            visitor
                .raw("GET", path, &[("if-none-match", &tag)], b"")
                .status,
            304
        );
        town.resident()
            .ok::<Book>(&house(), &tomorrow("hall", "10:00", "11:00"));
        assert_eq!(
            visitor
                .raw("GET", path, &[("if-none-match", &tag)], b"")
                .status,
            200
        );
    });
}

#[test]
fn open_pages_are_told_of_changes() {
    use std::io::{BufRead, BufReader, Write};
    fn said(lines: &mut impl Iterator<Item = String>, what: &str) -> String {
        lines
            .find_map(|line| line.strip_prefix(what).map(str::to_owned))
            .unwrap()
    }
    on_both(|town| {
        let address = town.url("").trim_start_matches("http://").to_owned();
        let follow = |query: &str| {
            let mut stream = std::net::TcpStream::connect(&address).unwrap();
            write!(
                stream,
                "GET /api/v1/centres/house/events{query} HTTP/1.1\r\nhost: {address}\r\n\r\n"
            )
            .unwrap();
            BufReader::new(stream).lines().map(Result::unwrap)
        };
        let mut unknown = follow("");
        let held = unknown.by_ref().take_while(|line| !line.is_empty());
        assert!(
            held.collect::<Vec<_>>()
                .contains(&"x-accel-buffering: no".to_owned()),
            "a proxy that gathers what it passes on holds events back"
        );
        assert!(
            said(&mut unknown, "data: ").contains("from"),
            "whoever names no count is told to look"
        );
        let seen: u64 = said(&mut unknown, "id: ").parse().unwrap();
        let mut lines = follow(&format!("?seen={seen}"));
        said(&mut lines, ": linli");
        town.resident()
            .ok::<Book>(&abroad(), &tomorrow("hall", "08:00", "09:00"));
        town.resident()
            .ok::<Book>(&house(), &tomorrow("hall", "10:00", "11:00"));
        assert_eq!(
            said(&mut lines, "data: "),
            r#"{"from":"2026-11-23","to":"2026-11-23"}"#,
            "of its own centre, not of the other"
        );
        assert_eq!(said(&mut lines, "id: "), (seen + 1).to_string());
        assert!(
            said(&mut follow(&format!("?seen={seen}")), "data: ").contains("from"),
            "what was missed is told at once"
        );
    });
}

#[test]
fn the_front_page_carries_the_plan_and_its_data() {
    on_both(|town| {
        town.resident()
            .ok::<Book>(&house(), &tomorrow("hall-a", "18:00", "20:00"));
        let page = town
            .visitor()
            .raw("GET", "/?day=2026-11-23&at=18:00&for=60", &[], b"")
            .body;
        assert!(
            page.contains("class=\"room s-busy\" data-room=\"hall-a\""),
            "{page}"
        );
        assert!(page.contains("class=\"room s-free\" data-room=\"hall-b\""));
        assert!(
            page.contains("000-000 0000") && page.contains("00:00–23:00"),
            "hours and the desk's number"
        );
        let data = page
            .split_once("id=\"linli-data\">")
            .unwrap()
            .1
            .split_once("</script>")
            .unwrap()
            .0;
        let boot: domain::view::boot::Boot = serde_json::from_str(data).unwrap();
        assert_eq!(
            (boot.centres.len(), boot.week.from, boot.week.taken.len()),
            (2, day("2026-11-23"), 1)
        );
        let english = super::fixture::Person {
            lang: "en",
            ..town.visitor()
        }
        .raw("GET", "/", &[], b"")
        .body;
        assert!(english.contains("lang=\"en\"") && english.contains("Small house"));
    });
}

#[test]
fn a_shared_link_shows_what_it_is_about_without_the_program() {
    on_both(|town| {
        let new = NewActivity {
            title: "插花 <b>\"入门\"".to_owned(),
            ..new_activity(1, 12)
        };
        let activity = published(town, &new);
        let path = format!("/activities/house/{}", activity.id);
        let page = town.visitor().raw("GET", &path, &[], b"").body;
        assert!(
            page.contains("property=\"og:title\" content=\"插花 &lt;b&gt;&quot;入门&quot;\""),
            "{page}"
        );
        assert!(
            page.contains("周二 11月24日 09:30–11:00 · 甲厅 · 小屋"),
            "{page}"
        );
        let picture = format!(
            "/api/v1/centres/house/activities/{}/picture.png",
            activity.id
        );
        assert!(page.contains(&format!("content=\"{}\"", town.url(&picture))));
        let drawn = town.visitor().raw("GET", &picture, &[], &[]);
        assert_eq!(drawn.status, 200);
        assert_eq!(drawn.headers["content-type"], "image/png");
        assert!(
            page.contains("<h1>插花 &lt;b&gt;"),
            "seen where the program cannot run"
        );
        let file = format!(
            "/api/v1/centres/house/activities/{}/sessions/{}/session.ics",
            activity.id, activity.sessions[0].id
        );
        let file = town.visitor().raw("GET", &file, &[], b"");
        assert!(
            file.body.contains("DTSTART:20261124T013000Z")
                && file.body.contains("STATUS:CONFIRMED"),
            "{}",
            file.body
        );
        // A link to nothing still opens the app, which says so.
        assert_eq!(
            town.visitor()
                .raw("GET", "/activities/house/none", &[], b"")
                .status,
            200
        );
    });
}

#[test]
fn links_of_pages_name_the_address_by_which_others_reach_the_house() {
    let town = Town::on_sqlite_reached_at(Some("https://linli.example"));
    let activity = published(&town, &new_activity(1, 12));
    let path = format!("/activities/house/{}", activity.id);
    let page = town
        .visitor()
        .raw("GET", &path, &[("host", "10.0.0.7")], b"");
    assert!(
        page.body
            .contains("content=\"https://linli.example/api/v1/centres/house/activities/"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("10.0.0.7"));
}

#[test]
fn a_poster_shows_what_when_and_where() {
    on_both(|town| {
        let activity = class(town, 12, Audience::default());
        let url = format!("/api/v1/centres/house/activities/{}/poster", activity.id);
        let poster = town.visitor().raw("GET", &url, &[], &[]);
        assert_eq!(poster.status, 200);
        for part in [
            "四点半课堂",
            "周一 11月23日 16:30–18:00",
            "扫码报名",
            "12 个名额",
        ] {
            assert!(poster.body.contains(part), "{part}");
        }
        let policy = poster.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("style-src 'sha256-") && !policy.contains("unsafe"));
        // Whoever types a title writes text, never markup.
        let file = format!(
            "/api/v1/centres/house/activities/{}/activity.ics",
            activity.id
        );
        let calendar = town.visitor().raw("GET", &file, &[], &[]);
        assert!(calendar.body.contains("BEGIN:VEVENT"), "{}", calendar.body);
        assert_eq!(
            town.visitor()
                .raw("GET", "/api/v1/centres/house/activities/x/poster", &[], &[])
                .status,
            404
        );
    });
}
