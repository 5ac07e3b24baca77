//! The audit log: who did what, for whom, and by which way it reached the house. Entries are only ever added.

use serde::{Deserialize, Serialize};

use crate::{
    booking::BookingState,
    case::step::StepName,
    language::Name,
    person::behalf::Channel,
    sign_up::SignUpState,
    time::{LocalTime, Stamp},
};

macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident $code:literal)*) => {
        /// What was done. Each act that changes something has one, and each look at somebody's record.
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Act {
            $($(#[$doc])* $act,)*
        }

        impl Act {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$act),*];

            /// Its name in the database.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$act => $code,)*
                }
            }

            /// The act of that name.
            pub fn from_code(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$act),)*
                    _ => None,
                }
            }
        }
    };
}

acts! {
    /// A room was booked or asked for.
    Booked "booked"
    /// A booking was taken back without a trace in quotas.
    BookingUndone "booking_undone"
    /// A booking was called off.
    BookingCancelled "booking_cancelled"
    /// Staff approved a request.
    BookingApproved "booking_approved"
    /// Staff declined a request, or it fell with the approval of another.
    BookingDeclined "booking_declined"
    /// Staff took a decision back at once.
    DecisionUndone "decision_undone"
    /// An activity was published.
    Published "published"
    /// An activity was changed.
    ActivityChanged "activity_changed"
    /// A session was called off.
    SessionCancelled "session_cancelled"
    /// Somebody got a place.
    SignedUp "signed_up"
    /// Somebody got in line for a place.
    Waitlisted "waitlisted"
    /// A sign-up was taken back.
    SignUpUndone "sign_up_undone"
    /// A place, or a place in line, was given up.
    Withdrawn "withdrawn"
    /// A place was offered to the next in line.
    OfferMade "offer_made"
    /// Nobody answered an offer in time.
    OfferPassed "offer_passed"
    /// An offered place was taken.
    OfferTaken "offer_taken"
    /// An offered place was left to others.
    OfferLeft "offer_left"
    /// Somebody lost a place, because there are fewer, and stands in line again.
    PlaceLost "place_lost"
    /// They have it again.
    PlaceRestored "place_restored"
    /// A guardian agreed to what is stored about a child.
    ConsentGiven "consent_given"
    /// Somebody was noted as here.
    MarkedHere "marked_here"
    /// Somebody was noted as away.
    MarkedAway "marked_away"
    /// A child was noted as picked up.
    MarkedPickedUp "marked_picked_up"
    /// Such a note was taken back.
    MarkTakenBack "mark_taken_back"
    /// Somebody came without having signed up.
    WalkedIn "walked_in"
    /// Somebody joined a club.
    ClubJoined "club_joined"
    /// Somebody left a club.
    ClubLeft "club_left"
    /// A club was made.
    ClubMade "club_made"
    /// A club was described anew.
    ClubChanged "club_changed"
    /// A club was closed.
    ClubClosed "club_closed"
    /// A closed club was opened again.
    ClubReopened "club_reopened"
    /// Somebody organises a club from now on.
    OrganiserAdded "organiser_added"
    /// Somebody organises a club no more.
    OrganiserRemoved "organiser_removed"
    /// Somebody was added to a household.
    MemberAdded "member_added"
    /// Somebody left a household.
    MemberRemoved "member_removed"
    /// Somebody joined a household by its code.
    HouseholdJoined "household_joined"
    /// A household got a new code.
    CodeRenewed "code_renewed"
    /// Somebody changed their own profile.
    ProfileChanged "profile_changed"
    /// Staff made a record of somebody.
    PersonAdded "person_added"
    /// Staff changed somebody's record.
    PersonChanged "person_changed"
    /// Staff made one of two records of a person.
    PeopleMerged "people_merged"
    /// They made two of them again.
    PeopleParted "people_parted"
    /// Staff passed a letter on by word of mouth.
    LetterTold "letter_told"
    /// Staff had not told somebody after all.
    LetterUntold "letter_untold"
    /// Staff opened somebody's record.
    PersonSeen "person_seen"
    /// Staff looked for people by a part of a name or number.
    PeopleSearched "people_searched"
    /// Somebody erased their record.
    PersonErased "person_erased"
    /// A member who had been removed was taken back.
    MemberRestored "member_restored"
    /// A household corrected the record of a member.
    MemberChanged "member_changed"
    /// A centre's rooms, hours or rules were changed by a file.
    CentreChanged "centre_changed"
    /// Rooms were put out of use.
    RoomsClosed "rooms_closed"
    /// Rooms were opened again before their time.
    RoomsReopened "rooms_reopened"
    /// A closure was undone, with all that it did to bookings.
    ClosureUndone "closure_undone"
    /// A booking that had been moved or cancelled by a change of the centre stands again as before.
    BookingRestored "booking_restored"
    /// A booking went to another room or time.
    BookingMoved "booking_moved"
    /// The people of a booking checked in.
    CheckedIn "checked_in"
    /// Nobody came to a booking: its room went to others.
    NobodyCame "nobody_came"
    /// Staff had not decided about a request when it was to begin.
    RequestLapsed "request_lapsed"
    /// Somebody got in line for a slot that was taken.
    SlotAwaited "slot_awaited"
    /// They left the line.
    SlotLeft "slot_left"
    /// A slot that was freed was offered to the next in line.
    SlotOffered "slot_offered"
    /// They let the offer pass.
    SlotPassed "slot_passed"
    /// A slot began that somebody had waited for.
    SlotGone "slot_gone"
    /// Staff were reminded of a request that waits.
    StaffReminded "staff_reminded"
    /// A check-in was taken back.
    CheckInTakenBack "check_in_taken_back"
    /// Staff had said that nobody came, and somebody did.
    SomebodyCame "somebody_came"
    /// The people of a booking finished early and gave the rest to others.
    FinishedEarly "finished_early"
    /// They took the rest back.
    FinishTakenBack "finish_taken_back"
    /// Somebody said why they had not come.
    AbsenceExplained "absence_explained"
    /// Staff let an explanation count.
    AbsenceExcused "absence_excused"
    /// Staff did not.
    AbsenceCounted "absence_counted"
    /// A manager gave somebody a role, or changed it.
    RoleGiven "role_given"
    /// A manager took a role from somebody.
    RoleTaken "role_taken"
    /// Somebody who runs a house set up a second factor.
    SecondFactorSet "second_factor_set"
    /// They do without it again.
    SecondFactorRemoved "second_factor_removed"
    /// A manager reset somebody's second factor.
    SecondFactorReset "second_factor_reset"
    /// A second factor is required of all who run a house.
    SecondFactorRequired "second_factor_required"
    /// It is no longer.
    SecondFactorOptional "second_factor_optional"
    /// Somebody became the first manager by the link that the server printed.
    HouseClaimed "house_claimed"
    /// Somebody made a token for a program.
    TokenMade "token_made"
    /// They ended one.
    TokenEnded "token_ended"
    /// A manager lets an address be told of what happens in a centre.
    HookMade "hook_made"
    /// They do so no more.
    HookRemoved "hook_removed"
    /// Somebody opened a sheet with children on it.
    SheetSeen "sheet_seen"
    /// Somebody asked the house for something.
    CaseReceived "case_received"
    /// Somebody of the house answers for a case.
    CaseTaken "case_taken"
    /// It was handed over to somebody else.
    CaseHandedOver "case_handed_over"
    /// It is worked on.
    CaseBegun "case_begun"
    /// It was planned.
    CasePlanned "case_planned"
    /// It waits for somebody.
    CaseWaits "case_waits"
    /// It is done.
    CaseDone "case_done"
    /// It will not be done.
    CaseDeclined "case_declined"
    /// Whoever asked says that it is done.
    CaseConfirmed "case_confirmed"
    /// It is not done after all.
    CaseReopened "case_reopened"
    /// Whoever asked does not want it any more.
    CaseWithdrawn "case_withdrawn"
    /// Something was said in a case, or somebody called or went there.
    CaseNoted "case_noted"
    /// Staff called it otherwise, or changed its kind or urgency.
    CaseChanged "case_changed"
    /// It goes on in another.
    CaseJoined "case_joined"
    /// Somebody wants to hear of a report, or no more.
    CaseFollowed "case_followed"
    /// Staff opened a case that only whoever answers for the house may read.
    CaseSeen "case_seen"
}

