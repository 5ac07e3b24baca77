//! Admission of a booking: the one function that decides it.

use serde::{Deserialize, Serialize};

use super::{
    BookingState,
    check_in::count_no_shows,
    refusal::{Opening, Refusal},
};
use crate::{
    centre::{
        Centre,
        availability::Timeline,
        room::{Purpose, Room, UseMode},
        rules::{LONGEST, Rules, Who},
    },
    id::{BookingId, RoomId},
    person::permission::{Actor, Role},
    time::{Date, LocalTime, Slot},
};

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The room.
    pub room: RoomId,
    /// When.
    pub slot: Slot,
    /// How many people, at least 1.
    pub people: u16,
    /// What for, if they said so.
    pub purpose: Option<Purpose>,
}

/// One of the person's own bookings that counts in quotas: requested or confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// The booking.
    pub booking: BookingId,
    /// Its room.
    pub room: RoomId,
    /// Its time.
    pub slot: Slot,
}

/// What somebody has at a centre that counts when they ask for more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Their bookings.
    pub own: Vec<Own>,
    /// The bookings of the others in their household, where those count; without ids.
    pub household: Vec<Own>,
    /// The days on which nobody came to a booking of theirs, unless they were excused.
    pub no_shows: Vec<Date>,
}

/// All that a decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The centre with its rules.
    pub centre: &'a Centre,
    /// Who asks.
    pub actor: &'a Actor,
    /// What the person for whom it is has at this centre.
    pub history: &'a History,
    /// The time at the centre.
    pub now: LocalTime,
}

/// What becomes of a booking that is not refused.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// It stands at once.
    Confirmed,
    /// Staff decide.
    Requested,
}

impl Admission {
    /// The state in which a booking begins.
    pub fn state(self) -> BookingState {
        match self {
            Self::Confirmed => BookingState::Confirmed,
            Self::Requested => BookingState::Requested,
        }
    }
}

