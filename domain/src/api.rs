//! The contract: one type per operation, and the list of them all. The app calls by these types, the server mounts
//! them, and tests walk the list.
//!
//! Paths live under [`BASE`]; requests and replies are JSON; times in replies are RFC 3339 with the centre's offset,
//! times in requests are the centre's wall clock. Every write carries an idempotency key in [`KEY_HEADER`].

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    activity::{Activity, Audience, Per},
    attendance::{Mark, Sheet},
    audit::Log,
    availability::Occupied,
    booking::{Booking, Channel},
    centre::Centre,
    club::Club,
    figures::{Figures, Rule},
    household::Family,
    id::{
        ActivityId, ActivitySessionId, BookingId, CentreId, ClubId, LetterId, PersonId, RoomId,
        SessionId, SignUpId,
    },
    inbox::Letter,
    permission::Actor,
    person::{PersonCard, PersonRow, Profile, Role},
    room::Purpose,
    sign_up::SignUp,
    text::{Lang, Name},
    time::{Date, LocalTime, Stamp},
};

/// Where the API lives.
pub const BASE: &str = "/api/v1";

/// The header that says how somebody reached the house for whom staff act: the code of a [`Channel`].
pub const CHANNEL_HEADER: &str = "linli-channel";

/// The header of the idempotency key: 16 to 64 random characters, made once per press of a button.
pub const KEY_HEADER: &str = "idempotency-key";

/// The most days of occupancy one may ask for at once.
pub const MOST_DAYS: u16 = 100;

/// HTTP methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "as in RFC 9110")]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    /// True when it changes something.
    pub fn is_write(self) -> bool {
        self != Self::Get
    }
}

/// One operation.
pub trait Endpoint {
    /// Its method.
    const METHOD: Method;
    /// Its path below [`BASE`], with `{}` for each segment of [`Self::Path`].
    const PATH: &'static str;
    /// What stands in the path.
    type Path: Segments + DeserializeOwned + Send;
    /// What is sent; `()` for nothing.
    type Body: Serialize + DeserializeOwned + Send;
    /// What comes back; `()` for nothing.
    type Reply: Serialize + DeserializeOwned;

    /// The whole path for these segments.
    fn url(path: &Self::Path) -> String {
        fill(Self::PATH, path)
    }
}

