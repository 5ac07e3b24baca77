//! Letters: what a centre tells people in their inbox.

use serde::{Deserialize, Serialize};

use crate::{
    case::step::StepName,
    id::{ActivityId, BookingId, CaseId, CentreId, LetterId},
    language::Name,
    page::Page,
    person::permission::{Reach, Role},
    time::{DAY, Date, LocalTime, Stamp},
};

/// A letter in somebody's inbox.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Its id.
    pub id: LetterId,
    /// The centre that it is from.
    pub centre: CentreId,
    /// What it says.
    pub news: News,
    /// When it was sent.
    pub sent: Stamp,
    /// Nobody has looked at it.
    pub unread: bool,
}

/// What a letter says. Its sentence is made by [`crate::text`], in the reader's language.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the sentences in the catalogue explain them")]
pub enum News {
    /// A place is held for somebody until a deadline.
    Offer {
        activity: ActivityId,
        title: Name,
        name: String,
        start: LocalTime,
        until: LocalTime,
    },
    /// The offer went to the next in line.
    OfferPassed {
        activity: ActivityId,
        title: Name,
        name: String,
        last: bool,
    },
    /// Somebody lost a place, because there are fewer, and stands in line again.
    PlaceLost {
        activity: ActivityId,
        title: Name,
        name: String,
        start: LocalTime,
    },
    /// They have it again.
    PlaceRestored {
        activity: ActivityId,
        title: Name,
        name: String,
        start: LocalTime,
    },
    /// A session is called off.
    SessionCancelled {
        activity: ActivityId,
        title: Name,
        start: LocalTime,
        reason: String,
    },
    /// Something about an activity is different.
    ActivityChanged { activity: ActivityId, title: Name },
    /// Staff approved a booking.
    BookingApproved {
        booking: BookingId,
        room: Name,
        start: LocalTime,
        /// How many more dates of its series.
        #[serde(default)]
        more: u16,
    },
    /// A booking went to another room or time.
    BookingMoved {
        booking: BookingId,
        room: Name,
        start: LocalTime,
        /// When it was before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<LocalTime>,
        /// How many more dates of its series.
        #[serde(default)]
        more: u16,
    },
    /// Sessions of an activity went to another room or time: the first of them, and how many more.
    SessionMoved {
        activity: ActivityId,
        title: Name,
        room: Name,
        start: LocalTime,
        was: LocalTime,
        more: u16,
    },
    /// A booking that had been moved or cancelled stands again as before.
    BookingRestored {
        booking: BookingId,
        room: Name,
        start: LocalTime,
        /// How many more dates of its series.
        #[serde(default)]
        more: u16,
    },
    /// A session that had been moved or called off takes place as before.
    SessionRestored {
        activity: ActivityId,
        title: Name,
        start: LocalTime,
    },
    /// The floor that somebody asked for went to somebody else.
    BookingOutbid {
        booking: BookingId,
        room: Name,
        start: LocalTime,
    },
    /// Staff had not decided about a request when it was to begin.
    RequestLapsed {
        booking: BookingId,
        room: Name,
        /// Of a session what it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<Name>,
        start: LocalTime,
    },
    /// A slot that somebody waited for is kept for them until a deadline.
    SlotOffered {
        room: Name,
        start: LocalTime,
        until: LocalTime,
    },
    /// They did not book it in time.
    SlotPassed { room: Name, start: LocalTime },
    /// It began, and nobody had given it up.
    SlotGone { room: Name, start: LocalTime },
    /// To staff: a request that begins soon waits for a decision.
    RequestWaits {
        booking: BookingId,
        room: Name,
        start: LocalTime,
    },
    /// Nobody checked in, so the room went to others.
    BookingReleased {
        booking: BookingId,
        room: Name,
        start: LocalTime,
        /// It was over by then: nobody got it instead.
        #[serde(default)]
        over: bool,
    },
    /// The house did something in a case.
    CaseStep {
        case: CaseId,
        number: u32,
        title: String,
        step: StepName,
        /// What it said.
        #[serde(default)]
        words: String,
        /// It is between them and whoever answers for the house: nobody else passes it on.
        #[serde(default)]
        private: bool,
        /// When somebody comes, or it is mended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<LocalTime>,
    },
    /// To whoever answers for a case in the house: whoever asked did something, or it was handed over to them.
    CaseAnswered {
        case: CaseId,
        number: u32,
        title: String,
        step: StepName,
        #[serde(default)]
        words: String,
    },
    /// Staff said whether it counts that nobody came.
    AbsenceJudged {
        booking: BookingId,
        room: Name,
        start: LocalTime,
        excused: bool,
    },
    /// Somebody organises a club from now on.
    OrganiserMade { club: Name },
    /// They organise a club no more.
    OrganiserGone { club: Name },
    /// A manager gave somebody a role, until the end of a day where it has an end.
    RoleGiven {
        role: Role,
        reach: Reach,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
    },
    /// A manager took a role from somebody.
    RoleTaken { role: Role, reach: Reach },
    /// A manager reset somebody's second factor.
    SecondFactorReset {},
    /// A booking begins soon.
    BookingSoon {
        booking: BookingId,
        room: Name,
        start: LocalTime,
    },
    /// A session for which somebody has a place begins soon.
    SessionSoon {
        activity: ActivityId,
        title: Name,
        name: String,
        start: LocalTime,
    },
    /// Staff declined or cancelled a booking.
    BookingEnded {
        booking: BookingId,
        room: Name,
        /// Of a session what it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<Name>,
        start: LocalTime,
        /// It was a request; letters of old do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        declined: Option<bool>,
        reason: String,
        /// How many more dates of its series.
        #[serde(default)]
        more: u16,
    },
}

