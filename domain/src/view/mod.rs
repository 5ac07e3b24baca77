//! View state in the URL: what a page shows; reload, back and sharing lose nothing. The server reads it as well,
//! to draw the plan that the page will show.

pub mod boot;
pub mod column;
pub mod drawing;
pub mod ways;

use crate::{
    activity::{Activity, Session},
    centre::{
        Centre, Floor,
        room::{Equipment, Needs, Purpose, Room},
    },
    figures::period::Period,
    id::{CentreId, ClubId, FloorId, PersonId, RoomId},
    language::{Lang, fold},
    page::Page,
    person::behalf::{Behalf, Channel},
    time::{DAY, Date, LocalTime, Slot, clock, parse_clock},
};

/// How long a room is wanted when nobody said so, in minutes.
pub const LENGTH: i64 = 60;

/// The way taken for granted of somebody for whom staff act, until staff say another.
pub const USUAL_WAY: Channel = Channel::Phone;

/// How much time the calendar shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// A day of all rooms.
    Day,
    /// A week of one room.
    Week,
    /// A month, with how full each day is.
    Month,
    /// Two weeks as a list.
    Agenda,
}

impl Span {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Agenda];

    /// Its key in an address.
    fn code(self) -> &'static str {
        match self {
            Self::Day => "",
            Self::Week => "week",
            Self::Month => "month",
            Self::Agenda => "agenda",
        }
    }
}

/// The part of a URL after `?`, shared by map, calendar, booking form and house. It has no default on purpose: a link begins
/// with [`View::here`], so that the centre and the person for whom staff act are not lost on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The centre; the first one when there is none.
    pub centre: Option<CentreId>,
    /// The floor; the entrance floor when there is none.
    pub floor: Option<FloorId>,
    /// The day; today when there is none.
    pub day: Option<Date>,
    /// Minutes after midnight; now when there is none.
    pub at: Option<i64>,
    /// For how long, in minutes.
    pub length: Option<i64>,
    /// The room that is open.
    pub room: Option<RoomId>,
    /// What is looked for.
    pub needs: Needs,
    /// The search text.
    pub search: String,
    /// Activities for somebody of this age.
    pub age: Option<u8>,
    /// Activities that cost nothing.
    pub free: bool,
    /// Activities with places left.
    pub left: bool,
    /// As a list instead of a plan.
    pub list: bool,
    /// How much time the calendar shows.
    pub span: Span,
    /// Only what one has oneself.
    pub mine: bool,
    /// Only what a club has.
    pub club: Option<ClubId>,
    /// The dialog of the filters is open: back closes it.
    pub filtering: bool,
    /// The time that figures are of; the four weeks up to today when there is none.
    pub period: Option<Period>,
    /// On a wall: no controls, large letters.
    pub wall: bool,
    /// For whom staff act, and how that person reached the house.
    pub behalf: Option<Behalf>,
}

impl View {
    /// The start of a centre's pages, for nobody but oneself: it ends acting for somebody.
    pub fn at_centre(centre: Option<CentreId>) -> Self {
        Self {
            centre,
            floor: None,
            day: None,
            at: None,
            length: None,
            room: None,
            needs: Needs::default(),
            search: String::new(),
            age: None,
            free: false,
            left: false,
            list: false,
            span: Span::Day,
            mine: false,
            club: None,
            filtering: false,
            period: None,
            wall: false,
            behalf: None,
        }
    }

    /// What goes along with every link: the centre, and for whom staff act.
    #[must_use]
    pub fn here(&self) -> Self {
        Self {
            behalf: self.behalf.clone(),
            ..Self::at_centre(self.centre.clone())
        }
    }

    /// The address of a page with this view. A page whose path names its centre needs no other.
    pub fn address(&self, page: &Page) -> String {
        let query = match page.centre() {
            Some(_) => Self {
                centre: None,
                ..self.clone()
            }
            .query(),
            None => self.query(),
        };
        page.path() + &query
    }