/// Puts the segments into the `{…}` of a path below [`BASE`].
pub fn fill(pattern: &str, path: &impl Segments) -> String {
    let mut url = BASE.to_owned();
    let mut segments = path.segments().into_iter();
    for (i, part) in pattern.split('{').enumerate() {
        if i == 0 {
            url.push_str(part);
            continue;
        }
        url.push_str(&segments.next().unwrap_or_default());
        url.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    url
}

/// The centre that an operation's path belongs to, if it belongs to one.
pub fn centre_of<E: Endpoint>(path: &E::Path) -> Option<CentreId> {
    let first = path.segments().into_iter().next();
    first
        .filter(|_| E::PATH.starts_with("/centres/{"))
        .map(CentreId::new)
}

/// What can stand in a path.
pub trait Segments {
    /// Its texts in order. Ids and dates need no escaping.
    fn segments(&self) -> Vec<String>;
}

impl Segments for () {
    fn segments(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Segments for CentreId {
    fn segments(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Segments for PersonId {
    fn segments(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl<A: ToString, B: ToString> Segments for (A, B) {
    fn segments(&self) -> Vec<String> {
        vec![self.0.to_string(), self.1.to_string()]
    }
}

impl<A: ToString, B: ToString, C: ToString> Segments for (A, B, C) {
    fn segments(&self) -> Vec<String> {
        vec![self.0.to_string(), self.1.to_string(), self.2.to_string()]
    }
}

/// An operation as tests and documentation see it.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// The type's name.
    pub name: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path below [`BASE`].
    pub path: &'static str,
}

macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident: $method:ident $path:literal $segments:ty, $body:ty => $reply:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl Endpoint for $name {
                const METHOD: Method = Method::$method;
                const PATH: &'static str = $path;
                type Path = $segments;
                type Body = $body;
                type Reply = $reply;
            }
        )*

        /// Every operation there is.
        pub const ALL: &[Spec] = &[$(Spec { name: stringify!($name), method: Method::$method, path: $path }),*];
    };
}

endpoints! {
    /// The centres of the deployment.
    ListCentres: Get "/centres" (), () => Vec<CentreCard>;
    /// A centre with its plan, hours and rules.
    GetCentre: Get "/centres/{centre}" CentreId, () => CentreView;
    /// What takes its rooms, from a day on for so many days (at most [`MOST_DAYS`]). The same for everybody: no names.
    GetOccupancy: Get "/centres/{centre}/occupancy/{from}/{days}" (CentreId, Date, u16), () => Occupancy;
    /// Server-sent events: a [`Change`] each time something at the centre changes, with the count of changes as its id.
    /// Whoever names the count they know (`?seen=`, or `Last-Event-ID`) is told at once if it is another.
    FollowCentre: Get "/centres/{centre}/events" CentreId, () => ();

    /// Sends a one-time code to a phone. The answer is the same whether the number is known or not.
    SendCode: Post "/sign-in/code" (), AskCode => CodeSent;
    /// Signs in with the code; whoever was unknown is a resident from then on.
    SignIn: Post "/sign-in" (), UseCode => Me;
    /// The accounts of the demo; none in a real house.
    ListDemoAccounts: Get "/demo" (), () => Vec<DemoAccount>;
    /// Signs in as one of them.
    SignInDemo: Post "/demo/sign-in" (), UseDemo => Me;
    /// Makes the first manager of a new deployment, by the link that the server printed.
    ClaimHouse: Post "/first-manager" (), Claim => Me;

    /// Who is signed in; nobody for a visitor.
    GetMe: Get "/me" (), () => Me;
    /// Changes name and language.
    ChangeMe: Put "/me" (), MyChange => Me;
    /// Where one is signed in.
    ListSessions: Get "/me/sessions" (), () => Vec<SessionCard>;
    /// Signs out here.
    SignOut: Delete "/me/session" (), () => ();
    /// Signs out everywhere.
    SignOutEverywhere: Delete "/me/sessions" (), () => ();
    /// One's bookings at all centres, those to come first, then the last past ones.
    ListMyBookings: Get "/me/bookings" (), () => Vec<Booking>;

    /// Books a room.
    Book: Post "/centres/{centre}/bookings" CentreId, NewBooking => Booking;
    /// One booking.
    GetBooking: Get "/centres/{centre}/bookings/{booking}" (CentreId, BookingId), () => Booking;
    /// Takes a booking back without a trace.
    UndoBooking: Post "/centres/{centre}/bookings/{booking}/undo" (CentreId, BookingId), () => Booking;
    /// Calls a booking off.
    CancelBooking: Post "/centres/{centre}/bookings/{booking}/cancel" (CentreId, BookingId), Reason => Booking;
    /// Approves or declines a request. Approving declines the others that can then no longer be had.
    DecideBooking: Post "/centres/{centre}/bookings/{booking}/decision" (CentreId, BookingId), Decision => Booking;
    /// The booking as a calendar file (RFC 5545).
    GetCalendarFile: Get "/centres/{centre}/bookings/{booking}/booking.ics" (CentreId, BookingId), () => ();

    /// The day of the house for its staff.
    GetHouse: Get "/centres/{centre}/house/{day}" (CentreId, Date), () => House;
    /// Finds people by name or number, for staff who act for them. What is looked for is in the body, so that no number
    /// stands in an address; whom a whole number finds stands in the audit log.
    FindPeople: Post "/centres/{centre}/people/search" CentreId, Wanted => Vec<PersonRow>;
    /// Makes a record of somebody who called or came by; with a name and number that are known it is that person.
    AddPerson: Post "/centres/{centre}/people" CentreId, NewCaller => PersonRow;
    /// Somebody's record. Opening it stands in the audit log.
    GetPerson: Get "/centres/{centre}/people/{person}" (CentreId, PersonId), () => PersonCard;
    /// Corrects a record.
    ChangePerson: Put "/centres/{centre}/people/{person}" (CentreId, PersonId), PersonChange => ();
    /// Adds somebody without a number to the household of a caller: a child, a parent.
    AddRelative: Post "/centres/{centre}/people/{person}/family" (CentreId, PersonId), NewMember => ();
    /// Notes that a letter was told by word of mouth.
    TellLetter: Post "/centres/{centre}/letters/{letter}/told" (CentreId, LetterId), () => ();
    /// The audit log of a day, newest first, a page at a time from page 0 on.
    GetAuditLog: Get "/centres/{centre}/audit/{day}/{page}" (CentreId, Date, u16), () => Log;
    /// The figures of the four weeks up to a day.
    GetFigures: Get "/centres/{centre}/figures/{until}" (CentreId, Date), () => Figures;
    /// One of their tables as a file (RFC 4180): `hours`, `rooms`, `activities` or `refusals`.
    GetFiguresFile: Get "/centres/{centre}/figures/{until}/{table}" (CentreId, Date, String), () => ();
    /// Counts a rule that the app told somebody of before they could ask. Nothing about them is sent.
    CountRefusal: Post "/centres/{centre}/refusals" CentreId, Rule => ();

    /// A centre's activities with their sessions from today on. The same for everybody: no names.
    ListActivities: Get "/centres/{centre}/activities" CentreId, () => Vec<Activity>;
    /// One activity.
    GetActivity: Get "/centres/{centre}/activities/{activity}" (CentreId, ActivityId), () => Activity;
    /// The activities that one may change and call off: one's own and those of one's clubs.
    ListMyActivities: Get "/me/activities" (), () => Vec<ActivityId>;
    /// Publishes an activity and books its room for every session: all or nothing.
    Publish: Post "/centres/{centre}/activities" CentreId, NewActivity => Activity;
    /// Changes what an activity says and how many places it has; those who signed up are told.
    ChangeActivity: Put "/centres/{centre}/activities/{activity}" (CentreId, ActivityId), ActivityChange => Activity;
    /// Calls one session off, with a reason, frees its room and tells everybody.
    CancelSession: Post "/centres/{centre}/activities/{activity}/sessions/{session}/cancel" (CentreId, ActivityId, ActivitySessionId), Reason => Activity;
    /// Calls all sessions off that have not begun.
    CancelActivity: Post "/centres/{centre}/activities/{activity}/cancel" (CentreId, ActivityId), Reason => Activity;

    /// A session as a calendar file (RFC 5545).
    GetSessionFile: Get "/centres/{centre}/activities/{activity}/sessions/{session}/session.ics" (CentreId, ActivityId, ActivitySessionId), () => ();

    /// A poster of an activity, to be printed on A4.
    GetPoster: Get "/centres/{centre}/activities/{activity}/poster" (CentreId, ActivityId), () => ();
    /// A picture for messengers that show where a shared link leads: the floor with the room marked on it (PNG).
    GetPicture: Get "/centres/{centre}/activities/{activity}/picture.png" (CentreId, ActivityId), () => ();
    /// All sessions of an activity as a calendar file (RFC 5545).
    GetActivityFile: Get "/centres/{centre}/activities/{activity}/activity.ics" (CentreId, ActivityId), () => ();

    /// Signs people up together: all or none.
    SignUpFor: Post "/centres/{centre}/activities/{activity}/sign-ups" (CentreId, ActivityId), NewSignUp => Vec<SignUp>;
    /// The sign-ups of oneself and one's household, those to come first.
    ListMySignUps: Get "/me/sign-ups" (), () => Vec<SignUp>;
    /// Takes a sign-up back.
    UndoSignUp: Post "/centres/{centre}/sign-ups/{sign_up}/undo" (CentreId, SignUpId), () => SignUp;
    /// Gives a place, or a place in line, to others.
    Withdraw: Post "/centres/{centre}/sign-ups/{sign_up}/withdraw" (CentreId, SignUpId), () => SignUp;
    /// Takes the offered places of all who signed up together, or leaves them to others.
    AnswerOffer: Post "/centres/{centre}/sign-ups/{sign_up}/offer" (CentreId, SignUpId), Answer => Vec<SignUp>;

    /// The sheet of a session, for those who run it.
    GetSheet: Get "/centres/{centre}/sheets/{session}" (CentreId, ActivitySessionId), () => Sheet;
    /// Notes that somebody came or did not, or takes the note back.
    MarkPerson: Post "/centres/{centre}/sheets/{session}/marks" (CentreId, ActivitySessionId), NewMark => Sheet;
    /// Notes somebody who came without having signed up.
    AddWalkIn: Post "/centres/{centre}/sheets/{session}/walk-ins" (CentreId, ActivitySessionId), WalkIn => Sheet;

    /// One's household.
    GetFamily: Get "/me/family" (), () => Family;
    /// Adds somebody who does not sign in by themselves: a child, a parent without a phone.
    AddMember: Post "/me/family" (), NewMember => Family;
    /// Lets somebody leave one's household, or leaves it oneself.
    RemoveMember: Delete "/me/family/{person}" PersonId, () => Family;
    /// Makes a new code by which another adult joins one's household.
    RenewCode: Post "/me/family/code" (), () => Family;
    /// Joins a household by the code that a member tells.
    JoinFamily: Post "/me/family/join" (), JoinCode => Family;

    /// The letters of the last months, newest first.
    ListLetters: Get "/me/inbox" (), () => Vec<Letter>;
    /// Marks all letters as read.
    ReadLetters: Post "/me/inbox/read" (), () => ();

    /// A centre's clubs.
    ListClubs: Get "/centres/{centre}/clubs" CentreId, () => Vec<Club>;
    /// The clubs that one belongs to.
    ListMyClubs: Get "/me/clubs" (), () => Vec<MyClub>;
    /// Joins a club.
    JoinClub: Post "/centres/{centre}/clubs/{club}/membership" (CentreId, ClubId), () => Vec<MyClub>;
    /// Leaves a club.
    LeaveClub: Delete "/centres/{centre}/clubs/{club}/membership" (CentreId, ClubId), () => Vec<MyClub>;
}

/// A centre in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CentreCard {
    /// Its id.
    pub id: CentreId,
    /// Its name.
    pub name: Name,
    /// Where it is.
    pub address: Name,
}

/// A centre with what the app cannot know by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CentreView {
    /// The centre.
    pub centre: Centre,
    /// Counts up with every change of the centre.
    pub revision: i64,
    /// The centre's offset from UTC now, in minutes.
    pub offset: i16,
    /// The next change of that offset: seconds UTC, and the offset from then on.
    pub next_offset: Option<(i64, i16)>,
}

impl CentreView {
    /// The centre's wall clock at a moment given in seconds UTC, up to the second change of offset from now.
    pub fn local(&self, utc: i64) -> LocalTime {
        let offset = match self.next_offset {
            Some((from, offset)) if utc >= from => offset,
            _ => self.offset,
        };
        LocalTime::from_minutes(utc.div_euclid(60) + i64::from(offset))
    }
}

/// What takes a centre's rooms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupancy {
    /// First day.
    pub from: Date,
    /// How many days.
    pub days: u16,
    /// In order of start.
    pub taken: Vec<Occupied>,
}