impl Situation<'_> {
    /// Decides whether `ask` is admitted. `timeline` is that of the room asked for and covers the slot's days.
    ///
    /// # Errors
    /// The first rule that stands against it, the hardest to mend first.
    pub fn decide(
        &self,
        room: &Room,
        timeline: &Timeline,
        ask: &Ask,
    ) -> Result<Admission, Refusal> {
        let rules = self.centre.rules_of(room);
        let staff = self.actor.is_at_least(Role::Staff, &self.centre.id);
        self.admit_person(room, &rules, staff)?;
        self.admit_time(&rules, ask.slot, staff)?;
        self.admit_place(room, &rules, timeline, ask.slot)?;
        admit_people(room, &rules, ask.people)?;
        if !staff {
            self.admit_quota(&rules, ask)?;
        }
        let at_once = staff || room.use_mode == UseMode::SelfService;
        Ok(if at_once {
            Admission::Confirmed
        } else {
            Admission::Requested
        })
    }

    fn admit_person(&self, room: &Room, rules: &Rules, staff: bool) -> Result<(), Refusal> {
        match room.use_mode {
            UseMode::DropIn => return Err(Refusal::DropIn),
            UseMode::StaffOnly if !staff => return Err(Refusal::StaffOnly),
            _ => {}
        }
        let admitted = match rules.who {
            Who::Residents => true,
            Who::Organisers => self.actor.is_at_least(Role::Organiser, &self.centre.id),
            Who::Staff => staff,
        };
        if admitted {
            Ok(())
        } else {
            Err(Refusal::NotForYou { who: rules.who })
        }
    }

    /// Staff book at short notice and for longer, but neither in the past nor off the step.
    fn admit_time(&self, rules: &Rules, slot: Slot, staff: bool) -> Result<(), Refusal> {
        let step = i64::from(rules.step);
        let minutes = slot.minutes();
        if slot.start() < self.now {
            return Err(Refusal::Past { now: self.now });
        }
        if slot.start().minutes() % step != 0 || slot.end().minutes() % step != 0 {
            return Err(Refusal::OffStep { step: rules.step });
        }
        if minutes < i64::from(rules.shortest) {
            return Err(Refusal::TooShort {
                shortest: rules.shortest,
                asked: minutes,
            });
        }
        let longest = if staff { LONGEST } else { rules.longest };
        if minutes > i64::from(longest) {
            return Err(Refusal::TooLong {
                longest,
                asked: minutes,
            });
        }
        let last = self.now.date().plus(i64::from(rules.ahead_days));
        if slot.start().date() > last {
            return Err(Refusal::TooFarAhead {
                days: rules.ahead_days,
                last,
            });
        }
        if !staff && slot.start() < self.now.plus(i64::from(rules.notice)) {
            return Err(Refusal::TooSoon {
                notice: rules.notice,
            });
        }
        Ok(())
    }

    fn admit_place(
        &self,
        room: &Room,
        rules: &Rules,
        timeline: &Timeline,
        slot: Slot,
    ) -> Result<(), Refusal> {
        if !timeline.is_open(slot) {
            let date = slot.start().date();
            let open = crate::centre::hours::open_slots(
                &self.centre.hours,
                room.hours.as_ref(),
                date.whole(),
            )
            .into_iter()
            .map(|slot| Opening {
                from: slot.start(),
                until: slot.end(),
            })
            .collect();
            return Err(Refusal::OutsideHours { date, open });
        }
        match timeline.clash(slot, rules.buffer_before, rules.buffer_after) {
            Some(why) => Err(Refusal::clash(
                why,
                rules.buffer_before + rules.buffer_after,
            )),
            None => Ok(()),
        }
    }

    /// What the members of a household have together counts as well, where the house says so. `own` is what they have alone: how
    /// many bookings to come, and how long in that week.
    fn admit_household(
        &self,
        rules: &Rules,
        ask: &Ask,
        (open, week): (usize, i64),
    ) -> Result<(), Refusal> {
        let others = || self.history.household.iter();
        let open = open + others().filter(|one| one.slot.end() > self.now).count();
        let most = rules.household_bookings;
        if most > 0 && open >= usize::from(most) {
            let have = u16::try_from(open).unwrap_or(u16::MAX);
            return Err(Refusal::HouseholdBookings { most, have });
        }
        let monday = ask.slot.start().date().monday();
        let that_week =
            |one: &&Own| one.room == ask.room && one.slot.start().date().monday() == monday;
        let theirs = others().filter(that_week);
        let have = week + theirs.map(|one| one.slot.minutes()).sum::<i64>();
        let (most, asked) = (rules.household_week_minutes, ask.slot.minutes());
        if most > 0 && have + asked > i64::from(most) {
            return Err(Refusal::HouseholdWeek { most, have, asked });
        }
        Ok(())
    }

    fn admit_quota(&self, rules: &Rules, ask: &Ask) -> Result<(), Refusal> {
        let (have, until) = count_no_shows(&self.history.no_shows, self.now.date(), rules);
        if let Some(until) = until {
            return Err(Refusal::NoShows { have, until });
        }
        let open = self
            .history
            .own
            .iter()
            .filter(|own| own.slot.end() > self.now)
            .count();
        if open >= usize::from(rules.open_bookings) {
            let have = u16::try_from(open).unwrap_or(u16::MAX);
            return Err(Refusal::OpenBookings {
                most: rules.open_bookings,
                have,
            });
        }
        let asked = ask.slot.minutes();
        let used = |same: &dyn Fn(Date) -> bool| -> i64 {
            let here = self.history.own.iter().filter(|own| own.room == ask.room);
            here.filter(|own| same(own.slot.start().date()))
                .map(|own| own.slot.minutes())
                .sum()
        };
        let date = ask.slot.start().date();
        let have = used(&|other| other.monday() == date.monday());
        if have + asked > i64::from(rules.week_minutes) {
            return Err(Refusal::WeekQuota {
                most: rules.week_minutes,
                have,
                asked,
            });
        }
        self.admit_household(rules, ask, (open, have))?;
        let month = |date: Date| (date.ymd().0, date.ymd().1);
        let have = used(&|other| month(other) == month(date));
        if have + asked > i64::from(rules.month_minutes) {
            return Err(Refusal::MonthQuota {
                most: rules.month_minutes,
                have,
                asked,
            });
        }
        Ok(())
    }
}

fn admit_people(room: &Room, rules: &Rules, asked: u16) -> Result<(), Refusal> {
    if asked > room.people.most {
        return Err(Refusal::TooManyPeople {
            most: room.people.most,
            asked,
        });
    }
    if asked < rules.fewest_people {
        return Err(Refusal::TooFewPeople {
            fewest: rules.fewest_people,
            asked,
        });
    }
    Ok(())
}