    /// Reads the part after `?`. What cannot be read is left out: a mistyped link still opens.
    pub fn parse(query: &str) -> Self {
        let mut view = Self::at_centre(None);
        let (mut person, mut channel) = (None, None);
        for pair in query.trim_start_matches('?').split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decode(value);
            match key {
                "centre" => view.centre = slug(&value).map(CentreId::new),
                "floor" => view.floor = slug(&value).map(FloorId::new),
                "day" => view.day = Date::parse(&value),
                "at" => view.at = parse_clock(&value),
                "for" => view.length = value.parse().ok().filter(|n| (1..=DAY).contains(n)),
                "room" => view.room = slug(&value).map(RoomId::new),
                "people" => view.needs.people = value.parse().unwrap_or_default(),
                "with" => {
                    view.needs.equipment =
                        value.split(',').filter_map(Equipment::from_code).collect();
                }
                "purpose" => view.needs.purpose = Purpose::from_code(&value),
                "stepfree" => view.needs.step_free = true,
                "q" => view.search = value.chars().take(40).collect(),
                "age" => view.age = value.parse().ok(),
                "free" => view.free = true,
                "left" => view.left = true,
                "list" => view.list = true,
                "week" => view.span = Span::Week,
                "month" => view.span = Span::Month,
                "agenda" => view.span = Span::Agenda,
                "mine" => view.mine = true,
                "club" => view.club = slug(&value).map(ClubId::new),
                "filters" => view.filtering = true,
                "period" => view.period = Period::parse(&value),
                "wall" => view.wall = true,
                "whom" => person = slug(&value).map(PersonId::new),
                "by" => channel = Channel::from_code(&value),
                _ => {}
            }
        }
        view.behalf = person.map(|person| Behalf {
            person,
            channel: channel.unwrap_or(USUAL_WAY),
        });
        view
    }

    /// Reads a whole address: what is about one centre names it in its path.
    pub fn of(path: &str, query: &str) -> Self {
        let view = Self::parse(query);
        match Page::parse(path).and_then(|page| page.centre().cloned()) {
            Some(centre) => Self {
                centre: Some(centre),
                ..view
            },
            None => view,
        }
    }

    /// The floor that is shown: the one that is named, else the one of the open room, else the first.
    pub fn floor_of<'a>(&self, centre: &'a Centre) -> Option<&'a Floor> {
        let of_room = || centre.floor(&centre.room(self.room.as_ref()?)?.floor);
        let named = self.floor.as_ref().and_then(|id| centre.floor(id));
        named.or_else(of_room).or_else(|| centre.floors.first())
    }

    /// The slot that the map answers for: the one of the scrubber, else this very minute, else about this time of day.
    pub fn slot(&self, day: Date, now: LocalTime) -> Slot {
        if self.is_now(day, now) {
            return Slot::lasting(now, 1);
        }
        // Of another day nobody asks to the minute.
        let at = self
            .at
            .unwrap_or_else(|| ((now.minute_of_day() + 29) / 30 * 30).min(DAY - 30));
        Slot::lasting(day.at(at), self.length.unwrap_or(LENGTH))
    }

    /// True when the map follows the clock.
    pub fn is_now(&self, day: Date, now: LocalTime) -> bool {
        self.at.is_none() && day == now.date()
    }

    /// True when the room is one that is looked for.
    pub fn wants(&self, room: &Room) -> bool {
        self.needs.met_by(room) && (room.is_called(&self.search) || offers(room, &self.search))
    }

    /// The session of an activity that a list shows: the first to come at `now` in seconds UTC, on the day that is asked for, with
    /// places where there is one; nothing where the activity is not looked for.
    pub fn session_of<'a>(&self, activity: &'a Activity, now: i64) -> Option<&'a Session> {
        let fits = activity.is_called(&self.search)
            && self.needs.purpose.is_none_or(|kind| kind == activity.kind)
            && self.age.is_none_or(|age| activity.audience.takes(age))
            && (!self.free || activity.fee == 0);
        let coming = || {
            let sessions = activity.sessions.iter();
            sessions
                .filter(|one| fits && one.state.is_live() && one.end.utc() > now)
                .filter(|one| self.day.is_none_or(|day| one.start.local.date() == day))
        };
        // The next date with places says more than the next one, which is full.
        let open = coming().find(|one| one.left() > 0);
        open.or_else(|| coming().next().filter(|_| !self.left))
    }

    /// The part after `?`, with the `?`; empty when there is nothing to say.
    pub fn query(&self) -> String {
        let mut query = String::new();
        let mut put = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                query.push(if query.is_empty() { '?' } else { '&' });
                query.push_str(key);
                if !value.is_empty() {
                    query.push('=');
                    query.push_str(&value);
                }
            }
        };
        let flag = |on: bool| on.then(String::new);
        put("centre", self.centre.as_ref().map(ToString::to_string));
        put("floor", self.floor.as_ref().map(ToString::to_string));
        put("day", self.day.map(|day| day.to_string()));
        put("at", self.at.map(clock));
        put("for", self.length.map(|minutes| minutes.to_string()));
        put("room", self.room.as_ref().map(ToString::to_string));
        put(
            "people",
            (self.needs.people > 0).then(|| self.needs.people.to_string()),
        );
        let with: Vec<_> = self.needs.equipment.iter().map(|one| one.code()).collect();
        put("with", (!with.is_empty()).then(|| with.join(",")));
        put("purpose", self.needs.purpose.map(Purpose::code));
        put("stepfree", flag(self.needs.step_free));
        put("q", (!self.search.is_empty()).then(|| encode(&self.search)));
        put("age", self.age.map(|age| age.to_string()));
        put("free", flag(self.free));
        put("left", flag(self.left));
        put("list", flag(self.list));
        put(self.span.code(), flag(self.span != Span::Day));
        put("mine", flag(self.mine));
        put("club", self.club.as_ref().map(ToString::to_string));
        put("filters", flag(self.filtering));
        put("period", self.period.map(|period| period.to_string()));
        put("wall", flag(self.wall));
        put(
            "whom",
            self.behalf.as_ref().map(|one| one.person.to_string()),
        );
        put(
            "by",
            self.behalf
                .as_ref()
                .map(|one| one.channel.code().to_owned()),
        );
        query
    }
}

