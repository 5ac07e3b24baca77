//! The life of a booking.

use serde::{Deserialize, Serialize};

use crate::{
    id::{BookingId, CentreId, PersonId, RoomId},
    room::Purpose,
    rules::{Refusal, Rules},
    text::Name,
    time::{LocalTime, Slot, Stamp},
};

/// How long a booking can be undone without a trace, in minutes.
pub const UNDO_MINUTES: u16 = 10;

/// Where a booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingState {
    /// Staff have not decided.
    Requested,
    /// It stands.
    Confirmed,
    /// Taken back within ten minutes; it counts nowhere.
    Undone,
    /// Called off.
    Cancelled,
    /// Staff said no.
    Declined,
}

impl BookingState {
    const ALL: [Self; 5] = [
        Self::Requested,
        Self::Confirmed,
        Self::Undone,
        Self::Cancelled,
        Self::Declined,
    ];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Confirmed => "confirmed",
            Self::Undone => "undone",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
        }
    }

    /// The state of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// True while it takes the room or may come to take it.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Requested | Self::Confirmed)
    }
}

/// The way an act reached the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The person's own phone or computer.
    App,
    /// At the desk.
    Desk,
    /// By phone.
    Phone,
    /// At a home visit.
    Visit,
}

impl Channel {
    const ALL: [Self; 4] = [Self::App, Self::Desk, Self::Phone, Self::Visit];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Desk => "desk",
            Self::Phone => "phone",
            Self::Visit => "visit",
        }
    }

    /// The channel of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }
}

/// A booking as the person it is for, or staff, see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// The centre.
    pub centre: CentreId,
    /// The centre's name, so that lists over several centres need no second question.
    pub centre_name: Name,
    /// The room.
    pub room: RoomId,
    /// The room's name.
    pub room_name: Name,
    /// Start.
    pub start: Stamp,
    /// End.
    pub end: Stamp,
    /// How many people.
    pub people: u16,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// What they wrote to the staff.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The public name of a club's session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Name>,
    /// Where it stands.
    pub state: BookingState,
    /// Why it was cancelled or declined.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// For whom it is.
    pub beneficiary: String,
    /// Their number, told to staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The way it came.
    pub channel: Channel,
    /// Who made it.
    pub made_by: PersonId,
    /// Their name, when it is somebody else than the person it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by_name: Option<String>,
    /// When it was made.
    pub made: Stamp,
    /// Until when it can be undone.
    pub undo_until: Stamp,
    /// Until when it can be cancelled.
    pub cancel_until: Stamp,
}

impl Booking {
    /// Its time. The server never stores an empty one; should it come over the wire, it lasts a minute.
    pub fn slot(&self) -> Slot {
        Slot::lasting(
            self.start.local,
            self.end.local.minutes() - self.start.local.minutes(),
        )
    }
}

/// Until when a booking made at `made` can be undone.
pub fn undo_until(made: LocalTime) -> LocalTime {
    made.plus(i64::from(UNDO_MINUTES))
}

/// Until when a booking that starts at `start` can be cancelled.
pub fn cancel_until(start: LocalTime, rules: &Rules) -> LocalTime {
    start.plus(-i64::from(rules.cancel_notice))
}

/// Whether a booking can still be undone.
///
/// # Errors
/// When it has ended, or ten minutes are over.
pub fn undo(state: BookingState, made: LocalTime, now: LocalTime) -> Result<(), Refusal> {
    if !state.is_live() {
        return Err(Refusal::Over);
    }
    if now > undo_until(made) {
        return Err(Refusal::UndoTooLate {
            minutes: UNDO_MINUTES,
        });
    }
    Ok(())
}

/// Whether a booking can still be cancelled. `late` people (staff) may until its end.
///
/// # Errors
/// When it has ended or the deadline is over. A request, which takes nothing from anybody, can be withdrawn until it starts.
pub fn cancel(
    state: BookingState,
    slot: Slot,
    rules: &Rules,
    late: bool,
    now: LocalTime,
) -> Result<(), Refusal> {
    let deadline = match state {
        BookingState::Requested => slot.start(),
        _ => cancel_until(slot.start(), rules),
    };
    if !state.is_live() || now >= slot.end() {
        return Err(Refusal::Over);
    }
    if now > deadline && !late {
        return Err(Refusal::CancelTooLate {
            notice: rules.cancel_notice,
            deadline,
        });
    }
    Ok(())
}