/// Told to open pages: something changed between these days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// Wants a code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AskCode {
    /// The phone number as typed.
    pub phone: String,
}

/// A code is on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeSent {
    /// How long it can be used, in seconds.
    pub seconds: u32,
    /// The code itself, in the demo only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demo_code: Option<String>,
}

/// Uses a code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UseCode {
    /// The phone number as typed.
    pub phone: String,
    /// The six digits.
    pub code: String,
}

/// An account of the demo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// Its role.
    pub role: Role,
    /// The person's name.
    pub name: String,
}

/// Chooses an account of the demo.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UseDemo {
    /// Its role.
    pub role: Role,
}

/// Claims a new deployment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// The secret of the printed link.
    pub secret: String,
    /// The manager's phone number.
    pub phone: String,
    /// The manager's name.
    pub name: String,
}

/// Who is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The person; nobody for a visitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// Who that is to the rules.
    pub actor: Actor,
    /// This is the demo.
    #[serde(default)]
    pub demo: bool,
    /// How many letters nobody has looked at.
    #[serde(default)]
    pub unread: u32,
}

/// Changes of one's profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MyChange {
    /// Name, 1 to 40 characters.
    pub name: String,
    /// Language.
    pub lang: Lang,
    /// Birth date; none leaves it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Date>,
}

