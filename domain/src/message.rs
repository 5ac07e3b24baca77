//! Letters: what a centre tells people in their inbox.

use serde::{Deserialize, Serialize};

use crate::{
    id::{ActivityId, BookingId, CentreId, LetterId},
    language::Name,
    page::Page,
    person::permission::{Reach, Role},
    time::{Date, LocalTime, Stamp},
};

/// A letter in somebody's inbox.
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
            | Self::BookingEnded { booking, .. } => Page::Booking(centre.clone(), booking.clone()),
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
}
