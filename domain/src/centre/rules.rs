//! Booking rules of a centre, and of single rooms over those.

use serde::{Deserialize, Serialize};

/// The rules of a centre. Times are minutes unless the name says days.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Bookings start and end on multiples of this after midnight: 15, 30 or 60.
    pub step: u16,
    /// Shortest booking.
    pub shortest: u16,
    /// Longest booking.
    pub longest: u16,
    /// How many days ahead one may book.
    pub ahead_days: u16,
    /// How long before its start a booking must be made; 0 until the start.
    pub notice: u16,
    /// Kept free before a booking, to set up.
    pub buffer_before: u16,
    /// Kept free after a booking, to clear away.
    pub buffer_after: u16,
    /// Who may book.
    pub who: Who,
    /// How many bookings to come one person may have at the centre.
    pub open_bookings: u16,
    /// How long one person may use one room in a week (Monday to Sunday).
    pub week_minutes: u16,
    /// How long one person may use one room in a calendar month.
    pub month_minutes: u16,
    /// Fewest people that a booking is for.
    pub fewest_people: u16,
    /// Until how long before its start a booking can be cancelled.
    pub cancel_notice: u16,
    /// How long after its start a room waits for somebody to check in before it goes to others; 0 for as long as it is booked.
    #[serde(default)]
    pub grace: u16,
    /// With how many no-shows one cannot book any more at the centre; 0 where they do not count.
    #[serde(default)]
    pub no_shows: u16,
    /// For how many days a no-show counts.
    #[serde(default)]
    pub no_show_days: u16,
    /// How many bookings to come the members of one household may have together at the centre; 0 where that does not count.
    #[serde(default)]
    pub household_bookings: u16,
    /// How long the members of one household may use one room together in a week; 0 where that does not count.
    #[serde(default)]
    pub household_week_minutes: u16,
}

/// Who may book a room.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Everybody who has signed in.
    Residents,
    /// Organisers of clubs, and staff.
    Organisers,
    /// Staff.
    Staff,
}

macro_rules! room_rules {
    ($($field:ident: $type:ty)*) => {
        /// Where a room differs from the rules of its centre; what is not named stays as it is there.
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(missing_docs, reason = "as in Rules")]
        pub struct RoomRules {
            $(#[serde(default, skip_serializing_if = "Option::is_none")]
            pub $field: Option<$type>,)*
        }

        impl RoomRules {
            /// True when the room follows its centre in everything.
            pub fn is_empty(&self) -> bool {
                *self == Self::default()
            }

            /// The rules that hold in the room.
            pub fn over(&self, centre: &Rules) -> Rules {
                Rules {
                    $($field: self.$field.unwrap_or(centre.$field),)*
                    // Somebody is or is not reliable wherever they book.
                    no_shows: centre.no_shows,
                    no_show_days: centre.no_show_days,
                    household_bookings: centre.household_bookings,
                    household_week_minutes: centre.household_week_minutes,
                }
            }
        }
    };
}

room_rules! {
    step: u16 shortest: u16 longest: u16 ahead_days: u16 notice: u16 buffer_before: u16 buffer_after: u16
    who: Who open_bookings: u16 week_minutes: u16 month_minutes: u16 fewest_people: u16 cancel_notice: u16
    grace: u16
}

/// The longest that a room waits for its people, in minutes.
pub const MOST_GRACE: u16 = 120;

/// The longest that any rule may allow one booking to last, in minutes: overlap queries rely on it.
pub const LONGEST: u16 = 24 * 60;

impl Rules {
    /// Whether what the others of a household have counts.
    pub fn count_households(&self) -> bool {
        self.household_bookings > 0 || self.household_week_minutes > 0
    }

    /// Quotas and lengths that cannot be meant: the names of the fields.
    pub fn faults(&self) -> Vec<&'static str> {
        let mut faults = Vec::new();
        let mut need = |sound: bool, field| {
            if !sound {
                faults.push(field);
            }
        };
        need(matches!(self.step, 15 | 30 | 60), "step");
        need(
            self.shortest > 0 && self.step > 0 && self.shortest.is_multiple_of(self.step),
            "shortest",
        );
        need(
            self.shortest <= self.longest && self.longest <= LONGEST,
            "longest",
        );
        need((1..=400).contains(&self.ahead_days), "ahead_days");
        need(self.buffer_before <= 120, "buffer_before");
        need(self.buffer_after <= 120, "buffer_after");
        let ahead = u32::from(self.ahead_days) * 24 * 60;
        need(u32::from(self.notice) < ahead, "notice");
        need(self.week_minutes >= self.shortest, "week_minutes");
        need(self.month_minutes >= self.week_minutes, "month_minutes");
        need(self.open_bookings > 0, "open_bookings");
        need(self.fewest_people > 0, "fewest_people");
        need(self.grace <= MOST_GRACE, "grace");
        let days = if self.no_shows > 0 { 1..=400 } else { 0..=400 };
        need(days.contains(&self.no_show_days), "no_show_days");
        // A household of one has what one person has.
        let least = |value: u16, alone: u16| value == 0 || value >= alone;
        let bookings = least(self.household_bookings, self.open_bookings);
        need(bookings, "household_bookings");
        let week = least(self.household_week_minutes, self.week_minutes);
        need(week, "household_week_minutes");
        faults
    }
}
