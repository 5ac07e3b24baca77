//! Series of bookings: looked at date by date, then booked as a whole.

use serde::{Deserialize, Serialize};

use crate::{
    booking::{
        Booking,
        admission::Admission,
        alternative::Alternative,
        refusal::Refusal,
        series::{Exception, Place},
    },
    centre::room::Purpose,
    id::{BookingId, RoomId, SeriesId},
    language::Name,
    person::behalf::Behalf,
    recurrence::Recurrence,
    time::{Date, LocalTime, Stamp},
};

/// Wants a room on the dates of a recurrence.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSeries {
    /// The rule, at most 400 dates.
    pub rule: Recurrence,
    /// The dates that are otherwise, or left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
    /// The room.
    pub room: RoomId,
    /// Start on the centre's wall clock, on the first day.
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
}

/// What would become of a series; or what became of it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesPlan {
    /// Its dates in order.
    pub dates: Vec<SeriesDate>,
    /// Where dates are refused: rooms in which all of them could be had instead, that of the closest size first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rooms: Vec<RoomId>,
    /// The series, where it was booked: that is when no date is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<SeriesMade>,
}

/// A series that was booked.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesMade {
    /// Its id.
    pub id: SeriesId,
    /// Its first booking.
    pub first: BookingId,
    /// Until when all of it can be undone.
    pub undo_until: Stamp,
}

/// One date of a series before it is booked.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesDate {
    /// The date, as the recurrence has it.
    pub on: Date,
    /// Where and when; on another day than `on` where it was moved.
    pub place: Place,
    /// What the day is called, where it is a special one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special: Option<Name>,
    /// Confirmed at once or decided by staff; none where it is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admission: Option<Admission>,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// What could be had on that day instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Alternative>,
}

/// A series as it was booked, with what became of each date.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Its id.
    pub id: SeriesId,
    /// Its rule.
    pub rule: Recurrence,
    /// Its bookings in order, also those that ended.
    pub bookings: Vec<Booking>,
}