/// True when the search text names something that is in the room, or what it is good for, in any language.
fn offers(room: &Room, search: &str) -> bool {
    let search = fold(search.trim());
    Lang::ALL.iter().any(|(lang, _)| {
        let equipment = room.equipment.keys().map(|one| one.word(*lang));
        let mut words = equipment.chain(room.purposes.iter().map(|one| one.word(*lang)));
        words.any(|word| fold(word).contains(&search))
    })
}

fn slug(text: &str) -> Option<&str> {
    crate::id::is_slug(text).then_some(text)
}

/// A text as a part of an address (RFC 3986, percent-encoding).
pub fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            encoded.push('%');
            encoded.push(char::from(DIGITS[usize::from(byte >> 4)]));
            encoded.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    encoded
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                if let (Some(high), Some(low)) = (digit(), digit()) {
                    bytes.push((high * 16 + low) as u8);
                }
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn without_a_time_the_map_follows_the_clock() {
        let now = LocalTime::parse("2026-11-26T17:43").unwrap();
        let today = now.date();
        let view = View::at_centre(None);
        assert!(view.is_now(today, now) && !view.is_now(today.plus(1), now));
        assert_eq!(view.slot(today, now).minutes(), 1);
        assert_eq!(
            Lang::En.slot(view.slot(today.plus(1), now)),
            "Fri 27 Nov 18:00–19:00"
        );
        let evening = View::parse("?at=18:00&for=120");
        assert_eq!(
            Lang::En.slot(evening.slot(today, now)),
            "Thu 26 Nov 18:00–20:00"
        );
    }

    #[test]
    fn a_view_survives_its_url() {
        let query = "?centre=xizhan&floor=1&day=2026-11-26&at=18:00&for=120&room=lecture-hall&people=20\
                     &with=projector,chairs&purpose=lecture&stepfree&q=%E8%B0%83%E8%A7%A3&list&week&whom=p1&by=phone";
        let view = View::parse(query);
        assert_eq!(
            (view.search.as_str(), view.at, view.needs.equipment.len()),
            ("调解", Some(1080), 2)
        );
        assert_eq!(view.query(), query);
        assert_eq!(View::at_centre(None).query(), "");
    }

    #[test]
    fn a_room_is_found_by_what_is_in_it() {
        let centre = crate::samples::house();
        let mut room = centre.rooms[0].clone();
        room.equipment.insert(Equipment::Projector, 1);
        room.purposes = vec![Purpose::Dance];
        let finds = |search: &str| {
            let view = View {
                search: search.to_owned(),
                ..View::at_centre(None)
            };
            view.wants(&room)
        };
        assert!(finds("投影") && finds(" Projector ") && finds("舞") && finds(""));
        assert!(!finds("piano"));
    }

    #[test]
    fn a_page_about_something_is_at_its_centre() {
        let centre =
            |path: &str, query: &str| View::of(path, query).centre.map(|id| id.to_string());
        assert_eq!(
            centre("/people/liuyi/p1", "?centre=xizhan").as_deref(),
            Some("liuyi")
        );
        assert_eq!(centre("/activities/liuyi/a1", "").as_deref(), Some("liuyi"));
        assert_eq!(
            centre("/activities", "?centre=liuyi").as_deref(),
            Some("liuyi")
        );
        assert_eq!(centre("/activities", ""), None);
        assert_eq!(centre("/", "?centre=xizhan").as_deref(), Some("xizhan"));
    }

    #[test]
    fn centre_and_person_go_along_with_every_link() {
        let view = View::parse("?centre=liuyi&day=2026-11-26&room=hall&q=x&whom=p1&by=visit");
        let here = view.here();
        assert_eq!(
            here.address(&Page::Book),
            "/book?centre=liuyi&whom=p1&by=visit"
        );
        assert_eq!(
            here.address(&Page::Activity("liuyi".into(), "a1".into())),
            "/activities/liuyi/a1?whom=p1&by=visit"
        );
        let with_room = View {
            room: view.room.clone(),
            ..view.here()
        };
        assert_eq!(
            with_room.address(&Page::Map),
            "/?centre=liuyi&room=hall&whom=p1&by=visit"
        );
        assert_eq!(
            View::at_centre(view.centre).address(&Page::Desk),
            "/desk?centre=liuyi"
        );
    }

    proptest! {
        #[test]
        fn any_query_is_read_and_settles(query in ".{0,80}", search in ".{0,20}") {
            let view = View { search: search.clone(), ..View::parse(&query) };
            prop_assert_eq!(View::parse(&view.query()), view);
        }
    }
}