/// Somewhere one is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionCard {
    /// Its id.
    pub id: SessionId,
    /// This very one.
    pub here: bool,
    /// Browser and system, as far as it said so.
    pub device: String,
    /// Since when, seconds UTC.
    pub since: i64,
}

/// Wants a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewBooking {
    /// The room.
    pub room: RoomId,
    /// Start on the centre's wall clock.
    pub start: LocalTime,
    /// End on the centre's wall clock.
    pub end: LocalTime,
    /// How many people.
    pub people: u16,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// A word to the staff, at most 200 characters.
    #[serde(default)]
    pub note: String,
    /// For somebody else, by staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<Behalf>,
    /// The revision of the centre that the form was filled in by.
    #[serde(default)]
    pub revision: i64,
}

/// For whom staff act, and how that person reached the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behalf {
    /// The person.
    pub person: PersonId,
    /// The way.
    pub channel: Channel,
}

/// Why something is called off.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Reason {
    /// At most 200 characters; may be empty.
    #[serde(default)]
    pub reason: String,
}

/// What staff decide.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// Yes or no.
    pub approve: bool,
    /// Why not, 1 to 200 characters; may be empty when approving.
    #[serde(default)]
    pub reason: String,
}

/// The day of the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct House {
    /// When this was so.
    pub now: Stamp,
    /// All bookings of the day that are confirmed or requested, in order of start.
    pub bookings: Vec<Booking>,
    /// All requests that wait for a decision, on whatever day, the soonest first.
    pub requests: Vec<Booking>,
    /// The sessions of the day, in order of start.
    pub sessions: Vec<HouseSession>,
    /// What people without a device of their own must be told by word of mouth, the newest first.
    pub to_tell: Vec<ToTell>,
}