impl News {
    /// The page that it is about, in a centre.
    pub fn page(&self, centre: &CentreId) -> Page {
        match self {
            Self::Offer { activity, .. }
            | Self::OfferPassed { activity, .. }
            | Self::PlaceLost { activity, .. }
            | Self::PlaceRestored { activity, .. }
            | Self::SessionCancelled { activity, .. }
            | Self::SessionRestored { activity, .. }
            | Self::SessionMoved { activity, .. }
            | Self::SessionSoon { activity, .. }
            | Self::ActivityChanged { activity, .. } => {
                Page::Activity(centre.clone(), activity.clone())
            }
            Self::BookingApproved { booking, .. }
            | Self::BookingMoved { booking, .. }
            | Self::BookingRestored { booking, .. }
            | Self::BookingOutbid { booking, .. }
            | Self::BookingReleased { booking, .. }
            | Self::RequestLapsed { booking, .. }
            | Self::RequestWaits { booking, .. }
            | Self::AbsenceJudged { booking, .. }
            | Self::BookingSoon { booking, .. }
            | Self::BookingEnded { booking, .. } => Page::Booking(centre.clone(), booking.clone()),
            Self::CaseStep { case, .. } | Self::CaseAnswered { case, .. } => {
                Page::Case(centre.clone(), case.clone())
            }
            Self::OrganiserMade { .. } => Page::Publish,
            Self::OrganiserGone { .. } => Page::Clubs,
            Self::RoleGiven { role, .. } if *role >= Role::Staff => Page::Desk,
            Self::SlotOffered { .. }
            | Self::SlotPassed { .. }
            | Self::SlotGone { .. }
            | Self::RoleGiven { .. }
            | Self::RoleTaken { .. }
            | Self::SecondFactorReset {} => Page::Me,
        }
    }

