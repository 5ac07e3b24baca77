//! The contract: one type per operation, and the list of them all. The app calls by these types, the server mounts
//! them, and tests walk the list.
//!
//! Paths live under [`BASE`]; requests and replies are JSON; times in replies are RFC 3339 with the centre's offset,
//! times in requests are the centre's wall clock. Every write carries an idempotency key in [`KEY_HEADER`].

mod activity;
mod attendance;
mod booking;
mod case;
mod centre;
mod closure;
mod club;
mod description;
mod desk;
mod hook;
mod household;
mod person;
mod privacy;
mod push;
mod role;
mod scope;
mod series;
mod sign_in;
mod sign_up;
mod waitlist;

pub use activity::{ActivityChange, NewActivity, OtherWords};
pub use attendance::{NewMark, WalkIn};
pub use booking::{
    AbsenceSeen, Along, BookingChange, BookingSeen, Cancellation, Decision, Excuse, Finish,
    NewBooking, NewPresence, NewRefusal, Reason,
};
pub use case::{
    CasePage, CaseQuery, Colleague, Following, MOST_PICTURE, MOST_PIECE, Mark, NamelessStep,
    NewCase, NewNameless, NewStep, PicturePiece, PictureSent, Secret,
};
pub use centre::{CentreCard, CentreFigures, CentreView, Change, Occupancy};
pub use closure::{ClosureCard, Consequences, Displaced, HitCard, Made, NewClosure};
pub use club::{ClubChange, ClubEnd, ClubTerms, MyClub, NewOrganiser, Organiser};
pub use description::{CentreChange, NewCentre, RevisionCard};
pub use desk::{
    Desk, DeskSession, LogQuery, Merged, MergedCounts, NewCaller, PeopleMerge, PersonCard,
    PersonChange, StoryLine, ToTell, Wanted,
};
pub use hook::NewHook;
pub use household::{JoinCode, NewMember};
pub use person::{
    Me, MyChange, NewToken, RequiredFactor, SecondCode, SecondFactorSetup, SessionCard, TokenMade,
};
pub use privacy::{AttendanceRecord, ConsentRecord, LogRecord, MyData};
pub use push::{NewPush, PushChange, PushDevice, PushSettings};
pub use role::{NewRole, RoleHolder, RoleTerms};
pub use series::{NewSeries, Series, SeriesDate, SeriesMade, SeriesPlan};
pub use sign_in::{AskCode, Claim, CodePurpose, CodeSent, DemoAccount, Proof, UseCode, UseDemo};
pub use sign_up::{Answer, NewSignUp};
pub use waitlist::{Hold, WantedSlot};

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    activity::{Activity, attendance::Sheet},
    audit::Log,
    booking::{Booking, series::Place, waitlist::Wait},
    case::{Case, CaseRow},
    club::Club,
    feed::{Feed, FeedKind},
    figures::{Figures, period::Period},
    hook::Hook,
    id::{
        ActivityId, ActivitySessionId, BookingId, CaseId, CentreId, ClubId, ConsequenceId, FeedId,
        HookId, LetterId, PersonId, PictureId, PushId, RoomId, SeriesId, SignUpId, TokenId, WaitId,
    },
    message::Letter,
    person::{household::Household, permission::Reach, search::PersonRow, token::Token},
    sign_up::SignUp,
    time::Date,
};

/// Where the API lives.
pub const BASE: &str = "/api/v1";

/// The header that says how somebody reached the house for whom staff act: the code of a [`Channel`](crate::person::behalf::Channel).
pub const CHANNEL_HEADER: &str = "linli-channel";

/// Header of a read by a page that shows an older answer, because something changed: nobody opened anything.
pub const AGAIN_HEADER: &str = "linli-again";

/// The header that names the person as whom a page acts: a write is refused where another is signed in in that browser meanwhile.
pub const PERSON_HEADER: &str = "linli-person";

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
    /// Its name: replies are kept under it, so it is never given to another.
    const NAME: &'static str;
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