/// A session as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseSession {
    /// The session.
    pub session: ActivitySessionId,
    /// The activity.
    pub activity: ActivityId,
    /// Its name.
    pub title: Name,
    /// The room.
    pub room: RoomId,
    /// Start.
    pub start: Stamp,
    /// End.
    pub end: Stamp,
    /// Places.
    pub places: u16,
    /// Places that somebody has.
    pub signed_up: u16,
    /// People in line.
    pub waiting: u16,
    /// Who came, walk-ins included.
    pub came: u16,
    /// Who has a place and did not come: noted as away, or not noted on a sheet that was used.
    pub missed: u16,
}

/// A letter for somebody who will not see it on a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToTell {
    /// The letter.
    pub letter: Letter,
    /// To whom.
    pub person: PersonRow,
}

/// Whom staff look for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// A number, the end of one, or a part of a name, of at most 40 characters: see
    /// [`crate::person::is_enough_to_look_for`].
    pub text: String,
}

/// Somebody who called or came by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCaller {
    /// Name, 1 to 40 characters.
    pub name: String,
    /// Their number; empty when they have none.
    #[serde(default)]
    pub phone: String,
    /// Birth date, if it is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Date>,
}

/// A corrected record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonChange {
    /// Name, 1 to 40 characters.
    pub name: String,
    /// Their number, when there was none; a number by which somebody signs in is theirs to change.
    #[serde(default)]
    pub phone: String,
    /// Birth date; none leaves it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Date>,
}

/// An activity to be published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewActivity {
    /// The club that invites; none for the organiser alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub club: Option<ClubId>,
    /// Its name, 1 to 60 characters.
    pub title: String,
    /// What it is, at most 1,000 characters.
    #[serde(default)]
    pub about: String,
    /// Its kind.
    pub kind: Purpose,
    /// The room.
    pub room: RoomId,
    /// Start of the first session on the centre's wall clock.
    pub start: LocalTime,
    /// End of the first session.
    pub end: LocalTime,
    /// How many sessions, a week apart.
    pub weeks: u16,
    /// For whom.
    #[serde(default)]
    pub audience: Audience,
    /// What it costs, in fen.
    #[serde(default)]
    pub fee: u32,
    /// How many places.
    pub places: u16,
    /// What one signs up for.
    #[serde(default)]
    pub per: Per,
    /// Children are picked up afterwards.
    #[serde(default)]
    pub pick_up: bool,
}

/// Changes of an activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActivityChange {
    /// Its name, 1 to 60 characters.
    pub title: String,
    /// What it is, at most 1,000 characters.
    #[serde(default)]
    pub about: String,
    /// How many places; not fewer than are taken.
    pub places: u16,
}

/// Wants places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewSignUp {
    /// The session; none for a whole course.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<ActivitySessionId>,
    /// Who: oneself and members of one's household.
    pub people: Vec<PersonId>,
    /// Rather wait than not be on the list.
    #[serde(default)]
    pub wait: bool,
    /// The version of the text by which the guardian agrees to what is stored about the children.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<u16>,
    /// For a household that called or came by, by staff: its guardian.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<Behalf>,
}

/// The answer to an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Yes or no.
    pub accept: bool,
}

/// A note on a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMark {
    /// Who.
    pub person: PersonId,
    /// What; none takes the former note back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
}

/// Somebody who came without having signed up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalkIn {
    /// Name, 1 to 40 characters.
    pub name: String,
    /// Their number; empty when they have none or do not say.
    #[serde(default)]
    pub phone: String,
}

/// Somebody new in one's household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMember {
    /// Name, 1 to 40 characters.
    pub name: String,
    /// Birth date.
    pub birth: Date,
}

/// Joins a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinCode {
    /// The twelve digits; spaces are left out.
    pub code: String,
}

/// A club that one belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyClub {
    /// The centre.
    pub centre: CentreId,
    /// The club.
    pub club: ClubId,
    /// Its name.
    pub name: Name,
    /// One organises it.
    pub organises: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_filled_in_order() {
        let path = (CentreId::from("xizhan"), BookingId::from("b1"));
        assert_eq!(
            UndoBooking::url(&path),
            "/api/v1/centres/xizhan/bookings/b1/undo"
        );
        assert_eq!(ListCentres::url(&()), "/api/v1/centres");
    }

    #[test]
    fn every_operation_has_its_own_address() {
        for (i, one) in ALL.iter().enumerate() {
            assert!(
                !ALL[i + 1..]
                    .iter()
                    .any(|o| (o.method, o.path) == (one.method, one.path)),
                "{}",
                one.name
            );
        }
    }
}
