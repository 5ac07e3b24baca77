//! Centres as the map and the calendar ask for them.

use serde::{Deserialize, Serialize};

use crate::{
    centre::{Centre, availability::Occupied},
    figures::total::Totals,
    id::CentreId,
    language::Name,
    time::{Date, LocalTime},
};

/// A centre in a list.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Change {
    /// True when a day of the range is among the changed ones.
    pub fn touches(&self, from: Date, to: Date) -> bool {
        self.from <= to && self.to >= from
    }
}

/// The totals of a centre, beside those of others.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CentreFigures {
    /// Which.
    pub centre: CentreId,
    /// What it is called.
    pub name: Name,
    /// What happened there.
    pub totals: Totals,
}
