//! All that is stored about a person, as they take it along.

use serde::{Deserialize, Serialize};

use super::{club::MyClub, person::SessionCard};
use crate::{
    booking::{Booking, waitlist::Wait},
    case::Case,
    id::{ActivitySessionId, CentreId},
    message::Letter,
    person::{Profile, behalf::Channel, household::Household, permission::Grant},
    sign_up::SignUp,
};

/// All that is stored about somebody.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyData {
    /// When it was put together.
    pub at: i64,
    /// They themselves.
    pub profile: Option<Profile>,
    /// Their roles.
    pub roles: Vec<Grant>,
    /// Their household. Bookings, attendance and letters are theirs and those of its members who do not sign in.
    pub family: Household,
    /// What was agreed to about children, seconds UTC and the version of the text.
    pub consents: Vec<ConsentRecord>,
    /// All their bookings.
    pub bookings: Vec<Booking>,
    /// The slots that they waited for.
    #[serde(default)]
    pub waits: Vec<Wait>,
    /// The sign-ups of their household.
    pub sign_ups: Vec<SignUp>,
    /// Their marks on attendance sheets.
    pub attendance: Vec<AttendanceRecord>,
    /// Their letters.
    pub letters: Vec<Letter>,
    /// What they asked the house for.
    pub cases: Vec<Case>,
    /// Their clubs.
    pub clubs: Vec<MyClub>,
    /// Where they are signed in.
    pub sessions: Vec<SessionCard>,
    /// Who did what to them, looks at their record included.
    pub log: Vec<LogRecord>,
}

/// A consent that was given.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRecord {
    /// The child.
    pub person: String,
    /// The version of the text.
    pub version: i64,
    /// Seconds UTC.
    pub given_at: i64,
}

/// Something that was done for or with somebody, as the audit log names it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRecord {
    /// Where; `*` for what concerns no centre.
    pub centre: String,
    /// Seconds UTC.
    pub at: i64,
    /// The act's name.
    pub act: String,
    /// By which way.
    pub channel: Channel,
}

/// A mark on a sheet.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceRecord {
    /// Whose.
    pub person: String,
    /// Where.
    pub centre: CentreId,
    /// The session.
    pub session: ActivitySessionId,
    /// The mark.
    pub mark: String,
    /// Who fetched the child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched_by: Option<String>,
    /// Seconds UTC.
    pub at: i64,
}