impl Act {
    /// True where somebody only looked.
    pub fn is_look(self) -> bool {
        matches!(
            self,
            Self::PersonSeen | Self::PeopleSearched | Self::SheetSeen | Self::CaseSeen
        )
    }

    /// The act that brings a booking to that end. Those of sessions are named as such.
    pub fn ending(state: BookingState, session: bool) -> Self {
        match (state, session) {
            (BookingState::Undone, _) => Self::BookingUndone,
            (BookingState::Declined, _) => Self::BookingDeclined,
            (BookingState::Released, _) => Self::NobodyCame,
            (BookingState::Lapsed, _) => Self::RequestLapsed,
            (_, true) => Self::SessionCancelled,
            (_, false) => Self::BookingCancelled,
        }
    }

    /// The act that a step of a case is.
    pub fn stepping(step: StepName) -> Self {
        match step {
            StepName::Received => Self::CaseReceived,
            StepName::Take => Self::CaseTaken,
            StepName::HandOver => Self::CaseHandedOver,
            StepName::Start | StepName::Resume => Self::CaseBegun,
            StepName::Plan => Self::CasePlanned,
            StepName::Wait => Self::CaseWaits,
            StepName::Finish => Self::CaseDone,
            StepName::Decline => Self::CaseDeclined,
            StepName::Confirm => Self::CaseConfirmed,
            StepName::Reopen => Self::CaseReopened,
            StepName::Withdraw => Self::CaseWithdrawn,
            StepName::Say | StepName::Call | StepName::Visit => Self::CaseNoted,
            StepName::SetUrgency | StepName::SetKind | StepName::Name => Self::CaseChanged,
            StepName::Join => Self::CaseJoined,
            StepName::Follow | StepName::Unfollow => Self::CaseFollowed,
        }
    }

    /// The act that brings a sign-up there.
    pub fn signing(state: SignUpState) -> Self {
        match state {
            SignUpState::Confirmed => Self::SignedUp,
            SignUpState::Waitlisted => Self::Waitlisted,
            SignUpState::Offered => Self::OfferMade,
            SignUpState::Undone => Self::SignUpUndone,
            SignUpState::Withdrawn => Self::Withdrawn,
            SignUpState::Declined => Self::OfferLeft,
            SignUpState::Passed => Self::OfferPassed,
        }
    }
}

/// What an act was about, as it was called then.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The room or the activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<Name>,
    /// Its start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<LocalTime>,
    /// Why, as far as somebody said so.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The page that shows it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
}

/// A page of the log.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// Newest first.
    pub entries: Vec<Entry>,
    /// There are older ones on the next page.
    pub more: bool,
}

/// An entry, as staff read it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Stamp,
    /// What.
    pub act: Act,
    /// Who did it; nobody when it happened by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// For whom, when that is somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The way it reached the house.
    pub channel: Channel,
    /// About what.
    pub subject: Subject,
}