impl Segments for Period {
    fn segments(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Segments for FeedId {
    fn segments(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Segments for PushId {
    fn segments(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Segments for TokenId {
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
    /// What it does.
    pub about: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path below [`BASE`].
    pub path: &'static str,
    /// What is sent and comes back; none for nothing.
    #[cfg(feature = "schema")]
    pub schemas: fn(&mut schemars::SchemaGenerator) -> Schemas,
}

/// The schemas of an operation (JSON Schema 2020-12).
#[cfg(feature = "schema")]
#[derive(Clone, Debug)]
pub struct Schemas {
    /// Of its path: of one segment, or a tuple of them.
    pub path: schemars::Schema,
    /// Of what is sent; of `null` for nothing.
    pub body: schemars::Schema,
    /// Of what comes back; of `null` for nothing, or for a file.
    pub reply: schemars::Schema,
}

#[cfg(feature = "schema")]
fn schemas<E: Endpoint>(generator: &mut schemars::SchemaGenerator) -> Schemas
where
    E::Path: schemars::JsonSchema,
    E::Body: schemars::JsonSchema,
    E::Reply: schemars::JsonSchema,
{
    Schemas {
        path: <E::Path as schemars::JsonSchema>::json_schema(generator),
        body: generator.subschema_for::<E::Body>(),
        reply: generator.subschema_for::<E::Reply>(),
    }
}

macro_rules! endpoints {
    ($($(#[doc = $doc:literal])* $name:ident: $method:ident $path:literal $segments:ty, $body:ty => $reply:ty;)*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl Endpoint for $name {
                const METHOD: Method = Method::$method;
                const NAME: &'static str = stringify!($name);
                const PATH: &'static str = $path;
                type Path = $segments;
                type Body = $body;
                type Reply = $reply;
            }
        )*

        /// Every operation there is.
        pub const ALL: &[Spec] = &[$(Spec {
            name: stringify!($name),
            about: concat!($($doc),*),
            method: Method::$method,
            path: $path,
            #[cfg(feature = "schema")]
            schemas: schemas::<$name>,
        }),*];
    };
}

endpoints! {
    /// The centres of the deployment.
    ListCentres: Get "/centres" (), () => Vec<CentreCard>;
    /// A centre with its plan, hours and rules.
    GetCentre: Get "/centres/{centre}" CentreId, () => CentreView;
    /// What takes its rooms, from a day on for so many days (at most 100). The same for everybody: no names.
    GetOccupancy: Get "/centres/{centre}/occupancy/{from}/{days}" (CentreId, Date, u16), () => Occupancy;
    /// Server-sent events: a [`Change`] each time something at the centre changes, with the count of changes as its id.
    /// Whoever names the count they know (`?seen=`, or `Last-Event-ID`) is told at once if it is another.
    FollowCentre: Get "/centres/{centre}/events" CentreId, () => ();

    /// Sends a one-time code to a phone. The answer is the same whether the number is known or not.
    SendCode: Post "/sign-in/code" (), AskCode => CodeSent;
    /// Signs in with the code; whoever was unknown is a resident from then on.
    SignIn: Post "/sign-in" (), UseCode => Me;
    /// Shows by its code that somebody holds a number; the proof then goes with what needs it, for some minutes.
    ProveNumber: Post "/sign-in/proof" (), UseCode => Proof;
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
    /// All that is stored about oneself and the members of one's household who do not sign in.
    GetMyData: Get "/me/data" (), () => MyData;
    /// Erases oneself, and whoever could then no longer be spoken for; bookings and places are given up.
    EraseMe: Delete "/me" (), () => ();
    /// What an app on the phone needs to make one's codes: a secret that holds once a code of it is given.
    GetSecondFactor: Get "/me/second-factor" (), () => SecondFactorSetup;
    /// Sets one's second factor up, or another in its place.
    SetSecondFactor: Post "/me/second-factor" (), SecondCode => Me;
    /// Gives a code of it: from then on one can act as staff in this session.
    GiveSecondFactor: Post "/sign-in/second-factor" (), SecondCode => Me;
    /// Does without it again.
    RemoveSecondFactor: Delete "/me/second-factor" (), () => Me;
    /// Requires a second factor of all who run a house, or no longer.
    RequireSecondFactor: Put "/second-factor" (), RequiredFactor => Me;
    /// Where one is signed in.
    ListSessions: Get "/me/sessions" (), () => Vec<SessionCard>;
    /// Signs out here.
    SignOut: Delete "/me/session" (), () => ();
    /// Signs out everywhere.
    SignOutEverywhere: Delete "/me/sessions" (), () => ();
    /// The tokens of one's programs that hold.
    ListTokens: Get "/me/tokens" (), () => Vec<Token>;
    /// Makes a token for a program: it acts as oneself, within its scopes, until its end.
    MakeToken: Post "/me/tokens" (), NewToken => TokenMade;
    /// Ends a token.
    EndToken: Delete "/me/tokens/{token}" TokenId, () => ();
    /// How one gets push messages.
    GetPush: Get "/me/push" (), () => PushSettings;
    /// Lets a browser get them, by its subscription (W3C Push API).
    AddPush: Post "/me/push" (), NewPush => PushSettings;
    /// Which kinds of news are told, and when not.
    ChangePush: Put "/me/push" (), PushChange => PushSettings;
    /// A device gets them no more.
    RemovePush: Delete "/me/push/{push}" PushId, () => PushSettings;
    /// One's bookings at all centres, those to come first, then the last past ones.
    ListMyBookings: Get "/me/bookings" (), () => Vec<Booking>;

    /// The calendar feeds that one made.
    ListFeeds: Get "/me/feeds" (), () => Vec<Feed>;
    /// Makes a calendar feed; one that is there already is given again.
    MakeFeed: Post "/me/feeds" (), FeedKind => Feed;
    /// Revokes a calendar feed: its address leads nowhere from then on.
    RevokeFeed: Delete "/me/feeds/{feed}" FeedId, () => ();
    /// A calendar feed (RFC 5545), for whoever knows its address.
    ReadFeed: Get "/feeds/{token}" FeedId, () => ();

    /// What the others of one's household have booked at a centre, where that counts: when and where, and not who.
    GetHouseholdUse: Get "/centres/{centre}/household/use" CentreId, () => Vec<Place>;
    /// Books a room.
    Book: Post "/centres/{centre}/bookings" CentreId, NewBooking => Booking;
    /// One booking.
    GetBooking: Get "/centres/{centre}/bookings/{booking}" (CentreId, BookingId), () => Booking;
    /// Takes a booking back without a trace.
    UndoBooking: Post "/centres/{centre}/bookings/{booking}/undo" (CentreId, BookingId), () => Booking;
    /// Calls a booking off; of a series those after it with it, or all to come.
    CancelBooking: Post "/centres/{centre}/bookings/{booking}/cancel" (CentreId, BookingId), Cancellation => Booking;
    /// A booking that was called off stands again, within ten minutes, where nothing is in its way.
    RestoreBooking: Post "/centres/{centre}/bookings/{booking}/restore" (CentreId, BookingId), () => Booking;
    /// Notes that the people of a booking are here; or, by staff, that nobody came; or takes such a note back. Those who come
    /// late get a room that was released again, where nobody else has it.
    CheckInBooking: Post "/centres/{centre}/bookings/{booking}/presence" (CentreId, BookingId), NewPresence => Booking;
    /// Gives the rest of a booking that is going on to others, or takes it back.
    FinishBooking: Post "/centres/{centre}/bookings/{booking}/finish" (CentreId, BookingId), Finish => Booking;
    /// Says why nobody came.
    ExplainAbsence: Post "/centres/{centre}/bookings/{booking}/explanation" (CentreId, BookingId), Reason => Booking;
    /// Staff let it count, or not, that nobody came.
    JudgeAbsence: Post "/centres/{centre}/bookings/{booking}/explanation/decision" (CentreId, BookingId), Excuse => Booking;
    /// Approves or declines a request. It can be taken back for some seconds; then the person is told, and an approval
    /// declines the others that can no longer be had.
    DecideBooking: Post "/centres/{centre}/bookings/{booking}/decision" (CentreId, BookingId), Decision => Booking;
    /// Takes a decision back, before anybody was told of it.
    UndoDecision: Post "/centres/{centre}/bookings/{booking}/decision/undo" (CentreId, BookingId), () => Booking;
    /// Tells what would become of each date of a series, and what could be had instead. It changes nothing and needs no key.
    PlanSeries: Post "/centres/{centre}/series/plan" CentreId, NewSeries => SeriesPlan;
    /// Books a series, all of it or nothing: where a date cannot be had any more it tells that as [`PlanSeries`] does.
    BookSeries: Post "/centres/{centre}/series" CentreId, NewSeries => SeriesPlan;
    /// A series with what became of each of its bookings.
    GetSeries: Get "/centres/{centre}/series/{series}" (CentreId, SeriesId), () => Series;
    /// The dates of a series that stand, as one calendar file (RFC 5545).
    GetSeriesFile: Get "/centres/{centre}/series/{series}/series.ics" (CentreId, SeriesId), () => ();
    /// Takes all of a series back without a trace, within ten minutes.
    UndoSeries: Post "/centres/{centre}/series/{series}/undo" (CentreId, SeriesId), () => Series;
    /// Holds a slot that could be booked at once, for the few minutes in which somebody decides. One slot a person.
    HoldSlot: Post "/centres/{centre}/hold" CentreId, WantedSlot => Hold;
    /// Lets go what one holds.
    ReleaseSlot: Delete "/centres/{centre}/hold" CentreId, () => ();
    /// Gets in line for a slot that is taken: when it frees, it is offered to one after the other.
    WaitForSlot: Post "/centres/{centre}/waits" CentreId, WantedSlot => Wait;
    /// Leaves the line, or leaves an offered slot to others.
    LeaveSlot: Delete "/centres/{centre}/waits/{wait}" (CentreId, WaitId), () => ();
    /// The slots that one waits for, at all centres.
    ListMyWaits: Get "/me/waits" (), () => Vec<Wait>;
    /// The booking as a calendar file (RFC 5545).
    GetCalendarFile: Get "/centres/{centre}/bookings/{booking}/booking.ics" (CentreId, BookingId), () => ();

    /// The day of the house for its staff.
    GetDesk: Get "/centres/{centre}/desk/{day}" (CentreId, Date), () => Desk;
    /// Finds people by name or number, for staff who act for them. What is looked for is in the body, so that no number
    /// stands in an address; whom a whole number finds stands in the audit log.
    FindPeople: Post "/centres/{centre}/people/search" CentreId, Wanted => Vec<PersonRow>;
    /// Makes a record of somebody who called or came by; with a name and number that are known it is that person.
    AddPerson: Post "/centres/{centre}/people" CentreId, NewCaller => PersonRow;
    /// Somebody's record. Opening it stands in the audit log.
    GetPerson: Get "/centres/{centre}/people/{person}" (CentreId, PersonId), () => PersonCard;
    /// Corrects a record.
    ChangePerson: Put "/centres/{centre}/people/{person}" (CentreId, PersonId), PersonChange => ();
    /// Makes one of two records of one person: what `other` has goes to the person of the path. Nothing is done as long as that is
    /// not what was seen; [`UndoChange`] makes two of them again.
    MergePeople: Post "/centres/{centre}/people/{person}/merge" (CentreId, PersonId), PeopleMerge => Merged;
    /// Adds somebody without a number to the household of a caller: a child, a parent.
    AddRelative: Post "/centres/{centre}/people/{person}/household" (CentreId, PersonId), NewMember => ();
    /// Notes that a letter was told by word of mouth.
    TellLetter: Post "/centres/{centre}/letters/{letter}/told" (CentreId, LetterId), () => ();
    /// The person was not told after all: within ten minutes the letter is to be told again.
    UntellLetter: Post "/centres/{centre}/letters/{letter}/untold" (CentreId, LetterId), () => ();
    /// The audit log of a day, newest first, a page at a time from page 0 on.
    GetAuditLog: Get "/centres/{centre}/audit/{day}/{page}" (CentreId, Date, u16), () => Log;
    /// The log of the month of a day, as a file.
    GetLogFile: Get "/centres/{centre}/audit/{day}/file" (CentreId, Date), () => ();
    /// Looks for entries of the log over all time.
    FindEntries: Post "/centres/{centre}/audit/search" CentreId, LogQuery => Log;
    /// All that such a search finds, as a file.
    GetFoundFile: Post "/centres/{centre}/audit/search/file" CentreId, LogQuery => ();
    /// What happened to a booking, told line by line.
    GetBookingStory: Get "/centres/{centre}/bookings/{booking}/story" (CentreId, BookingId), () => Vec<StoryLine>;
    /// What happened to an activity, told line by line.
    GetActivityStory: Get "/centres/{centre}/activities/{activity}/story" (CentreId, ActivityId), () => Vec<StoryLine>;
    /// The figures of a period: `2026-11` a month, `2026-Q4` a quarter, `2026` a year, `2026-11-26` the four weeks up to a day.
    GetFigures: Get "/centres/{centre}/figures/{period}" (CentreId, Period), () => Figures;
    /// One of their tables as a file (RFC 4180): `hours`, `rooms`, `activities` or `refusals`; or all of them: `all.xlsx`.
    GetFiguresFile: Get "/centres/{centre}/figures/{period}/{table}" (CentreId, Period, String), () => ();
    /// The totals of all centres that one manages, side by side.
    ListFigures: Get "/figures/{period}" Period, () => Vec<CentreFigures>;
    /// They as a file (RFC 4180).
    GetDistrictFile: Get "/figures/{period}/file" Period, () => ();
    /// Counts a rule that the app told somebody of before they could ask. Nothing about them is sent.
    CountRefusal: Post "/centres/{centre}/refusals" CentreId, NewRefusal => ();

    /// Rooms that are out of use now or will be, in order of start.
    ListClosures: Get "/centres/{centre}/closures" CentreId, () => Vec<ClosureCard>;
    /// Puts rooms out of use, once something is decided about each booking that it hits: all or nothing. Those are told.
    CloseRooms: Post "/centres/{centre}/closures" CentreId, NewClosure => Consequences;
    /// Opens rooms again before their time.
    ReopenRooms: Post "/centres/{centre}/closures/{consequence}/end" (CentreId, ConsequenceId), () => Vec<ClosureCard>;
    /// Changes a booking, or sessions of an activity together, once something is decided about each that cannot go where it is
    /// sent: all or nothing. Those whom it concerns are told.
    ChangeBooking: Post "/centres/{centre}/bookings/{booking}/change" (CentreId, BookingId), BookingChange => Consequences;
    /// Changes a centre's description, once something is decided about each booking that it hits: all or nothing.
    ChangeCentre: Post "/centres/{centre}/description" CentreId, CentreChange => Consequences;
    /// Its former descriptions, the newest first: at most fifty.
    ListRevisions: Get "/centres/{centre}/revisions" CentreId, () => Vec<RevisionCard>;
    /// Its description as a TOML file.
    GetCentreFile: Get "/centres/{centre}/file" CentreId, () => ();
    /// Makes a new centre, from a file or from a few words.
    MakeCentre: Post "/centres" (), NewCentre => CentreCard;
    /// Makes a club.
    MakeClub: Post "/centres/{centre}/clubs" CentreId, ClubTerms => Vec<Club>;
    /// Describes a club anew, by a manager or who organises it.
    ChangeClub: Put "/centres/{centre}/clubs/{club}" (CentreId, ClubId), ClubChange => Vec<Club>;
    /// Clubs that were closed, for managers.
    ListClosedClubs: Get "/centres/{centre}/clubs/closed" CentreId, () => Vec<Club>;
    /// Who organises a club, with their numbers.
    ListOrganisers: Get "/centres/{centre}/clubs/{club}/organisers" (CentreId, ClubId), () => Vec<Organiser>;
    /// Lets whoever has a number organise a club.
    AddOrganiser: Post "/centres/{centre}/clubs/{club}/organisers" (CentreId, ClubId), NewOrganiser => Vec<Organiser>;
    /// Somebody organises a club no more; they stay a member.
    RemoveOrganiser: Delete "/centres/{centre}/clubs/{club}/organisers/{person}" (CentreId, ClubId, PersonId), () => Vec<Organiser>;
    /// Closes a club: it takes no members and publishes nothing more.
    CloseClub: Post "/centres/{centre}/clubs/{club}/close" (CentreId, ClubId), ClubEnd => Vec<Club>;
    /// Opens a closed club again; what was called off stays so.
    ReopenClub: Post "/centres/{centre}/clubs/{club}/reopen" (CentreId, ClubId), () => Vec<Club>;
    /// Undoes a closure, a change of bookings or of the description within ten minutes, with all that it did.
    UndoChange: Post "/centres/{centre}/changes/{consequence}/undo" (CentreId, ConsequenceId), () => u16;

    /// The addresses that a centre tells of what happens in it.
    ListHooks: Get "/centres/{centre}/hooks" CentreId, () => Vec<Hook>;
    /// Tells another address (Standard Webhooks): what happened is sent in order, some seconds later, until it is accepted.
    MakeHook: Post "/centres/{centre}/hooks" CentreId, NewHook => Vec<Hook>;
    /// Tries an address again that failed.
    RetryHook: Post "/centres/{centre}/hooks/{hook}/retry" (CentreId, HookId), () => Vec<Hook>;
    /// Tells an address no more.
    RemoveHook: Delete "/centres/{centre}/hooks/{hook}" (CentreId, HookId), () => Vec<Hook>;

    /// Who has a role at the centre, here or everywhere, the highest first.
    ListRoles: Get "/centres/{centre}/roles" CentreId, () => Vec<RoleHolder>;
    /// Gives a role to whoever has a number; known or not, they hold it once they sign in with it.
    GrantRole: Post "/centres/{centre}/roles" CentreId, NewRole => Vec<RoleHolder>;
    /// Gives somebody another role, reach or end instead.
    ChangeRole: Put "/centres/{centre}/roles/{person}/{reach}" (CentreId, PersonId, Reach), RoleTerms => Vec<RoleHolder>;
    /// Somebody lost the phone with their second factor: they set up another.
    ResetSecondFactor: Delete "/centres/{centre}/roles/{person}/{reach}/second-factor" (CentreId, PersonId, Reach), () => Vec<RoleHolder>;
    /// Takes a role from somebody and signs them out everywhere.
    WithdrawRole: Delete "/centres/{centre}/roles/{person}/{reach}" (CentreId, PersonId, Reach), () => Vec<RoleHolder>;

    /// A centre's activities with their sessions from today on. The same for everybody: no names.
    ListActivities: Get "/centres/{centre}/activities" CentreId, () => Vec<Activity>;
    /// One activity.
    GetActivity: Get "/centres/{centre}/activities/{activity}" (CentreId, ActivityId), () => Activity;
    /// The activities that one may change and call off: one's own and those of one's clubs.
    ListMyActivities: Get "/me/activities" (), () => Vec<ActivityId>;
    /// As [`PlanSeries`], for the sessions of an activity: they count in nobody's quotas.
    PlanActivity: Post "/centres/{centre}/activities/plan" CentreId, NewSeries => SeriesPlan;
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

    /// The day of the house on paper.
    GetDaySheet: Get "/centres/{centre}/paper/day/{day}" (CentreId, Date), () => ();
    /// The sheet of a session on paper, to be signed.
    GetSignInSheet: Get "/centres/{centre}/paper/attendance/{session}" (CentreId, ActivitySessionId), () => ();
    /// The report of a period on paper.
    GetReport: Get "/centres/{centre}/paper/report/{period}" (CentreId, Period), () => ();
    /// What somebody has to come, on paper.
    GetSlip: Get "/centres/{centre}/paper/people/{person}" (CentreId, PersonId), () => ();
    /// The sign at the door of a room.
    GetDoorSign: Get "/centres/{centre}/paper/rooms/{room}" (CentreId, RoomId), () => ();
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
    GetSheet: Get "/centres/{centre}/attendance/{session}" (CentreId, ActivitySessionId), () => Sheet;
    /// Notes that somebody came or did not, or takes the note back.
    MarkPerson: Post "/centres/{centre}/attendance/{session}/marks" (CentreId, ActivitySessionId), NewMark => Sheet;
    /// Notes somebody who came without having signed up.
    AddWalkIn: Post "/centres/{centre}/attendance/{session}/walk-ins" (CentreId, ActivitySessionId), WalkIn => Sheet;

    /// One's household.
    GetHousehold: Get "/me/household" (), () => Household;
    /// Adds somebody who does not sign in by themselves: a child, a parent without a phone.
    AddMember: Post "/me/household" (), NewMember => Household;
    /// Corrects name and birth date of a member who does not sign in.
    ChangeMember: Put "/me/household/{person}" PersonId, NewMember => Household;
    /// Takes a member back who was removed in the last day.
    RestoreMember: Post "/me/household/{person}/restore" PersonId, () => Household;
    /// Lets somebody leave one's household, or leaves it oneself. Whoever does not sign in is erased a day later.
    RemoveMember: Delete "/me/household/{person}" PersonId, () => Household;
    /// Makes a new code by which another adult joins one's household.
    RenewCode: Post "/me/household/code" (), () => Household;
    /// Joins a household by the code that a member tells.
    JoinHousehold: Post "/me/household/join" (), JoinCode => Household;

    /// The letters of the last months, newest first.
    ListLetters: Get "/me/letters" (), () => Vec<Letter>;
    /// Marks all letters as read.
    ReadLetters: Post "/me/letters/read" (), Option<LetterId> => ();

    /// Asks the house for something, in one's own words.
    SendCase: Post "/centres/{centre}/cases" CentreId, NewCase => Case;
    /// One's cases at all centres, those that are open first; after them the reports that one follows.
    ListMyCases: Get "/me/cases" (), () => Vec<CaseRow>;
    /// A case with all that happened, as far as one may see it.
    GetCase: Get "/centres/{centre}/cases/{case}" (CentreId, CaseId), () => Case;
    /// Takes a step in a case: whoever asked, and staff. Whoever asked hears of what the house does.
    TakeStep: Post "/centres/{centre}/cases/{case}/steps" (CentreId, CaseId), NewStep => Case;
    /// The queue of the house, a page at a time.
    FindCases: Post "/centres/{centre}/cases/search" CentreId, CaseQuery => CasePage;
    /// Who works at the centre: to whom a case can be handed over.
    ListColleagues: Get "/centres/{centre}/colleagues" CentreId, () => Vec<Colleague>;
    /// What was reported, is known to the house and not mended for long: the same for everybody, without names and in its words.
    ListReports: Get "/centres/{centre}/reports" CentreId, () => Vec<CaseRow>;
    /// Lets one hear of what becomes of a report, or no more.
    FollowReport: Post "/centres/{centre}/reports/{case}/follow" (CentreId, CaseId), Following => Vec<CaseRow>;
    /// Sends something without a name.
    SendNameless: Post "/centres/{centre}/nameless" CentreId, NewNameless => Case;
    /// Opens what was sent without a name.
    ReadNameless: Post "/centres/{centre}/nameless/case" CentreId, Secret => Case;
    /// Takes a step in it, as whoever sent it.
    AnswerNameless: Post "/centres/{centre}/nameless/steps" CentreId, NamelessStep => Case;
    /// Sends a piece of a picture.
    SendPicture: Post "/centres/{centre}/pictures" CentreId, PicturePiece => PictureSent;
    /// A picture (JPEG), for those who may see its case.
    GetCasePicture: Get "/centres/{centre}/pictures/{picture}" (CentreId, PictureId), () => ();

    /// A centre's clubs.
    ListClubs: Get "/centres/{centre}/clubs" CentreId, () => Vec<Club>;
    /// The clubs that one belongs to.
    ListMyClubs: Get "/me/clubs" (), () => Vec<MyClub>;
    /// Joins a club.
    JoinClub: Post "/centres/{centre}/clubs/{club}/membership" (CentreId, ClubId), () => Vec<MyClub>;
    /// Leaves a club.
    LeaveClub: Delete "/centres/{centre}/clubs/{club}/membership" (CentreId, ClubId), () => Vec<MyClub>;
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
