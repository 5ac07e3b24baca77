//! Files: calendars, figures, posters and pictures that leave the centre.

pub(super) mod calendar;
pub(super) mod figures;
pub(super) mod picture;
mod plan;
pub(super) mod poster;