    /// Of what kind it is, for those who want push messages of some kinds only.
    pub fn kind(&self) -> NewsKind {
        match self {
            Self::Offer { .. }
            | Self::OfferPassed { .. }
            | Self::PlaceLost { .. }
            | Self::PlaceRestored { .. }
            | Self::SessionCancelled { .. }
            | Self::SessionRestored { .. }
            | Self::SessionMoved { .. }
            | Self::ActivityChanged { .. } => NewsKind::Activities,
            Self::BookingApproved { .. }
            | Self::BookingMoved { .. }
            | Self::BookingRestored { .. }
            | Self::BookingOutbid { .. }
            | Self::BookingReleased { .. }
            | Self::RequestLapsed { .. }
            | Self::AbsenceJudged { .. }
            | Self::BookingEnded { .. } => NewsKind::Bookings,
            Self::SlotOffered { .. } | Self::SlotPassed { .. } | Self::SlotGone { .. } => {
                NewsKind::Waiting
            }
            Self::BookingSoon { .. } | Self::SessionSoon { .. } => NewsKind::Reminders,
            Self::CaseStep { .. } => NewsKind::Cases,
            Self::CaseAnswered { .. }
            | Self::RequestWaits { .. }
            | Self::OrganiserMade { .. }
            | Self::OrganiserGone { .. }
            | Self::RoleGiven { .. }
            | Self::RoleTaken { .. }
            | Self::SecondFactorReset {} => NewsKind::House,
        }
    }

    /// Until when it must be answered, where it must.
    pub fn deadline(&self) -> Option<LocalTime> {
        match self {
            Self::Offer { until, .. } | Self::SlotOffered { until, .. } => Some(*until),
            _ => None,
        }
    }
}

/// The kinds of news that somebody can have told on their phone, or not.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewsKind {
    /// What others did to one's bookings: approved, moved, called off.
    Bookings,
    /// What happened to activities that one signed up for, and to one's places.
    Activities,
    /// Slots that one waits for.
    Waiting,
    /// What becomes of what one asked the house for.
    Cases,
    /// What begins soon.
    Reminders,
    /// Work and roles in a house.
    House,
}

impl NewsKind {
    /// All.
    pub const ALL: [Self; 6] = [
        Self::Reminders,
        Self::Bookings,
        Self::Activities,
        Self::Waiting,
        Self::Cases,
        Self::House,
    ];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Bookings => "bookings",
            Self::Activities => "activities",
            Self::Waiting => "waiting",
            Self::Cases => "cases",
            Self::Reminders => "reminders",
            Self::House => "house",
        }
    }

    /// The kind of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// The hours of a day in which nobody is disturbed, in minutes of the day (0 to 1439); the same twice for none. They may go over
/// midnight.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// From.
    pub from: u16,
    /// Until.
    pub until: u16,
}

impl Default for QuietHours {
    /// From nine in the evening to eight in the morning.
    fn default() -> Self {
        Self {
            from: 21 * 60,
            until: 8 * 60,
        }
    }
}

impl QuietHours {
    /// For how many minutes nobody is to be disturbed yet at a minute of the day; none where it is no quiet hour.
    pub fn left_at(self, minute: i64) -> Option<i64> {
        let (from, until) = (i64::from(self.from), i64::from(self.until));
        let since = (minute - from).rem_euclid(DAY);
        let length = (until - from).rem_euclid(DAY);
        (since < length).then(|| length - since)
    }

    /// How many minutes ago they began, in a quiet hour.
    pub fn begun_at(self, minute: i64) -> Option<i64> {
        self.left_at(minute)?;
        Some((minute - i64::from(self.from)).rem_euclid(DAY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_go_over_midnight() {
        let night = QuietHours::default();
        assert_eq!(night.left_at(21 * 60), Some(11 * 60));
        assert_eq!(night.left_at(7 * 60 + 59), Some(1));
        assert_eq!(night.left_at(8 * 60), None);
        assert_eq!(night.left_at(20 * 60 + 59), None);
        assert_eq!(night.begun_at(6 * 60), Some(9 * 60));
        let noon = QuietHours {
            from: 720,
            until: 780,
        };
        assert_eq!(noon.left_at(750), Some(30));
        assert_eq!(noon.left_at(60), None);
        let never = QuietHours { from: 0, until: 0 };
        assert_eq!(never.left_at(0), None);
    }
}
